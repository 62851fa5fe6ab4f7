/* check/independent.c: `require pay does not depend on rep.gender`: which pay, and which field. Whether pay
 * depends on the field follows from the plan: depend/. */
#include "check/check_int.h"

/* The table of a path such as `rep.gender`, or -1 with a message. */
static int32_t table_of(struct at_check *ck, const struct at_ast_node *path) {
    const struct at_ast_node *name = path->kind == AT_N_MEMBER ? path->child[0] : NULL;
    const struct at_schema *payee =
        ck->out->payee_table >= 0 ? &ck->out->schemas[ck->out->payee_table] : NULL;
    struct at_check_decl *decl = name && name->kind == AT_N_NAME ? at_check_global(ck, name->text) : NULL;
    if (decl && decl->symbol.kind == AT_SYM_TABLE) {
        decl->symbol.used = true;
        ck->out->symbols[name->id] = &decl->symbol;
        return (int32_t)decl->symbol.index;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A1291, path->span, "expected a field of a table");
    if (payee && path->kind == AT_N_NAME &&
        at_check_field_find(ck, (uint32_t)ck->out->payee_table, path->text) >= 0) {
        at_diag_help(d, "did you mean `%.*s.%.*s`?", AT_STR_ARG(payee->name), AT_STR_ARG(path->text));
        at_diag_fix(d, path->span, "%.*s.%.*s", AT_STR_ARG(payee->name), AT_STR_ARG(path->text));
    } else if (payee)
        at_diag_help(d, "name the table and its field, such as `%.*s.%.*s`", AT_STR_ARG(payee->name),
                     AT_STR_ARG(payee->fields[payee->n_fields - 1].name));
    return -1;
}

/* The field, and where a dated one has its values. */
static bool read_field(struct at_check *ck, const struct at_ast_node *path, uint32_t table,
                       struct at_check_independent_decl *out) {
    const struct at_schema *schema = &ck->out->schemas[table];
    int32_t field = at_check_field_find(ck, table, path->text);
    if (field < 0) {
        struct at_str_nearest suggest = {.wanted = path->text};
        at_check_suggest_fields(ck, &suggest, table);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0225, path->name_span, "%.*s has no field `%.*s`",
                                        AT_STR_ARG(schema->name), AT_STR_ARG(path->text));
        at_check_suggest_help(d, &suggest);
        return false;
    }
    ck->out->symbols[path->id] = &at_check_field_use(ck, table, field)->symbol;
    bool dated = (uint32_t)field >= schema->n_fields;
    out->table = dated ? schema->fields[field].dated_table : (uint16_t)table;
    out->field = dated ? schema->fields[field].dated_field : (uint16_t)field;
    return true;
}

/* The component, -1: all pay. False with a message. */
static bool read_component(struct at_check *ck, const struct at_ast_node *node, int32_t *out) {
    *out = -1;
    if (node->text2.n == 0) return true;
    struct at_check_decl *decl = at_check_global(ck, node->text2);
    if (decl && decl->symbol.kind == AT_SYM_COMPONENT) {
        *out = (int32_t)decl->symbol.index;
        return true;
    }
    struct at_str_nearest suggest = {.wanted = node->text2};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_COMPONENT);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0202, node->span2, "unknown component `%.*s`", AT_STR_ARG(node->text2));
    if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "write `pay` for all components together");
    return false;
}

void at_check_independent(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_independent_decl decl = {.node = node};
    const struct at_ast_node *path = at_check_child(node, 0);
    bool named = read_component(ck, node, &decl.component);
    int32_t table = path ? table_of(ck, path) : -1;
    if (table < 0 || !read_field(ck, path, (uint32_t)table, &decl) || !named) return;
    ck->out->independents[ck->out->n_independents++] = decl;
}
