/* lua/twice.c: finds names that a file defines twice. Lua would use the last definition without a message.
 *
 * Reads tokens only, so it finds only certain cases: functions, globals, and fields that are assigned outside
 * of every block, keys of one constructor, functions in `do` blocks, and local functions of one block. Other
 * assignments in `if`, loops, and functions do not count. A name may be declared first and defined later.
 */
#include "lua/lua_int.h"

#include "base/map.h"
#include "base/vec.h"

#define MOST_FOUND 100 /* in one file */

struct opened { /* a bracket that is open */
    char mark;
    uint32_t depth;
    at_str path; /* of `{`: the name of the table, or empty if only `number` identifies it */
    uint32_t number;
};

struct block {
    uint32_t id, depth; /* 0: the file */
    uint32_t heads;     /* `for` and `while` in it whose `do` comes next */
    bool once;          /* it and all blocks around it run once, whatever the values are */
};

struct local { /* of a block in the file */
    at_str name;
    uint32_t id, depth; /* of the block */
};

struct search {
    struct at_arena *arena;
    at_str source;
    struct at_lua_tokens tokens;
    AT_VEC(struct opened) open;
    struct at_map defined; /* path -> struct at_lua_twice with the first place */
    AT_VEC(struct at_lua_twice) found;
    AT_VEC(struct block) blocks; /* that are open; the file is the first */
    AT_VEC(struct local) locals; /* of the open blocks */
    uint32_t n_ids;
    uint32_t depth;   /* open blocks without the file */
    uint32_t unnamed; /* constructors without a name so far */
};

static at_str words_of(const struct search *s, size_t i) {
    return at_lua_tokens_word(&s->tokens, i);
}

static bool is(const struct search *s, size_t i, const char *word) {
    return at_lua_tokens_are(&s->tokens, i, word);
}

static bool is_name(const struct search *s, size_t i) {
    return at_lua_tokens_name(&s->tokens, i);
}

static at_str joined(struct search *s, at_str path, at_str name) {
    return path.n ? at_str_format(s->arena, "%.*s.%.*s", AT_STR_ARG(path), AT_STR_ARG(name)) : name;
}

/* Notes that `path` is defined by the tokens from `first` to `last`. */
static void define(struct search *s, at_str path, size_t first, size_t last, enum at_lua_twice_kind kind) {
    struct at_lua_twice *one = AT_NEW(s->arena, struct at_lua_twice);
    one->kind = kind;
    one->name = words_of(s, last);
    one->second = (struct at_lua_mark){s->tokens.at[first].start, s->tokens.at[last].end};
    struct at_lua_twice *before = at_map_put(&s->defined, path, one);
    if (!before || s->found.n >= MOST_FOUND) return;
    struct at_lua_twice both = *one;
    both.first = before->second;
    both.name = (at_str){s->source.p + both.second.start, both.second.end - both.second.start};
    if (before->kind == AT_TWICE_FUNCTION && kind == AT_TWICE_VALUE) both.kind = AT_TWICE_FUNCTION;
    before->second = one->second;
    before->kind = kind;
    AT_VEC_PUSH(s->arena, &s->found, both);
}

/* Returns whether the tokens after `=` at i use the name again in the same line, which changes the value on
 * purpose. */
static bool uses_itself(const struct search *s, size_t i, at_str name) {
    for (size_t k = i + 1; k < s->tokens.n; k++) {
        if (memchr(s->source.p + s->tokens.at[k - 1].end, '\n',
                   s->tokens.at[k].start - s->tokens.at[k - 1].end))
            return false;
        if (at_str_eq(words_of(s, k), name)) return true;
    }
    return false;
}

/* Returns the first token of the path `a.b.c` that ends before `=` at i, or i if there is none. */
static size_t path_start(const struct search *s, size_t i) {
    if (i == 0 || !is_name(s, i - 1)) return i;
    size_t first = i - 1;
    while (first >= 2 && is(s, first - 1, ".") && is_name(s, first - 2))
        first -= 2;
    bool more = first > 0 && (is(s, first - 1, ".") || is(s, first - 1, ":") || is(s, first - 1, ",") ||
                              is(s, first - 1, "for") || is(s, first - 1, "goto"));
    return more ? i : first;
}

/* `_ENV.f` is the global `f`. */
static at_str path_of(struct search *s, size_t first, size_t end) {
    at_str path = {0};
    if (end - first > 2 && is(s, first, "_ENV")) first += 2;
    for (size_t k = first; k < end; k += 2)
        path = joined(s, path, words_of(s, k));
    return path;
}

/* Returns the table constructor that the current token is directly in, or NULL. A function inside has a
 * greater depth. */
static struct opened *constructor(struct search *s) {
    if (s->open.n == 0) return NULL;
    struct opened *last = &s->open.at[s->open.n - 1];
    return last->mark == '{' && last->depth == s->depth ? last : NULL;
}

/* The key in brackets, of which i is the only token: a short text without escapes, or a number, as `[5]`. */
static at_str key_at(const struct search *s, size_t i) {
    at_str key = words_of(s, i);
    enum at_lua_token_kind kind = s->tokens.at[i].kind;
    if (kind == AT_LT_NUMBER) return at_str_format(s->arena, "[%.*s]", AT_STR_ARG(key));
    if (kind != AT_LT_TEXT || key.n < 3 || key.p[0] == '[' || memchr(key.p, '\\', key.n)) return (at_str){0};
    return (at_str){key.p + 1, key.n - 2};
}

/* Returns the key before `=` at i in a constructor: `name`, `["text"]`, or `[5]`. Sets *first to its first
 * token. */
static at_str key_before(const struct search *s, size_t i, size_t *first) {
    *first = i - 1;
    if (is_name(s, i - 1) && i >= 2 && (is(s, i - 2, "{") || is(s, i - 2, ",") || is(s, i - 2, ";")))
        return words_of(s, i - 1);
    if (i < 3 || !is(s, i - 1, "]") || !is(s, i - 3, "[")) return (at_str){0};
    *first = i - 3;
    return key_at(s, i - 2);
}

/* Returns the first token of `a.b` or of `a.b["key"]` before `=` at i, and its path. Returns i if there is
 * none. */
static size_t target_before(struct search *s, size_t i, at_str *path) {
    at_str key = {0};
    size_t end = i;
    if (i >= 4 && is(s, i - 1, "]") && is(s, i - 3, "[")) {
        key = key_at(s, i - 2);
        if (key.n == 0 || !is(s, i + 1, "function")) return i;
        end = i - 3;
    }
    size_t first = path_start(s, end);
    if (first == end) return i;
    *path = path_of(s, first, end);
    if (key.n) *path = at_str_eq(*path, AT_STR("_ENV")) ? key : joined(s, *path, key);
    return first;
}

static const struct block *inner_block(const struct search *s) {
    return &s->blocks.at[s->blocks.n - 1];
}

/* The path as it is known in the whole file: names of a block differ from those of others. */
static at_str in_block(struct search *s, at_str path, at_str name, bool local) {
    uint32_t id = local ? inner_block(s)->id : 0;
    for (size_t k = s->locals.n; !local && k > 0; k--)
        if (at_str_eq(s->locals.at[k - 1].name, name)) {
            id = s->locals.at[k - 1].id;
            break;
        }
    return id ? at_str_format(s->arena, "%u:%.*s", id, AT_STR_ARG(path)) : path;
}

/* Handles `=` at i: a key of a constructor, or a variable or field that is assigned. */
static void assignment(struct search *s, size_t i) {
    struct opened *inside = constructor(s);
    at_str path = {0};
    size_t first;
    if (inside) {
        at_str key = key_before(s, i, &first);
        if (key.n == 0) return;
        if (inside->path.n == 0) inside->path = at_str_format(s->arena, "{%u", inside->number);
        define(s, joined(s, inside->path, key), first, i - 1, AT_TWICE_FIELD);
        return;
    }
    if (s->open.n || (first = target_before(s, i, &path)) == i) return;
    bool function = is(s, i + 1, "function"), local = first > 0 && is(s, first - 1, "local");
    if (s->depth && (!function || (!local && !inner_block(s)->once))) return;
    path = in_block(s, path, words_of(s, first), local);
    if (!function && !at_map_get(&s->defined, path) && local && is(s, i + 1, "nil"))
        return; /* declared here, defined later */
    if (!function && uses_itself(s, i, words_of(s, first))) return;
    define(s, path, first, i - 1, function ? AT_TWICE_FUNCTION : AT_TWICE_VALUE);
}

/* `function a.b.c(` at i. */
static void function(struct search *s, size_t i) {
    size_t last = i + 1;
    bool local = i > 0 && is(s, i - 1, "local");
    if (s->open.n || !is_name(s, last) || (!local && !inner_block(s)->once)) return;
    while ((is(s, last + 1, ".") || is(s, last + 1, ":")) && is_name(s, last + 2))
        last += 2;
    at_str path = path_of(s, i + 1, last + 1);
    define(s, in_block(s, path, words_of(s, i + 1), local), i + 1, last, AT_TWICE_FUNCTION);
}

/* ---- blocks */

/* A `do` after `for` or `while` opens a loop, which may run any number of times. Another `do` runs once. */
static void open_block(struct search *s, size_t i) {
    struct block *outer = &s->blocks.at[s->blocks.n - 1];
    bool loop = outer->heads > 0 && is(s, i, "do");
    outer->heads -= loop;
    struct block block = {++s->n_ids, ++s->depth, 0, outer->once && is(s, i, "do") && !loop};
    AT_VEC_PUSH(s->arena, &s->blocks, block);
}

/* Locals of the block end with it. Its definitions stay in the map, under the number of the block. */
static void close_block(struct search *s) {
    if (s->depth == 0) return;
    while (s->locals.n && s->locals.at[s->locals.n - 1].depth == s->depth)
        s->locals.n--;
    s->blocks.n--;
    s->depth--;
}

/* Notes a local of the innermost block, so that in_block finds the block of a name. */
static void add_local(struct search *s, at_str name) {
    struct local local = {name, inner_block(s)->id, s->depth};
    AT_VEC_PUSH(s->arena, &s->locals, local);
}

/* The names that `local` at i declares, in a block. Those of the file need no other path. */
static void declare(struct search *s, size_t i) {
    if (s->depth == 0) return;
    if (is(s, i + 1, "function")) {
        add_local(s, words_of(s, i + 2));
        return;
    }
    for (size_t k = i + 1; is_name(s, k);) {
        add_local(s, words_of(s, k));
        k += is(s, k + 1, "<") ? 4 : 1;
        if (!is(s, k, ",")) return;
        k++;
    }
}

static void open_bracket(struct search *s, size_t i) {
    struct opened one = {.mark = s->source.p[s->tokens.at[i].start], .depth = s->depth};
    if (one.mark == '{') {
        struct opened *outer = constructor(s);
        size_t first = i;
        if (i > 0 && is(s, i - 1, "=") && !outer && s->depth == 0 && s->open.n == 0)
            first = path_start(s, i - 1) == i - 1 ? i : path_start(s, i - 1);
        if (first < i) one.path = path_of(s, first, i - 1);
        one.number = s->unnamed++;
    }
    AT_VEC_PUSH(s->arena, &s->open, one);
}

/* Handles one token. The order matters: a definition belongs to the block that is open before its own
 * begins. */
static void token(struct search *s, size_t i) {
    if (s->tokens.at[i].kind == AT_LT_TEXT) return;
    struct block *block = &s->blocks.at[s->blocks.n - 1];
    if (is(s, i, "=")) assignment(s, i);
    if (is(s, i, "local")) declare(s, i);
    if (is(s, i, "for") || is(s, i, "while")) block->heads++;
    /*  */
    if (is(s, i, "else") || is(s, i, "elseif")) block->id = ++s->n_ids; /* another block */
    if (is(s, i, "function")) function(s, i);
    if (is(s, i, "function") || is(s, i, "do") || is(s, i, "if") || is(s, i, "repeat")) open_block(s, i);
    if (is(s, i, "end") || is(s, i, "until")) close_block(s);
    if (is(s, i, "(") || is(s, i, "{") || is(s, i, "[")) open_bracket(s, i);
    if ((is(s, i, ")") || is(s, i, "}") || is(s, i, "]")) && s->open.n) s->open.n--;
}

struct at_lua_twice *at_lua_find_twice(struct at_arena *arena, const struct at_lua_tokens *tokens,
                                       uint32_t *n) {
    struct search s = {.arena = arena, .source = tokens->text, .tokens = *tokens};
    at_map_init(&s.defined, arena);
    AT_VEC_PUSH(arena, &s.blocks, ((struct block){.once = true}));
    for (size_t i = 0; i < s.tokens.n; i++)
        token(&s, i);
    *n = (uint32_t)s.found.n;
    return s.found.at;
}
