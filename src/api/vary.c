/* api/vary.c: reads what a curve varies, and ranges of it. */
#include "api/vary.h"

enum { MOST_LISTED = 8 };

/* ---- names */

static bool counts(at_type type) {
    return type.kind == AT_T_NUMBER || type.kind == AT_T_MONEY;
}

static bool refuse(struct at_diag_list *diags, at_str name, const char *why) {
    struct at_diag *diag = at_diag_add(diags, AT_A1260, (at_span){0}, "cannot vary `%.*s`", AT_STR_ARG(name));
    at_diag_note(diag, "%s", why);
    return false;
}

static struct at_diag *unknown(struct at_diag_list *diags, const struct at_str_nearest *nearest,
                               const char *what) {
    struct at_diag *diag =
        at_diag_add(diags, AT_A1260, (at_span){0}, "unknown %s `%.*s`", what, AT_STR_ARG(nearest->wanted));
    if (nearest->best.n)
        at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest->best));
    else
        at_diag_help(diag, "name a measure, a param, or a field of a row, such as `deal:d1.amount`");
    return diag;
}

static void list_measures(struct at_diag *diag, const struct at_check_policy *checked,
                          struct at_arena *arena) {
    at_str list = {"", 0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < checked->n_measures && n < MOST_LISTED; i++) {
        const struct at_check_symbol *symbol = checked->measures[i].symbol;
        if (counts(symbol->type))
            list = at_str_format(arena, "%.*s%s`%.*s`", AT_STR_ARG(list), n++ ? ", " : "",
                                 AT_STR_ARG(symbol->name));
    }
    if (n) at_diag_note(diag, "the policy has the measure%s %.*s", n == 1 ? "" : "s", AT_STR_ARG(list));
}

static bool of_symbol(const struct at_check_symbol *symbol, enum at_api_vary_kind kind, uint32_t index,
                      struct at_api_vary *out) {
    out->kind = (uint8_t)kind;
    out->index = index;
    out->label = symbol->label.n ? symbol->label : symbol->name;
    out->type = symbol->type;
    const struct at_ast_node *literal =
        kind == AT_VARY_PARAM && symbol->node && symbol->node->n ? symbol->node->child[0] : NULL;
    if (literal && literal->kind == AT_N_NUMBER && (literal->flags & (AT_F_PERCENT | AT_F_BPS)))
        out->type.unit = AT_UNIT_PERCENT;
    return true;
}

static bool read_name(struct at_diag_list *diags, const struct at_check_policy *checked,
                      struct at_api_vary *out) {
    struct at_str_nearest nearest = {.wanted = out->name};
    bool found = false;
    for (uint32_t i = 0; i < checked->n_measures && !found; i++) {
        const struct at_check_symbol *symbol = checked->measures[i].symbol;
        if (symbol->grain != AT_G_CELL && symbol->grain != AT_G_GROUP && symbol->grain != AT_G_ROW) continue;
        found = at_str_eq(symbol->name, out->name) && of_symbol(symbol, AT_VARY_MEASURE, i, out);
        at_str_nearest_try(&nearest, symbol->name);
    }
    for (uint32_t i = 0; i < checked->n_params && !found; i++) {
        const struct at_check_symbol *symbol = checked->params[i];
        found = at_str_eq(symbol->name, out->name) && of_symbol(symbol, AT_VARY_PARAM, i, out);
        at_str_nearest_try(&nearest, symbol->name);
    }
    if (!found) {
        list_measures(unknown(diags, &nearest, "measure or param"), checked, diags->arena);
        return false;
    }
    return counts(out->type) ? true : refuse(diags, out->name, "it is not a number or an amount of money");
}

static at_str part(at_str text, uint32_t from, uint32_t to) {
    return at_str_trim((at_str){text.p + from, to - from});
}

/* TABLE:KEY.FIELD; the key may contain both characters. */
static bool read_field(struct at_diag_list *diags, const struct at_check_policy *checked, uint32_t colon,
                       struct at_api_vary *out) {
    uint32_t dot = out->name.n;
    while (dot > colon && out->name.p[dot - 1] != '.')
        dot--;
    if (dot == colon) return refuse(diags, out->name, "a field of a row is written `TABLE:KEY.FIELD`");
    struct at_str_nearest table = {.wanted = part(out->name, 0, colon)},
                          field = {.wanted = part(out->name, dot, out->name.n)};
    out->kind = AT_VARY_FIELD;
    out->key = part(out->name, colon + 1, dot - 1);
    out->label = out->name;
    for (out->index = 0; out->index < checked->n_schemas; out->index++) {
        if (at_str_eq(checked->schemas[out->index].name, table.wanted)) break;
        at_str_nearest_try(&table, checked->schemas[out->index].name);
    }
    if (out->index == checked->n_schemas) return unknown(diags, &table, "table"), false;
    const struct at_schema *schema = &checked->schemas[out->index];
    for (out->field = 0; out->field < schema->n_fields; out->field++) {
        if (at_str_eq(schema->fields[out->field].name, field.wanted)) break;
        at_str_nearest_try(&field, schema->fields[out->field].name);
    }
    if (out->field == schema->n_fields) return unknown(diags, &field, "field"), false;
    if (schema->key < 0) return refuse(diags, out->name, "the table does not have a key");
    out->type = schema->fields[out->field].type;
    return counts(out->type) ? true : refuse(diags, out->name, "it is not a number or an amount of money");
}

bool at_api_vary_read(struct at_diag_list *diags, const struct at_check_policy *checked,
                      struct at_arena *arena, const char *text, struct at_api_vary *out) {
    *out = (struct at_api_vary){.name = at_str_copy(arena, at_str_trim(at_str_z(text)))};
    for (uint32_t i = 0; i < out->name.n; i++)
        if (out->name.p[i] == ':') return read_field(diags, checked, i, out);
    return read_name(diags, checked, out);
}

/* ---- the default */

int64_t at_api_vary_credited(const struct attain_policy *policy) {
    const struct at_check_policy *checked = policy->checked;
    for (uint32_t i = 0; i < checked->n_measures; i++) {
        const struct at_check_measure_decl *m = &checked->measures[i];
        if (!m->aggregate || !m->value || m->where || m->symbol->type.kind != AT_T_MONEY) continue;
        if (checked->feeds[m->feed].name.n == 0 || policy->plan->measures[i].cell == AT_NO_NODE) continue;
        if (m->aggregate->op == AT_OP_SUM && policy->plan->nodes[policy->plan->measures[i].cell].needed)
            return i;
    }
    return -1;
}

/* ---- numbers */

bool at_api_vary_number(struct at_diag_list *diags, const struct at_check_policy *checked,
                        struct at_arena *arena, at_str text, at_type type, const char *of, at_num *out) {
    struct at_plan_value value;
    bool read = text.n > 0 && at_api_setting_value(arena, text, checked->currency, &value);
    if (read && value.type.kind == AT_T_NUMBER)
        read = type.kind == AT_T_NUMBER || value.type.unit == AT_UNIT_NONE;
    else if (read && value.type.kind == AT_T_MONEY)
        read = type.kind == AT_T_MONEY && value.type.currency == type.currency;
    else
        read = false;
    if (read) {
        *out = at_plan_value_num(&value);
        return true;
    }
    struct at_diag *diag =
        at_diag_add(diags, AT_A1261, (at_span){0}, "invalid number `%.*s` in `%s`", AT_STR_ARG(text), of);
    at_diag_help(diag, "write %s",
                 type.kind == AT_T_MONEY        ? "an amount such as 40000"
                 : type.unit == AT_UNIT_PERCENT ? "a percentage such as 110%"
                                                : "a number such as 12");
    return false;
}

bool at_api_vary_range(struct at_diag_list *diags, const struct at_check_policy *checked,
                       struct at_arena *arena, const char *text, at_type type, at_num *low, at_num *high) {
    at_str whole = at_str_trim(at_str_z(text));
    uint32_t dots = 0;
    while (dots + 1 < whole.n && (whole.p[dots] != '.' || whole.p[dots + 1] != '.'))
        dots++;
    if (dots + 1 >= whole.n) {
        struct at_diag *diag = at_diag_add(diags, AT_A1261, (at_span){0}, "invalid range `%s`", text);
        at_diag_help(diag, "write the first and the last number, such as `0..200000`");
        return false;
    }
    if (!at_api_vary_number(diags, checked, arena, part(whole, 0, dots), type, text, low) ||
        !at_api_vary_number(diags, checked, arena, part(whole, dots + 2, whole.n), type, text, high))
        return false;
    int order = at_num_cmp(arena, *low, *high);
    if (order < 0) return true;
    if (order == 0) {
        at_diag_help(at_diag_add(diags, AT_A1261, (at_span){0}, "the range `%s` contains one number", text),
                     "write a larger second number");
        return false;
    }
    struct at_diag *diag =
        at_diag_add(diags, AT_A1261, (at_span){0}, "the range `%s` ends before it begins", text);
    at_diag_help(diag, "write the smaller number first: `%.*s..%.*s`",
                 AT_STR_ARG(part(whole, dots + 2, whole.n)), AT_STR_ARG(part(whole, 0, dots)));
    return false;
}
