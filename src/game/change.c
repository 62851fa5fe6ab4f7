/* game/change.c: a choice as a change of a table: the rows that go, and the rows that come in their place.
 *
 * Every field of a new row is a copy of the old one, except those that the choice is about. A reference to
 * the table itself is its text, as in a file.
 */
#include "game/game_int.h"

struct making {
    const struct at_game_choice *choice;
    const struct at_session_result_run *r;
    const struct at_table *table;
    const struct at_game_deal *deal;
    uint32_t row, other; /* of this policy */
    int32_t credited;
    at_str owner; /* the new one */
    struct at_arena *arena;
    struct at_table_edit *edit;
    struct at_table_edit_cell *cells;
    bool possible;
};

static bool has_value(const struct making *m, uint32_t field, uint32_t row) {
    return at_col_state(&m->table->cols[field], row) == AT_STATE_OK;
}

/* Halves have the decimals that the amount has; the second one is the larger. */
static at_num half_of(struct at_arena *arena, at_num whole) {
    unsigned digits = 0;
    at_i128 unused;
    while (digits < 18 && !at_num_to_i128(arena, whole, digits, &unused))
        digits++;
    return at_num_round(arena, at_num_div(arena, whole, at_num_int(2)), (int)digits, AT_ROUND_DOWN);
}

static void put_num(struct making *m, uint32_t k, at_num num) {
    m->cells[k] = (struct at_table_edit_cell){.kind = AT_EDIT_EXACT, .num = num};
}

static void put_halves(struct making *m, uint32_t field, uint32_t k) {
    if (!has_value(m, field, m->row)) return;
    at_num whole = at_col_num(&m->table->cols[field], m->row), half = half_of(m->arena, whole);
    put_num(m, k, half);
    put_num(m, m->edit->n_fields + k, at_num_sub(m->arena, whole, half));
}

/* Amounts of two currencies cannot be added. */
static void put_sum(struct making *m, uint32_t field, uint32_t k) {
    const struct at_schema_field *decl = &m->table->schema->fields[field];
    if (!has_value(m, field, m->other)) return;
    at_num sum = at_col_num(&m->table->cols[field], m->other);
    if (decl->type.kind == AT_T_FOREIGN && decl->currency_field >= 0) {
        uint32_t currency = (uint32_t)decl->currency_field;
        at_str a = at_col_print(m->arena, &m->table->schema->fields[currency].type, &m->table->cols[currency],
                                m->row),
               b = at_col_print(m->arena, &m->table->schema->fields[currency].type, &m->table->cols[currency],
                                m->other);
        m->possible &= at_str_eq(a, b);
    }
    if (has_value(m, field, m->row))
        sum = at_num_add(m->arena, sum, at_col_num(&m->table->cols[field], m->row));
    put_num(m, k, sum);
}

static void put_text(struct making *m, uint32_t at, at_str text) {
    m->cells[at] = (struct at_table_edit_cell){.kind = AT_EDIT_TEXT, .text = text};
}

/* "d1-2", or the next number that no row has. */
static void put_new_key(struct making *m, uint32_t field, uint32_t table, uint32_t at) {
    at_str key = at_session_table_text(m->r->run->data, table, field, m->row, m->arena), new;
    if (m->table->schema->fields[field].type.kind != AT_T_TEXT) m->possible = false;
    unsigned n = 2;
    do
        new = at_str_format(m->arena, "%.*s-%u", AT_STR_ARG(key), n++);
    while (at_table_dataset_find(m->r->run->data, table, (int)field, new) >= 0);
    put_text(m, at, new);
}

/* A copy, then what the choice changes. `row` counts the new rows. */
static void put_field(struct making *m, uint32_t table, uint32_t field, uint32_t k) {
    const struct at_schema_field *decl = &m->table->schema->fields[field];
    const struct at_game_choice *choice = m->choice;
    bool counts = at_game_counts(m->table->schema, field, m->credited);
    for (uint32_t row = 0; row < m->edit->n_rows; row++) {
        struct at_table_edit_cell *cell = &m->cells[row * m->edit->n_fields + k];
        *cell = (struct at_table_edit_cell){.kind = AT_EDIT_COPY, .number = m->row};
        if (decl->type.kind == AT_T_REF && decl->type.table == table && has_value(m, field, m->row))
            put_text(m, row * m->edit->n_fields + k,
                     at_session_table_text(m->r->run->data, table, field, m->row, m->arena));
    }
    if (choice->kind == AT_GAME_SPLIT && counts) put_halves(m, field, k);
    if (choice->kind == AT_GAME_SPLIT && (int)field == m->table->schema->key)
        put_new_key(m, field, table, m->edit->n_fields + k);
    if (choice->kind == AT_GAME_MERGE && counts) put_sum(m, field, k);
    if (choice->kind == AT_GAME_PERIOD && field == m->deal->date_field)
        m->cells[k] = (struct at_table_edit_cell){.kind = AT_EDIT_DAY, .number = choice->day};
    if (choice->kind == AT_GAME_OWNER && (int32_t)field == m->deal->owner_field) put_text(m, k, m->owner);
}

static void fill(struct making *m, uint32_t table) {
    const struct at_schema *schema = m->table->schema;
    struct at_table_edit *edit = m->edit;
    uint32_t *fields = AT_NEW_ARRAY(m->arena, uint32_t, schema->n_fields + 1),
             *rows = AT_NEW_ARRAY(m->arena, uint32_t, 2);
    rows[0] = m->row;
    rows[1] = m->other;
    edit->table = table;
    edit->scope = AT_EDIT_ROWS;
    edit->rows = rows;
    edit->n_gone = m->choice->kind == AT_GAME_MERGE ? 2 : 1;
    edit->n_rows = m->choice->kind == AT_GAME_SPLIT ? 2 : 1;
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (m->table->cols[f].n > m->row) fields[edit->n_fields++] = f;
    edit->fields = fields;
    m->cells = AT_NEW_ARRAY(m->arena, struct at_table_edit_cell, (size_t)edit->n_rows * edit->n_fields + 1);
    edit->cells = m->cells;
    for (uint32_t k = 0; k < edit->n_fields; k++)
        put_field(m, table, fields[k], k);
}

/* The table and the row of a deal in another policy: those with the same names. -1: it does not have them. */
static int64_t row_in(const struct at_game *game, const struct at_game_deal *deal, uint32_t run,
                      uint32_t *table) {
    const struct at_session_run *own = game->results->runs[deal->run].run,
                                *other = game->results->runs[run].run;
    *table = deal->table;
    if (run == deal->run) return deal->row;
    at_str name = own->plan->checked->schemas[deal->table].name;
    for (*table = 0; *table < other->plan->checked->n_schemas; ++*table) {
        const struct at_schema *schema = &other->plan->checked->schemas[*table];
        if (!at_str_eq(schema->name, name)) continue;
        return schema->key < 0 ? -1 : at_table_dataset_find(other->data, *table, schema->key, deal->key);
    }
    return -1;
}

/* The field of another policy's table with the name that it has in the deal's own. */
static int32_t field_in(const struct at_game *game, const struct at_game_deal *deal, int32_t field,
                        const struct at_schema *schema) {
    const struct at_check_policy *checked = game->results->runs[deal->run].checked;
    for (uint32_t f = 0; field >= 0 && f < schema->n_fields; f++)
        if (at_str_eq(schema->fields[f].name, checked->schemas[deal->table].fields[field].name))
            return (int32_t)f;
    return -1;
}

const struct at_table_edit *at_game_edit(const struct at_game *game, const struct at_game_choice *choice,
                                         uint32_t run, struct at_arena *arena, bool *possible) {
    const struct at_game_deal *deal = &game->deals[choice->deal];
    uint32_t table, ignored;
    int64_t row = row_in(game, deal, run, &table), other = 0;
    if (row < 0) return NULL;
    if (choice->kind == AT_GAME_MERGE) other = row_in(game, &game->deals[choice->other], run, &ignored);
    if (other < 0) *possible = false;
    if (!*possible) return NULL;
    const struct at_session_result_run *r = &game->results->runs[run];
    struct at_game_deal *here = AT_NEW(arena, struct at_game_deal);
    *here = *deal;
    here->owner_field = field_in(game, deal, deal->owner_field, r->run->data->tables[table].schema);
    here->date_field =
        (uint32_t)field_in(game, deal, (int32_t)deal->date_field, r->run->data->tables[table].schema);
    struct making m = {.choice = choice,
                       .r = r,
                       .table = &r->run->data->tables[table],
                       .deal = here,
                       .row = (uint32_t)row,
                       .other = (uint32_t)other,
                       .credited = at_game_credited_field(r->run->plan, table),
                       .arena = arena,
                       .edit = AT_NEW(arena, struct at_table_edit),
                       .possible = true};
    if (choice->kind == AT_GAME_OWNER) m.owner = game->results->runs[deal->run].keys[choice->other];
    fill(&m, table);
    *possible &= m.possible;
    return m.edit;
}
