/* base/sort.c: runs of items in order are merged pairwise, until one is left. */
#include "base/sort.h"

struct sorting {
    size_t size;
    int (*compare)(const void *left, const void *right);
};

/* Items of a before equal ones of b. */
static void merge(const struct sorting *s, const char *a, const char *a_end, const char *b, const char *b_end,
                  char *to) {
    while (a < a_end && b < b_end) {
        const char **from = s->compare(b, a) < 0 ? &b : &a;
        memcpy(to, *from, s->size);
        *from += s->size;
        to += s->size;
    }
    memcpy(to, a, (size_t)(a_end - a));
    memcpy(to + (a_end - a), b, (size_t)(b_end - b));
}

static bool in_order(const struct sorting *s, const char *items, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (s->compare(items + i * s->size, items + (i - 1) * s->size) < 0) return false;
    return true;
}

void at_sort_items(struct at_arena *scratch, void *items, size_t n, size_t size,
                   int (*compare)(const void *left, const void *right)) {
    const struct sorting s = {size, compare};
    if (n < 2 || in_order(&s, items, n)) return;
    struct at_arena_mark mark = at_arena_mark(scratch);
    char *from = items, *to = at_arena_get(scratch, n * size);
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = start + width < n ? start + width : n,
                   end = middle + width < n ? middle + width : n;
            merge(&s, from + start * size, from + middle * size, from + middle * size, from + end * size,
                  to + start * size);
        }
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) memcpy(items, from, n * size);
    at_arena_reset(scratch, mark);
}

static int by_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

void at_sort_numbers(struct at_arena *scratch, uint32_t *numbers, size_t n) {
    at_sort_items(scratch, numbers, n, sizeof *numbers, by_number);
}
