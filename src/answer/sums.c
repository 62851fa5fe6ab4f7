/* answer/sums.c: implements sums.h. */
#include "answer/sums.h"
#include "base/map.h"

void at_answer_sums_make(struct at_answer_sums *sums, struct at_answer_reconciliation *of, int32_t first,
                         int32_t last, struct at_arena *arena) {
    *sums = (struct at_answer_sums){.of = of, .arena = arena, .first = first, .n_periods = last - first + 1};
    size_t cells = (size_t)of->results->n_payees * (size_t)sums->n_periods;
    sums->start = AT_NEW_ARRAY(arena, uint32_t, cells + 1);
    sums->now = AT_NEW_ARRAY(arena, at_i128, of->n + 1);
    sums->withheld = AT_NEW_ARRAY(arena, bool, of->n + 1);
    uint32_t at = 0;
    for (size_t cell = 0; cell <= cells; cell++) {
        while (at < of->n && of->payouts[at].payee != UINT32_MAX &&
               of->payouts[at].payee * (size_t)sums->n_periods + (size_t)(of->payouts[at].period - first) <
                   cell)
            at++;
        sums->start[cell] = at;
    }
}

static bool find(const struct at_answer_sums *sums, uint32_t payee, int64_t position, uint32_t *from,
                 uint32_t *end) {
    if (payee == UINT32_MAX || position < sums->first || position >= (int64_t)sums->first + sums->n_periods)
        return false;
    size_t cell = (size_t)payee * (size_t)sums->n_periods + (size_t)(position - sums->first);
    *from = sums->start[cell];
    *end = sums->start[cell + 1];
    return true;
}

static void add(struct at_answer_sums *sums, const struct at_session_run *run, const uint32_t *payee_of) {
    uint32_t from, end;
    for (uint64_t i = 0; i < run->n_lines; i++) {
        const struct at_settle_line *line = &run->lines[i];
        if (!find(sums, payee_of[line->payee], (int64_t)line->period + run->first_position, &from, &end))
            continue;
        for (; from < end; from++) {
            at_str component = sums->of->payouts[from].component;
            if (component.n == 0 || at_str_eq(component, run->plan->components[line->component].name))
                sums->now[from] += line->minor;
        }
    }
    for (uint32_t i = 0; i < run->n_withheld; i++) {
        const struct at_settle_withheld_cell *cell = &run->withheld[i];
        if (cell->payee == UINT32_MAX || cell->period == UINT32_MAX) continue;
        if (find(sums, payee_of[cell->payee], (int64_t)cell->period + run->first_position, &from, &end))
            for (; from < end; from++)
                sums->withheld[from] = true;
    }
}

static void clear(struct at_answer_sums *sums) {
    memset(sums->now, 0, sums->of->n * sizeof *sums->now);
    memset(sums->withheld, 0, sums->of->n * sizeof *sums->withheld);
}

void at_answer_sums_of(struct at_answer_sums *sums, struct at_session_run *const *runs) {
    const struct at_session_results *results = sums->of->results;
    clear(sums);
    for (uint32_t r = 0; r < results->n_runs; r++)
        add(sums, runs[r], results->runs[r].payee_of);
}

/* Payees by their keys: a version may read other files. */
static uint32_t *payees_of(const struct at_answer_sums *sums, const struct at_session_run *run) {
    const struct at_session_results *results = sums->of->results;
    const struct at_check_policy *checked = run->plan->checked;
    uint32_t table = (uint32_t)checked->payee_table;
    uint32_t *out = AT_NEW_ARRAY(sums->arena, uint32_t, run->n_payees + 1);
    struct at_map known;
    at_map_init(&known, sums->arena);
    for (uint32_t i = 0; i < results->n_payees; i++)
        at_map_put(&known, results->payees[i].key, (void *)(uintptr_t)(i + 1));
    for (uint32_t row = 0; row < run->n_payees; row++)
        out[row] = (uint32_t)(uintptr_t)at_map_get(
                       &known, at_session_table_text(run->data, table, (uint32_t)checked->schemas[table].key,
                                                     row, sums->arena)) -
                   1;
    return out;
}

void at_answer_sums_version(struct at_answer_sums *sums, uint32_t replaced,
                            const struct at_session_run *run) {
    const struct at_session_results *results = sums->of->results;
    clear(sums);
    for (uint32_t r = 0; r < results->n_runs; r++)
        if (r != replaced) add(sums, results->runs[r].run, results->runs[r].payee_of);
    add(sums, run, payees_of(sums, run));
}

int32_t at_answer_sums_gain(const struct at_answer_sums *sums) {
    int32_t gain = 0;
    for (uint32_t i = 0; i < sums->of->n; i++) {
        const struct at_answer_payout *payout = &sums->of->payouts[i];
        if (payout->payee == UINT32_MAX) continue;
        bool before = !payout->withheld && payout->minor == payout->wanted,
             now = !sums->withheld[i] && sums->now[i] == payout->wanted;
        gain += (int32_t)now - (int32_t)before;
    }
    return gain;
}
