/* plan/unit.c: how people write the numbers of a node: as percentages, points, units, or plainly.
 *
 * A unit begins at a literal, at a field, or at a result that declares it, and a formula passes it on. Only
 * texts for people depend on it, so equal nodes are one whatever their units are. Constants are an exception:
 * 0% and 0 are two nodes.
 */
#include "plan/graph.h"

#define DEEPEST 6 /* of products, so that shared inputs are not walked again and again */

static const struct at_plan_node *node_of(const struct at_plan *plan, uint32_t id) {
    return &plan->nodes[id];
}

static enum at_type_unit unit_of(const struct at_plan *plan, uint32_t id) {
    return (enum at_type_unit)plan->nodes[id].type.unit;
}

static bool is_const(const struct at_plan *plan, uint32_t id) {
    return node_of(plan, id)->op == AT_P_CONST;
}

static bool is_zero(const struct at_plan *plan, uint32_t id) {
    const struct at_plan_value *value = node_of(plan, id)->data;
    return is_const(plan, id) && !value->missing && at_plan_type_counts(value->type) &&
           at_num_is_zero(at_plan_value_num(value));
}

/* A quotient, also moved to another grain: people may write it as a percentage or as a factor. */
static bool is_quotient(const struct at_plan *plan, uint32_t id) {
    const struct at_plan_node *node = node_of(plan, id);
    while (node->n_in == 1 && (node->op == AT_P_SPREAD || node->op == AT_P_FROMCELL ||
                               node->op == AT_P_FROMGROUP || node->op == AT_P_ROUND || node->op == AT_P_NEG))
        node = node_of(plan, node->in[0]);
    return node->op == AT_P_DIV;
}

static bool is_plain_const(const struct at_plan *plan, uint32_t id) {
    return is_const(plan, id) && unit_of(plan, id) == AT_UNIT_NONE;
}

/* Two values of one sum, comparison, or choice. A plain constant follows the other value, and so does 0%
 * where the other is a number of the data. */
enum at_type_unit at_plan_unit_join(const struct at_plan *plan, uint32_t a, uint32_t b) {
    enum at_type_unit x = unit_of(plan, a), y = unit_of(plan, b);
    if (x == y || is_plain_const(plan, b)) return x;
    if (is_plain_const(plan, a)) return y;
    if (x == AT_UNIT_PERCENT || y == AT_UNIT_PERCENT) {
        uint32_t percent = x == AT_UNIT_PERCENT ? a : b, other = x == AT_UNIT_PERCENT ? b : a;
        if (unit_of(plan, other) != AT_UNIT_NONE) return unit_of(plan, other);
        return is_zero(plan, percent) && !is_quotient(plan, other) ? AT_UNIT_NONE : AT_UNIT_PERCENT;
    }
    if (x == AT_UNIT_COUNT || y == AT_UNIT_COUNT) return AT_UNIT_NONE;
    return x == AT_UNIT_NONE ? y : y == AT_UNIT_NONE ? x : AT_UNIT_NONE;
}

/* A number by which a percentage is multiplied and stays one: a constant, a value of a table, or one made of
 * such values. A number of the data is none: 60% of a score of 88 is 52.8. */
static bool is_factor(const struct at_plan *plan, uint32_t id, unsigned depth) {
    const struct at_plan_node *node = node_of(plan, id);
    if (node->type.unit == AT_UNIT_PERCENT) return true;
    if (depth == DEEPEST || node->type.unit != AT_UNIT_NONE) return false;
    switch ((enum at_plan_op)node->op) {
    case AT_P_CONST:
    case AT_P_STEP:
    case AT_P_LOOKUP:
    case AT_P_CALL:
    case AT_P_DIV: return true;
    case AT_P_SPREAD:
    case AT_P_FROMCELL:
    case AT_P_FROMGROUP:
    case AT_P_TAKE:
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_MUL:
    case AT_P_NEG:
    case AT_P_ABS:
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_IF:
    case AT_P_IFMISSING: break;
    default: return false;
    }
    bool all = node->n_in > 0;
    for (uint16_t i = node->op == AT_P_IF ? 1 : 0; all && i < node->n_in; i++)
        all = is_factor(plan, node->in[i], depth + 1);
    return all;
}

/* 1.2 times 5% is 6%, and 5% of 88 points are points. */
static enum at_type_unit of_product(const struct at_plan *plan, uint32_t a, uint32_t b) {
    enum at_type_unit x = unit_of(plan, a), y = unit_of(plan, b);
    if (x != AT_UNIT_PERCENT && y == AT_UNIT_PERCENT) return of_product(plan, b, a);
    if (x == AT_UNIT_PERCENT) {
        if (y == AT_UNIT_PERCENT || y == AT_UNIT_POINTS || y == AT_UNIT_UNITS) return y;
        return is_factor(plan, b, 0) ? AT_UNIT_PERCENT : AT_UNIT_NONE;
    }
    if (x == AT_UNIT_NONE && is_factor(plan, a, 0)) return y == AT_UNIT_COUNT ? AT_UNIT_NONE : y;
    if (y == AT_UNIT_NONE && is_factor(plan, b, 0)) return x == AT_UNIT_COUNT ? AT_UNIT_NONE : x;
    return AT_UNIT_NONE;
}

/* Money over money is a ratio such as attainment, and so are points over points. */
static enum at_type_unit of_quotient(const struct at_plan *plan, uint32_t a, uint32_t b) {
    enum at_type_unit x = unit_of(plan, a), y = unit_of(plan, b);
    if (node_of(plan, a)->type.kind == AT_T_MONEY) return AT_UNIT_PERCENT;
    /* The average of percentages is one, and that of points is points. */
    if (y == AT_UNIT_COUNT && (x == AT_UNIT_PERCENT || x == AT_UNIT_POINTS || x == AT_UNIT_UNITS)) return x;
    if (x != AT_UNIT_NONE && x == y) return AT_UNIT_PERCENT;
    return x == AT_UNIT_PERCENT && is_const(plan, b) ? AT_UNIT_PERCENT : AT_UNIT_NONE;
}

static enum at_type_unit of_lookup(const struct at_plan_lookup *table) {
    for (uint32_t i = 0; i < table->n_rows * table->n_columns; i++)
        if (table->values[i].type.unit) return (enum at_type_unit)table->values[i].type.unit;
    return AT_UNIT_NONE;
}

/* A rate in percent leaves the unit of what goes through it. */
static enum at_type_unit of_through(const struct at_plan *plan, const struct at_plan_node *node) {
    const struct at_plan_steps *steps = node->data;
    enum at_type_unit rate = (enum at_type_unit)steps->value.unit;
    return rate == AT_UNIT_PERCENT ? unit_of(plan, node->in[0]) : rate;
}

/* From the first input that counts to the last. */
static enum at_type_unit of_inputs(const struct at_plan *plan, const struct at_plan_node *node,
                                   uint16_t first) {
    enum at_type_unit unit = unit_of(plan, node->in[first]);
    uint32_t at = node->in[first];
    for (uint16_t i = (uint16_t)(first + 1); i < node->n_in; i++) {
        unit = at_plan_unit_join(plan, at, node->in[i]);
        if (unit == unit_of(plan, node->in[i])) at = node->in[i];
    }
    return unit;
}

/* The source is not known while the node is made. */
static enum at_type_unit of_carry(const struct at_plan *plan, const struct at_plan_node *node) {
    uint32_t source = plan->carries[node->a].source;
    return source == AT_NO_NODE ? (enum at_type_unit)node->type.unit : unit_of(plan, source);
}

/* A percentage and a number of the data that has no unit add up to a plain number: a score may be 88. */
static enum at_type_unit of_sum(const struct at_plan *plan, uint32_t a, uint32_t b) {
    enum at_type_unit x = unit_of(plan, a), y = unit_of(plan, b), unit = at_plan_unit_join(plan, a, b);
    uint32_t other = x == AT_UNIT_PERCENT ? b : a;
    bool plain = unit == AT_UNIT_PERCENT && x != y && !is_const(plan, other) && !is_quotient(plan, other);
    return plain ? AT_UNIT_NONE : unit;
}

/* A quotient that is rounded to whole numbers is a number of times, not 200%. */
static enum at_type_unit of_rounded(const struct at_plan *plan, const struct at_plan_node *node) {
    enum at_type_unit unit = unit_of(plan, node->in[0]);
    return unit == AT_UNIT_PERCENT && node->a <= 0 ? AT_UNIT_NONE : unit;
}

enum at_type_unit at_plan_unit(const struct at_plan *plan, const struct at_plan_node *node) {
    if (node->type.kind != AT_T_NUMBER) return AT_UNIT_NONE;
    switch ((enum at_plan_op)node->op) {
    case AT_P_CONST:
    case AT_P_LOAD:
    case AT_P_DATEDMEAN:
    case AT_P_CALL: return (enum at_type_unit)node->type.unit;
    case AT_P_ITEMSHARE: return AT_UNIT_PERCENT;
    case AT_P_COUNT:
    case AT_P_RUNCOUNT:
    case AT_P_RANK:
    case AT_P_DATEPART:
    case AT_P_PERIODPART:
    case AT_P_DAYSBETWEEN:
    case AT_P_COVERDAYS:
    case AT_P_STAYDAYS: return AT_UNIT_COUNT;
    case AT_P_GATHER:
        return node->a == AT_GATHER_COUNT ? AT_UNIT_COUNT
               : node->n_in > 1           ? unit_of(plan, node->in[1])
                                          : AT_UNIT_NONE;
    case AT_P_MUL: return of_product(plan, node->in[0], node->in[1]);
    case AT_P_DIV: return of_quotient(plan, node->in[0], node->in[1]);
    case AT_P_STEP: return (enum at_type_unit)((const struct at_plan_steps *)node->data)->value.unit;
    case AT_P_THROUGH: return of_through(plan, node);
    case AT_P_LOOKUP: return of_lookup(node->data);
    case AT_P_IF: return of_inputs(plan, node, 1);
    case AT_P_ADD:
    case AT_P_SUB: return of_sum(plan, node->in[0], node->in[1]);
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_OVER:
    case AT_P_UPTO:
    case AT_P_BETWEEN:
    case AT_P_CAPTODATE:
    case AT_P_IFMISSING: return of_inputs(plan, node, 0);
    case AT_P_ROUND: return of_rounded(plan, node);
    case AT_P_CARRY:
    case AT_P_RUNCARRY: return of_carry(plan, node);
    default: return node->n_in ? unit_of(plan, node->in[0]) : AT_UNIT_NONE;
    }
}

/* A value of an earlier period is written as its source is, which comes later, so all is decided once more.
 * Two rounds suffice for a loop, and a third for what two loops exchange. */
void at_plan_unit_carries(struct at_plan *plan) {
    for (unsigned round = 0; round < (plan->n_carries ? 3 : 0); round++)
        for (uint32_t id = 0; id < plan->n_nodes; id++)
            plan->nodes[id].type.unit = (uint8_t)at_plan_unit(plan, &plan->nodes[id]);
}
