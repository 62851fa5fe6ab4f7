/* diff/amounts.c: the amounts of a payee and period of a version, as one of its runs has them. */
#include "diff/diff_int.h"
#include "session/results.h"

uint32_t at_diff_side_node(const struct at_diff_side *side, uint32_t node) {
    return side->map && node != AT_NO_NODE ? side->map->node[node] : node;
}

/* What a component has for a period of its own: after the regular ones, only what holds, releases, and
 * clawbacks move; AT_NO_NODE: nothing. They have lines of their own next to those of a `per` component. A
 * merged run can reach further, so its own `due` may be one of those periods. */
static uint32_t due_in(const struct at_diff_side *side, const struct at_plan_component *c, uint32_t node,
                       uint32_t period) {
    uint32_t later = c->lines == AT_NO_NODE ? c->parted : AT_NO_NODE;
    return at_diff_side_node(side, period < side->n_regular ? node : later);
}

/* The lines that are paid in the period: a merged run can have more periods than the version has alone, so
 * they are added up here. */
static struct at_plan_value moved_amount(const struct at_diff_side *side, const struct at_session_run *run,
                                         const struct at_plan_component *c, uint32_t payee, uint32_t period,
                                         struct at_arena *scratch, uint32_t *state) {
    struct at_plan_value sum = at_plan_value_of_num(side->plan->nodes[c->due].type, at_num_int(0));
    for (uint32_t p = period; p-- > 0 && *state == AT_STATE_OK;) {
        int64_t paid = at_kernel_frame_paid_in(side->run->frame, p, c->delay);
        if (paid < period) break;
        uint32_t due = due_in(side, c, c->due, p);
        if (paid != period || due == AT_NO_NODE) continue;
        struct at_plan_value value =
            at_session_run_value(run, due, p * side->run->n_payees + payee, scratch, state);
        at_plan_value_put_num(&sum, at_num_add(scratch, at_plan_value_num(&sum), at_plan_value_num(&value)));
    }
    return sum;
}

/* What a component pays in a cell, and its state. */
static struct at_plan_value side_value(const struct at_diff_side *side, const struct at_session_run *run,
                                       uint32_t component, uint32_t payee, int64_t period,
                                       struct at_arena *scratch, uint32_t *state) {
    const struct at_plan_component *c = &side->plan->components[component];
    *state = 0;
    if (c->delay.unit != AT_DELAY_NONE)
        return moved_amount(side, run, c, payee, (uint32_t)period, scratch, state);
    return at_session_run_value(run, due_in(side, c, c->value, (uint32_t)period),
                                (uint32_t)period * run->n_payees + payee, scratch, state);
}

/* Amount of a component for a cell; *withheld where it has none. */
static int64_t side_minor(const struct at_diff_side *side, const struct at_session_run *run,
                          uint32_t component, uint32_t payee, int64_t period, unsigned digits,
                          struct at_arena *scratch, bool *withheld) {
    uint32_t state;
    struct at_plan_value value = side_value(side, run, component, payee, period, scratch, &state);
    /* An amount that does not fit into 64 bits counts as withheld. */
    int64_t minor = 0;
    *withheld = state != AT_STATE_OK || !at_num_to_i64(scratch, at_plan_value_num(&value), digits, &minor);
    return *withheld ? 0 : minor;
}

/* Without a rate for the payee's currency, a run withholds the payout. */
static bool has_no_rate(const struct at_diff_side *side, const struct at_session_run *run,
                        const struct at_plan_component *c, uint32_t payee, uint32_t period,
                        struct at_arena *scratch) {
    uint32_t state = AT_STATE_OK, local = at_diff_side_node(side, c->local);
    if (local == AT_NO_NODE) return false;
    at_session_run_value(run, local, period * run->n_payees + payee, scratch, &state);
    return state != AT_STATE_OK;
}

bool at_diff_side_cell_in(const struct at_diff_side *side, const struct at_session_run *run, uint32_t payee,
                          uint32_t period, unsigned digits, struct at_arena *scratch, int64_t *minor) {
    uint32_t n = side->plan->n_components;
    bool withheld = false, one;
    memset(minor, 0, n * sizeof *minor);
    for (uint32_t c = 0; c < n; c++) {
        const struct at_plan_component *of = &side->plan->components[c];
        if (of->delay.unit == AT_DELAY_NONE && due_in(side, of, of->value, period) == AT_NO_NODE) continue;
        minor[c] = side_minor(side, run, c, payee, period, digits, scratch, &one);
        withheld |= one || has_no_rate(side, run, of, payee, period, scratch);
    }
    /* A run pays all components of a cell or none, so the difference does the same. */
    if (withheld) memset(minor, 0, n * sizeof *minor);
    return withheld;
}

/* An exception names its statement, unless several share its node. Then the component names it. */
static at_words_operand because(const struct at_session_run *run, const struct at_plan_component *component,
                                uint32_t state, struct at_arena *arena) {
    struct at_words_reason why = {.word = state == AT_STATE_MISSING ? AT_W_REASON_MISSING
                                                                    : AT_W_REASON_UNPAYABLE};
    if (state >= AT_STATE_EXCEPTION) why = run->kept[state - AT_STATE_EXCEPTION].why;
    if (why.of.n == 0) why.of = component->name;
    return at_words_because(arena, &why);
}

at_words_operand at_diff_side_reason(const struct at_diff_side *side, uint32_t payee, uint32_t period,
                                     unsigned digits, struct at_arena *arena) {
    const struct at_session_run *run = side->run;
    at_words_operand weaker = {0};
    if (run->n_views) run = run->views[run->view_of[period]];
    for (uint32_t c = 0; c < side->plan->n_components; c++) {
        const struct at_plan_component *of = &side->plan->components[c];
        uint32_t state = AT_STATE_OK;
        bool withheld;
        if (of->delay.unit == AT_DELAY_NONE && due_in(side, of, of->value, period) == AT_NO_NODE) continue;
        side_value(side, run, c, payee, period, arena, &state);
        side_minor(side, run, c, payee, period, digits, arena, &withheld);
        if (state < AT_STATE_EXCEPTION && has_no_rate(side, run, of, payee, period, arena))
            at_session_run_value(run, at_diff_side_node(side, of->local), period * run->n_payees + payee,
                                 arena, &state);
        if (state >= AT_STATE_EXCEPTION) return because(run, of, state, arena);
        if (withheld && weaker.kind == AT_OPERAND_NONE) weaker = because(run, of, state, arena);
    }
    return weaker;
}
