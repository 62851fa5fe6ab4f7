/* lua/hooks.h: functions in Lua: loaded and looked at when a policy is compiled, called when it runs.
 *
 * api/ is the only caller: at_lua_load belongs to the compilation (its diagnostics are A10xx),
 * at_lua_hooks_init makes the struct at_hooks which a run is given. What eval needs to know of hooks is in
 * eval/hook.h.
 *
 * What a hook can and cannot do is told in the reference; the promises kept here: nothing of one payee
 * reaches another, the same arguments give the same result in any thread and any order, and no hook can keep,
 * corrupt or stop more than its own cell.
 */
#ifndef AT_LUA_HOOKS_H
#define AT_LUA_HOOKS_H

#include "eval/hook.h"

#define AT_LUA_STEPS 10000000        /* of one call, unless said otherwise */
#define AT_LUA_RUN_STEPS 10000000000 /* of all calls of a run together */
#define AT_LUA_MEMORY (8u << 20)     /* bytes of one state */

struct at_lua_limits { /* 0: as above */
    uint64_t steps, run_steps;
    size_t memory;
};

/* The Lua files of a policy; lives in the policy arena, read by all threads. */
struct at_lua_file {
    at_str name; /* as messages show it */
    at_str text; /* translated */
};
struct at_lua_files {
    struct at_lua_file *at;
    uint32_t n;
    uint32_t *file_of; /* by function of the policy: its file; UINT32_MAX: none */
};

/* Loads every file that a function of the policy names, and tells what is wrong with it: it cannot be read,
 * is no Lua, stops while it is loaded, lacks a function. *out is made in any case. AT_REJECTED where there
 * was an error, AT_CANCELLED if *cancel became non-zero. `cancel` may be NULL. */
enum at_status at_lua_load(const struct at_checked *checked, struct at_sources *sources,
                           struct at_arena *arena, struct at_diags *diags, at_load_fn load,
                           void *load_context, const volatile int *cancel,
                           struct at_lua_files **out) AT_MUST_CHECK;

/* The hooks of one run. `hooks` is what at_run_options wants. */
struct at_lua_hooks {
    struct at_hooks hooks;
    const struct at_checked *checked;
    const struct at_lua_files *files;
    struct at_lua_limits limits;
    const volatile int *cancel; /* may be NULL */
    uint64_t used;              /* steps of the run so far, in blocks; atomic */
};
void at_lua_hooks_init(struct at_lua_hooks *hooks, const struct at_checked *checked,
                       const struct at_lua_files *files, const struct at_lua_limits *limits,
                       const volatile int *cancel);
/* The calls of the run took more than limits.run_steps together: which cells paid for it depends on the order
 * of work, so that nothing of the run may be used. */
bool at_lua_hooks_spent(const struct at_lua_hooks *hooks);

#endif
