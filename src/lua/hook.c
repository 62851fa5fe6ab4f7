/* lua/hook.c: implements kernel/hook.h, with one engine for each thread and one protected call.
 *
 *     arguments ── checked ──> boxes ──────┐
 *                                          ├─ lua_pcall(trampoline) ──> result, reason ── checked ──> at_plan_value
 *     the limits of a call begin again ────┘             │
 *                                                        └─ locals of the file are restored
 *
 * The limits start again with each call. The result and the message of a call depend on its arguments only.
 * freeze.c restores values, lib_compare.c discards unfinished comparisons, and `perform` makes a new state if
 * the memory that is left depends on earlier calls.
 */
#include "lua/pad.h"

struct at_lua_hook_engine {
    struct at_lua *lua;
    struct at_lua_hooks *hooks;
    at_str *failed;       /* by file: why it did not load, or empty */
    size_t memory_enough; /* bytes; a call that stays below does not depend on earlier calls */
};

/* ---- opening */

static at_str place_words(const struct at_lua *lua, uint32_t file, uint32_t line, at_str message,
                          struct at_arena *arena) {
    at_str name = file < lua->files->n ? lua->files->at[file].name : AT_STR("a hook");
    if (line == 0) return at_str_format(arena, "%.*s: %.*s", AT_STR_ARG(name), AT_STR_ARG(message));
    return at_str_format(arena, "%.*s:%u: %.*s", AT_STR_ARG(name), line, AT_STR_ARG(message));
}

/* Loads the files in a new state. Allocates the texts of `failed` in `arena`. */
static void run_files(struct at_lua_hook_engine *engine, struct at_arena *arena, at_str *failed) {
    struct at_lua *lua = engine->lua;
    for (uint32_t k = 0; k < lua->files->n; k++) {
        uint32_t i = lua->files->order[k];
        const struct at_lua_file *file = &lua->files->at[i];
        struct at_lua_fault fault = {0};
        for (uint32_t need = 0; need < file->n_needs && !failed[i].n; need++)
            failed[i] = failed[file->needs[need].file];
        if (!failed[i].n && !at_lua_run_file(lua, i, arena, &fault))
            failed[i] = place_words(lua, fault.line ? fault.file : i, fault.line, fault.message, arena);
    }
    at_lua_find_functions(lua);
    lua_settop(lua->L, 0);
}

/* Opens the engine of one thread. The state stays open until the arena is released. Returns NULL, with a
 * message, if not even the library fits in the memory. */
static struct at_lua_hook_engine *open_engine(void *context, struct at_arena *arena,
                                              struct at_kernel_hook_failure *failure) {
    struct at_lua_hooks *hooks = context;
    struct at_lua_hook_engine *engine = AT_NEW(arena, struct at_lua_hook_engine);
    engine->hooks = hooks;
    engine->lua = at_lua_open(hooks->checked, hooks->files, &hooks->limits, arena);
    if (!engine->lua) {
        failure->message = AT_STR("the memory limit for hooks is too small for any hook");
        return NULL;
    }
    struct at_lua *lua = engine->lua;
    lua->watch = hooks->watch;
    if (hooks->record) lua->pad = at_lua_pad_open(hooks->record, lua, arena);
    engine->failed = AT_NEW_ARRAY(arena, at_str, hooks->files->n + 1);
    run_files(engine, arena, engine->failed);
    lua_gc(lua->L, LUA_GCCOLLECT);
    size_t left = lua->memory_limit > lua->memory ? lua->memory_limit - lua->memory : 0;
    /* Half of the memory that is left after loading. `perform` explains why. */
    engine->memory_enough = lua->memory_limit - left / 2;
    return engine;
}

/* ---- the call: everything that may raise an error */

/* Runs inside lua_pcall, so arguments that need memory may raise errors. Leaves two results, which may be
 * nil. */
static int trampoline(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    const struct at_lua_job *job = lua->job;
    uint32_t n = job->function->n, given = 0;
    at_lua_compare_begin(L);
    luaL_checkstack(L, (int)n + 10, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, AT_R_FUNCTIONS);
    lua_rawgeti(L, -1, (lua_Integer)job->index + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (job->cell && job->cell->at == i)
            at_lua_push_box(L, AT_L_CELL, sizeof(struct at_lua_box))->i = (int32_t)lua->serial;
        else
            at_lua_push_value(L, &job->args[given++]);
    }
    at_lua_on_values(L, 3, (int)n, false);
    lua_call(L, (int)n, LUA_MULTRET);
    int results = lua_gettop(L) - 1;
    at_lua_on_values(L, 2, results, true);
    if (results > 2)
        luaL_error(L, "the hook returned %d values. Return a result and, if needed, its reason", results);
    /* Index 1 is the table of functions. A missing result or reason becomes nil. */
    lua_settop(L, 3);
    return 2;
}

/* ---- the result and its declared type. Nothing here raises an error or allocates in Lua. */

struct verdict {
    struct at_arena *arena;
    const struct at_check_policy *checked;
    at_str why; /* empty if the result is valid */
};

static bool refuse(struct verdict *verdict, const char *format, ...) AT_PRINTF(2, 3);
static bool refuse(struct verdict *verdict, const char *format, ...) {
    va_list args;
    va_start(args, format);
    verdict->why = at_str_vformat(verdict->arena, format, args);
    va_end(args);
    return false;
}

/* As at_lua_kind_words, but allocates in the arena, because no error of Lua may be raised here. */
static const char *given_words(lua_State *L, int i, struct at_arena *arena) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    const struct at_currency_info *info;
    if (!box)
        return lua_type(L, i) == LUA_TNIL || lua_type(L, i) == LUA_TBOOLEAN ||
                       lua_type(L, i) == LUA_TSTRING || lua_type(L, i) == LUA_TTABLE ||
                       lua_type(L, i) == LUA_TNUMBER || lua_type(L, i) == LUA_TFUNCTION
                   ? at_lua_kind_words(L, i)
                   : "nothing";
    if (box->kind != AT_L_MONEY) return at_lua_kind_words(L, i);
    info = at_currency_info(box->currency);
    return info ? at_str_format(arena, "money in %s", info->code).p : "money";
}

static bool wrong_type(struct verdict *verdict, lua_State *L, int i, const at_type *type) {
    at_str wanted = at_check_type_print(verdict->arena, verdict->checked, *type);
    const char *given = given_words(L, i, verdict->arena);
    const struct at_currency_info *info = at_currency_info(type->currency);
    if (type->kind == AT_T_MONEY && info && lua_type(L, i) != LUA_TNIL) {
        const struct at_lua_box *box = at_lua_box_at(L, i);
        if (box && box->kind == AT_L_MONEY)
            return refuse(verdict, "the hook returned %s, but money in %s is declared", given, info->code);
        return refuse(verdict, "the hook returned %s, but money is declared. Write attain.money(x, \"%s\")",
                      given, info->code);
    }
    if (lua_type(L, i) == LUA_TNIL)
        return refuse(verdict, "the hook returned nothing, but %.*s is declared. Add a `return`",
                      AT_STR_ARG(wanted));
    return refuse(verdict, "the hook returned %s, but %.*s is declared", given, AT_STR_ARG(wanted));
}

/* Copies the number, because the box and its limbs belong to Lua, which may collect them. */
static bool take_number(struct verdict *verdict, lua_State *L, int i, struct at_plan_value *out) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    if (box && box->kind == AT_L_NUMBER) {
        at_plan_value_put_num(out, at_num_copy(verdict->arena, at_lua_box_num(box)));
        return true;
    }
    if (!lua_isinteger(L, i)) return wrong_type(verdict, L, i, &out->type);
    at_plan_value_put_num(out, at_num_int(lua_tointeger(L, i)));
    return true;
}

/* Returns whether the result is a float, and refuses it. A float would not be exact. */
static bool is_float(struct verdict *verdict, lua_State *L, int i) {
    char text[40];
    if (lua_type(L, i) != LUA_TNUMBER || lua_isinteger(L, i)) return false;
    double value = lua_tonumber(L, i);
    if (value != value)
        return refuse(verdict, "the hook returned NaN, which is not a number, after a division by zero"),
               true;
    snprintf(text, sizeof text, "%.14g", value);
    refuse(verdict, "the hook returned %s, a float, which is not exact. Write attain.number(\"%s\")", text,
           text);
    return true;
}

/* Copies the text to the arena. Lua texts may contain any bytes, so this refuses what is not UTF-8 and zero
 * bytes. */
static bool take_text(struct verdict *verdict, lua_State *L, int i, at_str *out, const char *what) {
    size_t n;
    const char *p = lua_tolstring(L, i, &n);
    if (at_utf8_invalid(p, n) != n || memchr(p, '\0', n))
        return refuse(verdict, "%s is not UTF-8 text", what);
    *out = at_str_copy(verdict->arena, (at_str){p, (uint32_t)n});
    return true;
}

/* A choice is stored as its place in the list of the type. */
static bool take_choice(struct verdict *verdict, lua_State *L, int i, struct at_plan_value *out) {
    at_str text = {0};
    if (!take_text(verdict, L, i, &text, "the result of the hook")) return false;
    const struct at_type_choices *choices = out->type.choices;
    for (uint32_t k = 0; choices && k < choices->n; k++)
        if (at_str_eq(choices->at[k], text)) {
            at_plan_value_put_row(out, (int32_t)k);
            return true;
        }
    at_str wanted = at_check_type_print(verdict->arena, verdict->checked, out->type);
    return refuse(verdict, "the hook returned \"%.*s\", but %.*s is declared", AT_STR_ARG(text),
                  AT_STR_ARG(wanted));
}

/* Stores the result in the form of its declared type. Nothing is converted, except an integer of Lua to a
 * number, and a text to a choice. */
static bool take_result(struct verdict *verdict, lua_State *L, int i, struct at_plan_value *out) {
    at_str text;
    const struct at_lua_box *box = at_lua_box_at(L, i);
    if (is_float(verdict, L, i)) return false;
    switch ((enum at_type_kind)out->type.kind) {
    case AT_T_NUMBER: return take_number(verdict, L, i, out);
    case AT_T_MONEY:
        if (!box || box->kind != AT_L_MONEY || box->currency != out->type.currency) break;
        at_plan_value_put_num(out, at_num_copy(verdict->arena, at_lua_box_num(box)));
        return true;
    case AT_T_FOREIGN: break; /* the checker permits no such result */
    case AT_T_DURATION:
        if (!box || box->kind != AT_L_DURATION || box->months != out->type.months) break;
        at_plan_value_put_num(out, at_num_copy(verdict->arena, at_lua_box_num(box)));
        return true;
    case AT_T_DATE:
        if (!box || box->kind != AT_L_DATE) break;
        at_plan_value_put_day(out, box->i);
        return true;
    case AT_T_PERIOD:
        if (!box || box->kind != AT_L_PERIOD) break;
        at_plan_value_put_period(out, box->period);
        return true;
    case AT_T_FLAG:
        if (lua_type(L, i) != LUA_TBOOLEAN) break;
        at_plan_value_put_yes(out, lua_toboolean(L, i));
        return true;
    case AT_T_TEXT:
        if (lua_type(L, i) != LUA_TSTRING) break;
        if (!take_text(verdict, L, i, &text, "the result of the hook")) return false;
        at_plan_value_put_text(out, text);
        return true;
    case AT_T_ENUM:
        if (lua_type(L, i) != LUA_TSTRING) break;
        return take_choice(verdict, L, i, out);
    case AT_T_REF:
    case AT_T_NONE: break;
    }
    return wrong_type(verdict, L, i, &out->type);
}

/* Limits the length of the reason, because a run may keep one for each call. */
static bool take_reason(struct verdict *verdict, lua_State *L, int i, at_str *out) {
    if (lua_type(L, i) == LUA_TNIL) return true;
    if (lua_type(L, i) != LUA_TSTRING)
        return refuse(verdict, "the second result of the hook, its reason, must be text, found %s",
                      given_words(L, i, verdict->arena));
    if (!take_text(verdict, L, i, out, "the reason of the hook")) return false;
    if (out->n > 1000)
        return refuse(verdict, "the second result of the hook, its reason, is longer than 1,000 bytes");
    return true;
}

/* ---- the engine */

/* Adds whole blocks only, so a short call does not touch the counter that threads share. */
static void add_steps(struct at_lua_hook_engine *engine) {
    int64_t used = engine->lua->steps_limit - engine->lua->steps;
    if (used >= AT_LUA_BLOCK) __atomic_add_fetch(&engine->hooks->used, (uint64_t)used, __ATOMIC_RELAXED);
}

static void fail(const struct at_lua *lua, uint32_t file, uint32_t line, at_str text, struct at_arena *arena,
                 struct at_kernel_hook_failure *failure) {
    failure->message = place_words(lua, file, line, text, arena);
    failure->text = text;
    failure->line = line;
    failure->file = file < lua->files->n ? lua->files->at[file].name : (at_str){0};
}

/* Restores the locals before anything else, because a call that changed one is refused whatever it
 * returned. */
static bool take_all(struct at_lua_hook_engine *engine, uint32_t function, struct at_arena *arena,
                     struct at_plan_value *result, at_str *reason, struct at_kernel_hook_failure *failure) {
    struct at_lua *lua = engine->lua;
    lua_State *L = lua->L;
    struct verdict verdict = {.arena = arena, .checked = lua->checked};
    uint32_t file = lua->files->file_of[function];
    uint32_t owner;
    const char *changed = at_lua_put_back(lua, file, &owner);
    if (changed && owner == file)
        refuse(&verdict,
               "the hook changed `%s`, a local of the file, but nothing is kept from one payee to the next",
               changed);
    else if (changed)
        refuse(&verdict,
               "the hook changed `%s`, a local of %.*s, but nothing is kept from one payee to the next",
               changed, AT_STR_ARG(lua->files->at[owner].name));
    else if (take_result(&verdict, L, 1, result))
        take_reason(&verdict, L, 2, reason);
    if (verdict.why.n == 0) return true;
    /* A refused call must not leave half of a result behind. */
    *result = (struct at_plan_value){.type = result->type};
    *reason = (at_str){0};
    at_str name = lua->checked->functions[function].symbol->name;
    verdict.why = at_str_format(arena, "`%.*s`: %.*s", AT_STR_ARG(name), AT_STR_ARG(verdict.why));
    fail(lua, file, lua->lines[function], verdict.why, arena, failure);
    return false;
}

/* Calls the hook once. The limits begin again, and `memory` is the limit of this attempt in bytes. */
static int attempt(struct at_lua *lua, size_t memory) {
    const struct at_arena_mark empty = {0};
    bool callers = at_lua_pad_writes(lua) && lua->pad->record->callers;
    at_lua_begin(lua);
    if (lua->kept.head) at_arena_reset(&lua->kept, empty);
    lua->notes.at = NULL;
    lua->notes.n = lua->notes.room = 0;
    lua->trace = (at_str){0};
    lua->memory_wanted = memory;
    at_lua_pad_begin(lua);
    if (callers) lua_pushcfunction(lua->L, at_lua_on_error);
    lua_pushcfunction(lua->L, trampoline);
    int status = lua_pcall(lua->L, 0, 2, callers ? 1 : 0);
    if (callers) lua_remove(lua->L, 1);
    return status;
}

/* Earlier calls leave memory in use, such as a large stack, garbage, and texts. So the first attempt has only
 * half of the memory. If it needs more, the call is made again in a new state, with all of the memory. The
 * result does not depend on the order of the calls. Returns false, with a message, if there is no memory for
 * a new state. */
static bool perform(struct at_lua_hook_engine *engine, uint32_t file, struct at_arena *arena, int *status,
                    at_str *message) {
    struct at_lua *lua = engine->lua;
    *status = attempt(lua, engine->memory_enough);
    if (*status == LUA_OK || (lua->refusals == 0 && lua->stop != AT_STOP_WORK)) return true;
    at_str *failed = AT_NEW_ARRAY(arena, at_str, lua->files->n + 1);
    *message = AT_STR("the memory limit for hooks is too small for any hook");
    if (!at_lua_renew(lua, arena)) return false;
    run_files(engine, arena, failed);
    *message = failed[file];
    if (message->n) return false;
    *status = attempt(lua, lua->memory_limit);
    return true;
}

/* The notes are valid until the next call, and the caller copies what it keeps. */
static void take_said(struct at_lua *lua, const struct at_lua_job *job, struct at_arena *arena,
                      struct at_kernel_hook_said *said) {
    said->notes = lua->notes.at;
    said->n_notes = (uint32_t)lua->notes.n;
    if (!job->reads) return;
    said->reads = AT_NEW_ARRAY(arena, uint32_t, job->cell->n + 1);
    for (uint32_t i = 0; i < job->cell->n; i++)
        if (job->reads[i]) said->reads[said->n_reads++] = i;
}

/* Implements at_kernel_hooks.call. Returns false, with a message in `failure`, if the call fails. Numbers
 * and texts of the result are in `arena`. */
static bool call_function(struct at_lua_hook_engine *engine, const struct at_kernel_hook_call *call,
                          struct at_arena *arena, struct at_plan_value *result,
                          struct at_kernel_hook_said *said, struct at_kernel_hook_failure *failure) {
    struct at_lua *lua = engine->lua;
    uint32_t file = lua->files->file_of[call->function];
    int status = LUA_OK;
    if (!lua->L) { /* the last call had no memory for a new state */
        failure->message = AT_STR("the memory limit for hooks is too small for any hook");
        return false;
    }
    if (at_lua_hooks_spent(engine->hooks)) {
        failure->message = AT_STR("the hooks of this run together exceeded their limit of steps");
        return false;
    }
    if (file == UINT32_MAX || engine->failed[file].n) {
        failure->message = file == UINT32_MAX ? AT_STR("this function is not a hook") : engine->failed[file];
        return false;
    }
    struct at_lua_job job = {.function = &lua->checked->functions[call->function],
                             .index = call->function,
                             .args = call->args,
                             .cell = call->cell,
                             .where = call->where};
    /* The arguments come first, without the cell. The parts of the cell follow. */
    if (call->cell) {
        job.cell_args = call->args + job.function->n - 1;
        job.reads = AT_NEW_ARRAY(arena, bool, call->cell->n + 1);
    }
    lua->job = &job;
    /* A failure of the host's memory in this call jumps to the guard of this arena. */
    lua->arena = arena;
    bool made = perform(engine, file, arena, &status, &failure->message);
    at_lua_pad_end(lua);
    lua->job = NULL;
    if (!made) return false;
    add_steps(engine);
    bool good = status == LUA_OK && take_all(engine, call->function, arena, result, &said->reason, failure);
    if (status != LUA_OK) {
        uint32_t owner;
        at_lua_put_back(lua, file, &owner);
        struct at_lua_fault fault = at_lua_error(lua, status, arena);
        fail(lua, fault.line ? fault.file : file, fault.line ? fault.line : lua->lines[call->function],
             fault.message, arena, failure);
        failure->trace = at_str_copy(arena, lua->trace);
    }
    if (good) take_said(lua, &job, arena, said);
    lua_settop(lua->L, 0);
    return good;
}

void at_lua_hooks_init(struct at_lua_hooks *hooks, const struct at_check_policy *checked,
                       const struct at_lua_files *files, const struct at_lua_limits *limits,
                       struct at_watch *watch) {
    *hooks = (struct at_lua_hooks){
        .hooks = {hooks, open_engine, call_function}, .checked = checked, .files = files, .watch = watch};
    if (limits) hooks->limits = *limits;
    if (!hooks->limits.run_steps) hooks->limits.run_steps = AT_LUA_RUN_STEPS;
}

bool at_lua_hooks_spent(const struct at_lua_hooks *hooks) {
    return __atomic_load_n(&hooks->used, __ATOMIC_RELAXED) > hooks->limits.run_steps;
}
