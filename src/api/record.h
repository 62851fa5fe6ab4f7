/* api/record.h: what a run kept of its hooks, as texts. Private to api/. */
#ifndef AT_API_RECORD_H
#define AT_API_RECORD_H

#include "api/handle.h"
#include "lua/record.h"

struct at_api_log {
    uint8_t kind; /* enum at_lua_entry_kind */
    at_str payee, period, function, file, text;
    uint32_t line, node; /* node: of the plan */
};

struct at_api_profile {
    at_str function; /* empty: a line */
    at_str file;
    uint32_t line;
    struct at_lua_count count;
};

/* Of one policy. In the arena of the results. */
struct at_api_record {
    struct at_lua_record lua;
    const struct at_api_version *version;
    struct at_api_log *logs;
    uint32_t n_logs;
    struct at_api_profile *profile;
    uint32_t n_profile;
};

/* A record for the hooks; NULL if the options ask for nothing, or the version has no hooks. */
struct at_api_record *at_api_record_new(const attain_hook_options *options,
                                        const struct at_api_version *version, struct at_arena *arena);
/* Ends the record. `run` names payees and periods; NULL: there are none. */
void at_api_record_end(struct at_api_record *record, const struct at_session_run *run,
                       struct at_arena *arena);
attain_status at_api_record_log(const struct at_api_log *log, attain_log_entry *out, size_t size);

#endif
