/* lua/tokens.c: the tokens of a Lua file without spaces and comments, for searches that need no tree. */
#include "lua/lua_int.h"

/* Counted first, because a vector that grows leaves its old memory in the arena. */
struct at_lua_tokens at_lua_tokens_read(struct at_arena *arena, at_str text) {
    struct at_lua_tokens tokens = {.text = text};
    struct at_lua_token next = {0};
    uint32_t n = 0;
    while ((next = at_lua_token_at(text, next.end)).kind != AT_LT_END)
        n += next.kind != AT_LT_SPACE && next.kind != AT_LT_COMMENT;
    tokens.at = AT_NEW_ARRAY(arena, struct at_lua_token, n + 1);
    next = (struct at_lua_token){0};
    while ((next = at_lua_token_at(text, next.end)).kind != AT_LT_END)
        if (next.kind != AT_LT_SPACE && next.kind != AT_LT_COMMENT) tokens.at[tokens.n++] = next;
    return tokens;
}

at_str at_lua_tokens_word(const struct at_lua_tokens *tokens, size_t i) {
    if (i >= tokens->n) return (at_str){"", 0};
    const struct at_lua_token *token = &tokens->at[i];
    return (at_str){tokens->text.p + token->start, token->end - token->start};
}

bool at_lua_tokens_are(const struct at_lua_tokens *tokens, size_t i, const char *word) {
    return i < tokens->n && at_str_eq(at_lua_tokens_word(tokens, i), at_str_z(word));
}

/* The tokens of Lua do not separate keywords from names. */
static bool is_keyword(at_str word) {
    static const char *const words[] = {
        "and",   "break", "do", "else",   "elseif", "end",  "for",   "function", "goto", "if",   "in",
        "local", "not",   "or", "repeat", "return", "then", "until", "while",    "nil",  "true", "false"};
    for (size_t w = 0; w < AT_COUNT(words); w++)
        if (at_str_eq(word, at_str_z(words[w]))) return true;
    return false;
}

bool at_lua_tokens_name(const struct at_lua_tokens *tokens, size_t i) {
    return i < tokens->n && tokens->at[i].kind == AT_LT_NAME && !is_keyword(at_lua_tokens_word(tokens, i));
}
