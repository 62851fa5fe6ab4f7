/* lua/cursor.c: moves over the tokens of a Lua file. See grammar.h.
 *
 * The tokens may come from any bytes. An unexpected one ends the reading: the position moves to the end,
 * where every list and block ends.
 */
#include "lua/grammar.h"

at_str at_lua_parse_word(const struct at_lua_reader *r, size_t i) {
    return at_lua_tokens_word(r->tokens, i);
}

bool at_lua_parse_is(const struct at_lua_reader *r, const char *word) {
    return r->i < r->tokens->n && r->tokens->at[r->i].kind != AT_LT_TEXT &&
           at_lua_tokens_are(r->tokens, r->i, word);
}

bool at_lua_parse_take(struct at_lua_reader *r, const char *word) {
    bool found = at_lua_parse_is(r, word);
    r->i += found;
    return found;
}

void at_lua_parse_stop(struct at_lua_reader *r) {
    r->stopped = true;
    r->i = r->tokens->n;
}

void at_lua_parse_want(struct at_lua_reader *r, const char *word) {
    if (!at_lua_parse_take(r, word)) at_lua_parse_stop(r);
}

at_str at_lua_parse_name(struct at_lua_reader *r) {
    if (!at_lua_tokens_name(r->tokens, r->i)) {
        at_lua_parse_stop(r);
        return (at_str){"", 0};
    }
    return at_lua_parse_word(r, r->i++);
}

bool at_lua_parse_enter(struct at_lua_reader *r) {
    if (r->depth < AT_LUA_MOST_DEPTH && !r->stopped) return r->depth++, true;
    at_lua_parse_stop(r);
    return false;
}

at_span at_lua_parse_span(const struct at_lua_reader *r, size_t first, size_t last) {
    if (r->tokens->n == 0) return (at_span){r->base, r->base + 1};
    if (last >= r->tokens->n) last = r->tokens->n - 1;
    if (first > last) first = last;
    return (at_span){r->base + r->tokens->at[first].start, r->base + r->tokens->at[last].end};
}
