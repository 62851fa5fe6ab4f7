/* test_limit: objects whose memory is limited. Each call is made with a limit that rises until it succeeds.
 * Below, it must take no more than the limit, leave nothing behind, and say that the limit is the reason.
 */
#include "host.h"

static const char TESTED[] = TIERS "test \"two\" {\n  given rep { id: \"ana\" }\n"
                                   "  expect commission for \"ana\" in 2026-Q1 = $0.00\n}\n";

struct world {
    struct host host;
    attain_policy *policy, *other;
    attain_data *data;
    unsigned threads;
    size_t most;
};

/* Makes the object within w->most, and frees it again. *made: an object was there. */
typedef attain_status (*make_fn)(struct world *w, bool *made);

enum { HANDLE = 8192 /* more than the handle itself, which comes before the limit */ };

static void rises(struct world *w, make_fn make) {
    attain_status status = ATTAIN_MEMORY_LIMIT;
    int refused = 0;
    for (w->most = 1024; w->most < (64u << 20) && status == ATTAIN_MEMORY_LIMIT; w->most += w->most / 3) {
        bool made = false;
        host_start(&w->host);
        status = make(w, &made);
        cr_assert(status == ATTAIN_OK || status == ATTAIN_MEMORY_LIMIT, "%d", (int)status);
        cr_expect_eq(made, status == ATTAIN_OK);
        cr_expect_eq(w->host.live, 0);
        cr_expect(w->host.peak <= w->most + HANDLE, "%zu > %zu", w->host.peak, w->most);
        refused += status == ATTAIN_MEMORY_LIMIT;
    }
    cr_expect_eq(status, ATTAIN_OK);
    cr_expect(refused > 0);
}

static attain_status compile(struct world *w, bool *made) {
    attain_policy *policy = NULL;
    attain_policy_options options = {.allocator = &w->host.allocator, .max_memory = w->most};
    attain_status status = attain_policy_compile("p", TIERS, strlen(TIERS), &options, &policy);
    *made = policy;
    attain_policy_release(policy);
    return status;
}

static attain_status run(struct world *w, bool *made) {
    attain_results *results = NULL;
    attain_run_options options = {
        .allocator = &w->host.allocator, .max_memory = w->most, .threads = w->threads};
    attain_status status = attain_run(&w->policy, 1, w->data, &options, &results);
    *made = results;
    attain_results_free(results);
    return status;
}

static attain_status diff(struct world *w, bool *made) {
    attain_diff *diff = NULL;
    attain_diff_options options = {.run = {.allocator = &w->host.allocator, .max_memory = w->most},
                                   .attribution = true};
    attain_status status = attain_diff_run(w->policy, w->other, w->data, &options, &diff);
    *made = diff;
    attain_diff_free(diff);
    return status;
}

static attain_status test(struct world *w, bool *made) {
    attain_tests *tests = NULL;
    attain_test_options options = {.allocator = &w->host.allocator, .max_memory = w->most};
    attain_status status = attain_test(w->policy, &options, &tests);
    *made = tests;
    attain_tests_free(tests);
    return status;
}

/* Prepared, run twice with other rows between. */
static attain_status session(struct world *w, bool *made) {
    attain_session *session = NULL;
    attain_results *results = NULL;
    attain_run_options options = {.allocator = &w->host.allocator, .max_memory = w->most};
    attain_status status = attain_session_new(&w->policy, 1, w->data, &options, &session);
    for (int i = 0; status == ATTAIN_OK && i < 2; i++) {
        status = attain_session_run(session, NULL, &results);
        cr_expect_eq(results != NULL, status == ATTAIN_OK);
        if (status == ATTAIN_OK) status = attain_session_set_rows(session, "deal", "rep", "ana", NULL);
    }
    *made = status == ATTAIN_OK;
    attain_session_free(session);
    return status;
}

static struct world begin(const char *deals) {
    static const char changed[] = HEADER "param base = 9%\n"
                                         "pay commission on bookings = base of (bookings up to $100,000) + "
                                         "15% over $100,000\n";
    return (struct world){
        .policy = compiled(TESTED, NULL), .other = compiled(changed, NULL), .data = bound(REPS, deals)};
}

static void end(struct world *w) {
    attain_data_free(w->data);
    attain_policy_release(w->policy);
    attain_policy_release(w->other);
}

Test(test_limit, of_policies_runs_diffs_tests_and_sessions) {
    struct world w = begin(DEALS);
    rises(&w, compile);
    rises(&w, run);
    rises(&w, diff);
    rises(&w, test);
    rises(&w, session);
    end(&w);
}

Test(test_limit, holds_for_all_threads_together) {
    struct text deals = {0};
    text_write(&deals, "rep,amount,closed_on\n", 21);
    for (int i = 0; i < 100000; i++)
        text_write(&deals, "ana,120000,2026-02-03\nbob,50.55,2026-04-01\n" + (i % 2 ? 22 : 0),
                   i % 2 ? 21 : 22);
    struct world w = begin(deals.at);
    w.threads = 4;
    rises(&w, run);
    end(&w);
    free(deals.at);
}

/* In the other builds, a run needs more memory than explaining it. */
#if !defined(AT_TORTURE) && !defined(__SANITIZE_ADDRESS__)
/* The results of a run that just fits leave no memory to explain them; they stay as they are. */
Test(test_limit, counts_explanations_of_results) {
    struct text deals = {0};
    text_write(&deals, DEALS, strlen(DEALS));
    for (int i = 0; i < 2000; i++) /* an explanation collects the rows, and a run does not */
        text_write(&deals, "bob,50.55,2026-04-01\n", 21);
    struct world w = begin(deals.at);
    attain_results *results = NULL;
    struct text out = {0};
    attain_run_options options = {.max_memory = 1024};
    while (attain_run(&w.policy, 1, w.data, &options, &results) == ATTAIN_MEMORY_LIMIT)
        options.max_memory += 64;
    cr_assert_not_null(results);
    cr_expect_eq(attain_explain(results, NULL, text_write, &out), ATTAIN_MEMORY_LIMIT);
    cr_expect_eq(attain_explain(results, NULL, text_write, &out), ATTAIN_MEMORY_LIMIT);
    attain_line line;
    cr_assert_eq(attain_results_line(results, 0, &line), ATTAIN_OK);
    cr_expect_eq(line.amount, 1300000);
    attain_results_free(results);

    options.max_memory = 4u << 20;
    cr_assert_eq(attain_run(&w.policy, 1, w.data, &options, &results), ATTAIN_OK);
    cr_expect_eq(attain_explain(results, NULL, text_write, &out), ATTAIN_OK);
    attain_results_free(results);
    free(deals.at);
    free(out.at);
    end(&w);
}
#endif

/* The host's memory fails within the limit: that is another status. */
Test(test_limit, is_not_a_failure_of_the_host) {
    struct world w = begin(DEALS);
    attain_results *results = NULL;
    attain_run_options options = {.allocator = &w.host.allocator, .max_memory = 64u << 20};
    for (size_t n = 1; n < 20; n++) {
        host_start(&w.host);
        w.host.fail_at = n;
        attain_status status = attain_run(&w.policy, 1, w.data, &options, &results);
        cr_expect(status == ATTAIN_NO_MEMORY || (status == ATTAIN_OK && w.host.calls < n));
        attain_results_free(results);
        results = NULL;
    }
    end(&w);
}
