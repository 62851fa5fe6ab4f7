/* session/results_int.h: what the files of results share. */
#ifndef AT_SESSION_RESULTS_INT_H
#define AT_SESSION_RESULTS_INT_H

#include "session/results.h"

/* rests.c */
void at_session_results_list_rests(struct at_session_results *results, struct at_arena *arena);
/* balances.c */
void at_session_results_list_balances(struct at_session_results *results, struct at_arena *arena);
/* shown.c */
void at_session_results_count_shown(struct at_session_results *results, struct at_arena *arena);

#endif
