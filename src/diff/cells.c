/* diff/cells.c: iterates over payouts in both versions, and finds payees whose payouts or total pay
 * change. */
#include "diff/cells.h"

bool at_diff_next_cell(const struct at_diff *diff, uint64_t *r, uint64_t end, struct at_diff_cell *cell) {
    if (*r >= end) return false;
    const struct at_diff_row *first = &diff->rows[*r];
    *cell = (struct at_diff_cell){.payee = first->payee, .period = first->period, .first = *r};
    for (; *r < end; ++*r) {
        const struct at_diff_row *row = &diff->rows[*r];
        if (row->payee != cell->payee || row->period != cell->period) break;
        for (int s = 0; s < 2; s++) {
            cell->minor[s] += row->minor[s];
            cell->withheld[s] |= row->withheld[s];
        }
    }
    cell->end = *r;
    return true;
}

bool at_diff_cell_changes(const struct at_diff_cell *cell) {
    return cell->minor[0] != cell->minor[1] || cell->withheld[0] != cell->withheld[1];
}

static at_i128 size_of(at_i128 change) {
    return change < 0 ? -change : change;
}

static void sort_payee(struct at_diff *diff, struct at_diff_payee *payee) {
    at_i128 delta = payee->minor[1] - payee->minor[0];
    bool up = false, down = false, withheld = false;
    struct at_diff_cell cell;
    payee->size = size_of(delta);
    for (uint64_t r = payee->first; at_diff_next_cell(diff, &r, payee->end, &cell);) {
        at_i128 change = cell.minor[1] - cell.minor[0];
        up |= change > 0;
        down |= change < 0;
        withheld |= cell.withheld[0] != cell.withheld[1];
        if (size_of(change) > payee->size) payee->size = size_of(change);
    }
    payee->both_ways = (up && down) || withheld;
    payee->kind = delta > 0          ? AT_DIFF_MORE
                  : delta < 0        ? AT_DIFF_LESS
                  : payee->both_ways ? AT_DIFF_MOVED
                                     : AT_DIFF_SAME;
}

void at_diff_sort_payees(struct at_diff *diff) {
    uint32_t *const counts[] = {[AT_DIFF_SAME] = &diff->n_same,
                                [AT_DIFF_MORE] = &diff->n_winners,
                                [AT_DIFF_LESS] = &diff->n_losers,
                                [AT_DIFF_MOVED] = &diff->n_moved};
    uint64_t r = 0;
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        struct at_diff_payee *payee = &diff->payees[p];
        payee->first = r;
        while (r < diff->n_rows && diff->rows[r].payee == p)
            r++;
        payee->end = r;
        sort_payee(diff, payee);
        ++*counts[payee->kind];
    }
}
