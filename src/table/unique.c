/* table/unique.c: keys that come twice in a source which is not sorted by its key: one more pass, over the
 * keys only, with 8 bytes of memory a key. Only sources that need it pay for it. */

#include "base/sort.h"
#include "table/pass.h"

#define AHEAD 32 /* keys looked at before the first of them is added */

struct repeat {
    struct at_table_fault fault;
    uint64_t first; /* id of the row that has the key already */
};

struct unique {
    struct at_source *source;
    struct at_arena *arena; /* scratch */
    struct at_table_seen seen;
    uint64_t left; /* how many keys the set has place for */
    uint32_t slot, column;
    uint16_t field;
    AT_VEC(struct repeat) repeats;
    struct at_table_faults *faults;
};

/* Whether the row has the key `text`: the source is asked for the row again. */
static bool same_key(void *context, uint64_t id, at_str text) {
    struct unique *unique = context;
    struct at_arena_mark mark = at_arena_mark(unique->arena);
    struct at_source_ref ref = {id, UINT64_MAX}; /* its number does not matter */
    struct at_source_row row;
    unique->source->ops->row(unique->source, &ref, unique->column, unique->arena, &row);
    bool same = row.cell_found && at_str_eq(at_str_trim(row.value), text);
    at_arena_reset(unique->arena, mark);
    return same;
}

/* The number of the first row is not known yet. It is asked for in find_numbers, for the notes that are
 * kept. */
static void note(struct unique *unique, const struct at_source_rows *rows, uint32_t r, uint64_t first) {
    uint64_t id = at_source_rows_id(rows, r);
    at_table_faults_add_row(unique->faults, id, rows->lines[r], false);
    struct at_table_fault fault = {
        .id = id, .line = rows->lines[r], .column = unique->column, .field = unique->field, .code = AT_A0732};
    struct repeat repeat = {fault, first};
    if (unique->repeats.n < unique->faults->limit)
        AT_VEC_PUSH(unique->faults->arena, &unique->repeats, repeat);
    else
        at_table_faults_count(unique->faults, unique->column, AT_A0732);
}

/* Hashes of AHEAD keys are made first, so that their slots are fetched from memory at the same time. */
static enum at_status on_rows(void *context, struct at_table_part *part, struct at_source_rows *rows) {
    struct unique *unique = context;
    (void)part;
    struct at_source_slices cells = at_source_rows_column(rows, unique->slot);
    at_str keys[AHEAD];
    uint64_t hashes[AHEAD];
    for (uint32_t start = 0; start < rows->n; start += AHEAD) {
        uint32_t n = rows->n - start < AHEAD ? rows->n - start : AHEAD;
        for (uint32_t k = 0; k < n; k++) {
            keys[k] = at_source_slice_trim(at_source_slices_get(&cells, start + k));
            hashes[k] = at_table_seen_hash(&unique->seen, keys[k]);
        }
        for (uint32_t k = 0; k < n; k++) {
            if (keys[k].n == 0) continue;
            if (unique->left-- == 0) return AT_REJECTED; /* the source grew meanwhile */
            uint64_t id = at_source_rows_id(rows, start + k);
            uint64_t first = at_table_seen_add(&unique->seen, hashes[k], keys[k], id, same_key, unique);
            if (first != AT_SEEN_NEW) note(unique, rows, start + k, first);
        }
    }
    return AT_OK;
}

static int by_first(const void *left, const void *right) {
    const struct repeat *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

/* The numbers of the rows that have the keys already. The source is asked in their order. */
static void find_numbers(struct unique *unique) {
    struct repeat *repeats = unique->repeats.at;
    at_sort_items(unique->arena, repeats, unique->repeats.n, sizeof *repeats, by_first);
    for (size_t i = 0; i < unique->repeats.n; i++) {
        struct at_arena_mark mark = at_arena_mark(unique->arena);
        struct at_source_ref ref = {repeats[i].first, 0};
        struct at_source_row row;
        unique->source->ops->row(unique->source, &ref, 0, unique->arena, &row);
        repeats[i].fault.other = ref.number;
        at_arena_reset(unique->arena, mark);
    }
}

enum at_status at_table_unique_rows(struct at_table_dataset *data, uint32_t table, uint64_t n_rows,
                                    struct at_table_faults *faults) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_table_store *store = at_table_store_of(data, table);
    struct unique unique = {.source = store->source, .arena = &data->state->scratch, .faults = faults};
    unique.field = (uint16_t)schema->key;
    unique.slot = store->slots[schema->key];
    unique.column = at_table_store_column(store, (uint32_t)schema->key);
    unique.left = n_rows;
    at_table_seen_init(&unique.seen, unique.arena, n_rows);
    bool *none = AT_NEW_ARRAY(unique.arena, bool, schema->n_fields);
    struct at_table_pass pass = {
        .data = data, .table = table, .parse = none, .single = true, .on_rows = on_rows, .context = &unique};
    enum at_status status = at_table_pass_source(&pass);
    if (status == AT_IO) at_table_faults_join(faults, &pass.parts[0].faults);
    at_table_pass_end(&pass);
    find_numbers(&unique);
    for (size_t i = 0; i < unique.repeats.n; i++)
        AT_VEC_PUSH(faults->arena, &faults->notes, unique.repeats.at[i].fault);
    return status;
}
