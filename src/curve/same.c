/* curve/same.c: which values x does not change on the piece. One payee who sells more can change the rank of
 * each other payee, but passes few of them; and a pool of another team stays as it is. What is made of such
 * values is calculated only if it is read. */
#include "curve/curve_int.h"

#include "plan/graph.h"

/* A GROUP node, of the payee's group. */
static bool group_is_same(const struct at_curve_eval *e, uint32_t node, uint32_t who, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (period < e->options->period || !e->values[node]) return false;
    uint32_t group = at_kernel_frame_groups(e->run->frame, p->place, period)[who];
    if (group == AT_NOBODY) return true;
    size_t at = (size_t)(period - e->options->period) * e->run->group_sizes[p->place] + group;
    return e->values[node][at].kind == AT_CURVE_SAME;
}

bool at_curve_is_same(const struct at_curve_eval *e, uint32_t node, uint32_t who, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t first = e->options->period, slot = e->slot_of[who];
    if (!e->depends[node]) return true;
    if (period > e->options->until) return false;
    if (p->grain == AT_G_GROUP) return group_is_same(e, node, who, period);
    if (p->grain != AT_G_CELL) return false;
    if (period < first || !at_curve_reaches(e, node, who)) return true;
    uint32_t width = at_curve_width(e, node);
    if (slot >= width || !e->values[node]) return false;
    return e->values[node][(size_t)(period - first) * width + slot].kind == AT_CURVE_SAME;
}

/* By number of the group: what the node reads of some member is not the same. */
static const bool *moving_groups(const struct at_curve_eval *e, const struct at_plan_node *p, uint32_t place,
                                 uint32_t period) {
    const uint32_t *groups = at_kernel_frame_groups(e->run->frame, place, period);
    bool *moves = AT_NEW_ARRAY(e->arena, bool, e->run->group_sizes[place] + 1);
    for (uint32_t slot = 0; slot < e->n_who; slot++) {
        uint32_t group = groups[e->who[slot]];
        for (uint16_t k = 0; group != AT_NOBODY && k < p->n_in && !moves[group]; k++)
            moves[group] = !at_curve_is_same(e, p->in[k], e->who[slot], period);
    }
    return moves;
}

struct at_curve_stay at_curve_stay_of(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    struct at_curve_stay stay = {.node = node, .period = period, .by = AT_CURVE_BY_NONE};
    bool map = at_plan_is_map((enum at_plan_op)p->op) && p->op != AT_P_CALL && !at_curve_open_payload(p);
    if (e->every || node == e->options->vary || e->of_param || e->of_all || e->of_row) return stay;
    if (map || p->op == AT_P_PAID || p->op == AT_P_FROMGROUP) stay.by = AT_CURVE_BY_INPUTS;
    if (p->op == AT_P_RANK && at_curve_width(e, node) > 1) {
        stay.moves = at_curve_rank_moves(e, node, period);
        stay.by = stay.moves ? AT_CURVE_BY_SLOT : AT_CURVE_BY_NONE;
    }
    bool allots = p->op == AT_P_ALLOT && (p->b & AT_ALLOT_SHARES) == 0,
         whole = allots || p->op == AT_P_GROUPSUM || p->op == AT_P_GROUPLEAST || p->op == AT_P_GROUPMOST;
    for (uint16_t k = allots; k < p->n_in; k++)
        whole &= e->plan->nodes[p->in[k]].grain == AT_G_CELL;
    if (!whole) return stay;
    stay.by = AT_CURVE_BY_GROUP;
    stay.place = allots ? e->plan->nodes[p->in[0]].place : p->place;
    stay.moves = moving_groups(e, p, stay.place, period);
    return stay;
}

bool at_curve_stays(const struct at_curve_eval *e, const struct at_curve_stay *stay, uint32_t slot) {
    const struct at_plan_node *p = &e->plan->nodes[stay->node];
    uint32_t who = e->who[slot], group;
    bool same = true;
    switch (stay->by) {
    case AT_CURVE_BY_SLOT: return !e->touched[slot] && !stay->moves[slot];
    case AT_CURVE_BY_GROUP:
        group = at_kernel_frame_groups(e->run->frame, stay->place, stay->period)[who];
        return group != AT_NOBODY && !stay->moves[group];
    case AT_CURVE_BY_INPUTS:
        for (uint16_t k = 0; k < p->n_in && same; k++)
            same = at_curve_is_same(e, p->in[k], who, stay->period);
        return same;
    default: return false;
    }
}
