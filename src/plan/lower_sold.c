/* plan/lower_sold.c: `clawback X as never sold on D`: the component reads credits of its own, whose rows end
 * on D. So each period pays what the earlier ones of X are without them, as it does for late rows, and
 * everything else keeps the rows. */
#include "plan/lower_int.h"

uint32_t at_plan_lower_sold(struct at_plan_lowering *L, int32_t component) {
    uint32_t before = L->sold;
    L->sold = 0;
    for (uint32_t i = 0; i < L->checked->n_sold; i++)
        if (component >= 0 && L->checked->sold[i].component == component) L->sold = (uint32_t)component + 1;
    return before;
}

uint16_t at_plan_feed_add(struct at_plan_lowering *L, const struct at_plan_feed *wanted) {
    for (uint32_t i = 0; i < L->feeds.n; i++) {
        const struct at_plan_feed *feed = &L->feeds.at[i];
        if (feed->decl == wanted->decl && feed->on == wanted->on && feed->until == wanted->until)
            return (uint16_t)i;
    }
    AT_VEC_PUSH(L->arena, &L->feeds, *wanted);
    return (uint16_t)(L->feeds.n - 1);
}

/* The day from which on the deals of a table are gone; missing where the condition does not hold. */
static uint32_t day_of(struct at_plan_lowering *L, const struct at_check_part_decl *decl) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = decl->table};
    at_type flag = {.kind = AT_T_FLAG}, date = {.kind = AT_T_DATE, .optional = true};
    uint32_t when = AT_NO_NODE, day = at_plan_force(L, &row, at_plan_lower_expr(L, &row, decl->on));
    for (uint32_t i = 0; i < decl->n_rows; i++) {
        uint32_t one = at_plan_lower_condition(L, &row, decl->rows[i]);
        if (one == AT_NO_NODE) continue;
        when = when == AT_NO_NODE ? one : at_plan_make2(L, &row, AT_P_AND, flag, when, one);
    }
    if (when == AT_NO_NODE) return day;
    uint32_t never = at_plan_graph_missing(&L->graph, date);
    return at_plan_force(L, &row, at_plan_make3(L, &row, AT_P_IF, date, when, day, never));
}

/* The earlier of two days, of which each may be missing or absent. */
static uint32_t earlier(struct at_plan_lowering *L, const struct at_plan_ctx *row, uint32_t a, uint32_t b) {
    at_type date = {.kind = AT_T_DATE, .optional = true}, flag = {.kind = AT_T_FLAG};
    if (a == AT_NO_NODE) return b;
    uint32_t first = at_plan_make3(L, row, AT_P_IF, date, at_plan_compare(L, row, AT_P_LT, a, b), a, b);
    uint32_t no_a = at_plan_make1(L, row, AT_P_MISSING, flag, a),
             no_b = at_plan_make1(L, row, AT_P_MISSING, flag, b);
    first = at_plan_make3(L, row, AT_P_IF, date, no_b, a, first);
    return at_plan_make3(L, row, AT_P_IF, date, no_a, b, first);
}

uint16_t at_plan_feed_of(struct at_plan_lowering *L, uint32_t decl) {
    const struct at_check_policy *checked = L->checked;
    struct at_plan_feed feed = L->feeds.at[decl];
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = feed.table};
    bool ends = false;
    for (uint32_t i = 0; L->sold && i < checked->n_sold; i++) {
        const struct at_check_part_decl *sold = &checked->sold[i];
        uint16_t own = checked->feeds[sold->feed].table;
        if (sold->component + 1 != (int32_t)L->sold || (feed.table != own && feed.table != sold->table))
            continue;
        uint32_t day = day_of(L, sold);
        if (feed.table != sold->table) { /* its rows refer to the deals */
            at_type type = checked->schemas[own].fields[sold->via].type;
            day = at_plan_graph_follow(&L->graph, day, at_plan_graph_load(&L->graph, own, sold->via, type));
        }
        feed.until = at_plan_bring(L, &row, earlier(L, &row, feed.until, day));
        ends = true;
    }
    return ends ? at_plan_feed_add(L, &feed) : (uint16_t)decl;
}
