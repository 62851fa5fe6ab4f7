/* api/model_target.c: the measure that is assumed, and the target of each payee. */
#include "api/model.h"
#include "api/vary.h"

/* ---- names */

static bool is_amount(at_type type) {
    return type.kind == AT_T_MONEY || type.kind == AT_T_NUMBER;
}

static bool find_measure(struct at_diag_list *diags, const char *name, struct at_arena *arena,
                         struct at_api_model_policy *p, struct at_write_model *out) {
    const struct at_check_policy *checked = p->policy->checked;
    struct at_api_vary vary;
    int64_t at = name ? -1 : at_api_vary_credited(p->policy);
    if (!name && at < 0) {
        struct at_diag *diag =
            at_diag_add(diags, AT_A1266, (at_span){0}, "no measure adds up money that payees are credited");
        at_diag_help(diag, "choose a measure: `--vary NAME`");
        return false;
    }
    if (name) {
        if (!at_api_vary_read(diags, checked, arena, name, &vary)) return false;
        if (vary.kind == AT_VARY_MEASURE) at = vary.index;
    }
    if (at < 0 || checked->measures[at].symbol->grain != AT_G_CELL) {
        at_diag_add(diags, AT_A1266, (at_span){0}, "`%s` is not a measure of each payee", name ? name : "");
        return false;
    }
    p->measure = (uint32_t)at;
    out->vary = checked->measures[at].symbol->name;
    return true;
}

static int64_t measure_of(const struct at_check_policy *checked, at_str name,
                          struct at_str_nearest *nearest) {
    int64_t at = -1;
    for (uint32_t i = 0; i < checked->n_measures; i++) {
        const struct at_check_symbol *symbol = checked->measures[i].symbol;
        if (!is_amount(symbol->type) || symbol->grain != AT_G_CELL) continue;
        at_str_nearest_try(nearest, symbol->name);
        if (at_str_eq(symbol->name, name)) at = i;
    }
    return at;
}

static int64_t field_of(const struct at_schema *schema, at_str name, struct at_str_nearest *nearest) {
    int64_t at = -1;
    for (uint32_t i = 0; i < at_schema_all(schema); i++) {
        if (!is_amount(schema->fields[i].type)) continue;
        at_str_nearest_try(nearest, schema->fields[i].name);
        if (at_str_eq(schema->fields[i].name, name)) at = i;
    }
    return at;
}

static bool refuse_target(struct at_diag_list *diags, at_str name, const struct at_str_nearest *nearest) {
    struct at_diag *diag =
        at_diag_add(diags, AT_A1266, (at_span){0},
                    "`%.*s` is neither a measure of amounts nor a field of the payees", AT_STR_ARG(name));
    if (nearest->best.n)
        at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest->best));
    else
        at_diag_help(diag, "choose what 100%% is: `--of NAME`");
    return false;
}

static bool find_target(struct at_diag_list *diags, const char *given, struct at_api_model_policy *p,
                        struct at_write_model *out) {
    const struct at_check_policy *checked = p->policy->checked;
    const struct at_schema *schema = &checked->schemas[checked->payee_table];
    at_str name = at_str_trim(given ? at_str_z(given) : AT_STR("quota"));
    if (name.n > schema->name.n && name.p[schema->name.n] == '.' &&
        memcmp(name.p, schema->name.p, schema->name.n) == 0) /* `rep.quota` */
        name = (at_str){name.p + schema->name.n + 1, name.n - schema->name.n - 1};
    struct at_str_nearest nearest = {.wanted = name};
    p->of_measure = measure_of(checked, name, &nearest);
    p->of_field = p->of_measure < 0 ? field_of(schema, name, &nearest) : -1;
    out->of = name;
    if (p->of_measure < 0 && p->of_field < 0) return refuse_target(diags, name, &nearest);
    at_type own = checked->measures[p->measure].symbol->type,
            of = p->of_measure >= 0 ? checked->measures[p->of_measure].symbol->type
                                    : schema->fields[p->of_field].type;
    if (own.kind != of.kind || (own.kind == AT_T_MONEY && own.currency != of.currency)) {
        at_diag_add(diags, AT_A1266, (at_span){0}, "`%.*s` cannot be a share of `%.*s`",
                    AT_STR_ARG(out->vary), AT_STR_ARG(name));
        return false;
    }
    return true;
}

bool at_api_model_names(struct at_diag_list *diags, const attain_model_options *options,
                        struct at_arena *arena, struct at_api_model_policy *p, struct at_write_model *out) {
    return find_measure(diags, options->vary, arena, p, out) && find_target(diags, options->of, p, out);
}

/* ---- values */

/* Of a field of the payee; of a dated one, that of the last day of the period, as in a formula of pay. */
static bool field_value(const struct at_api_model_policy *p, uint32_t payee, uint32_t period,
                        struct at_plan_value *out) {
    const struct at_session_run *run = p->run;
    const struct at_table *table = &run->data->tables[p->policy->checked->payee_table];
    const struct at_schema_field *field = &table->schema->fields[p->of_field];
    const struct at_col *col = &table->cols[p->of_field];
    int64_t row = payee;
    if (p->of_field >= (int64_t)table->schema->n_fields) {
        const struct at_dated *dated = run->frame->dated[field->dated_table];
        at_date day = at_period_end(run->calendar, at_session_run_period(run, period));
        int64_t place = dated ? at_dated_place(dated, payee, day) : -1;
        if (place < 0) return false;
        row = dated->row[place];
        col = &run->data->tables[field->dated_table].cols[field->dated_field];
    }
    *out = at_kernel_col_value(col, (uint32_t)row, &field->type);
    return true;
}

uint32_t at_api_model_keeps(const struct at_api_model_policy *p) {
    const struct at_schema *schema = &p->policy->checked->schemas[p->policy->checked->payee_table];
    bool dated = p->of_measure < 0 && p->of_field >= (int64_t)schema->n_fields;
    return dated ? schema->fields[p->of_field].dated_table + 1u : 0;
}

static bool target_of(const struct at_api_model_policy *p, uint32_t payee, uint32_t period,
                      struct at_arena *arena, at_num *out) {
    const struct at_session_run *run = p->run;
    uint32_t state = AT_STATE_OK;
    struct at_plan_value value;
    if (p->of_measure >= 0) {
        uint32_t node = run->plan->measures[p->of_measure].cell;
        if (node == AT_NO_NODE) return false;
        uint32_t cell = run->plan->nodes[node].grain == AT_G_CONST ? 0 : period * run->n_payees + payee;
        value = at_session_run_value(run, node, cell, arena, &state);
    } else if (!field_value(p, payee, period, &value)) {
        return false;
    }
    if (state != AT_STATE_OK || value.missing || !at_plan_type_counts(value.type)) return false;
    *out = at_plan_value_num(&value);
    return true;
}

struct at_curve_targets at_api_model_targets(const struct at_api_model_policy *p, struct at_arena *arena,
                                             bool *lacks) {
    const struct at_session_run *run = p->run;
    uint32_t n = run->n_payees;
    size_t cells = (size_t)(p->until - p->first + 1) * n;
    struct at_curve_targets out = {AT_NEW_ARRAY(arena, at_num, cells + 1),
                                   AT_NEW_ARRAY(arena, bool, cells + 1)};
    for (size_t i = 0; i < cells; i++) {
        uint32_t payee = (uint32_t)(i % n), period = p->first + (uint32_t)(i / n);
        if (!at_kernel_frame_covers(run->frame, payee, period)) continue;
        out.known[i] = target_of(p, payee, period, arena, &out.at[i]);
        if (!out.known[i]) lacks[payee] = true;
    }
    return out;
}
