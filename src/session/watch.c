/* session/watch.c: from a plan, what to look for in data: the texts that its columns are compared with, and
 * the columns that it multiplies by. */
#include "session/run.h"

#include "base/fold.h"
#include "table/watch.h"

#define MOST_LOADS 32 /* of one value; a value of more columns is not watched */

/* The columns that a value comes from unchanged. */
struct origins {
    const struct at_plan *plan;
    const struct at_plan_node *loads[MOST_LOADS];
    unsigned n, steps;
};

/* Follows the inputs that the value of a node is taken from. A text that lower() or a table makes is not one
 * of the data. */
static void add_origins(struct origins *origins, uint32_t id) {
    const struct at_plan_node *node = &origins->plan->nodes[id];
    uint16_t from = 0, to = 1;
    if (origins->steps++ > 4 * MOST_LOADS || origins->n == MOST_LOADS) return;
    switch ((int)node->op) {
    case AT_P_LOAD: origins->loads[origins->n++] = node; return;
    case AT_P_TEXTFN:
        if (node->a != AT_B_TRIM) return; /* cells have no blanks at their ends */
        break;
    case AT_P_IF: from = 1, to = 3; break;
    case AT_P_IFMISSING: to = 2; break;
    case AT_P_FOLLOW:
    case AT_P_TAKE:
    case AT_P_FROMCELL:
    case AT_P_FROMGROUP:
    case AT_P_SPREAD:
    case AT_P_SUM: /* a rate that a measure takes from rows */
    case AT_P_LEAST:
    case AT_P_MOST:
    case AT_P_PRIOR: break;
    default: return;
    }
    for (uint16_t i = from; i < to && i < node->n_in; i++)
        add_origins(origins, node->in[i]);
}

/* A group has the values of a field of its members. */
static void add_group(struct origins *origins, const struct at_plan_node *node, struct at_plan_node *load) {
    if (node->op != AT_P_GROUPKEY || origins->plan->groups[node->place].field < 0) return;
    load->place = (uint16_t)origins->plan->checked->payee_table;
    load->a = origins->plan->groups[node->place].field;
    origins->loads[origins->n++] = load;
}

static void watch_text(const struct at_plan *plan, struct at_table_dataset *data, uint32_t id,
                       const struct at_plan_value *text) {
    struct origins origins = {.plan = plan};
    struct at_plan_node load = {0};
    if (text->missing || text->type.kind != AT_T_TEXT) return;
    add_origins(&origins, id);
    add_group(&origins, &plan->nodes[id], &load);
    for (unsigned i = 0; i < origins.n; i++) {
        const struct at_plan_node *from = origins.loads[i];
        const struct at_schema *schema = data->tables[from->place].schema;
        if (schema->fields[from->a].type.kind == AT_T_TEXT)
            at_table_watch_text(data, from->place, (uint32_t)from->a, at_plan_value_text(text));
    }
}

static bool is_text(const struct at_table_dataset *data, const struct at_plan_node *load) {
    return data->tables[load->place].schema->fields[load->a].type.kind == AT_T_TEXT;
}

/* Whichever of the two tables is loaded first has the texts that are looked for in the other. */
static void watch_columns(const struct at_plan *plan, struct at_table_dataset *data,
                          const struct at_plan_node *node) {
    struct origins left = {.plan = plan}, right = {.plan = plan};
    add_origins(&left, node->in[0]);
    add_origins(&right, node->in[1]);
    for (unsigned i = 0; i < left.n; i++)
        for (unsigned k = 0; k < right.n; k++) {
            const struct at_plan_node *a = left.loads[i], *b = right.loads[k];
            if (a->place == b->place || !is_text(data, a) || !is_text(data, b)) continue;
            at_table_watch_column(data, a->place, (uint32_t)a->a, b->place, (uint32_t)b->a);
            at_table_watch_column(data, b->place, (uint32_t)b->a, a->place, (uint32_t)a->a);
        }
}

static void watch_equal(const struct at_plan *plan, struct at_table_dataset *data,
                        const struct at_plan_node *node) {
    for (unsigned side = 0; side < 2; side++) {
        const struct at_plan_node *other = &plan->nodes[node->in[1 - side]];
        if (other->op == AT_P_CONST) watch_text(plan, data, node->in[side], other->data);
    }
    watch_columns(plan, data, node);
}

static void watch_keys(const struct at_plan *plan, struct at_table_dataset *data, uint32_t id,
                       const struct at_plan_key *keys, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (keys[i].kind == AT_KEY_VALUE) watch_text(plan, data, id, &keys[i].value);
}

static void watch_lookup(const struct at_plan *plan, struct at_table_dataset *data,
                         const struct at_plan_node *node) {
    const struct at_plan_lookup *lookup = node->data;
    if (node->n_in > 0) watch_keys(plan, data, node->in[0], lookup->rows, lookup->n_rows);
    if (node->n_in > 1) watch_keys(plan, data, node->in[1], lookup->columns, lookup->n_columns);
}

static void watch_set(const struct at_plan *plan, struct at_table_dataset *data,
                      const struct at_plan_node *node) {
    const struct at_plan_set *set = node->data;
    for (uint32_t i = 0; i < set->n; i++)
        watch_text(plan, data, node->in[0], &set->values[i]);
}

static void watch_part(const struct at_plan *plan, struct at_table_dataset *data,
                       const struct at_plan_node *node) {
    const struct at_plan_node *part = node->n_in > 1 ? &plan->nodes[node->in[1]] : NULL;
    const struct at_plan_value *text = part && part->op == AT_P_CONST ? part->data : NULL;
    struct origins origins = {.plan = plan};
    if (!text || text->missing || text->type.kind != AT_T_TEXT) return;
    enum at_table_watch_where where = node->a == AT_B_STARTS ? AT_WATCH_START
                                      : node->a == AT_B_ENDS ? AT_WATCH_END
                                                             : AT_WATCH_INSIDE;
    add_origins(&origins, node->in[0]);
    for (unsigned i = 0; i < origins.n; i++) {
        const struct at_plan_node *from = origins.loads[i];
        if (data->tables[from->place].schema->fields[from->a].type.kind == AT_T_TEXT)
            at_table_watch_part(data, from->place, (uint32_t)from->a, at_plan_value_text(text), where);
    }
}

static void watch_rate(const struct at_plan *plan, struct at_table_dataset *data, uint32_t id) {
    struct origins origins = {.plan = plan};
    add_origins(&origins, id);
    for (unsigned i = 0; i < origins.n; i++)
        if (data->tables[origins.loads[i]->place].schema->fields[origins.loads[i]->a].type.kind ==
            AT_T_NUMBER)
            at_table_watch_rate(data, origins.loads[i]->place, (uint32_t)origins.loads[i]->a);
}

static bool has_word(at_str name, const char *word) {
    uint32_t n = (uint32_t)strlen(word);
    bool letters = (unsigned char)word[0] < 0x80; /* Chinese does not divide words */
    for (uint32_t at = 0; at + n <= name.n; at++) {
        bool starts = at == 0 || name.p[at - 1] == '_', ends = at + n == name.n || name.p[at + n] == '_';
        if (memcmp(name.p + at, word, n) == 0 && (!letters || (starts && ends))) return true;
    }
    return false;
}

/* Names that people give to rates. Exchange rates and the like are numbers of any size. */
static bool is_named_rate(at_str name, struct at_arena *scratch) {
    static const char *const rates[] = {"rate",       "pct",    "percent", "percentage", "discount",
                                        "commission", "margin", "share",   "比例",       "率"};
    static const char *const others[] = {"fx",     "exchange", "currency", "hour",
                                         "hourly", "day",      "daily",    "汇"};
    at_str folded = at_text_fold(scratch, name);
    for (unsigned i = 0; i < AT_COUNT(others); i++)
        if (has_word(folded, others[i])) return false;
    for (unsigned i = 0; i < AT_COUNT(rates); i++)
        if (has_word(folded, rates[i])) return true;
    return false;
}

/* The only column of numbers that a value comes from; NULL: none. */
static const struct at_plan_node *number_of(const struct at_plan *plan, struct at_table_dataset *data,
                                            uint32_t id) {
    struct origins origins = {.plan = plan};
    add_origins(&origins, id);
    const struct at_plan_node *load = origins.n == 1 ? origins.loads[0] : NULL;
    if (!load) return NULL;
    at_type type = data->tables[load->place].schema->fields[load->a].type;
    return type.kind == AT_T_NUMBER && type.unit == AT_UNIT_NONE ? load : NULL;
}

/* `RATE of X`. Another product is one only if its name is that of a rate: quantity * price multiplies, too.
 */
static void watch_product(const struct at_plan *plan, struct at_table_dataset *data,
                          const struct at_plan_node *node) {
    bool of = node->ast && node->ast->kind == AT_N_OF;
    for (unsigned side = 0; side < 2; side++) {
        uint32_t id = node->in[side];
        if (plan->nodes[id].type.kind != AT_T_NUMBER ||
            plan->nodes[node->in[1 - side]].type.kind != AT_T_MONEY)
            continue;
        const struct at_plan_node *load = of ? NULL : number_of(plan, data, id);
        at_str name = load ? data->tables[load->place].schema->fields[load->a].name : (at_str){0};
        if (of || is_named_rate(name, data->arena)) watch_rate(plan, data, id);
    }
}

static bool is_constant(const struct at_plan *plan, uint32_t id, at_num *out) {
    const struct at_plan_node *node = &plan->nodes[id];
    const struct at_plan_value *value = node->op == AT_P_CONST ? node->data : NULL;
    if (!value || value->missing || value->type.kind != AT_T_NUMBER) return false;
    *out = at_plan_value_num(value);
    return true;
}

/* `1 - discount` */
static void watch_rest(const struct at_plan *plan, struct at_table_dataset *data,
                       const struct at_plan_node *node) {
    at_num whole;
    if (is_constant(plan, node->in[0], &whole) && at_num_cmp(data->arena, whole, at_num_int(1)) == 0)
        watch_rate(plan, data, node->in[1]);
}

/* `discount > 20%`. Attainments of several hundred percent exist, so 1.2 and 3 are accepted. */
static void watch_compared(const struct at_plan *plan, struct at_table_dataset *data,
                           const struct at_plan_node *node) {
    struct at_arena *scratch = data->arena;
    for (unsigned side = 0; side < 2; side++) {
        at_num percent;
        if (!is_constant(plan, node->in[side], &percent)) continue;
        if (plan->nodes[node->in[side]].type.unit != AT_UNIT_PERCENT) continue;
        const struct at_plan_node *load = number_of(plan, data, node->in[1 - side]);
        if (!load || at_num_sign(percent) <= 0) continue;
        at_num most = at_num_mul(scratch, percent, at_num_int(50));
        if (at_num_cmp(scratch, most, at_num_int(1)) < 0) most = at_num_int(1);
        if (at_num_cmp(scratch, most, at_num_int(5)) > 0) most = at_num_int(5);
        at_table_watch_compared(data, load->place, (uint32_t)load->a, most);
    }
}

/* `otherwise "house"`: the key of a payee. */
static void watch_payee(const struct at_plan *plan, struct at_table_dataset *data,
                        const struct at_plan_node *node) {
    int32_t table = plan->checked->payee_table;
    int32_t key = table < 0 ? -1 : data->tables[table].schema->key;
    if (key < 0 || data->tables[table].schema->fields[key].type.kind != AT_T_TEXT) return;
    at_table_watch_text(data, (uint32_t)table, (uint32_t)key, at_plan_value_text(node->data));
}

void at_session_watch(const struct at_plan *plan, struct at_table_dataset *data) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        switch ((int)node->op) {
        case AT_P_EQ:
        case AT_P_NE:
            watch_equal(plan, data, node);
            watch_compared(plan, data, node);
            break;
        case AT_P_LT:
        case AT_P_LE: watch_compared(plan, data, node); break;
        case AT_P_SUB: watch_rest(plan, data, node); break;
        case AT_P_IN: watch_set(plan, data, node); break;
        case AT_P_NAMED: watch_payee(plan, data, node); break;
        case AT_P_LOOKUP: watch_lookup(plan, data, node); break;
        case AT_P_TEXTFN: watch_part(plan, data, node); break;
        case AT_P_MUL: watch_product(plan, data, node); break;
        default: break;
        }
    }
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        for (uint32_t i = 0; i < plan->feeds[f].n_to; i++)
            if (plan->feeds[f].to[i].share != AT_NO_NODE) watch_rate(plan, data, plan->feeds[f].to[i].share);
}
