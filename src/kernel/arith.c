/* kernel/arith.c: sums, differences, products, quotients, the smaller and the larger, slices, rounding.
 */
#include "kernel/kernels.h"

/* ---- two numbers at one scale: + - min max over up-to */

/* The loop of EXPR over x and y, in four shapes: each input is a column or one value. The compiler can
 * vectorize each of them, because none has a test inside. */
#define LOOP2(EXPR)                                                                                          \
    do {                                                                                                     \
        if (in.x_one && in.y_one) {                                                                          \
            const int64_t x = in.x[0], y = in.y[0];                                                          \
            to[0] = (EXPR);                                                                                  \
        } else if (in.y_one) {                                                                               \
            const int64_t y = in.y[0];                                                                       \
            for (uint32_t i = 0; i < n; i++) {                                                               \
                const int64_t x = in.x[i];                                                                   \
                to[i] = (EXPR);                                                                              \
            }                                                                                                \
        } else if (in.x_one) {                                                                               \
            const int64_t x = in.x[0];                                                                       \
            for (uint32_t i = 0; i < n; i++) {                                                               \
                const int64_t y = in.y[i];                                                                   \
                to[i] = (EXPR);                                                                              \
            }                                                                                                \
        } else {                                                                                             \
            for (uint32_t i = 0; i < n; i++) {                                                               \
                const int64_t x = in.x[i], y = in.y[i];                                                      \
                to[i] = (EXPR);                                                                              \
            }                                                                                                \
        }                                                                                                    \
    } while (0)

/* What the result may reach, or -1 where that is out of range. */
static int64_t sum_bound(unsigned op, int64_t x, int64_t y) {
    at_u128 both = (at_u128)x + (at_u128)y;
    if (op == AT_P_MIN || op == AT_P_MAX || op == AT_P_UPTO) both = (at_u128)(x > y ? x : y);
    return both <= (at_u128)AT_COL_LIMIT ? (int64_t)both : -1;
}

/* The plain 64-bit loops. They also run over values that have a state. The payload of such a value is
 * zero, so it cannot overflow, and no test is needed inside the loop. */
static bool add_64(struct at_kernel_space *space, uint32_t id, uint32_t n, struct at_col *out) {
    struct at_kernel_lanes in;
    unsigned op = space->plan->nodes[id].op;
    if (!at_kernel_lanes_align(space, at_kernel_input(space, id, 0), at_kernel_input(space, id, 1), n, &in))
        return false;
    int64_t bound = sum_bound(op, in.x_bound, in.y_bound);
    if (bound < 0) { /* bounds only grow; look what is really there */
        in.x_bound = at_col_measure(in.x, in.x_one ? 1 : n);
        in.y_bound = at_col_measure(in.y, in.y_one ? 1 : n);
        bound = sum_bound(op, in.x_bound, in.y_bound);
        if (bound < 0) return false;
    }
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    switch (op) {
    case AT_P_ADD: LOOP2(x + y); break;
    case AT_P_SUB: LOOP2(x - y); break;
    case AT_P_MIN: LOOP2(x < y ? x : y); break;
    case AT_P_MAX: LOOP2(x > y ? x : y); break;
    case AT_P_OVER: LOOP2(x > y ? x - y : 0); break;
    default: LOOP2((x < y ? x : y) > 0 ? (x < y ? x : y) : 0); break; /* UPTO */
    }
    out->form = AT_COL_I64;
    out->scale = in.scale;
    out->bound = bound;
    out->i64 = to;
    return true;
}

/* The value at i as a mantissa of the given scale; false where it does not fit. */
static bool mantissa_128(const struct at_col *col, uint32_t i, unsigned scale, at_i128 *out) {
    if (col->one) i = 0;
    at_i128 v = col->form == AT_COL_I64 ? col->i64[i] : col->i128[i];
    for (unsigned digits = scale - col->scale; digits > 0; digits--) {
        if (v > ((at_i128)1 << 123) || v < -((at_i128)1 << 123)) return false;
        v *= 10;
    }
    *out = v;
    return true;
}

/* 128-bit loops. Bounds are not kept for this form, so each result is checked. If one does not fit, all of
 * it is calculated again with at_num, which is the only form that always holds the result. */
static bool add_128(struct at_kernel_space *space, uint32_t id, uint32_t n, struct at_col *out) {
    const struct at_col *a = at_kernel_input(space, id, 0), *b = at_kernel_input(space, id, 1);
    unsigned op = space->plan->nodes[id].op;
    if (a->form > AT_COL_I128 || b->form > AT_COL_I128) return false;
    unsigned scale = a->scale > b->scale ? a->scale : b->scale;
    at_i128 *to = at_arena_get(space->arena, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++) {
        at_i128 x, y;
        if (!mantissa_128(a, i, scale, &x) || !mantissa_128(b, i, scale, &y)) return false;
        bool bad = false;
        switch (op) {
        case AT_P_ADD: bad = __builtin_add_overflow(x, y, &to[i]); break;
        case AT_P_SUB: bad = __builtin_sub_overflow(x, y, &to[i]); break;
        case AT_P_MIN: to[i] = x < y ? x : y; break;
        case AT_P_MAX: to[i] = x > y ? x : y; break;
        case AT_P_OVER:
            to[i] = 0;
            if (x > y) bad = __builtin_sub_overflow(x, y, &to[i]);
            break;
        default: to[i] = (x < y ? x : y) > 0 ? (x < y ? x : y) : 0; break;
        }
        if (bad) return false;
    }
    out->form = AT_COL_I128;
    out->scale = (uint8_t)scale;
    out->i128 = to;
    at_kernel_col_narrow(space->arena, out);
    return true;
}

/* The reference for the loops above: one value in any form. Overflow shows in the form of the result, and
 * at_kernel_nums_end makes a fault of it. */
static at_num add_num(struct at_arena *arena, unsigned op, at_num x, at_num y) {
    at_num zero = at_num_int(0), least;
    switch (op) {
    case AT_P_ADD: return at_num_add(arena, x, y);
    case AT_P_SUB: return at_num_sub(arena, x, y);
    case AT_P_MIN: return at_num_cmp(arena, x, y) <= 0 ? x : y;
    case AT_P_MAX: return at_num_cmp(arena, x, y) >= 0 ? x : y;
    case AT_P_OVER: return at_num_cmp(arena, x, y) > 0 ? at_num_sub(arena, x, y) : zero;
    default: least = at_num_cmp(arena, x, y) <= 0 ? x : y; return at_num_sign(least) > 0 ? least : zero;
    }
}

void at_kernel_add(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    if (add_64(space, id, n, out) || add_128(space, id, n, out)) return;
    const struct at_col *a = at_kernel_input(space, id, 0), *b = at_kernel_input(space, id, 1);
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        if (!out->state || out->state[i] == AT_STATE_OK)
            to[i] = add_num(space->arena, space->plan->nodes[id].op, at_kernel_num_at(a, i),
                            at_kernel_num_at(b, i));
    at_kernel_nums_end(space, id, out);
}

/* ---- products */

/* The scale of a product is the sum of the scales, so the factors do not need a common scale. The product
 * of the bounds is at least every result. */
static bool mul_64(struct at_kernel_space *space, const struct at_col *a, const struct at_col *b, uint32_t n,
                   struct at_col *out) {
    if (a->form != AT_COL_I64 || b->form != AT_COL_I64 || a->scale + b->scale > AT_NUM_MAX_SCALE)
        return false;
    struct at_kernel_lanes in = {
        .x = a->i64, .y = b->i64, .x_one = a->one, .y_one = b->one, .x_bound = a->bound, .y_bound = b->bound};
    at_u128 bound = (at_u128)in.x_bound * (at_u128)in.y_bound;
    if (bound > (at_u128)AT_COL_LIMIT) {
        in.x_bound = at_col_measure(in.x, in.x_one ? 1 : n);
        in.y_bound = at_col_measure(in.y, in.y_one ? 1 : n);
        bound = (at_u128)in.x_bound * (at_u128)in.y_bound;
        if (bound > (at_u128)AT_COL_LIMIT || in.x_bound == INT64_MAX || in.y_bound == INT64_MAX) return false;
    }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)(a->scale + b->scale);
    out->bound = (int64_t)bound;
    /* The product with one is the other factor, so its payload is shared. The bound above holds for it. */
    if (b->one && !a->one && b->i64[0] == 1) { /* as for a share of 100% */
        out->i64 = a->i64;
        if (b->scale == 0) return true;
    }
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    LOOP2(x * y);
    out->i64 = to;
    return true;
}

/* Factors below 2^63 in magnitude have a product below 2^126. The loop therefore does not need a check of
 * each product. At its own scale, mantissa_128 cannot fail. */
static bool mul_128(struct at_kernel_space *space, const struct at_col *a, const struct at_col *b, uint32_t n,
                    struct at_col *out) {
    if (a->form > AT_COL_I128 || b->form > AT_COL_I128 || a->scale + b->scale > AT_NUM_MAX_SCALE)
        return false;
    const at_i128 half = (at_i128)1 << 63;
    at_i128 *to = at_arena_get(space->arena, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++) {
        at_i128 x = 0, y = 0;
        mantissa_128(a, i, a->scale, &x);
        mantissa_128(b, i, b->scale, &y);
        if (x >= half || x <= -half || y >= half || y <= -half) return false;
        to[i] = x * y;
    }
    out->form = AT_COL_I128;
    out->scale = (uint8_t)(a->scale + b->scale);
    out->i128 = to;
    at_kernel_col_narrow(space->arena, out);
    return true;
}

/* From the narrowest form that can hold the products to the widest. DIV uses it with an inverse. */
static void multiply(struct at_kernel_space *space, uint32_t id, const struct at_col *a,
                     const struct at_col *b, uint32_t n, struct at_col *out) {
    if (mul_64(space, a, b, n, out) || mul_128(space, a, b, n, out)) return;
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        if (!out->state || out->state[i] == AT_STATE_OK)
            to[i] = at_num_mul(space->arena, at_kernel_num_at(a, i), at_kernel_num_at(b, i));
    at_kernel_nums_end(space, id, out);
}

void at_kernel_mul(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    multiply(space, id, at_kernel_input(space, id, 0), at_kernel_input(space, id, 1), n, out);
}

/* ---- quotients */

/* 1/b as a column, where b is one value and that is a decimal: x / 100 is then x * 0.01. */
static bool reciprocal(struct at_kernel_space *space, const struct at_col *b, struct at_col *out) {
    if (!b->one || b->state || b->form != AT_COL_I64 || b->i64[0] == 0) return false;
    at_num inverse = at_num_div(space->arena, at_num_int(1), at_num_decimal(b->i64[0], b->scale));
    if (inverse.form != AT_NUM_I64 || inverse.scale > 6) return false;
    struct at_plan_value value = at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, inverse);
    *out = at_kernel_col_of_value(space->arena, &value);
    return true;
}

/* A quotient need not be a decimal, so it is calculated in NUM form. A zero divisor is a fault of that
 * value only, and the others are calculated. */
void at_kernel_div(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = at_kernel_map_begin(space, id, out);
    const struct at_col *a = at_kernel_input(space, id, 0), *b = at_kernel_input(space, id, 1);
    struct at_col inverse;
    out->state = at_kernel_states_join(space, id, n);
    if (reciprocal(space, b, &inverse)) {
        multiply(space, id, a, &inverse, n, out);
        return;
    }
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++) {
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        at_num by = at_kernel_num_at(b, i);
        if (at_num_is_zero(by))
            at_kernel_states_of(space, out, n)[i] =
                at_kernel_space_fault(space, id, i, AT_A0801, (at_str){0});
        else
            to[i] = at_num_div(space->arena, at_kernel_num_at(a, i), by);
    }
    at_kernel_nums_end(space, id, out);
}

/* ---- one number */

/* The slow path of NEG and ABS. The caller has set out->state. */
static void map_one(struct at_kernel_space *space, uint32_t id, struct at_col *out,
                    at_num (*work)(struct at_arena *, at_num)) {
    const struct at_col *a = at_kernel_input(space, id, 0);
    uint32_t n = a->one ? 1 : out->n;
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        if (!out->state || out->state[i] == AT_STATE_OK) to[i] = work(space->arena, at_kernel_num_at(a, i));
    at_kernel_nums_end(space, id, out);
}

/* The plain loops of NEG and ABS; false where a bound says nothing. */
static bool sign_64(struct at_kernel_space *space, const struct at_col *a, uint32_t n, bool absolute,
                    struct at_col *out) {
    if (a->form != AT_COL_I64 || a->bound >= INT64_MAX) return false;
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++)
        to[i] = absolute && a->i64[i] > 0 ? a->i64[i] : -a->i64[i];
    out->form = AT_COL_I64;
    out->scale = a->scale;
    out->bound = a->bound;
    out->i64 = to;
    return true;
}

void at_kernel_neg(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    if (!sign_64(space, at_kernel_input(space, id, 0), n, false, out)) map_one(space, id, out, at_num_neg);
}

void at_kernel_abs(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    if (!sign_64(space, at_kernel_input(space, id, 0), n, true, out)) map_one(space, id, out, at_num_abs);
}

/* ---- between: max(min(x, high) - low, 0) */

/* Three lanes at the largest of their scales. The minuend is x or `high`, so the larger of their bounds
 * plus the bound of `low` covers each result. */
static bool between_64(struct at_kernel_space *space, uint32_t id, uint32_t n, struct at_col *out) {
    const struct at_col *in[3] = {at_kernel_input(space, id, 0), at_kernel_input(space, id, 1),
                                  at_kernel_input(space, id, 2)};
    const int64_t *v[3];
    int64_t bound[3];
    unsigned scale = 0;
    for (unsigned k = 0; k < 3; k++)
        if (in[k]->scale > scale) scale = in[k]->scale;
    for (unsigned k = 0; k < 3; k++)
        if (!at_kernel_lane_at_scale(space, in[k], n, scale, &v[k], &bound[k])) return false;
    at_u128 reach = (at_u128)(bound[0] > bound[2] ? bound[0] : bound[2]) + (at_u128)bound[1];
    if (reach > (at_u128)AT_COL_LIMIT) return false;
    /* A step of zero reads the one value of a column again and again. */
    size_t sx = !in[0]->one, sl = !in[1]->one, sh = !in[2]->one;
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++) {
        int64_t x = v[0][i * sx], low = v[1][i * sl], high = v[2][i * sh];
        int64_t top = x < high ? x : high;
        to[i] = top > low ? top - low : 0;
    }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)scale;
    out->bound = (int64_t)reach;
    out->i64 = to;
    return true;
}

void at_kernel_between(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    if (between_64(space, id, n, out)) return;
    const struct at_col *x = at_kernel_input(space, id, 0), *low = at_kernel_input(space, id, 1),
                        *high = at_kernel_input(space, id, 2);
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++) {
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        at_num top = add_num(space->arena, AT_P_MIN, at_kernel_num_at(x, i), at_kernel_num_at(high, i));
        to[i] = add_num(space->arena, AT_P_OVER, top, at_kernel_num_at(low, i));
    }
    at_kernel_nums_end(space, id, out);
}

/* ---- rounding */

/* Division of magnitudes below 2^63 by one divisor, with a multiplication: quotient = x * magic >> shift.
 * With 2^(bits-1) < divisor <= 2^bits and magic = 2^(63+bits)/divisor + 1 this is exact for all of them. */
struct divisor {
    uint64_t by, magic;
    unsigned shift;
};
static struct divisor divisor_of(uint64_t by) {
    unsigned bits = by <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(by - 1);
    at_u128 magic = ((at_u128)1 << (63 + bits)) / by + 1;
    return (struct divisor){.by = by, .magic = (uint64_t)magic, .shift = 63 + bits};
}
static inline uint64_t quotient(struct divisor d, uint64_t x) {
    return (uint64_t)(((at_u128)x * d.magic) >> d.shift);
}

static bool round_64(struct at_kernel_space *space, const struct at_col *a, uint32_t n, int digits,
                     enum at_num_rounding how, struct at_col *out) {
    if (a->form != AT_COL_I64) return false;
    int cut = (int)a->scale - digits;
    /* Nothing to cut: the column is shared. Its states are those that the caller has joined. */
    if (cut <= 0) {
        uint32_t *state = out->state;
        *out = *a;
        out->state = state;
        return true;
    }
    if (digits < 0 || cut > 18 || a->bound > INT64_MAX - (int64_t)at_num_pow10[cut]) return false;
    struct divisor d = divisor_of(at_num_pow10[cut]);
    /* Half up and up become a division of a magnitude that is larger by `add`. The sum fits, because the
     * bound leaves 10^cut free. */
    uint64_t add = how == AT_ROUND_HALF_UP ? d.by / 2 : how == AT_ROUND_UP ? d.by - 1 : 0;
    int64_t *to = at_arena_get(space->arena, n * sizeof *to);
    if (how == AT_ROUND_HALF_EVEN)
        for (uint32_t i = 0; i < n; i++) {
            int64_t x = a->i64[i];
            uint64_t size = (uint64_t)(x < 0 ? -x : x), q = quotient(d, size), rest = size - q * d.by;
            q += rest > d.by / 2 || (rest == d.by / 2 && (q & 1));
            to[i] = x < 0 ? -(int64_t)q : (int64_t)q;
        }
    else
        for (uint32_t i = 0; i < n; i++) {
            int64_t x = a->i64[i], sign = x >> 63;
            int64_t q = (int64_t)quotient(d, (uint64_t)((x ^ sign) - sign) + add);
            to[i] = (q ^ sign) - sign;
        }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)digits;
    out->bound = a->bound / (int64_t)d.by + 1;
    out->i64 = to;
    return true;
}

/* Rounds each value by itself. The result is a decimal, so a column in NUM form becomes narrow again here. */
void at_kernel_round(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *a = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    if (node->b >> 2 == 0 && round_64(space, a, n, node->a, (enum at_num_rounding)node->b, out)) return;
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        if (!out->state || out->state[i] == AT_STATE_OK)
            to[i] = at_plan_round_num(space->arena, node, at_kernel_num_at(a, i));
    at_kernel_nums_end(space, id, out);
}
