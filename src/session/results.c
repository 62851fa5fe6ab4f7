/* session/results.c: makes results from runs: finds keys and labels, filters lines, adds totals, and merges
 * runs. */
#include "session/results_int.h"

#include "base/map.h"
#include "base/sort.h"
#include "base/vec.h"

/* One text for each payee row. All are empty if the schema has no such field. */
static at_str *texts_of_field(const struct at_session_run *run, uint32_t table, int field,
                              struct at_arena *arena) {
    at_str *texts = AT_NEW_ARRAY(arena, at_str, run->n_payees + 1);
    for (uint32_t i = 0; i < run->n_payees; i++)
        texts[i] =
            field < 0 ? AT_STR("") : at_session_table_text(run->data, table, (uint32_t)field, i, arena);
    return texts;
}

/* Texts are made once for each payee and period, not once for each line. */
static void look_up(struct at_session_result_run *r, struct at_session_run *run, struct at_arena *arena) {
    const struct at_check_policy *checked = run->plan->checked;
    uint32_t table = (uint32_t)checked->payee_table;
    const struct at_schema *schema = &checked->schemas[table];
    r->run = run;
    r->checked = checked;
    r->currency = at_currency_info(checked->currency);
    r->keys = texts_of_field(run, table, schema->key, arena);
    r->labels = texts_of_field(run, table, schema->label, arena);
    r->payee_of = AT_NEW_ARRAY(arena, uint32_t, run->n_payees + 1);
    r->periods = AT_NEW_ARRAY(arena, at_str, run->n_periods + 1);
    for (uint32_t i = 0; i < run->n_periods; i++) {
        r->periods[i] = at_period_print(arena, at_session_run_period(run, i));
    }
}

/* ---- payees: the tables of all runs, merged by key */

static void add_payee(struct at_session_results *results, struct at_arena *arena, uint32_t run_index,
                      uint32_t row) {
    struct at_session_result_run *r = &results->runs[run_index];
    uint32_t last = results->n_payees - 1;
    bool covered = !r->run->covered || r->run->covered[row];
    (void)arena;
    if (results->n_payees == 0 || !at_str_eq(results->payees[last].key, r->keys[row])) {
        last = results->n_payees++;
        results->payees[last] =
            (struct at_session_result_payee){.key = r->keys[row], .label = r->labels[row], .run = -1};
    }
    struct at_session_result_payee *payee = &results->payees[last];
    r->payee_of[row] = last;
    if (payee->label.n == 0) payee->label = r->labels[row];
    if (covered && payee->run < 0) payee->run = (int32_t)run_index;
}

/* The run whose next payee has the smallest key; n_runs when all are done. */
static uint32_t smallest(const struct at_session_results *results, const uint32_t *next) {
    uint32_t best = results->n_runs;
    at_str best_key = {0};
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        if (next[i] >= r->run->n_payees) continue;
        at_str key = r->keys[r->run->payees_by_key[next[i]]];
        if (best < results->n_runs && at_str_cmp(key, best_key) >= 0) continue;
        best = i;
        best_key = key;
    }
    return best;
}

static void merge_payees(struct at_session_results *results, struct at_arena *arena) {
    size_t all = 0;
    for (uint32_t i = 0; i < results->n_runs; i++)
        all += results->runs[i].run->n_payees;
    results->payees = AT_NEW_ARRAY(arena, struct at_session_result_payee, all + 1);
    uint32_t *next = AT_NEW_ARRAY(arena, uint32_t, results->n_runs);
    for (uint32_t i; (i = smallest(results, next)) < results->n_runs; next[i]++)
        add_payee(results, arena, i, results->runs[i].run->payees_by_key[next[i]]);
}

static void filter_payees(struct at_session_results *results, const struct at_session_results_filter *filter,
                          struct at_arena *arena) {
    struct at_map wanted;
    at_map_init(&wanted, arena);
    for (uint32_t i = 0; filter->payees && i < filter->n_payees; i++)
        at_map_put(&wanted, filter->payees[i], results);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        results->payees[i].wanted = !filter->payees || at_map_get(&wanted, results->payees[i].key);
        results->n_covered += results->payees[i].run >= 0;
    }
}

/* ---- lines: those not wanted go, the others are added up */

static void keep_lines(struct at_session_results *results, struct at_session_result_run *r, bool zeros) {
    struct at_session_run *run = r->run;
    uint64_t n = 0;
    for (uint64_t i = 0; i < run->n_lines; i++) {
        if (at_watch_tick(run->data->watch)) at_arena_fail(run->arena); /* there may be millions */
        const struct at_settle_line *line = &run->lines[i];
        struct at_session_result_payee *payee = &results->payees[r->payee_of[line->payee]];
        bool zero = line->minor == 0 && line->local == 0; /* in both currencies */
        if ((zero && !zeros) || !payee->wanted) continue;
        struct at_session_result_component *component =
            &results->components[r->first_component + line->component];
        component->amount += line->minor;
        component->shown = true;
        payee->amount += line->minor;
        payee->local += line->currency ? line->local : line->minor;
        if (line->currency) payee->currency = line->currency;
        payee->paid |= !zero;
        if (n != i) run->lines[n] = *line;
        n++;
    }
    run->n_lines = n;
    results->n_lines += n;
}

static void list_components(struct at_session_results *results, struct at_arena *arena) {
    size_t all = 0;
    for (uint32_t i = 0; i < results->n_runs; i++)
        all += results->runs[i].run->plan->n_components;
    results->components = AT_NEW_ARRAY(arena, struct at_session_result_component, all + 1);
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_plan *plan = results->runs[i].run->plan;
        results->runs[i].first_component = results->n_components;
        for (uint32_t c = 0; c < plan->n_components; c++)
            results->components[results->n_components++] =
                (struct at_session_result_component){.run = i, .decl = &plan->components[c]};
    }
}

/* Amounts of different currencies are never added. There are at most as many totals as runs. */
static void add_total(struct at_session_results *results, at_currency currency, at_i128 amount) {
    uint32_t i = 0;
    while (i < results->n_totals && results->totals[i].currency != currency)
        i++;
    if (i == results->n_totals)
        results->totals[results->n_totals++] = (struct at_session_result_total){.currency = currency};
    results->totals[i].amount += amount;
}

/* By currency code, because currencies are numbered in the order of their codes. */
static void list_paid(struct at_session_results *results, struct at_arena *arena) {
    results->paid = AT_NEW_ARRAY(arena, struct at_session_result_total, results->n_payees + 1);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        const struct at_session_result_payee *payee = &results->payees[i];
        if (!payee->currency) continue;
        uint32_t at = 0;
        while (at < results->n_paid_in && results->paid[at].currency < payee->currency)
            at++;
        if (at == results->n_paid_in || results->paid[at].currency != payee->currency) {
            memmove(&results->paid[at + 1], &results->paid[at],
                    (results->n_paid_in - at) * sizeof *results->paid);
            results->paid[at] = (struct at_session_result_total){.currency = payee->currency};
            results->n_paid_in++;
        }
        results->paid[at].amount += payee->local;
    }
}

/* Payee by payee, each payee's lines from the run that has them; runs keep their lines in order of payees
 * already. */
static void merge_lines(struct at_session_results *results, struct at_arena *arena) {
    uint64_t *next = AT_NEW_ARRAY(arena, uint64_t, results->n_runs);
    uint64_t n = 0;
    results->order = AT_NEW_ARRAY(arena, struct at_session_line_ref, results->n_lines + 1);
    for (uint32_t payee = 0; payee < results->n_payees; payee++)
        for (uint32_t i = 0; i < results->n_runs; i++) {
            const struct at_session_result_run *r = &results->runs[i];
            while (next[i] < r->run->n_lines && r->payee_of[r->run->lines[next[i]].payee] == payee)
                results->order[n++] = (struct at_session_line_ref){i, next[i]++};
        }
}

/* By run, then cells in the order of the run, then rows without a cell by their exceptions. Cells of a run
 * are elements of one array, so their addresses give the order. */
static int withheld_cmp(const void *left, const void *right) {
    const struct at_session_result_withheld *a = left, *b = right;
    if (a->run != b->run) return a->run < b->run ? -1 : 1;
    bool placed[2] = {a->cell->period != UINT32_MAX, b->cell->period != UINT32_MAX};
    if (placed[0] != placed[1]) return placed[0] ? -1 : 1;
    if (placed[0]) return a->cell < b->cell ? -1 : a->cell > b->cell;
    return a->cell->exception < b->cell->exception ? -1 : 1;
}

/* A row whose date cannot be calculated belongs to no cell, but someone is not paid for it. A payee of whom
 * `applies to` cannot decide has no cells. */
static const struct at_settle_withheld_cell *unplaced(const struct at_session_run *run, uint32_t exception,
                                                      struct at_arena *arena) {
    if (run->exceptions[exception].period != UINT32_MAX) return NULL;
    struct at_settle_withheld_cell *cell = AT_NEW(arena, struct at_settle_withheld_cell);
    *cell = (struct at_settle_withheld_cell){run->exceptions[exception].payee, UINT32_MAX, exception};
    return cell;
}

static void list_withheld(struct at_session_results *results, struct at_arena *arena) {
    AT_VEC(struct at_session_result_withheld) list = {0};
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        for (uint32_t w = 0; w < r->run->n_withheld; w++)
            if (results->payees[r->payee_of[r->run->withheld[w].payee]].wanted)
                AT_VEC_PUSH(arena, &list, (struct at_session_result_withheld){i, &r->run->withheld[w]});
        for (uint32_t e = 0; e < r->run->n_exceptions; e++) {
            const struct at_settle_withheld_cell *cell = unplaced(r->run, e, arena);
            if (cell && (cell->payee == UINT32_MAX || results->payees[r->payee_of[cell->payee]].wanted))
                AT_VEC_PUSH(arena, &list, (struct at_session_result_withheld){i, cell});
        }
    }
    at_sort_items(arena, list.at, list.n, sizeof *list.at, withheld_cmp);
    results->withheld = list.at;
    results->n_withheld = (uint32_t)list.n;
}

static void list_rows(struct at_session_results *results, struct at_arena *arena) {
    for (uint32_t i = 0; i < results->n_runs; i++) {
        struct at_session_result_run *r = &results->runs[i];
        r->row_of = AT_NEW_ARRAY(arena, uint32_t, results->n_payees + 1);
        memset(r->row_of, 0xff, sizeof *r->row_of * (results->n_payees + 1));
        for (uint32_t row = 0; row < r->run->n_payees; row++)
            r->row_of[r->payee_of[row]] = row;
    }
}

static void list_waiting(struct at_session_results *results, struct at_arena *arena) {
    size_t n = 0;
    for (uint32_t i = 0; i < results->n_runs; i++)
        n += results->runs[i].run->n_waiting;
    results->waiting = AT_NEW_ARRAY(arena, struct at_session_result_waiting, n + 1);
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_run *run = results->runs[i].run;
        for (uint32_t k = 0; k < run->n_waiting; k++)
            results->waiting[results->n_waiting++] = (struct at_session_result_waiting){
                i, &run->waiting[k], at_period_print(arena, run->waiting[k].period)};
    }
}

static void count_rows(struct at_session_results *results, const struct at_session_run *run) {
    for (uint32_t f = 0; f < run->plan->n_feeds; f++) {
        if (run->rows_credited) results->rows_credited += run->rows_credited[f];
        if (run->uncovered) results->rows_uncovered += run->uncovered[f].n;
        if (run->outside) results->rows_out_of_range += run->outside[f].n + run->outside[f].undated;
    }
    results->rows_left_out += run->data->bad.skip ? run->data->bad.n_rows : 0;
    if (run->n_regular > results->n_periods) results->n_periods = run->n_regular;
}

/* Payees are merged and filtered first, because lines are kept or removed by payee. The results view the
 * runs, which must live as long. */
void at_session_results_make(struct at_session_results *results, struct at_session_run **runs,
                             uint32_t n_runs, const struct at_session_results_filter *filter,
                             struct at_arena *arena) {
    *results = (struct at_session_results){.n_runs = n_runs, .zeros = filter->zeros};
    results->runs = AT_NEW_ARRAY(arena, struct at_session_result_run, n_runs + 1);
    results->totals = AT_NEW_ARRAY(arena, struct at_session_result_total, n_runs + 1);
    for (uint32_t i = 0; i < n_runs; i++)
        look_up(&results->runs[i], runs[i], arena);
    merge_payees(results, arena);
    filter_payees(results, filter, arena);
    list_components(results, arena);
    at_session_results_list_rests(results, arena);
    list_waiting(results, arena);
    list_rows(results, arena);
    at_session_results_list_days(results, arena);
    at_session_results_list_balances(results, arena);
    at_session_results_count_shown(results, arena);
    for (uint32_t i = 0; i < n_runs; i++) {
        keep_lines(results, &results->runs[i], filter->zeros);
        count_rows(results, runs[i]);
        add_total(results, results->runs[i].checked->currency, 0);
    }
    for (uint32_t c = 0; c < results->n_components; c++)
        add_total(results, results->runs[results->components[c].run].checked->currency,
                  results->components[c].amount);
    for (uint32_t i = 0; i < results->n_payees; i++)
        results->n_paid += results->payees[i].paid;
    list_paid(results, arena);
    list_withheld(results, arena);
    if (n_runs > 1) merge_lines(results, arena);
    if (filter->by_deal) at_session_results_list_parts(results, arena);
}
