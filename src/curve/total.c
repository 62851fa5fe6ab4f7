/* curve/total.c: sums, counts, the least and the most over credited rows. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

struct adding {
    struct at_curve_eval *e;
    uint32_t node;
    value held;
    bool any;
    value state; /* the worst so far, if it is not a number */
};

static void note(struct adding *a, const value *v) {
    if (v->kind > a->state.kind) a->state = *v;
}

static void add(struct adding *a, const struct at_curve_item *item) {
    const struct at_plan_node *p = &a->e->plan->nodes[a->node];
    const struct at_curve_place at = {item->payee, item->period, item};
    uint16_t mask_at = p->op != AT_P_COUNT;
    value v = at_curve_of_num(a->e, at_num_int(1));
    if (p->n_in > mask_at) {
        value mask = at_curve_in(a->e, a->node, mask_at, &at);
        if (mask.kind != AT_CURVE_OTHER) {
            note(a, &mask);
            return;
        }
        if (!at_curve_is_yes(&mask)) return;
    }
    if (mask_at) v = at_curve_in(a->e, a->node, 0, &at);
    if (v.kind != AT_CURVE_NUM) {
        note(a, &v);
        return;
    }
    if (!a->any)
        a->held = v;
    else if (p->op == AT_P_SUM || p->op == AT_P_COUNT)
        a->held = at_curve_add(a->e, &a->held, &v);
    else
        a->held = at_curve_edge(a->e, &a->held, &v, p->op == AT_P_LEAST ? 1 : -1);
    a->any = true;
}

value at_curve_total(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    struct adding a = {.e = e, .node = node, .held = at_curve_of_num(e, at_num_int(0))};
    uint32_t feed = (uint32_t)p->a, payee = p->grain == AT_G_GROUP ? AT_NOBODY : at->who;
    const uint32_t *first, *end;
    /* Which items there are must not depend on x, and items of all payees and periods are not kept. */
    if (e->spoilt[feed] || e->run->n_views > 0 || p->grain == AT_G_CONST || at_plan_adds_apart(p))
        return at_curve_unknown(node);
    if (p->grain == AT_G_ROW && at_plan_feed_dated(&e->plan->feeds[feed])) return at_curve_unknown(node);
    if (payee != AT_NOBODY && e->slot_of[payee] == AT_NOBODY) /* a payee whose rows x does not reach */
        return e->of_param ? at_curve_unknown(node) : at_curve_base(e, node, at);
    at_curve_items_of(e, feed, payee, at->period, &first, &end);
    for (; first < end; first++)
        add(&a, &e->items.of.at[*first]);
    if (a.state.kind != AT_CURVE_NUM) return a.state;
    bool edge = p->op == AT_P_LEAST || p->op == AT_P_MOST;
    return edge && !a.any ? (value){.kind = AT_CURVE_MISSING} : a.held;
}
