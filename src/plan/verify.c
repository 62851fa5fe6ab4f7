/* plan/verify.c: checks the invariants that every plan keeps, no matter which code built it. Builds that look
 * for defects of Attain run it after each lowering. Tests run it too. */
#include "plan/graph.h"

/* Returns the sentence from the function that uses it. NULL at the end of a function means that
 * all holds. */
#define CHECK(condition, sentence)                                                                           \
    do {                                                                                                     \
        if (!(condition)) return sentence;                                                                   \
    } while (0)

struct view {
    const struct at_plan *plan;
    uint16_t payees; /* table */
};

static const int8_t arity[] = {
#define AT_PLAN_NODE(op, name, inputs, meaning) inputs,
#include "plan/nodes.def"
#undef AT_PLAN_NODE
};

static const struct at_plan_node *input(const struct view *view, const struct at_plan_node *node,
                                        uint16_t i) {
    return &view->plan->nodes[node->in[i]];
}

static bool plain_const(const struct at_plan_node *node) {
    return node->grain == AT_G_CONST && !node->settled;
}

/* Whether a node is at exactly this grain and place. */
static bool at_check_grain(const struct at_plan_node *node, enum at_check_grain grain, uint16_t place) {
    return node->grain == grain && node->place == place;
}

static bool numeric(const struct at_plan_node *node) {
    return node->type.kind == AT_T_NUMBER || node->type.kind == AT_T_MONEY ||
           node->type.kind == AT_T_FOREIGN || node->type.kind == AT_T_DURATION;
}

static bool is_flag(const struct at_plan_node *node) {
    return node->type.kind == AT_T_FLAG;
}

/* ---------------------------------------------------------------- places */

static const char *verify_place(const struct view *view, const struct at_plan_node *node) {
    const struct at_plan *plan = view->plan;
    CHECK(node->grain <= AT_G_GROUP, "a node does not have a grain");
    if (node->grain == AT_G_ROW && plan->checked)
        CHECK(node->place < plan->checked->n_schemas, "a node of a row does not name a table");
    if (node->grain == AT_G_CREDIT)
        CHECK(node->place < plan->n_feeds, "a node of a credit does not name a feed");
    if (node->grain == AT_G_GROUP)
        CHECK(node->place < plan->n_groups, "a node of a group does not name a group");
    if (node->grain == AT_G_CONST || node->grain == AT_G_CELL)
        CHECK(node->place == 0, "a constant or a cell has a place");
    return NULL;
}

/* What holds for every node: order, number of inputs, and the rules for `needed`, `settled`, and
 * `pass`. */
static const char *verify_inputs(const struct view *view, uint32_t id) {
    const struct at_plan_node *node = &view->plan->nodes[id];
    CHECK(node->op < AT_P_COUNT_OF, "a node has an unknown kind");
    if (arity[node->op] >= 0) CHECK(node->n_in == arity[node->op], "a node has a wrong number of inputs");
    for (uint16_t i = 0; i < node->n_in; i++) {
        /* The order of ids is the order of work, so everything else depends on this. */
        CHECK(node->in[i] < id, "a node comes before one of its inputs");
        CHECK(!node->needed || input(view, node, i)->needed, "a needed node has an input that is not needed");
    }
    /* The same functions as in plan.c, on the final inputs: renumbering and carries must not have
     * changed the result. */
    CHECK(node->settled == at_plan_settles(view->plan, node, view->payees), "a node is wrongly settled");
    CHECK(node->pass == at_plan_pass(view->plan, node, view->payees), "a node is in the wrong pass");
    CHECK(!node->needed || node->pass < view->plan->n_passes,
          "a needed node is in a pass that the plan does not have");
    return NULL;
}

/* ---------------------------------------------------------------- kinds of node */

static const char *verify_source(const struct at_plan *plan, const struct at_plan_node *node) {
    switch (node->op) {
    case AT_P_CONST:
        CHECK(node->grain == AT_G_CONST && node->data, "a constant does not have a value");
        CHECK(((const struct at_plan_value *)node->data)->type.kind == node->type.kind,
              "a constant is of another type");
        break;
    case AT_P_LOAD:
        CHECK(node->grain == AT_G_ROW && node->a >= 0, "load is not of a row");
        if (plan->checked)
            CHECK((uint32_t)node->a < plan->checked->schemas[node->place].n_fields,
                  "load does not name a field");
        break;
    case AT_P_LEVEL:
    case AT_P_ROWNUM: CHECK(node->grain == AT_G_ROW, "row is not of a row"); break;
    case AT_P_RECIPIENT:
    case AT_P_ITEMPERIOD:
    case AT_P_ITEMSHARE: CHECK(node->grain == AT_G_CREDIT, "a part of an item is not of a credit"); break;
    case AT_P_NAMED:
        CHECK(node->grain == AT_G_CONST && node->data, "a named payee does not have a key");
        break;
    case AT_P_COVERDAYS:
    case AT_P_COVERLAST:
        CHECK(node->grain == AT_G_CELL || node->grain == AT_G_CREDIT, "covered-days is not of a payee");
        break;
    case AT_P_PAYEE: CHECK(node->grain == AT_G_CELL, "payee is not of a cell"); break;
    case AT_P_CELLPERIOD:
        CHECK(node->grain == AT_G_CELL || node->grain == AT_G_GROUP, "cell-period is not of a cell");
        break;
    case AT_P_STAYLAST:
    case AT_P_STAYDAYS:
        CHECK(node->grain == AT_G_GROUP && plan->groups[node->place].of, "stay-days is not of stays");
        break;
    default: CHECK(node->grain == AT_G_GROUP, "group-key is not of a group");
    }
    return NULL;
}

/* Moves from grain to grain. Reading the wrong table here would pay by the rows of another table. */
static const char *verify_move(const struct view *view, const struct at_plan_node *node) {
    const struct at_plan_node *x = input(view, node, 0);
    const struct at_plan *plan = view->plan;
    switch (node->op) {
    case AT_P_FOLLOW: {
        const struct at_plan_node *ref = input(view, node, 1);
        CHECK(x->grain == AT_G_ROW && ref->type.kind == AT_T_REF && ref->type.table == x->place,
              "follow goes into another table than its column is of");
        CHECK(at_check_grain(ref, node->grain, node->place), "follow is not where its references are");
        break;
    }
    case AT_P_RATES:
        for (uint16_t i = 0; i < node->n_in; i++)
            CHECK(at_check_grain(input(view, node, i), AT_G_ROW, node->place), "rates are of two tables");
        CHECK(node->grain == AT_G_ROW && (node->n_in == 3 || node->n_in == 4), "rates miss a column");
        break;
    case AT_P_EXCHANGE:
        CHECK(x->op == AT_P_RATES, "an exchange does not have rates");
        for (uint16_t i = 1; i < 4; i++)
            CHECK(plain_const(input(view, node, i)) ||
                      at_check_grain(input(view, node, i), node->grain, node->place),
                  "an exchange is not where its currencies and its day are");
        CHECK(input(view, node, 1)->type.kind == AT_T_TEXT && input(view, node, 2)->type.kind == AT_T_TEXT &&
                  input(view, node, 3)->type.kind == AT_T_DATE,
              "an exchange is not of currencies and a day");
        break;
    case AT_P_GATHER:
        for (uint16_t i = 0; i < node->n_in; i++)
            CHECK(at_check_grain(input(view, node, i), AT_G_ROW, x->place) ||
                      (i && plain_const(input(view, node, i))),
                  "gather is not of the rows of one table");
        CHECK(node->grain == AT_G_ROW && x->grain == AT_G_ROW && x->type.kind == AT_T_REF &&
                  x->type.table == node->place,
              "gather is not where its references lead");
        CHECK(node->n_in == 1u + (node->a != AT_GATHER_COUNT) + (node->b != 0),
              "gather has a wrong number of inputs");
        break;
    case AT_P_TAKE:
        CHECK(node->grain == AT_G_CREDIT && at_check_grain(x, AT_G_ROW, plan->feeds[node->place].table),
              "take is not from the feed's table");
        break;
    case AT_P_FROMCELL:
        CHECK(x->grain == AT_G_CELL && node->grain == AT_G_CREDIT,
              "from-cell is not from a cell to a credit");
        break;
    case AT_P_FROMGROUP:
        CHECK(x->grain == AT_G_GROUP && node->grain == AT_G_CELL, "from-group is not from a group to a cell");
        break;
    case AT_P_TOSTAY:
        CHECK(x->grain == AT_G_CELL && node->grain == AT_G_GROUP && plan->groups[node->place].of,
              "to-stay is not from a cell to stays");
        break;
    case AT_P_FROMSTAY:
        CHECK(x->grain == AT_G_GROUP && plan->groups[x->place].of && node->grain == AT_G_CELL,
              "from-stay is not from stays to a cell");
        break;
    default:
        CHECK(x->grain == AT_G_CONST || (at_check_grain(x, AT_G_GROUP, 0) && node->grain == AT_G_GROUP),
              "spread is of neither a constant nor everyone");
    }
    return NULL;
}

static const char *verify_aggregate(const struct view *view, const struct at_plan_node *node) {
    const struct at_plan *plan = view->plan;
    /* COUNT has only a mask. The others have a value, and then a mask. The mask may be absent. */
    uint16_t most = node->op == AT_P_COUNT ? 1 : 2;
    CHECK(node->n_in <= most && node->n_in + 1 >= most, "an aggregate has a wrong number of inputs");
    CHECK(node->a >= 0 && (uint32_t)node->a < plan->n_feeds, "an aggregate does not name a feed");
    for (uint16_t i = 0; i < node->n_in; i++) {
        const struct at_plan_node *x = input(view, node, i);
        CHECK(plain_const(x) || at_check_grain(x, AT_G_CREDIT, (uint16_t)node->a),
              "an aggregate is not of its feed's items");
    }
    if (node->n_in == most)
        CHECK(is_flag(input(view, node, most - 1)), "the mask of an aggregate is not a flag");
    bool people = plan->feeds[node->a].n_to > 0, dated = at_plan_feed_dated(&plan->feeds[node->a]);
    enum at_check_grain grain = people ? (dated ? AT_G_CELL : AT_G_ROW) : (dated ? AT_G_GROUP : AT_G_CONST);
    bool stays = node->grain == AT_G_GROUP && node->place > 0;
    CHECK(stays ? people && dated : at_check_grain(node, grain, grain == AT_G_ROW ? view->payees : 0),
          "an aggregate is at another grain than its feed gives");
    return NULL;
}

static bool is_stay_of(const struct at_plan *plan, const struct at_plan_node *node, uint16_t group) {
    return node->grain == AT_G_GROUP && plan->groups[node->place].of == group + 1u;
}

/* Nodes that read more than one period, payee, or row at a time. */
static const char *verify_scan(const struct view *view, const struct at_plan_node *node) {
    for (uint16_t i = 0; i < node->n_in; i++) {
        const struct at_plan_node *x = input(view, node, i);
        bool same = at_check_grain(x, node->grain, node->place);
        switch (node->op) {
        case AT_P_GROUPSUM:
        case AT_P_GROUPLEAST:
        case AT_P_GROUPMOST:
            CHECK(node->grain == AT_G_GROUP &&
                      (x->grain == AT_G_CELL || is_stay_of(view->plan, x, node->place)),
                  "a group's total is neither of cells nor of stays");
            CHECK(node->a >= 0 && (uint32_t)node->a <= view->plan->n_groups,
                  "a group's total counts the values of no group once");
            break;
        case AT_P_RUNSUM:
        case AT_P_RUNCOUNT:
            CHECK(x->grain == AT_G_CELL && node->grain == AT_G_CONST, "a run's total is not of cells");
            break;
        case AT_P_RUNNING:
            CHECK(node->grain == AT_G_CREDIT && (same || plain_const(x)), "running is not of a credit");
            break;
        case AT_P_DIVIDE:
        case AT_P_DIVIDEOF:
            CHECK(node->grain == AT_G_CREDIT && (same || (i == 2 && plain_const(x))),
                  "divide is not of a credit");
            break;
        case AT_P_LINEOF:
            CHECK(node->grain == AT_G_CREDIT && node->a >= 0 && (uint32_t)node->a < view->plan->n_feeds,
                  "line-of is not from a credit to a credit");
            CHECK(i == 1
                      ? same && x->type.kind == AT_T_REF && x->type.table == view->plan->feeds[node->a].table
                      : at_check_grain(x, AT_G_CREDIT, (uint16_t)node->a),
                  "line-of is not of rows of its feed");
            break;
        case AT_P_LEDGER:
            CHECK(node->a >= 0 && (uint32_t)node->a < view->plan->n_feeds && node->grain == AT_G_CELL,
                  "a ledger is not of a feed");
            CHECK(i == 0 ? same : at_check_grain(x, AT_G_CREDIT, (uint16_t)node->a) || plain_const(x),
                  "a ledger is not of the items of its feed");
            break;
        case AT_P_PARTED:
            CHECK(node->grain == AT_G_CELL &&
                      (i == 0 ? x->op == AT_P_LEDGER : same || x->grain == AT_G_ROW || plain_const(x)),
                  "a parted reads neither rows nor cells");
            break;
        case AT_P_PRIZE:
        case AT_P_RANK: CHECK(same && node->grain == AT_G_CELL, "rank is not of cells"); break;
        case AT_P_ASOF:
            CHECK(same || (i == 0 && node->grain == AT_G_CREDIT && x->grain == AT_G_CELL),
                  "as-of is not of a period");
            break;
        case AT_P_ALLOT:
            CHECK(node->grain == AT_G_CELL ? x->grain == (i ? AT_G_CELL : AT_G_GROUP)
                                           : (i ? same : is_stay_of(view->plan, node, x->place)),
                  "allot is not from a group to its members");
            break;
        default:
            CHECK(same && (node->grain == AT_G_CELL || node->grain == AT_G_GROUP),
                  "a scan is neither of cells nor of groups");
        }
    }
    if (node->op == AT_P_ALLOT)
        CHECK(node->n_in >= 2 && node->a >= 0 && (uint32_t)node->a <= view->plan->n_groups,
              "allot does not name its members");
    if (node->op == AT_P_LEDGER)
        CHECK(node->n_in == 3u + ((node->b & AT_LEDGER_MASK) != 0) + ((node->b & AT_LEDGER_DATE) != 0) &&
                  at_plan_ledger_group(node) <= view->plan->n_groups,
              "a ledger has a wrong number of inputs");
    if (node->op == AT_P_RANK || node->op == AT_P_PRIZE)
        CHECK(node->a >= 0 && (uint32_t)node->a < view->plan->n_groups, "rank does not name a group");
    if (node->op == AT_P_PRIOR || node->op == AT_P_TRAILING)
        CHECK(node->a > 0 && node->b >= 0, "a scan does not go back a period");
    if (node->op == AT_P_MOVED) CHECK(node->a > 0 && node->b > AT_DELAY_NONE, "a line is not moved");
    if (node->op == AT_P_TODATE || node->op == AT_P_DELTA || node->op == AT_P_CAPTODATE)
        CHECK(node->a >= AT_WEEK && node->a <= AT_YEAR, "a scan does not go by a kind of period");
    return NULL;
}

/* The body runs row by row, so each of its nodes must be calculable from one row. */
static const char *verify_loop(const struct at_plan *plan, const struct at_plan_loop *loop) {
    for (uint32_t i = 0; i < loop->n_body; i++) {
        const struct at_plan_node *node = &plan->nodes[loop->body[i]];
        CHECK(at_check_grain(node, AT_G_CREDIT, loop->feed), "a loop leaves the rows of its feed");
        CHECK(at_plan_is_map(node->op) || at_plan_leads(node->op),
              "a loop needs more than one row at a time");
    }
    return NULL;
}

static const char *verify_carry(const struct at_plan *plan, const struct at_plan_node *node) {
    CHECK(node->a >= 0 && (uint32_t)node->a < plan->n_carries, "a carry does not name what it reads");
    const struct at_plan_carry *carry = &plan->carries[node->a];
    if (node->op == AT_P_RUNCARRY) {
        CHECK(node->grain == AT_G_CREDIT && carry->loop < plan->n_loops, "a carry of rows is not in a loop");
        CHECK(plan->loops[carry->loop].feed == node->place,
              "a carry of rows is of another feed than its loop");
    } else {
        CHECK(node->grain == AT_G_CELL || node->grain == AT_G_GROUP,
              "a carry is neither of cells nor of groups");
        CHECK(carry->back > 0, "a carry does not go back a period");
    }
    CHECK(carry->source < plan->n_nodes, "a carry does not have a source");
    const struct at_plan_node *source = &plan->nodes[carry->source];
    CHECK(at_check_grain(source, node->grain, node->place), "a carry is not where its source is");
    CHECK(source->type.kind == node->type.kind, "a carry is of another type than its source");
    CHECK(!node->needed || source->needed, "a needed carry has a source that is not needed");
    return NULL;
}

/* ---------------------------------------------------------------- maps */

static const char *verify_steps(const struct at_plan_steps *steps) {
    bool rising = true;
    CHECK(steps && steps->n > 0, "rates do not have tiers");
    for (uint32_t i = 1; i < steps->n; i++) {
        int order = at_num_cmp(NULL, steps->thresholds[i - 1], steps->thresholds[i]);
        rising &= order < 0 || (order == 0 && !steps->above[i - 1] && steps->above[i]);
    }
    CHECK(rising, "the tiers of rates do not increase");
    return NULL;
}

static const char *verify_map_types(const struct view *view, const struct at_plan_node *node) {
    const struct at_plan_node *x = input(view, node, 0);
    switch (node->op) {
    case AT_P_AND:
    case AT_P_OR:
    case AT_P_NOT:
        for (uint16_t i = 0; i < node->n_in; i++)
            CHECK(is_flag(input(view, node, i)), "a condition joins an input that is not a flag");
        CHECK(is_flag(node), "a condition is not a flag");
        break;
    case AT_P_IF:
        CHECK(is_flag(x), "the condition of a choice is not a flag");
        CHECK(input(view, node, 1)->type.kind == input(view, node, 2)->type.kind,
              "a choice is between types");
        break;
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE:
        CHECK(x->type.kind == input(view, node, 1)->type.kind, "a comparison is between types");
        CHECK(is_flag(node), "a comparison is not a flag");
        break;
    case AT_P_MISSING:
    case AT_P_KNOWN:
    case AT_P_IN: CHECK(is_flag(node), "a condition is not a flag"); break;
    case AT_P_DATEDROW:
        CHECK(node->type.kind == AT_T_REF && input(view, node, 1)->type.kind == AT_T_DATE,
              "a dated row is not found by a day");
        break;
    case AT_P_DATEDMEAN:
        CHECK(x->type.kind == AT_T_REF && numeric(node) && input(view, node, 2)->type.kind == AT_T_DATE,
              "a mean by days is not a number of a payee");
        break;
    case AT_P_STEP:
    case AT_P_THROUGH: return verify_steps(node->data);
    case AT_P_LOOKUP: {
        const struct at_plan_lookup *table = node->data;
        CHECK(table && table->n_keys == node->n_in, "a lookup has another number of keys than its table");
        break;
    }
    case AT_P_CHOICETEXT:
        CHECK(x->type.kind == AT_T_ENUM && node->data, "choice-text is not of a choice");
        break;
    case AT_P_PERIODPART: CHECK(x->type.kind == AT_T_PERIOD, "period-part is not of a period"); break;
    case AT_P_PERIODOF:
    case AT_P_PERIODLAST:
        CHECK(x->type.kind == AT_T_DATE || x->type.kind == AT_T_PERIOD, "a period is not of a date");
        CHECK(node->a >= AT_WEEK && node->a <= AT_YEAR, "a period is not of a kind");
        break;
    case AT_P_DATEPART:
    case AT_P_DATEADD: CHECK(x->type.kind == AT_T_DATE, "a part of a date is not of a date"); break;
    default: break;
    }
    if (node->op >= AT_P_ADD && node->op <= AT_P_THROUGH)
        for (uint16_t i = 0; i < node->n_in; i++)
            CHECK(numeric(input(view, node, i)), "arithmetic has an input that is not a number");
    return NULL;
}

static const char *verify_map(const struct view *view, const struct at_plan_node *node) {
    /* A map is at the grain of its inputs. One input at least must be at that grain, or the run
     * has no length for the slice. */
    bool found = node->grain == AT_G_CONST;
    for (uint16_t i = 0; i < node->n_in; i++) {
        const struct at_plan_node *x = input(view, node, i);
        bool same = at_check_grain(x, node->grain, node->place);
        CHECK(same || plain_const(x), "an elementwise node has inputs of different grains");
        found |= same;
    }
    CHECK(node->op == AT_P_CALL || node->n_in > 0, "an elementwise node does not have inputs");
    CHECK(found, "an elementwise node is finer than its inputs");
    return node->n_in > 0 ? verify_map_types(view, node) : NULL;
}

static const char *verify_node(const struct view *view, uint32_t id) {
    const struct at_plan_node *node = &view->plan->nodes[id];
    const char *broken = verify_inputs(view, id);
    if (!broken) broken = verify_place(view, node);
    if (broken) return broken;
    /* By ranges of nodes.def: sources, moves from grain to grain, then aggregates, scans, and
     * maps. */
    if (node->op <= AT_P_GROUPKEY) return verify_source(view->plan, node);
    if (node->op <= AT_P_SPREAD) return verify_move(view, node);
    if (at_plan_is_aggregate(node->op)) return verify_aggregate(view, node);
    if (node->op == AT_P_CARRY || node->op == AT_P_RUNCARRY) return verify_carry(view->plan, node);
    return at_plan_is_map(node->op) ? verify_map(view, node) : verify_scan(view, node);
}

/* ---------------------------------------------------------------- the plan's parts */

/* Whether a part of the plan names a node of this grain and type. A plain constant counts as a
 * value of every row. */
static bool holds(const struct view *view, uint32_t node, enum at_check_grain grain, uint16_t place,
                  enum at_type_kind kind) {
    if (node >= view->plan->n_nodes) return false;
    const struct at_plan_node *found = &view->plan->nodes[node];
    return found->type.kind == kind &&
           (at_check_grain(found, grain, place) || (grain == AT_G_ROW && plain_const(found)));
}

static const char *verify_feed(const struct view *view, const struct at_plan_feed *feed) {
    if (feed->where != AT_NO_NODE)
        CHECK(holds(view, feed->where, AT_G_ROW, feed->table, AT_T_FLAG),
              "the filter of a feed is not a flag of its rows");
    if (feed->on != AT_NO_NODE)
        CHECK(holds(view, feed->on, AT_G_ROW, feed->table, AT_T_DATE) ||
                  holds(view, feed->on, AT_G_ROW, feed->table, AT_T_PERIOD),
              "the date of a feed is not a date of its rows");
    if (feed->day != AT_NO_NODE)
        CHECK(holds(view, feed->day, AT_G_ROW, feed->table, AT_T_DATE),
              "the day of a feed is not of its rows");
    const uint32_t days[] = {feed->known, feed->until};
    for (size_t i = 0; i < AT_COUNT(days); i++)
        CHECK(days[i] == AT_NO_NODE || holds(view, days[i], AT_G_ROW, feed->table, AT_T_DATE),
              "the day from which a row is known is not a date of its rows");
    for (uint32_t i = 0; i < feed->n_to; i++) {
        if (feed->to[i].by >= 0) {
            CHECK((uint32_t)feed->to[i].by < view->plan->n_groups, "rows are matched with no group");
            continue;
        }
        CHECK(holds(view, feed->to[i].payee, AT_G_ROW, feed->table, AT_T_REF),
              "a recipient is not a reference");
        CHECK(view->plan->nodes[feed->to[i].payee].type.table == view->payees, "a recipient is not a payee");
        if (feed->to[i].share != AT_NO_NODE)
            CHECK(holds(view, feed->to[i].share, AT_G_ROW, feed->table, AT_T_NUMBER),
                  "a share is not a number of the row");
    }
    return NULL;
}

static const char *verify_components(const struct view *view) {
    const struct at_plan *plan = view->plan;
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *component = &plan->components[i];
        CHECK(holds(view, component->value, AT_G_CELL, 0, AT_T_MONEY) &&
                  holds(view, component->earned, AT_G_CELL, 0, AT_T_MONEY),
              "a component is not the money of a cell");
        CHECK(plan->nodes[component->value].needed, "a component is not needed");
        CHECK(holds(view, component->due, AT_G_CELL, 0, AT_T_MONEY), "a component has no calculated amount");
        if (component->lines != AT_NO_NODE)
            CHECK(component->lines < plan->n_nodes && plan->nodes[component->lines].grain == AT_G_CREDIT &&
                      plan->nodes[component->lines].type.kind == AT_T_MONEY,
                  "the lines of a component are not the money of credits");
    }
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        const struct at_plan_adjustment *done = &plan->adjustments[i];
        CHECK(done->component < plan->n_components, "an adjustment does not have a component");
        CHECK(holds(view, done->before, AT_G_CELL, 0, AT_T_MONEY) &&
                  holds(view, done->after, AT_G_CELL, 0, AT_T_MONEY),
              "an adjustment is not the money of a cell");
    }
    return NULL;
}

/* Nodes before the parts that name them: the later checks index `nodes` with ids and places that
 * the first ones verify. */
const char *at_plan_verify(const struct at_plan *plan) {
    struct view view = {
        plan, plan->checked && plan->checked->payee_table > 0 ? (uint16_t)plan->checked->payee_table : 0};
    const char *broken = NULL;
    for (uint32_t id = 0; id < plan->n_nodes && !broken; id++)
        broken = verify_node(&view, id);
    for (uint32_t i = 0; i < plan->n_feeds && !broken; i++)
        broken = verify_feed(&view, &plan->feeds[i]);
    for (uint32_t i = 0; i < plan->n_loops && !broken; i++)
        broken = verify_loop(plan, &plan->loops[i]);
    if (!broken) broken = verify_components(&view);
    if (broken) return broken;
    for (uint32_t i = 0; i < plan->n_requires; i++)
        CHECK(plan->requires[i].cond < plan->n_nodes && is_flag(&plan->nodes[plan->requires[i].cond]),
              "a require is not a condition");
    if (plan->applies != AT_NO_NODE)
        CHECK(holds(&view, plan->applies, AT_G_ROW, view.payees, AT_T_FLAG),
              "the mask of covered payees is not a flag of payees");
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        const struct at_plan_cover *cover = &plan->covers[i];
        CHECK(
            (cover->from == AT_NO_NODE ||
             holds(&view, cover->from, AT_G_ROW, cover->decl->table, AT_T_DATE)) &&
                (cover->to == AT_NO_NODE || holds(&view, cover->to, AT_G_ROW, cover->decl->table, AT_T_DATE)),
            "a day of coverage is not a date of a row");
    }
    if (plan->asked != AT_NO_NODE)
        CHECK(plan->asked < plan->n_nodes && plan->nodes[plan->asked].grain == AT_G_CELL,
              "what is asked is not of a cell");
    if (plan->pays_in != AT_NO_NODE)
        CHECK(holds(&view, plan->pays_in, AT_G_CELL, 0, AT_T_TEXT),
              "the currency of pay is not a text of a cell");
    if (plan->total != AT_NO_NODE)
        CHECK(holds(&view, plan->total, AT_G_CELL, 0, AT_T_MONEY), "the total is not the money of a cell");
    return NULL;
}

#ifdef AT_TORTURE
#include <stdio.h>
#include <stdlib.h>

void at_plan_must_hold(const struct at_plan *plan) {
    const char *broken = at_plan_verify(plan);
    if (!broken) return;
    fprintf(stderr, "broken invariant of a plan: %s\n", broken);
    abort();
}
#endif
