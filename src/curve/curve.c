/* curve/curve.c: the plan on one piece, for one payee and those whose values that pay needs. */
#include "curve/pieces.h"

#define MOST_VALUES 4000000 /* of nodes, payees, and periods on one piece */

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
    return p->grain == AT_G_GROUP ? e->run->group_sizes[p->place] : at_curve_width(e, id);
}

static void make_room(struct at_curve_eval *e) {
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        if (!is_kept(e, id)) continue;
        size_t n = (size_t)span(e) * width(e, id);
        e->values[id] = at_arena_get(e->arena, (n + 1) * sizeof *e->values[id]);
        for (size_t i = 0; i < n; i++)
            e->values[id][i].kind = AT_CURVE_NONE;
    }
}

/* The groups of the payees who matter. */
static void calculate_groups(struct at_curve_eval *e, uint32_t id, uint32_t period) {
    uint16_t place = e->plan->nodes[id].place;
    struct at_curve_value *to = e->values[id] + (size_t)(period - e->options->period) * width(e, id);
    const struct at_curve_stay stay = at_curve_stay_of(e, id, period);
    for (uint32_t slot = 0; slot < e->n_who; slot++) {
        uint32_t group = at_kernel_frame_groups(e->run->frame, place, period)[e->who[slot]];
        if (group == AT_NOBODY || to[group].kind != AT_CURVE_NONE) continue;
        if (at_curve_stays(e, &stay, slot))
            to[group].kind = AT_CURVE_SAME;
        else
            to[group] = at_curve_make_node(e, id, &(struct at_curve_place){group, period, NULL});
    }
}

static void calculate(struct at_curve_eval *e, uint32_t id, uint32_t period) {
    if (e->plan->nodes[id].grain == AT_G_GROUP) {
        calculate_groups(e, id, period);
        return;
    }
    struct at_curve_value *to = e->values[id] + (size_t)(period - e->options->period) * width(e, id);
    const struct at_curve_stay stay = at_curve_stay_of(e, id, period);
    for (uint32_t slot = 0; slot < width(e, id); slot++) {
        if ((!e->touched[slot] && !e->shared[id]) || to[slot].kind != AT_CURVE_NONE) continue;
        if (at_curve_stays(e, &stay, slot))
            to[slot].kind = AT_CURVE_SAME;
        else
            to[slot] = at_curve_make_node(e, id, &(struct at_curve_place){e->who[slot], period, NULL});
    }
}

/* So that values can be read that were not calculated any more. */
static void forget(struct at_curve_eval *e) {
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        if (!is_kept(e, id)) continue;
        size_t n = (size_t)span(e) * width(e, id);
        for (size_t i = 0; i < n; i++)
            e->values[id][i] = at_curve_unknown(AT_NO_NODE);
    }
}

/* All nodes that matter, period by period up to the one of the pay, as settle does. */
void at_curve_calculate(struct at_curve_eval *e) {
    e->piece++;
    size_t items = e->items.of_all ? e->items.of.n / e->run->n_payees * e->n_who : e->items.of.n;
    if (!at_curve_may_work(e, e->n_values + items + 1)) e->too_large = true;
    make_room(e);
    for (uint32_t period = e->options->period; period <= e->options->until; period++)
        for (uint32_t id = 0; id < e->plan->n_nodes && !e->too_large; id++)
            if (is_kept(e, id)) calculate(e, id, period);
    if (e->too_large) forget(e);
}

static struct at_curve_value evaluate(struct at_curve_eval *e, void *context) {
    (void)context;
    const struct at_curve_options *options = e->options;
    at_curve_calculate(e);
    struct at_curve_place at = {options->payee, options->first, NULL};
    struct at_curve_value pay = at_curve_of_num(e, at_num_int(0));
    for (; at.period <= options->until; at.period++)
        for (uint32_t i = 0;; i++) {
            uint32_t node = at_curve_pays(e->run, options->pay, at.period, i);
            if (node == AT_NO_NODE) break;
            struct at_curve_value more = at_curve_node(e, node, &at);
            pay = at_curve_add(e, &pay, &more);
        }
    return at_curve_late(e, &pay);
}

enum at_status at_curve_begin(struct at_curve_eval *e, bool others, struct at_watch *watch) {
    enum at_status status = at_curve_reach(e, watch);
    if (others) at_curve_reach_others(e);
    for (uint32_t id = 0; id < e->plan->n_nodes; id++)
        if (is_kept(e, id)) e->n_values += (size_t)span(e) * width(e, id);
    if (status == AT_OK && e->n_values > MOST_VALUES) status = AT_REJECTED;
    return status == AT_OK ? at_curve_items_load(e, watch) : status;
}

struct at_curve_eval at_curve_eval_of(const struct at_session_run *run,
                                      const struct at_curve_options *options, struct at_arena *arena,
                                      struct at_arena *scratch) {
    uint32_t n = run->plan->n_nodes, payees = run->n_payees;
    bool param = options->vary == AT_NO_NODE;
    return (struct at_curve_eval){.run = at_curve_seen(run, options),
                                  .whole = run,
                                  .plan = run->plan,
                                  .options = options,
                                  .arena = scratch,
                                  .kept = arena,
                                  .of_param = param,
                                  .of_all = options->targets != NULL,
                                  .of_row = !param && run->plan->nodes[options->vary].op == AT_P_LOAD,
                                  .depends = AT_NEW_ARRAY(arena, bool, n + 1),
                                  .wanted = AT_NEW_ARRAY(arena, bool, n + 1),
                                  .others = AT_NEW_ARRAY(arena, bool, n + 1),
                                  .joined = AT_NEW_ARRAY(arena, bool *, run->plan->n_groups + 1),
                                  .pools = AT_NEW_ARRAY(arena, struct at_curve_weights *, n + 1),
                                  .shared = AT_NEW_ARRAY(arena, bool, n + 1),
                                  .spoilt = AT_NEW_ARRAY(arena, bool, run->plan->n_feeds + 1),
                                  .slot_of = AT_NEW_ARRAY(arena, uint32_t, payees + 1),
                                  .who = AT_NEW_ARRAY(arena, uint32_t, payees + 1),
                                  .touched = AT_NEW_ARRAY(arena, bool, payees + 1),
                                  .memos = AT_NEW_ARRAY(arena, struct at_curve_memo, n + 1),
                                  .values = AT_NEW_ARRAY(arena, struct at_curve_value *, n + 1)};
}

enum at_status at_curve_make(const struct at_session_run *run, const struct at_curve_options *options,
                             struct at_watch *watch, struct at_arena *arena, struct at_curve *out) {
    struct at_curve_pieces b = {.watch = watch, .arena = arena, .evaluate = evaluate};
    struct at_arena *scratch = at_arena_scratch(arena), *kept = at_arena_scratch(arena);
    *out = (struct at_curve){0};
    b.eval = at_curve_eval_of(run, options, kept, scratch);
    enum at_status status = at_curve_begin(&b.eval, false, watch);
    if (status == AT_OK) status = at_curve_pieces_make(&b, out);
    out->reaches = b.eval.touched[0] ? b.eval.depends[options->pay] : b.eval.shared[options->pay];
    at_arena_free(scratch);
    at_arena_free(kept);
    return status;
}

uint32_t at_curve_load(const struct at_plan *plan, uint32_t table, uint32_t field) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *p = &plan->nodes[id];
        if (p->op == AT_P_LOAD && p->place == table && p->a == (int32_t)field) return id;
    }
    return AT_NO_NODE;
}
