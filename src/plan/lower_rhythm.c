/* plan/lower_rhythm.c: `each quarter`: what is calculated once in a longer period than the policy's.
 *
 * In the context of such a statement, aggregates and components are to date in the quarter. In its last
 * period they are those of the quarter, and only this period counts: at_plan_at_end leaves the others out, so
 * that what cannot be calculated yet is not an exception. Rows that read values of the quarter, or are lines
 * of a `per` component, count in its last period: they are a feed of their own.
 */
#include "plan/lower_int.h"

struct at_plan_ctx at_plan_in_rhythm(const struct at_plan_ctx *ctx, uint8_t rhythm) {
    struct at_plan_ctx out = *ctx;
    if (!rhythm) return out;
    out.rhythm = rhythm;
    out.time = AT_TIME_TODATE;
    out.span = rhythm - 1;
    return out;
}

bool at_plan_is_now(const struct at_plan_ctx *ctx) {
    if (!ctx->rhythm) return ctx->time == AT_TIME_NOW;
    return ctx->time == AT_TIME_TODATE && ctx->span == ctx->rhythm - 1;
}

/* A range without an end ends with the last day of the calendar. */
static uint32_t last_period(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t at,
                            uint8_t rhythm) {
    at_type period = {.kind = AT_T_PERIOD, .optional = true};
    uint32_t in[3] = {at, at_plan_graph_const(&L->graph, at_plan_value_of_day(L->checked->from)),
                      at_plan_graph_const(&L->graph, at_plan_value_of_day(L->checked->to))};
    return at_plan_make(L, ctx, AT_P_PERIODLAST, period, rhythm - 1, 0, NULL, in, 3);
}

uint32_t at_plan_is_end(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint8_t rhythm) {
    at_type period = {.kind = AT_T_PERIOD};
    if (!rhythm) return AT_NO_NODE;
    uint32_t own =
        at_plan_graph_source(&L->graph, AT_P_CELLPERIOD, (enum at_check_grain)ctx->grain, ctx->place, period);
    return at_plan_make2(L, ctx, AT_P_EQ, (at_type){.kind = AT_T_FLAG}, own,
                         last_period(L, ctx, own, rhythm));
}

uint32_t at_plan_at_end(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint8_t rhythm,
                        uint32_t value, uint32_t other) {
    if (!rhythm) return value;
    at_type type = at_plan_node_of(L, value)->type;
    type.optional |= at_plan_node_of(L, other)->type.optional;
    return at_plan_make3(L, ctx, AT_P_IF, type, at_plan_is_end(L, ctx, rhythm), value, other);
}

uint32_t at_plan_paid_at_end(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint8_t rhythm,
                             uint32_t money) {
    struct at_plan_value zero = at_plan_value_of_num(at_plan_policy_money(L), at_num_int(0));
    return at_plan_at_end(L, ctx, rhythm, money, at_plan_graph_const(&L->graph, zero));
}

uint16_t at_plan_feed_each(struct at_plan_lowering *L, uint32_t feed, uint8_t rhythm) {
    struct at_plan_feed other = L->feeds.at[feed];
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = other.table};
    if (!rhythm || other.on == AT_NO_NODE) return (uint16_t)feed;
    other.event = other.on;
    other.on = at_plan_force(L, &row, last_period(L, &row, other.on, rhythm));
    other.date = AT_NO_NODE;
    return at_plan_feed_add(L, &other);
}

struct search {
    const struct at_plan_lowering *L;
    bool found;
};

static bool visit(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    const struct at_check_symbol *symbol = at_plan_symbol_of(search->L, node);
    search->found |= symbol && (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT ||
                                symbol->kind == AT_SYM_PERIOD || symbol->kind == AT_SYM_COVERED ||
                                symbol->kind == AT_SYM_TOTAL);
    return !search->found;
}

bool at_plan_reads_cells(const struct at_plan_lowering *L, const struct at_check_measure_decl *measure) {
    struct search search = {L, false};
    if (measure->where) at_ast_walk(measure->where, visit, &search);
    if (measure->value) at_ast_walk(measure->value, visit, &search);
    return search.found;
}

uint32_t at_plan_lower_as_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node) {
    struct at_plan_ctx cell = *ctx;
    if (at_plan_names_dated(L, node)) return at_plan_lower_dated_as_of(L, ctx, node);
    if (ctx->grain == AT_G_CREDIT) cell.grain = AT_G_CELL, cell.place = 0;
    /* The checker refuses it: a value to date would be built on one of another year. */
    if (!at_plan_is_now(ctx)) return at_plan_lower_fail(L, node, "cannot be recalculated to date");
    uint32_t in[2] = {at_plan_force(L, &cell, at_plan_lower_expr(L, &cell, node->child[0])),
                      at_plan_force(L, ctx, at_plan_lower_expr(L, ctx, node->child[1]))};
    struct at_plan_node wanted = {.op = AT_P_ASOF,
                                  .grain = ctx->grain,
                                  .place = ctx->place,
                                  .n_in = 2,
                                  .in = in,
                                  .a = ctx->rhythm,
                                  .b = L->checked->to,
                                  .type = at_plan_node_of(L, in[0])->type};
    wanted.type.optional = true;
    return at_plan_graph_add(&L->graph, &wanted);
}
