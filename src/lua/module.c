/* lua/module.c: implements `require`: the values of modules, which are made while their files load.
 *
 * A module loads before the files that require it, so `require` only looks up its value. The value is frozen
 * like the names of a file, and its locals are restored after each call of a hook that can reach it.
 */
#include "lua/lua_int.h"

/* `__index` of the names of a module. Argument 1 is the frozen table. A name that the module does not define
 * is an error, like an unknown name of the file itself. */
static int missing_export(lua_State *L) {
    const struct at_lua *lua = at_lua_of(L);
    at_str name = AT_STR("the module");
    lua_settop(L, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_MODULES);
    for (uint32_t i = 0; i < lua->files->n; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        if (lua_rawequal(L, 1, -1)) name = lua->files->at[i].name;
        lua_settop(L, 3);
    }
    lua_pushlstring(L, name.p, name.n);
    const char *file = lua_tostring(L, -1);
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "%s does not define %s", file, at_lua_kind_words(L, 2));
    return luaL_error(L, "%s does not define `%s`", file, lua_tostring(L, 2));
}

void at_lua_make_module(lua_State *L, int contents) {
    contents = lua_absindex(L, contents);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushnil(L);
        while (lua_next(L, contents)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2); /* table key key value */
            lua_rawset(L, -4);
        }
        lua_newtable(L);
        lua_pushcfunction(L, missing_export);
        lua_setfield(L, -2, "__index");
        lua_setmetatable(L, -2);
    }
    at_lua_freeze(L, -1);
}

/* Upvalue 1: the number of the file. Its modules are known, because their names are in its text. */
static int require(lua_State *L) {
    const struct at_lua *lua = at_lua_of(L);
    const struct at_lua_file *file = &lua->files->at[lua_tointeger(L, lua_upvalueindex(1))];
    size_t n = 0;
    const char *p = lua_tolstring(L, 1, &n);
    at_str word = {p, (uint32_t)n};
    at_lua_charge(L, 4 + file->n_needs / 4);
    for (uint32_t i = 0; p && i < file->n_needs; i++) {
        if (!at_str_eq(file->needs[i].word, word)) continue;
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_MODULES);
        lua_rawgeti(L, -1, (lua_Integer)file->needs[i].file + 1);
        return 1;
    }
    return luaL_error(L, "`require` requires the name of a module as a text");
}

void at_lua_push_require(lua_State *L, uint32_t file) {
    lua_pushinteger(L, (lua_Integer)file);
    lua_pushcclosure(L, require, 1);
}

static const char *put_back_one(struct at_lua *lua, uint32_t file) {
    if (!lua->has_locals[file]) return NULL;
    int top = lua_gettop(lua->L);
    lua_rawgeti(lua->L, LUA_REGISTRYINDEX, AT_R_NOTES);
    bool noted = lua_rawgeti(lua->L, -1, (lua_Integer)file + 1) == LUA_TTABLE; /* not if loading failed */
    const char *name = noted ? at_lua_locals_restore(lua->L, -1) : NULL;
    lua_settop(lua->L, top);
    return name;
}

/* A file also notes the locals of its modules that it can reach, so those of the modules come first. */
const char *at_lua_put_back(struct at_lua *lua, uint32_t file, uint32_t *owner) {
    const struct at_lua_file *at = &lua->files->at[file];
    const char *changed = NULL;
    *owner = file;
    for (uint32_t i = 0; i < at->n_below; i++) {
        const char *name = put_back_one(lua, at->below[i]);
        if (name && !changed) *owner = at->below[i];
        changed = changed ? changed : name;
    }
    const char *own = put_back_one(lua, file);
    return changed ? changed : own;
}
