/* gather/cover.c: on which days each payee is covered: what `applies to … from … to` covers, without what
 * each `except` takes out, in the effective range. */
#include "gather/cover.h"

#include "base/sort.h"
#include "diag/say.h"
#include "gather/part.h"

struct range {
    uint32_t payee;
    at_date from, to;
};

struct ranges {
    AT_VEC(struct range) of;
};

static int by_payee(const void *left, const void *right) {
    const struct range *a = left, *b = right;
    if (a->payee != b->payee) return a->payee < b->payee ? -1 : 1;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

/* ---- the rows that give days */

/* A day of row i; `open` where it is missing or not given. */
static at_date day_of(const struct at_gather *gather, uint32_t node, uint32_t i, at_date open,
                      uint32_t *state) {
    const struct at_col *col = node == AT_NO_NODE ? NULL : &gather->frame->whole[node];
    uint32_t own = col ? at_col_state(col, i) : AT_STATE_MISSING;
    if (own > *state) *state = own;
    return own == AT_STATE_OK ? col->day[col->one ? 0 : i] : open;
}

/* Days of the payee's own rows give the place of the last day, which a field has as a rule. */
static void refuse(struct at_gather *gather, const struct at_plan_cover *cover, uint32_t i,
                   struct range range) {
    const struct at_table *table = &gather->data->tables[cover->decl->table];
    const struct at_plan_node *to = &gather->plan->nodes[cover->to];
    uint64_t line = table->lines ? table->lines[i] : (uint64_t)i + 1;
    struct at_diag_data_place place = at_table_dataset_place(
        gather->data, cover->decl->table, to->op == AT_P_LOAD ? to->a : -1, line, gather->scratch);
    const struct at_table *payees = &gather->data->tables[gather->frame->payee_table];
    int key = payees->schema->key;
    at_str name = key < 0 ? AT_STR("")
                          : at_table_dataset_print(gather->data, gather->scratch, gather->frame->payee_table,
                                                   key, &payees->cols[key], range.payee);
    struct at_diag *d =
        at_diag_say(gather->diags, AT_A1190, (at_span){0}, &place,
                    AT_SENTENCE(cover->decl->except ? AT_W_RUN_EXCEPT_BACKWARD : AT_W_RUN_COVER_BACKWARD,
                                at_words_text(name), at_words_day(range.from), at_words_day(range.to)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_COVER_HELP));
}

/* The days that one clause gives, by payee. Returns false, and reports the first rows, if some end before
 * they begin. Payees whose days cannot be calculated are left out with a state above AT_STATE_MISSING. */
static bool read_rows(struct at_gather *gather, const struct at_plan_cover *cover, struct ranges *out,
                      uint32_t *states) {
    const struct at_kernel_frame *frame = gather->frame;
    const struct at_col *of = cover->payee == AT_NO_NODE ? NULL : &frame->whole[cover->payee];
    uint64_t rows = gather->data->tables[cover->decl->table].n_rows;
    bool well = true;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t state = AT_STATE_OK;
        if (of && (at_col_state(of, i) != AT_STATE_OK || of->row[of->one ? 0 : i] < 0)) continue;
        struct range range = {.payee = of ? (uint32_t)of->row[of->one ? 0 : i] : i};
        range.from = day_of(gather, cover->from, i, AT_DATE_MIN, &state);
        range.to = day_of(gather, cover->to, i, AT_DATE_MAX, &state);
        if (state >= AT_STATE_EXCEPTION) {
            states[range.payee] = state;
        } else if (range.to < range.from) {
            refuse(gather, cover, i, range);
            well = false;
        } else {
            AT_VEC_PUSH(gather->scratch, &out->of, range);
        }
    }
    return well;
}

/* ---- from ranges to days */

/* Joins ranges of one payee that overlap or follow one another. */
static void join(struct at_arena *scratch, struct ranges *ranges) {
    size_t n = 0;
    at_sort_items(scratch, ranges->of.at, ranges->of.n, sizeof *ranges->of.at, by_payee);
    for (size_t i = 0; i < ranges->of.n; i++) {
        struct range next = ranges->of.at[i], *last = n ? &ranges->of.at[n - 1] : NULL;
        if (last && last->payee == next.payee && (int64_t)next.from <= (int64_t)last->to + 1) {
            if (next.to > last->to) last->to = next.to;
        } else {
            ranges->of.at[n++] = next;
        }
    }
    ranges->of.n = n;
}

/* What is left of a range without the days that are taken out: both are joined, and in order. */
static void take_out(struct at_gather *gather, struct range range, const struct ranges *out, size_t *next,
                     struct ranges *left) {
    while (*next < out->of.n && out->of.at[*next].payee < range.payee)
        ++*next;
    for (size_t k = *next; k < out->of.n && out->of.at[k].payee == range.payee; k++) {
        const struct range *hole = &out->of.at[k];
        if (hole->to < range.from || hole->from > range.to) continue;
        if (hole->from > range.from)
            AT_VEC_PUSH(gather->scratch, &left->of,
                        ((struct range){range.payee, range.from, hole->from - 1}));
        if (hole->to >= range.to) return;
        range.from = hole->to + 1;
    }
    AT_VEC_PUSH(gather->scratch, &left->of, range);
}

/* Puts the days of those whom the condition covers into the frame. */
static void place(struct at_gather *gather, const struct ranges *days) {
    struct at_kernel_frame *frame = gather->frame;
    struct at_kernel_cover *cover = AT_NEW(gather->arena, struct at_kernel_cover);
    cover->start = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 2);
    cover->from = AT_NEW_ARRAY(gather->arena, at_date, days->of.n + 1);
    cover->to = AT_NEW_ARRAY(gather->arena, at_date, days->of.n + 1);
    size_t k = 0;
    uint32_t n = 0;
    for (uint32_t e = 0; e < frame->n_payees; e++) {
        cover->start[e] = n;
        for (; k < days->of.n && days->of.at[k].payee == e; k++) {
            if (!frame->covered[e]) continue;
            cover->from[n] = days->of.at[k].from;
            cover->to[n++] = days->of.at[k].to;
        }
        frame->covered[e] = frame->covered[e] && n > cover->start[e];
    }
    cover->start[frame->n_payees] = n;
    frame->cover = cover;
}

static enum at_status read_covers(struct at_gather *gather, uint32_t *states) {
    const struct at_plan *plan = gather->plan;
    const struct at_check_policy *checked = plan->checked;
    struct ranges covered = {0}, out = {0}, left = {0};
    bool well = true, some = false;
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        bool except = plan->covers[i].decl->except;
        some |= !except;
        well &= read_rows(gather, &plan->covers[i], except ? &out : &covered, states);
    }
    if (!well) return AT_REJECTED;
    for (uint32_t e = 0; !some && e < gather->frame->n_payees; e++) /* only `except` */
        AT_VEC_PUSH(gather->scratch, &covered.of, ((struct range){e, checked->from, checked->to}));
    join(gather->scratch, &covered);
    join(gather->scratch, &out);
    size_t next = 0;
    for (size_t i = 0; i < covered.of.n; i++) {
        struct range range = covered.of.at[i];
        if (range.from < checked->from) range.from = checked->from;
        if (range.to > checked->to) range.to = checked->to;
        if (range.from <= range.to) take_out(gather, range, &out, &next, &left);
    }
    place(gather, &left);
    return AT_OK;
}

/* ---- who is covered at all */

/* A payee for whom the condition or a day cannot be calculated is not covered, but is reported as an
 * exception. */
enum at_status at_gather_cover(struct at_gather *gather) {
    struct at_kernel_frame *frame = gather->frame;
    const struct at_col *applies =
        gather->plan->applies == AT_NO_NODE ? NULL : &frame->whole[gather->plan->applies];
    frame->covered = AT_NEW_ARRAY(gather->arena, bool, frame->n_payees + 1);
    uint32_t *states = AT_NEW_ARRAY(gather->scratch, uint32_t, frame->n_payees + 1);
    for (uint32_t e = 0; e < frame->n_payees; e++) {
        states[e] = applies ? at_col_state(applies, e) : AT_STATE_OK;
        frame->covered[e] = states[e] == AT_STATE_OK && (!applies || applies->flag[applies->one ? 0 : e]);
    }
    enum at_status status = gather->plan->n_covers > 0 ? read_covers(gather, states) : AT_OK;
    for (uint32_t e = 0; e < frame->n_payees; e++) {
        if (states[e] < AT_STATE_EXCEPTION) continue;
        if (!frame->covered[e] && applies && at_col_state(applies, e) == AT_STATE_OK &&
            !applies->flag[applies->one ? 0 : e])
            continue; /* is not covered, whatever the days are */
        frame->covered[e] = false;
        AT_VEC_PUSH(gather->arena, &gather->exceptions->lost, states[e] - AT_STATE_EXCEPTION);
    }
    return status;
}

/* ---- rows that are not earned */

bool at_gather_cover_asks(const struct at_gather *gather, const struct at_plan_feed *feed) {
    if (!gather->frame->cover || feed->n_to == 0 || feed->on == AT_NO_NODE) return false;
    bool credit = feed->decl && feed->decl->node && feed->decl->node->kind == AT_N_CREDIT;
    return credit || feed->earns == AT_EVENT_DATED;
}

void at_gather_uncovered_add(struct at_gather_uncovered *uncovered, uint64_t n, uint64_t line, int32_t payee,
                             at_date day) {
    if (n == 0) return;
    if (uncovered->n == 0 || line < uncovered->line) {
        uncovered->line = line;
        uncovered->payee = payee;
        uncovered->day = day;
    }
    uncovered->n += n;
}
