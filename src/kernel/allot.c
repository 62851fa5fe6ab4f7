/* kernel/allot.c: divides the amounts of groups among their members.
 *
 * Members come in order of their keys. Units that are left over therefore do not depend on the order of the
 * payees' file. What no member gets is noted.
 */
#include "base/allot.h"

#include "base/level.h"
#include "kernel/kernels.h"

/* What the groups of one ALLOT node have in common. Parts are in units to which payout lines are rounded: of
 * `unit` minor units, which have `digits` decimals. */
struct allotment {
    struct at_kernel_space *space;
    const struct at_plan_node *node;
    uint32_t id;
    const struct at_col *whole, *weights, *among, *limit, *have; /* NULL: the pool does not have it */
    const struct at_kernel_members *members;
    unsigned digits;
    uint32_t unit;
    struct at_col *out;
};

/* Those members of a group who share its amount. */
struct sharers {
    uint32_t *payee, n;
    int64_t whole, *parts;
};

/* ---- who shares */

/* The state of what is known of a member: of all columns that the split reads. */
static uint32_t state_of_member(const struct allotment *a, uint32_t payee) {
    const struct at_col *const cols[] = {a->weights, a->limit, a->have};
    for (unsigned k = 0; k < 3; k++) {
        uint32_t state = cols[k] ? at_col_state(cols[k], payee) : AT_STATE_OK;
        if (state != AT_STATE_OK) return state;
    }
    return AT_STATE_OK;
}

/* What a member has is raised to a part of a target, so the target must be above zero. */
static uint32_t state_of_target(const struct allotment *a, uint32_t payee, bool ignoring) {
    if (!a->have || at_num_sign(at_kernel_num_at(a->weights, payee)) > 0) return AT_STATE_OK;
    return ignoring ? AT_STATE_MISSING : at_kernel_space_fault(a->space, a->id, payee, AT_A0879, (at_str){0});
}

/* Finds the members who share. Returns the state that their shares have if one of them cannot be known. */
static uint32_t find_sharers(const struct allotment *a, uint32_t group, struct sharers *to) {
    bool ignoring = (a->node->b & AT_ALLOT_IGNORING) != 0;
    uint32_t found = AT_STATE_OK;
    for (uint32_t k = a->members->start[group]; k < a->members->start[group + 1]; k++) {
        uint32_t payee = a->members->payee[k], state = a->among ? at_col_state(a->among, payee) : AT_STATE_OK;
        bool yes = state == AT_STATE_OK && (!a->among || a->among->flag[a->among->one ? 0 : payee]);
        if (state == AT_STATE_OK && !yes) continue;
        if (state == AT_STATE_OK) state = state_of_member(a, payee);
        if (state == AT_STATE_OK) state = state_of_target(a, payee, ignoring);
        if (ignoring && state != AT_STATE_OK) continue;
        if (found < AT_STATE_EXCEPTION && state > found) found = state;
        to->payee[to->n++] = payee;
    }
    return found;
}

/* The same state for all who share: if one part is unknown, the parts cannot add up to the whole. */
static void put_state(const struct allotment *a, const struct sharers *sharers, uint32_t state) {
    uint32_t *states = at_kernel_states_of(a->space, a->out, a->space->n);
    for (uint32_t k = 0; k < sharers->n; k++)
        states[sharers->payee[k]] = state;
}

/* ---- ways to divide. Each returns false if the parts cannot be calculated. */

/* No one can be paid by these weights. Otherwise a part that does not fit a payout is why a whole cannot be
 * allotted: negative weights can make parts larger than the whole. */
static bool weigh_nothing(struct at_arena *scratch, const at_num *weights, uint32_t n, bool negatives) {
    at_num sum = at_num_int(0);
    for (uint32_t k = 0; k < n; k++)
        if (negatives || at_num_sign(weights[k]) > 0) sum = at_num_add(scratch, sum, weights[k]);
    return sum.form != AT_NUM_OVERFLOW && at_num_sign(sum) <= 0;
}

/* A pool whose weights add up to nothing pays no one. This is counted and reported once, not an exception. */
static bool by_weight(const struct allotment *a, struct sharers *sharers) {
    struct at_kernel_space *space = a->space;
    bool negatives = (a->node->b & AT_ALLOT_NEGATIVES) != 0;
    at_num *weights = at_arena_get(space->arena, (sharers->n + 1) * sizeof *weights);
    for (uint32_t k = 0; k < sharers->n; k++)
        weights[k] = at_kernel_num_at(a->weights, sharers->payee[k]);
    if (at_allot(space->arena, sharers->whole, weights, sharers->n, negatives, sharers->parts)) return true;
    if (!weigh_nothing(space->arena, weights, sharers->n, negatives)) return false;
    bool reached = space->period < space->frame->n_regular;
    if (reached && (sharers->n > 0 || !a->among)) space->unpaid[a->id]++;
    return true;
}

/* Money in units, exactly. */
static at_num units_of(const struct allotment *a, const struct at_col *col, uint32_t payee) {
    at_num minor = at_num_mul(a->space->arena, at_kernel_num_at(col, payee),
                              at_num_int((int64_t)at_num_pow10[a->digits]));
    return a->unit == 1 ? minor : at_num_div(a->space->arena, minor, at_num_int(a->unit));
}

/* With limits, or to one level. A limit that is not whole units is cut: a share never exceeds it. */
static bool by_rate(const struct allotment *a, struct sharers *sharers) {
    struct at_arena *arena = a->space->arena;
    struct at_level_member *members = at_arena_get(arena, (sharers->n + 1) * sizeof *members);
    for (uint32_t k = 0; k < sharers->n; k++) {
        uint32_t payee = sharers->payee[k];
        struct at_level_member *member = &members[k];
        *member = (struct at_level_member){at_kernel_num_at(a->weights, payee), at_num_int(0), -1};
        if (a->have) member->start = units_of(a, a->have, payee);
        if (!a->limit) continue;
        at_num limit = at_num_round(arena, units_of(a, a->limit, payee), 0, AT_ROUND_DOWN);
        if (at_num_sign(limit) < 0) limit = at_num_int(0);
        if (!at_num_to_i64(arena, limit, 0, &member->limit)) member->limit = -1; /* beyond any amount */
    }
    return at_level(arena, sharers->whole, members, sharers->n, sharers->parts);
}

/* How many who share have the role of each. */
static uint32_t *holders_of(const struct allotment *a, const struct sharers *sharers) {
    uint32_t group = (uint32_t)a->node->a - 1, n = a->space->frame->group_sizes[group];
    uint32_t *holders = AT_NEW_ARRAY(a->space->arena, uint32_t, n + 1);
    for (uint32_t k = 0; k < sharers->n; k++) {
        uint32_t role = at_kernel_frame_groups(a->space->frame, group, a->space->period)[sharers->payee[k]];
        if (role < n) holders[role]++;
    }
    return holders;
}

/* Fixed shares. What they leave has a weight, too, and comes last, so that all weights are parts of 1. */
static bool by_share(const struct allotment *a, struct sharers *sharers) {
    struct at_arena *arena = a->space->arena;
    at_num *weights = at_arena_get(arena, (sharers->n + 1) * sizeof *weights), left = at_num_int(1);
    const uint32_t *holders = a->node->a ? holders_of(a, sharers) : NULL;
    for (uint32_t k = 0; k < sharers->n; k++) {
        uint32_t payee = sharers->payee[k];
        at_num share = at_kernel_num_at(a->weights, payee);
        if (at_num_sign(share) < 0) share = at_num_int(0);
        uint32_t role = holders ? at_kernel_frame_groups(a->space->frame, (uint32_t)a->node->a - 1,
                                                         a->space->period)[payee]
                                : AT_NOBODY;
        if (role != AT_NOBODY) share = at_num_div(arena, share, at_num_int(holders[role]));
        weights[k] = share;
        left = at_num_sub(arena, left, share);
    }
    if (left.form == AT_NUM_OVERFLOW) return false;
    if (at_num_sign(left) < 0) {
        put_state(a, sharers, at_kernel_space_fault(a->space, a->id, 0, AT_A0878, (at_str){0}));
        sharers->whole = 0;
        return true;
    }
    weights[sharers->n] = left;
    return at_allot(arena, sharers->whole, weights, sharers->n + 1, false, sharers->parts);
}

static bool divide(const struct allotment *a, struct sharers *sharers) {
    if (a->node->b & AT_ALLOT_SHARES) return by_share(a, sharers);
    if (a->have || (a->limit && sharers->whole > 0)) return by_rate(a, sharers);
    return by_weight(a, sharers);
}

/* ---- groups */

/* Notes what the parts leave of the amount. */
static void note_rest(const struct allotment *a, uint32_t group, const struct sharers *sharers) {
    struct at_kernel_space *space = a->space;
    int64_t rest = sharers->whole;
    for (uint32_t k = 0; k < sharers->n; k++)
        rest -= sharers->parts[k];
    if (rest == 0 || !space->rests) return;
    struct at_kernel_rest noted = {
        .node = a->id, .group = group, .period = space->period, .minor = rest * a->unit};
    AT_VEC_PUSH(space->rests->arena, &space->rests->of, noted);
}

static void allot_group(const struct allotment *a, uint32_t group) {
    struct at_kernel_space *space = a->space;
    uint32_t n = a->members->start[group + 1] - a->members->start[group];
    struct sharers sharers = {.payee = at_arena_get(space->arena, (n + 1) * sizeof *sharers.payee),
                              .parts = AT_NEW_ARRAY(space->arena, int64_t, n + 1)};
    uint32_t found = find_sharers(a, group, &sharers), state = at_col_state(a->whole, group);
    if (state == AT_STATE_OK) state = found;
    /* The amount in units, exactly. An amount with smaller fractions cannot be allotted and is a fault. */
    if (state == AT_STATE_OK && !at_num_to_i64(space->arena, units_of(a, a->whole, group), 0, &sharers.whole))
        state = at_kernel_space_fault(space, a->id, 0, AT_A0804, (at_str){0});
    bool done = state != AT_STATE_OK || divide(a, &sharers);
    if (!done) state = at_kernel_space_fault(space, a->id, 0, AT_A0804, (at_str){0});
    if (state != AT_STATE_OK) {
        put_state(a, &sharers, state);
        return;
    }
    for (uint32_t k = 0; k < sharers.n; k++)
        a->out->i64[sharers.payee[k]] = sharers.parts[k] * a->unit;
    note_rest(a, group, &sharers);
}

static const struct at_col *clause(const struct at_kernel_space *space, uint32_t id, enum at_plan_allot bit) {
    unsigned at = at_plan_allot_input(&space->plan->nodes[id], bit);
    return at ? at_kernel_input(space, id, at) : NULL;
}

/* Payees who are not members of a group keep a part of zero. */
void at_kernel_allot(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_currency_info *currency = at_currency_info(space->plan->checked->currency);
    const struct at_plan_node *node = &space->plan->nodes[id];
    uint32_t group = space->plan->nodes[node->in[0]].place;
    struct allotment a = {.space = space,
                          .node = node,
                          .id = id,
                          .whole = at_kernel_input(space, id, 0),
                          .weights = at_kernel_input(space, id, 1),
                          .among = clause(space, id, AT_ALLOT_AMONG),
                          .limit = clause(space, id, AT_ALLOT_LIMIT),
                          .have = clause(space, id, AT_ALLOT_LEVEL),
                          .members = node->grain == AT_G_GROUP
                                         ? &space->frame->stays[node->place].in_group
                                         : at_kernel_frame_members(space->frame, group, space->period),
                          .digits = currency ? currency->digits : 2,
                          .unit = at_plan_allot_unit(node),
                          .out = out};
    *out = (struct at_col){.form = AT_COL_I64, .scale = (uint8_t)a.digits, .n = space->n};
    out->i64 = AT_NEW_ARRAY(space->arena, int64_t, space->n);
    for (uint32_t k = 0; k < space->frame->group_sizes[group]; k++)
        allot_group(&a, k);
    out->bound = at_col_measure(out->i64, out->n);
}
