/* depend/path.c: a path in the plan as people know it: components, measures, credits, and the field. */
#include "depend/depend.h"

struct walk {
    const struct at_depend_reach *reach;
    struct at_arena *arena;
    struct at_depend_path *out;
};

static void add(struct walk *w, at_str name, at_span span) {
    struct at_depend_path *out = w->out;
    if (out->n > 0 && at_str_eq(out->steps[out->n - 1].name, name)) return;
    out->steps[out->n++] = (struct at_depend_step){name, span};
}

static at_span name_of(const struct at_ast_node *statement) {
    if (!statement) return (at_span){0};
    return statement->name_span.end ? statement->name_span : statement->span;
}

static void add_named(struct walk *w, uint32_t id) {
    const struct at_check_symbol *symbol = w->reach->named[id];
    if (symbol) add(w, symbol->name, name_of(symbol->node));
}

const struct at_check_symbol **at_depend_named(const struct at_plan *plan, struct at_arena *arena) {
    const struct at_check_symbol **named =
        AT_NEW_ARRAY(arena, const struct at_check_symbol *, plan->n_nodes + 1);
    for (uint32_t i = 0; i < plan->n_sites; i++) {
        const struct at_check_symbol *symbol = plan->checked->symbols[plan->sites[i].ast->id];
        if (symbol && plan->sites[i].ast->kind == AT_N_NAME &&
            (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT))
            named[plan->sites[i].node] = symbol;
    }
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *c = &plan->components[i];
        const uint32_t of[] = {c->value, c->earned, c->lines};
        for (size_t k = 0; c->decl && k < AT_COUNT(of); k++)
            if (of[k] != AT_NO_NODE) named[of[k]] = c->decl->symbol;
    }
    for (uint32_t i = 0; i < plan->n_measures; i++)
        if (plan->measures[i].cell != AT_NO_NODE)
            named[plan->measures[i].cell] = plan->checked->measures[i].symbol;
    return named;
}

/* The credit by which the path enters rows. */
static void add_feed(struct walk *w, uint32_t id) {
    const struct at_plan *plan = w->reach->plan;
    const struct at_plan_node *n = &plan->nodes[id];
    int64_t feed = n->grain == AT_G_CREDIT                        ? n->place
                   : at_plan_is_aggregate((enum at_plan_op)n->op) ? n->a
                                                                  : -1;
    if (feed < 0) return;
    const struct at_check_feed_decl *decl = plan->feeds[feed].decl;
    if (decl && decl->name.n) add(w, decl->name, name_of(decl->node));
}

/* Where the field is read: the expression of the last node that has one. */
static at_span place_of(const struct at_depend_reach *reach, uint32_t at) {
    for (; at != AT_NO_NODE; at = reach->from[at])
        if (reach->plan->nodes[at].ast) return reach->plan->nodes[at].ast->span;
    return (at_span){0};
}

static at_span place_of_coverage(const struct at_plan *plan) {
    const struct at_check_policy *checked = plan->checked;
    if (checked->applies) return checked->applies->span;
    return checked->n_covers ? checked->covers[0].node->span : (at_span){0};
}

void at_depend_path_make(const struct at_depend_reach *reach, uint32_t component, uint32_t table,
                         uint32_t field, struct at_arena *arena, struct at_depend_path *out) {
    const struct at_plan *plan = reach->plan;
    uint32_t at = reach->field_from[at_depend_field_number(plan, table, field)], n = 0;
    uint32_t *chain = NULL;
    for (uint32_t id = at; id != AT_NO_NODE; id = reach->from[id])
        n++;
    chain = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    uint32_t k = n;
    for (uint32_t id = at; id != AT_NO_NODE; id = reach->from[id])
        chain[--k] = id;
    *out = (struct at_depend_path){.steps = AT_NEW_ARRAY(arena, struct at_depend_step, 2 * (size_t)n + 2)};
    struct walk w = {reach, arena, out};
    const struct at_plan_component *c = component == AT_NO_NODE ? NULL : &plan->components[component];
    if (c)
        add(&w, c->name,
            name_of(c->decl         ? c->decl->symbol->node
                    : c->adjustment ? c->adjustment->node
                                    : NULL));
    for (uint32_t i = 0; i < n; i++) {
        add_named(&w, chain[i]);
        add_feed(&w, chain[i]);
    }
    const struct at_schema *schema = &plan->checked->schemas[table];
    at_span span = place_of(reach, at);
    if (!span.end && !c) span = place_of_coverage(plan);
    add(&w,
        at_str_format(arena, "%.*s.%.*s", AT_STR_ARG(schema->name), AT_STR_ARG(schema->fields[field].name)),
        span);
}
