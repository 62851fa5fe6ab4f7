/* Plans of several versions as one: what they share is one node, each finds its own again, and those that
 * cannot share a run are refused.
 */
#include "lowering.h"
#include "plan/merge.h"

TestSuite(merge, .init = begin_test, .fini = end_test);

enum { MOST = 4 };

struct merged {
    struct at_diag_sources sources[MOST];
    struct at_diag_list diags;
    const struct at_plan *plans[MOST];
    struct at_plan *plan;
    struct at_plan_map maps[MOST];
    bool done;
};

static struct merged m;

/* All plans stay in one arena. */
static void merge(uint32_t n, const char *const *texts) {
    m = (struct merged){0};
    for (uint32_t i = 0; i < n; i++) {
        struct at_ast *ast;
        struct at_check_policy *checked;
        struct at_plan *plan;
        at_diag_sources_init(&m.sources[i], &it.arena);
        at_diag_list_init(&m.diags, &it.arena, &m.sources[i]);
        cr_assert_eq(
            at_parse(&m.sources[i], &it.arena, &m.diags, AT_STR("t"), at_str_z(texts[i]), NULL, NULL, &ast),
            AT_OK);
        cr_assert_eq(at_check(ast, &it.arena, &m.diags, NULL, NULL, &checked), AT_OK, "%s", texts[i]);
        cr_assert_eq(at_plan_lower(checked, NULL, 0, &it.arena, &m.diags, &plan), AT_OK);
        m.plans[i] = plan;
    }
    m.done = at_plan_merge(m.plans, n, n, &it.arena, &m.plan, m.maps);
}

static void keeps_its_promises(uint32_t n) {
    const char *broken = at_plan_verify(m.plan);
    cr_assert_null(broken, "%s", broken);
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t id = 0; id < m.plans[k]->n_nodes; id++) {
            uint32_t to = m.maps[k].node[id];
            cr_assert_lt(to, m.plan->n_nodes);
            cr_expect_eq(m.plan->nodes[to].op, m.plans[k]->nodes[id].op);
            cr_expect_eq(m.plan->nodes[to].grain, m.plans[k]->nodes[id].grain);
            cr_expect(m.plan->nodes[to].needed || !m.plans[k]->nodes[id].needed);
            for (uint32_t i = 0; i < m.plans[k]->nodes[id].n_in; i++)
                cr_expect_eq(m.plan->nodes[to].in[i], m.maps[k].node[m.plans[k]->nodes[id].in[i]]);
        }
}

static uint32_t value_of(uint32_t k, const char *component) {
    for (uint32_t c = 0; c < m.plans[k]->n_components; c++)
        if (at_str_eq(m.plans[k]->components[c].name, at_str_z(component)))
            return m.maps[k].node[m.plans[k]->components[c].value];
    cr_assert_fail("no such component");
    return AT_NO_NODE;
}

Test(merge, the_same_policy_twice_is_the_policy) {
    const char *texts[] = {POLICY "pay a = 10% of bookings cap a at $5",
                           POLICY "pay a = 10% of bookings cap a at $5"};
    merge(2, texts);
    cr_assert(m.done);
    keeps_its_promises(2);
    cr_expect_eq(m.plan->n_nodes, m.plans[0]->n_nodes);
    cr_expect_eq(m.plan->n_feeds, m.plans[0]->n_feeds);
    cr_expect_eq(value_of(0, "a"), value_of(1, "a"));
}

Test(merge, what_differs_is_apart_and_what_does_not_is_shared) {
    const char *texts[] = {POLICY "pay a = 10% of bookings pay b = $7 when bookings > $5",
                           POLICY "pay b = $7 when bookings > $5 pay a = 12% of bookings",
                           POLICY "pay a = 12% of bookings pay c = $1"};
    merge(3, texts);
    cr_assert(m.done);
    keeps_its_promises(3);
    cr_expect_neq(value_of(0, "a"), value_of(1, "a"));
    cr_expect_eq(value_of(1, "a"), value_of(2, "a"));
    cr_expect_eq(value_of(0, "b"), value_of(1, "b"));
    cr_expect_eq(m.plan->n_feeds, 1);
    cr_expect_eq(m.plan->n_components, 2, "it pays what the first version pays");
}

Test(merge, rates_and_tables_are_one_where_their_figures_are) {
    const char *texts[] = {POLICY "rates r { from $0: 5% from $9: 7% } pay a = bookings through r",
                           POLICY "rates other { from $0: 5% from $9: 7.0% } pay a = bookings through other",
                           POLICY "rates r { from $0: 5% from $9: 8% } pay a = bookings through r"};
    merge(3, texts);
    cr_assert(m.done);
    keeps_its_promises(3);
    cr_expect_eq(value_of(0, "a"), value_of(1, "a"));
    cr_expect_neq(value_of(0, "a"), value_of(2, "a"));
}

Test(merge, another_credit_is_another_feed) {
    const char *texts[] = {
        POLICY "pay a = 1% of bookings",
        POLICY "credit core from deal where product is \"core\" to rep on closed_on amount amount\n"
               "measure cores = sum of amount from core pay a = 1% of cores"};
    merge(2, texts);
    cr_assert(m.done);
    keeps_its_promises(2);
    cr_expect_eq(m.maps[0].feed[0], 0);
    cr_expect_neq(value_of(0, "a"), value_of(1, "a"));
    cr_expect_eq(m.plan->n_feeds, 2);
}

Test(merge, requirements_of_all_are_kept) {
    const char *texts[] = {POLICY "pay a = 1% of bookings require total <= $9 else \"much\"",
                           POLICY "pay a = 2% of bookings require total >= $0 else \"little\""};
    merge(2, texts);
    cr_assert(m.done);
    cr_expect_eq(m.plan->n_requires, 2);
}

Test(merge, versions_of_other_worlds_are_refused) {
    static const char *const other[] = {
        "policy \"T\" version 1 effective from 2026-01-01 to 2026-12-31 currency EUR period month\n",
        "policy \"T\" version 1 effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n",
        "policy \"T\" version 1 effective from 2026-02-01 to 2026-12-31 currency USD period month\n"};
    const char *rest = strchr(POLICY, '\n') + 1;
    for (size_t i = 0; i < AT_COUNT(other); i++) {
        at_str text = at_str_format(&words, "%s%spay a = 1%% of bookings", other[i], rest);
        const char *texts[] = {POLICY "pay a = 1% of bookings", text.p};
        merge(2, texts);
        cr_expect_not(m.done, "%s", other[i]);
    }
    const char *covered[] = {POLICY "pay a = 1% of bookings",
                             POLICY "applies to rep where level > 2 pay a = 1% of bookings"};
    merge(2, covered);
    cr_expect_not(m.done);
    const char *table[] = {POLICY "pay a = 1% of bookings",
                           POLICY "data more from \"m.csv\" { rep rep } pay a = 1% of bookings"};
    merge(2, table);
    cr_expect_not(m.done);
}
