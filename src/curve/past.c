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

/* Of the same payee or group, periods before. */
static value earlier(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at, uint32_t back) {
    if (back > at->period) return (value){.kind = AT_CURVE_MISSING};
    return at_curve_node(e, node, &(struct at_curve_place){at->who, at->period - back, NULL});
}

static uint32_t back_of(const struct at_curve_eval *e, uint32_t period, uint32_t n, uint8_t rhythm) {
    return at_kernel_frame_back(e->run->frame, period, n, rhythm);
}

/* The sum, the least, or the most of the values so far and one more. */
static value join(struct at_curve_eval *e, int how, const value *held, const value *v) {
    if (how == 0) return at_curve_add(e, held, v);
    if (held->kind == AT_CURVE_MISSING) return *v;
    if (v->kind == AT_CURVE_MISSING) return *held;
    return at_curve_edge(e, v, held, how == 1 ? 1 : -1);
}

static value window(struct at_curve_eval *e, uint32_t in, const struct at_curve_place *at, uint32_t periods,
                    int how) {
    value held = {.kind = AT_CURVE_MISSING};
    for (uint32_t k = periods; k-- > 0;) {
        value v = earlier(e, in, at, k);
        held = k + 1 == periods ? v : join(e, how, &held, &v);
    }
    return held;
}

static value delta(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t back = back_of(e, at->period, 1, (uint8_t)p->b);
    value now = at_curve_in(e, node, 0, at);
    if (back > before_in(e, at->period, p->a)) return now;
    value before = earlier(e, p->in[0], at, back);
    return at_curve_sub(e, &now, &before);
}

/* The amount left to date, less what the earlier periods gave. */
static value limited(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    value now = at_curve_in(e, node, 0, at), left = at_curve_in(e, node, 1, at);
    value earned = now, given = at_curve_of_num(e, at_num_int(0)), zero = given, kind;
    for (uint32_t k = before_in(e, at->period, p->a); k > 0; k--) {
        value was = earlier(e, p->in[0], at, k), gave = earlier(e, node, at, k);
        earned = at_curve_add(e, &was, &earned);
        given = at_curve_add(e, &given, &gave);
    }
    if (!at_curve_numbers(&earned, &given, &kind)) return kind;
    if (left.kind == AT_CURVE_MISSING) return now;
    if (left.kind != AT_CURVE_NUM) return left;
    left = at_curve_edge(e, &earned, &left, p->b == 1 ? -1 : 1);
    value change = at_curve_sub(e, &left, &given);
    if (p->b == 1) return change;
    value least = at_curve_sign(e, &now) < 0 ? now : zero;
    return at_curve_edge(e, &change, &least, -1);
}

/* What the lines of earlier periods pay in this one. */
static value moved(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    struct at_check_delay delay = {(uint8_t)p->b, p->a};
    uint16_t op = e->plan->nodes[p->in[0]].op;
    bool later = op == AT_P_TAILED || op == AT_P_PARTMOVE;
    value sum = at_curve_of_num(e, at_num_int(0));
    for (uint32_t q = at->period; q-- > 0;) {
        if (at_kernel_frame_paid_in(e->run->frame, q, delay) != at->period) continue;
        if (!later && q >= e->run->n_regular) continue;
        value v = earlier(e, p->in[0], at, at->period - q);
        sum = at_curve_add(e, &sum, &v);
    }
    return sum;
}

/* In a period without a covered day: nothing, or what was held before. */
static value covered(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (at_kernel_frame_covered_in(e->run->frame, at->who, at->period, (uint8_t)p->a) > 0)
        return at_curve_in(e, node, 0, at);
    uint32_t back = back_of(e, at->period, 1, (uint8_t)p->a);
    bool held = p->b > 0 && back <= before_in(e, at->period, p->b - 1);
    return held ? earlier(e, node, at, back) : at_curve_of_num(e, at_num_int(0));
}

static value as_of(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    value day = at_curve_in(e, node, 1, at);
    int32_t days = 0;
    struct at_col col = {.one = true, .n = 1};
    if (day.kind != AT_CURVE_OTHER) return day;
    at_period period = day.value.type.kind == AT_T_PERIOD ? at_plan_value_period(&day.value) : (at_period){0};
    if (day.value.type.kind == AT_T_PERIOD) {
        col.form = AT_COL_PERIOD;
        col.period = &period;
    } else {
        days = at_plan_value_day(&day.value);
        col.form = AT_COL_DAY;
        col.day = &days;
    }
    int64_t of = at_kernel_frame_as_of(e->run->frame, &e->plan->nodes[node], &col, 0);
    if (of < 0 || of > at->period) return (value){.kind = AT_CURVE_MISSING};
    return earlier(e, e->plan->nodes[node].in[0], at, at->period - (uint32_t)of);
}

value at_curve_past(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t period = at->period;
    switch (p->op) {
    case AT_P_TODATE: return window(e, p->in[0], at, before_in(e, period, p->a) + 1, p->b);
    case AT_P_TRAILING: {
        uint32_t n =
            p->a >= AT_SINCE_START ? period + 1 : back_of(e, period, (uint32_t)p->a, (uint8_t)(p->b / 4));
        return window(e, p->in[0], at, n > period + 1 ? period + 1 : n, p->b % 4);
    }
    case AT_P_PRIOR: return earlier(e, p->in[0], at, back_of(e, period, (uint32_t)p->a, (uint8_t)p->b));
    case AT_P_CARRY: {
        const struct at_plan_carry *carry = &e->plan->carries[p->a];
        return earlier(e, carry->source, at, back_of(e, period, carry->back, carry->rhythm));
    }
    case AT_P_DELTA: return delta(e, node, at);
    case AT_P_CAPTODATE: return limited(e, node, at);
    case AT_P_COVERED: return covered(e, node, at);
    case AT_P_TAILED: return at_curve_in(e, node, period < e->run->n_regular ? 0 : 1, at);
    case AT_P_ASOF: return as_of(e, node, at);
    default: return moved(e, node, at);
    }
}
