/* table/unique.c: keys that come twice in a file which is not sorted by its key: one more pass, over the keys
 * only, with 8 bytes of memory a key. Only files that need it pay for it. */

#include "base/sort.h"
#include "table/pass.h"

#define CHUNK (64u << 10)
#define AHEAD 32 /* keys looked at before the first of them is added */

struct repeat {
    struct at_fault fault;
    uint64_t first; /* offset of the row that has the key already */
};

struct unique {
    struct at_store *store;
    struct at_arena *arena; /* scratch */
    struct at_seen seen;
    uint64_t left; /* how many keys the set has place for */
    uint32_t slot, column;
    uint16_t field;
    AT_VEC(struct repeat) repeats;
    struct at_faults *faults;
};

/* Whether the row at `offset` has the key `text`: the row is read again. */
static bool same_key(void *context, uint64_t offset, at_str text) {
    struct unique *unique = context;
    struct at_arena_mark mark = at_arena_mark(unique->arena);
    at_str row = at_input_row(&unique->store->input, offset, AT_ROW_BYTES, unique->arena);
    const char *cursor = row.p;
    struct at_csv_field field = {0};
    enum at_csv_end end = AT_CSV_COMMA;
    for (uint32_t c = 0; c < unique->column && end == AT_CSV_COMMA; c++)
        end = at_csv_next(&cursor, row.p + row.n, &field);
    bool same = at_str_eq(at_str_trim(at_csv_value(&field, unique->arena)), text);
    at_arena_reset(unique->arena, mark);
    return same;
}

static void note(struct unique *unique, const struct at_rows *rows, uint32_t r, uint64_t first) {
    uint64_t offset = at_rows_offset(rows, r);
    at_faults_add_row(unique->faults, offset, rows->lines[r], false);
    struct at_fault fault = {.offset = offset,
                             .line = rows->lines[r],
                             .column = unique->column,
                             .field = unique->field,
                             .code = AT_A0732};
    struct repeat repeat = {fault, first};
    if (unique->repeats.n < unique->faults->limit)
        AT_VEC_PUSH(unique->faults->arena, &unique->repeats, repeat);
    else
        at_faults_count(unique->faults, unique->column, AT_A0732);
}

static enum at_status on_rows(void *context, struct at_part *part, struct at_rows *rows) {
    struct unique *unique = context;
    (void)part;
    struct at_slices cells = at_rows_column(rows, unique->slot);
    at_str keys[AHEAD];
    uint64_t hashes[AHEAD];
    for (uint32_t start = 0; start < rows->n; start += AHEAD) {
        uint32_t n = rows->n - start < AHEAD ? rows->n - start : AHEAD;
        for (uint32_t k = 0; k < n; k++) {
            keys[k] = at_slice_trim(at_slices_get(&cells, start + k));
            hashes[k] = at_seen_hash(&unique->seen, keys[k]);
        }
        for (uint32_t k = 0; k < n; k++) {
            if (keys[k].n == 0) continue;
            if (unique->left-- == 0) return AT_REJECTED; /* the file grew meanwhile */
            uint64_t offset = at_rows_offset(rows, start + k);
            uint64_t first = at_seen_add(&unique->seen, hashes[k], keys[k], offset, same_key, unique);
            if (first != AT_SEEN_NEW) note(unique, rows, start + k, first);
        }
    }
    return AT_OK;
}

static int by_first(const void *left, const void *right) {
    const struct repeat *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

/* Line numbers of the rows that have the keys already: one walk over the file for all of them. */
static void find_lines(struct unique *unique) {
    const struct at_store *store = unique->store;
    struct repeat *repeats = unique->repeats.at;
    size_t n = unique->repeats.n, i = 0;
    if (n == 0) return;
    at_sort_items(unique->arena, repeats, n, sizeof *repeats, by_first);
    char *chunk = at_arena_get(unique->arena, CHUNK);
    uint64_t at = store->layout.body, line = store->layout.body_line;
    bool cr = false;
    while (i < n) {
        int64_t got = at_input_read(&store->input, at, chunk, CHUNK);
        if (got <= 0) return;
        uint64_t done = 0;
        for (; i < n && repeats[i].first < at + (uint64_t)got; i++) {
            uint64_t to = repeats[i].first - at;
            line += at_count_lines(chunk + done, (size_t)(to - done), &cr);
            done = to;
            repeats[i].fault.other = line;
        }
        line += at_count_lines(chunk + done, (size_t)((uint64_t)got - done), &cr);
        at += (uint64_t)got;
    }
}

enum at_status at_unique_rows(struct at_dataset *data, uint32_t table, uint64_t n_rows,
                              struct at_faults *faults) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_store *store = at_store_of(data, table);
    struct unique unique = {.store = store, .arena = &data->state->scratch, .faults = faults};
    unique.field = (uint16_t)schema->key;
    unique.slot = store->slots[schema->key];
    unique.column = store->layout.column_of[unique.slot] + 1;
    unique.left = n_rows;
    at_seen_init(&unique.seen, unique.arena, n_rows);
    bool *none = AT_NEW_ARRAY(unique.arena, bool, schema->n_fields);
    struct at_pass pass = {
        .data = data, .table = table, .parse = none, .single = true, .on_rows = on_rows, .context = &unique};
    enum at_status status = at_pass_text(&pass);
    if (status == AT_IO) at_faults_join(faults, &pass.parts[0].faults);
    at_pass_end(&pass);
    find_lines(&unique);
    for (size_t i = 0; i < unique.repeats.n; i++)
        AT_VEC_PUSH(faults->arena, &faults->notes, unique.repeats.at[i].fault);
    return status;
}
