/* Curves against runs: the amount of ana's only deal is x, and what a run pays for it must be what the curve
 * says, rounded. The numbers tried are those where pieces end, one cent below and above, and random ones. */
#include "curve/solve.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../session/rig.h"

#define X_MAX 250000
#define RANDOM 60

/* What x is. A param is written as @ in the policy. */
static enum { OF_MEASURE, OF_DEAL, OF_PARAM } vary;
static const char *who = "ana";

/* The policy with the amount in place of @. */
static void put_param(char *to, size_t room, const char *policy, int64_t cents) {
    const char *at = strchr(policy, '@');
    snprintf(to, room, "%.*s%lld.%02lld%s", (int)(at - policy), policy, (long long)(cents / 100),
             (long long)(cents % 100), at + 1);
}

/* Runs the policy with a deal of `cents` for ana in April, and others. */
static void pay(struct rig *rig, const char *policy, int64_t cents) {
    char text[4096], *deals;
    enum { ROOM = 1024 };
    if (vary == OF_PARAM) {
        put_param(text, sizeof text, policy, cents);
        policy = text;
        cents = 7000000;
    }
    rig_init(rig);
    deals = at_arena_get(&rig->run_arena, ROOM); /* the run reads them again */
    snprintf(
        deals, ROOM,
        "id,rep,product,amount,closed_on\nd1,ana,core,%lld.%02lld,2026-04-15\nd2,ben,core,40000,2026-04-20\n"
        "d3,ana,core,30000,2026-02-10\nd4,ben,core,9000.01,2026-05-01\nd5,ana,core,12000,2026-05-05\n",
        (long long)(cents / 100), (long long)(cents % 100));
    rig->open = vary == OF_PARAM ? "p" : NULL;
    rig->through = (at_period){AT_MONTH, 2026 * 12 + 5};
    rig_run(rig, policy, (struct rig_table[]){{"rep", RIG_REPS}, {"deal", deals}, {0}});
    cr_assert_eq(rig->status, AT_OK);
}

static uint32_t node_of(const struct rig *rig, const char *measure) {
    for (uint32_t i = 0; i < rig->plan->n_measures; i++)
        if (at_str_eq(rig->checked->measures[i].symbol->name, at_str_z(measure)))
            return rig->plan->measures[i].cell;
    return AT_NO_NODE;
}

#define TOTAL UINT32_MAX

/* What is paid by a component, or by all. */
static uint32_t pay_node(const struct rig *rig, uint32_t component) {
    return component == TOTAL ? rig->plan->total : rig->plan->components[component].value;
}

/* What ana is paid in a month; false: withheld. */
static bool paid(struct rig *rig, uint32_t component, uint32_t period, int64_t *cents) {
    uint32_t state, payee = rig_payee(rig, who);
    struct at_plan_value total = at_session_run_value(
        rig->run, pay_node(rig, component), period * rig->run->n_payees + payee, &rig->run_arena, &state);
    return state == AT_STATE_OK && at_num_to_i64(&rig->run_arena, at_plan_value_num(&total), 2, cents);
}

struct drawn {
    struct rig rig;
    struct at_curve curve;
};

static void draw(struct drawn *d, const char *policy, uint32_t component, uint32_t until) {
    pay(&d->rig, policy, 2000000);
    uint32_t node = vary == OF_MEASURE ? node_of(&d->rig, "bookings")
                    : vary == OF_DEAL  ? at_curve_load(d->rig.plan, d->rig.data.n_tables - 1, 3)
                                       : AT_NO_NODE;
    struct at_curve_options options = {.vary = node,
                                       .row = AT_STR("d1"),
                                       .payee = rig_payee(&d->rig, who),
                                       .period = vary == OF_MEASURE ? 3 : 0,
                                       .pay = pay_node(&d->rig, component),
                                       .first = until,
                                       .until = until,
                                       .from = at_num_int(0),
                                       .to = at_num_int(X_MAX)};
    cr_assert_eq(at_curve_make(d->rig.run, &options, NULL, &d->rig.run_arena, &d->curve), AT_OK);
}

static const struct at_curve_piece *piece_at(struct drawn *d, at_num x) {
    struct at_poly_point at = at_poly_point_of(x);
    for (uint32_t i = 0; i < d->curve.n_pieces; i++) {
        struct at_curve_piece *p = &d->curve.pieces[i];
        int low = at_poly_cmp(&d->rig.run_arena, &p->low, &at),
            high = at_poly_cmp(&d->rig.run_arena, &at, &p->high);
        if (p->point ? low == 0
                     : (low < 0 || (low == 0 && p->with_low)) && (high < 0 || (high == 0 && p->with_high)))
            return p;
    }
    cr_assert_fail("no piece");
    return NULL;
}

/* Whether a run with x pays what the curve says; `off` cents may be between them. */
static void try(struct drawn *d, const char *policy, uint32_t component, uint32_t until, int64_t cents,
                int64_t off) {
    struct rig other;
    int64_t right = 0, drawn = 0;
    if (cents < 0 || cents > X_MAX * 100) return;
    pay(&other, policy, cents);
    bool known = paid(&other, component, until, &right);
    at_num x = at_num_decimal(cents, 2);
    const struct at_curve_piece *piece = piece_at(d, x);
    cr_assert_eq(piece->pay.kind, known ? AT_CURVE_NUM : AT_CURVE_FAILED, "%lld", (long long)cents);
    if (known) {
        at_num y = at_num_round(&d->rig.run_arena, at_curve_at(&d->rig.run_arena, &piece->pay, x), 2,
                                AT_ROUND_HALF_UP);
        cr_assert(at_num_to_i64(&d->rig.run_arena, y, 2, &drawn));
        cr_assert(drawn - right <= off && right - drawn <= off, "x %lld: run %lld, curve %lld",
                  (long long)cents, (long long)right, (long long)drawn);
    }
    rig_free(&other);
}

/* Returns the number of pieces of the last component. */
static uint32_t prove(const char *policy, uint32_t until, int64_t off) {
    uint32_t pieces = 0;
    for (uint32_t component = 0, n = 1; component < n; component++) {
        struct drawn d;
        draw(&d, policy, component, until);
        n = d.rig.plan->n_components;
        pieces = d.curve.n_pieces;
        for (uint32_t i = 0; i < pieces; i++) {
            int64_t cents;
            at_num low = at_num_mul(&d.rig.run_arena, d.curve.pieces[i].low.low, at_num_int(100));
            cr_assert(at_num_to_i64(&d.rig.run_arena, at_num_floor(&d.rig.run_arena, low), 0, &cents));
            for (int64_t near = -1; near <= 2; near++)
                try(&d, policy, component, until, cents + near, off);
        }
        uint32_t seed = 20261130;
        for (unsigned i = 0; i < RANDOM; i++) {
            seed = seed * 1103515245u + 12345u;
            try(&d, policy, component, until, (int64_t)(seed >> 4) % (X_MAX * 100), off);
        }
        rig_free(&d.rig);
    }
    return pieces;
}

#define PLAN RIG_MONTHS RIG_CREDIT

Test(curve, tiers_and_caps) {
    /* 0, 20,000, 50,000, and where 10% of what is above 50,000 reaches the cap: 2,500 + 0.1 (x - 50,000) =
     * 9,000 at 115,000. */
    cr_assert_eq(prove(PLAN "rates r { from $0: 2%  from $20,000: 7%  from $50,000: 10% }\n"
                            "pay c = bookings through r\ncap c at $9,000\n",
                       3, 0),
                 4);
}

Test(curve, a_cliff_is_a_jump) {
    struct drawn d;
    const char *policy = PLAN "pay c = 5% of bookings\npay bonus = $1,000 when bookings >= $80,000\n";
    prove(policy, 3, 0);
    draw(&d, policy, TOTAL, 3);
    cr_assert_eq(d.curve.n_pieces, 2);
    cr_assert_not(d.curve.pieces[0].with_high);
    cr_assert(d.curve.pieces[1].with_low);
    cr_assert_eq(at_num_cmp(NULL, d.curve.pieces[1].low.low, at_num_int(80000)), 0);
    rig_free(&d.rig);
}

Test(curve, a_rate_of_the_same_measure_is_a_parabola) {
    struct drawn d;
    /* 2% to 6% on a line between attainment 50% and 150% of 60,000: x * (0.02 + 0.04 (x / 60,000 - 0.5)) */
    const char *policy =
        PLAN "measure att = bookings / $60,000\n"
             "rates r { from 0%: 1%  at 50%: 2%  at 150%: 6% }\npay c = r(att) of bookings\n";
    prove(policy, 3, 0);
    draw(&d, policy, 0, 3);
    const struct at_curve_piece *p = piece_at(&d, at_num_int(60000));
    cr_assert_eq(p->pay.num.n, 3);
    cr_assert_eq(at_num_cmp(&d.rig.run_arena, at_curve_at(&d.rig.run_arena, &p->pay, at_num_int(60000)),
                            at_num_int(2400)),
                 0);
    rig_free(&d.rig);
}

Test(curve, a_turning_point_that_is_not_rational) {
    struct drawn d;
    /* x (1 - (x / 100,000)²) / 10 turns at 100,000 / √3 */
    draw(&d, PLAN "measure u = bookings / $100,000\npay c = 10% * (1 - u * u) of bookings\n", 0, 3);
    cr_assert_geq(d.curve.n_pieces, 2);
    cr_assert_eq(d.curve.pieces[0].slope, 1);
    cr_assert_eq(d.curve.pieces[1].slope, -1);
    struct at_poly_point *turn = &d.curve.pieces[1].low;
    cr_assert_not(turn->exact);
    for (unsigned i = 0; i < 40; i++)
        at_poly_refine(&d.rig.run_arena, turn);
    cr_assert(at_num_cmp(&d.rig.run_arena, turn->low, at_num_decimal(5773502, 2)) > 0);
    cr_assert(at_num_cmp(&d.rig.run_arena, turn->high, at_num_decimal(5773503, 2)) < 0);
    rig_free(&d.rig);
}

Test(curve, earlier_and_later_periods) {
    const char *policy =
        PLAN "rates r { from $0: 2%  from $60,000: 8% }\n"
             "pay c cumulative over year = bookings through r\ncap c at $4,000 per quarter\n"
             "draw d = $1,500 against c recoverable\npay late = 1% of trailing(bookings, 2)\n";
    prove(policy, 3, 0);
    prove(policy, 4, 0); /* what is sold in April changes May */
    prove(policy, 5, 0);
}

Test(curve, conditions_and_tables) {
    prove(PLAN "measure att = bookings / $60,000\n"
               "table t by size {\n from $0 | 1%\n above $50,000 | 3%\n from $90,000 | 2% }\n"
               "pay c = if att > 50% and not (bookings = $100,000) then 4% of bookings else $10\n"
               "pay k = t(bookings) of bookings\n"
               "pay m = max(min(bookings, $70,000) - $1,000, abs(bookings - $90,000)) * 1%\n",
          3, 0);
}

Test(curve, a_pool_with_the_other_members_fixed) {
    prove(PLAN "pool team on bookings = 3% split by contribution\n", 3, 1);
    prove(PLAN "pool team = $10,000 split by bookings\n", 3, 1);
}

Test(curve, division_by_zero_withholds) {
    prove(PLAN "pay c = $100,000 / (bookings - $25,000) * $10\n", 3, 0);
}

Test(curve, what_is_no_function_says_so) {
    struct drawn d;
    /* ben has 40,000 in April: ana passes him there */
    prove(PLAN "pay c = $1,000 / rank(bookings)\n", 3, 0);
    draw(&d, PLAN "pay c = round(bookings, 1)\n", 0, 3); /* a stair each dime */
    cr_assert_eq(d.curve.n_pieces, 3);
    cr_assert_eq(d.curve.pieces[1].pay.kind, AT_CURVE_UNKNOWN);
    cr_assert_eq(d.rig.plan->nodes[d.curve.pieces[1].pay.blame].op, AT_P_ROUND);
    rig_free(&d.rig);
}

Test(curve, stairs_of_a_rounding) {
    prove(PLAN "pay c = $100 * rounddown(bookings / $10,000)\npay d = round(bookings, -3) * 1%\n", 3, 0);
}

Test(curve, ranks_and_prizes) {
    prove(PLAN "table t by place { from 1 | $500\n from 2 | $300\n from 3 | $100 }\n"
               "pay c = t(rank(bookings) ties share)\npay d = t(rank(bookings))\n",
          3, 1);
}

/* ---- shapes */

static int cmp(struct drawn *d, at_num a, int64_t b) {
    return at_num_cmp(&d->rig.run_arena, a, at_num_int(b));
}

Test(curve, shapes_of_a_plan_with_all_of_them) {
    struct drawn d;
    struct at_curve_shapes s;
    /* 2% up to 50,000; then 5%, with a bonus of 1,000 from 80,000 on; a cap of 5,000, which 2,500 + 1,000 +
     * 5% of what is above 80,000 reaches at 110,000; from 200,000 on, the rate is 1% of all: 2,000. */
    draw(&d,
         PLAN "rates r { from $0: 2%  from $50,000: 5% }\n"
              "pay c = if bookings > $200,000 then 1% of bookings else bookings through r\n"
              "pay b = $1,000 when bookings >= $80,000 and bookings <= $200,000\ncap total at $5,000\n",
         TOTAL, 3);
    at_curve_shapes(&d.curve, &d.rig.run_arena, &s);
    const uint8_t kinds[] = {AT_CURVE_KINK, AT_CURVE_JUMP, AT_CURVE_KINK, AT_CURVE_FLAT, AT_CURVE_JUMP};
    cr_assert_eq(s.n, 5);
    for (uint32_t i = 0; i < 5; i++)
        cr_assert_eq(s.at[i].kind, kinds[i], "%u", i);
    cr_assert(cmp(&d, s.at[0].low, 50000) == 0);
    cr_assert(at_num_cmp(NULL, s.at[0].before, at_num_decimal(2, 2)) == 0);
    cr_assert(at_num_cmp(NULL, s.at[0].after, at_num_decimal(5, 2)) == 0);
    cr_assert(cmp(&d, s.at[1].low, 80000) == 0 && cmp(&d, s.at[1].before, 2500) == 0);
    cr_assert(cmp(&d, s.at[1].after, 3500) == 0 && !s.at[1].own);
    cr_assert(cmp(&d, s.at[2].low, 110000) == 0 && cmp(&d, s.at[2].after, 0) == 0);
    cr_assert(cmp(&d, s.at[3].low, 110000) == 0 && cmp(&d, s.at[3].high, 200000) == 0);
    cr_assert(cmp(&d, s.at[3].before, 5000) == 0);
    cr_assert(cmp(&d, s.at[4].low, 200000) == 0 && cmp(&d, s.at[4].after, 2000) == 0);
    rig_free(&d.rig);
}

Test(curve, shapes_that_fall_or_are_withheld) {
    struct drawn d;
    struct at_curve_shapes s;
    /* falls from 100,000 / √3 on; 3,849 there, and -131,250 at 250,000 */
    draw(&d, PLAN "measure u = bookings / $100,000\npay c = 10% * (1 - u * u) of bookings\n", 0, 3);
    at_curve_shapes(&d.curve, &d.rig.run_arena, &s);
    const struct at_curve_shape *fall = &s.at[s.n - 1];
    cr_assert_eq(fall->kind, AT_CURVE_FALL);
    cr_assert(cmp(&d, fall->low, 57734) > 0 && cmp(&d, fall->low, 57736) < 0 && !fall->exact);
    cr_assert(cmp(&d, fall->before, 3848) > 0 && cmp(&d, fall->before, 3850) < 0);
    cr_assert(cmp(&d, fall->high, 250000) == 0 && cmp(&d, fall->after, -131250) == 0);
    rig_free(&d.rig);
    draw(&d, PLAN "pay c = $100,000 / (bookings - $25,000) * $10\n", 0, 3);
    at_curve_shapes(&d.curve, &d.rig.run_arena, &s);
    uint32_t withheld = 0;
    for (uint32_t i = 0; i < s.n; i++)
        withheld += s.at[i].kind == AT_CURVE_WITHHELD && cmp(&d, s.at[i].low, 25000) == 0;
    cr_assert_eq(withheld, 1);
    rig_free(&d.rig);
    draw(&d, PLAN "pay c = round(bookings, 1)\n", 0, 3);
    at_curve_shapes(&d.curve, &d.rig.run_arena, &s);
    cr_assert(s.n == 1 && s.at[0].kind == AT_CURVE_NOT);
    rig_free(&d.rig);
}

/* ---- the amount of a deal, and a param */

Test(curve, the_amount_of_a_deal) {
    vary = OF_DEAL;
    prove(PLAN "rates r { from $0: 2%  from $20,000: 7%  from $50,000: 10% }\n"
               "pay c = bookings through r\npay b = $1,000 when bookings >= $80,000\n"
               "pay e per booking = 3% of amount when amount > $30,000\n"
               "pay f per booking = r(bookings) of amount\n"
               "cap total at $15,000 per quarter\n",
          3, 2);
    prove(PLAN "measure large = max of amount from booking\nmeasure some = count from booking where "
               "amount > $12,345\npay c = 1% of ifmissing(large, $0) + $100 * some\n",
          3, 0);
    prove(PLAN "pay c on bookings by booking = 5% up to $90,000 + 2% over $90,000\n", 3, 1);
}

Test(curve, a_deal_changes_the_pay_of_others) {
    vary = OF_DEAL;
    who = "ben";
    prove(PLAN "pool team on bookings = 3% split by contribution\npay c = $1,000 / rank(bookings)\n", 3, 1);
}

Test(curve, a_param_that_is_a_rate) {
    vary = OF_PARAM;
    prove(PLAN "param p = $@\nmeasure over_it = bookings over p\nrates r { from $0: 2%  from $260,000: 3% }\n"
               "pay c = 5% of over_it\npay d = if bookings > p then $500 else 1% of min(p, $30,000)\n",
          3, 0);
    prove(PLAN
          "param p = $@\nparam q = 2 * p + $10\nrates r { from $0: 2%  from q: 3%  from $900,000: 4% }\n"
          "table t by x {\n from $0 | $10\n above $600,000 | q }\n"
          "pay c = bookings through r\npay d = r(bookings) of bookings\npay e = t(bookings + $550,000)\n",
          4, 0);
}

Test(curve, a_param_in_the_rows) {
    vary = OF_PARAM;
    prove(PLAN "param p = $@\nmeasure big = sum of amount from booking where amount > p\n"
               "pay c = 10% of big\npay e per booking = min(amount, p) * 2%\n",
          3, 2);
    prove(PLAN "param p = $@\npool team = p split by bookings\n", 3, 1);
}

/* ---- which x gives a pay */

static struct at_curve_solution solve(struct drawn *d, enum at_curve_goal goal, int64_t wanted) {
    struct at_curve_solution s;
    at_curve_solve(&d->curve, goal, at_num_int(wanted), &d->rig.run_arena, &s);
    return s;
}

Test(curve, solves_exactly) {
    struct drawn d;
    /* 2% up to 50,000; then 5%, and 1,000 more from 80,000 on: 2,500 just below it, 3,500 at it. At most
     * 5,000, from 110,000 on. */
    draw(&d,
         PLAN "rates r { from $0: 2%  from $50,000: 5% }\npay c = bookings through r\n"
              "pay b = $1,000 when bookings >= $80,000\ncap total at $5,000\n",
         TOTAL, 3);
    struct at_curve_solution s = solve(&d, AT_GOAL_EQUAL, 2000); /* 1,000 + 5% of 20,000 */
    cr_assert(s.n == 1 && s.at[0].with_low && s.at[0].with_high && s.at[0].low.exact);
    cr_assert(cmp(&d, s.at[0].low.low, 70000) == 0 && cmp(&d, s.at[0].high.low, 70000) == 0);
    s = solve(&d, AT_GOAL_AT_LEAST, 3000); /* the cliff */
    cr_assert(s.n == 1 && s.at[0].with_low && cmp(&d, s.at[0].low.low, 80000) == 0);
    cr_assert(cmp(&d, s.at[0].high.low, X_MAX) == 0 && s.at[0].with_high);
    s = solve(&d, AT_GOAL_AT_MOST, 3000);
    cr_assert(s.n == 1 && !s.at[0].with_high && cmp(&d, s.at[0].high.low, 80000) == 0);
    s = solve(&d, AT_GOAL_EQUAL, 5000); /* all of the flat stretch */
    cr_assert(s.n == 1 && cmp(&d, s.at[0].low.low, 110000) == 0 && cmp(&d, s.at[0].high.low, X_MAX) == 0);
    s = solve(&d, AT_GOAL_EQUAL, 2600); /* in the gap: 2,500 is nearer, and not quite reached */
    cr_assert(s.n == 0 && !s.none && !s.reached && cmp(&d, s.pay, 2500) == 0 &&
              cmp(&d, s.nearest, 80000) == 0);
    s = solve(&d, AT_GOAL_EQUAL, 3400); /* 3,500, at 80,000 */
    cr_assert(s.n == 0 && s.reached && cmp(&d, s.pay, 3500) == 0 && cmp(&d, s.nearest, 80000) == 0);
    s = solve(&d, AT_GOAL_AT_LEAST, 9000);
    cr_assert(s.n == 0 && s.reached && cmp(&d, s.pay, 5000) == 0 && cmp(&d, s.nearest, 110000) == 0);
    rig_free(&d.rig);
}

Test(curve, the_next_rise) {
    struct drawn d;
    struct at_curve_shapes shapes;
    struct at_curve_rise rise;
    /* As above. The tier at 150,000 is above the cap, which 110,000 reaches. */
    draw(&d,
         PLAN "rates r { from $0: 2%  from $50,000: 5%  from $150,000: 9% }\npay c = bookings through r\n"
              "pay b = $1,000 when bookings >= $80,000\ncap total at $5,000\n",
         TOTAL, 3);
    at_curve_shapes(&d.curve, &d.rig.run_arena, &shapes);
    cr_assert(at_curve_next_rise(&shapes, at_num_int(37600), &d.rig.run_arena, &rise));
    cr_assert(!rise.jump && cmp(&d, rise.at, 50000) == 0 && cmp(&d, rise.more, 12400) == 0);
    cr_assert(at_num_cmp(&d.rig.run_arena, rise.after, at_num_decimal(5, 2)) == 0);
    cr_assert(at_curve_next_rise(&shapes, at_num_int(50000), &d.rig.run_arena, &rise)); /* it is reached */
    cr_assert(rise.jump && cmp(&d, rise.at, 80000) == 0 && cmp(&d, rise.before, 2500) == 0);
    cr_assert(cmp(&d, rise.after, 3500) == 0 && cmp(&d, rise.more, 30000) == 0);
    cr_assert_not(at_curve_next_rise(&shapes, at_num_int(80000), &d.rig.run_arena, &rise));
    rig_free(&d.rig);
}

Test(curve, a_solution_that_is_not_rational) {
    struct drawn d;
    struct at_curve_solution s;
    /* x²/1,000,000 = 200 at 10,000 √2 */
    draw(&d, PLAN "measure u = bookings / $1,000,000\npay c = u of bookings\n", 0, 3);
    s = solve(&d, AT_GOAL_EQUAL, 200);
    cr_assert(s.n == 1 && !s.at[0].low.exact);
    for (unsigned i = 0; i < 60; i++)
        at_poly_refine(&d.rig.run_arena, &s.at[0].low);
    cr_assert(cmp(&d, s.at[0].low.low, 14142) > 0 && cmp(&d, s.at[0].low.high, 14143) < 0);
    rig_free(&d.rig);
}

Test(curve, the_pay_of_several) {
    struct drawn ana, ben;
    struct at_curve sum;
    /* A param p: 1% of bookings above it. ana has 70,000, ben 40,000. Together 300 at p = 40,000, and less
     * than 1,100 from 0 on; 500 at p = 30,000: 400 + 100. */
    const char *policy = PLAN "param p = $@\nmeasure more = bookings over p\npay c = 1% of more\n";
    vary = OF_PARAM;
    draw(&ana, policy, TOTAL, 3);
    who = "ben";
    draw(&ben, policy, TOTAL, 3);
    const struct at_curve both[] = {ana.curve, ben.curve};
    cr_assert_eq(at_curve_sum(both, 2, NULL, &ana.rig.run_arena, &sum), AT_OK);
    ana.curve = sum;
    struct at_curve_solution s = solve(&ana, AT_GOAL_EQUAL, 500);
    cr_assert(s.n == 1 && cmp(&ana, s.at[0].low.low, 30000) == 0);
    s = solve(&ana, AT_GOAL_EQUAL, 200);
    cr_assert(s.n == 1 && cmp(&ana, s.at[0].low.low, 50000) == 0);
    s = solve(&ana, AT_GOAL_AT_LEAST, 1101);
    cr_assert(s.n == 0 && cmp(&ana, s.pay, 1100) == 0 && cmp(&ana, s.nearest, 0) == 0);
    cr_assert_eq(sum.n_pieces, 3); /* up to 40,000, up to 70,000, and nothing from there on */
    rig_free(&ana.rig);
    rig_free(&ben.rig);
}
