/* lua/log.c: implements `attain.log`, which prints values for the person who writes a hook, and
 * `attain.note`, which adds a value to the explanation. Neither changes what the hook calculates: both cost
 * the same steps whether anything is kept or not.
 */
#include "lua/pad.h"

#include <stdlib.h>

#define MOST_TEXT 2000 /* bytes of one entry */
#define MOST_NOTES 20  /* of one call */
#define MOST_NAME 100  /* bytes */

/* Places are marked as in messages: see open.c. */
bool at_lua_place_of(lua_State *L, lua_Debug *ar, uint32_t *file, uint32_t *line) {
    if (!lua_getinfo(L, "Sl", ar) || ar->currentline <= 0 || ar->short_src[0] != '\001') return false;
    *file = (uint32_t)strtoul(ar->short_src + 1, NULL, 10);
    *line = (uint32_t)ar->currentline;
    return true;
}

struct logging {
    lua_State *L;
    int n;
    uint32_t file, line;
};

static void write_log(void *context) {
    struct logging *log = context;
    struct at_lua *lua = at_lua_of(log->L);
    struct at_arena *arena = &lua->pad->arena;
    at_str text = {"", 0};
    for (int i = 1; i <= log->n && text.n < MOST_TEXT; i++) {
        at_str one = at_lua_describe(log->L, i, true, arena);
        text = at_str_format(arena, "%.*s%s%.*s", AT_STR_ARG(text), i > 1 ? " " : "", AT_STR_ARG(one));
    }
    if (text.n > MOST_TEXT) {
        text.n = MOST_TEXT;
        while (text.n && ((unsigned char)text.p[text.n] & 0xC0) == 0x80)
            text.n--;
        text = at_str_format(arena, "%.*s…", AT_STR_ARG(text));
    }
    at_lua_pad_add(lua, AT_ENTRY_LOG, log->file, log->line, text);
}

int at_lua_log(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    struct logging log = {.L = L, .n = lua_gettop(L)};
    lua_Debug ar;
    at_lua_charge(L, 20 * ((size_t)log.n + 1));
    if (!at_lua_pad_writes(lua) || !lua->pad->record->log) return 0;
    luaL_checkstack(L, 60, NULL);
    if (lua_getstack(L, 1, &ar)) at_lua_place_of(L, &ar, &log.file, &log.line);
    at_lua_pad_work(L, write_log, &log, false);
    return 0;
}

/* ---- notes */

struct noting {
    lua_State *L;
    struct at_lua *lua;
};

static struct at_plan_value value_of(lua_State *L, int i, struct at_arena *arena) {
    const struct at_lua_box *box = at_lua_box_at(L, i);
    at_type type = {.kind = AT_T_NUMBER};
    size_t n = 0;
    if (box && (box->kind == AT_L_NUMBER || box->kind == AT_L_MONEY || box->kind == AT_L_DURATION)) {
        if (box->kind == AT_L_MONEY) type = (at_type){.kind = AT_T_MONEY, .currency = box->currency};
        if (box->kind == AT_L_DURATION) type = (at_type){.kind = AT_T_DURATION, .months = box->months};
        return at_plan_value_of_num(type, at_num_copy(arena, at_lua_box_num(box)));
    }
    if (box && box->kind == AT_L_DATE) return at_plan_value_of_day(box->i);
    if (box && box->kind == AT_L_PERIOD) return at_plan_value_of_period(box->period);
    if (lua_isinteger(L, i)) return at_plan_value_of_num(type, at_num_int(lua_tointeger(L, i)));
    if (lua_type(L, i) == LUA_TBOOLEAN) return at_plan_value_of_yes(lua_toboolean(L, i));
    const char *p = lua_tolstring(L, i, &n);
    return at_plan_value_of_text(at_str_copy(arena, (at_str){p, (uint32_t)n}));
}

static void keep_note(void *context) {
    struct noting *noting = context;
    struct at_lua *lua = noting->lua;
    size_t n;
    const char *name = lua_tolstring(noting->L, 1, &n);
    struct at_kernel_hook_note note = {.name = at_str_copy(&lua->kept, (at_str){name, (uint32_t)n}),
                                       .value = value_of(noting->L, 2, &lua->kept)};
    AT_VEC_PUSH(&lua->kept, &lua->notes, note);
}

static bool is_text(lua_State *L, int i, size_t most) {
    size_t n;
    const char *p = lua_type(L, i) == LUA_TSTRING ? lua_tolstring(L, i, &n) : NULL;
    return p && n <= most && at_utf8_invalid(p, n) == n && !memchr(p, '\0', n);
}

int at_lua_note(lua_State *L) {
    struct at_lua *lua = at_lua_of(L);
    struct noting noting = {L, lua};
    at_lua_charge(L, 20);
    at_lua_takes(L, "attain.note", 2, 2);
    if (!is_text(L, 1, MOST_NAME))
        return luaL_error(L, "attain.note requires a name of at most 100 bytes, found %s",
                          at_lua_kind_words(L, 1));
    const struct at_lua_box *box = at_lua_box_at(L, 2);
    bool value = (box && box->kind <= AT_L_DURATION) || lua_isinteger(L, 2) ||
                 lua_type(L, 2) == LUA_TBOOLEAN || is_text(L, 2, 1000);
    if (!value)
        return luaL_error(L,
                          "attain.note requires a number, money, a text, a date, a period, or a flag, "
                          "found %s",
                          at_lua_kind_words(L, 2));
    if (!lua->job) return 0; /* the file is being loaded */
    if (lua->notes.n >= MOST_NOTES)
        return luaL_error(L, "attain.note can be called at most 20 times in one call");
    at_lua_pad_work(L, keep_note, &noting, false);
    return 0;
}
