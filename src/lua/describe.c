/* lua/describe.c: writes values of Lua as text for people, without raising an error of Lua: for logs, traces,
 * and the locals of functions that were running when an error occurred. Tables are in the order of their
 * keys.
 */
#include "lua/pad.h"

#include "base/numtext.h"
#include "base/sort.h"

#define MOST_ITEMS 20 /* of a table */
#define MOST_DEPTH 3
#define MOST_STRING 200 /* bytes */

struct item {
    bool number;
    lua_Integer index;
    at_str key, value;
};

struct describing {
    lua_State *L;
    struct at_arena *arena;
};

static at_str describe(const struct describing *d, int i, unsigned depth, bool bare);

static at_str box_text(const struct describing *d, const struct at_lua_box *box) {
    struct at_arena *arena = d->arena;
    switch ((enum at_lua_kind)box->kind) {
    case AT_L_NUMBER: return at_num_print(arena, at_lua_box_num(box));
    case AT_L_MONEY: return at_money_print(arena, at_lua_box_num(box), box->currency);
    case AT_L_DATE: return at_date_print(arena, box->i);
    case AT_L_PERIOD: return at_period_print(arena, box->period);
    case AT_L_DURATION:
        return at_str_format(arena, "%.*s %s", AT_STR_ARG(at_num_print(arena, at_lua_box_num(box))),
                             box->months ? "months" : "days");
    case AT_L_CELL: return AT_STR("cell");
    case AT_L_PART: return AT_STR("a part of the cell");
    case AT_L_SIGN:
    case AT_L_HOLDER: break;
    }
    return AT_STR("a value");
}

/* A text can contain any bytes. What is printed is made visible by the writer. */
static at_str string_text(const struct describing *d, int i, bool bare) {
    size_t n;
    const char *p = lua_tolstring(d->L, i, &n);
    uint32_t most = n > MOST_STRING ? MOST_STRING : (uint32_t)n;
    if (at_utf8_invalid(p, n) != n) return AT_STR("a text that is not UTF-8");
    while (most < n && most > 0 && ((unsigned char)p[most] & 0xC0) == 0x80)
        most--;
    const char *more = most < n ? "…" : "";
    if (bare) return at_str_format(d->arena, "%.*s%s", (int)most, p, more);
    return at_str_format(d->arena, "\"%.*s%s\"", (int)most, p, more);
}

static int item_cmp(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    if (a->number != b->number) return a->number ? -1 : 1;
    if (a->number) return a->index < b->index ? -1 : a->index > b->index;
    return at_str_cmp(a->key, b->key);
}

static at_str key_text(const struct describing *d, int i, struct item *item) {
    item->number = lua_isinteger(d->L, i);
    if (item->number) {
        item->index = lua_tointeger(d->L, i);
        return at_str_format(d->arena, "[%lld]", (long long)item->index);
    }
    if (lua_type(d->L, i) == LUA_TSTRING) return string_text(d, i, true);
    return at_str_format(d->arena, "[%.*s]", AT_STR_ARG(describe(d, i, MOST_DEPTH, false)));
}

/* All keys are collected before the first ones are shown, because Lua's own order is not the same in each
 * run. */
static at_str table_text(const struct describing *d, int i, unsigned depth) {
    AT_VEC(struct item) items = {0};
    at_str out = {"{", 1};
    if (depth >= MOST_DEPTH) return AT_STR("{…}");
    at_lua_push_contents(d->L, i);
    int table = lua_gettop(d->L);
    lua_pushnil(d->L);
    while (lua_next(d->L, table)) {
        struct item item = {0};
        item.key = key_text(d, -2, &item);
        item.value = items.n < 1000 ? describe(d, -1, depth + 1, false) : AT_STR("…");
        AT_VEC_PUSH(d->arena, &items, item);
        lua_pop(d->L, 1);
    }
    lua_pop(d->L, 1);
    at_sort_items(d->arena, items.at, items.n, sizeof *items.at, item_cmp);
    for (size_t k = 0; k < items.n && k < MOST_ITEMS; k++) {
        const struct item *item = &items.at[k];
        const char *comma = k ? ", " : "";
        if (item->number && item->index == (lua_Integer)k + 1)
            out = at_str_format(d->arena, "%.*s%s%.*s", AT_STR_ARG(out), comma, AT_STR_ARG(item->value));
        else
            out = at_str_format(d->arena, "%.*s%s%.*s = %.*s", AT_STR_ARG(out), comma, AT_STR_ARG(item->key),
                                AT_STR_ARG(item->value));
    }
    return at_str_format(d->arena, "%.*s%s}", AT_STR_ARG(out), items.n > MOST_ITEMS ? ", …" : "");
}

static at_str describe(const struct describing *d, int i, unsigned depth, bool bare) {
    char number[40];
    const struct at_lua_box *box = at_lua_box_at(d->L, i);
    if (box) return box_text(d, box);
    i = lua_absindex(d->L, i);
    switch (lua_type(d->L, i)) {
    case LUA_TNIL: return AT_STR("nil");
    case LUA_TBOOLEAN: return lua_toboolean(d->L, i) ? AT_STR("true") : AT_STR("false");
    case LUA_TSTRING: return string_text(d, i, bare);
    case LUA_TFUNCTION: return AT_STR("a function");
    case LUA_TTABLE: return table_text(d, i, depth);
    case LUA_TNUMBER:
        if (lua_isinteger(d->L, i))
            snprintf(number, sizeof number, "%lld", (long long)lua_tointeger(d->L, i));
        else
            snprintf(number, sizeof number, "%.14g", (double)lua_tonumber(d->L, i));
        return at_str_copy(d->arena, at_str_z(number));
    default: return AT_STR("a value");
    }
}

at_str at_lua_describe(lua_State *L, int i, bool bare, struct at_arena *arena) {
    const struct describing d = {L, arena};
    return describe(&d, i, 0, bare);
}
