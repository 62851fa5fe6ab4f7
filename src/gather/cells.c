/* gather/cells.c: how many payees and periods a run may hold, so that a mistyped date is reported and not
 * calculated.
 *
 * A cell is a payee and period. Every settled node keeps one value for each cell from the first period of the
 * effective range to the last one that is paid, so a date that is wrong by centuries multiplies the memory of
 * the whole run. The limit must be known before that memory is asked for: it depends on the plan, the number
 * of payees, and the number of periods alone, never on the threads.
 */
#include "gather/part.h"

#include "diag/say.h"

/* A policy whose effective range declares no more than fifty years of months means all of them: it is limited
 * only by AT_MAX_CELLS and by what a large machine has. In a longer or open range, a date that reaches more
 * than ten years is likely mistyped (2062 for 2026), and the limit is what an ordinary machine has. Beyond
 * fifty years, it is nearly certain, and the limit is what a small host can spare.
 */
#define UNUSUAL_RANGE 120
#define LONG_RANGE 600
#define ROOM_ORDINARY (16ull << 30)
#define ROOM_UNUSUAL (1ull << 30)
#define ROOM_LONG (128ull << 20)

/* What is calculated only to be reported must not decide whether a run fits. */
#define MOST_AHEAD 60
#define ROOM_AHEAD (256ull << 20)

/* A value is 8 or 16 bytes in its slice, and once more while the slice is made. */
#define BYTES_OF_NODE 24
#define BYTES_OF_CELL 48  /* states, lines, what is withheld */
#define BYTES_OF_SLICE 64 /* its column, and what rounding its memory adds */

void at_gather_cells_measure(const struct at_plan *plan, struct at_gather_range *range) {
    range->cell_bytes = BYTES_OF_CELL;
    range->period_bytes = 0;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (!node->needed || (node->grain != AT_G_CELL && node->grain != AT_G_GROUP)) continue;
        range->period_bytes += BYTES_OF_SLICE;
        if (node->grain == AT_G_CELL) range->cell_bytes += BYTES_OF_NODE;
    }
}

static uint64_t bytes_of(const struct at_gather *gather, uint64_t periods) {
    uint64_t payees = gather->frame->n_payees ? gather->frame->n_payees : 1;
    return periods * (payees * gather->range->cell_bytes + gather->range->period_bytes);
}

bool at_gather_cells_fit(const struct at_gather *gather, uint64_t periods) {
    uint64_t payees = gather->frame->n_payees ? gather->frame->n_payees : 1;
    if (periods * payees > AT_MAX_CELLS) return false;
    bool declared = gather->range->last_period < LONG_RANGE;
    uint64_t room = periods > LONG_RANGE                   ? ROOM_LONG
                    : declared || periods <= UNUSUAL_RANGE ? ROOM_ORDINARY
                                                           : ROOM_UNUSUAL;
    return bytes_of(gather, periods) <= room;
}

int32_t at_gather_period_index(const struct at_gather *gather, at_date day) {
    enum at_period_kind kind = (enum at_period_kind)gather->frame->first_period.kind;
    return at_period_position(gather->calendar, at_period_of_date(gather->calendar, kind, day)) -
           gather->frame->first_position;
}

/* Up to the end of the effective range. If that is far away or open, up to the end of the fiscal year. */
uint32_t at_gather_cells_ahead(const struct at_gather *gather, uint32_t periods) {
    const struct at_calendar *calendar = gather->calendar;
    int32_t last = (int32_t)periods - 1, end = gather->range->last_period;
    if (end - last > MOST_AHEAD) {
        at_period year = at_period_holding(calendar, at_kernel_frame_period(gather->frame, last), AT_YEAR);
        end = at_gather_period_index(gather, at_period_end(calendar, year));
    }
    return end <= last || end - last > MOST_AHEAD ? 0 : (uint32_t)(end - last);
}

bool at_gather_cells_spare(const struct at_gather *gather, uint32_t periods) {
    return bytes_of(gather, periods) <= ROOM_AHEAD;
}

/* The row, marked at the field that dates it. A feed that is dated by a formula has no field. */
static struct at_diag_data_place place_of(struct at_gather *gather, const struct at_gather_part *part) {
    const struct at_plan_feed *feed = part->too_far_feed;
    const struct at_plan_node *on =
        part->too_far_node == AT_NO_NODE ? NULL : &gather->plan->nodes[part->too_far_node];
    int field = on && on->op == AT_P_LOAD ? on->a : -1;
    return at_table_dataset_place(gather->data, feed->table, field, part->too_far_line, gather->arena);
}

void at_gather_cells_refuse(struct at_gather *gather, const struct at_gather_part *part, uint64_t index) {
    struct at_diag_data_place place = {0};
    if (part) place = place_of(gather, part);
    at_period first = gather->frame->first_period,
              last = at_kernel_frame_period(gather->frame, (int32_t)index);
    uint64_t periods = index + 1, payees = gather->frame->n_payees ? gather->frame->n_payees : 1;
    uint64_t megabytes = (bytes_of(gather, periods) >> 20) + 1;
    struct at_diag *diag = at_diag_say(gather->diags, AT_A0811, (at_span){0}, part ? &place : NULL,
                                       AT_SENTENCE(part ? AT_W_RUN_FAR_DATE : AT_W_RUN_FAR_PERIOD));
    at_diag_say_note(diag,
                     AT_SENTENCE(AT_W_RUN_CELLS, at_words_month(first), at_words_month(last),
                                 at_words_count(periods), at_words_count(payees), at_words_count(megabytes)));
    at_diag_say_help(diag, AT_SENTENCE(part ? AT_W_RUN_CORRECT_DATE : AT_W_RUN_EARLIER));
}
