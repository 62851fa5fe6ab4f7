/* session/pair.c: pools that two members share, as commission statements show them. */
#include "session/pair.h"

#include "session/results_int.h"

/* A part of a private pool is as private as the pool, because it is a share of its amount. */
bool at_session_pool_is_private(const struct at_check_policy *checked,
                                const struct at_check_component_decl *pool) {
    /* A pool is not a part of its own parts, so the walk ends. */
    for (; !pool->hidden && pool->parent >= 0;)
        pool = &checked->components[pool->parent];
    return pool->hidden;
}

static bool is_yes(const struct at_session_run *run, uint32_t node, uint32_t payee, uint32_t period,
                   struct at_arena *arena) {
    uint8_t grain = run->plan->nodes[node].grain;
    uint32_t index = grain == AT_G_CELL  ? period * run->n_payees + payee
                     : grain == AT_G_ROW ? payee
                                         : 0,
             state;
    struct at_plan_value value = at_session_run_value(run, node, index, arena, &state);
    return state == AT_STATE_OK && at_plan_value_yes(&value);
}

/* The node that divides the amount: with `each quarter`, it has a value in some periods only. */
static const struct at_plan_node *allot_of(const struct at_plan *plan, uint32_t node) {
    const struct at_plan_node *p = &plan->nodes[node];
    if (p->op == AT_P_IF) p = &plan->nodes[p->in[1]];
    return p->op == AT_P_ALLOT ? p : NULL;
}

/* How many share, by number of their group. */
static void count_members(const struct at_session_run *run, const struct at_plan_node *allot, uint32_t period,
                          uint32_t *n, struct at_arena *arena) {
    uint16_t group = run->plan->nodes[allot->in[0]].place;
    const uint32_t *of = at_kernel_frame_groups(run->frame, group, period);
    unsigned input = at_plan_allot_input(allot, AT_ALLOT_AMONG);
    memset(n, 0, (run->group_sizes[group] + 1) * sizeof *n);
    for (uint32_t payee = 0; payee < run->n_payees; payee++) {
        if (of[payee] >= run->group_sizes[group]) continue;
        if (!at_kernel_frame_covers(run->frame, payee, period)) continue;
        if (input && !is_yes(run, allot->in[input], payee, period, arena)) continue;
        n[of[payee]]++;
    }
}

static bool is_paid(const struct at_session_run *run, uint32_t amount, uint32_t index,
                    struct at_arena *arena) {
    uint32_t state;
    struct at_plan_value value = at_session_run_value(run, amount, index, arena, &state);
    return state == AT_STATE_OK && !value.missing && !at_num_is_zero(at_plan_value_num(&value));
}

static bool find_pair(const struct at_session_run *run, uint32_t component, struct at_arena *arena,
                      struct at_session_pair *out) {
    const struct at_plan_node *allot = allot_of(run->plan, run->plan->components[component].earned);
    if (!allot) return false;
    uint16_t group = run->plan->nodes[allot->in[0]].place;
    uint32_t sizes = run->group_sizes[group], end = run->paid_from + run->paid_periods;
    uint32_t *n = AT_NEW_ARRAY(arena, uint32_t, sizes + 1);
    *out = (struct at_session_pair){.component = component};
    for (uint32_t p = run->paid_from; p < end && p < run->n_regular; p++) {
        count_members(run, allot, p, n, arena);
        for (uint32_t g = 0; g < sizes; g++) {
            if (n[g] != 2 || !is_paid(run, allot->in[0], p * sizes + g, arena)) continue;
            if (out->n++ > 0) continue;
            out->period = p;
            out->group = at_session_group_text(run, group, g, arena);
        }
    }
    return out->n > 0;
}

uint32_t at_session_pairs_find(const struct at_session_run *run, struct at_arena *arena,
                               struct at_session_pair **out) {
    const struct at_plan *plan = run->plan;
    struct at_session_pair *pairs = AT_NEW_ARRAY(arena, struct at_session_pair, plan->n_components + 1);
    uint32_t n = 0;
    for (uint32_t c = 0; c < plan->n_components; c++) {
        const struct at_plan_component *component = &plan->components[c];
        if (component->role != AT_ROLE_POOL || !component->decl) continue;
        if (at_session_pool_is_private(plan->checked, component->decl)) continue;
        n += find_pair(run, c, arena, &pairs[n]);
    }
    *out = pairs;
    return n;
}
