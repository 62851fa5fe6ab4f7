/* write/diff_html.c: writes a difference as one self-contained page for reviewers.
 *
 * The page is complete without its script, which only sorts and filters.
 */
#include "write/diff_decision.h"
#include "write/diff_page.h"

/* ---------------------------------------------------------------- the summary */

static void card(const struct at_write_diff_page *page, enum at_words_word name, at_str value, at_str small,
                 const char *kind) {
    at_sink_printf(page->out, "<div class=\"card %s\"><dt>", kind);
    at_write_page_word(page, name);
    at_write_page_z(page, "</dt><dd>");
    at_write_page_text(page, value);
    if (small.n) {
        at_write_page_z(page, " <small>");
        at_write_page_text(page, small);
        at_write_page_z(page, "</small>");
    }
    at_write_page_z(page, "</dd></div>\n");
}

static void write_header(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    at_write_page_z(page, "<header><h1>");
    at_write_page_text(page, diff->checked[1]->name);
    at_write_page_z(page, "</h1><p>");
    AT_PAGE_SAY(page, AT_W_PAGE_VERSIONS, at_write_page_count(page, diff->checked[0]->version),
                at_write_page_count(page, diff->checked[1]->version),
                at_str_z(at_currency_info(diff->currency)->code), at_write_diff_ends(diff, page->arena));
    at_write_page_z(page, "</p></header>\n");
}

static void write_totals(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct at_arena *arena = page->arena;
    const at_str none = AT_STR(""), share = at_write_diff_cost(diff, arena);
    at_i128 delta = diff->like[1] - diff->like[0];
    at_write_page_section(page, "totals", AT_W_PAGE_TOTALS);
    at_write_page_z(page, "<dl class=\"cards\">\n");
    card(page, AT_W_DIFF_CHANGE, at_write_diff_change(diff, arena, delta),
         at_write_diff_percent(arena, delta, diff->like[0]), at_write_page_direction(delta));
    card(page, AT_W_DIFF_OLD, at_write_diff_amount(diff, arena, diff->like[0]), none, "");
    card(page, AT_W_DIFF_NEW, at_write_diff_amount(diff, arena, diff->like[1]), none, "");
    if (share.n) card(page, AT_W_PAGE_COST, share, none, "");
    card(page, AT_W_PAGE_MORE, at_write_page_count(page, diff->n_winners), none, "");
    card(page, AT_W_PAGE_LESS, at_write_page_count(page, diff->n_losers), none, "");
    if (diff->n_moved) card(page, AT_W_PAGE_MOVED, at_write_page_count(page, diff->n_moved), none, "");
    if (diff->n_held) card(page, AT_W_PAGE_HELD, at_write_page_count(page, diff->n_held), none, "");
    card(page, AT_W_PAGE_SAME, at_write_page_count(page, diff->n_same), none, "");
    at_write_page_z(page, "</dl></section>\n");
}

static void write_warnings(const struct at_write_diff_page *page) {
    at_str warnings[3] = {at_write_diff_withheld(page->diff, page->arena)};
    uint32_t n = 1 + at_write_diff_waits(page->diff, page->arena, warnings + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (warnings[i].n == 0) continue;
        at_write_page_z(page, "<p class=\"warn\">");
        at_write_page_text(page, warnings[i]);
        at_write_page_z(page, "</p>\n");
    }
}

static void write_sources(const struct at_write_diff_page *page) {
    uint32_t n = 0;
    const at_str *lines = page->diff->decision ? at_write_diff_sources(page->diff, page->arena, &n) : NULL;
    if (n == 0) return;
    at_write_page_section(page, "sources", AT_W_DIFF_SOURCES);
    at_write_page_z(page, "<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < n; i++) {
        at_write_page_z(page, "<li>");
        at_write_page_text(page, lines[i]);
        at_write_page_z(page, "</li>\n");
    }
    at_write_page_z(page, "</ul></section>\n");
}

/* ---------------------------------------------------------------- the page */

/* Counts what goes to the caller's sink, so that the page can end before it becomes too large. */
struct counted {
    struct at_sink sink, *out;
    uint64_t n;
};

static int count(void *context, const char *bytes, size_t n) {
    struct counted *counted = context;
    counted->n += n;
    at_sink_put(counted->out, bytes, n);
    return 0;
}

void at_write_diff_html(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out) {
    struct counted *counted = AT_NEW(scratch, struct counted);
    counted->out = out;
    at_sink_init(&counted->sink, count, counted);
    const struct at_write_diff_page page = {.diff = diff,
                                            .words = diff->words,
                                            .stories = options->stories,
                                            .causes = at_write_diff_cause_texts(diff, scratch),
                                            .arena = scratch,
                                            .out = &counted->sink,
                                            .written = &counted->n};
    at_str title = AT_SAY(scratch, page.words, AT_W_PAGE_TITLE, diff->checked[1]->name,
                          at_write_page_count(&page, diff->checked[0]->version),
                          at_write_page_count(&page, diff->checked[1]->version));
    at_write_html_begin(page.out, title, page.words->code, "attain diff", at_write_diff_css);
    at_write_page_z(&page, "<main>\n");
    write_header(&page);
    at_write_diff_page_decision(&page);
    at_write_diff_page_edits(&page);
    write_totals(&page);
    write_warnings(&page);
    at_write_diff_page_withheld(&page);
    at_write_diff_page_sums(&page);
    at_write_page_z(&page, "<div class=\"pair\">\n");
    at_write_diff_scatter(&page);
    at_write_diff_histogram(&page);
    at_write_page_z(&page, "</div>\n");
    at_write_diff_payee_table(&page);
    write_sources(&page);
    at_write_page_z(&page, "</main>\n<script>\n");
    at_write_page_z(&page, at_write_diff_page_script);
    at_write_page_z(&page, "</script>\n");
    at_write_html_end(page.out);
    at_sink_flush(page.out);
}
