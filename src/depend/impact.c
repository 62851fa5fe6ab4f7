/* depend/impact.c: joins what rows touch and how far that goes into a list of payees and components. */
#include "depend/impact.h"

struct span {
    at_date from, to;
    bool any;
};

struct listing {
    struct at_depend_impact *impact;
    struct span *spans; /* by payee * components + component */
};

/* Also if memory fails. */
static void free_scratch(void *scratch) {
    at_arena_free(scratch);
}

void at_depend_impact_init(struct at_depend_impact *impact, const struct at_plan *plan,
                           struct at_arena *arena) {
    *impact =
        (struct at_depend_impact){.plan = plan, .arena = arena, .scratch = AT_NEW(arena, struct at_arena)};
    at_arena_init_beside(impact->scratch, arena);
    at_arena_defer(arena, free_scratch, impact->scratch);
    impact->changed_table = AT_NEW_ARRAY(arena, bool, plan->checked->n_schemas + 1);
    impact->feeds = AT_NEW_ARRAY(arena, at_depend_touches, plan->n_feeds + 1);
    at_map_init(&impact->known, arena);
}

static void add(struct listing *l, uint32_t payee, uint32_t component, at_date from, at_date to) {
    struct span *span = &l->spans[(size_t)payee * l->impact->plan->n_components + component];
    if (!span->any || from < span->from) span->from = from;
    if (!span->any || to > span->to) span->to = to;
    span->any = true;
}

/* Whether two payees have one value of the group, before or after. */
static bool share(const struct at_depend_impact *impact, uint32_t a, uint32_t b, uint16_t group) {
    const at_str *x = &impact->groups.at[((size_t)a * impact->plan->n_groups + group) * 2];
    const at_str *y = &impact->groups.at[((size_t)b * impact->plan->n_groups + group) * 2];
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++)
            if (x[i].n > 0 && at_str_eq(x[i], y[k])) return true;
    return false;
}

static void add_touch(struct listing *l, const struct at_depend_touch *t, struct at_depend_extent e,
                      uint32_t component) {
    struct at_depend_impact *impact = l->impact;
    at_date from = e.time == AT_REACH_EVER ? AT_DATE_MIN : t->from,
            to = e.time == AT_REACH_SAME ? t->to : AT_DATE_MAX;
    const uint32_t *known = t->everyone ? NULL : at_map_get(&impact->known, t->payee);
    if (e.scope == AT_SCOPE_NONE) return;
    if (known && e.scope <= AT_SCOPE_OWN) {
        add(l, *known, component, from, to);
        return;
    }
    for (uint32_t p = 0; p < impact->keys.n; p++)
        if (!known || e.scope == AT_SCOPE_ALL || share(impact, *known, p, e.group))
            add(l, p, component, from, to);
}

static struct at_depend_extent joined(struct at_depend_extent a, struct at_depend_extent b) {
    struct at_depend_extent out = a.scope >= b.scope ? a : b;
    if (a.scope == AT_SCOPE_GROUP && b.scope == AT_SCOPE_GROUP && a.group != b.group)
        out.scope = AT_SCOPE_ALL;
    out.time = a.time > b.time ? a.time : b.time;
    return out;
}

/* How far a change goes to what the component pays. */
static struct at_depend_extent extent_of(const struct at_plan *plan, uint32_t component,
                                         const struct at_depend_extent *by_node) {
    const struct at_plan_component *c = &plan->components[component];
    const uint32_t roots[] = {c->value, c->due, c->lines, c->lines_when, c->amount, c->parted, c->local};
    struct at_depend_extent out = {0};
    for (size_t i = 0; i < AT_COUNT(roots); i++)
        if (roots[i] != AT_NO_NODE) out = joined(out, by_node[roots[i]]);
    return out;
}

static bool is_late(const struct at_plan *plan) {
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        if (at_plan_feed_late(&plan->feeds[f])) return true;
    return false;
}

/* Whether a value may not be calculable: then all pay of the payee and period is withheld. */
static bool may_fail(const struct at_plan *plan, const struct at_plan_node *n, bool payees) {
    switch ((enum at_plan_op)n->op) {
    case AT_P_DIV: return plan->nodes[n->in[1]].op != AT_P_CONST;
    case AT_P_STEP:
    case AT_P_LOOKUP:
    case AT_P_CALL:
    case AT_P_EXCHANGE:
    case AT_P_DATEADD:
    case AT_P_RANK:
    case AT_P_DATEDMEAN:
    case AT_P_NAMED: return true;
    case AT_P_DATEDROW: return n->b != 0;
    case AT_P_FROMGROUP: return payees; /* a payee may be in no group */
    case AT_P_ALLOT: {
        const struct at_plan_node *weight = &plan->nodes[n->in[1]];
        return payees || weight->op != AT_P_SPREAD || plan->nodes[weight->in[0]].op != AT_P_CONST;
    }
    default: return false;
    }
}

/* How far a change of values goes that may fail. */
static struct at_depend_extent extent_of_failure(const struct at_plan *plan,
                                                 const struct at_depend_extent *by_node, bool payees) {
    struct at_depend_extent out = {0};
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        if (by_node[id].scope != AT_SCOPE_NONE && plan->nodes[id].needed &&
            may_fail(plan, &plan->nodes[id], payees))
            out = joined(out, by_node[id]);
    return out;
}

static void list_source(struct listing *l, uint32_t feed, const at_depend_touches *touches, bool payees) {
    const struct at_plan *plan = l->impact->plan;
    struct at_depend_extent *by_node =
        AT_NEW_ARRAY(l->impact->arena, struct at_depend_extent, plan->n_nodes + 1);
    at_depend_scopes(l->impact, feed, by_node);
    struct at_depend_extent failure = extent_of_failure(plan, by_node, payees);
    const struct at_depend_touch everyone = {.everyone = true, .from = AT_DATE_MIN, .to = AT_DATE_MAX};
    for (uint32_t c = 0; c < plan->n_components; c++) {
        struct at_depend_extent e = joined(extent_of(plan, c, by_node), failure);
        if (e.scope != AT_SCOPE_NONE && e.time == AT_REACH_SAME && is_late(plan)) e.time = AT_REACH_LATER;
        /* Who is covered is decided by rows of payees. */
        if (payees && touches->n > 0 && e.scope < AT_SCOPE_OWN)
            e = (struct at_depend_extent){AT_SCOPE_OWN, AT_REACH_EVER, 0};
        for (size_t i = 0; i < touches->n; i++)
            add_touch(l, &touches->at[i], e, c);
        /* Tables that lead to no payee. */
        if (payees && touches->n == 0 && e.scope == AT_SCOPE_ALL) add_touch(l, &everyone, e, c);
        at_arena_poll(l->impact->arena);
    }
}

void at_depend_impact_list(struct at_depend_impact *impact) {
    const struct at_plan *plan = impact->plan;
    struct listing l = {.impact = impact};
    size_t n = impact->keys.n * plan->n_components;
    l.spans = AT_NEW_ARRAY(impact->arena, struct span, n + 1);
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        if (impact->feeds[f].n > 0) list_source(&l, f, &impact->feeds[f], false);
    list_source(&l, UINT32_MAX, &impact->payees, true);
    for (uint32_t p = 0; impact->longer && p < impact->keys.n; p++)
        for (uint32_t c = 0; c < plan->n_components; c++)
            add(&l, p, c, impact->longer_from, AT_DATE_MAX);
    impact->out = AT_NEW_ARRAY(impact->arena, struct at_depend_affected, n + 1);
    for (size_t i = 0; i < n; i++)
        if (l.spans[i].any)
            impact->out[impact->n_out++] = (struct at_depend_affected){(uint32_t)(i / plan->n_components),
                                                                       (uint32_t)(i % plan->n_components),
                                                                       l.spans[i].from, l.spans[i].to};
}
