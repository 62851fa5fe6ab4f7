/* write/summary.c: summarizes a run: payouts, withheld payouts, rows left out, and payees who are not
 * covered. */
#include "write/grid.h"
#include "write/writer.h"

#define MOST_CELLS 20
#define MOST_PAYEES 10

static void count_of(struct at_sink *out, uint64_t n, const char *one, const char *many) {
    at_sink_printf(out, "%llu %s", (unsigned long long)n, n == 1 ? one : many);
}

/* Up to where, and why: `up to 2026-Q1 (last booking)`. */
static void put_reach(const struct at_session_result_run *r, struct at_sink *out) {
    const struct at_session_run *run = r->run;
    const struct at_check_feed_decl *feed = run->reached ? run->plan->feeds[run->last_event].decl : NULL;
    if (run->paid_periods == 0) {
        bool after = run->reached && run->lines_end > run->n_regular;
        at_sink_z(out, after ? "due from earlier periods" : "because no row is in any period");
        return;
    }
    at_sink_z(out, run->paid_from > 0 ? "from " : "up to ");
    if (run->paid_from > 0) {
        at_sink_visible(out, r->periods[run->paid_from]);
        at_sink_z(out, " to ");
    }
    at_sink_visible(out, r->periods[run->paid_from + run->paid_periods - 1]);
    at_sink_z(out, run->by_option || !feed ? " (as specified" : " (last ");
    if (!run->by_option && feed)
        at_sink_visible(out, feed->name.n ? feed->name : r->checked->schemas[feed->table].name);
    at_sink_z(out, ")");
}

/* The last period after those that are paid as a whole in which a hold, a release, a clawback, or a moved
 * line pays; UINT32_MAX: none. */
static uint32_t last_due(const struct at_session_results *results, uint32_t of) {
    uint32_t last = UINT32_MAX;
    for (uint64_t i = 0; i < results->n_lines; i++) {
        uint32_t run;
        const struct at_settle_line *line = at_session_results_at(results, i, &run);
        if (run != of || line->minor == 0 || line->period < results->runs[run].run->n_regular) continue;
        if (last == UINT32_MAX || line->period > last) last = line->period;
    }
    return last;
}

static void put_due(const struct at_session_results *results, struct at_sink *out) {
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        uint32_t last = r->run->lines_end > r->run->n_regular ? last_due(results, i) : UINT32_MAX;
        if (last == UINT32_MAX || r->run->paid_periods == 0) continue;
        at_sink_z(out, "Amounts that are due later are paid up to ");
        at_sink_visible(out, r->periods[last]);
        if (results->n_runs > 1) {
            at_sink_z(out, " by ");
            at_sink_visible(out, r->checked->name);
        }
        at_sink_z(out, ".\n");
    }
}

/* With several policies, each reaches as far as its own rows. */
static void put_reaches(const struct at_session_results *results, struct at_sink *out) {
    for (uint32_t i = 0; i < results->n_runs && results->n_runs > 1; i++) {
        at_sink_z(out, "Paid by ");
        at_sink_visible(out, results->runs[i].checked->name);
        at_sink_z(out, results->runs[i].run->paid_periods ? ": " : ": nothing, ");
        put_reach(&results->runs[i], out);
        at_sink_z(out, ".\n");
    }
}

/* Statements whose time comes after the last period. */
static void put_waiting(const struct at_session_results *results, struct at_sink *out) {
    const struct at_session_result_waiting *last = results->waiting;
    for (uint32_t i = 0; i < results->n_waiting; i++) {
        const struct at_session_result_waiting *w = &results->waiting[i];
        at_sink_z(out, i == 0 ? "Not paid yet: " : ", ");
        at_sink_visible(out, results->runs[w->run].run->plan->components[w->of->component].name);
        at_sink_z(out, " in ");
        at_sink_visible(out, w->period);
        if (at_str_cmp(w->period, last->period) > 0) last = w;
    }
    if (results->n_waiting == 0) return;
    at_sink_z(out, ". Continue with --through ");
    at_sink_visible(out, last->period);
    at_sink_z(out, ".\n");
}

/* What was not looked for, so that silence is not taken for "nothing waits". */
static void put_unchecked(const struct at_session_results *results, struct at_sink *out) {
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_result_run *r = &results->runs[i];
        if (r->run->unchecked == AT_SESSION_CHECKED) continue;
        at_sink_z(out, "Not checked: whether pay waits after ");
        at_sink_visible(out, r->periods[r->run->n_regular - 1]);
        if (results->n_runs > 1) {
            at_sink_z(out, " in ");
            at_sink_visible(out, r->checked->name);
        }
        at_sink_z(out, r->run->unchecked == AT_SESSION_CALLS_HOOKS ? ", because this would call hooks"
                                                                   : ", because this needs more than 256 MB");
        at_sink_z(out, ". Pay later periods with --through.\n");
    }
}

static void put_totals(const struct at_session_result_total *totals, uint32_t n, struct at_sink *out) {
    for (uint32_t i = 0; i < n; i++) {
        const struct at_currency_info *currency = at_currency_info(totals[i].currency);
        char amount[AT_MINOR_SIZE];
        if (i) at_sink_z(out, i + 1 == n ? " and " : ", ");
        at_sink_put(out, amount, at_write_minor_write(amount, totals[i].amount, currency->digits, true));
        at_sink_printf(out, " %s", currency->code);
    }
}

static void put_paid(const struct at_session_results *results, struct at_sink *out) {
    at_sink_z(out, "Paid: ");
    if (results->n_paid_in) {
        put_totals(results->paid, results->n_paid_in, out);
        at_sink_z(out, " (");
    }
    put_totals(results->totals, results->n_totals, out);
    if (results->n_paid_in) at_sink_z(out, ")");
    at_sink_z(out, " to ");
    count_of(out, results->n_paid, "payee", "payees");
    at_sink_z(out, " in ");
    count_of(out, results->n_lines, "line", "lines");
    if (results->n_runs == 1) {
        at_sink_z(out, ", ");
        put_reach(&results->runs[0], out);
    }
    at_sink_z(out, ".\n");
}

static void put_place(const struct at_session_results *results, const struct at_session_result_withheld *w,
                      const struct at_gather_exception *e, struct at_sink *out) {
    const struct at_diag_sources *sources = results->runs[w->run].checked->ast->sources;
    struct at_diag_place place =
        e->ast ? at_diag_sources_place(sources, e->ast->span.start) : (struct at_diag_place){0};
    if (e->file.n == 0 && !place.file) return;
    at_sink_z(out, "  (");
    at_sink_visible(out, e->file.n ? e->file : place.file->name);
    at_sink_printf(out, ":%llu)", (unsigned long long)(e->file.n ? e->line : place.line));
}

static void put_withheld(const struct at_session_results *results, struct at_arena *scratch,
                         struct at_sink *out) {
    if (results->n_withheld == 0) return;
    at_sink_z(out, "Withheld: ");
    count_of(out, results->n_withheld, "payout", "payouts");
    at_sink_z(out, ", because a value could not be calculated:\n");
    for (uint32_t i = 0; i < results->n_withheld && i < MOST_CELLS; i++) {
        const struct at_session_result_withheld *w = &results->withheld[i];
        const struct at_session_result_run *r = &results->runs[w->run];
        const struct at_gather_exception *e = &r->run->exceptions[w->cell->exception];
        at_sink_z(out, "  ");
        if (w->cell->payee == UINT32_MAX) {
            at_sink_z(out, "a row that is not credited: ");
        } else {
            bool one_period = w->cell->period != UINT32_MAX;
            at_sink_visible(out, r->keys[w->cell->payee]);
            at_sink_z(out, one_period ? " in " : " in every period");
            if (one_period) at_sink_visible(out, r->periods[w->cell->period]);
            at_sink_z(out, ": ");
        }
        at_sink_visible(out, at_words_reason_plain(scratch, &e->why));
        put_place(results, w, e, out);
        at_sink_z(out, "\n");
    }
    if (results->n_withheld > MOST_CELLS) {
        at_sink_z(out, "  … and ");
        at_sink_printf(out, "%u more\n", results->n_withheld - MOST_CELLS);
    }
}

static void put_rests(const struct at_session_results *results, struct at_sink *out) {
    for (uint32_t i = 0; i < results->n_rests && i < MOST_CELLS; i++) {
        const struct at_session_result_rest *rest = &results->rests[i];
        const struct at_session_result_run *r = &results->runs[rest->run];
        char amount[AT_MINOR_SIZE];
        at_sink_z(out, "Not paid: ");
        at_sink_put(out, amount, at_write_minor_write(amount, rest->minor, r->currency->digits, true));
        at_sink_printf(out, " %s of the pool ", r->currency->code);
        at_sink_visible(out, r->run->plan->components[rest->component].name);
        if (rest->group.n) {
            at_sink_z(out, " for ");
            at_sink_visible(out, rest->group);
        }
        at_sink_z(out, " in ");
        at_sink_visible(out, r->periods[rest->period]);
        if (rest->role.n) {
            at_sink_z(out, ": the share of ");
            at_sink_visible(out, rest->role);
            at_sink_z(out, ", which no member has.\n");
        } else {
            at_sink_z(out, ", which no member gets.\n");
        }
    }
    if (results->n_rests > MOST_CELLS)
        at_sink_printf(out, "Not paid: … and %u more amounts of pools.\n", results->n_rests - MOST_CELLS);
}

/* A line for each draw: how many payees owe, and how much in all. A balance below zero is owed to the payee.
 */
static void put_owed_of(const struct at_session_results *results, uint32_t run,
                        const struct at_check_adjustment_decl *draw, struct at_sink *out) {
    const struct at_session_result_run *r = &results->runs[run];
    uint64_t n = 0, unknown = 0;
    at_i128 sum = 0;
    for (uint64_t i = 0; i < results->n_balances; i++) {
        const struct at_session_result_balance *b = &results->balances[i];
        if (b->run != run || b->draw != draw) continue;
        n += b->known;
        unknown += !b->known;
        sum += b->known ? b->minor : 0;
    }
    if (n + unknown == 0) return;
    char amount[AT_MINOR_SIZE];
    at_sink_z(out, "Owed of ");
    at_sink_visible(out, draw->node->text);
    at_sink_z(out, " at the end: ");
    at_sink_put(out, amount, at_write_minor_write(amount, sum, r->currency->digits, true));
    at_sink_printf(out, " %s by ", r->currency->code);
    count_of(out, n, "payee", "payees");
    if (unknown) {
        at_sink_z(out, ", and not known for ");
        count_of(out, unknown, "payee", "payees");
    }
    at_sink_z(out, ".\n");
}

static void put_owed(const struct at_session_results *results, struct at_sink *out) {
    for (uint32_t run = 0; results->n_balances > 0 && run < results->n_runs; run++) {
        const struct at_plan *plan = results->runs[run].run->plan;
        for (uint32_t k = 0; k < plan->n_adjustments; k++)
            if (plan->adjustments[k].draw[AT_DRAW_BALANCE] != AT_NO_NODE)
                put_owed_of(results, run, plan->adjustments[k].decl, out);
    }
}

static void put_not_credited(struct at_sink *out, uint64_t n, at_str name) {
    at_sink_z(out, "Not credited: ");
    count_of(out, n, "row", "rows");
    at_sink_z(out, " of ");
    at_sink_visible(out, name);
}

static void put_day(struct at_sink *out, at_date day) {
    int year, month, of_month;
    at_date_split(day, &year, &month, &of_month);
    at_sink_printf(out, "%04d-%02d-%02d", year, month, of_month);
}

/* The dates from the first to the last, so that a reader sees whether they are of other years. */
static void put_days(struct at_sink *out, const struct at_gather_outside *outside) {
    at_sink_z(out, outside->n == 1 ? ", because its date, " : ", because their dates, ");
    put_day(out, outside->first);
    if (outside->last != outside->first) {
        at_sink_z(out, " to ");
        put_day(out, outside->last);
    }
    at_sink_z(out, outside->n == 1 ? ", is outside the effective range.\n"
                                   : ", are outside the effective range.\n");
}

/* Rows on days on which their payees are not covered, with the first of them. */
static void put_not_earned(const struct at_session_result_run *r, uint32_t f, at_str name,
                           struct at_sink *out) {
    const struct at_gather_uncovered *uncovered = &r->run->uncovered[f];
    at_sink_z(out, "Not earned: ");
    count_of(out, uncovered->n, "row", "rows");
    at_sink_z(out, " of ");
    at_sink_visible(out, name);
    at_sink_z(out, " on days on which the payee is not covered, such as ");
    at_sink_visible(out, r->keys[uncovered->payee]);
    at_sink_z(out, " on ");
    put_day(out, uncovered->day);
    at_sink_z(out, " (");
    at_sink_visible(out, r->run->data->tables[r->run->plan->feeds[f].table].binding.name);
    at_sink_printf(out, ":%llu).\n", (unsigned long long)uncovered->line);
}

static void put_rows(const struct at_session_results *results, struct at_sink *out) {
    if (results->rows_left_out > 0) {
        at_sink_z(out, "Left out: ");
        count_of(out, results->rows_left_out, "bad row.\n", "bad rows.\n");
    }
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_run *run = results->runs[i].run;
        for (uint32_t f = 0; f < run->plan->n_feeds; f++) {
            const struct at_gather_outside none = {0}, *outside = run->outside ? &run->outside[f] : &none;
            const struct at_check_feed_decl *feed = run->plan->feeds[f].decl;
            at_str name = feed->name.n ? feed->name : run->plan->checked->schemas[feed->table].name;
            if (outside->n) {
                put_not_credited(out, outside->n, name);
                put_days(out, outside);
            }
            if (outside->undated) {
                put_not_credited(out, outside->undated, name);
                at_sink_z(out, outside->undated == 1 ? ", because its date is missing.\n"
                                                     : ", because their dates are missing.\n");
            }
            if (run->uncovered && run->uncovered[f].n > 0) put_not_earned(&results->runs[i], f, name, out);
            if (outside->alone) {
                put_not_credited(out, outside->alone, name);
                at_sink_z(out, ", because no payee has the value after `by`.\n");
            }
        }
    }
}

/* Payees of whom `applies to` cannot decide are listed as withheld, and not here. */
bool *at_write_undecided(const struct at_session_results *results, struct at_arena *scratch) {
    bool *undecided = AT_NEW_ARRAY(scratch, bool, results->n_payees + 1);
    for (uint32_t i = 0; i < results->n_withheld; i++) {
        const struct at_session_result_withheld *withheld = &results->withheld[i];
        if (withheld->cell->period == UINT32_MAX && withheld->cell->payee != UINT32_MAX)
            undecided[results->runs[withheld->run].payee_of[withheld->cell->payee]] = true;
    }
    return undecided;
}

static void put_uncovered(const struct at_session_results *results, struct at_arena *scratch,
                          struct at_sink *out) {
    const bool *undecided = at_write_undecided(results, scratch);
    uint32_t n = 0, listed = 0;
    for (uint32_t i = 0; i < results->n_payees; i++)
        n += results->payees[i].run < 0 && !undecided[i];
    if (n == 0) return;
    at_sink_z(out, "Not covered by a policy: ");
    count_of(out, n, "payee: ", "payees: ");
    for (uint32_t i = 0; i < results->n_payees && listed < MOST_PAYEES; i++) {
        if (results->payees[i].run >= 0 || undecided[i]) continue;
        if (listed++) at_sink_z(out, ", ");
        at_sink_visible(out, results->payees[i].key);
    }
    if (n > MOST_PAYEES) at_sink_printf(out, ", … and %u more", n - MOST_PAYEES);
    at_sink_z(out, "\n");
}

/* Who is covered on other days. With one policy, no payee is. */
static void put_gaps(const struct at_session_results *results, struct at_arena *scratch,
                     struct at_sink *out) {
    if (results->n_gaps == 0) return;
    at_sink_z(out, "Not covered by a policy on some days: ");
    for (uint32_t i = 0; i < results->n_gaps && i < MOST_PAYEES; i++) {
        const struct at_session_result_days *days = &results->gaps[i];
        at_str from = at_date_print(scratch, days->from), to = at_date_print(scratch, days->to);
        if (i) at_sink_z(out, ", ");
        at_sink_visible(out, results->payees[days->payee].key);
        at_sink_z(out, " (");
        at_sink_visible(out, from);
        at_sink_z(out, days->from == days->to ? "" : " to ");
        if (days->from != days->to) at_sink_visible(out, to);
        at_sink_z(out, ")");
    }
    if (results->n_gaps > MOST_PAYEES) at_sink_printf(out, ", … and %u more", results->n_gaps - MOST_PAYEES);
    at_sink_z(out, "\n");
}

void at_write_summary(const struct at_session_results *results, const struct at_write_options *options,
                      struct at_arena *scratch, struct at_sink *out) {
    (void)options;
    put_paid(results, out);
    put_reaches(results, out);
    put_due(results, out);
    put_waiting(results, out);
    put_unchecked(results, out);
    put_withheld(results, scratch, out);
    put_rests(results, out);
    put_owed(results, out);
    put_rows(results, out);
    put_uncovered(results, scratch, out);
    put_gaps(results, scratch, out);
}
