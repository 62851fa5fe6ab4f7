/* compose/pool.c: a pool of two versions. Its amount follows the days, like that of a component. It is
 * divided once, by the version of the last day of the period. */
#include "compose/pay.h"

struct pool {
    struct at_compose *c;
    const struct at_ast_node *earlier, *later, *of; /* `of`: the later one where there is one */
    int side;
};

static bool is_changed(const struct pool *p, uint32_t i) {
    if (!p->earlier || !p->later) return false;
    return !at_compose_same_child(p->earlier, p->later, i) ||
           (p->later->child[i] && at_compose_uses_changed(p->c, 1, p->later->child[i]));
}

/* ---- the amount */

static bool reads_components(const struct pool *p) {
    return (p->earlier && at_compose_uses_paying(p->c, 0, p->earlier)) ||
           (p->later && at_compose_uses_paying(p->c, 1, p->later));
}

/* Components follow the days themselves, so an amount that reads them, or a part of a pool, is that of the
 * version of the last day. */
static void put_amount(struct pool *p) {
    struct at_compose *c = p->c;
    at_date last = at_compose_span_end(c, p->of);
    bool span = last >= c->day, whole = reads_components(p) || p->of->child[6] || (!c->mid && !span);
    enum at_compose_space first = span ? AT_COMPOSE_EARLIER_SPAN : AT_COMPOSE_EARLIER,
                          before = span ? AT_COMPOSE_BEFORE_SPAN : AT_COMPOSE_BEFORE;
    c->adjusting = whole;
    if (whole) {
        at_compose_put(c, "if period.end < %.*s then ", AT_STR_ARG(c->first_day));
        at_compose_line(c, AT_COMPOSE_EARLIER, p->earlier);
        at_compose_put(c, " else ");
        at_compose_line(c, AT_COMPOSE_LATER, p->later);
        c->adjusting = false;
        return;
    }
    at_compose_put(c, "choose { when period.end < %.*s: ", AT_STR_ARG(c->first_day));
    at_compose_line(c, first, p->earlier);
    at_compose_put(c, "  when period.start >= %.*s: ", AT_STR_ARG(c->first_day));
    at_compose_line(c, AT_COMPOSE_LATER, p->later);
    at_compose_put(c, "  otherwise: ");
    at_compose_line(c, first, p->earlier);
    if (p->later) {
        at_compose_put(c, " + ");
        at_compose_line(c, AT_COMPOSE_LATER, p->later);
        at_compose_put(c, " - ");
        at_compose_line(c, before, p->later);
    }
    at_compose_put(c, " }");
}

/* ---- the clauses: each is that of the version of the last day */

static void put_choice(struct pool *p, const struct at_ast_node *first, const struct at_ast_node *second,
                       const char *missing) {
    struct at_compose *c = p->c;
    const struct at_ast_node *parts[2] = {first, second};
    at_compose_put(c, "(if period.end < %.*s then (", AT_STR_ARG(c->first_day));
    for (int s = 0; s < 2; s++) {
        if (parts[s])
            at_compose_copy(c, s ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, parts[s], NULL);
        else
            at_compose_put(c, "%s", missing);
        at_compose_put(c, s ? "))" : ") else (");
    }
}

static void put_weight(struct pool *p, int side, const struct at_ast_node *node) {
    struct at_compose *c = p->c;
    const struct at_ast_node *weight = node->op == AT_OP_CONTRIBUTION ? node->child[0] : node->child[2];
    if (node->op == AT_OP_EQUALLY || !weight) {
        at_compose_put(c, "1");
        return;
    }
    at_compose_put(c, "(");
    at_compose_copy(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, weight, NULL);
    at_type type = c->side[side].checked->types[weight->id];
    at_str one = at_str_format(c->arena, "1%.*s", AT_STR_ARG(((at_str){c->zero.p + 1, c->zero.n - 1})));
    at_compose_put(c, type.kind == AT_T_MONEY ? ") / %.*s" : ")", AT_STR_ARG(one));
}

static bool is_weighted(const struct at_ast_node *node) {
    return node->op == AT_OP_EQUALLY || node->op == AT_OP_BY || node->op == AT_OP_CONTRIBUTION;
}

static bool split_is_changed(const struct pool *p) {
    if (!p->earlier || !p->later) return false;
    return p->earlier->op != p->later->op || !at_str_eq(p->earlier->by, p->later->by) || is_changed(p, 2) ||
           (p->later->op == AT_OP_CONTRIBUTION && is_changed(p, 0));
}

/* The same division in the words of one version. */
static void put_split(struct pool *p) {
    struct at_compose *c = p->c;
    const struct at_ast_node *of = p->of;
    enum at_compose_space space = p->side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
    static const char *const words[] = {"by contribution", "equally"};
    if (of->op == AT_OP_CONTRIBUTION || of->op == AT_OP_EQUALLY) {
        at_compose_put(c, " split %s", words[of->op == AT_OP_EQUALLY]);
        return;
    }
    at_compose_put(c, of->op == AT_OP_BY       ? " split by ("
                      : of->op == AT_OP_SHARES ? " split at ("
                                               : " split to level ");
    at_compose_copy(c, space, of->child[2], NULL);
    if (of->op != AT_OP_LEVEL) at_compose_put(c, ")");
    if (of->by.n) at_compose_put(c, " per %.*s", AT_STR_ARG(of->by));
}

static void put_changed_split(struct pool *p) {
    struct at_compose *c = p->c;
    const struct at_ast_node *a = p->earlier, *b = p->later;
    bool quotients = a->op == AT_OP_LEVEL && b->op == AT_OP_LEVEL && a->child[2]->kind == AT_N_ARITH &&
                     b->child[2]->kind == AT_N_ARITH;
    if (is_weighted(a) && is_weighted(b)) {
        at_compose_put(c, " split by (if period.end < %.*s then ", AT_STR_ARG(c->first_day));
        put_weight(p, 0, a);
        at_compose_put(c, " else ");
        put_weight(p, 1, b);
        at_compose_put(c, ")");
    } else if (a->op == AT_OP_SHARES && b->op == AT_OP_SHARES && at_str_eq(a->by, b->by)) {
        at_compose_put(c, " split at ");
        put_choice(p, a->child[2], b->child[2], "");
        if (b->by.n) at_compose_put(c, " per %.*s", AT_STR_ARG(b->by));
    } else if (quotients) {
        at_compose_put(c, " split to level ");
        put_choice(p, a->child[2]->child[0], b->child[2]->child[0], "");
        at_compose_put(c, " / ");
        put_choice(p, a->child[2]->child[1], b->child[2]->child[1], "");
    } else {
        at_compose_refuse(
            c, a, b,
            "one version divides by weights, fixed shares, or to a level, and the other differently");
    }
}

static void put_clauses(struct pool *p) {
    struct at_compose *c = p->c;
    const struct at_ast_node *a = p->earlier, *b = p->later, *of = p->of;
    bool both = a && b;
    if (both &&
        (!a->child[5] != !b->child[5] || ((a->flags ^ b->flags) & (AT_F_NEGATIVES | AT_F_IGNORING)) != 0))
        at_compose_refuse(c, a, b,
                          "`at most`, `including negatives`, or `ignoring missing` is only in one version");
    if (of->child[5]) {
        at_compose_put(c, ", at most ");
        put_choice(p, a ? a->child[5] : of->child[5], b ? b->child[5] : of->child[5], "");
        at_compose_put(c, " each");
    }
    const struct at_ast_node *among[2] = {a ? a->child[4] : NULL, b ? b->child[4] : NULL};
    if (among[0] || among[1]) {
        at_compose_put(c, " among %.*s where ", AT_STR_ARG((among[1] ? among[1] : among[0])->text));
        put_choice(p, among[0] ? among[0]->child[0] : NULL, among[1] ? among[1]->child[0] : NULL, "yes");
    }
    if (of->flags & AT_F_NEGATIVES) at_compose_put(c, " including negatives");
    if (of->flags & AT_F_IGNORING) at_compose_put(c, " ignoring missing");
    if (of->flags & AT_F_PRIVATE) at_compose_put(c, ", private");
}

/* Whether the groups, the rhythm, and the day of payment stay. */
static bool same_frame(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (!at_str_eq(a->text3, b->text3) || ((a->flags ^ b->flags) & AT_F_BY_DAY) != 0) return false;
    for (uint32_t i = 6; i < a->n || i < b->n; i++)
        if (!at_compose_same_child(a, b, i)) return false;
    return true;
}

void at_compose_pool(struct at_compose *c, const struct at_ast_node *earlier,
                     const struct at_ast_node *later) {
    struct pool p = {c, earlier, later, later ? later : earlier, later != NULL};
    if (earlier && later && !same_frame(earlier, later)) {
        at_compose_refuse(c, earlier, later, "its groups, its rhythm, or its rows change");
        return;
    }
    at_compose_head(c, p.side, p.of);
    if (p.of->child[0]) {
        at_compose_put(c, " on ");
        at_compose_copy(c, p.side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, p.of->child[0], NULL);
    }
    at_compose_put(c, " = ");
    put_amount(&p);
    if (split_is_changed(&p))
        put_changed_split(&p);
    else
        put_split(&p);
    put_clauses(&p);
    at_compose_put(c, "\n\n");
}
