/* compose/measure.c: measures of two versions, and the copies of formulas that belong to one version alone.
 */
#include "compose/compose_int.h"

/* The day of a row: what `on` names, or the day of the credit. */
const struct at_ast_node *at_compose_day(const struct at_compose *c, int side,
                                         const struct at_ast_node *node) {
    const struct at_ast_node *on = at_ast_child(node, AT_N_ON);
    if (on) return on->child[0];
    if (node->kind != AT_N_AGGREGATE) return NULL;
    uint32_t entry = at_compose_find(c, side, node->text);
    const struct at_ast_node *credit = entry == AT_NAMES_NONE ? NULL : at_compose_node(c, side, entry);
    return credit && credit->kind == AT_N_CREDIT ? at_compose_day(c, side, credit) : NULL;
}

/* Copies an aggregate, of which only the rows on some days count; `compare`: "<" or ">=", NULL: all. Over
 * several periods, a period in which the day is counts. */
static void put_aggregate(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node,
                          const char *compare) {
    int side = at_compose_side_of(space);
    const struct at_ast_node *day = at_compose_day(c, side, node), *where = at_ast_child(node, AT_N_WHERE);
    bool moved = side && day && !at_ast_child(node, AT_N_ON) && at_compose_is_moved(c, 1, node->text);
    if (moved && compare && *compare == '<')
        at_compose_refuse(c, NULL, node, "its credit changes, and it is not a sum or a count");
    if (!compare || !day || moved) {
        at_compose_copy(c, space, node, NULL);
        return;
    }
    at_type type = c->side[side].checked->types[day->id];
    at_str source = at_compose_source(c, side, day->span);
    at_str window = at_str_format(c->arena, "(%.*s)%s %s %.*s", AT_STR_ARG(source),
                                  type.kind != AT_T_PERIOD    ? ""
                                  : space > AT_COMPOSE_BEFORE ? ".start"
                                                              : ".end",
                                  compare, AT_STR_ARG(c->first_day));
    if (where) {
        at_compose_copy_span(c, space, (at_span){node->span.start, where->child[0]->span.start});
        at_compose_put(c, "%.*s and (", AT_STR_ARG(window));
        at_compose_copy(c, space, where->child[0], NULL);
        at_compose_put(c, ")");
        at_compose_copy_span(c, space, (at_span){where->child[0]->span.end, node->span.end});
    } else {
        at_compose_copy(c, space, node, NULL);
        at_compose_put(c, " where %.*s", AT_STR_ARG(window));
    }
}

static void put_label(struct at_compose *c, const struct at_ast_node *later) {
    if (later->text2.n)
        at_compose_put(c, " %.*s", AT_STR_ARG(at_diag_sources_text(c->side[1].ast->sources, later->span2)));
}

static void put_rhythm(struct at_compose *c, const struct at_ast_node *node) {
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH);
    if (each) at_compose_put(c, " each %.*s", AT_STR_ARG(each->text));
}

/* The formula of a component, also where its condition is false. */
static void put_component(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *pay) {
    if (pay->child[2]) {
        at_compose_put(c, "if ");
        at_compose_copy(c, space, pay->child[2], NULL);
        at_compose_put(c, " then ");
    }
    at_compose_copy(c, space, pay->child[1], pay->child[0]);
    if (pay->child[2]) at_compose_put(c, " else %.*s", AT_STR_ARG(c->zero));
}

/* Whether the copy counts only what came before the day. */
static bool is_cut(const struct at_compose *c, const struct at_compose_side *of,
                   const struct at_compose_wanted *wanted) {
    if (wanted->space > AT_COMPOSE_BEFORE) return of->timed[wanted->entry];
    return c->mid && of->dated[wanted->entry] && wanted->space != AT_COMPOSE_LATER;
}

static void put_copy(struct at_compose *c, const struct at_compose_wanted *wanted) {
    enum at_compose_space space = wanted->space;
    const struct at_compose_side *of = &c->side[at_compose_side_of(space)];
    const struct at_names_entry *entry = &of->names->entries.at[wanted->entry];
    const struct at_ast_node *node = entry->node;
    at_str name = at_str_format(c->arena, "`%.*s`", AT_STR_ARG(at_compose_copy_name(c, space, entry->text)));
    if (entry->kind == AT_NAMES_CREDIT) {
        at_compose_credit_copy(c, node, name);
        return;
    }
    if (entry->kind == AT_NAMES_COMPONENT || entry->kind == AT_NAMES_MEASURE) {
        if (node->kind == AT_N_POOL || node->text3.n) {
            at_compose_refuse(c, NULL, node,
                              "a formula reads it, and its value is not one of the payee alone");
            return;
        }
        at_compose_put(c, "measure %.*s", AT_STR_ARG(name));
        put_rhythm(c, node);
        at_compose_put(c, " = ");
        if (entry->kind == AT_NAMES_COMPONENT)
            put_component(c, space, node);
        else if (node->child[0]->kind == AT_N_AGGREGATE)
            put_aggregate(c, space, node->child[0], is_cut(c, of, wanted) ? "<" : NULL);
        else
            at_compose_copy(c, space, node->child[0], NULL);
    } else { /* a declaration: only its name differs */
        at_compose_copy_span(c, space, (at_span){node->span.start, node->name_span.start});
        at_compose_put(c, "%.*s", AT_STR_ARG(name));
        at_compose_copy_span(c, space, (at_span){node->name_span.end, node->span.end});
    }
    at_compose_put(c, "\n\n");
}

/* Copies ask for further copies. */
void at_compose_copies(struct at_compose *c) {
    for (size_t i = 0; i < c->wanted.n; i++) {
        at_arena_poll(c->arena);
        struct at_compose_wanted wanted = c->wanted.at[i];
        put_copy(c, &wanted);
    }
}

/* The part of a sum on the days of one version. */
static void put_days(struct at_compose *c, int side, const struct at_ast_node *expr) {
    if (expr->kind == AT_N_AGGREGATE)
        put_aggregate(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, expr, side ? ">=" : "<");
    else
        at_compose_copy(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER_SPAN, expr, NULL);
}

/* Both versions have the measure, and it differs: its value in a period is that of the version in force on
 * the last day. Sums of rows are added, so that values to date go through. */
static void put_both(struct at_compose *c, const struct at_ast_node *earlier,
                     const struct at_ast_node *later) {
    at_str name = at_diag_sources_text(c->side[1].ast->sources, later->name_span);
    if (at_compose_is_linear(c, 0, earlier) && at_compose_is_linear(c, 1, later)) {
        for (int s = 0; s < 2; s++) {
            at_compose_put(c, "measure `%.*s of days %s %.*s` = ", AT_STR_ARG(later->text),
                           s ? "from" : "before", AT_STR_ARG(c->first_day));
            put_days(c, s, s ? later->child[0] : earlier->child[0]);
            at_compose_put(c, "\n");
        }
        at_compose_put(c, "measure %.*s", AT_STR_ARG(name));
        put_label(c, later);
        at_compose_put(c, " = `%.*s of days before %.*s` + `%.*s of days from %.*s`\n\n",
                       AT_STR_ARG(later->text), AT_STR_ARG(c->first_day), AT_STR_ARG(later->text),
                       AT_STR_ARG(c->first_day));
        return;
    }
    at_compose_put(c, "measure %.*s", AT_STR_ARG(name));
    put_label(c, later);
    put_rhythm(c, later);
    at_compose_put(
        c, " = if %s < %.*s then `%.*s` else `%.*s`\n\n", c->last, AT_STR_ARG(c->first_day),
        AT_STR_ARG(at_compose_name(c, AT_COMPOSE_EARLIER, at_compose_find(c, 0, earlier->text), false)),
        AT_STR_ARG(at_compose_name(c, AT_COMPOSE_LATER, at_compose_find(c, 1, later->text), false)));
}

void at_compose_measure(struct at_compose *c, const struct at_ast_node *earlier,
                        const struct at_ast_node *later) {
    uint32_t entry = later ? at_compose_find(c, 1, later->text) : AT_NAMES_NONE;
    if (!later) return; /* written where the earlier version uses it */
    if (earlier && c->side[1].changed[entry]) {
        const struct at_ast_node *a = at_ast_child(earlier, AT_N_EACH), *b = at_ast_child(later, AT_N_EACH);
        if ((a != NULL) != (b != NULL) || (a && !at_ast_same(a, b)))
            at_compose_refuse(c, earlier, later, "its rhythm changes");
        else
            put_both(c, earlier, later);
        return;
    }
    at_compose_copy_span(c, AT_COMPOSE_LATER, later->span);
    at_compose_put(c, "\n\n");
}
