/* diff/edit_apply.c: applies a choice of edits to the old version. The resulting tree shares nodes with
 * both versions. */
#include "base/vec.h"
#include "diff/edits_int.h"

struct applier {
    const struct at_edits *edits;
    const bool *chosen;
    struct at_arena *arena;
};

/* The chosen edit about this part of the pair, or NULL. */
static const struct at_edit *edit_of(const struct applier *applier, uint32_t pair,
                                     const struct at_node *part) {
    for (uint32_t i = 0; i < applier->edits->n; i++) {
        const struct at_edit *edit = &applier->edits->at[i];
        if (edit->pair == pair && applier->chosen[i] && (edit->old_node == part || edit->new_node == part))
            return edit;
    }
    return NULL;
}

static const struct at_node *counterpart(const struct at_node *part, const struct at_node *old_node) {
    for (uint32_t i = 0; i < old_node->n; i++)
        if (old_node->child[i] && at_edit_same_key(part, old_node->child[i])) return old_node->child[i];
    return NULL;
}

static const struct at_edit *any_edit_of(const struct applier *applier, uint32_t pair,
                                         const struct at_node *part) {
    for (uint32_t i = 0; i < applier->edits->n; i++) {
        const struct at_edit *edit = &applier->edits->at[i];
        if (edit->pair == pair && (edit->old_node == part || edit->new_node == part)) return edit;
    }
    return NULL;
}

/* Children in the order of the new version, as far as its edits are chosen; removed ones that stay go before
 * the next one that both have. */
static struct at_node *merge_parts(const struct applier *applier, uint32_t index) {
    const struct at_edit_pair *pair = &applier->edits->pairs[index];
    const struct at_node *before = pair->old_node, *after = pair->new_node;
    AT_VEC(struct at_node *) parts = {0};
    uint32_t next = 0; /* of the old version's parts */
    for (uint32_t i = 0; i < after->n; i++) {
        const struct at_edit *edit = any_edit_of(applier, index, after->child[i]);
        const struct at_node *old_part = edit              ? edit->old_node
                                         : after->child[i] ? counterpart(after->child[i], before)
                                                           : NULL;
        uint32_t place = next;
        while (old_part && place < before->n && before->child[place] != old_part)
            place++;
        for (; old_part && place < before->n && next < place; next++) {
            const struct at_edit *gone = any_edit_of(applier, index, before->child[next]);
            if (gone && gone->kind == AT_EDIT_REMOVED && !edit_of(applier, index, before->child[next]))
                AT_VEC_PUSH(applier->arena, &parts, before->child[next]);
        }
        if (old_part && place < before->n) next = place + 1;
        bool take_new = !edit || edit_of(applier, index, after->child[i]);
        const struct at_node *part = take_new ? after->child[i] : old_part;
        if (part || !after->child[i]) AT_VEC_PUSH(applier->arena, &parts, (struct at_node *)part);
    }
    for (; next < before->n; next++) {
        const struct at_edit *gone = any_edit_of(applier, index, before->child[next]);
        if (gone && gone->kind == AT_EDIT_REMOVED && !edit_of(applier, index, before->child[next]))
            AT_VEC_PUSH(applier->arena, &parts, before->child[next]);
    }
    struct at_node *merged = AT_NEW(applier->arena, struct at_node);
    *merged = *before;
    merged->child = parts.at;
    merged->n = (uint32_t)parts.n;
    return merged;
}

static const struct at_node *pick(const struct applier *applier, uint32_t index) {
    const struct at_edit_pair *pair = &applier->edits->pairs[index];
    if (pair->parts) return merge_parts(applier, index);
    const struct at_edit *edit = NULL;
    for (uint32_t i = 0; i < applier->edits->n && !edit; i++)
        if (applier->edits->at[i].pair == index && applier->chosen[i]) edit = &applier->edits->at[i];
    return edit ? pair->new_node : pair->old_node;
}

/* Unless the edit of the order is chosen, adjustments keep the old order: those in both versions are put back
 * into their common places. */
static void restore_order(const struct applier *applier, struct at_node *file, const uint32_t *pair_of) {
    const struct at_edits *edits = applier->edits;
    for (uint32_t i = 0; i < edits->n; i++)
        if (edits->at[i].kind == AT_EDIT_ORDER && applier->chosen[i]) return;
    AT_VEC(uint32_t) places = {0};
    for (uint32_t i = 0; i < file->n; i++) {
        const struct at_edit_pair *pair = &edits->pairs[pair_of[i]];
        if (pair->old_node && pair->new_node && at_edit_adjusts(pair->new_node))
            AT_VEC_PUSH(applier->arena, &places, i);
    }
    struct at_node **sorted = AT_NEW_ARRAY(applier->arena, struct at_node *, places.n + 1);
    uint32_t n = 0;
    for (uint32_t f = 0; f < edits->old_ast->n_files; f++)
        for (uint32_t i = 0; edits->old_ast->files[f] && i < edits->old_ast->files[f]->n; i++)
            for (size_t k = 0; k < places.n; k++)
                if (edits->pairs[pair_of[places.at[k]]].old_node == edits->old_ast->files[f]->child[i])
                    sorted[n++] = file->child[places.at[k]];
    for (size_t k = 0; k < places.n && n == places.n; k++)
        file->child[places.at[k]] = sorted[k];
}

struct at_ast *at_edits_apply(const struct at_edits *edits, const bool *chosen, struct at_arena *arena) {
    struct applier applier = {edits, chosen, arena};
    struct at_ast *ast = AT_NEW(arena, struct at_ast);
    struct at_node *file = AT_NEW(arena, struct at_node);
    uint32_t *pair_of = AT_NEW_ARRAY(arena, uint32_t, edits->n_pairs + 1);
    *ast = *edits->old_ast;
    *file = *edits->old_ast->files[0];
    file->child = AT_NEW_ARRAY(arena, struct at_node *, edits->n_pairs + 1);
    file->n = 0;
    for (uint32_t p = 0; p < edits->n_pairs; p++) {
        const struct at_node *node = pick(&applier, p);
        if (!node) continue;
        pair_of[file->n] = p;
        file->child[file->n++] = (struct at_node *)node;
    }
    restore_order(&applier, file, pair_of);
    ast->files = AT_NEW(arena, struct at_node *);
    ast->files[0] = file;
    ast->n_files = 1;
    ast->n_nodes =
        edits->new_ast->n_nodes > edits->old_ast->n_nodes ? edits->new_ast->n_nodes : edits->old_ast->n_nodes;
    return ast;
}
