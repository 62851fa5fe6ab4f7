/* curve/shape.c: kinks, jumps, flat and falling stretches: what the pieces say, for readers.
 *
 * Pieces are exact, so nothing is found by trying numbers. A point that is not rational is first narrowed to
 * an interval; values there are those of the end of the interval that is in the piece.
 */
#include "curve/curve.h"

#include "base/vec.h"

struct shaping {
    const struct at_curve *curve;
    struct at_arena *arena;
    AT_VEC(struct at_curve_shape) shapes;
};

static at_num length(struct at_arena *arena, const struct at_curve *curve) {
    at_num from = curve->pieces[0].low.low, to = curve->pieces[curve->n_pieces - 1].high.high;
    return at_num_sub(arena, to, from);
}

at_num at_curve_end(struct at_arena *arena, const struct at_curve *curve, uint32_t piece, bool high) {
    struct at_curve_piece *p = &curve->pieces[piece];
    struct at_poly_point *end = high ? &p->high : &p->low;
    at_num most = at_num_div(arena, length(arena, curve), at_num_int(1000000));
    while (!end->exact) {
        at_num wide = at_num_sub(arena, end->high, end->low);
        bool inside = p->point || (high ? at_num_cmp(arena, p->low.high, end->low) < 0
                                        : at_num_cmp(arena, end->high, p->high.low) < 0);
        if (inside && at_num_cmp(arena, wide, most) <= 0) break;
        at_poly_refine(arena, end);
    }
    return high ? end->low : end->high;
}

at_num at_curve_slope(struct at_arena *arena, const struct at_curve_value *value, at_num x) {
    at_num num = at_poly_at(arena, value->num, x), den = at_poly_at(arena, value->den, x),
           up = at_poly_at(arena, at_poly_slope(arena, value->num), x),
           down = at_poly_at(arena, at_poly_slope(arena, value->den), x);
    at_num top = at_num_sub(arena, at_num_mul(arena, up, den), at_num_mul(arena, num, down));
    return at_num_div(arena, top, at_num_mul(arena, den, den));
}

/* ---- values at the ends of pieces */

static bool is_number(const struct at_curve_piece *piece) {
    return piece->pay.kind == AT_CURVE_NUM;
}

/* False: the pay has no bound there, such as that of 1 / x at zero. */
static bool value_at(struct shaping *s, uint32_t piece, at_num x, at_num *out) {
    const struct at_curve_value *pay = &s->curve->pieces[piece].pay;
    if (at_num_sign(at_poly_at(s->arena, pay->den, x)) == 0) return false;
    *out = at_curve_at(s->arena, pay, x);
    return true;
}

static bool exact_ends(const struct at_curve_piece *low, const struct at_curve_piece *high) {
    return low->low.exact && high->high.exact;
}

/* ---- shapes */

static struct at_curve_shape *add(struct shaping *s, enum at_curve_shape_kind kind, uint32_t left,
                                  uint32_t right) {
    const struct at_curve_piece *first = &s->curve->pieces[left], *last = &s->curve->pieces[right];
    struct at_curve_shape shape = {.kind = (uint8_t)kind,
                                   .exact = exact_ends(first, last),
                                   .low = at_curve_end(s->arena, s->curve, left, false),
                                   .high = at_curve_end(s->arena, s->curve, right, true),
                                   .before = at_num_int(0),
                                   .after = at_num_int(0),
                                   .at = at_num_int(0),
                                   .left = left,
                                   .right = right,
                                   .blame = AT_NO_NODE};
    AT_VEC_PUSH(s->arena, &s->shapes, shape);
    return &s->shapes.at[s->shapes.n - 1];
}

static bool equal_at(struct shaping *s, const struct at_curve_value *a, const struct at_curve_value *b,
                     struct at_poly_point at) {
    at_poly left = at_poly_mul(s->arena, a->num, b->den), right = at_poly_mul(s->arena, b->num, a->den);
    if (at_poly_sign(s->arena, a->den, &at) == 0 || at_poly_sign(s->arena, b->den, &at) == 0) return false;
    return at_poly_sign(s->arena, at_poly_sub(s->arena, left, right), &at) == 0;
}

static void of_blame(struct shaping *s, uint32_t piece) {
    const struct at_curve_piece *p = &s->curve->pieces[piece];
    enum at_curve_shape_kind kind = p->pay.kind == AT_CURVE_UNKNOWN ? AT_CURVE_NOT : AT_CURVE_WITHHELD;
    struct at_curve_shape *last = s->shapes.n ? &s->shapes.at[s->shapes.n - 1] : NULL;
    if (last && last->kind == kind && last->right + 1 == piece && last->blame == p->pay.blame) {
        last->right = piece;
        last->high = at_curve_end(s->arena, s->curve, piece, true);
        return;
    }
    add(s, kind, piece, piece)->blame = p->pay.blame;
}

/* A flat or a falling stretch, which can go over several pieces that meet. */
static void of_stretch(struct shaping *s, uint32_t piece) {
    const struct at_curve_piece *p = &s->curve->pieces[piece];
    enum at_curve_shape_kind kind = p->slope < 0 ? AT_CURVE_FALL : AT_CURVE_FLAT;
    struct at_curve_shape *shape = NULL;
    for (size_t i = s->shapes.n; i-- > 0 && i + 3 > s->shapes.n && !shape;) { /* a kink may be between */
        struct at_curve_shape *last = &s->shapes.at[i];
        if (last->kind == AT_CURVE_JUMP && last->right == piece) break;
        if (last->kind == kind && last->right + 1 == piece) shape = last;
    }
    if (!shape) shape = add(s, kind, piece, piece);
    at_num low = at_curve_end(s->arena, s->curve, piece, false);
    shape->right = piece;
    shape->high = at_curve_end(s->arena, s->curve, piece, true);
    shape->exact = exact_ends(&s->curve->pieces[shape->left], p);
    if (shape->left == piece) value_at(s, piece, low, &shape->before);
    if (!value_at(s, piece, shape->high, &shape->after)) shape->after = shape->before;
}

/* Between two intervals: `point` is the piece of the number alone that is there, or none. */
static void of_corner(struct shaping *s, uint32_t left, uint32_t right) {
    const struct at_curve_piece *a = &s->curve->pieces[left], *b = &s->curve->pieces[right];
    const struct at_curve_piece *point = right > left + 1 ? &s->curve->pieces[left + 1] : NULL;
    if (!is_number(a) || !is_number(b) || (point && !is_number(point))) return;
    bool meets = !point && equal_at(s, &a->pay, &b->pay, b->low);
    at_num below = at_curve_end(s->arena, s->curve, left, true),
           above = at_curve_end(s->arena, s->curve, right, false), before, after;
    if (meets) {
        /* One function that turns: its slopes next to a root that is not rational differ only because it is
         * not. */
        if (at_poly_same(a->pay.num, b->pay.num) && at_poly_same(a->pay.den, b->pay.den)) return;
        before = at_curve_slope(s->arena, &a->pay, below);
        after = at_curve_slope(s->arena, &b->pay, above);
        if (b->low.exact && at_num_cmp(s->arena, before, after) == 0) return;
    } else if (!value_at(s, left, below, &before) || !value_at(s, right, above, &after)) {
        return;
    }
    struct at_curve_shape *shape = add(s, meets ? AT_CURVE_KINK : AT_CURVE_JUMP, left, right);
    shape->exact = b->low.exact;
    shape->low = below;
    shape->high = above;
    shape->before = before;
    shape->after = after;
    if (!point || !value_at(s, left + 1, above, &shape->at)) return;
    shape->own = at_num_cmp(s->arena, shape->at, before) != 0 && at_num_cmp(s->arena, shape->at, after) != 0;
}

void at_curve_shapes(const struct at_curve *curve, struct at_arena *arena, struct at_curve_shapes *out) {
    struct shaping s = {.curve = curve, .arena = arena};
    uint32_t last = UINT32_MAX; /* the interval before this piece */
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        if (!is_number(p)) {
            of_blame(&s, i);
            last = UINT32_MAX;
            continue;
        }
        if (p->point) continue;
        if (last != UINT32_MAX) of_corner(&s, last, i);
        if (p->slope <= 0) of_stretch(&s, i);
        last = i;
    }
    *out = (struct at_curve_shapes){s.shapes.at, (uint32_t)s.shapes.n};
}
