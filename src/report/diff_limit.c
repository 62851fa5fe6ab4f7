/* report/diff_limit.c: see diff_limit.h. A limit is compared exactly, in whole numbers: no share is ever
 * rounded. */
#include "report/diff_limit.h"

struct limit {
    bool any;         /* any payee; else the total */
    char sign;        /* < or > */
    bool equal;       /* <= or >= */
    bool share;       /* of the old pay; else an amount */
    int64_t mantissa; /* of the percentage or the amount */
    unsigned scale;
};

static void skip_spaces(at_str *text) {
    while (text->n && (text->p[0] == ' ' || text->p[0] == '\t'))
        text->p++, text->n--;
}

static bool take(at_str *text, const char *word) {
    uint32_t n = (uint32_t)strlen(word);
    skip_spaces(text);
    if (text->n < n || memcmp(text->p, word, n) != 0) return false;
    text->p += n;
    text->n -= n;
    return true;
}

/* [+-]digits[.digits], commas between digits allowed. */
static bool take_number(at_str *text, struct limit *limit) {
    bool minus = take(text, "-"), point = false;
    unsigned digits = 0;
    if (!minus) take(text, "+");
    take(text, "$");
    for (; text->n; text->p++, text->n--) {
        char c = text->p[0];
        if (c == ',' && digits) continue;
        if (c == '.' && !point && digits) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') break;
        if (++digits > 15) return false;
        limit->mantissa = limit->mantissa * 10 + (c - '0');
        limit->scale += point;
    }
    if (minus) limit->mantissa = -limit->mantissa;
    return digits > 0;
}

static bool read_limit(at_str text, struct limit *limit) {
    *limit = (struct limit){0};
    if (take(&text, "any payee"))
        limit->any = true;
    else if (!take(&text, "total"))
        return false;
    skip_spaces(&text);
    if (text.n == 0 || (text.p[0] != '<' && text.p[0] != '>')) return false;
    limit->sign = text.p[0];
    text.p++, text.n--;
    limit->equal = take(&text, "=");
    if (!take_number(&text, limit)) return false;
    limit->share = take(&text, "%");
    skip_spaces(&text);
    return text.n == 0;
}

/* delta against mantissa / 10^scale, of the old pay in hundredths or in minor units; both sides multiplied
 * out. Where there was no pay before, a change is beyond any share. */
static bool passes(const struct limit *limit, at_i128 before, at_i128 after, unsigned digits) {
    at_i128 left = after - before, right = limit->mantissa;
    for (unsigned i = 0; i < limit->scale; i++)
        left *= 10;
    if (limit->share) {
        left *= 100;
        right *= before < 0 ? -before : before;
    } else {
        for (unsigned i = 0; i < digits; i++)
            right *= 10;
    }
    if (limit->sign == '<') return limit->equal ? left <= right : left < right;
    return limit->equal ? left >= right : left > right;
}

bool at_diff_limit(const struct at_diff *diff, at_str text, bool *hit, uint32_t *payee) {
    struct limit limit;
    *hit = false;
    *payee = UINT32_MAX;
    if (!read_limit(text, &limit)) return false;
    if (!limit.any) {
        *hit = passes(&limit, diff->minor[0], diff->minor[1], diff->digits);
        return true;
    }
    for (uint32_t p = 0; p < diff->n_payees && !*hit; p++)
        if (passes(&limit, diff->payees[p].minor[0], diff->payees[p].minor[1], diff->digits)) {
            *hit = true;
            *payee = p;
        }
    return true;
}
