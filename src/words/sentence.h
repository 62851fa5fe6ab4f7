/* words/sentence.h: a sentence before it is written in a language: which sentence, and its operands.
 *
 * The engine, explanations, and diagnostics carry sentences in this form. words/ makes their text, and only
 * when it is needed. Operands keep their type, so that each language writes dates, signs, and quotation marks
 * in its own way. Text of a policy or of data stays as it is.
 *
 * A sentence does not own its operands. Their memory is that of the value that contains the sentence.
 */
#ifndef AT_WORDS_SENTENCE_H
#define AT_WORDS_SENTENCE_H

#include "base/num.h"
#include "words/words.h"

struct at_words_sentence;

enum at_words_operand_kind {
    AT_OPERAND_NONE,    /* nothing: the place of the operand stays empty */
    AT_OPERAND_TEXT,    /* text, as it is */
    AT_OPERAND_CODE,    /* text: a formula or a name of the policy, which writers format as code */
    AT_OPERAND_NUMBER,  /* text: digits, "-1,234.50" or "$5.00", whose sign follows the language */
    AT_OPERAND_QUOTED,  /* text, in quotation marks */
    AT_OPERAND_DATE,    /* date */
    AT_OPERAND_PERIOD,  /* period */
    AT_OPERAND_WORD,    /* word: a sentence without operands, such as AT_W_YES */
    AT_OPERAND_SENTENCE /* sentence: one with operands of its own */
};

struct at_words_operand {
    uint8_t kind; /* enum at_words_operand_kind, which names the member */
    union {
        at_str text;
        at_date date;
        at_period period;
        enum at_word word;
        const struct at_words_sentence *sentence;
    };
};

#define AT_WORDS_OPERANDS 7 /* at most, of one sentence */

struct at_words_sentence {
    enum at_word word;
    unsigned n;
    const struct at_words_operand *operand; /* [n] */
};

/* Why a value cannot be calculated. `word` is one of the AT_W_REASON_…, whose operands are:
 *
 *     HOOK       what the hook reports             HOOK_BARE
 *     DIVIDED    formula, value       DIVIDED_IN  formula           DIVIDED_BARE
 *     NO_ROW     table, key           NO_ROW2     table, row, column
 *     BELOW      formula, value, rates, first threshold             BELOW_BARE    the same without rates
 *     TOO_LARGE  formula              NO_DAY      formula           NO_VALUE      formula
 *     NO_GROUP                        NO_FIELD    field
 *     MISSING    (of a component)     UNPAYABLE   (of a component)
 */
struct at_words_reason {
    enum at_word word;
    struct at_words_operand operand[4];
    at_str of; /* the measure, component, or credit that contains the formula; may be empty */
};

/* The text of a sentence. It contains the marks of words.h around code. */
at_str at_words_write(struct at_arena *arena, const struct at_words *words,
                      const struct at_words_sentence *sentence);
at_str at_words_write_operand(struct at_arena *arena, const struct at_words *words,
                              const struct at_words_operand *operand);
/* "`attainment`: cannot divide by zero, because `quota` is $0.00", with the marks of words.h for code. */
at_str at_words_write_reason(struct at_arena *arena, const struct at_words *words,
                             const struct at_words_reason *reason);
/* The same in English and with back quotes: for results and diagnostics. */
at_str at_words_reason_plain(struct at_arena *arena, const struct at_words_reason *reason);

/* ---- operands */

static inline struct at_words_operand at_words_text(at_str text) {
    return (struct at_words_operand){.kind = AT_OPERAND_TEXT, .text = text};
}
static inline struct at_words_operand at_words_digits(at_str text) {
    return (struct at_words_operand){.kind = AT_OPERAND_NUMBER, .text = text};
}
static inline struct at_words_operand at_words_quoted(at_str text) {
    return (struct at_words_operand){.kind = AT_OPERAND_QUOTED, .text = text};
}
static inline struct at_words_operand at_words_day(at_date date) {
    return (struct at_words_operand){.kind = AT_OPERAND_DATE, .date = date};
}
static inline struct at_words_operand at_words_month(at_period period) {
    return (struct at_words_operand){.kind = AT_OPERAND_PERIOD, .period = period};
}
static inline struct at_words_operand at_words_fixed(enum at_word word) {
    return (struct at_words_operand){.kind = AT_OPERAND_WORD, .word = word};
}
/* Text of the policy. A formula that several statements share does not have one, and is "a value". */
static inline struct at_words_operand at_words_code(at_str text) {
    if (text.n == 0) return at_words_fixed(AT_W_A_VALUE);
    return (struct at_words_operand){.kind = AT_OPERAND_CODE, .text = text};
}
/* "12%" of 0.12, and a number as people read it, with at most 6 decimals. */
struct at_words_operand at_words_percent(struct at_arena *arena, at_num num);
struct at_words_operand at_words_plain_number(struct at_arena *arena, at_num num);
/* The operands are copied into the arena. */
struct at_words_operand at_words_inner(struct at_arena *arena, enum at_word word,
                                       const struct at_words_operand *operand, unsigned n);

#endif
