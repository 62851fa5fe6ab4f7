/* plan/lower_cumulative.c: `per booking cumulative over year`: each row pays what it adds to the pay to date.
 *
 * f is the formula at a running total: that of the payee's rows in the span, by date, then by key, with or
 * without the row itself. A row pays f with it less f without it, at the values of its own row and period.
 * The lines of the span add up to the rounded sum: each is the rounded sum so far, less the rounded sum
 * before it. A total to date is that of earlier periods in the span, and of the rows before this one in the
 * cell.
 */
#include "plan/lower_int.h"

uint32_t at_plan_lower_before_each(struct at_plan_lowering *L, const struct at_plan_ctx *credit, int32_t span,
                                   uint32_t when, uint32_t value) {
    at_type type = at_plan_node_of(L, value)->type;
    type.optional = false;
    uint32_t cell = at_plan_graph_aggregate(&L->graph, AT_P_SUM, credit->place, AT_G_CELL, 0, type, value,
                                            at_plan_mask_of_lines(L, credit, when, value));
    struct at_plan_ctx cells = {.grain = AT_G_CELL};
    uint32_t todate = at_plan_graph_scan(&L->graph, AT_P_TODATE, cell, span, 0);
    uint32_t earlier = at_plan_bring(L, credit, at_plan_make2(L, &cells, AT_P_SUB, type, todate, cell));
    return at_plan_make2(L, credit, AT_P_ADD, type, earlier, at_plan_running_of(L, credit, value));
}

/* Rows that the condition leaves out have no line, and do not count. */
static uint32_t counted(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                        uint32_t value) {
    at_type type = at_plan_node_of(L, value)->type;
    type.optional = false;
    if (when != AT_NO_NODE) {
        uint32_t zero = at_plan_graph_const(&L->graph, at_plan_value_of_num(type, at_num_int(0)));
        value = at_plan_make3(L, credit, AT_P_IF, type, when, value, zero);
    }
    return at_plan_force(L, credit, value);
}

/* What the formula takes in place of the amounts of the row. */
struct totals {
    struct at_plan_total_of before, after;
};

static void add_total(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                      uint32_t value, uint32_t *before, uint32_t *after) {
    value = counted(L, credit, when, value);
    *before = at_plan_lower_before_each(L, credit, credit->span, when, value);
    at_type type = at_plan_node_of(L, *before)->type;
    *after = at_plan_make2(L, credit, AT_P_ADD, type, *before, value);
}

static struct totals totals_of(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                               const struct at_check_component_decl *decl) {
    struct totals totals = {{AT_NO_NODE, AT_NO_NODE}, {AT_NO_NODE, AT_NO_NODE}};
    struct at_plan_ctx row = *credit;
    row.base = NULL;
    if (at_plan_has_amount(L, credit))
        add_total(L, credit, when, at_plan_lower_amount(L, credit, decl->symbol->node), &totals.before.amount,
                  &totals.after.amount);
    if (decl->on)
        add_total(L, credit, when, at_plan_lower_expr(L, &row, decl->on), &totals.before.base,
                  &totals.after.base);
    return totals;
}

static uint32_t formula_at(struct at_plan_lowering *L, const struct at_plan_ctx *credit,
                           const struct at_plan_total_of *totals, const struct at_ast_node *expr) {
    struct at_plan_ctx at = *credit;
    at.totals = totals;
    return at_plan_lower_expr(L, &at, expr);
}

/* The same as a constant of zero: what the formula gives before the first row. */
static bool is_zero(struct at_plan_lowering *L, uint32_t id) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, id);
    return value && !value->missing && at_num_is_zero(at_plan_value_num(value));
}

/* A payee without a total has earned nothing, whatever the formula gives for zero. */
static uint32_t unless_none(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t total,
                            uint32_t earned) {
    at_type type = at_plan_node_of(L, total)->type, money = at_plan_policy_money(L);
    uint32_t zero = at_plan_graph_const(&L->graph, at_plan_value_of_num(type, at_num_int(0)));
    uint32_t nothing = at_plan_graph_const(&L->graph, at_plan_value_of_num(money, at_num_int(0)));
    return at_plan_make3(L, credit, AT_P_IF, money, at_plan_compare(L, credit, AT_P_EQ, total, zero), nothing,
                         earned);
}

uint32_t at_plan_lower_cumulative(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                                  const struct at_check_component_decl *decl) {
    at_type money = at_plan_policy_money(L);
    struct totals totals = totals_of(L, credit, when, decl);
    bool based = totals.after.base != AT_NO_NODE;
    uint32_t after = formula_at(L, credit, &totals.after, decl->expr),
             before = formula_at(L, credit, &totals.before, decl->expr);
    uint32_t none = based ? totals.after.base : totals.after.amount;
    if (none != AT_NO_NODE) {
        at_type type = at_plan_node_of(L, none)->type;
        uint32_t zero = at_plan_graph_const(&L->graph, at_plan_value_of_num(type, at_num_int(0)));
        struct at_plan_total_of zeros = {totals.after.amount == AT_NO_NODE ? AT_NO_NODE : zero, zero};
        if (!is_zero(L, formula_at(L, credit, &zeros, decl->expr))) {
            after = unless_none(L, credit, none, after);
            before = unless_none(L, credit, based ? totals.before.base : totals.before.amount, before);
        }
    }
    uint32_t exact = at_plan_make2(L, credit, AT_P_SUB, money, after, before);
    exact = at_plan_force(L, credit, at_plan_only_when(L, credit, when, exact));
    uint32_t earned = at_plan_lower_before_each(L, credit, credit->span, when, exact);
    uint32_t now = at_plan_make2(L, credit, AT_P_ADD, money, earned, exact);
    return at_plan_force(L, credit,
                         at_plan_make2(L, credit, AT_P_SUB, money, at_plan_round_money(L, credit, now),
                                       at_plan_round_money(L, credit, earned)));
}
