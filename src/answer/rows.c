/* answer/rows.c: the rows that can matter for the payee: those that are credited to the payee in any period,
 * those that refer to the payee, the rows to which these refer, and the payee's own; then those of others in
 * the period, which could be the payee's.
 */
#include "answer/search_int.h"
#include "game/game.h"

struct finding {
    struct at_answer_search *s;
    uint8_t **seen; /* by table and row: 1 of the payee, 2 in the period, 4 of another one */
    bool others;
};

bool at_answer_matters(const struct at_answer_search *s, uint32_t table, uint32_t field) {
    uint32_t number = at_depend_field_number(s->plan, table, field);
    return s->reach.field[number] || s->everywhere.field[number];
}

bool at_answer_is_fed(const struct at_answer_search *s, uint32_t table) {
    for (uint32_t f = 0; f < s->plan->n_feeds; f++)
        if (s->plan->feeds[f].table == table && (int32_t)table != s->payee_table) return true;
    return false;
}

at_str at_answer_row_name(const struct at_answer_search *s, uint32_t table, uint32_t row) {
    const struct at_table *of = &s->run->data->tables[table];
    if (of->schema->key >= 0)
        return at_session_table_text(s->run->data, table, (uint32_t)of->schema->key, row, s->arena);
    return at_table_dataset_row_name(s->run->data, table, of->lines ? of->lines[row] : row + 1, s->arena);
}

static bool on_item(void *context, const struct at_gather_item *item) {
    struct finding *f = context;
    struct at_answer_search *s = f->s;
    uint32_t table = s->plan->feeds[item->feed].table;
    int64_t row = at_game_row_at(&s->run->data->tables[table], item->line);
    if (row < 0 || !f->seen[table]) return true;
    bool own = item->payee == s->question->target.payee;
    f->seen[table][row] |= own ? 1 : 4;
    if (own && item->period == s->period) f->seen[table][row] |= 2;
    return true;
}

static enum at_status find_items(struct finding *f, uint32_t payee, uint32_t period) {
    const struct at_plan *plan = f->s->plan;
    struct at_plan_wanted *wanted = AT_NEW_ARRAY(f->s->arena, struct at_plan_wanted, plan->n_feeds + 1);
    for (uint32_t i = 0; i < plan->n_feeds; i++)
        wanted[i] = (struct at_plan_wanted){.feed = i};
    if (plan->n_feeds == 0) return AT_OK;
    return at_session_run_items(f->s->run, wanted, plan->n_feeds, payee, period, on_item, f);
}

static bool refers(const struct at_table *table, uint32_t field, uint32_t row, uint32_t to, uint32_t of) {
    const at_type *type = &table->schema->fields[field].type;
    const struct at_col *col = &table->cols[field];
    return type->kind == AT_T_REF && type->table == to && row < col->n &&
           at_col_state(col, row) == AT_STATE_OK && col->row[row] == (int32_t)of;
}

/* Rows with a reference to the payee are the payee's, even if no one is credited with them. */
static void find_references(struct finding *f, uint32_t t) {
    struct at_answer_search *s = f->s;
    const struct at_table *table = &s->run->data->tables[t];
    for (uint32_t field = 0; field < table->schema->n_fields; field++) {
        const at_type *type = &table->schema->fields[field].type;
        if (type->kind != AT_T_REF || type->table != s->payee_table) continue;
        for (uint32_t row = 0; row < table->n_rows; row++)
            if (refers(table, field, row, (uint32_t)s->payee_table, s->question->target.payee))
                f->seen[t][row] |= 1;
    }
}

/* A row of a credit without a payee, or with rows that no rule accepts, could be the payee's. */
static void find_unowned(struct finding *f, uint32_t t) {
    const struct at_table *table = &f->s->run->data->tables[t];
    for (uint32_t row = 0; row < table->n_rows && table->n_rows <= AT_ANSWER_MOST_ROWS; row++)
        if (f->seen[t][row] == 0) f->seen[t][row] = 4;
}

/* The deal of a share, the account of a deal. */
static void find_referred(struct finding *f, uint32_t t, uint32_t row) {
    struct at_answer_search *s = f->s;
    const struct at_table *table = &s->run->data->tables[t];
    for (uint32_t field = 0; field < table->schema->n_fields; field++) {
        const at_type *type = &table->schema->fields[field].type;
        const struct at_col *col = &table->cols[field];
        if (type->kind != AT_T_REF || type->table == s->payee_table || type->table == AT_TABLE_CELL) continue;
        if (row >= col->n || at_col_state(col, row) != AT_STATE_OK || !f->seen[type->table]) continue;
        f->seen[type->table][col->row[row]] |= f->seen[t][row] & 3;
    }
}

static uint64_t most_others(const struct at_answer_search *s) {
    uint64_t most = (uint64_t)AT_ANSWER_MOST_ROWS * AT_ANSWER_MANY / 2 / (s->n_all + 1);
    return most < AT_ANSWER_LEAST_ROWS  ? AT_ANSWER_LEAST_ROWS
           : most > AT_ANSWER_MOST_ROWS ? AT_ANSWER_MOST_ROWS
                                        : most;
}

static void add(struct finding *f, uint32_t table, uint32_t row) {
    struct at_answer_search *s = f->s;
    uint8_t seen = f->seen[table][row];
    struct at_answer_row out = {.table = table, .row = row, .in = seen & 2, .other = !(seen & 1)};
    out.about = !out.other && !at_answer_is_fed(s, table);
    s->n_in += out.in && at_answer_is_fed(s, table);
    s->n_elsewhere += !out.in && !out.other;
    s->n_other += out.other;
    if (out.other && s->n_other > most_others(s)) {
        s->out->left_out = true;
        return;
    }
    AT_VEC_PUSH(s->arena, &s->rows, out);
}

/* The payee's rows of the period first, then the others of the payee, then those of others. */
static void list(struct finding *f) {
    static const struct { uint8_t mask, is; } order[] = {{3, 3}, {3, 1}, {7, 4}};
    const struct at_table_dataset *data = f->s->run->data;
    for (unsigned k = 0; k < AT_COUNT(order); k++)
        for (uint32_t t = 0; t < data->n_tables; t++)
            for (uint32_t row = 0; f->seen[t] && row < data->tables[t].n_rows; row++)
                if ((f->seen[t][row] & order[k].mask) == order[k].is) add(f, t, row);
}

enum at_status at_answer_find_rows(struct at_answer_search *s) {
    const struct at_table_dataset *data = s->run->data;
    struct finding f = {.s = s, .seen = AT_NEW_ARRAY(s->arena, uint8_t *, data->n_tables + 1)};
    for (uint32_t t = 0; t < data->n_tables; t++)
        s->n_all += data->tables[t].n_rows;
    for (uint32_t t = 0; t < data->n_tables; t++)
        if ((int32_t)t != s->payee_table && data->tables[t].resident)
            f.seen[t] = AT_NEW_ARRAY(s->arena, uint8_t, data->tables[t].n_rows + 1);
    enum at_status status = find_items(&f, s->question->target.payee, UINT32_MAX);
    if (status == AT_OK) status = find_items(&f, UINT32_MAX, s->period);
    if (status != AT_OK) return status;
    for (uint32_t t = 0; t < data->n_tables; t++) {
        if (!f.seen[t]) continue;
        find_references(&f, t);
        if (at_answer_is_fed(s, t)) find_unowned(&f, t);
    }
    for (uint32_t t = 0; t < data->n_tables; t++)
        for (uint32_t row = 0; f.seen[t] && row < data->tables[t].n_rows; row++)
            if (f.seen[t][row] & 3) find_referred(&f, t, row);
    AT_VEC_PUSH(s->arena, &s->rows,
                (struct at_answer_row){
                    .table = (uint32_t)s->payee_table, .row = s->question->target.payee, .about = true});
    list(&f);
    return AT_OK;
}
