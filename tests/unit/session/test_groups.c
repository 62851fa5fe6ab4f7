/* tests/unit/session/test_groups.c: pools, ranks, totals and shares by group, scans over periods, running
 * totals, the order of lines. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define DEALS(rows)                                                                                          \
    { "deal", "id,rep,product,amount,closed_on\n" rows }

static const struct rig_table five[] = {
    {"rep", "id,name,team,manager\neve,Eve,b,\ndov,Dov,b,\nana,Ana,a,\nben,Ben,a,\ncid,Cid,a,\n"},
    DEALS("d1,ana,x,100,2026-01-01\nd2,ben,x,100,2026-01-01\nd3,cid,x,100,2026-01-01\nd4,dov,x,10,2026-01-"
          "01\nd5,eve,x,40,2026-01-01\n"),
    {0}};

Test(groups, allot_to_the_cent_by_key) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT "pool team on bookings = $100 split by contribution\npool all per id on "
                                    "bookings = 1% split equally\n",
            five);
    /* 100 / 3: the cent left goes to the first key; 100 in 1:4 */
    cr_assert_str_eq(
        rig_lines(&rig),
        "ana,2026-Q1,team,,33.34\nana,2026-Q1,all,,1.00\nben,2026-Q1,team,,33.33\nben,2026-Q1,all,,1.00\n"
        "cid,2026-Q1,team,,33.33\ncid,2026-Q1,all,,1.00\ndov,2026-Q1,team,,20.00\ndov,2026-Q1,all,,0.10\n"
        "eve,2026-Q1,team,,80.00\neve,2026-Q1,all,,0.40\n");
    rig_free(&rig);
}

Test(groups, only_covered_members_share) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT
            "applies to rep where id <> \"cid\"\npool team on bookings = 10% split by contribution\n",
            five);
    /* 10% of 200 for team a */
    cr_assert_str_eq(
        rig_lines(&rig),
        "ana,2026-Q1,team,,10.00\nben,2026-Q1,team,,10.00\ndov,2026-Q1,team,,1.00\neve,2026-Q1,team,,4.00\n");
    rig_free(&rig);
}

Test(groups, a_pool_without_weights_says_so) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_QUARTERS RIG_CREDIT "pool team on bookings = $100 split by contribution\n",
            (struct rig_table[]){five[0], DEALS("d1,ana,x,0,2026-01-01\nd2,dov,x,5,2026-01-01\n"), {0}});
    cr_assert_str_eq(rig_lines(&rig), "dov,2026-Q1,team,,100.00\n");
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->code, AT_A0813);
    rig_free(&rig);
}

Test(groups, rank_totals_and_shares) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT
            "measure place = rank(bookings)\nmeasure home = rank(bookings by team)\nmeasure part = "
            "share(bookings by team)\n"
            "measure all = total(bookings)\npay x = $1 * place + $10 * home + $100 * part + all\n",
            five);
    cr_assert_str_eq(rig_measure(&rig, "place", "cid", 0), "1", "equal figures share a rank");
    cr_assert_str_eq(rig_measure(&rig, "place", "eve", 0), "4");
    cr_assert_str_eq(rig_measure(&rig, "place", "dov", 0), "5");
    cr_assert_str_eq(rig_measure(&rig, "home", "dov", 0), "2");
    cr_assert_str_eq(rig_measure(&rig, "part", "dov", 0), "0.2");
    cr_assert_str_eq(rig_measure(&rig, "part", "ana", 0), "1/3");
    cr_assert_str_eq(rig_measure(&rig, "all", "ana", 0), "350");
    rig_free(&rig);
}

static const struct rig_table a_year[] = {
    {"rep", "id,name,team,manager\nana,Ana,a,\n"},
    DEALS("d1,ana,x,10,2026-01-01\nd2,ana,x,20,2026-02-01\nd3,ana,x,30,2026-03-01\nd4,ana,x,40,2026-04-"
          "01\nd5,ana,x,50,2026-05-01\n"),
    {0}};

Test(groups, scans_go_from_period_to_period) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT
            "measure y = ytd(bookings)\nmeasure q = qtd(bookings)\nmeasure h = htd(bookings)\nmeasure p = "
            "ifmissing(prior(bookings, 2), -$1)\n"
            "measure t = trailing(bookings, 3)\nmeasure most = max of amount from booking\nmeasure best = "
            "ifmissing(most, $0)\nmeasure s = ytd(best)\npay x = y + q + h + p + t + s\n",
            a_year);
    static const char *const want[][5] = {{"10", "30", "60", "100", "150"}, {"10", "30", "60", "40", "90"},
                                          {"10", "30", "60", "100", "150"}, {"-1", "-1", "10", "20", "30"},
                                          {"10", "30", "60", "90", "120"},  {"10", "20", "30", "40", "50"}};
    static const char *const names[] = {"y", "q", "h", "p", "t", "s"};
    for (unsigned m = 0; m < 6; m++)
        for (uint32_t k = 0; k < 5; k++)
            cr_assert_str_eq(rig_measure(&rig, names[m], "ana", k), want[m][k], "%s in month %u", names[m],
                             k + 1);
    rig_free(&rig);
}

Test(groups, caps_and_floors_to_date) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT "pay capped = 100% of bookings\npay floored = 10% of bookings\ncap capped "
                                  "at $75 per quarter\nfloor floored at $12 per year\n",
            a_year);
    /* capped: 10, 20, 30, then 40, 35. floored: 1, 3, 6, 10, 15 to date and at least 12: 12, then nothing
     * until the sum is above, then 15 - 12 */
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-01,capped,,10.00\nana,2026-01,floored,,12.00\nana,2026-02,"
                                      "capped,,20.00\n"
                                      "ana,2026-03,capped,,30.00\nana,2026-04,"
                                      "capped,,40.00\n"
                                      "ana,2026-05,capped,,35.00\nana,2026-05,floored,,3.00\n");
    rig_free(&rig);
}

Test(groups, cumulative_pay_is_rounded_to_date) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_MONTHS RIG_CREDIT "pay x cumulative over year = bookings / 3\n", a_year);
    /* to date 3.33, 10.00, 20.00, 33.33, 50.00 */
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-01,x,,3.33\nana,2026-02,x,,6.67\nana,2026-03,x,,10.00\nana,"
                                      "2026-04,x,,13.33\nana,2026-05,x,,16.67\n");
    rig_free(&rig);
}

/* ---- running totals */

#define RUNNING                                                                                              \
    "rates tier { from $0: 1% from $100: 10% }\n"                                                            \
    "pay x per booking = ((running(bookings) + amount) through tier) - (running(bookings) through tier)\n"

Test(groups, running_totals_go_by_date_then_key) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_QUARTERS RIG_CREDIT RUNNING,
            (struct rig_table[]){five[0],
                                 DEALS("d9,ana,x,50,2026-03-01\nd3,ana,x,60,2026-01-01\nd5,ben,x,100,2026-01-"
                                       "01\nd2,ana,x,30,2026-01-01\nd1,ana,x,200,2026-04-01\n"),
                                 {0}});
    /* ana in Q1: d2 30, d3 60 (to 90), d9 50 (to 140): 0.30, 0.60, 0.10 + 4.00; Q2 begins anew: 1.00 + 10.00
     */
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,x,d2,0.30\nana,2026-Q1,x,d3,0.60\nana,2026-Q1,x,d9,4."
                                      "10\nana,2026-Q2,x,d1,11.00\nben,2026-Q1,x,d5,1.00\n");
    rig_free(&rig);
}

Test(groups, running_totals_of_split_rows_by_several_threads) {
    static char deals[2 << 20];
    char *p = deals + sprintf(deals, "id,rep,product,amount,closed_on\n"), *first = NULL;
    for (int i = 0; i < 30000; i++)
        p += sprintf(p, "d%05d,%s,x,%d.5,2026-0%d-%02d\n", (i * 7) % 30000, i % 2 ? "ana" : "eve", i % 90,
                     i % 9 + 1, i % 28 + 1);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        struct rig rig;
        rig_init(&rig);
        rig.threads = threads;
        rig_run(
            &rig,
            RIG_QUARTERS "credit booking from deal to rep at 1 / 3, managers of rep at 2 / 3 on closed_on "
                         "amount amount\nmeasure bookings = sum of amount from booking\n" RUNNING,
            (struct rig_table[]){{"rep", "id,name,team,manager\neve,Eve,b,ben\nana,Ana,a,eve\nben,Ben,a,\n"},
                                 {"deal", deals},
                                 {0}});
        if (!first)
            first = strdup(rig_lines(&rig));
        else
            cr_assert_str_eq(rig_lines(&rig), first);
        rig_free(&rig);
    }
    free(first);
}

/* ---- the order of lines */

Test(groups, lines_come_by_payee_period_component_and_key) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig, RIG_QUARTERS RIG_CREDIT "pay z per booking = amount\npay a = 1% of bookings\n",
        (struct rig_table[]){{"rep", "id,name,team,manager\nZoe,Zoe,a,\nana,Ana,a,\n10,Ten,a,\n9,Nine,a,\n"},
                             DEALS("b10,ana,x,1,2026-04-01\nb9,ana,x,2,2026-04-01\né,ana,x,3,2026-01-01\nz,"
                                   "ana,x,4,2026-01-01\nZ,ana,x,5,2026-01-01\n"
                                   "q,9,x,6,2026-01-01\nr,10,x,7,2026-01-01\ns,Zoe,x,8,2026-01-01\n"),
                             {0}});
    cr_assert_str_eq(rig_lines(&rig),
                     "10,2026-Q1,z,r,7.00\n10,2026-Q1,a,,0.07\n9,2026-Q1,z,q,6.00\n9,2026-Q1,a,,0.06\nZoe,"
                     "2026-Q1,z,s,8.00\nZoe,2026-Q1,a,,0.08\n"
                     "ana,2026-Q1,z,Z,5.00\nana,2026-Q1,z,z,4.00\nana,2026-Q1,z,é,3.00\nana,2026-Q1,a,,0.12\n"
                     "ana,2026-Q2,z,b10,1.00\nana,2026-Q2,z,b9,2.00\nana,2026-Q2,a,,0.03\n");
    rig_free(&rig);
}

/* A condition of the payee's period decides over the lines of that period. */
Test(groups, lines_are_paid_when_the_period_allows) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_QUARTERS RIG_CREDIT "pay x per booking = 10% of amount when bookings > $100\n",
            (struct rig_table[]){five[0],
                                 DEALS("d1,ana,x,60,2026-01-01\nd2,ana,x,60,2026-02-01\nd3,ben,x,60,2026-01-"
                                       "01\nd4,ana,x,60,2026-04-01\n"),
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,x,d1,6.00\nana,2026-Q1,x,d2,6.00\n");
    rig_free(&rig);
}

/* ---- items, for explanations */

struct seen {
    unsigned n;
    char text[512];
};

static bool note_item(void *context, const struct at_gather_item *item) {
    struct seen *seen = context;
    seen->n++;
    sprintf(seen->text + strlen(seen->text), "%.*s@%u:%llu=%g ", AT_STR_ARG(item->key), item->period,
            (unsigned long long)item->line,
            item->states[0] ? -1.0 : at_num_to_double(item->values[0].bits.num));
    return seen->n < 3;
}

Test(groups, items_of_a_cell_are_found_again) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_QUARTERS RIG_CREDIT "pay x per booking = 10% of amount when bookings > $10\n",
            (struct rig_table[]){
                five[0],
                DEALS("d1,ana,x,60,2026-01-01\nd2,ana,x,70,2026-02-01\nd3,ben,x,60,2026-01-01\nd4,ana,x,80,"
                      "2026-04-01\nd5,ana,x,1,2026-01-01\nd6,ana,x,1,2026-01-01\n"),
                {0}});
    struct seen seen = {0};
    uint32_t nodes[] = {rig.plan->components[0].lines};
    const struct at_plan_wanted feed = {.feed = 0, .nodes = nodes, .n_nodes = 1};
    for (int again = 0; again < 2; again++) {
        seen = (struct seen){0};
        enum at_status status =
            at_session_run_items(rig.run, &feed, 1, rig_payee(&rig, "ana"), 0, note_item, &seen);
        cr_assert_eq(status, AT_OK);
        cr_assert_str_eq(seen.text, "d1@0:2=6 d2@0:3=7 d5@0:6=0.1 ",
                         "three, as the call back then said stop");
    }
    seen = (struct seen){0};
    cr_assert_eq(at_session_run_items(rig.run, &feed, 1, UINT32_MAX, 1, note_item, &seen), AT_OK);
    cr_assert_str_eq(seen.text, "d4@1:5=8 ");
    rig_free(&rig);
}

Test(groups, items_of_several_feeds_are_found_in_one_scan) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        RIG_QUARTERS RIG_CREDIT "credit big from deal where amount > $65 to rep on closed_on amount amount\n"
                                "pay x per booking = 10% of amount\npay y per big = 20% of amount\n",
        (struct rig_table[]){
            five[0], DEALS("d1,ana,x,60,2026-01-01\nd2,ana,x,70,2026-02-01\nd3,ben,x,80,2026-01-01\n"), {0}});
    const struct at_plan_component *of = rig.plan->components;
    const struct at_plan_wanted feeds[] = {{.feed = 1, .nodes = &of[1].lines, .n_nodes = 1},
                                           {.feed = 0, .nodes = &of[0].lines, .n_nodes = 1}};
    struct seen seen = {.n = 0};
    enum at_status status =
        at_session_run_items(rig.run, feeds, 2, rig_payee(&rig, "ana"), UINT32_MAX, note_item, &seen);
    cr_assert_eq(status, AT_OK);
    cr_assert_str_eq(seen.text, "d1@0:2=6 d2@0:3=7 d2@0:3=14 ", "each feed with values of its own");
    rig_free(&rig);
}
