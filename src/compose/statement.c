/* compose/statement.c: each statement of two versions: the header, tables, and who is covered. */
#include "compose/pay.h"

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

/* ---- tables: both versions read one */

/* The field of this name; NULL: none. */
static const struct at_ast_node *field_in(const struct at_ast_node *table, at_str name) {
    for (uint32_t i = 0; i < table->n; i++)
        if (table->child[i] && at_str_eq(table->child[i]->text, name)) return table->child[i];
    return NULL;
}

/* The fields of the later version, and those that only the earlier one has. */
static void put_fields(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later) {
    bool more = false;
    for (uint32_t i = 0; i < earlier->n; i++) {
        const struct at_ast_node *field = earlier->child[i],
                                 *other = field ? field_in(later, field->text) : NULL;
        if (field && other && !at_ast_same(field, other)) {
            at_compose_refuse(c, field, other, "one table has one type and one column for the field");
            return;
        }
        more |= field && !other;
    }
    if (!more) {
        copy(c, 1, later);
        return;
    }
    at_compose_copy_span(c, AT_COMPOSE_LATER, (at_span){later->span.start, later->span.end - 1});
    for (uint32_t i = 0; i < earlier->n; i++) {
        const struct at_ast_node *field = earlier->child[i];
        if (!field || field_in(later, field->text)) continue;
        at_compose_put(c, "\n  ");
        at_compose_copy_span(c, AT_COMPOSE_EARLIER, field->span);
    }
    at_compose_put(c, "\n}\n\n");
}

/* A history of one version alone would date a field that the other one reads from the payee's row. */
static bool hides_field(const struct at_compose *c, int side, const struct at_ast_node *history) {
    for (size_t i = 0; i < c->side[!side].statements.n; i++) {
        const struct at_ast_node *payee = c->side[!side].statements.at[i];
        if (payee->kind != AT_N_PAYEE) continue;
        for (uint32_t k = 0; k < history->n; k++)
            if (history->child[k] && field_in(payee, history->child[k]->text)) return true;
    }
    return false;
}

static void put_table(struct at_compose *c, const struct at_ast_node *earlier,
                      const struct at_ast_node *later) {
    const struct at_ast_node *of = later ? later : earlier;
    int side = later != NULL;
    if (earlier && later &&
        !(at_str_eq(earlier->text2, later->text2) && at_str_eq(earlier->text3, later->text3)))
        at_compose_refuse(c, earlier, later,
                          "the versions read it from different files, but the plan has one table");
    else if (earlier && later)
        put_fields(c, earlier, later);
    else if (of->kind == AT_N_HISTORY && hides_field(c, side, of))
        at_compose_refuse(c, earlier, later, "a field of the payee is dated in one version alone");
    else
        copy(c, side, of);
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
    case AT_N_HISTORY:
    case AT_N_EXCHANGE:
    case AT_N_DATA: put_table(c, earlier, later); break;
    case AT_N_CREDIT: at_compose_credit(c, earlier, later); break;
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
    case AT_N_HELPING:
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
