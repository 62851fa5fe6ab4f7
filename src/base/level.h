/* base/level.h: divides an amount into parts that have limits or reach one level.
 *
 * The part of each member is rate * weight - start, at least 0 and at most its limit. One rate for all
 * members makes the parts sum to the amount. With starts of zero, the amount is divided in proportion to the
 * weights, and what is above a limit goes to the others, as long as there are any. With weights that are
 * targets, and starts that are what members have, all members below a level reach it: (start + part) /
 * weight.
 */
#ifndef AT_BASE_LEVEL_H
#define AT_BASE_LEVEL_H

#include "base/num.h"

struct at_level_member {
    at_num weight; /* above zero; other members get nothing */
    at_num start;  /* in minor units; may be a fraction */
    int64_t limit; /* in minor units; negative: no limit */
};

/* Divides `whole` minor units, zero or more, among n members. Parts are whole units: rounded toward zero, and
 * a unit each to the largest remainders, ties to the smaller index. No part is above its limit. The parts sum
 * to `whole`, or to the sum of the limits if that is less. Returns false, parts all zero, if a number cannot
 * be calculated. */
bool at_level(struct at_arena *scratch, int64_t whole, const struct at_level_member *members, size_t n,
              int64_t *parts);

/* The rate at which that happens. False if all parts are at their limits, or no member has a weight. */
bool at_level_rate(struct at_arena *scratch, int64_t whole, const struct at_level_member *members, size_t n,
                   at_num *rate);

#endif
