/* write/diff_decide.c: writes what a reviewer decides by, first on a diff page: the verdict, the sentence,
 * limits, and risks, each with a link to its details.
 *
 * The verdict has no color: green and red mean more and less pay.
 */
#include "write/diff_decision.h"
#include "write/diff_page.h"

static const char *kind_of(uint8_t verdict) {
    return verdict == AT_VERDICT_STOP ? "stop" : verdict == AT_VERDICT_CHECK ? "check" : "ok";
}

static void write_paragraph(const struct at_write_diff_page *page, const char *kind, at_str text) {
    if (text.n == 0) return;
    at_sink_printf(page->out, "<p class=\"%s\">", kind);
    at_write_page_text(page, text);
    at_write_page_z(page, "</p>\n");
}

/* ---------------------------------------------------------------- limits */

static void write_limit(const struct at_write_diff_page *page, const struct at_diff_limit *limit) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_limit_value *value = at_write_diff_limit_shown(limit);
    at_sink_printf(page->out, "<tr class=\"%s\"><th scope=\"row\"><code>",
                   limit->n_exceed ? "exceeded" : "held");
    at_write_page_text(page, limit->text);
    at_write_page_z(page, "</code></th><td>");
    at_write_page_word(page, limit->n_exceed ? AT_W_DIFF_LIMIT_EXCEEDED : AT_W_DIFF_LIMIT_HELD);
    at_write_page_z(page, "</td><td class=\"num\">");
    if (value->found) at_write_page_text(page, at_write_diff_limit_value(diff, page->arena, limit, value));
    at_write_page_z(page, "</td><td>");
    at_write_page_text(page, at_write_diff_limit_where(diff, page->arena, limit));
    at_write_page_z(page, "</td></tr>\n");
}

static void write_limits(const struct at_write_diff_page *page) {
    const struct at_diff_decision *decision = page->diff->decision;
    if (decision->n_limits == 0) return;
    at_write_page_z(page, "<h3>");
    at_write_page_word(page, AT_W_DIFF_LIMITS);
    at_write_page_z(page, "</h3>\n");
    at_write_page_table(page, AT_W_DIFF_LIMITS);
    at_write_page_head(page, AT_W_DIFF_LIMIT, false);
    at_write_page_head(page, AT_W_DIFF_LIMIT_RESULT, false);
    at_write_page_head(page, AT_W_DIFF_LIMIT_VALUE, true);
    at_write_page_head(page, AT_W_DIFF_LIMIT_WHERE, false);
    at_write_page_z(page, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < decision->n_limits; i++)
        write_limit(page, &decision->limits[i]);
    at_write_page_z(page, "</tbody></table></div>\n");
}

/* ---------------------------------------------------------------- risks */

/* The section with the details, and its heading. */
static const char *target_of(const struct at_write_diff_page *page, const struct at_diff_risk *risk,
                             enum at_words_word *heading) {
    switch (risk->target) {
    case AT_TARGET_WITHHELD: *heading = AT_W_DIFF_NEWLY_WITHHELD; return "withheld";
    case AT_TARGET_PAYEE: *heading = AT_W_DIFF_BY_PAYEE; return "payees";
    case AT_TARGET_GROUPS: *heading = AT_W_PAGE_GROUPS; return "groups";
    case AT_TARGET_EDITS:
        *heading = page->diff->n_causes ? AT_W_PAGE_EFFECTS : AT_W_DIFF_EDITS;
        return "edits";
    default: *heading = AT_W_PAGE_TOTALS; return "totals";
    }
}

static void write_risk(const struct at_write_diff_page *page, const struct at_diff_risk *risk) {
    enum at_words_word heading;
    const char *target = target_of(page, risk, &heading);
    at_write_page_z(page, "<li>");
    at_write_page_text(page, at_write_diff_risk(page->diff, page->arena, risk));
    at_str numbers = at_write_diff_numbers(page->arena, risk->causes);
    if (numbers.n) {
        at_write_page_z(page, " ");
        at_write_page_text(page, numbers);
    }
    bool shown = page->diff->n_payees <= AT_PAGE_PAYEES && risk->payee != UINT32_MAX;
    if (risk->target == AT_TARGET_PAYEE && shown)
        at_sink_printf(page->out, " <a href=\"#p-%u\">", risk->payee);
    else
        at_sink_printf(page->out, " <a href=\"#%s\">", target);
    at_write_page_word(page, heading);
    at_write_page_z(page, "</a></li>\n");
}

static void write_risks(const struct at_write_diff_page *page) {
    const struct at_diff_decision *decision = page->diff->decision;
    if (decision->n_risks == 0) return;
    at_write_page_z(page, "<h3>");
    at_write_page_word(page, AT_W_DIFF_RISKS);
    at_write_page_z(page, "</h3>\n<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < decision->n_risks; i++)
        write_risk(page, &decision->risks[i]);
    at_write_page_z(page, "</ul>\n");
}

void at_write_diff_page_decision(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    if (!diff->decision) return;
    at_sink_printf(page->out,
                   "<section id=\"decision\" aria-labelledby=\"decision-h\">"
                   "<h2 id=\"decision-h\" class=\"verdict %s\">",
                   kind_of(diff->decision->verdict));
    at_write_page_text(page, at_write_diff_verdict(diff, page->arena));
    at_write_page_z(page, "</h2>\n");
    write_paragraph(page, "say", at_write_diff_sentence(diff, page->arena));
    write_paragraph(page, "say", at_write_diff_because(diff, page->arena));
    write_paragraph(page, "say", at_write_diff_gamed(diff, page->arena));
    write_limits(page);
    write_risks(page);
    at_write_page_z(page, "</section>\n");
}
