/* table/tell_source.c: messages about a source as a whole, and about its columns. */
#include <errno.h>

#include "base/near.h"
#include "diag/say.h"
#include "formats/formats.h"
#include "table/fault.h"
#include "table/store.h"

#define SUGGEST_COLUMNS 2000 /* in a wider file a suggested name does not help to find a typing mistake */

/* The usual reasons in words of ours, because strerror is not safe with threads. */
static enum at_words_word reason(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR: return AT_W_DATA_ABSENT;
    case EACCES:
    case EPERM: return AT_W_DATA_DENIED;
    case EMFILE:
    case ENFILE: return AT_W_DATA_MANY_FILES;
    case EIO: return AT_W_DATA_DISK;
    case ENAMETOOLONG: return AT_W_DATA_LONG_NAME;
    case ELOOP: return AT_W_DATA_LINKS;
    default: return AT_W_DATA_SYSTEM;
    }
}

/* A sentence about a place of data, and how to correct it. */
static void tell(struct at_table_dataset *data, enum at_diag_code code,
                 const struct at_diag_data_place *place, struct at_words_sentence sentence,
                 struct at_words_sentence help) {
    at_diag_say_help(at_diag_say(data->diags, code, (at_span){0}, place, sentence), help);
}

void at_table_tell_no_source(struct at_table_dataset *data, uint32_t table) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_diag_data_place place = {.file = schema->source.n ? schema->source : schema->name};
    at_words_operand name = at_words_text(schema->name);
    tell(data, AT_A0713, &place, AT_SENTENCE(AT_W_DATA_NO_FILE, name),
         AT_SENTENCE(AT_W_DATA_NAME_FILE, name));
}

void at_table_tell_no_rows(struct at_table_dataset *data, uint32_t table) {
    struct at_diag_data_place place = {.file = data->tables[table].binding.name};
    at_words_operand name = at_words_text(data->tables[table].schema->name);
    tell(data, AT_A1161, &place, AT_SENTENCE(AT_W_DATA_NO_HISTORY, name),
         AT_SENTENCE(AT_W_DATA_GIVE_HISTORY, name));
}

/* ---- a source that cannot be used */

static void tell_unreadable(struct at_table_dataset *data, const struct at_source_binding *binding,
                            const struct at_source_fault *fault, const struct at_diag_data_place *whole) {
    if (fault->code == AT_A0735) {
        struct at_diag *d = at_diag_say(data->diags, fault->code, binding->span, NULL,
                                        AT_SENTENCE(AT_W_DATA_OUTSIDE, at_words_text(binding->path)));
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_PERMIT));
        return;
    }
    struct at_diag *d = at_diag_say(data->diags, fault->code, (at_span){0}, whole,
                                    AT_SENTENCE(AT_W_DATA_UNREADABLE, at_words_fixed(reason(fault->error))));
    if (fault->error == ENOENT) at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_SPECIFY));
}

/* What is wrong with a source as a whole, and how to correct it, where the code alone decides the sentence.
 */
static const struct whole {
    enum at_diag_code code;
    enum at_words_word word, help;
} wholes[] = {
    {AT_A0702, AT_W_DATA_FOLDER, AT_W_DATA_NAME_IN_FOLDER},
    {AT_A0703, AT_W_DATA_DEVICE, AT_W_DATA_SAVE_FIRST},
    {AT_A0704, AT_W_DATA_EMPTY, AT_W_DATA_WRITE_NAMES},
    {AT_A0710, AT_W_DATA_UNCLOSED, AT_W_DATA_CLOSE},
    {AT_A0711, AT_W_DATA_LONG_ROW, AT_W_DATA_LINE_ENDS},
    {AT_A0712, AT_W_DATA_SHORTER, AT_W_DATA_RUN_AGAIN},
    {AT_A0734, AT_W_DATA_MANY_ROWS, AT_W_DATA_DIVIDE},
};

/* Both readings, and what to write for each. */
static void tell_choice(struct at_table_dataset *data, const struct at_source_fault *fault,
                        const struct at_diag_data_place *place) {
    if (fault->code == AT_A0739) {
        at_words_operand gb = at_words_text(AT_STR("GB18030")),
                         windows = at_words_text(AT_STR("Windows-1252"));
        struct at_diag *d =
            at_diag_say(data->diags, fault->code, (at_span){0}, place, AT_SENTENCE(AT_W_DATA_TWO_ENCODINGS));
        at_diag_say_note(d, AT_SENTENCE(AT_W_DATA_READ_AS, gb, at_words_text(fault->readings[0]), windows,
                                        at_words_text(fault->readings[1])));
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_CHOOSE_ENCODING, at_words_text(AT_STR("gb18030")),
                                        at_words_text(AT_STR("windows1252"))));
        return;
    }
    at_words_operand one = at_words_text(at_source_separator_name(fault->separators[0])),
                     two = at_words_text(at_source_separator_name(fault->separators[1]));
    struct at_diag *d = at_diag_say(data->diags, fault->code, (at_span){0}, place,
                                    AT_SENTENCE(AT_W_DATA_TWO_SEPARATORS, one, two));
    at_diag_say_note(d, AT_SENTENCE(AT_W_DATA_COLUMNS_AS, one, at_words_count(fault->counts[0]), two,
                                    at_words_count(fault->counts[1])));
    at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_CHOOSE_SEPARATOR, one, two));
}

/* The place is the row in which the text ends, and the note has the place in the file. */
static void tell_packed(struct at_table_dataset *data, const struct at_source_fault *fault,
                        const struct at_diag_data_place *place) {
    bool window = fault->packed == AT_FORMATS_TOO_LARGE, cut = fault->packed == AT_FORMATS_TRUNCATED;
    enum at_words_word word = window ? AT_W_DATA_WINDOW : cut ? AT_W_DATA_TRUNCATED : AT_W_DATA_DAMAGED;
    struct at_diag *d = at_diag_say(data->diags, fault->code, (at_span){0}, place, AT_SENTENCE(word));
    if (!window) at_diag_say_note(d, AT_SENTENCE(AT_W_DATA_UP_TO, at_words_count(fault->place)));
    at_diag_say_help(d, AT_SENTENCE(window ? AT_W_DATA_PACK_LESS : AT_W_DATA_COPY_AGAIN));
}

void at_table_tell_source(struct at_table_dataset *data, uint32_t table,
                          const struct at_source_fault *fault) {
    const struct at_source_binding *binding = &data->tables[table].binding;
    struct at_source *source = at_table_store_of(data, table)->source;
    struct at_diag_data_place place = {.file = binding->name};
    if (fault->code == AT_A0706) {
        /* Compressed files and workbooks have one code. The help differs. */
        bool packed = fault->compressed;
        tell(data, fault->code, &place, AT_SENTENCE(packed ? AT_W_DATA_COMPRESSED : AT_W_DATA_WORKBOOK),
             AT_SENTENCE(packed ? AT_W_DATA_DECOMPRESS : AT_W_DATA_SAVE_SHEET));
        return;
    }
    if (fault->code == AT_A0739 || fault->code == AT_A0740) {
        tell_choice(data, fault, &place);
        return;
    }
    if (fault->code == AT_A0705) {
        at_words_operand name = at_words_text(at_source_encoding_name(binding->form.encoding));
        tell(data, fault->code, &place, AT_SENTENCE(AT_W_DATA_UNKNOWN_ENCODING, name),
             AT_SENTENCE(AT_W_DATA_SAVE_COMMAS));
        return;
    }
    if (fault->code == AT_A0741) {
        place.row = fault->row.number;
        tell_packed(data, fault, &place);
        return;
    }
    /* Only these faults have a row that can be shown. All others concern the whole file. */
    bool of_row = fault->code == AT_A0710 || fault->code == AT_A0711;
    if (fault->row.number && of_row)
        place = at_table_fault_sight(source, fault->row, fault->column, &data->state->scratch).place;
    for (size_t i = 0; i < AT_COUNT(wholes); i++) {
        if (wholes[i].code != fault->code) continue;
        tell(data, fault->code, &place, AT_SENTENCE(wholes[i].word), AT_SENTENCE(wholes[i].help));
        return;
    }
    tell_unreadable(data, binding, fault, &place);
}

/* ---- its columns */

/* A source without a header line has columns that can be numbered only. */
static struct at_diag_data_place header_place(struct at_table_dataset *data, uint32_t table,
                                              uint32_t column) {
    struct at_source *source = at_table_store_of(data, table)->source;
    if (source->header.number == 0)
        return (struct at_diag_data_place){.file = source->name, .column = column};
    return at_table_fault_sight(source, source->header, column, &data->state->scratch).place;
}

void at_table_tell_twice(struct at_table_dataset *data, uint32_t table, at_str name, uint32_t first,
                         uint32_t column) {
    struct at_diag_data_place place = header_place(data, table, column + 1);
    tell(data, AT_A0709, &place,
         AT_SENTENCE(AT_W_DATA_TWO_COLUMNS, at_words_text(name), at_words_count(first + 1),
                     at_words_count(column + 1)),
         AT_SENTENCE(AT_W_DATA_RENAME));
}

/* What seems to divide the columns in place of commas; nothing if it is not known. */
static at_words_operand separator_of(const struct at_source *source) {
    if (source->hint == AT_SOURCE_SEMICOLONS) return at_words_fixed(AT_W_DATA_SEMICOLONS);
    if (source->hint == AT_SOURCE_TABS) return at_words_fixed(AT_W_DATA_TABS);
    return (at_words_operand){0};
}

/* The name that a mistyped one was most likely meant to be; empty where none is near. */
static at_str nearest_name(const struct at_source *source, at_str wanted) {
    struct at_str_nearest near = {.wanted = wanted};
    if (separator_of(source).kind) return near.best; /* the one column has all names */
    for (uint32_t c = 0; c < source->n_columns && c < SUGGEST_COLUMNS; c++)
        at_str_nearest_title(&near, at_str_trim(source->columns[c]));
    return near.best;
}

static at_str header_of(const struct at_schema_field *field) {
    return field->header.n ? field->header : field->name;
}

/* Said once in place of a message for each field: the first line is most likely not a header. */
static void tell_no_header(struct at_table_dataset *data, uint32_t table) {
    const struct at_source *source = at_table_store_of(data, table)->source;
    const struct at_schema *schema = data->tables[table].schema;
    at_str wanted = header_of(&schema->fields[0]);
    struct at_diag_data_place place = header_place(data, table, 0);
    at_words_operand separator = separator_of(source);
    if (source->hint == AT_SOURCE_SEPARATOR) {
        tell(data, AT_A0707, &place, AT_SENTENCE(AT_W_DATA_SEPARATOR), AT_SENTENCE(AT_W_DATA_DELETE_LINE));
        return;
    }
    struct at_diag *d =
        at_diag_say(data->diags, AT_A0707, (at_span){0}, &place, AT_SENTENCE(AT_W_DATA_NO_HEADER));
    at_diag_say_note(d,
                     AT_SENTENCE(AT_W_DATA_HEADER_LACKS, at_words_text(schema->name), at_words_text(wanted)));
    if (separator.kind)
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_USE_COMMAS, separator));
    else
        at_diag_say_help(d, AT_SENTENCE(source->hint == AT_SOURCE_NOT_UTF8 ? AT_W_DATA_HEADER_UTF8
                                                                           : AT_W_DATA_WRITE_NAMES));
}

/* A similar name is more likely than a wrong separator, so it is suggested first. */
static void tell_missing(struct at_table_dataset *data, uint32_t table, const struct at_schema_field *field) {
    const struct at_source *source = at_table_store_of(data, table)->source;
    at_str wanted = header_of(field), near = nearest_name(source, wanted);
    struct at_diag_data_place place = header_place(data, table, 0);
    at_words_operand separator = separator_of(source), name = at_words_text(field->name);
    struct at_diag *d = at_diag_say(data->diags, AT_A0708, (at_span){0}, &place,
                                    AT_SENTENCE(AT_W_DATA_NO_COLUMN, at_words_text(wanted)));
    if (near.n)
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_NEAR_COLUMN, at_words_text(near), name));
    else if (separator.kind)
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_USE_COMMAS, separator));
    else
        at_diag_say_help(d, AT_SENTENCE(AT_W_DATA_NAME_COLUMN, name));
}

/* If no field has a column, and no column has a similar name, the header itself is missing. */
void at_table_tell_absent(struct at_table_dataset *data, uint32_t table, const bool *absent,
                          uint32_t n_absent) {
    const struct at_source *source = at_table_store_of(data, table)->source;
    const struct at_schema *schema = data->tables[table].schema;
    bool near = false;
    for (uint32_t f = 0; f < schema->n_fields && !near; f++)
        near = nearest_name(source, header_of(&schema->fields[f])).n > 0;
    if (n_absent == schema->n_fields && !near) {
        tell_no_header(data, table);
        return;
    }
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (absent[f]) tell_missing(data, table, &schema->fields[f]);
}

void at_table_tell_marks(struct at_table_dataset *data, uint32_t table) {
    struct at_diag_data_place place = header_place(data, table, 1);
    tell(data, AT_A0789, &place, AT_SENTENCE(AT_W_DATA_TWO_MARKS), AT_SENTENCE(AT_W_DATA_DELETE_MARKS));
}

void at_table_tell_currencies(struct at_table_dataset *data, uint32_t table, uint32_t column,
                              uint32_t field) {
    const struct at_schema_field *money = &data->tables[table].schema->fields[field];
    const struct at_currency_info *info = at_currency_info(money->type.currency);
    struct at_diag_data_place place = header_place(data, table, column + 1);
    at_words_operand name = at_words_text(at_table_store_of(data, table)->source->columns[column]),
                     code = at_words_text(at_str_z(info ? info->code : "USD"));
    tell(data, AT_A0783, &place,
         AT_SENTENCE(AT_W_DATA_CURRENCY_COLUMN, name, at_words_text(money->name), code),
         AT_SENTENCE(AT_W_DATA_READ_CURRENCY, name, code));
}

void at_table_tell_trimmed(struct at_table_dataset *data, uint32_t table, uint32_t field, uint64_t n,
                           uint64_t line) {
    at_str name = data->tables[table].schema->fields[field].name;
    struct at_diag_data_place place = {.file = at_table_store_of(data, table)->source->name, .row = line};
    enum at_words_word word = n == 1 ? AT_W_DATA_SPACES_ONE : AT_W_DATA_SPACES_MANY;
    tell(data, AT_A0733, &place, AT_SENTENCE(word, at_words_count(n), at_words_text(name)),
         AT_SENTENCE(AT_W_DATA_DELETE_SPACES));
}

/* The text of the first such cell is shown as an example, in both readings. */
void at_table_tell_bare(struct at_table_dataset *data, uint32_t table, uint32_t field, uint64_t n,
                        uint64_t line) {
    const struct at_table_store *store = at_table_store_of(data, table);
    struct at_arena *scratch = &data->state->scratch;
    const struct at_schema_field *percent = &data->tables[table].schema->fields[field];
    struct at_table_sight sight =
        at_table_fault_sight(store->source, (struct at_source_ref){AT_SOURCE_NO_ID, line},
                             at_table_store_column(store, field), scratch);
    at_words_operand name = at_words_text(percent->name), cell = at_words_text(at_str_trim(sight.value));
    enum at_words_word word = n == 1 ? AT_W_DATA_BARE_ONE : AT_W_DATA_BARE_MANY;
    tell(data, AT_A0772, &sight.place, AT_SENTENCE(word, at_words_count(n), name, cell),
         AT_SENTENCE(AT_W_DATA_BARE_HELP, name));
}
