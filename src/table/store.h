/* table/store.h: what table/ knows of a table and does not show: its source, its columns in it, its keys.
 * Every file of the module that works on a whole table starts from here. */
#ifndef AT_TABLE_STORE_H
#define AT_TABLE_STORE_H

#include <stdatomic.h>

#include "table/fault.h"
#include "table/keys.h"
#include "table/table.h"

struct at_table_store {
    bool broken;                           /* it could not be opened or its header was refused: no rows */
    bool passed;                           /* every row has been looked at once, and faults were told */
    bool faulty;                           /* and there were some */
    const struct at_source_fault *failure; /* A0741, set by the only part of its pass; NULL: none */
    bool asked; /* a question about a column is open: the source is rejected, also where bad rows are skipped
                 */
    bool open;  /* its source was opened: the next three are filled */
    struct at_source *source;
    struct at_source_layout layout;
    uint32_t *slots; /* by field */
    struct at_table_key_index *
        *index; /* by field; NULL: no row is looked up by it, or the table is not resident */
    struct at_table_watch_pair *pairs; /* columns of other tables with which one of this is compared */
    struct at_table_watch **watch;     /* by field, or NULL; NULL: nothing is looked for */
    bool *indexed;                     /* by field: an index is wanted */
    struct at_table_bad_row *bad;      /* rows left out, in order */
    size_t n_bad;
};

struct at_table_data_state {
    struct at_table_store *stores; /* by table */
    struct at_arena scratch;       /* for what is done between passes, on the caller's thread */
    uint64_t size;                 /* of all sources, for progress */
    _Atomic uint64_t done;
};

static inline struct at_table_store *at_table_store_of(const struct at_table_dataset *data, uint32_t table) {
    return &data->state->stores[table];
}

/* Number of a column of the source, from 1; without a source, of the field. */
static inline uint32_t at_table_store_column(const struct at_table_store *store, uint32_t field) {
    return store->layout.column_of[store->slots[field]] + 1;
}
/* Whether rows are read one batch after another: not all at once, as columns of values. */
static inline bool at_table_store_streams(const struct at_table_store *store) {
    return store->open && !store->source->whole;
}

/* table/unique.c: the rows whose key an earlier row has, for a table that is not resident and not
 * sorted by its key; in the order of the source, into `faults`. `n_rows` as counted by a pass before. */
enum at_status at_table_unique_rows(struct at_table_dataset *data, uint32_t table, uint64_t n_rows,
                                    struct at_table_faults *faults);

/* table/dated.c: rows of a dated table that contradict each other: what is wrong with `row`, and the row
 * before it (-1: none). Calls back in the order of keys and days. */
typedef void at_table_dated_fault(void *context, uint32_t row, int64_t other, enum at_diag_code code);
void at_table_dated_check(const struct at_schema *schema, const struct at_col *cols, uint32_t n,
                          const uint8_t *dead, struct at_arena *scratch, at_table_dated_fault *fault,
                          void *context);

/* table/load.c */
enum at_status at_table_load_residents(struct at_table_dataset *data);

#endif
