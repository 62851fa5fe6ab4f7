/* table/header.h: the line of column names of a file, matched with the fields of a schema. */
#ifndef AT_TABLE_HEADER_H
#define AT_TABLE_HEADER_H

#include "source/reader.h"

/* Finds the column of every field: `layout` in `arena`, the slot of each field in slots[]. AT_REJECTED with
 * diagnostics. */
enum at_status at_header_read(const struct at_input *input, const struct at_schema *schema,
                              struct at_arena *arena, struct at_arena *scratch, struct at_diags *diags,
                              struct at_layout *layout, uint32_t *slots);

#endif
