/* answer/players.c: which tables, fields, and rows belong to which player. Only the policy decides about
 * tables and fields. Of two periods, a row is the payee's if it refers to the payee, if such a row refers to
 * it, or if it refers to one of these.
 */
#include "answer/against_int.h"

static const struct at_schema *schema_of(const struct at_answer_exchange *x, uint32_t table) {
    return x->data->tables[table].schema;
}

static bool is_reference(const struct at_schema *schema, uint32_t field) {
    return schema->fields[field].type.kind == AT_T_REF && schema->fields[field].type.table != AT_TABLE_CELL;
}

bool at_answer_names_payees(const struct at_answer_exchange *x, uint32_t table, int besides) {
    const struct at_schema *schema = schema_of(x, table);
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if ((int)f != besides && is_reference(schema, f) && schema->fields[f].type.table == x->payee_table)
            return true;
    return false;
}

/* ---- tables */

static void find_fed(struct at_answer_exchange *x) {
    for (uint32_t f = 0; f < x->plan->n_feeds; f++) {
        const struct at_plan_feed *feed = &x->plan->feeds[f];
        bool deals = (feed->decl && feed->decl->name.n) || feed->earns == AT_EVENT_DATED || feed->stock;
        if (feed->table == x->payee_table || x->kinds[feed->table] == AT_ANSWER_OF_DEALS) continue;
        x->kinds[feed->table] = deals ? AT_ANSWER_OF_DEALS : AT_ANSWER_OF_QUOTAS;
    }
}

/* A share refers to its deal, and a deal to its account. */
static bool connect(struct at_answer_exchange *x, uint32_t table, uint32_t field) {
    uint32_t to = schema_of(x, table)->fields[field].type.table;
    if (table == x->payee_table || to == x->payee_table || schema_of(x, table)->dated) return false;
    uint8_t *from_kind = &x->kinds[table], *to_kind = &x->kinds[to];
    bool from_deals = *from_kind == AT_ANSWER_OF_DEALS, to_deals = *to_kind == AT_ANSWER_OF_DEALS;
    if (from_deals == to_deals) return false;
    if (from_deals && *to_kind == AT_ANSWER_OF_NONE && at_answer_names_payees(x, to, -1))
        *to_kind = AT_ANSWER_OF_DEALS;
    else if (to_deals && *from_kind == AT_ANSWER_OF_NONE)
        *from_kind = AT_ANSWER_OF_DEALS;
    else
        return false;
    return true;
}

static void find_connected(struct at_answer_exchange *x) {
    bool more = true;
    while (more) {
        more = false;
        for (uint32_t t = 0; t < x->data->n_tables; t++)
            for (uint32_t f = 0; f < schema_of(x, t)->n_fields; f++)
                if (is_reference(schema_of(x, t), f)) more |= connect(x, t, f);
    }
}

/* ---- fields of the payee table */

static void find_groupings(struct at_answer_exchange *x) {
    uint32_t n = schema_of(x, x->payee_table)->n_fields;
    x->grouping = AT_NEW_ARRAY(x->arena, bool, n + 1);
    for (uint32_t g = 0; g < x->plan->n_groups; g++) {
        int32_t field = x->plan->groups[g].field;
        if (field >= 0 && (uint32_t)field < n) x->grouping[field] = true;
    }
    for (uint32_t f = 0; f < x->plan->n_feeds; f++)
        for (uint32_t k = 0; k < x->plan->feeds[f].n_to; k++) {
            int32_t by = x->plan->feeds[f].to[k].by; /* of checked: a field; of the plan: a group */
            if (by >= 0 && x->plan->groups[by].field >= 0 && (uint32_t)x->plan->groups[by].field < n)
                x->grouping[x->plan->groups[by].field] = true;
        }
}

bool at_answer_is_quota(const struct at_answer_exchange *x, uint32_t field) {
    const struct at_schema *schema = schema_of(x, x->payee_table);
    const at_type *type = &schema->fields[field].type;
    if (x->grouping[field] || (int)field == schema->key || (int)field == schema->label) return false;
    return type->kind == AT_T_MONEY || type->kind == AT_T_DATE || type->kind == AT_T_DURATION ||
           (type->kind == AT_T_NUMBER && type->unit != AT_UNIT_PERCENT);
}

/* ---- rows of the payee */

enum { DIRECT = 1, OWN = 2 };

static bool has_days(const struct at_schema *schema) {
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (schema->fields[f].type.kind == AT_T_DATE || schema->fields[f].type.kind == AT_T_PERIOD)
            return true;
    return false;
}

static int64_t target_of(const struct at_answer_exchange *x, uint32_t table, uint32_t field, uint32_t row) {
    const struct at_col *col = &x->data->tables[table].cols[field];
    return row < col->n && at_col_state(col, row) == AT_STATE_OK ? col->row[row] : -1;
}

static void mark_direct(struct at_answer_exchange *x, uint32_t t, uint32_t f) {
    for (uint32_t row = 0; row < x->data->tables[t].n_rows; row++)
        if (target_of(x, t, f, row) == (int64_t)x->payee[0]) x->own[t][row] = DIRECT | OWN;
}

/* The deal of the payee's share. */
static void mark_referred(struct at_answer_exchange *x, uint32_t t, uint32_t f) {
    uint32_t to = schema_of(x, t)->fields[f].type.table;
    for (uint32_t row = 0; row < x->data->tables[t].n_rows; row++) {
        int64_t target = x->own[t][row] & DIRECT ? target_of(x, t, f, row) : -1;
        if (target >= 0) x->own[to][target] |= OWN;
    }
}

/* The refund of the payee's deal. */
static bool mark_referring(struct at_answer_exchange *x, uint32_t t, uint32_t f) {
    uint32_t to = schema_of(x, t)->fields[f].type.table;
    bool more = false;
    for (uint32_t row = 0; row < x->data->tables[t].n_rows; row++) {
        int64_t target = x->own[t][row] ? -1 : target_of(x, t, f, row);
        if (target < 0 || !x->own[to][target]) continue;
        x->own[t][row] = OWN;
        more = true;
    }
    return more;
}

/* Calls back for each reference between tables of deals and quotas, or, with `payees`, to the payee table. */
static bool each_reference(struct at_answer_exchange *x, bool payees, bool dated,
                           bool (*mark)(struct at_answer_exchange *x, uint32_t table, uint32_t field)) {
    bool more = false;
    for (uint32_t t = 0; t < x->data->n_tables; t++)
        for (uint32_t f = 0; x->own[t] && f < schema_of(x, t)->n_fields; f++) {
            if (!is_reference(schema_of(x, t), f)) continue;
            uint32_t to = schema_of(x, t)->fields[f].type.table;
            if (payees ? to != x->payee_table : !x->own[to] || (dated && !has_days(schema_of(x, to))))
                continue;
            more |= mark(x, t, f);
        }
    return more;
}

static bool direct(struct at_answer_exchange *x, uint32_t table, uint32_t field) {
    mark_direct(x, table, field);
    return false;
}

static bool referred(struct at_answer_exchange *x, uint32_t table, uint32_t field) {
    mark_referred(x, table, field);
    return false;
}

static void find_own(struct at_answer_exchange *x) {
    x->own = AT_NEW_ARRAY(x->arena, uint8_t *, x->data->n_tables + 1);
    for (uint32_t t = 0; t < x->data->n_tables; t++)
        if (x->kinds[t] == AT_ANSWER_OF_DEALS || x->kinds[t] == AT_ANSWER_OF_QUOTAS)
            x->own[t] = AT_NEW_ARRAY(x->arena, uint8_t, x->data->tables[t].n_rows + 1);
    each_reference(x, true, false, direct);
    each_reference(x, false, true, referred);
    while (each_reference(x, false, false, mark_referring)) {
    }
}

enum at_answer_player at_answer_player_of(const struct at_answer_exchange *x, uint32_t table, uint32_t row) {
    bool quota = x->kinds[table] == AT_ANSWER_OF_QUOTAS;
    if (quota && !at_answer_names_payees(x, table, -1)) return AT_ANSWER_QUOTA;
    if (!x->own[table][row]) return AT_ANSWER_TREE;
    return quota ? AT_ANSWER_QUOTA : AT_ANSWER_DEALS;
}

void at_answer_players_find(struct at_answer_exchange *x) {
    x->kinds = AT_NEW_ARRAY(x->arena, uint8_t, x->data->n_tables + 1);
    find_fed(x);
    find_connected(x);
    for (uint32_t t = 0; t < x->data->n_tables; t++) {
        if (t == x->payee_table)
            x->kinds[t] = AT_ANSWER_OF_PAYEES;
        else if (schema_of(x, t)->dated && at_answer_names_payees(x, t, -1))
            x->kinds[t] = AT_ANSWER_OF_HISTORY;
        else if (x->kinds[t] == AT_ANSWER_OF_NONE && at_answer_names_payees(x, t, -1))
            x->kinds[t] = AT_ANSWER_OF_QUOTAS;
        if (!x->data->tables[t].resident) x->kinds[t] = AT_ANSWER_OF_NONE;
    }
    find_groupings(x);
    if (x->pair->periods) find_own(x);
}
