/* plan/lower_cover.c: days of coverage: `applies to … from … to …`, and `covered`.
 *
 * Rows that are earned on other days are left out while tables are read (gather/cover.c). Here is what
 * depends on the period: without a covered day, nothing is earned and no adjustment applies, values to date
 * stay as they are, and groups go on without the payee. What earlier periods have left to be paid is paid.
 */
#include "plan/lower_int.h"

static const struct at_plan_ctx cell = {.grain = AT_G_CELL};

/* `part` of a period: 0 its first day, 1 its last one. */
static uint32_t date_of(struct at_plan_lowering *L, uint16_t table, const struct at_ast_node *date,
                        int part) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = table};
    if (!date) return AT_NO_NODE;
    L->graph.ast = date;
    uint32_t day = at_plan_lower_expr(L, &row, date);
    at_type type = at_plan_node_of(L, day)->type;
    if (type.kind == AT_T_PERIOD) {
        type.kind = AT_T_DATE;
        day = at_plan_graph_map(&L->graph, AT_P_PERIODPART, type, part, 0, NULL, &day, 1);
    }
    return at_plan_force(L, &row, day);
}

void at_plan_lower_covers(struct at_plan_lowering *L) {
    const struct at_check_policy *checked = L->checked;
    L->plan->n_covers = checked->n_covers;
    L->plan->covers = AT_NEW_ARRAY(L->arena, struct at_plan_cover, checked->n_covers + 1);
    for (uint32_t i = 0; i < checked->n_covers; i++) {
        const struct at_check_cover_decl *decl = &checked->covers[i];
        struct at_plan_cover *cover = &L->plan->covers[i];
        *cover = (struct at_plan_cover){decl, date_of(L, decl->table, decl->from, 0),
                                        date_of(L, decl->table, decl->to, 1), AT_NO_NODE};
        if (decl->payee >= 0)
            cover->payee = at_plan_graph_load(&L->graph, decl->table, decl->payee,
                                              checked->schemas[decl->table].fields[decl->payee].type);
    }
}

static uint32_t source(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op) {
    struct at_plan_node wanted = {.op = op, .grain = ctx->grain, .b = ctx->rhythm};
    wanted.type.kind = op == AT_P_COVERLAST ? AT_T_DATE : AT_T_NUMBER;
    if (ctx->grain == AT_G_CREDIT) {
        wanted.place = ctx->place;
        wanted.a = L->feeds.at[ctx->place].stock;
    }
    return at_plan_graph_add(&L->graph, &wanted);
}

static uint32_t days_of_period(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    at_type period = {.kind = AT_T_PERIOD}, number = {.kind = AT_T_NUMBER};
    uint32_t own = ctx->grain == AT_G_CREDIT
                       ? at_plan_item_period(L, ctx)
                       : at_plan_graph_source(&L->graph, AT_P_CELLPERIOD, AT_G_CELL, 0, period);
    if (ctx->rhythm) own = at_plan_make(L, ctx, AT_P_PERIODOF, period, ctx->rhythm - 1, 0, NULL, &own, 1);
    return at_plan_graph_map(&L->graph, AT_P_PERIODPART, number, 2, 0, NULL, &own, 1);
}

uint32_t at_plan_lower_covered(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    if (ctx->grain != AT_G_CELL && ctx->grain != AT_G_CREDIT)
        return at_plan_lower_fail(L, node, "`covered` is not available here");
    if (symbol && symbol->index == 2) return source(L, ctx, AT_P_COVERLAST);
    uint32_t days = source(L, ctx, AT_P_COVERDAYS);
    if (!symbol || symbol->index == 0) return days;
    return at_plan_make2(L, ctx, AT_P_DIV, (at_type){.kind = AT_T_NUMBER}, days, days_of_period(L, ctx));
}

uint32_t at_plan_is_covered(struct at_plan_lowering *L, uint8_t rhythm) {
    struct at_plan_ctx ctx = {.grain = AT_G_CELL, .rhythm = rhythm};
    if (L->checked->n_covers == 0) return AT_NO_NODE;
    const struct at_ast_node *outer = L->graph.ast;
    L->graph.ast = NULL;
    uint32_t none = at_plan_graph_number(&L->graph, at_num_int(0));
    uint32_t covered =
        at_plan_make2(L, &cell, AT_P_LT, (at_type){.kind = AT_T_FLAG}, none, source(L, &ctx, AT_P_COVERDAYS));
    L->graph.ast = outer;
    return covered;
}

uint32_t at_plan_and_covered(struct at_plan_lowering *L, uint8_t rhythm, uint32_t when) {
    uint32_t covered = at_plan_is_covered(L, rhythm);
    if (covered == AT_NO_NODE || when == AT_NO_NODE) return covered == AT_NO_NODE ? when : covered;
    return at_plan_make2(L, &cell, AT_P_AND, (at_type){.kind = AT_T_FLAG}, covered, when);
}

uint32_t at_plan_while_covered(struct at_plan_lowering *L, uint8_t rhythm, int to_date, uint32_t money) {
    if (L->checked->n_covers == 0) return money;
    struct at_plan_node wanted = {.op = AT_P_COVERED,
                                  .grain = AT_G_CELL,
                                  .n_in = 1,
                                  .in = &money,
                                  .a = rhythm,
                                  .b = to_date + 1,
                                  .type = at_plan_policy_money(L)};
    return at_plan_graph_add(&L->graph, &wanted);
}
