/* curve/step.c: tiers and tables: the function of the step that is reached. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

static value number(struct at_curve_eval *e, at_num num) {
    return at_curve_of_num(e, num);
}

/* From (x1, y1) to (x2, y2). */
static value on_line(struct at_curve_eval *e, const value *x, at_num x1, const value *y1, at_num x2,
                     const value *y2) {
    value start = number(e, x1), run = number(e, at_num_sub(e->arena, x2, x1));
    value rise = at_curve_sub(e, y2, y1), part = at_curve_sub(e, x, &start);
    part = at_curve_div(e, AT_NO_NODE, &part, &run);
    part = at_curve_mul(e, &part, &rise);
    return at_curve_add(e, y1, &part);
}

static value step(struct at_curve_eval *e, uint32_t node, const value *x) {
    const struct at_plan_steps *steps = e->plan->nodes[node].data;
    uint32_t reached = 0;
    if (x->kind != AT_CURVE_NUM) return *x;
    for (uint32_t i = 0; i < steps->n; i++) {
        value threshold = number(e, steps->thresholds[i]);
        int order = at_curve_order(e, x, &threshold);
        if (order > 0 || (order == 0 && !steps->above[i])) reached = i + 1;
    }
    if (reached == 0) return at_curve_failed(node);
    uint32_t i = reached - 1;
    value y = number(e, steps->values[i]);
    if (!at_plan_step_is_line(steps, i)) return y;
    value next = number(e, steps->values[i + 1]);
    return on_line(e, x, steps->thresholds[i], &y, steps->thresholds[i + 1], &next);
}

/* Each slice at its own rate; the last one has no end. */
static value through(struct at_curve_eval *e, uint32_t node, const value *x, const value *unit) {
    const struct at_plan_steps *steps = e->plan->nodes[node].data;
    value sum = number(e, at_num_int(0)), kind;
    if (x->kind != AT_CURVE_NUM) return *x;
    if (unit && !at_curve_numbers(x, unit, &kind)) return kind;
    for (uint32_t i = 0; i < steps->n; i++) {
        value low = number(e, steps->thresholds[i]), top = *x, rate = number(e, steps->values[i]);
        if (unit) low = at_curve_mul(e, &low, unit);
        if (i + 1 < steps->n) {
            value high = number(e, steps->thresholds[i + 1]);
            if (unit) high = at_curve_mul(e, &high, unit);
            if (at_curve_order(e, &high, &top) < 0) top = high;
        }
        if (at_curve_order(e, &top, &low) <= 0) continue;
        value slice = at_curve_sub(e, &top, &low);
        slice = at_curve_mul(e, &slice, &rate);
        sum = at_curve_add(e, &sum, &slice);
    }
    return sum;
}

/* ---- tables */

static int order_of(struct at_curve_eval *e, const value *x, const struct at_plan_value *key) {
    if (x->kind == AT_CURVE_OTHER) return at_plan_value_cmp(e->run->calendar, e->arena, &x->value, key);
    value threshold = number(e, at_plan_value_num(key));
    return at_curve_order(e, x, &threshold);
}

/* The rule of at_plan_find_key. */
static int32_t find_key(struct at_curve_eval *e, const struct at_plan_key *keys, uint32_t n, const value *x) {
    int32_t reached = -1, other = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].kind == AT_KEY_OTHER) other = (int32_t)i;
        if (keys[i].kind == AT_KEY_OTHER || x->kind == AT_CURVE_MISSING) continue;
        int order = order_of(e, x, &keys[i].value);
        if (keys[i].kind == AT_KEY_VALUE && order == 0) return (int32_t)i;
        if (keys[i].kind != AT_KEY_VALUE && (order > 0 || (order == 0 && keys[i].kind != AT_KEY_ABOVE)))
            reached = (int32_t)i;
    }
    return reached >= 0 ? reached : other;
}

static value lookup(struct at_curve_eval *e, uint32_t node, const value *row, const value *column) {
    const struct at_plan_lookup *table = e->plan->nodes[node].data;
    if (row->kind >= AT_CURVE_FAILED) return *row;
    if (column && column->kind >= AT_CURVE_FAILED) return *column;
    if (table->lines) return at_curve_unknown(node); /* a surface between points */
    int32_t r = find_key(e, table->rows, table->n_rows, row);
    int32_t c = column ? find_key(e, table->columns, table->n_columns, column) : 0;
    if (r < 0 || c < 0) return at_curve_failed(node);
    const struct at_plan_value *found = &table->values[(uint32_t)r * table->n_columns + (uint32_t)c];
    return at_curve_of_value(e, found, AT_STATE_OK);
}

value at_curve_step(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    value x = at_curve_node(e, p->in[0], period), second;
    bool two = p->n_in > 1;
    if (two) second = at_curve_node(e, p->in[1], period);
    if (p->op == AT_P_STEP) return step(e, node, &x);
    if (p->op == AT_P_THROUGH) return through(e, node, &x, two ? &second : NULL);
    return lookup(e, node, &x, two ? &second : NULL);
}
