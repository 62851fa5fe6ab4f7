/* base/num.h: the exact number.
 *
 * Every number is an exact rational, carried in the narrowest form that holds it:
 *
 *     form        value                        range
 *     I64         i64  / 10^scale              about 18 digits
 *     I128        i128 / 10^scale              about 38 digits
 *     WIDE        numerator / denominator      up to AT_NUM_MAX_LIMBS limbs each, in lowest terms
 *     OVERFLOW    beyond that: an operand of this form makes the result one; an exception in the end
 *
 * scale is 0..AT_NUM_MAX_SCALE. A number is a value: copy it freely; only WIDE points into an arena.
 * Results are narrow if they fit (widening on overflow, narrowing after division when the quotient is a
 * decimal). Scales are not canonical: 1.50 and 1.5 are equal by at_num_cmp.
 */
#ifndef AT_BASE_NUM_H
#define AT_BASE_NUM_H

#include "base/arena.h"

#define AT_NUM_MAX_SCALE 18
#define AT_NUM_MAX_LIMBS 520 /* of 64 bits: about 10,000 digits */

enum at_num_form { AT_NUM_I64, AT_NUM_I128, AT_NUM_WIDE, AT_NUM_OVERFLOW };

struct at_wide; /* base/wide.h: sign, limbs of numerator and denominator */

typedef struct at_num {
    uint8_t form;  /* enum at_num_form */
    uint8_t scale; /* I64, I128 */
    union {
        int64_t i64;
        at_i128 i128;
        const struct at_wide *wide; /* view of an arena */
    };
} at_num;

enum at_num_rounding {
    AT_ROUND_HALF_UP /* away from zero */,
    AT_ROUND_HALF_EVEN,
    AT_ROUND_DOWN /* to zero */,
    AT_ROUND_UP /* from zero */
};

/* 10^0 to 10^19. */
extern const uint64_t at_num_pow10[20];

static inline at_num at_num_decimal(int64_t mantissa, unsigned scale) { /* mantissa / 10^scale */
    return (at_num){.form = AT_NUM_I64, .scale = (uint8_t)scale, .i64 = mantissa};
}
static inline at_num at_num_int(int64_t value) {
    return at_num_decimal(value, 0);
}
static inline at_num at_num_overflow(void) {
    return (at_num){.form = AT_NUM_OVERFLOW};
}
at_num at_num_decimal128(at_i128 mantissa, unsigned scale); /* narrowed to I64 when it fits */

/* The four kinds of arithmetic. The caller calculates the common case, two I64 of one scale, inline. The
 * functions that end in _slow handle all cases. With AT_TORTURE the narrow forms hold 8 and 16 bits (of
 * results), so that the tests of small numbers take every widening path. */
at_num at_num_add_slow(struct at_arena *arena, at_num a, at_num b);
at_num at_num_sub_slow(struct at_arena *arena, at_num a, at_num b);
at_num at_num_mul_slow(struct at_arena *arena, at_num a, at_num b);
int at_num_cmp_slow(at_num a, at_num b);
#ifdef AT_TORTURE
#define AT_NUM_BOTH_I64(a, b) ((void)(a), (void)(b), false)
#else
#define AT_NUM_BOTH_I64(a, b) ((a).form == AT_NUM_I64 && (b).form == AT_NUM_I64)
#endif

static inline at_num at_num_add(struct at_arena *arena, at_num a, at_num b) {
    int64_t sum;
    if (AT_NUM_BOTH_I64(a, b) && a.scale == b.scale && !__builtin_add_overflow(a.i64, b.i64, &sum))
        return at_num_decimal(sum, a.scale);
    return at_num_add_slow(arena, a, b);
}
static inline at_num at_num_sub(struct at_arena *arena, at_num a, at_num b) {
    int64_t difference;
    if (AT_NUM_BOTH_I64(a, b) && a.scale == b.scale && !__builtin_sub_overflow(a.i64, b.i64, &difference))
        return at_num_decimal(difference, a.scale);
    return at_num_sub_slow(arena, a, b);
}
static inline at_num at_num_mul(struct at_arena *arena, at_num a, at_num b) {
    int64_t product;
    if (AT_NUM_BOTH_I64(a, b) && a.scale + b.scale <= AT_NUM_MAX_SCALE &&
        !__builtin_mul_overflow(a.i64, b.i64, &product))
        return at_num_decimal(product, (unsigned)a.scale + b.scale);
    return at_num_mul_slow(arena, a, b);
}
at_num at_num_div(struct at_arena *arena, at_num a, at_num b); /* b must not be zero */
at_num at_num_neg(struct at_arena *arena, at_num a);
at_num at_num_abs(struct at_arena *arena, at_num a);
/* Rounded to `digits` decimals; negative digits round to tens, hundreds, … */
at_num at_num_round(struct at_arena *arena, at_num a, int digits, enum at_num_rounding how);
/* Rounded to a multiple of `multiple` units of 10^-digits: digits 2 and multiple 5 round to 0.05. */
at_num at_num_round_to(struct at_arena *arena, at_num a, int digits, uint32_t multiple,
                       enum at_num_rounding how);
/* Largest integer not above a. */
at_num at_num_floor(struct at_arena *arena, at_num a);

/* <0, 0, >0; OVERFLOW must not be given. */
static inline int at_num_cmp(struct at_arena *scratch, at_num a, at_num b) {
    (void)scratch;
    if (AT_NUM_BOTH_I64(a, b) && a.scale == b.scale) return (a.i64 > b.i64) - (a.i64 < b.i64);
    return at_num_cmp_slow(a, b);
}
/* Whether two numbers are equal, and a hash that is the same for equal ones, whatever their forms and scales.
 * OVERFLOW equals itself. Both take time in proportion to the digits, unlike a comparison, which multiplies.
 */
bool at_num_same(at_num a, at_num b);
uint64_t at_num_hash(at_num a);
int at_num_sign(at_num a); /* of OVERFLOW: 1 */
static inline bool at_num_is_zero(at_num a) {
    return a.form == AT_NUM_I64 ? a.i64 == 0 : at_num_sign(a) == 0;
}
bool at_num_is_integer(struct at_arena *scratch, at_num a);

/* a * 10^digits as an integer, where it is one and fits; false otherwise. */
bool at_num_to_i64(struct at_arena *scratch, at_num a, unsigned digits, int64_t *out);
bool at_num_to_i128(struct at_arena *scratch, at_num a, unsigned digits, at_i128 *out);
/* The number as a quotient of two 64-bit numbers, the second above zero; not always in lowest terms. False
 * where they do not hold it. */
bool at_num_to_quotient(at_num a, int64_t *num, int64_t *den);
/* For drawing and statistics only, never for pay. */
double at_num_to_double(at_num a);
/* Copies a WIDE number into another arena; others are returned as they are. */
at_num at_num_copy(struct at_arena *arena, at_num a);

#endif
