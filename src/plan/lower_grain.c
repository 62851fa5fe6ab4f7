/* plan/lower_grain.c: values from grain to grain. The only place that decides where two values of different
 * grains meet. */
#include "plan/lower_int.h"

/* A settled CONST, such as the sum of a run, is known only after a pass. It must be spread like a
 * column. */
bool at_plan_is_plain(const struct at_plan_lowering *L, uint32_t id) {
    return at_plan_node_of(L, id)->grain == AT_G_CONST && !at_plan_node_of(L, id)->settled;
}

static at_type payee_ref(const struct at_plan_lowering *L) {
    return (at_type){.kind = AT_T_REF, .table = L->graph.payee_table};
}

uint32_t at_plan_payee_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    if (ctx->grain == AT_G_CREDIT)
        return at_plan_graph_source(&L->graph, AT_P_RECIPIENT, AT_G_CREDIT, ctx->place, payee_ref(L));
    uint32_t payee = at_plan_graph_source(&L->graph, AT_P_PAYEE, AT_G_CELL, 0, payee_ref(L));
    return at_plan_is_stay(L, ctx) ? at_plan_to_stay(L, ctx, payee) : payee;
}

/* A ROW node here is always of the payee table. The checker rejects fields of other tables in
 * cells. */
static uint32_t to_cell(struct at_plan_lowering *L, uint32_t id) {
    static const struct at_plan_ctx cell = {.grain = AT_G_CELL};
    switch (at_plan_node_of(L, id)->grain) {
    case AT_G_CONST: return at_plan_graph_spread(&L->graph, id, AT_G_CELL, 0);
    case AT_G_ROW: return at_plan_graph_follow(&L->graph, id, at_plan_payee_of(L, &cell));
    case AT_G_GROUP: return at_plan_graph_fromgroup(&L->graph, id);
    default: return id;
    }
}

static uint32_t to_credit(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    const struct at_plan_node *node = at_plan_node_of(L, id);
    uint16_t table = L->feeds.at[ctx->place].table;
    switch (node->grain) {
    case AT_G_CONST: return at_plan_graph_spread(&L->graph, id, AT_G_CREDIT, ctx->place);
    case AT_G_ROW: /* of the payee table: the recipient's, unless lowering a name has taken it already */
        if (node->place == table && table != L->graph.payee_table)
            return at_plan_graph_take(&L->graph, id, ctx->place);
        return at_plan_graph_follow(&L->graph, id, at_plan_payee_of(L, ctx));
    case AT_G_CELL:
    case AT_G_GROUP: return at_plan_graph_fromcell(&L->graph, to_cell(L, id), ctx->place);
    default: return id;
    }
}

/* A value of every cell as the group's: only what is the same for all of them comes here. */
static uint32_t to_group(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    const struct at_plan_node *node = at_plan_node_of(L, id);
    if (node->grain == AT_G_CONST || (node->grain == AT_G_GROUP && node->place == 0))
        return at_plan_graph_spread(&L->graph, id, AT_G_GROUP, ctx->place);
    return at_plan_lower_fail(L, node->ast, "expected a value for a group, found a value for a payee");
}

uint32_t at_plan_force(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    const struct at_plan_node *node = at_plan_node_of(L, id);
    if (node->grain == ctx->grain && node->place == ctx->place) return id;
    switch ((enum at_check_grain)ctx->grain) {
    case AT_G_CELL: return to_cell(L, id);
    case AT_G_CREDIT: return to_credit(L, ctx, id);
    case AT_G_GROUP: return to_group(L, ctx, id);
    case AT_G_ROW:
        if (node->grain == AT_G_CONST) return at_plan_graph_spread(&L->graph, id, AT_G_ROW, ctx->place);
        break;
    case AT_G_CONST: break;
    }
    return at_plan_lower_fail(L, node->ast, "this does not have a single value here");
}

uint32_t at_plan_bring(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    return at_plan_is_plain(L, id) ? id : at_plan_force(L, ctx, id);
}

/* Returns whether all nodes that are not plain constants are at one grain. *first is one of these nodes. */
static bool agree(const struct at_plan_lowering *L, const uint32_t *ids, uint16_t n,
                  const struct at_plan_node **first) {
    *first = NULL;
    for (uint16_t i = 0; i < n; i++) {
        const struct at_plan_node *node = at_plan_node_of(L, ids[i]);
        if (at_plan_is_plain(L, ids[i])) continue;
        if (*first && ((*first)->grain != node->grain || (*first)->place != node->place)) return false;
        *first = node;
    }
    return true;
}

void at_plan_join(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t *ids, uint16_t n) {
    const struct at_plan_node *first;
    /* Values of one grain stay there. A condition on a deal's fields is calculated over deals,
     * not over each credited item. */
    if (agree(L, ids, n, &first)) return;
    struct at_plan_ctx to = *ctx;
    if (ctx->grain ==
        AT_G_CREDIT) { /* values of payees, groups and cells meet at the cell, which is far coarser */
        bool coarse = true;
        for (uint16_t i = 0; i < n; i++) {
            const struct at_plan_node *node = at_plan_node_of(L, ids[i]);
            bool of_row = node->grain == AT_G_ROW && node->place != L->graph.payee_table;
            if (node->grain == AT_G_CREDIT || of_row) coarse = false;
        }
        if (coarse) to = (struct at_plan_ctx){.grain = AT_G_CELL};
    }
    for (uint16_t i = 0; i < n; i++)
        ids[i] = at_plan_bring(L, &to, ids[i]);
}

uint32_t at_plan_make(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                      at_type type, int32_t a, int32_t b, const void *data, const uint32_t *ids, uint16_t n) {
    /* A copy, because at_plan_join replaces ids, and the caller may use its own again. */
    uint32_t *in = AT_NEW_ARRAY(L->arena, uint32_t, n + 1);
    memcpy(in, ids, n * sizeof *in);
    at_plan_join(L, ctx, in, n);
    return at_plan_graph_map(&L->graph, op, type, a, b, data, in, n);
}

uint32_t at_plan_make1(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                       at_type type, uint32_t x) {
    return at_plan_make(L, ctx, op, type, 0, 0, NULL, &x, 1);
}

uint32_t at_plan_make2(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                       at_type type, uint32_t x, uint32_t y) {
    return at_plan_make(L, ctx, op, type, 0, 0, NULL, (uint32_t[]){x, y}, 2);
}

uint32_t at_plan_make3(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                       at_type type, uint32_t x, uint32_t y, uint32_t z) {
    return at_plan_make(L, ctx, op, type, 0, 0, NULL, (uint32_t[]){x, y, z}, 3);
}

/* The value, and missing for the members who are left out. */
static uint32_t of_known(struct at_plan_lowering *L, uint32_t known, uint32_t cell) {
    static const struct at_plan_ctx cells = {.grain = AT_G_CELL};
    if (known == cell || (!at_plan_node_of(L, known)->type.optional && !at_plan_may_fail(L, known)))
        return cell;
    at_type type = at_plan_node_of(L, cell)->type, flag = {.kind = AT_T_FLAG};
    type.optional = true;
    return at_plan_make3(L, &cells, AT_P_IF, type, at_plan_make1(L, &cells, AT_P_MISSING, flag, known),
                         at_plan_graph_missing(&L->graph, type), cell);
}

uint32_t at_plan_of_members(struct at_plan_lowering *L, const struct at_plan_ctx *group, enum at_plan_op op,
                            uint32_t cell, int32_t once) {
    static const struct at_plan_ctx cells = {.grain = AT_G_CELL};
    const struct at_plan_group *by_day = &L->groups.at[group->place];
    cell = at_plan_force(L, &cells, cell);
    if (group->known) cell = of_known(L, group->known - 1, cell);
    if ((by_day->stays || by_day->of) && once < 0) return at_plan_of_stays(L, group, op, cell);
    uint32_t in[2] = {cell, at_plan_is_covered(L, group->rhythm)};
    struct at_plan_node wanted = {.op = op,
                                  .grain = AT_G_GROUP,
                                  .place = group->place,
                                  .n_in = in[1] == AT_NO_NODE ? 1 : 2,
                                  .in = in,
                                  .a = once + 1,
                                  .b = group->known != 0};
    wanted.type = at_plan_node_of(L, cell)->type;
    if (group->known) wanted.type.optional = op != AT_P_GROUPSUM;
    return at_plan_graph_add(&L->graph, &wanted);
}

uint32_t at_plan_of_members_now(struct at_plan_lowering *L, const struct at_plan_ctx *group,
                                enum at_plan_op op, uint32_t cell, int32_t once) {
    struct at_plan_ctx now = *group;
    if (L->groups.at[group->place].stays && group->time != AT_TIME_NOW) now.rhythm = 0;
    return at_plan_of_members(L, &now, op, cell, once);
}

uint16_t at_plan_group_of(struct at_plan_lowering *L, int32_t field) {
    for (uint32_t i = 0; i < L->groups.n; i++)
        if (L->groups.at[i].field == field && !L->groups.at[i].stays && !L->groups.at[i].of)
            return (uint16_t)i;
    AT_VEC_PUSH(L->arena, &L->groups, (struct at_plan_group){.field = field});
    return (uint16_t)(L->groups.n - 1);
}
