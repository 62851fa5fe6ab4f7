/* plan/lower.c: a checked policy to a plan: the order of work, settings, and what the files of lowering
 * share. */
#include "plan/lower_int.h"

/* ---------------------------------------------------------------- shared by the files of lowering */

at_type at_plan_type_of(const struct at_plan_lowering *L, const struct at_ast_node *node) {
    return L->checked->types[node->id];
}

const struct at_check_symbol *at_plan_symbol_of(const struct at_plan_lowering *L,
                                                const struct at_ast_node *node) {
    return L->checked->symbols[node->id];
}

at_type at_plan_policy_money(const struct at_plan_lowering *L) {
    return (at_type){.kind = AT_T_MONEY, .currency = L->checked->currency};
}

uint32_t at_plan_lower_fail(struct at_plan_lowering *L, const struct at_ast_node *node, const char *why) {
    at_span span = node ? node->span : (at_span){0};
    if (L->plan->opened)
        at_diag_add(L->diags, AT_A1240, span, "this value decides more than an amount, so it cannot vary");
    else
        at_diag_add(L->diags, AT_A0954, span, "%s", why);
    L->failed = true;
    return at_plan_graph_missing(&L->graph, node ? at_plan_type_of(L, node) : (at_type){0});
}

/* A constant that cannot be calculated fails for every payee, so the policy is rejected before a
 * run. */
static void on_trouble(void *context, const struct at_ast_node *ast, const char *why) {
    struct at_plan_lowering *L = context;
    struct at_diag *d = at_diag_add(L->diags, AT_A0953, ast ? ast->span : (at_span){0}, "%s", why);
    at_diag_note(d, "it has the same value for every payee, so no one could be paid");
    at_diag_help(d, "correct the values in it");
    L->failed = true;
}

enum { ROOM = 32 };

/* The first number of a key is a letter that names its user, so keys of different users never
 * meet. Pay as if deals were never sold has its own nodes. */
static at_str key_text(struct at_plan_lowering *L, const uint32_t *key, uint32_t n, uint32_t room[ROOM]) {
    uint32_t *all = n < ROOM ? room : AT_NEW_ARRAY(L->arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++)
        all[i] = key[i];
    all[n] = L->sold;
    return (at_str){(const char *)all, (n + 1) * (uint32_t)sizeof *all};
}

bool at_plan_recall(struct at_plan_lowering *L, const uint32_t *key, uint32_t n, uint32_t *out) {
    uint32_t room[ROOM];
    const uint32_t *found = at_map_get(&L->memo, key_text(L, key, n, room));
    if (found) *out = *found;
    return found != NULL;
}

void at_plan_remember(struct at_plan_lowering *L, const uint32_t *key, uint32_t n, uint32_t node) {
    /* The map stores pointers, and node 0 must be distinct from "not found". */
    uint32_t room[ROOM], *kept = AT_NEW(L->arena, uint32_t);
    *kept = node;
    at_map_put(&L->memo, at_str_copy(L->arena, key_text(L, key, n, room)), kept);
}

void at_plan_lower_init(struct at_plan_lowering *L, const struct at_check_policy *checked,
                        struct at_plan *plan, struct at_arena *arena, struct at_diag_list *diags) {
    *L = (struct at_plan_lowering){
        .plan = plan, .checked = checked, .arena = arena, .diags = diags, .total_limit = UINT32_MAX};
    plan->checked = checked;
    plan->arena = arena;
    at_plan_graph_init(&L->graph, plan, arena);
    L->graph.on_trouble = on_trouble;
    L->graph.context = L;
    at_map_init(&L->memo, arena);
    L->reads_pay = AT_NEW_ARRAY(arena, uint8_t, checked->n_measures + 1);
    L->reads_paid = AT_NEW_ARRAY(arena, uint8_t, checked->n_measures + checked->n_components + 1);
    L->given = AT_NEW_ARRAY(arena, uint8_t, checked->n_measures + 1);
    L->params = AT_NEW_ARRAY(arena, uint32_t, checked->n_params + 1);
    for (uint32_t i = 0; i < checked->n_params; i++)
        L->params[i] = AT_NO_NODE;
    L->rates = AT_NEW_ARRAY(arena, const struct at_plan_steps *, checked->n_rates + 1);
    L->lookups = AT_NEW_ARRAY(arena, const struct at_plan_lookup *, checked->n_lookups + 1);
    L->text_lookups = AT_NEW_ARRAY(arena, const struct at_plan_lookup *, checked->n_lookups + 1);
    L->pays = AT_NEW_ARRAY(arena, struct at_plan_component, checked->n_components + 1);
    L->pay_state = AT_NEW_ARRAY(arena, uint8_t, checked->n_components + 1);
    L->pools = AT_NEW_ARRAY(arena, uint32_t, checked->n_components + 1);
    for (uint32_t i = 0; i < checked->n_components; i++)
        L->pools[i] = AT_NO_NODE;
    L->running = AT_NEW_ARRAY(arena, uint32_t, checked->n_components + 1);
    L->balances = AT_NEW_ARRAY(arena, uint32_t, checked->n_draws + 1);
    for (uint32_t i = 0; i < checked->n_draws; i++)
        L->balances[i] = AT_NO_NODE;
    L->line = AT_NEW_ARRAY(arena, uint32_t, checked->n_components + 1);
    L->span = AT_NEW_ARRAY(arena, int8_t, checked->n_components + 1);
    at_plan_group_of(L, -1); /* group 0 is everyone */
}

/* ---------------------------------------------------------------- settings and params */

static void check_settings(struct at_plan_lowering *L) {
    for (uint32_t i = 0; i < L->n_settings; i++) {
        bool found = false;
        for (uint32_t k = 0; k < L->checked->n_params; k++)
            found |= at_str_eq(L->checked->params[k]->name, L->settings[i].name);
        if (found) continue;
        struct at_diag *d = at_diag_add(L->diags, AT_A0951, (at_span){0}, "unknown param `%.*s`",
                                        AT_STR_ARG(L->settings[i].name));
        if (L->checked->n_params > 0)
            at_diag_help(d, "set a param of the policy, such as `%.*s`",
                         AT_STR_ARG(L->checked->params[0]->name));
        L->failed = true;
    }
}

static void lower_params(struct at_plan_lowering *L) {
    struct at_plan *plan = L->plan;
    plan->n_params = L->checked->n_params;
    plan->params = AT_NEW_ARRAY(L->arena, struct at_plan_value, plan->n_params);
    for (uint32_t i = 0; i < plan->n_params; i++) {
        const struct at_check_symbol *param = L->checked->params[i];
        const struct at_plan_open *open;
        const struct at_plan_value *value =
            at_plan_graph_open_value(&L->graph, at_plan_lower_param(L, i), &open);
        /* A value even for a param that failed, so that later steps can read the array without a
         * check. */
        plan->params[i] = (struct at_plan_value){.type = param->type, .missing = true};
        if (value)
            plan->params[i] = *value;
        else
            at_plan_lower_fail(L, param->node->child[0], "a param must be a constant");
    }
}

/* ---------------------------------------------------------------- measures, who is covered */

/* All measures get a node, also those that nothing pays by. at_plan_finish decides which ones a
 * run calculates. */
static void lower_measures(struct at_plan_lowering *L) {
    static const struct at_plan_ctx cell = {.grain = AT_G_CELL};
    struct at_plan *plan = L->plan;
    plan->n_measures = L->checked->n_measures;
    plan->measures = AT_NEW_ARRAY(L->arena, struct at_plan_measure, plan->n_measures);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        plan->measures[i].cell = at_plan_force(L, &cell, at_plan_lower_measure(L, &cell, i));
}

static void lower_applies(struct at_plan_lowering *L) {
    struct at_plan_ctx payees = {.grain = AT_G_ROW, .place = L->graph.payee_table};
    if (!L->checked->applies) return;
    L->plan->applies = at_plan_force(L, &payees, at_plan_lower_expr(L, &payees, L->checked->applies));
}

/* at_plan_pass stops counting at AT_MAX_PASSES, so a node at that limit may need even more. */
static bool few_passes(struct at_plan_lowering *L) {
    for (uint32_t id = 0; id < L->plan->n_nodes; id++) {
        const struct at_plan_node *node = &L->plan->nodes[id];
        if (node->pass < AT_MAX_PASSES) continue;
        struct at_diag *d = at_diag_add(L->diags, AT_A0956, node->ast ? node->ast->span : (at_span){0},
                                        "this needs more than %d passes over the data", AT_MAX_PASSES);
        at_diag_note(d, "a credit that uses a measure of another credit needs one more pass");
        at_diag_help(d, "let several credits use the same measures");
        return false;
    }
    return true;
}

/* ---------------------------------------------------------------- the entry */

enum at_status at_plan_lower(const struct at_check_policy *checked, const struct at_plan_setting *settings,
                             uint32_t n_settings, struct at_arena *arena, struct at_diag_list *diags,
                             struct at_plan **out) {
    struct at_plan_lowering *L = AT_NEW(arena, struct at_plan_lowering);
    *out = AT_NEW(arena, struct at_plan);
    at_plan_lower_init(L, checked, *out, arena, diags);
    L->settings = settings;
    L->n_settings = n_settings;
    /* The order matters. Measures name feeds by their index. Adjustments replace the values of
     * components. Carries need every definition to have a node. */
    check_settings(L);
    lower_params(L);
    at_plan_lower_feeds(L);
    lower_measures(L);
    lower_applies(L);
    at_plan_lower_covers(L);
    for (uint32_t i = 0; i < checked->n_components; i++)
        at_plan_lower_component(L, i);
    at_plan_lower_adjustments(L);
    at_plan_lower_carries(L);
    at_plan_lower_paid_lines(L);
    (*out)->sites = L->sites.at;
    (*out)->n_sites = (uint32_t)L->sites.n;
    /* From here on, ids have changed: the memo and all ids in L are invalid. */
    at_plan_finish(&L->graph, L->feeds.at, (uint32_t)L->feeds.n, L->groups.at, (uint32_t)L->groups.n);
    at_plan_lower_loops_hold(L);
    if (L->failed || !few_passes(L)) return AT_REJECTED;
    at_plan_must_hold(*out);
    return AT_OK;
}
