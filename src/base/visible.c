/* base/visible.c: contains the list of characters that are never written unchanged. */
#include "base/visible.h"

#include <stdio.h>

enum { MOST_MARKS = 8 };

struct range {
    uint32_t from, to;
};

/* Beyond ASCII, ascending: the controls of Unicode (Cc, Zl, Zp), Default_Ignorable_Code_Point, format
 * characters without a shape, private use, and what can never be a character. */
static const struct range hidden[] = {
    {0x80, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},       {0x115F, 0x1160},
    {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},     {0x2060, 0x206F},
    {0x3164, 0x3164},   {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},     {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFC},   {0xFFFE, 0xFFFF},   {0x13430, 0x1343F},   {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0x2FFFE, 0x2FFFF}, {0x3FFFE, 0xFFFFFFFF}};

bool at_visible_hidden(uint32_t c) {
    size_t low = 0, high = AT_COUNT(hidden);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (hidden[middle].to < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < AT_COUNT(hidden) && hidden[low].from <= c;
}

/* The character before p, or 0 at the start. */
static uint32_t before(const char *start, const char *p, const char **at) {
    const char *q = p;
    unsigned length;
    if (p == start) return 0;
    for (int i = 0; i < 4 && q > start; i++) {
        q--;
        if (((unsigned char)*q & 0xC0) != 0x80) break;
    }
    uint32_t c = at_utf8_next(q, p, &length);
    if (q + length != p) q = p - 1, c = 0xFFFD;
    *at = q;
    return c;
}

/* Letters of Arabic and of the scripts of India, in which a joiner changes the shape. */
static bool joins(uint32_t c) {
    return (c >= 0x620 && c <= 0x64A) || (c >= 0x66E && c <= 0x6D3) || (c >= 0x6FA && c <= 0x7FF) ||
           (c >= 0x8A0 && c <= 0x8C9) || (c >= 0x904 && c <= 0xDFF);
}

/* A joiner is written unchanged only between letters whose shape it changes. */
static bool joiner_fits(const char *start, const char *p, const char *after, const char *end) {
    const char *at;
    unsigned length;
    return after < end && joins(before(start, p, &at)) && joins(at_utf8_next(after, end, &length));
}

static bool is_mark(uint32_t c) {
    char text[4];
    return c >= 0x300 && at_utf8_width((at_str){text, at_utf8_put(c, text)}) == 0;
}

/* Returns whether a combining mark at p follows a character that it can combine with. */
static bool mark_fits(const char *start, const char *p) {
    for (int marks = 0; marks < MOST_MARKS && p > start; marks++) {
        uint32_t c = before(start, p, &p);
        if (!is_mark(c)) return c >= 0x20;
    }
    return false;
}

/* Whether a character is shown and does not reorder or hide others. */
static bool is_safe(uint32_t c, const char *start, const char *p, const char *after, const char *end) {
    if (c == 0x200C || c == 0x200D) return joiner_fits(start, p, after, end);
    if (at_visible_hidden(c)) return false;
    return !is_mark(c) || mark_fits(start, p);
}

struct at_visible_glyph at_visible_glyph_at(const char *start, const char *p, const char *end) {
    struct at_visible_glyph g = {.same = true};
    uint32_t c = at_utf8_next(p, end, &g.bytes);
    if (c < 0x20 || c == 0x7F) {
        c = c == 0x7F ? 0x2421 : c + 0x2400;
        g.same = false;
    } else if (c == 0xFFFD && g.bytes == 1) {
        g.same = false;
    } else if (c >= 0x7F && !is_safe(c, start, p, p + g.bytes, end)) {
        g.same = false;
        g.n = g.width = (unsigned)snprintf(g.text, sizeof g.text, "\\u{%X}", (unsigned)c);
        return g;
    }
    g.n = at_utf8_put(c, g.text);
    g.width = at_utf8_width((at_str){g.text, g.n});
    return g;
}

static bool plain(char c) {
    return c >= 0x20 && c < 0x7F;
}

unsigned at_visible_width(at_str s) {
    unsigned width = 0;
    for (const char *p = s.p, *end = s.p + s.n; p < end;) {
        struct at_visible_glyph g = at_visible_glyph_at(s.p, p, end);
        width += g.width;
        p += g.bytes;
    }
    return width;
}

/* Runs that stay as they are go to `put` in one piece. */
static void each_piece(at_str s, void (*put)(void *to, const char *p, size_t n), void *to) {
    const char *p = s.p, *end = s.p + s.n, *run = s.p;
    while (p < end) {
        if (plain(*p)) {
            p++;
            continue;
        }
        struct at_visible_glyph g = at_visible_glyph_at(s.p, p, end);
        if (!g.same) {
            put(to, run, (size_t)(p - run));
            put(to, g.text, g.n);
            run = p + g.bytes;
        }
        p += g.bytes;
    }
    put(to, run, (size_t)(end - run));
}

static void put_sink(void *to, const char *p, size_t n) {
    at_sink_put(to, p, n);
}

void at_sink_visible(struct at_sink *sink, at_str s) {
    if (s.n) each_piece(s, put_sink, sink);
}

static void put_count(void *to, const char *p, size_t n) {
    (void)p;
    *(size_t *)to += n;
}

static void put_copy(void *to, const char *p, size_t n) {
    char **at = to;
    if (n) memcpy(*at, p, n);
    *at += n;
}

/* Most texts are visible as they are, and are then returned without a copy. */
static bool is_visible(at_str s) {
    for (const char *p = s.p, *end = s.p + s.n; p < end;) {
        if (plain(*p)) {
            p++;
            continue;
        }
        struct at_visible_glyph g = at_visible_glyph_at(s.p, p, end);
        if (!g.same) return false;
        p += g.bytes;
    }
    return true;
}

at_str at_visible(struct at_arena *arena, at_str s) {
    size_t n = 0;
    if (s.n == 0 || is_visible(s)) return s;
    each_piece(s, put_count, &n);
    char *out = at_arena_get(arena, n + 1), *at = out;
    each_piece(s, put_copy, &at);
    *at = '\0';
    return (at_str){out, (uint32_t)n};
}
