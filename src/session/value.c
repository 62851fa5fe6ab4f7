/* session/value.c: what a run leaves to be read: one value, and the items of a feed. */
#include "session/results.h"
#include "session/run_int.h"

/* Finds the column of a value, and turns *index into the index within it. A slice is found by the quotient
 * of the index and its width. NULL if the run did not reach the period. */
static const struct at_col *column_of(const struct at_session_run *run, const struct at_plan_node *node,
                                      uint32_t id, uint32_t *index) {
    const struct at_kernel_frame *frame = run->frame;
    if (node->grain != AT_G_CELL && node->grain != AT_G_GROUP) {
        const struct at_col *col = &frame->whole[id];
        if (!col->data && node->op == AT_P_LOAD && frame->tables[node->place])
            return &frame->tables[node->place][node->a];
        return col;
    }
    uint32_t width = at_kernel_frame_width(frame, node), period = width ? *index / width : 0;
    if (!frame->slices[id] || width == 0 || period >= frame->n_periods) return NULL;
    *index %= width;
    return &frame->slices[id][period];
}

/* Limbs of wide numbers are copied to `arena`. Texts are views that live as long as the run. */
struct at_plan_value at_session_run_value(const struct at_session_run *run, uint32_t node, uint32_t index,
                                          struct at_arena *arena, uint32_t *state) {
    const struct at_plan_node *p = &run->plan->nodes[node];
    const struct at_col *col = column_of(run, p, node, &index);
    struct at_plan_value value = {.type = p->type, .missing = true};
    *state = AT_STATE_MISSING;
    if (!col || !col->data || (!col->one && index >= col->n)) return value;
    *state = at_col_state(col, index);
    value = at_kernel_col_value(col, index, &p->type);
    if (value.missing && *state == AT_STATE_OK) *state = AT_STATE_MISSING; /* a reference to no row */
    if (!value.missing && at_kernel_is_number_form(col->form))
        at_plan_value_put_num(&value, at_num_copy(arena, at_plan_value_num(&value)));
    return value;
}

/* A binary search: at_settle_reasons has ordered the reasons by node and cell. */
const struct at_kernel_hook_said *at_session_run_said(const struct at_session_run *run, uint32_t node,
                                                      uint32_t cell) {
    uint32_t first = 0, end = run->n_reasons;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        const struct at_kernel_reason *reason = &run->reasons[middle];
        if (reason->node < node || (reason->node == node && reason->cell < cell))
            first = middle + 1;
        else
            end = middle;
    }
    bool found =
        first < run->n_reasons && run->reasons[first].node == node && run->reasons[first].cell == cell;
    return found ? run->reasons[first].said : NULL;
}

/* Uses an arena of its own, so that a failure of memory can be cleaned up without the run. */
enum at_status at_session_run_items(const struct at_session_run *run, const struct at_plan_wanted *feeds,
                                    uint32_t n_feeds, uint32_t payee, uint32_t period,
                                    bool (*on_item)(void *context, const struct at_gather_item *item),
                                    void *context) {
    struct at_session_state *session = at_session_of(run);
    const struct at_gather_visitor visit = {.feeds = feeds,
                                            .n_feeds = n_feeds,
                                            .payee = payee,
                                            .period = period,
                                            .on_item = on_item,
                                            .context = context};
    return at_gather_visit(&session->gather, &visit, &session->visits);
}

void at_session_run_forget_items(struct at_session_run *run) {
    at_arena_free(&at_session_of(run)->visits);
    for (uint32_t v = 0; v < run->n_views; v++)
        at_arena_free(&at_session_of(run->views[v])->visits);
    at_table_dataset_forget_scan(run->data);
}

at_str at_session_table_text(const struct at_table_dataset *data, uint32_t table, uint32_t field,
                             uint64_t row, struct at_arena *arena) {
    const struct at_table *t = &data->tables[table];
    if (!t->resident || !t->cols || row >= t->n_rows) return AT_STR("");
    return at_table_dataset_print(data, arena, table, (int)field, &t->cols[field], (uint32_t)row);
}
