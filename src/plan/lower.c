/* plan/lower.c: a checked policy to a plan: the order of work, and what is kept of it in the end. */
#include "plan/lower_int.h"

/* ---------------------------------------------------------------- shared by the files of lowering */

at_type at_type_of(const struct at_lower *L, const struct at_node *node) {
    return L->checked->types[node->id];
}

const struct at_symbol *at_symbol_of(const struct at_lower *L, const struct at_node *node) {
    return L->checked->symbols[node->id];
}

at_type at_policy_money(const struct at_lower *L) {
    return (at_type){.kind = AT_T_MONEY, .currency = L->checked->currency};
}

uint32_t at_lower_fail(struct at_lower *L, const struct at_node *node, const char *why) {
    at_span span = node ? node->span : (at_span){0};
    at_diag_add(L->diags, AT_A0954, span, "%s", why);
    L->failed = true;
    return at_graph_missing(&L->graph, node ? at_type_of(L, node) : (at_type){0});
}

static void on_trouble(void *context, const struct at_node *ast, const char *why) {
    struct at_lower *L = context;
    struct at_diag *d = at_diag_add(L->diags, AT_A0953, ast ? ast->span : (at_span){0}, "%s", why);
    at_diag_help(d, "its figures are the same for everyone, so nobody could be paid by it");
    L->failed = true;
}

static at_str key_text(const uint32_t *key, uint32_t n) {
    return (at_str){(const char *)key, n * (uint32_t)sizeof *key};
}

bool at_recall(struct at_lower *L, const uint32_t *key, uint32_t n, uint32_t *out) {
    const uint32_t *found = at_map_get(&L->memo, key_text(key, n));
    if (found) *out = *found;
    return found != NULL;
}

void at_remember(struct at_lower *L, const uint32_t *key, uint32_t n, uint32_t node) {
    uint32_t *kept = AT_NEW(L->arena, uint32_t);
    *kept = node;
    at_map_put(&L->memo, at_str_copy(L->arena, key_text(key, n)), kept);
}

void at_lower_init(struct at_lower *L, const struct at_checked *checked, struct at_plan *plan,
                   struct at_arena *arena, struct at_diags *diags) {
    *L = (struct at_lower){
        .plan = plan, .checked = checked, .arena = arena, .diags = diags, .total_limit = UINT32_MAX};
    plan->checked = checked;
    plan->arena = arena;
    at_graph_init(&L->graph, plan, arena);
    L->graph.on_trouble = on_trouble;
    L->graph.context = L;
    at_map_init(&L->memo, arena);
    L->traits = AT_NEW_ARRAY(arena, uint8_t, checked->n_measures + 1);
    L->params = AT_NEW_ARRAY(arena, uint32_t, checked->n_params + 1);
    for (uint32_t i = 0; i < checked->n_params; i++)
        L->params[i] = AT_NO_NODE;
    L->rates = AT_NEW_ARRAY(arena, const struct at_plan_steps *, checked->n_rates + 1);
    L->lookups = AT_NEW_ARRAY(arena, const struct at_plan_lookup *, checked->n_lookups + 1);
    L->text_lookups = AT_NEW_ARRAY(arena, const struct at_plan_lookup *, checked->n_lookups + 1);
    L->pays = AT_NEW_ARRAY(arena, struct at_plan_component, checked->n_components + 1);
    L->pay_state = AT_NEW_ARRAY(arena, uint8_t, checked->n_components + 1);
    L->running = AT_NEW_ARRAY(arena, uint32_t, checked->n_components + 1);
    at_group_of(L, -1); /* group 0 is everyone */
}

/* ---------------------------------------------------------------- settings and params */

static void check_settings(struct at_lower *L) {
    for (uint32_t i = 0; i < L->n_settings; i++) {
        bool found = false;
        for (uint32_t k = 0; k < L->checked->n_params; k++)
            found |= at_str_eq(L->checked->params[k]->name, L->settings[i].name);
        if (found) continue;
        struct at_diag *d =
            at_diag_add(L->diags, AT_A0951, (at_span){0}, "the policy has no `param %.*s` to set",
                        AT_STR_ARG(L->settings[i].name));
        if (L->checked->n_params > 0)
            at_diag_help(d, "it has `%.*s`%s", AT_STR_ARG(L->checked->params[0]->name),
                         L->checked->n_params > 1 ? " and others" : "");
        L->failed = true;
    }
}

static void lower_params(struct at_lower *L) {
    struct at_plan *plan = L->plan;
    plan->n_params = L->checked->n_params;
    plan->params = AT_NEW_ARRAY(L->arena, struct at_value, plan->n_params);
    for (uint32_t i = 0; i < plan->n_params; i++) {
        const struct at_symbol *param = L->checked->params[i];
        const struct at_value *value = at_graph_value(&L->graph, at_lower_param(L, i));
        plan->params[i] = (struct at_value){.type = param->type, .missing = true};
        if (value)
            plan->params[i] = *value;
        else
            at_lower_fail(L, param->node->child[0], "this is no figure that is known before the run");
    }
}

/* ---------------------------------------------------------------- measures, who is covered */

static void lower_measures(struct at_lower *L) {
    static const struct at_ctx cell = {.grain = AT_G_CELL};
    struct at_plan *plan = L->plan;
    plan->n_measures = L->checked->n_measures;
    plan->measures = AT_NEW_ARRAY(L->arena, struct at_plan_measure, plan->n_measures);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        plan->measures[i].cell = at_force(L, &cell, at_lower_measure(L, &cell, i));
}

static void lower_applies(struct at_lower *L) {
    struct at_ctx payees = {.grain = AT_G_ROW, .place = L->graph.payee_table};
    if (!L->checked->applies) return;
    L->plan->applies = at_force(L, &payees, at_lower_expr(L, &payees, L->checked->applies));
}

/* ---------------------------------------------------------------- what is needed, what is kept */

static void mark(bool *marks, uint32_t root) {
    if (root != AT_NO_NODE) marks[root] = true;
}

/* Inputs stand before their nodes, so that one sweep down reaches them all. */
static void spread_marks(const struct at_plan *plan, bool *marks) {
    for (uint32_t id = plan->n_nodes; id-- > 0;)
        for (uint16_t i = 0; marks[id] && i < plan->nodes[id].n_in; i++)
            marks[plan->nodes[id].in[i]] = true;
}

/* Feeds that something marked draws from: their nodes are wanted with it. Those are of rows, so this ends the
 * search. */
static void mark_feeds(struct at_lower *L, bool *marks) {
    struct at_plan *plan = L->plan;
    bool *used = AT_NEW_ARRAY(L->arena, bool, plan->n_feeds + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_pnode *node = &plan->nodes[id];
        if (marks[id] && at_plan_is_aggregate(node->op)) used[node->a] = true;
        if (marks[id] && node->grain == AT_G_CREDIT) used[node->place] = true;
    }
    for (uint32_t f = 0; f < plan->n_feeds; f++) {
        const struct at_plan_feed *feed = &plan->feeds[f];
        if (!used[f]) continue;
        mark(marks, feed->where);
        mark(marks, feed->on);
        mark(marks, feed->key);
        for (uint32_t i = 0; i < feed->n_to; i++) {
            mark(marks, feed->to[i].payee);
            mark(marks, feed->to[i].share);
        }
    }
    spread_marks(plan, marks);
}

static void mark_payouts(struct at_lower *L, bool *marks) {
    struct at_plan *plan = L->plan;
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *component = &plan->components[i];
        mark(marks, component->exact);
        mark(marks, component->earned);
        mark(marks, component->value);
        mark(marks, component->lines);
        mark(marks, component->lines_when);
    }
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        mark(marks, plan->adjustments[i].before);
        mark(marks, plan->adjustments[i].after);
        mark(marks, plan->adjustments[i].at);
        mark(marks, plan->adjustments[i].when);
    }
    for (uint32_t i = 0; i < plan->n_requires; i++)
        mark(marks, plan->requires[i].cond);
    mark(marks, plan->applies);
    mark(marks, plan->total);
    spread_marks(plan, marks);
    mark_feeds(L, marks);
}

/* Whether a node costs no pass over a table once `marks` are worked out. */
static bool comes_free(const struct at_plan *plan, const bool *marks, const struct at_pnode *node,
                       const bool *free_of) {
    if (at_plan_is_aggregate(node->op) || node->grain == AT_G_CREDIT) return false;
    if (node->grain == AT_G_ROW && !node->settled &&
        node->place != (plan->checked->payee_table > 0 ? plan->checked->payee_table : 0))
        return false;
    for (uint16_t i = 0; i < node->n_in; i++)
        if (!marks[node->in[i]] && !free_of[node->in[i]]) return false;
    return true;
}

/* Measures that nobody needs are worked out where they come free with what is needed. */
static void mark_free_measures(struct at_lower *L, bool *marks) {
    struct at_plan *plan = L->plan;
    bool *free_of = AT_NEW_ARRAY(L->arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        free_of[id] = comes_free(plan, marks, &plan->nodes[id], free_of);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        if (free_of[plan->measures[i].cell]) marks[plan->measures[i].cell] = true;
    spread_marks(plan, marks);
}

/* Every place outside the nodes that names one. */
static void each_root(struct at_plan *plan, void (*visit)(void *context, uint32_t *root), void *context) {
    for (uint32_t i = 0; i < plan->n_feeds; i++) {
        struct at_plan_feed *feed = &plan->feeds[i];
        uint32_t *roots[] = {&feed->where, &feed->on, &feed->date, &feed->key};
        for (size_t k = 0; k < AT_COUNT(roots); k++)
            visit(context, roots[k]);
    }
    for (uint32_t i = 0; i < plan->n_components; i++) {
        struct at_plan_component *c = &plan->components[i];
        uint32_t *roots[] = {&c->exact, &c->earned, &c->value, &c->lines, &c->lines_when};
        for (size_t k = 0; k < AT_COUNT(roots); k++)
            visit(context, roots[k]);
    }
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        struct at_plan_adjustment *a = &plan->adjustments[i];
        uint32_t *roots[] = {&a->before, &a->after, &a->at, &a->when};
        for (size_t k = 0; k < AT_COUNT(roots); k++)
            visit(context, roots[k]);
    }
    for (uint32_t i = 0; i < plan->n_requires; i++)
        visit(context, &plan->requires[i].cond);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        visit(context, &plan->measures[i].cell);
    visit(context, &plan->applies);
    visit(context, &plan->total);
}

/* Recipients are shared between a feed and those made of it on other dates: each list once. */
static void each_recipient(struct at_plan *plan, void (*visit)(void *context, uint32_t *root),
                           void *context) {
    for (uint32_t f = 0; f < plan->n_feeds && f < plan->checked->n_feeds; f++)
        for (uint32_t i = 0; i < plan->feeds[f].n_to; i++) {
            visit(context, &plan->feeds[f].to[i].payee);
            visit(context, &plan->feeds[f].to[i].share);
        }
}

static void keep_root(void *context, uint32_t *root) {
    if (*root != AT_NO_NODE) ((bool *)context)[*root] = true;
}

static void renumber_root(void *context, uint32_t *root) {
    if (*root != AT_NO_NODE) *root = ((const uint32_t *)context)[*root];
}

/* Leaves out what folding and choices that were made have left behind, and numbers the rest anew. */
static void drop_unused(struct at_lower *L) {
    struct at_plan *plan = L->plan;
    bool *kept = AT_NEW_ARRAY(L->arena, bool, plan->n_nodes + 1);
    uint32_t *number = AT_NEW_ARRAY(L->arena, uint32_t, plan->n_nodes + 1), n = 0;
    each_root(plan, keep_root, kept);
    each_recipient(plan, keep_root, kept);
    spread_marks(plan, kept);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        if (!kept[id]) continue;
        number[id] = n;
        plan->nodes[n] = plan->nodes[id];
        for (uint16_t i = 0; i < plan->nodes[n].n_in; i++)
            plan->nodes[n].in[i] = number[plan->nodes[n].in[i]];
        n++;
    }
    plan->n_nodes = n;
    each_root(plan, renumber_root, number);
    each_recipient(plan, renumber_root, number);
}

static void finish(struct at_lower *L) {
    struct at_plan *plan = L->plan;
    plan->feeds = L->feeds.at;
    plan->n_feeds = (uint32_t)L->feeds.n;
    plan->groups = L->groups.at;
    plan->n_groups = (uint32_t)L->groups.n;
    drop_unused(L);
    bool *marks = AT_NEW_ARRAY(L->arena, bool, plan->n_nodes + 1);
    mark_payouts(L, marks);
    mark_free_measures(L, marks);
    plan->n_passes = 1;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        plan->nodes[id].needed = marks[id];
        if (marks[id] && plan->nodes[id].pass >= plan->n_passes) plan->n_passes = plan->nodes[id].pass + 1;
    }
}

/* ---------------------------------------------------------------- the entry */

enum at_status at_plan_lower(const struct at_checked *checked, const struct at_setting *settings,
                             uint32_t n_settings, struct at_arena *arena, struct at_diags *diags,
                             struct at_plan **out) {
    struct at_lower *L = AT_NEW(arena, struct at_lower);
    *out = AT_NEW(arena, struct at_plan);
    at_lower_init(L, checked, *out, arena, diags);
    L->settings = settings;
    L->n_settings = n_settings;
    check_settings(L);
    lower_params(L);
    at_lower_feeds(L);
    lower_measures(L);
    lower_applies(L);
    for (uint32_t i = 0; i < checked->n_components; i++)
        at_lower_component(L, i);
    at_lower_adjustments(L);
    finish(L);
    return L->failed ? AT_REJECTED : AT_OK;
}
