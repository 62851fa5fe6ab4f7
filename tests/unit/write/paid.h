/* tests/unit/write/paid.h: results made by hand, so that the writers are tested without a policy or a run.
 *
 * Payees ana (Ana), bo,b (no label) and 李 (李雷); components commission and kicker, "deal" lines by deal;
 * quarters from 2026-Q1; USD.
 */
#ifndef TEST_REPORT_PAID_H
#define TEST_REPORT_PAID_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "write/writer.h"

struct paid {
    struct at_arena arena;
    struct at_check_policy checked;
    struct at_schema schema;
    struct at_ast ast;
    struct at_diag_sources sources;
    struct at_plan plan;
    struct at_plan_component components[2];
    struct at_table_dataset data;
    struct at_table table;
    struct at_col cols[2];
    struct at_schema_field fields[2];
    struct at_session_run run, *runs[1];
    struct at_session_results results;
    char *got;
    size_t n;
};

static inline int paid_keep(void *context, const char *bytes, size_t n) {
    struct paid *p = context;
    p->got = realloc(p->got, p->n + n + 1);
    memcpy(p->got + p->n, bytes, n);
    p->n += n;
    p->got[p->n] = 0;
    return 0;
}

static inline struct paid *paid_start(const char *currency) {
    static at_str keys[] = {{"ana", 3}, {"bo,b", 4}, {"李", 3}},
                  labels[] = {{"Ana", 3}, {"", 0}, {"李雷", 6}};
    static uint32_t order[] = {0, 1, 2};
    struct paid *p = calloc(1, sizeof *p);
    at_arena_init(&p->arena, NULL, NULL);
    at_diag_sources_init(&p->sources, &p->arena);
    p->ast.sources = &p->sources;
    p->fields[0] = (struct at_schema_field){.name = AT_STR("id"), .type = {.kind = AT_T_TEXT}, .key = true};
    p->fields[1] =
        (struct at_schema_field){.name = AT_STR("name"), .type = {.kind = AT_T_TEXT}, .label = true};
    p->schema = (struct at_schema){
        .name = AT_STR("rep"), .payee = true, .fields = p->fields, .n_fields = 2, .key = 0, .label = 1};
    p->checked = (struct at_check_policy){.ast = &p->ast,
                                          .name = AT_STR("Field"),
                                          .version = 2,
                                          .currency = at_currency_find(at_str_z(currency)),
                                          .schemas = &p->schema,
                                          .n_schemas = 1};
    p->components[0] = (struct at_plan_component){.name = AT_STR("commission")};
    p->components[1] = (struct at_plan_component){.name = AT_STR("kicker"), .label = AT_STR("The kicker")};
    p->plan = (struct at_plan){
        .checked = &p->checked, .components = p->components, .n_components = 2, .pays_in = AT_NO_NODE};
    p->cols[0] = (struct at_col){.form = AT_COL_TEXT, .n = 3, .text = keys};
    p->cols[1] = (struct at_col){.form = AT_COL_TEXT, .n = 3, .text = labels};
    p->table = (struct at_table){.schema = &p->schema, .resident = true, .n_rows = 3, .cols = p->cols};
    p->data = (struct at_table_dataset){.tables = &p->table, .n_tables = 1};
    p->run = (struct at_session_run){.plan = &p->plan,
                                     .data = &p->data,
                                     .n_payees = 3,
                                     .n_periods = 2,
                                     .n_regular = 2,
                                     .paid_periods = 2,
                                     .first_period = {AT_QUARTER, 2026 * 4},
                                     .first_position = 2026 * 4,
                                     .payees_by_key = order};
    p->runs[0] = &p->run;
    return p;
}

/* Makes the results of the run's lines. */
static inline void paid_make(struct paid *p, const struct at_session_results_filter *filter) {
    static const struct at_session_results_filter none = {0};
    at_session_results_make(&p->results, p->runs, 1, filter ? filter : &none, &p->arena);
}

typedef void (*paid_writer)(const struct at_session_results *, const struct at_write_options *,
                            struct at_arena *, struct at_sink *);
static inline char *paid_write(struct paid *p, paid_writer write, struct at_write_options options) {
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, paid_keep, p);
    p->n = 0;
    paid_keep(p, "", 0);
    write(&p->results, &options, &p->arena, sink);
    cr_assert(at_sink_flush(sink) == 0);
    free(sink);
    return p->got;
}

static inline void paid_end(struct paid *p) {
    at_arena_free(&p->arena);
    free(p->got);
    free(p);
}

#endif
