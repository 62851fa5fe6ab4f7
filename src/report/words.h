/* report/words.h: the sentences of explanations and statements, in every language that there is.
 *
 * A language is one file words_XX.def with a line for each sentence; {0}, {1}… stand for what is filled in.
 * The compiler refuses a file that lacks a sentence, has one too many, or has them in another order. To add a
 * language: copy words_en.def, translate, and add the two lines in words.c.
 */
#ifndef AT_REPORT_WORDS_H
#define AT_REPORT_WORDS_H

#include "base/text.h"

enum at_word {
#define WORD(id, text) AT_W_##id,
#include "report/words_en.def"
#undef WORD
    AT_W_COUNT
};

struct at_words {
    const char *code; /* language tag: "en" */
    const char *const *texts;
};

/* NULL where there is no such language; an empty code is English. */
const struct at_words *at_words_find(at_str code);
/* "en, zh": for messages. */
const char *at_words_codes(void);

/* The sentence with its places filled in; a place without an argument stays empty. */
at_str at_say(struct at_arena *arena, const struct at_words *words, enum at_word word, const at_str *args,
              unsigned n);
#define AT_SAY(arena, words, word, ...)                                                                      \
    at_say((arena), (words), (word), (const at_str[]){__VA_ARGS__},                                          \
           sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))
at_str at_word(const struct at_words *words, enum at_word word); /* one without places */

#endif
