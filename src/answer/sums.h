/* answer/sums.h: owns what runs pay for the payouts of a reconciliation. Private to this folder. */
#ifndef AT_ANSWER_SUMS_H
#define AT_ANSWER_SUMS_H

#include "answer/reconcile.h"

struct at_answer_sums {
    struct at_answer_reconciliation *of;
    struct at_arena *arena;
    int32_t first, n_periods;
    uint32_t *start; /* by payee of the results and period: the first payout; and one more */
    at_i128 *now;    /* by payout: of the last call */
    bool *withheld;
};

/* After the payouts are in order. */
void at_answer_sums_make(struct at_answer_sums *sums, struct at_answer_reconciliation *of, int32_t first,
                         int32_t last, struct at_arena *arena);
/* Adds up all runs of the results' policies. */
void at_answer_sums_of(struct at_answer_sums *sums, struct at_session_run *const *runs);
/* The same, with the run of a version in place of that of policy `replaced`. */
void at_answer_sums_version(struct at_answer_sums *sums, uint32_t replaced, const struct at_session_run *run);
/* How many payouts are equal now and were not, less those that were and are not. */
int32_t at_answer_sums_gain(const struct at_answer_sums *sums);

#endif
