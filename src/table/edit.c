/* table/edit.c: rows replaced in memory. See edit.h. */
#include "table/edit_int.h"

/* ---- states */

/* Makes the current state visible in the dataset. Everything that a state holds must be set here. */
static void show(struct at_table_edits *edits, uint32_t t) {
    const struct at_table_edit_table *versions = &edits->tables[t];
    const struct at_table_edit_state *state = &versions->of[versions->current];
    struct at_table *table = &edits->data->tables[t];
    struct at_table_store *store = at_table_store_of(edits->data, t);
    table->cols = state->cols;
    table->lines = state->lines;
    table->n_rows = state->n_rows;
    table->binding.name = state->name;
    store->index = state->index;
    store->source = state->source;
    store->open = state->open;
}

static void free_states(void *context) {
    struct at_table_edit_table *versions = context;
    for (unsigned i = 0; i < AT_EDIT_STATES; i++)
        at_arena_free(&versions->of[i].arena);
}

int at_table_edit_target(const struct at_table_dataset *data, const struct at_schema_field *field) {
    return field->ref_field >= 0 ? field->ref_field : data->tables[field->type.table].schema->key;
}

/* Counts, then places. first[] is one ahead during the second loop, and ends as the start of each table. */
static void list_referrers(struct at_table_edits *edits, struct at_arena *arena) {
    const struct at_table_dataset *data = edits->data;
    uint32_t n = 0;
    edits->first = AT_NEW_ARRAY(arena, uint32_t, data->n_tables + 2);
    for (uint32_t t = 0; t < data->n_tables; t++)
        for (uint32_t f = 0; f < data->tables[t].schema->n_fields; f++) {
            const at_type *type = &data->tables[t].schema->fields[f].type;
            if (type->kind == AT_T_REF) edits->first[type->table + 2]++, n++;
        }
    for (uint32_t t = 0; t < data->n_tables; t++)
        edits->first[t + 2] += edits->first[t + 1];
    edits->referrers = AT_NEW_ARRAY(arena, struct at_table_edit_referrer, n + 1);
    for (uint32_t t = 0; t < data->n_tables; t++)
        for (uint32_t f = 0; f < data->tables[t].schema->n_fields; f++) {
            const at_type *type = &data->tables[t].schema->fields[f].type;
            if (type->kind == AT_T_REF)
                edits->referrers[edits->first[type->table + 1]++] = (struct at_table_edit_referrer){t, f};
        }
}

/* State 0 holds views of what was loaded. Its arena is empty, so resetting it for a later change frees
 * nothing of that. */
struct at_table_edits *at_table_edits_new(struct at_table_dataset *data, struct at_arena *arena) {
    struct at_table_edits *edits = AT_NEW(arena, struct at_table_edits);
    edits->data = data;
    edits->tables = AT_NEW_ARRAY(arena, struct at_table_edit_table, data->n_tables + 1);
    list_referrers(edits, arena);
    for (uint32_t t = 0; t < data->n_tables; t++) {
        struct at_table_edit_table *versions = &edits->tables[t];
        const struct at_table *table = &data->tables[t];
        const struct at_table_store *store = at_table_store_of(data, t);
        for (unsigned i = 0; i < AT_EDIT_STATES; i++)
            at_arena_init(&versions->of[i].arena, arena->alloc, arena->oom);
        at_arena_defer(arena, free_states, versions);
        versions->next = AT_EDIT_STATES;
        struct at_table_edit_state *base = &versions->of[0];
        base->cols = table->cols;
        base->lines = table->lines;
        base->n_rows = table->n_rows;
        base->index = store->index;
        base->name = table->binding.name;
        base->source = store->source;
        base->open = store->open;
    }
    return edits;
}

/* The state that neither runs nor undo need. */
struct at_table_edit_state *at_table_edit_begin_state(struct at_table_edit_table *versions) {
    /* There are three states, and at most two of them are in use, so the loop ends. */
    versions->next = 0;
    while (versions->next == versions->base || versions->next == versions->current)
        versions->next++;
    struct at_table_edit_state *state = &versions->of[versions->next];
    at_arena_reset(&state->arena, (struct at_arena_mark){0});
    return state;
}

void at_table_edits_forget(struct at_table_edits *edits) {
    for (uint32_t t = 0; t < edits->data->n_tables; t++)
        edits->tables[t].next = AT_EDIT_STATES;
}

/* Only moves numbers and pointers, so it cannot fail. Everything that can was done by
 * at_table_edits_prepare. */
void at_table_edits_commit(struct at_table_edits *edits) {
    for (uint32_t t = 0; t < edits->data->n_tables; t++) {
        struct at_table_edit_table *versions = &edits->tables[t];
        if (versions->next == AT_EDIT_STATES) continue;
        versions->current = versions->next;
        versions->next = AT_EDIT_STATES;
        versions->changes++;
        show(edits, t);
    }
}

/* The changes are counted as well: what was made of the rows before is out of date. */
void at_table_edits_undo(struct at_table_edits *edits) {
    at_table_edits_forget(edits);
    for (uint32_t t = 0; t < edits->data->n_tables; t++) {
        struct at_table_edit_table *versions = &edits->tables[t];
        if (versions->current == versions->base) continue;
        versions->current = versions->base;
        versions->changes++;
        show(edits, t);
    }
}

void at_table_edits_keep(struct at_table_edits *edits) {
    at_table_edits_forget(edits);
    for (uint32_t t = 0; t < edits->data->n_tables; t++)
        edits->tables[t].base = edits->tables[t].current;
}

uint64_t at_table_edits_version(const struct at_table_edits *edits, uint32_t table) {
    return edits->tables[table].changes;
}

/* ---- a change */

struct at_diag_data_place at_table_edit_place(const struct at_table_edit_change *c, uint32_t row,
                                              uint32_t column) {
    return (struct at_diag_data_place){.file = c->schema->name, .row = row + 1, .column = column + 1};
}

/* The order matters: keys need the new rows, and references need the new keys. Until the commit, the
 * dataset shows the old rows. */
enum at_status at_table_edits_prepare(struct at_table_edits *edits, const struct at_table_edit *edit,
                                      struct at_diag_list *diags) {
    struct at_table_edit_table *table = &edits->tables[edit->table];
    struct at_table_edit_change c = {
        .edits = edits, .edit = edit, .diags = diags, .schema = edits->data->tables[edit->table].schema};
    at_table_edits_forget(edits);
    c.old = &table->of[table->current];
    c.new = at_table_edit_begin_state(table);
    c.arena = &c.new->arena;
    c.n_old = (uint32_t)c.old->n_rows;
    bool done = at_table_edit_mark(&c) && at_table_edit_columns(&c) && at_table_edit_index(&c) &&
                at_table_edit_references(&c) && at_table_edit_doubles(&c) && at_table_edit_dated(&c);
    if (done)
        at_table_edit_near(&c);
    else
        at_table_edits_forget(edits);
    return done ? AT_OK : AT_REJECTED;
}
