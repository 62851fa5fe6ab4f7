/* write/explain_text.c: writes an explanation for a terminal, as an indented and wrapped tree. */
#include "write/explain.h"
#include "write/grid.h"
#include "write/writer.h"

/* Deeper steps are not indented further, so that text keeps its room. */
#define MOST_INDENT 24

struct page {
    struct at_sink *out;
    const struct at_write_explain_style *style;
    struct at_arena *arena;
    unsigned width;
};

static void color(const struct page *page, const char *code) {
    if (page->style->color) at_sink_printf(page->out, "\033[%sm", code);
}

static void spaces(const struct page *page, unsigned n) {
    for (unsigned i = 0; i < n; i++)
        at_sink_put(page->out, " ", 1);
}

/* Columns up to which the text may be broken: the last space that fits, or where there is none the first one
 * behind; wide characters may be parted anywhere. */
static uint32_t break_at(at_str text, unsigned room) {
    uint32_t last = 0, at = 0;
    unsigned columns = 0;
    while (at < text.n) {
        unsigned length;
        at_utf8_next(text.p + at, text.p + text.n, &length);
        unsigned wide = at_utf8_width((at_str){text.p + at, length});
        if (columns + wide > room && last) return last;
        if (columns + wide > room && wide == 2) return at ? at : length;
        if (text.p[at] == ' ' && at > 0) last = at;
        if (wide == 2) last = at + length;
        columns += wide;
        at += length;
    }
    return text.n;
}

static void wrapped(const struct page *page, at_str text, unsigned first, unsigned rest) {
    unsigned used = first;
    text = at_visible(page->arena, at_words_sentence_plain(page->arena, text));
    for (;;) {
        uint32_t n = text.n;
        /* At least 20 columns, even if a terminal is narrower. */
        unsigned room = page->width > used + 20 ? page->width - used : 20;
        if (at_utf8_width(text) > room) n = break_at(text, room);
        at_sink_visible(page->out, (at_str){text.p, n});
        at_sink_z(page->out, "\n");
        while (n < text.n && text.p[n] == ' ')
            n++;
        text.p += n;
        text.n -= n;
        if (text.n == 0) return;
        spaces(page, rest);
        used = rest;
    }
}

static void write_source(const struct page *page, const struct at_explain_node *step, unsigned indent) {
    if (!step->quotes || step->source.n == 0) return;
    at_str quoted = at_str_format(page->arena, "%.*s:%llu  %.*s", AT_STR_ARG(step->file),
                                  (unsigned long long)step->line, AT_STR_ARG(step->source));
    spaces(page, indent);
    color(page, "2");
    wrapped(page, quoted, indent, indent + 4);
    color(page, "0");
}

static void write_step(const struct page *page, const struct at_explain_node *step, unsigned indent,
                       bool head) {
    unsigned text = head ? indent : indent + 2;
    spaces(page, indent);
    if (!head) at_sink_z(page->out, "- ");
    if (head) color(page, "1");
    if (step->kind == AT_STEP_NEXT) color(page, "36");
    wrapped(page, at_words_write_operand(page->arena, page->style->words, &step->text), text, text);
    if (head || step->kind == AT_STEP_NEXT) color(page, "0");
    write_source(page, step, text + 2);
    unsigned next = head ? indent + 2 : indent < MOST_INDENT ? indent + 2 : indent;
    for (const struct at_explain_node *child = step->first; child; child = child->next)
        write_step(page, child, next, false);
}

at_str at_write_explain_amount(const struct at_session_result_run *r, at_i128 minor, at_i128 local,
                               at_currency currency, const struct at_words *words, struct at_arena *arena) {
    at_num amount = at_num_decimal128(minor, r->currency->digits);
    at_str own = at_words_number(arena, words, at_money_print(arena, amount, r->checked->currency));
    if (!currency || currency == r->checked->currency) return own;
    at_num paid = at_num_decimal128(local, at_currency_info(currency)->digits);
    return AT_SAY(arena, words, AT_W_NAMED, own,
                  at_words_number(arena, words, at_money_print(arena, paid, currency)));
}

void at_write_explain_text(const struct at_session_results *results, const struct at_explain_story *story,
                           const struct at_write_explain_style *style, struct at_arena *scratch,
                           struct at_sink *out) {
    struct page page = {out, style, scratch, style->width ? style->width : 100};
    at_str who = story->key;
    if (story->label.n) who = AT_SAY(scratch, style->words, AT_W_NAMED, story->label, story->key);
    at_str title =
        AT_SAY(scratch, style->words, AT_W_HEAD, who, at_words_period(scratch, style->words, story->when));
    if (!story->withheld)
        title = AT_SAY(scratch, style->words, AT_W_IS, title,
                       at_write_explain_amount(&results->runs[story->run], story->total, story->local,
                                               story->currency, style->words, scratch));
    color(&page, "1");
    wrapped(&page, title, 0, 0);
    color(&page, "0");
    if (story->covered.kind) {
        spaces(&page, 2);
        wrapped(&page, at_words_write_operand(scratch, style->words, &story->covered), 2, 4);
    }
    for (uint32_t i = 0; i < story->n_shown; i++) {
        spaces(&page, 2);
        wrapped(&page, at_write_explain_shown(&story->shown[i], style->words, scratch), 2, 4);
    }
    for (const struct at_explain_node *step = story->components; step; step = step->next) {
        at_sink_z(out, "\n");
        write_step(&page, step, 2, true);
    }
    if (!story->measures) return;
    at_sink_z(out, "\n");
    color(&page, "1");
    at_sink_z(out, "  ");
    at_sink_visible(out, at_words_word(style->words, AT_W_MEASURES));
    color(&page, "0");
    at_sink_z(out, "\n");
    for (const struct at_explain_node *step = story->measures; step; step = step->next)
        write_step(&page, step, 4, true);
}

at_str at_write_explain_fault(const struct at_words *words, const struct at_explain_story_fault *fault,
                              struct at_arena *arena) {
    at_str step = at_words_write_operand(arena, words, &fault->step->text);
    enum at_words_word word = fault->past   ? AT_W_FAULT_PAST
                              : fault->paid ? AT_W_FAULT_PAID
                                            : AT_W_FAULT_VALUE;
    return at_words_sentence_plain(arena, AT_SAY(arena, words, word, step));
}
