/* table/columns.h: the columns of a source, matched by name with the fields of a schema. */
#ifndef AT_TABLE_COLUMNS_H
#define AT_TABLE_COLUMNS_H

#include "table/store.h"

/* Finds the column of every field of the table: fills the layout and the slots of its store. AT_REJECTED with
 * diagnostics. */
enum at_status at_table_columns_find(struct at_table_dataset *data, uint32_t table);

#endif
