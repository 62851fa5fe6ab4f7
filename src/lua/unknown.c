/* lua/unknown.c: finds names that a file uses but nowhere defines, and that hooks do not have. Reading such a
 * name stops a hook, and its payee is then withheld, so it is reported before anyone is paid.
 *
 * Reads tokens only. A name that is defined anywhere in the file counts as defined everywhere: what is found
 * is certain, and names used outside of their block are left to the run.
 */
#include "lua/lua_int.h"

#include "base/map.h"
#include "base/near.h"

#define MOST_FOUND 100 /* in one file */

struct reading {
    const struct at_lua_tokens *tokens;
    struct at_map known; /* names that the file defines, or that were found already */
};

static at_str word_at(const struct reading *r, size_t i) {
    return at_lua_tokens_word(r->tokens, i);
}

static bool is(const struct reading *r, size_t i, const char *word) {
    return at_lua_tokens_are(r->tokens, i, word);
}

static bool is_name(const struct reading *r, size_t i) {
    return at_lua_tokens_name(r->tokens, i);
}

/* `a.b`, `a:b`, `goto a`, `::a::`, `<const>`: not a name that is looked up. */
static bool is_part(const struct reading *r, size_t i) {
    if (i == 0) return false;
    bool attribute = is(r, i - 1, "<") && is(r, i + 1, ">") && (is(r, i, "const") || is(r, i, "close"));
    return attribute || is(r, i - 1, ".") || is(r, i - 1, ":") || is(r, i - 1, "::") || is(r, i - 1, "goto");
}

/* Adds the names of a list such as `a, b` from token i on. */
static void define_list(struct reading *r, size_t i) {
    for (; is_name(r, i); i += 2) {
        at_map_put(&r->known, word_at(r, i), r);
        if (is(r, i + 1, "<")) i += 3; /* an attribute */
        if (!is(r, i + 1, ",")) return;
    }
}

/* The names that `local`, `for`, a function, or an assignment at token i defines. A key of a constructor
 * looks like an assignment, and counts as one. */
static void define(struct reading *r, size_t i) {
    if (is(r, i, "local") || is(r, i, "for")) {
        define_list(r, i + 1 + is(r, i + 1, "function"));
    } else if (is(r, i, "function")) {
        size_t k = i + 1;
        if (is_name(r, k)) at_map_put(&r->known, word_at(r, k), r);
        while (k < r->tokens->n && !is(r, k, "("))
            k++;
        define_list(r, k + 1);
    } else if (is_name(r, i) && (is(r, i + 1, "=") || is(r, i + 1, ",")) && !is_part(r, i)) {
        size_t k = i; /* a, b = 1, 2 defines both */
        while (is(r, k + 1, ",") && is_name(r, k + 2))
            k += 2;
        if (is(r, k + 1, "=")) define_list(r, i);
    }
}

struct at_lua_mark *at_lua_find_unknown(struct at_arena *arena, const struct at_lua_tokens *tokens,
                                        uint32_t *n) {
    struct reading r = {.tokens = tokens};
    struct at_lua_mark *found = NULL;
    *n = 0;
    at_map_init(&r.known, arena);
    for (size_t i = 0; i < r.tokens->n; i++)
        define(&r, i);
    for (size_t i = 0; i < r.tokens->n && *n < MOST_FOUND; i++) {
        at_str name = word_at(&r, i);
        /* With _ENV, a file can define any name. */
        if (at_str_eq(name, AT_STR("_ENV")) || at_str_eq(name, AT_STR("_G"))) {
            *n = 0;
            return found;
        }
        if (!is_name(&r, i) || is_part(&r, i) || at_lua_name_exists(name)) continue;
        if (at_map_put(&r.known, name, &r)) continue;
        if (!found) found = AT_NEW_ARRAY(arena, struct at_lua_mark, MOST_FOUND);
        found[(*n)++] = (struct at_lua_mark){r.tokens->at[i].start, r.tokens->at[i].end};
    }
    return found;
}

/* ---- names of libraries */

struct look {
    at_str library;
    struct at_str_nearest nearest;
    bool exists;
};

/* Equal distances are decided by the bytes of the names, because the order of a table is not the same in each
 * run. */
static void look_at(struct look *look, at_str name) {
    struct at_str_nearest *nearest = &look->nearest, one = {.wanted = nearest->wanted};
    look->exists |= at_str_eq(name, one.wanted);
    if (!at_str_nearest_try(&one, name)) return;
    bool nearer = !nearest->best.n || one.distance < nearest->distance;
    if (nearer || (one.distance == nearest->distance && at_str_cmp(name, nearest->best) < 0)) *nearest = one;
}

static int each_member(lua_State *L) {
    struct look *look = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_LIB);
    lua_pushlstring(L, look->library.p, look->library.n);
    lua_gettable(L, -2);
    at_lua_push_contents(L, -1);
    int contents = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, contents)) {
        size_t n = 0;
        const char *p = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &n) : NULL;
        if (p) look_at(look, (at_str){p, (uint32_t)n}); /* valid until the state is closed */
        lua_pop(L, 1);
    }
    return 0;
}

/* Without memory, the name counts as known. */
static bool is_member(struct at_lua *lua, struct at_arena *arena, struct look *look) {
    lua_settop(lua->L, 0);
    lua_pushcfunction(lua->L, each_member);
    lua_pushlightuserdata(lua->L, look);
    if (lua_pcall(lua->L, 1, 0, 0) == LUA_OK) return look->exists;
    if (lua->refused == AT_STOP_HOST) at_arena_fail(arena);
    lua_settop(lua->L, 0);
    return true;
}

static bool is_library(at_str name) {
    static const char *const libraries[] = {"string", "table", "math", "utf8", "attain"};
    for (size_t i = 0; i < AT_COUNT(libraries); i++)
        if (at_str_eq(name, at_str_z(libraries[i]))) return true;
    return false;
}

struct at_lua_member *at_lua_find_members(struct at_lua *lua, struct at_arena *arena,
                                          const struct at_lua_tokens *tokens, uint32_t *n) {
    struct reading r = {.tokens = tokens};
    struct at_lua_member *found = NULL;
    *n = 0;
    at_map_init(&r.known, arena);
    for (size_t i = 0; i < tokens->n; i++)
        define(&r, i);
    for (size_t i = 0; i < tokens->n && *n < MOST_FOUND; i++) {
        at_str library = word_at(&r, i), name = word_at(&r, i + 2);
        if (!is_library(library) || is_part(&r, i) || !is(&r, i + 1, ".") || !is_name(&r, i + 2)) continue;
        struct look look = {.library = library, .nearest = {.wanted = name}};
        if (at_map_get(&r.known, library) || is_member(lua, arena, &look)) continue;
        if (!found) found = AT_NEW_ARRAY(arena, struct at_lua_member, MOST_FOUND);
        at_str near = look.nearest.best;
        found[(*n)++] = (struct at_lua_member){{tokens->at[i + 2].start, tokens->at[i + 2].end},
                                               library,
                                               name,
                                               near.n ? at_str_copy(arena, near) : near};
    }
    return found;
}
