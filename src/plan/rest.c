/* plan/rest.c: whether a plan can pay in a period without earning events, such as a guarantee or a bonus for
 * the year. Only then does a run look at the periods after the last one that it pays.
 *
 * A node rests if its value is zero, or `no`, in each period in which no row is an event. The sweep knows
 * only operations that keep zero. All others count as restless, which costs time and never changes pay.
 */
#include "plan/graph.h"

static bool is_zero(const struct at_plan_node *node) {
    const struct at_plan_value *value = node->data;
    if (value->missing) return false;
    if (value->type.kind == AT_T_FLAG) return !at_plan_value_yes(value);
    bool number = value->type.kind == AT_T_MONEY || value->type.kind == AT_T_NUMBER;
    return number && at_num_is_zero(at_plan_value_num(value));
}

static bool one_rests(const bool *rests, const struct at_plan_node *node) {
    for (uint16_t i = 0; i < node->n_in; i++)
        if (rests[node->in[i]]) return true;
    return false;
}

static bool all_rest(const bool *rests, const struct at_plan_node *node) {
    for (uint16_t i = 0; i < node->n_in; i++)
        if (!rests[node->in[i]]) return false;
    return node->n_in > 0;
}

static bool node_rests(const struct at_plan *plan, const bool *rests, const struct at_plan_node *node) {
    switch (node->op) {
    case AT_P_CONST: return is_zero(node);
    case AT_P_SUM:
    case AT_P_COUNT:
        return plan->feeds[node->a].earns != AT_EVENT_NONE &&
               (node->grain == AT_G_CELL || node->grain == AT_G_GROUP);
    case AT_P_MUL:
    case AT_P_AND: return one_rests(rests, node);
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_OR:
    case AT_P_NEG:
    case AT_P_ABS:
    case AT_P_ROUND:
    case AT_P_SPREAD:
    case AT_P_FROMGROUP:
    case AT_P_TOSTAY:
    case AT_P_FROMSTAY:
    case AT_P_PAID: return all_rest(rests, node);
    case AT_P_GROUPSUM: return rests[node->in[0]];
    case AT_P_DIV:
    case AT_P_OVER:
    case AT_P_UPTO:
    case AT_P_BETWEEN:
    case AT_P_THROUGH:
    case AT_P_LEDGER:
    case AT_P_PARTED:
    case AT_P_PARTMOVE:
    case AT_P_TAILED:
    case AT_P_ALLOT: return rests[node->in[0]];
    case AT_P_COVERED:
    case AT_P_CAPTODATE: return node->b == 0 && rests[node->in[0]];
    case AT_P_IF: return rests[node->in[2]] && (rests[node->in[0]] || rests[node->in[1]]);
    default: return false;
    }
}

bool at_plan_rests(const struct at_plan *plan, struct at_arena *arena) {
    bool *rests = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        rests[id] = node_rests(plan, rests, &plan->nodes[id]);
    for (uint32_t c = 0; c < plan->n_components; c++)
        if (!rests[plan->components[c].value]) return false;
    return true;
}
