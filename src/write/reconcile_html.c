/* write/reconcile_html.c: a reconciliation as a page: the verdict and its limits, causes, and each
 * difference. */
#include "write/reconcile.h"
#include "write/sheet.h"

#define MOST_PAYOUTS 2000 /* more make the page slow; JSON has all */

struct page {
    const struct at_write_report *r;
    const struct at_write_reconcile *made;
};

static at_str amount(const struct page *p, at_i128 minor) {
    return at_words_number(p->r->arena, p->r->words,
                           at_write_reconcile_amount(p->made, p->r->arena, minor, true));
}

static at_str number(const struct page *p, uint64_t n) {
    return at_str_format(p->r->arena, "%llu", (unsigned long long)n);
}

static at_str word(const struct page *p, enum at_words_word id) {
    return at_words_word(p->r->words, id);
}

static void write_verdict(const struct page *p) {
    struct at_arena *arena = p->r->arena;
    const struct at_words *words = p->r->words;
    at_write_sheet_section(p->r->out, at_write_reconcile_verdict(p->made, words, arena));
    at_sink_z(p->r->out, "<ul>\n");
    for (uint32_t i = 0; i < p->made->n_limits; i++)
        at_write_sheet_sentence(
            p->r->out, "li",
            AT_SAY(arena, words, p->made->limits[i].exceeded ? AT_W_RECONCILE_EXCEEDED : AT_W_RECONCILE_HELD,
                   p->made->limits[i].text, p->made->limits[i].value));
    at_sink_z(p->r->out, "</ul>\n");
    at_write_sheet_sentence(p->r->out, "p", at_write_reconcile_counts(p->made, words, arena));
    at_write_sheet_sentence(p->r->out, "p", at_write_reconcile_totals(p->made, words, arena));
    at_write_sheet_section_end(p->r->out);
}

static void write_causes(const struct page *p) {
    const struct at_answer_reconciliation *of = &p->made->of;
    const at_str heads[] = {word(p, AT_W_RECONCILE_TYPE), word(p, AT_W_RECONCILE_CAUSE),
                            word(p, AT_W_RECONCILE_PAYOUTS), word(p, AT_W_RECONCILE_NET)};
    if (of->n_causes == 0) return;
    at_write_sheet_section(p->r->out, word(p, AT_W_RECONCILE_CAUSES));
    at_write_sheet_table(p->r->out, heads, 4, 2);
    for (uint32_t k = 0; k < of->n_causes; k++) {
        const struct at_answer_cause *cause = &of->causes[k];
        struct at_arena_mark mark = at_arena_mark(p->r->arena);
        const at_str cells[] = {
            at_write_reconcile_class(p->r->words, cause->class),
            at_write_sheet_plain(p->r->arena,
                                 at_write_reconcile_cause(p->made, cause, p->r->words, p->r->arena)),
            number(p, cause->n), amount(p, cause->net)};
        at_write_sheet_row(p->r->out, cells, 4, 2);
        at_arena_reset(p->r->arena, mark);
    }
    at_write_sheet_table_end(p->r->out);
    at_write_sheet_section_end(p->r->out);
}

static void write_payouts(const struct page *p) {
    const struct at_answer_reconciliation *of = &p->made->of;
    at_str heads[AT_WRITE_RECONCILE_COLUMNS], cells[AT_WRITE_RECONCILE_COLUMNS];
    uint32_t n = at_write_reconcile_heads(p->made, p->r->words, heads), shown = 0;
    if (of->count[AT_ANSWER_DIFFERENT] == 0) return;
    at_write_sheet_section(p->r->out, word(p, AT_W_RECONCILE_DIFFERENT));
    at_write_sheet_table(p->r->out, heads, n, n - 3);
    for (uint32_t i = 0; i < of->n && shown < MOST_PAYOUTS; i++) {
        struct at_arena_mark mark = at_arena_mark(p->r->arena);
        if (of->payouts[i].status != AT_ANSWER_DIFFERENT) continue;
        at_write_reconcile_cells(p->made, &of->payouts[i], p->r->words, p->r->arena, cells);
        if (of->payouts[i].change)
            cells[n - 4] = at_write_sheet_plain(
                p->r->arena, at_write_reconcile_change(p->made, of->payouts[i].change, of->payouts[i].run,
                                                       p->r->words, p->r->arena));
        at_write_sheet_list_row(p->r->out, heads, cells, n, n - 3);
        shown++;
        at_arena_reset(p->r->arena, mark);
    }
    at_write_sheet_table_end(p->r->out);
    if (of->count[AT_ANSWER_DIFFERENT] > shown)
        at_write_sheet_note(p->r->out, AT_SAY(p->r->arena, p->r->words, AT_W_RECONCILE_MORE,
                                              number(p, of->count[AT_ANSWER_DIFFERENT] - shown)));
    at_write_sheet_section_end(p->r->out);
}

void at_write_reconcile_html(const struct at_write_report *report, const struct at_write_reconcile *made) {
    const struct page p = {report, made};
    at_write_sheet_begin(report->out, AT_SAY(report->arena, report->words, AT_W_RECONCILE_TITLE, made->name),
                         report->words, "attain reconcile", report->arena);
    write_verdict(&p);
    write_causes(&p);
    write_payouts(&p);
    if (made->of.not_searched)
        at_write_sheet_note(report->out, AT_SAY(report->arena, report->words, AT_W_RECONCILE_NOT_SEARCHED,
                                                number(&p, made->of.not_searched)));
    at_write_sheet_end(report->out);
}
