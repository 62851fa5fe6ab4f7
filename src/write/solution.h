/* write/solution.h: which numbers give the pay that is asked for, as text and as JSON. */
#ifndef AT_WRITE_SOLUTION_H
#define AT_WRITE_SOLUTION_H

#include "base/sink.h"
#include "curve/solve.h"
#include "write/plot.h"

struct at_write_solution {
    at_str vary, goal; /* as the host writes them */
    struct at_write_plot_axis x, y;
    at_num from, to; /* the range that was looked at */
    struct at_curve_solution found;
};

void at_write_solution_text(const struct at_write_solution *solution, const struct at_words *words,
                            struct at_arena *scratch, struct at_sink *out);
/* Numbers are exact: decimals, or fractions such as "1/3". */
void at_write_solution_json(const struct at_write_solution *solution, struct at_arena *scratch,
                            struct at_sink *out);

#endif
