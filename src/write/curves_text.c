/* write/curves_text.c: curves for a terminal: a drawing, the pieces, and where payees are. */
#include "write/curves.h"
#include "write/grid.h"

static void line(struct at_sink *out, at_str text) {
    at_sink_visible(out, text);
    at_sink_z(out, "\n");
}

static void sentence(const struct at_write_curve_words *w, struct at_sink *out, at_str said) {
    at_sink_z(out, "  ");
    line(out, at_words_sentence_plain(w->arena, said));
}

static void write_pieces(const struct at_write_curve_words *w, const struct at_curve *curve, bool color,
                         struct at_sink *out) {
    struct at_write_grid grid;
    at_write_grid_init(&grid, w->arena, 4, 2);
    grid.color = color;
    at_str *head = at_write_grid_add(&grid, AT_GRID_HEAD);
    head[0] = w->curves->x.name;
    head[1] = at_words_word(w->words, AT_W_CURVE_FORMULA);
    head[2] = at_words_word(w->words, AT_W_CURVE_START);
    head[3] = at_words_word(w->words, AT_W_CURVE_END);
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        at_str *row = at_write_grid_add(&grid, AT_GRID_ROW);
        row[0] = at_write_curve_range(w, curve, i);
        row[1] = at_write_curve_formula(w, curve, i);
        row[2] = at_write_curve_pay(w, curve, i, false);
        row[3] = at_write_curve_pay(w, curve, i, true);
    }
    at_write_grid_print(&grid, out);
}

static void write_samples(const struct at_write_curve_words *w, const struct at_curve_shared *curve,
                          bool color, struct at_sink *out) {
    struct at_write_grid grid;
    if (curve->n_samples == 0) return;
    at_write_grid_init(&grid, w->arena, 2, 0);
    grid.color = color;
    at_str *head = at_write_grid_add(&grid, AT_GRID_HEAD);
    head[0] = w->curves->x.name;
    head[1] = at_words_word(w->words, AT_W_CURVE_SAMPLED);
    for (uint32_t i = 0; i < curve->n_samples; i++) {
        at_str *row = at_write_grid_add(&grid, AT_GRID_ROW);
        row[0] = at_write_curve_value(w, &w->curves->x, curve->samples[i].x);
        row[1] = at_write_curve_sample(w, &curve->samples[i]);
    }
    sentence(w, out, at_write_curve_samples(w, curve));
    at_write_grid_print(&grid, out);
}

static void write_curve(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                        const struct at_curve_shared *curve, bool color, struct at_sink *out) {
    at_sink_z(out, "\n");
    line(out, at_write_curve_heading(w, side, curve));
    write_pieces(w, &curve->curve, color, out);
    for (uint32_t i = 0; i < curve->shapes.n; i++) {
        at_str said = at_write_curve_shape(w, side, &curve->shapes.at[i]);
        if (said.n) sentence(w, out, said);
    }
    write_samples(w, curve, color, out);
}

static void write_curves(const struct at_write_curve_words *w, bool color, struct at_sink *out) {
    uint32_t left = 0;
    for (unsigned s = 0; s < w->curves->n_sides; s++) {
        const struct at_write_curve_side *side = &w->curves->side[s];
        for (uint32_t i = 0; i < side->many->n_curves && i < AT_CURVES_SHOWN; i++)
            write_curve(w, side, &side->many->curves[i], color, out);
        if (side->many->n_curves > AT_CURVES_SHOWN) left += side->many->n_curves - AT_CURVES_SHOWN;
    }
    if (left == 0) return;
    at_sink_z(out, "\n");
    line(out, AT_SAY(w->arena, w->words, AT_W_CURVE_OTHERS, at_str_format(w->arena, "%u", left)));
}

static void write_places(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                         bool color, struct at_sink *out) {
    const struct at_curve_many *many = side->many;
    struct at_write_grid grid;
    at_write_grid_init(&grid, w->arena, 3, 1);
    grid.color = color;
    at_str *head = at_write_grid_add(&grid, AT_GRID_HEAD);
    head[0] = at_words_word(w->words, AT_W_PAYEE);
    head[1] = w->curves->x.name;
    head[2] = w->curves->y.name;
    for (uint32_t i = 0; i < many->n_places && i < AT_CURVES_PLACES; i++) {
        const struct at_curve_place *place = &many->places[i];
        at_str *row = at_write_grid_add(&grid, AT_GRID_ROW);
        row[0] = at_write_curve_payee(w, side, place->payee);
        row[1] = place->known ? at_write_curve_value(w, &w->curves->x, place->x) : AT_STR("–");
        row[2] = place->known ? at_write_curve_value(w, &w->curves->y, place->pay)
                              : at_words_word(w->words, AT_W_CURVE_WITHHELD);
    }
    at_sink_z(out, "\n");
    line(out, w->curves->n_sides > 1 ? side->name : at_words_word(w->words, AT_W_CURVE_PLACES));
    at_write_grid_print(&grid, out);
    if (many->n_places <= AT_CURVES_PLACES) return;
    at_str left = at_str_format(w->arena, "%u", many->n_places - AT_CURVES_PLACES);
    line(out, AT_SAY(w->arena, w->words, AT_W_CURVE_OTHER_PLACES, left));
}

void at_write_curves_text(const struct at_write_curves *curves, const struct at_write_explain_style *style,
                          struct at_arena *scratch, struct at_sink *out) {
    const struct at_write_curve_words w = {curves, style->words, scratch};
    struct at_write_plot plot;
    line(out, at_write_curve_title(&w));
    at_sink_z(out, "\n");
    at_write_curve_plot(&w, &plot);
    at_write_plot_text(&plot, style->words, style->width, style->color, scratch, out);
    write_curves(&w, style->color, out);
    for (unsigned s = 0; s < curves->n_sides; s++)
        write_places(&w, &curves->side[s], style->color, out);
    at_sink_z(out, "\n");
    line(out, at_words_word(style->words, AT_W_CURVE_ROUNDING));
}
