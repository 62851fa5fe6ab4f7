/* api/record.c: implements record.h, and the parts of results that read it. */
#include "api/record.h"

#include "base/sort.h"

struct at_api_record *at_api_record_new(const attain_hook_options *options,
                                        const struct at_api_version *version, struct at_arena *arena) {
    if (!options || !version->lua || version->lua->n == 0) return NULL;
    if (!options->log && !options->callers && !options->profile && !options->trace) return NULL;
    struct at_api_record *record = AT_NEW(arena, struct at_api_record);
    struct at_api_version *kept = AT_NEW(arena, struct at_api_version);
    *kept = *version;
    record->version = kept;
    record->lua.log = options->log;
    record->lua.callers = options->callers;
    record->lua.profile = options->profile;
    record->lua.trace = options->trace != NULL;
    record->lua.clock = options->clock;
    record->lua.clock_context = options->clock_context;
    at_lua_record_init(&record->lua, arena, version->checked, version->lua);
    for (uint32_t i = 0; options->trace && i < version->checked->n_functions; i++)
        if (at_str_eq(version->checked->functions[i].symbol->name, at_str_z(options->trace)))
            record->lua.only_function = i;
    return record;
}

/* ---- logs */

static at_str source_line(const struct at_diag_sources *sources, at_str name, uint32_t line) {
    for (uint32_t i = 0; i < sources->n_files; i++) {
        at_str text = sources->files[i]->text;
        uint32_t start = 0, end;
        if (!at_str_eq(sources->files[i]->name, name)) continue;
        for (uint32_t k = 1; k < line && start < text.n; start++)
            k += text.p[start] == '\n';
        for (end = start; end < text.n && text.p[end] != '\n' && text.p[end] != '\r';)
            end++;
        return (at_str){text.p + start, end - start};
    }
    return (at_str){0};
}

static void take_logs(struct at_api_record *record, const struct at_session_run *run,
                      struct at_arena *arena) {
    const struct at_check_policy *checked = record->version->checked;
    uint32_t n;
    const struct at_lua_entry *entries = at_lua_record_entries(&record->lua, arena, &n);
    record->logs = AT_NEW_ARRAY(arena, struct at_api_log, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const struct at_lua_entry *e = &entries[i];
        struct at_api_log *log = &record->logs[record->n_logs++];
        *log = (struct at_api_log){.kind = e->kind,
                                   .function = checked->functions[e->function].symbol->name,
                                   .line = e->line,
                                   .node = e->where.node,
                                   .text = e->text};
        if (e->file < record->lua.files->n) log->file = record->lua.files->at[e->file].name;
        if (e->kind == AT_ENTRY_LINE) log->text = source_line(record->version->sources, log->file, e->line);
        if (!run) continue;
        uint32_t table = (uint32_t)checked->payee_table;
        if (e->where.payee != UINT32_MAX && checked->payee_table >= 0 && checked->schemas[table].key >= 0)
            log->payee = at_session_table_text(run->data, table, (uint32_t)checked->schemas[table].key,
                                               e->where.payee, arena);
        if (e->where.period != UINT32_MAX && e->where.period < run->n_periods)
            log->period = at_period_print(arena, at_session_run_period(run, e->where.period));
    }
}

/* ---- profiles */

/* By steps, the largest first. Equal ones stay in the order of functions and lines. */
static int profile_cmp(const void *left, const void *right) {
    const struct at_api_profile *a = left, *b = right;
    if ((a->function.n > 0) != (b->function.n > 0)) return a->function.n ? -1 : 1;
    return a->count.steps > b->count.steps ? -1 : a->count.steps < b->count.steps;
}

static void take_profile(struct at_api_record *record, struct at_arena *arena) {
    const struct at_check_policy *checked = record->version->checked;
    const struct at_lua_files *files = record->lua.files;
    AT_VEC(struct at_api_profile) all = {0};
    const struct at_lua_count *functions = at_lua_record_functions(&record->lua, arena);
    for (uint32_t i = 0; i < checked->n_functions; i++) {
        uint32_t file = files->file_of[i];
        if (file == UINT32_MAX || functions[i].calls == 0) continue;
        struct at_api_profile one = {.function = checked->functions[i].symbol->name,
                                     .file = files->at[file].name,
                                     .count = functions[i]};
        AT_VEC_PUSH(arena, &all, one);
    }
    for (uint32_t f = 0; f < files->n; f++) {
        uint32_t n_lines;
        const struct at_lua_count *lines = at_lua_record_lines(&record->lua, f, arena, &n_lines);
        for (uint32_t line = 1; line <= n_lines; line++) {
            if (lines[line].calls == 0) continue;
            struct at_api_profile one = {.file = files->at[f].name, .line = line, .count = lines[line]};
            AT_VEC_PUSH(arena, &all, one);
        }
    }
    at_sort_items(arena, all.at, all.n, sizeof *all.at, profile_cmp);
    record->profile = all.at;
    record->n_profile = (uint32_t)all.n;
}

void at_api_record_end(struct at_api_record *record, const struct at_session_run *run,
                       struct at_arena *arena) {
    if (!record || record->lua.closed) return;
    record->lua.closed = true;
    take_logs(record, run, arena);
    if (record->lua.profile) take_profile(record, arena);
}

/* ---- reading */

attain_status at_api_record_log(const struct at_api_log *log, attain_log_entry *out, size_t size) {
    _Static_assert(ATTAIN_LOG_RETURN == (int)AT_ENTRY_RETURN, "kinds");
    attain_log_entry entry = {.kind = (attain_log_kind)log->kind,
                              .payee_key = at_api_text(log->payee),
                              .period = at_api_text(log->period),
                              .function = at_api_text(log->function),
                              .file = at_api_text(log->file),
                              .line = log->line,
                              .text = at_api_text(log->text)};
    return AT_OUT_PUT(out, size, entry);
}

size_t attain_results_log_count(const attain_results *results) {
    size_t n = 0;
    for (uint32_t p = 0; results && results->records && p < results->n_policies; p++)
        n += results->records[p] ? results->records[p]->n_logs : 0;
    return n;
}

attain_status(attain_results_log)(const attain_results *results, size_t index, attain_log_entry *out,
                                  size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_log_count(results)) return ATTAIN_USAGE;
    for (uint32_t p = 0; p < results->n_policies; p++) {
        const struct at_api_record *record = results->records[p];
        if (record && index < record->n_logs) return at_api_record_log(&record->logs[index], out, size);
        index -= record ? record->n_logs : 0;
    }
    return ATTAIN_USAGE;
}

size_t attain_results_profile_count(const attain_results *results) {
    size_t n = 0;
    for (uint32_t p = 0; results && results->records && p < results->n_policies; p++)
        n += results->records[p] ? results->records[p]->n_profile : 0;
    return n;
}

attain_status(attain_results_profile)(const attain_results *results, size_t index, attain_profile_entry *out,
                                      size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_results_profile_count(results)) return ATTAIN_USAGE;
    for (uint32_t p = 0; p < results->n_policies; p++) {
        const struct at_api_record *record = results->records[p];
        if (!record || index >= record->n_profile) {
            index -= record ? record->n_profile : 0;
            continue;
        }
        const struct at_api_profile *one = &record->profile[index];
        attain_profile_entry entry = {.function = at_api_text(one->function),
                                      .file = at_api_text(one->file),
                                      .line = one->line,
                                      .calls = one->count.calls,
                                      .steps = one->count.steps,
                                      .time = one->count.time};
        return AT_OUT_PUT(out, size, entry);
    }
    return ATTAIN_USAGE;
}
