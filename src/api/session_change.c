/* api/session_change.c: rows and params of a session, replaced. A change is checked for all policies before
 * it is made for any. */
#include "api/argument.h"
#include "api/session.h"

#define MOST_SCALE 18

/* One change of rows. `cells` is made again for each policy, because tables of one name may have different
 * fields. */
struct change {
    attain_session *session;
    at_str table, key;
    const char *field; /* NULL: all rows, or none */
    enum at_table_edit_scope scope;
    const attain_rows *rows;
    struct at_table_edit_cell *cells;
};

static void suggest(struct at_diag *diag, const struct at_str_nearest *nearest) {
    if (nearest->best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest->best));
}

/* ---- what the host's names mean in one policy */

/* Returns the number of the table, or -1. Names are compared for a suggestion only if none is equal. */
static int64_t find_table(const struct at_check_policy *checked, at_str name,
                          struct at_str_nearest *nearest) {
    for (uint32_t t = 0; t < checked->n_schemas; t++)
        if (at_str_eq(checked->schemas[t].name, name)) return t;
    for (uint32_t t = 0; t < checked->n_schemas; t++)
        at_str_nearest_try(nearest, checked->schemas[t].name);
    return -1;
}

static int64_t find_field(const struct at_schema *schema, at_str name) {
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (at_str_eq(schema->fields[f].name, name)) return f;
    return -1;
}

static attain_status unknown_field(struct change *c, const struct at_schema *schema, at_str name) {
    struct at_str_nearest nearest = {.wanted = name};
    for (uint32_t f = 0; f < schema->n_fields; f++)
        at_str_nearest_try(&nearest, schema->fields[f].name);
    suggest(at_diag_add(&c->session->r.arguments, AT_A0918, (at_span){0},
                        "unknown field `%.*s` of the table `%.*s`", AT_STR_ARG(name),
                        AT_STR_ARG(schema->name)),
            &nearest);
    return ATTAIN_USAGE;
}

/* The rows to replace are found by a key or a reference. */
static attain_status read_scope(struct change *c, const struct at_schema *schema,
                                struct at_table_edit *edit) {
    if (!c->field) return ATTAIN_OK;
    at_str name = at_str_z(c->field);
    int64_t field = find_field(schema, name);
    if (field < 0) return unknown_field(c, schema, name);
    edit->field = (uint32_t)field;
    if (schema->fields[field].unique || schema->fields[field].key ||
        schema->fields[field].type.kind == AT_T_REF)
        return ATTAIN_OK;
    struct at_diag *d = at_diag_add(&c->session->r.arguments, AT_A0918, (at_span){0},
                                    "rows cannot be found by `%.*s`", AT_STR_ARG(name));
    at_diag_help(d, "name the key of `%.*s`, or a reference", AT_STR_ARG(schema->name));
    return ATTAIN_USAGE;
}

/* Without names, the cells are in the order of the declared fields. */
static attain_status read_fields(struct change *c, const struct at_schema *schema,
                                 struct at_table_edit *edit) {
    const attain_rows *rows = c->rows;
    struct at_arena *arena = &c->session->r.own.arena;
    uint32_t n = rows && rows->fields ? (uint32_t)rows->field_count : schema->n_fields,
             *fields = at_arena_get(arena, (n + 1) * sizeof *fields);
    bool *seen = AT_NEW_ARRAY(arena, bool, schema->n_fields + 1);
    edit->fields = fields;
    edit->n_fields = n;
    for (uint32_t k = 0; k < n; k++) {
        at_str name =
            rows && rows->fields ? at_str_z(rows->fields[k] ? rows->fields[k] : "") : schema->fields[k].name;
        int64_t field = rows && rows->fields ? find_field(schema, name) : (int64_t)k;
        if (field < 0) return unknown_field(c, schema, name);
        if (seen[field]) {
            at_diag_add(&c->session->r.arguments, AT_A0918, (at_span){0}, "duplicate field `%.*s`",
                        AT_STR_ARG(name));
            return ATTAIN_USAGE;
        }
        seen[field] = true;
        fields[k] = (uint32_t)field;
    }
    return ATTAIN_OK;
}

/* ---- cells */

/* Reports a cell. Rows are counted from 1. */
static attain_status bad_cell(struct change *c, size_t row, const char *why) {
    struct at_diag_data_place place = {.file = c->table, .row = row + 1};
    at_diag_add_at(&c->session->r.arguments, AT_A0917, &place, "%s", why);
    return ATTAIN_USAGE;
}

/* Checks all cells before any row changes. Texts are views of the host's memory until the change is
 * prepared. */
static attain_status read_cells(struct change *c, const struct at_table_edit *edit) {
    size_t n = (size_t)edit->n_rows * edit->n_fields;
    c->cells = at_arena_get(&c->session->r.own.arena, (n + 1) * sizeof *c->cells);
    for (size_t i = 0; i < n; i++) {
        const attain_cell *from = &c->rows->cells[i];
        size_t row = i / edit->n_fields;
        if ((unsigned)from->kind > ATTAIN_CELL_TEXT) return bad_cell(c, row, "unknown kind of cell");
        if (from->kind == ATTAIN_CELL_NUMBER && from->scale > MOST_SCALE)
            return bad_cell(c, row, "a scale is more than 18");
        if (from->kind == ATTAIN_CELL_FLAG && from->number != 0 && from->number != 1)
            return bad_cell(c, row, "a flag is neither 0 nor 1");
        if (from->text.length > AT_EDIT_MOST_TEXT) return bad_cell(c, row, "a text is longer than 16 MB");
        c->cells[i] =
            (struct at_table_edit_cell){.kind = (uint8_t)from->kind,
                                        .scale = (uint8_t)from->scale,
                                        .number = from->number,
                                        .text = {from->text.bytes ? from->text.bytes : "",
                                                 from->text.bytes ? (uint32_t)from->text.length : 0}};
    }
    return ATTAIN_OK;
}

/* ---- rows */

/* Prepares the change in one policy. Rows change only in at_table_edits_commit. */
static attain_status change_one(struct change *c, uint32_t p, uint32_t table) {
    attain_session *session = c->session;
    const struct at_schema *schema = &session->r.policies[p]->checked->schemas[table];
    struct at_table_edit edit = {.table = table, .scope = c->scope, .key = c->key};
    if (c->rows) edit.n_rows = (uint32_t)c->rows->row_count;
    attain_status status = read_scope(c, schema, &edit);
    if (status == ATTAIN_OK) status = read_fields(c, schema, &edit);
    if (status == ATTAIN_OK) status = read_cells(c, &edit);
    if (status != ATTAIN_OK) return status;
    edit.cells = c->cells;
    struct at_diag_list *diags = &session->r.per_policy[p];
    status = at_api_status_public(at_table_edits_prepare(session->policies[p].edits, &edit, diags),
                                  ATTAIN_BAD_DATA);
    if (session->options.strict) at_diag_list_raise(diags);
    if (status == ATTAIN_OK && diags->errors) status = ATTAIN_BAD_DATA;
    return status == ATTAIN_BAD_DATA && diags->n == 1 && diags->at[0]->code == AT_A0907 ? ATTAIN_USAGE
                                                                                        : status;
}

static attain_status change_rows(void *context) {
    struct change *c = context;
    attain_session *session = c->session;
    struct at_str_nearest nearest = {.wanted = c->table};
    attain_status status = ATTAIN_OK;
    bool found = false;
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        at_table_edits_forget(session->policies[p].edits); /* of a change that memory has ended */
    for (uint32_t p = 0; status == ATTAIN_OK && p < session->r.n_policies; p++) {
        int64_t table = find_table(session->r.policies[p]->checked, c->table, &nearest);
        if (table < 0) continue;
        found = true;
        status = change_one(c, p, (uint32_t)table);
    }
    if (!found) {
        suggest(at_diag_add(&session->r.arguments, AT_A0902, (at_span){0}, "unknown table `%.*s`",
                            AT_STR_ARG(c->table)),
                &nearest);
        status = ATTAIN_USAGE;
    }
    for (uint32_t p = 0; status == ATTAIN_OK && p < session->r.n_policies; p++)
        at_table_edits_commit(session->policies[p].edits);
    at_api_job_end(&session->job, status);
    return status;
}

static attain_status change(struct change *c, const char *table) {
    const attain_rows *rows = c->rows;
    if (!table || (rows && !AT_RESERVED_CLEAR(rows))) return ATTAIN_USAGE;
    bool shaped = !rows || (rows->fields ? true : rows->field_count == 0);
    if (!shaped || (rows && rows->row_count > 0 && !rows->cells)) return ATTAIN_USAGE;
    if (rows && (rows->row_count > INT32_MAX || rows->field_count > UINT16_MAX)) return ATTAIN_USAGE;
    c->table = at_str_z(table);
    attain_status status = at_api_session_call(c->session, NULL, change_rows, c);
    at_api_results_clear(&c->session->r);
    return status;
}

attain_status attain_session_set_rows(attain_session *session, const char *table, const char *field,
                                      const char *key, const attain_rows *rows) {
    if (!session || (field && !key)) return ATTAIN_USAGE;
    struct change c = {.session = session,
                       .field = field,
                       .key = at_str_z(key ? key : ""),
                       .scope = field ? AT_EDIT_WHERE : AT_EDIT_ALL,
                       .rows = rows};
    return change(&c, table);
}

attain_status attain_session_add_rows(attain_session *session, const char *table, const attain_rows *rows) {
    if (!session) return ATTAIN_USAGE;
    struct change c = {.session = session, .scope = AT_EDIT_NONE, .rows = rows};
    return change(&c, table);
}

/* ---- params */

struct setting {
    attain_session *session;
    const char *name, *value;
};

static attain_status set_param(void *context) {
    const struct setting *setting = context;
    attain_session *session = setting->session;
    const struct at_api_session_params *params = &session->params[session->current];
    at_str name = at_str_z(setting->name);
    attain_setting *list = AT_NEW_ARRAY(&session->r.own.arena, attain_setting, params->n + 1);
    size_t n = 0;
    bool known = false;
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        known |= at_api_setting_known(session->r.policies[p], name, &session->r.own.arena);
    if (!known) {
        at_api_unknown_param(&session->r.arguments, session->r.policies, session->r.n_policies, name);
        return ATTAIN_USAGE;
    }
    for (size_t i = 0; i < params->n; i++)
        if (!at_str_eq(at_str_z(params->settings[i].name), name)) list[n++] = params->settings[i];
    if (setting->value) list[n++] = (attain_setting){setting->name, setting->value};
    return at_api_session_lower(session, list, n);
}

attain_status attain_session_set_param(attain_session *session, const char *name, const char *value) {
    if (!session || !name) return ATTAIN_USAGE;
    struct setting setting = {session, name, value};
    return at_api_session_call(session, NULL, set_param, &setting);
}
