/* lua/open.c: opens a Lua state with limits on memory and time, and loads files into it.
 *
 * No library of Lua is opened, so a script can use only the functions of lua/. The allocator limits memory.
 * Time is counted in steps: one for each instruction, more for the work of functions (at_lua_charge), and
 * more for long texts and closures in the allocator. Steps are the same in every run. Work that is not the
 * same in every run has a limit of its own: struct at_lua_work.
 *
 * Everything that may raise an error runs inside lua_pcall.
 */
#include "lua/pad.h"

#include <stdlib.h>

#define CHUNK_MARK '\001' /* starts the chunk name of a file; the number of the file follows */
#define MOST_REFUSALS 200 /* of one call; each one makes the interpreter collect its garbage */

/* ---- memory */

/* Keeps small blocks for later, because every call allocates and frees boxes of exact values. */
static size_t rounded(size_t size) {
    return size <= AT_LUA_SMALL ? (size + 15) & ~(size_t)15 : size;
}

/* A script can choose keys that collide: multiples of 2^k - 1, in a table of 2^k. Below a bound, there are
 * few such keys. */
#define MID_KEY (1 << 12)
#define MID_CHAIN 64
#define MOST_USES 3
#define FAR_CHAIN 512

#define LARGE_BLOCK 8192                       /* a flat charge covers a walk over a smaller one */
#define MOST_STACK ((size_t)(20480 + 64) * 16) /* bytes; 2,000 to 4,000 nested calls */

#define LARGE_STACK (1 << 10) /* values */
#define LEAST_WORK 20000000   /* nanoseconds; a small limit on steps must still allow tables */

/* Subtracts from the limit of hidden work, and stops at 0. The callers that may raise errors check it. */
static void add_work(struct at_lua *lua, uint64_t nanoseconds) {
    int64_t left = lua->work.left > 0 ? lua->work.left : 0;
    lua->work.left = nanoseconds > (uint64_t)left ? 0 : left - (int64_t)nanoseconds;
}

/* Returns the longest walk over a table of this call, in nanoseconds, at 8 bytes each. */
static uint64_t walk_work(const struct at_lua *lua) {
    const struct at_lua_work *work = &lua->work;
    return (work->blocks > work->blocks_at_rest ? work->blocks - work->blocks_at_rest : 0) / 8;
}

/* A vector holds the keys and values of a table. A new one means that Lua rehashes the table: it searches for
 * each key in the chain of the keys that collide with it. */
static void add_vector_work(struct at_lua *lua, size_t size) {
    uint64_t n = size / 24, chain = n < MID_CHAIN ? n : MID_CHAIN + lua->mid_keys + lua->mid_at_rest;
    if (chain > FAR_CHAIN) chain = FAR_CHAIN;
    add_work(lua, n * (20 + 3 * (chain < n ? chain : n)));
}

/* Only large blocks are counted, because walking over a small one takes less than the flat charge. */
static void count_block(struct at_lua *lua, size_t before, size_t after) {
    if (before > LARGE_BLOCK) lua->work.blocks -= before;
    if (after > LARGE_BLOCK) lua->work.blocks += after;
}

/* Keeps a small block in the list of its size. The list has a limit, so an earlier peak does not hold
 * memory for ever. */
static void give_back(struct at_lua *lua, void *ptr, size_t size) {
    if (!ptr) return;
    lua->memory -= size;
    count_block(lua, size, 0);
    if (size > AT_LUA_SMALL || lua->n_spare >= AT_LUA_SPARES) {
        at_alloc_drop(lua->alloc, ptr, size);
        return;
    }
    struct at_lua_spare *spare = ptr;
    spare->next = lua->spare[size / 16];
    lua->spare[size / 16] = spare;
    lua->n_spare++;
}

/* The spares do not count as memory of the state. They must be freed with it. */
static void drop_spares(struct at_lua *lua) {
    for (size_t k = 0; k < AT_COUNT(lua->spare); k++)
        while (lua->spare[k]) {
            struct at_lua_spare *spare = lua->spare[k];
            lua->spare[k] = spare->next;
            at_alloc_drop(lua->alloc, spare, k * 16);
        }
    lua->n_spare = 0;
}

/* Returns a block of the rounded size, from the list of spares if it has one. */
static void *take(struct at_lua *lua, size_t size) {
    struct at_lua_spare *spare = size <= AT_LUA_SMALL ? lua->spare[size / 16] : NULL;
    if (!spare) return at_alloc_get(lua->alloc, size);
    lua->spare[size / 16] = spare->next;
    lua->n_spare--;
    return spare;
}

/* Charges the steps of a new object. Single instructions copy long texts. For each local that a closure
 * captures, Lua searches the captured ones. Other memory must not count as steps, because it depends on
 * earlier calls. */
static void charge_object(struct at_lua *lua, int type, size_t size) {
    if (size <= AT_LUA_SMALL) return;
    if (type == LUA_TSTRING) lua->steps -= (int64_t)(size / 64);
    if (type == LUA_TFUNCTION) {
        int64_t captured = (int64_t)size / 8;
        lua->steps -= captured * captured / 128;
    }
}

/* Returns whether the block is Lua's stack. It grows to twice its values, without five of its own. Some
 * versions of Lua resize it, and some make a new one and free the old one. */
static bool is_stack(const struct at_lua_work *work, const void *ptr, size_t old_size, size_t new_size) {
    return ptr ? ptr == work->stack : old_size == 0 && new_size == 2 * work->stack_size - 5 * 16;
}

/* Follows the blocks that may be Lua's stack. The first vector of a state is its stack, and the stack that
 * replaces it comes before the old one is freed. */
static void keep_vector(struct at_lua_work *work, const void *ptr, size_t old_size, size_t new_size,
                        void *out) {
    if (ptr && ptr == work->stack) {
        work->stack = new_size ? out : work->vector;
        work->stack_size = new_size ? new_size : work->vector_size;
    } else if (!ptr && old_size == 0) {
        work->vector = out;
        work->vector_size = new_size;
        if (!work->stack) work->stack = out;
        if (work->stack == out) work->stack_size = new_size;
    }
}

/* Returns why the allocation is refused, or AT_STOP_NONE. */
static enum at_lua_stop refusal(const struct at_lua *lua, const void *ptr, size_t old_size, size_t new_size,
                                size_t more) {
    if (!ptr && old_size == LUA_TSTRING && new_size > AT_LUA_MOST_TEXT + 64) return AT_STOP_TEXT;
    if (new_size > MOST_STACK && is_stack(&lua->work, ptr, old_size, new_size)) return AT_STOP_STACK;
    if (lua->memory + more > lua->memory_wanted || lua->refusals >= MOST_REFUSALS) return AT_STOP_MEMORY;
    return lua->work.left > 0 ? AT_STOP_NONE : AT_STOP_WORK;
}

static void note_place(struct at_lua *lua, lua_State *L);

/* After a refusal, the interpreter collects its garbage, which takes time, and tries again. The place of the
 * last refusal is the one that the message needs, because no handler runs when memory fails. Finding it does
 * not allocate. */
static bool allowed(struct at_lua *lua, const void *ptr, size_t old_size, size_t new_size, size_t more) {
    enum at_lua_stop why = refusal(lua, ptr, old_size, new_size, more);
    if (why == AT_STOP_NONE) return true;
    bool deep = lua->work.stack_size / 16 > LARGE_STACK;
    lua->refused = why == AT_STOP_MEMORY && deep ? AT_STOP_DEEP : why;
    if (lua->L) note_place(lua, lua->L);
    lua->refusals += why == AT_STOP_MEMORY || why == AT_STOP_WORK;
    add_work(lua, lua->memory * 2);
    return false;
}

/* Charges for the hidden work that an event of the allocator indicates. */
static void observe(struct at_lua *lua, const void *ptr, size_t old_size, size_t new_size) {
    struct at_lua_work *work = &lua->work;
    bool vector = !ptr && old_size == 0;
    if (!ptr && !vector) {
        charge_object(lua, (int)old_size, new_size);
    } else if (vector) {
        add_vector_work(lua, new_size);
    } else if (new_size == 0) {
        if (work->fresh) add_work(lua, LARGE_BLOCK / 8 + walk_work(lua));
    } else { /* the array of a table changes between its new vector and the old one */
        add_work(lua, new_size > AT_LUA_SMALL ? new_size / 8 : 0);
        return;
    }
    work->fresh = vector;
}

/* The lua_Alloc of the state. If ptr is NULL, old_size is the type of the new object, or 0 for a vector.
 * Returns NULL if the limit or the host refuses, and then Lua raises an error. */
static void *resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    struct at_lua *lua = context;
    size_t held = ptr ? rounded(old_size) : 0, size = rounded(new_size);
    if (new_size == 0) {
        if (ptr) observe(lua, ptr, old_size, new_size);
        keep_vector(&lua->work, ptr, old_size, 0, NULL);
        give_back(lua, ptr, held);
        return NULL;
    }
    if (size == held) return ptr;
    if (size > held && !allowed(lua, ptr, old_size, new_size, size - held)) return NULL;
    /* only once it is allowed, because refusals and their repetitions depend on earlier calls */
    observe(lua, ptr, old_size, new_size);
    bool small = !ptr || held <= AT_LUA_SMALL || size <= AT_LUA_SMALL;
    void *out = small ? take(lua, size) : at_alloc_resize(lua->alloc, ptr, held, size);
    if (!out) {
        lua->refused = AT_STOP_HOST;
        return NULL;
    }
    lua->memory += small ? size : size - held;
    count_block(lua, small ? 0 : held, size);
    keep_vector(&lua->work, ptr, old_size, new_size, out);
    if (small && ptr) {
        memcpy(out, ptr, held < size ? held : size);
        give_back(lua, ptr, held);
    }
    return out;
}

/* ---- time */

/* Notes the line of the innermost Lua function. Without one, the last place stays: memory can be refused once
 * more when the functions have ended. at_lua_begin forgets the place of the last call. */
static void note_place(struct at_lua *lua, lua_State *L) {
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        if (!lua_getinfo(L, "Sl", &ar) || ar.currentline <= 0 || ar.short_src[0] != CHUNK_MARK) continue;
        lua->stop_file = (uint32_t)strtoul(ar.short_src + 1, NULL, 10);
        lua->stop_line = (uint32_t)ar.currentline;
        return;
    }
}

/* Raises an error that hooks cannot catch, because they have no `pcall`. The reason is in lua->stop, not in
 * the text. */
static int stop(struct at_lua *lua, lua_State *L, enum at_lua_stop why) {
    lua->stop = why;
    note_place(lua, L);
    lua_pushliteral(L, "stopped");
    return lua_error(L);
}

void at_lua_charge(lua_State *L, size_t n) {
    struct at_lua *lua = at_lua_of(L);
    int64_t left = lua->steps > 0 ? lua->steps : 0;
    if (at_watch_cancelled(lua->watch)) stop(lua, L, AT_STOP_CANCEL);
    lua->steps = n > (uint64_t)left ? 0 : left - (int64_t)n;
    if (n > (uint64_t)left) stop(lua, L, AT_STOP_STEPS);
}

void at_lua_charge_walk(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    at_lua_charge(L, 8);
    add_work(lua, walk_work(lua));
    if (lua->work.left == 0) stop(lua, L, AT_STOP_WORK);
}

/* A chain is at most as long as the number of keys that were used. */
void at_lua_charge_key(lua_State *L, lua_Integer i) {
    struct at_lua *lua = at_lua_of(L);
    if (i > -MID_KEY && i < MID_KEY) return;
    /* A loop over a list uses one key after the other, each a few times: neighbors do not collide. */
    uint64_t step = (uint64_t)i - (uint64_t)lua->last_key;
    lua->last_key = i;
    if (step == 1) lua->last_uses = 0;
    if (step <= 1 && lua->last_uses < MOST_USES) {
        lua->last_uses++;
        return;
    }
    lua->last_uses = MOST_USES;
    if (i > -AT_LUA_FAR_KEY && i < AT_LUA_FAR_KEY) {
        uint64_t chain = ++lua->mid_keys + lua->mid_at_rest;
        at_lua_charge(L, (size_t)(chain < FAR_CHAIN ? chain : FAR_CHAIN) / 16);
    } else {
        lua->far_keys++;
        at_lua_charge(L, (size_t)((lua->far_keys + lua->far_at_rest) / 16));
    }
}

/* Returns whether a register of the innermost function holds a float. Some operations on floats take long in
 * one instruction, such as the remainder of 1e308 and the text of 1e-308. */
static bool has_float(lua_State *L, const lua_Debug *ar) {
    for (int i = 1; lua_getlocal(L, ar, i); i++) {
        bool is_float = lua_type(L, -1) == LUA_TNUMBER && !lua_isinteger(L, -1);
        lua_pop(L, 1);
        if (is_float) return true;
    }
    return false;
}

#define FLOAT_PRICE 40 /* steps of an instruction while a float is near */
#define FREE_BLOCKS 50 /* blocks at the start of a call without extra charges */
#define STACK_PRICE 10 /* nanoseconds of a block for each value on a large stack */

/* Charges for a large stack, because an instruction may copy all of it. Limits the values of `...`. */
static void look_at_stack(struct at_lua *lua, lua_State *L, lua_Debug *ar) {
    size_t values = lua->work.stack_size / 16;
    if (lua_getlocal(L, ar, -AT_LUA_MOST_VALUES - 1)) stop(lua, L, AT_STOP_VALUES);
    if (values <= LARGE_STACK) return;
    add_work(lua, values * STACK_PRICE);
    if (lua->work.left == 0) stop(lua, L, AT_STOP_WORK);
}

static void count(lua_State *L, lua_Debug *ar);

/* Plans the next check after a varying number of instructions, so that no loop can avoid the checks. The
 * sequence is the same in every call. */
static void look_later(struct at_lua *lua, lua_State *L) {
    lua->sample = lua->sample * 1664525u + 1013904223u;
    lua->interval = AT_LUA_BLOCK * 3 / 4 + (lua->sample >> 16) % (AT_LUA_BLOCK / 2);
    if (lua->interval > lua->steps_limit) lua->interval = (uint32_t)lua->steps_limit;
    bool steps = at_lua_watches_steps(lua);
    if (steps) lua->interval = 1; /* a profile asks after each instruction */
    int mask = at_lua_watches_lines(lua) ? LUA_MASKCOUNT | LUA_MASKLINE : LUA_MASKCOUNT;
    lua_sethook(L, count, mask, (int)lua->interval);
}

/* Called by the interpreter after `interval` instructions. The steps of a block are subtracted only here,
 * so a call may exceed its limit by one block. */
static void count(lua_State *L, lua_Debug *ar) {
    struct at_lua *lua = at_lua_of(L);
    int64_t used = lua->steps_limit - lua->steps;
    if (ar->event == LUA_HOOKLINE) {
        at_lua_on_line(L, ar);
        return;
    }
    lua->steps -= lua->interval;
    if (at_lua_watches_steps(lua)) at_lua_on_step(L, ar);
    if (at_watch_cancelled(lua->watch)) stop(lua, L, AT_STOP_CANCEL);
    if (lua->steps <= 0) stop(lua, L, AT_STOP_STEPS);
    if (lua->work.left == 0) stop(lua, L, AT_STOP_WORK);
    if (used > FREE_BLOCKS * AT_LUA_BLOCK) {
        if (has_float(L, ar)) at_lua_charge(L, (size_t)(FLOAT_PRICE - 1) * lua->interval);
        look_at_stack(lua, L, ar);
    }
    look_later(lua, L);
}

/* Frees large blocks of earlier calls, so that this call is not charged for them. */
static void clear_large(struct at_lua *lua) {
    struct at_lua_work *work = &lua->work;
    bool large = work->blocks > work->blocks_at_rest + 8 * LARGE_BLOCK;
    if (large || work->stack_size / 16 > LARGE_STACK) lua_gc(lua->L, LUA_GCCOLLECT);
}

void at_lua_begin(struct at_lua *lua) {
    lua->work.left = lua->work.limit;
    clear_large(lua);
    lua->steps = lua->steps_limit;
    lua->work.left = lua->work.limit;
    lua->work.fresh = false;
    lua->far_keys = lua->mid_keys = 0;
    lua->last_key = lua->last_uses = 0;
    lua->stop = lua->refused = AT_STOP_NONE;
    lua->stop_line = 0;
    lua->refusals = 0;
    lua->serial++;
    lua->sample = 0;
    look_later(lua, lua->L);
}

/* ---- opening */

static const char *const LIBRARIES[] = {"string", "table", "math", "utf8", "attain"};

/* Raises an error for a name that a library does not have. Argument 1 is the contents of the library. */
static int missing_member(lua_State *L) {
    const char *library = "the library";
    lua_settop(L, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_LIB);
    for (size_t i = 0; i < AT_COUNT(LIBRARIES); i++) {
        lua_getfield(L, 3, LIBRARIES[i]);
        at_lua_push_contents(L, -1);
        if (lua_rawequal(L, 1, -1)) library = LIBRARIES[i];
        lua_settop(L, 3);
    }
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "`%s` does not contain %s", library, at_lua_kind_words(L, 2));
    return luaL_error(L, "`%s.%s` is not available in hooks", library, lua_tostring(L, 2));
}

/* Makes unknown names of the frozen libraries in the table on top an error. */
static void refuse_missing_members(lua_State *L) {
    int all = lua_gettop(L);
    for (size_t i = 0; i < AT_COUNT(LIBRARIES); i++) {
        lua_getfield(L, all, LIBRARIES[i]);
        at_lua_push_contents(L, -1);
        lua_newtable(L);
        lua_pushcfunction(L, missing_member);
        lua_setfield(L, -2, "__index");
        lua_setmetatable(L, -2);
        lua_settop(L, all);
    }
}

/* Adds the table that `open` pushes to the table below it. */
static void add_library(lua_State *L, const char *name, void (*open)(lua_State *L)) {
    open(L);
    lua_setfield(L, -2, name);
}

/* Gives all texts the methods of `string`, so that a script can write name:upper(). */
static void open_strings(lua_State *L) {
    lua_pushliteral(L, "");
    lua_newtable(L);
    lua_getfield(L, -3, "string");
    at_lua_push_contents(L, -1);
    lua_setfield(L, -3, "__index");
    lua_pop(L, 1);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

/* The metatables of values come first, because at_lua_open_compare makes boxes. */
static int open_all(lua_State *L) {
    at_lua_open_values(L);
    lua_newtable(L);
    at_lua_open_base(L);
    add_library(L, "string", at_lua_open_string);
    add_library(L, "table", at_lua_open_table);
    add_library(L, "math", at_lua_open_math);
    add_library(L, "utf8", at_lua_open_utf8);
    add_library(L, "attain", at_lua_open_attain);
    lua_newtable(L);
    lua_pushcfunction(L, at_lua_missing_name);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    at_lua_freeze(L, -1);
    refuse_missing_members(L);
    open_strings(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, AT_R_LIB);
    at_lua_open_compare(L);
    lua_gc(L, LUA_GCINC, 400, 0, 0); /* the state is small, so collect garbage rarely */
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
    at_arena_free(&lua->kept);
}

static void close_later(void *argument) {
    at_lua_close(argument);
}

/* Lua calls this for an error outside of a protected call, and aborts if it returns. Only memory can fail
 * there. */
static int panic(lua_State *L) {
    at_arena_fail(at_lua_of(L)->arena);
}

/* Opens the state with its library. Returns false if the limit on memory is too small. */
static bool start(struct at_lua *lua, struct at_arena *arena) {
    lua->stop = lua->refused = AT_STOP_NONE;
    lua->refusals = 0;
    lua->memory_wanted = lua->memory_limit;
    lua->steps = INT64_MAX / 2; /* opening is not charged to a call */
    lua->work = (struct at_lua_work){.left = lua->work.limit, .limit = lua->work.limit};
    lua->far_at_rest = lua->mid_at_rest = 0;
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

struct at_lua *at_lua_open(const struct at_check_policy *checked, const struct at_lua_files *files,
                           const struct at_lua_limits *limits, struct at_arena *arena) {
    struct at_lua *lua = AT_NEW(arena, struct at_lua);
    uint64_t steps = limits && limits->steps ? limits->steps : AT_LUA_STEPS;
    lua->alloc = arena->alloc;
    lua->arena = arena;
    lua->checked = checked;
    lua->files = files;
    lua->steps_limit = steps > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)steps;
    lua->work.limit = steps > INT64_MAX / (2 * AT_LUA_WORK_PER_STEP) ? INT64_MAX / 2
                                                                     : (int64_t)steps * AT_LUA_WORK_PER_STEP;
    if (lua->work.limit < LEAST_WORK) lua->work.limit = LEAST_WORK;
    lua->work.left = lua->work.limit;
    lua->memory_limit = limits && limits->memory ? limits->memory : AT_LUA_MEMORY;
    lua->lines = AT_NEW_ARRAY(arena, uint32_t, checked->n_functions + 1);
    lua->has_locals = AT_NEW_ARRAY(arena, bool, files->n + 1);
    for (int i = 0; i < 2; i++)
        at_arena_init(&lua->scratch[i], arena->alloc, &lua->guard);
    at_arena_init(&lua->kept, arena->alloc, &lua->guard);
    at_arena_defer(arena, close_later, lua);
    return start(lua, arena) ? lua : NULL;
}

bool at_lua_renew(struct at_lua *lua, struct at_arena *arena) {
    at_lua_close(lua);
    return start(lua, arena);
}

/* ---- errors */

static at_str thousands(struct at_arena *arena, int64_t n) {
    char digits[32], out[48];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)n), k = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) out[k++] = ',';
        out[k++] = digits[i];
    }
    return at_str_copy(arena, (at_str){out, (uint32_t)k});
}

/* Returns the message for a call that was stopped. It has the limit, so that a user can compare it with the
 * options. */
static at_str limit_words(const struct at_lua *lua, enum at_lua_stop why, struct at_arena *arena) {
    at_str steps = thousands(arena, lua->steps_limit);
    switch (why) {
    case AT_STOP_STEPS:
        return at_str_format(arena, "stopped after %.*s steps. Check for a loop without end",
                             AT_STR_ARG(steps));
    case AT_STOP_MEMORY:
    case AT_STOP_DEEP: {
        size_t limit = lua->memory_limit;
        bool mega = limit >= (1u << 20) && limit % (1u << 20) == 0;
        return at_str_format(arena,
                             why == AT_STOP_DEEP
                                 ? "a function calls itself without end, or needs more than %zu %s of memory"
                                 : "stopped, because it needs more than %zu %s of memory",
                             limit >> (mega ? 20 : 10), mega ? "MB" : "KB");
    }
    case AT_STOP_WORK:
        return at_str_format(arena, "stopped, because its tables take more time than %.*s steps",
                             AT_STR_ARG(steps));
    case AT_STOP_STACK: return AT_STR("a function calls itself without end");
    case AT_STOP_VALUES: return AT_STR("stopped, because `...` can have at most 250 values");
    case AT_STOP_TEXT: return AT_STR("stopped, because a text in a hook cannot exceed 64 KB");
    default: return AT_STR("stopped on request");
    }
}

/* Returns the message without its place, such as "\0013:7: ", and notes the place in *fault. */
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

/* Searches text with a length, because messages of Lua may contain zero bytes. */
static bool holds(at_str text, const char *part) {
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, part, n) == 0) return true;
    return false;
}

#define MOST_MESSAGE 500 /* bytes of an error's own text; a run may keep one for each payee */

/* Returns the first `most` bytes of a text, without a partial character at the end. */
static at_str shortened(at_str text, uint32_t most) {
    if (text.n <= most) return text;
    while (most > 0 && ((unsigned char)text.p[most] & 0xC0) == 0x80)
        most--;
    return (at_str){text.p, most};
}

/* Returns whether p is a place such as "\0013:". Sets *file to its number, and *end to the colon. */
static bool names_place(const char *p, const char *end_of_text, uint32_t *file, const char **end) {
    char *rest; /* a text of Lua ends with a NUL */
    if (p + 1 >= end_of_text || p[1] < '0' || p[1] > '9') return false;
    *file = (uint32_t)strtoul(p + 1, &rest, 10);
    *end = rest;
    return *rest == ':';
}

/* Returns the text with the names of files instead of their marks and numbers. */
static at_str with_names(const struct at_lua *lua, at_str message, struct at_arena *arena) {
    at_str out = {"", 0};
    const char *from = message.p, *p = message.p, *end = message.p + message.n;
    while (p < end && (p = memchr(p, CHUNK_MARK, (size_t)(end - p))) != NULL) {
        uint32_t file;
        const char *after;
        if (!names_place(p, end, &file, &after)) {
            p++;
            continue;
        }
        at_str name = file < lua->files->n ? lua->files->at[file].name : AT_STR("the file");
        out = at_str_format(arena, "%.*s%.*s%.*s", AT_STR_ARG(out), (int)(p - from), from, AT_STR_ARG(name));
        p = from = after < end ? after : end;
        if (out.n > 2 * MOST_MESSAGE) return out;
    }
    return at_str_format(arena, "%.*s%.*s", AT_STR_ARG(out), (int)(end - from), from);
}

/* Returns a message of the interpreter in the words of this project. The text of `error` can be long and can
 * contain any bytes, so it is shortened first. */
static at_str reworded(const struct at_lua *lua, at_str message, struct at_arena *arena) {
    if (holds(message, "stack overflow")) return AT_STR("a function calls itself without end");
    if (at_utf8_invalid(message.p, message.n) != message.n) return AT_STR("an error whose text is not UTF-8");
    at_str text = at_lua_reword(shortened(message, MOST_MESSAGE), arena);
    return shortened(with_names(lua, text, arena), MOST_MESSAGE);
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
        fault.message = AT_STR("stopped by `error` without a text");
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

/* Passes the text to the compiler in pieces, and charges for each, so that compiling can be stopped. */
struct reading {
    at_str left;
};

static const char *read_piece(lua_State *L, void *context, size_t *size) {
    struct reading *reading = context;
    const char *piece = reading->left.p;
    *size = reading->left.n < 4096 ? reading->left.n : 4096;
    reading->left.p += *size;
    reading->left.n -= (uint32_t)*size;
    at_lua_charge(L, *size);
    return *size ? piece : NULL;
}

/* Freezes and keeps the names of a file and, if it is a module, its value. Notes the locals that both can
 * reach. Stack: the table of names, the result of the file. */
static void keep_file(lua_State *L, const struct loading *loading, lua_Integer place) {
    struct at_lua *lua = at_lua_of(L);
    int names = lua_gettop(L) - 1, result = names + 1;
    at_lua_freeze(L, names);
    at_lua_push_contents(L, names);
    int contents = result + 1;
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_FILES);
    lua_pushvalue(L, contents);
    lua_rawseti(L, -2, place);
    lua_createtable(L, 2, 0); /* all that leads to locals */
    int roots = lua_gettop(L);
    lua_pushvalue(L, contents);
    lua_rawseti(L, roots, 1);
    if (loading->file->is_module) {
        lua_pushvalue(L, result);
        at_lua_make_module(L, contents);
        lua_replace(L, result);
        lua_pushvalue(L, result);
        lua_rawseti(L, roots, 2);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_NOTES);
    at_lua_locals_note(L, roots);
    lua->has_locals[loading->index] = lua_rawlen(L, -1) > 0;
    lua_rawseti(L, -2, place);
    if (!loading->file->is_module) return;
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_MODULES);
    lua_pushvalue(L, result);
    lua_rawseti(L, -2, place);
}

/* Runs in a protected call. Compiles the file, runs it with its own globals, and freezes everything that it
 * defines. A text without a file is only compiled. */
static int run_file(lua_State *L) {
    const struct loading *loading = lua_touserdata(L, 1);
    at_lua_compare_begin(L);
    char name[24];
    snprintf(name, sizeof name, "=%c%u", CHUNK_MARK, loading->index);
    struct reading reading = {loading->text};
    if (lua_load(L, read_piece, &reading, name, "t") != LUA_OK) return lua_error(L);
    if (!loading->file) return 0;
    lua_newtable(L); /* the globals of the file; `__index` leads to the library */
    lua_newtable(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_LIB);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setupvalue(L, -3, 1);
    lua_insert(L, -2);
    for (int word = 0; word < AT_LUA_N_WORDS; word++)
        lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_WORDS + word);
    at_lua_push_require(L, loading->index);
    lua_call(L, AT_LUA_N_WORDS + 1, 1);
    keep_file(L, loading, (lua_Integer)loading->index + 1);
    return 0;
}

/* What loading leaves in memory counts as rest: later calls are charged only for what they add. */
static bool protected_load(struct at_lua *lua, struct loading *loading, struct at_arena *arena,
                           struct at_lua_fault *fault) {
    at_lua_begin(lua);
    lua_settop(lua->L, 0);
    lua_pushcfunction(lua->L, run_file);
    lua_pushlightuserdata(lua->L, loading);
    int status = lua_pcall(lua->L, 1, 0, 0);
    lua->far_at_rest += lua->far_keys;
    lua->mid_at_rest += lua->mid_keys;
    clear_large(lua);
    lua->work.blocks_at_rest = lua->work.blocks;
    if (status == LUA_OK) return true;
    *fault = at_lua_error(lua, status, arena);
    return false;
}

bool at_lua_run_file(struct at_lua *lua, uint32_t index, struct at_arena *arena, struct at_lua_fault *fault) {
    struct loading loading = {&lua->files->at[index], index, lua->files->at[index].text};
    uint32_t owner;
    if (!protected_load(lua, &loading, arena, fault)) {
        at_lua_put_back(lua, index, &owner);
        return false;
    }
    const char *changed = at_lua_put_back(lua, index, &owner);
    if (!changed) return true;
    at_str name = lua->files->at[owner].name;
    *fault = (struct at_lua_fault){
        .message = at_str_format(arena, "the file changed `%s`, a local of %.*s", changed, AT_STR_ARG(name))};
    return false;
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

/* Uses lua_rawget, because a name of the library is not a definition of the file. */
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
