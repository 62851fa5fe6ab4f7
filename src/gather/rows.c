/* gather/rows.c: nodes over the rows of a batch. A node that settle has calculated for the whole table is
 * read as a slice of it. */
#include "gather/part.h"

void at_gather_row_node(struct at_gather_part *part, uint32_t id) {
    const struct at_plan_node *node = &part->gather->plan->nodes[id];
    if (node->settled && node->op != AT_P_SPREAD)
        part->rows.cols[id] =
            at_col_slice(&part->gather->frame->whole[id], (uint32_t)part->batch->first, part->rows.n);
    else
        at_kernel_space_eval(&part->rows, id);
}

void at_gather_feed_rows(struct at_gather_part *part, const struct at_plan_feed_work *work) {
    for (uint32_t k = 0; k < work->rows.n; k++)
        at_gather_row_node(part, work->rows.at[k]);
}
