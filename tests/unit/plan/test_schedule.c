/* test_schedule: what each pass has to do. Expected lists are reasoned out from the policies: which fields a
 * formula reads, what decides about a row, which value needs another pass. */
#include "lowering.h"

#include "plan/schedule.h"

TestSuite(test_schedule, .init = begin_test, .fini = end_test);

static const struct at_plan_scheduled *scheduled(const char *statements, bool lines) {
    lower(at_str_format(&words, "%s%s", POLICY, statements).p);
    return at_plan_schedule(it.plan, lines, &it.arena);
}

static const char *nodes(struct at_plan_list list) {
    at_str out = AT_STR("");
    for (uint32_t k = 0; k < list.n; k++)
        out = at_str_format(&words, "%.*s%s%.*s", AT_STR_ARG(out), k ? ", " : "",
                            AT_STR_ARG(show_inner(list.at[k], true)));
    return out.n ? out.p : "";
}

static const char *fields(const struct at_plan_scan_work *scan) {
    const struct at_schema *schema = &it.checked->schemas[scan->table];
    at_str out = at_str_format(&words, "%.*s:", AT_STR_ARG(schema->name));
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (scan->wanted[f])
            out = at_str_format(&words, "%.*s %.*s", AT_STR_ARG(out), AT_STR_ARG(schema->fields[f].name));
    return out.p;
}

Test(test_schedule, a_credit_reads_what_decides_and_what_is_added_up) {
    const struct at_plan_scheduled *s = scheduled("pay p on bookings = 10%", true);
    cr_assert_eq(s->n_passes, 1);
    cr_assert_eq(s->passes[0].n_tables, 1);
    const struct at_plan_scan_work *scan = &s->passes[0].tables[0];
    cr_expect_str_eq(fields(scan), "deal: rep amount closed_on");
    cr_assert_eq(scan->n_feeds, 1);
    cr_expect_eq(scan->feeds[0].shape, AT_SHAPE_CELL);
    cr_expect_eq(scan->feeds[0].rows.n, 3, "%s", nodes(scan->feeds[0].rows));
    cr_expect_str_eq(nodes(scan->feeds[0].items), "deal.amount, (take:booking deal.amount)");
    cr_expect(scan->feeds[0].from_row[0] && !scan->feeds[0].from_row[1]);
    cr_expect_eq(scan->aggregates.n, 1);
    cr_expect_eq(scan->components.n, 0, "the component has one line for each payee and period");
}

Test(test_schedule, rows_that_feeds_share_are_calculated_once) {
    const struct at_plan_scheduled *s = scheduled(
        "credit a from deal to rep on closed_on where amount > $5 amount amount\n"
        "credit b from deal to rep on ifmissing(paid_on, closed_on) where amount > $5 amount amount * 2\n"
        "measure ma = sum of amount from a\nmeasure mb = sum of amount from b\npay p = ma + mb + bookings",
        true);
    const struct at_plan_scan_work *scan = &s->passes[0].tables[0];
    cr_expect_str_eq(fields(scan), "deal: rep amount closed_on paid_on");
    cr_assert_eq(scan->n_feeds, 3);
    cr_expect_eq(scan->feeds[0].rows.n, 3);
    cr_expect_str_eq(nodes(scan->feeds[1].rows), "(< $5 deal.amount)");
    cr_expect_str_eq(nodes(scan->feeds[2].rows), "deal.paid_on, (if-missing deal.paid_on deal.closed_on)");
    cr_expect_str_eq(nodes(scan->feeds[2].items),
                     "deal.amount, (* deal.amount 2), (take:b (* deal.amount 2))");
    cr_expect(scan->feeds[2].from_row[0] && !scan->feeds[2].from_row[1]);
    cr_assert_eq(scan->constants.n, 2, "5 and 2: %s", nodes(scan->constants));
}

Test(test_schedule, what_depends_on_a_cell_streams_again) {
    const struct at_plan_scheduled *s =
        scheduled("pay p per booking = amount * (bookings / $10)\npay q = 1% of bookings", true);
    cr_assert_eq(s->n_passes, 2);
    cr_assert_eq(s->passes[1].n_tables, 1);
    const struct at_plan_scan_work *first = &s->passes[0].tables[0], *again = &s->passes[1].tables[0];
    cr_expect_eq(first->components.n, 0);
    cr_assert_eq(again->components.n, 1);
    cr_expect_eq(&it.plan->components[again->components.at[0]], component("p"));
    cr_assert_eq(again->feeds[0].components.n, 1);
    cr_expect_str_eq(fields(again), "deal: id rep amount closed_on");
    cr_assert_eq(again->aggregates.n, 1);
    cr_expect_eq(again->aggregates.at[0], component("p")->earned);
    bool q = false;
    for (uint32_t k = 0; k < s->passes[0].after.n; k++)
        q |= s->passes[0].after.at[k] == component("q")->earned;
    cr_expect(q, "q is known after the first pass");
}

Test(test_schedule, without_lines_keys_are_not_read) {
    const char *policy = "pay p per booking = 2% of amount";
    cr_expect_str_eq(fields(&scheduled(policy, true)->passes[0].tables[0]), "deal: id rep amount closed_on");
    cr_expect_str_eq(fields(&scheduled(policy, false)->passes[0].tables[0]), "deal: rep amount closed_on");
}

Test(test_schedule, requirements_come_before_feeds) {
    const struct at_plan_scheduled *s =
        scheduled("require deal.amount < $9 else \"large\"\npay p = 1% of bookings", true);
    const struct at_plan_scan_work *scan = &s->passes[0].tables[0];
    cr_assert_eq(scan->requires.n, 1);
    cr_expect_str_eq(nodes(scan->require_rows), "deal.amount, (< deal.amount $9)");
    cr_expect_eq(scan->feeds[0].rows.n, 2, "the amount is known: %s", nodes(scan->feeds[0].rows));
}

Test(test_schedule, running_values_are_gathered_a_pass_before) {
    const struct at_plan_scheduled *s =
        scheduled("pay p per booking = (if running(bookings) > $5 then 2% else 1%) of amount", true);
    cr_assert_eq(s->n_passes, 2);
    cr_assert_eq(s->passes[0].tables[0].runnings.n, 1);
    cr_assert_eq(s->passes[0].tables[0].feeds[0].runnings.n, 1);
    cr_expect_eq(s->passes[1].tables[0].runnings.n, 0);
}

Test(test_schedule, one_feed_alone_has_all_its_rows) {
    lower(
        POLICY
        "credit b from deal to rep on closed_on amount amount\nmeasure m = sum of amount from b\npay p = m");
    uint32_t taken = it.plan->nodes[measure("m")].in[0];
    const struct at_plan_wanted wanted = {.feed = 1, .nodes = &taken, .n_nodes = 1};
    const struct at_plan_pass *pass = at_plan_schedule_items(it.plan, &wanted, 1, &it.arena);
    cr_assert_eq(pass->n_tables, 1);
    const struct at_plan_scan_work *scan = pass->tables;
    cr_assert_eq(scan->n_feeds, 1);
    cr_expect_eq(scan->feeds[0].wanted, &wanted);
    cr_expect_eq(scan->feeds[0].rows.n, 4, "with the key, which names the row");
    cr_expect_str_eq(fields(scan), "deal: id rep amount closed_on");
}

/* The numbers in all lists. */
static size_t work_of(uint32_t credits) {
    at_str policy = AT_STR("");
    for (uint32_t i = 0; i < credits; i++)
        policy = at_str_format(
            &words,
            "%.*scredit c%u from deal to rep on closed_on where region = \"r%u\" amount amount\n"
            "measure m%u = sum of amount from c%u\npay p%u on m%u = 1%%\n",
            AT_STR_ARG(policy), i, i, i, i, i, i);
    const struct at_plan_scheduled *s = scheduled(policy.p ? policy.p : "", true);
    const struct at_plan_scan_work *scan = &s->passes[0].tables[0];
    size_t n = s->passes[0].before.n + s->passes[0].after.n + scan->constants.n + scan->aggregates.n;
    for (uint32_t f = 0; f < scan->n_feeds; f++)
        n += 1 + scan->feeds[f].rows.n + scan->feeds[f].items.n + scan->feeds[f].aggregates.n;
    return n;
}

Test(test_schedule, lists_grow_in_proportion_to_credits) {
    size_t one = work_of(100), two = work_of(200), three = work_of(300);
    cr_expect_eq(three - two, two - one, "%zu, %zu, %zu", one, two, three);
}
