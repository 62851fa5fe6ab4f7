/* write/summary.c: summarizes a run: payouts, withheld payouts, rows left out, and payees who are not
 * covered. */
#include "base/map.h"
#include "base/numtext.h"
#include "words/reason.h"
#include "write/grid.h"
#include "write/writer.h"

#define MOST_CELLS 20
#define MOST_PAYEES 10

struct summary {
    const struct at_session_results *results;
    const struct at_words *words;
    struct at_arena *arena; /* scratch */
    struct at_sink *out;
};

/* A sentence with back quotes around code: its operands may be of any bytes. */
#define SAY(s, word, ...)                                                                                    \
    at_words_say_plain((s)->arena, (s)->words, (word), (const at_str[]){__VA_ARGS__},                        \
                       sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))

static void line(const struct summary *s, at_str sentence) {
    at_sink_visible(s->out, sentence);
    at_sink_z(s->out, "\n");
}

static at_str number(const struct summary *s, uint64_t n) {
    return at_str_format(s->arena, "%llu", (unsigned long long)n);
}

/* "1 row", "2 rows": the sentence for several follows the one for one. */
static at_str count(const struct summary *s, uint64_t n, enum at_words_word one) {
    return SAY(s, n == 1 ? one : one + 1, number(s, n));
}

static at_str period(const struct summary *s, const struct at_session_result_run *r, uint32_t index) {
    return at_words_period(s->arena, s->words, at_session_run_period(r->run, index));
}

static at_str amount(const struct summary *s, at_i128 minor, const struct at_currency_info *currency) {
    char text[AT_MINOR_SIZE];
    at_str digits = {text, (uint32_t)at_write_minor_write(text, minor, currency->digits, true)};
    return at_str_format(s->arena, "%.*s %s", AT_STR_ARG(at_words_number(s->arena, s->words, digits)),
                         currency->code);
}

/* ---- payouts, and up to when */

/* Up to where, and why: `up to 2026-Q1 (last booking)`. */
static at_str reach(const struct summary *s, const struct at_session_result_run *r) {
    const struct at_session_run *run = r->run;
    const struct at_check_feed_decl *feed = run->reached ? run->plan->feeds[run->last_event].decl : NULL;
    if (run->paid_periods == 0)
        return at_words_word(s->words, run->reached && run->lines_end > run->n_regular ? AT_W_RESULT_EARLIER
                                                                                       : AT_W_RESULT_NO_ROW);
    at_str why =
        run->by_option || !feed
            ? at_words_word(s->words, AT_W_RESULT_AS_SPECIFIED)
            : SAY(s, AT_W_RESULT_LAST, feed->name.n ? feed->name : r->checked->schemas[feed->table].name);
    at_str last = period(s, r, run->paid_from + run->paid_periods - 1);
    if (run->paid_from == 0) return SAY(s, AT_W_RESULT_UP_TO, last, why);
    return SAY(s, AT_W_RESULT_FROM, period(s, r, run->paid_from), last, why);
}

static at_str totals(const struct summary *s, const struct at_session_result_total *totals, uint32_t n) {
    at_str text = {"", 0};
    for (uint32_t i = 0; i < n; i++) {
        at_str next = amount(s, totals[i].amount, at_currency_info(totals[i].currency));
        text = i == 0 ? next : SAY(s, i + 1 == n ? AT_W_RESULT_AND : AT_W_RESULT_COMMA, text, next);
    }
    return text;
}

static void put_paid(const struct summary *s) {
    const struct at_session_results *results = s->results;
    at_str sum = totals(s, results->totals, results->n_totals);
    if (results->n_paid_in)
        sum = SAY(s, AT_W_RESULT_CONVERTED, totals(s, results->paid, results->n_paid_in), sum);
    at_str payees = count(s, results->n_paid, AT_W_RESULT_PAYEES_1),
           lines = count(s, results->n_lines, AT_W_RESULT_LINES_1);
    if (results->n_runs == 1)
        line(s, SAY(s, AT_W_RESULT_PAID, sum, payees, lines, reach(s, &results->runs[0])));
    else
        line(s, SAY(s, AT_W_RESULT_PAID_SEVERAL, sum, payees, lines));
}

/* With several policies, each reaches as far as its own rows. */
static void put_reaches(const struct summary *s) {
    for (uint32_t i = 0; i < s->results->n_runs && s->results->n_runs > 1; i++) {
        const struct at_session_result_run *r = &s->results->runs[i];
        line(s, SAY(s, r->run->paid_periods ? AT_W_RESULT_BY : AT_W_RESULT_BY_NOTHING, r->checked->name,
                    reach(s, r)));
    }
}

/* The last period after those that are paid as a whole in which a hold, a release, a clawback, or a moved
 * line pays; UINT32_MAX: none. */
static uint32_t last_due(const struct at_session_results *results, uint32_t of) {
    uint32_t last = UINT32_MAX;
    for (uint64_t i = 0; i < results->n_lines; i++) {
        uint32_t run;
        const struct at_settle_line *at = at_session_results_at(results, i, &run);
        if (run != of || at->minor == 0 || at->period < results->runs[run].run->n_regular) continue;
        if (last == UINT32_MAX || at->period > last) last = at->period;
    }
    return last;
}

static void put_due(const struct summary *s) {
    for (uint32_t i = 0; i < s->results->n_runs; i++) {
        const struct at_session_result_run *r = &s->results->runs[i];
        uint32_t last = r->run->lines_end > r->run->n_regular ? last_due(s->results, i) : UINT32_MAX;
        if (last == UINT32_MAX || r->run->paid_periods == 0) continue;
        if (s->results->n_runs > 1)
            line(s, SAY(s, AT_W_RESULT_DUE_BY, period(s, r, last), r->checked->name));
        else
            line(s, SAY(s, AT_W_RESULT_DUE, period(s, r, last)));
    }
}

/* Statements whose time comes after the last period. */
static void put_waiting(const struct summary *s) {
    const struct at_session_results *results = s->results;
    const struct at_session_result_waiting *last = results->waiting;
    at_str list = {"", 0};
    for (uint32_t i = 0; i < results->n_waiting; i++) {
        const struct at_session_result_waiting *w = &results->waiting[i];
        const struct at_session_run *run = results->runs[w->run].run;
        at_str shown = at_words_period_text(s->arena, s->words, w->period);
        at_str next = SAY(s, AT_W_RESULT_IN, run->plan->components[w->of->component].name, shown);
        list = i == 0 ? next : SAY(s, AT_W_RESULT_COMMA, list, next);
        if (at_str_cmp(w->period, last->period) > 0) last = w;
    }
    if (results->n_waiting > 0) line(s, SAY(s, AT_W_RESULT_WAITING, list, last->period));
}

/* What was not looked for, so that silence is not taken for "nothing waits". */
static void put_unchecked(const struct summary *s) {
    bool several = s->results->n_runs > 1;
    for (uint32_t i = 0; i < s->results->n_runs; i++) {
        const struct at_session_result_run *r = &s->results->runs[i];
        if (r->run->unchecked == AT_SESSION_CHECKED) continue;
        enum at_words_word word = r->run->unchecked == AT_SESSION_CALLS_HOOKS
                                      ? (several ? AT_W_RESULT_HOOKS_IN : AT_W_RESULT_HOOKS)
                                      : (several ? AT_W_RESULT_LARGE_IN : AT_W_RESULT_LARGE);
        line(s, SAY(s, word, period(s, r, r->run->n_regular - 1), r->checked->name));
    }
}

/* ---- amounts that are not paid */

/* "  (field.attain:12)"; empty: nowhere. */
static at_str place_of(const struct summary *s, const struct at_session_result_withheld *w,
                       const struct at_gather_exception *e) {
    const struct at_diag_sources *sources = s->results->runs[w->run].checked->ast->sources;
    struct at_diag_place place =
        e->ast ? at_diag_sources_place(sources, e->ast->span.start) : (struct at_diag_place){0};
    if (e->file.n == 0 && !place.file) return (at_str){"", 0};
    at_str name = e->file.n ? e->file : place.file->name;
    return at_str_format(s->arena, "  (%.*s:%llu)", AT_STR_ARG(name),
                         (unsigned long long)(e->file.n ? e->line : place.line));
}

static at_str withheld_text(const struct summary *s, const struct at_session_result_withheld *w) {
    const struct at_session_result_run *r = &s->results->runs[w->run];
    const struct at_gather_exception *e = &r->run->exceptions[w->cell->exception];
    at_str why = at_words_sentence_plain(s->arena, at_words_write_reason(s->arena, s->words, &e->why)), text;
    if (w->cell->payee == UINT32_MAX)
        text = SAY(s, AT_W_RESULT_WITHHELD_ROW, why);
    else if (w->cell->period == UINT32_MAX)
        text = SAY(s, AT_W_RESULT_WITHHELD_ALWAYS, r->keys[w->cell->payee], why);
    else
        text = SAY(s, AT_W_RESULT_WITHHELD_IN, r->keys[w->cell->payee], period(s, r, w->cell->period), why);
    return at_str_format(s->arena, "  %.*s%.*s", AT_STR_ARG(text), AT_STR_ARG(place_of(s, w, e)));
}

static void put_withheld(const struct summary *s) {
    uint32_t n = s->results->n_withheld;
    if (n == 0) return;
    line(s, SAY(s, AT_W_RESULT_WITHHELD, count(s, n, AT_W_RESULT_PAYOUTS_1)));
    for (uint32_t i = 0; i < n && i < MOST_CELLS; i++)
        line(s, withheld_text(s, &s->results->withheld[i]));
    if (n <= MOST_CELLS) return;
    at_sink_z(s->out, "  ");
    line(s, SAY(s, AT_W_RESULT_WITHHELD_MORE, number(s, n - MOST_CELLS)));
}

static void put_rests(const struct summary *s) {
    const struct at_session_results *results = s->results;
    for (uint32_t i = 0; i < results->n_rests && i < MOST_CELLS; i++) {
        const struct at_session_result_rest *rest = &results->rests[i];
        const struct at_session_result_run *r = &results->runs[rest->run];
        enum at_words_word word = rest->role.n
                                      ? (rest->group.n ? AT_W_RESULT_REST_BOTH : AT_W_RESULT_REST_ROLE)
                                      : (rest->group.n ? AT_W_RESULT_REST_GROUP : AT_W_RESULT_REST);
        line(s,
             SAY(s, word, amount(s, rest->minor, r->currency), r->run->plan->components[rest->component].name,
                 period(s, r, rest->period), rest->group, rest->role));
    }
    if (results->n_rests > MOST_CELLS)
        line(s, SAY(s, AT_W_RESULT_REST_MORE, number(s, results->n_rests - MOST_CELLS)));
}

/* A line for each draw: how many payees owe, and how much in all. A balance below zero is owed to the payee.
 */
static void put_owed_of(const struct summary *s, uint32_t run, const struct at_check_adjustment_decl *draw) {
    uint64_t n = 0, unknown = 0;
    at_i128 sum = 0;
    for (uint64_t i = 0; i < s->results->n_balances; i++) {
        const struct at_session_result_balance *b = &s->results->balances[i];
        if (b->run != run || b->draw != draw) continue;
        n += b->known;
        unknown += !b->known;
        sum += b->known ? b->minor : 0;
    }
    if (n + unknown == 0) return;
    at_str payees = count(s, n, AT_W_RESULT_PAYEES_1), owed = amount(s, sum, s->results->runs[run].currency);
    if (unknown)
        line(s, SAY(s, AT_W_RESULT_OWED_UNKNOWN, draw->node->text, owed, payees,
                    count(s, unknown, AT_W_RESULT_PAYEES_1)));
    else
        line(s, SAY(s, AT_W_RESULT_OWED, draw->node->text, owed, payees));
}

static void put_owed(const struct summary *s) {
    for (uint32_t run = 0; s->results->n_balances > 0 && run < s->results->n_runs; run++) {
        const struct at_plan *plan = s->results->runs[run].run->plan;
        for (uint32_t k = 0; k < plan->n_adjustments; k++)
            if (plan->adjustments[k].draw[AT_DRAW_BALANCE] != AT_NO_NODE)
                put_owed_of(s, run, plan->adjustments[k].decl);
    }
}

/* ---- rows that are not credited */

/* The dates from the first to the last, so that a reader sees whether they are of other years. */
static at_str days(const struct summary *s, const struct at_gather_outside *outside) {
    at_str first = at_words_date(s->arena, s->words, outside->first);
    if (outside->last == outside->first) return first;
    return SAY(s, AT_W_RESULT_DAYS, first, at_words_date(s->arena, s->words, outside->last));
}

/* Rows on days on which their payees are not covered, with the first of them. */
static void put_not_earned(const struct summary *s, const struct at_session_result_run *r, uint32_t f,
                           at_str name) {
    const struct at_gather_uncovered *uncovered = &r->run->uncovered[f];
    at_str file = r->run->data->tables[r->run->plan->feeds[f].table].binding.name,
           place =
               at_str_format(s->arena, "%.*s:%llu", AT_STR_ARG(file), (unsigned long long)uncovered->line);
    line(s, SAY(s, AT_W_RESULT_NOT_EARNED, count(s, uncovered->n, AT_W_RESULT_ROWS_1), name,
                r->keys[uncovered->payee], at_words_date(s->arena, s->words, uncovered->day), place));
}

static void put_rows_of(const struct summary *s, const struct at_session_result_run *r, uint32_t f) {
    const struct at_session_run *run = r->run;
    const struct at_gather_outside none = {0}, *outside = run->outside ? &run->outside[f] : &none;
    const struct at_check_feed_decl *feed = run->plan->feeds[f].decl;
    at_str name = feed->name.n ? feed->name : run->plan->checked->schemas[feed->table].name;
    if (outside->n)
        line(s, SAY(s, outside->n == 1 ? AT_W_RESULT_OUTSIDE_1 : AT_W_RESULT_OUTSIDE,
                    count(s, outside->n, AT_W_RESULT_ROWS_1), name, days(s, outside)));
    if (outside->undated)
        line(s, SAY(s, outside->undated == 1 ? AT_W_RESULT_UNDATED_1 : AT_W_RESULT_UNDATED,
                    count(s, outside->undated, AT_W_RESULT_ROWS_1), name));
    if (run->uncovered && run->uncovered[f].n > 0) put_not_earned(s, r, f, name);
    if (outside->alone)
        line(s, SAY(s, AT_W_RESULT_ALONE, count(s, outside->alone, AT_W_RESULT_ROWS_1), name));
}

/* How a file was read, if Attain has found it out: in one line, once for each file. */
static void put_form(const struct summary *s, const struct at_table_dataset *data, uint32_t table,
                     struct at_map *seen) {
    const struct at_source_form *form = at_table_dataset_form(data, table);
    at_str name = data->tables[table].binding.name;
    if (!form || !form->found || at_map_put(seen, name, (void *)(uintptr_t)form)) return;
    at_str mark = form->separator == '\t' ? at_words_word(s->words, AT_W_RESULT_TABS)
                                          : at_str_format(s->arena, "`%c`", form->separator);
    line(s, SAY(s, AT_W_RESULT_FORM, name, at_source_encoding_name(form->encoding), mark));
}

static void put_forms(const struct summary *s) {
    struct at_map seen;
    at_map_init(&seen, s->arena);
    for (uint32_t i = 0; i < s->results->n_runs; i++) {
        const struct at_table_dataset *data = s->results->runs[i].run->data;
        for (uint32_t t = 0; data && t < data->n_tables; t++)
            put_form(s, data, t, &seen);
    }
}

static void put_rows(const struct summary *s) {
    put_forms(s);
    if (s->results->rows_left_out > 0) line(s, count(s, s->results->rows_left_out, AT_W_RESULT_LEFT_OUT_1));
    for (uint32_t i = 0; i < s->results->n_runs; i++)
        for (uint32_t f = 0; f < s->results->runs[i].run->plan->n_feeds; f++)
            put_rows_of(s, &s->results->runs[i], f);
}

/* ---- payees who are not covered */

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

/* The list so far with one more; and the end of a list of which not all is shown. */
static at_str joined(const struct summary *s, at_str list, at_str next) {
    return list.n ? SAY(s, AT_W_RESULT_COMMA, list, next) : next;
}
static at_str ended(const struct summary *s, at_str list, uint32_t n) {
    return n > MOST_PAYEES ? SAY(s, AT_W_RESULT_MORE, list, number(s, n - MOST_PAYEES)) : list;
}

static void put_uncovered(const struct summary *s) {
    const bool *undecided = at_write_undecided(s->results, s->arena);
    uint32_t n = 0;
    at_str list = {"", 0};
    for (uint32_t i = 0; i < s->results->n_payees; i++) {
        if (s->results->payees[i].run >= 0 || undecided[i]) continue;
        if (n++ < MOST_PAYEES) list = joined(s, list, s->results->payees[i].key);
    }
    if (n == 0) return;
    line(s,
         SAY(s, n == 1 ? AT_W_RESULT_UNCOVERED_1 : AT_W_RESULT_UNCOVERED, number(s, n), ended(s, list, n)));
}

/* Who is covered on other days. With one policy, no payee is. */
static void put_gaps(const struct summary *s) {
    at_str list = {"", 0};
    for (uint32_t i = 0; i < s->results->n_gaps && i < MOST_PAYEES; i++) {
        const struct at_session_result_days *gap = &s->results->gaps[i];
        at_str from = at_words_date(s->arena, s->words, gap->from), when = from;
        if (gap->from != gap->to)
            when = SAY(s, AT_W_RESULT_DAYS, from, at_words_date(s->arena, s->words, gap->to));
        list = joined(s, list, SAY(s, AT_W_RESULT_GAP, s->results->payees[gap->payee].key, when));
    }
    if (list.n) line(s, SAY(s, AT_W_RESULT_GAPS, ended(s, list, s->results->n_gaps)));
}

void at_write_summary(const struct at_session_results *results, const struct at_write_options *options,
                      struct at_arena *scratch, struct at_sink *out) {
    const struct summary s = {results, options->words ? options->words : at_words_find((at_str){"", 0}),
                              scratch, out};
    put_paid(&s);
    put_reaches(&s);
    put_due(&s);
    put_waiting(&s);
    put_unchecked(&s);
    put_withheld(&s);
    put_rests(&s);
    put_owed(&s);
    put_rows(&s);
    put_uncovered(&s);
    put_gaps(&s);
}
