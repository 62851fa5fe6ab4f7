/* check/fold.c: calculates constants that are easy to calculate: literals, arithmetic on them, params at
 * their own values. */
#include "check/check_int.h"

/* Params can refer to each other in a loop, which is reported elsewhere. The limit ends the
 * recursion here. */
#define DEEP 64

static bool fold(const struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out,
                 int depth);

static bool fold_arith(const struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out,
                       int depth) {
    struct at_check_const a, b;
    if (!fold(ck, at_check_child(node, 0), &a, depth) || !fold(ck, at_check_child(node, 1), &b, depth))
        return false;
    if (a.kind != AT_T_NUMBER && a.kind != AT_T_MONEY) return false;
    if (b.kind != AT_T_NUMBER && b.kind != AT_T_MONEY) return false;
    out->kind = at_check_type_at(ck, node).kind == AT_T_NONE ? a.kind : at_check_type_at(ck, node).kind;
    out->from_param = a.from_param || b.from_param;
    switch (node->kind == AT_N_OF ? AT_OP_MUL : node->op) {
    case AT_OP_ADD: out->num = at_num_add(ck->arena, a.num, b.num); break;
    case AT_OP_SUB: out->num = at_num_sub(ck->arena, a.num, b.num); break;
    case AT_OP_MUL: out->num = at_num_mul(ck->arena, a.num, b.num); break;
    case AT_OP_DIV:
        /* Not known instead of an error: the check of the division reports it. */
        if (at_num_is_zero(b.num)) return false;
        out->num = at_num_div(ck->arena, a.num, b.num);
        break;
    default: return false;
    }
    return out->num.form != AT_NUM_OVERFLOW;
}

static bool fold_param(const struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out,
                       int depth) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (!symbol || symbol->kind != AT_SYM_PARAM || !fold(ck, at_check_child(symbol->node, 0), out, depth))
        return false;
    /* Another run may set another value, so warnings must not rely on it. */
    out->from_param = true;
    return true;
}

static bool fold(const struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out,
                 int depth) {
    *out = (struct at_check_const){.kind = AT_T_NONE};
    if (!node || depth > DEEP) return false;
    depth++;
    switch (node->kind) {
    case AT_N_NUMBER:
    case AT_N_MONEY:
        *out = (struct at_check_const){.kind = node->kind == AT_N_MONEY ? AT_T_MONEY : AT_T_NUMBER,
                                       .num = node->value};
        return node->value.form != AT_NUM_OVERFLOW;
    case AT_N_TEXT: *out = (struct at_check_const){.kind = AT_T_TEXT, .text = node->text}; return true;
    case AT_N_DATE: *out = (struct at_check_const){.kind = AT_T_DATE, .i = node->day}; return true;
    case AT_N_FLAG: *out = (struct at_check_const){.kind = AT_T_FLAG, .i = node->day}; return true;
    case AT_N_NEG:
        if (!fold(ck, at_check_child(node, 0), out, depth) ||
            (out->kind != AT_T_NUMBER && out->kind != AT_T_MONEY))
            return false;
        out->num = at_num_neg(ck->arena, out->num);
        return true;
    case AT_N_ARITH:
    case AT_N_OF: return fold_arith(ck, node, out, depth);
    case AT_N_NAME: return fold_param(ck, node, out, depth);
    default: return false;
    }
}

bool at_check_fold(const struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out) {
    return fold(ck, node, out, 0);
}

bool at_check_fold_num(const struct at_check *ck, const struct at_ast_node *node, at_num *out) {
    struct at_check_const value;
    if (!at_check_fold(ck, node, &value) || (value.kind != AT_T_NUMBER && value.kind != AT_T_MONEY))
        return false;
    *out = value.num;
    return true;
}

/* Of one kind, or the answer means nothing. */
int at_check_const_cmp(struct at_check *ck, const struct at_check_const *a, const struct at_check_const *b) {
    if (a->kind == AT_T_TEXT) return at_str_cmp(a->text, b->text);
    if (a->kind == AT_T_DATE || a->kind == AT_T_FLAG) return a->i < b->i ? -1 : a->i > b->i;
    return at_num_cmp(ck->arena, a->num, b->num);
}
