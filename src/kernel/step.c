/* kernel/step.c: the step reached, slices through steps, tables of one or two keys, sets. */
#include "kernel/payload.h"

#include "kernel/kernels.h"

/* ---- step: the whole amount at the rate reached */

/* How many thresholds x reaches. They ascend, so these are the first ones. */
static inline uint32_t steps_reached(const int64_t *reach, uint32_t n, int64_t x) {
    uint32_t k = 0;
    if (n <= 16) { /* no branches to guess */
        for (uint32_t j = 0; j < n; j++)
            k += x >= reach[j];
        return k;
    }
    for (uint32_t low = 0, high = n; low < high;) {
        uint32_t middle = (low + high) / 2;
        if (x >= reach[middle])
            low = k = middle + 1;
        else
            high = middle;
    }
    return k;
}

/* Thresholds at `scale`, each lifted by one where its own value belongs to the step before. */
static int64_t *reach_at(struct at_kernel_space *space, const struct at_kernel_step_table *table,
                         unsigned scale) {
    const int64_t *t;
    int64_t bound;
    struct at_col col = {.form = AT_COL_I64,
                         .scale = table->t_scale,
                         .n = table->steps->n,
                         .i64 = table->t,
                         .bound = table->t_bound};
    if (!at_kernel_lane_at_scale(space, &col, col.n, scale, &t, &bound)) return NULL;
    int64_t *reach = at_arena_get(space->arena, col.n * sizeof *reach);
    for (uint32_t j = 0; j < col.n; j++)
        reach[j] = t[j] + table->steps->above[j];
    return reach;
}

/* False if there is no common 64-bit scale. `reached` counts from 1, and 0 is below the first step. */
static bool step_64(struct at_kernel_space *space, const struct at_kernel_step_table *table,
                    const struct at_col *x, uint32_t n, uint32_t *reached) {
    const int64_t *v;
    int64_t bound;
    if (!table->narrow || x->form != AT_COL_I64) return false;
    unsigned scale = x->scale > table->t_scale ? x->scale : table->t_scale;
    if (!at_kernel_lane_at_scale(space, x, n, scale, &v, &bound)) return false;
    int64_t *reach = reach_at(space, table, scale);
    if (!reach) return false;
    for (uint32_t i = 0; i < n; i++)
        reached[i] = steps_reached(reach, table->steps->n, v[i]);
    return true;
}

/* The reference for step_64, for numbers in any form. */
static uint32_t step_slowly(struct at_arena *arena, const struct at_plan_steps *steps, at_num x) {
    uint32_t k = 0;
    for (uint32_t j = 0; j < steps->n; j++) {
        int order = at_num_cmp(arena, x, steps->thresholds[j]);
        if (order > 0 || (order == 0 && !steps->above[j])) k = j + 1;
    }
    return k;
}

/* A value below the first step has no rate and is a fault, unless the value itself has a state. */
void at_kernel_step(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_step_table *table = at_kernel_payload(space, id);
    const struct at_col *x = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    uint32_t *reached = at_arena_get(space->arena, n * sizeof *reached);
    if (!step_64(space, table, x, n, reached))
        for (uint32_t i = 0; i < n; i++)
            reached[i] = !out->state || out->state[i] == AT_STATE_OK
                             ? step_slowly(space->arena, table->steps, at_kernel_num_at(x, i))
                             : 0;
    for (uint32_t i = 0; i < n; i++) {
        if (reached[i]) continue;
        uint32_t *state = at_kernel_states_of(space, out, n);
        if (state[i] == AT_STATE_OK) state[i] = at_kernel_space_fault(space, id, i, AT_A0803, (at_str){0});
    }
    /* The rates are narrow even if the values were not: only the search was slow. */
    if (table->narrow) {
        out->form = AT_COL_I64;
        out->scale = table->v_scale;
        out->bound = table->v_bound;
        out->i64 = at_arena_get(space->arena, n * sizeof *out->i64);
        for (uint32_t i = 0; i < n; i++)
            out->i64[i] = reached[i] ? table->v[reached[i] - 1] : 0;
        return;
    }
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        to[i] = reached[i]
                    ? at_plan_step_value(space->arena, table->steps, reached[i] - 1, at_kernel_num_at(x, i))
                    : at_num_int(0);
    at_kernel_nums_end(space, id, out);
}

/* ---- through: each slice at its own rate */

/* Without a unit: what the full steps below give, and the rest at the rate reached. */
static bool through_64(struct at_kernel_space *space, const struct at_kernel_step_table *table,
                       const struct at_col *x, uint32_t n, struct at_col *out) {
    const int64_t *v, *t;
    int64_t x_bound, t_bound;
    uint32_t steps = table->steps->n;
    if (!table->narrow || x->form != AT_COL_I64) return false;
    unsigned scale = x->scale > table->t_scale ? x->scale : table->t_scale;
    struct at_col col = {
        .form = AT_COL_I64, .scale = table->t_scale, .n = steps, .i64 = table->t, .bound = table->t_bound};
    if (scale + table->v_scale > AT_NUM_MAX_SCALE ||
        !at_kernel_lane_at_scale(space, x, n, scale, &v, &x_bound) ||
        !at_kernel_lane_at_scale(space, &col, steps, scale, &t, &t_bound))
        return false;
    at_u128 reach = ((at_u128)x_bound + (at_u128)t_bound) * (at_u128)table->v_bound;
    if (reach > (at_u128)AT_COL_LIMIT) {
        x_bound = at_col_measure(v, x->one ? 1 : n);
        reach = ((at_u128)x_bound + (at_u128)t_bound) * (at_u128)table->v_bound;
    }
    /* What the full steps give grows with the thresholds, whatever the values are. */
    at_u128 full = (at_u128)t_bound * 3 * (at_u128)table->v_bound;
    if (reach > (at_u128)AT_COL_LIMIT || full > (at_u128)AT_COL_LIMIT) return false;
    /* y = base[k] + x * rate[k], with base[k] = what full steps give - t[k] * rate[k] */
    int64_t *base = AT_NEW_ARRAY(space->arena, int64_t, steps + 1),
            *rate = AT_NEW_ARRAY(space->arena, int64_t, steps + 1);
    int64_t given = 0;
    for (uint32_t k = 0; k < steps; k++) {
        if (k > 0) given += (t[k] - t[k - 1]) * table->v[k - 1];
        rate[k + 1] = table->v[k];
        base[k + 1] = given - t[k] * table->v[k];
    }
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = steps_reached(t, steps, v[i]);
        to[i] = base[k] + v[i] * rate[k];
    }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)(scale + table->v_scale);
    out->bound = (int64_t)reach;
    out->i64 = to;
    return true;
}

/* With a unit: thresholds are its multiples, different for each value. */
static bool through_unit_64(struct at_kernel_space *space, const struct at_kernel_step_table *table,
                            const struct at_col *x, const struct at_col *unit, uint32_t n,
                            struct at_col *out) {
    const int64_t *v, *u;
    int64_t x_bound, u_bound;
    uint32_t steps = table->steps->n;
    if (!table->narrow || x->form != AT_COL_I64 || unit->form != AT_COL_I64) return false;
    unsigned product = (unsigned)unit->scale + table->t_scale,
             scale = x->scale > product ? x->scale : product;
    if (scale + table->v_scale > AT_NUM_MAX_SCALE ||
        !at_kernel_lane_at_scale(space, x, n, scale, &v, &x_bound) ||
        !at_kernel_lane_at_scale(space, unit, n, scale - table->t_scale, &u, &u_bound))
        return false;
    /* Products of bounds are soon out of range, so the real values are measured before the range check. */
    u_bound = at_col_measure(u, unit->one ? 1 : n);
    x_bound = at_col_measure(v, x->one ? 1 : n);
    at_u128 t_reach = (at_u128)u_bound * (at_u128)table->t_bound;
    if (t_reach > (at_u128)AT_COL_LIMIT) return false;
    at_u128 reach = ((at_u128)x_bound + t_reach) * ((at_u128)table->v_bound + !table->v_bound);
    if (reach > (at_u128)AT_COL_LIMIT) return false;
    size_t sx = !x->one, su = !unit->one;
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++) {
        /* `low` becomes the next threshold in each step, so each product is calculated once. */
        int64_t sum = 0, low = u[i * su] * table->t[0];
        for (uint32_t k = 0; k < steps; k++) {
            int64_t high = k + 1 < steps ? u[i * su] * table->t[k + 1] : v[i * sx];
            int64_t top = v[i * sx] < high ? v[i * sx] : high;
            if (top > low) sum += (top - low) * table->v[k];
            low = high;
        }
        to[i] = sum;
    }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)(scale + table->v_scale);
    out->bound = (int64_t)reach;
    out->i64 = to;
    return true;
}

/* The reference for both loops. The last step has no end, so its upper limit is x. */
static at_num through_slowly(struct at_arena *arena, const struct at_plan_steps *steps, at_num x,
                             const at_num *unit) {
    at_num sum = at_num_int(0);
    for (uint32_t k = 0; k < steps->n; k++) {
        at_num low = unit ? at_num_mul(arena, steps->thresholds[k], *unit) : steps->thresholds[k], top = x;
        if (k + 1 < steps->n) {
            at_num high =
                unit ? at_num_mul(arena, steps->thresholds[k + 1], *unit) : steps->thresholds[k + 1];
            if (high.form == AT_NUM_OVERFLOW) return high;
            if (at_num_cmp(arena, high, top) < 0) top = high;
        }
        if (low.form == AT_NUM_OVERFLOW) return low;
        if (at_num_cmp(arena, top, low) > 0)
            sum = at_num_add(arena, sum, at_num_mul(arena, at_num_sub(arena, top, low), steps->values[k]));
    }
    return sum;
}

/* `above` does not matter here: at a threshold, the step that begins adds nothing yet. */
void at_kernel_through(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_step_table *table = at_kernel_payload(space, id);
    const struct at_col *x = at_kernel_input(space, id, 0);
    const struct at_col *unit = space->plan->nodes[id].n_in > 1 ? at_kernel_input(space, id, 1) : NULL;
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    if (unit ? through_unit_64(space, table, x, unit, n, out) : through_64(space, table, x, n, out)) return;
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++) {
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        at_num by = unit ? at_kernel_num_at(unit, i) : at_num_int(1);
        to[i] = through_slowly(space->arena, table->steps, at_kernel_num_at(x, i), unit ? &by : NULL);
    }
    at_kernel_nums_end(space, id, out);
}

/* ---- tables and sets */

/* Values between keys with `at`, one at a time: they are rarely many. `at` has the place of each value, or 0
 * where it has a state. */
static void values_on_lines(struct at_kernel_space *space, uint32_t id, const int32_t *at, uint32_t n,
                            struct at_col *out) {
    const struct at_kernel_lookup_table *table = at_kernel_payload(space, id);
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *in[2] = {at_kernel_input(space, id, 0), NULL};
    at_type types[2] = {space->plan->nodes[node->in[0]].type, {0}};
    if (node->n_in > 1) {
        in[1] = at_kernel_input(space, id, 1);
        types[1] = space->plan->nodes[node->in[1]].type;
    }
    int32_t columns = (int32_t)table->lookup->n_columns;
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++) {
        to[i] = at_num_int(0);
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        struct at_plan_value keys[2];
        for (uint16_t k = 0; k < node->n_in && k < 2; k++)
            keys[k] = at_kernel_col_value(in[k], in[k]->one ? 0 : i, &types[k]);
        struct at_plan_value value =
            at_plan_lookup_value(space->arena, table->lookup, at[i] / columns, at[i] % columns, &keys[0],
                                 node->n_in > 1 ? &keys[1] : NULL);
        to[i] = at_plan_value_num(&value);
    }
    at_kernel_nums_end(space, id, out);
}

/* A lookup is a gather from the values of the table. Keys that are not found read the first value, and
 * have a state, so it does not count. */
void at_kernel_lookup(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_lookup_table *table = at_kernel_payload(space, id);
    const struct at_plan_node *node = &space->plan->nodes[id];
    uint32_t n = at_kernel_map_begin(space, id, out), columns = table->lookup->n_columns;
    uint32_t *state = at_kernel_states_join(space, id, n);
    int32_t *at = at_arena_get(space->arena, n * sizeof *at), *column = NULL;
    const struct at_col *key = at_kernel_input(space, id, 0);
    size_t sk = !key->one, sc = 0;
    at_kernel_axis_find(space, &table->axes[0], key, n, at);
    if (node->n_in > 1) {
        column = at_arena_get(space->arena, n * sizeof *column);
        sc = !at_kernel_input(space, id, 1)->one;
        at_kernel_axis_find(space, &table->axes[1], at_kernel_input(space, id, 1), n, column);
    }
    int32_t none = 0;
    for (uint32_t i = n; i-- > 0;) { /* from the end, as one key may count for all */
        int32_t r = at[i * sk], c = column ? column[i * sc] : 0;
        at[i] = r < 0 || c < 0 ? -1 : r * (int32_t)columns + c;
        none |= at[i];
    }
    bool one = out->one;
    uint32_t whole = out->n;
    if (none < 0) {
        if (!state) state = AT_NEW_ARRAY(space->arena, uint32_t, n);
        for (uint32_t i = 0; i < n; i++) {
            if (at[i] >= 0) continue;
            at[i] = 0;
            if (state[i] == AT_STATE_OK)
                state[i] = at_kernel_space_fault(space, id, i, AT_A0802, (at_str){0});
        }
    }
    at_kernel_col_gather_u32(space->arena, &table->values, (uint32_t *)at, n, out);
    if (out->state && state) { /* an empty cell of the table */
        for (uint32_t i = 0; i < n; i++)
            if (state[i] == AT_STATE_OK) state[i] = out->state[i];
    }
    if (state) out->state = state;
    out->one = one;
    out->n = whole;
    if (table->lookup->lines) values_on_lines(space, id, at, n, out);
}

/* A value with a state is found nowhere. Its flag is then zero, as payloads of such values must be. */
void at_kernel_in_set(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_axis *axis = at_kernel_payload(space, id);
    const struct at_col *x = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    int32_t *at = at_arena_get(space->arena, n * sizeof *at);
    at_kernel_axis_find(space, axis, x, n, at);
    out->state = x->state;
    out->form = AT_COL_FLAG;
    out->flag = at_arena_get(space->arena, n);
    for (uint32_t i = 0; i < n; i++)
        out->flag[i] = at[i] >= 0;
}
