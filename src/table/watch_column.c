/* table/watch_column.c: columns that the policy compares with one another: the texts of one are looked for in
 * the other, as if the policy had them.
 *
 * A table is loaded before the tables that refer to it, so the texts of a column are known before the other
 * one is parsed. Of a column with very many texts, the first MOST_TEXTS are looked for.
 */
#include "table/store.h"
#include "table/watch.h"

#define MOST_TEXTS 2000

struct at_table_watch_pair {
    uint32_t field, other_table, other_field;
    struct at_table_watch_pair *next;
};

void at_table_watch_column(struct at_table_dataset *data, uint32_t table, uint32_t field,
                           uint32_t other_table, uint32_t other_field) {
    struct at_table_store *store = at_table_store_of(data, table);
    for (const struct at_table_watch_pair *pair = store->pairs; pair; pair = pair->next)
        if (pair->field == field && pair->other_table == other_table && pair->other_field == other_field)
            return;
    struct at_table_watch_pair *pair = AT_NEW(data->arena, struct at_table_watch_pair);
    *pair = (struct at_table_watch_pair){field, other_table, other_field, store->pairs};
    store->pairs = pair;
}

/* The policy's own texts were added before any table was loaded, so those of the column follow them. */
static void add_texts(struct at_table_dataset *data, const struct at_col *col, uint64_t n_rows,
                      const struct at_table_watch_pair *pair) {
    struct at_table_watch *watch = at_table_watch_of(data, pair->other_table, pair->other_field);
    size_t before = watch->texts.n;
    if (watch->n_own == AT_WATCH_ALL_OWN) watch->n_own = (uint32_t)before;
    for (uint64_t r = 0; r < n_rows && watch->texts.n < before + MOST_TEXTS; r++)
        if (at_col_state(col, (uint32_t)r) == AT_STATE_OK)
            at_table_watch_text(data, pair->other_table, pair->other_field, col->text[col->one ? 0 : r]);
}

void at_table_watch_columns(struct at_table_dataset *data, uint32_t table) {
    const struct at_table *own = &data->tables[table];
    for (const struct at_table_watch_pair *pair = at_table_store_of(data, table)->pairs; pair;
         pair = pair->next) {
        const struct at_col *col = &own->cols[pair->field];
        bool parsed = at_table_store_of(data, pair->other_table)->passed;
        if (!parsed && col->form == AT_COL_TEXT) add_texts(data, col, own->n_rows, pair);
    }
}
