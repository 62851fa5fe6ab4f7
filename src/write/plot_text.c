/* write/plot_text.c: draws a plot for a terminal.
 *
 * The first line is drawn with the dots of braille characters, two columns and four rows in each, the others
 * with a character of their own in each place. Ends of stretches are ● and ○, and points are ◆.
 */
#include "base/visible.h"
#include "write/plot_int.h"

enum { HIGH = 16, NARROW = 24, MOST = 120 };

struct place {
    uint8_t dots; /* of braille */
    uint8_t mark; /* a glyph that covers them; 0: none */
    uint8_t line; /* whose color it has, from 1; 0: empty */
};

struct screen {
    const struct at_write_plot *plot;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
    bool color;
    int wide; /* of the frame, in characters */
    struct place *places;
    struct at_write_plot_range x, y;
};

static const char *const glyphs[] = {"", "·", ":", "+", "x", "-"}; /* by line; the first is braille */
enum { MARK_FILLED = 1, MARK_OPEN, MARK_POINT };
static const char *const marks[] = {"", "●", "○", "◆"};
static const char *const colors[] = {"\33[36m", "\33[33m", "\33[32m", "\33[35m", "\33[31m", "\33[90m"};

/* ---- the frame, in dots of braille: 2 in a column, 4 in a row, from the top */

static int x_of(const struct screen *s, at_num x) {
    return at_write_plot_place(&s->x, x, s->wide * 2 - 1, s->arena);
}

static int y_of(const struct screen *s, at_num y) {
    return HIGH * 4 - 1 - at_write_plot_place(&s->y, y, HIGH * 4 - 1, s->arena);
}

static struct place *place_at(const struct screen *s, int x, int y) {
    return &s->places[y / 4 * s->wide + x / 2];
}

static void dot(const struct screen *s, int x, int y, uint32_t line) {
    static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    struct place *p = place_at(s, x, y);
    if (p->line != line + 1) p->dots = 0;
    p->dots |= bits[y % 4][x % 2];
    p->line = (uint8_t)(line + 1);
}

static int distance(int a, int b) {
    return a < b ? b - a : a - b;
}

static void segment(const struct screen *s, int x1, int y1, int x2, int y2, uint32_t line) {
    int n = distance(x1, x2) > distance(y1, y2) ? distance(x1, x2) : distance(y1, y2);
    for (int i = 0; i <= n; i++)
        dot(s, n ? x1 + (x2 - x1) * i / n : x1, n ? y1 + (y2 - y1) * i / n : y1, line);
}

static void mark_at(const struct screen *s, at_num x, at_num y, uint8_t mark, uint32_t line) {
    if (mark == 0) return;
    struct place *p = place_at(s, x_of(s, x), y_of(s, y));
    /* Where a jump is less than a row, the dot that belongs to the line is shown. */
    if (mark == MARK_OPEN && p->mark == MARK_FILLED && p->line == line + 1) return;
    p->mark = mark;
    p->line = (uint8_t)(line + 1);
}

static uint8_t mark_of(uint8_t end) {
    return end == AT_PLOT_FILLED ? MARK_FILLED : end == AT_PLOT_OPEN ? MARK_OPEN : 0;
}

static void draw_stretch(const struct screen *s, const struct at_write_plot_stretch *stretch, uint32_t line) {
    for (uint32_t i = 1; i < stretch->n; i++)
        segment(s, x_of(s, stretch->at[i - 1].x), y_of(s, stretch->at[i - 1].y), x_of(s, stretch->at[i].x),
                y_of(s, stretch->at[i].y), line);
    if (stretch->n == 1) dot(s, x_of(s, stretch->at[0].x), y_of(s, stretch->at[0].y), line);
}

static void draw_ends(const struct screen *s, const struct at_write_plot_stretch *stretch, uint32_t line) {
    if (stretch->n == 0) return;
    uint32_t last = stretch->n - 1;
    uint8_t first = stretch->n == 1 ? AT_PLOT_FILLED : stretch->first;
    mark_at(s, stretch->at[0].x, stretch->at[0].y, mark_of(first), line);
    if (last > 0) mark_at(s, stretch->at[last].x, stretch->at[last].y, mark_of(stretch->last), line);
}

static void draw(const struct screen *s) {
    const struct at_write_plot *plot = s->plot;
    for (uint32_t l = plot->n_lines; l-- > 0;) {
        uint32_t line = l % AT_PLOT_MOST_LINES;
        for (uint32_t i = 0; i < plot->lines[l].n; i++)
            draw_stretch(s, &plot->lines[l].at[i], line);
        for (uint32_t i = 0; i < plot->lines[l].n; i++)
            draw_ends(s, &plot->lines[l].at[i], line);
    }
    for (uint32_t i = 0; i < plot->n_dots; i++)
        mark_at(s, plot->dots[i].x, plot->dots[i].y, MARK_POINT, plot->dots[i].line % AT_PLOT_MOST_LINES);
}

/* ---- printing */

static void spaces(const struct screen *s, unsigned n) {
    while (n-- > 0)
        at_sink_z(s->out, " ");
}

static void braille(const struct screen *s, uint8_t dots) {
    const char utf8[3] = {(char)0xE2, (char)(0xA0 | dots >> 6), (char)(0x80 | (dots & 0x3F))};
    at_sink_put(s->out, utf8, 3);
}

/* The color stays until a place of another one, or the end of the row. */
static void set_color(const struct screen *s, int *color, int line) {
    if (!s->color || *color == line) return;
    at_sink_z(s->out, line < 0 ? "\33[0m" : colors[line]);
    *color = line;
}

static void print_place(const struct screen *s, const struct place *p, int *color) {
    int line = p->line - 1;
    set_color(s, color, line);
    if (line < 0)
        at_sink_z(s->out, " ");
    else if (p->mark)
        at_sink_z(s->out, marks[p->mark]);
    else if (line == 0)
        braille(s, p->dots);
    else
        at_sink_z(s->out, glyphs[line]);
}

static void print_row(const struct screen *s, int row, at_str label, unsigned margin) {
    const struct place *places = &s->places[row * s->wide];
    int end = s->wide;
    while (end > 0 && places[end - 1].line == 0)
        end--;
    spaces(s, margin - at_visible_width(label));
    at_sink_visible(s->out, label);
    at_sink_z(s->out, label.n ? " ┤" : " │");
    int color = -1;
    for (int i = 0; i < end; i++)
        print_place(s, &places[i], &color);
    set_color(s, &color, -1);
    at_sink_z(s->out, "\n");
}

/* The marks of the y axis by row, and the columns of the widest. */
static unsigned y_labels(const struct screen *s, at_str labels[HIGH]) {
    unsigned widest = 0;
    memset(labels, 0, HIGH * sizeof *labels);
    for (uint32_t i = 0; i < s->y.n_marks; i++) {
        at_num at = at_write_plot_mark(&s->y, i, s->arena);
        int row = y_of(s, at) / 4;
        labels[row] = at_write_plot_mark_text(&s->plot->y, at, s->words, s->arena);
        unsigned width = at_visible_width(labels[row]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The frame, then the texts under their marks; one that would touch the one before is left out. */
static void print_x_axis(const struct screen *s, unsigned margin) {
    int *at = AT_NEW_ARRAY(s->arena, int, s->x.n_marks + 1);
    for (uint32_t i = 0; i < s->x.n_marks; i++)
        at[i] = x_of(s, at_write_plot_mark(&s->x, i, s->arena)) / 2;
    spaces(s, margin);
    at_sink_z(s->out, " └");
    for (int column = 0, i = 0; column < s->wide; column++) {
        bool marked = i < (int)s->x.n_marks && at[i] == column;
        at_sink_z(s->out, marked ? "┬" : "─");
        i += marked;
    }
    at_sink_z(s->out, "\n");
    int column = -(int)margin - 2;
    for (uint32_t i = 0; i < s->x.n_marks; i++) {
        at_str text =
            at_write_plot_mark_text(&s->plot->x, at_write_plot_mark(&s->x, i, s->arena), s->words, s->arena);
        int width = (int)at_visible_width(text), from = at[i] - width / 2;
        if (from <= column || from + width > s->wide + 2) continue;
        spaces(s, (unsigned)(from - column));
        at_sink_visible(s->out, text);
        column = from + width;
    }
    at_sink_z(s->out, "\n");
    unsigned name = at_visible_width(s->plot->x.name), half = (unsigned)s->wide / 2;
    spaces(s, margin + 2 + (half > name / 2 ? half - name / 2 : 0));
    at_sink_visible(s->out, s->plot->x.name);
    at_sink_z(s->out, "\n");
}

static void print_legend(const struct screen *s) {
    for (uint32_t l = 0; l < s->plot->n_lines && s->plot->n_lines > 1; l++) {
        uint32_t line = l % AT_PLOT_MOST_LINES;
        const struct place sample = {.dots = 0x12, .line = (uint8_t)(line + 1)};
        at_sink_z(s->out, "  ");
        int color = -1;
        for (int i = 0; i < 3; i++)
            print_place(s, &sample, &color);
        set_color(s, &color, -1);
        at_sink_z(s->out, " ");
        at_sink_visible(s->out, s->plot->lines[l].name);
        at_sink_z(s->out, "\n");
    }
}

void at_write_plot_text(const struct at_write_plot *plot, const struct at_words *words, uint32_t width,
                        bool color, struct at_arena *scratch, struct at_sink *out) {
    struct screen s = {.plot = plot, .words = words, .arena = scratch, .out = out, .color = color};
    at_str labels[HIGH];
    if (!at_write_plot_ranges(plot, 7, 7, scratch, &s.x, &s.y)) {
        at_sink_visible(out, at_words_word(words, AT_W_PLOT_NOTHING));
        at_sink_z(out, "\n");
        return;
    }
    unsigned margin = y_labels(&s, labels);
    int room = (int)(width == 0 ? 80 : width > MOST ? MOST : width) - (int)margin - 4;
    s.wide = room < NARROW ? NARROW : room;
    s.places = AT_NEW_ARRAY(scratch, struct place, (size_t)s.wide * HIGH);
    draw(&s);
    at_sink_visible(out, plot->y.name);
    at_sink_z(out, "\n");
    for (int row = 0; row < HIGH; row++)
        print_row(&s, row, labels[row], margin);
    print_x_axis(&s, margin);
    print_legend(&s);
}
