/* api/shape.c: warnings about the shape of pay: what curve/risk.c finds after a run, as diagnostics of the
 * policy, which accepts them with `allow`. */
#include "api/run.h"
#include "base/money.h"
#include "base/numtext.h"
#include "curve/risk.h"

#define MOST_PAYEES 100

struct telling {
    struct at_diag_list *diags;
    struct at_arena *arena;
    const struct at_session_run *run;
    const struct at_curve_risk *risk;
    at_str component, measure;
    at_type type; /* of the measure */
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
    struct at_diag *diag =
        SAY(AT_A1242, "`%.*s` falls from %.*s to %.*s while `%.*s` grows from %.*s to %.*s",
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

static struct at_diag *dead(const struct telling *t) {
    struct at_diag *diag = SAY(AT_A1246, "`%.*s` pays no one in the last period, whatever the measures are",
                               AT_STR_ARG(t->component));
    at_diag_note(diag, "values up to twice the largest of a payee are looked at");
    at_diag_help(diag, "correct its condition, or delete it");
    return diag;
}

static void tell(const struct telling *t, uint32_t period) {
    static struct at_diag *(*const say[AT_RISK_KINDS])(const struct telling *) = {
        [AT_RISK_CLIFF] = cliff, [AT_RISK_FALL] = fall,     [AT_RISK_STEEP] = steep,
        [AT_RISK_TIER] = tier,   [AT_RISK_TARGET] = target, [AT_RISK_DEAD] = dead};
    struct at_diag *diag = say[t->risk->kind](t);
    const struct at_check_policy *checked = t->run->plan->checked;
    const struct at_schema *schema = &checked->schemas[checked->payee_table];
    at_str when = at_period_print(t->arena, at_session_run_period(t->run, period));
    if (t->risk->measure == AT_NO_NODE || schema->key < 0) return;
    at_str key = at_session_table_text(t->run->data, checked->payee_table, (uint32_t)schema->key,
                                       t->risk->payee, t->arena);
    if (t->risk->n_payees > 1)
        at_diag_note(diag, "for payee `%.*s` in %.*s, and for %u more", AT_STR_ARG(key), AT_STR_ARG(when),
                     t->risk->n_payees - 1);
    else
        at_diag_note(diag, "for payee `%.*s` in %.*s", AT_STR_ARG(key), AT_STR_ARG(when));
}

enum at_status at_api_shapes(struct at_api_job *job, uint32_t p, const struct at_session_run *run) {
    struct at_arena *arena = &job->r->own.arena;
    const struct at_curve_risk_options options = {.period = UINT32_MAX, .most = MOST_PAYEES};
    struct at_curve_risks risks;
    enum at_status status = at_curve_risks_find(run, &options, job->watch, arena, &risks);
    for (uint32_t i = 0; status == AT_OK && i < risks.n; i++) {
        const struct at_curve_risk *risk = &risks.at[i];
        struct telling t = {.diags = &job->r->per_policy[p],
                            .arena = arena,
                            .run = run,
                            .risk = risk,
                            .component = run->plan->components[risk->component].name,
                            .currency = run->plan->checked->currency};
        if (risk->measure != AT_NO_NODE) {
            t.measure = run->plan->checked->measures[risk->measure].symbol->name;
            t.type = run->plan->nodes[run->plan->measures[risk->measure].cell].type;
        }
        tell(&t, risks.period);
    }
    return status;
}
