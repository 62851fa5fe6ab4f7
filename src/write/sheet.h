/* write/sheet.h: the frame and pieces of pages with drawings: curves, models, and reports on a run.
 *
 * A page is one offline file, for light and dark screens, phones, and paper.
 */
#ifndef AT_WRITE_SHEET_H
#define AT_WRITE_SHEET_H

#include "write/html.h"
#include "write/plot.h"

/* From <!doctype> to <main> and the heading. `generator` names the command: "attain curve". */
void at_write_sheet_begin(struct at_sink *out, at_str title, const struct at_words *words,
                          const char *generator, struct at_arena *scratch);
void at_write_sheet_end(struct at_sink *out);
void at_write_sheet_section(struct at_sink *out, at_str heading); /* "<section><h2>…</h2>" */
void at_write_sheet_section_end(struct at_sink *out);
void at_write_sheet_note(struct at_sink *out, at_str text); /* small, grey */
/* A sentence, with code between the marks of words.h, in an element: "p", "li". */
void at_write_sheet_sentence(struct at_sink *out, const char *element, at_str sentence);
/* The sentence without the marks around code, for headings and for what a drawing shows. */
at_str at_write_sheet_plain(struct at_arena *arena, at_str sentence);

/* A table. Cells of the first `n_left` columns are text, the others numbers, aligned to the right. */
void at_write_sheet_table(struct at_sink *out, const at_str *heads, uint32_t n, uint32_t n_left);
void at_write_sheet_row(struct at_sink *out, const at_str *cells, uint32_t n, uint32_t n_left);
/* Of a table with more than four columns: phones show the head before each cell. */
void at_write_sheet_list_row(struct at_sink *out, const at_str *heads, const at_str *cells, uint32_t n,
                             uint32_t n_left);
void at_write_sheet_table_end(struct at_sink *out);

#endif
