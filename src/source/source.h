/* source/source.h: where the rows of a table come from: the one interface through which tables read.
 *
 *     open     the source knows the names of its columns, or what is wrong with it
 *     split    into parts for threads, in the order of the rows
 *     begin    a part is read from its first row, by one thread
 *     next     the part's next batch of rows (source/rows.h)
 *     row      a row again, for people: its name ("deals.csv:812"), its text, the place of a cell
 *
 * A source is made for a binding by at_source_new. Implementations: csv.h (a file or text in memory) and
 * cells.h (columns that the caller has made). A caller can also bind a source of its own. What a source is
 * made of, such as bytes, quotes, and sheets, no other module knows. A row is known by its id, and by the
 * number that people know it by. Both ascend in the order of the source.
 *
 * A source lives in an arena and is closed with it. `open`, `split`, and `row` are called on one thread, not
 * while parts are read. Parts are read at the same time, each with an arena of its own.
 */
#ifndef AT_SOURCE_SOURCE_H
#define AT_SOURCE_SOURCE_H

#include "base/file.h"
#include "base/schema.h"
#include "diag/diag.h"
#include "source/rows.h"

enum at_source_kind { AT_FROM_NOWHERE, AT_FROM_FILE, AT_FROM_MEMORY, AT_FROM_CELLS, AT_FROM_SOURCE };

struct at_source;
struct at_source_binding {
    enum at_source_kind kind;
    at_str name;                      /* for messages: the path, or what the host calls it */
    at_str path;                      /* FILE: NUL-ended; with `roots` relative to `base` */
    const struct at_root_list *roots; /* FILE: it must be under one of these; NULL: any file */
    at_str base;                      /* canonical */
    struct at_schema_form form;       /* FILE, MEMORY: as it was specified */
    int error;            /* FILE: an errno, if the folder in which it should be cannot be opened; 0: none */
    at_span span;         /* of the path in the policy, for the message that it is not under `roots` */
    at_str bytes;         /* MEMORY: CSV text, a view that outlives the source */
    struct at_col *cells; /* CELLS: columns made by the caller; refs hold row numbers */
    uint32_t n_rows;      /* CELLS */
    struct at_source *source; /* SOURCE: not opened yet, a view that outlives the dataset */
};

/* ---- what is wrong with a source, as a whole or from some row on */

struct at_source_ref { /* a row: known by its id, by its number, or both */
    uint64_t id;
    uint64_t number; /* for people, from 1; 0: not known */
};
#define AT_SOURCE_NO_ID UINT64_MAX /* not known */

struct at_source_fault {
    enum at_diag_code code;   /* of diagnostics.def */
    enum at_status status;    /* AT_REJECTED, or AT_IO */
    int error;                /* an errno, for A0701 */
    bool compressed;          /* for A0706: it is a compressed file; otherwise a workbook or an archive */
    uint8_t packed;           /* for A0741: enum at_formats_status */
    uint64_t place;           /* for A0741: how many bytes of the file were read */
    char separators[2];       /* for A0740 */
    at_str readings[2];       /* for A0739 and A0740: one text, as each of the two would read it */
    uint32_t counts[2];       /* for A0740: columns */
    struct at_source_ref row; /* where it begins; number 0: the whole source */
    uint32_t column;          /* from 1; 0: the whole row */
};

/* ---- the interface */

enum at_source_hint { /* why a column may not be found */
                      AT_SOURCE_NO_HINT,
                      AT_SOURCE_SEPARATOR,  /* the first line is `sep=;`, for spreadsheets */
                      AT_SOURCE_TWO_MARKS,  /* a second byte order mark before the first name */
                      AT_SOURCE_SEMICOLONS, /* columns seem to be divided by semicolons */
                      AT_SOURCE_TABS,
                      AT_SOURCE_NOT_UTF8
};

enum at_source_end { AT_SOURCE_ROWS, AT_SOURCE_END, AT_SOURCE_FAULT };

struct at_source_part { /* first in what `begin` returns */
    struct at_source *source;
    uint64_t done;                /* how much of source->size was read */
    struct at_source_fault fault; /* after AT_SOURCE_FAULT */
};

struct at_source_row {
    at_str name;                   /* empty: the source's name, a colon, and the number */
    bool text_found;               /* the row has a text; `text` is valid until the next call */
    at_str text;                   /* as it was written, without the end of its line */
    bool cell_found;               /* the row has the cell that was asked for, and the rest counts */
    uint32_t cell_start, cell_end; /* bytes of the text */
    at_str value;                  /* of the cell */
    uint32_t n_cells;              /* AT_SOURCE_ALL: how many the row has */
    uint32_t junk; /* AT_SOURCE_ALL: the first cell with text behind its quote, from 1; 0: none */
};
#define AT_SOURCE_ALL UINT32_MAX

struct at_source_ops {
    bool (*open)(struct at_source *source, struct at_arena *scratch, struct at_source_fault *fault);
    /* Into at most `most` parts. Returns how many, at least 1. */
    unsigned (*split)(struct at_source *source, unsigned most, struct at_arena *scratch,
                      struct at_watch *watch);
    struct at_source_part *(*begin)(struct at_source *source, const struct at_source_layout *layout,
                                    unsigned part, unsigned n_parts, struct at_arena *arena);
    /* The next batch, at least one row of it. It lives until the next call for the part. */
    enum at_source_end (*next)(struct at_source_part *part, struct at_source_rows *rows);
    /* Finds the row, fills in what is not known of `ref`, and reads it again. `column`: from 1, 0 for the
     * text only, AT_SOURCE_ALL to count its cells. */
    void (*row)(struct at_source *source, struct at_source_ref *ref, uint32_t column,
                struct at_arena *scratch, struct at_source_row *out);
};

/* How a source was read, for people. */
struct at_source_form {
    const char *packing; /* "gzip"; NULL: not compressed */
    enum at_schema_encoding encoding;
    char separator;
    bool found; /* something of it was found out, and is not UTF-8 with commas */
};

/* The name of an encoding, "GB18030". */
at_str at_source_encoding_name(enum at_schema_encoding encoding);
/* A separator as a policy writes it: ";", and "\\t" for a tab. */
at_str at_source_separator_name(char separator);

struct at_source {
    const struct at_source_ops *ops;
    struct at_arena *arena; /* view; for what lives as long as the source */
    at_str name;            /* for messages */
    /* from here on filled by `open` */
    at_str
        *columns; /* names, without spaces at their ends; NULL: one column for each field, in their order */
    uint32_t n_columns;
    enum at_source_hint hint;
    struct at_source_form form;
    struct at_source_ref header; /* where the names are; number 0: in no row */
    uint64_t size;               /* for progress, in a unit of its own */
    bool whole; /* the first batch is all rows, as columns of values that live as long as the source */
};

/* The source that a binding names, not opened; NULL for AT_FROM_NOWHERE. */
struct at_source *at_source_new(const struct at_source_binding *binding, struct at_arena *arena);

#endif
