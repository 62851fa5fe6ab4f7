/* words/message.c: finds a message by its English text, with {1} in place of the first argument, and fills it
 * in. */
#include "words/message.h"

#include <stdio.h>

struct at_words_message {
    const char *english, *text;
};

static const struct at_words_message zh[] = {
#define MESSAGE(english, text) {english, text},
#include "words/message_zh.def"
#undef MESSAGE
};

enum { LONGEST = 600, MOST = 12 }; /* bytes of a format string; its arguments */

/* What a format string asks for, with {1} in place of the first argument. */
struct shape {
    char text[LONGEST];
    size_t n;
    unsigned n_args;
    bool quoted[MOST]; /* an argument within back quotes or quotation marks */
};

static const char *find(const struct at_words *words, at_str english) {
    size_t low = 0, high = AT_COUNT(zh);
    if (!at_words_chinese(words)) return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = at_str_cmp(english, at_str_z(zh[middle].english));
        if (order == 0) return zh[middle].text;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Puts the arguments into the places of a text. */
static at_str fill(struct at_arena *arena, const char *text, const at_str *args, unsigned n) {
    struct at_text out = {0};
    for (const char *p = text; *p;) {
        unsigned place = 0;
        size_t used = 1;
        if (*p == '{' && p[1] >= '1' && p[1] <= '9') {
            place = (unsigned)(p[1] - '0');
            used = 2;
            if (p[2] >= '0' && p[2] <= '9') place = place * 10 + (unsigned)(p[2] - '0'), used = 3;
            if (p[used++] != '}') place = 0, used = 1;
        }
        if (place >= 1 && place <= n)
            at_text_add(arena, &out, args[place - 1]);
        else
            at_text_add(arena, &out, (at_str){p, (uint32_t)used});
        p += used;
    }
    return (at_str){out.at ? out.at : "", (uint32_t)out.n};
}

/* ---- arguments */

static at_str phrase(struct at_arena *arena, const struct at_words *words, at_str english, int depth,
                     bool *found);

/* Where `mark` first stands outside quotes; the length of the text if nowhere. */
static uint32_t outside(at_str text, const char *mark) {
    uint32_t n = (uint32_t)strlen(mark);
    bool code = false;
    for (uint32_t i = 0; i + n <= text.n; i++) {
        if (!code && memcmp(text.p + i, mark, n) == 0) return i;
        code ^= text.p[i] == '`' || text.p[i] == '"';
    }
    return text.n;
}

/* "`a`, `b`, or c" if each part has a text. */
static bool list_of(struct at_arena *arena, const struct at_words *words, at_str english, int depth,
                    at_str *out) {
    static const struct {
        const char *english, *text;
    } joints[] = {{", or ", "或"}, {" or ", "或"}, {", and ", "和"},
                  {" and ", "和"}, {" → ", " → "}, {", ", "、"}};
    for (size_t i = 0; i < AT_COUNT(joints); i++) {
        uint32_t at = outside(english, joints[i].english), n = (uint32_t)strlen(joints[i].english);
        if (at == 0 || at + n >= english.n) continue;
        bool left, right;
        at_str a = phrase(arena, words, (at_str){english.p, at}, depth, &left);
        at_str b = phrase(arena, words, (at_str){english.p + at + n, english.n - at - n}, depth, &right);
        if (!left || !right) return false;
        *out = at_str_format(arena, "%.*s%s%.*s", AT_STR_ARG(a), joints[i].text, AT_STR_ARG(b));
        return true;
    }
    return false;
}

/* A message with one place, such as "money in {1}", that has words before the place. */
static bool pattern_of(struct at_arena *arena, const struct at_words *words, at_str english, int depth,
                       at_str *out) {
    for (size_t i = 0; i < AT_COUNT(zh); i++) {
        at_str whole = at_str_z(zh[i].english);
        const char *place = strstr(whole.p, "{1}");
        uint32_t before = place ? (uint32_t)(place - whole.p) : 0, after = whole.n - before - 3;
        if (before == 0 || before + after < 6 || strstr(place + 3, "{") || english.n <= before + after)
            continue;
        if (memcmp(english.p, whole.p, before) != 0) continue;
        if (memcmp(english.p + english.n - after, place + 3, after) != 0) continue;
        bool found;
        at_str inner = {english.p + before, english.n - before - after};
        if (place[-1] != '`') inner = phrase(arena, words, inner, depth, &found);
        *out = fill(arena, zh[i].text, &inner, 1);
        return true;
    }
    return false;
}

/* A text without words of the language stays as it is, such as the name of a table. */
static at_str phrase(struct at_arena *arena, const struct at_words *words, at_str english, int depth,
                     bool *found) {
    const char *text = find(words, english);
    at_str out = english;
    *found = true;
    if (text) return at_str_z(text);
    if (english.n > 2 && english.p[0] == '`' &&
        memchr(english.p + 1, '`', english.n - 1) == english.p + english.n - 1)
        return at_str_format(arena, "「%.*s」", (int)english.n - 2, english.p + 1);
    *found = depth > 0 && (pattern_of(arena, words, english, depth - 1, &out) ||
                           list_of(arena, words, english, depth - 1, &out));
    return out;
}

bool at_words_phrase(struct at_arena *arena, const struct at_words *words, at_str english, at_str *out) {
    bool found;
    *out = phrase(arena, words, english, 1, &found);
    return found;
}

/* ---- format strings */

/* The end of the conversion that starts after the `%` at `p`. */
static const char *conversion_end(const char *p) {
    p++;
    p += strspn(p, "-+ #0123456789.*");
    p += strspn(p, "hljzt");
    return *p ? p + 1 : p;
}

static bool add(struct shape *s, char c) {
    if (s->n + 1 >= LONGEST) return false;
    s->text[s->n++] = c;
    return true;
}

/* False if the format string is longer than any that is looked up. */
static bool read_shape(struct shape *s, const char *format) {
    bool code = false, text = false;
    s->n = s->n_args = 0;
    for (const char *p = format; *p;) {
        code ^= *p == '`';
        text ^= *p == '"';
        if (*p != '%' || p[1] == '%') {
            if (!add(s, *p)) return false;
            p += *p == '%' ? 2 : 1;
            continue;
        }
        if (s->n_args >= MOST) return false;
        s->quoted[s->n_args++] = code || text;
        char place[8];
        snprintf(place, sizeof place, "{%u}", s->n_args);
        for (const char *c = place; *c; c++)
            if (!add(s, *c)) return false;
        p = conversion_end(p);
    }
    s->text[s->n] = '\0';
    return true;
}

static at_str number_text(struct at_arena *arena, const char *from, const char *end, va_list *args) {
    char spec[16] = {0};
    size_t n = (size_t)(end - from);
    if (n >= sizeof spec) return (at_str){0};
    memcpy(spec, from, n);
    bool wide = strchr(spec, 'l') != NULL, twice = strstr(spec, "ll") != NULL;
    uint64_t value;
    bool negative = end[-1] == 'd' || end[-1] == 'i';
    if (strchr(spec, 'z'))
        value = va_arg(*args, size_t);
    else if (twice)
        value = (uint64_t)va_arg(*args, long long);
    else if (wide)
        value = (uint64_t)va_arg(*args, long);
    else if (negative || end[-1] == 'c')
        value = (uint64_t)(int64_t)va_arg(*args, int);
    else
        value = va_arg(*args, unsigned);
    if (end[-1] == 'c') return at_str_format(arena, "%c", (char)value);
    unsigned width = spec[1] == '0' && spec[2] >= '1' && spec[2] <= '9' ? (unsigned)(spec[2] - '0') : 1;
    if (negative) return at_str_format(arena, "%lld", (long long)value);
    return at_str_format(arena, "%0*llu", (int)width, (unsigned long long)value);
}

/* The text of the next argument. */
static at_str argument(struct at_arena *arena, const char *from, const char *end, va_list *args) {
    if (end[-1] != 's') return number_text(arena, from, end, args);
    int most = -1;
    if (from[1] == '.') most = from[2] == '*' ? va_arg(*args, int) : from[2] - '0';
    const char *text = va_arg(*args, const char *);
    size_t n = 0;
    while ((most < 0 || n < (size_t)most) && (most >= 0 && from[2] == '*' ? true : text[n] != '\0'))
        n++;
    return at_str_copy(arena, (at_str){text, (uint32_t)n});
}

bool at_words_message(struct at_arena *arena, const struct at_words *words, const char *format, va_list args,
                      at_str *out) {
    struct shape shape;
    if (!words || !read_shape(&shape, format)) return false;
    const char *text = find(words, (at_str){shape.text, (uint32_t)shape.n});
    if (!text) return false;
    at_str values[MOST];
    unsigned n = 0;
    va_list rest;
    va_copy(rest, args);
    for (const char *p = format; *p;) {
        if (*p != '%' || p[1] == '%') {
            p += *p == '%' ? 2 : 1;
            continue;
        }
        const char *end = conversion_end(p);
        values[n] = argument(arena, p, end, &rest);
        bool found;
        if (!shape.quoted[n]) values[n] = phrase(arena, words, values[n], MOST, &found);
        if (!shape.quoted[n] && !found) values[n] = at_words_hook(arena, words, values[n]);
        n++;
        p = end;
    }
    va_end(rest);
    *out = fill(arena, text, values, n);
    return true;
}
