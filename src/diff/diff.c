/* diff/diff.c: compares two runs. Matches payees by key, components by name, and payouts by period. */
#include "diff/diff.h"
#include "diff/cells.h"

#include "base/map.h"
#include "base/sort.h"
#include "base/vec.h"
#include "diff/diff_int.h"
#include "plan/graph.h"
#include "session/results.h"

/* ---------------------------------------------------------------- reading one side */

/* How many periods the version pays when it runs alone: up to the last one with an earning event. A merged
 * run may reach further, for the sake of another version. */
static uint32_t periods_of(const struct at_diff_side *side, bool restricted) {
    if (!side->map || restricted) return side->run->n_regular;
    int32_t last = at_plan_reach(side->plan, side->run->last_period, side->map->feed).last;
    return last < 0 ? 1 : (uint32_t)last + 1;
}

struct at_diff_side at_diff_side_make(const struct at_plan *plan, const struct at_session_run *run,
                                      const struct at_plan_map *map, bool restricted) {
    struct at_diff_side side = {.plan = plan, .run = run, .map = map};
    side.n_periods = side.n_regular = periods_of(&side, restricted);
    for (uint32_t c = 0; c < plan->n_components; c++) {
        int64_t last = at_kernel_frame_paid_in(run->frame, side.n_regular - 1, plan->components[c].delay);
        if (last >= side.n_periods) side.n_periods = (uint32_t)last + 1;
        bool parted = plan->components[c].parted != AT_NO_NODE; /* its deals can move until the run ends */
        if (parted && run->n_periods > side.n_periods) side.n_periods = run->n_periods;
    }
    if (run->n_views == 0) return side;
    if (run->n_periods > side.n_periods) side.n_periods = run->n_periods; /* they may have corrections */
    side.known = at_diff_known_new(&side);
    return side;
}

/* The amounts of all components of a cell. Where one has none, nothing of the cell is paid. */
bool at_diff_side_cell(const struct at_diff_side *side, uint32_t payee, int64_t period, unsigned digits,
                       struct at_arena *scratch, int64_t *minor) {
    memset(minor, 0, side->plan->n_components * sizeof *minor);
    if (period < 0 || period >= side->n_periods || !side->run->covered[payee]) return false;
    if (side->known) return at_diff_known_cell(side, payee, (uint32_t)period, digits, scratch, minor);
    return at_diff_side_cell_in(side, side->run, payee, (uint32_t)period, digits, scratch, minor);
}

/* ---------------------------------------------------------------- payees, components */

static at_str text_of(const struct at_diff_side *side, uint32_t payee, int field, struct at_arena *arena) {
    const struct at_check_policy *checked = side->plan->checked;
    if (field < 0) return (at_str){"", 0};
    return at_session_table_text(side->run->data, (uint32_t)checked->payee_table, (uint32_t)field, payee,
                                 arena);
}

/* The first component with a group decides by which field reviewers see payees grouped; fields of a history
 * are behind those of the table, and have a value for each day. */
static int grouping_field(const struct at_check_policy *checked) {
    for (uint32_t i = 0; i < checked->n_components; i++) {
        int32_t field = checked->components[i].group_field;
        if (field >= 0 && (uint32_t)field < checked->schemas[checked->payee_table].n_fields) return field;
    }
    return -1;
}

static int by_key(const void *a, const void *b) {
    return at_str_cmp(((const struct at_diff_payee *)a)->key, ((const struct at_diff_payee *)b)->key);
}

/* A version may find other rows in the same file than the two that are compared: bad rows are left out, and
 * which are bad depends on the types of the fields. So payees are looked for by key; as a rule each is where
 * it was. */
int32_t *at_diff_side_rows(const struct at_diff_side *side, const struct at_diff *diff,
                           struct at_arena *arena) {
    int key = side->plan->checked->schemas[side->plan->checked->payee_table].key;
    int32_t *rows = at_arena_get(arena, (diff->n_payees + 1) * sizeof *rows);
    struct at_map by_key;
    bool mapped = false;
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        const struct at_diff_payee *payee = &diff->payees[p];
        rows[p] = -1;
        for (int s = 0; s < 2 && rows[p] < 0; s++)
            if (payee->row[s] >= 0 && (uint32_t)payee->row[s] < side->run->n_payees &&
                at_str_eq(text_of(side, (uint32_t)payee->row[s], key, arena), payee->key))
                rows[p] = payee->row[s];
        if (rows[p] >= 0) continue;
        if (!mapped) at_map_init(&by_key, arena);
        for (uint32_t row = 0; row < side->run->n_payees && !mapped; row++)
            /* Rows are stored plus 1, because a map returns NULL for an unknown key. */
            at_map_put(&by_key, text_of(side, row, key, arena), (void *)(uintptr_t)(row + 1));
        mapped = true;
        rows[p] = (int32_t)(uintptr_t)at_map_get(&by_key, payee->key) - 1;
    }
    return rows;
}

/* Payees of the old version come first, so a payee in both has the label and the group of the old version.
 * Row -1: the version does not have the payee. */
static void match_payees(struct at_diff *diff, const struct at_diff_side sides[2],
                         const struct at_diff_filter *filter) {
    AT_VEC(struct at_diff_payee) all = {0};
    struct at_map seen, wanted;
    at_map_init(&seen, diff->arena);
    at_map_init(&wanted, diff->arena);
    for (uint32_t i = 0; filter->payees && i < filter->n_payees; i++)
        at_map_put(&wanted, filter->payees[i], diff);
    for (int s = 0; s < 2; s++) {
        const struct at_check_policy *checked = sides[s].plan->checked;
        const struct at_schema *schema = &checked->schemas[checked->payee_table];
        int group = grouping_field(checked);
        for (uint32_t row = 0; row < sides[s].run->n_payees; row++) {
            at_str key = text_of(&sides[s], row, schema->key, diff->arena);
            size_t known = (size_t)(uintptr_t)at_map_get(&seen, key);
            if (filter->payees && !at_map_get(&wanted, key)) continue;
            if (known == 0) {
                struct at_diff_payee payee = {.key = key,
                                              .label = text_of(&sides[s], row, schema->label, diff->arena),
                                              .group = text_of(&sides[s], row, group, diff->arena),
                                              .row = {-1, -1}};
                AT_VEC_PUSH(diff->arena, &all, payee);
                known = all.n;
                at_map_put(&seen, key, (void *)(uintptr_t)known);
            }
            all.at[known - 1].row[s] = (int32_t)row;
        }
    }
    diff->payees = all.at;
    diff->n_payees = (uint32_t)all.n;
    at_sort_items(diff->arena, all.at, all.n, sizeof *all.at, by_key);
}

/* Names are unique within a plan: lines of adjustments are numbered where they would not be. */
static void match_components(struct at_diff *diff, const struct at_diff_side sides[2]) {
    AT_VEC(struct at_diff_component) all = {0};
    struct at_map seen;
    at_map_init(&seen, diff->arena);
    for (int s = 0; s < 2; s++)
        for (uint32_t c = 0; c < sides[s].plan->n_components; c++) {
            const struct at_plan_component *component = &sides[s].plan->components[c];
            size_t known = (size_t)(uintptr_t)at_map_get(&seen, component->name);
            if (known == 0) {
                struct at_diff_component one = {
                    .name = component->name, .label = component->label, .index = {-1, -1}};
                AT_VEC_PUSH(diff->arena, &all, one);
                known = all.n;
                at_map_put(&seen, component->name, (void *)(uintptr_t)known);
            }
            all.at[known - 1].index[s] = (int32_t)c;
        }
    diff->components = all.at;
    diff->n_components = (uint32_t)all.n;
}

/* ---------------------------------------------------------------- rows */

struct rows {
    struct at_diff *diff;
    const struct at_diff_side *sides;
    int64_t *minor[2]; /* by component of each side, of the cell being compared */
    bool withheld[2];
    struct at_arena scratch; /* emptied after each cell */
    AT_VEC(struct at_diff_row) found;
};

/* Adds to all sums, even if the row is zero in both versions and is not kept. */
static void add_row(struct rows *rows, uint32_t payee, int32_t period, uint32_t component) {
    struct at_diff *diff = rows->diff;
    struct at_diff_component *c = &diff->components[component];
    struct at_diff_row row = {.payee = payee, .period = period, .component = component};
    for (int s = 0; s < 2; s++)
        if (c->index[s] >= 0) {
            row.minor[s] = rows->minor[s][c->index[s]];
            row.withheld[s] = rows->withheld[s];
            c->minor[s] += row.minor[s];
            diff->payees[payee].minor[s] += row.minor[s];
            diff->payees[payee].withheld[s] |= row.withheld[s];
            diff->minor[s] += row.minor[s];
        }
    if (row.minor[0] || row.minor[1] || row.withheld[0] || row.withheld[1])
        AT_VEC_PUSH(diff->arena, &rows->found, row);
}

static void compare_cell(struct rows *rows, uint32_t payee, int32_t period) {
    struct at_diff *diff = rows->diff;
    struct at_arena_mark mark = at_arena_mark(&rows->scratch);
    for (int s = 0; s < 2; s++) {
        int32_t row = diff->payees[payee].row[s];
        int64_t index = (int64_t)period - rows->sides[s].run->first_position;
        rows->withheld[s] = false;
        if (row >= 0)
            rows->withheld[s] = at_diff_side_cell(&rows->sides[s], (uint32_t)row, index, diff->digits,
                                                  &rows->scratch, rows->minor[s]);
        else
            memset(rows->minor[s], 0, rows->sides[s].plan->n_components * sizeof *rows->minor[s]);
    }
    for (uint32_t c = 0; c < diff->n_components; c++)
        add_row(rows, payee, period, c);
    diff->n_withheld[0] += rows->withheld[0];
    diff->n_withheld[1] += rows->withheld[1];
    at_arena_reset(&rows->scratch, mark);
}

/* By node of the run: whether the version has it. A merged run has the nodes of all. NULL: it has every one.
 */
static const bool *nodes_of(const struct at_diff_side *side, struct at_arena *arena) {
    if (!side->map) return NULL;
    bool *own = AT_NEW_ARRAY(arena, bool, side->run->plan->n_nodes + 1);
    for (uint32_t id = 0; id < side->plan->n_nodes; id++)
        if (side->map->node[id] != AT_NO_NODE) own[side->map->node[id]] = true;
    return own;
}

/* Counts exceptions without a period: they belong to no payee and period, so no row shows them. */
static uint32_t count_unplaced(const struct at_diff_side *side, struct at_arena *arena) {
    const bool *own = nodes_of(side, arena);
    uint32_t n = 0;
    for (uint32_t e = 0; e < side->run->n_exceptions; e++) {
        const struct at_gather_exception *exception = &side->run->exceptions[e];
        bool has = !own || (exception->node < side->run->plan->n_nodes && own[exception->node]);
        n += exception->period == UINT32_MAX && has;
    }
    return n;
}

static void free_scratch(void *arena) {
    at_arena_free(arena);
}

static void compare_all(struct at_diff *diff, const struct at_diff_side sides[2], int32_t from,
                        int32_t through) {
    struct rows *rows = AT_NEW(diff->arena, struct rows);
    rows->diff = diff;
    rows->sides = sides;
    for (int s = 0; s < 2; s++)
        rows->minor[s] = AT_NEW_ARRAY(diff->arena, int64_t, sides[s].plan->n_components + 1);
    at_arena_init_beside(&rows->scratch, diff->arena);
    at_arena_defer(diff->arena, free_scratch, &rows->scratch);
    for (uint32_t p = 0; p < diff->n_payees; p++)
        for (int32_t period = from; period <= through; period++) {
            at_arena_poll(diff->arena);
            compare_cell(rows, p, period);
        }
    diff->rows = rows->found.at;
    diff->n_rows = rows->found.n;
}

/* ---------------------------------------------------------------- what was credited, for the cost as a share
 * of it */

/* The sum of the first measure that adds money of a named credit without `where`. Other measures can count
 * the same sales again. Only payees and periods of the difference count. */
at_str at_diff_credited_measure(const struct at_check_policy *checked) {
    for (uint32_t m = 0; m < checked->n_measures; m++) {
        const struct at_check_measure_decl *measure = &checked->measures[m];
        if (measure->aggregate && measure->aggregate->op == AT_OP_SUM &&
            measure->symbol->type.kind == AT_T_MONEY && checked->feeds[measure->feed].name.n &&
            !measure->where)
            return measure->symbol->name;
    }
    return AT_STR("");
}

at_num at_diff_measure_sum(const struct at_diff *diff, int s, at_str name, int32_t from, int32_t through,
                           struct at_arena *arena) {
    const struct at_diff_side *side = &diff->sides[s];
    const struct at_check_policy *checked = side->plan->checked;
    struct at_arena *scratch = at_arena_scratch(arena); /* wide sums leave limbs behind */
    at_num sum = at_num_int(0);
    bool *counts = AT_NEW_ARRAY(arena, bool, side->run->n_payees + 1);
    uint32_t node = AT_NO_NODE;
    for (uint32_t p = 0; p < diff->n_payees; p++)
        if (diff->payees[p].row[s] >= 0)
            counts[diff->payees[p].row[s]] = side->run->covered[diff->payees[p].row[s]];
    for (uint32_t m = 0; m < checked->n_measures; m++)
        if (at_str_eq(checked->measures[m].symbol->name, name))
            node = at_diff_side_node(side, side->plan->measures[m].cell);
    for (uint32_t cell = 0; node != AT_NO_NODE && cell < side->run->n_payees * side->run->n_periods; cell++) {
        uint32_t state;
        at_arena_poll(arena);
        int64_t period = (int64_t)(cell / side->run->n_payees) + side->run->first_position;
        if (!counts[cell % side->run->n_payees] || period < from || period > through) continue;
        struct at_plan_value value = at_session_run_value(side->run, node, cell, scratch, &state);
        if (state == AT_STATE_OK) sum = at_num_add(scratch, sum, at_plan_value_num(&value));
    }
    sum = at_num_copy(arena, at_num_round(scratch, sum, diff->digits, AT_ROUND_HALF_UP));
    at_arena_free(scratch);
    return sum;
}

static at_num credited(const struct at_diff *diff, int s, struct at_arena *arena) {
    at_str measure = at_diff_credited_measure(diff->sides[s].plan->checked);
    int32_t last = diff->first_period + (int32_t)diff->n_periods - 1;
    if (measure.n == 0) return at_num_int(0);
    return at_diff_measure_sum(diff, s, measure, diff->first_period, last, arena);
}

/* Both versions can end in different periods: each pays up to the last event of its own rows. */
static void find_ends(struct at_diff *diff, const struct at_diff_side *side, int s, int32_t low,
                      int32_t high) {
    struct at_arena *arena = diff->arena;
    const struct at_session_run *run = side->run;
    struct at_session_waiting *waiting;
    int32_t last = run->first_position + (int32_t)side->n_regular - 1;
    if (last > high) last = high;
    if (last >= low) diff->paid_to[s] = diff->periods[last - low];
    diff->unchecked[s] = run->unchecked;
    if (run->frame->looked_to <= side->n_regular || run->unchecked) return;
    const uint32_t *node = side->map ? side->map->node : NULL;
    uint32_t n = at_session_waits(run, side->plan, node, side->n_regular, arena, &waiting);
    diff->waiting[s] = AT_NEW_ARRAY(arena, struct at_diff_waiting, n + 1);
    diff->n_waiting[s] = n;
    for (uint32_t i = 0; i < n; i++)
        diff->waiting[s][i] =
            (struct at_diff_waiting){side->plan->components[waiting[i].component].name,
                                     at_period_print(arena, waiting[i].period), waiting[i].payouts};
}

static at_words_operand reason_of(const struct at_diff *diff, const struct at_diff_newly *newly) {
    const struct at_diff_side *side = &diff->sides[1];
    int32_t row = diff->payees[newly->payee].row[1];
    int64_t period = (int64_t)newly->period - side->run->first_position;
    return at_diff_side_reason(side, (uint32_t)row, (uint32_t)period, diff->digits, diff->arena);
}

struct at_diff *at_diff_make(const struct at_diff_side sides[2], const struct at_diff_edits *edits,
                             const struct at_diff_filter *filter, struct at_arena *arena) {
    struct at_diff *diff = AT_NEW(arena, struct at_diff);
    diff->arena = arena;
    diff->words = at_words_find(AT_STR("en"));
    struct at_diff_side *kept = AT_NEW_ARRAY(arena, struct at_diff_side, 2);
    memcpy(kept, sides, 2 * sizeof *kept);
    diff->sides = kept;
    diff->edits = edits;
    diff->checked[0] = sides[0].plan->checked;
    diff->checked[1] = sides[1].plan->checked;
    diff->currency = diff->checked[1]->currency;
    diff->digits = at_currency_info(diff->currency)->digits;
    int32_t first[2], last[2];
    for (int s = 0; s < 2; s++) {
        first[s] = sides[s].run->first_position;
        last[s] = first[s] + (int32_t)sides[s].n_periods - 1;
    }
    int32_t low = first[0] < first[1] ? first[0] : first[1], high = last[0] > last[1] ? last[0] : last[1];
    const struct at_calendar *calendar = &diff->checked[1]->calendar;
    int32_t from = filter->from ? at_period_position(calendar, *filter->from) : low;
    int32_t through = filter->through ? at_period_position(calendar, *filter->through) : high;
    if (from > low) low = from;
    if (through < high) high = through;
    diff->first_period = low;
    diff->n_periods = high >= low ? (uint32_t)(high - low) + 1 : 0;
    diff->periods = AT_NEW_ARRAY(arena, at_str, diff->n_periods + 1);
    for (uint32_t p = 0; p < diff->n_periods; p++)
        diff->periods[p] = at_period_print(
            arena, at_period_at(calendar, (enum at_period_kind)calendar->period_kind, low + (int32_t)p));
    for (int s = 0; s < 2; s++)
        find_ends(diff, &sides[s], s, low, high);
    match_payees(diff, sides, filter);
    match_components(diff, sides);
    for (int s = 0; s < 2; s++) {
        diff->credited[s] = credited(diff, s, arena);
        diff->credited_fits[s] =
            at_num_to_i64(arena, diff->credited[s], diff->digits, &diff->credited_minor[s]);
        if (!diff->credited_fits[s]) diff->credited_minor[s] = 0;
    }
    compare_all(diff, sides, low, high);
    for (int s = 0; s < 2; s++)
        diff->n_unplaced[s] = count_unplaced(&sides[s], arena);
    at_diff_sort_payees(diff);
    for (uint32_t i = 0; i < diff->n_newly; i++)
        diff->newly[i].why = reason_of(diff, &diff->newly[i]);
    return diff;
}
