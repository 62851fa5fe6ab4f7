/* tests/unit/session/test_slices.c: values of one period, and of one payee, on their own: slices as narrow as
 * they can be, slices whose forms differ from period to period, and what is carried between them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "rig.h"

static const char carried[] = RIG_MONTHS RIG_CREDIT
    "measure most = max of amount from booking\nmeasure third = bookings / 3\n"
    "measure y = ytd(bookings)\nmeasure q = qtd(third)\n"
    "measure t = trailing(bookings, 3)\nmeasure before = ifmissing(prior(bookings, 2), $1)\n"
    "measure kept = ytd(ifmissing(most, $0))\nmeasure month_no = month(period.end)\n"
    "pay a = 10% of y\npay b = 5% of t + 1% of before + 1% of q\n"
    "pay c = 1% of kept + $1 * month_no\npay d per booking = 1% of amount\n"
    "cap a at $150 per quarter\nfloor b at $40 per half\ncap total at $400\n";

enum { PEOPLE = 7, DEALS = 60 };

/* The rows of one payee, or of all (-1), as CSV. */
static void rows_of(int payee, char *reps, char *deals) {
    uint32_t seed = 20260131;
    reps += sprintf(reps, "id,name,team,manager\n");
    for (int i = 0; i < PEOPLE; i++)
        if (payee < 0 || payee == i) reps += sprintf(reps, "p%d,P,east,\n", i);
    deals += sprintf(deals, "id,rep,product,amount,closed_on\n");
    for (int i = 0; i < DEALS; i++) {
        seed = seed * 1103515245u + 12345u;
        int to = (int)(seed >> 16) % PEOPLE, month = (int)(seed >> 20) % 12 + 1;
        if (payee < 0 || payee == to)
            deals += sprintf(deals, "d%02d,p%d,core,%u.%02u,2026-%02d-15\n", i, to, (seed >> 8) % 3000,
                             (seed >> 4) % 3 ? 0 : (seed >> 5) % 100, month);
    }
}

static const char *paid(struct rig *rig, int payee) {
    static char reps[4096], deals[8192];
    rig_init(rig);
    rig->through = (at_period){AT_MONTH, 2026 * 12 + 11};
    rows_of(payee, reps, deals);
    rig_run(rig, carried, (struct rig_table[]){{"rep", reps}, {"deal", deals}, {0}});
    cr_assert_eq(rig->status, AT_OK);
    return rig_lines(rig);
}

/* Without pools, nobody's pay depends on others: the width of slices changes nothing. */
Test(slices, payees_alone_and_together) {
    static char alone[1 << 16];
    size_t n = 0;
    struct rig rig;
    for (int e = 0; e < PEOPLE; e++) {
        n += (size_t)sprintf(alone + n, "%s", paid(&rig, e));
        rig_free(&rig);
    }
    cr_assert_gt(n, 1000);
    cr_assert_str_eq(paid(&rig, -1), alone);
    rig_free(&rig);
}

/* Whole dollars, then cents, then more than 64 bits with cents, then nothing. */
Test(slices, forms_differ_between_periods) {
    struct rig rig;
    rig_init(&rig);
    rig.through = (at_period){AT_MONTH, 2026 * 12 + 4};
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT
            "measure y = ytd(bookings)\nmeasure q = qtd(bookings)\nmeasure t = trailing(bookings, 2)\n"
            "measure before = prior(bookings)\npay x = $1 when y + q + t > $0\n",
            (struct rig_table[]){{"rep", RIG_REPS},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,core,100,2026-01-05\n"
                                          "d2,ana,core,0.25,2026-02-05\n"
                                          "d3,ana,core,900000000000000000000,2026-03-05\n"},
                                 {0}});
    static const char *const want[][4] = {
        {"100", "100", "100", "missing"},
        {"100.25", "100.25", "100.25", "100"},
        {"900000000000000000100.25", "900000000000000000100.25", "900000000000000000000.25", "0.25"},
        {"900000000000000000100.25", "0", "900000000000000000000", "900000000000000000000"},
        {"900000000000000000100.25", "0", "0", "0"}};
    for (uint32_t p = 0; p < 5; p++) {
        cr_assert_str_eq(rig_measure(&rig, "y", "ana", p), want[p][0]);
        cr_assert_str_eq(rig_measure(&rig, "q", "ana", p), want[p][1]);
        cr_assert_str_eq(rig_measure(&rig, "t", "ana", p), want[p][2]);
        cr_assert_str_eq(rig_measure(&rig, "before", "ana", p), want[p][3]);
        cr_assert_str_eq(rig_measure(&rig, "y", "ben", p), "0");
    }
    rig_free(&rig);
}

/* One payee and one period: 10% of 70 is 7, of which 5 are left; 70 is all there is to date. */
Test(slices, one_payee_and_one_period) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period year\n" RIG_TABLES
                RIG_CREDIT "measure y = ytd(bookings)\nmeasure before = ifmissing(prior(bookings), $9)\n"
            "pay x = 10% of y\npay z = before\npay w per booking = 1% of amount\ncap x at $5\n",
            (struct rig_table[]){{"rep", "id,name,team,manager\nana,Ana,east,\n"},
                                 {"deal", "id,rep,product,amount,closed_on\nd1,ana,core,70,2026-05-05\n"},
                                 {0}});
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_eq(rig.run->n_payees * rig.run->n_periods, 1);
    cr_assert_str_eq(rig_lines(&rig), "ana,2026,x,,5.00\nana,2026,z,,9.00\nana,2026,w,d1,0.70\n");
    rig_free(&rig);
}

/* Nobody at all. */
Test(slices, no_payees) {
    struct rig rig;
    rig_init(&rig);
    rig_run(&rig,
            RIG_MONTHS RIG_CREDIT "pay x = 10% of ytd(bookings)\npool team = 1% of bookings split equally\n",
            (struct rig_table[]){
                {"rep", "id,name,team,manager\n"}, {"deal", "id,rep,product,amount,closed_on\n"}, {0}});
    cr_assert_eq(rig.status, AT_OK);
    cr_assert_str_eq(rig_lines(&rig), "");
    rig_free(&rig);
}
