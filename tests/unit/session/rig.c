/* tests/unit/session/rig.c: see rig.h. */
#include "rig.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* of lines */

#include <criterion/criterion.h>

#include "base/numtext.h"
#include "base/vec.h"
#include "diag/render.h"

static bool no_file(void *context, struct at_arena *arena, at_str from, at_str wanted,
                    struct at_parse_loaded *out) {
    (void)context, (void)arena, (void)from, (void)wanted, (void)out;
    return false;
}

void rig_init(struct rig *rig) {
    *rig = (struct rig){.threads = 1, .from = {.kind = AT_YEAR + 1}, .through = {.kind = AT_YEAR + 1}};
    at_arena_init(&rig->policy_arena, NULL, NULL);
    at_arena_init(&rig->run_arena, NULL, NULL);
    at_diag_sources_init(&rig->sources, &rig->policy_arena);
    at_diag_list_init(&rig->diags, &rig->policy_arena, &rig->sources);
}

static void must(struct rig *rig, enum at_status status, const char *stage) {
    if (status == AT_OK) return;
    for (uint32_t i = 0; i < rig->diags.n; i++)
        cr_log_error("%s: %.*s", at_diag_code_info(rig->diags.at[i]->code)->name,
                     AT_STR_ARG(rig->diags.at[i]->message));
    cr_assert_fail("%s did not end well", stage);
}

static void bind(struct rig *rig, const struct rig_table *tables) {
    for (uint32_t t = 0; t < rig->checked->n_schemas; t++) {
        struct at_table *table = &rig->data.tables[t];
        table->binding =
            (struct at_source_binding){.kind = AT_FROM_MEMORY, .name = rig->checked->schemas[t].source};
        const struct rig_table *found = tables;
        while (found->name && !at_str_eq(at_str_z(found->name), rig->checked->schemas[t].name))
            found++;
        cr_assert(found->name, "no data for the table %.*s", AT_STR_ARG(rig->checked->schemas[t].name));
        table->binding.bytes = at_str_z(found->csv);
        if (rig->deals && at_str_eq(rig->checked->schemas[t].name, AT_STR("deal")))
            table->binding = *rig->deals;
    }
}

void rig_run(struct rig *rig, const char *policy, const struct rig_table *tables) {
    struct at_arena *arena = &rig->policy_arena;
    must(rig,
         at_parse(&rig->sources, arena, &rig->diags, AT_STR("policy.attain"), at_str_z(policy), no_file, NULL,
                  &rig->ast),
         "parsing");
    struct at_check_policy *checked;
    must(rig, at_check(rig->ast, arena, &rig->diags, no_file, NULL, &checked), "checking");
    struct at_plan_setting open = {.name = at_str_z(rig->open ? rig->open : ""), .open = true};
    must(rig, at_plan_lower(checked, &open, rig->open != NULL, arena, &rig->diags, &rig->plan), "lowering");
    rig_run_plan(rig, tables);
}

void rig_run_plan(struct rig *rig, const struct rig_table *tables) {
    struct at_arena *arena = &rig->policy_arena;
    const char *broken = at_plan_verify(rig->plan);
    cr_assert(!broken, "the plan is broken: %s", broken);
    rig->checked = rig->plan->checked;
    at_table_dataset_init(&rig->data, &rig->run_arena, &rig->diags, rig->checked->schemas,
                          rig->checked->n_schemas);
    rig->data.threads = rig->threads;
    bind(rig, tables);
    bool *keep = AT_NEW_ARRAY(arena, bool, rig->checked->n_schemas + 1);
    at_session_run_wants(rig->plan, keep);
    must(rig, at_table_dataset_load(&rig->data, keep), "loading");
    struct at_session_run_options options = {.hooks = rig->hooks, .from = rig->from, .through = rig->through};
    const struct at_session_plan *plan = at_session_prepare(rig->plan, true, arena);
    rig->status = at_session_run_execute(plan, &rig->data, &options, &rig->run_arena, &rig->diags, &rig->run);
}

void rig_free(struct rig *rig) {
    at_arena_free(&rig->run_arena);
    at_arena_free(&rig->policy_arena);
}

/* ---- as text */

static at_str payee_key(const struct rig *rig, uint32_t payee) {
    const struct at_table *table = &rig->data.tables[rig->checked->payee_table];
    return table->cols[table->schema->key].text[payee];
}

uint32_t rig_payee(struct rig *rig, const char *key) {
    for (uint32_t e = 0; e < rig->run->n_payees; e++)
        if (at_str_eq(payee_key(rig, e), at_str_z(key))) return e;
    cr_assert_fail("no payee %s", key);
    return 0;
}

static at_str period_text(struct rig *rig, uint32_t index) {
    return at_period_print(&rig->run_arena, at_session_run_period(rig->run, index));
}

struct text {
    AT_VEC(char) bytes;
};
static void add(struct rig *rig, struct text *text, at_str s) {
    AT_VEC_ROOM(&rig->run_arena, &text->bytes, s.n + 1);
    if (s.n) memcpy(text->bytes.at + text->bytes.n, s.p, s.n);
    text->bytes.n += s.n;
    text->bytes.at[text->bytes.n] = '\0';
}

const char *rig_lines(struct rig *rig) {
    struct text text = {0};
    add(rig, &text, AT_STR(""));
    unsigned digits = at_currency_info(rig->checked->currency)->digits;
    for (uint64_t i = 0; i < rig->run->n_lines; i++) {
        const struct at_settle_line *line = &rig->run->lines[i];
        char amount[48];
        if (line->minor == 0) continue;
        size_t n = at_money_write_minor(amount, line->minor, digits);
        at_str period = period_text(rig, line->period), key = payee_key(rig, line->payee);
        add(rig, &text,
            at_str_format(&rig->run_arena, "%.*s,%.*s,%.*s,%.*s,%.*s\n", AT_STR_ARG(key), AT_STR_ARG(period),
                          AT_STR_ARG(rig->plan->components[line->component].name), AT_STR_ARG(line->key),
                          (int)n, amount));
    }
    return text.bytes.at;
}

const char *rig_exceptions(struct rig *rig) {
    struct text text = {0};
    add(rig, &text, AT_STR(""));
    for (uint32_t i = 0; i < rig->run->n_exceptions; i++) {
        const struct at_gather_exception *e = &rig->run->exceptions[i];
        at_str payee = e->payee == UINT32_MAX ? AT_STR("?") : payee_key(rig, e->payee);
        at_str period = e->period == UINT32_MAX ? AT_STR("?") : period_text(rig, e->period);
        add(rig, &text,
            at_str_format(&rig->run_arena, "%.*s,%.*s: %.*s", AT_STR_ARG(payee), AT_STR_ARG(period),
                          AT_STR_ARG(at_words_reason_plain(&rig->run_arena, &e->why))));
        if (e->line)
            add(rig, &text,
                at_str_format(&rig->run_arena, " (%.*s:%llu)", AT_STR_ARG(e->file),
                              (unsigned long long)e->line));
        add(rig, &text, AT_STR("\n"));
    }
    return text.bytes.at;
}

const char *rig_measure(struct rig *rig, const char *measure, const char *payee, uint32_t period) {
    for (uint32_t i = 0; i < rig->checked->n_measures; i++) {
        if (!at_str_eq(rig->checked->measures[i].symbol->name, at_str_z(measure))) continue;
        uint32_t state, cell = period * rig->run->n_payees + rig_payee(rig, payee);
        struct at_plan_value value =
            at_session_run_value(rig->run, rig->plan->measures[i].cell, cell, &rig->run_arena, &state);
        if (state >= AT_STATE_EXCEPTION) return "exception";
        return value.missing ? "missing" : at_num_print(&rig->run_arena, value.bits.num).p;
    }
    cr_assert_fail("no measure %s", measure);
    return "";
}
