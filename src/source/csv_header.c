/* source/csv_header.c: the line of column names at the beginning of a CSV file. */
#include "base/vec.h"
#include "source/csv.h"

struct header {
    at_str row;
    uint64_t offset, line;
    bool separated; /* a line before it specifies the separator */
};

/* Skips blank lines, in blocks, because a compressed file may have millions of them; false where the file
 * holds nothing else. */
static bool find_row(const struct at_source_input *input, struct header *header, struct at_arena *scratch) {
    char block[4096];
    bool cr = false;
    for (;;) {
        int64_t got = at_source_input_read(input, header->offset, block, sizeof block);
        if (got <= 0) return false;
        size_t n = 0;
        while (n < (size_t)got && (block[n] == '\n' || block[n] == '\r'))
            n++;
        header->line += at_source_count_lines(block, n, &cr);
        header->offset += n;
        if (n < (size_t)got) break;
    }
    header->row = at_source_input_row(input, header->offset, AT_ROW_BYTES, scratch);
    return true;
}

/* The separator of a line sep=; as spreadsheets write and read it, also in quotes and capitals. '?': one that
 * is not known; 0: another line. */
static char separator_line(at_str row) {
    if (row.n && *row.p == '"') row.p++, row.n--;
    if (row.n < 5 || row.n > 7 || (row.p[0] | ' ') != 's' || (row.p[1] | ' ') != 'e' ||
        (row.p[2] | ' ') != 'p' || row.p[3] != '=')
        return 0;
    bool alone = row.n == 5 || (row.n == 6 && row.p[5] == '"');
    return alone && strchr(AT_CSV_SEPARATORS, row.p[4]) && row.p[4] ? row.p[4] : '?';
}

/* The byte order mark, a line sep=; and blank lines. The line counts unless the policy contradicts it: then
 * it is taken for the names, and refused. False where the file holds nothing else. */
static bool find_names(struct at_source_csv_source *csv, struct header *header, struct at_arena *scratch) {
    char specified = csv->binding.form.separator, mark[3];
    *header = (struct header){.line = 1};
    if (at_source_input_read(&csv->input, 0, mark, 3) == 3 && memcmp(mark, "\xEF\xBB\xBF", 3) == 0)
        header->offset = 3;
    if (!find_row(&csv->input, header, scratch)) return false;
    char separator = separator_line(header->row);
    if (!separator || separator == '?' || (specified && specified != separator)) return true;
    csv->input.separator = separator;
    header->separated = true;
    header->offset += header->row.n;
    return find_row(&csv->input, header, scratch);
}

/* The names into the source; false with the number of a field that does not end. */
static bool read_names(struct at_source *source, at_str row, char separator, struct at_arena *scratch,
                       uint32_t *open) {
    AT_VEC(at_str) names = {0};
    const char *cursor = row.p, *limit = row.p + row.n;
    struct at_source_csv_field field;
    enum at_source_csv_end end;
    while (limit - cursor > 3 && memcmp(cursor, "\xEF\xBB\xBF", 3) == 0)
        cursor += 3; /* a second mark, which hint_of finds; a quotation mark may follow it */
    do {
        end = at_source_csv_next(&cursor, limit, separator, &field);
        if (field.open) {
            *open = (uint32_t)names.n + 1;
            return false;
        }
        AT_VEC_PUSH(scratch, &names, at_str_trim(at_source_csv_value(&field, scratch)));
    } while (end == AT_CSV_SEPARATOR);
    source->n_columns = (uint32_t)names.n;
    source->columns = AT_NEW_ARRAY(source->arena, at_str, names.n);
    for (size_t i = 0; i < names.n; i++)
        source->columns[i] = at_str_copy(source->arena, names.at[i]);
    return true;
}

/* What may explain that columns are not found. It is shown only if one is missing. */
static enum at_source_hint hint_of(const struct at_source *source, at_str row) {
    if (separator_line(row)) return AT_SOURCE_SEPARATOR;
    if (row.n > 3 && memcmp(row.p, "\xEF\xBB\xBF", 3) == 0) return AT_SOURCE_TWO_MARKS;
    if (source->n_columns == 1 && memchr(row.p, ';', row.n)) return AT_SOURCE_SEMICOLONS;
    if (source->n_columns == 1 && memchr(row.p, '\t', row.n)) return AT_SOURCE_TABS;
    return at_utf8_invalid(row.p, row.n) < row.n ? AT_SOURCE_NOT_UTF8 : AT_SOURCE_NO_HINT;
}

/* The header can span several lines, because names in quotes may have line ends. */
static void find_body(struct at_source_csv_source *csv, const struct header *header) {
    bool cr = false;
    char end[2] = {0};
    csv->body = header->offset + header->row.n;
    at_source_input_read(&csv->input, csv->body, end, 2);
    csv->body_line = header->line + at_source_count_lines(header->row.p, header->row.n, &cr);
    if (csv->body >= csv->input.size) return;
    csv->body += end[0] == '\r' && end[1] == '\n' ? 2 : 1;
    csv->body_line++;
}

/* What ended the text before its first line, if it is not the end of the file. */
static void blame_decoder(const struct at_source_decoder *decoder, struct at_source_fault *fault) {
    if (!decoder || !decoder->failure) return;
    if (decoder->failure > AT_DECODE_FAULT) {
        *fault = (struct at_source_fault){
            .code = AT_A0701, .status = AT_IO, .error = (int)(-1 - decoder->failure)};
        return;
    }
    *fault = (struct at_source_fault){.code = AT_A0741,
                                      .status = AT_REJECTED,
                                      .packed = (uint8_t)(AT_DECODE_FAULT - decoder->failure),
                                      .place = at_source_decoder_place(decoder)};
}

/* Each step sets the fault that holds if the next one fails. */
bool at_source_csv_header(struct at_source_csv_source *csv, struct at_arena *scratch,
                          struct at_source_fault *fault) {
    struct header header = {0};
    *fault = (struct at_source_fault){.code = AT_A0704, .status = AT_REJECTED};
    if (!find_names(csv, &header, scratch)) {
        blame_decoder(csv->input.decoder, fault);
        return false;
    }
    csv->source.header = fault->row = (struct at_source_ref){header.offset, header.line};
    fault->code = AT_A0711;
    if (header.row.n >= AT_ROW_BYTES && header.row.p[0] != '"') return false;
    if (!csv->binding.form.separator && !header.separated &&
        !at_source_separator_find(&csv->input, header.offset, scratch, fault))
        return false;
    fault->code = AT_A0710;
    if (!read_names(&csv->source, header.row, csv->input.separator, scratch, &fault->column)) return false;
    csv->source.form =
        (struct at_source_form){.packing = csv->input.packing ? csv->input.packing->name : NULL,
                                .encoding = csv->input.encoding,
                                .separator = csv->input.separator};
    const struct at_schema_form *specified = &csv->binding.form;
    csv->source.form.found =
        (specified->encoding == AT_ENCODING_ANY && csv->input.encoding != AT_ENCODING_UTF8) ||
        (!specified->separator && csv->input.separator != ',');
    csv->source.hint = hint_of(&csv->source, header.row);
    find_body(csv, &header);
    return true;
}
