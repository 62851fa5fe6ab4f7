/* table/tell_source.c: messages about a source as a whole, and about its columns. */
#include <errno.h>

#include "table/fault.h"
#include "table/store.h"

#define SUGGEST_COLUMNS 2000 /* in a wider file a suggested name does not help to find a typing mistake */

/* strerror is not safe with threads and strerror_r is two different functions: the usual reasons in our own
 * words. */
static const char *reason(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR: return "it does not exist";
    case EACCES:
    case EPERM: return "permission denied";
    case EMFILE:
    case ENFILE: return "too many files are open";
    case EIO: return "disk error";
    case ENAMETOOLONG: return "its name is too long";
    case ELOOP: return "circular symbolic links";
    default: return "system error";
    }
}

void at_tell_no_source(struct at_dataset *data, uint32_t table) {
    const struct at_schema *schema = data->tables[table].schema;
    struct at_data_place place = {.file = schema->source.n ? schema->source : schema->name};
    struct at_diag *d = at_diag_add_at(data->diags, AT_A0713, &place, "the table `%.*s` does not have a file",
                                       AT_STR_ARG(schema->name));
    at_diag_help(d, "name the file in the policy: `%.*s from \"file.csv\"`", AT_STR_ARG(schema->name));
}

/* ---- a source that cannot be used */

static void tell_unreadable(struct at_dataset *data, const struct at_binding *binding,
                            const struct at_source_fault *fault, const struct at_data_place *whole) {
    struct at_diag *d;
    switch ((int)fault->code) {
    case AT_A0702:
        d = at_diag_add_at(data->diags, fault->code, whole, "expected a data file, found a folder");
        at_diag_help(d, "name the CSV file in the folder");
        break;
    case AT_A0703:
        d = at_diag_add_at(data->diags, fault->code, whole,
                           "expected a regular file, found a device or a pipe");
        at_diag_help(d, "save the data to a file first");
        break;
    case AT_A0735:
        d = at_diag_add(data->diags, fault->code, binding->span,
                        "cannot read `%.*s` outside the permitted folders", AT_STR_ARG(binding->path));
        at_diag_help(d, "permit a wider folder with `--root DIR`, or every file with `--allow-outside`");
        break;
    default:
        d = at_diag_add_at(data->diags, fault->code, whole, "cannot read the file: %s", reason(fault->error));
        if (fault->error == ENOENT) at_diag_help(d, "specify the folder of the data with `--data FOLDER`");
    }
}

static void tell_form(struct at_dataset *data, const struct at_source_fault *fault,
                      const struct at_data_place *whole) {
    struct at_diag *d;
    if (fault->code == AT_A0704) {
        d = at_diag_add_at(data->diags, fault->code, whole, "the file is empty");
        at_diag_help(d, "write the names of the columns in the first line");
    } else if (fault->code == AT_A0705) {
        d = at_diag_add_at(data->diags, fault->code, whole, "the file is in UTF-16, not UTF-8");
        at_diag_help(d, "save it as “CSV UTF-8 (comma delimited)”");
    } else {
        d = at_diag_add_at(data->diags, fault->code, whole,
                           fault->compressed ? "expected a CSV file, found a compressed file"
                                             : "expected a CSV file, found a workbook or an archive");
        at_diag_help(d, fault->compressed ? "decompress the file"
                                          : "open it in a spreadsheet, and save the sheet as “CSV UTF-8”");
    }
}

void at_tell_source(struct at_dataset *data, uint32_t table, const struct at_source_fault *fault) {
    const struct at_binding *binding = &data->tables[table].binding;
    struct at_source *source = at_store_of(data, table)->source;
    struct at_data_place whole = {.file = binding->name}, place = whole;
    struct at_diag *d;
    if (fault->row.number)
        place = at_fault_sight(source, fault->row, fault->column, &data->state->scratch).place;
    switch ((int)fault->code) {
    case AT_A0704:
    case AT_A0705:
    case AT_A0706: tell_form(data, fault, &whole); break;
    case AT_A0710:
        d = at_diag_add_at(data->diags, fault->code, &place, "unclosed quotation mark");
        at_diag_help(d, "add the closing \". To use \" in a value, put the value in quotes and write \"\"");
        break;
    case AT_A0711:
        d = at_diag_add_at(data->diags, fault->code, &place, "the row is longer than 16 MB");
        at_diag_help(d, "check the line ends of the file");
        break;
    case AT_A0712:
        d = at_diag_add_at(data->diags, fault->code, &whole, "the file became shorter while Attain read it");
        at_diag_help(d, "run again when no other program writes to the file");
        break;
    case AT_A0734:
        d = at_diag_add_at(data->diags, fault->code, &whole, "the table has more than two billion rows");
        at_diag_help(d, "divide the data");
        break;
    default: tell_unreadable(data, binding, fault, &whole); break;
    }
}

/* ---- its columns */

static struct at_data_place header_place(struct at_dataset *data, uint32_t table, uint32_t column) {
    struct at_source *source = at_store_of(data, table)->source;
    if (source->header.number == 0) return (struct at_data_place){.file = source->name, .column = column};
    return at_fault_sight(source, source->header, column, &data->state->scratch).place;
}

void at_tell_twice(struct at_dataset *data, uint32_t table, at_str name, uint32_t first, uint32_t column) {
    struct at_data_place place = header_place(data, table, column + 1);
    struct at_diag *d =
        at_diag_add_at(data->diags, AT_A0709, &place, "duplicate column `%.*s`, as numbers %u and %u",
                       AT_STR_ARG(name), first + 1, column + 1);
    at_diag_help(d, "rename or delete one of them in the file");
}

/* The name that a mistyped one was most likely meant to be; empty where none is near. */
static at_str nearest_name(const struct at_source *source, at_str wanted) {
    unsigned best = wanted.n / 3 + 1;
    at_str found = {0};
    for (uint32_t c = 0; c < source->n_columns && c < SUGGEST_COLUMNS; c++) {
        at_str name = source->columns[c];
        if (name.n == 0 || name.n > 4 * wanted.n + 4) continue;
        unsigned distance = at_edit_distance(wanted, name, best);
        if (distance > best || (distance == best && found.n)) continue;
        best = distance;
        found = name;
    }
    return found;
}

static const char *separator_of(const struct at_source *source) {
    return source->hint == AT_SOURCE_SEMICOLONS ? "semicolons"
           : source->hint == AT_SOURCE_TABS     ? "tabs"
                                                : NULL;
}

static at_str header_of(const struct at_field *field) {
    return field->header.n ? field->header : field->name;
}

static void tell_no_header(struct at_dataset *data, uint32_t table) {
    const struct at_source *source = at_store_of(data, table)->source;
    const struct at_schema *schema = data->tables[table].schema;
    at_str wanted = header_of(&schema->fields[0]);
    struct at_data_place place = header_place(data, table, 0);
    struct at_diag *d = at_diag_add_at(data->diags, AT_A0707, &place, "missing line of column names");
    at_diag_note(d, "the first line does not contain a column of `%.*s`, such as `%.*s`",
                 AT_STR_ARG(schema->name), AT_STR_ARG(wanted));
    if (separator_of(source))
        at_diag_help(d, "save the file with commas instead of %s", separator_of(source));
    else if (source->hint == AT_SOURCE_NOT_UTF8)
        at_diag_help(d, "save the file as “CSV UTF-8”: the first line is not UTF-8");
    else
        at_diag_help(d, "write the names of the columns in the first line");
}

static void tell_missing(struct at_dataset *data, uint32_t table, const struct at_field *field) {
    const struct at_source *source = at_store_of(data, table)->source;
    at_str wanted = header_of(field), near = nearest_name(source, wanted);
    struct at_data_place place = header_place(data, table, 0);
    struct at_diag *d =
        at_diag_add_at(data->diags, AT_A0708, &place, "missing column `%.*s`", AT_STR_ARG(wanted));
    if (near.n)
        at_diag_help(d, "did you mean `%.*s`? If so, write `%.*s … from \"%.*s\"` in the policy",
                     AT_STR_ARG(near), AT_STR_ARG(field->name), AT_STR_ARG(near));
    else if (separator_of(source))
        at_diag_help(d, "save the file with commas instead of %s", separator_of(source));
    else
        at_diag_help(d, "name its column in the policy: `%.*s … from \"Column Header\"`",
                     AT_STR_ARG(field->name));
}

void at_tell_absent(struct at_dataset *data, uint32_t table, const bool *absent, uint32_t n_absent) {
    const struct at_source *source = at_store_of(data, table)->source;
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

void at_tell_trimmed(struct at_dataset *data, uint32_t table, uint32_t field, uint64_t n, uint64_t line) {
    at_str name = data->tables[table].schema->fields[field].name;
    struct at_data_place place = {.file = at_store_of(data, table)->source->name, .row = line};
    struct at_diag *d = at_diag_add_at(data->diags, AT_A0733, &place, "spaces around %llu key%s in `%.*s`",
                                       (unsigned long long)n, n == 1 ? "" : "s", AT_STR_ARG(name));
    at_diag_help(d, "delete them in the file: Attain ignores them, but other programs may not");
}
