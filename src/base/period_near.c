/* base/period_near.c: the period that a text means which is not written as one. */
#include "base/period_near.h"
#include <string.h>

/* The numbers of a text and the letters before them, such as 2026 and W5 of `2026-W5`. */
struct pieces {
    int number[3];
    unsigned digits[3], n;
    char letter[3]; /* in capitals; 0: none */
};

/* 2026年1月, 2026年第1季度: how many bytes a sign takes that stands around numbers; 0: it is none. */
static uint32_t sign_at(at_str text, uint32_t i) {
    static const char *const signs[] = {"年", "月", "第", "季度"};
    for (unsigned k = 0; k < AT_COUNT(signs); k++) {
        uint32_t n = (uint32_t)strlen(signs[k]);
        if (i + n <= text.n && memcmp(text.p + i, signs[k], n) == 0) return n;
    }
    return 0;
}

/* Returns false if the text has something that periods do not have. */
static bool pieces_of(at_str text, struct pieces *out) {
    *out = (struct pieces){0};
    char letter = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        char c = text.p[i], capital = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (at_str_is_digit(c)) {
            bool more = i > 0 && at_str_is_digit(text.p[i - 1]);
            if (!more && out->n == 3) return false;
            if (!more) out->letter[out->n++] = letter;
            unsigned k = out->n - 1;
            if (++out->digits[k] > 6) return false;
            out->number[k] = out->number[k] * 10 + (c - '0');
            letter = 0;
        } else if (memchr("QHWPM", capital, 5)) {
            if (letter) return false;
            letter = capital;
        } else if (!strchr("-/. ", c)) {
            uint32_t sign = sign_at(text, i);
            if (sign == 0) return false;
            if (sign > 3 && out->n) out->letter[out->n - 1] = 'Q';
            i += sign - 1;
        }
    }
    return !letter;
}

/* Puts the year first: `Q1 2026`, `01-2026`. Divides `202601` and `2026W05`. Returns false if none of the
 * numbers is a year. */
static bool year_first(struct pieces *p) {
    if (p->n == 1 && p->digits[0] == 6 && !p->letter[0]) {
        *p = (struct pieces){.number = {p->number[0] / 100, p->number[0] % 100}, .digits = {4, 2}, .n = 2};
    } else if (p->n == 2 && p->digits[0] < 4 && p->digits[1] == 4 && !p->letter[1]) {
        *p = (struct pieces){.number = {p->number[1], p->number[0]},
                             .digits = {4, p->digits[0]},
                             .letter = {0, p->letter[0]},
                             .n = 2};
    }
    return p->n >= 2 && p->digits[0] == 4 && !p->letter[0];
}

at_str at_period_meant(struct at_arena *arena, at_str text) {
    struct pieces p;
    if (!pieces_of(text, &p) || !year_first(&p)) return (at_str){0};
    char mark = p.letter[1] == 'M' ? 0 : p.letter[1];
    at_str meant;
    if (p.n == 3 && !mark && p.letter[2] == 'H')
        meant = at_str_format(arena, "%04d-%02d-H%d", p.number[0], p.number[1], p.number[2]);
    else if (p.n == 3)
        return (at_str){0};
    else if (mark == 'Q' || mark == 'H')
        meant = at_str_format(arena, "%04d-%c%d", p.number[0], mark, p.number[1]);
    else if (mark)
        meant = at_str_format(arena, "%04d-%c%02d", p.number[0], mark, p.number[1]);
    else
        meant = at_str_format(arena, "%04d-%02d", p.number[0], p.number[1]);
    at_period period;
    return at_period_parse(meant, &period) ? meant : (at_str){0};
}
