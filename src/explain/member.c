/* explain/member.c: which member of a group is meant: a payee, or, in a pool by day, a stay.
 *
 * While a stay is explained, `stay` of struct at_explain_tell is set: values of stays, and of groups by day,
 * are those of this stay.
 */
#include "explain/explain_int.h"

static const struct at_kernel_stays *stays_at(const struct at_explain_tell *t, uint16_t place) {
    return &t->r->run->frame->stays[place];
}

uint32_t at_explain_group_at(const struct at_explain_tell *t, uint16_t place) {
    const struct at_plan_group *group = &t->r->plan->groups[place];
    if (group->of) return t->stay && t->stays == place ? t->stay - 1 : UINT32_MAX;
    if (group->stays && t->stay && t->stays == group->stays)
        return stays_at(t, group->stays)->group[t->stay - 1];
    if (t->group && t->grouped == place) return t->group - 1;
    return at_kernel_frame_groups(t->r->run->frame, place, t->period)[t->payee];
}

struct at_explain_tell at_explain_in_period(const struct at_explain_tell *t, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_tell then = *t;
    then.period = period;
    if (p->grain != AT_G_GROUP || p->place == 0 || at_explain_is_of_stays(t, node)) return then;
    uint32_t group = at_explain_group_at(t, p->place);
    then.group = group == UINT32_MAX ? 0 : group + 1;
    then.grouped = p->place;
    return then;
}

bool at_explain_is_of_stays(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    return p->grain == AT_G_GROUP && t->r->plan->groups[p->place].of > 0;
}

struct at_explain_tell at_explain_as_member(const struct at_explain_tell *t, uint32_t node, uint32_t member) {
    struct at_explain_tell other = *t;
    other.payee = member;
    other.group = 0;
    if (!at_explain_is_of_stays(t, node)) return other;
    other.stays = t->r->plan->nodes[node].place;
    other.stay = member + 1;
    other.payee = stays_at(t, other.stays)->payee[member];
    return other;
}

uint32_t at_explain_member_of(const struct at_explain_tell *t, uint32_t node) {
    return at_explain_is_of_stays(t, node) ? t->stay - 1 : t->payee;
}

uint32_t at_explain_stays_of(const struct at_explain_tell *t, uint32_t node, const uint32_t **out) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_kernel_stays *stays = stays_at(t, p->place);
    uint32_t group = at_explain_group_at(t, (uint16_t)(t->r->plan->groups[p->place].of - 1)), n = 0;
    uint32_t *list = AT_NEW_ARRAY(t->arena, uint32_t, stays->n + 1);
    *out = list;
    if (group == UINT32_MAX) return 0;
    for (uint32_t k = stays->in_group.start[group]; k < stays->in_group.start[group + 1]; k++)
        list[n++] = k;
    return n;
}

/* The measure of payees that adds up the same items; -1: none. */
static int32_t measure_like(const struct at_explain_run *r, const struct at_plan_node *node) {
    for (uint32_t i = 0; i < r->plan->n_measures; i++) {
        uint32_t cell = r->plan->measures[i].cell;
        const struct at_plan_node *p = cell == AT_NO_NODE ? NULL : &r->plan->nodes[cell];
        if (p && p->op == node->op && p->a == node->a && p->n_in == node->n_in &&
            memcmp(p->in, node->in, p->n_in * sizeof *p->in) == 0)
            return (int32_t)i;
    }
    return -1;
}

void at_explain_name_stays(struct at_explain_run *r) {
    for (uint32_t id = 0; id < r->plan->n_nodes; id++) {
        const struct at_plan_node *p = &r->plan->nodes[id];
        if (at_plan_adds_apart(p)) r->name_of[id] = measure_like(r, p);
    }
}
