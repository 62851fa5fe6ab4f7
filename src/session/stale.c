/* session/stale.c: warns of exchange rates that are used long after the last one of their pair: later by more
 * than twice the longest time between two of its rates. So daily rates may have holidays, and rates that are
 * fixed, of which there are fewer than three, are not reported. One warning for each table. */
#include "diag/say.h"
#include "session/run_int.h"

#define FEWEST 3   /* rates of a pair, of which the times between two are known */
#define SHORTEST 7 /* days after the last rate that are never too many */

struct pair {
    uint32_t last;   /* row */
    int32_t longest; /* days between two rates */
    uint32_t n;
};

struct found {
    uint64_t n;
    struct pair first; /* by currency */
};

static at_str text_at(const struct at_col *col, uint32_t row) {
    return col->text[col->one ? 0 : row];
}
static at_date day_at(const struct at_col *col, uint32_t row) {
    return col->day[col->one ? 0 : row];
}

static void end_pair(const struct at_col *since, const at_date *asked, const struct pair *pair,
                     struct found *found) {
    int64_t limit = 2 * (int64_t)pair->longest > SHORTEST ? 2 * (int64_t)pair->longest : SHORTEST;
    if (pair->n < FEWEST || asked[pair->last] - (int64_t)day_at(since, pair->last) <= limit) return;
    if (found->n++ == 0) found->first = *pair;
}

static void tell(struct at_session_state *session, const struct at_plan_node *rates,
                 const struct found *found) {
    const struct at_kernel_frame *frame = &session->frame;
    const struct at_table *table = &session->run.data->tables[rates->place];
    uint32_t row = found->first.last;
    struct at_diag_data_place place = at_table_dataset_place(
        session->run.data, rates->place, -1, table->lines ? table->lines[row] : row + 1, session->run.arena);
    struct at_diag *d =
        at_diag_say(session->gather.diags, AT_A1181, (at_span){0}, &place,
                    AT_SENTENCE(AT_W_RUN_STALE, at_words_text(text_at(&frame->whole[rates->in[0]], row)),
                                at_words_day(day_at(&frame->whole[rates->in[1]], row)),
                                at_words_day(frame->asked[rates->place][row])));
    at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_STALE_WHY, at_words_count((uint64_t)found->first.longest),
                                    at_words_count(found->n)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_STALE_HELP));
}

void at_session_tell_stale(struct at_session_state *session) {
    const struct at_plan *plan = session->run.plan;
    const struct at_kernel_frame *frame = &session->frame;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *rates = &plan->nodes[id];
        const struct at_col *order = &frame->whole[id];
        if (rates->op != AT_P_RATES || !order->data || !frame->asked[rates->place]) continue;
        const struct at_col *from = &frame->whole[rates->in[0]], *since = &frame->whole[rates->in[1]],
                            *to = rates->n_in > 3 ? &frame->whole[rates->in[3]] : NULL;
        struct found found = {0};
        struct pair pair = {0};
        for (uint32_t i = 0; i < order->n; i++) {
            uint32_t row = (uint32_t)order->row[i];
            bool same = i > 0 && at_str_eq(text_at(from, row), text_at(from, pair.last)) &&
                        (!to || at_str_eq(text_at(to, row), text_at(to, pair.last)));
            int32_t days = same ? day_at(since, row) - day_at(since, pair.last) : 0;
            if (i > 0 && !same) end_pair(since, frame->asked[rates->place], &pair, &found);
            if (!same) pair = (struct pair){0};
            if (days > pair.longest) pair.longest = days;
            pair.last = row;
            pair.n++;
        }
        if (order->n > 0) end_pair(since, frame->asked[rates->place], &pair, &found);
        if (found.n > 0) tell(session, rates, &found);
    }
}
