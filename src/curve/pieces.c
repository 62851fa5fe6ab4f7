/* curve/pieces.c: the pieces of a curve, from left to right.
 *
 * A piece begins as the rest of the range. Comparisons shorten it, so that at its end all of them have one
 * answer on it. Then comes the number at which it ended, and the next piece. The arena of a piece is emptied;
 * what is kept of it is copied.
 */
#include "curve/pieces.h"

#define MOST_PIECES 100000

static at_poly kept(struct at_arena *arena, at_poly a) {
    at_num *c = at_arena_get(arena, (a.n + 1) * sizeof *c);
    for (uint32_t i = 0; i < a.n; i++)
        c[i] = at_num_copy(arena, a.c[i]);
    return (at_poly){a.n, c};
}

static struct at_poly_point kept_point(struct at_arena *arena, const struct at_poly_point *p) {
    return (struct at_poly_point){.exact = p->exact,
                                  .low = at_num_copy(arena, p->low),
                                  .high = at_num_copy(arena, p->high),
                                  .of = kept(arena, p->of)};
}

/* The sign of the slope; the piece ends where it changes. */
static int8_t slope(struct at_curve_eval *e, const struct at_curve_value *pay) {
    if (pay->kind != AT_CURVE_NUM || e->point) return 0;
    at_poly up = at_poly_mul(e->arena, at_poly_slope(e->arena, pay->num), pay->den),
            down = at_poly_mul(e->arena, pay->num, at_poly_slope(e->arena, pay->den));
    struct at_curve_value rises = {.kind = AT_CURVE_NUM,
                                   .num = at_poly_sub(e->arena, up, down),
                                   .den = at_poly_const(e->arena, at_num_int(1))};
    return (int8_t)at_curve_sign(e, &rises);
}

static bool same_function(const struct at_curve_value *a, const struct at_curve_value *b) {
    if (a->kind != b->kind) return false;
    if (a->kind != AT_CURVE_NUM) return true;
    return at_poly_same(a->num, b->num) && at_poly_same(a->den, b->den);
}

/* Whether the function of an interval has the value of the point at its end. */
static bool meets(struct at_curve_eval *e, const struct at_curve_piece *interval,
                  const struct at_curve_piece *point) {
    if (interval->pay.kind != point->pay.kind) return false;
    if (interval->pay.kind != AT_CURVE_NUM) return true;
    struct at_poly_point at = point->low;
    if (at_poly_sign(e->arena, interval->pay.den, &at) == 0) return false;
    at_poly one = at_poly_mul(e->arena, interval->pay.num, point->pay.den),
            other = at_poly_mul(e->arena, point->pay.num, interval->pay.den);
    return at_poly_sign(e->arena, at_poly_sub(e->arena, one, other), &at) == 0;
}

/* Adds a piece, which becomes part of the last one where both follow one function. */
static void add(struct at_curve_pieces *b, struct at_curve_piece piece) {
    struct at_curve_piece *last = b->pieces.n ? &b->pieces.at[b->pieces.n - 1] : NULL;
    if (last && piece.point && !last->point && meets(&b->eval, last, &piece)) {
        last->with_high = true;
        return;
    }
    if (last && !piece.point && last->point && meets(&b->eval, &piece, last)) {
        piece.with_low = true;
        piece.low = last->low;
        b->pieces.n--;
        last = b->pieces.n ? &b->pieces.at[b->pieces.n - 1] : NULL;
    }
    if (last && !piece.point && !last->point && last->with_high && last->slope == piece.slope &&
        same_function(&last->pay, &piece.pay)) {
        last->high = piece.high;
        last->with_high = piece.with_high;
        return;
    }
    AT_VEC_PUSH(b->arena, &b->pieces, piece);
}

static struct at_poly_point one_piece(struct at_curve_pieces *b, bool point, struct at_poly_point from,
                                      struct at_poly_point to) {
    struct at_curve_eval *e = &b->eval;
    e->point = point;
    e->low = from;
    e->high = to;
    struct at_curve_value pay = b->evaluate(e, b->context);
    struct at_curve_piece piece = {.point = point, .slope = slope(e, &pay)};
    piece.low = kept_point(b->arena, &e->low);
    piece.high = kept_point(b->arena, point ? &e->low : &e->high);
    piece.pay = pay;
    if (pay.kind == AT_CURVE_NUM) {
        piece.pay.num = kept(b->arena, pay.num);
        piece.pay.den = kept(b->arena, pay.den);
    }
    struct at_poly_point end = piece.high;
    add(b, piece);
    return end;
}

/* Returns AT_REJECTED where numbers became too large, or the pieces too many. */
static enum at_status all_pieces(struct at_curve_pieces *b) {
    struct at_curve_eval *e = &b->eval;
    struct at_poly_point at = at_poly_point_of(e->options->from), to = at_poly_point_of(e->options->to);
    for (bool point = true;; point = !point) {
        struct at_arena_mark mark = at_arena_mark(e->arena);
        struct at_poly_point end = one_piece(b, point, at, point ? at : to);
        bool done = point && at_poly_cmp(b->arena, &end, &to) >= 0;
        at_arena_reset(e->arena, mark);
        if (e->too_large || b->pieces.n > MOST_PIECES) return AT_REJECTED;
        if (at_watch_cancelled(b->watch)) return AT_CANCELLED;
        if (done) return AT_OK;
        at = end;
    }
}

enum at_status at_curve_pieces_make(struct at_curve_pieces *b, struct at_curve *out) {
    enum at_status status = all_pieces(b);
    *out = (struct at_curve){.pieces = b->pieces.at, .n_pieces = (uint32_t)b->pieces.n};
    return status;
}
