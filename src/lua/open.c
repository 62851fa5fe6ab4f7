/* lua/open.c: a state with its limits: memory by the allocator, time by a count of instructions. What is not
 * in it cannot be used: no library of Lua's own is opened.
 *
 * Everything that may raise an error runs inside lua_pcall; outside of it only calls are made that do not.
 */
#include "lua/lua_int.h"

#include <stdlib.h>

#define CHUNK_MARK '\001' /* begins the name under which the interpreter knows a file: its number follows */
#define MOST_REFUSALS 200 /* of one call: each time the interpreter looks through all it has */

/* ---- memory */

/* Boxes of exact values come and go with every call: small blocks are kept for the next one. */
static size_t rounded(size_t size) {
    return size <= AT_LUA_SMALL ? (size + 15) & ~(size_t)15 : size;
}

static void give_back(struct at_lua *lua, void *ptr, size_t size) {
    if (!ptr) return;
    lua->memory -= size;
    if (size > AT_LUA_SMALL || lua->n_spare >= AT_LUA_SPARES) {
        at_alloc_drop(lua->alloc, ptr, size);
        return;
    }
    struct at_lua_spare *spare = ptr;
    spare->next = lua->spare[size / 16];
    lua->spare[size / 16] = spare;
    lua->n_spare++;
}

static void drop_spares(struct at_lua *lua) {
    for (size_t k = 0; k < AT_COUNT(lua->spare); k++)
        while (lua->spare[k]) {
            struct at_lua_spare *spare = lua->spare[k];
            lua->spare[k] = spare->next;
            at_alloc_drop(lua->alloc, spare, k * 16);
        }
    lua->n_spare = 0;
}

static void *take(struct at_lua *lua, size_t size) {
    struct at_lua_spare *spare = size <= AT_LUA_SMALL ? lua->spare[size / 16] : NULL;
    if (!spare) return at_alloc_get(lua->alloc, size);
    lua->spare[size / 16] = spare->next;
    lua->n_spare--;
    return spare;
}

/* Whether there may be `more` bytes; what is refused makes the interpreter look for what it can do without,
 * and ask again. */
static bool allowed(struct at_lua *lua, bool text, size_t more) {
    if (!text && lua->memory + more <= lua->memory_wanted && lua->refusals < MOST_REFUSALS) return true;
    lua->refused = text ? AT_STOP_TEXT : AT_STOP_MEMORY;
    lua->refusals += !text;
    return false;
}

static void *resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct at_lua *lua = context;
    size_t held = ptr ? rounded(old_size) : 0, size = rounded(new_size);
    if (new_size == 0) {
        give_back(lua, ptr, held);
        return NULL;
    }
    if (size == held) return ptr;
    if (size > held) {
        /* Long texts are copied by single instructions. Other memory is not counted as time: how much is
         * asked for depends on what earlier calls left. */
        bool text = !ptr && old_size == LUA_TSTRING;
        if (!allowed(lua, text && new_size > AT_LUA_MOST_TEXT + 64, size - held)) return NULL;
        /* once allowed: a refusal is asked for again, and whether there is one depends on earlier calls */
        if (text && new_size > AT_LUA_SMALL) lua->steps -= (int64_t)(new_size / 64);
    }
    bool small = !ptr || held <= AT_LUA_SMALL || size <= AT_LUA_SMALL;
    void *out = small ? take(lua, size) : at_alloc_resize(lua->alloc, ptr, held, size);
    if (!out) {
        lua->refused = AT_STOP_HOST;
        return NULL;
    }
    lua->memory += small ? size : size - held;
    if (small && ptr) {
        memcpy(out, ptr, held < size ? held : size);
        give_back(lua, ptr, held);
    }
    return out;
}

/* ---- time */

/* Where the innermost function of Lua is at. */
static void note_place(struct at_lua *lua, lua_State *L) {
    lua_Debug ar;
    lua->stop_line = 0;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        if (!lua_getinfo(L, "Sl", &ar) || ar.currentline <= 0 || ar.short_src[0] != CHUNK_MARK) continue;
        lua->stop_file = (uint32_t)strtoul(ar.short_src + 1, NULL, 10);
        lua->stop_line = (uint32_t)ar.currentline;
        return;
    }
}

static int stop(struct at_lua *lua, lua_State *L, enum at_lua_stop why) {
    lua->stop = why;
    note_place(lua, L);
    lua_pushliteral(L, "stopped");
    return lua_error(L);
}

void at_charge(lua_State *L, size_t n) {
    struct at_lua *lua = at_lua_of(L);
    lua->steps -= (int64_t)n;
    if (lua->steps < 0) stop(lua, L, AT_STOP_STEPS);
}

static void count(lua_State *L, lua_Debug *ar) {
    struct at_lua *lua = at_lua_of(L);
    (void)ar;
    lua->steps -= lua->steps_limit < AT_LUA_BLOCK ? lua->steps_limit : AT_LUA_BLOCK;
    if (lua->cancel && *lua->cancel) stop(lua, L, AT_STOP_CANCEL);
    if (lua->steps <= 0) stop(lua, L, AT_STOP_STEPS);
}

void at_lua_begin(struct at_lua *lua) {
    lua->steps = lua->steps_limit;
    lua->stop = lua->refused = AT_STOP_NONE;
    lua->stop_line = 0;
    lua->refusals = 0;
    lua->serial++;
    lua_sethook(lua->L, count, LUA_MASKCOUNT,
                lua->steps_limit < AT_LUA_BLOCK ? (int)lua->steps_limit : AT_LUA_BLOCK);
}

/* ---- opening */

static void add_library(lua_State *L, const char *name, void (*open)(lua_State *L)) {
    open(L);
    lua_setfield(L, -2, name);
}

static void open_strings(lua_State *L) {
    lua_pushliteral(L, "");
    lua_newtable(L);
    lua_getfield(L, -3, "string");
    at_push_contents(L, -1);
    lua_setfield(L, -3, "__index");
    lua_pop(L, 1);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

static int open_all(lua_State *L) {
    at_open_values(L);
    lua_newtable(L);
    at_open_base(L);
    add_library(L, "string", at_open_string);
    add_library(L, "table", at_open_table);
    add_library(L, "math", at_open_math);
    add_library(L, "utf8", at_open_utf8);
    add_library(L, "attain", at_open_attain);
    lua_newtable(L);
    lua_pushcfunction(L, at_missing_name);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    at_freeze(L, -1);
    open_strings(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_LIB);
    at_open_compare(L);
    lua_gc(L, LUA_GCINC, 400, 0,
           0); /* the state is small and so is its limit: look for what is not used more rarely */
    for (int place = AT_R_FILES; place <= AT_R_FUNCTIONS; place++) {
        lua_newtable(L);
        lua_rawseti(L, LUA_REGISTRYINDEX, place);
    }
    return 0;
}

void at_lua_close(struct at_lua *lua) {
    if (lua->L) lua_close(lua->L);
    lua->L = NULL;
    drop_spares(lua);
    for (int i = 0; i < 2; i++)
        at_arena_free(&lua->scratch[i]);
}

static void close_later(void *argument) {
    at_lua_close(argument);
}

/* Lua calls this for an error outside of a protected call, and stops the program if it returns. No call is
 * made there that can raise; if one is, it was for memory. */
static int panic(lua_State *L) {
    at_arena_fail(at_lua_of(L)->arena);
}

/* Opens the state with its library. False: the limit on memory is too small. */
static bool start(struct at_lua *lua, struct at_arena *arena) {
    lua->stop = lua->refused = AT_STOP_NONE;
    lua->refusals = 0;
    lua->memory_wanted = lua->memory_limit;
    lua->L = lua_newstate(resize, lua);
    if (lua->L) {
        *(struct at_lua **)lua_getextraspace(lua->L) = lua;
        lua_atpanic(lua->L, panic);
        lua_pushcfunction(lua->L, open_all);
        if (lua_pcall(lua->L, 0, 0, 0) == LUA_OK) return true;
    }
    if (lua->refused == AT_STOP_HOST) at_arena_fail(arena);
    return false;
}

struct at_lua *at_lua_open(const struct at_checked *checked, const struct at_lua_files *files,
                           const struct at_lua_limits *limits, struct at_arena *arena) {
    struct at_lua *lua = AT_NEW(arena, struct at_lua);
    uint64_t steps = limits && limits->steps ? limits->steps : AT_LUA_STEPS;
    lua->alloc = arena->alloc;
    lua->arena = arena;
    lua->checked = checked;
    lua->files = files;
    lua->steps_limit = steps > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)steps;
    lua->memory_limit = limits && limits->memory ? limits->memory : AT_LUA_MEMORY;
    lua->lines = AT_NEW_ARRAY(arena, uint32_t, checked->n_functions + 1);
    lua->has_locals = AT_NEW_ARRAY(arena, bool, files->n + 1);
    for (int i = 0; i < 2; i++)
        at_arena_init(&lua->scratch[i], arena->alloc, &lua->guard);
    at_arena_defer(arena, close_later, lua);
    return start(lua, arena) ? lua : NULL;
}

bool at_lua_renew(struct at_lua *lua, struct at_arena *arena) {
    at_lua_close(lua);
    return start(lua, arena);
}

/* ---- what went wrong */

static at_str thousands(struct at_arena *arena, int64_t n) {
    char digits[32], out[48];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)n), k = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) out[k++] = ',';
        out[k++] = digits[i];
    }
    return at_str_copy(arena, (at_str){out, (uint32_t)k});
}

static at_str limit_words(const struct at_lua *lua, enum at_lua_stop why, struct at_arena *arena) {
    at_str steps = thousands(arena, lua->steps_limit);
    switch (why) {
    case AT_STOP_STEPS:
        return at_str_format(arena, "stopped after %.*s steps: perhaps a loop never ends", AT_STR_ARG(steps));
    case AT_STOP_MEMORY: {
        size_t limit = lua->memory_limit;
        if (limit >= (1u << 20) && limit % (1u << 20) == 0)
            return at_str_format(arena, "stopped: it needs more than %zu MB of memory", limit >> 20);
        return at_str_format(arena, "stopped: it needs more than %zu KB of memory", limit >> 10);
    }
    case AT_STOP_TEXT: return AT_STR("stopped: a text in a hook holds up to 64 KB");
    default: return AT_STR("stopped on request");
    }
}

/* Takes "\0013:7: " from the front of a message. */
static at_str cut_place(at_str message, struct at_lua_fault *fault) {
    char *end;
    if (message.n < 4 || message.p[0] != CHUNK_MARK) return message;
    fault->file = (uint32_t)strtoul(message.p + 1, &end, 10);
    if (*end != ':') return message;
    fault->line = (uint32_t)strtoul(end + 1, &end, 10);
    if (*end == ':') end++;
    if (*end == ' ') end++;
    return (at_str){end, (uint32_t)(message.p + message.n - end)};
}

static bool holds(at_str text, const char *part) {
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, part, n) == 0) return true;
    return false;
}

/* Messages of the interpreter itself, in words of a hook's author; places inside a message are put in its
 * file's name. */
static at_str reworded(const struct at_lua *lua, at_str message, struct at_arena *arena) {
    if (holds(message, "stack overflow")) return AT_STR("a function calls itself without end");
    at_str out = at_str_copy(arena, message);
    for (uint32_t i = 0; i < out.n; i++)
        if (out.p[i] == CHUNK_MARK) {
            char *end;
            uint32_t file = (uint32_t)strtoul(out.p + i + 1, &end, 10);
            at_str name = file < lua->files->n ? lua->files->at[file].name : AT_STR("the file");
            out = at_str_format(arena, "%.*s%.*s%.*s", (int)i, out.p, AT_STR_ARG(name),
                                (int)(out.p + out.n - end), end);
        }
    if (at_utf8_invalid(out.p, out.n) != out.n) return AT_STR("an error whose text is not UTF-8");
    return out.n > 2000 ? (at_str){out.p, 2000} : out;
}

struct at_lua_fault at_lua_error(struct at_lua *lua, int status, struct at_arena *arena) {
    struct at_lua_fault fault = {0};
    size_t n = 0;
    const char *p = lua_type(lua->L, -1) == LUA_TSTRING ? lua_tolstring(lua->L, -1, &n) : NULL;
    at_str message = {p, (uint32_t)n};
    bool memory = status == LUA_ERRMEM || (p && holds(message, "not enough memory"));
    if (lua->stop == AT_STOP_HOST || (memory && lua->refused == AT_STOP_HOST)) {
        lua_settop(lua->L, 0);
        at_arena_fail(arena);
    }
    if (lua->stop != AT_STOP_NONE || memory) {
        fault.file = lua->stop_file;
        fault.line = lua->stop_line;
        fault.message = limit_words(lua,
                                    lua->stop != AT_STOP_NONE ? lua->stop
                                    : lua->refused            ? lua->refused
                                                              : AT_STOP_MEMORY,
                                    arena);
    } else if (!p) {
        fault.message = AT_STR("it stopped with `error`, without a text that says why");
    } else {
        fault.message = reworded(lua, cut_place(message, &fault), arena);
    }
    lua_settop(lua->L, 0);
    return fault;
}

/* ---- files */

struct loading {
    const struct at_lua_file *file;
    uint32_t index;
    at_str text;
};

static int run_file(lua_State *L) {
    const struct loading *loading = lua_touserdata(L, 1);
    struct at_lua *lua = at_lua_of(L);
    at_compare_begin(L);
    lua_Integer place = (lua_Integer)loading->index + 1;
    char name[24];
    snprintf(name, sizeof name, "=%c%u", CHUNK_MARK, loading->index);
    if (luaL_loadbufferx(L, loading->text.p, loading->text.n, name, "t") != LUA_OK) return lua_error(L);
    if (!loading->file) return 0;
    lua_newtable(L); /* what the file makes; what it does not find there is looked for in the library */
    lua_newtable(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_LIB);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setupvalue(L, -3, 1);
    lua_insert(L, -2);
    for (int word = 0; word < AT_LUA_N_WORDS; word++)
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_WORDS + word);
    lua_call(L, AT_LUA_N_WORDS, 0);
    at_freeze(L, -1);
    at_push_contents(L, -1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_FILES);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, place);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_NOTES);
    at_locals_note(L, -3);
    lua->has_locals[loading->index] = lua_rawlen(L, -1) > 0;
    lua_rawseti(L, -2, place);
    return 0;
}

static bool protected_load(struct at_lua *lua, struct loading *loading, struct at_arena *arena,
                           struct at_lua_fault *fault) {
    at_lua_begin(lua);
    lua_settop(lua->L, 0);
    lua_pushcfunction(lua->L, run_file);
    lua_pushlightuserdata(lua->L, loading);
    int status = lua_pcall(lua->L, 1, 0, 0);
    if (status == LUA_OK) return true;
    *fault = at_lua_error(lua, status, arena);
    return false;
}

bool at_lua_run_file(struct at_lua *lua, uint32_t index, struct at_arena *arena, struct at_lua_fault *fault) {
    struct loading loading = {&lua->files->at[index], index, lua->files->at[index].text};
    return protected_load(lua, &loading, arena, fault);
}

bool at_lua_parses(struct at_lua *lua, at_str text, struct at_arena *arena, struct at_lua_fault *fault) {
    struct loading loading = {NULL, 0, text};
    return protected_load(lua, &loading, arena, fault);
}

/* ---- functions */

struct search {
    uint32_t file;
    at_str name;
};

static int find_made(lua_State *L) {
    const struct search *search = lua_touserdata(L, 1);
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_FILES);
    if (lua_rawgeti(L, 1, (lua_Integer)search->file + 1) != LUA_TTABLE) return lua_pushnil(L), 1;
    lua_pushlstring(L, search->name.p, search->name.n);
    lua_rawget(L, 2);
    return 1;
}

int at_lua_push_made(lua_State *L, uint32_t file, at_str name) {
    struct search search = {file, name};
    lua_pushcfunction(L, find_made);
    lua_pushlightuserdata(L, &search);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        struct at_lua *lua = at_lua_of(L);
        if (lua->refused == AT_STOP_HOST) at_arena_fail(lua->arena);
        lua_pop(L, 1);
        lua_pushnil(L);
    }
    return lua_type(L, -1);
}

static int keep_function(lua_State *L) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_FUNCTIONS);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, lua_tointeger(L, 2));
    return 0;
}

void at_lua_find_functions(struct at_lua *lua) {
    lua_State *L = lua->L;
    lua_Debug ar;
    for (uint32_t i = 0; i < lua->checked->n_functions; i++) {
        if (lua->files->file_of[i] == UINT32_MAX) continue;
        if (at_lua_push_made(L, lua->files->file_of[i], lua->checked->functions[i].symbol->name) ==
            LUA_TFUNCTION) {
            lua_pushvalue(L, -1);
            lua->lines[i] = lua_getinfo(L, ">S", &ar) && ar.linedefined > 0 ? (uint32_t)ar.linedefined : 0;
            lua_pushcfunction(L, keep_function);
            lua_insert(L, -2);
            lua_pushinteger(L, (lua_Integer)i + 1);
            if (lua_pcall(L, 2, 0, 0) == LUA_OK) continue;
            if (lua->refused == AT_STOP_HOST) at_arena_fail(lua->arena);
            lua_pop(L, 1);
        } else {
            lua_pop(L, 1);
        }
    }
}
