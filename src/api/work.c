/* api/work.c: one plan over its data: where each table comes from, the run, and what stops it. Used by
 * attain_run and attain_diff. */
#include "api/run.h"

/* A table that is not bound is read from its default source: in the directory given, or else beside the
 * policy. */
static struct at_binding binding_of(struct at_job *job, const struct at_version *version,
                                    const attain_data *data, const struct at_schema *schema) {
    struct at_arena *arena = &job->r->own.arena;
    for (uint32_t i = 0; data && i < data->n_bindings; i++)
        if (at_str_eq(data->bindings[i].table, schema->name)) {
            struct at_binding binding = data->bindings[i].binding;
            binding.name = at_str_copy(arena, binding.name); /* results outlive the data */
            if (binding.kind == AT_FROM_FILE) binding.path = binding.name;
            return binding;
        }
    bool directory = data && data->has_directory;
    if (!directory && !version->from_file)
        return (struct at_binding){.kind = AT_FROM_NOWHERE, .name = schema->name};
    at_str file = schema->source;
    if (file.n == 0) {
        if (!directory) return (struct at_binding){.kind = AT_FROM_NOWHERE, .name = schema->name};
        file = at_str_format(arena, "%.*s.csv", AT_STR_ARG(schema->name));
    }
    at_str path = at_path_join(arena, directory ? data->directory : version->folder, file);
    return (struct at_binding){.kind = AT_FROM_FILE, .name = path, .path = path};
}

static void on_bad_row(void *context, at_str file, uint64_t line, at_str raw) {
    struct at_job *job = context;
    if (at_job_leave_out(job, file, line) && job->options->on_bad_row)
        job->options->on_bad_row(job->options->bad_row_context, at_text(file), line, at_text(raw));
}

static void on_progress(void *context, uint64_t done, uint64_t all) {
    const struct at_job *job = context;
    job->options->progress(job->options->progress_context, done, all);
}

struct at_dataset *at_job_dataset(struct at_job *job, uint32_t p, const attain_data *from,
                                  const struct at_version *version) {
    const struct at_checked *checked = version->checked;
    struct at_arena *arena = &job->r->own.arena;
    struct at_dataset *data = AT_NEW(arena, struct at_dataset);
    at_dataset_init(data, arena, &job->r->per_policy[p], checked->schemas, checked->n_schemas);
    for (uint32_t i = 0; i < data->n_tables; i++)
        data->tables[i].binding = binding_of(job, version, from, &checked->schemas[i]);
    data->bad.skip = job->options->skip_bad_rows;
    data->bad.on_row = job->options->on_bad_row || job->r->n_policies > 1 ? on_bad_row : NULL;
    data->bad.context = job;
    data->threads = job->options->threads;
    data->cancel = job->options->cancel;
    data->progress = job->options->progress ? on_progress : NULL;
    data->progress_context = job;
    return data;
}

/* A `require` that does not hold is told like bad data: which one, and where. */
static void tell_failures(struct at_job *job, uint32_t p, const struct at_run *run) {
    struct at_diags *diags = &job->r->per_policy[p];
    const struct at_checked *checked = run->plan->checked;
    struct at_arena *arena = &job->r->own.arena;
    for (uint32_t i = 0; i < run->n_failures; i++) {
        const struct at_require_failure *failure = &run->failures[i];
        const struct at_node *node = run->plan->requires[failure->require].decl->node;
        at_str where = AT_STR("");
        if (failure->file.n)
            where = at_str_format(arena, ": %.*s:%llu", AT_STR_ARG(failure->file),
                                  (unsigned long long)failure->line);
        if (failure->payee != UINT32_MAX && failure->period != UINT32_MAX) {
            const struct at_schema *payees = &checked->schemas[checked->payee_table];
            at_period period = run->first_period;
            period.ordinal += (int32_t)failure->period;
            at_str key = at_table_text(run->data, (uint32_t)checked->payee_table, (uint32_t)payees->key,
                                       failure->payee, arena);
            at_str name = at_period_print(arena, period);
            where = at_str_format(arena, ": %.*s in %.*s", AT_STR_ARG(key), AT_STR_ARG(name));
        }
        at_str message = node->text.n ? node->text : AT_STR("a requirement of the policy is not met");
        at_diag_add(diags, AT_A0909, node->span, "%.*s%.*s", AT_STR_ARG(message), AT_STR_ARG(where));
    }
}

enum at_status at_job_execute(struct at_job *job, uint32_t p, const struct at_version *version,
                              const struct at_plan *plan, struct at_dataset *data, at_period from,
                              at_period through, struct at_run **out) {
    struct at_arena *arena = &job->r->own.arena;
    const struct at_lua_limits limits = {job->options->hook_steps, job->options->hook_run_steps,
                                         job->options->hook_memory};
    struct at_lua_hooks *hooks =
        AT_NEW(arena, struct at_lua_hooks); /* as long as the results: items are asked for again */
    struct at_run_options options = {.hooks = at_version_hooks(version, hooks, &limits, job->options->cancel),
                                     .from = from,
                                     .through = through};
    bool *keep = AT_NEW_ARRAY(arena, bool, data->n_tables + 1);
    at_run_wants(plan, keep);
    *out = NULL;
    enum at_status status = at_dataset_load(data, keep);
    if (status == AT_OK) status = at_run_execute(plan, data, &options, arena, &job->r->per_policy[p], out);
    at_job_count_untold(job, p, data);
    if (status == AT_OK && options.hooks && at_lua_hooks_spent(hooks)) {
        struct at_diag *d =
            at_diag_add(&job->r->per_policy[p], AT_A1009, (at_span){0},
                        "the functions in Lua took more than %llu steps together, so nothing is paid",
                        (unsigned long long)hooks->limits.run_steps);
        at_diag_help(d, "look for what repeats itself in them; --hook-run-steps allows more");
        status = AT_REJECTED;
    }
    if (status == AT_REJECTED && *out && (*out)->n_failures) tell_failures(job, p, *out);
    return status;
}
