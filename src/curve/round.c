/* curve/round.c: roundings that a policy asks for, such as `round(attainment, 2)`: stairs, step by step.
 *
 * Roundings of payout lines are left out, because curves are amounts before rounding.
 */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

#define MOST_STEPS 20000 /* more of them are not a useful curve */
#define MOST_TRIES 200

/* The unit to which it rounds. */
static at_num unit_of(struct at_arena *arena, const struct at_plan_node *p) {
    at_num multiple = at_num_int((int64_t)((uint32_t)p->b >> 2) + 1), ten = at_num_int(10);
    for (int32_t i = 0; i < p->a; i++)
        multiple = at_num_div(arena, multiple, ten);
    for (int32_t i = 0; i > p->a; i--)
        multiple = at_num_mul(arena, multiple, ten);
    return multiple;
}

/* To the minor unit, or as the policy rounds its lines. */
static bool of_lines(const struct at_curve_eval *e, const struct at_plan_node *p) {
    const struct at_check_policy *checked = e->plan->checked;
    const struct at_currency_info *currency = at_currency_info(checked->currency);
    uint32_t unit = checked->round_unit ? checked->round_unit : 1;
    int32_t digits = currency ? currency->digits : 2;
    if (p->type.kind != AT_T_MONEY) return false;
    for (; unit % 10 == 0; unit /= 10)
        digits--;
    return p->a == digits && (uint32_t)p->b >> 2 == unit - 1;
}

/* The range that is rounded to `to`; its ends are found to be in or out by the points there. */
static void range_of(struct at_arena *arena, const struct at_plan_node *p, at_num unit, at_num to,
                     at_num *low, at_num *high) {
    at_num half = at_num_div(arena, unit, at_num_int(2));
    int sign = at_num_sign(to);
    switch ((enum at_num_rounding)(p->b & 3)) {
    case AT_ROUND_DOWN:
        *low = sign > 0 ? to : at_num_sub(arena, to, unit);
        *high = sign < 0 ? to : at_num_add(arena, to, unit);
        return;
    case AT_ROUND_UP:
        *low = sign > 0 ? at_num_sub(arena, to, unit) : to;
        *high = sign < 0 ? at_num_add(arena, to, unit) : to;
        return;
    default: *low = at_num_sub(arena, to, half); *high = at_num_add(arena, to, half);
    }
}

static bool too_many(struct at_curve_eval *e, const value *a, at_num unit) {
    if (!at_poly_is_const(a->den)) return false;
    at_num from = at_poly_at(e->arena, a->num, e->options->from),
           to = at_poly_at(e->arena, a->num, e->options->to);
    at_num rise = at_num_abs(e->arena, at_num_sub(e->arena, to, from));
    at_num most = at_num_mul(e->arena, unit, at_num_int(MOST_STEPS));
    return at_num_cmp(e->arena, at_num_div(e->arena, rise, at_num_abs(e->arena, at_poly_first(a->den))),
                      most) > 0;
}

/* At a point that is not rational: narrowed until both ends have one answer. */
static value at_point(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *a) {
    struct at_poly_point at = e->low;
    for (int i = 0; i < MOST_TRIES; i++) {
        at_num low = at_plan_round_num(e->arena, p, at_curve_at(e->arena, a, at.low)),
               high = at_plan_round_num(e->arena, p, at_curve_at(e->arena, a, at.high));
        if (at_num_cmp(e->arena, low, high) == 0) return at_curve_of_num(e, low);
        at_poly_refine(e->arena, &at);
    }
    return at_curve_unknown(node);
}

value at_curve_round(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *a) {
    if (a->kind != AT_CURVE_NUM || of_lines(e, p)) return *a;
    bool constant = at_poly_is_const(a->num) && at_poly_is_const(a->den);
    if (constant)
        return at_curve_of_num(
            e, at_plan_round_num(e->arena, p,
                                 at_num_div(e->arena, at_poly_first(a->num), at_poly_first(a->den))));
    if (e->point) return at_point(e, node, p, a);
    at_num unit = unit_of(e->arena, p), low, high;
    if (too_many(e, a, unit)) return at_curve_unknown(node);
    for (int i = 0; i < MOST_TRIES; i++) {
        at_num x = at_poly_between(e->arena, &e->low, &e->high);
        at_num to = at_plan_round_num(e->arena, p, at_curve_at(e->arena, a, x));
        range_of(e->arena, p, unit, to, &low, &high);
        value from = at_curve_of_num(e, low), end = at_curve_of_num(e, high);
        if (at_curve_order(e, a, &from) >= 0 && at_curve_order(e, a, &end) <= 0)
            return at_curve_of_num(e, to);
        if (e->too_large) return at_curve_unknown(node);
    }
    return at_curve_unknown(node);
}
