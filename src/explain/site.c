/* explain/site.c: what a statement calls a value.
 *
 * Equal expressions are one node, so a node does not show by which name a statement means it: two measures
 * may be one node, and a constant has the name of a measure only where a statement writes that name. The
 * sites of the plan, each an expression and its node, are searched within the expression that is explained,
 * then within its statement.
 */
#include "base/sort.h"
#include "explain/explain_int.h"

/* What brings a value to payees and periods is not the value. */
static uint32_t value_below(const struct at_plan *plan, uint32_t node) {
    for (;;) {
        const struct at_plan_node *p = &plan->nodes[node];
        bool through = p->op == AT_P_SPREAD || p->op == AT_P_FROMCELL || p->op == AT_P_FROMGROUP;
        if (p->op == AT_P_FOLLOW) {
            uint32_t by = plan->nodes[p->in[1]].op;
            through = by == AT_P_PAYEE || by == AT_P_RECIPIENT;
        }
        if (!through) return node;
        node = p->in[0];
    }
}

static int by_place(const void *left, const void *right) {
    const struct at_explain_site *a = left, *b = right;
    if (a->value != b->value) return a->value < b->value ? -1 : 1;
    at_span x = a->site->ast->span, y = b->site->ast->span;
    if (x.start != y.start) return x.start < y.start ? -1 : 1;
    if (x.end != y.end) return x.end > y.end ? -1 : 1; /* the whole before its beginning */
    return (a->site > b->site) - (a->site < b->site);
}

void at_explain_index_sites(struct at_explain_run *r, struct at_arena *arena) {
    const struct at_plan *plan = r->plan;
    struct at_explain_site *sites = AT_NEW_ARRAY(arena, struct at_explain_site, plan->n_sites + 1);
    for (uint32_t i = 0; i < plan->n_sites; i++)
        sites[i] = (struct at_explain_site){value_below(plan, plan->sites[i].node), &plan->sites[i]};
    at_sort_items(arena, sites, plan->n_sites, sizeof *sites, by_place);
    r->first_site = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 2);
    for (uint32_t i = 0; i < plan->n_sites; i++)
        r->first_site[sites[i].value + 1]++;
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        r->first_site[id + 1] += r->first_site[id];
    r->sites = sites;
}

/* The sites of a value within an expression or statement: *first up to, but not with, the result. */
static uint32_t sites_within(const struct at_explain_run *r, uint32_t node, const struct at_ast_node *scope,
                             uint32_t *first) {
    uint32_t value = value_below(r->plan, node), low = r->first_site[value], end = r->first_site[value + 1];
    uint32_t high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (r->sites[middle].site->ast->span.start < scope->span.start)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < end && r->sites[low].site->ast->span.start < scope->span.end)
        low++;
    return low;
}

static bool holds(const struct at_ast_node *scope, const struct at_ast_node *ast) {
    return ast->span.start >= scope->span.start && ast->span.end <= scope->span.end;
}

const struct at_ast_node *at_explain_site_of(const struct at_explain_tell *t, uint32_t node) {
    const struct at_ast_node *own = t->r->plan->nodes[node].ast;
    const struct at_ast_node *scopes[] = {t->use, t->statement};
    for (size_t k = 0; k < AT_COUNT(scopes); k++) {
        if (!scopes[k]) continue;
        if (own && holds(scopes[k], own)) return own;
        uint32_t i, end = sites_within(t->r, node, scopes[k], &i);
        for (; i < end; i++) {
            const struct at_plan_site *site = t->r->sites[i].site;
            if (site->node == node && site->ast->kind != AT_N_NAME) return site->ast;
        }
    }
    return own;
}

/* A function that gives back its argument is not what the value is. */
static bool gives_argument(const struct at_explain_tell *t, const struct at_plan_site *site) {
    const struct at_check_symbol *symbol = t->r->checked->symbols[site->ast->id];
    for (uint32_t i = 0; i < t->r->checked->functions[symbol->index].n; i++)
        if (site->args[i] == site->node) return true;
    return at_explain_is_given(t, site->node);
}

const struct at_plan_site *at_explain_call_at(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_site *other = NULL;
    uint32_t value = value_below(t->r->plan, node);
    const struct at_ast_node *own = t->r->plan->nodes[node].ast;
    bool here = own && t->statement && holds(t->statement, own);
    for (uint32_t i = t->r->first_site[value]; i < t->r->first_site[value + 1]; i++) {
        const struct at_plan_site *site = t->r->sites[i].site;
        if (!site->args || site->node != node || gives_argument(t, site)) continue;
        if (t->statement && holds(t->statement, site->ast)) return site;
        if (!other && !here) other = site;
    }
    return other;
}

/* ---- names of measures and components */

bool at_explain_is_given(const struct at_explain_tell *t, uint32_t node) {
    enum at_plan_op op = t->r->plan->nodes[value_below(t->r->plan, node)].op;
    return op == AT_P_CONST || op == AT_P_LOAD;
}

/* Whether the expression is a name, and of what. */
static const struct at_check_symbol *named(const struct at_explain_tell *t, const struct at_ast_node *ast,
                                           uint8_t kind) {
    const struct at_check_symbol *symbol = ast->kind == AT_N_NAME ? t->r->checked->symbols[ast->id] : NULL;
    return symbol && symbol->kind == kind ? symbol : NULL;
}

/* Index of what all sites within the scope name, or -1. For a value that is not given, one site suffices. */
static int32_t name_within(const struct at_explain_tell *t, uint32_t node, const struct at_ast_node *scope,
                           uint8_t kind, bool given) {
    int32_t found = -1;
    uint32_t i, end = sites_within(t->r, node, scope, &i);
    for (; i < end; i++) {
        const struct at_check_symbol *symbol = named(t, t->r->sites[i].site->ast, kind);
        if (!given && !symbol) continue;
        if (!symbol || (found >= 0 && (uint32_t)found != symbol->index)) return given ? -1 : found;
        found = (int32_t)symbol->index;
    }
    return found;
}

static int32_t name_at(const struct at_explain_tell *t, uint32_t node, uint8_t kind, int32_t other) {
    bool given = at_explain_is_given(t, node);
    int32_t found = -1;
    if (!given && other < 0) return -1;
    if (t->use) found = name_within(t, node, t->use, kind, given);
    if (found < 0 && t->statement && !(given && t->use))
        found = name_within(t, node, t->statement, kind, given);
    return found >= 0 || given ? found : other;
}

/* Whether the measure has the node as its value, perhaps as that of a group or of all. */
static bool is_value_of(const struct at_explain_tell *t, int32_t measure, uint32_t node) {
    uint32_t value = t->r->plan->measures[measure].cell;
    if (value == node || at_explain_is_given(t, node)) return value == node;
    return t->r->name_of[node] == measure;
}

int32_t at_explain_measure_at(const struct at_explain_tell *t, uint32_t node) {
    int32_t other = t->r->measure_of[node] >= 0 ? t->r->measure_of[node] : t->r->name_of[node];
    if (t->measure >= 0 && is_value_of(t, t->measure, node)) return t->measure;
    int32_t found = name_at(t, node, AT_SYM_MEASURE, other);
    if (found < 0 || found == other || at_explain_is_given(t, node)) return found;
    /* The name means the value to date, or that of a group, which another measure has as its own. */
    uint32_t own = t->r->plan->measures[found].cell;
    bool same = own != AT_NO_NODE && value_below(t->r->plan, own) == value_below(t->r->plan, node);
    return same ? found : other;
}

int32_t at_explain_component_at(const struct at_explain_tell *t, uint32_t node) {
    int32_t other = t->r->component_of[node];
    if (t->component < t->r->checked->n_components && t->earned == node) return (int32_t)t->component;
    return name_at(t, node, AT_SYM_COMPONENT, other);
}
