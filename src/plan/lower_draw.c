/* plan/lower_draw.c: `draw`: nodes that raise a component to an amount, and take back later what was owed.
 *
 * All amounts are whole minor units: a draw begins with the line of its component, so what is lent and
 * repaid is what the payee reads. In each period, with the line x and the draw d (0 where the condition is
 * false):
 *
 *     advance    max(0, d - x), where the condition is true
 *     recovery   the least of what is owed and the part of max(0, x - d) that may be taken
 *     line       x + advance - recovery
 *     owed       owed before + advance - recovery - forgiven
 *
 * The oldest advance is repaid, and forgiven, first. So what is owed is the sum A of all advances less the
 * sum C of what is repaid or forgiven, and after n periods C is at least the A of n periods ago. `settle`
 * pays d in each period, and the difference of the span in its last one.
 */
#include "plan/lower_int.h"

static const struct at_plan_ctx cell = {.grain = AT_G_CELL};

struct draw {
    struct at_plan_lowering *L;
    const struct at_check_draw_decl *decl;
    at_type money, flag;
    uint32_t zero;
    uint32_t line, floor; /* x, and d */
    uint32_t when;        /* AT_NO_NODE: always */
    uint32_t *out;        /* by enum at_plan_draw_node */
};

static uint32_t two(struct draw *D, enum at_plan_op op, uint32_t x, uint32_t y) {
    return at_plan_make2(D->L, &cell, op, D->money, x, y);
}

static uint32_t only(struct draw *D, uint32_t flag, uint32_t yes, uint32_t no) {
    return flag == AT_NO_NODE ? yes : at_plan_make3(D->L, &cell, AT_P_IF, D->money, flag, yes, no);
}

static uint32_t above_zero(struct draw *D, uint32_t x) {
    return two(D, AT_P_MAX, x, D->zero);
}

/* Whether the period is that of a day, or a later one. A day that is missing never comes. */
static uint32_t has_come(struct draw *D, const struct at_ast_node *day) {
    struct at_plan_lowering *L = D->L;
    struct at_plan_ctx now = {.grain = AT_G_CELL, .adjusting = true};
    at_type period = {.kind = AT_T_PERIOD}, maybe = {.kind = AT_T_PERIOD, .optional = true};
    uint32_t own = at_plan_graph_source(&L->graph, AT_P_CELLPERIOD, AT_G_CELL, 0, period);
    uint32_t at = at_plan_force(L, &cell, at_plan_lower_expr(L, &now, day));
    at = at_plan_make(L, &cell, AT_P_PERIODOF, maybe, (int32_t)L->checked->calendar.period_kind, 0, NULL, &at,
                      1);
    uint32_t there =
        at_plan_make1(L, &cell, AT_P_NOT, D->flag, at_plan_make1(L, &cell, AT_P_MISSING, D->flag, at));
    uint32_t before = at_plan_make2(L, &cell, AT_P_LE, D->flag,
                                    at_plan_make2(L, &cell, AT_P_IFMISSING, period, at, own), own);
    return at_plan_make2(L, &cell, AT_P_AND, D->flag, there, before);
}

/* The value of a node that follows later, n periods before; `first` before the first period. */
static uint32_t before(struct draw *D, uint32_t *carry, uint32_t n, uint32_t first) {
    *carry = at_plan_graph_carry(&D->L->graph, AT_G_CELL, 0, D->money, n, 0);
    return two(D, AT_P_IFMISSING, *carry, first);
}

static uint32_t opening(struct draw *D) {
    struct at_plan_ctx now = {.grain = AT_G_CELL, .adjusting = true};
    if (!D->decl->opening) return D->zero;
    uint32_t amount = D->decl->rows.given ? at_plan_lower_opening(D->L, D->decl)
                                          : at_plan_lower_expr(D->L, &now, D->decl->opening);
    return at_plan_force(D->L, &cell, at_plan_round_money(D->L, &cell, amount));
}

/* What may be taken of an amount above the draw: nothing below zero, and never more than all of it. */
static uint32_t part(struct draw *D, uint32_t above) {
    struct at_plan_lowering *L = D->L;
    struct at_plan_ctx now = {.grain = AT_G_CELL, .adjusting = true};
    if (!D->decl->most) return above;
    uint32_t most = at_plan_lower_expr(L, &now, D->decl->most);
    uint32_t some = at_plan_round_money(L, &cell, two(D, AT_P_MUL, most, above));
    return two(D, AT_P_MIN, above, above_zero(D, some));
}

/* When all is due, nothing is lent any more, and everything is taken, also below the draw. */
static uint32_t advanced(struct draw *D, uint32_t advance) {
    if (D->decl->due) advance = only(D, has_come(D, D->decl->due), D->zero, advance);
    return D->out[AT_DRAW_ADVANCE] = at_plan_force(D->L, &cell, advance);
}

/* A recovery of what is owed, from an amount above the draw. */
static uint32_t recovered(struct draw *D, uint32_t above, uint32_t owed) {
    uint32_t taken = two(D, AT_P_MIN, owed, part(D, above));
    if (D->decl->from) taken = only(D, has_come(D, D->decl->from), taken, D->zero);
    if (D->decl->due) taken = only(D, has_come(D, D->decl->due), owed, taken);
    return at_plan_force(D->L, &cell, taken);
}

/* The sum of advances n periods ago. An opening balance counts as lent in the period before the first. */
static uint32_t lent_before(struct draw *D, uint32_t *carry, uint32_t n, uint32_t opened) {
    struct at_plan_lowering *L = D->L;
    const struct at_calendar *calendar = &L->checked->calendar;
    at_type period = {.kind = AT_T_PERIOD}, date = {.kind = AT_T_DATE};
    if (!D->decl->opening) return before(D, carry, n, D->zero);
    at_period first =
        at_period_of_date(calendar, (enum at_period_kind)calendar->period_kind, L->checked->from);
    at_date last = at_period_end(calendar, at_period_after(calendar, first, (int32_t)n - 1));
    uint32_t own = at_plan_graph_source(&L->graph, AT_P_CELLPERIOD, AT_G_CELL, 0, period);
    uint32_t end = at_plan_make(L, &cell, AT_P_PERIODPART, date, 1, 0, NULL, &own, 1);
    uint32_t then = at_plan_make2(L, &cell, AT_P_LE, D->flag,
                                  at_plan_graph_const(&L->graph, at_plan_value_of_day(last)), end);
    return before(D, carry, n, only(D, then, opened, D->zero));
}

/* What is owed, as lent less repaid: A - C. */
static void lend(struct draw *D, uint32_t advance, uint32_t above) {
    struct at_plan_lowering *L = D->L;
    uint32_t lent_carry, gone_carry, late_carry, opened = opening(D);
    uint32_t lent = before(D, &lent_carry, 1, opened), gone = before(D, &gone_carry, 1, D->zero);
    uint32_t owed = at_plan_force(L, &cell, two(D, AT_P_SUB, lent, gone));
    uint32_t taken = recovered(D, above, owed);
    uint32_t lent_now = at_plan_force(L, &cell, two(D, AT_P_ADD, lent, advance));
    uint32_t repaid = at_plan_force(L, &cell, two(D, AT_P_ADD, gone, taken)), gone_now = repaid;
    if (D->decl->forgive) {
        uint32_t late = lent_before(D, &late_carry, D->decl->forgive, opened);
        gone_now = at_plan_force(L, &cell, two(D, AT_P_MAX, repaid, late));
        at_plan_graph_carry_from(&L->graph, late_carry, lent_now);
        D->out[AT_DRAW_FORGIVEN] = at_plan_force(L, &cell, two(D, AT_P_SUB, gone_now, repaid));
    }
    at_plan_graph_carry_from(&L->graph, lent_carry, lent_now);
    at_plan_graph_carry_from(&L->graph, gone_carry, gone_now);
    D->out[AT_DRAW_OWED] = owed;
    D->out[AT_DRAW_RECOVERED] = taken;
    D->out[AT_DRAW_BALANCE] = at_plan_force(L, &cell, two(D, AT_P_SUB, lent_now, gone_now));
}

/* Every period pays the draw, and the last one of the span what it differs from what was earned. A condition
 * that is false leaves the period out. */
static uint32_t settled(struct draw *D) {
    struct at_plan_lowering *L = D->L;
    uint8_t rhythm = (uint8_t)(D->decl->settle + 1);
    uint32_t missed = only(D, D->when, two(D, AT_P_SUB, D->line, D->floor), D->zero);
    uint32_t sum =
        at_plan_graph_scan(&L->graph, AT_P_TODATE, at_plan_force(L, &cell, missed), D->decl->settle, 0);
    uint32_t difference = at_plan_paid_at_end(L, &cell, rhythm, sum);
    uint32_t line = only(D, D->when, D->floor, D->line);
    D->out[AT_DRAW_DIFFERENCE] = at_plan_force(L, &cell, difference);
    line = two(D, AT_P_ADD, line, difference);
    if (!D->decl->recoverable) return line;
    uint32_t less = at_plan_make1(L, &cell, AT_P_NEG, D->money, difference);
    uint32_t advance = advanced(D, above_zero(D, less));
    lend(D, advance, above_zero(D, difference));
    return two(D, AT_P_SUB, two(D, AT_P_ADD, line, advance), D->out[AT_DRAW_RECOVERED]);
}

static uint32_t raised(struct draw *D) {
    uint32_t missing = above_zero(D, two(D, AT_P_SUB, D->floor, D->line));
    uint32_t advance = advanced(D, only(D, D->when, missing, D->zero));
    if (!D->decl->recoverable) return two(D, AT_P_ADD, D->line, advance);
    uint32_t floor = only(D, D->when, D->floor, D->zero);
    lend(D, advance, above_zero(D, two(D, AT_P_SUB, D->line, floor)));
    return two(D, AT_P_SUB, two(D, AT_P_ADD, D->line, advance), D->out[AT_DRAW_RECOVERED]);
}

uint32_t at_plan_lower_draw(struct at_plan_lowering *L, const struct at_check_draw_decl *decl, uint32_t line,
                            uint32_t amount, uint32_t when, uint32_t out[AT_DRAW_NODES]) {
    at_type money = at_plan_policy_money(L);
    struct draw D = {.L = L,
                     .decl = decl,
                     .money = money,
                     .flag = {.kind = AT_T_FLAG},
                     .zero = at_plan_graph_const(&L->graph, at_plan_value_of_num(money, at_num_int(0))),
                     .line = line,
                     .floor = amount,
                     .when = when,
                     .out = out};
    uint32_t after = at_plan_force(L, &cell, decl->settle >= 0 ? settled(&D) : raised(&D));
    L->balances[decl - L->checked->draws] = out[AT_DRAW_BALANCE];
    return after;
}

/* In a formula, this is lowered when all draws are: it is under `prior`. */
uint32_t at_plan_lower_balance(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node->child[0]);
    uint32_t balance = symbol ? L->balances[symbol->index] : AT_NO_NODE;
    if (balance == AT_NO_NODE) return at_plan_lower_fail(L, node, "the draw is written below this statement");
    return at_plan_bring(L, ctx, balance);
}
