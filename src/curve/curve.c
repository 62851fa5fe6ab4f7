/* curve/curve.c: the pieces of a curve, from left to right.
 *
 * A piece begins as the rest of the range. Comparisons shorten it, so that at its end all of them have one
 * answer on it. Then comes the number at which it ended, and the next piece. The arena of a piece is emptied;
 * what is kept of it is copied.
 */
#include "curve/curve_int.h"

#include "base/vec.h"

#define MOST_PIECES 100000

struct build {
    struct at_curve_eval eval;
    struct at_watch *watch;
    struct at_arena *arena;
    AT_VEC(struct at_curve_piece) pieces;
};

/* ---- the value of a node */

struct at_curve_value at_curve_base(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t index = 0, state;
    if (p->grain == AT_G_CELL) index = period * e->run->n_payees + e->options->payee;
    if (p->grain == AT_G_ROW) index = e->options->payee;
    if (p->grain == AT_G_GROUP) {
        uint32_t group = at_kernel_frame_groups(e->run->frame, p->place, period)[e->options->payee];
        if (group == AT_NOBODY) return at_curve_failed(node);
        index = period * e->run->group_sizes[p->place] + group;
    }
    struct at_plan_value value = at_session_run_value(e->run, node, index, e->arena, &state);
    return at_curve_of_value(e, &value, state);
}

struct at_curve_value at_curve_node(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    uint32_t first = e->options->period;
    if (!e->depends[node] || period < first) return at_curve_base(e, node, period);
    return e->values[node][period - first];
}

static struct at_curve_value calculate(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (node == e->options->vary) {
        if (period != e->options->period) return at_curve_base(e, node, period);
        return (struct at_curve_value){.kind = AT_CURVE_NUM,
                                       .num = e->point && e->low.exact ? at_poly_const(e->arena, e->low.low)
                                                                       : at_poly_x(e->arena),
                                       .den = at_poly_const(e->arena, at_num_int(1))};
    }
    if (p->grain != AT_G_CELL && p->grain != AT_G_GROUP) return at_curve_unknown(node);
    switch (p->op) {
    case AT_P_STEP:
    case AT_P_THROUGH:
    case AT_P_LOOKUP: return at_curve_step(e, node, period);
    case AT_P_TODATE:
    case AT_P_PRIOR:
    case AT_P_CARRY:
    case AT_P_TRAILING:
    case AT_P_DELTA:
    case AT_P_CAPTODATE:
    case AT_P_MOVED: return at_curve_past(e, node, period);
    case AT_P_FROMGROUP:
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST:
    case AT_P_ALLOT: return at_curve_group(e, node, period);
    case AT_P_SPREAD: return at_curve_node(e, p->in[0], period);
    default: return p->op >= AT_P_ADD ? at_curve_map(e, node, period) : at_curve_unknown(node);
    }
}

/* All nodes that matter, period by period up to the one of the pay, as settle does. */
static struct at_curve_value evaluate(struct at_curve_eval *e, uint32_t last) {
    uint32_t first = e->options->period;
    for (uint32_t id = 0; id < e->plan->n_nodes; id++)
        if (e->depends[id] && e->wanted[id])
            e->values[id] = at_arena_get(e->arena, (last - first + 1) * sizeof *e->values[id]);
    for (uint32_t period = first; period <= last; period++)
        for (uint32_t id = 0; id < e->plan->n_nodes; id++)
            if (e->depends[id] && e->wanted[id]) e->values[id][period - first] = calculate(e, id, period);
    struct at_curve_value pay = at_curve_node(e, e->options->pay, e->options->first);
    for (uint32_t period = e->options->first + 1; period <= last; period++) {
        struct at_curve_value more = at_curve_node(e, e->options->pay, period);
        pay = at_curve_add(e, &pay, &more);
    }
    return pay;
}

/* ---- pieces */

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
static void add(struct build *b, struct at_curve_piece piece) {
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

static struct at_poly_point one_piece(struct build *b, bool point, struct at_poly_point from,
                                      struct at_poly_point to, uint32_t last) {
    struct at_curve_eval *e = &b->eval;
    e->point = point;
    e->low = from;
    e->high = to;
    struct at_curve_value pay = evaluate(e, last);
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
static enum at_status all_pieces(struct build *b, uint32_t last) {
    struct at_curve_eval *e = &b->eval;
    struct at_poly_point at = at_poly_point_of(e->options->from), to = at_poly_point_of(e->options->to);
    for (bool point = true;; point = !point) {
        struct at_arena_mark mark = at_arena_mark(e->arena);
        struct at_poly_point end = one_piece(b, point, at, point ? at : to, last);
        bool done = point && at_poly_cmp(b->arena, &end, &to) >= 0;
        at_arena_reset(e->arena, mark);
        if (e->too_large || b->pieces.n > MOST_PIECES) return AT_REJECTED;
        if (at_watch_cancelled(b->watch)) return AT_CANCELLED;
        if (done) return AT_OK;
        at = end;
    }
}

enum at_status at_curve_make(const struct at_session_run *run, const struct at_curve_options *options,
                             struct at_watch *watch, struct at_arena *arena, struct at_curve *out) {
    struct build b = {.watch = watch, .arena = arena};
    struct at_arena scratch;
    uint32_t n = run->plan->n_nodes;
    at_arena_init_beside(&scratch, arena);
    b.eval = (struct at_curve_eval){.run = run,
                                    .plan = run->plan,
                                    .options = options,
                                    .arena = &scratch,
                                    .depends = AT_NEW_ARRAY(arena, bool, n + 1),
                                    .wanted = AT_NEW_ARRAY(arena, bool, n + 1),
                                    .shared = AT_NEW_ARRAY(arena, bool, n + 1),
                                    .values = AT_NEW_ARRAY(arena, struct at_curve_value *, n + 1)};
    at_curve_reach(&b.eval);
    enum at_status status = all_pieces(&b, options->until);
    at_arena_free(&scratch);
    *out = (struct at_curve){b.pieces.at, (uint32_t)b.pieces.n};
    return status;
}
