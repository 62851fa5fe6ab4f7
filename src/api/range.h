/* api/range.h: a span of a policy as the host reads it: file, lines and columns, bytes. Private to api/. */
#ifndef AT_API_RANGE_H
#define AT_API_RANGE_H

#include "api/out.h"
#include "diag/source.h"

struct at_api_range { /* of nowhere: zeros */
    attain_text file;
    uint64_t line, end_line;
    uint32_t column, end_column;
    size_t start, end;
};

/* Converts a span of the map to lines and columns from 1, and offsets in bytes from 0. The text is a view
 * of the map. */
struct at_api_range at_api_range_of(const struct at_diag_sources *sources, at_span span);

#endif
