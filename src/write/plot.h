/* write/plot.h: draws lines, points, and bars: as SVG, and for a terminal.
 *
 * A plot is data that the caller makes: exact numbers, and texts in the language of the reader. A drawing
 * rounds positions, and nothing else. Numbers that are too large (num.h: OVERFLOW) must not be given. A line
 * is made of stretches, which end where it jumps: a filled dot belongs to the line, an open one does not.
 *
 *     ●──────        A plot without lines and points has a sentence.
 *     ○──────
 */
#ifndef AT_WRITE_PLOT_H
#define AT_WRITE_PLOT_H

#include "base/sink.h"
#include "base/type.h"
#include "words/words.h"

struct at_write_plot_axis {
    at_str name;
    at_type type; /* MONEY, or NUMBER in its unit */
    bool fixed;   /* from `low` to `high`; otherwise, as far as what is drawn */
    at_num low, high;
};

struct at_write_plot_point {
    at_num x, y;
};

enum at_write_plot_end { AT_PLOT_PLAIN, AT_PLOT_FILLED, AT_PLOT_OPEN };
struct at_write_plot_stretch {
    struct at_write_plot_point *at; /* from left to right; one is a dot of the line */
    uint32_t n;
    uint8_t first, last; /* enum at_write_plot_end */
};
enum { AT_PLOT_MOST_LINES = 6 }; /* that look different; those beyond look like the first again */
struct at_write_plot_line {
    at_str name; /* for the legend */
    struct at_write_plot_stretch *at;
    uint32_t n;
};
struct at_write_plot_dot {
    at_num x, y;
    at_str name;
    uint32_t line; /* whose color it has */
};
struct at_write_plot {
    at_str about; /* what it shows, for readers who do not see it */
    struct at_write_plot_axis x, y;
    struct at_write_plot_line *lines; /* the first is drawn last, over the others */
    uint32_t n_lines;
    struct at_write_plot_dot *dots;
    uint32_t n_dots;
};

/* For the style sheet of a page. It needs the colors --ink, --soft, --line, and --paper. */
extern const char at_write_plot_css[];
/* `alone`: a file of its own, with its style sheet; otherwise an element of a page. */
void at_write_plot_svg(const struct at_write_plot *plot, const struct at_words *words, bool alone,
                       struct at_arena *scratch, struct at_sink *out);
/* `width` columns of the terminal, 0: 80. */
void at_write_plot_text(const struct at_write_plot *plot, const struct at_words *words, uint32_t width,
                        bool color, struct at_arena *scratch, struct at_sink *out);

/* ---- bars, each with its name and its number */

struct at_write_plot_bar {
    at_str name, shown; /* the number as people read it */
    at_num value;
};
void at_write_plot_bars_html(const struct at_write_plot_bar *bars, uint32_t n, struct at_arena *scratch,
                             struct at_sink *out);
void at_write_plot_bars_text(const struct at_write_plot_bar *bars, uint32_t n, uint32_t width,
                             struct at_arena *scratch, struct at_sink *out);

#endif
