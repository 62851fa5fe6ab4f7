/* write/diff_md.c: writes a difference as Markdown, for a pull request. */
#include "diff/cells.h"
#include "write/diff_writer.h"
#include "write/md.h"

struct page {
    const struct at_diff *diff;
    struct at_arena *arena;
    struct at_sink *out;
};

static void cell(struct page *page, at_str s) {
    at_sink_z(page->out, " ");
    at_write_md_text(page->out, s);
    at_sink_z(page->out, " |");
}

static void write_summary(struct page *page) {
    const struct at_diff *diff = page->diff;
    at_i128 delta = diff->minor[1] - diff->minor[0];
    const char *code = at_currency_info(diff->currency)->code;
    at_str before = at_write_diff_amount(diff, page->arena, diff->minor[0]),
           after = at_write_diff_amount(diff, page->arena, diff->minor[1]);
    at_str change = at_write_diff_change(diff, page->arena, delta),
           percent = at_write_diff_percent(page->arena, delta, diff->minor[0]);
    at_sink_z(page->out, "## ");
    at_write_md_text(page->out, at_str_format(page->arena, "%.*s: version %u → version %u",
                                              AT_STR_ARG(diff->checked[1]->name), diff->checked[0]->version,
                                              diff->checked[1]->version));
    at_sink_z(page->out, "\n\n");
    at_sink_z(page->out, "**");
    at_write_md_text(page->out,
                     at_str_format(page->arena, "%.*s %s → %.*s %s, %.*s%s%.*s%s", AT_STR_ARG(before), code,
                                   AT_STR_ARG(after), code, AT_STR_ARG(change), percent.n ? " (" : "",
                                   AT_STR_ARG(percent), percent.n ? ")" : ""));
    at_sink_z(page->out, "**, ");
    at_write_md_text(page->out, at_write_diff_ends(diff, page->arena));
    at_sink_z(page->out, "; ");
    at_write_md_text(page->out, at_write_diff_counts(diff, page->arena));
    at_sink_z(page->out, ".\n");
    at_str withheld = at_write_diff_withheld(diff, page->arena);
    if (withheld.n) {
        at_sink_z(page->out, "\n");
        at_write_md_text(page->out, withheld);
        at_sink_z(page->out, "\n\n");
    }
    at_str waits[2];
    uint32_t n = at_write_diff_waits(diff, page->arena, waits);
    for (uint32_t i = 0; i < n; i++) {
        at_sink_z(page->out, "\n");
        at_write_md_text(page->out, waits[i]);
        at_sink_z(page->out, "\n\n");
    }
    at_str cost = at_write_diff_cost(diff, page->arena);
    if (cost.n == 0) return;
    at_write_md_text(
        page->out,
        at_str_format(page->arena, "Cost of commission (share of credited sales): %.*s.", AT_STR_ARG(cost)));
    at_sink_z(page->out, "\n");
}

static void write_edits(struct page *page) {
    const struct at_diff *diff = page->diff;
    if (!diff->edits) return;
    at_sink_z(page->out, "\n### Edits\n\n");
    if (diff->edits->n == 0) at_sink_z(page->out, "None. The two versions are equal.\n");
    for (uint32_t i = 0; i < diff->edits->n; i++) {
        const struct at_diff_edit *edit = &diff->edits->at[i];
        at_sink_printf(page->out, "%u. ", i + 1);
        at_str subject = at_write_diff_subject_text(page->diff, page->arena, edit);
        at_str change = at_write_diff_change_text(page->diff, page->arena, edit);
        at_write_md_item(page->out,
                         at_str_format(page->arena, "%.*s: %.*s", AT_STR_ARG(subject), AT_STR_ARG(change)));
        at_sink_z(page->out, edit->pays ? "\n" : " (does not change pay)\n");
    }
}

static void write_causes(struct page *page) {
    const struct at_diff *diff = page->diff;
    if (diff->n_causes == 0) return;
    at_sink_printf(
        page->out,
        "\n### Effect of each edit\n\n%s\n\n| edit | effect | smallest example |\n|---|---:|---|\n",
        diff->shapley
            ? "Each effect is a Shapley value, the average effect over all orders of the edits. The effects "
              "add up to the change exactly."
            : "Each effect is calculated in policy order. The effects add up to the change exactly.");
    const at_str *causes = at_write_diff_cause_texts(diff, page->arena);
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_sink_z(page->out, "|");
        cell(page, causes[k]);
        cell(page, at_write_diff_change(diff, page->arena, diff->causes[k].minor));
        cell(page, at_write_diff_witness(diff, page->arena, &diff->causes[k]));
        at_sink_z(page->out, "\n");
    }
}

static void write_components(struct page *page) {
    const struct at_diff *diff = page->diff;
    at_sink_z(page->out, "\n### By component\n\n| component | old | new | change |\n|---|---:|---:|---:|\n");
    for (uint32_t c = 0; c < diff->n_components; c++) {
        const struct at_diff_component *component = &diff->components[c];
        at_sink_z(page->out, "|");
        cell(page, component->label.n ? component->label : component->name);
        cell(page, at_write_diff_amount(diff, page->arena, component->minor[0]));
        cell(page, at_write_diff_amount(diff, page->arena, component->minor[1]));
        cell(page, at_write_diff_change(diff, page->arena, component->minor[1] - component->minor[0]));
        at_sink_z(page->out, "\n");
    }
}

static void write_change(struct page *page, at_str name, const at_i128 minor[2], const bool withheld[2]) {
    const struct at_diff *diff = page->diff;
    at_sink_z(page->out, "|");
    cell(page, name);
    for (int s = 0; s < 2; s++)
        cell(page, withheld[s] && minor[s] == 0 ? AT_STR("withheld")
                                                : at_write_diff_amount(diff, page->arena, minor[s]));
    cell(page, at_write_diff_change(diff, page->arena, minor[1] - minor[0]));
    cell(page, at_write_diff_percent(page->arena, minor[1] - minor[0], minor[0]));
    at_sink_z(page->out, "\n");
}

/* The payee; below, the periods, where they do not all change in one direction. */
static void write_payee(struct page *page, uint32_t payee) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_payee *p = &diff->payees[payee];
    struct at_diff_cell of;
    uint32_t left = at_write_diff_periods_shown(diff, payee), more = 0;
    write_change(page, at_write_diff_name(diff, page->arena, payee), p->minor, p->withheld);
    for (uint64_t r = p->first; p->both_ways && at_diff_next_cell(diff, &r, p->end, &of);) {
        if (!at_diff_cell_changes(&of)) continue;
        more += left == 0;
        if (left == 0) continue;
        left--;
        at_str period = at_write_diff_period(diff, of.period);
        write_change(page, at_str_format(page->arena, "↳ %.*s", AT_STR_ARG(period)), of.minor, of.withheld);
    }
    if (more) at_sink_printf(page->out, "| ↳ %u more periods | | | | |\n", more);
}

static void write_payees(struct page *page) {
    const struct at_diff *diff = page->diff;
    enum { MOST = 25 };
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n);
    at_sink_z(page->out, "\n### By payee\n\n");
    if (n == 0) {
        at_sink_z(page->out, "Pay does not change.\n");
        return;
    }
    at_sink_z(page->out, "| payee | old | new | change | of old |\n|---|---:|---:|---:|---:|\n");
    for (uint32_t i = 0; i < n && i < MOST; i++)
        write_payee(page, order[i]);
    if (n > MOST) at_sink_printf(page->out, "\nand %u more.\n", n - MOST);
}

void at_write_diff_markdown(const struct at_diff *diff, const struct at_write_options *options,
                            struct at_arena *scratch, struct at_sink *out) {
    struct page page = {diff, scratch, out};
    (void)options;
    write_summary(&page);
    write_edits(&page);
    write_causes(&page);
    write_components(&page);
    write_payees(&page);
}
