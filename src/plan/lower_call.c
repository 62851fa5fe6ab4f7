/* plan/lower_call.c: calls: what each built-in function means in nodes, functions written out, rates and
 * tables as functions. */
#include "plan/lower_int.h"

static at_type number_type(void) {
    return (at_type){.kind = AT_T_NUMBER};
}

static at_type type_at(const struct at_plan_lowering *L, uint32_t id) {
    return at_plan_node_of(L, id)->type;
}

/* ---------------------------------------------------------------- functions, rates */

/* A hook has the grain of its finest argument. With constants only, the run calls it once. */
static uint32_t call_hook(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index,
                          const uint32_t *args, uint32_t n) {
    const struct at_check_function_decl *function = &L->checked->functions[index];
    return at_plan_make(L, ctx, AT_P_CALL, function->result, (int32_t)index, 0, NULL, args, (uint16_t)n);
}

/* All that a cell holds, after the other arguments: see plan.h. */
struct cell_parts {
    struct at_plan_cell *cell;
    uint32_t *in, n_in;
};

static void add_part(struct at_plan_lowering *L, struct cell_parts *parts, uint8_t group, at_str name,
                     uint32_t node) {
    parts->cell->parts[parts->cell->n++] = (struct at_plan_cell_part){group, at_str_copy(L->arena, name)};
    parts->in[parts->n_in++] = node;
}

static void add_cell(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                     const struct at_ast_node *node, struct cell_parts *parts) {
    const struct at_check_policy *checked = L->checked;
    const struct at_schema *payee = &checked->schemas[checked->payee_table];
    at_type text = {.kind = AT_T_TEXT};
    struct at_plan_ctx fields = *ctx;
    fields.no_row = true; /* a hook sees that there is none */
    for (uint32_t f = 0; f < at_schema_all(payee); f++) {
        if (at_check_is_hidden(checked, f)) continue;
        /* An amount without its currency is none. */
        if (payee->fields[f].type.kind == AT_T_FOREIGN) continue;
        uint32_t id = at_plan_lower_field(L, &fields, node, (uint32_t)checked->payee_table, f);
        /* Lua gets the key of the row, because it cannot follow a reference. */
        if (payee->fields[f].type.kind == AT_T_REF) id = at_plan_convert(L, ctx, id, text);
        add_part(L, parts, AT_CELL_PAYEE, payee->fields[f].name, id);
    }
    for (uint32_t i = 0; i < checked->n_measures; i++)
        add_part(L, parts, AT_CELL_MEASURES, checked->measures[i].symbol->name,
                 at_plan_lower_measure(L, ctx, i));
    add_part(L, parts, AT_CELL_PERIOD, AT_STR("period"),
             at_plan_graph_source(&L->graph, AT_P_CELLPERIOD, AT_G_CELL, 0, (at_type){.kind = AT_T_PERIOD}));
    parts->cell->adjusting = ctx->adjusting;
    /* Components are complete only in adjustments. Elsewhere a hook in one component would need
     * all the others. */
    if (!ctx->adjusting) return;
    for (uint32_t i = 0; i < checked->n_components; i++)
        add_part(L, parts, AT_CELL_COMPONENTS, checked->components[i].symbol->name,
                 at_plan_lower_so_far(L, ctx, i));
    add_part(L, parts, AT_CELL_TOTAL, AT_STR("total"), at_plan_total_so_far(L));
}

/* A call whose parameter number `at` is the whole cell. */
static uint32_t call_with_cell(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node, uint32_t index, uint32_t at) {
    const struct at_check_function_decl *function = &L->checked->functions[index];
    const struct at_check_policy *checked = L->checked;
    if (ctx->grain != AT_G_CELL || checked->payee_table < 0)
        return at_plan_lower_fail(L, node, "`cell` is not available here");
    /* The two more are the period and the total. A node counts its inputs in 16 bits. */
    uint32_t most = function->n + checked->schemas[checked->payee_table].n_fields +
                    checked->schemas[checked->payee_table].n_dated + checked->n_measures +
                    checked->n_components + 2;
    if (most > UINT16_MAX) return at_plan_lower_fail(L, node, "the cell has too many values for a hook");
    struct cell_parts parts = {.cell = AT_NEW(L->arena, struct at_plan_cell),
                               .in = AT_NEW_ARRAY(L->arena, uint32_t, most)};
    parts.cell->at = at;
    parts.cell->parts = AT_NEW_ARRAY(L->arena, struct at_plan_cell_part, most);
    for (uint32_t i = 0; i < node->n && i < function->n; i++)
        if (i != at)
            parts.in[parts.n_in++] =
                at_plan_convert(L, ctx, at_plan_lower_expr(L, ctx, node->child[i]), function->types[i]);
    add_cell(L, ctx, node, &parts);
    return at_plan_make(L, ctx, AT_P_CALL, function->result, (int32_t)index, 0, parts.cell, parts.in,
                        (uint16_t)parts.n_in);
}

/* Readers know a function by what it does for its arguments, and not by its body. */
static void note_call(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t out,
                      const struct at_ast_node *node, const uint32_t *args, uint32_t n) {
    const struct at_check_function_decl *function = &L->checked->functions[at_plan_symbol_of(L, node)->index];
    uint32_t *kept = AT_NEW_ARRAY(L->arena, uint32_t, function->n + 1);
    for (uint32_t i = 0; i < function->n; i++)
        kept[i] = i < n ? args[i] : AT_NO_NODE;
    at_plan_lower_site(L, ctx, out, node, kept);
}

/* A function of the policy is written out where it is called; the same call again is the same node. */
static uint32_t lower_function(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node, uint32_t index) {
    const struct at_check_function_decl *function = &L->checked->functions[index];
    uint32_t n = node->n < function->n ? node->n : function->n, out;
    for (uint32_t i = 0; !function->body && i < n; i++)
        if (function->types[i].kind == AT_T_REF && function->types[i].table == AT_TABLE_CELL)
            return call_with_cell(L, ctx, node, index, i);
    /* The first four numbers and the arguments together are the key of the memo. */
    uint32_t *args = AT_NEW_ARRAY(L->arena, uint32_t, n + 4);
    for (uint32_t i = 0; i < n; i++)
        args[i + 4] = at_plan_convert(L, ctx, at_plan_lower_expr(L, ctx, node->child[i]), function->types[i]);
    if (!function->body) return call_hook(L, ctx, index, args + 4, n);
    args[0] = 'f';
    args[1] = index;
    args[2] = ctx->grain;
    args[3] = ctx->place;
    if (at_plan_recall(L, args, n + 4, &out)) {
        note_call(L, ctx, out, node, args + 4, n);
        return out;
    }
    struct at_plan_frame frame = {args + 4, n};
    /* The arguments are already in the caller's time, and the body sees only parameters. So the
     * body has no time of its own. */
    struct at_plan_ctx body = {.grain = ctx->grain, .place = ctx->place, .frame = &frame};
    out = at_plan_convert(L, ctx, at_plan_lower_expr(L, &body, function->body), function->result);
    at_plan_remember(L, args, n + 4, out);
    note_call(L, ctx, out, node, args + 4, n);
    return out;
}

uint32_t at_plan_lower_step(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t rates,
                            uint32_t x) {
    return at_plan_make(L, ctx, AT_P_STEP, L->checked->rates[rates].rate, 0, 0, at_plan_steps_of(L, rates),
                        &x, 1);
}

/* The result is money if the amount or the rates are. `through R of unit` scales the thresholds,
 * which are then shares of the unit. */
uint32_t at_plan_lower_through(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node) {
    const struct at_check_symbol *rates = at_plan_symbol_of(L, node);
    if (!rates || rates->kind != AT_SYM_RATES) return at_plan_lower_fail(L, node, "expected rates");
    uint32_t in[2] = {at_plan_lower_expr(L, ctx, node->child[0]), AT_NO_NODE};
    bool unit = node->n > 1 && node->child[1];
    if (unit) in[1] = at_plan_lower_expr(L, ctx, node->child[1]);
    at_type rate = L->checked->rates[rates->index].rate, type = type_at(L, in[0]);
    if (rate.kind == AT_T_MONEY) type = rate;
    type.optional = false;
    return at_plan_make(L, ctx, AT_P_THROUGH, type, 0, 0, at_plan_steps_of(L, rates->index), in,
                        unit ? 2 : 1);
}

/* ---------------------------------------------------------------- over people */

/* The context of the payee and period to which a row or a group member belongs. `cell` is memory
 * of the caller. */
static const struct at_plan_ctx *cells(const struct at_plan_ctx *ctx, struct at_plan_ctx *cell) {
    *cell = *ctx;
    cell->grain = AT_G_CELL;
    cell->place = 0;
    return cell;
}

/* Returns the context in which the measure of a function of cells is calculated. For a credit, this is the
 * context of its cell. */
static const struct at_plan_ctx *measured(const struct at_plan_ctx *ctx, struct at_plan_ctx *cell) {
    return ctx->grain == AT_G_GROUP ? ctx : cells(ctx, cell);
}

static uint32_t cell_value(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_ast_node *node) {
    struct at_plan_ctx cell;
    cells(ctx, &cell);
    return at_plan_force(L, &cell, at_plan_lower_expr(L, &cell, node));
}

/* The context of a group of payees, for functions that compare them. With `ignoring missing`, members for
 * whom the argument has no value are left out. */
static struct at_plan_ctx group_context(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                        const struct at_ast_node *node) {
    struct at_plan_ctx group = *ctx;
    group.grain = AT_G_GROUP;
    bool own = ctx->grain == AT_G_GROUP && L->groups.at[ctx->place].field == L->checked->groups[node->id];
    if (!own) group.place = at_plan_group_of(L, L->checked->groups[node->id]);
    group.base = NULL;
    group.known = node->flags & AT_F_IGNORING ? cell_value(L, ctx, node->child[0]) + 1 : 0;
    return group;
}

/* sum(m by member): the plain sum of the members' values. For a payee, the payee's own. */
static uint32_t member_sum(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_ast_node *node) {
    if (ctx->grain != AT_G_GROUP) return at_plan_lower_expr(L, ctx, node->child[0]);
    return at_plan_of_members(L, ctx, AT_P_GROUPSUM, cell_value(L, ctx, node->child[0]), -1);
}

/* total(m by f): recalculated for the group, unless it has a value for each member only. */
static uint32_t group_total(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    struct at_plan_ctx group = group_context(L, ctx, node);
    /* Within a pool, a group has one period but not one value of another grouping. */
    if (ctx->grain == AT_G_GROUP && group.place != 0 && group.place != ctx->place)
        return at_plan_lower_fail(L, node, "cannot use the total of other groups");
    bool members = (L->checked->marks[node->id] & AT_MARK_MEMBERS) != 0;
    return at_plan_force(
        L, &group, members ? member_sum(L, &group, node) : at_plan_lower_expr(L, &group, node->child[0]));
}

static uint32_t group_share(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    struct at_plan_ctx cell;
    const struct at_plan_ctx *own = measured(ctx, &cell);
    uint32_t part = at_plan_lower_expr(L, own, node->child[0]);
    struct at_plan_ctx group = group_context(L, ctx, node);
    /* The sum of the parts, so that the shares of all members add up to 1. */
    uint32_t whole = at_plan_of_members(L, &group, AT_P_GROUPSUM, cell_value(L, ctx, node->child[0]), -1);
    return at_plan_make2(L, own, AT_P_DIV, number_type(), part, whole);
}

static uint32_t group_rank(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_ast_node *node) {
    if (ctx->grain == AT_G_GROUP) return at_plan_lower_fail(L, node, "`rank` needs a single payee");
    return at_plan_lower_rank(L, ctx, node, NULL);
}

/* Lowers a function in `require`, over every payee and period. A value given once per quarter is counted once
 * per quarter. */
static uint32_t over_run(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                         const struct at_ast_node *node, enum at_check_builtin_id which) {
    uint32_t x = cell_value(L, ctx, node->child[0]);
    if (which == AT_B_COUNT) return at_plan_graph_gather(&L->graph, AT_P_RUNCOUNT, x, 0);
    int8_t once = at_plan_given_per(L, node->child[0]);
    /* DELTA leaves the value in the first period of its span, and zero in the others. */
    if (which == AT_B_SUM && once >= 0) x = at_plan_graph_scan(&L->graph, AT_P_DELTA, x, once, 0);
    uint32_t sum = at_plan_graph_gather(&L->graph, AT_P_RUNSUM, x, 0);
    if (which == AT_B_SUM) return sum;
    /* The mean divides by the number of covered cells, which is the run's sum of 1. */
    uint32_t one =
        at_plan_graph_spread(&L->graph, at_plan_graph_number(&L->graph, at_num_int(1)), AT_G_CELL, 0);
    at_type type = type_at(L, x);
    return at_plan_graph_map2(&L->graph, AT_P_DIV, type, sum,
                              at_plan_graph_gather(&L->graph, AT_P_RUNSUM, one, 0));
}

/* ---------------------------------------------------------------- over time */

/* A number of periods or digits: a whole constant. */
static bool whole(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, const struct at_ast_node *node,
                  int64_t most, int32_t *out) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, at_plan_lower_expr(L, ctx, node));
    int64_t n;
    if (value && !value->missing && at_num_to_i64(L->arena, at_plan_value_num(value), 0, &n) && n <= most &&
        n >= -most) {
        *out = (int32_t)n;
        return true;
    }
    at_plan_lower_fail(L, node, "expected a constant whole number");
    return false;
}

/* ytd(m), trailing(m, n): recalculated from values in another time, or the sum of its values of the periods.
 * The checker has decided which. */
static uint32_t in_time(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                        const struct at_ast_node *node, uint8_t time, int32_t span) {
    bool summed = L->checked->marks[node->id] & AT_MARK_SUMMED;
    struct at_plan_ctx cell, timed = ctx->added && !summed ? *ctx : *measured(ctx, &cell);
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node->child[0]);
    bool named = node->child[0]->kind == AT_N_NAME && symbol && symbol->kind == AT_SYM_MEASURE;
    /* `ytd(m by quarter)` sums the values of the quarters. */
    if (summed && named && L->checked->measures[symbol->index].rhythm)
        timed.rhythm = L->checked->measures[symbol->index].rhythm;
    timed.time = time;
    timed.span = span;
    if (!summed) return at_plan_lower_expr(L, &timed, node->child[0]);
    struct at_plan_ctx now = timed;
    now.time = AT_TIME_NOW;
    now = at_plan_in_rhythm(&now, timed.rhythm);
    uint32_t x = at_plan_lower_expr(L, &now, node->child[0]);
    if (timed.rhythm) { /* the last periods of the quarters have their values, and the others add nothing */
        struct at_plan_value zero = at_plan_value_of_num(type_at(L, x), at_num_int(0));
        x = at_plan_at_end(L, &now, timed.rhythm, x, at_plan_graph_const(&L->graph, zero));
    }
    return at_plan_accumulate(L, &timed, x, -1, 0);
}

static uint32_t prior(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                      const struct at_ast_node *node) {
    struct at_plan_ctx cell;
    const struct at_plan_ctx *own = measured(ctx, &cell);
    int32_t n = 1;
    if (node->n > 1 && !whole(L, ctx, node->child[1], 1000000, &n))
        return at_plan_graph_missing(&L->graph, at_plan_type_of(L, node));
    /* Lowering the argument here would recurse into the definition that is being lowered. */
    bool later = at_plan_lower_is_past(L, node->child[0]) || at_plan_lower_reads_paid(L, node->child[0]);
    if (own->since) return at_plan_lower_fail(L, node, "`prior` cannot be counted from a day");
    if (n > 0 && later) return at_plan_lower_carry(L, own, node, (uint32_t)n);
    uint32_t x = at_plan_lower_expr(L, own, node->child[0]);
    if (n <= 0) return x;
    x = at_plan_over_periods(L, own, x);
    return at_plan_graph_scan(&L->graph, AT_P_PRIOR, x, n, own->rhythm);
}

static uint32_t trailing(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                         const struct at_ast_node *node) {
    int32_t n = 1;
    if (node->n > 1 && !whole(L, ctx, node->child[1], 1000000, &n))
        return at_plan_graph_missing(&L->graph, at_plan_type_of(L, node));
    return in_time(L, ctx, node, AT_TIME_TRAILING, n > 0 ? n : 1);
}

/* The checker allows `running` only for measures of the same credit. These tests keep a defect
 * from becoming a wrong payout. */
static uint32_t running(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                        const struct at_ast_node *node) {
    const struct at_check_symbol *of = at_plan_symbol_of(L, node->child[0]);
    bool named = of && (of->kind == AT_SYM_MEASURE || of->kind == AT_SYM_COMPONENT);
    if (ctx->grain != AT_G_CREDIT || !named)
        return at_plan_lower_fail(L, node, "`running` needs a measure or a component, and a credited row");
    return at_plan_lower_running(L, ctx, node, of);
}

/* ---------------------------------------------------------------- arithmetic, dates, text */

static uint32_t of_all(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                       const struct at_ast_node *node, enum at_plan_op op) {
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]);
    for (uint32_t i = 1; i < node->n; i++) {
        uint32_t y = at_plan_lower_expr(L, ctx, node->child[i]);
        at_type type = type_at(L, x);
        type.optional |= type_at(L, y).optional;
        x = at_plan_make2(L, ctx, op, type, x, y);
    }
    return x;
}

/* With one value, in `require` only, it is the mean over the run. */
static uint32_t average(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                        const struct at_ast_node *node) {
    if (node->n == 1 && ctx->grain == AT_G_CONST) return over_run(L, ctx, node, AT_B_AVERAGE);
    uint32_t sum = of_all(L, ctx, node, AT_P_ADD);
    return at_plan_make2(L, ctx, AT_P_DIV, type_at(L, sum), sum,
                         at_plan_graph_number(&L->graph, at_num_int(node->n)));
}

static uint32_t rounded(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                        const struct at_ast_node *node, enum at_num_rounding how) {
    int32_t digits = 0;
    if (node->n > 1 && !whole(L, ctx, node->child[1], 1000, &digits))
        return at_plan_graph_missing(&L->graph, at_plan_type_of(L, node));
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]);
    return at_plan_make(L, ctx, AT_P_ROUND, type_at(L, x), digits, (int32_t)how, NULL, &x, 1);
}

static uint32_t date_part(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                          const struct at_ast_node *node, int32_t part) {
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]);
    return at_plan_make(L, ctx, AT_P_DATEPART, number_type(), part, 0, NULL, &x, 1);
}

static uint32_t text_function(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node, enum at_check_builtin_id which) {
    bool makes_text = which == AT_B_LOWER || which == AT_B_TRIM;
    at_type text = {.kind = AT_T_TEXT}, flag = {.kind = AT_T_FLAG};
    uint32_t in[2] = {AT_NO_NODE, AT_NO_NODE};
    uint16_t n = node->n > 1 ? 2 : 1;
    for (uint16_t i = 0; i < n; i++)
        in[i] = at_plan_convert(L, ctx, at_plan_lower_expr(L, ctx, node->child[i]), text);
    return at_plan_make(L, ctx, AT_P_TEXTFN, makes_text ? text : flag, (int32_t)which, 0, NULL, in, n);
}

static uint32_t if_missing(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_ast_node *node) {
    uint32_t x = at_plan_lower_missing_of(L, ctx, node->child[0]),
             y = at_plan_lower_expr(L, ctx, node->child[1]);
    at_type type = type_at(L, x);
    /* A replacement that is none of the choices makes both sides text. */
    if (type.kind == AT_T_ENUM && type_at(L, y).kind == AT_T_TEXT) {
        y = at_plan_convert(L, ctx, y, type);
        if (type_at(L, y).kind == AT_T_TEXT) x = at_plan_convert(L, ctx, x, type_at(L, y));
    } else {
        x = at_plan_convert(L, ctx, x, type_at(L, y));
        y = at_plan_convert(L, ctx, y, type_at(L, x));
    }
    type = type_at(L, x);
    type.optional = type_at(L, y).optional;
    return at_plan_make2(L, ctx, AT_P_IFMISSING, type, x, y);
}

/* ---------------------------------------------------------------- by name */

static uint32_t lower_builtin(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node, enum at_check_builtin_id which) {
    uint32_t x;
    bool rows = which == AT_B_SUM || which == AT_B_COUNT || which == AT_B_AVERAGE || which == AT_B_MIN ||
                which == AT_B_MAX;
    if (rows && L->checked->groups[node->id] >= 0) return at_plan_lower_rows(L, ctx, node, which);
    switch (which) {
    case AT_B_MIN: return of_all(L, ctx, node, AT_P_MIN);
    case AT_B_MAX: return of_all(L, ctx, node, AT_P_MAX);
    case AT_B_ABS:
        x = at_plan_lower_expr(L, ctx, node->child[0]);
        return at_plan_make1(L, ctx, AT_P_ABS, type_at(L, x), x);
    case AT_B_ROUND: return rounded(L, ctx, node, AT_ROUND_HALF_UP);
    case AT_B_ROUNDDOWN: return rounded(L, ctx, node, AT_ROUND_DOWN);
    case AT_B_ROUNDUP: return rounded(L, ctx, node, AT_ROUND_UP);
    case AT_B_IFMISSING: return if_missing(L, ctx, node);
    case AT_B_YTD: return in_time(L, ctx, node, AT_TIME_TODATE, AT_YEAR);
    case AT_B_HTD: return in_time(L, ctx, node, AT_TIME_TODATE, AT_HALF);
    case AT_B_QTD: return in_time(L, ctx, node, AT_TIME_TODATE, AT_QUARTER);
    case AT_B_PRIOR: return prior(L, ctx, node);
    case AT_B_TRAILING: return trailing(L, ctx, node);
    case AT_B_SINCE: return at_plan_lower_since(L, ctx, node);
    case AT_B_PAID: return at_plan_lower_paid(L, ctx, node);
    case AT_B_RECALCULATED: return at_plan_lower_expr(L, ctx, node->child[0]);
    case AT_B_RUNNING: return running(L, ctx, node);
    case AT_B_BALANCE: return at_plan_lower_balance(L, ctx, node);
    case AT_B_PRORATED: return at_plan_lower_prorated(L, ctx, node);
    case AT_B_TOTAL: return group_total(L, ctx, node);
    case AT_B_RANK: return group_rank(L, ctx, node);
    case AT_B_SHARE: return group_share(L, ctx, node);
    case AT_B_SUM:
        if (at_str_eq(node->by, AT_STR("member"))) return member_sum(L, ctx, node);
        return over_run(L, ctx, node, which);
    case AT_B_COUNT: return over_run(L, ctx, node, which);
    case AT_B_AVERAGE: return average(L, ctx, node);
    case AT_B_YEAR: return date_part(L, ctx, node, 0);
    case AT_B_MONTH: return date_part(L, ctx, node, 1);
    case AT_B_DAY: return date_part(L, ctx, node, 2);
    case AT_B_DAYS:
        x = at_plan_lower_expr(L, ctx, node->child[0]);
        return at_plan_make2(L, ctx, AT_P_DAYSBETWEEN, number_type(), x,
                             at_plan_lower_expr(L, ctx, node->child[1]));
    case AT_B_LOWER:
    case AT_B_TRIM:
    case AT_B_CONTAINS:
    case AT_B_STARTS:
    case AT_B_ENDS: return text_function(L, ctx, node, which);
    case AT_B_COUNT_OF: break;
    }
    return at_plan_lower_fail(L, node, "this function is not available here");
}

uint32_t at_plan_lower_call(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    if (!symbol) return at_plan_lower_fail(L, node, "this function is not available here");
    uint32_t keys[2] = {AT_NO_NODE, AT_NO_NODE};
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_BUILTIN: return lower_builtin(L, ctx, node, (enum at_check_builtin_id)symbol->index);
    case AT_SYM_FUNCTION: return lower_function(L, ctx, node, symbol->index);
    case AT_SYM_RATES:
        return at_plan_lower_step(L, ctx, symbol->index, at_plan_lower_expr(L, ctx, node->child[0]));
    case AT_SYM_LOOKUP:
        for (uint32_t i = 0; i < 2 && i < node->n; i++)
            keys[i] = at_plan_lower_expr(L, ctx, node->child[i]);
        return at_plan_lower_lookup(L, ctx, symbol->index, keys);
    default: return at_plan_lower_fail(L, node, "expected a function");
    }
}
