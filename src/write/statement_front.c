/* write/statement_front.c: what a payee wants to know first: the periods and the year to date, the result,
 * what a cap took of it, the components, and what would pay more. */
#include "write/statement_int.h"

#include "base/money.h"
#include "base/numtext.h"
#include "base/vec.h"
#include "write/html.h"

#define raw(page, html) at_write_slip_raw(page, html)
#define text(page, s) at_write_slip_text(page, s)
#define said(page, operand) at_write_slip_said(page, operand)
#define word(page, w) at_write_slip_word(page, w)

/* Rows of the chart. Older periods are one row. */
#define MOST_PERIODS 12

/* ---- periods */

/* A period of the chart. Periods before those of the page are known from the run, which calculates them. */
struct bar {
    at_period when;
    bool withheld;
    at_i128 minor, local;
    at_currency currency; /* as of a story */
};

struct chart {
    const struct at_write_slip *page;
    const struct at_session_result_run *r;
    AT_VEC(struct bar) bars; /* oldest first */
};

static bool is_told(const struct at_write_slip *page, uint32_t run, uint32_t period) {
    for (size_t i = 0; i < page->n; i++)
        if (page->stories[i]->run == run && page->stories[i]->period == period) return true;
    return false;
}

/* Earlier periods of the year of the first story. Without a value of each, there is no year to date. */
static void add_earlier(struct chart *c, const struct at_explain_story *first) {
    const struct at_session_run *run = c->r->run;
    const struct at_calendar *calendar = run->calendar;
    int32_t year = at_period_holding(calendar, first->when, AT_YEAR).ordinal;
    if (run->n_views || first->currency) return; /* rows that became known later changed them */
    for (uint32_t p = 0; p < first->period && p < run->n_regular; p++) {
        at_period when = at_session_run_period(run, p);
        if (at_period_holding(calendar, when, AT_YEAR).ordinal != year) continue;
        if (is_told(c->page, first->run, p) || !at_kernel_frame_covers(run->frame, first->payee, p)) continue;
        uint32_t state;
        struct at_plan_value value = at_session_run_value(
            run, run->plan->total, p * run->n_payees + first->payee, c->page->arena, &state);
        struct bar bar = {.when = when, .withheld = true};
        if (state == AT_STATE_OK && !value.missing)
            bar.withheld = !at_num_to_i128(c->page->arena, at_plan_value_num(&value), c->r->currency->digits,
                                           &bar.minor);
        AT_VEC_PUSH(c->page->arena, &c->bars, bar);
    }
}

static void add_stories(struct chart *c) {
    for (size_t i = 0; i < c->page->n; i++) {
        const struct at_explain_story *story = c->page->stories[i];
        AT_VEC_PUSH(
            c->page->arena, &c->bars,
            ((struct bar){story->when, story->withheld, story->total, story->local, story->currency}));
    }
}

static at_str amount_of(const struct chart *c, const struct bar *bar) {
    if (bar->withheld) return at_words_word(c->page->words, AT_W_WITHHELD_SHORT);
    return at_write_explain_amount(c->r, bar->minor, bar->local, bar->currency, c->page->words,
                                   c->page->arena);
}

/* The length of a bar in thousandths of the longest. */
static unsigned length_of(const struct chart *c, const struct bar *bar) {
    at_i128 most = 1, size = bar->minor < 0 ? -bar->minor : bar->minor;
    for (size_t i = 0; i < c->bars.n; i++) {
        at_i128 other = c->bars.at[i].minor < 0 ? -c->bars.at[i].minor : c->bars.at[i].minor;
        if (other > most) most = other;
    }
    at_num part = at_num_div(c->page->arena, at_num_decimal128(size, 0), at_num_decimal128(most, 0));
    int64_t thousandths = 0;
    part =
        at_num_round(c->page->arena, at_num_mul(c->page->arena, part, at_num_int(1000)), 0, AT_ROUND_HALF_UP);
    return at_num_to_i64(c->page->arena, part, 0, &thousandths) ? (unsigned)thousandths : 0;
}

static void write_bar(const struct chart *c, const struct bar *bar) {
    unsigned length = bar->withheld ? 0 : length_of(c, bar);
    raw(c->page, "<tr><th scope=\"row\">");
    text(c->page, at_words_period(c->page->arena, c->page->words, bar->when));
    at_sink_printf(c->page->out,
                   "</th><td class=\"chart\"><i class=\"%s\" style=\"width:%u.%u%%\"></i></td>"
                   "<td class=\"amount\">",
                   bar->minor < 0 ? "less" : "more", length / 10, length % 10);
    text(c->page, amount_of(c, bar));
    raw(c->page, "</td></tr>\n");
}

static void write_sum(const struct chart *c, at_str name, const struct bar *sum) {
    raw(c->page, "<tr><th scope=\"row\">");
    text(c->page, name);
    raw(c->page, "</th><td></td><td class=\"amount\">");
    text(c->page, amount_of(c, sum));
    raw(c->page, "</td></tr>\n");
}

/* The sum of the periods from `from` to `to`; of a year, if `year` is not NULL. */
static struct bar sum_of(const struct chart *c, size_t from, size_t to, const at_period *year) {
    struct bar sum = {.when = c->bars.at[to - 1].when};
    for (size_t i = from; i < to; i++) {
        const struct bar *bar = &c->bars.at[i];
        bool within =
            !year || at_period_holding(c->r->run->calendar, bar->when, AT_YEAR).ordinal == year->ordinal;
        if (!within) continue;
        sum.minor += bar->minor;
        sum.local += bar->local;
        if (bar->currency) sum.currency = bar->currency;
    }
    return sum;
}

/* Two policies of one page can pay in one period. */
static bool has_other_years(const struct chart *c, at_period year) {
    for (size_t i = 0; i < c->bars.n; i++)
        if (at_period_holding(c->r->run->calendar, c->bars.at[i].when, AT_YEAR).ordinal != year.ordinal)
            return true;
    return false;
}

void at_write_slip_periods(const struct at_write_slip *page) {
    const struct at_explain_story *last = page->stories[page->n - 1];
    struct chart c = {.page = page, .r = &page->results->runs[last->run]};
    add_earlier(&c, page->stories[0]);
    add_stories(&c);
    if (c.bars.n < 2) return;
    size_t first = c.bars.n > MOST_PERIODS + 1 ? c.bars.n - MOST_PERIODS : 0;
    at_write_slip_cell(page, "<table class=\"periods\"><caption>", AT_W_BY_PERIOD, "</caption>\n<tbody>\n");
    for (size_t i = c.bars.n; i-- > first;)
        write_bar(&c, &c.bars.at[i]);
    if (first > 0) {
        struct bar earlier = sum_of(&c, 0, first, NULL);
        at_str count = at_str_format(page->arena, "%zu", first);
        write_sum(&c, AT_SAY(page->arena, page->words, AT_W_EARLIER_PERIODS, count), &earlier);
    }
    raw(page, "</tbody>\n<tfoot>");
    at_period year = at_period_holding(c.r->run->calendar, last->when, AT_YEAR);
    struct bar to_date = sum_of(&c, 0, c.bars.n, &year), all = sum_of(&c, 0, c.bars.n, NULL);
    at_str name =
        AT_SAY(page->arena, page->words, AT_W_YEAR_TO_DATE, at_words_period(page->arena, page->words, year));
    write_sum(&c, name, &to_date);
    if (has_other_years(&c, year)) write_sum(&c, at_words_word(page->words, AT_W_TOTAL), &all);
    raw(page, "</tfoot></table>\n");
}

/* ---- the result */

/* A million and more, in the unit in which the language counts: ¥1,000,000.00（100万）. */
static void large(const struct at_write_slip *page, const struct at_explain_story *story) {
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

static void write_limits(const struct at_write_slip *page, const struct at_explain_story *story) {
    if (story->n_limits == 0) return;
    raw(page, "<ul class=\"limits\">\n");
    for (uint32_t i = 0; i < story->n_limits; i++) {
        raw(page, at_num_sign(story->limits[i].difference) < 0 ? "<li class=\"took\">" : "<li>");
        said(page, &story->limits[i].text);
        raw(page, "</li>\n");
    }
    raw(page, "</ul>\n");
}

/* A bar whose mark is 100%. */
static void write_progress(const struct at_write_slip *page, const struct at_explain_progress *p) {
    /* The bar ends at 125%, or at the value if it is larger, so the mark of 100% is always inside. */
    uint32_t scale = p->permille > 1250 ? p->permille : 1250;
    raw(page, "<div class=\"progress\"><div class=\"row\"><span class=\"name\">");
    text(page, at_words_write_operand(page->arena, page->words, &p->name));
    raw(page, "</span><strong>");
    said(page, &p->value.shown);
    raw(page, "</strong></div>\n<div class=\"bar\" role=\"img\" aria-label=\"");
    at_write_html_plain(page->out, at_words_write_operand(page->arena, page->words, &p->value.shown));
    at_sink_printf(page->out, "\"><i class=\"%s\" style=\"width:%u.%u%%\"></i>",
                   p->permille >= 1000 ? "full" : "part", p->permille * 100 / scale,
                   p->permille * 1000 / scale % 10);
    at_sink_printf(page->out, "<b style=\"left:%u.%u%%\"></b></div>\n<div class=\"of\">", 100000 / scale,
                   1000000 / scale % 10);
    said(page, &p->of_text);
    raw(page, "</div></div>\n");
}

void at_write_slip_front(const struct at_write_slip *page, const struct at_explain_story *story) {
    raw(page, "<p class=\"result\">");
    text(page, at_write_slip_total(page, story));
    large(page, story);
    raw(page, "</p>\n");
    write_limits(page, story);
    for (uint32_t i = 0; i < story->n_progress; i++)
        write_progress(page, &story->progress[i]);
}

/* ---- components */

void at_write_slip_components(const struct at_write_slip *page, const struct at_explain_story *story) {
    at_write_slip_cell(page, "<table class=\"components\"><thead><tr><th>", AT_W_COMPONENT, "</th>");
    at_write_slip_cell(page, "<th class=\"amount\">", AT_W_AMOUNT, "</th></tr></thead>\n<tbody>\n");
    for (const struct at_explain_node *step = story->components; step; step = step->next) {
        if (step->idle) continue;
        bool zero = at_num_is_zero(at_explain_node_num(step));
        raw(page, zero ? "<tr class=\"zero\"><td>" : "<tr><td>");
        said(page, &step->title);
        raw(page, "</td><td class=\"amount\">");
        said(page, &step->value.shown);
        raw(page, "</td></tr>\n");
    }
    at_write_slip_cell(page, "</tbody>\n<tfoot><tr><th>", AT_W_TOTAL, "</th><td class=\"amount\">");
    text(page, at_write_slip_total(page, story));
    raw(page, "</td></tr></tfoot></table>\n");
}

/* ---- what would pay more */

static at_str gain_text(const struct at_write_slip *page, const struct at_explain_story *story, at_num gain,
                        at_str of) {
    const struct at_session_result_run *r = &page->results->runs[story->run];
    at_num cents = at_num_round(page->arena, gain, r->currency->digits, AT_ROUND_HALF_UP);
    at_str money =
        at_words_number(page->arena, page->words, at_money_print(page->arena, cents, r->checked->currency));
    return of.n ? AT_SAY(page->arena, page->words, AT_W_GAIN_OF, money, of)
                : AT_SAY(page->arena, page->words, AT_W_GAIN, money);
}

/* What is out of reach, or pays nothing more, is left out. */
void at_write_slip_hints(const struct at_write_slip *page, const struct at_explain_story *story) {
    bool any = false;
    for (uint32_t i = 0; i < story->n_hints; i++) {
        at_num gain;
        at_str of = {0};
        if (story->hints[i].idle) continue;
        bool known = at_write_slip_gain(page, story, &story->hints[i], &gain, &of);
        if (known && at_num_sign(gain) <= 0) continue;
        if (!any) at_write_slip_heading(page, AT_W_NEXT_TIER);
        raw(page, any ? "<li>" : "<ul class=\"hints\">\n<li>");
        any = true;
        said(page, &story->hints[i].text);
        if (known) {
            raw(page, "<br><strong>");
            text(page, gain_text(page, story, gain, of));
            raw(page, "</strong>");
        }
        raw(page, "</li>\n");
    }
    if (any) raw(page, "</ul>\n");
}
