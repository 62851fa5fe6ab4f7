/* base/order.h: puts numbers in an order that a function of the caller decides: a stable merge sort with
 * memory from an arena. The numbers are indexes of what is ordered, which stays where it is. */
#ifndef AT_BASE_ORDER_H
#define AT_BASE_ORDER_H

#include "base/arena.h"

/* Returns whether b must come before a, although it comes after a now. */
typedef bool at_sort_before(const void *context, uint32_t b, uint32_t a);
void at_sort(struct at_arena *scratch, uint32_t *items, size_t n, at_sort_before *before,
             const void *context);

#endif
