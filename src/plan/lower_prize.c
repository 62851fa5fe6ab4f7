/* plan/lower_prize.c: `rank(m) ties share`, and the prizes that it chooses.
 *
 * A prize is lowered twice as far as places go: in the context `prize`, payees who tie have different places,
 * so that each place of theirs is given once. PRIZE then adds up what these places give and divides it.
 * Outside, a place is the rank that they share.
 */
#include "plan/lower_int.h"

uint32_t at_plan_lower_rank(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *call, const struct at_ast_node *ties) {
    struct at_plan_ctx cell = *ctx;
    bool first = ties && ties->op == AT_OP_TIES_FIRST,
         apart = ties && ctx->prize && ties->op != AT_OP_TIES_ALL;
    const struct at_ast_node *last = call->n ? call->child[call->n - 1] : NULL;
    cell.grain = AT_G_CELL;
    cell.place = 0;
    cell.prize = false;
    cell.base = NULL;
    uint32_t in[2] = {at_plan_force(L, &cell, at_plan_lower_expr(L, &cell, call->child[0]))};
    uint32_t where =
        last && last->kind == AT_N_WHERE ? at_plan_lower_expr(L, &cell, last->child[0]) : AT_NO_NODE;
    where = at_plan_and_covered(L, ctx->rhythm, where); /* only members of the period are ranked */
    if (where != AT_NO_NODE) {
        const struct at_ast_node *outer = L->graph.ast;
        L->graph.ast = call->child[0]; /* explanations name what is ranked */
        at_type type = at_plan_node_of(L, in[0])->type;
        type.optional = true;
        in[0] = at_plan_force(
            L, &cell,
            at_plan_make3(L, &cell, AT_P_IF, type, where, in[0], at_plan_graph_missing(&L->graph, type)));
        L->graph.ast = outer;
    }
    if (first) in[1] = at_plan_force(L, &cell, at_plan_lower_expr(L, &cell, ties->child[1]));
    struct at_plan_node wanted = {.op = AT_P_RANK,
                                  .grain = AT_G_CELL,
                                  .n_in = first ? 2 : 1,
                                  .in = in,
                                  .a = at_plan_group_of(L, L->checked->groups[call->id]),
                                  .b = (call->flags & AT_F_IGNORING ? AT_RANK_IGNORING : 0) |
                                       (apart ? AT_RANK_APART : 0),
                                  .type = {.kind = AT_T_NUMBER}};
    return at_plan_graph_add(&L->graph, &wanted);
}

uint32_t at_plan_lower_ties(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    if (ctx->grain == AT_G_GROUP) return at_plan_lower_fail(L, node, "`rank` needs a single payee");
    return at_plan_lower_rank(L, ctx, node->child[0], node);
}

/* The rank of a place. A condition on one may be a measure, so names are followed to the rank itself. */
static uint32_t lower_place(struct at_plan_lowering *L, struct at_plan_ctx cell,
                            const struct at_ast_node *place) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, place);
    while (place->kind == AT_N_NAME && symbol && at_plan_type_of(L, place).kind != AT_T_NUMBER) {
        const struct at_check_measure_decl *measure = &L->checked->measures[symbol->index];
        if (measure->rhythm != cell.rhythm) cell = at_plan_in_rhythm(&cell, measure->rhythm);
        place = at_check_place(L->checked, measure->expr);
        symbol = at_plan_symbol_of(L, place);
    }
    return at_plan_force(L, &cell, at_plan_lower_expr(L, &cell, place));
}

uint32_t at_plan_lower_shared(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *prize, uint32_t each) {
    struct at_plan_ctx cell = *ctx;
    const struct at_ast_node *place = at_check_prize_place(L->checked, prize),
                             *ties = at_check_place_ties(L->checked, place);
    if (!ties) return at_plan_lower_fail(L, prize, "this prize does not have a place");
    cell.grain = AT_G_CELL;
    cell.place = 0;
    cell.prize = false;
    cell.base = NULL;
    uint32_t in[2] = {at_plan_force(L, &cell, each), lower_place(L, cell, place)};
    struct at_plan_node wanted = {.op = AT_P_PRIZE,
                                  .grain = AT_G_CELL,
                                  .n_in = 2,
                                  .in = in,
                                  .a = at_plan_group_of(L, L->checked->groups[ties->child[0]->id]),
                                  .type = at_plan_node_of(L, in[0])->type};
    wanted.type.optional = false;
    wanted.b =
        ties->op == AT_OP_TIES_ALL
            ? -1
            : at_plan_rounding(L->checked->rounding, L->checked->round_unit ? L->checked->round_unit : 1);
    return at_plan_graph_add(&L->graph, &wanted);
}

uint32_t at_plan_lower_prize(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node) {
    if (ctx->grain == AT_G_GROUP) return at_plan_lower_fail(L, node, "a prize needs a single payee");
    struct at_plan_ctx each = *ctx;
    each.grain = AT_G_CELL;
    each.place = 0;
    each.prize = true;
    each.base = NULL;
    return at_plan_lower_shared(L, &each, node, at_plan_lower_expr(L, &each, node));
}
