/* write/flow.h: writes a paragraph for a terminal, in lines that fit its width.
 *
 * Lines break at spaces, and between wide characters, except before punctuation that ends something. The
 * marks of diff_decision.h around words that are removed or added become colors.
 */
#ifndef AT_WRITE_FLOW_H
#define AT_WRITE_FLOW_H

#include "base/sink.h"

struct at_write_flow {
    struct at_sink *out;
    struct at_arena *arena; /* scratch */
    uint32_t width;         /* 0: 80 */
    bool color;
};

/* The first line begins with `head`, and the others with as many spaces as it has columns. */
void at_write_flow(const struct at_write_flow *flow, at_str head, at_str text);

#endif
