/* write/diff_text.c: writes a difference for a terminal. */
#include "diff/cells.h"
#include "write/diff_writer.h"
#include "write/grid.h"

struct page {
    const struct at_diff *diff;
    const struct at_write_options *options;
    struct at_arena *arena;
    struct at_sink *out;
};

static void line(struct page *page, at_str text) {
    at_sink_visible(page->out, text);
    at_sink_z(page->out, "\n");
}

static void heading(struct page *page, const char *text) {
    at_sink_printf(page->out, page->options->color ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
}

static void write_summary(struct page *page) {
    const struct at_diff *diff = page->diff;
    struct at_arena *arena = page->arena;
    at_i128 delta = diff->minor[1] - diff->minor[0];
    at_str old_pay = at_write_diff_amount(diff, arena, diff->minor[0]),
           new_pay = at_write_diff_amount(diff, arena, diff->minor[1]);
    at_str change = at_write_diff_change(diff, arena, delta),
           percent = at_write_diff_percent(arena, delta, diff->minor[0]);
    line(page, at_str_format(arena, "%.*s version %u → version %u  %s", AT_STR_ARG(diff->checked[1]->name),
                             diff->checked[0]->version, diff->checked[1]->version,
                             at_currency_info(diff->currency)->code));
    line(page,
         at_str_format(arena, "pay %.*s → %.*s, %.*s%s%.*s%s, %.*s", AT_STR_ARG(old_pay), AT_STR_ARG(new_pay),
                       AT_STR_ARG(change), percent.n ? " (" : "", AT_STR_ARG(percent), percent.n ? ")" : "",
                       AT_STR_ARG(at_write_diff_ends(diff, arena))));
    at_str cost = at_write_diff_cost(diff, arena);
    if (cost.n)
        line(page,
             at_str_format(arena, "cost of commission (share of credited sales): %.*s", AT_STR_ARG(cost)));
    line(page, at_write_diff_counts(diff, arena));
    at_str withheld = at_write_diff_withheld(diff, arena), waits[2];
    if (withheld.n) line(page, withheld);
    uint32_t n = at_write_diff_waits(diff, arena, waits);
    for (uint32_t i = 0; i < n; i++)
        line(page, waits[i]);
}

static void write_edits(struct page *page) {
    const struct at_diff *diff = page->diff;
    if (!diff->edits) return;
    heading(page, "Edits");
    if (diff->edits->n == 0) at_sink_z(page->out, "none; the two versions are equal\n");
    for (uint32_t i = 0; i < diff->edits->n; i++) {
        const struct at_diff_edit *edit = &diff->edits->at[i];
        at_str subject = at_write_diff_subject_text(page->diff, page->arena, edit);
        at_str change = at_write_diff_change_text(page->diff, page->arena, edit);
        line(page, at_str_format(page->arena, "%3u  %.*s: %.*s%s", i + 1, AT_STR_ARG(subject),
                                 AT_STR_ARG(change), edit->pays ? "" : "  (does not change pay)"));
    }
}

static void write_causes(struct page *page) {
    const struct at_diff *diff = page->diff;
    if (diff->n_causes == 0) return;
    heading(page, diff->shapley ? "Effect of each edit (Shapley value; last column: in policy order)"
                                : "Effect of each edit, in policy order");
    const at_str *causes = at_write_diff_cause_texts(diff, page->arena);
    struct at_write_grid grid;
    at_write_grid_init(&grid, page->arena, diff->shapley ? 3 : 2, 1);
    grid.color = page->options->color;
    at_i128 sums[2] = {0, 0};
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_i128 in_order = 0;
        for (uint64_t r = 0; diff->sequential && r < diff->n_rows; r++) {
            at_arena_poll(page->arena);
            in_order += diff->sequential[r * diff->n_causes + k];
        }
        at_str *row = at_write_grid_add(&grid, AT_GRID_ROW);
        row[0] = causes[k];
        row[1] = at_write_diff_change(diff, page->arena, diff->causes[k].minor);
        if (diff->shapley) row[2] = at_write_diff_change(diff, page->arena, in_order);
        sums[0] += diff->causes[k].minor;
        sums[1] += in_order;
    }
    at_str *row = at_write_grid_add(&grid, AT_GRID_SUM);
    row[0] = AT_STR("total");
    for (int i = 0; i < (diff->shapley ? 2 : 1); i++)
        row[1 + i] = at_write_diff_change(diff, page->arena, sums[i]);
    at_write_grid_print(&grid, page->out);
    if (!diff->causes[0].data) heading(page, "Smallest example of each edit");
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_str witness = at_write_diff_witness(diff, page->arena, &diff->causes[k]);
        if (diff->causes[k].data) continue;
        if (witness.n == 0) witness = AT_STR("no effect on this data by itself");
        line(page, causes[k]);
        line(page, at_str_format(page->arena, "     %.*s", AT_STR_ARG(witness)));
    }
}

/* What people call a component: its label, otherwise its name. */
static at_str name_of(const struct at_diff_component *component) {
    return component->label.n ? component->label : component->name;
}

static void write_components(struct page *page) {
    const struct at_diff *diff = page->diff;
    heading(page, "By component");
    struct at_write_grid grid;
    at_write_grid_init(&grid, page->arena, 4, 1);
    grid.color = page->options->color;
    at_str *row = at_write_grid_add(&grid, AT_GRID_HEAD);
    row[0] = AT_STR("component"), row[1] = AT_STR("old"), row[2] = AT_STR("new"), row[3] = AT_STR("change");
    for (uint32_t c = 0; c <= diff->n_components; c++) {
        bool all = c == diff->n_components;
        at_i128 before = all ? diff->minor[0] : diff->components[c].minor[0],
                after = all ? diff->minor[1] : diff->components[c].minor[1];
        row = at_write_grid_add(&grid, all ? AT_GRID_SUM : AT_GRID_ROW);
        row[0] = all ? AT_STR("total") : name_of(&diff->components[c]);
        row[1] = at_write_diff_amount(diff, page->arena, before);
        row[2] = at_write_diff_amount(diff, page->arena, after);
        row[3] = at_write_diff_change(diff, page->arena, after - before);
    }
    at_write_grid_print(&grid, page->out);
}

static void put_change(const struct page *page, at_str *row, const at_i128 minor[2], const bool withheld[2]) {
    at_i128 change = minor[1] - minor[0];
    for (int s = 0; s < 2; s++)
        row[s] = withheld[s] && minor[s] == 0 ? AT_STR("withheld")
                                              : at_write_diff_amount(page->diff, page->arena, minor[s]);
    row[2] = at_write_diff_change(page->diff, page->arena, change);
    row[3] = at_write_diff_percent(page->arena, change, minor[0]);
}

/* The payee; below, the periods, where they do not all change in one direction. */
static void add_payee(struct page *page, struct at_write_grid *grid, uint32_t payee, bool labels) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_payee *p = &diff->payees[payee];
    at_str *row = at_write_grid_add(grid, AT_GRID_ROW);
    row[0] = p->key;
    if (labels) row[1] = p->label;
    put_change(page, row + 1 + labels, p->minor, p->withheld);
    struct at_diff_cell cell;
    uint32_t left = at_write_diff_periods_shown(diff, payee), more = 0;
    for (uint64_t r = p->first; p->both_ways && at_diff_next_cell(diff, &r, p->end, &cell);) {
        if (!at_diff_cell_changes(&cell)) continue;
        more += left == 0;
        if (left == 0) continue;
        left--;
        row = at_write_grid_add(grid, AT_GRID_ROW);
        row[0] = at_str_format(page->arena, "  %.*s", AT_STR_ARG(at_write_diff_period(diff, cell.period)));
        put_change(page, row + 1 + labels, cell.minor, cell.withheld);
    }
    if (more) at_write_grid_add(grid, AT_GRID_ROW)[0] = at_str_format(page->arena, "  … %u more", more);
}

static void write_payees(struct page *page) {
    const struct at_diff *diff = page->diff;
    enum { MOST = 40 };
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n);
    bool labels = false;
    for (uint32_t p = 0; p < diff->n_payees; p++)
        labels |= diff->payees[p].label.n > 0;
    heading(page, "By payee, largest change first");
    if (n == 0) {
        at_sink_z(page->out, "pay does not change\n");
        return;
    }
    struct at_write_grid grid;
    at_write_grid_init(&grid, page->arena, labels ? 6 : 5, labels ? 2 : 1);
    grid.color = page->options->color;
    at_str *row = at_write_grid_add(&grid, AT_GRID_HEAD);
    row[0] = diff->checked[1]->schemas[diff->checked[1]->payee_table].name;
    row += labels ? 2 : 1;
    row[0] = AT_STR("old"), row[1] = AT_STR("new"), row[2] = AT_STR("change"), row[3] = AT_STR("of old");
    for (uint32_t i = 0; i < n && i < MOST; i++)
        add_payee(page, &grid, order[i], labels);
    at_write_grid_print(&grid, page->out);
    if (n > MOST) at_sink_printf(page->out, "… and %u more (--format csv lists all)\n", n - MOST);
}

static void write_spread(struct page *page) {
    uint32_t counts[AT_DIFF_BUCKETS];
    at_write_diff_buckets(page->diff, counts);
    heading(page, "How pay changes");
    for (uint32_t b = 0; b < AT_DIFF_BUCKETS; b++)
        if (counts[b])
            at_sink_printf(page->out, "%6u  %s\n", counts[b], at_write_diff_bucket_name(page->diff, b).p);
}

void at_write_diff_table(const struct at_diff *diff, const struct at_write_options *options,
                         struct at_arena *scratch, struct at_sink *out) {
    struct page page = {diff, options, scratch, out};
    write_summary(&page);
    write_edits(&page);
    write_causes(&page);
    write_components(&page);
    write_payees(&page);
    write_spread(&page);
}
