/* explain/rhythm.c: `each quarter`: what is calculated once for a longer period. In the last period of the
 * quarter, the condition is said once and left out of everything below it. */
#include "explain/explain_int.h"

bool at_explain_is_at_end(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    return p->op == AT_P_IF && at_plan_rhythm_end(t->r->plan, &t->r->plan->nodes[p->in[0]]) >= 0;
}

at_words_operand at_explain_span_name(int kind) {
    static const enum at_words_word words[] = {
        [AT_WEEK] = AT_W_SPAN_WEEK,          [AT_SEMIMONTH] = AT_W_SPAN_MONTH, [AT_MONTH] = AT_W_SPAN_MONTH,
        [AT_FISCAL_MONTH] = AT_W_SPAN_MONTH, [AT_QUARTER] = AT_W_SPAN_QUARTER, [AT_HALF] = AT_W_SPAN_HALF,
        [AT_YEAR] = AT_W_SPAN_YEAR};
    return at_words_fixed(words[kind >= AT_WEEK && kind <= AT_YEAR ? kind : AT_YEAR]);
}

struct at_explain_node *at_explain_tell_rhythm(struct at_explain_tell *t, int kind, bool *now) {
    const struct at_check_policy *checked = t->r->checked;
    at_period period = at_session_run_period(t->r->run, t->period),
              last = at_plan_rhythm_last(&checked->calendar, checked->to, kind, period),
              longer = at_period_holding(&checked->calendar, period, (enum at_period_kind)kind);
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    *now = last.ordinal == period.ordinal;
    step->text = *now ? AT_SAID(t->arena, AT_W_EACH_NOW, at_words_month(longer))
                      : AT_SAID(t->arena, AT_W_EACH_LATER, at_words_month(longer), at_words_month(last));
    return step;
}

struct at_explain_node *at_explain_tell_end(struct at_explain_tell *t, uint32_t cond) {
    const struct at_plan_node *p = &t->r->plan->nodes[cond];
    bool now;
    return at_explain_tell_rhythm(t, at_plan_rhythm_end(t->r->plan, p), &now);
}
