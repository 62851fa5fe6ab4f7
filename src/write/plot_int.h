/* write/plot_int.h: the interface between the files of drawings: plot_axis.c (ranges and their marks),
 * plot_svg.c, plot_text.c, and plot_bars.c.
 */
#ifndef AT_WRITE_PLOT_INT_H
#define AT_WRITE_PLOT_INT_H

#include "write/plot.h"

/* The part of an axis that is drawn, and its marks, which are multiples of a round number. */
struct at_write_plot_range {
    at_num low, high; /* low < high */
    at_num first, step;
    uint32_t n_marks;
};
/* False: nothing is drawn. `marks`: how many at most. */
bool at_write_plot_ranges(const struct at_write_plot *plot, uint32_t x_marks, uint32_t y_marks,
                          struct at_arena *arena, struct at_write_plot_range *x,
                          struct at_write_plot_range *y);
at_num at_write_plot_mark(const struct at_write_plot_range *range, uint32_t i, struct at_arena *arena);
/* The place of a number on an axis of `size`, rounded; what is outside is at its ends. */
int at_write_plot_place(const struct at_write_plot_range *range, at_num value, int size,
                        struct at_arena *arena);
bool at_write_plot_inside(const struct at_write_plot_range *range, at_num value, struct at_arena *arena);
/* The text of a mark: "$12k", "¥1.2万", "110%". */
at_str at_write_plot_mark_text(const struct at_write_plot_axis *axis, at_num value,
                               const struct at_words *words, struct at_arena *arena);
/* A value as people read it: "$12,345.67", "104.2%". Starts with ≈ if it is shortened. */
at_str at_write_plot_value(const struct at_write_plot_axis *axis, at_num value, const struct at_words *words,
                           struct at_arena *arena);

#endif
