/* lua/lib_table.c: implements concat, insert, remove, sort, unpack, and pack. Each charges for the values
 * that it touches. sort keeps the order of equal values, and reports a comparison that contradicts itself.
 */
#include "lua/lua_int.h"

/* Returns `#` of the table at 1. A metatable can return any value for it, so a value that is not the length
 * of a list is an error. Otherwise it would bound loops and charges. */
static lua_Integer length_of(lua_State *L, const char *who) {
    int64_t n = -1;
    at_num value;
    if (!luaL_callmeta(L, 1, "__len")) return at_lua_border(L, 1);
    bool good = at_lua_number_at(L, -1, &value) && at_lua_exact_int(L, value, &n) && n >= 0 && n <= INT32_MAX;
    if (!good) {
        at_lua_push_tostring(L, -1);
        luaL_error(L, "%s: `__len` of this table returned %s, which is not the length of a list", who,
                   lua_tostring(L, -1));
    }
    lua_pop(L, 1);
    return n;
}

/* Returns the length of the table at 1. The table may be read-only. */
static lua_Integer own_table(lua_State *L, const char *who) {
    if (lua_type(L, 1) != LUA_TTABLE)
        luaL_error(L, "%s requires a table, found %s", who, at_lua_kind_words(L, 1));
    return length_of(L, who);
}

/* Pushes value i of the table at 1, or sets it to the one on top, which is popped. */
static void get(lua_State *L, lua_Integer i) {
    at_lua_charge_key(L, i);
    lua_rawgeti(L, 1, i);
}
static void set(lua_State *L, lua_Integer i) {
    at_lua_charge_key(L, i);
    lua_rawseti(L, 1, i);
}

/* As own_table, but raises an error if the table is read-only. */
static lua_Integer open_table(lua_State *L, const char *who) {
    lua_Integer n = own_table(L, who);
    at_lua_push_contents(L, 1);
    if (!lua_rawequal(L, 1, -1)) luaL_error(L, "%s: this table is read-only", who);
    lua_pop(L, 1);
    return n;
}

/* Checks the length after each value, so the buffer exceeds the limit by one value at most. */
static int table_concat(lua_State *L) {
    at_lua_takes(L, "table.concat", 1, 4);
    lua_Integer n = own_table(L, "table.concat");
    size_t between;
    const char *separator = luaL_optlstring(L, 2, "", &between);
    lua_Integer i = lua_isnoneornil(L, 3) ? 1 : at_lua_want_int(L, 3, "table.concat", INT32_MIN, INT32_MAX),
                last = lua_isnoneornil(L, 4) ? n : at_lua_want_int(L, 4, "table.concat", -1, INT32_MAX);
    luaL_Buffer b;
    lua_settop(L, 2);
    luaL_buffinit(L, &b);
    for (; i <= last; i++) {
        at_lua_charge(L, 3 + between / 16);
        at_lua_charge_key(L, i);
        lua_geti(L, 1, i);
        if (lua_isnil(L, -1) || lua_type(L, -1) == LUA_TTABLE || lua_type(L, -1) == LUA_TFUNCTION ||
            lua_type(L, -1) == LUA_TBOOLEAN)
            return luaL_error(L, "table.concat requires texts or numbers, but value %I is %s", (LUAI_UACINT)i,
                              at_lua_kind_words(L, -1));
        at_lua_push_tostring(L, -1);
        lua_remove(L, -2);
        at_lua_charge(L, lua_rawlen(L, -1) / 16);
        luaL_addvalue(&b);
        if (i < last) luaL_addlstring(&b, separator, between);
        if (luaL_bufflen(&b) > AT_LUA_MOST_TEXT) return luaL_error(L, "a text in a hook cannot exceed 64 KB");
    }
    luaL_pushresult(&b);
    return 1;
}

static int table_insert(lua_State *L) {
    at_lua_takes(L, "table.insert", 2, 3);
    lua_Integer n = open_table(L, "table.insert"), at = n + 1;
    int given = lua_gettop(L);
    if (given == 3)
        at = at_lua_want_int(L, 2, "table.insert", 1, n + 1);
    else if (given != 2)
        return luaL_error(L, "table.insert requires a table, an optional position, and a value");
    at_lua_charge(L, (size_t)(n + 1 - at));
    for (lua_Integer i = n; i >= at; i--) {
        get(L, i);
        set(L, i + 1);
    }
    set(L, at);
    return 0;
}

static int table_remove(lua_State *L) {
    at_lua_takes(L, "table.remove", 1, 2);
    lua_Integer n = open_table(L, "table.remove");
    if (n == 0 && lua_isnoneornil(L, 2)) return lua_pushnil(L), 1;
    lua_Integer at = lua_isnoneornil(L, 2) ? n : at_lua_want_int(L, 2, "table.remove", n ? 1 : 0, n + 1);
    get(L, at);
    if (at <= n) at_lua_charge(L, (size_t)(n - at));
    for (lua_Integer i = at; i < n; i++) {
        get(L, i + 1);
        set(L, i);
    }
    if (at <= n) {
        lua_pushnil(L);
        set(L, n);
    }
    return 1;
}

static int table_unpack(lua_State *L) {
    at_lua_takes(L, "table.unpack", 1, 3);
    lua_Integer n = own_table(L, "table.unpack"),
                i = lua_isnoneornil(L, 2) ? 1 : at_lua_want_int(L, 2, "table.unpack", INT32_MIN, INT32_MAX);
    lua_Integer last =
        lua_isnoneornil(L, 3) ? n : at_lua_want_int(L, 3, "table.unpack", INT32_MIN, INT32_MAX);
    if (i > last) return 0;
    if (last - i >= AT_LUA_MOST_VALUES)
        return luaL_error(L, "table.unpack returns at most %d values", AT_LUA_MOST_VALUES);
    luaL_checkstack(L, (int)(last - i) + 10, NULL);
    at_lua_charge(L, (size_t)(last - i));
    int count = (int)(last - i) + 1;
    for (; i <= last; i++) {
        at_lua_charge_key(L, i);
        lua_geti(L, 1, i);
    }
    return count;
}

/* Sets the values from the last to the first, because each one is popped from the top. */
static int table_pack(lua_State *L) {
    int n = lua_gettop(L);
    lua_createtable(L, n, 1);
    lua_insert(L, 1);
    at_lua_charge(L, (size_t)n);
    for (int i = n; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, n);
    lua_setfield(L, 1, "n");
    return 1;
}

/* ---- sort: 1 the values, 2 the comparison or nil, 3 a table to merge through */

/* Returns whether the value on top comes before the one below it. */
static bool comes_before(lua_State *L) {
    bool out;
    at_lua_charge(L, 4);
    if (lua_isnil(L, 2)) return at_lua_is_less(L, -1, -2, false);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -4);
    lua_call(L, 2, 1);
    out = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return out;
}

/* Sorts the values from `from` to before `to` of the table at 1, in time n log n. A stable merge makes the
 * order of equal values defined. */
static void merge(lua_State *L, lua_Integer from, lua_Integer to) {
    if (to - from < 2) return;
    lua_Integer middle = from + (to - from) / 2, i = from, k = middle;
    merge(L, from, middle);
    merge(L, middle, to);
    for (lua_Integer at = from; at < to; at++) {
        bool right = i >= middle;
        if (i < middle && k < to) {
            get(L, i);
            get(L, k);
            right = comes_before(L);
            lua_pop(L, 2);
        }
        get(L, right ? k++ : i++);
        lua_rawseti(L, 3, at);
    }
    at_lua_charge(L, (size_t)(to - from));
    for (lua_Integer at = from; at < to; at++) {
        lua_rawgeti(L, 3, at);
        set(L, at);
    }
}

static int table_sort(lua_State *L) {
    at_lua_takes(L, "table.sort", 1, 2);
    lua_Integer n = open_table(L, "table.sort");
    if (!lua_isnoneornil(L, 2) && lua_type(L, 2) != LUA_TFUNCTION)
        return luaL_error(L, "table.sort requires a comparison function, found %s", at_lua_kind_words(L, 2));
    lua_settop(L, 2);
    lua_newtable(L);
    at_lua_charge(L, (size_t)n);
    merge(L, 1, n + 1);
    /* A comparison such as `a <= b` is not an order. Without this check, the result would depend on the
     * algorithm. */
    for (lua_Integer i = 1; i < n; i++) {
        get(L, i);
        get(L, i + 1);
        if (comes_before(L))
            return luaL_error(L, "table.sort: the comparison function contradicts itself. It must return "
                                 "whether a is before b");
        lua_pop(L, 2);
    }
    return 0;
}

void at_lua_open_table(lua_State *L) {
    static const luaL_Reg table[] = {{"concat", table_concat},
                                     {"insert", table_insert},
                                     {"remove", table_remove},
                                     {"sort", table_sort},
                                     {"unpack", table_unpack},
                                     {"pack", table_pack},
                                     {NULL, NULL}};
    luaL_newlib(L, table);
}
