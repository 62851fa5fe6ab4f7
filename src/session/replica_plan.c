/* session/replica_plan.c: which nodes depend on sums of payees, and whom a change of them can reach. */
#include "session/replica.h"

#include "plan/graph.h"

/* Whether a node is calculated of values of its own payee or group, or of members of static groups. */
static bool is_plain(const struct at_plan_node *p) {
    if (!p->settled || (p->grain != AT_G_CELL && p->grain != AT_G_GROUP)) return false;
    switch (p->op) {
    case AT_P_TODATE:
    case AT_P_PRIOR:
    case AT_P_CARRY:
    case AT_P_TRAILING:
    case AT_P_DELTA:
    case AT_P_CAPTODATE:
    case AT_P_MOVED:
    case AT_P_COVERED:
    case AT_P_PAID:
    case AT_P_TAILED:
    case AT_P_FROMGROUP:
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST:
    case AT_P_RANK:
    case AT_P_PRIZE: break;
    case AT_P_ALLOT: return (p->b & AT_ALLOT_SHARES) == 0;
    default: return at_plan_is_map((enum at_plan_op)p->op) && p->op != AT_P_CALL;
    }
    return true;
}

static bool is_past(const struct at_plan_node *p) {
    return p->op >= AT_P_TODATE && p->op <= AT_P_MOVED;
}

/* The group whose members the node takes together; -1: none. */
static int32_t group_of(const struct at_plan *plan, const struct at_plan_node *p) {
    switch (p->op) {
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST: return p->place;
    case AT_P_FROMGROUP:
    case AT_P_ALLOT: return plan->nodes[p->in[0]].place;
    case AT_P_RANK:
    case AT_P_PRIZE: return p->a;
    default: return p->grain == AT_G_GROUP ? p->place : -1;
    }
}

/* ---- nodes */

static void spread(struct at_session_replicas *r) {
    const struct at_plan *plan = r->run->plan;
    for (uint32_t i = 0; i < r->n_sums; i++)
        r->depends[r->sums[i]] = true;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            const struct at_plan_node *p = &plan->nodes[id];
            bool yes = p->op == AT_P_CARRY && r->depends[plan->carries[p->a].source];
            for (uint16_t k = 0; k < p->n_in; k++)
                yes |= r->depends[p->in[k]];
            if (!yes || !p->needed || r->depends[id]) continue;
            r->depends[id] = again = true;
        }
    }
}

static bool is_sum(const struct at_session_replicas *r, uint32_t id) {
    for (uint32_t i = 0; i < r->n_sums; i++)
        if (r->sums[i] == id) return true;
    return false;
}

/* An input is a slice of the same period, or a constant; also of what goes over members. */
static bool can_read(const struct at_session_replicas *r, uint32_t id) {
    const struct at_plan_node *p = &r->run->plan->nodes[id];
    if (p->grain == AT_G_CONST) return true;
    return (p->grain == AT_G_CELL || p->grain == AT_G_GROUP) && r->run->frame->slices[id] != NULL;
}

static bool look_at(struct at_session_replicas *r, uint32_t id) {
    const struct at_plan *plan = r->run->plan;
    const struct at_plan_node *p = &plan->nodes[id];
    if (is_sum(r, id)) return p->grain == AT_G_CELL && (p->op == AT_P_SUM || p->op == AT_P_COUNT);
    if (!is_plain(p) || !r->run->frame->slices[id]) return false;
    for (uint16_t k = 0; k < p->n_in; k++) {
        if (!can_read(r, p->in[k])) return false;
        r->reads[p->in[k]] |= !r->depends[p->in[k]] && plan->nodes[p->in[k]].grain != AT_G_CONST;
    }
    if (!is_past(p) && !(p->op == AT_P_COVERED && p->b)) return true;
    r->past = true;
    r->kept[id] = true;
    for (uint16_t k = 0; k < p->n_in; k++)
        r->kept[p->in[k]] = true;
    if (p->op == AT_P_CARRY) r->kept[plan->carries[p->a].source] = true;
    return p->op != AT_P_CARRY || can_read(r, plan->carries[p->a].source);
}

/* Lines of rows, and their parts, are not made of slices. */
static bool find_components(struct at_session_replicas *r, struct at_arena *arena) {
    const struct at_plan *plan = r->run->plan;
    r->components = AT_NEW_ARRAY(arena, uint32_t, plan->n_components + 1);
    for (uint32_t c = 0; c < plan->n_components; c++) {
        const struct at_plan_component *of = &plan->components[c];
        bool divided = of->ledger != AT_NO_NODE || of->parted != AT_NO_NODE;
        uint32_t when = of->lines_when;
        if (of->lines != AT_NO_NODE) {
            if (when != AT_NO_NODE && r->depends[when]) return false;
            continue;
        }
        if (!r->depends[of->value]) continue;
        if (divided) return false;
        r->components[r->n_components++] = c;
    }
    return true;
}

static bool find_groups(struct at_session_replicas *r, struct at_arena *arena) {
    const struct at_plan *plan = r->run->plan;
    const struct at_kernel_frame *frame = r->run->frame;
    bool *is = AT_NEW_ARRAY(arena, bool, plan->n_groups + 1);
    r->groups = AT_NEW_ARRAY(arena, uint32_t, plan->n_groups + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        int32_t group = r->depends[id] ? group_of(plan, &plan->nodes[id]) : -1;
        bool counts_once = r->depends[id] && plan->nodes[id].op == AT_P_GROUPSUM && plan->nodes[id].a > 0;
        if (counts_once) return false;
        if (group < 0 || is[group]) continue;
        if (frame->versions && frame->versions[group].n_periods) return false; /* members change */
        is[group] = true;
        r->groups[r->n_groups++] = (uint32_t)group;
    }
    return true;
}

/* ---- who reaches whom */

static uint32_t root_of(uint32_t *up, uint32_t payee) {
    while (up[payee] != payee)
        payee = up[payee] = up[up[payee]];
    return payee;
}

static void join_members(const struct at_session_replicas *r, uint32_t *up) {
    for (uint32_t i = 0; i < r->n_groups; i++) {
        const struct at_kernel_members *members = &r->run->frame->members[r->groups[i]];
        for (uint32_t g = 0; g < r->run->group_sizes[r->groups[i]]; g++)
            for (uint32_t k = members->start[g] + 1; k < members->start[g + 1]; k++)
                up[root_of(up, members->payee[k])] = root_of(up, members->payee[members->start[g]]);
    }
}

static void find_circles(struct at_session_replicas *r, struct at_arena *arena) {
    uint32_t n = r->run->n_payees, *up = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    for (uint32_t e = 0; e < n; e++)
        up[e] = e;
    join_members(r, up);
    r->circle_of = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    r->circle_start = AT_NEW_ARRAY(arena, uint32_t, n + 2);
    r->circle = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    for (uint32_t e = 0; e < n; e++) {
        r->circle_of[e] = root_of(up, e);
        r->circle_start[r->circle_of[e] + 2]++;
    }
    for (uint32_t c = 2; c < n + 2; c++)
        r->circle_start[c] += r->circle_start[c - 1];
    for (uint32_t k = 0; k < n; k++) {
        uint32_t e = r->run->payees_by_key[k];
        r->circle[r->circle_start[r->circle_of[e] + 1]++] = e;
    }
}

struct at_session_replicas *at_session_replicas_new(const struct at_session_run *run, const uint32_t *sums,
                                                    uint32_t n_sums, struct at_arena *arena) {
    const struct at_plan *plan = run->plan;
    struct at_session_replicas *r = AT_NEW(arena, struct at_session_replicas);
    *r = (struct at_session_replicas){.run = run, .sums = sums, .n_sums = n_sums};
    if (run->n_views > 0 || run->frame->cover) return NULL;
    r->depends = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    r->reads = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    r->kept = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    spread(r);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        if (r->depends[id] && !look_at(r, id)) return NULL;
    for (uint32_t q = 0; q < plan->n_requires; q++)
        if (r->depends[plan->requires[q].cond]) return NULL;
    if (!find_components(r, arena) || !find_groups(r, arena)) return NULL;
    find_circles(r, arena);
    return r;
}
