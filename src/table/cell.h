/* table/cell.h: the text of one cell -> a value of the declared type. The careful way, which knows every form
 * that people and spreadsheets write; the loops of table/parse.c do the plain forms faster and come here for
 * the others.
 */
#ifndef AT_TABLE_CELL_H
#define AT_TABLE_CELL_H

#include "base/schema.h"
#include "diag/diag.h"

#define AT_CELL_FINE AT_CODE_COUNT /* no fault */

struct at_table_cell {
    bool missing;
    bool bare; /* a number without a sign, which the percent field does not know how to read */
    union {
        at_num num; /* NUMBER, MONEY, DURATION */
        at_date day;
        at_period period;
        int32_t row; /* ENUM: the choice */
        bool flag;
        at_str text; /* view of the cell */
    };
};

/* Every type but REF (table/keys.h). AT_CELL_FINE, or the code of what is wrong with it. */
enum at_diag_code at_table_cell_read(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                     struct at_table_cell *out);
/* An amount in a row of this currency. */
enum at_diag_code at_table_cell_read_foreign(const struct at_schema_field *field, at_str text,
                                             at_str currency, struct at_arena *arena,
                                             struct at_table_cell *out);
/* Adds the message for such a code. It states what the value is not, and how to fix it. `encoding`: the name
 * of that of the source. */
struct at_diag *at_table_cell_tell(struct at_diag_list *diags, const struct at_schema_field *field,
                                   enum at_diag_code code, at_str value, at_str encoding,
                                   const struct at_diag_data_place *place, struct at_arena *scratch);

#endif
