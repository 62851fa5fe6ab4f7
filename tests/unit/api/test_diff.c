/* What each edit caused, against figures worked out another way: every version in between is written down as
 * a text of its own and paid by attain_run, and the parts are the mean over all orders, one after another.
 */
#include "host.h"

TestSuite(diff);

enum { MOST = 9, MOST_ROWS = 64 };

/* A policy in pieces: piece i stands in its old or its new words. */
struct pieces {
    const char *head;
    const char *piece[MOST][2];
    int n;
};

#define DEALS_OF(d1)                                                                                         \
    "rep,amount,closed_on\nana," d1 ",2026-02-03\nana,40000.05,2026-05-03\nbob,70050.55,2026-01-01\n"        \
    "bob,\"1,000\",2026-04-01\nbob,-333.33,2026-07-01\nana,99999.99,2026-08-01\n"
static const char OLD_DEALS[] = DEALS_OF("120000"), NEW_DEALS[] = DEALS_OF("150000.01");

static attain_policy *made(const struct pieces *p, unsigned choice) {
    static char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text, "%s", p->head);
    for (int i = 0; i < p->n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", p->piece[i][choice >> i & 1]);
    return compiled(text, NULL);
}

/* What a run of this choice pays for the row: the sum of its lines. */
static int64_t paid(attain_policy *policy, const char *deals, const attain_diff_row *row) {
    attain_data *data = bound(REPS, deals);
    attain_results *results = NULL;
    cr_assert_eq(attain_run(&policy, 1, data, NULL, &results), ATTAIN_OK);
    int64_t sum = 0;
    for (uint64_t i = 0; i < attain_results_line_count(results); i++) {
        attain_line line;
        cr_assert_eq(attain_results_line(results, i, &line), ATTAIN_OK);
        if (line.payee_key.length == row->payee_key.length &&
            memcmp(line.payee_key.bytes, row->payee_key.bytes, row->payee_key.length) == 0 &&
            line.period.length == row->period.length &&
            memcmp(line.period.bytes, row->period.bytes, row->period.length) == 0 &&
            line.component.length == row->component.length &&
            memcmp(line.component.bytes, row->component.bytes, row->component.length) == 0)
            sum += line.amount;
    }
    attain_results_free(results);
    attain_data_free(data);
    return sum;
}

/* Sums, over all orders of n causes, what each adds: n! times its Shapley value. */
static void permute(int n, const int64_t *value, unsigned made_so_far, int64_t times, int64_t *sums) {
    for (int k = 0; k < n; k++) {
        if (made_so_far >> k & 1) continue;
        int64_t rest = 1; /* orders of those that are left after k */
        for (int left = n - __builtin_popcount(made_so_far) - 1; left > 1; left--)
            rest *= left;
        sums[k] += (value[made_so_far | 1u << k] - value[made_so_far]) * rest * times;
        permute(n, value, made_so_far | 1u << k, times, sums);
    }
}

static attain_diff *compared(const struct pieces *p, const char *old_deals, const char *new_deals) {
    attain_policy *before = made(p, 0), *after = made(p, (1u << p->n) - 1);
    attain_data *data = bound(REPS, new_deals), *old_data = bound(REPS, old_deals);
    attain_diff_options options = {.attribution = true, .old_data = old_deals == new_deals ? NULL : old_data};
    attain_diff *diff = NULL;
    cr_assert_eq(attain_diff_run(before, after, data, &options, &diff), ATTAIN_OK);
    attain_policy_release(before);
    attain_policy_release(after);
    attain_data_free(data);
    attain_data_free(old_data);
    return diff;
}

static void sums_are_exact(const attain_diff *diff, const attain_diff_summary *s) {
    int64_t causes[MOST + 1] = {0}, whole = 0;
    for (uint64_t r = 0; r < s->rows; r++) {
        attain_diff_row row;
        int64_t sum = 0, part;
        cr_assert_eq(attain_diff_row_get(diff, r, &row), ATTAIN_OK);
        for (size_t k = 0; k < s->causes; k++) {
            cr_assert_eq(attain_diff_part(diff, r, k, &part), ATTAIN_OK);
            sum += part;
            causes[k] += part;
        }
        cr_expect_eq(sum, row.after - row.before);
        whole += sum;
    }
    cr_expect_eq(whole, s->after - s->before);
    for (size_t k = 0; k < s->causes; k++) {
        attain_diff_cause cause;
        cr_assert_eq(attain_diff_cause_get(diff, k, &cause), ATTAIN_OK);
        cr_expect_eq(cause.amount, causes[k]);
    }
}

/* Every part lies less than a cent from the mean over all orders. */
static void agrees(const struct pieces *p, const char *old_deals, const char *new_deals) {
    attain_diff *diff = compared(p, old_deals, new_deals);
    attain_diff_summary s;
    int n = p->n + (old_deals != new_deals);
    cr_assert_eq(attain_diff_summary_get(diff, &s), ATTAIN_OK);
    cr_assert_eq(s.causes, (size_t)n);
    cr_assert(s.shapley && s.rows > 0 && s.rows < MOST_ROWS);
    attain_policy *policies[1u << 4];
    for (unsigned c = 0; c < 1u << p->n; c++)
        policies[c] = made(p, c);
    for (uint64_t r = 0; r < s.rows; r++) {
        attain_diff_row row;
        int64_t value[1u << 5], sums[5] = {0}, whole = 1;
        cr_assert_eq(attain_diff_row_get(diff, r, &row), ATTAIN_OK);
        for (unsigned c = 0; c < 1u << n; c++)
            value[c] = paid(policies[c & ((1u << p->n) - 1)], c >> p->n ? new_deals : old_deals, &row);
        if (old_deals == new_deals)
            for (unsigned c = 0; c < 1u << n; c++)
                value[c] = paid(policies[c], new_deals, &row);
        cr_expect_eq(value[0], row.before);
        cr_expect_eq(value[(1u << n) - 1], row.after);
        permute(n, value, 0, 1, sums);
        for (int i = 2; i <= n; i++)
            whole *= i;
        for (int k = 0; k < n; k++) {
            int64_t part, gap;
            cr_assert_eq(attain_diff_part(diff, r, (size_t)k, &part), ATTAIN_OK);
            gap = part * whole - sums[k];
            cr_expect(gap < whole && -gap < whole, "row %d, cause %d: %lld is not %lld / %lld", (int)r, k,
                      (long long)part, (long long)sums[k], (long long)whole);
        }
    }
    sums_are_exact(diff, &s);
    for (unsigned c = 0; c < 1u << p->n; c++)
        attain_policy_release(policies[c]);
    attain_diff_free(diff);
}

static const struct pieces FOUR = {
    .head = HEADER,
    .piece = {{"pay commission on bookings = 10% up to $60,000 + 15% over $60,000",
               "pay commission on bookings = 9% up to $50,000 + 17.5% over $50,000"},
              {"pay bonus = $100 when bookings >= $100,000", "pay bonus = $333.33 when bookings >= $50,000"},
              {"cap commission at $9,000", "cap commission at $12,345.67"},
              {"floor total at $500", "floor total at $125.01"}},
    .n = 4};

Test(diff, parts_of_two_three_and_four_edits_are_means_over_all_orders) {
    for (int n = 2; n <= 4; n++) {
        struct pieces p = FOUR;
        p.n = n;
        agrees(&p, NEW_DEALS, NEW_DEALS);
    }
}

Test(diff, data_is_a_cause_like_any_other) {
    struct pieces p = FOUR;
    p.n = 3;
    agrees(&p, OLD_DEALS, NEW_DEALS);
}

/* Another table of data, which both read as well: their tables differ, so that no two can share a run. */
Test(diff, versions_with_other_tables_are_compared_all_the_same) {
    static const struct pieces p = {
        .head = HEADER,
        .piece = {{"", "data spare from \"deals.csv\" { rep rep  amount money }"},
                  {"pay commission on bookings = 10% up to $60,000 + 15% over $60,000",
                   "pay commission on bookings = 7% of bookings"},
                  {"cap commission at $9,000", ""}},
        .n = 3};
    attain_policy *before = made(&p, 0), *after = made(&p, 7);
    attain_data *data = bound(REPS, NEW_DEALS);
    cr_assert_eq(attain_data_bind_memory(data, "spare", "rep,amount\nana,1\n", 17, "spare.csv"), ATTAIN_OK);
    attain_diff_options options = {.attribution = true};
    attain_diff *diff = NULL;
    cr_assert_eq(attain_diff_run(before, after, data, &options, &diff), ATTAIN_OK);
    attain_diff_summary s;
    cr_assert_eq(attain_diff_summary_get(diff, &s), ATTAIN_OK);
    cr_expect_eq(s.causes, 3);
    sums_are_exact(diff, &s);
    /* The table nobody reads changes nothing. */
    attain_diff_cause cause;
    cr_assert_eq(attain_diff_cause_get(diff, 0, &cause), ATTAIN_OK);
    cr_expect_eq(cause.amount, 0);
    attain_diff_free(diff);
    attain_policy_release(before);
    attain_policy_release(after);
    attain_data_free(data);
}

Test(diff, edits_that_cannot_stand_alone_are_one_cause) {
    static const struct pieces p = {
        .head = HEADER,
        .piece = {{"", "param base = 12%"},
                  {"pay commission = 10% of bookings", "pay commission = base of bookings"},
                  {"cap commission at $9,000", "cap commission at $8,000"}},
        .n = 3};
    attain_diff *diff = compared(&p, NEW_DEALS, NEW_DEALS);
    attain_diff_summary s;
    attain_diff_cause cause;
    cr_assert_eq(attain_diff_summary_get(diff, &s), ATTAIN_OK);
    cr_expect_eq(s.edits, 3);
    cr_assert_eq(s.causes, 2);
    cr_assert_eq(attain_diff_cause_get(diff, 0, &cause), ATTAIN_OK);
    cr_expect(same(cause.words, "param base: added; pay commission: 10% of bookings → base of bookings"));
    sums_are_exact(diff, &s);
    attain_diff_free(diff);
}

/* Nine edits, in the policy's order: what pay k adds is its own new amount less the old one. */
Test(diff, more_than_eight_edits_are_told_in_the_order_of_the_policy) {
    struct pieces p = {.head = HEADER, .n = MOST};
    static char text[MOST][2][96];
    for (int i = 0; i < MOST; i++)
        for (int v = 0; v < 2; v++) {
            snprintf(text[i][v], sizeof text[i][v], "pay p%d = $%d when bookings > -$1,000,000", i,
                     v ? 10 + i : 20);
            p.piece[i][v] = text[i][v];
        }
    attain_diff *diff = compared(&p, NEW_DEALS, NEW_DEALS);
    attain_diff_summary s;
    cr_assert_eq(attain_diff_summary_get(diff, &s), ATTAIN_OK);
    cr_expect_eq(s.causes, MOST);
    cr_expect_not(s.shapley);
    sums_are_exact(diff, &s);
    for (int k = 0; k < MOST; k++) {
        attain_diff_cause cause;
        cr_assert_eq(attain_diff_cause_get(diff, (size_t)k, &cause), ATTAIN_OK);
        cr_expect_eq(cause.amount, (10 + k - 20) * 100 * 2 * 3); /* two payees, three quarters */
    }
    attain_diff_free(diff);
}

Test(diff, refuses_nonsense_and_leaves_nothing_behind_when_memory_fails) {
    attain_diff *diff = NULL;
    cr_expect_eq(attain_diff_run(NULL, NULL, NULL, NULL, &diff), ATTAIN_USAGE);
    cr_expect_null(diff);
    attain_policy *before = made(&FOUR, 0), *after = made(&FOUR, 15);
    attain_data *data = bound(REPS, NEW_DEALS);
    struct host h;
    size_t calls = 1;
    for (size_t i = 1; i <= calls; i += i < 60 ? 1 : 13) {
        host_start(&h);
        h.fail_at = i;
        attain_diff_options options = {
            .attribution = true, .explanations = true, .run = {.allocator = &h.allocator}};
        attain_status status = attain_diff_run(before, after, data, &options, &diff);
        cr_assert(status == ATTAIN_OK || status == ATTAIN_NO_MEMORY);
        attain_diff_free(diff);
        cr_assert_eq(h.live, 0, "%zu bytes are left when call %zu fails", h.live, i);
        calls = status == ATTAIN_OK ? i : i + 13;
    }
    attain_policy_release(before);
    attain_policy_release(after);
    attain_data_free(data);
}

/* Old: ana 2^63 - 1 cents in each of two quarters. New: the same amounts taken away. Each difference needs 65
 * bits, their sum 66. */
Test(diff, amounts_that_do_not_fit_are_an_error_and_never_others) {
    static const struct pieces p = {
        .head = HEADER,
        .piece = {{"pay commission = 100% of bookings", "pay commission = -100% of bookings"}},
        .n = 1};
    static const char deals[] = "rep,amount,closed_on\nana,92233720368547758.07,2026-01-05\n"
                                "ana,92233720368547758.07,2026-04-05\n";
    attain_diff *diff = compared(&p, deals, deals);
    attain_diff_summary s;
    cr_expect_eq(attain_diff_summary_get(diff, &s), ATTAIN_OVERFLOW);
    cr_expect(s.before == 0 && s.after == 0 && s.credited_before == 0 && s.credited_after == 0);
    cr_expect(s.losers == 1 && s.winners == 0 && s.rows == 2 && s.causes == 1);
    attain_diff_row row;
    cr_assert_eq(attain_diff_row_get(diff, 1, &row), ATTAIN_OK);
    cr_expect(row.before == INT64_MAX && row.after == -INT64_MAX);
    attain_diff_cause cause;
    int64_t part = 1;
    cr_expect_eq(attain_diff_cause_get(diff, 0, &cause), ATTAIN_OVERFLOW);
    cr_expect_eq(cause.amount, 0);
    cr_expect_eq(attain_diff_part(diff, 0, 0, &part), ATTAIN_OVERFLOW);
    cr_expect_eq(part, 0);
    struct text out = {0};
    cr_assert_eq(attain_diff_write(diff, ATTAIN_DIFF_PARTS_CSV, NULL, text_write, &out), ATTAIN_OK);
    cr_expect(strstr(out.at, "ana,2026-Q2,commission,") && strstr(out.at, ",-184467440737095516.14\n"));
    free(out.at);
    attain_diff_free(diff);
}

/* Payouts by the date of closing, then by the start of the next quarter: Q1 falls to nothing and Q2 rises. */
Test(diff, pay_that_moves_between_periods_is_a_change) {
    static const struct pieces p = {
        .head = HEADER "measure late = prior(bookings, 1)\n",
        .piece = {{"pay commission = 10% of bookings", "pay commission = 10% of ifmissing(late, $0)"}},
        .n = 1};
    attain_diff *diff = compared(&p, "rep,amount,closed_on\nana,1000,2026-01-05\nbob,0,2026-05-05\n",
                                 "rep,amount,closed_on\nana,1000,2026-01-05\nbob,0,2026-05-05\n");
    attain_diff_summary s;
    attain_text who, period;
    bool hit;
    cr_assert_eq(attain_diff_summary_get(diff, &s), ATTAIN_OK);
    cr_expect(s.before == 10000 && s.after == 10000);
    cr_expect(s.payees == 2 && s.winners == 0 && s.losers == 0 && s.moved == 1);
    cr_assert_eq(attain_diff_limit(diff, "any payee < -1%", &hit, &who), ATTAIN_OK);
    cr_expect(hit && same(who, "ana"));
    cr_assert_eq(attain_diff_limit_in(diff, "any payee > +3%", &hit, &who, &period), ATTAIN_OK);
    cr_expect(hit && same(who, "ana") && same(period, "2026-Q2"), "a rise from zero passes every share");
    cr_assert_eq(attain_diff_limit_in(diff, "any payee < -100%", &hit, &who, &period), ATTAIN_OK);
    cr_expect(!hit && who.length == 0 && period.length == 0);
    cr_assert_eq(attain_diff_limit_in(diff, "total > 0", &hit, &who, &period), ATTAIN_OK);
    cr_expect_not(hit);
    cr_expect_eq(attain_diff_limit_in(diff, "total is large", &hit, &who, &period), ATTAIN_USAGE);
    cr_expect_eq(attain_diff_limit_in(diff, "any payee < -99,999.5", &hit, &who, &period), ATTAIN_OK);
    static const char *const unclear[] = {"total > 0,5", "total > 1,00", "total > 1,",     "total > 1,0000",
                                          "total > ,5",  "total > 1.",   "total > 1.000,5"};
    for (size_t i = 0; i < sizeof unclear / sizeof unclear[0]; i++)
        cr_expect_eq(attain_diff_limit_in(diff, unclear[i], &hit, &who, &period), ATTAIN_USAGE, "%s",
                     unclear[i]);
    cr_expect_eq(attain_diff_limit_in(diff, "total > 0", &hit, &who, NULL), ATTAIN_USAGE);
    attain_diff_free(diff);
}
