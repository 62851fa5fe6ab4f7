/* api/shape.c: warnings about the shape of pay: what curve/risk.c finds after a run, as diagnostics of the
 * policy, which accepts them with `allow`. */
#include "api/shape.h"
#include "api/run.h"
#include "base/money.h"
#include "base/numtext.h"

#define MOST_PAYEES 100

struct telling {
    struct at_diag_list *diags;
    struct at_arena *arena;
    const struct at_session_run *run;
    const struct at_curve_risk *risk;
    at_str component, measure, test; /* test: empty for a run of data */
    at_type type;                    /* of the measure */
    at_currency currency;
};

static at_str shown(const struct telling *t, at_num x, bool pay) {
    at_currency currency = pay ? t->currency : t->type.currency;
    at_num cents = at_num_round(t->arena, x, 2, AT_ROUND_HALF_UP);
    if (pay || t->type.kind == AT_T_MONEY) return at_money_print(t->arena, cents, currency);
    return at_num_print(t->arena, cents);
}

static at_str percent(const struct telling *t, at_num x) {
    at_num hundred = at_num_round(t->arena, at_num_mul(t->arena, x, at_num_int(100)), 2, AT_ROUND_HALF_UP);
    return at_str_format(t->arena, "%.*s%%", AT_STR_ARG(at_num_print(t->arena, hundred)));
}

static at_span span_of(const struct telling *t) {
    return t->run->plan->components[t->risk->component].decl->symbol->node->span;
}

#define SAY(code, ...) at_diag_add(t->diags, (code), span_of(t), __VA_ARGS__)

static struct at_diag *cliff(const struct telling *t) {
    const struct at_curve_risk *r = t->risk;
    at_str at = shown(t, r->low, false), from = shown(t, r->before, true), to = shown(t, r->after, true);
    struct at_diag *diag =
        SAY(AT_A1241, "`%.*s` jumps from %.*s to %.*s where `%.*s` is %.*s", AT_STR_ARG(t->component),
            AT_STR_ARG(from), AT_STR_ARG(to), AT_STR_ARG(t->measure), AT_STR_ARG(at));
    at_diag_help(diag,
                 "pay more only above the threshold, with `over` or `through`, or on a line between two "
                 "points: `at … : …`");
    return diag;
}

static struct at_diag *fall(const struct telling *t) {
    const struct at_curve_risk *r = t->risk;
    at_str low = shown(t, r->low, false), high = shown(t, r->high, false), from = shown(t, r->before, true),
           to = shown(t, r->after, true);
    bool ends = at_num_cmp(t->arena, r->after, r->before) < 0;
    struct at_diag *diag =
        !ends ? SAY(AT_A1242, "`%.*s` falls while `%.*s` grows from %.*s to %.*s", AT_STR_ARG(t->component),
                    AT_STR_ARG(t->measure), AT_STR_ARG(low), AT_STR_ARG(high))
              : SAY(AT_A1242, "`%.*s` falls from %.*s to %.*s while `%.*s` grows from %.*s to %.*s",
                    AT_STR_ARG(t->component), AT_STR_ARG(from), AT_STR_ARG(to), AT_STR_ARG(t->measure),
                    AT_STR_ARG(low), AT_STR_ARG(high));
    at_diag_help(diag,
                 "keep the rate from falling, or apply each rate only to its own slice, with `through`");
    return diag;
}

static struct at_diag *steep(const struct telling *t) {
    const struct at_curve_risk *r = t->risk;
    at_str low = shown(t, r->low, false), high = shown(t, r->high, false), slope = percent(t, r->after);
    struct at_diag *diag =
        SAY(AT_A1243, "`%.*s` pays %.*s of each further amount of `%.*s` from %.*s to %.*s",
            AT_STR_ARG(t->component), AT_STR_ARG(slope), AT_STR_ARG(t->measure), AT_STR_ARG(low),
            AT_STR_ARG(high));
    at_diag_help(diag, "lower the rate, or lengthen the stretch in which it rises");
    return diag;
}

static struct at_diag *tier(const struct telling *t) {
    const struct at_curve_risk *r = t->risk;
    at_str at = shown(t, r->low, false), held = shown(t, r->before, true);
    struct at_diag *diag =
        SAY(AT_A1244,
            "the tier of `%.*s` at `%.*s` %.*s pays nothing more, because a limit holds the pay at %.*s",
            AT_STR_ARG(t->component), AT_STR_ARG(t->measure), AT_STR_ARG(at), AT_STR_ARG(held));
    at_diag_help(diag, "raise the limit, or delete the tier");
    return diag;
}

static struct at_diag *target(const struct telling *t) {
    const struct at_curve_risk *r = t->risk;
    at_str held = shown(t, r->before, true), due = shown(t, r->after, true);
    struct at_diag *diag = SAY(AT_A1245, "a limit holds the pay of `%.*s` at target at %.*s instead of %.*s",
                               AT_STR_ARG(t->component), AT_STR_ARG(held), AT_STR_ARG(due));
    at_diag_help(diag, "raise the limit above the pay at target");
    return diag;
}

/* ---- of which payee, period, and test */

static void note(const struct telling *t, struct at_diag *diag, at_str key, at_str when) {
    uint32_t more = t->risk->n_payees - 1;
    if (t->test.n)
        at_diag_note(diag, "for payee `%.*s` in %.*s, in the test \"%.*s\"", AT_STR_ARG(key),
                     AT_STR_ARG(when), AT_STR_ARG(t->test));
    else if (more)
        at_diag_note(diag, "for payee `%.*s` in %.*s, and for %u more", AT_STR_ARG(key), AT_STR_ARG(when),
                     more);
    else
        at_diag_note(diag, "for payee `%.*s` in %.*s", AT_STR_ARG(key), AT_STR_ARG(when));
}

static void tell(const struct telling *t, uint32_t period) {
    static struct at_diag *(*const say[AT_RISK_KINDS])(const struct telling *) = {[AT_RISK_CLIFF] = cliff,
                                                                                  [AT_RISK_FALL] = fall,
                                                                                  [AT_RISK_STEEP] = steep,
                                                                                  [AT_RISK_TIER] = tier,
                                                                                  [AT_RISK_TARGET] = target};
    struct at_diag *diag = say[t->risk->kind](t);
    const struct at_check_policy *checked = t->run->plan->checked;
    const struct at_schema *schema = &checked->schemas[checked->payee_table];
    at_str when = at_period_print(t->arena, at_session_run_period(t->run, period));
    if (schema->key < 0) return;
    note(t, diag,
         at_session_table_text(t->run->data, checked->payee_table, (uint32_t)schema->key, t->risk->payee,
                               t->arena),
         when);
}

/* ---- runs */

static bool is_said(const struct at_api_shapes *shapes, const struct at_curve_risk *risk) {
    for (size_t i = 0; i < shapes->said.n; i++) {
        const struct at_curve_risk *said = &shapes->said.at[i];
        if (said->kind == risk->kind && said->component == risk->component && said->measure == risk->measure)
            return true;
    }
    return false;
}

/* The last period with rows, of those that are paid. Tests can name later ones, in which nothing is sold. */
static uint32_t last_sold(const struct at_session_run *run) {
    int64_t last = -1, end = (int64_t)run->paid_from + run->paid_periods - 1;
    for (uint32_t f = 0; f < run->plan->n_feeds; f++)
        if (run->last_period[f] <= end && run->last_period[f] > last) last = run->last_period[f];
    return last < (int64_t)run->paid_from ? UINT32_MAX : (uint32_t)last;
}

static void join(struct at_api_shapes *shapes, const struct at_plan *plan, const struct at_curve_risks *of) {
    if (!of->reached) return;
    if (!shapes->reached) {
        shapes->reached = AT_NEW_ARRAY(shapes->arena, bool, plan->n_components + 1);
        shapes->paid = AT_NEW_ARRAY(shapes->arena, bool, plan->n_components + 1);
    }
    for (uint32_t c = 0; c < plan->n_components; c++) {
        shapes->reached[c] |= of->reached[c];
        shapes->paid[c] |= of->paid[c];
    }
}

enum at_status at_api_shapes_add(struct at_api_shapes *shapes, const struct at_session_run *run,
                                 at_str test) {
    const struct at_curve_risk_options options = {
        .period = test.n ? last_sold(run) : UINT32_MAX, .most = MOST_PAYEES, .work = shapes->work};
    const struct at_plan *plan = run->plan;
    struct at_curve_risks risks;
    enum at_status status = at_curve_risks_find(run, &options, shapes->watch, shapes->arena, &risks);
    for (uint32_t i = 0; status == AT_OK && i < risks.n; i++) {
        const struct at_curve_risk *risk = &risks.at[i];
        if (is_said(shapes, risk)) continue;
        AT_VEC_PUSH(shapes->arena, &shapes->said, *risk);
        struct telling t = {.diags = shapes->diags,
                            .arena = shapes->arena,
                            .run = run,
                            .risk = risk,
                            .test = test,
                            .component = plan->components[risk->component].name,
                            .measure = plan->checked->measures[risk->measure].symbol->name,
                            .type = plan->nodes[plan->measures[risk->measure].cell].type,
                            .currency = plan->checked->currency};
        tell(&t, risks.period);
    }
    if (status == AT_OK) join(shapes, plan, &risks);
    return status;
}

void at_api_shapes_end(const struct at_api_shapes *shapes, const struct at_plan *plan) {
    for (uint32_t c = 0; shapes->reached && c < plan->n_components; c++) {
        if (!shapes->reached[c] || shapes->paid[c]) continue;
        struct at_diag *diag =
            at_diag_add(shapes->diags, AT_A1246, plan->components[c].decl->symbol->node->span,
                        "`%.*s` pays no one in the last period, whatever the measures are",
                        AT_STR_ARG(plan->components[c].name));
        at_diag_note(diag, "values up to 2,000 times the largest of a payee are looked at");
        at_diag_help(diag, "correct its condition, or delete it");
    }
}

enum at_status at_api_shapes(struct at_api_job *job, uint32_t p, const struct at_session_run *run) {
    struct at_api_shapes shapes = {
        .diags = &job->r->per_policy[p], .arena = &job->r->own.arena, .watch = job->watch};
    enum at_status status = at_api_shapes_add(&shapes, run, (at_str){"", 0});
    if (status == AT_OK) at_api_shapes_end(&shapes, run->plan);
    return status;
}
