/* Wide numbers at their limit: 400 digits and 10,000, overflow beyond, and no memory taken by GMP behind our
 * back. */
#include "room.h"

#include "base/wide.h"

#define A room_arena()

/* 10^digits + add, as text. */
static char *power_text(unsigned digits, char last) {
    char *text = at_arena_get(A, digits + 2u);
    memset(text, '0', digits + 1);
    text[0] = '1';
    text[digits] = last;
    text[digits + 1] = '\0';
    return text;
}

Test(wide, four_hundred_digits) {
    at_num a = n(power_text(399, '1')); /* 10^399 + 1 */
    cr_assert_eq(a.form, AT_NUM_WIDE);
    assert_num(a, power_text(399, '1'));
    assert_num(at_num_sub(A, a, at_num_int(1)), power_text(399, '0'));
    /* (10^399 + 1)² - 2 × 10^399 - 1 = 10^798 */
    at_num square = at_num_mul(A, a, a);
    at_num rest = at_num_sub(A, square, at_num_mul(A, n(power_text(399, '0')), at_num_int(2)));
    assert_num(at_num_sub(A, rest, at_num_int(1)), power_text(798, '0'));
    assert_num(at_num_div(A, square, a), power_text(399, '1'));
    assert_num(at_num_div(A, at_num_mul(A, a, n("0.125")), a), "0.125");
    assert_num(at_num_floor(A, at_num_div(A, a, n("2"))),
               at_num_print(A, at_num_div(A, n(power_text(399, '0')), n("2"))).p);
}

Test(wide, numbers_up_to_ten_thousand_digits_hold) {
    at_num a = n(power_text(9999, '7'));
    cr_assert_eq(a.form, AT_NUM_WIDE);
    assert_num(a, power_text(9999, '7'));
    assert_num(at_num_div(A, at_num_int(1), at_num_div(A, at_num_int(1), a)), power_text(9999, '7'));
    cr_assert_lt(at_num_cmp(A, a, n(power_text(9999, '8'))), 0);
}

Test(wide, beyond_the_limit_is_overflow) {
    at_num a = n(power_text(9999, '7'));
    cr_assert_eq(at_num_mul(A, a, a).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_mul(A, a, n("1e100")).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_div(A, at_num_div(A, at_num_int(1), a), a).form, AT_NUM_OVERFLOW);
    at_num third = at_num_div(A, at_num_int(1), n(power_text(9999, '3')));
    at_num other = at_num_div(A, at_num_int(1), n(power_text(9998, '9')));
    cr_assert_eq(at_num_add(A, third, other).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_cmp(A, third, other), -1, "they can still be compared");
    at_num parsed = at_num_int(0);
    cr_assert(at_num_parse(A, at_str_z(power_text(20000, '0')), false, &parsed));
    cr_assert_eq(parsed.form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_round(A, third, 30000, AT_ROUND_DOWN).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_round(A, third, INT32_MAX, AT_ROUND_DOWN).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_round(A, third, INT32_MIN, AT_ROUND_UP).form, AT_NUM_OVERFLOW);
    assert_num(at_num_round(A, third, INT32_MIN, AT_ROUND_HALF_UP), "0");
}

Test(wide, repeated_squaring_ends_in_overflow_and_not_in_a_wrong_figure) {
    at_num a = at_num_div(A, at_num_int(1000003), at_num_int(999983));
    int steps = 0;
    for (; a.form != AT_NUM_OVERFLOW && steps < 100; steps++) {
        at_num square = at_num_mul(A, a, a);
        if (square.form != AT_NUM_OVERFLOW) cr_assert_eq(at_num_cmp(A, at_num_div(A, square, a), a), 0);
        a = square;
    }
    /* 20 bits doubled each time pass 520 × 64 bits at the 11th. */
    cr_assert_eq(steps, 11);
}

static void *no_memory(size_t size) {
    cr_assert(false, "GMP asks for %zu bytes", size);
    return NULL;
}
static void *no_more(void *p, size_t old_size, size_t size) {
    (void)p;
    (void)old_size;
    return no_memory(size);
}
static void nothing_freed(void *p, size_t size) {
    (void)p;
    (void)size;
}

Test(wide, gmp_takes_no_memory_at_any_size_of_ours) {
    mp_set_memory_functions(no_memory, no_more, nothing_freed);
    for (unsigned digits = 100; digits <= 9900; digits += 700) {
        /* Coprime and not, close in size and far apart. */
        at_num a = n(power_text(digits, '1')), b = n(power_text(digits / 2, '3')),
               c = n(power_text(digits, '9'));
        at_num_mul(A, a, c);
        at_num quotient = at_num_div(A, a, c);
        at_num_add(A, quotient, at_num_div(A, c, b));
        at_num_cmp(A, quotient, at_num_div(A, c, a));
        at_num_round(A, quotient, 500, AT_ROUND_HALF_UP);
        at_num_floor(A, at_num_div(A, a, b));
        at_num_print(A, at_num_mul(A, b, quotient));
        at_num_print_fixed(A, quotient, 30, true, NULL);
        at_num_mul(A, at_num_div(A, a, b), at_num_div(A, b, a));
    }
}
