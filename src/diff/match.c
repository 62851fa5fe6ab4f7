/* diff/match.c: implements match.h: chains of nodes by hash, in the order of the list. */
#include "diff/match.h"
#include "diff/edits_int.h"

/* ---- what must agree */

static bool has_name(const struct at_ast_node *node) {
    return node->kind != AT_N_POLICY && node->kind != AT_N_APPLIES && node->kind != AT_N_ROUND &&
           node->kind != AT_N_SHOW;
}

static bool same_name(const struct at_ast_node *a, const struct at_ast_node *b) {
    return a->kind == b->kind && (!has_name(a) || at_str_eq(a->text, b->text));
}

static uint64_t hash_name(const struct at_ast_node *node) {
    return node->kind + (has_name(node) ? at_str_hash(node->text) : 0);
}

static uint64_t hash_of(const struct at_ast_node *node) {
    return node ? at_syntax_node_hash(node) : 0;
}

static uint64_t hash_key(const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_STEP:
    case AT_N_ROW: return node->kind + node->op + at_syntax_node_hash(node->child[0]);
    case AT_N_ALLOW:
    case AT_N_SET:
    case AT_N_SHOWN:
    case AT_N_FIELDDEF: return node->kind + at_str_hash(node->text);
    case AT_N_GIVEN: return at_syntax_node_hash(node);
    case AT_N_EXPECT:
        return node->kind + at_str_hash(node->text) + hash_of(node->child[0]) + 3 * hash_of(node->child[1]);
    case AT_N_EXPECTCALL: return node->kind + hash_of(node->child[0]);
    default: return node->kind;
    }
}

bool at_diff_edit_same_key(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case AT_N_STEP:
    case AT_N_ROW: return a->op == b->op && at_ast_same(a->child[0], b->child[0]);
    case AT_N_ALLOW:
    case AT_N_SET:
    case AT_N_SHOWN:
    case AT_N_FIELDDEF: return at_str_eq(a->text, b->text);
    case AT_N_GIVEN: return at_ast_same(a, b);
    case AT_N_EXPECT: /* the payee and the period, not the value */
        return at_str_eq(a->text, b->text) && at_str_eq(a->by, b->by) &&
               at_ast_same(a->child[0], b->child[0]) && at_ast_same(a->child[1], b->child[1]);
    case AT_N_EXPECTCALL: return at_ast_same(a->child[0], b->child[0]);
    default: return true; /* clauses and header lines: one of each kind */
    }
}

const struct at_diff_match_rule at_diff_match_content = {at_syntax_node_hash, at_ast_same};
const struct at_diff_match_rule at_diff_match_name = {hash_name, same_name};
const struct at_diff_match_rule at_diff_match_key = {hash_key, at_diff_edit_same_key};

/* ---- the index */

void at_diff_match_make(struct at_diff_match *match, const struct at_diff_match_rule *rule,
                        struct at_ast_node *const *nodes, uint32_t n, struct at_arena *arena) {
    uint32_t n_slots = 4;
    while (n_slots < n)
        n_slots *= 2;
    *match = (struct at_diff_match){.rule = rule, .nodes = nodes, .mask = n_slots - 1};
    match->hashes = AT_NEW_ARRAY(arena, uint64_t, n + 1);
    match->next = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    match->slots = AT_NEW_ARRAY(arena, uint32_t, n_slots);
    for (uint32_t i = n;
         i-- > 0;) { /* backwards, so that the first one of a chain is the first of the list */
        if (!nodes[i]) continue;
        match->hashes[i] = rule->hash(nodes[i]);
        uint32_t *slot = &match->slots[match->hashes[i] & match->mask];
        match->next[i] = *slot;
        *slot = i + 1;
    }
}

static bool agrees(const struct at_diff_match *match, uint32_t i, uint64_t hash,
                   const struct at_ast_node *node) {
    return match->hashes[i] == hash && match->rule->same(node, match->nodes[i]);
}

uint32_t at_diff_match_find(const struct at_diff_match *match, const struct at_ast_node *node) {
    uint64_t hash = match->rule->hash(node);
    for (uint32_t at = match->slots[hash & match->mask]; at; at = match->next[at - 1])
        if (agrees(match, at - 1, hash, node)) return at - 1;
    return UINT32_MAX;
}

/* Those that are taken leave their chain, so that a thousand statements of one name are not passed a thousand
 * times. */
uint32_t at_diff_match_take(struct at_diff_match *match, const struct at_ast_node *node, bool *taken) {
    uint64_t hash = match->rule->hash(node);
    uint32_t *link = &match->slots[hash & match->mask];
    while (*link) {
        uint32_t i = *link - 1;
        if (!taken[i] && !agrees(match, i, hash, node)) {
            link = &match->next[i];
            continue;
        }
        *link = match->next[i];
        if (taken[i]) continue;
        taken[i] = true;
        return i;
    }
    return UINT32_MAX;
}
