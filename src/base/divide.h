/* base/divide.h: rounds amounts together, so that they add up to their rounded sum. */
#ifndef AT_BASE_DIVIDE_H
#define AT_BASE_DIVIDE_H

#include "base/num.h"

/* Rounds n exact amounts to whole numbers that add up to their sum, which is rounded as `how` says. Each part
 * is its amount rounded down or up. Those with the largest remainders are rounded up, and of equal ones the
 * first. A negative sum is divided as its mirror image, so that a refund takes back what was paid. */
void at_divide(struct at_arena *arena, const at_num *exact, size_t n, enum at_num_rounding how,
               at_num *parts);

#endif
