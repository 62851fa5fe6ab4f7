/* report/edits.h: what changed between two versions of a policy, as a reader would list it.
 *
 * Two ASTs are matched statement by statement, by kind and name, whatever their order, layout and comments.
 * Steps of rates, rows of tables, fields, clauses and header lines are matched within their statement, so
 * that each is an edit of its own. Any choice of edits can be applied to the old version: the diff uses that
 * to tell how much of a change in pay each of them caused.
 *
 * Both ASTs come from one source map and one run of node ids (parsed one after the other), so that nodes of
 * both can stand in one tree.
 */
#ifndef AT_REPORT_EDITS_H
#define AT_REPORT_EDITS_H

#include "syntax/parse.h"

enum at_edit_kind { AT_EDIT_ADDED, AT_EDIT_REMOVED, AT_EDIT_CHANGED, AT_EDIT_ORDER };

struct at_edit {
    uint8_t kind;  /* enum at_edit_kind */
    bool pays;     /* may change what is paid: tests, names, version and labels do not */
    uint32_t pair; /* which pair of statements it belongs to */
    const struct at_node *old_node, *new_node; /* statement, or part of one; NULL where added or removed */
    at_str subject;                            /* "rates accelerator" */
    at_str words;                              /* "from 100%: 12% → 13%", without the subject */
};

/* A statement of the old version beside its fellow in the new one; either may be NULL. */
struct at_edit_pair {
    const struct at_node *old_node, *new_node;
    bool parts; /* its edits are about its children, not about the whole */
};

struct at_edits {
    const struct at_ast *old_ast, *new_ast;
    struct at_edit_pair
        *pairs; /* in the order of the new version, removed ones at the place where they stood */
    uint32_t n_pairs;
    struct at_edit *at;
    uint32_t n;
};

struct at_edits *at_edits_find(const struct at_ast *old_ast, const struct at_ast *new_ast,
                               struct at_arena *arena);

/* Adds an edit for each statement that says the same in both versions, but takes a table or a function from a
 * file that does not. A file that cannot be loaded is passed over. */
void at_edits_find_files(struct at_edits *edits, at_load_fn load, void *load_context, struct at_arena *arena);

/* The old version with the chosen edits (a flag for each) applied. */
struct at_ast *at_edits_apply(const struct at_edits *edits, const bool *chosen, struct at_arena *arena);

#endif
