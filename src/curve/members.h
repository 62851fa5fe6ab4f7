/* curve/members.h: owns sums over the members of a group, of whom x reaches few in most curves. */
#ifndef AT_CURVE_MEMBERS_H
#define AT_CURVE_MEMBERS_H

#include "curve/curve_int.h"

/* `term` gives NONE of a member who does not count; what is not a number becomes the sum. It may not depend
 * on the members before. */
struct at_curve_sum {
    uint32_t node, number, period;
    const uint32_t *first, *end;
    struct at_curve_value (*term)(struct at_curve_eval *e, const struct at_curve_sum *sum, uint32_t payee);
};
struct at_curve_value at_curve_sum_members(struct at_curve_eval *e, const struct at_curve_sum *asked);

#endif
