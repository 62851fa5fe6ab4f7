/* curve/reach.c: which nodes depend on x, for which payees, and on which of them the pay depends.
 *
 * A measure, or a field of a row, is of some payees (`touched`). Others are reached through groups, ranks,
 * and pools, and through fields of payees that are read of another one: those nodes are `shared`. A param
 * reaches all payees, and so does a measure of all of them. Values are calculated of the payee whose pay is
 * asked for, of touched payees, and of all members of groups whose values are read.
 */
#include "curve/curve_int.h"

/* A CARRY depends on a node that comes later. */
static bool mark(const struct at_curve_eval *e, bool *of, uint32_t id) {
    const struct at_plan_node *p = &e->plan->nodes[id];
    bool yes = of[id];
    for (uint16_t k = 0; k < p->n_in && !yes; k++)
        yes = of[p->in[k]];
    if (p->op == AT_P_CARRY || p->op == AT_P_RUNCARRY) yes = yes || of[e->plan->carries[p->a].source];
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

/* ---- feeds */

static bool depends(const struct at_curve_eval *e, uint32_t node) {
    return node != AT_NO_NODE && e->depends[node];
}

/* Whether x decides which rows are credited to whom, and when. A share of the only recipient is a factor. */
static bool is_spoilt(const struct at_curve_eval *e, const struct at_plan_feed *feed) {
    bool yes = depends(e, feed->where) || depends(e, feed->on) || depends(e, feed->event) ||
               depends(e, feed->known) || depends(e, feed->until) || depends(e, feed->date) ||
               depends(e, feed->day);
    for (uint32_t i = 0; i < feed->n_to; i++) {
        yes |= depends(e, feed->to[i].payee);
        yes |= depends(e, feed->to[i].share) && (feed->n_to > 1 || feed->spread != AT_OP_NONE);
    }
    return yes;
}

static bool share_depends(const struct at_curve_eval *e, const struct at_plan_feed *feed) {
    return feed->n_to == 1 && depends(e, feed->to[0].share);
}

/* What is made of a feed depends on x if its rows do. */
static bool mark_feeds(const struct at_curve_eval *e) {
    bool again = false;
    for (uint32_t f = 0; f < e->plan->n_feeds; f++)
        e->spoilt[f] = is_spoilt(e, &e->plan->feeds[f]);
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        const struct at_plan_node *p = &e->plan->nodes[id];
        bool total = at_plan_is_aggregate((enum at_plan_op)p->op), item = p->grain == AT_G_CREDIT;
        uint32_t feed = total ? (uint32_t)p->a : p->place;
        if ((!total && !item) || e->depends[id]) continue;
        bool yes = e->spoilt[feed] || (p->op == AT_P_ITEMSHARE && share_depends(e, &e->plan->feeds[feed]));
        again |= yes;
        e->depends[id] = yes;
    }
    return again;
}

/* ---- nodes */

/* The rows of a measure are also those that groups and stays add up themselves. */
static void seed_apart(const struct at_curve_eval *e) {
    const struct at_plan *plan = e->plan;
    bool *below = AT_NEW_ARRAY(e->kept, bool, plan->n_nodes + 1),
         *feeds = AT_NEW_ARRAY(e->kept, bool, plan->n_feeds + 1);
    below[e->options->vary] = true;
    for (uint32_t id = e->options->vary + 1; id-- > 0;) {
        const struct at_plan_node *p = &plan->nodes[id];
        for (uint16_t k = 0; below[id] && k < p->n_in; k++)
            below[p->in[k]] = true;
        if (below[id] && at_plan_is_aggregate((enum at_plan_op)p->op)) feeds[p->a] = true;
    }
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        if (at_plan_adds_apart(&plan->nodes[id]) && feeds[plan->nodes[id].a]) e->depends[id] = true;
}

static void seed(const struct at_curve_eval *e) {
    if (!e->of_param) {
        e->depends[e->options->vary] = true;
        seed_apart(e);
        return;
    }
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        const struct at_plan_node *p = &e->plan->nodes[id];
        e->depends[id] = p->open || at_curve_open_payload(p);
    }
}

static void want(const struct at_curve_eval *e) {
    uint32_t last = e->options->until, node;
    e->wanted[e->options->pay] = true;
    for (uint32_t i = 0; (node = at_curve_pays(e->run, e->options->pay, last, i)) != AT_NO_NODE; i++)
        e->wanted[node] = true;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = e->plan->n_nodes; id-- > 0;) {
            const struct at_plan_node *p = &e->plan->nodes[id];
            if (!e->wanted[id]) continue;
            for (uint16_t k = 0; k < p->n_in; k++)
                e->wanted[p->in[k]] = true;
            if (p->op == AT_P_ITEMSHARE && e->plan->feeds[p->place].n_to == 1 &&
                e->plan->feeds[p->place].to[0].share != AT_NO_NODE &&
                !e->wanted[e->plan->feeds[p->place].to[0].share])
                e->wanted[e->plan->feeds[p->place].to[0].share] = again = true;
            bool carries = p->op == AT_P_CARRY || p->op == AT_P_RUNCARRY;
            bool *source = carries ? &e->wanted[e->plan->carries[p->a].source] : NULL;
            if (source && !*source) *source = again = true;
        }
    }
}

/* The group whose members a node reads; -1: none. */
static int32_t group_read(const struct at_curve_eval *e, const struct at_plan_node *p) {
    switch (p->op) {
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST: return p->place;
    case AT_P_ALLOT: return e->plan->nodes[p->in[0]].place;
    case AT_P_RANK:
    case AT_P_PRIZE: return p->a;
    default: return -1;
    }
}

/* Values of payees other than the one whose pay is asked for, who are read as members of a group. */
static void want_of_others(const struct at_curve_eval *e) {
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = e->plan->n_nodes; id-- > 0;) {
            const struct at_plan_node *p = &e->plan->nodes[id];
            if (!e->wanted[id] || (!e->others[id] && group_read(e, p) < 0)) continue;
            for (uint16_t k = 0; k < p->n_in; k++)
                e->others[p->in[k]] = true;
            bool *source = p->op == AT_P_CARRY ? &e->others[e->plan->carries[p->a].source] : NULL;
            if (source && !*source) *source = again = true;
        }
    }
}

/* What is made of a group reaches all of its members. */
static bool is_shared(const struct at_plan *plan, const bool *depends, const struct at_plan_node *p) {
    if (p->grain == AT_G_GROUP || p->op == AT_P_ALLOT || p->op == AT_P_RANK || p->op == AT_P_PRIZE ||
        p->op == AT_P_RUNSUM || p->op == AT_P_RUNCOUNT)
        return true;
    return p->op == AT_P_FOLLOW && plan->nodes[p->in[0]].settled && depends[p->in[0]];
}

static void share(const struct at_curve_eval *e) {
    for (uint32_t id = 0; id < e->plan->n_nodes; id++)
        e->shared[id] = e->depends[id] &&
                        (e->of_param || e->of_all || is_shared(e->plan, e->depends, &e->plan->nodes[id]));
    spread(e, e->shared);
}

/* ---- payees */

static bool add_payee(struct at_curve_eval *e, uint32_t payee, bool touched) {
    bool new = e->slot_of[payee] == AT_NOBODY;
    if (new) {
        e->slot_of[payee] = e->n_who;
        e->touched[e->n_who] = false;
        e->who[e->n_who++] = payee;
    }
    bool *is = &e->touched[e->slot_of[payee]], now = *is || touched || e->of_param || e->of_all;
    e->n_touched += now && !*is;
    *is = now;
    return new;
}

/* The group whose members a node reads; -1: none, or only values that are as the run left them. */
static int32_t reads_members(const struct at_curve_eval *e, const struct at_plan_node *p) {
    bool reads = false;
    for (uint16_t k = 0; k < p->n_in; k++)
        reads |= e->plan->nodes[p->in[k]].grain == AT_G_CELL && e->shared[p->in[k]];
    return reads ? group_read(e, p) : -1;
}

/* Whether the members of the group were added before; they are from now on. */
static bool is_joined(struct at_curve_eval *e, uint32_t group, uint32_t payee, uint32_t period) {
    uint32_t number = at_kernel_frame_groups(e->run->frame, group, period)[payee];
    uint32_t size = e->run->group_sizes[group], periods = e->options->until - e->options->period + 1;
    if (number == AT_NOBODY) return true;
    if (!e->joined[group]) e->joined[group] = AT_NEW_ARRAY(e->kept, bool, (size_t)size *periods + 1);
    bool *joined = &e->joined[group][(size_t)(period - e->options->period) * size + number], before = *joined;
    *joined = true;
    return before;
}

static bool add_members(struct at_curve_eval *e, uint32_t group) {
    bool grown = false;
    for (uint32_t period = e->options->period; period <= e->options->until; period++)
        for (uint32_t slot = 0; slot < e->n_who; slot++) {
            const uint32_t *first, *end;
            if (is_joined(e, group, e->who[slot], period)) continue;
            if (!at_curve_members(e, group, e->who[slot], period, &first, &end)) continue;
            for (; first < end; first++)
                grown |= add_payee(e, *first, false);
        }
    return grown;
}

/* A pool by day can have any payee as a member on some day. */
static void add_everyone(struct at_curve_eval *e) {
    bool any = false;
    for (uint32_t id = 0; id < e->plan->n_nodes; id++)
        any |= e->depends[id] && e->wanted[id] && e->plan->nodes[id].op == AT_P_FROMSTAY;
    for (uint32_t payee = 0; any && payee < e->run->n_payees; payee++)
        add_payee(e, payee, false);
}

static void add_all_members(struct at_curve_eval *e) {
    add_everyone(e);
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
            int32_t group = e->depends[id] && e->wanted[id] ? reads_members(e, &e->plan->nodes[id]) : -1;
            if (group >= 0 && add_members(e, (uint32_t)group)) again = true;
        }
    }
}

/* The group whose members a node takes together, of any kind; -1: none. */
static int32_t group_of(const struct at_curve_eval *e, const struct at_plan_node *p) {
    if (p->grain == AT_G_GROUP) return p->place;
    if (p->op == AT_P_FROMGROUP || p->op == AT_P_ALLOT) return e->plan->nodes[p->in[0]].place;
    return p->op == AT_P_RANK || p->op == AT_P_PRIZE ? p->a : -1;
}

void at_curve_reach_others(struct at_curve_eval *e) {
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
            int32_t group = e->shared[id] && e->wanted[id] ? group_of(e, &e->plan->nodes[id]) : -1;
            if (group >= 0 && add_members(e, (uint32_t)group)) again = true;
        }
    }
}

static enum at_status add_recipients(struct at_curve_eval *e, struct at_watch *watch) {
    const uint32_t *payees;
    size_t n;
    enum at_status status = at_curve_recipients(e, watch, &payees, &n);
    for (size_t i = 0; i < n; i++)
        add_payee(e, payees[i], true);
    return status;
}

void at_curve_depend(struct at_curve_eval *e) {
    seed(e);
    do
        spread(e, e->depends);
    while (mark_feeds(e));
}

enum at_status at_curve_reach(struct at_curve_eval *e, struct at_watch *watch) {
    at_curve_depend(e);
    share(e);
    want(e);
    want_of_others(e);
    for (uint32_t payee = 0; payee < e->run->n_payees; payee++)
        e->slot_of[payee] = AT_NOBODY;
    add_payee(e, e->options->payee, !e->of_row);
    for (uint32_t payee = 0; e->of_all && payee < e->run->n_payees; payee++)
        add_payee(e, payee, true);
    enum at_status status = e->of_row ? add_recipients(e, watch) : AT_OK;
    if (status == AT_OK) add_all_members(e);
    return status;
}
