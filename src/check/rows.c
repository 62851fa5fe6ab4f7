/* check/rows.c: rows of a row: `sum(receipt.amount)` in the scope of a contract is the sum of the receipts
 * that refer to it. The rows are gathered by one of their references. Without `by`, this is the only field
 * that refers to the table of the current row. With `by`, it is that field, and the current row has a field
 * of the same name, or is itself the row that the field names. */
#include "check/check_int.h"

struct search {
    struct at_check *ck;
    int32_t table;
};

/* The first table that is named decides. Names after it are checked in the scope of its rows. */
static bool find_table(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    if (search->table >= 0 || node->kind == AT_N_WHERE) return false;
    if (node->kind != AT_N_NAME) return true;
    const struct at_check_decl *decl = at_check_global(search->ck, node->text);
    if (decl && decl->symbol.kind == AT_SYM_TABLE) search->table = (int32_t)decl->symbol.index;
    return true;
}

static bool aggregates(at_str name) {
    static const char *const names[] = {"sum", "count", "average", "min", "max"};
    for (size_t i = 0; i < AT_COUNT(names); i++)
        if (at_str_eq(name, at_str_z(names[i]))) return true;
    return false;
}

int32_t at_check_rows_of(struct at_check *ck, const struct at_ast_node *call) {
    struct search search = {ck, -1};
    bool where = call->n == 2 && call->child[1] && call->child[1]->kind == AT_N_WHERE;
    if (!aggregates(call->text) || !(call->n == 1 || where) || !call->child[0]) return -1;
    if (at_check_global(ck, call->text) && at_check_global(ck, call->text)->symbol.kind == AT_SYM_FUNCTION)
        return -1;
    at_ast_walk(call->child[0], find_table, &search);
    return search.table;
}

/* The only field of `table` that refers to `target`; -1 with a diagnostic if there is none or several. */
static int32_t only_reference(struct at_check *ck, const struct at_ast_node *node, uint32_t table,
                              uint32_t target) {
    const struct at_schema *schema = &ck->out->schemas[table];
    int32_t found = -1, other = -1;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        if (schema->fields[f].type.kind != AT_T_REF || schema->fields[f].type.table != target) continue;
        if (found >= 0)
            other = (int32_t)f;
        else
            found = (int32_t)f;
    }
    if (found >= 0 && other < 0 && table != target) return found;
    at_str to = ck->out->schemas[target].name;
    if (found < 0) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0465, node->span, "rows of %.*s do not refer to a row of %.*s",
                        AT_STR_ARG(schema->name), AT_STR_ARG(to));
        at_diag_help(d,
                     table == target
                         ? "name the field that the rows share, as in `count(%.*s by FIELD)`"
                         : "declare the field of %.*s as a reference, or name the field that the rows share "
                           "with this row after `by`",
                     AT_STR_ARG(schema->name));
        return -1;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0466, node->span, "unclear reference from %.*s to %.*s",
                                    AT_STR_ARG(schema->name), AT_STR_ARG(to));
    at_diag_label(d, ck->fields[table][found]->span, "a %.*s", AT_STR_ARG(to));
    if (other >= 0) at_diag_label(d, ck->fields[table][other]->span, "a %.*s", AT_STR_ARG(to));
    at_diag_help(d, "name the field: `by %.*s`", AT_STR_ARG(schema->fields[found].name));
    return -1;
}

/* The field after `by`, and how the current row names the same row. */
static bool named_reference(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node, struct at_check_rows_decl *rows) {
    at_span span = node->by_span.end ? node->by_span : node->span;
    const struct at_schema *schema = &ck->out->schemas[rows->table];
    rows->field = at_check_field_find(ck, rows->table, node->by);
    if (rows->field < 0 || schema->fields[rows->field].type.kind != AT_T_REF) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0465, span,
                                        rows->field < 0 ? "%.*s does not have a field `%.*s`"
                                                        : "the field of %.*s is not a reference: `%.*s`",
                                        AT_STR_ARG(schema->name), AT_STR_ARG(node->by));
        at_diag_help(d, "after `by`, name a field of %.*s that refers to another table",
                     AT_STR_ARG(schema->name));
        return false;
    }
    uint32_t target = schema->fields[rows->field].type.table;
    int32_t own = at_check_field_find(ck, env->table, node->by);
    if (own >= 0) {
        at_type type = ck->out->schemas[env->table].fields[own].type;
        if (type.kind == AT_T_REF && type.table == target) rows->own = own;
    }
    if (rows->own >= 0 || target == env->table) return true;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0465, span, "this row of %.*s does not name a %.*s",
                    AT_STR_ARG(ck->out->schemas[env->table].name), AT_STR_ARG(ck->out->schemas[target].name));
    at_diag_help(d, "use it where the current row is a %.*s, or has a field `%.*s`",
                 AT_STR_ARG(ck->out->schemas[target].name), AT_STR_ARG(node->by));
    return false;
}

static at_type value_type(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                          enum at_check_builtin_id which) {
    const struct at_ast_node *value = node->child[0];
    at_type type = at_check_value(ck, env, value);
    if (which == AT_B_COUNT) return at_check_type_make(AT_T_NUMBER);
    bool edge = which == AT_B_MIN || which == AT_B_MAX;
    if (type.kind == AT_T_NONE) return type;
    if (!at_check_is_numeric(type) && !(edge && type.kind == AT_T_DATE)) {
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0339, value->span, "`%.*s` requires %s, found %.*s", AT_STR_ARG(node->text),
            edge ? "money, numbers, or dates" : "money or numbers", AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_show_origin(ck, d, value);
        at_diag_help(d, "to count rows, write `count(%.*s)`", AT_STR_ARG(ck->out->schemas[env->table].name));
        return at_check_type_make(AT_T_NONE);
    }
    type.optional = which != AT_B_SUM;
    return type;
}

at_type at_check_rows(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                      enum at_check_builtin_id which) {
    struct at_check_rows_decl rows = {
        .table = (uint16_t)at_check_rows_of(ck, node), .field = -1, .own = -1, .value = node->child[0]};
    struct at_check_env inner = at_check_env_row(ck, rows.table, "rows of a row");
    at_check_global(ck, ck->out->schemas[rows.table].name)->symbol.used = true;
    if (node->n > 1) rows.where = at_check_child(node->child[1], 0);
    at_check_condition(ck, &inner, rows.where);
    inner.facts = at_check_facts_if(ck, NULL, rows.where, true);
    at_type type = value_type(ck, &inner, node, which);
    if (which == AT_B_COUNT) rows.value = NULL;
    if (env->table >= ck->out->n_schemas) return at_check_type_make(AT_T_NONE);
    bool found = node->by.n ? named_reference(ck, env, node, &rows)
                            : (rows.field = only_reference(ck, node, rows.table, env->table)) >= 0;
    if (!found) return at_check_type_make(AT_T_NONE);
    at_check_field_use(ck, rows.table, rows.field);
    if (rows.own >= 0) {
        at_check_field_use(ck, env->table, rows.own);
        type.optional |= ck->out->schemas[env->table].fields[rows.own].type.optional;
    }
    ck->out->groups[node->id] = (int32_t)ck->rows.n;
    AT_VEC_PUSH(ck->arena, &ck->rows, rows);
    ck->out->rows = ck->rows.at;
    ck->out->n_rows = (uint32_t)ck->rows.n;
    return type;
}
