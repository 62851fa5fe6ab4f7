/* plan/tables.c: rates and key tables as payloads of nodes: thresholds, keys, and values as
 * constants, calculated once each. */
#include "plan/lower_int.h"

static const struct at_plan_ctx constant = {.grain = AT_G_CONST};

/* Calculates a constant expression. Converts the value to `type` if that is a choice or a text. */
static struct at_plan_value constant_of(struct at_plan_lowering *L, const struct at_ast_node *node,
                                        at_type type, const struct at_plan_open **open) {
    uint32_t id = at_plan_convert(L, &constant, at_plan_lower_expr(L, &constant, node), type);
    const struct at_plan_value *value = at_plan_graph_open_value(&L->graph, id, open);
    if (value && value->type.kind == type.kind) return *value;
    if (value && value->missing) return *value; /* its trouble has been reported */
    at_plan_lower_fail(L, node, "expected a constant");
    return (struct at_plan_value){.type = type, .missing = true};
}

static const struct at_plan_open **open_array(struct at_plan_lowering *L, uint32_t n) {
    return AT_NEW_ARRAY(L->arena, const struct at_plan_open *, n + 1);
}

const struct at_plan_steps *at_plan_steps_of(struct at_plan_lowering *L, uint32_t index) {
    const struct at_check_rates_decl *rates = &L->checked->rates[index];
    /* One payload for each table: nodes compare payloads by address. */
    if (L->rates[index]) return L->rates[index];
    struct at_plan_steps *steps = AT_NEW(L->arena, struct at_plan_steps);
    *steps = (struct at_plan_steps){.n = rates->n_steps,
                                    .thresholds = AT_NEW_ARRAY(L->arena, at_num, rates->n_steps),
                                    .above = AT_NEW_ARRAY(L->arena, bool, rates->n_steps),
                                    .point = AT_NEW_ARRAY(L->arena, bool, rates->n_steps),
                                    .values = AT_NEW_ARRAY(L->arena, at_num, rates->n_steps),
                                    .open_thresholds = open_array(L, rates->n_steps),
                                    .open_values = open_array(L, rates->n_steps),
                                    .threshold = rates->threshold,
                                    .value = rates->rate};
    steps->threshold.unit = steps->value.unit = AT_UNIT_NONE;
    for (uint32_t i = 0; i < rates->n_steps; i++) {
        const struct at_check_step *step = &rates->steps[i];
        struct at_plan_value threshold =
            constant_of(L, step->threshold, rates->threshold, &steps->open_thresholds[i]);
        struct at_plan_value rate = constant_of(L, step->rate, rates->rate, &steps->open_values[i]);
        /* A threshold with an error gets a value that rises, so it does not cause an error of
         * order too. */
        steps->thresholds[i] = threshold.missing ? at_num_int(i) : at_plan_value_num(&threshold);
        steps->values[i] = rate.missing ? at_num_int(0) : at_plan_value_num(&rate);
        if (!steps->threshold.unit) steps->threshold.unit = threshold.type.unit;
        if (!steps->value.unit) steps->value.unit = rate.type.unit;
        steps->above[i] = step->above;
        steps->point[i] = step->point;
        steps->lines |= i > 0 && step->point && steps->point[i - 1];
        /* The checker compares literals. Settings of params can still put the tiers out of order,
         * so they are compared again. */
        int order = i ? at_num_cmp(L->arena, steps->thresholds[i - 1], steps->thresholds[i]) : -1;
        if (order < 0 || (order == 0 && !steps->above[i - 1] && steps->above[i])) continue;
        struct at_diag *d =
            at_diag_add(L->diags, AT_A0955, step->threshold->span,
                        "these values put the tiers of `%.*s` out of order", AT_STR_ARG(rates->symbol->name));
        at_diag_help(d, "set values that keep each threshold above the one before it");
        L->failed = true;
    }
    return L->rates[index] = steps;
}

/* ---------------------------------------------------------------- key tables */

/* Keys of references are those of the rows they lead to. */
static at_type key_type(const struct at_plan_lowering *L, at_type type, bool as_text) {
    if (type.kind == AT_T_REF) {
        const struct at_schema *schema = &L->checked->schemas[type.table];
        type = schema->key >= 0 ? schema->fields[schema->key].type : (at_type){.kind = AT_T_TEXT};
    }
    return as_text && type.kind == AT_T_ENUM ? (at_type){.kind = AT_T_TEXT} : type;
}

static struct at_plan_key *make_keys(struct at_plan_lowering *L, const struct at_check_key *keys, uint32_t n,
                                     at_type type) {
    struct at_plan_key *made = AT_NEW_ARRAY(L->arena, struct at_plan_key, n);
    for (uint32_t i = 0; i < n; i++) {
        made[i].kind = keys[i].kind;
        if (keys[i].kind != AT_KEY_OTHER && keys[i].node)
            made[i].value = constant_of(L, keys[i].node, type, &made[i].open);
    }
    return made;
}

const struct at_plan_lookup *at_plan_table_of(struct at_plan_lowering *L, uint32_t index, bool as_text) {
    const struct at_check_lookup_decl *lookup = &L->checked->lookups[index];
    /* A table can be looked up by choices in one place and by texts in another, so it may exist
     * in two forms. */
    const struct at_plan_lookup **place = as_text ? &L->text_lookups[index] : &L->lookups[index];
    if (*place) return *place;
    struct at_plan_lookup *table = AT_NEW(L->arena, struct at_plan_lookup);
    *table = (struct at_plan_lookup){.n_keys = lookup->n_keys,
                                     .n_rows = lookup->n_rows,
                                     .n_columns = lookup->n_columns,
                                     .name = lookup->symbol->name};
    table->rows = make_keys(L, lookup->rows, lookup->n_rows, key_type(L, lookup->key_type[0], as_text));
    table->columns =
        make_keys(L, lookup->columns, lookup->n_columns, key_type(L, lookup->key_type[1], as_text));
    table->lines =
        at_plan_has_lines(table->rows, table->n_rows) || at_plan_has_lines(table->columns, table->n_columns);
    uint32_t n = lookup->n_rows * lookup->n_columns;
    table->values = AT_NEW_ARRAY(L->arena, struct at_plan_value, n);
    table->open = open_array(L, n);
    for (uint32_t i = 0; i < n; i++)
        table->values[i] = constant_of(L, lookup->values[i], lookup->value, &table->open[i]);
    return *place = table;
}

/* Whether a key as it is looked up has other choices than the table's own: then both are compared as texts.
 */
static bool other_choices(at_type key, at_type own) {
    if (key.kind != AT_T_ENUM || own.kind != AT_T_ENUM || key.choices == own.choices) return false;
    if (!key.choices || !own.choices || key.choices->n != own.choices->n) return true;
    for (uint32_t i = 0; i < key.choices->n; i++)
        if (!at_str_eq(key.choices->at[i], own.choices->at[i])) return true;
    return false;
}

uint32_t at_plan_lower_lookup(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index,
                              const uint32_t *given) {
    const struct at_check_lookup_decl *lookup = &L->checked->lookups[index];
    uint32_t keys[2] = {AT_NO_NODE, AT_NO_NODE}, n = lookup->n_keys > 2 ? 2 : lookup->n_keys;
    bool as_text = false;
    for (uint32_t i = 0; i < n; i++) {
        keys[i] = given[i];
        if (at_plan_node_of(L, keys[i])->type.kind == AT_T_REF) keys[i] = at_plan_key_of(L, keys[i]);
        at_type type = at_plan_node_of(L, keys[i])->type, own = key_type(L, lookup->key_type[i], false);
        as_text |= other_choices(type, own) || (type.kind == AT_T_TEXT && own.kind == AT_T_ENUM &&
                                                !at_plan_graph_value(&L->graph, keys[i]));
    }
    for (uint32_t i = 0; i < n; i++)
        keys[i] = at_plan_convert(L, ctx, keys[i], key_type(L, lookup->key_type[i], as_text));
    return at_plan_make(L, ctx, AT_P_LOOKUP, lookup->value, 0, 0, at_plan_table_of(L, index, as_text), keys,
                        (uint16_t)n);
}
