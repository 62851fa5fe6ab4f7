/* curve/map.c: nodes that make a value of values of the same place: arithmetic, comparisons, choices. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

static value above_zero(struct at_curve_eval *e, const value *a) {
    value zero = at_curve_of_num(e, at_num_int(0));
    return at_curve_edge(e, a, &zero, -1);
}

/* max(in0 - in1, 0) */
static value over(struct at_curve_eval *e, const value *a, const value *b) {
    value difference = at_curve_sub(e, a, b);
    return above_zero(e, &difference);
}

/* max(min(in0, in2) - max(in1, 0), 0), as the slice of an amount begins at zero. */
static value between(struct at_curve_eval *e, const value *x, const value *low, const value *high) {
    value top = at_curve_edge(e, x, high, 1), from = above_zero(e, low);
    return over(e, &top, &from);
}

/* ---- comparisons */

static value compared(struct at_curve_eval *e, const struct at_plan_node *p, const value *a, const value *b) {
    value out;
    int order;
    if (a->kind == AT_CURVE_NUM && b->kind == AT_CURVE_NUM)
        order = at_curve_order(e, a, b);
    else if (a->kind == AT_CURVE_OTHER && b->kind == AT_CURVE_OTHER)
        order = at_plan_value_cmp(e->run->calendar, e->arena, &a->value, &b->value);
    else
        return at_curve_numbers(a, b, &out), out;
    bool yes = p->op == AT_P_EQ   ? order == 0
               : p->op == AT_P_NE ? order != 0
               : p->op == AT_P_LT ? order < 0
                                  : order <= 0;
    return at_curve_of_yes(yes);
}

/* `no` (for or: `yes`) wins over everything. */
static value both(const struct at_plan_node *p, const value *a, const value *b) {
    bool wins = p->op == AT_P_OR;
    if (a->kind == AT_CURVE_OTHER && at_curve_is_yes(a) == wins) return *a;
    if (b->kind == AT_CURVE_OTHER && at_curve_is_yes(b) == wins) return *b;
    return a->kind > b->kind ? *a : *b;
}

static value in_set(struct at_curve_eval *e, const struct at_plan_node *p, const value *x) {
    const struct at_plan_set *set = p->data;
    if (x->kind == AT_CURVE_OTHER) {
        for (uint32_t i = 0; i < set->n; i++)
            if (at_plan_value_cmp(e->run->calendar, e->arena, &x->value, &set->values[i]) == 0)
                return at_curve_of_yes(true);
        return at_curve_of_yes(false);
    }
    if (x->kind != AT_CURVE_NUM) return *x;
    for (uint32_t i = 0; i < set->n; i++) {
        value member = at_curve_of_num(e, at_plan_value_num(&set->values[i]));
        if (at_curve_order(e, x, &member) == 0) return at_curve_of_yes(true);
    }
    return at_curve_of_yes(false);
}

/* ---- by the number of inputs */

static value of_one(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *a) {
    value zero = at_curve_of_num(e, at_num_int(0));
    switch (p->op) {
    case AT_P_NEG: return at_curve_sub(e, &zero, a);
    case AT_P_ABS: {
        value less = at_curve_sub(e, &zero, a);
        return a->kind == AT_CURVE_NUM && at_curve_sign(e, a) < 0 ? less : *a;
    }
    case AT_P_ROUND: return at_curve_round(e, node, p, a);
    case AT_P_NOT: return a->kind == AT_CURVE_OTHER ? at_curve_of_yes(!at_curve_is_yes(a)) : *a;
    case AT_P_MISSING: return a->kind < AT_CURVE_FAILED ? at_curve_of_yes(a->kind == AT_CURVE_MISSING) : *a;
    case AT_P_KNOWN: return a->kind < AT_CURVE_FAILED ? at_curve_of_yes(true) : *a;
    case AT_P_IN: return in_set(e, p, a);
    default: return at_curve_unknown(node);
    }
}

static value of_two(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *a,
                    const value *b) {
    value zero = at_curve_of_num(e, at_num_int(0));
    switch (p->op) {
    case AT_P_ADD: return at_curve_add(e, a, b);
    case AT_P_SUB: return at_curve_sub(e, a, b);
    case AT_P_MUL: return at_curve_mul(e, a, b);
    case AT_P_DIV: return at_curve_div(e, node, a, b);
    case AT_P_MIN: return at_curve_edge(e, a, b, 1);
    case AT_P_MAX: return at_curve_edge(e, a, b, -1);
    case AT_P_OVER: return over(e, a, b);
    case AT_P_UPTO: return between(e, a, &zero, b);
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE: return compared(e, p, a, b);
    case AT_P_AND:
    case AT_P_OR: return both(p, a, b);
    case AT_P_IFMISSING: return a->kind == AT_CURVE_MISSING ? *b : *a;
    default: return at_curve_unknown(node);
    }
}

value at_curve_map(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *in,
                   uint16_t n) {
    value kind;
    switch (p->op) {
    case AT_P_STEP:
    case AT_P_THROUGH:
    case AT_P_LOOKUP: return at_curve_step(e, node, p, in, n);
    case AT_P_IF: return in[0].kind != AT_CURVE_OTHER ? in[0] : in[at_curve_is_yes(&in[0]) ? 1 : 2];
    case AT_P_BETWEEN:
        if (!at_curve_numbers(&in[0], &in[1], &kind) || !at_curve_numbers(&in[0], &in[2], &kind)) return kind;
        return between(e, &in[0], &in[1], &in[2]);
    case AT_P_PAYIN: return at_curve_mul(e, &in[0], &in[1]); /* before it is rounded */
    case AT_P_CALL: return at_curve_unknown(node);
    default: break;
    }
    if (n == 1) return of_one(e, node, p, &in[0]);
    return n == 2 ? of_two(e, node, p, &in[0], &in[1]) : at_curve_unknown(node);
}
