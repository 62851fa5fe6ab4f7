/* answer/pay.c: reads the payout that a question is about. */
#include "answer/answer.h"

bool at_answer_pay(const struct at_session_run *run, const struct at_answer_target *target, at_i128 *out) {
    int64_t period = (int64_t)target->period - run->first_position;
    *out = 0;
    for (uint32_t i = 0; i < run->n_withheld; i++)
        if (run->withheld[i].payee == target->payee && run->withheld[i].period == period) return false;
    for (uint64_t i = 0; i < run->n_lines; i++) {
        const struct at_settle_line *line = &run->lines[i];
        if (line->payee != target->payee || line->period != period) continue;
        if (target->component < 0 || line->component == target->component) *out += line->minor;
    }
    return true;
}
