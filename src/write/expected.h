/* write/expected.h: the writers of the changes that would give a payout another amount. */
#ifndef AT_WRITE_EXPECTED_H
#define AT_WRITE_EXPECTED_H

#include "answer/expected.h"
#include "write/report.h"

struct at_write_expected {
    const struct at_session_results *results;
    struct at_answer_question question;
    struct at_answer_found found;
    const struct at_diff_edit *const *edits; /* of the earlier version; NULL: none */
    at_str period;                           /* "2026-Q1" */
};

void at_write_expected_text(const struct at_write_report *report, const struct at_write_expected *answer);
void at_write_expected_json(const struct at_write_report *report, const struct at_write_expected *answer);

/* ---- what the formats share (expected_words.c) */

/* Those that give the amount, then the nearest ones. */
const struct at_answer_change *at_write_expected_at(const struct at_write_expected *answer, uint32_t i);
/* Of the table of a change. */
const struct at_schema *at_write_expected_schema(const struct at_write_expected *answer,
                                                 const struct at_answer_change *change);
/* "`amount` of deal d7 is 41,000.00, not 14,000.00." */
at_str at_write_expected_sentence(const struct at_write_expected *answer,
                                  const struct at_answer_change *change, const struct at_words *words,
                                  struct at_arena *arena);
at_str at_write_expected_amount(const struct at_write_expected *answer, struct at_arena *arena, at_i128 minor,
                                bool commas);

#endif
