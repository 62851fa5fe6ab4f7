/* Tables over a source that is not CSV (tests/unit/source/sheet.h): the same checks, and its own names for
 * rows. */
#include "diag/render.h"
#include "fixture.h"
#include "unit/source/sheet.h"

#define FIELDS "id:text* rep:ref0 amount:money closed_on:date"

static int write_cell(uint64_t row, uint32_t column, char *out) {
    switch (column) {
    case 0: return sprintf(out, "d%llu", (unsigned long long)row);
    case 1: return sprintf(out, "%s", row % 2 ? "bob" : "ana");
    case 2: return sprintf(out, "%llu.50", (unsigned long long)row);
    default: return sprintf(out, "2026-02-%02llu", (unsigned long long)(row % 28 + 1));
    }
}

/* Row 812 of the sheet, which is row 810 of the table. */
static int with_word(uint64_t row, uint32_t column, char *out) {
    return row == 810 && column == 2 ? sprintf(out, "twelve") : write_cell(row, column, out);
}
static int with_duplicate(uint64_t row, uint32_t column, char *out) {
    return write_cell(row == 810 && column == 0 ? 5 : row, column, out);
}
/* Row 5 of the sheet has no id, and row 6 is blank. */
static int with_blanks(uint64_t row, uint32_t column, char *out) {
    return (row == 3 && column == 0) || row == 4 ? 0 : write_cell(row, column, out);
}

static struct fixture *open_sheet(struct sheet *sheet, uint64_t n_rows,
                                  int (*cell)(uint64_t row, uint32_t column, char *out), unsigned threads) {
    struct fixture *f = fixture_new();
    f->threads = threads;
    fixture_table(f, "rep", "id:text*", "id\nana\nbob\n");
    fixture_schema(f, "deal", FIELDS);
    f->bindings[1] = sheet_binding(sheet, &f->arena, n_rows, cell);
    return f;
}

static int put(void *context, const char *bytes, size_t n) {
    fixture_put(context, (at_str){bytes, (uint32_t)n});
    return 0;
}

/* The diagnostics as people see them. */
static const char *rendered(struct fixture *f) {
    static struct at_sink sink;
    const struct at_diag_render_options options = {.limit = 10};
    f->dump.n = 0;
    at_sink_init(&sink, put, &f->dump);
    at_diag_render_text(&f->diags, &options, &sink);
    at_sink_flush(&sink);
    return f->dump.at;
}

struct sums {
    int64_t cents[64];
    uint64_t n[64];
};

static enum at_status add(void *context, unsigned part, const struct at_table_batch *batch,
                          struct at_arena *scratch) {
    struct sums *sums = context;
    for (uint32_t r = 0; r < batch->n; r++) {
        int64_t cents;
        cr_assert(at_num_to_i64(scratch, at_col_num(&batch->cols[2], r), 2, &cents));
        sums->cents[part] += cents;
    }
    sums->n[part] += batch->n;
    return AT_OK;
}

/* The rows hold 0.50, 1.50, …: 10,000 of them are 0 + … + 9,999 = 49,995,000 and 5,000 in halves. */
Test(source, rows_that_are_no_file_are_read_by_one_thread_and_by_three) {
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        struct sheet sheet;
        struct fixture *f = open_sheet(&sheet, 10000, write_cell, threads);
        struct sums sums = {0};
        const struct at_table_scan scan = {.on_batch = add, .context = &sums};
        cr_assert_eq(fixture_load(f), AT_OK);
        cr_assert_eq(at_table_dataset_scan(&f->data, 1, &scan), AT_OK, "%s", rendered(f));
        int64_t cents = 0;
        uint64_t n = 0, parts = 0;
        for (int i = 0; i < 64; i++)
            cents += sums.cents[i], n += sums.n[i], parts += sums.n[i] > 0;
        cr_expect_eq(n, 10000);
        cr_expect_eq(cents, INT64_C(5000000000));
        cr_expect_eq(parts, threads);
        cr_expect_eq(f->data.tables[1].n_rows, 10000);
        fixture_free(f);
    }
}

Test(source, a_fault_is_told_by_the_name_of_its_row) {
    struct sheet sheet;
    struct fixture *f = open_sheet(&sheet, 3000, with_word, 3);
    cr_assert_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_REJECTED);
    const char *told = rendered(f);
    cr_expect(strstr(told, "sheet Deals, row 812:3: error[A0722]"), "%s", told);
    cr_expect(strstr(told, "found `twelve`"), "%s", told);
    cr_expect(strstr(told, "d810|ana|twelve|2026-02-27"), "%s", told); /* 810 is 28 * 28 + 26 */
    cr_expect_not(strstr(told, "deals.xlsx:812"), "%s", told);
    fixture_free(f);
}

Test(source, both_rows_of_a_key_are_named) {
    struct sheet sheet;
    struct fixture *f = open_sheet(&sheet, 3000, with_duplicate, 3);
    cr_assert_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_REJECTED);
    const char *told = rendered(f);
    cr_expect(strstr(told,
                     "sheet Deals, row 812:1: error[A0732]: duplicate value `d5` in `id`, first in sheet "
                     "Deals, row 7"),
              "%s", told);
    fixture_free(f);
}

Test(source, bad_rows_are_left_out_as_the_source_shows_them) {
    struct sheet sheet;
    struct fixture *f = open_sheet(&sheet, 1000, with_word, 1);
    f->skip = true;
    cr_assert_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_OK);
    cr_expect_eq(f->data.tables[1].n_rows, 999);
    cr_expect_str_eq(f->left_out.at, "deals.xlsx:812 d810|ana|twelve|2026-02-27\n");
    fixture_free(f);
}

Test(source, an_empty_cell_is_a_missing_value_and_a_blank_row_is_none) {
    struct sheet sheet;
    struct fixture *f = open_sheet(&sheet, 10, with_blanks, 1);
    cr_assert_eq(fixture_load(f), AT_OK);
    cr_expect_eq(fixture_scan(f, 1), AT_REJECTED);
    cr_expect(strstr(rendered(f), "sheet Deals, row 5:1: error[A0719]: missing value in `id`"), "%s",
              f->dump.at);
    cr_expect_eq(f->diags.errors, 1);
    fixture_free(f);
}

Test(source, a_column_that_is_not_there) {
    struct sheet sheet;
    struct fixture *f = fixture_new();
    fixture_table(f, "rep", "id:text*", "id\nana\nbob\n");
    fixture_schema(f, "deal", "id:text* amuont:money");
    f->bindings[1] = sheet_binding(&sheet, &f->arena, 10, write_cell);
    cr_expect_eq(fixture_load(f), AT_REJECTED);
    cr_expect_str_eq(fixture_faults(f), "deals.xlsx:0:0 A0708 missing column `amuont`\n");
    fixture_free(f);
}

Test(source, a_table_that_is_kept_and_a_row_that_is_placed_later) {
    struct sheet sheet;
    struct fixture *f = open_sheet(&sheet, 5000, write_cell, 1);
    f->keep[1] = true;
    cr_assert_eq(fixture_load(f), AT_OK);
    cr_expect_eq(f->data.tables[1].n_rows, 5000);
    cr_expect_eq(f->data.tables[1].lines[4999], 5001);
    cr_expect_eq(at_table_dataset_find(&f->data, 1, 0, AT_STR("d4321")), 4321);
    struct at_diag_data_place place = at_table_dataset_place(&f->data, 1, 2, 812, &f->arena);
    cr_expect(at_str_eq(place.name, AT_STR("sheet Deals, row 812")));
    cr_expect(at_str_eq(place.excerpt, AT_STR("d810|ana|810.50|2026-02-27")));
    cr_expect_eq(place.mark_start, 9);
    cr_expect_eq(place.mark_length, 6);
    cr_expect(at_str_eq(at_table_dataset_row_name(&f->data, 1, 3, &f->arena), AT_STR("sheet Deals, row 3")));
    fixture_free(f);
}

/* ---- what only the CSV source has to find out */

/* Lines 2 and 3 are one row. The excerpt is that of the line, whatever ends the lines. */
Test(source, a_row_of_csv_is_found_by_its_line) {
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (size_t i = 0; i < AT_COUNT(ends); i++) {
        char csv[200];
        sprintf(csv, "k,v%s\"a%sb\",1%sc,2%sd,3%s", ends[i], ends[i], ends[i], ends[i], ends[i]);
        struct fixture *f = fixture_new();
        fixture_table(f, "x", "k:text*", "k\n");
        fixture_table(f, "t", "k:text* v:number", csv);
        cr_assert_eq(fixture_load(f), AT_OK);
        for (int again = 0; again < 2; again++) { /* later rows, and then earlier ones */
            struct at_diag_data_place place = at_table_dataset_place(&f->data, 1, 1, 5, &f->arena);
            cr_expect(at_str_eq(place.excerpt, AT_STR("d,3")), "%.*s", AT_STR_ARG(place.excerpt));
            cr_expect_eq(place.mark_start, 2);
            place = at_table_dataset_place(&f->data, 1, 0, 4, &f->arena);
            cr_expect(at_str_eq(place.excerpt, AT_STR("c,2")), "%.*s", AT_STR_ARG(place.excerpt));
            cr_expect(at_str_eq(at_table_dataset_row_name(&f->data, 1, 4, &f->arena), AT_STR("t.csv:4")));
        }
        fixture_free(f);
    }
}
