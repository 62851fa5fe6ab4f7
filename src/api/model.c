/* api/model.c: attain_model_run: what plans cost if every payee reaches the same share of a target. Each
 * policy is run on the data, as attain_run does, and is then calculated with the assumed measures. */
#include "api/model.h"

#include "api/argument.h"
#include "base/numtext.h"

struct modelling {
    struct attain_model *handle;
    struct at_api_job job;
    attain_policy *const *policies;
    uint32_t n;
    attain_run_options run;
    const attain_model_options *options;
    struct at_api_model_policy *each;
};

static struct at_arena *arena_of(struct modelling *m) {
    return &m->handle->r.own.arena;
}

static struct at_diag_list *diags_of(struct modelling *m) {
    return &m->handle->r.arguments;
}

/* ---- the runs */

static attain_status run_policy(struct modelling *m, uint32_t p) {
    const struct attain_policy *policy = m->policies[p];
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(arena_of(m), struct at_plan_setting, m->run.setting_count + 1);
    const struct at_plan *plan = policy->plan;
    struct at_plan *lowered = NULL;
    struct at_session_run *run = NULL;
    uint32_t n = 0;
    at_period from, through;
    enum at_status status = AT_OK;
    if (!at_api_job_settings(&m->job, policy, arena_of(m), settings, &n)) return ATTAIN_USAGE;
    if (n > 0) {
        status = at_plan_lower(policy->checked, settings, n, arena_of(m), diags_of(m), &lowered);
        plan = lowered;
    }
    if (m->run.strict) at_diag_list_raise(diags_of(m));
    if (status == AT_OK && diags_of(m)->errors) status = AT_REJECTED;
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    if (!at_api_periods_of(&m->job, policy->checked, &from, &through)) return ATTAIN_USAGE;
    plan = at_plan_with_measures(plan, arena_of(m));
    const struct at_api_version version = at_api_policy_version(policy);
    struct at_table_dataset *data = at_api_job_dataset(&m->job, p, m->job.data, &version);
    m->job.keeps = at_api_model_keeps(&m->each[p]);
    status = at_api_job_execute(&m->job, p, &version, plan, data, from, through, &run);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_BAD_DATA);
    m->each[p].run = run;
    at_session_results_make(&m->each[p].results, &run, 1, &m->job.filter, arena_of(m));
    return ATTAIN_OK;
}

static bool same_days(const struct at_session_run *a, uint32_t at, const struct at_session_run *b,
                      uint32_t bt) {
    at_period x = at_session_run_period(a, at), y = at_session_run_period(b, bt);
    return at_period_start(a->calendar, x) == at_period_start(b->calendar, y) &&
           at_period_end(a->calendar, x) == at_period_end(b->calendar, y);
}

static bool periods_of(struct modelling *m, uint32_t p) {
    struct at_api_model_policy *own = &m->each[p];
    const struct at_session_run *run = own->run;
    if (run->paid_periods == 0) {
        at_diag_add(diags_of(m), AT_A1263, (at_span){0}, "the run pays no period");
        return false;
    }
    own->first = run->paid_from;
    own->until = run->paid_from + run->paid_periods - 1;
    const struct at_api_model_policy *a = &m->each[0];
    if (p > 0 &&
        (m->policies[0]->checked->currency != m->policies[p]->checked->currency ||
         !same_days(a->run, a->first, run, own->first) || !same_days(a->run, a->until, run, own->until))) {
        struct at_diag *diag =
            at_diag_add(diags_of(m), AT_A1267, (at_span){0},
                        "the policies pay in different currencies or for different periods");
        at_diag_help(diag, "select the same periods with `--from` and `--through`");
        return false;
    }
    struct at_write_model *out = &m->handle->model;
    out->first = at_session_run_period(run, own->first);
    out->last = at_session_run_period(run, own->until);
    return true;
}

/* ---- groups */

static bool is_counted(const struct at_api_model_policy *p, uint32_t i) {
    return p->results.payees[i].wanted && at_session_results_cover(&p->results, 0, i);
}

static uint32_t number_of(struct modelling *m, at_str name) {
    struct at_write_model *out = &m->handle->model;
    uint32_t i = 0;
    while (i < out->n_groups && !at_str_eq(out->groups[i], name))
        i++;
    if (i == out->n_groups) out->groups[out->n_groups++] = name;
    return i;
}

static bool group_by(struct modelling *m, struct at_api_model_policy *p, at_str name) {
    uint32_t table = (uint32_t)p->policy->checked->payee_table, field = 0;
    const struct at_schema *schema = &p->policy->checked->schemas[table];
    struct at_str_nearest nearest = {.wanted = name};
    for (; field < schema->n_fields && !at_str_eq(schema->fields[field].name, name); field++)
        at_str_nearest_try(&nearest, schema->fields[field].name);
    if (field == schema->n_fields) {
        struct at_diag *diag = at_diag_add(diags_of(m), AT_A1292, (at_span){0}, "%.*s has no field `%.*s`",
                                           AT_STR_ARG(schema->name), AT_STR_ARG(name));
        if (nearest.best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
        return false;
    }
    p->group = AT_NEW_ARRAY(arena_of(m), uint32_t, p->run->n_payees + 1);
    for (uint32_t i = 0; i < p->results.n_payees; i++) {
        uint32_t row = p->results.runs[0].row_of[i];
        if (!is_counted(p, i)) continue;
        p->group[row] = number_of(m, at_session_table_text(p->run->data, table, field, row, arena_of(m)));
    }
    return true;
}

static bool make_groups(struct modelling *m) {
    struct at_write_model *out = &m->handle->model;
    size_t room = 1;
    if (!m->options->by) return true;
    out->by = at_str_copy(arena_of(m), at_str_trim(at_str_z(m->options->by)));
    for (uint32_t p = 0; p < m->n; p++)
        room += m->each[p].run->n_payees;
    out->groups = AT_NEW_ARRAY(arena_of(m), at_str, room);
    for (uint32_t p = 0; p < m->n; p++)
        if (!group_by(m, &m->each[p], out->by)) return false;
    return true;
}

/* ---- costs */

static void add_pay(struct modelling *m, struct at_write_model_cost *cost, uint32_t point,
                    const struct at_curve_pay *pay) {
    if (pay->kind == AT_CURVE_NUM)
        cost->cost[point] = at_num_add(arena_of(m), cost->cost[point], pay->pay);
    else
        cost->unknown[point]++;
}

static void expect(struct modelling *m, struct at_write_model_cost *cost) {
    const struct at_write_model *out = &m->handle->model;
    cost->expected = at_num_int(0);
    for (uint32_t i = 0; out->probabilities && i < out->n_points; i++)
        cost->expected = at_num_add(arena_of(m), cost->expected,
                                    at_num_mul(arena_of(m), out->probabilities[i], cost->cost[i]));
}

static void make_cost(struct modelling *m, struct at_write_model_cost *cost) {
    uint32_t n = m->handle->model.n_points;
    cost->cost = AT_NEW_ARRAY(arena_of(m), at_num, n + 1);
    cost->unknown = AT_NEW_ARRAY(arena_of(m), uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++)
        cost->cost[i] = at_num_int(0);
}

static void add_up(struct modelling *m, const struct at_api_model_policy *p, const struct at_curve_pay *pay,
                   struct at_write_model_side *side) {
    const struct at_write_model *out = &m->handle->model;
    side->groups = AT_NEW_ARRAY(arena_of(m), struct at_write_model_cost, out->n_groups + 1);
    make_cost(m, &side->all);
    for (uint32_t g = 0; g < out->n_groups; g++)
        make_cost(m, &side->groups[g]);
    for (uint32_t i = 0; i < p->results.n_payees; i++) {
        uint32_t row = p->results.runs[0].row_of[i];
        if (!is_counted(p, i)) continue;
        side->all.n_payees++;
        if (p->group) side->groups[p->group[row]].n_payees++;
        for (uint32_t k = 0; k < out->n_points; k++) {
            const struct at_curve_pay *own = &pay[(size_t)k * p->run->n_payees + row];
            add_pay(m, &side->all, k, own);
            if (p->group) add_pay(m, &side->groups[p->group[row]], k, own);
        }
    }
    expect(m, &side->all);
    for (uint32_t g = 0; g < out->n_groups; g++)
        expect(m, &side->groups[g]);
}

static attain_status cost_of(struct modelling *m, struct at_api_model_policy *p,
                             struct at_write_model_side *side) {
    const struct at_write_model *out = &m->handle->model;
    const struct at_session_run *run = p->run;
    bool *lacks = AT_NEW_ARRAY(arena_of(m), bool, run->n_payees + 1);
    struct at_curve_targets targets = at_api_model_targets(p, arena_of(m), lacks);
    struct at_curve_pay *pay =
        AT_NEW_ARRAY(arena_of(m), struct at_curve_pay, (size_t)out->n_points * run->n_payees + 1);
    const struct at_curve_assumed assumed = {.vary = run->plan->measures[p->measure].cell,
                                             .pay = run->plan->total,
                                             .first = p->first,
                                             .until = p->until,
                                             .targets = &targets,
                                             .points = out->points,
                                             .n_points = out->n_points};
    bool reaches = false;
    enum at_status status = AT_OK;
    if (assumed.vary != AT_NO_NODE)
        status = at_curve_assume(run, &assumed, m->job.watch, arena_of(m), pay, &reaches);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_OVERFLOW);
    if (!reaches && run->n_payees) {
        at_diag_add(diags_of(m), AT_A1262, (at_span){0}, "`%.*s` does not affect any pay",
                    AT_STR_ARG(out->vary));
        return ATTAIN_USAGE;
    }
    for (uint32_t i = 0; i < p->results.n_payees; i++)
        side->without += is_counted(p, i) && lacks[p->results.runs[0].row_of[i]];
    add_up(m, p, pay, side);
    side->run = run;
    if (!m->options->curves || assumed.vary == AT_NO_NODE) return ATTAIN_OK;
    status = at_api_model_curves(p, &assumed, pay, out->n_groups, m->job.watch, arena_of(m), side);
    return at_api_status_public(status, ATTAIN_OVERFLOW);
}

/* The name of the file without its folder. */
static at_str file_of(const struct attain_policy *policy) {
    at_str name = policy->name;
    uint32_t from = name.n;
    while (from > 0 && name.p[from - 1] != '/')
        from--;
    return (at_str){name.p + from, name.n - from};
}

static bool known_payees(struct modelling *m) {
    for (uint32_t i = 0; i < m->job.filter.n_payees; i++) {
        bool known = false;
        for (uint32_t p = 0; p < m->n && !known; p++)
            for (uint32_t k = 0; k < m->each[p].results.n_payees && !known; k++)
                known = at_str_eq(m->each[p].results.payees[k].key, m->job.filter.payees[i]);
        if (known) continue;
        struct at_api_people people = at_api_people_of(arena_of(m), &m->each[0].results);
        at_api_unknown_payee(diags_of(m), &people, m->job.filter.payees[i]);
    }
    return diags_of(m)->errors == 0;
}

/* ---- what the host reads */

static void list_cost(struct modelling *m, uint32_t policy, const at_str *group,
                      const struct at_write_model_cost *cost) {
    const struct at_write_model *out = &m->handle->model;
    struct at_arena *arena = arena_of(m);
    uint32_t last = out->n_points + (out->probabilities != NULL);
    for (uint32_t i = 0; i < last; i++) {
        attain_model_cost *to = &m->handle->costs[m->handle->n_costs++];
        *to = (attain_model_cost){.policy = policy, .all = !group, .payees = cost->n_payees};
        to->group = at_api_text(group ? *group : AT_STR(""));
        to->attainment = to->probability = at_api_text(AT_STR(""));
        to->cost = at_api_text(at_num_print(arena, i < out->n_points ? cost->cost[i] : cost->expected));
        if (i == out->n_points) continue;
        to->unknown = cost->unknown[i];
        to->attainment = at_api_text(at_num_print(arena, out->points[i]));
        if (out->probabilities) to->probability = at_api_text(at_num_print(arena, out->probabilities[i]));
    }
}

static void list_costs(struct modelling *m) {
    const struct at_write_model *out = &m->handle->model;
    size_t each = (size_t)(out->n_points + 1) * (out->n_groups + 1);
    m->handle->costs = AT_NEW_ARRAY(arena_of(m), attain_model_cost, each * m->n + 1);
    for (uint32_t p = 0; p < m->n; p++) {
        list_cost(m, p, NULL, &out->sides[p].all);
        for (uint32_t g = 0; g < out->n_groups; g++)
            list_cost(m, p, &out->groups[g], &out->sides[p].groups[g]);
    }
}

/* ---- the call */

static attain_status model_all(struct modelling *m) {
    struct at_write_model *out = &m->handle->model;
    m->each = AT_NEW_ARRAY(arena_of(m), struct at_api_model_policy, m->n + 1);
    out->sides = AT_NEW_ARRAY(arena_of(m), struct at_write_model_side, m->n + 1);
    out->currency = m->policies[0]->checked->currency;
    if (!at_api_model_points(diags_of(m), m->policies[0]->checked, m->options, arena_of(m), out))
        return ATTAIN_USAGE;
    for (uint32_t p = 0; p < m->n; p++) {
        m->each[p].policy = m->policies[p];
        if (!at_api_model_names(diags_of(m), m->options, arena_of(m), &m->each[p], out)) return ATTAIN_USAGE;
    }
    for (uint32_t p = 0; p < m->n; p++) {
        attain_status status = run_policy(m, p);
        if (status != ATTAIN_OK) return status;
        if (!periods_of(m, p)) return ATTAIN_USAGE;
    }
    if (!known_payees(m) || !make_groups(m)) return ATTAIN_USAGE;
    for (uint32_t p = 0; p < m->n; p++) {
        out->sides[p].name = file_of(m->policies[p]);
        attain_status status = cost_of(m, &m->each[p], &out->sides[p]);
        if (status != ATTAIN_OK) return status;
    }
    out->n_sides = m->n;
    list_costs(m);
    return ATTAIN_OK;
}

static attain_status model_inside(void *context) {
    struct modelling *m = context;
    struct attain_results *r = &m->handle->r;
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, m->n);
    for (uint32_t i = 0; i < m->n; i++)
        r->policies[r->n_policies++] = attain_policy_retain(m->policies[i]);
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(m->options)) return at_api_refuse_reserved(&r->arguments, "attain_model_options");
    if (!AT_RESERVED_CLEAR(&m->run)) return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    for (uint32_t i = 0; i < m->n; i++)
        if (!m->policies[i]->plan) return ATTAIN_BAD_POLICY;
    at_api_language(&r->arguments, m->run.language);
    at_api_job_check_arguments(&m->job);
    if (r->arguments.errors) return ATTAIN_USAGE;
    at_api_job_make_filter(&m->job);
    attain_status status = model_all(m);
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        at_diag_list_sort(r->list.lists[i]);
    at_api_job_drop_repeated(r);
    r->done = status == ATTAIN_OK;
    return status;
}

attain_status attain_model_run(attain_policy *const *policies, size_t policy_count, const attain_data *data,
                               const attain_model_options *options, attain_model **out) {
    static const attain_model_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policies || policy_count == 0 || policy_count > 10000) return ATTAIN_USAGE;
    for (size_t i = 0; i < policy_count; i++)
        if (!policies[i]) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_model *handle = at_api_handle_new(options->run.allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->run.max_memory);
    at_api_own_watch(&handle->r.own, options->run.watch);
    struct modelling m = {
        .handle = handle,
        .policies = policies,
        .n = (uint32_t)policy_count,
        .options = options,
        .run = options->run,
        .job = {.r = &handle->r, .data = data, .watch = &handle->r.own.watch, .pays = true}};
    m.run.ends_here = true; /* what waits after the last period is of no use here */
    m.job.options = &m.run;
    attain_status status = at_api_own_run(&handle->r.own, model_inside, &m);
    if (at_api_lacked_memory(status)) {
        attain_model_free(handle);
        return status;
    }
    handle->r.done = status == ATTAIN_OK;
    *out = handle;
    return status;
}

void attain_model_free(attain_model *model) {
    if (!model) return;
    for (uint32_t i = 0; i < model->r.n_policies; i++)
        attain_policy_release(model->r.policies[i]);
    at_api_handle_free(model, sizeof *model);
}

const attain_diagnostics *attain_model_diagnostics(const attain_model *model) {
    return model ? &model->r.list : NULL;
}

size_t attain_model_count(const attain_model *model) {
    return model && model->r.done ? model->n_costs : 0;
}

attain_status(attain_model_get)(const attain_model *model, size_t index, attain_model_cost *out,
                                size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_model_count(model)) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, model->costs[index]);
}

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct attain_model *model = subject;
    if (format == ATTAIN_REPORT_JSON)
        at_write_model_json(report, &model->model);
    else if (format == ATTAIN_REPORT_HTML)
        at_write_model_html(report, &model->model);
    else
        at_write_model_text(report, &model->model);
}

attain_status attain_model_write(const attain_model *model, attain_report_format format,
                                 const attain_report_options *options, attain_write_fn write, void *context) {
    if (!model || !model->r.done) return ATTAIN_USAGE;
    return at_api_report_write(&model->r.own, format, ATTAIN_REPORT_HTML, options, write_as, model, write,
                               context);
}
