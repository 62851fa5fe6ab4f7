/* write/fairness_text.c: a report on fairness for a terminal. */
#include "base/visible.h"
#include "write/fairness.h"
#include "write/plot.h"

enum { WIDTH = 100 };

/* Sentences are broken at spaces, and where a wide character does not fit. */
static void wrapped(const struct at_write_report *r, at_str text, unsigned indent) {
    unsigned width = r->width ? r->width : WIDTH, room = width > indent + 20 ? width - indent : 20;
    text = at_visible(r->arena, text);
    while (text.n > 0) {
        uint32_t at = 0, last = 0;
        unsigned columns = 0, length = 0;
        while (at < text.n) {
            at_utf8_next(text.p + at, text.p + text.n, &length);
            unsigned wide = at_utf8_width((at_str){text.p + at, length});
            if (columns + wide > room) break;
            columns += wide;
            at += length;
            if (text.p[at - 1] == ' ' || wide == 2) last = at;
        }
        if (at < text.n && last > 0) at = last;
        if (at == 0) at = length;
        at_sink_printf(r->out, "%*s", (int)indent, "");
        at_str line = {text.p, at};
        at_sink_visible(r->out, at_str_trim(line));
        at_sink_z(r->out, "\n");
        text.p += at;
        text.n -= at;
    }
}

static void head(const struct at_write_report *r, at_str text) {
    at_sink_z(r->out, r->color ? "\n\033[1m" : "\n");
    at_sink_visible(r->out, text);
    at_sink_z(r->out, r->color ? "\033[0m\n" : "\n");
}

static void put_figure(const struct at_write_report *r, const struct at_fair_report *report,
                       enum at_fair_figure_id id) {
    const struct at_fair_figure *figure = &report->figures[id];
    at_str name = at_write_fair_name(report, figure, r->words, r->arena);
    at_str shown = at_write_fair_shown(report, figure, r->words, r->arena);
    const at_str both[] = {name, shown};
    wrapped(r, at_words_say_plain(r->arena, r->words, AT_W_IS, both, 2), 2);
    wrapped(r, at_write_fair_meaning(report, figure, r->words, r->arena), 4);
}

static void put_pairs(const struct at_write_report *r, const struct at_fair_report *report) {
    uint64_t all = report->figures[AT_FAIR_INVERTED].count;
    if (report->n_pairs == 0) return;
    head(r, at_words_word(r->words, AT_W_FAIR_PAIRS));
    for (uint32_t i = 0; i < report->n_pairs; i++)
        wrapped(r, at_write_fair_pair(report, &report->pairs[i], r->words, r->arena), 2);
    if (all <= report->n_pairs) return;
    at_str more = at_str_format(r->arena, "%llu", (unsigned long long)(all - report->n_pairs));
    wrapped(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_MORE, &more, 1), 2);
}

static void put_bins(const struct at_write_report *r, const struct at_fair_report *report) {
    struct at_write_plot_bar *bars = AT_NEW_ARRAY(r->arena, struct at_write_plot_bar, report->n_bins + 1);
    for (uint32_t i = 0; i < report->n_bins; i++)
        bars[i] = (struct at_write_plot_bar){
            .name = at_write_fair_bin(report, &report->bins[i], r->words, r->arena),
            .shown = at_str_format(r->arena, "%u", report->bins[i].n),
            .value = at_num_int(report->bins[i].n)};
    if (report->n_bins) at_write_plot_bars_text(bars, report->n_bins, r->width, r->arena, r->out);
}

static void put_field(const struct at_write_report *r, const struct at_fair_report *report,
                      const struct at_fair_field *field) {
    struct at_write_plot_bar *bars = AT_NEW_ARRAY(r->arena, struct at_write_plot_bar, field->groups.n + 1);
    at_str name = at_write_fair_field(field, r->words, r->arena), said[3];
    (void)report;
    head(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_BY, &name, 1));
    for (uint32_t i = 0; i < field->groups.n; i++) {
        const struct at_fair_group *group = &field->groups.at[i];
        at_str n = at_str_format(r->arena, "%u", group->n);
        at_str people = at_words_say_plain(r->arena, r->words, AT_W_FAIR_PEOPLE, &n, 1);
        const at_str both[] = {at_write_fair_group(field, group, r->words, r->arena), people};
        bars[i] = (struct at_write_plot_bar){
            .name = at_words_say_plain(r->arena, r->words, AT_W_NAMED, both, 2),
            .shown = group->rated ? at_write_fair_percent(group->rate, r->words, r->arena)
                                  : at_words_word(r->words, AT_W_FAIR_NO_RATE),
            .value = group->rated ? group->rate : at_num_int(0)};
    }
    if (field->groups.n) at_write_plot_bars_text(bars, field->groups.n, r->width, r->arena, r->out);
    at_str hidden = at_str_format(r->arena, "%u", field->groups.hidden);
    if (field->groups.hidden)
        wrapped(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_HIDDEN, &hidden, 1), 2);
    uint32_t n = at_write_fair_gap(field, r->words, r->arena, said);
    for (uint32_t i = 0; i < n; i++)
        wrapped(r, said[i], 2);
}

void at_write_fair_text(const struct at_write_report *r, const struct at_fair_report *report) {
    const at_str title[] = {report->policy},
                 range[] = {at_words_period_text(r->arena, r->words, report->from),
                            at_words_period_text(r->arena, r->words, report->through)};
    at_str notes[3];
    wrapped(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_TITLE, title, 1), 0);
    const at_str of[] = {
        at_str_format(r->arena, "%u", report->n_people),
        (report->from.n ? at_words_say_plain(r->arena, r->words, AT_W_FAIR_PERIODS, range, 2) : AT_STR("–"))};
    wrapped(r, at_words_say_plain(r->arena, r->words, AT_W_FAIR_OF, of, 2), 0);
    uint32_t n = at_write_fair_notes(report, r->words, r->arena, notes);
    for (uint32_t i = 0; i < n; i++)
        wrapped(r, notes[i], 0);
    head(r, at_words_word(r->words, AT_W_FAIR_PERFORMANCE));
    for (int id = AT_FAIR_SPEARMAN; id <= AT_FAIR_INVERTED; id++)
        put_figure(r, report, (enum at_fair_figure_id)id);
    put_pairs(r, report);
    head(r, at_words_word(r->words, AT_W_FAIR_DISTRIBUTION));
    for (int id = AT_FAIR_GINI_PAY; id <= AT_FAIR_MEDIAN; id++)
        put_figure(r, report, (enum at_fair_figure_id)id);
    put_bins(r, report);
    head(r, at_words_word(r->words, AT_W_FAIR_EDGES));
    for (int id = AT_FAIR_ZERO; id <= AT_FAIR_NEAR; id++)
        put_figure(r, report, (enum at_fair_figure_id)id);
    if (report->n_people < AT_FAIR_LEAST || report->n_fields == 0) return;
    head(r, at_words_word(r->words, AT_W_FAIR_GROUPS));
    for (uint32_t i = 0; i < report->n_fields; i++)
        put_field(r, report, &report->fields[i]);
}
