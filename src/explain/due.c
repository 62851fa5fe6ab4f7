/* explain/due.c: what a component pays in a period, without corrections: parts, adjustments, and lines that
 * were moved here. */
#include "explain/explain_int.h"

/* What an adjusted component begins with: the exact amount, or its change over a longer span. A draw, a hold,
 * or a clawback begins with the line of it, and its step also has the rounding. */
static uint32_t begins_with(const struct at_explain_tell *t, uint32_t index) {
    const struct at_plan *plan = t->r->plan;
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        const struct at_plan_adjustment *a = &plan->adjustments[i];
        if (a->component == index)
            return a->draw[AT_DRAW_EXACT] != AT_NO_NODE ? a->draw[AT_DRAW_EXACT] : a->before;
    }
    return plan->components[index].earned;
}

/* What a cell earns before adjustments; for `cumulative over year` the change of what is earned to date.
 * Without adjustments, this is rounded. With adjustments, the amount after them is. */
static void tell_earned(struct at_explain_tell *t, struct at_explain_node *step, uint32_t index) {
    const struct at_plan_component *c = &t->r->plan->components[index];
    bool exact = c->adjusted != AT_NO_NODE;
    uint32_t whole = exact ? begins_with(t, index) : c->earned;
    const struct at_plan_node *earned = &t->r->plan->nodes[whole];
    uint32_t delta = at_explain_plain_node(t, c->earned); /* without the condition of its rhythm */
    if (at_explain_is_at_end(t, delta)) delta = t->r->plan->nodes[delta].in[1];
    bool cumulative = t->r->plan->nodes[delta].op == AT_P_DELTA;
    if (cumulative && !exact) earned = &t->r->plan->nodes[delta];
    /* `cumulative over` rounds the amount to date, and the component pays the change of it. */
    uint32_t todate_node = exact ? c->exact : cumulative ? earned->in[0] : c->earned;
    if (!cumulative) {
        at_explain_tell_parts(t, step, c->exact, 1, c->decl->when != NULL);
        if (!exact) at_explain_tell_rounding(t, step, todate_node);
        return;
    }
    struct at_explain_node *todate = at_explain_node_new(t, AT_STEP_ARITHMETIC, NULL);
    uint32_t state;
    struct at_plan_value now = at_explain_tell_value(t, todate_node, &state),
                         change = at_explain_tell_value(t, whole, &state);
    at_explain_node_value(t, todate, &now, false);
    todate->text = AT_SAID(t->arena, AT_W_EARNED_TODATE, todate->value.shown);
    todate->adds = todate->part = true;
    at_explain_tell_parts(t, todate, c->exact, 1, c->decl->when != NULL);
    if (!exact) at_explain_tell_rounding(t, todate, todate_node);
    at_explain_node_add(step, todate);
    at_num before = at_num_sub(t->arena, at_plan_value_num(&now), at_plan_value_num(&change));
    if (at_num_is_zero(before)) return;
    struct at_explain_node *less = at_explain_node_new(t, AT_STEP_ARITHMETIC, NULL);
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), at_num_neg(t->arena, before));
    at_explain_node_value(t, less, &value, false);
    at_words_operand shown = at_explain_tell_num(t, less, before, at_explain_tell_money(t), false);
    less->text =
        AT_SAID(t->arena, AT_W_EARNED_BEFORE, shown, at_explain_period_kind_name(t->r->plan->nodes[delta].a));
    at_explain_tell_before(t, less, t->r->plan->nodes[whole].op == AT_P_DELTA ? whole : c->earned, c->exact);
    less->part = true;
    at_explain_node_add(step, less);
}

/* What is calculated for the period: the parts come first, then the adjustments, as the policy applies them.
 */
static void tell_due(struct at_explain_tell *t, struct at_explain_node *step, uint32_t index) {
    const struct at_plan_component *c = &t->r->plan->components[index];
    int rhythm = at_plan_component_rhythm(c);
    bool now = true;
    if (rhythm >= 0) at_explain_node_add(step, at_explain_tell_rhythm(t, rhythm, &now));
    bool tail = t->period >= t->r->run->n_regular && c->parted != AT_NO_NODE;
    if (!now) { /* nothing is earned, but draws and deals have amounts of each period */
        at_explain_tell_adjustments(t, step, index, true);
        if (c->adjusted != AT_NO_NODE && !tail) at_explain_tell_line(t, step, c);
        if (c->parted == AT_NO_NODE) at_explain_tell_deals(t, step, index);
        return;
    }
    struct at_explain_node *uncovered =
        c->role == AT_ROLE_ADJUSTMENT || tail ? NULL : at_explain_tell_uncovered(t, rhythm);
    at_explain_node_add(step, uncovered);
    if (c->role == AT_ROLE_ADJUSTMENT)
        at_explain_tell_beside(t, step, index);
    else if (tail || uncovered)
        (void)0; /* nothing is earned */
    else if (c->role == AT_ROLE_POOL)
        at_explain_tell_pool(t, step, c->earned);
    else if (c->lines != AT_NO_NODE)
        at_explain_tell_lines(t, step, index);
    else
        tell_earned(t, step, index);
    at_explain_tell_adjustments(t, step, index, false);
    if (c->adjusted != AT_NO_NODE && !tail) at_explain_tell_line(t, step, c);
    if (c->parted == AT_NO_NODE) at_explain_tell_deals(t, step, index);
}

/* Where the lines of this period are paid, and where those that are paid in it come from. Measures are
 * explained in place: in their own list, they have the values of this period. */
static void tell_moved(struct at_explain_tell *t, struct at_explain_node *step, uint32_t index) {
    const struct at_plan_component *c = &t->r->plan->components[index];
    const struct at_session_run *run = t->r->run;
    uint32_t own = t->period, state;
    struct at_plan_value due = at_explain_tell_value(t, c->due, &state);
    if (state == AT_STATE_OK && own < run->n_regular && !at_num_is_zero(at_plan_value_num(&due))) {
        struct at_explain_node *later = at_explain_node_new(t, AT_STEP_NOTE, NULL);
        at_period paid =
            at_kernel_frame_period(run->frame, (int32_t)at_kernel_frame_paid_in(run->frame, own, c->delay));
        at_words_operand shown = at_explain_tell_figure(t, later, &due, false);
        later->text = AT_SAID(t->arena, AT_W_PAID_LATER, shown, at_words_month(paid));
        at_explain_node_add(step, later);
    }
    bool any = false;
    /* After the regular periods, only deals that are held or taken back have amounts. */
    uint32_t end = c->parted == AT_NO_NODE && run->n_regular < own ? run->n_regular : own;
    for (uint32_t p = 0; p < end; p++) {
        if (at_kernel_frame_paid_in(run->frame, p, c->delay) != own) continue;
        t->period = p;
        t->elsewhere = true;
        struct at_explain_node *part = at_explain_node_new(t, AT_STEP_PERIOD, NULL);
        struct at_plan_value value = at_explain_tell_value(t, c->due, &state);
        at_explain_node_value(t, part, &value, false);
        part->name = at_words_month(at_session_run_period(run, p));
        part->text = AT_SAID(t->arena, AT_W_FROM_PERIOD, part->name, part->value.shown);
        part->adds = part->part = true;
        tell_due(t, part, index);
        t->period = own;
        t->elsewhere = false;
        at_explain_node_add(step, part);
        any = true;
    }
    bool now = true;
    int rhythm = at_plan_component_rhythm(c);
    struct at_explain_node *when = rhythm < 0 || any ? NULL : at_explain_tell_rhythm(t, rhythm, &now);
    if (!now) at_explain_node_add(step, when);
}

void at_explain_tell_paid_in(struct at_explain_tell *t, struct at_explain_node *step, uint32_t index) {
    if (t->r->plan->components[index].delay.unit == AT_DELAY_NONE)
        tell_due(t, step, index);
    else
        tell_moved(t, step, index);
}
