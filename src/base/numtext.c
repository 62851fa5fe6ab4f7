/* base/numtext.c: reading and printing. Up to 18 digits go through one machine word, the rest through limbs.
 */
#include "base/numtext.h"

#include "base/wide.h"

#define MAX_EXPONENT 400
#define MAX_DECIMALS 1000 /* a longer decimal is printed as a fraction */

/* ---- reading */

/* A number taken apart; the digits of whole and fraction still hold commas. */
struct parts {
    bool negative;
    at_str whole, fraction;
    int exponent;
};

/* [-+]digits at *p, at most MAX_EXPONENT in size. */
static bool read_exponent(const char **p, const char *end, int *out) {
    bool negative = *p < end && **p == '-';
    if (*p < end && (**p == '-' || **p == '+')) ++*p;
    if (*p == end || !at_str_is_digit(**p)) return false;
    int value = 0;
    for (; *p < end && at_str_is_digit(**p); ++*p) {
        value = value * 10 + (**p - '0');
        if (value > MAX_EXPONENT) return false;
    }
    *out = negative ? -value : value;
    return true;
}

/* Commas stand after one to three digits, and then after every three. */
static bool groups_right(at_str whole) {
    const char *end = whole.p + whole.n, *p = whole.p;
    const char *comma = memchr(p, ',', whole.n);
    if (!comma) return true;
    if (comma == p || comma - p > 3) return false;
    for (p = comma; p < end; p += 4) {
        if (*p != ',' || end - p < 4) return false;
        for (int i = 1; i < 4; i++)
            if (p[i] == ',') return false;
    }
    return true;
}

static bool take_apart(at_str text, bool commas, struct parts *out) {
    if (text.n == 0) return false;
    const char *p = text.p, *end = text.p + text.n, *start;
    *out = (struct parts){0};
    if (p < end && (*p == '-' || *p == '+')) out->negative = *p++ == '-';
    if (p == end || !at_str_is_digit(*p)) return false;
    for (start = p; p < end && (at_str_is_digit(*p) || (commas && *p == ',')); p++)
        continue;
    out->whole = (at_str){start, (uint32_t)(p - start)};
    if (commas && !groups_right(out->whole)) return false;
    if (p < end && *p == '.') {
        for (start = ++p; p < end && at_str_is_digit(*p); p++)
            continue;
        if (p == start) return false;
        out->fraction = (at_str){start, (uint32_t)(p - start)};
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (!read_exponent(&p, end, &out->exponent)) return false;
    }
    return p == end;
}

/* Adds digits to a word that has room for 18; false where there are more (leading zeros do not count). */
static bool add_digits(at_str digits, uint64_t *value) {
    for (uint32_t i = 0; i < digits.n; i++) {
        if (digits.p[i] == ',') continue;
        if (*value >= at_num_pow10[17]) return false;
        *value = *value * 10 + (uint64_t)(digits.p[i] - '0');
    }
    return true;
}

bool at_num_parse(struct at_arena *arena, at_str text, bool commas, at_num *out) {
    struct parts parts;
    if (!take_apart(text, commas, &parts)) return false;
    while (parts.fraction.n > 0 && parts.fraction.n > AT_NUM_MAX_SCALE &&
           parts.fraction.p[parts.fraction.n - 1] == '0')
        parts.fraction.n--;
    uint64_t value = 0;
    if (parts.exponent == 0 && parts.fraction.n <= AT_NUM_MAX_SCALE && add_digits(parts.whole, &value) &&
        add_digits(parts.fraction, &value)) {
        *out = at_num_decimal(parts.negative ? -(int64_t)value : (int64_t)value, parts.fraction.n);
        return true;
    }
    size_t n = (size_t)parts.whole.n + parts.fraction.n;
    if (n > 20u * AT_NUM_MAX_LIMBS) { /* more digits than the widest number has */
        *out = at_num_overflow();
        return true;
    }
    struct at_arena_mark mark = at_arena_mark(arena);
    char *digits = at_arena_get(arena, n);
    memcpy(digits, parts.whole.p, parts.whole.n);
    if (parts.fraction.n) memcpy(digits + parts.whole.n, parts.fraction.p, parts.fraction.n);
    int exponent = parts.exponent - (int)parts.fraction.n;
    at_num number = at_wide_from_digits(arena, parts.negative, digits, n, exponent);
    if (number.form != AT_NUM_WIDE) at_arena_reset(arena, mark);
    *out = number;
    return true;
}

/* ---- printing */

/* A number that is text in the making: digits of |a| × 10^scale, without leading zeros. */
struct printed {
    const char *p;
    uint32_t n;
    char room[40];
};

static void digits_of(struct at_arena *arena, at_num a, unsigned scale, struct printed *out) {
    at_i128 value;
    if (!at_num_to_i128(arena, a, scale, &value)) {
        at_str digits = at_wide_digits(arena, a, scale);
        out->p = digits.p;
        out->n = digits.n;
        return;
    }
    at_u128 left = value < 0 ? 0 - (at_u128)value : (at_u128)value;
    char *p = out->room + sizeof out->room;
    while (left >> 64) {
        *--p = (char)('0' + (int)(left % 10));
        left /= 10;
    }
    for (uint64_t low = (uint64_t)left; low; low /= 10)
        *--p = (char)('0' + low % 10);
    out->p = p;
    out->n = (uint32_t)(out->room + sizeof out->room - p);
}

/* Sign, whole with or without commas, point and decimals. */
static at_str compose(struct at_arena *arena, bool negative, const struct printed *digits, unsigned decimals,
                      bool commas) {
    uint32_t whole = digits->n > decimals ? digits->n - decimals : 0;
    uint32_t n_commas = commas && whole > 3 ? (whole - 1) / 3 : 0;
    uint32_t length = negative + (whole ? whole : 1) + n_commas + (decimals ? decimals + 1 : 0);
    char *start = at_arena_get(arena, (size_t)length + 1), *p = start;
    if (negative) *p++ = '-';
    for (uint32_t i = 0; i < whole; i++) {
        if (n_commas && i > 0 && (whole - i) % 3 == 0) *p++ = ',';
        *p++ = digits->p[i];
    }
    if (whole == 0) *p++ = '0';
    if (decimals) {
        *p++ = '.';
        for (uint32_t i = digits->n - whole; i < decimals; i++)
            *p++ = '0';
        memcpy(p, digits->p + whole, digits->n - whole);
        p += digits->n - whole;
    }
    *p = '\0';
    return (at_str){start, (uint32_t)(p - start)};
}

static at_str too_large(void) {
    return AT_STR("(too large)");
}

/* The number of decimals without the zeros at the end, for narrow forms. */
static unsigned short_scale(struct at_arena *arena, at_num a) {
    unsigned scale = a.scale;
    at_i128 value;
    while (scale > 0 && at_num_to_i128(arena, a, scale - 1, &value))
        scale--;
    return scale;
}

at_str at_num_print(struct at_arena *arena, at_num a) {
    struct printed digits;
    if (a.form == AT_NUM_OVERFLOW) return too_large();
    int decimals = a.form == AT_NUM_WIDE ? at_wide_decimals(a) : (int)short_scale(arena, a);
    bool negative = at_num_sign(a) < 0;
    if (decimals < 0 || decimals > MAX_DECIMALS) {
        at_str num = at_wide_part(arena, a, false), den = at_wide_part(arena, a, true);
        return at_str_format(arena, "%s%s/%s", negative ? "-" : "", num.p, den.p);
    }
    digits_of(arena, a, (unsigned)decimals, &digits);
    return compose(arena, negative, &digits, (unsigned)decimals, false);
}

at_str at_num_print_fixed(struct at_arena *arena, at_num a, unsigned digits, bool commas, bool *shortened) {
    struct printed text;
    if (shortened) *shortened = false;
    if (a.form == AT_NUM_OVERFLOW) return too_large();
    if (digits > MAX_DECIMALS) digits = MAX_DECIMALS;
    at_num rounded = at_num_round(arena, a, (int)digits, AT_ROUND_HALF_UP);
    if (rounded.form == AT_NUM_OVERFLOW) return too_large();
    if (shortened) *shortened = at_num_cmp(arena, a, rounded) != 0;
    digits_of(arena, rounded, digits, &text);
    return compose(arena, at_num_sign(rounded) < 0, &text, digits, commas);
}

at_str at_num_print_short(struct at_arena *arena, at_num a, unsigned max_digits, bool commas,
                          bool *shortened) {
    at_str text = at_num_print_fixed(arena, a, max_digits, commas, shortened);
    if (!memchr(text.p, '.', text.n)) return text;
    char *end = (char *)text.p + text.n; /* made for us by compose */
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.') end--;
    *end = '\0';
    return (at_str){text.p, (uint32_t)(end - text.p)};
}
