/* test_tests: the tests inside policies. */
#include "host.h"

#define GIVEN                                                                                                \
    "  given rep { id: \"ana\", name: \"Ana\" }\n"                                                           \
    "  given rep { id: \"bob\", name: \"Bob\" }\n"                                                           \
    "  given deal { rep: \"ana\", amount: $120,000, closed_on: 2026-02-03 }\n"                               \
    "  given deal { rep: \"bob\", amount: $1,000, closed_on: 2026-04-01 }\n"

struct ran {
    attain_policy *policy;
    attain_tests *tests;
};

static struct ran ran(const char *text) {
    struct ran r = {.policy = compiled(text, NULL)};
    cr_assert_eq(attain_test(r.policy, NULL, &r.tests), ATTAIN_OK);
    return r;
}

static void end(struct ran *r) {
    attain_tests_free(r->tests);
    attain_policy_release(r->policy);
}

static attain_expectation expectation(const struct ran *r, size_t i) {
    attain_expectation e;
    cr_assert_eq(attain_tests_expectation(r->tests, 0, i, &e), ATTAIN_OK);
    return e;
}

static attain_test_result result(const struct ran *r) {
    attain_test_result test;
    cr_assert_eq(attain_tests_get(r->tests, 0, &test), ATTAIN_OK);
    return test;
}

Test(test_tests, compare_exactly) {
    struct ran r =
        ran(TIERS "test \"pays\" {\n" GIVEN "  expect commission for \"ana\" in 2026-Q1 = $13,000.00\n"
                  "  expect commission for \"ana\" in 2026-Q1 = $13,000.01\n"
                  "  expect bookings for \"bob\" in 2026-Q2 = $1,000\n"
                  "  expect total for \"bob\" in 2026-Q2 = $100\n}\n");
    attain_test_result test = result(&r);
    cr_expect(!test.passed && test.problem.length == 0 && test.expectation_count == 4);
    cr_expect(same(test.name, "pays"));
    cr_expect_eq(attain_tests_failed(r.tests), 1);
    cr_expect(expectation(&r, 0).passed && expectation(&r, 2).passed && expectation(&r, 3).passed);
    attain_expectation e = expectation(&r, 1);
    cr_expect(!e.passed && same(e.text, "commission for \"ana\" in 2026-Q1"));
    cr_expect(same(e.expected, "$13,000.01") && same(e.got, "$13,000.00") && same(e.difference, "-$0.01"),
              "%.*s %.*s", (int)e.got.length, e.got.bytes, (int)e.difference.length, e.difference.bytes);
    cr_expect_eq(e.line, 18);
    end(&r);
}

Test(test_tests, sum_where_nobody_and_no_period_is_named) {
    struct ran r = ran(TIERS "test \"t\" {\n" GIVEN "  expect total = $13,100.00\n"
                             "  expect commission in 2026-Q1 = $13,000\n"
                             "  expect commission for \"bob\" = $100\n"
                             "  expect commission for \"bob\" in 2026-Q4 = $0\n}\n");
    for (size_t i = 0; i < 4; i++)
        cr_expect(expectation(&r, i).passed, "%zu: %.*s", i, (int)expectation(&r, i).got.length,
                  expectation(&r, i).got.bytes);
    end(&r);
}

Test(test_tests, use_params_of_their_own) {
    struct ran r = ran(TIERS "test \"t\" {\n  given param base = 20%\n" GIVEN
                             "  expect commission for \"bob\" in 2026-Q2 = $200\n}\n");
    cr_expect_eq(attain_tests_failed(r.tests), 0);
    end(&r);
}

Test(test_tests, say_why_a_cell_is_withheld) {
    struct ran r = ran(HEADER "pay kicker = 1% of bookings when bookings / (bookings - $1,000) > 0\n"
                              "test \"t\" {\n" GIVEN "  expect kicker for \"bob\" in 2026-Q2 = $10\n"
                              "  expect kicker for \"bob\" in 2026-Q2 is withheld\n"
                              "  expect kicker for \"ana\" in 2026-Q1 is withheld\n}\n");
    attain_expectation e = expectation(&r, 0);
    cr_expect(!e.passed && same(e.got, "withheld") && e.note.length > 0);
    cr_expect(expectation(&r, 1).passed);
    e = expectation(&r, 2);
    cr_expect(!e.passed && same(e.expected, "withheld") && same(e.got, "$1,200.00"));
    end(&r);
}

Test(test_tests, show_rates_as_they_are_written) {
    struct ran r = ran(HEADER "measure third = bookings / $360,000\npay x on bookings = third\n"
                              "test \"t\" {\n" GIVEN "  expect third for \"ana\" in 2026-Q1 = 30%\n}\n");
    attain_expectation e = expectation(&r, 0);
    cr_expect(same(e.expected, "30%"));
    cr_expect(same(e.got, "100/3% (about 33.333333)"), "%.*s", (int)e.got.length, e.got.bytes);
    end(&r);
}

Test(test_tests, a_requirement_that_fails_is_the_problem) {
    struct ran r = ran(TIERS "require sum(total) <= $100 else \"over budget\"\n"
                             "test \"t\" {\n" GIVEN "  expect total = $13,100\n}\n");
    cr_expect(same(result(&r).problem, "nothing is paid, because a `require` is not met: over budget"));
    end(&r);
}

Test(test_tests, are_chosen_by_a_part_of_their_name) {
    attain_policy *policy = compiled(TIERS "test \"first one\" {\n" GIVEN "  expect total = $13,100\n}\n"
                                           "test \"second\" {\n" GIVEN "  expect total = $13,100\n}\n",
                                     NULL);
    attain_tests *tests = NULL;
    attain_test_options options = {.filter = "one"};
    cr_assert_eq(attain_test(policy, &options, &tests), ATTAIN_OK);
    cr_expect_eq(attain_tests_count(tests), 1);
    attain_tests_free(tests);
    attain_policy_release(policy);
}
