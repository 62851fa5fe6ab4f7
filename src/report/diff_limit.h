/* report/diff_limit.h: limits that a change in pay must not pass: `total > +3%`, `any payee < -10%`. For use
 * in CI.
 *
 * `total` is the pay of all payees for all periods. `any payee` is each payout of each payee, and then the
 * payee's pay for all periods. A percentage is a share of the old pay: a change from an old pay of nothing
 * passes every percentage of its direction, and nothing that stays nothing passes none. What is withheld
 * counts as nothing paid.
 */
#ifndef AT_REPORT_DIFF_LIMIT_H
#define AT_REPORT_DIFF_LIMIT_H

#include "report/diff.h"

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
