/* depend/depend.c: lists what each component depends on, and checks what it must not depend on. */
#include "depend/depend.h"
#include "base/vec.h"

struct listing {
    const struct at_plan *plan;
    struct at_arena *arena;
    uint32_t component;
    AT_VEC(struct at_depend_item) items;
};

static void add(struct listing *l, enum at_depend_kind kind, at_str name) {
    const struct at_depend_item item = {.component = l->component, .kind = (uint8_t)kind, .name = name};
    AT_VEC_PUSH(l->arena, &l->items, item);
}

static void list_fields(struct listing *l, const struct at_depend_reach *reach) {
    const struct at_check_policy *checked = l->plan->checked;
    uint32_t number = 0;
    for (uint32_t t = 0; t < checked->n_schemas; t++)
        for (uint32_t f = 0; f < checked->schemas[t].n_fields; f++, number++) {
            if (!reach->field[number]) continue;
            struct at_depend_item item = {.component = l->component,
                                          .kind = AT_DEPEND_FIELD,
                                          .table = checked->schemas[t].name,
                                          .name = checked->schemas[t].fields[f].name};
            at_depend_path_make(reach, l->component, t, f, l->arena, &item.path);
            AT_VEC_PUSH(l->arena, &l->items, item);
        }
}

/* Tables of which a field is read, and tables whose rows are only counted. */
static void list_tables(struct listing *l, const struct at_depend_reach *reach) {
    const struct at_plan *plan = l->plan;
    bool *used = AT_NEW_ARRAY(l->arena, bool, plan->checked->n_schemas + 1);
    for (uint32_t t = 0; t < plan->checked->n_schemas; t++)
        for (uint32_t f = 0; f < plan->checked->schemas[t].n_fields; f++)
            used[t] |= reach->field[at_depend_field_number(plan, t, f)];
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *n = &plan->nodes[id];
        if (!reach->node[id]) continue;
        if (n->grain == AT_G_ROW) used[n->place] = true;
        if (n->grain == AT_G_CREDIT) used[plan->feeds[n->place].table] = true;
        if (at_plan_is_aggregate((enum at_plan_op)n->op)) used[plan->feeds[n->a].table] = true;
    }
    for (uint32_t t = 0; t < plan->checked->n_schemas; t++)
        if (used[t]) add(l, AT_DEPEND_TABLE, plan->checked->schemas[t].name);
}

static void list_names(struct listing *l) {
    const struct at_check_policy *checked = l->plan->checked;
    struct at_depend_names names;
    uint32_t of = AT_NO_NODE;
    if (l->component != AT_NO_NODE) {
        const struct at_plan_component *c = &l->plan->components[l->component];
        /* `cap total` depends on what all components depend on. */
        of = c->decl ? (uint32_t)(c->decl - checked->components) : checked->n_components;
    }
    at_depend_names_make(checked, of, l->arena, &names);
    for (uint32_t i = 0; i < checked->n_params; i++)
        if (names.params[i]) add(l, AT_DEPEND_PARAM, checked->params[i]->name);
    for (uint32_t i = 0; i < checked->n_measures; i++)
        if (names.measures[i]) add(l, AT_DEPEND_MEASURE, checked->measures[i].symbol->name);
}

void at_depend_make(const struct at_plan *plan, struct at_arena *arena, struct at_depend *out) {
    struct listing l = {.plan = plan, .arena = arena};
    const struct at_check_symbol **named = at_depend_named(plan, arena);
    for (uint32_t i = 0; i <= plan->n_components; i++) {
        struct at_depend_reach reach;
        l.component = i < plan->n_components ? i : AT_NO_NODE;
        at_depend_reach_make(plan, l.component, named, arena, &reach);
        list_fields(&l, &reach);
        list_tables(&l, &reach);
        list_names(&l);
        at_arena_poll(arena);
    }
    *out = (struct at_depend){plan, l.items.at, (uint32_t)l.items.n};
}

/* ---- requirements */

static void report(const struct at_check_independent_decl *decl, const struct at_depend_path *path,
                   bool everywhere, uint32_t others, struct at_arena *arena, struct at_diag_list *diags) {
    at_str field = decl->node->text, all = AT_STR("");
    struct at_diag *d =
        at_diag_add(diags, AT_A1290, decl->node->span, "pay depends on `%.*s`", AT_STR_ARG(field));
    for (uint32_t i = 0; i < path->n; i++) {
        at_str name = path->steps[i].name;
        all = at_str_format(arena, "%.*s%s`%.*s`", AT_STR_ARG(all), i ? " → " : "", AT_STR_ARG(name));
        if (path->steps[i].span.end) at_diag_label(d, path->steps[i].span, "%.*s", AT_STR_ARG(name));
    }
    if (everywhere) at_diag_note(d, "it decides who is covered, or which periods are paid");
    if (path->n > 1) at_diag_note(d, "the path is %.*s", AT_STR_ARG(all));
    if (others)
        at_diag_note(d, "%u more %s on it", others, others == 1 ? "component depends" : "components depend");
    at_diag_help(d, "change a statement of the path so that it does not read `%.*s`, or delete this line",
                 AT_STR_ARG(field));
}

/* The first component that depends on the field is shown. */
static bool check_one(const struct at_plan *plan, const struct at_check_independent_decl *decl,
                      const struct at_depend_reach *reach, struct at_arena *arena,
                      struct at_diag_list *diags) {
    const struct at_check_component_decl *only =
        decl->component < 0 ? NULL : &plan->checked->components[decl->component];
    uint32_t number = at_depend_field_number(plan, decl->table, decl->field), found = 0;
    struct at_depend_path path = {0};
    bool everywhere = false;
    for (uint32_t i = 0; i <= plan->n_components; i++) {
        bool component = i < plan->n_components;
        if (!reach[i].field[number] || (component && only && plan->components[i].decl != only)) continue;
        everywhere |= found == 0 && !component;
        if (found++ == 0)
            at_depend_path_make(&reach[i], component ? i : AT_NO_NODE, decl->table, decl->field, arena,
                                &path);
    }
    if (found) report(decl, &path, everywhere, everywhere ? 0 : found - 1, arena, diags);
    return found == 0;
}

bool at_depend_check(const struct at_plan *plan, struct at_arena *arena, struct at_diag_list *diags) {
    const struct at_check_policy *checked = plan->checked;
    struct at_depend_reach *reach = NULL;
    bool met = true;
    if (checked->n_independents == 0) return true;
    const struct at_check_symbol **named = at_depend_named(plan, arena);
    reach = AT_NEW_ARRAY(arena, struct at_depend_reach, plan->n_components + 1);
    for (uint32_t i = 0; i <= plan->n_components; i++)
        at_depend_reach_make(plan, i < plan->n_components ? i : AT_NO_NODE, named, arena, &reach[i]);
    for (uint32_t i = 0; i < checked->n_independents; i++)
        met &= check_one(plan, &checked->independents[i], reach, arena, diags);
    return met;
}
