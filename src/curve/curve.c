/* curve/curve.c: the pieces of a curve, from left to right.
 *
 * A piece begins as the rest of the range. Comparisons shorten it, so that at its end all of them have one
 * answer on it. Then comes the number at which it ended, and the next piece. The arena of a piece is emptied;
 * what is kept of it is copied.
 */
#include "curve/curve_int.h"

#include "base/vec.h"

#define MOST_PIECES 100000
#define MOST_VALUES 4000000 /* of nodes, payees, and periods on one piece */

struct build {
    struct at_curve_eval eval;
    struct at_watch *watch;
    struct at_arena *arena;
    AT_VEC(struct at_curve_piece) pieces;
};

/* ---- the plan on one piece */

static uint32_t span(const struct at_curve_eval *e) {
    return e->options->until - e->options->period + 1;
}

static bool is_kept(const struct at_curve_eval *e, uint32_t id) {
    uint8_t grain = e->plan->nodes[id].grain;
    return e->depends[id] && e->wanted[id] && (grain == AT_G_CELL || grain == AT_G_GROUP);
}

static uint32_t width(const struct at_curve_eval *e, uint32_t id) {
    const struct at_plan_node *p = &e->plan->nodes[id];
    return p->grain == AT_G_GROUP ? e->run->group_sizes[p->place] : e->n_who;
}

static void make_room(struct at_curve_eval *e) {
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        if (!is_kept(e, id)) continue;
        size_t n = (size_t)span(e) * width(e, id);
        e->values[id] = at_arena_get(e->arena, (n + 1) * sizeof *e->values[id]);
        for (size_t i = 0; i < n && e->plan->nodes[id].grain == AT_G_GROUP; i++)
            e->values[id][i].kind = AT_CURVE_NONE;
    }
}

/* The groups of those who matter. */
static void calculate_groups(struct at_curve_eval *e, uint32_t id, uint32_t period) {
    uint16_t place = e->plan->nodes[id].place;
    struct at_curve_value *to = e->values[id] + (size_t)(period - e->options->period) * width(e, id);
    for (uint32_t slot = 0; slot < e->n_who; slot++) {
        uint32_t group = at_kernel_frame_groups(e->run->frame, place, period)[e->who[slot]];
        if (group == AT_NOBODY || to[group].kind != AT_CURVE_NONE) continue;
        to[group] = at_curve_make_node(e, id, &(struct at_curve_place){group, period, NULL});
    }
}

static void calculate(struct at_curve_eval *e, uint32_t id, uint32_t period) {
    if (e->plan->nodes[id].grain == AT_G_GROUP) {
        calculate_groups(e, id, period);
        return;
    }
    struct at_curve_value *to = e->values[id] + (size_t)(period - e->options->period) * e->n_who;
    for (uint32_t slot = 0; slot < e->n_who; slot++)
        if (e->touched[slot] || e->shared[id])
            to[slot] = at_curve_make_node(e, id, &(struct at_curve_place){e->who[slot], period, NULL});
}

/* All nodes that matter, period by period up to the one of the pay, as settle does. */
static struct at_curve_value evaluate(struct at_curve_eval *e) {
    const struct at_curve_options *options = e->options;
    e->piece++;
    make_room(e);
    for (uint32_t period = options->period; period <= options->until; period++)
        for (uint32_t id = 0; id < e->plan->n_nodes && !e->too_large; id++)
            if (is_kept(e, id)) calculate(e, id, period);
    struct at_curve_place at = {options->payee, options->first, NULL};
    struct at_curve_value pay = at_curve_node(e, options->pay, &at);
    for (at.period++; at.period <= options->until; at.period++) {
        struct at_curve_value more = at_curve_node(e, options->pay, &at);
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
                                      struct at_poly_point to) {
    struct at_curve_eval *e = &b->eval;
    e->point = point;
    e->low = from;
    e->high = to;
    struct at_curve_value pay = evaluate(e);
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
static enum at_status all_pieces(struct build *b) {
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

static enum at_status make(struct build *b) {
    struct at_curve_eval *e = &b->eval;
    enum at_status status = at_curve_reach(e, b->watch);
    size_t values = 0;
    for (uint32_t id = 0; id < e->plan->n_nodes; id++)
        if (is_kept(e, id)) values += (size_t)span(e) * width(e, id);
    if (status == AT_OK && values > MOST_VALUES) status = AT_REJECTED;
    if (status == AT_OK) status = at_curve_items_load(e, b->watch);
    return status == AT_OK ? all_pieces(b) : status;
}

enum at_status at_curve_make(const struct at_session_run *run, const struct at_curve_options *options,
                             struct at_watch *watch, struct at_arena *arena, struct at_curve *out) {
    struct build b = {.watch = watch, .arena = arena};
    struct at_arena scratch;
    uint32_t n = run->plan->n_nodes, payees = run->n_payees;
    bool param = options->vary == AT_NO_NODE;
    at_arena_init_beside(&scratch, arena);
    b.eval = (struct at_curve_eval){.run = run,
                                    .plan = run->plan,
                                    .options = options,
                                    .arena = &scratch,
                                    .kept = arena,
                                    .of_param = param,
                                    .of_row = !param && run->plan->nodes[options->vary].op == AT_P_LOAD,
                                    .depends = AT_NEW_ARRAY(arena, bool, n + 1),
                                    .wanted = AT_NEW_ARRAY(arena, bool, n + 1),
                                    .shared = AT_NEW_ARRAY(arena, bool, n + 1),
                                    .spoilt = AT_NEW_ARRAY(arena, bool, run->plan->n_feeds + 1),
                                    .slot_of = AT_NEW_ARRAY(arena, uint32_t, payees + 1),
                                    .who = AT_NEW_ARRAY(arena, uint32_t, payees + 1),
                                    .touched = AT_NEW_ARRAY(arena, bool, payees + 1),
                                    .memos = AT_NEW_ARRAY(arena, struct at_curve_memo, n + 1),
                                    .values = AT_NEW_ARRAY(arena, struct at_curve_value *, n + 1)};
    enum at_status status = make(&b);
    at_arena_free(&scratch);
    bool reaches = b.eval.touched[0] ? b.eval.depends[options->pay] : b.eval.shared[options->pay];
    *out = (struct at_curve){b.pieces.at, (uint32_t)b.pieces.n, reaches};
    return status;
}

uint32_t at_curve_load(const struct at_plan *plan, uint32_t table, uint32_t field) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *p = &plan->nodes[id];
        if (p->op == AT_P_LOAD && p->place == table && p->a == (int32_t)field) return id;
    }
    return AT_NO_NODE;
}
