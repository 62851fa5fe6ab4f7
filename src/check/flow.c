/* check/flow.c: what a condition makes sure of: after `where x is not missing`, after `if x is missing then
 * …`, on the right of `and`, x is there. Only names, members and calls are remembered; the same expression is
 * the same value within one place. */
#include "check/check_int.h"

/* Facts are a list that shares its tail: the facts of a branch are those of its surroundings and
 * some more. */
static const struct at_check_fact *remember(struct at_check *ck, const struct at_check_fact *facts,
                                            const struct at_ast_node *expr) {
    struct at_check_fact *fact = AT_NEW(ck->arena, struct at_check_fact);
    *fact = (struct at_check_fact){expr, facts};
    return fact;
}

const struct at_check_fact *at_check_facts_if(struct at_check *ck, const struct at_check_fact *facts,
                                              const struct at_ast_node *cond, bool holds) {
    if (!cond) return facts;
    switch (cond->kind) {
    case AT_N_AND:
    case AT_N_OR: {
        /* Both sides of `and` are true if it is true. Both sides of `or` are false if it is
         * false. The other two cases prove nothing. */
        if ((cond->kind == AT_N_AND) != holds) return facts;
        if (ck->depth >= AT_MAX_DEPTH) return facts;
        ck->depth++;
        facts = at_check_facts_if(ck, facts, at_check_child(cond, 0), holds);
        facts = at_check_facts_if(ck, facts, at_check_child(cond, 1), holds);
        ck->depth--;
        return facts;
    }
    case AT_N_NOT: return at_check_facts_if(ck, facts, at_check_child(cond, 0), !holds);
    case AT_N_MISSING:
        if (((cond->flags & AT_F_NOT) != 0) != holds || !at_check_child(cond, 0)) return facts;
        return remember(ck, facts, at_check_child(cond, 0));
    default: return facts;
    }
}

/* `x` and `deal.x` are one field of the row; `rep.x` is one of another. */
static bool same_path(const struct at_check *ck, const struct at_ast_node *a, const struct at_ast_node *b) {
    const struct at_check_symbol *x = ck->out->symbols[a->id], *y = ck->out->symbols[b->id];
    if (x && y && x->kind == AT_SYM_FIELD && y->kind == AT_SYM_FIELD) {
        if (x != y) return false;
        const struct at_ast_node *from = a->kind == AT_N_MEMBER ? at_check_child(a, 0) : NULL,
                                 *other = b->kind == AT_N_MEMBER ? at_check_child(b, 0) : NULL;
        bool whole = from && ck->out->symbols[from->id] && ck->out->symbols[from->id]->kind == AT_SYM_TABLE;
        bool other_whole =
            other && ck->out->symbols[other->id] && ck->out->symbols[other->id]->kind == AT_SYM_TABLE;
        if ((!from || whole) && (!other || other_whole)) return true;
        if (!from || !other || whole || other_whole) return false;
        return same_path(ck, from, other);
    }
    return a->kind == b->kind && at_ast_same(a, b);
}

bool at_check_known_there(const struct at_check *ck, const struct at_check_fact *facts,
                          const struct at_ast_node *node) {
    for (const struct at_check_fact *fact = facts; fact; fact = fact->up)
        if (same_path(ck, fact->expr, node)) return true;
    return false;
}
