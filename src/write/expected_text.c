/* write/expected_text.c: the changes that would give a payout another amount, for a terminal. */
#include "base/visible.h"
#include "write/expected.h"

#define MOST_SHOWN 10

struct text {
    const struct at_write_report *r;
    const struct at_write_expected *answer;
};

static void line(const struct text *t, at_str sentence) {
    at_sink_visible(t->r->out, at_words_sentence_plain(t->r->arena, sentence));
    at_sink_z(t->r->out, "\n");
}

static at_str amount(const struct text *t, at_i128 minor) {
    return at_words_number(t->r->arena, t->r->words,
                           at_write_expected_amount(t->answer, t->r->arena, minor, true));
}

static void write_question(const struct text *t) {
    const struct at_answer_question *q = &t->answer->question;
    const struct at_session_result_run *r = &t->answer->results->runs[q->target.run];
    const struct at_answer_found *found = &t->answer->found;
    struct at_arena *arena = t->r->arena;
    const struct at_words *words = t->r->words;
    at_str key = r->keys[q->target.payee], wanted = amount(t, q->wanted), paid = amount(t, found->paid),
           period =
               at_words_period(arena, words,
                               at_period_at(r->run->calendar, (enum at_period_kind)r->run->first_period.kind,
                                            q->target.period));
    at_i128 more = q->wanted - found->paid;
    if (found->withheld)
        line(t, AT_SAY(arena, words, AT_W_EXPECTED_WITHHELD, key, period, wanted));
    else if (more == 0)
        line(t, AT_SAY(arena, words, AT_W_EXPECTED_SAME, key, period, paid));
    else if (more > 0)
        line(t, AT_SAY(arena, words, AT_W_EXPECTED_LESS, key, period, paid, wanted, amount(t, more)));
    else
        line(t, AT_SAY(arena, words, AT_W_EXPECTED_MORE, key, period, paid, wanted, amount(t, -more)));
}

static void write_change(const struct text *t, uint32_t number, const struct at_answer_change *change) {
    struct at_arena_mark mark = at_arena_mark(t->r->arena);
    at_sink_printf(t->r->out, "%3u. ", (unsigned)number);
    line(t, at_write_expected_sentence(t->answer, change, t->r->words, t->r->arena));
    at_arena_reset(t->r->arena, mark);
}

static void write_near(const struct text *t) {
    const struct at_answer_found *found = &t->answer->found;
    if (found->n_near == 0) return;
    at_sink_z(t->r->out, "\n");
    line(t, at_words_word(t->r->words, AT_W_EXPECTED_NEAR));
    for (uint32_t i = 0; i < found->n_near; i++) {
        at_i128 rest = t->answer->question.wanted - found->near[i].minor;
        at_sink_z(t->r->out, "  ");
        at_sink_visible(t->r->out, AT_SAY(t->r->arena, t->r->words, AT_W_EXPECTED_REST,
                                          amount(t, found->near[i].minor), amount(t, rest)));
        at_sink_z(t->r->out, at_words_chinese(t->r->words) ? "：" : ": ");
        line(t, at_write_expected_sentence(t->answer, &found->near[i], t->r->words, t->r->arena));
    }
}

void at_write_expected_text(const struct at_write_report *report, const struct at_write_expected *answer) {
    const struct text t = {report, answer};
    const struct at_answer_found *found = &answer->found;
    const struct at_words *words = report->words;
    write_question(&t);
    if (!found->withheld && found->paid == answer->question.wanted) return;
    at_sink_z(report->out, "\n");
    if (found->n == 0)
        line(&t, at_words_word(words, found->n_near ? AT_W_EXPECTED_NONE : AT_W_EXPECTED_NOTHING));
    else if (found->n == 1)
        line(&t, at_words_word(words, AT_W_EXPECTED_ONE));
    else
        line(&t, AT_SAY(report->arena, words, AT_W_EXPECTED_SOME,
                        at_str_format(report->arena, "%u", (unsigned)found->n)));
    for (uint32_t i = 0; i < found->n && i < MOST_SHOWN; i++)
        write_change(&t, i + 1, &found->at[i]);
    write_near(&t);
    at_sink_z(report->out, "\n");
    line(&t, AT_SAY(report->arena, words, AT_W_EXPECTED_TRIED,
                    at_str_format(report->arena, "%llu", (unsigned long long)found->tried)));
    if (found->left_out) line(&t, at_words_word(words, AT_W_EXPECTED_LEFT_OUT));
}
