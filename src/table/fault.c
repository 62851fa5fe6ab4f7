/* table/fault.c: reports recorded errors: asks the source for the row again, and makes the message. */
#include "table/fault.h"

#include "base/fold.h"
#include "base/near.h"
#include "base/sort.h"
#include "diag/say.h"
#include "table/cell_int.h"
#include "table/keys.h"
#include "table/store.h"

#define EXCERPT 120 /* bytes of a row that are shown */
#define MAX_SUGGESTIONS 200
#define SUGGEST_ROWS 20000 /* of more, the names are not compared */
#define MAX_TOTAL_CELLS 20 /* a row names itself a total in one of its first cells */

void at_table_faults_init(struct at_table_faults *faults, struct at_arena *arena,
                          const struct at_diag_list *diags) {
    *faults = (struct at_table_faults){.arena = arena, .limit = diags->limit ? diags->limit : 1000};
}

/* A table has few columns and codes in fault: the list stays short. */
void at_table_fault_counts_add(struct at_arena *arena, struct at_table_fault_counts *counts,
                               struct at_table_fault_count more) {
    for (size_t i = counts->of.n; i-- > 0;) {
        struct at_table_fault_count *count = &counts->of.at[i];
        if (count->column != more.column || count->code != more.code || !at_str_eq(count->file, more.file))
            continue;
        count->n += more.n;
        return;
    }
    AT_VEC_PUSH(arena, &counts->of, more);
}

void at_table_faults_count(struct at_table_faults *faults, uint32_t column, uint16_t code) {
    at_table_fault_counts_add(faults->arena, &faults->more,
                              (struct at_table_fault_count){.column = column, .code = code, .n = 1});
}

void at_table_faults_add(struct at_table_faults *faults, struct at_table_fault fault) {
    if (faults->notes.n >= faults->limit)
        at_table_faults_count(faults, fault.column, fault.code);
    else
        AT_VEC_PUSH(faults->arena, &faults->notes, fault);
}

void at_table_faults_add_row(struct at_table_faults *faults, uint64_t id, uint64_t line, bool silent) {
    struct at_table_bad_row row = {id, line, silent};
    AT_VEC_PUSH(faults->arena, &faults->rows, row);
}

void at_table_faults_join(struct at_table_faults *faults, const struct at_table_faults *more) {
    AT_VEC_ROOM(faults->arena, &faults->notes, more->notes.n);
    for (size_t i = 0; i < more->notes.n; i++)
        faults->notes.at[faults->notes.n++] = more->notes.at[i];
    AT_VEC_ROOM(faults->arena, &faults->rows, more->rows.n);
    for (size_t i = 0; i < more->rows.n; i++)
        faults->rows.at[faults->rows.n++] = more->rows.at[i];
    for (size_t i = 0; i < more->more.of.n; i++)
        at_table_fault_counts_add(faults->arena, &faults->more, more->more.of.at[i]);
}

#define ORDER(a, b)                                                                                          \
    if ((a) != (b)) return (a) < (b) ? -1 : 1

/* By row, then column, then code: an order that does not depend on the number of threads. */
static int by_place(const void *left, const void *right) {
    const struct at_table_fault *a = left, *b = right;
    ORDER(a->id, b->id);
    ORDER(a->column, b->column);
    ORDER(a->code, b->code);
    return 0;
}

/* Of two records of one row, the one that is not silent comes first and is the one that stays. */
static int by_id(const void *left, const void *right) {
    const struct at_table_bad_row *a = left, *b = right;
    ORDER(a->id, b->id);
    ORDER(a->silent, b->silent);
    return 0;
}

void at_table_faults_sort(struct at_table_faults *faults) {
    at_sort_items(faults->arena, faults->notes.at, faults->notes.n, sizeof *faults->notes.at, by_place);
    if (faults->rows.n == 0) return;
    struct at_table_bad_row *rows = faults->rows.at;
    at_sort_items(faults->arena, rows, faults->rows.n, sizeof *rows, by_id);
    size_t kept = 1;
    for (size_t i = 1; i < faults->rows.n; i++)
        if (rows[i].id != rows[kept - 1].id) rows[kept++] = rows[i];
    faults->rows.n = kept;
}

/* ---- the place of a fault */

/* Bytes [from, to) of the row on one line, with … where it is cut. */
static at_str excerpt_of(at_str row, uint32_t from, uint32_t to, struct at_arena *arena) {
    char *out = at_arena_get(arena, to - from + 8);
    uint32_t n = 0;
    if (from > 0) memcpy(out, "…", 3), n = 3;
    for (uint32_t i = from; i < to; i++)
        out[n++] = (unsigned char)row.p[i] < ' ' ? ' ' : row.p[i];
    if (to < row.n) memcpy(out + n, "…", 3), n += 3;
    return (at_str){out, n};
}

/* Moves back to the first byte of a UTF-8 character, so that an excerpt does not cut one. */
static uint32_t character_start(at_str row, uint32_t at) {
    while (at > 0 && at < row.n && ((unsigned char)row.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Short rows are shown whole. Of a long one, the excerpt begins some bytes before the wrong cell. */
static void show(struct at_table_sight *sight, at_str row, uint32_t start, uint32_t end, bool found,
                 struct at_arena *arena) {
    uint32_t from = 0, to = row.n;
    if (row.n > EXCERPT) {
        from = found && end > EXCERPT - 10 ? character_start(row, start > 40 ? start - 40 : 0) : 0;
        to = row.n - from > EXCERPT ? character_start(row, from + EXCERPT) : row.n;
    }
    sight->place.excerpt = excerpt_of(row, from, to, arena);
    if (!found) return;
    if (end > to) end = to;
    sight->place.mark_start = start - from + (from > 0 ? 3 : 0);
    sight->place.mark_length = end > start ? end - start : 1;
}

/* Asks the source for the row again. The result views the memory of `arena` and of the source. */
struct at_table_sight at_table_fault_sight(struct at_source *source, struct at_source_ref ref,
                                           uint32_t column, struct at_arena *arena) {
    struct at_source_row row;
    source->ops->row(source, &ref, column, arena, &row);
    struct at_table_sight sight = {
        .place = {.file = source->name, .name = row.name, .row = ref.number, .column = column}};
    if (row.cell_found) sight.value = row.value;
    if (row.text_found) show(&sight, row.text, row.cell_start, row.cell_end, row.cell_found, arena);
    return sight;
}

struct at_diag_data_place at_table_dataset_place(const struct at_table_dataset *data, uint32_t table,
                                                 int field, uint64_t number, struct at_arena *arena) {
    const struct at_table_store *store = at_table_store_of(data, table);
    uint32_t column = field < 0 ? 0 : at_table_store_column(store, (uint32_t)field);
    if (!at_table_store_streams(store)) column = 0;
    return at_table_fault_sight(store->source, (struct at_source_ref){AT_SOURCE_NO_ID, number}, column, arena)
        .place;
}

at_str at_table_dataset_row_name(const struct at_table_dataset *data, uint32_t table, uint64_t number,
                                 struct at_arena *arena) {
    struct at_source *source = at_table_store_of(data, table)->source;
    struct at_source_ref ref = {AT_SOURCE_NO_ID, number};
    struct at_source_row row;
    source->ops->row(source, &ref, 0, arena, &row);
    if (row.name.n) return at_str_copy(arena, row.name);
    return at_str_format(arena, "%.*s:%llu", AT_STR_ARG(source->name), (unsigned long long)number);
}

/* ---- telling */

struct teller {
    struct at_table_dataset *data;
    uint32_t table;
    const struct at_schema *schema;
    const struct at_table_store *store;
    struct at_arena *scratch;
    unsigned suggestions;
};

static struct at_source_ref ref_of(const struct at_table_fault *fault) {
    return (struct at_source_ref){fault->id, fault->line};
}

/* A row with the wrong number of cells, or with text after a closing quote. */
/* `, "1,000"`: the quote does not open the field, so its comma ends it. */
static bool quote_after_space(at_str row) {
    for (uint32_t i = 1; i < row.n; i++) {
        if (row.p[i] != '"') continue;
        uint32_t k = i;
        while (k > 0 && (row.p[k - 1] == ' ' || row.p[k - 1] == '\t'))
            k--;
        if (k < i && (k == 0 || row.p[k - 1] == ',')) return true;
    }
    return false;
}

static void tell_row(struct teller *teller, const struct at_table_fault *fault) {
    struct at_source *source = teller->store->source;
    struct at_source_ref ref = ref_of(fault);
    struct at_source_row row;
    source->ops->row(source, &ref, AT_SOURCE_ALL, teller->scratch, &row);
    /* The place: of text after a quote its cell, of too many cells the first one too many, of too few the
     * last one. */
    uint32_t n = row.n_cells, columns = teller->store->layout.n_columns;
    struct at_diag_list *diags = teller->data->diags;
    bool too_many = fault->code == AT_A0715, quote = fault->code == AT_A0716;
    uint32_t column = quote ? row.junk : too_many ? columns + 1 : n;
    struct at_table_sight sight = at_table_fault_sight(source, ref, column, teller->scratch);
    if (quote) {
        struct at_diag *d =
            at_diag_say(diags, fault->code, (at_span){0}, &sight.place, AT_SENTENCE(AT_W_DATA_AFTER_QUOTE));
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_TWO_QUOTES));
        return;
    }
    enum at_words_word word = columns == 1 ? AT_W_DATA_FIELDS_ONE : AT_W_DATA_FIELDS_MANY;
    struct at_diag *d = at_diag_say(diags, fault->code, (at_span){0}, &sight.place,
                                    AT_SENTENCE(word, at_words_count(columns), at_words_count(n)));
    if (too_many && quote_after_space(row.text)) {
        at_diag_say_note(d, AT_SENTENCE(AT_W_DATA_SPACE_QUOTE));
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_DELETE_SPACE));
        return;
    }
    at_diag_say_help(d, AT_SENTENCE(too_many ? AT_W_DATA_QUOTE_COMMA : AT_W_DATA_DIVIDED));
}

/* People write names where the data has keys. Returns the key of the row whose label is nearest to a value,
 * and *name, the label; both empty if no label is near, or the table has none. */
static at_str key_of_name(const struct at_table *table, uint32_t key, at_str value, at_str *name) {
    struct at_str_nearest near = {.wanted = value};
    int label = table->schema->label;
    uint32_t found = 0;
    if (label < 0 || !table->cols || table->n_rows > SUGGEST_ROWS) return (at_str){0};
    const struct at_col *names = &table->cols[label], *keys = &table->cols[key];
    if (names->form != AT_COL_TEXT || keys->form != AT_COL_TEXT || !names->text || !keys->text)
        return (at_str){0};
    for (uint32_t r = 0; r < table->n_rows; r++)
        if (at_col_state(names, r) == AT_STATE_OK && at_str_nearest_title(&near, names->text[r])) found = r;
    *name = near.best;
    return near.best.n ? keys->text[found] : near.best;
}

/* A search for a similar key reads the whole index, so it is done for the first MAX_SUGGESTIONS messages
 * only. */
/* A key that differs only in what is easily overlooked is shown with the difference. */
static bool tell_same(struct teller *teller, struct at_diag *d, const struct at_table_key_index *index,
                      at_str value) {
    static const enum at_words_word words[] = {[AT_TEXTS_COMPOSED] = AT_W_DATA_DIFFER_COMPOSED,
                                               [AT_TEXTS_CASE] = AT_W_DATA_DIFFER_CASE,
                                               [AT_TEXTS_BLANKS] = AT_W_DATA_DIFFER_BLANKS,
                                               [AT_TEXTS_SEVERAL] = AT_W_DATA_DIFFER_SEVERAL};
    at_str near = at_table_key_alike(index, value, teller->scratch);
    if (near.n == 0) return false;
    at_diag_say_note(d, AT_SENTENCE(words[at_text_differ(teller->scratch, value, near)]));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_NEAR, at_words_text(near)));
    return true;
}

static void tell_reference(struct teller *teller, const struct at_table_fault *fault,
                           const struct at_schema_field *field, const struct at_table_sight *sight) {
    struct at_table_dataset *data = teller->data;
    uint32_t other = field->type.table;
    const struct at_schema *schema = data->tables[other].schema;
    int by = field->ref_field >= 0 ? field->ref_field : schema->key;
    at_str value = at_str_trim(sight->value);
    at_words_operand own = at_words_text(field->name), key = at_words_text(value),
                     table = at_words_text(schema->name);
    if (fault->code == AT_A0731) {
        struct at_diag *d = at_diag_say(data->diags, fault->code, (at_span){0}, &sight->place,
                                        AT_SENTENCE(AT_W_DATA_LEFT_OUT, own, key, table));
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_CORRECT_ROW, key));
        return;
    }
    struct at_diag *d = at_diag_say(data->diags, fault->code, (at_span){0}, &sight->place,
                                    AT_SENTENCE(AT_W_DATA_UNKNOWN_KEY, table, key, own));
    if (by >= 0 && by != schema->key)
        at_diag_say_note(d, AT_SENTENCE(AT_W_DATA_NO_SUCH, table, at_words_text(schema->fields[by].name)));
    const struct at_table_key_index *index = by >= 0 ? at_table_store_of(data, other)->index[by] : NULL;
    at_str near = {0}, name = {0};
    if (index && teller->suggestions < MAX_SUGGESTIONS) {
        teller->suggestions++;
        if (tell_same(teller, d, index, value)) return;
        at_str named = key_of_name(&data->tables[other], (uint32_t)by, value, &name);
        near = at_table_key_suggest(index, value);
        if (at_str_eq(near, named)) name = (at_str){0};
        if (name.n) near = named;
    }
    if (name.n)
        at_diag_say_help(d,
                         AT_SENTENCE(AT_W_DATA_NEAR_NAME, at_words_text(near),
                                     at_words_text(schema->fields[schema->label].name), at_words_text(name)));
    else if (near.n)
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_NEAR, at_words_text(near)));
    else
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_ADD_ROW, at_words_text(data->tables[other].binding.name)));
}

/* The first row is named by its source where it has names for rows. */
/* The fields of the key of several fields: "rep, quarter". */
static at_str key_names(const struct teller *teller) {
    const struct at_schema *schema = teller->schema;
    at_str names = {"", 0};
    for (uint32_t k = 0; k < schema->n_rules; k++)
        for (uint32_t f = 0; schema->rules[k].kind == AT_RULE_KEY && f < schema->rules[k].n_fields; f++)
            names = at_str_format(teller->scratch, "%.*s%s%.*s", AT_STR_ARG(names), f ? ", " : "",
                                  AT_STR_ARG(schema->fields[schema->rules[k].fields[f]].name));
    return names;
}

static void tell_duplicate(struct teller *teller, const struct at_table_fault *fault,
                           const struct at_schema_field *field, const struct at_table_sight *sight) {
    const at_words_operand line = at_words_count(fault->other);
    at_words_operand first = AT_SAID(teller->scratch, AT_W_DATA_LINE, line);
    if (sight->place.name.n)
        first = at_words_text(
            at_table_dataset_row_name(teller->data, teller->table, fault->other, teller->scratch));
    struct at_diag_list *diags = teller->data->diags;
    struct at_diag *d =
        fault->code == AT_A0768
            ? at_diag_say(diags, AT_A0768, (at_span){0}, &sight->place,
                          AT_SENTENCE(AT_W_DATA_DUPLICATE_KEY, at_words_text(key_names(teller)), first))
            : at_diag_say(diags, AT_A0732, (at_span){0}, &sight->place,
                          AT_SENTENCE(AT_W_DATA_DUPLICATE, at_words_text(at_str_trim(sight->value)),
                                      at_words_text(field->name), first));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_DELETE_ROW));
}

/* The row whose days contradict this one is named. */
static void tell_dated(struct teller *teller, const struct at_table_fault *fault,
                       const struct at_table_sight *sight) {
    static const struct {
        enum at_words_word what, help;
    } of[] = {{AT_W_DATA_SAME_DAY, AT_W_DATA_ONE_OF_DAY},
              {AT_W_DATA_OVERLAP, AT_W_DATA_CORRECT_DAYS},
              {AT_W_DATA_GAP, AT_W_DATA_FILL_GAP},
              {AT_W_DATA_ENDS_EARLY, AT_W_DATA_CORRECT_DAYS}};
    const at_words_operand line = at_words_count(fault->other);
    at_words_operand other = AT_SAID(teller->scratch, AT_W_DATA_LINE, line);
    if (sight->place.name.n)
        other = at_words_text(
            at_table_dataset_row_name(teller->data, teller->table, fault->other, teller->scratch));
    unsigned i = (unsigned)fault->code - AT_A1157;
    struct at_diag *d =
        at_diag_say(teller->data->diags, (enum at_diag_code)fault->code, (at_span){0}, &sight->place,
                    AT_SENTENCE(of[i].what, at_words_text(teller->schema->name), other));
    at_diag_say_help(d, AT_SENTENCE(of[i].help));
}

/* A source of values has no text of its own, so the value is printed from the column. */
static struct at_table_sight sight_of(struct teller *teller, const struct at_table_fault *fault) {
    struct at_table_sight sight =
        at_table_fault_sight(teller->store->source, ref_of(fault), fault->column, teller->scratch);
    if (at_table_store_streams(teller->store)) return sight;
    sight.value =
        at_table_dataset_print(teller->data, teller->scratch, teller->table, fault->field,
                               &teller->data->tables[teller->table].cols[fault->field], (uint32_t)fault->id);
    return sight;
}

/* Whether a cell calls its row a total, as reports that people paste into a table do. */
static bool is_total(at_str cell) {
    static const char *const words[] = {"total", "totals", "grand total", "subtotal", "sum",  "合计", "总计",
                                        "小计",  "共计",   "累计",        "總計",     "合計", "小計"};
    cell = at_str_trim(cell);
    while (cell.n && cell.p[cell.n - 1] == ':')
        cell.n--;
    for (unsigned i = 0; i < AT_COUNT(words); i++)
        if (at_table_cell_word(cell, words[i])) return true;
    return false;
}

/* Notes it with the message that was just added, which is the only one of the row: what else is missing in a
 * total is not to be added. */
static bool note_total(struct teller *teller, const struct at_table_fault *fault) {
    struct at_source *source = teller->store->source;
    uint32_t n =
        teller->store->layout.n_columns < MAX_TOTAL_CELLS ? teller->store->layout.n_columns : MAX_TOTAL_CELLS;
    struct at_diag_list *diags = teller->data->diags;
    for (uint32_t column = 1; column <= n; column++) {
        struct at_source_ref ref = ref_of(fault);
        struct at_source_row row;
        source->ops->row(source, &ref, column, teller->scratch, &row);
        at_str cell = row.cell_found ? at_str_narrow(teller->scratch, row.value) : (at_str){"", 0};
        if (!is_total(cell)) continue;
        at_diag_say_note(diags->at[diags->n - 1],
                         AT_SENTENCE(AT_W_DATA_TOTAL_ROW, at_words_text(at_str_trim(cell))));
        return true;
    }
    return false;
}

static void tell_one(struct teller *teller, const struct at_table_fault *fault) {
    struct at_table_dataset *data = teller->data;
    if (fault->code == AT_A0714 || fault->code == AT_A0715 || fault->code == AT_A0716) {
        tell_row(teller, fault);
        return;
    }
    if (fault->field == AT_NO_FIELD) {
        at_table_tell_source(
            data, teller->table,
            &(struct at_source_fault){.code = fault->code, .row = ref_of(fault), .column = fault->column});
        return;
    }
    struct at_table_sight sight = sight_of(teller, fault);
    const struct at_schema_field *field = &teller->schema->fields[fault->field];
    if (fault->code == AT_A0730 || fault->code == AT_A0731) {
        tell_reference(teller, fault, field, &sight);
    } else if (fault->code >= AT_A1157 && fault->code <= AT_A1160) {
        tell_dated(teller, fault, &sight);
    } else if (fault->code == AT_A0732 || fault->code == AT_A0768) {
        tell_duplicate(teller, fault, field, &sight);
    } else {
        at_table_cell_tell(data->diags, field, fault->code, sight.value,
                           at_source_encoding_name(teller->store->source->form.encoding), &sight.place,
                           teller->scratch);
    }
}

/* A row without a text is counted only: it cannot be corrected and read again. */
static void hand_out_rows(struct at_table_dataset *data, struct teller *teller,
                          const struct at_table_faults *faults) {
    struct at_source *source = teller->store->source;
    struct at_arena_mark mark = at_arena_mark(teller->scratch);
    bool wanted = data->bad.skip && data->bad.on_row;
    for (size_t i = 0; i < faults->rows.n; i++) {
        const struct at_table_bad_row *bad = &faults->rows.at[i];
        if (bad->silent) continue;
        data->bad.n_rows++;
        if (!wanted) continue;
        struct at_source_ref ref = {bad->id, bad->line};
        struct at_source_row row;
        source->ops->row(source, &ref, 0, teller->scratch, &row);
        if (row.text_found) data->bad.on_row(data->bad.context, source->name, bad->line, row.text);
        at_arena_reset(teller->scratch, mark);
    }
}

/* Faults beyond the limit of the list: counted, and handed to the dataset by column and code. */
static void count_untold(struct at_table_dataset *data, uint32_t table, const struct at_table_faults *faults,
                         size_t told) {
    at_str file = data->tables[table].binding.name;
    struct at_table_fault_counts counts = {0};
    for (size_t i = 0; i < faults->more.of.n; i++)
        at_table_fault_counts_add(data->arena, &counts, faults->more.of.at[i]);
    for (size_t i = told; i < faults->notes.n; i++)
        at_table_fault_counts_add(data->arena, &counts,
                                  (struct at_table_fault_count){.column = faults->notes.at[i].column,
                                                                .code = faults->notes.at[i].code,
                                                                .n = 1});
    for (size_t i = 0; i < counts.of.n; i++) {
        counts.of.at[i].file = file;
        data->diags->errors += counts.of.at[i].n;
        data->diags->added += counts.of.at[i].n;
        at_table_fault_counts_add(data->arena, &data->untold, counts.of.at[i]);
    }
}

void at_table_faults_tell(struct at_table_dataset *data, uint32_t table,
                          const struct at_table_faults *faults) {
    struct teller teller = {
        data, table, data->tables[table].schema, at_table_store_of(data, table), &data->state->scratch, 0};
    struct at_diag_list *diags = data->diags;
    uint32_t limit = diags->limit ? diags->limit : 1000;
    struct at_arena_mark mark = at_arena_mark(teller.scratch);
    size_t told = 0;
    /* What was read of a damaged file is not what someone wrote, so its rows are not judged. */
    if (teller.store->failure) {
        at_table_tell_source(data, table, teller.store->failure);
        return;
    }
    for (; told < faults->notes.n && diags->n < limit; told++) {
        const struct at_table_fault *fault = &faults->notes.at[told];
        uint32_t before = diags->n;
        tell_one(&teller, fault);
        bool first = told == 0 || fault->id != fault[-1].id;
        bool asked = first && told < MAX_SUGGESTIONS && diags->n > before;
        if (asked && note_total(&teller, fault))
            while (told + 1 < faults->notes.n && faults->notes.at[told + 1].id == fault->id)
                told++;
        at_arena_reset(teller.scratch, mark);
    }
    count_untold(data, table, faults, told);
    hand_out_rows(data, &teller, faults);
}
