/* eval/hook.h: what a CALL node needs from a scripting language. Implemented by lua/, connected by api/; eval
 * never names Lua.
 *
 * One engine is opened for each worker thread; results may not depend on how many there are, so an engine
 * carries nothing from one payee to another. A call that fails says why; it becomes an exception of that
 * payee's cell.
 */
#ifndef AT_EVAL_HOOK_H
#define AT_EVAL_HOOK_H

#include "plan/plan.h"

struct at_hook_engine; /* one thread's state */

struct at_hook_failure {
    at_str message; /* in the call's arena; "hooks/loyalty.lua:7: …" */
};

struct at_hooks {
    void *context; /* shared, read-only while running */
    /* Opens an engine whose memory comes from `arena` (deferred release there). NULL with *failure set where
     * it can't. */
    struct at_hook_engine *(*open)(void *context, struct at_arena *arena, struct at_hook_failure *failure);
    /* Calls function `function` (index into checked->functions) for one payee. `result.type` is set to the
     * declared type beforehand. The second value that a hook may return, its reason, goes to *reason (empty
     * otherwise). False: failed, see *failure. */
    bool (*call)(struct at_hook_engine *engine, uint32_t function, const struct at_value *args,
                 uint32_t n_args, struct at_arena *arena, struct at_value *result, at_str *reason,
                 struct at_hook_failure *failure);
};

#endif
