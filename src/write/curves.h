/* write/curves.h: curves as text with a drawing, as JSON, as SVG, and as an HTML page.
 *
 * Writers read curves and make their sentences in the language of the style. Numbers are rounded for reading,
 * with ≈ before them; JSON has them exactly.
 */
#ifndef AT_WRITE_CURVES_H
#define AT_WRITE_CURVES_H

#include "curve/many.h"
#include "write/explain.h"
#include "write/plot.h"

/* One version of the policy. */
struct at_write_curve_side {
    at_str name; /* for legends */
    const struct at_session_run *run;
    const struct at_curve_many *many;
    const at_str *keys, *labels; /* by payee row */
};
struct at_write_curves {
    at_str vary; /* as the host writes it */
    struct at_write_plot_axis x, y;
    at_period first, last; /* whose pay it is */
    struct at_write_curve_side side[2];
    unsigned n_sides;
};

void at_write_curves_text(const struct at_write_curves *curves, const struct at_write_explain_style *style,
                          struct at_arena *scratch, struct at_sink *out);
void at_write_curves_json(const struct at_write_curves *curves, struct at_arena *scratch,
                          struct at_sink *out);
/* The pieces of one curve, as an array. */
void at_write_curve_pieces(const struct at_curve *curve, struct at_arena *scratch, struct at_sink *out);
void at_write_curves_svg(const struct at_write_curves *curves, const struct at_write_explain_style *style,
                         struct at_arena *scratch, struct at_sink *out);
void at_write_curves_html(const struct at_write_curves *curves, const struct at_write_explain_style *style,
                          struct at_arena *scratch, struct at_sink *out);

/* ---- what the formats share (curves_words.c) */

enum { AT_CURVES_SHOWN = 5, AT_CURVES_PLACES = 20 };

struct at_write_curve_words {
    const struct at_write_curves *curves;
    const struct at_words *words;
    struct at_arena *arena;
};
/* "commission in 2026-Q1, as a function of bookings" */
at_str at_write_curve_title(const struct at_write_curve_words *w);
/* "Ana Ruiz (ana)", and of a curve: "Ana Ruiz (ana), ben, and 3 more". */
at_str at_write_curve_payee(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                            uint32_t row);
at_str at_write_curve_payees(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                             const struct at_curve_shared *curve);
at_str at_write_curve_heading(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                              const struct at_curve_shared *curve);
/* The range of a piece, its formula, and the pay at its ends; empty where there is none. */
at_str at_write_curve_range(const struct at_write_curve_words *w, const struct at_curve *curve,
                            uint32_t piece);
at_str at_write_curve_formula(const struct at_write_curve_words *w, const struct at_curve *curve,
                              uint32_t piece);
at_str at_write_curve_pay(const struct at_write_curve_words *w, const struct at_curve *curve, uint32_t piece,
                          bool high);
/* A sentence, with the marks of words.h around code. */
at_str at_write_curve_shape(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                            const struct at_curve_shape *shape);
/* What the samples of a curve mean, and what one of them pays. */
at_str at_write_curve_samples(const struct at_write_curve_words *w, const struct at_curve_shared *curve);
at_str at_write_curve_sample(const struct at_write_curve_words *w, const struct at_curve_sample *sample);
/* The text of the policy that a node comes from, on one line; may be empty. */
at_str at_write_curve_source(const struct at_session_run *run, uint32_t node, struct at_arena *arena);

/* A value for reading, as of at_write_plot_value. */
at_str at_write_curve_value(const struct at_write_curve_words *w, const struct at_write_plot_axis *axis,
                            at_num value);

/* ---- curves_plot.c */
void at_write_curve_plot(const struct at_write_curve_words *w, struct at_write_plot *out);
/* The line of one curve, without a name. */
struct at_write_plot_line at_write_curve_line(const struct at_curve *curve,
                                              const struct at_curve_shapes *shapes, struct at_arena *arena);

#endif
