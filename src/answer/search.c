/* answer/search.c: tries all changes one after another. */
#include "answer/search_int.h"
#include "base/sort.h"

#define MOST_LIKES 8 /* rows like which a missing one is tried */

/* ---- whole rows */

static void try_row(struct at_answer_search *s, const struct at_answer_row *row) {
    struct at_answer_change change = {.kind = AT_ANSWER_EXTRA,
                                      .table = row->table,
                                      .row = row->row,
                                      .in = {.kind = AT_YEAR + 1},
                                      .name = at_answer_row_name(s, row->table, row->row),
                                      .odds = 45 + at_answer_bits_of(s->n_in)};
    if (at_answer_find_twin(s, row, &change.twin)) change.odds = 5;
    if (!row->in) change.odds += 20;
    if (at_answer_try(s, at_answer_edit_gone(s, row->table, row->row), &change.minor))
        at_answer_keep(s, &change);
    if (!row->in) return;
    change.kind = AT_ANSWER_TWICE;
    change.twin = (at_str){0};
    change.odds = 75 + at_answer_bits_of(s->n_in);
    if (at_answer_try(s, at_answer_edit_copy(s, row->table, row->row), &change.minor))
        at_answer_keep(s, &change);
}

/* ---- missing rows */

static int32_t number_field(const struct at_answer_search *s, uint32_t table) {
    const struct at_schema *schema = s->run->data->tables[table].schema;
    int32_t first = -1;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        if (!at_answer_is_number(s, table, f) || !at_answer_matters(s, table, f)) continue;
        if (schema->fields[f].type.kind != AT_T_NUMBER) return (int32_t)f;
        if (first < 0) first = (int32_t)f;
    }
    return first;
}

/* What distinguishes rows that could be missing: all that matters but numbers, days, and the payee. */
static at_str looks_of(const struct at_answer_search *s, const struct at_answer_row *row) {
    const struct at_table *table = &s->run->data->tables[row->table];
    at_str looks = at_str_format(s->arena, "%u", (unsigned)row->table);
    for (uint32_t f = 0; f < table->schema->n_fields; f++) {
        const at_type *type = &table->schema->fields[f].type;
        bool owner = type->kind == AT_T_REF && (int32_t)type->table == s->payee_table;
        if ((int)f == table->schema->key || owner || type->kind == AT_T_DATE ||
            at_answer_is_number(s, row->table, f) || !at_answer_matters(s, row->table, f))
            continue;
        if (row->row >= table->cols[f].n) continue;
        at_str text = at_session_table_text(s->run->data, row->table, f, row->row, s->scratch);
        looks = at_str_format(s->arena, "%.*s|%.*s", AT_STR_ARG(looks), AT_STR_ARG(text));
    }
    return looks;
}

static void try_missing(struct at_answer_search *s) {
    const struct at_answer_row *likes[MOST_LIKES];
    uint32_t n = 0;
    struct at_map known;
    at_map_init(&known, s->arena);
    for (size_t i = 0; i < s->rows.n && n < MOST_LIKES; i++) {
        const struct at_answer_row *row = &s->rows.at[i];
        if (!at_answer_is_fed(s, row->table) || number_field(s, row->table) < 0) continue;
        if (!at_map_put(&known, looks_of(s, row), s)) likes[n++] = row;
    }
    for (uint32_t i = 0; i < n; i++)
        at_answer_try_missing(s, likes[i], (uint32_t)number_field(s, likes[i]->table), n);
}

/* ---- the earlier version */

static void try_versions(struct at_answer_search *s) {
    for (uint32_t k = 0; s->versions && k < s->versions->n; k++) {
        struct at_answer_change change = {.kind = AT_ANSWER_EDIT,
                                          .edit = k,
                                          .in = {.kind = AT_YEAR + 1},
                                          .odds = 30 + at_answer_bits_of(s->versions->n)};
        bool paid = s->versions->pay(s->versions->context, k, &s->question->target, &change.minor);
        s->judged = 0;
        if (paid && s->question->judge_edit) s->judged = s->question->judge_edit(s->question->context, k);
        if (paid) at_answer_keep(s, &change);
    }
}

/* ---- all of them */

static void try_all(struct at_answer_search *s) {
    for (size_t i = 0; i < s->rows.n && s->status == AT_OK; i++) {
        const struct at_answer_row *row = &s->rows.at[i];
        const struct at_schema *schema = s->run->data->tables[row->table].schema;
        at_watch_show(s->host->watch, AT_WATCH_CHOICES, (at_str){0}, i, s->rows.n);
        for (uint32_t f = 0; f < schema->n_fields; f++) {
            if (!at_answer_matters(s, row->table, f) ||
                s->run->data->tables[row->table].cols[f].n <= row->row)
                continue;
            if (!at_answer_is_number(s, row->table, f))
                at_answer_try_values(s, row, f);
            else if (!row->other)
                at_answer_try_number(s, row, f);
            at_arena_reset(s->scratch, (struct at_arena_mark){0});
        }
        if (!row->other && at_answer_is_fed(s, row->table)) try_row(s, row);
        at_arena_reset(s->scratch, (struct at_arena_mark){0});
    }
    if (s->status == AT_OK) try_missing(s);
    if (s->status == AT_OK) try_versions(s);
    at_watch_show(s->host->watch, AT_WATCH_CHOICES, (at_str){0}, s->rows.n, s->rows.n);
}

static int by_bits(const void *left, const void *right) {
    const struct at_answer_change *a = left, *b = right;
    if (a->odds != b->odds) return a->odds < b->odds ? -1 : 1;
    if (a->table != b->table) return a->table < b->table ? -1 : 1;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    return (a->field > b->field) - (a->field < b->field);
}

static void find_fields(struct at_answer_search *s) {
    const struct at_check_symbol *const *named = at_depend_named(s->plan, s->arena);
    int32_t component = s->question->target.component;
    at_depend_reach_make(s->plan, AT_NO_NODE, named, s->arena, &s->everywhere);
    s->reach = s->everywhere;
    s->reach.field = AT_NEW_ARRAY(s->arena, bool, s->everywhere.n_fields + 1);
    for (uint32_t c = 0; c < s->plan->n_components; c++) {
        struct at_depend_reach one;
        if (component >= 0 && (uint32_t)component != c) continue;
        at_depend_reach_make(s->plan, c, named, s->arena, &one);
        for (uint32_t f = 0; f < one.n_fields; f++)
            s->reach.field[f] |= one.field[f];
    }
    s->columns = AT_NEW_ARRAY(s->arena, struct at_answer_column, s->everywhere.n_fields + 1);
    s->texts = AT_NEW_ARRAY(s->arena, const at_str *, s->everywhere.n_fields + 1);
    s->n_texts = AT_NEW_ARRAY(s->arena, uint32_t, s->everywhere.n_fields + 1);
}

enum at_status at_answer_search(const struct at_session_results *results,
                                const struct at_answer_question *question,
                                const struct at_answer_versions *versions, const struct at_answer_host *host,
                                struct at_arena *arena, struct at_answer_found *out) {
    const struct at_session_result_run *r = &results->runs[question->target.run];
    struct at_answer_search s = {.results = results,
                                 .r = r,
                                 .run = r->run,
                                 .plan = r->run->plan,
                                 .question = question,
                                 .versions = versions,
                                 .host = host,
                                 .arena = arena,
                                 .scratch = at_arena_scratch(arena),
                                 .out = out,
                                 .key = r->keys[question->target.payee],
                                 .period = (uint32_t)(question->target.period - r->run->first_position),
                                 .payee_table = r->checked->payee_table,
                                 .edits =
                                     AT_NEW_ARRAY(arena, const struct at_table_edit *, results->n_runs + 1),
                                 .runs = AT_NEW_ARRAY(arena, struct at_session_run *, results->n_runs + 1)};
    *out = (struct at_answer_found){
        .near = AT_NEW_ARRAY(arena, struct at_answer_change, AT_ANSWER_MOST_NEAR + 1)};
    out->withheld = !at_answer_pay(r->run, &question->target, &out->paid);
    find_fields(&s);
    s.status = at_answer_find_rows(&s);
    if (s.status == AT_OK && (out->withheld || out->paid != question->wanted)) try_all(&s);
    at_arena_free(s.scratch);
    out->at = s.matches.at;
    out->n = (uint32_t)s.matches.n;
    at_sort_items(arena, out->at, out->n, sizeof *out->at, by_bits);
    return s.status;
}
