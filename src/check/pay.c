/* check/pay.c: `pay`, and what it has in common with `pool`: what they apply to, and their amount. Every
 * component ends as money of the policy. */
#include "check/check_int.h"

static void wrong_currency(struct at_check *ck, const struct at_ast_node *expr, at_type type,
                           const char *what) {
    const struct at_currency_info *own = at_currency_info(ck->out->currency),
                                  *other = at_currency_info(type.currency);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0322, expr->span, "%s in %s, but the policy pays in %s", what,
                    other ? other->code : "another currency", own ? own->code : "another");
    at_check_show_origin(ck, d, expr);
    at_diag_help(d, "convert it with a `param` for the rate");
}

/* A measure of this policy makes a better example in a message than an invented name. */
const char *at_check_some_measure(const struct at_check *ck) {
    for (uint32_t i = 0; i < ck->out->n_measures; i++) {
        const struct at_check_symbol *symbol = ck->out->measures[i].symbol;
        if (symbol->type.kind == AT_T_MONEY && symbol->name.n && symbol->name.n < 40)
            return at_str_copy(ck->arena, symbol->name).p;
    }
    return "bookings";
}

/* The amount of a component: money in the policy's currency, there in every cell. */
void at_check_must_be_money(struct at_check *ck, const struct at_ast_node *node,
                            const struct at_ast_node *expr, at_type type, const struct at_check_env *env) {
    if (!expr || type.kind == AT_T_NONE) return;
    if (env->based && env->base_node && env->base.kind == AT_T_NONE)
        return; /* what is wrong with it has been reported */
    if (type.optional) at_check_report_missing(ck, expr);
    if (type.kind == AT_T_MONEY) {
        if (type.currency != ck->out->currency && ck->out->currency)
            wrong_currency(ck, expr, type, "this is money");
        return;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0320, expr->span, "`%.*s` must be money, found %.*s",
                                    AT_STR_ARG(node->text), AT_STR_ARG(at_check_type_say(ck, type)));
    const char *word = node->kind == AT_N_POOL ? "pool" : "pay", *base = at_check_some_measure(ck);
    at_str quoted = at_check_quote(ck, expr);
    at_check_show_origin(ck, d, expr);
    if (env->based && env->base_node)
        at_diag_label(d, env->base_node->span, "%.*s", AT_STR_ARG(at_check_type_short(ck, env->base)));
    if (type.kind != AT_T_NUMBER)
        at_diag_help(d, "pay an amount such as `$500`, or a share such as `10%% of %s`", base);
    else if (env->based)
        at_diag_help(d, "write the amount for one of `%.*s`, such as `$5 * %.*s`",
                     AT_STR_ARG(at_check_quote(ck, env->base_node)),
                     AT_STR_ARG(at_check_quote(ck, env->base_node)));
    else if (quoted.n < 20)
        at_diag_help(d, "write the amount that the rate applies to: `%s %.*s on %s = %.*s`, or `%.*s of %s`",
                     word, AT_STR_ARG(node->text), base, AT_STR_ARG(quoted), AT_STR_ARG(quoted), base);
    else
        at_diag_help(d, "name the amount that the rate applies to after `on`: `%s %.*s on %s = …`", word,
                     AT_STR_ARG(node->text), base);
}

/* The base itself is not under a base. env->base stays NONE after an error, and then no rate is
 * reported. */
void at_check_base(struct at_check *ck, struct at_check_env *env, const struct at_ast_node *on) {
    if (!on) return;
    env->based = true;
    env->base_node = on;
    struct at_check_env plain = *env;
    plain.based = false;
    env->base = at_check_value(ck, &plain, on);
    if (env->base.kind == AT_T_NONE || at_check_is_numeric(env->base)) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0316, on->span, "a rate needs money or a number, found %.*s",
                    AT_STR_ARG(at_check_type_say(ck, env->base)));
    at_check_show_origin(ck, d, on);
    at_diag_help(d, "name a measure after `on`, such as `%s`", at_check_some_measure(ck));
    env->base = at_check_type_make(AT_T_NONE);
}

static int8_t cumulative_kind(struct at_check *ck, const struct at_ast_node *node,
                              const struct at_check_component_decl *component) {
    if (node->by.n == 0) return -1;
    at_span span = node->by_span.end ? node->by_span : at_check_name_span(node);
    int kind = at_check_read_period_word(ck, node->by, span);
    int own = at_check_rhythm_kind(ck, component->rhythm);
    if (kind < 0) return -1;
    if (kind <= own) {
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0432, span, "a %s is not longer than the periods of this %s, which are %ss",
            at_check_period_kind_say(kind), component->rhythm ? "statement" : "policy",
            at_check_period_kind_say(own));
        at_diag_help(d, own == AT_YEAR ? "delete `cumulative over`"
                                       : "write `cumulative over year`, or delete it");
        return -1;
    }
    return (int8_t)kind;
}

void at_check_pay(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = decl->symbol.node;
    struct at_check_component_decl *component = &ck->out->components[decl->symbol.index];
    component->on = at_check_child(node, 0);
    component->expr = at_check_child(node, 1);
    component->when = at_check_child(node, 2);
    component->cumulative = cumulative_kind(ck, node, component);
    int32_t feed = at_check_per_feed(ck, node);
    if (feed == -2) return;
    component->per_feed = feed;
    struct at_check_env env = at_check_env_cell(ck, "a `pay` statement");
    if (feed >= 0) {
        env = at_check_env_credit(ck, (uint32_t)feed, "a `pay` statement");
        at_check_line_key(ck, node->span3.end ? node->span3 : at_check_name_span(node), "lines", feed);
    }
    env.rhythm = component->rhythm;
    at_check_base(ck, &env, component->on);
    struct at_check_env plain = env;
    plain.based = false;
    at_check_condition(ck, &plain, component->when);
    /* The amount matters only where the condition is true. */
    env.facts = at_check_facts_if(ck, env.facts, component->when, true);
    at_type type = at_check_rated(ck, &env, component->expr);
    at_check_must_be_money(ck, node, component->expr, type, &env);
    at_check_weights(ck, component->expr);
    at_check_by_rows(ck, node, component);
    if (feed >= 0 && component->cumulative >= 0 && type.kind != AT_T_NONE)
        at_check_cumulative_lines(ck, component);
}
