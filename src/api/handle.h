/* api/handle.h: defines the opaque types of attain.h. Private to api/.
 *
 * Each handle owns an arena for all that is made in it, its own copy of the host's allocator, and the guard
 * to which control returns when memory fails. Every entry that may ask for memory calls at_api_own_run, which
 * arms the guard for the time of the work. Results of the work are in the handle or in `context`.
 *
 *     attain_status attain_x(struct attain_x *x) {
 *         return at_api_own_run(&x->own, x_work, x);
 *     }
 */
#ifndef AT_API_HANDLE_H
#define AT_API_HANDLE_H

#include "api/out.h"
#include "attain.h"
#include "base/file.h"
#include "base/map.h"
#include "base/near.h"
#include "diag/render.h"
#include "lua/hooks.h"
#include "plan/plan.h"
#include "write/writer.h"

/* The memory of a handle. It is inside the handle and never moves. */
struct at_api_own {
    struct at_alloc alloc;
    struct at_alloc_limit limit;    /* most 0: none of its own */
    struct at_alloc_limit *limited; /* the one that counts; NULL: none */
    struct at_arena arena;
    struct at_guard guard;
    struct at_watch watch; /* of the call that is running; asks and shows nothing between calls */
    attain_watch host;     /* whom it asks */
};

/* A zeroed handle of `size` bytes which begins with a struct at_api_own; NULL where there is no memory. */
void *at_api_handle_new(const attain_allocator *allocator, size_t size);
void at_api_handle_free(void *handle, size_t size);
/* The same for the time of a call, with the memory of another handle; NULL: at_api_handle_lack says why. */
void *at_api_handle_beside(const struct at_api_own *own, size_t size);
attain_status at_api_handle_lack(const struct at_api_own *own);
/* Limits the memory of a new handle, beyond that of the handle itself. 0: no limit. */
void at_api_own_limit(struct at_api_own *own, size_t most);
/* Whether a call took back all it made, because memory failed or its limit was reached. */
static inline bool at_api_lacked_memory(attain_status status) {
    return status == ATTAIN_NO_MEMORY || status == ATTAIN_MEMORY_LIMIT;
}
/* Before at_api_own_run: whom the call asks whether to stop, and shows its progress. NULL: no one. */
void at_api_own_watch(struct at_api_own *own, const attain_watch *watch);
/* Calls work(context) and returns its status, ATTAIN_NO_MEMORY if memory failed in it, ATTAIN_MEMORY_LIMIT if
 * a limit was the reason, or ATTAIN_CANCELLED if the host stopped it. Then the watch ends. */
attain_status at_api_own_run(struct at_api_own *own, attain_status (*work)(void *context), void *context);

/* Several lists as one, in this order. The lists belong to the handle that has the diagnostics. */
struct attain_diagnostics {
    struct at_diag_list **lists;
    uint32_t n_lists;
};

/* The sources of the files that a policy names, and the files that were loaded. A file has one name, whatever
 * the spellings that ask for it. The device and number identify a file on the disk. The name that the host
 * gives identifies a file of the host. */
struct at_api_loading {  /* what at_load_fn is given */
    attain_load_fn load; /* the host's; NULL: files */
    void *context;
    bool files;                /* files in the folder of the policy may be read */
    struct at_root_list roots; /* only under these */
    at_str main;               /* the name of the policy */
    at_str named, folder;      /* the folder of the policy: as named, with its slash, and canonical */
    bool plain;                /* `named` has no links */
    struct at_map known;       /* identity -> struct at_api_served_file */
    struct at_map names;       /* name -> the same */
    struct at_map wanted;      /* from and wanted -> struct at_api_served */
    uint64_t n_bytes;          /* of all files named */
    struct at_api_served
        *served; /* newest first: the host's loader is not asked after the call that compiles */
};

struct attain_policy {
    struct at_api_own own;
    unsigned owners; /* atomic */
    attain_stage stage;
    enum at_status status;
    struct at_api_loading loading;
    at_str name, text; /* of the policy itself */
    at_str composed;   /* the text of all versions of the plan; empty: of one alone */
    bool strict;       /* warnings are errors */
    uint32_t since;    /* as of at_check_since */
    bool anywhere;     /* data may lie outside the roots */
    bool from_file;
    at_str *files; /* read to compile it; see attain_policy_file */
    uint32_t n_files;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_diag_list *diags_list;
    struct attain_diagnostics list;
    struct at_ast *ast;              /* NULL before ATTAIN_STAGE_SYNTAX; of all versions of the plan */
    const struct at_ast *parsed;     /* of the policy alone; `before` leads to the earlier versions */
    struct at_check_policy *checked; /* NULL where it was not checked */
    struct at_lua_files *lua;        /* its functions in Lua; NULL where it was not checked */
    struct at_plan *plan;            /* without settings; NULL where there were errors */
};

/* What a run takes of a policy, or of a version that diff makes: views of what does not change. */
struct at_api_version {
    const struct at_check_policy *checked;
    const struct at_lua_files *lua;        /* NULL: it has no functions in Lua */
    const struct at_diag_sources *sources; /* of the spans of `checked` */
    const struct attain_policy *beside;    /* in whose folder, and under whose roots, default sources are */
};

/* The rows of one table. Names and paths are copies in the arena of the data. Bytes in memory are the
 * host's. */
struct at_api_data_binding {
    at_str table;
    struct at_source_binding binding;
};

struct attain_data {
    struct at_api_own own;
    at_str directory;
    bool has_directory;
    bool anywhere; /* default sources may be any files */
    struct at_api_data_binding *bindings;
    uint32_t n_bindings, room;
};

/* Why a payout is withheld. The exceptions are views of the run. */
struct at_api_reason_text {
    at_str text, operand[4];
    uint32_t n; /* operands */
};
struct at_api_reasons {
    const struct at_gather_exception *first;
    struct at_api_reason_text *texts; /* by exception */
    uint32_t n;
};

struct attain_results {
    struct at_api_own own;
    struct attain_policy **policies; /* retained */
    uint32_t n_policies;
    struct at_diag_list arguments;   /* what fits no policy */
    struct at_diag_list *per_policy; /* by policy */
    struct attain_diagnostics list;
    struct at_session_results results;
    struct at_api_reasons *reasons;     /* of results.withheld, in English */
    const struct at_words *words;       /* of diagnostics about data; NULL: English */
    struct at_api_own *shown;           /* texts of the last call of attain_results_shown; NULL: none yet */
    struct at_api_held *held;           /* the list of attain_results_held; NULL: not asked for yet */
    struct at_api_record **records;     /* by policy; NULL: nothing is kept of hooks */
    bool done;                          /* results are there */
    struct at_session_results *refused; /* payees are covered twice: only the coverage can be written; NULL */
};
void at_api_results_forget_shown(struct attain_results *results);
void at_api_results_forget_held(struct attain_results *results); /* held.c */

struct at_api_version at_api_policy_version(const struct attain_policy *policy);

/* The hooks of one run of the version, made in `hooks`; NULL if it has no function in Lua. */
const struct at_kernel_hooks *at_api_version_hooks(const struct at_api_version *version,
                                                   struct at_lua_hooks *hooks,
                                                   const struct at_lua_limits *limits,
                                                   struct at_watch *watch);

/* Reports an option struct whose reserved words are not zero, and returns ATTAIN_USAGE. */
attain_status at_api_refuse_reserved(struct at_diag_list *diags, const char *name);
/* Returns NULL, with a diagnostic, for an unknown language. NULL and "" are English. */
const struct at_words *at_api_language(struct at_diag_list *diags, const char *language);

/* One problem of the arguments of a run. Returned values of the parts of attain_run. */
attain_status at_api_status_public(enum at_status status, attain_status rejected);

/* at_load_fn over a struct at_api_loading. */
bool at_api_load(void *context, struct at_arena *arena, at_str from_file, at_str wanted,
                 struct at_parse_loaded *out);

/* The policy itself, so that a file which names it again is known. The first takes it from memory; the second
 * reads it, and finds out which files it may name. False with a diagnostic. */
void at_api_load_main_text(struct at_api_loading *loading, struct at_arena *arena, at_str name, at_str text);
bool at_api_load_main_file(struct at_api_loading *loading, struct at_arena *arena, struct at_diag_list *diags,
                           const attain_policy_options *options, at_str name, at_str *text);

/* Lists the files that at_api_load served, oldest first and each once, after `first` unless that is empty.
 * Files of the standard library are left out. */
at_str *at_api_load_files(const struct at_api_loading *loading, struct at_arena *arena, at_str first,
                          uint32_t *n);

/* What at_api_load gave then; false where it was not asked. */
bool at_api_load_again(const struct at_api_loading *loading, at_str from, at_str wanted,
                       struct at_parse_loaded *out);
/* Returns whether at_api_load gave a file of this name, at this address. */
bool at_api_load_gave(const struct at_api_loading *loading, at_str name);

attain_text at_api_text(at_str s);

/* `9%`, `$40,000`, `"east"`, `2026-03-01`: one constant as a policy would write it. */
bool at_api_setting_value(struct at_arena *arena, at_str text, at_currency own, struct at_plan_value *out);

/* A sum of minor units for the host. False, and 0, if 64 bits do not hold it. */
static inline bool at_api_amount(at_i128 sum, int64_t *out) {
    bool fits = sum >= INT64_MIN && sum <= INT64_MAX;
    *out = fits ? (int64_t)sum : 0;
    return fits;
}

#endif
