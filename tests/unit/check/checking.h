/* checking.h: a policy text, or a file of tests/lang or rules, parsed and checked, for the tests of this
 * room. */
#ifndef AT_TESTS_CHECKING_H
#define AT_TESTS_CHECKING_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/numtext.h"
#include "check/check.h"
#include "diag/render.h"

struct checking {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast;
    struct at_check_policy *checked;
    enum at_status parsed, status;
    struct at_sink sink;
    char *out;
    size_t n;
};

static inline int checking_keep(void *context, const char *bytes, size_t n) {
    struct checking *c = context;
    c->out = realloc(c->out, c->n + n + 1);
    memcpy(c->out + c->n, bytes, n);
    c->n += n;
    c->out[c->n] = 0;
    return 0;
}

/* The whole file, NUL-ended, in the arena; .p NULL where it cannot be read. */
static inline at_str checking_read(struct at_arena *arena, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return (at_str){0};
    fseek(file, 0, SEEK_END);
    size_t n = (size_t)ftell(file);
    rewind(file);
    char *text = at_arena_get(arena, n + 1);
    size_t got = fread(text, 1, n, file);
    fclose(file);
    text[got] = 0;
    return (at_str){text, (uint32_t)got};
}

/* `context` is the folder; the standard library is that of the repository. */
static inline bool checking_load(void *context, struct at_arena *arena, at_str from, at_str wanted,
                                 struct at_parse_loaded *out) {
    (void)from;
    bool library = wanted.n > 4 && memcmp(wanted.p, "std/", 4) == 0;
    at_str path = library ? at_str_format(arena, "stdlib/%.*s.attain", (int)wanted.n - 4, wanted.p + 4)
                          : at_str_format(arena, "%s/%.*s", (const char *)context, AT_STR_ARG(wanted));
    out->name = wanted;
    out->text = context || library ? checking_read(arena, path.p) : (at_str){0};
    return out->text.p != NULL;
}

static inline struct checking *checking_of_named(const char *name, at_str text, at_load_fn load,
                                                 void *context) {
    struct checking *c = calloc(1, sizeof *c);
    at_arena_init(&c->arena, NULL, NULL);
    at_diag_sources_init(&c->sources, &c->arena);
    at_diag_list_init(&c->diags, &c->arena, &c->sources);
    at_sink_init(&c->sink, checking_keep, c);
    c->parsed = at_parse(&c->sources, &c->arena, &c->diags, at_str_z(name), text, load, context, &c->ast);
    c->status = at_check(c->ast, &c->arena, &c->diags, load, context, &c->checked);
    at_diag_list_sort(&c->diags);
    return c;
}

static inline struct checking *checking_of(const char *text) {
    return checking_of_named("t", at_str_z(text), checking_load, NULL);
}

static inline struct checking *checking_of_file(const char *folder, const char *name) {
    char path[600];
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    at_str text = checking_read(&arena, path);
    cr_assert(text.p, "cannot read %s", path);
    struct checking *c = checking_of_named(name, text, checking_load, (void *)folder);
    at_arena_free(&arena);
    return c;
}

static inline const char *checking_messages(struct checking *c) {
    struct at_diag_render_options options = {0};
    at_diag_render_text(&c->diags, &options, &c->sink);
    at_sink_flush(&c->sink);
    return c->out ? c->out : "";
}

static inline void checking_end(struct checking *c) {
    at_arena_free(&c->arena);
    free(c->out);
    free(c);
}

/* The statement that declares `name`. */
static inline const struct at_ast_node *checking_statement(const struct checking *c, const char *name) {
    for (uint32_t f = 0; f < c->ast->n_files; f++)
        for (uint32_t i = 0; i < c->ast->files[f]->n; i++) {
            const struct at_ast_node *node = c->ast->files[f]->child[i];
            if (node && at_str_eq(node->text, at_str_z(name))) return node;
        }
    cr_assert(false, "nothing declares %s", name);
    return NULL;
}

#endif
