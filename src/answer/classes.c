/* answer/classes.c: the class of a difference: by its cause, or by what it looks like. */
#include "answer/classes.h"

static at_i128 off(const struct at_answer_payout *payout) {
    return payout->wanted - payout->minor;
}

static enum at_answer_class of_change(const struct at_answer_change *change) {
    if (change->kind == AT_ANSWER_EDIT) return AT_ANSWER_RATE;
    if (change->kind != AT_ANSWER_FIELD) return AT_ANSWER_LINE;
    if (change->role == AT_ANSWER_DAY) return AT_ANSWER_PERIOD;
    return change->role == AT_ANSWER_OWNER ? AT_ANSWER_OF_OTHER : AT_ANSWER_VALUE;
}

bool at_answer_is_rounding(const struct at_answer_payout *payout, uint32_t rows) {
    at_i128 size = off(payout);
    return payout->ours && payout->theirs && !payout->withheld && 2 * (size < 0 ? -size : size) <= rows;
}

/* Another difference of the payee, or of the period, with the opposite sign. */
static bool has_opposite(const struct at_answer_reconciliation *of, const struct at_answer_payout *payout,
                         bool same_payee) {
    for (uint32_t i = 0; i < of->n; i++) {
        const struct at_answer_payout *other = &of->payouts[i];
        bool fits = same_payee ? other->payee == payout->payee && other->period != payout->period
                               : other->payee != payout->payee && other->period == payout->period;
        if (fits && other->status == AT_ANSWER_DIFFERENT && at_str_eq(other->component, payout->component) &&
            off(other) == -off(payout))
            return true;
    }
    return false;
}

/* Theirs is the same multiple of ours for at least two others, as with another rate. */
static bool has_ratio(const struct at_answer_reconciliation *of, const struct at_answer_payout *payout) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < of->n && n < 2; i++) {
        const struct at_answer_payout *other = &of->payouts[i];
        if (other == payout || other->status != AT_ANSWER_DIFFERENT || other->minor == 0) continue;
        if (!at_str_eq(other->component, payout->component)) continue;
        /* Both are rounded, so the products differ by half of each amount at most. */
        at_i128 a = payout->wanted * other->minor - other->wanted * payout->minor;
        at_i128 most = (payout->minor < 0 ? -payout->minor : payout->minor) +
                       (other->minor < 0 ? -other->minor : other->minor);
        n += (a < 0 ? -a : a) <= most;
    }
    return n >= 2;
}

enum at_answer_class at_answer_class_of(const struct at_answer_reconciliation *of,
                                        const struct at_answer_payout *payout, uint32_t rows) {
    if (payout->change) return of_change(payout->change);
    if (at_answer_is_rounding(payout, rows)) return AT_ANSWER_ROUNDING;
    if (payout->withheld) return AT_ANSWER_UNEXPLAINED;
    if (payout->payee == UINT32_MAX) return AT_ANSWER_LINE;
    if (has_opposite(of, payout, true)) return AT_ANSWER_PERIOD;
    if (has_opposite(of, payout, false)) return AT_ANSWER_OF_OTHER;
    if (!payout->ours || !payout->theirs) return AT_ANSWER_LINE;
    return payout->minor != 0 && has_ratio(of, payout) ? AT_ANSWER_RATE : AT_ANSWER_UNEXPLAINED;
}
