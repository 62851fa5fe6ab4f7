/* diff/decision.c: implements decision.h. */
#include "diff/decision.h"
#include "diff/cells.h"
#include "diff/diff_int.h"

static bool decide_limits(const struct at_diff *diff, const struct at_diff_asked *asked,
                          struct at_diff_decision *decision, uint32_t *bad) {
    decision->limits = AT_NEW_ARRAY(diff->arena, struct at_diff_limit, asked->n_limits + 1);
    for (uint32_t i = 0; i < asked->n_limits; i++) {
        struct at_diff_limit *limit = &decision->limits[decision->n_limits++];
        *bad = i;
        if (at_diff_limit_check(diff, asked->limits[i], diff->arena, limit) != AT_LIMIT_FINE) return false;
        decision->n_exceeded += limit->n_exceed > 0;
    }
    return true;
}

static void add_spans(const struct at_diff *diff, struct at_diff_decision *decision) {
    struct at_diff_cell cell;
    bool up = false, down = false;
    decision->spans = AT_NEW_ARRAY(diff->arena, struct at_diff_span, diff->n_periods + 1);
    for (uint64_t r = 0; at_diff_next_cell(diff, &r, diff->n_rows, &cell);) {
        struct at_diff_span *span = &decision->spans[cell.period - diff->first_period];
        at_arena_poll(diff->arena);
        span->newly += cell.withheld[1] && !cell.withheld[0];
        for (int s = 0; s < 2; s++)
            span->minor[s] += cell.minor[s];
        if (!at_diff_cell_alike(&cell)) continue;
        span->gainers += cell.minor[1] > cell.minor[0];
        span->losers += cell.minor[1] < cell.minor[0];
        for (int s = 0; s < 2; s++)
            span->like[s] += cell.minor[s];
    }
    for (uint32_t p = 0; p < diff->n_periods; p++) {
        up |= decision->spans[p].like[1] > decision->spans[p].like[0];
        down |= decision->spans[p].like[1] < decision->spans[p].like[0];
    }
    decision->moves = diff->n_moved > 0 || (up && down);
}

static int32_t periods_of_year(const struct at_calendar *calendar) {
    switch ((enum at_period_kind)calendar->period_kind) {
    case AT_WEEK: return 52 / (calendar->weeks ? calendar->weeks : 1);
    case AT_SEMIMONTH: return 24;
    case AT_MONTH:
    case AT_FISCAL_MONTH: return 12;
    case AT_QUARTER: return 4;
    case AT_HALF: return 2;
    default: return 1;
    }
}

/* By the periods from the first to the last in which anything is paid. */
static void find_year(const struct at_diff *diff, struct at_diff_decision *decision) {
    int32_t first = -1, last = -1, year = periods_of_year(&diff->checked[1]->calendar);
    for (uint32_t p = 0; p < diff->n_periods; p++) {
        const struct at_diff_span *span = &decision->spans[p];
        if (span->like[0] == 0 && span->like[1] == 0) continue;
        if (first < 0) first = (int32_t)p;
        last = (int32_t)p;
    }
    int32_t n = last - first + 1;
    at_i128 change = diff->like[1] - diff->like[0];
    decision->yearly = first >= 0 && n < year && change != 0;
    if (!decision->yearly) return;
    at_i128 twice = change * year * 2;
    decision->for_year = (twice + (change < 0 ? -n : n)) / (2 * n);
}

static void decide(const struct at_diff *diff, struct at_diff_decision *decision) {
    bool changes = diff->n_winners || diff->n_losers || diff->n_moved || diff->n_held;
    decision->verdict = decision->n_exceeded                 ? AT_VERDICT_STOP
                        : diff->n_newly                      ? AT_VERDICT_CHECK
                        : decision->n_limits == 0 && changes ? AT_VERDICT_OPEN
                                                             : AT_VERDICT_OK;
}

int64_t at_diff_decide(struct at_diff *diff, const struct at_diff_asked *asked) {
    struct at_diff_decision *decision = AT_NEW(diff->arena, struct at_diff_decision);
    uint32_t bad = 0;
    if (!decide_limits(diff, asked, decision, &bad)) return bad;
    add_spans(diff, decision);
    find_year(diff, decision);
    if (asked->by.n == 0)
        at_diff_group_best(diff, &decision->groups);
    else if (!at_diff_group_by(diff, asked->by, diff->arena, &decision->groups))
        return asked->n_limits;
    for (int s = 0; s < 2; s++)
        decision->tests[s] = asked->tests[s], decision->games[s] = asked->games[s];
    decision->cliffs = asked->cliffs;
    decision->base_moved = diff->credited_fits[0] && diff->credited_fits[1] && diff->credited_minor[0] > 0 &&
                           diff->credited_minor[0] != diff->credited_minor[1];
    decision->files = AT_NEW_ARRAY(diff->arena, struct at_diff_file, asked->n_files + 1);
    if (asked->n_files) memcpy(decision->files, asked->files, asked->n_files * sizeof *asked->files);
    decision->n_files = asked->n_files;
    decision->command = asked->command;
    decision->program = asked->program;
    at_diff_find_risks(diff, decision);
    decide(diff, decision);
    diff->decision = decision;
    return -1;
}
