/* check/tests.c: checks the examples inside a policy: rows that a table could hold, and values that a run
 * could give. */
#include "check/check_int.h"

struct example {
    struct at_check *ck;
    const struct at_ast_node *test;
};

static at_type none(void) {
    return at_check_type_make(AT_T_NONE);
}

/* ---- given TABLE { field: value } */

static const struct at_ast_node *pair_of(const struct at_ast_node *given, at_str field) {
    for (uint32_t i = 0; i < given->n; i++)
        if (given->child[i] && given->child[i]->kind == AT_N_PAIR && at_str_eq(given->child[i]->text, field))
            return at_check_child(given->child[i], 0);
    return NULL;
}

/* 2026, written as a number, names a year where a period is wanted. */
static bool names_a_year(const struct at_ast_node *value) {
    return value->kind == AT_N_NUMBER && value->text.n == 4 && memchr(value->text.p, '.', 4) == NULL &&
           (value->flags & (AT_F_PERCENT | AT_F_BPS)) == 0 && value->text.p[0] != '0' &&
           value->text.p[3] >= '0' && value->text.p[3] <= '9';
}

/* 25 could be meant as 25% or as 25 times, whatever the column of the file says. */
static void check_percent(struct at_check *ck, const struct at_ast_node *pair,
                          const struct at_check_decl *field, const struct at_ast_node *value) {
    const struct at_ast_node *number = value->kind == AT_N_NEG ? at_check_child(value, 0) : value;
    if (!number || number->kind != AT_N_NUMBER || at_check_is_percent(number)) return;
    if (at_num_is_zero(number->value)) return;
    at_str points = at_num_print(ck->arena, number->value),
           hundred = at_num_print(ck->arena, at_num_mul(ck->arena, number->value, at_num_int(100)));
    struct at_diag *d = at_diag_add(ck->diags, AT_A0474, value->span, "`%.*s` is a percentage, found `%.*s`",
                                    AT_STR_ARG(pair->text), AT_STR_ARG(number->text));
    at_diag_label(d, field->span, "declared here");
    const char *sign = number == value ? "" : "-";
    at_diag_help(d, "write `%s%.*s%%`, or `%s%.*s%%` if it is a fraction", sign, AT_STR_ARG(points), sign,
                 AT_STR_ARG(hundred));
}

static void check_given_value(struct at_check *ck, const struct at_ast_node *given,
                              const struct at_ast_node *pair, const struct at_check_decl *field,
                              at_type wanted) {
    const struct at_ast_node *value = at_check_child(pair, 0);
    struct at_check_env env = at_check_env_const("a test");
    at_type type = at_check_value(ck, &env, value);
    if (!value || type.kind == AT_T_NONE || wanted.kind == AT_T_NONE) return;
    if (at_check_given_currency(ck, given, pair, field->symbol.table, field->symbol.index, type)) return;
    if (wanted.kind == AT_T_REF && type.kind == AT_T_TEXT) return; /* the key of the other row */
    if (wanted.kind == AT_T_PERIOD && names_a_year(value)) return;
    ck->choice_of = pair->text;
    bool fits = at_check_fits(ck, value, type, wanted);
    ck->choice_of = (at_str){"", 0};
    if (fits) {
        if (wanted.unit == AT_UNIT_PERCENT) check_percent(ck, pair, field, value);
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0442, value->span, "`%.*s` is %.*s, found %.*s", AT_STR_ARG(pair->text),
                    AT_STR_ARG(at_check_type_say(ck, wanted)), AT_STR_ARG(at_check_type_say(ck, type)));
    at_diag_label(d, field->span, "declared here");
    const struct at_currency_info *own = at_currency_info(wanted.currency);
    if (wanted.kind == AT_T_MONEY && value->kind == AT_N_NUMBER && own && own->symbol[0]) {
        at_diag_help(d, "write `%s%.*s`", own->symbol, AT_STR_ARG(value->text));
        at_diag_fix(d, value->span, "%s%.*s", own->symbol, AT_STR_ARG(value->text));
    } else if (wanted.kind == AT_T_REF)
        at_diag_help(d, "name the row by its key, in quotes");
    else if (wanted.kind == AT_T_DATE)
        at_diag_help(d, "write a date without quotes: `2026-03-31`");
}

/* Fields that the policy does not read may be absent, so a new column does not break old tests. */
static void fields_left_out(struct at_check *ck, const struct at_ast_node *given, uint32_t table) {
    const struct at_schema *schema = &ck->out->schemas[table];
    for (uint32_t i = 0; i < schema->n_fields; i++) {
        const struct at_schema_field *field = &schema->fields[i];
        if (!field->used || field->type.optional || field->name.n == 0 || pair_of(given, field->name))
            continue;
        if ((int)i == schema->label && schema->key >= 0) continue; /* the key is shown then */
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0443, at_check_name_span(given),
                        "missing field `%.*s`, which the policy reads", AT_STR_ARG(field->name));
        at_diag_label(d, ck->fields[table][i]->span, "declared here");
        at_diag_help(d, "add `%.*s: …` to the row", AT_STR_ARG(field->name));
    }
}

static struct at_check_decl *given_table(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (decl && decl->symbol.kind == AT_SYM_TABLE) return decl;
    if (node->text.n == 0) return NULL;
    struct at_str_nearest suggest = {.wanted = node->text};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_TABLE);
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, at_check_name_span(node),
                        "`%.*s` is %s, but `given` needs a table", AT_STR_ARG(node->text),
                        at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
        if (decl->symbol.kind == AT_SYM_PARAM)
            at_diag_help(d, "write `given param %.*s = …`", AT_STR_ARG(node->text));
    } else {
        d = at_diag_add(ck->diags, AT_A0202, at_check_name_span(node), "unknown table `%.*s`",
                        AT_STR_ARG(node->text));
        at_check_suggest_help(d, &suggest);
    }
    return NULL;
}

static void check_given(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = given_table(ck, node);
    if (!decl) return;
    uint32_t table = decl->symbol.index;
    ck->out->symbols[node->id] = &decl->symbol;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *pair = node->child[i];
        if (!pair || pair->kind != AT_N_PAIR) continue;
        int32_t field = at_check_field_find(ck, table, pair->text);
        if (field < 0) {
            struct at_str_nearest suggest = {.wanted = pair->text};
            at_check_suggest_fields(ck, &suggest, table);
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0225, at_check_name_span(pair), "%.*s has no field `%.*s`",
                            AT_STR_ARG(node->text), AT_STR_ARG(pair->text));
            at_diag_label(d, at_check_name_span(ck->tables[table]), "its fields are declared here");
            at_check_suggest_help(d, &suggest);
            continue;
        }
        /* pair_of finds the first pair of a name, so any other value is a duplicate. */
        if (pair_of(node, pair->text) != at_check_child(pair, 0)) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0216, at_check_name_span(pair),
                                            "duplicate field `%.*s` in this row", AT_STR_ARG(pair->text));
            at_diag_help(d, "delete one of them");
        }
        ck->out->symbols[pair->id] = &ck->fields[table][field]->symbol;
        check_given_value(ck, node, pair, ck->fields[table][field],
                          ck->out->schemas[table].fields[field].type);
    }
    fields_left_out(ck, node, table);
}

/* ---- keys across the rows of one example */

/* The row of `table` in the example whose `field` is this text. */
static const struct at_ast_node *row_named(const struct example *e, uint32_t table, int field, at_str text,
                                           struct at_str_nearest *suggest) {
    const struct at_schema *schema = &e->ck->out->schemas[table];
    if (field < 0) return NULL;
    for (uint32_t i = 0; i < e->test->n; i++) {
        const struct at_ast_node *given = e->test->child[i];
        if (!given || given->kind != AT_N_GIVEN || !at_str_eq(given->text, schema->name)) continue;
        const struct at_ast_node *value = pair_of(given, schema->fields[field].name);
        if (!value || value->kind != AT_N_TEXT) continue;
        if (at_str_eq(value->text, text)) return given;
        if (suggest) at_str_nearest_try(suggest, value->text);
    }
    return NULL;
}

static void nobody(const struct example *e, const struct at_ast_node *value, uint32_t table,
                   const struct at_str_nearest *suggest) {
    at_str name = e->ck->out->schemas[table].name;
    struct at_diag *d =
        at_diag_add(e->ck->diags, AT_A0445, value->span, "this test does not give a %.*s \"%.*s\"",
                    AT_STR_ARG(name), AT_STR_ARG(value->text));
    if (suggest->best.n) {
        at_diag_help(d, "did you mean \"%.*s\"?", AT_STR_ARG(suggest->best));
        at_check_fix_text(d, value, suggest->best);
    } else
        at_diag_help(d, "add `given %.*s { … }`", AT_STR_ARG(name));
}

static void check_references(const struct example *e, const struct at_ast_node *given, uint32_t table) {
    const struct at_schema *schema = &e->ck->out->schemas[table];
    for (uint32_t i = 0; i < schema->n_fields; i++) {
        const struct at_schema_field *field = &schema->fields[i];
        const struct at_ast_node *value = pair_of(given, field->name);
        if (field->type.kind != AT_T_REF || !value || value->kind != AT_N_TEXT || field->ref_field < 0)
            continue;
        struct at_str_nearest suggest = {.wanted = value->text};
        if (!row_named(e, field->type.table, field->ref_field, value->text, &suggest))
            nobody(e, value, field->type.table, &suggest);
    }
}

static void check_rows(const struct example *e) {
    struct at_map seen;
    at_map_init(&seen, e->ck->arena);
    for (uint32_t i = 0; i < e->test->n; i++) {
        const struct at_ast_node *given = e->test->child[i];
        if (!given || given->kind != AT_N_GIVEN || !e->ck->out->symbols[given->id]) continue;
        uint32_t table = e->ck->out->symbols[given->id]->index;
        const struct at_schema *schema = &e->ck->out->schemas[table];
        if (e->test->n < 2000) check_references(e, given, table); /* each looks through all rows */
        const struct at_ast_node *key =
            schema->key >= 0 ? pair_of(given, schema->fields[schema->key].name) : NULL;
        if (!key || key->kind != AT_N_TEXT) continue;
        /* One map for all tables: the number of the table is part of the key. */
        at_str name = at_str_format(e->ck->arena, "%u:%.*s", table, AT_STR_ARG(key->text));
        const struct at_ast_node *first = at_map_put(&seen, name, (void *)key);
        if (!first) continue;
        struct at_diag *d =
            at_diag_add(e->ck->diags, AT_A0444, key->span, "two rows of %.*s have the key \"%.*s\"",
                        AT_STR_ARG(schema->name), AT_STR_ARG(key->text));
        at_diag_label(d, first->span, "the first");
        at_diag_help(d, "give each row a key of its own");
    }
}

/* ---- given param, expect */

static void check_set(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    struct at_check_env env = at_check_env_const("a test");
    at_type type = at_check_value(ck, &env, at_check_child(node, 0));
    if (!decl || decl->symbol.kind != AT_SYM_PARAM) {
        struct at_str_nearest suggest = {.wanted = node->text};
        at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_PARAM);
        struct at_diag *d =
            at_diag_add(ck->diags, decl ? AT_A0203 : AT_A0202, at_check_name_span(node),
                        decl ? "`%.*s` is not a param" : "unknown param `%.*s`", AT_STR_ARG(node->text));
        if (decl) at_diag_label(d, decl->span, "%s", at_check_kind_say(ck, &decl->symbol));
        at_check_suggest_help(d, &suggest);
        return;
    }
    ck->out->symbols[node->id] = &decl->symbol;
    if (at_check_child(node, 0))
        at_check_near_given(ck, at_check_child(decl->symbol.node, 0), node->child[0]);
    if (!at_check_child(node, 0) || at_check_fits(ck, node->child[0], type, decl->symbol.type)) return;
    struct at_diag *d = at_diag_add(
        ck->diags, AT_A0442, node->child[0]->span, "`%.*s` is %.*s, found %.*s", AT_STR_ARG(node->text),
        AT_STR_ARG(at_check_type_say(ck, decl->symbol.type)), AT_STR_ARG(at_check_type_say(ck, type)));
    at_diag_label(d, at_check_child(decl->symbol.node, 0)->span, "declared here");
}

static bool is_balance(const struct at_ast_node *expect) {
    return at_str_eq(expect->by, AT_STR("balance"));
}

static at_type expected_type(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (is_balance(node)) return at_check_balance_expected(ck, node);
    if (!decl && at_str_eq(node->text, AT_STR("total"))) {
        ck->out->symbols[node->id] = &ck->total.symbol;
        return at_check_money_type(ck);
    }
    if (decl && (decl->symbol.kind == AT_SYM_COMPONENT || decl->symbol.kind == AT_SYM_MEASURE)) {
        ck->out->symbols[node->id] = &decl->symbol;
        decl->symbol.used = true;
        return decl->symbol.type;
    }
    if (node->text.n == 0) return none();
    struct at_str_nearest suggest = {.wanted = node->text};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_COMPONENT | 1u << AT_SYM_MEASURE);
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, at_check_name_span(node),
                        "`%.*s` is %s, but `expect` needs a component, a measure, or `total`",
                        AT_STR_ARG(node->text), at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
    } else {
        d = at_diag_add(ck->diags, AT_A0202, at_check_name_span(node), "unknown component or measure `%.*s`",
                        AT_STR_ARG(node->text));
    }
    if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "name a component, a measure, or `total`");
    return none();
}

static void check_expected_period(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_policy *out = ck->out;
    struct at_check_env env = at_check_env_const("a test");
    at_type type = at_check_value(ck, &env, node);
    if (node->kind == AT_N_NUMBER && out->calendar.period_kind == AT_YEAR) return; /* 2026 */
    const char *own = at_check_period_kind_say(out->calendar.period_kind);
    if (type.kind == AT_T_NONE) return;
    if (node->kind != AT_N_PERIOD || node->period.kind != out->calendar.period_kind) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0440, node->span,
                                        "the periods of this policy are %ss, but `%.*s` is not a %s", own,
                                        AT_STR_ARG(at_check_quote(ck, node)), own);
        at_diag_help(d, "write a %s, such as `%s`", own,
                     at_check_period_kind_form(out->calendar.period_kind));
        return;
    }
    at_date first = at_period_start(&out->calendar, node->period),
            last = at_period_end(&out->calendar, node->period);
    if (last >= out->from && first <= at_check_paid_to(ck->out)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0441, node->span, "the policy is not in force in %.*s",
                                    AT_STR_ARG(node->text));
    const struct at_ast_node *effective = ck->header ? at_ast_child(ck->header, AT_N_EFFECTIVE) : NULL;
    if (effective) at_diag_label(d, effective->span, "its dates");
    at_diag_help(d, "name a %s within these dates", own);
}

static void check_expect(const struct example *e, const struct at_ast_node *node) {
    struct at_check *ck = e->ck;
    const struct at_ast_node *payee = at_check_child(node, 0), *period = at_check_child(node, 1),
                             *value = at_check_child(node, 2);
    struct at_check_env env = at_check_env_const("a test");
    at_type wanted = expected_type(ck, node);
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (symbol && node->by.n && !is_balance(node) && symbol->kind != AT_SYM_COMPONENT) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0453, at_check_name_span(node),
                                        "`paid` requires the name of a component");
        at_diag_help(d, "write `expect %.*s …`", AT_STR_ARG(node->text));
        return;
    }
    if (symbol && (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_DRAW) && (!payee || !period)) {
        /* money of components adds up over payees and periods; a measure need not */
        struct at_diag *d = at_diag_add(ck->diags, AT_A0446, at_check_name_span(node),
                                        "this expectation of `%.*s` does not name %s", AT_STR_ARG(node->text),
                                        payee    ? "the period"
                                        : period ? "the payee"
                                                 : "both");
        at_diag_help(d, "write `expect %.*s for \"ana\" in 2026-Q1 = …`", AT_STR_ARG(node->text));
    }
    if (payee) {
        if (payee->kind == AT_N_TEXT) at_check_value(ck, &env, payee);
        struct at_str_nearest suggest = {.wanted = payee->text};
        if (payee->kind != AT_N_TEXT && payee->kind != AT_N_ERROR) {
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0446, payee->span, "name a payee by the key, in quotes");
            at_diag_help(d, "write `expect %.*s for \"ana\" in 2026-Q1 = …`", AT_STR_ARG(node->text));
        } else if (payee->kind == AT_N_TEXT && ck->out->payee_table >= 0) {
            uint32_t table = (uint32_t)ck->out->payee_table;
            if (!row_named(e, table, ck->out->schemas[table].key, payee->text, &suggest))
                nobody(e, payee, table, &suggest);
        }
    }
    if (period) check_expected_period(ck, period);
    if (!value) return;
    at_type type = at_check_value(ck, &env, value);
    if (at_check_fits(ck, value, type, wanted)) return;
    /* The amount paid can be expected in the currency of the payee. */
    bool paid = symbol && (symbol->kind == AT_SYM_COMPONENT || symbol->kind == AT_SYM_TOTAL);
    if (paid && payee && ck->out->pays.node && type.kind == AT_T_MONEY) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0442, value->span, "`%.*s` is %.*s, found %.*s", AT_STR_ARG(node->text),
                    AT_STR_ARG(at_check_type_say(ck, wanted)), AT_STR_ARG(at_check_type_say(ck, type)));
    const struct at_currency_info *own = at_currency_info(wanted.currency);
    if (wanted.kind == AT_T_MONEY && value->kind == AT_N_NUMBER && own && own->symbol[0])
        at_diag_help(d, "write `%s%.*s`", own->symbol, AT_STR_ARG(value->text));
}

/* A call of constants. A hook that only tests call is used. */
static void check_expect_call(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_env env = at_check_env_const("a test");
    const struct at_ast_node *call = at_check_child(node, 0), *value = at_check_child(node, 1);
    if (!call) return;
    at_type wanted = at_check_value(ck, &env, call), type;
    if (!value) return;
    type = at_check_value(ck, &env, value);
    if (at_check_fits(ck, value, type, wanted)) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0442, value->span, "`%.*s` is %.*s, found %.*s", AT_STR_ARG(call->text),
                    AT_STR_ARG(at_check_type_say(ck, wanted)), AT_STR_ARG(at_check_type_say(ck, type)));
    const struct at_currency_info *own = at_currency_info(wanted.currency);
    if (wanted.kind == AT_T_MONEY && value->kind == AT_N_NUMBER && own && own->symbol[0])
        at_diag_help(d, "write `%s%.*s`", own->symbol, AT_STR_ARG(value->text));
}

void at_check_test(struct at_check *ck, const struct at_ast_node *node) {
    struct example e = {ck, node};
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *statement = node->child[i];
        if (!statement) continue;
        if (statement->kind == AT_N_GIVEN) check_given(ck, statement);
        if (statement->kind == AT_N_SET) check_set(ck, statement);
        if (statement->kind == AT_N_EXPECT) check_expect(&e, statement);
        if (statement->kind == AT_N_EXPECTCALL) check_expect_call(ck, statement);
    }
    /* Last, because it relies on the symbols that check_given has set. */
    check_rows(&e);
}
