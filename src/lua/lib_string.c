/* lua/lib_string.c: implements `string` without patterns: byte, char, format, len, lower, rep, reverse, sub,
 * and upper. Letters are those of ASCII in every locale. pattern.c implements the rest.
 */
#include "lua/lua_int.h"

/* Returns the text at i. A number or an exact value at i is replaced by its text. The view is valid while
 * the value stays on the stack. */
static at_str text_at(lua_State *L, int i, const char *who) {
    size_t n = 0;
    const char *p;
    if (lua_type(L, i) == LUA_TNUMBER ||
        (at_lua_box_at(L, i) && at_lua_box_at(L, i)->kind <= AT_L_DURATION)) {
        at_lua_push_tostring(L, i);
        lua_replace(L, i);
    }
    if (lua_type(L, i) != LUA_TSTRING)
        luaL_error(L, "%s requires text, found %s", who, at_lua_kind_words(L, i));
    p = lua_tolstring(L, i, &n);
    at_lua_charge(L, 1 + n / 16);
    return (at_str){p, (uint32_t)n};
}

/* Returns a position from 1. A negative one counts from the end, and one before the start becomes 0. */
static lua_Integer place_at(lua_State *L, int i, const char *who, lua_Integer otherwise, size_t n) {
    lua_Integer at =
        lua_isnoneornil(L, i) ? otherwise : at_lua_want_int(L, i, who, LUA_MININTEGER, LUA_MAXINTEGER);
    if (at >= 0) return at;
    return at < -(lua_Integer)n ? 0 : (lua_Integer)n + at + 1;
}

static int string_len(lua_State *L) {
    at_lua_takes(L, "string.len", 1, 1);
    lua_pushinteger(L, text_at(L, 1, "string.len").n);
    return 1;
}

static int string_sub(lua_State *L) {
    at_lua_takes(L, "string.sub", 2, 3);
    at_str s = text_at(L, 1, "string.sub");
    lua_Integer i = place_at(L, 2, "string.sub", 1, s.n), j = place_at(L, 3, "string.sub", -1, s.n);
    if (i < 1) i = 1;
    if (j > (lua_Integer)s.n) j = s.n;
    if (i > j) return lua_pushliteral(L, ""), 1;
    lua_pushlstring(L, s.p + i - 1, (size_t)(j - i + 1));
    return 1;
}

/* Changes each byte by a function that does not use the locale. */
static int each_byte(lua_State *L, const char *who, char (*change)(char)) {
    at_str s = text_at(L, 1, who);
    luaL_Buffer b;
    char *p = luaL_buffinitsize(L, &b, s.n);
    for (uint32_t i = 0; i < s.n; i++)
        p[i] = change(s.p[i]);
    luaL_pushresultsize(&b, s.n);
    return 1;
}
static char lower_of(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
static char upper_of(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}
static int string_lower(lua_State *L) {
    at_lua_takes(L, "string.lower", 1, 1);
    return each_byte(L, "string.lower", lower_of);
}
static int string_upper(lua_State *L) {
    at_lua_takes(L, "string.upper", 1, 1);
    return each_byte(L, "string.upper", upper_of);
}

static int string_reverse(lua_State *L) {
    at_lua_takes(L, "string.reverse", 1, 1);
    at_str s = text_at(L, 1, "string.reverse");
    luaL_Buffer b;
    char *p = luaL_buffinitsize(L, &b, s.n);
    for (uint32_t i = 0; i < s.n; i++)
        p[i] = s.p[s.n - 1 - i];
    luaL_pushresultsize(&b, s.n);
    return 1;
}

/* Several short texts, so that a text of one byte is repeated as fast as a long one. */
struct row {
    size_t n;
    char bytes[1024];
};

static void add_to_row(struct row *row, at_str s, at_str between) {
    memcpy(row->bytes + row->n, s.p, s.n);
    row->n += s.n;
    if (between.n) memcpy(row->bytes + row->n, between.p, between.n);
    row->n += between.n;
}

/* Checks the size before it allocates. */
static int string_rep(lua_State *L) {
    at_lua_takes(L, "string.rep", 2, 3);
    at_str s = text_at(L, 1, "string.rep"), between = {"", 0};
    lua_Integer n = at_lua_want_int(L, 2, "string.rep", LUA_MININTEGER, LUA_MAXINTEGER);
    if (!lua_isnoneornil(L, 3)) between = text_at(L, 3, "string.rep");
    if (n <= 0) return lua_pushliteral(L, ""), 1;
    uint64_t each = (uint64_t)s.n + between.n;
    /* Division instead of multiplication, because each * n may overflow. The last separator is not written.
     * */
    if (each && (uint64_t)n > (AT_LUA_MOST_TEXT + between.n) / each)
        return luaL_error(L, "a text in a hook cannot exceed 64 KB, but string.rep needs more");
    if (!each) return lua_pushliteral(L, ""), 1;
    at_lua_charge(L, (size_t)(each * (uint64_t)n / 16));
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    if (each <= sizeof((struct row *)0)->bytes / 2) {
        struct row row = {.n = 0};
        lua_Integer many = (lua_Integer)(sizeof row.bytes / each);
        for (lua_Integer i = 0; i < many && i < n; i++)
            add_to_row(&row, s, between);
        for (; n > many; n -= many)
            luaL_addlstring(&b, row.bytes, row.n);
        luaL_addlstring(&b, row.bytes, (size_t)(each * (uint64_t)n - between.n));
    } else {
        for (lua_Integer i = 0; i < n; i++) {
            if (i) luaL_addlstring(&b, between.p, between.n);
            luaL_addlstring(&b, s.p, s.n);
        }
    }
    luaL_pushresult(&b);
    return 1;
}

/* Each byte takes a place on the stack, so their number is limited. */
static int string_byte(lua_State *L) {
    at_lua_takes(L, "string.byte", 1, 3);
    at_str s = text_at(L, 1, "string.byte");
    lua_Integer i = place_at(L, 2, "string.byte", 1, s.n), j = place_at(L, 3, "string.byte", i, s.n);
    if (i < 1) i = 1;
    if (j > (lua_Integer)s.n) j = s.n;
    if (i > j) return 0;
    if (j - i >= AT_LUA_MOST_VALUES)
        return luaL_error(L, "string.byte returns at most %d values", AT_LUA_MOST_VALUES);
    luaL_checkstack(L, (int)(j - i) + 10, NULL);
    for (lua_Integer k = i; k <= j; k++)
        lua_pushinteger(L, (unsigned char)s.p[k - 1]);
    return (int)(j - i + 1);
}

static int string_char(lua_State *L) {
    int n = lua_gettop(L);
    luaL_Buffer b;
    at_lua_charge(L, (size_t)n);
    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++)
        luaL_addchar(&b, (char)at_lua_want_int(L, i, "string.char", 0, 255));
    luaL_pushresult(&b);
    return 1;
}

/* ---- format */

struct directive {
    bool left, plus, space, zero, alternate;
    int width, digits; /* -1: not specified */
    char letter;
};

/* Reads a directive such as `%-8.2f` from after its %. Returns the place after it. */
static const char *read_directive(lua_State *L, const char *p, struct directive *d) {
    *d = (struct directive){.width = 0, .digits = -1};
    for (;; p++) {
        if (*p == '-')
            d->left = true;
        else if (*p == '+')
            d->plus = true;
        else if (*p == ' ')
            d->space = true;
        else if (*p == '0')
            d->zero = true;
        else if (*p == '#')
            d->alternate = true;
        else
            break;
    }
    for (int k = 0; *p >= '0' && *p <= '9' && k < 2; k++)
        d->width = d->width * 10 + *p++ - '0';
    if (*p == '.') {
        d->digits = 0;
        p++;
        for (int k = 0; *p >= '0' && *p <= '9' && k < 2; k++)
            d->digits = d->digits * 10 + *p++ - '0';
    }
    d->letter = *p;
    if (*p == '\0' || !strchr("disfxXcq%", *p))
        luaL_error(
            L,
            "string.format does not know `%%%c`. Use %%s, %%d for whole numbers, or %%.2f for exact numbers",
            *p ? *p : ' ');
    return p + 1;
}

static void add_padded(lua_State *L, luaL_Buffer *b, const struct directive *d, const char *sign,
                       const char *text, size_t n) {
    size_t all = n + strlen(sign), fill = (size_t)d->width > all ? (size_t)d->width - all : 0;
    bool zeros = d->zero && !d->left;
    (void)L;
    for (size_t i = 0; i < fill && !d->left && !zeros; i++)
        luaL_addchar(b, ' ');
    luaL_addstring(b, sign);
    for (size_t i = 0; i < fill && zeros; i++)
        luaL_addchar(b, '0');
    luaL_addlstring(b, text, n);
    for (size_t i = 0; i < fill && d->left; i++)
        luaL_addchar(b, ' ');
}

/* Pushes the digits of the number or amount at `arg` in the form of the directive, without the sign. Returns
 * the sign. */
static const char *push_digits(lua_State *L, int arg, const struct directive *d) {
    const struct at_lua_box *box = at_lua_box_at(L, arg);
    at_num value =
        box && box->kind == AT_L_MONEY ? at_lua_box_num(box) : at_lua_want_number(L, arg, "string.format");
    if (d->letter == 'x' || d->letter == 'X') {
        char text[32];
        int64_t whole = at_lua_want_int(L, arg, "string.format %x", 0, LUA_MAXINTEGER);
        snprintf(text, sizeof text, d->letter == 'x' ? "%llx" : "%llX", (unsigned long long)whole);
        lua_pushstring(L, text);
        return "";
    }
    int digits = d->letter == 'f' ? (d->digits < 0 ? 6 : d->digits) : 0;
    if (d->letter != 'f') at_lua_want_int(L, arg, "string.format %d", LUA_MININTEGER, LUA_MAXINTEGER);
    value = at_lua_exact_round(L, value, digits, AT_ROUND_HALF_UP);
    bool negative = at_num_sign(value) < 0;
    at_lua_push_digits(L, value, 0, digits, false);
    if (negative) {
        lua_pushstring(L, lua_tostring(L, -1) + 1);
        lua_remove(L, -2);
    }
    return negative ? "-" : d->plus ? "+" : d->space ? " " : "";
}

static void add_directive(lua_State *L, luaL_Buffer *b, int arg, struct directive *d) {
    size_t n;
    const char *sign = "";
    at_lua_charge(L, 8);
    if (d->letter == 'c') {
        char c = (char)at_lua_want_int(L, arg, "string.format %c", 0, 255);
        d->zero = false;
        add_padded(L, b, d, "", &c, 1);
        return;
    }
    /* the buffer may be on the stack, so each pushed value is popped before the buffer grows */
    if (d->letter == 's' || d->letter == 'q') {
        at_lua_push_tostring(L, arg);
        d->zero = false;
    } else {
        sign = push_digits(L, arg, d);
    }
    lua_replace(L, arg); /* kept there while its bytes are copied */
    const char *text = lua_tolstring(L, arg, &n);
    if (d->letter == 's' && d->digits >= 0 && n > (size_t)d->digits) n = (size_t)d->digits;
    at_lua_charge(L, n / 16);
    if (d->letter == 'q') luaL_addchar(b, '"');
    add_padded(L, b, d, sign, text, n);
    if (d->letter == 'q') luaL_addchar(b, '"');
}

static int string_format(lua_State *L) {
    at_lua_takes(L, "string.format", 1, AT_LUA_ANY);
    at_str format = text_at(L, 1, "string.format");
    int arg = 1, top = lua_gettop(L);
    const char *p = format.p, *end = p + format.n;
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    while (p < end) {
        struct directive d;
        if (*p != '%') {
            luaL_addchar(&b, *p++);
            continue;
        }
        p = read_directive(L, p + 1, &d);
        if (d.letter == '%') {
            luaL_addchar(&b, '%');
            continue;
        }
        if (++arg > top) return luaL_error(L, "string.format: missing value for `%%%c`", d.letter);
        add_directive(L, &b, arg, &d);
        if (luaL_bufflen(&b) > AT_LUA_MOST_TEXT) return luaL_error(L, "a text in a hook cannot exceed 64 KB");
    }
    if (arg < top)
        return luaL_error(L, "string.format: expected %d value%s, found %d", arg - 1, arg == 2 ? "" : "s",
                          top - 1);
    luaL_pushresult(&b);
    return 1;
}

void at_lua_open_string(lua_State *L) {
    static const luaL_Reg string[] = {
        {"byte", string_byte},   {"char", string_char}, {"format", string_format},   {"len", string_len},
        {"lower", string_lower}, {"rep", string_rep},   {"reverse", string_reverse}, {"sub", string_sub},
        {"upper", string_upper}, {NULL, NULL}};
    luaL_newlib(L, string);
    at_lua_open_pattern(L);
}
