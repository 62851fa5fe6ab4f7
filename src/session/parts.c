/* session/parts.c: the lines of the results by deal: the parts of rows in each line.
 *
 * A line of a `per` or a `by` component is of one row. Any other line is divided in proportion to what rows
 * bring to the amount, by the largest-remainder method, so that the parts add up to the line. Under a hold, a
 * release, or a clawback, the rows are those whose parts are paid in the period, also of earlier periods.
 * A line is divided as the view of late rows has it that pays it, and a correction as two of them differ.
 */
#include "base/allot.h"
#include "base/sort.h"
#include "kernel/parted.h"
#include "session/results_int.h"

#include "base/vec.h"

struct moved {
    at_str key; /* of the row; empty: of none */
    int64_t minor;
};

struct parts {
    struct at_session_results *results;
    struct at_arena *arena, scratch;
    AT_VEC(struct at_session_result_part) of;
    AT_VEC(struct moved) found; /* of the current line */
};

/* An amount that a run calculated: a line, or the same line as another view of late rows has it. */
struct amount {
    const struct at_session_run *run;
    uint32_t component, payee, period;
    unsigned digits;
    int64_t minor;
    bool less; /* it is subtracted */
};

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static void add(struct parts *p, const struct amount *of, at_str key, int64_t minor) {
    if (minor != 0) AT_VEC_PUSH(p->arena, &p->found, ((struct moved){key, of->less ? -minor : minor}));
}

static void divide_among(struct parts *p, const struct amount *of, uint32_t id, struct at_kernel_deals deals,
                         int64_t whole) {
    const struct at_session_run *run = of->run;
    struct at_arena_mark mark = at_arena_mark(&p->scratch);
    int64_t *parts = at_arena_get(&p->scratch, (deals.n + 1) * sizeof *parts);
    parts[0] = whole;
    if (deals.n > 0)
        at_kernel_ledger_divide(&p->scratch, &run->plan->nodes[id], deals, of->digits, whole, parts);
    for (uint32_t i = 0; i < deals.n; i++)
        add(p, of, at_kernel_deal_key(&deals.at[i]), parts[i]);
    add(p, of, (at_str){"", 0}, parts[deals.n]);
    at_arena_reset(&p->scratch, mark);
}

/* A pool by day: first among the groups of the payee, in proportion to what each one pays. */
static void divide_by_day(struct parts *p, const struct amount *of, uint32_t id, uint32_t period,
                          int64_t whole) {
    const struct at_session_run *run = of->run;
    uint32_t division = at_plan_division_of(run->plan, run->plan->components[of->component].earned);
    const struct at_kernel_stays *stays = &run->frame->stays[run->plan->nodes[division].place];
    const struct at_col *paid = &run->frame->slices[division][period];
    uint32_t first = stays->of_payee[of->payee], n = stays->of_payee[of->payee + 1] - first;
    struct at_arena_mark mark = at_arena_mark(&p->scratch);
    at_num *weights = at_arena_get(&p->scratch, (n + 1) * sizeof *weights);
    int64_t *parts = AT_NEW_ARRAY(&p->scratch, int64_t, n + 1), rest = whole;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t stay = stays->stay[first + i];
        weights[i] = at_col_state(paid, stay) == AT_STATE_OK ? at_kernel_num_at(paid, stay) : at_num_int(0);
    }
    at_allot(&p->scratch, whole, weights, n, true, parts);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t group = stays->group[stays->stay[first + i]];
        divide_among(p, of, id, at_kernel_ledger_deals_of(run->frame, id, group, period), parts[i]);
        rest -= parts[i];
    }
    add(p, of, (at_str){"", 0}, rest);
    at_arena_reset(&p->scratch, mark);
}

/* Divides what was calculated for one period. */
static void divide(struct parts *p, const struct amount *of, uint32_t period, int64_t whole) {
    const struct at_session_run *run = of->run;
    uint32_t id = run->plan->components[of->component].ledger;
    struct at_kernel_deals deals = {NULL, 0};
    if (id != AT_NO_NODE && run->frame->ledgers[id]) {
        uint32_t group = at_plan_ledger_group(&run->plan->nodes[id]);
        if (group > 0 && run->plan->groups[group - 1].stays) {
            divide_by_day(p, of, id, period, whole);
            return;
        }
        deals = at_kernel_ledger_deals(run->frame, id, of->payee, period);
    }
    divide_among(p, of, id, deals, whole);
}

/* ---- under holds, releases, and clawbacks */

static bool is_parted(const struct at_session_run *run, uint32_t component) {
    uint32_t parted = run->plan->components[component].parted;
    return parted != AT_NO_NODE && run->frame->parteds[parted];
}

/* Lists what each part pays in the period: first those that are earned in it, then those that
 * events move. The last one has no row. */
static uint32_t moved_in(struct parts *p, const struct at_session_run *run, uint32_t component,
                         uint32_t payee, uint32_t period, struct moved **out) {
    const struct at_kernel_frame *frame = run->frame;
    uint32_t ledger = run->plan->components[component].ledger;
    const struct at_kernel_parted *parted = frame->parteds[run->plan->components[component].parted];
    size_t cell = (size_t)period * frame->n_payees + payee;
    const int64_t *whole = frame->ledgers[ledger]->parts[cell];
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, ledger, payee, period);
    uint32_t n = 0, most = deals.n + 1;
    for (uint32_t k = parted->first_moved[cell]; k > 0; k = parted->moved.at[k - 1].next)
        most++;
    struct moved *all = at_arena_get(&p->scratch, most * sizeof *all);
    for (uint32_t i = 0; whole && parted->own[cell] && i < deals.n; i++)
        all[n++] = (struct moved){at_kernel_deal_key(&deals.at[i]), parted->own[cell][i]};
    for (uint32_t k = parted->first_moved[cell]; k > 0; k = parted->moved.at[k - 1].next) {
        const struct at_kernel_moved *of = &parted->moved.at[k - 1];
        struct at_kernel_deals then = at_kernel_ledger_deals(frame, ledger, payee, of->earned);
        all[n++] = (struct moved){at_kernel_deal_key(&then.at[of->deal]), of->minor};
    }
    all[n++] = (struct moved){{"", 0}, whole ? whole[deals.n] : 0};
    *out = all;
    return n;
}

/* Parts of no row come last. */
static int by_key(const void *a, const void *b) {
    const struct moved *x = a, *y = b;
    if ((x->key.n == 0) != (y->key.n == 0)) return x->key.n == 0 ? 1 : -1;
    return at_str_cmp(x->key, y->key);
}

/* What a statement after them changes, such as a cap, is divided among what is above zero. */
static void spread(struct parts *p, struct moved *all, uint32_t n, int64_t whole) {
    at_num *weights = at_arena_get(&p->scratch, (n + 1) * sizeof *weights);
    int64_t *shares = AT_NEW_ARRAY(&p->scratch, int64_t, n + 1), sum = 0;
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        sum += all[i].minor;
        any |= all[i].minor > 0;
        weights[i] = at_num_int(all[i].minor > 0 ? all[i].minor : 0);
    }
    if (sum == whole) return;
    if (any) at_allot(&p->scratch, whole - sum, weights, n, false, shares);
    shares[n - 1] += any ? 0 : whole - sum;
    for (uint32_t i = 0; i < n; i++)
        all[i].minor += shares[i];
}

static void divide_parted(struct parts *p, const struct amount *of, uint32_t period, int64_t whole) {
    struct at_arena_mark mark = at_arena_mark(&p->scratch);
    struct moved *all;
    uint32_t n = moved_in(p, of->run, of->component, of->payee, period, &all);
    spread(p, all, n, whole);
    for (uint32_t i = 0; i < n; i++)
        add(p, of, all[i].key, all[i].minor);
    at_arena_reset(&p->scratch, mark);
}

/* What a line of a later period moved there: the amounts of the periods for which it was calculated. */
static void divide_moved(struct parts *p, const struct amount *of) {
    const struct at_session_run *run = of->run;
    const struct at_plan_component *component = &run->plan->components[of->component];
    int64_t left = of->minor;
    for (uint32_t k = of->period + 1; k-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(run->frame, k, component->delay), minor;
        if (paid < of->period) break;
        if (paid > of->period || (k >= run->n_regular && !is_parted(run, of->component))) continue;
        const struct at_col *due = &run->frame->slices[component->due][k];
        if (!at_num_to_i64(p->arena, at_kernel_num_at(due, of->payee), of->digits, &minor)) continue;
        if (is_parted(run, of->component))
            divide_parted(p, of, k, minor);
        else
            divide(p, of, k, minor);
        left -= minor;
    }
    add(p, of, (at_str){"", 0}, left);
}

static void divide_amount(struct parts *p, const struct amount *of) {
    const struct at_plan_component *component = &of->run->plan->components[of->component];
    if (component->delay.unit != AT_DELAY_NONE)
        divide_moved(p, of);
    else if (is_parted(of->run, of->component))
        divide_parted(p, of, of->period, of->minor);
    else
        divide(p, of, of->period, of->minor);
}

/* ---- late rows */

/* The same line as a view has it. */
static void divide_view(struct parts *p, struct amount of, uint32_t view, uint32_t period, bool less) {
    of.run = of.run->views[view];
    const struct at_col *value = &of.run->frame->slices[of.run->plan->components[of.component].value][period];
    of.period = period;
    of.less = less;
    if (at_num_to_i64(p->arena, at_kernel_num_at(value, of.payee), of.digits, &of.minor))
        divide_amount(p, &of);
}

/* A correction is what the parts of two views differ by. */
static void divide_correction(struct parts *p, const struct amount *of, uint32_t earned) {
    uint64_t n;
    const struct at_session_correction *list = at_session_corrections_of(of->run, of->payee, of->period, &n);
    for (uint64_t i = 0; i < n; i++) {
        if (list[i].earned != earned) continue;
        divide_view(p, *of, list[i].view, earned, false);
        if (list[i].before >= 0) divide_view(p, *of, (uint32_t)list[i].before, earned, true);
    }
}

/* ---- lines */

/* Two splits of one deal, or what two views have of it, are one part. The part without a row is the last. */
static void join(struct parts *p) {
    size_t kept = 0;
    at_sort_items(&p->scratch, p->found.at, p->found.n, sizeof *p->found.at, by_key);
    for (size_t i = 0; i < p->found.n; i++)
        if (kept > 0 && at_str_eq(p->found.at[kept - 1].key, p->found.at[i].key))
            p->found.at[kept - 1].minor += p->found.at[i].minor;
        else
            p->found.at[kept++] = p->found.at[i];
    p->found.n = kept;
}

/* In the payee's currency: the line is divided again, in proportion to the parts. */
static void convert(struct parts *p, const struct at_settle_line *line) {
    struct at_arena_mark mark = at_arena_mark(&p->scratch);
    size_t n = p->found.n;
    at_num *weights = at_arena_get(&p->scratch, (n + 1) * sizeof *weights);
    int64_t *parts = AT_NEW_ARRAY(&p->scratch, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        weights[i] = at_num_int(line->minor < 0 ? -p->found.at[i].minor : p->found.at[i].minor);
    bool fits = n > 0 && at_allot(&p->scratch, line->local, weights, n, true, parts);
    if (!fits) { /* an amount of zero, which parts above and below zero make */
        p->found.n = 0;
        AT_VEC_PUSH(p->arena, &p->found, ((struct moved){{"", 0}, line->local}));
    }
    for (size_t i = 0; fits && i < n; i++)
        p->found.at[i].minor = parts[i];
    at_arena_reset(&p->scratch, mark);
}

static void list_line(struct parts *p, uint64_t index) {
    uint32_t run;
    const struct at_settle_line *line = at_session_results_at(p->results, index, &run);
    const struct at_session_result_run *r = &p->results->runs[run];
    const struct at_plan *plan = r->run->plan;
    struct amount of = {r->run, line->component, line->payee, line->period, r->currency->digits, line->minor,
                        false};
    enum at_session_part how = AT_PART_PROPORTIONAL;
    p->found.n = 0;
    if (plan->components[line->component].lines != AT_NO_NODE || at_settle_divides(plan, line->component)) {
        how = AT_PART_LINE;
        AT_VEC_PUSH(p->arena, &p->found, ((struct moved){line->key, line->minor}));
    } else if (line->cause == AT_LINE_CORRECTED) {
        divide_correction(p, &of, line->earned);
    } else {
        if (of.run->n_views) of.run = of.run->views[of.run->view_of[line->period]];
        divide_amount(p, &of);
    }
    join(p);
    if (line->currency) convert(p, line);
    for (size_t i = 0; i < p->found.n; i++) {
        struct moved *part = &p->found.at[i];
        if (part->minor == 0 && how != AT_PART_LINE) continue;
        AT_VEC_PUSH(p->arena, &p->of,
                    ((struct at_session_result_part){index, part->key, part->minor,
                                                     (uint8_t)(part->key.n ? how : AT_PART_NONE)}));
    }
}

void at_session_results_list_parts(struct at_session_results *results, struct at_arena *arena) {
    struct parts *p = AT_NEW(arena, struct parts);
    p->results = results;
    p->arena = arena;
    at_arena_init_beside(&p->scratch, arena);
    at_arena_defer(arena, free_arena, &p->scratch);
    for (uint64_t i = 0; i < results->n_lines; i++) {
        uint32_t run;
        at_session_results_at(results, i, &run);
        if (at_watch_tick(results->runs[run].run->data->watch)) at_arena_fail(arena);
        list_line(p, i);
    }
    at_arena_free(&p->scratch);
    results->by_deal = true;
    results->parts = p->of.at;
    results->n_parts = p->of.n;
}
