/* tests/unit/session/test_exceptions.c: what is withheld, why, and in which words; who is paid all the same.
 */
#include <criterion/criterion.h>

#include "rig.h"

#define QUOTA                                                                                                \
    "data target from \"quotas.csv\" { rep rep  quarter period  amount money }\n"                            \
    "measure quota = sum of amount from target to rep on quarter\nmeasure attainment = bookings / quota\n"

static const char reps[] = RIG_REPS;

Test(exceptions, withholds_the_cell_and_pays_the_others) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        RIG_QUARTERS RIG_CREDIT QUOTA
        "pay flat = 1% of bookings\npay kicker = 10% of bookings when attainment > 100%",
        (struct rig_table[]){
            {"rep", reps},
            {"target", "rep,quarter,amount\nana,2026-Q1,50\ncid,2026-Q1,100\n"},
            {"deal", "id,rep,product,amount,closed_on\nd1,ana,x,100,2026-01-31\nd2,ben,x,100,2026-01-31\n"},
            {0}});
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,flat,,1.00\nana,2026-Q1,kicker,,10.00\n");
    cr_assert_str_eq(rig_exceptions(&rig),
                     "ben,2026-Q1: `attainment`: cannot divide by zero, because `quota` is $0.00\n");
    cr_assert_eq(rig.run->n_withheld, 1);
    cr_assert_eq(rig.run->withheld[0].payee, rig_payee(&rig, "ben"));
    cr_assert_eq(rig.run->exceptions[rig.run->withheld[0].exception].code, AT_A0801);
    cr_assert_str_eq(rig_measure(&rig, "attainment", "ben", 0), "exception");
    cr_assert_str_eq(rig_measure(&rig, "attainment", "cid", 0), "0");
    rig_free(&rig);
}

Test(exceptions, a_guard_keeps_what_is_not_asked_out) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_QUARTERS RIG_CREDIT QUOTA "pay kicker = if quota = $0 then $7 else $1 * attainment",
            (struct rig_table[]){{"rep", reps},
                                 {"target", "rep,quarter,amount\nana,2026-Q1,50\n"},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,x,100,2026-01-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig),
                     "ana,2026-Q1,kicker,,2.00\nben,2026-Q1,kicker,,7.00\ncid,2026-Q1,kicker,,7.00\n");
    cr_assert_eq(rig.run->n_exceptions, 0);
    rig_free(&rig);
}

/* `bookings / quota` stands twice and is one node: the one that is guarded must not be blamed. */
Test(exceptions, of_equal_formulas_name_the_one_that_is_withheld) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT
            "data target from \"quotas.csv\" { rep rep  quarter period  amount money }\n"
            "measure quota = sum of amount from target to rep on quarter\n"
            "measure attainment = if quota = $0 then 0% else bookings / quota\n"
            "pay flat = $10 * attainment\npay ratio = $100 * (bookings / quota)",
            (struct rig_table[]){{"rep", reps},
                                 {"target", "rep,quarter,amount\nana,2026-Q1,50\n"},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,x,100,2026-01-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_exceptions(&rig),
                     "ben,2026-Q1: `ratio`: cannot divide by zero, because `quota` is $0.00\n"
                     "cid,2026-Q1: `ratio`: cannot divide by zero, because `quota` is $0.00\n");
    const struct at_check_symbol *ratio = rig.run->plan->components[1].decl->symbol;
    cr_assert_eq(rig.run->exceptions[0].ast, ratio->node);
    rig_free(&rig);
}

#define RATES "table base by product { \"core\" | 10%  \"plus\" | 5% }\n"

/* The first line of the file is told, whatever the order of work; each reason once a cell. */
Test(exceptions, of_rows_name_the_first_line_of_the_file) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT RATES
            "pay commission per booking = base(product) of amount\npay flat = 1% of bookings",
            (struct rig_table[]){
                {"rep", reps},
                {"deal",
                 "id,rep,product,amount,closed_on\nd1,ana,core,100,2026-01-31\nd2,ben,what,100,2026-01-31\n"
                 "d3,ben,plus,100,2026-01-31\nd4,ben,ever,100,2026-01-31\nd5,ben,core,100,2026-04-01\n"},
                {0}});
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,commission,d1,10.00\nana,2026-Q1,flat,,1.00\n"
                                      "ben,2026-Q2,commission,d5,10.00\nben,2026-Q2,flat,,1.00\n");
    cr_assert_str_eq(rig_exceptions(&rig),
                     "ben,2026-Q1: `commission`: the table `base` does not contain \"what\" (deals.csv:3)\n");
    rig_free(&rig);
}

Test(exceptions, all_reasons_of_a_cell_stand_together) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT QUOTA RATES "pay commission per booking = base(product) of amount\npay "
                                                "kicker = $5 * attainment\npay again = $2 * attainment",
            (struct rig_table[]){{"rep", reps},
                                 {"target", "rep,quarter,amount\nana,2026-Q1,50\n"},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ben,none,100,2026-01-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_exceptions(&rig),
                     "ben,2026-Q1: `commission`: the table `base` does not contain \"none\" (deals.csv:2)\n"
                     "ben,2026-Q1: `attainment`: cannot divide by zero, because `quota` is $0.00\n"
                     "cid,2026-Q1: `attainment`: cannot divide by zero, because `quota` is $0.00\n");
    cr_assert_eq(rig.run->n_withheld, 2);
    cr_assert_eq(rig.run->withheld[1].exception, 2);
    rig_free(&rig);
}

Test(exceptions, below_the_first_step) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT QUOTA "rates accelerator { from 50%: 5% from 100%: 10% }\npay commission "
                                          "= accelerator(attainment) of bookings",
            (struct rig_table[]){
                {"rep", reps},
                {"target", "rep,quarter,amount\nana,2026-Q1,100\nben,2026-Q1,100\ncid,2026-Q1,100\n"},
                {"deal", "id,rep,product,amount,closed_on\nd1,ana,x,50,2026-01-31\nd2,ben,x,49.99,2026-01-"
                         "31\nd3,cid,x,100,2026-01-31\n"},
                {0}});
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,commission,,2.50\ncid,2026-Q1,commission,,10.00\n");
    cr_assert_str_eq(rig_exceptions(&rig), "ben,2026-Q1: `commission`: `attainment` is 49.99%, below the "
                                           "first tier of `accelerator`, 50%\n");
    rig_free(&rig);
}

/* One member's figure is not known, so nobody's share of the pool is; the other team is paid. */
Test(exceptions, a_pool_is_withheld_for_all_its_members) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT RATES "measure weighted = sum of base(product) of amount from "
                                          "booking\npool team on weighted = 50% split by contribution",
            (struct rig_table[]){{"rep", reps},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,core,100,2026-01-31\nd2,"
                                          "ben,what,100,2026-01-31\nd3,cid,core,100,2026-01-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig), "cid,2026-Q1,team,,5.00\n");
    cr_assert_str_eq(rig_exceptions(&rig),
                     "ana,2026-Q1: requires a value of \"ben\" that cannot be calculated: `weighted`: the "
                     "table `base` does not contain \"what\" (deals.csv:3)\n"
                     "ben,2026-Q1: `weighted`: the table `base` does not contain \"what\" (deals.csv:3)\n");
    rig_free(&rig);
}

Test(exceptions, reach_the_periods_that_look_back) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT QUOTA "pay kicker = $5 * attainment\npay year = $1 * "
                                          "ytd(attainment)\npay last = $1 * ifmissing(prior(attainment), 1)",
            (struct rig_table[]){
                {"rep", "id,name,team,manager\nana,Ana,east,\n"},
                {"target", "rep,quarter,amount\nana,2026-Q1,100\nana,2026-Q3,100\nana,2026-Q4,100\n"},
                {"deal",
                 "id,rep,product,amount,closed_on\nd1,ana,core,100,2026-01-31\nd2,ana,x,100,2026-12-31\n"},
                {0}});
    /* Q2 has no quota and is withheld, and Q3 because it looks at Q2. The year's attainment is worked out
     * anew from the year's figures: 100 / 100, then 200 / 300. */
    cr_assert_str_eq(rig_lines(&rig),
                     "ana,2026-Q1,kicker,,5.00\nana,2026-Q1,year,,1.00\nana,2026-Q1,last,,1.00\n"
                     "ana,2026-Q4,kicker,,5.00\nana,2026-Q4,year,,0.67\n");
    cr_assert_eq(rig.run->n_withheld, 2);
    rig_free(&rig);
}

Test(exceptions, of_payees_who_are_not_covered_are_not_told) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_QUARTERS RIG_CREDIT QUOTA "applies to rep where id is \"ana\"\npay kicker = $5 * attainment",
            (struct rig_table[]){{"rep", reps},
                                 {"target", "rep,quarter,amount\nana,2026-Q1,100\n"},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,core,100,2026-01-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig), "ana,2026-Q1,kicker,,5.00\n");
    cr_assert_eq(rig.run->n_exceptions, 0);
    rig_free(&rig);
}

Test(exceptions, amounts_too_large_to_pay) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig, RIG_QUARTERS RIG_CREDIT "pay square = $1 * (bookings / $1) * (bookings / $1)",
            (struct rig_table[]){{"rep", reps},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,core,1000000000000,2026-"
                                          "01-31\nd2,ben,core,1000000,2026-01-31\n"},
                                 {0}});
    cr_assert_str_eq(rig_lines(&rig), "ben,2026-Q1,square,,1000000000000.00\n");
    cr_assert_str_eq(rig_exceptions(&rig), "ana,2026-Q1: `square`: the amount is too large to pay\n");
    rig_free(&rig);
}

Test(exceptions, managers_in_a_circle_are_refused) {
    struct rig rig;
    rig_init(&rig);
    rig_run(
        &rig,
        RIG_QUARTERS "credit booking from deal to managers of rep on closed_on amount amount\nmeasure m = "
                     "sum of amount from booking\npay x = 1% of m",
        (struct rig_table[]){{"rep", "id,name,team,manager\nana,Ana,e,ben\nben,Ben,e,cid\ncid,Cid,e,ben\n"},
                             {"deal", "id,rep,product,amount,closed_on\n"},
                             {0}});
    cr_assert_eq(rig.status, AT_REJECTED);
    cr_assert_eq(rig.diags.at[rig.diags.n - 1]->code, AT_A0812);
    rig_free(&rig);
}
