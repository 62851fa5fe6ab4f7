/* kernel/prize.c: prizes of payees who tie.
 *
 * in0 is the prize of each payee's own place, where payees who tie have different places, and in1 the rank
 * that they share. A prize of several is added up, and divided in units to which payout lines are rounded;
 * the units that are left over go to the first payees by key. Numbers that are not money are averaged
 * exactly. Who has no rank has no prize.
 */
#include "base/allot.h"
#include "base/order.h"
#include "kernel/kernels.h"

struct sharing {
    struct at_kernel_space *space;
    const struct at_plan_node *node;
    uint32_t id;
    const struct at_col *prize, *rank;
    struct at_col *out;
    at_num *to;
};

static bool before(const void *context, uint32_t b, uint32_t a) {
    const struct sharing *s = context;
    return at_num_cmp(s->space->arena, at_kernel_num_at(s->rank, b), at_kernel_num_at(s->rank, a)) < 0;
}

/* The same state for all who tie: if one prize is unknown, so is their sum. */
static uint32_t state_of(const struct sharing *s, const uint32_t *payee, uint32_t n) {
    uint32_t state = AT_STATE_OK;
    for (uint32_t k = 0; k < n && state < AT_STATE_EXCEPTION; k++) {
        uint32_t own = at_col_state(s->prize, payee[k]);
        if (own > state) state = own;
    }
    return state;
}

/* Divides in whole units. Returns false if the sum is beyond counting. */
static bool divide_money(const struct sharing *s, at_num sum, const uint32_t *payee, uint32_t n) {
    struct at_arena *arena = s->space->arena;
    const struct at_currency_info *currency = at_currency_info(s->node->type.currency);
    unsigned digits = currency ? currency->digits : 2;
    uint32_t how = (uint32_t)s->node->b, unit = (how >> 2) + 1;
    at_num one = at_num_div(arena, at_num_int(unit), at_num_int((int64_t)at_num_pow10[digits]));
    at_num units = at_num_round(arena, at_num_div(arena, sum, one), 0, (enum at_num_rounding)(how & 3));
    int64_t whole, *parts = AT_NEW_ARRAY(arena, int64_t, n + 1);
    at_num *weights = AT_NEW_ARRAY(arena, at_num, n + 1);
    if (!at_num_to_i64(arena, units, 0, &whole)) return false;
    for (uint32_t k = 0; k < n; k++)
        weights[k] = at_num_int(1);
    if (!at_allot(arena, whole, weights, n, false, parts)) return false;
    for (uint32_t k = 0; k < n; k++)
        s->to[payee[k]] = at_num_mul(arena, at_num_int(parts[k]), one);
    return true;
}

/* The payees of one rank, in order of their keys. */
static void share(const struct sharing *s, const uint32_t *payee, uint32_t n) {
    struct at_kernel_space *space = s->space;
    uint32_t state = state_of(s, payee, n);
    if (n == 1 || state != AT_STATE_OK) {
        if (state == AT_STATE_OK) s->to[payee[0]] = at_kernel_num_at(s->prize, payee[0]);
        for (uint32_t k = 0; state != AT_STATE_OK && k < n; k++)
            at_kernel_states_of(space, s->out, space->n)[payee[k]] = state;
        return;
    }
    at_num sum = at_num_int(0);
    for (uint32_t k = 0; k < n; k++)
        sum = at_num_add(space->arena, sum, at_kernel_num_at(s->prize, payee[k]));
    if (s->node->type.kind == AT_T_MONEY && sum.form != AT_NUM_OVERFLOW) {
        if (divide_money(s, sum, payee, n)) return;
        state = at_kernel_space_fault(space, s->id, payee[0], AT_A0804, (at_str){0});
        for (uint32_t k = 0; k < n; k++)
            at_kernel_states_of(space, s->out, space->n)[payee[k]] = state;
        return;
    }
    for (uint32_t k = 0; k < n; k++)
        s->to[payee[k]] = at_num_div(space->arena, sum, at_num_int(n));
}

static void share_group(const struct sharing *s, const struct at_kernel_members *members, uint32_t group) {
    struct at_arena *arena = s->space->arena;
    uint32_t n = 0, *ranked = at_arena_get(arena, (members->start[group + 1] - members->start[group] + 1) *
                                                      sizeof *ranked);
    for (uint32_t k = members->start[group]; k < members->start[group + 1]; k++) {
        uint32_t e = members->payee[k], state = at_col_state(s->rank, e);
        if (state == AT_STATE_OK)
            ranked[n++] = e;
        else if (state >= AT_STATE_EXCEPTION)
            at_kernel_states_of(s->space, s->out, s->space->n)[e] = state;
    }
    /* Members come in order of their keys, and the sort keeps that order. */
    at_sort(arena, ranked, n, before, s);
    for (uint32_t k = 0, first = 0; k < n; k++) {
        bool last = k + 1 == n || before(s, ranked[k], ranked[k + 1]) || s->node->b < 0;
        if (!last) continue;
        share(s, &ranked[first], k + 1 - first);
        first = k + 1;
    }
}

void at_kernel_prize(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct sharing s = {space, node, id, at_kernel_input(space, id, 0), at_kernel_input(space, id, 1),
                        out,   NULL};
    *out = (struct at_col){.n = space->n};
    s.to = at_kernel_nums_begin(space, out);
    for (uint32_t k = 0; k < space->frame->group_sizes[node->a]; k++)
        share_group(&s, at_kernel_frame_members(space->frame, (uint32_t)node->a, space->period), k);
    at_kernel_nums_end(space, id, out);
}
