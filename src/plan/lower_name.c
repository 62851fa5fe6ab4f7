/* plan/lower_name.c: lowers names: fields, measures, params, components, the row, the payee, the
 * period. */
#include "plan/lower_int.h"

#include "base/money.h"
#include "base/numtext.h"

static at_type field_type(const struct at_plan_lowering *L, uint32_t table, uint32_t field) {
    return L->checked->schemas[table].fields[field].type;
}

static uint32_t load(struct at_plan_lowering *L, uint32_t table, uint32_t field) {
    return at_plan_graph_load(&L->graph, (uint16_t)table, (int32_t)field, field_type(L, table, field));
}

static bool is_payee(const struct at_plan_lowering *L, uint32_t table) {
    return table == L->graph.payee_table;
}

/* Returns the table of the current row, or -1 if there is none. */
static int32_t row_table(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    if (ctx->grain == AT_G_ROW) return ctx->place;
    return ctx->grain == AT_G_CREDIT ? L->feeds.at[ctx->place].table : -1;
}

static uint32_t lower_table(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node, uint32_t table);

/* In a group, it is the field by which it is made, or the sum over the members. */
static uint32_t lower_dated(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node, uint32_t table, uint32_t field) {
    struct at_plan_ctx cell = *ctx;
    if (at_plan_is_stay(L, ctx)) return at_plan_lower_dated(L, ctx, node, at_plan_payee_of(L, ctx), field);
    if (ctx->grain != AT_G_GROUP) {
        /* of payees that are credited themselves: the row, not the recipient */
        bool row = row_table(L, ctx) == (int32_t)table;
        if (row && ctx->grain == AT_G_CREDIT) cell.stock = true;
        return at_plan_lower_dated(L, ctx, node, lower_table(L, row ? &cell : ctx, node, table), field);
    }
    if (L->groups.at[ctx->place].field == (int32_t)field)
        return at_plan_graph_source(&L->graph, AT_P_GROUPKEY, AT_G_GROUP, ctx->place,
                                    field_type(L, table, field));
    if (L->groups.at[ctx->place].stays) {
        cell = at_plan_stays_of(L, ctx);
        uint32_t value = at_plan_stay_part(L, &cell, lower_dated(L, &cell, node, table, field));
        return at_plan_total_of_stays(L, ctx, AT_P_GROUPSUM, value);
    }
    cell.grain = AT_G_CELL;
    cell.place = 0;
    return at_plan_of_members(L, ctx, AT_P_GROUPSUM, lower_dated(L, &cell, node, table, field), -1);
}

uint32_t at_plan_lower_field(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node, uint32_t table, uint32_t field) {
    if (at_plan_is_dated_field(L, table, field)) return lower_dated(L, ctx, node, table, field);
    if (row_table(L, ctx) == (int32_t)table) {
        uint32_t id = load(L, table, field);
        /* of payees that are credited themselves: a column of payees would mean the recipient's */
        return ctx->grain == AT_G_CREDIT && is_payee(L, table) ? at_plan_graph_take(&L->graph, id, ctx->place)
                                                               : id;
    }
    /* In a cell or a credit, a column of payees is enough here. at_plan_force follows it to the
     * payee when a finer value needs it. */
    if (is_payee(L, table)) {
        if (ctx->grain == AT_G_CELL || ctx->grain == AT_G_CREDIT) return load(L, table, field);
        if (at_plan_is_stay(L, ctx)) return at_plan_to_stay(L, ctx, load(L, table, field));
        if (ctx->grain == AT_G_GROUP && L->groups.at[ctx->place].field == (int32_t)field)
            return at_plan_graph_source(&L->graph, AT_P_GROUPKEY, AT_G_GROUP, ctx->place,
                                        field_type(L, table, field));
        if (ctx->grain == AT_G_GROUP && field_type(L, table, field).kind == AT_T_MONEY)
            return at_plan_of_members(L, ctx, AT_P_GROUPSUM, load(L, table, field), -1);
    }
    return at_plan_lower_fail(L, node, "this field does not have a single value here");
}

/* Lowers a table's name to a reference: the current row, the recipient or the cell's payee. */
static uint32_t lower_table(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node, uint32_t table) {
    if (is_payee(L, table) && !ctx->stock && (ctx->grain == AT_G_CREDIT || ctx->grain == AT_G_CELL))
        return at_plan_payee_of(L, ctx);
    if (row_table(L, ctx) == (int32_t)table) {
        uint32_t row = at_plan_graph_source(&L->graph, AT_P_ROWNUM, AT_G_ROW, (uint16_t)table,
                                            (at_type){.kind = AT_T_REF, .table = (uint16_t)table});
        return ctx->stock && is_payee(L, table) ? at_plan_graph_take(&L->graph, row, ctx->place) : row;
    }
    return at_plan_lower_fail(L, node, "this table does not have a current row here");
}

/* A component: what it earned, or within adjustments what has become of it. */
static uint32_t lower_component_name(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                     const struct at_ast_node *node, uint32_t index) {
    /* The base of a part is the whole amount of its pool, not what the pool pays. */
    if (ctx->grain == AT_G_GROUP && node == ctx->base && L->checked->components[index].kind == AT_POOL)
        return at_plan_lower_pool_amount(L, index);
    if (ctx->since) return at_plan_lower_fail(L, node, "a component cannot be counted from a day");
    uint32_t id =
        ctx->adjusting ? at_plan_lower_so_far(L, ctx, index) : at_plan_lower_component(L, index)->earned;
    /* A component of a group is the sum of its members. */
    if (ctx->grain == AT_G_GROUP) id = at_plan_of_members_now(L, ctx, AT_P_GROUPSUM, id, -1);
    return ctx->time == AT_TIME_NOW ? id : at_plan_accumulate(L, ctx, id, -1, 0);
}

/* `total`, in adjustments. */
static uint32_t lower_total(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    uint32_t id = at_plan_total_so_far(L);
    if (ctx->grain == AT_G_GROUP) id = at_plan_of_members_now(L, ctx, AT_P_GROUPSUM, id, -1);
    return ctx->time == AT_TIME_NOW ? id : at_plan_accumulate(L, ctx, id, -1, 0);
}

/* Within `each quarter`, the period is the quarter. */
static uint32_t period_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t own) {
    at_type type = {.kind = AT_T_PERIOD};
    if (!ctx->rhythm) return own;
    return at_plan_make(L, ctx, AT_P_PERIODOF, type, ctx->rhythm - 1, 0, NULL, &own, 1);
}

uint32_t at_plan_item_period(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    struct at_plan_node wanted = {.op = AT_P_ITEMPERIOD,
                                  .grain = AT_G_CREDIT,
                                  .place = ctx->place,
                                  .a = L->feeds.at[ctx->place].stock,
                                  .type = {.kind = AT_T_PERIOD}};
    return at_plan_graph_add(&L->graph, &wanted);
}

uint32_t at_plan_period_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_ast_node *node) {
    at_type type = {.kind = AT_T_PERIOD};
    switch ((enum at_check_grain)ctx->grain) {
    case AT_G_CREDIT: return period_of(L, ctx, at_plan_item_period(L, ctx));
    case AT_G_CELL:
    case AT_G_GROUP:
        return period_of(L, ctx,
                         at_plan_graph_source(&L->graph, AT_P_CELLPERIOD, ctx->grain, ctx->place, type));
    default: return at_plan_lower_fail(L, node, "`period` is not available here");
    }
}

/* A feed that reads it calculates its rows for each level. */
static uint32_t lower_level(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    int32_t table = row_table(L, ctx);
    if (table < 0) return at_plan_lower_fail(L, node, "`level` is not available here");
    uint32_t id = at_plan_graph_source(&L->graph, AT_P_LEVEL, AT_G_ROW, (uint16_t)table,
                                       (at_type){.kind = AT_T_NUMBER});
    return ctx->grain == AT_G_CREDIT && is_payee(L, (uint32_t)table)
               ? at_plan_graph_take(&L->graph, id, ctx->place)
               : id;
}

/* Lowers a table of rates given by its name only. Its keys are fields of the current row or payee. */
static uint32_t lower_bare_lookup(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                  const struct at_ast_node *node, uint32_t index) {
    const struct at_check_lookup_decl *lookup = &L->checked->lookups[index];
    uint32_t keys[2] = {AT_NO_NODE, AT_NO_NODE};
    /* The row comes before the payee, as in the checker's bare_lookup. Both must agree on the
     * field. */
    int32_t tables[2] = {row_table(L, ctx), L->graph.payee_table};
    for (uint32_t k = 0; k < lookup->n_keys; k++) {
        for (int t = 0; t < 2 && keys[k] == AT_NO_NODE; t++) {
            if (tables[t] < 0) continue;
            const struct at_schema *schema = &L->checked->schemas[tables[t]];
            /* From the last one, because a dated field hides that of the file. */
            for (uint32_t f = at_schema_all(schema); f-- > 0 && keys[k] == AT_NO_NODE;)
                if (at_str_eq(schema->fields[f].name, lookup->key_name[k]))
                    keys[k] = at_plan_lower_field(L, ctx, node, (uint32_t)tables[t], f);
        }
        if (keys[k] == AT_NO_NODE) return at_plan_lower_fail(L, node, "no field for this table to look up");
    }
    return at_plan_lower_lookup(L, ctx, index, keys);
}

/* ---------------------------------------------------------------- params */

static const struct at_plan_setting *setting_of(const struct at_plan_lowering *L, at_str name) {
    for (uint32_t i = 0; i < L->n_settings; i++)
        if (at_str_eq(L->settings[i].name, name) && !L->settings[i].open) return &L->settings[i];
    return NULL;
}

/* The node of a param that a setting opens is another constant than that of its value. */
static uint32_t opened(struct at_plan_lowering *L, at_str name, uint32_t id) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, id);
    for (uint32_t i = 0; i < L->n_settings; i++) {
        if (!L->settings[i].open || !at_str_eq(L->settings[i].name, name)) continue;
        if (!value || value->missing || !at_plan_type_counts(value->type)) return id;
        L->plan->opened = true;
        return at_plan_graph_open(&L->graph, *value);
    }
    return id;
}

/* A shell takes `$3` out of `$3500`, so a bare number may be what is left. Both parts of the help are needed.
 */
static void refuse_setting(struct at_plan_lowering *L, const struct at_check_symbol *param, at_type type,
                           struct at_plan_value value) {
    at_str name = param->name;
    struct at_diag *diag =
        at_diag_add(L->diags, AT_A0952, param->node->span, "`%.*s` is %.*s, but the value set for it is %.*s",
                    AT_STR_ARG(name), AT_STR_ARG(at_check_type_print(L->arena, L->checked, type)),
                    AT_STR_ARG(at_check_type_print(L->arena, L->checked, value.type)));
    if (type.kind != AT_T_MONEY || value.type.kind != AT_T_NUMBER) return;
    if (value.type.unit == AT_UNIT_PERCENT) {
        at_diag_help(diag, "write an amount of money, such as `--set '%.*s=100 %s'`", AT_STR_ARG(name),
                     at_currency_info(type.currency)->code);
        return;
    }
    at_diag_note(diag, "a shell deletes `$` and the digit after it, unless the value is in single quotes");
    at_diag_help(diag, "write the amount with its currency: `--set '%.*s=%.*s %s'`", AT_STR_ARG(name),
                 AT_STR_ARG(at_num_print(L->arena, at_plan_value_num(&value))),
                 at_currency_info(type.currency)->code);
}

uint32_t at_plan_lower_param(struct at_plan_lowering *L, uint32_t index) {
    static const struct at_plan_ctx constant = {.grain = AT_G_CONST};
    const struct at_check_symbol *param = L->checked->params[index];
    /* A param may be named by another param before its own turn, so it is lowered when it is
     * first needed. */
    if (L->params[index] != AT_NO_NODE) return L->params[index];
    const struct at_plan_setting *setting = setting_of(L, param->name);
    at_type type = param->type;
    type.optional = false;
    if (!setting)
        return L->params[index] =
                   opened(L, param->name, at_plan_lower_expr(L, &constant, param->node->child[0]));
    struct at_plan_value value = setting->value;
    const struct at_ast_node *own = param->node->child[0];
    bool percent = own && own->kind == AT_N_NUMBER && (own->flags & (AT_F_PERCENT | AT_F_BPS));
    if (percent && value.type.kind == AT_T_NUMBER)
        value.type.unit = AT_UNIT_PERCENT; /* 0.09 is shown as 9% */
    uint32_t id = at_plan_graph_const(&L->graph, value);
    id = at_plan_convert(L, &constant, id, type);
    /* Goes on with the declared value, so that one wrong setting does not cause further errors. */
    if (!at_type_same(type, at_plan_node_of(L, id)->type)) {
        refuse_setting(L, param, type, value);
        L->failed = true;
        id = at_plan_lower_expr(L, &constant, param->node->child[0]);
    }
    return L->params[index] = opened(L, param->name, id);
}

/* ---------------------------------------------------------------- names and members */

uint32_t at_plan_lower_name(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    if (!symbol) return at_plan_lower_fail(L, node, "this name is not available here");
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_TABLE: return lower_table(L, ctx, node, symbol->index);
    case AT_SYM_FIELD: return at_plan_lower_field(L, ctx, node, symbol->table, symbol->index);
    case AT_SYM_MEASURE: return at_plan_lower_measure_so_far(L, ctx, symbol->index);
    case AT_SYM_PARAM: return at_plan_lower_param(L, symbol->index);
    case AT_SYM_LOOKUP: return lower_bare_lookup(L, ctx, node, symbol->index);
    case AT_SYM_COMPONENT: return lower_component_name(L, ctx, node, symbol->index);
    case AT_SYM_PARAMETER:
        if (ctx->frame && symbol->index < ctx->frame->n) return ctx->frame->nodes[symbol->index];
        break;
    case AT_SYM_TOTAL:
        if (ctx->adjusting) return lower_total(L, ctx);
        break;
    case AT_SYM_AMOUNT: return at_plan_lower_amount(L, ctx, node);
    case AT_SYM_LEVEL: return lower_level(L, ctx, node);
    case AT_SYM_PERIOD: return at_plan_period_of(L, ctx, node);
    default: break;
    }
    return at_plan_lower_fail(L, node, "this name is not available here");
}

/* A reference is the number of a row in the plan. People and texts know the row by its key. */
uint32_t at_plan_key_of(struct at_plan_lowering *L, uint32_t reference) {
    uint16_t table = at_plan_node_of(L, reference)->type.table;
    int key = L->checked->schemas[table].key;
    if (key < 0)
        return at_plan_lower_fail(L, at_plan_node_of(L, reference)->ast, "this table does not have a key");
    return at_plan_graph_follow(&L->graph, load(L, table, (uint32_t)key), reference);
}

static uint32_t period_member(struct at_plan_lowering *L, const struct at_ast_node *node, uint32_t period) {
    static const struct {
        const char *name;
        enum at_type_kind type;
    } parts[] = {{"start", AT_T_DATE},    {"end", AT_T_DATE},    {"days", AT_T_NUMBER},
                 {"months", AT_T_NUMBER}, {"year", AT_T_NUMBER}, {"index", AT_T_NUMBER}};
    for (size_t i = 0; i < AT_COUNT(parts); i++)
        if (at_str_eq(node->text, at_str_z(parts[i].name)))
            return at_plan_graph_map(&L->graph, AT_P_PERIODPART, (at_type){.kind = parts[i].type}, (int32_t)i,
                                     0, NULL, &period, 1);
    return at_plan_lower_fail(L, node, "unknown part of a period");
}

uint32_t at_plan_lower_member(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node) {
    const struct at_ast_node *base = node->child[0];
    const struct at_check_symbol *field = at_plan_symbol_of(L, node), *table = at_plan_symbol_of(L, base);
    if (at_plan_type_of(L, base).kind == AT_T_PERIOD)
        return period_member(L, node, at_plan_lower_expr(L, ctx, base));
    if (field && field->kind == AT_SYM_COVERED) return at_plan_lower_covered(L, ctx, node);
    if (!field || field->kind != AT_SYM_FIELD)
        return at_plan_lower_fail(L, node, "this is not available here");
    if (base->kind == AT_N_NAME && table && table->kind == AT_SYM_TABLE) {
        /* `deal.amount` is the row's; the payee statement's name is the recipient or the cell's payee */
        bool credited = ctx->grain == AT_G_CREDIT && is_payee(L, table->index) && !ctx->stock;
        if (credited && at_plan_is_dated_field(L, field->table, field->index))
            return at_plan_lower_dated(L, ctx, node, at_plan_payee_of(L, ctx), field->index);
        return credited ? load(L, field->table, field->index)
                        : at_plan_lower_field(L, ctx, node, field->table, field->index);
    }
    uint32_t reference = at_plan_lower_expr(L, ctx, base);
    if (at_plan_node_of(L, reference)->type.kind != AT_T_REF)
        return at_plan_lower_fail(L, node, "expected a reference to a row");
    if (at_plan_is_dated_field(L, field->table, field->index))
        return at_plan_lower_dated(L, ctx, node, reference, field->index);
    return at_plan_graph_follow(&L->graph, load(L, field->table, field->index), reference);
}
