/* lua/lib_math.c: implements `math` for whole numbers and exact values. */
#include "lua/lua_int.h"

/* Pushes the result with the type of the argument at i. */
static void push_like(lua_State *L, int i, at_num value) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    if (box)
        at_lua_push_num(L, (enum at_lua_kind)box->kind, box->currency, value);
    else
        at_lua_push_num(L, AT_L_NUMBER, 0, value);
}

/* Returns the number or the amount at i without its currency. The caller gives it back to the result. */
static at_num amount_at(lua_State *L, int i, const char *who) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    return box && box->kind == AT_L_MONEY ? at_lua_box_num(box) : at_lua_want_number(L, i, who);
}

/* An integer stays an integer of Lua. Its check comes after amount_at, which refuses floats. */
static int math_floor(lua_State *L) {
    at_lua_takes(L, "math.floor", 1, 1);
    at_num value = amount_at(L, 1, "math.floor");
    if (lua_isinteger(L, 1)) return lua_settop(L, 1), 1;
    push_like(L, 1, at_lua_exact_floor(L, value));
    return 1;
}

static int math_ceil(lua_State *L) {
    at_lua_takes(L, "math.ceil", 1, 1);
    at_num value = amount_at(L, 1, "math.ceil");
    if (lua_isinteger(L, 1)) return lua_settop(L, 1), 1;
    push_like(L, 1, at_lua_exact_neg(L, at_lua_exact_floor(L, at_lua_exact_neg(L, value))));
    return 1;
}

static int math_abs(lua_State *L) {
    at_lua_takes(L, "math.abs", 1, 1);
    at_num value = amount_at(L, 1, "math.abs");
    push_like(L, 1, at_num_sign(value) < 0 ? at_lua_exact_neg(L, value) : value);
    return 1;
}

/* Returns one of the arguments itself, so it keeps its type. Comparing different currencies is an error. */
static int extreme(lua_State *L, bool most) {
    int best = 1, n = lua_gettop(L);
    luaL_checkany(L, 1);
    at_lua_charge(L, (size_t)n);
    for (int i = 1; i <= n; i++) {
        if (!at_lua_box_at(L, i)) at_lua_want_number(L, i, most ? "math.max" : "math.min");
        if (i > 1 && at_lua_is_less(L, most ? best : i, most ? i : best, false)) best = i;
    }
    lua_pushvalue(L, best);
    return 1;
}
static int math_max(lua_State *L) {
    return extreme(L, true);
}
static int math_min(lua_State *L) {
    return extreme(L, false);
}

static int math_tointeger(lua_State *L) {
    at_lua_takes(L, "math.tointeger", 1, 1);
    at_num value;
    int64_t out;
    if (!at_lua_number_at(L, 1, &value) || !at_lua_exact_int(L, value, &out)) return lua_pushnil(L), 1;
    lua_pushinteger(L, out);
    return 1;
}

void at_lua_open_math(lua_State *L) {
    static const luaL_Reg math[] = {{"floor", math_floor}, {"ceil", math_ceil}, {"abs", math_abs},
                                    {"max", math_max},     {"min", math_min},   {"tointeger", math_tointeger},
                                    {NULL, NULL}};
    luaL_newlib(L, math);
    lua_pushinteger(L, LUA_MAXINTEGER);
    lua_setfield(L, -2, "maxinteger");
    lua_pushinteger(L, LUA_MININTEGER);
    lua_setfield(L, -2, "mininteger");
}
