/* Currencies: the table is whole and in order, symbols mean what people mean, amounts print as people write
 * them. */
#include "room.h"

#include "base/money.h"

static at_currency of(const char *code) {
    return at_currency_find(at_str_z(code));
}

static at_currency symbol(const char *text, const char *own, bool *shared) {
    return at_currency_of_symbol(at_str_z(text), own ? of(own) : 0, shared);
}

Test(money, every_currency_is_found_by_its_code) {
    at_currency count = 0;
    const struct at_currency_info *info, *before = NULL;
    while ((info = at_currency_info((at_currency)(count + 1)))) {
        count++;
        cr_assert_eq(of(info->code), count, "%s", info->code);
        cr_assert(!before || strcmp(before->code, info->code) < 0, "%s is in order", info->code);
        cr_assert(info->digits <= 4 && info->name[0]);
        before = info;
    }
    cr_assert_gt(count, 150);
    cr_assert_null(at_currency_info(0));
}

Test(money, unknown_codes) {
    cr_assert_eq(of("usd"), 0);
    cr_assert_eq(of("US"), 0);
    cr_assert_eq(of("USDX"), 0);
    cr_assert_eq(of("AAA"), 0);
    cr_assert_eq(of("ZZZ"), 0);
    cr_assert_eq(of(""), 0);
}

Test(money, minor_units) {
    static const struct {
        const char *code;
        unsigned digits;
    } known[] = {{"USD", 2}, {"JPY", 0}, {"KRW", 0}, {"KWD", 3}, {"BHD", 3},
                 {"CLF", 4}, {"CNY", 2}, {"VND", 0}, {"ISK", 0}};
    for (size_t i = 0; i < AT_COUNT(known); i++)
        cr_assert_eq(at_currency_info(of(known[i].code))->digits, known[i].digits, "%s", known[i].code);
}

Test(money, a_shared_symbol_means_the_policys_own_currency) {
    bool shared;
    cr_assert_eq(symbol("$", "USD", &shared), of("USD"));
    cr_assert_eq(symbol("$", "AUD", &shared), of("AUD"));
    cr_assert_eq(symbol("¥", "CNY", &shared), of("CNY"));
    cr_assert_eq(symbol("￥", "CNY", &shared), of("CNY"), "full width");
    cr_assert_eq(symbol("¥", "JPY", &shared), of("JPY"));
    cr_assert_eq(symbol("kr", "SEK", &shared), of("SEK"));
    cr_assert_eq(symbol("£", "GBP", &shared), of("GBP"));
}

Test(money, a_shared_symbol_elsewhere_means_nothing) {
    bool shared = false;
    cr_assert(symbol("$", "EUR", &shared) == 0 && shared);
    shared = false;
    cr_assert(symbol("$", NULL, &shared) == 0 && shared);
    shared = false;
    cr_assert(symbol("kr", "USD", &shared) == 0 && shared);
    shared = true;
    cr_assert(symbol("#", "USD", &shared) == 0 && !shared);
    cr_assert(symbol("", "CHF", &shared) == 0 && !shared);
}

Test(money, symbols_that_nobody_shares) {
    bool shared;
    cr_assert_eq(symbol("€", "USD", &shared), of("EUR"));
    cr_assert_eq(symbol("US$", "EUR", &shared), of("USD"));
    cr_assert_eq(symbol("A$", "USD", &shared), of("AUD"));
    cr_assert_eq(symbol("CN¥", "JPY", &shared), of("CNY"));
    cr_assert_eq(symbol("R$", "USD", &shared), of("BRL"));
    cr_assert_eq(symbol("₹", "USD", &shared), of("INR"));
}

Test(money, no_two_currencies_have_one_unique_symbol) {
    const struct at_currency_info *a, *b;
    for (at_currency i = 1; (a = at_currency_info(i)); i++)
        for (at_currency j = 1; (b = at_currency_info(j)); j++)
            if (i != j && a->unique[0])
                cr_assert(strcmp(a->unique, b->unique) && strcmp(a->unique, b->symbol), "%s", a->code);
}

static void prints(const char *amount, const char *code, const char *text) {
    assert_text(at_money_print(room_arena(), n(amount), of(code)), text);
}

Test(money, amounts_are_printed_as_people_write_them) {
    prints("13000", "USD", "$13,000.00");
    prints("-5", "USD", "-$5.00");
    prints("0.5", "USD", "$0.50");
    prints("0", "USD", "$0.00");
    prints("1234567.891", "USD", "$1,234,567.891");
    prints("13000", "CHF", "13,000.00 CHF");
    prints("-13000", "CHF", "-13,000.00 CHF");
    prints("30000", "JPY", "¥30,000");
    prints("30000.5", "JPY", "¥30,000.5");
    prints("1.5", "KWD", "1.500 KWD");
    prints("100", "SEK", "kr 100.00");
    prints("0.0000001", "USD", "$0.00");
    prints("-0.0000001", "USD", "$0.00");
    assert_text(at_money_print(room_arena(), at_num_div(room_arena(), n("100"), n("3")), of("USD")),
                "$33.333333");
    assert_text(at_money_print(room_arena(), at_num_overflow(), of("USD")), "(too large)");
    assert_text(at_money_print(room_arena(), n("5"), 0), "5.00");
}

Test(money, minor_units_are_written_without_ornament) {
    static const struct {
        int64_t minor;
        unsigned digits;
        const char *text;
    } cases[] = {{1300000, 2, "13000.00"},
                 {5, 2, "0.05"},
                 {-5, 2, "-0.05"},
                 {0, 2, "0.00"},
                 {0, 0, "0"},
                 {123, 0, "123"},
                 {123, 3, "0.123"},
                 {-100, 2, "-1.00"},
                 {INT64_MIN, 2, "-92233720368547758.08"},
                 {INT64_MAX, 0, "9223372036854775807"}};
    for (size_t i = 0; i < AT_COUNT(cases); i++) {
        char out[48];
        cr_assert_eq(at_money_write_minor(out, cases[i].minor, cases[i].digits), strlen(cases[i].text));
        cr_assert_str_eq(out, cases[i].text);
    }
}

static void means(const char *word, const char *code, uint32_t minor) {
    cr_assert_eq(at_money_unit(of(code), at_str_z(word)), minor, "%s of %s", word, code);
}

Test(money, words_for_units_are_of_the_currency) {
    means("cents", "USD", 1);
    means("cents", "JPY", 1);
    means("Dollar", "USD", 100);
    means("dollars", "CAD", 100);
    means("dollars", "EUR", 0);
    means("euros", "EUR", 100);
    means("yen", "JPY", 1);
    means("dinars", "KWD", 1000);
    means("fils", "KWD", 1);
    means("角", "CNY", 10);
    means("元", "CNY", 100);
    means("renminbi", "CNY", 100);
    means("分", "CNY", 1);
    means("us", "USD", 0);
    means("", "USD", 0);
    means("banana", "USD", 0);
    assert_text(at_money_unit_name(of("USD"), 0), "cents");
    assert_text(at_money_unit_name(of("USD"), 1), "dollars");
    cr_assert_eq(at_money_unit_name(of("USD"), 2).n, 0);
}
