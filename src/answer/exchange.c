/* answer/exchange.c: the rows of a table with some players exchanged between two payees or two periods. Only
 * rows that differ are replaced, and every other field of them is a copy. What a run pays does not depend on
 * the order of rows, so new rows may come at another place.
 */
#include "answer/against_int.h"
#include "base/vec.h"
#include "kernel/column.h"

struct making {
    const struct at_answer_exchange *x;
    const struct at_table *table;
    uint32_t t, set;
    uint32_t *fields, n_fields; /* that are in memory */
    AT_VEC(uint32_t) rows;
    AT_VEC(struct at_table_edit_cell) cells;
};

static bool has(const struct making *m, enum at_answer_player player) {
    return m->set >> player & 1;
}

/* The other payee; others stay. */
static uint32_t other(const struct making *m, uint32_t payee) {
    const uint32_t *of = m->x->payee;
    return payee == of[0] ? of[1] : payee == of[1] ? of[0] : payee;
}

static bool is_either(const struct making *m, uint32_t payee) {
    return payee == m->x->payee[0] || payee == m->x->payee[1];
}

/* ---- cells */

/* As in a file: the text by which the field names rows. */
static struct at_table_edit_cell reference(const struct making *m, uint32_t field, uint32_t row) {
    const struct at_schema_field *of = &m->table->schema->fields[field];
    uint32_t to = of->type.table;
    int named = of->ref_field >= 0 ? of->ref_field : m->x->data->tables[to].schema->key;
    at_str text = {"", 0};
    if (named >= 0) text = at_session_table_text(m->x->data, to, (uint32_t)named, row, m->x->scratch);
    return (struct at_table_edit_cell){.kind = AT_EDIT_TEXT, .text = text};
}

static bool is_known(const struct making *m, uint32_t field, uint32_t row) {
    const struct at_col *col = &m->table->cols[field];
    return row < col->n && at_col_state(col, row) == AT_STATE_OK;
}

static struct at_table_edit_cell copy(const struct making *m, uint32_t field, uint32_t row) {
    const at_type *type = &m->table->schema->fields[field].type;
    if (type->kind == AT_T_REF && type->table == m->t)
        return is_known(m, field, row) ? reference(m, field, (uint32_t)m->table->cols[field].row[row])
                                       : (struct at_table_edit_cell){.kind = AT_EDIT_MISSING};
    return (struct at_table_edit_cell){.kind = AT_EDIT_COPY, .number = row};
}

/* ---- two payees */

/* The manager of the other payee. If one of them is the other's manager, both change places. */
static bool exchange_manager(const struct making *m, uint32_t field, uint32_t row,
                             struct at_table_edit_cell *out) {
    const struct at_col *col = &m->table->cols[field];
    uint32_t from = other(m, row);
    int64_t now = is_known(m, field, row) ? col->row[row] : -1,
            new = is_known(m, field, from) ? (int64_t)other(m, (uint32_t)col->row[from]) : -1;
    if (now == new) return false;
    *out =
        new < 0 ? (struct at_table_edit_cell){.kind = AT_EDIT_MISSING} : reference(m, field, (uint32_t) new);
    return true;
}

static bool exchange_payee_field(const struct making *m, uint32_t field, uint32_t row,
                                 struct at_table_edit_cell *out) {
    const struct at_schema *schema = m->table->schema;
    const at_type *type = &schema->fields[field].type;
    if ((int)field == schema->key || (int)field == schema->label) return false;
    if (type->kind == AT_T_REF && type->table == m->t)
        return has(m, AT_ANSWER_TREE) && exchange_manager(m, field, row, out);
    if (!is_either(m, row)) return false;
    bool is = m->x->grouping[field] ? has(m, AT_ANSWER_TREE)
                                    : at_answer_is_quota(m->x, field) && has(m, AT_ANSWER_QUOTA);
    if (is) *out = copy(m, field, other(m, row));
    return is;
}

static bool exchange_reference(const struct making *m, uint32_t field, uint32_t row,
                               struct at_table_edit_cell *out) {
    const struct at_schema *schema = m->table->schema;
    const at_type *type = &schema->fields[field].type;
    enum at_answer_player player = m->x->kinds[m->t] == AT_ANSWER_OF_DEALS                 ? AT_ANSWER_DEALS
                                   : m->x->kinds[m->t] == AT_ANSWER_OF_QUOTAS              ? AT_ANSWER_QUOTA
                                   : at_answer_names_payees(m->x, m->t, schema->dated_key) ? AT_ANSWER_TREE
                                                                                           : AT_ANSWER_QUOTA;
    if (!has(m, player) || type->kind != AT_T_REF || type->table != m->x->payee_table ||
        !is_known(m, field, row))
        return false;
    uint32_t payee = (uint32_t)m->table->cols[field].row[row];
    if (!is_either(m, payee)) return false;
    *out = reference(m, field, other(m, payee));
    return true;
}

/* ---- two periods */

/* Which of the two periods has the days; -1: neither. */
static int side_of(const struct making *m, at_date from, at_date to) {
    const struct at_calendar *calendar = m->x->run->calendar;
    for (int side = 0; side < 2; side++)
        if (from >= at_period_start(calendar, m->x->period[side]) &&
            to <= at_period_end(calendar, m->x->period[side]))
            return side;
    return -1;
}

/* As many days after the start, and at most the last day. */
static bool exchange_day(const struct making *m, uint32_t field, uint32_t row,
                         struct at_table_edit_cell *out) {
    const struct at_calendar *calendar = m->x->run->calendar;
    at_date day = m->table->cols[field].day[row];
    int side = side_of(m, day, day);
    if (side < 0) return false;
    at_period to = m->x->period[!side];
    at_date new = at_period_start(calendar, to) + (day - at_period_start(calendar, m->x->period[side])),
            end = at_period_end(calendar, to);
    *out = (struct at_table_edit_cell){.kind = AT_EDIT_DAY, .number = new < end ? new : end};
    return true;
}

/* The third month of one quarter is the third month of the other one. */
static bool exchange_period(const struct making *m, uint32_t field, uint32_t row,
                            struct at_table_edit_cell *out) {
    const struct at_calendar *calendar = m->x->run->calendar;
    const at_type *type = &m->table->schema->fields[field].type;
    struct at_plan_value value = at_kernel_col_value(&m->table->cols[field], row, type);
    at_period now = at_plan_value_period(&value);
    enum at_period_kind kind = (enum at_period_kind)now.kind;
    int side = side_of(m, at_period_start(calendar, now), at_period_end(calendar, now));
    if (side < 0) return false;
    at_date start = at_period_start(calendar, m->x->period[side]),
            new = at_period_start(calendar, m->x->period[!side]);
    int32_t by = at_period_position(calendar, now) -
                 at_period_position(calendar, at_period_of_date(calendar, kind, start)),
            at = at_period_position(calendar, at_period_of_date(calendar, kind, new)) + by;
    int32_t last = at_period_position(
        calendar, at_period_of_date(calendar, kind, at_period_end(calendar, m->x->period[!side])));
    at_period to = at_period_at(calendar, kind, at < last ? at : last);
    *out = (struct at_table_edit_cell){.kind = AT_EDIT_TEXT, .text = at_period_print(m->x->scratch, to)};
    return true;
}

static bool exchange_time(const struct making *m, uint32_t field, uint32_t row,
                          struct at_table_edit_cell *out) {
    const at_type *type = &m->table->schema->fields[field].type;
    if (!is_known(m, field, row) || !has(m, at_answer_player_of(m->x, m->t, row))) return false;
    if (type->kind == AT_T_DATE) return exchange_day(m, field, row, out);
    return type->kind == AT_T_PERIOD && exchange_period(m, field, row, out);
}

/* ---- the change of a table */

static bool exchange_cell(const struct making *m, uint32_t field, uint32_t row,
                          struct at_table_edit_cell *out) {
    if (m->x->pair->periods) return exchange_time(m, field, row, out);
    return m->x->kinds[m->t] == AT_ANSWER_OF_PAYEES ? exchange_payee_field(m, field, row, out)
                                                    : exchange_reference(m, field, row, out);
}

static void exchange_row(struct making *m, uint32_t row) {
    struct at_table_edit_cell cell;
    bool differs = false;
    for (uint32_t k = 0; k < m->n_fields && !differs; k++)
        differs = exchange_cell(m, m->fields[k], row, &cell);
    if (!differs) return;
    AT_VEC_PUSH(m->x->scratch, &m->rows, row);
    for (uint32_t k = 0; k < m->n_fields; k++) {
        if (!exchange_cell(m, m->fields[k], row, &cell)) cell = copy(m, m->fields[k], row);
        AT_VEC_PUSH(m->x->scratch, &m->cells, cell);
    }
}

static bool is_exchanged(const struct at_answer_exchange *x, uint32_t table) {
    uint8_t kind = x->kinds[table];
    if (x->pair->periods) return kind == AT_ANSWER_OF_DEALS || kind == AT_ANSWER_OF_QUOTAS;
    return kind != AT_ANSWER_OF_NONE;
}

struct at_table_edit *at_answer_exchange_edit(const struct at_answer_exchange *x, uint32_t table,
                                              uint32_t set) {
    struct making m = {.x = x, .table = &x->data->tables[table], .t = table, .set = set};
    const struct at_schema *schema = m.table->schema;
    if (set == 0 || !is_exchanged(x, table)) return NULL;
    m.fields = AT_NEW_ARRAY(x->scratch, uint32_t, schema->n_fields + 1);
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (m.table->cols[f].n == m.table->n_rows) m.fields[m.n_fields++] = f;
    for (uint32_t row = 0; row < m.table->n_rows; row++)
        exchange_row(&m, row);
    if (m.rows.n == 0) return NULL;
    struct at_table_edit *edit = AT_NEW(x->scratch, struct at_table_edit);
    *edit = (struct at_table_edit){.table = table,
                                   .scope = AT_EDIT_ROWS,
                                   .rows = m.rows.at,
                                   .n_gone = (uint32_t)m.rows.n,
                                   .fields = m.fields,
                                   .n_fields = m.n_fields,
                                   .n_rows = (uint32_t)m.rows.n,
                                   .cells = m.cells.at};
    return edit;
}
