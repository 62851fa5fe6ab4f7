/* curve/group.c: groups and pools. The other members are as the run left them. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

static value other_member(struct at_curve_eval *e, uint32_t node, uint32_t payee, uint32_t period) {
    uint32_t state, index = period * e->run->n_payees + payee;
    struct at_plan_value v = at_session_run_value(e->run, node, index, e->arena, &state);
    return at_curve_of_value(e, &v, state);
}

static bool own_group(const struct at_curve_eval *e, uint16_t group, uint32_t period, const uint32_t **first,
                      const uint32_t **end) {
    const struct at_kernel_members *members = at_kernel_frame_members(e->run->frame, group, period);
    uint32_t own = at_kernel_frame_groups(e->run->frame, group, period)[e->options->payee];
    if (own == AT_NOBODY) return false;
    *first = members->payee + members->start[own];
    *end = members->payee + members->start[own + 1];
    return true;
}

static value member(struct at_curve_eval *e, uint32_t node, uint32_t payee, uint32_t period) {
    return payee == e->options->payee ? at_curve_node(e, node, period) : other_member(e, node, payee, period);
}

static value sum_of_members(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *at, *end;
    value sum = at_curve_of_num(e, at_num_int(0));
    if (p->a > 0 || !own_group(e, p->place, period, &at, &end)) return at_curve_unknown(node);
    for (; at < end; at++) {
        value v = member(e, p->in[0], *at, period);
        if (p->b == 1 && (v.kind == AT_CURVE_MISSING || v.kind == AT_CURVE_FAILED)) continue;
        sum = at_curve_add(e, &sum, &v);
    }
    return sum;
}

/* The part of a pool by weight: amount * weight / all weights, before it is divided into units. */
static value part(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *at, *end;
    int32_t plain = p->b & (AT_ALLOT_AMONG | AT_ALLOT_LIMIT | AT_ALLOT_LEVEL | AT_ALLOT_SHARES);
    if (plain || !own_group(e, e->plan->nodes[p->in[0]].place, period, &at, &end))
        return at_curve_unknown(node);
    value amount = at_curve_node(e, p->in[0], period), zero = at_curve_of_num(e, at_num_int(0)), own = zero,
          all = zero;
    for (; at < end; at++) {
        value weight = member(e, p->in[1], *at, period);
        if (weight.kind != AT_CURVE_NUM && (p->b & AT_ALLOT_IGNORING) && weight.kind != AT_CURVE_UNKNOWN)
            continue;
        if (weight.kind != AT_CURVE_NUM) return weight;
        if (!(p->b & AT_ALLOT_NEGATIVES) && at_curve_sign(e, &weight) < 0) weight = zero;
        if (*at == e->options->payee) own = weight;
        all = at_curve_add(e, &all, &weight);
    }
    if (amount.kind != AT_CURVE_NUM) return amount;
    if (at_curve_sign(e, &all) <= 0) return zero; /* a pool without weights pays no one */
    own = at_curve_div(e, node, &own, &all);
    return at_curve_mul(e, &amount, &own);
}

value at_curve_group(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (p->op == AT_P_FROMGROUP) return at_curve_node(e, p->in[0], period);
    /* If the values of others change as well, the sum is not what the run left and one function. */
    for (uint16_t k = 0; k < p->n_in; k++)
        if (e->shared[p->in[k]] && e->plan->nodes[p->in[k]].grain == AT_G_CELL) return at_curve_unknown(node);
    if (p->op == AT_P_GROUPSUM && p->n_in == 1) return sum_of_members(e, node, period);
    if (p->op == AT_P_ALLOT) return part(e, node, period);
    return at_curve_unknown(node);
}
