/* plan/lower_opening.c: `opening balances.amount`: the sum of a payee's rows that have the name of the draw.
 * A row whose name no draw of the policy reads would be lost, so it is a requirement that is not met. */
#include "plan/lower_int.h"

static uint32_t load(struct at_plan_lowering *L, uint16_t table, int32_t field) {
    return at_plan_graph_load(&L->graph, table, field, L->checked->schemas[table].fields[field].type);
}

/* Whether the row has the name of the draw. */
static uint32_t is_of(struct at_plan_lowering *L, const struct at_check_draw_decl *draw) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = draw->rows.table};
    uint32_t name = at_plan_graph_const(&L->graph, at_plan_value_of_text(draw->symbol->node->text));
    return at_plan_compare(L, &row, AT_P_EQ, load(L, draw->rows.table, draw->rows.names), name);
}

uint32_t at_plan_lower_opening(struct at_plan_lowering *L, const struct at_check_draw_decl *draw) {
    const struct at_check_opening *rows = &draw->rows;
    struct at_check_feed_decl *decl = AT_NEW(L->arena, struct at_check_feed_decl);
    struct at_plan_recipient *to = AT_NEW(L->arena, struct at_plan_recipient);
    *decl = (struct at_check_feed_decl){.node = draw->symbol->node, .table = rows->table};
    *to = (struct at_plan_recipient){load(L, rows->table, rows->payee), AT_NO_NODE, false, -1};
    struct at_plan_feed feed = {.decl = decl,
                                .table = rows->table,
                                .where = is_of(L, draw),
                                .on = AT_NO_NODE,
                                .event = AT_NO_NODE,
                                .known = AT_NO_NODE,
                                .until = AT_NO_NODE,
                                .n_to = 1,
                                .to = to,
                                .date = AT_NO_NODE,
                                .day = AT_NO_NODE,
                                .key = AT_NO_NODE};
    struct at_plan_ctx credit = {.grain = AT_G_CREDIT, .place = at_plan_feed_add(L, &feed)};
    uint32_t amount = load(L, rows->table, rows->amount);
    at_type type = at_plan_node_of(L, amount)->type;
    return at_plan_graph_aggregate(&L->graph, AT_P_SUM, (uint16_t)credit.place, AT_G_ROW, 0, type,
                                   at_plan_bring(L, &credit, amount), AT_NO_NODE);
}

/* Payees whom the policy does not cover may have rows of the draws of other policies. */
static uint32_t or_uncovered(struct at_plan_lowering *L, const struct at_plan_ctx *row,
                             const struct at_check_draw_decl *draw, uint32_t known) {
    at_type flag = {.kind = AT_T_FLAG};
    if (!L->checked->applies) return known;
    uint32_t payee = load(L, draw->rows.table, draw->rows.payee);
    uint32_t covered = at_plan_graph_follow(&L->graph, L->plan->applies, payee);
    return at_plan_make2(L, row, AT_P_OR, flag, known, at_plan_make1(L, row, AT_P_NOT, flag, covered));
}

static void require(struct at_plan_lowering *L, const struct at_check_draw_decl *draw, uint32_t known) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = draw->rows.table};
    struct at_check_require_decl *decl = AT_NEW(L->arena, struct at_check_require_decl);
    struct at_ast_node *node = AT_NEW(L->arena, struct at_ast_node);
    *node = *draw->opening;
    node->kind = AT_N_REQUIRE;
    node->text = at_str_format(L->arena, "the `balance` of a row is not the name of a draw that reads `%.*s`",
                               AT_STR_ARG(L->checked->schemas[draw->rows.table].name));
    *decl = (struct at_check_require_decl){
        .node = node, .cond = draw->opening, .grain = AT_G_ROW, .table = draw->rows.table};
    L->plan->requires[L->plan->n_requires++] = (struct at_plan_require){
        .decl = decl, .cond = at_plan_force(L, &row, or_uncovered(L, &row, draw, known))};
}

/* One for each table, by the first draw that reads it. */
void at_plan_lower_openings(struct at_plan_lowering *L) {
    const struct at_check_draw_decl *draws = L->checked->draws;
    at_type flag = {.kind = AT_T_FLAG};
    bool *done = AT_NEW_ARRAY(L->arena, bool, L->checked->n_schemas + 1);
    for (uint32_t i = 0; i < L->checked->n_draws; i++) {
        if (!draws[i].rows.given || done[draws[i].rows.table]) continue;
        struct at_plan_ctx row = {.grain = AT_G_ROW, .place = draws[i].rows.table};
        uint32_t known = is_of(L, &draws[i]);
        for (uint32_t k = i + 1; k < L->checked->n_draws; k++)
            if (draws[k].rows.given && draws[k].rows.table == draws[i].rows.table)
                known = at_plan_make2(L, &row, AT_P_OR, flag, known, is_of(L, &draws[k]));
        done[draws[i].rows.table] = true;
        require(L, &draws[i], known);
    }
}
