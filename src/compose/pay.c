/* compose/pay.c: components and adjustments of two versions. */
#include "compose/pay.h"

bool at_compose_same_child(const struct at_ast_node *a, const struct at_ast_node *b, uint32_t i) {
    const struct at_ast_node *x = i < a->n ? a->child[i] : NULL, *y = i < b->n ? b->child[i] : NULL;
    return x && y ? at_ast_same(x, y) : !x && !y;
}

at_str at_compose_source(const struct at_compose *c, int side, at_span span) {
    return at_diag_sources_text(c->side[side].ast->sources, span);
}

/* The head of a component, up to its `=`. */
void at_compose_head(struct at_compose *c, int side, const struct at_ast_node *node) {
    at_compose_put(c, "%s %.*s", node->kind == AT_N_POOL ? "pool" : "pay",
                   AT_STR_ARG(at_compose_source(c, side, node->name_span)));
    if (node->text2.n) at_compose_put(c, " %.*s", AT_STR_ARG(at_compose_source(c, side, node->span2)));
    if (node->kind == AT_N_POOL && node->child[6])
        at_compose_put(c, " from %.*s", AT_STR_ARG(at_compose_source(c, side, node->child[6]->span)));
    if (node->text3.n) at_compose_put(c, " per %.*s", AT_STR_ARG(at_compose_source(c, side, node->span3)));
    if (node->by.n) at_compose_put(c, " cumulative over %.*s", AT_STR_ARG(node->by));
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH), *after = at_ast_child(node, AT_N_AFTER);
    const struct at_ast_node *rows = at_ast_child(node, AT_N_BYROWS);
    if (node->flags & AT_F_BY_DAY) at_compose_put(c, " by day");
    if (rows)
        at_compose_put(c, " by %.*s%s", AT_STR_ARG(rows->text),
                       rows->flags & AT_F_IN_ORDER ? " in order" : "");
    if (each) at_compose_put(c, " each %.*s", AT_STR_ARG(each->text));
    if (after) at_compose_put(c, " paid after %.*s", AT_STR_ARG(at_compose_source(c, side, after->span)));
}

/* Whether both have the same rows, rhythm, span, and day of payment. */
static bool same_form(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (a->kind != b->kind || !at_str_eq(a->text3, b->text3) || !at_str_eq(a->by, b->by)) return false;
    for (uint32_t i = 3; i < a->n || i < b->n; i++)
        if (!at_compose_same_child(a, b, i)) return false;
    return a->n == b->n;
}

/* The copy of a component in a space. */
static at_str copy_of(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node) {
    uint32_t entry = at_compose_find(c, at_compose_side_of(space), node->text);
    if (space == AT_COMPOSE_EARLIER || space == AT_COMPOSE_BEFORE)
        return at_compose_name(c, space, entry, false);
    at_str name = at_compose_copy_name(c, space, node->text);
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

/* The last day of the span or rhythm of the statement that contains the day before the change. The later of
 * both decides: `each quarter` with `cumulative over year` is a year. */
at_date at_compose_span_end(const struct at_compose *c, const struct at_ast_node *node) {
    const struct at_calendar *calendar = &c->side[1].checked->calendar;
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH);
    at_str words[2] = {node->by, each ? each->text : (at_str){0}};
    at_date last = c->day - 1;
    for (int i = 0; i < 2; i++) {
        int kind = words[i].n ? at_check_period_word(c->side[1].checked, words[i]) : -1;
        if (kind < 0) continue;
        at_date end = at_period_end(calendar, at_period_of_date(calendar, kind, c->day - 1));
        if (end > last) last = end;
    }
    return last;
}

/* A statement over several periods continues: the earlier version's formula of what counted before the day,
 * the later one's of everything, less the later one's of what counted before. */
static void put_span(struct at_compose *c, const struct at_ast_node *earlier, const struct at_ast_node *later,
                     at_date last) {
    at_str first = c->zero, day = c->first_day;
    if (earlier)
        first = at_str_format(c->arena, "`%.*s`", AT_STR_ARG(copy_of(c, AT_COMPOSE_EARLIER_SPAN, earlier)));
    at_compose_put(c, "choose { when period.end < %.*s: %.*s  when period.start > %.*s: ", AT_STR_ARG(day),
                   AT_STR_ARG(first), AT_STR_ARG(at_date_print(c->arena, last)));
    if (!later) {
        at_compose_put(c, "%.*s  otherwise: %.*s }", AT_STR_ARG(c->zero), AT_STR_ARG(first));
        return;
    }
    at_str second = copy_of(c, AT_COMPOSE_LATER, later), before = copy_of(c, AT_COMPOSE_BEFORE_SPAN, later);
    at_compose_put(c, "`%.*s`  otherwise: %.*s + `%.*s` - `%.*s` }", AT_STR_ARG(second), AT_STR_ARG(first),
                   AT_STR_ARG(second), AT_STR_ARG(before));
}

/* The amount of a row is that of the version of its day. */
void at_compose_line(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node) {
    if (!node) {
        at_compose_put(c, "%.*s", AT_STR_ARG(c->zero));
        return;
    }
    const struct at_ast_node *when = node->child[node->kind == AT_N_POOL ? 3 : 2];
    if (node->by.n && node->kind == AT_N_PAY) when = NULL; /* a clause of the statement */
    if (when) {
        at_compose_put(c, "(if ");
        at_compose_copy(c, space, when, NULL);
        at_compose_put(c, " then ");
    }
    at_compose_put(c, "(");
    at_compose_copy(c, space, node->child[1], node->child[0]);
    at_compose_put(c, when ? ") else %.*s)" : ")", AT_STR_ARG(c->zero));
}

/* On a running total, a row for which the condition is false does not count. In the version without the
 * statement, rows count by the condition of the other one. */
static void put_counted(struct at_compose *c, at_str before, const struct at_ast_node *earlier,
                        const struct at_ast_node *later) {
    const struct at_ast_node *when[2] = {(earlier ? earlier : later)->child[2],
                                         (later ? later : earlier)->child[2]};
    if (!when[0] && !when[1]) return;
    at_compose_put(c, " when if %.*s then (", AT_STR_ARG(before));
    if (when[0])
        at_compose_copy(c, earlier ? AT_COMPOSE_EARLIER : AT_COMPOSE_LATER, when[0], NULL);
    else
        at_compose_put(c, "yes");
    at_compose_put(c, ") else (");
    if (when[1])
        at_compose_copy(c, later ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, when[1], NULL);
    else
        at_compose_put(c, "yes");
    at_compose_put(c, ")");
}

static void put_lines(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later) {
    int side = later != NULL;
    const struct at_ast_node *of = later ? later : earlier;
    uint32_t entry = at_compose_find(c, side, of->text3);
    const struct at_ast_node *day = at_compose_day(c, side, at_compose_node(c, side, entry));
    if (!day) {
        at_compose_refuse(c, earlier, later, "a statement for each row changes, and rows have no day");
        return;
    }
    at_str before =
        at_str_format(c->arena, "(%.*s) < %.*s", AT_STR_ARG(at_compose_source(c, side, day->span)),
                      AT_STR_ARG(c->first_day));
    at_compose_head(c, side, of);
    at_compose_put(c, " = if %.*s then ", AT_STR_ARG(before));
    at_compose_line(c, AT_COMPOSE_EARLIER, earlier);
    at_compose_put(c, " else ");
    at_compose_line(c, AT_COMPOSE_LATER, later);
    if (of->by.n) put_counted(c, before, earlier, later);
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
    const struct at_ast_node *rows = at_ast_child(of, AT_N_BYROWS);
    if (earlier && later && earlier->kind != later->kind) {
        at_compose_refuse(c, earlier, later, "it is a `pay` in one version and a `pool` in the other");
    } else if (earlier && later && of->kind == AT_N_PAY && !same_form(earlier, later)) {
        at_compose_refuse(c, earlier, later, "its rows, its rhythm, or its span changes");
    } else if (at_compose_is_moved(c, side, of->text3) ||
               (rows && at_compose_is_moved(c, side, rows->text))) {
        at_compose_refuse(c, earlier, later,
                          "its lines belong to rows of one credit, whose table, day, or recipients change");
    } else if (of->kind == AT_N_POOL) {
        at_compose_pool(c, earlier, later);
    } else if (of->text3.n) {
        put_lines(c, earlier, later);
    } else {
        at_date last = at_compose_span_end(c, of);
        bool dated = (earlier && c->side[0].dated[at_compose_find(c, 0, earlier->text)]) ||
                     (later && c->side[1].dated[entry]);
        at_compose_head(c, side, of);
        at_compose_put(c, " = ");
        bool timed = (earlier && c->side[0].timed[at_compose_find(c, 0, earlier->text)]) ||
                     (later && c->side[1].timed[entry]);
        if (last >= c->day && timed)
            put_span(c, earlier, later, last);
        else
            put_days(c, earlier, later, dated);
        at_compose_put(c, "\n\n");
    }
}
