/* api/curve_read.c: curves as the host reads them, and all of them written. */
#include "api/curve.h"
#include "api/report.h"
#include "base/numtext.h"

/* ---- texts */

static attain_text number(struct at_arena *arena, at_num num) {
    return at_api_text(at_num_print(arena, num));
}

static attain_text limit(struct at_arena *arena, const struct at_curve *curve, uint32_t piece, bool high) {
    const struct at_curve_value *pay = &curve->pieces[piece].pay;
    if (pay->kind != AT_CURVE_NUM) return (attain_text){"", 0};
    at_num x = at_curve_end(arena, curve, piece, high);
    if (at_num_sign(at_poly_at(arena, pay->den, x)) == 0) return (attain_text){"", 0};
    return number(arena, at_curve_at(arena, pay, x));
}

static attain_curve_piece piece_of(const struct at_write_curve_words *w, const struct at_curve *curve,
                                   uint32_t i) {
    const struct at_curve_piece *p = &curve->pieces[i];
    return (attain_curve_piece){.kind = p->pay.kind == AT_CURVE_NUM       ? ATTAIN_CURVE_FUNCTION
                                        : p->pay.kind == AT_CURVE_UNKNOWN ? ATTAIN_CURVE_UNKNOWN
                                                                          : ATTAIN_CURVE_WITHHELD,
                                .low = number(w->arena, at_curve_end(w->arena, curve, i, false)),
                                .high = number(w->arena, at_curve_end(w->arena, curve, i, true)),
                                .exact_low = p->low.exact,
                                .exact_high = p->high.exact,
                                .with_low = p->point || p->with_low,
                                .with_high = p->point || p->with_high,
                                .formula = at_api_text(at_write_curve_formula(w, curve, i)),
                                .pay_low = limit(w->arena, curve, i, false),
                                .pay_high = limit(w->arena, curve, i, true),
                                .slope = p->slope};
}

static attain_curve_shape shape_of(const struct at_write_curve_words *w,
                                   const struct at_write_curve_side *side,
                                   const struct at_curve_shape *shape) {
    static const char *const kinds[] = {
        [AT_CURVE_KINK] = "kink", [AT_CURVE_JUMP] = "jump",         [AT_CURVE_FLAT] = "flat",
        [AT_CURVE_FALL] = "fall", [AT_CURVE_WITHHELD] = "withheld", [AT_CURVE_NOT] = "unknown"};
    bool function = shape->kind < AT_CURVE_WITHHELD;
    at_str said = at_words_sentence_plain(w->arena, at_write_curve_shape(w, side, shape));
    return (attain_curve_shape){
        .kind = kinds[shape->kind],
        .low = number(w->arena, shape->low),
        .high = number(w->arena, shape->high),
        .exact = shape->exact,
        .before = function ? number(w->arena, shape->before) : (attain_text){"", 0},
        .after = function ? number(w->arena, shape->after) : (attain_text){"", 0},
        .source = function ? (attain_text){"", 0}
                           : at_api_text(at_write_curve_source(side->run, shape->blame, w->arena)),
        .text = at_api_text(said)};
}

static attain_curve_payee payee_of(struct at_arena *arena, const struct at_write_curve_side *side,
                                   const struct at_curve_place *place) {
    return (attain_curve_payee){.key = at_api_text(side->keys[place->payee]),
                                .label = at_api_text(side->labels[place->payee]),
                                .known = place->known,
                                .x = place->known ? number(arena, place->x) : (attain_text){"", 0},
                                .pay = place->known ? number(arena, place->pay) : (attain_text){"", 0}};
}

static void read_curve(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                       uint32_t index, struct at_api_curve *out) {
    const struct at_curve_shared *shared = &side->many->curves[index];
    uint32_t n = 0;
    out->about = (attain_curve){.version = side == &w->curves->side[1],
                                .payee_count = shared->n_payees,
                                .piece_count = shared->curve.n_pieces,
                                .shape_count = shared->shapes.n,
                                .sample_count = shared->n_samples};
    out->payees = AT_NEW_ARRAY(w->arena, attain_curve_payee, shared->n_payees + 1);
    out->pieces = AT_NEW_ARRAY(w->arena, attain_curve_piece, shared->curve.n_pieces + 1);
    out->shapes = AT_NEW_ARRAY(w->arena, attain_curve_shape, shared->shapes.n + 1);
    for (uint32_t i = 0; i < shared->n_payees; i++)
        out->payees[n++] = payee_of(w->arena, side, &side->many->places[shared->places[i]]);
    for (uint32_t i = 0; i < shared->curve.n_pieces; i++)
        out->pieces[i] = piece_of(w, &shared->curve, i);
    for (uint32_t i = 0; i < shared->shapes.n; i++)
        out->shapes[i] = shape_of(w, side, &shared->shapes.at[i]);
    out->samples = AT_NEW_ARRAY(w->arena, attain_curve_sample, shared->n_samples + 1);
    for (uint32_t i = 0; i < shared->n_samples; i++) {
        const struct at_curve_sample *sample = &shared->samples[i];
        out->samples[i] =
            (attain_curve_sample){.x = number(w->arena, sample->x),
                                  .pay = sample->known ? number(w->arena, sample->pay) : (attain_text){"", 0},
                                  .known = sample->known};
    }
}

void at_api_curve_texts(struct attain_curves *handle) {
    struct at_arena *arena = &handle->r.own.arena;
    const struct at_write_curve_words w = {&handle->curves, handle->words, arena};
    size_t n = 0;
    for (unsigned s = 0; s < handle->curves.n_sides; s++)
        n += handle->many[s].n_curves;
    handle->read = AT_NEW_ARRAY(arena, struct at_api_curve, n + 1);
    for (unsigned s = 0; s < handle->curves.n_sides; s++)
        for (uint32_t i = 0; i < handle->many[s].n_curves; i++)
            read_curve(&w, &handle->curves.side[s], i, &handle->read[handle->n_read++]);
}

/* ---- reading */

size_t attain_curve_count(const attain_curves *curves) {
    return curves ? curves->n_read : 0;
}

attain_status(attain_curve_get)(const attain_curves *curves, size_t index, attain_curve *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_curve_count(curves)) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, curves->read[index].about);
}

attain_status(attain_curve_payee_get)(const attain_curves *curves, size_t index, size_t payee,
                                      attain_curve_payee *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_curve_count(curves)) return ATTAIN_USAGE;
    const struct at_api_curve *curve = &curves->read[index];
    if (payee >= curve->about.payee_count) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, curve->payees[payee]);
}

attain_status(attain_curve_piece_get)(const attain_curves *curves, size_t index, size_t piece,
                                      attain_curve_piece *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_curve_count(curves)) return ATTAIN_USAGE;
    const struct at_api_curve *curve = &curves->read[index];
    if (piece >= curve->about.piece_count) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, curve->pieces[piece]);
}

attain_status(attain_curve_shape_get)(const attain_curves *curves, size_t index, size_t shape,
                                      attain_curve_shape *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_curve_count(curves)) return ATTAIN_USAGE;
    const struct at_api_curve *curve = &curves->read[index];
    if (shape >= curve->about.shape_count) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, curve->shapes[shape]);
}

attain_status(attain_curve_sample_get)(const attain_curves *curves, size_t index, size_t sample,
                                       attain_curve_sample *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_curve_count(curves)) return ATTAIN_USAGE;
    const struct at_api_curve *curve = &curves->read[index];
    if (sample >= curve->about.sample_count) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, curve->samples[sample]);
}

/* ---- writing */

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct at_write_curves *curves = subject;
    const struct at_write_explain_style style = {
        .words = report->words, .width = report->width, .color = report->color};
    struct at_arena *arena = report->arena;
    switch (format) {
    case ATTAIN_REPORT_TEXT: at_write_curves_text(curves, &style, arena, report->out); break;
    case ATTAIN_REPORT_JSON: at_write_curves_json(curves, arena, report->out); break;
    case ATTAIN_REPORT_HTML: at_write_curves_html(curves, &style, arena, report->out); break;
    case ATTAIN_REPORT_SVG: at_write_curves_svg(curves, &style, arena, report->out); break;
    case ATTAIN_REPORT_MARKDOWN: break; /* refused before */
    }
}

attain_status attain_curve_write(const attain_curves *curves, attain_report_format format,
                                 const attain_report_options *options, attain_write_fn write, void *context) {
    if (!curves || curves->curves.n_sides == 0) return ATTAIN_USAGE;
    return at_api_report_write(&curves->r.own, format, ATTAIN_REPORT_SVG, options, write_as, &curves->curves,
                               write, context);
}
