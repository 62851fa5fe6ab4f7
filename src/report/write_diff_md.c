/* report/write_diff_md.c: a difference as Markdown, for a pull request. */
#include "report/diff_writer.h"
#include "report/md.h"

struct page {
    const struct at_diff *diff;
    struct at_arena *arena;
    struct at_sink *out;
};

static void cell(struct page *page, at_str s) {
    at_sink_z(page->out, " ");
    at_md_text(page->out, s);
    at_sink_z(page->out, " |");
}

static void write_summary(struct page *page) {
    const struct at_diff *diff = page->diff;
    at_i128 delta = diff->minor[1] - diff->minor[0];
    const char *code = at_currency_info(diff->currency)->code;
    at_str before = at_diff_amount(diff, page->arena, diff->minor[0]),
           after = at_diff_amount(diff, page->arena, diff->minor[1]);
    at_str change = at_diff_change(diff, page->arena, delta),
           percent = at_diff_percent(page->arena, delta, diff->minor[0], true);
    at_sink_z(page->out, "## ");
    at_md_text(page->out,
               at_str_format(page->arena, "%.*s: version %u → version %u", AT_STR_ARG(diff->checked[1]->name),
                             diff->checked[0]->version, diff->checked[1]->version));
    at_sink_z(page->out, "\n\n");
    at_sink_z(page->out, "**");
    at_md_text(page->out, at_str_format(page->arena, "%.*s %s → %.*s %s, %.*s%s%.*s%s", AT_STR_ARG(before),
                                        code, AT_STR_ARG(after), code, AT_STR_ARG(change),
                                        percent.n ? " (" : "", AT_STR_ARG(percent), percent.n ? ")" : ""));
    at_sink_printf(page->out, "**; %u get more, %u get less, %u the same.\n", diff->n_winners, diff->n_losers,
                   diff->n_same);
    at_str withheld = at_diff_withheld(diff, page->arena);
    if (withheld.n) {
        at_sink_z(page->out, "\n");
        at_md_text(page->out, withheld);
        at_sink_z(page->out, "\n\n");
    }
    if (diff->credited[0] == 0 || diff->credited[1] == 0) return;
    at_str a = at_diff_percent(page->arena, diff->minor[0], diff->credited[0], false);
    at_str b = at_diff_percent(page->arena, diff->minor[1], diff->credited[1], false);
    at_md_text(page->out, at_str_format(page->arena, "Cost as a share of what is credited: %.*s → %.*s.",
                                        AT_STR_ARG(a), AT_STR_ARG(b)));
    at_sink_z(page->out, "\n");
}

static void write_edits(struct page *page) {
    const struct at_diff *diff = page->diff;
    if (!diff->edits) return;
    at_sink_z(page->out, "\n### Edits\n\n");
    if (diff->edits->n == 0) at_sink_z(page->out, "None: the two versions say the same.\n");
    for (uint32_t i = 0; i < diff->edits->n; i++) {
        const struct at_edit *edit = &diff->edits->at[i];
        at_sink_printf(page->out, "%u. ", i + 1);
        at_md_item(page->out, at_str_format(page->arena, "%.*s: %.*s", AT_STR_ARG(edit->subject),
                                            AT_STR_ARG(edit->words)));
        at_sink_z(page->out, edit->pays ? "\n" : " (changes no pay)\n");
    }
}

static void write_causes(struct page *page) {
    const struct at_diff *diff = page->diff;
    if (diff->n_causes == 0) return;
    at_sink_printf(
        page->out, "\n### What each edit caused\n\n%s\n\n| edit | amount | smallest case |\n|---|---:|---|\n",
        diff->shapley ? "Each part is the mean of what the edit adds over all orders of the edits; the parts "
                        "add up exactly."
                      : "Each part is what the edit adds in the policy's order; the parts add up exactly.");
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_sink_z(page->out, "|");
        cell(page, diff->causes[k].words);
        cell(page, at_diff_change(diff, page->arena, diff->causes[k].minor));
        cell(page, at_diff_witness(diff, page->arena, &diff->causes[k]));
        at_sink_z(page->out, "\n");
    }
}

static void write_components(struct page *page) {
    const struct at_diff *diff = page->diff;
    at_sink_z(page->out, "\n### By component\n\n| component | old | new | change |\n|---|---:|---:|---:|\n");
    for (uint32_t c = 0; c < diff->n_components; c++) {
        const struct at_diff_component *component = &diff->components[c];
        at_sink_z(page->out, "|");
        cell(page, component->name);
        cell(page, at_diff_amount(diff, page->arena, component->minor[0]));
        cell(page, at_diff_amount(diff, page->arena, component->minor[1]));
        cell(page, at_diff_change(diff, page->arena, (at_i128)component->minor[1] - component->minor[0]));
        at_sink_z(page->out, "\n");
    }
}

static void write_payees(struct page *page) {
    const struct at_diff *diff = page->diff;
    enum { MOST = 25 };
    uint32_t n, *order = at_diff_by_change(diff, page->arena, &n);
    at_sink_z(page->out, "\n### By payee\n\n");
    if (n == 0) {
        at_sink_z(page->out, "Nobody's pay changes.\n");
        return;
    }
    at_sink_z(page->out, "| payee | old | new | change | of old |\n|---|---:|---:|---:|---:|\n");
    for (uint32_t i = 0; i < n && i < MOST; i++) {
        const struct at_diff_payee *p = &diff->payees[order[i]];
        at_i128 delta = (at_i128)p->minor[1] - p->minor[0];
        at_sink_z(page->out, "|");
        cell(page, at_diff_name(diff, page->arena, order[i]));
        for (int s = 0; s < 2; s++)
            cell(page, p->withheld[s] && p->minor[s] == 0 ? AT_STR("withheld")
                                                          : at_diff_amount(diff, page->arena, p->minor[s]));
        cell(page, at_diff_change(diff, page->arena, delta));
        cell(page, at_diff_percent(page->arena, delta, p->minor[0], true));
        at_sink_z(page->out, "\n");
    }
    if (n > MOST) at_sink_printf(page->out, "\nand %u more.\n", n - MOST);
}

void at_write_diff_markdown(const struct at_diff *diff, const struct at_writer_options *options,
                            struct at_arena *scratch, struct at_sink *out) {
    struct page page = {diff, scratch, out};
    (void)options;
    write_summary(&page);
    write_edits(&page);
    write_causes(&page);
    write_components(&page);
    write_payees(&page);
}
