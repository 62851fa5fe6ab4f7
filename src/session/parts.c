/* session/parts.c: the lines of the results by deal: the parts of rows in each line.
 *
 * A line of a `per` or a `by` component is of one row. Any other line is divided in proportion to what rows
 * bring to the amount, by the largest-remainder method, so that the parts add up to the line. Under a hold, a
 * release, or a clawback, the rows are those whose parts are paid in the period, also of earlier periods.
 */
#include "base/allot.h"
#include "base/sort.h"
#include "kernel/parted.h"
#include "session/results_int.h"

#include "base/vec.h"

struct parts {
    struct at_session_results *results;
    struct at_arena *arena, scratch;
    AT_VEC(struct at_session_result_part) of;
};

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static void add(struct parts *p, uint64_t line, at_str key, int64_t minor, enum at_session_part how) {
    AT_VEC_PUSH(p->arena, &p->of, (struct at_session_result_part){line, key, minor, (uint8_t)how});
}

/* Divides what was calculated for one period. */
static void divide(struct parts *p, uint64_t line, uint32_t period, int64_t whole) {
    uint32_t run;
    const struct at_settle_line *of = at_session_results_at(p->results, line, &run);
    const struct at_session_result_run *r = &p->results->runs[run];
    uint32_t id = r->run->plan->components[of->component].ledger;
    struct at_kernel_deals deals = {NULL, 0};
    if (id != AT_NO_NODE && r->run->frame->ledgers[id])
        deals = at_kernel_ledger_deals(r->run->frame, id, of->payee, period);
    struct at_arena_mark mark = at_arena_mark(&p->scratch);
    int64_t *parts = at_arena_get(&p->scratch, (deals.n + 1) * sizeof *parts);
    parts[0] = whole;
    if (deals.n > 0)
        at_kernel_ledger_divide(&p->scratch, &r->run->plan->nodes[id], deals, r->currency->digits, whole,
                                parts);
    for (uint32_t i = 0; i < deals.n; i++)
        if (parts[i] != 0) add(p, line, at_kernel_deal_key(&deals.at[i]), parts[i], AT_PART_PROPORTIONAL);
    if (parts[deals.n] != 0) add(p, line, (at_str){"", 0}, parts[deals.n], AT_PART_NONE);
    at_arena_reset(&p->scratch, mark);
}

/* ---- under holds, releases, and clawbacks */

static bool is_parted(const struct at_session_run *run, uint32_t component) {
    uint32_t parted = run->plan->components[component].parted;
    return parted != AT_NO_NODE && run->frame->parteds[parted];
}

struct moved {
    at_str key;
    int64_t minor;
};

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

static int by_key(const void *a, const void *b) {
    const struct moved *x = a, *y = b;
    return at_str_cmp(x->key, y->key);
}

/* A row has one part, also if it counts in several periods. */
static uint32_t joined(struct parts *p, struct moved *all, uint32_t n) {
    uint32_t kept = 0;
    at_sort_items(&p->scratch, all, n - 1, sizeof *all, by_key);
    for (uint32_t i = 0; i < n; i++)
        if (kept > 0 && at_str_eq(all[kept - 1].key, all[i].key))
            all[kept - 1].minor += all[i].minor;
        else
            all[kept++] = all[i];
    return kept;
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

static void divide_parted(struct parts *p, uint64_t line, uint32_t period, int64_t whole) {
    uint32_t run;
    const struct at_settle_line *of = at_session_results_at(p->results, line, &run);
    struct at_arena_mark mark = at_arena_mark(&p->scratch);
    struct moved *all;
    uint32_t n = moved_in(p, p->results->runs[run].run, of->component, of->payee, period, &all);
    spread(p, all, n, whole);
    n = joined(p, all, n);
    for (uint32_t i = 0; i < n; i++)
        if (all[i].minor != 0)
            add(p, line, all[i].key, all[i].minor, all[i].key.n ? AT_PART_PROPORTIONAL : AT_PART_NONE);
    at_arena_reset(&p->scratch, mark);
}

/* ---- lines */

/* What a line of a later period moved there: the amounts of the periods for which it was calculated. */
static void divide_moved(struct parts *p, uint64_t line) {
    uint32_t run;
    const struct at_settle_line *of = at_session_results_at(p->results, line, &run);
    const struct at_session_result_run *r = &p->results->runs[run];
    const struct at_plan_component *component = &r->run->plan->components[of->component];
    int64_t left = of->minor;
    for (uint32_t k = of->period + 1; k-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(r->run->frame, k, component->delay), minor;
        if (paid < of->period) break;
        if (paid > of->period || (k >= r->run->n_regular && !is_parted(r->run, of->component))) continue;
        const struct at_col *due = &r->run->frame->slices[component->due][k];
        if (!at_num_to_i64(p->arena, at_kernel_num_at(due, of->payee), r->currency->digits, &minor)) continue;
        if (is_parted(r->run, of->component))
            divide_parted(p, line, k, minor);
        else
            divide(p, line, k, minor);
        left -= minor;
    }
    if (left != 0) add(p, line, (at_str){"", 0}, left, AT_PART_NONE);
}

void at_session_results_list_parts(struct at_session_results *results, struct at_arena *arena) {
    struct parts *p = AT_NEW(arena, struct parts);
    p->results = results;
    p->arena = arena;
    at_arena_init_beside(&p->scratch, arena);
    at_arena_defer(arena, free_arena, &p->scratch);
    for (uint64_t i = 0; i < results->n_lines; i++) {
        uint32_t run;
        const struct at_settle_line *line = at_session_results_at(results, i, &run);
        const struct at_plan *plan = results->runs[run].run->plan;
        const struct at_plan_component *component = &plan->components[line->component];
        if (at_watch_tick(results->runs[run].run->data->watch)) at_arena_fail(arena);
        if (component->lines != AT_NO_NODE || at_settle_divides(plan, line->component))
            add(p, i, line->key, line->minor, line->key.n ? AT_PART_LINE : AT_PART_NONE);
        else if (component->delay.unit != AT_DELAY_NONE)
            divide_moved(p, i);
        else if (is_parted(results->runs[run].run, line->component))
            divide_parted(p, i, line->period, line->minor);
        else
            divide(p, i, line->period, line->minor);
    }
    at_arena_free(&p->scratch);
    results->parts = p->of.at;
    results->n_parts = p->of.n;
}
