/* explain/line.c: `commission of pilot`: what a component pays for the row to which the explained row refers,
 * and where that row is. */
#include "explain/explain_int.h"

/* Whether the payee has a line for the row, zero or not. */
static bool has_line(const struct at_explain_tell *t, uint32_t node, uint32_t row) {
    const struct at_kernel_running *lines = t->r->run->frame->runnings[node];
    for (uint32_t i = lines ? lines->base[row] : 0; lines && i < lines->base[row + 1]; i++)
        if (lines->payee[i] == t->payee) return true;
    return false;
}

static struct at_explain_node *tell_row(struct at_explain_tell *t, uint32_t node, uint32_t row) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t table = t->r->plan->feeds[p->a].table, state;
    const struct at_table *data = &t->r->run->data->tables[table];
    int32_t key = t->r->checked->schemas[table].key;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ROW, NULL);
    step->line = data->lines ? data->lines[row] : row + 1;
    step->file = data->binding.name;
    step->name =
        key >= 0 ? at_words_text(at_session_table_text(t->r->run->data, table, (uint32_t)key, row, t->arena))
                 : at_explain_row_in_file(t, step->file, step->line);
    if (!has_line(t, node, row)) {
        const struct at_check_symbol *symbol = t->r->checked->components[p->b].symbol;
        step->text = AT_SAID(t->arena, AT_W_LINE_NONE, step->name, at_words_text(at_explain_name_of(symbol)));
        return step;
    }
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    step->text = step->name;
    if (state != AT_STATE_OK) return step;
    value.type.optional = false;
    at_explain_node_value(t, step, &value, false);
    step->text = AT_SAID(t->arena, AT_W_DEAL, step->name, step->value.shown);
    return step;
}

struct at_explain_node *at_explain_tell_line_of(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t state, row_state;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = at_explain_tell_value(t, node, &state),
                         row = at_explain_tell_value(t, p->in[1], &row_state);
    at_explain_node_value(t, step, &value, false);
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    if (row_state == AT_STATE_OK) {
        struct at_explain_node *line = tell_row(t, node, (uint32_t)at_plan_value_row(&row));
        line->part = step->adds = line->has_value && step->has_value;
        at_explain_node_add(step, line);
    }
    return step;
}
