/* write/curves_html.c: curves as an HTML page, and their drawing alone as SVG. */
#include "write/curves.h"
#include "write/sheet.h"

enum { MOST_PLACES = 500 };

static void write_samples(const struct at_write_curve_words *w, const struct at_curve_shared *shared,
                          struct at_sink *out) {
    const at_str heads[] = {w->curves->x.name, at_words_word(w->words, AT_W_CURVE_SAMPLED)};
    if (shared->n_samples == 0) return;
    at_write_sheet_sentence(out, "p", at_write_curve_samples(w, shared));
    at_write_sheet_table(out, heads, 2, 0);
    for (uint32_t i = 0; i < shared->n_samples; i++) {
        const at_str cells[] = {at_write_curve_value(w, &w->curves->x, shared->samples[i].x),
                                at_write_curve_sample(w, &shared->samples[i])};
        at_write_sheet_row(out, cells, 2, 0);
    }
    at_write_sheet_table_end(out);
}

static void write_curve(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                        const struct at_curve_shared *shared, struct at_sink *out) {
    const struct at_curve *curve = &shared->curve;
    const at_str heads[] = {w->curves->x.name, at_words_word(w->words, AT_W_CURVE_FORMULA),
                            at_words_word(w->words, AT_W_CURVE_START),
                            at_words_word(w->words, AT_W_CURVE_END)};
    at_write_sheet_section(out, at_write_curve_heading(w, side, shared));
    at_write_sheet_table(out, heads, 4, 2);
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const at_str cells[] = {at_write_curve_range(w, curve, i), at_write_curve_formula(w, curve, i),
                                at_write_curve_pay(w, curve, i, false),
                                at_write_curve_pay(w, curve, i, true)};
        at_write_sheet_row(out, cells, 4, 2);
    }
    at_write_sheet_table_end(out);
    at_sink_z(out, "<ul>\n");
    for (uint32_t i = 0; i < shared->shapes.n; i++) {
        at_str said = at_write_curve_shape(w, side, &shared->shapes.at[i]);
        if (said.n) at_write_sheet_sentence(out, "li", said);
    }
    at_sink_z(out, "</ul>\n");
    write_samples(w, shared, out);
    at_write_sheet_section_end(out);
}

static void write_curves(const struct at_write_curve_words *w, struct at_sink *out) {
    uint32_t left = 0;
    for (unsigned s = 0; s < w->curves->n_sides; s++) {
        const struct at_write_curve_side *side = &w->curves->side[s];
        for (uint32_t i = 0; i < side->many->n_curves && i < AT_CURVES_SHOWN; i++)
            write_curve(w, side, &side->many->curves[i], out);
        if (side->many->n_curves > AT_CURVES_SHOWN) left += side->many->n_curves - AT_CURVES_SHOWN;
    }
    if (left == 0) return;
    at_str number = at_str_format(w->arena, "%u", left);
    at_write_sheet_note(out, AT_SAY(w->arena, w->words, AT_W_CURVE_OTHERS, number));
}

static void write_places(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                         struct at_sink *out) {
    const struct at_curve_many *many = side->many;
    const at_str heads[] = {at_words_word(w->words, AT_W_PAYEE), w->curves->x.name, w->curves->y.name};
    at_str title = at_words_word(w->words, AT_W_CURVE_PLACES);
    if (w->curves->n_sides > 1)
        title = at_str_format(w->arena, "%.*s: %.*s", AT_STR_ARG(side->name), AT_STR_ARG(title));
    at_write_sheet_section(out, title);
    at_write_sheet_table(out, heads, 3, 1);
    for (uint32_t i = 0; i < many->n_places && i < MOST_PLACES; i++) {
        const struct at_curve_place *place = &many->places[i];
        const at_str cells[] = {at_write_curve_payee(w, side, place->payee),
                                place->known ? at_write_curve_value(w, &w->curves->x, place->x) : AT_STR("–"),
                                place->known ? at_write_curve_value(w, &w->curves->y, place->pay)
                                             : at_words_word(w->words, AT_W_CURVE_WITHHELD)};
        at_write_sheet_row(out, cells, 3, 1);
    }
    at_write_sheet_table_end(out);
    if (many->n_places > MOST_PLACES) {
        at_str left = at_str_format(w->arena, "%u", many->n_places - MOST_PLACES);
        at_write_sheet_note(out, AT_SAY(w->arena, w->words, AT_W_CURVE_OTHER_PLACES, left));
    }
    at_write_sheet_section_end(out);
}

void at_write_curves_html(const struct at_write_curves *curves, const struct at_write_explain_style *style,
                          struct at_arena *scratch, struct at_sink *out) {
    const struct at_write_curve_words w = {curves, style->words, scratch};
    struct at_write_plot plot;
    at_write_sheet_begin(out, at_write_curve_title(&w), style->words, "attain curve", scratch);
    at_write_curve_plot(&w, &plot);
    at_write_plot_svg(&plot, style->words, false, scratch, out);
    at_write_sheet_note(out, at_words_word(style->words, AT_W_CURVE_ROUNDING));
    write_curves(&w, out);
    for (unsigned s = 0; s < curves->n_sides; s++)
        write_places(&w, &curves->side[s], out);
    at_write_sheet_end(out);
}

void at_write_curves_svg(const struct at_write_curves *curves, const struct at_write_explain_style *style,
                         struct at_arena *scratch, struct at_sink *out) {
    const struct at_write_curve_words w = {curves, style->words, scratch};
    struct at_write_plot plot;
    at_write_curve_plot(&w, &plot);
    at_write_plot_svg(&plot, style->words, true, scratch, out);
}
