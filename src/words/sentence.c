/* words/sentence.c: writes a sentence and its operands in a language. */
#include "words/sentence.h"

#include "base/numtext.h"

at_str at_words_write_operand(struct at_arena *arena, const struct at_words *words,
                              const struct at_words_operand *operand) {
    switch ((enum at_words_operand_kind)operand->kind) {
    case AT_OPERAND_NONE: break;
    case AT_OPERAND_TEXT: return operand->text;
    case AT_OPERAND_CODE: return AT_SAY(arena, words, AT_W_CODE, operand->text);
    case AT_OPERAND_NUMBER: return at_words_number(arena, words, operand->text);
    case AT_OPERAND_QUOTED: return AT_SAY(arena, words, AT_W_QUOTED, operand->text);
    case AT_OPERAND_DATE: return at_words_date(arena, words, operand->date);
    case AT_OPERAND_PERIOD: return at_words_period(arena, words, operand->period);
    case AT_OPERAND_WORD: return at_word(words, operand->word);
    case AT_OPERAND_SENTENCE: return at_words_write(arena, words, operand->sentence);
    }
    return (at_str){0};
}

static at_str write_with(struct at_arena *arena, const struct at_words *words, enum at_word word,
                         const struct at_words_operand *operand, unsigned n) {
    at_str text[AT_WORDS_OPERANDS] = {{0}};
    if (n > AT_WORDS_OPERANDS) n = AT_WORDS_OPERANDS;
    for (unsigned i = 0; i < n; i++)
        text[i] = at_words_write_operand(arena, words, &operand[i]);
    return at_say(arena, words, word, text, n);
}

at_str at_words_write(struct at_arena *arena, const struct at_words *words,
                      const struct at_words_sentence *sentence) {
    return write_with(arena, words, sentence->word, sentence->operand, sentence->n);
}

at_str at_words_write_reason(struct at_arena *arena, const struct at_words *words,
                             const struct at_words_reason *reason) {
    at_str sentence = write_with(arena, words, reason->word, reason->operand, AT_COUNT(reason->operand));
    return reason->of.n ? AT_SAY(arena, words, AT_W_OF_STATEMENT, reason->of, sentence) : sentence;
}

at_str at_words_reason_plain(struct at_arena *arena, const struct at_words_reason *reason) {
    const struct at_words *english = at_words_find((at_str){0});
    return at_sentence_plain(arena, at_words_write_reason(arena, english, reason));
}

/* ---- operands */

struct at_words_operand at_words_plain_number(struct at_arena *arena, at_num num) {
    return at_words_digits(at_num_print_short(arena, num, 6, true, NULL));
}

struct at_words_operand at_words_percent(struct at_arena *arena, at_num num) {
    at_num hundred = at_num_mul(arena, num, at_num_int(100));
    at_str text = at_num_print_short(arena, hundred, 6, true, NULL);
    return at_words_digits(at_str_format(arena, "%.*s%%", AT_STR_ARG(text)));
}

struct at_words_operand at_words_inner(struct at_arena *arena, enum at_word word,
                                       const struct at_words_operand *operand, unsigned n) {
    struct at_words_sentence *sentence = AT_NEW(arena, struct at_words_sentence);
    struct at_words_operand *copy = AT_NEW_ARRAY(arena, struct at_words_operand, n + 1);
    for (unsigned i = 0; i < n; i++)
        copy[i] = operand[i];
    *sentence = (struct at_words_sentence){word, n, copy};
    return (struct at_words_operand){.kind = AT_OPERAND_SENTENCE, .sentence = sentence};
}
