/* write/diff_chart.c: draws the charts of a diff page as SVG: effects of edits, old against new pay, and the
 * distribution.
 *
 * Coordinates are whole numbers of thousandths. Amounts are scaled in 128 bits, never as floats.
 */
#include "write/diff_page.h"

enum { WIDE = 1000, MOST_POINTS = 4000 };

static at_i128 larger(at_i128 a, at_i128 b) {
    return a > b ? a : b;
}

static at_i128 smaller(at_i128 a, at_i128 b) {
    return a < b ? a : b;
}

/* (value - low) / (high - low) of `size`, which the caller knows to be in between. */
static int place(at_i128 value, at_i128 low, at_i128 high, int size) {
    at_i128 span = high - low;
    if (span <= 0) return 0;
    while (span > (at_i128)1 << 96) /* far beyond any currency; keeps the product in range */
        span >>= 1, value = value / 2, low = low / 2;
    return (int)((value - low) * size / span);
}

/* ---------------------------------------------------------------- the waterfall */

struct fall {
    const struct at_write_diff_page *page;
    at_i128 low, high; /* of the axis */
};

static void bar(const struct fall *fall, at_str name, at_i128 from, at_i128 to, const char *kind,
                bool change) {
    const struct at_write_diff_page *page = fall->page;
    int a = place(smaller(from, to), fall->low, fall->high, WIDE),
        b = place(larger(from, to), fall->low, fall->high, WIDE);
    at_i128 amount = change ? to - from : to;
    at_str words = change ? at_write_diff_change(page->diff, page->arena, amount)
                          : at_write_diff_amount(page->diff, page->arena, amount);
    at_sink_printf(page->out, "<tr class=\"%s\"><th scope=\"row\">", kind);
    at_write_page_text(page, name);
    at_sink_printf(
        page->out,
        "</th><td class=\"bar\"><svg viewBox=\"0 0 %d 20\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"",
        WIDE);
    at_write_page_plain(page, words);
    at_sink_printf(page->out, "\"><rect x=\"%d\" y=\"2\" width=\"%d\" height=\"16\"><title>", a,
                   /* A bar is at least 2 wide, so that a small effect is visible. */
                   b - a > 2 ? b - a : 2);
    at_write_page_plain(page, name);
    at_write_page_z(page, ": ");
    at_write_page_plain(page, words);
    at_write_page_z(page, "</title></rect></svg></td><td class=\"num\">");
    at_write_page_text(page, words);
    at_write_page_z(page, "</td></tr>\n");
}

static void find_axis(struct fall *fall) {
    const struct at_diff *diff = fall->page->diff;
    at_i128 at = diff->minor[0];
    fall->low = smaller(at, diff->minor[1]);
    fall->high = larger(at, diff->minor[1]);
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at += diff->causes[k].minor;
        fall->low = smaller(fall->low, at);
        fall->high = larger(fall->high, at);
    }
    at_i128 span = fall->high - fall->low, room = span / 4 + 1;
    bool above = fall->low >= 0, below = fall->high <= 0;
    fall->low -= room;
    fall->high += span / 50 + 1;
    /* The axis begins at nothing where that costs little. */
    if (above && (fall->low < 0 || fall->low < span)) fall->low = 0;
    if (below) fall->high = 0;
}

void at_write_diff_waterfall(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct fall fall = {.page = page};
    find_axis(&fall);
    at_i128 start = fall.low > 0 || fall.high < 0 ? fall.low : 0, at = diff->minor[0];
    at_write_page_z(page, "<table class=\"fall\">\n");
    bar(&fall, AT_STR("old"), start, at, "whole", false);
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_i128 next = at + diff->causes[k].minor;
        bar(&fall, page->causes[k], at, next, next < at ? "down" : "up", true);
        at = next;
    }
    bar(&fall, AT_STR("new"), start, diff->minor[1], "whole", false);
    at_write_page_z(page, "</table>\n");
    if (start == 0) return;
    at_write_page_z(page, "<p class=\"note\">The bars of old and new start at ");
    at_write_page_text(page, at_write_diff_amount(diff, page->arena, start));
    at_write_page_z(page, ", to make the parts visible.</p>\n");
}

/* ---------------------------------------------------------------- old against new */

/* The square of the chart: LEFT and TOP leave room for the texts of the axes. */
enum { LEFT = 90, TOP = 10, SIDE = 500 };

struct field {
    const struct at_write_diff_page *page;
    at_i128 low, high;
};

/* 1, 2 or 5 times a power of ten: the first that cuts the axis into at most five. */
static at_i128 step_of(at_i128 span) {
    static const int leads[] = {1, 2, 5};
    for (at_i128 power = 1;; power *= 10)
        for (int i = 0; i < 3; i++)
            if (span / (power * leads[i]) < 5) return power * leads[i];
}

/* Amounts on an axis: whole currency units, with k, m, bn behind. */
static at_str short_amount(const struct field *field, at_i128 minor) {
    struct at_arena *arena = field->page->arena;
    at_i128 unit = 1;
    for (unsigned i = 0; i < field->page->diff->digits; i++)
        unit *= 10;
    static const struct {
        int64_t size;
        const char *name;
    } sizes[] = {{1000000000, "bn"}, {1000000, "m"}, {1000, "k"}};
    at_i128 size = minor < 0 ? -minor : minor;
    for (int i = 0; i < 3; i++) {
        at_i128 whole = unit * sizes[i].size;
        if (size < whole) continue;
        at_i128 tenths = size / whole * 10 + size % whole * 10 / whole;
        char text[AT_MINOR_SIZE];
        int n = tenths % 10 ? (int)at_write_minor_write(text, tenths, 1, false)
                            : (int)at_write_minor_write(text, tenths / 10, 0, false);
        return at_str_format(arena, "%s%.*s%s", minor < 0 ? "-" : "", n, text, sizes[i].name);
    }
    return minor % unit ? at_write_diff_amount(field->page->diff, arena, minor)
                        : at_str_format(arena, "%d", (int)(minor / unit)); /* less than a thousand */
}

static void draw_axes(const struct field *field) {
    const struct at_write_diff_page *page = field->page;
    at_i128 step = step_of(field->high - field->low), first = field->low / step * step;
    if (first < field->low) first += step;
    for (at_i128 at = first; at <= field->high; at += step) {
        int x = LEFT + place(at, field->low, field->high, SIDE),
            y = TOP + SIDE - place(at, field->low, field->high, SIDE);
        at_str words = short_amount(field, at);
        at_sink_printf(page->out, "<path class=\"grid\" d=\"M%d %dv%dM%d %dh%d\"/>", x, TOP, SIDE, LEFT, y,
                       SIDE);
        at_sink_printf(page->out, "<text x=\"%d\" y=\"%d\" class=\"mid\">", x, TOP + SIDE + 24);
        at_write_page_text(page, words);
        at_sink_printf(page->out, "</text><text x=\"%d\" y=\"%d\" class=\"end\">", LEFT - 8, y + 6);
        at_write_page_text(page, words);
        at_write_page_z(page, "</text>\n");
    }
    at_sink_printf(page->out, "<path class=\"same\" d=\"M%d %dL%d %d\"/>\n", LEFT, TOP + SIDE, LEFT + SIDE,
                   TOP);
    at_sink_printf(page->out, "<text x=\"%d\" y=\"%d\" class=\"mid\">old pay</text>", LEFT + SIDE / 2,
                   TOP + SIDE + 50);
    at_sink_printf(page->out,
                   "<text transform=\"translate(16 %d) rotate(-90)\" class=\"mid\">new pay</text>\n",
                   TOP + SIDE / 2);
}

/* Scratch memory is reset for each point, because a chart can have thousands. */
static void draw_point(const struct field *field, uint32_t payee) {
    const struct at_write_diff_page *page = field->page;
    const struct at_diff_payee *p = &page->diff->payees[payee];
    struct at_arena_mark mark = at_arena_mark(page->arena);
    at_sink_printf(page->out, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"5\"><title>",
                   p->minor[1] > p->minor[0]   ? "up"
                   : p->minor[1] < p->minor[0] ? "down"
                                               : "none",
                   LEFT + place(p->minor[0], field->low, field->high, SIDE),
                   TOP + SIDE - place(p->minor[1], field->low, field->high, SIDE));
    /* A word before each amount: a name from right to left cannot turn their order. */
    at_write_page_plain(page, at_write_diff_name(page->diff, page->arena, payee));
    at_write_page_z(page, ": old ");
    at_write_page_plain(page, at_write_diff_amount(page->diff, page->arena, p->minor[0]));
    at_write_page_z(page, ", new ");
    at_write_page_plain(page, at_write_diff_amount(page->diff, page->arena, p->minor[1]));
    at_write_page_z(page, "</title></circle>\n");
    at_arena_reset(page->arena, mark);
}

void at_write_diff_scatter(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct field field = {.page = page};
    if (diff->n_payees == 0) return;
    for (uint32_t p = 0; p < diff->n_payees; p++)
        for (int s = 0; s < 2; s++) {
            field.low = smaller(field.low, diff->payees[p].minor[s]);
            field.high = larger(field.high, diff->payees[p].minor[s]);
        }
    if (field.high == field.low) field.high = field.low + 1;
    at_write_page_z(page, "<section id=\"scatter\"><h2>Old pay against new pay</h2>\n");
    at_sink_printf(page->out,
                   "<svg class=\"scatter\" viewBox=\"0 0 %d %d\" role=\"img\" "
                   "aria-label=\"old pay against new pay, a point for each payee\">\n",
                   LEFT + SIDE + 30, TOP + SIDE + 60);
    draw_axes(&field);
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n), drawn = 0;
    for (uint32_t p = 0; p < diff->n_payees && drawn + n < MOST_POINTS; p++)
        if (diff->payees[p].kind == AT_DIFF_SAME) draw_point(&field, p), drawn++;
    /* The largest changes are drawn last, so other points do not cover them. */
    for (uint32_t i = n < MOST_POINTS ? n : MOST_POINTS; i-- > 0; drawn++)
        draw_point(&field, order[i]);
    at_write_page_z(page,
                    "</svg>\n<p class=\"note\">Payees above the line get more. Payees below it get less.");
    if (drawn < diff->n_payees)
        at_sink_printf(page->out, " The chart shows the %u payees with the largest change.", drawn);
    at_write_page_z(page, "</p></section>\n");
}

/* ---------------------------------------------------------------- how many change by how much */

void at_write_diff_histogram(const struct at_write_diff_page *page) {
    uint32_t counts[AT_DIFF_BUCKETS], most = 1;
    at_write_diff_buckets(page->diff, counts);
    for (uint32_t b = 0; b < AT_DIFF_BUCKETS; b++)
        most = counts[b] > most ? counts[b] : most;
    at_write_page_z(page, "<section id=\"spread\"><h2>How pay changes</h2>\n<table class=\"fall spread\">\n");
    for (uint32_t b = 0; b < AT_DIFF_BUCKETS; b++) {
        if ((b == AT_DIFF_BUCKET_MOVED || b == AT_DIFF_BUCKET_HELD) && counts[b] == 0) continue;
        int width = place(counts[b], 0, most, WIDE);
        at_sink_printf(
            page->out,
            "<tr class=\"%s\"><th scope=\"row\">%s</th><td class=\"bar\"><svg viewBox=\"0 0 %d 20\" "
            "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%u\"><rect x=\"0\" y=\"2\" "
            "width=\"%d\" height=\"16\"/></svg></td><td class=\"num\">%u</td></tr>\n",
            b < AT_DIFF_BUCKET_SAME   ? "down"
            : b > AT_DIFF_BUCKET_HELD ? "up"
                                      : "whole",
            at_write_diff_bucket_names[b], WIDE, counts[b], width, counts[b]);
    }
    at_write_page_z(page, "</table></section>\n");
}
