/* lua/lib_base.c: implements the functions without a prefix, and reports the ones that hooks do not have.
 *
 * `pairs` and `next` have the same order in every run: whole numbers from the smallest, then texts by their
 * bytes, then false and true. `setmetatable` copies the metatable, so no script holds the one in use.
 */
#include "lua/lua_int.h"

#include "lua/job.h"

/* ---- text of anything, without addresses */

static void push_box_text(lua_State *L, const struct at_lua_box *box) {
    char text[64];
    int year, month, day;
    at_lua_charge(L, 4);
    switch ((enum at_lua_kind)box->kind) {
    case AT_L_NUMBER: at_lua_push_digits(L, at_lua_box_num(box), 0, -1, false); return;
    case AT_L_MONEY: at_lua_push_digits(L, at_lua_box_num(box), box->currency, -1, false); return;
    case AT_L_DURATION:
        at_lua_push_digits(L, at_lua_box_num(box), 0, -1, false);
        lua_pushstring(L, box->months ? " months" : " days");
        lua_concat(L, 2);
        return;
    case AT_L_DATE:
        at_date_split(box->i, &year, &month, &day);
        snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        break;
    case AT_L_PERIOD: {
        at_period_write(text, box->period);
        break;
    }
    default: snprintf(text, sizeof text, "cell"); break;
    }
    lua_pushstring(L, text);
}

void at_lua_push_tostring(lua_State *L, int i) {
    i = lua_absindex(L, i);
    const struct at_lua_box *box = at_lua_box_at(L, i);
    if (box) {
        push_box_text(L, box);
        return;
    }
    switch (lua_type(L, i)) {
    case LUA_TNIL:
    case LUA_TNONE: lua_pushliteral(L, "nil"); return;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, i) ? "true" : "false"); return;
    case LUA_TNUMBER:
    case LUA_TSTRING:
        lua_pushvalue(L, i);
        lua_tolstring(L, -1, NULL);
        return;
    case LUA_TTABLE:
        if (luaL_callmeta(L, i, "__tostring")) {
            if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "`__tostring` must return text");
            return;
        }
        lua_pushliteral(L, "table");
        return;
    default: lua_pushliteral(L, "function"); return;
    }
}

static int base_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    at_lua_push_tostring(L, 1);
    return 1;
}

/* Unlike in Lua, a text becomes an exact number. Other bases would make integers only, so they are refused.
 * */
static int base_tonumber(lua_State *L) {
    at_lua_takes(L, "tonumber", 1, 2);
    at_num value;
    luaL_checkany(L, 1);
    if (!lua_isnoneornil(L, 2)) return luaL_error(L, "`tonumber` reads decimal digits only");
    if (lua_type(L, 1) == LUA_TSTRING) {
        size_t n;
        const char *p = lua_tolstring(L, 1, &n);
        at_lua_charge(L, n / 16);
        if (!at_lua_exact_parse(L, at_str_trim((at_str){p, (uint32_t)n}), &value)) return lua_pushnil(L), 1;
        at_lua_push_num(L, AT_L_NUMBER, 0, value);
        return 1;
    }
    if (!at_lua_number_at(L, 1, &value)) return lua_pushnil(L), 1;
    lua_settop(L, 1);
    return 1;
}

/* By enum at_lua_kind. A cell and its parts have one name. Scripts never hold signs and holders. */
static int base_type(lua_State *L) {
    at_lua_takes(L, "type", 1, 1);
    static const char *const names[] = {"",         "number", "money", "date", "period",
                                        "duration", "cell",   "cell",  "",     ""};
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    luaL_checkany(L, 1);
    lua_pushstring(L, box ? names[box->kind] : luaL_typename(L, 1));
    return 1;
}

/* ---- order */

/* The order of types in `pairs`. Rank 3, such as floats and tables, does not have an order. */
static int rank_of(lua_State *L, int i) {
    switch (lua_type(L, i)) {
    case LUA_TNUMBER: return lua_isinteger(L, i) ? 0 : 3;
    case LUA_TSTRING: return 1;
    case LUA_TBOOLEAN: return 2;
    default: return 3;
    }
}

/* Returns whether the key at a comes before the key at b. */
static bool before(lua_State *L, int a, int b) {
    int ra = rank_of(L, a), rb = rank_of(L, b);
    size_t na, nb;
    if (ra != rb) return ra < rb;
    if (ra == 0) return lua_tointeger(L, a) < lua_tointeger(L, b);
    if (ra == 2) return !lua_toboolean(L, a) && lua_toboolean(L, b);
    const char *p = lua_tolstring(L, a, &na), *q = lua_tolstring(L, b, &nb);
    at_lua_charge(L, (na < nb ? na : nb) / 16);
    int c = memcmp(p, q, na < nb ? na : nb);
    return c ? c < 0 : na < nb;
}

static int no_order(lua_State *L, int i) {
    return luaL_error(
        L, "`pairs` orders the keys, but %s does not have an order. Use texts or whole numbers as keys",
        at_lua_kind_words(L, i));
}

/* Charges for a search of the key at i. */
static void charge_key_at(lua_State *L, int i) {
    at_lua_charge(L, 2);
    if (lua_isinteger(L, i)) at_lua_charge_key(L, lua_tointeger(L, i));
}

/* Pushes the smallest key of the table at `t` after the one at `after` (0: the first), or nil. */
static void push_next_key(lua_State *L, int t, int after) {
    lua_pushnil(L); /* the best so far */
    int best = lua_gettop(L);
    at_lua_charge_walk(L);
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pop(L, 1);
        int key = lua_gettop(L);
        if (rank_of(L, key) == 3) no_order(L, key);
        charge_key_at(L, key);
        if ((!after || before(L, after, key)) && (lua_isnil(L, best) || before(L, key, best))) {
            lua_pushvalue(L, key);
            lua_replace(L, best);
        }
    }
}

/* Each call searches all keys, because the order of Lua's own table is not the same in each run. `pairs` is
 * faster. */
static int base_next(lua_State *L) {
    at_lua_takes(L, "next", 1, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    at_lua_push_contents(L, 1);
    lua_replace(L, 1);
    bool first = lua_isnil(L, 2);
    if (!first && rank_of(L, 2) == 3) no_order(L, 2);
    push_next_key(L, 1, first ? 0 : 2);
    if (lua_isnil(L, -1)) return 1;
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    return 2;
}

/* Sorts keys[from..to) of the array at `keys` by merging, with the help of the array at `other`. */
static void merge_keys(lua_State *L, int keys, int other, lua_Integer from, lua_Integer to) {
    if (to - from < 2) return;
    lua_Integer middle = from + (to - from) / 2, i = from, k = middle;
    merge_keys(L, keys, other, from, middle);
    merge_keys(L, keys, other, middle, to);
    for (lua_Integer at = from; at < to; at++) {
        bool left = k >= to;
        if (i < middle && k < to) {
            lua_rawgeti(L, keys, i);
            lua_rawgeti(L, keys, k);
            left = !before(L, lua_gettop(L), lua_gettop(L) - 1);
            lua_pop(L, 2);
        } else if (i < middle) {
            left = true;
        }
        lua_rawgeti(L, keys, left ? i++ : k++);
        lua_rawseti(L, other, at);
    }
    for (lua_Integer at = from; at < to; at++) {
        lua_rawgeti(L, other, at);
        lua_rawseti(L, keys, at);
    }
    at_lua_charge(L, 4 * (size_t)(to - from));
}

/* Pushes an array of the keys of the table at `t`, in order. */
static void push_keys(lua_State *L, int t) {
    lua_Integer n = 0;
    lua_newtable(L);
    int keys = lua_gettop(L);
    at_lua_charge_walk(L);
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pop(L, 1);
        if (rank_of(L, -1) == 3) no_order(L, -1);
        charge_key_at(L, -1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, keys, ++n);
    }
    lua_newtable(L);
    merge_keys(L, keys, keys + 1, 1, n + 1);
    lua_settop(L, keys);
}

/* ---- errors */

#define MOST_SHOWN 20 /* fields of a table in an error */

/* Pushes the text of a value in a table. A text has quotes, and a table is not followed. */
static void push_field_text(lua_State *L, int i) {
    i = lua_absindex(L, i);
    if (lua_type(L, i) == LUA_TTABLE && luaL_getmetafield(L, i, "__tostring") == LUA_TNIL) {
        lua_pushliteral(L, "{…}");
    } else if (lua_type(L, i) == LUA_TSTRING) {
        lua_pushfstring(L, "\"%s\"", lua_tostring(L, i));
    } else {
        at_lua_push_tostring(L, i);
    }
}

/* Pushes the text of a table without `__tostring`: its first fields, in the order of `pairs`. */
static void push_table_text(lua_State *L, int t) {
    at_lua_push_contents(L, t);
    int contents = lua_gettop(L), text = contents + 2;
    push_keys(L, contents);
    lua_pushliteral(L, "{");
    for (int k = 1; lua_rawgeti(L, contents + 1, k) != LUA_TNIL; k++) {
        if (k > MOST_SHOWN) {
            lua_pushliteral(L, ", …");
            lua_replace(L, text + 1);
            lua_concat(L, 2);
            break;
        }
        lua_pushstring(L, k > 1 ? ", " : " ");
        if (lua_isinteger(L, text + 1) && lua_tointeger(L, text + 1) == k)
            lua_pushliteral(L, "");
        else if (lua_type(L, text + 1) == LUA_TSTRING)
            lua_pushfstring(L, "%s = ", lua_tostring(L, text + 1));
        else {
            at_lua_push_tostring(L, text + 1);
            lua_pushfstring(L, "[%s] = ", lua_tostring(L, -1));
            lua_remove(L, -2);
        }
        lua_pushvalue(L, text + 1);
        lua_rawget(L, contents);
        push_field_text(L, -1);
        lua_remove(L, -2);
        lua_concat(L, 3);
        lua_remove(L, text + 1);
        lua_concat(L, 2);
    }
    lua_settop(L, text);
    lua_pushliteral(L, " }");
    lua_concat(L, 2);
}

/* Pushes what `error` is called with. */
static void push_error_text(lua_State *L) {
    if (lua_isnoneornil(L, 1))
        lua_pushliteral(L, "the hook called `error` without a text");
    else if (lua_type(L, 1) == LUA_TTABLE && luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL)
        push_table_text(L, 1);
    else
        at_lua_push_tostring(L, 1);
}

static int base_error(lua_State *L) {
    at_lua_takes(L, "error", 0, 2);
    int level = lua_isnoneornil(L, 2) ? 1 : (int)at_lua_want_int(L, 2, "error", 0, 100);
    lua_settop(L, 1);
    push_error_text(L);
    if (level > 0) {
        luaL_where(L, level);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int base_assert(lua_State *L) {
    if (lua_toboolean(L, 1)) return lua_gettop(L);
    luaL_checkany(L, 1);
    if (lua_isnoneornil(L, 2)) return luaL_error(L, "an assertion failed");
    at_lua_push_tostring(L, 2);
    return luaL_error(L, "%s", lua_tostring(L, -1));
}

/* ---- loops */

/* Upvalues: the keys, and the number of keys returned so far. Skips keys that were deleted meanwhile. */
int at_lua_step_pairs(lua_State *L) {
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(2));
    for (;;) {
        if (lua_rawgeti(L, lua_upvalueindex(1), ++at) == LUA_TNIL) return 1;
        charge_key_at(L, -1);
        lua_pushvalue(L, -1);
        if (lua_type(L, 1) == LUA_TTABLE) {
            at_lua_push_contents(L, 1);
            lua_insert(L, -2);
            lua_rawget(L, -2);
            lua_remove(L, -2);
        } else {
            lua_gettable(L, 1);
        }
        if (!lua_isnil(L, -1) || lua_type(L, 1) != LUA_TTABLE) break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(2));
    return 2;
}

/* Collects and sorts the keys first. Keys that the loop adds are not visited. */
static int base_pairs(lua_State *L) {
    at_lua_takes(L, "pairs", 1, 1);
    const struct at_lua_box *box = at_lua_box_at(L, 1);
    lua_settop(L, 1);
    if (box && box->kind == AT_L_PART) {
        at_lua_push_part_names(L, 1);
    } else {
        if (lua_type(L, 1) != LUA_TTABLE)
            return luaL_error(L, "`pairs` requires a table, found %s", at_lua_kind_words(L, 1));
        at_lua_push_contents(L, 1);
        push_keys(L, 2);
    }
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, at_lua_step_pairs, 2);
    lua_pushvalue(L, 1);
    return 2;
}

/* Stops at the first nil, as in Lua. Reads through metatables, so frozen tables work. */
static int ipairs_step(lua_State *L) {
    lua_Integer i = at_lua_want_int(L, 2, "ipairs", 0, INT32_MAX) + 1;
    at_lua_charge_key(L, i);
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
    at_lua_takes(L, "ipairs", 1, 1);
    if (lua_type(L, 1) != LUA_TTABLE)
        return luaL_error(L, "`ipairs` requires a table, found %s", at_lua_kind_words(L, 1));
    lua_pushcfunction(L, ipairs_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static int base_select(lua_State *L) {
    at_lua_takes(L, "select", 1, AT_LUA_ANY);
    int n = lua_gettop(L);
    at_lua_charge(L, (size_t)n / 8);
    if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tostring(L, 1), "#") == 0) {
        lua_pushinteger(L, n - 1);
        return 1;
    }
    lua_Integer i = at_lua_want_int(L, 1, "select", -n, 1000000);
    if (i < 0) i = n + i;
    if (i < 1) return luaL_error(L, "`select` requires a position of 1 or more");
    return i > n ? 0 : n - (int)i;
}

/* ---- metatables */

static const char given_key = 0; /* the key of the script's own metatable in the copy */

/* The events that the copy of a metatable keeps. The refused ones would, among others, run code when memory
 * is collected, hide a metatable, or change the translated comparisons. */
static const char *const EVENTS[] = {"__index", "__newindex", "__call", "__add", "__sub",     "__mul",
                                     "__div",   "__mod",      "__pow",  "__unm", "__idiv",    "__concat",
                                     "__len",   "__eq",       "__lt",   "__le",  "__tostring"};
static const char *const REFUSED[] = {"__gc",   "__mode", "__close", "__metatable", "__name", "__pairs",
                                      "__band", "__bor",  "__bxor",  "__bnot",      "__shl",  "__shr"};

/* A table as `__index` or `__newindex` can lead to further tables. The interpreter follows 2,000 of them in
 * one instruction, which the limit on steps does not see. These functions replace it. Upvalue: the table. */
#define MOST_LINKS 100

static int index_through(lua_State *L) {
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    for (int link = 0; link < MOST_LINKS; link++) { /* 1 asked, 2 key, 3 table */
        at_lua_charge(L, 2);
        lua_pushvalue(L, 2);
        if (lua_rawget(L, 3) != LUA_TNIL || luaL_getmetafield(L, 3, "__index") == LUA_TNIL) return 1;
        if (lua_tocfunction(L, -1) != index_through) {
            lua_pushvalue(L, 2);
            lua_gettable(L, 3);
            return 1;
        }
        lua_getupvalue(L, -1, 1);
        lua_replace(L, 3);
        lua_settop(L, 3);
    }
    return luaL_error(L, "the `__index` of a table leads to more than %d others. Check for a loop",
                      MOST_LINKS);
}

/* lua_settable follows the chain itself, one closure for each link, and each of them is charged here. */
static int newindex_through(lua_State *L) {
    at_lua_charge(L, 2);
    lua_settop(L, 3);
    lua_settable(L, lua_upvalueindex(1));
    return 0;
}

/* Copies an event from the metatable at 3 to the copy at 4. */
static void copy_event(lua_State *L, const char *event) {
    bool index = strcmp(event, "__index") == 0, leads = index || strcmp(event, "__newindex") == 0;
    lua_pushstring(L, event);
    int type = lua_rawget(L, 3);
    if (type == LUA_TTABLE && leads) lua_pushcclosure(L, index ? index_through : newindex_through, 1);
    if (lua_type(L, -1) != LUA_TNIL && lua_type(L, -1) != LUA_TFUNCTION)
        luaL_error(L,
                   leads ? "`%s` of a metatable must be a function or a table, found %s"
                         : "`%s` of a metatable must be a function, found %s",
                   event, at_lua_kind_words(L, -1));
    lua_setfield(L, 4, event);
}

/* Stack: 1 the table, 2 the metatable, 3 its contents if it is frozen or itself, 4 the copy. */
static int base_setmetatable(lua_State *L) {
    at_lua_takes(L, "setmetatable", 2, 2);
    at_lua_charge(L, 20);
    if (lua_type(L, 1) != LUA_TTABLE)
        return luaL_error(L, "`setmetatable` requires a table of the hook, found %s",
                          at_lua_kind_words(L, 1));
    if (lua_type(L, 2) != LUA_TTABLE && lua_type(L, 2) != LUA_TNIL)
        return luaL_error(L, "a metatable must be a table");
    lua_settop(L, 2);
    at_lua_push_contents(L, 1);
    if (!lua_rawequal(L, 1, 3)) return luaL_error(L, "cannot change the metatable of a read-only table");
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_setmetatable(L, 1);
        return 1;
    }
    at_lua_push_contents(L, 2);
    for (size_t i = 0; i < AT_COUNT(REFUSED); i++) {
        lua_pushstring(L, REFUSED[i]);
        if (lua_rawget(L, 3) != LUA_TNIL) return luaL_error(L, "`%s` is not available in hooks", REFUSED[i]);
        lua_pop(L, 1);
    }
    lua_newtable(L);
    for (size_t i = 0; i < AT_COUNT(EVENTS); i++)
        copy_event(L, EVENTS[i]);
    lua_pushvalue(L, 2);
    lua_rawsetp(L, 4, &given_key);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

/* Returns the script's own table, not the copy in use. A change of it has no effect. */
static int base_getmetatable(lua_State *L) {
    at_lua_takes(L, "getmetatable", 1, 1);
    if (lua_type(L, 1) != LUA_TTABLE || !lua_getmetatable(L, 1)) return lua_pushnil(L), 1;
    lua_rawgetp(L, -1, &given_key);
    return 1;
}

/* Lua compares long texts byte by byte, so their length is charged. */
static int base_rawequal(lua_State *L) {
    at_lua_takes(L, "rawequal", 2, 2);
    if (lua_type(L, 1) == LUA_TSTRING) at_lua_charge(L, lua_rawlen(L, 1) / 16);
    lua_pushboolean(L, lua_rawequal(L, 1, 2));
    return 1;
}

static int base_rawlen(lua_State *L) {
    at_lua_takes(L, "rawlen", 1, 1);
    if (lua_type(L, 1) == LUA_TTABLE) {
        at_lua_push_contents(L, 1);
        lua_pushinteger(L, at_lua_border(L, -1));
    } else if (lua_type(L, 1) == LUA_TSTRING) {
        lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    } else {
        return luaL_error(L, "`rawlen` requires a table or text");
    }
    return 1;
}

/* ---- names that do not exist */

const char *at_lua_name_reason(at_str name) {
    static const struct {
        const char *name, *why;
    } left_out[] = {
        {"io", "a hook cannot use files"},
        {"os", "a hook cannot use the clock or the system"},
        {"debug", "it would open the sandbox"},
        {"package", "write `require \"NAME\"` to load a module"},
        {"load", "a hook cannot create code"},
        {"loadstring", "a hook cannot create code"},
        {"loadfile", "a hook cannot use files"},
        {"dofile", "a hook cannot use files"},
        {"coroutine", "a hook cannot yield"},
        {"pcall", "an error in a hook withholds the payout, and cannot be caught"},
        {"xpcall", "an error in a hook withholds the payout, and cannot be caught"},
        {"print", "return the text as the second result, the reason"},
        {"collectgarbage", "memory is collected automatically"},
        {"rawget", "read the table with a dot or brackets"},
        {"rawset", "set the table with a dot or brackets"},
    };
    for (size_t i = 0; i < AT_COUNT(left_out); i++)
        if (at_str_eq(name, at_str_z(left_out[i].name))) return left_out[i].why;
    return NULL;
}

/* `__index` of the table of all names. An unknown global is an error, not nil, so a typing error is
 * reported. */
int at_lua_missing_name(lua_State *L) {
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    const char *why = at_lua_name_reason(at_str_z(name));
    if (why) return luaL_error(L, "`%s` is not available in hooks: %s", name, why);
    return luaL_error(L, "unknown name `%s`", name);
}

static const luaL_Reg base[] = {{"assert", base_assert},
                                {"error", base_error},
                                {"getmetatable", base_getmetatable},
                                {"ipairs", base_ipairs},
                                {"next", base_next},
                                {"pairs", base_pairs},
                                {"rawequal", base_rawequal},
                                {"rawlen", base_rawlen},
                                {"select", base_select},
                                {"setmetatable", base_setmetatable},
                                {"tonumber", base_tonumber},
                                {"tostring", base_tostring},
                                {"type", base_type},
                                {NULL, NULL}};

bool at_lua_name_exists(at_str name) {
    static const char *const others[] = {"attain", "math", "string", "table", "utf8", "require", "_VERSION"};
    for (size_t i = 0; i < AT_COUNT(others); i++)
        if (at_str_eq(name, at_str_z(others[i]))) return true;
    for (size_t i = 0; base[i].name; i++)
        if (at_str_eq(name, at_str_z(base[i].name))) return true;
    return false;
}

void at_lua_open_base(lua_State *L) {
    luaL_setfuncs(L, base, 0);
}
