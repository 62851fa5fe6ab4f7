/* api/session.h: a session: the results of its last run, and what stays from run to run. Private to api/.
 *
 * Memory comes from a pool, which keeps it for the next call. The arena of `r` holds first what stays, then,
 * from `mark` on, what the last call made. Plans with other params, and tables with other rows, have arenas
 * of their own.
 *
 *     r.own.arena    | policies, tables, filter | lists, run, results of the last call |
 *                                               ^ mark: each call begins by emptying what follows
 *     params[0..2]   | plans, settings |   one is `base`, one is `current` (or the same), one is free
 *
 * A change goes into the free place, which becomes `current`. `undo` returns to `base`, and `keep` makes the
 * current place the base.
 */
#ifndef AT_API_SESSION_H
#define AT_API_SESSION_H

#include "api/run.h"
#include "base/pool.h"
#include "table/edit.h"

/* The params that are set, and the plans with them. */
struct at_api_session_params {
    struct at_arena arena;
    attain_setting *settings;
    size_t n;
    const struct at_session_plan **plans; /* by policy */
};

struct at_api_session_policy {
    struct at_table_dataset *data;
    struct at_table_edits *edits;
    at_period from, through;
};

struct attain_session {
    struct attain_results r; /* first: it is the handle */
    struct at_pool pool;
    struct at_alloc host; /* of the session itself */
    struct at_api_job job;
    attain_run_options options; /* without what counts for one call only */
    struct at_api_session_policy *policies;
    /* As at_table_edits keeps states of rows: what undo returns to, what runs read, and a free one. */
    struct at_api_session_params params[3];
    unsigned base, current;
    struct at_arena_mark mark;
    bool ready;
};

/* Runs work(context) as one call of the session: the last call's results go, its own diagnostics come. */
attain_status at_api_session_call(attain_session *session, const attain_watch *watch,
                                  attain_status (*work)(void *context), void *context);
/* Runs all policies, inside a call: `context` is the session. */
attain_status at_api_session_run_all(void *context);
/* Lowers all policies with these params into the free place, which is then the current one. */
attain_status at_api_session_lower(attain_session *session, const attain_setting *settings, size_t n);

#endif
