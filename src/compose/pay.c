/* compose/pay.c: components and adjustments of two versions. */
#include "compose/compose_int.h"

static bool same_child(const struct at_ast_node *a, const struct at_ast_node *b, uint32_t i) {
    const struct at_ast_node *x = i < a->n ? a->child[i] : NULL, *y = i < b->n ? b->child[i] : NULL;
    return x && y ? at_ast_same(x, y) : !x && !y;
}

static at_str source(const struct at_compose *c, int side, at_span span) {
    return at_diag_sources_text(c->side[side].ast->sources, span);
}

/* The head of a component, up to its `=`. */
static void put_head(struct at_compose *c, int side, const struct at_ast_node *node) {
    at_compose_put(c, "%s %.*s", node->kind == AT_N_POOL ? "pool" : "pay",
                   AT_STR_ARG(source(c, side, node->name_span)));
    if (node->text2.n) at_compose_put(c, " %.*s", AT_STR_ARG(source(c, side, node->span2)));
    if (node->text3.n) at_compose_put(c, " per %.*s", AT_STR_ARG(source(c, side, node->span3)));
    if (node->by.n) at_compose_put(c, " cumulative over %.*s", AT_STR_ARG(node->by));
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH), *after = at_ast_child(node, AT_N_AFTER);
    if (each) at_compose_put(c, " each %.*s", AT_STR_ARG(each->text));
    if (after) at_compose_put(c, " paid after %.*s", AT_STR_ARG(source(c, side, after->span)));
}

/* Whether both have the same rows, rhythm, span, and day of payment. */
static bool same_form(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (a->kind != b->kind || !at_str_eq(a->text3, b->text3) || !at_str_eq(a->by, b->by)) return false;
    for (uint32_t i = 3; i < a->n || i < b->n; i++)
        if (!same_child(a, b, i)) return false;
    return a->n == b->n;
}

/* The copy of a component in a space. */
static at_str copy_of(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node) {
    uint32_t entry = at_compose_find(c, space != AT_COMPOSE_EARLIER, node->text);
    if (space != AT_COMPOSE_LATER) return at_compose_name(c, space, entry, false);
    at_str name = at_str_format(c->arena, "%.*s from %.*s", AT_STR_ARG(node->text), AT_STR_ARG(c->first_day));
    if (!at_map_put(&c->written, name, c))
        AT_VEC_PUSH(c->arena, &c->wanted, ((struct at_compose_wanted){space, entry}));
    return name;
}

/* Credits are paid by the version of their day: in the period of the change, the earlier version pays its
 * own, and the later one what all of them come to, less what those of the earlier days come to. */
static void put_days(struct at_compose *c, const struct at_ast_node *earlier, const struct at_ast_node *later,
                     bool dated) {
    at_str none = c->zero, day = c->first_day;
    at_str first =
        earlier ? at_str_format(c->arena, "`%.*s`", AT_STR_ARG(copy_of(c, AT_COMPOSE_EARLIER, earlier)))
                : none;
    at_str second =
        later ? at_str_format(c->arena, "`%.*s`", AT_STR_ARG(copy_of(c, AT_COMPOSE_LATER, later))) : none;
    if (!c->mid || !dated) {
        at_compose_put(c, "if %s < %.*s then %.*s else %.*s", c->last, AT_STR_ARG(day), AT_STR_ARG(first),
                       AT_STR_ARG(second));
        return;
    }
    at_compose_put(
        c, "choose { when period.end < %.*s: %.*s  when period.start >= %.*s: %.*s  otherwise: %.*s",
        AT_STR_ARG(day), AT_STR_ARG(first), AT_STR_ARG(day), AT_STR_ARG(second), AT_STR_ARG(first));
    if (later)
        at_compose_put(c, " + %.*s - `%.*s`", AT_STR_ARG(second),
                       AT_STR_ARG(copy_of(c, AT_COMPOSE_BEFORE, later)));
    at_compose_put(c, " }");
}

/* The amount of a row is that of the version of its day. */
static void put_line(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node) {
    if (!node) {
        at_compose_put(c, "%.*s", AT_STR_ARG(c->zero));
        return;
    }
    if (node->child[2]) {
        at_compose_put(c, "(if ");
        at_compose_copy(c, space, node->child[2], NULL);
        at_compose_put(c, " then ");
    }
    at_compose_put(c, "(");
    at_compose_copy(c, space, node->child[1], node->child[0]);
    at_compose_put(c, ")");
    if (node->child[2]) at_compose_put(c, " else %.*s)", AT_STR_ARG(c->zero));
}

static void put_lines(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later) {
    int side = later != NULL;
    const struct at_ast_node *of = later ? later : earlier;
    uint32_t entry = at_compose_find(c, side, of->text3);
    const struct at_ast_node *day = at_compose_day(c, side, at_compose_node(c, side, entry));
    if (!day || of->by.n) {
        at_compose_refuse(
            c, earlier, later,
            "a statement for each row changes, and it has no day of its own, or it is cumulative");
        return;
    }
    put_head(c, side, of);
    at_compose_put(c, " = if (%.*s) < %.*s then ", AT_STR_ARG(source(c, side, day->span)),
                   AT_STR_ARG(c->first_day));
    put_line(c, AT_COMPOSE_EARLIER, earlier);
    at_compose_put(c, " else ");
    put_line(c, AT_COMPOSE_LATER, later);
    at_compose_put(c, "\n\n");
}

static void put_pool(struct at_compose *c, const struct at_ast_node *earlier,
                     const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier;
    int side = later != NULL;
    enum at_compose_space space = later ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
    bool split =
        !earlier || !later ||
        (earlier->op == later->op && earlier->flags == later->flags && same_child(earlier, later, 2) &&
         same_child(earlier, later, 4) && same_child(earlier, later, 5));
    if (!split || c->mid || at_ast_child(of, AT_N_BYROWS) || of->child[6] ||
        (of->op == AT_OP_CONTRIBUTION && earlier && later && !same_child(earlier, later, 0))) {
        at_compose_refuse(c, earlier, later,
                          c->mid ? "a pool changes in the middle of a period" : "its division changes");
        return;
    }
    put_head(c, side, of);
    if (of->child[0]) {
        at_compose_put(c, " on ");
        at_compose_copy(c, space, of->child[0], NULL);
    }
    at_compose_put(c, " = if period.end < %.*s then ", AT_STR_ARG(c->first_day));
    put_line(c, AT_COMPOSE_EARLIER, earlier);
    at_compose_put(c, " else ");
    put_line(c, AT_COMPOSE_LATER, later);
    at_span rest = {of->child[1]->span.end, of->span.end};
    for (at_str text; (text = source(c, side, rest)).n && (text.p[0] == ')' || text.p[0] == ' ');)
        rest.start++;
    at_compose_put(c, " ");
    if (of->child[3]) rest.end = of->child[3]->span.start;
    at_str clauses = source(c, side, rest);
    if (of->child[3] && clauses.n > 5) rest.end -= 5; /* `when ` is in the amount */
    at_compose_copy_span(c, space, rest);
    at_compose_put(c, "\n\n");
}

void at_compose_pay(struct at_compose *c, const struct at_ast_node *earlier,
                    const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier;
    int side = later != NULL;
    uint32_t entry = at_compose_find(c, side, of->text);
    if (!c->side[side].changed[entry]) {
        at_compose_copy_span(c, AT_COMPOSE_LATER, of->span);
        at_compose_put(c, "\n\n");
        return;
    }
    if (earlier && later && earlier->kind != later->kind) {
        at_compose_refuse(c, earlier, later, "it is a `pay` in one version and a `pool` in the other");
    } else if (earlier && later && of->kind == AT_N_PAY && !same_form(earlier, later)) {
        at_compose_refuse(c, earlier, later, "its rows, its rhythm, or its span changes");
    } else if (of->kind == AT_N_POOL) {
        put_pool(c, earlier, later);
    } else if (of->text3.n) {
        put_lines(c, earlier, later);
    } else if (of->by.n || at_ast_child(of, AT_N_BYROWS)) {
        at_compose_refuse(c, earlier, later,
                          "a component to date, or one that is divided among rows, changes");
    } else {
        bool dated = (earlier && c->side[0].dated[at_compose_find(c, 0, earlier->text)]) ||
                     (later && c->side[1].dated[entry]);
        put_head(c, side, of);
        at_compose_put(c, " = ");
        put_days(c, earlier, later, dated);
        at_compose_put(c, "\n\n");
    }
}

/* ---- adjustments: they apply once in a period, by the version of its last day */

static void put_value(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later, uint32_t i, bool condition) {
    at_compose_put(c, "if %s < %.*s then ", c->last, AT_STR_ARG(c->first_day));
    const struct at_ast_node *parts[2] = {earlier ? earlier->child[i] : NULL, later ? later->child[i] : NULL};
    for (int s = 0; s < 2; s++) {
        const char *missing = (s ? later : earlier) ? "yes" : "no";
        at_compose_put(c, "(");
        if (parts[s])
            at_compose_copy(c, s ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, parts[s], NULL);
        else
            at_compose_put(c, "%s", condition ? missing : "");
        at_compose_put(c, s ? ")" : ") else ");
    }
}

static void put_adjustment(struct at_compose *c, const struct at_ast_node *earlier,
                           const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier;
    int side = later != NULL;
    enum at_compose_space space = later ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
    bool changed = !earlier || !later || !at_ast_same(earlier, later) || at_compose_uses_changed(c, 1, later);
    bool simple = of->kind == AT_N_CAP || of->kind == AT_N_FLOOR || of->kind == AT_N_ADJUST;
    if (!changed) {
        at_compose_copy_span(c, AT_COMPOSE_LATER, of->span);
        at_compose_put(c, "\n\n");
        return;
    }
    bool form = !earlier || !later || at_str_eq(earlier->by, later->by);
    for (uint32_t i = 2; earlier && later && (i < earlier->n || i < later->n); i++)
        form &= same_child(earlier, later, i);
    if ((!simple && of->kind != AT_N_DRAW) || !form || (of->flags & AT_F_CARRY) ||
        (earlier && later && earlier->flags != later->flags)) {
        at_compose_refuse(c, earlier, later, "more than its amount and its condition changes");
        return;
    }
    uint32_t amount = of->child[0]->span.start;
    bool recalculated = of->by.n > 0;
    /* An expression does not include the parentheses around it. */
    at_str head = source(c, side, (at_span){of->span.start, amount});
    while (head.n && (head.p[head.n - 1] == '(' || head.p[head.n - 1] == ' '))
        head.n--;
    at_compose_copy_span(c, space, (at_span){of->span.start, of->span.start + head.n});
    at_compose_put(c, " ");
    bool amounts = earlier && later &&
                   (!same_child(earlier, later, 0) || at_compose_uses_changed(c, 1, later->child[0]));
    if (amounts) {
        at_compose_put(c, recalculated ? "recalculated(" : "(");
        put_value(c, earlier, later, 0, false);
        at_compose_put(c, ")");
    } else
        at_compose_copy(c, space, of->child[0], NULL);
    if (of->by.n) at_compose_put(c, " per %.*s", AT_STR_ARG(of->by));
    if (!earlier || !later || earlier->child[1] || later->child[1]) {
        at_compose_put(c, " when ");
        put_value(c, earlier, later, 1, true);
    }
    if (of->kind == AT_N_ADJUST && of->text2.n)
        at_compose_put(c, " because %.*s", AT_STR_ARG(source(c, side, of->span2)));
    if (of->kind == AT_N_DRAW) { /* the other clauses are the same in both */
        if (of->flags & AT_F_RECOVERABLE) at_compose_put(c, " recoverable");
        at_compose_put(c, " against %.*s", AT_STR_ARG(source(c, side, of->span3)));
        static const char *const words[] = {"recover at most", "recover from", "due on", "opening"};
        for (uint32_t i = 2; i < 6; i++)
            if (of->child[i]) {
                at_compose_put(c, " %s ", words[i - 2]);
                at_compose_copy(c, space, of->child[i], NULL);
            }
        if (of->child[6]) at_compose_put(c, " settle each %.*s", AT_STR_ARG(of->child[6]->text));
        if (of->child[7])
            at_compose_put(c, " forgive after %.*s", AT_STR_ARG(source(c, side, of->child[7]->span)));
    }
    at_compose_put(c, "\n\n");
}

void at_compose_adjust(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later) {
    c->adjusting = true;
    put_adjustment(c, earlier, later);
    c->adjusting = false;
}
