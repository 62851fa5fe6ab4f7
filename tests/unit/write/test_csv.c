/* test_csv: lines as CSV, to the byte. */
#include <stdio.h>

#include "paid.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* of lines */

static const struct at_write_options PLAIN;

Test(test_csv, has_six_columns_and_leaves_zeros_out) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {
        {.minor = 1300000}, {.component = 1}, {.period = 1, .earned = 1, .minor = -1250}};
    p->run.lines = lines;
    p->run.n_lines = 3;
    paid_make(p, NULL);
    cr_expect_str_eq(paid_write(p, at_write_csv, PLAIN), "payee,period,component,line,amount,currency\n"
                                                         "ana,2026-Q1,commission,,13000.00,USD\n"
                                                         "ana,2026-Q2,commission,,-12.50,USD\n");
    paid_end(p);
}

Test(test_csv, keeps_zeros_where_they_are_wanted) {
    struct paid *p = paid_start("JPY");
    struct at_settle_line lines[] = {{.component = 1}};
    p->run.lines = lines;
    p->run.n_lines = 1;
    paid_make(p, &(struct at_session_results_filter){.zeros = true});
    cr_expect_str_eq(paid_write(p, at_write_csv, PLAIN), "payee,period,component,line,amount,currency\n"
                                                         "ana,2026-Q1,kicker,,0,JPY\n");
    paid_end(p);
}

Test(test_csv, quotes_what_must_be_quoted) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {{.payee = 1, .key = AT_STR("d1"), .minor = 1},
                                     {.payee = 1, .key = AT_STR("a \"b\", c"), .minor = 2},
                                     {.payee = 1, .key = AT_STR("x\ny"), .minor = 3}};
    p->run.lines = lines;
    p->run.n_lines = 3;
    paid_make(p, NULL);
    cr_expect_str_eq(paid_write(p, at_write_csv, PLAIN),
                     "payee,period,component,line,amount,currency\n"
                     "\"bo,b\",2026-Q1,commission,d1,0.01,USD\n"
                     "\"bo,b\",2026-Q1,commission,\"a \"\"b\"\", c\",0.02,USD\n"
                     "\"bo,b\",2026-Q1,commission,\"x\ny\",0.03,USD\n");
    paid_end(p);
}

Test(test_csv, defuses_formulas_on_request_only) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {{.key = AT_STR("=cmd()"), .minor = -1},
                                     {.key = AT_STR("-1"), .minor = 2}};
    p->run.lines = lines;
    p->run.n_lines = 2;
    paid_make(p, NULL);
    const char *safe = paid_write(p, at_write_csv, (struct at_write_options){.safe_csv = true});
    cr_expect_str_eq(safe, "payee,period,component,line,amount,currency\n"
                           "ana,2026-Q1,commission,'=cmd(),-0.01,USD\n"
                           "ana,2026-Q1,commission,'-1,0.02,USD\n");
    cr_expect(strstr(paid_write(p, at_write_csv, PLAIN), ",=cmd(),-0.01,"));
    paid_end(p);
}

Test(test_csv, shows_the_payees_that_are_wanted) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {{.minor = 100}, {.payee = 1, .minor = 200}, {.payee = 2, .minor = 300}};
    at_str wanted[] = {AT_STR("李"), AT_STR("ana")};
    p->run.lines = lines;
    p->run.n_lines = 3;
    paid_make(p, &(struct at_session_results_filter){.payees = wanted, .n_payees = 2});
    cr_expect_str_eq(paid_write(p, at_write_csv, PLAIN), "payee,period,component,line,amount,currency\n"
                                                         "ana,2026-Q1,commission,,1.00,USD\n"
                                                         "李,2026-Q1,commission,,3.00,USD\n");
    cr_expect(p->results.totals[0].amount == 400);
    paid_end(p);
}

/* Some 2 MB through a sink of 32 KB: pieces must neither be lost nor doubled. */
Test(test_csv, writes_many_lines_whole) {
    enum { N = 50000 };
    struct paid *p = paid_start("USD");
    struct at_settle_line *lines = calloc(N, sizeof *lines);
    char(*keys)[12] = calloc(N, sizeof *keys);
    at_i128 sum = 0;
    for (int i = 0; i < N; i++) {
        int n = snprintf(keys[i], sizeof keys[i], "d%06d", i);
        lines[i] = (struct at_settle_line){.payee = (uint32_t)(i / 20000),
                                           .period = (uint32_t)(i / 10000 % 2),
                                           .key = {keys[i], (uint32_t)n},
                                           .minor = i + 1};
        sum += i + 1;
    }
    p->run.lines = lines;
    p->run.n_lines = N;
    paid_make(p, NULL);
    char *line = strchr(paid_write(p, at_write_csv, PLAIN), '\n') + 1;
    at_i128 read = 0;
    int n = 0;
    for (char *end; (end = strchr(line, '\n')); line = end + 1, n++) {
        char want[16];
        *end = 0;
        snprintf(want, sizeof want, ",d%06d,", n);
        const char *key = strstr(line, want);
        cr_assert(key, "line %d is `%s`", n, line);
        int dollars, cents;
        cr_assert(sscanf(key + strlen(want), "%d.%02d,USD", &dollars, &cents) == 2);
        read += dollars * 100 + cents;
    }
    cr_expect_eq(n, N);
    cr_expect(read == sum && p->results.totals[0].amount == sum);
    free(lines);
    free(keys);
    paid_end(p);
}
