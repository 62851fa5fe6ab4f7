/* diff/match.h: finds the fellow of a node in a list of nodes, in a time that does not grow with the list.
 *
 * An index is made once for a list. A node is looked up by its content, by its kind and name (statements), or
 * by the key of a part within its statement. If several nodes agree, the first in the list is found.
 */
#ifndef AT_DIFF_MATCH_H
#define AT_DIFF_MATCH_H

#include "syntax/ast.h"

struct at_diff_match_rule {
    uint64_t (*hash)(const struct at_ast_node *node);
    bool (*same)(const struct at_ast_node *a, const struct at_ast_node *b); /* the same nodes have one hash */
};

extern const struct at_diff_match_rule at_diff_match_content; /* at_ast_same */
extern const struct at_diff_match_rule at_diff_match_name;    /* of statements: kind and name */
extern const struct at_diff_match_rule at_diff_match_key;     /* of parts: at_diff_edit_same_key */

struct at_diff_match {
    const struct at_diff_match_rule *rule;
    struct at_ast_node *const *nodes; /* view; NULL within it is passed over */
    uint64_t *hashes;                 /* by node */
    uint32_t *slots, *next; /* index + 1 of the first node of a slot, and of the next one; 0: none */
    uint32_t mask;
};

void at_diff_match_make(struct at_diff_match *match, const struct at_diff_match_rule *rule,
                        struct at_ast_node *const *nodes, uint32_t n, struct at_arena *arena);
/* Index of the first node that agrees; UINT32_MAX: none. */
uint32_t at_diff_match_find(const struct at_diff_match *match, const struct at_ast_node *node);
/* The same, but of those that are not taken yet, which it takes. `taken` may be shared by several indexes of
 * one list. */
uint32_t at_diff_match_take(struct at_diff_match *match, const struct at_ast_node *node, bool *taken);

#endif
