/* write/text.c: writes results as a table for people, with payees in rows, components in columns, and
 * a section for each period. Measures that the policy shows are columns before the components.
 *
 * If the terminal is too narrow, components are in rows instead. Lines of a `per` component are added up.
 */

#include "base/sort.h"
#include "base/vec.h"
#include "write/grid.h"
#include "write/writer.h"

/* What one payee has in one period: neighbouring lines, or a cell that is withheld. */
struct cell {
    uint32_t rank; /* of the payee, by key */
    uint32_t period;
    uint64_t first, end; /* lines of the run */
    bool withheld;
};

struct table {
    const struct at_session_result_run *r;
    const struct at_session_results *results;
    struct at_arena *arena;
    const struct at_write_options *options;
    const struct at_words *words;
    struct cell *cells; /* by period, then payee */
    size_t n_cells;
    uint32_t *shown; /* components that have a column */
    uint32_t n_shown;
    uint32_t *column_of; /* by component */
    uint32_t n_measures; /* columns of `show`, before those of the components */
    bool labels;
    bool starred;  /* some sum leaves out a withheld period */
    at_i128 *sums; /* of the section, by column; the last is all of them */
};

static at_str amount_text(const struct table *t, at_i128 minor) {
    char *out = at_arena_get(t->arena, AT_MINOR_SIZE);
    at_str digits = {out, (uint32_t)at_write_minor_write(out, minor, t->r->currency->digits, true)};
    return at_words_number(t->arena, t->words, digits);
}

static at_str period_text(const struct table *t, uint32_t period) {
    return at_words_period(t->arena, t->words, at_session_run_period(t->r->run, period));
}

/* A withheld cell comes after the lines of the same payee and period. */
static int cell_cmp(const void *left, const void *right) {
    const struct cell *a = left, *b = right;
    if (a->period != b->period) return a->period < b->period ? -1 : 1;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->withheld - b->withheld;
}

static void find_cells(struct table *t, uint32_t run_index) {
    const struct at_session_run *run = t->r->run;
    AT_VEC(struct cell) cells = {0};
    for (uint64_t i = 0; i < run->n_lines;) {
        uint64_t end = i + 1;
        while (end < run->n_lines && run->lines[end].payee == run->lines[i].payee &&
               run->lines[end].period == run->lines[i].period)
            end++;
        AT_VEC_PUSH(t->arena, &cells,
                    (struct cell){t->r->payee_of[run->lines[i].payee], run->lines[i].period, i, end, false});
        i = end;
    }
    for (uint32_t i = 0; i < t->results->n_withheld; i++) {
        const struct at_session_result_withheld *w = &t->results->withheld[i];
        if (w->run != run_index || w->cell->period == UINT32_MAX) continue;
        AT_VEC_PUSH(t->arena, &cells,
                    (struct cell){t->r->payee_of[w->cell->payee], w->cell->period, 0, 0, true});
    }
    at_sort_items(t->arena, cells.at, cells.n, sizeof *cells.at, cell_cmp);
    t->cells = cells.at;
    t->n_cells = cells.n;
}

static void find_columns(struct table *t) {
    uint32_t n = t->r->run->plan->n_components;
    t->shown = AT_NEW_ARRAY(t->arena, uint32_t, n + 1);
    t->column_of = AT_NEW_ARRAY(t->arena, uint32_t, n + 1);
    t->sums = AT_NEW_ARRAY(t->arena, at_i128, n + 1);
    for (uint32_t c = 0; c < n; c++) {
        if (!t->results->components[t->r->first_component + c].shown) continue;
        t->column_of[c] = t->n_shown;
        t->shown[t->n_shown++] = c;
    }
    t->n_measures = t->r->checked->n_shown;
    for (size_t i = 0; i < t->n_cells; i++)
        t->labels |= t->results->payees[t->cells[i].rank].label.n > 0;
}

/* What people call the component of a column: its label, otherwise its name. */
static at_str name_of(const struct table *t, uint32_t column) {
    const struct at_plan_component *component = &t->r->run->plan->components[t->shown[column]];
    return component->label.n ? component->label : component->name;
}

/* The values of `show` in a period. No value is a dash, and several periods have none in common. */
static void put_measures(const struct table *t, at_str *row, const struct cell *cell) {
    uint32_t run = (uint32_t)(t->r - t->results->runs);
    for (uint32_t i = 0; i < t->n_measures && cell->period < t->r->run->n_regular; i++) {
        struct at_session_shown shown;
        at_session_shown_of(t->results, run, t->r->row_of[cell->rank], cell->period, i, t->arena, &shown);
        row[i] = shown.known ? at_write_shown_text(&shown, t->arena) : AT_STR("–");
    }
}

/* The cells [from, to) of one payee added up by column. */
static at_i128 *add_up(const struct table *t, const struct cell *cells, size_t n) {
    at_i128 *sums = AT_NEW_ARRAY(t->arena, at_i128, t->n_shown + 1);
    for (size_t i = 0; i < n; i++)
        for (uint64_t k = cells[i].first; k < cells[i].end; k++) {
            const struct at_settle_line *line = &t->r->run->lines[k];
            sums[t->column_of[line->component]] += line->minor;
            sums[t->n_shown] += line->minor;
        }
    for (uint32_t c = 0; c <= t->n_shown; c++)
        t->sums[c] += sums[c];
    return sums;
}

static bool any_withheld(const struct cell *cells, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (cells[i].withheld) return true;
    return false;
}

/* Payee, label, each measure, each component, total: the wide form. */
static void add_wide(struct table *t, struct at_write_grid *grid, const struct cell *cells, size_t n,
                     bool one) {
    const struct at_session_result_payee *payee = &t->results->payees[cells->rank];
    at_i128 *sums = add_up(t, cells, n);
    bool withheld = any_withheld(cells, n), empty = true;
    at_str *row = at_write_grid_add(grid, AT_GRID_ROW);
    *row++ = payee->key;
    if (t->labels) *row++ = payee->label;
    if (one) put_measures(t, row, cells);
    row += t->n_measures;
    for (size_t i = 0; i < n; i++)
        empty &= cells[i].first == cells[i].end;
    if (withheld && empty) {
        row[t->n_shown] = at_words_word(t->words, AT_W_RUN_WITHHELD);
        return;
    }
    for (uint32_t c = 0; c <= t->n_shown; c++)
        row[c] = amount_text(t, sums[c]);
    if (!withheld) return;
    row[t->n_shown] = at_str_format(t->arena, "%.*s*", AT_STR_ARG(row[t->n_shown]));
    t->starred = true;
}

/* The same as one row a component: for narrow terminals. */
static void add_narrow(const struct table *t, struct at_write_grid *grid, const struct cell *cells, size_t n,
                       bool one) {
    const struct at_session_result_payee *payee = &t->results->payees[cells->rank];
    at_i128 *sums = add_up(t, cells, n);
    at_str *row = at_write_grid_add(grid, AT_GRID_ROW);
    row[0] = payee->key;
    row[2] = any_withheld(cells, n) ? at_words_word(t->words, AT_W_RUN_WITHHELD)
                                    : amount_text(t, sums[t->n_shown]);
    if (t->labels) row[1] = payee->label;
    at_str *shown = AT_NEW_ARRAY(t->arena, at_str, t->n_measures + 1);
    if (one) put_measures(t, shown, cells);
    for (uint32_t i = 0; i < t->n_measures && one; i++) {
        row = at_write_grid_add(grid, AT_GRID_ROW);
        row[0] = at_str_format(t->arena, "  %.*s", AT_STR_ARG(t->r->checked->shown[i].label));
        row[2] = shown[i];
    }
    for (uint32_t c = 0; c < t->n_shown && t->n_shown > 1; c++) {
        if (sums[c] == 0) continue;
        row = at_write_grid_add(grid, AT_GRID_ROW);
        row[0] = at_str_format(t->arena, "  %.*s", AT_STR_ARG(name_of(t, c)));
        row[2] = amount_text(t, sums[c]);
    }
}

static void add_head(const struct table *t, struct at_write_grid *grid, bool wide, bool one) {
    at_str *row = at_write_grid_add(grid, AT_GRID_HEAD);
    memset(t->sums, 0, sizeof *t->sums * (t->n_shown + 1));
    row[0] = t->r->checked->schemas[t->r->checked->payee_table].name;
    if (!wide) {
        row[2] = at_words_word(t->words, AT_W_RUN_TOTAL);
        return;
    }
    row += 1 + t->labels;
    for (uint32_t i = 0; i < t->n_measures && one; i++)
        row[i] = t->r->checked->shown[i].label;
    row += t->n_measures;
    for (uint32_t c = 0; c < t->n_shown; c++)
        row[c] = name_of(t, c);
    row[t->n_shown] = at_words_word(t->words, AT_W_RUN_TOTAL);
}

static void add_sum(const struct table *t, struct at_write_grid *grid, bool wide) {
    at_str *row = at_write_grid_add(grid, AT_GRID_SUM);
    row[0] = at_words_word(t->words, AT_W_RUN_TOTAL);
    if (!wide) {
        row[2] = amount_text(t, t->sums[t->n_shown]);
        return;
    }
    row += 1 + t->labels + t->n_measures;
    for (uint32_t c = 0; c <= t->n_shown; c++)
        row[c] = amount_text(t, t->sums[c]);
}

/* `one`: of one period, so that measures have a value. */
static void add_payee(struct table *t, struct at_write_grid *grid, const struct cell *cells, size_t n,
                      bool wide, bool one) {
    if (wide)
        add_wide(t, grid, cells, n, one);
    else
        add_narrow(t, grid, cells, n, one);
}

static void add_period(struct table *t, struct at_write_grid *grid, const struct cell *cells, size_t n,
                       bool wide) {
    at_arena_poll(grid->arena);
    at_write_grid_add(grid, AT_GRID_TITLE)[0] = period_text(t, cells->period);
    add_head(t, grid, wide, true);
    for (size_t i = 0; i < n; i++)
        add_payee(t, grid, &cells[i], 1, wide, true);
    if (n > 1) add_sum(t, grid, wide);
}

static int rank_cmp(const void *left, const void *right) {
    const struct cell *a = left, *b = right;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->period < b->period ? -1 : a->period > b->period;
}

/* Each payee over all periods; reorders the cells. */
static void add_all_periods(struct table *t, struct at_write_grid *grid, bool wide) {
    at_str first = period_text(t, t->cells[0].period), last = period_text(t, t->cells[t->n_cells - 1].period);
    at_write_grid_add(grid, AT_GRID_TITLE)[0] = AT_SAY(t->arena, t->words, AT_W_RUN_SPAN, first, last);
    add_head(t, grid, wide, false);
    at_sort_items(t->arena, t->cells, t->n_cells, sizeof *t->cells, rank_cmp);
    for (size_t i = 0, end; i < t->n_cells; i = end) {
        for (end = i + 1; end < t->n_cells && t->cells[end].rank == t->cells[i].rank;)
            end++;
        add_payee(t, grid, &t->cells[i], end - i, wide, false);
    }
    add_sum(t, grid, wide);
}

static void make_grid(struct table *t, struct at_write_grid *grid, bool wide) {
    at_write_grid_init(grid, t->arena, wide ? 2 + t->labels + t->n_measures + t->n_shown : 3,
                       wide ? 1 + t->labels : 2);
    grid->color = t->options->color;
    uint32_t periods = 0;
    for (size_t i = 0, end; i < t->n_cells; i = end, periods++) {
        for (end = i + 1; end < t->n_cells && t->cells[end].period == t->cells[i].period;)
            end++;
        add_period(t, grid, &t->cells[i], end - i, wide);
    }
    if (periods > 1) add_all_periods(t, grid, wide);
}

/* The tables are in the currency of the policy. */
static void put_paid_in(const struct table *t, uint32_t run, struct at_sink *out) {
    const struct at_session_results *results = t->results;
    if (t->r->run->plan->pays_in == AT_NO_NODE) return;
    at_sink_z(out, "\n");
    at_sink_visible(out, at_words_word(t->words, AT_W_RUN_PAID_LOCALLY));
    at_sink_z(out, "\n");
    for (uint32_t i = 0; i < results->n_payees; i++) {
        const struct at_session_result_payee *payee = &results->payees[i];
        const struct at_currency_info *currency = at_currency_info(payee->currency);
        if (!currency || payee->run != (int32_t)run) continue;
        char amount[AT_MINOR_SIZE];
        at_str digits = {amount,
                         (uint32_t)at_write_minor_write(amount, payee->local, currency->digits, true)};
        at_sink_visible(out, payee->key);
        at_sink_z(out, "  ");
        at_sink_visible(out, at_words_number(t->arena, t->words, digits));
        at_sink_printf(out, " %s\n", currency->code);
    }
}

static void write_run(const struct at_session_results *results, uint32_t run_index,
                      const struct at_write_options *options, struct at_arena *scratch, struct at_sink *out) {
    struct table t = {.r = &results->runs[run_index],
                      .results = results,
                      .arena = scratch,
                      .options = options,
                      .words = options->words ? options->words : at_words_find((at_str){"", 0})};
    struct at_write_grid grid;
    find_cells(&t, run_index);
    find_columns(&t);
    at_sink_z(out, run_index ? "\n" : "");
    at_sink_z(out, options->color ? "\033[1m" : "");
    at_sink_visible(out, t.r->checked->name);
    at_sink_printf(out, "%s  %s\n", options->color ? "\033[0m" : "", t.r->currency->code);
    if (t.n_cells == 0) {
        at_sink_visible(out, at_words_word(t.words, AT_W_RUN_NO_PAYOUTS));
        at_sink_z(out, "\n");
        return;
    }
    at_sink_z(out, "\n");
    make_grid(&t, &grid, true);
    /* The wide form is tried first. add_all_periods reorders the cells, so they are sorted again. */
    if (options->width && at_write_grid_width(&grid) > options->width) {
        at_sort_items(t.arena, t.cells, t.n_cells, sizeof *t.cells, cell_cmp);
        make_grid(&t, &grid, false);
    }
    at_write_grid_print(&grid, out);
    put_paid_in(&t, run_index, out);
    if (!t.starred) return;
    at_sink_visible(out, at_words_word(t.words, AT_W_RUN_STAR));
    at_sink_z(out, "\n");
}

void at_write_table(const struct at_session_results *results, const struct at_write_options *options,
                    struct at_arena *scratch, struct at_sink *out) {
    for (uint32_t i = 0; i < results->n_runs; i++)
        write_run(results, i, options, scratch, out);
    at_sink_z(out, "\n");
    at_write_summary(results, options, scratch, out);
}
