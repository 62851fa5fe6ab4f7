/* write/diff_page.h: the interface between the files that write the HTML page of a diff: diff_html.c (frame
 * and totals), diff_page.c (pieces), diff_decide.c (verdict,
 * limits, risks), diff_edits.c (edits with their effects), diff_sums.c (sums, and withheld
 * payouts), diff_chart.c (charts), diff_labels.c (labels of points), diff_payees.c (table of payees),
 * diff_detail.c (what one payee's change is made of), diff_style.c (style sheet), and diff_script.c (script).
 *
 * Green is more pay and red is less pay, everywhere. No other thing has these colors.
 */
#ifndef AT_WRITE_DIFF_PAGE_H
#define AT_WRITE_DIFF_PAGE_H

#include "write/diff_writer.h"
#include "write/html.h"

struct at_write_diff_page {
    const struct at_diff *diff;
    const struct at_words *words;
    const struct at_write_diff_stories *stories; /* NULL: none */
    const at_str *causes;                        /* their texts */
    struct at_arena *arena;                      /* scratch */
    struct at_sink *out;
    const uint64_t *written; /* bytes that went out so far */
};

/* A page has fewer bytes and payees, so that browsers and mail can handle it. */
enum { AT_PAGE_BYTES = 4800000, AT_PAGE_PAYEES = 2000 };

extern const char at_write_diff_css[], at_write_diff_page_script[];

/* ---- diff_decide.c */
void at_write_diff_page_decision(const struct at_write_diff_page *page);

/* ---- diff_edits.c */
void at_write_diff_page_edits(const struct at_write_diff_page *page);

/* ---- diff_sums.c: by group, period, and component; payouts that are newly withheld */
void at_write_diff_page_sums(const struct at_write_diff_page *page);
void at_write_diff_page_withheld(const struct at_write_diff_page *page);

/* ---- diff_chart.c */
void at_write_diff_scatter(const struct at_write_diff_page *page); /* each payee's old pay against the new */
void at_write_diff_histogram(const struct at_write_diff_page *page); /* how many change by how much */
/* (value - low) / (high - low) of `size`, which the caller knows to be in between. */
int at_write_diff_place(at_i128 value, at_i128 low, at_i128 high, int size);

/* ---- diff_labels.c: names next to the points that change most, where there is room */

struct at_write_diff_point {
    uint32_t payee;
    int x, y;
};
/* `points`: of payees that change, the largest change first. Names end left of `right`. */
void at_write_diff_labels(const struct at_write_diff_page *page, const struct at_write_diff_point *points,
                          uint32_t n, int right);

/* ---- diff_payees.c, diff_detail.c */
void at_write_diff_payee_table(const struct at_write_diff_page *page);
/* A row that opens to show components, the effects of edits, and explanations. `rows_left`: how many rows the
 * page still takes. False: there is no room for it. */
bool at_write_diff_detail(const struct at_write_diff_page *page, uint32_t payee, unsigned columns,
                          uint64_t *rows_left);

/* ---- pieces (diff_page.c) */
void at_write_page_z(const struct at_write_diff_page *page, const char *html); /* unchanged */
/* Made safe, between tags. A line never breaks inside a period. */
void at_write_page_text(const struct at_write_diff_page *page, at_str text);
void at_write_page_plain(const struct at_write_diff_page *page,
                         at_str text); /* the same in an attribute or <title> */
/* A sentence of page_XX.def, with <code> around code. */
void at_write_page_sentence(const struct at_write_diff_page *page, at_str sentence);
void at_write_page_word(const struct at_write_diff_page *page, enum at_words_word word);
#define AT_PAGE_SAY(page, id, ...)                                                                           \
    at_write_page_sentence((page), AT_SAY((page)->arena, (page)->words, (id), __VA_ARGS__))
at_str at_write_page_count(const struct at_write_diff_page *page, uint64_t count);
/* "<td class=num>1,234.50</td>", class "up" or "down" besides where a change has a sign. */
void at_write_page_amount(const struct at_write_diff_page *page, at_i128 minor);
void at_write_page_change(const struct at_write_diff_page *page, at_i128 minor);
const char *at_write_page_direction(at_i128 change); /* "up", "down", or "" */
/* "<section id=…><h2>…</h2>", and the frame of a table that scrolls by itself, with the keyboard, too. */
void at_write_page_section(const struct at_write_diff_page *page, const char *id, enum at_words_word heading);
void at_write_page_table(const struct at_write_diff_page *page, enum at_words_word caption);
void at_write_page_head(const struct at_write_diff_page *page, enum at_words_word word, bool number);

#endif
