/* write/curves_plot.c: curves as lines of a plot, and payees as points.
 *
 * A straight piece is drawn from its two ends. Others are drawn through a few numbers: the drawing is the
 * only thing that is made so.
 */
#include "base/vec.h"
#include "write/curves.h"

enum { BENT = 40, MOST_POINTS = 4000 };

struct drawing {
    struct at_arena *arena;
    const struct at_curve *curve;
    const struct at_curve_shapes *shapes;
    AT_VEC(struct at_write_plot_stretch) stretches;
    AT_VEC(struct at_write_plot_point) points;
    bool open; /* points is a stretch that has begun */
    uint8_t first;
};

static bool is_straight(const struct at_curve_value *pay) {
    return at_poly_is_const(pay->den) && pay->num.n <= 2;
}

static void close(struct drawing *d, uint8_t last) {
    if (!d->open) return;
    d->open = false;
    if (d->points.n == 0) return;
    struct at_write_plot_stretch stretch = {
        .at = d->points.at, .n = (uint32_t)d->points.n, .first = d->first, .last = last};
    AT_VEC_PUSH(d->arena, &d->stretches, stretch);
    memset(&d->points, 0, sizeof d->points);
}

static void begin(struct drawing *d, uint8_t first) {
    close(d, AT_PLOT_PLAIN);
    d->open = true;
    d->first = first;
}

static void point(struct drawing *d, uint32_t piece, at_num x) {
    const struct at_curve_value *pay = &d->curve->pieces[piece].pay;
    if (at_num_sign(at_poly_at(d->arena, pay->den, x)) == 0) return;
    struct at_write_plot_point at = {x, at_curve_at(d->arena, pay, x)};
    AT_VEC_PUSH(d->arena, &d->points, at);
}

static void interval(struct drawing *d, uint32_t piece) {
    struct at_arena *arena = d->arena;
    const struct at_curve *curve = d->curve;
    at_num low = at_curve_end(arena, curve, piece, false), high = at_curve_end(arena, curve, piece, true);
    if (d->points.n == 0) point(d, piece, low);
    at_num part = at_num_div(arena, at_num_sub(arena, high, low), at_num_int(BENT));
    for (int i = 1; i < BENT && !is_straight(&curve->pieces[piece].pay); i++)
        point(d, piece, at_num_add(arena, low, at_num_mul(arena, part, at_num_int(i))));
    point(d, piece, high);
}

static bool jumps_to(const struct at_curve_shapes *shapes, uint32_t piece) {
    for (uint32_t i = 0; i < shapes->n; i++)
        if (shapes->at[i].kind == AT_CURVE_JUMP && shapes->at[i].right == piece) return true;
    return false;
}

static uint8_t end_mark(const struct at_curve *curve, uint32_t piece, bool high) {
    const struct at_curve_piece *p = &curve->pieces[piece];
    if (high ? piece + 1 == curve->n_pieces : piece == 0) return AT_PLOT_PLAIN;
    return (high ? p->with_high : p->with_low) ? AT_PLOT_FILLED : AT_PLOT_OPEN;
}

struct at_write_plot_line at_write_curve_line(const struct at_curve *curve,
                                              const struct at_curve_shapes *shapes, struct at_arena *arena) {
    struct drawing d = {.arena = arena, .curve = curve, .shapes = shapes};
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        bool number = p->pay.kind == AT_CURVE_NUM;
        bool goes_on = number && !p->point && d.open && !jumps_to(d.shapes, i);
        if (!goes_on && d.open && i > 0) close(&d, end_mark(curve, i - 1, true));
        if (!number) continue;
        if (!goes_on) begin(&d, p->point ? AT_PLOT_FILLED : end_mark(curve, i, false));
        if (!p->point) {
            interval(&d, i);
            continue;
        }
        point(&d, i, at_curve_end(arena, curve, i, false));
        close(&d, AT_PLOT_PLAIN);
    }
    close(&d, AT_PLOT_PLAIN);
    return (struct at_write_plot_line){.at = d.stretches.at, .n = (uint32_t)d.stretches.n};
}

/* Samples are dots of the line, which are not connected. */
static void add_samples(const struct at_curve_shared *shared, struct at_write_plot_line *line,
                        struct at_arena *arena) {
    struct at_write_plot_stretch *at =
        AT_NEW_ARRAY(arena, struct at_write_plot_stretch, (size_t)line->n + shared->n_samples + 1);
    if (line->n) memcpy(at, line->at, line->n * sizeof *at);
    line->at = at;
    for (uint32_t i = 0; i < shared->n_samples; i++) {
        struct at_write_plot_point *point = AT_NEW(arena, struct at_write_plot_point);
        *point = (struct at_write_plot_point){shared->samples[i].x, shared->samples[i].pay};
        if (shared->samples[i].known)
            at[line->n++] = (struct at_write_plot_stretch){
                .at = point, .n = 1, .first = AT_PLOT_FILLED, .last = AT_PLOT_PLAIN};
    }
}

/* Where several versions are drawn, each has the same number of lines. */
static uint32_t lines_of(const struct at_write_curve_words *w, const struct at_write_curve_side *side) {
    uint32_t most = AT_PLOT_MOST_LINES / w->curves->n_sides;
    return side->many->n_curves < most ? side->many->n_curves : most;
}

static at_str name_of(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                      const struct at_curve_shared *shared) {
    at_str who = at_write_curve_payees(w, side, shared);
    if (w->curves->n_sides < 2) return who;
    if (side->many->n_curves < 2) return side->name;
    return at_str_format(w->arena, "%.*s: %.*s", AT_STR_ARG(side->name), AT_STR_ARG(who));
}

static void put_dots(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                     uint32_t first, struct at_write_plot *out) {
    const struct at_curve_many *many = side->many;
    for (uint32_t i = 0; i < many->n_places && out->n_dots < MOST_POINTS; i++) {
        const struct at_curve_place *place = &many->places[i];
        if (!place->known || at_num_cmp(w->arena, place->x, many->from) < 0 ||
            at_num_cmp(w->arena, place->x, many->to) > 0)
            continue;
        uint32_t line = first + place->curve;
        out->dots[out->n_dots++] =
            (struct at_write_plot_dot){.x = place->x,
                                       .y = place->pay,
                                       .name = at_write_curve_payee(w, side, place->payee),
                                       .line = line < AT_PLOT_MOST_LINES ? line : AT_PLOT_MOST_LINES - 1};
    }
}

/* What it shows, also of samples: those of the first curve that has some. */
static at_str about(const struct at_write_curve_words *w) {
    at_str title = at_write_curve_title(w);
    for (unsigned s = 0; s < w->curves->n_sides; s++)
        for (uint32_t i = 0; i < w->curves->side[s].many->n_curves; i++) {
            const struct at_curve_shared *shared = &w->curves->side[s].many->curves[i];
            if (shared->n_samples == 0) continue;
            at_str said = at_words_sentence_plain(w->arena, at_write_curve_samples(w, shared));
            return at_str_format(w->arena, "%.*s. %.*s", AT_STR_ARG(title), AT_STR_ARG(said));
        }
    return title;
}

void at_write_curve_plot(const struct at_write_curve_words *w, struct at_write_plot *out) {
    const struct at_write_curves *c = w->curves;
    *out = (struct at_write_plot){.about = about(w), .x = c->x, .y = c->y};
    out->x.fixed = true;
    out->x.low = c->side[0].many->from;
    out->x.high = c->side[0].many->to;
    out->lines = AT_NEW_ARRAY(w->arena, struct at_write_plot_line, AT_PLOT_MOST_LINES);
    out->dots = AT_NEW_ARRAY(w->arena, struct at_write_plot_dot, MOST_POINTS);
    for (unsigned s = 0; s < c->n_sides; s++) {
        uint32_t first = out->n_lines, n = lines_of(w, &c->side[s]);
        for (uint32_t i = 0; i < n; i++) {
            const struct at_curve_shared *shared = &c->side[s].many->curves[i];
            struct at_write_plot_line line = at_write_curve_line(&shared->curve, &shared->shapes, w->arena);
            if (shared->n_samples) add_samples(shared, &line, w->arena);
            line.name = name_of(w, &c->side[s], shared);
            out->lines[out->n_lines++] = line;
        }
        put_dots(w, &c->side[s], first, out);
    }
}
