/* gather/items.c: the credited items of feeds. They are calculated again from the table, because values of
 * deals are not kept.
 *
 * One thread visits them, table by table, and the feeds of a table batch by batch. Values passed to the
 * caller are valid during the callback.
 */
#include "gather/part.h"

struct visiting {
    const struct at_gather_visitor *visit;
    struct at_gather_work *work;      /* of the current scan */
    struct at_kernel_reasons reasons; /* of the batch: what hooks say of rows and items */
    bool stopped;
};

/* Constants are not calculated over items: the frame holds them. */
static const struct at_col *column_of(const struct at_gather_part *part, uint32_t node) {
    bool constant = part->gather->plan->nodes[node].grain == AT_G_CONST;
    return constant ? &part->gather->frame->whole[node] : &part->items.cols[node];
}

/* Few nodes call a hook, and batches have few items that are shown, so a search is enough. */
static const struct at_kernel_hook_said *
said_of(const struct visiting *visiting, const struct at_gather_part *part, uint32_t node, uint32_t index) {
    if (part->gather->plan->nodes[node].op != AT_P_CALL) return NULL;
    for (size_t k = visiting->reasons.of.n; k-- > 0;) {
        const struct at_kernel_reason *reason = &visiting->reasons.of.at[k];
        if (reason->node == node && reason->cell == index) return reason->said;
    }
    return NULL;
}

static void show_item(struct visiting *visiting, const struct at_gather_part *part,
                      const struct at_plan_feed_work *work, const struct at_kernel_items *items, uint32_t i) {
    const struct at_gather_visitor *visit = visiting->visit;
    const struct at_plan_wanted *wanted = work->wanted;
    struct at_arena *arena = part->items.arena;
    const struct at_plan *plan = part->gather->plan;
    struct at_plan_value *values = AT_NEW_ARRAY(arena, struct at_plan_value, wanted->n_nodes + 1);
    uint32_t *states = AT_NEW_ARRAY(arena, uint32_t, wanted->n_nodes + 1);
    const struct at_kernel_hook_said **said =
        AT_NEW_ARRAY(arena, const struct at_kernel_hook_said *, wanted->n_nodes + 1);
    for (uint32_t k = 0; k < wanted->n_nodes; k++) {
        const struct at_col *col = column_of(part, wanted->nodes[k]);
        values[k] = at_kernel_col_value(col, i, &plan->nodes[wanted->nodes[k]].type);
        states[k] = at_col_state(col, i);
        said[k] = said_of(visiting, part, wanted->nodes[k],
                          plan->nodes[wanted->nodes[k]].grain == AT_G_ROW ? items->row[i] : i);
        if (values[k].missing && states[k] == AT_STATE_OK) states[k] = AT_STATE_MISSING;
        /* Faults of this visit are not kept, so their numbers would mean nothing to the caller. */
        if (states[k] > AT_STATE_EXCEPTION) states[k] = AT_STATE_EXCEPTION;
    }
    struct at_gather_item item = {.feed = work->index,
                                  .payee = (uint32_t)items->payee[i],
                                  .period = (uint32_t)items->period[i],
                                  .line = part->batch->lines[items->row[i]],
                                  .values = values,
                                  .said = said,
                                  .states = states};
    if (work->feed->key != AT_NO_NODE) {
        const struct at_col *key = &part->items.cols[work->feed->key];
        item.key = key->form == AT_COL_TEXT ? key->text[key->one ? 0 : i]
                                            : at_col_print(arena, &plan->nodes[work->feed->key].type, key, i);
    }
    if (!visit->on_item(visit->context, &item)) visiting->stopped = true;
}

static void begin(void *context, unsigned n_parts) {
    at_gather_parts_open(((struct visiting *)context)->work, n_parts);
}

static void visit_items(struct visiting *visiting, struct at_gather_part *part,
                        const struct at_plan_feed_work *work) {
    const struct at_gather_visitor *visit = visiting->visit;
    struct at_kernel_items items;
    if (!at_gather_feed_items(part, work, &items)) return;
    for (uint32_t i = 0; i < items.n && !visiting->stopped; i++) {
        if (visit->payee != AT_NOBODY && (uint32_t)items.payee[i] != visit->payee) continue;
        if (visit->period != AT_NOBODY && (uint32_t)items.period[i] != visit->period) continue;
        struct at_arena_mark mark = at_arena_mark(part->items.arena);
        show_item(visiting, part, work, &items, i);
        at_arena_reset(part->items.arena, mark);
    }
}

/* Columns over rows serve later feeds of the batch, too. What is made to show an item is given back. */
static void visit_feed(struct visiting *visiting, struct at_gather_part *part,
                       const struct at_plan_feed_work *work) {
    uint32_t only = visiting->visit->period;
    int32_t round = -1;
    while (!visiting->stopped && at_gather_feed_next(part, work, &round)) {
        if (work->feed->stock && only != AT_NOBODY && (uint32_t)round != only) continue;
        struct at_arena_mark mark = at_arena_mark(part->items.arena);
        struct at_kernel_fault_list faults = part->faults;
        struct at_kernel_reasons reasons = visiting->reasons;
        visit_items(visiting, part, work);
        if (!work->feed->stock) continue;
        part->faults = faults;
        visiting->reasons = reasons;
        at_arena_reset(part->items.arena, mark);
    }
}

static enum at_status on_batch(void *context, unsigned index, const struct at_table_batch *batch,
                               struct at_arena *scratch) {
    struct visiting *visiting = context;
    struct at_gather_part *part = &visiting->work->parts[index];
    const struct at_plan_scan_work *scan = visiting->work->scan;
    if (batch->n == 0) return AT_OK;
    at_gather_part_begin(part, batch, scratch);
    visiting->reasons = (struct at_kernel_reasons){.arena = scratch};
    part->rows.reasons = part->items.reasons = &visiting->reasons;
    for (uint32_t f = 0; f < scan->n_feeds && !visiting->stopped; f++)
        visit_feed(visiting, part, &scan->feeds[f]);
    return AT_OK;
}

/* One part only, so that items come in the order of the file. */
static enum at_status visit_table(struct visiting *visiting, struct at_gather *gather,
                                  struct at_gather_lanes *lanes, const struct at_plan_scan_work *scan_work) {
    struct at_gather_work work = {.gather = gather, .lanes = lanes, .scan = scan_work};
    visiting->work = &work;
    const struct at_table_scan scan = {.wanted = scan_work->wanted,
                                       .single = true,
                                       .begin = begin,
                                       .on_batch = on_batch,
                                       .context = visiting};
    return at_table_dataset_scan(gather->data, scan_work->table, &scan);
}

/* Schedules the feeds as a pass of their own. Parts and lanes are in `arena` and are given back at the
 * end. */
enum at_status at_gather_visit(struct at_gather *gather, const struct at_gather_visitor *visit,
                               struct at_arena *arena) {
    struct at_arena_mark mark = at_arena_mark(arena);
    struct at_gather_lanes lanes = {.arena = arena};
    const struct at_plan_pass *pass =
        at_plan_schedule_items(gather->plan, visit->feeds, visit->n_feeds, arena);
    struct visiting visiting = {.visit = visit};
    enum at_status status = AT_OK;
    for (uint32_t t = 0; t < pass->n_tables && status == AT_OK && !visiting.stopped; t++)
        status = visit_table(&visiting, gather, &lanes, &pass->tables[t]);
    at_arena_reset(arena, mark);
    return status;
}
