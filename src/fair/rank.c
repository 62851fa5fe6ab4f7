/* fair/rank.c: rank correlations, exactly. */
#include "base/sort.h"
#include "fair/fair.h"

struct item {
    at_num value;
    uint32_t index;
};

static int by_value(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    int order = at_num_cmp_slow(a->value, b->value);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static struct item *sorted(const at_num *x, uint32_t n, struct at_arena *arena) {
    struct item *items = AT_NEW_ARRAY(arena, struct item, n + 1);
    for (uint32_t i = 0; i < n; i++)
        items[i] = (struct item){x[i], i};
    at_sort_items(arena, items, n, sizeof *items, by_value);
    return items;
}

/* Twice the mean rank, which is whole, and the number of the value among the different ones. */
struct ranks {
    int64_t *twice;
    uint32_t *number;
    uint32_t different;
    uint64_t ties; /* pairs of equal values */
};

static struct ranks rank(const at_num *x, uint32_t n, struct at_arena *arena) {
    struct ranks ranks = {AT_NEW_ARRAY(arena, int64_t, n + 1), AT_NEW_ARRAY(arena, uint32_t, n + 1), 0, 0};
    struct item *items = sorted(x, n, arena);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && at_num_cmp_slow(items[i].value, items[end].value) == 0;)
            end++;
        for (uint32_t k = i; k < end; k++) {
            ranks.twice[items[k].index] = (int64_t)i + 1 + end;
            ranks.number[items[k].index] = ranks.different;
        }
        ranks.ties += (uint64_t)(end - i) * (end - i - 1) / 2;
        ranks.different++;
    }
    return ranks;
}

static uint8_t why_not(uint32_t n, const struct ranks *x, const struct ranks *y) {
    if (n < 2) return n ? AT_FAIR_ONE : AT_FAIR_NOBODY;
    if (x->different < 2) return AT_FAIR_ALIKE_X;
    return y->different < 2 ? AT_FAIR_ALIKE_Y : AT_FAIR_FINE;
}

static struct at_fair_correlation of(at_i128 top, at_i128 a, at_i128 b, struct at_arena *arena) {
    at_num up = at_num_decimal128(top, 0);
    at_num below = at_num_mul(arena, at_num_decimal128(a, 0), at_num_decimal128(b, 0));
    return (struct at_fair_correlation){.sign = (int8_t)((top > 0) - (top < 0)),
                                        .square = at_num_div(arena, at_num_mul(arena, up, up), below)};
}

struct at_fair_correlation at_fair_spearman(const at_num *x, const at_num *y, uint32_t n,
                                            struct at_arena *arena) {
    struct ranks a = rank(x, n, arena), b = rank(y, n, arena);
    struct at_fair_correlation out = {.why = why_not(n, &a, &b)};
    at_i128 xy = 0, xx = 0, yy = 0, mean = (at_i128)n + 1; /* of doubled ranks */
    if (out.why) return out;
    for (uint32_t i = 0; i < n; i++) {
        at_i128 u = a.twice[i] - mean, v = b.twice[i] - mean;
        xy += u * v;
        xx += u * u;
        yy += v * v;
    }
    return of(xy, xx, yy, arena);
}

/* A Fenwick tree counts the values of y seen so far. */
static void count(uint32_t *tree, uint32_t size, uint32_t at) {
    for (uint32_t i = at + 1; i <= size; i += i & -i)
        tree[i]++;
}

static uint64_t below(const uint32_t *tree, uint32_t at) {
    uint64_t n = 0;
    for (uint32_t i = at; i > 0; i -= i & -i)
        n += tree[i];
    return n;
}

struct at_fair_correlation at_fair_kendall(const at_num *x, const at_num *y, uint32_t n, uint64_t *inverted,
                                           uint64_t *pairs, struct at_arena *arena) {
    struct ranks a = rank(x, n, arena), b = rank(y, n, arena);
    struct item *items = sorted(x, n, arena);
    uint32_t *tree = AT_NEW_ARRAY(arena, uint32_t, b.different + 2);
    uint64_t same = 0, opposite = 0;
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && a.number[items[end].index] == a.number[items[i].index]; end++) {
            uint32_t at = b.number[items[end].index];
            uint64_t less = below(tree, at);
            same += less;
            opposite += i - less - (below(tree, at + 1) - less);
        }
        for (uint32_t k = i; k < end; k++)
            count(tree, b.different, b.number[items[k].index]);
    }
    *inverted = opposite;
    *pairs = same + opposite;
    struct at_fair_correlation out = {.why = why_not(n, &a, &b)};
    uint64_t all = (uint64_t)n * (n ? n - 1 : 0) / 2;
    return out.why ? out : of((at_i128)same - (at_i128)opposite, all - a.ties, all - b.ties, arena);
}

at_num at_fair_root(at_num square, struct at_arena *arena) {
    int64_t low = 0, high = 1000; /* the largest k with (2k - 1)² <= 2000² * square */
    at_num scaled = at_num_mul(arena, square, at_num_int(4000000));
    while (low < high) {
        int64_t k = (low + high + 1) / 2;
        if (at_num_cmp_slow(at_num_int((2 * k - 1) * (2 * k - 1)), scaled) <= 0)
            low = k;
        else
            high = k - 1;
    }
    return at_num_decimal128(low, 3);
}
