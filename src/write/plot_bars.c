/* write/plot_bars.c: draws bars: a table whose second column is the bar. A bar begins at zero, on the left of
 * which are those of negative numbers.
 */
#include "base/visible.h"
#include "write/html.h"
#include "write/plot_int.h"

enum { SIZE = 1000, COLUMNS = 40 };

/* The range of all bars, with zero. */
static struct at_write_plot_range range_of(const struct at_write_plot_bar *bars, uint32_t n,
                                           struct at_arena *arena) {
    struct at_write_plot_range range = {.low = at_num_int(0), .high = at_num_int(0)};
    for (uint32_t i = 0; i < n; i++) {
        if (at_num_cmp(arena, bars[i].value, range.low) < 0) range.low = bars[i].value;
        if (at_num_cmp(arena, bars[i].value, range.high) > 0) range.high = bars[i].value;
    }
    if (at_num_cmp(arena, range.low, range.high) == 0) range.high = at_num_int(1);
    return range;
}

/* A bar that is not zero is at least `least` long. */
static void ends_of(const struct at_write_plot_range *range, at_num value, int size, int least,
                    struct at_arena *arena, int *from, int *to) {
    int zero = at_write_plot_place(range, at_num_int(0), size, arena),
        at = at_write_plot_place(range, value, size, arena), sign = at_num_sign(value);
    *from = sign < 0 ? at : zero;
    *to = sign < 0 ? zero : at;
    if (sign == 0 || *to - *from >= least) return;
    if (sign < 0 && zero >= least)
        *from = zero - least;
    else
        *to = *from + least;
}

void at_write_plot_bars_html(const struct at_write_plot_bar *bars, uint32_t n, struct at_arena *scratch,
                             struct at_sink *out) {
    struct at_write_plot_range range = range_of(bars, n, scratch);
    at_sink_z(out, "<table class=\"bars\">\n");
    for (uint32_t i = 0; i < n; i++) {
        int from, to;
        ends_of(&range, bars[i].value, SIZE, 3, scratch, &from, &to);
        at_sink_z(out, "<tr><th scope=\"row\">");
        at_write_html_text(out, bars[i].name);
        at_sink_printf(out,
                       "</th><td class=\"bar\"><svg viewBox=\"0 0 %d 20\" preserveAspectRatio=\"none\" "
                       "aria-hidden=\"true\"><rect class=\"%s\" x=\"%d\" y=\"2\" width=\"%d\" height=\"16\"/>"
                       "</svg></td><td class=\"num\">",
                       SIZE, at_num_sign(bars[i].value) < 0 ? "minus" : "plus", from, to - from);
        at_write_html_text(out, bars[i].shown);
        at_sink_z(out, "</td></tr>\n");
    }
    at_sink_z(out, "</table>\n");
}

static void cells(struct at_sink *out, unsigned n, const char *glyph) {
    while (n-- > 0)
        at_sink_z(out, glyph);
}

void at_write_plot_bars_text(const struct at_write_plot_bar *bars, uint32_t n, uint32_t width,
                             struct at_arena *scratch, struct at_sink *out) {
    struct at_write_plot_range range = range_of(bars, n, scratch);
    unsigned names = 0, numbers = 0;
    for (uint32_t i = 0; i < n; i++) {
        unsigned name = at_visible_width(bars[i].name), number = at_visible_width(bars[i].shown);
        names = name > names ? name : names;
        numbers = number > numbers ? number : numbers;
    }
    unsigned room = width == 0 ? 80 : width, used = names + numbers + 4;
    int size = (int)(room > used + 10 ? room - used : 10);
    if (size > COLUMNS) size = COLUMNS;
    for (uint32_t i = 0; i < n; i++) {
        int from, to;
        ends_of(&range, bars[i].value, size, 1, scratch, &from, &to);
        at_sink_visible(out, bars[i].name);
        cells(out, names - at_visible_width(bars[i].name) + 2, " ");
        cells(out, (unsigned)from, " ");
        cells(out, (unsigned)(to - from), "█");
        cells(out, (unsigned)(size - to) + 2 + numbers - at_visible_width(bars[i].shown), " ");
        at_sink_visible(out, bars[i].shown);
        at_sink_z(out, "\n");
    }
}
