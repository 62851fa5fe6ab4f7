/* write/statement_slip.c: the pieces of which pages of statements are made. */
#include "write/statement_int.h"

#include "base/money.h"
#include "write/html.h"

#define raw(page, html) at_write_slip_raw(page, html)
#define text(page, s) at_write_slip_text(page, s)
#define word(page, w) at_write_slip_word(page, w)

void at_write_slip_raw(const struct at_write_slip *page, const char *html) {
    at_sink_z(page->out, html);
}

void at_write_slip_text(const struct at_write_slip *page, at_str s) {
    at_write_html_text(page->out, s);
}

void at_write_slip_sentence(const struct at_write_slip *page, at_str s) {
    struct at_words_sentence_part part;
    while (at_words_sentence_next(&s, &part)) {
        raw(page, part.code ? "<code>" : "");
        text(page, part.text);
        raw(page, part.code ? "</code>" : "");
    }
}

void at_write_slip_said(const struct at_write_slip *page, const at_words_operand *operand) {
    at_write_slip_sentence(page, at_words_write_operand(page->arena, page->words, operand));
}

void at_write_slip_word(const struct at_write_slip *page, enum at_words_word w) {
    text(page, at_words_word(page->words, w));
}

void at_write_slip_heading(const struct at_write_slip *page, enum at_words_word w) {
    at_write_slip_cell(page, "<h3>", w, "</h3>\n");
}

void at_write_slip_cell(const struct at_write_slip *page, const char *open, enum at_words_word w,
                        const char *close) {
    raw(page, open);
    word(page, w);
    raw(page, close);
}

at_str at_write_slip_money(const struct at_write_slip *page, at_i128 minor, at_currency currency) {
    at_num amount = at_num_decimal128(minor, at_currency_info(currency)->digits);
    return at_words_number(page->arena, page->words, at_money_print(page->arena, amount, currency));
}

at_str at_write_slip_total(const struct at_write_slip *page, const struct at_explain_story *story) {
    return at_write_explain_amount(&page->results->runs[story->run], story->total, story->local,
                                   story->currency, page->words, page->arena);
}

void at_write_slip_footer(const struct at_write_slip *page, const struct at_write_explain_style *style) {
    at_write_slip_cell(page, "<footer><p>", AT_W_ROUNDED_FIGURES, "</p>\n<p class=\"ask\">");
    if (style->contact.n)
        text(page, AT_SAY(page->arena, page->words, AT_W_ASK, style->contact));
    else
        word(page, AT_W_ASK_ANYONE);
    raw(page, "</p>\n");
    if (style->sign) {
        at_write_slip_cell(page, "<dl class=\"sign\"><div><dt>", AT_W_SIGN_DATE, "</dt><dd></dd></div>");
        at_write_slip_cell(page, "<div><dt>", AT_W_SIGN_NAME, "</dt><dd></dd></div></dl>\n");
    }
    raw(page, "</footer>\n</main>\n");
}
