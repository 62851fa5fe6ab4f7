/* tests/unit/source/sheet.h: a source that is not CSV: rows of a sheet, made by a function. It knows no bytes
 * and no lines, and names its rows "sheet Deals, row 812". Row 1 is the header, as in a workbook.
 */
#ifndef AT_TEST_SOURCE_SHEET_H
#define AT_TEST_SOURCE_SHEET_H

#include <stdio.h>

#include "source/source.h"

#define SHEET_COLUMNS 4

struct sheet {
    struct at_source source;
    at_str names[SHEET_COLUMNS];
    uint64_t n_rows; /* numbers 2 to n_rows + 1 */
    /* Writes the cell of a row, from row 0 and column 0, and returns its length, less than 64. */
    int (*cell)(uint64_t row, uint32_t column, char *out);
    uint64_t rows_again; /* how often a row was asked for again */
};

struct sheet_part {
    struct at_source_part part;
    const struct at_source_layout *layout;
    uint64_t next, end;
    char *text;
    uint32_t *cells;
    uint64_t *lines;
    uint8_t *fault;
};

static inline bool sheet_open(struct at_source *source, struct at_arena *scratch,
                              struct at_source_fault *fault) {
    struct sheet *sheet = (struct sheet *)source;
    (void)scratch, (void)fault;
    source->columns = sheet->names;
    source->n_columns = SHEET_COLUMNS;
    source->size = sheet->n_rows;
    return true;
}

static inline unsigned sheet_split(struct at_source *source, unsigned most, struct at_arena *scratch,
                                   struct at_watch *watch) {
    const struct sheet *sheet = (const struct sheet *)source;
    (void)scratch, (void)watch;
    return sheet->n_rows < most ? 1 : most;
}

static inline struct at_source_part *sheet_begin(struct at_source *source,
                                                 const struct at_source_layout *layout, unsigned part,
                                                 unsigned n_parts, struct at_arena *arena) {
    const struct sheet *sheet = (const struct sheet *)source;
    struct sheet_part *own = AT_NEW(arena, struct sheet_part);
    own->part.source = source;
    own->layout = layout;
    own->next = sheet->n_rows * part / n_parts;
    own->end = sheet->n_rows * (part + 1) / n_parts;
    own->text = (char *)at_arena_zero(arena, 2 * AT_PAD + AT_BATCH_ROWS * SHEET_COLUMNS * 64) + AT_PAD;
    own->cells = at_arena_get(arena, AT_BATCH_ROWS * (layout->n_slots + 1) * 2 * sizeof *own->cells);
    own->lines = at_arena_get(arena, AT_BATCH_ROWS * sizeof *own->lines);
    own->fault = at_arena_get(arena, AT_BATCH_ROWS);
    return &own->part;
}

static inline enum at_source_end sheet_next(struct at_source_part *part, struct at_source_rows *rows) {
    struct sheet_part *own = (struct sheet_part *)part;
    const struct sheet *sheet = (const struct sheet *)part->source;
    const struct at_source_layout *layout = own->layout;
    uint32_t n = 0, at = 0;
    if (own->next == own->end) return AT_SOURCE_END;
    *rows = (struct at_source_rows){
        .layout = layout, .base = own->next, .lines = own->lines, .fault = own->fault};
    for (; n < AT_BATCH_ROWS && own->next < own->end; n++, own->next++) {
        own->lines[n] = own->next + 2;
        own->fault[n] = AT_ROW_GOOD;
        for (uint32_t s = 0; s < layout->n_slots; s++) {
            uint32_t *cell = own->cells + ((size_t)n * layout->n_slots + s) * 2;
            int length = sheet->cell(own->next, layout->column_of[s], own->text + at);
            cell[0] = at - 1; /* the first cell begins at 0, and 0 - 1 + 1 is 0 again */
            cell[1] = at + (uint32_t)length;
            at += (uint32_t)length;
        }
    }
    part->done += n;
    rows->n = n;
    rows->text = own->text;
    rows->cells = own->cells;
    rows->stride = 2 * layout->n_slots;
    rows->high = rows->zero = true; /* nothing is known of the text */
    return AT_SOURCE_ROWS;
}

static inline void sheet_row(struct at_source *source, struct at_source_ref *ref, uint32_t column,
                             struct at_arena *scratch, struct at_source_row *out) {
    struct sheet *sheet = (struct sheet *)source;
    char text[SHEET_COLUMNS * 66];
    int n = 0;
    if (ref->id == AT_SOURCE_NO_ID) ref->id = ref->number - 2;
    ref->number = ref->id + 2;
    sheet->rows_again++;
    *out = (struct at_source_row){.text_found = true, .n_cells = SHEET_COLUMNS};
    out->name = at_str_format(scratch, "sheet Deals, row %llu", (unsigned long long)ref->number);
    for (uint32_t c = 0; c < SHEET_COLUMNS; c++) {
        if (c) text[n++] = '|';
        int length = sheet->cell(ref->id, c, text + n);
        if (c + 1 == column) {
            out->cell_found = true;
            out->cell_start = (uint32_t)n;
            out->cell_end = (uint32_t)(n + length);
        }
        n += length;
    }
    out->text = at_str_copy(scratch, (at_str){text, (uint32_t)n});
    if (out->cell_found)
        out->value = (at_str){out->text.p + out->cell_start, out->cell_end - out->cell_start};
}

/* Columns id, rep, amount, closed_on. */
static inline struct at_source_binding sheet_binding(struct sheet *sheet, struct at_arena *arena,
                                                     uint64_t n_rows,
                                                     int (*cell)(uint64_t row, uint32_t column, char *out)) {
    static const struct at_source_ops ops = {sheet_open, sheet_split, sheet_begin, sheet_next, sheet_row};
    *sheet = (struct sheet){.source = {.ops = &ops, .arena = arena, .name = AT_STR("deals.xlsx")},
                            .names = {AT_STR("id"), AT_STR("rep"), AT_STR("amount"), AT_STR("closed_on")},
                            .n_rows = n_rows,
                            .cell = cell};
    return (struct at_source_binding){
        .kind = AT_FROM_SOURCE, .name = AT_STR("deals.xlsx"), .source = &sheet->source};
}

#endif
