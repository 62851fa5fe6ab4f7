/* diff/risk.c: implements risk.h. */
#include "diff/risk.h"
#include "diff/cells.h"
#include "diff/decision.h"
#include "diff/diff_int.h"

static void add(struct at_diff_decision *decision, struct at_diff_risk risk) {
    if (decision->n_risks < AT_DIFF_MOST_RISKS) decision->risks[decision->n_risks++] = risk;
}

/* Whether a loses a larger share of its old pay than b: compared without division. */
static bool loses_more(struct at_arena *arena, const at_i128 a[2], const at_i128 b[2]) {
    at_num part[2], whole[2];
    const at_i128 *both[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        part[i] = at_num_decimal128(both[i][0] - both[i][1], 0);
        whole[i] = at_num_abs(arena, at_num_decimal128(both[i][0], 0));
    }
    return at_num_cmp(arena, at_num_mul(arena, part[0], whole[1]), at_num_mul(arena, part[1], whole[0])) > 0;
}

/* ---------------------------------------------------------------- withheld payouts, tests, the base */

static void add_withheld(const struct at_diff *diff, struct at_diff_decision *decision) {
    if (diff->n_newly == 0) return;
    struct at_diff_risk risk = {.kind = AT_DIFF_RISK_WITHHELD,
                                .target = AT_TARGET_WITHHELD,
                                .side = 1,
                                .n = diff->n_newly,
                                .n_payees = diff->n_newly_payees,
                                .payee = diff->newly[0].payee,
                                .period = diff->newly[0].period};
    for (uint32_t i = 0; i < diff->n_newly; i++) {
        risk.causes |= diff->newly[i].causes;
        risk.minor[0] += diff->newly[i].minor;
    }
    add(decision, risk);
}

static void add_tests(struct at_diff_decision *decision) {
    for (int s = 1; s >= 0; s--) {
        const struct at_diff_tests *tests = &decision->tests[s];
        if (tests->failed == 0) continue;
        add(decision, (struct at_diff_risk){.kind = AT_DIFF_RISK_TEST,
                                            .target = AT_TARGET_SUMMARY,
                                            .side = (uint8_t)s,
                                            .n = tests->failed,
                                            .n_payees = tests->n,
                                            .payee = UINT32_MAX,
                                            .name = tests->first});
    }
}

static void add_base(const struct at_diff *diff, struct at_diff_decision *decision) {
    if (!decision->base_moved) return;
    add(decision, (struct at_diff_risk){.kind = AT_DIFF_RISK_BASE,
                                        .target = AT_TARGET_SUMMARY,
                                        .side = 1,
                                        .payee = UINT32_MAX,
                                        .minor = {diff->credited_minor[0], diff->credited_minor[1]}});
}

/* ---------------------------------------------------------------- who loses */

static void add_loser(const struct at_diff *diff, struct at_diff_decision *decision) {
    struct at_diff_risk risk = {
        .kind = AT_DIFF_RISK_LOSER, .target = AT_TARGET_PAYEE, .side = 1, .payee = UINT32_MAX};
    struct at_arena *scratch = at_arena_scratch(diff->arena);
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        const struct at_diff_payee *payee = &diff->payees[p];
        if (payee->kind != AT_DIFF_LESS) continue;
        at_i128 lost = payee->like[0] - payee->like[1],
                pay = payee->like[0] < 0 ? -payee->like[0] : payee->like[0];
        risk.n += lost * 10 >= pay;
        risk.n_payees++;
        if (risk.payee != UINT32_MAX && !loses_more(scratch, payee->like, diff->payees[risk.payee].like))
            continue;
        risk.payee = p;
        memcpy(risk.minor, payee->like, sizeof risk.minor);
    }
    at_arena_free(scratch);
    if (risk.payee != UINT32_MAX) add(decision, risk);
}

static void add_group(const struct at_diff *diff, struct at_diff_decision *decision) {
    const struct at_diff_groups *groups = &decision->groups;
    struct at_arena *scratch = at_arena_scratch(diff->arena);
    const struct at_diff_group *worst = NULL;
    for (uint32_t g = 0; g < groups->n && groups->n > 1; g++) {
        const struct at_diff_group *group = &groups->at[g];
        if (group->like[1] >= group->like[0]) continue;
        if (!worst || loses_more(scratch, group->like, worst->like)) worst = group;
    }
    at_arena_free(scratch);
    if (!worst) return;
    add(decision, (struct at_diff_risk){.kind = AT_DIFF_RISK_GROUP,
                                        .target = AT_TARGET_GROUPS,
                                        .side = 1,
                                        .n = worst->losers,
                                        .n_payees = worst->payees,
                                        .payee = UINT32_MAX,
                                        .name = worst->name,
                                        .minor = {worst->like[0], worst->like[1]}});
}

/* ---------------------------------------------------------------- newly capped, newly without a component */

static bool value_at(const struct at_diff_side *side, uint32_t node, uint32_t cell, struct at_arena *arena,
                     at_num *out) {
    uint32_t state, of = at_diff_side_node(side, node);
    if (of == AT_NO_NODE) return false;
    bool constant = side->run->plan->nodes[of].grain == AT_G_CONST;
    struct at_plan_value value = at_session_run_value(side->run, of, constant ? 0 : cell, arena, &state);
    if (value.missing || state != AT_STATE_OK) return false;
    *out = at_plan_value_num(&value);
    return true;
}

/* The first cap that takes something away from the payout; NULL: none. */
static const struct at_plan_adjustment *cap_of(const struct at_diff_side *side, uint32_t cell,
                                               struct at_arena *arena) {
    for (uint32_t i = 0; i < side->plan->n_adjustments; i++) {
        const struct at_plan_adjustment *a = &side->plan->adjustments[i];
        at_num before, after;
        if (a->decl->node->kind != AT_N_CAP || a->before == AT_NO_NODE || a->after == AT_NO_NODE) continue;
        if (!value_at(side, a->before, cell, arena, &before) ||
            !value_at(side, a->after, cell, arena, &after))
            continue;
        if (at_num_cmp(arena, after, before) < 0) return a;
    }
    return NULL;
}

static const struct at_plan_adjustment *cap_in(const struct at_diff *diff, int s,
                                               const struct at_diff_cell *cell, struct at_arena *arena) {
    const struct at_diff_side *side = &diff->sides[s];
    int32_t row = diff->payees[cell->payee].row[s];
    int64_t period = (int64_t)cell->period - side->run->first_position;
    if (row < 0 || period < 0 || period >= side->run->n_periods) return NULL;
    return cap_of(side, (uint32_t)period * side->run->n_payees + (uint32_t)row, arena);
}

/* A payee is newly capped if a cap takes something from a payout, and none does in the old version. */
static void add_capped(struct at_diff *diff, struct at_diff_decision *decision) {
    struct at_diff_risk risk = {
        .kind = AT_DIFF_RISK_CAPPED, .target = AT_TARGET_PAYEE, .side = 1, .payee = UINT32_MAX};
    struct at_arena *scratch = at_arena_scratch(diff->arena);
    struct at_diff_cell cell;
    uint32_t counted = UINT32_MAX;
    for (uint64_t r = 0; at_diff_next_cell(diff, &r, diff->n_rows, &cell);) {
        at_arena_poll(diff->arena);
        if (!at_diff_cell_alike(&cell)) continue;
        struct at_arena_mark mark = at_arena_mark(scratch);
        const struct at_plan_adjustment *cap = cap_in(diff, 1, &cell, scratch);
        bool newly = cap && !cap_in(diff, 0, &cell, scratch);
        at_arena_reset(scratch, mark);
        if (!newly) continue;
        risk.n++;
        diff->payees[cell.payee].capped = true;
        risk.n_payees += cell.payee != counted;
        counted = cell.payee;
        if (risk.payee != UINT32_MAX) continue;
        risk.payee = cell.payee;
        risk.period = cell.period;
        risk.name = cap->decl->node->text;
    }
    at_arena_free(scratch);
    if (risk.payee != UINT32_MAX) add(decision, risk);
}

/* The component that most payees no longer get in some period, although both versions have it. */
static void add_nothing(const struct at_diff *diff, struct at_diff_decision *decision) {
    struct at_diff_risk *by = AT_NEW_ARRAY(diff->arena, struct at_diff_risk, diff->n_components + 1);
    uint32_t *counted = AT_NEW_ARRAY(diff->arena, uint32_t, diff->n_components + 1), most = 0;
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        const struct at_diff_row *row = &diff->rows[r];
        const struct at_diff_component *component = &diff->components[row->component];
        struct at_diff_risk *risk = &by[row->component];
        if (row->withheld[0] || row->withheld[1] || row->minor[0] <= 0 || row->minor[1] != 0) continue;
        if (component->index[0] < 0 || component->index[1] < 0) continue;
        if (risk->n++ == 0) {
            *risk = (struct at_diff_risk){.kind = AT_DIFF_RISK_NOTHING,
                                          .target = AT_TARGET_PAYEE,
                                          .side = 1,
                                          .n = 1,
                                          .payee = row->payee,
                                          .period = row->period,
                                          .name = component->name};
        }
        risk->minor[0] += row->minor[0];
        risk->n_payees += counted[row->component] != row->payee + 1;
        counted[row->component] = row->payee + 1;
    }
    for (uint32_t c = 1; c < diff->n_components; c++)
        if (by[c].n_payees > by[most].n_payees) most = c;
    if (diff->n_components && by[most].n) add(decision, by[most]);
}

/* The first of the list is the largest new jump, or else the largest new fall. */
static void add_cliff(struct at_diff_decision *decision) {
    const struct at_diff_cliffs *cliffs = decision->cliffs;
    if (!cliffs || cliffs->n == 0 || cliffs->at[0].known || cliffs->at[0].kind > AT_RISK_FALL) return;
    add(decision, (struct at_diff_risk){.kind = AT_DIFF_RISK_CLIFF,
                                        .target = AT_TARGET_PAYEE,
                                        .side = 1,
                                        .n_payees = cliffs->at[0].n_payees,
                                        .payee = cliffs->at[0].payee,
                                        .name = cliffs->at[0].measure,
                                        .cliff = &cliffs->at[0]});
}

void at_diff_find_risks(struct at_diff *diff, struct at_diff_decision *decision) {
    decision->risks = AT_NEW_ARRAY(diff->arena, struct at_diff_risk, AT_DIFF_MOST_RISKS);
    add_withheld(diff, decision);
    add_tests(decision);
    add_loser(diff, decision);
    add_group(diff, decision);
    add_capped(diff, decision);
    add_nothing(diff, decision);
    add_cliff(decision);
    add_base(diff, decision);
}
