/* gather/line.c: the lines of a component by row and payee, for the rows that refer to them.
 *
 * One pass notes the lines, the merge adds up those of one row and payee, and the next pass finds them by the
 * reference. Linear in the number of lines.
 */
#include "base/order.h"
#include "gather/part.h"

struct line {
    uint32_t row, payee, state;
    at_num value;
};

struct at_gather_line_of_log {
    AT_VEC(struct line) lines;
};

/* ---- noting */

/* A line that the mask leaves out is none, whatever its state. */
void at_gather_line_of_note(struct at_gather_part *part, uint32_t place,
                            const struct at_kernel_items *items) {
    uint32_t node = part->work->scan->runnings.at[place];
    bool masked = part->gather->plan->nodes[node].n_in > 2;
    const struct at_col *value = at_kernel_input(&part->items, node, 0),
                        *mask = masked ? at_kernel_input(&part->items, node, 2) : NULL;
    if (!part->line_logs[place]) part->line_logs[place] = AT_NEW(&part->arena, struct at_gather_line_of_log);
    struct at_gather_line_of_log *log = part->line_logs[place];
    AT_VEC_ROOM(&part->arena, &log->lines, items->n);
    for (uint32_t i = 0; i < items->n; i++) {
        uint32_t state = mask ? at_col_state(mask, i) : AT_STATE_OK;
        if (items->payee[i] < 0 || (mask && state == AT_STATE_OK && !mask->flag[mask->one ? 0 : i])) continue;
        if (items->state && items->state[i] != AT_STATE_OK) state = items->state[i];
        if (state == AT_STATE_OK) state = at_col_state(value, i);
        struct line line = {.row = (uint32_t)(part->batch->first + items->row[i]),
                            .payee = (uint32_t)items->payee[i],
                            .value = at_num_int(0)};
        if (state == AT_STATE_OK)
            line.value = at_num_copy(&part->arena, at_kernel_num_at(value, i));
        else
            line.state = at_gather_part_keep(part, state, AT_STATE_OK, part->batch->lines[items->row[i]],
                                             line.payee, (uint32_t)items->period[i]);
        log->lines.at[log->lines.n++] = line;
    }
}

/* ---- by row */

/* The lines of all parts, those of a row together. Counting keeps the order of the file within a row.
 * start[row]: where those of the row begin. */
static struct line *by_row(struct at_gather *gather, const struct at_gather_work *work, uint32_t place,
                           uint32_t *start, uint64_t rows) {
    size_t n = 0;
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_line_of_log *log = work->parts[p].line_logs[place];
        for (size_t i = 0; log && i < log->lines.n; i++, n++)
            start[log->lines.at[i].row + 1]++;
    }
    for (uint64_t row = 0; row < rows; row++)
        start[row + 1] += start[row];
    struct line *lines = at_arena_get(gather->scratch, (n + 1) * sizeof *lines);
    uint32_t *next = at_arena_get(gather->scratch, (rows + 1) * sizeof *next);
    memcpy(next, start, (rows + 1) * sizeof *next);
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_part *part = &work->parts[p];
        for (size_t i = 0; part->line_logs[place] && i < part->line_logs[place]->lines.n; i++) {
            struct line line = part->line_logs[place]->lines.at[i];
            line.state = at_gather_running_state(gather, work, part, line.state);
            lines[next[line.row]++] = line;
        }
    }
    return lines;
}

static bool payee_before(const void *context, uint32_t b, uint32_t a) {
    const struct line *lines = context;
    return lines[b].payee < lines[a].payee;
}

/* Adds the sums of the lines of one row, by payee, to `out`. The first exception of a payee decides. */
static void add_row(struct at_gather *gather, const struct line *lines, uint32_t n, uint32_t *order,
                    struct at_kernel_running *out) {
    for (uint32_t k = 0; k < n; k++)
        order[k] = k;
    if (n > 1) at_sort(gather->scratch, order, n, payee_before, lines);
    for (uint32_t k = 0, end; k < n; k = end) {
        at_num sum = at_num_int(0);
        uint32_t state = AT_STATE_OK, payee = lines[order[k]].payee, at = out->values.n++;
        for (end = k; end < n && lines[order[end]].payee == payee; end++) {
            if (state == AT_STATE_OK) state = lines[order[end]].state;
            sum = at_num_add(gather->scratch, sum, lines[order[end]].value);
            if (sum.form == AT_NUM_OVERFLOW) sum = at_num_int(0); /* the payout reports it */
        }
        out->payee[at] = payee;
        out->values.num[at] = at_num_copy(gather->arena, sum);
        out->values.state[at] = state;
    }
}

void at_gather_line_of_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    struct at_arena *arena = gather->arena;
    uint64_t rows = gather->data->tables[work->scan->table].n_rows;
    uint32_t *start = AT_NEW_ARRAY(gather->scratch, uint32_t, rows + 2);
    struct line *lines = by_row(gather, work, place, start, rows);
    uint32_t n = start[rows];
    uint32_t *order = at_arena_get(gather->scratch, (n + 1) * sizeof *order);
    struct at_kernel_running *out = AT_NEW(arena, struct at_kernel_running);
    out->base = AT_NEW_ARRAY(arena, uint32_t, rows + 1);
    out->payee = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    out->values = (struct at_col){.form = AT_COL_NUM,
                                  .num = at_arena_get(arena, (n + 1) * sizeof(at_num)),
                                  .state = AT_NEW_ARRAY(arena, uint32_t, n + 1)};
    for (uint64_t row = 0; row < rows; row++) {
        out->base[row] = out->values.n;
        add_row(gather, lines + start[row], start[row + 1] - start[row], order, out);
    }
    out->base[rows] = out->values.n;
    out->values.num[out->values.n++] = at_num_int(0);
    at_kernel_col_narrow(arena, &out->values);
    gather->frame->runnings[work->scan->runnings.at[place]] = out;
}
