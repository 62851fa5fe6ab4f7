/* plan/lower_hold.c: `hold`, `release`, `clawback`: what they change of a component, and in which periods.
 *
 * All of a component are one PARTED node, because they act on the same parts: it divides the line before the
 * first of them, and knows the days of all. Each statement takes what is its own. Values are whole cents. */
#include "plan/lower_int.h"

static const struct at_plan_ctx cell = {.grain = AT_G_CELL};

struct inputs {
    AT_VEC(uint32_t) of;
};

static uint16_t add(struct at_plan_lowering *L, struct inputs *in, uint32_t id) {
    if (id == AT_NO_NODE) return 0;
    AT_VEC_PUSH(L->arena, &in->of, id);
    return (uint16_t)(in->of.n - 1);
}

/* A value of the payee and period; 0 where the statement has none. */
static uint16_t add_cell(struct at_plan_lowering *L, struct inputs *in, const struct at_ast_node *node) {
    struct at_plan_ctx now = {.grain = AT_G_CELL, .adjusting = true};
    if (!node) return 0;
    return add(L, in, at_plan_force(L, &cell, at_plan_lower_expr(L, &now, node)));
}

static uint16_t add_row(struct at_plan_lowering *L, struct inputs *in, uint16_t table,
                        const struct at_ast_node *node) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = table};
    if (!node) return 0;
    return add(L, in, at_plan_force(L, &row, at_plan_lower_expr(L, &row, node)));
}

/* All of the conditions. */
static uint16_t add_conditions(struct at_plan_lowering *L, struct inputs *in, struct at_plan_ctx ctx,
                               const struct at_ast_node **nodes, uint32_t n) {
    uint32_t all = AT_NO_NODE;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t one = at_plan_lower_condition(L, &ctx, nodes[i]);
        if (one == AT_NO_NODE) continue;
        all = all == AT_NO_NODE ? one
                                : at_plan_make2(L, &ctx, AT_P_AND, (at_type){.kind = AT_T_FLAG}, all, one);
    }
    return all == AT_NO_NODE ? 0 : add(L, in, at_plan_force(L, &ctx, all));
}

/* The key of the table, which orders rows of one day. Without one, their order in the file does. */
static uint32_t key_of(struct at_plan_lowering *L, uint16_t table) {
    const struct at_schema *schema = &L->checked->schemas[table];
    if (schema->key >= 0)
        return at_plan_graph_load(&L->graph, table, schema->key, schema->fields[schema->key].type);
    return at_plan_graph_source(&L->graph, AT_P_ROWNUM, AT_G_ROW, table,
                                (at_type){.kind = AT_T_REF, .table = table});
}

static uint16_t add_field(struct at_plan_lowering *L, struct inputs *in, uint16_t table, int32_t field) {
    if (field < 0) return 0;
    return add(L, in,
               at_plan_graph_load(&L->graph, table, field, L->checked->schemas[table].fields[field].type));
}

static struct at_plan_part lower_part(struct at_plan_lowering *L, struct inputs *in,
                                      const struct at_check_part_decl *decl) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = decl->table},
                       now = {.grain = AT_G_CELL, .adjusting = true};
    uint16_t kind = decl->node->kind;
    struct at_plan_part part = {.decl = decl, .table = decl->table};
    L->graph.ast = decl->node;
    part.kind = kind == AT_N_HOLD ? AT_PART_HOLD : kind == AT_N_RELEASE ? AT_PART_RELEASE : AT_PART_CLAWBACK;
    part.rated = decl->node->op == AT_OP_AS_RATED;
    part.share = add_cell(L, in, decl->share);
    part.on = add_row(L, in, decl->table, decl->on);
    part.mask = add_conditions(L, in, row, decl->rows, decl->n_rows);
    part.when = add_conditions(L, in, now, decl->cells, decl->n_cells);
    part.key = add(L, in, key_of(L, decl->table));
    part.deal = add_field(L, in, decl->table, decl->field);
    if (part.kind == AT_PART_HOLD)
        part.at = add_cell(L, in, decl->at);
    else
        part.fraction = add_row(L, in, decl->table, decl->at);
    return part;
}

static uint32_t lower_all(struct at_plan_lowering *L, uint32_t component, uint32_t ledger, uint32_t line) {
    const struct at_check_policy *checked = L->checked;
    struct at_plan_parted *payload = AT_NEW(L->arena, struct at_plan_parted);
    struct inputs in = {0};
    add(L, &in, ledger);
    payload->parts = AT_NEW_ARRAY(L->arena, struct at_plan_part, checked->n_parts + 1);
    for (uint32_t i = 0; i < checked->n_parts; i++) {
        const struct at_check_part_decl *decl = &checked->parts[i];
        if (decl->component != (int32_t)component) continue;
        struct at_plan_part *part = &payload->parts[payload->n];
        *part = lower_part(L, &in, decl);
        if (part->kind == AT_PART_HOLD) part->hold = payload->n_holds++;
        if (part->kind == AT_PART_RELEASE && !payload->releases) {
            payload->releases = true;
            payload->first_release = payload->n;
        }
        if (part->rated && checked->components[component].per_feed >= 0 && !payload->credits)
            payload->credits = add(L, &in, at_plan_lower_credits(L, component, line));
        if (decl->via >= 0) payload->via = add_field(L, &in, checked->feeds[decl->feed].table, decl->via);
        payload->n++;
    }
    struct at_plan_node wanted = {.op = AT_P_PARTED,
                                  .grain = AT_G_CELL,
                                  .n_in = (uint16_t)in.of.n,
                                  .in = in.of.at,
                                  .data = payload,
                                  .type = at_plan_policy_money(L)};
    return at_plan_graph_add(&L->graph, &wanted);
}

/* Which of the statements of its component it is. */
static uint32_t number_of(const struct at_plan_lowering *L, const struct at_check_part_decl *decl) {
    uint32_t n = 0;
    for (const struct at_check_part_decl *p = L->checked->parts; p < decl; p++)
        n += p->component == decl->component;
    return n;
}

uint32_t at_plan_lower_part(struct at_plan_lowering *L, const struct at_check_part_decl *decl,
                            uint32_t line) {
    uint32_t component = (uint32_t)decl->component;
    struct at_plan_component *pay = &L->pays[component];
    if (pay->parted == AT_NO_NODE) {
        pay->ledger = at_plan_lower_ledger(L, component, line);
        pay->parted = lower_all(L, component, pay->ledger, line);
        L->graph.ast = decl->node;
    }
    struct at_plan_node wanted = {.op = AT_P_PARTMOVE,
                                  .grain = AT_G_CELL,
                                  .a = (int32_t)number_of(L, decl),
                                  .n_in = 1,
                                  .in = &pay->parted,
                                  .type = at_plan_policy_money(L)};
    return at_plan_graph_add(&L->graph, &wanted);
}

/* After the last period with earnings, nothing is calculated for the component, but what moves is paid. */
uint32_t at_plan_tailed(struct at_plan_lowering *L, uint32_t value, uint32_t moves) {
    uint32_t in[2] = {value, moves};
    struct at_plan_node wanted = {
        .op = AT_P_TAILED, .grain = AT_G_CELL, .n_in = 2, .in = in, .type = at_plan_policy_money(L)};
    return at_plan_graph_add(&L->graph, &wanted);
}
