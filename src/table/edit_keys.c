/* table/edit_keys.c: keys of a table with a change, and the references that lead to its rows.
 *
 * The keys of rows that stay are those of the old index, as they were written. References follow their row:
 * to its new place, or, if it is gone, to the new row with the same key.
 */
#include "table/alike.h"
#include "table/edit_int.h"

/* ---- keys */

/* The key as it was written. A key that is not a text in the edit is printed from its value. */
static at_str key_of_new(struct at_table_edit_change *c, uint32_t r, uint32_t f, uint32_t row) {
    at_str text = at_table_edit_cell_text(c, r, f);
    if (text.n) return at_str_copy(c->arena, text);
    return at_table_dataset_print(c->edits->data, c->arena, c->edit->table, (int)f, &c->new->cols[f], row);
}

/* Called after the keys of old rows are in the index, so a key of a row that stays is found as a
 * duplicate. */
static void put_new_keys(struct at_table_edit_change *c, uint32_t f, struct at_table_key_index *index) {
    for (uint32_t r = 0; r < c->edit->n_rows; r++) {
        uint32_t row = c->at + r;
        if (at_col_state(&c->new->cols[f], row) != AT_STATE_OK) continue;
        at_str text = key_of_new(c, r, f, row);
        int32_t before = text.n ? at_table_key_put(index, text, (int32_t)row) : AT_KEY_NOBODY;
        if (before < 0) continue;
        struct at_diag_data_place place = at_table_edit_place(c, r, c->column[f]);
        struct at_diag *d = at_diag_add_at(c->diags, AT_A0732, &place, "duplicate value `%.*s` in `%.*s`",
                                           AT_STR_ARG(text), AT_STR_ARG(c->schema->fields[f].name));
        at_diag_help(d, "the field identifies rows: replace the row that has the value, or change the value");
        c->failed = true;
    }
}

/* The entries of an index whose rows are at place[row]; negative ones are left out. NULL: unchanged. */
static void copy_keys(struct at_table_key_index *to, const struct at_table_key_index *from,
                      const int32_t *place, struct at_arena *arena) {
    for (size_t i = 0; from && i <= from->mask; i++) {
        int32_t row = from->slots[i].row;
        if (row >= 0 && place) row = place[row];
        if (row < 0) continue;
        at_str text = at_table_key_text(from, i);
        at_table_key_put(to, text.n > 16 ? at_str_copy(arena, text) : text, row);
    }
}

/* The new index is complete: old keys with their new rows, then the keys of new rows. */
bool at_table_edit_index(struct at_table_edit_change *c) {
    const struct at_table_store *store = at_table_store_of(c->edits->data, c->edit->table);
    c->new->index = AT_NEW_ARRAY(c->arena, struct at_table_key_index *, c->schema->n_fields + 1);
    for (uint32_t f = 0; f < c->schema->n_fields; f++) {
        if (!store->indexed[f]) continue;
        c->new->index[f] = at_table_key_index_new(c->arena, (uint32_t)c->new->n_rows);
        copy_keys(c->new->index[f], c->old->index[f], c->place, c->arena);
        put_new_keys(c, f, c->new->index[f]);
    }
    return !c->failed;
}

/* ---- references */

/* New rows can refer to rows of the same edit, so these references are found when all keys are known. */
static void own_reference(struct at_table_edit_change *c, uint32_t f) {
    int by = at_table_edit_target(c->edits->data, &c->schema->fields[f]);
    struct at_col *col = &c->new->cols[f];
    for (uint32_t r = 0; by >= 0 && r < c->edit->n_rows; r++) {
        if (at_col_state(col, c->at + r) != AT_STATE_OK) continue;
        col->row[c->at + r] = at_table_key_find(c->new->index[by], at_table_edit_cell_text(c, r, f));
        if (col->row[c->at + r] < 0) at_table_edit_tell(c, r, f, AT_A0730);
    }
}

/* A change that would leave a reference to no row is refused. The row that refers must be changed first. */
static void lost(struct at_table_edit_change *c, uint32_t t, uint32_t f, uint64_t line) {
    const struct at_table *table = &c->edits->data->tables[t];
    struct at_diag_data_place place = {.file = table->binding.name, .row = line};
    struct at_diag *d =
        at_diag_add_at(c->diags, AT_A0731, &place, "`%.*s` refers to a row of `%.*s` that is to be removed",
                       AT_STR_ARG(table->schema->fields[f].name), AT_STR_ARG(c->schema->name));
    at_diag_help(d, "replace the row that refers to it first");
    c->failed = true;
}

/* Another table as it is, with columns of its own. */
static struct at_table_edit_state *copy_table(struct at_table_edit_change *c, uint32_t t) {
    struct at_table_edit_table *table = &c->edits->tables[t];
    const struct at_table_edit_state *old = &table->of[table->current];
    if (table->next < AT_EDIT_STATES) return &table->of[table->next];
    struct at_table_edit_state *new = at_table_edit_begin_state(table);
    struct at_arena *arena = &new->arena;
    uint32_t n_fields = c->edits->data->tables[t].schema->n_fields;
    new->n_rows = old->n_rows;
    new->name = old->name;
    new->source = old->source;
    new->open = old->open;
    new->cols = AT_NEW_ARRAY(arena, struct at_col, n_fields + 1);
    new->index = AT_NEW_ARRAY(arena, struct at_table_key_index *, n_fields + 1);
    /* Rows and keys are copied, because the memory of the old state is used again by a later change. */
    new->lines = at_arena_get(arena, (old->n_rows + 1) * sizeof *new->lines);
    for (uint64_t r = 0; r < old->n_rows; r++)
        new->lines[r] = old->lines ? old->lines[r] : r + 1;
    for (uint32_t f = 0; f < n_fields; f++) {
        uint32_t room = 0;
        new->cols[f].form = old->cols[f].form;
        if (old->cols[f].data) at_col_append(arena, &new->cols[f], &room, &old->cols[f]);
        if (!old->index[f]) continue;
        new->index[f] = at_table_key_index_new(arena, (uint32_t)old->n_rows);
        copy_keys(new->index[f], old->index[f], NULL, arena);
    }
    new->replaced = false;
    if (old->replaced) at_table_edit_source(new, new->name);
    return new;
}

/* Where the rows of the table are now, by the field that names them. Returns whether some are elsewhere. */
static bool find_places(struct at_table_edit_change *c, int by) {
    const struct at_table_key_index *old = c->old->index[by];
    /* Rows that went are found by the key that they had. The row that has this key now takes their place. */
    bool moved = false;
    for (uint32_t r = 0; c->gone && r < c->n_old; r++)
        if (c->gone[r]) c->place[r] = -1;
    for (size_t i = 0; c->gone && old && i <= old->mask; i++) {
        int32_t row = old->slots[i].row;
        if (row >= 0 && c->gone[row])
            c->place[row] = at_table_key_find(c->new->index[by], at_table_key_text(old, i));
    }
    for (uint32_t r = 0; r < c->n_old; r++)
        moved |= c->place[r] != (int32_t)r;
    return moved;
}

/* The table that refers is copied only if a row has moved. Rows of the edit itself were done by
 * own_reference. */
static void follow(struct at_table_edit_change *c, const struct at_table_edit_referrer *from) {
    bool own = from->table == c->edit->table;
    const struct at_schema_field *field = &c->edits->data->tables[from->table].schema->fields[from->field];
    int by = at_table_edit_target(c->edits->data, field);
    if (own) own_reference(c, from->field);
    if (by < 0 || !find_places(c, by)) return;
    struct at_table_edit_state *state = own ? c->new : copy_table(c, from->table);
    struct at_col *col = &state->cols[from->field];
    for (uint32_t r = 0; r < state->n_rows; r++) {
        /* Unsigned: rows before c->at wrap to large numbers. */
        if (own && r - c->at < c->edit->n_rows) continue;
        if (at_col_state(col, r) != AT_STATE_OK) continue;
        int32_t row = c->place[col->row[r]];
        if (row < 0)
            lost(c, from->table, from->field, state->lines[r]);
        else
            col->row[r] = row;
    }
}

bool at_table_edit_references(struct at_table_edit_change *c) {
    uint32_t t = c->edit->table;
    for (uint32_t k = c->edits->first[t]; k < c->edits->first[t + 1] && !c->failed; k++)
        follow(c, &c->edits->referrers[k]);
    return !c->failed;
}

/* ---- keys of several fields */

/* Reports the new row of the two. Rows that stay do not have one key. */
static void tell_double(struct at_table_edit_change *c, const struct at_schema_rule *rule, uint64_t row,
                        uint64_t first) {
    uint32_t r = (uint32_t)(row - c->at < c->edit->n_rows ? row : first) - c->at;
    struct at_diag_data_place place = at_table_edit_place(c, r, c->column[rule->fields[0]]);
    struct at_diag *d =
        at_diag_add_at(c->diags, AT_A0768, &place, "another row has the same key of several fields");
    at_diag_help(d, "replace the row that has it, or change the key");
    c->failed = true;
}

/* References are found: rows are compared by what they refer to. */
bool at_table_edit_doubles(struct at_table_edit_change *c) {
    for (uint32_t k = 0; k < c->schema->n_rules; k++) {
        struct at_table_alike alike;
        if (c->schema->rules[k].kind != AT_RULE_KEY) continue;
        at_table_alike_open(&alike, &c->schema->rules[k], c->arena);
        for (uint32_t row = 0; row < c->new->n_rows; row++) {
            const struct at_table_alike_rows *rows = at_table_alike_add(&alike, c->new->cols, row, row);
            if (rows->n > 1) tell_double(c, &c->schema->rules[k], row, rows->first);
        }
    }
    return !c->failed;
}
