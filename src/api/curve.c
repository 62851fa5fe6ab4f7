/* api/curve.c: attain_curve_run: pay as a function of a measure, of one or two versions of a policy.
 *
 * Each version is run on the data, as attain_run does. The curves follow the run, and are kept with it.
 */
#include "api/curve.h"
#include "api/argument.h"
#include "api/sample.h"
#include "api/vary.h"

enum { MOST_SAMPLES = 1000 };

struct drawing {
    struct attain_curves *handle;
    struct at_api_job job;
    attain_policy *policies[2];
    uint32_t n;
    attain_run_options run;
    const attain_curve_options *options;
    struct at_api_vary vary[2];
    bool range;
    at_num from, to;
    const struct at_plan *plans[2];
    at_period begins, ends; /* the periods of the runs */
};

/* ---- one version */

static enum at_status plan_of(struct drawing *d, uint32_t p, const struct at_plan **out) {
    const struct attain_policy *policy = d->policies[p];
    struct at_arena *arena = &d->handle->r.own.arena;
    struct at_plan_setting *settings = AT_NEW_ARRAY(arena, struct at_plan_setting, d->run.setting_count + 1);
    struct at_plan *plan = policy->plan;
    uint32_t n = 0;
    enum at_status status = AT_OK;
    if (!at_api_job_settings(&d->job, policy, arena, settings, &n)) return AT_REJECTED;
    if (d->vary[p].kind == AT_VARY_PARAM)
        settings[n++] = (struct at_plan_setting){.name = d->vary[p].name, .open = true};
    if (n > 0)
        status = at_plan_lower(policy->checked, settings, n, arena, &d->handle->r.per_policy[p], &plan);
    *out = plan;
    return status;
}

static attain_status run_version(struct drawing *d, uint32_t p, struct at_session_run **out) {
    const struct attain_policy *policy = d->policies[p];
    const struct at_plan *plan = NULL;
    at_period from, through;
    enum at_status status = plan_of(d, p, &plan);
    if (d->run.strict) at_diag_list_raise(&d->handle->r.arguments);
    if (status == AT_OK && d->handle->r.arguments.errors) status = AT_REJECTED;
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    if (!at_api_periods_of(&d->job, policy->checked, &from, &through)) return ATTAIN_USAGE;
    d->plans[p] = plan;
    d->begins = from;
    d->ends = through;
    const struct at_api_version version = at_api_policy_version(policy);
    struct at_table_dataset *data = at_api_job_dataset(&d->job, p, d->job.data, &version);
    d->job.keeps = d->vary[p].kind == AT_VARY_FIELD ? d->vary[p].index + 1 : 0; /* for the value of the row */
    return at_api_status_public(at_api_job_execute(&d->job, p, &version, plan, data, from, through, out),
                                ATTAIN_BAD_DATA);
}

/* ---- what is drawn of it */

/* The pay of a component, or all pay. AT_NO_NODE: unknown, which is reported. */
static uint32_t pay_node(struct drawing *d, const struct at_session_run *run, at_str *label) {
    const char *component = d->options->component;
    const struct at_plan *plan = run->plan;
    *label = at_words_word(d->handle->words, AT_W_TOTAL);
    if (!component) return plan->total;
    struct at_str_nearest nearest = {.wanted = at_str_trim(at_str_z(component))};
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *c = &plan->components[i];
        if (at_str_eq(c->name, nearest.wanted)) {
            *label = c->label.n ? c->label : c->name;
            return c->value;
        }
        at_str_nearest_try(&nearest, c->name);
    }
    struct at_diag *diag =
        at_diag_add(&d->handle->r.arguments, AT_A0912, (at_span){0}, "unknown component `%s`", component);
    if (nearest.best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return AT_NO_NODE;
}

/* With `period` or `from`, the measure of the first period is varied, and the pay is that of all periods
 * selected. Otherwise both are of the last one. */
static bool periods_of(struct drawing *d, const struct at_session_run *run, struct at_curve_options *out) {
    if (run->paid_periods == 0) {
        at_diag_add(&d->handle->r.arguments, AT_A1263, (at_span){0}, "the run pays no period");
        return false;
    }
    uint32_t last = run->paid_from + run->paid_periods - 1;
    bool selected = d->run.period || d->run.from;
    out->first = selected ? run->paid_from : last;
    out->until = selected && run->lines_end > last + 1 ? run->lines_end - 1 : last; /* also what moves */
    out->period = out->first;
    return true;
}

/* Sets what is varied. False: nothing that pays reads it. */
static bool set_vary(const struct at_api_vary *vary, const struct at_session_run *run,
                     struct at_curve_many_options *out) {
    const struct at_plan *plan = run->plan;
    out->each.vary = AT_NO_NODE;
    if (vary->kind == AT_VARY_MEASURE) out->each.vary = plan->measures[vary->index].cell;
    if (vary->kind == AT_VARY_FIELD) out->each.vary = at_curve_load(plan, vary->index, vary->field);
    if (vary->kind == AT_VARY_MEASURE) return out->each.vary != AT_NO_NODE;
    out->each.period = 0; /* a param and a row are the same in all periods */
    out->each.row = vary->key;
    out->affected = true;
    if (vary->kind == AT_VARY_FIELD) return out->each.vary != AT_NO_NODE;
    return plan->opened;
}

/* What the data and the policy give to x, if it is not the value of a measure. False: no row has the key,
 * which is reported. */
static bool set_place(struct drawing *d, uint32_t p, const struct at_session_run *run,
                      struct at_curve_many_options *out) {
    const struct at_api_vary *vary = &d->vary[p];
    struct at_arena *arena = &d->handle->r.own.arena;
    struct at_plan_value value = {.missing = true};
    if (vary->kind == AT_VARY_MEASURE) return true;
    out->fixed = true;
    out->at = at_num_int(0);
    if (vary->kind == AT_VARY_PARAM) {
        value = run->plan->params[vary->index];
    } else {
        const struct at_schema *schema = &d->policies[p]->checked->schemas[vary->index];
        int64_t row = at_table_dataset_find(run->data, vary->index, schema->key, vary->key);
        if (row < 0) {
            at_diag_add(&d->handle->r.arguments, AT_A1260, (at_span){0},
                        "no row of `%.*s` has the key `%.*s`", AT_STR_ARG(schema->name),
                        AT_STR_ARG(vary->key));
            return false;
        }
        at_str text = at_session_table_text(run->data, vary->index, vary->field, (uint64_t)row, arena);
        if (text.n && at_api_setting_value(arena, text, d->policies[p]->checked->currency, &value))
            value.missing = false;
    }
    out->unplaced = value.missing || !at_plan_type_counts(value.type);
    if (!out->unplaced) out->at = at_plan_value_num(&value);
    return true;
}

static bool affects(struct drawing *d, uint32_t p, bool yes) {
    if (yes) return true;
    const struct at_check_policy *checked = d->policies[p]->checked;
    const char *component = d->options->component;
    struct at_diag *diag =
        at_diag_add(&d->handle->r.arguments, AT_A1262, (at_span){0}, "`%.*s` does not affect %s%s%s",
                    AT_STR_ARG(d->vary[p].name), component ? "`" : "", component ? component : "any pay",
                    component ? "`" : "");
    at_str list = {"", 0};
    for (uint32_t i = 0, n = 0; i < checked->n_components && n < 5; i++) {
        const struct at_ast_node *on = checked->components[i].on;
        const struct at_ast_node *base = on && on->n ? on->child[0] : NULL;
        if (!base || base->kind != AT_N_NAME) continue;
        list = at_str_format(diag->list->arena, "%.*s%s`%.*s`", AT_STR_ARG(list), n++ ? ", " : "",
                             AT_STR_ARG(base->text));
    }
    if (list.n) at_diag_help(diag, "vary a measure on which pay depends, such as %.*s", AT_STR_ARG(list));
    return false;
}

/* Rows of the payees whose curves are wanted: covered payees, in order of their keys. */
static bool payees_of(struct drawing *d, const struct at_session_results *results,
                      struct at_curve_many_options *out) {
    struct at_arena *arena = &d->handle->r.own.arena;
    uint32_t *rows = AT_NEW_ARRAY(arena, uint32_t, results->n_payees + 1);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        uint32_t row = results->runs[0].row_of[i];
        if (!results->payees[i].wanted || !at_session_results_cover(results, 0, i)) continue;
        rows[out->n_payees++] = row;
    }
    out->payees = rows;
    for (uint32_t i = 0; i < d->job.filter.n_payees; i++) {
        uint32_t k = 0;
        while (k < results->n_payees && !at_str_eq(results->payees[k].key, d->job.filter.payees[i]))
            k++;
        if (k == results->n_payees) {
            struct at_api_people people = at_api_people_of(arena, results);
            at_api_unknown_payee(&d->handle->r.arguments, &people, d->job.filter.payees[i]);
        } else if (!at_session_results_cover(results, 0, k)) {
            at_diag_add(&d->handle->r.arguments, AT_A0915, (at_span){0},
                        "no policy of the run covers the payee `%.*s`", AT_STR_ARG(d->job.filter.payees[i]));
        }
    }
    return d->handle->r.arguments.errors == 0;
}

/* Where no payee is above zero. */
static at_num guess(at_type type) {
    if (type.kind == AT_T_MONEY) return at_num_int(100000);
    return at_num_int(type.unit == AT_UNIT_PERCENT ? 1 : 100);
}

/* The name of the file without its folder, unless both versions have the same one. */
static at_str file_of(const struct drawing *d, uint32_t p) {
    at_str names[2];
    for (uint32_t i = 0; i < 2; i++) {
        at_str name = d->policies[i < d->n ? i : 0]->name;
        uint32_t from = name.n;
        while (from > 0 && name.p[from - 1] != '/')
            from--;
        names[i] = (at_str){name.p + from, name.n - from};
    }
    return d->n > 1 && at_str_eq(names[0], names[1]) ? d->policies[p]->name : names[p];
}

static attain_status sample(struct drawing *d, uint32_t p, const struct at_session_run *run,
                            const struct at_curve_options *each) {
    unsigned asked = d->options->samples;
    const struct at_api_sampling sampling = {.job = &d->job,
                                             .policy = p,
                                             .plan = d->plans[p],
                                             .run = run,
                                             .from = d->begins,
                                             .through = d->ends,
                                             .vary = &d->vary[p],
                                             .each = each,
                                             .n = asked < 2              ? 2
                                                  : asked > MOST_SAMPLES ? MOST_SAMPLES
                                                                         : asked};
    if (asked == 0) return ATTAIN_OK;
    return at_api_status_public(at_api_sample(&sampling, &d->handle->many[p]), ATTAIN_OVERFLOW);
}

static attain_status draw(struct drawing *d, uint32_t p, struct at_session_run *run) {
    struct attain_curves *handle = d->handle;
    struct at_arena *arena = &handle->r.own.arena;
    struct at_session_results *results = AT_NEW(arena, struct at_session_results);
    struct at_curve_many_options options = {
        .range = d->range, .guess = guess(d->vary[p].type), .apart = d->options->samples > 0};
    struct at_write_curve_side *side = &handle->curves.side[p];
    at_session_results_make(results, &run, 1, &d->job.filter, arena);
    if (!payees_of(d, results, &options)) return ATTAIN_USAGE;
    if (!periods_of(d, run, &options.each)) return ATTAIN_USAGE;
    bool read = set_vary(&d->vary[p], run, &options);
    options.each.pay = pay_node(d, run, &handle->curves.y.name);
    if (options.each.pay == AT_NO_NODE) return ATTAIN_USAGE;
    options.each.from = d->from;
    options.each.to = d->to;
    if (!affects(d, p, read)) return ATTAIN_USAGE;
    if (d->vary[p].kind == AT_VARY_MEASURE)
        handle->curves.x.type.unit =
            run->plan->nodes[options.each.vary].type.unit; /* a percentage is known there */
    if (!set_place(d, p, run, &options)) return ATTAIN_USAGE;
    enum at_status status = at_curve_many_make(run, &options, d->job.watch, arena, &handle->many[p]);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_OVERFLOW);
    if (!affects(d, p, handle->many[p].reaches || options.n_payees == 0)) return ATTAIN_USAGE;
    attain_status sampled = sample(d, p, run, &options.each);
    if (sampled != ATTAIN_OK) return sampled;
    *side = (struct at_write_curve_side){.name = file_of(d, p),
                                         .run = run,
                                         .many = &handle->many[p],
                                         .keys = results->runs[0].keys,
                                         .labels = results->runs[0].labels};
    handle->curves.first = at_session_run_period(run, options.each.first);
    handle->curves.last = at_session_run_period(run, options.each.until);
    return ATTAIN_OK;
}

/* ---- the call */

static attain_status check_versions(struct drawing *d) {
    const struct at_check_policy *a = d->policies[0]->checked, *b = d->policies[d->n - 1]->checked;
    if (a->currency == b->currency && at_calendar_same_periods(&a->calendar, &b->calendar)) return ATTAIN_OK;
    at_diag_add(&d->handle->r.arguments, AT_A1264, (at_span){0},
                "cannot draw versions with different currencies or periods");
    return ATTAIN_USAGE;
}

/* The second version is drawn over the range of the first. */
static attain_status draw_all(struct drawing *d) {
    struct attain_curves *handle = d->handle;
    struct at_arena *arena = &handle->r.own.arena;
    struct at_diag_list *diags = &handle->r.arguments;
    for (uint32_t p = 0; p < d->n; p++)
        if (!at_api_vary_read(diags, d->policies[p]->checked, arena, d->options->vary ? d->options->vary : "",
                              &d->vary[p]))
            return ATTAIN_USAGE;
    const struct at_check_policy *checked = d->policies[0]->checked;
    if (d->options->between &&
        !at_api_vary_range(diags, checked, arena, d->options->between, d->vary[0].type, &d->from, &d->to))
        return ATTAIN_USAGE;
    d->range = d->options->between != NULL;
    handle->curves.vary = d->vary[0].name;
    handle->curves.x = (struct at_write_plot_axis){.name = d->vary[0].label, .type = d->vary[0].type};
    handle->curves.y.type = (at_type){.kind = AT_T_MONEY, .currency = checked->currency};
    for (uint32_t p = 0; p < d->n; p++) {
        struct at_session_run *run = NULL;
        attain_status status = run_version(d, p, &run);
        if (status == ATTAIN_OK) status = draw(d, p, run);
        if (status != ATTAIN_OK) return status;
        d->from = handle->many[0].from;
        d->to = handle->many[0].to;
        d->range = true;
    }
    handle->curves.n_sides = d->n;
    at_api_curve_texts(handle);
    return ATTAIN_OK;
}

static attain_status curve_inside(void *context) {
    struct drawing *d = context;
    struct attain_results *r = &d->handle->r;
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, 2);
    for (uint32_t i = 0; i < d->n; i++)
        r->policies[r->n_policies++] = attain_policy_retain(d->policies[i]);
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(d->options)) return at_api_refuse_reserved(&r->arguments, "attain_curve_options");
    if (!AT_RESERVED_CLEAR(&d->run)) return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    for (uint32_t i = 0; i < d->n; i++)
        if (!d->policies[i]->plan) return ATTAIN_BAD_POLICY;
    d->handle->words = at_api_language(&r->arguments, d->run.language);
    at_api_job_check_arguments(&d->job);
    if (r->arguments.errors) return ATTAIN_USAGE;
    at_api_job_make_filter(&d->job);
    attain_status status = check_versions(d);
    if (status == ATTAIN_OK) status = draw_all(d);
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        at_diag_list_sort(r->list.lists[i]);
    at_api_job_drop_repeated(r);
    r->done = status == ATTAIN_OK;
    return status;
}

attain_status attain_curve_run(attain_policy *policy, const attain_data *data,
                               const attain_curve_options *options, attain_curves **out) {
    static const attain_curve_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_curves *handle = at_api_handle_new(options->run.allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->run.max_memory);
    at_api_own_watch(&handle->r.own, options->run.watch);
    struct drawing d = {.handle = handle,
                        .policies = {policy, options->against},
                        .n = options->against ? 2 : 1,
                        .options = options,
                        .run = options->run,
                        .job = {.r = &handle->r, .data = data, .watch = &handle->r.own.watch, .pays = true}};
    d.run.ends_here = true; /* what waits after the last period is of no use here */
    d.job.options = &d.run;
    attain_status status = at_api_own_run(&handle->r.own, curve_inside, &d);
    if (at_api_lacked_memory(status)) {
        attain_curve_free(handle);
        return status;
    }
    if (status != ATTAIN_OK) handle->curves.n_sides = 0;
    *out = handle;
    return status;
}

void attain_curve_free(attain_curves *curves) {
    if (!curves) return;
    for (uint32_t i = 0; i < curves->r.n_policies; i++)
        attain_policy_release(curves->r.policies[i]);
    at_api_handle_free(curves, sizeof *curves);
}

const attain_diagnostics *attain_curve_diagnostics(const attain_curves *curves) {
    return curves ? &curves->r.list : NULL;
}
