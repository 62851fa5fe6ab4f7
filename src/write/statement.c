/* write/statement.c: writes the page of one payee, and the index of all pages. */
#include "write/statement_int.h"

#include "base/money.h"
#include "base/vec.h"
#include "write/html.h"
#include "write/plot.h"

#define raw(page, html) at_write_slip_raw(page, html)
#define text(page, s) at_write_slip_text(page, s)
#define said(page, operand) at_write_slip_said(page, operand)
#define word(page, w) at_write_slip_word(page, w)
#define heading(page, w) at_write_slip_heading(page, w)

static at_str period_of(const struct at_write_slip *page, const struct at_explain_story *story) {
    return at_words_period(page->arena, page->words, story->when);
}

/* ---- measures that the policy shows */

static void write_shown(const struct at_write_slip *page, const struct at_explain_story *story) {
    if (story->covered.kind) {
        raw(page, "<p class=\"covered\">");
        said(page, &story->covered);
        raw(page, "</p>\n");
    }
    if (story->n_shown + story->n_owed == 0) return;
    raw(page, "<table class=\"components\"><tbody>\n");
    for (uint32_t i = 0; i < story->n_shown; i++) {
        raw(page, "<tr><td>");
        text(page, story->shown[i].label);
        raw(page, "</td><td class=\"amount\">");
        at_write_slip_sentence(page,
                               at_write_explain_shown_value(&story->shown[i], page->words, page->arena));
        raw(page, "</td></tr>\n");
    }
    for (uint32_t i = 0; i < story->n_owed; i++) {
        raw(page, "<tr><td>");
        said(page, &story->owed[i].name);
        raw(page, "</td><td class=\"amount\">");
        said(page, &story->owed[i].shown);
        raw(page, "</td></tr>\n");
    }
    raw(page, "</tbody></table>\n");
}

/* ---- what is held of deals, and when it is due */

static void write_held_row(const struct at_write_slip *page, const struct at_explain_held *held) {
    raw(page, "<tr><td>");
    said(page, &held->key);
    raw(page, "<br><small>");
    text(page, held->component);
    raw(page, "</small></td><td>");
    said(page, &held->earned);
    raw(page, "</td><td class=\"date\">");
    said(page, &held->due);
    raw(page, "</td><td class=\"amount\">");
    said(page, &held->shown);
    raw(page, "</td></tr>\n");
}

static void write_held(const struct at_write_slip *page, const struct at_explain_story *story) {
    if (story->n_held == 0) return;
    heading(page, AT_W_HELD);
    raw(page, "<table class=\"rows\"><thead><tr>");
    at_write_slip_cell(page, "<th>", AT_W_KEY, "</th>");
    at_write_slip_cell(page, "<th>", AT_W_HELD_EARNED, "</th>");
    at_write_slip_cell(page, "<th>", AT_W_HELD_DUE, "</th>");
    at_write_slip_cell(page, "<th class=\"amount\">", AT_W_AMOUNT, "</th>");
    raw(page, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < story->n_held; i++)
        write_held_row(page, &story->held[i]);
    if (story->more_held) {
        at_words_operand more = AT_SAID(page->arena, AT_W_HELD_OTHERS, at_words_count(story->more_held));
        raw(page, "<tr class=\"more\"><td colspan=\"4\">");
        said(page, &more);
        raw(page, "</td></tr>\n");
    }
    raw(page, "</tbody>\n<tfoot><tr><th colspan=\"3\">");
    word(page, AT_W_TOTAL);
    raw(page, "</th><td class=\"amount\">");
    said(page, &story->held_amount);
    raw(page, "</td></tr></tfoot></table>\n");
}

/* ---- the calculation */

static void write_steps(const struct at_write_slip *page, const struct at_explain_node *step) {
    if (!step) return;
    raw(page, "<ul>\n");
    for (; step; step = step->next) {
        raw(page, step->kind == AT_STEP_NEXT ? "<li class=\"next\">" : "<li>");
        said(page, &step->text);
        write_steps(page, step->first);
        raw(page, "</li>\n");
    }
    raw(page, "</ul>\n");
}

static void write_details(const struct at_write_slip *page, const struct at_explain_node *step) {
    for (; step; step = step->next) {
        if (step->idle) continue;
        raw(page, "<details><summary>");
        said(page, &step->text);
        raw(page, "</summary>\n");
        if (step->source.n) {
            raw(page, "<p class=\"source\"><code>");
            text(page, step->source);
            raw(page, "</code></p>\n");
        }
        write_steps(page, step->first);
        raw(page, "</details>\n");
    }
}

/* ---- a period, a page */

static void write_story(const struct at_write_slip *page, size_t at) {
    const struct at_explain_story *story = page->stories[at];
    raw(page, "<section>\n<h2>");
    text(page, period_of(page, story));
    raw(page, "</h2>\n");
    if (story->withheld) {
        for (const struct at_explain_node *step = story->components; step; step = step->next) {
            raw(page, "<p class=\"withheld\">");
            said(page, &step->text);
            raw(page, "</p>\n");
        }
        write_shown(page, story);
        write_held(page, story);
        raw(page, "</section>\n");
        return;
    }
    at_write_slip_front(page, story);
    write_shown(page, story);
    at_write_slip_components(page, story);
    at_write_slip_hints(page, story);
    at_write_statement_curve_html(page->results, story, page->curves[at], page->words, page->arena,
                                  page->out);
    write_held(page, story);
    at_write_slip_deals(page, story);
    heading(page, AT_W_EXPLAINED);
    write_details(page, story->components);
    write_details(page, story->measures);
    raw(page, "</section>\n");
}

static void write_policy(const struct at_write_slip *page, uint32_t run) {
    const struct at_check_policy *checked = page->results->runs[run].checked;
    at_str number = at_str_format(page->arena, "%u", checked->version);
    text(page, checked->version ? AT_SAY(page->arena, page->words, AT_W_OF_POLICY, checked->name, number)
                                : checked->name);
}

/* The stories are in the order of the policies, so each policy is named once. */
static void write_header(const struct at_write_slip *page, const struct at_explain_story *story) {
    raw(page, "<main>\n<header><p class=\"kind\">");
    word(page, AT_W_STATEMENT);
    raw(page, "</p>\n<h1>");
    text(page, story->label.n ? story->label : story->key);
    raw(page, "</h1>\n<p class=\"policy\">");
    if (story->label.n) {
        text(page, story->key);
        raw(page, " · ");
    }
    for (size_t i = 0; i < page->n; i++) {
        if (i && page->stories[i]->run == page->stories[i - 1]->run) continue;
        if (i) raw(page, " · ");
        write_policy(page, page->stories[i]->run);
    }
    raw(page, "</p></header>\n");
}

/* Makes the curves of all stories. Returns the style sheet of the page. */
static const char *make_curves(struct at_write_slip *page) {
    bool any = false;
    page->curves = AT_NEW_ARRAY(page->arena, struct at_write_statement_curve *, page->n + 1);
    for (size_t i = 0; i < page->n; i++) {
        page->curves[i] = at_write_statement_curve(page->results, page->stories[i], page->words, page->arena);
        any |= page->curves[i] != NULL;
    }
    if (!any) return at_write_statement_css;
    return at_str_format(page->arena, "%s%s", at_write_plot_css, at_write_statement_css).p;
}

void at_write_statement(const struct at_session_results *results, struct at_explain_job *explainer,
                        const struct at_write_explain_style *style, struct at_arena *arena,
                        struct at_sink *out) {
    struct at_write_slip page = {results, style->words, arena, out, NULL, 0, NULL};
    AT_VEC(struct at_explain_story *) stories = {0};
    uint32_t payee = at_explain_next_payee(explainer);
    while (payee != UINT32_MAX && at_explain_next_payee(explainer) == payee)
        AT_VEC_PUSH(arena, &stories, at_explain_next(explainer, arena));
    page.stories = stories.at;
    page.n = stories.n;
    at_str title = at_words_word(style->words, AT_W_STATEMENT);
    if (page.n) {
        at_str who = page.stories[0]->label.n ? page.stories[0]->label : page.stories[0]->key;
        at_str period = period_of(&page, page.stories[0]);
        if (page.n > 1)
            period =
                AT_SAY(arena, style->words, AT_W_RANGE, period, period_of(&page, page.stories[page.n - 1]));
        title = AT_SAY(arena, style->words, AT_W_STATEMENT_OF, who, period);
    }
    at_write_html_begin(out, title, style->words->code, AT_WRITE_STATEMENT, make_curves(&page));
    if (page.n) {
        write_header(&page, page.stories[0]);
        at_write_slip_periods(&page);
        for (size_t i = page.n; i-- > 0;)
            write_story(&page, i);
    } else {
        raw(&page, "<main><p>");
        word(&page, AT_W_NOTHING);
        raw(&page, "</p>");
    }
    at_write_slip_footer(&page, style);
    at_write_html_end(out);
}

/* ---- the list of pages */

static void write_entry(const struct at_write_slip *page, const struct at_session_result_payee *payee,
                        at_str file) {
    const struct at_session_result_run *r = &page->results->runs[payee->run];
    raw(page, "<tr><td><a href=\"");
    at_write_html_plain(page->out, file);
    raw(page, "\">");
    text(page, payee->label.n ? payee->label : payee->key);
    raw(page, "</a>");
    if (payee->label.n) {
        raw(page, " <small>");
        text(page, payee->key);
        raw(page, "</small>");
    }
    raw(page, "</td><td class=\"amount\">");
    text(page,
         at_write_explain_amount(r, payee->amount, payee->local, payee->currency, page->words, page->arena));
    raw(page, "</td></tr>\n");
}

void at_write_statement_index(const struct at_session_results *results, const at_str *files,
                              const struct at_words *words, struct at_arena *arena, struct at_sink *out) {
    struct at_write_slip page = {results, words, arena, out, NULL, 0, NULL};
    at_write_html_begin(out, at_words_word(words, AT_W_ALL_STATEMENTS), words->code, AT_WRITE_STATEMENT,
                        at_write_statement_css);
    raw(&page, "<main>\n<header><h1>");
    word(&page, AT_W_ALL_STATEMENTS);
    raw(&page, "</h1>\n");
    for (uint32_t i = 0; i < results->n_runs; i++) {
        raw(&page, "<p class=\"policy\">");
        text(&page, results->runs[i].checked->name);
        raw(&page, "</p>\n");
    }
    raw(&page, "</header>\n<table class=\"list\"><thead><tr><th>");
    word(&page, AT_W_PAYEE);
    raw(&page, "</th><th class=\"amount\">");
    word(&page, AT_W_AMOUNT);
    raw(&page, "</th></tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < results->n_payees; i++)
        if (files[i].n) write_entry(&page, &results->payees[i], files[i]);
    raw(&page, "</tbody></table>\n</main>\n");
    at_write_html_end(out);
}
