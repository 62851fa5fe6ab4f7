/* depend/reach.c: what a node of the plan is made of, and what is reached from a component. */
#include "depend/depend.h"

static void node(const struct at_depend_visitor *v, uint32_t id) {
    if (id != AT_NO_NODE) v->node(v->context, id);
}

/* A field of the payee table may have its values in a table of rows by day, which are found by their days. */
static void payee_field(const struct at_plan *plan, int32_t index, const struct at_depend_visitor *v) {
    uint32_t payees = (uint32_t)plan->checked->payee_table;
    const struct at_schema *schema = &plan->checked->schemas[payees];
    if (index < 0) return;
    if ((uint32_t)index < schema->n_fields) {
        v->field(v->context, payees, (uint32_t)index);
        return;
    }
    const struct at_schema_field *dated = &schema->fields[index];
    v->field(v->context, dated->dated_table, dated->dated_field);
}

/* By which rows of a history are found. */
static void dated_row(const struct at_plan *plan, uint32_t table, const struct at_depend_visitor *v) {
    const struct at_schema *schema = &plan->checked->schemas[table];
    const int fields[] = {schema->dated_key, schema->since, schema->until};
    for (size_t i = 0; schema->dated && i < AT_COUNT(fields); i++)
        if (fields[i] >= 0) v->field(v->context, table, (uint32_t)fields[i]);
}

/* A field of payees, and of a history also the days of its rows. */
static void field_by_day(const struct at_plan *plan, int32_t field, const struct at_depend_visitor *v) {
    const struct at_schema *schema = &plan->checked->schemas[plan->checked->payee_table];
    payee_field(plan, field, v);
    if ((uint32_t)field >= schema->n_fields) dated_row(plan, schema->fields[field].dated_table, v);
}

static void group(const struct at_plan *plan, uint32_t index, const struct at_depend_visitor *v) {
    if (index >= plan->n_groups || plan->groups[index].field < 0) return;
    field_by_day(plan, plan->groups[index].field, v);
}

/* Which rows are items, whose they are, and when. */
static void feed(const struct at_plan *plan, uint32_t index, const struct at_depend_visitor *v) {
    const struct at_plan_feed *of = &plan->feeds[index];
    const uint32_t roots[] = {of->where, of->on, of->event, of->day, of->known, of->until};
    for (size_t i = 0; i < AT_COUNT(roots); i++)
        node(v, roots[i]);
    for (uint32_t i = 0; i < of->n_to; i++) {
        node(v, of->to[i].payee);
        node(v, of->to[i].share);
        if (of->to[i].by >= 0) group(plan, (uint32_t)of->to[i].by, v);
        if (of->to[i].managers) field_by_day(plan, plan->checked->manager_field, v);
    }
}

static void coverage(const struct at_plan *plan, const struct at_depend_visitor *v) {
    node(v, plan->applies);
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        node(v, plan->covers[i].from);
        node(v, plan->covers[i].to);
        node(v, plan->covers[i].payee);
    }
}

/* What decides ties, and how cents are divided. */
static void key_of_payees(const struct at_plan *plan, const struct at_depend_visitor *v) {
    payee_field(plan, plan->checked->schemas[plan->checked->payee_table].key, v);
}

/* A reference leads to the row that has its text as key. */
static void reference(const struct at_plan *plan, const struct at_plan_node *n,
                      const struct at_depend_visitor *v) {
    const struct at_schema_field *field = &plan->checked->schemas[n->place].fields[n->a];
    if (field->type.kind == AT_T_REF && field->ref_field >= 0)
        v->field(v->context, field->type.table, (uint32_t)field->ref_field);
}

/* Operations that read more than their inputs. */
static void hidden(const struct at_plan *plan, const struct at_plan_node *n,
                   const struct at_depend_visitor *v) {
    switch ((enum at_plan_op)n->op) {
    case AT_P_LOAD:
        v->field(v->context, n->place, (uint32_t)n->a);
        reference(plan, n, v);
        break;
    case AT_P_CARRY:
    case AT_P_RUNCARRY: node(v, plan->carries[n->a].source); break;
    case AT_P_LINEOF:
    case AT_P_LEDGER: feed(plan, (uint32_t)n->a, v); break;
    case AT_P_NAMED: key_of_payees(plan, v); break;
    case AT_P_DIVIDE:
    case AT_P_DIVIDEOF: key_of_payees(plan, v); break;
    case AT_P_ALLOT:
        key_of_payees(plan, v);
        if (n->a > 0) group(plan, (uint32_t)n->a - 1, v);
        group(plan, plan->nodes[n->in[0]].place, v);
        coverage(plan, v);
        break;
    case AT_P_RANK:
        if (n->b & AT_RANK_APART) key_of_payees(plan, v);
        group(plan, (uint32_t)n->a, v);
        coverage(plan, v);
        break;
    case AT_P_PRIZE:
        key_of_payees(plan, v);
        group(plan, (uint32_t)n->a, v);
        coverage(plan, v);
        break;
    case AT_P_FROMGROUP: group(plan, plan->nodes[n->in[0]].place, v); break;
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST:
        if (n->a > 0) group(plan, (uint32_t)n->a - 1, v);
        coverage(plan, v);
        break;
    case AT_P_FROMSTAY:
        group(plan, plan->nodes[n->in[0]].place, v);
        coverage(plan, v);
        break;
    case AT_P_STAYDAYS:
    case AT_P_STAYLAST:
    case AT_P_TOSTAY:
    case AT_P_RUNSUM:
    case AT_P_RUNCOUNT:
    case AT_P_COVERDAYS:
    case AT_P_COVERLAST:
    case AT_P_COVERED: coverage(plan, v); break;
    case AT_P_DATEDROW: dated_row(plan, n->type.table, v); break;
    case AT_P_DATEDMEAN:
        v->field(v->context, (uint32_t)n->a, (uint32_t)n->b);
        dated_row(plan, (uint32_t)n->a, v);
        break;
    default: break;
    }
}

void at_depend_visit(const struct at_plan *plan, uint32_t id, const struct at_depend_visitor *v) {
    const struct at_plan_node *n = &plan->nodes[id];
    for (uint16_t i = 0; i < n->n_in; i++)
        node(v, n->in[i]);
    if (at_plan_is_aggregate((enum at_plan_op)n->op)) feed(plan, (uint32_t)n->a, v);
    if (n->grain == AT_G_CREDIT) feed(plan, n->place, v);
    if (n->grain == AT_G_GROUP) group(plan, n->place, v);
    hidden(plan, n, v);
}

void at_depend_visit_component(const struct at_plan *plan, uint32_t component,
                               const struct at_depend_visitor *v) {
    const struct at_plan_component *c = &plan->components[component];
    const uint32_t roots[] = {c->value,  c->due,    c->lines, c->lines_when,
                              c->amount, c->parted, c->local, c->ledger};
    for (size_t i = 0; i < AT_COUNT(roots); i++)
        node(v, roots[i]);
    if (c->local != AT_NO_NODE) node(v, plan->pays_in);
    /* Lines carry the keys of their rows, and all pay that of the payee. */
    if (c->lines != AT_NO_NODE && plan->nodes[c->lines].grain == AT_G_CREDIT)
        node(v, plan->feeds[plan->nodes[c->lines].place].key);
    key_of_payees(plan, v);
}

void at_depend_visit_everywhere(const struct at_plan *plan, const struct at_depend_visitor *v) {
    coverage(plan, v);
    key_of_payees(plan, v);
    for (uint32_t i = 0; i < plan->n_feeds; i++)
        if (plan->feeds[i].earns != AT_EVENT_NONE) feed(plan, i, v);
}

uint32_t at_depend_field_number(const struct at_plan *plan, uint32_t table, uint32_t field) {
    uint32_t number = field;
    for (uint32_t t = 0; t < table; t++)
        number += plan->checked->schemas[t].n_fields;
    return number;
}

/* ---- the search: breadth first, so that paths are shortest */

struct search {
    struct at_depend_reach *reach;
    uint32_t at, n; /* the node that is visited; the end of the queue */
    const uint32_t *first;
};

static void meet_node(void *context, uint32_t id) {
    struct search *s = context;
    if (s->reach->node[id]) return;
    s->reach->node[id] = true;
    s->reach->from[id] = s->at;
    s->reach->queue[s->n++] = id;
}

static void meet_field(void *context, uint32_t table, uint32_t field) {
    struct search *s = context;
    uint32_t number = s->first[table] + field;
    if (s->reach->field[number]) return;
    s->reach->field[number] = true;
    s->reach->field_from[number] = s->at;
}

void at_depend_reach_make(const struct at_plan *plan, uint32_t component,
                          const struct at_check_symbol *const *named, struct at_arena *arena,
                          struct at_depend_reach *out) {
    const struct at_check_policy *checked = plan->checked;
    uint32_t *first = AT_NEW_ARRAY(arena, uint32_t, checked->n_schemas + 1);
    for (uint32_t t = 0; t < checked->n_schemas; t++)
        first[t + 1] = first[t] + checked->schemas[t].n_fields;
    *out = (struct at_depend_reach){.plan = plan, .n_fields = first[checked->n_schemas], .named = named};
    out->node = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    out->from = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 1);
    out->queue = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 1);
    out->field = AT_NEW_ARRAY(arena, bool, out->n_fields + 1);
    out->field_from = AT_NEW_ARRAY(arena, uint32_t, out->n_fields + 1);
    struct search s = {.reach = out, .at = AT_NO_NODE, .first = first};
    const struct at_depend_visitor visitor = {meet_node, meet_field, &s};
    if (component == AT_NO_NODE)
        at_depend_visit_everywhere(plan, &visitor);
    else
        at_depend_visit_component(plan, component, &visitor);
    for (uint32_t i = 0; i < s.n; i++) {
        s.at = out->queue[i];
        at_depend_visit(plan, s.at, &visitor);
    }
}
