/* kernel/dated.c: the row of a dated table that is valid on a day. */
#include "kernel/kernels.h"

/* Most rows of a batch follow one another in time, but not by key, so each is searched for on its own: a key
 * has few rows. */
static int32_t row_of(const struct at_dated *dated, const struct at_col *key, uint32_t at, at_date day) {
    int64_t number = dated->texts ? at_dated_key(dated, key->text[at]) : key->row[at];
    int64_t place = at_dated_place(dated, number, day);
    return place < 0 ? -1 : dated->row[place];
}

void at_kernel_datedrow(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_dated *dated = space->frame->dated[node->type.table];
    const struct at_col *key = at_kernel_input(space, id, 0), *day = at_kernel_input(space, id, 1);
    uint32_t n = at_kernel_map_begin(space, id, out);
    size_t sk = !key->one, sd = !day->one;
    out->state = at_kernel_states_join(space, id, n);
    out->form = AT_COL_ROW;
    out->row = at_arena_get(space->arena, ((size_t)n + 1) * sizeof *out->row);
    for (uint32_t i = 0; i < n; i++) {
        out->row[i] = -1;
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        if (dated) out->row[i] = row_of(dated, key, (uint32_t)(i * sk), day->day[i * sd]);
        if (out->row[i] >= 0) continue;
        uint32_t state =
            node->b ? at_kernel_space_fault(space, id, i, AT_A1151, (at_str){0}) : AT_STATE_MISSING;
        at_kernel_states_of(space, out, n)[i] = state;
    }
}

/* The sum of a value over days, a row at a time; false if no day has a row. */
static bool sum_of_days(struct at_kernel_space *space, const struct at_dated *dated, const struct at_col *col,
                        uint32_t key, at_date from, at_date to, at_num *out) {
    bool any = false;
    *out = at_num_int(0);
    if (key >= dated->n_keys) return false;
    for (uint32_t i = dated->start[key]; i < dated->start[key + 1]; i++) {
        bool follows = i + 1 < dated->start[key + 1];
        at_date first = dated->since[i], last = dated->until[i];
        if (follows && dated->since[i + 1] - 1 < last) last = dated->since[i + 1] - 1;
        if (first < from) first = from;
        if (last > to) last = to;
        if (first > last) continue;
        any = true;
        if (at_col_state(col, (uint32_t)dated->row[i]) != AT_STATE_OK) continue;
        at_num value = at_kernel_num_at(col, (uint32_t)dated->row[i]),
               days = at_num_int((int64_t)last - first + 1);
        *out = at_num_add(space->arena, *out, at_num_mul(space->arena, value, days));
    }
    return any;
}

void at_kernel_datedmean(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_dated *dated = space->frame->dated[node->a];
    const struct at_col *col = &space->frame->tables[node->a][node->b], *key = at_kernel_input(space, id, 0),
                        *from = at_kernel_input(space, id, 1), *to = at_kernel_input(space, id, 2);
    uint32_t n = at_kernel_map_begin(space, id, out);
    uint32_t *states = at_kernel_states_join(space, id, n);
    at_num *values = at_kernel_nums_begin(space, out);
    out->state = states;
    for (uint32_t i = 0; i < n; i++) {
        values[i] = at_num_int(0);
        if (states && states[i] != AT_STATE_OK) continue;
        at_date first = from->day[from->one ? 0 : i], last = to->day[to->one ? 0 : i];
        uint32_t payee = (uint32_t)key->row[key->one ? 0 : i];
        if (!sum_of_days(space, dated, col, payee, first, last, &values[i]))
            at_kernel_states_of(space, out, n)[i] =
                at_kernel_space_fault(space, id, i, AT_A1151, (at_str){0});
        else
            values[i] = at_num_div(space->arena, values[i], at_num_int((int64_t)last - first + 1));
    }
    at_kernel_nums_end(space, id, out);
}
