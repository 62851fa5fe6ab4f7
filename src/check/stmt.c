/* check/stmt.c: the smaller statements: param, function, applies to, cap, floor, adjust, require. */
#include "check/check_int.h"

/* ---- param */

void at_check_param(struct at_check *ck, struct at_check_decl *decl) {
    struct at_check_env env = at_check_env_const("a param");
    decl->symbol.type = at_check_value(ck, &env, at_check_child(decl->symbol.node, 0));
}

/* ---- function */

/* The last two children are the result type and the body. See FUNCTION in syntax/ast.def. */
static const struct at_ast_node *result_type_of(const struct at_ast_node *node) {
    return node->n >= 2 ? node->child[node->n - 2] : NULL;
}

static bool parameter_twice(struct at_check *ck, const struct at_check_function_decl *function,
                            const struct at_ast_node *node) {
    for (uint32_t i = 0; i < function->n; i++) {
        if (!at_str_eq(function->names[i], node->text) || node->text.n == 0) continue;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0232, at_check_name_span(node),
                                        "duplicate parameter `%.*s`", AT_STR_ARG(node->text));
        at_diag_help(d, "rename one of them");
        return true;
    }
    return false;
}

/* The whole cell is given to functions in Lua, once; nothing else has that type. */
static at_type cell_type(struct at_check *ck, const struct at_check_function_decl *function,
                         const struct at_ast_node *node, at_type type) {
    bool twice = false;
    if (!at_check_is_cell(type)) return type;
    for (uint32_t i = 0; i < function->n; i++)
        twice |= at_check_is_cell(function->types[i]);
    if (function->lua_file.n && !twice) return type;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1010, node->span,
                    twice ? "a function can take the cell only once" : "only a hook can take the cell");
    at_diag_help(d, twice ? "delete the second one" : "use the names of measures and fields directly");
    return at_check_type_make(AT_T_NONE);
}

static void lua_type(struct at_check *ck, const struct at_ast_node *node, at_type type) {
    if (type.kind != AT_T_REF || at_check_is_cell(type)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0342, node->span, "cannot pass a whole row to a hook");
    at_diag_help(d, "pass the fields that it needs, each as a parameter of its own");
}

/* Reads types only, so that calls can be checked before the body is. */
void at_check_read_signature(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = decl->symbol.node;
    struct at_check_function_decl *function = &ck->out->functions[decl->symbol.index];
    bool lua = node->text2.n > 0;
    function->body = node->n ? node->child[node->n - 1] : NULL;
    if (lua) function->lua_file = node->text2;
    function->names = AT_NEW_ARRAY(ck->arena, at_str, node->n + 1);
    function->types = AT_NEW_ARRAY(ck->arena, at_type, node->n + 1);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *parameter = node->child[i];
        if (!parameter || parameter->kind != AT_N_PARAMETER) continue;
        parameter_twice(ck, function, parameter);
        function->names[function->n] = parameter->text;
        function->types[function->n] = cell_type(
            ck, function, parameter, at_check_read_parameter_type(ck, at_check_child(parameter, 0)));
        at_check_column_words(ck, at_check_child(parameter, 0), false, function->types[function->n]);
        if (lua) lua_type(ck, parameter, function->types[function->n]);
        function->n++;
    }
    function->result = at_check_read_type(ck, result_type_of(node));
    at_check_column_words(ck, result_type_of(node), false, function->result);
    if (lua && result_type_of(node)) lua_type(ck, result_type_of(node), function->result);
    decl->symbol.type = function->result;
}

void at_check_function(struct at_check *ck, struct at_check_decl *decl) {
    struct at_check_function_decl *function = &ck->out->functions[decl->symbol.index];
    const struct at_ast_node *body = function->body, *result = result_type_of(decl->symbol.node);
    /* A hook has no body to check. */
    if (!body || function->lua_file.n) return;
    struct at_check_env env = {.place = AT_IN_FUNCTION,
                               .function = function,
                               .group_field = -1,
                               .table = UINT16_MAX,
                               .where = "a function"};
    at_type type = at_check_value(ck, &env, body);
    if (at_check_fits(ck, body, type, function->result) || !result) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0331, body->span, "`%.*s` is declared as %.*s, but its result is %.*s",
                    AT_STR_ARG(decl->symbol.name), AT_STR_ARG(at_check_type_say(ck, function->result)),
                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_diag_label(d, result->span, "declared here");
    at_check_show_origin(ck, d, body);
    at_diag_help(d, "change the declared type or the result");
}

/* ---- applies to */

void at_check_applies(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    if (!node || out->payee_table < 0) return;
    const struct at_schema *payee = &out->schemas[out->payee_table];
    if (node->text.n && !at_str_eq(node->text, payee->name)) {
        struct at_check_decl *decl = at_check_global(ck, node->text);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0231, at_check_name_span(node),
                                        decl ? "`%.*s` is not the payee table" : "unknown name `%.*s`",
                                        AT_STR_ARG(node->text));
        at_diag_label(d, at_check_name_span(ck->tables[out->payee_table]), "the payees");
        at_diag_help(d, "write `applies to %.*s where …`", AT_STR_ARG(payee->name));
        return;
    }
    const struct at_ast_node *cond = at_check_child(node, 0);
    if (cond && cond->kind == AT_N_WHERE) cond = at_check_child(cond, 0);
    struct at_check_env env = at_check_env_row(ck, (uint16_t)out->payee_table, "`applies to`");
    if (cond) at_check_condition(ck, &env, cond);
    out->applies = cond;
    /* Payees for whom it is false are not covered, so expressions of cells can rely on it. */
    ck->payee_facts = at_check_facts_if(ck, NULL, cond, true);
    at_check_covers(ck, node);
}

/* ---- cap, floor, adjust */

int32_t at_check_adjusted(struct at_check *ck, const struct at_ast_node *node, at_str name, at_span span) {
    struct at_check_decl *decl = at_check_global(ck, name);
    if (at_str_eq(name, AT_STR("total")) || name.n == 0) return -1;
    if (decl && decl->symbol.kind == AT_SYM_COMPONENT) return (int32_t)decl->symbol.index;
    struct at_str_nearest suggest = {.wanted = name};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_COMPONENT);
    at_str_nearest_try(&suggest, AT_STR("total"));
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, span, "`%.*s` is %s, but `%s` needs a component or `total`",
                        AT_STR_ARG(name), at_check_kind_say(ck, &decl->symbol),
                        at_ast_kind_name((enum at_ast_kind)node->kind));
        at_diag_label(d, decl->span, "declared here");
    } else {
        d = at_diag_add(ck->diags, AT_A0202, span, "unknown component `%.*s`", AT_STR_ARG(name));
    }
    if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "name a component, or `total`");
    return -2;
}

/* What the statement limits to, or replaces by: money of the policy. */
void at_check_adjusted_amount(struct at_check *ck, const struct at_ast_node *node,
                              const struct at_ast_node *at, at_type type) {
    if (type.kind == AT_T_NONE ||
        (type.kind == AT_T_MONEY && (type.currency == ck->out->currency || !ck->out->currency)))
        return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0426, at->span,
                                    "`%s %.*s` needs an amount in the policy's currency, found %.*s",
                                    at_ast_kind_name((enum at_ast_kind)node->kind), AT_STR_ARG(node->text),
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, at);
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    if (at_check_is_percent(at))
        at_diag_help(d, "write the amount that the rate applies to, such as `%.*s of quota`",
                     AT_STR_ARG(at_check_quote(ck, at)));
    else if (at->kind == AT_N_NUMBER && own && own->symbol[0]) {
        at_diag_help(d, "did you mean `%s%.*s`?", own->symbol, AT_STR_ARG(at->text));
        at_diag_fix(d, at->span, "%s%.*s", own->symbol, AT_STR_ARG(at->text));
    } else
        at_diag_help(d, "write an amount such as `$40,000`, or a formula such as `10%% of quota`");
}

static int8_t adjusted_per(struct at_check *ck, const struct at_ast_node *node, uint8_t rhythm) {
    if (node->kind == AT_N_ADJUST || node->by.n == 0) return -1;
    int own = at_check_rhythm_kind(ck, rhythm);
    if (at_str_eq(node->by, AT_STR("period"))) return -1;
    int kind = at_check_read_period_word(ck, node->by, node->by_span.end ? node->by_span : node->span);
    if (kind < 0 || kind == own) return -1;
    if (kind > own) return (int8_t)kind;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0427, node->by_span.end ? node->by_span : node->span,
                                    "a %s is shorter than the periods of this %s, which are %ss",
                                    at_check_period_kind_say(kind), rhythm ? "component" : "policy",
                                    at_check_period_kind_say(own));
    at_diag_help(d, "delete `per %.*s`: the amount applies to each %s", AT_STR_ARG(node->by),
                 at_check_period_kind_say(own));
    return -1;
}

void at_check_adjustment(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    struct at_check_adjustment_decl *adjustment = &out->adjustments[out->n_adjustments];
    struct at_check_env env = at_check_env_cell(ck, node->kind == AT_N_ADJUST ? "an adjustment"
                                                    : node->kind == AT_N_CAP  ? "a cap"
                                                                              : "a floor");
    env.adjusting = true;
    int32_t component = at_check_adjusted(ck, node, node->text, at_check_name_span(node));
    /* An adjustment applies when its component is paid. */
    if (component >= 0) env.rhythm = out->components[component].rhythm;
    const struct at_ast_node *at = at_check_child(node, 0), *when = at_check_child(node, 1);
    at_check_condition(ck, &env, when);
    env.facts = at_check_facts_if(ck, env.facts, when, true);
    at_type type = at_check_value(ck, &env, at);
    at_check_adjusted_amount(ck, node, at, type);
    /* After the amount and the condition are checked, so that their errors are reported too. */
    if (component == -2) return;
    *adjustment = (struct at_check_adjustment_decl){.node = node,
                                                    .component = component,
                                                    .at = at,
                                                    .when = when,
                                                    .per = adjusted_per(ck, node, env.rhythm)};
    out->n_adjustments++;
}

/* ---- require: its grain is that of the finest name in it */

struct finest {
    struct at_check *ck;
    const struct at_ast_node *row, *cell, *other_row;
    uint32_t table;
};

static void met_row(struct finest *f, const struct at_ast_node *node, uint32_t table) {
    if (f->row && f->table != table) {
        f->other_row = node;
        return;
    }
    f->row = f->row ? f->row : node;
    f->table = table;
}

static bool look(void *context, const struct at_ast_node *node) {
    struct finest *f = context;
    struct at_check *ck = f->ck;
    if (node->kind == AT_N_CALL) {
        struct at_check_decl *decl = at_check_global(ck, node->text);
        int32_t rows = at_check_rows_of(ck, node), by = -1;
        if (rows >= 0 && node->by.n) by = at_check_field_find(ck, (uint32_t)rows, node->by);
        /* The sum of shares by deal is checked for each deal, also for one without shares. */
        if (by >= 0 && ck->out->schemas[rows].fields[by].type.kind == AT_T_REF)
            met_row(f, node, ck->out->schemas[rows].fields[by].type.table);
        if (rows >= 0) return false;
        bool sums = !decl && node->n == 1 &&
                    (at_str_eq(node->text, AT_STR("sum")) || at_str_eq(node->text, AT_STR("count")) ||
                     at_str_eq(node->text, AT_STR("average")));
        return !sums; /* what is in it is of cells, what comes out is one value */
    }
    if (node->kind != AT_N_NAME) return true;
    struct at_check_decl *decl = at_check_global(ck, node->text);
    int32_t payee = ck->out->payee_table;
    if (decl && decl->symbol.kind == AT_SYM_TABLE)
        met_row(f, node, decl->symbol.index);
    else if ((decl && (decl->symbol.kind == AT_SYM_MEASURE || decl->symbol.kind == AT_SYM_COMPONENT)) ||
             at_str_eq(node->text, AT_STR("total")) || at_str_eq(node->text, AT_STR("period")))
        f->cell = f->cell ? f->cell : node;
    else if (!decl && payee >= 0 && at_check_field_find(ck, (uint32_t)payee, node->text) >= 0)
        met_row(f, node, (uint32_t)payee);
    return true;
}

void at_check_require(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    const struct at_ast_node *cond = at_check_child(node, 0);
    struct finest f = {.ck = ck};
    if (!cond) return;
    at_ast_walk(cond, look, &f);
    bool payee_rows = f.row && (int32_t)f.table == out->payee_table;
    struct at_check_require_decl require = {.node = node, .cond = cond, .grain = AT_G_CONST};
    struct at_check_env env = at_check_env_const("`require`");
    if (f.other_row || (f.row && f.cell && !payee_rows)) {
        const struct at_ast_node *other = f.other_row ? f.other_row : f.cell;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0434, cond->span,
                                        "this mixes values for each row of %.*s with values for each %s",
                                        AT_STR_ARG(out->schemas[f.table].name),
                                        f.other_row ? "row of another table" : "payee and period");
        at_diag_label(d, f.row->span, "each row of %.*s", AT_STR_ARG(out->schemas[f.table].name));
        at_diag_label(d, other->span, f.other_row ? "another table" : "each payee and period");
        at_diag_help(d, "write a `require` for each, or aggregate the rows in a measure");
        return;
    }
    if (f.cell) {
        env = at_check_env_cell(ck, "`require`");
        env.adjusting = true;
        require.grain = AT_G_CELL;
    } else if (f.row) {
        env = at_check_env_row(ck, (uint16_t)f.table, "`require`");
        require.grain = AT_G_ROW;
        require.table = (uint16_t)f.table;
        at_check_global(ck, out->schemas[f.table].name)->symbol.used = true;
    }
    env.over_run = true;
    at_check_condition(ck, &env, cond);
    out->requires[out->n_requires++] = require;
}

/* An expression that is asked for a payee and period reads pay at the end, as `adjust` would. */
void at_check_asked(struct at_check *ck) {
    const struct at_ast_node *expr = ck->ast->asked;
    struct at_check_env env = at_check_env_const("this expression");
    if (!expr) return;
    if (!ck->ast->asked_once) {
        env = at_check_env_cell(ck, "this expression");
        env.adjusting = true;
    }
    if (at_check_expr(ck, &env, expr).kind != AT_T_NONE) ck->out->asked = expr;
}
