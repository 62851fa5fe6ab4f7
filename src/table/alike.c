/* table/alike.c: rows with the same values in several fields, and warnings about them. */
#include "table/alike.h"

#include "base/fold.h"
#include "base/numtext.h"
#include "diag/say.h"
#include "table/store.h"

/* ---- rows with the same values */

void at_table_alike_open(struct at_table_alike *alike, const struct at_schema_rule *rule,
                         struct at_arena *arena) {
    *alike = (struct at_table_alike){.arena = arena, .rule = rule};
    at_map_init(&alike->rows, arena);
}

static void add_text(struct at_arena *arena, struct at_text *text, at_str value, bool folded) {
    /* Folding takes UTF-8 for granted. Other bytes are errors of their own. */
    if (folded && at_utf8_invalid(value.p, value.n) == value.n) value = at_text_fold(arena, value);
    at_text_add(arena, text, (at_str){(const char *)&value.n, sizeof value.n});
    at_text_add(arena, text, value);
}

static void add_value(struct at_arena *arena, struct at_text *text, const struct at_col *col, uint32_t i,
                      bool folded) {
    uint32_t at = col->one ? 0 : i, state = at_col_state(col, i);
    at_text_add(arena, text, (at_str){(const char *)&state, sizeof state});
    if (state != AT_STATE_OK) return;
    switch (col->form) {
    case AT_COL_TEXT: add_text(arena, text, col->text[at], folded); break;
    case AT_COL_DAY:
    case AT_COL_ROW: at_text_add(arena, text, (at_str){(const char *)&col->row[at], sizeof *col->row}); break;
    case AT_COL_PERIOD: {
        int64_t period[2] = {col->period[at].kind, col->period[at].ordinal};
        at_text_add(arena, text, (at_str){(const char *)period, sizeof period});
        break;
    }
    case AT_COL_FLAG: at_text_add(arena, text, (at_str){(const char *)&col->flag[at], 1}); break;
    default: break; /* a field of a rule is never a number */
    }
}

static bool has_value(const struct at_schema_rule *rule) {
    return rule->kind == AT_RULE_SHARES || rule->kind == AT_RULE_PERSON;
}

struct at_table_alike_rows *at_table_alike_add(struct at_table_alike *alike, const struct at_col *cols,
                                               uint32_t i, uint64_t line) {
    struct at_arena_mark mark = at_arena_mark(alike->arena);
    struct at_text text = {0};
    for (uint32_t f = 0; f < alike->rule->n_fields; f++)
        add_value(alike->arena, &text, &cols[alike->rule->fields[f]], i, alike->folded);
    at_str key = at_text_str(&text);
    struct at_table_alike_rows *rows = at_map_get(&alike->rows, key);
    if (rows) {
        at_arena_reset(alike->arena, mark);
    } else {
        rows = AT_NEW(alike->arena, struct at_table_alike_rows);
        *rows = (struct at_table_alike_rows){.first = line, .sum = at_num_int(0)};
        at_map_put(&alike->rows, key, rows);
    }
    if (++rows->n == 2) rows->last = line;
    if (!has_value(alike->rule)) return rows;
    const struct at_col *share = &cols[alike->rule->value];
    at_num one = at_col_state(share, i) == AT_STATE_OK ? at_col_num(share, i) : at_num_int(0);
    rows->whole |= at_num_cmp(alike->arena, one, at_num_int(1)) >= 0;
    rows->sum = at_num_add(alike->arena, rows->sum, one);
    return rows;
}

/* ---- warnings */

struct watch {
    struct at_table_dataset *data;
    uint32_t table;
    struct at_arena arena;
    struct at_table_alike *of; /* by rule */
};

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static enum at_status on_batch(void *context, unsigned part, const struct at_table_batch *batch,
                               struct at_arena *scratch) {
    struct watch *watch = context;
    const struct at_schema *schema = watch->data->tables[watch->table].schema;
    (void)part;
    watch->arena.oom = scratch->oom;
    for (uint32_t k = 0; k < schema->n_rules; k++)
        for (uint32_t i = 0; schema->rules[k].kind != AT_RULE_KEY && i < batch->n; i++)
            at_table_alike_add(&watch->of[k], batch->cols, i, batch->lines[i]);
    return AT_OK;
}

/* What the rows of a rule are like, and the first that are not as they should be. */
struct found {
    uint64_t n, several, whole, odd; /* all; with several rows; with 100%; without */
    uint64_t over;                   /* above 100% although each share is a part */
    const struct at_table_alike_rows *first, *first_odd, *first_over;
};

static struct found look(const struct at_table_alike *alike) {
    struct found found = {.n = alike->rows.n};
    for (uint32_t k = 0; k < alike->rows.n; k++) {
        const struct at_table_alike_rows *rows = alike->rows.entries[k].value;
        if (rows->n > 1 && found.several++ == 0) found.first = rows;
        if (!has_value(alike->rule)) continue;
        int order = at_num_cmp(alike->arena, rows->sum, at_num_int(1));
        found.whole += order == 0;
        if (order != 0 && found.odd++ == 0) found.first_odd = rows;
        if (order > 0 && !rows->whole && rows->n > 1 && found.over++ == 0) found.first_over = rows;
    }
    return found;
}

static at_str percent(struct at_arena *arena, at_num share) {
    at_num hundred = at_num_mul(arena, share, at_num_int(100));
    return at_str_format(arena, "%.*s%%", AT_STR_ARG(at_num_print_short(arena, hundred, 4, false, NULL)));
}

static struct at_diag_data_place place_of(struct watch *watch, uint32_t field, uint64_t line) {
    return at_table_dataset_place(watch->data, watch->table, (int)field, line, &watch->arena);
}

static at_words_operand row_name(struct watch *watch, uint64_t line) {
    return at_words_text(at_table_dataset_row_name(watch->data, watch->table, line, &watch->arena));
}

static at_words_operand field_name(const struct watch *watch, uint32_t field) {
    return at_words_text(watch->data->tables[watch->table].schema->fields[field].name);
}

/* Quotas are one amount for a payee and period. If many are in several rows, the rows are parts of them. */
static void warn_quota(struct watch *watch, const struct at_schema_rule *rule, const struct found *found) {
    if (found->several == 0 || (found->n > 3 && found->several * 2 > found->n)) return;
    struct at_diag_data_place place = place_of(watch, rule->fields[1], found->first->last);
    struct at_diag *d =
        at_diag_say(watch->data->diags, AT_A0764, (at_span){0}, &place,
                    AT_SENTENCE(AT_W_DATA_QUOTA_TWICE, at_words_count(found->several),
                                at_words_text(watch->data->tables[watch->table].schema->name),
                                row_name(watch, found->first->first), row_name(watch, found->first->last),
                                field_name(watch, rule->fields[0]), field_name(watch, rule->fields[1])));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_QUOTA_KEY, field_name(watch, rule->fields[0]),
                                    field_name(watch, rule->fields[1])));
}

static void warn_person(struct watch *watch, const struct at_schema_rule *rule, const struct found *found) {
    if (found->several == 0) return;
    struct at_diag_data_place place = place_of(watch, rule->fields[1], found->first->last);
    struct at_diag *d =
        at_diag_say(watch->data->diags, AT_A0765, (at_span){0}, &place,
                    AT_SENTENCE(AT_W_DATA_PERSON_TWICE, at_words_count(found->several),
                                field_name(watch, rule->fields[1]), field_name(watch, rule->fields[0]),
                                row_name(watch, found->first->first), row_name(watch, found->first->last),
                                at_words_text(percent(&watch->arena, found->first->sum))));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_PERSON_KEY, field_name(watch, rule->fields[0]),
                                    field_name(watch, rule->fields[1])));
}

/* Partial shares above 100% are seldom meant, unless most deals have them. Other sums are odd only among
 * deals that add up. */
static void warn_shares(struct watch *watch, const struct at_schema_rule *rule, const struct found *found) {
    bool usual = found->n > 3 && found->over * 2 > found->n;
    const struct at_table_alike_rows *rows = usual ? NULL : found->first_over;
    uint64_t n = found->over;
    if (found->odd && found->whole >= found->odd) {
        rows = found->first_odd;
        n = found->odd;
    }
    if (!rows) return;
    struct at_diag_data_place place = place_of(watch, rule->fields[0], rows->first);
    at_str deal = place.mark_length
                      ? at_str_trim((at_str){place.excerpt.p + place.mark_start, place.mark_length})
                      : watch->data->tables[watch->table].schema->fields[rule->fields[0]].name;
    struct at_diag *d =
        at_diag_say(watch->data->diags, AT_A0766, (at_span){0}, &place,
                    AT_SENTENCE(AT_W_DATA_SHARES_SUM, at_words_count(n), field_name(watch, rule->fields[0]),
                                at_words_text(deal), at_words_text(percent(&watch->arena, rows->sum))));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_SHARES_REQUIRE,
                                    at_words_text(watch->data->tables[watch->table].schema->name),
                                    field_name(watch, rule->value), field_name(watch, rule->fields[0])));
}

static void warn(struct watch *watch) {
    const struct at_schema *schema = watch->data->tables[watch->table].schema;
    for (uint32_t k = 0; k < schema->n_rules; k++) {
        const struct at_schema_rule *rule = &schema->rules[k];
        if (rule->kind == AT_RULE_KEY) continue;
        struct found found = look(&watch->of[k]);
        if (rule->kind == AT_RULE_QUOTA) warn_quota(watch, rule, &found);
        if (rule->kind == AT_RULE_PERSON) warn_person(watch, rule, &found);
        if (rule->kind == AT_RULE_SHARES) warn_shares(watch, rule, &found);
    }
}

static bool watches(const struct at_schema *schema) {
    for (uint32_t k = 0; k < schema->n_rules; k++)
        if (schema->rules[k].kind != AT_RULE_KEY) return true;
    return false;
}

enum at_status at_table_alike_warn(struct at_table_dataset *data, uint32_t table) {
    const struct at_schema *schema = data->tables[table].schema;
    if (!watches(schema)) return AT_OK;
    struct at_arena *scratch = &data->state->scratch;
    struct at_arena_mark mark = at_arena_mark(scratch);
    struct watch *watch = AT_NEW(scratch, struct watch);
    *watch = (struct watch){.data = data, .table = table};
    at_arena_init_beside(&watch->arena, scratch);
    at_arena_defer(scratch, free_arena, &watch->arena);
    watch->of = AT_NEW_ARRAY(scratch, struct at_table_alike, schema->n_rules);
    bool *wanted = AT_NEW_ARRAY(scratch, bool, schema->n_fields + 1);
    for (uint32_t k = 0; k < schema->n_rules; k++) {
        const struct at_schema_rule *rule = &schema->rules[k];
        if (rule->kind == AT_RULE_KEY) continue;
        at_table_alike_open(&watch->of[k], rule, &watch->arena);
        for (uint32_t f = 0; f < rule->n_fields; f++)
            wanted[rule->fields[f]] = true;
        if (has_value(rule)) wanted[rule->value] = true;
    }
    const struct at_table_scan scan = {
        .wanted = wanted, .single = true, .on_batch = on_batch, .context = watch};
    enum at_status status = at_table_dataset_scan(data, table, &scan);
    watch->arena.oom = scratch->oom;
    if (status == AT_OK) warn(watch);
    at_arena_reset(scratch, mark);
    return status;
}
