/* base/order.c: short runs by insertion, then merged pairwise. */
#include "base/order.h"

#define RUN 12

static void insert_runs(uint32_t *items, size_t n, at_sort_before *before, const void *context) {
    for (size_t start = 0; start < n; start += RUN) {
        size_t end = start + RUN < n ? start + RUN : n;
        for (size_t i = start + 1; i < end; i++) {
            uint32_t item = items[i];
            size_t k = i;
            for (; k > start && before(context, item, items[k - 1]); k--)
                items[k] = items[k - 1];
            items[k] = item;
        }
    }
}

static void merge(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, uint32_t *to,
                  at_sort_before *before, const void *context) {
    while (n_a && n_b) {
        if (before(context, *b, *a))
            *to++ = *b++, n_b--;
        else
            *to++ = *a++, n_a--;
    }
    if (n_a) memcpy(to, a, n_a * sizeof *a);
    if (n_b) memcpy(to, b, n_b * sizeof *b);
}

void at_sort(struct at_arena *scratch, uint32_t *items, size_t n, at_sort_before *before,
             const void *context) {
    insert_runs(items, n, before, context);
    if (n <= RUN) return;
    uint32_t *from = items, *to = at_arena_get(scratch, n * sizeof *to);
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = start + width < n ? start + width : n,
                   end = middle + width < n ? middle + width : n;
            merge(from + start, middle - start, from + middle, end - middle, to + start, before, context);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) memcpy(items, from, n * sizeof *items);
}
