/* base/poly.h: polynomials of one variable with exact coefficients, and their real roots.
 *
 * A polynomial is a value: its coefficients are never changed, and are in the arena of the call that made it.
 * c[0] + c[1] x + c[2] x² + …, without zeros at the end; n = 0 is zero. A coefficient that is too large
 * (num.h: OVERFLOW) makes what follows from it meaningless (at_poly_fits).
 */
#ifndef AT_BASE_POLY_H
#define AT_BASE_POLY_H

#include "base/num.h"

typedef struct at_poly {
    uint32_t n;
    const at_num *c;
} at_poly;

at_poly at_poly_const(struct at_arena *arena, at_num value);
at_poly at_poly_x(struct at_arena *arena);
at_poly at_poly_add(struct at_arena *arena, at_poly a, at_poly b);
at_poly at_poly_sub(struct at_arena *arena, at_poly a, at_poly b);
at_poly at_poly_mul(struct at_arena *arena, at_poly a, at_poly b);
at_poly at_poly_scale(struct at_arena *arena, at_poly a, at_num by);
at_poly at_poly_slope(struct at_arena *arena, at_poly a); /* the derivative */
/* a = quotient * b + remainder; b must not be zero. Either may be NULL. */
void at_poly_div(struct at_arena *arena, at_poly a, at_poly b, at_poly *quotient, at_poly *remainder);
/* The largest common divisor, with 1 as its first coefficient; zero of two zeros. */
at_poly at_poly_gcd(struct at_arena *arena, at_poly a, at_poly b);
at_num at_poly_at(struct at_arena *arena, at_poly a, at_num x);
bool at_poly_fits(at_poly a);
bool at_poly_same(at_poly a, at_poly b);
static inline bool at_poly_is_const(at_poly a) {
    return a.n <= 1;
}
static inline at_num at_poly_first(at_poly a) { /* the value at 0 */
    return a.n ? a.c[0] : at_num_int(0);
}

/* A real number: a rational one, or the only root of `of` between low and high, where `of` has another sign
 * at low than at high. An exact one has low = high. */
struct at_poly_point {
    bool exact;
    at_num low, high;
    at_poly of;
};
static inline struct at_poly_point at_poly_point_of(at_num x) {
    return (struct at_poly_point){.exact = true, .low = x, .high = x};
}
/* Halves the interval of a point that is not exact, or finds it to be exact. */
void at_poly_refine(struct at_arena *arena, struct at_poly_point *point);
/* <0, 0, >0. Refines both until it is known. */
int at_poly_cmp(struct at_arena *arena, struct at_poly_point *a, struct at_poly_point *b);
/* The sign of a polynomial at a point. */
int at_poly_sign(struct at_arena *arena, at_poly a, struct at_poly_point *at);
/* A rational number between two points, the first of which is the smaller one. */
at_num at_poly_between(struct at_arena *arena, struct at_poly_point *low, struct at_poly_point *high);
/* The smallest root that is larger than `low` and smaller than `high`. False: there is none; `a` must not be
 * zero. A rational root is exact. */
bool at_poly_next_root(struct at_arena *arena, at_poly a, struct at_poly_point *low,
                       struct at_poly_point *high, struct at_poly_point *root);

#endif
