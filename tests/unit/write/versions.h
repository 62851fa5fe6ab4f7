/* versions.h: two versions of a policy parsed into one map of sources, and the edits between them, for the
 * tests of edits and merging.
 */
#ifndef AT_TESTS_VERSIONS_H
#define AT_TESTS_VERSIONS_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "write/diff_writer.h"

#define HEADER                                                                                               \
    "policy \"T\" version 1 effective from 2026-01-01 to 2026-12-31 currency USD period month\n"             \
    "payee rep from \"r.csv\" { id text key  name text label }\n"                                            \
    "data deal from \"d.csv\" { id text key  rep rep  product one of (\"core\", \"cloud\")  amount money  "  \
    "closed_on date }\n"                                                                                     \
    "credit booking from deal to rep on closed_on amount amount\n"                                           \
    "measure bookings = sum of amount from booking\n"

struct versions {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast[2];
    struct at_diff_edits *edits;
};

static struct versions v;

static inline void versions_begin(void) {
    at_arena_init(&v.arena, NULL, NULL);
}
static inline void versions_end(void) {
    at_arena_free(&v.arena);
}

static inline void find(const char *before, const char *after) {
    const char *texts[2] = {before, after}, *names[2] = {"old", "new"};
    at_diag_sources_init(&v.sources, &v.arena);
    at_diag_list_init(&v.diags, &v.arena, &v.sources);
    for (int i = 0; i < 2; i++)
        cr_assert(at_parse(&v.sources, &v.arena, &v.diags, at_str_z(names[i]), at_str_z(texts[i]), NULL, NULL,
                           &v.ast[i]) == AT_OK,
                  "does not parse: %s", texts[i]);
    v.edits = at_diff_edits_find(v.ast[0], v.ast[1], &v.arena);
}

/* The edits, "subject: words" one a line; those that change no pay in brackets. */
static inline const char *listed(void) {
    const struct at_diff diff = {.words = at_words_find(AT_STR("en")), .edits = v.edits};
    at_str text = AT_STR("");
    for (uint32_t i = 0; i < v.edits->n; i++) {
        const struct at_diff_edit *e = &v.edits->at[i];
        at_str subject = at_write_diff_subject_text(&diff, &v.arena, e),
               change = at_write_diff_change_text(&diff, &v.arena, e);
        text = at_str_format(&v.arena, "%.*s%s%s%.*s: %.*s%s", AT_STR_ARG(text), i ? "\n" : "",
                             e->pays ? "" : "(", AT_STR_ARG(subject), AT_STR_ARG(change), e->pays ? "" : ")");
    }
    return at_str_format(&v.arena, "%.*s", AT_STR_ARG(text)).p;
}

static inline void says(const char *before, const char *after, const char *wanted) {
    find(before, after);
    cr_assert_str_eq(listed(), wanted);
}

/* The version with the chosen edits says the same as `wanted`, statement by statement. */
static inline bool same_statements(const struct at_ast *a, const struct at_ast *b) {
    uint32_t n = 0;
    for (uint32_t f = 0; f < b->n_files; f++)
        n += b->files[f]->n;
    if (a->n_files != 1 || a->files[0]->n != n) return false;
    for (uint32_t i = 0; i < n; i++) {
        bool found = false;
        for (uint32_t k = 0; k < b->files[0]->n && !found; k++)
            found = at_ast_same(a->files[0]->child[i], b->files[0]->child[k]);
        if (!found) return false;
    }
    return true;
}

#endif
