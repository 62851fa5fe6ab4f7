/* diag/span.h: the place of something in the texts: two offsets into the source map, 8 bytes. */
#ifndef AT_DIAG_SPAN_H
#define AT_DIAG_SPAN_H

#include <stdint.h>

/* Offsets count bytes over all texts of a source map laid end to end (each file has a base), so that a span
 * knows its file. {0, 0} is nowhere: the first file starts at 1. */
typedef struct at_span {
    uint32_t start, end; /* end is the first byte after */
} at_span;

static inline at_span at_span_join(at_span a, at_span b) {
    if (a.end == 0) return b;
    if (b.end == 0) return a;
    return (at_span){a.start < b.start ? a.start : b.start, a.end > b.end ? a.end : b.end};
}

#endif
