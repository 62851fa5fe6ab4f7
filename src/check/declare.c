/* check/declare.c: the first pass: every statement that gives a name becomes a symbol, in the order of the
 * policy. */
#include "base/form.h"
#include "check/check_int.h"

#define EACH_STATEMENT(ck, node)                                                                             \
    for (uint32_t f_ = 0; f_ < (ck)->ast->n_files; f_++)                                                     \
        for (uint32_t i_ = 0; (ck)->file = f_, (ck)->ast->files[f_] && i_ < (ck)->ast->files[f_]->n; i_++)   \
            if (((node) = (ck)->ast->files[f_]->child[i_]) != NULL)

static void count_statements(struct at_check *ck, uint32_t count[AT_N_COUNT]) {
    const struct at_ast_node *node;
    EACH_STATEMENT(ck, node) {
        if (node->kind < AT_N_COUNT) count[node->kind]++;
    }
}

static uint32_t count_shown(struct at_check *ck) {
    const struct at_ast_node *node;
    uint32_t n = 0;
    EACH_STATEMENT(ck, node) {
        if (node->kind == AT_N_SHOW) n += node->n;
    }
    return n;
}

/* Counts first, because symbols and declarations point into these arrays, which must never move. */
static void make_room(struct at_check *ck) {
    uint32_t count[AT_N_COUNT] = {0};
    struct at_check_policy *out = ck->out;
    count_statements(ck, count);
    uint32_t tables = count[AT_N_PAYEE] + count[AT_N_DATA] + count[AT_N_HISTORY] + count[AT_N_EXCHANGE] + 1;
    out->schemas = AT_NEW_ARRAY(ck->arena, struct at_schema, tables);
    ck->tables = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, tables);
    ck->field_maps = AT_NEW_ARRAY(ck->arena, struct at_map, tables);
    ck->fields = AT_NEW_ARRAY(ck->arena, struct at_check_decl **, tables);
    /* Each measure may draw from a table, which is a feed of its own. */
    out->feeds = AT_NEW_ARRAY(ck->arena, struct at_check_feed_decl,
                              count[AT_N_CREDIT] + count[AT_N_MEASURE] + count[AT_N_DRAW] + 1);
    out->measures =
        AT_NEW_ARRAY(ck->arena, struct at_check_measure_decl, count[AT_N_MEASURE] + count[AT_N_DRAW] + 1);
    out->params = AT_NEW_ARRAY(ck->arena, struct at_check_symbol *, count[AT_N_PARAM] + 1);
    out->rates = AT_NEW_ARRAY(ck->arena, struct at_check_rates_decl, count[AT_N_RATES] + 1);
    out->lookups = AT_NEW_ARRAY(ck->arena, struct at_check_lookup_decl, count[AT_N_LOOKUP] + 1);
    out->components =
        AT_NEW_ARRAY(ck->arena, struct at_check_component_decl, count[AT_N_PAY] + count[AT_N_POOL] + 1);
    uint32_t parts = count[AT_N_HOLD] + count[AT_N_RELEASE] + count[AT_N_CLAWBACK];
    out->parts = AT_NEW_ARRAY(ck->arena, struct at_check_part_decl, parts + 1);
    out->sold = AT_NEW_ARRAY(ck->arena, struct at_check_part_decl, parts + 1);
    out->adjustments =
        AT_NEW_ARRAY(ck->arena, struct at_check_adjustment_decl,
                     count[AT_N_CAP] + count[AT_N_FLOOR] + count[AT_N_ADJUST] + count[AT_N_DRAW] + parts + 1);
    out->draws = AT_NEW_ARRAY(ck->arena, struct at_check_draw_decl, count[AT_N_DRAW] + 1);
    out->functions = AT_NEW_ARRAY(ck->arena, struct at_check_function_decl, count[AT_N_FUNCTION] + 1);
    out->requires = AT_NEW_ARRAY(ck->arena, struct at_check_require_decl, count[AT_N_REQUIRE] + 1);
    out->independents =
        AT_NEW_ARRAY(ck->arena, struct at_check_independent_decl, count[AT_N_INDEPENDENT] + 1);
    out->exchanges = AT_NEW_ARRAY(ck->arena, struct at_check_exchange_decl, count[AT_N_EXCHANGE] + 1);
    out->shown = AT_NEW_ARRAY(ck->arena, struct at_check_shown_decl, count_shown(ck) + 1);
    out->tests = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, count[AT_N_TEST] + 1);
}

static void declare_table(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    uint32_t index = out->n_schemas++;
    struct at_check_decl *decl = at_check_declare(ck, node, AT_SYM_TABLE, index);
    struct at_schema *schema = &out->schemas[index];
    schema->name = node->text;
    schema->source = node->text2;
    schema->form = at_base_form_read(node->by);
    schema->source_start = node->span2.start;
    schema->source_end = node->span2.end;
    schema->key = schema->label = -1;
    schema->payee = node->kind == AT_N_PAYEE;
    decl->symbol.table = (uint16_t)index;
    decl->symbol.grain = AT_G_ROW;
    decl->symbol.type = (at_type){.kind = AT_T_REF, .table = (uint16_t)index};
    ck->tables[index] = node;
    at_map_init(&ck->field_maps[index], ck->arena);
    if (!schema->payee) return;
    if (out->payee_table < 0) {
        out->payee_table = (int32_t)index;
        return;
    }
    /* Only the first payee table is one. Everything after this can rely on at most one. */
    schema->payee = false;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0214, at_check_name_span(node), "a second `payee` statement");
    at_diag_label(d, at_check_name_span(ck->tables[out->payee_table]), "the first is here");
    at_diag_help(d, "declare this table with `data`, or write a policy of its own");
}

/* The type is known without looking at the formula: a component is money of the policy. So
 * components can refer to each other in any order. */
static void declare_result(struct at_check *ck, const struct at_ast_node *node, bool pool) {
    struct at_check_policy *out = ck->out;
    struct at_check_decl *decl = at_check_declare(ck, node, AT_SYM_COMPONENT, out->n_components);
    struct at_check_component_decl *component = &out->components[out->n_components++];
    decl->symbol.grain = AT_G_CELL;
    decl->symbol.type = at_check_money_type(ck);
    *component = (struct at_check_component_decl){.symbol = &decl->symbol,
                                                  .kind = pool ? AT_POOL : AT_PAY,
                                                  .per_feed = -1,
                                                  .by_feed = -1,
                                                  .cumulative = -1,
                                                  .group_field = -1,
                                                  .split = (uint8_t)node->op,
                                                  .parent = -1,
                                                  .role_field = -1,
                                                  .negatives = (node->flags & AT_F_NEGATIVES) != 0,
                                                  .ignoring = (node->flags & AT_F_IGNORING) != 0,
                                                  .hidden = (node->flags & AT_F_PRIVATE) != 0,
                                                  .by_day = (node->flags & AT_F_BY_DAY) != 0,
                                                  .rhythm = at_check_read_rhythm(ck, node),
                                                  .delay = at_check_read_delay(ck, node)};
}

static void declare_one(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    struct at_check_decl *decl;
    switch (node->kind) {
    case AT_N_PAYEE:
    case AT_N_HISTORY:
    case AT_N_EXCHANGE:
    case AT_N_DATA: declare_table(ck, node); break;
    case AT_N_CREDIT:
        decl = at_check_declare(ck, node, AT_SYM_CREDIT, out->n_feeds);
        decl->symbol.grain = AT_G_CREDIT;
        out->feeds[out->n_feeds++] = (struct at_check_feed_decl){.name = node->text, .node = node};
        break;
    case AT_N_MEASURE:
        decl = at_check_declare(ck, node, AT_SYM_MEASURE, out->n_measures);
        decl->symbol.grain = AT_G_CELL;
        out->measures[out->n_measures].rhythm = at_check_read_rhythm(ck, node);
        out->measures[out->n_measures++].symbol = &decl->symbol;
        break;
    case AT_N_PARAM:
        decl = at_check_declare(ck, node, AT_SYM_PARAM, out->n_params);
        out->params[out->n_params++] = &decl->symbol;
        break;
    case AT_N_RATES:
        decl = at_check_declare(ck, node, AT_SYM_RATES, out->n_rates);
        out->rates[out->n_rates++].symbol = &decl->symbol;
        break;
    case AT_N_LOOKUP:
        decl = at_check_declare(ck, node, AT_SYM_LOOKUP, out->n_lookups);
        out->lookups[out->n_lookups++].symbol = &decl->symbol;
        break;
    case AT_N_FUNCTION:
        decl = at_check_declare(ck, node, AT_SYM_FUNCTION, out->n_functions);
        out->functions[out->n_functions++].symbol = &decl->symbol;
        break;
    case AT_N_PAY:
    case AT_N_POOL: declare_result(ck, node, node->kind == AT_N_POOL); break;
    case AT_N_DRAW:
        decl = at_check_declare(ck, node, AT_SYM_DRAW, out->n_draws);
        decl->symbol.grain = AT_G_CELL;
        decl->symbol.type = at_check_money_type(ck);
        out->draws[out->n_draws++] = (struct at_check_draw_decl){.symbol = &decl->symbol};
        break;
    case AT_N_TEST: out->tests[out->n_tests++] = node; break;
    default: break;
    }
}

static void find_applies(struct at_check *ck, const struct at_ast_node *node) {
    if (ck->applies_node) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0230, node->span, "a second `applies to`");
        at_diag_label(d, ck->applies_node->span, "the first is here");
        at_diag_help(d, "join the two conditions with `and` or `or`");
        return;
    }
    ck->applies_node = node;
}

void at_check_declare_all(struct at_check *ck) {
    const struct at_ast_node *node;
    bool broken = false;
    make_room(ck);
    EACH_STATEMENT(ck, node) {
        at_arena_poll(ck->arena);
        declare_one(ck, node);
        if (node->kind == AT_N_APPLIES) find_applies(ck, node);
        broken |= node->kind == AT_N_ERROR;
    }
    /* The missing statement may be the one that could not be parsed. A file without a header may
     * be one that a policy uses. */
    if (broken || !ck->header) return;
    if (ck->out->payee_table < 0) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0213, at_check_name_span(ck->header),
                                        "the policy does not declare its payees");
        at_diag_help(
            d, "add a statement such as `payee rep from \"reps.csv\" { id text key  name text label }`");
    } else if (ck->out->n_components == 0) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0215, at_check_name_span(ck->header), "the policy pays nothing");
        at_diag_help(d, "add a `pay` or a `pool` statement, such as `pay commission on bookings = 10%%`");
    }
}
