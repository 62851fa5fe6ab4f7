/* explain/draw.c: explains what a draw lends and takes back, and how what is owed came about. */
#include "explain/explain_int.h"

at_words_operand at_explain_draw_name(const struct at_plan_adjustment *a) {
    const struct at_ast_node *node = a->decl->node;
    return at_words_text(node->kind == AT_N_DRAW && node->text2.n ? node->text2 : node->text);
}

/* Adds a note about one of the amounts of a draw, unless it is zero or not there. */
static void tell_drawn(struct at_explain_tell *t, struct at_explain_node *step,
                       const struct at_plan_adjustment *a, enum at_plan_draw_node which,
                       enum at_words_word word, uint32_t other) {
    uint32_t node = a->draw[which];
    struct at_explain_node unused = {
        0}; /* the amounts are in the sentence, not among the values of the step */
    if (node == AT_NO_NODE || at_num_is_zero(at_explain_tell_number(t, node, NULL))) return;
    at_words_operand amount = at_explain_tell_node_figure(t, &unused, node), second = {0};
    if (other != AT_NO_NODE) second = at_explain_tell_node_figure(t, &unused, other);
    at_explain_node_note(t, step, AT_SAID(t->arena, word, amount, second));
}

static void tell_difference(struct at_explain_tell *t, struct at_explain_node *step,
                            const struct at_plan_adjustment *a) {
    if (a->draw[AT_DRAW_DIFFERENCE] == AT_NO_NODE) return;
    at_num difference = at_explain_tell_number(t, a->draw[AT_DRAW_DIFFERENCE], NULL);
    if (at_num_is_zero(difference)) return;
    struct at_explain_node unused = {0};
    bool less = at_num_sign(difference) < 0;
    at_words_operand amount =
        at_explain_tell_num(t, &unused, at_num_abs(t->arena, difference), at_explain_tell_money(t), false);
    at_explain_node_note(t, step,
                         AT_SAID(t->arena, less ? AT_W_DRAW_LESS : AT_W_DRAW_MORE,
                                 at_explain_period_kind_name(a->decl->draw->settle), amount));
}

/* What is advanced and taken back, and what is owed then. */
void at_explain_tell_draw(struct at_explain_tell *t, struct at_explain_node *step,
                          const struct at_plan_adjustment *a) {
    struct at_explain_node unused = {0};
    bool carries = (a->decl->node->flags & AT_F_CARRY) != 0;
    if (a->decl->draw->settle < 0)
        tell_drawn(t, step, a, AT_DRAW_ADVANCE, carries ? AT_W_CARRY_WAITS : AT_W_DRAW_ADVANCE, a->at);
    tell_difference(t, step, a);
    tell_drawn(t, step, a, AT_DRAW_RECOVERED, carries ? AT_W_CARRY_TAKEN : AT_W_DRAW_RECOVERED,
               a->draw[AT_DRAW_OWED]);
    tell_drawn(t, step, a, AT_DRAW_FORGIVEN, AT_W_DRAW_FORGIVEN, AT_NO_NODE);
    if (!a->decl->draw->recoverable) return;
    at_words_operand period = at_words_month(at_session_run_period(t->r->run, t->period));
    at_explain_node_note(t, step,
                         AT_SAID(t->arena, carries ? AT_W_CARRY_BALANCE : AT_W_DRAW_BALANCE, period,
                                 at_explain_tell_node_figure(t, &unused, a->draw[AT_DRAW_BALANCE])));
}

/* ---- balance(draw) */

at_words_operand at_explain_owed_name(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_adjustment *a = &t->r->plan->adjustments[t->r->balance_of[node]];
    return AT_SAID(t->arena, AT_W_DRAW_OWED, at_explain_draw_name(a));
}

static at_words_operand amount(struct at_explain_tell *t, struct at_explain_node *step,
                               const struct at_plan_adjustment *a, enum at_plan_draw_node which) {
    if (a->draw[which] != AT_NO_NODE) return at_explain_tell_node_figure(t, step, a->draw[which]);
    return at_explain_tell_num(t, step, at_num_int(0), at_explain_tell_money(t), false);
}

/* What was owed before, lent, taken back, and forgiven; then the periods before, as long as something was
 * owed. */
struct at_explain_node *at_explain_tell_owed(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_adjustment *a = &t->r->plan->adjustments[t->r->balance_of[node]];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, a->decl->node);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, false);
    at_words_operand before = amount(t, step, a, AT_DRAW_OWED), lent = amount(t, step, a, AT_DRAW_ADVANCE),
                     taken = amount(t, step, a, AT_DRAW_RECOVERED),
                     gone = amount(t, step, a, AT_DRAW_FORGIVEN);
    bool forgives = a->draw[AT_DRAW_FORGIVEN] != AT_NO_NODE;
    step->text = AT_SAID(t->arena, forgives ? AT_W_DRAW_PATH_FORGIVEN : AT_W_DRAW_PATH,
                         at_explain_owed_name(t, node), before, lent, taken, step->value.shown, gone);
    bool owed = !at_num_is_zero(at_explain_tell_number(t, a->draw[AT_DRAW_OWED], NULL));
    if (owed && t->period > 0) at_explain_tell_earlier(t, step, node, 1);
    return step;
}

/* The draws of which something is owed at the end of the period, or was before it. */
void at_explain_tell_balances(struct at_explain_tell *t) {
    const struct at_plan *plan = t->r->plan;
    struct at_explain_story *story = t->story;
    struct at_explain_node unused = {0};
    if (t->x->options->component.n || t->period >= t->r->run->lines_end) return;
    story->owed = AT_NEW_ARRAY(t->arena, struct at_explain_owed, plan->n_adjustments + 1);
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        const uint32_t *draw = plan->adjustments[i].draw;
        bool known = true, before = true;
        if (draw[AT_DRAW_BALANCE] == AT_NO_NODE || t->period >= t->r->run->n_regular) continue;
        bool none = at_num_is_zero(at_explain_tell_number(t, draw[AT_DRAW_BALANCE], &known)) &&
                    at_num_is_zero(at_explain_tell_number(t, draw[AT_DRAW_OWED], &before));
        if (none || !known) continue;
        story->owed[story->n_owed++] =
            (struct at_explain_owed){at_explain_owed_name(t, draw[AT_DRAW_BALANCE]),
                                     at_explain_tell_node_figure(t, &unused, draw[AT_DRAW_BALANCE])};
    }
    at_explain_tell_held(t);
}
