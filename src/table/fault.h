/* table/fault.h: records errors in rows as a few numbers while reading, and reports them afterwards in the
 * order of the source.
 *
 * A note is 40 bytes and holds no text. The source is asked for the row again when its message is made, so
 * that ten million bad rows cost no more than the first thousand, which are reported, and the count of the
 * others.
 */
#ifndef AT_TABLE_FAULT_H
#define AT_TABLE_FAULT_H

#include "base/vec.h"
#include "table/table.h"

#define AT_NO_FIELD UINT16_MAX

struct at_table_fault {
    uint64_t id;    /* of the row */
    uint64_t line;  /* its number */
    uint64_t other; /* A0732: number of the row that has the key already; A1157 to A1159: of the row before */
    uint32_t column; /* of the source, from 1; 0: the whole row */
    uint16_t field;  /* index in the schema, AT_NO_FIELD: none */
    uint16_t code;   /* enum at_diag_code */
};

/* A row that is left out of every pass. */
struct at_table_bad_row {
    uint64_t id, line;
    bool silent; /* no cell holds anything: not an error */
};

struct at_table_faults {
    struct at_arena *arena; /* view */
    uint32_t limit;         /* how many notes are kept; the first ones in the order of adding */
    AT_VEC(struct at_table_fault) notes;
    struct at_table_fault_counts more; /* those not kept */
    AT_VEC(struct at_table_bad_row) rows;
};

void at_table_faults_init(struct at_table_faults *faults, struct at_arena *arena,
                          const struct at_diag_list *diags);
void at_table_faults_add(struct at_table_faults *faults, struct at_table_fault fault);
/* Counts a fault of which no note is kept. */
void at_table_faults_count(struct at_table_faults *faults, uint32_t column, uint16_t code);
void at_table_faults_add_row(struct at_table_faults *faults, uint64_t id, uint64_t line, bool silent);
/* Notes and rows in the order of the source; a row noted twice remains once. */
void at_table_faults_sort(struct at_table_faults *faults);
void at_table_faults_join(struct at_table_faults *faults, const struct at_table_faults *more);
/* Makes diagnostics of the notes, counts the bad rows into data->bad and hands them to its on_row. */
void at_table_faults_tell(struct at_table_dataset *data, uint32_t table,
                          const struct at_table_faults *faults);

/* table/tell_source.c: what is wrong with a source as a whole, or with the columns that it has. */
void at_table_tell_source(struct at_table_dataset *data, uint32_t table, const struct at_source_fault *fault);
void at_table_tell_no_source(struct at_table_dataset *data, uint32_t table);
/* A history without a row. */
void at_table_tell_no_rows(struct at_table_dataset *data, uint32_t table);
/* The fields that no column has; by field, and their number. */
void at_table_tell_absent(struct at_table_dataset *data, uint32_t table, const bool *absent,
                          uint32_t n_absent);
/* Columns `first` and `column`, from 0, have the same name. */
void at_table_tell_twice(struct at_table_dataset *data, uint32_t table, at_str name, uint32_t first,
                         uint32_t column);
/* The name of the first column begins with a second byte order mark. */
void at_table_tell_marks(struct at_table_dataset *data, uint32_t table);
/* A column of currencies next to amounts, which no field reads. `column` is from 0. */
void at_table_tell_currencies(struct at_table_dataset *data, uint32_t table, uint32_t column, uint32_t field);
void at_table_tell_trimmed(struct at_table_dataset *data, uint32_t table, uint32_t field, uint64_t n,
                           uint64_t line);

/* Percentages without a sign, whose meaning the field does not say. */
void at_table_tell_bare(struct at_table_dataset *data, uint32_t table, uint32_t field, uint64_t n,
                        uint64_t line);

/* Where a fault is, as diagnostics show it: source, number, column and the row's text with its mark. `value`
 * is the text of the cell. */
struct at_table_sight {
    struct at_diag_data_place place;
    at_str value;
};
struct at_table_sight at_table_fault_sight(struct at_source *source, struct at_source_ref ref,
                                           uint32_t column, struct at_arena *arena);

#endif
