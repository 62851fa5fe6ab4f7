/* api/fair_gap.c: groups of payees by a field, and which part of a gap the rules explain.
 *
 * The rules explain what changes if the members of one group get the other group's value in the field, and
 * all else stays: another run. If pay is proved not to depend on the field, this is zero, and no run is
 * needed.
 */
#include "api/fairness.h"
#include "base/sort.h"

enum { MOST_GROUPS = 1000 };

/* ---- groups */

struct grouping {
    struct at_api_fairing *f;
    struct at_fair_field *out;
    uint32_t *group; /* by person */
    AT_VEC(at_str) labels;
    struct at_map known; /* label -> its place in `labels` */
    uint32_t *band;      /* of tenure: by person; UINT32_MAX: no date */
    uint32_t people[AT_API_FAIR_BANDS];
};

static const struct at_schema *payees_of(const struct at_session_result_run *run) {
    return &run->checked->schemas[run->checked->payee_table];
}

static int64_t field_of(const struct at_session_result_run *run, at_str name) {
    const struct at_schema *schema = payees_of(run);
    for (uint32_t i = 0; i < schema->n_fields; i++)
        if (at_str_eq(schema->fields[i].name, name)) return i;
    return -1;
}

/* The run that covers the person, and the row there. */
static const struct at_session_result_run *run_of(const struct at_api_fairing *f, uint32_t payee,
                                                  uint32_t *row) {
    const struct at_session_results *results = &f->handle->r.results;
    for (uint32_t i = 0; i < results->n_runs; i++) {
        *row = results->runs[i].row_of[payee];
        if (at_session_results_cover(results, i, payee)) return &results->runs[i];
    }
    return NULL;
}

static uint32_t number_of(struct grouping *g, at_str label) {
    struct at_arena *arena = &g->f->handle->r.own.arena;
    at_str key = at_str_format(arena, "=%.*s", AT_STR_ARG(label));
    uint32_t *number = AT_NEW(arena, uint32_t);
    *number = (uint32_t)g->labels.n;
    const uint32_t *known = at_map_put(&g->known, key, number);
    if (known) return *known;
    AT_VEC_PUSH(arena, &g->labels, label);
    return *number;
}

static at_date day_of(const struct at_session_result_run *run, int64_t field, uint32_t row) {
    const struct at_table *table = &run->run->data->tables[run->checked->payee_table];
    struct at_plan_value day =
        at_kernel_col_value(&table->cols[field], row, &table->schema->fields[field].type);
    return at_plan_value_day(&day);
}

static void place(struct grouping *g, uint32_t payee) {
    struct at_arena *arena = &g->f->handle->r.own.arena;
    uint32_t row, person = g->f->person_of[payee];
    const struct at_session_result_run *run = run_of(g->f, payee, &row);
    int64_t field = run ? field_of(run, g->out->name) : -1;
    g->group[person] = UINT32_MAX;
    if (field < 0) return;
    at_str label = at_session_table_text(run->run->data, (uint32_t)run->checked->payee_table, (uint32_t)field,
                                         row, arena);
    if (g->out->tenure && label.n) {
        g->band[person] = at_api_fair_band(run->run, day_of(run, field, row));
        g->people[g->band[person]]++;
        return;
    }
    g->group[person] = number_of(g, label);
}

static void join_bands(struct grouping *g) {
    at_str labels[AT_API_FAIR_BANDS] = {{0}};
    at_api_fair_bands(g->people, &g->f->handle->r.own.arena, labels);
    for (uint32_t i = 0; i < g->f->handle->report.n_people; i++)
        if (g->band[i] != UINT32_MAX) g->group[i] = number_of(g, labels[g->band[i]]);
}

static void group_by(struct at_api_fairing *f, struct grouping *g) {
    struct at_fair_report *report = &f->handle->report;
    struct at_arena *arena = &f->handle->r.own.arena;
    const struct at_session_results *results = &f->handle->r.results;
    at_num *pay = AT_NEW_ARRAY(arena, at_num, report->n_people + 1);
    at_num *credited = AT_NEW_ARRAY(arena, at_num, report->n_people + 1);
    g->f = f;
    g->group = AT_NEW_ARRAY(arena, uint32_t, report->n_people + 1);
    g->band = AT_NEW_ARRAY(arena, uint32_t, report->n_people + 1);
    for (uint32_t i = 0; i < report->n_people; i++)
        g->band[i] = UINT32_MAX;
    at_map_init(&g->known, arena);
    for (uint32_t i = 0; i < results->n_payees; i++)
        if (f->person_of[i] != UINT32_MAX) place(g, i);
    join_bands(g);
    for (uint32_t i = 0; i < report->n_people; i++) {
        pay[i] = report->people[i].pay;
        credited[i] = report->people[i].credited;
    }
    g->out->labels = g->labels.at;
    at_fair_groups_make(pay, credited, g->group, report->n_people, (uint32_t)g->labels.n, arena,
                        &g->out->groups);
}

/* ---- the part of the rules */

/* Whether a component of a policy depends on the field, or who is covered does. */
static bool depends(const struct at_api_fairing *f, at_str name) {
    struct at_arena *arena = &f->handle->r.own.arena;
    for (uint32_t p = 0; p < f->handle->r.results.n_runs; p++) {
        const struct at_session_result_run *run = &f->handle->r.results.runs[p];
        const struct at_plan *plan = run->run->plan;
        int64_t field = field_of(run, name);
        if (field < 0) continue;
        const struct at_check_symbol **named = at_depend_named(plan, arena);
        uint32_t number = at_depend_field_number(plan, (uint32_t)run->checked->payee_table, (uint32_t)field);
        for (uint32_t i = 0; i <= plan->n_components; i++) {
            struct at_depend_reach reach;
            at_depend_reach_make(plan, i < plan->n_components ? i : AT_NO_NODE, named, arena, &reach);
            if (reach.field[number]) return true;
        }
    }
    return false;
}

static int by_day(const void *left, const void *right) {
    const at_date *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The first day of the month in the middle of a group's dates; of two, the earlier one. A day would be that
 * of one person. */
static at_date middle_of(const struct at_api_fairing *f, const struct grouping *g, uint32_t group) {
    const struct at_session_result_run *run = &f->handle->r.results.runs[0];
    struct at_arena *arena = &f->handle->r.own.arena;
    int64_t field = field_of(run, g->out->name);
    uint32_t n = 0, n_rows = (uint32_t)run->run->data->tables[run->checked->payee_table].n_rows;
    at_date *days = AT_NEW_ARRAY(arena, at_date, n_rows + 1);
    for (uint32_t row = 0; row < n_rows; row++) {
        uint32_t person = f->person_of[run->payee_of[row]];
        if (person != UINT32_MAX && g->group[person] == group) days[n++] = day_of(run, field, row);
    }
    at_sort_items(arena, days, n, sizeof *days, by_day);
    int year, month, day;
    at_date_split(days[n > 0 ? (n - 1) / 2 : 0], &year, &month, &day);
    return days[n > 0 ? (n - 1) / 2 : 0] - (day - 1);
}

/* The rows of the payee table as texts, with the value of `high` for the members of `low`. */
static attain_cell *moved_rows(const struct at_api_fairing *f, const struct grouping *g, uint32_t high,
                               uint32_t low, uint32_t *n_rows) {
    struct at_arena *arena = &f->handle->r.own.arena;
    const struct at_session_result_run *run = &f->handle->r.results.runs[0];
    const struct at_schema *schema = payees_of(run);
    const struct at_table *table = &run->run->data->tables[run->checked->payee_table];
    int64_t moved = field_of(run, g->out->name);
    *n_rows = (uint32_t)table->n_rows;
    attain_cell *cells = AT_NEW_ARRAY(arena, attain_cell, (size_t)*n_rows * schema->n_fields + 1);
    for (uint32_t row = 0; row < *n_rows; row++)
        for (uint32_t k = 0; k < schema->n_fields; k++) {
            attain_cell *cell = &cells[(size_t)row * schema->n_fields + k];
            uint32_t person = f->person_of[run->payee_of[row]];
            bool moves = k == (uint32_t)moved && person != UINT32_MAX && g->group[person] == low;
            at_str text =
                at_session_table_text(run->run->data, (uint32_t)run->checked->payee_table, k, row, arena);
            if (moves && !g->out->tenure) text = g->labels.at[high];
            *cell = (attain_cell){.kind = text.n ? ATTAIN_CELL_TEXT : ATTAIN_CELL_MISSING,
                                  .text = at_api_text(text)};
            if (schema->fields[k].type.kind == AT_T_DATE && text.n) /* its text may have another format */
                *cell = (attain_cell){.kind = ATTAIN_CELL_DAY,
                                      .number = moves ? g->out->middle : day_of(run, k, row)};
        }
    return cells;
}

/* What the members of `low` are paid in these results. */
static at_num pay_of(const struct at_api_fairing *f, const struct grouping *g, const attain_results *moved,
                     uint32_t low) {
    struct at_arena *arena = &f->handle->r.own.arena;
    const struct at_session_results *before = &f->handle->r.results, *after = &moved->results;
    at_num sum = at_num_int(0);
    for (uint32_t i = 0, k = 0; i < before->n_payees; i++) {
        while (k < after->n_payees && at_str_cmp(after->payees[k].key, before->payees[i].key) < 0)
            k++;
        uint32_t person = f->person_of[i];
        if (person == UINT32_MAX || g->group[person] != low || k >= after->n_payees) continue;
        if (at_str_eq(after->payees[k].key, before->payees[i].key))
            sum =
                at_num_add(arena, sum, at_num_decimal128(after->payees[k].amount, f->handle->report.digits));
    }
    return sum;
}

static at_str first_message(const attain_diagnostics *list, struct at_arena *arena) {
    attain_diagnostic d;
    if (attain_diagnostics_get(list, 0, &d) != ATTAIN_OK) return AT_STR("");
    return at_str_copy(arena, (at_str){d.message.bytes, (uint32_t)d.message.length});
}

/* Runs once more. The session is another object, with the memory of the host. */
static attain_status run_moved(struct at_api_fairing *f, const struct grouping *g, uint32_t high,
                               uint32_t low, at_num *pay, at_str *reason) {
    const struct at_check_policy *checked = f->handle->r.results.runs[0].checked;
    attain_run_options options = f->options->run;
    attain_session *session = NULL;
    attain_results *results = NULL;
    attain_rows rows = {0};
    uint32_t n_rows;
    rows.cells = moved_rows(f, g, high, low, &n_rows);
    rows.row_count = n_rows;
    at_str table = at_str_copy(&f->handle->r.own.arena, checked->schemas[checked->payee_table].name);
    options.through = NULL;
    attain_status status = attain_session_new(f->policies, f->n, f->data, &options, &session);
    if (status == ATTAIN_OK) status = attain_session_set_rows(session, table.p, NULL, NULL, &rows);
    if (status == ATTAIN_OK) status = attain_session_run(session, f->options->run.watch, &results);
    *reason = status == ATTAIN_OK
                  ? AT_STR("")
                  : first_message(attain_session_diagnostics(session), &f->handle->r.own.arena);
    if (status == ATTAIN_OK) *pay = pay_of(f, g, results, low);
    attain_session_free(session);
    return status;
}

/* The group of those without a date has no middle. */
static bool no_date(const struct grouping *g, const struct at_fair_group *group) {
    return g->labels.at[group->group].n == 0;
}

static attain_status explain_gap(struct at_api_fairing *f, struct grouping *g) {
    struct at_fair_field *field = g->out;
    struct at_arena *arena = &f->handle->r.own.arena;
    uint32_t n = 0, low = 0, high = UINT32_MAX;
    for (uint32_t i = 0; i < field->groups.n; i++) {
        if (field->groups.at[i].group == UINT32_MAX || !field->groups.at[i].rated) continue;
        if (high == UINT32_MAX) high = i;
        low = i;
        n++;
    }
    if (n < 2) return ATTAIN_OK;
    const struct at_fair_group *top = &field->groups.at[high], *bottom = &field->groups.at[low];
    at_num pay;
    field->high = high;
    field->low = low;
    field->gap = AT_FAIR_GAP_PROVED;
    if (!depends(f, field->name)) return ATTAIN_OK;
    field->gap = AT_FAIR_GAP_UNKNOWN;
    if (field_of(&f->handle->r.results.runs[0], field->name) < 0 || (field->tenure && no_date(g, top))) {
        field->reason = field->name;
        return ATTAIN_OK;
    }
    if (field->tenure) field->middle = middle_of(f, g, top->group);
    attain_status status = run_moved(f, g, top->group, bottom->group, &pay, &field->reason);
    if (status == ATTAIN_CANCELLED || at_api_lacked_memory(status)) return status;
    if (status != ATTAIN_OK) return ATTAIN_OK;
    field->gap = AT_FAIR_GAP_RUN;
    field->moved = at_num_div(arena, pay, bottom->credited);
    field->rules = at_num_sub(arena, field->moved, bottom->rate);
    field->data = at_num_sub(arena, top->rate, field->moved);
    return ATTAIN_OK;
}

/* ---- fields */

static void add(struct at_fair_report *report, const struct at_schema_field *field) {
    report->fields[report->n_fields++] =
        (struct at_fair_field){.name = field->name, .tenure = field->type.kind == AT_T_DATE};
}

static bool unknown_field(struct at_api_fairing *f, const struct at_schema *schema, at_str name) {
    struct at_str_nearest nearest = {.wanted = name};
    for (uint32_t i = 0; i < schema->n_fields; i++)
        at_str_nearest_try(&nearest, schema->fields[i].name);
    struct at_diag *d = at_diag_add(&f->handle->r.arguments, AT_A1292, (at_span){0},
                                    "%.*s has no field `%.*s`", AT_STR_ARG(schema->name), AT_STR_ARG(name));
    if (nearest.best.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return false;
}

/* Those of the options, or all whose values may be groups: not keys, labels, and amounts. */
static bool choose_fields(struct at_api_fairing *f) {
    struct at_fair_report *report = &f->handle->report;
    const struct at_session_result_run *run = &f->handle->r.results.runs[0];
    const struct at_schema *schema = payees_of(run);
    report->fields = AT_NEW_ARRAY(&f->handle->r.own.arena, struct at_fair_field,
                                  schema->n_fields + f->options->field_count + 1);
    for (size_t k = 0; k < f->options->field_count; k++) {
        at_str name = at_str_z(f->options->fields[k] ? f->options->fields[k] : "");
        int64_t at = field_of(run, name);
        if (at < 0) return unknown_field(f, schema, name);
        add(report, &schema->fields[at]);
    }
    for (uint32_t i = 0; f->options->field_count == 0 && i < schema->n_fields; i++) {
        const struct at_schema_field *field = &schema->fields[i];
        bool groups = field->type.kind == AT_T_TEXT || field->type.kind == AT_T_ENUM ||
                      field->type.kind == AT_T_FLAG || field->type.kind == AT_T_DATE;
        if (groups && !field->key && !field->label && !field->unique) add(report, field);
    }
    return true;
}

/* A field without two groups that are large enough is left out, unless it was asked for. */
static bool is_of_use(const struct at_api_fairing *f, const struct at_fair_field *field, size_t n_labels) {
    return f->options->field_count > 0 || (n_labels > 1 && n_labels <= MOST_GROUPS && field->groups.n > 1);
}

attain_status at_api_fair_groups(struct at_api_fairing *f) {
    struct at_fair_report *report = &f->handle->report;
    uint32_t n = 0;
    if (f->handle->r.results.n_runs == 0 || !choose_fields(f))
        return f->handle->r.arguments.errors ? ATTAIN_USAGE : ATTAIN_OK;
    for (uint32_t i = 0; i < report->n_fields; i++) {
        struct grouping g = {.out = &report->fields[i]};
        group_by(f, &g);
        attain_status status = explain_gap(f, &g);
        if (status != ATTAIN_OK) return status;
        if (is_of_use(f, &report->fields[i], g.labels.n)) report->fields[n++] = report->fields[i];
    }
    report->n_fields = n;
    return ATTAIN_OK;
}
