/* plan/lower_line.c: lowers `commission of deal.pilot`, the lines of a component for another row.
 *
 * In `-2 * commission of pilot`, the grammar makes a product the first operand of `of`. Its last factor is
 * the name, and only this name means the lines.
 */
#include "plan/lower_int.h"

uint32_t at_plan_lower_line(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *of) {
    struct at_plan_ctx inner = *ctx;
    inner.line = of;
    return at_plan_lower_expr(L, &inner, of->child[0]);
}

/* What each row adds to a component `by booking in order`. All rows have one, zero or not. */
static uint32_t parts_in_order(struct at_plan_lowering *L, const struct at_check_component_decl *decl) {
    uint32_t feed = at_plan_feed_of(L, (uint32_t)decl->by_feed);
    struct at_plan_ctx credit = {.grain = AT_G_CREDIT, .place = at_plan_feed_each(L, feed, decl->rhythm)};
    credit = at_plan_in_rhythm(&credit, decl->rhythm);
    uint32_t part = at_plan_lower_added(L, &credit, decl);
    return at_plan_node_of(L, part)->grain == AT_G_CREDIT ? part : at_plan_bring(L, &credit, part);
}

/* What the sum of the lines masks, it masks here: rows without a line, and exceptions of rows that are not
 * paid. */
uint32_t at_plan_lower_line_name(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    const struct at_ast_node *of = ctx->line, *outer = L->graph.ast;
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, at_check_line_name(of));
    struct at_plan_ctx plain = *ctx;
    plain.line = NULL;
    if (ctx->grain != AT_G_CREDIT || !symbol || symbol->kind != AT_SYM_COMPONENT)
        return at_plan_lower_fail(L, of, "the line of another row is not available here");
    const struct at_plan_component *component = at_plan_lower_component(L, symbol->index);
    uint32_t lines = component->decl->in_order ? parts_in_order(L, component->decl) : component->lines;
    if (lines == AT_NO_NODE) return at_plan_lower_fail(L, of, "expected a component with lines");
    L->graph.ast = of;
    uint32_t in[3] = {lines, at_plan_force(L, ctx, at_plan_lower_expr(L, &plain, of->child[1]))};
    struct at_plan_node wanted = {.op = AT_P_LINEOF,
                                  .grain = AT_G_CREDIT,
                                  .place = ctx->place,
                                  .a = at_plan_node_of(L, lines)->place,
                                  .b = (int32_t)symbol->index,
                                  .n_in = 2,
                                  .in = in,
                                  .type = at_plan_policy_money(L)};
    const struct at_plan_node *sum = at_plan_node_of(L, component->earned);
    bool masked = component->lines != AT_NO_NODE && sum->op == AT_P_SUM && sum->n_in > 1;
    if (masked) in[wanted.n_in++] = sum->in[1];
    wanted.type.optional = at_plan_node_of(L, in[1])->type.optional;
    uint32_t id = at_plan_graph_add(&L->graph, &wanted);
    at_plan_lower_site(L, ctx, id, of, NULL);
    L->graph.ast = outer;
    return id;
}
