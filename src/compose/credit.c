/* compose/credit.c: credits of two versions: rows count by the version of their day. */
#include "compose/compose_int.h"

static bool is_period(const struct at_compose *c, int side, const struct at_ast_node *day) {
    return c->side[side].checked->types[day->id].kind == AT_T_PERIOD;
}

/* Whether the day of the row is before the change. */
static at_str is_before(struct at_compose *c, int side, const struct at_ast_node *day) {
    return at_str_format(c->arena, "(%.*s)%s < %.*s", AT_STR_ARG(at_compose_source(c, side, day->span)),
                         is_period(c, side, day) ? ".end" : "", AT_STR_ARG(c->first_day));
}

static void put_choice(struct at_compose *c, const struct at_ast_node *day, const struct at_ast_node *earlier,
                       const struct at_ast_node *later, const char *missing) {
    at_compose_put(c, "(if %.*s then (", AT_STR_ARG(is_before(c, 1, day)));
    if (earlier)
        at_compose_copy(c, AT_COMPOSE_EARLIER, earlier, NULL);
    else
        at_compose_put(c, "%s", missing);
    at_compose_put(c, ") else (");
    if (later)
        at_compose_copy(c, AT_COMPOSE_LATER, later, NULL);
    else
        at_compose_put(c, "%s", missing);
    at_compose_put(c, "))");
}

static const struct at_ast_node *inner(const struct at_ast_node *node, enum at_ast_kind kind) {
    const struct at_ast_node *clause = at_ast_child(node, kind);
    return clause ? clause->child[0] : NULL;
}

static bool same(const struct at_ast_node *a, const struct at_ast_node *b) {
    return a && b ? at_ast_same(a, b) : !a && !b;
}

/* ---- another table, day, or recipients: two credits, which measures add */

bool at_compose_is_moved(const struct at_compose *c, int side, at_str credit) {
    uint32_t entry = at_compose_find(c, side, credit);
    return entry != AT_NAMES_NONE && c->side[side].moved[entry];
}

static void put_clauses(struct at_compose *c, int side, const struct at_ast_node *of) {
    for (uint32_t i = 0; i < of->n; i++) {
        const struct at_ast_node *clause = of->child[i];
        if (!clause || clause->kind == AT_N_WHERE || (side && clause->kind == AT_N_ON)) continue;
        at_compose_put(c, "\n  ");
        at_compose_copy_span(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, clause->span);
    }
    at_compose_put(c, "\n\n");
}

void at_compose_credit_copy(struct at_compose *c, const struct at_ast_node *node, at_str name) {
    const struct at_ast_node *where = inner(node, AT_N_WHERE);
    at_compose_put(c, "credit %.*s from %.*s\n  where ", AT_STR_ARG(name),
                   AT_STR_ARG(at_compose_source(c, 0, node->span2)));
    if (where) {
        at_compose_put(c, "(");
        at_compose_copy(c, AT_COMPOSE_EARLIER, where, NULL);
        at_compose_put(c, ") and ");
    }
    at_compose_put(c, "%.*s", AT_STR_ARG(is_before(c, 0, inner(node, AT_N_ON))));
    put_clauses(c, 0, node);
}

/* The earlier version may itself have copies of still earlier ones, whose rows are credited, too. */
static void put_others(struct at_compose *c, const struct at_ast_node *later) {
    at_str prefix = at_str_format(c->arena, "%.*s to ", AT_STR_ARG(later->text));
    for (size_t i = 0; i < c->side[0].statements.n; i++) {
        const struct at_ast_node *other = c->side[0].statements.at[i], *where;
        if (other->kind != AT_N_CREDIT || other->text.n <= prefix.n ||
            memcmp(other->text.p, prefix.p, prefix.n) != 0 || !at_str_eq(other->text2, later->text2) ||
            !(where = inner(other, AT_N_WHERE)))
            continue;
        at_compose_put(c, " and not (");
        at_compose_copy(c, AT_COMPOSE_EARLIER, where, NULL);
        at_compose_put(c, ")");
    }
}

/* Each row counts once: what the earlier version credited is not credited again. A row of the same table that
 * neither version has on its own days counts on the first day of the later one. */
static void put_moved(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later) {
    const struct at_ast_node *where[2] = {inner(earlier, AT_N_WHERE), inner(later, AT_N_WHERE)},
                             *day[2] = {inner(earlier, AT_N_ON), inner(later, AT_N_ON)};
    bool by_day = !at_str_eq(earlier->text2, later->text2) || at_ast_same(day[0], day[1]);
    at_str before = is_before(c, 1, day[1]), on = at_compose_source(c, 1, day[1]->span);
    at_compose_put(c, "credit %.*s from %.*s\n  where ",
                   AT_STR_ARG(at_compose_source(c, 1, later->name_span)),
                   AT_STR_ARG(at_compose_source(c, 1, later->span2)));
    if (where[1]) {
        at_compose_put(c, "(");
        at_compose_copy(c, AT_COMPOSE_LATER, where[1], NULL);
        at_compose_put(c, ") and ");
    }
    at_compose_put(c, "not (");
    if (!by_day && where[0]) { /* first, because it can make sure that the day is there */
        at_compose_put(c, "(");
        at_compose_copy(c, AT_COMPOSE_EARLIER, where[0], NULL);
        at_compose_put(c, ") and ");
    }
    at_compose_put(c, "%.*s", AT_STR_ARG(by_day ? before : is_before(c, 0, day[0])));
    at_compose_put(c, ")");
    put_others(c, later);
    at_compose_put(c, "\n  on ");
    if (by_day || is_period(c, 1, day[1]))
        at_compose_put(c, "%.*s", AT_STR_ARG(on));
    else
        at_compose_put(c, "if %.*s then %.*s else %.*s", AT_STR_ARG(before), AT_STR_ARG(c->first_day),
                       AT_STR_ARG(on));
    put_clauses(c, 1, later);
}

/* ---- one credit of both versions */

struct search {
    const struct at_ast_node *day;
    bool found;
};

static bool visit_missing(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    bool asks =
        node->kind == AT_N_MISSING && (node->flags & AT_F_NOT) && at_ast_same(node->child[0], search->day);
    search->found |= asks;
    return !search->found;
}

static bool makes_sure(const struct at_ast_node *where, const struct at_ast_node *day) {
    struct search search = {.day = day};
    if (where) at_ast_walk(where, visit_missing, &search);
    return search.found;
}

/* Conditions of rows come before the day, because they can make sure that it is there. */
static void put_where(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later, const struct at_ast_node *day) {
    const struct at_ast_node *where[2] = {earlier ? inner(earlier, AT_N_WHERE) : NULL,
                                          later ? inner(later, AT_N_WHERE) : NULL};
    int side = later != NULL;
    if (earlier && later && !where[0] && !where[1]) return;
    at_compose_put(c, "\n  where ");
    if (earlier && later) {
        if (makes_sure(where[0], day) || makes_sure(where[1], day))
            at_compose_put(c, "(%.*s) is not missing and ",
                           AT_STR_ARG(at_compose_source(c, side, day->span)));
        put_choice(c, day, where[0], where[1], "yes");
        return;
    }
    if (where[side]) {
        at_compose_put(c, "(");
        at_compose_copy(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, where[side], NULL);
        at_compose_put(c, ") and ");
    }
    at_str before = is_before(c, side, day);
    at_compose_put(c, side ? "not (%.*s)" : "%.*s", AT_STR_ARG(before));
}

/* A credit of one version alone counts on the days of that version. */
void at_compose_credit(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier, *day = inner(of, AT_N_ON);
    int side = later != NULL;
    bool changed = !earlier || !later || !at_ast_same(earlier, later) || at_compose_uses_changed(c, 1, later);
    if (!changed) {
        at_compose_copy_span(c, AT_COMPOSE_LATER, later->span);
        at_compose_put(c, "\n\n");
        return;
    }
    if (!day || (earlier && !inner(earlier, AT_N_ON))) {
        at_compose_refuse(c, earlier, later, "its rows have no day");
        return;
    }
    if (earlier && later && at_compose_is_moved(c, 1, later->text)) {
        put_moved(c, earlier, later);
        return;
    }
    enum at_compose_space space = side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
    at_compose_put(c, "credit %.*s from %.*s",
                   AT_STR_ARG(at_diag_sources_text(c->side[side].ast->sources, of->name_span)),
                   AT_STR_ARG(at_diag_sources_text(c->side[side].ast->sources, of->span2)));
    put_where(c, earlier, later, day);
    for (uint32_t i = 0; i < of->n; i++) {
        const struct at_ast_node *clause = of->child[i];
        if (!clause || clause->kind == AT_N_WHERE) continue;
        at_compose_put(c, "\n  ");
        if (clause->kind == AT_N_AMOUNT && earlier && later &&
            (!same(inner(earlier, AT_N_AMOUNT), clause->child[0]) ||
             at_compose_uses_changed(c, 1, clause->child[0]))) {
            at_compose_put(c, "amount ");
            if (!inner(earlier, AT_N_AMOUNT))
                at_compose_refuse(c, earlier, later, "only one version writes its amount");
            put_choice(c, day, inner(earlier, AT_N_AMOUNT), inner(later, AT_N_AMOUNT), "0");
        } else
            at_compose_copy_span(c, space, clause->span);
    }
    at_compose_put(c, "\n\n");
}
