/* table/cell_int.h: what the readers of cells share. Their texts are trimmed, narrow (base/narrow.h), not
 * empty, and valid UTF-8. Each returns AT_CELL_FINE, or the code of what is wrong. */
#ifndef AT_TABLE_CELL_INT_H
#define AT_TABLE_CELL_INT_H

#include "base/narrow.h"
#include "table/cell.h"

static inline bool at_table_cell_begins(at_str text, at_str with) {
    return text.n >= with.n && memcmp(text.p, with.p, with.n) == 0;
}
static inline at_str at_table_cell_from(at_str text, uint32_t n) {
    return (at_str){text.p + n, text.n - n};
}
bool at_table_cell_word(at_str text, const char *word); /* equal, ASCII case ignored */
bool at_table_cell_sign(at_str *text, bool *negative);  /* takes it off the beginning */
enum at_diag_code at_table_cell_digits(at_str text, bool comma, bool negative, struct at_arena *arena,
                                       at_num *out);

/* cell_time.c */
enum at_diag_code at_table_cell_date(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                     at_date *out);
enum at_diag_code at_table_cell_period(at_str text, struct at_arena *arena, at_period *out);
enum at_diag_code at_table_cell_duration(const struct at_schema_field *field, at_str text,
                                         struct at_arena *arena, at_num *out);
bool at_table_cell_iso_shape(at_str text); /* dddd-dd-dd */

/* Help for what spreadsheets write in place of a value. False: nothing is known about it. */
bool at_table_cell_habit(struct at_diag *diag, enum at_diag_code code, at_str value,
                         struct at_arena *scratch);

#endif
