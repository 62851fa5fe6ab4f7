/* answer/facts.c: what both sides have: rows that are credited, measures on which pay depends, and fields of
 * the payees. Facts that are equal are kept where they are numbers, because a reader asks for them.
 */
#include "answer/against_int.h"
#include "base/vec.h"
#include "game/game.h"
#include "kernel/column.h"

#define MOST_FACTS 40

struct facts {
    const struct at_answer_exchange *x;
    AT_VEC(struct at_answer_fact) list;
};

static uint32_t period_of(const struct at_answer_exchange *x, int side) {
    return (uint32_t)(x->pair->of[side].period - x->run->first_position);
}

static bool same_operand(const at_words_operand *a, const at_words_operand *b) {
    if (a->kind != b->kind) return false;
    switch ((enum at_words_operand_kind)a->kind) {
    case AT_OPERAND_TEXT:
    case AT_OPERAND_CODE:
    case AT_OPERAND_NUMBER:
    case AT_OPERAND_QUOTED: return at_str_eq(a->text, b->text);
    case AT_OPERAND_COUNT: return a->count == b->count;
    case AT_OPERAND_DATE: return a->date == b->date;
    case AT_OPERAND_WORD: return a->word == b->word;
    case AT_OPERAND_NONE: return true;
    case AT_OPERAND_PERIOD:
    case AT_OPERAND_SENTENCE: break;
    }
    return false;
}

static void add(struct facts *f, enum at_answer_player player, at_str name, at_words_operand here,
                at_words_operand there) {
    if (f->list.n < MOST_FACTS)
        AT_VEC_PUSH(f->x->arena, &f->list,
                    (struct at_answer_fact){.player = (uint8_t)player, .name = name, .value = {here, there}});
}

/* ---- rows */

struct counting {
    const struct at_answer_exchange *x;
    uint8_t **seen; /* by table and row: a bit for each side */
    int side;
};

static bool is_managed(const struct at_plan_feed *feed) {
    for (uint32_t k = 0; k < feed->n_to; k++)
        if (feed->to[k].managers) return true;
    return false;
}

static bool on_item(void *context, const struct at_gather_item *item) {
    struct counting *c = context;
    uint32_t table = c->x->plan->feeds[item->feed].table;
    int64_t row = at_game_row_at(&c->x->data->tables[table], item->line);
    if (row >= 0 && c->seen[table]) c->seen[table][row] |= (uint8_t)(1 << c->side);
    return true;
}

/* Rows of deals that are credited to the payee, directly or, if `managed`, as a manager. */
static enum at_status count_rows(struct facts *f, bool managed) {
    const struct at_answer_exchange *x = f->x;
    struct counting c = {.x = x, .seen = AT_NEW_ARRAY(x->arena, uint8_t *, x->data->n_tables + 1)};
    struct at_plan_wanted *wanted = AT_NEW_ARRAY(x->arena, struct at_plan_wanted, x->plan->n_feeds + 1);
    uint32_t n = 0;
    uint64_t count[2] = {0};
    for (uint32_t i = 0; i < x->plan->n_feeds; i++) {
        uint32_t table = x->plan->feeds[i].table;
        if (x->kinds[table] != AT_ANSWER_OF_DEALS || is_managed(&x->plan->feeds[i]) != managed) continue;
        wanted[n++] = (struct at_plan_wanted){.feed = i};
        if (!c.seen[table])
            c.seen[table] = AT_NEW_ARRAY(x->arena, uint8_t, x->data->tables[table].n_rows + 1);
    }
    for (c.side = 0; n && c.side < 2; c.side++) {
        enum at_status status = at_session_run_items(x->run, wanted, n, x->pair->of[c.side].payee,
                                                     period_of(x, c.side), on_item, &c);
        if (status != AT_OK) return status;
    }
    for (uint32_t t = 0; t < x->data->n_tables; t++)
        for (uint32_t row = 0; c.seen[t] && row < x->data->tables[t].n_rows; row++)
            for (int side = 0; side < 2; side++)
                count[side] += c.seen[t][row] >> side & 1;
    if (n && (count[0] || count[1]))
        add(f, managed ? AT_ANSWER_TREE : AT_ANSWER_DEALS, (at_str){"", 0}, at_words_count(count[0]),
            at_words_count(count[1]));
    return AT_OK;
}

/* ---- measures */

static enum at_answer_player player_of_measure(const struct at_answer_exchange *x,
                                               const struct at_check_measure_decl *decl) {
    if (!decl->aggregate) return AT_ANSWER_PLAYERS;
    const struct at_plan_feed *feed = &x->plan->feeds[decl->feed];
    if (is_managed(feed)) return AT_ANSWER_TREE;
    return x->kinds[feed->table] == AT_ANSWER_OF_DEALS ? AT_ANSWER_DEALS : AT_ANSWER_QUOTA;
}

static at_words_operand value_at(const struct at_answer_exchange *x, uint32_t node, int side, bool *known) {
    uint32_t state;
    bool shortened;
    uint32_t cell = period_of(x, side) * x->run->n_payees + x->pair->of[side].payee;
    struct at_plan_value value = at_session_run_value(x->run, node, cell, x->arena, &state);
    *known = state == AT_STATE_OK;
    if (!*known) return at_words_fixed(AT_W_NONE);
    return at_session_value_shown(x->run, &value, value.type.unit == AT_UNIT_PERCENT, x->arena, &shortened);
}

static void add_measures(struct facts *f, enum at_answer_player player) {
    const struct at_answer_exchange *x = f->x;
    for (uint32_t m = 0; m < x->plan->n_measures; m++) {
        const struct at_check_measure_decl *decl = &x->plan->checked->measures[m];
        uint32_t node = x->plan->measures[m].cell;
        bool known[2];
        if (node == AT_NO_NODE || !x->plan->nodes[node].needed || x->plan->nodes[node].grain != AT_G_CELL ||
            player_of_measure(x, decl) != player)
            continue;
        at_words_operand here = value_at(x, node, 0, &known[0]), there = value_at(x, node, 1, &known[1]);
        if (known[0] || known[1]) add(f, player, decl->symbol->name, here, there);
    }
}

/* ---- fields of the payee table: of two payees */

static enum at_answer_player player_of_field(const struct at_answer_exchange *x, uint32_t field) {
    const at_type *type = &x->data->tables[x->payee_table].schema->fields[field].type;
    if (x->grouping[field] || (type->kind == AT_T_REF && type->table == x->payee_table))
        return AT_ANSWER_TREE;
    return at_answer_is_quota(x, field) ? AT_ANSWER_QUOTA : AT_ANSWER_RATES;
}

static at_words_operand field_at(const struct at_answer_exchange *x, uint32_t field, int side) {
    const struct at_table *table = &x->data->tables[x->payee_table];
    const struct at_col *col = &table->cols[field];
    const at_type *type = &table->schema->fields[field].type;
    uint32_t row = x->payee[side];
    bool shortened;
    if (row >= col->n || at_col_state(col, row) != AT_STATE_OK) return at_words_fixed(AT_W_NONE);
    if (type->kind == AT_T_TEXT || type->kind == AT_T_REF || type->kind == AT_T_ENUM)
        return at_words_text(at_session_table_text(x->data, x->payee_table, field, row, x->arena));
    struct at_plan_value value = at_kernel_col_value(col, row, type);
    return at_session_value_shown(x->run, &value, type->unit == AT_UNIT_PERCENT, x->arena, &shortened);
}

static void add_fields(struct facts *f, enum at_answer_player player) {
    const struct at_answer_exchange *x = f->x;
    const struct at_schema *schema = x->data->tables[x->payee_table].schema;
    for (uint32_t k = 0; !x->pair->periods && k < schema->n_fields; k++) {
        if ((int)k == schema->key || (int)k == schema->label || !schema->fields[k].used ||
            x->data->tables[x->payee_table].cols[k].n == 0 || player_of_field(x, k) != player)
            continue;
        at_words_operand here = field_at(x, k, 0), there = field_at(x, k, 1);
        if (player == AT_ANSWER_QUOTA || !same_operand(&here, &there))
            add(f, player, schema->fields[k].name, here, there);
    }
}

enum at_status at_answer_facts_find(const struct at_answer_exchange *x, struct at_answer_against *out) {
    struct facts f = {.x = x};
    for (int player = 0; player <= AT_ANSWER_PLAYERS; player++) {
        enum at_status status = AT_OK;
        if (player == AT_ANSWER_DEALS || player == AT_ANSWER_TREE)
            status = count_rows(&f, player == AT_ANSWER_TREE);
        if (status != AT_OK) return status;
        add_measures(&f, (enum at_answer_player)player);
        if (player < AT_ANSWER_ADJUSTMENTS) add_fields(&f, (enum at_answer_player)player);
    }
    out->facts = f.list.at;
    out->n_facts = (uint32_t)f.list.n;
    return AT_OK;
}
