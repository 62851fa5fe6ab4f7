/* test_past: definitions that read their own past, as nodes that lead back. */
#include "lowering.h"

TestSuite(test_past, .init = begin_test, .fini = end_test);

static uint32_t n_of(enum at_plan_op op) {
    uint32_t n = 0;
    for (uint32_t id = 0; id < it.plan->n_nodes; id++)
        n += it.plan->nodes[id].op == op;
    return n;
}

static const struct at_plan_node *only(enum at_plan_op op) {
    cr_assert_eq(n_of(op), 1);
    for (uint32_t id = 0; id < it.plan->n_nodes; id++)
        if (it.plan->nodes[id].op == op) return &it.plan->nodes[id];
    return NULL;
}

static void refuse(const char *text, enum at_diag_code code) {
    lower_with(text, NULL, 0);
    cr_assert_eq(it.status, AT_REJECTED);
    cr_expect_eq(it.diags.at[it.diags.n - 1]->code, code);
}

Test(test_past, a_measure_reads_itself) {
    lower(POLICY "measure owed = max($0, ifmissing(prior(owed), $0) + $5 - bookings)\npay p = owed");
    cr_expect_str_eq(show(measure("owed")), "(max $0 (- (+ (if-missing carry $0) $5) bookings))");
    const struct at_plan_carry *carry = &it.plan->carries[only(AT_P_CARRY)->a];
    cr_expect_eq(carry->source, measure("owed"));
    cr_expect_eq(carry->back, 1);
    cr_expect_eq(n_of(AT_P_PRIOR), 0);
}

Test(test_past, a_reader_outside_the_circle_is_an_ordinary_prior) {
    lower(POLICY "measure owed = ifmissing(prior(owed, 2), $0) + bookings\n"
                 "pay p = ifmissing(prior(owed), $0)");
    cr_expect_eq(it.plan->carries[only(AT_P_CARRY)->a].back, 2);
    cr_expect_eq(only(AT_P_PRIOR)->in[0], measure("owed"));
}

/* One CARRY for each measure that is read, however often it is named. */
Test(test_past, measures_that_read_each_other) {
    lower(POLICY "measure a = ifmissing(prior(b), $0) + ifmissing(prior(a), $0) + bookings\n"
                 "measure b = ifmissing(prior(a), $0) - ifmissing(prior(b), $0)\npay p = a");
    cr_expect_eq(n_of(AT_P_CARRY), 2);
    cr_expect_eq(it.plan->n_carries, 2);
}

/* What only the past needs is needed, too, and a measure that nothing needs costs nothing. */
Test(test_past, the_source_is_needed_if_the_carry_is) {
    lower(POLICY "measure seen = count from booking\n"
                 "measure n = ifmissing(prior(m), 0) + 1\nmeasure m = n + seen\npay p = $1 * n");
    cr_expect(it.plan->nodes[measure("m")].needed);
    cr_expect(it.plan->nodes[measure("seen")].needed);
    lower(POLICY "measure seen = count from booking\n"
                 "measure n = ifmissing(prior(n), 0) + seen\npay p = bookings");
    cr_expect(!it.plan->nodes[measure("n")].needed);
    cr_expect(!it.plan->nodes[measure("seen")].needed);
}

/* The past of a pool is the group's own: at its grain, recalculated from its totals. */
Test(test_past, a_group_has_its_own_past) {
    lower(POLICY
          "measure owed = ifmissing(prior(owed), $0) + bookings\npool q per team = owed split equally");
    uint32_t groups = 0;
    for (uint32_t id = 0; id < it.plan->n_nodes; id++)
        groups += it.plan->nodes[id].op == AT_P_CARRY && it.plan->nodes[id].grain == AT_G_GROUP;
    cr_expect_eq(groups, 1);
}

/* What needs a second pass over the rows needs it in the past as well. */
Test(test_past, a_carry_is_in_the_pass_of_its_source) {
    lower(POLICY "measure late = sum of amount from booking where amount > bookings\n"
                 "measure owed = ifmissing(prior(owed), $0) + late\npay p = owed");
    cr_expect_eq(only(AT_P_CARRY)->pass, 1);
    cr_expect_eq(it.plan->nodes[measure("owed")].pass, 1);
}

Test(test_past, rows_that_read_rows_are_a_loop) {
    lower(POLICY "measure used = sum of min(amount, $9 - running(used)) from booking\npay p = used");
    const struct at_plan_node *run = only(AT_P_RUNCARRY);
    const struct at_plan_loop *loop = &it.plan->loops[it.plan->carries[run->a].loop];
    cr_expect_eq(run->pass, 1);
    cr_expect_eq(loop->n_runs, 1);
    cr_expect_eq(loop->n_body, 2);   /* min and - */
    cr_expect_eq(loop->n_inputs, 2); /* amount and $9 */
    cr_expect_eq(it.plan->nodes[measure("used")].pass, 1);
    cr_expect_eq(it.plan->n_passes, 2);
}

Test(test_past, a_loop_waits_for_what_it_takes_in) {
    lower(POLICY
          "measure used = sum of min(amount, bookings / 2 - running(used)) from booking\npay p = used");
    cr_expect_eq(only(AT_P_RUNCARRY)->pass, 2); /* bookings at the rows: pass 1 */
}

Test(test_past, a_reference_cannot_depend_on_the_rows_before) {
    refuse(POLICY "measure used = sum of (if running(used) > $5 then rep else deal.rep).quota from booking\n"
                  "pay p = used",
           AT_A0954);
}

/* check/reading.c refuses to recalculate it, so only the sum of its values of the periods is lowered. */
Test(test_past, the_values_of_the_periods_are_summed) {
    lower(POLICY "measure owed = ifmissing(prior(owed), $0) + bookings\n"
                 "pay p = ytd(owed by period) + trailing(owed by period, 3)");
    cr_expect_eq(n_of(AT_P_CARRY), 1);
}
