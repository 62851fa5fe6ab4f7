/* lua/record.h: what a run keeps of its hooks for the person who writes them: logs, the steps of calls,
 * profiles, and the lines that were reached.
 *
 * api/ makes one record for a run, and reads it when the run has ended. Each engine writes into a pad of its
 * own, so threads do not wait for each other. Entries have an order that does not depend on threads.
 */
#ifndef AT_LUA_RECORD_H
#define AT_LUA_RECORD_H

#include "base/vec.h"
#include "lua/hooks.h"

enum at_lua_entry_kind {
    AT_ENTRY_LOG,   /* attain.log */
    AT_ENTRY_CALL,  /* a call begins: its arguments */
    AT_ENTRY_LINE,  /* a line begins */
    AT_ENTRY_LOCAL, /* a local has another value */
    AT_ENTRY_RETURN /* what the call returned */
};

struct at_lua_entry {
    uint8_t kind; /* enum at_lua_entry_kind */
    struct at_kernel_hook_where where;
    uint32_t function;   /* of the policy: the one that was called */
    uint32_t file, line; /* line 0: none */
    uint64_t call;       /* number of the call in its pad */
    uint32_t pad;
    at_str text;
};

struct at_lua_count {            /* of a line, or of a function */
    uint64_t calls, steps, time; /* time: in the unit of the clock */
};

struct at_lua_pad; /* record.c: what one engine writes */

/* The wishes are set before the run, and do not change. */
struct at_lua_record {
    bool log, trace; /* trace: the lines of each call */
    bool cover;      /* the lines that were reached */
    bool profile;
    bool callers;                                    /* an error lists the functions that were running */
    uint32_t only_function, only_payee, only_period; /* what `trace` is about; UINT32_MAX: any */
    bool closed;                                     /* the run has ended: explanations call hooks again */
    uint64_t (*clock)(void *context);                /* for `profile`; NULL: no times */
    void *clock_context;
    struct at_arena *arena; /* view: in which the record is; frees the pads */
    struct at_lua_pad *pads;
    uint32_t n_pads; /* atomic */
    const struct at_lua_files *files;
    uint32_t n_functions;
};

void at_lua_record_init(struct at_lua_record *record, struct at_arena *arena,
                        const struct at_check_policy *checked, const struct at_lua_files *files);
/* After the run: all entries, by period, payee, node, and value; each call once. */
struct at_lua_entry *at_lua_record_entries(struct at_lua_record *record, struct at_arena *arena, uint32_t *n);
/* Added up over all engines: by function of the policy, and by line of a file, from 1. */
struct at_lua_count *at_lua_record_functions(const struct at_lua_record *record, struct at_arena *arena);
struct at_lua_count *at_lua_record_lines(const struct at_lua_record *record, uint32_t file,
                                         struct at_arena *arena, uint32_t *n_lines);
#endif
