/* test_json: results as JSON. */
#include "paid.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* of lines */

static const struct at_write_options PLAIN;

Test(test_json, holds_lines_totals_and_summary) {
    struct paid *p = paid_start("USD");
    struct at_settle_line lines[] = {
        {.minor = 1300000},
        {.payee = 2, .period = 1, .earned = 1, .component = 1, .key = AT_STR("d\"1"), .minor = -5}};
    p->run.lines = lines;
    p->run.n_lines = 2;
    paid_make(p, NULL);
    cr_expect_str_eq(
        paid_write(p, at_write_json, PLAIN),
        "{\n"
        "  \"policies\": [\n"
        "    {\"name\": \"Field\", \"version\": 2, \"currency\": \"USD\"}\n"
        "  ],\n"
        "  \"lines\": [\n"
        "    {\"payee\": \"ana\", \"label\": \"Ana\", \"period\": \"2026-Q1\", \"component\": "
        "\"commission\", \"line\": \"\", "
        "\"amount\": \"13000.00\", \"currency\": \"USD\"},\n"
        "    {\"payee\": \"李\", \"label\": \"李雷\", \"period\": \"2026-Q2\", \"component\": \"kicker\", "
        "\"line\": \"d\\\"1\", "
        "\"amount\": \"-0.05\", \"currency\": \"USD\"}\n"
        "  ],\n"
        "  \"payees\": [\n"
        "    {\"payee\": \"ana\", \"label\": \"Ana\", \"amount\": \"13000.00\", \"currency\": \"USD\"},\n"
        "    {\"payee\": \"李\", \"label\": \"李雷\", \"amount\": \"-0.05\", \"currency\": \"USD\"}\n"
        "  ],\n"
        "  \"components\": [\n"
        "    {\"policy\": \"Field\", \"component\": \"commission\", \"amount\": \"13000.00\", \"currency\": "
        "\"USD\"},\n"
        "    {\"policy\": \"Field\", \"component\": \"kicker\", \"label\": \"The kicker\", \"amount\": "
        "\"-0.05\", \"currency\": \"USD\"}\n"
        "  ],\n"
        "  \"totals\": [\n"
        "    {\"amount\": \"12999.95\", \"currency\": \"USD\"}\n"
        "  ],\n"
        "  \"withheld\": [],\n"
        "  \"not_paid\": [],\n"
        "  \"waiting\": [],\n"
        "  \"uncovered\": [],\n"
        "  \"summary\": {\"payees\": 3, \"payees_covered\": 3, \"payees_paid\": 2, \"periods\": 2, "
        "\"lines\": 2, \"withheld\": 0, "
        "\"rows_credited\": 0, \"rows_out_of_range\": 0, \"rows_not_covered\": 0, \"rows_left_out\": 0}\n"
        "}\n");
    paid_end(p);
}

Test(test_json, holds_empty_lists_where_nothing_is_paid) {
    struct paid *p = paid_start("USD");
    paid_make(p, NULL);
    const char *got = paid_write(p, at_write_json, PLAIN);
    cr_expect(strstr(got, "\"lines\": [],") && strstr(got, "\"payees\": [],"), "%s", got);
    paid_end(p);
}
