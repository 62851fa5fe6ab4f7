/* explain/past.c: explains a value that is calculated from its own earlier periods.
 *
 * The step of `prior(owed)` has a step for each earlier period, the nearest first. Each shows the formula
 * with the values of that period. References in it to the period before show only a value: it is the value of
 * the next step. So the list goes back in time without nested steps, up to the period in which the value
 * begins: the first one, or one whose formula did not use the period before.
 *
 * Several measures that read each other's past are explained together, period by period.
 */
#include "explain/explain_int.h"

/* The option `all` lifts the limit. */
#define SHOWN_PERIODS 5 /* the nearest, and the one in which the value begins */

struct past_value {
    uint32_t node;
    struct past_value *next;
};

/* What earlier periods have to explain. It grows while they are explained. */
struct at_explain_tell_past {
    struct past_value **wanted; /* by period index */
};

/* ---- which values are meant */

/* One pass suffices, because inputs of a node come before it. A node of credit grain
 * does not count, even if it reads such a value. */
bool *at_explain_find_past(const struct at_plan *plan, struct at_arena *arena) {
    bool *past = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    for (uint32_t id = 0; plan->n_carries > 0 && id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        past[id] = node->op == AT_P_CARRY;
        for (uint16_t i = 0; i < node->n_in && node->grain != AT_G_CREDIT; i++)
            past[id] |= past[node->in[i]];
    }
    return past;
}

uint32_t at_explain_past_count(const struct at_plan *plan, const struct at_plan_node *node, uint8_t *rhythm) {
    bool carry = node->op == AT_P_CARRY;
    *rhythm = carry ? plan->carries[node->a].rhythm : (uint8_t)node->b;
    return carry ? plan->carries[node->a].back : (uint32_t)node->a;
}

uint32_t at_explain_past_source(const struct at_session_run *run, const struct at_plan_node *node,
                                uint32_t period, uint32_t *back) {
    uint8_t rhythm;
    uint32_t n = at_explain_past_count(run->plan, node, &rhythm);
    *back = at_kernel_frame_back(run->frame, period, n, rhythm);
    return node->op == AT_P_CARRY ? run->plan->carries[node->a].source : node->in[0];
}

/* ---- one earlier period */

/* Each value once, in the order in which it was met: the list of a period is short. */
static void want(const struct at_explain_tell *t, uint32_t node, uint32_t period) {
    struct past_value **at = &t->past->wanted[period];
    for (; *at; at = &(*at)->next)
        if ((*at)->node == node) return;
    *at = AT_NEW(t->arena, struct past_value);
    (*at)->node = node;
}

static struct at_explain_node *value_step(struct at_explain_tell *then, uint32_t node) {
    struct at_explain_node *step = at_explain_node_new(then, AT_STEP_FIGURE, NULL);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(then, node, &state);
    at_explain_node_value(then, step, &value, at_explain_is_percent(then, node));
    step->text = AT_SAID(then->arena, AT_W_IS, at_explain_phrase(then, node), step->value.shown);
    return step;
}

/* What a component earned, with the amount before rounding.
 * The amount before rounding is not a part, because the step does not add up. */
static struct at_explain_node *component_step(struct at_explain_tell *then, uint32_t node) {
    const struct at_plan_node *p = &then->r->plan->nodes[node];
    struct at_explain_node *step = value_step(then, node);
    at_explain_node_add(step, at_explain_tell_inside(then, at_explain_plain_node(then, p->in[0])));
    if (step->first) step->first->part = false;
    return step;
}

/* The formula of the node with the values of `then`; only the value where it needs no steps. A total of a
 * group also has the formula of the payee's own part. */
static struct at_explain_node *formula(struct at_explain_tell *then, uint32_t node) {
    uint32_t plain = at_explain_plain_node(then, node);
    const struct at_plan_node *p = &then->r->plan->nodes[plain];
    if (then->r->component_of[plain] >= 0 && p->op == AT_P_ROUND) return component_step(then, plain);
    struct at_explain_node *step = at_explain_tell_inside(then, plain);
    if (step && p->op == AT_P_GROUPSUM && then->r->past[p->in[0]])
        at_explain_node_add(step, formula(then, p->in[0]));
    if (!step) step = value_step(then, node);
    int32_t measure = then->r->measure_of[plain];
    if (measure >= 0 && p->op == AT_P_IFMISSING) { /* its step is that of the value that is there */
        at_words_operand name = at_words_text(at_explain_name_of(then->r->checked->measures[measure].symbol));
        step->text = AT_SAID(then->arena, AT_W_IN_PERIOD, name, step->text);
    }
    step->part = false;
    return step;
}

/* Measures of the same period that the formulas used, and that depend on the past themselves. */
static void add_measures(struct at_explain_tell *then, struct at_explain_node *step,
                         const struct past_value *told) {
    const struct at_explain_run *r = then->r;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < r->plan->n_measures; i++) {
            uint32_t node = r->plan->measures[i].cell;
            if (then->measure_state[i] != 1 || node == AT_NO_NODE || !r->past[node]) continue;
            then->measure_state[i] = 2;
            bool known = false;
            for (const struct past_value *v = told; v; v = v->next)
                known |= v->node == node;
            if (known) continue;
            at_explain_node_add(step, formula(then, node));
            again = true;
        }
    }
}

/* `then` is a copy with its own measure states: a measure of this period must not count as one of the
 * story's period. Steps are counted together, so the limit holds for the whole story. */
static struct at_explain_node *tell_period(struct at_explain_tell *t, struct at_explain_tell_past *past,
                                           uint32_t period) {
    const struct past_value *told = past->wanted[period];
    struct at_explain_tell then = at_explain_in_period(t, told->node, period);
    then.past = past;
    then.measure_state = AT_NEW_ARRAY(t->arena, uint8_t, t->r->plan->n_measures + 1);
    struct at_explain_node *step = formula(&then, told->node);
    at_period when = at_session_run_period(t->r->run, period);
    step->kind = AT_STEP_PERIOD;
    step->name = at_words_month(when);
    step->text = AT_SAID(t->arena, AT_W_IN_PERIOD, step->name, step->text);
    for (const struct past_value *v = told->next; v; v = v->next)
        at_explain_node_add(step, formula(&then, v->node));
    add_measures(&then, step, told);
    t->steps = then.steps;
    return step;
}

/* ---- all of them */

static struct at_explain_node *more(struct at_explain_tell *t, uint64_t n) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_MORE, NULL);
    step->text = at_explain_tell_many(t, n, AT_W_MORE_PERIODS_ONE, AT_W_MORE_PERIODS_MANY);
    return step;
}

/* The oldest period that any of the values wanted so far begins in. */
static uint32_t oldest(const struct at_explain_tell *t, const struct at_explain_tell_past *past,
                       uint32_t end) {
    uint32_t least = end;
    /* A value can begin in a later period than another, so all are asked. */
    for (uint32_t period = end; period-- > 0;)
        for (const struct past_value *v = past->wanted[period]; v; v = v->next) {
            uint32_t begin = at_explain_past_begin(t, v->node, period);
            if (begin < least) least = begin;
        }
    return least;
}

/* The result of the oldest of the periods before `end`. */
static void want_oldest(struct at_explain_tell *t, struct at_explain_tell_past *past, uint32_t begin,
                        uint32_t end) {
    for (uint32_t period = end; period-- > begin + 1;)
        for (const struct past_value *v = past->wanted[period]; v; v = v->next)
            want(t, v->node, begin);
}

/* Goes back in time. Explaining a period can add wants to earlier ones only, so one pass meets all of
 * them. */
static void add_periods(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t source,
                        uint32_t first) {
    struct at_explain_tell_past past = {.wanted = AT_NEW_ARRAY(t->arena, struct past_value *, t->period + 1)};
    struct at_explain_tell then = *t;
    uint64_t n = 0;
    uint32_t period;
    then.past = &past;
    want(&then, source, first);
    for (period = first + 1; period-- > 0;) {
        if (!past.wanted[period]) continue;
        if (!t->x->options->all && n++ == SHOWN_PERIODS) break;
        at_explain_node_add(parent, tell_period(t, &past, period));
    }
    /* The loop ended at the first period, so no period is left out. */
    if (period == UINT32_MAX) return;
    uint32_t begin = oldest(t, &past, period + 1);
    if (begin < period) at_explain_node_add(parent, more(t, period - begin));
    want_oldest(&then, &past, begin, period + 1);
    at_explain_node_add(parent, tell_period(t, &past, begin));
}

void at_explain_tell_earlier(struct at_explain_tell *t, struct at_explain_node *step, uint32_t source,
                             uint32_t back) {
    /* An earlier period is being explained. Its own past is added to the list, not nested. */
    if (t->past) {
        want(t, source, t->period - back);
        return;
    }
    if (!t->past_told) t->past_told = AT_NEW_ARRAY(t->arena, uint32_t, t->r->plan->n_nodes + 1);
    if (t->past_told[source] == back) return; /* the same list again */
    t->past_told[source] = back;
    add_periods(t, step, source, t->period - back);
}

struct at_explain_node *at_explain_tell_past(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    uint32_t state, back, source = at_explain_past_source(t->r->run, p, t->period, &back);
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    if (t->period < back || state != AT_STATE_OK) return step;
    at_explain_tell_earlier(t, step, source, back);
    return step;
}
