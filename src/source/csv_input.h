/* source/csv_input.h: the text of a CSV source in UTF-8, read at any offset: an open file, text that the host
 * holds, or what a decoder makes of either (source/decode.h).
 *
 * Files are never mapped: a pass costs one block of memory a thread, whatever the size of the file, and a
 * file that shrinks is a message, not a signal.
 */
#ifndef AT_SOURCE_CSV_INPUT_H
#define AT_SOURCE_CSV_INPUT_H

#include "source/csv_field.h"
#include "source/decode.h"
#include "source/source.h"

#define AT_ROW_BYTES (16u << 20) /* a longer row is refused */

struct at_source_input {
    struct at_source_raw raw;
    uint64_t size; /* of the text; AT_SOURCE_UNKNOWN_SIZE if it is decoded */
    char separator;
    const struct at_formats_bytes *packing; /* view; NULL: not compressed */
    enum at_schema_encoding encoding;
    struct at_source_decoder *decoder; /* NULL: the bytes of the file are the text */
};
#define AT_SOURCE_UNKNOWN_SIZE UINT64_MAX

/* Opens what `binding` names, as bytes. False with a fault if it cannot be read. */
bool at_source_input_open(struct at_source_input *input, const struct at_source_binding *binding,
                          struct at_arena *arena, struct at_source_fault *fault);
/* source/form.c: finds out in what form the text is, and makes a decoder if one is needed. False with a fault
 * if it is not CSV at all, or could be in two encodings. */
bool at_source_form_find(struct at_source_input *input, const struct at_schema_form *specified,
                         struct at_arena *arena, struct at_arena *scratch, struct at_source_fault *fault);
/* source/form.c: finds out what divides the cells of the table whose line of names begins at `offset`. False
 * with a fault if two separators could. */
bool at_source_separator_find(struct at_source_input *input, uint64_t offset, struct at_arena *scratch,
                              struct at_source_fault *fault);
/* The same text for a reader of its own, which reads at the same time. */
struct at_source_input at_source_input_again(const struct at_source_input *input, struct at_arena *arena);
/* Up to n bytes at offset; returns how many, fewer only at the end; on failure -1 - errno, or what a decoder
 * returns. Safe from several threads if there is no decoder. */
int64_t at_source_input_read(const struct at_source_input *input, uint64_t offset, void *out, size_t n);
/* Text of the row that begins at `offset`, without its line end, at most `limit` bytes (then maybe cut). At
 * least 64 readable bytes around it. */
at_str at_source_input_row(const struct at_source_input *input, uint64_t offset, size_t limit,
                           struct at_arena *arena);
/* Rows in the order of the file, read in blocks. */
struct at_source_row_window {
    const struct at_source_input *input; /* view */
    char *block;                         /* in the arena of at_source_row_window_init */
    uint64_t base;                       /* offset of block[0] */
    size_t n;
};
void at_source_row_window_init(struct at_source_row_window *window, const struct at_source_input *input,
                               struct at_arena *arena);
/* As at_source_input_row, without readable bytes around it. Valid until the next call, and, because a row
 * longer than a block is in `arena`, until this is reset. */
at_str at_source_row_window_get(struct at_source_row_window *window, uint64_t offset, size_t limit,
                                struct at_arena *arena);
/* The text of a field, with single quotes where it has doubled ones; a view of the field where it has none.
 */
at_str at_source_csv_value(const struct at_source_csv_field *field, struct at_arena *arena);
/* How many line ends (LF, CRLF, CR) lie in n bytes; *cr carries a CR at the end of the piece before. */
uint64_t at_source_count_lines(const char *p, size_t n, bool *cr);

#endif
