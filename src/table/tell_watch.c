/* table/tell_watch.c: the warnings about what watches have found. Each has a count, the first row, and what
 * settles it. */
#include "base/fold.h"
#include "diag/say.h"
#include "table/pass.h"
#include "table/watch.h"

/* A column that warnings are about. */
struct column {
    struct at_table_dataset *data;
    const struct at_schema_field *field;
    struct at_source *source;
    uint32_t number; /* of the source, from 1 */
    struct at_arena *scratch;
};

static struct column column_of(struct at_table_dataset *data, uint32_t table, uint32_t field) {
    const struct at_table_store *store = at_table_store_of(data, table);
    return (struct column){data, &data->tables[table].schema->fields[field], store->source,
                           at_table_store_column(store, field), &data->state->scratch};
}

static struct at_table_sight sight_of(const struct column *column, const struct at_table_found *found) {
    return at_table_fault_sight(column->source, (struct at_source_ref){found->id, found->line},
                                column->number, column->scratch);
}

/* How two texts differ. */
static enum at_words_word difference(struct at_arena *scratch, at_str a, at_str b) {
    switch (at_text_differ(scratch, a, b)) {
    case AT_TEXTS_COMPOSED: return AT_W_DATA_DIFFER_COMPOSED;
    case AT_TEXTS_CASE: return AT_W_DATA_DIFFER_CASE;
    case AT_TEXTS_BLANKS: return AT_W_DATA_DIFFER_BLANKS;
    case AT_TEXTS_SAME:
    case AT_TEXTS_SEVERAL: break;
    }
    return AT_W_DATA_DIFFER_SEVERAL;
}

/* ---- texts */

/* What `lower` makes of the two texts: it knows the letters of ASCII only. */
static bool lower_helps(struct at_arena *arena, at_str cell, at_str text) {
    return at_str_eq(at_str_lower(arena, cell), at_str_lower(arena, text));
}

struct at_diag *at_table_tell_near_text(struct at_diag_list *diags, struct at_arena *scratch,
                                        const struct at_schema_field *field,
                                        const struct at_diag_data_place *place, at_str cell, at_str text,
                                        uint64_t n, bool own) {
    enum at_words_word differ = difference(scratch, cell, text);
    at_words_operand name = at_words_text(field->name);
    enum at_words_word one = own ? AT_W_DATA_NEAR_TEXT_ONE : AT_W_DATA_NEAR_COLUMN_ONE,
                       many = own ? AT_W_DATA_NEAR_TEXT_MANY : AT_W_DATA_NEAR_COLUMN_MANY;
    struct at_diag *d = at_diag_say(
        diags, AT_A0784, (at_span){0}, place,
        AT_SENTENCE(n == 1 ? one : many, at_words_text(cell), name, at_words_text(text), at_words_count(n)));
    at_diag_say_note(d, AT_SENTENCE(differ));
    at_diag_say_help(
        d, AT_SENTENCE(lower_helps(scratch, cell, text) ? AT_W_DATA_WRITE_LOWER : AT_W_DATA_WRITE_SAME, name,
                       at_words_text(AT_STR("A0784"))));
    return d;
}

/* If no row has the text of the policy, what compares it finds nothing, and pay would be lost: an error. Of a
 * column, each row is compared with one text only. */
static void tell_text(const struct column *column, at_str text, const struct at_table_found *found, bool met,
                      at_str cell, bool own) {
    struct at_table_sight sight = sight_of(column, found);
    if (!cell.p) cell = at_str_trim(sight.value);
    struct at_diag *d = at_table_tell_near_text(column->data->diags, column->scratch, column->field,
                                                &sight.place, cell, text, found->n, own);
    if (!met && own) at_diag_raise(d);
}

/* A text that the policy looks for inside a column. */
static void tell_part(const struct column *column, at_str text, const struct at_table_found *found, bool met,
                      at_str cell) {
    struct at_table_sight sight = sight_of(column, found);
    if (!cell.p) cell = at_str_trim(sight.value);
    at_words_operand name = at_words_text(column->field->name);
    struct at_diag *d =
        at_diag_say(column->data->diags, AT_A0784, (at_span){0}, &sight.place,
                    AT_SENTENCE(found->n == 1 ? AT_W_DATA_NEAR_PART_ONE : AT_W_DATA_NEAR_PART_MANY,
                                at_words_text(cell), name, at_words_text(text), at_words_count(found->n)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_WRITE_LOWER, name, at_words_text(AT_STR("A0784"))));
    if (!met) at_diag_raise(d);
}

/* ---- numbers */

/* Names that people give to multipliers, not to rates. */
static bool is_multiplier(at_str name, struct at_arena *scratch) {
    static const char *const words[] = {"mult", "factor", "accel", "weight", "kicker", "boost",
                                        "coef", "units",  "系数",  "倍",     "权重"};
    at_str folded = at_text_fold(scratch, name);
    for (unsigned i = 0; i < AT_COUNT(words); i++)
        for (uint32_t at = 0; at + strlen(words[i]) <= folded.n; at++)
            if (memcmp(folded.p + at, words[i], strlen(words[i])) == 0) return true;
    return false;
}

static void tell_rates(const struct column *column, const struct at_table_watched *all, bool rate) {
    const struct at_table_found *found = all->large.n ? &all->large : &all->small;
    if (found->n == 0 || is_multiplier(column->field->name, column->scratch)) return;
    struct at_table_sight sight = sight_of(column, found);
    bool large = found == &all->large;
    at_words_operand name = at_words_text(column->field->name),
                     value = at_words_text(at_str_trim(sight.value));
    enum at_words_word word = !rate   ? AT_W_DATA_RATE_COMPARED
                              : large ? AT_W_DATA_RATE_LARGE
                                      : AT_W_DATA_RATE_SMALL;
    struct at_diag *d = at_diag_say(column->data->diags, AT_A0787, (at_span){0}, &sight.place,
                                    AT_SENTENCE(word, value, name));
    if (found->n > 1) at_diag_say_note(d, AT_SENTENCE(AT_W_DATA_RATE_ROWS, at_words_count(found->n)));
    at_diag_say_help(d, AT_SENTENCE(large ? AT_W_DATA_WRITE_PERCENT : AT_W_DATA_CHECK_RATE, value, name));
}

static void tell_points(const struct column *column, const struct at_table_watched *all) {
    struct at_table_sight sight = sight_of(column, &all->fractions);
    at_words_operand name = at_words_text(column->field->name),
                     value = at_words_text(at_str_trim(sight.value));
    struct at_diag *d = at_diag_say(column->data->diags, AT_A0790, (at_span){0}, &sight.place,
                                    AT_SENTENCE(AT_W_DATA_POINTS_BELOW, value, name));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_CHECK_POINTS, name));
}

/* Numbers often have three decimals, so one alone is not enough. */
static void tell_dots(const struct column *column, const struct at_table_watched *all) {
    const struct at_currency_info *currency = at_currency_info(column->field->type.currency);
    bool money = column->field->type.kind == AT_T_MONEY;
    if (all->other_dots || all->dots.n < (money ? 1 : 2) || (money && currency && currency->digits > 2))
        return;
    struct at_table_sight sight = sight_of(column, &all->dots);
    at_words_operand name = at_words_text(column->field->name), count = at_words_count(all->dots.n),
                     value = at_words_text(at_str_trim(sight.value));
    struct at_diag *d = at_diag_say(column->data->diags, AT_A0788, (at_span){0}, &sight.place,
                                    AT_SENTENCE(AT_W_DATA_DOTS, value, name));
    at_diag_say_note(d, AT_SENTENCE(all->dots.n == 1 ? AT_W_DATA_DOTS_ONE : AT_W_DATA_DOTS_MANY, count));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_DECLARE_DOTS, name));
}

/* ---- keys */

void at_table_tell_near_keys(struct at_table_dataset *data, uint32_t table, uint32_t field,
                             struct at_source_ref first, struct at_source_ref second, uint64_t n) {
    struct column column = column_of(data, table, field);
    struct at_table_sight a = at_table_fault_sight(column.source, first, column.number, column.scratch),
                          b = at_table_fault_sight(column.source, second, column.number, column.scratch);
    at_str one = at_str_trim(a.value), two = at_str_trim(b.value);
    struct at_diag *d =
        at_diag_say(data->diags, AT_A0786, (at_span){0}, &b.place,
                    AT_SENTENCE(n == 1 ? AT_W_DATA_NEAR_KEY_ONE : AT_W_DATA_NEAR_KEY_MANY, at_words_text(two),
                                at_words_text(column.field->name), at_words_text(one), at_words_count(n)));
    at_diag_say_note(d, AT_SENTENCE(difference(column.scratch, two, one)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_WRITE_KEYS,
                                    at_words_text(a.place.name.n ? a.place.name : a.place.file),
                                    at_words_count(a.place.row), at_words_text(AT_STR("A0786"))));
}

/* ---- all parts of a pass */

static void join(struct at_table_found *into, const struct at_table_found *more) {
    if (into->n == 0)
        *into = *more;
    else
        into->n += more->n;
}

/* What one field's lanes have found together. Lanes have the same order in all parts. */
static void tell_lane(const struct at_table_pass *pass, uint32_t lane) {
    struct at_table_dataset *data = pass->data;
    const struct at_table_lane *first = &pass->parts[0].parser.lanes[lane];
    struct column column = column_of(data, pass->table, first->index);
    uint32_t n_texts = first->watched->near ? (uint32_t)first->watch->texts.n : 0,
             n = n_texts + (first->watched->near ? (uint32_t)first->watch->parts.n : 0);
    struct at_table_watched all = {.near = AT_NEW_ARRAY(column.scratch, struct at_table_found, n + 1),
                                   .met = AT_NEW_ARRAY(column.scratch, bool, n + 1)};
    for (unsigned p = 0; p < pass->n_parts; p++) {
        if (lane >= pass->parts[p].parser.n_lanes) continue; /* it was stopped before it began */
        const struct at_table_watched *part = pass->parts[p].parser.lanes[lane].watched;
        for (uint32_t i = 0; part && i < n; i++) {
            join(&all.near[i], &part->near[i]);
            all.met[i] |= part->met[i];
        }
        if (!part) continue;
        join(&all.large, &part->large);
        join(&all.small, &part->small);
        join(&all.fractions, &part->fractions);
        all.points |= part->points;
        join(&all.dots, &part->dots);
        all.other_dots += part->other_dots;
    }
    for (uint32_t i = 0; i < n_texts; i++)
        if (all.near[i].n)
            tell_text(&column, first->watch->texts.at[i], &all.near[i], all.met[i], (at_str){0},
                      i < first->watch->n_own);
    for (uint32_t i = n_texts; i < n; i++)
        if (all.near[i].n)
            tell_part(&column, first->watch->parts.at[i - n_texts].text, &all.near[i], all.met[i],
                      (at_str){0});
    /* Of a column of percentages without signs, Attain has asked for the reading. */
    if (first->field->type.unit != AT_UNIT_PERCENT || first->field->percents != AT_PERCENTS_SIGNED)
        tell_rates(&column, &all, first->watch && first->watch->rate);
    if (all.fractions.n && !all.points) tell_points(&column, &all);
    if (all.dots.n) tell_dots(&column, &all);
}

void at_table_watch_tell(const struct at_table_pass *pass) {
    struct at_arena *scratch = &pass->data->state->scratch;
    struct at_arena_mark mark = at_arena_mark(scratch);
    for (uint32_t i = 0; pass->n_parts && i < pass->parts[0].parser.n_lanes; i++)
        if (pass->parts[0].parser.lanes[i].watched) tell_lane(pass, i);
    at_arena_reset(scratch, mark);
}

/* ---- a table of values */

static void find_row(const struct at_table *table, struct at_table_found *found, uint32_t r) {
    if (found->n++) return;
    found->id = r;
    found->line = table->lines ? table->lines[r] : r + 1;
}

/* Texts of one folded form, looked for in a column that has no cells of text. */
void at_table_watch_tell_column(struct at_table_dataset *data, uint32_t table, uint32_t field) {
    const struct at_table_store *store = at_table_store_of(data, table);
    const struct at_table_watch *watch = store->watch ? store->watch[field] : NULL;
    const struct at_table *own = &data->tables[table];
    const struct at_col *col = &own->cols[field];
    size_t n = watch ? watch->texts.n + watch->parts.n : 0;
    if (n == 0 || col->form != AT_COL_TEXT) return;
    struct column column = column_of(data, table, field);
    struct at_arena_mark mark = at_arena_mark(column.scratch);
    struct at_table_found *near = AT_NEW_ARRAY(column.scratch, struct at_table_found, n);
    bool *met = AT_NEW_ARRAY(column.scratch, bool, n);
    for (uint32_t r = 0; r < own->n_rows; r++) {
        if (at_col_state(col, r) != AT_STATE_OK) continue;
        bool almost = false;
        at_str text = col->text[col->one ? 0 : r];
        int32_t i = at_table_watch_find(watch, text, &almost, column.scratch);
        if (i >= 0 && !almost) met[i] = true;
        if (i >= 0 && almost) find_row(own, &near[i], r);
        i = at_table_watch_find_part(watch, text, met, column.scratch);
        if (i >= 0) find_row(own, &near[watch->texts.n + (size_t)i], r);
    }
    for (uint32_t i = 0; i < watch->texts.n; i++)
        if (near[i].n)
            tell_text(&column, watch->texts.at[i], &near[i], met[i], col->text[col->one ? 0 : near[i].id],
                      i < watch->n_own);
    for (size_t i = watch->texts.n; i < n; i++)
        if (near[i].n)
            tell_part(&column, watch->parts.at[i - watch->texts.n].text, &near[i], met[i],
                      col->text[col->one ? 0 : near[i].id]);
    at_arena_reset(column.scratch, mark);
}
