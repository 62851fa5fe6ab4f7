/* explain/paid.c: explains paid(x), the sum of the lines of a component.
 *
 * The lines of the payee and period have explanations of their own, so they are only listed. In the story of
 * an earlier period, they are calculated here.
 */
#include "explain/explain_int.h"

static struct at_explain_node *line_step(struct at_explain_tell *t, const struct at_plan_component *line) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_FIGURE, NULL);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, line->value, &state);
    at_explain_node_value(t, step, &value, false);
    at_str name = line->decl ? at_explain_name_of(line->decl->symbol) : line->name;
    step->name = at_words_text(name);
    step->text = AT_SAID(t->arena, AT_W_IS, step->name, step->value.shown);
    step->part = true;
    if (t->past || t->earlier)
        at_explain_node_add(step, at_explain_tell_inside(t, at_explain_plain_node(t, line->value)));
    return step;
}

struct at_explain_node *at_explain_tell_paid(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan *plan = t->r->plan;
    const struct at_plan_node *p = &plan->nodes[node];
    const struct at_check_component_decl *decl = &t->r->checked->components[p->a];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, false);
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    step->adds = true;
    for (uint32_t i = 0; i < plan->n_components && state == AT_STATE_OK; i++) {
        const struct at_plan_component *line = &plan->components[i];
        bool beside = line->adjustment && line->adjustment->component == p->a;
        if (line->decl == decl || beside) at_explain_node_add(step, line_step(t, line));
    }
    return step;
}
