/* lua/lib_compare.c: compares exact values with each other and with integers, and makes keys of them.
 *
 * Lua calls no metamethod to compare a userdata with an integer, so `years == 2` would always be false. It
 * compares texts by the host's locale. So translate.c changes a file before it is loaded:
 *
 *     years == 2      becomes   years |__is| 2        (years | __is) | 2, where `|` has a metamethod
 *     name < "m"      becomes   name |__less| "m"
 *     rates[level]    becomes   rates[__key(level)]   an exact whole number as the integer that it is
 *     #list           becomes   __border^list         `^` binds as `#` does
 *
 * `a | __is` pushes a on a stack and returns a holder. The holder and b then compare. It is a stack because
 * evaluating b may compare, too. All comparisons are translated, because they have the same precedence. `|`
 * is not available in hooks. A call that stops between a and b leaves a on the stack, so each call starts
 * with an empty stack. `#` is translated because Lua's own depends on the seed of its hashes if a list has
 * holes.
 */
#include "lua/lua_int.h"

/* An exact value can be compared with nil. With another type, at_lua_value_order raises an error. */
bool at_lua_is_equal(lua_State *L, int a, int b) {
    a = lua_absindex(L, a);
    b = lua_absindex(L, b);
    if (at_lua_box_at(L, a) || at_lua_box_at(L, b)) {
        if (lua_isnoneornil(L, a) || lua_isnoneornil(L, b)) return false;
        return at_lua_value_order(L, a, b) == 0;
    }
    if (lua_type(L, a) == LUA_TSTRING && lua_type(L, b) == LUA_TSTRING)
        at_lua_charge(L, lua_rawlen(L, a) / 16);
    return lua_compare(L, a, b, LUA_OPEQ);
}

/* Orders texts by their bytes. Lua itself would use the locale of the host, and results would depend on it.
 * */
static int bytes_order(lua_State *L, int a, int b) {
    size_t na, nb;
    const char *p = lua_tolstring(L, a, &na), *q = lua_tolstring(L, b, &nb);
    at_lua_charge(L, (na < nb ? na : nb) / 16);
    int c = memcmp(p, q, na < nb ? na : nb);
    return c ? c : (na > nb) - (na < nb);
}

/* Returns whether the value at i is a table with this metamethod. */
static bool has_event(lua_State *L, int i, const char *event) {
    if (lua_type(L, i) != LUA_TTABLE || luaL_getmetafield(L, i, event) == LUA_TNIL) return false;
    lua_pop(L, 1);
    return true;
}

bool at_lua_is_less(lua_State *L, int a, int b, bool or_equal) {
    const char *event = or_equal ? "__le" : "__lt";
    a = lua_absindex(L, a);
    b = lua_absindex(L, b);
    int ta = lua_type(L, a), tb = lua_type(L, b);
    if (at_lua_box_at(L, a) || at_lua_box_at(L, b)) {
        int order = at_lua_value_order(L, a, b);
        return or_equal ? order <= 0 : order < 0;
    }
    if (ta == LUA_TSTRING && tb == LUA_TSTRING) {
        int order = bytes_order(L, a, b);
        return or_equal ? order <= 0 : order < 0;
    }
    bool numbers = ta == LUA_TNUMBER && tb == LUA_TNUMBER;
    if (!numbers && !has_event(L, a, event) && !has_event(L, b, event)) {
        const char *x = at_lua_kind_words(L, a), *y = at_lua_kind_words(L, b);
        luaL_error(L, "cannot compare %s and %s", x, y);
    }
    return lua_compare(L, a, b, or_equal ? LUA_OPLE : LUA_OPLT);
}

/* `a > b` is `b < a`, as in Lua, so a metatable needs only `__lt` and `__le`. */
static bool compared(lua_State *L, int sign, int a, int b) {
    switch (sign) {
    case AT_L_IS: return at_lua_is_equal(L, a, b);
    case AT_L_ISNT: return !at_lua_is_equal(L, a, b);
    case AT_L_LESS: return at_lua_is_less(L, a, b, false);
    case AT_L_MOST: return at_lua_is_less(L, a, b, true);
    case AT_L_MORE: return at_lua_is_less(L, b, a, false);
    default: return at_lua_is_less(L, b, a, true);
    }
}

/* Called twice for a comparison: with a sign on the right, and then with a holder on the left. The holders
 * are shared, because each one only names its comparison. The left side is on the stack of the registry. */
static int sign_or(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    const struct at_lua_box *left = at_lua_box_at(L, 1), *right = at_lua_box_at(L, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_PENDING);
    if (left && left->kind == AT_L_HOLDER) {
        lua_rawgeti(L, 3, lua->pending);
        /* The left side must not stay alive after the comparison. */
        lua_pushnil(L);
        lua_rawseti(L, 3, lua->pending--);
        lua_pushboolean(L, compared(L, left->form, 4, 2));
        return 1;
    }
    if (!right || right->kind != AT_L_SIGN) return luaL_error(L, "`|` is not available in hooks");
    lua_pushvalue(L, 1);
    lua_rawseti(L, 3, lua->pending + 1);
    if (++lua->pending > lua->most_pending) lua->most_pending = lua->pending;
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_HOLDERS + right->form);
    return 1;
}

#define FEW_PENDING 32 /* a larger table is dropped after the call */

void at_lua_compare_begin(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    if (lua->pending == 0 && lua->most_pending <= FEW_PENDING) return;
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_PENDING);
    lua->pending = lua->most_pending = 0;
}

/* Implements `#`, which is translated to `__border^value`. */
static int length_of(lua_State *L) {
    if (lua_type(L, 2) == LUA_TSTRING) {
        lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 2));
        return 1;
    }
    if (lua_type(L, 2) != LUA_TTABLE)
        return luaL_error(L, "cannot take the length of %s", at_lua_kind_words(L, 2));
    if (!luaL_callmeta(L, 2, "__len")) lua_pushinteger(L, at_lua_border(L, 2));
    return 1;
}

/* Implements `__key`. An exact whole number and an integer must find the same field. A date or a period finds
 * the field of its text, so that a file of data can write either, and `pairs` has an order. */
static int key_of(lua_State *L) {
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    int64_t whole;
    lua_settop(L, 1);
    if (!box) {
        if (lua_type(L, 1) == LUA_TNUMBER && !lua_isinteger(L, 1)) at_lua_float_error(L, 1);
        if (lua_type(L, 1) == LUA_TNUMBER) at_lua_charge_key(L, lua_tointeger(L, 1));
        /* a long text is compared with the key of a table byte by byte */
        if (lua_type(L, 1) == LUA_TSTRING) at_lua_charge(L, lua_rawlen(L, 1) / 16);
        return 1;
    }
    if (box->kind == AT_L_DATE || box->kind == AT_L_PERIOD) {
        at_lua_push_tostring(L, 1); /* equal dates have one text */
        return 1;
    }
    if (box->kind != AT_L_NUMBER)
        return luaL_error(L, "%s cannot be the key of a table. Write tostring(…)", at_lua_kind_words(L, 1));
    if (!at_lua_exact_int(L, at_lua_box_num(box), &whole))
        return luaL_error(L, "a number that is not whole cannot be the key of a table. Write tostring(…)");
    at_lua_charge_key(L, whole);
    lua_pushinteger(L, whole);
    return 1;
}

void at_lua_open_compare(lua_State *L) {
    at_lua_of(L)->pending = 1; /* so that at_lua_compare_begin makes the table */
    at_lua_compare_begin(L);
    for (int kind = AT_L_SIGN; kind <= AT_L_HOLDER; kind++) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + kind);
        lua_pushcfunction(L, sign_or);
        lua_setfield(L, -2, "__bor");
        lua_pop(L, 1);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + AT_L_SIGN);
    lua_pushcfunction(L, length_of);
    lua_setfield(L, -2, "__pow");
    lua_pop(L, 1);
    for (int sign = AT_L_IS; sign <= AT_L_BORDER; sign++) {
        at_lua_push_box(L, AT_L_HOLDER, sizeof(struct at_lua_box))->form = (uint8_t)sign;
        lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_HOLDERS + sign);
        at_lua_push_box(L, AT_L_SIGN, sizeof(struct at_lua_box))->form = (uint8_t)sign;
        lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_WORDS + sign);
    }
    lua_pushcfunction(L, key_of);
    lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_WORDS + AT_LUA_N_WORDS - 1);
}
