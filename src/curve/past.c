/* curve/past.c: nodes that read earlier periods, as kernel/carry.c does with numbers. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

/* How many periods before this one belong to the same longer one. */
static uint32_t before_in(const struct at_curve_eval *e, uint32_t period, int32_t kind) {
    const struct at_calendar *calendar = e->run->calendar;
    at_period own = at_session_run_period(e->run, period);
    int32_t holding = at_period_holding(calendar, own, (enum at_period_kind)kind).ordinal;
    uint32_t n = 0;
    for (; n < period; n++) {
        at_period p = at_session_run_period(e->run, period - n - 1);
        if (at_period_holding(calendar, p, (enum at_period_kind)kind).ordinal != holding) break;
    }
    return n;
}

static value earlier(struct at_curve_eval *e, uint32_t node, uint32_t period, uint32_t back) {
    if (back > period) return (value){.kind = AT_CURVE_MISSING};
    return at_curve_node(e, node, period - back);
}

static uint32_t back_of(const struct at_curve_eval *e, uint32_t period, uint32_t n, uint8_t rhythm) {
    return at_kernel_frame_back(e->run->frame, period, n, rhythm);
}

/* The sum, the least, or the most of the values so far and one more. */
static value join(struct at_curve_eval *e, int how, const value *held, const value *v) {
    value kind;
    if (how == 0) return at_curve_add(e, held, v);
    if (held->kind == AT_CURVE_MISSING) return *v;
    if (v->kind == AT_CURVE_MISSING) return *held;
    if (!at_curve_numbers(held, v, &kind)) return kind;
    int order = at_curve_order(e, v, held);
    return how == 1 ? (order < 0 ? *v : *held) : (order > 0 ? *v : *held);
}

static value window(struct at_curve_eval *e, uint32_t in, uint32_t period, uint32_t periods, int how) {
    value held = {.kind = AT_CURVE_MISSING};
    for (uint32_t k = periods; k-- > 0;) {
        value v = at_curve_node(e, in, period - k);
        held = k + 1 == periods ? v : join(e, how, &held, &v);
    }
    return held;
}

static value delta(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t back = back_of(e, period, 1, (uint8_t)p->b);
    value now = at_curve_node(e, p->in[0], period);
    if (back > before_in(e, period, p->a)) return now;
    value before = earlier(e, p->in[0], period, back);
    return at_curve_sub(e, &now, &before);
}

/* The amount left to date, less what the earlier periods gave. */
static value limited(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    value now = at_curve_node(e, p->in[0], period), left = at_curve_node(e, p->in[1], period);
    value earned = now, given = at_curve_of_num(e, at_num_int(0)), zero = given, kind;
    for (uint32_t k = before_in(e, period, p->a); k > 0; k--) {
        value was = at_curve_node(e, p->in[0], period - k), gave = at_curve_node(e, node, period - k);
        earned = at_curve_add(e, &was, &earned);
        given = at_curve_add(e, &given, &gave);
    }
    if (!at_curve_numbers(&earned, &given, &kind)) return kind;
    if (left.kind == AT_CURVE_MISSING) return now;
    if (left.kind != AT_CURVE_NUM) return left;
    int order = at_curve_order(e, &earned, &left);
    if (p->b == 1 ? order > 0 : order < 0) left = earned;
    value change = at_curve_sub(e, &left, &given);
    if (p->b == 1) return change;
    value least = at_curve_sign(e, &now) < 0 ? now : zero;
    return at_curve_order(e, &change, &least) < 0 ? least : change;
}

/* What the lines of earlier periods pay in this one. */
static value moved(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    struct at_check_delay delay = {(uint8_t)p->b, p->a};
    value sum = at_curve_of_num(e, at_num_int(0));
    for (uint32_t q = period; q-- > 0;) {
        if (at_kernel_frame_paid_in(e->run->frame, q, delay) != period || q >= e->run->n_regular) continue;
        value v = at_curve_node(e, p->in[0], q);
        sum = at_curve_add(e, &sum, &v);
    }
    return sum;
}

value at_curve_past(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    switch (p->op) {
    case AT_P_TODATE: return window(e, p->in[0], period, before_in(e, period, p->a) + 1, p->b);
    case AT_P_TRAILING: {
        uint32_t n = back_of(e, period, (uint32_t)p->a, (uint8_t)(p->b / 4));
        return window(e, p->in[0], period, n > period + 1 ? period + 1 : n, p->b % 4);
    }
    case AT_P_PRIOR: return earlier(e, p->in[0], period, back_of(e, period, (uint32_t)p->a, (uint8_t)p->b));
    case AT_P_CARRY: {
        const struct at_plan_carry *carry = &e->plan->carries[p->a];
        return earlier(e, carry->source, period, back_of(e, period, carry->back, carry->rhythm));
    }
    case AT_P_DELTA: return delta(e, node, period);
    case AT_P_CAPTODATE: return limited(e, node, period);
    case AT_P_MOVED: return moved(e, node, period);
    default: return at_curve_unknown(node);
    }
}
