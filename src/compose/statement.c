/* compose/statement.c: each statement of two versions: the header, tables, credits, and who is covered. */
#include "compose/compose_int.h"

void at_compose_refuse(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later, const char *why) {
    const struct at_ast_node *of = later ? later : earlier;
    at_str name = of->text.n ? of->text : at_str_z(at_ast_kind_name((enum at_ast_kind)of->kind));
    struct at_diag *diag =
        at_diag_add(c->diags, AT_A1213, of->name_span.end ? of->name_span : of->span,
                    "`%.*s` cannot continue from one version to the next", AT_STR_ARG(name));
    if (earlier && later)
        at_diag_label(diag, earlier->name_span.end ? earlier->name_span : earlier->span,
                      "the earlier version");
    at_diag_note(diag, "%s", why);
    at_diag_help(diag, "keep the form of the statement, or give it another name");
}

static void copy(struct at_compose *c, int side, const struct at_ast_node *node) {
    at_compose_copy_span(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, node->span);
    at_compose_put(c, "\n\n");
}

/* ---- the `policy` statement */

static void refuse_header(struct at_compose *c, const struct at_ast_node *later, const char *what) {
    struct at_diag *diag =
        at_diag_add(c->diags, AT_A1212, later->name_span, "the versions of the plan have different %s", what);
    at_diag_label(diag, at_ast_child(c->side[0].ast->files[0], AT_N_POLICY)->name_span,
                  "the earlier version");
    at_diag_help(diag, "write the same in both, or run the two policies one after the other");
}

void at_compose_header(struct at_compose *c) {
    const struct at_check_policy *a = c->side[0].checked, *b = c->side[1].checked;
    const struct at_ast_node *header = at_ast_child(c->side[1].ast->files[0], AT_N_POLICY);
    if (a->currency != b->currency) refuse_header(c, header, "currencies");
    if (!at_calendar_same_periods(&a->calendar, &b->calendar) ||
        a->calendar.fiscal_start != b->calendar.fiscal_start)
        refuse_header(c, header, "periods or fiscal years");
    if (a->rounding != b->rounding || a->round_unit != b->round_unit) refuse_header(c, header, "rounding");
    at_compose_put(c, "policy ");
    at_compose_copy_span(c, AT_COMPOSE_LATER, header->name_span);
    for (uint32_t i = 0; i < header->n; i++) {
        const struct at_ast_node *attribute = header->child[i];
        at_compose_put(c, "\n  ");
        if (attribute->kind != AT_N_EFFECTIVE) {
            at_compose_copy_span(c, AT_COMPOSE_LATER, attribute->span);
            continue;
        }
        at_compose_put(c, "effective from %.*s", AT_STR_ARG(at_date_print(c->arena, a->from)));
        if (b->to != AT_DATE_MAX) at_compose_put(c, " to %.*s", AT_STR_ARG(at_date_print(c->arena, b->to)));
    }
    at_compose_put(c, "\n\n");
}

/* ---- tables and credits: both versions read one table, and credit its rows by their day */

static bool has_fields(const struct at_ast_node *more, const struct at_ast_node *fewer) {
    for (uint32_t i = 0; i < fewer->n; i++) {
        bool found = false;
        for (uint32_t k = 0; k < more->n && !found; k++)
            found = fewer->child[i] && more->child[k] && at_ast_same(fewer->child[i], more->child[k]);
        if (!found) return false;
    }
    return at_str_eq(more->text2, fewer->text2);
}

static void put_table(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later) {
    if (!earlier || !later || has_fields(later, earlier))
        copy(c, later != NULL, later ? later : earlier);
    else
        at_compose_refuse(c, earlier, later, "the later version reads another file, or has other fields");
}

static void put_choice(struct at_compose *c, const struct at_ast_node *day, const struct at_ast_node *earlier,
                       const struct at_ast_node *later, const char *missing) {
    at_str on = at_diag_sources_text(c->side[1].ast->sources, day->span);
    at_compose_put(c, "if (%.*s) < %.*s then (", AT_STR_ARG(on), AT_STR_ARG(c->first_day));
    if (earlier)
        at_compose_copy(c, AT_COMPOSE_EARLIER, earlier, NULL);
    else
        at_compose_put(c, "%s", missing);
    at_compose_put(c, ") else (");
    if (later)
        at_compose_copy(c, AT_COMPOSE_LATER, later, NULL);
    else
        at_compose_put(c, "%s", missing);
    at_compose_put(c, ")");
}

static const struct at_ast_node *inner(const struct at_ast_node *node, enum at_ast_kind kind) {
    const struct at_ast_node *clause = at_ast_child(node, kind);
    return clause ? clause->child[0] : NULL;
}

static bool same(const struct at_ast_node *a, const struct at_ast_node *b) {
    return a && b ? at_ast_same(a, b) : !a && !b;
}

/* A credit of one version alone counts on the days of that version. */
static void put_credit(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier, *day = inner(of, AT_N_ON);
    int side = later != NULL;
    bool changed = !earlier || !later || !at_ast_same(earlier, later) || at_compose_uses_changed(c, 1, later);
    if (!changed) {
        copy(c, 1, later);
        return;
    }
    const struct at_ast_node *to[2] = {earlier ? at_ast_child(earlier, AT_N_TO) : NULL,
                                       later ? at_ast_child(later, AT_N_TO) : NULL};
    if (!day || (earlier && later &&
                 (!at_str_eq(earlier->text2, later->text2) || !same(inner(earlier, AT_N_ON), day) ||
                  !same(to[0], to[1])))) {
        at_compose_refuse(c, earlier, later, "its table, its day, or its recipients change");
        return;
    }
    enum at_compose_space space = side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
    at_compose_put(c, "credit %.*s from %.*s",
                   AT_STR_ARG(at_diag_sources_text(c->side[side].ast->sources, of->name_span)),
                   AT_STR_ARG(at_diag_sources_text(c->side[side].ast->sources, of->span2)));
    const struct at_ast_node *where[2] = {earlier ? inner(earlier, AT_N_WHERE) : NULL,
                                          later ? inner(later, AT_N_WHERE) : NULL};
    bool filters = where[0] || where[1] || !earlier || !later;
    if (filters) at_compose_put(c, "\n  where ");
    if (!filters) {
    } else if (earlier && later) {
        put_choice(c, day, where[0], where[1], "yes");
    } else {
        at_compose_put(c, "(");
        at_compose_copy(c, space, day, NULL);
        at_compose_put(c, ") %s %.*s", side ? ">=" : "<", AT_STR_ARG(c->first_day));
        if (where[side]) {
            at_compose_put(c, " and (");
            at_compose_copy(c, space, where[side], NULL);
            at_compose_put(c, ")");
        }
    }
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

/* ---- who is covered, and from which day to which */

static void put_people(struct at_compose *c, int side, const struct at_ast_node *applies) {
    at_compose_put(c, "(");
    if (applies && applies->child[0])
        at_compose_copy(c, side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER, applies->child[0], NULL);
    else
        at_compose_put(c, "yes");
    at_compose_put(c, ")");
}

static bool has_days(const struct at_ast_node *applies) {
    return applies && at_ast_child(applies, AT_N_DAYS);
}

/* A version covers its payees on its own days. */
static void put_applies(struct at_compose *c, const struct at_ast_node *earlier,
                        const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier;
    if (earlier && later && at_ast_same(earlier, later)) {
        copy(c, 1, later);
        return;
    }
    at_date to = c->side[1].checked->to;
    if (to == AT_DATE_MAX || has_days(earlier) || has_days(later)) {
        at_compose_refuse(c, earlier, later,
                          "the covered payees change, and days are written, or the plan has no end");
        return;
    }
    at_compose_put(c, "applies to %.*s from (if ", AT_STR_ARG(of->text));
    put_people(c, 0, earlier);
    at_compose_put(c, " then %.*s else %.*s) to (if ",
                   AT_STR_ARG(at_date_print(c->arena, c->side[0].checked->from)), AT_STR_ARG(c->first_day));
    put_people(c, 1, later);
    at_compose_put(c, " then %.*s else %.*s) where ", AT_STR_ARG(at_date_print(c->arena, to)),
                   AT_STR_ARG(c->last_day));
    put_people(c, 0, earlier);
    at_compose_put(c, " or ");
    put_people(c, 1, later);
    at_compose_put(c, "\n\n");
}

/* ---- all */

void at_compose_statement(struct at_compose *c, const struct at_ast_node *earlier,
                          const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier;
    if (at_compose_adjusts(of)) {
        at_compose_adjust(c, earlier, later);
        return;
    }
    switch ((enum at_ast_kind)of->kind) {
    case AT_N_POLICY:
    case AT_N_ERROR: /* reported by the parser */
    case AT_N_CONTINUES:
    case AT_N_EXTENDS:
    case AT_N_WITHOUT: break;
    case AT_N_USE: {
        bool standard = of->text.n > 4 && memcmp(of->text.p, "std/", 4) == 0;
        if (standard) copy(c, later != NULL, of);
        break;
    }
    case AT_N_PAYEE:
    case AT_N_DATA: put_table(c, earlier, later); break;
    case AT_N_CREDIT: put_credit(c, earlier, later); break;
    case AT_N_APPLIES: put_applies(c, earlier, later); break;
    case AT_N_MEASURE: at_compose_measure(c, earlier, later); break;
    case AT_N_PAY:
    case AT_N_POOL: at_compose_pay(c, earlier, later); break;
    case AT_N_SHOW:
    case AT_N_TEST:
        c->plain = true;
        if (later) copy(c, 1, later);
        c->plain = false;
        break;
    case AT_N_PARAM:
    case AT_N_RATES:
    case AT_N_LOOKUP:
    case AT_N_FUNCTION: /* those of the earlier version are written where it uses them */
        if (later) copy(c, 1, later);
        break;
    case AT_N_INDEPENDENT:
    case AT_N_REQUIRE:
        if (!earlier || !later || !at_ast_same(earlier, later) || at_compose_uses_changed(c, 1, later)) {
            if (earlier) copy(c, 0, earlier);
            if (later) copy(c, 1, later);
        } else
            copy(c, 1, later);
        break;
    default:
        if (!earlier || !later || !at_ast_same(earlier, later))
            at_compose_refuse(c, earlier, later, "a statement of this keyword changes");
        else
            copy(c, 1, later);
        break;
    }
}
