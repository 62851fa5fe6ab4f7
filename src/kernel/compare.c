/* kernel/compare.c: equal, less, less or equal: numbers, texts, dates, periods, flags, choices,
 * references. */
#include "kernel/kernels.h"

static void flags_begin(struct at_kernel_space *space, struct at_col *out) {
    out->form = AT_COL_FLAG;
    out->flag = at_arena_zero(space->arena, out->one ? 1 : out->n);
}

/* The three shapes of a comparison of lanes: two columns, a column and one value, one value and a column. */
#define COMPARE(TYPE, A, A_ONE, B, B_ONE, TEST)                                                              \
    do {                                                                                                     \
        const TYPE *a_ = (A), *b_ = (B);                                                                     \
        if ((B_ONE) && !(A_ONE)) {                                                                           \
            const TYPE y = b_[0];                                                                            \
            for (uint32_t i = 0; i < n; i++) {                                                               \
                const TYPE x = a_[i];                                                                        \
                to[i] = (TEST);                                                                              \
            }                                                                                                \
        } else if ((A_ONE) && !(B_ONE)) {                                                                    \
            const TYPE x = a_[0];                                                                            \
            for (uint32_t i = 0; i < n; i++) {                                                               \
                const TYPE y = b_[i];                                                                        \
                to[i] = (TEST);                                                                              \
            }                                                                                                \
        } else {                                                                                             \
            for (uint32_t i = 0; i < n; i++) {                                                               \
                const TYPE x = a_[i], y = b_[i];                                                             \
                to[i] = (TEST);                                                                              \
            }                                                                                                \
        }                                                                                                    \
    } while (0)

#define COMPARE_BY_OP(TYPE, A, A_ONE, B, B_ONE)                                                              \
    switch (op) {                                                                                            \
    case AT_P_EQ: COMPARE(TYPE, A, A_ONE, B, B_ONE, x == y); break;                                          \
    case AT_P_NE: COMPARE(TYPE, A, A_ONE, B, B_ONE, x != y); break;                                          \
    case AT_P_LT: COMPARE(TYPE, A, A_ONE, B, B_ONE, x < y); break;                                           \
    default: COMPARE(TYPE, A, A_ONE, B, B_ONE, x <= y); break;                                               \
    }

/* The operator applied to the sign of a comparison. AT_P_LE is what is left after the other three. */
static bool holds(unsigned op, int order) {
    return op == AT_P_EQ ? order == 0 : op == AT_P_NE ? order != 0 : op == AT_P_LT ? order < 0 : order <= 0;
}

/* The plain loop does not look at states: values without one are zero, and their flags are not read. The
 * slow loop skips them, because at_num_cmp may need memory. */
static void compare_numbers(struct at_kernel_space *space, unsigned op, const struct at_col *a,
                            const struct at_col *b, uint32_t n, const uint32_t *state, uint8_t *to) {
    struct at_kernel_lanes in;
    if (at_kernel_lanes_align(space, a, b, n, &in)) {
        COMPARE_BY_OP(int64_t, in.x, in.x_one, in.y, in.y_one)
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!state || state[i] == AT_STATE_OK)
            to[i] = holds(op, at_num_cmp(space->arena, at_kernel_num_at(a, i), at_kernel_num_at(b, i)));
}

/* Most texts differ in length or in their first byte, so that memcmp is seldom called. */
static bool same_text(at_str a, at_str b) {
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static void compare_texts(unsigned op, const struct at_col *a, const struct at_col *b, uint32_t n,
                          uint8_t *to) {
    size_t sa = !a->one, sb = !b->one;
    if (op == AT_P_EQ || op == AT_P_NE) {
        uint8_t other = op == AT_P_NE;
        for (uint32_t i = 0; i < n; i++)
            to[i] = (uint8_t)same_text(a->text[i * sa], b->text[i * sb]) ^ other;
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        to[i] = holds(op, at_str_cmp(a->text[i * sa], b->text[i * sb]));
}

/* Periods of different lengths are compared by the calendar, not by their ordinals. */
static void compare_periods(const struct at_calendar *calendar, unsigned op, const struct at_col *a,
                            const struct at_col *b, uint32_t n, uint8_t *to) {
    size_t sa = !a->one, sb = !b->one;
    for (uint32_t i = 0; i < n; i++)
        to[i] = holds(op, at_period_cmp(calendar, a->period[i * sa], b->period[i * sb]));
}

/* Both inputs have the same type, so the form of `a` decides. DAY and ROW share 32-bit payloads in the
 * union. */
static void compare(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    unsigned op = space->plan->nodes[id].op;
    const struct at_col *a = at_kernel_input(space, id, 0), *b = at_kernel_input(space, id, 1);
    uint32_t n = at_kernel_map_begin(space, id, out);
    uint32_t *state = at_kernel_states_join(space, id, n);
    flags_begin(space, out);
    out->state = state;
    uint8_t *to = out->flag;
    switch ((enum at_col_form)a->form) {
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM: compare_numbers(space, op, a, b, n, state, to); break;
    case AT_COL_TEXT: compare_texts(op, a, b, n, to); break;
    case AT_COL_DAY:
    case AT_COL_ROW: COMPARE_BY_OP(int32_t, a->row, a->one, b->row, b->one) break;
    case AT_COL_FLAG: COMPARE_BY_OP(uint8_t, a->flag, a->one, b->flag, b->one) break;
    case AT_COL_PERIOD: compare_periods(&space->plan->checked->calendar, op, a, b, n, to); break;
    }
}

void at_kernel_eq(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    compare(space, id, out);
}
void at_kernel_lt(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    compare(space, id, out);
}
