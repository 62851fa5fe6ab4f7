/* base/text.c: views of UTF-8. The validity test is the one thing here that runs over every byte of every
 * file. */
#include "base/text.h"
#include "base/vec.h"

#include <stdio.h>

int at_str_cmp(at_str a, at_str b) {
    uint32_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order) return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

at_str at_str_z(const char *z) {
    return (at_str){z, (uint32_t)strlen(z)};
}

/* The copy ends with a zero byte that is not counted, so C functions can read it. */
at_str at_str_copy(struct at_arena *arena, at_str s) {
    char *p = at_arena_get(arena, (size_t)s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return (at_str){p, s.n};
}

/* ---- trimming */

/* Spaces of every width, line ends, and marks without width, which no one sees at the end of a text. */
bool at_utf8_blank(uint32_t c) {
    if (c <= ' ') return c == ' ' || (c >= '\t' && c <= '\r');
    if (c < 0xA0) return c == 0x85;
    return c == 0xA0 || c == 0xAD || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

/* The code point that ends before `end`, and its length; an invalid byte is U+FFFD. */
static uint32_t last_of(at_str s, unsigned *length) {
    uint32_t start = s.n - 1;
    while (start > 0 && s.n - start < 4 && ((unsigned char)s.p[start] & 0xC0) == 0x80)
        start--;
    uint32_t c = at_utf8_next(s.p + start, s.p + s.n, length);
    if (start + *length == s.n) return c;
    *length = 1;
    return 0xFFFD;
}

at_str at_str_trim(at_str s) {
    unsigned length;
    while (s.n && at_utf8_blank(at_utf8_next(s.p, s.p + s.n, &length))) {
        s.p += length;
        s.n -= length;
    }
    while (s.n && at_utf8_blank(last_of(s, &length)))
        s.n -= length;
    return s;
}

/* Changes ASCII letters only, so the length stays and the result does not depend on the locale. */
at_str at_str_lower(struct at_arena *arena, at_str s) {
    char *p = at_arena_get(arena, (size_t)s.n + 1);
    for (uint32_t i = 0; i < s.n; i++)
        p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32) : s.p[i];
    return (at_str){p, s.n};
}

/* ---- formatting */

at_str at_str_vformat(struct at_arena *arena, const char *format, va_list args) {
    char small[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    if (n < 0) n = 0, small[0] = '\0';
    char *p = at_arena_get(arena, (size_t)n + 1);
    if ((size_t)n < sizeof small)
        memcpy(p, small, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return (at_str){p, (uint32_t)n};
}

at_str at_str_format(struct at_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    at_str s = at_str_vformat(arena, format, args);
    va_end(args);
    return s;
}

void at_text_add(struct at_arena *arena, struct at_text *text, at_str more) {
    if (more.n == 0) return;
    AT_VEC_ROOM(arena, text, (size_t)more.n + 1);
    memcpy(text->at + text->n, more.p, more.n);
    text->n += more.n;
    text->at[text->n] = 0;
}

/* ---- hashing: 8 bytes at a time, multiplied to 128 bits and folded */

static uint64_t load64(const char *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static uint64_t fold(uint64_t a, uint64_t b) {
    at_u128 product = (at_u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The hash depends on the byte order of the machine. */
uint64_t at_str_hash(at_str s) {
    const uint64_t k0 = 0x9E3779B97F4A7C15u, k1 = 0xD1B54A32D192ED03u;
    uint64_t hash = fold(s.n ^ k0, k1);
    const char *p = s.p;
    uint32_t n = s.n;
    for (; n > 8; p += 8, n -= 8)
        hash = fold(hash ^ load64(p), k0);
    uint64_t tail = 0;
    if (n) memcpy(&tail, p, n);
    return fold(hash ^ tail, k1);
}

/* ---- UTF-8 */

/* Length of the valid sequence at p (n bytes are there, n > 0), or 0. */
static unsigned sequence_length(const unsigned char *p, size_t n) {
    unsigned char c = p[0];
    if (c < 0x80) return 1;
    if (c < 0xC2) return 0; /* a continuation, or overlong */
    if (c < 0xE0) return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (c < 0xF0) {
        if (n < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
        if (c == 0xE0 && p[1] < 0xA0) return 0;  /* overlong */
        if (c == 0xED && p[1] >= 0xA0) return 0; /* surrogate */
        return 3;
    }
    if (c > 0xF4 || n < 4) return 0;
    if ((p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80) return 0;
    if (c == 0xF0 && p[1] < 0x90) return 0;  /* overlong */
    if (c == 0xF4 && p[1] >= 0x90) return 0; /* beyond U+10FFFF */
    return 4;
}

size_t at_utf8_invalid(const char *p, size_t n) {
    const uint64_t high = 0x8080808080808080u;
    size_t i = 0;
    for (;;) {
        while (i + 32 <= n) {
            uint64_t bits = load64(p + i) | load64(p + i + 8) | load64(p + i + 16) | load64(p + i + 24);
            if (bits & high) break;
            i += 32;
        }
        while (i + 8 <= n && !(load64(p + i) & high))
            i += 8;
        /* At most 8 bytes lie before the next one that is not ASCII, unless this is the end. */
        while (i < n && (unsigned char)p[i] < 0x80)
            i++;
        while (i < n && (unsigned char)p[i] >= 0x80) {
            unsigned length = sequence_length((const unsigned char *)p + i, n - i);
            if (length == 0) return i;
            i += length;
        }
        if (i >= n) return n;
    }
}

uint32_t at_utf8_next(const char *p, const char *end, unsigned *length) {
    const unsigned char *u = (const unsigned char *)p;
    unsigned n = sequence_length(u, (size_t)(end - p));
    *length = n ? n : 1;
    switch (n) {
    case 1: return u[0];
    case 2: return (u[0] & 0x1Fu) << 6 | (u[1] & 0x3Fu);
    case 3: return (u[0] & 0x0Fu) << 12 | (u[1] & 0x3Fu) << 6 | (u[2] & 0x3Fu);
    case 4: return (u[0] & 0x07u) << 18 | (u[1] & 0x3Fu) << 12 | (u[2] & 0x3Fu) << 6 | (u[3] & 0x3Fu);
    default: return 0xFFFD;
    }
}

/* Code points that cannot be encoded become U+FFFD. */
unsigned at_utf8_put(uint32_t code_point, char out[4]) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) code_point = 0xFFFD;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    unsigned n = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (unsigned i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (char)(lead[n] | code_point);
    return n;
}

/* ---- columns on a terminal */

struct range {
    uint32_t from, to;
};

/* Combining marks and formatting characters, ascending. */
static const struct range zero_columns[] = {
    {0x0300, 0x036F},   {0x0483, 0x0489},   {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5},   {0x0610, 0x061A},   {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC},
    {0x06DF, 0x06E4},   {0x06E7, 0x06E8},   {0x06EA, 0x06ED}, {0x0900, 0x0902}, {0x093A, 0x093A},
    {0x093C, 0x093C},   {0x0941, 0x0948},   {0x094D, 0x094D}, {0x0951, 0x0957}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E},   {0x1160, 0x11FF}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F},   {0x202A, 0x202E},   {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0x302A, 0x302D},
    {0x3099, 0x309A},   {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF},
    {0xE0001, 0xE007F}, {0xE0100, 0xE01EF},
};

/* East Asian wide and full-width forms, and the pictures that terminals draw wide. */
static const struct range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x3029},   {0x302E, 0x303E},   {0x3041, 0x3098},
    {0x309B, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18AFF},
    {0x1B000, 0x1B2FF}, {0x1F300, 0x1F3FA}, {0x1F400, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t code_point) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].to < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && ranges[low].from <= code_point;
}

unsigned at_utf8_width(at_str s) {
    if (s.n == 0) return 0;
    const char *p = s.p, *end = s.p + s.n;
    unsigned width = 0;
    while (p < end) {
        unsigned length;
        uint32_t code_point = at_utf8_next(p, end, &length);
        p += length;
        if (code_point < 0x300)
            width += code_point >= 0x20 && (code_point < 0x7F || code_point >= 0xA0);
        else if (in_ranges(zero_columns, AT_COUNT(zero_columns), code_point))
            continue;
        else
            width += in_ranges(two_columns, AT_COUNT(two_columns), code_point) ? 2 : 1;
    }
    return width;
}

/* ---- distance between names */

#define MAX_NAME 96 /* code points; longer names are only compared for equality */

static uint32_t lower(uint32_t c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* The code points of s in lower case; MAX_NAME + 1 where there are more. */
static unsigned decode_name(at_str s, uint32_t out[MAX_NAME]) {
    if (s.n == 0) return 0;
    const char *p = s.p, *end = s.p + s.n;
    unsigned n = 0, length;
    for (; p < end; p += length) {
        if (n == MAX_NAME) return MAX_NAME + 1;
        out[n++] = lower(at_utf8_next(p, end, &length));
    }
    return n;
}

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

static bool same_long_name(at_str a, at_str b) {
    if (a.n != b.n) return false;
    for (uint32_t i = 0; i < a.n; i++)
        if (lower((unsigned char)a.p[i]) != lower((unsigned char)b.p[i])) return false;
    return true;
}

unsigned at_str_distance(at_str a, at_str b, unsigned limit) {
    uint32_t x[MAX_NAME], y[MAX_NAME];
    unsigned n = decode_name(a, x), m = decode_name(b, y);
    if (n > MAX_NAME || m > MAX_NAME) return same_long_name(a, b) ? 0 : limit + 1;
    if ((n > m ? n - m : m - n) > limit) return limit + 1;

    /* Rows i-2, i-1 and i of the table of distances between prefixes. */
    unsigned rows[3][MAX_NAME + 1];
    for (unsigned j = 0; j <= m; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        unsigned best = row[0] = i;
        for (unsigned j = 1; j <= m; j++) {
            unsigned cost = least(above[j], row[j - 1]) + 1;
            cost = least(cost, above[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                cost = least(cost, above2[j - 2] + 1);
            row[j] = cost;
            best = least(best, cost);
        }
        /* A swap reaches over one row, so one more is allowed before giving up. */
        if (best > limit + 1) return limit + 1;
    }
    return least(rows[n % 3][m], limit + 1);
}
