/* settle/assume.c: a value that is assumed in place of what the rows give: for samples of a curve. */
#include "settle/settle.h"

/* A copy of the column with the value, in the widest form. */
static void put(struct at_settle *settle, struct at_col *col, uint32_t n) {
    const struct at_settle_assumed *assumed = settle->assumed;
    struct at_col made = {.form = AT_COL_NUM, .n = n};
    made.num = at_arena_get(settle->arena, (n + 1) * sizeof *made.num);
    for (uint32_t i = 0; i < n; i++)
        made.num[i] = at_num_copy(settle->arena, at_kernel_num_at(col, col->one ? 0 : i));
    if (col->state) {
        made.state = at_arena_get(settle->arena, (n + 1) * sizeof *made.state);
        for (uint32_t i = 0; i < n; i++)
            made.state[i] = at_col_state(col, i);
        made.state[assumed->payee] = AT_STATE_OK;
    }
    made.num[assumed->payee] = at_num_copy(settle->arena, assumed->value);
    *col = made;
}

void at_settle_assume(struct at_settle *settle, uint32_t id, uint32_t period, struct at_col *col) {
    const struct at_settle_assumed *assumed = settle->assumed;
    if (assumed && assumed->node == id && assumed->period == period && settle->frame->n_payees)
        put(settle, col, settle->frame->n_payees);
}

void at_settle_assume_rows(struct at_settle *settle, unsigned pass) {
    const struct at_settle_assumed *assumed = settle->assumed;
    const struct at_plan_node *node = assumed ? &settle->plan->nodes[assumed->node] : NULL;
    if (!node || !at_plan_is_aggregate((enum at_plan_op)node->op) || node->pass != pass) return;
    if (assumed->period >= settle->frame->n_periods || !settle->frame->slices[assumed->node]) return;
    at_settle_assume(settle, assumed->node, assumed->period,
                     &settle->frame->slices[assumed->node][assumed->period]);
}
