/* base/allot.h: divides an amount into parts that sum to it, by the largest-remainder method. */
#ifndef AT_BASE_ALLOT_H
#define AT_BASE_ALLOT_H

#include "base/num.h"

/* Divides `whole` minor units in proportion to n weights; parts[i] sum to whole exactly. Each part is its
 * exact share cut towards zero; the units left over go one each to the largest remainders, ties to the
 * smaller index. Negative weights count as zero unless `negatives`. A negative whole is allotted as its
 * mirror image. Returns false, parts all zero, where the weights sum to zero (or, with negatives, to less),
 * or n is 0, and the whole is not zero; also where a weight is beyond counting (OVERFLOW), or negative
 * weights make a part larger than an int64_t. */
bool at_allot(struct at_arena *scratch, int64_t whole, const at_num *weights, size_t n, bool negatives,
              int64_t *parts);

/* Rounds n exact parts, numerators[i] / whole, to whole numbers that add up to `sum`, as they do exactly.
 * Each is cut down, also below zero, so that what is left is less than n; it goes to the largest remainders,
 * ties to the smaller index. `remainders` has room for n. */
void at_allot_fractions(const at_i128 *numerators, size_t n, int64_t whole, at_i128 sum, int64_t *remainders,
                        at_i128 *parts);

#endif
