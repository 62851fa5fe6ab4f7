/* Digits in and out. */
#include "room.h"

#define A room_arena()

static void reads(const char *text, bool commas, const char *value) {
    at_num out = at_num_int(-99);
    cr_assert(at_num_parse(A, at_str_z(text), commas, &out), "%s", text);
    assert_num(out, value);
}

static void refuses(const char *text, bool commas) {
    at_num out;
    cr_assert_not(at_num_parse(A, at_str_z(text), commas, &out), "%s", text);
}

Test(numtext, plain_numbers) {
    reads("0", false, "0");
    reads("-0", false, "0");
    reads("+7", false, "7");
    reads("0012", false, "12");
    reads("1250.50", false, "1250.5");
    reads("-0.005", false, "-0.005");
    reads("999999999999999999", false, "999999999999999999");
    reads("9223372036854775808", false, "9223372036854775808");
    reads("-170141183460469231731687303715884105729", false, "-170141183460469231731687303715884105729");
    reads("0.0000000000000000001", false, "0.0000000000000000001");
    reads("1.10000000000000000000000000000", false, "1.1");
    reads("12345678901234567.8901234567890123", false, "12345678901234567.8901234567890123");
    reads("00000000000000000000000000000000000000000000001", false, "1");
}

Test(numtext, exponents) {
    reads("1e3", false, "1000");
    reads("1.5E+2", false, "150");
    reads("25e-2", false, "0.25");
    reads("1e-20", false, "0.00000000000000000001");
    reads("0e400", false, "0");
    reads("1e400", false, at_str_format(A, "1%0400d", 0).p);
    refuses("1e401", false);
    refuses("1e-401", false);
    refuses("1e99999999999999999999", false);
    refuses("1e", false);
    refuses("1e+", false);
    refuses("1e2.5", false);
}

Test(numtext, commas_are_thousands_groups) {
    reads("1,250", true, "1250");
    reads("12,345,678.90", true, "12345678.9");
    reads("1250", true, "1250");
    reads("-1,000", true, "-1000");
    reads("123,456,789,012,345,678,901", true, "123456789012345678901");
    refuses("1,250", false);
    refuses("1,25", true);
    refuses("1,2500", true);
    refuses("1250,000", true);
    refuses(",250", true);
    refuses("1,,250", true);
    refuses("1,250,", true);
    refuses("1,250,00", true);
    refuses("1.250,000", true);
    refuses("0.1,000", true);
}

Test(numtext, what_is_no_number) {
    static const char *const bad[] = {"",     "-",     "+",   ".",    ".5", "5.",  "1 ",
                                      " 1",   "1.2.3", "--1", "1-",   "x",  "0x1", "1_000",
                                      "1e5x", "NaN",   "inf", "１２", "1,", "$5",  "5%"};
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        refuses(bad[i], true);
}

Test(numtext, the_shortest_exact_text) {
    assert_num(at_num_decimal(1500, 3), "1.5");
    assert_num(at_num_decimal(-5, 18), "-0.000000000000000005");
    assert_num(at_num_decimal(0, 4), "0");
    assert_num(at_num_decimal(INT64_MIN, 0), "-9223372036854775808");
    assert_num(at_num_decimal(INT64_MIN, 18), "-9.223372036854775808");
    assert_num(at_num_div(A, n("22"), n("-7")), "-22/7");
    assert_num(at_num_div(A, n("1"), n("1024")), "0.0009765625");
    assert_num(at_num_overflow(), "(too large)");
}

static void fixed(at_num a, unsigned digits, bool commas, const char *text, bool is_shortened) {
    bool shortened = !is_shortened;
    assert_text(at_num_print_fixed(A, a, digits, commas, &shortened), text);
    cr_assert_eq(shortened, is_shortened, "%s", text);
}

Test(numtext, fixed_decimals) {
    fixed(n("1234567.5"), 2, true, "1,234,567.50", false);
    fixed(n("1234567.5"), 2, false, "1234567.50", false);
    fixed(n("999.995"), 2, true, "1,000.00", true);
    fixed(n("-0.004"), 2, true, "0.00", true);
    fixed(n("-0.005"), 2, true, "-0.01", true);
    fixed(n("100"), 0, true, "100", false);
    fixed(n("1000"), 0, true, "1,000", false);
    fixed(n("-123456"), 0, true, "-123,456", false);
    fixed(n("0"), 3, true, "0.000", false);
    fixed(at_num_div(A, n("2"), n("3")), 4, true, "0.6667", true);
    fixed(n("1e30"), 1, true, "1,000,000,000,000,000,000,000,000,000,000.0", false);
    fixed(n("5"), 40, false, "5.0000000000000000000000000000000000000000", false);
    fixed(at_num_overflow(), 2, true, "(too large)", false);
}

Test(numtext, short_numbers_for_people) {
    bool shortened;
    assert_text(at_num_print_short(A, n("1250.500"), 6, true, &shortened), "1,250.5");
    cr_assert_not(shortened);
    assert_text(at_num_print_short(A, n("1000"), 6, true, &shortened), "1,000");
    assert_text(at_num_print_short(A, at_num_div(A, n("17"), n("14")), 4, true, &shortened), "1.2143");
    cr_assert(shortened);
    assert_text(at_num_print_short(A, n("0.00001"), 4, true, &shortened), "0");
    cr_assert(shortened);
    assert_text(at_num_print_short(A, n("100"), 0, true, NULL), "100");
}

Test(numtext, very_long_decimals_become_fractions) {
    at_num a = at_num_int(1);
    for (int i = 0; i < 1001; i++)
        a = at_num_div(A, a, at_num_int(2));
    at_str text = at_num_print(A, a);
    cr_assert(memchr(text.p, '/', text.n));
    at_str longest = at_num_print(A, at_num_mul(A, a, at_num_int(2)));
    cr_assert_eq(longest.n, 1002, "0. and 1,000 decimals");
}
