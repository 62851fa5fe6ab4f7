/* table/edit_int.h: a change of a table on its way; what the files of editing share, and only they include.
 */
#ifndef AT_TABLE_EDIT_INT_H
#define AT_TABLE_EDIT_INT_H

#include "table/cell.h"
#include "table/edit.h"
#include "table/store.h"

/* One for `base`, one for `current`, and one for `next`: two can be equal, but a new one is always free. */
#define AT_EDIT_STATES 3

/* The rows of a table, as the dataset shows them. */
struct at_table_edit_state {
    struct at_arena arena; /* empty for what was loaded */
    struct at_col *cols;
    uint64_t *lines, n_rows;
    struct at_table_key_index **index;
    at_str name;
    struct at_source *source;
    bool open;
    bool replaced; /* the source is of these columns, in `arena`, and not the one that was loaded */
};

struct at_table_edit_table {
    struct at_table_edit_state of[AT_EDIT_STATES];
    uint8_t base, current, next; /* next: AT_EDIT_STATES where nothing is prepared */
    uint64_t changes;
};

struct at_table_edit_referrer {
    uint32_t table, field;
};

struct at_table_edits {
    struct at_table_dataset *data;
    struct at_table_edit_table *tables;
    /* By table, the fields that refer to it: referrers[first[t]] up to those of the next table. */
    struct at_table_edit_referrer *referrers;
    uint32_t *first;
};

struct at_table_edit_change {
    struct at_table_edits *edits;
    const struct at_table_edit *edit;
    struct at_diag_list *diags;
    const struct at_schema *schema;
    struct at_table_edit_state *old, *new;
    struct at_arena *arena; /* of `new` */
    uint32_t n_old, at;     /* rows before; where the new rows come */
    bool *gone;             /* by old row; NULL: none */
    int32_t *place;   /* by old row: where it is now; of rows that are gone, the row with the same key */
    uint32_t *column; /* by field: the column of cells; n_fields of the edit where it is missing */
    bool failed;
};

/* A state that neither runs nor undo need, as the next one of the table. */
struct at_table_edit_state *at_table_edit_begin_state(struct at_table_edit_table *table);
/* The field by which rows of the other table are named. */
int at_table_edit_target(const struct at_table_dataset *data, const struct at_schema_field *field);
struct at_diag_data_place at_table_edit_place(const struct at_table_edit_change *c, uint32_t row,
                                              uint32_t column);

/* ---- edit_rows.c */
/* A source of the columns of the state, which messages ask for a row. */
void at_table_edit_source(struct at_table_edit_state *state, at_str name);
/* Which old rows go. False with a diagnostic. */
bool at_table_edit_mark(struct at_table_edit_change *c);
/* The columns of the new state, without references to the table itself. */
bool at_table_edit_columns(struct at_table_edit_change *c);
/* The text of a new row's cell; empty where it is not a text. */
at_str at_table_edit_cell_text(const struct at_table_edit_change *c, uint32_t row, uint32_t field);
void at_table_edit_tell(struct at_table_edit_change *c, uint32_t row, uint32_t field, enum at_diag_code code);

/* ---- edit_keys.c */
/* The indexes of the new state. False with a diagnostic where a key is there twice. */
bool at_table_edit_index(struct at_table_edit_change *c);
/* References to the table, also its own, to where their rows are now. False with a diagnostic where one would
 * lead to no row. */
bool at_table_edit_references(struct at_table_edit_change *c);
/* Keys of several fields. False with a diagnostic where two rows have one. */
bool at_table_edit_doubles(struct at_table_edit_change *c);

/* edit_dated.c: rows that hold from a day on. False with a diagnostic where two of them contradict each
 * other.
 */
bool at_table_edit_dated(struct at_table_edit_change *c);

/* edit_near.c: texts that nearly are what the policy compares them with. Only warns. */
void at_table_edit_near(struct at_table_edit_change *c);

#endif
