/* write/diff_lines.c: lines, headings, and cells of a difference on a terminal. See diff_text.h. */
#include "write/diff_text.h"

void at_write_text_line(const struct at_write_diff_text *page, at_str text) {
    at_write_flow(&page->flow, AT_STR(""), text);
}

void at_write_text_heading(const struct at_write_diff_text *page, at_str text) {
    at_sink_z(page->out, page->options->color ? "\n\033[1m" : "\n");
    at_sink_visible(page->out, text);
    at_sink_z(page->out, page->options->color ? "\033[0m\n" : "\n");
}

at_str at_write_text_word(const struct at_write_diff_text *page, enum at_words_word word) {
    return at_words_word(page->diff->words, word);
}

void at_write_text_grid(const struct at_write_diff_text *page, struct at_write_grid *grid, uint32_t n_columns,
                        uint32_t n_left) {
    at_write_grid_init(grid, page->arena, n_columns, n_left);
    grid->color = page->options->color;
}

void at_write_text_heads(const struct at_write_diff_text *page, at_str *row) {
    static const enum at_words_word heads[] = {AT_W_DIFF_OLD, AT_W_DIFF_NEW, AT_W_DIFF_CHANGE,
                                               AT_W_DIFF_OF_OLD};
    for (size_t i = 0; i < AT_COUNT(heads); i++)
        row[i] = at_write_text_word(page, heads[i]);
}

void at_write_text_change(const struct at_write_diff_text *page, at_str *row, const at_i128 minor[2],
                          const bool withheld[2]) {
    at_i128 change = minor[1] - minor[0];
    for (int s = 0; s < 2; s++)
        row[s] = withheld[s] && minor[s] == 0 ? at_write_text_word(page, AT_W_DIFF_WITHHELD)
                                              : at_write_diff_amount(page->diff, page->arena, minor[s]);
    row[2] = at_write_diff_change(page->diff, page->arena, change);
    row[3] = at_write_diff_percent(page->arena, change, minor[0]);
}
