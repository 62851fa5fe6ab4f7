/* write/explain.h: explanations as text for a terminal, as Markdown, and as JSON.
 *
 * Writers read a story and make its sentences in the language of the style. They keep nothing.
 */
#ifndef AT_WRITE_EXPLAIN_H
#define AT_WRITE_EXPLAIN_H

#include "explain/explain.h"

struct at_write_explain_style {
    const struct at_words *words;
    uint32_t width; /* columns to wrap at; 0: 80 */
    bool color;
    at_str contact; /* of statements: whom to ask; may be empty */
    bool sign;      /* of statements: a line for the date and the signature */
};
void at_write_explain_text(const struct at_session_results *results, const struct at_explain_story *story,
                           const struct at_write_explain_style *style, struct at_arena *scratch,
                           struct at_sink *out);
void at_write_explain_md(const struct at_session_results *results, const struct at_explain_story *story,
                         const struct at_write_explain_style *style, struct at_arena *scratch,
                         struct at_sink *out);
/* One object, without a newline. */
void at_write_explain_json(const struct at_session_results *results, const struct at_explain_story *story,
                           const struct at_write_explain_style *style, struct at_arena *scratch,
                           struct at_sink *out);
/* An amount of the policy's currency, with the amount paid in that of the payee: "$64.00 (¥9,846)". */
at_str at_write_explain_amount(const struct at_session_result_run *r, at_i128 minor, at_i128 local,
                               at_currency currency, const struct at_words *words, struct at_arena *arena);
/* A value of `show` as a sentence: "Attainment: 104.2%", "Attainment: missing", or why it cannot be
 * calculated. */
at_str at_write_explain_shown(const struct at_session_shown *shown, const struct at_words *words,
                              struct at_arena *arena);
/* The value alone. */
at_str at_write_explain_shown_value(const struct at_session_shown *shown, const struct at_words *words,
                                    struct at_arena *arena);
/* Which sum of a story is wrong. */
at_str at_write_explain_fault(const struct at_words *words, const struct at_explain_story_fault *fault,
                              struct at_arena *arena);

#endif
