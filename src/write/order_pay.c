/* write/order_pay.c: the sentences of `pay` and `pool` in the order of calculation. */
#include "write/order_int.h"

static const struct at_ast_node *child(const struct at_ast_node *node, uint32_t i) {
    return i < node->n ? node->child[i] : NULL;
}

static at_str rate_and_condition(const struct at_write_steps *s, at_str text, const struct at_ast_node *node,
                                 const struct at_ast_node *when) {
    text = at_write_step_with(s, text, AT_W_ORDER_ON, child(node, 0));
    if (node->kind == AT_N_PAY && node->by.n)
        text = at_write_step_and(s, text,
                                 AT_STEP_SAY(s, AT_W_ORDER_CUMULATIVE, at_write_step_span(s, node->by)));
    return at_write_step_with(s, text, AT_W_ORDER_WHEN, when);
}

static at_str by_rows(const struct at_write_steps *s, at_str text, const struct at_ast_node *node) {
    const struct at_ast_node *rows = at_ast_child(node, AT_N_BYROWS);
    if (!rows) return text;
    enum at_words_word word = rows->flags & AT_F_IN_ORDER ? AT_W_ORDER_BY_ORDER : AT_W_ORDER_BY_ROWS;
    return at_write_step_and(s, text, AT_STEP_SAY(s, word, rows->text));
}

/* PAY: on? expr when? */
static at_str pay(const struct at_write_steps *s, const struct at_ast_node *node) {
    at_str name = at_write_step_name(s, node->text, node->text2), period = at_write_step_period(s, node);
    at_str code = at_write_step_code(s, child(node, 1));
    at_str text = node->text3.n ? AT_STEP_SAY(s, AT_W_ORDER_PAY_LINES, name, period, code, node->text3)
                                : AT_STEP_SAY(s, AT_W_ORDER_PAY, name, period, code);
    return by_rows(s, rate_and_condition(s, text, node, child(node, 2)), node);
}

/* POOL: on? expr split? when? AMONG? limit? from? */
static at_str pool(const struct at_write_steps *s, const struct at_ast_node *node) {
    at_str name = at_write_step_name(s, node->text, node->text2), period = at_write_step_period(s, node);
    at_str code = at_write_step_code(s, child(node, 1));
    const struct at_ast_node *among = child(node, 4), *split = child(node, 2);
    at_str text = node->text3.n ? AT_STEP_SAY(s, AT_W_ORDER_POOL_OF, name, period, code, node->text3)
                                : AT_STEP_SAY(s, AT_W_ORDER_POOL, name, period, code);
    text = rate_and_condition(s, text, node, child(node, 3));
    if (node->flags & AT_F_BY_DAY)
        text = at_write_step_and(s, text, at_words_word(s->words, AT_W_ORDER_BY_DAY));
    if (child(node, 6))
        text = at_write_step_and(
            s, text, AT_STEP_SAY(s, AT_W_ORDER_POOL_PART, at_write_step_component(s, child(node, 6)->text)));
    text = at_write_step_with(s, text, AT_W_ORDER_AMONG, among && among->n ? among->child[0] : NULL);
    switch (node->op) {
    case AT_OP_EQUALLY: text = at_write_step_and(s, text, at_words_word(s->words, AT_W_ORDER_EQUALLY)); break;
    case AT_OP_BY: text = at_write_step_with(s, text, AT_W_ORDER_BY, split); break;
    case AT_OP_SHARES: text = at_write_step_with(s, text, AT_W_ORDER_SHARES, split); break;
    case AT_OP_LEVEL: text = at_write_step_with(s, text, AT_W_ORDER_LEVEL, split); break;
    default: text = at_write_step_and(s, text, at_words_word(s->words, AT_W_ORDER_CONTRIBUTION));
    }
    text = at_write_step_with(s, text, AT_W_ORDER_LIMIT, child(node, 5));
    return by_rows(s, at_write_step_and(s, text, at_words_word(s->words, AT_W_ORDER_ODD_CENTS)), node);
}

at_str at_write_step_pay(const struct at_write_steps *s, const struct at_ast_node *node) {
    if (node->kind == AT_N_PAY) return pay(s, node);
    return node->kind == AT_N_POOL ? pool(s, node) : (at_str){0};
}
