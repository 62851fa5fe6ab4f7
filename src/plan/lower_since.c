/* plan/lower_since.c: lowers since(x, day): x of the rows from a day of the payee on, to date.
 *
 * Aggregates in x draw only rows that are dated on or after the day, and are added up over all periods so
 * far. The rest of x is recalculated from them, as it is for `trailing`.
 */
#include "plan/lower_int.h"

static uint32_t is_missing(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t x) {
    return at_plan_make1(L, ctx, AT_P_MISSING, (at_type){.kind = AT_T_FLAG}, x);
}

/* A row with a period counts from the first day of its period. */
uint32_t at_plan_since_mask(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_plan_ctx *credit) {
    const struct at_plan_feed *feed = &L->feeds.at[credit->place];
    at_type flag = {.kind = AT_T_FLAG}, date = {.kind = AT_T_DATE};
    uint32_t day = ctx->since - 1, on = feed->on;
    if (feed->n_to == 0 || feed->to[0].by >= 0)
        return at_plan_lower_fail(L, feed->decl ? feed->decl->on : NULL,
                                  "these rows do not belong to a single payee");
    if (at_plan_node_of(L, on)->type.kind == AT_T_PERIOD)
        on = at_plan_graph_map(&L->graph, AT_P_PERIODPART, date, 0, 0, NULL, &on, 1);
    day = at_plan_bring(L, credit, day);
    uint32_t counts = at_plan_compare(L, credit, AT_P_LE, day, at_plan_bring(L, credit, on));
    if (!at_plan_node_of(L, day)->type.optional) return counts;
    return at_plan_make3(L, credit, AT_P_IF, flag, is_missing(L, credit, day),
                         at_plan_graph_flag(&L->graph, false), counts);
}

uint32_t at_plan_lower_since(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node) {
    struct at_plan_ctx cell = {.grain = AT_G_CELL, .frame = ctx->frame};
    bool summed = L->checked->marks[node->id] & AT_MARK_SUMMED;
    if (ctx->grain == AT_G_GROUP || ctx->since || !at_plan_is_now(ctx))
        return at_plan_lower_fail(L, node, "cannot count from a day here");
    uint32_t day = at_plan_lower_expr(L, &cell, node->child[1]);
    uint8_t grain = at_plan_node_of(L, day)->grain;
    if (grain != AT_G_ROW && grain != AT_G_CONST)
        return at_plan_lower_fail(L, node->child[1], "the day does not belong to the payee");
    struct at_plan_ctx from = cell;
    from.since = day + 1;
    from.time = summed ? AT_TIME_NOW : AT_TIME_TRAILING;
    from.span = AT_SINCE_START;
    uint32_t x = at_plan_lower_expr(L, &from, node->child[0]);
    if (summed) {
        from.time = AT_TIME_TRAILING;
        x = at_plan_accumulate(L, &from, x, at_plan_given_per(L, node->child[0]), 0);
    }
    at_type type = at_plan_node_of(L, x)->type;
    if (!at_plan_node_of(L, day)->type.optional) return x;
    type.optional = true;
    return at_plan_make3(L, &cell, AT_P_IF, type, is_missing(L, &cell, day),
                         at_plan_graph_missing(&L->graph, type), x);
}
