/* kernel/carry.c: state carried from period to period: to date, before, the last few, changes, caps to date.
 *
 * Columns are period-major, so that a scan goes from slice to slice. An exception holds on for as long as its
 * value would count: to the end of the year for a total of the year.
 */
#include "settle/exec.h"

/* How many values a period has, and how many periods there are. */
static uint32_t slice_of(const struct at_space *space, uint32_t id, uint32_t *periods) {
    const struct at_pnode *node = &space->plan->nodes[id];
    *periods = space->run->n_periods;
    return node->grain == AT_G_GROUP ? space->run->group_sizes[node->place] : space->run->n_payees;
}

/* Whether a period begins a new longer one of the kind. */
static bool *starts_of(struct at_space *space, int kind, uint32_t periods) {
    bool *starts = AT_NEW_ARRAY(space->arena, bool, periods + 1);
    int32_t last = 0;
    for (uint32_t p = 0; p < periods; p++) {
        at_period own = space->run->first_period;
        own.ordinal += (int32_t)p;
        int32_t holding =
            at_period_holding(&space->plan->checked->calendar, own, (enum at_period_kind)kind).ordinal;
        starts[p] = p == 0 || holding != last;
        last = holding;
    }
    return starts;
}

/* ---- totals, least and most over a window */

/* Joins one more value of the window to what is held. 0 sum, 1 least, 2 most. */
static void join(struct at_space *space, int how, uint32_t state, at_num v, at_num *held,
                 uint32_t *held_state, bool *any) {
    if (*held_state >= AT_STATE_EXCEPTION) return;
    if (state >= AT_STATE_EXCEPTION || (how == 0 && state == AT_STATE_MISSING)) {
        *held_state = state;
        return;
    }
    if (state == AT_STATE_MISSING) return;
    int order = how && *any ? at_num_cmp(space->arena, v, *held) : 0;
    if (!*any)
        *held = v;
    else if (how == 0)
        *held = at_num_add(space->arena, *held, v);
    else if (how == 1 ? order < 0 : order > 0)
        *held = v;
    *any = true;
}

static bool todate_64(struct at_space *space, const struct at_col *in, const bool *starts, uint32_t width,
                      uint32_t periods, struct at_col *out) {
    if (in->form != AT_COL_I64 || in->state || in->one) return false;
    if ((at_u128)in->bound * (periods + 1) > (at_u128)AT_COL_LIMIT) return false;
    out->form = AT_COL_I64;
    out->scale = in->scale;
    out->bound = in->bound * (int64_t)(periods + 1);
    out->i64 = at_arena_get(space->arena, (space->n + 1) * sizeof *out->i64);
    for (uint32_t p = 0; p < periods; p++)
        for (uint32_t e = 0; e < width; e++) {
            uint32_t i = p * width + e;
            out->i64[i] = in->i64[i] + (starts[p] ? 0 : out->i64[i - width]);
        }
    return true;
}

/* The window of period p begins at first[p]. */
static void over_windows(struct at_space *space, uint32_t id, const uint32_t *first, uint32_t width,
                         uint32_t periods, struct at_col *out) {
    const struct at_col *in = at_in(space, id, 0);
    int how = space->plan->nodes[id].b;
    at_num *to = at_nums_begin(space, out);
    for (uint32_t e = 0; e < width; e++)
        for (uint32_t p = 0; p < periods; p++) {
            uint32_t state = AT_STATE_OK, i = p * width + e;
            bool any = false;
            for (uint32_t q = first[p]; q <= p; q++)
                join(space, how, at_col_state(in, q * width + e), at_num_at(in, q * width + e), &to[i],
                     &state, &any);
            if (!any && state == AT_STATE_OK) state = AT_STATE_MISSING;
            if (state != AT_STATE_OK) {
                to[i] = at_num_int(0);
                at_states_of(space, out, space->n)[i] = state;
            }
        }
    at_nums_end(space, id, out);
}

void at_k_todate(struct at_space *space, uint32_t id, struct at_col *out) {
    uint32_t periods, width = slice_of(space, id, &periods);
    const struct at_pnode *node = &space->plan->nodes[id];
    bool *starts = starts_of(space, node->a, periods);
    *out = (struct at_col){.n = space->n};
    if (node->b == 0 && todate_64(space, at_in(space, id, 0), starts, width, periods, out)) return;
    uint32_t *first = AT_NEW_ARRAY(space->arena, uint32_t, periods + 1);
    for (uint32_t p = 0; p < periods; p++)
        first[p] = starts[p] ? p : first[p - 1];
    over_windows(space, id, first, width, periods, out);
}

void at_k_trailing(struct at_space *space, uint32_t id, struct at_col *out) {
    uint32_t periods, width = slice_of(space, id, &periods), last = (uint32_t)space->plan->nodes[id].a;
    uint32_t *first = AT_NEW_ARRAY(space->arena, uint32_t, periods + 1);
    for (uint32_t p = 0; p < periods; p++)
        first[p] = p + 1 > last ? p + 1 - last : 0;
    *out = (struct at_col){.n = space->n};
    over_windows(space, id, first, width, periods, out);
}

void at_k_prior(struct at_space *space, uint32_t id, struct at_col *out) {
    uint32_t periods, width = slice_of(space, id, &periods);
    int64_t back = (int64_t)space->plan->nodes[id].a * width;
    int32_t *at = at_arena_get(space->arena, (space->n + 1) * sizeof *at);
    for (uint32_t i = 0; i < space->n; i++)
        at[i] = (int64_t)i >= back ? (int32_t)(i - back) : -1;
    at_col_gather(space->arena, at_in(space, id, 0), at, space->n, out);
}

/* ---- changes */

void at_k_delta(struct at_space *space, uint32_t id, struct at_col *out) {
    uint32_t periods, width = slice_of(space, id, &periods);
    const struct at_col *in = at_in(space, id, 0);
    bool *starts = starts_of(space, space->plan->nodes[id].a, periods);
    *out = (struct at_col){.n = space->n};
    at_num *to = at_nums_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++) {
        bool first = starts[i / width];
        uint32_t state = at_col_state(in, i), before = first ? AT_STATE_OK : at_col_state(in, i - width);
        if (state < AT_STATE_EXCEPTION && before > state) state = before;
        if (state != AT_STATE_OK)
            at_states_of(space, out, space->n)[i] = state;
        else
            to[i] = first ? at_num_at(in, i)
                          : at_num_sub(space->arena, at_num_at(in, i), at_num_at(in, i - width));
    }
    at_nums_end(space, id, out);
}

/* ---- caps and floors to date */

/* One payee (or group) through all periods. */
static void cap_lane(struct at_space *space, uint32_t id, uint32_t e, uint32_t width, const bool *starts,
                     uint32_t periods, struct at_col *out) {
    const struct at_col *in = at_in(space, id, 0), *limit = at_in(space, id, 1);
    struct at_arena *arena = space->arena;
    bool floor = space->plan->nodes[id].b == 1;
    at_num given = at_num_int(0);
    uint32_t held = AT_STATE_OK;
    for (uint32_t p = 0; p < periods; p++) {
        uint32_t i = p * width + e, state = at_col_state(in, i), limit_state = at_col_state(limit, i);
        if (starts[p]) {
            given = at_num_int(0);
            held = AT_STATE_OK;
        }
        if (state < AT_STATE_EXCEPTION && limit_state >= AT_STATE_EXCEPTION) state = limit_state;
        if (held == AT_STATE_OK) held = state;
        if (held != AT_STATE_OK) {
            at_states_of(space, out, space->n)[i] = held;
            continue;
        }
        at_num v = at_num_at(in, i);
        if (limit_state == AT_STATE_OK) {
            at_num left = at_num_sub(arena, at_num_at(limit, i), given);
            if (!floor && at_num_sign(left) < 0) left = at_num_int(0); /* what was given is not taken back */
            int order = at_num_cmp(arena, v, left);
            if (floor ? order < 0 : order > 0) v = left;
        }
        out->num[i] = v;
        given = at_num_add(arena, given, v);
    }
}

void at_k_captodate(struct at_space *space, uint32_t id, struct at_col *out) {
    uint32_t periods, width = slice_of(space, id, &periods);
    bool *starts = starts_of(space, space->plan->nodes[id].a, periods);
    *out = (struct at_col){.n = space->n};
    at_nums_begin(space, out);
    for (uint32_t e = 0; e < width; e++)
        cap_lane(space, id, e, width, starts, periods, out);
    at_nums_end(space, id, out);
}
