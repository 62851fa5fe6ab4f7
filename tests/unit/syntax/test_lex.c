/* test_lex: characters to tokens. */
#include "reading.h"

/* The tokens of a text, one a line: place, kind, and what literals and names are. */
static void expect_tokens(const char *text, const char *wanted) {
    struct reading *r = reading_start();
    at_lex_dump(&r->sources, &r->arena, &r->diags, AT_STR("t"), at_str_z(text), &r->sink);
    const char *got = reading_out(r);
    cr_expect_str_eq(got, wanted, "got:\n%s\nwanted:\n%s", got, wanted);
    cr_expect_eq(r->diags.errors, 0);
    reading_end(r);
}

/* The value of the one literal of `measure a = …`. */
static const struct at_ast_node *literal(struct reading **r, const char *text) {
    char policy[64];
    snprintf(policy, sizeof policy, "measure a = %s", text);
    *r = reading_of(policy);
    cr_assert_eq((*r)->status, AT_OK, "%s: %s", text, reading_messages(*r));
    return (*r)->ast->files[0]->child[0]->child[0];
}

static void expect_value(const char *text, const char *wanted) {
    struct reading *r;
    const struct at_ast_node *node = literal(&r, text);
    char equation[128];
    snprintf(equation, sizeof equation, "measure a = %s", wanted);
    struct reading *other = reading_of(equation);
    const struct at_ast_node *same = other->ast->files[0]->child[0]->child[0];
    cr_expect(at_num_cmp(&r->arena, node->value, same->value) == 0, "%s is not %s", text, wanted);
    reading_end(other);
    reading_end(r);
}

Test(test_lex, a_statement) {
    expect_tokens("measure a = 10% of x # comment\n",
                  "1:1 measure\n1:9 a name a\n1:11 '='\n1:13 a number 10%\n1:17 of\n"
                  "1:20 a name x\n2:1 the end of the file\n");
}

Test(test_lex, magnitudes_percents_and_groups) {
    expect_value("1,250.50", "1250.5");
    expect_value("40k", "40000");
    expect_value("1.2m", "1200000");
    expect_value("2bn", "2000000000");
    expect_value("5万", "50000");
    expect_value("1亿", "100000000");
    expect_value("1.5x", "1.5");
    expect_value("12.5%", "0.125");
    expect_value("50 bps", "0.005");
    expect_value("50bps", "0.5%");
    expect_value("1,234,567", "1234567");
}

Test(test_lex, a_comma_of_a_list_is_none_of_a_number) {
    expect_tokens("f(1, 250)", "1:1 a name f\n1:2 '('\n1:3 a number 1\n1:4 ','\n1:6 a number 250\n1:9 "
                               "')'\n1:10 the end of the file\n");
    expect_tokens("f(1,25)", "1:1 a name f\n1:2 '('\n1:3 a number 1\n1:4 ','\n1:5 a number 25\n1:7 ')'\n1:8 "
                             "the end of the file\n");
    expect_tokens("f(1,2500)", "1:1 a name f\n1:2 '('\n1:3 a number 1\n1:4 ','\n1:5 a number 2500\n1:9 "
                               "')'\n1:10 the end of the file\n");
}

Test(test_lex, four_hundred_digits_are_exact) {
    char digits[402], next[402];
    memset(digits, '9', 400);
    digits[400] = 0;
    memcpy(next, digits, sizeof next);
    next[399] = '8';
    char policy[900];
    snprintf(policy, sizeof policy, "measure a = %s\nmeasure b = %s", digits, next);
    struct reading *r = reading_of(policy);
    cr_assert_eq(r->status, AT_OK);
    at_num a = r->ast->files[0]->child[0]->child[0]->value, b = r->ast->files[0]->child[1]->child[0]->value;
    cr_expect(at_num_cmp(&r->arena, at_num_sub(&r->arena, a, b), at_num_int(1)) == 0);
    reading_end(r);
}

Test(test_lex, money_knows_its_sign_or_code) {
    struct reading *r;
    const struct at_ast_node *node = literal(&r, "$40,000");
    cr_expect(node->kind == AT_N_MONEY && at_str_eq(node->unit, AT_STR("$")));
    reading_end(r);
    node = literal(&r, "40k USD");
    cr_expect(node->kind == AT_N_MONEY && at_str_eq(node->unit, AT_STR("USD")));
    reading_end(r);
    node = literal(&r, "US$1.5m");
    cr_expect(node->kind == AT_N_MONEY && at_str_eq(node->unit, AT_STR("US$")));
    reading_end(r);
    node = literal(&r, "￥500");
    cr_expect(node->kind == AT_N_MONEY && at_str_eq(node->unit, AT_STR("¥")));
    reading_end(r);
    expect_value("€1.5m", "1500000");
}

Test(test_lex, dates_periods_and_durations) {
    struct reading *r;
    const struct at_ast_node *node = literal(&r, "1970-01-31");
    cr_expect(node->kind == AT_N_DATE && node->day == 30);
    reading_end(r);
    node = literal(&r, "2026-Q3");
    cr_expect(node->kind == AT_N_PERIOD && node->period.kind == AT_QUARTER);
    reading_end(r);
    node = literal(&r, "2026-03");
    cr_expect(node->kind == AT_N_PERIOD && node->period.kind == AT_MONTH);
    reading_end(r);
    node = literal(&r, "2026-H2");
    cr_expect(node->kind == AT_N_PERIOD && node->period.kind == AT_HALF);
    reading_end(r);
    node = literal(&r, "2026");
    cr_expect(node->kind == AT_N_NUMBER);
    reading_end(r);
    node = literal(&r, "2 weeks");
    cr_expect(node->kind == AT_N_DURATION && !(node->flags & AT_F_MONTHS) &&
              at_num_cmp(&r->arena, node->value, at_num_int(14)) == 0);
    reading_end(r);
    node = literal(&r, "1 year");
    cr_expect(node->kind == AT_N_DURATION && node->flags & AT_F_MONTHS &&
              at_num_cmp(&r->arena, node->value, at_num_int(12)) == 0);
    reading_end(r);
}

Test(test_lex, text_is_decoded) {
    struct reading *r;
    const struct at_ast_node *node = literal(&r, "\"a\\\"b\\\\c\\nd\\te\\u{20AC}\"");
    cr_expect(at_str_eq(node->text, AT_STR("a\"b\\c\nd\te€")));
    reading_end(r);
}

Test(test_lex, any_word_is_a_name_after_a_dot_in_a_row_and_before_a_type) {
    expect_tokens(
        "a.from.measure",
        "1:1 a name a\n1:2 '.'\n1:3 a name from\n1:7 '.'\n1:8 a name measure\n1:15 the end of the file\n");
    expect_tokens(
        "test \"t\" { given x { to: 1 }}",
        "1:1 test\n1:6 text in double quotes \"t\"\n1:10 '{'\n1:12 given\n1:18 a name x\n1:20 '{'\n"
        "1:22 a name to\n1:24 ':'\n1:26 a number 1\n1:28 '}'\n1:29 '}'\n1:30 the end of the file\n");
    expect_tokens("data x { to date on rep }", "1:1 data\n1:6 a name x\n1:8 '{'\n1:10 a name to\n1:13 a name "
                                               "date\n1:18 on\n1:21 a name rep\n1:25 '}'\n"
                                               "1:26 the end of the file\n");
}

Test(test_lex, names_of_any_script_and_quoted_names) {
    expect_tokens("销售额 été _x1 Größe `any text!` ümlaut",
                  "1:1 a name 销售额\n1:5 a name été\n1:9 a name _x1\n1:13 a name Größe\n"
                  "1:19 a name `any text!`\n1:31 a name ümlaut\n1:37 the end of the file\n");
}

/* What the scanner takes for the first letter of a name and what lex.c takes for a letter inside are the same
 * characters. */
Test(test_lex, scanner_and_names_agree_on_letters) {
    static const struct {
        uint32_t from, to;
    } SAMPLES[] = {{0x80, 0x600},     {0x600, 0x1200},    {0x1700, 0x2200},   {0x2b00, 0x3100},
                   {0xa800, 0xa880},  {0xd700, 0xd800},   {0xe000, 0xe010},   {0xf8f0, 0xfa00},
                   {0xfd00, 0x10020}, {0x1eff0, 0x1f010}, {0x1fff0, 0x20010}, {0x3fff0, 0x40010}};
    for (size_t i = 0; i < AT_COUNT(SAMPLES); i++)
        for (uint32_t c = SAMPLES[i].from; c < SAMPLES[i].to; c++) {
            char alone[8] = {0}, inside[12] = "name";
            unsigned n = at_utf8_put(c, alone);
            memcpy(inside + 4, alone, n);
            struct reading *a = reading_start(), *b = reading_start();
            at_lex_dump(&a->sources, &a->arena, &a->diags, AT_STR("t"), (at_str){alone, n}, &a->sink);
            at_lex_dump(&b->sources, &b->arena, &b->diags, AT_STR("t"), (at_str){inside, n + 4}, &b->sink);
            bool begins = strncmp(reading_out(a), "1:1 a name ", 11) == 0;
            bool goes_on = strncmp(reading_out(b), "1:1 a name name\n", 16) != 0;
            /* The middle dot of Catalan, and full-width digits. */
            bool only_inside = c == 0xB7 || (c >= 0xFF10 && c <= 0xFF19);
            cr_expect(begins == goes_on || only_inside, "U+%04X begins a name: %d, stands inside one: %d",
                      (unsigned)c, begins, goes_on);
            reading_end(a);
            reading_end(b);
        }
}
