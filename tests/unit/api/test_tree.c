/* test_tree: explanations and the reasons of withheld payouts as data. Amounts by hand, as in test_run: ana
 * gets 10% of 100,000 + 15% of 20,000 = 13,000.00.
 */
#include "host.h"

struct ran {
    attain_policy *policy;
    attain_data *data;
    attain_results *results;
};

static struct ran ran(const char *text, const char *deals) {
    struct ran r = {.policy = compiled(text, NULL), .data = bound(REPS, deals)};
    cr_assert_eq(attain_run(&r.policy, 1, r.data, NULL, &r.results), ATTAIN_OK);
    return r;
}

static void end(struct ran *r) {
    attain_results_free(r->results);
    attain_data_free(r->data);
    attain_policy_release(r->policy);
}

static attain_step step_at(const attain_explanation *e, size_t index) {
    attain_step step;
    cr_assert_eq(attain_explanation_step(e, index, &step), ATTAIN_OK, "%zu", index);
    return step;
}

/* The next step in the order of reading, by the links alone. */
static size_t after(const attain_explanation *e, size_t index) {
    attain_step step = step_at(e, index);
    if (step.first != SIZE_MAX) return step.first;
    while (step.next == SIZE_MAX && step.parent != SIZE_MAX)
        step = step_at(e, step.parent);
    return step.next;
}

/* A decimal in hundredths of cents; SIZE_MAX where it is a fraction or no number. */
static bool decimal(attain_text text, long long *out) {
    char copy[64];
    if (text.length == 0 || text.length >= sizeof copy) return false;
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = 0;
    if (strchr(copy, '/')) return false;
    char *dot = strchr(copy, '.'), digits[5] = "0000";
    if (dot && strlen(dot + 1) > 4) return false;
    if (dot) memcpy(digits, dot + 1, strlen(dot + 1));
    long long whole = strtoll(copy, NULL, 10), rest = strtoll(digits, NULL, 10);
    *out = whole * 10000 + (copy[0] == '-' ? -rest : rest);
    return true;
}

static size_t check_sums(const attain_explanation *e) {
    size_t sums = 0;
    for (size_t i = 0; i < attain_explanation_count(e); i++) {
        attain_step step = step_at(e, i);
        long long value, sum = 0, part;
        bool known = step.adds && decimal(step.exact, &value);
        for (size_t k = step.first; known && k != SIZE_MAX; k = step_at(e, k).next) {
            cr_expect_eq(step_at(e, k).parent, i);
            if (!step_at(e, k).part) continue;
            known = decimal(step_at(e, k).exact, &part);
            sum += part;
        }
        if (known) cr_expect_eq(sum, value, "step %zu", i);
        sums += known;
    }
    return sums;
}

Test(test_tree, an_explanation_has_steps_with_values_and_places) {
    struct ran r = ran(TIERS, DEALS);
    attain_explanation *e = NULL;
    cr_assert_eq(attain_explain_tree(r.results, NULL, &e), ATTAIN_OK);
    size_t n = 0;
    for (size_t i = 0; i != SIZE_MAX; i = after(e, i))
        cr_assert_eq(i, n++);
    cr_expect_eq(n, attain_explanation_count(e));
    cr_expect_geq(check_sums(e), 3);

    attain_step payout = step_at(e, 0), component = step_at(e, payout.first);
    cr_expect(strcmp(payout.kind, "payout") == 0 && same(payout.name, "ana") && same(payout.date, "2026-Q1"));
    cr_expect(same(payout.exact, "13000.00") && payout.type == ATTAIN_TYPE_MONEY &&
              payout.parent == SIZE_MAX);
    cr_expect(strcmp(component.kind, "component") == 0 && component.part && same(component.exact, "13000"));
    cr_expect(strcmp(component.currency, "USD") == 0 && same(component.name, "commission"));
    const char *pay = strstr(TIERS, "pay commission");
    cr_expect(component.start == (size_t)(pay - TIERS) && component.end > component.start + 20);
    static const struct {
        const char *payee, *period, *amount;
    } payouts[] = {{"ana", "2026-Q1", "13000.00"},
                   {"ana", "2026-Q2", "0.00"},
                   {"bob", "2026-Q1", "5.06"},
                   {"bob", "2026-Q2", "100.00"}};
    size_t root = 0;
    for (size_t i = 0; i < 4; i++, root = step_at(e, root).next) {
        attain_step step = step_at(e, root);
        cr_expect(same(step.name, payouts[i].payee) && same(step.date, payouts[i].period));
        cr_expect(same(step.exact, payouts[i].amount) && step.parent == SIZE_MAX);
    }
    cr_expect_eq(root, SIZE_MAX);
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        attain_step step = step_at(e, i);
        if (strcmp(step.kind, "row") != 0) continue;
        cr_expect(step.row && same(step.file, "deals.csv") && step.line >= 2 &&
                  step.type == ATTAIN_TYPE_MONEY);
        rows++;
    }
    cr_expect_eq(rows, 3); /* one deal of each payout */
    attain_step none;
    cr_expect_eq(attain_explanation_step(e, n, &none), ATTAIN_USAGE);
    cr_expect_eq((attain_explanation_step)(e, 0, &none, sizeof none - 1), ATTAIN_USAGE);
    attain_explanation_free(e);

    attain_explain_options options = {.payee = "bob", .period = "2026-Q2", .language = "zh"};
    cr_assert_eq(attain_explain_tree(r.results, &options, &e), ATTAIN_OK);
    cr_expect(same(step_at(e, 0).exact, "100.00") && step_at(e, 0).next == SIZE_MAX);
    attain_explanation_free(e);
    options.payee = "nobody";
    cr_expect_eq(attain_explain_tree(r.results, &options, &e), ATTAIN_USAGE);
    cr_expect_null(e);
    cr_expect_eq(attain_explain_tree(NULL, NULL, &e), ATTAIN_USAGE);
    cr_expect_eq(attain_explanation_count(NULL), 0);
    attain_explanation_free(NULL);
    end(&r);
}

/* Two measures divide by zero for ana: by $0.00, and by a count of zero. */
Test(test_tree, a_withheld_payout_has_all_its_reasons) {
    static const char text[] = "policy \"Reasons\"\n  effective from 2026-01-01 to 2026-12-31\n"
                               "  currency USD\n  period quarter\npayee rep { id text key }\n"
                               "data deal { id text key  rep rep  amount money  closed_on date }\n"
                               "credit booking from deal to rep on closed_on\n"
                               "measure bookings = sum of amount from booking\n"
                               "measure quota = sum of amount from booking where amount < $0\n"
                               "measure attainment = bookings / quota\n"
                               "pay commission on bookings = 10% of attainment\n"
                               "pay per_deal per booking = amount * (1 / days(closed_on, closed_on))\n";
    struct ran r = ran(text, "id,rep,amount,closed_on\nd1,ana,120000,2026-02-03\n");
    attain_withheld w;
    attain_reason reason;
    cr_assert_eq(attain_results_withheld(r.results, 0, &w), ATTAIN_OK);
    cr_expect(same(w.payee_key, "ana") && same(w.period, "2026-Q1") && strcmp(w.code, "A0801") == 0);
    cr_assert_eq(w.reason_count, 2);
    cr_assert_eq(attain_results_reason(r.results, 0, 0, &reason), ATTAIN_OK);
    cr_expect(same(reason.of, "attainment") && strcmp(reason.code, "A0801") == 0);
    cr_expect(reason.text.length == w.reason.length &&
              memcmp(reason.text.bytes, w.reason.bytes, w.reason.length) == 0);
    cr_assert_eq(reason.operand_count, 2);
    cr_expect(same(reason.operands[0], "quota") && same(reason.operands[1], "$0.00"));
    const char *formula = strstr(text, "bookings / quota");
    cr_expect(reason.start == (size_t)(formula - text) && reason.end == reason.start + 16);
    cr_expect(reason.line == w.line && reason.data_file.length == 0);
    cr_assert_eq(attain_results_reason(r.results, 0, 1, &reason), ATTAIN_OK);
    cr_expect(same(reason.of, "per_deal") && same(reason.data_file, "deals.csv") && reason.data_line == 2);
    cr_expect_eq(attain_results_reason(r.results, 0, 2, &reason), ATTAIN_USAGE);
    cr_expect_eq(attain_results_reason(r.results, 5, 0, &reason), ATTAIN_USAGE);
    cr_expect_eq(attain_results_reason(NULL, 0, 0, &reason), ATTAIN_USAGE);
    cr_expect_eq((attain_results_reason)(r.results, 0, 0, &reason, 8), ATTAIN_USAGE);
    end(&r);
}
