/* Polynomials and their roots. Expected values are products of factors that are known. */
#include "base/poly.h"
#include "room.h"

#define A room_arena()

/* The product of (x - root) over whole numbers. */
static at_poly with_roots(const int *roots, unsigned n) {
    at_poly out = at_poly_const(A, at_num_int(1));
    for (unsigned i = 0; i < n; i++)
        out = at_poly_mul(A, out, at_poly_sub(A, at_poly_x(A), at_poly_const(A, at_num_int(roots[i]))));
    return out;
}

static at_poly poly(const char *const *c, uint32_t count) {
    at_poly out = {0};
    at_poly power = at_poly_const(A, at_num_int(1));
    for (uint32_t i = 0; i < count; i++) {
        out = at_poly_add(A, out, at_poly_scale(A, power, n(c[i])));
        power = at_poly_mul(A, power, at_poly_x(A));
    }
    return out;
}

static struct at_poly_point point(const char *x) {
    return at_poly_point_of(n(x));
}

Test(poly, division_leaves_the_remainder) {
    /* x³ - 2x² - 4 = (x² + x + 3)(x - 3) + 5 */
    at_poly a = poly((const char *[]){"-4", "0", "-2", "1"}, 4), q, r;
    at_poly_div(A, a, poly((const char *[]){"-3", "1"}, 2), &q, &r);
    cr_assert(at_poly_same(q, poly((const char *[]){"3", "1", "1"}, 3)));
    cr_assert(at_poly_same(r, poly((const char *[]){"5"}, 1)));
    cr_assert(at_poly_same(at_poly_slope(A, a), poly((const char *[]){"0", "-4", "3"}, 3)));
    assert_num(at_poly_at(A, a, n("0.5")), "-4.375");
}

Test(poly, common_divisor_of_known_factors) {
    int left[] = {1, 2, 2, 7}, right[] = {2, 2, 3, 7}, both[] = {2, 2, 7};
    cr_assert(at_poly_same(at_poly_gcd(A, with_roots(left, 4), with_roots(right, 4)), with_roots(both, 3)));
}

Test(poly, rational_roots_are_exact_and_in_order) {
    int at[] = {-5, 1, 1, 3, 1000000};
    at_poly a = with_roots(at, 5);
    struct at_poly_point low = point("-6"), high = point("2000000"), root;
    for (unsigned i = 0; i < 5; i++) {
        if (i == 2) continue; /* a double root is one */
        cr_assert(at_poly_next_root(A, a, &low, &high, &root));
        cr_assert(root.exact);
        cr_assert_eq(at_num_cmp(A, root.low, at_num_int(at[i])), 0);
        low = root;
    }
    cr_assert_not(at_poly_next_root(A, a, &low, &high, &root));
}

Test(poly, a_root_at_the_end_is_none) {
    int at[] = {2, 4};
    struct at_poly_point low = point("2"), high = point("4"), root;
    cr_assert_not(at_poly_next_root(A, with_roots(at, 2), &low, &high, &root));
}

Test(poly, roots_of_two_are_isolated) {
    /* x² - 2 and (x² - 2)(x - 3/2): the roots are the same number; 3/2 is above. */
    at_poly a = poly((const char *[]){"-2", "0", "1"}, 3);
    at_poly b = at_poly_mul(A, a, poly((const char *[]){"-1.5", "1"}, 2));
    struct at_poly_point low = point("0"), high = point("10"), one, two, three;
    cr_assert(at_poly_next_root(A, a, &low, &high, &one));
    cr_assert(at_poly_next_root(A, b, &low, &high, &two));
    cr_assert_not(one.exact);
    cr_assert_eq(at_poly_cmp(A, &one, &two), 0);
    cr_assert(at_poly_next_root(A, b, &two, &high, &three));
    cr_assert(three.exact);
    assert_num(three.low, "1.5");
    cr_assert_lt(at_poly_cmp(A, &one, &three), 0);
    cr_assert_eq(at_poly_sign(A, b, &one), 0);
    /* x - 1.4142 is above zero there, and x - 1.4143 below. */
    cr_assert_gt(at_poly_sign(A, poly((const char *[]){"-1.4142", "1"}, 2), &one), 0);
    cr_assert_lt(at_poly_sign(A, poly((const char *[]){"-1.4143", "1"}, 2), &one), 0);
    at_num between = at_poly_between(A, &one, &three);
    cr_assert(at_num_cmp(A, between, n("1.41")) > 0 && at_num_cmp(A, between, n("1.5")) < 0);
}

Test(poly, fractions_are_found) {
    /* (3x - 1)(7x - 2)(x² + 1): 2/7 is below 1/3. */
    at_poly a = at_poly_mul(A, poly((const char *[]){"-1", "3"}, 2), poly((const char *[]){"-2", "7"}, 2));
    a = at_poly_mul(A, a, poly((const char *[]){"1", "0", "1"}, 3));
    struct at_poly_point low = point("0"), high = point("1"), root;
    cr_assert(at_poly_next_root(A, a, &low, &high, &root) && root.exact);
    cr_assert_eq(at_num_cmp(A, root.low, at_num_div(A, at_num_int(2), at_num_int(7))), 0);
    low = root;
    cr_assert(at_poly_next_root(A, a, &low, &high, &root) && root.exact);
    cr_assert_eq(at_num_cmp(A, root.low, at_num_div(A, at_num_int(1), at_num_int(3))), 0);
    low = root;
    cr_assert_not(at_poly_next_root(A, a, &low, &high, &root));
}
