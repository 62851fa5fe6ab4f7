/* test_graph: nodes built by hand: equal ones are one, constants are folded, passes are counted, invariants
 * are found broken. */
#include <criterion/criterion.h>

#include "plan/graph.h"

static struct at_arena arena;
static struct at_check_policy checked;
static struct at_schema_field fields[3];
static struct at_schema schemas[2];
static struct at_check_feed_decl decl;
static struct at_plan_feed feed;
static struct at_plan_group group = {.field = -1};
static struct at_plan plan;
static struct at_plan_graph graph;
static at_type number = {.kind = AT_T_NUMBER}, money = {.kind = AT_T_MONEY, .currency = 1},
               yes_no = {.kind = AT_T_FLAG};
static at_type to_payee = {.kind = AT_T_REF, .table = 0};

/* Table 0: rep(id, level, manager); table 1: deal(amount, rep, won). One feed: deal to rep. */
static void setup(void) {
    at_arena_init(&arena, NULL, NULL);
    checked = (struct at_check_policy){
        .schemas = schemas, .n_schemas = 2, .manager_field = -1, .calendar = {AT_MONTH, 1}, .currency = 1};
    for (int i = 0; i < 3; i++)
        fields[i] = (struct at_schema_field){.name = AT_STR("field")};
    schemas[0] = (struct at_schema){.name = AT_STR("rep"), .fields = fields, .n_fields = 3};
    schemas[1] = (struct at_schema){.name = AT_STR("deal"), .fields = fields, .n_fields = 3};
    plan = (struct at_plan){.checked = &checked, .arena = &arena};
    at_plan_graph_init(&graph, &plan, &arena);
    feed = (struct at_plan_feed){.decl = &decl,
                                 .table = 1,
                                 .where = AT_NO_NODE,
                                 .on = AT_NO_NODE,
                                 .date = AT_NO_NODE,
                                 .day = AT_NO_NODE,
                                 .key = AT_NO_NODE,
                                 .known = AT_NO_NODE,
                                 .until = AT_NO_NODE};
    plan.feeds = &feed;
    plan.n_feeds = 1;
    plan.groups = &group;
    plan.n_groups = 1;
}

static void teardown(void) {
    at_arena_free(&arena);
}

TestSuite(test_graph, .init = setup, .fini = teardown);

static uint32_t num(int64_t mantissa, unsigned scale) {
    return at_plan_graph_number(&graph, at_num_decimal(mantissa, scale));
}

static bool is_num(uint32_t id, int64_t mantissa, unsigned scale) {
    const struct at_plan_value *value = at_plan_graph_value(&graph, id);
    return value && !value->missing &&
           at_num_cmp(&arena, value->bits.num, at_num_decimal(mantissa, scale)) == 0;
}

/* The feed as it is once its recipients and its date are there. */
static void send_to_reps(void) {
    static struct at_plan_recipient to;
    to = (struct at_plan_recipient){at_plan_graph_load(&graph, 1, 1, to_payee), AT_NO_NODE, false, -1};
    feed.to = &to;
    feed.n_to = 1;
    feed.on = at_plan_graph_load(&graph, 1, 2, (at_type){.kind = AT_T_DATE});
}

Test(test_graph, equal_nodes_are_one) {
    uint32_t a = at_plan_graph_load(&graph, 1, 0, money), b = at_plan_graph_load(&graph, 1, 0, money);
    cr_expect_eq(a, b);
    cr_expect_neq(a, at_plan_graph_load(&graph, 1, 1, money));
    cr_expect_neq(a, at_plan_graph_load(&graph, 0, 0, money));
    uint32_t x = at_plan_graph_map2(&graph, AT_P_ADD, money, a, b),
             y = at_plan_graph_map2(&graph, AT_P_ADD, money, a, b);
    cr_expect_eq(x, y);
    cr_expect_eq(num(15, 1), num(150, 2), "1.5 and 1.50 are the same figure");
    cr_expect_neq(
        num(1, 0),
        at_plan_graph_const(&graph, (struct at_plan_value){.type = money, .bits.num = at_num_int(1)}),
        "1 and $1 are not");
    cr_expect_null(at_plan_verify(&plan));
}

Test(test_graph, stays_right_when_it_grows) {
    uint32_t first = num(0, 0);
    for (int64_t i = 0; i < 3000; i++)
        num(i, 0);
    cr_expect_eq(plan.n_nodes, 3000);
    cr_expect_eq(num(0, 0), first);
    cr_expect_eq(num(2999, 0), 2999);
    cr_expect_eq(plan.n_nodes, 3000);
}

Test(test_graph, folds_arithmetic_exactly) {
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_ADD, number, num(1, 1), num(2, 1)), 3, 1));
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_SUB, number, num(1, 0), num(9, 1)), 1, 1));
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_MUL, number, num(15, 1), num(4, 0)), 6, 0));
    uint32_t third = at_plan_graph_map2(&graph, AT_P_DIV, number, num(1, 0), num(3, 0));
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_MUL, number, third, num(3, 0)), 1, 0),
              "a third times three is one");
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_OVER, number, num(5, 0), num(8, 0)), 0, 0));
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_UPTO, number, num(-5, 0), num(8, 0)), 0, 0));
    cr_expect(
        is_num(at_plan_graph_map3(&graph, AT_P_BETWEEN, number, num(9, 0), num(2, 0), num(8, 0)), 6, 0));
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_MIN, number, num(-5, 0), num(8, 0)), -5, 0));
    uint32_t half = num(2345, 3);
    cr_expect(
        is_num(at_plan_graph_map(&graph, AT_P_ROUND, number, 2, AT_ROUND_HALF_UP, NULL, &half, 1), 235, 2));
    cr_expect(
        is_num(at_plan_graph_map(&graph, AT_P_ROUND, number, 2, AT_ROUND_HALF_EVEN, NULL, &half, 1), 234, 2));
}

Test(test_graph, folds_rates) {
    at_num thresholds[] = {at_num_int(0), at_num_int(100), at_num_int(100)};
    at_num values[] = {at_num_decimal(5, 2), at_num_decimal(6, 2), at_num_decimal(8, 2)};
    bool above[] = {false, false, true};
    struct at_plan_steps steps = {.n = 3,
                                  .thresholds = thresholds,
                                  .above = above,
                                  .values = values,
                                  .threshold = number,
                                  .value = number};
    uint32_t at = num(100, 0), over = num(101, 0), below = num(-1, 0);
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_STEP, number, 0, 0, &steps, &at, 1), 6, 2),
              "at 100: from 100");
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_STEP, number, 0, 0, &steps, &over, 1), 8, 2),
              "101: above 100");
    cr_expect_null(
        at_plan_graph_value(&graph, at_plan_graph_map(&graph, AT_P_STEP, number, 0, 0, &steps, &below, 1)),
        "below the first step");
    /* 100 at 5%, nothing at 6%, 50 at 8%: 5 + 4 */
    uint32_t x = num(150, 0);
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_THROUGH, number, 0, 0, &steps, &x, 1), 9, 0));
    /* thresholds of 100 are 100% of 2: 200 at 5% and 100 at 8% */
    uint32_t of[] = {num(300, 0), num(2, 0)};
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_THROUGH, number, 0, 0, &steps, of, 2), 18, 0));
}

Test(test_graph, keys_of_a_table) {
    struct at_plan_key keys[] = {
        {.kind = AT_KEY_OTHER},
        {.kind = AT_KEY_FROM, .value = {.type = number, .bits.num = at_num_int(10)}},
        {.kind = AT_KEY_ABOVE, .value = {.type = number, .bits.num = at_num_int(20)}},
        {.kind = AT_KEY_VALUE, .value = {.type = number, .bits.num = at_num_int(15)}}};
    struct at_plan_value v = {.type = number, .bits.num = at_num_int(15)};
    cr_expect_eq(at_plan_find_key(&checked.calendar, &arena, keys, 4, &v), 3,
                 "an equal key goes before a step");
    v.bits.num = at_num_int(20);
    cr_expect_eq(at_plan_find_key(&checked.calendar, &arena, keys, 4, &v), 1, "above does not include");
    v.bits.num = at_num_int(21);
    cr_expect_eq(at_plan_find_key(&checked.calendar, &arena, keys, 4, &v), 2);
    v.bits.num = at_num_int(9);
    cr_expect_eq(at_plan_find_key(&checked.calendar, &arena, keys, 4, &v), 0);
    cr_expect_eq(at_plan_find_key(&checked.calendar, &arena, keys + 1, 3, &v), -1);
}

Test(test_graph, folds_conditions) {
    uint32_t yes = at_plan_graph_flag(&graph, true), no = at_plan_graph_flag(&graph, false);
    uint32_t open = at_plan_graph_load(&graph, 1, 2, yes_no);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_AND, yes_no, yes, open), open);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_AND, yes_no, open, no), no);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_OR, yes_no, open, yes), yes);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_OR, yes_no, no, open), open);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_LT, yes_no, num(1, 0), num(2, 0)), yes);
    cr_expect_eq(at_plan_graph_map1(&graph, AT_P_NOT, yes_no, yes), no);
    uint32_t missing = at_plan_graph_missing(&graph, number);
    cr_expect_eq(at_plan_graph_map1(&graph, AT_P_MISSING, yes_no, missing), yes);
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_IFMISSING, number, missing, num(7, 0)), 7, 0));
    uint32_t sum = at_plan_graph_map2(&graph, AT_P_ADD, number, missing, num(7, 0));
    cr_expect(at_plan_graph_value(&graph, sum)->missing);
    cr_expect_eq(at_plan_graph_map3(&graph, AT_P_IF, number, no, num(1, 0), num(2, 0)), num(2, 0));
}

static void count_trouble(void *context, const struct at_ast_node *ast, const char *why) {
    (void)ast;
    cr_expect_str_eq(why, "cannot divide by zero");
    ++*(int *)context;
}

Test(test_graph, says_where_constants_fail) {
    int n = 0;
    graph.on_trouble = count_trouble;
    graph.context = &n;
    uint32_t bad = at_plan_graph_map2(&graph, AT_P_DIV, number, num(1, 0), num(0, 0));
    cr_expect_eq(n, 1);
    cr_expect_eq(plan.nodes[bad].op, AT_P_DIV, "the node stays as it is");
}

Test(test_graph, times_one_is_nothing) {
    uint32_t amount = at_plan_graph_load(&graph, 1, 0, money);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_MUL, money, num(1, 0), amount), amount);
    cr_expect_neq(at_plan_graph_map2(&graph, AT_P_MUL, money, num(2, 0), amount), amount);
}

Test(test_graph, folds_dates_and_periods) {
    at_date day;
    cr_assert(at_date_make(2026, 1, 31, &day));
    uint32_t date =
        at_plan_graph_const(&graph, (struct at_plan_value){.type = {.kind = AT_T_DATE}, .bits.i = day});
    at_type a_date = {.kind = AT_T_DATE};
    uint32_t later = at_plan_graph_map(&graph, AT_P_DATEADD, a_date, 1, 1, NULL, &date, 1);
    cr_assert(at_date_make(2026, 2, 28, &day));
    cr_expect_eq(at_plan_graph_value(&graph, later)->bits.i, day, "a month after 31 January");
    cr_expect(is_num(at_plan_graph_map2(&graph, AT_P_DAYSBETWEEN, number, date, later), 28, 0));
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_DATEPART, number, 1, 0, NULL, &later, 1), 2, 0));
    uint32_t period =
        at_plan_graph_const(&graph, (struct at_plan_value){.type = {.kind = AT_T_PERIOD},
                                                           .bits.period = {AT_QUARTER, 2026 * 4 + 1}});
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_PERIODPART, number, 2, 0, NULL, &period, 1), 91, 0),
              "April, May, June");
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_PERIODPART, number, 3, 0, NULL, &period, 1), 3, 0));
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_PERIODPART, number, 4, 0, NULL, &period, 1), 2026, 0));
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_PERIODPART, number, 5, 0, NULL, &period, 1), 2, 0));
}

static uint32_t words(const char *z) {
    return at_plan_graph_const(&graph,
                               (struct at_plan_value){.type = {.kind = AT_T_TEXT}, .bits.text = at_str_z(z)});
}

static bool says(enum at_check_builtin_id which, const char *text, const char *part) {
    uint32_t in[] = {words(text), words(part)};
    const struct at_plan_value *value =
        at_plan_graph_value(&graph, at_plan_graph_map(&graph, AT_P_TEXTFN, yes_no, which, 0, NULL, in, 2));
    return value->bits.i != 0;
}

Test(test_graph, folds_texts) {
    at_type text = {.kind = AT_T_TEXT};
    uint32_t loud = words("EÄSt"), wide = words("  a b ");
    cr_expect_eq(at_plan_graph_map(&graph, AT_P_TEXTFN, text, AT_B_LOWER, 0, NULL, &loud, 1), words("eÄst"),
                 "ASCII letters only");
    cr_expect_eq(at_plan_graph_map(&graph, AT_P_TEXTFN, text, AT_B_TRIM, 0, NULL, &wide, 1), words("a b"));
    cr_expect(says(AT_B_CONTAINS, "cloud", "lou") && !says(AT_B_CONTAINS, "cloud", "loud!") &&
              says(AT_B_CONTAINS, "x", ""));
    cr_expect(says(AT_B_STARTS, "cloud", "clo") && !says(AT_B_STARTS, "cl", "clo"));
    cr_expect(says(AT_B_ENDS, "cloud", "oud") && !says(AT_B_ENDS, "cloud", "clo"));
    static at_str texts[] = {{"core", 4}, {"cloud", 5}};
    struct at_type_choices choices = {texts, 2};
    at_type choice = {.kind = AT_T_ENUM, .choices = &choices};
    uint32_t second = at_plan_graph_const(&graph, (struct at_plan_value){.type = choice, .bits.i = 1});
    cr_expect_eq(at_plan_graph_map(&graph, AT_P_CHOICETEXT, text, 0, 0, &choices, &second, 1),
                 words("cloud"));
}

Test(test_graph, folds_comparisons_of_every_kind) {
    uint32_t yes = at_plan_graph_flag(&graph, true), no = at_plan_graph_flag(&graph, false);
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_LT, yes_no, words("B"), words("a")), yes, "by code points");
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_EQ, yes_no, words("a"), words("a ")), no);
    uint32_t march =
        at_plan_graph_const(&graph, (struct at_plan_value){.type = {.kind = AT_T_PERIOD},
                                                           .bits.period = {AT_MONTH, 2026 * 12 + 2}});
    uint32_t second =
        at_plan_graph_const(&graph, (struct at_plan_value){.type = {.kind = AT_T_PERIOD},
                                                           .bits.period = {AT_QUARTER, 2026 * 4 + 1}});
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_LT, yes_no, march, second), yes,
                 "March begins before the second quarter");
    cr_expect_eq(at_plan_graph_map2(&graph, AT_P_NE, yes_no, march, march), no);
    struct at_plan_value values[] = {{.type = number, .bits.num = at_num_int(3)},
                                     {.type = number, .bits.num = at_num_int(5)}};
    struct at_plan_set set = {2, values};
    uint32_t three = num(30, 1), four = num(4, 0);
    cr_expect_eq(at_plan_graph_map(&graph, AT_P_IN, yes_no, 0, 0, &set, &three, 1), yes);
    cr_expect_eq(at_plan_graph_map(&graph, AT_P_IN, yes_no, 0, 0, &set, &four, 1), no);
    struct at_plan_value same[] = {{.type = number, .bits.num = at_num_int(3)},
                                   {.type = number, .bits.num = at_num_decimal(50, 1)}};
    struct at_plan_set twin = {2, same};
    uint32_t x = at_plan_graph_load(&graph, 1, 0, number);
    cr_expect_eq(at_plan_graph_map(&graph, AT_P_IN, yes_no, 0, 0, &set, &x, 1),
                 at_plan_graph_map(&graph, AT_P_IN, yes_no, 0, 0, &twin, &x, 1), "equal lists are one node");
}

Test(test_graph, folds_lookups) {
    struct at_plan_key rows[] = {
        {.kind = AT_KEY_VALUE, .value = {.type = {.kind = AT_T_TEXT}, .bits.text = {"e", 1}}},
        {.kind = AT_KEY_OTHER}};
    struct at_plan_key columns[] = {
        {.kind = AT_KEY_FROM, .value = {.type = number, .bits.num = at_num_int(0)}},
        {.kind = AT_KEY_ABOVE, .value = {.type = number, .bits.num = at_num_int(9)}}};
    struct at_plan_value values[4];
    for (int i = 0; i < 4; i++)
        values[i] = (struct at_plan_value){.type = number, .bits.num = at_num_int(i)};
    struct at_plan_lookup table = {2, 2, 2, rows, columns, values, {"t", 1}, false, NULL};
    uint32_t at_nine[] = {words("e"), num(9, 0)}, above[] = {words("w"), num(91, 1)},
             nowhere[] = {words("e"), num(-1, 0)};
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_LOOKUP, number, 0, 0, &table, at_nine, 2), 0, 0));
    cr_expect(is_num(at_plan_graph_map(&graph, AT_P_LOOKUP, number, 0, 0, &table, above, 2), 3, 0));
    cr_expect_null(at_plan_graph_value(
        &graph, at_plan_graph_map(&graph, AT_P_LOOKUP, number, 0, 0, &table, nowhere, 2)));
}

Test(test_graph, a_path_of_references_is_followed_from_its_far_end) {
    /* deal.rep.manager.level: the level of everyone's manager once, then one step for each deal */
    uint32_t rep = at_plan_graph_load(&graph, 1, 1, to_payee),
             manager = at_plan_graph_load(&graph, 0, 2, to_payee);
    uint32_t level = at_plan_graph_load(&graph, 0, 1, number);
    uint32_t path = at_plan_graph_follow(&graph, level, at_plan_graph_follow(&graph, manager, rep));
    const struct at_plan_node *outer = &plan.nodes[path], *inner = &plan.nodes[plan.nodes[path].in[0]];
    cr_expect_eq(outer->op, AT_P_FOLLOW);
    cr_expect(outer->grain == AT_G_ROW && outer->place == 1 && outer->in[1] == rep);
    cr_expect(inner->op == AT_P_FOLLOW && inner->grain == AT_G_ROW && inner->place == 0 &&
              inner->in[0] == level && inner->in[1] == manager);
}

Test(test_graph, a_comparison_goes_to_where_the_reference_leads) {
    uint32_t rep = at_plan_graph_load(&graph, 1, 1, to_payee),
             level = at_plan_graph_load(&graph, 0, 1, number);
    uint32_t senior =
        at_plan_graph_map2(&graph, AT_P_EQ, yes_no, at_plan_graph_follow(&graph, level, rep), num(3, 0));
    cr_expect_eq(plan.nodes[senior].op, AT_P_FOLLOW);
    cr_expect_eq(plan.nodes[plan.nodes[senior].in[0]].op, AT_P_EQ);
    cr_expect_eq(plan.nodes[plan.nodes[senior].in[0]].place, 0);
}

Test(test_graph, what_flows_back_is_a_pass_later) {
    send_to_reps();
    uint32_t amount = at_plan_graph_take(&graph, at_plan_graph_load(&graph, 1, 0, money), 0);
    uint32_t sum = at_plan_graph_aggregate(&graph, AT_P_SUM, 0, AT_G_CELL, 0, money, amount, AT_NO_NODE);
    uint32_t back = at_plan_graph_fromcell(&graph, sum, 0);
    uint32_t part = at_plan_graph_map2(&graph, AT_P_DIV, number, amount, back);
    uint32_t again = at_plan_graph_aggregate(&graph, AT_P_MOST, 0, AT_G_CELL, 0, number, part, AT_NO_NODE);
    cr_expect_eq(plan.nodes[sum].pass, 0);
    cr_expect(plan.nodes[sum].settled && !plan.nodes[back].settled);
    cr_expect_eq(plan.nodes[back].pass, 1);
    cr_expect_eq(plan.nodes[again].pass, 1);
    cr_expect_eq(plan.n_passes, 2);
    const char *broken = at_plan_verify(&plan);
    cr_expect_null(broken, "%s", broken);
}

Test(test_graph, a_total_without_periods_is_a_column_of_payees) {
    send_to_reps();
    feed.on = AT_NO_NODE;
    uint32_t amount = at_plan_graph_take(&graph, at_plan_graph_load(&graph, 1, 0, money), 0);
    uint32_t quota = at_plan_graph_aggregate(&graph, AT_P_SUM, 0, AT_G_ROW, 0, money, amount, AT_NO_NODE);
    cr_expect(plan.nodes[quota].settled && plan.nodes[quota].grain == AT_G_ROW &&
              plan.nodes[quota].place == 0);
    uint32_t payee = at_plan_graph_source(&graph, AT_P_PAYEE, AT_G_CELL, 0, to_payee);
    uint32_t cell = at_plan_graph_follow(&graph, quota, payee);
    cr_expect_eq(plan.nodes[cell].pass, 0, "cells wait for the end of the pass anyway");
    uint32_t recipient = at_plan_graph_source(&graph, AT_P_RECIPIENT, AT_G_CREDIT, 0, to_payee);
    cr_expect_eq(plan.nodes[at_plan_graph_follow(&graph, quota, recipient)].pass, 1, "items do not");
    const char *broken = at_plan_verify(&plan);
    cr_expect_null(broken, "%s", broken);
}

/* ---------------------------------------------------------------- broken plans */

static void breaks(const char *sentence) {
    const char *broken = at_plan_verify(&plan);
    cr_assert_not_null(broken, "expected: %s", sentence);
    cr_expect_str_eq(broken, sentence);
}

Test(test_graph, verify_finds_inputs_out_of_order) {
    uint32_t x = at_plan_graph_map2(&graph, AT_P_ADD, money, at_plan_graph_load(&graph, 1, 0, money),
                                    at_plan_graph_load(&graph, 1, 1, money));
    plan.nodes[x].in[0] = x;
    breaks("a node comes before one of its inputs");
}

Test(test_graph, verify_finds_grains_that_do_not_meet) {
    uint32_t cell = at_plan_graph_spread(&graph, num(1, 0), AT_G_CELL, 0),
             row = at_plan_graph_load(&graph, 1, 0, number);
    at_plan_graph_map2(&graph, AT_P_ADD, number, cell, row);
    breaks("an elementwise node has inputs of different grains");
}

Test(test_graph, verify_finds_wrong_passes) {
    uint32_t x = num(1, 0);
    plan.nodes[x].pass = 1;
    breaks("a node is in the wrong pass");
}

Test(test_graph, verify_finds_types_that_do_not_fit) {
    at_plan_graph_map2(&graph, AT_P_ADD, number, at_plan_graph_load(&graph, 1, 0, yes_no), num(1, 0));
    breaks("arithmetic has an input that is not a number");
}

Test(test_graph, verify_finds_conditions_that_are_none) {
    at_plan_graph_map3(&graph, AT_P_IF, number, at_plan_graph_load(&graph, 1, 0, number), num(1, 0),
                       num(2, 0));
    breaks("the condition of a choice is not a flag");
}

Test(test_graph, verify_finds_what_is_needed_and_not_worked_out) {
    uint32_t x = at_plan_graph_map1(&graph, AT_P_NEG, money, at_plan_graph_load(&graph, 1, 0, money));
    plan.nodes[x].needed = true;
    breaks("a needed node has an input that is not needed");
}

Test(test_graph, verify_finds_aggregates_of_other_items) {
    send_to_reps();
    at_plan_graph_aggregate(&graph, AT_P_SUM, 0, AT_G_CELL, 0, money, at_plan_graph_load(&graph, 1, 0, money),
                            AT_NO_NODE);
    breaks("an aggregate is not of its feed's items");
}

Test(test_graph, verify_finds_aggregates_at_the_wrong_grain) {
    send_to_reps();
    at_plan_graph_aggregate(&graph, AT_P_COUNT, 0, AT_G_CONST, 0, number, AT_NO_NODE, AT_NO_NODE);
    breaks("an aggregate is at another grain than its feed gives");
}

Test(test_graph, verify_finds_steps_that_fall) {
    at_num thresholds[] = {at_num_int(5), at_num_int(1)}, values[] = {at_num_int(1), at_num_int(2)};
    bool above[] = {false, false};
    struct at_plan_steps steps = {.n = 2,
                                  .thresholds = thresholds,
                                  .above = above,
                                  .values = values,
                                  .threshold = number,
                                  .value = number};
    uint32_t x = at_plan_graph_load(&graph, 1, 0, number);
    at_plan_graph_map(&graph, AT_P_STEP, number, 0, 0, &steps, &x, 1);
    breaks("the tiers of rates do not increase");
}

Test(test_graph, verify_finds_components_that_are_no_money) {
    struct at_plan_component component = {.exact = AT_NO_NODE, .lines = AT_NO_NODE, .lines_when = AT_NO_NODE};
    component.earned = component.value = at_plan_graph_spread(&graph, num(1, 0), AT_G_CELL, 0);
    plan.components = &component;
    plan.n_components = 1;
    breaks("a component is not the money of a cell");
}
