/* api/trial.h: runs of a session with other rows, one after another. Private to api/.
 *
 * Rows are read once. A session holds them, and each trial is a change that is taken back. Runs of trials
 * have memory of their own, which is emptied after each, and lists of diagnostics that no one sees. The
 * params and periods are those of the session.
 */
#ifndef AT_API_TRIAL_H
#define AT_API_TRIAL_H

#include "api/session.h"

struct at_api_trial {
    attain_session *session; /* view */
    struct attain_results r; /* its arena is emptied after each run */
    struct at_api_job job;
    attain_run_options options;
    const int64_t *also; /* by policy: the position of a period that is paid in any case; NULL: none */
};

/* Lives as long as the arena, which has the guard and the watch of the session. */
struct at_api_trial *at_api_trial_new(attain_session *session, struct at_arena *arena);
/* Runs all policies with the changes, which are NULL where a policy does not have the table. The runs are
 * valid until the release. What is wrong with a change makes it one that cannot be tried: AT_REJECTED. */
enum at_status at_api_trial_run(void *trial, const struct at_table_edit *const *edits,
                                struct at_session_run **runs);
/* The same with any number of changes of one policy's tables, each of which finds those before it made. */
enum at_status at_api_trial_run_several(void *trial, uint32_t policy,
                                        const struct at_table_edit *const *edits, uint32_t n,
                                        struct at_session_run **runs);
/* Takes the changes back. After each run, whatever its status. */
void at_api_trial_release(void *trial);

#endif
