/* write/grid.c: formats the cells of a table. */
#include "write/grid.h"

#define GAP 2
#define MOST 100 /* columns of a cell */

void at_write_grid_init(struct at_write_grid *grid, struct at_arena *arena, uint32_t n_columns,
                        uint32_t n_left) {
    *grid = (struct at_write_grid){.arena = arena, .n_columns = n_columns, .n_left = n_left};
}

at_str *at_write_grid_add(struct at_write_grid *grid, enum at_write_grid_row_kind kind) {
    size_t size = sizeof *grid->rows;
    if (grid->n_rows == grid->room) {
        size_t room = grid->room * 2 + 16;
        grid->rows = at_arena_grow(grid->arena, grid->rows, grid->room * size, room * size);
        grid->room = room;
    }
    struct at_write_grid_row *row = &grid->rows[grid->n_rows++];
    row->kind = kind;
    row->cells = AT_NEW_ARRAY(grid->arena, at_str, kind == AT_GRID_TITLE ? 1 : grid->n_columns);
    return row->cells;
}

/* The text of a cell as it is printed: visible, and no wider than a table allows. No amount is cut. */
static at_str shown(const struct at_write_grid *grid, at_str s, uint32_t column) {
    uint32_t most = grid->most && column < grid->n_left ? grid->most : MOST;
    s = at_visible(grid->arena, s);
    if (s.n <= most || at_utf8_width(s) <= most) return s;
    uint32_t n = 0, width = 0;
    for (unsigned length; n < s.n; n += length) {
        at_utf8_next(s.p + n, s.p + s.n, &length);
        width += at_utf8_width((at_str){s.p + n, length});
        if (width >= most) break;
    }
    char *p = at_arena_get(grid->arena, n + 4);
    memcpy(p, s.p, n);
    memcpy(p + n, "…", 4);
    return (at_str){p, n + 3};
}

/* Empty cells count as zero, and titles do not count. */
static uint32_t *widths_of(const struct at_write_grid *grid) {
    uint32_t *widths = AT_NEW_ARRAY(grid->arena, uint32_t, grid->n_columns + 1);
    for (size_t r = 0; r < grid->n_rows; r++) {
        if (grid->rows[r].kind == AT_GRID_TITLE) continue;
        for (uint32_t c = 0; c < grid->n_columns; c++) {
            uint32_t width = at_utf8_width(shown(grid, grid->rows[r].cells[c], c));
            if (width > widths[c]) widths[c] = width;
        }
    }
    return widths;
}

static uint32_t sum_of(const struct at_write_grid *grid, const uint32_t *widths) {
    uint32_t sum = grid->n_columns ? (grid->n_columns - 1) * GAP : 0;
    for (uint32_t c = 0; c < grid->n_columns; c++)
        sum += widths[c];
    return sum;
}

uint32_t at_write_grid_width(const struct at_write_grid *grid) {
    return sum_of(grid, widths_of(grid));
}

static void put_n(struct at_sink *out, const char *text, uint32_t n) {
    while (n-- > 0)
        at_sink_z(out, text);
}

/* Amounts below zero are red, and gains are green. Text with spaces, such as "-5 → 3", is neither. */
static const char *color_of(at_str text) {
    static const char minus[] = "−";
    if (text.n < 2 || memchr(text.p, ' ', text.n)) return NULL;
    bool plus = text.p[0] == '+';
    bool less = text.p[0] == '-' || (text.n > sizeof minus && memcmp(text.p, minus, sizeof minus - 1) == 0);
    return less ? "\033[31m" : plus ? "\033[32m" : NULL;
}

static void print_cells(const struct at_write_grid *grid, const at_str *cells, const uint32_t *widths,
                        struct at_sink *out) {
    uint32_t last = grid->n_columns;
    /* Lines do not end with spaces. */
    while (last > 0 && cells[last - 1].n == 0)
        last--;
    for (uint32_t c = 0; c < last; c++) {
        at_str text = shown(grid, cells[c], c);
        uint32_t width = at_utf8_width(text), pad = widths[c] > width ? widths[c] - width : 0;
        const char *color = grid->color && c >= grid->n_left ? color_of(text) : NULL;
        if (c >= grid->n_left) put_n(out, " ", pad);
        if (color) at_sink_z(out, color);
        at_sink_str(out, text);
        if (color) at_sink_z(out, "\033[39m");
        if (c + 1 < last) put_n(out, " ", GAP + (c < grid->n_left ? pad : 0));
    }
    at_sink_z(out, "\n");
}

void at_write_grid_print(const struct at_write_grid *grid, struct at_sink *out) {
    uint32_t *widths = widths_of(grid);
    uint32_t sum = sum_of(grid, widths);
    for (size_t r = 0; r < grid->n_rows && !out->error; r++) {
        const struct at_write_grid_row *row = &grid->rows[r];
        at_arena_poll(grid->arena);
        bool bold = grid->color && row->kind != AT_GRID_ROW;
        if (row->kind == AT_GRID_SUM) {
            put_n(out, "─", sum);
            at_sink_z(out, "\n");
        }
        if (row->kind == AT_GRID_TITLE && r > 0) at_sink_z(out, "\n");
        if (bold) at_sink_z(out, "\033[1m");
        if (row->kind == AT_GRID_TITLE) {
            at_sink_visible(out, row->cells[0]);
            at_sink_z(out, "\n");
        } else {
            print_cells(grid, row->cells, widths, out);
        }
        if (bold) at_sink_z(out, "\033[0m");
    }
}
