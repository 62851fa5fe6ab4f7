/* write/sheet.c: the frame and pieces of pages with drawings. */
#include "write/sheet.h"
#include "write/diff_page.h"

/* On a phone, a row of four cells becomes two lines, and a longer one a list with the heads before its cells,
 * so that no column is cut off. */
static const char narrow[] =
    "@media (max-width:480px){.wide.sheet tr{display:grid;grid-template-columns:1fr 1fr}"
    ".wide.sheet th,.wide.sheet td{padding:.25rem .3rem;border:0}.wide.sheet tr{border-bottom:1px solid "
    "var(--line)}.stack thead{display:none}.stack tr{display:block;border-bottom:1px solid var(--line);"
    "padding:.4rem 0}.stack td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;"
    "text-align:right;white-space:normal}.stack td::before{content:attr(data-head);color:var(--soft);"
    "text-align:left}}\n";

void at_write_sheet_begin(struct at_sink *out, at_str title, const struct at_words *words,
                          const char *generator, struct at_arena *scratch) {
    at_str css = at_str_format(scratch, "%s%s%s", at_write_diff_css, at_write_plot_css, narrow);
    at_write_html_begin(out, title, words->code, generator, css.p);
    at_sink_z(out, "<main>\n<header><h1>");
    at_write_html_text(out, title);
    at_sink_z(out, "</h1></header>\n");
}

void at_write_sheet_end(struct at_sink *out) {
    at_sink_z(out, "</main>\n");
    at_write_html_end(out);
}

void at_write_sheet_section(struct at_sink *out, at_str heading) {
    at_sink_z(out, "<section><h2>");
    at_write_html_text(out, heading);
    at_sink_z(out, "</h2>\n");
}

void at_write_sheet_section_end(struct at_sink *out) {
    at_sink_z(out, "</section>\n");
}

void at_write_sheet_note(struct at_sink *out, at_str text) {
    at_sink_z(out, "<p class=\"note\">");
    at_write_html_text(out, text);
    at_sink_z(out, "</p>\n");
}

void at_write_sheet_sentence(struct at_sink *out, const char *element, at_str sentence) {
    struct at_words_sentence_part part;
    at_sink_printf(out, "<%s>", element);
    while (at_words_sentence_next(&sentence, &part)) {
        at_sink_z(out, part.code ? "<code>" : "");
        at_write_html_text(out, part.text);
        at_sink_z(out, part.code ? "</code>" : "");
    }
    at_sink_printf(out, "</%s>\n", element);
}

at_str at_write_sheet_plain(struct at_arena *arena, at_str sentence) {
    struct at_words_sentence_part part;
    char *out = at_arena_get(arena, sentence.n + 1);
    uint32_t n = 0;
    while (at_words_sentence_next(&sentence, &part)) {
        memcpy(out + n, part.text.p, part.text.n);
        n += part.text.n;
    }
    return (at_str){out, n};
}

static void cell(struct at_sink *out, const char *element, at_str text, bool number) {
    at_sink_printf(out, "<%s%s>", element, number ? " class=\"num\"" : "");
    at_write_html_text(out, text);
    at_sink_printf(out, "</%s>", element);
}

void at_write_sheet_table(struct at_sink *out, const at_str *heads, uint32_t n, uint32_t n_left) {
    at_sink_printf(out, "<div class=\"wide%s\" tabindex=\"0\"><table>\n<thead><tr>",
                   n > 4   ? " stack"
                   : n > 3 ? " sheet"
                           : "");
    for (uint32_t i = 0; i < n; i++)
        cell(out, "th", heads[i], i >= n_left);
    at_sink_z(out, "</tr></thead>\n<tbody>\n");
}

void at_write_sheet_row(struct at_sink *out, const at_str *cells, uint32_t n, uint32_t n_left) {
    at_sink_z(out, "<tr>");
    for (uint32_t i = 0; i < n; i++)
        cell(out, "td", cells[i], i >= n_left);
    at_sink_z(out, "</tr>\n");
}

void at_write_sheet_list_row(struct at_sink *out, const at_str *heads, const at_str *cells, uint32_t n,
                             uint32_t n_left) {
    at_sink_z(out, "<tr>");
    for (uint32_t i = 0; i < n; i++) {
        at_sink_z(out, i < n_left ? "<td data-head=\"" : "<td class=\"num\" data-head=\"");
        at_write_html_plain(out, heads[i]);
        at_sink_z(out, "\">");
        at_write_html_text(out, cells[i]);
        at_sink_z(out, "</td>");
    }
    at_sink_z(out, "</tr>\n");
}

void at_write_sheet_table_end(struct at_sink *out) {
    at_sink_z(out, "</tbody></table></div>\n");
}
