/* report/attribute.c: how much of each difference each edit caused.
 *
 * Every choice of causes is a version in between: the old policy with these edits made. All of them are
 * merged into one plan and run at once; the part of a cause is its Shapley value, the mean of what it adds
 * over all orders in which the causes can be made, worked out in whole numbers of 1/n! minor units and
 * allotted by largest remainder. Beyond MAX_SHAPLEY causes the versions are those of one order, the policy's
 * own, and a part is what the cause adds in it.
 */
#include "base/vec.h"
#include "report/causes.h"

enum { MAX_SHAPLEY = 8, MAX_APART = 4 /* where versions cannot be merged, each is a run of its own */ };

struct variant {
    struct at_side side[2]; /* over the old data and over the new */
    int32_t *component;     /* by component of the diff: index in the variant's plan, -1 */
};

struct job {
    struct at_diff *diff;
    const struct at_attribution *how;
    struct at_arena *arena;
    struct at_causes causes;
    uint32_t n_policy; /* causes that are edits; one more where the data is a cause */
    uint32_t n;        /* causes in all */
    uint32_t n_data;   /* data sets: 1 or 2 */
    struct variant *variants;
    uint32_t n_variants; /* 2^n_policy, or n_policy + 1 */
    int64_t **value;     /* by variant and data: amounts of the cell in hand, by component of the diff */
    bool shapley;
    int64_t weight[MAX_SHAPLEY + 2]; /* s! (n - s - 1)! by the size of the choice before */
    int64_t whole;                   /* n! */
};

/* ---------------------------------------------------------------- running the versions */

static enum at_status run_merged(struct job *job, const struct at_plan *const *plans, bool *merged) {
    struct at_plan_map *maps = AT_NEW_ARRAY(job->arena, struct at_plan_map, job->n_variants);
    struct at_plan *plan = NULL;
    *merged = at_plan_merge(plans, job->n_variants, 0, job->arena, &plan, maps);
    for (uint32_t d = 0; *merged && d < job->n_data; d++) {
        struct at_run *run = NULL;
        enum at_status status = job->how->run(job->how->context, plan, job->n_data == 1 ? 1 : (int)d, &run);
        if (status != AT_OK) return status;
        for (uint32_t v = 0; v < job->n_variants; v++)
            job->variants[v].side[d] = (struct at_side){plans[v], run, &maps[v]};
    }
    return AT_OK;
}

static enum at_status run_apart(struct job *job, const struct at_plan *const *plans) {
    for (uint32_t v = 0; v < job->n_variants; v++)
        for (uint32_t d = 0; d < job->n_data; d++) {
            struct at_run *run = NULL;
            enum at_status status =
                job->how->run(job->how->context, plans[v], job->n_data == 1 ? 1 : (int)d, &run);
            if (status != AT_OK) return status;
            job->variants[v].side[d] = (struct at_side){plans[v], run, NULL};
        }
    return AT_OK;
}

static const struct at_plan **plans_of(struct job *job, bool shapley) {
    job->shapley = shapley;
    job->n_variants = shapley ? 1u << job->n_policy : job->n_policy + 1;
    const struct at_plan **plans = AT_NEW_ARRAY(job->arena, const struct at_plan *, job->n_variants);
    for (uint32_t v = 0; v < job->n_variants; v++) {
        uint64_t choice = shapley ? v : v >= 64 ? UINT64_MAX : ((uint64_t)1 << v) - 1;
        if (!(plans[v] = at_causes_plan(&job->causes, choice))) return NULL;
    }
    job->variants = AT_NEW_ARRAY(job->arena, struct variant, job->n_variants);
    return plans;
}

static enum at_status run_versions(struct job *job) {
    const struct at_plan **plans = plans_of(job, job->n_policy <= MAX_SHAPLEY);
    if (!plans) return AT_REJECTED;
    bool merged = false;
    enum at_status status = run_merged(job, plans, &merged);
    if (merged || status != AT_OK) return status;
    if (job->shapley && job->n_policy > MAX_APART && !(plans = plans_of(job, false))) return AT_REJECTED;
    return run_apart(job, plans);
}

static void match_components(struct job *job) {
    for (uint32_t v = 0; v < job->n_variants; v++) {
        const struct at_plan *plan = job->variants[v].side[0].plan;
        int32_t *index = AT_NEW_ARRAY(job->arena, int32_t, job->diff->n_components + 1);
        for (uint32_t c = 0; c < job->diff->n_components; c++) {
            index[c] = -1;
            for (uint32_t k = 0; k < plan->n_components; k++)
                if (at_str_eq(plan->components[k].name, job->diff->components[c].name)) index[c] = (int32_t)k;
        }
        job->variants[v].component = index;
    }
}

/* ---------------------------------------------------------------- the parts of one amount */

/* Amount with this choice of causes; the last bit of it is the data where that is a cause. */
static int64_t amount(const struct job *job, uint32_t choice, uint32_t component) {
    uint32_t variant = choice, data = 0;
    if (job->n_data == 2) {
        data = choice >> job->n_policy & 1;
        variant = choice & ((1u << job->n_policy) - 1);
    }
    return job->value[variant * job->n_data + data][component];
}

/* numerators / whole sum to `delta`: each is cut down to a whole number, and what is left goes to the largest
 * remainders. */
static void allot(const struct job *job, const at_i128 *numerators, int64_t delta, int64_t *parts) {
    int64_t left = delta;
    int64_t remainder[MAX_SHAPLEY + 2];
    for (uint32_t k = 0; k < job->n; k++) {
        at_i128 part = numerators[k] / job->whole;
        remainder[k] = (int64_t)(numerators[k] % job->whole);
        if (remainder[k] < 0) remainder[k] += job->whole, part--;
        parts[k] = (int64_t)part;
        left -= parts[k];
    }
    for (; left > 0; left--) {
        uint32_t best = 0;
        for (uint32_t k = 1; k < job->n; k++)
            if (remainder[k] > remainder[best]) best = k;
        parts[best]++;
        remainder[best] = -1;
    }
}

static void shapley(const struct job *job, uint32_t component, int64_t *parts) {
    at_i128 sum[MAX_SHAPLEY + 2] = {0};
    uint32_t all = (1u << job->n) - 1;
    for (uint32_t choice = 0; choice < all; choice++) {
        int64_t before = amount(job, choice, component), weight = job->weight[__builtin_popcount(choice)];
        for (uint32_t k = 0; k < job->n; k++)
            if (!(choice >> k & 1))
                sum[k] += (at_i128)(amount(job, choice | 1u << k, component) - before) * weight;
    }
    allot(job, sum, amount(job, all, component) - amount(job, 0, component), parts);
}

/* Each cause in its turn, the data last. */
static void one_order(const struct job *job, uint32_t component, int64_t *parts) {
    int64_t before = job->value[0][component];
    for (uint32_t k = 0; k < job->n; k++) {
        uint32_t made = k + 1 < job->n_policy ? k + 1 : job->n_policy;
        uint32_t variant = job->shapley ? (1u << made) - 1 : made, data = k >= job->n_policy;
        int64_t after = job->value[variant * job->n_data + data][component];
        parts[k] = after - before;
        before = after;
    }
}

/* ---------------------------------------------------------------- cell by cell */

static void read_cell(struct job *job, const struct at_diff_row *row, struct at_arena *scratch) {
    const struct at_diff_payee *payee = &job->diff->payees[row->payee];
    for (uint32_t v = 0; v < job->n_variants; v++)
        for (uint32_t d = 0; d < job->n_data; d++) {
            const struct at_side *side = &job->variants[v].side[d];
            int64_t *out = job->value[v * job->n_data + d];
            int32_t place = payee->row[job->n_data == 1 ? 1 : d];
            int64_t *minor = AT_NEW_ARRAY(scratch, int64_t, side->plan->n_components + 1);
            if (place >= 0)
                at_side_cell(side, (uint32_t)place, (int64_t)row->period - side->run->first_period.ordinal,
                             job->diff->digits, scratch, minor);
            for (uint32_t c = 0; c < job->diff->n_components; c++) {
                int32_t index = job->variants[v].component[c];
                out[c] = index < 0 ? 0 : minor[index];
            }
        }
}

static int64_t cell_total(const struct job *job, uint32_t variant) {
    int64_t sum = 0;
    for (uint32_t c = 0; c < job->diff->n_components; c++)
        sum += job->value[variant * job->n_data][c];
    return sum;
}

/* The case with the fewest deals, then the largest difference, then the first payee. */
static void note_witness(struct job *job, const struct at_diff_row *row) {
    for (uint32_t k = 0; k < job->n_policy && job->shapley; k++) {
        struct at_cause *cause = &job->diff->causes[k];
        int64_t before = cell_total(job, 0), after = cell_total(job, 1u << k), change = after - before;
        if (change == 0) continue;
        uint64_t deals = at_causes_deals(&job->causes, row->payee, row->period);
        int64_t known = cause->after - cause->before;
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

static void divide_row(struct job *job, uint64_t r) {
    struct at_diff *diff = job->diff;
    uint32_t component = diff->rows[r].component;
    int64_t *parts = &diff->parts[r * job->n];
    if (job->shapley)
        shapley(job, component, parts);
    else
        one_order(job, component, parts);
    if (diff->sequential) one_order(job, component, &diff->sequential[r * job->n]);
    for (uint32_t k = 0; k < job->n; k++)
        diff->causes[k].minor += parts[k];
}

static void divide_all(struct job *job) {
    struct at_diff *diff = job->diff;
    struct at_arena_mark mark;
    struct at_arena *scratch = job->arena;
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        const struct at_diff_row *row = &diff->rows[r];
        if (r == 0 || row->payee != row[-1].payee || row->period != row[-1].period) {
            mark = at_arena_mark(scratch);
            read_cell(job, row, scratch);
            at_arena_reset(scratch, mark);
            note_witness(job, row);
        }
        divide_row(job, r);
    }
}

/* ---------------------------------------------------------------- the entry */

static void make_causes(struct job *job) {
    struct at_diff *diff = job->diff;
    diff->causes = AT_NEW_ARRAY(job->arena, struct at_cause, job->n + 1);
    diff->n_causes = job->n;
    for (uint32_t k = 0; k < job->n_policy; k++) {
        struct at_cause *cause = &diff->causes[k];
        cause->edits = job->causes.at[k].edits;
        cause->n_edits = job->causes.at[k].n;
        cause->payee = UINT32_MAX;
        for (uint32_t i = 0; i < cause->n_edits; i++) {
            const struct at_edit *edit = &diff->edits->at[cause->edits[i]];
            cause->words = at_str_format(job->arena, "%.*s%s%.*s: %.*s", AT_STR_ARG(cause->words),
                                         i ? "; " : "", AT_STR_ARG(edit->subject), AT_STR_ARG(edit->words));
        }
    }
    if (job->n > job->n_policy)
        diff->causes[job->n_policy] =
            (struct at_cause){.data = true, .words = AT_STR("the data"), .payee = UINT32_MAX};
}

static void weigh(struct job *job) {
    int64_t factorial[MAX_SHAPLEY + 3] = {1};
    for (int i = 1; i <= MAX_SHAPLEY + 2; i++)
        factorial[i] = factorial[i - 1] * i;
    job->whole = factorial[job->n];
    for (uint32_t s = 0; s < job->n; s++)
        job->weight[s] = factorial[s] * factorial[job->n - s - 1];
}

enum at_status at_attribute(struct at_diff *diff, const struct at_attribution *how) {
    struct job *job = AT_NEW(diff->arena, struct job);
    *job = (struct job){.diff = diff, .how = how, .arena = diff->arena, .n_data = how->two_data ? 2 : 1};
    enum at_status status = at_causes_find(&job->causes, diff, how);
    if (status != AT_OK) return status;
    job->n_policy = job->causes.n;
    job->n = job->n_policy + (how->two_data ? 1 : 0);
    if (job->n == 0) return AT_OK;
    status = run_versions(job);
    if (status != AT_OK) return status;
    if (job->shapley) weigh(job);
    make_causes(job);
    match_components(job);
    at_causes_count_deals(&job->causes, &job->variants[0].side[job->n_data - 1]);
    uint32_t n_values = job->n_variants * job->n_data;
    job->value = AT_NEW_ARRAY(job->arena, int64_t *, n_values);
    for (uint32_t i = 0; i < n_values; i++)
        job->value[i] = AT_NEW_ARRAY(job->arena, int64_t, diff->n_components + 1);
    diff->shapley = job->shapley;
    diff->parts = AT_NEW_ARRAY(job->arena, int64_t, diff->n_rows * job->n + 1);
    if (job->shapley) diff->sequential = AT_NEW_ARRAY(job->arena, int64_t, diff->n_rows * job->n + 1);
    divide_all(job);
    return AT_OK;
}
