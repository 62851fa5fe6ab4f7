/* compose/adjust.c: `cap`, `floor`, `adjust`, `draw`, and `carry` of two versions: they apply once in a
 * period, by the version of its last day. */
#include "compose/pay.h"

struct both {
    struct at_compose *c;
    const struct at_ast_node *earlier, *later, *of; /* `of`: the later one where there is one */
};

static enum at_compose_space space_of(const struct both *b) {
    return b->later ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
}

static bool has(const struct at_ast_node *node, uint32_t i) {
    return node && i < node->n && node->child[i];
}

/* `missing`: of a version that has the statement without this part; `absent`: of one without the statement.
 */
static void put_value(struct both *b, uint32_t i, const char *missing, const char *absent) {
    struct at_compose *c = b->c;
    at_compose_put(c, "if %s < %.*s then ", c->last, AT_STR_ARG(c->first_day));
    const struct at_ast_node *nodes[2] = {b->earlier, b->later};
    for (int s = 0; s < 2; s++) {
        at_compose_put(c, "(");
        if (has(nodes[s], i))
            at_compose_copy(c, s ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, nodes[s]->child[i], NULL);
        else
            at_compose_put(c, "%s", nodes[s] ? missing : absent);
        at_compose_put(c, s ? ")" : ") else ");
    }
}

/* Whether the part differs, or what it uses. */
static bool is_changed(const struct both *b, uint32_t i) {
    if (!b->earlier || !b->later) return false;
    return !at_compose_same_child(b->earlier, b->later, i) ||
           (has(b->later, i) && at_compose_uses_changed(b->c, 1, b->later->child[i]));
}

static void put_amount(struct both *b) {
    struct at_compose *c = b->c;
    if (!is_changed(b, 0)) {
        at_compose_put(c, "(");
        at_compose_copy(c, space_of(b), b->of->child[0], NULL);
        at_compose_put(c, ")");
        return;
    }
    at_compose_put(c, b->of->by.n ? "recalculated(" : "(");
    put_value(b, 0, "", "");
    at_compose_put(c, ")");
}

static void put_when(struct both *b) {
    if (b->earlier && b->later && !has(b->earlier, 1) && !has(b->later, 1)) return;
    at_compose_put(b->c, " when ");
    put_value(b, 1, "yes", "no");
}

/* ---- draws: the balance goes on */

static at_type type_of(const struct at_compose *c, int side, const struct at_ast_node *node) {
    return c->side[side].checked->types[node->id];
}

/* A day of a draw, also of a period. */
static void put_day(struct both *b, const char *words, uint32_t i, const char *missing) {
    struct at_compose *c = b->c;
    const struct at_ast_node *nodes[2] = {b->earlier, b->later};
    if (!has(b->earlier, i) && !has(b->later, i)) return;
    at_compose_put(c, " %s ", words);
    if (!is_changed(b, i)) {
        at_compose_copy(c, space_of(b), b->of->child[i], NULL);
        return;
    }
    at_compose_put(c, "(if %s < %.*s then ", c->last, AT_STR_ARG(c->first_day));
    for (int s = 0; s < 2; s++) {
        at_compose_put(c, "(");
        if (has(nodes[s], i))
            at_compose_copy(c, s ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, nodes[s]->child[i], NULL);
        bool period = has(nodes[s], i) && type_of(c, s, nodes[s]->child[i]).kind == AT_T_PERIOD;
        at_compose_put(c, "%s)%s%s", has(nodes[s], i) ? "" : missing, period ? ".start" : "",
                       s ? ")" : " else ");
    }
}

/* What is owed before the first period is that of the first version. A draw that begins with the later one is
 * not repaid before. */
static void put_opening(struct both *b) {
    struct at_compose *c = b->c;
    const struct at_ast_node *from = b->earlier ? b->earlier : b->later;
    if (!has(from, 5)) return;
    if (!b->earlier && !has(b->later, 3)) at_compose_put(c, " recover from %.*s", AT_STR_ARG(c->first_day));
    at_compose_put(c, " opening ");
    at_compose_copy(c, b->earlier ? AT_COMPOSE_EARLIER : AT_COMPOSE_LATER, from->child[5], NULL);
}

static void put_draw(struct both *b) {
    struct at_compose *c = b->c;
    const struct at_ast_node *of = b->of;
    if (of->flags & AT_F_RECOVERABLE) at_compose_put(c, " recoverable");
    at_compose_put(c, " against %.*s",
                   AT_STR_ARG(at_compose_source(c, space_of(b) != AT_COMPOSE_EARLIER, of->span3)));
    if (has(b->earlier, 2) || has(b->later, 2)) {
        at_compose_put(c, " recover at most ");
        if (is_changed(b, 2)) {
            at_compose_put(c, "(");
            put_value(b, 2, "100%", "100%");
            at_compose_put(c, ")");
        } else
            at_compose_copy(c, space_of(b), of->child[2], NULL);
    }
    put_day(b, "recover from", 3, "0001-01-01");
    put_day(b, "due on", 4, "9999-12-31");
    put_opening(b);
    if (of->child[6]) at_compose_put(c, " settle each %.*s", AT_STR_ARG(of->child[6]->text));
    if (of->child[7])
        at_compose_put(
            c, " forgive after %.*s",
            AT_STR_ARG(at_compose_source(c, space_of(b) != AT_COMPOSE_EARLIER, of->child[7]->span)));
}

/* One balance has one way to be lent, settled, and forgiven. */
static bool same_draw(const struct at_ast_node *a, const struct at_ast_node *b) {
    return at_str_eq(a->text3, b->text3) && a->flags == b->flags && at_compose_same_child(a, b, 6) &&
           at_compose_same_child(a, b, 7);
}

/* ---- statements */

/* The statement up to its amount. */
static void put_head(struct both *b) {
    struct at_compose *c = b->c;
    int side = b->later != NULL;
    at_str head = at_compose_source(c, side, (at_span){b->of->span.start, b->of->child[0]->span.start});
    /* An expression does not include the parentheses around it. */
    while (head.n && (head.p[head.n - 1] == '(' || head.p[head.n - 1] == ' ' || head.p[head.n - 1] == '\n'))
        head.n--;
    at_compose_copy_span(c, space_of(b), (at_span){b->of->span.start, b->of->span.start + head.n});
    at_compose_put(c, " ");
}

static void put_changed(struct both *b) {
    struct at_compose *c = b->c;
    const struct at_ast_node *of = b->of;
    bool carry = (of->flags & AT_F_CARRY) != 0;
    put_head(b);
    put_amount(b);
    if (of->by.n) at_compose_put(c, " per %.*s", AT_STR_ARG(of->by));
    put_when(b);
    if (carry)
        put_opening(b);
    else if (of->kind == AT_N_DRAW)
        put_draw(b);
    if (of->kind == AT_N_ADJUST && of->text2.n)
        at_compose_put(c, " because %.*s", AT_STR_ARG(at_compose_source(c, b->later != NULL, of->span2)));
    at_compose_put(c, "\n\n");
}

void at_compose_adjust(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later) {
    struct both b = {c, earlier, later, later ? later : earlier};
    bool same = earlier && later && at_ast_same(earlier, later) && !at_compose_uses_changed(c, 1, later);
    bool draws = earlier && later && earlier->kind == AT_N_DRAW;
    c->adjusting = true;
    if (b.of->kind == AT_N_HOLD || b.of->kind == AT_N_RELEASE || b.of->kind == AT_N_CLAWBACK) {
        at_compose_part(c, earlier, later);
    } else if (same) {
        at_compose_copy_span(c, AT_COMPOSE_LATER, later->span);
        at_compose_put(c, "\n\n");
    } else if (draws && !same_draw(earlier, later)) {
        at_compose_refuse(
            c, earlier, later,
            "one balance is against one component, and is lent, settled, and forgiven in one way");
    } else {
        put_changed(&b);
    }
    c->adjusting = false;
}
