/* diff/limit.c: parses limits on a change in pay, and compares exactly, in whole numbers. */
#include "diff/limit.h"
#include "diff/cells.h"

#include "base/numtext.h"

struct limit {
    bool any;     /* any payee; else the total */
    char sign;    /* < or > */
    bool equal;   /* <= or >= */
    bool share;   /* of the old pay; else an amount */
    at_num bound; /* percentage, or amount in major units */
};

enum { MOST_BYTES = 80 /* of a number: more than any amount has */ };

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

/* [+-][$]digits[.digits], with commas only between groups of three digits: `0,5` is not 5. */
static bool take_number(at_str *text, struct at_arena *arena, at_num *out) {
    bool minus = take(text, "-");
    if (!minus) take(text, "+");
    take(text, "$");
    at_str number = {text->p, 0};
    while (number.n < text->n && number.n <= MOST_BYTES && strchr("0123456789.,", text->p[number.n]))
        number.n++;
    text->p += number.n;
    text->n -= number.n;
    if (number.n == 0 || number.n > MOST_BYTES || !at_num_parse(arena, number, true, out)) return false;
    if (minus) *out = at_num_neg(arena, *out);
    return true;
}

static bool read_limit(at_str text, struct at_arena *arena, struct limit *limit) {
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
    if (!take_number(&text, arena, &limit->bound)) return false;
    limit->share = take(&text, "%");
    skip_spaces(&text);
    return text.n == 0;
}

/* The change against the bound, multiplied out: a share of the old pay in hundredths, or an amount. */
static bool passes(const struct limit *limit, const at_i128 minor[2], unsigned digits,
                   struct at_arena *arena) {
    struct at_arena_mark mark = at_arena_mark(arena);
    at_num before = at_num_decimal128(minor[0], digits);
    at_num left = at_num_sub(arena, at_num_decimal128(minor[1], digits), before), right = limit->bound;
    if (limit->share && minor[0] == 0 && minor[1] == 0) return false;
    if (limit->share) {
        left = at_num_mul(arena, left, at_num_int(100));
        right = at_num_mul(arena, right, at_num_abs(arena, before));
    }
    int order = at_num_cmp(arena, left, right);
    at_arena_reset(arena, mark);
    return (limit->equal && order == 0) || (limit->sign == '<' ? order < 0 : order > 0);
}

/* Payouts come first, in the order of periods, because they show where the pay changes. */
static bool payee_passes(const struct at_diff *diff, const struct limit *limit, uint32_t p,
                         struct at_arena *arena, struct at_diff_breach *out) {
    const struct at_diff_payee *payee = &diff->payees[p];
    struct at_diff_cell cell;
    for (uint64_t r = payee->first; at_diff_next_cell(diff, &r, payee->end, &cell);) {
        if (!passes(limit, cell.minor, diff->digits, arena)) continue;
        *out = (struct at_diff_breach){.hit = true, .payee = p, .one_period = true, .period = cell.period};
        return true;
    }
    if (!passes(limit, payee->minor, diff->digits, arena)) return false;
    *out = (struct at_diff_breach){.hit = true, .payee = p};
    return true;
}

bool at_diff_limit(const struct at_diff *diff, at_str text, struct at_arena *scratch,
                   struct at_diff_breach *out) {
    struct limit limit;
    *out = (struct at_diff_breach){.payee = UINT32_MAX};
    if (!read_limit(text, scratch, &limit)) return false;
    if (!limit.any) {
        out->hit = passes(&limit, diff->minor, diff->digits, scratch);
        return true;
    }
    for (uint32_t p = 0; p < diff->n_payees; p++)
        if (payee_passes(diff, &limit, p, scratch, out)) break;
    return true;
}
