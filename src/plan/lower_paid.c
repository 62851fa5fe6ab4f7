/* plan/lower_paid.c: lowers paid(x): what the lines of a component pay in a period, after all adjustments.
 *
 * Adjustments are lowered after the definitions that may read paid(x). So a PAID node is made without its
 * input, which is the sum of the lines. It gets the input when everything else has a node, and the nodes are
 * then put in an order in which inputs come first again. What still leads back to itself is a circular
 * reference within one period: an adjustment needs what it changes.
 */
#include "plan/lower_int.h"

uint32_t at_plan_lower_paid(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node->child[0]);
    if (!symbol || symbol->kind != AT_SYM_COMPONENT)
        return at_plan_lower_fail(L, node, "expected the name of a component");
    struct at_plan_node wanted = {
        .op = AT_P_PAID, .grain = AT_G_CELL, .a = (int32_t)symbol->index, .type = at_plan_policy_money(L)};
    uint32_t id = at_plan_graph_add(&L->graph, &wanted);
    L->reads_lines = true;
    if (ctx->grain == AT_G_GROUP) id = at_plan_of_members(L, ctx, AT_P_GROUPSUM, id, -1);
    return ctx->time == AT_TIME_NOW ? id : at_plan_accumulate(L, ctx, id, -1, 0);
}

/* ---- what reads paid(x), so that `prior` of it can lead forward */

struct search {
    struct at_plan_lowering *L;
    bool found;
};

static bool reads(struct at_plan_lowering *L, const struct at_ast_node *node);

static bool definition_reads(struct at_plan_lowering *L, const struct at_check_symbol *symbol) {
    uint32_t index = symbol->kind == AT_SYM_MEASURE ? symbol->index : L->checked->n_measures + symbol->index;
    uint8_t *known = &L->reads_paid[index]; /* 0: not known; 1: no; 2: yes */
    if (*known) return *known == 2;
    *known = 1; /* for a definition that reads its own past */
    if (reads(L, symbol->node)) *known = 2;
    return *known == 2;
}

static bool visit(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    const struct at_check_symbol *symbol = at_plan_symbol_of(search->L, node);
    if (!symbol) return !search->found;
    bool defined = symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT;
    search->found |= symbol->kind == AT_SYM_BUILTIN && symbol->index == AT_B_PAID;
    search->found |= defined && !search->found && definition_reads(search->L, symbol);
    return !search->found;
}

static bool reads(struct at_plan_lowering *L, const struct at_ast_node *node) {
    struct search search = {L, false};
    if (node) at_ast_walk(node, visit, &search);
    return search.found;
}

bool at_plan_lower_reads_paid(struct at_plan_lowering *L, const struct at_ast_node *expr) {
    return reads(L, expr);
}

/* ---- the lines */

/* The component's own line, and those that its adjustments add. */
static uint32_t lines_of(struct at_plan_lowering *L, int32_t index) {
    static const struct at_plan_ctx cell = {.grain = AT_G_CELL};
    uint32_t sum = AT_NO_NODE;
    for (uint32_t i = 0; i < L->plan->n_components; i++) {
        const struct at_plan_component *line = &L->plan->components[i];
        bool own = line->decl && line->decl == &L->checked->components[index];
        bool beside = line->adjustment && line->adjustment->component == index;
        if (!own && !beside) continue;
        sum = sum == AT_NO_NODE
                  ? line->value
                  : at_plan_make2(L, &cell, AT_P_ADD, at_plan_policy_money(L), sum, line->value);
    }
    return sum;
}

static void give(struct at_plan_lowering *L, uint32_t id, uint32_t lines) {
    struct at_plan_node *node = &L->plan->nodes[id];
    if (!node->in) node->in = AT_NEW(L->arena, uint32_t);
    node->in[0] = lines;
    node->n_in = 1;
}

/* ---- circular references */

/* The statement that the expression is in. */
static const struct at_ast_node *statement_of(const struct at_plan_lowering *L,
                                              const struct at_ast_node *ast) {
    const struct at_ast *tree = L->checked->ast;
    for (uint32_t f = 0; ast && f < tree->n_files; f++)
        for (uint32_t i = 0; tree->files[f] && i < tree->files[f]->n; i++) {
            const struct at_ast_node *statement = tree->files[f]->child[i];
            if (statement && ast->span.start >= statement->span.start && ast->span.end <= statement->span.end)
                return statement;
        }
    return NULL;
}

static const char *word_of(const struct at_ast_node *statement) {
    return statement->kind == AT_N_CAP      ? "cap "
           : statement->kind == AT_N_FLOOR  ? "floor "
           : statement->kind == AT_N_ADJUST ? "adjust "
                                            : "";
}

/* `paid(a)` → `b` → `cap a` → `paid(a)`, from the nodes of the circular reference, each before the one that
 * it needs. */
static void report(struct at_plan_lowering *L, const uint32_t *circle, uint32_t n) {
    uint32_t first = 0;
    while (first + 1 < n && at_plan_node_of(L, circle[first])->op != AT_P_PAID)
        first++;
    const struct at_plan_node *paid = at_plan_node_of(L, circle[first]);
    at_str name = L->checked->components[paid->a].symbol->name;
    at_str path = at_str_format(L->arena, "`paid(%.*s)`", AT_STR_ARG(name));
    const struct at_ast_node *last = NULL;
    for (uint32_t i = 1; i < n; i++) {
        const struct at_plan_node *node = at_plan_node_of(L, circle[(first + i) % n]);
        const struct at_ast_node *statement = statement_of(L, node->ast);
        if (!statement || statement == last) continue;
        last = statement;
        path = at_str_format(L->arena, "%.*s → `%s%.*s`", AT_STR_ARG(path), word_of(statement),
                             AT_STR_ARG(statement->text));
    }
    struct at_diag *d =
        at_diag_add(L->diags, AT_A0205, paid->ast ? paid->ast->span : (at_span){0},
                    "circular reference: %.*s → `paid(%.*s)`", AT_STR_ARG(path), AT_STR_ARG(name));
    at_diag_help(d, "read an earlier period, such as `prior(paid(%.*s))`", AT_STR_ARG(name));
    L->failed = true;
}

/* After such an error, all PAID nodes read zero, so that lowering ends in order. */
static void give_zero(struct at_plan_lowering *L) {
    struct at_plan_value zero = at_plan_value_of_num(at_plan_policy_money(L), at_num_int(0));
    uint32_t none = at_plan_graph_spread(&L->graph, at_plan_graph_const(&L->graph, zero), AT_G_CELL, 0);
    for (uint32_t id = 0; id < L->plan->n_nodes; id++)
        if (L->plan->nodes[id].op == AT_P_PAID) give(L, id, none);
}

void at_plan_lower_paid_lines(struct at_plan_lowering *L) {
    if (!L->reads_lines) return;
    for (uint32_t id = 0, n = L->plan->n_nodes; id < n; id++)
        if (L->plan->nodes[id].op == AT_P_PAID) give(L, id, lines_of(L, L->plan->nodes[id].a));
    uint32_t *order = AT_NEW_ARRAY(L->arena, uint32_t, L->plan->n_nodes + 1), n_circle = 0;
    uint32_t *circle = at_plan_order(L->plan, L->arena, order, &n_circle);
    if (!circle) return;
    report(L, circle, n_circle);
    give_zero(L);
}
