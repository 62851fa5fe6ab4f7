/* check/pool.c: `pool`: its groups, its amount, who shares it, and how it is divided. */
#include "check/check_int.h"

/* A payee without a group has no part in any pool, so the policy must decide what happens. */
static void optional_group(struct at_check *ck, int32_t field, at_span span) {
    uint32_t payee = (uint32_t)ck->out->payee_table;
    const struct at_schema *schema = &ck->out->schemas[payee];
    struct at_check_decl *decl = ck->fields[payee][field];
    if (!schema->fields[field].type.optional) return;
    for (const struct at_check_fact *fact = ck->payee_facts; fact; fact = fact->up)
        if (ck->out->symbols[fact->expr->id] == &decl->symbol) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0436, span, "`%.*s` may be missing, so a payee may have no group",
                    AT_STR_ARG(decl->symbol.name));
    at_diag_label(d, decl->span, "declared optional here");
    at_diag_help(d,
                 "declare it without `optional`, or leave such payees out with `applies to %.*s where %.*s "
                 "is not missing`",
                 AT_STR_ARG(schema->name), AT_STR_ARG(decl->symbol.name));
}

/* -2 is an error that is reported. */
static int32_t field_of_payee(struct at_check *ck, at_str name, at_span span) {
    if (ck->out->payee_table < 0) return -2; /* reported with the file */
    uint32_t payee = (uint32_t)ck->out->payee_table;
    int32_t field = at_check_field_find(ck, payee, name);
    if (field >= 0) {
        at_check_field_use(ck, payee, field);
        optional_group(ck, field, span);
        return field;
    }
    struct at_str_nearest suggest = {.wanted = name};
    at_check_suggest_fields(ck, &suggest, payee);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0225, span, "%.*s has no field `%.*s` to group by",
                                    AT_STR_ARG(ck->out->schemas[payee].name), AT_STR_ARG(name));
    at_diag_label(d, at_check_name_span(ck->tables[payee]), "its fields are declared here");
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "name a field by which payees are grouped, such as a team");
    return -2;
}

/* The field by which members are grouped: after `per`, or of the pool's own name; -1: everyone together. */
static int32_t group_of_pool(struct at_check *ck, const struct at_ast_node *node) {
    if (ck->out->payee_table < 0) return -1;
    uint32_t payee = (uint32_t)ck->out->payee_table;
    at_str name = node->text3.n ? node->text3 : node->text;
    at_span span = node->text3.n && node->span3.end ? node->span3 : at_check_name_span(node);
    if (node->text3.n == 0 && at_check_field_find(ck, payee, name) < 0) return -1;
    return field_of_payee(ck, name, span);
}

/* ---- how it is divided: for each member */

static at_type of_member(struct at_check *ck, const struct at_check_component_decl *component,
                         const struct at_ast_node *expr) {
    struct at_check_env env = at_check_env_cell(ck, "a member's part of a pool");
    env.rhythm = component->rhythm;
    return component->ignoring ? at_check_expr(ck, &env, expr) : at_check_value(ck, &env, expr);
}

static void must_be_numeric(struct at_check *ck, const struct at_check_component_decl *component,
                            const struct at_ast_node *expr, const char *what) {
    at_type type = of_member(ck, component, expr);
    if (type.kind == AT_T_NONE || at_check_is_numeric(type)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0424, expr->span, "a pool must be split %s, found %.*s",
                                    what, AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, expr);
    at_diag_help(d, "write `split by contribution`, `split equally`, or `split by` a measure");
}

/* A measure is its formula, so that naming the level changes nothing. */
static const struct at_ast_node *formula_of(const struct at_check *ck, const struct at_ast_node *expr) {
    for (unsigned depth = 0; expr && expr->kind == AT_N_NAME && depth < 100; depth++) {
        const struct at_check_symbol *symbol = ck->out->symbols[expr->id];
        if (!symbol || symbol->kind != AT_SYM_MEASURE) break;
        expr = ck->out->measures[symbol->index].expr;
    }
    return expr;
}

static void check_level(struct at_check *ck, struct at_check_component_decl *component) {
    const struct at_ast_node *level = component->split_expr;
    if (!level || of_member(ck, component, level).kind == AT_T_NONE) return;
    const struct at_ast_node *formula = formula_of(ck, level);
    bool quotient = formula && formula->kind == AT_N_ARITH && formula->op == AT_OP_DIV;
    at_type have = quotient ? at_check_type_at(ck, formula->child[0]) : at_check_type_make(AT_T_NONE);
    if (quotient && have.kind == AT_T_MONEY && have.currency == ck->out->currency) {
        component->have = formula->child[0];
        component->split_expr = formula->child[1];
        return;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0479, level->span,
                                    quotient ? "the first part of a level must be money of the policy"
                                             : "a level must be one value divided by another");
    at_check_show_origin(ck, d, level);
    at_diag_help(d, "write what a member has, divided by what the member should have, such as "
                    "`split to level paid / target`");
}

static void check_limit(struct at_check *ck, struct at_check_component_decl *component) {
    const struct at_ast_node *limit = component->limit;
    if (!limit) return;
    at_type type = of_member(ck, component, limit);
    if (type.kind == AT_T_NONE || (type.kind == AT_T_MONEY && type.currency == ck->out->currency)) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0478, limit->span, "the limit of a share must be money, found %.*s",
                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, limit);
    at_diag_help(d, "write an amount, such as `at most $4,000 each`");
}

static void check_among(struct at_check *ck, const struct at_ast_node *node,
                        struct at_check_component_decl *component) {
    const struct at_ast_node *among = at_check_child(node, 4);
    if (!among || ck->out->payee_table < 0) return;
    at_str payee = ck->out->schemas[ck->out->payee_table].name;
    if (!at_str_eq(among->text, payee)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0203, among->name_span,
                                        "the members of a pool are of `%.*s`, not of `%.*s`",
                                        AT_STR_ARG(payee), AT_STR_ARG(among->text));
        at_diag_help(d, "write `among %.*s where …`", AT_STR_ARG(payee));
        at_diag_fix(d, among->name_span, "%.*s", AT_STR_ARG(payee));
    }
    struct at_check_env env = at_check_env_cell(ck, "the condition of a member");
    env.rhythm = component->rhythm;
    component->among = at_check_child(among, 0);
    at_check_condition(ck, &env, component->among);
}

static void check_clauses(struct at_check *ck, const struct at_ast_node *node,
                          const struct at_check_component_decl *component) {
    bool shares = component->split == AT_OP_SHARES, level = component->split == AT_OP_LEVEL;
    const char *other = shares ? "split at" : level ? "split to level" : "at most";
    if (component->negatives && (shares || level || component->limit)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0480, at_check_name_span(node),
                        "`%.*s` cannot have `including negatives` and `%s`", AT_STR_ARG(node->text), other);
        at_diag_help(d, "delete one of them");
    } else if (shares && component->limit) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0480, component->limit->span, "a fixed share cannot have a limit");
        at_diag_help(d, "write `split by` in place of `split at`, or delete `at most … each`");
    }
}

/* The sum of the shares of a table of constants that is read with the role alone. A share for all other
 * roles counts only if it is zero, because their number is not known. */
static bool sum_of_table(struct at_check *ck, const struct at_ast_node *call, int32_t role, at_num *sum) {
    const struct at_check_symbol *symbol = ck->out->symbols[call->id];
    if (!symbol || symbol->kind != AT_SYM_LOOKUP) return false;
    const struct at_check_lookup_decl *table = &ck->out->lookups[symbol->index];
    struct at_check_decl *field = ck->fields[ck->out->payee_table][role];
    if (table->n_keys != 1 || call->n != 1 || ck->out->symbols[call->child[0]->id] != &field->symbol)
        return false;
    *sum = at_num_int(0);
    for (uint32_t i = 0; i < table->n_rows; i++) {
        at_num share;
        if (!table->values[i] || !at_check_fold_num(ck, table->values[i], &share)) return false;
        bool value = table->rows[i].kind == AT_KEY_VALUE, other = table->rows[i].kind == AT_KEY_OTHER;
        if (!value && !(other && at_num_cmp(ck->arena, share, at_num_int(0)) == 0)) return false;
        *sum = at_num_add(ck->arena, *sum, share);
    }
    return table->n_rows > 1;
}

/* Above 100%, every payout is withheld where all roles are held. Below, no one ever gets the rest. */
static void check_role_shares(struct at_check *ck, const struct at_check_component_decl *component) {
    const struct at_ast_node *split = component->split_expr;
    at_num sum, whole = at_num_int(1), hundred = at_num_int(100);
    if (component->split != AT_OP_SHARES || component->role_field < 0 || !split) return;
    if (!sum_of_table(ck, split, component->role_field, &sum)) return;
    int order = at_num_cmp(ck->arena, sum, whole);
    if (order == 0) return;
    at_str shown = at_num_print_short(ck->arena, at_num_mul(ck->arena, sum, hundred), 4, false, NULL);
    if (order > 0) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0482, split->span,
                                        "the shares of the roles sum to %.*s%%, which is more than the pool",
                                        AT_STR_ARG(shown));
        at_diag_help(d, "correct them, or accept it: `allow A0482 because \"…\"`");
        return;
    }
    at_num rest = at_num_mul(ck->arena, at_num_sub(ck->arena, whole, sum), hundred);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0482, split->span,
                    "the shares of the roles sum to %.*s%%, which is less than the pool", AT_STR_ARG(shown));
    at_diag_help(d,
                 "%.*s%% of the pool is not paid: increase a share, or accept it: "
                 "`allow A0482 because \"…\"`",
                 AT_STR_ARG(at_num_print_short(ck->arena, rest, 4, false, NULL)));
}

static void check_split(struct at_check *ck, const struct at_ast_node *node,
                        struct at_check_component_decl *component) {
    bool based = component->on || (component->parent >= 0 && ck->out->components[component->parent].on);
    if (component->split == AT_OP_CONTRIBUTION && !based) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0423, at_check_name_span(node),
                        "the pool `%.*s` does not name a base for contributions", AT_STR_ARG(node->text));
        at_diag_help(d, "write `pool %.*s on %s = … split by contribution`, or `split equally`",
                     AT_STR_ARG(node->text), at_check_some_measure(ck));
    } else if (component->split == AT_OP_LEVEL) {
        check_level(ck, component);
    } else if (component->split_expr) {
        must_be_numeric(ck, component, component->split_expr,
                        component->split == AT_OP_SHARES ? "at shares, which are numbers"
                                                         : "by money or a number");
    }
    check_among(ck, node, component);
    check_limit(ck, component);
    check_clauses(ck, node, component);
    check_role_shares(ck, component);
}

/* ---- a part of another pool */

static bool mentions(const struct at_check *ck, const struct at_ast_node *node,
                     const struct at_check_symbol *symbol) {
    if (!node) return false;
    if (ck->out->symbols[node->id] == symbol) return true;
    for (uint32_t i = 0; i < node->n; i++)
        if (mentions(ck, node->child[i], symbol)) return true;
    return false;
}

static struct at_diag *not_a_part(struct at_check *ck, const struct at_ast_node *from, const char *what) {
    return at_diag_add(ck->diags, AT_A0481, from->span, what, AT_STR_ARG(from->text));
}

/* Finds the pool after `from`. Returns false if the error is reported. */
static bool find_parent(struct at_check *ck, struct at_check_component_decl *component,
                        const struct at_ast_node *node) {
    const struct at_ast_node *from = component->from;
    struct at_check_decl *decl = at_check_global(ck, from->text);
    if (!decl) {
        struct at_str_nearest suggest = {.wanted = from->text};
        at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_COMPONENT);
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0202, from->span, "unknown pool `%.*s`", AT_STR_ARG(from->text));
        if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "name a pool after `from`");
        return false;
    }
    if (decl->symbol.kind != AT_SYM_COMPONENT || decl->symbol.node->kind != AT_N_POOL) {
        at_diag_help(not_a_part(ck, from, "`%.*s` is not a pool"), "name a pool after `from`");
        return false;
    }
    if (decl->symbol.node == node) {
        at_diag_help(not_a_part(ck, from, "`%.*s` cannot be a part of itself"), "name another pool");
        return false;
    }
    if (!at_check_need(ck, decl, from->span)) return false;
    decl->symbol.used = true;
    ck->out->symbols[from->id] = &decl->symbol;
    ck->out->types[from->id] = at_check_money_type(ck);
    component->parent = (int32_t)decl->symbol.index;
    return true;
}

/* Without `per`, a part has the groups of its pool. */
static bool same_groups(struct at_check *ck, struct at_check_component_decl *component,
                        const struct at_ast_node *node) {
    const struct at_check_component_decl *parent = &ck->out->components[component->parent];
    int32_t groups = parent->group_field;
    if (component->rhythm != parent->rhythm) {
        at_diag_help(not_a_part(ck, component->from, "`%.*s` has another rhythm than its part"),
                     "write the same `each` in both, or in neither");
        return false;
    }
    if (node->text3.n == 0) component->group_field = groups;
    if (component->by_day && !parent->by_day) {
        at_diag_help(not_a_part(ck, component->from, "`%.*s` does not have the members of each day"),
                     "write `by day` in both, or in neither");
        return false;
    }
    component->by_day = parent->by_day;
    if (component->group_field == groups) return true;
    at_diag_help(not_a_part(ck, component->from, "`%.*s` has other groups than its part"),
                 "delete `per %.*s`", AT_STR_ARG(node->text3));
    return false;
}

static void no_circle(struct at_check *ck, const struct at_check_component_decl *component) {
    const struct at_check_symbol *parent = ck->out->symbols[component->from->id];
    if (!mentions(ck, component->expr, parent) && !mentions(ck, component->when, parent)) return;
    at_diag_help(not_a_part(ck, component->from, "the part of `%.*s` cannot read what that pool pays"),
                 "write a rate alone, such as `20%%`: it applies to the whole amount of the pool");
}

/* ---- the statement */

static bool check_groups(struct at_check *ck, const struct at_ast_node *node,
                         struct at_check_component_decl *component) {
    component->from = at_check_child(node, 6);
    if (component->from && !find_parent(ck, component, node)) return false;
    if (!component->from || node->text3.n) component->group_field = group_of_pool(ck, node);
    if (component->group_field == -2) {
        component->group_field = -1;
        return false;
    }
    if (component->from && !same_groups(ck, component, node)) return false;
    if (component->split != AT_OP_SHARES || node->by.n == 0) return true;
    component->role_field = field_of_payee(ck, node->by, node->by_span);
    return component->role_field >= 0;
}

void at_check_pool(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = decl->symbol.node;
    struct at_check_component_decl *component = &ck->out->components[decl->symbol.index];
    component->on = at_check_child(node, 0);
    component->expr = at_check_child(node, 1);
    component->split_expr = at_check_child(node, 2);
    component->when = at_check_child(node, 3);
    component->limit = at_check_child(node, 5);
    if (!check_groups(ck, node, component)) return;
    struct at_check_env env = {.place = AT_IN_GROUP,
                               .group_field = component->group_field,
                               .table = UINT16_MAX,
                               .facts = ck->payee_facts,
                               .rhythm = component->rhythm,
                               .where = "the amount of a pool"};
    at_check_base(ck, &env, component->on);
    if (component->from) {
        env.based = true;
        env.base_node = component->from;
        env.base = at_check_money_type(ck);
    }
    struct at_check_env plain = env;
    plain.based = false;
    at_check_condition(ck, &plain, component->when);
    at_type type = at_check_rated(ck, &env, component->expr);
    at_check_must_be_money(ck, node, component->expr, type, &env);
    if (component->from) no_circle(ck, component);
    check_split(ck, node, component);
    at_check_by_rows(ck, node, component);
    at_check_by_day(ck, node, component);
}
