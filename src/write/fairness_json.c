/* write/fairness_json.c: a report on fairness as JSON. Numbers are exact texts, as in other formats. */
#include "base/numtext.h"
#include "write/fairness.h"

static void text(const struct at_write_report *r, const char *name, at_str value) {
    at_sink_printf(r->out, ", \"%s\": ", name);
    at_sink_json(r->out, value);
}

static void number(const struct at_write_report *r, const char *name, at_num value) {
    text(r, name, at_num_print(r->arena, value));
}

static void put_figures(const struct at_write_report *r, const struct at_fair_report *report) {
    at_sink_z(r->out, ",\n  \"figures\": [");
    for (int i = 0; i < AT_FAIR_FIGURES; i++) {
        const struct at_fair_figure *figure = &report->figures[i];
        at_sink_printf(r->out, "%s\n    {\"id\": \"%s\"", i ? "," : "",
                       at_write_fair_id((enum at_fair_figure_id)i));
        if (figure->why == AT_FAIR_FINE)
            text(r, i <= AT_FAIR_KENDALL ? "signed_square" : "value", at_write_fair_exact(figure, r->arena));
        if (i == AT_FAIR_MEDIAN && figure->why == AT_FAIR_FINE) {
            number(r, "lower_quartile", figure->low);
            number(r, "upper_quartile", figure->high);
        }
        if (i == AT_FAIR_INVERTED || i >= AT_FAIR_ZERO)
            at_sink_printf(r->out, ", \"of\": %llu", (unsigned long long)figure->all);
        text(r, "name", at_write_fair_name(report, figure, r->words, r->arena));
        text(r, "shown", at_write_fair_shown(report, figure, r->words, r->arena));
        text(r, "meaning", at_write_fair_meaning(report, figure, r->words, r->arena));
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, "\n  ]");
}

static void put_pairs(const struct at_write_report *r, const struct at_fair_report *report) {
    at_sink_z(r->out, ",\n  \"pairs\": [");
    for (uint32_t i = 0; i < report->n_pairs; i++) {
        const struct at_fair_person *less = &report->people[report->pairs[i].less],
                                    *more = &report->people[report->pairs[i].more];
        at_sink_z(r->out, i ? ",\n    {\"payee\": " : "\n    {\"payee\": ");
        at_sink_json(r->out, less->key);
        number(r, "performance", less->performance);
        number(r, "pay", less->pay);
        text(r, "other", more->key);
        number(r, "other_performance", more->performance);
        number(r, "other_pay", more->pay);
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, report->n_pairs ? "\n  ]" : "]");
}

static void put_bins(const struct at_write_report *r, const struct at_fair_report *report) {
    at_sink_z(r->out, ",\n  \"distribution\": [");
    for (uint32_t i = 0; i < report->n_bins; i++) {
        const struct at_fair_bin *bin = &report->bins[i];
        at_sink_printf(r->out, "%s\n    {\"people\": %u", i ? "," : "", bin->n);
        if (!bin->first) number(r, "from", bin->from);
        if (!bin->last) number(r, "below", bin->to);
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, report->n_bins ? "\n  ]" : "]");
}

static void put_gap(const struct at_write_report *r, const struct at_fair_field *field) {
    static const char *const by[] = {"", "proof", "run", "unknown"};
    if (field->gap == AT_FAIR_NO_GAP) return;
    const struct at_fair_group *high = &field->groups.at[field->high], *low = &field->groups.at[field->low];
    at_num gap = at_num_sub(r->arena, high->rate, low->rate);
    at_sink_printf(r->out, ",\n     \"gap\": {\"by\": \"%s\"", by[field->gap]);
    text(r, "highest", at_write_fair_group(field, high, r->words, r->arena));
    text(r, "lowest", at_write_fair_group(field, low, r->words, r->arena));
    number(r, "gap", gap);
    if (field->gap == AT_FAIR_GAP_PROVED) {
        number(r, "rules", at_num_int(0));
        number(r, "data", gap);
    }
    if (field->gap == AT_FAIR_GAP_RUN) {
        if (field->tenure) text(r, "middle_date", at_date_print(r->arena, field->middle));
        number(r, "moved", field->moved);
        number(r, "rules", field->rules);
        number(r, "data", field->data);
    }
    if (field->gap == AT_FAIR_GAP_UNKNOWN) text(r, "reason", field->reason);
    at_sink_z(r->out, "}");
}

static void put_field(const struct at_write_report *r, const struct at_fair_field *field) {
    at_sink_json(r->out, field->name);
    at_sink_printf(r->out, ", \"tenure\": %s, \"hidden\": %u,\n     \"groups\": [",
                   field->tenure ? "true" : "false", field->groups.hidden);
    for (uint32_t i = 0; i < field->groups.n; i++) {
        const struct at_fair_group *group = &field->groups.at[i];
        at_sink_printf(r->out, "%s\n      {\"people\": %u, \"groups\": %u", i ? "," : "", group->n,
                       group->n_groups);
        text(r, "group", at_write_fair_group(field, group, r->words, r->arena));
        number(r, "pay", group->pay);
        number(r, "credited", group->credited);
        if (group->rated) number(r, "rate", group->rate);
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, field->groups.n ? "\n     ]" : "]");
    put_gap(r, field);
}

void at_write_fair_json(const struct at_write_report *r, const struct at_fair_report *report) {
    at_str notes[3];
    at_sink_z(r->out, "{\n  \"policy\": ");
    at_sink_json(r->out, report->policy);
    text(r, "currency", at_str_z(at_currency_info(report->currency)->code));
    text(r, "from", report->from);
    text(r, "through", report->through);
    text(r, "performance", report->performance);
    text(r, "credited", report->credited);
    at_sink_printf(r->out, ", \"payees\": %u, \"left_out\": %u, \"withheld\": %llu", report->n_people,
                   report->n_left_out, (unsigned long long)report->n_withheld);
    at_sink_z(r->out, ",\n  \"notes\": [");
    uint32_t n = at_write_fair_notes(report, r->words, r->arena, notes);
    for (uint32_t i = 0; i < n; i++) {
        if (i) at_sink_z(r->out, ", ");
        at_sink_json(r->out, notes[i]);
    }
    at_sink_z(r->out, "]");
    put_figures(r, report);
    put_pairs(r, report);
    put_bins(r, report);
    at_sink_z(r->out, ",\n  \"fields\": [");
    bool few = report->n_people < AT_FAIR_LEAST;
    for (uint32_t i = 0; !few && i < report->n_fields; i++) {
        at_sink_z(r->out, i ? ",\n    {\"field\": " : "\n    {\"field\": ");
        put_field(r, &report->fields[i]);
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, !few && report->n_fields ? "\n  ]\n}\n" : "]\n}\n");
}
