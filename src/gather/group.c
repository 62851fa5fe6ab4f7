/* gather/group.c: groups by a field of a history: who is a member on the last day of each period.
 *
 * Groups are numbered by the values that the history has on any day, so that a number means the same group in
 * all periods. Members are listed once for each period in which somebody's row begins or ends.
 */
#include "base/sort.h"
#include "gather/part.h"

struct history {
    const struct at_table *table;
    const struct at_dated *dated;
    const struct at_col *col;
    const at_type *type;
};

/* The index of the period in which a day takes effect; -1: after the effective range. */
static int64_t period_of(const struct at_gather *gather, at_date day) {
    int64_t index = day <= gather->plan->checked->from ? 0 : at_gather_period_index(gather, day);
    return index > gather->range->last_period ? -1 : index;
}

/* The periods in which somebody's row begins or ends, rising, with the first period of all. */
static uint32_t find_changes(const struct at_gather *gather, const struct at_dated *dated, uint32_t **out) {
    uint32_t rows = dated->start[dated->n_keys], n = 1, kept = 1;
    uint32_t *changes = AT_NEW_ARRAY(gather->scratch, uint32_t, (size_t)rows * 2 + 2);
    for (uint32_t i = 0; i < rows; i++) {
        int64_t since = period_of(gather, dated->since[i]);
        int64_t after = dated->until[i] < AT_DATE_MAX ? period_of(gather, dated->until[i] + 1) : -1;
        if (since > 0) changes[n++] = (uint32_t)since;
        if (after > 0) changes[n++] = (uint32_t)after;
    }
    at_sort_numbers(gather->scratch, changes, n);
    for (uint32_t i = 1; i < n; i++)
        if (changes[i] != changes[i - 1]) changes[kept++] = changes[i];
    *out = changes;
    return kept;
}

static void fill_version(struct at_gather *gather, const struct history *history, const uint32_t *by_row,
                         uint32_t period, uint32_t *of) {
    const struct at_kernel_frame *frame = gather->frame;
    at_date day = at_period_end(gather->calendar, at_kernel_frame_period(frame, (int32_t)period));
    for (uint32_t e = 0; e < frame->n_payees; e++) {
        int64_t place = at_dated_place(history->dated, e, day);
        of[e] = place < 0 ? AT_NOBODY : by_row[history->dated->row[place]];
    }
}

static void make_versions(struct at_gather *gather, uint32_t g, const struct history *history,
                          const uint32_t *by_row) {
    struct at_kernel_frame *frame = gather->frame;
    struct at_kernel_versions *versions = &frame->versions[g];
    uint32_t *changes, n = find_changes(gather, history->dated, &changes);
    versions->n = n;
    versions->n_periods = changes[n - 1] + 1;
    versions->version = AT_NEW_ARRAY(gather->arena, uint32_t, versions->n_periods);
    versions->of = AT_NEW_ARRAY(gather->arena, uint32_t *, n);
    versions->members = AT_NEW_ARRAY(gather->arena, struct at_kernel_members, n);
    for (uint32_t v = 0; v < n; v++) {
        versions->of[v] = AT_NEW_ARRAY(gather->arena, uint32_t, frame->n_payees + 1);
        fill_version(gather, history, by_row, changes[v], versions->of[v]);
        at_gather_list_members(gather, versions->of[v], frame->group_sizes[g], &versions->members[v]);
        uint32_t end = v + 1 < n ? changes[v + 1] : versions->n_periods;
        for (uint32_t p = changes[v]; p < end; p++)
            versions->version[p] = v;
    }
    frame->group_of[g] = versions->of[n - 1];
    frame->members[g] = versions->members[n - 1];
}

/* A payee is listed once for each group that one of their rows has. Payees are visited by key. */
static void list_ever(struct at_gather *gather, uint32_t g, const struct at_dated *dated,
                      const uint32_t *by_row) {
    const struct at_kernel_frame *frame = gather->frame;
    struct at_kernel_members *ever = &gather->dated_groups[g].ever;
    uint32_t groups = frame->group_sizes[g], rows = dated->start[dated->n_keys];
    ever->start = AT_NEW_ARRAY(gather->arena, uint32_t, groups + 2);
    ever->payee = AT_NEW_ARRAY(gather->arena, uint32_t, (size_t)rows + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t r = 0; r < frame->n_payees; r++) {
            uint32_t e = frame->payees_by_key[r];
            if (!frame->covered[e] || e >= dated->n_keys) continue;
            for (uint32_t i = dated->start[e]; i < dated->start[e + 1]; i++) {
                uint32_t group = by_row[dated->row[i]];
                bool again = group == AT_NOBODY;
                for (uint32_t k = dated->start[e]; k < i && !again; k++)
                    again = by_row[dated->row[k]] == group;
                if (again) continue;
                if (pass)
                    ever->payee[ever->start[group + 1]++] = e;
                else
                    ever->start[group + 2]++;
            }
        }
        for (uint32_t k = 2; !pass && k < groups + 2; k++)
            ever->start[k] += ever->start[k - 1];
    }
}

void at_gather_dated_members(struct at_gather *gather, uint32_t g) {
    struct at_kernel_frame *frame = gather->frame;
    const struct at_schema_field *field =
        &gather->plan->checked->schemas[frame->payee_table].fields[gather->plan->groups[g].field];
    const struct at_table *table = &gather->data->tables[field->dated_table];
    struct history history = {table, frame->dated[field->dated_table], &table->cols[field->dated_field],
                              &field->type};
    uint32_t n = (uint32_t)table->n_rows, *by_row = AT_NEW_ARRAY(gather->arena, uint32_t, (size_t)n + 1);
    frame->group_sizes[g] = at_gather_number_values(gather, history.col, history.type, n, by_row);
    struct at_kernel_versions *versions = &frame->versions[g];
    versions->dated = history.dated;
    versions->by_row = by_row;
    versions->row = AT_NEW_ARRAY(gather->arena, int32_t, frame->group_sizes[g] + 1);
    for (uint32_t i = n; i-- > 0;)
        if (by_row[i] != AT_NOBODY) versions->row[by_row[i]] = (int32_t)i;
    make_versions(gather, g, &history, by_row);
    at_gather_near_groups(gather, g, by_row, n);
    gather->dated_groups[g] = (struct at_gather_dated_group){.dated = history.dated, .by_row = by_row};
    list_ever(gather, g, history.dated, by_row);
    at_gather_index_values(gather, g, history.col, history.type, by_row, n);
}
