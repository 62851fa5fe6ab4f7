/* fair/spread.c: how values are spread: Gini coefficient, quartiles, and bins. */
#include "base/sort.h"
#include "fair/fair.h"

static int by_size(const void *left, const void *right) {
    return at_num_cmp_slow(*(const at_num *)left, *(const at_num *)right);
}

at_num *at_fair_sorted(const at_num *x, uint32_t n, struct at_arena *arena) {
    at_num *out = AT_NEW_ARRAY(arena, at_num, n + 1);
    for (uint32_t i = 0; i < n; i++)
        out[i] = x[i];
    at_sort_items(arena, out, n, sizeof *out, by_size);
    return out;
}

struct at_fair_value at_fair_gini(const at_num *x, uint32_t n, struct at_arena *arena) {
    struct at_fair_value out = {.why = AT_FAIR_FINE};
    at_num *sorted = at_fair_sorted(x, n, arena), sum = at_num_int(0), ranked = at_num_int(0);
    if (n < 2) {
        out.why = n ? AT_FAIR_ONE : AT_FAIR_NOBODY;
        return out;
    }
    for (uint32_t i = 0; i < n; i++) {
        out.n_negative += at_num_sign(sorted[i]) < 0;
        sum = at_num_add(arena, sum, sorted[i]);
        ranked = at_num_add(arena, ranked, at_num_mul(arena, sorted[i], at_num_int((int64_t)i + 1)));
    }
    out.why = out.n_negative ? AT_FAIR_NEGATIVE : at_num_is_zero(sum) ? AT_FAIR_ZEROS : AT_FAIR_FINE;
    if (out.why) return out;
    at_num top = at_num_sub(arena, at_num_mul(arena, ranked, at_num_int(2)),
                            at_num_mul(arena, sum, at_num_int((int64_t)n + 1)));
    out.value = at_num_div(arena, top, at_num_mul(arena, sum, at_num_int(n)));
    return out;
}

at_num at_fair_quartile(const at_num *sorted, uint32_t n, uint32_t part, struct at_arena *arena) {
    uint64_t place = (uint64_t)(n - 1) * part;
    uint32_t at = (uint32_t)(place / 4), rest = (uint32_t)(place % 4);
    if (rest == 0) return sorted[at];
    at_num step = at_num_sub(arena, sorted[at + 1], sorted[at]);
    at_num share = at_num_div(arena, at_num_mul(arena, step, at_num_int(rest)), at_num_int(4));
    return at_num_add(arena, sorted[at], share);
}

/* The first bin is below the first edge, the last from the last edge on. A bin with few people is joined with
 * the next one, and the last with the one before. */
uint32_t at_fair_bins(const at_num *sorted, uint32_t n, const at_num *edges, uint32_t n_edges,
                      struct at_fair_bin *out) {
    uint32_t at = 0, n_bins = 0;
    struct at_fair_bin bin = {.first = true};
    if (n < AT_FAIR_LEAST) return 0;
    for (uint32_t e = 0; e <= n_edges; e++) {
        while (at < n && (e == n_edges || at_num_cmp_slow(sorted[at], edges[e]) < 0)) {
            at++;
            bin.n++;
        }
        bin.last = e == n_edges;
        if (!bin.last) bin.to = edges[e];
        if (bin.n > 0 && bin.n < AT_FAIR_LEAST && !bin.last) continue;
        if (bin.last && bin.n < AT_FAIR_LEAST && n_bins > 0) {
            out[n_bins - 1].n += bin.n;
            if (bin.n > 0) out[n_bins - 1].last = true;
            break;
        }
        if (bin.n > 0) out[n_bins++] = bin;
        if (!bin.last) bin = (struct at_fair_bin){.from = edges[e]};
    }
    return n_bins;
}
