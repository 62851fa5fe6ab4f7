/* base/sort.h: a stable merge sort with memory from an arena. The C library's qsort takes memory from malloc,
 * and the order of equal items depends on whether it gets any. */
#ifndef AT_BASE_SORT_H
#define AT_BASE_SORT_H

#include "base/arena.h"

/* Sorts `n` items of `size` bytes. `compare` has the contract of qsort's. `scratch` is given back; it may be
 * the arena of the items. */
void at_sort_items(struct at_arena *scratch, void *items, size_t n, size_t size,
                   int (*compare)(const void *left, const void *right));
/* Sorts numbers, smallest first. */
void at_sort_numbers(struct at_arena *scratch, uint32_t *numbers, size_t n);

#endif
