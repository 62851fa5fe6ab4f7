/* test_run: running policies over data in memory. Figures by hand: ana 10% of 100,000 + 15% of 20,000 =
 * 13,000.00; bob 10% of 50.55 = 5.055, rounded half up 5.06, and 10% of 1,000 = 100.00 in the second quarter.
 */
#include "host.h"

struct ran {
    attain_policy *policy;
    attain_data *data;
    attain_results *results;
    attain_status status;
};

static struct ran ran(const char *text, const char *deals, const attain_run_options *options) {
    struct ran r = {.policy = compiled(text, NULL), .data = bound(REPS, deals)};
    r.status = attain_run(&r.policy, 1, r.data, options, &r.results);
    return r;
}

static void end(struct ran *r) {
    attain_results_free(r->results);
    attain_data_free(r->data);
    attain_policy_release(r->policy);
}

static const char *csv(const attain_results *results) {
    static struct text out;
    out.n = 0;
    text_write(&out, "", 0);
    cr_assert_eq(attain_results_write(results, ATTAIN_RESULTS_CSV, NULL, text_write, &out), ATTAIN_OK);
    return out.at;
}

static const char *said(const attain_results *results) {
    static struct text out;
    out.n = 0;
    text_write(&out, "", 0);
    cr_assert_eq(attain_diagnostics_write(attain_results_diagnostics(results), ATTAIN_DIAGNOSTICS_TEXT, 0,
                                          text_write, &out),
                 ATTAIN_OK);
    return out.at;
}

Test(test_run, pays_to_the_cent) {
    struct ran r = ran(TIERS, DEALS, NULL);
    cr_assert_eq(r.status, ATTAIN_OK, "%s", said(r.results));
    cr_expect_str_eq(csv(r.results), "payee,period,component,line,amount,currency\n"
                                     "ana,2026-Q1,commission,,13000.00,USD\n"
                                     "bob,2026-Q1,commission,,5.06,USD\n"
                                     "bob,2026-Q2,commission,,100.00,USD\n");
    attain_line line;
    cr_assert_eq(attain_results_line(r.results, 1, &line), ATTAIN_OK);
    cr_expect(same(line.payee_key, "bob") && same(line.payee_label, "Bob") && same(line.period, "2026-Q1"));
    cr_expect(line.amount == 506 && line.digits == 2 && strcmp(line.currency, "USD") == 0);
    cr_expect_eq(attain_results_line(r.results, 3, &line), ATTAIN_USAGE);
    end(&r);
}

Test(test_run, sums_lines_by_payee_component_and_currency) {
    struct ran r = ran(TIERS, DEALS, NULL);
    attain_payee payee;
    attain_component component;
    attain_total total;
    attain_summary summary;
    cr_assert_eq(attain_results_payee_count(r.results), 2);
    cr_assert_eq(attain_results_payee(r.results, 1, &payee), ATTAIN_OK);
    cr_expect(same(payee.key, "bob") && payee.covered && payee.amount == 10506);
    cr_assert_eq(attain_results_component(r.results, 0, &component), ATTAIN_OK);
    cr_expect(same(component.name, "commission") && component.amount == 1310506);
    cr_assert_eq(attain_results_total_count(r.results), 1);
    cr_assert_eq(attain_results_total(r.results, 0, &total), ATTAIN_OK);
    cr_expect(total.amount == 1310506 && total.digits == 2);
    cr_assert_eq(attain_results_summary(r.results, &summary), ATTAIN_OK);
    cr_expect(summary.payees == 2 && summary.payees_paid == 2 && summary.lines == 3 && summary.periods == 2);
    cr_expect_eq(summary.rows_credited, 3);
    end(&r);
}

Test(test_run, figures_are_replaced_by_settings) {
    attain_setting settings[] = {{"base", "20%"}};
    attain_run_options options = {.settings = settings, .setting_count = 1, .period = "2026-Q2"};
    struct ran r = ran(TIERS, DEALS, &options);
    cr_assert_eq(r.status, ATTAIN_OK, "%s", said(r.results));
    /* 20% of 1,000 */
    cr_expect_str_eq(csv(r.results),
                     "payee,period,component,line,amount,currency\nbob,2026-Q2,commission,,200.00,USD\n");
    end(&r);
}

Test(test_run, settings_that_fit_nothing_are_refused) {
    attain_setting settings[] = {{"bace", "20%"}};
    attain_run_options options = {.settings = settings, .setting_count = 1};
    struct ran r = ran(TIERS, DEALS, &options);
    cr_expect_eq(r.status, ATTAIN_USAGE);
    cr_expect(strstr(said(r.results), "did you mean `base`?"), "%s", said(r.results));
    end(&r);
    settings[0] = (attain_setting){"base", "twenty"};
    r = ran(TIERS, DEALS, &options);
    cr_expect_eq(r.status, ATTAIN_USAGE);
    cr_expect(strstr(said(r.results), "A0904"), "%s", said(r.results));
    end(&r);
    settings[0] = (attain_setting){"base", "$20"};
    r = ran(TIERS, DEALS, &options);
    cr_expect_eq(r.status, ATTAIN_USAGE, "money is no rate");
    end(&r);
}

Test(test_run, periods_restrict_what_is_paid) {
    static const struct {
        const char *period, *from, *through;
        uint64_t lines;
        attain_status status;
    } cases[] = {
        {"2026-Q1", NULL, NULL, 2, ATTAIN_OK},
        {NULL, "2026-Q2", NULL, 1, ATTAIN_OK},
        {NULL, NULL, "2026-Q1", 2, ATTAIN_OK},
        {"2026-H1", NULL, NULL, 3, ATTAIN_OK},
        {"2026", NULL, NULL, 3, ATTAIN_OK},
        {"2026-03", NULL, NULL, 0, ATTAIN_USAGE},
        {"2027-Q1", NULL, NULL, 0, ATTAIN_USAGE},
        {"soon", NULL, NULL, 0, ATTAIN_USAGE},
        {NULL, "2026-Q3", "2026-Q1", 0, ATTAIN_USAGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        attain_run_options options = {
            .period = cases[i].period, .from = cases[i].from, .through = cases[i].through};
        struct ran r = ran(TIERS, DEALS, &options);
        cr_expect_eq(r.status, cases[i].status, "case %zu: %s", i, said(r.results));
        cr_expect_eq(attain_results_line_count(r.results), cases[i].lines, "case %zu", i);
        end(&r);
    }
}

Test(test_run, payees_restrict_what_is_shown) {
    const char *keys[] = {"bob"}, *nobody[] = {"bop"};
    attain_run_options options = {.payees = keys, .payee_count = 1};
    struct ran r = ran(TIERS, DEALS, &options);
    cr_expect_eq(attain_results_line_count(r.results), 2);
    end(&r);
    options.payees = nobody;
    r = ran(TIERS, DEALS, &options);
    cr_expect_eq(r.status, ATTAIN_USAGE);
    cr_expect(strstr(said(r.results), "did you mean `bob`?"), "%s", said(r.results));
    cr_expect_eq(attain_results_line_count(r.results), 0);
    end(&r);
}

Test(test_run, zeros_are_kept_on_request) {
    attain_run_options options = {.zeros = true};
    struct ran r = ran(TIERS, DEALS, &options);
    cr_expect_eq(attain_results_line_count(r.results), 4); /* ana's second quarter */
    end(&r);
}

static void count_bad(void *context, attain_text file, uint64_t line, attain_text row) {
    struct text *rows = context;
    char place[64];
    int n = snprintf(place, sizeof place, "%.*s:%d:", (int)file.length, file.bytes, (int)line);
    text_write(rows, place, (size_t)n);
    text_write(rows, row.bytes, row.length);
    text_write(rows, "\n", 1);
}

Test(test_run, bad_rows_refuse_the_run_or_are_left_out) {
    static const char deals[] =
        "rep,amount,closed_on\nana,abc,2026-02-03\nbob,1000,2026-04-01\nzoe,1,2026-01-01\n";
    struct ran r = ran(TIERS, deals, NULL);
    cr_expect_eq(r.status, ATTAIN_BAD_DATA);
    cr_expect_eq(attain_diagnostics_errors(attain_results_diagnostics(r.results)), 2, "%s", said(r.results));
    attain_diagnostic d;
    cr_assert_eq(attain_diagnostics_get(attain_results_diagnostics(r.results), 0, &d), ATTAIN_OK);
    cr_expect(same(d.file, "deals.csv") && d.line == 2 && d.column == 2);
    cr_expect_eq(attain_results_line_count(r.results), 0);
    end(&r);
    struct text rows = {0};
    attain_run_options options = {.skip_bad_rows = true, .on_bad_row = count_bad, .bad_row_context = &rows};
    r = ran(TIERS, deals, &options);
    cr_assert_eq(r.status, ATTAIN_OK, "%s", said(r.results));
    cr_expect_str_eq(rows.at, "deals.csv:2:ana,abc,2026-02-03\ndeals.csv:4:zoe,1,2026-01-01\n");
    attain_summary summary;
    cr_assert_eq(attain_results_summary(r.results, &summary), ATTAIN_OK);
    cr_expect_eq(summary.rows_left_out, 2);
    cr_expect_eq(attain_results_line_count(r.results), 1);
    end(&r);
    free(rows.at);
}

Test(test_run, a_cell_without_a_value_is_withheld) {
    static const char text[] = HEADER "pay kicker = 1% of bookings when bookings / (bookings - $1,000) > 0\n";
    struct ran r = ran(text, DEALS, NULL);
    cr_assert_eq(r.status, ATTAIN_OK, "%s", said(r.results));
    cr_assert_eq(attain_results_withheld_count(r.results), 1, "bob sold 1,000 in the second quarter");
    attain_withheld w;
    cr_assert_eq(attain_results_withheld(r.results, 0, &w), ATTAIN_OK);
    cr_expect(same(w.payee_key, "bob") && same(w.period, "2026-Q2"));
    cr_expect_str_eq(w.code, "A0801");
    cr_expect(w.reason.length > 0 && same(w.file, "field.attain") && w.line == 10);
    end(&r);
}

Test(test_run, a_requirement_that_fails_pays_nothing) {
    static const char text[] = TIERS "require sum(total) <= $100 else \"over budget\"\n";
    struct ran r = ran(text, DEALS, NULL);
    cr_expect_eq(r.status, ATTAIN_BAD_DATA);
    cr_expect(strstr(said(r.results), "over budget"), "%s", said(r.results));
    cr_expect_eq(attain_results_line_count(r.results), 0);
    struct text out = {0};
    cr_expect_eq(attain_results_write(r.results, ATTAIN_RESULTS_CSV, NULL, text_write, &out), ATTAIN_USAGE);
    end(&r);
}

Test(test_run, data_for_no_table_is_refused) {
    attain_policy *policy = compiled(TIERS, NULL);
    attain_data *data = bound(REPS, DEALS);
    attain_results *results = NULL;
    cr_assert_eq(attain_data_bind_memory(data, "dael", "", 0, NULL), ATTAIN_OK);
    cr_expect_eq(attain_run(&policy, 1, data, NULL, &results), ATTAIN_USAGE);
    cr_expect(strstr(said(results), "did you mean `deal`?"), "%s", said(results));
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
}

Test(test_run, a_table_without_data_is_told) {
    attain_policy *policy = compiled(TIERS, NULL);
    attain_results *results = NULL;
    attain_status status = attain_run(&policy, 1, NULL, NULL, &results);
    cr_expect(status == ATTAIN_BAD_DATA || status == ATTAIN_IO);
    cr_expect(strstr(said(results), "A0713"), "%s", said(results));
    attain_results_free(results);
    attain_policy_release(policy);
}

static bool always(void *context) {
    (void)context;
    return true;
}

Test(test_run, stops_when_asked) {
    const attain_watch watch = {.cancelled = always};
    attain_run_options options = {.watch = &watch};
    struct ran r = ran(TIERS, DEALS, &options);
    cr_expect_eq(r.status, ATTAIN_CANCELLED);
    cr_expect_eq(attain_results_line_count(r.results), 0);
    end(&r);
}

/* ---- several policies */

#define COVERS(name, who)                                                                                    \
    "policy \"" name "\"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period quarter\n"     \
    "payee rep from \"reps.csv\" { id text key  name text label }\n"                                         \
    "data deal from \"deals.csv\" { rep rep  amount money  closed_on date }\n"                               \
    "credit booking from deal to rep on closed_on amount amount\n"                                           \
    "measure bookings = sum of amount from booking\n"                                                        \
    "applies to rep where id is \"" who "\"\npay commission on bookings = 10%\n"

Test(test_run, several_policies_give_one_list) {
    attain_policy *policies[] = {compiled(COVERS("One", "bob"), NULL), compiled(COVERS("Two", "ana"), NULL)};
    attain_data *data = bound("id,name\nana,Ana\nbob,Bob\ncy,Cy\n", DEALS);
    attain_results *results = NULL;
    cr_assert_eq(attain_run(policies, 2, data, NULL, &results), ATTAIN_OK, "%s", said(results));
    cr_expect_str_eq(csv(results), "payee,period,component,line,amount,currency\n"
                                   "ana,2026-Q1,commission,,12000.00,USD\n"
                                   "bob,2026-Q1,commission,,5.06,USD\n"
                                   "bob,2026-Q2,commission,,100.00,USD\n");
    attain_line line;
    cr_assert_eq(attain_results_line(results, 0, &line), ATTAIN_OK);
    cr_expect_eq(line.policy, 1);
    attain_payee payee;
    cr_assert_eq(attain_results_payee(results, 2, &payee), ATTAIN_OK);
    cr_expect(same(payee.key, "cy") && !payee.covered, "covered by none");
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policies[0]);
    attain_policy_release(policies[1]);
}

Test(test_run, nobody_is_covered_twice) {
    attain_policy *policies[] = {compiled(COVERS("One", "ana"), NULL), compiled(COVERS("Two", "ana"), NULL)};
    attain_data *data = bound(REPS, DEALS);
    attain_results *results = NULL;
    cr_expect_eq(attain_run(policies, 2, data, NULL, &results), ATTAIN_BAD_POLICY);
    cr_expect(strstr(said(results), "payee `ana` is covered by two policies, \"One\" and \"Two\""), "%s",
              said(results));
    cr_expect_eq(attain_results_line_count(results), 0);
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policies[0]);
    attain_policy_release(policies[1]);
}

/* ---- lifetimes and threads */

Test(test_run, results_outlive_policy_and_bindings) {
    struct ran r = ran(TIERS, DEALS, NULL);
    attain_data_free(r.data);
    attain_policy_release(r.policy);
    cr_expect(strstr(csv(r.results), "ana,2026-Q1,commission,,13000.00,USD"));
    attain_results_free(r.results);
}

static void *run_again(void *context) {
    attain_policy *policy = context;
    for (int i = 0; i < 20; i++) {
        attain_data *data = bound(REPS, DEALS);
        attain_results *results = NULL;
        attain_line line;
        attain_status status = attain_run(&policy, 1, data, NULL, &results);
        if (status != ATTAIN_OK || attain_results_line(results, 0, &line) != ATTAIN_OK ||
            line.amount != 1300000)
            return context;
        attain_results_free(results);
        attain_data_free(data);
    }
    attain_policy_release(policy);
    return NULL;
}

Test(test_run, threads_share_a_policy) {
    attain_policy *policy = compiled(TIERS, NULL);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, run_again, attain_policy_retain(policy)), 0);
    attain_policy_release(policy);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        cr_expect_null(wrong);
    }
}

/* 92,233,720,368,547,758.07 is the largest amount that 64 bits hold. The sum of two is 2^64 - 2 cents. */
#define MOST "92233720368547758.07"
static const char ONE_TO_ONE[] = HEADER "pay commission = 100% of bookings\n";

Test(test_run, a_sum_that_does_not_fit_is_an_error_and_never_another_amount) {
    struct ran r =
        ran(ONE_TO_ONE, "rep,amount,closed_on\nana," MOST ",2026-01-05\nana," MOST ",2026-04-05\n", NULL);
    attain_payee payee;
    attain_component component;
    attain_total total;
    cr_assert_eq(r.status, ATTAIN_OK);
    cr_expect_eq(attain_results_payee(r.results, 0, &payee), ATTAIN_OVERFLOW);
    cr_expect(same(payee.key, "ana") && payee.covered && payee.amount == 0);
    cr_expect_eq(attain_results_payee(r.results, 1, &payee), ATTAIN_OK);
    cr_expect(same(payee.key, "bob") && payee.amount == 0);
    cr_expect_eq(attain_results_component(r.results, 0, &component), ATTAIN_OVERFLOW);
    cr_expect(same(component.name, "commission") && component.amount == 0 && component.digits == 2);
    cr_expect_eq(attain_results_total(r.results, 0, &total), ATTAIN_OVERFLOW);
    cr_expect(total.amount == 0 && strcmp(total.currency, "USD") == 0);
    cr_expect_str_eq(attain_status_text(ATTAIN_OVERFLOW), "a sum of amounts is too large for 64 bits");
    struct text out = {0};
    cr_assert_eq(attain_results_write(r.results, ATTAIN_RESULTS_SUMMARY, NULL, text_write, &out), ATTAIN_OK);
    cr_expect_str_eq(
        out.at,
        "Paid: 184,467,440,737,095,516.14 USD to 1 payee in 2 lines, up to 2026-Q2 (last booking).\n");
    free(out.at);
    end(&r);
}

Test(test_run, a_sum_at_the_edge_fits) {
    struct ran r =
        ran(ONE_TO_ONE, "rep,amount,closed_on\nana,-" MOST ",2026-01-05\nbob,-0.01,2026-01-05\n", NULL);
    attain_total total;
    cr_expect_eq(attain_results_total(r.results, 0, &total), ATTAIN_OK);
    cr_expect_eq(total.amount, INT64_MIN);
    end(&r);
}

/* A line of one cent more than fits: the payee and period are withheld, the others are paid. */
Test(test_run, a_line_that_does_not_fit_is_withheld) {
    struct ran r = ran(ONE_TO_ONE,
                       "rep,amount,closed_on\nana," MOST ",2026-01-05\nana,0.01,2026-01-05\n"
                       "bob," MOST ",2026-01-05\n",
                       NULL);
    cr_expect_str_eq(csv(r.results), "payee,period,component,line,amount,currency\n"
                                     "bob,2026-Q1,commission,," MOST ",USD\n");
    attain_withheld withheld;
    cr_assert_eq(attain_results_withheld_count(r.results), 1);
    cr_assert_eq(attain_results_withheld(r.results, 0, &withheld), ATTAIN_OK);
    cr_expect(same(withheld.payee_key, "ana") && same(withheld.period, "2026-Q1"));
    cr_expect_str_eq(withheld.code, "A0804");
    end(&r);
}

/* Both texts were written by hand from words/data_en.def and data_zh.def. */
Test(test_run, says_what_is_wrong_with_data_in_the_language_that_is_asked_for) {
    const char *deals = "id,rep,amount,closed_on\nd1,ana,much,2026-02-03\n";
    struct ran english = ran(TIERS, deals, NULL);
    struct ran chinese = ran(TIERS, deals, &(attain_run_options){.language = "zh"});
    struct ran unknown = ran(TIERS, deals, &(attain_run_options){.language = "xx"});
    cr_expect_eq(english.status, ATTAIN_BAD_DATA);
    cr_expect_eq(chinese.status, ATTAIN_BAD_DATA);
    cr_expect_eq(unknown.status, ATTAIN_USAGE);
    cr_expect_not_null(strstr(said(english.results), "error[A0722]: expected an amount of money in `amount`, "
                                                     "found `much`\n"));
    cr_expect_not_null(strstr(said(english.results), "   help: write an amount in USD"));
    cr_expect_not_null(strstr(said(chinese.results), "错误[A0722]：「amount」应为金额，实为「much」\n"));
    cr_expect_not_null(strstr(said(chinese.results), "   建议：写成 USD 金额"));
    cr_expect_not_null(strstr(said(unknown.results), "error[A0913]: unknown language `xx`\n"));
    end(&english);
    end(&chinese);
    end(&unknown);
}

/* 120,000 / 90,000 is 400/3 %; bob's quota is not known. */
Test(test_run, reads_shown_measures) {
    struct ran r = ran(HEADER "measure quota = if rep.id is \"bob\" then $0 else $90,000\n"
                              "measure reached \"Reached\" = bookings / quota\n"
                              "pay commission = 1% of bookings\n"
                              "show reached, quota \"Quota\"\n",
                       DEALS, NULL);
    attain_shown shown;
    cr_assert_eq(r.status, ATTAIN_OK, "%s", said(r.results));
    cr_expect_eq(attain_policy_shown_count(r.policy), 2);
    cr_assert_eq(attain_results_shown_count(r.results), 8); /* two payees, two quarters */
    cr_assert_eq(attain_results_shown(r.results, 0, &shown), ATTAIN_OK);
    cr_expect(same(shown.payee_key, "ana") && same(shown.payee_label, "Ana") &&
              same(shown.period, "2026-Q1"));
    cr_expect(same(shown.measure, "reached") && same(shown.label, "Reached"));
    cr_expect(shown.type == ATTAIN_TYPE_NUMBER && same(shown.exact, "400/3") && same(shown.unit, "%"));
    cr_expect(same(shown.shown, "≈133.333333%") && same(shown.reason, ""));
    cr_assert_eq(attain_results_shown(r.results, 1, &shown), ATTAIN_OK);
    cr_expect(same(shown.label, "Quota") && same(shown.exact, "90000") && same(shown.unit, "USD"));
    cr_expect(shown.type == ATTAIN_TYPE_MONEY && same(shown.shown, "$90,000.00"));
    cr_assert_eq(attain_results_shown(r.results, 6, &shown), ATTAIN_OK);
    cr_expect(same(shown.payee_key, "bob") && same(shown.period, "2026-Q2") && same(shown.exact, ""));
    cr_expect(same(shown.reason, "`reached`: cannot divide by zero, because `quota` is $0.00"), "%.*s",
              (int)shown.reason.length, shown.reason.bytes);
    cr_expect_eq(attain_results_shown(r.results, 8, &shown), ATTAIN_USAGE);
    cr_expect_eq(attain_results_withheld_count(r.results), 0);
    end(&r);
}
