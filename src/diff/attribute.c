/* diff/attribute.c: calculates the effect of each edit on each difference.
 *
 * Each choice of causes is an intermediate version: the old policy with these edits. All are merged into one
 * plan and run together. The effect of a cause is its Shapley value, the average effect over all orders of
 * the causes. It is calculated in whole numbers of 1/n! minor units and rounded by the largest-remainder
 * method. If there are more than MAX_SHAPLEY causes, only the versions in policy order are run.
 *
 * Both methods are weighted sums over versions. The amounts of a version are added and then freed, so
 * versions that do not fit into memory together run in batches.
 */
#include "base/allot.h"
#include "base/map.h"
#include "base/vec.h"
#include "diff/causes.h"
#include "diff/quiet.h"

/* 8 causes need 256 versions, or 512 if the data is a cause too. */
enum { MAX_SHAPLEY = 8, MAX_APART = 4 /* where versions cannot be merged, each is a run of its own */ };

/* One version over one set of data.
 * `choice` has one bit for each cause. In policy order, `place` of k means that the first k causes are
 * made. */
struct point {
    uint32_t version; /* index into plans */
    uint32_t data;
    uint32_t choice; /* Shapley: of the causes, the data being the last */
    int32_t place;   /* how many of the first causes are made and no other; -1: it is not in that order */
    int32_t witness; /* slot of `totals`; -1: none */
};

struct job {
    struct at_diff *diff;
    const struct at_diff_attribution *how;
    struct at_arena *arena;
    struct at_diff_causes causes;
    uint32_t n_policy; /* causes that are edits; one more where the data is a cause */
    uint32_t n;        /* causes in all */
    const struct at_plan **plans;
    uint32_t n_plans;
    struct point *points; /* those of one version stand together */
    uint32_t n_points;
    bool shapley;
    int64_t weight[MAX_SHAPLEY + 2]; /* s! (n - s - 1)! by the size of the choice before */
    int64_t whole;                   /* n! */
    at_i128 *sums;                   /* Shapley: by row and cause, in 1/n! minor units */
    at_i128 *in_order;               /* by row and cause */
    uint64_t n_cells;
    at_i128 *totals;             /* by cell and slot: what the payee gets in that period */
    int64_t *held;               /* Shapley: by newly withheld payout and cause, in 1/n! */
    uint64_t *held_at;           /* by newly withheld payout: bit k: withheld after the first k causes */
    struct at_diff_cause *found; /* by cause: `edits` and `quiet` */
    bool counted, differs;       /* differs: a version that must be the old or the new one is not */
};

/* ---------------------------------------------------------------- which versions */

static bool add_plan(struct job *job, uint64_t choice) {
    return (job->plans[job->n_plans++] = at_diff_causes_plan(&job->causes, choice)) != NULL;
}

static void weigh(struct job *job) {
    int64_t factorial[MAX_SHAPLEY + 3] = {1};
    for (int i = 1; i <= MAX_SHAPLEY + 2; i++)
        factorial[i] = factorial[i - 1] * i;
    job->whole = factorial[job->n];
    for (uint32_t s = 0; s < job->n; s++)
        job->weight[s] = factorial[s] * factorial[job->n - s - 1];
}

/* Every choice; the data is one cause more. */
static bool choose_all(struct job *job) {
    uint32_t versions = 1u << job->n_policy, n_data = job->how->two_data ? 2 : 1;
    job->shapley = true;
    job->plans = AT_NEW_ARRAY(job->arena, const struct at_plan *, versions);
    job->points = AT_NEW_ARRAY(job->arena, struct point, versions * n_data);
    job->n_plans = job->n_points = 0;
    for (uint32_t v = 0; v < versions; v++) {
        if (!add_plan(job, v)) return false;
        for (uint32_t d = 0; d < n_data; d++) {
            struct point point = {v, n_data == 1 ? 1 : d, v | d << job->n_policy, -1, -1};
            /* A choice of the form 0...01...1 is the start of the policy order. A choice of one bit is one
             * cause alone: slot 0 does not hold a cause, slot k + 1 holds cause k. */
            if ((point.choice & (point.choice + 1)) == 0) point.place = __builtin_popcount(point.choice);
            if (d == 0 && (v & (v - 1)) == 0) point.witness = v ? __builtin_ctz(v) + 1 : 0;
            job->points[job->n_points++] = point;
        }
    }
    weigh(job);
    return true;
}

/* One order: each cause after those before it, the data last. */
static bool choose_order(struct job *job) {
    job->shapley = false;
    job->plans = AT_NEW_ARRAY(job->arena, const struct at_plan *, job->n_policy + 1);
    job->points = AT_NEW_ARRAY(job->arena, struct point, job->n_policy + 2);
    job->n_plans = job->n_points = 0;
    uint32_t data = job->how->two_data ? 0 : 1;
    for (uint32_t v = 0; v <= job->n_policy; v++) {
        if (!add_plan(job, v >= 64 ? UINT64_MAX : ((uint64_t)1 << v) - 1)) return false;
        job->points[job->n_points++] = (struct point){v, data, 0, (int32_t)v, (int32_t)v};
    }
    if (job->how->two_data)
        job->points[job->n_points++] = (struct point){job->n_policy, 1, 0, (int32_t)job->n, -1};
    return true;
}

/* ---------------------------------------------------------------- what one version adds */

/* Adds the amount to both weighted sums. Cause k of the policy order gets version k + 1 less version k. */
static void add_amount(struct job *job, const struct point *point, uint64_t r, int64_t amount) {
    uint32_t n = job->n;
    const struct at_diff_row *row = &job->diff->rows[r];
    /* The versions without and with all causes must be the two that are compared. Otherwise, the causes do
     * not explain the difference. */
    bool none = job->shapley ? point->choice == 0 : point->place == 0;
    bool all = job->shapley ? point->choice == (1u << n) - 1 : point->place == (int32_t)n;
    job->differs |= (none && amount != row->minor[0]) || (all && amount != row->minor[1]);
    if (amount == 0) return;
    if (point->place > 0) job->in_order[r * n + (uint32_t)point->place - 1] += amount;
    if (point->place >= 0 && point->place < (int32_t)n)
        job->in_order[r * n + (uint32_t)point->place] -= amount;
    if (!job->shapley) return;
    uint32_t size = (uint32_t)__builtin_popcount(point->choice);
    for (uint32_t k = 0; k < n; k++)
        job->sums[r * n + k] +=
            (at_i128)amount * (point->choice >> k & 1 ? job->weight[size - 1] : -job->weight[size]);
}

struct reading {
    const struct at_diff_side *side;
    int32_t *index; /* by component of the diff: in the version's plan, -1 */
    int32_t *row;   /* by payee of the diff: in the version's run, -1 */
    int64_t *minor; /* by component of the version */
};

static void match_components(const struct job *job, struct reading *reading) {
    const struct at_plan *plan = reading->side->plan;
    reading->minor = AT_NEW_ARRAY(job->arena, int64_t, plan->n_components + 1);
    reading->index = AT_NEW_ARRAY(job->arena, int32_t, job->diff->n_components + 1);
    struct at_map index;
    at_map_init(&index, job->arena);
    for (uint32_t k = 0; k < plan->n_components; k++)
        at_map_put(&index, plan->components[k].name, (void *)(uintptr_t)(k + 1));
    for (uint32_t c = 0; c < job->diff->n_components; c++)
        reading->index[c] = (int32_t)(uintptr_t)at_map_get(&index, job->diff->components[c].name) - 1;
}

/* Whether the version withholds a payout that only the new version withholds, with the weight that an amount
 * has. */
static void add_held(struct job *job, const struct point *point, uint32_t newly) {
    uint32_t n = job->n;
    if (point->place >= 0 && point->place < 64) job->held_at[newly] |= (uint64_t)1 << point->place;
    if (!job->shapley) return;
    uint32_t size = (uint32_t)__builtin_popcount(point->choice);
    for (uint32_t k = 0; k < n; k++)
        job->held[(size_t)newly * n + k] +=
            point->choice >> k & 1 ? job->weight[size - 1] : -job->weight[size];
}

/* Returns whether the version withholds the cell. */
static bool read_cell(struct job *job, const struct point *point, struct reading *reading,
                      const struct at_diff_row *row, uint64_t cell) {
    const struct at_diff_side *side = reading->side;
    int32_t payee = reading->row[row->payee];
    int64_t period = (int64_t)row->period - side->run->first_position;
    bool withheld = false;
    struct at_arena_mark mark = at_arena_mark(job->arena);
    memset(reading->minor, 0, side->plan->n_components * sizeof *reading->minor);
    if (payee >= 0)
        withheld =
            at_diff_side_cell(side, (uint32_t)payee, period, job->diff->digits, job->arena, reading->minor);
    at_arena_reset(job->arena, mark);
    if (point->witness < 0) return withheld;
    at_i128 *total = &job->totals[cell * (job->n_policy + 1) + (uint32_t)point->witness];
    for (uint32_t c = 0; c < side->plan->n_components; c++)
        *total += reading->minor[c];
    return withheld;
}

static bool same_cell(const struct at_diff_row *a, const struct at_diff_row *b) {
    return a->payee == b->payee && a->period == b->period;
}

static void add_point(struct job *job, const struct point *point, const struct at_diff_side *side) {
    const struct at_diff *diff = job->diff;
    struct at_arena_mark mark = at_arena_mark(job->arena);
    struct reading reading = {.side = side};
    match_components(job, &reading);
    reading.row = at_diff_side_rows(side, diff, job->arena);
    uint64_t cell = 0;
    uint32_t newly = 0; /* the next payout that is newly withheld */
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        const struct at_diff_row *row = &diff->rows[r];
        at_arena_poll(job->arena);
        if (r == 0 || !same_cell(row, row - 1)) {
            cell += r > 0;
            bool held = read_cell(job, point, &reading, row, cell);
            bool listed = newly < diff->n_newly && diff->newly[newly].row == r;
            if (held && listed) add_held(job, point, newly);
            newly += listed;
        }
        int32_t index = reading.index[row->component];
        add_amount(job, point, r, index < 0 ? 0 : reading.minor[index]);
    }
    at_arena_reset(job->arena, mark);
}

/* The smallest example uses the data of the first version. */
static enum at_status count_deals(struct job *job, const struct point *point,
                                  const struct at_diff_side *side) {
    if (job->counted || point->version != 0) return AT_OK;
    job->counted = true;
    return at_diff_causes_count_deals(&job->causes, side);
}

/* ---------------------------------------------------------------- running the versions */

static void show_progress(const struct job *job, uint32_t done) {
    at_watch_show(job->arena->watch, AT_WATCH_VERSIONS, (at_str){0}, done, job->n_points);
}

/* Bytes of the columns that a run of this plan keeps, roughly. */
static uint64_t size_of_run(const struct job *job, const struct at_plan *plan) {
    uint64_t columns = 0, cells = (uint64_t)job->diff->n_payees * job->diff->n_periods;
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        columns += plan->nodes[id].grain == AT_G_CELL && plan->nodes[id].needed;
    return columns * cells * 16;
}

/* Whether the payee totals of a cause and of the version without it, which both are of this batch, are equal.
 */
static bool totals_are_same(const struct job *job, uint32_t before, uint32_t after) {
    uint32_t slots = job->n_policy + 1;
    for (uint64_t cell = 0; cell < job->n_cells; cell++)
        if (job->totals[cell * slots + before] != job->totals[cell * slots + after]) return false;
    return true;
}

/* Why a cause changes nothing by itself: it is compared with the old version, or in policy order, with the
 * causes before it. Both must be in this batch. */
static void find_quiet(struct job *job, uint32_t first, uint32_t n, const struct at_plan_map *maps,
                       const struct at_session_run *run) {
    for (uint32_t k = 0; k < job->n_policy; k++) {
        uint32_t versions[2] = {job->shapley ? 0 : k, job->shapley ? 1u << k : k + 1};
        struct at_diff_side sides[2];
        if (versions[0] < first || versions[1] >= first + n) continue;
        if (!totals_are_same(job, job->shapley ? 0 : k, k + 1)) continue;
        for (int s = 0; s < 2; s++)
            sides[s] = at_diff_side_make(job->plans[versions[s]], run, &maps[versions[s] - first],
                                         job->how->restricted);
        at_diff_quiet_find(job->diff, sides, &job->found[k]);
    }
}

/* The versions `first` and on, merged, over one set of data; in halves where they are too many to be kept at
 * once. *merged is cleared where they cannot share a run. */
static enum at_status run_merged(struct job *job, uint32_t first, uint32_t n, uint32_t data, bool *merged) {
    struct at_arena_mark mark = at_arena_mark(job->arena);
    struct at_plan_map *maps = AT_NEW_ARRAY(job->arena, struct at_plan_map, n);
    struct at_plan *plan = NULL;
    struct at_session_run *run = NULL;
    *merged = at_plan_merge(job->plans + first, n, 0, job->arena, &plan, maps);
    enum at_status status = AT_OK;
    if (*merged && n > 1 && size_of_run(job, plan) > job->how->most_bytes) {
        at_arena_reset(job->arena, mark);
        status = run_merged(job, first, n / 2, data, merged);
        return status == AT_OK ? run_merged(job, first + n / 2, n - n / 2, data, merged) : status;
    }
    if (*merged) status = job->how->run(job->how->context, plan, (int)data, &run);
    for (uint32_t i = 0; run && status == AT_OK && i < job->n_points; i++) {
        const struct point *point = &job->points[i];
        if (point->data != data || point->version < first || point->version >= first + n) continue;
        struct at_diff_side side = at_diff_side_make(job->plans[point->version], run,
                                                     &maps[point->version - first], job->how->restricted);
        show_progress(job, i);
        add_point(job, point, &side);
        status = count_deals(job, point, &side);
    }
    bool witness = !job->how->two_data || data == 0; /* it is the data of `totals` */
    if (run && status == AT_OK && witness) find_quiet(job, first, n, maps, run);
    if (run) job->how->release(job->how->context);
    return status;
}

static enum at_status run_apart(struct job *job) {
    enum at_status status = AT_OK;
    for (uint32_t i = 0; status == AT_OK && i < job->n_points; i++) {
        const struct point *point = &job->points[i];
        struct at_plan plan = *job->plans[point->version];
        struct at_session_run *run = NULL;
        show_progress(job, i);
        plan.n_requires = 0; /* an intermediate version pays no one, so `require` does not apply to it */
        status = job->how->run(job->how->context, &plan, (int)point->data, &run);
        if (status == AT_OK) {
            struct at_diff_side side = at_diff_side_make(&plan, run, NULL, job->how->restricted);
            add_point(job, point, &side);
            status = count_deals(job, point, &side);
        }
        if (run) job->how->release(job->how->context);
    }
    return status;
}

static enum at_status run_versions(struct job *job) {
    bool merged = true, all = job->n_policy <= MAX_SHAPLEY && job->n <= MAX_SHAPLEY + 1;
    if (all ? !choose_all(job) : !choose_order(job)) return AT_REJECTED;
    struct at_arena_mark mark = at_arena_mark(job->arena);
    struct at_plan *plan = NULL;
    struct at_plan_map *maps = AT_NEW_ARRAY(job->arena, struct at_plan_map, job->n_plans);
    merged = at_plan_merge(job->plans, job->n_plans, 0, job->arena, &plan, maps);
    at_arena_reset(job->arena, mark);
    if (!merged && all && job->n_policy > MAX_APART && !choose_order(job)) return AT_REJECTED;
    if (job->shapley) job->sums = AT_NEW_ARRAY(job->arena, at_i128, job->diff->n_rows * job->n + 1);
    show_progress(job, 0);
    if (!merged) return run_apart(job);
    enum at_status status = AT_OK;
    for (uint32_t d = job->how->two_data ? 0 : 1; status == AT_OK && d < 2; d++) {
        uint32_t first = !job->shapley && job->how->two_data && d == 1 ? job->n_policy : 0;
        status = run_merged(job, first, job->n_plans - first, d, &merged);
    }
    return status;
}

/* ---------------------------------------------------------------- the parts of one amount */

/* With Shapley values, the amounts in policy order stay available as `sequential`. */
static void divide_all(struct job *job) {
    struct at_diff *diff = job->diff;
    int64_t remainders[MAX_SHAPLEY + 2];
    diff->parts = job->in_order;
    if (job->shapley) {
        diff->sequential = job->in_order;
        diff->parts = AT_NEW_ARRAY(job->arena, at_i128, diff->n_rows * job->n + 1);
    }
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        at_i128 *parts = &diff->parts[r * job->n];
        at_arena_poll(job->arena);
        if (job->shapley)
            at_allot_fractions(&job->sums[r * job->n], job->n, job->whole,
                               (at_i128)diff->rows[r].minor[1] - diff->rows[r].minor[0], remainders, parts);
        for (uint32_t k = 0; k < job->n; k++)
            diff->causes[k].minor += parts[k];
    }
}

/* ---------------------------------------------------------------- who gains, who loses, what is withheld */

/* The causes with the largest part in it, as a set: several where only all of them together withhold it, or
 * each of them alone. In policy order, it is the last one that made the payout withheld. */
static uint64_t guilty(const struct job *job, uint32_t newly) {
    uint64_t set = 0;
    int64_t most = 0;
    if (!job->shapley) {
        for (uint32_t k = job->n; k-- > 0;)
            if (!(job->held_at[newly] >> k & 1)) return (uint64_t)1 << k;
        return 0;
    }
    for (uint32_t k = 0; k < job->n; k++) {
        int64_t part = job->held[(size_t)newly * job->n + k];
        if (part > most) set = 0, most = part;
        if (part == most && most > 0) set |= (uint64_t)1 << k;
    }
    return set;
}

static void find_guilty(struct job *job) {
    struct at_diff *diff = job->diff;
    for (uint32_t i = 0; i < diff->n_newly; i++) {
        diff->newly[i].causes = guilty(job, i);
        for (uint32_t k = 0; k < job->n; k++)
            diff->causes[k].newly += diff->newly[i].causes >> k & 1;
    }
}

/* Like for like, by the sum of a cause's parts for each payee. */
static void count_gainers(struct job *job) {
    struct at_diff *diff = job->diff;
    at_i128 *sums = AT_NEW_ARRAY(job->arena, at_i128, job->n + 1);
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        memset(sums, 0, job->n * sizeof *sums);
        for (uint64_t r = diff->payees[p].first; r < diff->payees[p].end; r++) {
            if (diff->rows[r].withheld[0] || diff->rows[r].withheld[1]) continue;
            for (uint32_t k = 0; k < job->n; k++)
                sums[k] += diff->parts[r * job->n + k];
        }
        for (uint32_t k = 0; k < job->n; k++) {
            struct at_diff_cause *cause = &diff->causes[k];
            cause->gainers += sums[k] > 0;
            cause->losers += sums[k] < 0;
            *(sums[k] > 0 ? &cause->gain : &cause->loss) += sums[k];
        }
    }
}

/* ---------------------------------------------------------------- the smallest case */

/* The case with the fewest deals, then the largest difference, then the first payee. */
static void note_witness(struct job *job, const struct at_diff_row *row, uint64_t cell) {
    const at_i128 *totals = &job->totals[cell * (job->n_policy + 1)];
    uint64_t deals = at_diff_causes_deals(&job->causes, row->payee, row->period);
    for (uint32_t k = 0; k < job->n_policy; k++) {
        struct at_diff_cause *cause = &job->diff->causes[k];
        at_i128 before = totals[job->shapley ? 0 : k], after = totals[k + 1], change = after - before;
        if (change == 0) continue;
        at_i128 known = cause->after - cause->before;
        bool larger = (change < 0 ? -change : change) > (known < 0 ? -known : known);
        if (cause->payee != UINT32_MAX && (deals > cause->deals || (deals == cause->deals && !larger)))
            continue;
        cause->payee = row->payee;
        cause->period = row->period;
        cause->deals = deals;
        cause->before = before;
        cause->after = after;
    }
}

static void find_witnesses(struct job *job) {
    const struct at_diff *diff = job->diff;
    for (uint64_t r = 0, cell = 0; r < diff->n_rows; r++) {
        at_arena_poll(job->arena);
        if (r > 0 && same_cell(&diff->rows[r], &diff->rows[r - 1])) continue;
        cell += r > 0;
        note_witness(job, &diff->rows[r], cell);
    }
}

/* ---------------------------------------------------------------- the entry */

static struct at_diff_cause *make_causes(const struct job *job) {
    struct at_diff_cause *causes = AT_NEW_ARRAY(job->arena, struct at_diff_cause, job->n + 1);
    for (uint32_t k = 0; k < job->n_policy; k++) {
        causes[k].edits = job->causes.at[k].edits;
        causes[k].n_edits = job->causes.at[k].n;
        causes[k].payee = UINT32_MAX;
    }
    if (job->n > job->n_policy)
        causes[job->n_policy] = (struct at_diff_cause){.data = true, .payee = UINT32_MAX};
    return causes;
}

static uint64_t count_cells(const struct at_diff *diff) {
    uint64_t n = 0;
    for (uint64_t r = 0; r < diff->n_rows; r++)
        n += r == 0 || !same_cell(&diff->rows[r], &diff->rows[r - 1]);
    return n;
}

enum at_status at_diff_attribute(struct at_diff *diff, const struct at_diff_attribution *how) {
    struct job *job = AT_NEW(diff->arena, struct job);
    *job = (struct job){.diff = diff, .how = how, .arena = diff->arena};
    enum at_status status = at_diff_causes_find(&job->causes, diff, how);
    if (status != AT_OK) return status;
    job->n_policy = job->causes.n;
    job->n = job->n_policy + (how->two_data ? 1 : 0);
    if (job->n == 0) return AT_OK;
    job->in_order = AT_NEW_ARRAY(job->arena, at_i128, diff->n_rows * job->n + 1);
    job->n_cells = count_cells(diff);
    job->totals = AT_NEW_ARRAY(job->arena, at_i128, job->n_cells * (job->n_policy + 1) + 1);
    job->held = AT_NEW_ARRAY(job->arena, int64_t, (size_t)diff->n_newly * job->n + 1);
    job->held_at = AT_NEW_ARRAY(job->arena, uint64_t, diff->n_newly + 1);
    job->found = make_causes(job);
    status = run_versions(job);
    show_progress(job, job->n_points); /* the stages after this one are shown again */
    if (status != AT_OK) return status;
    if (job->differs) return AT_REJECTED;
    diff->causes = job->found;
    diff->n_causes = job->n;
    diff->shapley = job->shapley;
    divide_all(job);
    find_witnesses(job);
    find_guilty(job);
    count_gainers(job);
    return AT_OK;
}
