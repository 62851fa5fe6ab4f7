/* check/infer.c: the type of a measure that is used in its own past, before the measure is checked.
 *
 * `owed` in `max($0, ifmissing(prior(owed), $0) + a - b)` is money, because `$0`, `a`, and `b` are. Each part
 * of a definition either has a type of its own, or takes the type of the parts next to it. What is inferred
 * here is only an assumption: at_check_past_agrees compares it with the type that the whole check gives.
 */
#include "check/check_int.h"

/* Where an expression is, as far as inference needs it. A full at_check_env would need checked
 * parts. */
struct at_check_infer_place {
    const struct at_check_feed_decl *feed; /* rows of a credit or table, or NULL: a payee and period */
    const struct at_check_fact *facts;
};

static at_type infer(struct at_check *ck, const struct at_check_infer_place *at,
                     const struct at_ast_node *node);

static at_type none(void) {
    return at_check_type_make(AT_T_NONE);
}

/* The first type that is known among children from `first` on: the others have the same, or the check finds
 * an error. So a long chain of measures is not followed without need. */
static at_type first_of(struct at_check *ck, const struct at_check_infer_place *at,
                        const struct at_ast_node *node, uint32_t first, uint32_t end) {
    at_type type = none();
    for (uint32_t i = first; i < end && i < node->n && type.kind == AT_T_NONE; i++)
        if (node->child[i]) type = infer(ck, at, node->child[i]);
    return type;
}

/* ---- names */

static at_type of_measure(struct at_check *ck, struct at_check_decl *decl) {
    if (decl->state == AT_DONE_DECL) return decl->symbol.type;
    return at_check_infer(ck, decl);
}

static at_type of_global(struct at_check *ck, struct at_check_decl *decl, const struct at_ast_node *node) {
    switch ((enum at_check_symbol_kind)decl->symbol.kind) {
    case AT_SYM_MEASURE: return of_measure(ck, decl);
    case AT_SYM_TABLE:
    case AT_SYM_COMPONENT: return decl->symbol.type;
    case AT_SYM_PARAM:
    case AT_SYM_LOOKUP: /* constants: no circular reference leads through them */
        return at_check_need(ck, decl, node->span) ? decl->symbol.type : none();
    default: return none();
    }
}

static at_type of_field(struct at_check *ck, uint32_t table, at_str name) {
    int32_t field = at_check_field_find(ck, table, name);
    return field < 0 ? none() : ck->out->schemas[table].fields[field].type;
}

/* The order of meanings must be that of at_check_name, or the assumption is about another name. */
static at_type of_name(struct at_check *ck, const struct at_check_infer_place *at,
                       const struct at_ast_node *node) {
    if (at->feed && at->feed->table < ck->out->n_schemas) {
        if (at_str_eq(node->text, AT_STR("amount")) && at->feed->amount_type.kind != AT_T_NONE)
            return at->feed->amount_type;
        if (at_check_field_find(ck, at->feed->table, node->text) >= 0)
            return of_field(ck, at->feed->table, node->text);
    }
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (decl) return of_global(ck, decl, node);
    if (at_str_eq(node->text, AT_STR("period"))) return at_check_type_make(AT_T_PERIOD);
    return ck->out->payee_table < 0 ? none() : of_field(ck, (uint32_t)ck->out->payee_table, node->text);
}

static at_type of_member(struct at_check *ck, const struct at_check_infer_place *at,
                         const struct at_ast_node *node) {
    const struct at_ast_node *base = at_check_child(node, 0);
    struct at_check_decl *decl = base && base->kind == AT_N_NAME ? at_check_global(ck, base->text) : NULL;
    if (decl && decl->symbol.kind == AT_SYM_TABLE) return of_field(ck, decl->symbol.index, node->text);
    bool period = base && base->kind == AT_N_NAME && !decl && at_str_eq(base->text, AT_STR("period"));
    if (base && base->kind == AT_N_NAME && !decl && at_str_eq(base->text, AT_STR("covered")))
        return at_check_type_make(at_str_eq(node->text, AT_STR("last")) ? AT_T_DATE : AT_T_NUMBER);
    bool date = at_str_eq(node->text, AT_STR("start")) || at_str_eq(node->text, AT_STR("end"));
    if (period) return at_check_type_make(date ? AT_T_DATE : AT_T_NUMBER);
    at_type row = infer(ck, at, base);
    if (row.kind != AT_T_REF || row.table >= ck->out->n_schemas) return none();
    at_type type = of_field(ck, row.table, node->text);
    type.optional |= row.optional;
    return type;
}

/* ---- calls */

static at_type of_builtin(struct at_check *ck, const struct at_check_infer_place *at,
                          const struct at_ast_node *node, enum at_check_builtin_id which) {
    at_type type, other;
    switch (which) {
    case AT_B_RANK:
    case AT_B_SHARE:
    case AT_B_COUNT:
    case AT_B_YEAR:
    case AT_B_MONTH:
    case AT_B_DAY:
    case AT_B_DAYS: return at_check_type_make(AT_T_NUMBER);
    case AT_B_LOWER:
    case AT_B_TRIM: return at_check_type_make(AT_T_TEXT);
    case AT_B_CONTAINS:
    case AT_B_STARTS:
    case AT_B_ENDS: return at_check_type_make(AT_T_FLAG);
    case AT_B_MIN:
    case AT_B_MAX:
    case AT_B_AVERAGE:
        type = first_of(ck, at, node, 0, node->n);
        type.optional = false;
        return type;
    case AT_B_IFMISSING:
        if (node->n != 2) return none();
        type = infer(ck, at, node->child[1]);
        other = type.kind == AT_T_NONE ? infer(ck, at, node->child[0]) : type;
        other.optional = type.optional;
        return other;
    default:
        type = first_of(ck, at, node, 0, 1);
        type.optional = which == AT_B_PRIOR || which == AT_B_SINCE;
        return type;
    }
}

static at_type of_call(struct at_check *ck, const struct at_check_infer_place *at,
                       const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    /* Signatures are read before all expressions, so the result is known. */
    if (decl && decl->symbol.kind == AT_SYM_FUNCTION) return ck->out->functions[decl->symbol.index].result;
    if (decl && decl->symbol.kind == AT_SYM_RATES)
        return at_check_need(ck, decl, node->span) ? decl->symbol.type : none();
    if (decl && decl->symbol.kind == AT_SYM_LOOKUP) return of_global(ck, decl, node);
    for (int i = 0; i < AT_B_COUNT_OF; i++)
        if (at_str_eq(ck->builtins[i].symbol.name, node->text))
            return of_builtin(ck, at, node, (enum at_check_builtin_id)i);
    return none();
}

/* ---- operators */

/* A product is money if either side is. A number next to something unknown leaves the product unknown. */
static at_type product(struct at_check *ck, const struct at_check_infer_place *at,
                       const struct at_ast_node *node) {
    at_type a = infer(ck, at, node->child[0]), b = a.kind == AT_T_MONEY ? a : infer(ck, at, node->child[1]);
    if (a.kind == AT_T_MONEY || b.kind == AT_T_MONEY) return a.kind == AT_T_MONEY ? a : b;
    return a.kind == AT_T_NUMBER && b.kind == AT_T_NUMBER ? a : none();
}

static at_type quotient(struct at_check *ck, const struct at_check_infer_place *at,
                        const struct at_ast_node *node) {
    at_type b = infer(ck, at, node->child[1]), a;
    if (b.kind == AT_T_MONEY) return at_check_type_make(AT_T_NUMBER); /* only money is divided by money */
    a = infer(ck, at, node->child[0]);
    return b.kind == AT_T_NUMBER || a.kind == AT_T_NUMBER ? a : none();
}

static at_type of_operator(struct at_check *ck, const struct at_check_infer_place *at,
                           const struct at_ast_node *node) {
    at_type type = none();
    bool times = node->kind == AT_N_OF || (node->kind == AT_N_ARITH && node->op == AT_OP_MUL);
    bool over = node->kind == AT_N_ARITH && node->op == AT_OP_DIV;
    if (times && node->n == 2)
        type = product(ck, at, node);
    else if (over && node->n == 2)
        type = quotient(ck, at, node);
    else
        type = first_of(ck, at, node, 0, node->n);
    type.optional = false;
    return type;
}

/* ---- choices */

/* As in branch.c: the first known type decides, and texts win over choices. */
static at_type join(at_type a, at_type b) {
    at_type type = a.kind == AT_T_NONE ? b : a;
    if ((a.kind == AT_T_TEXT && b.kind == AT_T_ENUM) || (a.kind == AT_T_ENUM && b.kind == AT_T_TEXT))
        type = at_check_type_make(AT_T_TEXT);
    type.optional = a.optional || b.optional;
    return type;
}

static at_type of_choice(struct at_check *ck, const struct at_check_infer_place *at,
                         const struct at_ast_node *node) {
    struct at_check_infer_place rest = *at;
    at_type type = none();
    if (node->kind == AT_N_IF) {
        struct at_check_infer_place then = *at;
        then.facts = at_check_facts_if(ck, at->facts, at_check_child(node, 0), true);
        rest.facts = at_check_facts_if(ck, at->facts, at_check_child(node, 0), false);
        return join(infer(ck, &then, at_check_child(node, 1)), infer(ck, &rest, at_check_child(node, 2)));
    }
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *arm = node->child[i];
        struct at_check_infer_place here = rest;
        if (arm && arm->kind == AT_N_ARM) {
            here.facts = at_check_facts_if(ck, rest.facts, at_check_child(arm, 0), true);
            rest.facts = at_check_facts_if(ck, rest.facts, at_check_child(arm, 0), false);
            arm = at_check_child(arm, 1);
        }
        type = join(type, infer(ck, &here, arm));
    }
    return type;
}

/* ---- aggregates */

static at_type of_aggregate(struct at_check *ck, const struct at_check_measure_decl *measure,
                            const struct at_ast_node *node) {
    if (node->op == AT_OP_COUNT) return at_check_type_make(AT_T_NUMBER);
    struct at_check_infer_place rows = {0};
    if (measure->aggregate && measure->feed < ck->out->n_feeds) rows.feed = &ck->out->feeds[measure->feed];
    at_type type = infer(ck, &rows, at_check_child(node, 0));
    type.optional = node->op != AT_OP_SUM;
    return type;
}

/* ---- by kind */

static at_type by_kind(struct at_check *ck, const struct at_check_infer_place *at,
                       const struct at_ast_node *node) {
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NUMBER: return at_check_type_make(AT_T_NUMBER);
    case AT_N_MONEY: /* amounts in other currencies cannot be added to the policy's */
        return node->unit.n == 0 ? at_check_money_type(ck)
                                 : at_check_expr(ck, &(struct at_check_env){0}, node);
    case AT_N_TEXT: return at_check_type_make(AT_T_TEXT);
    case AT_N_DATE: return at_check_type_make(AT_T_DATE);
    case AT_N_PERIOD: return at_check_type_make(AT_T_PERIOD);
    case AT_N_DURATION: return (at_type){.kind = AT_T_DURATION, .months = (node->flags & AT_F_MONTHS) != 0};
    case AT_N_FLAG:
    case AT_N_COMPARE:
    case AT_N_MISSING:
    case AT_N_IN:
    case AT_N_WITHIN:
    case AT_N_AND:
    case AT_N_OR:
    case AT_N_NOT: return at_check_type_make(AT_T_FLAG);
    case AT_N_TIES: return at_check_type_make(AT_T_NUMBER);
    case AT_N_ASOF: return at_check_type_make(AT_T_NONE);
    case AT_N_CONVERT: {
        at_type x = infer(ck, at, at_check_child(node, 0)),
                day = infer(ck, at, at_check_child(at_check_child(node, 1), 0));
        return (at_type){.kind = AT_T_MONEY,
                         .currency = at_currency_find(node->text),
                         .optional = x.optional || day.optional};
    }
    case AT_N_NAME: return of_name(ck, at, node);
    case AT_N_MEMBER: return of_member(ck, at, node);
    case AT_N_CALL: return of_call(ck, at, node);
    case AT_N_IF:
    case AT_N_CHOOSE: return of_choice(ck, at, node);
    case AT_N_NEG:
    case AT_N_ARITH:
    case AT_N_OF:
    case AT_N_OVER:
    case AT_N_UPTO:
    case AT_N_BETWEEN:
    case AT_N_THROUGH: return of_operator(ck, at, node);
    default: return none();
    }
}

static at_type infer(struct at_check *ck, const struct at_check_infer_place *at,
                     const struct at_ast_node *node) {
    if (!node) return none();
    /* Leaves room for at_check_need, which may be called from here. */
    if (ck->depth + 8 >= AT_MAX_DEPTH) {
        ck->too_deep = true;
        return none();
    }
    ck->depth++;
    at_type type = by_kind(ck, at, node);
    ck->depth--;
    if (type.optional && at_check_known_there(ck, at->facts, node)) type.optional = false;
    return type;
}

at_type at_check_infer(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = at_check_child(decl->symbol.node, 0);
    if (decl->past_state == AT_DONE_DECL) return decl->past_type;
    if (decl->inferred == ck->inference || !node) return none();
    if (ck->depth + 16 >= AT_MAX_DEPTH) {
        ck->too_deep = true;
        return none();
    }
    decl->inferred = ck->inference; /* once for each question, or a question could take forever */
    ck->depth += 8;
    struct at_check_infer_place cell = {0};
    at_type type = node->kind == AT_N_AGGREGATE
                       ? of_aggregate(ck, &ck->out->measures[decl->symbol.index], node)
                       : infer(ck, &cell, node);
    ck->depth -= 8;
    decl->past_type = type;
    if (type.kind != AT_T_NONE) decl->past_state = AT_DONE_DECL;
    return type;
}
