/* api/model_curves.c: the cost of all payees, and of each group, as a function of the share that they reach.
 *
 * It is exact, unless it has so many pieces that no one would wait for it. Then it goes through exact costs,
 * straight between them, and reports this. Payees without pay at all points are left out, as they are from
 * the costs there.
 */
#include "api/model.h"

enum { STEPS = 40, MOST_WORK = 1000000 /* values of all curves of a policy together */ };

struct drawing {
    const struct at_api_model_policy *p;
    const struct at_curve_assumed *assumed;
    const struct at_curve_pay *pay; /* at the points of `assumed` */
    struct at_watch *watch;
    struct at_arena *arena;
    at_num low, high;
    bool *counted;            /* payees of a group, by row */
    struct at_curve_pay *all; /* at the ends of the steps; NULL: not needed so far */
    uint64_t work;            /* what may still be calculated */
};

static at_num step(const struct drawing *d, uint32_t i) {
    at_num wide = at_num_sub(d->arena, d->high, d->low), part = at_num_int(i);
    part = at_num_div(d->arena, at_num_mul(d->arena, wide, part), at_num_int(STEPS));
    return at_num_add(d->arena, d->low, part);
}

/* Which payees are counted in the group, or in all of them (`group` NULL). */
static void count(struct drawing *d, const uint32_t *group) {
    const struct at_session_results *results = &d->p->results;
    uint32_t n = d->p->run->n_payees;
    memset(d->counted, 0, n * sizeof *d->counted);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        uint32_t row = results->runs[0].row_of[i];
        if (!results->payees[i].wanted || !at_session_results_cover(results, 0, i)) continue;
        if (group && d->p->group[row] != *group) continue;
        for (uint32_t k = 0; k < d->assumed->n_points; k++)
            d->counted[row] |= d->pay[(size_t)k * n + row].kind == AT_CURVE_NUM;
    }
}

/* ---- through exact costs */

static enum at_status make_steps(struct drawing *d) {
    size_t n = (size_t)(STEPS + 1) * d->p->run->n_payees;
    at_num *points = AT_NEW_ARRAY(d->arena, at_num, STEPS + 1);
    struct at_curve_assumed assumed = *d->assumed;
    bool reaches;
    if (d->all) return AT_OK;
    for (uint32_t i = 0; i <= STEPS; i++)
        points[i] = step(d, i);
    d->all = AT_NEW_ARRAY(d->arena, struct at_curve_pay, n + 1);
    assumed.points = points;
    assumed.n_points = STEPS + 1;
    return at_curve_assume(d->p->run, &assumed, d->watch, d->arena, d->all, &reaches);
}

static bool cost_at(const struct drawing *d, uint32_t i, at_num *out) {
    const struct at_curve_pay *pay = d->all + (size_t)i * d->p->run->n_payees;
    *out = at_num_int(0);
    for (uint32_t row = 0; row < d->p->run->n_payees; row++) {
        if (!d->counted[row]) continue;
        if (pay[row].kind != AT_CURVE_NUM) return false;
        *out = at_num_add(d->arena, *out, pay[row].pay);
    }
    return true;
}

/* The straight line through two points. */
static at_poly line(struct at_arena *arena, at_num x, at_num y, at_num x_end, at_num y_end) {
    at_num *c = AT_NEW_ARRAY(arena, at_num, 2);
    c[1] = at_num_div(arena, at_num_sub(arena, y_end, y), at_num_sub(arena, x_end, x));
    c[0] = at_num_sub(arena, y, at_num_mul(arena, c[1], x));
    return (at_poly){at_num_is_zero(c[1]) ? 1 : 2, c};
}

static void connect(const struct drawing *d, struct at_curve *out) {
    *out = (struct at_curve){.pieces = AT_NEW_ARRAY(d->arena, struct at_curve_piece, STEPS), .reaches = true};
    for (uint32_t i = 0; i < STEPS; i++) {
        struct at_curve_piece *piece = &out->pieces[out->n_pieces++];
        at_num x = step(d, i), end = step(d, i + 1), y, y_end;
        bool known = cost_at(d, i, &y) && cost_at(d, i + 1, &y_end);
        *piece = (struct at_curve_piece){.with_low = true, .with_high = true};
        piece->low = at_poly_point_of(x);
        piece->high = at_poly_point_of(end);
        piece->pay.kind = known ? AT_CURVE_NUM : AT_CURVE_UNKNOWN;
        piece->pay.blame = AT_NO_NODE;
        if (!known) continue;
        piece->pay.num = line(d->arena, x, y, end, y_end);
        piece->pay.den = at_poly_const(d->arena, at_num_int(1));
        piece->slope = (int8_t)at_num_sign(at_num_sub(d->arena, y_end, y));
    }
}

/* ---- all */

static enum at_status draw(struct drawing *d, const uint32_t *group, struct at_write_model_cost *out) {
    bool stopped = true;
    enum at_status status = AT_OK;
    const struct at_curve_counted counted = {d->counted, d->low, d->high, &d->work};
    count(d, group);
    if (!d->all) /* where one curve has too many pieces, others have, too */
        status =
            at_curve_assume_sum(d->p->run, d->assumed, &counted, d->watch, d->arena, &out->curve, &stopped);
    if (status == AT_OK && stopped) {
        status = make_steps(d);
        if (status == AT_OK) connect(d, &out->curve);
        out->steps = STEPS;
    }
    if (status == AT_OK && !stopped) at_curve_shapes(&out->curve, d->arena, &out->shapes);
    return status;
}

enum at_status at_api_model_curves(const struct at_api_model_policy *p,
                                   const struct at_curve_assumed *assumed, const struct at_curve_pay *pay,
                                   uint32_t n_groups, struct at_watch *watch, struct at_arena *arena,
                                   struct at_write_model_side *side) {
    struct drawing d = {
        .p = p, .assumed = assumed, .pay = pay, .watch = watch, .arena = arena, .work = MOST_WORK};
    if (assumed->n_points == 0 || p->run->n_payees == 0) return AT_OK;
    d.low = d.high = assumed->points[0];
    for (uint32_t i = 1; i < assumed->n_points; i++) {
        if (at_num_cmp(arena, assumed->points[i], d.low) < 0) d.low = assumed->points[i];
        if (at_num_cmp(arena, assumed->points[i], d.high) > 0) d.high = assumed->points[i];
    }
    if (at_num_cmp(arena, d.low, d.high) == 0) return AT_OK; /* one number is not a curve */
    d.counted = AT_NEW_ARRAY(arena, bool, p->run->n_payees + 1);
    enum at_status status = draw(&d, NULL, &side->all);
    for (uint32_t g = 0; g < n_groups && status == AT_OK; g++)
        status = draw(&d, &g, &side->groups[g]);
    return status;
}
