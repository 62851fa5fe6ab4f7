/* plan/constant.c: calculates constants outside the rules: the values of `given` in tests, and of settings.
 */
#include "plan/lower_int.h"

/* Returns in *out the value of a literal, with or without a sign. Literals need no checked policy and may
 * come from anywhere. Texts stay texts, whatever they are given for. */
static bool plain_literal(struct at_plan_lowering *L, const struct at_ast_node *node,
                          struct at_plan_value *out) {
    if (node->kind != AT_N_NEG) return at_plan_literal(L, node, out);
    if (!plain_literal(L, node->child[0], out)) return false;
    bool numeric = out->type.kind == AT_T_NUMBER || out->type.kind == AT_T_MONEY ||
                   out->type.kind == AT_T_FOREIGN || out->type.kind == AT_T_DURATION;
    if (numeric) at_plan_value_put_num(out, at_num_neg(L->arena, at_plan_value_num(out)));
    return numeric;
}

static struct at_plan_lowering *begin(const struct at_plan *plan, struct at_arena *arena,
                                      struct at_diag_list *diags) {
    struct at_plan_lowering *L = AT_NEW(arena, struct at_plan_lowering);
    at_plan_lower_init(L, plan->checked, AT_NEW(arena, struct at_plan), arena, diags);
    return L;
}

/* Params have the values of this plan, which settings may have replaced. */
static void take_params(struct at_plan_lowering *L, const struct at_plan *plan) {
    for (uint32_t i = 0; i < plan->n_params; i++)
        L->params[i] = at_plan_graph_const(&L->graph, plan->params[i]);
}

static const struct at_plan_ctx constant = {.grain = AT_G_CONST};

/* Builds a small plan of its own, so the plan of the policy stays unchanged. */
bool at_plan_constant(const struct at_plan *plan, const struct at_ast_node *expr, struct at_arena *arena,
                      struct at_diag_list *diags, struct at_plan_value *out) {
    struct at_plan_lowering *L = begin(plan, arena, diags);
    if (plain_literal(L, expr, out)) return true;
    /* An expression from outside the policy has no type in the side arrays, so only a literal is
     * possible. */
    if (expr->id >= plan->checked->ast->n_nodes) return false;
    take_params(L, plan);
    const struct at_plan_value *value =
        at_plan_graph_value(&L->graph, at_plan_lower_expr(L, &constant, expr));
    if (value && !L->failed)
        *out = *value;
    else if (!L->failed)
        at_plan_lower_fail(L, expr, "expected a constant, found a value that varies");
    return !L->failed;
}

/* Nodes that read a run have no values outside of it: rows, payees, periods, and exchange rates. */
static bool reads_data(const struct at_plan *plan) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (node->grain != AT_G_CONST || (node->op != AT_P_CONST && !at_plan_is_map(node->op))) return true;
    }
    return false;
}

struct at_plan *at_plan_once(const struct at_plan *plan, const struct at_ast_node *expr,
                             struct at_arena *arena, struct at_diag_list *diags, uint32_t *root) {
    struct at_plan_lowering *L = begin(plan, arena, diags);
    take_params(L, plan);
    *root = at_plan_lower_expr(L, &constant, expr);
    if (!L->failed && reads_data(L->plan))
        at_plan_lower_fail(L, expr, "expected a constant, found a value that varies");
    return L->failed ? NULL : L->plan;
}
