/* gather/parted.c: the last period in which a hold, release, or clawback changes a line. Their days are
 * known before the scans, because the tables of their rows are in memory. */
#include "gather/part.h"

static int32_t last_of(const struct at_gather *gather, const struct at_plan_node *node,
                       const struct at_plan_part *part, int32_t most) {
    const struct at_col *on = &gather->frame->whole[node->in[part->on]],
                        *mask = part->mask ? &gather->frame->whole[node->in[part->mask]] : NULL,
                        *key = &gather->frame->whole[node->in[part->key]];
    int32_t last = -1;
    for (uint32_t row = 0; row < key->n; row++) {
        if (at_col_state(on, row) != AT_STATE_OK) continue;
        if (mask && (at_col_state(mask, row) != AT_STATE_OK || !mask->flag[mask->one ? 0 : row])) continue;
        int32_t period = at_gather_period_index(gather, on->day[on->one ? 0 : row]);
        if (period > last && period <= most) last = period;
    }
    return last;
}

int32_t at_gather_parted_last(const struct at_gather *gather) {
    const struct at_plan *plan = gather->plan;
    int32_t last = -1, most = (int32_t)gather->frame->n_regular + AT_MOST_TAIL;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (node->op != AT_P_PARTED || !node->needed) continue;
        const struct at_plan_parted *payload = node->data;
        for (uint32_t k = 0; k < payload->n; k++) {
            int32_t own = last_of(gather, node, &payload->parts[k], most);
            if (own > last) last = own;
        }
    }
    return last;
}
