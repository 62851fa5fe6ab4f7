/* words/sentence.h: a sentence before it is written in a language: which sentence, and its operands.
 *
 * The engine, explanations, and diagnostics carry sentences in this form. words/ makes their text. Operands
 * keep their type, so that each language writes dates, signs, and quotation marks in its own way. Text of a
 * policy or of data stays as it is.
 *
 * A sentence does not own its operands. They live as long as the value that contains the sentence.
 */
#ifndef AT_WORDS_SENTENCE_H
#define AT_WORDS_SENTENCE_H

#include "base/num.h"
#include "base/type.h"
#include "words/words.h"

struct at_words_sentence;

enum at_words_operand_kind {
    AT_OPERAND_NONE,    /* nothing: the place of the operand stays empty */
    AT_OPERAND_TEXT,    /* text, as it is */
    AT_OPERAND_CODE,    /* text: a formula or a name of the policy, which writers format as code */
    AT_OPERAND_NUMBER,  /* text: digits, "-1,234.50" or "$5.00", whose sign follows the language */
    AT_OPERAND_COUNT,   /* count: a line, or how many */
    AT_OPERAND_QUOTED,  /* text, in quotation marks */
    AT_OPERAND_DATE,    /* date */
    AT_OPERAND_PERIOD,  /* period */
    AT_OPERAND_WORD,    /* word: a sentence without operands, such as AT_W_YES */
    AT_OPERAND_SENTENCE /* sentence: one with operands of its own */
};

typedef struct at_words_operand {
    uint8_t kind; /* enum at_words_operand_kind, which names the member */
    union {
        at_str text;
        uint64_t count;
        at_date date;
        at_period period;
        enum at_words_word word;
        const struct at_words_sentence *sentence;
    };
} at_words_operand;

#define AT_WORDS_OPERANDS 7 /* at most, of one sentence */
#define AT_WORDS_WIDEST 110 /* columns of a name that a sentence makes */

struct at_words_sentence {
    enum at_words_word word;
    unsigned n;
    const at_words_operand *operand; /* [n] */
    at_str source; /* text of the policy in place of a sentence wider than AT_WORDS_WIDEST; may be empty */
};

/* The text of a sentence, with back quotes around code. */
at_str at_words_write(struct at_arena *arena, const struct at_words *words,
                      const struct at_words_sentence *sentence);
/* The text of an operand, with the marks of words.h around code. */
at_str at_words_write_operand(struct at_arena *arena, const struct at_words *words,
                              const at_words_operand *operand);

/* ---- operands */

static inline at_words_operand at_words_text(at_str text) {
    return (at_words_operand){.kind = AT_OPERAND_TEXT, .text = text};
}
static inline at_words_operand at_words_digits(at_str text) {
    return (at_words_operand){.kind = AT_OPERAND_NUMBER, .text = text};
}
static inline at_words_operand at_words_count(uint64_t count) {
    return (at_words_operand){.kind = AT_OPERAND_COUNT, .count = count};
}
static inline at_words_operand at_words_quoted(at_str text) {
    return (at_words_operand){.kind = AT_OPERAND_QUOTED, .text = text};
}
static inline at_words_operand at_words_day(at_date date) {
    return (at_words_operand){.kind = AT_OPERAND_DATE, .date = date};
}
static inline at_words_operand at_words_month(at_period period) {
    return (at_words_operand){.kind = AT_OPERAND_PERIOD, .period = period};
}
static inline at_words_operand at_words_fixed(enum at_words_word word) {
    return (at_words_operand){.kind = AT_OPERAND_WORD, .word = word};
}
/* Text of the policy. A formula that several statements share does not have one, and is "a value". */
static inline at_words_operand at_words_code(at_str text) {
    if (text.n == 0) return at_words_fixed(AT_W_A_VALUE);
    return (at_words_operand){.kind = AT_OPERAND_CODE, .text = text};
}
/* "12%" of 0.12, and a number as people read it, with at most 6 decimals. */
/* "88 points": from the text of a number; percentages stay as they are. */
at_words_operand at_words_in_unit(struct at_arena *arena, at_str text, enum at_type_unit unit);
/* A number with six decimals at most, as people write it. */
at_words_operand at_words_in(struct at_arena *arena, at_num num, enum at_type_unit unit);
at_words_operand at_words_percent(struct at_arena *arena, at_num num);
at_words_operand at_words_plain_number(struct at_arena *arena, at_num num);
/* The same sentence, with the text of the policy in its place if it is too wide. */
at_words_operand at_words_or(struct at_arena *arena, at_words_operand sentence, at_str source);
/* At least the columns of the operand in any language. */
size_t at_words_bound(const at_words_operand *operand);
/* Whether two operands read the same in every language. */
bool at_words_same(const at_words_operand *a, const at_words_operand *b);
/* A sentence as an operand. The operands are copied into the arena. */
at_words_operand at_words_inner(struct at_arena *arena, enum at_words_word word,
                                const at_words_operand *operand, unsigned n);
/* A sentence that lives until the end of the block; its operands may be left out. */
#define AT_SENTENCE(id, ...)                                                                                 \
    (struct at_words_sentence) {                                                                             \
        .word = (id),                                                                                        \
        .n = sizeof((const at_words_operand[]){{0}, ##__VA_ARGS__}) / sizeof(at_words_operand) - 1,          \
        .operand = (const at_words_operand[]){{0}, ##__VA_ARGS__} + 1                                        \
    }
#define AT_SAID(arena, word, ...)                                                                            \
    at_words_inner((arena), (word), (const at_words_operand[]){__VA_ARGS__},                                 \
                   sizeof((const at_words_operand[]){__VA_ARGS__}) / sizeof(at_words_operand))

#endif
