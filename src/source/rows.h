/* source/rows.h: a batch of rows, as a source gives it: text with the place of every wanted cell, or columns
 * of values.
 *
 * Text is a block of bytes with pairs (start - 1, end) in a matrix, one pair for each wanted column ("slot").
 * A batch is regular if its cells follow one another, divided by one byte, and every row has all columns of
 * the source. Then the marks between the cells are themselves the matrix:
 *
 *     marks   row 0: c0 c1 … end | row 1: c0 c1 … end | …       a cell is between two neighboring marks
 *
 * Either way a cell is at_source_slices_get(…), and column loops do not see the difference.
 */
#ifndef AT_SOURCE_ROWS_H
#define AT_SOURCE_ROWS_H

#include "base/column.h"
#include "base/text.h"

#ifndef AT_BATCH_ROWS
#define AT_BATCH_ROWS 2048 /* torture builds make it 3 */
#endif
#define AT_PAD 64 /* bytes that must be readable before and after any cell of text */

/* Which columns of a source are wanted. */
struct at_source_layout {
    uint32_t n_columns;  /* of the source */
    uint32_t n_slots;    /* distinct columns wanted */
    int32_t *slot_of;    /* by column; -1: not wanted */
    uint32_t *column_of; /* by slot */
};

enum at_source_row_fault {
    AT_ROW_GOOD,
    AT_ROW_BAD_CELL,
    AT_ROW_VOID /* no cell holds anything */,
    AT_ROW_SHORT, /* fewer cells than columns */
    AT_ROW_LONG,
    AT_ROW_JUNK /* text after the closing quote of a cell */
};

struct at_source_rows {
    const struct at_source_layout *layout;
    uint32_t n;
    uint64_t base;     /* the id of a row is this and its start; without starts, this and its index */
    uint64_t *lines;   /* by row: its number, for people; NULL: 1 and its id */
    uint8_t *fault;    /* by row, enum at_source_row_fault: what the source found; the parser adds to it */
    uint32_t n_faults; /* rows whose fault is not AT_ROW_GOOD */

    const struct at_col *cols; /* by slot: columns of values; NULL: it is text, and the following counts */
    const char *text;          /* AT_PAD bytes before and after every cell are readable */
    const uint32_t *cells;
    uint32_t stride;
    bool regular;
    bool cr, high, zero; /* the text may hold a CR, a byte of 0x80 or above, a NUL */
    uint32_t *starts;    /* not regular: by row, where it begins in text; or NULL */
};

/* A column of cells of a batch of text. */
struct at_source_slices {
    const char *text;
    const uint32_t *at;
    uint32_t stride;
    bool cr; /* a CR before the end is not part of the cell */
};
struct at_source_slice {
    const char *p;
    uint32_t n;
};

static inline struct at_source_slices at_source_rows_column(const struct at_source_rows *rows,
                                                            uint32_t slot) {
    uint32_t column = rows->layout->column_of[slot];
    return (struct at_source_slices){
        rows->text, rows->regular ? rows->cells + column - 1 : rows->cells + 2 * slot, rows->stride,
        rows->regular && rows->cr && column + 1 == rows->layout->n_columns};
}
static inline struct at_source_slice at_source_slices_get(const struct at_source_slices *slices,
                                                          uint32_t row) {
    const uint32_t *at = slices->at + (size_t)row * slices->stride;
    uint32_t start = at[0] + 1, end = at[1];
    if (slices->cr && end > start && slices->text[end - 1] == '\r') end--;
    return (struct at_source_slice){slices->text + start, end - start};
}
/* Without blanks at its ends, as at_str_trim; quick where there are none. */
static inline at_str at_source_slice_trim(struct at_source_slice slice) {
    at_str text = {slice.p, slice.n};
    if (slice.n == 0) return text;
    unsigned char first = (unsigned char)slice.p[0], last = (unsigned char)slice.p[slice.n - 1];
    if (first > ' ' && first < 0x80 && last > ' ' && last < 0x80) return text;
    return at_str_trim(text);
}
/* By what its source finds the row again. Ids ascend in the order of the source. They mean nothing else to
 * anyone but the source. */
static inline uint64_t at_source_rows_id(const struct at_source_rows *rows, uint32_t row) {
    if (rows->regular) return rows->base + (rows->cells[(ptrdiff_t)row * (ptrdiff_t)rows->stride - 1] + 1);
    return rows->base + (rows->starts ? rows->starts[row] : row);
}

#endif
