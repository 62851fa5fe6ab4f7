/* check/ties.c: `rank(m) ties share`: the call, and the date of `ties first by`. What its place may choose is
 * in prize.c. */
#include "check/check_int.h"

at_type at_check_ties(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *call = at_check_child(node, 0), *day = at_check_child(node, 1);
    at_type type = at_check_expr(ck, env, call);
    const struct at_check_symbol *symbol = call ? ck->out->symbols[call->id] : NULL;
    ck->has_ties = true;
    if (day) {
        struct at_check_env cell = env->place == AT_IN_CELL ? *env : at_check_env_cell(ck, env->where);
        cell.rhythm = env->rhythm;
        cell.based = false;
        at_type found = at_check_expr(ck, &cell, day);
        if (found.kind != AT_T_NONE && found.kind != AT_T_DATE) {
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A1224, day->span, "`ties first by` requires a date, found %.*s",
                            AT_STR_ARG(at_check_type_say(ck, found)));
            at_diag_help(d, "declare the day: `measure reached = max of closed_on from booking`");
        }
    }
    if (symbol && symbol->kind == AT_SYM_BUILTIN && symbol->index == AT_B_RANK) {
        /* Who has no place has no prize, so the value is never missing where it is used. */
        type.optional = false;
        return type;
    }
    if (type.kind == AT_T_NONE) return type;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1223, node->name_span, "`ties` belongs to `rank(…)`");
    at_diag_help(d, "delete `ties …`");
    return at_check_type_make(AT_T_NONE);
}
