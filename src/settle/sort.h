/* settle/sort.h: a stable merge sort of numbers, with memory from an arena (the C library's takes its own).
 */
#ifndef AT_SETTLE_SORT_H
#define AT_SETTLE_SORT_H

#include "base/arena.h"

/* Returns whether b must come before a, although it comes after a now. */
typedef bool at_sort_before(const void *context, uint32_t b, uint32_t a);
void at_sort(struct at_arena *scratch, uint32_t *items, size_t n, at_sort_before *before,
             const void *context);

#endif
