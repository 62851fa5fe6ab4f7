/* plan/lower_time.c: values to date and trailing: the sums of periods that they are calculated from.
 *
 * A context with a time means that every aggregate and every component in an expression is to date or
 * trailing, and everything else is as it is in the period. So a formula is recalculated, whether it has a
 * name or not. check/reading.c decides where the values of the periods are summed instead.
 */
#include "plan/lower_int.h"

enum { ANY = -2, NOT = -1, MIXED = 9 }; /* else: enum at_period_kind for which a value is given once */

static int8_t given(struct at_plan_lowering *L, const struct at_ast_node *node);

/* Two values that are given for different kinds of period have no common DELTA: the result is mixed. */
static int8_t join(int8_t a, int8_t b) {
    if (a == b || b == ANY) return a;
    return a == ANY ? b : MIXED;
}

/* A byte in which 0 means that it is not known yet. */
static int8_t given_measure(struct at_plan_lowering *L, uint32_t index) {
    const struct at_check_measure_decl *measure = &L->checked->measures[index];
    if (L->given[index]) return (int8_t)(L->given[index] - 8);
    L->given[index] = NOT + 8; /* for a measure that reads its own past */
    int8_t once = NOT;
    if (measure->aggregate) {
        const struct at_plan_feed *feed = &L->feeds.at[measure->feed];
        bool adds = measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT;
        if (adds && feed->spread == AT_OP_PER) once = (int8_t)feed->spread_kind;
    } else {
        once = given(L, measure->expr);
    }
    L->given[index] = (uint8_t)(once + 8);
    return once;
}

/* Only sums and multiples keep what a value is given for. */
static int8_t given(struct at_plan_lowering *L, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NAME:
        if (symbol && symbol->kind == AT_SYM_MEASURE) return given_measure(L, symbol->index);
        return symbol && (symbol->kind == AT_SYM_COMPONENT || symbol->kind == AT_SYM_TOTAL) ? NOT : ANY;
    case AT_N_NUMBER:
    case AT_N_MONEY:
    case AT_N_MEMBER: return ANY;
    case AT_N_NEG: return given(L, node->child[0]);
    case AT_N_OF:
    case AT_N_ARITH: return join(given(L, node->child[0]), given(L, node->child[1]));
    default: return NOT;
    }
}

int8_t at_plan_given_per(struct at_plan_lowering *L, const struct at_ast_node *node) {
    int8_t once = given(L, node);
    return once >= AT_WEEK && once <= AT_YEAR ? once : -1;
}

/* Whether payees can be in other groups in other periods. */
static bool members_move(const struct at_plan_lowering *L, const struct at_plan_node *node) {
    int32_t field = L->groups.at[node->place].field;
    return field >= 0 && at_plan_is_dated_field(L, L->graph.payee_table, (uint32_t)field);
}

uint32_t at_plan_over_periods(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t value) {
    static const struct at_plan_ctx cell = {.grain = AT_G_CELL};
    const struct at_plan_node *node = at_plan_node_of(L, value);
    if (ctx->grain == AT_G_GROUP) return node->grain == AT_G_GROUP ? value : at_plan_force(L, ctx, value);
    return node->grain == AT_G_GROUP && !members_move(L, node) ? value : at_plan_force(L, &cell, value);
}

uint32_t at_plan_accumulate(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t now,
                            int8_t once, int32_t how) {
    now = at_plan_over_periods(L, ctx, now);
    /* ANY, NOT, and MIXED are outside this range. */
    bool given_once = once >= AT_WEEK && once <= AT_YEAR;
    if (ctx->time == AT_TIME_TODATE) {
        if (ctx->span <= L->checked->calendar.period_kind) return now; /* the period is all there is of it */
        if (given_once && once >= ctx->span) return now;               /* one value for all of it */
    }
    /* The value is repeated in each period of its span. DELTA keeps it in the first one only, so
     * the sum counts it once. */
    if (given_once && once > L->checked->calendar.period_kind)
        now = at_plan_graph_scan(&L->graph, AT_P_DELTA, now, once, 0);
    if (ctx->time == AT_TIME_TODATE) return at_plan_graph_scan(&L->graph, AT_P_TODATE, now, ctx->span, how);
    return at_plan_graph_scan(&L->graph, AT_P_TRAILING, now, ctx->span, how + 4 * ctx->rhythm);
}
