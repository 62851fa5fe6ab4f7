/* table/columns.c: matches the columns of a source with fields. */
#include "table/columns.h"
#include "base/fold.h"
#include "base/map.h"

/* The columns of a source by name. */
struct names {
    struct at_map first; /* index + 1 */
    uint32_t *second;    /* by the first column of a name: the second one; 0: none */
};

/* Built once for each source, so that matching takes time in proportion to columns and fields. */
static void find_names(struct names *names, const struct at_source *source, struct at_arena *arena) {
    at_map_init(&names->first, arena);
    names->second = AT_NEW_ARRAY(arena, uint32_t, source->n_columns + 1);
    for (uint32_t c = 0; c < source->n_columns; c++) {
        uint32_t first =
            (uint32_t)(uintptr_t)at_map_put(&names->first, source->columns[c], (void *)(uintptr_t)(c + 1));
        if (first && names->second[first - 1] == 0) names->second[first - 1] = c;
    }
}

/* The column of a field, -1 where it has none; a second one of the same name is a fault. */
static int64_t find_column(struct at_table_dataset *data, uint32_t table, const struct at_schema_field *field,
                           const struct names *names, bool *failed) {
    at_str wanted = at_str_trim(field->header.n ? field->header : field->name);
    uint32_t first = (uint32_t)(uintptr_t)at_map_get(&names->first, wanted);
    if (first == 0) return -1;
    if (names->second[first - 1]) {
        at_table_tell_twice(data, table, wanted, first - 1, names->second[first - 1]);
        *failed = true;
    }
    return first - 1;
}

/* Two fields may read the same column. It has one slot then, so the source cuts each cell once. */
static void make_layout(struct at_table_dataset *data, uint32_t table, const int64_t *columns) {
    struct at_table_store *store = at_table_store_of(data, table);
    const struct at_schema *schema = data->tables[table].schema;
    uint32_t n_columns = store->source->columns ? store->source->n_columns : schema->n_fields;
    struct at_source_layout *layout = &store->layout;
    *layout = (struct at_source_layout){.n_columns = n_columns};
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

/* Whether a header names currencies, in the languages of the files that people send. */
static bool names_currencies(at_str header, struct at_arena *scratch) {
    static const at_str names[] = {AT_STR("currency"),     AT_STR("currency code"), AT_STR("currency_code"),
                                   AT_STR("currencycode"), AT_STR("curr"),          AT_STR("ccy"),
                                   AT_STR("cur"),          AT_STR("moneda"),        AT_STR("devise"),
                                   AT_STR("w\u00E4hrung"), AT_STR("waehrung"),      AT_STR("valuta"),
                                   AT_STR("币种"),         AT_STR("货币"),          AT_STR("幣別"),
                                   AT_STR("貨幣"),         AT_STR("通貨"),          AT_STR("通貨コード")};
    at_str folded = at_text_fold(scratch, header);
    for (unsigned i = 0; i < AT_COUNT(names); i++)
        if (at_str_eq(folded, names[i])) return true;
    return false;
}

/* Amounts of several currencies must not be added as those of one. */
static void warn_currencies(struct at_table_dataset *data, uint32_t table) {
    const struct at_table_store *store = at_table_store_of(data, table);
    const struct at_schema *schema = data->tables[table].schema;
    uint32_t field = 0;
    while (field < schema->n_fields && schema->fields[field].type.kind != AT_T_MONEY)
        field++;
    if (field == schema->n_fields) return;
    for (uint32_t c = 0; c < store->source->n_columns; c++)
        if (store->layout.slot_of[c] < 0 && store->source->columns[c].n < 20 &&
            names_currencies(store->source->columns[c], &data->state->scratch))
            at_table_tell_currencies(data, table, c, field);
}

/* Columns of a source without names are those of the schema, in order. All missing columns are reported at
 * once. */
enum at_status at_table_columns_find(struct at_table_dataset *data, uint32_t table) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_arena *scratch = &data->state->scratch;
    bool named = at_table_store_of(data, table)->source->columns != NULL, failed = false;
    int64_t *columns = at_arena_get(scratch, (schema->n_fields + 1) * sizeof *columns);
    bool *absent = at_arena_zero(scratch, schema->n_fields + 1);
    uint32_t n_absent = 0;
    struct names names;
    if (named) find_names(&names, at_table_store_of(data, table)->source, scratch);
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        columns[f] = named ? find_column(data, table, &schema->fields[f], &names, &failed) : f;
        absent[f] = columns[f] < 0;
        n_absent += absent[f];
    }
    if (named && at_table_store_of(data, table)->source->hint == AT_SOURCE_TWO_MARKS)
        at_table_tell_marks(data, table);
    if (n_absent) at_table_tell_absent(data, table, absent, n_absent);
    if (n_absent || failed) return AT_REJECTED;
    make_layout(data, table, columns);
    if (named) warn_currencies(data, table);
    return AT_OK;
}
