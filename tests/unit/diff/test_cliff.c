/* The cliffs of a new version, of the payees who change most. Amounts are by hand:
 *
 *     old    5% of bookings, and 8% of all of them from $50,000 on: from $2,500 to $4,000 there
 *     new    5% of bookings, and 10% of all of them from $60,000 on: from $3,000 to $6,000 there
 *
 * ana has $70,000 (5,600 → 7,000: +1,400), ben $55,000 (4,400 → 2,750: -1,650), and cid nothing.
 */
#include "diff/cliff.h"

#include <criterion/criterion.h>

#include "../session/rig.h"

#define TIERS(at, rate)                                                                                      \
    RIG_MONTHS RIG_CREDIT "rates tier { from $0: 5%  from " at ": " rate " }\n"                              \
                          "pay commission on bookings = tier(bookings)\n"
#define OLD TIERS("$50,000", "8%")
#define NEW TIERS("$60,000", "10%")
#define DEALS "id,rep,product,amount,closed_on\nd1,ana,core,70000,2026-01-15\nd2,ben,core,55000,2026-01-20\n"

static const struct rig_table tables[] = {{"rep", RIG_REPS}, {"deal", DEALS}, {0}};

struct versions {
    struct rig rig[2], both;
    struct at_plan_map maps[2];
    struct at_diff_side sides[2];
    const struct at_diff *diff;
    struct at_diff_cliffs cliffs;
};

static void find(struct versions *v, uint32_t most) {
    const struct at_diff_filter filter = {0};
    struct at_arena *arena = &v->rig[1].run_arena;
    v->diff = at_diff_make(v->sides, NULL, &filter, arena);
    cr_assert_eq(at_diff_cliffs_find(v->diff, v->sides, most, NULL, arena, &v->cliffs), AT_OK);
}

static void run(struct versions *v, const char *old, const char *new) {
    const char *texts[2] = {old, new};
    for (int s = 0; s < 2; s++) {
        rig_init(&v->rig[s]);
        rig_run(&v->rig[s], texts[s], tables);
        cr_assert_eq(v->rig[s].status, AT_OK);
        v->sides[s] = at_diff_side_make(v->rig[s].plan, v->rig[s].run, NULL, false);
    }
}

/* Both versions as one plan. */
static void run_merged(struct versions *v, const char *old, const char *new) {
    run(v, old, new);
    const struct at_plan *plans[2] = {v->rig[0].plan, v->rig[1].plan};
    rig_init(&v->both);
    cr_assert(at_plan_merge(plans, 2, 2, &v->both.policy_arena, &v->both.plan, v->maps));
    rig_run_plan(&v->both, tables);
    cr_assert_eq(v->both.status, AT_OK);
    for (int s = 0; s < 2; s++)
        v->sides[s] = at_diff_side_make(plans[s], v->both.run, &v->maps[s], false);
}

static void end(struct versions *v) {
    for (int s = 0; s < 2; s++)
        rig_free(&v->rig[s]);
}

static bool is(struct versions *v, at_num num, int64_t units) {
    return at_num_cmp(&v->rig[1].run_arena, num, at_num_int(units)) == 0;
}

static void has_the_new_cliff(struct versions *v) {
    const struct at_diff_cliff *cliff = &v->cliffs.at[0];
    cr_assert_eq(v->cliffs.n, 1);
    cr_expect(v->cliffs.whole);
    cr_expect(at_str_eq(v->cliffs.period, AT_STR("2026-01")));
    cr_expect_eq(cliff->kind, AT_RISK_CLIFF);
    cr_expect_not(cliff->known);
    cr_expect(at_str_eq(cliff->component, AT_STR("commission")));
    cr_expect(at_str_eq(cliff->measure, AT_STR("bookings")));
    cr_expect(is(v, cliff->low, 60000) && is(v, cliff->before, 3000) && is(v, cliff->after, 6000));
    cr_expect_eq(cliff->n_near, 1); /* ben, from $54,000 to $66,000 */
}

Test(cliff, is_of_the_new_version) {
    struct versions v = {0};
    run(&v, OLD, NEW);
    find(&v, 8);
    has_the_new_cliff(&v);
    cr_expect_eq(v.cliffs.n_payees, 2); /* cid does not change */
    cr_expect_eq(v.cliffs.at[0].n_payees, 2);
    cr_expect(at_str_eq(v.diff->payees[v.cliffs.at[0].payee].key, AT_STR("ben"))); /* he changes most */
    end(&v);
}

Test(cliff, is_the_same_if_the_versions_run_as_one) {
    struct versions v = {0};
    run_merged(&v, OLD, NEW);
    find(&v, 1);
    has_the_new_cliff(&v);
    cr_expect_eq(v.cliffs.n_payees, 1);
    end(&v);
    rig_free(&v.both);
}

/* The cliff stays, and a bonus of $500 from $65,000 on is new. */
Test(cliff, that_stays_is_known_and_comes_last) {
    struct versions v = {0};
    run_merged(&v, OLD, OLD "pay bonus = $500 when bookings >= $65,000\n");
    find(&v, 8);
    cr_assert_eq(v.cliffs.n, 2);
    cr_expect(at_str_eq(v.cliffs.at[0].component, AT_STR("bonus")) && !v.cliffs.at[0].known);
    cr_expect(at_str_eq(v.cliffs.at[1].component, AT_STR("commission")) && v.cliffs.at[1].known);
    cr_expect(is(&v, v.cliffs.at[0].before, 0) && is(&v, v.cliffs.at[0].after, 500));
    end(&v);
    rig_free(&v.both);
}

/* The old cliff stays, and a second one of the same measure is above it: from 4,800 to 6,000. */
Test(cliff, that_is_new_is_found_above_one_that_stays) {
    struct versions v = {0};
    run(&v, OLD, TIERS("$50,000", "8%  from $60,000: 10%"));
    find(&v, 8);
    cr_assert_eq(v.cliffs.n, 2);
    cr_expect(!v.cliffs.at[0].known && is(&v, v.cliffs.at[0].low, 60000));
    cr_expect(is(&v, v.cliffs.at[0].before, 4800) && is(&v, v.cliffs.at[0].after, 6000));
    cr_expect(v.cliffs.at[1].known && is(&v, v.cliffs.at[1].low, 50000));
    cr_expect_eq(v.cliffs.at[1].n_payees, 1); /* ben does not change, and is not looked at */
    end(&v);
}

Test(cliff, is_not_looked_for_if_no_one_changes) {
    struct versions v = {0};
    run(&v, OLD, OLD);
    find(&v, 8);
    cr_expect_eq(v.cliffs.n, 0);
    cr_expect_eq(v.cliffs.n_payees, 0);
    cr_expect(v.cliffs.whole);
    end(&v);
}
