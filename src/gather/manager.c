/* gather/manager.c: managers who change over time: chains on each day, and circular references with the
 * days on which they hold.
 *
 * A circular reference begins on a day on which a row of one of its members begins, and is found by the walk
 * from that member on that day. So the walks that begin with each row of the history find all of them.
 */
#include "base/sort.h"
#include "diag/say.h"
#include "gather/part.h"

int32_t at_gather_manager(const struct at_gather *gather, int32_t payee, at_date day) {
    if (!gather->assigned) return gather->managers[payee];
    int64_t place = at_dated_place(gather->assigned, payee, day);
    return place < 0 ? -1 : gather->managers[gather->assigned->row[place]];
}

/* The last day on which the row at a place is valid. */
static at_date last_day(const struct at_dated *dated, uint32_t payee, int64_t place) {
    at_date last = dated->until[place];
    bool follows = place + 1 < (int64_t)dated->start[payee + 1];
    return follows && dated->since[place + 1] - 1 < last ? dated->since[place + 1] - 1 : last;
}

struct circle {
    bool found, first; /* it is that of the payee; no other member has a row that begins then */
    at_date last;
};

/* Follows the chain of a payee on a day until it ends, comes back, or meets somebody again. */
static struct circle walk(const struct at_gather *gather, uint32_t payee, at_date day, uint32_t *seen,
                          uint32_t mark) {
    const struct at_dated *dated = gather->assigned;
    struct circle circle = {false, true, AT_DATE_MAX};
    int32_t e = (int32_t)payee;
    do {
        int64_t place = at_dated_place(dated, e, day);
        if (place < 0 || seen[e] == mark) return circle;
        seen[e] = mark;
        at_date last = last_day(dated, (uint32_t)e, place);
        if (last < circle.last) circle.last = last;
        if (dated->since[place] == day && (uint32_t)e < payee) circle.first = false;
        e = gather->managers[dated->row[place]];
    } while (e >= 0 && (uint32_t)e != payee);
    circle.found = e >= 0;
    return circle;
}

static void tell(struct at_gather *gather, uint32_t payee, int64_t place, const struct circle *circle) {
    const struct at_kernel_frame *frame = gather->frame;
    const struct at_table *payees = &gather->data->tables[frame->payee_table];
    const struct at_schema_field *field = &payees->schema->fields[gather->plan->checked->manager_field];
    const struct at_table *history = &gather->data->tables[field->dated_table];
    int32_t row = gather->assigned->row[place];
    uint64_t line = history->lines ? history->lines[row] : (uint64_t)row + 1;
    struct at_diag_data_place at =
        at_table_dataset_place(gather->data, field->dated_table, field->dated_field, line, gather->scratch);
    at_str name = at_table_dataset_print(gather->data, gather->scratch, frame->payee_table,
                                         payees->schema->key, &payees->cols[payees->schema->key], payee);
    bool self = gather->managers[row] == (int32_t)payee, open = circle->last == AT_DATE_MAX;
    at_words_operand who = at_words_text(name), since = at_words_day(gather->assigned->since[place]);
    struct at_diag *d;
    if (open)
        d = at_diag_say(gather->diags, AT_A0812, (at_span){0}, &at,
                        AT_SENTENCE(self ? AT_W_RUN_SELF_MANAGER_SINCE : AT_W_RUN_MANAGER_SINCE, who, since));
    else
        d = at_diag_say(gather->diags, AT_A0812, (at_span){0}, &at,
                        AT_SENTENCE(self ? AT_W_RUN_SELF_MANAGER_BETWEEN : AT_W_RUN_MANAGER_BETWEEN, who,
                                    since, at_words_day(circle->last)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_NO_MANAGER));
}

static enum at_status check_chains(struct at_gather *gather) {
    const struct at_dated *dated = gather->assigned;
    uint32_t *seen = AT_NEW_ARRAY(gather->scratch, uint32_t, gather->frame->n_payees + 1), mark = 0;
    enum at_status status = AT_OK;
    for (uint32_t k = 0; k < dated->n_keys; k++)
        for (uint32_t i = dated->start[k]; i < dated->start[k + 1]; i++) {
            struct circle circle = walk(gather, k, dated->since[i], seen, ++mark);
            if (!circle.found || !circle.first) continue;
            tell(gather, k, i, &circle);
            status = AT_REJECTED;
        }
    return status;
}

/* How many managers the longest chain may have: at least as many as on any day. A chain of rows of different
 * days may be longer, which costs time only. `above`: the bound for each payee so far. */
static int32_t longest_chain(const struct at_gather *gather) {
    const struct at_dated *dated = gather->assigned;
    uint32_t n = gather->frame->n_payees;
    int32_t *above = AT_NEW_ARRAY(gather->scratch, int32_t, n + 1), most = 0;
    bool more = true;
    for (uint32_t round = 0; more && round < n; round++) {
        more = false;
        for (uint32_t k = 0; k < dated->n_keys; k++)
            for (uint32_t i = dated->start[k]; i < dated->start[k + 1]; i++) {
                int32_t manager = gather->managers[dated->row[i]];
                if (manager < 0 || above[manager] + 1 <= above[k] || above[k] >= (int32_t)n - 1) continue;
                above[k] = above[manager] + 1;
                more = true;
            }
    }
    for (uint32_t k = 0; k < n; k++)
        most = above[k] > most ? above[k] : most;
    return most;
}

static bool any_leveled(const struct at_plan *plan) {
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        if (plan->feeds[f].leveled) return true;
    return false;
}

enum at_status at_gather_dated_managers(struct at_gather *gather) {
    const struct at_check_policy *checked = gather->plan->checked;
    const struct at_schema_field *field =
        &checked->schemas[checked->payee_table].fields[checked->manager_field];
    const struct at_table *history = &gather->data->tables[field->dated_table];
    const struct at_col *col = &history->cols[field->dated_field];
    int32_t *managers = at_arena_get(gather->arena, (history->n_rows + 1) * sizeof *managers);
    for (uint32_t i = 0; i < history->n_rows; i++)
        managers[i] = at_col_state(col, i) == AT_STATE_OK ? col->row[col->one ? 0 : i] : -1;
    gather->managers = managers;
    gather->assigned = gather->frame->dated[field->dated_table];
    enum at_status status = check_chains(gather);
    if (status == AT_OK && any_leveled(gather->plan)) gather->levels = longest_chain(gather);
    return status;
}
