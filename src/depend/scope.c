/* depend/scope.c: how far a change goes through the plan: to its payee, to a group, or to all; and in time.
 */
#include "depend/impact.h"

static struct at_depend_extent join(struct at_depend_extent a, struct at_depend_extent b) {
    struct at_depend_extent out = a.scope >= b.scope ? a : b;
    if (a.scope == AT_SCOPE_GROUP && b.scope == AT_SCOPE_GROUP && a.group != b.group)
        out.scope = AT_SCOPE_ALL;
    out.time = a.time > b.time ? a.time : b.time;
    return out;
}

static struct at_depend_extent at_least(struct at_depend_extent a, enum at_depend_scope scope,
                                        enum at_depend_time time) {
    if (a.scope < scope) a.scope = (uint8_t)scope;
    if (a.time < time) a.time = (uint8_t)time;
    return a;
}

static struct at_depend_extent to_group(struct at_depend_extent a, uint16_t group) {
    if (a.scope == AT_SCOPE_NONE || a.scope == AT_SCOPE_ALL) return a;
    if (a.scope == AT_SCOPE_GROUP && a.group != group) a.scope = AT_SCOPE_ALL;
    if (a.scope < AT_SCOPE_GROUP) {
        a.scope = AT_SCOPE_GROUP;
        a.group = group;
    }
    return a;
}

/* The group over which an operation goes; -1: none. */
static int32_t group_of(const struct at_plan *plan, const struct at_plan_node *n) {
    switch ((enum at_plan_op)n->op) {
    case AT_P_RANK:
    case AT_P_PRIZE: return n->a;
    case AT_P_ALLOT:
    case AT_P_FROMGROUP: return plan->nodes[n->in[0]].place;
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST: return n->place;
    default: return -1;
    }
}

static bool looks_back(uint16_t op) {
    static const uint16_t ops[] = {AT_P_TODATE,   AT_P_PRIOR, AT_P_CARRY,     AT_P_RUNCARRY,
                                   AT_P_TRAILING, AT_P_DELTA, AT_P_CAPTODATE, AT_P_MOVED,
                                   AT_P_COVERED,  AT_P_ASOF,  AT_P_RUNNING,   AT_P_TAILED};
    for (size_t i = 0; i < AT_COUNT(ops); i++)
        if (op == ops[i]) return true;
    return false;
}

/* What the operation does with the extent of its inputs. */
static struct at_depend_extent through(const struct at_depend_impact *impact, const struct at_plan_node *n,
                                       struct at_depend_extent e) {
    const struct at_plan *plan = impact->plan;
    int32_t group = group_of(plan, n);
    if (e.scope == AT_SCOPE_NONE) return e;
    /* In a period, a payee can be in several groups of a pool by day. */
    if (group >= 0 && plan->groups[group].stays) return at_least(e, AT_SCOPE_ALL, AT_REACH_SAME);
    if (group >= 0) return to_group(e, (uint16_t)group);
    if (looks_back(n->op)) return at_least(e, AT_SCOPE_OWN, AT_REACH_LATER);
    switch ((enum at_plan_op)n->op) {
    case AT_P_RUNSUM:
    case AT_P_RUNCOUNT: return at_least(e, AT_SCOPE_ALL, AT_REACH_EVER);
    case AT_P_DIVIDE: return e.scope > AT_SCOPE_ROWS ? at_least(e, AT_SCOPE_ALL, AT_REACH_EVER) : e;
    case AT_P_DIVIDEOF: return at_least(e, AT_SCOPE_ALL, AT_REACH_EVER);
    case AT_P_LINEOF:
    case AT_P_PARTED:
    case AT_P_PARTMOVE: return at_least(e, AT_SCOPE_OWN, AT_REACH_EVER);
    case AT_P_FROMCELL: return at_least(e, AT_SCOPE_OWN, AT_REACH_SAME);
    default: break;
    }
    /* A row of a table that knows a settled value can belong to anyone. */
    if (n->grain == AT_G_ROW && n->place != (uint32_t)plan->checked->payee_table)
        return n->settled || n->pass > 0 ? at_least(e, AT_SCOPE_ALL, AT_REACH_EVER)
                                         : (struct at_depend_extent){0};
    if (n->grain == AT_G_CONST) return at_least(e, AT_SCOPE_ALL, AT_REACH_EVER);
    return e;
}

static struct at_depend_extent source_of_feed(const struct at_plan *plan, const struct at_plan_node *n,
                                              uint32_t feed) {
    struct at_depend_extent e = {0};
    bool counts =
        at_plan_is_aggregate((enum at_plan_op)n->op) || n->op == AT_P_LEDGER || n->op == AT_P_LINEOF;
    bool own = counts && (uint32_t)n->a == feed;
    if (n->grain == AT_G_CREDIT && n->place == feed) own = true;
    if (!own) return e;
    e.scope = AT_SCOPE_ROWS;
    if (at_plan_feed_late(&plan->feeds[feed])) e.time = AT_REACH_LATER;
    if (counts && n->grain == AT_G_ROW) e = at_least(e, AT_SCOPE_OWN, AT_REACH_EVER);
    if (counts && (n->grain == AT_G_GROUP || n->grain == AT_G_CONST))
        e = at_least(e, AT_SCOPE_ALL, AT_REACH_SAME);
    if (n->grain == AT_G_CONST) e.time = AT_REACH_EVER;
    return e;
}

static bool is_own(const struct at_plan *plan, const struct at_plan_node *n) {
    uint16_t op = plan->nodes[n->in[0]].op;
    return op == AT_P_PAYEE || op == AT_P_RECIPIENT || op == AT_P_ROWNUM;
}

/* Rows of payees change: their fields, their groups, and whose manager they are. */
static struct at_depend_extent source_of_payees(const struct at_depend_impact *impact,
                                                const struct at_plan_node *n) {
    const struct at_plan *plan = impact->plan;
    uint32_t payees = (uint32_t)plan->checked->payee_table;
    struct at_depend_extent e = {0};
    const struct at_depend_extent own = {AT_SCOPE_OWN, AT_REACH_EVER, 0},
                                  all = {AT_SCOPE_ALL, AT_REACH_EVER, 0};
    int32_t group = group_of(plan, n);
    if (n->op == AT_P_LOAD && n->place == payees) e = own;
    if (n->op == AT_P_NAMED) e = all;
    if (n->op == AT_P_DATEDROW && impact->history) e = join(e, is_own(plan, n) ? own : all);
    if (n->op == AT_P_DATEDMEAN && impact->history) e = join(e, is_own(plan, n) ? own : all);
    if (n->op == AT_P_COVERDAYS || n->op == AT_P_COVERLAST || n->op == AT_P_COVERED) e = own;
    if (n->op == AT_P_STAYDAYS || n->op == AT_P_STAYLAST || n->op == AT_P_TOSTAY || n->op == AT_P_FROMSTAY)
        e = all;
    if (group >= 0) {
        bool dated = plan->groups[group].field >= (int32_t)plan->checked->schemas[payees].n_fields;
        e = dated ? all : to_group(own, (uint16_t)group);
    }
    int64_t feed = at_plan_is_aggregate((enum at_plan_op)n->op) || n->op == AT_P_LEDGER ? n->a
                   : n->grain == AT_G_CREDIT                                            ? n->place
                                                                                        : -1;
    for (uint32_t i = 0; feed >= 0 && i < plan->feeds[feed].n_to; i++) {
        if (plan->feeds[feed].to[i].by >= 0) e = join(e, own);
        if (plan->feeds[feed].to[i].managers) e = all;
    }
    return e;
}

/* Whether a reference is the payee's own field, or one of the row: then the rows are followed by rows.c. */
static bool is_followed(const struct at_plan *plan, const struct at_plan_node *n) {
    const struct at_plan_node *ref = &plan->nodes[n->in[1]];
    if (n->grain == AT_G_ROW) return true;
    if (n->grain == AT_G_CREDIT) return ref->op == AT_P_TAKE || ref->op == AT_P_RECIPIENT;
    if (n->grain != AT_G_CELL) return false;
    if (ref->op == AT_P_PAYEE) return true;
    return ref->op == AT_P_FOLLOW && plan->nodes[ref->in[1]].op == AT_P_PAYEE &&
           plan->nodes[ref->in[0]].grain == AT_G_ROW;
}

/* Rows of other tables that are read in a way that does not lead to payees. */
static struct at_depend_extent source_of_tables(const struct at_depend_impact *impact,
                                                const struct at_plan_node *n) {
    const struct at_plan *plan = impact->plan;
    const struct at_depend_extent all = {AT_SCOPE_ALL, AT_REACH_EVER, 0};
    struct at_depend_extent none = {0};
    if (n->op == AT_P_FOLLOW && impact->changed_table[plan->nodes[n->in[0]].place] && !is_followed(plan, n))
        return all;
    if (n->op == AT_P_EXCHANGE && impact->changed_table[plan->nodes[n->in[0]].place]) return all;
    if (n->op == AT_P_DATEDROW && !impact->history && impact->changed_table[n->type.table]) return all;
    for (uint16_t i = 0; n->op == AT_P_PARTED && i < n->n_in; i++) {
        const struct at_plan_node *in = &plan->nodes[n->in[i]];
        uint32_t own = plan->feeds[plan->nodes[n->in[0]].a].table;
        if (in->grain == AT_G_ROW && in->place != own && impact->changed_table[in->place]) return all;
    }
    return none;
}

void at_depend_scopes(const struct at_depend_impact *impact, uint32_t feed,
                      struct at_depend_extent *by_node) {
    const struct at_plan *plan = impact->plan;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            const struct at_plan_node *n = &plan->nodes[id];
            struct at_depend_extent e = {0};
            for (uint16_t k = 0; k < n->n_in; k++)
                e = join(e, by_node[n->in[k]]);
            if (n->op == AT_P_CARRY || n->op == AT_P_RUNCARRY)
                e = join(e, by_node[plan->carries[n->a].source]);
            e = through(impact, n, e);
            if (feed != UINT32_MAX) e = join(e, source_of_feed(plan, n, feed));
            if (feed == UINT32_MAX && impact->payees.n > 0) e = join(e, source_of_payees(impact, n));
            if (feed == UINT32_MAX) e = join(e, source_of_tables(impact, n));
            again |= e.scope != by_node[id].scope || e.time != by_node[id].time;
            by_node[id] = e;
        }
    }
}
