/* source/csv_field.h: one field of CSV text at a time. re2c makes it from grammar/csv.re. It reads rows that
 * hold quotes, and headers. source/csv_index.c splits rows without quotes, many at a time. */
#ifndef AT_SOURCE_CSV_FIELD_H
#define AT_SOURCE_CSV_FIELD_H

#include "base/base.h"

enum at_source_csv_end {
    AT_CSV_SEPARATOR, /* another field follows */
    AT_CSV_ROW,       /* the row ended with a line end */
    AT_CSV_TEXT       /* the text ended */
};

struct at_source_csv_field {
    const char *start, *end; /* of the value, without the quotes around it */
    bool quoted;
    bool doubled; /* the value holds doubled quotes, still doubled */
    bool junk;    /* text follows the closing quote */
    bool open;    /* the text ended before the closing quote */
};

/* What may divide the cells of a row. */
#define AT_CSV_SEPARATORS ",;\t|"

/* Reads the field at *cursor and moves the cursor behind what ended it. *limit must hold a NUL byte.
 * `separator`: one of AT_CSV_SEPARATORS. */
enum at_source_csv_end at_source_csv_next(const char **cursor, const char *limit, char separator,
                                          struct at_source_csv_field *out);

#endif
