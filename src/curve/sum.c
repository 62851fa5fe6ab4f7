/* curve/sum.c: the sum of curves, two at a time, so that the work grows with the number of pieces and not
 * with its square. */
#include "curve/pieces.h"
#include "curve/solve.h"

struct adding {
    const struct at_curve *of[2];
    uint32_t at[2]; /* the first piece that can hold what comes next */
};

/* Whether the piece has the point, or the numbers just above it. */
static bool has(struct at_curve_eval *e, const struct at_curve_piece *piece) {
    struct at_poly_point low = piece->low, high = piece->high, at = e->low;
    int from = at_poly_cmp(e->arena, &low, &at), to = at_poly_cmp(e->arena, &at, &high);
    if (piece->point) return e->point && from == 0;
    if (e->point)
        return (from < 0 || (from == 0 && piece->with_low)) && (to < 0 || (to == 0 && piece->with_high));
    return from <= 0 && to < 0;
}

static struct at_curve_value next(struct at_curve_eval *e, const struct at_curve *curve, uint32_t *at) {
    while (*at + 1 < curve->n_pieces && !has(e, &curve->pieces[*at]))
        ++*at;
    const struct at_curve_piece *piece = &curve->pieces[*at];
    struct at_poly_point high = piece->high;
    if (!e->point && at_poly_cmp(e->arena, &high, &e->high) < 0) e->high = piece->high;
    return piece->pay;
}

static struct at_curve_value both(struct at_curve_eval *e, void *context) {
    struct adding *adding = context;
    struct at_curve_value a = next(e, adding->of[0], &adding->at[0]),
                          b = next(e, adding->of[1], &adding->at[1]);
    return at_curve_add(e, &a, &b);
}

static enum at_status add_two(const struct at_curve *a, const struct at_curve *b, struct at_watch *watch,
                              struct at_arena *arena, struct at_curve *out) {
    struct adding adding = {{a, b}, {0, 0}};
    struct at_arena *scratch = at_arena_scratch(arena);
    struct at_curve_options options = {.from = a->pieces[0].low.low,
                                       .to = a->pieces[a->n_pieces - 1].high.high};
    struct at_curve_pieces pieces = {.eval = {.options = &options, .arena = scratch, .kept = arena},
                                     .watch = watch,
                                     .arena = arena,
                                     .evaluate = both,
                                     .context = &adding};
    enum at_status status = at_curve_pieces_make(&pieces, out);
    out->reaches = a->reaches || b->reaches;
    at_arena_free(scratch);
    return status;
}

enum at_status at_curve_sum(const struct at_curve *curves, uint32_t n, struct at_watch *watch,
                            struct at_arena *arena, struct at_curve *out) {
    struct at_curve left, right;
    if (n == 1) {
        *out = curves[0];
        return AT_OK;
    }
    enum at_status status = at_curve_sum(curves, n / 2, watch, arena, &left);
    if (status == AT_OK) status = at_curve_sum(curves + n / 2, n - n / 2, watch, arena, &right);
    return status == AT_OK ? add_two(&left, &right, watch, arena, out) : status;
}
