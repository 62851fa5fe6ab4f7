/* source/cells.h: rows that the caller holds as columns of values, such as the `given` rows of a test.
 * Nothing is copied, and nothing goes through text. */
#ifndef AT_SOURCE_CELLS_H
#define AT_SOURCE_CELLS_H

#include "source/source.h"

/* For a binding AT_FROM_CELLS: a column for each field of the table. */
struct at_source *at_source_cells_source_new(const struct at_source_binding *binding, struct at_arena *arena);

#endif
