/* table/load.c: tables that stay in memory. It reads them, indexes their keys and follows their references.
 *
 * Tables with a circular reference are one group. Most often, such a table refers to itself: rep.manager. The
 * order of groups is such that a table's references lead only into groups that are done. Within a group,
 * references are kept as text until all its tables are read. If bad rows are left out, rows that refer to
 * them are bad too, and so on. Then the rows that remain are numbered again.
 */
#include "table/alike.h"
#include "table/pass.h"
#include "table/store.h"

struct loaded { /* a table on its way */
    bool here;  /* it belongs to the current group */
    struct at_table *table;
    struct at_table_store *store;
    uint32_t *rooms; /* by field: capacity of its column */
    bool *as_text;   /* by field: a reference within the group */
    at_str **texts;  /* by field: texts of an indexed field that is not a text column */
    uint32_t *text_rooms;
    uint64_t *ids; /* by row, while loading */
    uint8_t *dead; /* by row: bad */
    uint32_t n, room;
    struct at_table_faults faults;
};

struct loader {
    struct at_table_dataset *data;
    struct at_arena *arena; /* scratch of the load */
    struct loaded *tables;  /* by table */
};

/* ---- reading */

/* Lines go to the run's arena, because results show them. Ids and marks are needed while loading only. */
static void add_rows(struct loaded *loaded, struct loader *loader, const struct at_source_rows *rows,
                     uint32_t n) {
    uint32_t need = loaded->n + n;
    if (need > loaded->room) {
        uint32_t room = loaded->room * 2 > need ? loaded->room * 2 : need + 64;
        struct at_arena *run = loader->data->arena;
        loaded->table->lines = at_arena_extend(run, loaded->table->lines, loaded->room * sizeof(uint64_t),
                                               room * sizeof(uint64_t));
        loaded->ids = at_arena_extend(loader->arena, loaded->ids, loaded->room * sizeof(uint64_t),
                                      room * sizeof(uint64_t));
        loaded->dead = at_arena_extend(loader->arena, loaded->dead, loaded->room, room);
        loaded->room = room;
    }
    uint32_t at = loaded->n;
    for (uint32_t r = 0; r < rows->n; r++) {
        if (rows->fault[r] == AT_ROW_VOID) continue;
        loaded->ids[at] = at_source_rows_id(rows, r);
        loaded->table->lines[at] = rows->lines[r];
        loaded->dead[at++] = rows->fault[r] != AT_ROW_GOOD;
    }
}

/* Keys that are not texts (numbers, dates) are looked up as they are written, so their texts are kept as
 * well. */
static void add_texts(struct loaded *loaded, struct loader *loader, const struct at_source_rows *rows,
                      uint32_t f) {
    uint32_t need = loaded->n + rows->n;
    if (need > loaded->text_rooms[f]) {
        uint32_t room = loaded->text_rooms[f] * 2 > need ? loaded->text_rooms[f] * 2 : need;
        loaded->texts[f] = at_arena_extend(loader->data->arena, loaded->texts[f],
                                           loaded->text_rooms[f] * sizeof(at_str), room * sizeof(at_str));
        loaded->text_rooms[f] = room;
    }
    struct at_source_slices cells = at_source_rows_column(rows, loaded->store->slots[f]);
    uint32_t at = loaded->n;
    for (uint32_t r = 0; r < rows->n; r++)
        if (rows->fault[r] != AT_ROW_VOID)
            loaded->texts[f][at++] =
                at_str_copy(loader->data->arena, at_source_slice_trim(at_source_slices_get(&cells, r)));
}

/* Void rows are dropped, bad rows stay: references to them must be found until load_group leaves them out. */
static enum at_status take_rows(void *context, struct at_table_part *part, struct at_source_rows *rows) {
    struct loader *loader = context;
    struct loaded *loaded = &loader->tables[part->pass->table];
    const struct at_schema *schema = loaded->table->schema;
    uint32_t n_void = 0;
    for (uint32_t r = 0; rows->n_faults && r < rows->n; r++)
        n_void += rows->fault[r] == AT_ROW_VOID;
    uint32_t n = rows->n - n_void;
    if ((uint64_t)loaded->n + n > INT32_MAX - 8) {
        at_table_faults_add(&part->faults, (struct at_table_fault){.field = AT_NO_FIELD,
                                                                   .code = AT_A0734,
                                                                   .id = at_source_rows_id(rows, 0)});
        part->fatal = true;
        return AT_REJECTED;
    }
    add_rows(loaded, loader, rows, n);
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (loaded->texts[f] ||
            (loaded->store->indexed[f] && at_col_form_of(&schema->fields[f].type) != AT_COL_TEXT))
            add_texts(loaded, loader, rows, f);
    at_table_pass_drop(part, rows, true);
    for (uint32_t i = 0; i < part->parser.n_lanes; i++) {
        uint32_t f = part->parser.lanes[i].index;
        at_col_append(loader->data->arena, &loaded->table->cols[f], &loaded->rooms[f],
                      &part->parser.lanes[i].col);
    }
    loaded->n += n;
    return AT_OK;
}

/* One part, so that rows have their numbers in the order of the file. */
static enum at_status read_table(struct loader *loader, uint32_t t) {
    struct at_table_dataset *data = loader->data;
    struct loaded *loaded = &loader->tables[t];
    struct at_table_pass pass = {.data = data,
                                 .table = t,
                                 .check = true,
                                 .as_text = loaded->as_text,
                                 .on_rows = take_rows,
                                 .context = loader,
                                 .single = true};
    enum at_status status = at_table_pass_source(&pass);
    struct at_table_part *part = &pass.parts[0];
    at_table_faults_join(&loaded->faults, &part->faults);
    bool fatal = part->fatal;
    if (!at_table_must_stop(status)) at_table_watch_tell(&pass);
    loaded->store->asked |= at_table_pass_tell_columns(&pass);
    at_table_pass_end(&pass);
    /* What a cut-off source still gave stands, so that references to it are not faults as well. */
    loaded->store->broken = fatal;
    return fatal && status == AT_REJECTED ? AT_OK : status;
}

/* ---- keys */

/* The key as it was written. Sources of values have no texts, so keys are printed. */
static at_str key_text(struct loader *loader, const struct loaded *loaded, uint32_t t, uint32_t f,
                       uint32_t row) {
    const struct at_col *col = &loaded->table->cols[f];
    if (!at_table_store_streams(loaded->store))
        return at_table_dataset_print(loader->data, loader->data->arena, t, (int)f, col, row);
    if (loaded->texts[f]) return loaded->texts[f][row];
    return at_col_state(col, row) == AT_STATE_OK ? col->text[row] : (at_str){0};
}

/* Tables of a caller's values have no ids or lines. Their row number serves for both. */
static void mark_dead(struct loaded *loaded, uint32_t row) {
    if (loaded->dead) loaded->dead[row] = 1;
    at_table_faults_add_row(&loaded->faults, loaded->ids ? loaded->ids[row] : row,
                            loaded->table->lines ? loaded->table->lines[row] : row + 1, false);
}

/* A fault that is found after a row was parsed: a duplicate key, or a reference that leads to no row. */
static void note(struct loaded *loaded, uint32_t row, uint32_t f, enum at_diag_code code, uint64_t other) {
    at_table_faults_add(
        &loaded->faults,
        (struct at_table_fault){.id = loaded->ids ? loaded->ids[row] : row,
                                .line = loaded->table->lines ? loaded->table->lines[row] : row + 1,
                                .other = other,
                                .column = at_table_store_column(loaded->store, f),
                                .field = (uint16_t)f,
                                .code = (uint16_t)code});
    mark_dead(loaded, row);
}

#define AT_KEYS_AHEAD 32

static void index_keys(struct loader *loader, uint32_t t) {
    struct loaded *loaded = &loader->tables[t];
    struct at_table_store *store = loaded->store;
    for (uint32_t f = 0; f < loaded->table->schema->n_fields; f++) {
        if (!store->indexed[f]) continue;
        store->index[f] = at_table_key_index_new(loader->data->arena, loaded->n);
        at_str *texts = AT_NEW_ARRAY(loader->arena, at_str, (size_t)loaded->n + 1);
        struct at_table_key ready[AT_KEYS_AHEAD];
        for (uint32_t row = 0; row < loaded->n; row++) {
            for (uint32_t k = row; row % AT_KEYS_AHEAD == 0 && k < loaded->n && k < row + AT_KEYS_AHEAD;
                 k++) {
                texts[k] = key_text(loader, loaded, t, f, k);
                if (texts[k].n) ready[k - row] = at_table_key_ready(store->index[f], texts[k]);
            }
            at_str text = texts[row];
            if (text.n == 0) continue;
            int32_t before =
                at_table_key_put_ready(store->index[f], ready[row % AT_KEYS_AHEAD], text, (int32_t)row);
            if (before < 0) continue;
            uint64_t line = loaded->table->lines ? loaded->table->lines[before] : (uint64_t)before + 1;
            note(loaded, row, f, AT_A0732, line);
            texts[row].n = 0;
        }
        at_table_near_keys(loader->data, t, f, texts, loaded->ids, loaded->table->lines, loaded->n);
    }
}

/* ---- references within the group */

static const struct at_table_key_index *target_index(const struct loader *loader,
                                                     const struct at_schema_field *field) {
    uint32_t other = field->type.table;
    int by = field->ref_field >= 0 ? field->ref_field : loader->data->tables[other].schema->key;
    return by >= 0 ? at_table_store_of(loader->data, other)->index[by] : NULL;
}

/* Turns the texts of column f into rows. Notes each text that names no row. */
static void follow(struct loader *loader, uint32_t t, uint32_t f) {
    struct loaded *loaded = &loader->tables[t];
    const struct at_schema_field *field = &loaded->table->schema->fields[f];
    const struct at_table_key_index *index = target_index(loader, field);
    struct at_col *col = &loaded->table->cols[f];
    int32_t *rows = at_arena_get(loader->data->arena, (loaded->n + 1) * sizeof *rows);
    for (uint32_t r = 0; r < loaded->n; r++) {
        bool missing = at_col_state(col, r) != AT_STATE_OK;
        rows[r] = missing || !index ? 0 : at_table_key_find(index, col->text[r]);
        if (missing || (index && rows[r] >= 0)) continue;
        rows[r] = 0;
        if (index) note(loaded, r, f, AT_A0730, 0);
        if (!col->state) col->state = at_arena_zero(loader->data->arena, loaded->n * sizeof(uint32_t));
        col->state[r] = AT_STATE_MISSING;
    }
    col->row = rows;
    col->form = AT_COL_ROW;
}

/* ---- keys of several fields */

/* Two keys that differ only in capitals and the like: the first two rows, and the field. */
static void tell_near(struct loader *loader, uint32_t t, const struct at_schema_rule *rule, uint32_t first,
                      uint32_t second, uint64_t n) {
    const struct loaded *loaded = &loader->tables[t];
    const uint64_t *ids = loaded->ids, *lines = loaded->table->lines;
    for (uint32_t i = 0; i < rule->n_fields; i++) {
        const struct at_col *col = &loaded->table->cols[rule->fields[i]];
        if (col->form != AT_COL_TEXT || col->one || at_str_eq(col->text[first], col->text[second])) continue;
        at_table_tell_near_keys(
            loader->data, t, rule->fields[i],
            (struct at_source_ref){ids ? ids[first] : first, lines ? lines[first] : first + 1},
            (struct at_source_ref){ids ? ids[second] : second, lines ? lines[second] : second + 1}, n);
        return;
    }
}

/* References have been followed, so that rows are compared by what they refer to. */
static void refuse_alike(struct loader *loader, uint32_t t) {
    struct loaded *loaded = &loader->tables[t];
    const struct at_schema *schema = loaded->table->schema;
    for (uint32_t k = 0; k < schema->n_rules; k++) {
        const struct at_schema_rule *rule = &schema->rules[k];
        struct at_table_alike alike, folded;
        uint64_t n_near = 0, first = 0, second = 0;
        if (rule->kind != AT_RULE_KEY) continue;
        at_table_alike_open(&alike, rule, loader->arena);
        at_table_alike_open(&folded, rule, loader->arena);
        folded.folded = true;
        for (uint32_t row = 0; row < loaded->n; row++) {
            if (loaded->dead && loaded->dead[row]) continue;
            uint64_t line = loaded->table->lines ? loaded->table->lines[row] : (uint64_t)row + 1;
            const struct at_table_alike_rows *rows =
                at_table_alike_add(&alike, loaded->table->cols, row, line);
            if (rows->n > 1) {
                note(loaded, row, rule->fields[rule->n_fields - 1], AT_A0768, rows->first);
                continue;
            }
            rows = at_table_alike_add(&folded, loaded->table->cols, row, row);
            if (rows->n < 2 || n_near++) continue;
            first = rows->first;
            second = row;
        }
        if (n_near) tell_near(loader, t, rule, (uint32_t)first, (uint32_t)second, n_near);
    }
}

/* ---- rows by day */

struct dated_rows {
    struct loader *loader;
    uint32_t table;
};

static void note_dated(void *context, uint32_t row, int64_t other, enum at_diag_code code) {
    const struct dated_rows *rows = context;
    struct loaded *loaded = &rows->loader->tables[rows->table];
    const uint64_t *lines = loaded->table->lines;
    bool ends = code == AT_A1160;
    uint64_t line = other < 0 ? 0 : lines ? lines[other] : (uint64_t)other + 1;
    note(loaded, row, (uint32_t)(ends ? loaded->table->schema->until : loaded->table->schema->since), code,
         line);
}

static void refuse_dated(struct loader *loader, uint32_t t) {
    struct loaded *loaded = &loader->tables[t];
    struct dated_rows rows = {loader, t};
    at_table_dated_check(loaded->table->schema, loaded->table->cols, loaded->n, loaded->dead, loader->arena,
                         note_dated, &rows);
}

/* ---- rows that refer to rows left out are left out, too */

/* Of each row of the table that a field refers to, the rows that refer to it: first[target], then next[row];
 * -1 ends. */
struct referrers {
    uint32_t table, field; /* of the field */
    int32_t *first, *next;
};

struct doomed { /* a row whose referrers are still to be looked at */
    uint32_t table;
    int32_t row;
};

struct spread {
    AT_VEC(struct referrers) fields;
    AT_VEC(struct doomed) open;
};

/* Whether the reference is there at all. A missing one does not lead to a row. */
static bool refers(const struct loaded *loaded, uint32_t f, uint32_t row) {
    return at_col_state(&loaded->table->cols[f], row) == AT_STATE_OK;
}

/* Turns references around. Rows are visited from the last to the first, so each list is in ascending
 * order. */
static void add_referrers(struct loader *loader, struct spread *spread, uint32_t t, uint32_t f) {
    const struct loaded *loaded = &loader->tables[t];
    const struct at_col *col = &loaded->table->cols[f];
    uint32_t other = loaded->table->schema->fields[f].type.table, targets = loader->tables[other].n;
    struct referrers field = {.table = t, .field = f};
    field.first = at_arena_get(loader->arena, (targets + 1) * sizeof *field.first);
    field.next = at_arena_get(loader->arena, (loaded->n + 1) * sizeof *field.next);
    for (uint32_t r = 0; r < targets; r++)
        field.first[r] = -1;
    for (uint32_t r = loaded->n; r-- > 0;) {
        if (!refers(loaded, f, r)) continue;
        field.next[r] = field.first[col->row[r]];
        field.first[col->row[r]] = (int32_t)r;
    }
    AT_VEC_PUSH(loader->arena, &spread->fields, field);
}

/* Each row is opened once, so this takes time in proportion to the rows and references, however long the
 * chains. */
static void doom_all(struct loader *loader, struct spread *spread) {
    while (spread->open.n) {
        struct doomed target = spread->open.at[--spread->open.n];
        for (size_t k = 0; k < spread->fields.n; k++) {
            const struct referrers *field = &spread->fields.at[k];
            struct loaded *loaded = &loader->tables[field->table];
            if (loaded->table->schema->fields[field->field].type.table != target.table) continue;
            for (int32_t r = field->first[target.row]; r >= 0; r = field->next[r]) {
                if (loaded->dead[r]) continue;
                loaded->dead[r] = 2;
                AT_VEC_PUSH(loader->arena, &spread->open, ((struct doomed){field->table, r}));
            }
        }
    }
}

/* One note for each row that died with another, at its first field that refers to a dead one. */
static void note_doomed(struct loader *loader, uint32_t t) {
    struct loaded *loaded = &loader->tables[t];
    for (uint32_t r = 0; r < loaded->n; r++) {
        if (loaded->dead[r] != 2) continue;
        loaded->dead[r] = 1;
        for (uint32_t f = 0; f < loaded->table->schema->n_fields; f++) {
            const struct loaded *other = &loader->tables[loaded->table->schema->fields[f].type.table];
            if (!loaded->as_text[f] || !refers(loaded, f, r) || !other->dead[loaded->table->cols[f].row[r]])
                continue;
            note(loaded, r, f, AT_A0731, 0);
            break;
        }
    }
}

/* `dead` is 1 for a row with a fault of its own, and 2 for one that died with another, until it is noted. */
static void spread_death(struct loader *loader) {
    struct spread spread = {0};
    uint32_t n_tables = loader->data->n_tables;
    for (uint32_t t = 0; t < n_tables; t++)
        for (uint32_t r = 0; loader->tables[t].here && r < loader->tables[t].n; r++)
            if (loader->tables[t].dead[r])
                AT_VEC_PUSH(loader->arena, &spread.open, ((struct doomed){t, (int32_t)r}));
    if (spread.open.n == 0) return;
    for (uint32_t t = 0; t < n_tables; t++) {
        if (!loader->tables[t].here || !at_table_store_streams(loader->tables[t].store)) continue;
        for (uint32_t f = 0; f < loader->tables[t].table->schema->n_fields; f++)
            if (loader->tables[t].as_text[f]) add_referrers(loader, &spread, t, f);
    }
    doom_all(loader, &spread);
    for (uint32_t t = 0; t < n_tables; t++)
        if (loader->tables[t].here && at_table_store_streams(loader->tables[t].store)) note_doomed(loader, t);
}

/* ---- the rows that are left are numbered again */

/* Rows that stay keep their order. */
static int32_t *new_numbers(struct loader *loader, const struct loaded *loaded) {
    int32_t *to = at_arena_get(loader->arena, (loaded->n + 1) * sizeof *to);
    int32_t next = 0;
    for (uint32_t r = 0; r < loaded->n; r++)
        to[r] = at_table_store_streams(loaded->store) && loaded->dead[r] ? AT_KEY_LEFT_OUT : next++;
    return to;
}

/* Columns, lines, keys, and references change together. to[] has the new numbers of all tables of the
 * group. */
static void leave_out(struct loader *loader, uint32_t t, int32_t *const *to) {
    struct loaded *loaded = &loader->tables[t];
    const struct at_schema *schema = loaded->table->schema;
    uint32_t n = 0;
    for (uint32_t r = 0; r < loaded->n; r++)
        if (!loaded->dead[r]) loaded->table->lines[n++] = loaded->table->lines[r];
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        struct at_col *col = &loaded->table->cols[f];
        if (col->data) at_col_keep(col, loaded->dead);
        if (loaded->store->index[f]) at_table_key_renumber(loaded->store->index[f], to[t]);
        if (!loaded->as_text[f]) continue;
        const int32_t *other = to[schema->fields[f].type.table];
        for (uint32_t r = 0; r < n; r++)
            if (at_col_state(col, r) == AT_STATE_OK) col->row[r] = other[col->row[r]];
    }
    loaded->n = n;
}

/* ---- a group */

/* References within the group are text columns at first (as_text). `follow` turns them into rows. */
static void prepare(struct loader *loader, uint32_t t) {
    struct at_table_dataset *data = loader->data;
    struct loaded *loaded = &loader->tables[t];
    struct at_table *table = &data->tables[t];
    const struct at_schema *schema = table->schema;
    uint32_t n = schema->n_fields + 1;
    loaded->table = table;
    loaded->store = at_table_store_of(data, t);
    loaded->rooms = AT_NEW_ARRAY(loader->arena, uint32_t, n);
    loaded->text_rooms = AT_NEW_ARRAY(loader->arena, uint32_t, n);
    loaded->as_text = AT_NEW_ARRAY(loader->arena, bool, n);
    loaded->texts = AT_NEW_ARRAY(loader->arena, at_str *, n);
    at_table_faults_init(&loaded->faults, loader->arena, data->diags);
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        const at_type *type = &schema->fields[f].type;
        loaded->as_text[f] = at_table_store_streams(loaded->store) && type->kind == AT_T_REF &&
                             loader->tables[type->table].here &&
                             !at_table_store_of(data, type->table)->broken;
    }
    table->cols = AT_NEW_ARRAY(data->arena, struct at_col, n);
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        const at_type *type = &schema->fields[f].type;
        table->cols[f].form = (uint8_t)(loaded->as_text[f] ? AT_COL_TEXT : at_col_form_of(type));
    }
}

/* Columns that a caller has made may leave their bounds to us. */
static struct at_col measured(struct at_col col, uint32_t n) {
    if (col.form == AT_COL_I64 && col.data) col.bound = at_col_measure(col.i64, col.one ? 1 : n);
    return col;
}

/* Takes over the columns of a source that has all rows as values. */
static void take_whole(struct loader *loader, uint32_t t) {
    struct loaded *loaded = &loader->tables[t];
    const struct at_table_store *store = loaded->store;
    struct at_source_rows rows;
    struct at_source_part *part =
        store->source->ops->begin(store->source, &store->layout, 0, 1, loader->arena);
    if (store->source->ops->next(part, &rows) != AT_SOURCE_ROWS) return;
    for (uint32_t f = 0; f < loaded->table->schema->n_fields; f++)
        loaded->table->cols[f] = measured(rows.cols[store->slots[f]], rows.n);
    loaded->table->lines = rows.lines;
    loaded->n = rows.n;
    loaded->dead = AT_NEW_ARRAY(loader->arena, uint8_t, loaded->n + 1);
}

/* After this, the table is visible to others as resident, and its faults are reported. */
static void finish(struct loader *loader, uint32_t t) {
    struct loaded *loaded = &loader->tables[t];
    struct at_table_dataset *data = loader->data;
    loaded->table->n_rows = loaded->n;
    loaded->table->resident = true;
    for (uint32_t f = 0; f < loaded->table->schema->n_fields; f++)
        if (at_table_store_streams(loaded->store)) loaded->table->cols[f].n = loaded->n;
    at_table_faults_sort(&loaded->faults);
    loaded->store->passed = true;
    loaded->store->faulty = loaded->faults.notes.n > 0;
    at_table_faults_tell(data, t, &loaded->faults);
    /* Values of a caller may be added later. A test gives what it needs. */
    if (loaded->table->schema->dated && loaded->n == 0 && at_table_store_streams(loaded->store) &&
        !loaded->store->faulty) {
        loaded->store->asked = true;
        at_table_tell_no_rows(data, t);
    }
    for (uint32_t f = 0; !at_table_store_streams(loaded->store) && f < loaded->table->schema->n_fields; f++)
        at_table_watch_tell_column(data, t, f);
    at_table_watch_columns(data, t);
}

/* The order matters: all tables are read, then all keys are known, then references can be followed, then
 * rows can be left out. */
static enum at_status load_group(struct loader *loader) {
    struct at_table_dataset *data = loader->data;
    struct loaded *tables = loader->tables;
    /* Stays NULL for tables outside the group: their rows were numbered when they were loaded. */
    int32_t **to = AT_NEW_ARRAY(loader->arena, int32_t *, data->n_tables);
    for (uint32_t t = 0; t < data->n_tables; t++)
        if (tables[t].here) prepare(loader, t);
    for (uint32_t t = 0; t < data->n_tables; t++) {
        if (tables[t].here && !at_table_store_streams(tables[t].store)) take_whole(loader, t);
        if (!tables[t].here || !at_table_store_streams(tables[t].store)) continue;
        enum at_status status = read_table(loader, t);
        if (status != AT_OK) {
            at_table_faults_tell(data, t, &tables[t].faults);
            return status;
        }
    }
    for (uint32_t t = 0; t < data->n_tables; t++)
        if (tables[t].here) index_keys(loader, t);
    for (uint32_t t = 0; t < data->n_tables; t++)
        for (uint32_t f = 0; tables[t].here && f < tables[t].table->schema->n_fields; f++)
            if (tables[t].as_text[f]) follow(loader, t, f);
    for (uint32_t t = 0; t < data->n_tables; t++)
        if (tables[t].here) refuse_alike(loader, t), refuse_dated(loader, t);
    if (data->bad.skip) {
        spread_death(loader);
        for (uint32_t t = 0; t < data->n_tables; t++)
            if (tables[t].here) to[t] = new_numbers(loader, &tables[t]);
        for (uint32_t t = 0; t < data->n_tables; t++)
            if (tables[t].here && at_table_store_streams(tables[t].store)) leave_out(loader, t, to);
    }
    for (uint32_t t = 0; t < data->n_tables; t++)
        if (tables[t].here) finish(loader, t);
    return AT_OK;
}

/* ---- the order of groups */

/* Marks all tables that t leads to, directly or not. t itself is marked only if a chain leads back to it. */
static void reach(const struct at_table_dataset *data, uint32_t t, bool *seen) {
    const struct at_schema *schema = data->tables[t].schema;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        const at_type *type = &schema->fields[f].type;
        if (type->kind != AT_T_REF || seen[type->table]) continue;
        seen[type->table] = true;
        reach(data, type->table, seen);
    }
}

/* Loads what t refers to, then the group of t. */
static enum at_status load_with(struct loader *loader, uint32_t t, bool *const *reaches, bool *done) {
    struct at_table_dataset *data = loader->data;
    uint32_t n = data->n_tables;
    if (done[t]) return AT_OK;
    for (uint32_t other = 0; other < n;
         other++) /* the group is done from here on, so that it is entered once */
        done[other] |= other == t || (reaches[t][other] && reaches[other][t]);
    for (uint32_t other = 0; other < n; other++) {
        if (!reaches[t][other] || (reaches[other][t] && other != t) || other == t) continue;
        enum at_status status = load_with(loader, other, reaches, done);
        if (status != AT_OK) return status;
    }
    memset(loader->tables, 0, n * sizeof *loader->tables);
    /* A group without a resident table is not loaded. */
    bool any = false;
    for (uint32_t other = 0; other < n; other++) {
        bool member = other == t || (reaches[t][other] && reaches[other][t]);
        loader->tables[other].here =
            member && data->tables[other].resident && !at_table_store_of(data, other)->broken;
        any |= loader->tables[other].here;
    }
    return any ? load_group(loader) : AT_OK;
}

enum at_status at_table_load_residents(struct at_table_dataset *data) {
    struct loader loader = {.data = data, .arena = &data->state->scratch};
    uint32_t n = data->n_tables;
    loader.tables = AT_NEW_ARRAY(loader.arena, struct loaded, n);
    bool **reaches = AT_NEW_ARRAY(loader.arena, bool *, n);
    bool *done = AT_NEW_ARRAY(loader.arena, bool, n);
    for (uint32_t t = 0; t < n; t++) {
        reaches[t] = AT_NEW_ARRAY(loader.arena, bool, n);
        reach(data, t, reaches[t]);
    }
    for (uint32_t t = 0; t < n; t++) {
        enum at_status status = load_with(&loader, t, reaches, done);
        if (status != AT_OK) return status;
    }
    return AT_OK;
}
