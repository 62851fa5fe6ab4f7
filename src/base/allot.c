/* base/allot.c: divides by the largest-remainder method. Weights that are whole numbers of one scale within
 * 63 bits are divided in 128 bits, and all others as exact numbers. Both ways round shares toward zero first,
 * and then add a unit each by remainder.
 */
#include "base/allot.h"

/* What both ways fill in: shares cut towards zero, and an order of who is next. */
struct shares {
    size_t n;
    int64_t *parts;
    const uint64_t *remainders; /* narrow way: all of one divisor, none negative */
    const at_num *exact;        /* exact way: may be negative */
    bool smallest_first;        /* units are to be taken away */
    struct at_arena *scratch;
};

/* Whether b comes before a, where a has the smaller index. */
static bool comes_before(const struct shares *shares, size_t b, size_t a) {
    if (!shares->exact) return shares->remainders[b] > shares->remainders[a];
    int order = at_num_cmp(shares->scratch, shares->exact[b], shares->exact[a]);
    return shares->smallest_first ? order < 0 : order > 0;
}

/* Indices in the order in which they get a unit: a merge sort, so that ties keep their order. */
static size_t *order_of(const struct shares *shares) {
    size_t n = shares->n;
    size_t *order = AT_NEW_ARRAY(shares->scratch, size_t, n),
           *other = AT_NEW_ARRAY(shares->scratch, size_t, n);
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += width * 2) {
            size_t middle = low + width < n ? low + width : n, high = middle + width < n ? middle + width : n;
            size_t left = low, right = middle, to = low;
            while (to < high) {
                bool from_right =
                    left == middle || (right < high && comes_before(shares, order[right], order[left]));
                other[to++] = from_right ? order[right++] : order[left++];
            }
        }
        size_t *swap = order;
        order = other;
        other = swap;
    }
    return order;
}

/* One unit each to the first |left| in order. There are always fewer units than parts with a remainder. */
static bool spread(struct shares *shares, int64_t left) {
    if (left == 0) return true;
    shares->smallest_first = left < 0;
    const size_t *order = order_of(shares);
    int64_t unit = left > 0 ? 1 : -1;
    for (size_t i = 0; left != 0 && i < shares->n; i++, left -= unit)
        if (__builtin_add_overflow(shares->parts[order[i]], unit, &shares->parts[order[i]])) return false;
    return left == 0;
}

/* ---- weights that are whole numbers of one scale */

/* The weights as whole numbers and their sum; false where that does not fit. */
static bool whole_weights(const at_num *weights, size_t n, int64_t *out, int64_t *sum) {
    unsigned scale = 0;
    for (size_t i = 0; i < n; i++) {
        if (weights[i].form != AT_NUM_I64) return false;
        if (weights[i].scale > scale) scale = weights[i].scale;
    }
    *sum = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t up = (int64_t)at_num_pow10[scale - weights[i].scale];
        out[i] = 0;
        if (weights[i].i64 <= 0) continue;
        if (__builtin_mul_overflow(weights[i].i64, up, &out[i])) return false;
        if (__builtin_add_overflow(*sum, out[i], sum)) return false;
    }
    return true;
}

static bool allot_narrow(struct at_arena *scratch, int64_t whole, const int64_t *weights, int64_t sum,
                         size_t n, int64_t *parts) {
    if (sum == 0) return false;
    uint64_t size = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole, left = size;
    uint64_t *remainders = AT_NEW_ARRAY(scratch, uint64_t, n);
    for (size_t i = 0; i < n; i++) {
        at_u128 product = (at_u128)size * (uint64_t)weights[i];
        uint64_t share =
            product >> 64 ? (uint64_t)(product / (uint64_t)sum) : (uint64_t)product / (uint64_t)sum;
        remainders[i] = (uint64_t)product - share * (uint64_t)sum;
        parts[i] = (int64_t)share; /* 2^63 at most, put right below */
        left -= share;
    }
    struct shares shares = {.n = n, .parts = parts, .remainders = remainders, .scratch = scratch};
    if (!spread(&shares, (int64_t)left)) return false;
    for (size_t i = 0; whole < 0 && i < n; i++)
        parts[i] = (int64_t)(0 - (uint64_t)parts[i]);
    return true;
}

/* ---- any weights: with the sign of the whole, which gives the mirror image by itself */

static bool allot_exact(struct at_arena *scratch, int64_t whole, const at_num *weights, size_t n,
                        bool negatives, int64_t *parts) {
    at_num *exact = AT_NEW_ARRAY(scratch, at_num, n);
    at_num sum = at_num_int(0), left = at_num_int(whole);
    for (size_t i = 0; i < n; i++) {
        exact[i] = !negatives && at_num_sign(weights[i]) < 0 ? at_num_int(0) : weights[i];
        sum = at_num_add(scratch, sum, exact[i]);
    }
    if (sum.form == AT_NUM_OVERFLOW || at_num_sign(sum) <= 0) return false;
    for (size_t i = 0; i < n; i++) {
        at_num product = at_num_mul(scratch, at_num_int(whole), exact[i]);
        at_num share = at_num_div(scratch, product, sum);
        at_num cut = at_num_round(scratch, share, 0, AT_ROUND_DOWN);
        /* Negative weights can make one share larger than any amount of money. */
        if (!at_num_to_i64(scratch, cut, 0, &parts[i])) return false;
        exact[i] = at_num_sub(scratch, product, at_num_mul(scratch, cut, sum));
        if (exact[i].form == AT_NUM_OVERFLOW) return false;
        left = at_num_sub(scratch, left, cut);
    }
    int64_t units;
    if (!at_num_to_i64(scratch, left, 0, &units)) return false;
    struct shares shares = {.n = n, .parts = parts, .exact = exact, .scratch = scratch};
    return spread(&shares, units);
}

static bool allot(struct at_arena *scratch, int64_t whole, const at_num *weights, size_t n, bool negatives,
                  int64_t *parts) {
    int64_t *narrow = AT_NEW_ARRAY(scratch, int64_t, n), sum;
    bool below_zero = false;
    for (size_t i = 0; negatives && i < n; i++)
        below_zero |= at_num_sign(weights[i]) < 0;
    if (!below_zero && whole_weights(weights, n, narrow, &sum))
        return allot_narrow(scratch, whole, narrow, sum, n, parts);
    return allot_exact(scratch, whole, weights, n, negatives, parts);
}

bool at_allot(struct at_arena *scratch, int64_t whole, const at_num *weights, size_t n, bool negatives,
              int64_t *parts) {
    if (whole == 0 || n == 0) {
        for (size_t i = 0; i < n; i++)
            parts[i] = 0;
        return whole == 0;
    }
    struct at_arena_mark mark = at_arena_mark(scratch);
    bool done = allot(scratch, whole, weights, n, negatives, parts);
    if (!done) memset(parts, 0, n * sizeof *parts);
    at_arena_reset(scratch, mark);
    return done;
}

void at_allot_fractions(const at_i128 *numerators, size_t n, int64_t whole, at_i128 sum, int64_t *remainders,
                        at_i128 *parts) {
    at_i128 left = sum;
    for (size_t i = 0; i < n; i++) {
        parts[i] = numerators[i] / whole;
        remainders[i] = (int64_t)(numerators[i] % whole);
        if (remainders[i] < 0) remainders[i] += whole, parts[i]--;
        left -= parts[i];
    }
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (remainders[i] > remainders[best]) best = i;
        parts[best]++;
        remainders[best] = -1;
    }
}
