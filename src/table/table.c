/* table/table.c: the dataset as other rooms see it: binding, loading, passing over, looking up. */
#include "table/table.h"

#include "table/alike.h"
#include "table/columns.h"
#include "table/pass.h"
#include "table/store.h"

static void free_scratch(void *argument) {
    at_arena_free(argument);
}

/* Scratch memory is released with `arena`, also if a failure of memory ends the run. */
void at_table_dataset_init(struct at_table_dataset *data, struct at_arena *arena, struct at_diag_list *diags,
                           const struct at_schema *schemas, uint32_t n_schemas) {
    *data = (struct at_table_dataset){.arena = arena, .diags = diags, .n_tables = n_schemas, .threads = 1};
    data->tables = AT_NEW_ARRAY(arena, struct at_table, n_schemas + 1);
    data->state = AT_NEW(arena, struct at_table_data_state);
    data->state->stores = AT_NEW_ARRAY(arena, struct at_table_store, n_schemas + 1);
    at_arena_init(&data->state->scratch, arena->alloc, arena->oom);
    at_arena_defer(arena, free_scratch, &data->state->scratch);
    for (uint32_t t = 0; t < n_schemas; t++) {
        data->tables[t].schema = &schemas[t];
        struct at_table_store *store = at_table_store_of(data, t);
        store->slots = AT_NEW_ARRAY(arena, uint32_t, schemas[t].n_fields + 1);
        store->index = AT_NEW_ARRAY(arena, struct at_table_key_index *, schemas[t].n_fields + 1);
        store->indexed = AT_NEW_ARRAY(arena, bool, schemas[t].n_fields + 1);
    }
}

void at_table_dataset_forget_scan(struct at_table_dataset *data) {
    at_arena_free(&data->state->scratch);
}

/* ---- loading */

/* Whether the rows have a key of several fields, which is compared as values, in memory. */
static bool has_key(const struct at_schema *schema) {
    for (uint32_t k = 0; k < schema->n_rules; k++)
        if (schema->rules[k].kind == AT_RULE_KEY) return true;
    return false;
}

/* Tables that are referred to stay in memory, and their keys are indexed, before any row is read. */
static void mark_wanted(struct at_table_dataset *data, const bool *keep) {
    for (uint32_t t = 0; t < data->n_tables; t++) {
        struct at_table *table = &data->tables[t];
        const struct at_schema *schema = table->schema;
        struct at_table_store *store = at_table_store_of(data, t);
        table->resident |= schema->payee || schema->referenced || (keep && keep[t]) || has_key(schema);
        for (uint32_t f = 0; f < schema->n_fields; f++) {
            const struct at_schema_field *field = &schema->fields[f];
            store->indexed[f] |= field->key || field->unique;
            if (field->type.kind != AT_T_REF) continue;
            const struct at_schema *other = data->tables[field->type.table].schema;
            int by = field->ref_field >= 0 ? field->ref_field : other->key;
            data->tables[field->type.table].resident = true;
            if (by >= 0) at_table_store_of(data, field->type.table)->indexed[by] = true;
        }
    }
}

/* Opens the source and reads its header. A source that has all rows as values makes its table resident. */
static enum at_status open_table(struct at_table_dataset *data, uint32_t t) {
    struct at_table *table = &data->tables[t];
    struct at_table_store *store = at_table_store_of(data, t);
    struct at_source_fault fault = {0};
    store->source = at_source_new(&table->binding, data->arena);
    if (!store->source) {
        at_table_tell_no_source(data, t);
        return AT_REJECTED;
    }
    if (!store->source->ops->open(store->source, &data->state->scratch, &fault)) {
        at_table_tell_source(data, t, &fault);
        return fault.status;
    }
    store->open = true;
    table->resident |= store->source->whole;
    data->state->size += store->source->size;
    return at_table_columns_find(data, t);
}

const struct at_source_form *at_table_dataset_form(const struct at_table_dataset *data, uint32_t table) {
    const struct at_table_store *store = data->state ? at_table_store_of(data, table) : NULL;
    return store && store->open ? &store->source->form : NULL;
}

/* The graver of two results. One bad table does not hide what is wrong with the next. */
static enum at_status worse(enum at_status a, enum at_status b) {
    static const uint8_t gravity[] = {
        [AT_OK] = 0, [AT_REJECTED] = 1, [AT_IO] = 2, [AT_CANCELLED] = 3, [AT_NOMEM] = 4};
    return gravity[b] > gravity[a] ? b : a;
}

/* If a table is bad, the others are still checked, so that one run reports every fault. */
enum at_status at_table_dataset_load(struct at_table_dataset *data, const bool *keep) {
    struct at_arena_mark mark = at_arena_mark(&data->state->scratch);
    enum at_status status = AT_OK;
    mark_wanted(data, keep);
    for (uint32_t t = 0; t < data->n_tables; t++) {
        enum at_status s = open_table(data, t);
        at_table_store_of(data, t)->broken = s != AT_OK;
        status = worse(status, s);
    }
    enum at_status s = at_table_load_residents(data);
    at_arena_reset(&data->state->scratch, mark);
    status = worse(status, s);
    for (uint32_t t = 0; t < data->n_tables; t++) {
        const struct at_table_store *store = at_table_store_of(data, t);
        if (store->broken || store->asked || (store->faulty && !data->bad.skip))
            status = worse(status, AT_REJECTED);
    }
    if (status != AT_OK && !at_table_must_stop(status)) status = worse(status, at_table_dataset_check(data));
    for (uint32_t t = 0; t < data->n_tables && status == AT_OK; t++)
        if (data->tables[t].resident) status = at_table_alike_warn(data, t);
    return status;
}

/* ---- the first pass over a table that is not resident */

static const struct at_table_faults *sorted_faults(struct at_table_dataset *data,
                                                   const struct at_table_pass *pass,
                                                   const struct at_table_faults *repeated) {
    struct at_table_faults *all = AT_NEW(&data->state->scratch, struct at_table_faults);
    at_table_faults_init(all, &data->state->scratch, data->diags);
    for (unsigned i = 0; i < pass->n_parts; i++) {
        at_table_faults_join(all, &pass->parts[i].faults);
        if (pass->parts[i].fatal) break; /* what comes after it in the file is not reliable */
    }
    if (repeated) at_table_faults_join(all, repeated);
    at_table_faults_sort(all);
    return all;
}

/* Later passes leave the same rows out, and report nothing about them again. */
static void keep_bad_rows(struct at_table_dataset *data, struct at_table_store *store,
                          const struct at_table_faults *faults) {
    store->n_bad = faults->rows.n;
    if (store->n_bad == 0) return;
    store->bad = at_arena_get(data->arena, store->n_bad * sizeof *store->bad);
    memcpy(store->bad, faults->rows.at, store->n_bad * sizeof *store->bad);
}

static bool order_holds(const struct at_table_pass *pass) {
    struct at_table_order order = pass->parts[0].order;
    for (unsigned i = 1; i < pass->n_parts; i++)
        at_table_order_join(&order, &pass->parts[i].order);
    return at_table_order_holds(&order);
}

/* Whether two keys of all parts can differ in capitals, blanks, or accents only. */
static bool letters_meet(const struct at_table_pass *pass) {
    struct at_table_letters all = {0};
    uint32_t key = (uint32_t)pass->data->tables[pass->table].schema->key;
    for (unsigned p = 0; p < pass->n_parts; p++)
        for (uint32_t i = 0; i < pass->parts[p].parser.n_lanes; i++) {
            const struct at_table_lane *lane = &pass->parts[p].parser.lanes[i];
            if (lane->index == key && lane->watched && lane->watched->letters)
                at_table_letters_join(&all, lane->watched->letters);
        }
    return at_table_letters_meet(&all);
}

/* Whether a part met the end of what can be read. */
static bool fatal_of(const struct at_table_pass *pass) {
    bool fatal = false;
    for (unsigned i = 0; i < pass->n_parts; i++)
        fatal |= pass->parts[i].fatal;
    return fatal;
}

static uint64_t rows_of(const struct at_table_pass *pass) {
    uint64_t n = 0;
    for (unsigned i = 0; i < pass->n_parts; i++)
        n += pass->parts[i].n_rows;
    return n;
}

/* Where bad rows are left out, it must be known before the rows are handed on which keys are repeated. */
static enum at_status repeated_keys_first(struct at_table_dataset *data, uint32_t t,
                                          struct at_table_faults *repeated) {
    bool *none = AT_NEW_ARRAY(&data->state->scratch, bool, data->tables[t].schema->n_fields);
    struct at_table_pass pass = {.data = data, .table = t, .parse = none, .watch_order = true};
    enum at_status status = at_table_pass_source(&pass);
    /* If the pass failed for another reason, such as memory, keys are not looked at again. */
    bool sorted = (status != AT_OK && !fatal_of(&pass)) || order_holds(&pass);
    uint64_t n_rows = rows_of(&pass);
    at_table_pass_end(&pass);
    if (!sorted) status = at_table_unique_rows(data, t, n_rows, repeated);
    return status;
}

/* Checks every row once, also while it hands rows on. Later passes rely on this and parse only what they
 * need. */
static enum at_status first_pass(struct at_table_dataset *data, uint32_t t, struct at_table_pass *pass) {
    struct at_table_store *store = at_table_store_of(data, t);
    bool keyed = data->tables[t].schema->key >= 0;
    struct at_table_faults repeated;
    at_table_faults_init(&repeated, &data->state->scratch, data->diags);
    if (keyed && data->bad.skip) {
        enum at_status status = repeated_keys_first(data, t, &repeated);
        if (at_table_must_stop(status)) return status;
        pass->repeated = &repeated;
    }
    pass->check = true;
    pass->watch_order = keyed && !data->bad.skip;
    enum at_status status = at_table_pass_source(pass);
    bool fatal = fatal_of(pass);
    /* A file that is cut off by an open quote still has its keys checked up to there. */
    if ((status == AT_OK || fatal) && pass->watch_order && !order_holds(pass))
        status = worse(status, at_table_unique_rows(data, t, rows_of(pass), &repeated));
    if (status == AT_OK && keyed && letters_meet(pass))
        status = worse(status, at_table_unique_near(data, t, rows_of(pass)));
    if (!at_table_must_stop(status)) {
        const struct at_table_faults *all = sorted_faults(data, pass, &repeated);
        at_table_watch_tell(pass);
        store->asked |= at_table_pass_tell_columns(pass);
        at_table_faults_tell(data, t, all);
        store->faulty = all->notes.n > 0;
        store->passed = true;
        keep_bad_rows(data, store, all);
        if (status == AT_OK && (store->asked || (store->faulty && !data->bad.skip))) status = AT_REJECTED;
        data->tables[t].n_rows = rows_of(pass) - store->n_bad;
    }
    store->broken |= fatal;
    at_table_pass_end(pass);
    return status == AT_OK ? at_table_alike_warn(data, t) : status;
}

enum at_status at_table_dataset_check(struct at_table_dataset *data) {
    enum at_status status = AT_OK;
    for (uint32_t t = 0; t < data->n_tables && !at_table_must_stop(status); t++) {
        const struct at_table_store *store = at_table_store_of(data, t);
        if (store->broken || store->passed || !at_table_store_streams(store) || data->tables[t].resident)
            continue;
        struct at_arena_mark mark = at_arena_mark(&data->state->scratch);
        struct at_table_pass pass = {.data = data, .table = t};
        status = worse(status, first_pass(data, t, &pass));
        at_arena_reset(&data->state->scratch, mark);
    }
    return status;
}

/* ---- scans */

struct scanning {
    struct at_table_dataset *data;
    uint32_t table;
    const struct at_table_scan *scan;
    struct at_arena *scratch;
    struct at_col **cols; /* by part: what its batches show */
};

/* Called on the thread of the caller, before the parts start. Each part has columns of its own. */
static void begin_scan(void *context, unsigned n_parts) {
    struct scanning *scanning = context;
    uint32_t n = scanning->data->tables[scanning->table].schema->n_fields + 1;
    scanning->cols = AT_NEW_ARRAY(scanning->scratch, struct at_col *, n_parts);
    for (unsigned i = 0; i < n_parts; i++)
        scanning->cols[i] = AT_NEW_ARRAY(scanning->scratch, struct at_col, n);
    if (scanning->scan->begin) scanning->scan->begin(scanning->scan->context, n_parts);
}

static enum at_status scan_rows(void *context, struct at_table_part *part, struct at_source_rows *rows) {
    struct scanning *scanning = context;
    const struct at_table_scan *scan = scanning->scan;
    /* Bad data pays no one. What a part holds after its first fault is only checked. */
    if (part->faults.notes.n && !scanning->data->bad.skip) return AT_OK;
    uint32_t n = at_table_pass_drop(part, rows, false);
    if (n == 0) return AT_OK;
    struct at_col *cols = scanning->cols[part->index];
    for (uint32_t i = 0; i < part->parser.n_lanes; i++) {
        const struct at_table_lane *lane = &part->parser.lanes[i];
        if (!scan->wanted || scan->wanted[lane->index]) cols[lane->index] = lane->col;
    }
    struct at_table_batch batch = {.n = n, .cols = cols, .lines = rows->lines};
    return scan->on_batch(scan->context, part->index, &batch, &part->scratch);
}

/* Batches are slices of the resident columns: nothing is parsed or copied. */
static enum at_status scan_resident(struct at_table_part *part) {
    struct scanning *scanning = part->pass->context;
    const struct at_table_scan *scan = scanning->scan;
    const struct at_table *table = &scanning->data->tables[scanning->table];
    uint64_t n = table->n_rows, parts = part->pass->n_parts;
    /* Each row is in exactly one part, also if n is not a multiple of the parts. */
    uint64_t from = n * part->index / parts, to = n * (part->index + 1) / parts;
    struct at_col *cols = scanning->cols[part->index];
    uint64_t *lines = table->lines ? NULL : AT_NEW_ARRAY(&part->arena, uint64_t, AT_BATCH_ROWS);
    struct at_arena_mark mark = at_arena_mark(&part->scratch);
    for (uint64_t first = from; first < to; first += AT_BATCH_ROWS) {
        if (at_watch_cancelled(scanning->data->watch)) return AT_CANCELLED;
        uint32_t count = to - first < AT_BATCH_ROWS ? (uint32_t)(to - first) : AT_BATCH_ROWS;
        for (uint32_t f = 0; f < table->schema->n_fields; f++)
            if (!scan->wanted || scan->wanted[f])
                cols[f] = at_col_slice(&table->cols[f], (uint32_t)first, count);
        for (uint32_t r = 0; lines && r < count; r++)
            lines[r] = first + r + 1;
        struct at_table_batch batch = {
            .n = count, .cols = cols, .lines = lines ? lines : table->lines + first, .first = first};
        enum at_status status = scan->on_batch(scan->context, part->index, &batch, &part->scratch);
        if (status != AT_OK) return status;
        at_arena_reset(&part->scratch, mark);
    }
    return AT_OK;
}

/* A table in memory whose rows are one batch: on the caller's thread, without the means of parts. */
static enum at_status scan_small(struct at_table_dataset *data, uint32_t t,
                                 const struct at_table_scan *scan) {
    const struct at_table *table = &data->tables[t];
    struct at_arena *scratch = &data->state->scratch;
    uint32_t n = (uint32_t)table->n_rows;
    if (at_watch_cancelled(data->watch)) return AT_CANCELLED;
    if (scan->begin) scan->begin(scan->context, 1);
    if (n == 0) return AT_OK;
    struct at_col *cols = AT_NEW_ARRAY(scratch, struct at_col, table->schema->n_fields + 1);
    uint64_t *lines = table->lines ? table->lines : at_arena_get(scratch, n * sizeof *lines);
    for (uint32_t f = 0; f < table->schema->n_fields; f++)
        if (!scan->wanted || scan->wanted[f]) cols[f] = at_col_slice(&table->cols[f], 0, n);
    for (uint32_t r = 0; !table->lines && r < n; r++)
        lines[r] = r + 1;
    struct at_table_batch batch = {.n = n, .cols = cols, .lines = lines};
    return scan->on_batch(scan->context, 0, &batch, scratch);
}

/* Four ways, by what is known of the table: in memory and small, in memory, never passed over, passed over
 * before. */
enum at_status at_table_dataset_scan(struct at_table_dataset *data, uint32_t table,
                                     const struct at_table_scan *scan) {
    struct at_table_store *store = at_table_store_of(data, table);
    if (store->broken) return AT_REJECTED;
    struct at_arena_mark mark = at_arena_mark(&data->state->scratch);
    struct scanning scanning = {data, table, scan, &data->state->scratch, NULL};
    struct at_table_pass pass = {
        .data = data, .table = table, .begin = begin_scan, .on_rows = scan_rows, .context = &scanning};
    pass.single = scan->single;
    enum at_status status;
    if (data->tables[table].resident && data->tables[table].n_rows <= AT_BATCH_ROWS) {
        status = scan_small(data, table, scan);
    } else if (data->tables[table].resident) {
        status = at_table_pass_resident(&pass, scan_resident);
        at_table_pass_end(&pass);
    } else if (!store->passed) {
        status = first_pass(data, table, &pass);
    } else {
        /* Rows were checked by the first pass, so only the fields that are wanted are parsed. */
        pass.parse = scan->wanted;
        status = at_table_pass_source(&pass);
        /* Row faults were told at the first pass; that the file changed since then was not. */
        if (fatal_of(&pass)) at_table_faults_tell(data, table, sorted_faults(data, &pass, NULL));
        at_table_pass_end(&pass);
        if (status == AT_OK && (store->asked || (store->faulty && !data->bad.skip))) status = AT_REJECTED;
    }
    at_arena_reset(&data->state->scratch, mark);
    return status;
}

/* ---- looking up */

/* -1 also for a row that was left out. */
int64_t at_table_dataset_find(const struct at_table_dataset *data, uint32_t table, int field, at_str text) {
    const struct at_schema *schema = data->tables[table].schema;
    if (field < 0 || (uint32_t)field >= schema->n_fields) return -1;
    const struct at_table_key_index *index = at_table_store_of(data, table)->index[field];
    if (!index) return -1;
    int32_t row = at_table_key_find(index, at_str_trim(text));
    return row < 0 ? -1 : row;
}

at_str at_table_dataset_print(const struct at_table_dataset *data, struct at_arena *arena, uint32_t table,
                              int field, const struct at_col *col, uint32_t i) {
    const struct at_schema_field *f = &data->tables[table].schema->fields[field];
    /* A reference is followed to the text by which its row is named; a chain of references as far as it
     * leads. */
    for (uint32_t steps = 0; f->type.kind == AT_T_REF && col->form == AT_COL_ROW && steps <= data->n_tables;
         steps++) {
        if (at_col_state(col, i) != AT_STATE_OK) return (at_str){"", 0};
        const struct at_table *other = &data->tables[f->type.table];
        int by = f->ref_field >= 0 ? f->ref_field : other->schema->key;
        int32_t row = col->row[col->one ? 0 : i];
        if (by < 0 || !other->cols || row < 0) break;
        f = &other->schema->fields[by];
        col = &other->cols[by];
        i = (uint32_t)row;
    }
    return at_col_print(arena, &f->type, col, i);
}
