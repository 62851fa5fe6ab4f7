/* write/diff_html.c: writes a difference as one self-contained page for reviewers.
 *
 * The page is complete without its script, which only sorts and filters.
 */
#include "write/diff_page.h"

/* ---------------------------------------------------------------- pieces */

static void card(const struct at_write_diff_page *page, const char *name, at_str value, at_str small,
                 const char *kind) {
    at_sink_printf(page->out, "<div class=\"card %s\"><dt>%s</dt><dd>", kind, name);
    at_write_page_text(page, value);
    if (small.n) {
        at_write_page_z(page, " <small>");
        at_write_page_text(page, small);
        at_write_page_z(page, "</small>");
    }
    at_write_page_z(page, "</dd></div>\n");
}

/* ---------------------------------------------------------------- the summary */

static void write_summary(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct at_arena *arena = page->arena;
    at_i128 delta = diff->minor[1] - diff->minor[0];
    at_str code = at_str_z(at_currency_info(diff->currency)->code), share = at_write_diff_cost(diff, arena);
    at_write_page_z(page, "<header><h1>");
    at_write_page_text(page, diff->checked[1]->name);
    at_sink_printf(page->out, "</h1><p>version %u → version %u, amounts in ", diff->checked[0]->version,
                   diff->checked[1]->version);
    at_write_page_text(page, code);
    at_write_page_z(page, ", ");
    at_write_page_text(page, at_write_diff_ends(diff, arena));
    at_write_page_z(page, "</p></header>\n<dl class=\"cards\">\n");
    card(page, "old", at_write_diff_amount(diff, arena, diff->minor[0]), AT_STR(""), "");
    card(page, "new", at_write_diff_amount(diff, arena, diff->minor[1]), AT_STR(""), "");
    card(page, "change", at_write_diff_change(diff, arena, delta),
         at_write_diff_percent(arena, delta, diff->minor[0]),
         delta > 0   ? "up"
         : delta < 0 ? "down"
                     : "");
    if (share.n) card(page, "share of credited sales", share, AT_STR(""), "");
    card(page, "get more", at_str_format(arena, "%u", diff->n_winners), AT_STR(""), "");
    card(page, "get less", at_str_format(arena, "%u", diff->n_losers), AT_STR(""), "");
    if (diff->n_moved)
        card(page, "the same in total, not in each period", at_str_format(arena, "%u", diff->n_moved),
             AT_STR(""), "");
    card(page, "the same", at_str_format(arena, "%u", diff->n_same), AT_STR(""), "");
    at_write_page_z(page, "</dl>\n");
    at_str warnings[3] = {at_write_diff_withheld(diff, arena)};
    uint32_t n = 1 + at_write_diff_waits(diff, arena, warnings + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (warnings[i].n == 0) continue;
        at_write_page_z(page, "<p class=\"warn\">");
        at_write_page_text(page, warnings[i]);
        at_write_page_z(page, "</p>\n");
    }
}

/* ---------------------------------------------------------------- edits and causes */

static void write_edits(const struct at_write_diff_page *page) {
    const struct at_diff_edits *edits = page->diff->edits;
    if (!edits) return;
    at_write_page_z(page, "<section id=\"edits\"><h2>Edits</h2>\n");
    if (edits->n == 0) at_write_page_z(page, "<p>None. The two versions are equal.</p>\n");
    if (edits->n) at_write_page_z(page, "<ol>\n");
    for (uint32_t i = 0; i < edits->n; i++) {
        at_write_page_z(page, "<li><b>");
        at_write_page_text(page, at_write_diff_subject_text(page->arena, &edits->at[i]));
        at_write_page_z(page, "</b>: ");
        at_write_page_text(page, at_write_diff_change_text(page->arena, &edits->at[i]));
        at_write_page_z(page, edits->at[i].pays ? "</li>\n" : " <small>(does not change pay)</small></li>\n");
    }
    at_write_page_z(page, edits->n ? "</ol></section>\n" : "</section>\n");
}

static at_i128 in_order(const struct at_diff *diff, uint32_t cause, struct at_arena *arena) {
    at_i128 sum = 0;
    for (uint64_t r = 0; diff->sequential && r < diff->n_rows; r++) {
        at_arena_poll(arena);
        sum += diff->sequential[r * diff->n_causes + cause];
    }
    return sum;
}

static void write_cause(const struct at_write_diff_page *page, uint32_t k) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_cause *cause = &diff->causes[k];
    at_write_page_z(page, "<tr><td>");
    at_write_page_text(page, page->causes[k]);
    at_write_page_z(page, "</td>");
    at_write_page_change(page, cause->minor);
    if (diff->sequential) at_write_page_change(page, in_order(diff, k, page->arena));
    at_write_page_z(page, "<td class=\"case\">");
    at_str witness = at_write_diff_witness(diff, page->arena, cause);
    if (witness.n == 0 && !cause->data) witness = AT_STR("no effect on this data by itself");
    at_write_page_text(page, witness);
    at_write_page_z(page, "</td></tr>\n");
}

static void write_causes(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    if (diff->n_causes == 0) return;
    at_write_page_z(page, "<section id=\"causes\"><h2>Effect of each edit</h2>\n");
    at_write_diff_waterfall(page);
    at_write_page_z(page, diff->shapley
                              ? "<p class=\"note\">The effect of an edit is its Shapley value, the "
                                "average effect over all orders of the edits. The next column shows its "
                                "effect in policy order. Both columns add up to the change exactly.</p>\n"
                              : "<p class=\"note\">Each effect is calculated in policy order. The "
                                "effects add up to the change exactly.</p>\n");
    at_write_page_z(page,
                    "<div class=\"wide\"><table>\n<thead><tr><th>edit</th><th class=\"num\">effect</th>");
    if (diff->sequential) at_write_page_z(page, "<th class=\"num\">in policy order</th>");
    at_write_page_z(page, "<th>smallest example</th></tr></thead>\n<tbody>\n");
    for (uint32_t k = 0; k < diff->n_causes; k++)
        write_cause(page, k);
    at_write_page_z(page, "</tbody></table></div></section>\n");
}

static void write_components(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    at_write_page_z(page, "<section id=\"components\"><h2>By component</h2>\n<div class=\"wide\"><table>\n"
                          "<thead><tr><th>component</th><th class=\"num\">old</th><th class=\"num\">new</th>"
                          "<th class=\"num\">change</th></tr></thead>\n<tbody>\n");
    for (uint32_t c = 0; c < diff->n_components; c++) {
        const struct at_diff_component *component = &diff->components[c];
        at_write_page_z(page, "<tr><td>");
        at_write_page_text(page, component->label.n ? component->label : component->name);
        if (component->index[0] < 0) at_write_page_z(page, " <small>new</small>");
        if (component->index[1] < 0) at_write_page_z(page, " <small>removed</small>");
        at_write_page_z(page, "</td>");
        at_write_page_amount(page, component->minor[0]);
        at_write_page_amount(page, component->minor[1]);
        at_write_page_change(page, component->minor[1] - component->minor[0]);
        at_write_page_z(page, "</tr>\n");
    }
    at_write_page_z(page, "</tbody></table></div></section>\n");
}

/* ---------------------------------------------------------------- the page */

void at_write_diff_html(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out) {
    const struct at_write_diff_page page = {diff, options->stories, at_write_diff_cause_texts(diff, scratch),
                                            scratch, out};
    at_str title = at_str_format(scratch, "%.*s: version %u → %u", AT_STR_ARG(diff->checked[1]->name),
                                 diff->checked[0]->version, diff->checked[1]->version);
    at_write_html_begin(out, title, diff->words->code, "attain diff", at_write_diff_css);
    at_write_page_z(&page, "<main>\n");
    write_summary(&page);
    write_edits(&page);
    write_causes(&page);
    at_write_page_z(&page, "<div class=\"pair\">\n");
    at_write_diff_scatter(&page);
    at_write_diff_histogram(&page);
    at_write_page_z(&page, "</div>\n");
    write_components(&page);
    at_write_diff_payee_table(&page);
    at_write_page_z(&page, "</main>\n<script>\n");
    at_write_page_z(&page, at_write_diff_page_script);
    at_write_page_z(&page, "</script>\n");
    at_write_html_end(out);
}
