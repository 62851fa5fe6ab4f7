/* curve/assume.c: calculates the plan for all payees: at numbers, and as one function of the share. */
#include "curve/assume.h"

#include "curve/pieces.h"

enum { MOST_DIVISOR = 8 }; /* coefficients */

typedef struct at_curve_value value;

/* The pay of a payee in the periods. */
static value sum_of(struct at_curve_eval *e, uint32_t payee) {
    value sum = at_curve_of_num(e, at_num_int(0));
    struct at_curve_place at = {payee, e->options->first, NULL};
    for (; at.period <= e->options->until; at.period++) {
        if (!at_kernel_frame_covers(e->run->frame, payee, at.period)) continue;
        value more = at_curve_node(e, e->options->pay, &at);
        sum = at_curve_add(e, &sum, &more);
    }
    return sum;
}

static struct at_curve_pay pay_of(struct at_curve_eval *e, uint32_t payee, at_num x, struct at_arena *arena) {
    value sum = sum_of(e, payee);
    struct at_curve_pay pay = {.kind = sum.kind, .pay = at_num_int(0)};
    if (sum.kind == AT_CURVE_NUM) pay.pay = at_num_copy(arena, at_curve_at(e->arena, &sum, x));
    return pay;
}

static enum at_status work(struct at_curve_eval *e, const struct at_curve_assumed *assumed,
                           struct at_watch *watch, struct at_arena *arena, struct at_curve_pay *out) {
    e->others[e->options->pay] = true;
    enum at_status status = at_curve_begin(e, false, watch);
    if (status != AT_OK) return status;
    struct at_arena_mark empty = at_arena_mark(e->arena);
    for (uint32_t i = 0; i < assumed->n_points; i++) {
        at_watch_show(watch, AT_WATCH_EXPLAIN, (at_str){0}, i, assumed->n_points);
        if (at_watch_cancelled(watch)) return AT_CANCELLED;
        e->point = true;
        e->low = e->high = at_poly_point_of(assumed->points[i]);
        at_curve_calculate(e);
        for (uint32_t payee = 0; payee < e->run->n_payees; payee++)
            *out++ = pay_of(e, payee, assumed->points[i], arena);
        if (e->too_large) return AT_REJECTED;
        at_arena_reset(e->arena, empty);
    }
    return AT_OK;
}

static struct at_curve_options options_of(const struct at_curve_assumed *assumed) {
    return (struct at_curve_options){.vary = assumed->vary,
                                     .period = assumed->first,
                                     .first = assumed->first,
                                     .until = assumed->until,
                                     .pay = assumed->pay,
                                     .targets = assumed->targets};
}

enum at_status at_curve_assume(const struct at_session_run *run, const struct at_curve_assumed *assumed,
                               struct at_watch *watch, struct at_arena *arena, struct at_curve_pay *out,
                               bool *reaches) {
    struct at_arena *scratch = at_arena_scratch(arena), *kept = at_arena_scratch(arena);
    const struct at_curve_options options = options_of(assumed);
    struct at_curve_eval e = at_curve_eval_of(run, &options, kept, scratch);
    *reaches = false;
    enum at_status status = AT_OK;
    if (run->n_payees) {
        status = work(&e, assumed, watch, arena, out);
        *reaches = e.depends[assumed->pay];
    }
    at_arena_free(scratch);
    at_arena_free(kept);
    return status;
}

/* ---- as one function */

struct summing {
    const struct at_curve_counted *counted;
    bool stopped;
};

static value sum_all(struct at_curve_eval *e, void *context) {
    struct summing *s = context;
    value sum = at_curve_of_num(e, at_num_int(0));
    at_curve_calculate(e);
    s->stopped = s->stopped || e->too_large;
    for (uint32_t payee = 0; payee < e->run->n_payees && !s->stopped; payee++) {
        if (!s->counted->payees[payee]) continue;
        value more = sum_of(e, payee);
        sum = at_curve_add(e, &sum, &more);
        s->stopped = sum.kind == AT_CURVE_NUM && sum.den.n > MOST_DIVISOR;
    }
    e->too_large |= s->stopped;
    return s->stopped ? at_curve_of_num(e, at_num_int(0)) : sum;
}

enum at_status at_curve_assume_sum(const struct at_session_run *run, const struct at_curve_assumed *assumed,
                                   const struct at_curve_counted *counted, struct at_watch *watch,
                                   struct at_arena *arena, struct at_curve *out, bool *stopped) {
    struct at_arena *scratch = at_arena_scratch(arena);
    struct summing summing = {.counted = counted};
    struct at_curve_options options = options_of(assumed);
    struct at_curve_pieces b = {.watch = watch, .arena = arena, .evaluate = sum_all, .context = &summing};
    options.from = counted->from;
    options.to = counted->to;
    options.work = counted->work;
    *out = (struct at_curve){.reaches = true};
    b.eval = at_curve_eval_of(run, &options, arena, scratch);
    enum at_status status = at_curve_begin(&b.eval, false, watch);
    if (status == AT_OK) status = at_curve_pieces_make(&b, out);
    at_arena_free(scratch);
    *stopped = status == AT_REJECTED;
    return status == AT_REJECTED ? AT_OK : status;
}
