/* base/poly.c: arithmetic of polynomials. */
#include "base/poly.h"

static at_poly trimmed(uint32_t n, const at_num *c) {
    while (n > 0 && c[n - 1].form != AT_NUM_OVERFLOW && at_num_is_zero(c[n - 1]))
        n--;
    return (at_poly){n, c};
}

at_poly at_poly_const(struct at_arena *arena, at_num value) {
    at_num *c = at_arena_get(arena, sizeof *c);
    *c = value;
    return trimmed(1, c);
}

at_poly at_poly_x(struct at_arena *arena) {
    at_num *c = at_arena_get(arena, 2 * sizeof *c);
    c[0] = at_num_int(0);
    c[1] = at_num_int(1);
    return (at_poly){2, c};
}

static at_num coefficient(at_poly a, uint32_t i) {
    return i < a.n ? a.c[i] : at_num_int(0);
}

at_poly at_poly_add(struct at_arena *arena, at_poly a, at_poly b) {
    uint32_t n = a.n > b.n ? a.n : b.n;
    at_num *c = at_arena_get(arena, (n + 1) * sizeof *c);
    for (uint32_t i = 0; i < n; i++)
        c[i] = at_num_add(arena, coefficient(a, i), coefficient(b, i));
    return trimmed(n, c);
}

at_poly at_poly_sub(struct at_arena *arena, at_poly a, at_poly b) {
    return at_poly_add(arena, a, at_poly_scale(arena, b, at_num_int(-1)));
}

at_poly at_poly_mul(struct at_arena *arena, at_poly a, at_poly b) {
    if (a.n == 0 || b.n == 0) return (at_poly){0};
    uint32_t n = a.n + b.n - 1;
    at_num *c = at_arena_get(arena, n * sizeof *c);
    for (uint32_t i = 0; i < n; i++)
        c[i] = at_num_int(0);
    for (uint32_t i = 0; i < a.n; i++)
        for (uint32_t j = 0; j < b.n; j++)
            c[i + j] = at_num_add(arena, c[i + j], at_num_mul(arena, a.c[i], b.c[j]));
    return trimmed(n, c);
}

at_poly at_poly_scale(struct at_arena *arena, at_poly a, at_num by) {
    at_num *c = at_arena_get(arena, (a.n + 1) * sizeof *c);
    for (uint32_t i = 0; i < a.n; i++)
        c[i] = at_num_mul(arena, a.c[i], by);
    return trimmed(a.n, c);
}

at_poly at_poly_slope(struct at_arena *arena, at_poly a) {
    if (a.n < 2) return (at_poly){0};
    at_num *c = at_arena_get(arena, (a.n - 1) * sizeof *c);
    for (uint32_t i = 1; i < a.n; i++)
        c[i - 1] = at_num_mul(arena, a.c[i], at_num_int(i));
    return trimmed(a.n - 1, c);
}

void at_poly_div(struct at_arena *arena, at_poly a, at_poly b, at_poly *quotient, at_poly *remainder) {
    uint32_t n = a.n >= b.n ? a.n - b.n + 1 : 0;
    at_num *q = at_arena_get(arena, (n + 1) * sizeof *q), *r = at_arena_get(arena, (a.n + 1) * sizeof *r);
    for (uint32_t i = 0; i < a.n; i++)
        r[i] = a.c[i];
    for (uint32_t i = n; i-- > 0;) {
        q[i] = at_num_div(arena, r[i + b.n - 1], b.c[b.n - 1]);
        for (uint32_t j = 0; j < b.n; j++)
            r[i + j] = at_num_sub(arena, r[i + j], at_num_mul(arena, q[i], b.c[j]));
    }
    if (quotient) *quotient = trimmed(n, q);
    if (remainder) *remainder = trimmed(n ? b.n - 1 : a.n, r);
}

at_poly at_poly_gcd(struct at_arena *arena, at_poly a, at_poly b) {
    while (b.n) {
        at_poly rest;
        if (!at_poly_fits(a) || !at_poly_fits(b)) return b;
        at_poly_div(arena, a, b, NULL, &rest);
        /* The first coefficient stays 1, so that the others do not grow. */
        if (rest.n) rest = at_poly_scale(arena, rest, at_num_div(arena, at_num_int(1), rest.c[rest.n - 1]));
        a = b;
        b = rest;
    }
    return a.n ? at_poly_scale(arena, a, at_num_div(arena, at_num_int(1), a.c[a.n - 1])) : a;
}

at_num at_poly_at(struct at_arena *arena, at_poly a, at_num x) {
    at_num sum = at_num_int(0);
    for (uint32_t i = a.n; i-- > 0;)
        sum = at_num_add(arena, at_num_mul(arena, sum, x), a.c[i]);
    return sum;
}

bool at_poly_fits(at_poly a) {
    for (uint32_t i = 0; i < a.n; i++)
        if (a.c[i].form == AT_NUM_OVERFLOW) return false;
    return true;
}

bool at_poly_same(at_poly a, at_poly b) {
    if (a.n != b.n) return false;
    for (uint32_t i = 0; i < a.n; i++)
        if (!at_num_same(a.c[i], b.c[i])) return false;
    return true;
}
