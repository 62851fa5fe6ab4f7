/* plan/lower_day.c: a pool `by day`: the members of a group are those of each day.
 *
 * A stay is a payee in one of the groups in which its days of the run are. So a payee who changes the group
 * has two stays in a period. Rows count in the stay of their day. A value of the period is divided among the
 * stays of its payee by days. Stays are a grouping of their own: nodes of stays are at GROUP, and their
 * slices have a value for each stay. A stay without a day in the period is left out.
 *
 *     GROUP  <- group-sum -  GROUP of stays
 *     GROUP of stays  <- to-stay -  CELL
 *     CELL   <- from-stay -  GROUP of stays
 */
#include "plan/lower_int.h"

static uint16_t add_group(struct at_plan_lowering *L, struct at_plan_group group) {
    AT_VEC_PUSH(L->arena, &L->groups, group);
    return (uint16_t)(L->groups.n - 1);
}

uint16_t at_plan_group_by_day(struct at_plan_lowering *L, int32_t field) {
    for (uint32_t i = 0; i < L->groups.n; i++)
        if (L->groups.at[i].field == field && L->groups.at[i].stays) return (uint16_t)i;
    uint16_t group = add_group(L, (struct at_plan_group){.field = field});
    uint16_t stays = add_group(L, (struct at_plan_group){.field = field, .of = (uint16_t)(group + 1)});
    L->groups.at[group].stays = stays;
    return group;
}

uint16_t at_plan_group_of_pool(struct at_plan_lowering *L, const struct at_check_component_decl *pool) {
    return pool->by_day ? at_plan_group_by_day(L, pool->group_field) : at_plan_group_of(L, pool->group_field);
}

bool at_plan_is_stay(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    return ctx->grain == AT_G_GROUP && L->groups.at[ctx->place].of > 0;
}

/* The stays of a grouping, or the grouping itself if it is one of stays. */
struct at_plan_ctx at_plan_stays_of(const struct at_plan_lowering *L, const struct at_plan_ctx *group) {
    struct at_plan_ctx stay = *group;
    if (L->groups.at[group->place].stays) stay.place = L->groups.at[group->place].stays;
    return stay;
}

static uint32_t source(struct at_plan_lowering *L, const struct at_plan_ctx *stay, enum at_plan_op op) {
    struct at_plan_node wanted = {.op = op,
                                  .grain = AT_G_GROUP,
                                  .place = stay->place,
                                  .b = stay->rhythm,
                                  .type = {.kind = op == AT_P_STAYLAST ? AT_T_DATE : AT_T_NUMBER}};
    return at_plan_graph_add(&L->graph, &wanted);
}

static uint32_t days(struct at_plan_lowering *L, const struct at_plan_ctx *stay) {
    return source(L, stay, AT_P_STAYDAYS);
}

uint32_t at_plan_stay_last(struct at_plan_lowering *L, const struct at_plan_ctx *stay) {
    return source(L, stay, AT_P_STAYLAST);
}

/* Which part of the days of the period they are. */
static uint32_t share(struct at_plan_lowering *L, const struct at_plan_ctx *stay) {
    at_type number = {.kind = AT_T_NUMBER};
    const struct at_ast_node *outer = L->graph.ast;
    L->graph.ast = NULL;
    uint32_t period = at_plan_period_of(L, stay, NULL);
    uint32_t all = at_plan_make(L, stay, AT_P_PERIODPART, number, 2, 0, NULL, &period, 1);
    uint32_t part = at_plan_make2(L, stay, AT_P_DIV, number, days(L, stay), all);
    L->graph.ast = outer;
    return part;
}

static uint32_t is_there(struct at_plan_lowering *L, const struct at_plan_ctx *stay) {
    const struct at_ast_node *outer = L->graph.ast;
    L->graph.ast = NULL;
    uint32_t there = at_plan_make2(L, stay, AT_P_LT, (at_type){.kind = AT_T_FLAG},
                                   at_plan_graph_number(&L->graph, at_num_int(0)), days(L, stay));
    L->graph.ast = outer;
    return there;
}

uint32_t at_plan_to_stay(struct at_plan_lowering *L, const struct at_plan_ctx *stay, uint32_t value) {
    static const struct at_plan_ctx cells = {.grain = AT_G_CELL};
    uint32_t cell = at_plan_force(L, &cells, value);
    struct at_plan_node wanted = {.op = AT_P_TOSTAY,
                                  .grain = AT_G_GROUP,
                                  .place = stay->place,
                                  .b = stay->rhythm,
                                  .n_in = 1,
                                  .in = &cell,
                                  .type = at_plan_node_of(L, cell)->type};
    return at_plan_graph_add(&L->graph, &wanted);
}

uint32_t at_plan_stay_part(struct at_plan_lowering *L, const struct at_plan_ctx *stay, uint32_t value) {
    uint32_t whole = at_plan_force(L, stay, value);
    return at_plan_make2(L, stay, AT_P_MUL, at_plan_node_of(L, whole)->type, whole, share(L, stay));
}

uint32_t at_plan_total_of_stays(struct at_plan_lowering *L, const struct at_plan_ctx *group,
                                enum at_plan_op op, uint32_t value) {
    struct at_plan_ctx stay = at_plan_stays_of(L, group);
    if (stay.place == group->place) return value; /* for each stay */
    uint32_t in[2] = {at_plan_force(L, &stay, value), is_there(L, &stay)};
    struct at_plan_node wanted = {.op = op,
                                  .grain = AT_G_GROUP,
                                  .place = group->place,
                                  .n_in = 2,
                                  .in = in,
                                  .b = group->known != 0,
                                  .type = at_plan_node_of(L, in[0])->type};
    if (group->known) wanted.type.optional = op != AT_P_GROUPSUM;
    return at_plan_graph_add(&L->graph, &wanted);
}

uint32_t at_plan_of_stays(struct at_plan_lowering *L, const struct at_plan_ctx *group, enum at_plan_op op,
                          uint32_t cell) {
    struct at_plan_ctx stay = at_plan_stays_of(L, group);
    uint32_t value = at_plan_to_stay(L, &stay, cell);
    if (stay.place == group->place) return value;
    if (op == AT_P_GROUPSUM) value = at_plan_stay_part(L, &stay, value);
    return at_plan_total_of_stays(L, group, op, value);
}

bool at_plan_counts_by_day(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint16_t feed) {
    const struct at_plan_feed *of = &L->feeds.at[feed];
    uint32_t on = of->event == AT_NO_NODE ? of->on : of->event;
    if (ctx->grain != AT_G_GROUP || of->n_to == 0 || on == AT_NO_NODE || of->spread == AT_OP_PER)
        return false;
    if (!L->groups.at[ctx->place].stays && !L->groups.at[ctx->place].of) return false;
    for (uint32_t i = 0; i < of->n_to; i++)
        if (of->to[i].by >= 0) return false;
    return at_plan_node_of(L, on)->type.kind == AT_T_DATE;
}

bool at_plan_is_own_of_group(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint16_t feed) {
    const struct at_plan_feed *of = &L->feeds.at[feed];
    if (ctx->grain != AT_G_GROUP || ctx->place == 0 || of->n_to != 1 || of->to[0].by < 0) return false;
    int32_t field = L->groups.at[ctx->place].field;
    if (field < 0 || !at_plan_is_dated_field(L, L->graph.payee_table, (uint32_t)field)) return false;
    return at_plan_feed_dated(of) && L->groups.at[of->to[0].by].field == field &&
           !L->groups.at[ctx->place].of;
}

/* ---- the pool */

struct search {
    const struct at_plan_lowering *L;
    bool *seen, found; /* by measure */
};

static bool find_dated(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    const struct at_plan_lowering *L = search->L;
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    search->found |= at_plan_names_dated(L, node);
    if (!symbol || symbol->kind != AT_SYM_MEASURE || search->seen[symbol->index]) return !search->found;
    search->seen[symbol->index] = true;
    const struct at_ast_node *expr = L->checked->measures[symbol->index].expr;
    if (expr) at_ast_walk(expr, find_dated, search);
    return !search->found;
}

/* A value of the payee in the period. If it changes by day, it is that of the last day of the stay. */
static uint32_t of_payee(struct at_plan_lowering *L, const struct at_plan_ctx *stay,
                         const struct at_ast_node *base, const struct at_ast_node *expr) {
    struct search search = {L, AT_NEW_ARRAY(L->arena, bool, L->checked->n_measures + 1), false};
    struct at_plan_ctx cell = {.grain = AT_G_CELL}, own = *stay;
    at_ast_walk(expr, find_dated, &search);
    cell = at_plan_in_rhythm(&cell, stay->rhythm);
    own = at_plan_in_rhythm(&own, stay->rhythm);
    cell.base = own.base = base;
    if (search.found) return at_plan_force(L, stay, at_plan_lower_expr(L, &own, expr));
    return at_plan_to_stay(L, stay, at_plan_lower_expr(L, &cell, expr));
}

static uint32_t weights(struct at_plan_lowering *L, const struct at_plan_ctx *stay,
                        const struct at_check_component_decl *decl) {
    const struct at_ast_node *on = decl->parent < 0 ? decl->on : L->checked->components[decl->parent].on;
    const struct at_ast_node *weight = decl->split_expr ? decl->split_expr : on;
    struct at_plan_ctx own = *stay;
    if (decl->split == AT_OP_EQUALLY || !weight) return days(L, stay);
    if (!decl->by_rows_of_day) return at_plan_stay_part(L, stay, of_payee(L, stay, on, weight));
    own = at_plan_in_rhythm(&own, decl->rhythm);
    own.base = on;
    return at_plan_lower_expr(L, &own, weight);
}

/* Before the last period of the pool's rhythm, no one shares. */
static uint32_t sharers(struct at_plan_lowering *L, const struct at_plan_ctx *stay,
                        const struct at_check_component_decl *decl) {
    at_type flag = {.kind = AT_T_FLAG};
    uint32_t there = is_there(L, stay);
    if (decl->among)
        there = at_plan_make2(L, stay, AT_P_AND, flag, there, of_payee(L, stay, NULL, decl->among));
    return at_plan_at_end(L, stay, decl->rhythm, there, at_plan_graph_flag(&L->graph, false));
}

uint32_t at_plan_lower_day_pool(struct at_plan_lowering *L, const struct at_check_component_decl *decl,
                                uint32_t amount, int32_t b) {
    struct at_plan_ctx group = {.grain = AT_G_GROUP, .place = at_plan_group_of_pool(L, decl)},
                       stay = at_plan_stays_of(L, &group);
    stay.rhythm = decl->rhythm;
    uint32_t in[3] = {amount, at_plan_force(L, &stay, weights(L, &stay, decl)),
                      at_plan_force(L, &stay, sharers(L, &stay, decl))};
    struct at_plan_node allot = {.op = AT_P_ALLOT,
                                 .grain = AT_G_GROUP,
                                 .place = stay.place,
                                 .n_in = 3,
                                 .in = in,
                                 .b = b | AT_ALLOT_AMONG,
                                 .type = at_plan_policy_money(L)};
    uint32_t parts = at_plan_graph_add(&L->graph, &allot);
    struct at_plan_node sum = {
        .op = AT_P_FROMSTAY, .grain = AT_G_CELL, .n_in = 1, .in = &parts, .type = at_plan_policy_money(L)};
    return at_plan_graph_add(&L->graph, &sum);
}
