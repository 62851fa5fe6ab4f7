/* lua/scope.c: the scopes of a Lua file. Finds the local or the global that a name means, names that do
 * not exist, and locals that no one reads.
 *
 * A name that the file assigns anywhere exists everywhere, because the order of calls is not known.
 */
#include "base/near.h"
#include "lua/grammar.h"

static uint32_t *innermost(struct at_lua_reader *r, at_str name) {
    uint32_t *top = at_map_get(&r->names, name);
    if (top) return top;
    top = AT_NEW(r->arena, uint32_t);
    at_map_put(&r->names, name, top);
    return top;
}

/* The first reading makes the locals. The second one finds them again by their numbers. */
uint32_t at_lua_parse_declare(struct at_lua_reader *r, at_str name, size_t token,
                              enum at_lua_local_kind kind) {
    uint32_t number = r->next_local++;
    if (!r->second) {
        struct at_lua_local local = {.name = name, .token = (uint32_t)token, .group = r->next_group};
        local.kind = (uint8_t)kind;
        AT_VEC_PUSH_MANY(r->arena, &r->locals, local);
    }
    if (number >= r->locals.n) return at_lua_parse_stop(r), 0;
    uint32_t *top = innermost(r, name);
    r->locals.at[number].shadowed = *top;
    r->locals.at[number].fact = (struct at_lua_fact){0};
    *top = number + 1;
    AT_VEC_PUSH_MANY(r->arena, &r->visible, number);
    return number;
}

size_t at_lua_parse_open(struct at_lua_reader *r) {
    return r->visible.n;
}

void at_lua_parse_close(struct at_lua_reader *r, size_t block) {
    while (r->visible.n > block) {
        const struct at_lua_local *local = &r->locals.at[r->visible.at[--r->visible.n]];
        *innermost(r, local->name) = local->shadowed;
    }
}

static struct at_lua_local *find(struct at_lua_reader *r, at_str name, uint32_t *number) {
    uint32_t *top = at_map_get(&r->names, name);
    if (!top || *top == 0) return NULL;
    *number = *top;
    return &r->locals.at[*top - 1];
}

bool at_lua_parse_is_local(const struct at_lua_reader *r, at_str name) {
    uint32_t *top = at_map_get(&r->names, name);
    return top && *top != 0;
}

struct at_lua_global *at_lua_parse_global(struct at_lua_reader *r, at_str name) {
    struct at_lua_global *global = at_map_get(&r->globals, name);
    if (global) return global;
    global = AT_NEW(r->arena, struct at_lua_global);
    at_map_put(&r->globals, name, global);
    return global;
}

/* ---- unknown names */

static const char *const NAMES[] = {"assert",   "attain",   "error",        "getmetatable", "ipairs",
                                    "math",     "next",     "pairs",        "rawequal",     "rawlen",
                                    "require",  "select",   "setmetatable", "string",       "table",
                                    "tonumber", "tostring", "type",         "utf8"};

#define MOST_COMPARED 2000 /* in a larger file, comparing all names would take too long */

/* The nearest name that can be used here: a local, a global of the file, or a name of the sandbox. */
static at_str nearest_to(const struct at_lua_reader *r, at_str name) {
    struct at_str_nearest nearest = {.wanted = name};
    if (r->globals.n > MOST_COMPARED) return nearest.best;
    for (size_t i = r->visible.n; i-- > 0;)
        at_str_nearest_try(&nearest, r->locals.at[r->visible.at[i]].name);
    for (uint32_t i = 0; i < r->globals.n; i++) {
        const struct at_lua_global *global = r->globals.entries[i].value;
        if (global->writes) at_str_nearest_try(&nearest, r->globals.entries[i].key);
    }
    for (size_t i = 0; i < AT_COUNT(NAMES); i++)
        if (at_lua_name_exists(at_str_z(NAMES[i]))) at_str_nearest_try(&nearest, at_str_z(NAMES[i]));
    return nearest.best;
}

/* Reading the name would stop the hook, so the payee would be withheld. */
static void tell_unknown(struct at_lua_reader *r, size_t token, at_str name) {
    const char *why = at_lua_name_reason(name);
    at_str near = why ? (at_str){0} : nearest_to(r, name);
    struct at_diag *d =
        at_diag_add(r->diags, AT_A1011, at_lua_parse_span(r, token, token),
                    why ? "`%.*s` is not available in hooks" : "unknown name `%.*s`", AT_STR_ARG(name));
    if (near.n)
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(near));
    else
        at_diag_help(d, "%s", why ? why : "define it in the file, or correct the name");
}

static struct at_lua_fact use_global(struct at_lua_reader *r, size_t token, at_str name) {
    struct at_lua_global *global = at_lua_parse_global(r, name);
    bool is_open = at_str_eq(name, AT_STR("_ENV")) || at_str_eq(name, AT_STR("_G"));
    if (!r->second) {
        r->open |= is_open;
        global->reads++;
        return (struct at_lua_fact){0};
    }
    if (r->open || global->writes) return (struct at_lua_fact){0};
    if (at_lua_name_exists(name)) {
        if (at_lua_member_is_library(name)) return (struct at_lua_fact){.kind = AT_LF_LIBRARY, .name = name};
        return (struct at_lua_fact){.kind = AT_LF_FUNCTION, .name = name};
    }
    if (!global->told && r->found++ < AT_LUA_MOST_FOUND) tell_unknown(r, token, name);
    global->told = true;
    return (struct at_lua_fact){0};
}

/* A fact holds at every place only if the local never changes. */
struct at_lua_fact at_lua_parse_use(struct at_lua_reader *r, size_t token) {
    at_str name = at_lua_parse_word(r, token);
    uint32_t number = 0;
    struct at_lua_local *local = find(r, name, &number);
    if (!local) return use_global(r, token, name);
    local->read = true;
    if (at_str_eq(name, AT_STR("_ENV"))) r->open = true;
    struct at_lua_fact fact = local->written || !r->second ? (struct at_lua_fact){0} : local->fact;
    fact.literal = false;
    fact.local = number;
    return fact;
}

void at_lua_parse_assign(struct at_lua_reader *r, size_t token) {
    at_str name = at_lua_parse_word(r, token);
    uint32_t number = 0;
    struct at_lua_local *local = find(r, name, &number);
    if (local) {
        local->written = true;
        return;
    }
    if (!r->second) at_lua_parse_global(r, name)->writes++;
    r->open |= at_str_eq(name, AT_STR("_ENV"));
}

/* ---- unused locals */

/* `local _, rate = f()` needs `_`, and `local first, second = f()` needs `first` if `second` is read. */
static bool is_needed(const struct at_lua_reader *r, uint32_t i) {
    const struct at_lua_local *local = &r->locals.at[i];
    bool checked = local->kind == AT_LL_LOCAL || local->kind == AT_LL_FUNCTION;
    if (!checked || local->read || local->name.n == 0 || local->name.p[0] == '_') return true;
    for (uint32_t k = i + 1; k < r->locals.n && r->locals.at[k].group == local->group; k++)
        if (r->locals.at[k].kind == AT_LL_LOCAL && r->locals.at[k].read) return true;
    return false;
}

void at_lua_parse_tell_unused(struct at_lua_reader *r) {
    if (r->stopped) return;
    for (uint32_t i = 0; i < r->locals.n; i++) {
        const struct at_lua_local *local = &r->locals.at[i];
        if (is_needed(r, i)) continue;
        struct at_diag *d = at_diag_add(r->diags, AT_A1030, at_lua_parse_span(r, local->token, local->token),
                                        local->kind == AT_LL_FUNCTION ? "unused local function `%.*s`"
                                                                      : "unused local `%.*s`",
                                        AT_STR_ARG(local->name));
        at_diag_help(d, "delete it, or begin its name with `_`");
    }
}
