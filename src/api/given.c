/* api/given.c: the `given` rows of a test as tables of cells, so that a test runs as data does.
 *
 * All values are calculated first, then put into columns, because a reference may name the key of a later
 * row.
 */
#include "api/test.h"

#include "base/vec.h"

/* The rows given for one table: values[row * n_fields + field]; `missing` where the test does not give it. */
struct rows {
    const struct at_schema *schema;
    const struct at_ast_node **nodes;
    struct at_plan_value *values;
    uint32_t n;
};

static int32_t table_named(const struct at_check_policy *checked, at_str name) {
    for (uint32_t i = 0; i < checked->n_schemas; i++)
        if (at_str_eq(checked->schemas[i].name, name)) return (int32_t)i;
    return -1;
}

static int32_t field_named(const struct at_schema *schema, at_str name) {
    for (uint32_t i = 0; i < schema->n_fields; i++)
        if (at_str_eq(schema->fields[i].name, name)) return (int32_t)i;
    return -1;
}

/* Calculates the values of one `given`. A field that the test does not give is missing. */
static bool read_row(struct at_api_trial *trial, struct rows *rows, const struct at_ast_node *given) {
    struct at_plan_value *values = &rows->values[(size_t)rows->n * rows->schema->n_fields];
    for (uint32_t f = 0; f < rows->schema->n_fields; f++)
        values[f].missing = true;
    for (uint32_t i = 0; i < given->n; i++) {
        const struct at_ast_node *pair = given->child[i];
        int32_t field = pair && pair->kind == AT_N_PAIR ? field_named(rows->schema, pair->text) : -1;
        if (field < 0) continue; /* the checker has told it */
        if (!at_api_trial_constant(trial, pair->child[0], &values[field])) return false;
    }
    rows->nodes[rows->n++] = given;
    return true;
}

/* The arrays have room for all statements of the test, so they do not grow. */
static bool read_rows(struct at_api_trial *trial, struct rows *tables) {
    const struct at_ast_node *test = trial->result->node;
    const struct at_check_policy *checked = trial->policy->checked;
    for (uint32_t i = 0; i < checked->n_schemas; i++) {
        tables[i].schema = &checked->schemas[i];
        tables[i].nodes = AT_NEW_ARRAY(trial->arena, const struct at_ast_node *, test->n + 1);
        tables[i].values = AT_NEW_ARRAY(trial->arena, struct at_plan_value,
                                        (size_t)test->n * tables[i].schema->n_fields + 1);
    }
    for (uint32_t i = 0; i < test->n; i++) {
        const struct at_ast_node *given = test->child[i];
        if (!given || given->kind != AT_N_GIVEN) continue;
        int32_t table = table_named(checked, given->text);
        if (table < 0) return at_api_trial_problem(trial, "unknown table `%.*s`", AT_STR_ARG(given->text));
        if (!read_row(trial, &tables[table], given)) return false;
    }
    return true;
}

/* Compares a value with a key as references do: texts without spaces at their ends, numbers exactly. */
static bool same(struct at_api_trial *trial, const struct at_plan_value *a, const struct at_plan_value *b) {
    if (a->missing || b->missing) return false;
    switch ((enum at_type_kind)a->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION:
        return b->type.kind == a->type.kind &&
               at_num_cmp(trial->arena, at_plan_value_num(a), at_plan_value_num(b)) == 0;
    case AT_T_TEXT:
        return b->type.kind == AT_T_TEXT &&
               at_str_eq(at_str_trim(at_plan_value_text(a)), at_str_trim(at_plan_value_text(b)));
    case AT_T_PERIOD:
        return b->type.kind == AT_T_PERIOD && at_plan_value_period(a).kind == at_plan_value_period(b).kind &&
               at_plan_value_period(a).ordinal == at_plan_value_period(b).ordinal;
    default: return a->type.kind == b->type.kind && at_plan_value_ordinal(a) == at_plan_value_ordinal(b);
    }
}

/* The row given for the other table whose naming field has this value; -1 where there is none. */
static int32_t row_of(struct at_api_trial *trial, const struct rows *to, int field,
                      const struct at_plan_value *value) {
    for (uint32_t r = 0; r < to->n && field >= 0; r++)
        if (same(trial, &to->values[(size_t)r * to->schema->n_fields + (uint32_t)field], value))
            return (int32_t)r;
    return -1;
}

/* Returns the place of the value in the choices of the field, or -1. A choice of another type is compared
 * by its text. */
static int32_t choice_of(const struct at_type_choices *choices, const struct at_plan_value *value) {
    if (value->type.kind == AT_T_ENUM && value->type.choices == choices) return at_plan_value_row(value);
    at_str text = value->type.kind == AT_T_ENUM ? value->type.choices->at[at_plan_value_row(value)]
                                                : at_plan_value_text(value);
    for (uint32_t i = 0; i < choices->n; i++)
        if (at_str_eq(choices->at[i], text)) return (int32_t)i;
    return -1;
}

/* Returns the field's value as the test writes it, for messages. */
static at_str shown(struct at_api_trial *trial, const struct at_ast_node *given, at_str field) {
    for (uint32_t i = 0; i < given->n; i++)
        if (given->child[i] && at_str_eq(given->child[i]->text, field))
            return at_diag_sources_text(&trial->policy->sources, given->child[i]->child[0]->span);
    return AT_STR("");
}

/* Stores a choice or a reference as a row number, or reports that it does not exist. */
static bool put_row_number(struct at_api_trial *trial, const struct rows *tables, const struct rows *rows,
                           uint32_t r, const struct at_schema_field *field, struct at_col *col,
                           const struct at_plan_value *value) {
    int32_t row = field->type.kind == AT_T_ENUM
                      ? choice_of(field->type.choices, value)
                      : row_of(trial, &tables[field->type.table], field->ref_field, value);
    col->row[r] = row;
    if (row >= 0) return true;
    at_str text = shown(trial, rows->nodes[r], field->name);
    at_str table = field->type.kind == AT_T_ENUM ? AT_STR("") : tables[field->type.table].schema->name;
    if (field->type.kind == AT_T_ENUM)
        return at_api_trial_problem(trial, "%.*s is not a choice of `%.*s`", AT_STR_ARG(text),
                                    AT_STR_ARG(field->name));
    return at_api_trial_problem(
        trial, "row %u of `%.*s` refers to %.*s, but the test does not give this row of `%.*s`", r + 1,
        AT_STR_ARG(rows->schema->name), AT_STR_ARG(text), AT_STR_ARG(table));
}

/* A year is written as a number: 2026. */
static bool put_period(struct at_api_trial *trial, struct at_col *col, uint32_t r,
                       const struct at_plan_value *value) {
    int64_t year;
    col->period[r] = (at_period){.kind = AT_YEAR};
    if (value->type.kind == AT_T_PERIOD)
        col->period[r] = at_plan_value_period(value);
    else if (at_num_to_i64(trial->arena, at_plan_value_num(value), 0, &year))
        col->period[r].ordinal = (int32_t)year;
    return true;
}

static bool put_value(struct at_api_trial *trial, const struct rows *tables, const struct rows *rows,
                      uint32_t r, uint32_t f, struct at_col *col) {
    const struct at_plan_value *value = &rows->values[(size_t)r * rows->schema->n_fields + f];
    const struct at_schema_field *field = &rows->schema->fields[f];
    if (value->missing) {
        col->state[r] = AT_STATE_MISSING;
        if (col->form == AT_COL_ROW) col->row[r] = -1;
        if (col->form <= AT_COL_NUM) at_col_put_num(trial->arena, col, rows->n, r, at_num_int(0));
        return true;
    }
    switch ((enum at_col_form)col->form) {
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM: at_col_put_num(trial->arena, col, rows->n, r, at_plan_value_num(value)); return true;
    case AT_COL_TEXT:
        col->text[r] = field->key ? at_str_trim(at_plan_value_text(value)) : at_plan_value_text(value);
        return true;
    case AT_COL_DAY: col->day[r] = at_plan_value_day(value); return true;
    case AT_COL_PERIOD: return put_period(trial, col, r, value);
    case AT_COL_FLAG: col->flag[r] = at_plan_value_yes(value); return true;
    case AT_COL_ROW: return put_row_number(trial, tables, rows, r, field, col, value);
    }
    return true;
}

static bool make_columns(struct at_api_trial *trial, const struct rows *tables, const struct rows *rows,
                         struct at_source_binding *binding) {
    uint32_t n_fields = rows->schema->n_fields;
    *binding = (struct at_source_binding){.kind = AT_FROM_CELLS, .n_rows = rows->n};
    binding->name = at_str_format(trial->arena, "given %.*s", AT_STR_ARG(rows->schema->name));
    binding->cells = AT_NEW_ARRAY(trial->arena, struct at_col, n_fields + 1);
    for (uint32_t f = 0; f < n_fields; f++) {
        struct at_col *col = &binding->cells[f];
        col->form = (uint8_t)at_col_form_of(&rows->schema->fields[f].type);
        col->data = at_arena_zero(trial->arena, at_col_width((enum at_col_form)col->form) * (rows->n + 1));
        col->state = AT_NEW_ARRAY(trial->arena, uint32_t, rows->n + 1);
        bool missing = false;
        for (uint32_t r = 0; r < rows->n; r++) {
            if (!put_value(trial, tables, rows, r, f, col)) return false;
            missing |= col->state[r] != AT_STATE_OK;
        }
        /* A column without states has all values. */
        if (!missing) col->state = NULL;
        col->n = rows->n;
    }
    return true;
}

bool at_api_trial_given(struct at_api_trial *trial) {
    const struct at_check_policy *checked = trial->policy->checked;
    struct rows *tables = AT_NEW_ARRAY(trial->arena, struct rows, checked->n_schemas + 1);
    if (!read_rows(trial, tables)) return false;
    at_table_dataset_init(&trial->data, trial->arena, &trial->diags, checked->schemas, checked->n_schemas);
    trial->data.watch = trial->watch;
    for (uint32_t i = 0; i < checked->n_schemas; i++)
        if (!make_columns(trial, tables, &tables[i], &trial->data.tables[i].binding)) return false;
    return true;
}
