/* plan/lower_part.c: handles exceptions in parts of a credited row that its reader does not read.
 *
 * A measure that counts the rows of a credit reads neither their amount nor their share. A measure that sums
 * another field does not read the amount. An exception in such a part still counts: the row is not credited
 * as the policy specifies, no matter which measure reads it. `known` nodes in the mask of the reader carry
 * the exceptions. A row that the reader's own `where` leaves out is not read.
 */
#include "plan/lower_int.h"

/* Sources, choices, and comparisons have a value whenever their inputs have one. Arithmetic can have too many
 * digits. */
static bool fails_by_itself(const struct at_plan_node *node) {
    switch (node->op) {
    case AT_P_CONST:
    case AT_P_LOAD:
    case AT_P_ROWNUM:
    case AT_P_RECIPIENT:
    case AT_P_LEVEL:
    case AT_P_ITEMPERIOD:
    case AT_P_PAYEE:
    case AT_P_CELLPERIOD:
    case AT_P_COVERDAYS:
    case AT_P_COVERLAST:
    case AT_P_GROUPKEY:
    case AT_P_STAYDAYS:
    case AT_P_STAYLAST:
    case AT_P_FOLLOW:
    case AT_P_TAKE:
    case AT_P_SPREAD:
    case AT_P_NEG:
    case AT_P_ABS:
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE:
    case AT_P_AND:
    case AT_P_OR:
    case AT_P_NOT:
    case AT_P_IF:
    case AT_P_MISSING:
    case AT_P_KNOWN:
    case AT_P_IFMISSING:
    case AT_P_IN:
    case AT_P_TEXTFN:
    case AT_P_CHOICETEXT: return false;
    case AT_P_DATEDROW: return node->b;
    default: return true;
    }
}

/* Answers for all nodes up to `id` are kept. Inputs have lower ids, so one sweep is enough. */
bool at_plan_may_fail(struct at_plan_lowering *L, uint32_t id) {
    while (L->fails.n <= id) {
        const struct at_plan_node *node = at_plan_node_of(L, (uint32_t)L->fails.n);
        bool fails = fails_by_itself(node);
        for (uint16_t i = 0; i < node->n_in; i++)
            fails |= L->fails.at[node->in[i]];
        AT_VEC_PUSH(L->arena, &L->fails, fails);
    }
    return L->fails.at[id];
}

/* Arithmetic is in exception where one of its inputs is: then the part needs no node of its own. */
static bool carries(const struct at_plan_lowering *L, uint32_t value, uint32_t part) {
    /* Follows only products and TAKE: the amount times the share is how a reader usually contains
     * both parts. */
    while (value != AT_NO_NODE && value != part) {
        const struct at_plan_node *node = at_plan_node_of(L, value);
        if (node->op == AT_P_MUL && node->n_in == 2 && node->in[1] == part) return true;
        value = (node->op == AT_P_MUL || node->op == AT_P_TAKE) && node->n_in > 0 ? node->in[0] : AT_NO_NODE;
    }
    return value == part;
}

static uint32_t and_known(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t so_far,
                          uint32_t value, uint32_t part) {
    at_type flag = {.kind = AT_T_FLAG};
    if (part == AT_NO_NODE || carries(L, value, part)) return so_far;
    uint32_t known = at_plan_make1(L, credit, AT_P_KNOWN, flag, part);
    return so_far == AT_NO_NODE ? known : at_plan_make2(L, credit, AT_P_AND, flag, so_far, known);
}

static bool share_may_fail(struct at_plan_lowering *L, const struct at_plan_feed *feed) {
    for (uint32_t i = 0; i < feed->n_to; i++)
        if (feed->to[i].share != AT_NO_NODE && at_plan_may_fail(L, feed->to[i].share)) return true;
    return false;
}

uint32_t at_plan_parts_known(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t value) {
    struct at_plan_feed feed = L->feeds.at[credit->place];
    uint32_t amount = AT_NO_NODE, share = AT_NO_NODE;
    if (feed.decl->amount) amount = at_plan_row_amount(L, credit);
    if (amount != AT_NO_NODE && !at_plan_may_fail(L, amount)) amount = AT_NO_NODE;
    if (share_may_fail(L, &feed)) share = at_plan_share_of(L, (uint16_t)credit->place);
    uint32_t known = and_known(L, credit, AT_NO_NODE, value, amount);
    known = and_known(L, credit, known, value, share);
    return known == AT_NO_NODE ? known : at_plan_bring(L, credit, known);
}
