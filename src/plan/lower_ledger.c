/* plan/lower_ledger.c: `by booking`: which rows have parts of the amount of a component, and with which
 * weights. The weight is the amount that the row credits to the payee. The lines of a `per` component are its
 * parts. */
#include "plan/lower_int.h"

static const struct at_plan_ctx cell = {.grain = AT_G_CELL};

struct rows {
    struct at_plan_ctx credit;
    uint32_t weight, mask, date; /* the last two may be AT_NO_NODE */
    enum at_plan_ledger kind;
};

static uint32_t make(struct at_plan_lowering *L, const struct rows *rows, uint32_t amount, int32_t group) {
    uint32_t in[5] = {at_plan_force(L, &cell, amount), at_plan_force(L, &rows->credit, rows->weight),
                      at_plan_lower_key(L, &rows->credit, L->feeds.at[rows->credit.place].key)};
    struct at_plan_node wanted = {.op = AT_P_LEDGER,
                                  .grain = AT_G_CELL,
                                  .a = rows->credit.place,
                                  .b = (int32_t)rows->kind | (group + 1) << AT_LEDGER_GROUP_SHIFT,
                                  .n_in = 3,
                                  .in = in,
                                  .type = at_plan_policy_money(L)};
    if (rows->mask != AT_NO_NODE) {
        in[wanted.n_in++] = at_plan_force(L, &rows->credit, rows->mask);
        wanted.b |= AT_LEDGER_MASK;
    }
    if (rows->date != AT_NO_NODE) {
        in[wanted.n_in++] = at_plan_force(L, &rows->credit, rows->date);
        wanted.b |= AT_LEDGER_DATE;
    }
    return at_plan_graph_add(&L->graph, &wanted);
}

static struct rows rows_of_lines(const struct at_plan_lowering *L, const struct at_plan_component *pay) {
    return (struct rows){.credit = {.grain = AT_G_CREDIT, .place = at_plan_node_of(L, pay->lines)->place},
                         .weight = pay->lines,
                         .mask = pay->lines_when,
                         .date = AT_NO_NODE,
                         .kind = AT_LEDGER_LINES};
}

/* The credit of `by`, or that whose deals the component's holds and clawbacks are of; -1: neither. */
static int32_t feed_of(const struct at_plan_lowering *L, uint32_t index) {
    int32_t feed = L->checked->components[index].by_feed;
    for (uint32_t i = 0; feed < 0 && i < L->checked->n_parts; i++)
        if (L->checked->parts[i].component == (int32_t)index) feed = (int32_t)L->checked->parts[i].feed;
    return feed;
}

static struct rows rows_of_shares(struct at_plan_lowering *L, const struct at_check_component_decl *decl,
                                  uint32_t feed) {
    struct rows rows = {.credit = {.grain = AT_G_CREDIT,
                                   .place = at_plan_feed_each(L, at_plan_feed_of(L, feed), decl->rhythm)},
                        .mask = AT_NO_NODE,
                        .date = AT_NO_NODE};
    rows.credit = at_plan_in_rhythm(&rows.credit, decl->rhythm);
    rows.kind = decl->in_order ? AT_LEDGER_ADDED : AT_LEDGER_SHARES;
    if (!decl->in_order) {
        rows.weight = at_plan_lower_amount(L, &rows.credit, decl->symbol->node);
        return rows;
    }
    rows.weight = at_plan_lower_added(L, &rows.credit, decl);
    rows.date = L->feeds.at[rows.credit.place].date;
    return rows;
}

uint32_t at_plan_lower_ledger(struct at_plan_lowering *L, uint32_t index, uint32_t amount) {
    const struct at_check_component_decl *decl = &L->checked->components[index];
    const struct at_ast_node *outer = L->graph.ast;
    struct rows rows;
    uint32_t sold = at_plan_lower_sold(L, (int32_t)index), id = AT_NO_NODE;
    int32_t group = decl->kind == AT_POOL ? (int32_t)at_plan_group_of_pool(L, decl) : -1;
    L->graph.ast = decl->symbol->node;
    if (decl->per_feed >= 0)
        rows = rows_of_lines(L, &L->pays[index]);
    else if (feed_of(L, index) >= 0)
        rows = rows_of_shares(L, decl, (uint32_t)feed_of(L, index));
    if (decl->per_feed >= 0 || feed_of(L, index) >= 0) id = make(L, &rows, amount, group);
    L->sold = sold;
    L->graph.ast = outer;
    return id;
}

/* The rows of a `per` component with what they credit, in the order of its ledger. Parts are not made. */
uint32_t at_plan_lower_credits(struct at_plan_lowering *L, uint32_t index, uint32_t amount) {
    const struct at_ast_node *outer = L->graph.ast, *node = L->checked->components[index].symbol->node;
    uint32_t sold = at_plan_lower_sold(L, (int32_t)index);
    struct rows rows = rows_of_lines(L, &L->pays[index]);
    L->graph.ast = node;
    rows.weight = at_plan_lower_amount(L, &rows.credit, node);
    rows.kind = AT_LEDGER_SHARES | AT_LEDGER_LATER;
    uint32_t id = make(L, &rows, amount, -1);
    L->sold = sold;
    L->graph.ast = outer;
    return id;
}
