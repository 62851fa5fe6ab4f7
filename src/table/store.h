/* table/store.h: what data/ knows of a table and does not show: its source, its columns in the file, its
 * keys. Every file of the room that works on a whole table starts from here. */
#ifndef AT_TABLE_STORE_H
#define AT_TABLE_STORE_H

#include <stdatomic.h>

#include "source/reader.h"
#include "table/fault.h"
#include "table/keys.h"

struct at_cut { /* where a part of a file begins */
    uint64_t from, line;
};

struct at_store {
    bool broken; /* it could not be opened or its header was refused: no rows */
    bool passed; /* every row has been looked at once, and faults were told */
    bool faulty; /* and there were some */
    bool text;   /* its rows are CSV text: the next three are filled */
    struct at_input input;
    struct at_layout layout;
    uint32_t *slots; /* by field */
    struct at_cut *cuts;
    unsigned n_cuts, cut_for;    /* made for so many threads */
    struct at_key_index **index; /* by field; NULL: no row is looked up by it, or the table is not resident */
    bool *indexed;               /* by field: an index is wanted */
    struct at_bad_row *bad;      /* rows left out, in order */
    size_t n_bad;
};

struct at_data_state {
    struct at_store *stores; /* by table */
    struct at_arena scratch; /* for what is done between passes, on the caller's thread */
    uint64_t all_bytes;
    _Atomic uint64_t done_bytes;
};

static inline struct at_store *at_store_of(const struct at_dataset *data, uint32_t table) {
    return &data->state->stores[table];
}

/* source/cut.c: parts for as many threads as the dataset may use, at rows' beginnings. Kept in the store. */
void at_cut_file(struct at_dataset *data, uint32_t table);

/* table/unique.c: the rows whose key an earlier row of the file has, for a table that is not resident and not
 * sorted by its key; in the order of the file, into `faults`. `n_rows` as counted by a pass before. */
enum at_status at_unique_rows(struct at_dataset *data, uint32_t table, uint64_t n_rows,
                              struct at_faults *faults);

/* table/load.c */
enum at_status at_load_residents(struct at_dataset *data);

#endif
