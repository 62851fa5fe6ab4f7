/* check/line.c: `commission of deal.pilot`: what a `per` component pays for another row of its credit, or
 * what the row adds to a component `by` it `in order`, for the same payee. Without a reference, the value is
 * missing. */
#include "check/check_int.h"

const struct at_ast_node *at_check_line_name(const struct at_ast_node *of) {
    const struct at_ast_node *node = of->child[0];
    while (node) {
        bool factor = node->kind == AT_N_ARITH && (node->op == AT_OP_MUL || node->op == AT_OP_DIV);
        if (node->kind != AT_N_NEG && !factor) break;
        node = node->child[factor ? 1 : 0];
    }
    return node && node->kind == AT_N_NAME ? node : NULL;
}

/* Fields of the row come before other names. */
const struct at_ast_node *at_check_line_wanted(struct at_check *ck, const struct at_check_env *env,
                                               const struct at_ast_node *of) {
    const struct at_ast_node *name = at_check_line_name(of);
    struct at_check_decl *decl = name ? at_check_global(ck, name->text) : NULL;
    bool rows = env->place == AT_IN_ROW || env->place == AT_IN_CREDIT;
    if (!decl || (rows && at_check_field_find(ck, env->table, name->text) >= 0)) return NULL;
    return decl->symbol.kind == AT_SYM_COMPONENT || decl->symbol.kind == AT_SYM_MEASURE ? name : NULL;
}

static at_type refuse(struct at_diag *d, const struct at_check_decl *decl) {
    at_diag_label(d, decl->span, "declared here");
    return at_check_type_make(AT_T_NONE);
}

static at_type without_lines(struct at_check *ck, const struct at_ast_node *name,
                             const struct at_check_decl *decl) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0497, name->span,
                                    "`%.*s` does not have a line for each row", AT_STR_ARG(name->text));
    at_diag_help(d, "name a component that is paid `per` a credit, or `by` a credit `in order`");
    return refuse(d, decl);
}

static at_type of_another_table(struct at_check *ck, const struct at_ast_node *of,
                                const struct at_check_decl *decl, uint32_t table) {
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0497, at_check_child(of, 1)->span, "`%.*s` has lines for rows of %.*s, found %.*s",
        AT_STR_ARG(decl->symbol.name), AT_STR_ARG(ck->out->schemas[table].name),
        AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, at_check_child(of, 1)))));
    at_diag_help(d, "write a field after `of` that refers to a row of %.*s",
                 AT_STR_ARG(ck->out->schemas[table].name));
    return refuse(d, decl);
}

at_type at_check_line(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *of,
                      at_type row) {
    const struct at_ast_node *name = at_check_line_name(of);
    struct at_check_decl *decl = at_check_global(ck, name->text);
    struct at_check_env inner = *env;
    at_type none = at_check_type_make(AT_T_NONE);
    if (decl->symbol.kind != AT_SYM_COMPONENT) return without_lines(ck, name, decl);
    if (env->place != AT_IN_CREDIT && env->place != AT_IN_ROW) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0497, of->span,
                                        "the line of another row is known only at the rows of a credit");
        at_diag_help(d, "use it in `pay … per CREDIT`, or in a measure of a credit");
        return refuse(d, decl);
    }
    inner.based = false;
    inner.line = name;
    at_type type = at_check_value(ck, &inner, at_check_child(of, 0));
    if (type.kind == AT_T_NONE || !at_check_is_numeric(type)) return none;
    const struct at_check_component_decl *component = &ck->out->components[decl->symbol.index];
    int32_t feed = component->in_order ? component->by_feed : component->per_feed;
    if (feed < 0) return without_lines(ck, name, decl);
    uint32_t table = ck->out->feeds[feed].table;
    if (table == UINT16_MAX) return none;
    if (row.table != table) return of_another_table(ck, of, decl, table);
    type.optional = row.optional;
    return type;
}
