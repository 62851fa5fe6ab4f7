/* diff/rename.c: statements that are the same in both versions up to their names.
 *
 * Such a statement is one edit, which changes no pay. The tree of the old version takes the new names, so
 * that statements that use them compare as the same, and intermediate versions have one name for one
 * statement.
 *
 * A name is replaced only if it has a single meaning: in the old version, all places that have it are uses of
 * the statement, and the new version does not have it anywhere; nor has the old version the new name.
 */
#include "base/map.h"
#include "base/vec.h"
#include "diff/edits_int.h"

enum { MOST_PAIRS = 10000 };

struct candidate {
    struct at_ast_node *node;
    bool taken;
};

struct renaming {
    struct at_arena *arena;
    struct at_ast *ast[2];
    struct at_map all[2];  /* every text of the version */
    struct at_map blocked; /* texts of the old version that are not, or may not be, uses of a statement */
    AT_VEC(struct candidate) of[2];
    AT_VEC(struct at_diff_rename) found;
};

/* ---- texts of nodes */

static bool can_be_renamed(const struct at_ast_node *node) {
    return node->kind == AT_N_MEASURE || node->kind == AT_N_CREDIT || node->kind == AT_N_RATES;
}

/* The text by which a node names a statement; NULL: none. */
static at_str *name_in(struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_MEASURE:
    case AT_N_CREDIT:
    case AT_N_RATES:
    case AT_N_NAME:
    case AT_N_AGGREGATE:
    case AT_N_BYROWS:
    case AT_N_SHOWN:
    case AT_N_EXPECT:
    case AT_N_CALL:
    case AT_N_THROUGH: return &node->text;
    case AT_N_PAY: return &node->text3;
    default: return NULL;
    }
}

static void put(struct at_map *map, at_str text) {
    if (text.n) at_map_put(map, text, (void *)(uintptr_t)1);
}

static void collect(struct renaming *r, int side, struct at_ast_node *node) {
    const at_str *name = name_in(node);
    const at_str *const texts[] = {&node->text, &node->text2, &node->text3, &node->by};
    for (size_t i = 0; i < AT_COUNT(texts); i++) {
        put(&r->all[side], *texts[i]);
        if (side == 0 && texts[i] != name) put(&r->blocked, *texts[i]);
    }
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) collect(r, side, node->child[i]);
}

static void replace(struct at_ast_node *node, at_str from, at_str to) {
    at_str *name = name_in(node);
    if (name && at_str_eq(*name, from)) *name = to;
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) replace(node->child[i], from, to);
}

static void replace_all(const struct renaming *r, at_str from, at_str to) {
    for (uint32_t f = 0; f < r->ast[0]->n_files; f++)
        if (r->ast[0]->files[f]) replace(r->ast[0]->files[f], from, to);
}

/* ---- statements that only one version has */

/* Hooks name measures in their own files, where they are not replaced. */
static bool collect_all(struct renaming *r, int side) {
    at_map_init(&r->all[side], r->arena);
    for (uint32_t f = 0; f < r->ast[side]->n_files; f++) {
        struct at_ast_node *file = r->ast[side]->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            if (!file->child[i]) continue;
            if (file->child[i]->kind == AT_N_FUNCTION && file->child[i]->text2.n) return false;
            collect(r, side, file->child[i]);
        }
    }
    return true;
}

static void find_candidates(struct renaming *r, int side) {
    for (uint32_t f = 0; f < r->ast[side]->n_files; f++) {
        struct at_ast_node *file = r->ast[side]->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            struct at_ast_node *node = file->child[i];
            if (!node || !can_be_renamed(node) || at_map_get(&r->all[!side], node->text)) continue;
            if (side == 0 && at_map_get(&r->blocked, node->text)) continue;
            AT_VEC_PUSH(r->arena, &r->of[side], (struct candidate){.node = node});
        }
    }
}

/* ---- pairs */

/* Labels may differ: that is an edit of its own. */
static bool same_but_name(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (a->kind != b->kind || a->op != b->op || a->flags != b->flags || a->n != b->n) return false;
    if (a->kind == AT_N_CREDIT && !at_str_eq(a->text2, b->text2)) return false;
    if (!at_str_eq(a->text3, b->text3) || !at_str_eq(a->by, b->by)) return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!at_ast_same(a->child[i], b->child[i])) return false;
    return true;
}

static bool find_one(struct renaming *r) {
    for (size_t i = 0; i < r->of[0].n; i++)
        for (size_t k = 0; k < r->of[1].n && !r->of[0].at[i].taken; k++) {
            struct candidate *before = &r->of[0].at[i], *after = &r->of[1].at[k];
            if (after->taken || !same_but_name(before->node, after->node)) continue;
            struct at_diff_rename one = {before->node->text, after->node->text, before->node, after->node};
            before->taken = after->taken = true;
            replace_all(r, one.from, one.to);
            AT_VEC_PUSH(r->arena, &r->found, one);
            return true;
        }
    return false;
}

struct at_diff_rename *at_diff_rename_find(struct at_ast *old_ast, struct at_ast *new_ast,
                                           struct at_arena *arena, uint32_t *n) {
    struct renaming r = {.arena = arena, .ast = {old_ast, new_ast}};
    *n = 0;
    at_map_init(&r.blocked, arena);
    if (!collect_all(&r, 0) || !collect_all(&r, 1)) return NULL;
    for (int s = 0; s < 2; s++)
        find_candidates(&r, s);
    if (r.of[0].n * r.of[1].n > MOST_PAIRS) return NULL;
    while (find_one(&r)) /* a formula can be the same once the names in it are */
        continue;
    *n = (uint32_t)r.found.n;
    return r.found.at;
}
