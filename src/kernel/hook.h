/* kernel/hook.h: what a CALL node needs from a scripting language. Implemented by lua/, connected by api/;
 * eval never names Lua.
 *
 * One engine is opened for each worker thread; results may not depend on how many there are, so an engine
 * carries nothing from one payee to another. A call that fails says why; it becomes an exception of that
 * payee's cell.
 */
#ifndef AT_KERNEL_HOOK_H
#define AT_KERNEL_HOOK_H

#include "plan/plan.h"

struct at_lua_hook_engine; /* one thread's state */

struct at_kernel_hook_failure {
    at_str message; /* in the call's arena; "hooks/loyalty.lua:7: …" */
};

/* What a call is given. A function with a parameter of type `cell` gets all that a cell holds after its other
 * arguments. `cell` specifies what each of these is. A value of it that could not be calculated is missing,
 * of type NONE. One that is just not there is missing. */
struct at_kernel_hook_call {
    uint32_t function; /* index into checked->functions */
    const struct at_plan_value *args;
    uint32_t n_args;
    const struct at_plan_cell *cell; /* NULL: no such parameter */
};

struct at_kernel_hooks {
    void *context; /* shared, read-only while running */
    /* Opens an engine whose memory comes from `arena` (deferred release there). NULL with *failure set where
     * it can't. */
    struct at_lua_hook_engine *(*open)(void *context, struct at_arena *arena,
                                       struct at_kernel_hook_failure *failure);
    /* Calls a function for one payee. `result.type` is set to the declared type beforehand. The second value
     * that a hook may return, its reason, goes to *reason (empty otherwise). Texts and limbs of the result
     * are in `arena`. False: failed, see *failure. */
    bool (*call)(struct at_lua_hook_engine *engine, const struct at_kernel_hook_call *call,
                 struct at_arena *arena, struct at_plan_value *result, at_str *reason,
                 struct at_kernel_hook_failure *failure);
};

#endif
