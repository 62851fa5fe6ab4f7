/* answer/answer.h: owns the payouts that questions are about, and how they are run with something changed.
 *
 * The results of the run as it is are views. A question is about the pay of one payee for one period, of all
 * components or of one. What would change it is found by runs with other rows, or with another plan, and by
 * nothing else, so answers hold to the minor unit.
 */
#ifndef AT_ANSWER_ANSWER_H
#define AT_ANSWER_ANSWER_H

#include "session/results.h"
#include "table/edit.h"

/* A payout, or one component of it. */
struct at_answer_target {
    uint32_t run;      /* index into the results' runs */
    uint32_t payee;    /* row of the payee table of the run */
    int32_t period;    /* position in the calendar */
    int32_t component; /* of the plan of the run; -1: all of them */
};

/* How data is run with another row: as struct at_game_host. */
struct at_answer_host {
    enum at_status (*run)(void *context, const struct at_table_edit *const *edits,
                          struct at_session_run **runs);
    void (*release)(void *context);
    void *context;
    struct at_watch *watch; /* may be NULL */
};

/* pay.c: what a run pays for the target, in minor units of the policy's currency. False: it is withheld. */
bool at_answer_pay(const struct at_session_run *run, const struct at_answer_target *target, at_i128 *out);

#endif
