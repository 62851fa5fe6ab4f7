/* plan/lower_pay.c: components, and `pay`: what is earned, before adjustments. Rounded once, by the
 * policy's rule. */
#include "plan/lower_int.h"

/* The currency decides the number of decimals, such as 2 for USD and 0 for JPY. A unit of 100 cents is one of
 * two decimals less, so that dollars are rounded as fast as cents. */
static void rounding_of(const struct at_plan_lowering *L, int32_t *a, int32_t *b) {
    const struct at_currency_info *currency = at_currency_info(L->checked->currency);
    uint32_t unit = L->checked->round_unit ? L->checked->round_unit : 1;
    *a = currency ? currency->digits : 2;
    for (; unit % 10 == 0; unit /= 10)
        --*a;
    *b = at_plan_rounding(L->checked->rounding, unit);
}

uint32_t at_plan_round_money(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    int32_t a, b;
    rounding_of(L, &a, &b);
    return at_plan_make(L, ctx, AT_P_ROUND, at_plan_policy_money(L), a, b, NULL, &id, 1);
}

static uint32_t no_money(struct at_plan_lowering *L) {
    return at_plan_graph_const(&L->graph, at_plan_value_of_num(at_plan_policy_money(L), at_num_int(0)));
}

/* Where the condition is false, the component pays zero, not a missing value. */
uint32_t at_plan_only_when(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t when,
                           uint32_t value) {
    if (when == AT_NO_NODE) return value;
    return at_plan_make3(L, ctx, AT_P_IF, at_plan_policy_money(L), when, value, no_money(L));
}

/* ---------------------------------------------------------------- pay */

/* `cumulative over year`: on measures to date, less what the same came to a period before. */
static void lower_cell_pay(struct at_plan_lowering *L, const struct at_check_component_decl *decl,
                           struct at_plan_component *out) {
    struct at_plan_ctx cell = {.grain = AT_G_CELL, .base = decl->on};
    bool cumulative = decl->cumulative > (int8_t)L->checked->calendar.period_kind;
    cell = at_plan_in_rhythm(&cell, decl->rhythm);
    if (cumulative) {
        cell.time = AT_TIME_TODATE;
        cell.span = decl->cumulative;
    }
    bool prize = (L->checked->marks[decl->symbol->node->id] & AT_MARK_PRIZE) != 0;
    cell.prize = prize;
    uint32_t when = at_plan_lower_condition(L, &cell, decl->when);
    uint32_t exact = at_plan_only_when(L, &cell, when, at_plan_lower_expr(L, &cell, decl->expr));
    if (prize) exact = at_plan_lower_shared(L, &cell, decl->symbol->node, exact);
    cell.prize = false;
    /* A value to date is masked after the difference. */
    if (!cumulative) exact = at_plan_paid_at_end(L, &cell, decl->rhythm, exact);
    out->exact = at_plan_while_covered(L, decl->rhythm, cumulative ? decl->cumulative : -1,
                                       at_plan_force(L, &cell, exact));
    /* Rounded before DELTA: the payouts of a year then add up to the rounded value of the year. */
    out->earned = at_plan_round_money(L, &cell, out->exact);
    if (!cumulative) return;
    uint32_t delta = at_plan_graph_scan(&L->graph, AT_P_DELTA, out->earned, decl->cumulative, decl->rhythm);
    out->earned = at_plan_paid_at_end(L, &cell, decl->rhythm, delta);
}

static bool is_yes(const struct at_plan_lowering *L, uint32_t id) {
    const struct at_plan_value *value = id == AT_NO_NODE ? NULL : at_plan_graph_value(&L->graph, id);
    return value && !value->missing && at_plan_value_yes(value);
}

/* What the sum of the lines masks: nothing where no part of a credited row can be in exception. Rows that the
 * component's condition leaves out are not read, whatever is in them. */
uint32_t at_plan_mask_of_lines(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                               uint32_t lines) {
    uint32_t known = at_plan_parts_known(L, credit, lines), where = L->feeds.at[credit->place].where;
    bool fails = known != AT_NO_NODE || (where != AT_NO_NODE && at_plan_may_fail(L, where));
    if (when == AT_NO_NODE || !fails) return known;
    when = at_plan_force(L, credit, when);
    if (known == AT_NO_NODE) return when;
    return at_plan_make2(L, credit, AT_P_AND, (at_type){.kind = AT_T_FLAG}, when, known);
}

/* ---- lines */

/* Whether a row can have several recipients in one period. */
static bool has_several(const struct at_plan_feed *feed) {
    return feed->n_to > 1 || (feed->n_to == 1 && (feed->to[0].managers || feed->to[0].by >= 0));
}

/* The rule of money_of: the field that leads to the amount, and the number of amounts that are fields of the
 * row itself or of another row. */
struct source {
    const struct at_ast_node *leads; /* `deal` of `deal.amount` */
    bool other;
};

static void find_source(const struct at_plan_lowering *L, const struct at_ast_node *node,
                        struct source *found) {
    const struct at_check_policy *checked = L->checked;
    if (!node) return;
    bool field = node->kind == AT_N_NAME || node->kind == AT_N_MEMBER;
    if (field && checked->types[node->id].kind != AT_T_MONEY && checked->types[node->id].kind != AT_T_DATE &&
        checked->types[node->id].kind != AT_T_PERIOD)
        return;
    if (!field) {
        for (uint32_t i = 0; i < node->n; i++)
            find_source(L, node->child[i], found);
        return;
    }
    const struct at_ast_node *leads = node->kind == AT_N_MEMBER ? node->child[0] : NULL;
    bool refers = leads && checked->types[leads->id].kind == AT_T_REF &&
                  (int32_t)checked->types[leads->id].table != checked->payee_table;
    if (!refers || (found->leads && !at_ast_same(leads, found->leads)))
        found->other = true;
    else
        found->leads = leads;
}

/* The row whose amount the rows of a credit divide: that to which they refer for their amount and their day,
 * such as the deal of an agent. NULL: each row has an amount or a day of its own. */
static const struct at_ast_node *divided_row(const struct at_plan_lowering *L,
                                             const struct at_check_feed_decl *decl) {
    struct source source = {0};
    bool amount, day;
    find_source(L, decl->amount, &source);
    amount = source.leads != NULL;
    find_source(L, decl->on, &source);
    day = decl->on && (decl->on->kind == AT_N_NAME || decl->on->kind == AT_N_MEMBER);
    return amount && day && !source.other ? source.leads : NULL;
}

/* Rounds the lines of a `per` component. Lines of one row are rounded together, so that they add up to its
 * amount. */
static uint32_t round_lines(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t exact) {
    const struct at_plan_feed *feed = &L->feeds.at[credit->place];
    const struct at_ast_node *of = divided_row(L, feed->decl);
    if (!of && !has_several(feed)) return at_plan_force(L, credit, at_plan_round_money(L, credit, exact));
    uint32_t in[3] = {at_plan_force(L, credit, exact)};
    struct at_plan_node wanted = {.op = AT_P_DIVIDE,
                                  .grain = AT_G_CREDIT,
                                  .place = credit->place,
                                  .n_in = 1,
                                  .in = in,
                                  .type = at_plan_policy_money(L)};
    rounding_of(L, &wanted.a, &wanted.b);
    if (of) {
        struct at_plan_ctx row = {.grain = AT_G_ROW, .place = feed->table};
        in[1] = at_plan_force(L, credit, at_plan_lower_expr(L, &row, of));
        in[2] = at_plan_lower_key(L, credit, L->feeds.at[credit->place].key);
        wanted.op = AT_P_DIVIDEOF;
        wanted.n_in = 3;
    }
    return at_plan_graph_add(&L->graph, &wanted);
}

/* What `running` sums: the lines; before they are divided, if rows have several recipients, because a line
 * then depends on those of the others. */
uint32_t at_plan_lower_own_lines(struct at_plan_lowering *L, uint32_t index) {
    uint32_t lines = at_plan_lower_component(L, index)->lines;
    if (lines == AT_NO_NODE)
        return at_plan_lower_fail(L, L->checked->components[index].symbol->node, "no lines");
    const struct at_plan_node *node = at_plan_node_of(L, lines);
    return node->op == AT_P_DIVIDE || node->op == AT_P_DIVIDEOF ? node->in[0] : lines;
}

/* Lowers `per booking`. Each credited row is a line. The cell's amount is the sum of its lines. */
static void lower_lines(struct at_plan_lowering *L, const struct at_check_component_decl *decl,
                        struct at_plan_component *out) {
    struct at_plan_ctx credit = {
        .grain = AT_G_CREDIT,
        .place = at_plan_feed_each(L, at_plan_feed_of(L, (uint32_t)decl->per_feed), decl->rhythm),
        .base = decl->on};
    credit = at_plan_in_rhythm(&credit, decl->rhythm);
    if (decl->cumulative > (int8_t)L->checked->calendar.period_kind) {
        credit.time = AT_TIME_TODATE;
        credit.span = decl->cumulative;
    }
    uint32_t when = at_plan_lower_condition(L, &credit, decl->when);
    /* A condition that is always true needs no mask, and all rows have lines. */
    if (is_yes(L, when)) when = AT_NO_NODE;
    if (credit.time == AT_TIME_TODATE && decl->cumulative >= 0)
        out->lines = at_plan_lower_cumulative(L, &credit, when, decl);
    else
        out->lines = round_lines(
            L, &credit, at_plan_only_when(L, &credit, when, at_plan_lower_expr(L, &credit, decl->expr)));
    if (when != AT_NO_NODE)
        out->lines_when =
            at_plan_node_of(L, when)->grain == AT_G_CELL ? when : at_plan_force(L, &credit, when);
    out->earned =
        at_plan_graph_aggregate(&L->graph, AT_P_SUM, credit.place, AT_G_CELL, 0, at_plan_policy_money(L),
                                out->lines, at_plan_mask_of_lines(L, &credit, when, out->lines));
}

/* ---------------------------------------------------------------- components */

const struct at_plan_component *at_plan_lower_component(struct at_plan_lowering *L, uint32_t index) {
    const struct at_check_component_decl *decl = &L->checked->components[index];
    struct at_plan_component *out = &L->pays[index];
    const struct at_ast_node *outer = L->graph.ast;
    uint32_t loop = L->loop;
    /* A component can name components that are declared later, so each is lowered when it is
     * first needed. */
    if (L->pay_state[index] == 2) return out;
    *out = (struct at_plan_component){.name = decl->symbol->name,
                                      .delay = decl->delay,
                                      .label = decl->symbol->label,
                                      .role = decl->kind == AT_POOL ? AT_ROLE_POOL : AT_ROLE_PAY,
                                      .exact = AT_NO_NODE,
                                      .adjusted = AT_NO_NODE,
                                      .local = AT_NO_NODE,
                                      .rate = AT_NO_NODE,
                                      .lines = AT_NO_NODE,
                                      .lines_when = AT_NO_NODE,
                                      .amount = AT_NO_NODE,
                                      .ledger = AT_NO_NODE,
                                      .parted = AT_NO_NODE,
                                      .decl = decl};
    if (L->pay_state[index] == 1) { /* a circular reference, which the checker rejects */
        static const struct at_plan_ctx cell = {.grain = AT_G_CELL};
        out->earned = out->value = out->due =
            at_plan_force(L, &cell, at_plan_lower_fail(L, decl->symbol->node, "circular reference"));
        return out;
    }
    L->pay_state[index] = 1;
    L->graph.ast = decl->symbol->node;
    L->loop = decl->symbol->loop;
    uint32_t sold = at_plan_lower_sold(L, (int32_t)index);
    if (decl->kind == AT_POOL)
        at_plan_lower_pool(L, index, out);
    else if (decl->per_feed >= 0)
        lower_lines(L, decl, out);
    else
        lower_cell_pay(L, decl, out);
    /* Adjustments replace it later, in lower_adjust.c. */
    out->value = out->due = out->earned;
    L->graph.ast = outer;
    L->loop = loop;
    L->sold = sold;
    L->pay_state[index] = 2;
    return out;
}
