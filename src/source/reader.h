/* source/reader.h: bytes of a part of a file -> batches of rows, still text, with the place of every wanted
 * cell.
 *
 * A block of text is read, indexed (source/index.h) and handed out in batches. The block is regular if every
 * row has as many fields as the header and there is no quote. In a regular block, the marks themselves are
 * the cells:
 *
 *     marks   row 0: c0 c1 … end | row 1: c0 c1 … end | …       a cell is between two neighboring marks
 *
 * Otherwise rows are read one by one into a matrix of pairs (start - 1, end). The matrix has a pair for each
 * wanted column ("slot"). Either way a cell is at_rows_cell(…), and column loops do not see the difference.
 */
#ifndef AT_SOURCE_READER_H
#define AT_SOURCE_READER_H

#include "source/csv.h"
#include "source/index.h"
#include "source/input.h"

#ifndef AT_BLOCK_BYTES
#define AT_BLOCK_BYTES (192u << 10)
#endif
#define AT_ROW_BYTES (16u << 20) /* a longer row is refused */

/* Which columns of a file are wanted; made from its header. */
struct at_layout {
    uint32_t n_columns;  /* of the header */
    uint32_t n_slots;    /* distinct columns wanted */
    int32_t *slot_of;    /* by column; -1: not wanted */
    uint32_t *column_of; /* by slot */
    uint64_t body;       /* offset of the first byte after the header */
    uint64_t body_line;  /* its line */
};

enum at_row_fault {
    AT_ROW_GOOD,
    AT_ROW_BAD_CELL,
    AT_ROW_VOID /* only commas */,
    AT_ROW_SHORT,
    AT_ROW_LONG,
    AT_ROW_JUNK
};

struct at_rows {
    const struct at_layout *layout;
    const char *text; /* AT_PAD bytes before and after every cell are readable */
    uint64_t base;    /* offset in the file of text[0] */
    uint32_t n;
    const uint32_t *cells;
    uint32_t stride;
    bool regular;
    bool cr, high, zero; /* as in at_marks, for the whole block */
    uint64_t *lines;     /* by row */
    uint8_t *fault;      /* by row, enum at_row_fault: what the reader found; the parser adds to it */
    uint32_t n_faults;   /* rows whose fault is not AT_ROW_GOOD */
    uint32_t *starts;    /* not regular: by row, where it begins in text */
};

/* A column of cells of a batch. */
struct at_slices {
    const char *text;
    const uint32_t *at;
    uint32_t stride;
    bool cr; /* a CR before the end is not part of the cell */
};
struct at_slice {
    const char *p;
    uint32_t n;
};

static inline struct at_slices at_rows_column(const struct at_rows *rows, uint32_t slot) {
    uint32_t column = rows->layout->column_of[slot];
    return (struct at_slices){rows->text, rows->regular ? rows->cells + column - 1 : rows->cells + 2 * slot,
                              rows->stride,
                              rows->regular && rows->cr && column + 1 == rows->layout->n_columns};
}
static inline struct at_slice at_slices_get(const struct at_slices *slices, uint32_t row) {
    const uint32_t *at = slices->at + (size_t)row * slices->stride;
    uint32_t start = at[0] + 1, end = at[1];
    if (slices->cr && end > start && slices->text[end - 1] == '\r') end--;
    return (struct at_slice){slices->text + start, end - start};
}
/* Without spaces at its ends, as at_str_trim; quick where there are none. */
static inline at_str at_slice_trim(struct at_slice slice) {
    at_str text = {slice.p, slice.n};
    if (slice.n == 0) return text;
    unsigned char first = (unsigned char)slice.p[0], last = (unsigned char)slice.p[slice.n - 1];
    if (first > ' ' && first != 0xE3 && last > ' ' && last != 0x80) return text;
    return at_str_trim(text);
}
static inline uint64_t at_rows_offset(const struct at_rows *rows, uint32_t row) {
    uint32_t start =
        rows->regular ? rows->cells[(ptrdiff_t)row * (ptrdiff_t)rows->stride - 1] + 1 : rows->starts[row];
    return rows->base + start;
}

enum at_reader_end {
    AT_READ_ROWS,
    AT_READ_END,
    AT_READ_OPEN_QUOTE,
    AT_READ_LONG_ROW,
    AT_READ_SHRUNK,
    AT_READ_ERROR
};

struct at_reader {
    const struct at_input *input;   /* view */
    const struct at_layout *layout; /* view */
    struct at_arena *arena;         /* view */
    uint64_t next, end;             /* offsets: what is to be read */
    char *text;                     /* the block */
    uint32_t room;                  /* bytes it can hold */
    uint32_t lo, hi;                /* bytes of text not yet handed out */
    uint64_t base;                  /* offset of text[0] */
    bool last;                      /* text holds the end of the part */
    bool indexed, regular;          /* marks are of this text */
    struct at_marks marks;
    uint32_t mark;            /* first mark not used up */
    uint64_t line;            /* of the row at lo */
    uint32_t *cells, *starts; /* the matrix, AT_BATCH_ROWS rows of it */
    uint32_t *doubled;        /* slots of the current row that hold doubled quotes */
    uint32_t n_doubled;
    uint64_t *lines;
    uint8_t *fault;
    uint64_t fault_offset, fault_line; /* where the row of an OPEN_QUOTE, LONG_ROW begins */
    uint32_t fault_column;             /* number of the open field, from 1 */
};

/* For the bytes [from, end) of the body, which begin with a row, on line `line`. */
void at_reader_init(struct at_reader *reader, const struct at_input *input, const struct at_layout *layout,
                    struct at_arena *arena, uint64_t from, uint64_t end, uint64_t line);
/* The next batch, at least one row of it; it lives until the next call. */
enum at_reader_end at_reader_next(struct at_reader *reader, struct at_rows *rows);

#endif
