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

/* What a sentence of the catalogue puts between back quotes is code. In a filled-in sentence these two bytes,
 * which no UTF-8 text holds, mark its begin and its end. Back quotes that data or a policy brings along stay
 * back quotes. Each writer shows code in the way of its medium. */
#define AT_CODE_BEGIN '\xFE'
#define AT_CODE_END '\xFF'

/* A part of a sentence that is all code or all text. */
struct at_sentence_part {
    at_str text;
    bool code;
};
/* Takes the next part off the front of `rest`. False at the end. */
bool at_sentence_next(at_str *rest, struct at_sentence_part *part);
at_str at_sentence_plain(struct at_arena *arena, at_str sentence); /* with back quotes for the marks */

/* The sentence with its places filled in; a place without an argument stays empty. */
at_str at_say(struct at_arena *arena, const struct at_words *words, enum at_word word, const at_str *args,
              unsigned n);
#define AT_SAY(arena, words, word, ...)                                                                      \
    at_say((arena), (words), (word), (const at_str[]){__VA_ARGS__},                                          \
           sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))
at_str at_word(const struct at_words *words, enum at_word word); /* one without places */

#endif
