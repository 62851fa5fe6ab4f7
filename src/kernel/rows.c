/* kernel/rows.c: rows gathered by the row to which they refer: sums, counts, least and most.
 *
 * Rows are taken in the order of their table. A row in exception makes the value of the row to which it
 * refers one: what the other rows add up to is not the value. A row without a reference belongs to no row.
 */
#include "kernel/kernels.h"

/* The rows of a GATHER node. */
struct rows {
    const struct at_col *ref, *value, *mask; /* value, mask: NULL where there is none */
    int how;                                 /* enum at_plan_gather */
};

/* The row to which row i belongs, or -1. Its exception, if one decides about it, is in *state. */
static int32_t target_of(const struct rows *rows, uint32_t i, uint32_t *state) {
    uint32_t of_ref = at_col_state(rows->ref, i);
    int32_t target = rows->ref->row[rows->ref->one ? 0 : i];
    *state = AT_STATE_OK;
    if (of_ref != AT_STATE_OK || target < 0) return -1;
    if (rows->mask) {
        *state = at_col_state(rows->mask, i);
        if (*state >= AT_STATE_EXCEPTION) return target;
        if (*state != AT_STATE_OK || !rows->mask->flag[rows->mask->one ? 0 : i]) return -1;
        *state = AT_STATE_OK;
    }
    if (rows->value) *state = at_col_state(rows->value, i);
    return *state == AT_STATE_MISSING ? -1 : target;
}

static at_num number_of(const struct rows *rows, uint32_t i) {
    if (rows->how == AT_GATHER_COUNT) return at_num_int(1);
    if (rows->value->form == AT_COL_DAY) return at_num_int(rows->value->day[rows->value->one ? 0 : i]);
    return at_kernel_num_at(rows->value, i);
}

static void add(struct at_kernel_space *space, const struct rows *rows, at_num *to, bool seen, at_num value) {
    if (rows->how == AT_GATHER_SUM || rows->how == AT_GATHER_COUNT) {
        *to = seen ? at_num_add(space->arena, *to, value) : value;
        return;
    }
    int order = seen ? at_num_cmp(space->arena, value, *to) : 0;
    if (!seen || (rows->how == AT_GATHER_LEAST ? order < 0 : order > 0)) *to = value;
}

/* Days are compared as numbers, and become days again. */
static void days(struct at_kernel_space *space, const at_num *values, const bool *seen, struct at_col *out) {
    at_date *day = AT_NEW_ARRAY(space->arena, at_date, out->n + 1);
    for (uint32_t t = 0; t < out->n; t++) {
        int64_t value = 0;
        if (seen[t] && at_num_to_i64(space->arena, values[t], 0, &value)) day[t] = (at_date)value;
    }
    out->form = AT_COL_DAY;
    out->day = day;
}

void at_kernel_gather(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct rows rows = {.ref = at_kernel_input(space, id, 0), .how = node->a};
    unsigned next = 1;
    if (rows.how != AT_GATHER_COUNT) rows.value = at_kernel_input(space, id, next++);
    if (node->b) rows.mask = at_kernel_input(space, id, next);
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    bool *seen = AT_NEW_ARRAY(space->arena, bool, space->n + 1);
    for (uint32_t t = 0; t < space->n; t++)
        to[t] = at_num_int(0);
    for (uint32_t i = 0; i < rows.ref->n; i++) {
        uint32_t state;
        int32_t target = target_of(&rows, i, &state);
        if (target < 0 || (uint32_t)target >= space->n) continue;
        if (state >= AT_STATE_EXCEPTION) {
            uint32_t *states = at_kernel_states_of(space, out, space->n);
            if (states[target] < AT_STATE_EXCEPTION) states[target] = state;
            continue;
        }
        add(space, &rows, &to[target], seen[target], number_of(&rows, i));
        seen[target] = true;
    }
    bool edge = rows.how == AT_GATHER_LEAST || rows.how == AT_GATHER_MOST;
    for (uint32_t t = 0; edge && t < space->n; t++) {
        uint32_t *states = seen[t] ? NULL : at_kernel_states_of(space, out, space->n);
        if (states && states[t] == AT_STATE_OK) states[t] = AT_STATE_MISSING;
    }
    if (node->type.kind == AT_T_DATE)
        days(space, to, seen, out);
    else
        at_kernel_nums_end(space, id, out);
}
