/* source/form.c: finds out from its bytes in what form a file is: compressed, its encoding, its separator.
 *
 * A form counts only if the bytes allow no other one. Otherwise the file is refused, with both readings, so
 * that the user chooses. Files in UTF-8 with commas are not read a second time for this: a few samples and
 * the first line decide.
 */
#include "source/csv_input.h"
#include "source/plug.h"

#define SAMPLE (16u << 10)
#define HEAD (64u << 10)
#define SAMPLES 8
#define SHOWN 60 /* bytes of a text that is shown in two readings */

static bool refuse(struct at_source_fault *fault, enum at_diag_code code) {
    fault->code = code;
    fault->status = AT_REJECTED;
    return false;
}

/* ---- compressed files, and what people give instead of a CSV file */

static bool find_packing(struct at_source_input *input, struct at_source_fault *fault) {
    unsigned char b[4] = {1, 1, 1, 1};
    int64_t n = at_source_raw_read(&input->raw, 0, b, sizeof b);
    if (n < 0) {
        *fault = (struct at_source_fault){.code = AT_A0701, .status = AT_IO, .error = (int)(-1 - n)};
        return false;
    }
    bool zip = n == 4 && b[0] == 'P' && b[1] == 'K' && b[2] < 9 && b[3] < 9;
    bool ole = n == 4 && b[0] == 0xD0 && b[1] == 0xCF && b[2] == 0x11 && b[3] == 0xE0;
    bool gzip = n >= 2 && b[0] == 0x1F && b[1] == 0x8B;
    bool zstd = n == 4 && b[0] == 0x28 && b[1] == 0xB5 && b[2] == 0x2F && b[3] == 0xFD;
    fault->compressed = gzip || zstd;
    if (zip || ole) return refuse(fault, AT_A0706);
    if (!fault->compressed) return true;
    input->packing = at_source_plug_bytes(at_source_plug(), b, (size_t)n);
    return input->packing ? true : refuse(fault, AT_A0706);
}

/* A decoder for the bytes, without or with an encoding. */
static struct at_source_decoder *decoder_of(const struct at_source_input *input,
                                            enum at_schema_encoding encoding, struct at_arena *arena) {
    struct at_source_decoder *decoder = AT_NEW(arena, struct at_source_decoder);
    at_source_decoder_init(decoder, &input->raw, input->packing, encoding, arena);
    return decoder;
}

/* ---- encodings: samples */

/* Whether n bytes from somewhere in a text are UTF-8. Characters at the ends may be cut. */
static bool looks_utf8(const char *p, size_t n, bool cut_start, bool cut_end) {
    while (cut_start && n && ((unsigned char)*p & 0xC0) == 0x80)
        p++, n--;
    size_t bad = at_utf8_invalid(p, n);
    return bad == n || (cut_end && n - bad < 4 && (unsigned char)p[bad] >= 0xC2);
}

/* Samples of the rest of a file that is not compressed. */
static bool rest_is_utf8(const struct at_source_input *input, char *block) {
    if (input->packing || input->raw.size <= HEAD) return true;
    uint64_t step = (input->raw.size - HEAD) / SAMPLES;
    for (unsigned i = 0; i < SAMPLES; i++) {
        uint64_t at = HEAD + step * i + (step > SAMPLE ? step - SAMPLE : 0);
        int64_t got = at_source_raw_read(&input->raw, at, block, SAMPLE);
        if (got > 0 && !looks_utf8(block, (size_t)got, true, true)) return false;
    }
    return true;
}

/* Text of UTF-16 without a byte order mark: its first line end has a zero byte next to it, and so has every
 * one of the ASCII characters before it. */
static enum at_schema_encoding without_mark(const char *p, size_t n) {
    if (n >= 2 && p[0] && !p[1]) return AT_ENCODING_UTF16LE;
    if (n >= 2 && !p[0] && p[1]) return AT_ENCODING_UTF16BE;
    const char *lf = memchr(p, '\n', n);
    if (!lf) return AT_ENCODING_ANY;
    size_t at = (size_t)(lf - p);
    if (at % 2 == 0 && at + 1 < n && !p[at + 1] && memchr(p, 0, at)) return AT_ENCODING_UTF16LE;
    if (at % 2 == 1 && !p[at - 1] && memchr(p, 0, at - 1)) return AT_ENCODING_UTF16BE;
    return AT_ENCODING_ANY;
}

static enum at_schema_encoding of_mark(const char *p, size_t n) {
    if (n >= 2 && memcmp(p, "\xFF\xFE", 2) == 0) return AT_ENCODING_UTF16LE;
    if (n >= 2 && memcmp(p, "\xFE\xFF", 2) == 0) return AT_ENCODING_UTF16BE;
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) return AT_ENCODING_UTF8;
    return without_mark(p, n);
}

/* ---- encodings: the whole file, if it is not UTF-8 */

struct look {                /* at the bytes before conversion */
    uint64_t of_utf8, other; /* bytes of 0x80 or above that are in characters of UTF-8, and that are not */
    bool four;               /* four such bytes in a row, as two Chinese characters have them */
    bool control;            /* a control character that no text has */
    uint64_t first;          /* offset of the first such byte */
};

static void look_at(struct look *look, const char *p, size_t n, uint64_t at, unsigned *run) {
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        *run = c >= 0xA1 && c != 0xFF ? *run + 1 : 0;
        look->four |= *run >= 4;
        look->control |= c < ' ' && c != '\t' && c != '\n' && c != '\r';
        if (c >= 0x80 && look->first == UINT64_MAX) look->first = at + i;
    }
    while (n > 0) {
        size_t good = at_utf8_invalid(p, n);
        for (size_t i = 0; i < good; i++)
            look->of_utf8 += (unsigned char)p[i] >= 0x80;
        look->other += good < n;
        p += good + (good < n), n -= good + (good < n);
    }
}

static struct look look_through(const struct at_source_input *input, char *block, struct at_arena *scratch) {
    struct look look = {.first = UINT64_MAX};
    struct at_source_decoder *decoder = decoder_of(input, AT_ENCODING_UTF8, scratch);
    unsigned run = 0;
    uint64_t at = 0;
    for (int64_t got; (got = at_source_decoder_read(decoder, at, block, HEAD)) > 0; at += (uint64_t)got)
        look_at(&look, block, (size_t)got, at, &run);
    return look;
}

/* Whether every byte of the file is text of the encoding. */
static bool is_all(const struct at_source_input *input, enum at_schema_encoding encoding, char *block,
                   struct at_arena *scratch) {
    if (!at_source_decoder_knows(encoding)) return false;
    struct at_source_decoder *decoder = decoder_of(input, encoding, scratch);
    uint64_t at = 0;
    for (int64_t got; (got = at_source_decoder_read(decoder, at, block, HEAD)) > 0; at += (uint64_t)got)
        if (memchr(block, 0xFF, (size_t)got)) return false;
    return true;
}

/* Whether the byte divides cells in all encodings: it is not the second byte of a Chinese character. */
static bool divides(char c) {
    return c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r' || c == '"';
}

/* The cell with the first byte that is not ASCII, in an encoding. */
static at_str reading_of(const struct at_source_input *input, uint64_t first,
                         enum at_schema_encoding encoding, struct at_arena *scratch) {
    struct at_source_decoder *decoder = decoder_of(input, AT_ENCODING_UTF8, scratch);
    char *text = at_arena_get(scratch, 2 * SHOWN), *out = at_arena_get(scratch, 8 * SHOWN);
    uint64_t from = first > SHOWN ? first - SHOWN : 0;
    int64_t got = at_source_decoder_read(decoder, from, text, 2 * SHOWN);
    size_t start = (size_t)(first - from), end = start, n = got > 0 ? (size_t)got : 0;
    while (start > 0 && !divides(text[start - 1]))
        start--;
    while (end < n && !divides(text[end]))
        end++;
    struct at_source_input cell = {.raw = {.bytes = text + start, .size = end > start ? end - start : 0}};
    int64_t length = at_source_decoder_read(decoder_of(&cell, encoding, scratch), 0, out, 8 * SHOWN);
    return (at_str){out, length > 0 ? (uint32_t)length : 0};
}

/* A file that is not UTF-8. UTF-8 with damaged bytes stays UTF-8: its rows are reported. */
static bool find_other(struct at_source_input *input, char *block, struct at_arena *arena,
                       struct at_arena *scratch, struct at_source_fault *fault) {
    struct look look = look_through(input, block, scratch);
    if (look.of_utf8 > look.other || look.control) return true;
    bool gb = is_all(input, AT_ENCODING_GB18030, block, scratch);
    bool windows = !look.four && is_all(input, AT_ENCODING_WINDOWS1252, block, scratch);
    if (gb && windows) {
        fault->readings[0] = at_str_copy(arena, reading_of(input, look.first, AT_ENCODING_GB18030, scratch));
        fault->readings[1] =
            at_str_copy(arena, reading_of(input, look.first, AT_ENCODING_WINDOWS1252, scratch));
        return refuse(fault, AT_A0739);
    }
    if (gb) input->encoding = AT_ENCODING_GB18030;
    if (windows) input->encoding = AT_ENCODING_WINDOWS1252;
    return true;
}

static bool find_encoding(struct at_source_input *input, struct at_arena *arena, struct at_arena *scratch,
                          struct at_source_fault *fault) {
    char *block = at_arena_get(scratch, HEAD);
    int64_t n = input->packing
                    ? at_source_decoder_read(decoder_of(input, AT_ENCODING_UTF8, scratch), 0, block, HEAD)
                    : at_source_raw_read(&input->raw, 0, block, HEAD);
    if (n <= 0) return true; /* reading reports it */
    input->encoding = of_mark(block, (size_t)n);
    if (input->encoding != AT_ENCODING_ANY) return true;
    input->encoding = AT_ENCODING_UTF8;
    bool good = looks_utf8(block, (size_t)n, false, n == HEAD) && rest_is_utf8(input, block);
    return good || find_other(input, block, arena, scratch, fault);
}

/* `utf16` leaves the order of bytes to the mark, and without one to the first character. */
static void settle_utf16(struct at_source_input *input, struct at_arena *scratch) {
    char *start = at_arena_get(scratch, HEAD);
    int64_t n = at_source_decoder_read(decoder_of(input, AT_ENCODING_UTF8, scratch), 0, start, HEAD);
    enum at_schema_encoding found = of_mark(start, n > 0 ? (size_t)n : 0);
    input->encoding = found == AT_ENCODING_UTF16BE ? found : AT_ENCODING_UTF16LE;
}

bool at_source_form_find(struct at_source_input *input, const struct at_schema_form *specified,
                         struct at_arena *arena, struct at_arena *scratch, struct at_source_fault *fault) {
    struct at_arena_mark mark = at_arena_mark(scratch);
    input->separator = specified->separator ? specified->separator : ',';
    input->encoding = (enum at_schema_encoding)specified->encoding;
    bool good = find_packing(input, fault);
    if (good && input->encoding == AT_ENCODING_ANY) good = find_encoding(input, arena, scratch, fault);
    if (good && input->encoding == AT_ENCODING_UTF16) settle_utf16(input, scratch);
    at_arena_reset(scratch, mark);
    if (!good) return false;
    if (input->encoding == AT_ENCODING_ANY) input->encoding = AT_ENCODING_UTF8;
    if (!at_source_decoder_knows(input->encoding)) return refuse(fault, AT_A0705);
    if (!input->packing && input->encoding == AT_ENCODING_UTF8) return true;
    input->decoder = decoder_of(input, input->encoding, arena);
    input->size = AT_SOURCE_UNKNOWN_SIZE;
    return true;
}

/* ---- separators */

struct table {        /* what a separator makes of the first rows */
    uint32_t columns; /* of the line of names */
    bool even;        /* all rows have as many */
};

static struct table divide(const char *text, size_t n, bool whole, char separator) {
    const char *cursor = text, *limit = text + n;
    struct table table = {.even = true};
    struct at_source_csv_field field;
    for (unsigned rows = 0; cursor < limit && rows < 100; rows++) {

        uint32_t cells = 0;
        enum at_source_csv_end end;
        do {
            end = at_source_csv_next(&cursor, limit, separator, &field);
            cells++;
        } while (end == AT_CSV_SEPARATOR);
        if (end == AT_CSV_TEXT && !whole) break; /* the row goes on */
        if (cells == 1 && !field.quoted && field.start == field.end && rows > 0) continue; /* a blank line */

        if (rows == 0) table.columns = cells;
        table.even &= cells == table.columns;
    }
    return table;
}

bool at_source_separator_find(struct at_source_input *input, uint64_t offset, struct at_arena *scratch,
                              struct at_source_fault *fault) {
    static const char separators[] = AT_CSV_SEPARATORS;
    struct at_arena_mark mark = at_arena_mark(scratch);
    char *text = at_arena_get(scratch, HEAD + 1);
    int64_t got = at_source_input_read(input, offset, text, HEAD);
    size_t n = got > 0 ? (size_t)got : 0;
    text[n] = '\0';
    struct table tables[sizeof separators];
    unsigned several = 0, even = 0, first = 0, second = 0, only = 0;
    for (unsigned i = 0; separators[i]; i++) {
        tables[i] = divide(text, n, n < HEAD, separators[i]);
        if (tables[i].columns < 2) continue;
        only = several++ ? only : i;
        if (!tables[i].even) continue;
        if (even++ == 0)
            first = i;
        else
            second = i;
    }
    at_arena_reset(scratch, mark);
    if (several == 1 || even == 0) first = only; /* without an even one, the comma comes first */
    input->separator = several ? separators[first] : ',';
    if (several < 2 || even < 2) return true;
    fault->separators[0] = separators[first], fault->counts[0] = tables[first].columns;
    fault->separators[1] = separators[second], fault->counts[1] = tables[second].columns;
    return refuse(fault, AT_A0740);
}
