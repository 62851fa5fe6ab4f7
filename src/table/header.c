/* table/header.c: reads the line of column names, matches columns with fields, and reports errors. */
#include "table/header.h"

#include "table/fault.h"

#define SUGGEST_COLUMNS 2000 /* in a wider file a suggested name does not help to find a typing mistake */

struct header {
    const struct at_schema *schema;
    const struct at_input *input;
    struct at_arena *arena; /* scratch */
    struct at_diags *diags;
    AT_VEC(at_str) names;
    at_str row;
    uint64_t offset, line;
    bool failed;
};

static struct at_data_place place_of(const struct header *header, uint32_t column) {
    return at_fault_sight(header->input, header->offset, header->line, column, header->arena).place;
}

/* Skips the byte order mark and blank lines; false where the file holds nothing else. */
static bool find_row(struct header *header) {
    char start[3] = {0};
    if (at_input_read(header->input, 0, start, 3) == 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0)
        header->offset = 3;
    header->line = 1;
    struct at_arena_mark mark = at_arena_mark(header->arena);
    while (header->offset < header->input->size) {
        at_arena_reset(header->arena, mark);
        header->row = at_input_row(header->input, header->offset, AT_ROW_BYTES, header->arena);
        if (header->row.n > 0) return true;
        char two[2] = {0};
        at_input_read(header->input, header->offset, two, 2);
        header->offset += two[0] == '\r' && two[1] == '\n' ? 2 : 1;
        header->line++;
    }
    return false;
}

static bool read_names(struct header *header) {
    const char *cursor = header->row.p, *limit = header->row.p + header->row.n;
    struct at_csv_field field;
    enum at_csv_end end;
    do {
        end = at_csv_next(&cursor, limit, &field);
        if (field.open) {
            struct at_data_place place = place_of(header, (uint32_t)header->names.n + 1);
            at_diag_add_at(header->diags, AT_A0710, &place, "unclosed quotation mark");
            return false;
        }
        AT_VEC_PUSH(header->arena, &header->names, at_str_trim(at_csv_value(&field, header->arena)));
    } while (end == AT_CSV_COMMA);
    return true;
}

/* The column of a field, -1 where it has none; a second one is a fault. */
static int64_t find_column(struct header *header, const struct at_field *field) {
    at_str wanted = at_str_trim(field->header.n ? field->header : field->name);
    int64_t found = -1;
    for (uint32_t c = 0; c < header->names.n; c++) {
        if (!at_str_eq(header->names.at[c], wanted)) continue;
        if (found < 0) {
            found = c;
            continue;
        }
        struct at_data_place place = place_of(header, c + 1);
        struct at_diag *d =
            at_diag_add_at(header->diags, AT_A0709, &place, "duplicate column `%.*s`, as numbers %lld and %u",
                           AT_STR_ARG(wanted), (long long)found + 1, c + 1);
        at_diag_help(d, "rename or delete one of them in the file");
        header->failed = true;
        return found;
    }
    return found;
}

/* The name that a mistyped one was most likely meant to be; empty where none is near. */
static at_str nearest_name(const struct header *header, at_str wanted) {
    unsigned best = wanted.n / 3 + 1;
    at_str found = {0};
    for (uint32_t c = 0; c < header->names.n && c < SUGGEST_COLUMNS; c++) {
        at_str name = header->names.at[c];
        if (name.n == 0 || name.n > 4 * wanted.n + 4) continue;
        unsigned distance = at_edit_distance(wanted, name, best);
        if (distance > best || (distance == best && found.n)) continue;
        best = distance;
        found = name;
    }
    return found;
}

static const char *other_separator(const struct header *header) {
    if (header->names.n != 1) return NULL;
    if (memchr(header->row.p, ';', header->row.n)) return "semicolons";
    if (memchr(header->row.p, '\t', header->row.n)) return "tabs";
    return NULL;
}

static void tell_no_header(struct header *header) {
    const struct at_field *field = &header->schema->fields[0];
    at_str wanted = field->header.n ? field->header : field->name;
    struct at_data_place place = place_of(header, 0);
    struct at_diag *d = at_diag_add_at(header->diags, AT_A0707, &place, "missing line of column names");
    at_diag_note(d, "the first line does not contain a column of `%.*s`, such as `%.*s`",
                 AT_STR_ARG(header->schema->name), AT_STR_ARG(wanted));
    const char *separator = other_separator(header);
    if (separator)
        at_diag_help(d, "save the file with commas instead of %s", separator);
    else if (at_utf8_invalid(header->row.p, header->row.n) < header->row.n)
        at_diag_help(d, "save the file as “CSV UTF-8”: the first line is not UTF-8");
    else
        at_diag_help(d, "write the names of the columns in the first line");
}

static void tell_missing(struct header *header, const struct at_field *field) {
    at_str wanted = field->header.n ? field->header : field->name;
    struct at_data_place place = place_of(header, 0);
    struct at_diag *d =
        at_diag_add_at(header->diags, AT_A0708, &place, "missing column `%.*s`", AT_STR_ARG(wanted));
    at_str near = nearest_name(header, wanted);
    if (near.n)
        at_diag_help(d, "did you mean `%.*s`? If so, write `%.*s … from \"%.*s\"` in the policy",
                     AT_STR_ARG(near), AT_STR_ARG(field->name), AT_STR_ARG(near));
    else if (other_separator(header))
        at_diag_help(d, "save the file with commas instead of %s", other_separator(header));
    else
        at_diag_help(d, "name its column in the policy: `%.*s … from \"Column Header\"`",
                     AT_STR_ARG(field->name));
}

static void tell_absent(struct header *header, const bool *absent, uint32_t n_absent) {
    const struct at_schema *schema = header->schema;
    bool near = false;
    for (uint32_t f = 0; f < schema->n_fields && !near; f++) {
        at_str wanted = schema->fields[f].header.n ? schema->fields[f].header : schema->fields[f].name;
        near = nearest_name(header, wanted).n > 0;
    }
    if (n_absent == schema->n_fields && !near) {
        tell_no_header(header);
        return;
    }
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (absent[f]) tell_missing(header, &schema->fields[f]);
}

static void make_layout(const struct header *header, const int64_t *columns, struct at_arena *arena,
                        struct at_layout *layout, uint32_t *slots) {
    uint32_t n_columns = (uint32_t)header->names.n;
    *layout = (struct at_layout){.n_columns = n_columns};
    layout->slot_of = at_arena_get(arena, n_columns * sizeof *layout->slot_of);
    layout->column_of = at_arena_get(arena, (header->schema->n_fields + 1) * sizeof *layout->column_of);
    for (uint32_t c = 0; c < n_columns; c++)
        layout->slot_of[c] = -1;
    for (uint32_t f = 0; f < header->schema->n_fields; f++) {
        int32_t *slot = &layout->slot_of[columns[f]];
        if (*slot < 0) {
            *slot = (int32_t)layout->n_slots;
            layout->column_of[layout->n_slots++] = (uint32_t)columns[f];
        }
        slots[f] = (uint32_t)*slot;
    }
    bool cr = false;
    char end[2] = {0};
    layout->body = header->offset + header->row.n;
    at_input_read(header->input, layout->body, end, 2);
    layout->body_line = header->line + at_count_lines(header->row.p, header->row.n, &cr);
    if (layout->body >= header->input->size) return;
    layout->body += end[0] == '\r' && end[1] == '\n' ? 2 : 1;
    layout->body_line++;
}

enum at_status at_header_read(const struct at_input *input, const struct at_schema *schema,
                              struct at_arena *arena, struct at_arena *scratch, struct at_diags *diags,
                              struct at_layout *layout, uint32_t *slots) {
    struct header header = {.schema = schema, .input = input, .arena = scratch, .diags = diags};
    if (!find_row(&header)) {
        struct at_data_place place = {.file = input->name};
        struct at_diag *d = at_diag_add_at(diags, AT_A0704, &place, "the file is empty");
        at_diag_help(d, "write the names of the columns in the first line");
        return AT_REJECTED;
    }
    if (header.row.n >= AT_ROW_BYTES && header.row.p[0] != '"') {
        struct at_data_place place = {.file = input->name, .row = header.line};
        struct at_diag *d = at_diag_add_at(diags, AT_A0711, &place, "the row is longer than 16 MB");
        at_diag_help(d, "check the line ends of the file");
        return AT_REJECTED;
    }
    if (!read_names(&header)) return AT_REJECTED;
    int64_t *columns = at_arena_get(scratch, (schema->n_fields + 1) * sizeof *columns);
    bool *absent = at_arena_zero(scratch, schema->n_fields + 1);
    uint32_t n_absent = 0;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        columns[f] = find_column(&header, &schema->fields[f]);
        absent[f] = columns[f] < 0;
        n_absent += absent[f];
    }
    if (n_absent) tell_absent(&header, absent, n_absent);
    if (n_absent || header.failed) return AT_REJECTED;
    make_layout(&header, columns, arena, layout, slots);
    return AT_OK;
}
