/* test_lower: what policies become. Expected formulas are reasoned out from the language, not copied from
 * what was printed. */
#include "lowering.h"

TestSuite(test_lower, .init = begin_test, .fini = end_test);

#define PAYS(statements, formula) cr_expect_str_eq(paid(statements), formula)

/* ---------------------------------------------------------------- pay */

Test(test_lower, a_bare_rate_is_of_the_base) {
    PAYS("pay p on bookings = 10%", "(* 0.1 bookings)");
}

Test(test_lower, slices_of_a_rate_are_of_the_base) {
    /* 10% up to quota + 15% over quota: each rate times its slice of bookings */
    PAYS("pay p on bookings = 10% up to rep.quota + 15% over rep.quota",
         "(+ (* 0.1 (up-to bookings (follow:cell rep.quota payee))) (* 0.15 (over bookings (follow:cell "
         "rep.quota payee))))");
    PAYS("pay p on bookings = 10% between $5 and $9", "(* 0.1 (between bookings $5 $9))");
}

Test(test_lower, a_component_is_rounded_once) {
    paid("pay p = 10% of bookings when bookings > $5");
    cr_expect_str_eq(show(component("p")->earned), "(round:2 (if (< $5 bookings) (* 0.1 bookings) $0))");
    cr_expect_eq(component("p")->earned, component("p")->value);
}

Test(test_lower, rounding_is_the_policys) {
    lower("policy \"T\" version 1 effective from 2026-01-01 currency JPY period quarter round down to yen\n"
          "payee rep from \"r.csv\" { id text key  pay money }\n"
          "pay p = 10% of rep.pay");
    cr_expect_str_eq(show(component("p")->earned), "(round:0:2 (follow:cell (* 0.1 rep.pay) payee))",
                     "AT_ROUND_DOWN is 2");
}

Test(test_lower, a_constant_is_spread_over_the_cells) {
    PAYS("pay p = $100 * 5", "(spread:cell $500)");
}

Test(test_lower, what_is_the_payees_is_worked_out_once_for_each_payee) {
    PAYS("pay p = (if rep.level > 2 then 10% else 5%) of bookings",
         "(* (follow:cell (if (< 2 rep.level) 0.1 0.05) payee) bookings)");
}

Test(test_lower, lines_keep_what_each_deal_earned) {
    lower(POLICY "pay p per booking = 2% of amount when product is \"cloud\"");
    const struct at_plan_component *p = component("p");
    /* product is a choice, compared by its place in the list; all of it is known of the row, before it is
     * credited */
    cr_expect_str_eq(show(p->lines),
                     "(take:booking (round:2 (if (= deal.product cloud) (* 0.02 deal.amount) $0)))");
    cr_expect_eq(it.plan->nodes[p->earned].op, AT_P_SUM);
    cr_expect_eq(it.plan->nodes[p->earned].in[0], p->lines);
    cr_expect_eq(p->exact, AT_NO_NODE);
    cr_expect_str_eq(show(p->lines_when), "(take:booking (= deal.product cloud))");
}

Test(test_lower, a_cells_figure_comes_back_to_deals_a_pass_later) {
    lower(POLICY "measure goal = rep.quota over $5\n"
                 "pay p per booking = 2% of amount when bookings > goal");
    const struct at_plan_component *p = component("p");
    cr_expect_str_eq(
        show(p->lines),
        "(round:2 (if (from-cell:booking (< goal bookings)) (take:booking (* 0.02 deal.amount)) $0))",
        "the comparison is made for cells, which are few");
    cr_expect_eq(it.plan->nodes[p->lines].pass, 1);
    cr_expect_eq(it.plan->nodes[measure("bookings")].pass, 0);
    cr_expect_eq(it.plan->n_passes, 2);
}

Test(test_lower, cumulative_pays_the_difference) {
    lower(POLICY "measure attainment = bookings / rep.quota\n"
                 "pay p cumulative over year on bookings = 10% over $50 when attainment > 1");
    const struct at_plan_component *p = component("p");
    /* measures are to date, the literal bound stays: it is the year's */
    cr_expect_str_eq(show(p->exact), "(if (< 1 (/ (to-date:year bookings) (follow:cell rep.quota payee))) "
                                     "(* 0.1 (over (to-date:year bookings) $50)) $0)");
    cr_expect_eq(it.plan->nodes[p->earned].op, AT_P_DELTA);
    cr_expect_eq(it.plan->nodes[p->earned].a, AT_YEAR);
    cr_expect_eq(it.plan->nodes[it.plan->nodes[p->earned].in[0]].op, AT_P_ROUND);
}

Test(test_lower, a_component_in_a_formula_is_what_it_earned) {
    lower(POLICY "pay p = 10% of first pay first = 5% of bookings cap first at $9");
    cr_expect_str_eq(show(component("p")->exact), "(* 0.1 (round:2 (* 0.05 bookings)))");
}

/* ---------------------------------------------------------------- rates, tables, functions */

Test(test_lower, rates_as_a_whole_and_through) {
    lower(POLICY "param base = 8%\n"
                 "rates tiers { from 0%: base  above 100%: base + 4% }\n"
                 "pay p = tiers(bookings / rep.quota) of bookings + (bookings through tiers of rep.quota)");
    cr_expect_str_eq(show(component("p")->exact),
                     "(+ (* (step (/ bookings (follow:cell rep.quota payee))) bookings) "
                     "(through bookings (follow:cell rep.quota payee)))");
    for (uint32_t id = 0; id < it.plan->n_nodes; id++) {
        if (it.plan->nodes[id].op != AT_P_STEP) continue;
        const struct at_plan_steps *steps = it.plan->nodes[id].data;
        cr_assert_eq(steps->n, 2);
        cr_expect(!steps->above[0] && steps->above[1]);
        cr_expect_eq(at_num_cmp(&it.arena, steps->thresholds[1], at_num_int(1)), 0);
        cr_expect_eq(at_num_cmp(&it.arena, steps->values[1], at_num_decimal(12, 2)), 0);
    }
}

Test(test_lower, a_table_of_two_keys) {
    lower(POLICY
          "table rate by product, region { | \"east\" | other\n \"core\" | 8% | 7%\n other | 5% | 4% }\n"
          "pay p per booking = rate(product, region) of amount");
    cr_expect_str_eq(show(component("p")->lines),
                     "(take:booking (round:2 (* (lookup deal.product deal.region) deal.amount)))");
    for (uint32_t id = 0; id < it.plan->n_nodes; id++) {
        if (it.plan->nodes[id].op != AT_P_LOOKUP) continue;
        const struct at_plan_lookup *table = it.plan->nodes[id].data;
        cr_assert(table->n_rows == 2 && table->n_columns == 2);
        cr_expect_eq(table->rows[0].kind, AT_KEY_VALUE);
        cr_expect(table->rows[0].value.type.kind == AT_T_ENUM && table->rows[0].value.bits.i == 0,
                  "keys are choices, as the field is");
        cr_expect_eq(table->rows[1].kind, AT_KEY_OTHER);
        cr_expect(at_str_eq(table->columns[0].value.bits.text, AT_STR("east")));
        cr_expect_eq(at_num_cmp(&it.arena, table->values[2].bits.num, at_num_decimal(5, 2)), 0);
    }
}

Test(test_lower, a_table_by_its_bare_name_looks_at_the_fields_at_hand) {
    lower(POLICY "table rate by product { \"core\" | 8%\n other | 5% }\npay p per booking = rate of amount");
    cr_expect_str_eq(show(component("p")->lines),
                     "(take:booking (round:2 (* (lookup deal.product) deal.amount)))");
}

Test(test_lower, lookups_of_constants_are_worked_out) {
    PAYS("table rate by product { \"core\" | 8%\n other | 5% }\npay p = rate(\"core\") of bookings",
         "(* 0.08 bookings)");
    PAYS("rates r { from $0: 1%  from $10: 2% }\npay p = r($10) of bookings", "(* 0.02 bookings)");
}

Test(test_lower, functions_are_written_out) {
    PAYS("function twice(a money) money = a * 2\nfunction four(a money) money = twice(twice(a))\npay p = "
         "four(bookings)",
         "(* (* bookings 2) 2)");
    PAYS("function safe(a money, n number) money = if n = 0 then $0 else a / n\npay p = safe(bookings, 0)",
         "(spread:cell $0)");
}

Test(test_lower, many_calls_of_calls_stay_few_nodes) {
    /* each function calls the one before it twice: written out blindly these would be 2^40 nodes */
    at_str text = at_str_z(POLICY "function f0(a money) money = a * 2\n");
    for (int i = 1; i <= 40; i++)
        text = at_str_format(&words, "%.*sfunction f%d(a money) money = f%d(a) + f%d(a)\n", AT_STR_ARG(text),
                             i, i - 1, i - 1);
    lower(at_str_format(&words, "%.*spay p = f40(bookings)", AT_STR_ARG(text)).p);
    cr_expect_lt(it.plan->n_nodes, 70);
}

Test(test_lower, choices_that_are_known_are_made) {
    PAYS("param wide = yes\npay p = choose { when not wide: 1% when wide: 2% otherwise: 3% } of bookings",
         "(* 0.02 bookings)");
    PAYS("param parts = 0\npay p = if parts = 0 then 1% of bookings else bookings / parts",
         "(* 0.01 bookings)");
}

Test(test_lower, arms_of_a_choice_nest_from_the_last) {
    PAYS("pay p on bookings = choose { when bookings > $9: 3% when bookings > $5: 2% otherwise: 1% }",
         "(* (if (< $9 bookings) 0.03 (if (< $5 bookings) 0.02 0.01)) bookings)");
}

/* ---------------------------------------------------------------- conditions */

Test(test_lower, conditions) {
    PAYS("measure m = sum of amount from booking where region in (\"e\", \"w\") and product is not "
         "\"core\"\npay p = 1% of m",
         "(* 0.01 m)");
    cr_expect_str_eq(show(measure("m")),
                     "(sum:booking (take:booking deal.amount) (take:booking (and (in deal.region) (<> "
                     "deal.product core))))",
                     "a filter is a mask, not a choice between amount and nothing");
    PAYS("measure m = count from booking where paid_on is not missing and paid_on within 90 days of "
         "closed_on\npay p = $1 * m",
         "(* $1 m)");
    cr_expect_str_eq(show(measure("m")), "(count:booking (take:booking (and (not (missing deal.paid_on)) "
                                         "(and (<= (date-add:-90d deal.closed_on) deal.paid_on) "
                                         "(<= deal.paid_on (date-add:90d deal.closed_on))))))");
}

Test(test_lower, a_choice_and_a_text_are_compared_as_texts) {
    PAYS("measure m = count from booking where product is region\npay p = $1 * m", "(* $1 m)");
    cr_expect_str_eq(show(measure("m")),
                     "(count:booking (take:booking (= (choice-text deal.product) deal.region)))");
}

Test(test_lower, a_reference_and_a_text_are_compared_by_key) {
    PAYS("measure m = count from booking where deal.rep is \"ana\"\npay p = $1 * m", "(* $1 m)");
    cr_expect_str_eq(show(measure("m")),
                     "(count:booking (take:booking (follow:deal (= rep.id 'ana') deal.rep)))");
}

Test(test_lower, dates_and_periods) {
    PAYS("measure m = count from booking where year(closed_on) = 2026 and days(closed_on, period.end) > 9 "
         "and closed_on + 6 months > period.start\n"
         "pay p = $1 * m",
         "(* $1 m)");
    cr_expect_str_eq(show(measure("m")),
                     "(count:booking (and (and (take:booking (= (date-part:0 deal.closed_on) 2026)) "
                     "(< 9 (days-between (take:booking deal.closed_on) (period-part:end item-period)))) "
                     "(< (period-part:start item-period) (take:booking (date-add:6m deal.closed_on)))))");
}

/* ---------------------------------------------------------------- credits and measures */

Test(test_lower, shares_and_managers) {
    lower("policy \"T\" version 1 effective from 2026-01-01 currency USD period month\n"
          "payee rep from \"r.csv\" { id text key  manager rep optional }\n"
          "data deal from \"d.csv\" { id text key  rep rep  second rep  amount money  closed_on date  won "
          "flag }\n"
          "credit booking from deal where won to rep at 80%, second at 20%, managers of rep on closed_on "
          "amount 50% of amount\n"
          "measure m = sum of amount from booking\npay p = 1% of m");
    cr_expect_str_eq(show(measure("m")), "(sum:booking (* (take:booking (* 0.5 deal.amount)) item-share))");
    const struct at_plan_feed *feed = &it.plan->feeds[0];
    cr_expect_str_eq(show(feed->where), "deal.won");
    cr_assert_eq(feed->n_to, 3);
    cr_expect_str_eq(show(feed->to[0].share), "0.8");
    cr_expect(feed->to[2].managers && feed->to[2].share == AT_NO_NODE);
    cr_expect_str_eq(show(feed->on), "deal.closed_on");
    cr_expect_str_eq(show(feed->key), "deal.id");
}

Test(test_lower, measures_at_the_grain_of_their_feed) {
    lower(POLICY "measure cell = sum of amount from target to rep on quarter per quarter\n"
                 "measure person = sum of amount from target to rep\n"
                 "measure month = sum of amount from target on quarter spread evenly\n"
                 "measure all = sum of amount from target\n"
                 "pay p = 1% of (cell + person + month + all)");
    cr_expect_str_eq(show(measure("cell")), "(sum:#1 (take:#1 target.amount))");
    cr_expect_str_eq(show(measure("person")), "(follow:cell (sum:#2 (take:#2 target.amount)) payee)");
    cr_expect_str_eq(show(measure("month")), "(from-group (sum:#3 (* (take:#3 target.amount) item-share)))");
    cr_expect_str_eq(show(measure("all")), "(spread:cell (sum:#4 (take:#4 target.amount)))");
    cr_expect_eq(it.plan->n_passes, 1);
    cr_expect_eq(it.plan->feeds[1].spread, AT_OP_PER);
    cr_expect_eq(it.plan->feeds[1].spread_kind, AT_QUARTER);
}

Test(test_lower, a_credit_on_another_date_is_another_feed) {
    lower(POLICY "measure cash = sum of amount from booking where paid_on is not missing on paid_on\npay p = "
                 "1% of cash");
    cr_assert_eq(it.plan->n_feeds, it.checked->n_feeds + 1);
    cr_expect_str_eq(show(it.plan->feeds[it.checked->n_feeds].on), "deal.paid_on");
    cr_expect_str_eq(show(measure("cash")),
                     "(sum:#1 (take:#1 deal.amount) (take:#1 (not (missing deal.paid_on))))");
}

Test(test_lower, an_average_of_nothing_is_missing) {
    PAYS("measure size = average of amount from booking\npay p = ifmissing(size, $0)",
         "(if-missing size $0)");
    cr_expect_str_eq(show(measure("size")), "(if (= count:booking 0) missing (/ bookings count:booking))");
}

Test(test_lower, running_sums_what_came_before) {
    lower(POLICY "pay p per booking = 1% of amount when running(bookings) < $100");
    cr_expect_str_eq(show(component("p")->lines),
                     "(round:2 (if (< (running (take:booking deal.amount) (take:booking deal.closed_on) "
                     "(take:booking deal.id)) $100) "
                     "(take:booking (* 0.01 deal.amount)) $0))");
    cr_expect_eq(it.plan->n_passes, 2);
}

/* ---------------------------------------------------------------- time */

Test(test_lower, flows_are_added_up_over_the_year) {
    PAYS("pay p = 1% of ytd(bookings) + 1% of qtd(bookings) + 1% of htd(bookings)",
         "(+ (+ (* 0.01 (to-date:year bookings)) (* 0.01 (to-date:quarter bookings))) (* 0.01 (to-date:half "
         "bookings)))");
    /* the part over $5 of each month, summed; or the part of the year's bookings */
    PAYS("measure extra = bookings over $5\npay p = ytd(extra by period)", "(to-date:year extra)");
    PAYS("measure extra = bookings over $5\npay p = ytd(extra by year)", "(over (to-date:year bookings) $5)");
    PAYS("measure extra = bookings over $5\npay p = trailing(recalculated(extra), 2)",
         "(over (trailing:2 bookings) $5)");
    PAYS("measure fixed = $5\npay p = ytd(fixed by period)", "(to-date:year fixed)");
    PAYS("measure fixed = $5\npay p = ytd(recalculated(fixed))", "(spread:cell $5)");
}

Test(test_lower, ratios_are_worked_out_anew) {
    PAYS("measure deals = count from booking\nmeasure size = bookings / deals\npay p = ytd(size)",
         "(/ (to-date:year bookings) (to-date:year deals))");
    PAYS("measure deals = count from booking\nmeasure size = bookings / deals\npay p = trailing(size, 3)",
         "(/ (trailing:3 bookings) (trailing:3 deals))");
    PAYS("measure size = average of amount from booking\npay p = ytd(ifmissing(size, $0))",
         "(if-missing (if (= (to-date:year count:booking) 0) missing (/ (to-date:year bookings) "
         "(to-date:year count:booking))) $0)");
    PAYS("measure top = max of amount from booking\npay p = ytd(ifmissing(top, $0))",
         "(if-missing (to-date:year:2 top) $0)");
}

Test(test_lower, a_figure_given_once_per_quarter_is_counted_once) {
    static const char quota[] = "measure quota = sum of amount from target to rep on quarter per quarter\n";
    PAYS(at_str_format(&words, "%spay p = qtd(quota)", quota).p, "(sum:#1 (take:#1 target.amount))");
    PAYS(at_str_format(&words, "%spay p = ytd(quota)", quota).p, "(to-date:year (delta:quarter quota))");
    /* parts come together each in its own way */
    PAYS(at_str_format(&words, "%spay p = ytd(quota - bookings)", quota).p,
         "(- (to-date:year (delta:quarter quota)) (to-date:year bookings))");
    PAYS(at_str_format(&words, "%spay p = ytd(120%% of quota)", quota).p,
         "(* 1.2 (to-date:year (delta:quarter quota)))");
    PAYS(at_str_format(&words, "%spay p = qtd(bookings) over qtd(quota)", quota).p,
         "(over (to-date:quarter bookings) quota)");
}

Test(test_lower, to_date_within_the_period_is_the_period) {
    lower("policy \"T\" version 1 effective from 2026-01-01 currency USD period quarter\n"
          "payee rep from \"r.csv\" { id text key }\n"
          "data deal from \"d.csv\" { id text key  rep rep  amount money  closed_on date }\n"
          "credit booking from deal to rep on closed_on amount amount\n"
          "measure bookings = sum of amount from booking\npay p = 1% of qtd(bookings)");
    cr_expect_str_eq(show(component("p")->exact), "(* 0.01 bookings)");
}

Test(test_lower, prior_looks_back) {
    PAYS("pay p = 1% of ifmissing(prior(bookings, 2), $0)", "(* 0.01 (if-missing (prior:2 bookings) $0))");
}

/* ---------------------------------------------------------------- people */

Test(test_lower, over_people) {
    PAYS("pay p = share(bookings) * $5 + rank(bookings by team) * $1 + 1% of total(bookings by team)",
         "(+ (+ (* (/ bookings (from-group (group-sum:all bookings))) $5) (* (rank:1 bookings) $1)) "
         "(from-group (* 0.01 (group-sum:team bookings))))");
}

Test(test_lower, a_pool_is_rounded_and_allotted) {
    lower(POLICY "pool team on bookings = 20% split by contribution");
    cr_expect_str_eq(show(component("team")->earned),
                     "(allot (round:2 (* 0.2 (group-sum:team bookings))) bookings)");
    cr_expect_eq(component("team")->role, AT_ROLE_POOL);
    lower(POLICY "pool prize per team = $100 split by level when bookings > $9");
    cr_expect_str_eq(
        show(component("prize")->earned),
        "(allot (round:2 (if (< $9 (group-sum:team bookings)) $100 $0)) (follow:cell rep.level payee))");
    lower(POLICY "pool prize = $100 split equally");
    cr_expect_str_eq(show(component("prize")->earned), "(allot (spread:all $100) (spread:cell 1))");
}

Test(test_lower, measures_of_a_group_are_worked_out_anew) {
    lower(POLICY
          "measure deals = count from booking\nmeasure size = bookings / deals\n"
          "measure most = max of amount from booking\nmeasure goal = sum of amount from target on quarter "
          "spread evenly\n"
          "pool team on bookings = 1% + 1% of size + 1% of ifmissing(most, $0) + 1% of total(goal) + 1% of "
          "ytd(size) split equally");
    const struct at_plan_node *allot = &it.plan->nodes[component("team")->earned];
    cr_expect_str_eq(
        show(it.plan->nodes[allot->in[0]].in[0]),
        "(+ (+ (+ (+ (* 0.01 (group-sum:team bookings)) "
        "(* 0.01 (/ (group-sum:team bookings) (group-sum:team deals)))) "
        "(* 0.01 (if-missing (group-most:team most) $0))) "
        "(spread:team (* 0.01 (sum:#1 (* (take:#1 target.amount) item-share))))) "
        "(* 0.01 (/ (to-date:year (group-sum:team bookings)) (to-date:year (group-sum:team deals)))))");
}

/* ---------------------------------------------------------------- adjustments */

Test(test_lower, a_cap_replaces_the_value) {
    lower(POLICY "pay p = 10% of bookings cap p at $40 floor p at $5 when bookings > $0");
    const struct at_plan_component *p = component("p");
    cr_expect_eq(it.plan->n_components, 1);
    cr_assert_eq(it.plan->n_adjustments, 2);
    const struct at_plan_adjustment *cap = &it.plan->adjustments[0], *floor = &it.plan->adjustments[1];
    /* They act on the exact amount, and the line is rounded once. */
    cr_expect_eq(cap->before, p->exact);
    cr_expect_eq(floor->before, cap->after);
    cr_expect_eq(p->adjusted, floor->after);
    cr_expect_eq(it.plan->nodes[p->value].op, AT_P_ROUND);
    cr_expect_eq(it.plan->nodes[p->value].in[0], floor->after);
    cr_expect_eq(it.plan->total, p->value);
    cr_expect_str_eq(show(cap->after), "(min (* 0.1 bookings) (spread:cell $40))");
    cr_expect_str_eq(show(floor->after),
                     "(if (< $0 bookings) (max (min (* 0.1 bookings) (spread:cell $40)) (spread:cell $5)) "
                     "(min (* 0.1 bookings) (spread:cell $40)))");
}

Test(test_lower, a_cap_of_a_year_has_no_limit_where_it_does_not_apply) {
    lower(POLICY "pay p = 10% of bookings cap p at 50% of rep.quota per year when rep.level > 1");
    cr_expect_str_eq(show(component("p")->value),
                     "(delta:year (round:2 (to-date:year "
                     "(cap-to-date:year (* 0.1 bookings) (if (follow:cell (< 1 rep.level) payee) "
                     "(follow:cell (* 0.5 rep.quota) payee) missing)))))");
}

Test(test_lower, lines_stay_and_the_cap_is_a_line_beside_them) {
    lower(POLICY "pay p per booking = 10% of amount cap p at $40 cap p at $30 pay q = 1% of bookings");
    cr_assert_eq(it.plan->n_components, 4);
    cr_expect(at_str_eq(it.plan->components[0].name, AT_STR("p")));
    cr_expect(at_str_eq(it.plan->components[1].name, AT_STR("cap p")));
    cr_expect(at_str_eq(it.plan->components[2].name, AT_STR("cap p 2")));
    cr_expect(at_str_eq(it.plan->components[3].name, AT_STR("q")));
    cr_expect_eq(it.plan->components[0].value, it.plan->components[0].earned);
    cr_expect_eq(it.plan->components[1].role, AT_ROLE_ADJUSTMENT);
    const struct at_plan_adjustment *first = &it.plan->adjustments[0], *second = &it.plan->adjustments[1];
    cr_expect(first->component == 1 && second->component == 2);
    cr_expect_eq(second->before, first->after);
    const struct at_plan_node *line = &it.plan->nodes[it.plan->components[2].value];
    cr_expect(line->op == AT_P_SUB && line->in[0] == second->after && line->in[1] == second->before);
}

Test(test_lower, a_cap_of_the_total_sees_what_is_written_before_it) {
    lower(POLICY "pay a = 1% of bookings pay b = 2% of bookings cap total at $9 pay c = 3% of bookings floor "
                 "total at $1");
    const struct at_plan_adjustment *cap = &it.plan->adjustments[0], *floor = &it.plan->adjustments[1];
    cr_expect_str_eq(show(cap->before), "(+ (round:2 (* 0.01 bookings)) (round:2 (* 0.02 bookings)))");
    /* a + b + c, and what the cap took */
    const struct at_plan_node *sum = &it.plan->nodes[floor->before];
    cr_expect_eq(sum->in[1], component("cap total")->value);
    cr_expect_str_eq(
        show(sum->in[0]),
        "(+ (+ (round:2 (* 0.01 bookings)) (round:2 (* 0.02 bookings))) (round:2 (* 0.03 bookings)))");
    /* everything paid is the components and both lines */
    const struct at_plan_node *lines = &it.plan->nodes[it.plan->nodes[it.plan->total].in[1]];
    cr_expect(lines->in[0] == component("cap total")->value &&
              lines->in[1] == component("floor total")->value);
    cr_expect(at_str_eq(it.plan->components[2].name, AT_STR("cap total")));
    cr_expect(at_str_eq(it.plan->components[4].name, AT_STR("floor total")));
}

Test(test_lower, many_caps_of_the_total_stay_few_nodes) {
    /* 100 components, each capped and then their total: sums made anew each time would be 20,000 nodes */
    at_str text = at_str_z(POLICY);
    for (int i = 0; i < 100; i++)
        text = at_str_format(&words, "%.*spay p%d = %d%% of bookings cap p%d at $5 cap total at $%d\n",
                             AT_STR_ARG(text), i, i + 1, i, i + 9);
    lower(text.p);
    cr_expect_lt(it.plan->n_nodes, 4000);
}

Test(test_lower, an_adjustment_knows_running_values) {
    lower(POLICY "pay p = 10% of bookings cap p at $9 adjust p = p * 2 when total < $5");
    const struct at_plan_adjustment *cap = &it.plan->adjustments[0], *adjust = &it.plan->adjustments[1];
    const struct at_plan_node *chosen = &it.plan->nodes[component("p")->adjusted];
    cr_expect_eq(chosen->op, AT_P_IF);
    cr_expect_eq(chosen->in[2], cap->after);
    cr_expect_eq(it.plan->nodes[adjust->at].in[0], cap->after, "its own value is exact");
    const struct at_plan_node *total = &it.plan->nodes[it.plan->nodes[adjust->when].in[0]];
    cr_expect(total->op == AT_P_ROUND && total->in[0] == cap->after, "the total is of lines");
}

Test(test_lower, requirements_of_rows_cells_and_the_run) {
    lower(POLICY "pay p = 10% of bookings\n"
                 "require deal.amount > $0 else \"a\"\nrequire p <= bookings else \"b\"\n"
                 "require sum(total) <= 12% of sum(bookings) else \"c\"\nrequire count(p) > 1 and average(p) "
                 "> $1 else \"d\"");
    cr_assert_eq(it.plan->n_requires, 4);
    const struct at_plan_require *require = it.plan->requires;
    cr_expect_str_eq(show(require[0].cond), "(< $0 deal.amount)");
    cr_expect_str_eq(show(require[1].cond), "(<= (round:2 (* 0.1 bookings)) bookings)");
    cr_expect_str_eq(show(require[2].cond),
                     "(<= (run-sum (round:2 (* 0.1 bookings))) (* 0.12 (run-sum bookings)))");
    cr_expect_str_eq(show(require[3].cond),
                     "(and (< 1 (run-count (round:2 (* 0.1 bookings)))) "
                     "(< $1 (/ (run-sum (round:2 (* 0.1 bookings))) (run-sum (spread:cell 1)))))");
}

Test(test_lower, who_is_covered) {
    lower(POLICY "applies to rep where level > 2 and team is not \"east\"\npay p = 1% of bookings");
    cr_expect_str_eq(show(it.plan->applies), "(and (< 2 rep.level) (<> rep.team 'east'))");
    lower(POLICY "pay p = 1% of bookings");
    cr_expect_eq(it.plan->applies, AT_NO_NODE);
}

/* ---------------------------------------------------------------- what is needed */

Test(test_lower, what_nobody_needs_costs_no_pass) {
    lower(POLICY
          "measure deals = count from booking\nmeasure tenth = 10% of bookings\n"
          "measure goal = sum of amount from target to rep on quarter per quarter\npay p = 1% of bookings");
    cr_expect(it.plan->nodes[measure("bookings")].needed);
    cr_expect(it.plan->nodes[measure("tenth")].needed, "comes free with bookings");
    cr_expect_not(it.plan->nodes[measure("goal")].needed, "would read the table of targets");
    cr_expect_not(it.plan->nodes[measure("deals")].needed);
    cr_expect_eq(it.plan->n_passes, 1);
}

Test(test_lower, a_test_may_ask_for_what_nobody_needs) {
    lower(POLICY "measure goal = sum of amount from target to rep on quarter per quarter\n"
                 "measure late = count from booking where closed_on > period.start and bookings > $5\npay p "
                 "= 1% of bookings");
    struct at_plan *wide = at_plan_with_measures(it.plan, &it.arena);
    uint32_t goal = measure("goal"), late = measure("late");
    cr_expect(wide->nodes[goal].needed && wide->nodes[late].needed);
    cr_expect(wide->nodes[wide->feeds[1].on].needed, "the rows that it draws from are wanted with it");
    cr_expect_eq(wide->n_passes, 2);
    cr_expect_not(it.plan->nodes[goal].needed, "the plan itself stays as it is");
    cr_expect_eq(it.plan->n_passes, 1);
    const char *broken = at_plan_verify(wide);
    cr_expect_null(broken, "%s", broken);
}

Test(test_lower, a_policy_without_pay_is_a_plan) {
    lower("policy \"T\" version 1 effective from 2026-01-01 currency USD period month\npayee rep from "
          "\"r.csv\" { id text key }\n");
    cr_expect_eq(it.plan->n_components, 0);
    cr_expect_str_eq(show(it.plan->total), "(spread:cell $0)");
}

/* ---------------------------------------------------------------- settings and trouble */

static const char *message(void) {
    return it.diags.n > 0 ? it.diags.at[it.diags.n - 1]->message.p : "";
}

Test(test_lower, a_setting_replaces_a_param) {
    struct at_plan_setting set = {
        AT_STR("base"), {.type = {.kind = AT_T_NUMBER}, .bits.num = at_num_decimal(9, 2)}, false};
    lower_with(POLICY "param base = 8%\nparam double = 2 * base\npay p = double of bookings", &set, 1);
    cr_assert_eq(it.status, AT_OK);
    cr_expect_str_eq(show(component("p")->exact), "(* 0.18 bookings)");
    cr_expect_eq(at_num_cmp(&it.arena, it.plan->params[1].bits.num, at_num_decimal(18, 2)), 0);
}

Test(test_lower, settings_that_do_not_fit) {
    struct at_plan_setting set = {
        AT_STR("bsae"), {.type = {.kind = AT_T_NUMBER}, .bits.num = at_num_int(9)}, false};
    lower_with(POLICY "param base = 8%\npay p = base of bookings", &set, 1);
    cr_expect_eq(it.status, AT_REJECTED);
    cr_expect_eq(it.diags.at[it.diags.n - 1]->code, AT_A0951);
    set = (struct at_plan_setting){
        AT_STR("base"),
        {.type = {.kind = AT_T_MONEY, .currency = it.checked->currency}, .bits.num = at_num_int(9)},
        false};
    lower_with(POLICY "param base = 8%\npay p = base of bookings", &set, 1);
    cr_expect_eq(it.status, AT_REJECTED);
    cr_expect_eq(it.diags.at[it.diags.n - 1]->code, AT_A0952);
}

Test(test_lower, a_setting_may_break_the_steps_of_rates) {
    struct at_plan_setting set = {
        AT_STR("gate"), {.type = {.kind = AT_T_NUMBER}, .bits.num = at_num_decimal(5, 1)}, false};
    lower_with(POLICY "param gate = 120%\nrates r { from 0%: 1% from 100%: 2% from gate: 3% }\npay p = "
                      "r(bookings / rep.quota) of bookings",
               &set, 1);
    cr_expect_eq(it.status, AT_REJECTED);
    cr_expect_eq(it.diags.at[it.diags.n - 1]->code, AT_A0955);
}

Test(test_lower, a_constant_that_cannot_be_worked_out) {
    lower_with(POLICY "param none = 0\npay p = (10% / none) of bookings", NULL, 0);
    cr_expect_eq(it.status, AT_REJECTED);
    cr_expect_eq(it.diags.at[it.diags.n - 1]->code, AT_A0953);
    cr_expect_str_eq(message(), "cannot divide by zero");
}

/* ---------------------------------------------------------------- constants of tests */

static const struct at_ast_node *expected(uint32_t i) {
    const struct at_ast_node *test = it.checked->tests[0];
    for (uint32_t k = 0, n = 0; k < test->n; k++)
        if (test->child[k]->kind == AT_N_EXPECT && n++ == i) return test->child[k]->child[2];
    return NULL;
}

Test(test_lower, constants_outside_the_rules) {
    lower(POLICY "param base = 8%\npay p = base of bookings\n"
                 "test \"t\" { given rep { id: \"ana\", team: \"x\", level: 1, quota: $5 } expect p for "
                 "\"ana\" in 2026-01 = -$5.50 expect p for \"ana\" in 2026-01 = "
                 "base * $100 }");
    struct at_plan_value value;
    cr_assert(at_plan_constant(it.plan, expected(0), &it.arena, &it.diags, &value));
    cr_expect(value.type.kind == AT_T_MONEY &&
              at_num_cmp(&it.arena, value.bits.num, at_num_decimal(-55, 1)) == 0);
    cr_assert(at_plan_constant(it.plan, expected(1), &it.arena, &it.diags, &value));
    cr_expect_eq(at_num_cmp(&it.arena, value.bits.num, at_num_int(8)), 0);
}

/* Measure k(i+1) counts the rows below k(i), which is known only at the end of a round. */
static const char *rounds(unsigned n) {
    at_str text = at_str_format(&words, "%smeasure k0 = bookings\n", POLICY);
    for (unsigned i = 0; i < n; i++)
        text = at_str_format(&words,
                             "%.*scredit d%u from deal to rep on closed_on amount amount\n"
                             "measure k%u = sum of amount from d%u where amount < k%u\n",
                             AT_STR_ARG(text), i, i + 1, i, i);
    return at_str_format(&words, "%.*spay p = 1%% of k%u\n", AT_STR_ARG(text), n).p;
}

Test(test_lower, rounds_over_the_data_are_counted_and_never_begin_anew) {
    lower(rounds(249));
    cr_expect_eq(it.status, AT_OK);
    cr_expect_eq(it.plan->n_passes, 250);
    lower_with(rounds(300), NULL, 0);
    cr_expect_eq(it.status, AT_REJECTED);
    cr_assert_eq(it.diags.errors, 1);
    cr_expect_eq(it.diags.at[it.diags.n - 1]->code, AT_A0956);
}

/* ---------------------------------------------------------------- many adjustments of the total */

static uint32_t nodes_of_caps(uint32_t n) {
    at_str policy = AT_STR(POLICY "pay p on bookings = 10%\n");
    for (uint32_t i = 0; i < n; i++)
        policy = at_str_format(&words, "%.*spay q%u on bookings = %u%%\ncap total at $%u\n",
                               AT_STR_ARG(policy), i, i % 90 + 1, 100000 + i);
    lower(policy.p);
    return it.plan->n_nodes;
}

Test(test_lower, adjustments_of_the_total_grow_by_little) {
    uint32_t one = nodes_of_caps(250), two = nodes_of_caps(500), four = nodes_of_caps(1000);
    /* A cap adds the sums from a leaf to the root, at most the logarithm of 1,000 twice, and less than 20
     * nodes of its own. */
    cr_expect_lt(two - one, 250 * 40, "%u, %u", one, two);
    cr_expect_lt(four - two, 500 * 40, "%u, %u", two, four);
    cr_expect_str_eq(it.plan->components[it.plan->n_components - 1].name.p, "cap total 1000");
}
