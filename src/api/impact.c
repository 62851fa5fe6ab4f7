/* api/impact.c: attain_impact_run: what a change of rows can affect. A session reads the data and takes the
 * changed rows; nothing is calculated. */
#include "depend/impact.h"
#include "api/argument.h"
#include "api/report.h"
#include "api/session.h"
#include "api/sheet.h"
#include "write/impact.h"

struct attain_impact {
    struct attain_results r; /* first: its memory is the report's; policies[0] is the policy */
    struct at_depend_impact impact;
    struct at_write_impact list;
    bool done;
};

struct impacting {
    struct attain_impact *handle;
    attain_policy *policy;
    const attain_data *data;
    const attain_changed_rows *rows;
    size_t n;
    const attain_run_options *options;
    attain_session *session;
};

/* ---- a file of rows */

static attain_status bad_rows(struct impacting *c, const attain_changed_rows *rows, const char *why) {
    struct at_diag *d = at_diag_add(&c->handle->r.arguments, AT_A1294, (at_span){0}, "%s: %s",
                                    rows->name ? rows->name : rows->table, why);
    at_diag_help(d, "write rows of the table `%s`, with its header", rows->table);
    return ATTAIN_USAGE;
}

/* The fields that the header names. Columns that the policy does not read are dropped. */
static attain_status read_header(struct impacting *c, const attain_changed_rows *rows,
                                 const struct at_schema *schema, struct at_api_sheet *sheet,
                                 const char **fields) {
    struct at_arena *arena = &c->handle->r.own.arena;
    bool *kept = AT_NEW_ARRAY(arena, bool, sheet->columns + 1);
    size_t n = 0, columns = sheet->columns;
    for (size_t k = 0; k < columns; k++) {
        at_str name =
            at_str_trim((at_str){sheet->cells.at[k].text.bytes, (uint32_t)sheet->cells.at[k].text.length});
        for (uint32_t f = 0; f < schema->n_fields && !kept[k]; f++) {
            if (!at_str_eq(schema->fields[f].header, name)) continue;
            fields[n++] = at_str_copy(arena, schema->fields[f].name).p;
            kept[k] = true;
        }
    }
    if (n == 0) return bad_rows(c, rows, "no column is a field of the table");
    size_t to = 0;
    for (size_t i = 0; i < sheet->cells.n; i++)
        if (kept[i % columns]) sheet->cells.at[to++] = sheet->cells.at[i];
    sheet->cells.n = to;
    sheet->columns = n;
    return ATTAIN_OK;
}

/* ---- the change */

static const struct at_table_dataset *data_of(const struct impacting *c) {
    return c->session->policies[0].data;
}

static const struct at_plan *plan_of(const struct impacting *c) {
    return c->session->params[c->session->current].plans[0]->plan;
}

struct change {
    uint32_t table;
    int key;
    size_t key_column;
    struct at_api_sheet sheet;
    const char **fields;
};

/* ---- keys of several fields */

static const struct at_schema_rule *key_rule(const struct at_schema *schema) {
    for (uint32_t i = 0; i < schema->n_rules; i++)
        if (schema->rules[i].kind == AT_RULE_KEY) return &schema->rules[i];
    return NULL;
}

static at_str cell_text(const attain_cell *cell) {
    return at_str_trim((at_str){cell->text.bytes ? cell->text.bytes : "", (uint32_t)cell->text.length});
}

static int64_t column_of(const struct change *change, at_str field) {
    for (size_t k = 0; k < change->sheet.columns; k++)
        if (at_str_eq(at_str_z(change->fields[k]), field)) return (int64_t)k;
    return -1;
}

/* Whether a row of the file has the key of a row of the table, or, without a rule, all texts, references, and
 * periods of it: the same row may be one that is removed. */
static bool is_meant(struct impacting *c, const struct change *change, const struct at_schema_rule *rule,
                     uint64_t row) {
    struct at_arena *arena = &c->handle->r.own.arena;
    const struct at_schema *schema = &c->policy->checked->schemas[change->table];
    size_t rows = change->sheet.cells.n / change->sheet.columns;
    for (size_t i = 1; i < rows; i++) {
        bool same = true;
        for (uint32_t k = 0; k < (rule ? rule->n_fields : schema->n_fields) && same; k++) {
            uint32_t field = rule ? rule->fields[k] : k;
            uint8_t kind = schema->fields[field].type.kind;
            int64_t column = column_of(change, schema->fields[field].name);
            if (!rule && (column < 0 || (kind != AT_T_TEXT && kind != AT_T_REF && kind != AT_T_PERIOD)))
                continue;
            at_str text = at_session_table_text(data_of(c), change->table, field, row, arena);
            same = column >= 0 &&
                   at_str_eq(text,
                             cell_text(&change->sheet.cells.at[i * change->sheet.columns + (size_t)column]));
        }
        if (same) return true;
    }
    return false;
}

/* All rows again, without those that are replaced, and with those of the file at the end. */
static attain_status replace_all(struct impacting *c, const struct change *change, const bool *gone,
                                 const char *table) {
    struct at_arena *arena = &c->handle->r.own.arena;
    const struct at_schema *schema = &c->policy->checked->schemas[change->table];
    const struct at_table *old = &data_of(c)->tables[change->table];
    size_t rows = change->sheet.cells.n / change->sheet.columns - 1, n = 0;
    attain_cell *cells = AT_NEW_ARRAY(arena, attain_cell, (old->n_rows + rows) * schema->n_fields + 1);
    for (uint64_t row = 0; row < old->n_rows; row++) {
        for (uint32_t f = 0; f < schema->n_fields && !gone[row]; f++) {
            at_str text = at_session_table_text(data_of(c), change->table, f, row, arena);
            cells[n * schema->n_fields + f] = (attain_cell){
                .kind = text.n ? ATTAIN_CELL_TEXT : ATTAIN_CELL_MISSING, .text = at_api_text(text)};
        }
        n += !gone[row];
    }
    for (size_t i = 1; i <= rows; i++, n++)
        for (uint32_t f = 0; f < schema->n_fields; f++) {
            int64_t column = column_of(change, schema->fields[f].name);
            if (column >= 0)
                cells[n * schema->n_fields + f] =
                    change->sheet.cells.at[i * change->sheet.columns + (size_t)column];
        }
    const attain_rows all = {.cells = cells, .row_count = n};
    return attain_session_set_rows(c->session, table, NULL, NULL, &all);
}

/* Rows of the table that have a key of the file. */
static void look(struct impacting *c, const struct change *change, int version, bool added) {
    struct at_arena *arena = &c->handle->r.own.arena;
    const struct at_table_dataset *data = data_of(c);
    const struct at_table *table = &data->tables[change->table];
    bool *changed = AT_NEW_ARRAY(arena, bool, table->n_rows + 1);
    size_t rows = change->sheet.cells.n / change->sheet.columns - 1;
    for (size_t i = 0; change->key >= 0 && i < rows; i++) {
        const attain_cell *cell =
            &change->sheet.cells.at[(i + 1) * change->sheet.columns + change->key_column];
        at_str key = at_str_trim((at_str){cell->text.bytes, (uint32_t)cell->text.length});
        int64_t row = at_table_dataset_find(data, change->table, change->key, key);
        if (row >= 0) changed[row] = true;
    }
    for (uint64_t row = 0; change->key < 0 && row < table->n_rows; row++)
        changed[row] = is_meant(c, change, key_rule(table->schema), row);
    /* Without a key of one field, added rows are at the end. */
    for (size_t i = 0; change->key < 0 && added && i < rows && i < table->n_rows; i++)
        changed[table->n_rows - 1 - i] = true;
    at_depend_impact_look(&c->handle->impact, data, version, change->table, changed,
                          c->options->through || c->options->period);
}

/* A row with a key replaces the row with that key; others are added. */
static attain_status apply(struct impacting *c, const struct change *change, const char *table) {
    struct at_arena *arena = &c->handle->r.own.arena;
    size_t rows = change->sheet.cells.n / change->sheet.columns - 1;
    attain_status status = ATTAIN_OK;
    attain_rows all = {.fields = change->fields, .field_count = change->sheet.columns, .row_count = rows};
    all.cells = change->sheet.cells.at + change->sheet.columns;
    const struct at_schema_rule *rule = key_rule(&c->policy->checked->schemas[change->table]);
    if (change->key < 0 && rule) {
        uint64_t n = data_of(c)->tables[change->table].n_rows;
        bool *gone = AT_NEW_ARRAY(arena, bool, n + 1);
        for (uint64_t row = 0; row < n; row++)
            gone[row] = is_meant(c, change, rule, row);
        return replace_all(c, change, gone, table);
    }
    if (change->key < 0) return attain_session_add_rows(c->session, table, &all);
    attain_cell *fresh = AT_NEW_ARRAY(arena, attain_cell, change->sheet.cells.n + 1);
    size_t n_fresh = 0;
    const char *field = change->fields[change->key_column];
    for (size_t i = 0; i < rows && status == ATTAIN_OK; i++) {
        const attain_cell *row = &all.cells[i * change->sheet.columns], *cell = &row[change->key_column];
        at_str key = at_str_copy(arena, at_str_trim((at_str){cell->text.bytes, (uint32_t)cell->text.length}));
        if (at_table_dataset_find(data_of(c), change->table, change->key, key) < 0) {
            memcpy(&fresh[n_fresh++ * change->sheet.columns], row, change->sheet.columns * sizeof *row);
            continue;
        }
        attain_rows one = {
            .fields = change->fields, .field_count = change->sheet.columns, .cells = row, .row_count = 1};
        status = attain_session_set_rows(c->session, table, field, key.p, &one);
    }
    all.cells = fresh;
    all.row_count = n_fresh;
    return status == ATTAIN_OK && n_fresh ? attain_session_add_rows(c->session, table, &all) : status;
}

static attain_status read_change(struct impacting *c, const attain_changed_rows *rows, struct change *out) {
    struct at_arena *arena = &c->handle->r.own.arena;
    const struct at_check_policy *checked = c->policy->checked;
    struct at_str_nearest nearest = {.wanted = at_str_z(rows->table ? rows->table : "")};
    *out = (struct change){.table = UINT32_MAX, .key = -1};
    for (uint32_t t = 0; t < checked->n_schemas; t++) {
        if (at_str_eq(checked->schemas[t].name, nearest.wanted)) out->table = t;
        at_str_nearest_try(&nearest, checked->schemas[t].name);
    }
    if (out->table == UINT32_MAX) {
        struct at_diag *d = at_diag_add(&c->handle->r.arguments, AT_A1294, (at_span){0},
                                        "unknown table `%.*s`", AT_STR_ARG(nearest.wanted));
        if (nearest.best.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
        return ATTAIN_USAGE;
    }
    const struct at_schema *schema = &checked->schemas[out->table];
    if (!rows->csv || !at_api_sheet_read(arena, rows->csv, rows->length, &out->sheet) ||
        out->sheet.columns == 0)
        return bad_rows(c, rows, "the rows do not have as many cells as the header");
    out->fields = AT_NEW_ARRAY(arena, const char *, out->sheet.columns + 1);
    attain_status status = read_header(c, rows, schema, &out->sheet, out->fields);
    for (size_t k = 0; status == ATTAIN_OK && schema->key >= 0 && k < out->sheet.columns; k++)
        if (at_str_eq(at_str_z(out->fields[k]), schema->fields[schema->key].name)) {
            out->key = schema->key;
            out->key_column = k;
        }
    if (status == ATTAIN_OK && schema->key >= 0 && out->key < 0)
        return bad_rows(c, rows, "the key is missing");
    return status;
}

/* ---- the call */

static void pass_on(struct impacting *c) {
    const attain_diagnostics *list = attain_session_diagnostics(c->session);
    attain_diagnostic d;
    for (size_t i = 0; i < attain_diagnostics_count(list); i++) {
        if (attain_diagnostics_get(list, i, &d) != ATTAIN_OK || d.severity != ATTAIN_ERROR) continue;
        struct at_diag *copy = at_diag_add(&c->handle->r.arguments, AT_A1294, (at_span){0}, "%.*s (%s)",
                                           (int)d.message.length, d.message.bytes, d.code);
        if (d.help.length) at_diag_help(copy, "%.*s", (int)d.help.length, d.help.bytes);
    }
}

static attain_status look_and_change(struct impacting *c) {
    attain_status status = ATTAIN_OK;
    at_depend_impact_init(&c->handle->impact, plan_of(c), &c->handle->r.own.arena);
    for (size_t i = 0; i < c->n && status == ATTAIN_OK; i++) {
        struct change change;
        status = read_change(c, &c->rows[i], &change);
        if (status != ATTAIN_OK) return status;
        look(c, &change, 0, false);
        status = apply(c, &change, c->rows[i].table);
        if (status == ATTAIN_OK) look(c, &change, 1, true);
        if (status != ATTAIN_OK) pass_on(c);
    }
    return status;
}

static attain_status impact_inside(void *context) {
    struct impacting *c = context;
    struct attain_results *r = &c->handle->r;
    struct at_arena *arena = &r->own.arena;
    r->policies = AT_NEW(arena, struct attain_policy *);
    r->policies[r->n_policies++] = attain_policy_retain(c->policy);
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(c->options)) return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    if (!c->policy->plan) return ATTAIN_BAD_POLICY;
    attain_status status = attain_session_new(&c->policy, 1, c->data, c->options, &c->session);
    if (status != ATTAIN_OK) {
        if (c->session) pass_on(c);
        return status;
    }
    status = look_and_change(c);
    if (status != ATTAIN_OK) return status;
    at_depend_impact_list(&c->handle->impact);
    at_write_impact_make(&c->handle->impact, arena, &c->handle->list);
    c->handle->done = true;
    return ATTAIN_OK;
}

attain_status attain_impact_run(attain_policy *policy, const attain_data *data,
                                const attain_changed_rows *rows, size_t row_count,
                                const attain_run_options *options, attain_impact **out) {
    static const attain_run_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy || !rows || row_count == 0) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_impact *handle = at_api_handle_new(options->allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->max_memory);
    at_api_own_watch(&handle->r.own, options->watch);
    struct impacting c = {
        .handle = handle, .policy = policy, .data = data, .rows = rows, .n = row_count, .options = options};
    attain_status status = at_api_own_run(&handle->r.own, impact_inside, &c);
    attain_session_free(c.session);
    if (at_api_lacked_memory(status)) {
        attain_impact_free(handle);
        return status;
    }
    *out = handle;
    return status;
}

void attain_impact_free(attain_impact *impact) {
    if (!impact) return;
    for (uint32_t i = 0; i < impact->r.n_policies; i++)
        attain_policy_release(impact->r.policies[i]);
    at_api_handle_free(impact, sizeof *impact);
}

const attain_diagnostics *attain_impact_diagnostics(const attain_impact *impact) {
    return impact ? &impact->r.list : NULL;
}

size_t attain_impact_count(const attain_impact *impact) {
    return impact && impact->done ? impact->list.n : 0;
}

attain_status(attain_impact_get)(const attain_impact *impact, size_t index, attain_affected *out,
                                 size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_impact_count(impact)) return ATTAIN_USAGE;
    const struct at_write_affected *of = &impact->list.at[index];
    attain_affected full = {at_api_text(of->payee), at_api_text(of->component), at_api_text(of->from),
                            at_api_text(of->through)};
    return AT_OUT_PUT(out, size, full);
}

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct attain_impact *impact = subject;
    if (format == ATTAIN_REPORT_JSON)
        at_write_impact_json(report, &impact->list);
    else
        at_write_impact_text(report, &impact->list);
}

attain_status attain_impact_write(const attain_impact *impact, attain_report_format format,
                                  const attain_report_options *options, attain_write_fn write,
                                  void *context) {
    if (!impact || !impact->done) return ATTAIN_USAGE;
    return at_api_report_write(&impact->r.own, format, ATTAIN_REPORT_JSON, options, write_as, impact, write,
                               context);
}
