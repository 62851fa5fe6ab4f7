/* lua/lex.c: divides a text of Lua into tokens, as the lexer of Lua does.
 *
 * For each text that Lua accepts, the tokens are the same, and so are their lines.
 * tests/fuzz/fuzz_translate.c compares them. For other texts, tokens cover every byte, and the interpreter
 * reports the error. There is one definition of a line end, that of Lua: \n, \r, \r\n, and \n\r.
 */
#include "lua/lua_int.h"

/* A place in the text. Reads zeros after the end; a text of Lua does not contain any. */
struct reader {
    const char *p, *end;
};

static char ahead(const struct reader *r, size_t n) {
    return n < (size_t)(r->end - r->p) ? r->p[n] : '\0';
}

static bool is_hex(char c) {
    return at_str_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}
static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\v' || is_line_end(c);
}

/* Returns the bytes of a line end: two if they differ. */
static size_t line_end(char first, char second) {
    return is_line_end(second) && first != second ? 2 : 1;
}

at_str at_lua_lines(struct at_arena *arena, at_str text) {
    if (text.n == 0 || !memchr(text.p, '\r', text.n)) return text;
    char *out = AT_NEW_ARRAY(arena, char, text.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.n;) {
        if (!is_line_end(text.p[i])) {
            out[n++] = text.p[i++];
            continue;
        }
        i += (uint32_t)line_end(text.p[i], i + 1 < text.n ? text.p[i + 1] : '\0');
        out[n++] = '\n';
    }
    return (at_str){out, n};
}

/* Returns the level of a long bracket that opens n bytes after p (0 for `[[`), or -1. */
static int long_level(const struct reader *r, size_t n) {
    int level = 0;
    if (ahead(r, n) != '[') return -1;
    while (ahead(r, n + 1 + (size_t)level) == '=')
        level++;
    return ahead(r, n + 1 + (size_t)level) == '[' ? level : -1;
}

/* Moves past a long text or comment, whose bracket opens `before` bytes after p. An unclosed one extends to
 * the end. */
static void long_text(struct reader *r, size_t before, int level) {
    for (r->p += before + (size_t)level + 2; r->p < r->end; r->p++) {
        size_t n = 0;
        if (*r->p != ']') continue;
        while (ahead(r, n + 1) == '=')
            n++;
        if (n != (size_t)level || ahead(r, n + 1) != ']') continue;
        r->p += n + 2;
        return;
    }
}

/* A long comment begins with `--[[` or `--[=[`. Any other one ends with the line. */
static void comment(struct reader *r) {
    int level = long_level(r, 2);
    if (level >= 0) {
        long_text(r, 2, level);
        return;
    }
    while (r->p < r->end && !is_line_end(*r->p))
        r->p++;
}

/* The byte after a backslash, and the spaces after \z. */
static void escaped(struct reader *r) {
    char c = ahead(r, 1);
    size_t n = is_line_end(c) ? 1 + line_end(c, ahead(r, 2)) : 2;
    r->p = (size_t)(r->end - r->p) > n ? r->p + n : r->end;
    while (c == 'z' && r->p < r->end && is_space(*r->p))
        r->p++;
}

/* Moves past a quoted text. A line end that is not escaped ends it, as in Lua. */
static void quoted(struct reader *r) {
    char quote = *r->p++;
    while (r->p < r->end && *r->p != quote && !is_line_end(*r->p)) {
        if (*r->p == '\\')
            escaped(r);
        else
            r->p++;
    }
    if (r->p < r->end && *r->p == quote) r->p++; /* if it is not closed, the interpreter reports it */
}

/* Returns whether the decimal digits at p do not fit in an integer of Lua. */
static bool is_too_long(const char *p, size_t n) {
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(p[i] - '0'), &value) || value > INT64_MAX)
            return true;
    return false;
}

/* Returns whether the number is a float. */
static bool number(struct reader *r) {
    const char *start = r->p;
    bool is_float = *r->p == '.', hex;
    if (is_float) r->p++;
    /* Only a hexadecimal number may contain an exponent `p`, and only a decimal one an exponent `e`. */
    hex = *r->p == '0' && (ahead(r, 1) == 'x' || ahead(r, 1) == 'X');
    r->p += hex ? 2 : 1;
    for (;; r->p++) {
        char c = ahead(r, 0), next = ahead(r, 1);
        bool exponent = hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
        is_float |= exponent || c == '.';
        if (exponent && (next == '+' || next == '-')) r->p++;
        if (!exponent && c != '.' && !is_hex(c)) break;
    }
    if (is_letter(ahead(r, 0))) r->p++; /* as Lua does, to reject it */
    /* Lua turns a decimal integer that is too long into a float. A hexadecimal one wraps around. */
    return is_float || (!hex && r->p - start > 18 && is_too_long(start, (size_t)(r->p - start)));
}

/* Signs of several bytes must stay together: `<=` is one comparison, and `<<` is not two. */
static size_t sign_length(const struct reader *r) {
    char c = *r->p, next = ahead(r, 1);
    if (c == '.' && next == '.') return ahead(r, 2) == '.' ? 3 : 2;
    if (next == '=' && (c == '=' || c == '~' || c == '<' || c == '>')) return 2;
    if (next == c && (c == '<' || c == '>' || c == '/' || c == ':')) return 2;
    return 1;
}

struct at_lua_token at_lua_token_at(at_str text, uint32_t start) {
    struct reader r = {text.p + start, text.p + text.n};
    struct at_lua_token token = {.start = start};
    if (start >= text.n) return (struct at_lua_token){AT_LT_END, text.n, text.n, false};
    char c = *r.p;
    int level = long_level(&r, 0);
    if (is_space(c)) {
        token.kind = AT_LT_SPACE;
        while (r.p < r.end && is_space(*r.p))
            r.p++;
    } else if (c == '-' && ahead(&r, 1) == '-') {
        token.kind = AT_LT_COMMENT;
        comment(&r);
    } else if (level >= 0) {
        token.kind = AT_LT_TEXT;
        long_text(&r, 0, level);
    } else if (c == '"' || c == '\'') {
        token.kind = AT_LT_TEXT;
        quoted(&r);
    } else if (at_str_is_digit(c) || (c == '.' && at_str_is_digit(ahead(&r, 1)))) {
        token.kind = AT_LT_NUMBER;
        token.is_float = number(&r);
    } else if (is_letter(c)) {
        token.kind = AT_LT_NAME;
        while (is_letter(ahead(&r, 0)) || at_str_is_digit(ahead(&r, 0)))
            r.p++;
    } else {
        token.kind = AT_LT_SIGN;
        r.p += sign_length(&r);
    }
    token.end = (uint32_t)(r.p - text.p);
    return token;
}
