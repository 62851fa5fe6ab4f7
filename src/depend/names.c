/* depend/names.c: which params and measures the statements of a component name, directly or through others.
 * Constants are folded into the plan, so that params are not in it. */
#include "base/vec.h"
#include "depend/depend.h"

struct naming {
    const struct at_check_policy *checked;
    struct at_arena *arena;
    struct at_depend_names *out;
    bool *components, *feeds, *others; /* `others`: by node id of the statement */
    AT_VEC(const struct at_ast_node *) open;
};

static void want(struct naming *w, const struct at_ast_node *statement) {
    if (!statement || w->others[statement->id]) return;
    w->others[statement->id] = true;
    AT_VEC_PUSH(w->arena, &w->open, statement);
}

static void want_feed(struct naming *w, int64_t feed) {
    if (feed < 0 || w->feeds[feed]) return;
    w->feeds[feed] = true;
    want(w, w->checked->feeds[feed].node);
}

/* With the statements that change it. */
static void want_component(struct naming *w, uint32_t index) {
    const struct at_check_policy *checked = w->checked;
    const struct at_check_component_decl *decl = &checked->components[index];
    if (w->components[index]) return;
    w->components[index] = true;
    want(w, decl->symbol->node);
    want_feed(w, decl->per_feed);
    want_feed(w, decl->by_feed);
    for (uint32_t i = 0; i < checked->n_adjustments; i++)
        if (checked->adjustments[i].component == (int32_t)index) want(w, checked->adjustments[i].node);
}

static void want_total(struct naming *w) {
    for (uint32_t i = 0; i < w->checked->n_components; i++)
        want_component(w, i);
    for (uint32_t i = 0; i < w->checked->n_adjustments; i++)
        if (w->checked->adjustments[i].component < 0) want(w, w->checked->adjustments[i].node);
}

static void meet(struct naming *w, const struct at_check_symbol *symbol) {
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_MEASURE:
        w->out->measures[symbol->index] = true;
        want(w, symbol->node);
        if (w->checked->measures[symbol->index].aggregate)
            want_feed(w, w->checked->measures[symbol->index].feed);
        break;
    case AT_SYM_PARAM:
        w->out->params[symbol->index] = true;
        want(w, symbol->node);
        break;
    case AT_SYM_CREDIT: want_feed(w, symbol->index); break;
    case AT_SYM_COMPONENT: want_component(w, symbol->index); break;
    case AT_SYM_TOTAL: want_total(w); break;
    case AT_SYM_RATES:
    case AT_SYM_LOOKUP:
    case AT_SYM_DRAW:
    case AT_SYM_FUNCTION: want(w, symbol->node); break;
    default: break;
    }
}

static bool look(void *context, const struct at_ast_node *node) {
    struct naming *w = context;
    const struct at_check_symbol *symbol = w->checked->symbols[node->id];
    if (symbol) meet(w, symbol);
    return true;
}

void at_depend_names_make(const struct at_check_policy *checked, uint32_t component, struct at_arena *arena,
                          struct at_depend_names *out) {
    struct naming w = {.checked = checked, .arena = arena, .out = out};
    *out = (struct at_depend_names){AT_NEW_ARRAY(arena, bool, checked->n_params + 1),
                                    AT_NEW_ARRAY(arena, bool, checked->n_measures + 1)};
    w.components = AT_NEW_ARRAY(arena, bool, checked->n_components + 1);
    w.feeds = AT_NEW_ARRAY(arena, bool, checked->n_feeds + 1);
    w.others = AT_NEW_ARRAY(arena, bool, checked->ast->n_nodes + 1);
    if (component == AT_NO_NODE) {
        if (checked->applies) want(&w, checked->applies);
        for (uint32_t i = 0; i < checked->n_covers; i++)
            want(&w, checked->covers[i].node);
    } else if (component == checked->n_components)
        want_total(&w);
    else
        want_component(&w, component);
    for (size_t i = 0; i < w.open.n; i++)
        at_ast_walk(w.open.at[i], look, &w);
}
