/* write/statement_deals.c: every deal of a period with what the policy reads of it and what it paid, and the
 * rows of measures that are not deals, such as quotas. */
#include "write/statement_int.h"

#include "write/html.h"

#define raw(page, html) at_write_slip_raw(page, html)
#define text(page, s) at_write_slip_text(page, s)
#define said(page, operand) at_write_slip_said(page, operand)
#define word(page, w) at_write_slip_word(page, w)

/* ---- deals */

static at_currency currency_of(const struct at_write_slip *page, const struct at_explain_story *story) {
    return story->currency ? story->currency : page->results->runs[story->run].checked->currency;
}

/* The day, and what else the policy reads. */
static void write_about(const struct at_write_slip *page, const struct at_explain_deal *deal) {
    if (deal->date.kind == AT_OPERAND_NONE && deal->n_fields == 0) return;
    raw(page, "<br><small>");
    said(page, &deal->date);
    for (uint32_t i = 0; i < deal->n_fields; i++) {
        raw(page, i || deal->date.kind != AT_OPERAND_NONE ? " · " : "");
        said(page, &deal->fields[i]);
    }
    raw(page, "</small>");
}

static void write_deal(const struct at_write_slip *page, const struct at_explain_story *story,
                       const struct at_explain_deal *deal) {
    raw(page, "<tr><td>");
    said(page, &deal->name);
    write_about(page, deal);
    raw(page, "</td><td class=\"amount\">");
    said(page, &deal->counted);
    raw(page, "</td>");
    if (story->by_deal) {
        raw(page, "<td class=\"amount\">");
        text(page, at_write_slip_money(page, deal->paid, currency_of(page, story)));
        raw(page, "</td>");
    }
    raw(page, "</tr>\n");
}

static void write_other(const struct at_write_slip *page, const struct at_explain_story *story,
                        enum at_words_word name, at_i128 amount) {
    if (amount == 0) return;
    at_write_slip_cell(page, "<tr class=\"other\"><td colspan=\"2\">", name, "</td><td class=\"amount\">");
    text(page, at_write_slip_money(page, amount, currency_of(page, story)));
    raw(page, "</td></tr>\n");
}

static void write_total(const struct at_write_slip *page, const struct at_explain_story *story) {
    at_i128 total = story->currency ? story->local : story->total;
    raw(page, "<tfoot>");
    write_other(page, story, AT_W_DEALS_POOLS, story->paid_pools);
    write_other(page, story, AT_W_DEALS_OTHERWISE, story->paid_otherwise);
    at_write_slip_cell(page, "<tr><th colspan=\"2\">", AT_W_TOTAL, "</th><td class=\"amount\">");
    text(page, at_write_slip_money(page, total, currency_of(page, story)));
    raw(page, "</td></tr></tfoot>");
}

static void write_list(const struct at_write_slip *page, const struct at_explain_story *story) {
    raw(page, "<table class=\"rows\"><thead><tr>");
    at_write_slip_cell(page, "<th>", AT_W_KEY, "</th>");
    at_write_slip_cell(page, "<th class=\"amount\">", AT_W_CREDITED, "</th>");
    if (story->by_deal) at_write_slip_cell(page, "<th class=\"amount\">", AT_W_PAID_FOR, "</th>");
    raw(page, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < story->n_deals; i++)
        write_deal(page, story, &story->deals[i]);
    raw(page, "</tbody>\n");
    if (story->by_deal) write_total(page, story);
    raw(page, "</table>\n");
    if (story->by_deal_shares) at_write_slip_cell(page, "<p class=\"of\">", AT_W_DEALS_DIVIDED, "</p>\n");
}

/* ---- rows of other measures */

static bool has_rows(const struct at_explain_node *step) {
    if (step->listed) return false;
    for (const struct at_explain_node *child = step->first; child; child = child->next)
        if (child->kind == AT_STEP_ROW) return true;
    return false;
}

static void write_row(const struct at_write_slip *page, const struct at_explain_node *step) {
    bool more = step->kind == AT_STEP_MORE;
    raw(page, more ? "<tr class=\"more\"><td colspan=\"2\">" : "<tr><td>");
    said(page, more ? &step->text : &step->name);
    if (!more) {
        raw(page, "</td><td class=\"date\">");
        said(page, &step->date);
    }
    raw(page, "</td><td class=\"amount\">");
    if (step->has_value) said(page, &step->value.shown);
    raw(page, "</td></tr>\n");
}

static void write_rows(const struct at_write_slip *page, const struct at_explain_node *measure) {
    if (!has_rows(measure)) return;
    raw(page, "<table class=\"rows\"><caption>");
    if (measure->label.n)
        text(page, measure->label);
    else
        said(page, &measure->name);
    raw(page, " <span>");
    said(page, &measure->value.shown);
    raw(page, "</span></caption><thead><tr>");
    at_write_slip_cell(page, "<th>", AT_W_KEY, "</th>");
    at_write_slip_cell(page, "<th>", AT_W_DATE, "</th>");
    at_write_slip_cell(page, "<th class=\"amount\">", AT_W_CREDITED, "</th></tr></thead>\n<tbody>\n");
    for (const struct at_explain_node *child = measure->first; child; child = child->next)
        if (child->kind == AT_STEP_ROW || child->kind == AT_STEP_MORE) write_row(page, child);
    raw(page, "</tbody></table>\n");
}

void at_write_slip_deals(const struct at_write_slip *page, const struct at_explain_story *story) {
    bool any = story->n_deals > 0;
    for (const struct at_explain_node *step = story->measures; step; step = step->next)
        any |= has_rows(step);
    for (const struct at_explain_node *step = story->components; step; step = step->next)
        any |= has_rows(step);
    if (!any) return;
    at_write_slip_heading(page, AT_W_DEALS);
    if (story->n_deals > 0) write_list(page, story);
    for (const struct at_explain_node *step = story->components; step; step = step->next)
        write_rows(page, step);
    for (const struct at_explain_node *step = story->measures; step; step = step->next)
        write_rows(page, step);
}
