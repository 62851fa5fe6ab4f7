/* table/edit_near.c: warns of texts in new rows that nearly are what the policy compares them with, as a load
 * does. Other rows of the table may have the text of the policy, so this is always a warning.
 */
#include "table/edit_int.h"
#include "table/watch.h"

struct found {
    uint64_t n;
    uint32_t row; /* the first, of the edit */
};

static void look(struct at_table_edit_change *c, uint32_t f, const struct at_table_watch *watch,
                 struct at_arena *scratch) {
    const struct at_col *col = &c->new->cols[f];
    struct found *found = AT_NEW_ARRAY(scratch, struct found, watch->texts.n);
    for (uint32_t r = 0; r < c->edit->n_rows; r++) {
        uint32_t row = c->at + r;
        bool near = false;
        if (at_col_state(col, row) != AT_STATE_OK) continue;
        int32_t text = at_table_watch_find(watch, col->text[col->one ? 0 : row], &near, scratch);
        if (text >= 0 && near && found[text].n++ == 0) found[text].row = r;
    }
    for (uint32_t i = 0; i < watch->texts.n; i++) {
        if (found[i].n == 0) continue;
        uint32_t row = c->at + found[i].row;
        struct at_diag_data_place place = at_table_edit_place(c, found[i].row, c->column[f]);
        at_table_tell_near_text(c->diags, scratch, &c->schema->fields[f], &place,
                                col->text[col->one ? 0 : row], watch->texts.at[i], found[i].n,
                                i < watch->n_own);
    }
}

void at_table_edit_near(struct at_table_edit_change *c) {
    const struct at_table_store *store = at_table_store_of(c->edits->data, c->edit->table);
    struct at_arena *scratch = &c->edits->data->state->scratch;
    for (uint32_t f = 0; store->watch && f < c->schema->n_fields; f++) {
        const struct at_table_watch *watch = store->watch[f];
        struct at_arena_mark mark = at_arena_mark(scratch);
        if (watch && watch->texts.n && c->new->cols[f].form == AT_COL_TEXT) look(c, f, watch, scratch);
        at_arena_reset(scratch, mark);
    }
}
