/* check/people.c: asks which reading a value over people has, where the readings can differ.
 *
 * A pool recalculates the formulas of its statement for the group. A name of a formula, and the argument of
 * `total`, could also mean the sum of the members' own values, so the policy specifies the reading if the two
 * can differ. A value of the whole company in the pool of a team could also mean the team's part of it.
 */
#include "check/reading.h"

typedef struct at_check_reading reading;
typedef struct at_check_question question;

enum lonely { LONELY_NEW, LONELY_BUSY, LONELY_NO, LONELY_YES };

struct people {
    struct at_check *ck;
    question **of;                                  /* by field + 1: made when it is first needed */
    const struct at_check_measure_decl **companies; /* by measure: a value of the company in it */
    uint8_t *searched, *lonely;                     /* by measure: companies is known; enum lonely */
    bool *busy;                                     /* by measure: a condition that is being checked */
};

static question *question_of(struct people *p, int32_t group) {
    question **kept = &p->of[group + 1];
    if (*kept) return *kept;
    *kept = AT_NEW(p->ck->arena, question);
    **kept = at_check_question_new(p->ck, true, group);
    at_check_reading_measures(p->ck, *kept);
    return *kept;
}

static const struct at_check_measure_decl *measure_of(const struct at_check *ck,
                                                      const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_NAME ? ck->out->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_MEASURE ? &ck->out->measures[symbol->index] : NULL;
}

static bool is_builtin(const struct at_check *ck, const struct at_ast_node *node,
                       enum at_check_builtin_id which) {
    const struct at_check_symbol *symbol = node->kind == AT_N_CALL ? ck->out->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_BUILTIN && symbol->index == (uint32_t)which;
}

static bool sums_members(const struct at_check *ck, const struct at_ast_node *node) {
    return is_builtin(ck, node, AT_B_SUM) && at_check_by_member(node);
}

/* ---- a value of the whole company */

static const struct at_check_measure_decl *company_in(struct people *p, const struct at_ast_node *node);

static const struct at_check_measure_decl *company_of(struct people *p,
                                                      const struct at_check_measure_decl *measure) {
    uint32_t index = measure->symbol ? measure->symbol->index : 0;
    if (measure->aggregate) return p->ck->out->feeds[measure->feed].n_to == 0 ? measure : NULL;
    if (p->searched[index] || !measure->expr) return p->companies[index];
    p->searched[index] = true;
    return p->companies[index] = company_in(p, measure->expr);
}

/* `total` and `sum(… by member)` specify whose value is meant. */
static const struct at_check_measure_decl *company_in(struct people *p, const struct at_ast_node *node) {
    const struct at_check_measure_decl *measure = measure_of(p->ck, node), *found = NULL;
    if (measure) return company_of(p, measure);
    if (is_builtin(p->ck, node, AT_B_TOTAL) || sums_members(p->ck, node)) return NULL;
    for (uint32_t i = 0; i < node->n && !found; i++)
        if (node->child[i]) found = company_in(p, node->child[i]);
    return found;
}

/* The aggregate with a clause after its table: `sum of amount from goal by team on quarter`. */
static at_str with_clause(struct at_check *ck, const struct at_ast_node *aggregate, at_str clause) {
    at_span whole = aggregate->span, name = at_check_name_span(aggregate);
    at_str before = at_diag_sources_text(ck->ast->sources, (at_span){whole.start, name.end});
    at_str after = at_diag_sources_text(ck->ast->sources, (at_span){name.end, whole.end});
    return at_str_format(ck->arena, "%.*s %.*s%.*s", AT_STR_ARG(before), AT_STR_ARG(clause),
                         AT_STR_ARG(after));
}

/* What gives each group, or each payee, rows of its own; empty where the table has no field for it. */
static at_str clause_for(struct at_check *ck, const struct at_check_measure_decl *measure, int32_t group) {
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    at_str name = ck->out->schemas[ck->out->payee_table].fields[group].name;
    if (feed->name.n) return AT_STR("");
    if (at_check_field_find(ck, feed->table, name) >= 0)
        return at_str_format(ck->arena, "by %.*s", AT_STR_ARG(name));
    int32_t payee = at_check_payee_reference(ck, feed->table, feed);
    if (payee < 0) return AT_STR("");
    return at_str_format(ck->arena, "to %.*s", AT_STR_ARG(ck->out->schemas[feed->table].fields[payee].name));
}

static void report_company(struct people *p, const struct at_ast_node *use, int32_t group,
                           const struct at_check_measure_decl *company) {
    struct at_check *ck = p->ck;
    at_str name = company->symbol->name, clause = clause_for(ck, company, group);
    at_str field = ck->out->schemas[ck->out->payee_table].fields[group].name;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0451, use->span, "`%.*s` is one value of the whole company, not of a %.*s",
                    AT_STR_ARG(name), AT_STR_ARG(field));
    at_diag_label(d, company->aggregate->span, "all rows of its table");
    if (clause.n)
        at_diag_help(d,
                     "write `measure %.*s = %.*s` for the rows of each %.*s, or `total(%.*s)` in place of "
                     "`%.*s` for all rows",
                     AT_STR_ARG(name), AT_STR_ARG(with_clause(ck, company->aggregate, clause)),
                     AT_STR_ARG(field), AT_STR_ARG(name), AT_STR_ARG(name));
    else
        at_diag_help(d, "write `total(%.*s)` in place of `%.*s` if all rows are meant", AT_STR_ARG(name),
                     AT_STR_ARG(name));
}

static bool check_company(struct people *p, const struct at_ast_node *node, int32_t group) {
    const struct at_check_measure_decl *company = group >= 0 ? company_in(p, node) : NULL;
    if (company) report_company(p, node, group, company);
    return company == NULL;
}

/* ---- pools */

static void report_name(struct at_check *ck, const struct at_ast_node *name, reading found) {
    at_str x = at_check_source(ck, name);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0450, name->span, "`%.*s` has two readings for a group", AT_STR_ARG(x));
    if (found.why) at_diag_label(d, found.why->span, "its readings can differ");
    at_diag_help(d,
                 "write `recalculated(%.*s)` to recalculate it from the group's totals, or `sum(%.*s by "
                 "member)` to sum its values of the members",
                 AT_STR_ARG(x), AT_STR_ARG(x));
}

/* `settled`: under `recalculated`. */
static void check_pool_text(struct people *p, const struct at_ast_node *node, int32_t group, bool settled) {
    if (!node || sums_members(p->ck, node) || is_builtin(p->ck, node, AT_B_TOTAL)) return;
    const struct at_check_measure_decl *measure = measure_of(p->ck, node);
    if (measure) {
        if (!check_company(p, node, group) || settled) return;
        /* Only values that add up have two readings. A condition is one of the group: so is what it compares.
         */
        if (!at_check_is_numeric(at_check_type_at(p->ck, node))) {
            if (!p->busy[measure->symbol->index]) {
                p->busy[measure->symbol->index] = true;
                check_pool_text(p, measure->expr, group, false);
                p->busy[measure->symbol->index] = false;
            }
            return;
        }
        reading found = at_check_reading_of(p->ck, question_of(p, group), node);
        if (found.kind == AT_READ_TWO && !found.past) report_name(p->ck, node, found);
        return;
    }
    settled |= is_builtin(p->ck, node, AT_B_RECALCULATED);
    for (uint32_t i = 0; i < node->n; i++)
        check_pool_text(p, node->child[i], group, settled);
}

static void check_pool(struct people *p, const struct at_check_component_decl *component,
                       const struct at_ast_node *node) {
    check_pool_text(p, node, component->group_field, false);
    /* A pool by day refuses rows of other groups in check/day.c. */
    if (node && !component->by_day) at_check_shared_rows(p->ck, node, component->group_field);
}

/* ---- total */

/* How a call goes on after its argument: ` by team ignoring missing)`. */
static at_str call_tail(struct at_check *ck, const struct at_ast_node *call) {
    at_str by = call->by.n ? at_str_format(ck->arena, " by %.*s", AT_STR_ARG(call->by)) : AT_STR("");
    return at_str_format(ck->arena, "%.*s%s)", AT_STR_ARG(by),
                         call->flags & AT_F_IGNORING ? " ignoring missing" : "");
}

static void report_total(struct at_check *ck, const struct at_ast_node *call, reading found) {
    const struct at_ast_node *arg = call->child[0];
    at_str x = at_check_source(ck, arg), tail = call_tail(ck, call);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0450, call->span, "`total(%.*s%.*s` has two readings",
                                    AT_STR_ARG(at_check_quote(ck, arg)), AT_STR_ARG(tail));
    if (found.kind == AT_READ_SAME)
        at_diag_label(d, arg->span, "the same for every member");
    else if (found.why && found.why != arg)
        at_diag_label(d, found.why->span, "its readings can differ");
    at_diag_help(d,
                 "write `total(recalculated(%.*s)%.*s` to recalculate it from the group's totals, or "
                 "`total(sum(%.*s by member)%.*s` to sum its values of the members",
                 AT_STR_ARG(x), AT_STR_ARG(tail), AT_STR_ARG(x), AT_STR_ARG(tail));
}

static void check_total(struct people *p, const struct at_ast_node *call) {
    const struct at_ast_node *arg = at_check_child(call, 0);
    int32_t group = p->ck->out->groups[call->id];
    if (!arg || at_check_type_at(p->ck, arg).kind == AT_T_NONE) return;
    reading found = at_check_reading_of(p->ck, question_of(p, group), arg);
    if (found.kind == AT_READ_NONE || !check_company(p, arg, group)) return;
    /* A rank or a text of the payee has no value for a group, so there is one reading. */
    if (found.past)
        p->ck->out->marks[call->id] |= AT_MARK_MEMBERS;
    else if (found.kind == AT_READ_TWO || found.kind == AT_READ_SAME)
        report_total(p->ck, call, found);
    if (!found.past) at_check_shared_rows(p->ck, arg, group);
}

/* ---- sums over members where there are none */

static const struct at_ast_node *lonely_in(struct people *p, const struct at_ast_node *node);

static bool lonely_measure(struct people *p, const struct at_check_measure_decl *measure) {
    uint8_t *kept = &p->lonely[measure->symbol->index];
    if (*kept != LONELY_NEW || !measure->expr) return *kept == LONELY_YES;
    *kept = LONELY_BUSY;
    *kept = lonely_in(p, measure->expr) ? LONELY_YES : LONELY_NO;
    return *kept == LONELY_YES;
}

/* The first sum over members, or name of a measure with one, for which a single payee has no members. */
static const struct at_ast_node *lonely_in(struct people *p, const struct at_ast_node *node) {
    const struct at_check_measure_decl *measure = measure_of(p->ck, node);
    const struct at_ast_node *found = NULL;
    if (sums_members(p->ck, node)) return node;
    if (measure) return measure->symbol && lonely_measure(p, measure) ? node : NULL;
    if (is_builtin(p->ck, node, AT_B_TOTAL)) return NULL;
    for (uint32_t i = 0; i < node->n && !found; i++)
        if (node->child[i]) found = lonely_in(p, node->child[i]);
    return found;
}

static void check_lonely(struct people *p, const struct at_ast_node *node) {
    const struct at_ast_node *found = node ? lonely_in(p, node) : NULL;
    if (!found || at_check_type_at(p->ck, found).kind == AT_T_NONE) return;
    struct at_diag *d =
        at_diag_add(p->ck->diags, AT_A0347, found->span, "`%.*s` sums members, but a single payee has none",
                    AT_STR_ARG(at_check_quote(p->ck, found)));
    at_diag_help(d, "write `total(%.*s)` for everyone, or `total(%.*s by …)` for the payee's group",
                 AT_STR_ARG(at_check_source(p->ck, found)), AT_STR_ARG(at_check_source(p->ck, found)));
}

/* ---- every statement */

static void check_component(struct people *p, const struct at_check_component_decl *component) {
    const struct at_ast_node *const of_member[] = {component->split_expr, component->have, component->among,
                                                   component->limit},
                                    *const of_cell[] = {component->on, component->expr, component->when};
    for (unsigned i = 0; i < AT_COUNT(of_member); i++)
        check_lonely(p, of_member[i]);
    for (unsigned i = 0; i < AT_COUNT(of_cell); i++) {
        if (component->kind == AT_POOL)
            check_pool(p, component, of_cell[i]);
        else
            check_lonely(p, of_cell[i]);
    }
}

void at_check_people(struct at_check *ck) {
    uint32_t n = ck->out->n_measures + 1;
    if (ck->out->payee_table < 0) return;
    const struct at_schema *payee = &ck->out->schemas[ck->out->payee_table];
    struct people p = {.ck = ck,
                       .of = AT_NEW_ARRAY(ck->arena, question *, at_schema_all(payee) + 1),
                       .companies = AT_NEW_ARRAY(ck->arena, const struct at_check_measure_decl *, n),
                       .searched = AT_NEW_ARRAY(ck->arena, uint8_t, n),
                       .lonely = AT_NEW_ARRAY(ck->arena, uint8_t, n),
                       .busy = AT_NEW_ARRAY(ck->arena, bool, n)};
    for (size_t i = 0; i < ck->totals.n; i++)
        check_total(&p, ck->totals.at[i]);
    for (uint32_t i = 0; i < ck->out->n_components; i++)
        if (ck->out->components[i].symbol) check_component(&p, &ck->out->components[i]);
    for (uint32_t i = 0; i < ck->out->n_adjustments; i++) {
        check_lonely(&p, ck->out->adjustments[i].at);
        check_lonely(&p, ck->out->adjustments[i].when);
    }
    for (uint32_t i = 0; i < ck->out->n_requires; i++)
        check_lonely(&p, ck->out->requires[i].cond);
}

void at_check_readings(struct at_check *ck) {
    if (ck->circular || ck->too_deep) return;
    at_check_todate(ck);
    at_check_people(ck);
}
