/* check/asof.c: `x as of D`: the value of x in the period that contains D. It may be missing: there are no
 * values before the plan, and none of periods after the current one. */
#include "check/check_int.h"

static bool is_day(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *day,
                   at_type type) {
    int own = at_check_rhythm_kind(ck, env->rhythm);
    bool longer = day->kind == AT_N_PERIOD && day->period.kind > own;
    if (type.kind == AT_T_DATE || (type.kind == AT_T_PERIOD && !longer)) return true;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0461, day->span, "expected a date or a %s after `as of`, found %.*s",
                    at_check_period_kind_say(own),
                    AT_STR_ARG(longer ? AT_STR("a longer period") : at_check_type_say(ck, type)));
    at_diag_help(d, "write a date such as `2026-03-31`, a field, or a %s such as `%s`",
                 at_check_period_kind_say(own), at_check_period_kind_form(own));
    return false;
}

/* A dated field of a payee: its value on the day, wherever there is a payee. */
static at_type dated_as_of(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node) {
    const struct at_ast_node *day = at_check_child(node, 1);
    struct at_check_env named = *env, plain = *env;
    named.on = true;
    named.based = plain.based = false;
    at_type type = at_check_expr(ck, &named, at_check_child(node, 0));
    at_type when = at_check_value(ck, &plain, day);
    if (type.kind == AT_T_NONE || when.kind == AT_T_NONE || !is_day(ck, env, day, when))
        return at_check_type_make(AT_T_NONE);
    return type;
}

at_type at_check_as_of(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0), *day = at_check_child(node, 1);
    struct at_check_env cell = *env, plain = *env;
    cell.based = plain.based = false;
    if (env->place == AT_IN_CREDIT) {
        cell = at_check_env_cell(ck, env->where);
        cell.rhythm = env->rhythm;
    }
    at_type none = at_check_type_make(AT_T_NONE);
    if (at_check_names_dated(ck, env, x)) return dated_as_of(ck, env, node);
    if (env->place != AT_IN_CREDIT && env->place != AT_IN_CELL && env->place != AT_IN_GROUP) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0405, node->span,
                        "`as of` needs payees and periods, which %s does not have", env->where);
        at_diag_help(d, "use it in a measure or a `pay` statement");
        return none;
    }
    struct at_check_reach reach = ck->reach;
    ck->reach.rows |= env->place == AT_IN_CREDIT;
    at_type type = at_check_expr(ck, &cell, x);
    ck->reach = reach;
    at_type when = at_check_value(ck, &plain, day);
    if (type.kind == AT_T_NONE || when.kind == AT_T_NONE || !is_day(ck, env, day, when)) return none;
    type.optional = true;
    return type;
}
