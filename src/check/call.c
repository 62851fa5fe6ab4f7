/* check/call.c: what is called: functions of the policy, rates, lookup tables. Built-ins are in builtin.c. */
#include "check/check_int.h"

static void wrong_count(struct at_check *ck, const struct at_ast_node *node, const struct at_check_decl *decl,
                        uint32_t wanted) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0314, node->span, "`%.*s` takes %u value%s, not %u",
                                    AT_STR_ARG(decl->symbol.name), wanted, wanted == 1 ? "" : "s", node->n);
    if (decl->symbol.node) at_diag_label(d, decl->span, "declared here");
}

/* `declared` is the place of the parameter, or empty. `role` is the label for it. */
static bool argument_fits(struct at_check *ck, const struct at_ast_node *arg, at_type type, at_type wanted,
                          const struct at_check_decl *decl, at_str role, at_span declared) {
    if (at_check_fits(ck, arg, type, wanted)) return true;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0315, arg->span, "`%.*s` requires %.*s, found %.*s",
                                    AT_STR_ARG(decl->symbol.name), AT_STR_ARG(at_check_type_say(ck, wanted)),
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, arg);
    if (declared.end) at_diag_label(d, declared, "%.*s", AT_STR_ARG(role));
    if (wanted.kind == AT_T_NUMBER && type.kind == AT_T_MONEY)
        at_diag_help(d, "divide the amount by another to get a number, such as `%.*s / quota`",
                     AT_STR_ARG(at_check_quote(ck, arg)));
    return false;
}

/* `cell`: all measures, the payee's fields, and in adjustments what components pay. It may look at any of
 * them. */
static void cell_argument(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *arg,
                          const struct at_check_decl *decl) {
    bool is_word = arg->kind == AT_N_NAME && at_str_eq(arg->text, AT_STR("cell"));
    /* A measure cannot pass the cell, because the cell contains all measures, and so this one. */
    bool measure = ck->working && ck->working->symbol.kind == AT_SYM_MEASURE && !env->adjusting;
    if (!is_word || env->place != AT_IN_CELL || measure) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A1010, arg->span,
                        is_word ? "`cell` is not available here" : "`%.*s` requires the whole cell",
                        AT_STR_ARG(decl->symbol.name));
        at_diag_help(d, is_word ? "use `cell` in pay, adjust, cap, and floor" : "write `cell`");
        return;
    }
    /* The hook may read any measure, so all of them are needed first, and count as used. */
    for (size_t i = 0; i < ck->decls.n; i++) {
        struct at_check_decl *other = ck->decls.at[i];
        if (other->symbol.kind != AT_SYM_MEASURE) continue;
        if (at_check_need(ck, other, arg->span)) other->symbol.used = true;
    }
    const struct at_schema *payee = ck->out->payee_table < 0 ? NULL : &ck->out->schemas[ck->out->payee_table];
    for (uint32_t f = 0; payee && f < at_schema_all(payee); f++) {
        if (at_check_is_hidden(ck->out, f)) continue;
        at_type type = payee->fields[f].type;
        at_check_field_use(ck, (uint32_t)ck->out->payee_table, (int32_t)f);
        /* Lua gets a reference as its key, so the key must be read from the file. */
        if (type.kind == AT_T_REF && type.table < ck->out->n_schemas && ck->out->schemas[type.table].key >= 0)
            at_check_field_use(ck, type.table, ck->out->schemas[type.table].key);
    }
}

static at_type call_function(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, struct at_check_decl *decl) {
    struct at_check_function_decl *function = &ck->out->functions[decl->symbol.index];
    bool sound = at_check_need(ck, decl, at_check_name_span(node));
    if (node->n != function->n) wrong_count(ck, node, decl, function->n);
    for (uint32_t i = 0; i < node->n; i++) {
        if (i < function->n && node->child[i] && at_check_is_cell(function->types[i])) {
            cell_argument(ck, env, node->child[i], decl);
            continue;
        }
        at_type type = at_check_value(ck, env, node->child[i]);
        if (i >= function->n || !node->child[i]) continue;
        const struct at_ast_node *parameter = at_check_child(decl->symbol.node, i);
        argument_fits(ck, node->child[i], type, function->types[i], decl, AT_STR("declared here"),
                      parameter ? parameter->span : (at_span){0, 0});
    }
    return sound ? function->result : at_check_type_make(AT_T_NONE);
}

static at_type call_rates(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                          struct at_check_decl *decl) {
    if (!at_check_need(ck, decl, at_check_name_span(node))) return at_check_type_make(AT_T_NONE);
    const struct at_check_rates_decl *rates = &ck->out->rates[decl->symbol.index];
    /* The first use of this form, for the warning about values below the first tier. */
    if (!decl->called_whole) decl->called_whole = node;
    if (node->n != 1) wrong_count(ck, node, decl, 1);
    for (uint32_t i = 0; i < node->n; i++) {
        at_type type = at_check_value(ck, env, node->child[i]);
        if (i > 0 || !node->child[i]) continue;
        at_span first = rates->n_steps ? rates->steps[0].threshold->span : (at_span){0, 0};
        argument_fits(ck, node->child[i], type, rates->threshold, decl, AT_STR("the first threshold"), first);
        if (rates->n_steps)
            at_check_near_threshold(ck, node->child[i], rates->steps[rates->n_steps - 1].threshold);
    }
    return rates->rate;
}

static at_type call_lookup(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node, struct at_check_decl *decl) {
    if (!at_check_need(ck, decl, at_check_name_span(node))) return at_check_type_make(AT_T_NONE);
    const struct at_check_lookup_decl *lookup = &ck->out->lookups[decl->symbol.index];
    if (lookup->n_keys && node->n != lookup->n_keys) wrong_count(ck, node, decl, lookup->n_keys);
    const struct at_ast_node *keys = at_check_child(decl->symbol.node, 0);
    for (uint32_t i = 0; i < node->n; i++) {
        at_type type = at_check_value(ck, env, node->child[i]);
        if (i >= lookup->n_keys || !node->child[i]) continue;
        const struct at_ast_node *key = keys && keys->kind == AT_N_KEYS ? at_check_child(keys, i) : NULL;
        argument_fits(ck, node->child[i], type, lookup->key_type[i], decl, AT_STR("this key"),
                      key ? key->span : (at_span){0, 0});
        at_check_longer_key(ck, env, node, lookup, i);
        const struct at_check_key *sides[2] = {lookup->rows, lookup->columns};
        for (uint32_t k = i ? lookup->n_columns : lookup->n_rows; k-- > 0;)
            if (sides[i][k].node && sides[i][k].kind != AT_KEY_VALUE) {
                at_check_near_threshold(ck, node->child[i], sides[i][k].node);
                break;
            }
        if (type.kind == AT_T_REF && ck->out->schemas[type.table].key >= 0)
            at_check_field_use(ck, type.table, ck->out->schemas[type.table].key);
    }
    return lookup->value;
}

static at_type not_callable(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node, struct at_check_decl *decl) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0333, at_check_name_span(node), "`%.*s` is %s, not a function",
                    AT_STR_ARG(node->text), at_check_kind_say(ck, &decl->symbol));
    at_diag_label(d, decl->span, "declared here");
    if (node->n == 1)
        at_diag_help(d, "write a product with `*`: `%.*s * %.*s`", AT_STR_ARG(node->text),
                     AT_STR_ARG(at_check_quote(ck, node->child[0])));
    else
        at_diag_help(d, "write the name without parentheses");
    for (uint32_t i = 0; i < node->n; i++)
        at_check_expr(ck, env, node->child[i]);
    return at_check_type_make(AT_T_NONE);
}

static int builtin_named(const struct at_check *ck, at_str name) {
    for (int i = 0; i < AT_B_COUNT_OF; i++)
        if (at_str_eq(ck->builtins[i].symbol.name, name)) return i;
    return -1;
}

/* Whether an argument of an unknown function names rows, as `SUMIF(booking, amount)` does. That it has no
 * value follows from the function, so it is not reported again. */
static bool rows_of(struct at_check *ck, const struct at_ast_node *node) {
    if (node->kind != AT_N_NAME) return false;
    struct at_check_decl *decl = at_check_global(ck, node->text);
    bool rows = decl && (decl->symbol.kind == AT_SYM_CREDIT || decl->symbol.kind == AT_SYM_TABLE);
    if (rows) decl->symbol.used = true;
    return rows || at_str_eq(node->text, AT_STR("amount"));
}

at_type at_check_call(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    int builtin = builtin_named(ck, node->text);
    struct at_check_env inner = *env;
    inner.based = false; /* a rate in an argument is just a number */
    inner.base = at_check_type_make(AT_T_NONE);
    bool callable = decl && (decl->symbol.kind == AT_SYM_FUNCTION || decl->symbol.kind == AT_SYM_RATES ||
                             decl->symbol.kind == AT_SYM_LOOKUP);
    /* A function of the policy may have the name of a built-in only after an error. Other names,
     * such as a measure `rank`, do not hide the built-in. */
    if (builtin >= 0 && !callable) {
        ck->out->symbols[node->id] = &ck->builtins[builtin].symbol;
        return at_check_builtin(ck, &inner, node, (enum at_check_builtin_id)builtin);
    }
    if (node->by.n) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0334, node->by_span.end ? node->by_span : node->span,
                        "`by` belongs to total, rank and share, not to `%.*s`", AT_STR_ARG(node->text));
        at_diag_help(d, "delete `by %.*s`", AT_STR_ARG(node->by));
    }
    if (!decl) {
        if (node->text.n) at_check_unknown(ck, node, node->text, at_check_name_span(node), env);
        for (uint32_t i = 0; i < node->n; i++)
            if (!rows_of(ck, node->child[i])) at_check_expr(ck, &inner, node->child[i]);
        return at_check_type_make(AT_T_NONE);
    }
    if (!callable) return not_callable(ck, &inner, node, decl);
    ck->out->symbols[node->id] = &decl->symbol;
    decl->symbol.used = true;
    if (decl->symbol.kind == AT_SYM_FUNCTION) return call_function(ck, &inner, node, decl);
    if (decl->symbol.kind == AT_SYM_RATES) return call_rates(ck, &inner, node, decl);
    return call_lookup(ck, &inner, node, decl);
}
