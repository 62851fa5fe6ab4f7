/* api/fair_people.c: who is paid what, for which performance, and how close to a threshold. */
#include "api/fairness.h"
#include "api/vary.h"

/* ---- measures */

static int64_t measure_of(const struct at_check_policy *checked, at_str name) {
    for (uint32_t i = 0; i < checked->n_measures; i++)
        if (at_str_eq(checked->measures[i].symbol->name, name)) return i;
    return -1;
}

static bool is_amount(const struct at_check_policy *checked, uint32_t i) {
    at_type type = checked->measures[i].symbol->type;
    return type.kind == AT_T_MONEY || type.kind == AT_T_NUMBER;
}

/* The name in the options, or the default; empty: the policies have none. False: it is unknown. */
static bool choose(struct at_api_fairing *f, const char *option, bool performance, at_str *out) {
    struct at_str_nearest nearest = {.wanted = option ? at_str_z(option) : AT_STR("attainment")};
    *out = AT_STR("");
    for (uint32_t p = 0; p < f->handle->r.n_policies; p++) {
        const struct attain_policy *policy = f->handle->r.policies[p];
        int64_t at = option || performance ? measure_of(policy->checked, nearest.wanted) : -1;
        if (at < 0 && !option) at = at_api_vary_credited(policy);
        if (at >= 0 && is_amount(policy->checked, (uint32_t)at) && out->n == 0)
            *out = policy->checked->measures[at].symbol->name;
        for (uint32_t i = 0; i < policy->checked->n_measures; i++)
            at_str_nearest_try(&nearest, policy->checked->measures[i].symbol->name);
    }
    if (!option || out->n) return true;
    struct at_diag *d = at_diag_add(&f->handle->r.arguments, AT_A1292, (at_span){0},
                                    "unknown measure of amounts `%s`", option);
    if (nearest.best.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return false;
}

/* Money and counts are added up over the periods; for other numbers, the mean of the periods that have one.
 */
static bool total(const struct at_session_run *run, uint32_t node, uint32_t row, at_type type,
                  struct at_arena *arena, at_num *out) {
    at_num sum = at_num_int(0);
    int64_t n = 0;
    for (uint32_t period = run->paid_from; period < run->paid_from + run->paid_periods; period++) {
        uint32_t state, cell = period * run->n_payees + row;
        struct at_plan_value value = at_session_run_value(run, node, cell, arena, &state);
        if (value.missing || state != AT_STATE_OK) continue;
        sum = at_num_add(arena, sum, at_plan_value_num(&value));
        n++;
    }
    bool adds = type.kind == AT_T_MONEY || type.unit == AT_UNIT_COUNT;
    *out = adds || n == 0 ? sum : at_num_div(arena, sum, at_num_int(n));
    return n > 0;
}

/* ---- caps and thresholds */

static bool value_at(const struct at_session_run *run, uint32_t node, uint32_t cell, struct at_arena *arena,
                     at_num *out) {
    uint32_t state;
    bool constant = run->plan->nodes[node].grain == AT_G_CONST;
    struct at_plan_value value = at_session_run_value(run, node, constant ? 0 : cell, arena, &state);
    at_type type = run->plan->nodes[node].type;
    if (value.missing || state != AT_STATE_OK || (type.kind != AT_T_MONEY && type.kind != AT_T_NUMBER))
        return false;
    *out = at_plan_value_num(&value);
    return true;
}

static bool is_capped(const struct at_session_run *run, uint32_t cell, struct at_arena *arena) {
    for (uint32_t i = 0; i < run->plan->n_adjustments; i++) {
        const struct at_plan_adjustment *a = &run->plan->adjustments[i];
        at_num before, after;
        if (a->decl->node->kind != AT_N_CAP || a->before == AT_NO_NODE || a->after == AT_NO_NODE) continue;
        if (!value_at(run, a->before, cell, arena, &before) || !value_at(run, a->after, cell, arena, &after))
            continue;
        if (at_num_cmp_slow(after, before) < 0) return true;
    }
    return false;
}

/* At most 2% of the threshold away from it. Zero is not a threshold. */
static bool close_to(at_num x, at_num threshold, struct at_arena *arena) {
    if (at_num_is_zero(threshold)) return false;
    at_num apart = at_num_abs(arena, at_num_sub(arena, x, threshold));
    at_num room = at_num_abs(arena, threshold);
    return at_num_cmp_slow(at_num_mul(arena, apart, at_num_int(50)), room) <= 0;
}

static bool near_steps(const struct at_plan_steps *steps, at_num x, at_num unit, struct at_arena *arena) {
    for (uint32_t i = 0; i < steps->n; i++)
        if (close_to(x, at_num_mul(arena, steps->thresholds[i], unit), arena)) return true;
    return false;
}

static bool near_keys(const struct at_plan_key *keys, uint32_t n, at_num x, struct at_arena *arena) {
    for (uint32_t i = 0; i < n; i++)
        if (keys[i].kind != AT_KEY_VALUE && keys[i].kind != AT_KEY_OTHER && !keys[i].value.missing &&
            close_to(x, at_plan_value_num(&keys[i].value), arena))
            return true;
    return false;
}

/* A tier, a bound of a slice, or a comparison that pay depends on. */
static bool is_threshold(const struct at_plan *plan, const struct at_plan_node *node) {
    static const uint16_t ops[] = {AT_P_STEP, AT_P_THROUGH, AT_P_LOOKUP, AT_P_OVER,
                                   AT_P_UPTO, AT_P_BETWEEN, AT_P_LT,     AT_P_LE};
    bool is = false;
    for (size_t i = 0; i < AT_COUNT(ops); i++)
        is |= node->op == ops[i];
    return is && node->needed && node->grain == AT_G_CELL && plan->nodes[node->in[0]].type.kind <= AT_T_MONEY;
}

static bool near_node(const struct at_session_run *run, const struct at_plan_node *node, uint32_t cell,
                      struct at_arena *arena) {
    at_num x, y, one = at_num_int(1);
    const struct at_plan *plan = run->plan;
    if (!value_at(run, node->in[0], cell, arena, &x)) return false;
    if (node->op == AT_P_STEP) return near_steps(node->data, x, one, arena);
    if (node->op == AT_P_LOOKUP) {
        const struct at_plan_lookup *table = node->data;
        return plan->nodes[node->in[0]].grain != AT_G_CONST &&
               near_keys(table->rows, table->n_rows, x, arena);
    }
    if (node->op == AT_P_THROUGH) {
        if (node->n_in < 2) return near_steps(node->data, x, one, arena);
        return value_at(run, node->in[1], cell, arena, &y) && near_steps(node->data, x, y, arena);
    }
    /* `100% <= attainment`: the constant is the threshold. */
    bool turned = plan->nodes[node->in[0]].grain == AT_G_CONST;
    for (uint16_t i = 1; i < node->n_in; i++)
        if (value_at(run, node->in[i], cell, arena, &y) && close_to(turned ? y : x, turned ? x : y, arena))
            return true;
    return false;
}

static void count_edges(struct at_fair_report *report, const struct at_session_run *run, uint32_t row,
                        struct at_arena *arena, bool *capped, bool *near) {
    (void)report;
    for (uint32_t period = run->paid_from; period < run->paid_from + run->paid_periods; period++) {
        uint32_t cell = period * run->n_payees + row;
        struct at_arena_mark mark = at_arena_mark(arena);
        if (!*capped) *capped = is_capped(run, cell, arena);
        for (uint32_t id = 0; !*near && id < run->plan->n_nodes; id++)
            if (is_threshold(run->plan, &run->plan->nodes[id]))
                *near = near_node(run, &run->plan->nodes[id], cell, arena);
        at_arena_reset(arena, mark);
    }
}

/* ---- people */

/* In the currency: a payee may be covered by several policies, one after another. */
static void read_person(struct at_api_fairing *f, uint32_t payee, struct at_fair_person *out) {
    struct at_fair_report *report = &f->handle->report;
    const struct at_session_results *results = &f->handle->r.results;
    struct at_arena *arena = &f->handle->r.own.arena;
    bool capped = false, near = false;
    at_num mean = at_num_int(0);
    int64_t n = 0;
    *out = (struct at_fair_person){.key = results->payees[payee].key, .label = results->payees[payee].label};
    out->pay = at_num_decimal128(results->payees[payee].amount, report->digits);
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_run *run = results->runs[i].run;
        uint32_t row = results->runs[i].row_of[payee];
        if (!at_session_results_cover(results, i, payee)) continue;
        int64_t credited = report->credited.n ? measure_of(run->plan->checked, report->credited) : -1;
        int64_t performance =
            report->performance.n ? measure_of(run->plan->checked, report->performance) : -1;
        at_num value;
        if (credited >= 0 && total(run, run->plan->measures[credited].cell, row,
                                   run->plan->checked->measures[credited].symbol->type, arena, &value))
            out->credited = at_num_add(arena, out->credited, value);
        if (performance >= 0 && is_amount(run->plan->checked, (uint32_t)performance) &&
            total(run, run->plan->measures[performance].cell, row, report->type, arena, &value)) {
            mean = at_num_add(arena, mean, value);
            n++;
        }
        count_edges(report, run, row, arena, &capped, &near);
    }
    bool adds = report->type.kind == AT_T_MONEY || report->type.unit == AT_UNIT_COUNT;
    out->performs = n > 0;
    out->performance = n > 1 && !adds ? at_num_div(arena, mean, at_num_int(n)) : mean;
    report->figures[AT_FAIR_CAP].count += capped;
    report->figures[AT_FAIR_NEAR].count += near;
    report->n_left_out += n == 0 && report->performance.n > 0;
}

static at_type type_of(const struct attain_results *r, at_str measure) {
    for (uint32_t p = 0; p < r->n_policies; p++) {
        int64_t at = measure_of(r->policies[p]->checked, measure);
        if (at < 0) continue;
        at_type type = r->policies[p]->checked->measures[at].symbol->type;
        uint32_t cell = r->policies[p]->plan->measures[at].cell;
        return cell == AT_NO_NODE ? type : r->policies[p]->plan->nodes[cell].type;
    }
    return (at_type){.kind = AT_T_NUMBER};
}

bool at_api_fair_people(struct at_api_fairing *f) {
    struct at_fair_report *report = &f->handle->report;
    const struct at_session_results *results = &f->handle->r.results;
    struct at_arena *arena = &f->handle->r.own.arena;
    bool known = choose(f, f->options->performance, true, &report->performance);
    known &= choose(f, f->options->credited, false, &report->credited);
    if (!known) return false;
    report->type = type_of(&f->handle->r, report->performance);
    report->people = AT_NEW_ARRAY(arena, struct at_fair_person, results->n_payees + 1);
    f->person_of = AT_NEW_ARRAY(arena, uint32_t, results->n_payees + 1);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        f->person_of[i] = UINT32_MAX;
        at_arena_poll(arena);
        at_watch_show(f->job.watch, AT_WATCH_EXPLAIN, (at_str){0}, i, results->n_payees);
        if (results->payees[i].run < 0) continue;
        f->person_of[i] = report->n_people;
        read_person(f, i, &report->people[report->n_people++]);
    }
    return true;
}
