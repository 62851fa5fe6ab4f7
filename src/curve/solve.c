/* curve/solve.c: for which x the pay is as wanted, from left to right. */
#include "curve/solve.h"

#include "base/vec.h"

struct solving {
    const struct at_curve *curve;
    struct at_arena *arena;
    enum at_curve_goal goal;
    at_num wanted;
    struct at_curve_solution *out;
    AT_VEC(struct at_curve_stretch) found;
    bool open;  /* the last stretch goes on up to here */
    at_num off; /* of the nearest */
};

/* ---- the set */

static bool holds(const struct solving *s, int order) {
    return s->goal == AT_GOAL_EQUAL ? order == 0 : s->goal == AT_GOAL_AT_LEAST ? order >= 0 : order <= 0;
}

/* The next number, or the numbers up to the next one. They follow each other without gaps. */
static void put(struct solving *s, bool yes, bool point, struct at_poly_point low,
                struct at_poly_point high) {
    if (!yes) {
        s->open = false;
        return;
    }
    if (!s->open) {
        struct at_curve_stretch stretch = {.with_low = point, .low = low};
        AT_VEC_PUSH(s->arena, &s->found, stretch);
    }
    s->open = true;
    s->found.at[s->found.n - 1].high = high;
    s->found.at[s->found.n - 1].with_high = point;
}

/* ---- the nearest */

static void offer(struct solving *s, at_num x, at_num pay, bool reached) {
    at_num off = at_num_abs(s->arena, at_num_sub(s->arena, pay, s->wanted));
    int order = s->out->none ? -1 : at_num_cmp(s->arena, off, s->off);
    if (order > 0 || (order == 0 && (s->out->reached || !reached))) return;
    s->off = off;
    s->out->none = false;
    s->out->reached = reached;
    s->out->nearest = x;
    s->out->pay = pay;
}

static void offer_end(struct solving *s, uint32_t piece, bool high) {
    const struct at_curve_piece *p = &s->curve->pieces[piece];
    at_num x = at_curve_end(s->arena, s->curve, piece, high);
    bool exact = (high ? &p->high : &p->low)->exact, with = p->point || (high ? p->with_high : p->with_low);
    if (at_num_sign(at_poly_at(s->arena, p->pay.den, x)) == 0) return;
    offer(s, x, at_curve_at(s->arena, &p->pay, x), with || !exact);
}

/* ---- pieces */

/* The sign of pay - wanted. The denominator has one sign on the piece. */
static int order_at(struct solving *s, at_poly over, at_poly den, struct at_poly_point *at) {
    return at_poly_sign(s->arena, over, at) * at_poly_sign(s->arena, den, at);
}

static void in_piece(struct solving *s, const struct at_curve_piece *p) {
    at_poly over = at_poly_sub(s->arena, p->pay.num, at_poly_scale(s->arena, p->pay.den, s->wanted));
    struct at_poly_point at = p->low, high = p->high, root;
    if (p->point || p->with_low) put(s, holds(s, order_at(s, over, p->pay.den, &at)), true, at, at);
    if (p->point) return;
    for (bool more = true; more;) {
        more = over.n > 1 && at_poly_next_root(s->arena, over, &at, &high, &root);
        struct at_poly_point to = more ? root : high;
        struct at_poly_point middle = at_poly_point_of(at_poly_between(s->arena, &at, &to));
        put(s, holds(s, order_at(s, over, p->pay.den, &middle)), false, at, to);
        if (more) put(s, holds(s, 0), true, to, to);
        at = to;
    }
    if (p->with_high) put(s, holds(s, order_at(s, over, p->pay.den, &high)), true, high, high);
}

void at_curve_solve(const struct at_curve *curve, enum at_curve_goal goal, at_num wanted,
                    struct at_arena *arena, struct at_curve_solution *out) {
    struct solving s = {.curve = curve, .arena = arena, .goal = goal, .wanted = wanted, .out = out};
    *out = (struct at_curve_solution){
        .none = true, .nearest = at_num_int(0), .pay = at_num_int(0), .blame = AT_NO_NODE};
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        if (p->pay.kind != AT_CURVE_NUM) {
            s.open = false;
            if (!out->unknown) out->blame = p->pay.blame;
            out->unknown = true;
            continue;
        }
        in_piece(&s, p);
        offer_end(&s, i, false);
        if (!p->point) offer_end(&s, i, true);
    }
    out->at = s.found.at;
    out->n = (uint32_t)s.found.n;
}
