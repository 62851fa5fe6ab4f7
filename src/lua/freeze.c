/* lua/freeze.c: what a file leaves behind is read only, and its locals are put back after each call.
 *
 * A frozen table is empty: its contents moved to a table behind it, which its metatable leads to for reading
 * and refuses for writing. Metatables are never in a script's hands (lib_base.c), so none can be taken off.
 * Locals that functions share cannot be frozen: their values are noted when the file has been loaded,
 * compared after each call, and restored; values themselves cannot change, for they are frozen too.
 */
#include "lua/lua_int.h"

#define MOST_TABLES 100000 /* a file that makes more of them has lost its way */

/* The metatable's field under which the contents stand: a light userdata no script can make. */
static const char contents_key = 0;

void at_push_contents(lua_State *L, int i) {
    i = lua_absindex(L, i);
    if (lua_getmetatable(L, i)) {
        if (lua_rawgetp(L, -1, &contents_key) == LUA_TTABLE) {
            lua_remove(L, -2);
            return;
        }
        lua_pop(L, 2);
    }
    lua_pushvalue(L, i);
}

static int refuse_write(lua_State *L) {
    if (lua_type(L, 2) == LUA_TSTRING)
        return luaL_error(L,
                          "`%s` cannot be set: what the file made is read only, and nothing is kept from one "
                          "payee to the next; use a local",
                          lua_tostring(L, 2));
    return luaL_error(L, "this table is read only: what the file made is not changed, and nothing is kept "
                         "from one payee to the next");
}

static int contents_length(lua_State *L) {
    at_push_contents(L, 1);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
    return 1;
}

/* Moves the contents of the table at `t` to a new one, pushed. */
static void move_contents(lua_State *L, int t) {
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2); /* contents key key value */
        lua_rawset(L, -4);
    }
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, t); /* clearing a field while walking is allowed */
    }
}

static void freeze_one(lua_State *L, int t) {
    bool had = lua_getmetatable(L, t); /* the old one, or nothing */
    if (!had) lua_pushnil(L);
    int old = lua_gettop(L);
    move_contents(L, t);
    int contents = old + 1;
    lua_newtable(L);
    if (had) { /* arithmetic, comparison, calls go on working */
        lua_pushnil(L);
        while (lua_next(L, old)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, contents + 1);
        }
        lua_pushvalue(L, old);
        lua_setmetatable(L, contents); /* its __index goes on being asked for what is not there */
    }
    lua_pushvalue(L, contents);
    lua_rawsetp(L, contents + 1, &contents_key);
    lua_pushvalue(L, contents);
    lua_setfield(L, contents + 1, "__index");
    lua_pushcfunction(L, refuse_write);
    lua_setfield(L, contents + 1, "__newindex");
    if (!had || lua_getfield(L, old, "__len") == LUA_TNIL) {
        lua_pushcfunction(L, contents_length);
        lua_setfield(L, contents + 1, "__len");
    }
    lua_settop(L, contents + 1);
    lua_setmetatable(L, t);
    lua_settop(L, old - 1);
}

/* ---- all that a value leads to. Work is a list in a table, not recursion: a file can make deep structures.
 */

struct walk {
    int list, seen; /* stack indexes: array of what is to be done; set of what has been met */
    lua_Integer n;
};

/* Puts the value on top (popped) on the list, if it is a table or a function of Lua not met before. */
static void meet(lua_State *L, struct walk *walk) {
    bool wanted =
        lua_type(L, -1) == LUA_TTABLE || (lua_type(L, -1) == LUA_TFUNCTION && !lua_iscfunction(L, -1));
    if (wanted) {
        lua_pushvalue(L, -1);
        if (lua_rawget(L, walk->seen) == LUA_TNIL) {
            if (walk->n >= MOST_TABLES) luaL_error(L, "the file makes too many tables");
            lua_pushvalue(L, -2);
            lua_pushboolean(L, 1);
            lua_rawset(L, walk->seen);
            lua_pushvalue(L, -2);
            lua_rawseti(L, walk->list, ++walk->n);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void meet_contents(lua_State *L, struct walk *walk, int t) {
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pushvalue(L, -2);
        meet(L, walk);
        meet(L, walk);
    }
}

/* Everything reachable from the value at `root`, in a list (pushed). */
static lua_Integer reach(lua_State *L, int root) {
    struct walk walk;
    luaL_checkstack(L, 20, NULL);
    lua_newtable(L);
    walk.list = lua_gettop(L);
    lua_newtable(L);
    walk.seen = lua_gettop(L);
    walk.n = 0;
    lua_pushvalue(L, root);
    meet(L, &walk);
    for (lua_Integer k = 1; k <= walk.n; k++) {
        lua_rawgeti(L, walk.list, k);
        int item = lua_gettop(L);
        if (lua_type(L, item) == LUA_TTABLE) {
            at_push_contents(L, item);
            meet_contents(L, &walk, item + 1);
            if (lua_getmetatable(L, item)) meet_contents(L, &walk, lua_gettop(L));
        } else {
            for (int u = 1; lua_getupvalue(L, item, u); u++)
                meet(L, &walk);
        }
        lua_settop(L, item - 1);
    }
    lua_settop(L, walk.list);
    return walk.n;
}

static bool is_frozen(lua_State *L, int t) {
    bool frozen = false;
    if (lua_getmetatable(L, t)) {
        frozen = lua_rawgetp(L, -1, &contents_key) != LUA_TNIL;
        lua_pop(L, 2);
    }
    return frozen;
}

void at_freeze(lua_State *L, int i) {
    i = lua_absindex(L, i);
    lua_Integer n = reach(L, i);
    int list = lua_gettop(L);
    for (lua_Integer k = 1; k <= n; k++) {
        lua_rawgeti(L, list, k);
        if (lua_type(L, -1) == LUA_TTABLE && !is_frozen(L, lua_gettop(L))) freeze_one(L, lua_gettop(L));
        lua_settop(L, list);
    }
    lua_pop(L, 1);
}

/* ---- locals: an array of function, number of the local, value, … each local once */

static bool own_word(const char *name) {
    static const char *const words[] = {AT_LUA_WORDS};
    for (size_t i = 0; i < AT_COUNT(words); i++)
        if (strcmp(name, words[i]) == 0) return true;
    return false;
}

static void note_function(lua_State *L, int function, int ids, int notes, lua_Integer *n) {
    const char *name;
    for (int u = 1; (name = lua_getupvalue(L, function, u)) != NULL; u++) {
        void *id = lua_upvalueid(L, function, u);
        bool known = lua_rawgetp(L, ids, id) != LUA_TNIL;
        lua_pop(L, 1);
        if (!known && !own_word(name)) {
            lua_pushboolean(L, 1);
            lua_rawsetp(L, ids, id);
            lua_pushvalue(L, function);
            lua_rawseti(L, notes, ++*n);
            lua_pushinteger(L, u);
            lua_rawseti(L, notes, ++*n);
            lua_pushvalue(L, -1);
            lua_rawseti(L, notes, ++*n);
        }
        lua_pop(L, 1);
    }
}

void at_locals_note(lua_State *L, int contents) {
    contents = lua_absindex(L, contents);
    lua_Integer n = reach(L, contents), count = 0;
    int list = lua_gettop(L);
    lua_newtable(L);
    int ids = lua_gettop(L);
    lua_newtable(L);
    int notes = lua_gettop(L);
    for (lua_Integer k = 1; k <= n; k++) {
        lua_rawgeti(L, list, k);
        if (lua_type(L, -1) == LUA_TFUNCTION) note_function(L, lua_gettop(L), ids, notes, &count);
        lua_settop(L, notes);
    }
    lua_replace(L, list);
    lua_settop(L, list);
}

const char *at_locals_restore(lua_State *L, int noted) {
    const char *changed = NULL;
    int top = lua_gettop(L);
    noted = lua_absindex(L, noted);
    for (lua_Integer k = 1; lua_rawgeti(L, noted, k) == LUA_TFUNCTION; k += 3) {
        lua_rawgeti(L, noted, k + 1);
        int u = (int)lua_tointeger(L, -1);
        lua_rawgeti(L, noted, k + 2);
        const char *name = lua_getupvalue(L, top + 1, u);
        if (!lua_rawequal(L, -1, -2)) {
            if (!changed) changed = name;
            lua_pushvalue(L, -2);
            lua_setupvalue(L, top + 1, u);
        }
        lua_settop(L, top);
    }
    lua_settop(L, top);
    return changed;
}
