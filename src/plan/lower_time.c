/* plan/lower_time.c: lowers measures to date and trailing: values that are summed over periods, and values
 * that are recalculated.
 *
 * `ytd(m)` is "the total of the year so far". That has a plain meaning for values that add up (bookings,
 * counts, components: a flow). It makes no sense for a share of something (attainment, an average, a rate
 * reached). So there are three kinds:
 *
 * - flow: a value that adds up over periods. Its values are added up. A sum of flows is taken apart first. So
 * is a flow that is multiplied or divided by a value that is the same in every period. So a quota given `per
 * quarter` is counted once.
 *
 * - ratio: a flow divided by a flow, an average, a rank, a rate reached. It is calculated again from its
 * parts to date, as in a group of payees. ytd(bookings / quota) is ytd(bookings) / ytd(quota).
 *
 * - fixed: a value that is the same in every period (constants, fields of the payee). It stays as it is
 * inside a formula. An amount of money that is the whole argument is added up like any other amount.
 *
 * `cumulative over year` puts every measure in the statement to date by these rules. It changes nothing else
 * in the statement.
 */
#include "plan/lower_int.h"

enum { FIXED, FLOW, RATIO, UNKNOWN }; /* the last: a measure that reads its own past, at first */
enum {
    ONCE_ANY = -2,
    ONCE_NOT = -1,
    ONCE_MIXED = 9
}; /* else: enum at_period_kind for which a value is given once */

#define ROUNDS 4 /* in which the measures of a loop find their traits */

/* How a value adds up over periods, and for which kind of period it is given once. */
struct trait {
    uint8_t kind;
    int8_t once;
};

static const struct trait fixed = {FIXED, ONCE_ANY}, flow = {FLOW, ONCE_NOT}, ratio = {RATIO, ONCE_NOT};

static struct trait trait_of(struct at_plan_lowering *L, const struct at_ast_node *node);

static bool is_money(const struct at_plan_lowering *L, const struct at_ast_node *node) {
    return at_plan_type_of(L, node).kind == AT_T_MONEY;
}

/* Two values that are given for different kinds of period have no common DELTA: the result is
 * mixed. */
static int8_t join_once(int8_t a, int8_t b) {
    if (a == b || b == ONCE_ANY) return a;
    return a == ONCE_ANY ? b : ONCE_MIXED;
}

/* A value that is one of the two, or their sum or difference. */
static struct trait join(struct trait a, struct trait b) {
    uint8_t kind = a.kind == FLOW || b.kind == FLOW         ? FLOW
                   : a.kind == RATIO || b.kind == RATIO     ? RATIO
                   : a.kind == UNKNOWN && b.kind == UNKNOWN ? UNKNOWN
                                                            : FIXED;
    return (struct trait){kind, join_once(a.once, b.once)};
}

static struct trait join_from(struct at_plan_lowering *L, const struct at_ast_node *node, uint32_t first,
                              uint32_t end) {
    struct trait all = fixed;
    for (uint32_t i = first; i < end && i < node->n; i++)
        if (node->child[i]) all = join(all, trait_of(L, node->child[i]));
    return all;
}

static struct trait multiplied(struct at_plan_lowering *L, const struct at_ast_node *x,
                               const struct at_ast_node *y) {
    struct trait a = trait_of(L, x), b = trait_of(L, y), both = join(a, b);
    bool amount = (a.kind == FIXED && is_money(L, x)) || (b.kind == FIXED && is_money(L, y));
    if (both.kind == RATIO && amount) both.kind = FLOW; /* attainment * $1,000: an amount of each period */
    return both;
}

/* A flow divided by a flow is a ratio. Divided by anything else, it still adds up. */
static struct trait divided(struct at_plan_lowering *L, const struct at_ast_node *x,
                            const struct at_ast_node *y) {
    struct trait a = trait_of(L, x), b = trait_of(L, y);
    int8_t once = join_once(a.once, b.once);
    if (a.kind == FLOW && b.kind != FLOW) return (struct trait){FLOW, once};
    return (struct trait){a.kind == FIXED && b.kind == FIXED ? FIXED : RATIO, once};
}

/* A trait in one byte, where 0 means that it is not known yet:
 *
 *     bit 7      6        5 4 3 2              1 0
 *     set        unused   once - ONCE_ANY      kind */
static struct trait kept_trait(const struct at_plan_lowering *L, uint32_t index) {
    return (struct trait){L->traits[index] & 3, (int8_t)((L->traits[index] >> 2 & 15) + ONCE_ANY)};
}

static void keep_trait(struct at_plan_lowering *L, uint32_t index, struct trait trait) {
    L->traits[index] = (uint8_t)(128 | trait.kind | (trait.once - ONCE_ANY) << 2);
}

static struct trait find_trait(struct at_plan_lowering *L, uint32_t index) {
    const struct at_check_measure_decl *measure = &L->checked->measures[index];
    if (!measure->aggregate) return trait_of(L, measure->expr);
    struct trait trait = ratio;
    const struct at_plan_feed *feed = &L->feeds.at[measure->feed];
    bool adds = measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT;
    if (adds) trait = flow;
    if (adds && feed->spread == AT_OP_PER) trait.once = (int8_t)feed->spread_kind;
    /* Rows without a date give one value for the whole run. */
    if (feed->on == AT_NO_NODE && !measure->on) trait = fixed;
    return trait;
}

/* The measures of each loop as a list, made when the first is asked for. */
static uint32_t first_in_loop(struct at_plan_lowering *L, uint32_t loop) {
    const struct at_check_policy *checked = L->checked;
    uint32_t most = 0;
    for (uint32_t i = 0; !L->next_in_loop && i < checked->n_measures; i++)
        if (checked->measures[i].symbol->loop > most) most = checked->measures[i].symbol->loop;
    if (!L->next_in_loop) {
        L->next_in_loop = AT_NEW_ARRAY(L->arena, uint32_t, checked->n_measures + 1);
        L->in_loop = AT_NEW_ARRAY(L->arena, uint32_t, most + 1);
        for (uint32_t i = 0; i <= most; i++)
            L->in_loop[i] = UINT32_MAX;
        for (uint32_t i = checked->n_measures; i-- > 0;) {
            uint32_t *first = &L->in_loop[checked->measures[i].symbol->loop];
            L->next_in_loop[i] = *first;
            *first = i;
        }
    }
    return L->in_loop[loop];
}

/* The measures of a loop need each other's traits. All begin as unknown, and are found again from what was
 * found before, so that the order of statements does not matter. A balance that only leads back to itself is
 * an amount of each period if it is money. A number is not: its sum over periods means nothing. */
static void find_circle_traits(struct at_plan_lowering *L, uint32_t loop) {
    uint32_t n = 0, *of;
    for (uint32_t i = first_in_loop(L, loop); i != UINT32_MAX; i = L->next_in_loop[i])
        n++;
    of = AT_NEW_ARRAY(L->arena, uint32_t, n + 1);
    struct trait *found = AT_NEW_ARRAY(L->arena, struct trait, n + 1);
    n = 0;
    for (uint32_t i = first_in_loop(L, loop); i != UINT32_MAX; i = L->next_in_loop[i])
        of[n++] = i;
    for (uint32_t i = 0; i < n; i++)
        keep_trait(L, of[i], (struct trait){UNKNOWN, ONCE_ANY});
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < n; i++)
            found[i] = find_trait(L, of[i]);
        for (uint32_t i = 0; i < n; i++)
            keep_trait(L, of[i], found[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct at_check_measure_decl *measure = &L->checked->measures[of[i]];
        if (found[i].kind == FLOW || found[i].kind == RATIO) continue;
        keep_trait(L, of[i], measure->symbol->type.kind == AT_T_MONEY ? flow : ratio);
    }
}

/* Found when it is first asked for, and kept: a long chain of measures would otherwise be
 * followed once for each use. */
static struct trait trait_of_measure(struct at_plan_lowering *L, uint32_t index) {
    uint32_t loop = L->checked->measures[index].symbol->loop;
    if (!L->traits[index] && loop)
        find_circle_traits(L, loop);
    else if (!L->traits[index])
        keep_trait(L, index, find_trait(L, index));
    return kept_trait(L, index);
}

static struct trait trait_of_name(struct at_plan_lowering *L, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    if (!symbol) return fixed;
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_MEASURE: return trait_of_measure(L, symbol->index);
    case AT_SYM_COMPONENT:
    case AT_SYM_TOTAL: return flow;
    default: return fixed;
    }
}

static struct trait trait_of_builtin(struct at_plan_lowering *L, const struct at_ast_node *node,
                                     enum at_check_builtin_id which) {
    struct trait first = node->n > 0 && node->child[0] ? trait_of(L, node->child[0]) : fixed;
    switch (which) {
    case AT_B_MIN:
    case AT_B_MAX:
    case AT_B_AVERAGE:
    case AT_B_IFMISSING: return join_from(L, node, 0, node->n);
    case AT_B_ABS:
    case AT_B_ROUND:
    case AT_B_ROUNDDOWN:
    case AT_B_ROUNDUP:
    case AT_B_TOTAL: return first;
    case AT_B_YTD:
    case AT_B_HTD:
    case AT_B_QTD:
    case AT_B_PRIOR:
    case AT_B_TRAILING:
        /* The result is a value of each period, whatever kind of period the argument was given
         * for. */
        if (first.kind == UNKNOWN) return first;
        return (struct trait){first.kind == RATIO ? RATIO : FLOW, ONCE_NOT};
    case AT_B_RANK:
    case AT_B_SHARE: return ratio;
    default: return fixed;
    }
}

static struct trait trait_of_call(struct at_plan_lowering *L, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    if (symbol && symbol->kind == AT_SYM_BUILTIN)
        return trait_of_builtin(L, node, (enum at_check_builtin_id)symbol->index);
    struct trait all = join_from(L, node, 0, node->n);
    /* A function or a table of rates hides how its value is made. Its type is the best clue:
     * money adds up. */
    if (all.kind != FIXED) all.kind = is_money(L, node) ? FLOW : RATIO;
    return all;
}

static struct trait trait_of(struct at_plan_lowering *L, const struct at_ast_node *node) {
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NAME: return trait_of_name(L, node);
    case AT_N_MEMBER:
        if (at_plan_type_of(L, node->child[0]).kind != AT_T_PERIOD) return fixed;
        return at_str_eq(node->text, AT_STR("days")) || at_str_eq(node->text, AT_STR("months")) ? flow
                                                                                                : fixed;
    case AT_N_CALL: return trait_of_call(L, node);
    case AT_N_NEG: return trait_of(L, node->child[0]);
    case AT_N_OF: return multiplied(L, node->child[0], node->child[1]);
    case AT_N_ARITH:
        if (node->op == AT_OP_MUL) return multiplied(L, node->child[0], node->child[1]);
        if (node->op == AT_OP_DIV) return divided(L, node->child[0], node->child[1]);
        return join_from(L, node, 0, 2);
    case AT_N_IF: return join_from(L, node, 1, 3);
    case AT_N_CHOOSE: return join_from(L, node, 0, node->n);
    case AT_N_ARM: return trait_of(L, node->child[1]);
    case AT_N_OVER:
    case AT_N_UPTO:
    case AT_N_BETWEEN: return join_from(L, node, 0, node->n);
    case AT_N_THROUGH: {
        struct trait all = join_from(L, node, 0, node->n);
        if (all.kind == RATIO && is_money(L, node)) all.kind = FLOW;
        return all;
    }
    case AT_N_COMPARE:
    case AT_N_MISSING:
    case AT_N_IN:
    case AT_N_WITHIN:
    case AT_N_AND:
    case AT_N_OR:
    case AT_N_NOT: return ratio;
    default: return fixed;
    }
}

int8_t at_plan_given_per(struct at_plan_lowering *L, const struct at_ast_node *node) {
    struct trait trait = trait_of(L, node);
    return trait.kind == FLOW && trait.once >= AT_MONTH && trait.once <= AT_YEAR ? trait.once : -1;
}

/* ---------------------------------------------------------------- adding up */

uint32_t at_plan_accumulate(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t now,
                            int8_t once, int32_t how) {
    static const struct at_plan_ctx cell = {.grain = AT_G_CELL};
    if (at_plan_node_of(L, now)->grain != AT_G_GROUP)
        now = at_plan_force(L, ctx->grain == AT_G_GROUP ? ctx : &cell, now);
    /* ONCE_ANY, ONCE_NOT, and ONCE_MIXED are outside this range. */
    bool given_once = once >= AT_MONTH && once <= AT_YEAR;
    if (ctx->time == AT_TIME_TODATE) {
        if (ctx->span <= L->checked->calendar.period_kind) return now; /* the period is all there is of it */
        if (given_once && once >= ctx->span) return now;               /* one value for all of it */
    }
    /* The value is repeated in each period of its span. DELTA keeps it in the first one only, so
     * the sum counts it once. */
    if (given_once && once > L->checked->calendar.period_kind)
        now = at_plan_graph_scan(&L->graph, AT_P_DELTA, now, once, 0);
    return at_plan_graph_scan(&L->graph, ctx->time == AT_TIME_TODATE ? AT_P_TODATE : AT_P_TRAILING, now,
                              ctx->span, how);
}

/* Whether a flow is taken apart: the sum of its parts to date is the same, and each part knows best how it
 * adds up. */
static bool comes_apart(struct at_plan_lowering *L, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = at_plan_symbol_of(L, node);
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NEG: return true;
    case AT_N_NAME: return symbol && (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT);
    case AT_N_CALL: return symbol && symbol->kind == AT_SYM_BUILTIN && symbol->index == AT_B_TOTAL;
    case AT_N_OF:
    case AT_N_ARITH: {
        uint8_t a = trait_of(L, node->child[0]).kind, b = trait_of(L, node->child[1]).kind;
        if (node->kind == AT_N_ARITH && node->op == AT_OP_DIV) return b == FIXED;
        if (node->kind == AT_N_ARITH && node->op != AT_OP_MUL) return a == FLOW && b == FLOW;
        return (a == FLOW && b == FIXED) || (a == FIXED && b == FLOW);
    }
    default: return false;
    }
}

/* Lowers the expression for single periods, and then sums the periods. */
static uint32_t add_up(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                       const struct at_ast_node *node, int8_t once) {
    struct at_plan_ctx now = *ctx;
    now.time = AT_TIME_NOW;
    return at_plan_accumulate(L, ctx, at_plan_lower_expr(L, &now, node), once, 0);
}

bool at_plan_lower_timed(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                         const struct at_ast_node *node, uint32_t *out) {
    struct trait trait = trait_of(L, node);
    /* flows given for periods of several kinds can only be put together when each is to date */
    if (trait.kind != FLOW || trait.once == ONCE_MIXED || comes_apart(L, node)) return false;
    *out = add_up(L, ctx, node, trait.once);
    return true;
}

uint32_t at_plan_lower_whole(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node) {
    if (ctx->time != AT_TIME_NOW && !ctx->names_only && is_money(L, node) && trait_of(L, node).kind == FIXED)
        return add_up(L, ctx, node, ONCE_NOT);
    return at_plan_lower_expr(L, ctx, node);
}
