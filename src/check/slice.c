/* check/slice.c: `RATE of X`, the slices over, up to, between, through, and what a bare rate under `on BASE`
 * applies to.
 *
 * Under `on BASE` two things are marked for the planner: a number where money is wanted (AT_MARK_RATE: times
 * BASE), and a slice whose x is a rate (AT_MARK_SLICE_RATE: x times the slice of BASE). The mark goes to the
 * largest expression that is still a number, so that `min(10%, 20%)` of a negative base is 10% of it.
 */
#include "check/check_int.h"

static at_type none(void) {
    return at_check_type_make(AT_T_NONE);
}

bool at_check_is_percent(const struct at_ast_node *node) {
    if (node && node->kind == AT_N_NEG) return at_check_is_percent(at_check_child(node, 0));
    return node && node->kind == AT_N_NUMBER && (node->flags & (AT_F_PERCENT | AT_F_BPS)) != 0;
}

void at_check_mark_rate(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    ck->out->marks[node->id] |= AT_MARK_RATE;
    at_check_near_rate(ck, node, env->base_node);
}

/* ---- RATE of X */

at_type at_check_of(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *rate = at_check_child(node, 0), *base = at_check_child(node, 1);
    at_type b = none();
    bool lines = at_check_line_wanted(ck, env, node) != NULL;
    if (lines) b = at_check_expr(ck, env, base);
    if (lines && b.kind == AT_T_REF) return at_check_line(ck, env, node, b);
    at_type a = at_check_value(ck, env, rate);
    if (!lines) b = at_check_value(ck, env, base);
    if (lines && b.optional) at_check_report_missing(ck, base);
    b.optional = false;
    if (a.kind == AT_T_NONE || b.kind == AT_T_NONE) return none();
    if (!at_check_is_numeric(b) || !at_check_is_numeric(a)) {
        const struct at_ast_node *wrong = at_check_is_numeric(a) ? base : rate;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0316, wrong->span, "expected an amount after `of`, found %.*s",
                        AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, wrong))));
        at_check_show_origin(ck, d, wrong);
        at_diag_help(d, "write, for example, `10%% of bookings`");
        return none();
    }
    /* An amount for each unit, as in `price of units`, is allowed for names. A literal is written
     * with `*`. */
    if (a.kind == AT_T_MONEY && (b.kind == AT_T_MONEY || at_check_is_literal(rate))) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0316, rate->span, "expected a rate before `of`, found %.*s",
                        AT_STR_ARG(at_check_type_say(ck, a)));
        at_check_show(ck, d, rate);
        at_check_show(ck, d, base);
        if (b.kind == AT_T_NUMBER)
            at_diag_help(d, "write `%.*s * %.*s` for an amount for each",
                         AT_STR_ARG(at_check_quote(ck, rate)), AT_STR_ARG(at_check_quote(ck, base)));
        else
            at_diag_help(d, "write, for example, `10%% of bookings`");
        return none();
    }
    if (at_check_is_percent(rate) && at_check_is_percent(base)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0317, node->span, "this is a share of a share");
        at_diag_help(d,
                     "write the resulting rate, or the amount that it applies to, as in `%.*s of bookings`",
                     AT_STR_ARG(at_check_quote(ck, rate)));
    }
    at_check_near_rate(ck, rate, base);
    return a.kind == AT_T_MONEY ? a : b;
}

/* ---- over, up to, between */

static const char *slice_word(const struct at_ast_node *node) {
    return node->kind == AT_N_OVER ? "over" : node->kind == AT_N_UPTO ? "up to" : "between";
}

/* 10,000 where $10,000 was meant. */
static bool help_with_symbol(struct at_diag *d, at_type wanted, const struct at_ast_node *bound) {
    const struct at_currency_info *own = at_currency_info(wanted.currency);
    if (wanted.kind != AT_T_MONEY || bound->kind != AT_N_NUMBER || !own || !own->symbol[0]) return false;
    at_diag_help(d, "did you mean `%s%.*s`?", own->symbol, AT_STR_ARG(bound->text));
    at_diag_fix(d, bound->span, "%s%.*s", own->symbol, AT_STR_ARG(bound->text));
    return true;
}

static void bound_differs(struct at_check *ck, const struct at_ast_node *node, const struct at_ast_node *x,
                          const struct at_ast_node *bound) {
    at_type a = at_check_type_at(ck, x), b = at_check_type_at(ck, bound);
    if (a.kind == AT_T_NUMBER && b.kind == AT_T_MONEY) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0319, x->span, "unclear base of a rate %s an amount",
                                        slice_word(node));
        at_check_show(ck, d, x);
        at_check_show(ck, d, bound);
        at_diag_help(d,
                     "name the base after `on`, as in `pay commission on bookings = %.*s`, or write `%.*s of "
                     "(bookings %s %.*s)`",
                     AT_STR_ARG(at_check_quote(ck, node)), AT_STR_ARG(at_check_quote(ck, x)),
                     slice_word(node), AT_STR_ARG(at_check_quote(ck, bound)));
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0318, at_check_name_span(node), "the bound is %.*s, but `%.*s` is %.*s",
                    AT_STR_ARG(at_check_type_say(ck, b)), AT_STR_ARG(at_check_quote(ck, x)),
                    AT_STR_ARG(at_check_type_say(ck, a)));
    at_check_show(ck, d, x);
    at_check_show(ck, d, bound);
    if (at_check_habit_slice(ck, d, node, bound, a)) return;
    if (at_check_is_percent(bound) || !help_with_symbol(d, a, bound))
        at_diag_help(d, "use bounds of the same type as the value");
}

static void bound_not_of_base(struct at_check *ck, const struct at_check_env *env,
                              const struct at_ast_node *node, const struct at_ast_node *bound) {
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0318, at_check_name_span(node), "the bound is %.*s, but `%.*s`, after `on`, is %.*s",
        AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, bound))),
        AT_STR_ARG(at_check_quote(ck, env->base_node)), AT_STR_ARG(at_check_type_say(ck, env->base)));
    at_check_show(ck, d, bound);
    at_check_show(ck, d, env->base_node);
    if (at_check_habit_slice(ck, d, node, bound, env->base)) return;
    if (at_check_is_percent(bound))
        at_diag_help(d, "write the amount that the rate applies to, such as `%s %.*s of quota`",
                     slice_word(node), AT_STR_ARG(at_check_quote(ck, bound)));
    else if (!help_with_symbol(d, env->base, bound))
        at_diag_help(d, "use a bound of the same type as `%.*s`, to which the rate applies",
                     AT_STR_ARG(at_check_quote(ck, env->base_node)));
}

/* `10% over quota` under `on bookings`: the bounds must have the type of the base, since the base
 * is sliced. */
static at_type slice_of_base(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, at_type x) {
    for (uint32_t i = 1; i < node->n; i++) {
        at_type bound = at_check_type_at(ck, node->child[i]);
        if (bound.kind == AT_T_NONE || at_type_same(bound, env->base)) continue;
        bound_not_of_base(ck, env, node, node->child[i]);
        return none();
    }
    ck->out->marks[node->id] |= AT_MARK_SLICE_RATE;
    at_check_near_rate(ck, at_check_child(node, 0), env->base_node);
    return x.kind == AT_T_MONEY ? x : env->base;
}

at_type at_check_slice(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0);
    at_type a = at_check_value(ck, env, x), wrong = none();
    bool known = a.kind != AT_T_NONE;
    for (uint32_t i = 1; i < node->n; i++) {
        at_type bound = at_check_value(ck, env, node->child[i]);
        known &= bound.kind != AT_T_NONE;
        if (bound.kind != AT_T_NONE && !at_check_is_numeric(bound)) wrong = bound;
    }
    if (!known) return none();
    const struct at_ast_node *bound = at_check_child(node, 1);
    if (!at_check_is_numeric(a) || wrong.kind != AT_T_NONE) {
        bound_differs(ck, node, x, bound);
        return none();
    }
    at_type b = at_check_type_at(ck, bound);
    /* A literal number as x can only be a rate. A name is one if its type does not fit the bound
     * but the base does. */
    bool literal = at_check_is_literal(x) && a.kind == AT_T_NUMBER;
    bool rate_of_base = a.kind != b.kind && ((a.kind == AT_T_NUMBER && env->base.kind == AT_T_MONEY) ||
                                             (a.kind == AT_T_MONEY && env->base.kind == AT_T_NUMBER));
    if (env->based && at_check_is_numeric(env->base) && (literal || rate_of_base))
        return slice_of_base(ck, env, node, a);
    for (uint32_t i = 1; i < node->n; i++) {
        if (at_type_same(a, at_check_type_at(ck, node->child[i]))) continue;
        if (env->based && env->base.kind == AT_T_NONE) return none();
        bound_differs(ck, node, x, node->child[i]);
        return none();
    }
    at_check_near_compare(ck, x, at_check_child(node, node->n - 1));
    return a;
}

/* ---- through */

static struct at_check_decl *rates_named(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (decl && decl->symbol.kind == AT_SYM_RATES) return decl;
    if (node->text.n == 0) return NULL;
    struct at_str_nearest suggest = {.wanted = node->text};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_RATES);
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, at_check_name_span(node),
                        "`%.*s` is %s, but `through` needs rates", AT_STR_ARG(node->text),
                        at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
    } else {
        d = at_diag_add(ck->diags, AT_A0202, at_check_name_span(node), "unknown rates `%.*s`",
                        AT_STR_ARG(node->text));
    }
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "declare rates, such as `rates tiers { from $0: 5%%  from $100k: 8%% }`");
    return NULL;
}

static void through_differs(struct at_check *ck, const struct at_ast_node *node,
                            const struct at_check_rates_decl *rates, const struct at_ast_node *x) {
    const struct at_ast_node *unit = at_check_child(node, 1);
    at_str thresholds = at_check_type_plural(ck, rates->threshold);
    struct at_diag *d;
    if (unit)
        d = at_diag_add(ck->diags, AT_A0337, at_check_name_span(node),
                        "with `of`, thresholds must be shares such as 100%%, but those of `%.*s` are %.*s",
                        AT_STR_ARG(rates->symbol->name), AT_STR_ARG(thresholds));
    else
        d = at_diag_add(ck->diags, AT_A0337, at_check_name_span(node),
                        "the thresholds of `%.*s` are %.*s, but the amount is %.*s",
                        AT_STR_ARG(rates->symbol->name), AT_STR_ARG(thresholds),
                        AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, x))));
    at_check_show(ck, d, x);
    if (rates->n_steps) at_diag_label(d, rates->steps[0].threshold->span, "the first threshold");
    if (unit)
        at_diag_help(d, "delete `of %.*s`, or write the thresholds as shares of it",
                     AT_STR_ARG(at_check_quote(ck, unit)));
    else if (rates->threshold.kind == AT_T_NUMBER)
        at_diag_help(d, "write the amount that the shares apply to, such as `%.*s through %.*s of quota`",
                     AT_STR_ARG(at_check_quote(ck, x)), AT_STR_ARG(rates->symbol->name));
    else
        at_diag_help(d, "make both money, or both numbers");
}

at_type at_check_through(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0), *unit = at_check_child(node, 1);
    at_type a = at_check_value(ck, env, x), u = unit ? at_check_value(ck, env, unit) : none();
    struct at_check_decl *decl = rates_named(ck, node);
    if (!decl || !at_check_need(ck, decl, at_check_name_span(node))) return none();
    struct at_check_rates_decl *rates = &ck->out->rates[decl->symbol.index];
    ck->out->symbols[node->id] = &decl->symbol;
    decl->symbol.used = true;
    if (!decl->called_through) decl->called_through = node;
    if (a.kind == AT_T_NONE || rates->threshold.kind == AT_T_NONE || (unit && u.kind == AT_T_NONE))
        return none();
    if (unit ? rates->threshold.kind != AT_T_NUMBER : !at_type_same(a, rates->threshold)) {
        through_differs(ck, node, rates, x);
        return none();
    }
    if (unit && (!at_type_same(a, u) || !at_check_is_numeric(a))) {
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0337, unit->span, "the thresholds are shares of %.*s, but the amount is %.*s",
            AT_STR_ARG(at_check_type_say(ck, u)), AT_STR_ARG(at_check_type_say(ck, a)));
        at_check_show(ck, d, x);
        at_check_show(ck, d, unit);
        at_diag_help(d, "make both money, or both numbers");
        return none();
    }
    if (unit && rates->n_steps) at_check_near_unit(ck, unit, rates->steps[rates->n_steps - 1].threshold);
    if (rates->rate.kind == AT_T_NUMBER) return a;
    if (rates->rate.kind == AT_T_MONEY && a.kind == AT_T_NUMBER) return rates->rate;
    if (rates->rate.kind == AT_T_NONE) return none();
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0337, node->span, "`%.*s` gives %.*s for each tier, which cannot be a rate of %.*s",
        AT_STR_ARG(rates->symbol->name), AT_STR_ARG(at_check_type_say(ck, rates->rate)),
        AT_STR_ARG(at_check_type_say(ck, a)));
    at_check_show(ck, d, x);
    if (rates->n_steps) at_diag_label(d, rates->steps[0].rate->span, "the first rate");
    at_diag_help(
        d, "use rates such as 8%% for slices of money, or write `%.*s(…)` for an amount for reaching a tier",
        AT_STR_ARG(rates->symbol->name));
    return none();
}

/* ---- the amount under `on BASE` */

static bool is_min_max(const struct at_ast_node *node) {
    return node->kind == AT_N_CALL && node->n >= 2 && node->by.n == 0 &&
           (at_str_eq(node->text, AT_STR("min")) || at_str_eq(node->text, AT_STR("max")));
}

/* $5 under `on units`: for each unit, or once? */
static void bare_money(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    bool table = symbol && (symbol->kind == AT_SYM_RATES || symbol->kind == AT_SYM_LOOKUP ||
                            symbol->kind == AT_SYM_PARAM);
    if (!at_check_is_literal(node) && !table) return;
    at_str amount = at_check_quote(ck, node), base = at_check_quote(ck, env->base_node);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0321, node->span,
                                    "unclear whether `%.*s` is paid once, or for each of `%.*s`",
                                    AT_STR_ARG(amount), AT_STR_ARG(base));
    at_diag_label(d, env->base_node->span, "a number");
    at_diag_help(d,
                 "for each, write `%.*s * %.*s`. For once, write a `pay` statement of its own without `on`",
                 AT_STR_ARG(amount), AT_STR_ARG(base));
}

static at_type rated_sum(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    const struct at_ast_node *side[2] = {at_check_child(node, 0), at_check_child(node, 1)};
    at_type type[2];
    for (int i = 0; i < 2; i++)
        type[i] = at_check_rated_part(ck, env, side[i]);
    for (int i = 0; i < 2; i++) {
        if (type[i].kind != AT_T_NUMBER || type[1 - i].kind != AT_T_MONEY || env->base.kind != AT_T_MONEY)
            continue;
        at_check_mark_rate(ck, env, side[i]);
        type[i] = env->base;
    }
    return at_check_combine(ck, node, type[0], type[1]);
}

/* Numbers among amounts are rates, each times the base. If all are numbers, the whole is one
 * rate. */
static at_type rated_min_max(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node) {
    bool money = false, known = true;
    at_type result = none();
    struct at_check_decl *builtin = &ck->builtins[at_str_eq(node->text, AT_STR("min")) ? AT_B_MIN : AT_B_MAX];
    ck->out->symbols[node->id] = &builtin->symbol;
    for (uint32_t i = 0; i < node->n; i++) {
        at_type type = at_check_rated_part(ck, env, node->child[i]);
        money |= type.kind == AT_T_MONEY;
        known &= type.kind != AT_T_NONE;
    }
    if (!known) return none();
    bool mix = money && env->base.kind == AT_T_MONEY;
    const struct at_ast_node **plain = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, node->n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < node->n; i++) {
        at_type type = at_check_type_at(ck, node->child[i]);
        if (mix && type.kind == AT_T_NUMBER) {
            at_check_mark_rate(ck, env, node->child[i]);
            result = env->base;
        } else {
            plain[n++] = node->child[i];
        }
    }
    at_type rest = at_check_alike(ck, plain, n, builtin->symbol.name.p);
    if (result.kind != AT_T_NONE && rest.kind != AT_T_NONE && !at_type_same(result, rest)) return none();
    return rest;
}

/* The type of a part; parts that are numbers are left to the one above to mark. */
at_type at_check_rated_part(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node) {
    if (!node) return none();
    if (ck->depth >= AT_MAX_DEPTH) {
        ck->too_deep = true;
        return none();
    }
    at_type type;
    ck->depth++;
    if (node->kind == AT_N_ARITH && (node->op == AT_OP_ADD || node->op == AT_OP_SUB)) {
        type = rated_sum(ck, env, node);
    } else if (node->kind == AT_N_NEG && !at_check_is_literal(node)) {
        type = at_check_rated_part(ck, env, at_check_child(node, 0));
        if (type.kind != AT_T_NONE && !at_check_is_numeric(type)) type = at_check_neg(ck, env, node);
    } else if (node->kind == AT_N_IF) {
        type = at_check_if(ck, env, node, true);
    } else if (node->kind == AT_N_CHOOSE) {
        type = at_check_choose(ck, env, node, true);
    } else if (is_min_max(node)) {
        type = rated_min_max(ck, env, node);
    } else {
        type = at_check_expr(ck, env, node);
        if (type.kind == AT_T_MONEY && env->base.kind == AT_T_NUMBER) bare_money(ck, env, node);
    }
    ck->depth--;
    /* An `if` or `choose` may be missing as a whole, which the caller reports once. */
    if (type.optional && type.kind != AT_T_NONE && node->kind != AT_N_IF && node->kind != AT_N_CHOOSE) {
        at_check_report_missing(ck, node);
        type.optional = false;
    }
    return at_check_set_type(ck, node, type);
}

at_type at_check_rated(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    at_type type = at_check_rated_part(ck, env, node);
    if (env->based && env->base.kind == AT_T_NONE) return none();
    if (!env->based || env->base.kind != AT_T_MONEY || type.kind != AT_T_NUMBER) return type;
    at_check_mark_rate(ck, env, node);
    return env->base;
}
