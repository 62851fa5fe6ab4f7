/* write/diff_text.c: writes a difference for a terminal: the frame, sums, and payees. */
#include "write/diff_text.h"
#include "diff/cells.h"
#include "write/diff_decision.h"

/* ---------------------------------------------------------------- sums */

static void write_summary(const struct at_write_diff_text *page) {
    const struct at_diff *diff = page->diff;
    struct at_arena *arena = page->arena;
    const struct at_words *words = diff->words;
    at_i128 delta = diff->minor[1] - diff->minor[0];
    at_str change = at_write_diff_change(diff, arena, delta),
           percent = at_write_diff_percent(arena, delta, diff->minor[0]),
           cost = at_write_diff_cost(diff, arena), withheld = at_write_diff_withheld(diff, arena), waits[2];
    if (percent.n) change = AT_SAY(arena, words, AT_W_DIFF_AMOUNT_SHARE, change, percent);
    at_str title = AT_SAY(arena, words, AT_W_DIFF_TITLE, diff->checked[1]->name,
                          at_str_format(arena, "%u", diff->checked[0]->version),
                          at_str_format(arena, "%u", diff->checked[1]->version));
    at_write_text_line(
        page, AT_SAY(arena, words, AT_W_DIFF_COMMA, title, at_str_z(at_currency_info(diff->currency)->code)));
    at_write_text_line(page,
                       AT_SAY(arena, words, AT_W_DIFF_PAY, at_write_diff_amount(diff, arena, diff->minor[0]),
                              at_write_diff_amount(diff, arena, diff->minor[1]), change,
                              at_write_diff_ends(diff, arena)));
    if (cost.n) at_write_text_line(page, AT_SAY(arena, words, AT_W_DIFF_COST, cost));
    at_write_text_line(page, at_write_diff_counts(diff, arena));
    if (withheld.n) at_write_text_line(page, withheld);
    at_str gamed = at_write_diff_gamed(diff, arena);
    if (gamed.n) at_write_text_line(page, gamed);
    uint32_t n = at_write_diff_waits(diff, arena, waits);
    for (uint32_t i = 0; i < n; i++)
        at_write_text_line(page, waits[i]);
}

/* What people call a component: its label, otherwise its name. */
static at_str name_of(const struct at_diff_component *component) {
    return component->label.n ? component->label : component->name;
}

static void write_components(const struct at_write_diff_text *page) {
    const struct at_diff *diff = page->diff;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_BY_COMPONENT));
    struct at_write_grid grid;
    at_write_text_grid(page, &grid, 5, 1);
    at_str *row = at_write_grid_add(&grid, AT_GRID_HEAD);
    row[0] = at_write_text_word(page, AT_W_DIFF_COMPONENT);
    at_write_text_heads(page, row + 1);
    for (uint32_t c = 0; c <= diff->n_components; c++) {
        bool all = c == diff->n_components;
        at_i128 before = all ? diff->minor[0] : diff->components[c].minor[0],
                after = all ? diff->minor[1] : diff->components[c].minor[1];
        row = at_write_grid_add(&grid, all ? AT_GRID_SUM : AT_GRID_ROW);
        row[0] = all ? at_write_text_word(page, AT_W_DIFF_TOTAL) : name_of(&diff->components[c]);
        row[1] = at_write_diff_amount(diff, page->arena, before);
        row[2] = at_write_diff_amount(diff, page->arena, after);
        row[3] = at_write_diff_change(diff, page->arena, after - before);
        row[4] = at_write_diff_percent(page->arena, after - before, before);
    }
    at_write_grid_print(&grid, page->out);
}

/* The payee; below, the periods, where they do not all change in one direction. */
static void add_payee(const struct at_write_diff_text *page, struct at_write_grid *grid, uint32_t payee,
                      bool labels) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_payee *p = &diff->payees[payee];
    at_str *row = at_write_grid_add(grid, AT_GRID_ROW);
    row[0] = p->key;
    if (labels) row[1] = p->label;
    at_write_text_change(page, row + 1 + labels, p->minor, p->withheld);
    struct at_diff_cell cell;
    uint32_t left = at_write_diff_periods_shown(diff, payee), more = 0;
    for (uint64_t r = p->first; p->both_ways && at_diff_next_cell(diff, &r, p->end, &cell);) {
        if (!at_diff_cell_changes(&cell)) continue;
        more += left == 0;
        if (left == 0) continue;
        left--;
        row = at_write_grid_add(grid, AT_GRID_ROW);
        row[0] = at_str_format(page->arena, "  %.*s", AT_STR_ARG(at_write_diff_period(diff, cell.period)));
        at_write_text_change(page, row + 1 + labels, cell.minor, cell.withheld);
    }
    if (more)
        at_write_grid_add(grid, AT_GRID_ROW)[0] =
            at_str_format(page->arena, "  %.*s",
                          AT_STR_ARG(AT_SAY(page->arena, diff->words, AT_W_DIFF_MORE_PERIODS,
                                            at_str_format(page->arena, "%u", more))));
}

static void write_payees(const struct at_write_diff_text *page) {
    const struct at_diff *diff = page->diff;
    enum { MOST = 40 };
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n);
    bool labels = false;
    for (uint32_t p = 0; p < diff->n_payees; p++)
        labels |= diff->payees[p].label.n > 0;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_BY_PAYEE_SIZE));
    if (n == 0) {
        at_write_text_line(page, at_write_text_word(page, AT_W_DIFF_PAY_SAME));
        return;
    }
    struct at_write_grid grid;
    at_write_text_grid(page, &grid, labels ? 6 : 5, labels ? 2 : 1);
    grid.most = 18; /* so that the table has 80 columns */
    at_str *row = at_write_grid_add(&grid, AT_GRID_HEAD);
    row[0] = diff->checked[1]->schemas[diff->checked[1]->payee_table].name;
    row += labels ? 2 : 1;
    at_write_text_heads(page, row);
    for (uint32_t i = 0; i < n && i < MOST; i++)
        add_payee(page, &grid, order[i], labels);
    at_write_grid_print(&grid, page->out);
    if (n > MOST)
        at_write_text_line(page, AT_SAY(page->arena, diff->words, AT_W_DIFF_MORE_ROWS,
                                        at_str_format(page->arena, "%u", n - MOST)));
}

static void write_spread(const struct at_write_diff_text *page) {
    uint32_t counts[AT_DIFF_BUCKETS];
    at_write_diff_buckets(page->diff, counts);
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_SPREAD));
    for (uint32_t b = 0; b < AT_DIFF_BUCKETS; b++)
        if (counts[b])
            at_write_flow(&page->flow, at_str_format(page->arena, "%6u  ", counts[b]),
                          at_write_diff_bucket_name(page->diff, b));
}

void at_write_diff_table(const struct at_diff *diff, const struct at_write_options *options,
                         struct at_arena *scratch, struct at_sink *out) {
    struct at_write_diff_text page = {
        diff, options, scratch, out, {out, scratch, options->width, options->color}};
    if (page.flow.width > 100) page.flow.width = 100; /* longer lines are hard to read */
    at_write_text_verdict(&page);
    write_summary(&page);
    at_write_text_limits(&page);
    at_write_text_risks(&page);
    at_write_text_edits(&page);
    at_write_text_groups(&page);
    at_write_text_periods(&page);
    write_components(&page);
    at_write_text_newly(&page);
    write_payees(&page);
    write_spread(&page);
    at_write_text_sources(&page);
}
