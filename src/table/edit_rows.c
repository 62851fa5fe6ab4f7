/* table/edit_rows.c: the columns of a table with a change: which rows go, which come, what their cells hold.
 */
#include "table/edit_int.h"

/* ---- which rows go */

static bool unknown_key(struct at_table_edit_change *c, const struct at_schema_field *field) {
    const struct at_schema *other = c->edits->data->tables[field->type.table].schema;
    const struct at_table_key_index *index = at_table_store_of(c->edits->data, field->type.table)
                                                 ->index[at_table_edit_target(c->edits->data, field)];
    at_str near = index ? at_table_key_suggest(index, c->edit->key) : (at_str){0};
    struct at_diag *d = at_diag_add(c->diags, AT_A0907, (at_span){0}, "unknown %.*s `%.*s`",
                                    AT_STR_ARG(other->name), AT_STR_ARG(c->edit->key));
    if (near.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(near));
    return false;
}

/* A key that names no row of the table itself replaces nothing: its rows are added. An unknown key of
 * another table is an error, because no row can refer to it. */
static bool mark_where(struct at_table_edit_change *c) {
    const struct at_table_edit *edit = c->edit;
    const struct at_schema_field *field = &c->schema->fields[edit->field];
    const struct at_table_dataset *data = c->edits->data;
    /* A reference selects all rows that refer to the row with the key. A key selects at most one row. */
    bool refers = field->type.kind == AT_T_REF;
    int64_t row =
        refers ? at_table_dataset_find(data, field->type.table, at_table_edit_target(data, field), edit->key)
               : at_table_dataset_find(data, edit->table, (int)edit->field, edit->key);
    if (row < 0) return refers ? unknown_key(c, field) : true;
    c->gone = AT_NEW_ARRAY(c->arena, bool, c->n_old + 1);
    if (!refers) {
        c->gone[row] = true;
        return true;
    }
    const struct at_col *col = &c->old->cols[edit->field];
    for (uint32_t r = 0; r < c->n_old; r++)
        c->gone[r] = at_col_state(col, r) == AT_STATE_OK && col->row[r] == row;
    return true;
}

/* c->at ends as the first row that goes, so new rows take its place. The loop runs from the last row to
 * the first. */
bool at_table_edit_mark(struct at_table_edit_change *c) {
    c->at = c->n_old;
    if (c->edit->scope == AT_EDIT_WHERE && !mark_where(c)) return false;
    if (c->edit->scope == AT_EDIT_ROWS) {
        c->gone = AT_NEW_ARRAY(c->arena, bool, c->n_old + 1);
        for (uint32_t i = 0; i < c->edit->n_gone; i++)
            c->gone[c->edit->rows[i]] = true;
    }
    if (c->edit->scope == AT_EDIT_ALL) {
        c->gone = at_arena_get(c->arena, c->n_old + 1);
        memset(c->gone, 1, c->n_old);
    }
    for (uint32_t r = c->n_old; c->gone && r-- > 0;)
        if (c->gone[r]) c->at = r;
    return true;
}

/* ---- what is wrong with a cell */

/* A field that the edit does not name is a missing cell in each new row. */
static const struct at_table_edit_cell *cell_at(const struct at_table_edit_change *c, uint32_t row,
                                                uint32_t field) {
    static const struct at_table_edit_cell missing = {.kind = AT_EDIT_MISSING};
    uint32_t column = c->column[field];
    if (column == c->edit->n_fields) return &missing;
    return &c->edit->cells[(size_t)row * c->edit->n_fields + column];
}

at_str at_table_edit_cell_text(const struct at_table_edit_change *c, uint32_t row, uint32_t field) {
    const struct at_table_edit_cell *cell = cell_at(c, row, field);
    return cell->kind == AT_EDIT_TEXT ? at_str_trim(cell->text) : (at_str){0};
}

/* Each wrong cell is reported. c->failed refuses the change afterwards. */
void at_table_edit_tell(struct at_table_edit_change *c, uint32_t row, uint32_t f, enum at_diag_code code) {
    static const char *const kinds[] = {"a missing value", "a number", "a day", "a flag",
                                        "a text",          "a number", "a copy"};
    const struct at_schema_field *field = &c->schema->fields[f];
    const struct at_table_edit_cell *cell = cell_at(c, row, f);
    struct at_diag_data_place place =
        at_table_edit_place(c, row, c->column[f] < c->edit->n_fields ? c->column[f] : f);
    struct at_diag *d;
    c->failed = true;
    if (code == AT_A0917) {
        d = at_diag_add_at(c->diags, code, &place, "`%.*s` cannot be %s", AT_STR_ARG(field->name),
                           kinds[cell->kind]);
        at_diag_help(d, "pass a value of the type of the field, or a text as in a file");
    } else if (code == AT_A0730) {
        const struct at_schema *other = c->edits->data->tables[field->type.table].schema;
        d = at_diag_add_at(c->diags, code, &place, "unknown %.*s `%.*s` in `%.*s`", AT_STR_ARG(other->name),
                           AT_STR_ARG(at_table_edit_cell_text(c, row, f)), AT_STR_ARG(field->name));
        at_diag_help(d, "add the row of `%.*s` first", AT_STR_ARG(other->name));
    } else {
        at_table_cell_tell(c->diags, field, code, cell->kind == AT_EDIT_TEXT ? cell->text : (at_str){"", 0},
                           AT_STR("UTF-8"), &place, c->arena);
    }
}

/* ---- cells */

/* A reference to the table of the edit is not found here: its index is not made yet. */
static enum at_diag_code read_text(struct at_table_edit_change *c, const struct at_schema_field *field,
                                   uint32_t at, at_str text, struct at_table_cell *out) {
    const struct at_table_dataset *data = c->edits->data;
    if (field->type.kind == AT_T_FOREIGN && field->currency_field >= 0)
        return at_table_cell_read_foreign(
            field, text, at_table_edit_cell_text(c, at, (uint32_t)field->currency_field), c->arena, out);
    enum at_diag_code code = at_table_cell_read(field, text, c->arena, out);
    if (code != AT_CELL_FINE || out->missing || field->type.kind != AT_T_REF) return code;
    at_str key = out->text;
    out->row = 0;
    if (field->type.table == c->edit->table) return AT_CELL_FINE; /* edit_keys.c: when the keys are known */
    int64_t row = at_table_dataset_find(data, field->type.table, at_table_edit_target(data, field), key);
    if (row >= 0) out->row = (int32_t)row;
    return row < 0 ? AT_A0730 : AT_CELL_FINE;
}

/* A typed cell as its field's value. Text goes through the reader of files. */
static enum at_diag_code read_cell(struct at_table_edit_change *c, const struct at_schema_field *field,
                                   uint32_t row, const struct at_table_edit_cell *cell,
                                   struct at_table_cell *out) {
    enum at_type_kind type = (enum at_type_kind)field->type.kind;
    out->missing = false;
    switch ((enum at_table_edit_kind)cell->kind) {
    case AT_EDIT_TEXT: return read_text(c, field, row, cell->text, out);
    case AT_EDIT_NUMBER:
        if (type == AT_T_DURATION ? cell->scale > 0
                                  : type != AT_T_NUMBER && type != AT_T_MONEY && type != AT_T_FOREIGN)
            return AT_A0917;
        out->num = at_num_decimal(cell->number, cell->scale);
        return field->positive && cell->number <= 0 ? AT_A1179 : AT_CELL_FINE;
    case AT_EDIT_DAY:
        out->day = (at_date)cell->number;
        if (cell->number < AT_DATE_MIN || cell->number > AT_DATE_MAX) return AT_A0917;
        return type == AT_T_DATE ? AT_CELL_FINE : AT_A0917;
    case AT_EDIT_EXACT: out->num = cell->num; return AT_CELL_FINE;
    case AT_EDIT_FLAG: out->flag = cell->number != 0; return type == AT_T_FLAG ? AT_CELL_FINE : AT_A0917;
    case AT_EDIT_COPY: /* put_new: without reading */
    case AT_EDIT_MISSING: break;
    }
    out->missing = true;
    return field->type.optional ? AT_CELL_FINE : AT_A0719;
}

/* The payload is zero, as kernels require. The states array is made with the first missing value. */
static void put_missing(struct at_table_edit_change *c, struct at_col *col, uint32_t room, uint32_t i) {
    size_t width = at_col_width((enum at_col_form)col->form);
    memset((char *)col->data + i * width, 0, width);
    if (!col->state) col->state = AT_NEW_ARRAY(c->arena, uint32_t, room);
    col->state[i] = AT_STATE_MISSING;
}

/* Texts and limbs are copied, because those of the edit are valid for the call only. */
static void put_cell(struct at_table_edit_change *c, struct at_col *col, uint32_t room, uint32_t i,
                     const struct at_table_cell *cell) {
    if (col->state) col->state[i] = AT_STATE_OK;
    switch ((enum at_col_form)col->form) {
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM: at_col_put_num(c->arena, col, room, i, at_num_copy(c->arena, cell->num)); return;
    case AT_COL_TEXT: col->text[i] = at_str_copy(c->arena, cell->text); return;
    case AT_COL_DAY: col->day[i] = cell->day; return;
    case AT_COL_ROW: col->row[i] = cell->row; return;
    case AT_COL_PERIOD: col->period[i] = cell->period; return;
    case AT_COL_FLAG: col->flag[i] = cell->flag; return;
    }
}

/* A value that was checked when it came. Texts and limbs are copied, too. */
static void put_copy(struct at_table_edit_change *c, struct at_col *col, uint32_t f, uint32_t room,
                     int64_t row) {
    struct at_col slice = at_col_slice(&c->old->cols[f], (uint32_t)row, 1);
    at_col_append(c->arena, col, &room, &slice);
}

static bool same_text(const struct at_table_edit_cell *a, const struct at_table_edit_cell *b) {
    return a->kind == AT_EDIT_TEXT && b->kind == AT_EDIT_TEXT && at_str_eq(a->text, b->text);
}

/* Equal texts one after another are read once. */
static void put_new(struct at_table_edit_change *c, struct at_col *col, uint32_t f, uint32_t room) {
    const struct at_schema_field *field = &c->schema->fields[f];
    const struct at_table_edit_cell *before = NULL; /* rows of one payee repeat the payee */
    enum at_diag_code code = AT_CELL_FINE;
    struct at_table_cell value;
    for (uint32_t r = 0; r < c->edit->n_rows; r++) {
        const struct at_table_edit_cell *cell = cell_at(c, r, f);
        if (cell->kind == AT_EDIT_COPY) {
            put_copy(c, col, f, room, cell->number);
            continue;
        }
        if (!before || field->type.kind == AT_T_FOREIGN || !same_text(before, cell))
            code = read_cell(c, field, r, cell, &value);
        before = cell;
        if (code == AT_CELL_FINE && !value.missing) {
            put_cell(c, col, room, col->n++, &value);
            continue;
        }
        put_missing(c, col, room, col->n++);
        if (code != AT_CELL_FINE) at_table_edit_tell(c, r, f, code);
    }
}

/* ---- columns */

/* Old rows from `from` up to `to` that stay. */
static void copy_old(struct at_table_edit_change *c, struct at_col *col, const struct at_col *old,
                     uint32_t from, uint32_t to, uint32_t room) {
    while (from < to) {
        uint32_t end = from;
        while (end < to && !(c->gone && c->gone[end]))
            end++;
        if (end > from) {
            struct at_col slice = at_col_slice(old, from, end - from);
            at_col_append(c->arena, col, &room, &slice);
        }
        for (from = end; from < to && c->gone && c->gone[from];)
            from++;
    }
}

/* Numbers begin at the scale that the column had, so that its form stays. */
static void make_column(struct at_table_edit_change *c, uint32_t f, uint32_t room) {
    const struct at_col *old = &c->old->cols[f];
    struct at_col *col = &c->new->cols[f];
    *col = (struct at_col){.form = (uint8_t)at_col_form_of(&c->schema->fields[f].type)};
    if (old->data && old->form != AT_COL_NUM) {
        col->form = old->form;
        col->scale = old->scale;
    }
    col->data = at_arena_get(c->arena, room * at_col_width((enum at_col_form)col->form));
    copy_old(c, col, old, 0, c->at, room);
    put_new(c, col, f, room);
    copy_old(c, col, old, c->at, c->n_old, room);
}

/* Where old rows are now. Returns how many stay. */
static uint32_t place_rows(struct at_table_edit_change *c) {
    uint32_t kept = 0;
    c->place = at_arena_get(c->arena, (c->n_old + 1) * sizeof *c->place);
    for (uint32_t r = 0; r < c->n_old; r++) {
        bool gone = c->gone && c->gone[r];
        c->place[r] = gone ? -1 : (int32_t)(kept + (r >= c->at ? c->edit->n_rows : 0));
        kept += !gone;
    }
    return kept;
}

void at_table_edit_source(struct at_table_edit_state *state, at_str name) {
    const struct at_source_binding rows = {
        .kind = AT_FROM_CELLS, .name = name, .cells = state->cols, .n_rows = (uint32_t)state->n_rows};
    state->source = at_source_new(&rows, &state->arena);
    state->replaced = true;
}

/* Row numbers are int32_t in references. The limit leaves a few numbers free above them. */
bool at_table_edit_columns(struct at_table_edit_change *c) {
    uint32_t n_fields = c->schema->n_fields;
    uint64_t n = (uint64_t)place_rows(c) + c->edit->n_rows;
    if (n > INT32_MAX - 8) {
        struct at_diag_data_place place = {.file = c->schema->name};
        at_diag_add_at(c->diags, AT_A0734, &place, "the table has more than two billion rows");
        return false;
    }
    c->column = at_arena_get(c->arena, (n_fields + 1) * sizeof *c->column);
    for (uint32_t f = 0; f < n_fields; f++)
        c->column[f] = c->edit->n_fields;
    for (uint32_t k = 0; k < c->edit->n_fields; k++)
        c->column[c->edit->fields[k]] = k;
    c->new->cols = at_arena_get(c->arena, (n_fields + 1) * sizeof *c->new->cols);
    c->new->n_rows = n;
    c->new->name = c->schema->name;
    c->new->lines = at_arena_get(c->arena, (n + 1) * sizeof *c->new->lines);
    for (uint64_t r = 0; r < n; r++)
        c->new->lines[r] = r + 1;
    for (uint32_t f = 0; f < n_fields; f++)
        make_column(c, f, (uint32_t)n + 1);
    /* Results and messages ask the source for a row. That of the old rows would give the wrong one. */
    at_table_edit_source(c->new, c->schema->name);
    c->new->open = true;
    return !c->failed;
}
