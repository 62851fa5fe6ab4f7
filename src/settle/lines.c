/* settle/lines.c: payout lines in the promised order: payee by key, period, component, key.
 *
 * One sweep over paid cells, in that order, decides where each line is. Components without lines of their own
 * have one line for each cell. Notes of `per` components, which come in the order of the file, are first
 * counted by cell and then copied to their places. Keys of one cell are sorted only where the file has not
 * brought them in order.
 */
#include "base/order.h"
#include "diag/say.h"
#include "gather/part.h"
#include "settle/settle.h"

#define CLEARED_AT_ONCE ((size_t)1 << 17) /* of the counts; then the host is asked */

struct collection {
    struct at_settle *settle;
    uint32_t *noted;    /* components with notes */
    uint32_t *noted_at; /* by component: its index there */
    uint32_t n_noted;
    uint64_t *start; /* by cell * n_noted + k: how many notes there are; then where the next one is put */
    unsigned digits;
};

/* Components with lines of their own have notes, one for each credited item. */
static bool has_notes(const struct at_plan_component *component) {
    return component->lines != AT_NO_NODE;
}

static inline bool is_paid(const struct at_settle *settle, uint32_t cell) {
    return !settle->withheld_cell[cell];
}

/* ---- notes */

/* Whether the condition of the note's component for its cell holds. */
static bool holds(const struct at_settle *settle, const struct at_plan_component *component, uint32_t cell) {
    uint32_t when = component->lines_when;
    if (when == AT_NO_NODE || settle->plan->nodes[when].grain != AT_G_CELL) return true;
    uint32_t payees = settle->frame->n_payees;
    const struct at_col *col = &settle->frame->slices[when][cell / payees];
    return col->flag[col->one ? 0 : cell % payees];
}

static bool has_lines(const struct at_settle *settle, int64_t period) {
    return (period >= settle->paid_from && period < (int64_t)settle->paid_from + settle->paid_periods) ||
           (period >= settle->tail_from && period < (int64_t)settle->tail_from + settle->tail_periods);
}

/* The cell in which the note is paid. The cells of withheld pay, of payees who are not covered, and of other
 * periods have no lines. */
static bool is_noted(const struct collection *c, const struct at_plan_component *component,
                     const struct at_gather_line_note *note, uint32_t *cell) {
    const struct at_settle *settle = c->settle;
    uint32_t payees = settle->frame->n_payees, period = note->cell / payees, payee = note->cell % payees;
    if (period >= settle->frame->n_regular) return false;
    int64_t paid = at_kernel_frame_paid_in(settle->frame, period, component->delay);
    if (!has_lines(settle, paid)) return false;
    *cell = (uint32_t)paid * payees + payee;
    return settle->frame->covered[payee] && is_paid(settle, *cell) && holds(settle, component, note->cell);
}

static void count_note(struct collection *c, uint32_t k, const struct at_gather_line_note *note,
                       uint32_t cell) {
    (void)note;
    c->start[(uint64_t)cell * c->n_noted + k]++;
}

static void place_note(struct collection *c, uint32_t k, const struct at_gather_line_note *note,
                       uint32_t cell) {
    struct at_settle *settle = c->settle;
    uint32_t payees = settle->frame->n_payees;
    uint64_t at = c->start[(uint64_t)cell * c->n_noted + k]++;
    settle->lines[at] = (struct at_settle_line){.payee = cell % payees,
                                                .period = cell / payees,
                                                .earned = cell / payees,
                                                .component = (uint16_t)c->noted[k],
                                                .key = {note->key, note->key_n},
                                                .minor = note->minor};
    if (settle->plan->pays_in == AT_NO_NODE) return;
    struct at_settle_local local = at_settle_local(settle, c->noted[k], cell % payees, note->cell / payees);
    at_settle_local_line(settle, &local, 0, note->minor, &settle->lines[at]);
}

typedef void on_note(struct collection *c, uint32_t k, const struct at_gather_line_note *note, uint32_t cell);

static enum at_status each_of_log(struct collection *c, uint32_t k, const struct at_gather_line_log *log,
                                  on_note *call) {
    const struct at_plan_component *component = &c->settle->plan->components[c->noted[k]];
    for (const struct at_gather_line_chunk *chunk = log->notes.first; chunk; chunk = chunk->next) {
        for (uint32_t i = 0; i < chunk->n; i++) {
            uint32_t cell;
            if (is_noted(c, component, &chunk->at[i], &cell)) call(c, k, &chunk->at[i], cell);
        }
        if (at_watch_cancelled(c->settle->watch)) return AT_CANCELLED;
    }
    return AT_OK;
}

/* Calls back for each note that is paid: component by component, in order of the file. */
static enum at_status each_note(struct collection *c, on_note *call) {
    const struct at_gather *gather = c->settle->gather;
    enum at_status status = AT_OK;
    for (size_t w = 0; w < gather->works.n; w++) {
        const struct at_gather_work *work = gather->works.at[w];
        for (uint32_t i = 0; i < work->scan->components.n; i++)
            for (unsigned p = 0; p < work->n_parts && status == AT_OK; p++)
                status =
                    each_of_log(c, c->noted_at[work->scan->components.at[i]], &work->parts[p].lines[i], call);
    }
    return status;
}

/* Notes are counted first, so that the array of lines has its final size and notes go to their cells at
 * once. */
static enum at_status count_notes(struct collection *c) {
    const struct at_kernel_frame *frame = c->settle->frame;
    size_t n = (size_t)frame->n_periods * frame->n_payees * c->n_noted;
    c->start = at_arena_get(c->settle->scratch, (n + 1) * sizeof *c->start);
    for (size_t at = 0; at < n; at += CLEARED_AT_ONCE) { /* much memory takes long even to clear */
        size_t piece = n - at < CLEARED_AT_ONCE ? n - at : CLEARED_AT_ONCE;
        memset(c->start + at, 0, piece * sizeof *c->start);
        if (at_watch_cancelled(c->settle->watch)) return AT_CANCELLED;
    }
    return each_note(c, count_note);
}

/* Lines of equal keys are ordered by amount. The order of the file does not show. */
static bool line_before(const void *context, uint32_t b, uint32_t a) {
    const struct at_settle_line *lines = context;
    int order = at_str_cmp(lines[b].key, lines[a].key);
    if (order != 0) return order < 0;
    return lines[b].minor != lines[a].minor ? lines[b].minor < lines[a].minor
                                            : lines[b].local < lines[a].local;
}

/* Orders the notes of one cell and component. */
static void order_notes(struct at_settle *settle, uint64_t first, uint64_t end) {
    struct at_settle_line *lines = settle->lines + first;
    uint32_t n = (uint32_t)(end - first), i = 1;
    while (i < n && !line_before(lines, i, i - 1))
        i++;
    if (i >= n) return;
    struct at_arena_mark mark = at_arena_mark(settle->scratch);
    uint32_t *order = at_arena_get(settle->scratch, n * sizeof *order);
    struct at_settle_line *copy = at_arena_get(settle->scratch, n * sizeof *copy);
    for (i = 0; i < n; i++)
        order[i] = i;
    at_sort(settle->scratch, order, n, line_before, lines);
    memcpy(copy, lines, n * sizeof *copy);
    for (i = 0; i < n; i++)
        lines[i] = copy[order[i]];
    at_arena_reset(settle->scratch, mark);
}

/* ---- the sweep over paid cells, in the order of lines */

typedef uint64_t on_cell(struct collection *c, uint32_t payee, uint32_t period, uint64_t at);

/* `at` is where the lines of a cell begin; the callback returns where they end. *end: of all. */
static enum at_status each_cell(struct collection *c, on_cell *call, uint64_t *end) {
    struct at_settle *settle = c->settle;
    uint64_t at = 0;
    for (uint32_t rank = 0; rank < settle->frame->n_payees; rank++) {
        uint32_t payee = settle->frame->payees_by_key[rank];
        struct at_arena_mark mark = at_arena_mark(settle->scratch);
        for (uint32_t p = 0; settle->frame->covered[payee] && p < at_settle_periods(settle); p++) {
            uint32_t period = at_settle_period(settle, p);
            if (!at_settle_withheld(settle, payee, period)) at = call(c, payee, period, at);
            if (at_watch_tick(settle->watch)) return AT_CANCELLED;
        }
        at_arena_reset(settle->scratch, mark);
    }
    *end = at;
    return AT_OK;
}

static uint64_t *start_of(const struct collection *c, uint32_t payee, uint32_t period) {
    return &c->start[((uint64_t)period * c->settle->frame->n_payees + payee) * c->n_noted];
}

/* The amount of the component in minor units; that it fits was looked at when withholding. */
static int64_t minor_of(struct collection *c, uint32_t component, uint32_t payee, uint32_t period) {
    struct at_settle *settle = c->settle;
    const struct at_col *value = &settle->frame->slices[settle->plan->components[component].value][period];
    int64_t minor = 0;
    at_num_to_i64(settle->scratch, at_kernel_num_at(value, payee), c->digits, &minor);
    return minor;
}

/* Without a covered day, only what is due from other periods has a line. */
static bool has_line(struct collection *c, uint32_t component, uint32_t payee, uint32_t period) {
    return at_settle_pays(c->settle, component, period) &&
           (at_kernel_frame_covers(c->settle->frame, payee, period) ||
            minor_of(c, component, payee, period) != 0);
}

/* Counts into starts. */
static uint64_t number_cell(struct collection *c, uint32_t payee, uint32_t period, uint64_t at) {
    const struct at_plan *plan = c->settle->plan;
    uint64_t *start = start_of(c, payee, period);
    for (uint32_t i = 0, k = 0; i < plan->n_components; i++) {
        uint64_t n = 1;
        if (has_notes(&plan->components[i])) {
            n = start[k];
            start[k++] = at;
        } else if (!has_line(c, i, payee, period)) {
            n = 0;
        } else if (at_settle_divides(plan, i)) {
            n = at_settle_ledger_lines(c->settle, i, payee, period, NULL);
        }
        at += n;
    }
    return at;
}

/* One line for parts of deals that were earned in several periods: each is converted at its own rate. */
static void pay_parts_in(struct at_settle *settle, struct at_settle_line *line) {
    struct at_arena_mark mark = at_arena_mark(settle->scratch);
    struct at_settle_line *parts = NULL;
    uint64_t n = at_settle_ledger_lines(settle, line->component, line->payee, line->period, NULL);
    parts = at_arena_get(settle->scratch, (n + 1) * sizeof *parts);
    at_settle_ledger_lines(settle, line->component, line->payee, line->period, parts);
    for (uint64_t i = 0; i < n; i++) {
        line->currency = parts[i].currency;
        if (__builtin_add_overflow(line->local, parts[i].local, &line->local)) settle->unpayable = true;
    }
    at_arena_reset(settle->scratch, mark);
}

/* The amount in the payee's currency. That it fits was looked at when withholding. */
static void pay_in(struct at_settle *settle, struct at_settle_line *line) {
    const struct at_plan *plan = settle->plan;
    uint32_t node = plan->components[line->component].local;
    if (node == AT_NO_NODE) return;
    if (plan->components[line->component].parted != AT_NO_NODE) {
        pay_parts_in(settle, line);
        return;
    }
    const struct at_col *code = &settle->frame->slices[plan->pays_in][line->period],
                        *local = &settle->frame->slices[node][line->period];
    line->currency = at_currency_find(code->text[code->one ? 0 : line->payee]);
    const struct at_currency_info *info = at_currency_info(line->currency);
    at_num_to_i64(settle->scratch, at_kernel_num_at(local, line->payee), info ? info->digits : 2,
                  &line->local);
}

/* Writes the lines of the cell, and orders its notes: the starts are now where they end. */
static uint64_t write_cell(struct collection *c, uint32_t payee, uint32_t period, uint64_t at) {
    struct at_settle *settle = c->settle;
    const struct at_plan *plan = settle->plan;
    const uint64_t *start = start_of(c, payee, period);
    for (uint32_t i = 0, k = 0; i < plan->n_components; i++) {
        if (has_notes(&plan->components[i])) {
            uint64_t end = start[k++];
            if (end - at > 1) order_notes(settle, at, end);
            at = end;
            continue;
        }
        if (!has_line(c, i, payee, period)) continue;
        if (at_settle_divides(plan, i)) {
            uint64_t end = at + at_settle_ledger_lines(settle, i, payee, period, settle->lines + at);
            if (end - at > 1) order_notes(settle, at, end);
            at = end;
            continue;
        }
        settle->lines[at] = (struct at_settle_line){.payee = payee,
                                                    .period = period,
                                                    .earned = period,
                                                    .component = (uint16_t)i,
                                                    .minor = minor_of(c, i, payee, period)};
        pay_in(settle, &settle->lines[at++]);
    }
    return at;
}

/* ---- everything */

/* Two rounds over notes and cells. The first counts and decides the places, the second writes. */
enum at_status at_settle_lines(struct at_settle *settle) {
    const struct at_plan *plan = settle->plan;
    const struct at_currency_info *currency = at_currency_info(plan->checked->currency);
    struct collection c = {.settle = settle, .digits = currency ? currency->digits : 2};
    if (plan->n_components == 0) return AT_OK;
    c.noted = at_arena_get(settle->scratch, (plan->n_components + 1) * sizeof *c.noted);
    c.noted_at = at_arena_get(settle->scratch, (plan->n_components + 1) * sizeof *c.noted_at);
    for (uint32_t i = 0; i < plan->n_components; i++)
        if (has_notes(&plan->components[i])) {
            c.noted_at[i] = c.n_noted;
            c.noted[c.n_noted++] = i;
        }
    uint64_t n = 0;
    enum at_status status = count_notes(&c);
    if (status == AT_OK) status = each_cell(&c, number_cell, &n);
    if (status != AT_OK) return status;
    settle->lines = at_arena_get(settle->arena, (n + 1) * sizeof *settle->lines);
    status = each_note(&c, place_note);
    if (status == AT_OK) status = each_cell(&c, write_cell, &n);
    settle->n_lines = status == AT_OK ? n : 0;
    if (!settle->unpayable || status != AT_OK) return status;
    at_diag_say(settle->gather->diags, AT_A0804, plan->checked->pays.node->span, NULL,
                AT_SENTENCE(AT_W_REASON_UNPAYABLE));
    return AT_REJECTED;
}
