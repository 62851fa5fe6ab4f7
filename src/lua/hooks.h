/* lua/hooks.h: loads the hooks of a policy, and calls them in a run.
 *
 * Only api/ includes this file. at_lua_load is part of the compilation and reports A10xx. at_lua_hooks_init
 * makes the struct at_kernel_hooks of a run. kernel/hook.h is the interface that a run uses.
 *
 * rules/hooks/REFERENCE.md describes the sandbox. Its invariants: no value of one payee reaches another. The
 * same arguments give the same result on any thread and in any order. A hook that fails affects only the
 * payee and period of the call.
 */
#ifndef AT_LUA_HOOKS_H
#define AT_LUA_HOOKS_H

#include "kernel/hook.h"

#define AT_LUA_STEPS 10000000        /* default of one call */
#define AT_LUA_RUN_STEPS 10000000000 /* default of all calls of a run */
#define AT_LUA_MEMORY (8u << 20)     /* default of one state, in bytes */

struct at_lua_limits { /* 0: the default */
    uint64_t steps, run_steps;
    size_t memory;
};

/* What a file requires: a module, which is a file of the same list. */
struct at_lua_need {
    at_str word;   /* as the file names it: "std/tenure" */
    uint32_t file; /* UINT32_MAX: it cannot be read, which is reported */
    at_span span;  /* of its first use */
};

/* The Lua files of a policy. Allocated in the arena of the policy; all threads read it. */
struct at_lua_file {
    at_str name;   /* as messages show it */
    at_str served; /* as the loader gave it: two files of one name differ in its address */
    at_str text;   /* translated */
    struct at_lua_need *needs;
    uint32_t n_needs;
    uint32_t *below, n_below; /* all files that it requires, and that they require, in the order of loading */
    bool is_module;           /* a file requires it */
};
struct at_lua_files {
    struct at_lua_file *at;
    uint32_t n;
    uint32_t *order;   /* of loading: a file comes after the files that it requires */
    uint32_t *file_of; /* by function of the policy: its file; UINT32_MAX: none */
};

/* Loads the files that the functions of the policy name, and reports errors: a file that cannot be read, is
 * not valid Lua, fails while it is loaded, or does not define a function. Always sets *out. Returns
 * AT_REJECTED on an error, and AT_CANCELLED if `watch` (may be NULL) says to stop. */
enum at_status at_lua_load(const struct at_check_policy *checked, struct at_diag_sources *sources,
                           struct at_arena *arena, struct at_diag_list *diags, at_load_fn load,
                           void *load_context, struct at_watch *watch,
                           struct at_lua_files **out) AT_MUST_CHECK;

/* Returns the texts of the file that the loader served under this name, and of all files that it requires, as
 * one text. Two versions of a hook calculate the same if these are the same. Returns `text` for a file
 * without `require`. `files` may be NULL. */
at_str at_lua_whole_text(const struct at_lua_files *files, struct at_arena *arena, at_str served,
                         at_str text);

struct at_lua_record; /* record.h */

/* The hooks of one run. `hooks` is for at_session_run_options. */
struct at_lua_hooks {
    struct at_kernel_hooks hooks;
    const struct at_check_policy *checked;
    const struct at_lua_files *files;
    struct at_lua_limits limits;
    struct at_watch *watch;       /* view; may be NULL */
    struct at_lua_record *record; /* view; NULL: nothing is kept of the calls */
    uint64_t used;                /* steps of the run so far, in blocks; atomic */
};
void at_lua_hooks_init(struct at_lua_hooks *hooks, const struct at_check_policy *checked,
                       const struct at_lua_files *files, const struct at_lua_limits *limits,
                       struct at_watch *watch);
/* Returns whether all calls together took more than limits.run_steps. Which call failed then depends on the
 * order of work, so the caller must not use any result of the run. */
bool at_lua_hooks_spent(const struct at_lua_hooks *hooks);

#endif
