/* source/csv_reader.h: bytes of a part of a file -> batches of rows, still text, with the place of every
 * wanted cell (source/rows.h).
 *
 * A block of text is read, indexed (source/csv_index.h) and handed out in batches. The block is regular if
 * every row has as many fields as the header and there is no quote. In a regular block, the marks themselves
 * are the cells:
 *
 *     marks   row 0: c0 c1 … end | row 1: c0 c1 … end | …       a cell is between two neighboring marks
 *
 * Otherwise rows are read one by one into a matrix.
 */
#ifndef AT_SOURCE_CSV_READER_H
#define AT_SOURCE_CSV_READER_H

#include "source/csv_index.h"
#include "source/csv_input.h"

#ifndef AT_BLOCK_BYTES
#define AT_BLOCK_BYTES (192u << 10)
#endif

enum at_source_reader_end {
    AT_READ_ROWS,
    AT_READ_END,
    AT_READ_OPEN_QUOTE,
    AT_READ_LONG_ROW,
    AT_READ_SHRUNK,
    AT_READ_PACKED, /* its compressed form is at fault */
    AT_READ_ERROR
};

struct at_source_reader {
    const struct at_source_input *input;   /* view */
    const struct at_source_layout *layout; /* view */
    struct at_arena *arena;                /* view */
    uint64_t next, end;                    /* offsets: what is to be read */
    char *text;                            /* the block */
    uint32_t room;                         /* bytes it can hold */
    uint32_t lo, hi;                       /* bytes of text not yet handed out */
    uint64_t base;                         /* offset of text[0] */
    bool last;                             /* text holds the end of the part */
    bool indexed, regular;                 /* marks are of this text */
    struct at_source_marks marks;
    uint32_t mark;            /* first mark not used up */
    uint64_t line;            /* of the row at lo */
    uint32_t *cells, *starts; /* the matrix, AT_BATCH_ROWS rows of it */
    uint32_t *doubled;        /* slots of the current row that hold doubled quotes */
    uint32_t n_doubled;
    uint64_t *lines;
    uint8_t *fault;
    uint64_t fault_offset, fault_line; /* where the row of an OPEN_QUOTE, LONG_ROW, PACKED begins */
    uint32_t fault_column;             /* number of the open field, from 1 */
    uint8_t packed;                    /* PACKED: enum at_formats_status */
};

/* For the bytes [from, end) of the body, which begin with a row, on line `line`. */
void at_source_reader_init(struct at_source_reader *reader, const struct at_source_input *input,
                           const struct at_source_layout *layout, struct at_arena *arena, uint64_t from,
                           uint64_t end, uint64_t line);
/* The next batch, at least one row of it; it lives until the next call. */
enum at_source_reader_end at_source_reader_next(struct at_source_reader *reader, struct at_source_rows *rows);

#endif
