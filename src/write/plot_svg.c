/* write/plot_svg.c: draws a plot as SVG, for a page or as a file of its own.
 *
 * Coordinates are written with one decimal. Every line has its own dashes besides its color, so that
 * it looks different on paper, too.
 */
#include "write/html.h"
#include "write/plot_int.h"

/* The frame of the drawing, and the room for texts around it. */
enum {
    LEFT = 92,
    TOP = 34,
    WIDE = 524,
    HIGH = 300,
    RIGHT = 24,
    BOTTOM = 68,
    ROW = 26,
    X_MARKS = 7,
    Y_MARKS = 8
};

#define COLORS_LIGHT "--p0:#1f5fbf;--p1:#b4540a;--p2:#1d7a46;--p3:#7a3fb0;--p4:#a01f4b;--p5:#4d5866"
#define COLORS_DARK "--p0:#7fb2ff;--p1:#ffb26b;--p2:#5ccb96;--p3:#c79bf2;--p4:#ff8fb0;--p5:#b6c0cc"
#define LINE(n, dashes)                                                                                      \
    ".plot .l" n "{stroke:var(--p" n ")" dashes "}.plot .f" n "{fill:var(--p" n ");stroke:var(--p" n ")}"

const char at_write_plot_css[] =
    "h2{overflow-wrap:anywhere}\n"
    ".plot{" COLORS_LIGHT ";display:block;width:100%;max-width:44rem;height:auto;overflow:visible}\n"
    "@media(prefers-color-scheme:dark){.plot{" COLORS_DARK "}}\n"
    ".plot text{font:15px system-ui,sans-serif;fill:var(--soft)}.plot .name{fill:var(--ink)}"
    ".plot .mid{text-anchor:middle}.plot .end{text-anchor:end}\n"
    ".plot .grid{stroke:var(--line);fill:none}.plot .zero{stroke:var(--soft);fill:none}"
    ".plot .line{fill:none;stroke-width:2.5;stroke-linejoin:round}.plot circle{stroke-width:2}"
    ".plot .open{fill:var(--paper)!important}.plot .dot{fill-opacity:.55;stroke-width:1}\n" LINE(
        "0", "") LINE("1", ";stroke-dasharray:9 5") LINE("2", ";stroke-dasharray:2 4")
        LINE("3", ";stroke-dasharray:12 4 2 4") LINE("4", ";stroke-dasharray:5 3") LINE(
            "5",
            ";stroke-dasharray:1 3") "\n@media(max-width:30rem){.plot text{font-size:22px}}\n"
                                     ".bars{border-collapse:collapse;width:100%}.bars th,.bars "
                                     "td{border:0;padding:.25rem .4rem;vertical-align:"
                                     "middle}.bars "
                                     "th{font-weight:400;text-align:left;width:34%;padding-left:0;overflow-"
                                     "wrap:anywhere}.bars "
                                     ".num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-"
                                     "nums;width:1%;padding-right:0}"
                                     ".bars svg{" COLORS_LIGHT
                                     ";display:block;width:100%;height:1.1rem}.bars .plus{fill:var(--p0)}"
                                     ".bars .minus{fill:var(--p4)}\n@media(prefers-color-scheme:dark){.bars "
                                     "svg{" COLORS_DARK "}}\n"
                                     "@media print{.plot,.bars svg{" COLORS_LIGHT ";break-inside:avoid}}\n";

/* Colors that a page has of its own. */
static const char file_css[] =
    ".plot{--ink:#1a1d21;--paper:#fff;--soft:#5d6570;--line:#d9dde2;background:#fff}\n"
    "@media(prefers-color-scheme:dark){.plot{--ink:#e7eaee;--paper:#14171a;--soft:#9aa4b0;--line:#343a41;"
    "background:#14171a}}\n";

struct svg {
    const struct at_write_plot *plot;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
    struct at_write_plot_range x, y;
};

/* Tenths of a unit. */
static int x_of(const struct svg *svg, at_num x) {
    return LEFT * 10 + at_write_plot_place(&svg->x, x, WIDE * 10, svg->arena);
}

static int y_of(const struct svg *svg, at_num y) {
    return (TOP + HIGH) * 10 - at_write_plot_place(&svg->y, y, HIGH * 10, svg->arena);
}

static void text_at(const struct svg *svg, int x, int y, const char *kind, at_str text) {
    at_sink_printf(svg->out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, kind);
    at_write_html_plain(svg->out, text);
    at_sink_z(svg->out, "</text>\n");
}

/* ---- axes */

static void draw_axes(const struct svg *svg) {
    const struct at_write_plot *plot = svg->plot;
    for (uint32_t i = 0; i < svg->x.n_marks; i++) {
        at_num at = at_write_plot_mark(&svg->x, i, svg->arena);
        int x = x_of(svg, at) / 10;
        at_sink_printf(svg->out, "<path class=\"grid\" d=\"M%d %dv%d\"/>", x, TOP, HIGH);
        text_at(svg, x, TOP + HIGH + 24, "mid",
                at_write_plot_mark_text(&plot->x, at, svg->words, svg->arena));
    }
    for (uint32_t i = 0; i < svg->y.n_marks; i++) {
        at_num at = at_write_plot_mark(&svg->y, i, svg->arena);
        int y = y_of(svg, at) / 10;
        at_sink_printf(svg->out, "<path class=\"%s\" d=\"M%d %dh%d\"/>", at_num_is_zero(at) ? "zero" : "grid",
                       LEFT, y, WIDE);
        text_at(svg, LEFT - 8, y + 5, "end", at_write_plot_mark_text(&plot->y, at, svg->words, svg->arena));
    }
    text_at(svg, 4, 18, "name", plot->y.name);
    text_at(svg, LEFT + WIDE / 2, TOP + HIGH + 54, "mid name", plot->x.name);
}

/* ---- lines and dots */

static void coordinate(const struct svg *svg, int tenths) {
    if (tenths % 10)
        at_sink_printf(svg->out, "%d.%d", tenths / 10, tenths % 10);
    else
        at_sink_printf(svg->out, "%d", tenths / 10);
}

static void disc(const struct svg *svg, const struct at_write_plot_point *at, const char *radius,
                 uint32_t line, const char *kind) {
    at_sink_printf(svg->out, "<circle class=\"f%u%s\" r=\"%s\" cx=\"", line % AT_PLOT_MOST_LINES, kind,
                   radius);
    coordinate(svg, x_of(svg, at->x));
    at_sink_z(svg->out, "\" cy=\"");
    coordinate(svg, y_of(svg, at->y));
    at_sink_z(svg->out, "\">");
}

static void end_of(const struct svg *svg, const struct at_write_plot_point *at, uint32_t line, uint8_t end) {
    if (end == AT_PLOT_PLAIN) return;
    disc(svg, at, "4.5", line, end == AT_PLOT_OPEN ? " open" : "");
    at_sink_z(svg->out, "</circle>\n");
}

static void draw_stretch(const struct svg *svg, const struct at_write_plot_stretch *stretch, uint32_t line) {
    if (stretch->n > 1) at_sink_printf(svg->out, "<path class=\"line l%u\" d=\"", line % AT_PLOT_MOST_LINES);
    for (uint32_t i = 0; i < stretch->n && stretch->n > 1; i++) {
        at_sink_z(svg->out, i ? "L" : "M");
        coordinate(svg, x_of(svg, stretch->at[i].x));
        at_sink_z(svg->out, " ");
        coordinate(svg, y_of(svg, stretch->at[i].y));
    }
    if (stretch->n > 1) at_sink_z(svg->out, "\"/>\n");
    if (stretch->n == 0) return;
    end_of(svg, &stretch->at[0], line, stretch->n == 1 ? AT_PLOT_FILLED : stretch->first);
    if (stretch->n > 1) end_of(svg, &stretch->at[stretch->n - 1], line, stretch->last);
}

/* A word before each number: a name from right to left cannot turn their order. */
static void draw_dot(const struct svg *svg, const struct at_write_plot_dot *dot) {
    const struct at_write_plot *plot = svg->plot;
    struct at_arena_mark mark = at_arena_mark(svg->arena);
    const struct at_write_plot_point at = {dot->x, dot->y};
    disc(svg, &at, "6", dot->line, " dot");
    at_sink_z(svg->out, "<title>");
    at_str x = at_str_format(svg->arena, "%.*s %.*s", AT_STR_ARG(plot->x.name),
                             AT_STR_ARG(at_write_plot_value(&plot->x, dot->x, svg->words, svg->arena)));
    at_str y = at_str_format(svg->arena, "%.*s %.*s", AT_STR_ARG(plot->y.name),
                             AT_STR_ARG(at_write_plot_value(&plot->y, dot->y, svg->words, svg->arena)));
    at_write_html_plain(svg->out, AT_SAY(svg->arena, svg->words, AT_W_PLOT_POINT, dot->name, x, y));
    at_sink_z(svg->out, "</title></circle>\n");
    at_arena_reset(svg->arena, mark);
}

static void draw_all(const struct svg *svg) {
    const struct at_write_plot *plot = svg->plot;
    for (uint32_t l = plot->n_lines; l-- > 0;)
        for (uint32_t s = 0; s < plot->lines[l].n; s++) {
            struct at_arena_mark mark = at_arena_mark(svg->arena);
            draw_stretch(svg, &plot->lines[l].at[s], l);
            at_arena_reset(svg->arena, mark);
        }
    for (uint32_t i = 0; i < plot->n_dots; i++)
        draw_dot(svg, &plot->dots[i]);
}

/* ---- the whole */

static void draw_legend(const struct svg *svg) {
    const struct at_write_plot *plot = svg->plot;
    for (uint32_t l = 0; l < plot->n_lines && plot->n_lines > 1; l++) {
        int y = TOP + HIGH + BOTTOM + ROW * (int)l + 12;
        at_sink_printf(svg->out, "<path class=\"line l%u\" d=\"M%d %dh40\"/>", l % AT_PLOT_MOST_LINES, LEFT,
                       y - 5);
        text_at(svg, LEFT + 52, y, "name", plot->lines[l].name);
    }
}

void at_write_plot_svg(const struct at_write_plot *plot, const struct at_words *words, bool alone,
                       struct at_arena *scratch, struct at_sink *out) {
    struct svg svg = {.plot = plot, .words = words, .arena = scratch, .out = out};
    bool any = at_write_plot_ranges(plot, X_MARKS, Y_MARKS, scratch, &svg.x, &svg.y);
    int rows = plot->n_lines > 1 ? (int)plot->n_lines : 0;
    at_sink_printf(out, "<svg class=\"plot\"%s viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"",
                   alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", LEFT + WIDE + RIGHT,
                   any ? TOP + HIGH + BOTTOM + ROW * rows : ROW);
    at_write_html_plain(out, plot->about);
    at_sink_z(out, "\">\n");
    if (alone) {
        at_sink_z(out, "<style>\n");
        at_sink_z(out, at_write_plot_css);
        at_sink_z(out, file_css);
        at_sink_z(out, "</style>\n");
    }
    if (any) {
        draw_axes(&svg);
        draw_all(&svg);
        draw_legend(&svg);
    } else
        text_at(&svg, 4, 18, "name", at_words_word(words, AT_W_PLOT_NOTHING));
    at_sink_z(out, "</svg>\n");
}
