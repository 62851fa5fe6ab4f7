/* diff/limit.h: limits on a change in pay, such as `total > +3%` and `any payee < -10%`.
 *
 * `total` is the pay of all payees for all periods. `any payee` applies to each payout and to each payee's
 * pay for all periods. A percentage is a share of the old pay. If the old pay is zero, a change exceeds every
 * percentage in its direction, and zero exceeds none. Withheld pay counts as zero.
 */
#ifndef AT_DIFF_DIFF_LIMIT_H
#define AT_DIFF_DIFF_LIMIT_H

#include "diff/diff.h"

struct at_diff_breach {
    bool hit;
    uint32_t payee;  /* the first that passes the limit; UINT32_MAX: the limit is on the total */
    bool one_period; /* the limit is passed by a payout, else by the pay for all periods */
    int32_t period;
};

/* False if `text` is not a limit. */
bool at_diff_limit(const struct at_diff *diff, at_str text, struct at_arena *scratch,
                   struct at_diff_breach *out);

#endif
