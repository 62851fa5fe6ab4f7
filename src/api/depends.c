/* api/depends.c: attain_depends_run: what the components of a policy depend on. */
#include "api/argument.h"
#include "api/range.h"
#include "api/report.h"

struct attain_depends {
    struct attain_results r; /* first: its memory is the report's; policies[0] is the policy */
    struct at_depend depend;
    at_str field; /* that was asked for; empty: everything */
    bool done;
};

struct depending {
    struct attain_depends *handle;
    attain_policy *policy;
    const attain_depends_options *options;
    attain_run_options run; /* the settings, as a run takes them */
    struct at_api_job job;
};

/* With other values of params, choices may be decided otherwise. */
static enum at_status lower(struct depending *d, const struct at_plan **out) {
    struct attain_results *r = &d->handle->r;
    struct at_arena *arena = &r->own.arena;
    struct at_plan_setting *settings = AT_NEW_ARRAY(arena, struct at_plan_setting, d->run.setting_count + 1);
    struct at_plan *plan = d->policy->plan;
    enum at_status status = AT_OK;
    uint32_t n = 0;
    at_api_job_check_arguments(&d->job);
    if (r->arguments.errors || !at_api_job_settings(&d->job, d->policy, arena, settings, &n))
        return AT_REJECTED;
    if (n > 0) status = at_plan_lower(d->policy->checked, settings, n, arena, &r->arguments, &plan);
    *out = plan;
    return r->arguments.errors ? AT_REJECTED : status;
}

/* A lookup by name, with the nearest of the others if there is none. */
static bool knows(struct at_diag_list *diags, const struct at_depend *depend, at_str component) {
    struct at_str_nearest nearest = {.wanted = component};
    for (uint32_t i = 0; i < depend->plan->n_components; i++) {
        if (at_str_eq(depend->plan->components[i].name, component)) return true;
        at_str_nearest_try(&nearest, depend->plan->components[i].name);
    }
    struct at_diag *d =
        at_diag_add(diags, AT_A1292, (at_span){0}, "unknown component `%.*s`", AT_STR_ARG(component));
    if (nearest.best.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return false;
}

static bool knows_field(struct at_diag_list *diags, struct at_arena *arena,
                        const struct at_check_policy *checked, at_str field) {
    struct at_str_nearest nearest = {.wanted = field};
    for (uint32_t t = 0; t < checked->n_schemas; t++)
        for (uint32_t f = 0; f < checked->schemas[t].n_fields; f++) {
            at_str name = at_str_format(arena, "%.*s.%.*s", AT_STR_ARG(checked->schemas[t].name),
                                        AT_STR_ARG(checked->schemas[t].fields[f].name));
            if (at_str_eq(name, field)) return true;
            at_str_nearest_try(&nearest, name);
        }
    struct at_diag *d = at_diag_add(diags, AT_A1292, (at_span){0}, "unknown field `%.*s`", AT_STR_ARG(field));
    if (nearest.best.n)
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    else
        at_diag_help(d, "write the table and the field, such as `rep.team`");
    return false;
}

static bool is_wanted(const struct depending *d, const struct at_depend *depend,
                      const struct at_depend_item *item, at_str component) {
    struct at_arena *arena = &d->handle->r.own.arena;
    if (component.n && (item->component == AT_NO_NODE ||
                        !at_str_eq(depend->plan->components[item->component].name, component)))
        return false;
    if (d->handle->field.n == 0) return true;
    struct at_arena_mark mark = at_arena_mark(arena);
    at_str name = at_str_format(arena, "%.*s.%.*s", AT_STR_ARG(item->table), AT_STR_ARG(item->name));
    bool same = item->kind == AT_DEPEND_FIELD && at_str_eq(name, d->handle->field);
    at_arena_reset(arena, mark);
    return same;
}

static attain_status depend_inside(void *context) {
    struct depending *d = context;
    struct attain_results *r = &d->handle->r;
    struct at_arena *arena = &r->own.arena;
    const struct at_plan *plan = NULL;
    r->policies = AT_NEW(arena, struct attain_policy *);
    r->policies[r->n_policies++] = attain_policy_retain(d->policy);
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(d->options))
        return at_api_refuse_reserved(&r->arguments, "attain_depends_options");
    if (!d->policy->plan) return ATTAIN_BAD_POLICY;
    enum at_status status = lower(d, &plan);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    struct at_depend *depend = &d->handle->depend;
    at_depend_make(plan, arena, depend);
    at_str component = at_str_copy(arena, at_str_z(d->options->component ? d->options->component : ""));
    d->handle->field = at_str_copy(arena, at_str_z(d->options->field ? d->options->field : ""));
    bool known = component.n == 0 || knows(&r->arguments, depend, component);
    if (d->handle->field.n) known &= knows_field(&r->arguments, arena, plan->checked, d->handle->field);
    if (!known) return ATTAIN_USAGE;
    uint32_t n = 0;
    for (uint32_t i = 0; i < depend->n; i++)
        if (is_wanted(d, depend, &depend->items[i], component)) depend->items[n++] = depend->items[i];
    depend->n = n;
    d->handle->done = true;
    return ATTAIN_OK;
}

attain_status attain_depends_run(attain_policy *policy, const attain_depends_options *options,
                                 attain_depends **out) {
    static const attain_depends_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_depends *handle = at_api_handle_new(options->allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->max_memory);
    at_api_own_watch(&handle->r.own, options->watch);
    struct depending d = {.handle = handle, .policy = policy, .options = options};
    d.run = (attain_run_options){.settings = options->settings, .setting_count = options->setting_count};
    d.job = (struct at_api_job){.r = &handle->r, .options = &d.run, .watch = &handle->r.own.watch};
    attain_status status = at_api_own_run(&handle->r.own, depend_inside, &d);
    if (at_api_lacked_memory(status)) {
        attain_depends_free(handle);
        return status;
    }
    *out = handle;
    return status;
}

void attain_depends_free(attain_depends *depends) {
    if (!depends) return;
    for (uint32_t i = 0; i < depends->r.n_policies; i++)
        attain_policy_release(depends->r.policies[i]);
    at_api_handle_free(depends, sizeof *depends);
}

const attain_diagnostics *attain_depends_diagnostics(const attain_depends *depends) {
    return depends ? &depends->r.list : NULL;
}

/* ---- reading it */

size_t attain_depends_count(const attain_depends *depends) {
    return depends && depends->done ? depends->depend.n : 0;
}

attain_status(attain_depends_get)(const attain_depends *depends, size_t index, attain_dependence *out,
                                  size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_depends_count(depends)) return ATTAIN_USAGE;
    const struct at_depend_item *item = &depends->depend.items[index];
    attain_dependence full = {.kind = (attain_dependence_kind)item->kind,
                              .component = {"", 0},
                              .table = at_api_text(item->table),
                              .name = at_api_text(item->name),
                              .step_count = item->path.n};
    if (item->component != AT_NO_NODE)
        full.component = at_api_text(depends->depend.plan->components[item->component].name);
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_depends_step)(const attain_depends *depends, size_t index, size_t step,
                                   attain_dependence_step *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_depends_count(depends)) return ATTAIN_USAGE;
    const struct at_depend_path *path = &depends->depend.items[index].path;
    if (step >= path->n) return ATTAIN_USAGE;
    attain_dependence_step full = {.name = at_api_text(path->steps[step].name), .file = {"", 0}};
    if (path->steps[step].span.end) {
        struct at_api_range range =
            at_api_range_of(depends->depend.plan->checked->ast->sources, path->steps[step].span);
        full.file = range.file;
        full.line = range.line;
        full.start = range.start;
        full.end = range.end;
    }
    return AT_OUT_PUT(out, size, full);
}

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct attain_depends *depends = subject;
    if (format == ATTAIN_REPORT_JSON)
        at_write_depends_json(report, &depends->depend);
    else
        at_write_depends_text(report, &depends->depend, depends->field);
}

attain_status attain_depends_write(const attain_depends *depends, attain_report_format format,
                                   const attain_report_options *options, attain_write_fn write,
                                   void *context) {
    if (!depends || !depends->done) return ATTAIN_USAGE;
    return at_api_report_write(&depends->r.own, format, ATTAIN_REPORT_JSON, options, write_as, depends, write,
                               context);
}
