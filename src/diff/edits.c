/* diff/edits.c: matches two versions statement by statement. See edits.h. */
#include "diff/edits.h"
#include "base/map.h"
#include "base/vec.h"
#include "diff/edits_int.h"
#include "diff/match.h"

struct finder {
    struct at_arena *arena;
    struct at_diff_edits *edits;
    AT_VEC(struct at_diff_edit) found;
    AT_VEC(struct at_diff_edit_pair) pairs;
};

/* ---- words */

/* The statement as the policy begins it: a keyword and a name, in every language. */
at_words_operand at_diff_edit_subject(struct at_arena *arena, const struct at_ast_node *statement) {
    const char *kind = at_ast_kind_name(statement->kind);
    at_str name = statement->text;
    switch (statement->kind) {
    case AT_N_POLICY:
    case AT_N_ROUND:
    case AT_N_SHOW:
    case AT_N_APPLIES: return at_words_text(at_str_format(arena, "%s", kind));
    case AT_N_HELPING: return at_words_text(AT_STR("require helping never hurts"));
    case AT_N_INDEPENDENT:
        return at_words_text(at_str_format(arena, "require %.*s does not depend on %.*s",
                                           AT_STR_ARG(statement->text2.n ? statement->text2 : AT_STR("pay")),
                                           AT_STR_ARG(name)));
    case AT_N_USE:
    case AT_N_TEST:
    case AT_N_REQUIRE: return at_words_text(at_str_format(arena, "%s \"%.*s\"", kind, AT_STR_ARG(name)));
    default: return at_words_text(at_str_format(arena, "%s %.*s", kind, AT_STR_ARG(name)));
    }
}

/* ---- collecting */

static void add(struct finder *finder, const struct at_diff_edit *edit) {
    AT_VEC_PUSH(finder->arena, &finder->found, *edit);
}

static bool pays(const struct at_ast_node *node) {
    return node->kind != AT_N_TEST && node->kind != AT_N_VERSION && node->kind != AT_N_LANGUAGE &&
           node->kind != AT_N_USE && node->kind != AT_N_ALLOW && node->kind != AT_N_SHOW &&
           node->kind != AT_N_SHOWN && node->kind != AT_N_INDEPENDENT && node->kind != AT_N_HELPING;
}

static void edit_whole(struct finder *finder, uint32_t pair, const struct at_ast_node *old_node,
                       const struct at_ast_node *new_node) {
    const struct at_ast_node *node = new_node ? new_node : old_node;
    struct at_diff_edit edit = {.pair = pair, .old_node = old_node, .new_node = new_node, .pays = pays(node)};
    edit.kind = !old_node ? AT_EDIT_ADDED : !new_node ? AT_EDIT_REMOVED : AT_EDIT_CHANGED;
    edit.subject = at_diff_edit_subject(finder->arena, node);
    if (edit.kind == AT_EDIT_CHANGED)
        edit.change = at_diff_edit_change(finder->edits, finder->arena, old_node, new_node, &edit.pays);
    else if (edit.kind == AT_EDIT_REMOVED &&
             (node->kind == AT_N_CAP || node->kind == AT_N_FLOOR || node->kind == AT_N_PARAM))
        edit.change = AT_SAID(finder->arena, AT_W_EDIT_TO,
                              at_words_text(at_diff_edit_text(finder->edits, finder->arena, node->child[0])),
                              at_words_fixed(AT_W_EDIT_REMOVED));
    else
        edit.change = at_words_fixed(edit.kind == AT_EDIT_ADDED ? AT_W_EDIT_ADDED : AT_W_EDIT_REMOVED);
    add(finder, &edit);
}

/* ---- parts: children matched by a key of their own */

bool at_diff_edit_has_parts(const struct at_ast_node *statement) {
    switch (statement->kind) {
    case AT_N_POLICY:
    case AT_N_RATES:
    case AT_N_LOOKUP:
    case AT_N_PAYEE:
    case AT_N_DATA:
    case AT_N_HISTORY:
    case AT_N_EXCHANGE:
    case AT_N_SHOW:
    case AT_N_CREDIT: return true;
    default: return false;
    }
}

static at_words_operand part_change(struct finder *finder, const struct at_ast_node *old_node,
                                    const struct at_ast_node *new_node) {
    struct at_arena *arena = finder->arena;
    if (!old_node)
        return AT_SAID(arena, AT_W_EDIT_PART_ADDED,
                       at_words_text(at_diff_edit_text(finder->edits, finder->arena, new_node)));
    if (!new_node)
        return AT_SAID(arena, AT_W_EDIT_PART_REMOVED,
                       at_words_text(at_diff_edit_text(finder->edits, finder->arena, old_node)));
    if (old_node->kind == AT_N_STEP && at_ast_same(old_node->child[0], new_node->child[0]) &&
        old_node->op == new_node->op) {
        enum at_words_word word = old_node->op == AT_OP_POINT   ? AT_W_EDIT_POINT
                                  : old_node->op == AT_OP_ABOVE ? AT_W_EDIT_TIER_ABOVE
                                                                : AT_W_EDIT_TIER_FROM;
        at_words_operand tier =
            at_words_text(at_diff_edit_text(finder->edits, finder->arena, old_node->child[0]));
        return AT_SAID(arena, word, tier,
                       at_words_text(at_diff_edit_text(finder->edits, finder->arena, old_node->child[1])),
                       at_words_text(at_diff_edit_text(finder->edits, finder->arena, new_node->child[1])));
    }
    return AT_SAID(arena, AT_W_EDIT_TO,
                   at_words_text(at_diff_edit_text(finder->edits, finder->arena, old_node)),
                   at_words_text(at_diff_edit_text(finder->edits, finder->arena, new_node)));
}

static void edit_part(struct finder *finder, uint32_t pair, const struct at_ast_node *old_node,
                      const struct at_ast_node *new_node) {
    const struct at_diff_edit_pair *both = &finder->pairs.at[pair];
    struct at_diff_edit edit = {.pair = pair,
                                .old_node = old_node,
                                .new_node = new_node,
                                .pays = pays(new_node ? new_node : old_node)};
    edit.kind = !old_node ? AT_EDIT_ADDED : !new_node ? AT_EDIT_REMOVED : AT_EDIT_CHANGED;
    edit.subject = at_diff_edit_subject(finder->arena, both->new_node);
    edit.change = part_change(finder, old_node, new_node);
    add(finder, &edit);
}

/* A step without a fellow whose neighbours have theirs, on both sides: its threshold was moved. */
static bool moved(const struct at_ast_node *from, const struct at_ast_node *to, uint32_t i,
                  const struct at_diff_match *in_from) {
    return from->child[i]->kind == AT_N_STEP && from->n == to->n && to->child[i] &&
           at_diff_match_find(in_from, to->child[i]) == UINT32_MAX;
}

static void edit_parts(struct finder *finder, uint32_t pair) {
    const struct at_ast_node *old_node = finder->pairs.at[pair].old_node,
                             *new_node = finder->pairs.at[pair].new_node;
    struct at_diff_match in_old, in_new;
    at_diff_match_make(&in_old, &at_diff_match_key, old_node->child, old_node->n, finder->arena);
    at_diff_match_make(&in_new, &at_diff_match_key, new_node->child, new_node->n, finder->arena);
    for (uint32_t i = 0; i < old_node->n; i++) {
        const struct at_ast_node *part = old_node->child[i], *other = NULL;
        if (!part) continue;
        uint32_t fellow = at_diff_match_find(&in_new, part);
        if (fellow != UINT32_MAX)
            other = new_node->child[fellow];
        else if (moved(old_node, new_node, i, &in_old))
            other = new_node->child[i];
        if (!other || !at_ast_same(part, other)) edit_part(finder, pair, part, other);
    }
    for (uint32_t i = 0; i < new_node->n; i++) {
        const struct at_ast_node *part = new_node->child[i];
        if (part && at_diff_match_find(&in_old, part) == UINT32_MAX && !moved(new_node, old_node, i, &in_new))
            edit_part(finder, pair, NULL, part);
    }
}

static const struct at_ast_node *child_of(const struct at_ast_node *node, uint16_t kind) {
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i] && node->child[i]->kind == kind) return node->child[i];
    return NULL;
}

/* Children apart, is the statement itself the same? Tables must keep their keys and header as well. */
static bool same_shell(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (!at_str_eq(a->text2, b->text2) || !at_str_eq(a->text3, b->text3)) return false;
    if (a->kind != AT_N_LOOKUP) return a->kind == AT_N_POLICY || a->flags == b->flags;
    return at_ast_same(child_of(a, AT_N_KEYS), child_of(b, AT_N_KEYS)) &&
           at_ast_same(child_of(a, AT_N_HEADER), child_of(b, AT_N_HEADER));
}

static void compare(struct finder *finder, uint32_t pair) {
    struct at_diff_edit_pair *both = &finder->pairs.at[pair];
    if (!both->old_node || !both->new_node) {
        edit_whole(finder, pair, both->old_node, both->new_node);
    } else if (!at_ast_same(both->old_node, both->new_node)) {
        both->parts = at_diff_edit_has_parts(both->new_node) && same_shell(both->old_node, both->new_node);
        if (both->parts)
            edit_parts(finder, pair);
        else
            edit_whole(finder, pair, both->old_node, both->new_node);
    }
}

/* ---- statements matched by kind and name */

struct statements {
    struct at_ast_node **at;
    uint32_t n;
};

static struct statements statements_of(struct finder *finder, const struct at_ast *ast) {
    AT_VEC(struct at_ast_node *) all = {0};
    for (uint32_t f = 0; f < ast->n_files; f++)
        for (uint32_t i = 0; ast->files[f] && i < ast->files[f]->n; i++) {
            struct at_ast_node *node = ast->files[f]->child[i];
            if (node && node->kind != AT_N_USE && node->kind != AT_N_CONTINUES)
                AT_VEC_PUSH(finder->arena, &all, node);
        }
    return (struct statements){all.at, (uint32_t)all.n};
}

bool at_diff_edit_adjusts(const struct at_ast_node *node) {
    return node->kind == AT_N_CAP || node->kind == AT_N_FLOOR || node->kind == AT_N_ADJUST ||
           node->kind == AT_N_DRAW || node->kind == AT_N_HOLD || node->kind == AT_N_RELEASE ||
           node->kind == AT_N_CLAWBACK;
}

/* Pairs in the order of the new version; a statement that was removed stands after the one it followed. */
static void pair_up(struct finder *finder, const struct statements *before, const struct statements *after) {
    bool *taken = AT_NEW_ARRAY(finder->arena, bool, before->n + 1),
         *used = AT_NEW_ARRAY(finder->arena, bool, before->n + 1);
    uint32_t *fellow_of = AT_NEW_ARRAY(finder->arena, uint32_t, after->n + 1);
    memset(fellow_of, 0xff, sizeof *fellow_of * (after->n + 1));
    for (int same = 1; same >= 0; same--) { /* those that say the same before those of the same name */
        struct at_diff_match match;
        at_diff_match_make(&match, same ? &at_diff_match_content : &at_diff_match_name, before->at, before->n,
                           finder->arena);
        for (uint32_t i = 0; i < after->n; i++)
            if (fellow_of[i] == UINT32_MAX) fellow_of[i] = at_diff_match_take(&match, after->at[i], taken);
    }
    for (uint32_t i = 0; i < before->n && !taken[i]; i++) {
        AT_VEC_PUSH(finder->arena, &finder->pairs, (struct at_diff_edit_pair){.old_node = before->at[i]});
        used[i] = true;
    }
    for (uint32_t i = 0; i < after->n; i++) {
        uint32_t k = fellow_of[i];
        const struct at_ast_node *old_node = k == UINT32_MAX ? NULL : before->at[k];
        AT_VEC_PUSH(finder->arena, &finder->pairs,
                    (struct at_diff_edit_pair){.old_node = old_node, .new_node = after->at[i]});
        for (k = k == UINT32_MAX ? before->n : k + 1; k < before->n && !taken[k] && !used[k]; k++) {
            AT_VEC_PUSH(finder->arena, &finder->pairs, (struct at_diff_edit_pair){.old_node = before->at[k]});
            used[k] = true;
        }
    }
}

/* Adjustments apply in the order in which they are written, so a different order of those in both versions is
 * an edit. */
static void compare_order(struct finder *finder, const struct statements *before) {
    uint32_t *place_of = AT_NEW_ARRAY(finder->arena, uint32_t, finder->edits->old_ast->n_nodes + 1), last = 0;
    bool any = false, turned = false;
    for (uint32_t i = 0; i < before->n; i++)
        place_of[before->at[i]->id] = i;
    for (uint32_t p = 0; p < finder->pairs.n && !turned; p++) {
        const struct at_diff_edit_pair *pair = &finder->pairs.at[p];
        if (!pair->old_node || !pair->new_node || !at_diff_edit_adjusts(pair->new_node)) continue;
        uint32_t place = place_of[pair->old_node->id];
        turned = any && place < last;
        last = place;
        any = true;
    }
    if (!turned) return;
    add(finder, &(struct at_diff_edit){.kind = AT_EDIT_ORDER,
                                       .pays = true,
                                       .pair = UINT32_MAX,
                                       .subject = at_words_fixed(AT_W_EDIT_ADJUSTMENTS),
                                       .change = at_words_fixed(AT_W_EDIT_ORDER)});
}

/* ---- copies of a statement in a plan of several versions: an edit is about the statement itself */

static const struct at_ast_node *statement_of(const struct statements *all, at_str name) {
    for (uint32_t i = 0; i < all->n; i++)
        if (at_str_eq(all->at[i]->text, name) && all->at[i]->kind != AT_N_TEST) return all->at[i];
    return NULL;
}

/* Compares a pair of copies. Several copies of one formula have one edit, that of the first. */
static void compare_copy(struct finder *finder, uint32_t pair, struct at_map *leaders,
                         const struct statements *after) {
    struct at_diff_edit_pair *both = &finder->pairs.at[pair];
    const struct at_ast_node *node = both->new_node ? both->new_node : both->old_node, *of;
    at_str version = {0}, name = at_diff_copy_of(node->text, finder->arena, &version);
    bool copy = name.n && node->kind != AT_N_TEST && node->kind != AT_N_REQUIRE &&
                (of = statement_of(after, name)) != NULL;
    uint32_t first = (uint32_t)finder->found.n;
    if (!copy || !both->old_node || !both->new_node || at_ast_same(both->old_node, both->new_node)) {
        compare(finder, pair);
        return;
    }
    at_str key = at_str_format(finder->arena, "%.*s %.*s", AT_STR_ARG(name), AT_STR_ARG(version));
    uintptr_t leader = (uintptr_t)at_map_get(leaders, key);
    if (leader && !at_diff_edit_has_parts(node)) {
        both->led_by = (uint32_t)leader;
        return;
    }
    compare(finder, pair);
    for (size_t i = first; i < finder->found.n; i++)
        finder->found.at[i].subject = at_words_text(
            at_str_format(finder->arena, "%s %.*s", at_ast_kind_name(of->kind), AT_STR_ARG(key)));
    if (finder->found.n > first) at_map_put(leaders, key, (void *)(uintptr_t)(first + 1));
}

/* Lists the edits of each pair and of each node, so that an application need not look through all of them. */
static void make_lists(struct at_diff_edits *edits, struct at_arena *arena) {
    uint32_t old_nodes = edits->old_ast->n_nodes, new_nodes = edits->new_ast->n_nodes;
    edits->of_pair = AT_NEW_ARRAY(arena, uint32_t, edits->n_pairs + 1);
    edits->of_node = AT_NEW_ARRAY(arena, uint32_t, (old_nodes > new_nodes ? old_nodes : new_nodes) + 1);
    edits->next_of_pair = AT_NEW_ARRAY(arena, uint32_t, edits->n + 1);
    edits->next_of_node = AT_NEW_ARRAY(arena, uint32_t, 2 * (size_t)edits->n + 1);
    for (uint32_t i = edits->n; i-- > 0;) {
        const struct at_diff_edit *edit = &edits->at[i];
        if (edit->pair >= edits->n_pairs) continue; /* of the order, or a name */
        const struct at_ast_node *sides[2] = {edit->old_node, edit->new_node};
        edits->next_of_pair[i] = edits->of_pair[edit->pair];
        edits->of_pair[edit->pair] = i + 1;
        for (uint32_t s = 0; s < 2; s++) {
            if (!sides[s]) continue;
            edits->next_of_node[2 * i + s] = edits->of_node[sides[s]->id];
            edits->of_node[sides[s]->id] = 2 * i + s + 1;
        }
    }
}

/* An edit of no pair: the statements are the same one. */
static void add_renames(struct finder *finder) {
    for (uint32_t i = 0; i < finder->edits->n_renames; i++) {
        const struct at_diff_rename *rename = &finder->edits->renames[i];
        at_str subject = at_str_format(finder->arena, "%s %.*s", at_ast_kind_name(rename->new_node->kind),
                                       AT_STR_ARG(rename->from));
        add(finder, &(struct at_diff_edit){
                        .kind = AT_EDIT_CHANGED,
                        .pair = UINT32_MAX,
                        .old_node = rename->old_node,
                        .new_node = rename->new_node,
                        .subject = at_words_text(subject),
                        .change = AT_SAID(finder->arena, AT_W_EDIT_RENAMED, at_words_text(rename->to))});
    }
}

at_str at_diff_edits_name(const struct at_diff_edits *edits, at_str name) {
    for (uint32_t i = 0; edits && i < edits->n_renames; i++)
        if (at_str_eq(edits->renames[i].from, name)) return edits->renames[i].to;
    return name;
}

struct at_diff_edits *at_diff_edits_find(struct at_ast *old_ast, struct at_ast *new_ast,
                                         struct at_arena *arena) {
    struct at_diff_edits *edits = AT_NEW(arena, struct at_diff_edits);
    struct finder finder = {.arena = arena, .edits = edits};
    edits->old_ast = old_ast;
    edits->new_ast = new_ast;
    edits->renames = at_diff_rename_find(old_ast, new_ast, arena, &edits->n_renames);
    struct statements before = statements_of(&finder, old_ast), after = statements_of(&finder, new_ast);
    pair_up(&finder, &before, &after);
    struct at_map leaders;
    at_map_init(&leaders, arena);
    for (uint32_t p = 0; p < finder.pairs.n; p++)
        compare_copy(&finder, p, &leaders, &after);
    compare_order(&finder, &before);
    add_renames(&finder);
    edits->pairs = finder.pairs.at;
    edits->n_pairs = (uint32_t)finder.pairs.n;
    edits->at = finder.found.at;
    edits->n = (uint32_t)finder.found.n;
    make_lists(edits, arena);
    return edits;
}

/* ---- files that statements take tables and functions from */

static at_str file_of(const struct at_diff_edits *edits, const struct at_ast_node *node, at_load_fn load,
                      void *context, struct at_arena *arena) {
    struct at_parse_loaded loaded = {0};
    struct at_diag_place place = at_diag_sources_place(edits->new_ast->sources, node->span.start);
    if (!place.file || !load(context, arena, place.file->name, node->text2, &loaded)) return (at_str){0};
    return loaded.text;
}

void at_diff_edits_find_files(struct at_diff_edits *edits, at_load_fn load, void *load_context,
                              struct at_arena *arena) {
    AT_VEC(struct at_diff_edit) found = {0};
    bool *touched = AT_NEW_ARRAY(arena, bool, edits->n_pairs + 1);
    for (uint32_t i = 0; i < edits->n; i++) {
        AT_VEC_PUSH(arena, &found, edits->at[i]);
        if (edits->at[i].pair < edits->n_pairs) touched[edits->at[i].pair] = true;
    }
    for (uint32_t p = 0; p < edits->n_pairs; p++) {
        const struct at_ast_node *a = edits->pairs[p].old_node, *b = edits->pairs[p].new_node;
        if (touched[p] || !a || !b || (a->kind != AT_N_LOOKUP && a->kind != AT_N_FUNCTION) || !b->text2.n)
            continue;
        if (at_str_eq(file_of(edits, a, load, load_context, arena),
                      file_of(edits, b, load, load_context, arena)))
            continue;
        struct at_diff_edit edit = {
            .kind = AT_EDIT_CHANGED, .pays = true, .pair = p, .old_node = a, .new_node = b};
        edit.subject = at_diff_edit_subject(arena, b);
        edit.change = AT_SAID(arena, AT_W_EDIT_FILE, at_words_text(b->text2));
        AT_VEC_PUSH(arena, &found, edit);
    }
    edits->at = found.at;
    edits->n = (uint32_t)found.n;
    make_lists(edits, arena);
}
