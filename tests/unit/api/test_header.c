/* test_header: hosts whose header is another version: sizes of structs, reserved words, versions. */
#include "host.h"

/* Room for a struct of a later version: what the library does not know must become zero. */
enum { ROOM = 1024 };
struct later {
    unsigned char bytes[ROOM];
};

static struct later dirty(void) {
    struct later later;
    memset(later.bytes, 0xA5, sizeof later.bytes);
    return later;
}

static bool all(const unsigned char *bytes, size_t n, unsigned char wanted) {
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != wanted) return false;
    return true;
}

/* Calls function(…, out, size) with sizes of no version, of this version, and of a later one. */
#define TRY(type, function, ...)                                                                             \
    do {                                                                                                     \
        struct later wrong = dirty(), now = dirty(), later = dirty();                                        \
        size_t sizes[] = {0, 1, sizeof(type) - 1};                                                           \
        for (size_t i = 0; i < 3; i++)                                                                       \
            cr_expect_eq((function)(__VA_ARGS__, (type *)(void *)&wrong, sizes[i]), ATTAIN_USAGE);           \
        cr_expect(all(wrong.bytes, ROOM, 0xA5), #function " writes to a struct that is too small");          \
        cr_expect_eq((function)(__VA_ARGS__, (type *)(void *)&now, sizeof(type)), ATTAIN_OK, #function);     \
        cr_expect(all(now.bytes + sizeof(type), ROOM - sizeof(type), 0xA5));                                 \
        cr_expect_eq((function)(__VA_ARGS__, (type *)(void *)&later, ROOM - 8), ATTAIN_OK, #function);       \
        cr_expect(all(later.bytes + sizeof(type), ROOM - 8 - sizeof(type), 0), #function " leaves bytes");   \
        cr_expect(all(later.bytes + ROOM - 8, 8, 0xA5), #function " writes past the size");                  \
        cr_expect_eq((function)(__VA_ARGS__, NULL, sizeof(type)), ATTAIN_USAGE);                             \
    } while (0)

static const char UNKNOWN[] = HEADER "pay commission on bookings = 10% of bookigns\n";

Test(test_header, structs_of_diagnostics_have_a_size) {
    attain_policy *policy = NULL;
    cr_assert_eq(attain_policy_compile("p", UNKNOWN, strlen(UNKNOWN), NULL, &policy), ATTAIN_BAD_POLICY);
    const attain_diagnostics *list = attain_policy_diagnostics(policy);
    TRY(attain_diagnostic, attain_diagnostics_get, list, 0);
    attain_policy_release(policy);

    static const char twice[] = HEADER "pay x on bookings = 10%\npay x on bookings = 10%\n";
    cr_assert_eq(attain_policy_compile("p", twice, strlen(twice), NULL, &policy), ATTAIN_BAD_POLICY);
    list = attain_policy_diagnostics(policy);
    size_t labelled = 0;
    attain_diagnostic d = {0};
    while (attain_diagnostics_get(list, labelled, &d) == ATTAIN_OK && d.label_count == 0)
        labelled++;
    TRY(attain_label, attain_diagnostics_label, list, labelled, 0);
    attain_policy_release(policy);
}

Test(test_header, structs_of_results_have_a_size) {
    static const char broken[] = HEADER "pay commission = 10% of bookings / (bookings - $50.55) * $1\n";
    attain_policy *policy = compiled(broken, NULL);
    attain_data *data = bound(REPS, DEALS);
    attain_results *results = NULL;
    cr_assert_eq(attain_run(&policy, 1, data, NULL, &results), ATTAIN_OK);
    TRY(attain_table, attain_policy_table, policy, 0);
    TRY(attain_line, attain_results_line, results, 0);
    TRY(attain_payee, attain_results_payee, results, 0);
    TRY(attain_component, attain_results_component, results, 0);
    TRY(attain_total, attain_results_total, results, 0);
    TRY(attain_withheld, attain_results_withheld, results, 0);
    TRY(attain_summary, attain_results_summary, results);
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
}

Test(test_header, structs_of_tests_and_diffs_have_a_size) {
    static const char tested[] = TIERS "test \"a rate\" {\n  given rep { id: \"ana\" }\n"
                                       "  expect commission for \"ana\" in 2026-Q1 = $0.00\n}\n";
    static const char changed[] = HEADER "param base = 9%\n"
                                         "pay commission on bookings = base of (bookings up to $100,000) + "
                                         "15% over $100,000\n";
    attain_policy *before = compiled(tested, NULL), *after = compiled(changed, NULL);
    attain_data *data = bound(REPS, DEALS);
    attain_tests *tests = NULL;
    attain_diff *diff = NULL;
    attain_diff_options options = {.attribution = true};
    cr_assert_eq(attain_test(before, NULL, &tests), ATTAIN_OK);
    cr_assert_eq(attain_diff_run(before, after, data, &options, &diff), ATTAIN_OK);
    TRY(attain_test_result, attain_tests_get, tests, 0);
    TRY(attain_expectation, attain_tests_expectation, tests, 0, 0);
    TRY(attain_diff_summary, attain_diff_summary_get, diff);
    TRY(attain_diff_row, attain_diff_row_get, diff, 0);
    TRY(attain_diff_edit, attain_diff_edit_get, diff, 0);
    TRY(attain_diff_cause, attain_diff_cause_get, diff, 0);
    attain_diff_free(diff);
    attain_tests_free(tests);
    attain_data_free(data);
    attain_policy_release(before);
    attain_policy_release(after);
}

/* ---- reserved words */

static const char *last_said(const attain_diagnostics *list) {
    static char said[200];
    attain_diagnostic d = {0};
    size_t n = attain_diagnostics_count(list);
    cr_assert(n > 0 && attain_diagnostics_get(list, n - 1, &d) == ATTAIN_OK);
    snprintf(said, sizeof said, "%s %.*s", d.code, (int)d.message.length, d.message.bytes);
    return said;
}

Test(test_header, reserved_words_of_policies_and_runs_are_zero) {
    attain_policy_options policy_options = {.reserved = {1}};
    attain_policy *policy = NULL, *open = NULL;
    cr_assert_eq(attain_policy_compile("p", TIERS, strlen(TIERS), &policy_options, &policy), ATTAIN_USAGE);
    cr_expect_str_eq(last_said(attain_policy_diagnostics(policy)),
                     "A0916 reserved words of `attain_policy_options` are not zero");
    cr_expect_eq(attain_policy_open("nowhere", &policy_options, &open), ATTAIN_USAGE);
    cr_expect_not_null(open);
    attain_policy_release(open);
    attain_policy_release(policy);

    policy = compiled(TIERS, NULL);
    attain_data *data = bound(REPS, DEALS);
    attain_results *results = NULL;
    attain_tests *tests = NULL;
    attain_run_options run_options = {0};
    run_options.reserved[sizeof run_options.reserved / sizeof(uintptr_t) - 1] = 1;
    cr_assert_eq(attain_run(&policy, 1, data, &run_options, &results), ATTAIN_USAGE);
    cr_expect_str_eq(last_said(attain_results_diagnostics(results)),
                     "A0916 reserved words of `attain_run_options` are not zero");
    attain_results_free(results);
    attain_diff *diff = NULL;
    attain_diff_options inner = {.run = run_options}, outer = {.reserved = {0, 0, 0, 1}};
    cr_assert_eq(attain_diff_run(policy, policy, data, &inner, &diff), ATTAIN_USAGE);
    cr_expect_str_eq(last_said(attain_diff_diagnostics(diff)),
                     "A0916 reserved words of `attain_run_options` are not zero");
    attain_diff_free(diff);
    cr_assert_eq(attain_diff_run(policy, policy, data, &outer, &diff), ATTAIN_USAGE);
    cr_expect_str_eq(last_said(attain_diff_diagnostics(diff)),
                     "A0916 reserved words of `attain_diff_options` are not zero");
    attain_diff_free(diff);
    attain_test_options test_options = {.reserved = {1}};
    cr_expect_eq(attain_test(policy, &test_options, &tests), ATTAIN_USAGE);
    cr_expect_null(tests);
    attain_data_free(data);
    attain_policy_release(policy);
}

static int no_page(void *context, size_t payee) {
    (void)context, (void)payee;
    return 1;
}
static int no_end(void *context, attain_status status) {
    (void)context, (void)status;
    return 0;
}

Test(test_header, reserved_words_of_results_and_explanations_are_zero) {
    attain_policy *policy = compiled(TIERS, NULL);
    attain_data *data = bound(REPS, DEALS);
    attain_results *results = NULL;
    attain_diff *diff = NULL;
    struct text out = {0};
    attain_results_options options = {.reserved = {0, 1}};
    attain_explain_options explain = {.reserved = {0, 1}};
    attain_statement_pages pages = {.begin = no_page, .write = text_write, .end = no_end, .reserved = {0, 1}};
    cr_assert_eq(attain_run(&policy, 1, data, NULL, &results), ATTAIN_OK);
    cr_assert_eq(attain_diff_run(policy, policy, data, NULL, &diff), ATTAIN_OK);
    cr_expect_eq(attain_results_write(results, ATTAIN_RESULTS_CSV, &options, text_write, &out), ATTAIN_USAGE);
    cr_expect_eq(attain_diff_write(diff, ATTAIN_DIFF_CSV, &options, text_write, &out), ATTAIN_USAGE);
    cr_expect_eq(attain_explain(results, &explain, text_write, &out), ATTAIN_USAGE);
    cr_expect_str_eq(last_said(attain_results_diagnostics(results)),
                     "A0916 reserved words of `attain_explain_options` are not zero");
    cr_expect_eq(attain_statements(results, NULL, &pages), ATTAIN_USAGE);
    cr_expect_str_eq(last_said(attain_results_diagnostics(results)),
                     "A0916 reserved words of `attain_statement_pages` are not zero");
    cr_expect_eq(out.n, 0);
    attain_diff_free(diff);
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
}

Test(test_header, a_library_serves_programs_of_its_series) {
    cr_expect(attain_check_version(ATTAIN_VERSION_NUMBER));
    cr_expect(attain_check_version(2000));                          /* 0.2.0 */
    cr_expect_not(attain_check_version(1000));                      /* 0.1.0 */
    cr_expect_not(attain_check_version(1999));                      /* 0.1.999 */
    cr_expect_not(attain_check_version(ATTAIN_VERSION_NUMBER + 1)); /* the library is older */
    cr_expect_not(attain_check_version(3000));                      /* 0.3.0 */
    cr_expect_not(attain_check_version(1002000));                   /* 1.2.0 */
    cr_expect_not(attain_check_version(-2000));
}
