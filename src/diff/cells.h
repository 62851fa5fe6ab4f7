/* diff/cells.h: iterates over the payouts of a difference, and finds payees whose pay changes. */
#ifndef AT_DIFF_CELLS_H
#define AT_DIFF_CELLS_H

#include "diff/diff.h"

/* The payout of a payee for a period in both versions: the sum of neighboring rows. */
struct at_diff_cell {
    uint32_t payee;
    int32_t period;
    uint64_t first, end; /* of its rows */
    at_i128 minor[2];
    bool withheld[2];
};

/* Reads the next payout from row *r on, and moves *r past it. Returns false at `end`. */
bool at_diff_next_cell(const struct at_diff *diff, uint64_t *r, uint64_t end, struct at_diff_cell *cell);
bool at_diff_cell_changes(const struct at_diff_cell *cell);
/* Neither version withholds it, so the two amounts can be compared. */
static inline bool at_diff_cell_alike(const struct at_diff_cell *cell) {
    return !cell->withheld[0] && !cell->withheld[1];
}
/* Fills what payees have of the rows beside their sums, counts them by kind, and lists newly withheld
 * payouts. */
void at_diff_sort_payees(struct at_diff *diff);

#endif
