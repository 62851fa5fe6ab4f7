/* formats/formats.h: the boundary between Attain and its second library, libattain-formats, which reads what
 * the core cannot: compressed files now, and workbooks and databases through the same boundary.
 *
 * The core includes this header only, and finds the library at run time (source/plug.c). So the core links
 * nothing more, and a host may leave the library out. The library knows nothing of the core but this header.
 * It never jumps, prints, or stops the program, and every failure, including missing memory inside zlib or
 * zstd, is a status. It has no state outside of what `open` returns, so threads may use one reader each.
 *
 * Two kinds of readers:
 *     bytes   a file that contains another one: its bytes, from the first to the last     gzip, zstd
 *     cells   a file that contains tables: rows of texts                                  none yet
 */
#ifndef AT_FORMATS_FORMATS_H
#define AT_FORMATS_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AT_FORMATS_VERSION 1 /* both sides must have the same */

enum at_formats_status {
    AT_FORMATS_OK,
    AT_FORMATS_END,
    AT_FORMATS_TRUNCATED,  /* the file ends before its content does */
    AT_FORMATS_DAMAGED,    /* the content contradicts itself, such as a wrong checksum */
    AT_FORMATS_TOO_LARGE,  /* reading would need more memory than a reader may take */
    AT_FORMATS_UNREADABLE, /* the file itself cannot be read: what host->read returned */
    AT_FORMATS_NO_MEMORY
};

/* What a reader is given. It outlives the reader. */
struct at_formats_host {
    void *context;
    /* NULL if there is no memory. `size` comes back at release. */
    void *(*allocate)(void *context, size_t size);
    void (*release)(void *context, void *memory, size_t size);
    /* Bytes of the file at `offset`: how many, fewer only at the end; negative if it cannot be read. */
    int64_t (*read)(void *context, uint64_t offset, void *out, size_t n);
};

/* ---- bytes */

struct at_formats_bytes {
    const char *name; /* for people: "gzip" */
    /* Whether a file begins so. `n` is at least 4 unless the file is shorter. */
    bool (*is)(const unsigned char *first, size_t n);
    enum at_formats_status (*open)(const struct at_formats_host *host, void **reader);
    /* The next bytes. `*got` is 0 unless the status is AT_FORMATS_OK. */
    enum at_formats_status (*read)(void *reader, void *out, size_t n, size_t *got);
    /* How many bytes of the file have been used: the place of a failure. */
    uint64_t (*offset)(const void *reader);
    void (*close)(void *reader);
};

/* ---- cells: every cell is a text in the form that a CSV file of the same content would have, so a table
 * reads it as it reads CSV */

enum at_formats_cell {
    AT_FORMATS_GOOD,   /* the text is the value; an empty one is missing */
    AT_FORMATS_ERROR,  /* an error of the program that wrote it, such as #N/A, which is the text */
    AT_FORMATS_INEXACT /* a binary fraction that no decimal of 15 digits represents */
};

struct at_formats_text {
    const char *bytes; /* UTF-8, valid until the next call for the reader */
    uint32_t length;
    uint8_t cell; /* enum at_formats_cell */
};

struct at_formats_cells {
    const char *name; /* "xlsx" */
    bool (*is)(const unsigned char *first, size_t n);
    /* `table`: the sheet, or the query; NULL: the first one. */
    enum at_formats_status (*open)(const struct at_formats_host *host, const char *table, void **reader);
    /* The names of the columns; their number is that of every row. */
    enum at_formats_status (*columns)(void *reader, const struct at_formats_text **names, uint32_t *n);
    /* The next row, and its number for people. Rows come in ascending order. */
    enum at_formats_status (*next)(void *reader, const struct at_formats_text **cells, uint64_t *number);
    uint64_t (*offset)(const void *reader);
    void (*close)(void *reader);
};

/* ---- the library: its only function, which the core looks up by name */

struct at_formats {
    uint32_t version; /* AT_FORMATS_VERSION */
    uint32_t n_bytes, n_cells;
    const struct at_formats_bytes *const *bytes;
    const struct at_formats_cells *const *cells;
};

/* A program that links the library statically keeps this function with `-Wl,-u,attain_formats`. */
const struct at_formats *attain_formats(void);

#endif
