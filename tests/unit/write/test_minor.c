/* test_minor: amounts in minor units as text. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "write/writer.h"

static const char *text(at_i128 minor, unsigned digits, bool commas) {
    static char out[AT_MINOR_SIZE + 1];
    out[at_write_minor_write(out, minor, digits, commas)] = 0;
    return out;
}

Test(test_minor, has_all_decimals_of_the_currency) {
    cr_expect_str_eq(text(1300000, 2, false), "13000.00");
    cr_expect_str_eq(text(1300000, 0, false), "1300000");
    cr_expect_str_eq(text(1300000, 3, false), "1300.000");
}

Test(test_minor, puts_a_zero_before_the_point) {
    cr_expect_str_eq(text(0, 2, false), "0.00");
    cr_expect_str_eq(text(0, 0, false), "0");
    cr_expect_str_eq(text(5, 2, false), "0.05");
    cr_expect_str_eq(text(-5, 3, false), "-0.005");
    cr_expect_str_eq(text(99, 2, false), "0.99");
    cr_expect_str_eq(text(100, 2, false), "1.00");
}

Test(test_minor, has_the_sign_in_front) {
    cr_expect_str_eq(text(-1250, 2, false), "-12.50");
    cr_expect_str_eq(text(-123456789, 2, true), "-1,234,567.89");
}

Test(test_minor, puts_commas_between_groups_of_three_only) {
    cr_expect_str_eq(text(99999, 2, true), "999.99");
    cr_expect_str_eq(text(100000, 2, true), "1,000.00");
    cr_expect_str_eq(text(123456789012, 2, true), "1,234,567,890.12");
    cr_expect_str_eq(text(1000, 0, true), "1,000");
}

Test(test_minor, reaches_the_ends_of_its_types) {
    cr_expect_str_eq(text(INT64_MAX, 2, false), "92233720368547758.07");
    cr_expect_str_eq(text(INT64_MIN, 2, false), "-92233720368547758.08");
    at_i128 most = (at_i128)(((at_u128)1 << 127) - 1);
    cr_expect_str_eq(text(most, 0, false), "170141183460469231731687303715884105727");
    cr_expect_str_eq(text(-most - 1, 2, true), "-1,701,411,834,604,692,317,316,873,037,158,841,057.28");
}

/* Each value against a division done digit by digit. */
Test(test_minor, agrees_with_long_division) {
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        char want[64];
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        int64_t value = (int64_t)(seed >> (i % 60));
        snprintf(want, sizeof want, "%lld.%02lld", (long long)(value / 100), (long long)(value % 100));
        if (value < 0)
            snprintf(want, sizeof want, "-%llu.%02llu", (0 - (unsigned long long)value) / 100,
                     (0 - (unsigned long long)value) % 100);
        cr_assert_str_eq(text(value, 2, false), want);
    }
}
