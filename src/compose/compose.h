/* compose/compose.h: several versions of a plan as one policy.
 *
 * A policy that continues another one is written as one text, in which each statement has the days of its
 * version. The text is parsed and checked like any other, so everything after the checker sees one policy.
 * Nodes that come from a version keep their places in its file.
 */
#ifndef AT_COMPOSE_COMPOSE_H
#define AT_COMPOSE_COMPOSE_H

#include "check/check.h"

/* Checks the policy, and, if it continues another one, that one and both together. *ast becomes the tree of
 * the whole, and *text its text; they stay as they are, and *text is empty, for other policies. */
enum at_status at_compose_check(const struct at_ast **ast, struct at_arena *arena, struct at_diag_list *diags,
                                at_load_fn load, void *load_context, uint32_t since,
                                struct at_check_policy **out, at_str *text) AT_MUST_CHECK;

/* The statements of the policy and of those that it extends or uses, as one text. */
at_str at_compose_text(const struct at_ast *ast, struct at_arena *arena);

#endif
