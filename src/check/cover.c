/* check/cover.c: the days of `applies to`, on which the policy covers a payee, and `covered`.
 *
 * The days are dates of the payee, or of the rows of one table that refer to the payee. A date that is
 * missing leaves its end open.
 */
#include "check/check_int.h"

/* ---- which table has the dates */

struct owner {
    struct at_check *ck;
    int32_t table;                 /* -1: no table is named */
    const struct at_ast_node *two; /* names another table */
};

static bool find_owner(void *context, const struct at_ast_node *node) {
    struct owner *owner = context;
    const struct at_ast_node *base = node->kind == AT_N_MEMBER ? at_check_child(node, 0) : NULL;
    struct at_check_decl *decl =
        base && base->kind == AT_N_NAME ? at_check_global(owner->ck, base->text) : NULL;
    if (!decl || decl->symbol.kind != AT_SYM_TABLE) return true;
    if (owner->table >= 0 && owner->table != (int32_t)decl->symbol.index && !owner->two) owner->two = base;
    if (owner->table < 0) owner->table = (int32_t)decl->symbol.index;
    return true;
}

static void two_tables(struct at_check *ck, const struct owner *owner) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1188, owner->two->span, "the days are of two tables, `%.*s` and `%.*s`",
                    AT_STR_ARG(ck->out->schemas[owner->table].name), AT_STR_ARG(owner->two->text));
    at_diag_help(d, "name two dates of one row, or write an `except` of its own for each table");
}

/* The one field of the table that refers to the payee. */
static bool find_payee(struct at_check *ck, const struct at_ast_node *node,
                       struct at_check_cover_decl *cover) {
    const struct at_schema *schema = &ck->out->schemas[cover->table],
                           *payee = &ck->out->schemas[ck->out->payee_table];
    uint32_t n = 0;
    for (uint32_t f = 0; f < schema->n_fields; f++)
        n += schema->fields[f].type.kind == AT_T_REF && schema->fields[f].type.table == ck->out->payee_table;
    cover->payee = at_check_payee_reference(ck, cover->table, NULL);
    if (n == 1) {
        at_check_field_use(ck, cover->table, cover->payee);
        return true;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A1188, node->span,
                                    n ? "more than one field of `%.*s` refers to a %.*s"
                                      : "no field of `%.*s` refers to a %.*s",
                                    AT_STR_ARG(schema->name), AT_STR_ARG(payee->name));
    at_diag_label(d, at_check_name_span(ck->tables[cover->table]), "the table");
    if (n)
        at_diag_help(d, "leave one of them out of the table, or declare it as `text`");
    else
        at_diag_help(d, "add a field such as `%.*s %.*s` to the table", AT_STR_ARG(payee->name),
                     AT_STR_ARG(payee->name));
    return false;
}

/* ---- the dates */

/* Of a period, its first or its last day counts. */
static void check_date(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *date) {
    if (!date) return;
    at_type type = at_check_expr(ck, env, date);
    if (type.kind == AT_T_NONE || type.kind == AT_T_DATE || type.kind == AT_T_PERIOD) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1187, date->span, "expected a date, found %.*s",
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, date);
    at_diag_help(d, "name a field of type `date`");
}

static void check_days(struct at_check *ck, const struct at_ast_node *days, bool except) {
    struct at_check_policy *out = ck->out;
    struct at_check_cover_decl cover = {.node = days,
                                        .from = at_check_child(days, 0),
                                        .to = at_check_child(days, 1),
                                        .payee = -1,
                                        .except = except};
    struct owner owner = {.ck = ck, .table = -1};
    at_ast_walk(days, find_owner, &owner);
    cover.table = (uint16_t)(owner.table < 0 ? out->payee_table : owner.table);
    if (owner.two) {
        two_tables(ck, &owner);
        return;
    }
    if (cover.table != out->payee_table && !find_payee(ck, days, &cover)) return;
    struct at_check_env env = at_check_env_row(ck, cover.table, "`applies to`");
    if (cover.table == out->payee_table) env.facts = ck->payee_facts;
    check_date(ck, &env, cover.from);
    check_date(ck, &env, cover.to);
    out->covers[out->n_covers++] = cover;
}

void at_check_covers(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    out->covers = AT_NEW_ARRAY(ck->arena, struct at_check_cover_decl, node->n + 1);
    for (uint32_t i = 1; i < node->n; i++)
        if (node->child[i]) check_days(ck, node->child[i], i > 1);
}

/* ---- `covered` */

static bool names_covered(struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *base) {
    if (!base || base->kind != AT_N_NAME || !at_str_eq(base->text, AT_STR("covered"))) return false;
    if (at_check_global(ck, base->text)) return false;
    for (uint32_t i = 0; env->function && i < env->function->n; i++)
        if (at_str_eq(env->function->names[i], base->text)) return false;
    bool rows = env->place == AT_IN_ROW || env->place == AT_IN_CREDIT;
    if (rows && at_check_field_find(ck, env->table, base->text) >= 0) return false;
    int32_t payee = ck->out->payee_table;
    return payee < 0 || at_check_field_find(ck, (uint32_t)payee, base->text) < 0;
}

static at_type wrong_place(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node) {
    at_str text = at_check_quote(ck, node);
    struct at_diag *d = at_diag_add(ck->diags, AT_A1189, node->span, "`%.*s` has no value in %s",
                                    AT_STR_ARG(text), env->where);
    if (env->place == AT_IN_GROUP && !at_str_eq(node->text, AT_STR("last")))
        at_diag_help(d, "write `sum(%.*s by member)` to sum it over the members", AT_STR_ARG(text));
    else if (env->place == AT_IN_FUNCTION)
        at_diag_help(d, "add a parameter to the function, and pass `%.*s` when you call it",
                     AT_STR_ARG(text));
    else
        at_diag_help(d, "use it in a measure or a `pay` statement");
    return at_check_type_make(AT_T_NONE);
}

bool at_check_covered(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                      at_type *type) {
    if (!names_covered(ck, env, at_check_child(node, 0))) return false;
    *type = at_check_type_make(AT_T_NONE);
    for (uint32_t i = 0; i < AT_COUNT(ck->covered); i++) {
        struct at_check_decl *decl = &ck->covered[i];
        if (!at_str_eq(node->text, decl->symbol.name)) continue;
        if (env->place != AT_IN_CELL && env->place != AT_IN_CREDIT) {
            *type = wrong_place(ck, env, node);
            return true;
        }
        if (env->place == AT_IN_CELL) at_check_block(ck, -1, node);
        ck->out->symbols[node->id] = &decl->symbol;
        decl->symbol.used = true;
        *type = decl->symbol.type;
        return true;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A1189, at_check_name_span(node),
                                    "unknown part `%.*s` of `covered`", AT_STR_ARG(node->text));
    at_diag_help(d, "write `covered.days`, `covered.share`, or `covered.last`");
    return true;
}
