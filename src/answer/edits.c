/* answer/edits.c: a change as a change of a table. Every field of a new row is a copy of the old one, except
 * those that the change is about. A reference to the table itself is its text, as in a file.
 */
#include "answer/search_int.h"

static const struct at_table *table_of(const struct at_answer_search *s, uint32_t table) {
    return &s->run->data->tables[table];
}

static struct at_table_edit *new_edit(const struct at_answer_search *s, uint32_t table, uint32_t row,
                                      uint32_t n_rows) {
    const struct at_schema *schema = table_of(s, table)->schema;
    struct at_table_edit *edit = AT_NEW(s->scratch, struct at_table_edit);
    uint32_t *fields = AT_NEW_ARRAY(s->scratch, uint32_t, schema->n_fields + 1),
             *rows = AT_NEW(s->scratch, uint32_t);
    *rows = row;
    *edit = (struct at_table_edit){.table = table, .scope = AT_EDIT_ROWS, .rows = rows, .n_gone = 1};
    edit->n_rows = n_rows;
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (table_of(s, table)->cols[f].n > row) fields[edit->n_fields++] = f;
    edit->fields = fields;
    struct at_table_edit_cell *cells =
        AT_NEW_ARRAY(s->scratch, struct at_table_edit_cell, (size_t)edit->n_fields + 1);
    for (uint32_t k = 0; k < edit->n_fields; k++) {
        const at_type *type = &schema->fields[fields[k]].type;
        const struct at_col *col = &table_of(s, table)->cols[fields[k]];
        cells[k] = (struct at_table_edit_cell){.kind = AT_EDIT_COPY, .number = row};
        if (type->kind == AT_T_REF && type->table == table && at_col_state(col, row) == AT_STATE_OK) {
            cells[k].kind = AT_EDIT_TEXT;
            cells[k].text = at_session_table_text(s->run->data, table, fields[k], row, s->scratch);
        }
    }
    edit->cells = cells;
    return edit;
}

void at_answer_edit_set(struct at_table_edit *edit, uint32_t field, struct at_table_edit_cell cell) {
    struct at_table_edit_cell *cells = (struct at_table_edit_cell *)(uintptr_t)edit->cells;
    for (uint32_t k = 0; k < edit->n_fields; k++)
        if (edit->fields[k] == field) cells[k] = cell;
}

struct at_table_edit *at_answer_edit_field(const struct at_answer_search *s, uint32_t table, uint32_t row,
                                           uint32_t field, struct at_table_edit_cell cell) {
    struct at_table_edit *edit = new_edit(s, table, row, 1);
    at_answer_edit_set(edit, field, cell);
    return edit;
}

struct at_table_edit *at_answer_edit_gone(const struct at_answer_search *s, uint32_t table, uint32_t row) {
    struct at_table_edit *edit = new_edit(s, table, row, 0);
    edit->n_fields = 0;
    return edit;
}

/* "d1-2", or the next number that no row has. */
struct at_table_edit *at_answer_edit_copy(const struct at_answer_search *s, uint32_t table, uint32_t row) {
    struct at_table_edit *edit = new_edit(s, table, row, 1);
    const struct at_schema *schema = table_of(s, table)->schema;
    edit->scope = AT_EDIT_NONE;
    edit->n_gone = 0;
    if (schema->key < 0) return edit;
    at_str key = at_session_table_text(s->run->data, table, (uint32_t)schema->key, row, s->scratch), new;
    unsigned n = 2;
    do
        new = at_str_format(s->scratch, "%.*s-%u", AT_STR_ARG(key), n++);
    while (at_table_dataset_find(s->run->data, table, schema->key, new) >= 0);
    at_answer_edit_set(edit, (uint32_t)schema->key,
                       (struct at_table_edit_cell){.kind = AT_EDIT_TEXT, .text = new});
    return edit;
}
