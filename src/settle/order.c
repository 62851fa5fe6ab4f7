/* settle/order.c: which nodes are calculated when: lists by pass and stage, made once for a run.
 *
 * Within a pass, a total of the run (RUNSUM, RUNCOUNT) needs every period of what it adds up. What depends on
 * it belongs to the next stage.
 */
#include "settle/settle.h"

static bool is_by_period(const struct at_pnode *node) {
    return node->grain == AT_G_CELL || node->grain == AT_G_GROUP;
}

static bool totals_run(const struct at_pnode *node) {
    return node->op == AT_P_RUNSUM || node->op == AT_P_RUNCOUNT;
}

static uint32_t stage_of_inputs(const struct at_plan *plan, const struct at_pnode *node,
                                const uint32_t *stage) {
    uint32_t most = 0;
    for (unsigned k = 0; k < node->n_in && node->settled; k++) {
        const struct at_pnode *in = &plan->nodes[node->in[k]];
        if (in->pass == node->pass && in->settled && stage[node->in[k]] > most) most = stage[node->in[k]];
    }
    return most + totals_run(node);
}

/* The stage of a settled node among those of its pass. A CARRY belongs to the stage of its source. */
static uint32_t *number_stages(const struct at_settle *settle) {
    const struct at_plan *plan = settle->plan;
    uint32_t *stage = AT_NEW_ARRAY(settle->scratch, uint32_t, plan->n_nodes + 1);
    bool changed = true;
    for (uint32_t round = 0; changed && round < plan->n_carries + 2; round++) { /* a round for each edge */
        changed = false;
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            const struct at_pnode *node = &plan->nodes[id];
            uint32_t own = stage_of_inputs(plan, node, stage);
            if (node->op == AT_P_CARRY && stage[plan->carries[node->a].source] > own)
                own = stage[plan->carries[node->a].source];
            if (own == stage[id]) continue;
            stage[id] = own;
            changed = plan->n_carries > 0;
        }
    }
    return stage;
}

/* Whether the slices of a node are the same in every period, if they have no exceptions: it is made from
 * fields of payees and constants. A hook is called for each cell, because calls are counted. */
static bool is_steady(const struct at_pnode *node, const bool *steady) {
    if (!is_by_period(node)) return true;
    if (at_plan_is_aggregate(node->op) || node->op == AT_P_CELLPERIOD || node->op == AT_P_CALL ||
        node->op == AT_P_ALLOT)
        return false;
    if (node->op >= AT_P_TODATE && node->op <= AT_P_RUNNING) return false;
    for (unsigned k = 0; k < node->n_in; k++)
        if (!steady[node->in[k]]) return false;
    return node->n_in > 0 || node->op == AT_P_PAYEE || node->op == AT_P_GROUPKEY;
}

static void mark_steady(struct at_settle *settle) {
    const struct at_plan *plan = settle->plan;
    settle->steady = AT_NEW_ARRAY(settle->arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        settle->steady[id] = is_steady(&plan->nodes[id], settle->steady);
}

/* ---- lists */

/* Adds the nodes to stages from number `first` on, by `stage`. */
static void fill(struct at_settle *settle, const struct at_plan_list *nodes, const uint32_t *stage,
                 uint32_t first, uint32_t *in) {
    for (uint32_t k = 0; k < nodes->n; k++) {
        uint32_t id = nodes->at[k];
        const struct at_pnode *node = &settle->plan->nodes[id];
        if (node->grain == AT_G_ROW && !settle->frame->tables[node->place]) continue;
        in[id] = first + stage[id];
        struct at_settle_stage *to = &settle->stages[in[id]];
        if (is_by_period(node))
            AT_VEC_PUSH(settle->arena, &to->cells, id);
        else
            AT_VEC_PUSH(settle->arena, &to->whole, id);
    }
}

/* What the cells of a stage read of other stages; each once. `seen` has the last stage that listed a node. */
static void list_reads(struct at_settle *settle, uint32_t s, const uint32_t *in, uint32_t *seen) {
    struct at_settle_stage *stage = &settle->stages[s];
    for (size_t i = 0; i < stage->cells.n; i++) {
        const struct at_pnode *node = &settle->plan->nodes[stage->cells.at[i]];
        for (unsigned k = 0; k < node->n_in; k++) {
            uint32_t id = node->in[k];
            if (!is_by_period(&settle->plan->nodes[id]) || in[id] == s || seen[id] == s + 1) continue;
            seen[id] = s + 1;
            AT_VEC_PUSH(settle->arena, &stage->reads, id);
        }
    }
}

static uint32_t last_stage(const struct at_plan_list *nodes, const uint32_t *stage) {
    uint32_t last = 0;
    for (uint32_t k = 0; k < nodes->n; k++)
        if (stage[nodes->at[k]] > last) last = stage[nodes->at[k]];
    return last;
}

void at_settle_make_order(struct at_settle *settle, const struct at_schedule *schedule) {
    const struct at_plan *plan = settle->plan;
    struct at_arena_mark mark = at_arena_mark(settle->scratch);
    const uint32_t *stage = number_stages(settle);
    uint32_t *in = at_arena_get(settle->scratch, (plan->n_nodes + 1) * sizeof *in), n = 0;
    memset(in, 0xFF, (plan->n_nodes + 1) * sizeof *in);
    for (uint32_t p = 0; p < schedule->n_passes; p++)
        n += 2 + last_stage(&schedule->passes[p].after, stage);
    settle->stages = AT_NEW_ARRAY(settle->arena, struct at_settle_stage, n);
    for (uint32_t p = 0; p < schedule->n_passes; p++) {
        uint32_t first = settle->n_stages;
        settle->n_stages += 2 + last_stage(&schedule->passes[p].after, stage);
        for (uint32_t s = first; s < settle->n_stages; s++) {
            settle->stages[s].pass = p;
            settle->stages[s].before = s == first;
        }
        fill(settle, &schedule->passes[p].before, stage, first, in);
        fill(settle, &schedule->passes[p].after, stage, first + 1, in);
    }
    uint32_t *seen = AT_NEW_ARRAY(settle->scratch, uint32_t, plan->n_nodes + 1);
    for (uint32_t s = 0; s < settle->n_stages; s++)
        list_reads(settle, s, in, seen);
    mark_steady(settle);
    at_arena_reset(settle->scratch, mark);
}
