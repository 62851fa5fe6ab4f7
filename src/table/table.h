/* table/table.h: the tables of a run. Rows are read once and kept, or streamed in batches and forgotten. Kept
 * are payees, and anything that is referred to or passed over twice.
 *
 * A dataset holds a table for each schema of the policy. First, bind a source to each schema. Then call
 * at_table_dataset_load, which reads the tables to be kept, referred-to ones first. After that, streams may
 * be opened on any table, from several threads at once. Bad rows are diagnostics A07xx: a value that is not
 * of its type, a key twice, a reference to no row. All bad rows are counted. They are reported in order of
 * file and row, whatever the number of threads.
 */
#ifndef AT_TABLE_TABLE_H
#define AT_TABLE_TABLE_H

#include "base/dated.h"
#include "base/schema.h"
#include "base/vec.h"
#include "source/source.h"

struct at_table {
    const struct at_schema *schema;
    struct at_source_binding binding;
    bool resident;       /* columns below are filled */
    uint64_t n_rows;     /* resident: rows kept; else known after a whole pass */
    struct at_col *cols; /* resident: a column for each field, n = n_rows */
    uint64_t *lines;     /* resident: number by which people know each row; NULL: 1, 2, … */
};

struct at_table_bad_rows {
    bool skip;       /* leave bad rows out instead of refusing the data */
    uint64_t n_rows; /* rows with at least one fault, all tables */
    /* Called once for each row left out, in order, with the raw text of the row. If NULL, the rows are not
     * passed on. */
    void (*on_row)(void *context, at_str file, uint64_t number, at_str raw);
    void *context;
};

/* Faults of which only the number is known, by column of the file and code, so that what several policies
 * find in one file can be counted once. */
struct at_table_fault_count {
    at_str file;
    uint32_t column;
    uint16_t code;
    uint64_t n;
};
struct at_table_fault_counts {
    AT_VEC(struct at_table_fault_count) of;
};
/* Adds to the count of that file, column, and code. */
void at_table_fault_counts_add(struct at_arena *arena, struct at_table_fault_counts *counts,
                               struct at_table_fault_count more);

struct at_table_dataset {
    struct at_arena *arena;     /* run arena, view */
    struct at_diag_list *diags; /* view */
    struct at_table *tables;    /* one for each schema, same index */
    uint32_t n_tables;
    struct at_table_bad_rows bad;
    struct at_table_fault_counts untold; /* counted in diags->errors without a diagnostic */
    unsigned threads;                    /* how many a scan may use; 0 and 1: the caller's own */
    struct at_watch *watch; /* view; asked with each batch, and shown the bytes read; may be NULL */
    struct at_table_data_state *state; /* private to table/ */
};

/* A few thousand rows of one table. Columns of fields not wanted are zeroed. Lives until the next call of the
 * same stream. */
struct at_table_batch {
    uint32_t n;
    struct at_col *cols; /* by field index */
    const uint64_t
        *lines;     /* number by which people know each row: the line of a CSV file at which it begins */
    uint64_t first; /* resident tables: row number of the batch's first row; rows are consecutive */
};

/* dated.c: the index of a resident table of rows that hold from a day on; NULL for other tables. `scratch` is
 * given back. */
struct at_dated *at_table_dated(const struct at_table *table, struct at_arena *arena,
                                struct at_arena *scratch);

void at_table_dataset_init(struct at_table_dataset *data, struct at_arena *arena, struct at_diag_list *diags,
                           const struct at_schema *schemas, uint32_t n_schemas);
/* How the source of a table was read; NULL if it was not opened. */
const struct at_source_form *at_table_dataset_form(const struct at_table_dataset *data, uint32_t table);
/* Reads every table that is to be resident: payee tables, schemas with `referenced`, tables of CELLS, and
 * those in `keep` (may be NULL, else one flag a table). Checks headers of all the others. AT_REJECTED where
 * data is bad and bad rows are not skipped; the rows of all the other tables have then been checked too, so
 * that every fault is reported. AT_IO where a file could not be read. */
enum at_status at_table_dataset_load(struct at_table_dataset *data, const bool *keep) AT_MUST_CHECK;

/* Passes over every table that was not passed over yet, only for its faults: for a caller that found one
 * table bad and wants to report the others' faults in the same go. AT_REJECTED where there were any. */
enum at_status at_table_dataset_check(struct at_table_dataset *data) AT_MUST_CHECK;

/* Passes over a whole table. The source is split into at most as many parts as `data->threads` (small tables
 * into fewer); on_batch is called for part 0..n_parts-1, each part in order by one thread with its own
 * scratch arena; part 0 by the caller's thread. Parts follow one another in the order of the source. `wanted`
 * holds a flag a field; NULL wants all. Faults are reported once per table and dataset, at the first pass,
 * and make it AT_REJECTED unless bad rows are skipped; after a fault batches may be left out. An on_batch
 * that runs out of memory jumps to scratch->oom, never elsewhere: its own arenas of the part must have the
 * same guard. */
struct at_table_scan {
    const bool *wanted;
    bool single; /* one part, whatever data->threads allows */
    /* Called before the first batch, on the caller's thread; the number of parts is decided. */
    void (*begin)(void *context, unsigned n_parts);
    /* A batch of part `part`; `scratch` is emptied between batches. Anything but AT_OK stops the pass. */
    enum at_status (*on_batch)(void *context, unsigned part, const struct at_table_batch *batch,
                               struct at_arena *scratch);
    void *context;
};
enum at_status at_table_dataset_scan(struct at_table_dataset *data, uint32_t table,
                                     const struct at_table_scan *scan) AT_MUST_CHECK;

/* Releases what a scan or check holds that a failure of memory has left. The dataset can be scanned again. */
void at_table_dataset_forget_scan(struct at_table_dataset *data);

/* Row of a resident table whose field `field` (key, or unique) is `text`; -1 where there is none. */
int64_t at_table_dataset_find(const struct at_table_dataset *data, uint32_t table, int field, at_str text);
/* The place of a row for a diagnostic, with its text and a mark under `field` (-1: none). `number` is that of
 * a batch. Finds the row in its source: for refusals only. In `arena`. */
struct at_diag_data_place at_table_dataset_place(const struct at_table_dataset *data, uint32_t table,
                                                 int field, uint64_t number, struct at_arena *arena);
/* What people call a row: "deals.csv:812". `number` is that of a batch. In `arena`. */
at_str at_table_dataset_row_name(const struct at_table_dataset *data, uint32_t table, uint64_t number,
                                 struct at_arena *arena);
/* The value at i of a column that holds field `field` of a table, as at_col_print, but a reference is the
 * text by which its row is named. */
at_str at_table_dataset_print(const struct at_table_dataset *data, struct at_arena *arena, uint32_t table,
                              int field, const struct at_col *col, uint32_t i);

#endif
