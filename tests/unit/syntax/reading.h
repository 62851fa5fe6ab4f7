/* reading.h: a policy text or a file of tests/lang read by the parser, for the tests of this room. */
#ifndef AT_TESTS_READING_H
#define AT_TESTS_READING_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "diag/render.h"
#include "syntax/parse.h"

struct reading {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast;
    enum at_status status;
    struct at_sink sink;
    char *out;
    size_t n;
};

static inline int reading_keep(void *context, const char *bytes, size_t n) {
    struct reading *r = context;
    r->out = realloc(r->out, r->n + n + 1);
    memcpy(r->out + r->n, bytes, n);
    r->n += n;
    r->out[r->n] = 0;
    return 0;
}

/* The whole file, NUL-ended, in the arena; .p NULL where it cannot be read. */
static inline at_str read_file(struct at_arena *arena, const char *path) {
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

/* Files stand beside each other in one folder, and those outside it may not be read; anything of the standard
 * library is one small file. */
static inline bool reading_load(void *context, struct at_arena *arena, at_str from, at_str wanted,
                                struct at_parse_loaded *out) {
    (void)from;
    if (at_str_eq(wanted, AT_STR("std/linear.attain"))) {
        out->name = wanted;
        out->text = AT_STR("measure linear = 1\n");
        return true;
    }
    bool up = wanted.n > 3 && memcmp(wanted.p, "../", 3) == 0, folder = wanted.p[wanted.n - 1] == '/';
    if (up || folder) {
        out->fault = up ? AT_LOAD_OUTSIDE : AT_LOAD_SPECIAL;
        out->why = up ? AT_STR("the policy may read only files in `.` and its subfolders")
                      : AT_STR("it is a folder");
        return false;
    }
    at_str path = at_str_format(arena, "%s/%.*s", (const char *)context, AT_STR_ARG(wanted));
    out->name = wanted;
    out->text = read_file(arena, path.p);
    bool of_library = wanted.n > 4 && memcmp(wanted.p, "std/", 4) == 0;
    if (!out->text.p)
        out->why =
            of_library ? AT_STR("the standard library does not contain it") : AT_STR("it does not exist");
    return out->text.p != NULL;
}

static inline struct reading *reading_start(void) {
    struct reading *r = calloc(1, sizeof *r);
    at_arena_init(&r->arena, NULL, NULL);
    at_diag_sources_init(&r->sources, &r->arena);
    at_diag_list_init(&r->diags, &r->arena, &r->sources);
    at_sink_init(&r->sink, reading_keep, r);
    return r;
}

static inline struct reading *reading_of(const char *text) {
    struct reading *r = reading_start();
    r->status = at_parse(&r->sources, &r->arena, &r->diags, AT_STR("t"), at_str_z(text), NULL, NULL, &r->ast);
    return r;
}

static inline struct reading *reading_of_file(const char *folder, const char *name) {
    struct reading *r = reading_start();
    at_str text = read_file(&r->arena, at_str_format(&r->arena, "%s/%s", folder, name).p);
    cr_assert(text.p, "cannot read %s/%s", folder, name);
    r->status = at_parse(&r->sources, &r->arena, &r->diags, at_str_z(name), text, reading_load,
                         (void *)(uintptr_t)folder, &r->ast);
    return r;
}

/* What has been printed since the last call. */
static inline const char *reading_out(struct reading *r) {
    at_sink_flush(&r->sink);
    return r->out ? r->out : "";
}

static inline const char *reading_messages(struct reading *r) {
    at_diag_list_sort(&r->diags);
    at_diag_render_text(&r->diags, NULL, &r->sink);
    return reading_out(r);
}

static inline void reading_end(struct reading *r) {
    at_arena_free(&r->arena);
    free(r->out);
    free(r);
}

#endif
