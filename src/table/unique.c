/* table/unique.c: keys that come twice in a source which is not sorted by its key: one more pass, over the
 * keys only, with 8 bytes of memory a key. Only sources that need it pay for it. */

#include "base/fold.h"
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
    bool near; /* keys are compared as people see them, and `found` counts those that differ otherwise */
    struct at_table_found found;
    uint64_t near_first; /* id of the first key of the first such pair */
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
    at_str key = row.cell_found ? at_str_trim(row.value) : (at_str){0};
    bool same = row.cell_found && at_str_eq(unique->near ? at_text_fold(unique->arena, key) : key, text);
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

/* The row has the folded key of an earlier one. The same key is an error of its own. */
static void note_near(struct unique *unique, const struct at_source_rows *rows, uint32_t r, at_str key,
                      uint64_t first) {
    struct at_arena_mark mark = at_arena_mark(unique->arena);
    struct at_source_ref ref = {first, UINT64_MAX};
    struct at_source_row row;
    unique->source->ops->row(unique->source, &ref, unique->column, unique->arena, &row);
    bool same = row.cell_found && at_str_eq(at_str_trim(row.value), key);
    at_arena_reset(unique->arena, mark);
    if (same || unique->found.n++) return;
    unique->near_first = first;
    unique->found.id = at_source_rows_id(rows, r);
    unique->found.line = rows->lines[r];
}

/* Hashes of AHEAD keys are made first, so that their slots are fetched from memory at the same time. */
static enum at_status on_rows(void *context, struct at_table_part *part, struct at_source_rows *rows) {
    struct unique *unique = context;
    struct at_source_slices cells = at_source_rows_column(rows, unique->slot);
    at_str keys[AHEAD], own[AHEAD];
    uint64_t hashes[AHEAD];
    for (uint32_t start = 0; start < rows->n; start += AHEAD) {
        uint32_t n = rows->n - start < AHEAD ? rows->n - start : AHEAD;
        for (uint32_t k = 0; k < n; k++) {
            keys[k] = own[k] = at_source_slice_trim(at_source_slices_get(&cells, start + k));
            if (unique->near) keys[k] = at_text_fold(&part->scratch, own[k]);
            hashes[k] = at_table_seen_hash(&unique->seen, keys[k]);
        }
        for (uint32_t k = 0; k < n; k++) {
            if (keys[k].n == 0) continue;
            if (unique->left-- == 0) return AT_REJECTED; /* the source grew meanwhile */
            uint64_t id = at_source_rows_id(rows, start + k);
            uint64_t first = at_table_seen_add(&unique->seen, hashes[k], keys[k], id, same_key, unique);
            if (first == AT_SEEN_NEW) continue;
            if (unique->near)
                note_near(unique, rows, start + k, own[k], first);
            else
                note(unique, rows, start + k, first);
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

static void begin(struct unique *unique, struct at_table_dataset *data, uint32_t table, uint64_t n_rows) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_table_store *store = at_table_store_of(data, table);
    unique->source = store->source;
    unique->arena = &data->state->scratch;
    unique->field = (uint16_t)schema->key;
    unique->slot = store->slots[schema->key];
    unique->column = at_table_store_column(store, (uint32_t)schema->key);
    unique->left = n_rows;
    at_table_seen_init(&unique->seen, unique->arena, n_rows);
}

/* Over the keys only. */
static struct at_table_pass pass_of(struct at_table_dataset *data, uint32_t table, struct unique *unique) {
    bool *none = AT_NEW_ARRAY(unique->arena, bool, data->tables[table].schema->n_fields);
    return (struct at_table_pass){
        .data = data, .table = table, .parse = none, .single = true, .on_rows = on_rows, .context = unique};
}

/* Bytes that are not UTF-8 are errors of their own, and folding takes UTF-8 for granted. The caller has
 * checked the rows. */
enum at_status at_table_unique_near(struct at_table_dataset *data, uint32_t table, uint64_t n_rows) {
    struct unique unique = {.near = true};
    struct at_arena_mark mark = at_arena_mark(&data->state->scratch);
    begin(&unique, data, table, n_rows);
    struct at_table_pass pass = pass_of(data, table, &unique);
    enum at_status status = at_table_pass_source(&pass);
    at_table_pass_end(&pass);
    if (status == AT_OK && unique.found.n)
        at_table_tell_near_keys(data, table, unique.field, (struct at_source_ref){unique.near_first, 0},
                                (struct at_source_ref){unique.found.id, unique.found.line}, unique.found.n);
    at_arena_reset(&data->state->scratch, mark);
    return status == AT_REJECTED ? AT_OK : status;
}

/* Keys without a letter in both cases are not compared. */
void at_table_near_keys(struct at_table_dataset *data, uint32_t table, uint32_t field, const at_str *texts,
                        const uint64_t *ids, const uint64_t *lines, uint32_t n) {
    struct at_table_letters letters = {0};
    for (uint32_t r = 0; r < n; r++)
        at_table_letters_add(&letters, texts[r]);
    if (!at_table_letters_meet(&letters)) return;
    struct at_arena *arena = &data->state->scratch;
    struct at_arena_mark mark = at_arena_mark(arena);
    struct at_map folded;
    uint64_t found = 0;
    uint32_t first = 0, second = 0;
    at_map_init(&folded, arena);
    for (uint32_t r = 0; r < n; r++) {
        if (texts[r].n == 0 || at_utf8_invalid(texts[r].p, texts[r].n) < texts[r].n) continue;
        void *row = (void *)(uintptr_t)(r + 1),
             *before = at_map_put(&folded, at_text_fold(arena, texts[r]), row);
        if (!before || found++) continue;
        first = (uint32_t)(uintptr_t)before - 1;
        second = r;
    }
    if (found)
        at_table_tell_near_keys(
            data, table, field,
            (struct at_source_ref){ids ? ids[first] : first, lines ? lines[first] : first + 1},
            (struct at_source_ref){ids ? ids[second] : second, lines ? lines[second] : second + 1}, found);
    at_arena_reset(arena, mark);
}

enum at_status at_table_unique_rows(struct at_table_dataset *data, uint32_t table, uint64_t n_rows,
                                    struct at_table_faults *faults) {
    struct unique unique = {.faults = faults};
    begin(&unique, data, table, n_rows);
    struct at_table_pass pass = pass_of(data, table, &unique);
    enum at_status status = at_table_pass_source(&pass);
    if (status == AT_IO) at_table_faults_join(faults, &pass.parts[0].faults);
    at_table_pass_end(&pass);
    find_numbers(&unique);
    for (size_t i = 0; i < unique.repeats.n; i++)
        AT_VEC_PUSH(faults->arena, &faults->notes, unique.repeats.at[i].fault);
    return status;
}
