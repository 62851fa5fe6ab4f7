/* table/pass.c: running the parts of a pass and gathering how they ended. */
#include "table/pass.h"
#include "base/sort.h"
#include "base/threads.h"

#include <limits.h>

/* ---- faults of a batch */

static int by_row(const void *left, const void *right) {
    const struct at_table_cell_fault *a = left, *b = right;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    if (a->column != b->column) return a->column < b->column ? -1 : 1;
    return a->code < b->code ? -1 : a->code > b->code;
}

/* The codes of faults that the source itself finds in a row. */
static enum at_diag_code code_of_row(uint8_t fault) {
    return fault == AT_ROW_SHORT ? AT_A0714 : fault == AT_ROW_LONG ? AT_A0715 : AT_A0716;
}

/* The row of the batch that has the id; rows->n where none does. */
static uint32_t row_at(const struct at_source_rows *rows, uint64_t id) {
    /* Ids ascend within a batch, so a binary search finds the row. */
    uint32_t low = 0, high = rows->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (at_source_rows_id(rows, middle) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rows->n && at_source_rows_id(rows, low) == id ? low : rows->n;
}

/* Rows of earlier passes that are left out: marked so that nothing is said of them again. */
static void mark_known(struct at_table_part *part, struct at_source_rows *rows) {
    const struct at_table_store *store = at_table_store_of(part->pass->data, part->pass->table);
    uint64_t first = at_source_rows_id(rows, 0), last = at_source_rows_id(rows, rows->n - 1);
    while (part->known < store->n_bad && store->bad[part->known].id < first)
        part->known++;
    for (; part->known < store->n_bad && store->bad[part->known].id <= last; part->known++) {
        uint32_t r = row_at(rows, store->bad[part->known].id);
        if (r == rows->n) continue;
        rows->n_faults += rows->fault[r] == AT_ROW_GOOD;
        rows->fault[r] = AT_ROW_VOID;
    }
}

/* Marks rows whose key an earlier row has, found by a pass before this one. part->known only moves
 * forward, because rows and records are in the order of ids. */
static void note_repeated(struct at_table_part *part, struct at_source_rows *rows) {
    const struct at_table_faults *repeated = part->pass->repeated;
    uint64_t first = at_source_rows_id(rows, 0), last = at_source_rows_id(rows, rows->n - 1);
    while (part->known < repeated->rows.n && repeated->rows.at[part->known].id < first)
        part->known++;
    for (; part->known < repeated->rows.n && repeated->rows.at[part->known].id <= last; part->known++) {
        uint32_t r = row_at(rows, repeated->rows.at[part->known].id);
        if (r == rows->n || rows->fault[r] != AT_ROW_GOOD) continue;
        rows->fault[r] = AT_ROW_BAD_CELL;
        rows->n_faults++;
    }
}

/* Moves the faults of the batch to the part, in order of rows and columns. Columns are parsed one after
 * another, so they are found in another order. */
static void note_faults(struct at_table_part *part, struct at_source_rows *rows) {
    struct at_table_parser *parser = &part->parser;
    for (uint32_t r = 0; r < rows->n; r++) {
        if (rows->fault[r] == AT_ROW_GOOD) continue;
        at_table_faults_add_row(&part->faults, at_source_rows_id(rows, r), rows->lines[r],
                                rows->fault[r] == AT_ROW_VOID);
        if (rows->fault[r] <= AT_ROW_VOID) continue;
        struct at_table_cell_fault fault = {r, AT_NO_FIELD, (uint16_t)code_of_row(rows->fault[r]), 0};
        AT_VEC_PUSH(parser->scratch, &parser->faults, fault);
    }
    at_sort_items(parser->scratch, parser->faults.at, parser->faults.n, sizeof *parser->faults.at, by_row);
    for (size_t i = 0; i < parser->faults.n; i++) {
        const struct at_table_cell_fault *f = &parser->faults.at[i];
        at_table_faults_add(&part->faults, (struct at_table_fault){.id = at_source_rows_id(rows, f->row),
                                                                   .line = rows->lines[f->row],
                                                                   .column = f->column,
                                                                   .field = f->field,
                                                                   .code = f->code});
    }
}

/* Returns how many rows are left. rows->n and rows->fault stay as they are. */
uint32_t at_table_pass_drop(struct at_table_part *part, struct at_source_rows *rows, bool only_void) {
    if (rows->n_faults == 0) return rows->n;
    uint8_t *drop = at_arena_get(&part->scratch, rows->n);
    uint32_t n = 0;
    for (uint32_t r = 0; r < rows->n; r++) {
        drop[r] = only_void ? rows->fault[r] == AT_ROW_VOID : rows->fault[r] != AT_ROW_GOOD;
        rows->lines[n] = rows->lines[r];
        n += !drop[r];
    }
    for (uint32_t i = 0; i < part->parser.n_lanes; i++)
        at_col_keep(&part->parser.lanes[i].col, drop);
    return n;
}

/* ---- a part */

/* Everything is made in the arena of the part, by its own thread. Fields that are not parsed have no lane. */
static void set_up(struct at_table_part *part) {
    struct at_table_pass *pass = part->pass;
    struct at_table_dataset *data = pass->data;
    struct at_table_store *store = at_table_store_of(data, pass->table);
    const struct at_schema *schema = data->tables[pass->table].schema;
    part->rows =
        store->source->ops->begin(store->source, &store->layout, part->index, pass->n_parts, &part->arena);
    at_table_order_init(&part->order, &part->arena);
    at_table_faults_init(&part->faults, &part->arena, data->diags);
    part->parser.scratch = &part->scratch;
    part->parser.lanes = AT_NEW_ARRAY(&part->arena, struct at_table_lane, schema->n_fields + 1);
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        if (pass->parse && !pass->parse[f]) continue;
        const struct at_schema_field *field = &schema->fields[f];
        struct at_table_lane *lane = &part->parser.lanes[part->parser.n_lanes++];
        lane->index = (uint16_t)f;
        lane->slot = store->slots[f];
        lane->currency = field->currency_field >= 0 ? store->slots[field->currency_field] : UINT32_MAX;
        lane->column = at_table_store_column(store, f);
        lane->as_text = pass->as_text && pass->as_text[f];
        if (field->type.kind == AT_T_REF) {
            int by = field->ref_field >= 0 ? field->ref_field : data->tables[field->type.table].schema->key;
            lane->target = by >= 0 ? at_table_store_of(data, field->type.table)->index[by] : NULL;
        }
        bool numeric = field->type.kind == AT_T_NUMBER || field->type.kind == AT_T_MONEY ||
                       field->type.kind == AT_T_FOREIGN;
        char separator = store->source->form.separator;
        lane->doubtful =
            numeric && separator && separator != ',' && !field->decimal_comma && !field->decimal_point;
        at_table_lane_init(lane, field, &part->arena);
        lane->watch = store->watch ? store->watch[f] : NULL;
        if (pass->check && !lane->as_text) at_table_watch_lane(lane, &part->arena);
    }
}

/* A fault of the source ends the pass, even if bad rows are skipped: what follows cannot be read. */
static enum at_status end_of_rows(struct at_table_part *part, enum at_source_end end) {
    if (end == AT_SOURCE_END) return AT_OK;
    const struct at_source_fault *fault = &part->rows->fault;
    at_table_faults_add(&part->faults, (struct at_table_fault){.id = fault->row.id,
                                                               .line = fault->row.number,
                                                               .column = fault->column,
                                                               .field = AT_NO_FIELD,
                                                               .code = (uint16_t)fault->code});
    part->fatal = true;
    if (fault->code == AT_A0741) { /* parts do not outlive the pass */
        struct at_table_dataset *data = part->pass->data;
        struct at_source_fault *kept = AT_NEW(data->arena, struct at_source_fault);
        *kept = *fault;
        at_table_store_of(data, part->pass->table)->failure = kept;
    }
    return fault->status;
}

/* A batch, from what its source found in it to what the pass is for. */
static enum at_status take_batch(struct at_table_part *part, struct at_source_rows *rows) {
    struct at_table_pass *pass = part->pass;
    const struct at_table_store *store = at_table_store_of(pass->data, pass->table);
    if (store->n_bad) mark_known(part, rows);
    if (pass->repeated) note_repeated(part, rows);
    if (part->parser.n_lanes) at_table_parse_rows(&part->parser, rows);
    if (pass->check && rows->n_faults) note_faults(part, rows);
    if (pass->watch_order && at_table_order_holds(&part->order)) {
        struct at_source_slices keys =
            at_source_rows_column(rows, store->slots[pass->data->tables[pass->table].schema->key]);
        at_table_order_add(&part->order, &keys, rows->n);
    }
    part->n_rows += rows->n;
    return pass->on_rows ? pass->on_rows(pass->context, part, rows) : AT_OK;
}

/* A part after one that has failed stops: what it finds would not be reported. */
static enum at_status read_part(struct at_table_part *part) {
    struct at_table_pass *pass = part->pass;
    struct at_table_dataset *data = pass->data;
    struct at_source *source = part->rows->source;
    struct at_source_rows rows;
    struct at_arena_mark mark = at_arena_mark(&part->scratch);
    uint64_t told = 0;
    for (;;) {
        if (atomic_load_explicit(&pass->stop, memory_order_relaxed) <= part->index) return AT_OK;
        if (at_watch_cancelled(data->watch)) return AT_CANCELLED;
        enum at_source_end end = source->ops->next(part->rows, &rows);
        if (end != AT_SOURCE_ROWS) return end_of_rows(part, end);
        enum at_status status = take_batch(part, &rows);
        if (status != AT_OK) return status;
        at_arena_reset(&part->scratch, mark);
        if (!pass->check) continue;
        uint64_t more = part->rows->done - told;
        told = part->rows->done;
        uint64_t done = atomic_fetch_add(&data->state->done, more) + more;
        at_watch_show(data->watch, AT_WATCH_READ, source->name, done, data->state->size);
    }
}

struct task {
    struct at_table_part *part;
    enum at_status (*body)(struct at_table_part *part);
};

static void do_task(void *context) {
    const struct task *task = context;
    task->part->status = task->body(task->part);
}

static void run_guarded(struct at_table_part *part, enum at_status (*body)(struct at_table_part *part)) {
    struct task task = {part, body};
    if (!at_guard_run(&part->guard, do_task, &task))
        part->status = at_watch_stopped(part->pass->data->watch) ? AT_CANCELLED : AT_NOMEM;
    if (part->status == AT_OK) return;
    /* Parts before this one go on: what they have to say comes first in the file. */
    unsigned stop = atomic_load(&part->pass->stop), from = part->index + 1;
    if (at_table_must_stop(part->status)) from = 0;
    while (from < stop && !atomic_compare_exchange_weak(&part->pass->stop, &stop, from))
        continue;
}

/* The set-up is inside the guard, because it allocates, too. */
static enum at_status source_body(struct at_table_part *part) {
    set_up(part);
    return read_part(part);
}

/* ---- all parts */

struct crew {
    struct at_table_pass *pass;
    enum at_status (*body)(struct at_table_part *part);
};

static void run_part(void *context, unsigned i) {
    struct crew *crew = context;
    run_guarded(&crew->pass->parts[i], crew->body);
}

/* Returns the gravest status of the parts. No memory is first, then canceled. After these comes the status of
 * the first part, in the order of the file, that has one other than AT_OK. */
static enum at_status gather(const struct at_table_pass *pass) {
    enum at_status status = AT_OK;
    for (unsigned i = 0; i < pass->n_parts; i++) {
        enum at_status s = pass->parts[i].status;
        if (s == AT_NOMEM) return AT_NOMEM;
        if (s == AT_CANCELLED || status == AT_OK) status = s;
    }
    return status;
}

/* Safe to call twice: an arena that is freed is empty. */
static void free_part(void *argument) {
    struct at_table_part *part = argument;
    at_arena_free(&part->scratch);
    at_arena_free(&part->arena);
}

/* `guard` of each part is the place to which its failure of memory returns, on its own thread. */
static enum at_status run_all(struct at_table_pass *pass,
                              enum at_status (*body)(struct at_table_part *part)) {
    struct at_table_dataset *data = pass->data;
    struct at_arena *scratch = &data->state->scratch;
    pass->parts = AT_NEW_ARRAY(scratch, struct at_table_part, pass->n_parts);
    for (unsigned i = 0; i < pass->n_parts; i++) {
        struct at_table_part *part = &pass->parts[i];
        part->pass = pass;
        part->index = i;
        at_arena_init(&part->arena, data->arena->alloc, &part->guard);
        at_arena_init(&part->scratch, data->arena->alloc, &part->guard);
        part->arena.watch = part->scratch.watch = data->arena->watch;
        /* Where memory fails on this thread between here and at_table_pass_end, the parts' goes with the
         * scratch.
         */
        at_arena_defer(scratch, free_part, part);
    }
    atomic_store(&pass->stop, UINT_MAX);
    if (pass->begin) pass->begin(pass->context, pass->n_parts);
    struct crew crew = {pass, body};
    at_threads_run(pass->n_parts, run_part, &crew, data->watch);
    return gather(pass);
}

enum at_status at_table_pass_source(struct at_table_pass *pass) {
    struct at_table_dataset *data = pass->data;
    struct at_source *source = at_table_store_of(data, pass->table)->source;
    pass->n_parts = 1;
    if (!pass->single && data->threads > 1)
        pass->n_parts = source->ops->split(source, data->threads, &data->state->scratch, data->watch);
    return run_all(pass, source_body);
}

enum at_status at_table_pass_resident(struct at_table_pass *pass,
                                      enum at_status (*body)(struct at_table_part *part)) {
    uint64_t n = pass->data->tables[pass->table].n_rows, batches = n / AT_BATCH_ROWS;
    unsigned threads = pass->single || pass->data->threads < 1 ? 1 : pass->data->threads;
    /* A thread is worth its making from a few batches on. */
    pass->n_parts = batches / 4 < threads ? (unsigned)(batches / 4) : threads;
    if (pass->n_parts == 0) pass->n_parts = 1;
    return run_all(pass, body);
}

void at_table_pass_end(struct at_table_pass *pass) {
    for (unsigned i = 0; i < pass->n_parts; i++)
        free_part(&pass->parts[i]);
    pass->n_parts = 0;
}

/* What lanes count for a question or a warning about a column as a whole. */
struct counted {
    uint64_t n, line; /* the line of the first one */
};

static void count_in(struct counted *counted, uint64_t n, uint64_t line) {
    if (n && counted->n == 0) counted->line = line;
    counted->n += n;
}

/* Parts are in the order of the file, so the first line is that of the first part with such a cell. */
bool at_table_pass_tell_columns(const struct at_table_pass *pass) {
    struct at_table_dataset *data = pass->data;
    const struct at_schema *schema = data->tables[pass->table].schema;
    struct at_arena *scratch = &data->state->scratch;
    struct at_arena_mark mark = at_arena_mark(scratch);
    struct counted *trimmed = AT_NEW_ARRAY(scratch, struct counted, schema->n_fields + 1),
                   *bare = AT_NEW_ARRAY(scratch, struct counted, schema->n_fields + 1);
    for (unsigned p = 0; p < pass->n_parts; p++)
        for (uint32_t i = 0; i < pass->parts[p].parser.n_lanes; i++) {
            const struct at_table_lane *lane = &pass->parts[p].parser.lanes[i];
            count_in(&trimmed[lane->index], lane->trimmed, lane->trimmed_line);
            count_in(&bare[lane->index], lane->bare, lane->bare_line);
        }
    bool asked = false;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        asked |= bare[f].n > 0;
        if (trimmed[f].n) at_table_tell_trimmed(data, pass->table, f, trimmed[f].n, trimmed[f].line);
        if (bare[f].n) at_table_tell_bare(data, pass->table, f, bare[f].n, bare[f].line);
    }
    at_arena_reset(scratch, mark);
    return asked;
}
