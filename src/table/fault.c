/* table/fault.c: reports recorded errors: reads the row again, finds the cell, and makes the message. */
#include "table/fault.h"

#include "base/sort.h"
#include "table/cell.h"
#include "table/keys.h"
#include "table/store.h"

#define EXCERPT 120            /* bytes of a row that are shown */
#define SIGHT_BYTES (1u << 16) /* bytes of a row in which a cell is looked for */
#define MAX_SUGGESTIONS 200

void at_faults_init(struct at_faults *faults, struct at_arena *arena, const struct at_diags *diags) {
    *faults = (struct at_faults){.arena = arena, .limit = diags->limit ? diags->limit : 1000};
}

/* A table has few columns and codes in fault: the list stays short. */
void at_fault_counts_add(struct at_arena *arena, struct at_fault_counts *counts, struct at_fault_count more) {
    for (size_t i = counts->of.n; i-- > 0;) {
        struct at_fault_count *count = &counts->of.at[i];
        if (count->column != more.column || count->code != more.code || !at_str_eq(count->file, more.file))
            continue;
        count->n += more.n;
        return;
    }
    AT_VEC_PUSH(arena, &counts->of, more);
}

void at_faults_count(struct at_faults *faults, uint32_t column, uint16_t code) {
    at_fault_counts_add(faults->arena, &faults->more,
                        (struct at_fault_count){.column = column, .code = code, .n = 1});
}

void at_faults_add(struct at_faults *faults, struct at_fault fault) {
    if (faults->notes.n >= faults->limit)
        at_faults_count(faults, fault.column, fault.code);
    else
        AT_VEC_PUSH(faults->arena, &faults->notes, fault);
}

void at_faults_add_row(struct at_faults *faults, uint64_t offset, uint64_t line, bool silent) {
    struct at_bad_row row = {offset, line, silent};
    AT_VEC_PUSH(faults->arena, &faults->rows, row);
}

void at_faults_join(struct at_faults *faults, const struct at_faults *more) {
    AT_VEC_ROOM(faults->arena, &faults->notes, more->notes.n);
    for (size_t i = 0; i < more->notes.n; i++)
        faults->notes.at[faults->notes.n++] = more->notes.at[i];
    AT_VEC_ROOM(faults->arena, &faults->rows, more->rows.n);
    for (size_t i = 0; i < more->rows.n; i++)
        faults->rows.at[faults->rows.n++] = more->rows.at[i];
    for (size_t i = 0; i < more->more.of.n; i++)
        at_fault_counts_add(faults->arena, &faults->more, more->more.of.at[i]);
}

#define ORDER(a, b)                                                                                          \
    if ((a) != (b)) return (a) < (b) ? -1 : 1

static int by_place(const void *left, const void *right) {
    const struct at_fault *a = left, *b = right;
    ORDER(a->offset, b->offset);
    ORDER(a->column, b->column);
    ORDER(a->code, b->code);
    return 0;
}

static int by_offset(const void *left, const void *right) {
    const struct at_bad_row *a = left, *b = right;
    ORDER(a->offset, b->offset);
    ORDER(a->silent, b->silent);
    return 0;
}

void at_faults_sort(struct at_faults *faults) {
    at_sort_items(faults->arena, faults->notes.at, faults->notes.n, sizeof *faults->notes.at, by_place);
    if (faults->rows.n == 0) return;
    struct at_bad_row *rows = faults->rows.at;
    at_sort_items(faults->arena, rows, faults->rows.n, sizeof *rows, by_offset);
    size_t kept = 1;
    for (size_t i = 1; i < faults->rows.n; i++)
        if (rows[i].offset != rows[kept - 1].offset) rows[kept++] = rows[i];
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

static uint32_t character_start(at_str row, uint32_t at) {
    while (at > 0 && at < row.n && ((unsigned char)row.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static void show(struct at_sight *sight, at_str row, uint32_t start, uint32_t end, bool found,
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

struct at_sight at_fault_sight(const struct at_input *input, uint64_t offset, uint64_t line, uint32_t column,
                               struct at_arena *arena) {
    struct at_sight sight = {.place = {.file = input->name, .row = line, .column = column}};
    at_str row = at_input_row(input, offset, SIGHT_BYTES, arena);
    const char *cursor = row.p, *limit = row.p + row.n;
    struct at_csv_field field = {0};
    uint32_t n = 0;
    enum at_csv_end end = AT_CSV_COMMA;
    while (end == AT_CSV_COMMA && n < column) {
        end = at_csv_next(&cursor, limit, &field);
        n++;
    }
    bool found = column > 0 && n == column;
    uint32_t start = found ? (uint32_t)(field.start - row.p) : 0,
             stop = found ? (uint32_t)(field.end - row.p) : 0;
    if (found) sight.value = at_csv_value(&field, arena);
    show(&sight, row, start, stop, found, arena);
    return sight;
}

/* Where line `line` begins, counted from 1; the end of the input if it has fewer lines. */
static uint64_t offset_of_line(const struct at_input *input, uint64_t line, struct at_arena *arena) {
    enum { BLOCK = 1 << 16 };
    char *block = at_arena_get(arena, BLOCK);
    uint64_t offset = 0, seen = 1;
    bool cr = false;
    while (seen < line) {
        int64_t got = at_input_read(input, offset, block, BLOCK);
        if (got <= 0) break;
        bool cr_before = cr;
        uint64_t lines = at_count_lines(block, (size_t)got, &cr);
        if (seen + lines < line) {
            seen += lines;
            offset += (uint64_t)got;
            continue;
        }
        cr = cr_before;
        for (int64_t i = 0; i < got && seen < line; i++, offset++)
            seen += at_count_lines(block + i, 1, &cr);
        break;
    }
    return offset;
}

struct at_data_place at_dataset_place(const struct at_dataset *data, uint32_t table, int field, uint64_t line,
                                      struct at_arena *arena) {
    const struct at_store *store = at_store_of(data, table);
    struct at_data_place place = {.file = data->tables[table].binding.name, .row = line};
    if (!store->text) return place;
    uint32_t column = field < 0 ? 0 : store->layout.column_of[store->slots[field]] + 1;
    return at_fault_sight(&store->input, offset_of_line(&store->input, line, arena), line, column, arena)
        .place;
}

/* ---- telling */

struct teller {
    struct at_dataset *data;
    uint32_t table;
    const struct at_schema *schema;
    const struct at_store *store;
    struct at_arena *scratch;
    unsigned suggestions;
};

/* Number of fields of a row, and the first one with text behind its closing quote. */
static uint32_t count_fields(const struct teller *teller, uint64_t offset, uint32_t *junk) {
    at_str row = at_input_row(&teller->store->input, offset, AT_ROW_BYTES, teller->scratch);
    const char *cursor = row.p;
    struct at_csv_field field;
    uint32_t n = 0;
    enum at_csv_end end;
    *junk = 0;
    do {
        end = at_csv_next(&cursor, row.p + row.n, &field);
        n++;
        if (field.junk && !*junk) *junk = n;
    } while (end == AT_CSV_COMMA);
    return n;
}

static void tell_row(struct teller *teller, const struct at_fault *fault) {
    uint32_t junk, n = count_fields(teller, fault->offset, &junk), columns = teller->store->layout.n_columns;
    struct at_diags *diags = teller->data->diags;
    bool too_many = fault->code == AT_A0715;
    uint32_t column = fault->code == AT_A0716 ? junk : too_many ? columns + 1 : n;
    struct at_sight sight =
        at_fault_sight(&teller->store->input, fault->offset, fault->line, column, teller->scratch);
    struct at_diag *d;
    if (fault->code == AT_A0716) {
        d = at_diag_add_at(diags, fault->code, &sight.place, "text after the closing quote of this field");
        at_diag_help(d, "write a quote that belongs to the text twice: \"\"");
        return;
    }
    d = at_diag_add_at(diags, fault->code, &sight.place, "expected %u field%s in this row, found %u", columns,
                       columns == 1 ? "" : "s", n);
    if (too_many)
        at_diag_help(d, "put a value that contains a comma in double quotes");
    else
        at_diag_help(d, "check whether the line was divided in two");
}

static void tell_reference(struct teller *teller, const struct at_fault *fault, const struct at_field *field,
                           const struct at_sight *sight) {
    struct at_dataset *data = teller->data;
    uint32_t other = field->type.table;
    const struct at_schema *schema = data->tables[other].schema;
    int by = field->ref_field >= 0 ? field->ref_field : schema->key;
    at_str value = at_str_trim(sight->value);
    if (fault->code == AT_A0731) {
        struct at_diag *d =
            at_diag_add_at(data->diags, fault->code, &sight->place,
                           "`%.*s` refers to `%.*s`, a row of `%.*s` that was left out",
                           AT_STR_ARG(field->name), AT_STR_ARG(value), AT_STR_ARG(schema->name));
        at_diag_help(d, "correct the row of `%.*s`", AT_STR_ARG(value));
        return;
    }
    struct at_diag *d =
        at_diag_add_at(data->diags, fault->code, &sight->place, "unknown %.*s `%.*s` in `%.*s`",
                       AT_STR_ARG(schema->name), AT_STR_ARG(value), AT_STR_ARG(field->name));
    if (by >= 0 && by != schema->key)
        at_diag_note(d, "no row of `%.*s` has this `%.*s`", AT_STR_ARG(schema->name),
                     AT_STR_ARG(schema->fields[by].name));
    const struct at_key_index *index = by >= 0 ? at_store_of(data, other)->index[by] : NULL;
    at_str near = {0};
    if (index && teller->suggestions < MAX_SUGGESTIONS)
        near = at_key_suggest(index, value), teller->suggestions++;
    if (near.n)
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(near));
    else
        at_diag_help(d, "add it to %.*s, or correct it here", AT_STR_ARG(data->tables[other].binding.name));
}

static void tell_file(struct teller *teller, const struct at_fault *fault, const struct at_sight *sight) {
    struct at_diags *diags = teller->data->diags;
    struct at_data_place whole = {.file = sight->place.file};
    struct at_diag *d;
    switch ((int)fault->code) {
    case AT_A0710:
        d = at_diag_add_at(diags, fault->code, &sight->place, "unclosed quotation mark");
        at_diag_help(d, "add the closing \". To use \" in a value, put the value in quotes and write \"\"");
        break;
    case AT_A0711:
        d = at_diag_add_at(diags, fault->code, &sight->place, "the row is longer than 16 MB");
        at_diag_help(d, "check the line ends of the file");
        break;
    case AT_A0712:
        d = at_diag_add_at(diags, fault->code, &whole, "the file became shorter while Attain read it");
        at_diag_help(d, "run again when no other program writes to the file");
        break;
    case AT_A0734:
        d = at_diag_add_at(diags, fault->code, &whole, "the table has more than two billion rows");
        at_diag_help(d, "divide the data");
        break;
    default: at_diag_add_at(diags, fault->code, &whole, "cannot read the file: system error"); break;
    }
}

static struct at_sight sight_of(struct teller *teller, const struct at_fault *fault) {
    if (teller->store->text)
        return at_fault_sight(&teller->store->input, fault->offset, fault->line, fault->column,
                              teller->scratch);
    const struct at_table *table = &teller->data->tables[teller->table];
    struct at_sight sight = {
        .place = {.file = table->binding.name, .row = fault->line, .column = fault->column}};
    if (fault->field != AT_NO_FIELD)
        sight.value = at_dataset_print(teller->data, teller->scratch, teller->table, fault->field,
                                       &table->cols[fault->field], (uint32_t)fault->offset);
    return sight;
}

static void tell_one(struct teller *teller, const struct at_fault *fault) {
    struct at_dataset *data = teller->data;
    if (fault->code == AT_A0714 || fault->code == AT_A0715 || fault->code == AT_A0716) {
        tell_row(teller, fault);
        return;
    }
    struct at_sight sight = sight_of(teller, fault);
    if (fault->field == AT_NO_FIELD) {
        tell_file(teller, fault, &sight);
        return;
    }
    const struct at_field *field = &teller->schema->fields[fault->field];
    if (fault->code == AT_A0730 || fault->code == AT_A0731) {
        tell_reference(teller, fault, field, &sight);
    } else if (fault->code == AT_A0732) {
        at_str value = at_str_trim(sight.value);
        struct at_diag *d = at_diag_add_at(
            data->diags, fault->code, &sight.place, "duplicate value `%.*s` in `%.*s`, first in line %llu",
            AT_STR_ARG(value), AT_STR_ARG(field->name), (unsigned long long)fault->other);
        at_diag_help(d, "delete one of the rows, or change its value: the field identifies rows");
    } else {
        at_cell_tell(data->diags, field, fault->code, sight.value, &sight.place, teller->scratch);
    }
}

static void hand_out_rows(struct at_dataset *data, struct teller *teller, const struct at_faults *faults) {
    struct at_arena_mark mark = at_arena_mark(teller->scratch);
    bool wanted = data->bad.skip && data->bad.on_row && teller->store->text;
    struct at_row_window window = {0};
    if (wanted) at_row_window_init(&window, &teller->store->input, teller->scratch);
    struct at_arena_mark row_mark = at_arena_mark(teller->scratch);
    for (size_t i = 0; i < faults->rows.n; i++) {
        const struct at_bad_row *row = &faults->rows.at[i];
        if (row->silent) continue;
        data->bad.n_rows++;
        if (!wanted) continue;
        at_str raw = at_row_window_get(&window, row->offset, AT_ROW_BYTES, teller->scratch);
        data->bad.on_row(data->bad.context, teller->store->input.name, row->line, raw);
        at_arena_reset(teller->scratch, row_mark);
    }
    at_arena_reset(teller->scratch, mark);
}

/* Faults beyond the limit of the list: counted, and handed to the dataset by column and code. */
static void count_untold(struct at_dataset *data, uint32_t table, const struct at_faults *faults,
                         size_t told) {
    at_str file = data->tables[table].binding.name;
    struct at_fault_counts counts = {0};
    for (size_t i = 0; i < faults->more.of.n; i++)
        at_fault_counts_add(data->arena, &counts, faults->more.of.at[i]);
    for (size_t i = told; i < faults->notes.n; i++)
        at_fault_counts_add(data->arena, &counts,
                            (struct at_fault_count){.column = faults->notes.at[i].column,
                                                    .code = faults->notes.at[i].code,
                                                    .n = 1});
    for (size_t i = 0; i < counts.of.n; i++) {
        counts.of.at[i].file = file;
        data->diags->errors += counts.of.at[i].n;
        data->diags->added += counts.of.at[i].n;
        at_fault_counts_add(data->arena, &data->untold, counts.of.at[i]);
    }
}

void at_faults_tell(struct at_dataset *data, uint32_t table, const struct at_faults *faults) {
    struct teller teller = {
        data, table, data->tables[table].schema, at_store_of(data, table), &data->state->scratch, 0};
    struct at_diags *diags = data->diags;
    uint32_t limit = diags->limit ? diags->limit : 1000;
    struct at_arena_mark mark = at_arena_mark(teller.scratch);
    size_t told = 0;
    for (; told < faults->notes.n && diags->n < limit; told++) {
        tell_one(&teller, &faults->notes.at[told]);
        at_arena_reset(teller.scratch, mark);
    }
    count_untold(data, table, faults, told);
    hand_out_rows(data, &teller, faults);
}
