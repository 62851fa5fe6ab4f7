/* base/num.c: the narrow forms. Each operation tries 64 bits, then 128, and passes the rest to wide.c.
 *
 * Magnitudes are unsigned, so that the most negative value needs no case of its own.
 */
#include "base/num.h"

#include "base/wide.h"

const uint64_t at_num_pow10[20] = {1u,
                                   10u,
                                   100u,
                                   1000u,
                                   10000u,
                                   100000u,
                                   1000000u,
                                   10000000u,
                                   100000000u,
                                   1000000000u,
                                   10000000000u,
                                   100000000000u,
                                   1000000000000u,
                                   10000000000000u,
                                   100000000000000u,
                                   1000000000000000u,
                                   10000000000000000u,
                                   100000000000000000u,
                                   1000000000000000000u,
                                   10000000000000000000u};

/* ---- pieces */

static bool is_narrow(at_num a) {
    return a.form <= AT_NUM_I128;
}
static bool both_narrow(at_num a, at_num b) {
    return a.form <= AT_NUM_I128 && b.form <= AT_NUM_I128;
}
static bool any_overflow(at_num a, at_num b) {
    return a.form == AT_NUM_OVERFLOW || b.form == AT_NUM_OVERFLOW;
}

static at_i128 mantissa(at_num a) {
    return a.form == AT_NUM_I64 ? a.i64 : a.i128;
}
static at_u128 magnitude(at_i128 m) {
    return m < 0 ? 0 - (at_u128)m : (at_u128)m;
}
static at_i128 with_sign(at_u128 m, bool negative) {
    return (at_i128)(negative ? 0 - m : m);
}

at_num at_num_decimal128(at_i128 m, unsigned scale) {
    if (m >= INT64_MIN && m <= INT64_MAX) return at_num_decimal((int64_t)m, scale);
    return (at_num){.form = AT_NUM_I128, .scale = (uint8_t)scale, .i128 = m};
}

/* False where the product does not fit. (The compilers' own check of 128 bits needs a library call in clang.)
 */
static bool mul_u128(at_u128 a, at_u128 b, at_u128 *out) {
    if (a >> 64) {
        at_u128 swap = a;
        a = b;
        b = swap;
    }
    if (a >> 64) return false;
    at_u128 low = a * (uint64_t)b, high = a * (uint64_t)(b >> 64);
    if (high >> 64) return false;
    return !__builtin_add_overflow(low, high << 64, out);
}

/* m × 10^digits. False where it does not fit. at_num_pow10 ends at 19, so larger powers take several
 * steps. */
static bool scale_up(at_u128 m, unsigned digits, at_u128 *out) {
    for (; digits > 19; digits -= 19)
        if (!mul_u128(m, at_num_pow10[19], &m)) return false;
    return mul_u128(m, at_num_pow10[digits], out);
}

/* ±m / 10^scale in the narrowest form. */
static at_num result(struct at_arena *arena, bool negative, at_u128 m, unsigned scale) {
    if (at_wide_fits(m, negative, AT_NUM_LIMIT64))
        return at_num_decimal((int64_t)with_sign(m, negative), scale);
    if (at_wide_fits(m, negative, AT_NUM_LIMIT128))
        return (at_num){.form = AT_NUM_I128, .scale = (uint8_t)scale, .i128 = with_sign(m, negative)};
    return at_wide_make(arena, negative, m, at_num_pow10[scale]);
}

/* The mantissas of two narrow numbers at the larger of their scales; false where one does not fit. */
static bool align(at_num a, at_num b, at_i128 *x, at_i128 *y, unsigned *scale) {
    *x = mantissa(a);
    *y = mantissa(b);
    *scale = a.scale > b.scale ? a.scale : b.scale;
    at_i128 *low = a.scale < b.scale ? x : y;
    unsigned digits = a.scale < b.scale ? (unsigned)b.scale - a.scale : (unsigned)a.scale - b.scale;
    if (digits == 0) return true;
    at_u128 m;
    if (!scale_up(magnitude(*low), digits, &m) || m >> 127) return false;
    *low = with_sign(m, *low < 0);
    return true;
}

/* ---- sums and products */

/* A sum that does not fit 128 bits is calculated again from the operands, so nothing of it is lost. */
static at_num add_or_sub(struct at_arena *arena, at_num a, at_num b, bool subtract) {
    if (any_overflow(a, b)) return at_num_overflow();
    at_i128 x, y, z;
    unsigned scale;
    if (both_narrow(a, b) && align(a, b, &x, &y, &scale) &&
        !(subtract ? __builtin_sub_overflow(x, y, &z) : __builtin_add_overflow(x, y, &z)))
        return result(arena, z < 0, magnitude(z), scale);
    return at_wide_add(arena, a, b, subtract);
}

at_num at_num_add_slow(struct at_arena *arena, at_num a, at_num b) {
    return add_or_sub(arena, a, b, false);
}
at_num at_num_sub_slow(struct at_arena *arena, at_num a, at_num b) {
    return add_or_sub(arena, a, b, true);
}

/* Drops zeros at the end while the scale is above `most`, or the mantissa would not fit 64 bits. */
static void drop_zeros(at_u128 *m, unsigned *scale, unsigned most) {
    while (*scale > 0 && (*scale > most || *m >= AT_NUM_LIMIT64) && *m % 10 == 0) {
        *m /= 10;
        --*scale;
    }
}

at_num at_num_mul_slow(struct at_arena *arena, at_num a, at_num b) {
    if (any_overflow(a, b)) return at_num_overflow();
    at_u128 m;
    if (both_narrow(a, b) && mul_u128(magnitude(mantissa(a)), magnitude(mantissa(b)), &m)) {
        unsigned scale = (unsigned)a.scale + b.scale;
        if (m == 0) return at_num_int(0);
        drop_zeros(&m, &scale, AT_NUM_MAX_SCALE);
        if (scale <= AT_NUM_MAX_SCALE) return result(arena, (mantissa(a) < 0) != (mantissa(b) < 0), m, scale);
    }
    return at_wide_mul(arena, a, b);
}

/* ---- quotients */

static unsigned trailing_zeros(at_u128 m) { /* bits; m is not 0 */
    return (uint64_t)m ? (unsigned)__builtin_ctzll((uint64_t)m)
                       : 64 + (unsigned)__builtin_ctzll((uint64_t)(m >> 64));
}

/* Greatest common divisor of two odd numbers, by subtraction and shifts. */
static at_u128 gcd_odd(at_u128 a, at_u128 b) {
    while ((a | b) >> 64) {
        if (a == b) return a;
        if (a > b)
            a -= b, a >>= trailing_zeros(a);
        else
            b -= a, b >>= trailing_zeros(b);
    }
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    while (x != y) {
        if (x > y)
            x -= y, x >>= __builtin_ctzll(x);
        else
            y -= x, y >>= __builtin_ctzll(y);
    }
    return x;
}

/* Divides all factors 5 out of m and returns their number. */
static unsigned take_fives(at_u128 *m) {
    unsigned n = 0;
    while (!(*m >> 64) ? (uint64_t)*m % 5 == 0 : *m % 5 == 0) {
        *m = *m >> 64 ? *m / 5 : (uint64_t)*m / 5;
        n++;
    }
    return n;
}

/* num / den × 10^exponent where the quotient is a decimal that fits; both in lowest terms. */
static bool decimal_quotient(at_u128 num, at_u128 den, int exponent, at_u128 *m, unsigned *scale) {
    unsigned twos = trailing_zeros(den);
    den >>= twos;
    unsigned fives = take_fives(&den);
    if (den != 1) return false;
    unsigned digits = twos > fives ? twos : fives;
    if (digits > AT_NUM_MAX_SCALE * 2) return false;
    for (unsigned i = twos; i < digits; i++)
        if (!mul_u128(num, 2, &num)) return false;
    for (unsigned i = fives; i < digits; i++)
        if (!mul_u128(num, 5, &num)) return false;
    exponent -= (int)digits;
    *scale = exponent < 0 ? (unsigned)-exponent : 0;
    *m = num;
    return *scale <= AT_NUM_MAX_SCALE && (exponent <= 0 || scale_up(num, (unsigned)exponent, m));
}

at_num at_num_div(struct at_arena *arena, at_num a, at_num b) {
    if (any_overflow(a, b)) return at_num_overflow();
    if (at_num_is_zero(b)) return at_num_overflow(); /* against the rule: never a wrong number */
    if (!both_narrow(a, b)) return at_wide_div(arena, a, b);
    at_u128 num = magnitude(mantissa(a)), den = magnitude(mantissa(b)), m;
    bool negative = (mantissa(a) < 0) != (mantissa(b) < 0);
    int exponent = (int)b.scale - (int)a.scale;
    unsigned scale;
    if (num == 0) return at_num_int(0);

    unsigned shift_num = trailing_zeros(num), shift_den = trailing_zeros(den);
    unsigned common = shift_num < shift_den ? shift_num : shift_den;
    at_u128 divisor = gcd_odd(num >> shift_num, den >> shift_den);
    num >>= common;
    den >>= common;
    if (divisor != 1) num /= divisor, den /= divisor;

    if (decimal_quotient(num, den, exponent, &m, &scale)) return result(arena, negative, m, scale);
    if (exponent > 0 && scale_up(num, (unsigned)exponent, &num)) exponent = 0;
    if (exponent < 0 && scale_up(den, (unsigned)-exponent, &den)) exponent = 0;
    return exponent == 0 ? at_wide_make(arena, negative, num, den) : at_wide_div(arena, a, b);
}

/* ---- signs and order */

int at_num_sign(at_num a) {
    switch ((enum at_num_form)a.form) {
    case AT_NUM_I64: return (a.i64 > 0) - (a.i64 < 0);
    case AT_NUM_I128: return (a.i128 > 0) - (a.i128 < 0);
    case AT_NUM_WIDE: return a.wide->negative ? -1 : 1;
    case AT_NUM_OVERFLOW: break;
    }
    return 1;
}

/* Through `result`, because the negative of the lowest value of a form does not fit that form. */
at_num at_num_neg(struct at_arena *arena, at_num a) {
    if (a.form == AT_NUM_OVERFLOW) return a;
    if (!is_narrow(a)) return at_wide_neg(arena, a);
    at_i128 m = mantissa(a);
    return result(arena, m > 0, magnitude(m), a.scale);
}

at_num at_num_abs(struct at_arena *arena, at_num a) {
    return at_num_sign(a) < 0 ? at_num_neg(arena, a) : a;
}

/* An overflow compares as equal to any number, because its value is unknown. */
int at_num_cmp_slow(at_num a, at_num b) {
    if (any_overflow(a, b)) return 0;
    int sign = at_num_sign(a), other = at_num_sign(b);
    if (sign != other || sign == 0) return (sign > other) - (sign < other);
    if (!both_narrow(a, b)) return at_wide_cmp(a, b);
    at_i128 x, y;
    unsigned scale;
    if (align(a, b, &x, &y, &scale)) return (x > y) - (x < y);
    /* The one of the smaller scale is beyond 128 bits when written at the larger, so it is the larger in
     * size. */
    return a.scale < b.scale ? sign : -sign;
}

bool at_num_same(at_num a, at_num b) {
    if (any_overflow(a, b)) return a.form == b.form;
    if (a.form == AT_NUM_WIDE && b.form == AT_NUM_WIDE) return at_wide_same(a, b);
    return at_num_cmp_slow(a, b) == 0;
}

uint64_t at_num_hash(at_num a) {
    return a.form == AT_NUM_OVERFLOW ? 7 : at_wide_hash(a);
}

/* ---- rounding */

/* Returns whether a magnitude goes up to q + 1. Rounded toward zero, it is q, with remainder r of div. */
static bool rounds_up(at_u128 q, at_u128 r, at_u128 div, enum at_num_rounding how) {
    if (r == 0 || how == AT_ROUND_DOWN) return false;
    if (how == AT_ROUND_UP) return true;
    if (r != div - r) return r > div - r;
    return how == AT_ROUND_HALF_UP || (q & 1);
}

at_num at_num_round(struct at_arena *arena, at_num a, int digits, enum at_num_rounding how) {
    if (a.form == AT_NUM_OVERFLOW) return a;
    if (is_narrow(a) && digits >= a.scale) return a;
    if (!is_narrow(a) || digits < a.scale - 38) return at_wide_round(arena, a, digits, how);
    unsigned cut = (unsigned)((int)a.scale - digits);
    at_u128 m = magnitude(mantissa(a)), div, q, r;
    scale_up(1, cut, &div); /* 10^38 fits */
    if (!(m >> 64) && cut <= 19) {
        q = (uint64_t)m / (uint64_t)div;
        r = (uint64_t)m % (uint64_t)div;
    } else {
        q = m / div;
        r = m % div;
    }
    if (rounds_up(q, r, div, how)) q++;
    if (digits < 0 && !scale_up(q, (unsigned)-digits, &q)) return at_wide_round(arena, a, digits, how);
    return result(arena, mantissa(a) < 0, q, digits < 0 ? 0 : (unsigned)digits);
}

at_num at_num_round_to(struct at_arena *arena, at_num a, int digits, uint32_t multiple,
                       enum at_num_rounding how) {
    if (multiple == 1 || a.form == AT_NUM_OVERFLOW) return at_num_round(arena, a, digits, how);
    at_num by = at_num_int(multiple);
    return at_num_mul(arena, at_num_round(arena, at_num_div(arena, a, by), digits, how), by);
}

at_num at_num_floor(struct at_arena *arena, at_num a) {
    if (a.form == AT_NUM_OVERFLOW || (is_narrow(a) && a.scale == 0)) return a;
    if (!is_narrow(a)) return at_wide_floor(arena, a);
    at_i128 m = mantissa(a), q = m / (at_i128)at_num_pow10[a.scale];
    if (m < 0 && m % (at_i128)at_num_pow10[a.scale] != 0) q--;
    return result(arena, q < 0, magnitude(q), 0);
}

/* ---- out */

bool at_num_is_integer(struct at_arena *scratch, at_num a) {
    (void)scratch;
    switch ((enum at_num_form)a.form) {
    case AT_NUM_I64: return a.scale == 0 || a.i64 % (int64_t)at_num_pow10[a.scale] == 0;
    case AT_NUM_I128: return a.i128 % (at_i128)at_num_pow10[a.scale] == 0;
    case AT_NUM_WIDE: return a.wide->n_den == 1 && a.wide->limbs[a.wide->n_num] == 1;
    case AT_NUM_OVERFLOW: break;
    }
    return false;
}

bool at_num_to_quotient(at_num a, int64_t *num, int64_t *den) {
    if (a.form == AT_NUM_I64 && a.scale <= AT_NUM_MAX_SCALE) {
        *num = a.i64;
        *den = (int64_t)at_num_pow10[a.scale];
        return true;
    }
    return a.form == AT_NUM_WIDE && at_wide_to_quotient(a, num, den);
}

bool at_num_to_i128(struct at_arena *scratch, at_num a, unsigned digits, at_i128 *out) {
    (void)scratch;
    if (a.form == AT_NUM_OVERFLOW) return false;
    if (a.form == AT_NUM_WIDE) return at_wide_to_i128(a, digits, out);
    at_i128 m = mantissa(a);
    if (digits < a.scale) {
        at_i128 div = (at_i128)at_num_pow10[a.scale - digits];
        *out = m / div;
        return m % div == 0;
    }
    at_u128 scaled;
    if (m == 0) {
        *out = 0;
        return true;
    }
    if (digits - a.scale > 40 || !scale_up(magnitude(m), digits - a.scale, &scaled)) return false;
    *out = with_sign(scaled, m < 0);
    return at_wide_fits(scaled, m < 0, (at_u128)1 << 127);
}

bool at_num_to_i64(struct at_arena *scratch, at_num a, unsigned digits, int64_t *out) {
    if (a.form == AT_NUM_I64 && a.scale == digits) {
        *out = a.i64;
        return true;
    }
    at_i128 value;
    if (!at_num_to_i128(scratch, a, digits, &value) || value < INT64_MIN || value > INT64_MAX) return false;
    *out = (int64_t)value;
    return true;
}

double at_num_to_double(at_num a) {
    switch ((enum at_num_form)a.form) {
    case AT_NUM_I64: return (double)a.i64 / (double)at_num_pow10[a.scale];
    case AT_NUM_I128: return (double)a.i128 / (double)at_num_pow10[a.scale];
    case AT_NUM_WIDE: return at_wide_to_double(a);
    case AT_NUM_OVERFLOW: break;
    }
    return __builtin_inf();
}

at_num at_num_copy(struct at_arena *arena, at_num a) {
    if (a.form != AT_NUM_WIDE) return a;
    size_t size = sizeof *a.wide + ((size_t)a.wide->n_num + a.wide->n_den) * sizeof a.wide->limbs[0];
    a.wide = memcpy(at_arena_get(arena, size), a.wide, size);
    return a;
}
