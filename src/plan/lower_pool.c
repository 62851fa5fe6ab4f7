/* plan/lower_pool.c: `pool`: the amount of a group, less the parts that other pools take, and how it is
 * divided.
 *
 * Amounts are rounded before anything is taken from them. So a pool and its parts add up to the cent.
 */
#include "plan/lower_int.h"

/* ---- the amount */

static bool is_part_of(const struct at_plan_lowering *L, uint32_t part, uint32_t pool) {
    return L->checked->components[part].parent == (int32_t)pool;
}

/* The amount less the parts whose statements come before component `end`. */
static uint32_t amount_left(struct at_plan_lowering *L, const struct at_plan_ctx *group, uint32_t index,
                            uint32_t end) {
    uint32_t left = at_plan_lower_pool_amount(L, index);
    for (uint32_t part = 0; part < end; part++)
        if (is_part_of(L, part, index))
            left = at_plan_make2(L, group, AT_P_SUB, at_plan_policy_money(L), left,
                                 at_plan_lower_pool_amount(L, part));
    return at_plan_force(L, group, left);
}

/* A part is at least zero, and at most what is left of its pool. */
uint32_t at_plan_lower_pool_amount(struct at_plan_lowering *L, uint32_t index) {
    const struct at_check_component_decl *decl = &L->checked->components[index];
    const struct at_ast_node *outer = L->graph.ast;
    struct at_plan_ctx group = {.grain = AT_G_GROUP,
                                .place = at_plan_group_of_pool(L, decl),
                                .base = decl->from ? decl->from : decl->on};
    group = at_plan_in_rhythm(&group, decl->rhythm);
    if (L->pools[index] != AT_NO_NODE) return L->pools[index];
    L->graph.ast = decl->symbol->node;
    uint32_t when = at_plan_lower_condition(L, &group, decl->when);
    uint32_t amount = at_plan_only_when(L, &group, when, at_plan_lower_expr(L, &group, decl->expr));
    amount = at_plan_round_money(L, &group, at_plan_paid_at_end(L, &group, decl->rhythm, amount));
    if (decl->parent >= 0)
        amount = at_plan_make2(L, &group, AT_P_UPTO, at_plan_policy_money(L), amount,
                               amount_left(L, &group, (uint32_t)decl->parent, index));
    L->graph.ast = outer;
    L->pools[index] = at_plan_force(L, &group, amount);
    return L->pools[index];
}

/* ---- the members */

/* Before the last period of the pool's rhythm, the amount is zero, and what a member has is not known. */
static uint32_t while_divided(struct at_plan_lowering *L, const struct at_plan_ctx *cell,
                              const struct at_check_component_decl *decl, uint32_t value) {
    at_type type = at_plan_node_of(L, value)->type;
    if (!decl->rhythm) return at_plan_force(L, cell, value);
    uint32_t none = type.kind == AT_T_FLAG
                        ? at_plan_graph_flag(&L->graph, false)
                        : at_plan_graph_const(&L->graph, at_plan_value_of_num(type, at_num_int(0)));
    return at_plan_force(L, cell, at_plan_at_end(L, cell, decl->rhythm, value, none));
}

/* Weights are relative: ALLOT divides the amount of the group in proportion to them. A part of a pool has the
 * contributions of its pool. */
static uint32_t lower_weights(struct at_plan_lowering *L, const struct at_check_component_decl *decl) {
    const struct at_ast_node *on = decl->parent < 0 ? decl->on : L->checked->components[decl->parent].on;
    struct at_plan_ctx cell = {.grain = AT_G_CELL, .base = on};
    cell = at_plan_in_rhythm(&cell, decl->rhythm);
    uint32_t weight;
    if (decl->split_expr)
        weight = at_plan_lower_expr(L, &cell, decl->split_expr);
    else if (decl->split == AT_OP_EQUALLY || !on)
        weight = at_plan_graph_number(&L->graph, at_num_int(1));
    else
        weight = at_plan_lower_expr(L, &cell, on);
    return while_divided(L, &cell, decl, weight);
}

static int32_t flags_of(const struct at_plan_lowering *L, const struct at_check_component_decl *decl) {
    int32_t flags = 0;
    if (L->checked->round_unit) flags |= (int32_t)((L->checked->round_unit - 1) << AT_ALLOT_UNIT_SHIFT);
    if (decl->negatives) flags |= AT_ALLOT_NEGATIVES;
    if (decl->ignoring) flags |= AT_ALLOT_IGNORING;
    if (decl->split == AT_OP_SHARES) flags |= AT_ALLOT_SHARES;
    return flags;
}

void at_plan_lower_pool(struct at_plan_lowering *L, uint32_t index, struct at_plan_component *out) {
    const struct at_check_component_decl *decl = &L->checked->components[index];
    struct at_plan_ctx plain = {.grain = AT_G_CELL}, cell = at_plan_in_rhythm(&plain, decl->rhythm),
                       group = {.grain = AT_G_GROUP, .place = at_plan_group_of_pool(L, decl)};
    out->amount = at_plan_lower_pool_amount(L, index);
    if (decl->by_day) {
        out->earned = at_plan_lower_day_pool(L, decl, amount_left(L, &group, index, L->checked->n_components),
                                             flags_of(L, decl));
        return;
    }
    uint32_t in[5] = {amount_left(L, &group, index, L->checked->n_components), lower_weights(L, decl)};
    struct at_plan_node allot = {
        .op = AT_P_ALLOT, .grain = AT_G_CELL, .n_in = 2, .in = in, .type = at_plan_policy_money(L)};
    allot.b = flags_of(L, decl);
    const struct at_ast_node *const clauses[] = {decl->among, decl->limit, decl->have};
    static const int32_t bits[] = {AT_ALLOT_AMONG, AT_ALLOT_LIMIT, AT_ALLOT_LEVEL};
    for (unsigned k = 0; k < 3; k++) {
        uint32_t clause = clauses[k] ? at_plan_lower_expr(L, &cell, clauses[k]) : AT_NO_NODE;
        if (k == 0) clause = at_plan_and_covered(L, decl->rhythm, clause); /* members of the period */
        if (clause == AT_NO_NODE) continue;
        in[allot.n_in++] = while_divided(L, &cell, decl, clause);
        allot.b |= bits[k];
    }
    if (decl->role_field >= 0) allot.a = at_plan_group_of(L, decl->role_field) + 1;
    out->earned = at_plan_graph_add(&L->graph, &allot);
}
