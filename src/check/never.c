/* check/never.c: conditions that exclude or imply one another, as far as comparisons of one and the same
 * expression with constants show it: intervals for numbers, money and dates, sets for texts and choices. What
 * is not understood proves nothing. */
#include "check/check_int.h"

/* One comparison: `subject op value`, or subject in (values). */
struct atom {
    const struct at_ast_node *subject, *node;
    uint16_t op; /* AT_OP_EQ NE LT LE GT GE; NONE: one of `values` */
    bool deny;   /* NONE: none of the values */
    struct at_check_const value;
    const struct at_check_const *values;
    uint32_t n;
    at_type type;
};

/* The pairs of comparisons take the square of this number. What does not fit proves nothing,
 * because `whole` is false then. */
#define MOST 64

struct atoms {
    struct at_check *ck;
    struct atom at[MOST];
    uint32_t n;
    bool whole; /* every part of the condition has become an atom */
};

/* The operator after both sides change places. */
static uint16_t mirrored(uint16_t op) {
    switch (op) {
    case AT_OP_LT: return AT_OP_GT;
    case AT_OP_LE: return AT_OP_GE;
    case AT_OP_GT: return AT_OP_LT;
    case AT_OP_GE: return AT_OP_LE;
    default: return op;
    }
}

/* The operator of the opposite. */
static uint16_t denied(uint16_t op) {
    switch (op) {
    case AT_OP_EQ: return AT_OP_NE;
    case AT_OP_NE: return AT_OP_EQ;
    case AT_OP_LT: return AT_OP_GE;
    case AT_OP_LE: return AT_OP_GT;
    case AT_OP_GT: return AT_OP_LE;
    default: return AT_OP_LT;
    }
}

static void keep(struct atoms *atoms, struct atom atom) {
    if (atoms->n < MOST)
        atoms->at[atoms->n++] = atom;
    else
        atoms->whole = false;
}

static bool constant(struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out) {
    return at_check_fold(ck, node, out) && !out->from_param; /* another run may set a param otherwise */
}

static void comparison(struct atoms *atoms, const struct at_ast_node *node, bool deny) {
    struct at_check *ck = atoms->ck;
    const struct at_ast_node *left = at_check_child(node, 0), *right = at_check_child(node, 1);
    struct atom atom = {.node = node, .op = deny ? denied(node->op) : node->op};
    struct at_check_const other;
    if (!left || !right) {
        atoms->whole = false;
    } else if (constant(ck, right, &atom.value) && !constant(ck, left, &other)) {
        atom.subject = left;
    } else if (constant(ck, left, &atom.value) && !constant(ck, right, &other)) {
        atom.subject = right;
        atom.op = mirrored(atom.op);
    }
    if (!atom.subject) {
        atoms->whole = false;
        return;
    }
    atom.type = at_check_type_at(ck, atom.subject);
    if (atom.type.kind == AT_T_ENUM && atom.value.kind == AT_T_TEXT &&
        !at_check_has_choice(atom.type.choices, atom.value.text)) {
        atoms->whole = false; /* reported as a mistake */
        return;
    }
    keep(atoms, atom);
}

static void membership(struct atoms *atoms, const struct at_ast_node *node, bool deny) {
    struct at_check *ck = atoms->ck;
    struct at_check_const *values = AT_NEW_ARRAY(ck->arena, struct at_check_const, node->n + 1);
    struct atom atom = {.subject = at_check_child(node, 0),
                        .node = node,
                        .deny = ((node->flags & AT_F_NOT) != 0) != deny,
                        .values = values};
    for (uint32_t i = 1; i < node->n; i++)
        if (!constant(ck, node->child[i], &values[atom.n++])) atom.subject = NULL;
    if (!atom.subject) {
        atoms->whole = false;
        return;
    }
    atom.type = at_check_type_at(ck, atom.subject);
    keep(atoms, atom);
}

/* A flag alone is the comparison `flag is yes`. */
static void flag_name(struct atoms *atoms, const struct at_ast_node *node, bool deny) {
    if (at_check_type_at(atoms->ck, node).kind != AT_T_FLAG) {
        atoms->whole = false;
        return;
    }
    keep(atoms, (struct atom){.subject = node,
                              .node = node,
                              .op = AT_OP_EQ,
                              .value = {.kind = AT_T_FLAG, .i = !deny},
                              .type = at_check_type_make(AT_T_FLAG)});
}

/* Adds the conjunction under `node` as atoms. An `or`, or a denied `and`, is not a conjunction:
 * it clears `whole` and adds nothing. */
static void collect(struct atoms *atoms, const struct at_ast_node *node, bool deny) {
    if (!node) {
        atoms->whole = false;
        return;
    }
    switch (node->kind) {
    case AT_N_AND:
    case AT_N_OR:
        if ((node->kind == AT_N_AND) == deny) {
            atoms->whole = false;
            return;
        }
        collect(atoms, at_check_child(node, 0), deny);
        collect(atoms, at_check_child(node, 1), deny);
        return;
    case AT_N_NOT: collect(atoms, at_check_child(node, 0), !deny); return;
    case AT_N_COMPARE: comparison(atoms, node, deny); return;
    case AT_N_IN: membership(atoms, node, deny); return;
    case AT_N_NAME:
    case AT_N_MEMBER: flag_name(atoms, node, deny); return;
    default: atoms->whole = false; return;
    }
}

/* ---- what an atom says of a value */

static bool same_kind(const struct at_check_const *a, const struct at_check_const *b) {
    bool x = a->kind == AT_T_NUMBER || a->kind == AT_T_MONEY,
         y = b->kind == AT_T_NUMBER || b->kind == AT_T_MONEY;
    return a->kind == b->kind || (x && y);
}

static bool holds(struct at_check *ck, const struct atom *atom, const struct at_check_const *value) {
    if (atom->op == AT_OP_NONE) {
        bool found = false;
        for (uint32_t i = 0; i < atom->n && !found; i++)
            found =
                same_kind(&atom->values[i], value) && at_check_const_cmp(ck, &atom->values[i], value) == 0;
        return found != atom->deny;
    }
    /* Values of different kinds are an error elsewhere, so nothing follows from them here. */
    if (!same_kind(&atom->value, value)) return true;
    int order = at_check_const_cmp(ck, value, &atom->value);
    switch (atom->op) {
    case AT_OP_EQ: return order == 0;
    case AT_OP_NE: return order != 0;
    case AT_OP_LT: return order < 0;
    case AT_OP_LE: return order <= 0;
    case AT_OP_GT: return order > 0;
    default: return order >= 0;
    }
}

/* The values an atom leaves, where they can be listed. */
static const struct at_check_const *listed(const struct atom *atom, uint32_t *n) {
    if (atom->op == AT_OP_EQ) return *n = 1, &atom->value;
    if (atom->op == AT_OP_NONE && !atom->deny) return *n = atom->n, atom->values;
    return NULL;
}

static bool lower(const struct atom *atom) {
    return atom->op == AT_OP_GT || atom->op == AT_OP_GE;
}
static bool upper(const struct atom *atom) {
    return atom->op == AT_OP_LT || atom->op == AT_OP_LE;
}

/* Both atoms have the same subject. If one lists its values, each is tested. Otherwise only two
 * intervals that do not overlap exclude each other. */
static bool excludes(struct at_check *ck, const struct atom *a, const struct atom *b) {
    uint32_t n = 0;
    const struct at_check_const *values = listed(a, &n);
    const struct atom *other = b;
    if (!values) values = listed(b, &n), other = a;
    if (values) {
        for (uint32_t i = 0; i < n; i++)
            if (holds(ck, other, &values[i])) return false;
        return true;
    }
    const struct atom *low = lower(a) ? a : b, *high = low == a ? b : a;
    if (!lower(low) || !upper(high) || !same_kind(&low->value, &high->value)) return false;
    int order = at_check_const_cmp(ck, &low->value, &high->value);
    return order > 0 || (order == 0 && !(low->op == AT_OP_GE && high->op == AT_OP_LE));
}

/* Whether everything that a leaves is left by b. */
static bool within(struct at_check *ck, const struct atom *a, const struct atom *b) {
    uint32_t n = 0;
    const struct at_check_const *values = listed(a, &n);
    if (values) {
        for (uint32_t i = 0; i < n; i++)
            if (!same_kind(&values[i], b->op == AT_OP_NONE && b->n ? &b->values[0] : &b->value) ||
                !holds(ck, b, &values[i]))
                return false;
        return n > 0;
    }
    if (b->op == AT_OP_NE)
        return excludes(
            ck, a, &(struct atom){.op = AT_OP_EQ, .value = b->value, .subject = b->subject, .type = b->type});
    if (a->op == AT_OP_NE || a->op == AT_OP_NONE || b->op == AT_OP_NONE || !same_kind(&a->value, &b->value))
        return false;
    /* Two bounds of one direction: the stricter one is within the other. */
    if (lower(a) != lower(b) || upper(a) != upper(b)) return false;
    int order = at_check_const_cmp(ck, &a->value, &b->value);
    if (order == 0) return a->op == b->op || a->op == AT_OP_GT || a->op == AT_OP_LT;
    return lower(a) ? order > 0 : order < 0;
}

/* All choices of an enumeration denied, one by one. */
static bool nothing_left(struct atoms *atoms, uint32_t i) {
    const struct atom *first = &atoms->at[i];
    const struct at_type_choices *choices = first->type.choices;
    if (first->type.kind != AT_T_ENUM || !choices) return false;
    for (uint32_t c = 0; c < choices->n; c++) {
        struct at_check_const value = {.kind = AT_T_TEXT, .text = choices->at[c]};
        bool left = true;
        for (uint32_t k = 0; k < atoms->n && left; k++)
            if (at_ast_same(atoms->at[k].subject, first->subject))
                left = holds(atoms->ck, &atoms->at[k], &value);
        if (left) return false;
    }
    return true;
}

static bool never(struct at_check *ck, const struct at_ast_node *const *conds, uint32_t n,
                  const struct at_ast_node **a, const struct at_ast_node **b) {
    struct atoms *atoms = AT_NEW(ck->arena, struct atoms);
    atoms->ck = ck;
    *a = *b = NULL;
    if (ck->too_deep) return false;
    for (uint32_t i = 0; i < n; i++)
        if (conds[i]) collect(atoms, conds[i], false);
    for (uint32_t i = 0; i < atoms->n; i++) {
        for (uint32_t k = i + 1; k < atoms->n; k++) {
            if (!at_ast_same(atoms->at[i].subject, atoms->at[k].subject) ||
                !excludes(ck, &atoms->at[i], &atoms->at[k]))
                continue;
            *a = atoms->at[i].node;
            *b = atoms->at[k].node;
            return true;
        }
        if (nothing_left(atoms, i)) {
            *a = *b = atoms->at[i].node;
            return true;
        }
    }
    return false;
}

static bool implies(struct at_check *ck, const struct at_ast_node *cond, const struct at_ast_node *other) {
    struct atoms *x = AT_NEW(ck->arena, struct atoms), *y = AT_NEW(ck->arena, struct atoms);
    x->ck = y->ck = ck;
    y->whole = true;
    if (ck->too_deep || !cond || !other) return false;
    if (at_ast_same(cond, other)) return true;
    collect(x, cond, false);
    collect(y, other, false);
    if (!y->whole || y->n == 0) return false;
    for (uint32_t i = 0; i < y->n; i++) {
        bool implied = false;
        for (uint32_t k = 0; k < x->n && !implied; k++)
            implied = at_ast_same(x->at[k].subject, y->at[i].subject) && within(ck, &x->at[k], &y->at[i]);
        if (!implied) return false;
    }
    return true;
}

/* What is looked at here leaves nothing behind in the arena. */
bool at_check_never(struct at_check *ck, const struct at_ast_node *const *conds, uint32_t n,
                    const struct at_ast_node **a, const struct at_ast_node **b) {
    struct at_arena_mark mark = at_arena_mark(ck->arena);
    bool result = never(ck, conds, n, a, b);
    at_arena_reset(ck->arena, mark);
    return result;
}

bool at_check_implies(struct at_check *ck, const struct at_ast_node *cond, const struct at_ast_node *other) {
    struct at_arena_mark mark = at_arena_mark(ck->arena);
    bool result = implies(ck, cond, other);
    at_arena_reset(ck->arena, mark);
    return result;
}
