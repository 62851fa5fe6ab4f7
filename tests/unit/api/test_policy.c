/* test_policy: compiling, diagnostics, loaders, owners, printing. */
#include "host.h"

Test(test_policy, a_good_policy_says_what_it_is) {
    attain_policy *policy = compiled(TIERS, NULL);
    cr_expect(attain_policy_ok(policy));
    cr_expect(same(attain_policy_name(policy), "Field"));
    cr_expect_eq(attain_policy_version(policy), 3);
    cr_expect_str_eq(attain_policy_currency(policy), "USD");
    cr_expect_eq(attain_policy_digits(policy), 2);
    cr_expect_eq(attain_policy_table_count(policy), 2);
    attain_table table;
    cr_assert_eq(attain_policy_table(policy, 0, &table), ATTAIN_OK);
    cr_expect(table.payee && same(table.name, "rep") && same(table.source, "reps.csv"));
    cr_assert_eq(attain_policy_table(policy, 1, &table), ATTAIN_OK);
    cr_expect(!table.payee && same(table.name, "deal"));
    cr_expect_eq(attain_policy_table(policy, 2, &table), ATTAIN_USAGE);
    attain_policy_release(policy);
}

Test(test_policy, a_bad_policy_is_made_with_its_diagnostics) {
    static const char text[] = HEADER "pay commission = bookings + 10%\n";
    attain_policy *policy = NULL;
    cr_assert_eq(attain_policy_compile("field.attain", text, strlen(text), NULL, &policy), ATTAIN_BAD_POLICY);
    cr_assert(policy && !attain_policy_ok(policy));
    const attain_diagnostics *list = attain_policy_diagnostics(policy);
    cr_assert_eq(attain_diagnostics_count(list), 1);
    cr_expect_eq(attain_diagnostics_errors(list), 1);
    attain_diagnostic d;
    cr_assert_eq(attain_diagnostics_get(list, 0, &d), ATTAIN_OK);
    cr_expect(d.code[0] == 'A' && d.severity == ATTAIN_ERROR);
    cr_expect(same(d.file, "field.attain"));
    cr_expect_eq(d.line, 10); /* HEADER has nine lines */
    cr_expect(d.message.length > 0 && d.column > 0);
    cr_expect_eq(attain_diagnostics_get(list, 1, &d), ATTAIN_USAGE);
    attain_results *results = NULL;
    attain_status status = attain_run(&policy, 1, NULL, NULL, &results);
    cr_expect_eq(status, ATTAIN_BAD_POLICY);
    attain_results_free(results);
    attain_policy_release(policy);
}

Test(test_policy, arguments_that_mean_nothing_are_refused) {
    attain_policy *policy = (attain_policy *)&policy;
    cr_expect_eq(attain_policy_compile("x", NULL, 5, NULL, &policy), ATTAIN_USAGE);
    cr_expect_null(policy);
    cr_expect_eq(attain_policy_compile("x", "", 0, NULL, NULL), ATTAIN_USAGE);
    cr_expect_eq(attain_policy_open(NULL, NULL, &policy), ATTAIN_USAGE);
    attain_policy_release(NULL);
    attain_results_free(NULL);
    attain_tests_free(NULL);
    attain_data_free(NULL);
    cr_expect_null(attain_policy_diagnostics(NULL));
    cr_expect_eq(attain_diagnostics_count(NULL), 0);
    cr_expect_eq(attain_results_line_count(NULL), 0);
}

Test(test_policy, an_empty_text_is_a_bad_policy) {
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_compile(NULL, NULL, 0, NULL, &policy), ATTAIN_BAD_POLICY);
    cr_expect_geq(attain_diagnostics_errors(attain_policy_diagnostics(policy)), 1);
    attain_policy_release(policy);
}

Test(test_policy, a_file_that_is_not_there_is_told) {
    attain_policy *policy = NULL;
    attain_diagnostic d;
    cr_assert_eq(attain_policy_open("/nowhere/field.attain", NULL, &policy), ATTAIN_IO);
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect_str_eq(d.code, "A0901");
    cr_expect(same(d.message, "cannot read /nowhere/field.attain: it does not exist"));
    attain_policy_release(policy);
    cr_assert_eq(attain_policy_open("/", NULL, &policy), ATTAIN_IO);
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect(same(d.message, "cannot read /: it is a folder"));
    attain_policy_release(policy);
}

/* ---- loaders */

static bool load(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    int *asked = context;
    ++*asked;
    cr_expect_str_eq(from, "field.attain");
    if (strcmp(wanted, "rates.attain") != 0) {
        loaded->why = "only rates.attain is kept here";
        return false;
    }
    loaded->bytes = "param top = 15%\n";
    loaded->length = strlen(loaded->bytes);
    return true;
}

Test(test_policy, a_host_serves_the_files_that_are_used) {
    static const char good[] = HEADER "use \"rates.attain\"\npay commission on bookings = top\n";
    static const char bad[] = HEADER "use \"other.attain\"\npay commission on bookings = 10%\n";
    int asked = 0;
    attain_policy_options options = {.load = load, .load_context = &asked};
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_compile("field.attain", good, strlen(good), &options, &policy), ATTAIN_OK);
    cr_expect_eq(asked, 1);
    attain_policy_release(policy);
    cr_expect_eq(attain_policy_compile("field.attain", bad, strlen(bad), &options, &policy),
                 ATTAIN_BAD_POLICY);
    attain_diagnostic d;
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect(same(d.note, "only rates.attain is kept here"), "%.*s", (int)d.note.length, d.note.bytes);
    attain_policy_release(policy);
}

Test(test_policy, the_files_of_a_policy_are_listed) {
    static const char text[] =
        HEADER "use \"rates.attain\"\nuse \"std/scores\"\npay commission on bookings = top\n";
    int asked = 0;
    attain_policy_options options = {.load = load, .load_context = &asked};
    attain_policy *policy = NULL;
    attain_text file;
    cr_assert_eq(attain_policy_compile("field.attain", text, strlen(text), &options, &policy), ATTAIN_OK);
    cr_assert_eq(attain_policy_file_count(policy), 1); /* neither the text itself nor the standard library */
    cr_assert_eq(attain_policy_file(policy, 0, &file), ATTAIN_OK);
    cr_expect(same(file, "rates.attain"));
    cr_expect_eq(attain_policy_file(policy, 1, &file), ATTAIN_USAGE);
    cr_expect_eq(attain_policy_file(policy, 0, NULL), ATTAIN_USAGE);
    attain_policy_release(policy);
    cr_expect_eq(attain_policy_file_count(NULL), 0);
    const char *path = "rules/hooks/nearest-five/policy.attain"; /* tests run in the project's folder */
    cr_assert_eq(attain_policy_open(path, NULL, &policy), ATTAIN_OK);
    cr_assert_eq(attain_policy_file_count(policy), 2);
    cr_assert_eq(attain_policy_file(policy, 0, &file), ATTAIN_OK);
    cr_expect(same(file, path));
    cr_assert_eq(attain_policy_file(policy, 1, &file), ATTAIN_OK);
    cr_expect(same(file, "rules/hooks/nearest-five/nearest.lua"));
    attain_policy_release(policy);
}

/* A host that compiles text from somewhere else must not find that it reads the disk. */
Test(test_policy, text_in_memory_reaches_no_files) {
    static const char text[] = HEADER "use \"/etc/passwd\"\npay commission on bookings = 10%\n";
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_compile("field.attain", text, strlen(text), NULL, &policy), ATTAIN_BAD_POLICY);
    attain_diagnostic d;
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect(same(d.note, "this program does not give files to policies"));
    attain_policy_release(policy);
}

Test(test_policy, the_standard_library_is_inside) {
    attain_text name, bytes;
    size_t n = 0;
    while (attain_standard_file(n, &name, &bytes)) {
        cr_expect(name.length > 4 && memcmp(name.bytes, "std/", 4) == 0);
        cr_expect(bytes.length > 0);
        n++;
    }
    cr_expect_geq(n, 3);
    char text[1024];
    cr_assert(attain_standard_file(0, &name, &bytes));
    snprintf(text, sizeof text, HEADER "use \"%.*s\"\npay commission on bookings = 10%%\n", (int)name.length,
             name.bytes);
    attain_policy *policy = NULL;
    cr_expect_eq(attain_policy_compile("field.attain", text, strlen(text), NULL, &policy), ATTAIN_OK);
    attain_policy_release(policy);
}

/* ---- printing */

Test(test_policy, a_writer_that_fails_is_told) {
    attain_policy *policy = compiled(TIERS, NULL);
    cr_expect_eq(attain_policy_dump(policy, ATTAIN_DUMP_AST, NULL, text_refuse, NULL), ATTAIN_IO);
    cr_expect_eq(attain_policy_format(policy, NULL, text_refuse, NULL), ATTAIN_IO);
    attain_policy_release(policy);
}

Test(test_policy, stages_hold_what_they_say) {
    attain_policy *policy = NULL;
    struct text out = {0};
    attain_policy_options tokens = {.stage = ATTAIN_STAGE_TOKENS}, syntax = {.stage = ATTAIN_STAGE_SYNTAX};
    static const char text[] = "use \"nothing.attain\"\npay x = 1\n";
    cr_assert_eq(attain_policy_compile("t", text, strlen(text), &tokens, &policy), ATTAIN_OK);
    cr_expect_eq(attain_policy_dump(policy, ATTAIN_DUMP_TOKENS, NULL, text_write, &out), ATTAIN_OK);
    cr_expect(out.n > 0);
    cr_expect_eq(attain_policy_dump(policy, ATTAIN_DUMP_AST, NULL, text_write, &out), ATTAIN_USAGE);
    attain_policy_release(policy);
    cr_assert_eq(attain_policy_compile("t", text, strlen(text), &syntax, &policy), ATTAIN_OK,
                 "`use` is not followed");
    cr_expect_eq(attain_policy_dump(policy, ATTAIN_DUMP_AST, NULL, text_write, &out), ATTAIN_OK);
    cr_expect_eq(attain_policy_dump(policy, ATTAIN_DUMP_PLAN, NULL, text_write, &out), ATTAIN_USAGE);
    cr_expect(!attain_policy_ok(policy));
    attain_policy_release(policy);
    free(out.at);
}

Test(test_policy, formatting_twice_changes_nothing) {
    static const char text[] = "# about\npolicy   \"F\" currency USD   # own\npay x=10%   of y\n";
    attain_policy_options syntax = {.stage = ATTAIN_STAGE_SYNTAX};
    struct text once = {0}, twice = {0};
    attain_policy *policy = NULL;
    cr_assert_eq(attain_policy_compile("t", text, strlen(text), &syntax, &policy), ATTAIN_OK);
    cr_assert_eq(attain_policy_format(policy, NULL, text_write, &once), ATTAIN_OK);
    attain_policy_release(policy);
    cr_assert_eq(attain_policy_compile("t", once.at, once.n, &syntax, &policy), ATTAIN_OK);
    cr_assert_eq(attain_policy_format(policy, NULL, text_write, &twice), ATTAIN_OK);
    attain_policy_release(policy);
    cr_expect_str_eq(once.at, twice.at);
    cr_expect(strstr(once.at, "# about") && strstr(once.at, "# own") && strstr(once.at, "pay x = 10% of y"),
              "%s", once.at);
    free(once.at);
    free(twice.at);
}

Test(test_policy, versions_and_statuses_have_words) {
    cr_expect_str_eq(attain_version(), "0.2.0");
    cr_expect_eq(attain_version_number(), ATTAIN_VERSION_NUMBER);
    for (int status = 0; status < 10; status++)
        cr_expect(strlen(attain_status_text((attain_status)status)) > 3);
}

Test(test_policy, changes_since_an_older_language_are_reported_on_request) {
    static const char text[] =
        "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period month\n"
        "payee rep { id text key }\ndata deal { id text key rep rep amount money day date }\n"
        "credit booking from deal to rep on day amount deal.amount\n"
        "measure bookings = sum of amount from booking\npay x = 1% of bookings\n"
        "cap x at $100 per year\n";
    static const struct {
        const char *since;
        size_t warnings;
    } cases[] = {{NULL, 0}, {"0.1", 1}, {"0.2", 0}};
    attain_policy *policy = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        attain_policy_options options = {.since = cases[i].since};
        cr_assert_eq(attain_policy_compile("t", text, strlen(text), &options, &policy), ATTAIN_OK);
        cr_expect_eq(attain_diagnostics_warnings(attain_policy_diagnostics(policy)), cases[i].warnings);
        attain_policy_release(policy);
    }
    attain_policy_options unknown = {.since = "0.10"};
    attain_diagnostic d;
    cr_assert_eq(attain_policy_compile("t", text, strlen(text), &unknown, &policy), ATTAIN_USAGE);
    cr_assert_eq(attain_diagnostics_get(attain_policy_diagnostics(policy), 0, &d), ATTAIN_OK);
    cr_expect_str_eq(d.code, "A0267");
    attain_policy_release(policy);
}
