/* api/work.c: one plan over its data: binds tables, runs, and reports what stopped the run. Used by
 * attain_run and attain_diff. */
#include "api/run.h"

#include <errno.h>

/* ---- where data comes from */

/* A file has one name in all messages, and its rows are left out once, however it is spelled. */
static void name_once(struct at_api_job *job, struct at_source_binding *binding, uint64_t device,
                      uint64_t number) {
    struct at_arena *arena = &job->r->own.arena;
    if (!job->data_names.arena) at_map_init(&job->data_names, arena);
    at_str key = at_str_format(arena, "%llu:%llu", (unsigned long long)device, (unsigned long long)number);
    at_str *name = AT_NEW(arena, at_str);
    *name = binding->name;
    const at_str *known = at_map_put(&job->data_names, key, name);
    if (!known) return;
    binding->name = *known;
    job->shares_files = true;
}

/* Copies a binding of the host. What it does not specify about the form of the file, the policy does. A file
 * is opened only to find its identity. Errors are reported when it is read. */
static struct at_source_binding bound(struct at_api_job *job, const struct at_source_binding *from,
                                      const struct at_schema_form *form) {
    struct at_source_binding binding = *from;
    if (binding.form.encoding == AT_ENCODING_ANY) binding.form.encoding = form->encoding;
    if (!binding.form.separator) binding.form.separator = form->separator;
    struct at_file *file = AT_NEW(&job->r->own.arena, struct at_file);
    binding.name = at_str_copy(&job->r->own.arena, binding.name); /* results outlive the data */
    if (binding.kind != AT_FROM_FILE) return binding;
    binding.path = binding.name;
    if (at_file_open_any(file, &job->r->own.arena, binding.path.p) == AT_FILE_FINE)
        name_once(job, &binding, file->device, file->number);
    at_file_close(file);
    return binding;
}

/* The place of the source's name in the policy as it was compiled. */
static at_span span_of(const struct attain_policy *policy, const struct at_schema *schema) {
    const struct at_check_policy *checked = policy->checked;
    for (uint32_t i = 0; checked && i < checked->n_schemas; i++)
        if (at_str_eq(checked->schemas[i].name, schema->name))
            return (at_span){checked->schemas[i].source_start, checked->schemas[i].source_end};
    return (at_span){0, 0};
}

/* The folders in which default sources may lie: that of the data, and those that the policy may read. */
static int find_roots(struct at_arena *arena, const struct attain_policy *policy, const attain_data *data,
                      struct at_source_binding *binding) {
    struct at_root_list *roots = AT_NEW(arena, struct at_root_list);
    binding->roots = roots;
    binding->base = policy->loading.folder;
    *roots = policy->loading.roots;
    if (data && data->has_directory) {
        struct at_root *root = &roots->at[roots->n++];
        int error = at_root_make(root, arena, data->directory);
        if (error) return error;
        binding->base = root->path;
    }
    if (policy->anywhere || (data && data->anywhere)) *roots = (struct at_root_list){{at_root_any()}, 1};
    return 0;
}

/* Whether the file is not in the folder of the policy, and is in the folder `data` in it. */
static bool is_only_in_data(struct at_arena *arena, const struct at_source_binding *binding) {
    struct at_file *file = AT_NEW(arena, struct at_file), *other = AT_NEW(arena, struct at_file);
    enum at_file_fault here = at_file_open(file, arena, binding->roots, binding->base, binding->path);
    at_file_close(file);
    if (here != AT_FILE_ERROR || file->error != ENOENT) return false;
    at_str below = at_path_join(arena, AT_STR("data"), binding->path);
    bool there = at_file_open(other, arena, binding->roots, binding->base, below) == AT_FILE_FINE;
    at_file_close(other);
    return there;
}

/* Returns the default source of a table that is not bound. The source is in the given directory. Without one,
 * it is in the folder of the policy, or else in the folder `data` in it. */
static struct at_source_binding default_of(struct at_api_job *job, uint32_t p,
                                           const struct attain_policy *policy, const attain_data *data,
                                           const struct at_schema *schema) {
    struct at_arena *arena = &job->r->own.arena;
    bool directory = data && data->has_directory;
    struct at_source_binding binding = {.kind = AT_FROM_NOWHERE, .name = schema->name};
    if (!directory && !policy->from_file) return binding;
    binding.kind = AT_FROM_FILE;
    binding.form = schema->form;
    binding.span = span_of(job->r->policies[p], schema);
    binding.path = schema->source.n ? at_str_copy(arena, schema->source)
                                    : at_str_format(arena, "%.*s.csv", AT_STR_ARG(schema->name));
    binding.error = find_roots(arena, policy, data, &binding);
    bool there = !binding.error && !directory && is_only_in_data(arena, &binding);
    if (there) binding.path = at_path_join(arena, AT_STR("data"), binding.path);
    if (!there && !directory && schema->source.n == 0)
        return (struct at_source_binding){.kind = AT_FROM_NOWHERE, .name = schema->name};
    at_str shown = at_path_has_up(binding.path) ? binding.path : at_path_normal(arena, binding.path);
    binding.name = at_path_join(arena, directory ? data->directory : policy->loading.named, shown);
    if (binding.error) return binding;
    struct at_file *file = AT_NEW(arena, struct at_file);
    if (at_file_open(file, arena, binding.roots, binding.base, binding.path) == AT_FILE_FINE)
        name_once(job, &binding, file->device, file->number);
    at_file_close(file);
    return binding;
}

static struct at_source_binding binding_of(struct at_api_job *job, uint32_t p,
                                           const struct at_api_version *version, const attain_data *data,
                                           const struct at_schema *schema) {
    for (uint32_t i = 0; data && i < data->n_bindings; i++)
        if (at_str_eq(data->bindings[i].table, schema->name))
            return bound(job, &data->bindings[i].binding, &schema->form);
    return default_of(job, p, version->beside, data, schema);
}

/* ---- running */

static void on_bad_row(void *context, at_str file, uint64_t line, at_str raw) {
    struct at_api_job *job = context;
    if (at_api_job_leave_out(job, file, line) && job->options->on_bad_row)
        job->options->on_bad_row(job->options->bad_row_context, at_api_text(file), line, at_api_text(raw));
}

struct at_table_dataset *at_api_job_dataset(struct at_api_job *job, uint32_t p, const attain_data *from,
                                            const struct at_api_version *version) {
    const struct at_check_policy *checked = version->checked;
    struct at_arena *arena = &job->r->own.arena;
    struct at_table_dataset *data = AT_NEW(arena, struct at_table_dataset);
    at_table_dataset_init(data, arena, &job->r->per_policy[p], checked->schemas, checked->n_schemas);
    for (uint32_t i = 0; i < data->n_tables; i++)
        data->tables[i].binding = binding_of(job, p, version, from, &checked->schemas[i]);
    data->bad.skip = job->options->skip_bad_rows;
    data->bad.on_row = job->options->on_bad_row || job->r->n_policies > 1 ? on_bad_row : NULL;
    data->bad.context = job;
    data->threads = job->options->threads;
    data->watch = job->watch;
    return data;
}

/* Reports each `require` that does not hold in the same way as bad data: which one, and where. */
static void tell_failures(struct at_api_job *job, uint32_t p, const struct at_session_run *run) {
    struct at_diag_list *diags = &job->r->per_policy[p];
    const struct at_check_policy *checked = run->plan->checked;
    struct at_arena *arena = &job->r->own.arena;
    for (uint32_t i = 0; i < run->n_failures; i++) {
        const struct at_gather_require_failure *failure = &run->failures[i];
        const struct at_ast_node *node = run->plan->requires[failure->require].decl->node;
        at_str where = AT_STR("");
        if (failure->file.n)
            where = at_str_format(arena, ": %.*s:%llu", AT_STR_ARG(failure->file),
                                  (unsigned long long)failure->line);
        if (failure->payee != UINT32_MAX && failure->period != UINT32_MAX) {
            const struct at_schema *payees = &checked->schemas[checked->payee_table];
            at_period period = at_session_run_period(run, failure->period);
            at_str key = at_session_table_text(run->data, (uint32_t)checked->payee_table,
                                               (uint32_t)payees->key, failure->payee, arena);
            at_str name = at_period_print(arena, period);
            where = at_str_format(arena, ": %.*s in %.*s", AT_STR_ARG(key), AT_STR_ARG(name));
        }
        at_str message = node->text.n ? node->text : AT_STR("a `require` of the policy is not met");
        at_diag_add(diags, AT_A0909, node->span, "%.*s%.*s", AT_STR_ARG(message), AT_STR_ARG(where));
    }
}

enum at_status at_api_job_run(struct at_api_job *job, uint32_t p, const struct at_api_version *version,
                              const struct at_session_plan *plan, struct at_table_dataset *data,
                              at_period from, at_period through, struct at_session_run **out) {
    struct at_arena *arena = &job->r->own.arena;
    const struct at_lua_limits limits = {job->options->hook_steps, job->options->hook_run_steps,
                                         job->options->hook_memory};
    struct at_lua_hooks *hooks =
        AT_NEW(arena, struct at_lua_hooks); /* as long as the results: items are asked for again */
    struct at_session_run_options options = {
        .hooks = at_api_version_hooks(version, hooks, &limits, job->watch),
        .from = from,
        .through = through,
        .ask = job->pays,
        .ahead = (job->pays && !job->options->ends_here) || job->looks_ahead,
        .ahead_of_all = job->looks_ahead,
        .also = job->also ? &job->also[p] : NULL,
        .n_also = job->also ? 1 : 0,
        .assumed = job->assumed};
    struct at_api_record *record =
        options.hooks ? at_api_record_new(job->options->hooks, version, arena) : NULL;
    if (record) hooks->record = &record->lua;
    if (job->loaded) job->loaded(job->loaded_context, data, record);
    enum at_status status = at_session_run_execute(plan, data, &options, arena, &job->r->per_policy[p], out);
    at_api_record_end(record, status == AT_OK ? *out : NULL, arena);
    if (record && !job->r->records)
        job->r->records = AT_NEW_ARRAY(arena, struct at_api_record *, job->r->n_policies + 1);
    if (record) job->r->records[p] = record;
    if (status == AT_OK && options.hooks && at_lua_hooks_spent(hooks)) {
        struct at_diag *d = at_diag_add(&job->r->per_policy[p], AT_A1009, (at_span){0},
                                        "the hooks together took more than %llu steps",
                                        (unsigned long long)hooks->limits.run_steps);
        at_diag_note(d, "nothing is paid");
        at_diag_help(d, "simplify the hooks, or allow more steps with `--hook-run-steps`");
        status = AT_REJECTED;
    }
    if (status == AT_REJECTED && *out && (*out)->n_failures) tell_failures(job, p, *out);
    if (status == AT_OK && !job->any_helping)
        status = at_api_helping(*out, job->watch, arena, &job->r->per_policy[p]);
    return status;
}

enum at_status at_api_job_execute(struct at_api_job *job, uint32_t p, const struct at_api_version *version,
                                  const struct at_plan *plan, struct at_table_dataset *data, at_period from,
                                  at_period through, struct at_session_run **out) {
    uint64_t errors = job->r->per_policy[p].errors;
    bool *keep = AT_NEW_ARRAY(&job->r->own.arena, bool, data->n_tables + 1);
    at_session_run_wants(plan, keep);
    if (job->keeps) keep[job->keeps - 1] = true;
    at_session_watch(plan, data);
    *out = NULL;
    enum at_status status = at_table_dataset_load(data, keep);
    if (status == AT_OK)
        status = at_api_job_run(job, p, version, at_session_prepare(plan, true, &job->r->own.arena), data,
                                from, through, out);
    at_api_job_count_untold(job, p, data);
    struct at_diag_list *diags = &job->r->per_policy[p];
    if (job->options->strict) at_diag_list_raise(diags);
    if (status == AT_OK && diags->errors > errors && (job->options->strict || !job->options->skip_bad_rows))
        status = AT_REJECTED;
    return status;
}
