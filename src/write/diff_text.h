/* write/diff_text.h: the interface between the files that write a difference for a terminal: diff_text.c
 * (frame, sums, payees) and diff_block.c (what a reviewer decides by).
 */
#ifndef AT_WRITE_DIFF_TEXT_H
#define AT_WRITE_DIFF_TEXT_H

#include "write/diff_decision.h"
#include "write/flow.h"
#include "write/grid.h"

struct at_write_diff_text {
    const struct at_diff *diff;
    const struct at_write_options *options;
    struct at_arena *arena;
    struct at_sink *out;
    struct at_write_flow flow;
};

void at_write_text_line(const struct at_write_diff_text *page, at_str text); /* wrapped */
void at_write_text_heading(const struct at_write_diff_text *page, at_str text);
at_str at_write_text_word(const struct at_write_diff_text *page, enum at_words_word word);
void at_write_text_grid(const struct at_write_diff_text *page, struct at_write_grid *grid, uint32_t n_columns,
                        uint32_t n_left);
/* "old", "new", "change", "of old". */
void at_write_text_heads(const struct at_write_diff_text *page, at_str *row);
void at_write_text_change(const struct at_write_diff_text *page, at_str *row, const at_i128 minor[2],
                          const bool withheld[2]);

/* diff_block.c */
void at_write_text_verdict(const struct at_write_diff_text *page); /* and the sentence */
void at_write_text_limits(const struct at_write_diff_text *page);
void at_write_text_risks(const struct at_write_diff_text *page);
void at_write_text_edits(const struct at_write_diff_text *page);
void at_write_text_groups(const struct at_write_diff_text *page);
void at_write_text_periods(const struct at_write_diff_text *page);
void at_write_text_newly(const struct at_write_diff_text *page);
void at_write_text_sources(const struct at_write_diff_text *page);

#endif
