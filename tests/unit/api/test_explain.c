/* test_explain: explanations through the public interface: what they say, that they add up, what is refused,
 * and every allocation failing once. */
#include "host.h"

static const char POLICY[] =
    HEADER "measure deals = count from booking\n"
           "pay commission = 10% of (bookings up to $100,000) + 15% of (bookings over $100,000)\n"
           "pay bonus \"Bonus\" = $500 when bookings >= $150,000\n"
           "pool share on bookings = $100.01 split by contribution\n"
           "cap commission at $12,000\n";

struct ran {
    attain_policy *policy;
    attain_data *data;
    attain_results *results;
    struct text out;
};

static struct ran run_policy(const char *text, attain_allocator *allocator) {
    struct ran r = {.policy = compiled(text, NULL), .data = bound(REPS, DEALS)};
    const attain_run_options options = {.zeros = true, .allocator = allocator};
    cr_assert_eq(attain_run(&r.policy, 1, r.data, &options, &r.results), ATTAIN_OK);
    return r;
}

static void end(struct ran *r) {
    free(r->out.at);
    attain_results_free(r->results);
    attain_data_free(r->data);
    attain_policy_release(r->policy);
}

static const char *explained(struct ran *r, attain_explain_options options) {
    r->out.n = 0;
    cr_assert_eq(attain_explain(r->results, &options, text_write, &r->out), ATTAIN_OK);
    return r->out.at;
}

#define SAYS(sentence) cr_expect(strstr(r.out.at, sentence), "missing: %s\nin:\n%s", sentence, r.out.at)

/* Ana's 120,000: 10,000 + 3,000, cut to 12,000; 30,000 short of the bonus. The pool of 100.01 in proportion
 * to 120,000 and 50.55: ≈ 99.967887 and ≈ 0.042113, cut to 99.96 and 0.04; the cent that is left goes to the
 * larger remainder, Ana's. */
Test(test_explain, every_step_is_a_sentence_with_its_figures) {
    struct ran r = run_policy(POLICY, NULL);
    explained(&r, (attain_explain_options){.payee = "ana", .period = "2026-Q1"});
    SAYS("Ana (ana), 2026-Q1: $12,099.97");
    SAYS("10% of bookings up to $100,000.00: 10% of $100,000.00 = $10,000.00");
    SAYS("15% of bookings over $100,000.00: 15% of $20,000.00 = $3,000.00");
    SAYS("the part of bookings over $100,000.00: $120,000.00 − $100,000.00 = $20,000.00");
    SAYS("`cap commission at $12,000`: $13,000.00 → $12,000.00");
    SAYS("paid when bookings ≥ $150,000.00: bookings $120,000.00 is below $150,000.00");
    SAYS("$30,000.00 more in bookings would meet `bookings ≥ $150,000.00`, which pays $500.00");
    SAYS("because its remainder is among the largest: ≈$99.967");
    SAYS("row 2 of deals.csv, 2026-02-03: $120,000.00");
    SAYS("pay commission = 10% of (bookings up to $100,000)");
    cr_expect_null(strstr(r.out.at, "bob"), "the other payee's cell");
    end(&r);
}

/* 60% of a score of 88 is a score, 52.8, and not 5,280%; a rate times a factor is a rate. Values of each
 * payee, and one value for all, keep the names of their measures. */
Test(test_explain, scores_are_numbers_and_measures_keep_their_names) {
    struct ran r =
        run_policy(HEADER "measure score = 60% * (deals + 83)\nmeasure deals = count from booking\n"
                          "measure everything = sum of amount from deal on closed_on\n"
                          "rates steps { from 0: $1 from 50: $2 }\n"
                          "pay bonus = steps(score)\npay part = 0.1% of everything\n"
                          "pay rate = 1.2 * 5% of bookings when deals = 0 or deals > 0%\n",
                   NULL);
    explained(&r, (attain_explain_options){.payee = "ana", .period = "2026-Q1"});
    SAYS("score of 50.4 reaches `from 50`, which gives $2.00");
    SAYS("0.1% of everything: ");
    SAYS("6% of bookings: ");
    SAYS("deals 1 is above 0");
    cr_expect_null(strstr(r.out.at, "5,040%"));
    end(&r);
}

Test(test_explain, one_component_one_language_one_format) {
    struct ran r = run_policy(POLICY, NULL);
    explained(&r, (attain_explain_options){
                      .payee = "ana", .period = "2026-Q1", .component = "bonus", .language = "zh"});
    SAYS("发放条件：bookings ≥ $150,000.00——bookings $120,000.00低于$150,000.00");
    cr_expect_null(strstr(r.out.at, "cap commission"));
    explained(&r,
              (attain_explain_options){.payee = "ana", .period = "2026-Q1", .format = ATTAIN_EXPLAIN_JSON});
    /* 100.01 * 120,000 / 120,050.55 in lowest terms */
    SAYS("\"exact\":\"80008000/800337\",\"shortened\":true");
    SAYS("\"amount\":\"12099.97\"");
    explained(&r, (attain_explain_options){.payee = "bob", .format = ATTAIN_EXPLAIN_MARKDOWN});
    SAYS("## Bob, 2026-Q1: $5.10");   /* 10% of 50.55 = 5.055, up to 5.06; of the pool 0.04 */
    SAYS("## Bob, 2026-Q2: $200.01"); /* 100 and the whole pool of the quarter */
    end(&r);
}

Test(test_explain, what_is_shown_adds_up) {
    struct ran r = run_policy(POLICY, NULL);
    uint64_t checked = 0, wrong = 9;
    cr_assert_eq(attain_explain_check(r.results, NULL, &checked, &wrong, text_write, &r.out), ATTAIN_OK);
    cr_expect_eq(checked, 4); /* two payees, two quarters */
    cr_expect_eq(wrong, 0);
    end(&r);
}

Test(test_explain, a_statement_is_for_its_payee) {
    struct ran r = run_policy(POLICY, NULL);
    explained(&r, (attain_explain_options){.payee = "ana", .format = ATTAIN_EXPLAIN_STATEMENT});
    SAYS("<!doctype html>");
    SAYS("$12,099.97");
    cr_expect_null(strstr(r.out.at, "Bob"));
    cr_expect_null(strstr(r.out.at, "http"));
    end(&r);
}

Test(test_explain, what_fits_nothing_is_refused_and_told) {
    struct ran r = run_policy(POLICY, NULL);
    const attain_explain_options wrong[] = {{.payee = "cyd"},
                                            {.component = "comission"},
                                            {.language = "fr"},
                                            {.period = "2026-Q4"},
                                            {.period = "soon"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_eq(attain_explain(r.results, &wrong[i], text_write, &r.out), ATTAIN_USAGE);
        cr_expect_eq(attain_diagnostics_count(attain_results_diagnostics(r.results)), i + 1);
    }
    const attain_explain_options statement = {.format = ATTAIN_EXPLAIN_STATEMENT};
    cr_expect_eq(attain_explain(r.results, &statement, text_write, &r.out), ATTAIN_USAGE);
    cr_expect_eq(attain_explain(NULL, NULL, text_write, &r.out), ATTAIN_USAGE);
    cr_expect_eq(attain_explain(r.results, NULL, NULL, NULL), ATTAIN_USAGE);
    cr_expect_eq(r.out.n, 0);
    cr_expect_eq(attain_explain(r.results, NULL, text_refuse, NULL), ATTAIN_IO);
    end(&r);
}

/* The results stay usable after each failure, and nothing of the failed call stays behind but their own
 * memory. */
Test(test_explain, every_allocation_fails_once) {
    struct host h;
    host_start(&h);
    struct ran r = run_policy(POLICY, &h.allocator);
    static const attain_explain_format formats[] = {ATTAIN_EXPLAIN_TEXT, ATTAIN_EXPLAIN_JSON,
                                                    ATTAIN_EXPLAIN_STATEMENT};
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        const attain_explain_options options = {.payee = "ana", .format = formats[f]};
        attain_status status = ATTAIN_NO_MEMORY;
        for (size_t n = 1; status == ATTAIN_NO_MEMORY && n < 10000; n++) {
            h.fail_at = h.calls + n;
            status = attain_explain(r.results, &options, text_write, &r.out);
            cr_assert(status == ATTAIN_OK || status == ATTAIN_NO_MEMORY);
        }
        cr_expect_eq(status, ATTAIN_OK);
        h.fail_at = 0;
    }
    end(&r);
    cr_expect_eq(h.live, 0);
}

struct pages {
    const attain_results *results;
    struct text out;
    int begun, ended;
};

static attain_text key_of(const attain_results *results, size_t index) {
    attain_payee payee;
    cr_assert_eq(attain_results_payee(results, index, &payee), ATTAIN_OK);
    return payee.key;
}

static int begin(void *context, size_t payee) {
    struct pages *pages = context;
    pages->begun++;
    return same(key_of(pages->results, payee), "bob") ? 1 : 0;
}

static int page_write(void *context, const char *bytes, size_t n) {
    return text_write(&((struct pages *)context)->out, bytes, n);
}

static int page_end(void *context, attain_status status) {
    ((struct pages *)context)->ended++;
    return status != ATTAIN_OK;
}

static size_t name(void *context, size_t payee, char *out, size_t room) {
    attain_text key = key_of(context, payee);
    return (size_t)snprintf(out, room, "%.*s&.html", (int)key.length, key.bytes);
}

Test(test_explain, pages_of_everybody_and_their_list) {
    struct ran r = run_policy(POLICY, NULL);
    struct pages pages = {.results = r.results};
    const attain_statement_pages into = {
        .begin = begin, .write = page_write, .end = page_end, .context = &pages};
    cr_assert_eq(attain_statements(r.results, NULL, &into), ATTAIN_OK);
    cr_expect_eq(pages.begun, 2);
    cr_expect_eq(pages.ended, 1); /* bob is left out */
    cr_expect(strstr(pages.out.at, "<h1>Ana</h1>"));
    cr_assert_eq(attain_statement_index(r.results, NULL, name, r.results, text_write, &r.out), ATTAIN_OK);
    SAYS("<a href=\"ana&amp;.html\">Ana</a>");
    SAYS("<a href=\"bob&amp;.html\">Bob</a>");
    free(pages.out.at);
    end(&r);
}
