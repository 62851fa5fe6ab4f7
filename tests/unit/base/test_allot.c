/* Allotment: the parts are the whole, whatever the weights. More random pools are in tests/oracle. */
#include "room.h"

#include "base/allot.h"
#include "base/divide.h"

#define A room_arena()
#define MANY 64

static void allots(int64_t whole, size_t count, const char *const *weights, bool negatives,
                   const int64_t *expected) {
    at_num numbers[MANY];
    int64_t parts[MANY];
    for (size_t i = 0; i < count; i++) {
        const char *slash = strchr(weights[i], '/');
        at_str num = {weights[i], (uint32_t)(slash ? slash - weights[i] : (long)strlen(weights[i]))};
        cr_assert(at_num_parse(A, num, false, &numbers[i]));
        if (slash) numbers[i] = at_num_div(A, numbers[i], n(slash + 1));
    }
    bool done = at_allot(A, whole, numbers, count, negatives, parts);
    cr_assert_eq(done, expected != NULL);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(parts[i], expected ? expected[i] : 0, "part %zu is %ld", i, (long)parts[i]);
}

#define W(...) ((const char *const[]){__VA_ARGS__})
#define P(...) ((const int64_t[]){__VA_ARGS__})

Test(allot, units_left_over_go_to_the_largest_remainders) {
    /* 100 × 1/6, 2/6, 3/6 = 16.67, 33.33, 50: the one left goes to the first. */
    allots(100, 3, W("1", "2", "3"), false, P(17, 33, 50));
    allots(100, 3, W("1", "1", "1"), false, P(34, 33, 33));
    allots(2, 3, W("1", "1", "1"), false, P(1, 1, 0));
    allots(240000, 2, W("120000.00", "0.01"), false, P(240000, 0));
}

Test(allot, scales_and_forms_of_weights_do_not_matter) {
    allots(100, 3, W("0.5", "1.00", "1.5"), false, P(17, 33, 50));
    allots(100, 3, W("1/6", "1/3", "1/2"), false, P(17, 33, 50));
    allots(100, 3, W("1e30", "2e30", "3e30"), false, P(17, 33, 50));
    allots(100, 2, W("9223372036854775807", "9223372036854775807"), false, P(50, 50));
}

Test(allot, a_negative_whole_is_the_mirror_image) {
    allots(-100, 3, W("1", "2", "3"), false, P(-17, -33, -50));
    allots(-100, 3, W("1/6", "1/3", "1/2"), false, P(-17, -33, -50));
    allots(INT64_MIN, 1, W("3"), false, P(INT64_MIN));
    allots(INT64_MIN, 1, W("1/3"), false, P(INT64_MIN));
    allots(INT64_MIN, 2, W("1", "1"), false, P(INT64_MIN / 2, INT64_MIN / 2));
    allots(INT64_MAX, 2, W("1", "1"), false, P(INT64_MAX / 2 + 1, INT64_MAX / 2));
}

Test(allot, negative_weights_count_as_zero_unless_wanted) {
    allots(100, 3, W("-5", "1", "1"), false, P(0, 50, 50));
    /* 100 × -5/5, 5/5, 5/5 */
    allots(100, 3, W("-5", "5", "5"), true, P(-100, 100, 100));
    /* 10 × -1/3, 2/3, 2/3 = -3.33, 6.67, 6.67: cut -3, 6, 6, one over to the second. */
    allots(10, 3, W("-1", "2", "2"), true, P(-3, 7, 6));
    /* -10 mirrored */
    allots(-10, 3, W("-1", "2", "2"), true, P(3, -7, -6));
    /* 1 × -2/3, -2/3, 7/3 = -0.67, -0.67, 2.33: cut 0, 0, 2, one too many, taken from the first. */
    allots(1, 3, W("-2", "-2", "7"), true, P(-1, 0, 2));
}

Test(allot, nothing_to_divide_by) {
    allots(100, 2, W("0", "0"), false, NULL);
    allots(100, 2, W("-1", "-2"), false, NULL);
    allots(100, 2, W("1", "-1"), true, NULL);
    allots(100, 2, W("1", "-2"), true, NULL);
    allots(0, 2, W("0", "0"), false, P(0, 0));
    allots(0, 2, W("1", "2"), false, P(0, 0));
    cr_assert_not(at_allot(A, 5, NULL, 0, false, NULL));
    cr_assert(at_allot(A, 0, NULL, 0, false, NULL));
}

Test(allot, parts_that_no_payout_can_hold) {
    allots(INT64_MAX, 2, W("1000", "-999"), true, NULL);
    at_num weights[2] = {at_num_overflow(), at_num_int(1)};
    int64_t parts[2] = {5, 5};
    cr_assert_not(at_allot(A, 100, weights, 2, false, parts));
    cr_assert(parts[0] == 0 && parts[1] == 0);
}

/* A generator of our own, so that a failure comes again. */
static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

Test(allot, parts_of_random_pools_sum_to_the_whole) {
    uint64_t seed = 20260331;
    for (int round = 0; round < 20000; round++) {
        struct at_arena_mark mark = at_arena_mark(A);
        at_num weights[MANY];
        int64_t parts[MANY];
        size_t count = 1 + next_random(&seed) % MANY;
        bool fractions = next_random(&seed) % 4 == 0, negatives = next_random(&seed) % 2;
        for (size_t i = 0; i < count; i++) {
            weights[i] = at_num_decimal((int64_t)(next_random(&seed) % 100000000) - 1000000, 2);
            if (fractions)
                weights[i] = at_num_div(A, weights[i], at_num_int(1 + (int64_t)(next_random(&seed) % 1000)));
        }
        int64_t whole = (int64_t)next_random(&seed) >> (next_random(&seed) % 60), sum = 0;
        if (at_allot(A, whole, weights, count, negatives, parts)) {
            for (size_t i = 0; i < count; i++)
                cr_assert_not(__builtin_add_overflow(sum, parts[i], &sum) && !negatives);
            if (!negatives) cr_assert_eq(sum, whole);
            if (negatives && whole > -1000000000000 && whole < 1000000000000) cr_assert_eq(sum, whole);
        }
        at_arena_reset(A, mark);
    }
}

Test(allot, a_member_more_or_less_does_not_depend_on_memory) {
    /* Many equal remainders: the units go to the smaller indices, in order. */
    at_num weights[MANY];
    int64_t parts[MANY];
    for (size_t i = 0; i < MANY; i++)
        weights[i] = at_num_int(1);
    cr_assert(at_allot(A, MANY * 3 + 5, weights, MANY, false, parts));
    for (size_t i = 0; i < MANY; i++)
        cr_assert_eq(parts[i], i < 5 ? 4 : 3);
}

/* ---- amounts that are rounded together */

static void divides(const char *const *exact, size_t count, enum at_num_rounding how, const int64_t *parts) {
    struct at_arena *arena = room_arena();
    at_num x[4] = {0}, out[4];
    for (size_t i = 0; i < count; i++)
        x[i] = n(exact[i]);
    at_divide(arena, x, count, how, out);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(at_num_cmp(arena, out[i], at_num_int(parts[i])), 0, "part %zu", i);
}
#define DIVIDES(how, parts, ...)                                                                             \
    divides((const char *const[]){__VA_ARGS__}, 3, how, (const int64_t[]){AT_UNPACK parts})
#define AT_UNPACK(...) __VA_ARGS__

/* By hand. 50.5 three times is 151.5, so 152: two of 51, then one of 50. */
Test(allot, amounts_are_rounded_together) {
    DIVIDES(AT_ROUND_HALF_UP, (51, 51, 50), "50.5", "50.5", "50.5");
    DIVIDES(AT_ROUND_DOWN, (51, 50, 50), "50.5", "50.5", "50.5");
    DIVIDES(AT_ROUND_HALF_UP, (-51, -51, -50), "-50.5", "-50.5", "-50.5");
    DIVIDES(AT_ROUND_HALF_UP, (51, 26, 26), "51.5", "25.75", "25.75"); /* 103: 51 + 25 + 25 leave 2 */
    DIVIDES(AT_ROUND_HALF_UP, (1, 0, -1), "0.5", "0.2", "-0.7");       /* 0: floors 0, 0, -1 leave 1 */
    DIVIDES(AT_ROUND_HALF_UP, (3, 0, 0), "3", "0", "0.4");             /* 3.4 */
    DIVIDES(AT_ROUND_HALF_EVEN, (2, 0, 0), "2", "0", "0.5");           /* 2.5 */
}
