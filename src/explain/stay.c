/* explain/stay.c: explains a pool by day: the parts of a payee, for the groups in which the payee was in the
 * period, and on how many days. */
#include "explain/explain_int.h"

static at_words_operand days_in(const struct at_explain_tell *t, uint32_t division) {
    const struct at_kernel_frame *frame = t->r->run->frame;
    const struct at_plan_component *c = NULL;
    for (uint32_t i = 0; i < t->r->plan->n_components && !c; i++)
        if (t->r->plan->components[i].decl &&
            at_plan_division_of(t->r->plan, t->r->plan->components[i].earned) == division)
            c = &t->r->plan->components[i];
    uint8_t rhythm = c ? c->decl->rhythm : 0;
    at_period period = at_session_run_period(t->r->run, t->period);
    if (rhythm) period = at_period_holding(frame->calendar, period, (enum at_period_kind)(rhythm - 1));
    int32_t days = at_kernel_frame_stay_days(frame, t->stays, t->stay - 1, t->period, rhythm);
    uint16_t group = (uint16_t)(t->r->plan->groups[t->stays].of - 1);
    return AT_SAID(t->arena, AT_W_STAY_OF, at_words_count((uint64_t)days),
                   at_words_count((uint64_t)at_period_days(frame->calendar, period)),
                   at_explain_group_name(t, group));
}

static void tell_stay(struct at_explain_tell *t, struct at_explain_node *step, uint32_t division) {
    struct at_explain_node *own = at_explain_node_new(t, AT_STEP_POOL, t->r->plan->nodes[division].ast);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, division, &state);
    at_explain_node_value(t, own, &value, false);
    own->name = step->name;
    own->text = AT_SAID(t->arena, AT_W_IS, days_in(t, division), own->value.shown);
    own->adds = own->part = true;
    at_explain_tell_pool(t, own, division);
    at_explain_node_add(step, own);
}

/* Stays without a day in the period have no part. */
void at_explain_tell_stays(struct at_explain_tell *t, struct at_explain_node *step, uint32_t division) {
    const struct at_plan_node *p = &t->r->plan->nodes[division];
    const struct at_kernel_stays *stays = &t->r->run->frame->stays[p->place];
    uint32_t stay = t->stay, there = p->in[at_plan_allot_input(p, AT_ALLOT_AMONG)];
    uint16_t place = t->stays;
    while (t->r->plan->nodes[there].op != AT_P_LT) /* whether it has a day comes first */
        there = t->r->plan->nodes[there].in[t->r->plan->nodes[there].op == AT_P_IF];
    for (uint32_t k = stays->of_payee[t->payee]; k < stays->of_payee[t->payee + 1]; k++) {
        t->stays = p->place;
        t->stay = stays->stay[k] + 1;
        if (at_explain_tell_holds(t, there)) tell_stay(t, step, division);
    }
    t->stay = stay;
    t->stays = place;
}
