/* lua/pattern.c: implements find, match, gmatch, and gsub with the patterns of Lua.
 *
 * The matcher tries one item after another, and goes back if the rest does not match. Each try is charged, so
 * a pattern that takes exponential time is stopped like an endless loop.
 *
 *     item = single [ "*" | "+" | "-" | "?" ] | "%b" x y | "%f" set | "%" digit | "(" | ")" | "()"
 *     single = byte | "." | "%" class | set
 */
#include "lua/lua_int.h"

#define MOST_CAPTURES 32
#define MOST_DEPTH 200 /* of nested calls of `match`; repeating one single does not count */

enum { OPEN = -1, POSITION = -2 };

struct capture {
    const char *start;
    ptrdiff_t length; /* OPEN before its `)`; POSITION for `()` */
};

struct matcher {
    lua_State *L;
    const char *text, *text_end, *pattern_end;
    int depth, n;
    struct capture captures[MOST_CAPTURES];
};

static const char *match(struct matcher *m, const char *s, const char *p);

static int broken(struct matcher *m, const char *why) {
    return luaL_error(m->L, "invalid pattern: %s", why);
}

/* ---- singles */

/* Classes of ASCII. Lua itself would use the locale of the host. A capital letter is the opposite class. */
static bool in_class(unsigned char c, char class) {
    bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9',
         graph = c > 32 && c < 127, is;
    switch (class | 32) {
    case 'a': is = lower || upper; break;
    case 'c': is = c < 32 || c == 127; break;
    case 'd': is = digit; break;
    case 'g': is = graph; break;
    case 'l': is = lower; break;
    case 'p': is = graph && !lower && !upper && !digit; break;
    case 's': is = c == ' ' || (c >= 9 && c <= 13); break;
    case 'u': is = upper; break;
    case 'w': is = lower || upper || digit; break;
    case 'x': is = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); break;
    default: return (unsigned char)class == c;
    }
    return class >= 'a' ? is : !is;
}

/* Returns the place after the single that starts at p. */
static const char *single_end(struct matcher *m, const char *p) {
    if (*p == '%') {
        if (p + 1 == m->pattern_end) broken(m, "it ends with %");
        return p + 2;
    }
    if (*p != '[') return p + 1;
    p++;
    if (p < m->pattern_end && *p == '^') p++;
    do { /* a `]` that comes first belongs to the set */
        if (p == m->pattern_end) broken(m, "unclosed `[`");
        p += *p == '%' ? 2 : 1;
        if (p > m->pattern_end) broken(m, "unclosed `[`");
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

/* Returns whether the set from p, its `[`, to end, its `]`, contains c. */
static bool in_set(unsigned char c, const char *p, const char *end) {
    bool found = true;
    if (*++p == '^') {
        found = false;
        p++;
    }
    for (; p < end; p++) {
        if (*p == '%') {
            if (in_class(c, *++p)) return found;
        } else if (p + 2 < end && p[1] == '-') {
            if ((unsigned char)*p <= c && c <= (unsigned char)p[2]) return found;
            p += 2;
        } else if ((unsigned char)*p == c) {
            return found;
        }
    }
    return !found;
}

/* Every comparison of a single passes here, so this charge bounds the time of a search. */
static bool fits(struct matcher *m, const char *s, const char *p, const char *end) {
    at_lua_charge(m->L, 1 + (size_t)(end - p) / 8);
    if (s >= m->text_end) return false;
    unsigned char c = (unsigned char)*s;
    switch (*p) {
    case '.': return true;
    case '%': return in_class(c, p[1]);
    case '[': return in_set(c, p, end - 1);
    default: return (unsigned char)*p == c;
    }
}

/* ---- items */

/* Takes as many as possible, and gives back one after the other until the rest matches. */
static const char *most_first(struct matcher *m, const char *s, const char *p, const char *end) {
    ptrdiff_t n = 0;
    while (fits(m, s + n, p, end))
        n++;
    for (; n >= 0; n--) {
        const char *rest = match(m, s + n, end + 1);
        if (rest) return rest;
    }
    return NULL;
}

/* Takes as few as possible: tries the rest before each further one. */
static const char *least_first(struct matcher *m, const char *s, const char *p, const char *end) {
    for (;;) {
        const char *rest = match(m, s, end + 1);
        if (rest) return rest;
        if (!fits(m, s, p, end)) return NULL;
        s++;
    }
}

/* Undoes the capture if the rest does not match, so that the next try finds the same state. */
static const char *begin_capture(struct matcher *m, const char *s, const char *p) {
    bool position = p + 1 < m->pattern_end && p[1] == ')';
    if (m->n == MOST_CAPTURES) broken(m, "it has too many captures");
    m->captures[m->n] = (struct capture){s, position ? POSITION : OPEN};
    m->n++;
    const char *rest = match(m, s, p + (position ? 2 : 1));
    if (!rest) m->n--;
    return rest;
}

/* Closes the innermost open capture, and opens it again if the rest does not match. */
static const char *end_capture(struct matcher *m, const char *s, const char *p) {
    int i = m->n - 1;
    while (i >= 0 && m->captures[i].length != OPEN)
        i--;
    if (i < 0) broken(m, "`)` without `(`");
    m->captures[i].length = s - m->captures[i].start;
    const char *rest = match(m, s, p + 1);
    if (!rest) m->captures[i].length = OPEN;
    return rest;
}

/* `%bxy`: the text from x to the y that belongs to it. If x and y are the same byte, the second one closes.
 * */
static const char *balanced(struct matcher *m, const char *s, const char *p) {
    if (p + 3 >= m->pattern_end) broken(m, "`%b` needs two characters");
    if (s >= m->text_end || *s != p[2]) return NULL;
    int open = 0;
    for (const char *at = s; at < m->text_end; at++) {
        at_lua_charge(m->L, 1);
        if (*at == p[3] && (open > 0 && (p[3] != p[2] || at > s))) {
            if (--open == 0) return match(m, at + 1, p + 4);
        } else if (*at == p[2]) {
            open++;
        }
    }
    return NULL;
}

/* `%f[set]`: an empty match where the byte before is not in the set and this byte is. The ends count as
 * zero bytes. */
static const char *frontier(struct matcher *m, const char *s, const char *p) {
    p += 2;
    if (p >= m->pattern_end || *p != '[') broken(m, "`%f` needs a set");
    const char *end = single_end(m, p);
    unsigned char before = s == m->text ? '\0' : (unsigned char)s[-1],
                  here = s < m->text_end ? (unsigned char)*s : '\0';
    at_lua_charge(m->L, (size_t)(end - p));
    if (in_set(before, p, end - 1) || !in_set(here, p, end - 1)) return NULL;
    return match(m, s, end);
}

/* `%1`: the text of an earlier capture, which must be closed. */
static const char *again(struct matcher *m, const char *s, const char *p) {
    int i = p[1] - '1';
    if (i < 0 || i >= m->n || m->captures[i].length < 0) broken(m, "it names a capture that does not exist");
    size_t n = (size_t)m->captures[i].length;
    at_lua_charge(m->L, 1 + n / 16);
    if ((size_t)(m->text_end - s) < n || memcmp(m->captures[i].start, s, n) != 0) return NULL;
    return match(m, s + n, p + 2);
}

/* Matches a single and its repetition. Sets *go if the caller has to match the rest from *s and *p. */
static const char *item(struct matcher *m, const char **s, const char **p, bool *go) {
    const char *end = single_end(m, *p), *rest;
    at_lua_charge(m->L, (size_t)(end - *p) / 8);
    char times = end < m->pattern_end ? *end : '\0';
    switch (times) {
    case '*': return most_first(m, *s, *p, end);
    case '-': return least_first(m, *s, *p, end);
    case '+': return fits(m, *s, *p, end) ? most_first(m, *s + 1, *p, end) : NULL;
    case '?':
        if (fits(m, *s, *p, end) && (rest = match(m, *s + 1, end + 1)) != NULL) return rest;
        *p = end + 1;
        *go = true;
        return NULL;
    default:
        if (!fits(m, *s, *p, end)) return NULL;
        ++*s;
        *p = end;
        *go = true;
        return NULL;
    }
}

/* Returns the end of the match of the pattern from p at s, or NULL. */
static const char *match(struct matcher *m, const char *s, const char *p) {
    const char *out = NULL;
    bool go = true;
    if (++m->depth > MOST_DEPTH) broken(m, "it is too complex");
    while (go) {
        go = false;
        at_lua_charge(m->L, 1);
        if (p == m->pattern_end) {
            out = s;
        } else if (*p == '(') {
            out = begin_capture(m, s, p);
        } else if (*p == ')') {
            out = end_capture(m, s, p);
        } else if (*p == '$' && p + 1 == m->pattern_end) {
            out = s == m->text_end ? s : NULL;
        } else if (*p == '%' && p + 1 < m->pattern_end && p[1] == 'b') {
            out = balanced(m, s, p);
        } else if (*p == '%' && p + 1 < m->pattern_end && p[1] == 'f') {
            out = frontier(m, s, p);
        } else if (*p == '%' && p + 1 < m->pattern_end && p[1] >= '0' && p[1] <= '9') {
            out = again(m, s, p);
        } else {
            out = item(m, &s, &p, &go);
        }
    }
    m->depth--;
    return out;
}

/* ---- captures */

/* Pushes a capture as text, or as a position from 1 for `()`. */
static void push_capture(struct matcher *m, int i, const char *s, const char *end) {
    if (i >= m->n) {
        if (i > 0) broken(m, "it names a capture that does not exist");
        lua_pushlstring(m->L, s, (size_t)(end - s)); /* no captures: all of it */
        return;
    }
    if (m->captures[i].length == OPEN) broken(m, "unclosed `(`");
    if (m->captures[i].length == POSITION)
        lua_pushinteger(m->L, m->captures[i].start - m->text + 1);
    else
        lua_pushlstring(m->L, m->captures[i].start, (size_t)m->captures[i].length);
}

/* Pushes all captures. With `whole_too`, a pattern without captures has the whole match as one. */
static int push_captures(struct matcher *m, const char *s, const char *end, bool whole_too) {
    int n = m->n == 0 && whole_too ? 1 : m->n;
    luaL_checkstack(m->L, n + 5, NULL);
    for (int i = 0; i < n; i++)
        push_capture(m, i, s, end);
    return n;
}

static at_str text_of(lua_State *L, int i, const char *who) {
    size_t n = 0;
    if (lua_type(L, i) == LUA_TNUMBER) lua_tolstring(L, i, NULL);
    if (lua_type(L, i) != LUA_TSTRING)
        luaL_error(L, "%s requires text, found %s", who, at_lua_kind_words(L, i));
    const char *p = lua_tolstring(L, i, &n);
    return (at_str){p, (uint32_t)n};
}

/* Views of the texts on the stack, which must stay there during the match. */
static struct matcher matcher_of(lua_State *L, at_str text, at_str pattern) {
    return (struct matcher){
        .L = L, .text = text.p, .text_end = text.p + text.n, .pattern_end = pattern.p + pattern.n};
}

/* A pattern without special bytes is searched directly, which needs fewer steps. */
static bool is_plain(at_str pattern) {
    for (uint32_t i = 0; i < pattern.n; i++)
        if (memchr("^$*+?.([%-", pattern.p[i], 10)) return false;
    return true;
}

static int find_plain(lua_State *L, at_str text, at_str pattern, size_t from) {
    for (size_t at = from; at + pattern.n <= text.n; at++) {
        bool begins = pattern.n && text.p[at] == pattern.p[0];
        at_lua_charge(L, 1 + (begins ? pattern.n / 16 : 0));
        if (pattern.n && (!begins || memcmp(text.p + at, pattern.p, pattern.n) != 0)) continue;
        lua_pushinteger(L, (lua_Integer)at + 1);
        lua_pushinteger(L, (lua_Integer)(at + pattern.n));
        return 2;
    }
    lua_pushnil(L);
    return 1;
}

static int search(lua_State *L, bool find) {
    const char *who = find ? "string.find" : "string.match";
    at_str text = text_of(L, 1, who), pattern = text_of(L, 2, who);
    lua_Integer from = lua_isnoneornil(L, 3) ? 1 : at_lua_want_int(L, 3, who, LUA_MININTEGER, LUA_MAXINTEGER);
    if (from < 0) from = from < -(lua_Integer)text.n ? 1 : (lua_Integer)text.n + from + 1;
    if (from < 1) from = 1;
    if (from > (lua_Integer)text.n + 1) return lua_pushnil(L), 1;
    if (!lua_isnoneornil(L, 4) && lua_type(L, 4) != LUA_TBOOLEAN)
        return luaL_error(L, "string.find: the fourth value must be true or false, found %s",
                          at_lua_kind_words(L, 4));
    if (find && (lua_toboolean(L, 4) || is_plain(pattern)))
        return find_plain(L, text, pattern, (size_t)from - 1);
    struct matcher m = matcher_of(L, text, pattern);
    bool anchored = pattern.n && pattern.p[0] == '^';
    for (const char *s = text.p + from - 1; s <= m.text_end; s++) {
        m.n = m.depth = 0;
        const char *end = match(&m, s, pattern.p + anchored);
        if (end) {
            if (!find) return push_captures(&m, s, end, true);
            lua_pushinteger(L, s - text.p + 1);
            lua_pushinteger(L, end - text.p);
            return push_captures(&m, s, end, false) + 2;
        }
        if (anchored) break;
    }
    lua_pushnil(L);
    return 1;
}

static int string_find(lua_State *L) {
    at_lua_takes(L, "string.find", 2, 4);
    return search(L, true);
}
static int string_match(lua_State *L) {
    at_lua_takes(L, "string.match", 2, 3);
    return search(L, false);
}

/* Upvalues: the text, the pattern, the next position, and the end of the last match, which prevents an empty
 * match in the same place. */
int at_lua_step_gmatch(lua_State *L) {
    at_str text = text_of(L, lua_upvalueindex(1), "string.gmatch"),
           pattern = text_of(L, lua_upvalueindex(2), "string.gmatch");
    struct matcher m = matcher_of(L, text, pattern);
    const char *last = text.p + lua_tointeger(L, lua_upvalueindex(4)) - 1;
    bool any = lua_tointeger(L, lua_upvalueindex(4)) > 0;
    for (const char *s = text.p + lua_tointeger(L, lua_upvalueindex(3)); s <= m.text_end; s++) {
        m.n = m.depth = 0;
        const char *end = match(&m, s, pattern.p);
        if (!end || (any && end == last)) continue;
        lua_pushinteger(L, end - text.p);
        lua_replace(L, lua_upvalueindex(3));
        lua_pushinteger(L, end - text.p + 1);
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, s, end, true);
    }
    return 0;
}

/* Checks the arguments now, so that an error names this call and not a later step. */
static int string_gmatch(lua_State *L) {
    at_lua_takes(L, "string.gmatch", 2, 2);
    text_of(L, 1, "string.gmatch");
    text_of(L, 2, "string.gmatch");
    lua_settop(L, 2);
    lua_pushinteger(L, 0);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, at_lua_step_gmatch, 4);
    return 1;
}

/* ---- gsub. Nothing else is on the stack above the buffer. */

/* Adds the replacement with `%0` to `%9` replaced by the match and its captures. */
static void add_template(struct matcher *m, luaL_Buffer *b, const char *s, const char *end) {
    size_t n;
    const char *p = lua_tolstring(m->L, 3, &n);
    at_lua_charge(m->L, n / 4);
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '%') {
            luaL_addchar(b, p[i]);
            continue;
        }
        i++;
        if (i < n && p[i] == '%') {
            luaL_addchar(b, '%');
        } else if (i < n && p[i] == '0') {
            luaL_addlstring(b, s, (size_t)(end - s));
        } else if (i < n && p[i] >= '1' && p[i] <= '9') {
            at_lua_charge(m->L, 4);
            push_capture(m, p[i] - '1', s, end);
            lua_tolstring(m->L, -1, NULL);
            luaL_addvalue(b);
        } else {
            luaL_error(m->L, "string.gsub: after `%%` in the replacement, write a digit or `%%`");
        }
    }
}

/* A function or table that returns nil or false keeps the match. */
static void add_replacement(struct matcher *m, luaL_Buffer *b, const char *s, const char *end) {
    lua_State *L = m->L;
    at_lua_charge(L, 1 + (size_t)(end - s) / 16);
    switch (lua_type(L, 3)) {
    case LUA_TFUNCTION: {
        lua_pushvalue(L, 3);
        int n = push_captures(m, s, end, true);
        lua_call(L, n, 1);
        break;
    }
    case LUA_TTABLE:
        push_capture(m, 0, s, end);
        lua_gettable(L, 3);
        break;
    default: add_template(m, b, s, end); return;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(b, s, (size_t)(end - s));
        return;
    }
    if (lua_type(L, -1) == LUA_TTABLE || lua_type(L, -1) == LUA_TFUNCTION || lua_type(L, -1) == LUA_TBOOLEAN)
        luaL_error(L, "string.gsub: the replacement must be text, found %s", at_lua_kind_words(L, -1));
    at_lua_push_tostring(L, -1);
    lua_remove(L, -2);
    luaL_addvalue(b);
}

static int string_gsub(lua_State *L) {
    at_lua_takes(L, "string.gsub", 3, 4);
    at_str text = text_of(L, 1, "string.gsub"), pattern = text_of(L, 2, "string.gsub");
    int kind = lua_type(L, 3);
    if (kind == LUA_TNUMBER)
        lua_tolstring(L, 3, NULL);
    else if (kind != LUA_TSTRING && kind != LUA_TTABLE && kind != LUA_TFUNCTION)
        return luaL_error(L, "string.gsub requires text, a table, or a function as the replacement, found %s",
                          at_lua_kind_words(L, 3));
    lua_Integer most = lua_isnoneornil(L, 4) ? (lua_Integer)text.n + 1
                                             : at_lua_want_int(L, 4, "string.gsub", 0, LUA_MAXINTEGER),
                n = 0;
    struct matcher m = matcher_of(L, text, pattern);
    bool anchored = pattern.n && pattern.p[0] == '^';
    const char *s = text.p, *last = NULL;
    luaL_Buffer b;
    lua_settop(L, 3);
    luaL_buffinit(L, &b);
    while (n < most) {
        m.n = m.depth = 0;
        const char *end = match(&m, s, pattern.p + anchored);
        if (end && end != last) {
            n++;
            add_replacement(&m, &b, s, end);
            s = last = end;
        } else if (s < m.text_end) {
            /* No match here, or an empty one where the last match ended, which would be found for ever. */
            luaL_addchar(&b, *s++);
        } else {
            break;
        }
        if (luaL_bufflen(&b) > AT_LUA_MOST_TEXT) return luaL_error(L, "a text in a hook cannot exceed 64 KB");
        if (anchored) break;
    }
    luaL_addlstring(&b, s, (size_t)(m.text_end - s));
    luaL_pushresult(&b);
    lua_pushinteger(L, n);
    return 2;
}

void at_lua_open_pattern(lua_State *L) {
    static const luaL_Reg pattern[] = {{"find", string_find},
                                       {"match", string_match},
                                       {"gmatch", string_gmatch},
                                       {"gsub", string_gsub},
                                       {NULL, NULL}};
    luaL_setfuncs(L, pattern, 0);
}
