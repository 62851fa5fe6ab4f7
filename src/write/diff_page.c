/* write/diff_page.c: the pieces of which the page of a difference is made: safe text, and cells of amounts.
 */
#include "write/diff_page.h"

void at_write_page_z(const struct at_write_diff_page *page, const char *html) {
    at_sink_z(page->out, html);
}

void at_write_page_text(const struct at_write_diff_page *page, at_str text) {
    at_write_html_text(page->out, text);
}

void at_write_page_plain(const struct at_write_diff_page *page, at_str text) {
    at_write_html_plain(page->out, text);
}

void at_write_page_amount(const struct at_write_diff_page *page, at_i128 minor) {
    at_write_page_z(page, "<td class=\"num\">");
    at_write_page_text(page, at_write_diff_amount(page->diff, page->arena, minor));
    at_write_page_z(page, "</td>");
}

void at_write_page_change(const struct at_write_diff_page *page, at_i128 minor) {
    at_write_page_z(page, minor > 0   ? "<td class=\"num up\">"
                          : minor < 0 ? "<td class=\"num down\">"
                                      : "<td class=\"num\">");
    at_write_page_text(page, at_write_diff_change(page->diff, page->arena, minor));
    at_write_page_z(page, "</td>");
}
