/* kernel/once.c: implements once.h. All values are those of one cell, so hooks keep what they say. */
#include "kernel/once.h"

/* Nodes of branches that were decided while lowering are not calculated: they could call hooks. */
static bool *wanted(const struct at_plan *plan, uint32_t root, struct at_arena *arena) {
    bool *marks = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    marks[root] = true;
    for (uint32_t id = root + 1; id-- > 0;)
        for (uint16_t k = 0; marks[id] && k < plan->nodes[id].n_in; k++)
            marks[plan->nodes[id].in[k]] = true;
    return marks;
}

void at_kernel_once(const struct at_plan *plan, uint32_t root, const struct at_kernel_hooks *hooks,
                    struct at_arena *arena, struct at_kernel_once *out) {
    const bool *marks = wanted(plan, root, arena);
    struct at_kernel_frame *frame = AT_NEW(arena, struct at_kernel_frame);
    struct at_kernel_space *space = AT_NEW(arena, struct at_kernel_space);
    struct at_kernel_fault_list *faults = AT_NEW(arena, struct at_kernel_fault_list);
    struct at_kernel_reasons *reasons = AT_NEW(arena, struct at_kernel_reasons);
    *frame = (struct at_kernel_frame){
        .plan = plan, .calendar = &plan->checked->calendar, .n_payees = 1, .n_periods = 1, .n_regular = 1};
    faults->arena = reasons->arena = arena;
    *space = (struct at_kernel_space){.plan = plan,
                                      .frame = frame,
                                      .arena = arena,
                                      .cols = AT_NEW_ARRAY(arena, struct at_col, plan->n_nodes + 1),
                                      .n = 1,
                                      .grain = AT_G_CELL,
                                      .faults = faults,
                                      .payloads = at_kernel_prepare_payloads(plan, arena),
                                      .seat = at_kernel_seat_new(hooks, arena),
                                      .reasons = reasons};
    frame->whole = space->cols;
    for (uint32_t id = 0; id <= root; id++)
        if (marks[id]) at_kernel_space_eval(space, id);
    const struct at_col *col = &space->cols[root];
    *out = (struct at_kernel_once){.state = at_col_state(col, 0)};
    out->value = at_kernel_col_value(col, 0, &plan->nodes[root].type);
    if (out->state >= AT_STATE_EXCEPTION) out->fault = &faults->of.at[out->state - AT_STATE_EXCEPTION];
    if (reasons->of.n) out->said = reasons->of.at[reasons->of.n - 1].said;
}
