/* table/columns.c: matches the columns of a source with fields. */
#include "table/columns.h"

/* The column of a field, -1 where it has none; a second one of the same name is a fault. */
static int64_t find_column(struct at_dataset *data, uint32_t table, const struct at_field *field,
                           bool *failed) {
    const struct at_source *source = at_store_of(data, table)->source;
    at_str wanted = at_str_trim(field->header.n ? field->header : field->name);
    int64_t found = -1;
    for (uint32_t c = 0; c < source->n_columns; c++) {
        if (!at_str_eq(source->columns[c], wanted)) continue;
        if (found < 0) {
            found = c;
            continue;
        }
        at_tell_twice(data, table, wanted, (uint32_t)found, c);
        *failed = true;
        return found;
    }
    return found;
}

static void make_layout(struct at_dataset *data, uint32_t table, const int64_t *columns) {
    struct at_store *store = at_store_of(data, table);
    const struct at_schema *schema = data->tables[table].schema;
    uint32_t n_columns = store->source->columns ? store->source->n_columns : schema->n_fields;
    struct at_layout *layout = &store->layout;
    *layout = (struct at_layout){.n_columns = n_columns};
    layout->slot_of = at_arena_get(data->arena, (n_columns + 1) * sizeof *layout->slot_of);
    layout->column_of = at_arena_get(data->arena, (schema->n_fields + 1) * sizeof *layout->column_of);
    for (uint32_t c = 0; c < n_columns; c++)
        layout->slot_of[c] = -1;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        int32_t *slot = &layout->slot_of[columns[f]];
        if (*slot < 0) {
            *slot = (int32_t)layout->n_slots;
            layout->column_of[layout->n_slots++] = (uint32_t)columns[f];
        }
        store->slots[f] = (uint32_t)*slot;
    }
}

enum at_status at_columns_find(struct at_dataset *data, uint32_t table) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_arena *scratch = &data->state->scratch;
    bool named = at_store_of(data, table)->source->columns != NULL, failed = false;
    int64_t *columns = at_arena_get(scratch, (schema->n_fields + 1) * sizeof *columns);
    bool *absent = at_arena_zero(scratch, schema->n_fields + 1);
    uint32_t n_absent = 0;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        columns[f] = named ? find_column(data, table, &schema->fields[f], &failed) : f;
        absent[f] = columns[f] < 0;
        n_absent += absent[f];
    }
    if (n_absent) at_tell_absent(data, table, absent, n_absent);
    if (n_absent || failed) return AT_REJECTED;
    make_layout(data, table, columns);
    return AT_OK;
}
