/* base/root.c: real roots of polynomials (poly.h).
 *
 * Sturm's theorem counts the roots between two numbers: the chain of a polynomial, its slope, and the
 * remainders with turned signs has fewer changes of sign at the higher number. Halving an interval until it
 * has one root isolates it. An integer polynomial whose first coefficient is q has only rational roots that
 * are multiples of 1/q, so an interval that is narrower than that decides whether a root is rational.
 */
#include "base/poly.h"
#include "base/wide.h"

static at_num half(struct at_arena *arena, at_num a, at_num b) {
    return at_num_div(arena, at_num_add(arena, a, b), at_num_int(2));
}

static int sign_at(struct at_arena *arena, at_poly a, at_num x) {
    return at_num_sign(at_poly_at(arena, a, x));
}

/* ---- chains */

struct chain {
    at_poly *at;
    uint32_t n;
};

/* Without double roots, so that the sign changes at each root. */
static at_poly simple(struct at_arena *arena, at_poly a) {
    at_poly common = at_poly_gcd(arena, a, at_poly_slope(arena, a)), out = a;
    if (common.n > 1) at_poly_div(arena, a, common, &out, NULL);
    return out;
}

static struct chain chain_of(struct at_arena *arena, at_poly a) {
    struct chain chain = {at_arena_get(arena, (a.n + 2) * sizeof *chain.at), 0};
    chain.at[chain.n++] = a;
    at_poly next = at_poly_slope(arena, a);
    while (next.n) {
        chain.at[chain.n++] = next;
        at_poly rest;
        at_poly_div(arena, chain.at[chain.n - 2], next, NULL, &rest);
        at_num by = rest.n ? at_num_abs(arena, rest.c[rest.n - 1]) : at_num_int(1);
        next = at_poly_scale(arena, rest, at_num_div(arena, at_num_int(-1), by));
    }
    return chain;
}

static uint32_t changes(struct at_arena *arena, const struct chain *chain, at_num x) {
    uint32_t n = 0;
    int last = 0;
    for (uint32_t i = 0; i < chain->n; i++) {
        int sign = sign_at(arena, chain->at[i], x);
        if (sign && last && sign != last) n++;
        if (sign) last = sign;
    }
    return n;
}

/* How many roots are above low, up to high. */
static uint32_t roots(struct at_arena *arena, const struct chain *chain, at_num low, at_num high) {
    return changes(arena, chain, low) - changes(arena, chain, high);
}

/* ---- points */

void at_poly_refine(struct at_arena *arena, struct at_poly_point *point) {
    if (point->exact) return;
    at_num middle = half(arena, point->low, point->high);
    int sign = sign_at(arena, point->of, middle);
    if (sign == 0)
        *point = at_poly_point_of(middle);
    else if (sign == sign_at(arena, point->of, point->low))
        point->low = middle;
    else
        point->high = middle;
}

/* Whether the polynomial is zero at the point. */
static bool is_root(struct at_arena *arena, at_poly a, const struct at_poly_point *point) {
    if (point->exact) return sign_at(arena, a, point->low) == 0;
    at_poly common = at_poly_gcd(arena, a, point->of);
    if (common.n < 2) return a.n == 0;
    struct chain chain = chain_of(arena, simple(arena, common));
    return roots(arena, &chain, point->low, point->high) > 0;
}

static bool apart(const struct at_poly_point *low, const struct at_poly_point *high) {
    int cmp = at_num_cmp(NULL, low->high, high->low);
    return cmp < 0 || (cmp == 0 && !(low->exact && high->exact));
}

int at_poly_cmp(struct at_arena *arena, struct at_poly_point *a, struct at_poly_point *b) {
    for (bool asked = false;; asked = true) {
        if (apart(a, b)) return -1;
        if (apart(b, a)) return 1;
        if (a->exact && b->exact) return at_num_cmp(arena, a->low, b->low);
        if (!asked && is_root(arena, a->exact ? b->of : a->of, a->exact ? a : b)) return 0;
        at_poly_refine(arena, a);
        at_poly_refine(arena, b);
    }
}

int at_poly_sign(struct at_arena *arena, at_poly a, struct at_poly_point *at) {
    if (a.n == 0 || is_root(arena, a, at)) return 0;
    if (!at->exact) {
        struct chain chain = chain_of(arena, simple(arena, a));
        while (!at->exact && (roots(arena, &chain, at->low, at->high) > 0 || !sign_at(arena, a, at->low)))
            at_poly_refine(arena, at);
    }
    return sign_at(arena, a, at->high) ? sign_at(arena, a, at->high) : sign_at(arena, a, at->low);
}

at_num at_poly_between(struct at_arena *arena, struct at_poly_point *low, struct at_poly_point *high) {
    while (at_num_cmp(arena, low->high, high->low) >= 0) {
        at_poly_refine(arena, low);
        at_poly_refine(arena, high);
    }
    return half(arena, low->high, high->low);
}

/* ---- the next root */

/* The first coefficient, multiplied by a whole number by which all coefficients become whole. */
static at_num first_of_whole(struct at_arena *arena, at_poly a) {
    at_num by = at_num_int(1);
    for (uint32_t i = 0; i < a.n; i++) {
        at_num c = at_num_mul(arena, a.c[i], by);
        by = at_num_mul(arena, by, at_wide_denominator(arena, c));
    }
    return at_num_abs(arena, at_num_mul(arena, a.c[a.n - 1], by));
}

/* An isolated root that is rational becomes exact. */
static void make_exact(struct at_arena *arena, struct at_poly_point *root) {
    at_num first = first_of_whole(arena, root->of);
    for (;;) {
        if (root->exact) return;
        at_num width = at_num_sub(arena, root->high, root->low);
        if (at_num_cmp(arena, at_num_mul(arena, width, first), at_num_int(1)) < 0) break;
        at_poly_refine(arena, root);
    }
    at_num multiple = at_num_floor(arena, at_num_mul(arena, root->high, first));
    at_num candidate = at_num_div(arena, multiple, first);
    if (at_num_cmp(arena, candidate, root->low) > 0 && sign_at(arena, root->of, candidate) == 0)
        *root = at_poly_point_of(candidate);
}

/* The first root above a rational number, up to another one, at which it may be. */
static bool first_root(struct at_arena *arena, const struct chain *chain, at_num low, at_num high,
                       struct at_poly_point *out) {
    uint32_t n = roots(arena, chain, low, high);
    if (n == 0) return false;
    while (n > 1 || sign_at(arena, chain->at[0], low) == 0) {
        at_num middle = half(arena, low, high);
        uint32_t below = roots(arena, chain, low, middle);
        if (below > 0) {
            high = middle;
            n = below;
        } else {
            low = middle;
        }
    }
    if (sign_at(arena, chain->at[0], high) == 0) {
        *out = at_poly_point_of(high);
        return true;
    }
    *out = (struct at_poly_point){.low = low, .high = high, .of = chain->at[0]};
    make_exact(arena, out);
    return true;
}

bool at_poly_next_root(struct at_arena *arena, at_poly a, struct at_poly_point *low,
                       struct at_poly_point *high, struct at_poly_point *root) {
    if (a.n < 2) return false;
    if (a.n == 2) {
        at_num x = at_num_div(arena, at_num_neg(arena, a.c[0]), a.c[1]);
        *root = at_poly_point_of(x);
        return at_poly_cmp(arena, low, root) < 0 && at_poly_cmp(arena, root, high) < 0;
    }
    struct chain chain = chain_of(arena, simple(arena, a));
    at_num from = low->low, to = high->high;
    while (first_root(arena, &chain, from, to, root)) {
        if (at_poly_cmp(arena, root, high) >= 0) return false;
        if (at_poly_cmp(arena, low, root) < 0) return true;
        from = root->exact ? root->low : root->high;
    }
    return false;
}
