/* curve/reach.c: which nodes depend on the measure, and which of those the pay depends on. */
#include "curve/curve_int.h"

/* A CARRY depends on a node that comes later. */
static bool mark(const struct at_curve_eval *e, bool *of, uint32_t id) {
    const struct at_plan_node *p = &e->plan->nodes[id];
    bool yes = of[id];
    for (uint16_t k = 0; k < p->n_in && !yes; k++)
        yes = of[p->in[k]];
    if (p->op == AT_P_CARRY) yes = yes || of[e->plan->carries[p->a].source];
    bool changed = yes && !of[id];
    of[id] = yes;
    return changed;
}

static void spread(const struct at_curve_eval *e, bool *of) {
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = 0; id < e->plan->n_nodes; id++)
            if (mark(e, of, id)) again = true;
    }
}

static void want(const struct at_curve_eval *e) {
    e->wanted[e->options->pay] = true;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = e->plan->n_nodes; id-- > 0;) {
            const struct at_plan_node *p = &e->plan->nodes[id];
            if (!e->wanted[id]) continue;
            for (uint16_t k = 0; k < p->n_in; k++)
                e->wanted[p->in[k]] = true;
            bool *source = p->op == AT_P_CARRY ? &e->wanted[e->plan->carries[p->a].source] : NULL;
            if (source && !*source) *source = again = true;
        }
    }
}

/* What is made of a group reaches all of its members. */
void at_curve_reach(struct at_curve_eval *e) {
    e->depends[e->options->vary] = true;
    spread(e, e->depends);
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        uint8_t grain = e->plan->nodes[id].grain;
        uint16_t op = e->plan->nodes[id].op;
        e->shared[id] = e->depends[id] && (grain == AT_G_GROUP || op == AT_P_ALLOT || op == AT_P_RANK);
    }
    spread(e, e->shared);
    want(e);
}
