/* plan/lower_currency.c: lowers the conversion of an amount into another currency: the amount times the
 * factor of a day. The factor is a node of its own, which explanations show with its rate. */
#include "plan/lower_int.h"

#include "base/money.h"

static const at_type TEXT = {.kind = AT_T_TEXT}, NUMBER = {.kind = AT_T_NUMBER};

/* A field with currencies as texts: a choice is not a text. */
static uint32_t text_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    const struct at_plan_node *node = at_plan_node_of(L, id);
    if (node->type.kind != AT_T_ENUM) return id;
    at_type type = TEXT;
    type.optional = node->type.optional;
    return at_plan_make(L, ctx, AT_P_CHOICETEXT, type, 0, 0, node->type.choices, &id, 1);
}

static uint32_t code_of(struct at_plan_lowering *L, at_currency currency) {
    return at_plan_graph_const(&L->graph, at_plan_value_of_text(at_str_z(at_currency_info(currency)->code)));
}

static uint32_t load(struct at_plan_lowering *L, uint16_t table, int32_t field) {
    return at_plan_graph_load(&L->graph, table, field, L->checked->schemas[table].fields[field].type);
}

/* The rows of the table in order. All columns are of the whole table, which is small. */
static uint32_t rates_of(struct at_plan_lowering *L, const struct at_check_exchange_decl *exchange) {
    struct at_plan_ctx rows = {.grain = AT_G_ROW, .place = exchange->table};
    uint32_t in[4] = {text_of(L, &rows, load(L, exchange->table, exchange->from)),
                      load(L, exchange->table, exchange->since), load(L, exchange->table, exchange->rate)};
    if (exchange->to >= 0) in[3] = text_of(L, &rows, load(L, exchange->table, exchange->to));
    struct at_plan_node wanted = {.op = AT_P_RATES,
                                  .grain = AT_G_ROW,
                                  .place = exchange->table,
                                  .n_in = exchange->to >= 0 ? 4 : 3,
                                  .in = in,
                                  .type = {.kind = AT_T_REF, .table = exchange->table}};
    return at_plan_graph_add(&L->graph, &wanted);
}

static const struct at_check_exchange_decl *exchange_of(const struct at_plan_lowering *L,
                                                        const struct at_ast_node *rate) {
    const struct at_check_symbol *symbol = L->checked->symbols[rate->id];
    for (uint32_t i = 0; symbol && i < L->checked->n_exchanges; i++)
        if (L->checked->exchanges[i].table == symbol->index) return &L->checked->exchanges[i];
    return NULL;
}

static int span_of(const struct at_ast_node *rate) {
    static const struct {
        const char *word;
        enum at_period_kind kind;
    } SPANS[] = {{"month", AT_MONTH}, {"quarter", AT_QUARTER}, {"half", AT_HALF}, {"year", AT_YEAR}};
    for (size_t i = 0; i < AT_COUNT(SPANS); i++)
        if (at_str_eq(rate->text2, at_str_z(SPANS[i].word))) return 1 + SPANS[i].kind;
    return 0;
}

/* `from` and `to` are texts. */
uint32_t at_plan_lower_exchange(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_ast_node *rate, uint32_t from, uint32_t to) {
    const struct at_check_exchange_decl *exchange = exchange_of(L, rate);
    if (!exchange) return at_plan_lower_fail(L, rate, "these are not exchange rates");
    uint32_t in[4] = {rates_of(L, exchange), from, to, at_plan_lower_expr(L, ctx, rate->child[0])};
    at_plan_join(L, ctx, in + 1, 3);
    struct at_plan_node wanted = {
        .op = AT_P_EXCHANGE, .grain = AT_G_CONST, .a = span_of(rate), .n_in = 4, .in = in, .type = NUMBER};
    for (unsigned i = 4; i-- > 1;) {
        const struct at_plan_node *node = at_plan_node_of(L, in[i]);
        wanted.type.optional |= node->type.optional;
        if (node->grain == AT_G_CONST) continue;
        wanted.grain = node->grain;
        wanted.place = node->place;
    }
    return at_plan_graph_add(&L->graph, &wanted);
}

/* The column next to that of an amount, in the same rows: the field with its currency. */
static uint32_t beside(struct at_plan_lowering *L, uint32_t id) {
    struct at_plan_node node = *at_plan_node_of(L, id);
    switch (node.op) {
    case AT_P_LOAD: return load(L, node.place, L->checked->schemas[node.place].fields[node.a].currency_field);
    case AT_P_TAKE: return at_plan_graph_take(&L->graph, beside(L, node.in[0]), node.place);
    case AT_P_FOLLOW: return at_plan_graph_follow(&L->graph, beside(L, node.in[0]), node.in[1]);
    default: return at_plan_lower_fail(L, node.ast, "the currency of this amount is not known");
    }
}

uint32_t at_plan_lower_convert(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node) {
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]);
    at_type type = at_plan_node_of(L, x)->type,
            out = {.kind = AT_T_MONEY, .currency = at_currency_find(node->text)};
    uint32_t from = type.kind == AT_T_FOREIGN ? text_of(L, ctx, beside(L, x)) : code_of(L, type.currency);
    uint32_t factor = at_plan_lower_exchange(L, ctx, node->child[1], from, code_of(L, out.currency));
    out.optional = type.optional || at_plan_node_of(L, factor)->type.optional;
    return at_plan_make2(L, ctx, AT_P_MUL, out, x, factor);
}

/* ---- pay in the payee's currency */

static const struct at_plan_ctx CELL = {.grain = AT_G_CELL};

void at_plan_lower_pays_in(struct at_plan_lowering *L) {
    const struct at_check_pays_decl *pays = &L->checked->pays;
    L->plan->pays_in = AT_NO_NODE;
    if (!pays->node) return;
    uint32_t field = load(L, L->graph.payee_table, pays->field);
    L->plan->pays_in = at_plan_force(L, &CELL, text_of(L, &CELL, field));
}

/* Rounded once: the amount before it is rounded in the policy's currency. What statements made of whole
 * cents, such as the part of a pool or a draw, is converted as it is. A line that is paid later is converted
 * in the period for which it is calculated. Lines of rows are whole cents, too, and are converted one by one
 * at `rate`: settle/local.c. */
void at_plan_lower_local(struct at_plan_lowering *L, struct at_plan_component *component) {
    if (L->plan->pays_in == AT_NO_NODE) return;
    const struct at_ast_node *node = L->checked->pays.node;
    uint32_t exact = component->due, own = code_of(L, L->checked->currency);
    if (at_plan_node_of(L, exact)->op == AT_P_ROUND) exact = at_plan_node_of(L, exact)->in[0];
    uint32_t factor = at_plan_lower_exchange(L, &CELL, node->child[1], own, L->plan->pays_in);
    uint32_t in[3] = {at_plan_force(L, &CELL, exact), at_plan_force(L, &CELL, factor), L->plan->pays_in};
    at_type type = {.kind = AT_T_FOREIGN};
    uint32_t local = at_plan_make(L, &CELL, AT_P_PAYIN, type, (int32_t)L->checked->rounding, 0, NULL, in, 3);
    if (component->delay.unit != AT_DELAY_NONE)
        local = at_plan_graph_scan(&L->graph, AT_P_MOVED, local, component->delay.n, component->delay.unit);
    component->local = local;
    component->rate = in[1];
}
