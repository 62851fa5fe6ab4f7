/* write/statement.c: writes the page of one payee, and the index of all pages. */
#include "write/statement.h"

#include "base/numtext.h"
#include "base/vec.h"
#include "write/explain.h"
#include "write/html.h"
#include "write/plot.h"
#include "write/statement_curve.h"
#include "write/writer.h"

/* What marks a page as written by `attain statement`, which replaces a folder only if all pages in it have
 * it. */
#define STATEMENT "attain statement"

extern const char at_write_statement_css[];

struct page {
    const struct at_session_results *results;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
    struct at_explain_story **stories;
    size_t n;
    struct at_write_statement_curve **curves; /* by story; NULL: none */
};

/* ---- pieces */

static void raw(const struct page *page, const char *html) {
    at_sink_z(page->out, html);
}

static void text(const struct page *page, at_str s) {
    at_write_html_text(page->out, s);
}

static void sentence(const struct page *page, at_str s) {
    struct at_words_sentence_part part;
    while (at_words_sentence_next(&s, &part)) {
        raw(page, part.code ? "<code>" : "");
        text(page, part.text);
        raw(page, part.code ? "</code>" : "");
    }
}

static void shown(const struct page *page, const at_words_operand *operand) {
    text(page, at_words_write_operand(page->arena, page->words, operand));
}

static void said(const struct page *page, const at_words_operand *operand) {
    sentence(page, at_words_write_operand(page->arena, page->words, operand));
}

static at_str period_of(const struct page *page, const struct at_explain_story *story) {
    return at_words_period(page->arena, page->words, story->when);
}

static void word(const struct page *page, enum at_words_word w) {
    text(page, at_words_word(page->words, w));
}

/* The total of a story, with the amount paid in the currency of the payee. */
static at_str total_of(const struct page *page, const struct at_explain_story *story) {
    return at_write_explain_amount(&page->results->runs[story->run], story->total, story->local,
                                   story->currency, page->words, page->arena);
}

/* A million and more, in the unit in which the language counts: ¥1,000,000.00（100万）. */
static void large(const struct page *page, const struct at_explain_story *story) {
    const struct at_session_result_run *r = &page->results->runs[story->run];
    at_i128 million = 1000000;
    for (unsigned i = 0; i < r->currency->digits; i++)
        million *= 10;
    if (at_words_word(page->words, AT_W_LARGE).n == 0 || (story->total < million && story->total > -million))
        return;
    bool shortened = false;
    at_num amount = at_num_decimal128(story->total, r->currency->digits + 4);
    at_str number = at_num_print_short(page->arena, amount, 2, true, &shortened);
    number = at_words_number(page->arena, page->words, number);
    if (shortened) number = at_str_format(page->arena, "≈%.*s", AT_STR_ARG(number));
    raw(page, "<small>");
    text(page, AT_SAY(page->arena, page->words, AT_W_LARGE, number));
    raw(page, "</small>");
}

static void heading(const struct page *page, enum at_words_word w) {
    raw(page, "<h3>");
    word(page, w);
    raw(page, "</h3>\n");
}

/* ---- progress: a bar whose mark is 100 % */

static void write_progress(const struct page *page, const struct at_explain_progress *p) {
    /* The bar ends at 125%, or at the value if it is larger, so the mark of 100% is always inside. */
    uint32_t scale = p->permille > 1250 ? p->permille : 1250;
    raw(page, "<div class=\"progress\"><div class=\"row\"><span class=\"name\">");
    shown(page, &p->name);
    raw(page, "</span><strong>");
    shown(page, &p->value.shown);
    raw(page, "</strong></div>\n<div class=\"bar\" role=\"img\" aria-label=\"");
    at_write_html_plain(page->out, at_words_write_operand(page->arena, page->words, &p->value.shown));
    at_sink_printf(page->out, "\"><i class=\"%s\" style=\"width:%u.%u%%\"></i>",
                   p->permille >= 1000 ? "full" : "part", p->permille * 100 / scale,
                   p->permille * 1000 / scale % 10);
    at_sink_printf(page->out, "<b style=\"left:%u.%u%%\"></b></div>\n<div class=\"of\">", 100000 / scale,
                   1000000 / scale % 10);
    shown(page, &p->of_text);
    raw(page, "</div></div>\n");
}

/* ---- measures that the policy shows */

static void write_shown(const struct page *page, const struct at_explain_story *story) {
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
        sentence(page, at_write_explain_shown_value(&story->shown[i], page->words, page->arena));
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

static void cell(const struct page *page, enum at_words_word w, const char *kind) {
    raw(page, kind);
    word(page, w);
    raw(page, "</th>");
}

static void write_held_row(const struct page *page, const struct at_explain_held *held) {
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

static void write_held(const struct page *page, const struct at_explain_story *story) {
    if (story->n_held == 0) return;
    heading(page, AT_W_HELD);
    raw(page, "<table class=\"rows\"><thead><tr>");
    cell(page, AT_W_KEY, "<th>");
    cell(page, AT_W_HELD_EARNED, "<th>");
    cell(page, AT_W_HELD_DUE, "<th>");
    cell(page, AT_W_AMOUNT, "<th class=\"amount\">");
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

/* ---- components */

static void write_components(const struct page *page, const struct at_explain_story *story) {
    raw(page, "<table class=\"components\"><thead><tr><th>");
    word(page, AT_W_COMPONENT);
    raw(page, "</th><th class=\"amount\">");
    word(page, AT_W_AMOUNT);
    raw(page, "</th></tr></thead>\n<tbody>\n");
    for (const struct at_explain_node *step = story->components; step; step = step->next) {
        bool zero = at_num_is_zero(at_explain_node_num(step));
        raw(page, zero ? "<tr class=\"zero\"><td>" : "<tr><td>");
        text(page, step->label.n ? step->label : step->name.text);
        raw(page, "</td><td class=\"amount\">");
        shown(page, &step->value.shown);
        raw(page, "</td></tr>\n");
    }
    raw(page, "</tbody>\n<tfoot><tr><th>");
    word(page, AT_W_TOTAL);
    raw(page, "</th><td class=\"amount\">");
    text(page, total_of(page, story));
    raw(page, "</td></tr></tfoot></table>\n");
}

/* ---- credited rows, by measure */

static bool has_rows(const struct at_explain_node *step) {
    for (const struct at_explain_node *child = step->first; child; child = child->next)
        if (child->kind == AT_STEP_ROW) return true;
    return false;
}

static void write_row(const struct page *page, const struct at_explain_node *step) {
    bool more = step->kind == AT_STEP_MORE;
    raw(page, more ? "<tr class=\"more\"><td colspan=\"2\">" : "<tr><td>");
    shown(page, more ? &step->text : &step->name);
    if (!more) {
        raw(page, "</td><td class=\"date\">");
        shown(page, &step->date);
    }
    raw(page, "</td><td class=\"amount\">");
    if (step->has_value) shown(page, &step->value.shown);
    raw(page, "</td></tr>\n");
}

static void write_rows(const struct page *page, const struct at_explain_node *measure) {
    if (!has_rows(measure)) return;
    raw(page, "<table class=\"rows\"><caption>");
    if (measure->label.n)
        text(page, measure->label);
    else
        shown(page, &measure->name);
    raw(page, " <span>");
    shown(page, &measure->value.shown);
    raw(page, "</span></caption><thead><tr><th>");
    word(page, AT_W_KEY);
    raw(page, "</th><th>");
    word(page, AT_W_DATE);
    raw(page, "</th><th class=\"amount\">");
    word(page, AT_W_CREDITED);
    raw(page, "</th></tr></thead>\n<tbody>\n");
    for (const struct at_explain_node *child = measure->first; child; child = child->next)
        if (child->kind == AT_STEP_ROW || child->kind == AT_STEP_MORE) write_row(page, child);
    raw(page, "</tbody></table>\n");
}

static void write_deals(const struct page *page, const struct at_explain_story *story) {
    bool any = false;
    for (const struct at_explain_node *step = story->measures; step; step = step->next)
        any |= has_rows(step);
    for (const struct at_explain_node *step = story->components; step; step = step->next)
        any |= has_rows(step);
    if (!any) return;
    heading(page, AT_W_DEALS);
    for (const struct at_explain_node *step = story->components; step; step = step->next)
        write_rows(page, step);
    for (const struct at_explain_node *step = story->measures; step; step = step->next)
        write_rows(page, step);
}

/* ---- the calculation */

static void write_steps(const struct page *page, const struct at_explain_node *step) {
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

static void write_details(const struct page *page, const struct at_explain_node *step) {
    for (; step; step = step->next) {
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

static void write_hints(const struct page *page, const struct at_explain_story *story) {
    if (story->n_hints == 0) return;
    heading(page, AT_W_NEXT_TIER);
    raw(page, "<ul class=\"hints\">\n");
    for (uint32_t i = 0; i < story->n_hints; i++) {
        raw(page, "<li>");
        said(page, &story->hints[i].text);
        raw(page, "</li>\n");
    }
    raw(page, "</ul>\n");
}

/* ---- a period, a page */

static void write_story(const struct page *page, size_t at) {
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
    raw(page, "<p class=\"result\">");
    text(page, total_of(page, story));
    large(page, story);
    raw(page, "</p>\n");
    write_shown(page, story);
    for (uint32_t i = 0; i < story->n_progress; i++)
        write_progress(page, &story->progress[i]);
    write_components(page, story);
    write_hints(page, story);
    at_write_statement_curve_html(page->results, story, page->curves[at], page->words, page->arena,
                                  page->out);
    write_held(page, story);
    write_deals(page, story);
    heading(page, AT_W_EXPLAINED);
    write_details(page, story->components);
    write_details(page, story->measures);
    raw(page, "</section>\n");
}

/* Where there are several periods: what each came to. */
static void write_overview(const struct page *page) {
    at_i128 all = 0, local = 0;
    at_currency currency = 0;
    if (page->n < 2) return;
    raw(page, "<table class=\"components\"><thead><tr><th>");
    word(page, AT_W_PERIODS);
    raw(page, "</th><th class=\"amount\">");
    word(page, AT_W_AMOUNT);
    raw(page, "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->n; i++) {
        const struct at_explain_story *story = page->stories[i];
        raw(page, "<tr><td>");
        text(page, period_of(page, story));
        raw(page, "</td><td class=\"amount\">");
        text(page, story->withheld ? at_words_word(page->words, AT_W_WITHHELD_SHORT) : total_of(page, story));
        raw(page, "</td></tr>\n");
        all += story->total;
        local += story->local;
        if (story->currency) currency = story->currency;
    }
    raw(page, "</tbody>\n<tfoot><tr><th>");
    word(page, AT_W_TOTAL);
    raw(page, "</th><td class=\"amount\">");
    text(page, at_write_explain_amount(&page->results->runs[page->stories[0]->run], all, local, currency,
                                       page->words, page->arena));
    raw(page, "</td></tr></tfoot></table>\n");
}

static void write_policy(const struct page *page, uint32_t run) {
    const struct at_check_policy *checked = page->results->runs[run].checked;
    at_str number = at_str_format(page->arena, "%u", checked->version);
    text(page, checked->version ? AT_SAY(page->arena, page->words, AT_W_OF_POLICY, checked->name, number)
                                : checked->name);
}

/* The stories are in the order of the policies, so each policy is named once. */
static void write_header(const struct page *page, const struct at_explain_story *story) {
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
static const char *make_curves(struct page *page) {
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
    struct page page = {results, style->words, arena, out, NULL, 0, NULL};
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
    at_write_html_begin(out, title, style->words->code, STATEMENT, make_curves(&page));
    if (page.n) {
        write_header(&page, page.stories[0]);
        write_overview(&page);
        for (size_t i = 0; i < page.n; i++)
            write_story(&page, i);
    } else {
        raw(&page, "<main><p>");
        word(&page, AT_W_NOTHING);
        raw(&page, "</p>");
    }
    raw(&page, "<footer>");
    word(&page, AT_W_ROUNDED_FIGURES);
    if (at_words_word(page.words, AT_W_QUESTIONS).n) {
        raw(&page, "<p>");
        word(&page, AT_W_QUESTIONS);
        raw(&page, "</p>");
    }
    raw(&page, "</footer>\n</main>\n");
    at_write_html_end(out);
}

/* ---- the list of pages */

static void write_entry(const struct page *page, const struct at_session_result_payee *payee, at_str file) {
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
    struct page page = {results, words, arena, out, NULL, 0, NULL};
    at_write_html_begin(out, at_words_word(words, AT_W_ALL_STATEMENTS), words->code, STATEMENT,
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
