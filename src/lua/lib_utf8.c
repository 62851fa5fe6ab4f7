/* lua/lib_utf8.c: implements `utf8`: len, char, codepoint, sub, and codes. Positions count characters. */
#include "lua/lua_int.h"

/* Returns the text at i. Raises an error if it is not UTF-8, so the functions below need not check it. */
static at_str text_at(lua_State *L, int i, const char *who) {
    size_t n = 0;
    if (lua_type(L, i) != LUA_TSTRING)
        luaL_error(L, "%s requires text, found %s", who, at_lua_kind_words(L, i));
    const char *p = lua_tolstring(L, i, &n);
    if (at_utf8_invalid(p, n) != n) luaL_error(L, "%s: this text is not UTF-8", who);
    at_lua_charge(L, n / 4);
    return (at_str){p, (uint32_t)n};
}

/* Counts the bytes that start a character. */
static lua_Integer length(at_str s) {
    lua_Integer n = 0;
    for (uint32_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static int utf8_len(lua_State *L) {
    at_lua_takes(L, "utf8.len", 1, 1);
    lua_pushinteger(L, length(text_at(L, 1, "utf8.len")));
    return 1;
}

static int utf8_char(lua_State *L) {
    int n = lua_gettop(L);
    luaL_Buffer b;
    at_lua_charge(L, (size_t)n);
    if (n > AT_LUA_MOST_VALUES)
        return luaL_error(L, "utf8.char takes at most %d numbers", AT_LUA_MOST_VALUES);
    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        char out[4];
        lua_Integer point = at_lua_want_int(L, i, "utf8.char", 0, 0x10FFFF);
        /* Surrogates are not characters, so UTF-8 cannot contain them. */
        if (point >= 0xD800 && point <= 0xDFFF)
            return luaL_error(L, "utf8.char: %I is not a character", (LUAI_UACINT)point);
        luaL_addlstring(&b, out, at_utf8_put((uint32_t)point, out));
    }
    luaL_pushresult(&b);
    return 1;
}

/* Returns the byte at which character k (from 1) starts, or the end of the text. */
static uint32_t offset_of(at_str s, lua_Integer k) {
    uint32_t at = 0;
    for (lua_Integer i = 1; i < k && at < s.n; i++) {
        unsigned n;
        at_utf8_next(s.p + at, s.p + s.n, &n);
        at += n;
    }
    return at;
}

/* utf8.sub(text, i, j): characters, as string.sub counts bytes. */
static int utf8_sub(lua_State *L) {
    at_lua_takes(L, "utf8.sub", 2, 3);
    at_str s = text_at(L, 1, "utf8.sub");
    lua_Integer n = length(s), i = at_lua_want_int(L, 2, "utf8.sub", INT32_MIN, INT32_MAX);
    lua_Integer j = lua_isnoneornil(L, 3) ? -1 : at_lua_want_int(L, 3, "utf8.sub", INT32_MIN, INT32_MAX);
    if (i < 0) i = i + n + 1;
    if (j < 0) j = j + n + 1;
    if (i < 1) i = 1;
    if (j > n) j = n;
    if (i > j) return lua_pushliteral(L, ""), 1;
    uint32_t from = offset_of(s, i), to = offset_of(s, j + 1);
    lua_pushlstring(L, s.p + from, to - from);
    return 1;
}

static int utf8_codepoint(lua_State *L) {
    at_lua_takes(L, "utf8.codepoint", 1, 2);
    at_str s = text_at(L, 1, "utf8.codepoint");
    lua_Integer k = lua_isnoneornil(L, 2) ? 1 : at_lua_want_int(L, 2, "utf8.codepoint", 1, INT32_MAX);
    unsigned n;
    uint32_t at = offset_of(s, k);
    if (at >= s.n)
        return luaL_error(L, "utf8.codepoint: the text does not have a character %I", (LUAI_UACINT)k);
    lua_pushinteger(L, at_utf8_next(s.p + at, s.p + s.n, &n));
    return 1;
}

/* for i, character in utf8.codes(text): i counts characters. */
int at_lua_step_codes(lua_State *L) {
    size_t length_of;
    unsigned n;
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(2)), k = lua_tointeger(L, lua_upvalueindex(3)) + 1;
    const char *p = lua_tolstring(L, lua_upvalueindex(1), &length_of);
    if ((size_t)at >= length_of) return lua_pushnil(L), 1;
    at_utf8_next(p + at, p + length_of, &n);
    lua_pushinteger(L, at + n);
    lua_replace(L, lua_upvalueindex(2));
    lua_pushinteger(L, k);
    lua_pushvalue(L, -1);
    lua_replace(L, lua_upvalueindex(3));
    lua_pushlstring(L, p + at, n);
    return 2;
}

static int utf8_codes(lua_State *L) {
    at_lua_takes(L, "utf8.codes", 1, 1);
    text_at(L, 1, "utf8.codes");
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, at_lua_step_codes, 3);
    return 1;
}

void at_lua_open_utf8(lua_State *L) {
    static const luaL_Reg utf8[] = {{"len", utf8_len},     {"char", utf8_char},
                                    {"sub", utf8_sub},     {"codepoint", utf8_codepoint},
                                    {"codes", utf8_codes}, {NULL, NULL}};
    luaL_newlib(L, utf8);
}
