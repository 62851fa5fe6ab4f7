/* test_table: the table for people, drawn by hand below. */
#include "paid.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* of lines */

static const struct at_write_options WIDE;

static struct paid *two_quarters(void) {
    static struct at_settle_line lines[] = {
        {.minor = 1300000},
        {.component = 1, .minor = 120000},
        {.period = 1, .earned = 1, .minor = 100},
        {.payee = 1, .minor = -505},
        {.payee = 2, .period = 1, .earned = 1, .component = 1, .minor = 7}};
    struct paid *p = paid_start("USD");
    p->run.lines = memcpy(at_arena_get(&p->arena, sizeof lines), lines, sizeof lines);
    p->run.n_lines = 5;
    paid_make(p, NULL);
    return p;
}

/* 李 takes two columns: its row begins with one space less. */
Test(test_table, has_payees_down_and_components_across) {
    struct paid *p = two_quarters();
    cr_expect_str_eq(paid_write(p, at_write_table, WIDE),
                     "Field  USD\n"
                     "\n"
                     "2026-Q1\n"
                     "rep          commission  The kicker      total\n"
                     "ana    Ana    13,000.00    1,200.00  14,200.00\n"
                     "bo,b              -5.05        0.00      -5.05\n"
                     "──────────────────────────────────────────────\n"
                     "total         12,994.95    1,200.00  14,194.95\n"
                     "\n"
                     "2026-Q2\n"
                     "rep          commission  The kicker      total\n"
                     "ana    Ana         1.00        0.00       1.00\n"
                     "李     李雷        0.00        0.07       0.07\n"
                     "──────────────────────────────────────────────\n"
                     "total              1.00        0.07       1.07\n"
                     "\n"
                     "2026-Q1 to 2026-Q2\n"
                     "rep          commission  The kicker      total\n"
                     "ana    Ana    13,001.00    1,200.00  14,201.00\n"
                     "bo,b              -5.05        0.00      -5.05\n"
                     "李     李雷        0.00        0.07       0.07\n"
                     "──────────────────────────────────────────────\n"
                     "total         12,995.95    1,200.07  14,196.02\n"
                     "\n"
                     "Paid: 14,196.02 USD to 3 payees in 5 lines, up to 2026-Q2 (as specified).\n");
    paid_end(p);
}

Test(test_table, puts_components_under_one_another_where_it_is_narrow) {
    struct paid *p = two_quarters();
    const char *got = paid_write(p, at_write_table, (struct at_write_options){.width = 40});
    cr_expect(strstr(got, "2026-Q1\n"
                          "rep                     total\n"
                          "ana           Ana   14,200.00\n"
                          "  commission        13,000.00\n"
                          "  The kicker         1,200.00\n"
                          "bo,b                    -5.05\n"
                          "  commission            -5.05\n"
                          "─────────────────────────────\n"
                          "total               14,194.95\n"),
              "%s", got);
    paid_end(p);
}

Test(test_table, says_when_nothing_is_paid) {
    struct paid *p = paid_start("USD");
    paid_make(p, NULL);
    cr_expect_str_eq(
        paid_write(p, at_write_table, WIDE),
        "Field  USD\nNo payouts.\n\nPaid: 0.00 USD to 0 payees in 0 lines, up to 2026-Q2 (as specified).\n");
    paid_end(p);
}

Test(test_table, shows_withheld_cells_with_their_reasons) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {{.minor = 100}};
    struct at_settle_withheld_cell withheld[] = {{1, 0, 0}};
    struct at_gather_exception exceptions[] = {
        {.why = {.word = AT_W_REASON_DIVIDED_BARE, .of = AT_STR("attainment")},
         .file = AT_STR("quotas.csv"),
         .line = 7}};
    p->run.lines = lines;
    p->run.n_lines = 1;
    p->run.withheld = withheld;
    p->run.n_withheld = 1;
    p->run.exceptions = exceptions;
    p->run.n_exceptions = 1;
    paid_make(p, NULL);
    cr_expect_str_eq(paid_write(p, at_write_table, WIDE),
                     "Field  USD\n"
                     "\n"
                     "2026-Q1\n"
                     "rep         commission     total\n"
                     "ana    Ana        1.00      1.00\n"
                     "bo,b                    withheld\n"
                     "────────────────────────────────\n"
                     "total             1.00      1.00\n"
                     "\n"
                     "Paid: 1.00 USD to 1 payee in 1 line, up to 2026-Q2 (as specified).\n"
                     "Withheld: 1 payout, because a value could not be calculated:\n"
                     "  bo,b in 2026-Q1: `attainment`: cannot divide by zero  (quotas.csv:7)\n");
    paid_end(p);
}

Test(test_table, lists_those_covered_by_no_policy) {
    struct paid *p = paid_start("USD");
    bool covered[] = {true, false, false};
    p->run.covered = covered;
    paid_make(p, NULL);
    cr_expect(strstr(paid_write(p, at_write_summary, WIDE), "Not covered by a policy: 2 payees: bo,b, 李\n"));
    paid_end(p);
}

/* A name out of data must not move the cursor or colour the terminal. */
Test(test_table, keeps_control_characters_from_the_terminal) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {{.minor = 100}};
    at_str keys[] = {AT_STR("a\033[2Jb"), AT_STR("b"), AT_STR("c")};
    p->cols[0].text = keys;
    p->run.lines = lines;
    p->run.n_lines = 1;
    paid_make(p, NULL);
    const char *got = paid_write(p, at_write_table, WIDE);
    cr_expect(!strchr(got, '\033') && strstr(got, "a␛[2Jb"), "%s", got);
    paid_end(p);
}

/* Nor may it turn the direction of the figures beside it (U+202E), or make the table as wide as itself. */
Test(test_table, keeps_a_name_within_its_cell) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {{.minor = 100}, {.payee = 1, .minor = 100}};
    char name[1000];
    memset(name, 'x', sizeof name);
    at_str keys[] = {AT_STR("a\xE2\x80\xAE"
                            "b"),
                     {name, sizeof name},
                     AT_STR("c")};
    p->cols[0].text = keys;
    p->run.lines = lines;
    p->run.n_lines = 2;
    paid_make(p, NULL);
    const char *got = paid_write(p, at_write_table, WIDE);
    cr_expect(!strstr(got, "\xE2\x80\xAE") && strstr(got, "a\\u{202E}b"), "%s", got);
    memset(name + 99, 0, 1); /* 99 characters and the mark of what is left out: 100 columns */
    cr_expect(strstr(got, name) && strstr(got, "x…") && !strstr(strstr(got, "x…"), "xx"), "%s", got);
    paid_end(p);
}
