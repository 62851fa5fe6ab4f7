/* test_diag: the list of diagnostics and the map of sources. */
#include <criterion/criterion.h>

#include "diag/diag.h"

static struct at_arena arena;
static struct at_diag_sources sources;
static struct at_diag_list diags;

static void setup(void) {
    at_arena_init(&arena, NULL, NULL);
    at_diag_sources_init(&sources, &arena);
    at_diag_list_init(&diags, &arena, &sources);
}

static void teardown(void) {
    at_arena_free(&arena);
}

TestSuite(test_diag, .init = setup, .fini = teardown);

Test(test_diag, places_count_lines_of_every_convention) {
    at_diag_sources_add(&sources, at_str_z("a"), at_str_z("one\ntwo\r\nthree\rfour"));
    struct at_diag_place place = at_diag_sources_place(&sources, 1);
    cr_expect(place.line == 1 && place.column == 1);
    place = at_diag_sources_place(&sources, 5);
    cr_expect(place.line == 2 && place.column == 1 && at_str_eq(place.line_text, AT_STR("two")));
    place = at_diag_sources_place(&sources, 12);
    cr_expect(place.line == 3 && place.column == 3 && at_str_eq(place.line_text, AT_STR("three")));
    place = at_diag_sources_place(&sources, 20); /* the end of the file is a place too */
    cr_expect(place.line == 4 && place.column == 5);
    cr_expect_null(at_diag_sources_place(&sources, 0).file);
    cr_expect_null(at_diag_sources_place(&sources, 1000).file);
}

Test(test_diag, a_span_knows_its_file) {
    at_diag_sources_add(&sources, at_str_z("a"), at_str_z("first"));
    at_diag_sources_add(&sources, at_str_z("b"), at_str_z(""));
    struct at_diag_source_file *c = at_diag_sources_add(&sources, at_str_z("c"), at_str_z("third"));
    struct at_diag_place place = at_diag_sources_place(&sources, c->base + 2);
    cr_expect(place.file == c && place.column == 3);
    cr_expect(at_str_eq(at_diag_sources_text(&sources, (at_span){c->base + 1, c->base + 4}), AT_STR("hir")));
    cr_expect(at_diag_sources_place(&sources, 6).file == sources.files[0]); /* end of the first file */
    cr_expect(at_diag_sources_place(&sources, 7).file == sources.files[1]);
}

Test(test_diag, sorted_by_place_and_said_once) {
    at_diag_sources_add(&sources, at_str_z("a"), at_str_z("some text here"));
    at_diag_add(&diags, AT_A0102, (at_span){6, 8}, "second");
    at_diag_add(&diags, AT_A0101, (at_span){1, 3}, "first");
    at_diag_add(&diags, AT_A0102, (at_span){6, 8}, "second");
    at_diag_add(&diags, AT_A0102, (at_span){6, 8}, "another at that place");
    at_diag_list_sort(&diags);
    cr_assert_eq(diags.n, 3);
    cr_expect(at_str_eq(diags.at[0]->message, AT_STR("first")));
    cr_expect(at_str_eq(diags.at[1]->message, AT_STR("second")));
    cr_expect(at_str_eq(diags.at[2]->message, AT_STR("another at that place")));
    cr_expect_eq(diags.errors, 3);
}

Test(test_diag, data_places_come_after_by_file_and_row) {
    struct at_diag_data_place place = {.file = at_str_z("b.csv"), .row = 2};
    at_diag_add_at(&diags, AT_A0101, &place, "b2");
    place.row = 10;
    at_diag_add_at(&diags, AT_A0101, &place, "b10");
    place.file = at_str_z("a.csv");
    at_diag_add_at(&diags, AT_A0101, &place, "a10");
    at_diag_list_sort(&diags);
    cr_expect(at_str_eq(diags.at[0]->message, AT_STR("a10")));
    cr_expect(at_str_eq(diags.at[1]->message, AT_STR("b2")));
    cr_expect(at_str_eq(diags.at[2]->message, AT_STR("b10")));
}

Test(test_diag, what_is_past_the_limit_is_counted_and_not_kept) {
    diags.limit = 5;
    for (int i = 0; i < 12; i++) {
        struct at_diag *d = at_diag_add(&diags, AT_A0101, (at_span){1, 2}, "message %d", i);
        at_diag_label(d, (at_span){1, 2}, "label");
        at_diag_help(d, "help");
    }
    cr_expect_eq(diags.n, 5);
    cr_expect_eq(diags.errors, 12);
}
