/* fair/report.c: the numbers of a report, from its people. */
#include <stddef.h>

#include "fair/report.h"

/* The columns of people with a performance, or of all. */
static at_num *column(const struct at_fair_report *r, bool performs, size_t offset, uint32_t *n,
                      uint32_t *index, struct at_arena *arena) {
    at_num *out = AT_NEW_ARRAY(arena, at_num, r->n_people + 1);
    *n = 0;
    for (uint32_t i = 0; i < r->n_people; i++) {
        if (performs && !r->people[i].performs) continue;
        if (index) index[*n] = i;
        out[(*n)++] = *(const at_num *)(const void *)((const char *)&r->people[i] + offset);
    }
    return out;
}

static void correlate(struct at_fair_report *r, const at_num *x, const at_num *y, uint32_t n,
                      struct at_arena *arena) {
    struct at_fair_figure *inverted = &r->figures[AT_FAIR_INVERTED];
    struct at_fair_correlation spearman = at_fair_spearman(x, y, n, arena);
    struct at_fair_correlation kendall = at_fair_kendall(x, y, n, &inverted->count, &inverted->all, arena);
    const struct at_fair_correlation *of[] = {&spearman, &kendall};
    for (int k = 0; k < 2; k++) {
        struct at_fair_figure *figure = &r->figures[AT_FAIR_SPEARMAN + k];
        figure->why = of[k]->why;
        figure->sign = of[k]->sign;
        figure->value = of[k]->square;
        if (r->performance.n == 0) figure->why = AT_FAIR_ABSENT;
    }
    if (r->performance.n == 0)
        inverted->why = AT_FAIR_ABSENT;
    else if (n < 2)
        inverted->why = n ? AT_FAIR_ONE : AT_FAIR_NOBODY;
}

static void set_gini(struct at_fair_figure *figure, const at_num *x, uint32_t n, struct at_arena *arena) {
    struct at_fair_value gini = at_fair_gini(x, n, arena);
    figure->why = gini.why;
    figure->n_negative = gini.n_negative;
    figure->value = gini.value;
}

/* Percentages have fixed edges. Others are divided into ten bins between the least and the most. */
static void bin(struct at_fair_report *r, const at_num *sorted, uint32_t n, struct at_arena *arena) {
    static const int64_t percents[] = {50, 80, 100, 120, 150, 200};
    enum { TENTHS = 10 };
    at_num edges[TENTHS];
    uint32_t n_edges = 0;
    r->bins = AT_NEW_ARRAY(arena, struct at_fair_bin, TENTHS + 2);
    if (n < AT_FAIR_LEAST) return;
    if (r->type.kind == AT_T_NUMBER && r->type.unit == AT_UNIT_PERCENT) {
        for (size_t i = 0; i < AT_COUNT(percents); i++)
            edges[n_edges++] = at_num_decimal128(percents[i], 2);
    } else {
        at_num width = at_num_sub(arena, sorted[n - 1], sorted[0]);
        for (int64_t i = 1; i < TENTHS && !at_num_is_zero(width); i++) {
            at_num part = at_num_mul(arena, width, at_num_decimal128(i, 1));
            edges[n_edges++] = at_num_add(arena, sorted[0], part);
        }
    }
    r->n_bins = at_fair_bins(sorted, n, edges, n_edges, r->bins);
}

void at_fair_report_figures(struct at_fair_report *r, struct at_arena *arena) {
    uint32_t n = 0, m = 0, zero = 0;
    uint32_t *index = AT_NEW_ARRAY(arena, uint32_t, r->n_people + 1);
    at_num *x = column(r, true, offsetof(struct at_fair_person, performance), &n, index, arena);
    at_num *y = column(r, true, offsetof(struct at_fair_person, pay), &n, NULL, arena);
    at_num *pay = column(r, false, offsetof(struct at_fair_person, pay), &m, NULL, arena);
    at_num *credited = column(r, false, offsetof(struct at_fair_person, credited), &m, NULL, arena);
    for (uint8_t k = 0; k < AT_FAIR_FIGURES; k++)
        r->figures[k].id = k;
    correlate(r, x, y, n, arena);
    r->n_pairs = at_fair_pairs(x, y, n, arena, r->pairs);
    for (uint32_t i = 0; i < r->n_pairs; i++)
        r->pairs[i] = (struct at_fair_pair){index[r->pairs[i].less], index[r->pairs[i].more]};
    set_gini(&r->figures[AT_FAIR_GINI_PAY], pay, m, arena);
    set_gini(&r->figures[AT_FAIR_GINI_CREDITED], credited, m, arena);
    if (r->credited.n == 0) r->figures[AT_FAIR_GINI_CREDITED].why = AT_FAIR_ABSENT;
    at_num *sorted = at_fair_sorted(x, n, arena);
    struct at_fair_figure *median = &r->figures[AT_FAIR_MEDIAN];
    median->why = r->performance.n == 0 ? AT_FAIR_ABSENT : n ? AT_FAIR_FINE : AT_FAIR_NOBODY;
    if (n > 0) {
        median->value = at_fair_quartile(sorted, n, 2, arena);
        median->low = at_fair_quartile(sorted, n, 1, arena);
        median->high = at_fair_quartile(sorted, n, 3, arena);
    }
    bin(r, sorted, n, arena);
    for (uint32_t i = 0; i < m; i++)
        zero += at_num_is_zero(pay[i]);
    r->figures[AT_FAIR_ZERO].count = zero;
    for (int k = AT_FAIR_ZERO; k <= AT_FAIR_NEAR; k++) {
        r->figures[k].all = m;
        r->figures[k].why = m ? AT_FAIR_FINE : AT_FAIR_NOBODY;
    }
}
