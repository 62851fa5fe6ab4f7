/* plan/rhythm.c: when a statement `each quarter` is calculated. */
#include "plan/plan.h"

int at_plan_component_rhythm(const struct at_plan_component *component) {
    return component->decl ? component->decl->rhythm - 1 : -1;
}

at_period at_plan_rhythm_last(const struct at_calendar *calendar, at_date to, int kind, at_period period) {
    enum at_period_kind own = (enum at_period_kind)calendar->period_kind;
    at_period last = at_period_of_date(calendar, own, to),
              longer = at_period_holding(calendar, period, (enum at_period_kind)kind);
    /* The effective range can end before the longer period does. */
    if (at_period_holding(calendar, last, (enum at_period_kind)kind).ordinal <= longer.ordinal) return last;
    return at_period_last_in(calendar, longer, own);
}

int at_plan_rhythm_end(const struct at_plan *plan, const struct at_plan_node *node) {
    if (node->op != AT_P_EQ) return -1;
    for (unsigned i = 0; i < 2; i++) {
        const struct at_plan_node *in = &plan->nodes[node->in[i]];
        if (in->op == AT_P_PERIODLAST) return in->a;
    }
    return -1;
}
