/* lua/unknown.c: finds names that a file uses but nowhere defines, and that hooks do not have. Reading such a
 * name stops a hook, and its payee is then withheld, so it is reported before anyone is paid.
 *
 * Reads tokens only. A name that is defined anywhere in the file counts as defined everywhere: what is found
 * is certain, and names used outside of their block are left to the run.
 */
#include "lua/lua_int.h"

#include "base/map.h"

#define MOST_FOUND 100 /* in one file */

struct reading {
    const struct at_lua_tokens *tokens;
    struct at_map known; /* names that the file defines, or that were found already */
};

static at_str word_at(const struct reading *r, size_t i) {
    return at_lua_tokens_word(r->tokens, i);
}

static bool is(const struct reading *r, size_t i, const char *word) {
    return at_lua_tokens_are(r->tokens, i, word);
}

static bool is_name(const struct reading *r, size_t i) {
    return at_lua_tokens_name(r->tokens, i);
}

/* `a.b`, `a:b`, `goto a`, `::a::`, `<const>`: not a name that is looked up. */
static bool is_part(const struct reading *r, size_t i) {
    if (i == 0) return false;
    bool attribute = is(r, i - 1, "<") && is(r, i + 1, ">") && (is(r, i, "const") || is(r, i, "close"));
    return attribute || is(r, i - 1, ".") || is(r, i - 1, ":") || is(r, i - 1, "::") || is(r, i - 1, "goto");
}

/* Adds the names of a list such as `a, b` from token i on. */
static void define_list(struct reading *r, size_t i) {
    for (; is_name(r, i); i += 2) {
        at_map_put(&r->known, word_at(r, i), r);
        if (is(r, i + 1, "<")) i += 3; /* an attribute */
        if (!is(r, i + 1, ",")) return;
    }
}

/* The names that `local`, `for`, a function, or an assignment at token i defines. A key of a constructor
 * looks like an assignment, and counts as one. */
static void define(struct reading *r, size_t i) {
    if (is(r, i, "local") || is(r, i, "for")) {
        define_list(r, i + 1 + is(r, i + 1, "function"));
    } else if (is(r, i, "function")) {
        size_t k = i + 1;
        if (is_name(r, k)) at_map_put(&r->known, word_at(r, k), r);
        while (k < r->tokens->n && !is(r, k, "("))
            k++;
        define_list(r, k + 1);
    } else if (is_name(r, i) && (is(r, i + 1, "=") || is(r, i + 1, ",")) && !is_part(r, i)) {
        size_t k = i; /* a, b = 1, 2 defines both */
        while (is(r, k + 1, ",") && is_name(r, k + 2))
            k += 2;
        if (is(r, k + 1, "=")) define_list(r, i);
    }
}

struct at_lua_mark *at_lua_find_unknown(struct at_arena *arena, const struct at_lua_tokens *tokens,
                                        uint32_t *n) {
    struct reading r = {.tokens = tokens};
    struct at_lua_mark *found = NULL;
    *n = 0;
    at_map_init(&r.known, arena);
    for (size_t i = 0; i < r.tokens->n; i++)
        define(&r, i);
    for (size_t i = 0; i < r.tokens->n && *n < MOST_FOUND; i++) {
        at_str name = word_at(&r, i);
        /* With _ENV, a file can define any name. */
        if (at_str_eq(name, AT_STR("_ENV")) || at_str_eq(name, AT_STR("_G"))) {
            *n = 0;
            return found;
        }
        if (!is_name(&r, i) || is_part(&r, i) || at_lua_name_exists(name)) continue;
        if (at_map_put(&r.known, name, &r)) continue;
        if (!found) found = AT_NEW_ARRAY(arena, struct at_lua_mark, MOST_FOUND);
        found[(*n)++] = (struct at_lua_mark){r.tokens->at[i].start, r.tokens->at[i].end};
    }
    return found;
}
