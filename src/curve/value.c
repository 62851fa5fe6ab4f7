/* curve/value.c: arithmetic of functions on one piece. Quotients are kept in lowest terms. */
#include "curve/curve_int.h"

static at_poly one(struct at_curve_eval *e) {
    return at_poly_const(e->arena, at_num_int(1));
}

static struct at_curve_value of_poly(struct at_curve_eval *e, at_poly num) {
    if (!at_poly_fits(num)) e->too_large = true;
    return (struct at_curve_value){.kind = AT_CURVE_NUM, .num = num, .den = one(e)};
}

/* Common factors are taken out, and a constant denominator is 1. */
static struct at_curve_value of_quotient(struct at_curve_eval *e, at_poly num, at_poly den) {
    if (!at_poly_fits(num) || !at_poly_fits(den)) {
        e->too_large = true;
        return of_poly(e, (at_poly){0});
    }
    if (!at_poly_is_const(den)) {
        at_poly common = at_poly_gcd(e->arena, num, den);
        if (common.n > 1) {
            at_poly_div(e->arena, num, common, &num, NULL);
            at_poly_div(e->arena, den, common, &den, NULL);
        }
    }
    at_num by = at_num_div(e->arena, at_num_int(1), den.c[den.n - 1]);
    num = at_poly_scale(e->arena, num, by);
    if (at_poly_is_const(den)) return of_poly(e, num);
    return (struct at_curve_value){.kind = AT_CURVE_NUM, .num = num, .den = at_poly_scale(e->arena, den, by)};
}

struct at_curve_value at_curve_of_num(struct at_curve_eval *e, at_num num) {
    return of_poly(e, at_poly_const(e->arena, num));
}

struct at_curve_value at_curve_of_value(struct at_curve_eval *e, const struct at_plan_value *value,
                                        uint32_t state) {
    if (state >= AT_STATE_EXCEPTION)
        return (struct at_curve_value){.kind = AT_CURVE_FAILED, .blame = AT_NO_NODE};
    if (value->missing) return (struct at_curve_value){.kind = AT_CURVE_MISSING};
    if (at_plan_type_counts(value->type)) return at_curve_of_num(e, at_plan_value_num(value));
    return (struct at_curve_value){.kind = AT_CURVE_OTHER, .value = *value};
}

struct at_curve_value at_curve_of_x(struct at_curve_eval *e) {
    return of_poly(e, e->point && e->low.exact ? at_poly_const(e->arena, e->low.low) : at_poly_x(e->arena));
}

struct at_curve_value at_curve_of_yes(bool yes) {
    return (struct at_curve_value){.kind = AT_CURVE_OTHER, .value = at_plan_value_of_yes(yes)};
}

bool at_curve_numbers(const struct at_curve_value *a, const struct at_curve_value *b,
                      struct at_curve_value *out) {
    if (a->kind == AT_CURVE_NUM && b->kind == AT_CURVE_NUM) return true;
    *out = a->kind > b->kind ? *a : *b;
    return false;
}

struct at_curve_value at_curve_add(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *b) {
    struct at_curve_value out;
    if (!at_curve_numbers(a, b, &out)) return out;
    if (at_poly_is_const(a->den) && at_poly_is_const(b->den))
        return of_poly(e, at_poly_add(e->arena, a->num, b->num));
    at_poly num =
        at_poly_add(e->arena, at_poly_mul(e->arena, a->num, b->den), at_poly_mul(e->arena, b->num, a->den));
    return of_quotient(e, num, at_poly_mul(e->arena, a->den, b->den));
}

struct at_curve_value at_curve_sub(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *b) {
    struct at_curve_value less = *b;
    if (b->kind == AT_CURVE_NUM) less.num = at_poly_scale(e->arena, b->num, at_num_int(-1));
    return at_curve_add(e, a, &less);
}

static bool is_const(const struct at_curve_value *a) {
    return at_poly_is_const(a->num) && at_poly_is_const(a->den);
}

/* The denominator stays as it is, unless the product is zero. */
static struct at_curve_value scale(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *by) {
    struct at_curve_value out = of_poly(e, at_poly_scale(e->arena, a->num, at_poly_first(by->num)));
    if (out.num.n) out.den = a->den;
    return out;
}

struct at_curve_value at_curve_mul(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *b) {
    struct at_curve_value out;
    if (!at_curve_numbers(a, b, &out)) return out;
    if (is_const(b)) return scale(e, a, b); /* a constant denominator is 1 */
    if (is_const(a)) return scale(e, b, a);
    return of_quotient(e, at_poly_mul(e->arena, a->num, b->num), at_poly_mul(e->arena, a->den, b->den));
}

struct at_curve_value at_curve_div(struct at_curve_eval *e, uint32_t node, const struct at_curve_value *a,
                                   const struct at_curve_value *b) {
    struct at_curve_value out;
    if (!at_curve_numbers(a, b, &out)) return out;
    if (at_curve_sign(e, b) == 0) return at_curve_failed(node);
    return of_quotient(e, at_poly_mul(e->arena, a->num, b->den), at_poly_mul(e->arena, a->den, b->num));
}

/* ---- signs */

/* On an interval, which becomes shorter if the polynomial has a root in it. */
static int sign_of(struct at_curve_eval *e, at_poly a) {
    if (!at_poly_fits(a)) {
        e->too_large = true;
        return 0;
    }
    if (at_poly_is_const(a)) return at_num_sign(at_poly_first(a));
    if (e->point) return at_poly_sign(e->arena, a, &e->low);
    struct at_poly_point root;
    if (at_poly_next_root(e->arena, a, &e->low, &e->high, &root)) e->high = root;
    return at_num_sign(at_poly_at(e->arena, a, at_poly_between(e->arena, &e->low, &e->high)));
}

int at_curve_sign(struct at_curve_eval *e, const struct at_curve_value *a) {
    return sign_of(e, a->num) * sign_of(e, a->den);
}

int at_curve_order(struct at_curve_eval *e, const struct at_curve_value *a, const struct at_curve_value *b) {
    struct at_curve_value difference = at_curve_sub(e, a, b);
    return at_curve_sign(e, &difference);
}

struct at_curve_value at_curve_edge(struct at_curve_eval *e, const struct at_curve_value *a,
                                    const struct at_curve_value *b, int sign) {
    struct at_curve_value out;
    if (!at_curve_numbers(a, b, &out)) return out;
    return at_curve_order(e, a, b) * sign <= 0 ? *a : *b;
}

at_num at_curve_at(struct at_arena *arena, const struct at_curve_value *value, at_num x) {
    return at_num_div(arena, at_poly_at(arena, value->num, x), at_poly_at(arena, value->den, x));
}
