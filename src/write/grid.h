/* write/grid.h: formats rows of cells in columns for a terminal.
 *
 * Text is aligned left and amounts right. A wide character has two columns. Titles between the rows do not
 * affect the widths.
 */
#ifndef AT_WRITE_GRID_H
#define AT_WRITE_GRID_H

#include "base/visible.h"

enum at_write_grid_row_kind {
    AT_GRID_ROW,
    AT_GRID_HEAD /* column names */,
    AT_GRID_SUM /* a rule above */,
    AT_GRID_TITLE
};

struct at_write_grid_row {
    enum at_write_grid_row_kind kind;
    at_str *cells; /* n_columns of them; TITLE: one */
};

struct at_write_grid {
    struct at_arena *arena; /* view */
    uint32_t n_columns;
    uint32_t n_left; /* this many columns are text, the others amounts */
    struct at_write_grid_row *rows;
    size_t n_rows, room;
    uint32_t most; /* columns of a cell of text; 0: 100 */
    bool color;
};

void at_write_grid_init(struct at_write_grid *grid, struct at_arena *arena, uint32_t n_columns,
                        uint32_t n_left);
/* A new row; the caller fills its cells, which are views that must live as long as the grid. */
at_str *at_write_grid_add(struct at_write_grid *grid, enum at_write_grid_row_kind kind);
/* How many columns of the terminal it takes. */
uint32_t at_write_grid_width(const struct at_write_grid *grid);
void at_write_grid_print(const struct at_write_grid *grid, struct at_sink *out);

#endif
