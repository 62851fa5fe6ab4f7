/* lua/member.c: the names after a dot or a colon: parts and methods of values, functions of libraries, and
 * what the policy gives to a cell. Reports names that do not exist. */
#include "base/near.h"
#include "lua/grammar.h"

bool at_lua_member_is_library(at_str name) {
    static const char *const libraries[] = {"string", "table", "math", "utf8", "attain"};
    for (size_t i = 0; i < AT_COUNT(libraries); i++)
        if (at_str_eq(name, at_str_z(libraries[i]))) return true;
    return false;
}

static struct at_lua_fact of(enum at_lua_fact_kind kind) {
    return (struct at_lua_fact){.kind = (uint8_t)kind};
}

static struct at_lua_fact function(at_str name, enum at_lua_fact_kind gives) {
    return (struct at_lua_fact){.kind = AT_LF_FUNCTION, .name = name, .gives = (uint8_t)gives};
}

/* ---- libraries */

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
static bool is_member(struct at_lua_reader *r, struct look *look) {
    if (!r->lua) return true;
    lua_settop(r->lua->L, 0);
    lua_pushcfunction(r->lua->L, each_member);
    lua_pushlightuserdata(r->lua->L, look);
    if (lua_pcall(r->lua->L, 1, 0, 0) == LUA_OK) return look->exists;
    if (r->lua->refused == AT_STOP_HOST) at_arena_fail(r->arena);
    lua_settop(r->lua->L, 0);
    return true;
}

static struct at_lua_fact maker(at_str name) {
    static const struct {
        const char *name;
        enum at_lua_fact_kind gives;
    } makers[] = {{"number", AT_LF_NUMBER},   {"percent", AT_LF_NUMBER},  {"money", AT_LF_MONEY},
                  {"date", AT_LF_DATE},       {"period", AT_LF_PERIOD},   {"days", AT_LF_DURATION},
                  {"months", AT_LF_DURATION}, {"period_of", AT_LF_PERIOD}};
    if (at_str_eq(name, AT_STR("currency"))) return of(AT_LF_TEXT);
    for (size_t i = 0; i < AT_COUNT(makers); i++)
        if (at_str_eq(name, at_str_z(makers[i].name))) return function(name, makers[i].gives);
    return of(AT_LF_UNKNOWN);
}

static struct at_lua_fact of_library(struct at_lua_reader *r, at_str library, size_t token) {
    at_str name = at_lua_parse_word(r, token);
    struct look look = {.library = library, .nearest = {.wanted = name}};
    if (is_member(r, &look)) return at_str_eq(library, AT_STR("attain")) ? maker(name) : of(AT_LF_UNKNOWN);
    if (r->found++ >= AT_LUA_MOST_FOUND) return of(AT_LF_UNKNOWN);
    struct at_diag *d =
        at_diag_add(r->diags, AT_A1011, at_lua_parse_span(r, token, token),
                    "`%.*s.%.*s` is not available in hooks", AT_STR_ARG(library), AT_STR_ARG(name));
    if (look.nearest.best.n)
        at_diag_help(d, "did you mean `%.*s.%.*s`?", AT_STR_ARG(library),
                     AT_STR_ARG(at_str_copy(r->arena, look.nearest.best)));
    else
        at_diag_help(d, "define a function in the file, or correct the name");
    return of(AT_LF_UNKNOWN);
}

/* ---- values */

/* The name in `me.total`, or in `me["total"]`. */
static at_str named(const struct at_lua_reader *r, size_t token) {
    at_str word = at_lua_parse_word(r, token);
    bool quoted = r->tokens->at[token].kind == AT_LT_TEXT;
    return quoted ? (at_str){word.p + 1, word.n - 2} : word;
}

static struct at_lua_fact tell(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token,
                               at_str near) {
    if (r->found++ >= AT_LUA_MOST_FOUND) return of(AT_LF_UNKNOWN);
    struct at_diag *d =
        at_diag_add(r->diags, AT_A1011, at_lua_parse_span(r, token, token), "%s does not have `%.*s`",
                    at_lua_fact_words(owner), AT_STR_ARG(named(r, token)));
    if (near.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(near));
    return of(AT_LF_UNKNOWN);
}

struct part {
    enum at_lua_fact_kind owner;
    const char *name;
    enum at_lua_fact_kind value; /* UNKNOWN: as the owner, after a call */
    bool method;
};
static const struct part PARTS[] = {
    {AT_LF_NUMBER, "round", AT_LF_NUMBER, true},    {AT_LF_NUMBER, "rounddown", AT_LF_NUMBER, true},
    {AT_LF_NUMBER, "roundup", AT_LF_NUMBER, true},  {AT_LF_NUMBER, "floor", AT_LF_NUMBER, true},
    {AT_LF_NUMBER, "ceil", AT_LF_NUMBER, true},     {AT_LF_NUMBER, "abs", AT_LF_NUMBER, true},
    {AT_LF_NUMBER, "integer", AT_LF_INTEGER, true}, {AT_LF_NUMBER, "text", AT_LF_TEXT, true},
    {AT_LF_MONEY, "round", AT_LF_MONEY, true},      {AT_LF_MONEY, "rounddown", AT_LF_MONEY, true},
    {AT_LF_MONEY, "roundup", AT_LF_MONEY, true},    {AT_LF_MONEY, "floor", AT_LF_MONEY, true},
    {AT_LF_MONEY, "ceil", AT_LF_MONEY, true},       {AT_LF_MONEY, "abs", AT_LF_MONEY, true},
    {AT_LF_MONEY, "integer", AT_LF_INTEGER, true},  {AT_LF_MONEY, "text", AT_LF_TEXT, true},
    {AT_LF_MONEY, "amount", AT_LF_NUMBER, false},   {AT_LF_MONEY, "currency", AT_LF_TEXT, false},
    {AT_LF_DATE, "year", AT_LF_NUMBER, false},      {AT_LF_DATE, "month", AT_LF_NUMBER, false},
    {AT_LF_DATE, "day", AT_LF_NUMBER, false},       {AT_LF_DATE, "weekday", AT_LF_NUMBER, false},
    {AT_LF_PERIOD, "start", AT_LF_DATE, false},     {AT_LF_PERIOD, "last", AT_LF_DATE, false},
    {AT_LF_PERIOD, "end", AT_LF_DATE, false},       {AT_LF_PERIOD, "days", AT_LF_NUMBER, false},
    {AT_LF_PERIOD, "months", AT_LF_NUMBER, false},  {AT_LF_PERIOD, "year", AT_LF_NUMBER, false},
    {AT_LF_PERIOD, "index", AT_LF_NUMBER, false},   {AT_LF_DURATION, "days", AT_LF_NUMBER, false},
    {AT_LF_DURATION, "months", AT_LF_NUMBER, false}};

static struct at_lua_fact of_value(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token) {
    at_str name = at_lua_parse_word(r, token);
    struct at_str_nearest nearest = {.wanted = name};
    for (size_t i = 0; i < AT_COUNT(PARTS); i++) {
        if (PARTS[i].owner != owner->kind) continue;
        if (at_str_eq(name, at_str_z(PARTS[i].name)))
            return PARTS[i].method ? function(name, PARTS[i].value) : of(PARTS[i].value);
        at_str_nearest_try(&nearest, at_str_z(PARTS[i].name));
    }
    return tell(r, owner, token, nearest.best);
}

/* ---- cells */

static const char *const GROUPS[] = {
    [AT_CELL_PAYEE] = "payee", [AT_CELL_MEASURES] = "measures", [AT_CELL_COMPONENTS] = "components",
    [AT_CELL_TOTAL] = "total", [AT_CELL_PERIOD] = "period",
};

static struct at_lua_fact of_cell(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token) {
    at_str name = named(r, token);
    struct at_str_nearest nearest = {.wanted = name};
    for (size_t g = 0; g < AT_COUNT(GROUPS); g++) {
        at_str_nearest_try(&nearest, at_str_z(GROUPS[g]));
        if (!at_str_eq(name, at_str_z(GROUPS[g]))) continue;
        if (g == AT_CELL_TOTAL) return of(AT_LF_MONEY);
        if (g == AT_CELL_PERIOD) return of(AT_LF_PERIOD);
        return (struct at_lua_fact){.kind = AT_LF_PART, .gives = (uint8_t)g};
    }
    return tell(r, owner, token, nearest.best);
}

/* Compares one name of the policy with the wanted one, which is in `nearest`. */
static bool matches(struct at_str_nearest *nearest, at_str name) {
    if (at_str_eq(name, nearest->wanted)) return true;
    at_str_nearest_try(nearest, name);
    return false;
}

/* A value that may be missing is nil. So is a dated field before its first day. */
static bool in_payee(const struct at_check_policy *checked, struct at_str_nearest *nearest,
                     struct at_lua_fact *fact) {
    if (checked->payee_table < 0) return true;
    const struct at_schema *payee = &checked->schemas[checked->payee_table];
    for (uint32_t f = 0; f < at_schema_all(payee); f++) {
        const struct at_schema_field *field = &payee->fields[f];
        if (at_check_is_hidden(checked, f) || field->type.kind == AT_T_FOREIGN) continue;
        if (!matches(nearest, field->name)) continue;
        if (f < payee->n_fields) *fact = at_lua_fact_of(&field->type);
        return true;
    }
    return false;
}

static bool in_group(const struct at_check_policy *checked, uint8_t group, struct at_str_nearest *nearest,
                     struct at_lua_fact *fact) {
    if (group == AT_CELL_PAYEE) return in_payee(checked, nearest, fact);
    if (group == AT_CELL_MEASURES) {
        for (uint32_t i = 0; i < checked->n_measures; i++) {
            const struct at_check_symbol *symbol = checked->measures[i].symbol;
            if (!matches(nearest, symbol->name)) continue;
            *fact = at_lua_fact_of(&symbol->type);
            return true;
        }
        return false;
    }
    for (uint32_t i = 0; i < checked->n_components; i++) {
        if (!matches(nearest, checked->components[i].symbol->name)) continue;
        *fact = of(AT_LF_MONEY);
        return true;
    }
    return false;
}

static struct at_lua_fact of_part(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token) {
    at_str name = named(r, token);
    struct at_str_nearest nearest = {.wanted = name};
    struct at_lua_fact fact = of(AT_LF_UNKNOWN);
    if (!r->checked || in_group(r->checked, owner->gives, &nearest, &fact)) return fact;
    if (r->found++ >= AT_LUA_MOST_FOUND) return fact;
    struct at_diag *d = at_diag_add(r->diags, AT_A1011, at_lua_parse_span(r, token, token),
                                    owner->gives == AT_CELL_PAYEE      ? "unknown field `%.*s` of the payee"
                                    : owner->gives == AT_CELL_MEASURES ? "unknown measure `%.*s`"
                                                                       : "unknown component `%.*s`",
                                    AT_STR_ARG(name));
    if (nearest.best.n)
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    else
        at_diag_help(d, "declare it in the policy, or correct the name");
    return fact;
}

/* ---- all of them */

/* Methods of texts are the functions of `string`. Integers, functions, and so on have no parts. */
static struct at_lua_fact of_plain(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token,
                                   bool method) {
    if (owner->kind == AT_LF_TEXT) return method ? of_library(r, AT_STR("string"), token) : of(AT_LF_UNKNOWN);
    bool literal_float = owner->kind == AT_LF_FLOAT;
    return literal_float ? of(AT_LF_UNKNOWN) : tell(r, owner, token, (at_str){0});
}

struct at_lua_fact at_lua_member_key(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token) {
    at_str word = at_lua_parse_word(r, token);
    bool of_policy = owner->kind == AT_LF_CELL || owner->kind == AT_LF_PART;
    bool quoted = word.n > 2 && (word.p[0] == '"' || word.p[0] == '\'') && !memchr(word.p, '\\', word.n);
    return of_policy && quoted ? at_lua_member(r, owner, token, false) : of(AT_LF_UNKNOWN);
}

struct at_lua_fact at_lua_member(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token,
                                 bool method) {
    if (!r->second) return of(AT_LF_UNKNOWN);
    switch ((enum at_lua_fact_kind)owner->kind) {
    case AT_LF_UNKNOWN:
    case AT_LF_TABLE: return of(AT_LF_UNKNOWN);
    case AT_LF_LIBRARY: return of_library(r, owner->name, token);
    case AT_LF_CELL: return of_cell(r, owner, token);
    case AT_LF_PART: return of_part(r, owner, token);
    case AT_LF_NUMBER:
    case AT_LF_MONEY:
    case AT_LF_DATE:
    case AT_LF_PERIOD:
    case AT_LF_DURATION: return of_value(r, owner, token);
    default: return of_plain(r, owner, token, method);
    }
}
