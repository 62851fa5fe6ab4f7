/* session/results_int.h: what the files of results share. */
#ifndef AT_SESSION_RESULTS_INT_H
#define AT_SESSION_RESULTS_INT_H

#include "session/results.h"

/* How many periods are paid in which everything is calculated, and not only moved lines paid; from
 * `paid_from` on. */
static inline uint32_t at_session_results_periods(const struct at_session_run *run) {
    uint32_t end = run->paid_from + run->paid_periods;
    if (end > run->n_regular) end = run->n_regular;
    return end > run->paid_from ? end - run->paid_from : 0;
}

/* covered.c */
void at_session_results_list_days(struct at_session_results *results, struct at_arena *arena);
/* rests.c. The value that a group of payees has in common. */
at_str at_session_group_text(const struct at_session_run *run, uint16_t group, uint32_t number,
                             struct at_arena *arena);
void at_session_results_list_rests(struct at_session_results *results, struct at_arena *arena);
/* balances.c */
void at_session_results_list_balances(struct at_session_results *results, struct at_arena *arena);
/* parts.c. When all else is made. */
void at_session_results_list_parts(struct at_session_results *results, struct at_arena *arena);
/* shown.c */
void at_session_results_count_shown(struct at_session_results *results, struct at_arena *arena);

#endif
