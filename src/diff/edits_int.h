/* diff/edits_int.h: the interface between edits.c (matching), edit_change.c (what differs), and edit_apply.c
 * (application). */
#ifndef AT_DIFF_EDITS_INT_H
#define AT_DIFF_EDITS_INT_H

#include "diff/edits.h"

at_words_operand at_diff_edit_subject(struct at_arena *arena, const struct at_ast_node *statement);
/* Source text on one line, comments dropped; empty for NULL. */
at_str at_diff_edit_text(const struct at_diff_edits *edits, struct at_arena *arena,
                         const struct at_ast_node *node);
/* What changed between two statements of one kind and name, part by part; clears *pays where it is about
 * labels and names alone. */
at_words_operand at_diff_edit_change(const struct at_diff_edits *edits, struct at_arena *arena,
                                     const struct at_ast_node *old_node, const struct at_ast_node *new_node,
                                     bool *pays);
/* copies.c: the name of the statement of which this is a copy, and the version, such as `from 2026-06-15`;
 * empty: it is not a copy. */
at_str at_diff_copy_of(at_str name, struct at_arena *arena, at_str *version);
/* rename.c: renamed statements, in the order of the old version as far as they are independent. Replaces
 * their names in the old tree. */
struct at_diff_rename *at_diff_rename_find(struct at_ast *old_ast, struct at_ast *new_ast,
                                           struct at_arena *arena, uint32_t *n);
bool at_diff_edit_has_parts(const struct at_ast_node *statement);
bool at_diff_edit_same_key(const struct at_ast_node *a, const struct at_ast_node *b);
bool at_diff_edit_adjusts(const struct at_ast_node *node);

#endif
