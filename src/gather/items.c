/* gather/items.c: the credited items of one cell. They are calculated again from the table, because values of
 * deals are not kept.
 *
 * One thread visits them in order of the file. Values passed to the caller are valid during the callback.
 */
#include "gather/part.h"

struct visiting {
    const struct at_visit *visit;
    struct at_gather_work *work;
    bool stopped;
};

static const struct at_col *column_of(const struct at_gather_part *part, uint32_t node) {
    bool constant = part->gather->plan->nodes[node].grain == AT_G_CONST;
    return constant ? &part->gather->frame->whole[node] : &part->items.cols[node];
}

static void show_item(struct visiting *visiting, const struct at_gather_part *part,
                      const struct at_feed_work *work, const struct at_items *items, uint32_t i) {
    const struct at_visit *visit = visiting->visit;
    struct at_arena *arena = part->items.arena;
    const struct at_plan *plan = part->gather->plan;
    struct at_value *values = AT_NEW_ARRAY(arena, struct at_value, visit->n_nodes + 1);
    uint32_t *states = AT_NEW_ARRAY(arena, uint32_t, visit->n_nodes + 1);
    for (uint32_t k = 0; k < visit->n_nodes; k++) {
        const struct at_col *col = column_of(part, visit->nodes[k]);
        values[k] = at_col_value(col, i, &plan->nodes[visit->nodes[k]].type);
        states[k] = at_col_state(col, i);
        if (values[k].missing && states[k] == AT_STATE_OK) states[k] = AT_STATE_MISSING;
        if (states[k] > AT_STATE_EXCEPTION) states[k] = AT_STATE_EXCEPTION;
    }
    struct at_item item = {.feed = work->index,
                           .payee = (uint32_t)items->payee[i],
                           .period = (uint32_t)items->period[i],
                           .line = part->batch->lines[items->row[i]],
                           .values = values,
                           .states = states};
    if (work->feed->key != AT_NO_NODE) {
        const struct at_col *key = &part->items.cols[work->feed->key];
        item.key = key->form == AT_COL_TEXT ? key->text[key->one ? 0 : i]
                                            : at_col_print(arena, &plan->nodes[work->feed->key].type, key, i);
    }
    if (!visit->on_item(visit->context, &item)) visiting->stopped = true;
}

static void begin(void *context, unsigned n_parts) {
    at_parts_open(((struct visiting *)context)->work, n_parts);
}

static enum at_status on_batch(void *context, unsigned index, const struct at_batch *batch,
                               struct at_arena *scratch) {
    struct visiting *visiting = context;
    const struct at_visit *visit = visiting->visit;
    struct at_gather_part *part = &visiting->work->parts[index];
    const struct at_feed_work *work = &visiting->work->scan->feeds[0];
    struct at_items items;
    if (visiting->stopped || batch->n == 0) return AT_OK;
    at_part_begin(part, batch, scratch);
    at_feed_rows(part, work);
    at_feed_expand(part, work, &items);
    if (items.n == 0) return AT_OK;
    at_feed_nodes(part, work, &items);
    for (uint32_t i = 0; i < items.n && !visiting->stopped; i++) {
        if (visit->payee != AT_NOBODY && (uint32_t)items.payee[i] != visit->payee) continue;
        if (visit->period != AT_NOBODY && (uint32_t)items.period[i] != visit->period) continue;
        show_item(visiting, part, work, &items, i);
    }
    return AT_OK;
}

enum at_status at_gather_visit(struct at_gather *gather, const struct at_visit *visit,
                               struct at_arena *arena) {
    const struct at_plan *plan = gather->plan;
    struct at_arena_mark mark = at_arena_mark(arena);
    struct at_gather_lanes lanes = {.arena = arena};
    uint32_t *targets = at_arena_get(arena, (visit->n_nodes + 1) * sizeof *targets);
    if (visit->n_nodes) memcpy(targets, visit->nodes, visit->n_nodes * sizeof *targets);
    targets[visit->n_nodes] = plan->feeds[visit->feed].key;
    struct at_gather_work work = {
        .gather = gather,
        .lanes = &lanes,
        .scan = at_plan_schedule_feed(plan, visit->feed, targets, visit->n_nodes + 1, arena)};
    struct visiting visiting = {.visit = visit, .work = &work};
    const struct at_scan scan = {.wanted = work.scan->wanted,
                                 .single = true,
                                 .begin = begin,
                                 .on_batch = on_batch,
                                 .context = &visiting};
    enum at_status status = at_dataset_scan(gather->data, work.scan->table, &scan);
    at_arena_reset(arena, mark);
    return status;
}
