/* write/diff_page.c: the pieces of which the page of a difference is made: safe text, sentences, and cells of
 * amounts.
 */
#include "write/diff_page.h"

void at_write_page_z(const struct at_write_diff_page *page, const char *html) {
    at_sink_z(page->out, html);
}

/* ---------------------------------------------------------------- text */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Bytes of the first of the signs at p; 0: none is there. */
static uint32_t sign_at(const char *p, const char *end) {
    static const char *const signs[] = {"年", "第", "季度", "上半年", "下半年", "月", "日"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);
        if ((size_t)(end - p) >= n && memcmp(p, signs[i], n) == 0) return (uint32_t)n;
    }
    return 0;
}

/* Bytes of the Chinese period or date at p, which begins with four digits: "2026年第1季度", "2026年1月15日";
 * 0: it is none. */
static uint32_t chinese_at(const char *p, const char *end) {
    const char *at = p + 4;
    if (end - at < 3 || memcmp(at, "年", 3) != 0) return 0;
    for (uint32_t n; (n = sign_at(at, end)) > 0;)
        for (at += n; at < end && is_digit(*at);)
            at++;
    return (uint32_t)(at - p);
}

/* Bytes of the period or date at p: "2026-Q1", "2026-H1", "2026-01", "2026-01-15", or a Chinese one; 0: there
 * is none. */
static uint32_t period_at(const char *p, const char *end) {
    if (end - p < 7 || !is_digit(p[0]) || !is_digit(p[1]) || !is_digit(p[2]) || !is_digit(p[3])) return 0;
    if (p[4] != '-') return chinese_at(p, end);
    if (!is_digit(p[6]) || !(p[5] == 'Q' || p[5] == 'H' || is_digit(p[5]))) return 0;
    bool date = end - p >= 10 && p[7] == '-' && is_digit(p[8]) && is_digit(p[9]);
    return date ? 10 : 7;
}

void at_write_page_text(const struct at_write_diff_page *page, at_str text) {
    const char *p = text.p, *end = text.p + text.n, *start = p;
    while (p < end) {
        bool inside = p > text.p && is_digit(p[-1]);
        uint32_t n = inside ? 0 : period_at(p, end);
        if (n == 0) {
            p++;
            continue;
        }
        at_write_html_text(page->out, (at_str){start, (uint32_t)(p - start)});
        at_write_page_z(page, "<span class=\"nb\">");
        at_write_html_text(page->out, (at_str){p, n});
        at_write_page_z(page, "</span>");
        start = p += n;
    }
    at_write_html_text(page->out, (at_str){start, (uint32_t)(end - start)});
}

void at_write_page_plain(const struct at_write_diff_page *page, at_str text) {
    at_write_html_plain(page->out, text);
}

void at_write_page_sentence(const struct at_write_diff_page *page, at_str sentence) {
    struct at_words_sentence_part part;
    while (at_words_sentence_next(&sentence, &part)) {
        at_write_page_z(page, part.code ? "<code>" : "");
        at_write_page_text(page, part.text);
        at_write_page_z(page, part.code ? "</code>" : "");
    }
}

void at_write_page_word(const struct at_write_diff_page *page, enum at_words_word word) {
    at_write_page_sentence(page, at_words_word(page->words, word));
}

at_str at_write_page_count(const struct at_write_diff_page *page, uint64_t count) {
    char text[AT_MINOR_SIZE];
    size_t n = at_write_minor_write(text, (at_i128)count, 0, true);
    return at_str_format(page->arena, "%.*s", (int)n, text);
}

/* ---------------------------------------------------------------- cells, tables, sections */

const char *at_write_page_direction(at_i128 change) {
    return change > 0 ? "up" : change < 0 ? "down" : "";
}

void at_write_page_amount(const struct at_write_diff_page *page, at_i128 minor) {
    at_write_page_z(page, "<td class=\"num\">");
    at_write_page_text(page, at_write_diff_amount(page->diff, page->arena, minor));
    at_write_page_z(page, "</td>");
}

void at_write_page_change(const struct at_write_diff_page *page, at_i128 minor) {
    at_sink_printf(page->out, "<td class=\"num %s\">", at_write_page_direction(minor));
    at_write_page_text(page, at_write_diff_change(page->diff, page->arena, minor));
    at_write_page_z(page, "</td>");
}

void at_write_page_section(const struct at_write_diff_page *page, const char *id,
                           enum at_words_word heading) {
    at_sink_printf(page->out, "<section id=\"%s\" aria-labelledby=\"%s-h\"><h2 id=\"%s-h\">", id, id, id);
    at_write_page_word(page, heading);
    at_write_page_z(page, "</h2>\n");
}

void at_write_page_table(const struct at_write_diff_page *page, enum at_words_word caption) {
    at_write_page_z(page, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
    at_write_page_plain(page, at_words_word(page->words, caption));
    at_write_page_z(page, "\"><table>\n<thead><tr>");
}

void at_write_page_head(const struct at_write_diff_page *page, enum at_words_word word, bool number) {
    at_write_page_z(page, number ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
    at_write_page_word(page, word);
    at_write_page_z(page, "</th>");
}
