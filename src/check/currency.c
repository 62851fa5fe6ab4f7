/* check/currency.c: several currencies: `exchange` statements, amounts in the currency of their row, their
 * conversion, and `pays rep in rep.currency`.
 *
 * An amount in the currency of its row is only an operand of a conversion. Everything else is reported where
 * the amount is read, so no other part of the checker has to know of it.
 */
#include "check/check_int.h"

static bool is_code_type(at_type type) {
    return type.kind == AT_T_TEXT || type.kind == AT_T_ENUM;
}

/* Choices are looked at here. Texts are looked at when the data is read. */
static void mark_codes(struct at_check *ck, uint32_t table, int32_t index) {
    struct at_schema_field *field = &ck->out->schemas[table].fields[index];
    field->codes = true;
    const struct at_type_choices *choices = field->type.kind == AT_T_ENUM ? field->type.choices : NULL;
    const struct at_ast_node *type = at_check_child(ck->fields[table][index]->symbol.node, 0);
    for (uint32_t i = 0; choices && i < choices->n; i++) {
        if (at_currency_find(choices->at[i])) continue;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A1176, type && i < type->n ? type->child[i]->span : type->span,
                        "unknown currency \"%.*s\"", AT_STR_ARG(choices->at[i]));
        at_diag_help(d, "write the three letters of ISO 4217, such as \"USD\", \"EUR\", or \"CNY\"");
    }
}

static bool is_code_field(struct at_check *ck, uint32_t table, int32_t field, at_span span) {
    const struct at_schema_field *f = &ck->out->schemas[table].fields[field];
    if (f->type.kind == AT_T_NONE) return false;
    if (is_code_type(f->type) && !f->type.optional) return true;
    struct at_diag *d = is_code_type(f->type)
                            ? at_diag_add(ck->diags, AT_A1175, span, "the currency `%.*s` may be missing",
                                          AT_STR_ARG(f->name))
                            : at_diag_add(ck->diags, AT_A1175, span, "`%.*s` is %.*s, not a currency",
                                          AT_STR_ARG(f->name), AT_STR_ARG(at_check_type_say(ck, f->type)));
    at_diag_label(d, ck->fields[table][field]->span, "declared here");
    if (is_code_type(f->type))
        at_diag_help(d, "delete `optional`");
    else
        at_diag_help(d, "name a text field with codes of ISO 4217, such as USD");
    return false;
}

/* ---- `amount money in currency` */

void at_check_currency_field(struct at_check *ck, uint32_t table, uint32_t index) {
    struct at_schema_field *field = &ck->out->schemas[table].fields[index];
    if (field->type.kind != AT_T_FOREIGN) return;
    const struct at_ast_node *type = at_check_child(ck->fields[table][index]->symbol.node, 0);
    int32_t code = at_check_field_find(ck, table, type->text3);
    if (code >= 0) {
        if (!is_code_field(ck, table, code, type->span3)) return;
        field->currency_field = code;
        mark_codes(ck, table, code);
        return;
    }
    struct at_str_nearest suggest = {.wanted = type->text3};
    at_check_suggest_fields(ck, &suggest, table);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0225, type->span3, "%.*s has no field `%.*s`",
                                    AT_STR_ARG(ck->out->schemas[table].name), AT_STR_ARG(type->text3));
    if (at_check_suggest_help(d, &suggest)) return;
    if (at_currency_find(type->text3))
        at_diag_help(d, "write `money %.*s` if all rows have this currency", AT_STR_ARG(type->text3));
    else
        at_diag_help(d, "add the field with the currency of the row, such as `%.*s text`",
                     AT_STR_ARG(type->text3));
}

/* The day that a message proposes: a date of the table, or a stand-in. */
static at_str day_of(const struct at_check *ck, uint32_t table) {
    const struct at_schema *schema = &ck->out->schemas[table];
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (schema->fields[f].type.kind == AT_T_DATE && !schema->fields[f].type.optional)
            return schema->fields[f].name;
    return AT_STR("2026-01-01");
}

at_str at_check_conversion_say(const struct at_check *ck, at_str amount, uint32_t table) {
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    at_str fx = ck->out->n_exchanges ? ck->out->schemas[ck->out->exchanges[0].table].name : AT_STR("fx"),
           day = table == UINT32_MAX ? AT_STR("2026-01-01") : day_of(ck, table);
    return at_str_format(ck->arena, "%.*s as %s at %.*s(%.*s)", AT_STR_ARG(amount), own ? own->code : "USD",
                         AT_STR_ARG(fx), AT_STR_ARG(day));
}

void at_check_report_foreign(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    at_str quoted = at_check_quote(ck, node);
    struct at_diag *d = at_diag_add(ck->diags, AT_A1174, node->span, "`%.*s` is in the currency of its row",
                                    AT_STR_ARG(quoted));
    bool field = symbol && symbol->kind == AT_SYM_FIELD;
    if (field) at_diag_label(d, at_check_decl_of(symbol)->span, "declared here");
    at_diag_help(d, "convert it: `%.*s`",
                 AT_STR_ARG(at_check_conversion_say(ck, quoted, field ? symbol->table : UINT32_MAX)));
    if (!ck->out->n_exchanges)
        at_diag_note(
            d, "the rates are in a table: `exchange fx from \"fx.csv\" { currency text  since date  rate "
               "number }`");
}

/* ---- rows of tests */

static const struct at_ast_node *value_of(const struct at_ast_node *given, at_str field) {
    for (uint32_t i = 0; i < given->n; i++)
        if (given->child[i] && given->child[i]->kind == AT_N_PAIR && at_str_eq(given->child[i]->text, field))
            return at_check_child(given->child[i], 0);
    return NULL;
}

/* `amount: 100`, or `100 EUR` in a row with `currency: "EUR"`. */
static bool given_amount(struct at_check *ck, const struct at_ast_node *given,
                         const struct at_ast_node *value, const struct at_schema *schema,
                         const struct at_schema_field *field, at_type type) {
    if (type.kind != AT_T_NUMBER && type.kind != AT_T_MONEY) return false;
    if (type.kind == AT_T_NUMBER || field->currency_field < 0) return true;
    const struct at_ast_node *code = value_of(given, schema->fields[field->currency_field].name);
    if (!code || code->kind != AT_N_TEXT || at_currency_find(code->text) == type.currency) return true;
    const struct at_currency_info *info = at_currency_info(type.currency);
    if (!at_currency_find(code->text) || !info) return true; /* reported with the currency */
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1177, value->span, "the amount is in %s, but its row is in %.*s",
                    info->code, AT_STR_ARG(code->text));
    at_diag_label(d, code->span, "the currency of the row");
    at_diag_help(d, "write the amount in %.*s, or change the currency of the row", AT_STR_ARG(code->text));
    return true;
}

bool at_check_given_currency(struct at_check *ck, const struct at_ast_node *given,
                             const struct at_ast_node *pair, uint32_t table, uint32_t index, at_type type) {
    const struct at_schema *schema = &ck->out->schemas[table];
    const struct at_schema_field *field = &schema->fields[index];
    const struct at_ast_node *value = at_check_child(pair, 0);
    if (field->type.kind == AT_T_FOREIGN) return given_amount(ck, given, value, schema, field, type);
    if (field->codes && value->kind == AT_N_TEXT && field->type.kind == AT_T_TEXT &&
        !at_currency_find(value->text)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A1176, value->span, "unknown currency \"%.*s\"",
                                        AT_STR_ARG(value->text));
        at_diag_help(d, "write the three letters of ISO 4217, such as \"USD\", \"EUR\", or \"CNY\"");
        return true;
    }
    if (field->positive &&
        (value->kind == AT_N_NEG || (value->kind == AT_N_NUMBER && at_num_sign(value->value) == 0))) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A1179, value->span, "an exchange rate must be above zero");
        at_diag_help(d, "write how much one unit of the currency is worth");
        return true;
    }
    return false;
}

/* ---- `exchange` */

/* The field of this name, or else the only one of this type. */
static int32_t field_for(const struct at_check *ck, uint32_t table, const char *name,
                         enum at_type_kind kind) {
    const struct at_schema *schema = &ck->out->schemas[table];
    int32_t found = at_check_field_find(ck, table, at_str_z(name));
    if (found >= 0) return found;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        bool fits = schema->fields[f].type.kind == kind ||
                    (kind == AT_T_TEXT && is_code_type(schema->fields[f].type));
        if (fits && found >= 0) return -1;
        if (fits) found = (int32_t)f;
    }
    return found;
}

static void incomplete(struct at_check *ck, uint32_t table, const char *what, const char *help) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1171, at_check_name_span(ck->tables[table]),
                    "the rates of `%.*s` have no %s", AT_STR_ARG(ck->out->schemas[table].name), what);
    at_diag_help(d, "%s", help);
}

static bool is_of(struct at_check *ck, uint32_t table, int32_t field, enum at_type_kind kind,
                  const char *what, const char *help) {
    const struct at_schema_field *f = field < 0 ? NULL : &ck->out->schemas[table].fields[field];
    if (f && f->type.kind == AT_T_NONE) return false;
    bool plain = f && (f->type.unit == AT_UNIT_NONE || f->type.kind != AT_T_NUMBER);
    if (f && f->type.kind == kind && plain && !f->type.optional) return true;
    if (!f) {
        incomplete(ck, table, what, help);
        return false;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1171, ck->fields[table][field]->span, "the %s `%.*s` is %.*s%s", what,
                    AT_STR_ARG(f->name), AT_STR_ARG(at_check_type_say(ck, f->type)),
                    f->type.optional ? " that may be missing" : "");
    at_diag_help(d, "%s", help);
    return false;
}

void at_check_exchange(struct at_check *ck, uint32_t table) {
    struct at_check_policy *out = ck->out;
    struct at_schema *schema = &out->schemas[table];
    struct at_check_exchange_decl *decl = &out->exchanges[out->n_exchanges++];
    *decl = (struct at_check_exchange_decl){.table = (uint16_t)table, .to = -1};
    schema->referenced = true;
    int32_t to = at_check_field_find(ck, table, AT_STR("to"));
    decl->from = to >= 0 ? at_check_field_find(ck, table, AT_STR("from"))
                         : field_for(ck, table, "currency", AT_T_TEXT);
    if (to < 0 && decl->from < 0) decl->from = at_check_field_find(ck, table, AT_STR("from"));
    decl->since = field_for(ck, table, "since", AT_T_DATE);
    decl->rate = field_for(ck, table, "rate", AT_T_NUMBER);
    bool fine = decl->from >= 0 && is_code_field(ck, table, decl->from, ck->fields[table][decl->from]->span);
    if (decl->from < 0)
        incomplete(ck, table, "currency",
                   "add `currency text`; if the table has pairs of currencies, `from text  to text`");
    if (to >= 0 && is_code_field(ck, table, to, ck->fields[table][to]->span)) decl->to = to;
    fine &= is_of(ck, table, decl->since, AT_T_DATE, "day", "write `since date`: the first day of the rate");
    fine &= is_of(ck, table, decl->rate, AT_T_NUMBER, "rate",
                  "write `rate number`: how much one unit of the currency is worth");
    if (!fine || (to >= 0 && decl->to < 0)) {
        decl->from = -1; /* its uses report nothing more */
        return;
    }
    mark_codes(ck, table, decl->from);
    if (decl->to >= 0) mark_codes(ck, table, decl->to);
    schema->fields[decl->from].withdrawn = true;
    if (decl->to >= 0) schema->fields[decl->to].withdrawn = true;
    schema->fields[decl->rate].positive = true;
    int32_t key[3] = {decl->from, decl->since, decl->to};
    at_check_key_of(ck, table, key, decl->to >= 0 ? 3 : 2);
    at_check_field_use(ck, table, decl->rate);
}

/* ---- `as USD at fx(day)` */

/* The `exchange` statement of a RATEAT, or NULL; reports a name that is none. */
static const struct at_check_exchange_decl *exchange_of(struct at_check *ck, const struct at_ast_node *rate) {
    struct at_check_decl *decl = at_check_global(ck, rate->text);
    for (uint32_t i = 0; decl && decl->symbol.kind == AT_SYM_TABLE && i < ck->out->n_exchanges; i++)
        if (ck->out->exchanges[i].table == decl->symbol.index) {
            decl->symbol.used = true;
            ck->out->symbols[rate->id] = &decl->symbol;
            return ck->out->exchanges[i].from >= 0 ? &ck->out->exchanges[i] : NULL;
        }
    if (rate->text.n == 0) return NULL;
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, at_check_name_span(rate),
                        "`%.*s` is %s, not a table of exchange rates", AT_STR_ARG(rate->text),
                        at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
    } else {
        d = at_diag_add(ck->diags, AT_A0202, at_check_name_span(rate), "unknown exchange rates `%.*s`",
                        AT_STR_ARG(rate->text));
        struct at_str_nearest suggest = {.wanted = rate->text};
        for (uint32_t i = 0; i < ck->out->n_exchanges; i++)
            at_str_nearest_try(&suggest, ck->out->schemas[ck->out->exchanges[i].table].name);
        if (at_check_suggest_help(d, &suggest)) return NULL;
    }
    at_diag_help(
        d, "declare the rates: `exchange fx from \"fx.csv\" { currency text  since date  rate number }`");
    return NULL;
}

/* Returns whether the rate can be looked up. */
static bool check_rate(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *rate,
                       bool *optional) {
    if (!rate || rate->kind != AT_N_RATEAT) return false;
    struct at_check_env plain = *env;
    plain.based = false;
    const struct at_ast_node *day = at_check_child(rate, 0);
    bool known = exchange_of(ck, rate) != NULL;
    at_type type = at_check_expr(ck, &plain, day);
    *optional = type.optional;
    if (type.kind == AT_T_NONE || type.kind == AT_T_DATE) return known && type.kind == AT_T_DATE;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1173, day->span, "expected a date, found %.*s",
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    if (type.kind == AT_T_PERIOD)
        at_diag_help(d, "write `%.*s.end`, or `.start`", AT_STR_ARG(at_check_quote(ck, day)));
    else
        at_diag_help(d, "write a date, such as `%.*s(closed_on)` or `%.*s(period.end)`",
                     AT_STR_ARG(rate->text), AT_STR_ARG(rate->text));
    return false;
}

at_currency at_check_currency(struct at_check *ck, const struct at_ast_node *node) {
    at_currency found = at_currency_find(node->text);
    if (found || node->text.n == 0) return found;
    char upper[4] = {0};
    for (uint32_t i = 0; i < node->text.n && i < 3; i++)
        upper[i] = (char)(node->text.p[i] & ~(node->text.p[i] >= 'a' && node->text.p[i] <= 'z' ? 0x20 : 0));
    struct at_diag *d = at_diag_add(ck->diags, AT_A0210, at_check_name_span(node), "unknown currency `%.*s`",
                                    AT_STR_ARG(node->text));
    if (node->text.n == 3 && at_currency_find(at_str_z(upper))) {
        at_diag_help(d, "write the currency in capitals: `%s`", upper);
        at_diag_fix(d, at_check_name_span(node), "%s", upper);
    } else
        at_diag_help(d, "write the three letters of ISO 4217, such as USD, EUR, or CNY");
    return 0;
}

/* Marks the field with the currency of an amount as used. A dated field of the payee has it in its history.
 */
static bool use_currency(struct at_check *ck, const struct at_check_symbol *symbol) {
    if (!symbol || symbol->kind != AT_SYM_FIELD) return false;
    uint32_t table = symbol->table, index = symbol->index;
    const struct at_schema *schema = &ck->out->schemas[table];
    if (index >= schema->n_fields) {
        table = schema->fields[index].dated_table;
        index = schema->fields[index].dated_field;
    }
    int code = ck->out->schemas[table].fields[index].currency_field;
    if (code >= 0) at_check_field_use(ck, table, code);
    return code >= 0;
}

at_type at_check_convert(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0), *rate = at_check_child(node, 1);
    struct at_check_env plain = *env;
    plain.based = false;
    ck->converted = x;
    at_type type = at_check_expr(ck, &plain, x);
    ck->converted = NULL;
    at_type out = {.kind = AT_T_MONEY, .currency = at_check_currency(ck, node)};
    bool optional = false;
    bool fine = check_rate(ck, env, rate, &optional);
    if (type.kind == AT_T_NONE || !out.currency || !fine) return at_check_type_make(AT_T_NONE);
    if (type.kind == AT_T_FOREIGN) {
        if (!use_currency(ck, ck->out->symbols[x->id])) return at_check_type_make(AT_T_NONE);
    } else if (type.kind != AT_T_MONEY) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A1172, x->span, "expected an amount of money, found %.*s",
                        AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_show_origin(ck, d, x);
        at_diag_help(
            d, "convert amounts only: the type of a field with amounts is `money`, `money EUR`, or `money in "
               "CURRENCY_FIELD`");
        return at_check_type_make(AT_T_NONE);
    }
    out.optional = type.optional || optional;
    return out;
}

/* ---- `pays rep in rep.currency at fx(period.end)` */

void at_check_pays(struct at_check *ck) {
    struct at_check_pays_decl *pays = &ck->out->pays;
    const struct at_ast_node *node = pays->node;
    pays->node = NULL;
    pays->field = -1;
    if (!node || ck->out->payee_table < 0) return;
    uint32_t table = (uint32_t)ck->out->payee_table;
    const struct at_schema *schema = &ck->out->schemas[table];
    if (!at_str_eq(node->text, schema->name)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0202, at_check_name_span(node), "the payees are `%.*s`, not `%.*s`",
                        AT_STR_ARG(schema->name), AT_STR_ARG(node->text));
        at_diag_help(d, "write `pays %.*s in %.*s.currency …`", AT_STR_ARG(schema->name),
                     AT_STR_ARG(schema->name));
        return;
    }
    struct at_check_env env = at_check_env_cell(ck, "`pays`");
    const struct at_ast_node *path = at_check_child(node, 0);
    at_type type = at_check_expr(ck, &env, path);
    const struct at_check_symbol *symbol = path ? ck->out->symbols[path->id] : NULL;
    bool optional = false, fine = check_rate(ck, &env, at_check_child(node, 1), &optional);
    if (optional) at_check_report_missing(ck, at_check_child(node, 1)->child[0]);
    if (type.kind == AT_T_NONE || !fine || optional) return;
    if (!symbol || symbol->kind != AT_SYM_FIELD || symbol->table != table) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A1175, path->span, "`%.*s` is not a field of %.*s",
                                        AT_STR_ARG(at_check_quote(ck, path)), AT_STR_ARG(schema->name));
        at_diag_help(d, "name the field with the currency of the payee, such as `%.*s.currency`",
                     AT_STR_ARG(schema->name));
        return;
    }
    if (!is_code_field(ck, table, (int32_t)symbol->index, path->span)) return;
    mark_codes(ck, table, (int32_t)symbol->index);
    pays->node = node;
    pays->field = (int32_t)symbol->index;
}
