/* write/against_text.c: a comparison of two payouts for a terminal, and as Markdown. */
#include "base/visible.h"
#include "write/against.h"
#include "write/md.h"

static void line(const struct at_write_report *r, at_str sentence) {
    at_sink_visible(r->out, at_words_sentence_plain(r->arena, sentence));
    at_sink_z(r->out, "\n");
}

void at_write_against_text(const struct at_write_report *report, const struct at_write_against *made) {
    at_i128 sum = made->found.paid[0] - made->found.paid[1];
    at_str rest = at_write_against_rest(made, report->words, report->arena);
    line(report, at_write_against_question(made, report->words, report->arena));
    at_sink_z(report->out, "\n");
    for (int k = 0; k < AT_ANSWER_PLAYERS; k++) {
        at_sink_z(report->out, "  ");
        line(report, at_write_against_part(made, (enum at_answer_player)k, report->words, report->arena));
    }
    at_sink_z(report->out, "  ");
    line(report, AT_SAY(report->arena, report->words, AT_W_AGAINST_SUM,
                        at_write_against_signed(made, report->words, report->arena, sum)));
    at_sink_z(report->out, "\n");
    if (rest.n) line(report, rest);
    line(report, at_words_word(report->words, AT_W_AGAINST_HOW));
}

void at_write_against_md(const struct at_write_report *report, const struct at_write_against *made) {
    struct at_sink *out = report->out;
    at_i128 sum = made->found.paid[0] - made->found.paid[1];
    at_str rest = at_write_against_rest(made, report->words, report->arena);
    at_sink_z(out, "## ");
    at_write_md_sentence(out, AT_SAY(report->arena, report->words, AT_W_AGAINST_TITLE,
                                     at_write_against_side(made, 0, report->words, report->arena),
                                     at_write_against_side(made, 1, report->words, report->arena)));
    at_sink_z(out, "\n\n");
    at_write_md_sentence(out, at_write_against_question(made, report->words, report->arena));
    at_sink_z(out, "\n\n");
    for (int k = 0; k < AT_ANSWER_PLAYERS; k++) {
        at_sink_z(out, "- ");
        at_write_md_sentence(
            out, at_write_against_part(made, (enum at_answer_player)k, report->words, report->arena));
        at_sink_z(out, "\n");
    }
    at_sink_z(out, "- ");
    at_write_md_sentence(out, AT_SAY(report->arena, report->words, AT_W_AGAINST_SUM,
                                     at_write_against_signed(made, report->words, report->arena, sum)));
    at_sink_z(out, "\n\n");
    if (rest.n) {
        at_write_md_sentence(out, rest);
        at_sink_z(out, "\n\n");
    }
    at_write_md_sentence(out, at_words_word(report->words, AT_W_AGAINST_HOW));
    at_sink_z(out, "\n");
}
