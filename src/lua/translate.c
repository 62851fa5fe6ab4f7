/* lua/translate.c: reads the words of a Lua text, for three things: `==`, `~=` and `[…]` become what
 * lib_compare.c explains; floats are noted for a warning; what a hook must not use is found.
 *
 * Line ends stay where they are, so that lines in messages are those of the file. Whether the text is Lua at
 * all is decided by the interpreter, on the original.
 */
#include "lua/lua_int.h"

#include "base/vec.h"

struct scan {
    struct at_arena *arena;
    const char *start, *p, *end;
    AT_VEC(char) out;
    AT_VEC(struct at_lua_mark) floats;
    AT_VEC(uint8_t) brackets; /* of each `[` that is open: whether `__key(` was put in */
    struct at_lua_text *text;
};

static void put(struct scan *s, const char *bytes, size_t n) {
    AT_VEC_ROOM(s->arena, &s->out, n);
    memcpy(s->out.at + s->out.n, bytes, n);
    s->out.n += n;
}

static void keep(struct scan *s, size_t n) {
    put(s, s->p, n);
    s->p += n;
}

static char ahead(const struct scan *s, size_t n) {
    return s->p + n < s->end ? s->p[n] : '\0';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static void wrong(struct scan *s, size_t n, const char *why) {
    if (s->text->wrong.end) return;
    s->text->wrong = (struct at_lua_mark){(uint32_t)(s->p - s->start), (uint32_t)(s->p - s->start + n)};
    s->text->why = why;
}

/* The level of a long bracket that opens at p ([[ is 0), or -1. */
static int long_level(const struct scan *s, size_t at) {
    int level = 0;
    if (ahead(s, at) != '[') return -1;
    while (ahead(s, at + 1 + (size_t)level) == '=')
        level++;
    return ahead(s, at + 1 + (size_t)level) == '[' ? level : -1;
}

static void long_text(struct scan *s, size_t before, int level) {
    keep(s, before + (size_t)level + 2);
    while (s->p < s->end) {
        size_t n = 0;
        if (*s->p == ']')
            while (ahead(s, n + 1) == '=')
                n++;
        if (*s->p == ']' && n == (size_t)level && ahead(s, n + 1) == ']') {
            keep(s, n + 2);
            return;
        }
        keep(s, 1);
    }
}

static void comment(struct scan *s) {
    int level = long_level(s, 2);
    if (level >= 0) {
        long_text(s, 2, level);
        return;
    }
    while (s->p < s->end && *s->p != '\n')
        keep(s, 1);
}

static void quoted(struct scan *s) {
    char quote = *s->p;
    keep(s, 1);
    while (s->p < s->end && *s->p != quote) {
        if (*s->p == '\n') return; /* never closed: the interpreter says so */
        if (*s->p == '\\' && s->p + 1 < s->end) {
            bool skips = s->p[1] == 'z';
            keep(s, 2);
            while (skips && s->p < s->end && is_space(*s->p))
                keep(s, 1);
            continue;
        }
        keep(s, 1);
    }
    if (s->p < s->end) keep(s, 1);
}

/* The length of the number at p; *is_float where it is none of whole numbers. */
static size_t number_length(const struct scan *s, bool *is_float) {
    size_t n = 0;
    bool hex = s->p[0] == '0' && (ahead(s, 1) == 'x' || ahead(s, 1) == 'X');
    if (hex) n = 2;
    *is_float = false;
    for (;; n++) {
        char c = ahead(s, n);
        bool exponent = hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
        if (exponent || c == '.') *is_float = true;
        if (exponent && (ahead(s, n + 1) == '+' || ahead(s, n + 1) == '-')) n++;
        if (!exponent && c != '.' && !is_hex(c) && !is_letter(c)) break;
    }
    if (!hex && !*is_float && n > 18) { /* too long for a whole number of Lua */
        uint64_t value = 0;
        for (size_t i = 0; i < n; i++)
            *is_float |= __builtin_mul_overflow(value, (uint64_t)10, &value) ||
                         __builtin_add_overflow(value, (uint64_t)(s->p[i] - '0'), &value) ||
                         value > INT64_MAX;
    }
    return n;
}

static void number(struct scan *s) {
    bool is_float;
    size_t n = number_length(s, &is_float);
    if (is_float) {
        struct at_lua_mark mark = {(uint32_t)(s->p - s->start), (uint32_t)(s->p - s->start + n)};
        AT_VEC_PUSH(s->arena, &s->floats, mark);
    }
    keep(s, n);
}

static void name(struct scan *s) {
    size_t n = 0;
    while (is_letter(ahead(s, n)) || is_digit(ahead(s, n)))
        n++;
    static const char *const words[] = {AT_LUA_WORDS};
    for (size_t i = 0; i < AT_COUNT(words); i++)
        if (n == strlen(words[i]) && memcmp(s->p, words[i], n) == 0)
            wrong(s, n, "this name is kept for the language");
    keep(s, n);
}

/* `local x <const> = …`: the only angle brackets that do not compare. */
static size_t attribute_length(const struct scan *s) {
    static const char *const words[] = {"const", "close"};
    size_t i = 1;
    while (is_space(ahead(s, i)))
        i++;
    for (size_t w = 0; w < AT_COUNT(words); w++) {
        if ((size_t)(s->end - s->p) < i + 5 || memcmp(s->p + i, words[w], 5) != 0) continue;
        for (i += 5; is_space(ahead(s, i)); i++)
            ;
        return ahead(s, i) == '>' ? i + 1 : 0;
    }
    return 0;
}

static void comparison(struct scan *s, const char *word, size_t n) {
    put(s, " |", 2);
    put(s, word, strlen(word));
    put(s, "| ", 2);
    s->p += n;
}

/* A text or a whole number between brackets stays as it is. */
static bool plain_key(const struct scan *s) {
    size_t i = 1;
    while (ahead(s, i) == ' ')
        i++;
    char quote = ahead(s, i);
    if (quote == '"' || quote == '\'') {
        for (i++; ahead(s, i) != quote; i++)
            if (ahead(s, i) == '\0' || ahead(s, i) == '\\' || ahead(s, i) == '\n') return false;
        i++;
    } else {
        if (!is_digit(quote)) return false;
        while (is_digit(ahead(s, i)))
            i++;
    }
    while (ahead(s, i) == ' ')
        i++;
    return ahead(s, i) == ']';
}

static void bracket(struct scan *s) {
    uint8_t wrapped = !plain_key(s);
    AT_VEC_PUSH(s->arena, &s->brackets, wrapped);
    keep(s, 1);
    if (wrapped) put(s, "__key(", 6);
}

static void closing(struct scan *s) {
    if (s->brackets.n && s->brackets.at[--s->brackets.n]) put(s, ")", 1);
    keep(s, 1);
}

static void angle(struct scan *s) {
    bool less = *s->p == '<', equal = ahead(s, 1) == '=';
    size_t attribute = less ? attribute_length(s) : 0;
    if (attribute)
        keep(s, attribute);
    else if (ahead(s, 1) == *s->p)
        keep(s, 2); /* a shift of bits */
    else
        comparison(s, less ? (equal ? "__most" : "__less") : equal ? "__least" : "__more", equal ? 2 : 1);
}

static void mark(struct scan *s) {
    char c = *s->p, next = ahead(s, 1);
    if ((c == '=' || c == '~') && next == '=')
        comparison(s, c == '~' ? "__isnt" : "__is", 2);
    else if (c == '<' || c == '>')
        angle(s);
    else if (c == '|') {
        wrong(s, 1, "`|` is not available in hooks");
        keep(s, 1);
    } else if (c == '[')
        bracket(s);
    else if (c == ']')
        closing(s);
    else if (c == '.' && next == '.')
        keep(s, ahead(s, 2) == '.' ? 3 : 2);
    else
        keep(s, 1);
}

void at_lua_translate(struct at_arena *arena, at_str text, struct at_lua_text *out) {
    static const char *const words[] = {AT_LUA_WORDS};
    struct scan s = {.arena = arena, .start = text.p, .p = text.p, .end = text.p + text.n, .text = out};
    *out = (struct at_lua_text){0};
    put(&s, "local ", 6);
    for (size_t i = 0; i < AT_COUNT(words); i++) {
        put(&s, words[i], strlen(words[i]));
        if (i + 1 < AT_COUNT(words)) put(&s, ",", 1);
    }
    put(&s, "=...;", 5);
    while (s.p < s.end) {
        char c = *s.p;
        int level = long_level(&s, 0);
        if (c == '-' && ahead(&s, 1) == '-')
            comment(&s);
        else if (level >= 0)
            long_text(&s, 0, level);
        else if (c == '"' || c == '\'')
            quoted(&s);
        else if (is_digit(c) || (c == '.' && is_digit(ahead(&s, 1))))
            number(&s);
        else if (is_letter(c))
            name(&s);
        else
            mark(&s);
    }
    out->text = (at_str){s.out.at, (uint32_t)s.out.n};
    out->floats = s.floats.at;
    out->n_floats = (uint32_t)s.floats.n;
}
