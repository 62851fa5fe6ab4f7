/* base/divide.c: see divide.h. Each amount begins as the next lower whole number, and the units by which the
 * sum exceeds them go to the largest remainders. There are never more units than amounts with a remainder. */
#include "base/divide.h"

#include "base/order.h"

struct remainders {
    struct at_arena *scratch;
    const at_num *of;
};

static bool larger_first(const void *context, uint32_t b, uint32_t a) {
    const struct remainders *r = context;
    return at_num_cmp(r->scratch, r->of[b], r->of[a]) > 0;
}

static at_num sum_of(struct at_arena *arena, const at_num *exact, size_t n) {
    at_num sum = at_num_int(0);
    for (size_t i = 0; i < n; i++)
        sum = at_num_add(arena, sum, exact[i]);
    return sum;
}

static void give(struct at_arena *arena, at_num *parts, const at_num *rests, size_t n, int64_t units) {
    struct remainders r = {arena, rests};
    uint32_t *order = at_arena_get(arena, (n + 1) * sizeof *order);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    at_sort(arena, order, n, larger_first, &r);
    for (size_t i = 0; i < n && (int64_t)i < units; i++)
        parts[order[i]] = at_num_add(arena, parts[order[i]], at_num_int(1));
}

void at_divide(struct at_arena *arena, const at_num *exact, size_t n, enum at_num_rounding how,
               at_num *parts) {
    at_num sum = sum_of(arena, exact, n), *rests = at_arena_get(arena, (n + 1) * sizeof *rests);
    if (sum.form == AT_NUM_OVERFLOW) {
        for (size_t i = 0; i < n; i++)
            parts[i] = sum;
        return;
    }
    bool mirror = at_num_sign(sum) < 0;
    at_num left = at_num_round(arena, mirror ? at_num_neg(arena, sum) : sum, 0, how);
    for (size_t i = 0; i < n; i++) {
        at_num x = mirror ? at_num_neg(arena, exact[i]) : exact[i];
        parts[i] = at_num_floor(arena, x);
        rests[i] = at_num_sub(arena, x, parts[i]);
        left = at_num_sub(arena, left, parts[i]);
    }
    int64_t units = 0;
    if (at_num_to_i64(arena, left, 0, &units) && units > 0) give(arena, parts, rests, n, units);
    for (size_t i = 0; mirror && i < n; i++)
        parts[i] = at_num_neg(arena, parts[i]);
}
