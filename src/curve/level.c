/* curve/level.c: pools with a limit for each member, or to one level. See base/level.h: one rate for all
 * members, and a part of rate * weight - start, at least 0 and at most the limit. A curve is not divided into
 * units, so limits are not, either. */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

/* The part of a member at a rate. */
static value part_at(struct at_curve_eval *e, const struct at_curve_share *m, const value *rate) {
    value zero = at_curve_of_num(e, at_num_int(0)), part = at_curve_mul(e, rate, &m->weight);
    part = at_curve_sub(e, &part, &m->start);
    part = at_curve_edge(e, &part, &zero, -1);
    return m->limited ? at_curve_edge(e, &part, &m->limit, 1) : part;
}

/* The rate at which a member begins to get something, or reaches the limit. */
static value rate_of(struct at_curve_eval *e, uint32_t node, const struct at_curve_share *m, bool full) {
    value top = full ? at_curve_add(e, &m->start, &m->limit) : m->start;
    return at_curve_div(e, node, &top, &m->weight);
}

/* Whether the parts at this rate add up to the whole: the sign of what they are more than it. */
static int over(struct at_curve_eval *e, const struct at_curve_share *of, uint32_t n, const value *whole,
                const value *rate) {
    value sum = at_curve_of_num(e, at_num_int(0));
    for (uint32_t i = 0; i < n; i++) {
        value part = part_at(e, &of[i], rate);
        sum = at_curve_add(e, &sum, &part);
    }
    return at_curve_order(e, &sum, whole);
}

enum place { NOTHING, BETWEEN, FULL };

static enum place place_of(struct at_curve_eval *e, uint32_t node, const struct at_curve_share *of,
                           uint32_t n, const value *whole, const struct at_curve_share *m) {
    value begins = rate_of(e, node, m, false);
    if (over(e, of, n, whole, &begins) >= 0) return NOTHING;
    if (!m->limited) return BETWEEN;
    value ends = rate_of(e, node, m, true);
    return over(e, of, n, whole, &ends) <= 0 ? FULL : BETWEEN;
}

value at_curve_level(struct at_curve_eval *e, uint32_t node, const value *whole,
                     const struct at_curve_share *of, uint32_t n, uint32_t own) {
    value zero = at_curve_of_num(e, at_num_int(0)), rest = *whole, weights = zero;
    if (own >= n || at_curve_sign(e, whole) == 0) return zero;
    enum place at = place_of(e, node, of, n, whole, &of[own]);
    if (at != BETWEEN) return at == FULL ? of[own].limit : zero;
    for (uint32_t i = 0; i < n; i++) {
        at = place_of(e, node, of, n, whole, &of[i]);
        if (at == NOTHING) continue;
        rest = at == FULL ? at_curve_sub(e, &rest, &of[i].limit) : at_curve_add(e, &rest, &of[i].start);
        if (at == BETWEEN) weights = at_curve_add(e, &weights, &of[i].weight);
    }
    value rate = at_curve_div(e, node, &rest, &weights);
    return part_at(e, &of[own], &rate);
}
