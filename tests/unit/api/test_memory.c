/* test_memory: every allocation fails once; each time the call says so, nothing leaks, and the next call
 * works. */
#include "host.h"

static const char POLICY[] = TIERS "test \"t\" {\n"
                                   "  given rep { id: \"ana\", name: \"Ana\" }\n"
                                   "  given deal { rep: \"ana\", amount: $120,000, closed_on: 2026-02-03 }\n"
                                   "  expect commission for \"ana\" in 2026-Q1 = $13,000\n"
                                   "}\n";

/* Compiles, runs, writes, tests. The first status that is not fine. */
static attain_status all_of_it(struct host *h) {
    attain_policy *policy = NULL;
    attain_data *data = NULL;
    attain_results *results = NULL;
    attain_tests *tests = NULL;
    struct text out = {0};
    attain_policy_options policy_options = {.allocator = &h->allocator};
    attain_run_options run_options = {.allocator = &h->allocator};
    attain_test_options test_options = {.allocator = &h->allocator};
    attain_status status = attain_policy_compile("t", POLICY, strlen(POLICY), &policy_options, &policy);
    if (status == ATTAIN_OK) status = attain_data_new(&h->allocator, &data);
    if (status == ATTAIN_OK) status = attain_data_bind_memory(data, "rep", REPS, strlen(REPS), NULL);
    if (status == ATTAIN_OK) status = attain_data_bind_memory(data, "deal", DEALS, strlen(DEALS), NULL);
    if (status == ATTAIN_OK) status = attain_run(&policy, 1, data, &run_options, &results);
    if (status == ATTAIN_OK)
        status = attain_results_write(results, ATTAIN_RESULTS_TABLE, NULL, text_write, &out);
    if (status == ATTAIN_OK)
        status = attain_results_write(results, ATTAIN_RESULTS_CSV, NULL, text_write, &out);
    if (status == ATTAIN_OK)
        status = attain_results_write(results, ATTAIN_RESULTS_JSON, NULL, text_write, &out);
    if (status == ATTAIN_OK) status = attain_policy_dump(policy, ATTAIN_DUMP_TOKENS, NULL, text_write, &out);
    if (status == ATTAIN_OK) status = attain_policy_format(policy, NULL, text_write, &out);
    if (status == ATTAIN_OK) status = attain_test(policy, &test_options, &tests);
    if (status == ATTAIN_OK) cr_expect_eq(attain_tests_failed(tests), 0);
    attain_tests_free(tests);
    attain_results_free(results);
    attain_data_free(data);
    attain_policy_release(policy);
    free(out.at);
    return status;
}

Test(test_memory, everything_is_given_back) {
    struct host h;
    host_start(&h);
    cr_assert_eq(all_of_it(&h), ATTAIN_OK);
    cr_expect_gt(h.calls, 10);
    cr_expect_eq(h.live, 0);
}

Test(test_memory, every_allocation_fails_once, .timeout = 120) {
    struct host h;
    for (size_t i = 1;; i++) {
        host_start(&h);
        h.fail_at = i;
        attain_status status = all_of_it(&h);
        cr_assert_eq(h.live, 0, "allocation %zu: %zu bytes leak", i, h.live);
        if (status == ATTAIN_OK) {
            cr_assert_lt(h.calls, i, "allocation %zu failed and nobody noticed", i);
            break;
        }
        cr_assert_eq(status, ATTAIN_NO_MEMORY, "allocation %zu: status %d", i, (int)status);
    }
}
