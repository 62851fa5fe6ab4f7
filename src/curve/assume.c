/* curve/assume.c: calculates the plan at numbers, for all payees. */
#include "curve/assume.h"

#include "curve/curve_int.h"

typedef struct at_curve_value value;

/* The pay of a payee in the periods, at x. */
static struct at_curve_pay pay_of(struct at_curve_eval *e, uint32_t payee, at_num x, struct at_arena *arena) {
    value sum = at_curve_of_num(e, at_num_int(0));
    struct at_curve_place at = {payee, e->options->first, NULL};
    for (; at.period <= e->options->until; at.period++) {
        if (!at_kernel_frame_covers(e->run->frame, payee, at.period)) continue;
        value more = at_curve_node(e, e->options->pay, &at);
        sum = at_curve_add(e, &sum, &more);
    }
    struct at_curve_pay pay = {.kind = sum.kind, .pay = at_num_int(0)};
    if (sum.kind == AT_CURVE_NUM) pay.pay = at_num_copy(arena, at_curve_at(e->arena, &sum, x));
    return pay;
}

static enum at_status work(struct at_curve_eval *e, const struct at_curve_assumed *assumed,
                           struct at_watch *watch, struct at_arena *arena, struct at_curve_pay *out) {
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

enum at_status at_curve_assume(const struct at_session_run *run, const struct at_curve_assumed *assumed,
                               struct at_watch *watch, struct at_arena *arena, struct at_curve_pay *out,
                               bool *reaches) {
    struct at_arena *scratch = at_arena_scratch(arena), *kept = at_arena_scratch(arena);
    const struct at_curve_options options = {.vary = assumed->vary,
                                             .period = assumed->first,
                                             .first = assumed->first,
                                             .until = assumed->until,
                                             .pay = assumed->pay,
                                             .targets = assumed->targets};
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
