/* words/sentence.c: writes a sentence and its operands in a language. */
#include "words/message.h"
#include "words/reason.h"

#include "base/numtext.h"

struct writing {
    struct at_arena *arena;
    const struct at_words *words;
    bool plain; /* back quotes around code, not marks */
};

static at_str say(const struct writing *w, enum at_words_word word, const at_str *text, unsigned n) {
    return w->plain ? at_words_say_plain(w->arena, w->words, word, text, n)
                    : at_words_say(w->arena, w->words, word, text, n);
}

static at_str write_sentence(const struct writing *w, const struct at_words_sentence *sentence);

static at_str write_operand(const struct writing *w, const at_words_operand *operand) {
    switch ((enum at_words_operand_kind)operand->kind) {
    case AT_OPERAND_NONE: break;
    case AT_OPERAND_TEXT: return operand->text;
    case AT_OPERAND_CODE: return say(w, AT_W_CODE, &operand->text, 1);
    case AT_OPERAND_NUMBER: return at_words_number(w->arena, w->words, operand->text);
    case AT_OPERAND_COUNT: return at_str_format(w->arena, "%llu", (unsigned long long)operand->count);
    case AT_OPERAND_QUOTED: return say(w, AT_W_QUOTED, &operand->text, 1);
    case AT_OPERAND_DATE: return at_words_date(w->arena, w->words, operand->date);
    case AT_OPERAND_PERIOD: return at_words_period(w->arena, w->words, operand->period);
    case AT_OPERAND_WORD: return say(w, operand->word, NULL, 0);
    case AT_OPERAND_SENTENCE: return write_sentence(w, operand->sentence);
    }
    return (at_str){0};
}

static at_str write_sentence(const struct writing *w, const struct at_words_sentence *sentence) {
    at_str text[AT_WORDS_OPERANDS] = {{0}};
    unsigned n = sentence->n < AT_WORDS_OPERANDS ? sentence->n : AT_WORDS_OPERANDS;
    for (unsigned i = 0; i < n; i++)
        text[i] = write_operand(w, &sentence->operand[i]);
    if (sentence->word == AT_W_REASON_HOOK) text[0] = at_words_hook(w->arena, w->words, text[0]);
    at_str out = say(w, sentence->word, text, n);
    return sentence->source.n && at_utf8_width(out) > AT_WORDS_WIDEST ? sentence->source : out;
}

at_str at_words_write_operand(struct at_arena *arena, const struct at_words *words,
                              const at_words_operand *operand) {
    const struct writing writing = {arena, words, false};
    return write_operand(&writing, operand);
}

at_str at_words_write(struct at_arena *arena, const struct at_words *words,
                      const struct at_words_sentence *sentence) {
    const struct writing writing = {arena, words, true};
    return write_sentence(&writing, sentence);
}

at_words_operand at_words_because(struct at_arena *arena, const struct at_words_reason *reason) {
    at_words_operand why = at_words_inner(arena, reason->word, reason->operand, AT_COUNT(reason->operand));
    if (reason->since.kind != AT_OPERAND_NONE) why = AT_SAID(arena, AT_W_REASON_SINCE, why, reason->since);
    if (reason->of.n) why = AT_SAID(arena, AT_W_OF_STATEMENT, at_words_text(reason->of), why);
    return reason->member.kind == AT_OPERAND_NONE ? why
                                                  : AT_SAID(arena, AT_W_REASON_MEMBER, why, reason->member);
}

at_str at_words_write_reason(struct at_arena *arena, const struct at_words *words,
                             const struct at_words_reason *reason) {
    at_words_operand why = at_words_because(arena, reason);
    return at_words_write_operand(arena, words, &why);
}

at_str at_words_reason_plain(struct at_arena *arena, const struct at_words_reason *reason) {
    at_words_operand why = at_words_because(arena, reason);
    return at_words_write(arena, at_words_find((at_str){0}), why.sentence);
}

/* ---- operands */

at_words_operand at_words_plain_number(struct at_arena *arena, at_num num) {
    return at_words_digits(at_num_print_short(arena, num, 6, true, NULL));
}

at_words_operand at_words_percent(struct at_arena *arena, at_num num) {
    at_num hundred = at_num_mul(arena, num, at_num_int(100));
    at_str text = at_num_print_short(arena, hundred, 6, true, NULL);
    return at_words_digits(at_str_format(arena, "%.*s%%", AT_STR_ARG(text)));
}

at_words_operand at_words_in_unit(struct at_arena *arena, at_str text, enum at_type_unit unit) {
    bool one = at_str_eq(text, AT_STR("1"));
    at_words_operand number = at_words_digits(text);
    switch (unit) {
    case AT_UNIT_POINTS: return at_words_inner(arena, one ? AT_W_POINTS_ONE : AT_W_POINTS_MANY, &number, 1);
    case AT_UNIT_UNITS: return at_words_inner(arena, one ? AT_W_UNITS_ONE : AT_W_UNITS_MANY, &number, 1);
    case AT_UNIT_NONE:
    case AT_UNIT_PERCENT:
    case AT_UNIT_COUNT: break;
    }
    return number;
}

at_words_operand at_words_in(struct at_arena *arena, at_num num, enum at_type_unit unit) {
    if (unit == AT_UNIT_PERCENT) return at_words_percent(arena, num);
    return at_words_in_unit(arena, at_num_print_short(arena, num, 6, true, NULL), unit);
}

at_words_operand at_words_inner(struct at_arena *arena, enum at_words_word word,
                                const at_words_operand *operand, unsigned n) {
    struct at_words_sentence *sentence = AT_NEW(arena, struct at_words_sentence);
    at_words_operand *copy = AT_NEW_ARRAY(arena, at_words_operand, n + 1);
    for (unsigned i = 0; i < n; i++)
        copy[i] = operand[i];
    *sentence = (struct at_words_sentence){.word = word, .n = n, .operand = copy};
    return (at_words_operand){.kind = AT_OPERAND_SENTENCE, .sentence = sentence};
}

at_words_operand at_words_or(struct at_arena *arena, at_words_operand sentence, at_str source) {
    struct at_words_sentence *copy = AT_NEW(arena, struct at_words_sentence);
    *copy = *sentence.sentence;
    copy->source = source;
    sentence.sentence = copy;
    return sentence;
}

/* A text never has more columns than bytes. */
size_t at_words_bound(const at_words_operand *operand) {
    switch ((enum at_words_operand_kind)operand->kind) {
    case AT_OPERAND_NONE: return 0;
    case AT_OPERAND_TEXT:
    case AT_OPERAND_NUMBER: return operand->text.n + 2; /* the sign of another language */
    case AT_OPERAND_COUNT: return 20;
    case AT_OPERAND_CODE: return operand->text.n + at_words_longest(AT_W_CODE);
    case AT_OPERAND_QUOTED: return operand->text.n + at_words_longest(AT_W_QUOTED);
    case AT_OPERAND_DATE:
    case AT_OPERAND_PERIOD: return at_words_longest(AT_W_DATE_IS) + at_words_longest(AT_W_PERIOD_QUARTER);
    case AT_OPERAND_WORD: return at_words_longest(operand->word);
    case AT_OPERAND_SENTENCE: break;
    }
    const struct at_words_sentence *sentence = operand->sentence;
    size_t bound = at_words_longest(sentence->word);
    for (unsigned i = 0; i < sentence->n; i++)
        bound += at_words_times(sentence->word, i) * at_words_bound(&sentence->operand[i]);
    if (sentence->word == AT_W_REASON_HOOK) bound += bound; /* in the words of another language */
    return bound;
}

static bool same_sentence(const struct at_words_sentence *a, const struct at_words_sentence *b) {
    if (a->word != b->word || a->n != b->n || !at_str_eq(a->source, b->source)) return false;
    for (unsigned i = 0; i < a->n; i++)
        if (!at_words_same(&a->operand[i], &b->operand[i])) return false;
    return true;
}

bool at_words_same(const at_words_operand *a, const at_words_operand *b) {
    if (a->kind != b->kind) return false;
    switch ((enum at_words_operand_kind)a->kind) {
    case AT_OPERAND_NONE: return true;
    case AT_OPERAND_TEXT:
    case AT_OPERAND_CODE:
    case AT_OPERAND_NUMBER:
    case AT_OPERAND_QUOTED: return at_str_eq(a->text, b->text);
    case AT_OPERAND_COUNT: return a->count == b->count;
    case AT_OPERAND_DATE: return a->date == b->date;
    case AT_OPERAND_PERIOD: return a->period.kind == b->period.kind && a->period.ordinal == b->period.ordinal;
    case AT_OPERAND_WORD: return a->word == b->word;
    case AT_OPERAND_SENTENCE: return same_sentence(a->sentence, b->sentence);
    }
    return false;
}
