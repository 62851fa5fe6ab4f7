/* session/parts.c: the lines of the results by deal: the parts of rows in each line.
 *
 * A line of a `per` or a `by` component is of one row. Any other line is divided in proportion to what rows
 * bring to the amount, by the largest-remainder method, so that the parts add up to the line.
 */
#include "kernel/ledger.h"
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
        if (paid > of->period || k >= r->run->n_regular) continue;
        const struct at_col *due = &r->run->frame->slices[component->due][k];
        if (!at_num_to_i64(p->arena, at_kernel_num_at(due, of->payee), r->currency->digits, &minor)) continue;
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
        else
            divide(p, i, line->period, line->minor);
    }
    at_arena_free(&p->scratch);
    results->parts = p->of.at;
    results->n_parts = p->of.n;
}
