/* test_plot: places and texts of drawings, by hand. The frame of an SVG is 524 wide from 92, and 300 high
 * from 34, so its bottom is at 334. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "write/plot_int.h"

struct paper {
    struct at_arena arena;
    struct at_sink sink;
    char text[1 << 16];
    size_t n;
};

static int keep(void *context, const char *bytes, size_t n) {
    struct paper *p = context;
    cr_assert(p->n + n < sizeof p->text);
    memcpy(p->text + p->n, bytes, n);
    p->n += n;
    p->text[p->n] = 0;
    return 0;
}

static struct paper *paper_new(void) {
    struct paper *p = calloc(1, sizeof *p);
    at_arena_init(&p->arena, NULL, NULL);
    at_sink_init(&p->sink, keep, p);
    return p;
}

static void paper_free(struct paper *p) {
    at_arena_free(&p->arena);
    free(p);
}

static const struct at_words *words_of(const char *code) {
    return at_words_find(at_str_z(code));
}

static at_type money(void) {
    return (at_type){.kind = AT_T_MONEY, .currency = at_currency_find(AT_STR("USD"))};
}

/* $0 to $100,000, and a jump from 5,000 to 8,000 at 50,000. */
static struct at_write_plot_point low[] = {{{0}, {0}}, {{0}, {0}}}, high[] = {{{0}, {0}}, {{0}, {0}}};
static struct at_write_plot_stretch stretches[] = {{low, 2, AT_PLOT_FILLED, AT_PLOT_OPEN},
                                                   {high, 2, AT_PLOT_FILLED, AT_PLOT_PLAIN}};
static struct at_write_plot_line line = {.at = stretches, .n = 2};
static struct at_write_plot_dot dot;

static struct at_write_plot jump(void) {
    low[0] = (struct at_write_plot_point){at_num_int(0), at_num_int(0)};
    low[1] = (struct at_write_plot_point){at_num_int(50000), at_num_int(5000)};
    high[0] = (struct at_write_plot_point){at_num_int(50000), at_num_int(8000)};
    high[1] = (struct at_write_plot_point){at_num_int(100000), at_num_int(10000)};
    dot = (struct at_write_plot_dot){at_num_int(25000), at_num_int(2500), AT_STR("<ana>"), 0};
    return (struct at_write_plot){
        .about = AT_STR("pay"),
        .x = {.name = AT_STR("bookings"), .type = money()},
        .y = {.name = AT_STR("commission"), .type = money(), .fixed = true, .high = at_num_int(10000)},
        .lines = &line,
        .n_lines = 1,
        .dots = &dot,
        .n_dots = 1};
}

Test(test_plot, draws_a_jump_as_svg) {
    struct paper *p = paper_new();
    struct at_write_plot plot = jump();
    at_write_plot_svg(&plot, words_of("en"), false, &p->arena, &p->sink);
    cr_assert_eq(at_sink_flush(&p->sink), 0);
    /* 50,000 is half of the way: 92 + 262 = 354. 5,000 of 10,000 is 334 - 150, and 8,000 is 334 - 240. */
    cr_expect(strstr(p->text, "<path class=\"line l0\" d=\"M92 334L354 184\"/>"), "%s", p->text);
    cr_expect(strstr(p->text, "<path class=\"line l0\" d=\"M354 94L616 34\"/>"));
    cr_expect(strstr(p->text, "<circle class=\"f0 open\" r=\"4.5\" cx=\"354\" cy=\"184\">"));
    cr_expect(strstr(p->text, "<circle class=\"f0\" r=\"4.5\" cx=\"354\" cy=\"94\">"));
    /* The payee's dot is at 92 + 131 and 334 - 75. The name is text, not a tag. */
    cr_expect(strstr(p->text, "<circle class=\"f0 dot\" r=\"6\" cx=\"223\" cy=\"259\"><title>"
                              "&lt;ana&gt;: bookings $25,000.00, commission $2,500.00</title>"));
    cr_expect(strstr(p->text, ">$20k</text>"));
    cr_expect(strstr(p->text, ">$100k</text>"));
    cr_expect(!strstr(p->text, "<style>"));
    paper_free(p);
}

Test(test_plot, draws_a_jump_in_a_terminal) {
    struct paper *p = paper_new();
    struct at_write_plot plot = jump();
    at_write_plot_text(&plot, words_of("en"), 50, false, &p->arena, &p->sink);
    cr_assert_eq(at_sink_flush(&p->sink), 0);
    unsigned rows = 0;
    for (const char *c = p->text; *c; c++)
        rows += *c == '\n';
    cr_expect_eq(rows, 20); /* the name, 16 rows, the axis, its texts, its name */
    const char *filled = strstr(p->text, "●"), *open = strstr(p->text, "○");
    cr_expect(filled && open && filled < open, "%s", p->text);
    cr_expect(strstr(p->text, "◆"));
    cr_expect(strstr(p->text, "$10k ┤"));
    cr_expect(!strstr(p->text, "\33"));
    paper_free(p);
}

Test(test_plot, says_that_nothing_is_drawn) {
    struct paper *p = paper_new();
    struct at_write_plot plot = {.x = {.type = money()}, .y = {.type = money()}};
    at_write_plot_text(&plot, words_of("en"), 0, false, &p->arena, &p->sink);
    at_write_plot_svg(&plot, words_of("zh"), true, &p->arena, &p->sink);
    cr_assert_eq(at_sink_flush(&p->sink), 0);
    cr_expect(strstr(p->text, "No data to draw."));
    cr_expect(strstr(p->text, "没有可绘制的内容。"));
    paper_free(p);
}

static const char *mark(struct paper *p, const char *code, at_type type, at_num value) {
    struct at_write_plot_axis axis = {.type = type};
    at_str text = at_write_plot_mark_text(&axis, value, words_of(code), &p->arena);
    return at_str_format(&p->arena, "%.*s", AT_STR_ARG(text)).p;
}

Test(test_plot, writes_marks_in_the_units_of_a_language) {
    struct paper *p = paper_new();
    at_type percent = {.kind = AT_T_NUMBER, .unit = AT_UNIT_PERCENT}, plain = {.kind = AT_T_NUMBER};
    at_type yuan = {.kind = AT_T_MONEY, .currency = at_currency_find(AT_STR("CNY"))},
            franc = {.kind = AT_T_MONEY, .currency = at_currency_find(AT_STR("CHF"))};
    cr_expect_str_eq(mark(p, "en", money(), at_num_int(1500)), "$1.5k");
    cr_expect_str_eq(mark(p, "en", money(), at_num_int(-2500000)), "-$2.5m");
    cr_expect_str_eq(mark(p, "en", money(), at_num_decimal(5, 1)), "$0.5");
    /* 1,000,002 is not exact in millions, and not in thousands with two decimals. */
    cr_expect_str_eq(mark(p, "en", money(), at_num_int(1000002)), "$1,000,002");
    cr_expect_str_eq(mark(p, "en", percent, at_num_decimal(12, 1)), "120%");
    cr_expect_str_eq(mark(p, "en", plain, at_num_int(12)), "12");
    cr_expect_str_eq(mark(p, "en", franc, at_num_int(20000)), "20k CHF");
    cr_expect_str_eq(mark(p, "zh", yuan, at_num_int(25000)), "¥2.5万");
    cr_expect_str_eq(mark(p, "zh", yuan, at_num_int(300000000)), "¥3亿");
    cr_expect_str_eq(mark(p, "zh", yuan, at_num_int(1000)), "¥1,000");
    paper_free(p);
}

Test(test_plot, has_an_axis_for_one_value) {
    struct paper *p = paper_new();
    struct at_write_plot_dot one = {at_num_int(5), at_num_int(0), AT_STR("ana"), 0};
    struct at_write_plot plot = {.x = {.type = money()}, .y = {.type = money()}, .dots = &one, .n_dots = 1};
    struct at_write_plot_range x, y;
    cr_assert(at_write_plot_ranges(&plot, 5, 5, &p->arena, &x, &y));
    cr_expect_lt(at_num_cmp(&p->arena, x.low, at_num_int(5)), 0);
    cr_expect_gt(at_num_cmp(&p->arena, x.high, at_num_int(5)), 0);
    cr_expect(at_num_is_zero(y.low));
    cr_expect_gt(at_num_sign(y.high), 0);
    paper_free(p);
}

Test(test_plot, draws_bars_from_zero) {
    struct paper *p = paper_new();
    const struct at_write_plot_bar bars[] = {{AT_STR("ana"), AT_STR("30"), at_num_int(30)},
                                             {AT_STR("ben"), AT_STR("-10"), at_num_int(-10)},
                                             {AT_STR("cleo"), AT_STR("0"), at_num_int(0)}};
    at_write_plot_bars_html(bars, 3, &p->arena, &p->sink);
    at_write_plot_bars_text(bars, 3, 51, &p->arena, &p->sink); /* 40 columns for the bars: zero is at 10 */
    cr_assert_eq(at_sink_flush(&p->sink), 0);
    cr_expect(strstr(p->text, "<rect class=\"plus\" x=\"250\" y=\"2\" width=\"750\" height=\"16\"/>"));
    cr_expect(strstr(p->text, "<rect class=\"minus\" x=\"0\" y=\"2\" width=\"250\" height=\"16\"/>"));
    cr_expect(strstr(p->text, "ben   ██████████                                -10\n"), "%s", p->text);
    cr_expect(strstr(p->text, "cleo                                              0\n"));
    paper_free(p);
}
