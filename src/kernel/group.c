/* kernel/group.c: sums and edges over the members of groups, totals of the run, rank.
 *
 * Members are taken in order of their keys. So the exception that a group shows does not depend on the order
 * of the payees' file. A group is in exception if one of its covered members is. In that case, what the
 * others are due is unknown.
 */
#include "base/order.h"
#include "kernel/kernels.h"

/* ---- over members: sum, least, most */

/* Whether the payee is a member in this period. `mask` may be NULL: always. */
static inline bool is_member(const struct at_col *mask, uint32_t payee) {
    return !mask || mask->flag[mask->one ? 0 : payee];
}

static const struct at_col *mask_of(const struct at_kernel_space *space, uint32_t id) {
    return space->plan->nodes[id].n_in > 1 ? at_kernel_input(space, id, 1) : NULL;
}

/* The state of a group: the first member's exception by key, else missing where a member is. */
static uint32_t state_of_group(const struct at_col *col, const struct at_col *mask,
                               const struct at_kernel_members *members, uint32_t group) {
    uint32_t state = AT_STATE_OK;
    if (!col->state) return state;
    for (uint32_t k = members->start[group]; k < members->start[group + 1]; k++) {
        if (!is_member(mask, members->payee[k])) continue;
        uint32_t s = at_col_state(col, members->payee[k]);
        if (s >= AT_STATE_EXCEPTION) return s;
        if (s > state) state = s;
    }
    return state;
}

/* Members of another grouping who share one value: the last group in which it was counted. */
struct counted {
    const uint32_t *of; /* number of each payee's group; NULL: each member has a value of its own */
    uint32_t *in;       /* by that number: group + 1 */
};

static bool is_counted(struct counted *counted, uint32_t payee, uint32_t group) {
    if (!counted->of || counted->of[payee] == AT_NOBODY) return false;
    uint32_t *in = &counted->in[counted->of[payee]];
    if (*in == group + 1) return true;
    *in = group + 1;
    return false;
}

/* One group's members, joined; `to` is zero before. Returns the state. */
static uint32_t fold_group(struct at_kernel_space *space, const struct at_plan_node *node,
                           const struct at_col *in, const struct at_col *mask, uint32_t group, at_num *to,
                           struct counted *counted) {
    const struct at_plan_node *of = &space->plan->nodes[node->in[0]];
    const struct at_kernel_members *members =
        of->grain == AT_G_GROUP ? &space->frame->stays[of->place].in_group
                                : at_kernel_frame_members(space->frame, node->place, space->period);
    unsigned op = node->op;
    bool ignoring = node->b == 1;
    uint32_t state = state_of_group(in, mask, members, group), seen = 0;
    bool skip_missing = op != AT_P_GROUPSUM;
    if (ignoring || (skip_missing && state == AT_STATE_MISSING)) state = AT_STATE_OK;
    for (uint32_t k = members->start[group]; state == AT_STATE_OK && k < members->start[group + 1]; k++) {
        uint32_t e = members->payee[k];
        if (!is_member(mask, e) || at_col_state(in, e) != AT_STATE_OK || is_counted(counted, e, group))
            continue;
        at_num v = at_kernel_counted_at(in, e);
        int order = op == AT_P_GROUPSUM || !seen ? 0 : at_num_cmp(space->arena, v, *to);
        if (op == AT_P_GROUPSUM)
            *to = seen ? at_num_add(space->arena, *to, v) : v;
        else if (!seen || (op == AT_P_GROUPLEAST ? order < 0 : order > 0))
            *to = v;
        seen++;
    }
    return skip_missing && seen == 0 && state == AT_STATE_OK ? AT_STATE_MISSING : state;
}

/* A sum with a missing member is missing, unless the policy ignores them. Least and most pass over missing
 * members. */
static void fold_groups(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *mask = mask_of(space, id);
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    struct counted counted = {NULL, NULL};
    if (node->a > 0) {
        counted.of = at_kernel_frame_groups(space->frame, (uint32_t)node->a - 1, space->period);
        counted.in = AT_NEW_ARRAY(space->arena, uint32_t, space->frame->group_sizes[node->a - 1] + 1);
    }
    for (uint32_t group = 0; group < space->n; group++) {
        uint32_t state =
            fold_group(space, node, at_kernel_input(space, id, 0), mask, group, &to[group], &counted);
        if (state != AT_STATE_OK) at_kernel_states_of(space, out, space->n)[group] = state;
    }
    at_kernel_counted_end(space, id, out);
}

void at_kernel_groupsum(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    fold_groups(space, id, out);
}
void at_kernel_groupedge(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    fold_groups(space, id, out);
}

/* ---- over the run. Cells in exception are not paid and not counted; those without a value neither. */

/* Adds the values of one period. */
static at_num fold_slice(struct at_kernel_space *space, const struct at_col *in, uint32_t period, bool count,
                         at_num sum) {
    for (uint32_t e = 0; e < space->frame->n_payees; e++) {
        if (!at_kernel_frame_covers(space->frame, e, period) || at_col_state(in, e) != AT_STATE_OK) continue;
        at_num v = at_kernel_num_at(in, e);
        sum = at_num_add(space->arena, sum, !count ? v : at_num_int(!at_num_is_zero(v)));
    }
    return sum;
}

/* Reads the slices of all periods, so the node is calculated after the last one. The result is one value. */
static void fold_run(struct at_kernel_space *space, uint32_t id, struct at_col *out, bool count) {
    const struct at_col *slices = space->frame->slices[space->plan->nodes[id].in[0]];
    at_num sum = at_num_int(0);
    for (uint32_t p = 0; p < space->frame->n_regular; p++)
        sum = fold_slice(space, &slices[p], p, count, sum);
    *out = (struct at_col){.n = 1, .one = true};
    *at_kernel_nums_begin(space, out) = sum;
    at_kernel_nums_end(space, id, out);
}

void at_kernel_runsum(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    fold_run(space, id, out, false);
}
void at_kernel_runcount(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    fold_run(space, id, out, true);
}

/* ---- rank */

/* What `larger` needs: the values, and memory for comparisons of fractions. */
struct by_size {
    const struct at_col *col, *day; /* day: NULL, or who is first of those with the same value */
    struct at_arena *scratch;
};
/* The contract is that of at_sort_before: equal values stay in the order of keys. */
static bool larger(const void *context, uint32_t b, uint32_t a) {
    const struct by_size *by = context;
    int order = at_num_cmp(by->scratch, at_kernel_num_at(by->col, b), at_kernel_num_at(by->col, a));
    if (order != 0 || !by->day) return order > 0;
    bool known = at_col_state(by->day, b) == AT_STATE_OK;
    if (!known || at_col_state(by->day, a) != AT_STATE_OK)
        return known && at_col_state(by->day, a) != AT_STATE_OK;
    return by->day->day[by->day->one ? 0 : b] < by->day->day[by->day->one ? 0 : a];
}

/* Rank 1 is the largest. Equal values share a rank, and the next rank counts all of them: 1, 2, 2, 4. A
 * member whose value is missing has no rank. A missing day is after all others. */
static void rank_group(struct at_kernel_space *space, const struct by_size *by, int32_t how,
                       const struct at_kernel_members *members, uint32_t group, struct at_col *out) {
    const struct at_col *in = by->col;
    uint32_t n = 0, state = how & AT_RANK_IGNORING ? AT_STATE_OK : state_of_group(in, NULL, members, group);
    if (by->day && state < AT_STATE_EXCEPTION) {
        uint32_t day = state_of_group(by->day, NULL, members, group);
        if (day >= AT_STATE_EXCEPTION) state = day;
    }
    uint32_t *ranked =
        at_arena_get(space->arena, (members->start[group + 1] - members->start[group] + 1) * sizeof *ranked);
    for (uint32_t k = members->start[group]; k < members->start[group + 1]; k++) {
        uint32_t e = members->payee[k], own = at_col_state(in, e);
        if (state < AT_STATE_EXCEPTION && own == AT_STATE_OK)
            ranked[n++] = e;
        else
            at_kernel_states_of(space, out, space->n)[e] = state >= AT_STATE_EXCEPTION ? state : own;
    }
    at_sort(space->arena, ranked, n, larger, by);
    for (uint32_t k = 0; k < n; k++) {
        bool tied = k > 0 && !(how & AT_RANK_APART) && !larger(by, ranked[k - 1], ranked[k]);
        out->i64[ranked[k]] = tied ? out->i64[ranked[k - 1]] : (int64_t)k + 1;
    }
}

void at_kernel_rank(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    uint32_t g = (uint32_t)node->a;
    struct by_size by = {at_kernel_input(space, id, 0), node->n_in > 1 ? at_kernel_input(space, id, 1) : NULL,
                         space->arena};
    *out = (struct at_col){.form = AT_COL_I64, .n = space->n, .bound = space->frame->n_payees};
    out->i64 = AT_NEW_ARRAY(space->arena, int64_t, space->n);
    for (uint32_t k = 0; k < space->frame->group_sizes[g]; k++)
        rank_group(space, &by, node->b, at_kernel_frame_members(space->frame, g, space->period), k, out);
    /* On a day without a row of the history, a payee has no group and no place in it. */
    bool changes = space->frame->versions && space->frame->versions[g].n_periods > 0;
    const uint32_t *of = at_kernel_frame_groups(space->frame, g, space->period);
    for (uint32_t e = 0; changes && e < space->n; e++)
        if (of[e] == AT_NOBODY)
            at_kernel_states_of(space, out, space->n)[e] =
                at_kernel_space_fault(space, id, e, AT_A0805, (at_str){0});
}
