/* plan/needed.c: marks the nodes that a run calculates, and drops the others: payouts, requirements,
 * and measures that are shown decide, and measures that come free with them. The ids of nodes are settled
 * here for good. */
#include "plan/graph.h"

static void mark(bool *marks, uint32_t root) {
    if (root != AT_NO_NODE) marks[root] = true;
}

/* Marks the inputs of marked nodes. Inputs come before their nodes, so one sweep down reaches all inputs.
 * Then what earlier periods need. */
static void spread_marks(const struct at_plan *plan, struct at_arena *arena, bool *marks) {
    for (uint32_t id = plan->n_nodes; id-- > 0;)
        for (uint16_t i = 0; marks[id] && i < plan->nodes[id].n_in; i++)
            marks[plan->nodes[id].in[i]] = true;
    /* A source can have a higher id than its CARRY, so the sweep down cannot reach it. */
    if (plan->n_carries > 0) at_plan_carry_marks(plan, arena, marks);
}

/* Feeds that something marked draws from: their nodes are wanted with it. Those are of rows, so this ends the
 * search. */
static void mark_feeds(const struct at_plan *plan, struct at_arena *arena, bool *marks) {
    bool *used = AT_NEW_ARRAY(arena, bool, plan->n_feeds + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (marks[id] && at_plan_is_aggregate(node->op)) used[node->a] = true;
        if (marks[id] && node->grain == AT_G_CREDIT) used[node->place] = true;
    }
    for (uint32_t f = 0; f < plan->n_feeds; f++) {
        const struct at_plan_feed *feed = &plan->feeds[f];
        if (!used[f]) continue;
        mark(marks, feed->where);
        mark(marks, feed->on);
        mark(marks, feed->event);
        mark(marks, feed->day);
        mark(marks, feed->known);
        mark(marks, feed->until);
        /* Lines and `running` identify rows by their key, in every feed that is used. */
        mark(marks, feed->key);
        for (uint32_t i = 0; i < feed->n_to; i++) {
            mark(marks, feed->to[i].payee);
            mark(marks, feed->to[i].share);
        }
    }
    spread_marks(plan, arena, marks);
}

static void mark_payouts(const struct at_plan *plan, struct at_arena *arena, bool *marks) {
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *component = &plan->components[i];
        mark(marks, component->exact);
        mark(marks, component->earned);
        mark(marks, component->adjusted);
        mark(marks, component->value);
        mark(marks, component->due);
        mark(marks, component->local);
        mark(marks, component->rate);
        mark(marks, component->lines);
        mark(marks, component->lines_when);
        mark(marks, component->amount);
        mark(marks, component->ledger);
        mark(marks, component->parted);
    }
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        mark(marks, plan->adjustments[i].before);
        mark(marks, plan->adjustments[i].after);
        mark(marks, plan->adjustments[i].at);
        mark(marks, plan->adjustments[i].when);
        for (unsigned k = 0; k < AT_DRAW_NODES; k++)
            mark(marks, plan->adjustments[i].draw[k]);
    }
    for (uint32_t i = 0; i < plan->n_requires; i++)
        mark(marks, plan->requires[i].cond);
    for (uint32_t i = 0; i < plan->checked->n_shown; i++)
        mark(marks, plan->measures[plan->checked->shown[i].measure].cell);
    mark(marks, plan->applies);
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        mark(marks, plan->covers[i].from);
        mark(marks, plan->covers[i].to);
        mark(marks, plan->covers[i].payee);
    }
    mark(marks, plan->total);
    mark(marks, plan->pays_in);
    mark(marks, plan->asked);
    spread_marks(plan, arena, marks);
    mark_feeds(plan, arena, marks);
}

/* Returns whether a node costs no pass over a table once `marks` are calculated. */
static bool comes_free(const struct at_plan *plan, const bool *marks, const struct at_plan_node *node,
                       const bool *free_of) {
    if (at_plan_is_aggregate(node->op) || node->grain == AT_G_CREDIT) return false;
    if (node->op == AT_P_CARRY) return false; /* its source may cost something */
    if (node->grain == AT_G_ROW && !node->settled &&
        node->place != (plan->checked->payee_table > 0 ? plan->checked->payee_table : 0))
        return false;
    for (uint16_t i = 0; i < node->n_in; i++)
        if (!marks[node->in[i]] && !free_of[node->in[i]]) return false;
    return true;
}

/* Marks measures that are not needed if they cost nothing beyond what is needed. The run then calculates
 * them. */
static void mark_free_measures(const struct at_plan *plan, struct at_arena *arena, bool *marks) {
    bool *free_of = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        free_of[id] = comes_free(plan, marks, &plan->nodes[id], free_of);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        if (free_of[plan->measures[i].cell]) marks[plan->measures[i].cell] = true;
    spread_marks(plan, arena, marks);
}

/* A measure whose rows stays or groups add up is known for payees, too. */
static void mark_apart(const struct at_plan *plan, struct at_arena *arena, bool *marks) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (!marks[id] || !at_plan_adds_apart(node)) continue;
        for (uint32_t i = 0; i < plan->n_measures; i++) {
            uint32_t cell = plan->measures[i].cell;
            if (cell != AT_NO_NODE && plan->nodes[cell].op == node->op && plan->nodes[cell].a == node->a)
                marks[cell] = true;
        }
    }
    spread_marks(plan, arena, marks);
}

/* Every place outside the nodes that names one. */
static void each_root(struct at_plan *plan, void (*visit)(void *context, uint32_t *root), void *context) {
    for (uint32_t i = 0; i < plan->n_feeds; i++) {
        struct at_plan_feed *feed = &plan->feeds[i];
        uint32_t *roots[] = {&feed->where, &feed->on,  &feed->event, &feed->date,
                             &feed->day,   &feed->key, &feed->known, &feed->until};
        for (size_t k = 0; k < AT_COUNT(roots); k++)
            visit(context, roots[k]);
    }
    for (uint32_t i = 0; i < plan->n_components; i++) {
        struct at_plan_component *c = &plan->components[i];
        uint32_t *roots[] = {&c->exact,      &c->earned, &c->adjusted, &c->value,  &c->due,   &c->lines,
                             &c->lines_when, &c->amount, &c->ledger,   &c->parted, &c->local, &c->rate};
        for (size_t k = 0; k < AT_COUNT(roots); k++)
            visit(context, roots[k]);
    }
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        struct at_plan_adjustment *a = &plan->adjustments[i];
        uint32_t *roots[] = {&a->before, &a->after, &a->at, &a->when};
        for (size_t k = 0; k < AT_COUNT(roots); k++)
            visit(context, roots[k]);
        for (unsigned k = 0; k < AT_DRAW_NODES; k++)
            visit(context, &a->draw[k]);
    }
    for (uint32_t i = 0; i < plan->n_requires; i++)
        visit(context, &plan->requires[i].cond);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        visit(context, &plan->measures[i].cell);
    visit(context, &plan->applies);
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        visit(context, &plan->covers[i].from);
        visit(context, &plan->covers[i].to);
        visit(context, &plan->covers[i].payee);
    }
    visit(context, &plan->total);
    visit(context, &plan->pays_in);
    visit(context, &plan->asked);
}

/* Recipients are shared between a feed and those made of it on other dates: each list once. */
static bool has_own_recipients(const struct at_plan *plan, uint32_t feed) {
    for (uint32_t f = 0; f < feed; f++)
        if (plan->feeds[f].to == plan->feeds[feed].to) return false;
    return true;
}

static void each_recipient(struct at_plan *plan, void (*visit)(void *context, uint32_t *root),
                           void *context) {
    for (uint32_t f = 0; f < plan->n_feeds; f++) {
        if (f >= plan->checked->n_feeds && !has_own_recipients(plan, f)) continue;
        for (uint32_t i = 0; i < plan->feeds[f].n_to; i++) {
            visit(context, &plan->feeds[f].to[i].payee);
            visit(context, &plan->feeds[f].to[i].share);
        }
    }
}

static void keep_root(void *context, uint32_t *root) {
    if (*root != AT_NO_NODE) ((bool *)context)[*root] = true;
}

static void renumber_root(void *context, uint32_t *root) {
    if (*root != AT_NO_NODE) *root = ((const uint32_t *)context)[*root];
}

/* Sites do not keep a node: one that nothing else names has no value to explain. */
static void renumber_sites(struct at_plan *plan, const bool *kept, const uint32_t *number) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < plan->n_sites; i++) {
        struct at_plan_site site = plan->sites[i];
        const struct at_check_symbol *function = site.args ? plan->checked->symbols[site.ast->id] : NULL;
        if (!kept[site.node]) continue;
        site.node = number[site.node];
        for (uint32_t k = 0; function && k < plan->checked->functions[function->index].n; k++)
            if (site.args[k] != AT_NO_NODE)
                site.args[k] = kept[site.args[k]] ? number[site.args[k]] : AT_NO_NODE;
        plan->sites[n++] = site;
    }
    plan->n_sites = n;
}

/* Everything outside the nodes gets the new numbers. */
static void renumber(struct at_plan *plan, struct at_arena *arena, const bool *kept, uint32_t *number) {
    at_plan_carry_renumber(plan, arena, number);
    each_root(plan, renumber_root, number);
    each_recipient(plan, renumber_root, number);
    renumber_sites(plan, kept, number);
}

/* PAID has inputs that were made after it. Puts the nodes in order, and counts their passes again. */
static void order_nodes(struct at_plan_graph *graph) {
    struct at_plan *plan = graph->plan;
    bool ordered = true;
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        for (uint16_t i = 0; i < plan->nodes[id].n_in; i++)
            ordered &= plan->nodes[id].in[i] < id;
    if (ordered) return;
    uint32_t n = plan->n_nodes, circle;
    uint32_t *order = AT_NEW_ARRAY(graph->arena, uint32_t, n + 1),
             *number = AT_NEW_ARRAY(graph->arena, uint32_t, n + 1);
    bool *all = AT_NEW_ARRAY(graph->arena, bool, n + 1);
    struct at_plan_node *nodes = AT_NEW_ARRAY(graph->arena, struct at_plan_node, n + 1);
    at_plan_order(plan, graph->arena, order, &circle);
    for (uint32_t k = 0; k < n; k++) {
        nodes[k] = plan->nodes[order[k]];
        number[order[k]] = k;
        all[k] = true;
    }
    plan->nodes = nodes;
    for (uint32_t id = 0; id < n; id++) {
        for (uint16_t i = 0; i < nodes[id].n_in; i++)
            nodes[id].in[i] = number[nodes[id].in[i]];
        uint8_t pass = at_plan_pass(plan, &nodes[id], graph->payee_table);
        if (pass > nodes[id].pass) nodes[id].pass = pass;
    }
    renumber(plan, graph->arena, all, number);
}

/* Removes the nodes that folding and decided choices left unused, and numbers the rest again. */
static void drop_unused(struct at_plan *plan, struct at_arena *arena) {
    bool *kept = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    uint32_t *number = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 1), n = 0;
    each_root(plan, keep_root, kept);
    each_recipient(plan, keep_root, kept);
    spread_marks(plan, arena, kept);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        if (!kept[id]) continue;
        number[id] = n;
        /* In place: n is never larger than id, and the inputs of a kept node are kept and already
         * renumbered. */
        plan->nodes[n] = plan->nodes[id];
        for (uint16_t i = 0; i < plan->nodes[n].n_in; i++)
            plan->nodes[n].in[i] = number[plan->nodes[n].in[i]];
        n++;
    }
    plan->n_nodes = n;
    renumber(plan, arena, kept, number);
}

static void set_needed(struct at_plan *plan, const bool *marks) {
    plan->n_passes = 1;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        plan->nodes[id].needed = marks[id];
        if (marks[id] && plan->nodes[id].pass >= plan->n_passes) plan->n_passes = plan->nodes[id].pass + 1;
    }
}

void at_plan_finish(struct at_plan_graph *graph, struct at_plan_feed *feeds, uint32_t n_feeds,
                    struct at_plan_group *groups, uint32_t n_groups) {
    struct at_plan *plan = graph->plan;
    plan->feeds = feeds;
    plan->n_feeds = n_feeds;
    plan->groups = groups;
    plan->n_groups = n_groups;
    order_nodes(graph);
    /* Ids change here, so everything that stores ids of nodes must be in the plan by now. Loops
     * and passes are calculated on the new ids. */
    drop_unused(plan, graph->arena);
    at_plan_carry_loops(plan, graph->arena);
    at_plan_carry_passes(plan, graph->payee_table);
    at_plan_unit_carries(plan);
    bool *marks = AT_NEW_ARRAY(graph->arena, bool, plan->n_nodes + 1);
    mark_payouts(plan, graph->arena, marks);
    mark_apart(plan, graph->arena, marks);
    mark_free_measures(plan, graph->arena, marks);
    set_needed(plan, marks);
    at_plan_set_events(plan);
}

struct at_plan *at_plan_with_measures(const struct at_plan *plan, struct at_arena *arena) {
    struct at_plan *wide = AT_NEW(arena, struct at_plan);
    *wide = *plan;
    wide->arena = arena;
    wide->nodes = AT_NEW_ARRAY(arena, struct at_plan_node, plan->n_nodes);
    /* Nodes are copied because `needed` changes. Their inputs and payloads are views of the
     * original. */
    memcpy(wide->nodes, plan->nodes, plan->n_nodes * sizeof *plan->nodes);
    bool *marks = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        marks[id] = plan->nodes[id].needed;
    for (uint32_t i = 0; i < plan->n_measures; i++)
        mark(marks, plan->measures[i].cell);
    spread_marks(plan, arena, marks);
    mark_feeds(plan, arena, marks);
    set_needed(wide, marks);
    return wide;
}
