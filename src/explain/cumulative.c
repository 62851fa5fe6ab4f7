/* explain/cumulative.c: lines of `per booking cumulative over year`: the running total before a row and with
 * it, what the formula gives for each, and how the line is rounded. See plan/lower_cumulative.c for the
 * nodes. */
#include "explain/explain_int.h"

static const struct at_plan_node *node_at(const struct at_explain_tell *t, uint32_t id) {
    return &t->r->plan->nodes[id];
}

/* The sum of earlier periods in the span: to date, without the period itself. */
static const struct at_plan_node *earlier_of(const struct at_explain_tell *t, uint32_t id) {
    const struct at_plan_node *from = node_at(t, id);
    if (from->op != AT_P_FROMCELL) return NULL;
    const struct at_plan_node *sub = node_at(t, from->in[0]);
    const struct at_plan_node *todate = sub->op == AT_P_SUB ? node_at(t, sub->in[0]) : NULL;
    return todate && todate->op == AT_P_TODATE && todate->in[0] == sub->in[1] ? todate : NULL;
}

enum at_explain_total at_explain_running_total(const struct at_explain_tell *t, uint32_t node,
                                               uint32_t *before, uint32_t *value) {
    const struct at_plan_node *p = node_at(t, node);
    if (p->op != AT_P_ADD || p->grain != AT_G_CREDIT) return AT_TOTAL_NONE;
    const struct at_plan_node *running = node_at(t, p->in[1]);
    if (running->op == AT_P_RUNNING && earlier_of(t, p->in[0])) {
        *before = node;
        *value = running->in[0];
        return AT_TOTAL_BEFORE;
    }
    if (at_explain_running_total(t, p->in[0], before, value) != AT_TOTAL_BEFORE) return AT_TOTAL_NONE;
    return p->in[1] == *value ? AT_TOTAL_WITH : AT_TOTAL_NONE;
}

/* What is added up. Rows that the condition leaves out count as zero, which is not a part of the name. */
static uint32_t added(const struct at_explain_tell *t, uint32_t value) {
    while (node_at(t, value)->op == AT_P_TAKE)
        value = node_at(t, value)->in[0];
    return node_at(t, value)->op == AT_P_IF ? node_at(t, value)->in[1] : value;
}

at_words_operand at_explain_total_name(const struct at_explain_tell *t, enum at_explain_total kind,
                                       uint32_t value, unsigned depth) {
    at_words_operand of = at_explain_phrase_below(t, added(t, value), depth);
    return AT_SAID(t->arena, kind == AT_TOTAL_BEFORE ? AT_W_TOTAL_BEFORE : AT_W_TOTAL_WITH, of);
}

/* "running total of amount: $80,000.00 before this row, $120,000.00 with it" */
static void tell_total(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t with,
                       uint32_t before, uint32_t value) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    at_words_operand of = at_explain_phrase(t, added(t, value));
    step->text = AT_SAID(t->arena, AT_W_TOTAL_FROM_TO, of, at_explain_tell_node_figure(t, step, before),
                         at_explain_tell_node_figure(t, step, with));
    at_explain_node_add(parent, step);
}

/* Each total once, in the order of the plan. The search stays among values of the row. */
static void tell_totals(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t exact) {
    bool *met = AT_NEW_ARRAY(t->arena, bool, exact + 1);
    met[exact] = true;
    for (uint32_t id = exact + 1; id-- > 0;) {
        uint32_t before, value;
        if (!met[id] || node_at(t, id)->grain != AT_G_CREDIT) continue;
        if (at_explain_running_total(t, id, &before, &value) != AT_TOTAL_NONE) continue;
        for (uint16_t i = 0; i < node_at(t, id)->n_in; i++)
            met[node_at(t, id)->in[i]] = true;
    }
    for (uint32_t id = 0; id < exact; id++) {
        uint32_t before, value;
        if (met[id] && at_explain_running_total(t, id, &before, &value) == AT_TOTAL_WITH)
            tell_total(t, parent, id, before, value);
    }
}

bool at_explain_tell_cumulative(struct at_explain_tell *t, struct at_explain_node *step, uint32_t lines) {
    const struct at_plan_node *p = node_at(t, lines);
    if (p->op != AT_P_SUB || node_at(t, p->in[0])->op != AT_P_ROUND || node_at(t, p->in[1])->op != AT_P_ROUND)
        return false;
    const struct at_plan_node *now = node_at(t, node_at(t, p->in[0])->in[0]);
    uint32_t earned = node_at(t, p->in[1])->in[0], before, value;
    if (now->op != AT_P_ADD || now->in[0] != earned ||
        at_explain_running_total(t, earned, &before, &value) != AT_TOTAL_BEFORE)
        return false;
    uint32_t exact = now->in[1], state, exact_state;
    tell_totals(t, step, exact);
    at_explain_tell_parts(t, step, exact, 1, true);
    struct at_plan_value line = at_explain_tell_value(t, lines, &state),
                         amount = at_explain_tell_value(t, exact, &exact_state);
    if (state == AT_STATE_OK && exact_state == AT_STATE_OK)
        at_explain_tell_rounding_todate(t, step, &amount, &line, earlier_of(t, node_at(t, earned)->in[0])->a);
    return true;
}
