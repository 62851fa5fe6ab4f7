/* write/diff_chart.c: draws the charts of a diff page as SVG: old against new pay, and the distribution.
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

int at_write_diff_place(at_i128 value, at_i128 low, at_i128 high, int size) {
    at_i128 span = high - low;
    if (span <= 0) return 0;
    while (span > (at_i128)1 << 96) /* far beyond any currency; keeps the product in range */
        span >>= 1, value = value / 2, low = low / 2;
    return (int)((value - low) * size / span);
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

/* Amounts on an axis: whole currency units, with k, m, bn, or 万, 亿 behind. */
static at_str short_amount(const struct field *field, at_i128 minor) {
    static const struct unit {
        int64_t size;
        const char *name;
    } english[] = {{1000000000000, "tn"}, {1000000000, "bn"}, {1000000, "m"}, {1000, "k"}, {0, ""}},
      chinese[] = {{1000000000000, "万亿"}, {100000000, "亿"}, {10000, "万"}, {0, ""}};
    struct at_arena *arena = field->page->arena;
    at_i128 unit = 1, size = minor < 0 ? -minor : minor;
    for (unsigned i = 0; i < field->page->diff->digits; i++)
        unit *= 10;
    for (const struct unit *u = at_words_chinese(field->page->words) ? chinese : english; u->size; u++) {
        at_i128 whole = unit * u->size;
        if (size < whole) continue;
        at_i128 tenths = size / whole * 10 + size % whole * 10 / whole;
        char text[AT_MINOR_SIZE];
        int n = tenths % 10 ? (int)at_write_minor_write(text, tenths, 1, false)
                            : (int)at_write_minor_write(text, tenths / 10, 0, false);
        return at_str_format(arena, "%s%.*s%s", minor < 0 ? "-" : "", n, text, u->name);
    }
    return minor % unit ? at_write_diff_amount(field->page->diff, arena, minor)
                        : at_str_format(arena, "%d", (int)(minor / unit)); /* less than ten thousand */
}

static void draw_axes(const struct field *field) {
    const struct at_write_diff_page *page = field->page;
    at_i128 step = step_of(field->high - field->low), first = field->low / step * step;
    if (first < field->low) first += step;
    for (at_i128 at = first; at <= field->high; at += step) {
        int x = LEFT + at_write_diff_place(at, field->low, field->high, SIDE),
            y = TOP + SIDE - at_write_diff_place(at, field->low, field->high, SIDE);
        at_str words = short_amount(field, at);
        at_sink_printf(page->out, "<path class=\"grid\" d=\"M%d %dv%dM%d %dh%d\"/>", x, TOP, SIDE, LEFT, y,
                       SIDE);
        at_sink_printf(page->out, "<text x=\"%d\" y=\"%d\" class=\"mid\">", x, TOP + SIDE + 24);
        at_write_page_plain(page, words);
        at_sink_printf(page->out, "</text><text x=\"%d\" y=\"%d\" class=\"end\">", LEFT - 8, y + 6);
        at_write_page_plain(page, words);
        at_write_page_z(page, "</text>\n");
    }
    at_sink_printf(page->out, "<path class=\"same\" d=\"M%d %dL%d %d\"/>\n", LEFT, TOP + SIDE, LEFT + SIDE,
                   TOP);
    at_sink_printf(page->out, "<text x=\"%d\" y=\"%d\" class=\"mid\">", LEFT + SIDE / 2, TOP + SIDE + 50);
    at_write_page_plain(page, at_words_word(page->words, AT_W_PAGE_OLD_PAY));
    at_sink_printf(page->out, "</text><text transform=\"translate(16 %d) rotate(-90)\" class=\"mid\">",
                   TOP + SIDE / 2);
    at_write_page_plain(page, at_words_word(page->words, AT_W_PAGE_NEW_PAY));
    at_write_page_z(page, "</text>\n");
}

static struct at_write_diff_point point_of(const struct field *field, uint32_t payee) {
    const struct at_diff_payee *p = &field->page->diff->payees[payee];
    return (struct at_write_diff_point){
        payee, LEFT + at_write_diff_place(p->like[0], field->low, field->high, SIDE),
        TOP + SIDE - at_write_diff_place(p->like[1], field->low, field->high, SIDE)};
}

/* Scratch memory is reset for each point, because a chart can have thousands. */
static void draw_point(const struct field *field, uint32_t payee) {
    const struct at_write_diff_page *page = field->page;
    const struct at_diff_payee *p = &page->diff->payees[payee];
    struct at_arena_mark mark = at_arena_mark(page->arena);
    struct at_write_diff_point point = point_of(field, payee);
    at_sink_printf(page->out, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"5\"><title>",
                   at_write_page_direction(p->like[1] - p->like[0]), point.x, point.y);
    /* A word before each amount: a name from right to left cannot turn their order. */
    at_write_page_plain(page, AT_SAY(page->arena, page->words, AT_W_PAGE_POINT,
                                     at_write_diff_name(page->diff, page->arena, payee),
                                     at_write_diff_amount(page->diff, page->arena, p->like[0]),
                                     at_write_diff_amount(page->diff, page->arena, p->like[1])));
    at_write_page_z(page, "</title></circle>\n");
    at_arena_reset(page->arena, mark);
}

/* Payees without a change are drawn first, and the largest changes last, so that others do not cover them.
 * Returns how many points there are. */
static uint32_t draw_points(const struct field *field) {
    const struct at_write_diff_page *page = field->page;
    const struct at_diff *diff = page->diff;
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n), drawn = 0;
    for (uint32_t p = 0; p < diff->n_payees && drawn + n < MOST_POINTS; p++)
        if (diff->payees[p].kind == AT_DIFF_SAME) draw_point(field, p), drawn++;
    for (uint32_t i = n < MOST_POINTS ? n : MOST_POINTS; i-- > 0; drawn++)
        draw_point(field, order[i]);
    struct at_write_diff_point *points = AT_NEW_ARRAY(page->arena, struct at_write_diff_point, n + 1);
    for (uint32_t i = 0; i < n; i++)
        points[i] = point_of(field, order[i]);
    at_write_diff_labels(page, points, n, LEFT + SIDE + 30);
    return drawn;
}

void at_write_diff_scatter(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct field field = {.page = page};
    if (diff->n_payees == 0) return;
    for (uint32_t p = 0; p < diff->n_payees; p++)
        for (int s = 0; s < 2; s++) {
            field.low = smaller(field.low, diff->payees[p].like[s]);
            field.high = larger(field.high, diff->payees[p].like[s]);
        }
    if (field.high == field.low) field.high = field.low + 1;
    at_write_page_section(page, "scatter", AT_W_PAGE_SCATTER);
    at_sink_printf(page->out, "<svg class=\"scatter\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"",
                   LEFT + SIDE + 30, TOP + SIDE + 60);
    at_write_page_plain(page, at_words_word(page->words, AT_W_PAGE_SCATTER_ALT));
    at_write_page_z(page, "\">\n");
    draw_axes(&field);
    uint32_t drawn = draw_points(&field);
    at_write_page_z(page, "</svg>\n<p class=\"note\">");
    at_write_page_word(page, AT_W_PAGE_SCATTER_NOTE);
    if (drawn < diff->n_payees) {
        at_write_page_z(page, " ");
        AT_PAGE_SAY(page, AT_W_PAGE_SCATTER_MOST, at_write_page_count(page, drawn));
    }
    at_write_page_z(page, "</p></section>\n");
}

/* ---------------------------------------------------------------- how many change by how much */

static void write_bucket(const struct at_write_diff_page *page, uint32_t bucket, uint32_t count,
                         uint32_t most) {
    at_sink_printf(page->out, "<tr class=\"%s\"><th scope=\"row\">",
                   bucket < AT_DIFF_BUCKET_SAME   ? "down"
                   : bucket > AT_DIFF_BUCKET_HELD ? "up"
                                                  : "whole");
    at_write_page_text(page, at_write_diff_bucket_name(page->diff, bucket));
    at_sink_printf(page->out,
                   "</th><td class=\"bar\"><svg viewBox=\"0 0 %d 20\" preserveAspectRatio=\"none\" "
                   "aria-hidden=\"true\"><rect x=\"0\" y=\"2\" width=\"%d\" height=\"16\"/></svg></td>"
                   "<td class=\"num\">%u</td></tr>\n",
                   WIDE, at_write_diff_place(count, 0, most, WIDE), count);
}

void at_write_diff_histogram(const struct at_write_diff_page *page) {
    uint32_t counts[AT_DIFF_BUCKETS], most = 1;
    at_write_diff_buckets(page->diff, counts);
    for (uint32_t b = 0; b < AT_DIFF_BUCKETS; b++)
        most = counts[b] > most ? counts[b] : most;
    at_write_page_section(page, "spread", AT_W_DIFF_SPREAD);
    at_write_page_z(page, "<table class=\"fall spread\">\n<thead class=\"sr\"><tr>");
    at_write_page_head(page, AT_W_DIFF_CHANGE, false);
    at_write_page_head(page, AT_W_PAGE_BAR, false);
    at_write_page_head(page, AT_W_DIFF_PAYEES, false);
    at_write_page_z(page, "</tr></thead>\n<tbody>\n");
    for (uint32_t b = 0; b < AT_DIFF_BUCKETS; b++)
        if ((b != AT_DIFF_BUCKET_MOVED && b != AT_DIFF_BUCKET_HELD) || counts[b])
            write_bucket(page, b, counts[b], most);
    at_write_page_z(page, "</tbody></table></section>\n");
}
