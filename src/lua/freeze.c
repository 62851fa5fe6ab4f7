/* lua/freeze.c: makes everything that a loaded file defines read-only, and restores its locals after calls.
 *
 * A frozen table is empty. Its contents are in another table, from which its metatable reads. The metatable
 * refuses each write. No script ever holds the table of contents: a function `__index` is called with the
 * frozen table. No script holds a metatable either (lib_base.c), so none can be removed.
 * Locals that functions share cannot be frozen. Their values are noted after the file is loaded, compared
 * after each call, and restored. An iterator cannot be restored, so a file that keeps one is refused.
 */
#include "lua/lua_int.h"

#define MOST_TABLES 100000 /* of one file; bounds the time of loading */

/* The key of the contents in a metatable: a light userdata, which no script can make. */
static const char contents_key = 0;
/* The addresses of these two are the keys. Their values are not used. */
static const char ask_key = 0; /* the key of the file's own function `__index` */

void at_lua_push_contents(lua_State *L, int i) {
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

/* `__newindex` of a frozen table. The table is empty, so Lua calls this for every key. */
static int refuse_write(lua_State *L) {
    if (lua_type(L, 2) == LUA_TSTRING)
        return luaL_error(L,
                          "cannot set `%s`, because names of the file are read-only in calls. Use a local "
                          "variable in the function",
                          lua_tostring(L, 2));
    return luaL_error(L, "cannot change this table, because tables of the file are read-only in calls");
}

/* Upvalue 1: the length, which never changes. */
static int contents_length(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

/* Upvalues: the contents, and the function `__index` of the file. It is called with the frozen table. */
static int contents_or_ask(lua_State *L) {
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    lua_settop(L, 2);
    lua_CFunction direct = lua_tocfunction(L, lua_upvalueindex(2));
    if (lua_getupvalue(L, lua_upvalueindex(2), 1)) direct = NULL; /* a closure needs its own upvalues */
    lua_settop(L, 2);
    if (direct) return direct(L); /* called directly, so that its errors name the place in the file */
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

lua_Integer at_lua_border(lua_State *L, int i) {
    lua_Integer low = 0, high = 1;
    i = lua_absindex(L, i);
    at_lua_charge(L, 8);
    for (;; low = high, high *= 2) {
        if (high > AT_LUA_FAR_KEY) at_lua_charge_key(L, high); /* few keys below it collide */
        int type = lua_rawgeti(L, i, high);
        lua_pop(L, 1);
        if (type == LUA_TNIL) break;
        if (high > LUA_MAXINTEGER / 2) return high;
    }
    while (high - low > 1) { /* low is 0 or has a value, high has none */
        lua_Integer middle = low + (high - low) / 2;
        if (middle > AT_LUA_FAR_KEY) at_lua_charge_key(L, middle);
        int type = lua_rawgeti(L, i, middle);
        lua_pop(L, 1);
        if (type == LUA_TNIL)
            high = middle;
        else
            low = middle;
    }
    return low;
}

/* Moves the contents of the table at `t` to a new table, which is pushed. */
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

/* Copies the metatable at `old` to the new one on top, so that arithmetic, comparison, and calls still work.
 */
static void copy_events(lua_State *L, int old) {
    int copy = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, old)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, copy);
    }
}

/* Makes the frozen table read its contents first, and then the file's own `__index`. */
static void set_index(lua_State *L, int meta, int contents) {
    lua_pushliteral(L, "__index");
    int type = lua_rawget(L, meta); /* the file's own */
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, -1);
        lua_rawsetp(L, meta, &ask_key); /* so that reach finds it */
        lua_pushvalue(L, contents);
        lua_insert(L, -2);
        lua_pushcclosure(L, contents_or_ask, 2);
    } else {
        if (type != LUA_TNIL) {
            lua_newtable(L);
            lua_insert(L, -2);
            lua_setfield(L, -2, "__index");
            lua_setmetatable(L, contents);
        } else {
            lua_pop(L, 1);
        }
        lua_pushvalue(L, contents);
    }
    lua_setfield(L, meta, "__index");
}

static void freeze_one(lua_State *L, int t) {
    bool had = lua_getmetatable(L, t); /* the old one, or nothing */
    if (!had) lua_pushnil(L);
    int old = lua_gettop(L), contents = old + 1, meta = old + 2;
    move_contents(L, t);
    lua_newtable(L);
    if (had) copy_events(L, old);
    set_index(L, meta, contents);
    lua_pushvalue(L, contents);
    lua_rawsetp(L, meta, &contents_key);
    lua_pushcfunction(L, refuse_write);
    lua_setfield(L, meta, "__newindex");
    if (!had || lua_getfield(L, old, "__len") == LUA_TNIL) {
        lua_pushinteger(L, at_lua_border(L, contents));
        lua_pushcclosure(L, contents_length, 1);
        lua_setfield(L, meta, "__len");
    }
    lua_settop(L, meta);
    lua_setmetatable(L, t);
    lua_settop(L, old - 1);
}

/* ---- all that a value leads to. Work is a list in a table, not recursion: a file can make deep structures.
 */

struct walk {
    int list, seen; /* stack indexes: the array of values to visit, the set of values found so far */
    lua_Integer n;
    const char *iterator; /* the first name, by its bytes, that keeps an iterator, or NULL */
    const char *file;     /* the chunk and the line of the function whose local it is */
    int line;
};

/* If the value on top is an iterator, notes that `name` keeps it. Keeps the smallest name, because the order
 * of a table is not the same in each run. */
static void meet_iterator(lua_State *L, struct walk *walk, const char *name, int holder) {
    lua_Debug ar;
    lua_CFunction step = lua_tocfunction(L, -1);
    if (step != at_lua_step_pairs && step != at_lua_step_gmatch && step != at_lua_step_codes) return;
    if (walk->iterator && strcmp(name, walk->iterator) >= 0) return;
    walk->iterator = name;
    walk->line = 0;
    if (!holder) return;
    lua_pushvalue(L, holder);
    lua_getinfo(L, ">S", &ar);
    walk->line = ar.linedefined;
    walk->file = lua_pushstring(L, ar.short_src);
    lua_rawsetp(L, walk->seen, walk->file); /* keeps it */
}

/* Pops the value on top, and adds it to the list if it is a new table or Lua function. `name` holds the
 * value. `holder` is the function whose local it is, or 0. */
static void meet(lua_State *L, struct walk *walk, const char *name, int holder) {
    bool wanted = lua_type(L, -1) == LUA_TTABLE;
    if (lua_type(L, -1) == LUA_TFUNCTION) {
        wanted = !lua_iscfunction(L, -1);
        if (!wanted) meet_iterator(L, walk, name, holder);
    }
    if (wanted) {
        lua_pushvalue(L, -1);
        if (lua_rawget(L, walk->seen) == LUA_TNIL) {
            if (walk->n >= MOST_TABLES) luaL_error(L, "the file creates too many tables");
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
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "a table";
        lua_pushvalue(L, -2);
        meet(L, walk, name, 0);
        meet(L, walk, name, 0);
    }
}

static void meet_locals(lua_State *L, struct walk *walk, int function) {
    const char *name;
    for (int u = 1; (name = lua_getupvalue(L, function, u)) != NULL; u++)
        meet(L, walk, name, function);
}

/* An iterator continues where the last call stopped. This state cannot be restored. */
static void refuse_iterator(lua_State *L, const struct walk *walk) {
    if (!walk->iterator) return;
    if (walk->line > 0) lua_pushfstring(L, "%s:%d: ", walk->file, walk->line);
    luaL_error(L,
               "%s`%s` keeps an iterator, which would continue from one payee to the next. Create the "
               "iterator inside the function",
               walk->line > 0 ? lua_tostring(L, -1) : "", walk->iterator);
}

/* Does not list the contents of a frozen table, so they are not frozen again. */
static void meet_table(lua_State *L, struct walk *walk, int item) {
    at_lua_push_contents(L, item);
    int contents = lua_gettop(L);
    if (!lua_rawequal(L, item, contents)) {
        lua_pushvalue(L, contents);
        lua_pushboolean(L, 1);
        lua_rawset(L, walk->seen);
        if (lua_getmetatable(L, contents)) meet_contents(L, walk, lua_gettop(L));
    }
    meet_contents(L, walk, contents);
    if (lua_getmetatable(L, item)) meet_contents(L, walk, lua_gettop(L));
}

/* Pushes a list of everything that the value at `root` leads to. Raises an error if that is an iterator. */
static lua_Integer reach(lua_State *L, int root) {
    struct walk walk = {0};
    luaL_checkstack(L, 20, NULL);
    lua_newtable(L);
    walk.list = lua_gettop(L);
    lua_newtable(L);
    walk.seen = lua_gettop(L);
    lua_pushvalue(L, root);
    meet(L, &walk, "", 0);
    for (lua_Integer k = 1; k <= walk.n; k++) {
        lua_rawgeti(L, walk.list, k);
        int item = lua_gettop(L);
        if (lua_type(L, item) == LUA_TTABLE)
            meet_table(L, &walk, item);
        else
            meet_locals(L, &walk, item);
        lua_settop(L, item - 1);
    }
    refuse_iterator(L, &walk);
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

void at_lua_freeze(lua_State *L, int i) {
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

void at_lua_locals_note(lua_State *L, int contents) {
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

/* Returns whether the two values on top are identical. `==` of Lua is not enough: it holds for 1 and 1.0, and
 * for 0.0 and -0.0. */
static bool is_same(lua_State *L) {
    if (lua_type(L, -1) != LUA_TNUMBER || lua_type(L, -2) != LUA_TNUMBER) return lua_rawequal(L, -1, -2);
    if (lua_isinteger(L, -1) || lua_isinteger(L, -2))
        return lua_isinteger(L, -1) && lua_isinteger(L, -2) && lua_rawequal(L, -1, -2);
    lua_Number a = lua_tonumber(L, -1), b = lua_tonumber(L, -2);
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Raises no error, because it also runs after a call that failed. */
const char *at_lua_locals_restore(lua_State *L, int noted) {
    const char *changed = NULL;
    int top = lua_gettop(L);
    noted = lua_absindex(L, noted);
    for (lua_Integer k = 1; lua_rawgeti(L, noted, k) == LUA_TFUNCTION; k += 3) {
        lua_rawgeti(L, noted, k + 1);
        int u = (int)lua_tointeger(L, -1);
        lua_rawgeti(L, noted, k + 2);
        const char *name = lua_getupvalue(L, top + 1, u);
        if (!is_same(L)) {
            /* the order of the notes depends on addresses */
            if (!changed || strcmp(name, changed) < 0) changed = name;
            lua_pushvalue(L, -2);
            lua_setupvalue(L, top + 1, u);
        }
        lua_settop(L, top);
    }
    lua_settop(L, top);
    return changed;
}
