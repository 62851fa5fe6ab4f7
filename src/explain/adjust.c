/* explain/adjust.c: explains the effect of caps, floors, and adjustments on a component. */
#include "explain/explain_int.h"

static struct at_plan_value value_of(const struct at_explain_tell *t, uint32_t node) {
    uint32_t state;
    return at_explain_tell_value(t, node, &state);
}

/* A condition without a value counts as false. */
static bool applies(const struct at_explain_tell *t, const struct at_plan_adjustment *a) {
    return a->when == AT_NO_NODE || at_explain_tell_holds(t, a->when);
}

/* A limit that does not change the amount is still reported, so that readers see that it was considered. */
static enum at_words_word word_of(const struct at_plan_adjustment *a, bool changes) {
    switch (a->decl->node->kind) {
    case AT_N_CAP: return changes ? AT_W_CAP_CUTS : AT_W_CAP_WITHIN;
    case AT_N_FLOOR: return changes ? AT_W_FLOOR_LIFTS : AT_W_FLOOR_ABOVE;
    case AT_N_DRAW: return a->decl->node->flags & AT_F_CARRY ? AT_W_CARRIES : AT_W_DRAWS;
    case AT_N_HOLD: return AT_W_HOLDS;
    case AT_N_RELEASE: return AT_W_RELEASES;
    case AT_N_CLAWBACK: return AT_W_CLAWS;
    default: return changes ? AT_W_ADJUSTS : AT_W_ADJUST_SAME;
    }
}

static bool leaves(const struct at_explain_tell *t, const struct at_plan_adjustment *a, at_num difference) {
    if (applies(t, a)) return false;
    /* A loan is repaid also in periods in which nothing is drawn. */
    return !a->decl->draw || at_num_is_zero(difference);
}

/* `per year`: what is earned to date, what the limit leaves of it, and what the periods before have had. */
static void tell_used(struct at_explain_tell *t, struct at_explain_node *step,
                      const struct at_plan_adjustment *a) {
    const struct at_plan_node *p = &t->r->plan->nodes[a->after];
    if (p->op != AT_P_CAPTODATE) return;
    const struct at_calendar *calendar = &t->r->checked->calendar;
    at_period now = at_session_run_period(t->r->run, t->period);
    int32_t whole = at_period_holding(calendar, now, (enum at_period_kind)p->a).ordinal;
    at_num used = at_num_int(0), earned = at_explain_tell_number(t, a->before, NULL);
    /* Earlier periods of the same quarter, half, or year. The walk ends at the first one of another. */
    for (uint32_t back = 1; back <= t->period; back++) {
        struct at_explain_tell then = *t;
        at_period before = at_session_run_period(t->r->run, t->period - back);
        if (at_period_holding(calendar, before, (enum at_period_kind)p->a).ordinal != whole) break;
        then.period = t->period - back;
        used = at_num_add(t->arena, used, at_explain_tell_number(&then, a->after, NULL));
        earned = at_num_add(t->arena, earned, at_explain_tell_number(&then, a->before, NULL));
    }
    at_num left = at_num_add(t->arena, used, at_explain_tell_number(t, a->after, NULL));
    at_words_operand sum = at_explain_tell_num(t, step, earned, at_explain_tell_money(t), false),
                     shown = at_explain_tell_num(t, step, used, at_explain_tell_money(t), false),
                     limit = at_explain_tell_node_figure(t, step, a->at),
                     kept = at_explain_tell_num(t, step, left, at_explain_tell_money(t), false);
    at_explain_node_note(
        t, step, AT_SAID(t->arena, AT_W_SO_FAR, at_explain_period_kind_name(p->a), sum, limit, shown, kept));
}

/* Explains the limit, or the new value, unless it is a constant. */
static void tell_limit(struct at_explain_tell *t, struct at_explain_node *step,
                       const struct at_plan_adjustment *a) {
    uint32_t at = at_explain_plain_node(t, a->at);
    const struct at_plan_node *p = &t->r->plan->nodes[at];
    if (p->op == AT_P_CONST) return;
    if (p->op == AT_P_ROUND) at = p->in[0];
    if (t->r->plan->nodes[at_explain_plain_node(t, at)].op == AT_P_CONST) return;
    uint32_t told = t->component;
    t->component = UINT32_MAX; /* what the component earned has been told */
    at_explain_node_add(step, at_explain_tell_node(t, at));
    t->component = told;
}

/* "Monthly limit", or "cap on commission", as people call a limit. */
at_words_operand at_explain_limit_name(const struct at_explain_tell *t,
                                       const struct at_check_adjustment_decl *decl) {
    const struct at_ast_node *node = decl->node;
    bool cap = node->kind == AT_N_CAP;
    if (!cap && node->kind != AT_N_FLOOR) return at_words_text(at_explain_line_of_source(t, node, 60));
    if (node->text2.n) return at_words_text(node->text2);
    if (decl->component < 0) return at_words_fixed(cap ? AT_W_CAP_OF_TOTAL : AT_W_FLOOR_OF_TOTAL);
    at_str of = at_explain_name_of(t->r->checked->components[decl->component].symbol);
    return AT_SAID(t->arena, cap ? AT_W_CAP_ON : AT_W_FLOOR_ON, at_words_text(of));
}

static void keep_limit(struct at_explain_tell *t, const struct at_plan_adjustment *a, at_num difference,
                       at_words_operand from, at_words_operand to) {
    uint8_t kind = a->decl->node->kind;
    if ((kind != AT_N_CAP && kind != AT_N_FLOOR) || at_num_is_zero(difference) || t->elsewhere) return;
    struct at_explain_node unused = {0};
    at_words_operand by =
        at_explain_tell_num(t, &unused, at_num_abs(t->arena, difference), at_explain_tell_money(t), false);
    struct at_explain_limit limit = {.difference = difference};
    limit.text = AT_SAID(t->arena, at_num_sign(difference) < 0 ? AT_W_LIMIT_TOOK : AT_W_LIMIT_GAVE,
                         at_explain_limit_name(t, a->decl), from, to, by);
    AT_VEC_PUSH(t->arena, &t->limits, limit);
}

/* The value of the step is the difference that the adjustment makes. It is a part, so the component still
 * adds up, even if the difference is zero. */
static struct at_explain_node *tell_one(struct at_explain_tell *t, const struct at_plan_adjustment *a) {
    bool outer = t->adjusting;
    t->adjusting = true; /* the amount so far goes by the component's name */
    const struct at_ast_node *node = a->decl->node;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ADJUSTMENT, node);
    struct at_plan_value before = value_of(t, a->before), after = value_of(t, a->after);
    /* The part also contains the rounding of what the draw begins with. */
    struct at_plan_value exact =
        a->draw[AT_DRAW_EXACT] != AT_NO_NODE ? value_of(t, a->draw[AT_DRAW_EXACT]) : before;
    if (a->decl->part && t->period >= t->r->run->n_regular) { /* nothing is earned any more */
        after = value_of(t, a->at);
        exact = before = at_plan_value_of_num(at_explain_tell_money(t), at_num_int(0));
    }
    at_num difference = at_num_sub(t->arena, at_plan_value_num(&after), at_plan_value_num(&exact));
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), difference);
    at_words_operand source = at_words_text(at_explain_line_of_source(t, node, 100));
    at_explain_node_value(t, step, &value, false);
    if (leaves(t, a, difference)) {
        step->text = AT_SAID(t->arena, AT_W_ADJUST_NOT, source);
    } else {
        at_words_operand from = at_explain_tell_figure(t, step, &before, false),
                         to = at_explain_tell_figure(t, step, &after, false);
        /* The limit is in the sentence, but not among the values of the step. */
        struct at_explain_node unused = {0};
        at_words_operand limit = at_explain_tell_node_figure(t, &unused, a->at);
        step->text = AT_SAID(t->arena, word_of(a, !at_num_is_zero(difference)), source, from, to, limit,
                             at_explain_draw_name(a));
        keep_limit(t, a, difference, from, to);
    }
    if (at_explain_without_cover(t, a->when) != AT_NO_NODE)
        at_explain_node_add(step, at_explain_tell_condition(t, a->when, false));
    if (applies(t, a) && node->kind == AT_N_ADJUST && node->text2.n)
        at_explain_node_note(t, step, AT_SAID(t->arena, AT_W_BECAUSE, at_words_text(node->text2)));
    if (applies(t, a)) {
        tell_used(t, step, a);
        if (!a->decl->part) tell_limit(t, step, a);
    }
    if (a->decl->part) at_explain_tell_part(t, step, a);
    if (a->decl->draw) at_explain_tell_draw(t, step, a);
    step->part = true;
    t->adjusting = outer;
    return step;
}

/* In the order of the plan, because each adjustment starts from the result of the one before it. `cap
 * total` has a component of its own, which at_explain_tell_beside explains. */
void at_explain_tell_adjustments(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component,
                                 bool waits) {
    const struct at_plan *plan = t->r->plan;
    bool tail = t->period >= t->r->run->n_regular, divided = false;
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        const struct at_plan_adjustment *a = &plan->adjustments[i];
        if (a->component != component || plan->components[component].role == AT_ROLE_ADJUSTMENT) continue;
        bool acts = tail ? a->decl->part != NULL : !waits || a->decl->part || a->decl->draw;
        if (!acts) continue;
        if (a->decl->part && !divided) at_explain_tell_deals(t, step, component);
        divided |= a->decl->part != NULL;
        at_explain_node_add(step, tell_one(t, a));
    }
}

/* A payout line of its own: `cap total`. */
void at_explain_tell_beside(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component) {
    const struct at_plan *plan = t->r->plan;
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        if (plan->adjustments[i].component != component) continue;
        struct at_explain_node *sum = at_explain_node_new(t, AT_STEP_NOTE, NULL);
        struct at_plan_value before = value_of(t, plan->adjustments[i].before);
        at_words_operand shown = at_explain_tell_figure(t, sum, &before, false);
        int32_t of = plan->adjustments[i].decl->component;
        sum->text = AT_SAID(t->arena, AT_W_BEFORE_IT, shown);
        if (of >= 0)
            sum->text =
                AT_SAID(t->arena, AT_W_SO_FAR_OF,
                        at_words_text(at_explain_name_of(t->r->checked->components[of].symbol)), shown);
        at_explain_node_add(step, sum);
        at_explain_node_add(step, tell_one(t, &plan->adjustments[i]));
    }
}
