/* curve/rank.c: ranks and prizes: stairs, which change where a payee passes another one. The rules are those
 * of kernel/group.c and kernel/prize.c; a prize that is shared is not divided into cents. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

static value of_member(struct at_curve_eval *e, uint32_t node, uint16_t k, uint32_t payee, uint32_t period) {
    return at_curve_in(e, node, k, &(struct at_curve_place){payee, period, NULL});
}

/* <0: a is before b. Days that are missing come last. */
static int by_day(struct at_curve_eval *e, const value *a, const value *b) {
    bool known = a->kind == AT_CURVE_OTHER, other = b->kind == AT_CURVE_OTHER;
    if (!known || !other) return (int)other - (int)known;
    return at_plan_value_cmp(e->run->calendar, e->arena, &a->value, &b->value);
}

struct ranking {
    struct at_curve_eval *e;
    uint32_t node, own, period;
    value value, day;
    bool passed; /* the payee has been met: members come in order of their keys */
    int64_t rank;
};

/* Counts a member that is before the payee. */
static void count(struct ranking *r, uint32_t payee, const value *v) {
    const struct at_plan_node *p = &r->e->plan->nodes[r->node];
    if (payee == r->own) {
        r->passed = true;
        return;
    }
    int order = at_curve_order(r->e, v, &r->value);
    if (order == 0 && p->n_in > 1) {
        value day = of_member(r->e, r->node, 1, payee, r->period);
        order = -by_day(r->e, &day, &r->day);
    }
    if (order == 0 && (p->b & AT_RANK_APART)) order = r->passed ? -1 : 1;
    r->rank += order > 0;
}

static value rank(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *first, *end;
    struct ranking r = {e, node, at->who, at->period, at_curve_in(e, node, 0, at), {0}, false, 1};
    bool ignoring = (p->b & AT_RANK_IGNORING) != 0;
    if (p->n_in > 1) r.day = at_curve_in(e, node, 1, at);
    if (!at_curve_members(e, (uint32_t)p->a, at->who, at->period, &first, &end)) return at_curve_failed(node);
    for (; first < end; first++) {
        value v = of_member(e, node, 0, *first, at->period);
        if (v.kind == AT_CURVE_UNKNOWN || (v.kind == AT_CURVE_FAILED && !ignoring)) return v;
        if (v.kind == AT_CURVE_NUM && r.value.kind == AT_CURVE_NUM) count(&r, *first, &v);
    }
    return r.value.kind == AT_CURVE_NUM ? at_curve_of_num(e, at_num_int(r.rank)) : r.value;
}

/* The mean of the prizes of the members who have the payee's rank. */
static value prize(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *first, *end;
    value own = at_curve_in(e, node, 1, at), sum = at_curve_of_num(e, at_num_int(0));
    int64_t n = 0;
    if (own.kind == AT_CURVE_MISSING) return sum;
    if (own.kind != AT_CURVE_NUM) return own;
    if (p->b < 0) return at_curve_in(e, node, 0, at);
    if (!at_curve_members(e, (uint32_t)p->a, at->who, at->period, &first, &end)) return at_curve_failed(node);
    for (; first < end; first++) {
        value other = of_member(e, node, 1, *first, at->period);
        if (other.kind == AT_CURVE_UNKNOWN) return other;
        if (other.kind != AT_CURVE_NUM || at_curve_order(e, &other, &own) != 0) continue;
        value v = of_member(e, node, 0, *first, at->period);
        if (v.kind != AT_CURVE_NUM) return v;
        sum = at_curve_add(e, &sum, &v);
        n++;
    }
    value of = at_curve_of_num(e, at_num_int(n ? n : 1));
    return at_curve_div(e, node, &sum, &of);
}

value at_curve_rank(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    return e->plan->nodes[node].op == AT_P_RANK ? rank(e, node, at) : prize(e, node, at);
}
