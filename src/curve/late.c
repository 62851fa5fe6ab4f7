/* curve/late.c: rows that become known late. A curve is calculated on what was known at the end of the last
 * period of the pay. Corrections of earlier periods that it pays are added to the curve of a measure of the
 * same period, on which it does not depend. A param or a field of a row changes amounts of earlier periods as
 * each of them was known at a time, which no curve follows.
 */
#include "curve/curve_int.h"

/* The statement that is to blame: the day from which rows are known, or until which they are. */
static uint32_t blame(const struct at_plan *plan) {
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        if (at_plan_feed_late(&plan->feeds[f]))
            return plan->feeds[f].known != AT_NO_NODE ? plan->feeds[f].known : plan->feeds[f].until;
    return AT_NO_NODE;
}

/* Whether lines of the component are part of the pay. */
static bool counts(const struct at_plan *plan, uint32_t pay, uint32_t component) {
    return pay == plan->total || pay == plan->components[component].value;
}

static bool any(const struct at_session_run *run, const struct at_curve_options *options, uint32_t payee) {
    for (uint32_t period = options->first; period <= options->until; period++) {
        uint64_t n = 0;
        at_session_corrections_of(run, payee, period, &n);
        if (n > 0) return true;
    }
    return false;
}

const struct at_session_run *at_curve_seen(const struct at_session_run *run,
                                           const struct at_curve_options *options) {
    return run->n_views ? run->views[run->view_of[options->until]] : run;
}

bool at_curve_corrected(const struct at_session_run *run, const struct at_curve_options *options,
                        uint32_t payee, struct at_arena *arena, at_num *out) {
    const struct at_currency_info *currency = at_currency_info(run->plan->checked->currency);
    *out = at_num_int(0);
    if (run->n_views == 0) return true;
    if (!any(run, options, payee)) return run->view_of[options->first] == run->view_of[options->until];
    for (uint64_t i = 0; i < run->n_lines; i++) {
        const struct at_settle_line *line = &run->lines[i];
        if (line->payee != payee || line->period < options->first || line->period > options->until) continue;
        if (line->cause != AT_LINE_CORRECTED || !counts(run->plan, options->pay, line->component)) continue;
        *out = at_num_add(arena, *out, at_num_decimal(line->minor, currency ? currency->digits : 2));
    }
    return options->vary != AT_NO_NODE && run->plan->nodes[options->vary].op != AT_P_LOAD &&
           options->until == options->period;
}

struct at_curve_value at_curve_late(struct at_curve_eval *e, const struct at_curve_value *pay) {
    at_num corrected;
    bool known = at_curve_corrected(e->whole, e->options, e->options->payee, e->arena, &corrected);
    if (!known) return at_curve_unknown(blame(e->plan));
    if (at_num_is_zero(corrected)) return *pay;
    struct at_curve_value more = at_curve_of_num(e, corrected);
    return at_curve_add(e, pay, &more);
}
