/* check/branch.c: if and choose: one type for all branches. Under `on BASE` a branch may be a bare rate
 * beside one that is money. */
#include "check/check_int.h"

/* The fix depends on the pair of types: a bare number next to money is usually an amount without
 * its symbol. */
static void differ(struct at_check *ck, const struct at_ast_node *first, const struct at_ast_node *other) {
    at_type a = at_check_type_at(ck, first), b = at_check_type_at(ck, other);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0313, other->span, "this is %.*s, but the case before it is %.*s",
                    AT_STR_ARG(at_check_type_say(ck, b)), AT_STR_ARG(at_check_type_say(ck, a)));
    at_check_show(ck, d, first);
    at_check_show(ck, d, other);
    const struct at_ast_node *number = b.kind == AT_T_NUMBER ? other : first;
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    bool money =
        (a.kind == AT_T_MONEY && b.kind == AT_T_NUMBER) || (a.kind == AT_T_NUMBER && b.kind == AT_T_MONEY);
    if (money && number->kind == AT_N_NUMBER && own && own->symbol[0] && !at_check_is_percent(number))
        at_diag_help(d, "write `%s%.*s`, because every case must have the same type", own->symbol,
                     AT_STR_ARG(number->text));
    else if (money && at_check_is_percent(number))
        at_diag_help(d, "write the amount that the rate applies to, such as `%.*s of bookings`",
                     AT_STR_ARG(number->text));
    else
        at_diag_help(d, "make all cases the same type");
}

static bool texty(at_type type) {
    return type.kind == AT_T_TEXT || type.kind == AT_T_ENUM;
}

/* The type of all branches, the first of which decides; number branches beside money are rates where `rated`.
 */
static at_type join(struct at_check *ck, const struct at_check_env *env,
                    const struct at_ast_node *const *nodes, uint32_t n, bool rated) {
    at_type result = at_check_type_make(AT_T_NONE);
    const struct at_ast_node *first = NULL;
    bool optional = false, money = false, all_known = true;
    for (uint32_t i = 0; i < n; i++) {
        at_type type = at_check_type_at(ck, nodes[i]);
        optional |= type.optional;
        money |= type.kind == AT_T_MONEY;
        all_known &= type.kind != AT_T_NONE;
    }
    /* If all branches are numbers, the whole choice is the rate. at_check_rated marks it then, so
     * that the base is applied once. */
    rated = rated && money && env->base.kind == AT_T_MONEY;
    for (uint32_t i = 0; i < n; i++) {
        at_type type = at_check_type_at(ck, nodes[i]);
        if (type.kind == AT_T_NONE) continue;
        if (rated && type.kind == AT_T_NUMBER) {
            at_check_mark_rate(ck, env, nodes[i]);
            type = env->base;
        }
        if (!first) {
            first = nodes[i], result = type;
        } else if (at_check_fit_text(ck, nodes[i], result) || at_type_same(result, type)) {
            continue;
            /* A text and a choice, or two choices, have the texts in common. */
        } else if (texty(result) && texty(type)) {
            result = at_check_type_make(AT_T_TEXT);
        } else {
            differ(ck, first, nodes[i]);
            all_known = false;
        }
    }
    /* One branch without a value is enough for the result to be missing. */
    result.optional = optional;
    return all_known ? result : at_check_type_make(AT_T_NONE);
}

static at_type branch(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                      bool rated) {
    return rated ? at_check_rated_part(ck, env, node) : at_check_expr(ck, env, node);
}

at_type at_check_if(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                    bool rated) {
    const struct at_ast_node *cond = at_check_child(node, 0),
                             *parts[2] = {at_check_child(node, 1), at_check_child(node, 2)};
    at_check_condition(ck, env, cond);
    struct at_check_env then = *env, other = *env;
    then.facts = at_check_facts_if(ck, env->facts, cond, true);
    other.facts = at_check_facts_if(ck, env->facts, cond, false);
    branch(ck, &then, parts[0], rated);
    branch(ck, &other, parts[1], rated);
    if (!parts[0] || !parts[1]) return at_check_type_make(AT_T_NONE);
    return join(ck, env, parts, 2, rated);
}

at_type at_check_choose(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        bool rated) {
    const struct at_ast_node **parts = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, node->n + 1);
    /* Each case knows that the conditions before it are false. `rest` collects this knowledge
     * from case to case. */
    struct at_check_env rest = *env;
    uint32_t n = 0;
    bool whole = true;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *arm = node->child[i], *value = arm;
        struct at_check_env here = rest;
        if (arm && arm->kind == AT_N_ARM) {
            at_check_condition(ck, &rest, at_check_child(arm, 0));
            here.facts = at_check_facts_if(ck, rest.facts, at_check_child(arm, 0), true);
            rest.facts = at_check_facts_if(ck, rest.facts, at_check_child(arm, 0), false);
            value = at_check_child(arm, 1);
        }
        at_type type = branch(ck, &here, value, rated);
        /* The arm gets a type too, since later modules look up types of any node by id. */
        if (arm && arm != value) at_check_set_type(ck, arm, type);
        if (value)
            parts[n++] = value;
        else
            whole = false;
    }
    at_type type = join(ck, env, parts, n, rated);
    return whole ? type : at_check_type_make(AT_T_NONE);
}
