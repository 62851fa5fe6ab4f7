/* diff/cause.h: what a difference has of each cause, of each payout that is newly withheld, and of what is
 * not paid yet.
 *
 * A cause is one edit, several that are only valid together, or, with other data, the data. Its number in
 * every format is its index plus 1: ① is cause 0.
 */
#ifndef AT_DIFF_CAUSE_H
#define AT_DIFF_CAUSE_H

#include "words/sentence.h"

/* Why a cause does not change a payout of this data by itself. */
enum at_diff_quiet {
    AT_QUIET_NOT,      /* it does */
    AT_QUIET_ADJUSTED, /* it changes an amount, but caps, floors, or other adjustments give the same pay */
    AT_QUIET_ROUNDED,  /* it changes an amount by less than the rounding */
    AT_QUIET_TIER,     /* it is about a tier that no payee reaches */
    AT_QUIET_WHEN,     /* it is about a component whose condition is not met for anyone */
    AT_QUIET_IDLE,     /* it is about a cap, floor, or adjustment that changes no payout */
    AT_QUIET_NOTHING,  /* it changes no amount of any payee */
    AT_QUIET_UNKNOWN   /* it changes no payout, and why is not proved */
};

struct at_diff_cause {
    uint32_t *edits; /* indexes into edits->at */
    uint32_t n_edits;
    bool data;     /* the change of data */
    at_i128 minor; /* sum of its parts */
    /* The smallest real case that shows it: UINT32_MAX where it changes nothing by itself. */
    uint32_t payee;
    int32_t period;
    uint64_t deals; /* credited rows of that cell */
    /* The payee's total of that period: Shapley: of the old version, and with this cause alone; else before
     * the cause is made in its turn, and after. */
    at_i128 before, after;
    /* Like for like, by the sums of its parts for each payee: who gains and loses by it, and how much. */
    uint32_t gainers, losers;
    at_i128 gain, loss; /* loss <= 0 */
    uint32_t newly;     /* payouts that it withholds: see at_diff_newly */
    uint8_t quiet;      /* enum at_diff_quiet */
    at_str quiet_by;    /* AT_QUIET_ADJUSTED: the statement that absorbs it, such as "cap total" */
};

/* A payout that only the new version withholds. */
struct at_diff_newly {
    uint32_t payee;
    int32_t period;
    uint64_t row;         /* the first row of the payout */
    at_words_operand why; /* the reason; AT_OPERAND_NONE: it is not known */
    uint64_t causes;      /* bit k: cause k withholds it, alone or together with the others; 0: not known */
    int64_t minor;        /* what the old version pays; 0 if that does not fit */
};

/* A component that pays after the last period of its version. */
struct at_diff_waiting {
    at_str component, period;
    uint64_t payouts;
};

#endif
