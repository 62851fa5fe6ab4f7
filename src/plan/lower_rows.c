/* plan/lower_rows.c: rows of a row: gathered once for the whole table that they refer to, and followed from
 * each row. */
#include "plan/lower_int.h"

struct gathered {
    struct at_plan_ctx rows;
    uint32_t reference, mask; /* AT_NO_NODE: all */
    uint16_t target;
};

static uint32_t gather(struct at_plan_lowering *L, const struct gathered *g, enum at_plan_gather how,
                       uint32_t value, at_type type) {
    uint32_t in[3] = {g->reference};
    uint16_t n = 1;
    if (how != AT_GATHER_COUNT) in[n++] = value;
    if (g->mask != AT_NO_NODE) in[n++] = g->mask;
    type.optional = how == AT_GATHER_LEAST || how == AT_GATHER_MOST;
    struct at_plan_node wanted = {.op = AT_P_GATHER,
                                  .grain = AT_G_ROW,
                                  .place = g->target,
                                  .a = (int32_t)how,
                                  .b = g->mask != AT_NO_NODE,
                                  .n_in = n,
                                  .in = in,
                                  .type = type};
    return at_plan_graph_add(&L->graph, &wanted);
}

/* A sum by a count, both of the whole table. Without rows, the average is missing. */
static uint32_t average(struct at_plan_lowering *L, const struct gathered *g, uint32_t value, at_type type) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = g->target};
    uint32_t sum = gather(L, g, AT_GATHER_SUM, value, type),
             count = gather(L, g, AT_GATHER_COUNT, AT_NO_NODE, (at_type){.kind = AT_T_NUMBER});
    uint32_t none = at_plan_compare(L, &row, AT_P_EQ, count, at_plan_graph_number(&L->graph, at_num_int(0)));
    uint32_t mean = at_plan_make2(L, &row, AT_P_DIV, type, sum, count);
    type.optional = true;
    return at_plan_make3(L, &row, AT_P_IF, type, none, at_plan_graph_missing(&L->graph, type), mean);
}

/* The row whose rows are meant: the current one, or one that a field of it names. */
static uint32_t current(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                        const struct at_ast_node *node, int32_t own, uint16_t target) {
    uint16_t table = ctx->grain == AT_G_CREDIT ? L->feeds.at[ctx->place].table : (uint16_t)ctx->place;
    if (own >= 0) return at_plan_lower_field(L, ctx, node, table, (uint32_t)own);
    at_type type = {.kind = AT_T_REF, .table = target};
    uint32_t id = at_plan_graph_source(&L->graph, AT_P_ROWNUM, AT_G_ROW, table, type);
    bool payees = ctx->grain == AT_G_CREDIT && table == L->graph.payee_table;
    return payees ? at_plan_graph_take(&L->graph, id, ctx->place) : id;
}

uint32_t at_plan_lower_rows(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node, enum at_check_builtin_id which) {
    int32_t index = L->checked->groups[node->id];
    if ((ctx->grain != AT_G_ROW && ctx->grain != AT_G_CREDIT) || index < 0)
        return at_plan_lower_fail(L, node, "rows of a row need a current row");
    const struct at_check_rows_decl *rows = &L->checked->rows[index];
    at_type to = L->checked->schemas[rows->table].fields[rows->field].type;
    struct gathered g = {
        .rows = {.grain = AT_G_ROW, .place = rows->table}, .mask = AT_NO_NODE, .target = to.table};
    g.reference = at_plan_graph_load(&L->graph, rows->table, rows->field, to);
    if (rows->where) g.mask = at_plan_bring(L, &g.rows, at_plan_lower_expr(L, &g.rows, rows->where));
    uint32_t value = AT_NO_NODE, id;
    at_type type = {.kind = AT_T_NUMBER};
    if (rows->value) {
        value = at_plan_bring(L, &g.rows, at_plan_lower_expr(L, &g.rows, rows->value));
        type = at_plan_node_of(L, value)->type;
        type.optional = false;
    }
    switch (which) {
    case AT_B_SUM: id = gather(L, &g, AT_GATHER_SUM, value, type); break;
    case AT_B_MIN: id = gather(L, &g, AT_GATHER_LEAST, value, type); break;
    case AT_B_MAX: id = gather(L, &g, AT_GATHER_MOST, value, type); break;
    case AT_B_AVERAGE: id = average(L, &g, value, type); break;
    default: id = gather(L, &g, AT_GATHER_COUNT, value, type);
    }
    return at_plan_graph_follow(&L->graph, id, current(L, ctx, node, rows->own, g.target));
}
