/* settle/lines.c: payout lines: noted item by item while a table streams, collected in the promised order at
 * the end.
 *
 * The order is payee by key, period, component, key. Notes are counted into buckets of (payee, period,
 * component) and copied there; keys within a bucket are sorted only where the file has not brought them in
 * order.
 */
#include "settle/exec.h"
#include "settle/sort.h"

#define CHUNK_NOTES 4096
#define KEY_PIECE ((size_t)1 << 16)

struct note {
    const char *key;
    int64_t minor;
    uint32_t cell, key_n;
};

struct at_line_chunk {
    struct at_line_chunk *next;
    uint32_t n;
    struct note notes[CHUNK_NOTES];
};

/* ---- noting */

static const struct at_plan_component *component_of(const struct at_part *part, uint32_t place) {
    return &part->exec->run.plan->components[part->work->scan->components.at[place]];
}

static struct note *next_note(struct at_part *part, struct at_line_log *log) {
    struct at_line_chunk *chunk = log->last;
    if (!chunk || chunk->n == CHUNK_NOTES) {
        chunk = at_arena_get(&part->arena, sizeof *chunk);
        chunk->next = NULL;
        chunk->n = 0;
        if (log->last)
            log->last->next = chunk;
        else
            log->first = chunk;
        log->last = chunk;
    }
    log->n++;
    return &chunk->notes[chunk->n++];
}

static const char *keep_key(struct at_part *part, struct at_line_log *log, at_str key) {
    if (key.n > (size_t)(log->keys_end - log->keys)) {
        size_t size = key.n > KEY_PIECE ? key.n : KEY_PIECE;
        log->keys = at_arena_get(&part->arena, size);
        log->keys_end = log->keys + size;
    }
    char *kept = log->keys;
    if (key.n) memcpy(kept, key.p, key.n);
    log->keys += key.n;
    return kept;
}

static unsigned digits_of(const struct at_exec *exec) {
    const struct at_currency_info *currency = at_currency_info(exec->run.plan->checked->currency);
    return currency ? currency->digits : 2;
}

/* Minor units of all items; false where they are not plainly there. */
static bool minors_64(struct at_part *part, const struct at_col *col, uint32_t n, const int64_t **out) {
    int64_t bound;
    if (col->one) return false;
    return at_lane_at_scale(&part->items, col, n, digits_of(part->exec), out, &bound);
}

static void fault_line(struct at_part *part, uint32_t place, const struct at_items *items, uint32_t i,
                       uint32_t state) {
    struct at_acc *acc = &part->line_states[place];
    at_acc_room(acc, (uint32_t)(part->last_period + 1) * part->exec->run.n_payees);
    if (!acc->state) acc->state = AT_NEW_ARRAY(acc->arena, uint32_t, acc->n);
    uint32_t *held = &acc->state[items->cell[i]];
    *held = at_part_keep(part, state, *held, part->rows.batch->lines[items->row[i]],
                         (uint32_t)items->payee[i], (uint32_t)items->period[i]);
}

static at_str key_of(struct at_part *part, const struct at_feed_work *work, uint32_t i) {
    if (work->feed->key == AT_NO_NODE) return (at_str){0};
    const struct at_col *col = &part->items.cols[work->feed->key];
    if (col->form == AT_COL_TEXT) return col->text[col->one ? 0 : i];
    return at_col_print(part->items.arena, &part->exec->run.plan->nodes[work->feed->key].type, col, i);
}

/* Item i, whatever its value and its key are. */
static void note_slowly(struct at_part *part, const struct at_feed_work *work, uint32_t place,
                        const struct at_items *items, uint32_t i) {
    const struct at_plan_component *c = component_of(part, place);
    const struct at_col *value = &part->items.cols[c->lines];
    uint32_t state = at_col_state(value, i);
    if (items->state && items->state[i] != AT_STATE_OK) state = items->state[i];
    int64_t minor = 0;
    if (state == AT_STATE_OK &&
        !at_num_to_i64(part->items.arena, at_num_at(value, i), digits_of(part->exec), &minor))
        state = at_space_fault(&part->items, c->lines, i, AT_A0804, (at_str){0});
    if (state != AT_STATE_OK) {
        fault_line(part, place, items, i, state);
        return;
    }
    at_str key = key_of(part, work, i);
    struct note *note = next_note(part, &part->lines[place]);
    *note = (struct note){.key = keep_key(part, &part->lines[place], key),
                          .minor = minor,
                          .cell = items->cell[i],
                          .key_n = key.n};
}

/* Whether items are to be noted, by the component's condition at CREDIT grain; NULL: all. */
static const struct at_col *condition_of(const struct at_part *part, const struct at_plan_component *c) {
    if (c->lines_when == AT_NO_NODE || part->exec->run.plan->nodes[c->lines_when].grain != AT_G_CREDIT)
        return NULL;
    return &part->items.cols[c->lines_when];
}

static void note_plain(struct at_part *part, const struct at_feed_work *work, uint32_t place,
                       const struct at_items *items, const struct at_col *when, const int64_t *minors) {
    struct at_line_log *log = &part->lines[place];
    const at_str *keys = part->items.cols[work->feed->key].text;
    bool resident =
        part->exec->run.data->tables[part->work->scan->table].resident; /* keys stay where they are */
    for (uint32_t i = 0; i < items->n; i++) {
        if (when && !when->flag[when->one ? 0 : i]) continue;
        struct note *note = next_note(part, log);
        note->key = resident ? keys[i].p : keep_key(part, log, keys[i]);
        note->key_n = keys[i].n;
        note->minor = minors[i];
        note->cell = items->cell[i];
    }
}

void at_lines_note(struct at_part *part, const struct at_feed_work *work, uint32_t place,
                   const struct at_items *items) {
    const struct at_plan_component *c = component_of(part, place);
    const struct at_col *when = condition_of(part, c), *value = &part->items.cols[c->lines];
    const struct at_col *key = work->feed->key == AT_NO_NODE ? NULL : &part->items.cols[work->feed->key];
    const int64_t *minors;
    bool plain = !items->state && !value->state && !(when && when->state) && key &&
                 key->form == AT_COL_TEXT && !key->one && !key->state;
    if (plain && minors_64(part, value, items->n, &minors)) {
        note_plain(part, work, place, items, when, minors);
        return;
    }
    for (uint32_t i = 0; i < items->n; i++) {
        uint32_t state = when ? at_col_state(when, i) : AT_STATE_OK;
        if (state != AT_STATE_OK)
            fault_line(part, place, items, i, state);
        else if (!when || when->flag[when->one ? 0 : i])
            note_slowly(part, work, place, items, i);
    }
}

/* ---- collecting */

struct collection {
    struct at_exec *exec;
    uint32_t first, periods; /* paid: indexes from `first` */
    uint32_t *slot_of_cell;  /* payee rank * periods + period; AT_NOBODY where nothing is paid */
    uint64_t *start;         /* by slot * components + component: where its lines begin */
    uint64_t n_buckets;
};

/* Cells that are paid, numbered in the order of lines. */
static void number_slots(struct collection *c) {
    const struct at_run *run = &c->exec->run;
    uint32_t cells = run->n_periods * run->n_payees;
    c->slot_of_cell = at_arena_get(&c->exec->scratch, ((size_t)cells + 1) * sizeof *c->slot_of_cell);
    memset(c->slot_of_cell, 0xFF, cells * sizeof *c->slot_of_cell);
    for (uint32_t rank = 0; rank < run->n_payees; rank++) {
        uint32_t payee = run->payees_by_key[rank];
        for (uint32_t p = 0; run->covered[payee] && p < c->periods; p++)
            if (!at_is_withheld(c->exec, payee, c->first + p))
                c->slot_of_cell[(c->first + p) * run->n_payees + payee] = rank * c->periods + p;
    }
}

/* Whether a noted line is paid: its cell is, and the component's condition for the cell holds. */
static inline bool is_paid(const struct collection *c, const struct at_col *when, const struct note *note) {
    if (c->slot_of_cell[note->cell] == AT_NOBODY) return false;
    return !when || when->flag[when->one ? 0 : note->cell];
}

static const struct at_col *cell_condition(const struct at_exec *exec,
                                           const struct at_plan_component *component) {
    if (component->lines_when == AT_NO_NODE ||
        exec->run.plan->nodes[component->lines_when].grain != AT_G_CELL)
        return NULL;
    return &exec->run.cols[component->lines_when];
}

/* Calls `visit` for each log that a scan has written: component by component, in order of the file. */
static void each_log(struct collection *c,
                     void (*visit)(struct collection *c, uint32_t component, const struct at_line_log *log)) {
    for (size_t w = 0; w < c->exec->works.n; w++) {
        const struct at_table_work *work = c->exec->works.at[w];
        for (uint32_t k = 0; k < work->scan->components.n; k++)
            for (unsigned p = 0; p < work->n_parts; p++)
                visit(c, work->scan->components.at[k], &work->parts[p].lines[k]);
    }
}

static void count_notes(struct collection *c, uint32_t component, const struct at_line_log *log) {
    const struct at_exec *exec = c->exec;
    uint32_t width = exec->run.plan->n_components;
    const struct at_col *when = cell_condition(exec, &exec->run.plan->components[component]);
    for (const struct at_line_chunk *chunk = log->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->n; i++) {
            const struct note *note = &chunk->notes[i];
            if (is_paid(c, when, note)) c->start[(uint64_t)c->slot_of_cell[note->cell] * width + component]++;
        }
}

static void place_notes(struct collection *c, uint32_t component, const struct at_line_log *log) {
    struct at_exec *exec = c->exec;
    uint32_t width = exec->run.plan->n_components, payees = exec->run.n_payees;
    const struct at_col *when = cell_condition(exec, &exec->run.plan->components[component]);
    for (const struct at_line_chunk *chunk = log->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->n; i++) {
            const struct note *note = &chunk->notes[i];
            if (!is_paid(c, when, note)) continue;
            uint64_t at = c->start[(uint64_t)c->slot_of_cell[note->cell] * width + component]++;
            exec->run.lines[at] = (struct at_line){.payee = note->cell % payees,
                                                   .period = note->cell / payees,
                                                   .component = (uint16_t)component,
                                                   .key = {note->key, note->key_n},
                                                   .minor = note->minor};
        }
}

/* ---- order within a bucket */

static bool line_before(const void *context, uint32_t b, uint32_t a) {
    const struct at_line *lines = context;
    int order = at_str_cmp(lines[b].key, lines[a].key);
    return order != 0 ? order < 0 : lines[b].minor < lines[a].minor;
}

static void order_bucket(struct at_exec *exec, uint64_t first, uint64_t end) {
    struct at_line *lines = exec->run.lines + first;
    uint32_t n = (uint32_t)(end - first), i = 1;
    while (i < n && !line_before(lines, i, i - 1))
        i++;
    if (i >= n) return;
    struct at_arena_mark mark = at_arena_mark(&exec->scratch);
    uint32_t *order = at_arena_get(&exec->scratch, n * sizeof *order);
    struct at_line *copy = at_arena_get(&exec->scratch, n * sizeof *copy);
    for (i = 0; i < n; i++)
        order[i] = i;
    at_sort(&exec->scratch, order, n, line_before, lines);
    memcpy(copy, lines, n * sizeof *copy);
    for (i = 0; i < n; i++)
        lines[i] = copy[order[i]];
    at_arena_reset(&exec->scratch, mark);
}

/* ---- everything */

static bool has_notes(const struct at_plan_component *component) {
    return component->lines != AT_NO_NODE;
}

/* One line for each paid cell of a component without lines of its own. */
static void place_cells(struct collection *c, uint32_t component) {
    struct at_exec *exec = c->exec;
    const struct at_run *run = &exec->run;
    const struct at_col *value = &run->cols[run->plan->components[component].value];
    uint32_t width = run->plan->n_components;
    unsigned digits = digits_of(exec);
    for (uint32_t cell = 0; cell < run->n_periods * run->n_payees; cell++) {
        uint32_t slot = c->slot_of_cell[cell];
        if (slot == AT_NOBODY) continue;
        int64_t minor = 0;
        at_num_to_i64(&exec->scratch, at_num_at(value, cell), digits,
                      &minor); /* that it fits was looked at when withholding */
        run->lines[c->start[(uint64_t)slot * width + component]++] =
            (struct at_line){.payee = cell % run->n_payees,
                             .period = cell / run->n_payees,
                             .component = (uint16_t)component,
                             .minor = minor};
    }
}

/* Counts into starts: start[b] is then where bucket b begins. */
static uint64_t sum_starts(struct collection *c) {
    uint64_t at = 0;
    for (uint64_t b = 0; b < c->n_buckets; b++) {
        uint64_t n = c->start[b];
        c->start[b] = at;
        at += n;
    }
    return at;
}

void at_lines_collect(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    uint32_t width = run->plan->n_components;
    struct collection c = {.exec = exec, .first = exec->paid_from, .periods = exec->paid_periods};
    if (exec->options->no_lines || width == 0) return;
    number_slots(&c);
    c.n_buckets = (uint64_t)run->n_payees * c.periods * width;
    c.start = AT_NEW_ARRAY(&exec->scratch, uint64_t, c.n_buckets + 1);
    each_log(&c, count_notes);
    for (uint32_t k = 0; k < width; k++) {
        if (has_notes(&run->plan->components[k])) continue;
        for (uint32_t cell = 0; cell < run->n_periods * run->n_payees; cell++)
            if (c.slot_of_cell[cell] != AT_NOBODY) c.start[(uint64_t)c.slot_of_cell[cell] * width + k]++;
    }
    run->n_lines = sum_starts(&c);
    run->lines = at_arena_get(run->arena, (run->n_lines + 1) * sizeof *run->lines);
    each_log(&c, place_notes);
    for (uint32_t k = 0; k < width; k++)
        if (!has_notes(&run->plan->components[k])) place_cells(&c, k);
    uint64_t first = 0; /* start[b] is now where bucket b ends */
    for (uint64_t b = 0; b < c.n_buckets; first = c.start[b++])
        if (c.start[b] - first > 1) order_bucket(exec, first, c.start[b]);
}
