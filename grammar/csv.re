/* grammar/csv.re: one field of a CSV file (RFC 4180, and what spreadsheets write).
 *
 *     row    = field { "," field } eol              eol = LF | CRLF | CR | end of the text
 *     field  = plain | '"' { any | '""' } '"'       a quote opens a field only as its first character
 *
 * The byte at the limit is NUL. re2c can therefore distinguish it from a NUL within the text.
 */
#include "source/csv_field.h"

enum at_source_csv_end at_source_csv_next(const char **cursor, const char *limit, struct at_source_csv_field *out) {
    const char *YYCURSOR = *cursor, *YYMARKER;
    const char *const YYLIMIT = limit;
    *out = (struct at_source_csv_field){.start = YYCURSOR};

    /*!re2c
        re2c:define:YYCTYPE = "unsigned char";
        re2c:yyfill:enable = 0;
        re2c:eof = 0;

        quote = ["];
        comma = ",";
        eol   = "\r\n" | "\n" | "\r";
        plain = [^",\r\n] [^,\r\n]*;
        junk  = [^,\r\n]+;
    */

    /* ---- the first character decides */
    /*!re2c
        quote { out->start = YYCURSOR; out->quoted = true; goto quoted; }
        plain { out->end = YYCURSOR; goto end; }
        comma { out->end = out->start; *cursor = YYCURSOR; return AT_CSV_COMMA; }
        eol   { out->end = out->start; *cursor = YYCURSOR; return AT_CSV_ROW; }
        $     { out->end = out->start; *cursor = YYCURSOR; return AT_CSV_TEXT; }
        *     { out->end = YYCURSOR; goto end; }
    */

quoted:
    /*!re2c
        [^"]+       { goto quoted; }
        quote quote { out->doubled = true; goto quoted; }
        quote       { out->end = YYCURSOR - 1; goto end; }
        $           { out->end = YYCURSOR; out->open = true; *cursor = YYCURSOR; return AT_CSV_TEXT; }
        *           { goto quoted; }
    */

end:
    /*!re2c
        comma { *cursor = YYCURSOR; return AT_CSV_COMMA; }
        eol   { *cursor = YYCURSOR; return AT_CSV_ROW; }
        $     { *cursor = YYCURSOR; return AT_CSV_TEXT; }
        junk  { out->junk = true; goto end; }
        *     { out->junk = true; goto end; }
    */
}
