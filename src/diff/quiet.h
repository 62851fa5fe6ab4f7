/* diff/quiet.h: owns the reason why a cause by itself changes no payout. Two versions that ran merged are
 * compared: without the cause, and with it. A reason is proved for every payee and period, or not given.
 */
#ifndef AT_DIFF_QUIET_H
#define AT_DIFF_QUIET_H

#include "diff/diff.h"

/* Sides of one run. Sets cause->quiet and quiet_by, which is in the arena of the diff. */
void at_diff_quiet_find(const struct at_diff *diff, const struct at_diff_side sides[2],
                        struct at_diff_cause *cause);

#endif
