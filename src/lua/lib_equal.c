/* lua/lib_equal.c: `==` and `~=` between exact values and whole numbers, and exact numbers as keys of tables.
 *
 * Lua asks no metamethod when it compares a userdata with an integer, so `years == 2` would be false for
 * ever. A file is therefore translated (translate.c) before it is run:
 *
 *     years == 2      becomes   years |__is| 2        (years | __is) | 2, where `|` has a metamethod
 *     rates[level]    becomes   rates[__key(level)]   an exact whole number as the integer that it is
 *
 * `a | __is` notes a and gives a holder; the holder with b compares. Evaluation in between may compare as
 * well, so what is noted is a stack. `|` itself is not available in hooks.
 */
#include "lua/lua_int.h"

int at_is_equal(lua_State *L, int a, int b) {
    a = lua_absindex(L, a);
    b = lua_absindex(L, b);
    bool exact = at_box_at(L, a) || at_box_at(L, b);
    if (exact) {
        if (lua_isnoneornil(L, a) || lua_isnoneornil(L, b)) return 0;
        return at_value_order(L, a, b) == 0;
    }
    if (lua_type(L, a) == LUA_TSTRING && lua_type(L, b) == LUA_TSTRING) at_charge(L, lua_rawlen(L, a) / 16);
    return lua_compare(L, a, b, LUA_OPEQ);
}

static int sign_or(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    const struct at_box *left = at_box_at(L, 1), *right = at_box_at(L, 2);
    if (left && left->kind == AT_L_HOLDER) {
        bool negated = left->form;
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_PENDING);
        lua_rawgeti(L, -1, lua->pending);
        lua_pushnil(L);
        lua_rawseti(L, -3, lua->pending--);
        bool equal = at_is_equal(L, -1, 2);
        lua_pushboolean(L, equal != negated);
        return 1;
    }
    if (!right || right->kind != AT_L_SIGN) return luaL_error(L, "`|` is not available in hooks");
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_PENDING);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, ++lua->pending);
    lua_pushvalue(L, lua_upvalueindex(right->form ? 2 : 1));
    return 1;
}

static int key_of(lua_State *L) {
    const struct at_box *box = at_box_at(L, 1);
    int64_t whole;
    lua_settop(L, 1);
    if (!box) {
        if (lua_type(L, 1) == LUA_TNUMBER && !lua_isinteger(L, 1)) at_float_error(L, 1);
        return 1;
    }
    if (box->kind != AT_L_NUMBER)
        return luaL_error(L, "%s is no key of a table: write tostring(…)", at_kind_words(L, 1));
    if (!at_exact_int(L, at_box_num(box), &whole))
        return luaL_error(L, "a number that is not whole is no key of a table: write tostring(…)");
    lua_pushinteger(L, whole);
    return 1;
}

/* Pushes the three words that a translated file is given: is, isnt, key. */
void at_open_equal(lua_State *L) {
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_PENDING);
    for (int form = 0; form < 2; form++)
        at_push_box(L, AT_L_HOLDER, sizeof(struct at_box))->form = (uint8_t)form;
    int holders = lua_gettop(L) - 1;
    for (int kind = AT_L_SIGN; kind <= AT_L_HOLDER; kind++) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_META + kind);
        lua_pushvalue(L, holders);
        lua_pushvalue(L, holders + 1);
        lua_pushcclosure(L, sign_or, 2);
        lua_setfield(L, -2, "__bor");
        lua_pop(L, 1);
    }
    lua_settop(L, holders - 1);
    for (int form = 0; form < 2; form++)
        at_push_box(L, AT_L_SIGN, sizeof(struct at_box))->form = (uint8_t)form;
    lua_pushcfunction(L, key_of);
}
