/* base/column.h: a column of values. Tables pass columns to the interpreter, and its kernels calculate with
 * them.
 *
 * A number or money column carries its values in the narrowest form that holds all of them exactly:
 *
 *     form       payload                         used for
 *     I64        i64[n],  one decimal scale      almost all deals          value = i64[i]  / 10^scale
 *     I128       i128[n], one decimal scale      large products            value = i128[i] / 10^scale
 *     NUM        at_num[n], each its own form    after division
 *     TEXT       at_str[n]                       views of the batch or the table
 *     DAY        i32[n]                          dates
 *     ROW        i32[n]                          references (row of the other table), choices (index)
 *                                                -1: missing
 *     PERIOD     at_period[n]
 *     FLAG       u8[n]                           0, 1
 *
 * A duration is an I64 column of scale 0. It counts days, or months if its type says `months`.
 *
 * `bound` is at least the largest |mantissa| of an I64 column. With one comparison a batch, a kernel finds
 * whether its plain 64-bit loop can overflow. `state` is NULL or holds one state for each value. State 0
 * means present, and 1 means missing. A state of 2 or more means an exception. Its record has the
 * number state - 2 in the run's list. The payload is then a harmless zero. A column with `one` holds a single
 * value which counts for all n.
 */
#ifndef AT_BASE_COLUMN_H
#define AT_BASE_COLUMN_H

#include "base/type.h"

enum at_col_form {
    AT_COL_I64,
    AT_COL_I128,
    AT_COL_NUM,
    AT_COL_TEXT,
    AT_COL_DAY,
    AT_COL_ROW,
    AT_COL_PERIOD,
    AT_COL_FLAG
};

enum { AT_STATE_OK = 0, AT_STATE_MISSING = 1, AT_STATE_EXCEPTION = 2 };

struct at_col {
    uint8_t form; /* enum at_col_form */
    uint8_t scale;
    bool one;
    uint32_t n;
    int64_t bound;
    union {
        void *data;
        int64_t *i64;
        at_i128 *i128;
        at_num *num;
        at_str *text;
        int32_t *day;
        int32_t *row;
        at_period *period;
        uint8_t *flag;
    };
    uint32_t *state; /* NULL: all present */
};

/* The value at i as a number, whatever the numeric form; missing and exceptional values read as zero. */
at_num at_col_num(const struct at_col *col, uint32_t i);
static inline uint32_t at_col_state(const struct at_col *col, uint32_t i) {
    return col->state ? col->state[col->one ? 0 : i] : AT_STATE_OK;
}

/* The largest magnitude: a bound. INT64_MAX for INT64_MIN, whose magnitude has no place. */
int64_t at_col_measure(const int64_t *values, uint32_t n);

size_t at_col_width(enum at_col_form form);           /* bytes of one value */
enum at_col_form at_col_form_of(const at_type *type); /* the form in which a field of this type begins */
/* Whether the column's form is one that values of this type have. The run checks this for each column that it
 * makes, so that readers may take the form from the type. */
static inline bool at_col_fits(const struct at_col *col, const at_type *type) {
    enum at_col_form begins = at_col_form_of(type);
    return col->form == begins || (begins == AT_COL_I64 && col->form <= AT_COL_NUM);
}
/* Puts a number at i of a column which holds i values and has place for `room`; widens the column where it
 * must. */
void at_col_put_num(struct at_arena *arena, struct at_col *col, uint32_t room, uint32_t i, at_num value);
/* The n values from `first` on, as a view. */
struct at_col at_col_slice(const struct at_col *col, uint32_t first, uint32_t n);
/* Leaves only the values whose place in `drop` is 0; returns how many. The column must own its payload. */
uint32_t at_col_keep(struct at_col *col, const uint8_t *drop);
/* Adds all values of `more` behind those of `col`, which has place for *room and grows as needed in `arena`;
 * text and wide numbers are copied there. */
void at_col_append(struct at_arena *arena, struct at_col *col, uint32_t *room, const struct at_col *more);
/* Returns the value in the form that it has in a file ("1234.5", "2026-03-31", "yes"). A missing value is
 * empty, and a reference is its row number. */
at_str at_col_print(struct at_arena *arena, const at_type *type, const struct at_col *col, uint32_t i);

#endif
