/* lua/translate.c: turns the text of a hook into the text that the interpreter loads.
 *
 * lib_compare.c describes the translation of `==`, `~=`, `<`, `#`, `[…]`, and so on. Notes floats for a
 * warning, and finds tokens that hooks must not use. Copies everything else with its line ends, so that
 * messages have the lines of the file. The interpreter has accepted the original text before.
 */
#include "lua/lua_int.h"

#include "base/vec.h"

/* The position in `local a <const>, b`. These are the only angle brackets that do not compare. */
enum declaring { DECLARES_NOTHING, AFTER_LOCAL, AFTER_LOCAL_NAME, IN_ATTRIBUTE, AFTER_ATTRIBUTE };
#define MOST_NAME 200

struct scan {
    struct at_arena *arena;
    at_str source;
    struct at_lua_token token; /* the current one */
    enum declaring declaring;
    AT_VEC(char) out;
    AT_VEC(struct at_lua_mark) floats;
    AT_VEC(uint8_t) brackets; /* for each open `[`: whether `__key(` was inserted */
    struct at_lua_text *text;
};

static void put(struct scan *s, const char *bytes, size_t n) {
    AT_VEC_ROOM(s->arena, &s->out, n);
    memcpy(s->out.at + s->out.n, bytes, n);
    s->out.n += n;
}

static void keep(struct scan *s) {
    put(s, s->source.p + s->token.start, s->token.end - s->token.start);
}

static bool is(const struct scan *s, const struct at_lua_token *token, const char *word) {
    uint32_t n = token->end - token->start;
    return n == strlen(word) && memcmp(s->source.p + token->start, word, n) == 0;
}

/* Notes the first token that hooks must not use. Later ones are not reported. */
static void wrong(struct scan *s, const char *why) {
    if (s->text->wrong.end) return;
    s->text->wrong = (struct at_lua_mark){s->token.start, s->token.end};
    s->text->why = why;
}

/* The inserted words are locals of the file. A script that uses them could replace the comparisons. */
static void name(struct scan *s) {
    static const char *const words[] = {AT_LUA_WORDS};
    for (size_t i = 0; i < AT_COUNT(words); i++)
        if (is(s, &s->token, words[i])) wrong(s, "this name is reserved");
    if (s->token.end - s->token.start > MOST_NAME) wrong(s, "a name in a hook can have at most 200 letters");
    keep(s);
}

static void number(struct scan *s) {
    if (s->token.is_float) {
        struct at_lua_mark mark = {s->token.start, s->token.end};
        AT_VEC_PUSH(s->arena, &s->floats, mark);
    }
    keep(s);
}

/* Returns the next token that is not a space or a comment. */
static struct at_lua_token following(const struct scan *s, const struct at_lua_token *token) {
    struct at_lua_token next = at_lua_token_at(s->source, token->end);
    while (next.kind == AT_LT_SPACE || next.kind == AT_LT_COMMENT)
        next = at_lua_token_at(s->source, next.end);
    return next;
}

/* A key that is a short text or a small whole number needs no `__key`, which converts and charges. */
static void bracket(struct scan *s) {
    struct at_lua_token key = following(s, &s->token), after = following(s, &key);
    bool plain =
        (key.kind == AT_LT_TEXT || (key.kind == AT_LT_NUMBER && !key.is_float)) && is(s, &after, "]");
    uint32_t length = key.end - key.start;
    uint8_t wrapped = !plain || length > (key.kind == AT_LT_TEXT ? 40 : 5);
    AT_VEC_PUSH(s->arena, &s->brackets, wrapped);
    keep(s);
    if (wrapped) put(s, "__key(", 6);
}

/* Closes the `__key(` that belongs to this bracket. Brackets nest, so this is a stack. */
static void closing(struct scan *s) {
    if (s->brackets.n && s->brackets.at[--s->brackets.n]) put(s, ")", 1);
    keep(s);
}

static void put_word(struct scan *s, const char *before, const char *word, const char *after) {
    put(s, before, strlen(before));
    put(s, word, strlen(word));
    put(s, after, strlen(after));
}

static void sign(struct scan *s) {
    static const struct {
        const char *sign, *word;
    } compare[] = {{"==", "__is"},   {"~=", "__isnt"}, {"<", "__less"},
                   {"<=", "__most"}, {">", "__more"},  {">=", "__least"}};
    if (s->declaring == IN_ATTRIBUTE || s->declaring == AFTER_ATTRIBUTE) {
        keep(s);
        return;
    }
    for (size_t i = 0; i < AT_COUNT(compare); i++)
        if (is(s, &s->token, compare[i].sign)) {
            put_word(s, " |", compare[i].word, "| ");
            return;
        }
    if (is(s, &s->token, "#")) {
        put_word(s, " ", "__border", "^");
    } else if (is(s, &s->token, "[")) {
        bracket(s);
    } else if (is(s, &s->token, "]")) {
        closing(s);
    } else {
        if (is(s, &s->token, "|")) wrong(s, "`|` is not available in hooks");
        keep(s);
    }
}

static enum declaring declare(const struct scan *s) {
    bool named = s->token.kind == AT_LT_NAME;
    if (named && is(s, &s->token, "local")) return AFTER_LOCAL;
    switch (s->declaring) {
    case AFTER_LOCAL: return named && !is(s, &s->token, "function") ? AFTER_LOCAL_NAME : DECLARES_NOTHING;
    case AFTER_LOCAL_NAME:
        if (is(s, &s->token, "<")) return IN_ATTRIBUTE;
        return is(s, &s->token, ",") ? AFTER_LOCAL : DECLARES_NOTHING;
    case IN_ATTRIBUTE: return is(s, &s->token, ">") ? AFTER_ATTRIBUTE : IN_ATTRIBUTE;
    case AFTER_ATTRIBUTE: return is(s, &s->token, ",") ? AFTER_LOCAL : DECLARES_NOTHING;
    case DECLARES_NOTHING: break;
    }
    return DECLARES_NOTHING;
}

static void one(struct scan *s) {
    if (s->token.kind == AT_LT_SPACE || s->token.kind == AT_LT_COMMENT) {
        keep(s);
        return;
    }
    s->declaring = declare(s);
    switch (s->token.kind) {
    case AT_LT_NAME: name(s); break;
    case AT_LT_NUMBER: number(s); break;
    case AT_LT_SIGN: sign(s); break;
    default: keep(s); break;
    }
}

void at_lua_translate(struct at_arena *arena, at_str text, struct at_lua_text *out) {
    static const char *const words[] = {AT_LUA_WORDS};
    struct scan s = {.arena = arena, .source = text, .text = out};
    *out = (struct at_lua_text){0};
    put(&s, "local ", 6);
    for (size_t i = 0; i < AT_COUNT(words); i++)
        put_word(&s, "", words[i], ",");
    put_word(&s, "", "require", "=...;");
    for (;;) {
        s.token = at_lua_token_at(text, s.token.end);
        if (s.token.kind == AT_LT_END) break;
        one(&s);
    }
    out->text = (at_str){s.out.at, (uint32_t)s.out.n};
    out->floats = s.floats.at;
    out->n_floats = (uint32_t)s.floats.n;
}
