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
