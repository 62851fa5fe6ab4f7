/* Values of each type as people and spreadsheets write them. Expected values are worked out by hand. */
#include "fixture.h"

/* One cell under type `type`: the value, or its fault. */
static const char *cell(struct fixture *f, const char *type, const char *text) {
    at_str fields = at_str_format(&f->arena, "v:%s pad:text", type);
    at_str csv = at_str_format(&f->arena, "pad,v\np,\"%s\"\n", text);
    return fixture_read(f, fields.p, csv.p);
}

#define CELL(type, text, expected)                                                                           \
    do {                                                                                                     \
        struct fixture *f_ = fixture_new();                                                                  \
        cr_expect_str_eq(cell(f_, type, text), expected "|p\n", "%s", text);                                 \
        fixture_free(f_);                                                                                    \
    } while (0)

#define BAD(type, text, expected)                                                                            \
    do {                                                                                                     \
        struct fixture *f_ = fixture_new();                                                                  \
        cr_expect_str_eq(cell(f_, type, text), "t.csv:2:2 " expected "\n", "%s", text);                      \
        fixture_free(f_);                                                                                    \
    } while (0)

Test(cell, numbers) {
    CELL("number", "0", "0");
    CELL("number", "007", "7");
    CELL("number", "-12", "-12");
    CELL("number", "+3.5", "3.5");
    CELL("number", "1234567.125", "1234567.125");
    CELL("number", "12345678", "12345678");
    CELL("number", "123456789", "123456789");
    CELL("number", "999999999999999999", "999999999999999999");
    CELL("number", "1,234,567.5", "1234567.5");
    CELL("number", "(42)", "-42");
    CELL("number", " 17 ", "17");
    CELL("number", ".5", "0.5");
    CELL("number", "5.", "5");
    CELL("number", "1.5E+03", "1500");
    CELL("number",
         "\xE2\x88\x92"
         "5",
         "-5"); /* the typographic minus */
    CELL("number", "0.000000000000000001", "0.000000000000000001");
}

Test(cell, percents_are_numbers) {
    CELL("number", "12%", "0.12");
    CELL("number", "12.5 %", "0.125");
    CELL("number", "-3%", "-0.03");
    CELL("number", "(3%)", "-0.03");
}

Test(cell, what_is_no_number) {
    BAD("number", "12x", "A0720 expected a number in `v`, found `12x`");
    BAD("number", "1,23", "A0737 the comma in `1,23` of `v` is not a decimal mark here");
    BAD("number", "1.2.3", "A0720 expected a number in `v`, found `1.2.3`");
    BAD("number", "1 234", "A0720 expected a number in `v`, found `1 234`");
    BAD("number", "-", "A0720 expected a number in `v`, found `-`");
    BAD("number", "--1", "A0720 expected a number in `v`, found `--1`");
    BAD("number", "$5", "A0720 expected a number in `v`, found `$5`");
    BAD("number", "%", "A0720 expected a number in `v`, found `%`");
    BAD("number", "N/A", "A0720 expected a number in `v`, found `N/A`");
    BAD("number", "1.234.567,50", "A0737 the comma in `1.234.567,50` of `v` is not a decimal mark here");
}

Test(cell, numbers_of_any_length) {
    char digits[401], csv[1400], expected[1400];
    memset(digits, '9', 400);
    digits[400] = 0;
    snprintf(csv, sizeof csv, "a,b\n1.5,x\n%s,y\n9223372036854775808,z\n-2.25,w\n", digits);
    snprintf(expected, sizeof expected, "1.5|x\n%s|y\n9223372036854775808|z\n-2.25|w\n", digits);
    READS("a:number b:text", csv, expected);
    READS("a:number b:text", "a,b\n12345678901234567890123456789.5,x\n0.25,y\n",
          "12345678901234567890123456789.5|x\n0.25|y\n");
}

Test(cell, a_number_of_too_many_digits) {
    size_t n = 20000;
    char *csv = malloc(n + 16);
    memcpy(csv, "a,b\n", 4);
    memset(csv + 4, '7', n);
    strcpy(csv + 4 + n, ",x\n");
    struct fixture *f = fixture_new();
    cr_expect(strstr(fixture_read(f, "a:number b:text", csv),
                     "A0721 expected a number of at most 10,000 digits in `a`, found "
                     "`7777777777777777777777777777777777777777\xE2\x80\xA6`"));
    fixture_free(f);
    free(csv);
}

Test(cell, mixed_scales_in_a_column) {
    READS("a:number b:text", "a,b\n1,x\n1.5,x\n2.25,x\n-3.125,x\n4,x\n100000000,x\n5.0,x\n",
          "1|x\n1.5|x\n2.25|x\n-3.125|x\n4|x\n100000000|x\n5|x\n");
    READS("a:number b:text", "a,b\n999999999999999999,x\n0.123456789012345678,x\n7,x\n",
          "999999999999999999|x\n0.123456789012345678|x\n7|x\n");
}

Test(cell, money) {
    CELL("money", "1234.50", "1234.5");
    CELL("money", "$1,234.50", "1234.5");
    CELL("money", "1,234.50", "1234.5");
    CELL("money", "(1,234.50)", "-1234.5");
    CELL("money", "($1,234.50)", "-1234.5");
    CELL("money", "$(1,234.50)", "-1234.5");
    CELL("money", "-$5", "-5");
    CELL("money", "$-5", "-5");
    CELL("money", "$ 5", "5");
    CELL("money", "US$5", "5");
    CELL("money", "1234.5 USD", "1234.5");
    CELL("money", "USD 1234.5", "1234.5");
    CELL("money", "5$", "5");
    CELL("money",
         "$\xC2\xA0"
         "7.25\xC2\xA0",
         "7.25"); /* no-break spaces */
    CELL("money", "0.001", "0.001");
    CELL("money", "-0.00", "0");
}

/* Excel's accounting format shows a zero as a dash next to the symbol. */
Test(cell, money_of_bookkeepers_and_chinese_keyboards) {
    CELL("money", "$-", "0");
    CELL("money", " $ -   ", "0");
    CELL("money", "- $", "0");
    CELL("money", "（1,234.50）", "-1234.5");
    CELL("money", "＄１２０，０００．５", "120000.5");
    CELL("money", "4.5万", "45000");      /* 4.5 x 10,000 */
    CELL("money", "$1.2亿", "120000000"); /* 1.2 x 100,000,000 */
    CELL("money", "-2万 USD", "-20000");
    CELL("money", "3万美元", "30000");
    CELL("money[cny]", "90000.5元", "90000.5");
    CELL("money[cny]", "4.5 万元", "45000");
    CELL("money[cny]", "￥500元", "500");
    CELL("money[cny]", "人民币 500", "500");
    CELL("money[cny]", "RMB500", "500");
    CELL("money[cny]", "￥-", "0");
}

Test(cell, decimal_commas) {
    CELL("number[comma]", "1234,56", "1234.56");
    CELL("number[comma]", "1.234,56", "1234.56");
    CELL("number[comma]", "-1.234.567", "-1234567");
    CELL("number[comma]", "1 234,5", "1234.5");
    CELL("number[comma]", "1\u202f234,5", "1234.5");
    CELL("number[comma]", "1'234,5", "1234.5");
    CELL("number[comma]", "(0,5)", "-0.5");
    CELL("number[comma]", "12,5%", "0.125");
    CELL("number[comma]", ",5", "0.5");
    CELL("number[comma]", "42", "42");
    CELL("money[comma]", "$1.234,50", "1234.5");
    CELL("money[comma]", "1.234,50 USD", "1234.5");
    BAD("number[comma]", "1.5", "A0720 expected a number in `v`, found `1.5`");
    BAD("number[comma]", "1.234 567,5", "A0720 expected a number in `v`, found `1.234 567,5`");
    BAD("number[comma]", "1,234.56", "A0720 expected a number in `v`, found `1,234.56`");
    BAD("money[comma]", "1.50", "A0722 expected an amount of money in `v`, found `1.50`");
}

Test(cell, numbers_of_chinese_keyboards) {
    CELL("number", "１２０，０００", "120000");
    CELL("number", "１２％", "0.12");
    CELL("number", "（５００）", "-500");
    CELL("number", "－３．５", "-3.5");
    CELL("number", "1.2万", "12000");
    CELL("number", "3亿", "300000000");
    CELL("number", "2万亿", "2000000000000");
    BAD("number", "万", "A0720 expected a number in `v`, found `万`");
    BAD("number", "5万%", "A0720 expected a number in `v`, found `5万%`");
    BAD("number", "5元", "A0720 expected a number in `v`, found `5元`");
    BAD("number", "1\u200b2", "A0736 invisible character U+200B in `v`");
    BAD("date", "2026-01-\u200e05", "A0736 invisible character U+200E in `v`");
}

Test(cell, what_is_no_money) {
    BAD("money",
        "\xE2\x82\xAC"
        "5",
        "A0723 expected USD in `v`, found `\xE2\x82\xAC"
        "5`");
    BAD("money", "5 EUR", "A0723 expected USD in `v`, found `5 EUR`");
    BAD("money", "$5 EUR", "A0723 expected USD in `v`, found `$5 EUR`");
    BAD("money", "1.234,50", "A0737 the comma in `1.234,50` of `v` is not a decimal mark here");
    BAD("money", "12x", "A0722 expected an amount of money in `v`, found `12x`");
    BAD("money", "$", "A0722 expected an amount of money in `v`, found `$`");
    BAD("money", "-", "A0722 expected an amount of money in `v`, found `-`");
    BAD("money", "-$", "A0722 expected an amount of money in `v`, found `-$`");
    BAD("money", "\u20ac-", "A0722 expected an amount of money in `v`, found `\u20ac-`");
    BAD("money", "5元", "A0723 expected USD in `v`, found `5元`");
    BAD("money", "$5元", "A0723 expected USD in `v`, found `$5元`");
    BAD("money", "(5", "A0722 expected an amount of money in `v`, found `(5`");
    BAD("money", "12%", "A0722 expected an amount of money in `v`, found `12%`");
    BAD("money", "-$-5", "A0722 expected an amount of money in `v`, found `-$-5`");
}

Test(cell, dates) {
    CELL("date", "2026-03-31", "2026-03-31");
    CELL("date", " 2026-03-31 ", "2026-03-31");
    CELL("date", "2024-02-29", "2024-02-29");
    CELL("date", "0001-01-01", "0001-01-01");
    CELL("date[DD/MM/YYYY]", "31/03/2026", "2026-03-31");
    CELL("date[D_MMM_YYYY]", "5 Mar 2026", "2026-03-05");
    BAD("date", "2026-02-30", "A0725 invalid date `2026-02-30` in `v`");
    BAD("date", "2026-13-01", "A0725 invalid date `2026-13-01` in `v`");
    BAD("date", "2023-02-29", "A0725 invalid date `2023-02-29` in `v`");
    BAD("date", "0000-01-01", "A0725 invalid date `0000-01-01` in `v`");
    BAD("date", "31.3.2026", "A0724 expected a date in `v`, found `31.3.2026`");
    BAD("date", "2026-3-31", "A0724 expected a date in `v`, found `2026-3-31`");
    BAD("date", "2026/03/31", "A0724 expected a date in `v`, found `2026/03/31`");
    BAD("date[DD/MM/YYYY]", "2026-03-31", "A0724 expected a date in `v`, found `2026-03-31`");
}

Test(cell, dates_of_several_formats) {
    CELL("date", "2026年3月31日", "2026-03-31");
    CELL("date", "２０２６－０３－３１", "2026-03-31");
    CELL("date[M/D/YYYY|YYYY-MM-DD]", "3/31/2026", "2026-03-31");
    CELL("date[M/D/YYYY|YYYY-MM-DD]", "2026-03-31", "2026-03-31");
    CELL("date[YYYY-MM-DDThh:mm:ssZ]", "2026-01-31T23:30:00-08:00", "2026-01-31");
    BAD("date", "2026年2月30日", "A0725 invalid date `2026年2月30日` in `v`");
    BAD("date[DD/MM/YYYY]", "30/02/2026", "A0725 invalid date `30/02/2026` in `v`");
    BAD("date[M/D/YYYY|YYYY-MM-DD]", "31.3.2026", "A0724 expected a date in `v`, found `31.3.2026`");
    /* A schema that the checker refuses: the text decides. */
    BAD("date[M/D/YYYY|D/M/YYYY]", "1/2/2026",
        "A0738 `1/2/2026` in `v` is two days in the formats of the field");
    CELL("date[M/D/YYYY|D/M/YYYY]", "2/2/2026", "2026-02-02");
}

Test(cell, a_date_in_another_form_is_told_how_to_declare_it) {
    struct fixture *f = fixture_new();
    cell(f, "date", "25/12/2026");
    cr_expect(strstr(at_str_copy(&f->arena, f->diags.at[0]->help).p, "`v date format \"DD/MM/YYYY\"`"));
    fixture_free(f);
    f = fixture_new();
    cell(f, "date", "05/12/2026");
    cr_expect(
        strstr(at_str_copy(&f->arena, f->diags.at[0]->help).p, "format \"MM/DD/YYYY\"`, or \"DD/MM/YYYY\""));
    fixture_free(f);
}

Test(cell, every_day_of_the_calendar_and_no_other) {
    /* 97 leap years in 400: days from 1600-01-01 to 1999-12-31, and each one prints as it was read. */
    struct fixture *f = fixture_new();
    char *csv = malloc(400 * 13 * 32 * 14 + 16), *p = csv;
    p += sprintf(p, "d,k\n");
    for (int y = 1600; y < 2000; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= 31; d++)
                p += sprintf(p, "%04d-%02d-%02d,k\n", y, m, d);
    f->skip = true;
    fixture_table(f, "x", "k:text*", "k\n");
    fixture_table(f, "t", "d:date", csv);
    cr_expect_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    size_t rows = 0;
    for (size_t i = 0; i < f->dump.n; i++)
        rows += f->dump.at[i] == '\n';
    cr_expect_eq(rows, 400u * 365 + 97);
    cr_expect_eq(f->data.bad.n_rows, 400u * 12 * 31 - (400u * 365 + 97));
    fixture_free(f);
    free(csv);
}

Test(cell, periods) {
    CELL("period", "2026-Q1", "2026-Q1");
    CELL("period", "2026-03", "2026-03");
    CELL("period", "2026-H2", "2026-H2");
    CELL("period", "2026", "2026");
    CELL("period", "2026年1月", "2026-01");
    CELL("period", "2026年12月", "2026-12");
    CELL("period", "202601", "2026-01");
    CELL("period", "2026/01", "2026-01");
    CELL("period", "2026/1", "2026-01");
    CELL("period", "2026Q1", "2026-Q1");
    CELL("period", "2026年第1季度", "2026-Q1");
    CELL("period", "2026年四季度", "2026-Q4");
    CELL("period", "2026年上半年", "2026-H1");
    CELL("period", "2026年", "2026");
    CELL("period", "2026年第5周", "2026-W05");
    CELL("period", "2026年53周", "2026-W53");
    CELL("period", "2026W05", "2026-W05");
    CELL("period", "2026w5", "2026-W05");
    CELL("period", "2026/W05", "2026-W05");
    CELL("period", "2026年1月上半月", "2026-01-H1");
    CELL("period", "2026年12月下半月", "2026-12-H2");
    BAD("period", "2026年第54周", "A0726 expected a period in `v`, found `2026年第54周`");
    BAD("period", "2026年第0周", "A0726 expected a period in `v`, found `2026年第0周`");
    BAD("period", "2026-W5", "A0726 expected a period in `v`, found `2026-W5`");
    BAD("period", "2026年W5周", "A0726 expected a period in `v`, found `2026年W5周`");
    BAD("period", "2026/1上半月", "A0726 expected a period in `v`, found `2026/1上半月`");
    BAD("period", "202613", "A0726 expected a period in `v`, found `202613`");
    BAD("period", "20261", "A0726 expected a period in `v`, found `20261`");
    BAD("period", "2026年13月", "A0726 expected a period in `v`, found `2026年13月`");
    BAD("period", "2026年1", "A0726 expected a period in `v`, found `2026年1`");
    BAD("period", "2026/", "A0726 expected a period in `v`, found `2026/`");
    BAD("period", "2026年第5季度", "A0726 expected a period in `v`, found `2026年第5季度`");
    BAD("period", "1/2026", "A0726 expected a period in `v`, found `1/2026`");
    BAD("period", "2026-03-01", "A0726 expected a period in `v`, found `2026-03-01`");
    BAD("period", "2026-Q5", "A0726 expected a period in `v`, found `2026-Q5`");
    BAD("period", "March", "A0726 expected a period in `v`, found `March`");
}

Test(cell, durations) {
    CELL("duration", "90 days", "90 days");
    CELL("duration", "1 Day", "1 days");
    CELL("duration", "2 weeks", "14 days");
    CELL("months", "6 months", "6 months");
    CELL("months", "2 years", "24 months");
    BAD("duration", "90", "A0727 expected a duration in `v`, found `90`");
    BAD("duration", "6 months", "A0727 expected a duration in `v`, found `6 months`");
    BAD("duration", "days", "A0727 expected a duration in `v`, found `days`");
}

Test(cell, flags) {
    CELL("flag", "yes", "yes");
    CELL("flag", "YES", "yes");
    CELL("flag", "True", "yes");
    CELL("flag", "1", "yes");
    CELL("flag", "no", "no");
    CELL("flag", "FALSE", "no");
    CELL("flag", "0", "no");
    CELL("flag", "是", "yes");
    CELL("flag", "否", "no");
    CELL("flag", "√", "yes");
    CELL("flag", "×", "no");
    BAD("flag", "2", "A0728 expected yes or no in `v`, found `2`");
}

Test(cell, choices) {
    CELL("enum(open|won|lost)", "won", "won");
    CELL("enum(open|won|lost)", " lost ", "lost");
    CELL("enum(a_rather_long_choice|b)", "a rather long choice", "a rather long choice");
    CELL("enum(a|b|c|d|e|f|g|h|i|j)", "j", "j");
    BAD("enum(open|won|lost)", "Won", "A0729 unknown choice `Won` in `v`");
    BAD("enum(open|won|lost)", "wo", "A0729 unknown choice `wo` in `v`");
    BAD("enum(a|b|c|d|e|f|g|h|i|j)", "k", "A0729 unknown choice `k` in `v`");
}

Test(cell, missing_values) {
    READS("a:text? b:number? c:date? d:flag? e:enum(x|y)? f:period? k:text",
          "a,b,c,d,e,f,k\n,,,,,,1\nt,2,2026-01-01,no,y,2026,2\n , , ,\"\",,,3\n",
          "~|~|~|~|~|~|1\nt|2|2026-01-01|no|y|2026|2\n~|~|~|~|~|~|3\n");
    READS("a:text b:number", "a,b\nx,\n,1\n",
          "t.csv:2:2 A0719 missing value in `b`\nt.csv:3:1 A0719 missing value in `a`\n");
}

Test(cell, all_faults_in_the_order_of_the_file) {
    READS("b:number a:date c:flag", "a,b,c\n2026-01-01,x,maybe\nnever,1,yes\nnever,y,no\n",
          "t.csv:2:2 A0720 expected a number in `b`, found `x`\n"
          "t.csv:2:3 A0728 expected yes or no in `c`, found `maybe`\n"
          "t.csv:3:1 A0724 expected a date in `a`, found `never`\n"
          "t.csv:4:1 A0724 expected a date in `a`, found `never`\n"
          "t.csv:4:2 A0720 expected a number in `b`, found `y`\n");
}

Test(cell, the_excerpt_shows_the_cell) {
    struct fixture *f = fixture_new();
    fixture_read(f, "a:text b:number", "a,b\nx,12z\n\"p,q\",\"0\"\"\"\n");
    const struct at_diag_data_place *place = f->diags.at[0]->place;
    cr_expect_str_eq(place->excerpt.p, "x,12z");
    cr_expect_eq(place->mark_start, 2);
    cr_expect_eq(place->mark_length, 3);
    place = f->diags.at[1]->place;
    cr_expect_str_eq(place->excerpt.p, "\"p,q\",\"0\"\"\"");
    cr_expect_eq(place->mark_start, 7);
    cr_expect_eq(place->mark_length, 3);
    fixture_free(f);
}

Test(cell, a_long_row_is_cut_around_the_cell) {
    struct fixture *f = fixture_new();
    char csv[600];
    int n = sprintf(csv, "a,b\n");
    memset(csv + n, 'x', 300);
    sprintf(csv + n + 300, ",12z\n");
    fixture_read(f, "a:text b:number", csv);
    const struct at_diag_data_place *place = f->diags.at[0]->place;
    cr_expect_lt(place->excerpt.n, 140);
    cr_expect_arr_eq(place->excerpt.p + place->mark_start, "12z", 3);
    fixture_free(f);
}

/* What spreadsheets write in place of a value, and what the message offers. Day 46037 is 2026-01-15: day 1 of
 * spreadsheets is 1899-12-31, and 46,036 days later (126 years and 31 leap days and 15 days) is that day. */
Test(cell, habits_of_spreadsheets_have_help) {
    static const struct {
        const char *type, *text, *help;
    } CELLS[] = {
        {"number", "5 000", "write 5000"},
        {"money", "1'000.50", "write 1000.50"},
        {"money", "1,234.50-", "write -1234.50"},
        {"money", "5.000.000", "write 5000000"},
        {"money", "-5.000.000", "write -5000000"},
        {"money", "-0.0.66962", "write an amount in USD, such as 1234.50 or 1234.50 USD"},
        {"number", "1.2.3", "write a number such as 1234.50, 1,234.50, 12%, or (5.00)"},
        {"money", "n/a", "leave the field empty if the value is missing"},
        {"number", "#DIV/0!", "the spreadsheet could not calculate this cell: correct the cell there"},
        {"date", "#N/A", "the spreadsheet could not calculate this cell: correct the cell there"},
        {"number", "=B2*2", "this is the formula of a cell: save the file with the values of its cells"},
        {"date", "46037",
         "46037 is the number that a spreadsheet has for 2026-01-15: format the column as a date, and save "
         "the "
         "file again"},
        {"date", "2026-1-5", "declare the format of the dates: `v date format \"YYYY-M-D\"`"},
    };
    for (size_t i = 0; i < sizeof CELLS / sizeof *CELLS; i++) {
        struct fixture *f = fixture_new();
        cell(f, CELLS[i].type, CELLS[i].text);
        cr_assert_eq(f->diags.n, 1, "%s", CELLS[i].text);
        cr_expect_str_eq(at_str_copy(&f->arena, f->diags.at[0]->help).p, CELLS[i].help, "%s", CELLS[i].text);
        fixture_free(f);
    }
}

Test(cell, flags_in_one_letter) {
    CELL("flag", "Y", "yes");
    CELL("flag", "n", "no");
}
