/* session/dated.c: warns of rows of histories and of exchange rates that begin years after the plan, because
 * they never hold: one warning for each table, with the first row of the file and the number of rows. */
#include "diag/say.h"
#include "session/run_int.h"

#define FAR 5 /* years after the last day of the plan */

static int year_of(at_date day) {
    int year, month, date;
    at_date_split(day, &year, &month, &date);
    return year;
}

/* Of a plan without an end, the end of the last period that is paid. */
static int last_year(const struct at_session_state *session) {
    const struct at_check_policy *checked = session->run.plan->checked;
    const struct at_kernel_frame *frame = &session->frame;
    if (checked->to < AT_DATE_MAX || frame->n_regular == 0) return year_of(checked->to);
    at_period last = at_kernel_frame_period(frame, (int32_t)frame->n_regular - 1);
    return year_of(at_period_end(&checked->calendar, last));
}

static void tell_far(struct at_session_state *session, uint32_t index, int since, int most) {
    struct at_table_dataset *data = session->run.data;
    const struct at_table *table = &data->tables[index];
    if (since < 0 || !table->resident || !table->cols[since].data) return;
    const struct at_col *days = &table->cols[since];
    uint64_t n = 0, first = 0;
    for (uint64_t row = 0; row < table->n_rows; row++) {
        uint32_t at = days->one ? 0 : (uint32_t)row;
        if (at_col_state(days, at) != AT_STATE_OK || year_of(days->day[at]) < most + FAR) continue;
        if (n++ == 0) first = row;
    }
    if (n == 0) return;
    uint64_t line = table->lines ? table->lines[first] : first + 1;
    struct at_arena *arena = session->run.arena;
    struct at_diag_data_place place = at_table_dataset_place(data, index, since, line, arena);
    struct at_diag *d =
        at_diag_say(session->gather.diags, AT_A0883, (at_span){0}, &place,
                    AT_SENTENCE(AT_W_RUN_FAR_FROM_ALL, at_words_day(days->day[days->one ? 0 : first])));
    if (n > 1) at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_FAR_ROWS, at_words_count(n)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_CORRECT_FAR));
}

void at_session_tell_dated(struct at_session_state *session) {
    const struct at_check_policy *checked = session->run.plan->checked;
    int most = last_year(session);
    for (uint32_t t = 0; t < session->run.data->n_tables; t++) {
        const struct at_schema *schema = session->run.data->tables[t].schema;
        if (schema && schema->dated) tell_far(session, t, schema->since, most);
    }
    for (uint32_t i = 0; i < checked->n_exchanges; i++)
        tell_far(session, checked->exchanges[i].table, checked->exchanges[i].since, most);
}
