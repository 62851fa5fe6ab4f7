/* gather/running.c: the total of a cell before each of its items, in order of date, key and row.
 *
 * One pass notes the items, the merge orders them and adds up, the next pass reads the result by the item's
 * number. The table is resident (at_session_run_wants), so that a row keeps its number and its key from pass
 * to pass.
 */
#include "base/order.h"
#include "gather/part.h"

struct entry {
    uint64_t row; /* of the table */
    uint32_t cell;
    int32_t day;
    at_str key;
    at_num value;
    uint32_t state;
};

struct at_gather_running_log {
    AT_VEC(struct entry) entries;
};

/* ---- noting */

/* A view of the resident table, or a copy in the part. Both live until the totals are made. */
at_str at_gather_running_key(const struct at_gather_part *part, const struct at_col *col, const at_type *type,
                             uint32_t i) {
    if (at_col_state(col, i) != AT_STATE_OK) return (at_str){0};
    if (col->form == AT_COL_TEXT) return col->text[col->one ? 0 : i];
    struct at_arena *arena = (struct at_arena *)(uintptr_t)&part->arena;
    return at_str_copy(arena, at_col_print(arena, type, col, i));
}

/* Values are copied to the part, because the columns of a batch are forgotten. */
void at_gather_running_note(struct at_gather_part *part, uint32_t place,
                            const struct at_kernel_items *items) {
    uint32_t node = part->work->scan->runnings.at[place];
    const struct at_plan_node *running = &part->gather->plan->nodes[node];
    const struct at_col *value = at_kernel_input(&part->items, node, 0),
                        *date = at_kernel_input(&part->items, node, 1),
                        *key = at_kernel_input(&part->items, node, 2);
    const at_type *key_type = &part->gather->plan->nodes[running->in[2]].type;
    if (!part->runnings[place]) part->runnings[place] = AT_NEW(&part->arena, struct at_gather_running_log);
    struct at_gather_running_log *log = part->runnings[place];
    AT_VEC_ROOM(&part->arena, &log->entries, items->n);
    for (uint32_t i = 0; i < items->n; i++) {
        uint64_t line = part->batch->lines[items->row[i]];
        uint32_t state = at_col_state(value, i);
        if (state == AT_STATE_OK && items->state) state = items->state[i];
        if (state == AT_STATE_OK) state = at_col_state(date, i);
        struct entry entry = {.row = part->batch->first + items->row[i], .cell = items->cell[i]};
        if (state != AT_STATE_OK)
            entry.state = at_gather_part_keep(part, state, AT_STATE_OK, line, (uint32_t)items->payee[i],
                                              (uint32_t)items->period[i]);
        else if (date->form == AT_COL_DAY)
            entry.day = date->day[date->one ? 0 : i];
        entry.value =
            state == AT_STATE_OK ? at_num_copy(&part->arena, at_kernel_num_at(value, i)) : at_num_int(0);
        entry.key = at_gather_running_key(part, key, key_type, i);
        log->entries.at[log->entries.n++] = entry;
    }
}

/* ---- ordering and adding up */

static bool entry_before(const void *context, uint32_t b, uint32_t a) {
    const struct entry *entries = context, *x = &entries[b], *y = &entries[a];
    if (x->cell != y->cell) return x->cell < y->cell;
    if (x->day != y->day) return x->day < y->day;
    return at_str_cmp(x->key, y->key) < 0; /* then by row: the sort is stable */
}

/* Exceptions of the part get their numbers in the run. */
uint32_t at_gather_running_state(struct at_gather *gather, const struct at_gather_work *work,
                                 const struct at_gather_part *part, uint32_t state) {
    if (state < AT_STATE_EXCEPTION + work->known) return state;
    struct at_gather_exception copy = part->kept.at[state - AT_STATE_EXCEPTION - work->known];
    return AT_STATE_EXCEPTION + at_gather_exceptions_add(gather->exceptions, &copy);
}

/* All parts' entries in order of rows, their states in the run's numbers. */
static struct entry *join_parts(struct at_gather *gather, uint32_t place, const struct at_gather_work *work,
                                size_t *n) {
    *n = 0;
    for (unsigned p = 0; p < work->n_parts; p++)
        *n += work->parts[p].runnings[place] ? work->parts[p].runnings[place]->entries.n : 0;
    struct entry *entries = at_arena_get(gather->scratch, (*n + 1) * sizeof *entries);
    size_t k = 0;
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_part *part = &work->parts[p];
        for (size_t i = 0; part->runnings[place] && i < part->runnings[place]->entries.n; i++, k++) {
            entries[k] = part->runnings[place]->entries.at[i];
            entries[k].state = at_gather_running_state(gather, work, part, entries[k].state);
        }
    }
    return entries;
}

/* What an item finds is the total before it, so its own value is added afterwards. An exception holds for
 * all later items of its cell. */
static void add_up(struct at_gather *gather, const struct entry *entries, const uint32_t *order, size_t n,
                   struct at_col *out) {
    struct at_arena *arena = gather->arena;
    *out = (struct at_col){
        .form = AT_COL_NUM, .n = (uint32_t)n, .num = at_arena_get(arena, (n + 1) * sizeof *out->num)};
    at_num sum = at_num_int(0);
    uint32_t state = AT_STATE_OK;
    for (size_t k = 0; k < n; k++) {
        const struct entry *entry = &entries[order[k]];
        if (k == 0 || entries[order[k - 1]].cell != entry->cell) {
            sum = at_num_int(0);
            state = AT_STATE_OK;
        }
        if (sum.form == AT_NUM_OVERFLOW) sum = at_num_int(0); /* the cell's own total reports it */
        out->num[order[k]] = state == AT_STATE_OK ? at_num_copy(arena, sum) : at_num_int(0);
        if (state != AT_STATE_OK && !out->state) out->state = AT_NEW_ARRAY(arena, uint32_t, n);
        if (state != AT_STATE_OK) out->state[order[k]] = state;
        if (state == AT_STATE_OK) state = entry->state;
        sum = at_num_add(gather->scratch, sum, entry->value);
    }
    at_kernel_col_narrow(arena, out);
}

/* `order` sorts numbers of entries. Entries themselves stay in the order of rows, by which the next pass
 * finds them. */
void at_gather_running_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    size_t n;
    struct entry *entries = join_parts(gather, place, work, &n);
    uint32_t *order = at_arena_get(gather->scratch, (n + 1) * sizeof *order);
    for (size_t k = 0; k < n; k++)
        order[k] = (uint32_t)k;
    at_sort(gather->scratch, order, n, entry_before, entries);
    struct at_kernel_running *running = AT_NEW(gather->arena, struct at_kernel_running);
    add_up(gather, entries, order, n, &running->values);
    uint64_t rows = gather->data->tables[work->scan->table].n_rows;
    running->base = AT_NEW_ARRAY(gather->arena, uint32_t, rows + 1);
    size_t k = 0;
    for (uint64_t row = 0; row < rows; row++) {
        running->base[row] = (uint32_t)k;
        while (k < n && entries[k].row == row)
            k++;
    }
    gather->frame->runnings[work->scan->runnings.at[place]] = running;
}
