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

/* All texts are in the arena of the call. */
struct at_kernel_hook_failure {
    at_str message; /* "hooks/loyalty.lua:7: …" */
    at_str file;    /* of the line; empty: unknown */
    uint32_t line;  /* from 1; 0: unknown */
    at_str text;    /* the message without its place */
    at_str trace;   /* the functions that were running, innermost first, each with its locals: one a line */
};

/* Where a call comes from, for what it writes. */
struct at_kernel_hook_where {
    uint32_t node;          /* of the plan */
    uint32_t payee, period; /* row of the payee table, index; UINT32_MAX: none */
    uint64_t index;         /* of the value among those of the node: distinguishes calls */
};

/* What a call is given. A function with a parameter of type `cell` gets all that a cell holds after its other
 * arguments. `cell` specifies what each of these is. A value of it that could not be calculated is missing,
 * of type NONE. One that is just not there is missing. */
struct at_kernel_hook_call {
    uint32_t function; /* index into checked->functions */
    const struct at_plan_value *args;
    uint32_t n_args;
    const struct at_plan_cell *cell; /* NULL: no such parameter */
    struct at_kernel_hook_where where;
};

/* What a call said besides its result. */
struct at_kernel_hook_note { /* attain.note("rate", r) */
    at_str name;
    struct at_plan_value value;
};
struct at_kernel_hook_said {
    at_str reason; /* the second value that the hook may return; may be empty */
    struct at_kernel_hook_note *notes;
    uint32_t n_notes;
    uint32_t *reads; /* indexes into the parts of the cell that the call read, ascending */
    uint32_t n_reads;
};

struct at_kernel_hooks {
    void *context; /* shared, read-only while running */
    /* Opens an engine whose memory comes from `arena` (deferred release there). NULL with *failure set where
     * it can't. */
    struct at_lua_hook_engine *(*open)(void *context, struct at_arena *arena,
                                       struct at_kernel_hook_failure *failure);
    /* Calls a function for one payee. `result.type` is set to the declared type beforehand, and *said is
     * empty. Texts and limbs of the result are in `arena`. False: failed, see *failure. */
    bool (*call)(struct at_lua_hook_engine *engine, const struct at_kernel_hook_call *call,
                 struct at_arena *arena, struct at_plan_value *result, struct at_kernel_hook_said *said,
                 struct at_kernel_hook_failure *failure);
};

#endif
