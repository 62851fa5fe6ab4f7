/* diag/source.h: maps offsets to files, lines, and columns, over all texts of one compilation.
 *
 * Lines are counted only when a message is printed. Texts are copied into the arena and followed by NUL
 * bytes.
 */
#ifndef AT_DIAG_SOURCE_H
#define AT_DIAG_SOURCE_H

#include "base/text.h"
#include "diag/span.h"

struct at_diag_source_file {
    at_str name; /* as messages show it */
    at_str text; /* followed by at least 16 NUL bytes */
    uint32_t base;
    uint32_t *lines; /* offsets of line starts, made at first use */
    uint32_t n_lines;
};

struct at_diag_sources {
    struct at_arena *arena; /* view */
    struct at_diag_source_file **files;
    uint32_t n_files;
    uint32_t next_base;
    uint32_t n_nodes; /* ids given to nodes of all ASTs so far: two versions parsed into one map share none */
};

struct at_diag_place {
    const struct at_diag_source_file *file; /* NULL: nowhere */
    uint32_t line;                          /* from 1 */
    uint32_t column;                        /* from 1, in code points */
    at_str line_text;                       /* without its line end */
    uint32_t byte_in_line;                  /* from 0 */
};

void at_diag_sources_init(struct at_diag_sources *sources, struct at_arena *arena);
/* Copies name and text. NULL where all texts together would pass 2 GiB. */
struct at_diag_source_file *at_diag_sources_add(struct at_diag_sources *sources, at_str name, at_str text);
/* The file of that name and text; NULL if it was not added. */
struct at_diag_source_file *at_diag_sources_find(const struct at_diag_sources *sources, at_str name,
                                                 at_str text);
struct at_diag_place at_diag_sources_place(const struct at_diag_sources *sources, uint32_t offset);
at_str at_diag_sources_text(const struct at_diag_sources *sources, at_span span); /* view */

#endif
