/* diff/edits.h: lists the edits between two versions of a policy.
 *
 * Two ASTs are matched statement by statement, by kind and name. Order, formatting, and comments do not
 * matter. Tiers, rows of tables, fields, clauses, and header lines are matched within their statement, so
 * each is its own edit. Any choice of edits can be applied to the old version, which is how a diff finds the
 * effect of each edit.
 *
 * Both ASTs must come from one source map and one run of node ids, because nodes of both are combined in one
 * tree.
 */
#ifndef AT_DIFF_EDITS_H
#define AT_DIFF_EDITS_H

#include "syntax/parse.h"
#include "words/sentence.h"

enum at_diff_edit_kind { AT_EDIT_ADDED, AT_EDIT_REMOVED, AT_EDIT_CHANGED, AT_EDIT_ORDER };

struct at_diff_edit {
    uint8_t kind;  /* enum at_diff_edit_kind */
    bool pays;     /* may change pay; tests, names, version, labels, and `allow` do not */
    uint32_t pair; /* which pair of statements it belongs to */
    const struct at_ast_node *old_node,
        *new_node;            /* statement, or part of one; NULL where added or removed */
    at_words_operand subject; /* "rates accelerator" */
    at_words_operand change;  /* "tier from 100%: 12% → 13%", without the subject */
};

/* A statement of the old version beside its fellow in the new one; either may be NULL. */
struct at_diff_edit_pair {
    const struct at_ast_node *old_node, *new_node;
    bool parts;      /* its edits are about its children, not about the whole */
    uint32_t led_by; /* the edit plus 1 of which it is a part: another copy of the same formula; 0: none */
};

/* A statement that has another name in the new version, and is otherwise the same. */
struct at_diff_rename {
    at_str from, to;
    const struct at_ast_node *old_node, *new_node;
};

struct at_diff_edits {
    const struct at_ast *old_ast, *new_ast;
    struct at_diff_edit_pair
        *pairs; /* in the order of the new version, removed ones at the place where they stood */
    uint32_t n_pairs;
    struct at_diff_edit *at;
    uint32_t n;
    struct at_diff_rename *renames;
    uint32_t n_renames;
    /* Lists of the edits of a pair, and of those with a node as either side, in the order of `at`. Links are
     * index + 1, 0 at the end. Edit i is link 2 * i of its old node, and 2 * i + 1 of its new one. */
    uint32_t *of_pair, *next_of_pair, *of_node, *next_of_node;
};

/* The trees are views. In the old one, names of statements that are renamed become the new names (rename.c).
 */
struct at_diff_edits *at_diff_edits_find(struct at_ast *old_ast, struct at_ast *new_ast,
                                         struct at_arena *arena);

/* The name that the new version has for a measure, credit, or rates of the old one. */
at_str at_diff_edits_name(const struct at_diff_edits *edits, at_str name);

/* Adds an edit for each statement that says the same in both versions, but takes a table or a function from a
 * file that does not. A file that cannot be loaded is passed over. */
void at_diff_edits_find_files(struct at_diff_edits *edits, at_load_fn load, void *load_context,
                              struct at_arena *arena);

/* The old version with the chosen edits (a flag for each) applied. */
struct at_ast *at_diff_edits_apply(const struct at_diff_edits *edits, const bool *chosen,
                                   struct at_arena *arena);

#endif
