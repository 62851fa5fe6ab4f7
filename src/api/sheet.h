/* api/sheet.h: CSV text of a caller, as cells: changed rows, and payouts of another system. Private to api/.
 */
#ifndef AT_API_SHEET_H
#define AT_API_SHEET_H

#include "attain.h"
#include "base/vec.h"

struct at_api_sheet {
    AT_VEC(attain_cell) cells; /* row by row, the header first */
    size_t columns;
};

/* Rows of the same number of cells; false: one has another number. Empty lines do not count. The cells are
 * copied into the arena. */
bool at_api_sheet_read(struct at_arena *arena, const char *text, size_t length, struct at_api_sheet *out);

#endif
