/* grammar/csv.re: one field of a CSV file (RFC 4180, and what spreadsheets write).
 *
 *     row    = field { separator field } eol             eol = LF | CRLF | CR | end of the text
 *     field  = plain | '"' { any | '""' } '"'       a quote opens a field only as its first character
 *
 * The byte at the limit is NUL. re2c can therefore distinguish it from a NUL within the text.
 */
#include "source/csv_field.h"

enum at_source_csv_end at_source_csv_next(const char **cursor, const char *limit, char separator,
                                          struct at_source_csv_field *out) {
    const char *YYCURSOR = *cursor, *YYMARKER;
    const char *const YYLIMIT = limit;
    *out = (struct at_source_csv_field){.start = YYCURSOR};

    /*!re2c
        re2c:define:YYCTYPE = "unsigned char";
        re2c:yyfill:enable = 0;
        re2c:eof = 0;

        quote = ["];
        mark  = [,;\t|];
        eol   = "\r\n" | "\n" | "\r";
        plain = [^",;\t|\r\n];
        more  = [^,;\t|\r\n]+;
    */

    /* ---- the first character decides. A mark is the separator of this file, or a character like any other. */
    /*!re2c
        quote { out->start = YYCURSOR; out->quoted = true; goto quoted; }
        plain { goto text; }
        mark  {
            if (YYCURSOR[-1] != separator) goto text;
            out->end = out->start;
            *cursor = YYCURSOR;
            return AT_CSV_SEPARATOR;
        }
        eol   { out->end = out->start; *cursor = YYCURSOR; return AT_CSV_ROW; }
        $     { out->end = out->start; *cursor = YYCURSOR; return AT_CSV_TEXT; }
        *     { goto text; }
    */

text:
    out->end = YYCURSOR;
    /*!re2c
        more  { goto text; }
        mark  {
            if (YYCURSOR[-1] != separator) goto text;
            *cursor = YYCURSOR;
            return AT_CSV_SEPARATOR;
        }
        eol   { *cursor = YYCURSOR; return AT_CSV_ROW; }
        $     { *cursor = YYCURSOR; return AT_CSV_TEXT; }
        *     { goto text; }
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
        mark  {
            if (YYCURSOR[-1] != separator) { out->junk = true; goto end; }
            *cursor = YYCURSOR;
            return AT_CSV_SEPARATOR;
        }
        eol   { *cursor = YYCURSOR; return AT_CSV_ROW; }
        $     { *cursor = YYCURSOR; return AT_CSV_TEXT; }
        more  { out->junk = true; goto end; }
        *     { out->junk = true; goto end; }
    */
}
