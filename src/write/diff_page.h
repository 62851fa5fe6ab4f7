/* write/diff_page.h: the interface between the files that write the HTML page of a diff: diff_html.c
 * (frame and text), diff_page.c (pieces), diff_chart.c (charts), diff_payees.c (table of payees), and
 * diff_style.c (style sheet and script).
 */
#ifndef AT_WRITE_DIFF_PAGE_H
#define AT_WRITE_DIFF_PAGE_H

#include "write/diff_writer.h"
#include "write/html.h"

struct at_write_diff_page {
    const struct at_diff *diff;
    const struct at_write_diff_stories *stories; /* NULL: none */
    const at_str *causes;                        /* their texts */
    struct at_arena *arena;                      /* scratch */
    struct at_sink *out;
};

extern const char at_write_diff_css[], at_write_diff_page_script[];

/* ---- diff_chart.c */
void at_write_diff_waterfall(const struct at_write_diff_page *page); /* old pay, each cause, new pay */
void at_write_diff_scatter(const struct at_write_diff_page *page); /* each payee's old pay against the new */
void at_write_diff_histogram(const struct at_write_diff_page *page); /* how many change by how much */

/* ---- diff_payees.c */
void at_write_diff_payee_table(const struct at_write_diff_page *page);

/* ---- pieces (diff_page.c) */
void at_write_page_z(const struct at_write_diff_page *page, const char *html); /* unchanged */
void at_write_page_text(const struct at_write_diff_page *page, at_str text);   /* made safe, between tags */
void at_write_page_plain(const struct at_write_diff_page *page,
                         at_str text); /* the same in an attribute or <title> */
/* "<td class=num>1,234.50</td>", class "up" or "down" besides where a change has a sign. */
void at_write_page_amount(const struct at_write_diff_page *page, at_i128 minor);
void at_write_page_change(const struct at_write_diff_page *page, at_i128 minor);

#endif
