/* plan/lower_expr.c: expressions to nodes: literals, operators, choices, slices. Names are in lower_name.c,
 * calls in lower_call.c. */
#include "plan/lower_int.h"

#define MOST_DEPTH 4000 /* the checker refuses far less */

static at_type kind_type(enum at_type_kind kind) {
    return (at_type){.kind = kind};
}

static at_type type_at(const struct at_plan_lowering *L, uint32_t id) {
    return at_plan_node_of(L, id)->type;
}

/* ---------------------------------------------------------------- literals */

/* The checker has accepted the unit, so one of the two lookups finds it. A symbol such as $
 * prefers the policy's currency. */
static at_currency literal_currency(const struct at_plan_lowering *L, at_str unit) {
    bool shared;
    at_currency own = L->checked->currency, found = unit.n ? at_currency_find(unit) : own;
    return found ? found : at_currency_of_symbol(unit, own, &shared);
}

bool at_plan_literal(const struct at_plan_lowering *L, const struct at_ast_node *node,
                     struct at_plan_value *out) {
    /* The type comes before the value: the writers of value.h check it. */
    *out = (struct at_plan_value){0};
    switch (node->kind) {
    case AT_N_NUMBER:
        out->type = kind_type(AT_T_NUMBER);
        if (node->flags & (AT_F_PERCENT | AT_F_BPS)) out->type.unit = AT_UNIT_PERCENT;
        at_plan_value_put_num(out, node->value);
        return true;
    case AT_N_MONEY:
        out->type = (at_type){.kind = AT_T_MONEY, .currency = literal_currency(L, node->unit)};
        at_plan_value_put_num(out, node->value);
        return true;
    case AT_N_DURATION:
        out->type = (at_type){.kind = AT_T_DURATION, .months = (node->flags & AT_F_MONTHS) != 0};
        at_plan_value_put_num(out, node->value);
        return true;
    case AT_N_TEXT:
        out->type = kind_type(AT_T_TEXT);
        at_plan_value_put_text(out, node->text);
        return true;
    case AT_N_DATE:
        out->type = kind_type(AT_T_DATE);
        at_plan_value_put_day(out, node->day);
        return true;
    case AT_N_PERIOD:
        out->type = kind_type(AT_T_PERIOD);
        at_plan_value_put_period(out, node->period);
        return true;
    case AT_N_FLAG:
        out->type = kind_type(AT_T_FLAG);
        at_plan_value_put_yes(out, node->day != 0);
        return true;
    default: return false;
    }
}

/* ---------------------------------------------------------------- choices, texts, references */

static int32_t choice_index(const struct at_type_choices *choices, at_str text) {
    for (uint32_t i = 0; choices && i < choices->n; i++)
        if (at_str_eq(choices->at[i], text)) return (int32_t)i;
    return -1;
}

/* A reference becomes its key, which is a text or a choice. A choice becomes its text. A text
 * stays. */
static uint32_t as_text(struct at_plan_lowering *L, uint32_t id) {
    at_type type = type_at(L, id);
    if (type.kind == AT_T_REF) id = at_plan_key_of(L, id);
    type = type_at(L, id);
    if (type.kind != AT_T_ENUM) return id;
    at_type text = {.kind = AT_T_TEXT, .optional = type.optional};
    return at_plan_graph_map(&L->graph, AT_P_CHOICETEXT, text, 0, 0, type.choices, &id, 1);
}

/* A constant text or choice as a choice of `type`; false where it is none of them. */
static bool as_choice(struct at_plan_lowering *L, uint32_t id, at_type type, uint32_t *out) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, as_text(L, id));
    if (!value || value->type.kind != AT_T_TEXT) return false;
    type.optional = false;
    struct at_plan_value choice = at_plan_value_none(type);
    if (!value->missing)
        at_plan_value_put_row(&choice, choice_index(type.choices, at_plan_value_text(value)));
    /* A text that is not among the choices becomes a missing choice. The caller must not take it
     * for a missing value. */
    if (choice.missing != value->missing) return false;
    *out = at_plan_graph_const(&L->graph, choice);
    return true;
}

uint32_t at_plan_convert(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id,
                         at_type type) {
    at_type now = type_at(L, id);
    (void)ctx;
    if (type.kind == AT_T_TEXT && (now.kind == AT_T_ENUM || now.kind == AT_T_REF)) return as_text(L, id);
    if (type.kind == AT_T_ENUM &&
        (now.kind == AT_T_TEXT ||
         (now.kind == AT_T_ENUM && !at_type_choices_same(now.choices, type.choices))))
        as_choice(L, id, type, &id);
    return id;
}

/* Converts both sides of a comparison to one kind. Returns false if a constant is not a value that the other
 * side can have. */
static bool alike(struct at_plan_lowering *L, uint32_t *x, uint32_t *y) {
    at_type a = type_at(L, *x), b = type_at(L, *y);
    if (a.kind == AT_T_REF && b.kind != AT_T_REF) a = type_at(L, *x = at_plan_key_of(L, *x));
    if (b.kind == AT_T_REF && a.kind != AT_T_REF) b = type_at(L, *y = at_plan_key_of(L, *y));
    if (a.kind != AT_T_ENUM && b.kind != AT_T_ENUM) return true;
    if (a.kind == b.kind && at_type_choices_same(a.choices, b.choices)) return true;
    if (a.kind == AT_T_ENUM && at_plan_graph_value(&L->graph, *y)) return as_choice(L, *y, a, y);
    if (b.kind == AT_T_ENUM && at_plan_graph_value(&L->graph, *x)) return as_choice(L, *x, b, x);
    *x = as_text(L, *x);
    *y = as_text(L, *y);
    return true;
}

uint32_t at_plan_compare(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                         uint32_t x, uint32_t y) {
    /* A constant that the other side can never have: equality is known to be false. */
    if (!alike(L, &x, &y)) return at_plan_graph_flag(&L->graph, op == AT_P_NE);
    return at_plan_make2(L, ctx, op, kind_type(AT_T_FLAG), x, y);
}

static uint32_t lower_compare(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node) {
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]), y = at_plan_lower_expr(L, ctx, node->child[1]);
    switch (node->op) {
    case AT_OP_EQ: return at_plan_compare(L, ctx, AT_P_EQ, x, y);
    case AT_OP_NE: return at_plan_compare(L, ctx, AT_P_NE, x, y);
    case AT_OP_LT: return at_plan_compare(L, ctx, AT_P_LT, x, y);
    case AT_OP_LE: return at_plan_compare(L, ctx, AT_P_LE, x, y);
    /* The plan has only `<` and `<=`, so that a > b and b < a are one node. */
    case AT_OP_GT: return at_plan_compare(L, ctx, AT_P_LT, y, x);
    default: return at_plan_compare(L, ctx, AT_P_LE, y, x);
    }
}

/* `is not missing` and `not in` are flags of one AST node, and a node of their own in the plan. */
static uint32_t negate(struct at_plan_lowering *L, uint32_t flag, const struct at_ast_node *node) {
    if (!(node->flags & AT_F_NOT)) return flag;
    return at_plan_graph_map1(&L->graph, AT_P_NOT, kind_type(AT_T_FLAG), flag);
}

static uint32_t lower_in(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                         const struct at_ast_node *node) {
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]), others = at_plan_graph_flag(&L->graph, false);
    if (type_at(L, x).kind == AT_T_REF && node->n > 1 && at_plan_type_of(L, node->child[1]).kind != AT_T_REF)
        x = at_plan_key_of(L, x);
    /* Constants of the list go into one set, which is a single node. Everything else is compared
     * one by one. */
    struct at_plan_set *set = AT_NEW(L->arena, struct at_plan_set);
    set->values = AT_NEW_ARRAY(L->arena, struct at_plan_value, node->n);
    for (uint32_t i = 1; i < node->n; i++) {
        uint32_t item = at_plan_lower_expr(L, ctx, node->child[i]), same = x;
        if (!alike(L, &same, &item)) continue;
        const struct at_plan_value *value = at_plan_graph_value(&L->graph, item);
        /* `alike` may have converted x for this item. Then the item does not fit the set of the
         * others. */
        if (value && same == x)
            set->values[set->n++] = *value;
        else
            others = at_plan_make2(L, ctx, AT_P_OR, kind_type(AT_T_FLAG), others,
                                   at_plan_compare(L, ctx, AT_P_EQ, x, item));
    }
    uint32_t found = others;
    if (set->n > 0) {
        found = at_plan_graph_map(&L->graph, AT_P_IN, kind_type(AT_T_FLAG), 0, 0, set, &x, 1);
        found = at_plan_make2(L, ctx, AT_P_OR, kind_type(AT_T_FLAG), found, others);
    }
    return negate(L, found, node);
}

/* `a within 90 days of b`: no further than that, before or after. Months are counted from the earlier date,
 * so that the condition holds in both orders or in none. */
static uint32_t lower_within(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node) {
    uint32_t a = at_plan_lower_expr(L, ctx, node->child[0]), far = at_plan_lower_expr(L, ctx, node->child[1]);
    uint32_t b = at_plan_lower_expr(L, ctx, node->child[2]);
    at_type date = kind_type(AT_T_DATE), flag = kind_type(AT_T_FLAG), number = kind_type(AT_T_NUMBER);
    bool months = type_at(L, far).months;
    uint8_t before = months ? AT_DATEADD_REACHES : 0;
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, far);
    int64_t count;
    uint32_t first, last;
    /* A constant duration is a payload instead of an input. 4,000,000 days exceed the range of
     * dates, and the negative fits in 32 bits. */
    if (value && at_num_to_i64(L->arena, at_plan_value_num(value), 0, &count) && count > -4000000 &&
        count < 4000000) {
        first = at_plan_make(L, ctx, AT_P_DATEADD, date, (int32_t)-count, before, NULL, &b, 1);
        last = at_plan_make(L, ctx, AT_P_DATEADD, date, (int32_t)count, months, NULL, &b, 1);
    } else {
        uint32_t back = at_plan_make1(L, ctx, AT_P_NEG, number, far);
        first = at_plan_make(L, ctx, AT_P_DATEADD, date, 0, before, NULL, (uint32_t[]){b, back}, 2);
        last = at_plan_make(L, ctx, AT_P_DATEADD, date, 0, months, NULL, (uint32_t[]){b, far}, 2);
    }
    return at_plan_make2(L, ctx, AT_P_AND, flag, at_plan_make2(L, ctx, AT_P_LE, flag, first, a),
                         at_plan_make2(L, ctx, AT_P_LE, flag, a, last));
}

/* ---------------------------------------------------------------- arithmetic */

uint32_t at_plan_multiply(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t x, uint32_t y) {
    /* The checker allows at most one side that is not a number. */
    at_type type = type_at(L, x).kind == AT_T_NUMBER ? type_at(L, y) : type_at(L, x);
    type.optional = false;
    return at_plan_make2(L, ctx, AT_P_MUL, type, x, y);
}

static uint32_t add_dates(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t date,
                          uint32_t count, bool back) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, count);
    bool months = type_at(L, count).months;
    int64_t n;
    if (value && at_num_to_i64(L->arena, at_plan_value_num(value), 0, &n) && n > -4000000 && n < 4000000)
        return at_plan_make(L, ctx, AT_P_DATEADD, kind_type(AT_T_DATE), (int32_t)(back ? -n : n), months,
                            NULL, &date, 1);
    if (back) count = at_plan_make1(L, ctx, AT_P_NEG, type_at(L, count), count);
    return at_plan_make(L, ctx, AT_P_DATEADD, kind_type(AT_T_DATE), 0, months, NULL,
                        (uint32_t[]){date, count}, 2);
}

static uint32_t lower_arith(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]), y = at_plan_lower_expr(L, ctx, node->child[1]);
    at_type a = type_at(L, x), b = type_at(L, y);
    a.optional = b.optional = false;
    /* DAYSBETWEEN counts from its first input to its second, so the operands change places. */
    if (a.kind == AT_T_DATE && b.kind == AT_T_DATE)
        return at_plan_make2(L, ctx, AT_P_DAYSBETWEEN, at_plan_type_of(L, node), y, x);
    if (a.kind == AT_T_DATE) return add_dates(L, ctx, x, y, node->op == AT_OP_SUB);
    if (b.kind == AT_T_DATE) return add_dates(L, ctx, y, x, false);
    switch (node->op) {
    case AT_OP_ADD: return at_plan_make2(L, ctx, AT_P_ADD, a, x, y);
    case AT_OP_SUB: return at_plan_make2(L, ctx, AT_P_SUB, a, x, y);
    case AT_OP_MUL: return at_plan_multiply(L, ctx, x, y);
    default: return at_plan_make2(L, ctx, AT_P_DIV, a.kind == b.kind ? kind_type(AT_T_NUMBER) : a, x, y);
    }
}

/* Slices; where the x of one is a rate (`10% over quota`), the rate is of the slice of the statement's base.
 */
static uint32_t lower_slice(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    bool rated = (L->checked->marks[node->id] & AT_MARK_SLICE_RATE) != 0 && ctx->base;
    uint32_t rate = at_plan_lower_expr(L, ctx, node->child[0]);
    uint32_t x = rated ? at_plan_lower_expr(L, ctx, ctx->base) : rate;
    uint32_t low = at_plan_lower_expr(L, ctx, node->child[1]), slice;
    at_type type = type_at(L, x);
    type.optional = false;
    if (node->kind == AT_N_BETWEEN) {
        uint32_t high = at_plan_lower_expr(L, ctx, node->child[2]);
        slice = at_plan_make3(L, ctx, AT_P_BETWEEN, type, x, low, high);
    } else {
        slice = at_plan_make2(L, ctx, node->kind == AT_N_OVER ? AT_P_OVER : AT_P_UPTO, type, x, low);
    }
    return rated ? at_plan_multiply(L, ctx, rate, slice) : slice;
}

/* ---------------------------------------------------------------- conditions and choices */

uint32_t at_plan_lower_condition(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                 const struct at_ast_node *node) {
    return node ? at_plan_lower_expr(L, ctx, node) : AT_NO_NODE;
}

static uint32_t lower_logic(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    at_type flag = kind_type(AT_T_FLAG);
    uint32_t x = at_plan_lower_expr(L, ctx, node->child[0]);
    if (node->kind == AT_N_NOT) return at_plan_make1(L, ctx, AT_P_NOT, flag, x);
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, x);
    bool decides = node->kind == AT_N_OR;
    /* Also avoids an error: `base <> 0 and 1 / base > 2` must not calculate 1 / 0 when the policy
     * is lowered. */
    if (value && !value->missing && at_plan_value_yes(value) == decides)
        return x; /* the other side does not count */
    return at_plan_make2(L, ctx, node->kind == AT_N_OR ? AT_P_OR : AT_P_AND, flag, x,
                         at_plan_lower_expr(L, ctx, node->child[1]));
}

/* Returns 1 or 0 if the condition is a known constant, otherwise -1. A branch that is known not to be chosen
 * is not lowered. Such a branch may be a constant that cannot be calculated. */
static int decided(const struct at_plan_lowering *L, uint32_t cond) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, cond);
    return value && !value->missing ? at_plan_value_yes(value) : -1;
}

static uint32_t choose(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                       const struct at_ast_node *node, uint32_t cond, uint32_t yes, uint32_t no) {
    at_type type = at_plan_type_of(L, node);
    /* Both branches must have one type in the plan. Choices of different lists become texts. */
    yes = at_plan_convert(L, ctx, yes, type);
    no = at_plan_convert(L, ctx, no, type);
    at_type a = type_at(L, yes), b = type_at(L, no);
    if (a.kind == AT_T_ENUM && b.kind == AT_T_ENUM && !at_type_choices_same(a.choices, b.choices)) {
        yes = as_text(L, yes);
        no = as_text(L, no);
        a = b = kind_type(AT_T_TEXT);
    }
    at_type made = at_plan_graph_value(&L->graph, yes) ? b : a;
    made.optional = a.optional || b.optional;
    return at_plan_make3(L, ctx, AT_P_IF, made, cond, yes, no);
}

static uint32_t lower_if(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                         const struct at_ast_node *node) {
    uint32_t cond = at_plan_lower_expr(L, ctx, node->child[0]);
    int known = decided(L, cond);
    if (known >= 0)
        return at_plan_convert(L, ctx, at_plan_lower_expr(L, ctx, node->child[known ? 1 : 2]),
                               at_plan_type_of(L, node));
    uint32_t yes = at_plan_lower_expr(L, ctx, node->child[1]),
             no = at_plan_lower_expr(L, ctx, node->child[2]);
    return choose(L, ctx, node, cond, yes, no);
}

/* From the last arm to the first, so that a long `choose` does not nest calls. */
static uint32_t lower_choose(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node) {
    uint32_t n = node->n - 1, last = node->n - 1;
    uint32_t *conds = AT_NEW_ARRAY(L->arena, uint32_t, node->n);
    for (uint32_t i = 0; i < n; i++) {
        conds[i] = at_plan_lower_expr(L, ctx, node->child[i]->child[0]);
        int known = decided(L, conds[i]);
        /* The arms after this one are never reached, so they are not lowered. */
        if (known == 1) {
            last = i;
            break;
        }
    }
    const struct at_ast_node *otherwise = last < n ? node->child[last]->child[1] : node->child[n];
    uint32_t value = at_plan_convert(L, ctx, at_plan_lower_expr(L, ctx, otherwise), at_plan_type_of(L, node));
    for (uint32_t i = last; i-- > 0;)
        if (decided(L, conds[i]) != 0)
            value =
                choose(L, ctx, node, conds[i], at_plan_lower_expr(L, ctx, node->child[i]->child[1]), value);
    return value;
}

/* ---------------------------------------------------------------- by kind */

/* The checker types a text as a choice where one is wanted, so the literal is converted to the
 * node's type. */
static uint32_t lower_literal(struct at_plan_lowering *L, const struct at_ast_node *node) {
    struct at_plan_value value;
    /* The checker types a text that names a payee as a reference. Its row is known when data is. */
    if (node->kind == AT_N_TEXT && at_plan_type_of(L, node).kind == AT_T_REF)
        return at_plan_graph_named(&L->graph, node->text, at_plan_type_of(L, node));
    if (!at_plan_literal(L, node, &value)) return at_plan_lower_fail(L, node, "this is not available here");
    return at_plan_convert(L, NULL, at_plan_graph_const(&L->graph, value), at_plan_type_of(L, node));
}

static uint32_t by_kind(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                        const struct at_ast_node *node) {
    uint32_t x;
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NAME: return at_plan_lower_name(L, ctx, node);
    case AT_N_MEMBER: return at_plan_lower_member(L, ctx, node);
    case AT_N_CALL: return at_plan_lower_call(L, ctx, node);
    case AT_N_THROUGH: return at_plan_lower_through(L, ctx, node);
    case AT_N_NEG:
        x = at_plan_lower_expr(L, ctx, node->child[0]);
        return at_plan_make1(L, ctx, AT_P_NEG, type_at(L, x), x);
    case AT_N_ARITH: return lower_arith(L, ctx, node);
    case AT_N_COMPARE: return lower_compare(L, ctx, node);
    case AT_N_MISSING:
        x = at_plan_lower_missing_of(L, ctx, node->child[0]);
        return negate(L, at_plan_make1(L, ctx, AT_P_MISSING, kind_type(AT_T_FLAG), x), node);
    case AT_N_OTHERWISE:
        x = at_plan_lower_missing_of(L, ctx, node->child[0]);
        return at_plan_make2(L, ctx, AT_P_IFMISSING, at_plan_type_of(L, node), x,
                             at_plan_lower_expr(L, ctx, node->child[1]));
    case AT_N_IN: return lower_in(L, ctx, node);
    case AT_N_WITHIN: return lower_within(L, ctx, node);
    case AT_N_TIES: return at_plan_lower_ties(L, ctx, node);
    case AT_N_CONVERT: return at_plan_lower_convert(L, ctx, node);
    case AT_N_ASOF: return at_plan_lower_as_of(L, ctx, node);
    case AT_N_AND:
    case AT_N_OR:
    case AT_N_NOT: return lower_logic(L, ctx, node);
    case AT_N_IF: return lower_if(L, ctx, node);
    case AT_N_CHOOSE: return lower_choose(L, ctx, node);
    case AT_N_OF:
        if (at_plan_type_of(L, node->child[1]).kind == AT_T_REF) return at_plan_lower_line(L, ctx, node);
        x = at_plan_lower_expr(L, ctx, node->child[0]);
        return at_plan_multiply(L, ctx, x, at_plan_lower_expr(L, ctx, node->child[1]));
    case AT_N_OVER:
    case AT_N_UPTO:
    case AT_N_BETWEEN: return lower_slice(L, ctx, node);
    default: return lower_literal(L, node);
    }
}

void at_plan_lower_site(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id,
                        const struct at_ast_node *ast, uint32_t *args) {
    if (ctx->frame) return;
    AT_VEC_PUSH(L->arena, &L->sites, (struct at_plan_site){.node = id, .ast = ast, .args = args});
}

uint32_t at_plan_lower_expr(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node) {
    /* The innermost expression is the source of a node, so explanations point to the smallest
     * place. */
    const struct at_ast_node *outer = L->graph.ast;
    uint32_t id;
    if (ctx->totals && node == ctx->base && ctx->totals->base != AT_NO_NODE) return ctx->totals->base;
    if (ctx->line && node == at_check_line_name(ctx->line)) return at_plan_lower_line_name(L, ctx);
    if (L->depth >= MOST_DEPTH) return at_plan_lower_fail(L, node, "this is nested too deep");
    L->depth++;
    L->graph.ast = node;
    bool prize = (L->checked->marks[node->id] & AT_MARK_PRIZE) && !ctx->prize;
    id = prize ? at_plan_lower_prize(L, ctx, node) : by_kind(L, ctx, node);
    at_plan_lower_site(L, ctx, id, node, NULL);
    /* A bare rate under `on BASE`. The checker marks only the largest such expression, so the
     * base is applied once. */
    if ((L->checked->marks[node->id] & AT_MARK_RATE) && ctx->base)
        id = at_plan_multiply(L, ctx, id, at_plan_lower_expr(L, ctx, ctx->base));
    L->graph.ast = outer;
    L->depth--;
    return id;
}
