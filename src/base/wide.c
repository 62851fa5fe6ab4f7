/* base/wide.c: rationals in limbs. Work is done in arrays on the stack, large enough for any product of two
 * operands; only a result that stays WIDE takes memory, exactly as much as it needs.
 *
 * Order of work everywhere: load the operands, combine the limbs, `finish`: reduce, narrow or store.
 * Invariant: every array of MAX_WORK limbs can hold what is put in it; see the bounds at each use.
 */
#include "base/wide.h"

#include <math.h>

_Static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "limbs are 64 bits");

/* A product of two operands and a limb of carry is 1,041 limbs; an operand times 10^MAX_SHIFT is 520 + 527.
 */
#define MAX_WORK (2 * AT_NUM_MAX_LIMBS + 32)
#define MAX_SHIFT 10140

/* A whole number without sign; n is without leading zeros, and 0 for zero. */
struct limbs {
    mp_size_t n;
    mp_limb_t at[MAX_WORK];
};

/* A number of any form as a fraction (not in lowest terms where it was narrow). */
struct operand {
    const mp_limb_t *num, *den;
    mp_size_t n_num, n_den;
    bool negative;
    mp_limb_t small[3];
};

/* The number of limbs without zeros at the high end, as GMP wants its operands. */
static mp_size_t strip(const mp_limb_t *at, mp_size_t n) {
    while (n > 0 && at[n - 1] == 0)
        n--;
    return n;
}

static void set_u128(struct limbs *out, at_u128 value) {
    out->at[0] = (mp_limb_t)value;
    out->at[1] = (mp_limb_t)(value >> 64);
    out->n = strip(out->at, 2);
}

/* A narrow number uses out->small, a WIDE one is viewed. `out` must therefore not be moved or copied. */
static void load(struct operand *out, const at_num *a) {
    if (a->form == AT_NUM_WIDE) {
        *out = (struct operand){.num = a->wide->limbs,
                                .n_num = a->wide->n_num,
                                .den = a->wide->limbs + a->wide->n_num,
                                .n_den = a->wide->n_den,
                                .negative = a->wide->negative};
        return;
    }
    at_i128 mantissa = a->form == AT_NUM_I64 ? a->i64 : a->i128;
    at_u128 magnitude = mantissa < 0 ? 0 - (at_u128)mantissa : (at_u128)mantissa;
    out->small[0] = (mp_limb_t)magnitude;
    out->small[1] = (mp_limb_t)(magnitude >> 64);
    out->small[2] = at_num_pow10[a->scale];
    out->num = out->small;
    out->n_num = strip(out->small, 2);
    out->den = out->small + 2;
    out->n_den = 1;
    out->negative = mantissa < 0;
}

/* ---- whole numbers */

/* `out` is none of the operands: mpn_mul forbids overlap. The larger operand comes first, as it wants
 * them. */
static void multiply(struct limbs *out, const mp_limb_t *a, mp_size_t na, const mp_limb_t *b, mp_size_t nb) {
    if (na == 0 || nb == 0) {
        out->n = 0;
        return;
    }
    if (na >= nb)
        mpn_mul(out->at, a, na, b, nb);
    else
        mpn_mul(out->at, b, nb, a, na);
    out->n = strip(out->at, na + nb);
}

/* a × factor + add, in place. False where there is no room. */
static bool multiply_1(struct limbs *a, mp_limb_t factor, mp_limb_t add) {
    mp_limb_t carry = a->n ? mpn_mul_1(a->at, a->at, a->n, factor) : 0;
    if (add && a->n) carry += mpn_add_1(a->at, a->at, a->n, add);
    if (!a->n) carry = add;
    if (carry) {
        if (a->n == MAX_WORK) return false;
        a->at[a->n++] = carry;
    }
    return true;
}

/* a × 10^digits, in place. False where there is no room. */
static bool shift_up(struct limbs *a, unsigned digits) {
    if (digits > MAX_SHIFT) return a->n == 0;
    for (; digits > 19; digits -= 19)
        if (!multiply_1(a, at_num_pow10[19], 0)) return false;
    return multiply_1(a, at_num_pow10[digits], 0);
}

/* Operands are without leading zeros, so the longer one is the larger one. */
static int compare(const mp_limb_t *a, mp_size_t na, const mp_limb_t *b, mp_size_t nb) {
    if (na != nb) return na < nb ? -1 : 1;
    return na ? mpn_cmp(a, b, na) : 0;
}

/* a += b. Both have at most a product's limbs, and MAX_WORK has room for the carry. */
static void add_to(struct limbs *a, const struct limbs *b) {
    const struct limbs *large = a->n >= b->n ? a : b, *small = a->n >= b->n ? b : a;
    mp_size_t n = large->n;
    mp_limb_t carry = 0;
    if (small->n)
        carry = mpn_add(a->at, large->at, large->n, small->at, small->n);
    else if (large != a)
        mpn_copyi(a->at, large->at, large->n);
    if (carry) a->at[n++] = carry;
    a->n = n;
}

/* a = |a - b|; true where b was the larger. */
static bool subtract_from(struct limbs *a, const struct limbs *b) {
    bool swapped = compare(a->at, a->n, b->at, b->n) < 0;
    const struct limbs *large = swapped ? b : a, *small = swapped ? a : b;
    if (small->n)
        mpn_sub(a->at, large->at, large->n, small->at, small->n);
    else if (large != a)
        mpn_copyi(a->at, large->at, large->n);
    a->n = strip(a->at, large->n);
    return swapped;
}

/* quotient and rest of a / b; b is not zero. `rest` becomes the remainder, having been a. */
static void divide(struct limbs *quotient, struct limbs *rest, const struct limbs *b) {
    if (rest->n < b->n) {
        quotient->n = 0;
        return;
    }
    if (b->n == 1) {
        mp_limb_t left = mpn_divrem_1(quotient->at, 0, rest->at, rest->n, b->at[0]);
        quotient->n = strip(quotient->at, rest->n);
        rest->at[0] = left;
        rest->n = left != 0;
        return;
    }
    mp_size_t n = rest->n - b->n + 1;
    mpn_tdiv_qr(quotient->at, rest->at, 0, rest->at, rest->n, b->at, b->n);
    quotient->n = strip(quotient->at, n);
    rest->n = strip(rest->at, b->n);
}

/* Bits that are shifted out are zero: callers count them first. */
static void shift_right(struct limbs *a, mp_size_t bits) {
    mp_size_t whole = bits / 64;
    unsigned part = (unsigned)(bits % 64);
    if (whole) {
        mpn_copyi(a->at, a->at + whole, a->n - whole);
        a->n -= whole;
    }
    if (part) mpn_rshift(a->at, a->at, a->n, part);
    a->n = strip(a->at, a->n);
}

/* Divides `a` by b, which divides it; `spare` is room to work in. */
static void divide_exactly(struct limbs *a, const struct limbs *b, struct limbs *spare) {
    divide(spare, a, b);
    mpn_copyi(a->at, spare->at, spare->n);
    a->n = spare->n;
}

/* Brings num / den to lowest terms; neither is zero. */
static void reduce(struct limbs *num, struct limbs *den) {
    if (den->n == 1) {
        mp_limb_t divisor = den->at[0] == 1 ? 1 : mpn_gcd_1(num->at, num->n, den->at[0]);
        if (divisor == 1) return;
        mpn_divrem_1(num->at, 0, num->at, num->n, divisor);
        num->n = strip(num->at, num->n);
        den->at[0] /= divisor;
        return;
    }
    struct limbs x, y, divisor;
    mp_size_t num_zeros = (mp_size_t)mpn_scan1(num->at, 0), den_zeros = (mp_size_t)mpn_scan1(den->at, 0);
    mp_size_t common = num_zeros < den_zeros ? num_zeros : den_zeros;
    shift_right(num, common);
    shift_right(den, common);
    /* mpn_gcd wants odd numbers, the longer one first, and destroys both. */
    x.n = num->n;
    mpn_copyi(x.at, num->at, num->n);
    shift_right(&x, num_zeros - common);
    y.n = den->n;
    mpn_copyi(y.at, den->at, den->n);
    shift_right(&y, den_zeros - common);
    if (compare(x.at, x.n, y.at, y.n) >= 0)
        divisor.n = mpn_gcd(divisor.at, x.at, x.n, y.at, y.n);
    else
        divisor.n = mpn_gcd(divisor.at, y.at, y.n, x.at, x.n);
    if (divisor.n == 1 && divisor.at[0] == 1) return;
    divide_exactly(num, &divisor, &x);
    divide_exactly(den, &divisor, &x);
}

/* Divides all factors `factor` out of a word and returns their number. */
static unsigned take_factor(mp_limb_t *word, mp_limb_t factor) {
    unsigned n = 0;
    for (; *word % factor == 0; n++)
        *word /= factor;
    return n;
}

/* The narrow form of a fraction in lowest terms, where there is one. */
static bool narrow(bool negative, const struct limbs *num, const struct limbs *den, at_num *out) {
    if (den->n != 1 || num->n > 2) return false;
    mp_limb_t rest = den->at[0];
    unsigned twos = take_factor(&rest, 2), fives = take_factor(&rest, 5);
    unsigned scale = twos > fives ? twos : fives;
    if (rest != 1 || scale > AT_NUM_MAX_SCALE) return false;
    mp_limb_t product[3] = {num->at[0], num->n > 1 ? num->at[1] : 0, 0};
    product[2] = mpn_mul_1(product, product, 2, at_num_pow10[scale] / den->at[0]);
    at_u128 m = (at_u128)product[1] << 64 | product[0];
    if (product[2] || !at_wide_fits(m, negative, AT_NUM_LIMIT128)) return false;
    at_i128 value = (at_i128)(negative ? 0 - m : m);
    if (at_wide_fits(m, negative, AT_NUM_LIMIT64))
        *out = at_num_decimal((int64_t)value, scale);
    else
        *out = (at_num){.form = AT_NUM_I128, .scale = (uint8_t)scale, .i128 = value};
    return true;
}

/* The only place in this file that takes memory for limbs. A number that is too large becomes an overflow
 * here. */
static at_num store(struct at_arena *arena, bool negative, const struct limbs *num, const struct limbs *den) {
    if (num->n > AT_NUM_MAX_LIMBS || den->n > AT_NUM_MAX_LIMBS) return at_num_overflow();
    size_t n_num = (size_t)num->n, n_den = (size_t)den->n;
    struct at_wide *wide = at_arena_get(arena, sizeof *wide + (n_num + n_den) * sizeof(mp_limb_t));
    wide->n_num = (uint32_t)n_num;
    wide->n_den = (uint32_t)n_den;
    wide->negative = negative;
    memcpy(wide->limbs, num->at, n_num * sizeof(mp_limb_t));
    memcpy(wide->limbs + n_num, den->at, n_den * sizeof(mp_limb_t));
    return (at_num){.form = AT_NUM_WIDE, .wide = wide};
}

/* Zero has no sign and no denominator to keep, so it is always narrow. */
static at_num finish(struct at_arena *arena, bool negative, struct limbs *num, struct limbs *den) {
    at_num out;
    if (num->n == 0) return at_num_int(0);
    reduce(num, den);
    return narrow(negative, num, den, &out) ? out : store(arena, negative, num, den);
}

/* ---- in */

at_num at_wide_make(struct at_arena *arena, bool negative, at_u128 num, at_u128 den) {
    struct limbs n, d;
    set_u128(&n, num);
    set_u128(&d, den);
    return finish(arena, negative, &n, &d);
}

at_num at_wide_from_digits(struct at_arena *arena, bool negative, const char *digits, size_t n,
                           int exponent) {
    struct limbs num = {.n = 0}, den;
    mp_limb_t group = 0;
    unsigned in_group = 0;
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9') continue;
        group = group * 10 + (mp_limb_t)(digits[i] - '0');
        if (++in_group < 19) continue;
        if (!multiply_1(&num, at_num_pow10[19], group)) return at_num_overflow();
        group = 0;
        in_group = 0;
    }
    if (!multiply_1(&num, at_num_pow10[in_group], group)) return at_num_overflow();
    set_u128(&den, 1);
    if (num.n == 0) return at_num_int(0);
    if (!(exponent < 0 ? shift_up(&den, (unsigned)-exponent) : shift_up(&num, (unsigned)exponent)))
        return at_num_overflow();
    return finish(arena, negative, &num, &den);
}

/* ---- arithmetic */

/* With equal denominators, the numerators are added as they are. The limbs then do not grow by a product
 * of denominators. */
at_num at_wide_add(struct at_arena *arena, at_num a, at_num b, bool subtract) {
    struct operand x, y;
    struct limbs num, other, den;
    load(&x, &a);
    load(&y, &b);
    if (subtract) y.negative = !y.negative;
    if (compare(x.den, x.n_den, y.den, y.n_den) == 0) {
        const mp_limb_t one = 1;
        multiply(&num, x.num, x.n_num, &one, 1);
        multiply(&other, y.num, y.n_num, &one, 1);
        multiply(&den, x.den, x.n_den, &one, 1);
    } else {
        multiply(&num, x.num, x.n_num, y.den, y.n_den);
        multiply(&other, y.num, y.n_num, x.den, x.n_den);
        multiply(&den, x.den, x.n_den, y.den, y.n_den);
    }
    bool negative = x.negative;
    if (x.negative == y.negative)
        add_to(&num, &other);
    else if (subtract_from(&num, &other))
        negative = !negative;
    return finish(arena, negative, &num, &den);
}

at_num at_wide_mul(struct at_arena *arena, at_num a, at_num b) {
    struct operand x, y;
    struct limbs num, den;
    load(&x, &a);
    load(&y, &b);
    multiply(&num, x.num, x.n_num, y.num, y.n_num);
    multiply(&den, x.den, x.n_den, y.den, y.n_den);
    return finish(arena, x.negative != y.negative, &num, &den);
}

/* b is not zero, because at_num_div checks it. Its numerator becomes the denominator of the result. */
at_num at_wide_div(struct at_arena *arena, at_num a, at_num b) {
    struct operand x, y;
    struct limbs num, den;
    load(&x, &a);
    load(&y, &b);
    multiply(&num, x.num, x.n_num, y.den, y.n_den);
    multiply(&den, x.den, x.n_den, y.num, y.n_num);
    return finish(arena, x.negative != y.negative, &num, &den);
}

/* Through zero, so that what fits a narrow form with the other sign is narrowed (only -2^127 is such a
 * number). */
at_num at_wide_neg(struct at_arena *arena, at_num a) {
    return at_wide_add(arena, at_num_int(0), a, true);
}

/* Compares by cross products. The signs decide first, so magnitudes are compared only for equal signs. */
int at_wide_cmp(at_num a, at_num b) {
    struct operand x, y;
    struct limbs left, right;
    load(&x, &a);
    load(&y, &b);
    if (x.negative != y.negative) return x.negative ? -1 : 1;
    multiply(&left, x.num, x.n_num, y.den, y.n_den);
    multiply(&right, y.num, y.n_num, x.den, x.n_den);
    int order = compare(left.at, left.n, right.at, right.n);
    return x.negative ? -order : order;
}

bool at_wide_same(at_num a, at_num b) {
    const struct at_wide *x = a.wide, *y = b.wide;
    return x->negative == y->negative && compare(x->limbs, x->n_num, y->limbs, y->n_num) == 0 &&
           compare(x->limbs + x->n_num, x->n_den, y->limbs + y->n_num, y->n_den) == 0;
}

static uint64_t hash_limbs(const mp_limb_t *at, mp_size_t n) {
    return at_str_hash((at_str){(const char *)at, (uint32_t)((size_t)n * sizeof *at)});
}

uint64_t at_wide_hash(at_num a) {
    struct operand x;
    load(&x, &a);
    if (a.form == AT_NUM_WIDE)
        return hash_limbs(x.num, x.n_num) * 31 + hash_limbs(x.den, x.n_den) * 2 + x.negative;
    /* The denominator is a power of ten: 2 and 5 are the only factors that it can share. */
    at_u128 num = x.small[0] | (at_u128)x.small[1] << 64;
    mp_limb_t den = num ? x.small[2] : 1;
    for (; den % 2 == 0 && num % 2 == 0; den /= 2)
        num /= 2;
    for (; den % 5 == 0 && num % 5 == 0; den /= 5)
        num /= 5;
    mp_limb_t limbs[2] = {(mp_limb_t)num, (mp_limb_t)(num >> 64)};
    return hash_limbs(limbs, strip(limbs, 2)) * 31 + hash_limbs(&den, 1) * 2 + x.negative;
}

/* ---- rounding */

/* Rounds |a| × 10^digits toward zero to a whole number. Also gives the remainder and the divisor. Returns
 * false if there is no room. */
static bool cut(const struct operand *a, int digits, struct limbs *whole, struct limbs *rest,
                struct limbs *den) {
    const mp_limb_t one = 1;
    multiply(rest, a->num, a->n_num, &one, 1);
    multiply(den, a->den, a->n_den, &one, 1);
    if (!(digits < 0 ? shift_up(den, (unsigned)-digits) : shift_up(rest, (unsigned)digits))) return false;
    divide(whole, rest, den);
    return true;
}

/* `whole` decides half to even. `rest` is used up. */
static bool goes_up(const struct limbs *whole, struct limbs *rest, const struct limbs *den,
                    enum at_num_rounding how) {
    if (rest->n == 0 || how == AT_ROUND_DOWN) return false;
    if (how == AT_ROUND_UP) return true;
    multiply_1(rest, 2, 0); /* rest < den, so there is room */
    int order = compare(rest->at, rest->n, den->at, den->n);
    if (order != 0) return order > 0;
    return how == AT_ROUND_HALF_UP || (whole->n > 0 && (whole->at[0] & 1));
}

at_num at_wide_round(struct at_arena *arena, at_num a, int digits, enum at_num_rounding how) {
    struct operand x;
    struct limbs whole, rest, den;
    load(&x, &a);
    if (x.n_num == 0) return at_num_int(0);
    if (digits < -MAX_SHIFT) return how == AT_ROUND_UP ? at_num_overflow() : at_num_int(0);
    if (!cut(&x, digits, &whole, &rest, &den)) return at_num_overflow();
    if (goes_up(&whole, &rest, &den, how)) {
        set_u128(&rest, 1);
        add_to(&whole, &rest);
    }
    set_u128(&den, 1);
    if (!(digits < 0 ? shift_up(&whole, (unsigned)-digits) : shift_up(&den, (unsigned)digits)))
        return at_num_overflow();
    return finish(arena, x.negative, &whole, &den);
}

/* Toward negative infinity: a negative number with a rest has a larger magnitude. */
at_num at_wide_floor(struct at_arena *arena, at_num a) {
    struct operand x;
    struct limbs whole, rest, den;
    load(&x, &a);
    cut(&x, 0, &whole, &rest, &den); /* no shift: there is room */
    bool up = x.negative && rest.n > 0;
    set_u128(&den, 1);
    if (up) add_to(&whole, &den);
    return finish(arena, x.negative, &whole, &den);
}

/* ---- out */

at_num at_wide_denominator(struct at_arena *arena, at_num a) {
    struct operand x;
    struct limbs den, one;
    load(&x, &a);
    memcpy(den.at, x.den, (size_t)x.n_den * sizeof *den.at);
    den.n = x.n_den;
    set_u128(&one, 1);
    return finish(arena, false, &den, &one);
}

bool at_wide_to_quotient(at_num a, int64_t *num, int64_t *den) {
    const struct at_wide *w = a.wide;
    if (w->n_num != 1 || w->n_den != 1 || w->limbs[0] > INT64_MAX || w->limbs[1] > INT64_MAX) return false;
    *num = w->negative ? -(int64_t)w->limbs[0] : (int64_t)w->limbs[0];
    *den = (int64_t)w->limbs[1];
    return true;
}

bool at_wide_to_i128(at_num a, unsigned digits, at_i128 *out) {
    struct operand x;
    struct limbs whole, rest, den;
    load(&x, &a);
    if (digits > MAX_SHIFT || !cut(&x, (int)digits, &whole, &rest, &den)) return false;
    if (rest.n > 0 || whole.n > 2) return false;
    at_u128 m = whole.n > 0 ? whole.at[0] : 0;
    if (whole.n > 1) m |= (at_u128)whole.at[1] << 64;
    *out = (at_i128)(x.negative ? 0 - m : m);
    return at_wide_fits(m, x.negative, (at_u128)1 << 127);
}

/* The highest limbs as a double, and the power of two that was left out. */
static double leading(const mp_limb_t *at, mp_size_t n, int *exponent) {
    double value = 0;
    mp_size_t low = n > 3 ? n - 3 : 0;
    for (mp_size_t i = n; i > low; i--)
        value = value * 18446744073709551616.0 + (double)at[i - 1];
    *exponent = (int)low * 64;
    return value;
}

double at_wide_to_double(at_num a) {
    struct operand x;
    int num_exponent, den_exponent;
    load(&x, &a);
    double num = leading(x.num, x.n_num, &num_exponent), den = leading(x.den, x.n_den, &den_exponent);
    double value = ldexp(num / den, num_exponent - den_exponent);
    return x.negative ? -value : value;
}

int at_wide_decimals(at_num a) {
    struct operand x;
    struct limbs den, quotient;
    const mp_limb_t one = 1;
    load(&x, &a);
    multiply(&den, x.den, x.n_den, &one, 1);
    int twos = (int)mpn_scan1(den.at, 0), fives = 0;
    shift_right(&den, twos);
    for (; mpn_mod_1(den.at, den.n, 5) == 0; fives++) {
        mpn_divrem_1(quotient.at, 0, den.at, den.n, 5);
        den.n = strip(quotient.at, den.n);
        mpn_copyi(den.at, quotient.at, den.n);
    }
    if (den.n != 1 || den.at[0] != 1) return -1;
    return twos > fives ? twos : fives;
}

/* The decimal digits of a whole number, which is used up. */
static at_str print_digits(struct at_arena *arena, struct limbs *whole) {
    size_t room = (size_t)whole->n * 20 + 1; /* 64 bits are at most 20 digits */
    char *end = (char *)at_arena_get(arena, room) + room - 1, *p = end;
    *end = '\0';
    while (whole->n > 0) {
        mp_limb_t group = mpn_divrem_1(whole->at, 0, whole->at, whole->n, at_num_pow10[19]);
        whole->n = strip(whole->at, whole->n);
        for (int i = 0; i < 19 && (whole->n > 0 || group > 0); i++) {
            *--p = (char)('0' + group % 10);
            group /= 10;
        }
    }
    return (at_str){p, (uint32_t)(end - p)};
}

at_str at_wide_digits(struct at_arena *arena, at_num a, unsigned digits) {
    struct operand x;
    struct limbs whole, rest, den;
    load(&x, &a);
    cut(&x, (int)digits, &whole, &rest, &den); /* 520 limbs and 1,100 digits: there is room */
    return print_digits(arena, &whole);
}

at_str at_wide_part(struct at_arena *arena, at_num a, bool denominator) {
    struct operand x;
    struct limbs part;
    const mp_limb_t one = 1;
    load(&x, &a);
    multiply(&part, denominator ? x.den : x.num, denominator ? x.n_den : x.n_num, &one, 1);
    return print_digits(arena, &part);
}
