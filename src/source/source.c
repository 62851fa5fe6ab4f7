/* source/source.c: which implementation reads a binding. Others, such as a workbook, are chosen here. */
#include "source/source.h"

#include "source/cells.h"
#include "source/csv.h"

struct at_source *at_source_new(const struct at_source_binding *binding, struct at_arena *arena) {
    switch (binding->kind) {
    case AT_FROM_NOWHERE: return NULL;
    case AT_FROM_FILE:
    case AT_FROM_MEMORY: return at_source_csv_source_new(binding, arena);
    case AT_FROM_CELLS: return at_source_cells_source_new(binding, arena);
    case AT_FROM_SOURCE: return binding->source;
    }
    return NULL;
}
