/* syntax/plain.c: full-width marks and curly quotation marks, in plain characters. */
#include "syntax/plain.h"

#include "base/vec.h"

/* U+FF01 to U+FF5E are the characters of ASCII in their order. `＂` and `＇` are quotation marks, and U+FF40
 * is not a backquote that anyone writes. */
char at_lex_plain_mark(const char *p, const char *limit, unsigned *bytes) {
    *bytes = 1;
    if (p >= limit || (unsigned char)*p < 0xC2) return 0;
    uint32_t c = at_utf8_next(p, limit, bytes);
    switch (c) {
    case 0xFF02:
    case 0xFF07:
    case 0xFF40: return 0;
    case 0xA0:
    case 0x3000: return ' ';
    case 0x3001: return ',';
    case 0x3002: return '.';
    case 0xD7: return '*';
    case 0xF7: return '/';
    case 0x2212: return '-';
    case 0xFF04: return '$';
    default: return c > 0xFF00 && c < 0xFF5F ? (char)(c - 0xFF00 + ' ') : 0;
    }
}

/* ---- quotation marks */

/* A mark that begins a text, and the marks that may end it. Word processors and input methods do not always
 * turn them the right way. */
static const struct quotes {
    const char *opening, *closing[4];
} QUOTES[] = {
    {"“", {"”", "“", "＂", "\""}}, {"”", {"”", "“", "＂", "\""}}, {"„", {"“", "”", "\"", "\""}},
    {"«", {"»", "«", "»", "»"}},   {"»", {"«", "»", "«", "«"}},   {"＂", {"＂", "”", "“", "\""}},
    {"‘", {"’", "‘", "＇", "＇"}}, {"’", {"’", "‘", "＇", "＇"}}, {"＇", {"＇", "’", "‘", "＇"}},
};

static unsigned begins(const char *p, const char *limit, const char *mark) {
    size_t n = strlen(mark);
    return (size_t)(limit - p) >= n && memcmp(p, mark, n) == 0 ? (unsigned)n : 0;
}

static const struct quotes *quotes_at(const char *p, const char *limit) {
    for (size_t i = 0; i < AT_COUNT(QUOTES); i++)
        if (begins(p, limit, QUOTES[i].opening)) return &QUOTES[i];
    return NULL;
}

unsigned at_lex_opens_text(const char *p, const char *limit) {
    const struct quotes *quotes = p < limit ? quotes_at(p, limit) : NULL;
    return quotes ? begins(p, limit, quotes->opening) : p < limit && *p == '"';
}

unsigned at_lex_closes_text(const char *opening, const char *p, const char *limit) {
    const struct quotes *quotes = quotes_at(opening, limit);
    if (!quotes) return *p == '"';
    for (size_t i = 0; i < AT_COUNT(quotes->closing); i++) {
        unsigned n = begins(p, limit, quotes->closing[i]);
        if (n) return n;
    }
    return 0;
}

/* ---- pieces of policies */

bool at_lex_is_wide(at_str text) {
    const char *end = text.p + text.n;
    for (const char *p = text.p; p < end; p++) {
        unsigned n;
        if ((unsigned char)*p < 0xC2) continue;
        if (at_lex_plain_mark(p, end, &n) || quotes_at(p, end)) return true;
        /* Signs of currencies and comparisons, which are not one character of ASCII. */
        if (begins(p, end, "￥") || begins(p, end, "￠") || begins(p, end, "￡") || begins(p, end, "￦") ||
            begins(p, end, "≥") || begins(p, end, "≤") || begins(p, end, "≠") || begins(p, end, "≧") ||
            begins(p, end, "≦"))
            return true;
    }
    return false;
}

static void put(struct at_arena *arena, struct at_text *out, const char *p, size_t n) {
    at_text_add(arena, out, (at_str){p, (uint32_t)n});
}

/* Copies a text or a quoted name with its marks. Returns where it ends. */
static const char *put_quoted(struct at_arena *arena, struct at_text *out, const char *p, const char *end) {
    const char *opening = p;
    unsigned mark = at_lex_opens_text(p, end), close = 0;
    p += mark;
    put(arena, out, "\"", 1);
    for (; p < end && !(close = at_lex_closes_text(opening, p, end)); p++) {
        if (*p == '"') put(arena, out, "\\", 1);
        put(arena, out, p, 1);
        if (*p == '\\' && p + 1 < end) put(arena, out, ++p, 1);
    }
    if (close) put(arena, out, "\"", 1);
    return p + close;
}

/* Copies from `p` up to the next `mark`, and the mark if it is there. */
static const char *put_through(struct at_arena *arena, struct at_text *out, const char *p, const char *end,
                               char mark) {
    const char *found = p < end ? memchr(p, mark, (size_t)(end - p)) : NULL;
    const char *to = found ? found + 1 : end;
    put(arena, out, p, (size_t)(to - p));
    return to;
}

static const char *put_other(struct at_arena *arena, struct at_text *out, const char *p, const char *end) {
    static const char *const SIGNS[][2] = {{"￥", "¥"}, {"￠", "¢"}, {"￡", "£"}, {"￦", "₩"}, {"≥", ">="},
                                           {"≧", ">="}, {"≤", "<="}, {"≦", "<="}, {"≠", "<>"}};
    unsigned n;
    char plain = at_lex_plain_mark(p, end, &n);
    if (plain) {
        put(arena, out, &plain, 1);
        return p + n;
    }
    for (size_t i = 0; (unsigned char)*p >= 0xC2 && i < AT_COUNT(SIGNS); i++) {
        unsigned sign = begins(p, end, SIGNS[i][0]);
        if (!sign) continue;
        put(arena, out, SIGNS[i][1], strlen(SIGNS[i][1]));
        return p + sign;
    }
    put(arena, out, p, 1);
    return p + 1;
}

at_str at_lex_plain(struct at_arena *arena, at_str text) {
    if (!at_lex_is_wide(text)) return text;
    struct at_text out = {0};
    for (const char *p = text.p, *end = text.p + text.n; p < end;) {
        unsigned n;
        if (at_lex_opens_text(p, end))
            p = put_quoted(arena, &out, p, end);
        else if (*p == '`') {
            put(arena, &out, "`", 1);
            p = put_through(arena, &out, p + 1, end, '`');
        } else if (*p == '#' || at_lex_plain_mark(p, end, &n) == '#') {
            put(arena, &out, "#", 1);
            p = put_through(arena, &out, p + (*p == '#' ? 1 : n), end, '\n');
        } else
            p = put_other(arena, &out, p, end);
    }
    return at_text_str(&out);
}
