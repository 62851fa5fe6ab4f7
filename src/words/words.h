/* words/words.h: the sentences of explanations, commission statements, and diagnostics of data in each
 * language.
 *
 * A language is XX.def, which lists files such as words_XX.def with a line for each sentence. {0}, {1}, … are
 * the places for values. All languages have the same sentences in the same order, which the compiler checks.
 * To add a language, copy the files, translate them, and add them in words.c.
 */
#ifndef AT_WORDS_WORDS_H
#define AT_WORDS_WORDS_H

#include "base/calendar.h"
#include "base/text.h"

enum at_words_word {
#define WORD(id, text) AT_W_##id,
#include "words/en.def"
#undef WORD
    AT_W_COUNT
};

struct at_words {
    const char *code; /* language tag: "en" */
    const char *const *texts;
};

/* For tables that have a column for each language. NULL: English. */
static inline bool at_words_chinese(const struct at_words *words) {
    return words && strcmp(words->code, "zh") == 0;
}
/* Returns NULL for an unknown language. An empty code is English. */
const struct at_words *at_words_find(at_str code);
/* The bytes of the longest text of the sentence in any language, with its places. */
size_t at_words_longest(enum at_words_word word);
/* How often the sentence shows the operand {place}, in the language that shows it most often. */
unsigned at_words_times(enum at_words_word word, unsigned place);
/* "en, zh": for messages. */
const char *at_words_codes(void);

/* Text between back quotes in words_XX.def is code. In a sentence, these two bytes mark its start and end.
 * UTF-8 text never contains them, so back quotes in data or in a policy remain text. Each writer formats code
 * for its medium. */
#define AT_CODE_BEGIN '\xFE'
#define AT_CODE_END '\xFF'

/* A part of a sentence: code or text. */
struct at_words_sentence_part {
    at_str text;
    bool code;
};
/* Removes the next part from the front of `rest`. Returns false at the end. */
bool at_words_sentence_next(at_str *rest, struct at_words_sentence_part *part);
at_str at_words_sentence_plain(struct at_arena *arena, at_str sentence); /* with back quotes for the marks */

/* Returns the sentence with its places filled in. A place without an argument is empty. */
at_str at_words_say(struct at_arena *arena, const struct at_words *words, enum at_words_word word,
                    const at_str *args, unsigned n);
/* The same with back quotes around code, and without marks, so that data may be of any bytes. */
at_str at_words_say_plain(struct at_arena *arena, const struct at_words *words, enum at_words_word word,
                          const at_str *args, unsigned n);
#define AT_SAY(arena, words, word, ...)                                                                      \
    at_words_say((arena), (words), (word), (const at_str[]){__VA_ARGS__},                                    \
                 sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))
at_str at_words_word(const struct at_words *words, enum at_words_word word); /* a sentence without places */

/* As a language writes them: 2026-Q1 and 2026年第1季度, 2026-01-15 and 2026年1月15日, -5 and −5. */
at_str at_words_period(struct at_arena *arena, const struct at_words *words, at_period period);
at_str at_words_period_text(struct at_arena *arena, const struct at_words *words,
                            at_str text); /* of "2026-Q1"; any other text stays */
at_str at_words_date(struct at_arena *arena, const struct at_words *words, at_date date);
at_str at_words_number(struct at_arena *arena, const struct at_words *words, at_str number);

#endif
