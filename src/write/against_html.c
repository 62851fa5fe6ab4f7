/* write/against_html.c: a comparison of two payouts as a page. */
#include "write/against.h"
#include "write/sheet.h"

static void write_parts(const struct at_write_report *r, const struct at_write_against *made) {
    const at_str heads[] = {at_words_word(r->words, AT_W_AGAINST_CAUSE),
                            at_words_word(r->words, AT_W_AGAINST_AMOUNT)};
    at_write_sheet_table(r->out, heads, 2, 1);
    for (int k = 0; k < AT_ANSWER_PLAYERS; k++) {
        const at_str cells[] = {at_write_against_player((enum at_answer_player)k, r->words),
                                at_write_against_signed(made, r->words, r->arena, made->found.parts[k])};
        at_write_sheet_row(r->out, cells, 2, 1);
    }
    const at_str sum[] = {
        at_words_word(r->words, AT_W_AGAINST_TOGETHER),
        at_write_against_signed(made, r->words, r->arena, made->found.paid[0] - made->found.paid[1])};
    at_write_sheet_row(r->out, sum, 2, 1);
    at_write_sheet_table_end(r->out);
}

void at_write_against_html(const struct at_write_report *report, const struct at_write_against *made) {
    struct at_arena *arena = report->arena;
    const struct at_words *words = report->words;
    at_str rest = at_write_against_rest(made, words, arena);
    at_str title = AT_SAY(arena, words, AT_W_AGAINST_TITLE, at_write_against_side(made, 0, words, arena),
                          at_write_against_side(made, 1, words, arena));
    at_write_sheet_begin(report->out, at_write_sheet_plain(arena, title), words, "attain explain", arena);
    at_write_sheet_sentence(report->out, "p", at_write_against_question(made, words, arena));
    at_write_sheet_section(report->out, at_words_word(words, AT_W_AGAINST_PARTS));
    write_parts(report, made);
    at_sink_z(report->out, "<ul>\n");
    for (int k = 0; k < AT_ANSWER_PLAYERS; k++)
        at_write_sheet_sentence(report->out, "li",
                                at_write_against_part(made, (enum at_answer_player)k, words, arena));
    at_sink_z(report->out, "</ul>\n");
    if (rest.n) at_write_sheet_sentence(report->out, "p", rest);
    at_write_sheet_note(report->out, at_words_word(words, AT_W_AGAINST_HOW));
    at_write_sheet_section_end(report->out);
    at_write_sheet_end(report->out);
}
