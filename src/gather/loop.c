/* gather/loop.c: `running` totals of measures whose own rows read them: each row needs what the rows before
 * it in its cell gave, in order of date, key, and row.
 *
 * One pass notes the items, with what the loop takes in (plan.h: at_plan_loop). The merge orders them, and
 * calculates the loop in rounds: round r takes row number r of every cell. So a round is a space of as many
 * values as there are cells with that many rows, and all rows together cost one calculation each. The next
 * pass reads the totals by the number of the item, as it does for `running` (running.c).
 *
 * The table is resident (at_session_run_wants), so that a row keeps its number and its key from pass to pass.
 */
#include "base/order.h"
#include "base/sort.h"
#include "gather/part.h"

#define ROUNDS_UNASKED 256 /* before the host is asked whether to stop */

struct entry {
    uint64_t row, line; /* of the table, of the file */
    uint32_t cell, payee, period;
    int32_t span, day; /* span: the holding period in which the loop sums */
    at_str key;
    uint32_t state; /* of what decided about the item, and of its date */
};

struct at_gather_loop_log {
    AT_VEC(struct entry) entries;
    struct at_col *inputs; /* parallel to the loop's: the values of all entries */
    uint32_t *rooms;
};

static const struct at_plan_loop *loop_at(const struct at_gather *gather, const struct at_gather_work *work,
                                          uint32_t place) {
    return &gather->plan->loops[work->scan->loops.at[place]];
}

/* ---- noting */

static struct at_gather_loop_log *new_log(const struct at_plan *plan, const struct at_plan_loop *loop,
                                          struct at_arena *arena) {
    struct at_gather_loop_log *log = AT_NEW(arena, struct at_gather_loop_log);
    log->inputs = AT_NEW_ARRAY(arena, struct at_col, loop->n_inputs + 1);
    log->rooms = AT_NEW_ARRAY(arena, uint32_t, loop->n_inputs + 1);
    for (uint32_t k = 0; k < loop->n_inputs; k++)
        log->inputs[k].form = at_col_form_of(&plan->nodes[loop->inputs[k]].type);
    return log;
}

/* A view of the resident table, or a copy in the part. Both live until the loop is settled. */
static at_str key_at(struct at_gather_part *part, const struct at_col *col, const at_type *type, uint32_t i) {
    if (at_col_state(col, i) != AT_STATE_OK) return (at_str){0};
    if (col->form == AT_COL_TEXT) return col->text[col->one ? 0 : i];
    return at_str_copy(&part->arena, at_col_print(&part->arena, type, col, i));
}

/* The column of a batch as one that can be added to a log: a value for each item, states of the part. */
static struct at_col whole_column(struct at_gather_part *part, const struct at_col *col,
                                  const struct at_kernel_items *items) {
    struct at_arena *scratch = part->items.arena;
    struct at_col out = *col;
    if (col->one) {
        /* All zero: each item takes the one value. */
        int32_t *first = AT_NEW_ARRAY(scratch, int32_t, items->n);
        at_kernel_col_gather(scratch, col, first, items->n, &out);
    }
    if (!out.state) return out;
    uint32_t *state = at_arena_get(scratch, items->n * sizeof *state);
    for (uint32_t i = 0; i < items->n; i++)
        state[i] = at_gather_part_keep(part, out.state[i], AT_STATE_OK, part->batch->lines[items->row[i]],
                                       (uint32_t)items->payee[i], (uint32_t)items->period[i]);
    out.state = state;
    return out;
}

/* Notes the items of one batch. The values of constants are not noted: they are the same for each item. */
void at_gather_loop_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items) {
    const struct at_plan *plan = part->gather->plan;
    const struct at_plan_loop *loop = loop_at(part->gather, part->work, place);
    const struct at_plan_node *run = &plan->nodes[loop->runs[0]]; /* all have the same order */
    const struct at_col *date = &part->items.cols[run->in[0]], *key = &part->items.cols[run->in[1]];
    if (!part->loops[place]) part->loops[place] = new_log(plan, loop, &part->arena);
    struct at_gather_loop_log *log = part->loops[place];
    AT_VEC_ROOM(&part->arena, &log->entries, items->n);
    for (uint32_t i = 0; i < items->n; i++) {
        uint64_t line = part->batch->lines[items->row[i]];
        uint32_t state = items->state ? items->state[i] : AT_STATE_OK;
        /* Without a date, an item has no place in the order. */
        if (state == AT_STATE_OK) state = at_col_state(date, i);
        struct entry entry = {.row = part->batch->first + items->row[i],
                              .line = line,
                              .cell = items->cell[i],
                              .payee = (uint32_t)items->payee[i],
                              .period = (uint32_t)items->period[i]};
        if (state != AT_STATE_OK)
            entry.state = at_gather_part_keep(part, state, AT_STATE_OK, line, entry.payee, entry.period);
        else if (date->form == AT_COL_DAY)
            entry.day = date->day[date->one ? 0 : i];
        entry.key = key_at(part, key, &plan->nodes[run->in[1]].type, i);
        log->entries.at[log->entries.n++] = entry;
    }
    for (uint32_t k = 0; k < loop->n_inputs; k++) {
        if (plan->nodes[loop->inputs[k]].grain != AT_G_CREDIT) continue;
        struct at_col more = whole_column(part, &part->items.cols[loop->inputs[k]], items);
        at_col_append(&part->arena, &log->inputs[k], &log->rooms[k], &more);
    }
}

/* ---- joining the parts */

/* A cell, or the cells of a payee in a year: its rows are order[start] and those after it. */
struct lane {
    uint32_t start, n;
};

struct looping {
    struct at_gather *gather;
    const struct at_gather_work *work;
    const struct at_plan_loop *loop;
    struct at_gather_loop_log all;
    uint32_t *order;
    struct lane *lanes; /* those with the most rows first */
    uint32_t n, n_lanes;
    struct at_kernel_space space;
    struct at_kernel_fault_list faults;
    struct at_kernel_running **runs; /* by run of the loop */
    at_num *sums;                    /* by run, then lane */
    uint32_t *states;
};

/* A state of a part in the run's numbers. Exceptions that were known before the scan have theirs already. */
static uint32_t run_state(struct at_gather *gather, const struct at_gather_work *work,
                          const struct at_gather_part *part, uint32_t state) {
    if (state < AT_STATE_EXCEPTION + work->known) return state;
    struct at_gather_exception copy = part->kept.at[state - AT_STATE_EXCEPTION - work->known];
    return AT_STATE_EXCEPTION + at_gather_exceptions_add(gather->exceptions, &copy);
}

/* Parts are joined in the order of the file, so entries are in the order of rows. */
static void join_parts(struct looping *l, uint32_t place) {
    struct at_gather *gather = l->gather;
    struct at_arena *arena = gather->scratch;
    l->all = *new_log(gather->plan, l->loop, arena);
    for (unsigned p = 0; p < l->work->n_parts; p++) {
        const struct at_gather_part *part = &l->work->parts[p];
        const struct at_gather_loop_log *log = part->loops[place];
        for (size_t i = 0; log && i < log->entries.n; i++) {
            struct entry entry = log->entries.at[i];
            entry.state = run_state(gather, l->work, part, entry.state);
            AT_VEC_PUSH(arena, &l->all.entries, entry);
        }
        for (uint32_t k = 0; log && k < l->loop->n_inputs; k++) {
            struct at_col more = log->inputs[k];
            if (more.n == 0) continue;
            for (uint32_t i = 0; more.state && i < more.n; i++)
                more.state[i] = run_state(gather, l->work, part, more.state[i]);
            at_col_append(arena, &l->all.inputs[k], &l->all.rooms[k], &more);
        }
    }
    l->n = (uint32_t)l->all.entries.n;
}

/* Whether two entries are of one lane. */
static bool same_lane(const struct entry *x, const struct entry *y) {
    return x->payee == y->payee && x->span == y->span;
}

static bool entry_before(const void *context, uint32_t b, uint32_t a) {
    const struct entry *entries = context, *x = &entries[b], *y = &entries[a];
    if (x->payee != y->payee) return x->payee < y->payee;
    if (x->period != y->period) return x->period < y->period;
    if (x->day != y->day) return x->day < y->day;
    return at_str_cmp(x->key, y->key) < 0; /* then by row: the sort is stable */
}

static int longer_first(const void *a, const void *b) {
    const struct lane *x = a, *y = b;
    if (x->n != y->n) return x->n > y->n ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* The kind of period in which a run of the loop sums; -1: the period alone. */
static int32_t kind_of(const struct looping *l, uint32_t run) {
    return l->gather->plan->nodes[l->loop->runs[run]].b - 1;
}

static int32_t longest_span(const struct looping *l) {
    int32_t span = -1;
    for (uint32_t j = 0; j < l->loop->n_runs; j++)
        if (kind_of(l, j) > span) span = kind_of(l, j);
    return span;
}

static int32_t span_of(const struct looping *l, uint32_t period, int32_t kind) {
    const struct at_kernel_frame *frame = l->gather->frame;
    if (kind < 0) return (int32_t)period;
    at_period own = at_kernel_frame_period(frame, (int32_t)period);
    return at_period_holding(&l->gather->plan->checked->calendar, own, (enum at_period_kind)kind).ordinal;
}

/* Sorts numbers of entries, not entries. Lanes with the most rows come first, so those that have a row in
 * round r are the first ones. */
static void make_lanes(struct looping *l) {
    struct at_arena *arena = l->gather->scratch;
    struct entry *entries = l->all.entries.at;
    int32_t span = longest_span(l);
    for (uint32_t k = 0; k < l->n; k++)
        entries[k].span = span_of(l, entries[k].period, span);
    l->order = at_arena_get(arena, (l->n + 1) * sizeof *l->order);
    l->lanes = at_arena_get(arena, (l->n + 1) * sizeof *l->lanes);
    for (uint32_t k = 0; k < l->n; k++)
        l->order[k] = k;
    at_sort(arena, l->order, l->n, entry_before, entries);
    for (uint32_t k = 0; k < l->n; k++) {
        if (k == 0 || !same_lane(&entries[l->order[k - 1]], &entries[l->order[k]]))
            l->lanes[l->n_lanes++] = (struct lane){k, 0};
        l->lanes[l->n_lanes - 1].n++;
    }
    at_sort_items(arena, l->lanes, l->n_lanes, sizeof *l->lanes, longer_first);
}

/* ---- rounds */

/* Totals of the lanes begin at zero. What rows find is kept in the run's arena for the next pass. */
static void open_space(struct looping *l) {
    const struct at_gather *gather = l->gather;
    struct at_arena *arena = gather->scratch;
    uint32_t room = l->loop->n_runs * l->n_lanes + 1;
    l->faults = (struct at_kernel_fault_list){.arena = arena};
    l->space = (struct at_kernel_space){.plan = gather->plan,
                                        .frame = gather->frame,
                                        .grain = AT_G_CREDIT,
                                        .arena = arena,
                                        .cols = l->work->parts[0].items.cols, /* the scan is done with them */
                                        .faults = &l->faults,
                                        .payloads = gather->payloads,
                                        .seat = at_kernel_seat_new(gather->hooks, arena)};
    for (uint32_t k = 0; k < l->loop->n_inputs; k++)
        if (gather->plan->nodes[l->loop->inputs[k]].grain == AT_G_CONST)
            l->space.cols[l->loop->inputs[k]] = gather->frame->whole[l->loop->inputs[k]];
    l->sums = AT_NEW_ARRAY(arena, at_num, room);
    l->states = AT_NEW_ARRAY(arena, uint32_t, room);
    l->runs = AT_NEW_ARRAY(arena, struct at_kernel_running *, l->loop->n_runs + 1);
    for (uint32_t j = 0; j < l->loop->n_runs; j++) {
        l->runs[j] = AT_NEW(gather->arena, struct at_kernel_running);
        l->runs[j]->values = (struct at_col){
            .form = AT_COL_NUM, .n = l->n, .num = AT_NEW_ARRAY(gather->arena, at_num, l->n + 1)};
        for (uint32_t k = 0; k < l->n_lanes; k++)
            l->sums[j * l->n_lanes + k] = at_num_int(0);
        for (uint32_t i = 0; i < l->n; i++)
            l->runs[j]->values.num[i] = at_num_int(0);
    }
}

/* A run of a shorter span than that of the lanes begins again with the first row of the next one. */
static void begin_spans(struct looping *l, uint32_t j, const uint32_t *rows, uint32_t n, uint32_t round) {
    int32_t kind = kind_of(l, j);
    if (round == 0 || kind == longest_span(l)) return;
    for (uint32_t k = 0; k < n; k++) {
        const struct entry *own = &l->all.entries.at[rows[k]],
                           *before = &l->all.entries.at[l->order[l->lanes[k].start + round - 1]];
        if (span_of(l, own->period, kind) == span_of(l, before->period, kind)) continue;
        l->sums[j * l->n_lanes + k] = at_num_int(0);
        l->states[j * l->n_lanes + k] = AT_STATE_OK;
    }
}

/* What the rows of this round find: the totals of their cells so far. */
static void show_totals(struct looping *l, uint32_t j, const uint32_t *rows, uint32_t n) {
    struct at_col *to = &l->runs[j]->values, *col = &l->space.cols[l->loop->runs[j]];
    const at_num *sums = &l->sums[j * l->n_lanes];
    const uint32_t *states = &l->states[j * l->n_lanes];
    *col = (struct at_col){
        .form = AT_COL_NUM, .n = n, .num = at_arena_get(l->space.arena, n * sizeof *col->num)};
    for (uint32_t k = 0; k < n; k++) {
        bool well = states[k] == AT_STATE_OK;
        col->num[k] = to->num[rows[k]] = well ? sums[k] : at_num_int(0);
        if (well) continue;
        if (!to->state) to->state = AT_NEW_ARRAY(l->gather->arena, uint32_t, l->n);
        if (!col->state) col->state = AT_NEW_ARRAY(l->space.arena, uint32_t, n);
        to->state[rows[k]] = col->state[k] = states[k];
    }
    at_kernel_col_narrow(l->space.arena, col);
}

/* A fault of this round as an exception of its row. The next pass finds the same, which is kept once. */
static uint32_t kept_state(struct looping *l, uint32_t state, const struct entry *entry) {
    if (state < AT_STATE_EXCEPTION + l->faults.base) return state;
    const struct at_kernel_fault *fault = &l->faults.of.at[state - AT_STATE_EXCEPTION - l->faults.base];
    struct at_gather_exception exception =
        at_gather_exception_of(l->gather->exceptions, fault, l->gather->arena);
    exception.payee = entry->payee;
    exception.period = entry->period;
    exception.file = l->gather->data->tables[l->work->scan->table].binding.name;
    exception.line = entry->line;
    return AT_STATE_EXCEPTION + at_gather_exceptions_add(l->gather->exceptions, &exception);
}

/* What the rows of this round give to the totals. A cell that met an exception keeps it. */
static void add_round(struct looping *l, uint32_t j, const uint32_t *rows, uint32_t n) {
    const struct at_plan *plan = l->gather->plan;
    const struct at_col *col = &l->space.cols[plan->carries[plan->nodes[l->loop->runs[j]].a].source];
    at_num *sums = &l->sums[j * l->n_lanes];
    uint32_t *states = &l->states[j * l->n_lanes];
    for (uint32_t k = 0; k < n; k++) {
        const struct entry *entry = &l->all.entries.at[rows[k]];
        uint32_t state = entry->state != AT_STATE_OK ? entry->state : at_col_state(col, k);
        if (states[k] != AT_STATE_OK) continue;
        if (state != AT_STATE_OK) {
            states[k] = kept_state(l, state, entry);
            continue;
        }
        at_num sum = at_num_add(l->space.arena, sums[k], at_kernel_num_at(col, k));
        if (sum.form == AT_NUM_OVERFLOW) sum = at_num_int(0); /* the cell's own total reports it */
        sums[k] = at_num_copy(l->gather->arena, sum);
    }
}

/* Body nodes read the totals like any other column. What they make is forgotten at the end of the round,
 * and sums are copied before. */
static void calculate_round(struct looping *l, const uint32_t *rows, uint32_t n, uint32_t round) {
    struct at_arena_mark mark = at_arena_mark(l->space.arena);
    l->space.n = n;
    l->faults.of.at = NULL;
    l->faults.of.n = l->faults.of.room = 0;
    l->faults.base = (uint32_t)l->gather->exceptions->kept.n;
    for (uint32_t k = 0; k < l->loop->n_inputs; k++) {
        uint32_t id = l->loop->inputs[k];
        if (l->gather->plan->nodes[id].grain == AT_G_CREDIT)
            at_kernel_col_gather_u32(l->space.arena, &l->all.inputs[k], rows, n, &l->space.cols[id]);
    }
    for (uint32_t j = 0; j < l->loop->n_runs; j++) {
        begin_spans(l, j, rows, n, round);
        show_totals(l, j, rows, n);
    }
    for (uint32_t k = 0; k < l->loop->n_body; k++)
        at_kernel_space_eval(&l->space, l->loop->body[k]);
    for (uint32_t j = 0; j < l->loop->n_runs; j++)
        add_round(l, j, rows, n);
    at_arena_reset(l->space.arena, mark);
}

/* Ends when no cell has another row. There are as many rounds as rows in the longest lane. */
static void calculate_rounds(struct looping *l) {
    uint32_t *rows = at_arena_get(l->gather->scratch, (l->n_lanes + 1) * sizeof *rows);
    for (uint32_t round = 0, n = l->n_lanes;; round++) {
        while (n > 0 && l->lanes[n - 1].n <= round)
            n--;
        if (n == 0) return;
        /* The next check returns the stop to the caller of the run. */
        if (round % ROUNDS_UNASKED == 0 && at_watch_cancelled(l->gather->data->watch)) return;
        for (uint32_t k = 0; k < n; k++)
            rows[k] = l->order[l->lanes[k].start + round];
        calculate_round(l, rows, n, round);
    }
}

void at_gather_loop_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    struct at_arena_mark mark = at_arena_mark(gather->scratch);
    struct looping *l = AT_NEW(gather->scratch, struct looping);
    l->gather = gather;
    l->work = work;
    l->loop = loop_at(gather, work, place);
    join_parts(l, place);
    make_lanes(l);
    open_space(l);
    calculate_rounds(l);
    /* base[row] is the number of the first item of a row. Entries are in the order of rows, so one sweep
     * finds all. */
    uint64_t rows = gather->data->tables[work->scan->table].n_rows;
    uint32_t *base = AT_NEW_ARRAY(gather->arena, uint32_t, rows + 1), k = 0;
    for (uint64_t row = 0; row < rows; row++) {
        base[row] = k;
        while (k < l->n && l->all.entries.at[k].row == row)
            k++;
    }
    for (uint32_t j = 0; j < l->loop->n_runs; j++) {
        at_kernel_col_narrow(gather->arena, &l->runs[j]->values);
        l->runs[j]->base = base;
        gather->frame->runnings[l->loop->runs[j]] = l->runs[j];
    }
    at_arena_reset(gather->scratch, mark);
}
