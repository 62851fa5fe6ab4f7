/* table/edit.h: replaces rows of tables that are in memory, and takes the changes back.
 *
 * A change is prepared aside and then committed as a whole, so a table is never half changed:
 *
 *     base      the rows before all changes: what at_table_edits_undo returns to
 *     current   the rows that runs read; views of its dataset are valid until the next commit
 *     next      prepared, and not yet committed
 *
 * Each of them has memory of its own, which the next change but one uses again. New rows come where the first
 * of the rows that they replace was, or at the end. Their cells are checked like cells of a file: type,
 * missing values, keys twice, references to no row.
 */
#ifndef AT_TABLE_EDIT_H
#define AT_TABLE_EDIT_H

#include "table/table.h"

enum at_table_edit_kind {
    AT_EDIT_MISSING,
    AT_EDIT_NUMBER, /* number / 10^scale: of a number, an amount of money, a duration */
    AT_EDIT_DAY,    /* number: the day, counted from 1970-01-01 */
    AT_EDIT_FLAG,   /* number: 0 or 1 */
    AT_EDIT_TEXT,   /* as in a cell of a file */
    AT_EDIT_EXACT,  /* num: of a number, an amount of money */
    AT_EDIT_COPY /* number: a row of the table as it is; the value of its field, which is not a reference to
                    the table itself */
};

struct at_table_edit_cell {
    uint8_t kind, scale;
    int64_t number;
    union {
        at_str text; /* view, for the call */
        at_num num;
    };
};

enum at_table_edit_scope {
    AT_EDIT_NONE,  /* rows are added */
    AT_EDIT_ALL,   /* all rows are replaced */
    AT_EDIT_WHERE, /* those whose `field`, a key or a reference, is `key` */
    AT_EDIT_ROWS   /* `rows`, which are numbers of the table as it is */
};

struct at_table_edit {
    uint32_t table;
    enum at_table_edit_scope scope;
    uint32_t field;
    at_str key;
    const uint32_t *rows;
    uint32_t n_gone;        /* of rows */
    const uint32_t *fields; /* of the columns of cells; other fields are missing */
    uint32_t n_fields, n_rows;
    const struct at_table_edit_cell *cells; /* by row * n_fields + column */
};

#define AT_EDIT_MOST_TEXT ((size_t)16 << 20) /* as of a cell of a file */

struct at_table_edits;

/* Of a dataset that is loaded, with all its tables resident. Lives as long as the dataset. */
struct at_table_edits *at_table_edits_new(struct at_table_dataset *data, struct at_arena *arena);
/* Checks a change and makes the tables as they are with it. What is wrong goes to `diags`. A preparation that
 * was not committed is forgotten. */
enum at_status at_table_edits_prepare(struct at_table_edits *edits, const struct at_table_edit *edit,
                                      struct at_diag_list *diags) AT_MUST_CHECK;
/* Forgets what is prepared. */
void at_table_edits_forget(struct at_table_edits *edits);
/* The tables are now as prepared. Never fails. */
void at_table_edits_commit(struct at_table_edits *edits);
/* Takes all changes back since at_table_edits_new or at_table_edits_keep. Never fails. */
void at_table_edits_undo(struct at_table_edits *edits);
/* Changes up to now are not taken back any more. Never fails. */
void at_table_edits_keep(struct at_table_edits *edits);
/* Counts commits and undos: what is made of the rows is out of date when it changes. */
uint64_t at_table_edits_version(const struct at_table_edits *edits, uint32_t table);

#endif
