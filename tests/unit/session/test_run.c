/* tests/unit/session/test_run.c: whole runs: the sample policy, periods, what is paid. Figures by hand, in
 * comments. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

static const char sample[] =
    "policy \"Field sales\" version 2 effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
    "payee rep from \"reps.csv\" { id text key  name text label  team text }\n"
    "data deal from \"deals.csv\" { id text key  rep rep  product text  amount money  closed_on date\n"
    "  stage one of (\"open\", \"won\", \"lost\") }\n"
    "data target from \"quotas.csv\" { rep rep  quarter period  amount money }\n"
    "credit booking from deal where stage is \"won\" to rep on closed_on\n"
    "  amount if product is \"services\" then 50% of amount else amount\n"
    "measure bookings = sum of amount from booking\n"
    "measure quota = sum of amount from target to rep on quarter\n"
    "measure attainment = bookings / quota\n"
    "pay commission on bookings = 10% up to quota + 15% over quota\n"
    "pay kicker \"Overachievement kicker\" = 1% of bookings when attainment >= 120%\n"
    "pool team on bookings = 2% split by contribution\n"
    "cap commission at $40,000\n";

Test(run, pays_the_sample_policy) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, sample,
            (struct rig_table[]){
                {"rep", "id,name,team\nana,Ana,east\n"},
                {"target", "rep,quarter,amount\nana,2026-Q1,100000\n"},
                {"deal", "id,rep,product,amount,closed_on,stage\nd1,ana,core,\"$120,000\",2026-02-03,won\n"},
                {0}});
    /* 10% of 100,000 + 15% of 20,000 = 13,000; 1% of 120,000 at 120%; 2% of 120,000, one member */
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_str_eq(
        rig_lines(&rig),
        "ana,2026-Q1,commission,,13000.00\nana,2026-Q1,kicker,,1200.00\nana,2026-Q1,team,,2400.00\n");
    cr_assert_str_eq(rig_measure(&rig, "attainment", "ana", 0), "1.2");
    rig_free(&rig);
}

Test(run, caps_filters_and_weighs) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, sample,
            (struct rig_table[]){{"rep", "id,name,team\nana,Ana,east\nben,Ben,east\n"},
                                 {"target", "rep,quarter,amount\nana,2026-Q1,100000\nben,2026-Q1,100000\n"},
                                 {"deal", "id,rep,product,amount,closed_on,stage\n"
                                          "d1,ana,core,400000,2026-02-03,won\nd2,ana,core,5,2026-02-03,lost\n"
                                          "d3,ben,services,100000,2026-03-31,won\n"},
                                 {0}});
    /* ana: 10,000 + 15% of 300,000 = 55,000, capped at 40,000; 4,000. ben: half of 100,000 counts: 5,000.
     * pool: 2% of 450,000 = 9,000, 8:1 */
    cr_assert_str_eq(
        rig_lines(&rig),
        "ana,2026-Q1,commission,,40000.00\nana,2026-Q1,kicker,,4000.00\nana,2026-Q1,team,,8000.00\n"
        "ben,2026-Q1,commission,,5000.00\nben,2026-Q1,team,,1000.00\n");
    rig_free(&rig);
}

static const struct rig_table three_months[] = {{"rep", RIG_REPS},
                                                {"deal",
                                                 "id,rep,product,amount,closed_on\nd1,ana,core,100,2026-01-"
                                                 "31\nd2,ben,core,200,2026-03-01\nd3,ana,core,50,2025-12-31\n"
                                                 "d4,ana,core,70,2027-01-01\nd5,ana,core,300,2026-03-15\n"},
                                                {0}};

Test(run, goes_to_the_last_period_with_a_row_and_counts_those_outside) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_MONTHS RIG_CREDIT "pay commission = 10% of bookings", three_months);
    cr_assert_eq(rig.run->n_periods, 3);
    cr_assert_str_eq(
        rig_lines(&rig),
        "ana,2026-01,commission,,10.00\nana,2026-03,commission,,30.00\nben,2026-03,commission,,20.00\n");
    cr_assert_eq(rig.run->rows_credited[0], 3);
    cr_assert_eq(rig.run->outside[0].n, 2);
    cr_assert_eq(rig.run->n_lines, 9, "lines of zero are there: three payees, three months");
    rig_free(&rig);
}

Test(run, pays_only_the_periods_asked_for_but_works_out_all) {
    struct rig rig;
    rig_init(&rig);
    rig.from = (at_period){AT_QUARTER, 2026 * 4};
    rig.through = (at_period){AT_MONTH, 2026 * 12 + 1};
    rig_run(&rig, RIG_MONTHS RIG_CREDIT "pay commission = 10% of ytd(bookings)", three_months);
    cr_assert_eq(rig.run->n_periods, 3);
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-01,commission,,10.00\nana,2026-02,commission,,10.00\n");
    cr_assert_str_eq(rig_measure(&rig, "bookings", "ana", 2), "300");
    rig_free(&rig);
}

Test(run, covers_whom_the_policy_applies_to) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT
            "applies to rep where team is \"west\"\npay commission = 10% of bookings + $1",
            three_months);
    /* cid alone, who sold nothing: $1 a month */
    cr_assert_str_eq(
        rig_lines(&rig),
        "cid,2026-01,commission,,1.00\ncid,2026-02,commission,,1.00\ncid,2026-03,commission,,1.00\n");
    rig_free(&rig);
}

Test(run, grows_with_an_open_ended_range) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            "policy \"P\" effective from 2026-01-01 currency USD period month\n" RIG_TABLES RIG_CREDIT
            "pay commission = 10% of bookings",
            (struct rig_table[]){
                {"rep", RIG_REPS},
                {"deal",
                 "id,rep,product,amount,closed_on\nd1,ana,core,100,2031-02-01\nd2,cid,core,100,2026-01-01\n"},
                {0}});
    cr_assert_eq(rig.run->n_periods, 5 * 12 + 2);
    cr_assert_str_eq(rig_lines(&rig), "ana,2031-02,commission,,10.00\ncid,2026-01,commission,,10.00\n");
    rig_free(&rig);
}

Test(run, refuses_a_date_without_end_in_sight) {
    struct rig rig;
    rig_init(&rig);
    char reps[1 << 16] = "id,name,team,manager\n";
    for (int i = 0; i < 1500; i++)
        sprintf(reps + strlen(reps), "r%04d,Rep,east,\n", i);
    rig_run(
        &rig,
        "policy \"P\" effective from 2026-01-01 currency USD period month\n" RIG_TABLES RIG_CREDIT
        "pay commission = 10% of bookings",
        (struct rig_table[]){
            {"rep", reps},
            {"deal",
             "id,rep,product,amount,closed_on\nd1,r0001,core,100,2026-02-01\nd2,r0002,core,1,9999-12-31\n"},
            {0}});
    /* 95,688 months times 1,500 */
    cr_assert_eq(rig.status, AT_REJECTED);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->code, AT_A0811);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->place->row, 3);
    rig_free(&rig);
}

Test(run, pays_nothing_to_nobody) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT
            "pay commission = 10% of bookings\npool team on bookings = 2% split by contribution\n"
            "measure place = rank(bookings)\nmeasure before = ifmissing(prior(bookings), $0)\npay x = before "
            "* place",
            (struct rig_table[]){
                {"rep", "id,name,team,manager\n"}, {"deal", "id,rep,product,amount,closed_on\n"}, {0}});
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_eq(rig.run->n_lines, 0);
    rig_free(&rig);
}

Test(run, requires_hold_or_nothing_is_paid) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT "pay commission = 10% of bookings\n"
                                  "require sum(total) <= 5% of sum(bookings) else \"over budget\"\n"
                                  "require bookings < $250 else \"too much\"\n",
            three_months);
    cr_assert_eq(rig.status, AT_REJECTED);
    cr_assert_eq(rig.run->n_lines, 0);
    /* the run as a whole, and ana in March */
    cr_assert_eq(rig.run->n_failures, 2);
    cr_assert_eq(rig.run->failures[0].payee, UINT32_MAX);
    cr_assert_eq(rig.run->failures[1].payee, rig_payee(&rig, "ana"));
    cr_assert_eq(rig.run->failures[1].period, 2);
    rig_free(&rig);
}

static void fill_deals(char *csv, int n) {
    char *p = csv + sprintf(csv, "id,rep,product,amount,closed_on\n");
    for (int i = 0; i < n; i++)
        p += sprintf(p, "d%06d,%s,%s,%d.%02d,2026-%02d-%02d\n", (i * 7919) % n,
                     i % 3 == 0   ? "ana"
                     : i % 3 == 1 ? "ben"
                                  : "cid",
                     i % 5 ? "core" : "odd", i % 1000, i % 100, i % 12 + 1, i % 28 + 1);
}

/* Many rows, some in exception, by one thread and by several: the same bytes. */
Test(run, gives_the_same_for_any_number_of_threads) {
    static char deals[4 << 20];
    fill_deals(deals, 60000);
    const char *policy = RIG_MONTHS RIG_CREDIT
        "table rate by product { \"core\" | 3% }\n"
        "measure top = max of amount from booking\nmeasure low = min of amount from booking where amount > "
        "$7\n"
        "measure weird = count from booking where 1 / (amount / $1 - 500) > 5\n" /* some amounts are $500.00
                                                                                  */
        "pay commission per booking = 10% of amount + (amount through t)\nrates t { from $0: 1% from $500: "
        "2% above $800: 1/3 }\n"
        "pay bonus = 1% of bookings + 1/3 * $1 + weird * $1 + ifmissing(top, $0) - ifmissing(low, $0)\npool "
        "team on bookings = 2% split by "
        "contribution\n";
    char *lines = NULL, *exceptions = NULL;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct rig rig;
        rig_init(&rig);
        rig.threads = threads;
        rig_run(&rig, policy, (struct rig_table[]){{"rep", RIG_REPS}, {"deal", deals}, {0}});
        cr_assert_eq(rig.status, AT_OK);
        if (threads == 1) {
            lines = strdup(rig_lines(&rig));
            exceptions = strdup(rig_exceptions(&rig));
            cr_assert(strlen(lines) > 100000);
            cr_assert(strstr(exceptions, "cannot divide by zero"));
        } else {
            cr_assert_str_eq(rig_lines(&rig), lines, "%u threads", threads);
            cr_assert_str_eq(rig_exceptions(&rig), exceptions, "%u threads", threads);
        }
        rig_free(&rig);
    }
    free(lines);
    free(exceptions);
}
