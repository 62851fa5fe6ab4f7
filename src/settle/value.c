/* settle/value.c: one value of a run, for expectations and explanations. */
#include "settle/exec.h"

struct at_value at_run_value(const struct at_run *run, uint32_t node, uint32_t index, struct at_arena *arena,
                             uint32_t *state) {
    const struct at_pnode *p = &run->plan->nodes[node];
    const struct at_col *col = &run->cols[node];
    struct at_value value = {.type = p->type, .missing = true};
    *state = AT_STATE_MISSING;
    if (!col->data && p->op == AT_P_LOAD && run->data->tables[p->place].resident)
        col = &run->data->tables[p->place].cols[p->a];
    if (!col->data || (!col->one && index >= col->n)) return value;
    *state = at_col_state(col, index);
    value = at_col_value(col, index, &p->type);
    if (value.missing && *state == AT_STATE_OK) *state = AT_STATE_MISSING; /* a reference to no row */
    if (!value.missing && at_is_number_form(col->form))
        at_value_put_num(&value, at_num_copy(arena, at_value_num(&value)));
    return value;
}
