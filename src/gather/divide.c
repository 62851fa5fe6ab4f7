/* gather/divide.c: lines of several rows that refer to one row, such as the agents of a deal, rounded
 * together.
 *
 * One pass notes the lines, the merge orders them by the row that they refer to and divides its amount, the
 * next pass reads the result by the line's number, like a running total.
 */
#include "base/order.h"
#include "gather/part.h"
#include "kernel/kernels.h"

struct line {
    uint64_t row; /* of the table */
    uint32_t of;  /* row that it refers to */
    uint32_t payee, period, state;
    at_str key;
    at_num value;
};

struct at_gather_divide_log {
    AT_VEC(struct line) lines;
};

/* ---- noting */

void at_gather_divide_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items) {
    uint32_t node = part->work->scan->runnings.at[place];
    const struct at_plan_node *divide = &part->gather->plan->nodes[node];
    const struct at_col *value = at_kernel_input(&part->items, node, 0),
                        *of = at_kernel_input(&part->items, node, 1),
                        *key = at_kernel_input(&part->items, node, 2);
    const at_type *key_type = &part->gather->plan->nodes[divide->in[2]].type;
    if (!part->divides[place]) part->divides[place] = AT_NEW(&part->arena, struct at_gather_divide_log);
    struct at_gather_divide_log *log = part->divides[place];
    AT_VEC_ROOM(&part->arena, &log->lines, items->n);
    for (uint32_t i = 0; i < items->n; i++) {
        uint64_t place_in_file = part->batch->lines[items->row[i]];
        uint32_t state = at_col_state(value, i), of_state = at_col_state(of, i);
        struct line line = {.row = part->batch->first + items->row[i],
                            .of = AT_NOBODY,
                            .payee = (uint32_t)items->payee[i],
                            .period = (uint32_t)items->period[i]};
        if (state == AT_STATE_OK && items->state) state = items->state[i];
        if (of_state == AT_STATE_OK) line.of = (uint32_t)of->row[of->one ? 0 : i];
        if (state != AT_STATE_OK)
            line.state =
                at_gather_part_keep(part, state, AT_STATE_OK, place_in_file, line.payee, line.period);
        line.value =
            state == AT_STATE_OK ? at_num_copy(&part->arena, at_kernel_num_at(value, i)) : at_num_int(0);
        line.key = at_gather_running_key(part, key, key_type, i);
        log->lines.at[log->lines.n++] = line;
    }
}

/* ---- ordering and dividing */

struct order_of {
    const struct line *lines;
    const uint32_t *rank; /* by payee: place of its key */
    struct at_arena *scratch;
};

static bool is_together(const struct line *a, const struct line *b) {
    return a->of != AT_NOBODY && a->of == b->of && a->period == b->period;
}

/* Lines of one payee are ordered by the keys of their rows, and without keys by amount. The order of the file
 * does not show. */
static bool line_before(const void *context, uint32_t b, uint32_t a) {
    const struct order_of *o = context;
    const struct line *x = &o->lines[b], *y = &o->lines[a];
    if (x->of != y->of) return x->of < y->of;
    if (x->period != y->period) return x->period < y->period;
    if (x->payee != y->payee) return o->rank[x->payee] < o->rank[y->payee];
    int order = at_str_cmp(x->key, y->key);
    return order != 0 ? order < 0 : at_num_cmp(o->scratch, x->value, y->value) > 0;
}

/* All parts' lines in order of rows, their states in the run's numbers. */
static struct line *join_parts(struct at_gather *gather, uint32_t place, const struct at_gather_work *work,
                               size_t *n) {
    *n = 0;
    for (unsigned p = 0; p < work->n_parts; p++)
        *n += work->parts[p].divides[place] ? work->parts[p].divides[place]->lines.n : 0;
    struct line *lines = at_arena_get(gather->scratch, (*n + 1) * sizeof *lines);
    size_t k = 0;
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_part *part = &work->parts[p];
        for (size_t i = 0; part->divides[place] && i < part->divides[place]->lines.n; i++, k++) {
            lines[k] = part->divides[place]->lines.at[i];
            lines[k].state = at_gather_running_state(gather, work, part, lines[k].state);
        }
    }
    return lines;
}

/* If one line is unknown, the others cannot be divided. */
static void divide(struct at_gather *gather, uint32_t node, const struct line *lines, const uint32_t *order,
                   size_t n, struct at_col *out) {
    struct at_arena_mark mark = at_arena_mark(gather->scratch);
    at_num *amounts = at_arena_get(gather->scratch, (n + 1) * sizeof *amounts);
    uint32_t state = AT_STATE_OK;
    for (size_t k = 0; k < n; k++) {
        if (state == AT_STATE_OK) state = lines[order[k]].state;
        amounts[k] = lines[order[k]].value;
    }
    if (state == AT_STATE_OK)
        at_kernel_divide_amounts(gather->scratch, &gather->plan->nodes[node], amounts, n);
    for (size_t k = 0; k < n; k++) {
        /* A sum beyond all numbers: its lines do not fit into payouts, and are found there. */
        if (amounts[k].form == AT_NUM_OVERFLOW) amounts[k] = lines[order[k]].value;
        out->num[order[k]] = state == AT_STATE_OK ? at_num_copy(gather->arena, amounts[k]) : at_num_int(0);
        if (state != AT_STATE_OK) out->state[order[k]] = state;
    }
    at_arena_reset(gather->scratch, mark);
}

void at_gather_divide_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    size_t n;
    uint32_t node = work->scan->runnings.at[place];
    struct line *lines = join_parts(gather, place, work, &n);
    struct order_of by = {lines, gather->frame->payee_rank, gather->scratch};
    uint32_t *order = at_arena_get(gather->scratch, (n + 1) * sizeof *order);
    bool unknown = false;
    for (size_t k = 0; k < n; k++) {
        order[k] = (uint32_t)k;
        unknown |= lines[k].state != AT_STATE_OK;
    }
    at_sort(gather->scratch, order, n, line_before, &by);
    struct at_kernel_running *out = AT_NEW(gather->arena, struct at_kernel_running);
    out->values = (struct at_col){.form = AT_COL_NUM,
                                  .n = (uint32_t)n,
                                  .num = at_arena_get(gather->arena, (n + 1) * sizeof(at_num)),
                                  .state = unknown ? AT_NEW_ARRAY(gather->arena, uint32_t, n) : NULL};
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && is_together(&lines[order[first]], &lines[order[end]]);)
            end++;
        divide(gather, node, lines, order + first, end - first, &out->values);
    }
    at_kernel_col_narrow(gather->arena, &out->values);
    uint64_t rows = gather->data->tables[work->scan->table].n_rows;
    out->base = AT_NEW_ARRAY(gather->arena, uint32_t, rows + 1);
    size_t k = 0;
    for (uint64_t row = 0; row < rows; row++) {
        out->base[row] = (uint32_t)k;
        while (k < n && lines[k].row == row)
            k++;
    }
    gather->frame->runnings[node] = out;
}
