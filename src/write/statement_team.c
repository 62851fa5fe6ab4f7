/* write/statement_team.c: the page of a manager's team: what each direct report is paid in each period, with
 * progress, limits, and reasons of withheld payouts. It is for the manager, and shows the pay of others. */
#include "write/statement_int.h"

#include "base/sort.h"
#include "base/vec.h"
#include "write/html.h"

#define raw(page, html) at_write_slip_raw(page, html)
#define text(page, s) at_write_slip_text(page, s)
#define said(page, operand) at_write_slip_said(page, operand)

/* Newest period first, then by key. Periods of two policies can have one name. */
static int by_period(const void *left, const void *right) {
    const struct at_explain_story *a = *(struct at_explain_story *const *)left,
                                  *b = *(struct at_explain_story *const *)right;
    if (a->when.ordinal != b->when.ordinal) return a->when.ordinal > b->when.ordinal ? -1 : 1;
    int order = at_str_cmp(a->key, b->key);
    return order ? order : (a->run > b->run) - (a->run < b->run);
}

/* Whether the payee reports to the manager in the period of the story. */
static bool reports(const struct at_session_results *results, const struct at_explain_story *story,
                    at_str manager) {
    const struct at_session_result_run *r = &results->runs[story->run];
    int32_t row = at_session_manager_of(r->run, story->payee, story->period);
    return row >= 0 && at_str_eq(r->keys[row], manager);
}

static void write_member(const struct at_write_slip *page, const struct at_explain_story *story) {
    raw(page, "<tr><td>");
    text(page, story->label.n ? story->label : story->key);
    raw(page, story->label.n ? " <small>" : "<small>");
    text(page, story->label.n ? story->key : (at_str){0});
    raw(page, "</small>");
    for (const struct at_explain_node *step = story->components; story->withheld && step; step = step->next) {
        raw(page, "<br><small class=\"withheld\">");
        said(page, &step->text);
        raw(page, "</small>");
    }
    for (uint32_t i = 0; i < story->n_limits; i++) {
        raw(page, "<br><small>");
        said(page, &story->limits[i].text);
        raw(page, "</small>");
    }
    raw(page, "</td><td class=\"amount\">");
    for (uint32_t i = 0; i < story->n_progress && i < 1; i++)
        said(page, &story->progress[i].value.shown);
    raw(page, "</td><td class=\"amount\">");
    text(page, story->withheld ? at_words_word(page->words, AT_W_WITHHELD_SHORT)
                               : at_write_slip_total(page, story));
    raw(page, "</td></tr>\n");
}

/* The name of the progress that the first member has; members can have other ones. */
static void write_progress_name(const struct at_write_slip *page, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (page->stories[i]->n_progress) {
            said(page, &page->stories[i]->progress[0].name);
            return;
        }
}

static bool one_currency(const struct at_write_slip *page, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (page->results->runs[page->stories[i]->run].checked->currency !=
            page->results->runs[page->stories[from]->run].checked->currency)
            return false;
    return true;
}

static at_str sum_of(const struct at_write_slip *page, size_t from, size_t to) {
    at_i128 sum = 0;
    for (size_t i = from; i < to; i++)
        sum += page->stories[i]->total;
    return at_write_slip_money(page, sum, page->results->runs[page->stories[from]->run].checked->currency);
}

static void write_period(const struct at_write_slip *page, size_t from, size_t to) {
    raw(page, "<section>\n<h2>");
    text(page, at_words_period(page->arena, page->words, page->stories[from]->when));
    raw(page, "</h2>\n<p class=\"result\">");
    if (one_currency(page, from, to)) text(page, sum_of(page, from, to));
    raw(page, "</p>\n<table class=\"rows\"><thead><tr>");
    at_write_slip_cell(page, "<th>", AT_W_PAYEE, "</th><th class=\"amount\">");
    write_progress_name(page, from, to);
    at_write_slip_cell(page, "</th><th class=\"amount\">", AT_W_AMOUNT, "</th></tr></thead>\n<tbody>\n");
    for (size_t i = from; i < to; i++)
        write_member(page, page->stories[i]);
    raw(page, "</tbody></table>\n</section>\n");
}

bool at_write_statement_team(const struct at_session_results *results, struct at_explain_job *explainer,
                             const struct at_session_result_payee *manager,
                             const struct at_write_explain_style *style, struct at_arena *arena,
                             struct at_sink *out) {
    struct at_write_slip page = {results, style->words, arena, out, NULL, 0, NULL};
    AT_VEC(struct at_explain_story *) stories = {0};
    while (at_explain_next_payee(explainer) != UINT32_MAX) {
        struct at_explain_story *story = at_explain_next(explainer, arena);
        if (story && reports(results, story, manager->key)) AT_VEC_PUSH(arena, &stories, story);
    }
    at_sort_items(arena, stories.at, stories.n, sizeof *stories.at, by_period);
    page.stories = stories.at;
    page.n = stories.n;
    at_str name = manager->label.n ? manager->label : manager->key;
    at_str title = AT_SAY(arena, style->words, AT_W_STATEMENT_TEAM, name);
    at_write_html_begin(out, title, style->words->code, AT_WRITE_STATEMENT, at_write_statement_css);
    raw(&page, "<main>\n<header>");
    at_write_slip_cell(&page, "<p class=\"kind\">", AT_W_STATEMENT, "</p>\n<h1>");
    text(&page, title);
    raw(&page, "</h1></header>\n");
    if (page.n == 0) at_write_slip_cell(&page, "<p>", AT_W_NOTHING, "</p>\n");
    for (size_t from = 0, to; from < page.n; from = to) {
        for (to = from + 1;
             to < page.n && page.stories[to]->when.ordinal == page.stories[from]->when.ordinal;)
            to++;
        write_period(&page, from, to);
    }
    at_write_slip_footer(&page, style);
    at_write_html_end(out);
    return page.n > 0;
}
