/* data/table.h: the tables of a run: rows read once and kept (payees, anything that is referred to or passed over
 * twice), or streamed in batches and forgotten.
 *
 * A dataset holds a table for each schema of the policy. The order of work: bind a source to each schema, then
 * at_dataset_load, which reads the tables to be kept, referred-to ones first; then streams may be opened on any table, from several
 * threads at once. Bad rows (a value that is not of its type, a key twice, a reference to nobody) are diagnostics
 * A07xx; all of them are counted, and reported in order of file and row whatever the number of threads.
 */
#ifndef AT_DATA_TABLE_H
#define AT_DATA_TABLE_H

#include "base/schema.h"
#include "data/column.h"
#include "diag/diag.h"

#define AT_BATCH_ROWS 2048

/* Where a table's rows come from. */
enum at_source_kind { AT_FROM_NOWHERE, AT_FROM_FILE, AT_FROM_MEMORY, AT_FROM_CELLS };
struct at_binding {
    enum at_source_kind kind;
    at_str name;  /* for messages: the path, or what the host calls it */
    at_str path;  /* FILE: NUL-ended */
    at_str bytes; /* MEMORY: CSV text, a view that outlives the dataset */
    struct at_col *cells; /* CELLS: a column for each field, made by the caller (a policy's tests); refs hold row numbers */
    uint32_t n_rows;      /* CELLS */
};

struct at_table {
    const struct at_schema *schema;
    struct at_binding binding;
    bool resident;        /* columns below are filled */
    uint64_t n_rows;      /* resident: rows kept; else known after a whole pass */
    struct at_col *cols;  /* resident: a column for each field, n = n_rows */
    uint64_t *lines;      /* resident: line of the file of each row, for messages */
};

struct at_bad_rows {
    bool skip;         /* leave bad rows out instead of refusing the data */
    uint64_t n_rows;   /* rows with at least one fault, all tables */
    /* Called once for each row left out, in order, with the raw text of the row; NULL: nobody wants them. */
    void (*on_row)(void *context, at_str file, uint64_t line, at_str raw);
    void *context;
};

struct at_dataset {
    struct at_arena *arena; /* run arena, view */
    struct at_diags *diags; /* view */
    struct at_table *tables; /* one for each schema, same index */
    uint32_t n_tables;
    struct at_bad_rows bad;
    unsigned threads;      /* how many a scan may use; 0 and 1: the caller's own */
    volatile int *cancel;  /* view; not zero: stop soon with AT_CANCELLED; may be NULL */
    void (*progress)(void *context, uint64_t done_bytes, uint64_t all_bytes); /* may be NULL */
    void *progress_context;
    void *keys; /* private to data/ */
};

/* A few thousand rows of one table. Columns of fields not wanted are zeroed. Lives until the next call of the same stream. */
struct at_batch {
    uint32_t n;
    struct at_col *cols;    /* by field index */
    const uint64_t *lines;  /* line of the file of each row (row numbers from 1 for CELLS) */
    const uint32_t *rows;   /* resident tables: index of the first row is rows == NULL ? first : …; see `first` */
    uint64_t first;         /* resident tables: index of the batch's first row */
};

void at_dataset_init(struct at_dataset *data, struct at_arena *arena, struct at_diags *diags,
                     const struct at_schema *schemas, uint32_t n_schemas);
/* Reads every table that is to be resident: payee tables, schemas with `referenced`, and those in `keep` (may be NULL, else one flag a
 * table). Checks headers of all the others. AT_REJECTED where data is bad and bad rows are not skipped. */
enum at_status at_dataset_load(struct at_dataset *data, const bool *keep) AT_MUST_CHECK;

/* Passes over a whole table. The file is cut into as many parts as `data->threads`; `worker(context, part)` state is the
 * caller's: on_batch is called for part 0..n_parts-1, each part in order by one thread with its own scratch arena.
 * `wanted` holds a flag a field. Faults are reported once per table and dataset, at the first pass. */
struct at_scan {
    const bool *wanted;
    /* Called before the first batch, on the caller's thread; the number of parts is decided. */
    void (*begin)(void *context, unsigned n_parts);
    /* A batch of part `part`; `scratch` is emptied between batches. Anything but AT_OK stops the pass. */
    enum at_status (*on_batch)(void *context, unsigned part, const struct at_batch *batch, struct at_arena *scratch);
    void *context;
};
enum at_status at_dataset_scan(struct at_dataset *data, uint32_t table, const struct at_scan *scan) AT_MUST_CHECK;

/* Row of a resident table whose field `field` (key, or unique) is `text`; -1 where there is none. */
int64_t at_dataset_find(const struct at_dataset *data, uint32_t table, int field, at_str text);

#endif
