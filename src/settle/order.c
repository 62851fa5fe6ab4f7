/* settle/order.c: which nodes are calculated when: lists by pass and stage, made once for a plan.
 *
 * Within a pass, a total of the run (RUNSUM, RUNCOUNT) needs every period of what it adds up. What depends on
 * it belongs to the next stage.
 */
#include "settle/settle.h"

static bool is_by_period(const struct at_plan_node *node) {
    return node->grain == AT_G_CELL || node->grain == AT_G_GROUP;
}

static bool totals_run(const struct at_plan_node *node) {
    return node->op == AT_P_RUNSUM || node->op == AT_P_RUNCOUNT;
}

/* A node belongs to the latest stage of its inputs. A total of the run belongs to the one after. */
static uint32_t stage_of_inputs(const struct at_plan *plan, const struct at_plan_node *node,
                                const uint32_t *stage) {
    uint32_t most = 0;
    for (unsigned k = 0; k < node->n_in && node->settled; k++) {
        const struct at_plan_node *in = &plan->nodes[node->in[k]];
        if (in->pass == node->pass && in->settled && stage[node->in[k]] > most) most = stage[node->in[k]];
    }
    return most + totals_run(node);
}

/* The stage of a settled node among those of its pass. A CARRY belongs to the stage of its source. */
static uint32_t *number_stages(const struct at_plan *plan, struct at_arena *arena) {
    uint32_t *stage = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 1);
    bool changed = true;
    for (uint32_t round = 0; changed && round < plan->n_carries + 2; round++) { /* a round for each edge */
        changed = false;
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            const struct at_plan_node *node = &plan->nodes[id];
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

/* The members of a group can change from period to period. */
static bool reads_members(const struct at_plan_node *node) {
    return node->op == AT_P_RANK || node->op == AT_P_PRIZE || node->op == AT_P_FROMGROUP ||
           node->op == AT_P_TOSTAY || node->op == AT_P_FROMSTAY || node->op == AT_P_STAYDAYS ||
           node->op == AT_P_STAYLAST || node->op == AT_P_GROUPSUM || node->op == AT_P_GROUPLEAST ||
           node->op == AT_P_GROUPMOST;
}

/* Whether the slices of a node are the same in every period, if they have no exceptions: it is made from
 * fields of payees and constants. A hook is called for each cell, because calls are counted. */
static bool is_steady(const struct at_plan_node *node, const bool *steady) {
    if (!is_by_period(node)) return true;
    if (at_plan_is_aggregate(node->op) || node->op == AT_P_CELLPERIOD || node->op == AT_P_CALL ||
        node->op == AT_P_ALLOT || node->op == AT_P_LEDGER || node->op == AT_P_PARTED ||
        node->op == AT_P_PARTMOVE || node->op == AT_P_TAILED)
        return false;
    if (node->op >= AT_P_TODATE && node->op <= AT_P_RUNNING) return false;
    if (reads_members(node)) return false;
    for (unsigned k = 0; k < node->n_in; k++)
        if (!steady[node->in[k]]) return false;
    return node->n_in > 0 || node->op == AT_P_PAYEE || node->op == AT_P_GROUPKEY;
}

static bool *find_steady(const struct at_plan *plan, struct at_arena *arena) {
    bool *steady = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        steady[id] = is_steady(&plan->nodes[id], steady);
    return steady;
}

/* ---- lists */

struct ordering {
    struct at_settle_order *order;
    const struct at_plan *plan;
    struct at_arena *arena;
    uint32_t *stage; /* by node id, within its pass */
    uint32_t *in;    /* by node id: the number of its stage; UINT32_MAX where it has none */
};

/* Adds the nodes to stages from number `first` on. */
static void fill(struct ordering *o, const struct at_plan_list *nodes, uint32_t first) {
    for (uint32_t k = 0; k < nodes->n; k++) {
        uint32_t id = nodes->at[k];
        o->in[id] = first + o->stage[id];
        struct at_settle_stage *to = &o->order->stages[o->in[id]];
        if (is_by_period(&o->plan->nodes[id]))
            AT_VEC_PUSH(o->arena, &to->cells, id);
        else
            AT_VEC_PUSH(o->arena, &to->whole, id);
    }
}

/* What the cells of a stage read of other stages; each once. `seen` has the last stage that listed a node. */
static void list_reads(struct ordering *o, uint32_t s, uint32_t *seen) {
    struct at_settle_stage *stage = &o->order->stages[s];
    for (size_t i = 0; i < stage->cells.n; i++) {
        const struct at_plan_node *node = &o->plan->nodes[stage->cells.at[i]];
        for (unsigned k = 0; k < node->n_in; k++) {
            uint32_t id = node->in[k];
            if (!is_by_period(&o->plan->nodes[id]) || o->in[id] == s || seen[id] == s + 1) continue;
            seen[id] = s + 1;
            AT_VEC_PUSH(o->arena, &stage->reads, id);
        }
    }
}

static uint32_t last_stage(const struct at_plan_list *nodes, const uint32_t *stage) {
    uint32_t last = 0;
    for (uint32_t k = 0; k < nodes->n; k++)
        if (stage[nodes->at[k]] > last) last = stage[nodes->at[k]];
    return last;
}

/* Each pass has one stage before its scans, then those after them, numbered from 0. */
static void number_passes(struct ordering *o, const struct at_plan_scheduled *schedule) {
    struct at_settle_order *order = o->order;
    order->first = AT_NEW_ARRAY(o->arena, uint32_t, schedule->n_passes + 1);
    for (uint32_t p = 0; p < schedule->n_passes; p++)
        order->first[p + 1] = order->first[p] + 2 + last_stage(&schedule->passes[p].after, o->stage);
    order->n_stages = order->first[schedule->n_passes];
    order->stages = AT_NEW_ARRAY(o->arena, struct at_settle_stage, order->n_stages);
    for (uint32_t p = 0; p < schedule->n_passes; p++) {
        order->stages[order->first[p]].before = true;
        fill(o, &schedule->passes[p].before, order->first[p]);
        fill(o, &schedule->passes[p].after, order->first[p] + 1);
    }
}

struct at_settle_order *at_settle_order_new(const struct at_plan *plan,
                                            const struct at_plan_scheduled *schedule,
                                            struct at_arena *arena) {
    struct at_settle_order *order = AT_NEW(arena, struct at_settle_order);
    struct ordering o = {.order = order, .plan = plan, .arena = arena};
    uint32_t *seen = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 1);
    o.stage = number_stages(plan, arena);
    o.in = at_arena_get(arena, (plan->n_nodes + 1) * sizeof *o.in);
    memset(o.in, 0xFF, (plan->n_nodes + 1) * sizeof *o.in);
    number_passes(&o, schedule);
    for (uint32_t s = 0; s < order->n_stages; s++)
        list_reads(&o, s, seen);
    order->steady = find_steady(plan, arena);
    return order;
}
