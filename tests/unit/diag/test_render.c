/* test_render: the look of a diagnostic, drawn by hand below and compared to the byte. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "diag/render.h"

struct fixture {
    struct at_arena arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    char *got;
    size_t n;
};

static int keep(void *context, const char *bytes, size_t n) {
    struct fixture *f = context;
    f->got = realloc(f->got, f->n + n + 1);
    memcpy(f->got + f->n, bytes, n);
    f->n += n;
    f->got[f->n] = 0;
    return 0;
}

static struct fixture *start(const char *name, const char *text) {
    struct fixture *f = calloc(1, sizeof *f);
    at_arena_init(&f->arena, NULL, NULL);
    at_diag_sources_init(&f->sources, &f->arena);
    at_diag_sources_add(&f->sources, at_str_z(name), at_str_z(text));
    at_diag_list_init(&f->diags, &f->arena, &f->sources);
    return f;
}

/* The span of the n-th standing (from 0) of `word` in file `file`. */
static at_span find(const struct fixture *f, unsigned file, const char *word) {
    const struct at_diag_source_file *source = f->sources.files[file];
    const char *p = strstr(source->text.p, word);
    cr_assert(p, "%s is not in the text", word);
    uint32_t start = source->base + (uint32_t)(p - source->text.p);
    return (at_span){start, start + (uint32_t)strlen(word)};
}

static const char *rendered(struct fixture *f, bool color) {
    struct at_sink *sink = malloc(sizeof *sink);
    struct at_diag_render_options options = {.color = color};
    at_sink_init(sink, keep, f);
    at_diag_render_text(&f->diags, &options, sink);
    at_sink_flush(sink);
    free(sink);
    return f->got ? f->got : "";
}

static void end(struct fixture *f) {
    at_arena_free(&f->arena);
    free(f->got);
    free(f);
}

static void expect(struct fixture *f, const char *wanted) {
    const char *got = rendered(f, false);
    cr_expect_str_eq(got, wanted, "got:\n%s\nwanted:\n%s", got, wanted);
    end(f);
}

Test(test_render, caret_labels_and_help_stand_as_in_the_reference) {
    struct fixture *f = start("rules/field.attain", "\n\npay kicker = bookings + 10%\n");
    struct at_diag *d =
        at_diag_add(&f->diags, AT_A0101, find(f, 0, "+"), "cannot add %s and a %s", "money", "number");
    at_diag_label(d, find(f, 0, "bookings"), "money");
    at_diag_label(d, find(f, 0, "10%"), "number");
    at_diag_help(d, "did you mean `10%% of bookings`?");
    expect(f, "rules/field.attain:3:23: error[A0101]: cannot add money and a number\n"
              "    3 | pay kicker = bookings + 10%\n"
              "      |              ~~~~~~~~ ^ ~~~\n"
              "      |              money      number\n"
              "   help: did you mean `10% of bookings`?\n");
}

Test(test_render, label_texts_that_would_collide_go_to_further_lines) {
    struct fixture *f = start("a", "x = ab + cd");
    struct at_diag *d = at_diag_add(&f->diags, AT_A0101, find(f, 0, "+"), "no");
    at_diag_label(d, find(f, 0, "ab"), "the first of the two");
    at_diag_label(d, find(f, 0, "cd"), "the second");
    expect(f, "a:1:8: error[A0101]: no\n"
              "    1 | x = ab + cd\n"
              "      |     ~~ ^ ~~\n"
              "      |     |    the second\n"
              "      |     the first of the two\n");
}

Test(test_render, wide_characters_take_two_columns) {
    struct fixture *f = start("a", "measure 销售额 = 完成率");
    at_diag_add(&f->diags, AT_A0101, find(f, 0, "完成率"), "no");
    expect(f, "a:1:15: error[A0101]: no\n"
              "    1 | measure 销售额 = 完成率\n"
              "      |                  ^^^^^^\n");
}

Test(test_render, tabs_are_shown_as_spaces) {
    struct fixture *f = start("a", "\tx\ty");
    at_diag_add(&f->diags, AT_A0101, find(f, 0, "y"), "no");
    expect(f, "a:1:4: error[A0101]: no\n"
              "    1 |     x   y\n"
              "      |         ^\n");
}

Test(test_render, a_span_over_lines_shows_its_first_and_last) {
    struct fixture *f = start("a", "pay a = 1\n  2\n  3\n  4 5\n");
    at_span span = at_span_join(find(f, 0, "1"), find(f, 0, "4"));
    at_diag_add(&f->diags, AT_A0101, span, "no");
    expect(f, "a:1:9: error[A0101]: no\n"
              "    1 | pay a = 1\n"
              "      |         ^\n"
              "  ... |\n"
              "    4 |   4 5\n"
              "      |   ^\n");
}

Test(test_render, a_label_in_another_file_names_the_file) {
    struct fixture *f = start("main.attain", "pay a = 1\n");
    at_diag_sources_add(&f->sources, at_str_z("std/x.attain"), at_str_z("\npay a = 2\n"));
    struct at_diag *d = at_diag_add(&f->diags, AT_A0101, find(f, 0, "a ="), "twice");
    at_diag_label(d, find(f, 1, "a ="), "the first");
    expect(f, "main.attain:1:5: error[A0101]: twice\n"
              "    1 | pay a = 1\n"
              "      |     ^^^\n"
              "   in std/x.attain\n"
              "    2 | pay a = 2\n"
              "      |     ~~~\n"
              "      |     the first\n");
}

Test(test_render, a_very_long_line_is_cut_around_the_caret) {
    char text[4000];
    memset(text, 'x', sizeof text);
    memcpy(text + 2000, " wrong ", 7);
    text[3999] = 0;
    struct fixture *f = start("a", text);
    at_diag_add(&f->diags, AT_A0101, find(f, 0, "wrong"), "no");
    const char *got = rendered(f, false);
    const char *line = strchr(got, '\n') + 1, *marks = strchr(line, '\n') + 1;
    cr_expect(marks - line < 125, "the line is %d long", (int)(marks - line));
    cr_expect(strncmp(line, "    1 | …xxx", 14) == 0);
    /* the ellipsis is three bytes and one column */
    cr_expect_eq(strstr(line, "wrong") - line - 2, strchr(marks, '^') - marks);
    end(f);
}

Test(test_render, a_place_at_the_end_of_the_file_has_one_caret) {
    struct fixture *f = start("a", "pay a =");
    at_diag_add(&f->diags, AT_A0101, (at_span){8, 8}, "ends");
    expect(f, "a:1:8: error[A0101]: ends\n"
              "    1 | pay a =\n"
              "      |        ^\n");
}

Test(test_render, a_place_in_a_data_file_marks_the_cell) {
    struct fixture *f = start("a", "");
    struct at_diag_data_place place = {at_str_z("deals.csv"),          {0}, 812, 5,
                                       at_str_z("d1,ana,twelve,2026"), 7,   6};
    at_diag_add_at(&f->diags, AT_A0101, &place, "`twelve` is no amount");
    place = (struct at_diag_data_place){at_str_z("deals.csv"), {0}, 9, 0, at_str_z("short"), 0, 0};
    at_diag_add_at(&f->diags, AT_A0101, &place, "too short");
    place = (struct at_diag_data_place){.file = at_str_z("none.csv")};
    at_diag_add_at(&f->diags, AT_A0101, &place, "is not there");
    expect(f, "deals.csv:812:5: error[A0101]: `twelve` is no amount\n"
              "  812 | d1,ana,twelve,2026\n"
              "      |        ^^^^^^\n"
              "deals.csv:9: error[A0101]: too short\n"
              "    9 | short\n"
              "none.csv: error[A0101]: is not there\n");
}

Test(test_render, nothing_reaches_the_terminal_as_a_command) {
    struct fixture *f = start("a", "x\033[2J\xff y");
    at_diag_add(&f->diags, AT_A0101, find(f, 0, "y"), "bell \a");
    expect(f, "a:1:8: error[A0101]: bell ␇\n"
              "    1 | x␛[2J� y\n"
              "      |        ^\n");
}

Test(test_render, colour_wraps_the_parts_and_changes_nothing_else) {
    struct fixture *f = start("a", "x y");
    at_diag_help(at_diag_add(&f->diags, AT_A0101, find(f, 0, "y"), "no"), "yes");
    const char *got = rendered(f, true);
    cr_expect(strstr(got, "\033[1;31merror[A0101]\033[0m"));
    cr_expect(strstr(got, "\033[1;31m^\033[0m\n"));
    end(f);
}

Test(test_render, json_has_one_object_a_line) {
    struct fixture *f = start("a", "x = \"é\" + y");
    struct at_diag *d = at_diag_add(&f->diags, AT_A0101, find(f, 0, "+"), "a \"b\"");
    at_diag_label(d, find(f, 0, "y"), "here");
    struct at_sink *sink = malloc(sizeof *sink);
    at_sink_init(sink, keep, f);
    at_diag_render_json(&f->diags, sink);
    at_sink_flush(sink);
    cr_expect_str_eq(f->got,
                     "{\"code\":\"A0101\",\"severity\":\"error\",\"file\":\"a\",\"line\":1,\"column\":9,"
                     "\"end_line\":1,\"end_column\":10,\"start\":9,\"end\":10,\"message\":\"a "
                     "\\\"b\\\"\",\"labels\":[{\"text\":"
                     "\"here\",\"file\":\"a\",\"line\":1,\"column\":11,\"end_line\":1,\"end_column\":12,"
                     "\"start\":11,\"end\":12}]}\n");
    free(sink);
    end(f);
}
