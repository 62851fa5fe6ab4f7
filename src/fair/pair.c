/* fair/pair.c: pairs in which less x has more y: those with the largest difference of y.
 *
 * Of each index, the best partner is the one with the least y among those with more x. The best pairs are
 * among those of the indexes with the best partners, so that no more than n * AT_FAIR_MOST_PAIRS pairs are
 * looked at.
 */
#include "base/sort.h"
#include "fair/fair.h"

struct entry {
    at_num x, y, best; /* best: difference of the best pair, not above zero: none */
    uint32_t index;
};

struct found {
    at_num difference;
    uint32_t less, more;
};

static int by_x(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = at_num_cmp_slow(a->x, b->x);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_best(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = at_num_cmp_slow(b->best, a->best);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_difference(const void *left, const void *right) {
    const struct found *a = left, *b = right;
    int order = at_num_cmp_slow(b->difference, a->difference);
    if (order) return order;
    if (a->less != b->less) return a->less < b->less ? -1 : 1;
    return (a->more > b->more) - (a->more < b->more);
}

/* The least y of entries with more x, from the end. */
static void set_best(struct entry *entries, uint32_t n, struct at_arena *arena) {
    at_num least = at_num_int(0);
    bool any = false;
    for (uint32_t end = n; end > 0;) {
        uint32_t first = end - 1;
        while (first > 0 && at_num_cmp_slow(entries[first - 1].x, entries[end - 1].x) == 0)
            first--;
        for (uint32_t i = first; i < end; i++)
            entries[i].best = any ? at_num_sub(arena, entries[i].y, least) : at_num_int(0);
        for (uint32_t i = first; i < end; i++)
            if (!any || at_num_cmp_slow(entries[i].y, least) < 0) {
                least = entries[i].y;
                any = true;
            }
        end = first;
    }
}

uint32_t at_fair_pairs(const at_num *x, const at_num *y, uint32_t n, struct at_arena *arena,
                       struct at_fair_pair *out) {
    struct entry *entries = AT_NEW_ARRAY(arena, struct entry, n + 1);
    for (uint32_t i = 0; i < n; i++)
        entries[i] = (struct entry){x[i], y[i], at_num_int(0), i};
    at_sort_items(arena, entries, n, sizeof *entries, by_x);
    set_best(entries, n, arena);
    at_sort_items(arena, entries, n, sizeof *entries, by_best);
    uint32_t few = n < AT_FAIR_MOST_PAIRS ? n : AT_FAIR_MOST_PAIRS, n_found = 0;
    struct found *found = AT_NEW_ARRAY(arena, struct found, (size_t)few * n + 1);
    for (uint32_t i = 0; i < few && at_num_sign(entries[i].best) > 0; i++)
        for (uint32_t k = 0; k < n; k++) {
            uint32_t less = entries[i].index;
            if (at_num_cmp_slow(x[k], x[less]) <= 0 || at_num_cmp_slow(y[k], y[less]) >= 0) continue;
            found[n_found++] = (struct found){at_num_sub(arena, y[less], y[k]), less, k};
        }
    at_sort_items(arena, found, n_found, sizeof *found, by_difference);
    if (n_found > AT_FAIR_MOST_PAIRS) n_found = AT_FAIR_MOST_PAIRS;
    for (uint32_t i = 0; i < n_found; i++)
        out[i] = (struct at_fair_pair){found[i].less, found[i].more};
    return n_found;
}
