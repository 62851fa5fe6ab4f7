/* plan/lower_added.c: `by booking in order`: what each row adds to the amount of a component.
 *
 * The formula of the component is calculated for each row twice: with the rows of the payee and period up to
 * it, by date, then by key, and with those before it. A sum or a count of the credit's rows is then that of
 * these rows. Everything else has its value of the period. Both results are rounded, so that what the rows of
 * a period add is the rounded amount, less what the formula gives without rows.
 */
#include "plan/lower_int.h"

static bool is_running(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                       const struct at_check_measure_decl *measure) {
    const struct at_plan_feed *feed = &L->feeds.at[ctx->place];
    if (!measure->aggregate || measure->on || measure->symbol->loop) return false;
    return (measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT) &&
           &L->checked->feeds[measure->feed] == feed->decl;
}

/* The value to date of the time before the rows that are running: of earlier periods. AT_NO_NODE: none. */
static uint32_t earlier(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index) {
    struct at_plan_ctx plain = {.grain = AT_G_CELL}, now = at_plan_in_rhythm(&plain, ctx->rhythm),
                       to_date = now;
    if (at_plan_is_now(ctx)) return AT_NO_NODE;
    to_date.time = ctx->time;
    to_date.span = ctx->span;
    uint32_t all = at_plan_lower_measure(L, &to_date, index), own = at_plan_lower_measure(L, &now, index);
    return at_plan_force(L, &plain,
                         at_plan_make2(L, &plain, AT_P_SUB, at_plan_node_of(L, all)->type, all, own));
}

static uint32_t so_far(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index) {
    uint32_t before = earlier(L, ctx, index), own = at_plan_lower_brought(L, ctx, index);
    uint32_t sum = at_plan_running_of(L, ctx, own);
    at_type type = at_plan_node_of(L, sum)->type;
    if (ctx->added == AT_ADDED_AFTER) sum = at_plan_make2(L, ctx, AT_P_ADD, type, sum, own);
    return before == AT_NO_NODE ? sum : at_plan_make2(L, ctx, AT_P_ADD, type, sum, before);
}

uint32_t at_plan_lower_measure_so_far(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                      uint32_t index) {
    const struct at_check_measure_decl *measure = &L->checked->measures[index];
    bool apart = ctx->added == AT_ADDED_ALL || ctx->grain != AT_G_CREDIT || ctx->since ||
                 ctx->time == AT_TIME_TRAILING || (measure->rhythm && measure->rhythm != ctx->rhythm);
    if (!apart && is_running(L, ctx, measure)) return so_far(L, ctx, index);
    if (apart || measure->aggregate || measure->symbol->loop) return at_plan_lower_measure(L, ctx, index);
    struct at_plan_ctx plain = *ctx;
    plain.base = NULL;
    plain.frame = NULL;
    return at_plan_lower_expr(L, &plain, measure->expr);
}

static uint32_t rounded(struct at_plan_lowering *L, struct at_plan_ctx ctx, enum at_plan_added added,
                        const struct at_check_component_decl *decl) {
    ctx.added = (uint8_t)added;
    uint32_t when = at_plan_lower_condition(L, &ctx, decl->when);
    uint32_t exact = at_plan_only_when(L, &ctx, when, at_plan_lower_expr(L, &ctx, decl->expr));
    return at_plan_round_money(L, &ctx, at_plan_force(L, &ctx, exact));
}

uint32_t at_plan_lower_added(struct at_plan_lowering *L, const struct at_plan_ctx *credit,
                             const struct at_check_component_decl *decl) {
    struct at_plan_ctx ctx = *credit;
    ctx.base = decl->on;
    if (decl->cumulative > (int8_t)L->checked->calendar.period_kind) {
        ctx.time = AT_TIME_TODATE;
        ctx.span = decl->cumulative;
    }
    uint32_t after = rounded(L, ctx, AT_ADDED_AFTER, decl), before = rounded(L, ctx, AT_ADDED_BEFORE, decl);
    return at_plan_force(L, credit,
                         at_plan_make2(L, credit, AT_P_SUB, at_plan_policy_money(L), after, before));
}
