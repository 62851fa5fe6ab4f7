/* source/csv.h: a CSV file, or CSV text in memory, as a source (source/source.h).
 *
 *     csv_input    bytes at an offset, rows again      csv_field    one field (grammar/csv.re)
 *     csv_index    commas, quotes, line ends           csv_reader   a part's bytes -> batches of rows
 *     csv_cut      parts for threads                   csv_header   the line of column names
 *
 * All that knows bytes, encodings, quotes, and separators is in these files. The id of a row is the offset of
 * its first byte, and its number is its line.
 */
#ifndef AT_SOURCE_CSV_H
#define AT_SOURCE_CSV_H

#include "source/csv_input.h"

struct at_source_csv_cut { /* where a part begins */
    uint64_t from, line;
};

struct at_source_csv_source {
    struct at_source source;
    struct at_source_binding binding; /* view of what it names */
    struct at_source_input input;
    uint64_t body, body_line; /* offset of the first byte after the header, and its line */
    struct at_source_csv_cut *cuts;
    unsigned n_cuts, cut_for;           /* made for so many threads */
    struct at_source_row_window window; /* for rows again */
    uint64_t known, known_line;         /* a row, and its line: lines of later rows are counted from here */
};

struct at_source *at_source_csv_source_new(const struct at_source_binding *binding, struct at_arena *arena);

/* csv_header.c: finds the line of names, and the body. False with a fault. */
bool at_source_csv_header(struct at_source_csv_source *csv, struct at_arena *scratch,
                          struct at_source_fault *fault);
/* csv_cut.c: parts for as many threads as there may be, at rows' beginnings. They are kept. */
unsigned at_source_csv_cut(struct at_source_csv_source *csv, unsigned most, struct at_arena *scratch,
                           struct at_watch *watch);

#endif
