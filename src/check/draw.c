/* check/draw.c: `draw`: an amount to which a component is raised, and how later pay repays it.
 *
 * A draw is an adjustment: it acts on what the statements before it made of its component. */
#include "check/check_int.h"

static struct at_diag *wrong(struct at_check *ck, const struct at_ast_node *at, const char *what,
                             at_type type) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0493, at->span, "expected %s, found %.*s", what,
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, at);
    return d;
}

/* Clauses about repaying mean nothing for a draw that is not a loan. Reports the first of them. */
static void only_recoverable(struct at_check *ck, const struct at_ast_node *node) {
    static const struct {
        uint32_t child;
        const char *words;
    } CLAUSES[] = {
        {2, "recover at most"}, {3, "recover from"}, {4, "due on"}, {5, "opening"}, {7, "forgive after"}};
    if (node->flags & AT_F_RECOVERABLE) return;
    for (size_t i = 0; i < AT_COUNT(CLAUSES); i++) {
        const struct at_ast_node *clause = at_check_child(node, CLAUSES[i].child);
        if (!clause) continue;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0493, clause->span,
                                        "nothing is owed of a draw that is not recoverable");
        at_diag_label(d, at_check_name_span(node), "not `recoverable`");
        at_diag_help(d, "write `recoverable against %.*s`, or delete `%s …`", AT_STR_ARG(node->text3),
                     CLAUSES[i].words);
        return;
    }
}

static const struct at_ast_node *check_most(struct at_check *ck, const struct at_check_env *env,
                                            const struct at_ast_node *most) {
    at_num value;
    if (!most) return NULL;
    at_type type = at_check_value(ck, env, most);
    if (type.kind == AT_T_NONE) return most;
    if (type.kind != AT_T_NUMBER) {
        at_diag_help(wrong(ck, most, "a part of what is earned above the draw", type),
                     "write a percentage, such as `recover at most 50%%`");
    } else if (at_check_fold_num(ck, most, &value) &&
               (at_num_sign(value) <= 0 || at_num_cmp(ck->arena, value, at_num_int(1)) > 0)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0493, most->span,
                        "a recovery takes more than 0%% and at most 100%% of what is earned above the draw");
        at_diag_help(d, "write a percentage, such as `recover at most 50%%`");
    }
    return most;
}

/* A day of the plan or of the payee. A day that is missing never comes. */
static const struct at_ast_node *check_day(struct at_check *ck, const struct at_check_env *env,
                                           const struct at_ast_node *day, bool may_be_missing) {
    if (!day) return NULL;
    at_type type = may_be_missing ? at_check_expr(ck, env, day) : at_check_value(ck, env, day);
    bool longer = day->kind == AT_N_PERIOD && day->period.kind > ck->out->calendar.period_kind;
    if (type.kind == AT_T_NONE || type.kind == AT_T_DATE || (type.kind == AT_T_PERIOD && !longer)) return day;
    at_diag_help(wrong(ck, day, "a date or a period", type),
                 "write a date such as `2026-04-01`, or name a field");
    return day;
}

static int8_t check_settle(struct at_check *ck, const struct at_ast_node *settle) {
    if (!settle || !settle->text.n) return -1;
    int kind = at_check_read_period_word(ck, settle->text, at_check_name_span(settle));
    int own = ck->out->calendar.period_kind;
    if (kind < 0 || kind > own) return (int8_t)kind;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0493, settle->span,
                                    "a %s is not longer than the policy's periods, which are %ss",
                                    at_check_period_kind_say(kind), at_check_period_kind_say(own));
    at_diag_help(d, own == AT_YEAR ? "delete `settle`" : "write `settle each year`, or delete it");
    return -1;
}

/* Months must be whole periods: an advance of a period is forgiven as a whole, at the end of one. */
static uint32_t check_forgive(struct at_check *ck, const struct at_ast_node *forgive) {
    static const int32_t MONTHS[] = {[AT_MONTH] = 1, [AT_QUARTER] = 3, [AT_HALF] = 6, [AT_YEAR] = 12};
    int own = ck->out->calendar.period_kind;
    if (!forgive) return 0;
    struct at_check_delay delay = at_check_delay_of(ck, forgive);
    if (delay.unit == AT_DELAY_NONE) return 0;
    if (delay.unit == AT_DELAY_PERIODS) return (uint32_t)delay.n;
    bool fits = delay.unit == AT_DELAY_MONTHS && own >= AT_MONTH && delay.n % MONTHS[own] == 0;
    if (fits) return (uint32_t)(delay.n / MONTHS[own]);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0493, forgive->span,
                                    "an advance is forgiven after whole %ss", at_check_period_kind_say(own));
    at_diag_help(d, "write a number of periods, such as `forgive after 6 periods`");
    return 0;
}

static const struct at_ast_node *check_opening(struct at_check *ck, const struct at_check_env *env,
                                               const struct at_ast_node *opening,
                                               struct at_check_draw_decl *draw) {
    if (!opening || at_check_opening_rows(ck, opening, draw)) return opening;
    at_type type = at_check_value(ck, env, opening);
    if (type.kind == AT_T_NONE) return opening;
    if (type.kind != AT_T_MONEY || (type.currency != ck->out->currency && ck->out->currency))
        at_diag_help(wrong(ck, opening, "money in the policy's currency", type),
                     "name a measure of what each payee owes before the first period");
    return opening;
}

static void check_clauses(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                          struct at_check_draw_decl *draw) {
    draw->recoverable = (node->flags & AT_F_RECOVERABLE) != 0;
    only_recoverable(ck, node);
    draw->most = check_most(ck, env, at_check_child(node, 2));
    draw->from = check_day(ck, env, at_check_child(node, 3), false);
    draw->due = check_day(ck, env, at_check_child(node, 4), true);
    draw->opening = check_opening(ck, env, at_check_child(node, 5), draw);
    draw->settle = check_settle(ck, at_check_child(node, 6));
    draw->forgive = check_forgive(ck, at_check_child(node, 7));
}

/* A draw that pays less than nothing would be a debt of its own. */
static void check_sign(struct at_check *ck, const struct at_ast_node *at) {
    at_num value;
    if (!at_check_fold_num(ck, at, &value) || at_num_sign(value) >= 0) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0493, at->span, "a draw cannot be below zero");
    at_diag_help(d, "write the amount that a payee gets at least");
}

void at_check_draw(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    const struct at_check_decl *decl = at_check_global(ck, node->text);
    const struct at_ast_node *at = at_check_child(node, 0), *when = at_check_child(node, 1);
    struct at_check_env env = at_check_env_cell(ck, "a draw");
    env.adjusting = true;
    /* Of two statements with one name the second is an error already. */
    if (!decl || decl->symbol.kind != AT_SYM_DRAW || decl->symbol.node != node) return;
    struct at_check_draw_decl *draw = &out->draws[decl->symbol.index];
    at_span against = node->span3.end ? node->span3 : at_check_name_span(node);
    int32_t component = at_check_adjusted(ck, node, node->text3, against);
    at_check_condition(ck, &env, when);
    check_clauses(ck, &env, node, draw);
    env.facts = at_check_facts_if(ck, env.facts, when, true);
    at_type type = at_check_value(ck, &env, at);
    at_check_adjusted_amount(ck, node, at, type);
    check_sign(ck, at);
    if (component == -2) return;
    out->adjustments[out->n_adjustments++] = (struct at_check_adjustment_decl){
        .node = node, .component = component, .at = at, .when = when, .draw = draw, .per = -1};
}

/* ---- balance(draw) */

/* The draw that `balance` names, or NULL, which is reported. */
static struct at_check_decl *balance_of(struct at_check *ck, at_str name, at_span span) {
    struct at_check_decl *decl = at_check_global(ck, name);
    if (decl && decl->symbol.kind == AT_SYM_DRAW && (decl->symbol.node->flags & AT_F_RECOVERABLE))
        return decl;
    struct at_diag *d;
    if (decl && decl->symbol.kind == AT_SYM_DRAW) {
        d = at_diag_add(ck->diags, AT_A0493, span, "nothing is owed of a draw that is not recoverable");
        at_diag_label(d, at_check_name_span(decl->symbol.node), "not `recoverable`");
        at_diag_help(d, "write `recoverable against %.*s`", AT_STR_ARG(decl->symbol.node->text3));
        return NULL;
    }
    struct at_str_nearest suggest = {.wanted = name};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_DRAW);
    d = at_diag_add(ck->diags, AT_A0493, span, "`balance` needs the name of a draw");
    if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "name a `draw … recoverable` statement");
    return NULL;
}

at_type at_check_balance_expected(struct at_check *ck, const struct at_ast_node *expect) {
    struct at_check_decl *decl = balance_of(ck, expect->text, at_check_name_span(expect));
    if (!decl) return at_check_type_make(AT_T_NONE);
    ck->out->symbols[expect->id] = &decl->symbol;
    return decl->symbol.type;
}

/* A draw acts on what its component earned, so what is owed is known after it. A formula reads what was owed
 * before the period. */
at_type at_check_balance(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    const struct at_ast_node *arg = at_check_child(node, 0);
    struct at_check_decl *decl =
        arg ? balance_of(ck, arg->kind == AT_N_NAME ? arg->text : AT_STR(""), arg->span) : NULL;
    if (!decl) return at_check_type_make(AT_T_NONE);
    ck->out->symbols[arg->id] = &decl->symbol;
    decl->symbol.used = true;
    bool cell = env->place == AT_IN_CELL || (env->place == AT_IN_CREDIT && ck->reach.past);
    if (cell && (env->adjusting || ck->reach.past)) return decl->symbol.type;
    struct at_diag *d;
    if (cell) {
        d = at_diag_add(ck->diags, AT_A0493, node->span,
                        "what is owed is known only after the component is calculated");
        at_diag_help(d, "write `ifmissing(prior(%.*s), $0)` for what was owed before the period",
                     AT_STR_ARG(at_check_source(ck, node)));
        at_diag_fix(d, node->span, "ifmissing(prior(%.*s), $0)", AT_STR_ARG(at_check_source(ck, node)));
    } else {
        d = at_diag_add(ck->diags, AT_A0493, node->span,
                        "`balance` needs a payee and a period, which %s does not have", env->where);
        at_diag_help(d, "use it in a statement after the draw, or in a measure as `prior(%.*s)`",
                     AT_STR_ARG(at_check_source(ck, node)));
    }
    return at_check_type_make(AT_T_NONE);
}
