/* The exact number at its edges: where 64 bits end, where 128 end, scales, signs, rounding. The bulk of the
 * arithmetic is checked by tests/oracle. */
#include "room.h"

#define A room_arena()

#ifndef AT_TORTURE
#define assert_form(value, which) cr_assert_eq((value).form, AT_NUM_##which)
#else
#define assert_form(value, which) ((void)(value)) /* the forms hold less there */
#endif

static const char big[] = "170141183460469231731687303715884105727"; /* 2^127 - 1 */

Test(num, sums_widen_where_64_bits_end) {
    at_num max = at_num_int(INT64_MAX), min = at_num_int(INT64_MIN), one = at_num_int(1);
    assert_num(at_num_add(A, max, one), "9223372036854775808");
    assert_form(at_num_add(A, max, one), I128);
    assert_num(at_num_sub(A, min, one), "-9223372036854775809");
    assert_num(at_num_sub(A, at_num_add(A, max, one), one), "9223372036854775807");
    assert_form(at_num_sub(A, at_num_add(A, max, one), one), I64);
    assert_num(at_num_add(A, min, max), "-1");
}

Test(num, sums_widen_where_128_bits_end) {
    at_num sum = at_num_add(A, n(big), at_num_int(1));
    assert_num(sum, "170141183460469231731687303715884105728");
    assert_form(sum, WIDE);
    assert_num(at_num_sub(A, sum, at_num_int(1)), big);
    assert_form(at_num_sub(A, sum, at_num_int(1)), I128);
    /* -2^127 is the one that fits with its sign only. */
    at_num lowest = at_num_neg(A, sum);
    assert_num(lowest, "-170141183460469231731687303715884105728");
    assert_form(lowest, I128);
    assert_form(at_num_neg(A, lowest), WIDE);
    assert_form(at_num_abs(A, lowest), WIDE);
    assert_num(at_num_sub(A, lowest, lowest), "0");
    cr_assert_lt(at_num_cmp(A, lowest, sum), 0);
}

Test(num, scales_are_brought_together) {
    assert_num(at_num_add(A, at_num_decimal(150, 2), at_num_decimal(5, 1)), "2");
    assert_num(at_num_sub(A, at_num_int(1), at_num_decimal(1, 18)), "0.999999999999999999");
    assert_num(at_num_add(A, at_num_int(INT64_MAX), at_num_decimal(1, 18)),
               "9223372036854775807.000000000000000001");
    assert_num(at_num_add(A, n(big), at_num_decimal(1, 18)),
               "170141183460469231731687303715884105727.000000000000000001");
    cr_assert_eq(at_num_cmp(A, at_num_decimal(150, 2), at_num_decimal(15, 1)), 0);
    cr_assert_gt(at_num_cmp(A, n(big), at_num_decimal(INT64_MAX, 18)), 0);
    cr_assert_lt(at_num_cmp(A, at_num_neg(A, n(big)), at_num_decimal(INT64_MIN, 18)), 0);
    cr_assert_lt(at_num_cmp(A, at_num_decimal(INT64_MAX, 18), n(big)), 0);
}

Test(num, products_of_the_most_negative) {
    at_num min = at_num_int(INT64_MIN);
    assert_num(at_num_mul(A, min, at_num_int(-1)), "9223372036854775808");
    assert_num(at_num_mul(A, min, min), "85070591730234615865843651857942052864");
    assert_form(at_num_mul(A, min, min), I128);
    assert_num(at_num_neg(A, min), "9223372036854775808");
    assert_num(at_num_abs(A, min), "9223372036854775808");
    assert_num(at_num_mul(A, at_num_mul(A, min, min), at_num_int(-2)),
               "-170141183460469231731687303715884105728");
    assert_form(at_num_mul(A, at_num_mul(A, min, min), at_num_int(-2)), I128);
}

Test(num, products_with_more_than_18_decimals) {
    at_num tiny = at_num_decimal(1, 18);
    assert_num(at_num_mul(A, tiny, tiny), "0.000000000000000000000000000000000001");
    assert_form(at_num_mul(A, tiny, tiny), WIDE);
    assert_num(at_num_mul(A, at_num_mul(A, tiny, tiny), n("1000000000000000000")), "0.000000000000000001");
    /* 0.50 × 0.50 ... keeps within the scale by dropping zeros. */
    at_num half = at_num_decimal(5000000000, 10);
    assert_num(at_num_mul(A, half, half), "0.25");
    assert_form(at_num_mul(A, half, half), I64);
    assert_num(at_num_mul(A, tiny, at_num_int(0)), "0");
}

Test(num, quotients_that_are_decimals_are_narrow) {
    at_num q = at_num_div(A, at_num_int(1), at_num_int(8));
    assert_num(q, "0.125");
    assert_form(q, I64);
    assert_num(at_num_div(A, n("9000"), n("0.75")), "12000");
    assert_num(at_num_div(A, n("-1"), at_num_int(INT64_MIN)),
               "0.000000000000000000108420217248550443400745280086994171142578125");
    assert_num(at_num_div(A, at_num_int(INT64_MIN), at_num_int(-1)), "9223372036854775808");
    assert_num(at_num_div(A, at_num_int(1), n("1000000000000000000")), "0.000000000000000001");
    assert_form(at_num_div(A, at_num_int(1), n("1000000000000000000")), I64);
    assert_form(at_num_div(A, at_num_int(1), n("10000000000000000000")), WIDE);
    assert_num(at_num_div(A, at_num_int(0), at_num_int(-7)), "0");
}

Test(num, quotients_that_are_not_stay_exact) {
    at_num third = at_num_div(A, at_num_int(1), at_num_int(3));
    assert_num(third, "1/3");
    assert_form(third, WIDE);
    assert_num(at_num_mul(A, third, at_num_int(3)), "1");
    assert_form(at_num_mul(A, third, at_num_int(3)), I64);
    assert_num(at_num_add(A, third, at_num_div(A, at_num_int(2), at_num_int(3))), "1");
    assert_num(at_num_sub(A, third, third), "0");
    assert_num(at_num_neg(A, third), "-1/3");
    assert_num(at_num_div(A, n("-0.6"), n("0.9")), "-2/3");
    assert_num(at_num_div(A, third, third), "1");
    assert_num(at_num_div(A, n("85000"), n("70000")), "17/14");
}

Test(num, seven_sevenths_summed_in_any_order_are_one) {
    at_num seventh = at_num_div(A, at_num_int(1), at_num_int(7)), sum = at_num_int(0);
    for (int i = 0; i < 7; i++)
        sum = at_num_add(A, sum, seventh);
    assert_num(sum, "1");
    assert_form(sum, I64);
}

/* ---- order */

Test(num, order_across_forms) {
    at_num third = at_num_div(A, at_num_int(1), at_num_int(3));
    cr_assert_gt(at_num_cmp(A, third, n("0.333333333333333333")), 0);
    cr_assert_lt(at_num_cmp(A, third, n("0.333333333333333334")), 0);
    cr_assert_lt(at_num_cmp(A, at_num_neg(A, third), third), 0);
    cr_assert_gt(at_num_cmp(A, n("-0.333333333333333333"), at_num_neg(A, third)), 0);
    cr_assert_eq(at_num_cmp(A, third, at_num_div(A, at_num_int(2), at_num_int(6))), 0);
    cr_assert_gt(at_num_cmp(A, third, at_num_int(0)), 0);
    cr_assert_eq(at_num_sign(at_num_neg(A, third)), -1);
    cr_assert(at_num_is_zero(at_num_decimal(0, 5)));
    cr_assert_not(at_num_is_zero(third));
}

/* ---- rounding */

static void rounds(const char *value, int digits, const char *half_up, const char *half_even,
                   const char *down, const char *up) {
    assert_num(at_num_round(A, n(value), digits, AT_ROUND_HALF_UP), half_up);
    assert_num(at_num_round(A, n(value), digits, AT_ROUND_HALF_EVEN), half_even);
    assert_num(at_num_round(A, n(value), digits, AT_ROUND_DOWN), down);
    assert_num(at_num_round(A, n(value), digits, AT_ROUND_UP), up);
}

Test(num, rounding_by_each_rule) {
    rounds("2.5", 0, "3", "2", "2", "3");
    rounds("3.5", 0, "4", "4", "3", "4");
    rounds("-2.5", 0, "-3", "-2", "-2", "-3");
    rounds("0.125", 2, "0.13", "0.12", "0.12", "0.13");
    rounds("0.1251", 2, "0.13", "0.13", "0.12", "0.13");
    rounds("-0.005", 2, "-0.01", "0", "0", "-0.01");
    rounds("0.0049", 2, "0", "0", "0", "0.01");
    rounds("1.25", 5, "1.25", "1.25", "1.25", "1.25");
    rounds("1250", -2, "1300", "1200", "1200", "1300");
    rounds("-1250", -3, "-1000", "-1000", "-1000", "-2000");
    rounds("5", -1, "10", "0", "0", "10");
    rounds("7", -40, "0", "0", "0", "10000000000000000000000000000000000000000");
    rounds("0", -40, "0", "0", "0", "0");
    rounds("99.995", 2, "100", "100", "99.99", "100");
}

Test(num, rounding_at_the_end_of_the_forms) {
    assert_num(at_num_round(A, n("9.223372036854775807"), 17, AT_ROUND_UP), "9.22337203685477581");
    assert_num(at_num_round(A, at_num_int(INT64_MAX), -1, AT_ROUND_UP), "9223372036854775810");
    assert_num(at_num_round(A, at_num_int(INT64_MIN), -18, AT_ROUND_HALF_UP), "-9000000000000000000");
    assert_num(at_num_round(A, n(big), -1, AT_ROUND_UP), "170141183460469231731687303715884105730");
    assert_num(at_num_round(A, n(big), -38, AT_ROUND_HALF_UP), "200000000000000000000000000000000000000");
}

Test(num, rounding_fractions) {
    at_num third = at_num_div(A, at_num_int(1), at_num_int(3));
    assert_num(at_num_round(A, third, 2, AT_ROUND_HALF_UP), "0.33");
    assert_num(at_num_round(A, third, 2, AT_ROUND_UP), "0.34");
    assert_num(at_num_round(A, at_num_neg(A, third), 0, AT_ROUND_UP), "-1");
    assert_num(at_num_round(A, third, 30, AT_ROUND_HALF_UP), "0.333333333333333333333333333333");
    at_num half = at_num_add(A, n("1e30"), n("0.5"));
    assert_num(at_num_round(A, half, 0, AT_ROUND_HALF_EVEN), "1000000000000000000000000000000");
    assert_num(at_num_round(A, half, 0, AT_ROUND_HALF_UP), "1000000000000000000000000000001");
}

Test(num, floor_goes_down) {
    assert_num(at_num_floor(A, n("2.9")), "2");
    assert_num(at_num_floor(A, n("-2.1")), "-3");
    assert_num(at_num_floor(A, n("-2.0")), "-2");
    assert_num(at_num_floor(A, at_num_div(A, at_num_int(-1), at_num_int(3))), "-1");
    assert_num(at_num_floor(A, at_num_div(A, at_num_int(10), at_num_int(3))), "3");
    assert_num(at_num_floor(A, at_num_decimal(INT64_MIN, 18)), "-10");
    assert_num(at_num_floor(A, n("0.3")), "0");
}

/* ---- out */

Test(num, integers_are_known) {
    cr_assert(at_num_is_integer(A, n("5.00")));
    cr_assert_not(at_num_is_integer(A, n("5.01")));
    cr_assert(at_num_is_integer(A, n("1e60")));
    cr_assert_not(at_num_is_integer(A, at_num_div(A, n("1e60"), at_num_int(7))));
    cr_assert_not(at_num_is_integer(A, at_num_overflow()));
}

Test(num, to_minor_units) {
    int64_t cents = 7;
    cr_assert(at_num_to_i64(A, n("13000.5"), 2, &cents) && cents == 1300050);
    cr_assert(at_num_to_i64(A, n("13000.500000"), 2, &cents) && cents == 1300050);
    cr_assert_not(at_num_to_i64(A, n("0.005"), 2, &cents));
    cr_assert_not(at_num_to_i64(A, at_num_div(A, at_num_int(1), at_num_int(3)), 2, &cents));
    cr_assert_not(at_num_to_i64(A, at_num_int(INT64_MAX), 1, &cents));
    cr_assert(at_num_to_i64(A, at_num_int(INT64_MIN), 0, &cents) && cents == INT64_MIN);
    cr_assert(at_num_to_i64(A, at_num_int(0), 400, &cents) && cents == 0);
    cr_assert_not(at_num_to_i64(A, at_num_int(1), 4000000000u, &cents));
    cr_assert_not(at_num_to_i64(A, at_num_overflow(), 0, &cents));
    at_num tiny = at_num_mul(A, at_num_decimal(3, 18), at_num_decimal(1, 18));
    cr_assert(at_num_to_i64(A, tiny, 37, &cents) && cents == 30);
    cr_assert_not(at_num_to_i64(A, tiny, 35, &cents));
}

Test(num, to_double_is_near_enough_for_drawing) {
    cr_assert_eq(at_num_to_double(n("0.5")), 0.5);
    cr_assert_eq(at_num_to_double(n("-1250.75")), -1250.75);
    cr_assert_float_eq(at_num_to_double(at_num_div(A, at_num_int(1), at_num_int(3))), 1.0 / 3, 1e-16);
    cr_assert_float_eq(at_num_to_double(n("1e300")) / 1e300, 1, 1e-12);
    cr_assert_float_eq(at_num_to_double(n("-1e-300")) / 1e-300, -1, 1e-12);
    cr_assert_float_eq(at_num_to_double(at_num_div(A, n("1e400"), n("1e399"))), 10, 1e-12);
}

Test(num, a_copy_outlives_its_arena) {
    struct at_arena brief;
    at_arena_init(&brief, NULL, NULL);
    at_num third = at_num_copy(A, at_num_div(&brief, at_num_int(-1), at_num_int(3)));
    at_arena_free(&brief);
    assert_num(third, "-1/3");
    assert_num(at_num_copy(A, at_num_int(5)), "5");
}

Test(num, overflow_is_contagious) {
    at_num over = at_num_overflow(), one = at_num_int(1);
    cr_assert_eq(at_num_add(A, over, one).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_sub(A, one, over).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_mul(A, at_num_int(0), over).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_div(A, one, over).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_neg(A, over).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_abs(A, over).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_round(A, over, 2, AT_ROUND_UP).form, AT_NUM_OVERFLOW);
    cr_assert_eq(at_num_floor(A, over).form, AT_NUM_OVERFLOW);
    cr_assert_not(at_num_is_zero(over));
}

Test(num, equal_numbers_hash_alike_in_every_form) {
    at_num third = at_num_div(A, at_num_int(1), at_num_int(3));
    at_num three = at_num_div(A, at_num_int(1), third),
           wide = n("123456789012345678901234567890123456789012345");
    at_num same[][2] = {
        {n("1.50"), n("1.5")},
        {n("0"), at_num_sub(A, third, third)},
        {at_num_int(3), three},
        {at_num_decimal(-250, 2), at_num_div(A, at_num_int(-5), at_num_int(2))},
        {third, at_num_div(A, n("2"), n("6"))},
        {at_num_neg(A, wide), at_num_mul(A, n("-1"), wide)},
        {n("100000000000000000000"), at_num_mul(A, n("10000000000"), n("10000000000"))},
        {at_num_overflow(), at_num_overflow()},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        cr_expect(at_num_same(same[i][0], same[i][1]), "pair %zu", i);
        cr_expect_eq(at_num_hash(same[i][0]), at_num_hash(same[i][1]), "pair %zu", i);
    }
    cr_expect_not(at_num_same(third, at_num_neg(A, third)));
    cr_expect_not(at_num_same(third, at_num_div(A, at_num_int(1), at_num_int(7))));
    cr_expect_not(at_num_same(third, at_num_int(0)));
    cr_expect_not(at_num_same(wide, at_num_add(A, wide, at_num_int(1))));
    cr_expect_not(at_num_same(wide, at_num_overflow()));
    cr_expect_not(at_num_same(at_num_int(0), at_num_overflow()));
}

/* All wide numbers had one hash, so that a policy of n long constants compared n² pairs. */
Test(num, different_wide_numbers_hash_apart) {
    at_num v = at_num_int(1);
    uint64_t hashes[500];
    for (int i = 0; i < 500; i++) {
        v = at_num_div(A, at_num_mul(A, v, at_num_int(3)), at_num_int(7));
        hashes[i] = at_num_hash(v);
        for (int k = 0; k < i; k++)
            cr_assert_neq(hashes[k], hashes[i]);
    }
}

static void rounds_to(const char *x, int digits, uint32_t multiple, enum at_num_rounding how,
                      const char *text) {
    struct at_arena *arena = room_arena();
    at_num rounded = at_num_round_to(arena, n(x), digits, multiple, how);
    cr_assert_eq(at_num_cmp(arena, rounded, n(text)), 0, "%s to %u", x, multiple);
}

/* By hand: 1.125 is half of the way from 1.10 (22 times 0.05) to 1.15 (23 times). */
Test(num, a_number_is_rounded_to_a_multiple) {
    rounds_to("1.125", 2, 5, AT_ROUND_HALF_UP, "1.15");
    rounds_to("1.125", 2, 5, AT_ROUND_HALF_EVEN, "1.1");
    rounds_to("-1.125", 2, 5, AT_ROUND_HALF_UP, "-1.15");
    rounds_to("-1.149", 2, 5, AT_ROUND_DOWN, "-1.1");
    rounds_to("1.1249", 2, 5, AT_ROUND_HALF_UP, "1.1");
    rounds_to("74.99", -1, 5, AT_ROUND_HALF_UP, "50");
    rounds_to("75", -1, 5, AT_ROUND_HALF_UP, "100");
    rounds_to("7.5", 0, 1, AT_ROUND_HALF_EVEN, "8");
}
