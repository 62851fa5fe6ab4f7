/* plan/lower_history.c: lowers dated fields of payees: the row of a history that is valid on a day, and its
 * field.
 *
 * The day is that of `as of`, of the credited row (a period counts with its last day), or the last day of the
 * cell's period. A day without a row is an exception, except where the field is optional or the policy
 * asks whether the value is missing.
 */
#include "plan/lower_int.h"

bool at_plan_is_dated_field(const struct at_plan_lowering *L, uint32_t table, uint32_t field) {
    return field >= L->checked->schemas[table].n_fields;
}

bool at_plan_names_dated(const struct at_plan_lowering *L, const struct at_ast_node *node) {
    if (node && node->kind == AT_N_ASOF) node = node->child[0];
    const struct at_check_symbol *symbol = node ? at_plan_symbol_of(L, node) : NULL;
    return symbol && symbol->kind == AT_SYM_FIELD && at_plan_is_dated_field(L, symbol->table, symbol->index);
}

/* The last day of a period. */
uint32_t at_plan_day_at_end(struct at_plan_lowering *L, uint32_t day) {
    if (at_plan_node_of(L, day)->type.kind != AT_T_PERIOD) return day;
    return at_plan_graph_map(&L->graph, AT_P_PERIODPART, (at_type){.kind = AT_T_DATE}, 1, 0, NULL, &day, 1);
}

/* The date by which an item counts; of a period, the last day of that in which it counts. */
static uint32_t day_of_item(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    const struct at_plan_feed *feed = &L->feeds.at[ctx->place];
    uint32_t on = feed->event == AT_NO_NODE ? feed->on : feed->event;
    if (on == AT_NO_NODE || at_plan_node_of(L, on)->type.kind != AT_T_DATE)
        return at_plan_day_at_end(L, at_plan_item_period(L, ctx));
    bool own = feed->table == L->graph.payee_table && !at_plan_is_plain(L, on);
    return own ? at_plan_graph_take(&L->graph, on, ctx->place) : on;
}

static uint32_t day_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                       const struct at_ast_node *node) {
    if (ctx->day) return ctx->day - 1;
    if (ctx->grain == AT_G_CREDIT) return day_of_item(L, ctx);
    if (at_plan_is_stay(L, ctx)) return at_plan_stay_last(L, ctx);
    if (ctx->grain == AT_G_CELL) return at_plan_day_at_end(L, at_plan_period_of(L, ctx, node));
    return at_plan_lower_fail(L, node, "this changes over time, and there is no day here");
}

uint32_t at_plan_lower_dated(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node, uint32_t reference, uint32_t field) {
    const struct at_schema_field *dated = &L->checked->schemas[L->graph.payee_table].fields[field];
    uint32_t in[2] = {reference, day_of(L, ctx, node)};
    bool missing = ctx->no_row || dated->type.optional;
    at_type type = {.kind = AT_T_REF, .table = dated->dated_table, .optional = missing};
    type.optional |= at_plan_node_of(L, reference)->type.optional;
    uint32_t row = at_plan_make(L, ctx, AT_P_DATEDROW, type, 0, !missing, NULL, in, 2);
    uint32_t column = at_plan_graph_load(&L->graph, dated->dated_table, dated->dated_field, dated->type);
    return at_plan_graph_follow(&L->graph, column, row);
}

uint32_t at_plan_lower_missing_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                  const struct at_ast_node *node) {
    struct at_plan_ctx own = *ctx;
    own.no_row = at_plan_names_dated(L, node);
    return at_plan_lower_expr(L, &own, node);
}

uint32_t at_plan_lower_dated_as_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                   const struct at_ast_node *node) {
    struct at_plan_ctx plain = *ctx, own = *ctx;
    plain.no_row = false;
    own.day = at_plan_day_at_end(L, at_plan_lower_expr(L, &plain, node->child[1])) + 1;
    return at_plan_lower_expr(L, &own, node->child[0]);
}

/* The payee whose field is meant: that of the cell, or whom a reference names at the end of the period. */
static uint32_t owner_of(struct at_plan_lowering *L, const struct at_plan_ctx *cell,
                         const struct at_ast_node *x) {
    const struct at_ast_node *base = x->kind == AT_N_MEMBER ? x->child[0] : NULL;
    const struct at_check_symbol *table = base ? at_plan_symbol_of(L, base) : NULL;
    bool own = !base || (base->kind == AT_N_NAME && table && table->kind == AT_SYM_TABLE);
    return own ? at_plan_payee_of(L, cell) : at_plan_force(L, cell, at_plan_lower_expr(L, cell, base));
}

uint32_t at_plan_lower_prorated(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_ast_node *node) {
    const struct at_ast_node *x = node->child[0];
    struct at_plan_ctx cell = {.grain = AT_G_CELL, .rhythm = ctx->rhythm, .frame = ctx->frame};
    if (!at_plan_names_dated(L, x)) return at_plan_lower_fail(L, x, "this does not change by day");
    uint32_t field = at_plan_symbol_of(L, x)->index, period = at_plan_period_of(L, &cell, node);
    const struct at_schema_field *dated = &L->checked->schemas[L->graph.payee_table].fields[field];
    at_type day = {.kind = AT_T_DATE}, type = dated->type;
    uint32_t in[3] = {owner_of(L, &cell, x),
                      at_plan_graph_map(&L->graph, AT_P_PERIODPART, day, 0, 0, NULL, &period, 1),
                      at_plan_day_at_end(L, period)};
    type.optional = at_plan_node_of(L, in[0])->type.optional;
    uint32_t id =
        at_plan_make(L, &cell, AT_P_DATEDMEAN, type, dated->dated_table, dated->dated_field, NULL, in, 3);
    return ctx->grain == AT_G_GROUP ? at_plan_of_members(L, ctx, AT_P_GROUPSUM, id, -1) : id;
}
