/* check/prize.c: `rank(m) ties share`: a place that chooses a prize.
 *
 *     table prize by place { 1 | $500  2 | $300  other | $0 }
 *     pay contest = prize(rank(bookings) ties share)
 *
 * Payees who tie take several places together. So such a place has no value of its own, except where it is
 * listed. It chooses a prize: as the key of a table, of rates, or of a function, or in the condition of `if`,
 * `choose`, or of a `pay` statement. The smallest such expression is the prize. Names do not matter: a
 * measure may be a place, or a condition on one.
 *
 * A prize that several share does not depend on the payee, because otherwise the sum of the prizes of their
 * places would depend on who of them has which place.
 */
#include "check/check_int.h"
#include "check/reading.h"

#define DEEPEST 400 /* names through names */

static const struct at_check_measure_decl *measure_at(const struct at_check_policy *policy,
                                                      const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_NAME ? policy->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_MEASURE ? &policy->measures[symbol->index] : NULL;
}

/* ---- what is a place, and what is a prize */

/* Whether the node reads its children as conditions or as keys, and gives a value of its own. */
static bool chooses(const struct at_check_policy *policy, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_CALL ? policy->symbols[node->id] : NULL;
    if (node->kind == AT_N_IF || node->kind == AT_N_CHOOSE) return true;
    return symbol &&
           (symbol->kind == AT_SYM_LOOKUP || symbol->kind == AT_SYM_RATES || symbol->kind == AT_SYM_FUNCTION);
}

/* The conditions and keys of what chooses: a condition of an arm is a child of a child. */
static const struct at_ast_node *asked(const struct at_ast_node *node, uint32_t i) {
    const struct at_ast_node *child = at_check_child(node, i);
    if (node->kind == AT_N_IF) return i == 0 ? child : NULL;
    if (node->kind != AT_N_CHOOSE) return child;
    return child && child->kind == AT_N_ARM ? at_check_child(child, 0) : NULL;
}

const struct at_ast_node *at_check_place(const struct at_check_policy *policy,
                                         const struct at_ast_node *node) {
    if (!node || node->kind == AT_N_TIES) return node;
    const struct at_check_measure_decl *measure = measure_at(policy, node);
    if (measure) return measure->place ? node : NULL;
    if (chooses(policy, node)) return NULL;
    const struct at_ast_node *found = NULL;
    for (uint32_t i = 0; i < node->n && !found; i++)
        if (node->child[i]) found = at_check_place(policy, node->child[i]);
    return found;
}

const struct at_ast_node *at_check_prize_place(const struct at_check_policy *policy,
                                               const struct at_ast_node *prize) {
    const struct at_ast_node *found = NULL;
    if (prize->kind == AT_N_PAY) return at_check_place(policy, at_check_child(prize, 2));
    for (uint32_t i = 0; i < prize->n && !found; i++)
        if (asked(prize, i)) found = at_check_place(policy, asked(prize, i));
    return found;
}

const struct at_ast_node *at_check_place_ties(const struct at_check_policy *policy,
                                              const struct at_ast_node *place) {
    for (unsigned i = 0; place && place->kind != AT_N_TIES; i++) {
        const struct at_check_measure_decl *measure = measure_at(policy, place);
        place = measure && i < DEEPEST ? at_check_place(policy, measure->expr) : NULL;
    }
    return place;
}

/* ---- measures */

static bool has_ties(const struct at_check_policy *policy, const struct at_ast_node *node) {
    if (node->kind == AT_N_TIES) return true;
    const struct at_check_measure_decl *measure = measure_at(policy, node);
    if (measure) return measure->ties;
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i] && has_ties(policy, node->child[i])) return true;
    return false;
}

/* A measure can name one that is declared later, so this is repeated until nothing changes. */
static void mark_measures(struct at_check *ck) {
    bool changed = true;
    for (uint32_t round = 0; changed && round <= ck->out->n_measures; round++) {
        changed = false;
        for (uint32_t i = 0; i < ck->out->n_measures; i++) {
            struct at_check_measure_decl *measure = &ck->out->measures[i];
            if (!measure->expr || measure->ties || !has_ties(ck->out, measure->expr)) continue;
            measure->ties = changed = true;
        }
    }
    changed = true;
    for (uint32_t round = 0; changed && round <= ck->out->n_measures; round++) {
        changed = false;
        for (uint32_t i = 0; i < ck->out->n_measures; i++) {
            struct at_check_measure_decl *measure = &ck->out->measures[i];
            if (!measure->ties || measure->place || !at_check_place(ck->out, measure->expr)) continue;
            measure->place = changed = true;
        }
    }
}

/* ---- what a shared prize reads */

static const struct at_ast_node *own_of(struct at_check *ck, const struct at_ast_node *node, int32_t group,
                                        unsigned depth);

static const struct at_ast_node *own_name(struct at_check *ck, const struct at_ast_node *node, int32_t group,
                                          unsigned depth) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    const struct at_check_measure_decl *measure = measure_at(ck->out, node);
    if (measure && measure->aggregate) return ck->out->feeds[measure->feed].n_to ? node : NULL;
    if (measure && measure->place) return NULL;
    if (measure) return measure->expr && own_of(ck, measure->expr, group, depth + 1) ? node : NULL;
    if (!symbol) return NULL;
    if (symbol->kind == AT_SYM_PARAM || symbol->kind == AT_SYM_PERIOD) return NULL;
    return at_check_payee_field(ck, node) >= 0 && at_check_payee_field(ck, node) == group ? NULL : node;
}

/* The first part that is a value of one payee; NULL: all who tie have the same. */
static const struct at_ast_node *own_of(struct at_check *ck, const struct at_ast_node *node, int32_t group,
                                        unsigned depth) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (depth > DEEPEST) return node;
    if (node->kind == AT_N_TIES) return NULL;
    if (node->kind == AT_N_NAME) return own_name(ck, node, group, depth);
    if (node->kind == AT_N_MEMBER) {
        const struct at_ast_node *base = at_check_child(node, 0);
        if (base && at_check_type_at(ck, base).kind == AT_T_PERIOD) return own_of(ck, base, group, depth + 1);
        return at_check_payee_field(ck, node) >= 0 && at_check_payee_field(ck, node) == group ? NULL : node;
    }
    if (node->kind == AT_N_CALL && symbol && symbol->kind == AT_SYM_BUILTIN) {
        int32_t by = ck->out->groups[node->id];
        if (symbol->index == AT_B_TOTAL) return by < 0 || by == group ? NULL : node;
        if (symbol->index == AT_B_RANK || symbol->index == AT_B_SHARE || symbol->index == AT_B_PAID)
            return node;
    }
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *own = node->child[i] ? own_of(ck, node->child[i], group, depth + 1) : NULL;
        if (own) return own;
    }
    return NULL;
}

static void check_prize(struct at_check *ck, const struct at_ast_node *prize, const struct at_ast_node *own) {
    const struct at_ast_node *ties = at_check_place_ties(ck->out, at_check_prize_place(ck->out, prize));
    ck->out->marks[prize->id] |= AT_MARK_PRIZE;
    if (!own || !ties || ties->op == AT_OP_TIES_ALL) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1222, own->span, "a prize that payees share cannot depend on the payee");
    at_diag_label(d, ties->name_span, "payees share it here");
    at_diag_help(d, "choose an amount or a rate here, and multiply it outside, or write `ties all`");
}

static int32_t group_of(const struct at_check *ck, const struct at_ast_node *prize) {
    const struct at_ast_node *ties = at_check_place_ties(ck->out, at_check_prize_place(ck->out, prize));
    const struct at_ast_node *call = ties ? at_check_child(ties, 0) : NULL;
    return call ? ck->out->groups[call->id] : -1;
}

/* ---- every place has a prize */

static void refuse(struct at_check *ck, const struct at_ast_node *place) {
    const struct at_ast_node *ties = at_check_place_ties(ck->out, place);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1221, place->span, "a place of a contest only chooses a prize");
    if (ties && ties != place) at_diag_label(d, ties->span, "the place is declared here");
    at_diag_help(
        d, "use it as the key of a table, or in the condition of `if`, `choose`, or `when`. For a plain "
           "number, delete `ties …`");
}

static bool passes_on(const struct at_ast_node *node) {
    return node->kind == AT_N_COMPARE || node->kind == AT_N_AND || node->kind == AT_N_OR ||
           node->kind == AT_N_NOT || node->kind == AT_N_IN || node->kind == AT_N_WHERE;
}

/* `within`: the node is in a prize already, which then shares all of it. `passed`: what is around the node
 * takes a place from it. */
static void visit(struct at_check *ck, const struct at_ast_node *node, bool within, bool passed) {
    const struct at_check_measure_decl *measure = measure_at(ck->out, node);
    if (node->kind == AT_N_TIES || (measure && measure->place)) {
        if (!passed) refuse(ck, node);
        for (uint32_t i = 0; i < node->n; i++)
            if (node->child[i]) visit(ck, node->child[i], false, false);
        return;
    }
    bool choosing = chooses(ck->out, node), prize = choosing && at_check_prize_place(ck->out, node);
    if (prize && !within) check_prize(ck, node, own_of(ck, node, group_of(ck, node), 0));
    if (prize) ck->out->marks[node->id] |= AT_MARK_PRIZE;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *child = node->child[i];
        if (!child) continue;
        bool asks = choosing && asked(node, i), arm = node->kind == AT_N_CHOOSE && child->kind == AT_N_ARM;
        if (arm) {
            if (asks) visit(ck, asked(node, i), within || prize, true);
            if (at_check_child(child, 1)) visit(ck, child->child[1], within || prize, false);
        } else {
            visit(ck, child, within || prize, asks || (passes_on(node) && passed));
        }
    }
}

/* The condition of a `pay` statement: who does not meet it has no prize. */
static void visit_pay(struct at_check *ck, const struct at_ast_node *pay) {
    const struct at_ast_node *when = at_check_child(pay, 2);
    bool prize = when && at_check_place(ck->out, when) && pay->text3.n == 0;
    if (prize) {
        int32_t group = group_of(ck, pay);
        const struct at_ast_node *own = own_of(ck, when, group, 0);
        for (uint32_t i = 0; i < 2 && !own; i++)
            if (at_check_child(pay, i)) own = own_of(ck, pay->child[i], group, 0);
        check_prize(ck, pay, own);
    }
    for (uint32_t i = 0; i < pay->n; i++)
        if (pay->child[i]) visit(ck, pay->child[i], prize, prize && i == 2);
}

void at_check_prizes(struct at_check *ck) {
    if (!ck->has_ties) return;
    mark_measures(ck);
    for (uint32_t f = 0; f < ck->ast->n_files; f++) {
        const struct at_ast_node *file = ck->ast->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            const struct at_ast_node *node = file->child[i];
            if (!node) continue;
            if (node->kind == AT_N_PAY)
                visit_pay(ck, node);
            else if (node->kind == AT_N_MEASURE && at_check_child(node, 0))
                visit(ck, node->child[0], false, true);
            else if (node->kind != AT_N_TEST)
                visit(ck, node, false, false);
        }
    }
}
