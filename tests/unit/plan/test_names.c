/* test_names: what names and built-in functions become, wherever they stand. Formulas are reasoned out from
 * the language. */
#include "lowering.h"

TestSuite(test_names, .init = begin_test, .fini = end_test);

#define PAYS(statements, formula) cr_expect_str_eq(paid(statements), formula)

/* The lines of `p` before rounding, whatever grain they are rounded at. */
static const char *lines(const char *statements) {
    lower(at_str_format(&words, "%s%s", POLICY, statements).p);
    const struct at_plan_node *line = &it.plan->nodes[component("p")->lines];
    if (line->op == AT_P_TAKE) line = &it.plan->nodes[line->in[0]];
    cr_assert_eq(line->op, AT_P_ROUND);
    return show(line->in[0]);
}

#define LINES(statements, formula) cr_expect_str_eq(lines(statements), formula)

/* ---------------------------------------------------------------- names at a credit */

Test(test_names, the_payees_name_is_the_recipient) {
    /* deal.rep is whom the deal names; rep is who gets it, who may be a manager */
    lower(POLICY "pay p per booking = 1% of rep.quota");
    cr_expect_str_eq(show(component("p")->lines), "(follow:booking (round:2 (* 0.01 rep.quota)) recipient)");
    LINES("pay p per booking = 1% of deal.rep.quota", "(* 0.01 (follow:deal rep.quota deal.rep))");
    LINES("pay p per booking = if rep is deal.rep then $1 else $2",
          "(if (= recipient (take:booking deal.rep)) $1 $2)");
    LINES("pay p per booking = if rep is \"ana\" then $1 else $2",
          "(if (follow:booking (= rep.id 'ana') recipient) $1 $2)");
}

Test(test_names, the_payee_of_a_cell) {
    PAYS("pay p = if rep.manager is missing then $1 else 1% of bookings",
         "(if (follow:cell (missing rep.manager) payee) $1 (* 0.01 bookings))");
    PAYS("pay p = if rep is \"ana\" then $1 else $2", "(if (follow:cell (= rep.id 'ana') payee) $1 $2)");
    PAYS("pay p = if rep.manager is not missing and rep.manager.level > 2 then $1 else $2",
         "(follow:cell (if (and (not (missing rep.manager)) (follow:rep (< 2 rep.level) rep.manager)) $1 $2) "
         "payee)");
}

Test(test_names, a_row_of_a_table_of_payees) {
    /* payees can be what is credited: a row's field and the recipient's field are then two things */
    lower("policy \"T\" version 1 effective from 2026-01-01 currency USD period month\n"
          "payee rep from \"r.csv\" { id text key  level number  bonus money  due date  manager rep optional "
          "}\n"
          "credit headcount from rep where manager is not missing to manager on due amount bonus\n"
          "measure heads = sum of amount from headcount where rep.level > 2\n"
          "pay p = 1% of heads");
    cr_expect_str_eq(show(it.plan->feeds[0].to[0].payee), "rep.manager");
    cr_expect_str_eq(
        show(measure("heads")),
        "(sum:headcount (take:headcount rep.bonus) (follow:headcount (< 2 rep.level) recipient))");
}

Test(test_names, the_group_of_a_pool_has_its_key_and_its_period) {
    lower(POLICY
          "pool prize per team on bookings = (if team is \"east\" then 1% else 2%) when period.start > "
          "2026-03-01 split equally");
    cr_expect_str_eq(
        show(component("prize")->earned),
        "(allot (round:2 (if (< 2026-03-01 (period-part:start cell-period)) "
        "(* (if (= group-key 'east') 0.01 0.02) (group-sum:team bookings)) $0)) (spread:cell 1))");
}

Test(test_names, periods) {
    PAYS("pay p = $1 * period.days + $1 * period.months + $1 * period.year + $1 * period.index",
         "(+ (+ (+ (* $1 (period-part:days cell-period)) (* $1 (period-part:months cell-period))) "
         "(* $1 (period-part:year cell-period))) (* $1 (period-part:index cell-period)))");
    PAYS("pay p = $1 when period = 2026-03", "(if (= cell-period 2026-03) $1 $0)");
    LINES("pay p per booking = $1 when closed_on <= period.end",
          "(if (<= (take:booking deal.closed_on) (period-part:end item-period)) $1 $0)");
}

/* ---------------------------------------------------------------- arithmetic */

Test(test_names, arithmetic_functions) {
    PAYS("pay p = min(bookings, $5, rep.quota) + max(bookings, $7)",
         "(+ (min (min bookings $5) (follow:cell rep.quota payee)) (max bookings $7))");
    PAYS("pay p = abs(-bookings) + average(bookings, $4)", "(+ (abs (neg bookings)) (/ (+ bookings $4) 2))");
    PAYS("pay p = round(bookings, -2) + rounddown(bookings) + roundup(bookings, 1)",
         "(+ (+ (round:-2 bookings) (round:0:2 bookings)) (round:1:3 bookings))");
}

Test(test_names, comparisons_turn_one_way) {
    PAYS("pay p = $1 when bookings >= $5 or bookings <= $2",
         "(if (or (<= $5 bookings) (<= bookings $2)) $1 $0)");
}

/* ---------------------------------------------------------------- dates and texts */

Test(test_names, dates) {
    LINES("pay p per booking = $1 * (month(closed_on) + day(closed_on))",
          "(* $1 (+ (date-part:1 deal.closed_on) (date-part:2 deal.closed_on)))");
    LINES("pay p per booking = $1 when closed_on - 6 months < 2026-03-01 and 3 days + closed_on > 2026-01-01",
          "(if (and (< (date-add:-6m deal.closed_on) 2026-03-01) (< 2026-01-01 (date-add:3d "
          "deal.closed_on))) $1 $0)");
}

Test(test_names, a_duration_of_the_row) {
    lower("policy \"T\" version 1 effective from 2026-01-01 currency USD period month\n"
          "payee rep from \"r.csv\" { id text key }\n"
          "data deal from \"d.csv\" { id text key  rep rep  term duration  made date  closed_on date  amount "
          "money }\n"
          "credit booking from deal where closed_on within term of made and closed_on - term > 2026-01-01 to "
          "rep on closed_on amount amount\n"
          "measure m = sum of amount from booking\npay p = 1% of m");
    cr_expect_str_eq(show(it.plan->feeds[0].where),
                     "(and (and (<= (date-add:0d deal.made (neg deal.term)) deal.closed_on) "
                     "(<= deal.closed_on (date-add:0d deal.made deal.term))) "
                     "(< 2026-01-01 (date-add:0d deal.closed_on (neg deal.term))))");
}

Test(test_names, texts) {
    LINES("pay p per booking = $1 when lower(trim(region)) is \"east\"",
          "(if (= (text (text deal.region)) 'east') $1 $0)");
    LINES("pay p per booking = $1 when contains(product, \"clo\") or starts(region, \"e\") or ends(region, "
          "\"t\")",
          "(if (or (or (text (choice-text deal.product) 'clo') (text deal.region 'e')) (text deal.region "
          "'t')) $1 $0)");
    /* all of it is known beforehand */
    lower(POLICY
          "param place = \"EAST\"\npay p per booking = if starts(lower(place), \"ea\") then $1 else amount");
    cr_expect_str_eq(show(component("p")->lines), "(spread:booking $1)");
}

Test(test_names, lists) {
    LINES("pay p per booking = $1 when rep in (\"ana\", \"bob\")",
          "(if (follow:booking (in rep.id) recipient) $1 $0)");
    LINES("param best = \"cloud\"\npay p per booking = $1 when product in (best, \"core\")",
          "(if (in deal.product) $1 $0)");
    LINES("pay p per booking = $1 when amount in ($5, $6)", "(if (in deal.amount) $1 $0)");
}

Test(test_names, missing_values) {
    LINES("pay p per booking = $1 when ifmissing(paid_on, closed_on) > 2026-03-01",
          "(if (< 2026-03-01 (if-missing deal.paid_on deal.closed_on)) $1 $0)");
    LINES("pay p per booking = if paid_on is missing then $0 else $1", "(if (missing deal.paid_on) $0 $1)");
}

/* ---------------------------------------------------------------- tables */

Test(test_names, a_table_by_reference_looks_at_keys) {
    LINES("table rate by rep { \"ana\" | 5%\n other | 1% }\npay p per booking = rate(deal.rep) of amount",
          "(* (lookup (follow:deal rep.id deal.rep)) deal.amount)");
}

Test(test_names, a_table_of_steps) {
    lower(POLICY "table factor by level { from 0 | 1\n from 3 | 2\n above 5 | 3 }\npay p = factor(rep.level) "
                 "of bookings");
    cr_expect_str_eq(show(component("p")->exact), "(* (follow:cell (lookup rep.level) payee) bookings)");
    for (uint32_t id = 0; id < it.plan->n_nodes; id++) {
        if (it.plan->nodes[id].op != AT_P_LOOKUP) continue;
        const struct at_plan_lookup *table = it.plan->nodes[id].data;
        cr_expect(table->n_keys == 1 && table->n_columns == 1 && table->columns[0].kind == AT_KEY_OTHER);
        cr_expect(table->rows[1].kind == AT_KEY_FROM && table->rows[2].kind == AT_KEY_ABOVE);
    }
}

Test(test_names, rates_that_pay_amounts) {
    PAYS("rates prize { from $0: $0 from $50: $10 }\npay p = prize(bookings)", "(step bookings)");
    PAYS("measure deals = count from booking\nrates each { from 0: $1 above 5: $2 }\npay p = deals through "
         "each",
         "(through deals)");
}

/* ---------------------------------------------------------------- time and functions */

Test(test_names, time_inside_time) {
    /* the total so far of what was the total of the quarter */
    PAYS("pay p = ytd(qtd(bookings) by period)", "(to-date:year (to-date:quarter bookings))");
    PAYS("pay p = ytd(ifmissing(prior(bookings), $0) by period)",
         "(to-date:year (if-missing (prior:1 bookings) $0))");
    PAYS("pay p = ytd(bookings * 2 - $5 by period)", "(to-date:year (- (* bookings 2) $5))");
    PAYS("pay p = ytd(total(bookings by team))", "(from-group (to-date:year (group-sum:team bookings)))");
    PAYS("measure rate = share(bookings)\npay p = $1 * ytd(rate)",
         "(* $1 (/ (to-date:year bookings) (from-group (group-sum:all (to-date:year bookings)))))");
    PAYS("measure deals = count from booking\npay p = ytd($10 * (deals / 5))",
         "(* $10 (/ (to-date:year deals) 5))");
}

Test(test_names, an_amount_for_a_ratio_belongs_to_its_period) {
    PAYS("measure reached = bookings / rep.quota\nrates prize { from 0%: $0 from 100%: $10 }\npay p = "
         "ytd(prize(reached) by period)",
         "(to-date:year (step reached))");
    PAYS("measure deals = count from booking\nmeasure size = bookings / deals\npay p = ytd((size / bookings) "
         "* $10 by period)",
         "(to-date:year (* (/ size bookings) $10))");
}

Test(test_names, components_to_date) {
    PAYS("pay q = 1% of bookings\npay p = 1% of ytd(q)",
         "(* 0.01 (to-date:year (round:2 (* 0.01 bookings))))");
    PAYS("pay q = 1% of bookings\npool p on bookings = 1% of q split equally", "none");
    cr_expect_str_eq(
        show(component("p")->earned),
        "(allot (round:2 (* 0.01 (group-sum:all (round:2 (* 0.01 bookings))))) (spread:cell 1))");
}

Test(test_names, functions_of_lua_are_calls) {
    PAYS("function bonus(a money, t text) money from lua \"h.lua\"\npay p = bonus(bookings, team)",
         "(call bookings (follow:cell rep.team payee))");
    LINES("function bonus(a money, t text) money from lua \"h.lua\"\npay p per booking = bonus(amount, "
          "product)",
          "(call deal.amount (choice-text deal.product))");
}

Test(test_names, a_figure_of_the_company_in_a_members_formula) {
    PAYS("measure goal = sum of amount from target on quarter spread evenly\nmeasure all = sum of amount "
         "from target\n"
         "pay p = 1% of (bookings over goal) + 1% of all + 1% of ytd(all)",
         "(+ (+ (* 0.01 (over bookings goal)) (spread:cell (* 0.01 (sum:#2 (take:#2 target.amount))))) "
         "(spread:cell (* 0.01 (sum:#2 (take:#2 target.amount)))))");
}
