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

at_str at_source_encoding_name(enum at_schema_encoding encoding) {
    switch (encoding) {
    case AT_ENCODING_UTF16:
    case AT_ENCODING_UTF16LE:
    case AT_ENCODING_UTF16BE: return AT_STR("UTF-16");
    case AT_ENCODING_GB18030: return AT_STR("GB18030");
    case AT_ENCODING_WINDOWS1252: return AT_STR("Windows-1252");
    case AT_ENCODING_ANY:
    case AT_ENCODING_UTF8: break;
    }
    return AT_STR("UTF-8");
}

at_str at_source_separator_name(char separator) {
    switch (separator) {
    case ';': return AT_STR(";");
    case '|': return AT_STR("|");
    case '\t': return AT_STR("\\t");
    default: return AT_STR(",");
    }
}
