/* diff/edit_apply.c: applies a choice of edits to the old version. The resulting tree shares nodes with
 * both versions. */
#include "base/vec.h"
#include "diff/edits_int.h"
#include "diff/match.h"

struct applier {
    const struct at_diff_edits *edits;
    const bool *chosen;
    struct at_arena *arena;
    uint32_t *place_of; /* by node of the old version: its place in the statement that is being merged */
};

struct parts {
    struct at_ast_node **at;
    size_t n, room;
};

/* The first edit about this part, if it is chosen or `any`; else NULL. */
static const struct at_diff_edit *find_edit(const struct applier *applier, const struct at_ast_node *part,
                                            bool any) {
    const struct at_diff_edits *edits = applier->edits;
    for (uint32_t link = part ? edits->of_node[part->id] : 0; link; link = edits->next_of_node[link - 1])
        if (any || applier->chosen[(link - 1) / 2]) return &edits->at[(link - 1) / 2];
    return NULL;
}

static const struct at_diff_edit *edit_of(const struct applier *applier, const struct at_ast_node *part) {
    return find_edit(applier, part, false);
}

static const struct at_diff_edit *any_edit_of(const struct applier *applier, const struct at_ast_node *part) {
    return find_edit(applier, part, true);
}

/* Removed parts that stay, before the part at `end`. */
static void keep_removed(const struct applier *applier, const struct at_ast_node *before, uint32_t next,
                         uint32_t end, struct parts *parts) {
    for (; next < end; next++) {
        const struct at_diff_edit *gone = any_edit_of(applier, before->child[next]);
        if (gone && gone->kind == AT_EDIT_REMOVED && !edit_of(applier, before->child[next]))
            AT_VEC_PUSH(applier->arena, parts, before->child[next]);
    }
}

/* The place of the part of the old version that the new part replaces; `n` where it has none. */
static uint32_t old_place(const struct applier *applier, const struct at_ast_node *before,
                          const struct at_diff_match *in_before, const struct at_ast_node *part) {
    const struct at_diff_edit *edit = any_edit_of(applier, part);
    uint32_t place = UINT32_MAX;
    if (!edit && part) place = at_diff_match_find(in_before, part);
    if (edit && edit->old_node) place = applier->place_of[edit->old_node->id];
    return place < before->n ? place : before->n;
}

/* Children in the order of the new version, as far as its edits are chosen; removed ones that stay go before
 * the next one that both have. */
static struct at_ast_node *merge_parts(const struct applier *applier, const struct at_diff_edit_pair *pair) {
    const struct at_ast_node *before = pair->old_node, *after = pair->new_node;
    struct parts parts = {0};
    struct at_diff_match in_before;
    uint32_t next = 0; /* of the old version's parts */
    at_diff_match_make(&in_before, &at_diff_match_key, before->child, before->n, applier->arena);
    for (uint32_t i = 0; i < before->n; i++)
        if (before->child[i]) applier->place_of[before->child[i]->id] = i;
    for (uint32_t i = 0; i < after->n; i++) {
        struct at_ast_node *part = after->child[i];
        uint32_t place = old_place(applier, before, &in_before, part);
        if (place < before->n && place >= next) {
            keep_removed(applier, before, next, place, &parts);
            next = place + 1;
        }
        if (any_edit_of(applier, part) && !edit_of(applier, part))
            part = place < before->n ? before->child[place] : NULL;
        if (part || !after->child[i]) AT_VEC_PUSH(applier->arena, &parts, part);
    }
    keep_removed(applier, before, next, before->n, &parts);
    struct at_ast_node *merged = AT_NEW(applier->arena, struct at_ast_node);
    *merged = *before;
    merged->child = parts.at;
    merged->n = (uint32_t)parts.n;
    return merged;
}

static const struct at_ast_node *pick(const struct applier *applier, uint32_t index) {
    const struct at_diff_edits *edits = applier->edits;
    const struct at_diff_edit_pair *pair = &edits->pairs[index];
    if (pair->led_by) return applier->chosen[pair->led_by - 1] ? pair->new_node : pair->old_node;
    if (pair->parts) return merge_parts(applier, pair);
    for (uint32_t link = edits->of_pair[index]; link; link = edits->next_of_pair[link - 1])
        if (applier->chosen[link - 1]) return pair->new_node;
    return pair->old_node;
}

/* Unless the edit of the order is chosen, adjustments keep the old order: those in both versions are put back
 * into their common places. */
static void restore_order(const struct applier *applier, struct at_ast_node *file, const uint32_t *pair_of) {
    const struct at_diff_edits *edits = applier->edits;
    for (uint32_t i = 0; i < edits->n; i++)
        if (edits->at[i].kind == AT_EDIT_ORDER && applier->chosen[i]) return;
    AT_VEC(uint32_t) places = {0};
    for (uint32_t i = 0; i < file->n; i++) {
        const struct at_diff_edit_pair *pair = &edits->pairs[pair_of[i]];
        if (pair->old_node && pair->new_node && at_diff_edit_adjusts(pair->new_node))
            AT_VEC_PUSH(applier->arena, &places, i);
    }
    struct at_ast_node **sorted = AT_NEW_ARRAY(applier->arena, struct at_ast_node *, places.n + 1);
    uint32_t n = 0, *child_of = AT_NEW_ARRAY(applier->arena, uint32_t, edits->old_ast->n_nodes + 1);
    for (size_t k = 0; k < places.n; k++)
        child_of[edits->pairs[pair_of[places.at[k]]].old_node->id] = places.at[k] + 1;
    for (uint32_t f = 0; f < edits->old_ast->n_files; f++)
        for (uint32_t i = 0; edits->old_ast->files[f] && i < edits->old_ast->files[f]->n; i++) {
            const struct at_ast_node *statement = edits->old_ast->files[f]->child[i];
            uint32_t place = statement ? child_of[statement->id] : 0;
            if (place) sorted[n++] = file->child[place - 1];
        }
    for (size_t k = 0; k < places.n && n == places.n; k++)
        file->child[places.at[k]] = sorted[k];
}

struct at_ast *at_diff_edits_apply(const struct at_diff_edits *edits, const bool *chosen,
                                   struct at_arena *arena) {
    struct applier applier = {edits, chosen, arena,
                              AT_NEW_ARRAY(arena, uint32_t, edits->old_ast->n_nodes + 1)};
    struct at_ast *ast = AT_NEW(arena, struct at_ast);
    struct at_ast_node *file = AT_NEW(arena, struct at_ast_node);
    uint32_t *pair_of = AT_NEW_ARRAY(arena, uint32_t, edits->n_pairs + 1);
    *ast = *edits->old_ast;
    *file = *edits->old_ast->files[0];
    file->child = AT_NEW_ARRAY(arena, struct at_ast_node *, edits->n_pairs + 1);
    file->n = 0;
    for (uint32_t p = 0; p < edits->n_pairs; p++) {
        const struct at_ast_node *node = pick(&applier, p);
        /* These change no pay, and may name a measure or a component that only one version has. */
        if (!node || node->kind == AT_N_SHOW || node->kind == AT_N_INDEPENDENT || node->kind == AT_N_HELPING)
            continue;
        pair_of[file->n] = p;
        file->child[file->n++] = (struct at_ast_node *)node;
    }
    restore_order(&applier, file, pair_of);
    ast->files = AT_NEW(arena, struct at_ast_node *);
    ast->files[0] = file;
    ast->n_files = 1;
    ast->n_nodes =
        edits->new_ast->n_nodes > edits->old_ast->n_nodes ? edits->new_ast->n_nodes : edits->old_ast->n_nodes;
    return ast;
}
