/* check/sense.c: warns of what has a meaning but makes no sense. It covers conditions that never hold, cases
 * that are never reached, and pay that nothing feeds. It also covers caps below floors, and names that are
 * never used. It reports only warnings. */
#include "check/check_int.h"

/* What is wrong has been told; that it makes no sense either would be its echo. */
static bool is_wrong(const struct at_check *ck, const struct at_ast_node *node) {
    for (uint32_t i = 0; node && ck->diags->errors && i < ck->diags->n; i++) {
        const struct at_diag *d = ck->diags->at[i];
        if (d->severity == AT_SEV_ERROR && !d->place && d->span.start >= node->span.start &&
            d->span.start < node->span.end)
            return true;
    }
    return false;
}

/* ---- conditions */

/* Params are not constant here, because a run can set them. */
static bool is_constant(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_const value;
    return at_check_fold(ck, node, &value) && !value.from_param;
}

/* 5 > 3: always the same answer. */
static void constant_comparison(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *left = at_check_child(node, 0), *right = at_check_child(node, 1);
    if (!left || !right) return;
    bool same = !at_check_is_literal(left) && at_ast_same(left, right);
    if (!same && (!is_constant(ck, left) || !is_constant(ck, right))) return;
    at_type a = at_check_type_at(ck, left), b = at_check_type_at(ck, right);
    if (a.kind == AT_T_NONE || b.kind == AT_T_NONE || a.kind != b.kind || is_wrong(ck, node)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0605, node->span,
                                    same ? "comparison of `%.*s` with itself"
                                         : "this comparison is always the same, because `%.*s` is constant",
                                    AT_STR_ARG(at_check_quote(ck, same ? left : node)));
    at_diag_help(d, same ? "change one of the two" : "compare a measure or a field with a value");
}

static void warn_never(struct at_check *ck, const struct at_ast_node *cond, const char *what) {
    const struct at_ast_node *a, *b;
    if (!cond || !at_check_never(ck, &cond, 1, &a, &b) || is_wrong(ck, cond)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0601, cond->span, "%s is never true", what);
    if (a != b) {
        at_diag_label(d, a->span, "this");
        at_diag_label(d, b->span, "and this exclude each other");
        at_diag_help(d, "join them with `or` if one of them is enough");
    } else {
        at_diag_help(d, "it excludes every value");
    }
}

static void unreachable(struct at_check *ck, const struct at_ast_node *cond, const struct at_ast_node *by) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0602, cond->span, "this case is never reached");
    at_diag_label(d, by->span, "this case already takes its values");
    at_diag_help(d, "write the narrower case first");
}

static bool taken_before(struct at_check *ck, const struct at_ast_node *cond,
                         const struct at_ast_node *const *before, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (!before[i] || !at_check_implies(ck, cond, before[i])) continue;
        if (is_wrong(ck, cond) || is_wrong(ck, before[i])) continue;
        unreachable(ck, cond, before[i]);
        return true;
    }
    return false;
}

static void check_choose(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node **conds = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, node->n + 1);
    uint32_t n = 0;
    /* Each case is compared with all before it, so a very long list is not checked to its end. */
    for (uint32_t i = 0; i < node->n && i < 200; i++) {
        const struct at_ast_node *arm = node->child[i];
        if (!arm || arm->kind != AT_N_ARM || !at_check_child(arm, 0)) continue;
        conds[n] = at_check_child(arm, 0);
        if (!taken_before(ck, conds[n], conds, n)) warn_never(ck, conds[n], "this case");
        n++;
    }
}

/* if … then … else if …: as choose. Looked at from its first `if`. */
static void check_if_chain(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *conds[32];
    uint32_t n = 0;
    for (const struct at_ast_node *at = node; at && at->kind == AT_N_IF && n < 32;
         at = at_check_child(at, 2)) {
        const struct at_ast_node *cond = at_check_child(at, 0);
        if (!cond) return;
        if (!taken_before(ck, cond, conds, n)) warn_never(ck, cond, "this condition");
        conds[n++] = cond;
    }
}

struct walk {
    struct at_check *ck;
    const struct at_ast_node *chain; /* an `if` that continues a chain already looked at */
};

static bool visit(void *context, const struct at_ast_node *node) {
    struct walk *walk = context;
    at_arena_poll(walk->ck->arena);
    switch (node->kind) {
    case AT_N_TEST: return false;
    case AT_N_COMPARE: constant_comparison(walk->ck, node); break;
    case AT_N_CHOOSE: check_choose(walk->ck, node); break;
    case AT_N_IF:
        if (node != walk->chain) check_if_chain(walk->ck, node);
        walk->chain = at_check_child(node, 2);
        break;
    case AT_N_PAY:
        warn_never(walk->ck, at_check_child(node, 2), "the condition of this `pay` statement");
        break;
    case AT_N_POOL: warn_never(walk->ck, at_check_child(node, 3), "the condition of this pool"); break;
    case AT_N_WHERE: warn_never(walk->ck, at_check_child(node, 0), "this filter"); break;
    case AT_N_CAP:
    case AT_N_FLOOR:
    case AT_N_DRAW:
    case AT_N_ADJUST: warn_never(walk->ck, at_check_child(node, 1), "this condition"); break;
    case AT_N_APPLIES:
        if (at_check_child(node, 0) && at_check_child(node, 0)->kind != AT_N_WHERE)
            warn_never(walk->ck, at_check_child(node, 0), "this condition");
        break;
    default: break;
    }
    return true;
}

/* ---- pay that nothing feeds */

/* The filter of the feed and that of the measure must hold together. */
static bool feed_is_empty(struct at_check *ck, uint32_t feed, const struct at_ast_node *more) {
    const struct at_ast_node *conds[2] = {ck->out->feeds[feed].where, more}, *a, *b;
    return at_check_never(ck, conds, 2, &a, &b) && !is_wrong(ck, conds[0]) && !is_wrong(ck, more);
}

static bool zero(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_const value;
    return at_check_fold(ck, node, &value) && !value.from_param &&
           (value.kind == AT_T_NUMBER || value.kind == AT_T_MONEY) && at_num_is_zero(value.num);
}

static bool measure_is_empty(struct at_check *ck, const struct at_check_symbol *symbol) {
    const struct at_check_measure_decl *measure = &ck->out->measures[symbol->index];
    if (measure->expr) return zero(ck, measure->expr);
    if (!measure->aggregate) return false;
    return feed_is_empty(ck, measure->feed, measure->where);
}

static void check_fed(struct at_check *ck, const struct at_check_component_decl *component) {
    const struct at_check_symbol *symbol = component->symbol;
    const struct at_check_symbol *base = component->on ? ck->out->symbols[component->on->id] : NULL;
    struct at_diag *d = NULL;
    if (component->per_feed >= 0 && feed_is_empty(ck, (uint32_t)component->per_feed, NULL)) {
        const struct at_check_feed_decl *feed = &ck->out->feeds[component->per_feed];
        d = at_diag_add(ck->diags, AT_A0604, at_check_decl_of(symbol)->span,
                        "`%.*s` never pays anything, because no row passes the filter of `%.*s`",
                        AT_STR_ARG(symbol->name), AT_STR_ARG(feed->name));
        at_diag_label(d, feed->where->span, "this filter");
    } else if (base && base->kind == AT_SYM_MEASURE && measure_is_empty(ck, base)) {
        d = at_diag_add(ck->diags, AT_A0604, at_check_decl_of(symbol)->span,
                        "`%.*s` never pays anything, because `%.*s` is always zero", AT_STR_ARG(symbol->name),
                        AT_STR_ARG(base->name));
        at_diag_label(d, at_check_decl_of(base)->span,
                      ck->out->measures[base->index].expr ? "always zero" : "it never counts a row");
    } else if (component->expr && zero(ck, component->expr)) {
        d = at_diag_add(ck->diags, AT_A0604, at_check_decl_of(symbol)->span,
                        "`%.*s` never pays anything, because its amount is zero", AT_STR_ARG(symbol->name));
        at_diag_label(d, component->expr->span, "zero");
    }
    if (d) at_diag_help(d, "correct it, or delete the statement");
}

/* ---- caps and floors */

/* Only limits of one component, one span, and without conditions always meet. */
static void check_cap_pair(struct at_check *ck, const struct at_check_adjustment_decl *a,
                           const struct at_check_adjustment_decl *b) {
    if (a->component != b->component || a->node->kind == b->node->kind || a->when || b->when ||
        a->per != b->per)
        return;
    if (a->node->kind == AT_N_ADJUST || b->node->kind == AT_N_ADJUST || a->draw || b->draw || a->part ||
        b->part)
        return;
    const struct at_check_adjustment_decl *cap = a->node->kind == AT_N_CAP ? a : b, *floor = cap == a ? b : a;
    at_num high, low;
    if (!at_check_fold_num(ck, cap->at, &high) || !at_check_fold_num(ck, floor->at, &low) ||
        at_num_cmp(ck->arena, high, low) >= 0)
        return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0603, cap->at->span,
                                    "this cap is below the floor of `%.*s`", AT_STR_ARG(cap->node->text));
    at_diag_label(d, cap->at->span, "at most this");
    at_diag_label(d, floor->at->span, "at least this");
    at_diag_help(d, "exchange the two, or delete one: every payee would get the same amount");
}

static void check_caps(struct at_check *ck) {
    const struct at_check_policy *out = ck->out;
    for (uint32_t i = 0; i < out->n_adjustments && i < 200; i++) {
        const struct at_check_adjustment_decl *adjustment = &out->adjustments[i];
        at_num value;
        for (uint32_t k = 0; k < i; k++)
            check_cap_pair(ck, &out->adjustments[k], adjustment);
        if (adjustment->node->kind != AT_N_CAP || !adjustment->at ||
            !at_check_fold_num(ck, adjustment->at, &value) || at_num_sign(value) > 0)
            continue;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0614, adjustment->at->span, "a cap of %.*s pays nothing",
                        AT_STR_ARG(at_check_quote(ck, adjustment->at)));
        at_diag_help(d, "write the largest amount to pay, such as `cap %.*s at $40,000`",
                     AT_STR_ARG(adjustment->node->text));
    }
}

/* ---- what is never used */

static void unused(struct at_check *ck, const struct at_check_decl *decl, enum at_diag_code code,
                   const char *what, const char *help) {
    struct at_diag *d = at_diag_add(ck->diags, code, decl->span, "%s `%.*s` is never used", what,
                                    AT_STR_ARG(decl->symbol.name));
    at_diag_help(d, "%s", help);
}

static void check_used(struct at_check *ck, const struct at_check_decl *decl) {
    at_arena_poll(ck->arena);
    /* A used file, such as the standard library, may declare more than a policy needs. */
    if (decl->symbol.used || decl->file > 0 || decl->symbol.name.n == 0) return;
    switch ((enum at_check_symbol_kind)decl->symbol.kind) {
    case AT_SYM_TABLE:
        unused(ck, decl, AT_A0611, "the table", "use it in a credit or a measure, or delete it");
        break;
    case AT_SYM_CREDIT:
        unused(ck, decl, AT_A0607, "the credit",
               "use it in a measure (`sum of amount from …`), pay per row of it, or delete it");
        break;
    case AT_SYM_MEASURE:
        unused(ck, decl, AT_A0606, "the measure", "use it in a `pay` or `show` statement, or delete it");
        break;
    case AT_SYM_PARAM:
        unused(ck, decl, AT_A0608, "the param", "use it instead of the value that it names, or delete it");
        break;
    case AT_SYM_RATES:
        unused(ck, decl, AT_A0609, "the rates",
               "use them after `through`, call them with a value, as in `tiers(attainment) of bookings`, or "
               "delete them");
        break;
    case AT_SYM_LOOKUP:
        unused(ck, decl, AT_A0610, "the lookup table", "look up a value in it, or delete it");
        break;
    case AT_SYM_FUNCTION: unused(ck, decl, AT_A0612, "the function", "use it, or delete it"); break;
    default: break;
    }
}

void at_check_sense(struct at_check *ck) {
    struct walk walk = {.ck = ck};
    if (ck->too_deep) return;
    for (uint32_t f = 0; f < ck->ast->n_files; f++)
        if (ck->ast->files[f]) at_ast_walk(ck->ast->files[f], visit, &walk);
    for (uint32_t i = 0; i < ck->out->n_components; i++)
        check_fed(ck, &ck->out->components[i]);
    check_caps(ck);
    at_check_rates_use(ck);
    if (ck->diags->errors || !ck->out->n_components)
        return; /* what is wrong, or still to be written, may be what would have used them */
    for (size_t i = 0; i < ck->decls.n; i++)
        check_used(ck, ck->decls.at[i]);
}
