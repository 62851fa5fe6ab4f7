/* gather/stream.c: the scan of tables in a pass: batch by batch, part by part, into accumulators and lines.
 *
 * on_batch runs on the scan's threads. A part writes only to what is its own; the plan, the run's columns and
 * the work are read by all. When memory fails, control leaves through scratch->oom, which is the scan's
 * guard of the part. The part's arena has the same guard during the scan.
 */
#include "gather/part.h"

#include "diag/say.h"

/* ---- parts */

static void free_arena(void *arena) {
    at_arena_free(arena);
}

/* Constants are put into the columns once, because no batch changes them. */
static void open_space(struct at_gather_part *part, struct at_kernel_space *space, unsigned grain,
                       struct at_col *cols) {
    const struct at_gather *gather = part->gather;
    const struct at_plan_list *constants = &part->work->scan->constants;
    *space = (struct at_kernel_space){.plan = gather->plan,
                                      .frame = gather->frame,
                                      .grain = (uint8_t)grain,
                                      .cols = cols,
                                      .faults = &part->faults,
                                      .payloads = gather->payloads};
    for (uint32_t k = 0; k < constants->n; k++)
        cols[constants->at[k]] = gather->frame->whole[constants->at[k]];
    space->seat = at_kernel_seat_new(gather->hooks, &part->arena);
}

/* A lane is as large as the plan, so scans share the lanes. They are made once for each part number. */
static struct at_gather_lane *lane_of(struct at_gather *gather, struct at_gather_lanes *lanes, unsigned p) {
    size_t n = gather->plan->n_nodes + 1;
    while (lanes->of.n <= p) {
        struct at_gather_lane *lane = AT_NEW(lanes->arena, struct at_gather_lane);
        lane->rows = AT_NEW_ARRAY(lanes->arena, struct at_col, n);
        lane->items = AT_NEW_ARRAY(lanes->arena, struct at_col, n);
        AT_VEC_PUSH(lanes->arena, &lanes->of, lane);
    }
    return lanes->of.at[p];
}

/* What a part holds is as large as the lists of its scan, whatever the plan holds. */
static void open_part(struct at_gather_part *part, struct at_gather_work *work,
                      const struct at_gather_lane *lane) {
    const struct at_plan *plan = work->gather->plan;
    const struct at_plan_scan_work *scan = work->scan;
    struct at_watch *watch = work->gather->data->watch;
    *part = (struct at_gather_part){.gather = work->gather, .work = work, .room_period = -1, .level = -1};
    at_arena_init_beside(&part->arena, work->lanes->arena);
    at_arena_defer(work->lanes->arena, free_arena, &part->arena);
    struct at_arena *arena = &part->arena;
    open_space(part, &part->rows, AT_G_ROW, lane->rows);
    open_space(part, &part->items, AT_G_CREDIT, lane->items);
    part->accs = AT_NEW_ARRAY(arena, struct at_gather_acc, scan->aggregates.n + 1);
    for (uint32_t k = 0; k < scan->aggregates.n; k++)
        at_gather_acc_init(&part->accs[k], plan, scan->aggregates.at[k], arena, watch);
    part->line_states = AT_NEW_ARRAY(arena, struct at_gather_acc, scan->components.n + 1);
    for (uint32_t k = 0; k < scan->components.n; k++)
        at_gather_acc_init(&part->line_states[k], plan, AT_NO_NODE, arena, watch); /* by cell */
    part->lines = AT_NEW_ARRAY(arena, struct at_gather_line_log, scan->components.n + 1);
    part->below = AT_NEW_ARRAY(arena, struct at_gather_below, scan->components.n + 1);
    part->runnings = AT_NEW_ARRAY(arena, struct at_gather_running_log *, scan->runnings.n + 1);
    part->divides = AT_NEW_ARRAY(arena, struct at_gather_divide_log *, scan->runnings.n + 1);
    part->ledgers = AT_NEW_ARRAY(arena, struct at_gather_ledger_log *, scan->runnings.n + 1);
    part->line_logs = AT_NEW_ARRAY(arena, struct at_gather_line_of_log *, scan->runnings.n + 1);
    part->loops = AT_NEW_ARRAY(arena, struct at_gather_loop_log *, scan->loops.n + 1);
    part->feeds = AT_NEW_ARRAY(arena, struct at_gather_feed_count, scan->n_feeds + 1);
    for (uint32_t f = 0; f < scan->n_feeds; f++)
        part->feeds[f].last_period = -1;
    part->n_failed = AT_NEW_ARRAY(arena, uint32_t, scan->requires.n + 1);
}

void at_gather_parts_open(struct at_gather_work *work, unsigned n_parts) {
    work->n_parts = n_parts;
    work->known = (uint32_t)work->gather->exceptions->kept.n;
    work->parts = AT_NEW_ARRAY(work->lanes->arena, struct at_gather_part, n_parts);
    for (unsigned p = 0; p < n_parts; p++)
        open_part(&work->parts[p], work, lane_of(work->gather, work->lanes, p));
}

/* All columns of the batch before are invalid from here on: they were in `scratch`. */
void at_gather_part_begin(struct at_gather_part *part, const struct at_table_batch *batch,
                          struct at_arena *scratch) {
    part->arena.oom = scratch->oom;
    part->faults = (struct at_kernel_fault_list){.arena = scratch, .base = part->work->known};
    part->batch = batch;
    part->rows.arena = part->items.arena = scratch;
    part->rows.loads = part->items.loads = batch->cols;
    part->rows.first = part->items.first = batch->first;
    part->rows.lines = part->items.lines = batch->lines;
    part->rows.n = batch->n;
}

/* ---- nodes over rows and items */

/* Nodes at ROW grain are gathered by the row of each item. If item i is row i, the column is shared. `own`:
 * these columns of a feed with levels, else NULL. */
static void feed_nodes(struct at_gather_part *part, const struct at_plan_feed_work *work,
                       const struct at_kernel_items *items, const struct at_col *own) {
    struct at_kernel_space *space = &part->items;
    space->n = items->n;
    space->items = items;
    for (uint32_t k = 0; k < work->items.n; k++) {
        uint32_t id = work->items.at[k];
        const struct at_col *row = &part->rows.cols[id];
        if (!work->from_row[k])
            at_kernel_space_eval(space, id);
        else if (own)
            space->cols[id] = own[k];
        else if (items->identity)
            space->cols[id] = *row;
        else
            at_kernel_col_gather_u32(space->arena, row, items->row, items->n, &space->cols[id]);
    }
}

bool at_gather_feed_items(struct at_gather_part *part, const struct at_plan_feed_work *work,
                          struct at_kernel_items *items) {
    struct at_col *own = NULL;
    if (work->feed->leveled)
        own = at_gather_level_items(part, work, items);
    else
        at_gather_feed_expand(part, work, items);
    if (items->n > 0) feed_nodes(part, work, items, own);
    return items->n > 0;
}

/* ---- aggregates */

/* How many cells the items so far can have. It grows with the last period that occurred. */
static uint32_t cells_so_far(const struct at_gather_part *part, const struct at_gather_acc *acc) {
    uint32_t periods = (uint32_t)(part->room_period + 1), payees = part->gather->frame->n_payees;
    unsigned shape = acc->shape;
    if (acc->place) return periods * part->gather->frame->group_sizes[acc->place];
    return shape == AT_SHAPE_CELL     ? periods * payees
           : shape == AT_SHAPE_PERIOD ? periods
           : shape == AT_SHAPE_PAYEE  ? payees
                                      : 1;
}

/* Exceptions of one cell are ranked, and one is kept (keep.c). Periods count only for shapes that have
 * them. */
static void keep_state(struct at_gather_part *part, struct at_gather_acc *acc, const uint32_t *cells,
                       uint32_t i, uint32_t state) {
    const struct at_kernel_items *items = part->items.items;
    uint32_t cell = cells[i];
    if (cell == AT_NOBODY) return;
    if (!acc->state) acc->state = AT_NEW_ARRAY(acc->arena, uint32_t, acc->n);
    bool dated = acc->shape != AT_SHAPE_PAYEE && acc->shape != AT_SHAPE_RUN;
    acc->state[cell] = at_gather_part_keep(part, state, acc->state[cell], part->batch->lines[items->row[i]],
                                           items->payee[i] < 0 ? AT_NOBODY : (uint32_t)items->payee[i],
                                           dated ? (uint32_t)items->period[i] : AT_NOBODY);
}

/* Items with a value that the mask lets through, into `chosen`; the exceptions among them into the states. */
static uint32_t choose_items(struct at_gather_part *part, struct at_gather_acc *acc,
                             const struct at_col *values, const struct at_col *mask, const uint32_t *cells,
                             uint32_t *chosen) {
    const struct at_kernel_items *items = part->items.items;
    uint32_t n = 0;
    if (mask && !items->state && !mask->state && (!values || !values->state)) {
        size_t step = !mask->one;
        for (uint32_t i = 0; i < items->n; i++) {
            chosen[n] = i;
            n += mask->flag[i * step];
        }
        return n;
    }
    for (uint32_t i = 0; i < items->n; i++) {
        uint32_t state = mask ? at_col_state(mask, i) : AT_STATE_OK;
        if (mask && state == AT_STATE_OK && !mask->flag[mask->one ? 0 : i]) continue;
        if (items->state && items->state[i] != AT_STATE_OK) state = items->state[i];
        if (state == AT_STATE_OK && values) state = at_col_state(values, i);
        if (state != AT_STATE_OK)
            keep_state(part, acc, cells, i, state);
        else
            chosen[n++] = i;
    }
    return n;
}

/* The place of each item among the stays: that of its day. */
static uint32_t *cells_of_stays(struct at_gather_part *part, const struct at_plan_feed_work *work,
                                const struct at_gather_acc *acc) {
    const struct at_kernel_items *items = part->items.items;
    const struct at_kernel_stays *stays = &part->gather->frame->stays[acc->place];
    const struct at_plan_feed *feed = work->feed;
    const struct at_col *on = &part->rows.cols[feed->event == AT_NO_NODE ? feed->on : feed->event];
    uint32_t *cells = at_arena_get(part->items.arena, (items->n + 1) * sizeof *cells);
    for (uint32_t i = 0; i < items->n; i++) {
        at_date day = on->day[on->one ? 0 : items->row[i]];
        uint32_t stay = at_kernel_frame_stay_on(stays, (uint32_t)items->payee[i], day);
        cells[i] = stay == AT_NOBODY ? AT_NOBODY : (uint32_t)items->period[i] * stays->n + stay;
    }
    return cells;
}

/* The group of the members that receive a row: its own value, once. Items of a row and period follow one
 * another. */
static uint32_t *cells_of_groups(struct at_gather_part *part, const struct at_plan_feed_work *work,
                                 const struct at_gather_acc *acc) {
    const struct at_gather *gather = part->gather;
    const struct at_kernel_items *items = part->items.items;
    const struct at_col *on = work->feed->day == AT_NO_NODE ? NULL : &part->rows.cols[work->feed->day];
    uint32_t *cells = at_arena_get(part->items.arena, (items->n + 1) * sizeof *cells);
    for (uint32_t i = 0; i < items->n; i++) {
        bool again = i > 0 && items->row[i] == items->row[i - 1] && items->period[i] == items->period[i - 1];
        at_period period = at_kernel_frame_period(gather->frame, items->period[i]);
        at_date day = on && at_col_state(on, items->row[i]) == AT_STATE_OK
                          ? on->day[on->one ? 0 : items->row[i]]
                          : at_period_end(gather->calendar, period);
        cells[i] = again
                       ? AT_NOBODY
                       : at_kernel_frame_group_on(gather->frame, acc->place, (uint32_t)items->payee[i], day);
        if (cells[i] != AT_NOBODY)
            cells[i] += (uint32_t)items->period[i] * gather->frame->group_sizes[acc->place];
    }
    return cells;
}

/* Room is made first, because the batch may have brought a later period. */
static void feed_acc(struct at_gather_part *part, const struct at_plan_feed_work *work,
                     struct at_gather_acc *acc) {
    const struct at_kernel_items *items = part->items.items;
    const struct at_plan_node *node = &part->gather->plan->nodes[acc->node];
    unsigned values_at = node->op != AT_P_COUNT;
    const struct at_col *values = values_at ? &part->items.cols[node->in[0]] : NULL;
    const struct at_col *mask = node->n_in > values_at ? &part->items.cols[node->in[values_at]] : NULL;
    struct at_arena *scratch = part->items.arena;
    const uint32_t *cell = acc->shape == AT_SHAPE_STAY    ? cells_of_stays(part, work, acc)
                           : acc->shape == AT_SHAPE_GROUP ? cells_of_groups(part, work, acc)
                                                          : items->cell;
    at_gather_acc_room(acc, cells_so_far(part, acc));
    if (!mask && !acc->place && !items->state && (!values || !values->state)) {
        at_gather_acc_add(acc, values, items->cell, items->n);
        return;
    }
    uint32_t *chosen = at_arena_get(scratch, (items->n + 1) * sizeof *chosen);
    uint32_t n = choose_items(part, acc, values, mask, cell, chosen), kept = 0;
    for (uint32_t i = 0; i < n; i++) { /* on a day without a group, a row is in no stay */
        chosen[kept] = chosen[i];
        kept += cell[chosen[i]] != AT_NOBODY;
    }
    n = kept;
    uint32_t *cells = at_arena_get(scratch, (n + 1) * sizeof *cells);
    for (uint32_t i = 0; i < n; i++)
        cells[i] = cell[chosen[i]];
    struct at_col some;
    if (values) at_kernel_col_gather_u32(scratch, values, chosen, n, &some);
    at_gather_acc_add(acc, values ? &some : NULL, cells, n);
}

/* ---- a batch */

/* Of each requirement, the part keeps its first AT_MAX_FAILURES rows. finish_table limits those of all
 * parts again. */
static void check_requires(struct at_gather_part *part) {
    const struct at_plan_scan_work *scan = part->work->scan;
    for (uint32_t k = 0; k < scan->require_rows.n; k++)
        at_gather_row_node(part, scan->require_rows.at[k]);
    for (uint32_t k = 0; k < scan->requires.n; k++) {
        uint32_t r = scan->requires.at[k];
        const struct at_col *col = &part->rows.cols[part->gather->plan->requires[r].cond];
        for (uint32_t i = 0; i < part->rows.n; i++) {
            if (at_col_state(col, i) == AT_STATE_OK && col->flag[col->one ? 0 : i]) continue;
            if (part->n_failed[k]++ >= AT_MAX_FAILURES) continue;
            AT_VEC_PUSH(&part->arena, &part->failures,
                        (struct at_gather_require_failure){
                            .require = r,
                            .payee = AT_NOBODY,
                            .period = AT_NOBODY,
                            .file = part->gather->data->tables[scan->table].binding.name,
                            .line = part->batch->lines[i]});
        }
    }
}

bool at_gather_feed_next(struct at_gather_part *part, const struct at_plan_feed_work *work, int32_t *round) {
    const struct at_gather *gather = part->gather;
    const struct at_plan_feed *feed = work->feed;
    int32_t n = feed->stock ? (int32_t)gather->frame->n_periods : 1;
    bool more = ++*round < n;
    int32_t now = more ? *round : 0;
    part->stock_period = feed->stock ? now : 0;
    if (part->stock_period > part->room_period) part->room_period = part->stock_period;
    if (more && *round == 0) at_gather_feed_rows(part, work);
    return more;
}

static enum at_plan_op running_op(const struct at_gather *gather, const struct at_plan_scan_work *scan,
                                  uint32_t place) {
    return (enum at_plan_op)gather->plan->nodes[scan->runnings.at[place]].op;
}

static void note_running(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items) {
    enum at_plan_op op = running_op(part->gather, part->work->scan, place);
    if (op == AT_P_DIVIDEOF)
        at_gather_divide_note(part, place, items);
    else if (op == AT_P_LINEOF)
        at_gather_line_of_note(part, place, items);
    else if (op == AT_P_LEDGER)
        at_gather_ledger_note(part, place, items);
    else
        at_gather_running_note(part, place, items);
}

static void settle_running(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    enum at_plan_op op = running_op(gather, work->scan, place);
    if (op == AT_P_DIVIDEOF)
        at_gather_divide_settle(gather, work, place);
    else if (op == AT_P_LINEOF)
        at_gather_line_of_settle(gather, work, place);
    else if (op == AT_P_LEDGER)
        at_gather_ledger_settle(gather, work, place);
    else
        at_gather_running_settle(gather, work, place);
}

/* Items of a feed live in this function only. All that reads them comes before the next feed. */
static void feed_items(struct at_gather_part *part, const struct at_plan_feed_work *work) {
    struct at_kernel_items items;
    if (!at_gather_feed_items(part, work, &items)) return;
    for (uint32_t k = 0; k < work->aggregates.n; k++)
        feed_acc(part, work, &part->accs[work->aggregates.at[k]]);
    for (uint32_t k = 0; k < work->components.n; k++) {
        at_gather_lines_note(part, work, work->components.at[k], &items);
        at_gather_below_note(part, work->components.at[k], &items);
    }
    for (uint32_t k = 0; k < work->runnings.n; k++)
        note_running(part, work->runnings.at[k], &items);
    for (uint32_t k = 0; k < work->loops.n; k++)
        at_gather_loop_note(part, work->loops.at[k], &items);
}

/* The periods are known after the first pass. A stock has its items then. */
static void feed_batch(struct at_gather_part *part, const struct at_plan_feed_work *work) {
    int32_t round = -1;
    if (work->feed->stock && part->gather->pass == 0) {
        at_gather_feed_rows(part, work); /* of which later feeds read some */
        return;
    }
    while (at_gather_feed_next(part, work, &round)) {
        struct at_arena_mark mark = at_arena_mark(part->items.arena);
        struct at_kernel_fault_list faults = part->faults;
        feed_items(part, work);
        if (!work->feed->stock) continue;
        /* Faults of the period are kept (keep.c), and go with its columns. */
        part->faults = faults;
        at_arena_reset(part->items.arena, mark);
    }
}

static enum at_status on_batch(void *context, unsigned index, const struct at_table_batch *batch,
                               struct at_arena *scratch) {
    struct at_gather_work *work = context;
    struct at_gather_part *part = &work->parts[index];
    if (batch->n == 0) return AT_OK;
    at_gather_part_begin(part, batch, scratch);
    if (work->scan->requires.n) check_requires(part);
    for (uint32_t f = 0; f < work->scan->n_feeds; f++)
        feed_batch(part, &work->scan->feeds[f]);
    return AT_OK;
}

static void begin_parts(void *context, unsigned n_parts) {
    at_gather_parts_open(context, n_parts);
}

/* ---- a table, a pass */

static enum at_status scan_table(struct at_gather *gather, struct at_gather_work *work) {
    const struct at_table_scan scan = {
        .wanted = work->scan->wanted, .begin = begin_parts, .on_batch = on_batch, .context = work};
    enum at_status status = at_table_dataset_scan(gather->data, work->scan->table, &scan);
    if (!work->parts) begin_parts(work, 1); /* an empty table */
    /* The scan's guards are gone. From here on, the thread of the caller uses the parts. */
    for (unsigned p = 0; p < work->n_parts; p++)
        work->parts[p].arena.oom = gather->arena->oom;
    return status;
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a == 0 || (b != 0 && b < a) ? b : a;
}

/* What no row may do whatever the policy: reported once for each table. */
static enum at_status refuse_rows(struct at_gather *gather, const struct at_gather_work *work) {
    uint64_t longer = 0, n = 0;
    const struct at_gather_part *far = NULL;
    bool misfit = false;
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_part *part = &work->parts[p];
        if (part->too_long_line && earlier(longer, part->too_long_line) == part->too_long_line)
            misfit = part->misfit;
        if (part->too_far_line && (!far || part->too_far_line < far->too_far_line)) far = part;
        longer = earlier(longer, work->parts[p].too_long_line);
        n += work->parts[p].n_too_long;
    }
    struct at_diag_data_place place = {.file = gather->data->tables[work->scan->table].binding.name};
    if (far) at_gather_cells_refuse(gather, far, (uint64_t)far->too_far_period);
    place.row = longer;
    if (longer) {
        struct at_diag *d = at_diag_say(gather->diags, AT_A0810, (at_span){0}, &place,
                                        AT_SENTENCE(misfit ? AT_W_RUN_MISFIT_PERIOD : AT_W_RUN_LONG_PERIOD));
        at_diag_say_help(d, AT_SENTENCE(misfit ? AT_W_RUN_FIT : AT_W_RUN_SPREAD));
        if (n > 1) at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_SAME_ROWS, at_words_count(n - 1)));
    }
    return far || longer ? AT_REJECTED : AT_OK;
}

/* A credit of which one component sees the rows for a shorter time: they are counted with the credit. */
static bool is_copy(const struct at_gather_work *work, uint32_t k) {
    const struct at_plan_feed *feed = work->scan->feeds[k].feed;
    for (uint32_t i = 0; i < k; i++) {
        const struct at_plan_feed *other = work->scan->feeds[i].feed;
        if (other->decl == feed->decl && other->on == feed->on && other->until != feed->until) return true;
    }
    return false;
}

/* Later passes see the same rows again, so only the first pass counts. */
static void count_rows(struct at_gather *gather, const struct at_gather_work *work, unsigned pass) {
    for (unsigned p = 0; p < work->n_parts && pass == 0; p++) {
        const struct at_gather_part *part = &work->parts[p];
        at_gather_known_join(gather, part);
        for (uint32_t k = 0; k < work->scan->n_feeds; k++) {
            const struct at_gather_feed_count *count = &part->feeds[k];
            uint32_t f = work->scan->feeds[k].index;
            if (count->last_period > gather->last_of_feed[f]) gather->last_of_feed[f] = count->last_period;
            if (is_copy(work, k)) continue;
            gather->rows_credited[f] += count->credited;
            at_gather_near_join(&gather->near[f], &count->near, gather->arena);
            at_gather_outside_join(&gather->outside[f], &count->outside, gather->arena);
            at_gather_uncovered_add(&gather->uncovered[f], count->uncovered.n, count->uncovered.line,
                                    count->uncovered.payee, count->uncovered.day);
        }
    }
}

uint32_t at_gather_shape_size(const struct at_gather *gather, enum at_plan_shape shape) {
    const struct at_kernel_frame *frame = gather->frame;
    switch (shape) {
    case AT_SHAPE_RUN: return 1;
    case AT_SHAPE_PAYEE: return frame->n_payees;
    case AT_SHAPE_PERIOD: return frame->n_periods;
    case AT_SHAPE_STAY: /* by their groupings */
    case AT_SHAPE_GROUP:
    case AT_SHAPE_CELL: break;
    }
    return frame->n_periods * frame->n_payees;
}

static uint32_t size_of(const struct at_gather *gather, const struct at_gather_acc *acc) {
    const struct at_kernel_frame *frame = gather->frame;
    if (acc->place) return frame->n_periods * frame->group_sizes[acc->place];
    return at_gather_shape_size(gather, (enum at_plan_shape)acc->shape);
}

/* The merged values into the frame: a slice for each period, or one column. */
static void show_aggregate(struct at_gather *gather, struct at_gather_acc *whole) {
    struct at_kernel_frame *frame = gather->frame;
    uint32_t id = whole->node, periods = frame->n_periods;
    const at_type *type = &gather->plan->nodes[id].type;
    if (whole->shape != AT_SHAPE_PAYEE && whole->shape != AT_SHAPE_RUN) {
        frame->slices[id] = AT_NEW_ARRAY(gather->arena, struct at_col, periods);
        uint32_t width = at_kernel_frame_width(frame, &gather->plan->nodes[id]);
        if (whole->shape == AT_SHAPE_PERIOD) width = 1;
        at_gather_acc_finish(whole, type, gather->arena, width, periods, frame->slices[id]);
        return;
    }
    at_gather_acc_finish(whole, type, gather->arena, at_gather_shape_size(gather, whole->shape), 1,
                         &frame->whole[id]);
    if (whole->shape == AT_SHAPE_RUN) frame->whole[id].one = true;
}

/* Merges all parts into the first one, values and states. States come before values, because they compare
 * the states of all parts. */
static void finish_aggregate(struct at_gather *gather, const struct at_gather_work *work, uint32_t index) {
    struct at_gather_acc **accs = at_arena_get(gather->scratch, (work->n_parts + 1) * sizeof *accs);
    struct at_gather_acc *whole = &work->parts[0].accs[index];
    uint32_t n = size_of(gather, whole);
    for (unsigned p = 0; p < work->n_parts; p++)
        accs[p] = &work->parts[p].accs[index];
    uint32_t *state = at_gather_merge_states(gather, work, accs, n);
    for (unsigned p = 1; p < work->n_parts; p++)
        at_gather_acc_merge(whole, accs[p], gather->scratch);
    at_gather_acc_room(whole, n ? n : 1);
    whole->state = state;
    show_aggregate(gather, whole);
}

/* The states of a component's lines, of all parts. */
static void finish_lines(struct at_gather *gather, const struct at_gather_work *work, uint32_t index) {
    struct at_gather_acc **accs = at_arena_get(gather->scratch, (work->n_parts + 1) * sizeof *accs);
    bool any = false;
    for (unsigned p = 0; p < work->n_parts; p++) {
        accs[p] = &work->parts[p].line_states[index];
        any |= accs[p]->state != NULL;
    }
    if (any)
        gather->line_states[work->scan->components.at[index]] =
            at_gather_merge_states(gather, work, accs, at_gather_shape_size(gather, AT_SHAPE_CELL));
}

/* On the thread of the caller, when all parts have ended. Failures come in the order of the file. */
static void finish_table(struct at_gather *gather, const struct at_gather_work *work) {
    const struct at_plan_scan_work *scan = work->scan;
    for (uint32_t k = 0; k < scan->aggregates.n; k++)
        finish_aggregate(gather, work, k);
    for (uint32_t k = 0; k < scan->components.n; k++) {
        finish_lines(gather, work, k);
        at_gather_below_join(gather, work, k);
    }
    for (uint32_t k = 0; k < scan->runnings.n; k++)
        settle_running(gather, work, k);
    for (uint32_t k = 0; k < scan->loops.n; k++)
        at_gather_loop_settle(gather, work, k);
    uint32_t *kept = AT_NEW_ARRAY(gather->scratch, uint32_t, gather->plan->n_requires + 1);
    for (unsigned p = 0; p < work->n_parts; p++)
        for (size_t k = 0; k < work->parts[p].failures.n; k++)
            if (kept[work->parts[p].failures.at[k].require]++ < AT_MAX_FAILURES)
                AT_VEC_PUSH(gather->arena, &gather->failures, work->parts[p].failures.at[k]);
}

/* Rows of which it is not known whose they are: the first of each feed. */
static void report_lost(struct at_gather *gather, const struct at_gather_work *work) {
    struct at_gather_acc **accs = at_arena_get(gather->scratch, (work->n_parts + 1) * sizeof *accs);
    for (uint32_t f = 0; f < work->scan->n_feeds; f++) {
        for (unsigned p = 0; p < work->n_parts; p++) {
            accs[p] = AT_NEW(gather->scratch, struct at_gather_acc);
            *accs[p] = (struct at_gather_acc){.state = &work->parts[p].feeds[f].lost, .n = 1};
        }
        uint32_t *state = at_gather_merge_states(gather, work, accs, 1);
        if (state && state[0] >= AT_STATE_EXCEPTION)
            AT_VEC_PUSH(gather->arena, &gather->exceptions->lost, state[0] - AT_STATE_EXCEPTION);
    }
}

/* Adds the periods after the last one in which its lines are paid. Returns false, and reports the error, if
 * they are too many. */
static bool add_moved(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    int32_t moved = at_gather_parted_last(gather);
    if (moved >= (int32_t)frame->n_periods && at_gather_cells_fit(gather, (uint64_t)moved + 1))
        frame->n_periods = (uint32_t)moved + 1;
    for (uint32_t c = 0, end = frame->n_periods; c < gather->plan->n_components; c++) {
        const struct at_plan_component *of = &gather->plan->components[c];
        uint32_t from = of->parted != AT_NO_NODE ? end : frame->n_regular;
        int64_t last = at_kernel_frame_paid_in(frame, from - 1, of->delay);
        if (last >= frame->n_periods) frame->n_periods = (uint32_t)last + 1;
    }
    if (frame->n_periods == frame->n_regular || at_gather_cells_fit(gather, frame->n_periods)) return true;
    at_gather_cells_refuse(gather, NULL, frame->n_periods - 1);
    return false;
}

/* Rows of a credit that credit one payee twice: the first of the file, and how many there are. */
static void report_twice(struct at_gather *gather, const struct at_gather_work *work, uint32_t f) {
    const struct at_plan_feed *feed = work->scan->feeds[f].feed;
    const struct at_gather_feed_count *first = NULL;
    uint64_t n = 0;
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_feed_count *count = &work->parts[p].feeds[f];
        n += count->twice;
        if (count->twice && (!first || count->twice_line < first->twice_line)) first = count;
    }
    if (!first || !feed->decl || feed->decl->name.n == 0) return;
    uint32_t payees = gather->frame->payee_table;
    const struct at_table *table = &gather->data->tables[payees];
    int key = table->schema->key;
    at_str name = at_table_dataset_print(gather->data, gather->scratch, payees, key, &table->cols[key],
                                         (uint32_t)first->twice_payee);
    const struct at_plan_node *to = &gather->plan->nodes[feed->to[feed->n_to - 1].payee];
    struct at_diag_data_place place =
        at_table_dataset_place(gather->data, work->scan->table, to->op == AT_P_LOAD ? to->a : -1,
                               first->twice_line, gather->scratch);
    struct at_diag *d = at_diag_say(
        gather->diags, AT_A0865, (at_span){0}, &place,
        AT_SENTENCE(AT_W_RUN_TWICE, at_words_text(feed->decl->name), at_words_text(name), at_words_count(n)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_TWICE_HELP));
}

/* Adds the periods in which is looked for what waits. Moved lines may be paid in some of them. */
static void add_ahead(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    uint32_t ahead = gather->ahead ? at_gather_cells_ahead(gather, frame->n_regular) : 0;
    gather->too_many = ahead > 0 && !at_gather_cells_spare(gather, frame->n_regular + ahead);
    frame->looked_to = frame->n_regular + (gather->too_many ? 0 : ahead);
    frame->n_ahead = frame->looked_to > frame->n_periods ? frame->looked_to - frame->n_periods : 0;
    frame->n_periods += frame->n_ahead;
    gather->last_item = (int32_t)frame->looked_to - 1;
}

/* Adds the periods after the last one in which only earlier ones are corrected. */
static bool add_late(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    if (gather->late.n <= frame->n_periods) return true;
    frame->n_periods = (uint32_t)gather->late.n;
    if (at_gather_cells_fit(gather, frame->n_periods)) return true;
    at_gather_cells_refuse(gather, NULL, frame->n_periods - 1);
    return false;
}

static void take_periods(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    frame->n_periods = gather->view.periods;
    frame->n_regular = frame->looked_to = gather->view.regular;
}

/* Without any event, there is still the first period, so that requirements and constants have a cell. */
static bool find_periods(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    if (gather->view.periods) {
        take_periods(gather);
        return true;
    }
    gather->reach = at_plan_reach(gather->plan, gather->last_of_feed, NULL);
    uint32_t periods = gather->reach.last < 0 ? 1 : (uint32_t)gather->reach.last + 1;
    if (periods > frame->n_periods) frame->n_periods = periods;
    frame->n_regular = frame->n_periods;
    if (!add_moved(gather) || !add_late(gather)) return false;
    add_ahead(gather);
    return true;
}

/* Scans all tables before it finishes the first one: how many periods there are is known only then. */
enum at_status at_gather_pass(struct at_gather *gather, unsigned pass) {
    struct at_arena *arena = gather->arena;
    const struct at_plan_pass *todo = &gather->schedule->passes[pass];
    struct at_gather_work *tables = AT_NEW_ARRAY(arena, struct at_gather_work, todo->n_tables + 1);
    gather->pass = pass;
    for (uint32_t t = 0; t < todo->n_tables; t++) {
        tables[t] =
            (struct at_gather_work){.scan = &todo->tables[t], .gather = gather, .lanes = &gather->lanes};
        enum at_status status = scan_table(gather, &tables[t]);
        if (status == AT_OK) status = refuse_rows(gather, &tables[t]);
        if (status == AT_REJECTED && pass == 0) { /* what is wrong in the other tables, in the same go */
            enum at_status others = at_table_dataset_check(gather->data);
            if (others != AT_OK) status = others;
        }
        if (status != AT_OK) return status;
        AT_VEC_PUSH(arena, &gather->works, &tables[t]);
        count_rows(gather, &tables[t], pass);
    }
    if (pass == 0 && !find_periods(gather)) return AT_REJECTED;
    for (uint32_t t = 0; t < todo->n_tables; t++) {
        struct at_arena_mark mark = at_arena_mark(gather->scratch);
        finish_table(gather, &tables[t]);
        report_lost(gather, &tables[t]);
        for (uint32_t f = 0; pass == 0 && f < tables[t].scan->n_feeds; f++)
            report_twice(gather, &tables[t], f);
        at_arena_reset(gather->scratch, mark);
    }
    return AT_OK;
}
