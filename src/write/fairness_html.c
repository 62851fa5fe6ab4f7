/* write/fairness_html.c: a report on fairness as a page: offline, for phones, screens, and paper. */
#include "write/fairness.h"
#include "write/html.h"
#include "write/plot.h"

enum { MOST_DOTS = 2000 }; /* more look alike, and make the page slow */

static const char css[] =
    ":root{color-scheme:light "
    "dark;--ink:#1c2430;--soft:#5b6675;--line:#dde2e9;--paper:#fff;--ground:#f3f5f8}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#a3adba;--line:#3a4452;--paper:#1b212b;"
    "--ground:#12161d}}\n"
    "@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--ground:#fff}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,\"Segoe "
    "UI\","
    "Roboto,\"Noto Sans\",\"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft YaHei\",sans-serif;"
    "-webkit-text-size-adjust:100%}\n"
    "main{max-width:60rem;margin:0 auto;padding:1.25rem 1rem 3rem}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:.1rem 0}h2{font-size:1.2rem;margin:0 0 .6rem}"
    "h3{font-size:1rem;margin:1.4rem 0 .4rem}\n"
    "h1,h2,h3,p,td,th,li,dt,dd{overflow-wrap:anywhere}\n"
    "section{background:var(--paper);border:1px solid "
    "var(--line);border-radius:12px;padding:1.1rem;margin:1rem 0}\n"
    ".soft,dd p{color:var(--soft);font-size:.92rem;margin:.2rem 0}\n"
    "dl{margin:0}dt{font-weight:600;margin-top:.9rem}dd{margin:0}.value{font-size:1.15rem;"
    "font-variant-numeric:tabular-nums}\n"
    "ul{margin:.3rem 0;padding-left:1.1rem}.bars th{font-weight:400;text-align:left}\n"
    "@media print{section{break-inside:avoid}}\n";

static void open_tag(const struct at_write_report *r, const char *tag, at_str text) {
    at_sink_printf(r->out, "<%s>", tag);
    at_write_html_text(r->out, text);
}

static void element(const struct at_write_report *r, const char *tag, at_str text) {
    open_tag(r, tag, text);
    at_sink_printf(r->out, "</%s>\n", tag);
}

static void soft(const struct at_write_report *r, at_str text) {
    at_sink_z(r->out, "<p class=\"soft\">");
    at_write_html_text(r->out, text);
    at_sink_z(r->out, "</p>\n");
}

static void begin(const struct at_write_report *r, enum at_words_word title) {
    at_sink_z(r->out, "<section>\n");
    element(r, "h2", at_words_word(r->words, title));
}

static void put_figures(const struct at_write_report *r, const struct at_fair_report *report, int from,
                        int to) {
    at_sink_z(r->out, "<dl>\n");
    for (int i = from; i <= to; i++) {
        const struct at_fair_figure *figure = &report->figures[i];
        element(r, "dt", at_write_fair_name(report, figure, r->words, r->arena));
        at_sink_z(r->out, "<dd><span class=\"value\">");
        at_write_html_text(r->out, at_write_fair_shown(report, figure, r->words, r->arena));
        at_sink_z(r->out, "</span>");
        element(r, "p", at_write_fair_meaning(report, figure, r->words, r->arena));
        at_sink_z(r->out, "</dd>\n");
    }
    at_sink_z(r->out, "</dl>\n");
}

/* Pay over performance, a dot for each payee. */
static void put_dots(const struct at_write_report *r, const struct at_fair_report *report) {
    struct at_write_plot plot = {.about = at_words_word(r->words, AT_W_FAIR_PLOT)};
    plot.x = (struct at_write_plot_axis){.name = report->performance, .type = report->type};
    plot.y = (struct at_write_plot_axis){.name = at_words_word(r->words, AT_W_FAIR_PAY),
                                         .type = {.kind = AT_T_MONEY, .currency = report->currency}};
    plot.dots = AT_NEW_ARRAY(r->arena, struct at_write_plot_dot, report->n_people + 1);
    for (uint32_t i = 0; i < report->n_people; i++) {
        const struct at_fair_person *person = &report->people[i];
        if (person->performs)
            plot.dots[plot.n_dots++] =
                (struct at_write_plot_dot){.x = person->performance,
                                           .y = person->pay,
                                           .name = at_write_fair_person(person, r->words, r->arena)};
    }
    if (plot.n_dots == 0 || plot.n_dots > MOST_DOTS) return;
    at_write_plot_svg(&plot, r->words, false, r->arena, r->out);
    soft(r, plot.about);
}

static void put_pairs(const struct at_write_report *r, const struct at_fair_report *report) {
    uint64_t all = report->figures[AT_FAIR_INVERTED].count;
    if (report->n_pairs == 0) return;
    element(r, "h3", at_words_word(r->words, AT_W_FAIR_PAIRS));
    at_sink_z(r->out, "<ul>\n");
    for (uint32_t i = 0; i < report->n_pairs; i++)
        element(r, "li", at_write_fair_pair(report, &report->pairs[i], r->words, r->arena));
    at_sink_z(r->out, "</ul>\n");
    at_str more = at_str_format(r->arena, "%llu", (unsigned long long)(all - report->n_pairs));
    if (all > report->n_pairs) soft(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_MORE, &more, 1));
}

static void put_bins(const struct at_write_report *r, const struct at_fair_report *report) {
    struct at_write_plot_bar *bars = AT_NEW_ARRAY(r->arena, struct at_write_plot_bar, report->n_bins + 1);
    for (uint32_t i = 0; i < report->n_bins; i++)
        bars[i] = (struct at_write_plot_bar){
            .name = at_write_fair_bin(report, &report->bins[i], r->words, r->arena),
            .shown = at_str_format(r->arena, "%u", report->bins[i].n),
            .value = at_num_int(report->bins[i].n)};
    if (report->n_bins) at_write_plot_bars_html(bars, report->n_bins, r->arena, r->out);
}

static void put_field(const struct at_write_report *r, const struct at_fair_field *field) {
    struct at_write_plot_bar *bars = AT_NEW_ARRAY(r->arena, struct at_write_plot_bar, field->groups.n + 1);
    at_str name = at_write_fair_field(field, r->words, r->arena), said[3];
    element(r, "h3", at_words_say_plain(r->arena, r->words, AT_W_FAIR_BY, &name, 1));
    for (uint32_t i = 0; i < field->groups.n; i++) {
        const struct at_fair_group *group = &field->groups.at[i];
        at_str n = at_str_format(r->arena, "%u", group->n);
        const at_str both[] = {at_write_fair_group(field, group, r->words, r->arena),
                               at_words_say_plain(r->arena, r->words, AT_W_FAIR_PEOPLE, &n, 1)};
        bars[i] = (struct at_write_plot_bar){
            .name = at_words_say_plain(r->arena, r->words, AT_W_NAMED, both, 2),
            .shown = group->rated ? at_write_fair_percent(group->rate, r->words, r->arena)
                                  : at_words_word(r->words, AT_W_FAIR_NO_RATE),
            .value = group->rated ? group->rate : at_num_int(0)};
    }
    if (field->groups.n) at_write_plot_bars_html(bars, field->groups.n, r->arena, r->out);
    at_str hidden = at_str_format(r->arena, "%u", field->groups.hidden);
    if (field->groups.hidden) soft(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_HIDDEN, &hidden, 1));
    uint32_t n = at_write_fair_gap(field, r->words, r->arena, said);
    for (uint32_t i = 0; i < n; i++)
        soft(r, said[i]);
}

void at_write_fair_html(const struct at_write_report *r, const struct at_fair_report *report) {
    const at_str range[] = {at_words_period_text(r->arena, r->words, report->from),
                            at_words_period_text(r->arena, r->words, report->through)};
    at_str title = at_words_say_plain(r->arena, r->words, AT_W_FAIR_TITLE, &report->policy, 1), notes[3];
    const at_str of[] = {
        at_str_format(r->arena, "%u", report->n_people),
        (report->from.n ? at_words_say_plain(r->arena, r->words, AT_W_FAIR_PERIODS, range, 2) : AT_STR("–"))};
    at_str style = at_str_format(r->arena, "%s%s", css, at_write_plot_css);
    at_write_html_begin(r->out, title, r->words->code, "attain-fairness", at_str_copy(r->arena, style).p);
    at_sink_z(r->out, "<main>\n");
    element(r, "h1", title);
    soft(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_OF, of, 2));
    uint32_t n = at_write_fair_notes(report, r->words, r->arena, notes);
    for (uint32_t i = 0; i < n; i++)
        soft(r, notes[i]);
    begin(r, AT_W_FAIR_PERFORMANCE);
    put_dots(r, report);
    put_figures(r, report, AT_FAIR_SPEARMAN, AT_FAIR_INVERTED);
    put_pairs(r, report);
    at_sink_z(r->out, "</section>\n");
    begin(r, AT_W_FAIR_DISTRIBUTION);
    put_bins(r, report);
    put_figures(r, report, AT_FAIR_GINI_PAY, AT_FAIR_MEDIAN);
    at_sink_z(r->out, "</section>\n");
    begin(r, AT_W_FAIR_EDGES);
    put_figures(r, report, AT_FAIR_ZERO, AT_FAIR_NEAR);
    at_sink_z(r->out, "</section>\n");
    if (report->n_people >= AT_FAIR_LEAST && report->n_fields) {
        begin(r, AT_W_FAIR_GROUPS);
        for (uint32_t i = 0; i < report->n_fields; i++)
            put_field(r, &report->fields[i]);
        at_sink_z(r->out, "</section>\n");
    }
    at_sink_z(r->out, "</main>\n");
    at_write_html_end(r->out);
}
