/* curve/step.c: tiers and tables: the function of the step that is reached. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

static value number(struct at_curve_eval *e, at_num num) {
    return at_curve_of_num(e, num);
}

/* From (x1, y1) to (x2, y2). */
static value on_line(struct at_curve_eval *e, const value *x, const value *x1, const value *y1,
                     const value *x2, const value *y2) {
    value run = at_curve_sub(e, x2, x1);
    value rise = at_curve_sub(e, y2, y1), part = at_curve_sub(e, x, x1);
    part = at_curve_div(e, AT_NO_NODE, &part, &run);
    part = at_curve_mul(e, &part, &rise);
    return at_curve_add(e, y1, &part);
}

static value threshold_of(struct at_curve_eval *e, const struct at_plan_steps *steps, uint32_t i) {
    bool open = steps->open_thresholds && steps->open_thresholds[i];
    return open ? at_curve_open(e, steps->open_thresholds[i]) : number(e, steps->thresholds[i]);
}

static value rate_of(struct at_curve_eval *e, const struct at_plan_steps *steps, uint32_t i) {
    bool open = steps->open_values && steps->open_values[i];
    return open ? at_curve_open(e, steps->open_values[i]) : number(e, steps->values[i]);
}

/* Open tiers must rise for each x, as a policy is refused whose tiers do not. */
static bool rising(struct at_curve_eval *e, const struct at_plan_steps *steps) {
    for (uint32_t i = 1; steps->open_thresholds && i < steps->n; i++) {
        if (!steps->open_thresholds[i] && !steps->open_thresholds[i - 1]) continue;
        value before = threshold_of(e, steps, i - 1), own = threshold_of(e, steps, i);
        int order = at_curve_order(e, &before, &own);
        if (order > 0 || (order == 0 && !(steps->above[i] && !steps->above[i - 1]))) return false;
    }
    return true;
}

static value step(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *x) {
    const struct at_plan_steps *steps = p->data;
    uint32_t reached = 0;
    if (x->kind != AT_CURVE_NUM) return *x;
    if (!rising(e, steps)) return at_curve_failed(node);
    for (uint32_t i = 0; i < steps->n; i++) {
        value threshold = threshold_of(e, steps, i);
        int order = at_curve_order(e, x, &threshold);
        if (order > 0 || (order == 0 && !steps->above[i])) reached = i + 1;
    }
    if (reached == 0) return at_curve_failed(node);
    uint32_t i = reached - 1;
    value y = rate_of(e, steps, i);
    if (!at_plan_step_is_line(steps, i)) return y;
    value next = rate_of(e, steps, i + 1), from = threshold_of(e, steps, i),
          to = threshold_of(e, steps, i + 1);
    return on_line(e, x, &from, &y, &to, &next);
}

/* Each slice at its own rate; the last one has no end. */
static value through(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *x,
                     const value *unit) {
    const struct at_plan_steps *steps = p->data;
    value sum = number(e, at_num_int(0)), kind;
    if (x->kind != AT_CURVE_NUM) return *x;
    if (unit && !at_curve_numbers(x, unit, &kind)) return kind;
    if (!rising(e, steps)) return at_curve_failed(node);
    for (uint32_t i = 0; i < steps->n; i++) {
        value low = threshold_of(e, steps, i), top = *x, rate = rate_of(e, steps, i);
        if (unit) low = at_curve_mul(e, &low, unit);
        if (i + 1 < steps->n) {
            value high = threshold_of(e, steps, i + 1);
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

/* Dates on a line count as days. */
static value key_of(struct at_curve_eval *e, const struct at_plan_key *key) {
    if (key->open) return at_curve_open(e, key->open);
    if (key->value.type.kind == AT_T_DATE) return number(e, at_num_int(at_plan_value_day(&key->value)));
    return number(e, at_plan_value_num(&key->value));
}

static value place_of(struct at_curve_eval *e, const value *x) {
    bool day = x->kind == AT_CURVE_OTHER && x->value.type.kind == AT_T_DATE;
    return day ? number(e, at_num_int(at_plan_value_day(&x->value))) : *x;
}

static int order_of(struct at_curve_eval *e, const value *x, const struct at_plan_key *key) {
    if (x->kind == AT_CURVE_OTHER)
        return at_plan_value_cmp(e->run->calendar, e->arena, &x->value, &key->value);
    value threshold = key_of(e, key);
    return at_curve_order(e, x, &threshold);
}

/* The rule of at_plan_find_key. */
static int32_t find_key(struct at_curve_eval *e, const struct at_plan_key *keys, uint32_t n, const value *x) {
    int32_t reached = -1, other = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].kind == AT_KEY_OTHER) other = (int32_t)i;
        if (keys[i].kind == AT_KEY_OTHER || x->kind == AT_CURVE_MISSING) continue;
        int order = order_of(e, x, &keys[i]);
        if (keys[i].kind == AT_KEY_VALUE && order == 0) return (int32_t)i;
        if (keys[i].kind != AT_KEY_VALUE && (order > 0 || (order == 0 && keys[i].kind != AT_KEY_ABOVE)))
            reached = (int32_t)i;
    }
    return reached >= 0 ? reached : other;
}

struct table {
    struct at_curve_eval *e;
    const struct at_plan_lookup *of;
    const value *row, *column;
};

static value entry(const struct table *t, int32_t r, int32_t c) {
    uint32_t at = (uint32_t)r * t->of->n_columns + (uint32_t)c;
    if (t->of->open && t->of->open[at]) return at_curve_open(t->e, t->of->open[at]);
    return at_curve_of_value(t->e, &t->of->values[at], AT_STATE_OK);
}

static bool is_line(const struct at_plan_key *keys, uint32_t n, int32_t i) {
    return (uint32_t)i + 1 < n && keys[i].kind == AT_KEY_POINT && keys[i + 1].kind == AT_KEY_POINT;
}

/* Along the columns of one row, then along the rows: as at_plan_lookup_value. */
static value along_columns(const struct table *t, int32_t r, int32_t c) {
    value y = entry(t, r, c);
    if (!t->column || !is_line(t->of->columns, t->of->n_columns, c)) return y;
    value next = entry(t, r, c + 1), from = key_of(t->e, &t->of->columns[c]),
          to = key_of(t->e, &t->of->columns[c + 1]), kind;
    if (!at_curve_numbers(&y, &next, &kind)) return kind;
    value x = place_of(t->e, t->column);
    return on_line(t->e, &x, &from, &y, &to, &next);
}

static value lookup(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *row,
                    const value *column) {
    const struct table t = {e, p->data, row, column};
    if (row->kind >= AT_CURVE_FAILED) return *row;
    if (column && column->kind >= AT_CURVE_FAILED) return *column;
    int32_t r = find_key(e, t.of->rows, t.of->n_rows, row);
    int32_t c = column ? find_key(e, t.of->columns, t.of->n_columns, column) : 0;
    if (r < 0 || c < 0) return at_curve_failed(node);
    value y = along_columns(&t, r, c);
    if (!is_line(t.of->rows, t.of->n_rows, r)) return y;
    value next = along_columns(&t, r + 1, c), from = key_of(e, &t.of->rows[r]),
          to = key_of(e, &t.of->rows[r + 1]), kind;
    if (!at_curve_numbers(&y, &next, &kind)) return kind;
    value x = place_of(e, row);
    return on_line(e, &x, &from, &y, &to, &next);
}

value at_curve_step(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p, const value *in,
                    uint16_t n) {
    const value *second = n > 1 ? &in[1] : NULL;
    if (p->op == AT_P_STEP) return step(e, node, p, &in[0]);
    if (p->op == AT_P_THROUGH) return through(e, node, p, &in[0], second);
    return lookup(e, node, p, &in[0], second);
}
