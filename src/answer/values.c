/* answer/values.c: other values of a field that is not a number: other payees, other periods, and other texts
 * that the column has.
 */
#include "answer/search_int.h"

#define MOST_OWNERS 20
#define FEW_OWNERS 3
#define NEAR_DAYS 7 /* days from the end of a period within which a deal is easily booked in another one */

struct trying {
    struct at_answer_search *s;
    const struct at_answer_row *row;
    uint32_t field;
    struct at_answer_change change;
};

static void offer(struct trying *t, struct at_table_edit_cell cell, at_str after) {
    struct at_answer_search *s = t->s;
    struct at_answer_change change = t->change;
    if (!at_answer_try(s, at_answer_edit_field(s, t->row->table, t->row->row, t->field, cell), &change.minor))
        return;
    change.after = at_str_copy(s->arena, after);
    at_answer_keep(s, &change);
}

static void offer_text(struct trying *t, at_str text) {
    if (!at_str_eq(text, t->change.before))
        offer(t, (struct at_table_edit_cell){.kind = AT_EDIT_TEXT, .text = text}, text);
}

/* ---- texts of a column */

static const at_str *find_texts(struct at_answer_search *s, uint32_t table, uint32_t field, uint32_t *n) {
    const struct at_table *of = &s->run->data->tables[table];
    at_str *texts = AT_NEW_ARRAY(s->arena, at_str, AT_ANSWER_MOST_TEXTS + 1);
    struct at_map known;
    at_map_init(&known, s->arena);
    *n = 0;
    for (uint32_t row = 0; row < of->n_rows && *n < AT_ANSWER_MOST_TEXTS; row++) {
        if (row >= of->cols[field].n || at_col_state(&of->cols[field], row) != AT_STATE_OK) continue;
        at_str text = at_session_table_text(s->run->data, table, field, row, s->arena);
        if (!at_map_put(&known, text, texts)) texts[(*n)++] = text;
    }
    return texts;
}

const at_str *at_answer_texts(struct at_answer_search *s, uint32_t table, uint32_t field, uint32_t *n) {
    uint32_t number = at_depend_field_number(s->plan, table, field);
    if (!s->texts[number]) s->texts[number] = find_texts(s, table, field, &s->n_texts[number]);
    *n = s->n_texts[number];
    return s->texts[number];
}

static void try_texts(struct trying *t) {
    const at_type *type = &t->s->run->data->tables[t->row->table].schema->fields[t->field].type;
    uint32_t n;
    const at_str *texts;
    if (type->kind == AT_T_ENUM) {
        texts = type->choices->at;
        n = type->choices->n < AT_ANSWER_MOST_TEXTS ? type->choices->n : AT_ANSWER_MOST_TEXTS;
    } else if (type->kind == AT_T_REF) {
        const struct at_schema_field *field =
            &t->s->run->data->tables[t->row->table].schema->fields[t->field];
        texts = at_answer_texts(t->s, type->table, (uint32_t)field->ref_field, &n);
    } else {
        texts = at_answer_texts(t->s, t->row->table, t->field, &n);
    }
    t->change.odds += at_answer_bits_of(n) + at_answer_bits_of(t->row->about ? 1 : t->s->n_in);
    for (uint32_t i = 0; i < n; i++)
        offer_text(t, texts[i]);
}

static void try_flag(struct trying *t) {
    const struct at_col *col = &t->s->run->data->tables[t->row->table].cols[t->field];
    bool now = at_col_state(col, t->row->row) == AT_STATE_OK && col->flag[t->row->row];
    t->change.odds += at_answer_bits_of(t->row->about ? 1 : t->s->n_in);
    offer(t, (struct at_table_edit_cell){.kind = AT_EDIT_FLAG, .number = !now},
          now ? AT_STR("no") : AT_STR("yes"));
}

/* ---- owners */

static void try_owners(struct trying *t) {
    struct at_answer_search *s = t->s;
    t->change.role = AT_ANSWER_OWNER;
    if (t->row->other) {
        t->change.odds += at_answer_bits_of(s->n_other);
        offer_text(t, s->key);
        return;
    }
    /* Outside the period, it only matters that it is another one. */
    uint32_t most = !t->row->in ? 2 : s->n_all > AT_ANSWER_MANY ? FEW_OWNERS : MOST_OWNERS;
    t->change.odds += at_answer_bits_of(s->n_in) + (t->row->in ? 0 : 20);
    if (!at_str_eq(t->change.before, s->key)) offer_text(t, s->key);
    for (uint32_t i = 0; i < s->run->n_payees && i < most; i++)
        offer_text(t, s->r->keys[s->run->payees_by_key[i]]);
}

/* ---- days */

int32_t at_answer_position_of(const struct at_answer_search *s, at_date day) {
    const struct at_calendar *calendar = s->run->calendar;
    enum at_period_kind kind = (enum at_period_kind)s->run->first_period.kind;
    return at_period_position(calendar, at_period_of_date(calendar, kind, day));
}

at_date at_answer_day_in(const struct at_answer_search *s, at_date day, int32_t position) {
    const struct at_calendar *calendar = s->run->calendar;
    enum at_period_kind kind = (enum at_period_kind)s->run->first_period.kind;
    at_period own = at_period_of_date(calendar, kind, day), other = at_period_at(calendar, kind, position);
    at_date to = at_period_start(calendar, other) + (day - at_period_start(calendar, own)),
            end = at_period_end(calendar, other);
    return to < end ? to : end;
}

static int32_t days_to(const struct at_answer_search *s, at_date day, int32_t position) {
    const struct at_calendar *calendar = s->run->calendar;
    at_period other = at_period_at(calendar, (enum at_period_kind)s->run->first_period.kind, position);
    at_date start = at_period_start(calendar, other), end = at_period_end(calendar, other);
    return day < start ? start - day : day > end ? day - end : 0;
}

static void offer_day(struct trying *t, at_date now, int32_t position) {
    struct at_answer_search *s = t->s;
    struct at_answer_change kept = t->change;
    if (position < s->run->first_position) return;
    at_date day = at_answer_day_in(s, now, position);
    if (day < s->r->checked->from || day > s->r->checked->to) return;
    if (days_to(s, now, position) > NEAR_DAYS) t->change.odds += 20;
    t->change.in = at_period_at(s->run->calendar, (enum at_period_kind)s->run->first_period.kind, position);
    offer(t, (struct at_table_edit_cell){.kind = AT_EDIT_DAY, .number = day}, at_date_print(s->arena, day));
    t->change = kept;
}

static void try_days(struct trying *t) {
    struct at_answer_search *s = t->s;
    const struct at_col *col = &s->run->data->tables[t->row->table].cols[t->field];
    if (at_col_state(col, t->row->row) != AT_STATE_OK) return;
    at_date now = col->day[t->row->row];
    int32_t own = at_answer_position_of(s, now), target = s->question->target.period;
    t->change.role = AT_ANSWER_DAY;
    t->change.odds += at_answer_bits_of(t->row->about ? 1 : t->row->in ? s->n_in : s->n_elsewhere) - 10;
    if (!t->row->in && !t->row->about && own != target) {
        offer_day(t, now, target);
        return;
    }
    int32_t most = s->n_all > AT_ANSWER_MANY ? 1 : AT_ANSWER_MOST_PERIODS / 2;
    for (int32_t by = 1; by <= most; by++) {
        offer_day(t, now, own - by);
        offer_day(t, now, own + by);
    }
}

/* ---- by type */

void at_answer_try_values(struct at_answer_search *s, const struct at_answer_row *row, uint32_t field) {
    const struct at_table *table = &s->run->data->tables[row->table];
    const at_type *type = &table->schema->fields[field].type;
    struct trying t = {.s = s, .row = row, .field = field};
    bool owner = type->kind == AT_T_REF && (int32_t)type->table == s->payee_table &&
                 (int32_t)row->table != s->payee_table;
    if ((row->other && !owner) || (int)field == table->schema->key) return;
    t.change = (struct at_answer_change){.kind = AT_ANSWER_FIELD,
                                         .role = row->about ? AT_ANSWER_PAYEE : AT_ANSWER_OTHER,
                                         .table = row->table,
                                         .row = row->row,
                                         .field = field,
                                         .in = {.kind = AT_YEAR + 1},
                                         .odds = row->about ? 50 : 30};
    t.change.name = at_answer_row_name(s, row->table, row->row);
    if (at_col_state(&table->cols[field], row->row) == AT_STATE_OK)
        t.change.before = at_session_table_text(s->run->data, row->table, field, row->row, s->arena);
    if (owner)
        try_owners(&t);
    else if (type->kind == AT_T_DATE)
        try_days(&t);
    else if (type->kind == AT_T_FLAG)
        try_flag(&t);
    else if (type->kind == AT_T_TEXT || type->kind == AT_T_ENUM || type->kind == AT_T_PERIOD ||
             (type->kind == AT_T_REF && type->table != AT_TABLE_CELL))
        try_texts(&t);
}
