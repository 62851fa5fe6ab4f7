/* test_sort: the merge sort against the definition of a stable order, on every length up to a few runs. */
#include <criterion/criterion.h>

#include "base/sort.h"

struct item {
    int key, place; /* what it is sorted by; where it stood */
    char rest[5];   /* an odd size */
};

static int by_key(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    return (a->key > b->key) - (a->key < b->key);
}

static int by_int(const void *left, const void *right) {
    return *(const int *)left - *(const int *)right;
}

static unsigned next(unsigned *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

Test(sort, every_length_and_many_repeated_keys) {
    struct at_arena arena;
    unsigned state = 1;
    at_arena_init(&arena, NULL, NULL);
    for (int n = 0; n < 200; n++) {
        struct item items[200];
        int sum = 0;
        for (int i = 0; i < n; i++) {
            items[i] = (struct item){(int)(next(&state) % 17), i, "rest"};
            sum += items[i].place;
        }
        at_sort_items(&arena, items, (size_t)n, sizeof *items, by_key);
        for (int i = 1; i < n; i++) {
            cr_assert_leq(items[i - 1].key, items[i].key);
            if (items[i - 1].key == items[i].key) cr_assert_lt(items[i - 1].place, items[i].place, "stable");
        }
        for (int i = 0; i < n; i++)
            sum -= items[i].place;
        cr_assert_eq(sum, 0, "no item is lost");
    }
    at_arena_free(&arena);
    cr_assert_eq(arena.held, 0);
}

Test(sort, the_scratch_memory_is_given_back) {
    struct at_arena arena;
    int keys[1000];
    at_arena_init(&arena, NULL, NULL);
    char *before = at_arena_get(&arena, 16);
    struct at_arena_mark mark = at_arena_mark(&arena);
    for (int i = 0; i < 1000; i++)
        keys[i] = 1000 - i;
    at_sort_items(&arena, keys, 1000, sizeof *keys, by_int);
    cr_assert_eq(keys[0], 1);
    cr_assert_eq(keys[999], 1000);
    cr_assert_eq(at_arena_mark(&arena).at, mark.at);
    cr_assert_not_null(before);
    at_arena_free(&arena);
}

/* Beyond 31 bits, too: a difference of two numbers would not fit an int. */
Test(sort, numbers_come_smallest_first) {
    struct at_arena arena;
    uint32_t numbers[] = {7, UINT32_MAX, 0, 2147483648u, 7, 1};
    const uint32_t sorted[] = {0, 1, 7, 7, 2147483648u, UINT32_MAX};
    at_arena_init(&arena, NULL, NULL);
    at_sort_numbers(&arena, numbers, 6);
    for (int i = 0; i < 6; i++)
        cr_expect_eq(numbers[i], sorted[i], "number %d", i);
    at_arena_free(&arena);
}
