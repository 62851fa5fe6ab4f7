/* A policy over rows that are not CSV: the sheet of tests/unit/source/sheet.h. */
#include <criterion/criterion.h>

#include "diag/render.h"
#include "rig.h"
#include "unit/source/sheet.h"

static const char policy[] =
    "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n"
    "payee rep from \"reps.csv\" { id text key  name text label }\n"
    "data deal from \"deals.xlsx\" { id text key  rep rep  amount money  closed_on date }\n"
    "credit booking from deal to rep on closed_on amount amount\n"
    "measure bookings = sum of amount from booking\n"
    "pay commission on bookings = 10%\n";

static const struct rig_table tables[] = {{"rep", "id,name\nana,Ana\nben,Ben\n"}, {"deal", ""}, {0}};

/* 4,000 deals of $10 for ana and ben in turn, the first half in Q1, the others in Q3. */
static int write_cell(uint64_t row, uint32_t column, char *out) {
    switch (column) {
    case 0: return sprintf(out, "d%llu", (unsigned long long)row);
    case 1: return sprintf(out, "%s", row % 2 ? "ben" : "ana");
    case 2: return sprintf(out, "10.00");
    default: return sprintf(out, "2026-%s-15", row < 2000 ? "02" : "08");
    }
}

static int with_stranger(uint64_t row, uint32_t column, char *out) {
    return row == 810 && column == 1 ? sprintf(out, "bne") : write_cell(row, column, out);
}

static void run_sheet(struct rig *rig, struct sheet *sheet,
                      int (*cell)(uint64_t row, uint32_t column, char *out), unsigned threads) {
    rig_init(rig);
    struct at_source_binding deals = sheet_binding(sheet, &rig->policy_arena, 4000, cell);
    rig->threads = threads;
    rig->deals = &deals;
    rig_run(rig, policy, tables);
    rig->deals = NULL;
}

/* 1,000 deals of $10 for each and quarter: 10% of $10,000. */
Test(sheet, a_policy_pays_on_its_rows) {
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct rig rig;
        struct sheet sheet;
        run_sheet(&rig, &sheet, write_cell, threads);
        cr_assert_eq(rig.status, AT_OK);
        cr_expect_str_eq(rig_lines(&rig),
                         "ana,2026-Q1,commission,,1000.00\nana,2026-Q3,commission,,1000.00\n"
                         "ben,2026-Q1,commission,,1000.00\nben,2026-Q3,commission,,1000.00\n");
        cr_expect_eq(sheet.rows_again, 0);
        rig_free(&rig);
    }
}

static int put(void *context, const char *bytes, size_t n) {
    at_str *all = context;
    if (all->n + n < 2000) memcpy((char *)(uintptr_t)all->p + all->n, bytes, n), all->n += (uint32_t)n;
    return 0;
}

Test(sheet, an_error_in_a_row_is_told_by_its_name) {
    struct rig rig;
    struct sheet sheet;
    static struct at_sink sink;
    char text[2001] = "";
    at_str all = {text, 0};
    const struct at_diag_render_options options = {.limit = 10};
    run_sheet(&rig, &sheet, with_stranger, 2);
    cr_expect_eq(rig.status, AT_REJECTED);
    at_sink_init(&sink, put, &all);
    at_diag_render_text(&rig.diags, &options, &sink);
    at_sink_flush(&sink);
    cr_expect(strstr(text, "sheet Deals, row 812:2: error[A0730]: unknown rep `bne` in `rep`"), "%s", text);
    cr_expect(strstr(text, "did you mean `ben`?"), "%s", text);
    rig_free(&rig);
}
