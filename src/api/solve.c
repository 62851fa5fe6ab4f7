/* api/solve.c: attain_solve_run: for which numbers the pay is as wanted. The policy is run on the data, and
 * the curves of the payees, added up, are solved exactly. */
#include "api/argument.h"
#include "api/report.h"
#include "api/run.h"
#include "api/vary.h"
#include "write/solution.h"

struct attain_solution {
    struct attain_results r; /* first: its memory is that of the solution */
    struct at_write_solution solution;
    const struct at_words *words;
};

struct solving {
    struct attain_solution *handle;
    struct at_api_job job;
    attain_policy *policy;
    attain_run_options run;
    const attain_solve_options *options;
    struct at_api_vary vary;
    enum at_curve_goal goal;
    at_str component; /* "total" */
    at_num wanted;
};

/* ---- NAME >= AMOUNT */

static bool bad_goal(struct solving *s) {
    struct at_diag *diag = at_diag_add(&s->handle->r.arguments, AT_A1248, (at_span){0}, "invalid goal `%s`",
                                       s->options->so_that ? s->options->so_that : "");
    at_diag_help(diag, "write `total = 2000000`, or `commission >= 10000`, with `=`, `>=`, or `<=`");
    return false;
}

static bool read_goal(struct solving *s) {
    struct at_arena *arena = &s->handle->r.own.arena;
    at_str text = at_str_copy(arena, at_str_trim(at_str_z(s->options->so_that ? s->options->so_that : "")));
    uint32_t at = 0;
    while (at < text.n && text.p[at] != '<' && text.p[at] != '>' && text.p[at] != '=')
        at++;
    uint32_t end = at + (at < text.n && text.p[at] != '=') + 1;
    if (at == 0 || end > text.n || text.p[end - 1] != '=') return bad_goal(s);
    s->goal = text.p[at] == '=' ? AT_GOAL_EQUAL : text.p[at] == '>' ? AT_GOAL_AT_LEAST : AT_GOAL_AT_MOST;
    s->component = at_str_trim((at_str){text.p, at});
    s->handle->solution.goal = text;
    at_type money = {.kind = AT_T_MONEY, .currency = s->policy->checked->currency};
    return at_api_vary_number(&s->handle->r.arguments, s->policy->checked, arena,
                              at_str_trim((at_str){text.p + end, text.n - end}), money, s->options->so_that,
                              &s->wanted);
}

static uint32_t pay_node(struct solving *s, const struct at_plan *plan) {
    struct at_str_nearest nearest = {.wanted = s->component};
    if (at_str_eq(s->component, AT_STR("total"))) return plan->total;
    for (uint32_t i = 0; i < plan->n_components; i++) {
        if (at_str_eq(plan->components[i].name, s->component)) return plan->components[i].value;
        at_str_nearest_try(&nearest, plan->components[i].name);
    }
    struct at_diag *diag = at_diag_add(&s->handle->r.arguments, AT_A0912, (at_span){0},
                                       "unknown component `%.*s`", AT_STR_ARG(s->component));
    if (nearest.best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return AT_NO_NODE;
}

/* ---- the run */

static attain_status run_policy(struct solving *s, struct at_session_run **out) {
    struct at_arena *arena = &s->handle->r.own.arena;
    struct at_diag_list *diags = &s->handle->r.arguments;
    struct at_plan_setting *settings = AT_NEW_ARRAY(arena, struct at_plan_setting, s->run.setting_count + 2);
    struct at_plan *plan = s->policy->plan;
    uint32_t n = 0;
    at_period from, through;
    enum at_status status = AT_OK;
    if (!at_api_job_settings(&s->job, s->policy, arena, settings, &n)) return ATTAIN_USAGE;
    if (s->vary.kind == AT_VARY_PARAM)
        settings[n++] = (struct at_plan_setting){.name = s->vary.name, .open = true};
    if (n > 0)
        status = at_plan_lower(s->policy->checked, settings, n, arena, &s->handle->r.per_policy[0], &plan);
    if (s->run.strict) at_diag_list_raise(diags);
    if (status == AT_OK && diags->errors) status = AT_REJECTED;
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    if (!at_api_periods_of(&s->job, s->policy->checked, &from, &through)) return ATTAIN_USAGE;
    const struct at_api_version version = at_api_policy_version(s->policy);
    struct at_table_dataset *data = at_api_job_dataset(&s->job, 0, s->job.data, &version);
    return at_api_status_public(at_api_job_execute(&s->job, 0, &version, plan, data, from, through, out),
                                ATTAIN_BAD_DATA);
}

/* ---- the curves */

/* A measure is of one period, by default the last one; a param or a row changes the pay of all of them. */
static bool periods_of(struct solving *s, const struct at_session_run *run, struct at_curve_options *out) {
    if (run->paid_periods == 0) {
        at_diag_add(&s->handle->r.arguments, AT_A1263, (at_span){0}, "the run pays no period");
        return false;
    }
    bool measure = s->vary.kind == AT_VARY_MEASURE;
    out->until = run->paid_from + run->paid_periods - 1;
    out->first = !measure || s->run.period || s->run.from ? run->paid_from : out->until;
    out->period = measure ? out->first : 0;
    return true;
}

static bool vary_of(struct solving *s, const struct at_session_run *run, struct at_curve_options *out) {
    out->vary = AT_NO_NODE;
    if (s->vary.kind == AT_VARY_MEASURE) out->vary = run->plan->measures[s->vary.index].cell;
    if (s->vary.kind == AT_VARY_FIELD) out->vary = at_curve_load(run->plan, s->vary.index, s->vary.field);
    out->row = s->vary.key;
    if (s->vary.kind == AT_VARY_PARAM ? run->plan->opened : out->vary != AT_NO_NODE) return true;
    at_diag_add(&s->handle->r.arguments, AT_A1262, (at_span){0}, "`%.*s` does not affect any pay",
                AT_STR_ARG(s->vary.name));
    return false;
}

/* Without a range: from zero to ten times what there is, or a round number. */
static void range_of(struct solving *s, const struct at_session_run *run, struct at_curve_options *each) {
    struct at_arena *arena = &s->handle->r.own.arena;
    at_num most = at_num_int(s->vary.type.kind == AT_T_MONEY ? 100000 : 1);
    if (s->vary.kind == AT_VARY_PARAM &&
        at_num_sign(at_plan_value_num(&run->plan->params[s->vary.index])) > 0)
        most = at_plan_value_num(&run->plan->params[s->vary.index]);
    for (uint32_t e = 0; s->vary.kind == AT_VARY_MEASURE && e < run->n_payees; e++) {
        uint32_t state;
        struct at_plan_value v =
            at_session_run_value(run, each->vary, each->period * run->n_payees + e, arena, &state);
        if (state == AT_STATE_OK && at_num_cmp(arena, at_plan_value_num(&v), most) > 0)
            most = at_plan_value_num(&v);
    }
    each->from = at_num_int(0);
    each->to = at_num_mul(arena, most, at_num_int(10));
}

static attain_status add_up(struct solving *s, const struct at_session_run *run, struct at_curve_options each,
                            struct at_curve *sum) {
    struct at_arena *arena = &s->handle->r.own.arena;
    struct at_session_results *results = AT_NEW(arena, struct at_session_results);
    struct at_session_run *runs = (struct at_session_run *)(uintptr_t)run;
    at_session_results_make(results, &runs, 1, &s->job.filter, arena);
    struct at_curve *curves = AT_NEW_ARRAY(arena, struct at_curve, results->n_payees + 1);
    uint32_t n = 0;
    bool reaches = false;
    each.stock = at_curve_stock_new(arena);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        at_watch_show(s->job.watch, AT_WATCH_EXPLAIN, (at_str){0}, i, results->n_payees);
        if (!results->payees[i].wanted || !at_session_results_cover(results, 0, i)) continue;
        each.payee = results->runs[0].row_of[i];
        enum at_status status = at_curve_make(run, &each, s->job.watch, arena, &curves[n]);
        if (status != AT_OK) return at_api_status_public(status, ATTAIN_OVERFLOW);
        reaches |= curves[n++].reaches;
    }
    if (s->vary.kind == AT_VARY_MEASURE && n != 1) {
        struct at_diag *diag = at_diag_add(&s->handle->r.arguments, AT_A1249, (at_span){0},
                                           "`%.*s` is a measure of each payee", AT_STR_ARG(s->vary.name));
        at_diag_help(diag, "name the payee with `--payee KEY`");
        return ATTAIN_USAGE;
    }
    if (!reaches) {
        at_diag_add(&s->handle->r.arguments, AT_A1262, (at_span){0}, "`%.*s` does not affect any pay",
                    AT_STR_ARG(s->vary.name));
        return ATTAIN_USAGE;
    }
    return at_api_status_public(at_curve_sum(curves, n, s->job.watch, arena, sum), ATTAIN_OVERFLOW);
}

static attain_status solve(struct solving *s) {
    struct attain_solution *handle = s->handle;
    struct at_arena *arena = &handle->r.own.arena;
    struct at_diag_list *diags = &handle->r.arguments;
    const struct at_check_policy *checked = s->policy->checked;
    struct at_session_run *run = NULL;
    struct at_curve_options each = {0};
    struct at_curve sum;
    if (!at_api_vary_read(diags, checked, arena, s->options->vary ? s->options->vary : "", &s->vary) ||
        !read_goal(s))
        return ATTAIN_USAGE;
    if (s->options->between &&
        !at_api_vary_range(diags, checked, arena, s->options->between, s->vary.type, &each.from, &each.to))
        return ATTAIN_USAGE;
    attain_status status = run_policy(s, &run);
    if (status != ATTAIN_OK) return status;
    if (!periods_of(s, run, &each) || !vary_of(s, run, &each)) return ATTAIN_USAGE;
    each.pay = pay_node(s, run->plan);
    if (each.pay == AT_NO_NODE) return ATTAIN_USAGE;
    if (!s->options->between) range_of(s, run, &each);
    status = add_up(s, run, each, &sum);
    if (status != ATTAIN_OK) return status;
    handle->solution.vary = s->vary.name;
    handle->solution.x = (struct at_write_plot_axis){.name = s->vary.label, .type = s->vary.type};
    handle->solution.y.type = (at_type){.kind = AT_T_MONEY, .currency = checked->currency};
    handle->solution.from = each.from;
    handle->solution.to = each.to;
    at_curve_solve(&sum, s->goal, s->wanted, arena, &handle->solution.found);
    return ATTAIN_OK;
}

/* ---- the calls */

static attain_status solve_inside(void *context) {
    struct solving *s = context;
    struct attain_results *r = &s->handle->r;
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, 1);
    r->policies[r->n_policies++] = attain_policy_retain(s->policy);
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(s->options)) return at_api_refuse_reserved(&r->arguments, "attain_solve_options");
    if (!AT_RESERVED_CLEAR(&s->run)) return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    if (!s->policy->plan) return ATTAIN_BAD_POLICY;
    s->handle->words = at_api_language(&r->arguments, s->run.language);
    at_api_job_check_arguments(&s->job);
    if (r->arguments.errors) return ATTAIN_USAGE;
    at_api_job_make_filter(&s->job);
    attain_status status = solve(s);
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        at_diag_list_sort(r->list.lists[i]);
    r->done = status == ATTAIN_OK;
    return status;
}

attain_status attain_solve_run(attain_policy *policy, const attain_data *data,
                               const attain_solve_options *options, attain_solution **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy || !options) return ATTAIN_USAGE;
    struct attain_solution *handle = at_api_handle_new(options->run.allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->run.max_memory);
    at_api_own_watch(&handle->r.own, options->run.watch);
    struct solving s = {.handle = handle,
                        .policy = policy,
                        .options = options,
                        .run = options->run,
                        .job = {.r = &handle->r, .data = data, .watch = &handle->r.own.watch, .pays = true}};
    s.run.ends_here = true; /* what waits after the last period is of no use here */
    s.job.options = &s.run;
    attain_status status = at_api_own_run(&handle->r.own, solve_inside, &s);
    if (at_api_lacked_memory(status)) {
        attain_solution_free(handle);
        return status;
    }
    handle->r.done = status == ATTAIN_OK;
    *out = handle;
    return status;
}

void attain_solution_free(attain_solution *solution) {
    if (!solution) return;
    for (uint32_t i = 0; i < solution->r.n_policies; i++)
        attain_policy_release(solution->r.policies[i]);
    at_api_handle_free(solution, sizeof *solution);
}

const attain_diagnostics *attain_solution_diagnostics(const attain_solution *solution) {
    return solution ? &solution->r.list : NULL;
}

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct at_write_solution *solution = subject;
    if (format == ATTAIN_REPORT_JSON)
        at_write_solution_json(solution, report->arena, report->out);
    else
        at_write_solution_text(solution, report->words, report->arena, report->out);
}

attain_status attain_solution_write(const attain_solution *solution, attain_report_format format,
                                    const attain_report_options *options, attain_write_fn write,
                                    void *context) {
    if (!solution || !solution->r.done) return ATTAIN_USAGE;
    return at_api_report_write(&solution->r.own, format, ATTAIN_REPORT_JSON, options, write_as,
                               &solution->solution, write, context);
}
