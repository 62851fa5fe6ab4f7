/* lua/lines.c: what the interpreter reports while a hook runs, for a record: lines that begin, instructions,
 * and errors. */
#include "lua/pad.h"

#define MOST_FRAMES 10
#define MOST_LOCALS 12
#define MOST_VALUE 80 /* bytes */

static bool is_wanted(uint32_t wanted, uint32_t value) {
    return wanted == UINT32_MAX || wanted == value;
}

static bool traces(const struct at_lua *lua) {
    const struct at_lua_record *record = lua->pad->record;
    return record->trace && is_wanted(record->only_function, lua->job->index) &&
           is_wanted(record->only_payee, lua->job->where.payee) &&
           is_wanted(record->only_period, lua->job->where.period);
}

bool at_lua_watches_lines(const struct at_lua *lua) {
    return at_lua_pad_writes(lua) && (traces(lua) || lua->pad->record->cover);
}

bool at_lua_watches_steps(const struct at_lua *lua) {
    return at_lua_pad_writes(lua) && lua->pad->record->profile;
}

static at_str shortened(at_str text, struct at_arena *arena) {
    if (text.n <= MOST_VALUE) return text;
    text.n = MOST_VALUE;
    while (text.n && ((unsigned char)text.p[text.n] & 0xC0) == 0x80)
        text.n--;
    return at_str_format(arena, "%.*s…", AT_STR_ARG(text));
}

/* Names of temporary values of the interpreter are in parentheses. */
static bool is_named(const char *name) {
    return name[0] != '(';
}

/* ---- the lines of a call */

struct lining {
    lua_State *L;
    lua_Debug *ar;
    uint32_t file, line;
};

static int depth_of(lua_State *L) {
    lua_Debug ar;
    int depth = 0;
    while (lua_getstack(L, depth, &ar))
        depth++;
    return depth;
}

static bool holds_line(at_str lines, at_str line) {
    for (uint32_t i = 0, end; i < lines.n; i = end + 1) {
        for (end = i; end < lines.n && lines.p[end] != '\n';)
            end++;
        if (at_str_eq((at_str){lines.p + i, end - i}, line)) return true;
    }
    return false;
}

/* Writes the locals that are new or differ from those at the last line of the same function. */
static void trace_locals(struct at_lua *lua, const struct lining *at, at_str *last) {
    struct at_lua_pad *pad = lua->pad;
    struct at_arena *arena = &pad->arena;
    at_str now = {"", 0};
    const char *name;
    for (int i = 1; (name = lua_getlocal(at->L, at->ar, i)) != NULL; i++) {
        if (is_named(name)) {
            at_str value = shortened(at_lua_describe(at->L, -1, false, arena), arena);
            at_str one = at_str_format(arena, "%s = %.*s", name, AT_STR_ARG(value));
            if (last->n && !holds_line(*last, one))
                at_lua_pad_add(lua, AT_ENTRY_LOCAL, pad->last_file, pad->last_line, one);
            now = at_str_format(arena, "%.*s%.*s\n", AT_STR_ARG(now), AT_STR_ARG(one));
        }
        lua_pop(at->L, 1);
    }
    *last = at_str_format(arena, "%.*s\n", AT_STR_ARG(now)); /* not empty: the function has begun */
}

static void trace_line(void *context) {
    const struct lining *at = context;
    struct at_lua *lua = at_lua_of(at->L);
    struct at_lua_pad *pad = lua->pad;
    int depth = depth_of(at->L);
    if (depth < AT_LUA_DEPTH) trace_locals(lua, at, &pad->locals[depth]);
    for (int deeper = depth + 1; deeper < AT_LUA_DEPTH; deeper++)
        pad->locals[deeper] = (at_str){0}; /* that function has returned */
    at_lua_pad_add(lua, AT_ENTRY_LINE, at->file, at->line, (at_str){0});
    pad->last_file = at->file;
    pad->last_line = at->line;
}

void at_lua_on_line(lua_State *L, lua_Debug *ar) {
    struct at_lua *lua = at_lua_of(L);
    struct at_lua_pad *pad = lua->pad;
    struct lining at = {.L = L, .ar = ar};
    if (!at_lua_watches_lines(lua) || !at_lua_place_of(L, ar, &at.file, &at.line)) return;
    if (pad->record->cover && pad->lines[at.file] && at.line <= pad->n_lines[at.file])
        pad->lines[at.file][at.line].calls++;
    if (traces(lua) && lua_checkstack(L, 60)) at_lua_pad_work(L, trace_line, &at, false);
}

struct passing {
    lua_State *L;
    int first, n;
    bool returns;
};

static void trace_values(void *context) {
    const struct passing *pass = context;
    struct at_lua *lua = at_lua_of(pass->L);
    const struct at_lua_job *job = lua->job;
    struct at_arena *arena = &lua->pad->arena;
    at_str out = {"", 0};
    for (int i = 0; i < pass->n; i++) {
        const struct at_ast_node *node = job->function->symbol->node;
        const struct at_ast_node *parameter = (uint32_t)i < node->n ? node->child[i] : NULL;
        at_str value = shortened(at_lua_describe(pass->L, pass->first + i, false, arena), arena);
        at_str name = pass->returns || !parameter ? (at_str){0} : parameter->text;
        out = at_str_format(arena, "%.*s%s%.*s%s%.*s", AT_STR_ARG(out), i ? ", " : "", AT_STR_ARG(name),
                            name.n ? " = " : "", AT_STR_ARG(value));
    }
    at_lua_pad_add(lua, pass->returns ? AT_ENTRY_RETURN : AT_ENTRY_CALL, lua->files->file_of[job->index],
                   lua->lines[job->index], out);
}

void at_lua_on_values(lua_State *L, int first, int n, bool returns) {
    struct passing pass = {L, first, n, returns};
    if (!at_lua_pad_writes(at_lua_of(L)) || !traces(at_lua_of(L))) return;
    luaL_checkstack(L, 60, NULL);
    at_lua_pad_work(L, trace_values, &pass, false);
}

/* ---- profiles */

/* Called after each instruction. Steps and time since the last one belong to the line that was running: what
 * functions of the library charge, too. */
void at_lua_on_step(lua_State *L, lua_Debug *ar) {
    struct at_lua *lua = at_lua_of(L);
    struct at_lua_pad *pad = lua->pad;
    const struct at_lua_record *record = pad->record;
    uint64_t now = record->clock ? record->clock(record->clock_context) : 0;
    uint32_t file, line;
    if (!at_lua_place_of(L, ar, &file, &line) || !pad->lines[file] || line > pad->n_lines[file]) return;
    struct at_lua_count *count = &pad->lines[file][line];
    count->calls += file != pad->last_file || line != pad->last_line;
    count->steps += (uint64_t)(pad->last_steps - lua->steps);
    count->time += now - pad->last_time;
    pad->last_file = file;
    pad->last_line = line;
    pad->last_steps = lua->steps;
    pad->last_time = now;
}

/* ---- errors */

struct unwinding {
    lua_State *L;
};

static at_str frame_locals(lua_State *L, lua_Debug *ar, struct at_arena *arena) {
    at_str out = {"", 0};
    const char *name;
    int n = 0;
    for (int i = 1; (name = lua_getlocal(L, ar, i)) != NULL; i++) {
        if (is_named(name) && n++ < MOST_LOCALS) {
            at_str value = shortened(at_lua_describe(L, -1, false, arena), arena);
            out = at_str_format(arena, "%.*s%s%s = %.*s", AT_STR_ARG(out), out.n ? ", " : "", name,
                                AT_STR_ARG(value));
        }
        lua_pop(L, 1);
    }
    return n > MOST_LOCALS ? at_str_format(arena, "%.*s, …", AT_STR_ARG(out)) : out;
}

static void keep_frames(void *context) {
    lua_State *L = ((struct unwinding *)context)->L;
    struct at_lua *lua = at_lua_of(L);
    lua_Debug ar;
    at_str out = {"", 0};
    uint32_t file, line, n = 0;
    for (int level = 0; lua_getstack(L, level, &ar) && n < MOST_FRAMES; level++) {
        if (!at_lua_place_of(L, &ar, &file, &line)) continue;
        bool top = false;
        lua_Debug below;
        uint32_t unused;
        if (lua_getstack(L, level + 1, &below)) top = !at_lua_place_of(L, &below, &unused, &unused);
        at_str name = lua->checked->functions[lua->job->index].symbol->name;
        if (!top) {
            lua_getinfo(L, "n", &ar);
            name = at_str_z(ar.name ? ar.name : "a function");
        }
        at_str at = file < lua->files->n ? lua->files->at[file].name : AT_STR("a file");
        at_str locals = frame_locals(L, &ar, &lua->kept);
        out = at_str_format(&lua->kept, "%.*s%s%.*s, %.*s:%u%s%.*s", AT_STR_ARG(out), n ? "\n" : "",
                            AT_STR_ARG(name), AT_STR_ARG(at), line, locals.n ? ": " : "", AT_STR_ARG(locals));
        n++;
    }
    lua->trace = out;
}

int at_lua_on_error(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    struct unwinding unwinding = {L};
    if (lua->stop != AT_STOP_HOST && lua->job && lua_checkstack(L, 80))
        at_lua_pad_work(L, keep_frames, &unwinding, true);
    return 1;
}
