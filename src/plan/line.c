/* plan/line.c: values on a straight line between two points, of rates and of tables. Exact: a line between
 * rational points has rational values. */
#include "plan/plan.h"

bool at_plan_step_is_line(const struct at_plan_steps *steps, uint32_t i) {
    return steps->lines && i + 1 < steps->n && steps->point[i] && steps->point[i + 1];
}

/* The points have different thresholds, because thresholds rise. */
static at_num on_line(struct at_arena *arena, at_num x, at_num x1, at_num y1, at_num x2, at_num y2) {
    at_num rise = at_num_mul(arena, at_num_sub(arena, y2, y1), at_num_sub(arena, x, x1));
    return at_num_add(arena, y1, at_num_div(arena, rise, at_num_sub(arena, x2, x1)));
}

at_num at_plan_step_value(struct at_arena *arena, const struct at_plan_steps *steps, uint32_t i, at_num x) {
    if (!at_plan_step_is_line(steps, i)) return steps->values[i];
    return on_line(arena, x, steps->thresholds[i], steps->values[i], steps->thresholds[i + 1],
                   steps->values[i + 1]);
}

/* ---- tables */

static bool leads_to_next(const struct at_plan_key *keys, uint32_t n, int32_t i) {
    return i >= 0 && (uint32_t)i + 1 < n && keys[i].kind == AT_KEY_POINT && keys[i + 1].kind == AT_KEY_POINT;
}

bool at_plan_has_lines(const struct at_plan_key *keys, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (leads_to_next(keys, n, (int32_t)i)) return true;
    return false;
}

static at_num place_of(const struct at_plan_value *value) {
    return value->type.kind == AT_T_DATE ? at_num_int(at_plan_value_day(value)) : at_plan_value_num(value);
}

static at_num between(struct at_arena *arena, const struct at_plan_key *keys, int32_t i,
                      const struct at_plan_value *x, at_num y1, at_num y2) {
    return on_line(arena, place_of(x), place_of(&keys[i].value), y1, place_of(&keys[i + 1].value), y2);
}

struct at_plan_value at_plan_lookup_value(struct at_arena *arena, const struct at_plan_lookup *table,
                                          int32_t row, int32_t column, const struct at_plan_value *row_key,
                                          const struct at_plan_value *column_key) {
    const struct at_plan_value *at = &table->values[(uint32_t)row * table->n_columns + (uint32_t)column];
    bool down = leads_to_next(table->rows, table->n_rows, row),
         across = column_key && leads_to_next(table->columns, table->n_columns, column);
    if (!down && !across) return *at;
    /* Along the columns in this row and in the next, then between the two. */
    at_num ends[2] = {at_num_int(0), at_num_int(0)};
    for (uint32_t i = 0; i <= down; i++, at += table->n_columns) {
        if (at[0].missing || (across && at[1].missing)) return at_plan_value_none(at->type);
        ends[i] = at_plan_value_num(at);
        if (across)
            ends[i] = between(arena, table->columns, column, column_key, ends[i], at_plan_value_num(at + 1));
    }
    at_num value = down ? between(arena, table->rows, row, row_key, ends[0], ends[1]) : ends[0];
    return at_plan_value_of_num(table->values[0].type, value);
}
