/* kernel/choice.c: and, or, not, if, missing, ifmissing: what may look past a value that is not there.
 */
#include "kernel/kernels.h"

/* A FLAG column of zeros, without states. Callers set out->one and out->n before. */
static void flags_begin(struct at_kernel_space *space, struct at_col *out) {
    out->form = AT_COL_FLAG;
    out->flag = at_arena_zero(space->arena, out->one ? 1 : out->n);
}

/* ---- and, or: `no` (for or: `yes`) wins over missing and exceptions */

/* `wins` is the flag that decides alone: yes for OR, no for AND. The other input may then be missing or in
 * exception. */
void at_kernel_and(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *a = at_kernel_input(space, id, 0), *b = at_kernel_input(space, id, 1);
    uint32_t n = at_kernel_map_begin(space, id, out);
    const uint8_t wins = space->plan->nodes[id].op == AT_P_OR;
    size_t sa = !a->one, sb = !b->one;
    flags_begin(space, out);
    if (!a->state && !b->state) {
        if (wins)
            for (uint32_t i = 0; i < n; i++)
                out->flag[i] = a->flag[i * sa] | b->flag[i * sb];
        else
            for (uint32_t i = 0; i < n; i++)
                out->flag[i] = a->flag[i * sa] & b->flag[i * sb];
        return;
    }
    /* One of the inputs has states, so this is not NULL. */
    uint32_t *state = at_kernel_states_join(space, id, n), any = AT_STATE_OK;
    for (uint32_t i = 0; i < n; i++) {
        bool a_wins = at_col_state(a, i) == AT_STATE_OK && a->flag[i * sa] == wins;
        bool b_wins = at_col_state(b, i) == AT_STATE_OK && b->flag[i * sb] == wins;
        if (a_wins || b_wins) state[i] = AT_STATE_OK;
        out->flag[i] = state[i] != AT_STATE_OK ? 0 : a_wins || b_wins ? wins : !wins;
        any |= state[i];
    }
    /* `paid_on is missing or paid_on > …` decides all: what reads it has the short way. */
    out->state = any == AT_STATE_OK ? NULL : state;
}

void at_kernel_not(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *a = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    flags_begin(space, out);
    out->state = a->state;
    for (uint32_t i = 0; i < n; i++)
        out->flag[i] = !a->flag[i];
}

/* ---- if: only the branch taken counts */

#define CHOOSE(TYPE)                                                                                         \
    do {                                                                                                     \
        const TYPE *yes_ = yes->data, *no_ = no->data;                                                       \
        TYPE *to_ = out->data;                                                                               \
        for (uint32_t i = 0; i < n; i++)                                                                     \
            to_[i] = flag[i * sf] ? yes_[i * sy] : no_[i * sn];                                              \
    } while (0)

/* Numbers: at one scale as I64, or else each for itself. */
static void choose_numbers(struct at_kernel_space *space, uint32_t id, const uint8_t *flag, size_t sf,
                           const struct at_col *yes, const struct at_col *no, uint32_t n,
                           struct at_col *out) {
    struct at_kernel_lanes in;
    size_t sy = !yes->one, sn = !no->one;
    if (at_kernel_lanes_align(space, yes, no, n, &in)) {
        int64_t *to = at_arena_get(space->arena, n * sizeof *to);
        for (uint32_t i = 0; i < n; i++)
            to[i] = flag[i * sf] ? in.x[i * sy] : in.y[i * sn];
        out->form = AT_COL_I64;
        out->scale = in.scale;
        out->bound = in.x_bound > in.y_bound ? in.x_bound : in.y_bound;
        out->i64 = to;
        return;
    }
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        to[i] = flag[i * sf] ? at_kernel_num_at(yes, i) : at_kernel_num_at(no, i);
    at_kernel_nums_end(space, id, out);
}

/* Both branches have the same type. They may have different forms only if they are numbers, so the payload
 * of all others is copied by the form of `yes`. */
static void choose(struct at_kernel_space *space, uint32_t id, const uint8_t *flag, size_t sf,
                   const struct at_col *yes, const struct at_col *no, uint32_t n, struct at_col *out) {
    size_t sy = !yes->one, sn = !no->one;
    if (at_kernel_is_number_form(yes->form)) {
        choose_numbers(space, id, flag, sf, yes, no, n, out);
        return;
    }
    out->form = yes->form;
    out->data = at_arena_zero(space->arena, n * at_col_width(yes->form));
    switch ((enum at_col_form)yes->form) {
    case AT_COL_TEXT: CHOOSE(at_str); break;
    case AT_COL_DAY:
    case AT_COL_ROW: CHOOSE(int32_t); break;
    case AT_COL_PERIOD: CHOOSE(at_period); break;
    default: CHOOSE(uint8_t); break;
    }
}

/* A state of the branch that is not taken does not count. A policy can guard a division with a condition
 * because of this. */
void at_kernel_if(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *when = at_kernel_input(space, id, 0), *yes = at_kernel_input(space, id, 1),
                        *no = at_kernel_input(space, id, 2);
    uint32_t n = at_kernel_map_begin(space, id, out);
    size_t sw = !when->one;
    uint32_t *state = NULL;
    if (when->state || yes->state || no->state) {
        state = AT_NEW_ARRAY(space->arena, uint32_t, n);
        for (uint32_t i = 0; i < n; i++) {
            state[i] = at_col_state(when, i);
            if (state[i] == AT_STATE_OK) state[i] = at_col_state(when->flag[i * sw] ? yes : no, i);
        }
    }
    out->state = state;
    choose(space, id, when->flag, sw, yes, no, n, out);
}

/* ---- missing */

/* A missing reference or choice can be -1 without a state, so both are looked at. An exception is not
 * missing: the answer is unknown. */
void at_kernel_missing(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *a = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    flags_begin(space, out);
    bool rows = a->form == AT_COL_ROW;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t state = at_col_state(a, i);
        out->flag[i] = state == AT_STATE_MISSING || (state == AT_STATE_OK && rows && a->row[i] < 0);
        if (state >= AT_STATE_EXCEPTION) at_kernel_states_of(space, out, n)[i] = state;
    }
}

/* Carries the exceptions of a value whose amount is not read. */
void at_kernel_known(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *a = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    flags_begin(space, out);
    memset(out->flag, 1, n);
    for (uint32_t i = 0; a->state && i < n; i++)
        if (at_col_state(a, i) >= AT_STATE_EXCEPTION)
            at_kernel_states_of(space, out, n)[i] = at_col_state(a, i);
}

/* Replaces missing values only. An exception of the first input stays, so that a default does not hide an
 * error. */
void at_kernel_ifmissing(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *a = at_kernel_input(space, id, 0), *b = at_kernel_input(space, id, 1);
    uint32_t n = at_kernel_map_begin(space, id, out);
    if (!a->state && a->form != AT_COL_ROW) {
        uint32_t whole = out->n;
        *out = *a;
        if (!out->one) out->n = whole;
        return;
    }
    size_t sa = !a->one;
    uint8_t *there = at_arena_get(space->arena, n);
    uint32_t *state = AT_NEW_ARRAY(space->arena, uint32_t, n);
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t s = at_col_state(a, i);
        there[i] =
            s != AT_STATE_MISSING && (s != AT_STATE_OK || a->form != AT_COL_ROW || a->row[i * sa] >= 0);
        state[i] = there[i] ? s : at_col_state(b, i);
        any |= state[i] != AT_STATE_OK;
    }
    out->state = any ? state : NULL;
    choose(space, id, there, 1, a, b, n, out);
}
