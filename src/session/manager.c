/* session/manager.c: who is whose manager in a period: on its last day, where managers change over time. */
#include "session/results.h"

static int32_t row_at(const struct at_col *col, uint32_t row) {
    return at_col_state(col, row) == AT_STATE_OK ? col->row[col->one ? 0 : row] : -1;
}

int32_t at_session_manager_of(const struct at_session_run *run, uint32_t payee, uint32_t period) {
    const struct at_check_policy *checked = run->plan->checked;
    if (checked->manager_field < 0) return -1;
    const struct at_table *payees = &run->data->tables[checked->payee_table];
    const struct at_schema_field *field =
        &checked->schemas[checked->payee_table].fields[checked->manager_field];
    if ((uint32_t)checked->manager_field < payees->schema->n_fields)
        return row_at(&payees->cols[checked->manager_field], payee);
    const struct at_dated *dated = run->frame->dated[field->dated_table];
    if (!dated) return -1;
    at_date day = at_period_end(run->calendar, at_session_run_period(run, period));
    int64_t place = at_dated_place(dated, (int32_t)payee, day);
    if (place < 0) return -1;
    return row_at(&run->data->tables[field->dated_table].cols[field->dated_field],
                  (uint32_t)dated->row[place]);
}
