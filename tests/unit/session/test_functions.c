/* tests/unit/session/test_functions.c: text and date functions in policies, tables by other keys, hooks by an
 * engine of this file's own. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "rig.h"

#define HEAD                                                                                                 \
    "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period month\n"                       \
    "payee rep from \"reps.csv\" { id text key  joined date }\n"                                             \
    "data deal from \"deals.csv\" { id text key  rep rep  name text  kind one of (\"a\", \"b\", \"c\") "     \
    "optional  amount money  closed_on date  paid_on date optional }\n"

static const struct rig_table tables[] = {
    {"rep", "id,joined\nana,2024-02-29\nben,2026-01-10\n"},
    {"deal", "id,rep,name,kind,amount,closed_on,paid_on\n"
             "d1,ana, Big PLAN ,a,100,2026-01-31,2026-02-10\nd2,ana,small "
             "plan,,200,2026-01-15,\nd3,ben,other,c,400,2026-02-28,2026-05-01\n"},
    {0}};

static void pays(const char *policy, const char *want) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, policy, tables);
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_str_eq(rig_lines(&rig), want);
    rig_free(&rig);
}

#define FROM(condition)                                                                                      \
    HEAD "credit c from deal where " condition " to rep on closed_on amount amount\npay x per c = amount\n"

Test(functions, texts_are_compared_as_they_stand) {
    pays(FROM("lower(trim(name)) is \"big plan\""), "ana,2026-01,x,d1,100.00\n");
    pays(FROM("contains(lower(name), \"plan\")"), "ana,2026-01,x,d1,100.00\nana,2026-01,x,d2,200.00\n");
    pays(FROM("starts(name, \"small\") or ends(name, \"her\")"),
         "ana,2026-01,x,d2,200.00\nben,2026-02,x,d3,400.00\n");
    pays(FROM("contains(name, \"\") and not contains(name, \"longer than any name\") and name > \"p\""),
         "ana,2026-01,x,d2,200.00\n");
    pays(FROM("name in (\"other\", \"another\") and name >= \"oth\""), "ben,2026-02,x,d3,400.00\n");
}

Test(functions, choices_may_be_missing) {
    pays(FROM("kind is missing"), "ana,2026-01,x,d2,200.00\n");
    pays(FROM("ifmissing(kind, \"b\") in (\"b\", \"c\")"),
         "ana,2026-01,x,d2,200.00\nben,2026-02,x,d3,400.00\n");
    pays(FROM("kind is not missing and ifmissing(kind, \"a\") is \"a\""), "ana,2026-01,x,d1,100.00\n");
}

Test(functions, dates_have_parts_and_distances) {
    pays(FROM("year(closed_on) = 2026 and month(closed_on) = 1 and day(closed_on) = 31"),
         "ana,2026-01,x,d1,100.00\n");
    pays(FROM("days(closed_on, ifmissing(paid_on, closed_on)) > 20"), "ben,2026-02,x,d3,400.00\n");
    pays(FROM("paid_on is not missing and ifmissing(paid_on, closed_on) within 10 days of closed_on"),
         "ana,2026-01,x,d1,100.00\n");
    pays(FROM("closed_on + 1 months >= 2026-03-28"), "ben,2026-02,x,d3,400.00\n");
    pays(FROM("closed_on - 31 days < 2026-01-01"), "ana,2026-01,x,d1,100.00\nana,2026-01,x,d2,200.00\n");
    pays(FROM("rep.joined < 2025-01-01"), "ana,2026-01,x,d1,100.00\nana,2026-01,x,d2,200.00\n");
}

Test(functions, periods_have_parts) {
    pays(HEAD "credit c from deal to rep on closed_on amount amount\nmeasure n = count from c\n"
              "pay x = $1 * (period.days + period.index) + $0.01 * (period.months + period.year) + n * $0 "
              "when period.start < 2026-02-01\n"
              "pay y = $1 when rep.joined <= period.end\n",
         "ana,2026-01,x,,52.27\nana,2026-01,y,,1.00\nana,2026-02,y,,1.00\nben,2026-01,x,,52.27\nben,2026-01,"
         "y,,1.00\nben,2026-02,y,,1.00\n");
}

Test(functions, least_and_most_of_dates) {
    pays(HEAD "credit c from deal to rep on closed_on amount amount\nmeasure first = min of closed_on from "
              "c\nmeasure last = max of closed_on from c\n"
              "pay x = $1 * days(ifmissing(first, 2026-01-01), ifmissing(last, 2026-01-01))\n",
         "ana,2026-01,x,,16.00\n");
}

Test(functions, tables_by_dates_flags_and_steps) {
    pays(HEAD "credit c from deal to rep on closed_on amount amount\n"
              "table by_date by closed_on { 2026-01-15 | 1%  2026-01-31 | 2%  other | 3% }\n"
              "table by_size by amount, name { | \"other\" | other\n from $0 | 1% | 2%\n above $100 | 3% | "
              "4%\n from $400 | 5% | 6% }\n"
              "pay x per c = by_date(closed_on) of amount\npay y per c = by_size(amount, name) of amount\n",
         "ana,2026-01,x,d1,2.00\nana,2026-01,x,d2,2.00\nana,2026-01,y,d1,2.00\nana,2026-01,y,d2,8.00\nben,"
         "2026-02,x,d3,12.00\nben,2026-02,y,d3,20.00\n");
}

Test(functions, days_past_the_calendar_are_exceptions) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            HEAD "credit c from deal to rep on closed_on amount amount\nmeasure far = count from c where "
                 "closed_on + 100,000 months > 2026-01-01\npay x = far * $1\n",
            tables);
    cr_assert_eq(rig.run->n_withheld, 2);
    cr_assert(strstr(rig_exceptions(&rig), "is not a day of the calendar"));
    rig_free(&rig);
}

/* ---- rows that find no cell; requirements over rows */

Test(functions, a_row_that_cannot_be_placed_is_told) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            HEAD "credit c from deal to rep on closed_on + 100,000 months amount amount\nmeasure m = sum of "
                 "amount from c\npay x = m\n",
            tables);
    cr_assert_eq(rig.run->n_withheld, 0);
    cr_assert_eq(rig.run->n_exceptions, 1);
    cr_assert_eq(rig.run->exceptions[0].line, 2);
    cr_assert_eq(rig.run->exceptions[0].payee, UINT32_MAX);
    rig_free(&rig);
}

Test(functions, an_exception_of_the_condition_reaches_the_cell) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            HEAD "credit c from deal where 1 / (amount / $1 - 200) > 0 to rep on closed_on amount "
                 "amount\nmeasure m = sum of amount from c\npay x = m\npay y per c = amount\n",
            tables);
    cr_assert_str_eq(rig_lines(&rig), "ben,2026-02,x,,400.00\nben,2026-02,y,d3,400.00\n");
    cr_assert(strstr(rig_exceptions(&rig), "cannot divide by zero"));
    cr_assert_eq(rig.run->exceptions[0].line, 3);
    rig_free(&rig);
}

Test(functions, requirements_over_rows_name_the_rows) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        HEAD
        "credit c from deal to rep on closed_on amount amount\nmeasure m = sum of amount from c\npay x = m\n"
        "require deal.amount < $150 else \"too large\"\n",
        tables);
    cr_assert_eq(rig.status, AT_REJECTED);
    cr_assert_eq(rig.run->n_failures, 2);
    cr_assert_eq(rig.run->failures[0].line, 3);
    cr_assert_eq(rig.run->failures[1].line, 4);
    rig_free(&rig);
}

/* ---- hooks */

struct at_lua_hook_engine {
    int calls;
};

static struct at_lua_hook_engine *open_engine(void *context, struct at_arena *arena,
                                              struct at_kernel_hook_failure *failure) {
    if (context) {
        failure->message = AT_STR("no engine today");
        return NULL;
    }
    return AT_NEW(arena, struct at_lua_hook_engine);
}

/* double(x): twice x, but fails for 400. */
static bool call_engine(struct at_lua_hook_engine *engine, const struct at_kernel_hook_call *call,
                        struct at_arena *arena, struct at_plan_value *result,
                        struct at_kernel_hook_said *said, struct at_kernel_hook_failure *failure) {
    engine->calls++;
    if (at_num_cmp(arena, call->args[0].bits.num, at_num_int(400)) == 0) {
        failure->message = AT_STR("hooks.lua:3: I do not like 400");
        return false;
    }
    if (call->args[0].bits.num.i64 == 0) said->reason = AT_STR("nothing was sold");
    result->bits.num = at_num_mul(arena, call->args[0].bits.num, at_num_int(2));
    return true;
}

#define HOOKED                                                                                               \
    HEAD "function double(x money) money from lua \"hooks.lua\"\ncredit c from deal to rep on closed_on "    \
         "amount amount\nmeasure m = sum of amount from c\n"

Test(functions, hooks_pay_and_fail_by_themselves) {
    const struct at_kernel_hooks hooks = {.open = open_engine, .call = call_engine};
    struct rig rig;
    rig_init(&rig);
    rig.hooks = &hooks;
    rig_run(&rig, HOOKED "pay x per c = double(amount)\npay y = double(m)\n", tables);
    cr_assert_str_eq(rig_lines(&rig),
                     "ana,2026-01,x,d1,200.00\nana,2026-01,x,d2,400.00\nana,2026-01,y,,600.00\n");
    cr_assert_str_eq(rig_exceptions(&rig),
                     "ben,2026-02: `x`: hooks.lua:3: I do not like 400 (deals.csv:4)\nben,2026-02: `y`: "
                     "hooks.lua:3: I do not like 400\n");
    cr_assert_eq(rig.run->n_reasons, 2);
    rig_free(&rig);
}

Test(functions, hooks_without_an_engine_are_exceptions) {
    int no = 1;
    const struct at_kernel_hooks hooks = {.context = &no, .open = open_engine, .call = call_engine};
    struct rig rig;
    rig_init(&rig);
    rig.hooks = &hooks;
    rig_run(&rig, HOOKED "pay y = double(m)\n", tables);
    cr_assert_str_eq(rig_lines(&rig), "");
    cr_assert(strstr(rig_exceptions(&rig), "no engine today"));
    rig_free(&rig);
}

Test(functions, hooks_without_a_language_are_refused) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, HOOKED "pay y = double(m)\n", tables);
    cr_assert_eq(rig.status, AT_REJECTED);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->code, AT_A0814);
    rig_free(&rig);
}
