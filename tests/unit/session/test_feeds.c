/* tests/unit/session/test_feeds.c: rows to items: shares, managers, periods that are longer or shorter, dates
 * outside. */
#include <criterion/criterion.h>
#include <string.h>

#include "rig.h"

#define DEALS(rows)                                                                                          \
    { "deal", "id,rep,product,amount,closed_on\n" rows }

Test(feeds, splits_a_row_by_shares_exactly) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
        "payee rep from \"reps.csv\" { id text key }\n"
        "data deal from \"deals.csv\" { id text key  first rep  second rep optional  part number  amount "
        "money  closed_on date }\n"
        "credit booking from deal where second is not missing to first at part, second at 1 - part on "
        "closed_on amount amount\n"
        "measure bookings = sum of amount from booking\nmeasure n = count from booking\npay commission = "
        "bookings + n * $0.01\n"
        "pay line per booking = 10% of amount\n",
        (struct rig_table[]){{"rep", "id\nana\nben\n"},
                             {"deal", "id,first,second,part,amount,closed_on\nd1,ana,ben,60%,100,2026-01-"
                                      "31\nd2,ben,ana,0.125,80,2026-01-31\nd3,ana,,50%,1000,2026-01-31\n"},
                             {0}});
    /* ana: 60 + 70, ben: 40 + 10; the third row names nobody second, and is left out by `where` */
    cr_assert_str_eq(rig_lines(&rig),
                     "ana,2026-Q1,commission,,130.02\nana,2026-Q1,line,d1,6.00\nana,2026-Q1,line,d2,7.00\n"
                     "ben,2026-Q1,commission,,50.02\nben,2026-Q1,line,d1,4.00\nben,2026-Q1,line,d2,1.00\n");
    cr_assert_eq(rig.run->rows_credited[0], 4);
    rig_free(&rig);
}

Test(feeds, reaches_every_level_of_managers) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS "credit override from deal to managers of rep at 50% on closed_on amount amount\n"
                         "measure below = sum of amount from override\npay override_pay = 10% of below",
            (struct rig_table[]){
                {"rep", "id,name,team,manager\ntop,Top,x,\nmid,Mid,x,top\nlow,Low,x,mid\n"},
                DEALS("d1,low,x,100,2026-01-31\nd2,mid,x,10,2026-01-31\nd3,top,x,1,2026-01-31\n"),
                {0}});
    /* mid: half of 100; top: half of 110 */
    cr_assert_str_eq(rig_lines(&rig), "mid,2026-Q1,override_pay,,5.00\ntop,2026-Q1,override_pay,,5.50\n");
    rig_free(&rig);
}

#define YEARLY "data target from \"quotas.csv\" { rep rep  year period  amount money }\n"
static const struct rig_table yearly[] = {{"rep", "id,name,team,manager\nana,Ana,east,\n"},
                                          {"target", "rep,year,amount\nana,2026,365\n"},
                                          DEALS("d1,ana,x,1,2026-12-14\n"),
                                          {0}};

Test(feeds, spreads_a_longer_figure_by_days_and_evenly) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT YEARLY
            "measure by_days = sum of amount from target to rep on year spread by days\n"
            "measure even = sum of amount from target to rep on year spread evenly\n"
            "pay x = by_days\npay y = even\npay z = ytd(even) when period.end >= 2026-12-31\n",
            yearly);
    cr_assert_eq(rig.run->n_periods, 12, "the deal is in the last month");
    cr_assert_str_eq(rig_measure(&rig, "by_days", "ana", 0), "31");
    cr_assert_str_eq(rig_measure(&rig, "by_days", "ana", 1), "28");
    cr_assert_str_eq(rig_measure(&rig, "even", "ana", 7), "365/12");
    cr_assert(strstr(rig_lines(&rig), "ana,2026-12,z,,365.00\n"), "twelve twelfths are the whole");
    rig_free(&rig);
}

Test(feeds, a_longer_figure_without_a_word_is_refused) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT YEARLY "measure q = sum of amount from target to rep on year\npay x = q",
            yearly);
    cr_assert_eq(rig.status, AT_REJECTED);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->code, AT_A0810);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->place->row, 2);
    rig_free(&rig);
}

Test(feeds, per_quarter_is_one_value_for_its_months) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        RIG_MONTHS RIG_CREDIT YEARLY
        "measure q = sum of amount from target to rep on year per quarter\n"
        "measure so_far = qtd(q)\nmeasure all_year = ytd(q)\npay x = q + so_far + all_year\n",
        (struct rig_table[]){{"rep", "id,name,team,manager\nana,Ana,east,\n"},
                             {"target", "rep,year,amount\nana,2026-Q1,300\nana,2026-Q2,400\nana,2026-05,1\n"},
                             DEALS("d1,ana,x,1,2026-05-14\n"),
                             {0}});
    cr_assert_str_eq(rig_measure(&rig, "q", "ana", 1), "300");
    cr_assert_str_eq(rig_measure(&rig, "so_far", "ana", 2), "300");
    cr_assert_str_eq(rig_measure(&rig, "q", "ana", 3), "401", "a month's figure counts for its quarter");
    cr_assert_str_eq(rig_measure(&rig, "all_year", "ana", 4), "701");
    rig_free(&rig);
}

/* Without `to` a figure is the company's; without `on` it is the same for every period. */
Test(feeds, companies_and_payees_have_figures_too) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        RIG_QUARTERS RIG_CREDIT
        "data salary from \"s.csv\" { rep rep  amount money }\n"
        "data market from \"m.csv\" { quarter period  size money }\n"
        "measure pays = sum of amount from salary to rep\nmeasure size = sum of size from market on quarter\n"
        "measure all = sum of size from market\nmeasure rows = count from deal\n"
        "pay x = 1% of pays + 1% of size + 0.1% of all + rows * $1\n",
        (struct rig_table[]){{"rep", "id,name,team,manager\nana,Ana,east,\nben,Ben,east,\n"},
                             {"salary", "rep,amount\nana,1000\nana,500\n"},
                             {"market", "quarter,size\n2026-Q1,700\n2026-Q2,300\n"},
                             DEALS("d1,ana,x,1,2026-02-14\nd2,ana,x,1,2029-02-14\n"),
                             {0}});
    /* ana: 15 + 7 + 1 + 2. ben: 0 + 7 + 1 + 2. The market of Q2 is no event, because the credit has dates. */
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,x,,25.00\nben,2026-Q1,x,,10.00\n");
    rig_free(&rig);
}

Test(feeds, another_date_makes_another_period) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
            "payee rep from \"reps.csv\" { id text key }\n"
            "data deal from \"deals.csv\" { id text key  rep rep  amount money  closed_on date  paid_on date "
            "optional }\n"
            "credit booking from deal to rep on closed_on amount amount\n"
            "measure bookings = sum of amount from booking\n"
            "measure cash = sum of amount from booking where amount > $5 on ifmissing(paid_on, "
            "closed_on)\npay x = 1% of bookings\npay y = 1% of cash\n",
            (struct rig_table[]){{"rep", "id\nana\n"},
                                 {"deal", "id,rep,amount,closed_on,paid_on\nd1,ana,100,2026-03-31,2026-04-"
                                          "01\nd2,ana,200,2026-03-31,\nd3,ana,5,2026-03-31,2026-03-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,x,,3.05\nana,2026-Q1,y,,2.00\nana,2026-Q2,y,,1.00\n");
    rig_free(&rig);
}

Test(feeds, fiscal_years_and_ranges_that_begin_within_a_period) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            "policy \"P\" effective from 2026-02-15 to 2027-01-31 currency USD period quarter fiscal year "
            "from february\n" RIG_TABLES RIG_CREDIT "pay x = 1% of bookings\npay y = 1% of ytd(bookings)\n",
            (struct rig_table[]){{"rep", "id,name,team,manager\nana,Ana,east,\n"},
                                 DEALS("d0,ana,x,100,2026-02-14\nd1,ana,x,200,2026-02-15\nd2,ana,x,300,2026-"
                                       "05-01\nd3,ana,x,400,2027-01-31\nd4,ana,x,500,2027-02-01\n"),
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig),
                     "ana,2027-Q1,x,,2.00\nana,2027-Q1,y,,2.00\nana,2027-Q2,x,,3.00\nana,2027-Q2,y,,5.00\n"
                     "ana,2027-Q3,y,,5.00\nana,2027-Q4,x,,4.00\nana,2027-Q4,y,,9.00\n");
    cr_assert_eq(rig.run->outside[0].n, 2);
    rig_free(&rig);
}

/* Rows of the payees' own file can be credited as well. */
Test(feeds, payees_credit_themselves) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
            "payee rep from \"reps.csv\" { id text key  joined date  bonus money }\n"
            "credit welcome from rep to rep on joined amount bonus\nmeasure w = sum of amount from "
            "welcome\npay x = w\n",
            (struct rig_table[]){{"rep", "id,joined,bonus\nana,2026-04-01,50\nben,2025-04-01,50\n"}, {0}});
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q2,x,,50.00\n");
    rig_free(&rig);
}
