/* write/order_change.c: the sentences of statements that change what components give, in the order of
 * calculation: caps, floors, adjustments, draws, holds, releases, and clawbacks. */
#include "write/order_int.h"

static const struct at_ast_node *child(const struct at_ast_node *node, uint32_t i) {
    return i < node->n ? node->child[i] : NULL;
}

/* CAP, FLOOR: at when? */
static at_str limit(const struct at_write_steps *s, const struct at_ast_node *node) {
    enum at_words_word word = node->kind == AT_N_CAP ? AT_W_ORDER_CAP : AT_W_ORDER_FLOOR;
    at_str text =
        AT_STEP_SAY(s, word, at_write_step_component(s, node->text), at_write_step_code(s, child(node, 0)));
    if (node->by.n && !at_str_eq(node->by, AT_STR("period")))
        text = at_write_step_and(s, text, AT_STEP_SAY(s, AT_W_ORDER_PER, at_write_step_span(s, node->by)));
    return at_write_step_with(s, text, AT_W_ORDER_WHEN, child(node, 1));
}

/* ADJUST: expr when? */
static at_str adjust(const struct at_write_steps *s, const struct at_ast_node *node) {
    at_str text = AT_STEP_SAY(s, AT_W_ORDER_ADJUST, at_write_step_component(s, node->text),
                              at_write_step_code(s, child(node, 0)));
    text = at_write_step_with(s, text, AT_W_ORDER_WHEN, child(node, 1));
    if (node->text2.n) text = at_write_step_and(s, text, AT_STEP_SAY(s, AT_W_ORDER_BECAUSE, node->text2));
    return text;
}

/* DRAW: expr when? most? from? due? opening? settle? forgive? `carry X below Y` is a draw of Y. */
static at_str draw(const struct at_write_steps *s, const struct at_ast_node *node) {
    bool carry = (node->flags & AT_F_CARRY) != 0, lends = (node->flags & AT_F_RECOVERABLE) != 0;
    const struct at_ast_node *settle = child(node, 6), *forgive = child(node, 7);
    at_str of = at_write_step_component(s, node->text3), amount = at_write_step_code(s, child(node, 0));
    at_str text =
        carry ? AT_STEP_SAY(s, AT_W_ORDER_CARRY, of, amount)
              : AT_STEP_SAY(s, AT_W_ORDER_DRAW, of, amount, at_write_step_name(s, node->text, node->text2));
    text = at_write_step_with(s, text, AT_W_ORDER_WHEN, child(node, 1));
    if (settle && !carry)
        text = at_write_step_and(s, text,
                                 AT_STEP_SAY(s, AT_W_ORDER_SETTLE, at_write_step_span(s, settle->text)));
    if (!carry)
        text = at_write_step_and(s, text,
                                 at_words_word(s->words, lends ? AT_W_ORDER_RECOVERABLE : AT_W_ORDER_GIFT));
    text = at_write_step_with(s, text, AT_W_ORDER_MOST, child(node, 2));
    text = at_write_step_with(s, text, AT_W_ORDER_FROM, child(node, 3));
    text = at_write_step_with(s, text, AT_W_ORDER_DUE, child(node, 4));
    text = at_write_step_with(s, text, AT_W_ORDER_OPENING, child(node, 5));
    text = at_write_step_with(s, text, AT_W_ORDER_FORGIVE, forgive && forgive->n ? forgive->child[0] : NULL);
    if (!lends || carry) return text;
    return at_write_step_and(s, text, at_words_word(s->words, AT_W_ORDER_CARRIES));
}

/* HOLD: share until at? when? */
static at_str hold(const struct at_write_steps *s, const struct at_ast_node *node) {
    at_str text = AT_STEP_SAY(s, AT_W_ORDER_HOLD, at_write_step_component(s, node->text),
                              at_write_step_code(s, child(node, 0)), at_write_step_code(s, child(node, 1)));
    text = at_write_step_with(s, text, AT_W_ORDER_HOLD_PAID, child(node, 2));
    return at_write_step_with(s, text, AT_W_ORDER_WHEN, child(node, 3));
}

/* RELEASE, CLAWBACK: on at? when? */
static at_str release(const struct at_write_steps *s, const struct at_ast_node *node) {
    at_str text = AT_STEP_SAY(s, AT_W_ORDER_RELEASE, at_write_step_component(s, node->text), node->text2,
                              at_write_step_code(s, child(node, 0)));
    text = at_write_step_with(s, text, AT_W_ORDER_RELEASE_AT, child(node, 1));
    return at_write_step_with(s, text, AT_W_ORDER_WHEN, child(node, 2));
}

static at_str clawback(const struct at_write_steps *s, const struct at_ast_node *node) {
    enum at_words_word how = node->op == AT_OP_AS_RATED  ? AT_W_ORDER_AS_RATED
                             : node->op == AT_OP_AS_SOLD ? AT_W_ORDER_AS_SOLD
                                                         : AT_W_ORDER_AS_PAID;
    at_str text = AT_STEP_SAY(s, AT_W_ORDER_CLAWBACK, at_write_step_component(s, node->text),
                              at_write_step_code(s, child(node, 0)));
    text = at_write_step_with(s, text, AT_W_ORDER_CLAWBACK_AT, child(node, 1));
    text = at_write_step_and(s, text, at_words_word(s->words, how));
    return at_write_step_with(s, text, AT_W_ORDER_WHEN, child(node, 2));
}

at_str at_write_step_change(const struct at_write_steps *s, const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_CAP:
    case AT_N_FLOOR: return limit(s, node);
    case AT_N_ADJUST: return adjust(s, node);
    case AT_N_DRAW: return draw(s, node);
    case AT_N_HOLD: return hold(s, node);
    case AT_N_RELEASE: return release(s, node);
    case AT_N_CLAWBACK: return clawback(s, node);
    default: return (at_str){0};
    }
}
