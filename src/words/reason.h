/* words/reason.h: why a value cannot be calculated: which sentence, its operands, and the statement.
 *
 * The engine makes reasons where faults arise. Results, tests of a policy, explanations, and differences show
 * them, each in its language.
 */
#ifndef AT_WORDS_REASON_H
#define AT_WORDS_REASON_H

#include "words/sentence.h"

/* `word` is one of the AT_W_REASON_…, whose operands are:
 *
 *     HOOK       what the hook reports             HOOK_BARE
 *     DIVIDED    formula, value       DIVIDED_IN  formula           DIVIDED_BARE
 *     NO_ROW     table, key           NO_ROW2     table, row, column
 *     BELOW      formula, value, rates, first threshold             BELOW_BARE    the same without rates
 *     TOO_LARGE  formula              NO_DAY      formula           NO_VALUE      formula
 *     SHARES                          TARGET      value
 *     NO_GROUP                        NO_FIELD    field
 *     NO_RATE    currencies and day
 *     MISSING    (of a component)     UNPAYABLE   (of a component)
 */
struct at_words_reason {
    enum at_words_word word;
    at_words_operand operand[4];
    at_str of;               /* the measure, component, or credit that contains the formula; may be empty */
    at_words_operand since;  /* the earlier period in which this happened, or nothing */
    at_words_operand member; /* the other payee whose value this is, or nothing */
};

/* The reason as an operand. */
at_words_operand at_words_because(struct at_arena *arena, const struct at_words_reason *reason);

/* "`attainment`: cannot divide by zero, because `quota` is $0.00", with the marks of words.h for code. */
at_str at_words_write_reason(struct at_arena *arena, const struct at_words *words,
                             const struct at_words_reason *reason);
/* The same in English and with back quotes: for results and diagnostics. */
at_str at_words_reason_plain(struct at_arena *arena, const struct at_words_reason *reason);

#endif
