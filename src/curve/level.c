/* curve/level.c: pools with a limit for each member, or to one level. See base/level.h: one rate for all
 * members, and a part of rate * weight - start, at least 0 and at most the limit. A curve is not divided into
 * units, so limits are not, either.
 *
 * The rates at which members begin to get something, or are full, are put in order, if they do not depend on
 * x. The one rate is between two of them, which are found by halving. The other members are compared with it
 * one by one, so that a pool of many members takes little longer than one of a few.
 */
#include "base/sort.h"
#include "curve/curve_int.h"

typedef struct at_curve_value value;

enum place { NOTHING, BETWEEN, FULL };

struct leveling {
    struct at_curve_eval *e;
    uint32_t node, n;
    const struct at_curve_share *of;
    const value *whole;
    value *begins, *ends;    /* rates, by member; ends only with a limit */
    at_num *fixed;           /* rates that do not depend on x, rising */
    uint32_t n_fixed, below; /* below: how many of them are below the one rate */
};

/* The part of a member at a rate. */
static value part_at(struct at_curve_eval *e, const struct at_curve_share *m, const value *rate) {
    value zero = at_curve_of_num(e, at_num_int(0)), part = at_curve_mul(e, rate, &m->weight);
    part = at_curve_sub(e, &part, &m->start);
    part = at_curve_edge(e, &part, &zero, -1);
    return m->limited ? at_curve_edge(e, &part, &m->limit, 1) : part;
}

/* Whether the parts at this rate add up to the whole: the sign of what they are more than it. */
static int over(struct leveling *l, const value *rate) {
    value sum = at_curve_of_num(l->e, at_num_int(0));
    for (uint32_t i = 0; i < l->n; i++) {
        value part = part_at(l->e, &l->of[i], rate);
        sum = at_curve_add(l->e, &sum, &part);
    }
    return at_curve_order(l->e, &sum, l->whole);
}

/* ---- rates that do not depend on x */

static bool is_fixed(const value *rate) {
    return at_poly_is_const(rate->num) && at_poly_is_const(rate->den);
}

static at_num fixed_of(struct leveling *l, const value *rate) {
    return at_num_div(l->e->arena, at_poly_first(rate->num), at_poly_first(rate->den));
}

struct rate {
    struct at_arena *arena;
    at_num num;
};

static int compare(const void *left, const void *right) {
    const struct rate *a = left, *b = right;
    return at_num_cmp(a->arena, a->num, b->num);
}

static void find_rates(struct leveling *l) {
    struct at_arena *arena = l->e->arena;
    struct rate *rates = AT_NEW_ARRAY(arena, struct rate, 2 * (size_t)l->n + 1);
    l->begins = AT_NEW_ARRAY(arena, value, l->n + 1);
    l->ends = AT_NEW_ARRAY(arena, value, l->n + 1);
    for (uint32_t i = 0; i < l->n; i++) {
        const struct at_curve_share *m = &l->of[i];
        value top = at_curve_add(l->e, &m->start, &m->limit);
        l->begins[i] = at_curve_div(l->e, l->node, &m->start, &m->weight);
        l->ends[i] = at_curve_div(l->e, l->node, &top, &m->weight);
        if (is_fixed(&l->begins[i])) rates[l->n_fixed++] = (struct rate){arena, fixed_of(l, &l->begins[i])};
        if (m->limited && is_fixed(&l->ends[i]))
            rates[l->n_fixed++] = (struct rate){arena, fixed_of(l, &l->ends[i])};
    }
    at_sort_items(arena, rates, l->n_fixed, sizeof *rates, compare);
    l->fixed = AT_NEW_ARRAY(arena, at_num, l->n_fixed + 1);
    for (uint32_t i = 0; i < l->n_fixed; i++)
        l->fixed[i] = rates[i].num;
}

/* How many of them give less than the whole. */
static void halve(struct leveling *l) {
    uint32_t end = l->n_fixed;
    while (l->below < end) {
        uint32_t middle = l->below + (end - l->below) / 2;
        value rate = at_curve_of_num(l->e, l->fixed[middle]);
        if (over(l, &rate) < 0)
            l->below = middle + 1;
        else
            end = middle;
    }
}

/* Whether the one rate is above this one. */
static bool is_below(struct leveling *l, const value *rate) {
    if (!is_fixed(rate)) return over(l, rate) < 0;
    if (l->below == 0) return false;
    return at_num_cmp(l->e->arena, fixed_of(l, rate), l->fixed[l->below - 1]) <= 0;
}

static enum place place_of(struct leveling *l, uint32_t i) {
    if (!is_below(l, &l->begins[i])) return NOTHING;
    return l->of[i].limited && is_below(l, &l->ends[i]) ? FULL : BETWEEN;
}

value at_curve_level(struct at_curve_eval *e, uint32_t node, const value *whole,
                     const struct at_curve_share *of, uint32_t n, uint32_t own) {
    struct leveling l = {.e = e, .node = node, .n = n, .of = of, .whole = whole};
    value zero = at_curve_of_num(e, at_num_int(0)), rest = *whole, weights = zero;
    if (own >= n || at_curve_sign(e, whole) == 0) return zero;
    value begins = at_curve_div(e, node, &of[own].start, &of[own].weight);
    if (over(&l, &begins) >= 0) return zero;
    value top = at_curve_add(e, &of[own].start, &of[own].limit),
          ends = at_curve_div(e, node, &top, &of[own].weight);
    if (of[own].limited && over(&l, &ends) <= 0) return of[own].limit;
    find_rates(&l);
    halve(&l);
    enum place at;
    for (uint32_t i = 0; i < n; i++) {
        at = place_of(&l, i);
        if (at == NOTHING) continue;
        rest = at == FULL ? at_curve_sub(e, &rest, &of[i].limit) : at_curve_add(e, &rest, &of[i].start);
        if (at == BETWEEN) weights = at_curve_add(e, &weights, &of[i].weight);
    }
    value rate = at_curve_div(e, node, &rest, &weights);
    return part_at(e, &of[own], &rate);
}
