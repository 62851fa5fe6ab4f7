/* diff/known.c: what a version pays whose credits become known late: as session/known.c joins the lines of
 * views, from their columns, because versions that run merged have no lines of their own.
 */
#include "diff/diff_int.h"

struct at_diff_known {
    int64_t payee;      /* whose amounts are kept; -1: none */
    int64_t *minor;     /* by period, then component */
    bool *withheld;     /* by period */
    int32_t *paid;      /* by period: the view of which the amount is paid; -1: none */
    int64_t *old, *now; /* of one cell, by component */
};

struct at_diff_known *at_diff_known_new(const struct at_diff_side *side) {
    struct at_arena *arena = side->run->arena;
    struct at_diff_known *known = AT_NEW(arena, struct at_diff_known);
    uint32_t n = side->plan->n_components;
    known->payee = -1;
    known->minor = AT_NEW_ARRAY(arena, int64_t, (size_t)side->n_periods * n + 1);
    known->withheld = AT_NEW_ARRAY(arena, bool, side->n_periods + 1);
    known->paid = AT_NEW_ARRAY(arena, int32_t, side->n_periods + 1);
    known->old = AT_NEW_ARRAY(arena, int64_t, n + 1);
    known->now = AT_NEW_ARRAY(arena, int64_t, n + 1);
    return known;
}

struct looking {
    const struct at_diff_side *side;
    struct at_diff_known *known;
    uint32_t payee;
    unsigned digits;
    struct at_arena *scratch;
};

static bool cell_of(const struct looking *l, uint32_t view, uint32_t period, int64_t *minor) {
    struct at_arena_mark mark = at_arena_mark(l->scratch);
    bool withheld = at_diff_side_cell_in(l->side, l->side->run->views[view], l->payee, period, l->digits,
                                         l->scratch, minor);
    at_arena_reset(l->scratch, mark);
    return withheld;
}

/* Whether a period that was paid cannot be calculated again. */
static bool is_blocked(const struct looking *l, uint32_t view, uint32_t t) {
    const int32_t *paid = l->known->paid;
    for (uint32_t p = 0; p < t; p++)
        if (paid[p] >= 0 && paid[p] != (int32_t)view && cell_of(l, view, p, l->known->now)) return true;
    return false;
}

/* Adds what the view gives for period p more than the amount paid. */
static void correct(const struct looking *l, uint32_t view, uint32_t p, int64_t *minor) {
    struct at_diff_known *known = l->known;
    uint32_t n = l->side->plan->n_components;
    if (known->paid[p] == (int32_t)view || cell_of(l, view, p, known->now)) return;
    memset(known->old, 0, n * sizeof *known->old);
    if (known->paid[p] >= 0) cell_of(l, (uint32_t)known->paid[p], p, known->old);
    for (uint32_t c = 0; c < n; c++)
        minor[c] += known->now[c] - known->old[c];
    known->paid[p] = (int32_t)view;
}

static void calculate(const struct looking *l) {
    struct at_diff_known *known = l->known;
    const struct at_diff_side *side = l->side;
    uint32_t n = side->plan->n_components;
    int32_t synced = -1;
    known->payee = l->payee;
    for (uint32_t t = 0; t < side->n_periods; t++) {
        int64_t *minor = &known->minor[(size_t)t * n];
        uint32_t view = side->run->view_of[t];
        bool again = synced != (int32_t)view;
        known->paid[t] = -1;
        known->withheld[t] = cell_of(l, view, t, minor) || (again && is_blocked(l, view, t));
        if (known->withheld[t]) {
            memset(minor, 0, n * sizeof *minor);
            synced = -1;
            continue;
        }
        known->paid[t] = synced = (int32_t)view;
        for (uint32_t p = 0; p < t && again; p++)
            correct(l, view, p, minor);
    }
}

bool at_diff_known_cell(const struct at_diff_side *side, uint32_t payee, uint32_t period, unsigned digits,
                        struct at_arena *scratch, int64_t *minor) {
    struct at_diff_known *known = side->known;
    const struct looking l = {side, known, payee, digits, scratch};
    uint32_t n = side->plan->n_components;
    if (known->payee != (int64_t)payee) calculate(&l);
    memcpy(minor, &known->minor[(size_t)period * n], n * sizeof *minor);
    return known->withheld[period];
}
