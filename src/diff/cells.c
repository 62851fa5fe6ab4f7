/* diff/cells.c: iterates over payouts in both versions, and finds payees whose payouts or total pay
 * change. */
#include "diff/cells.h"

#include "base/vec.h"

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

/* Sums like for like: a payout that one version withholds is neither a gain nor a loss. */
static void sort_payee(struct at_diff_payee *payee, const struct at_diff *diff) {
    bool up = false, down = false;
    struct at_diff_cell cell;
    for (uint64_t r = payee->first; at_diff_next_cell(diff, &r, payee->end, &cell);) {
        at_i128 change = cell.minor[1] - cell.minor[0];
        payee->newly += cell.withheld[1] && !cell.withheld[0];
        payee->freed += cell.withheld[0] && !cell.withheld[1];
        if (size_of(change) > payee->size) payee->size = size_of(change);
        if (!at_diff_cell_alike(&cell)) continue;
        up |= change > 0;
        down |= change < 0;
        for (int s = 0; s < 2; s++)
            payee->like[s] += cell.minor[s];
    }
    at_i128 delta = payee->like[1] - payee->like[0];
    bool held = payee->newly || payee->freed;
    if (size_of(delta) > payee->size) payee->size = size_of(delta);
    payee->both_ways = (up && down) || held;
    payee->kind = delta > 0    ? AT_DIFF_MORE
                  : delta < 0  ? AT_DIFF_LESS
                  : up && down ? AT_DIFF_MOVED
                  : held       ? AT_DIFF_HELD
                               : AT_DIFF_SAME;
}

static void list_newly(struct at_diff *diff) {
    AT_VEC(struct at_diff_newly) all = {0};
    struct at_diff_cell cell;
    for (uint64_t r = 0; at_diff_next_cell(diff, &r, diff->n_rows, &cell);) {
        if (cell.withheld[0] || !cell.withheld[1]) continue;
        struct at_diff_newly one = {.payee = cell.payee, .period = cell.period, .row = cell.first};
        if (cell.minor[0] >= INT64_MIN && cell.minor[0] <= INT64_MAX) one.minor = (int64_t)cell.minor[0];
        AT_VEC_PUSH(diff->arena, &all, one);
    }
    diff->newly = all.at;
    diff->n_newly = (uint32_t)all.n;
}

void at_diff_sort_payees(struct at_diff *diff) {
    uint32_t *const counts[] = {[AT_DIFF_SAME] = &diff->n_same,
                                [AT_DIFF_MORE] = &diff->n_winners,
                                [AT_DIFF_LESS] = &diff->n_losers,
                                [AT_DIFF_MOVED] = &diff->n_moved,
                                [AT_DIFF_HELD] = &diff->n_held};
    uint64_t r = 0;
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        struct at_diff_payee *payee = &diff->payees[p];
        payee->first = r;
        while (r < diff->n_rows && diff->rows[r].payee == p)
            r++;
        payee->end = r;
        sort_payee(payee, diff);
        ++*counts[payee->kind];
        for (int s = 0; s < 2; s++)
            diff->like[s] += payee->like[s];
        diff->n_newly_payees += payee->newly > 0;
        diff->n_freed += payee->freed;
    }
    list_newly(diff);
}
