/* gather/items.c: the credited items of one cell. They are calculated again from the table, because values of
 * deals are not kept.
 *
 * One thread visits them in order of the file. What the visit needs is in an arena of its own, which is
 * emptied afterwards. Values passed to the caller are valid during the callback.
 */
#include "settle/exec.h"

struct visit {
    struct at_table_work *work;
    struct at_exec *exec;
    uint32_t payee, period;
    const uint32_t *nodes;
    uint32_t n_nodes;
    bool (*on_item)(void *context, const struct at_item *item);
    void *context;
    bool stopped;
};

/* The run's number of an exception met again: UINT32_MAX where the run has not kept it. */
static uint32_t state_of(const struct visit *visit, const struct at_part *part, uint32_t state,
                         uint64_t line) {
    const struct at_run *run = &visit->exec->run;
    uint32_t known = AT_STATE_EXCEPTION + part->faults.base;
    if (state < known) return state;
    uint32_t node = part->faults.of.at[state - known].node;
    for (uint32_t i = 0; i < run->n_exceptions; i++)
        if (run->exceptions[i].node == node && run->exceptions[i].line == line) return AT_STATE_EXCEPTION + i;
    return UINT32_MAX;
}

static const struct at_col *column_of(const struct at_part *part, uint32_t node) {
    bool constant = part->exec->run.plan->nodes[node].grain == AT_G_CONST;
    return constant ? &part->exec->run.cols[node] : &part->items.cols[node];
}

static void show_item(struct visit *visit, const struct at_part *part, const struct at_feed_work *work,
                      const struct at_items *items, uint32_t i) {
    struct at_arena *arena = part->items.arena;
    const struct at_plan *plan = visit->exec->run.plan;
    uint64_t line = part->rows.batch->lines[items->row[i]];
    struct at_value *values = AT_NEW_ARRAY(arena, struct at_value, visit->n_nodes + 1);
    uint32_t *states = AT_NEW_ARRAY(arena, uint32_t, visit->n_nodes + 1);
    for (uint32_t k = 0; k < visit->n_nodes; k++) {
        const struct at_col *col = column_of(part, visit->nodes[k]);
        values[k] = at_col_value(col, i, &plan->nodes[visit->nodes[k]].type);
        states[k] = state_of(visit, part, at_col_state(col, i), line);
        if (values[k].missing && states[k] == AT_STATE_OK) states[k] = AT_STATE_MISSING;
    }
    struct at_item item = {.feed = work->index,
                           .payee = (uint32_t)items->payee[i],
                           .period = (uint32_t)items->period[i],
                           .line = line,
                           .values = values,
                           .states = states};
    if (work->feed->key != AT_NO_NODE) {
        const struct at_col *key = &part->items.cols[work->feed->key];
        item.key = key->form == AT_COL_TEXT ? key->text[key->one ? 0 : i]
                                            : at_col_print(arena, &plan->nodes[work->feed->key].type, key, i);
    }
    if (!visit->on_item(visit->context, &item)) visit->stopped = true;
}

static void begin(void *context, unsigned n_parts) {
    struct visit *visit = context;
    at_parts_open(visit->work, n_parts);
}

static enum at_status on_batch(void *context, unsigned index, const struct at_batch *batch,
                               struct at_arena *scratch) {
    struct visit *visit = context;
    struct at_part *part = &visit->work->parts[index];
    const struct at_feed_work *work = &visit->work->scan->feeds[0];
    struct at_items items;
    if (visit->stopped || batch->n == 0) return AT_OK;
    at_part_begin(part, batch, scratch);
    at_feed_rows(part, work);
    at_feed_expand(part, work, &items);
    if (items.n == 0) return AT_OK;
    at_feed_nodes(part, work, &items);
    for (uint32_t i = 0; i < items.n && !visit->stopped; i++) {
        if (visit->payee != AT_NOBODY && (uint32_t)items.payee[i] != visit->payee) continue;
        if (visit->period != AT_NOBODY && (uint32_t)items.period[i] != visit->period) continue;
        show_item(visit, part, work, &items, i);
    }
    return AT_OK;
}

enum at_status at_run_items(const struct at_run *run, uint32_t feed, uint32_t payee, uint32_t period,
                            const uint32_t *nodes, uint32_t n_nodes,
                            bool (*on_item)(void *context, const struct at_item *item), void *context) {
    struct at_exec *exec = at_exec_of(run), *own;
    struct at_arena *arena = &exec->visits;
    static const struct at_run_options options = {.no_lines = true};
    struct at_arena_mark mark = at_arena_mark(arena);
    own = at_arena_get(arena, sizeof *own); /* the run as it is, but its memory is the visit's */
    *own = *exec;
    own->run.arena = arena;
    own->kept.at = exec->reported.at; /* what the states of the run's columns count */
    own->kept.n = own->kept.room = exec->reported.n;
    own->options = exec->hooks ? AT_NEW(arena, struct at_run_options) : &options;
    if (exec->hooks)
        *(struct at_run_options *)(uintptr_t)own->options =
            (struct at_run_options){.hooks = exec->hooks, .no_lines = true};
    own->lanes.at = NULL; /* the columns, too */
    own->lanes.n = own->lanes.room = 0;
    uint32_t *targets = at_arena_get(arena, (n_nodes + 1) * sizeof *targets);
    if (n_nodes) memcpy(targets, nodes, n_nodes * sizeof *targets);
    targets[n_nodes] = run->plan->feeds[feed].key;
    struct at_table_work work = {.scan = at_plan_schedule_feed(run->plan, feed, targets, n_nodes + 1, arena),
                                 .exec = own};
    struct visit visit = {.work = &work,
                          .exec = own,
                          .payee = payee,
                          .period = period,
                          .nodes = nodes,
                          .n_nodes = n_nodes,
                          .on_item = on_item,
                          .context = context};
    const struct at_scan scan = {
        .wanted = work.scan->wanted, .single = true, .begin = begin, .on_batch = on_batch, .context = &visit};
    enum at_status status = at_dataset_scan(run->data, work.scan->table, &scan);
    at_arena_reset(arena, mark);
    return status;
}

void at_run_forget_items(struct at_run *run) {
    at_arena_free(&at_exec_of(run)->visits);
    at_dataset_forget_scan(run->data);
}
