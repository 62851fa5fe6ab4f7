/* write/statement_curve.c: the curve of a payee in a commission statement. */
#include "write/statement_curve.h"

#include "curve/own.h"
#include "write/curves.h"
#include "write/sheet.h"

enum { MOST_SHAPES = 6 };

/* Whether the curve is that of the amount of the statement, which is rounded line by line. */
static bool is_total(const struct at_session_result_run *r, const struct at_explain_story *story, at_num pay,
                     struct at_arena *arena) {
    unsigned digits = r->currency->digits;
    at_num off = at_num_abs(arena, at_num_sub(arena, at_num_decimal128(story->total, digits), pay));
    return at_num_cmp(arena, off, at_num_decimal(r->run->plan->n_components, digits)) <= 0;
}

static void set_texts(const struct at_session_result_run *r, const struct at_curve_own *own,
                      const struct at_words *words, struct at_write_statement_curve *out) {
    const struct at_check_symbol *symbol = r->checked->measures[own->measure].symbol;
    out->measure = symbol->label.n ? symbol->label : symbol->name;
    out->type = symbol->type;
    out->type.unit = r->run->plan->nodes[r->run->plan->measures[own->measure].cell].type.unit;
    out->pay = at_words_word(words, AT_W_TOTAL);
    if (own->component == AT_NO_NODE) return;
    const struct at_plan_component *c = &r->run->plan->components[own->component];
    out->pay = c->label.n ? c->label : c->name;
}

struct at_write_statement_curve *at_write_statement_curve(const struct at_session_results *results,
                                                          const struct at_explain_story *story,
                                                          const struct at_words *words,
                                                          struct at_arena *arena) {
    const struct at_session_result_run *r = &results->runs[story->run];
    const struct at_plan *plan = r->run->plan;
    struct at_curve_own own;
    if (story->withheld || !at_curve_own_find(r->run, story->payee, story->period, arena, &own)) return NULL;
    struct at_write_statement_curve *out = AT_NEW(arena, struct at_write_statement_curve);
    bool all = own.component == AT_NO_NODE;
    set_texts(r, &own, words, out);
    const struct at_curve_many_options options = {
        .each = {.vary = plan->measures[own.measure].cell,
                 .period = story->period,
                 .pay = all ? plan->total : plan->components[own.component].value,
                 .first = story->period,
                 .until = story->period},
        .affected = true,
        .payees = &story->payee,
        .n_payees = 1,
        .guess = at_num_int(out->type.kind == AT_T_MONEY ? 100000 : 100)};
    if (at_curve_many_make(r->run, &options, NULL, arena, &out->many) != AT_OK) return NULL;
    if (out->many.n_curves != 1 || !out->many.places[0].known) return NULL;
    if (!at_curve_own_is_drawn(&out->many.curves[0].curve)) return NULL;
    return !all || is_total(r, story, out->many.places[0].pay, arena) ? out : NULL;
}

static void write_sentences(const struct at_write_curve_words *w, at_str dot, struct at_sink *out) {
    const struct at_write_curve_side *side = &w->curves->side[0];
    const struct at_curve_shapes *shapes = &side->many->curves[0].shapes;
    at_str other = AT_SAY(w->arena, w->words, AT_W_STATEMENT_CURVE_LINE, w->curves->x.name);
    at_write_sheet_sentence(out, "p", dot);
    at_sink_z(out, "<ul>\n");
    for (uint32_t i = 0, n = 0; i < shapes->n && n < MOST_SHAPES; i++) {
        at_str said = at_write_curve_shape(w, side, &shapes->at[i]);
        if (said.n == 0) continue;
        at_write_sheet_sentence(out, "li", said);
        n++;
    }
    at_sink_z(out, "</ul>\n<p class=\"of\">");
    at_write_html_text(out, other);
    at_sink_z(out, "</p>\n");
}

void at_write_statement_curve_html(const struct at_session_results *results,
                                   const struct at_explain_story *story,
                                   const struct at_write_statement_curve *curve, const struct at_words *words,
                                   struct at_arena *arena, struct at_sink *out) {
    if (!curve) return;
    const struct at_session_result_run *r = &results->runs[story->run];
    const struct at_write_curves curves = {
        .x = {.name = curve->measure, .type = curve->type},
        .y = {.name = curve->pay, .type = {.kind = AT_T_MONEY, .currency = r->checked->currency}},
        .first = story->when,
        .last = story->when,
        .side = {{.run = r->run, .many = &curve->many, .keys = r->keys, .labels = r->labels}},
        .n_sides = 1};
    const struct at_write_curve_words w = {&curves, words, arena};
    const struct at_curve_place *place = &curve->many.places[0];
    at_str x = at_write_curve_value(&w, &curves.x, place->x),
           y = at_write_curve_value(&w, &curves.y, place->pay);
    struct at_write_plot plot;
    at_sink_z(out, "<h3>");
    at_write_html_text(out, AT_SAY(arena, words, AT_W_STATEMENT_CURVE, curve->pay, curve->measure));
    at_sink_z(out, "</h3>\n");
    at_write_curve_plot(&w, &plot);
    plot.about = AT_SAY(arena, words, AT_W_STATEMENT_CURVE_DOT, curve->measure, x, curve->pay, y);
    at_write_plot_svg(&plot, words, false, arena, out);
    write_sentences(&w, plot.about, out);
}
