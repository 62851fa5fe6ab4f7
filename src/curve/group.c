/* curve/group.c: groups and pools. Members whose amounts do not depend on x are as the run left them. */
#include "curve/members.h"

typedef struct at_curve_value value;

static void members_of(const struct at_curve_eval *e, uint32_t group, uint32_t number, uint32_t period,
                       const uint32_t **first, const uint32_t **end) {
    const struct at_kernel_members *members = at_kernel_frame_members(e->run->frame, group, period);
    *first = members->payee + members->start[number];
    *end = members->payee + members->start[number + 1];
}

bool at_curve_members(const struct at_curve_eval *e, uint32_t group, uint32_t payee, uint32_t period,
                      const uint32_t **first, const uint32_t **end) {
    uint32_t own = at_kernel_frame_groups(e->run->frame, group, period)[payee];
    if (own == AT_NOBODY) return false;
    members_of(e, group, own, period, first, end);
    return true;
}

static value of_member(struct at_curve_eval *e, uint32_t node, uint16_t k, uint32_t payee, uint32_t period) {
    return at_curve_in(e, node, k, &(struct at_curve_place){payee, period, NULL});
}

/* Whether an earlier member of the group shares the one value that counts once. */
static bool counted(const struct at_curve_eval *e, const struct at_plan_node *p, const uint32_t *first,
                    const uint32_t *at, uint32_t period) {
    const uint32_t *of;
    if (p->a <= 0) return false;
    of = at_kernel_frame_groups(e->run->frame, (uint32_t)p->a - 1, period);
    if (of[*at] == AT_NOBODY) return false;
    for (; first < at; first++)
        if (of[*first] == of[*at]) return true;
    return false;
}

/* Of a sum in which each member has a value of its own. */
static value term_of(struct at_curve_eval *e, const struct at_curve_sum *sum, uint32_t payee) {
    const struct at_plan_node *p = &e->plan->nodes[sum->node];
    value mask = p->n_in > 1 ? of_member(e, sum->node, 1, payee, sum->period) : at_curve_of_yes(true),
          none = {.kind = AT_CURVE_NONE};
    if (mask.kind >= AT_CURVE_FAILED) return mask;
    if (!at_curve_is_yes(&mask)) return none;
    value v = of_member(e, sum->node, 0, payee, sum->period);
    return v.kind != AT_CURVE_NUM && v.kind != AT_CURVE_UNKNOWN && p->b == 1 ? none : v;
}

/* The members' sum, least, or most. Least and most leave out who has no value. */
static value joined(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *place) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *first, *end;
    bool sum = p->op == AT_P_GROUPSUM, any = false;
    value held = at_curve_of_num(e, at_num_int(0));
    members_of(e, p->place, place->who, place->period, &first, &end);
    if (sum && p->a <= 0) {
        const struct at_curve_sum asked = {node, place->who, place->period, first, end, term_of};
        return at_curve_sum_members(e, &asked);
    }
    for (const uint32_t *at = first; at < end; at++) {
        value mask = p->n_in > 1 ? of_member(e, node, 1, *at, place->period) : at_curve_of_yes(true);
        if (mask.kind >= AT_CURVE_FAILED) return mask;
        if (!at_curve_is_yes(&mask)) continue;
        value v = of_member(e, node, 0, *at, place->period);
        if (v.kind == AT_CURVE_UNKNOWN) return v;
        if (v.kind != AT_CURVE_NUM && (p->b == 1 || (!sum && v.kind == AT_CURVE_MISSING))) continue;
        if (v.kind != AT_CURVE_NUM) return v;
        if (counted(e, p, first, at, place->period)) continue;
        if (!any)
            held = v;
        else if (sum)
            held = at_curve_add(e, &held, &v);
        else
            held = at_curve_edge(e, &held, &v, p->op == AT_P_GROUPLEAST ? 1 : -1);
        any = true;
    }
    return any || sum ? held : (value){.kind = AT_CURVE_MISSING};
}

/* ---- pools */

/* How many members share a role with one, who hold the same one. */
static uint32_t holders(const struct at_curve_eval *e, const struct at_plan_node *p, const uint32_t *first,
                        const uint32_t *end, uint32_t payee, uint32_t period) {
    uint32_t n = 0;
    if (p->a <= 0) return 1;
    const uint32_t *role = at_kernel_frame_groups(e->run->frame, (uint32_t)p->a - 1, period);
    for (; first < end; first++)
        n += role[*first] == role[payee];
    return n && role[payee] != AT_NOBODY ? n : 1;
}

/* Whether a member shares: AT_CURVE_OTHER with a yes, or what stops the pool. */
static value shares(struct at_curve_eval *e, uint32_t node, uint32_t payee, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    unsigned k = at_plan_allot_input(p, AT_ALLOT_AMONG);
    return k ? of_member(e, node, (uint16_t)k, payee, period) : at_curve_of_yes(true);
}

/* Another value that the split reads of a member: false, with `out`, if the member has no part because of it.
 */
static bool number_of(struct at_curve_eval *e, uint32_t node, enum at_plan_allot bit, uint32_t payee,
                      uint32_t period, value *out) {
    unsigned k = at_plan_allot_input(&e->plan->nodes[node], bit);
    *out = k ? of_member(e, node, (uint16_t)k, payee, period) : at_curve_of_num(e, at_num_int(0));
    return out->kind == AT_CURVE_NUM;
}

/* A member of a pool with limits, or to a level; false: `out->weight` is why the pool cannot be divided. */
static bool share_of(struct at_curve_eval *e, uint32_t node, uint32_t payee, uint32_t period,
                     struct at_curve_share *out) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    value zero = at_curve_of_num(e, at_num_int(0)), bad;
    out->limited = (p->b & AT_ALLOT_LIMIT) != 0;
    out->weight = of_member(e, node, 1, payee, period);
    if (out->weight.kind != AT_CURVE_NUM) return false;
    if (!number_of(e, node, AT_ALLOT_LIMIT, payee, period, &out->limit) ||
        !number_of(e, node, AT_ALLOT_LEVEL, payee, period, &out->start)) {
        bad = out->limit.kind != AT_CURVE_NUM ? out->limit : out->start;
        out->weight = bad;
        return false;
    }
    if (at_curve_sign(e, &out->limit) < 0) out->limit = zero;
    if ((p->b & AT_ALLOT_LEVEL) && at_curve_sign(e, &out->weight) <= 0) {
        out->weight = at_curve_failed(node); /* a target must be above zero */
        return false;
    }
    return true;
}

static value leveled(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *place,
                     const value *amount, const uint32_t *first, const uint32_t *end) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    struct at_curve_share *of = AT_NEW_ARRAY(e->arena, struct at_curve_share, (size_t)(end - first) + 1);
    uint32_t n = 0, own = UINT32_MAX;
    for (const uint32_t *at = first; at < end; at++) {
        value yes = shares(e, node, *at, place->period);
        if (yes.kind == AT_CURVE_OTHER && !at_curve_is_yes(&yes)) continue;
        struct at_curve_share share = {.weight = yes};
        bool known = yes.kind == AT_CURVE_OTHER && share_of(e, node, *at, place->period, &share);
        if (!known && share.weight.kind != AT_CURVE_UNKNOWN && (p->b & AT_ALLOT_IGNORING)) continue;
        if (!known) return share.weight;
        if (at_curve_sign(e, &share.weight) <= 0) continue; /* it gets nothing */
        if (*at == place->who) own = n;
        of[n++] = share;
    }
    if (at_curve_sign(e, amount) < 0) return at_curve_failed(node);
    return at_curve_level(e, node, amount, of, n, own);
}

/* AT_CURVE_NONE: the payee does not count. */
static value weight_of(struct at_curve_eval *e, const struct at_curve_sum *sum, uint32_t payee) {
    uint32_t node = sum->node, period = sum->period;
    const struct at_plan_node *p = &e->plan->nodes[node];
    bool fixed = (p->b & AT_ALLOT_SHARES) != 0, ignoring = (p->b & AT_ALLOT_IGNORING) != 0;
    value none = {.kind = AT_CURVE_NONE}, yes = shares(e, node, payee, period);
    if (yes.kind == AT_CURVE_OTHER && !at_curve_is_yes(&yes)) return none;
    value weight = yes.kind == AT_CURVE_OTHER ? of_member(e, node, 1, payee, period) : yes;
    if (weight.kind == AT_CURVE_UNKNOWN) return weight;
    if (weight.kind != AT_CURVE_NUM) return ignoring ? none : weight;
    bool below = !(p->b & AT_ALLOT_NEGATIVES) || fixed;
    if (below && at_curve_sign(e, &weight) < 0) weight = at_curve_of_num(e, at_num_int(0));
    if (!fixed) return weight;
    value n = at_curve_of_num(e, at_num_int(holders(e, p, sum->first, sum->end, payee, period)));
    return at_curve_div(e, node, &weight, &n);
}

/* A pool without weights pays no one. */
static value each_of(struct at_curve_eval *e, const struct at_curve_sum *sum, const value *amount,
                     const value *all) {
    if (amount->kind != AT_CURVE_NUM) return *amount;
    if (all->kind != AT_CURVE_NUM) return *all;
    if (e->plan->nodes[sum->node].b & AT_ALLOT_SHARES) { /* parts of the whole */
        value one = at_curve_of_num(e, at_num_int(1));
        return at_curve_order(e, all, &one) > 0 ? at_curve_failed(sum->node) : *amount;
    }
    if (at_curve_sign(e, all) <= 0) return at_curve_of_num(e, at_num_int(0));
    return at_curve_div(e, sum->node, amount, all);
}

/* Calculated once for each piece. */
static value each_weight(struct at_curve_eval *e, const struct at_curve_sum *sum) {
    const struct at_plan_node *p = &e->plan->nodes[sum->node];
    uint32_t group = e->plan->nodes[p->in[0]].place;
    struct at_curve_weights **of = &e->pools[sum->node];
    if (!*of) *of = AT_NEW_ARRAY(e->kept, struct at_curve_weights, e->run->group_sizes[group] + 1);
    struct at_curve_weights *known = &(*of)[sum->number];
    if (known->piece == e->piece && known->period == sum->period) return known->each;
    value amount = at_curve_in(e, sum->node, 0, &(struct at_curve_place){sum->number, sum->period, NULL}),
          all = at_curve_sum_members(e, sum);
    *known = (struct at_curve_weights){e->piece, sum->period, each_of(e, sum, &amount, &all)};
    return known->each;
}

/* The part of a pool by weight: amount * weight / all weights, before it is divided into units. Shares of
 * roles are parts of the whole, and their holders divide them. */
static value part(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *place) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *first, *end, group = e->plan->nodes[p->in[0]].place;
    if (!at_curve_members(e, group, place->who, place->period, &first, &end)) return at_curve_failed(node);
    uint32_t number = at_kernel_frame_groups(e->run->frame, group, place->period)[place->who];
    if (p->b & (AT_ALLOT_LIMIT | AT_ALLOT_LEVEL)) {
        value amount = at_curve_in(e, node, 0, &(struct at_curve_place){number, place->period, NULL});
        if (amount.kind != AT_CURVE_NUM) return amount;
        if ((p->b & AT_ALLOT_LEVEL) || at_curve_sign(e, &amount) > 0)
            return leveled(e, node, place, &amount, first, end);
    }
    const struct at_curve_sum sum = {node, number, place->period, first, end, weight_of};
    value each = each_weight(e, &sum), own = at_curve_of_num(e, at_num_int(0));
    if (each.kind != AT_CURVE_NUM) return each;
    if (e->run->frame->covered[place->who]) own = weight_of(e, &sum, place->who);
    return own.kind == AT_CURVE_NUM ? at_curve_mul(e, &each, &own) : at_curve_of_num(e, at_num_int(0));
}

value at_curve_group(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    /* A pool by day. */
    if (p->op != AT_P_FROMGROUP && e->plan->nodes[p->in[p->n_in - 1]].grain == AT_G_GROUP)
        return at_curve_unknown(node);
    if (p->op == AT_P_ALLOT) return part(e, node, at);
    if (p->op != AT_P_FROMGROUP) return joined(e, node, at);
    uint16_t group = e->plan->nodes[p->in[0]].place;
    uint32_t number = at_kernel_frame_groups(e->run->frame, group, at->period)[at->who];
    if (number == AT_NOBODY) return at_curve_failed(node);
    return at_curve_in(e, node, 0, &(struct at_curve_place){number, at->period, NULL});
}
