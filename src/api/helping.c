/* api/helping.c: `require helping never hurts`: what a run shows, as diagnostics of the policy. */
#include "api/run.h"
#include "base/money.h"
#include "base/numtext.h"
#include "game/team.h"

struct telling {
    struct at_diag_list *diags;
    struct at_arena *arena;
    const struct at_session_run *run;
    const struct at_team_helping *found;
};

static at_str key_of(const struct telling *t, uint32_t payee) {
    const struct at_check_policy *checked = t->run->plan->checked;
    const struct at_schema *schema = &checked->schemas[checked->payee_table];
    if (schema->key < 0) return at_str_format(t->arena, "%u", payee + 1);
    return at_session_table_text(t->run->data, (uint32_t)checked->payee_table, (uint32_t)schema->key, payee,
                                 t->arena);
}

/* To six digits, as `attain teamwork` shows it. */
static at_str lost(const struct telling *t, at_num change) {
    at_num exact = at_num_neg(t->arena, change), amount = at_num_round(t->arena, exact, 6, AT_ROUND_HALF_UP);
    bool same = at_num_cmp(t->arena, amount, exact) == 0;
    at_str text = at_money_print(t->arena, amount, t->run->plan->checked->currency);
    return at_str_format(t->arena, "%s%.*s", same ? "" : "≈", AT_STR_ARG(text));
}

static at_str unit_of(const struct telling *t, const struct at_team_measure *measure) {
    if (measure->type.kind != AT_T_MONEY) return AT_STR("1");
    return at_money_print(t->arena, at_num_int(1), measure->type.currency);
}

/* A jump is lost at once; otherwise each unit costs the slope. */
static void refute(const struct telling *t) {
    const struct at_team_helping *found = t->found;
    const struct at_team_side *side = &found->worst.above;
    at_str payee = key_of(t, found->worst.payee), seller = key_of(t, found->worst.seller);
    at_str when = at_period_print(t->arena, at_session_run_period(t->run, found->period));
    at_str measure = found->measure.name;
    at_span span = t->run->plan->checked->helping->span;
    struct at_diag *d;
    if (at_num_sign(side->jump) < 0) {
        at_str amount = lost(t, side->jump);
        d = at_diag_add(
            t->diags, AT_A1278, span, "`%.*s` is paid %.*s less as soon as `%.*s` of `%.*s` grows, in %.*s",
            AT_STR_ARG(payee), AT_STR_ARG(amount), AT_STR_ARG(measure), AT_STR_ARG(seller), AT_STR_ARG(when));
    } else {
        at_str amount = lost(t, side->slope), unit = unit_of(t, &found->measure);
        d = at_diag_add(t->diags, AT_A1278, span,
                        "`%.*s` is paid %.*s less for each further %.*s of `%.*s` of `%.*s`, in %.*s",
                        AT_STR_ARG(payee), AT_STR_ARG(amount), AT_STR_ARG(unit), AT_STR_ARG(measure),
                        AT_STR_ARG(seller), AT_STR_ARG(when));
    }
    if (found->n_hurt > 1)
        at_diag_note(d, "there are %llu such effects in all periods together",
                     (unsigned long long)found->n_hurt);
    at_diag_help(d, "`attain teamwork` lists all pairs: change the rule, or delete this line");
}

static void doubt(const struct telling *t) {
    struct at_diag *d = at_diag_add(t->diags, AT_A1279, t->run->plan->checked->helping->span,
                                    "whether helping never hurts is not known");
    if (t->found->measure.node == AT_NO_NODE)
        at_diag_note(d, "no measure adds up money that payees are credited");
    else
        at_diag_note(d, "effects that are not known: %llu", (unsigned long long)t->found->n_unknown);
    at_diag_help(d, "see `attain teamwork`");
}

enum at_status at_api_helping(const struct at_session_run *run, struct at_watch *watch,
                              struct at_arena *arena, struct at_diag_list *diags) {
    struct at_team_helping found;
    const struct telling t = {diags, arena, run, &found};
    if (!run->plan->checked->helping) return AT_OK;
    enum at_status status = at_team_help(run, watch, arena, &found);
    if (status != AT_OK) return status;
    if (found.proof == AT_TEAM_REFUTED) refute(&t);
    if (found.proof == AT_TEAM_UNKNOWN) doubt(&t);
    return found.proof == AT_TEAM_REFUTED ? AT_REJECTED : AT_OK;
}
