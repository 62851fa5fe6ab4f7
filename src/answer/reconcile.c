/* answer/reconcile.c: puts the payouts side by side, searches for causes, the largest difference first, and
 * adds up the differences of each cause.
 */
#include "answer/reconcile.h"
#include "answer/classes.h"
#include "answer/sums.h"
#include "base/map.h"
#include "base/sort.h"
#include "base/vec.h"

struct reconciling {
    const struct at_session_results *results;
    const struct at_answer_versions *versions;
    const struct at_answer_host *host;
    uint64_t most_runs;
    struct at_arena *arena;
    struct at_answer_reconciliation *out;
    struct at_answer_sums sums;
    AT_VEC(struct at_answer_payout) payouts;
    struct at_map known; /* key, period, and component -> index + 1 */
    int32_t first, last; /* periods of the other system */
    bool by_component;
    int32_t *gains;    /* by edit of the earlier version */
    uint32_t *rows;    /* by payout: credited rows */
    uint32_t counting; /* the run whose rows are counted */
};

/* ---- side by side */

static struct at_answer_payout *payout_of(struct reconciling *c, at_str key, int32_t period,
                                          at_str component) {
    at_str name = at_str_format(c->arena, "%d %u %.*s %.*s", (int)period, (unsigned)key.n, AT_STR_ARG(key),
                                AT_STR_ARG(component));
    void *next = (void *)(uintptr_t)(c->payouts.n + 1);
    uintptr_t at = (uintptr_t)at_map_put(&c->known, name, next);
    if (at > 0) return &c->payouts.at[at - 1];
    struct at_answer_payout new = {.key = key,
                                   .payee = UINT32_MAX,
                                   .period = period,
                                   .component = component,
                                   .amount = at_num_int(0),
                                   .run = UINT32_MAX,
                                   .cause = UINT32_MAX};
    AT_VEC_PUSH(c->arena, &c->payouts, new);
    return &c->payouts.at[c->payouts.n - 1];
}

static void add_theirs(struct reconciling *c, const struct at_answer_paid *paid, uint32_t n) {
    at_num units = at_num_int(1);
    for (unsigned d = 0; d < c->results->runs[0].currency->digits; d++)
        units = at_num_mul(c->arena, units, at_num_int(10));
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || paid[i].period < c->first) c->first = paid[i].period;
        if (i == 0 || paid[i].period > c->last) c->last = paid[i].period;
        c->by_component |= paid[i].component.n > 0;
        struct at_answer_payout *payout = payout_of(c, paid[i].key, paid[i].period, paid[i].component);
        payout->amount = at_num_add(c->arena, payout->amount, at_num_mul(c->arena, paid[i].amount, units));
        payout->theirs |= !at_num_is_zero(payout->amount);
    }
}

static void add_ours(struct reconciling *c) {
    static const at_str all = {"", 0};
    for (uint32_t r = 0; r < c->results->n_runs; r++) {
        const struct at_session_result_run *own = &c->results->runs[r];
        const struct at_session_run *run = own->run;
        for (uint64_t i = 0; i < run->n_lines; i++) {
            const struct at_settle_line *line = &run->lines[i];
            int32_t period = run->first_position + (int32_t)line->period;
            if (period < c->first || period > c->last) continue;
            at_str component = c->by_component ? run->plan->components[line->component].name : all;
            struct at_answer_payout *payout = payout_of(c, own->keys[line->payee], period, component);
            payout->minor += line->minor;
            payout->ours = true;
            payout->run = r;
        }
        for (uint32_t i = 0; i < run->n_withheld && !c->by_component; i++) {
            const struct at_settle_withheld_cell *cell = &run->withheld[i];
            int32_t period = run->first_position + (int32_t)cell->period;
            if (cell->payee == UINT32_MAX || cell->period == UINT32_MAX || period < c->first ||
                period > c->last)
                continue;
            struct at_answer_payout *payout = payout_of(c, own->keys[cell->payee], period, all);
            payout->withheld = payout->ours = true;
            payout->run = r;
        }
    }
}

static int by_key(const void *left, const void *right) {
    const struct at_answer_payout *a = left, *b = right;
    bool strange = a->payee == UINT32_MAX, other = b->payee == UINT32_MAX;
    if (strange != other) return strange ? 1 : -1; /* those of the results come first */
    int order = at_str_cmp(a->key, b->key);
    if (order != 0) return order;
    if (a->period != b->period) return a->period < b->period ? -1 : 1;
    return at_str_cmp(a->component, b->component);
}

static bool within_a_cent(struct reconciling *c, const struct at_answer_payout *payout) {
    at_num less = at_num_sub(c->arena, payout->amount, at_num_decimal128(payout->minor, 0));
    return at_num_cmp(c->arena, at_num_abs(c->arena, less), at_num_int(1)) <= 0;
}

/* Which payee and which run it is of, and the amounts that are compared. */
static void settle(struct reconciling *c, struct at_answer_payout *payout) {
    struct at_answer_reconciliation *out = c->out;
    at_num rounded = at_num_round(c->arena, payout->amount, 0, AT_ROUND_HALF_UP);
    at_num_to_i128(c->arena, rounded, 0, &payout->wanted);
    payout->status = AT_ANSWER_DIFFERENT;
    if (!payout->withheld && at_num_cmp(c->arena, payout->amount, at_num_decimal128(payout->minor, 0)) == 0)
        payout->status = AT_ANSWER_EQUAL;
    else if (!payout->withheld && within_a_cent(c, payout))
        payout->status = AT_ANSWER_CENT;
    out->count[payout->status]++;
    out->ours += payout->minor;
    out->theirs += payout->wanted;
    at_i128 size = payout->wanted - payout->minor;
    if (size < 0) size = -size;
    if (size > out->most) out->most = size;
}

static void find_payees(struct reconciling *c) {
    struct at_map payees;
    at_map_init(&payees, c->arena);
    for (uint32_t i = 0; i < c->results->n_payees; i++)
        at_map_put(&payees, c->results->payees[i].key, (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < c->payouts.n; i++) {
        struct at_answer_payout *payout = &c->payouts.at[i];
        payout->payee = (uint32_t)(uintptr_t)at_map_get(&payees, payout->key) - 1;
        if (payout->payee == UINT32_MAX) continue;
        payout->label = c->results->payees[payout->payee].label;
        for (uint32_t r = 0; r < c->results->n_runs && payout->run == UINT32_MAX; r++)
            if (at_session_results_cover(c->results, r, payout->payee)) payout->run = r;
    }
}

/* ---- causes */

static int32_t judge(void *context, struct at_session_run *const *runs) {
    struct reconciling *c = context;
    at_answer_sums_of(&c->sums, runs);
    return at_answer_sums_gain(&c->sums) - 1;
}

static int32_t judge_edit(void *context, uint32_t edit) {
    return ((struct reconciling *)context)->gains[edit] - 1;
}

static void judge_edits(struct reconciling *c) {
    c->gains = AT_NEW_ARRAY(c->arena, int32_t, (c->versions ? c->versions->n : 0) + 1);
    for (uint32_t k = 0; c->versions && k < c->versions->n; k++) {
        const struct at_session_run *run = c->versions->run(c->versions->context, k);
        if (!run) continue;
        at_answer_sums_version(&c->sums, c->versions->policy, run);
        c->gains[k] = at_answer_sums_gain(&c->sums);
    }
}

/* Whether the run has the component, for a payout that is of one. */
static bool target_of(const struct reconciling *c, const struct at_answer_payout *payout,
                      struct at_answer_target *out) {
    if (payout->payee == UINT32_MAX || payout->run == UINT32_MAX) return false;
    const struct at_session_result_run *r = &c->results->runs[payout->run];
    *out = (struct at_answer_target){payout->run, r->row_of[payout->payee], payout->period, -1};
    for (uint32_t i = 0; payout->component.n && i < r->run->plan->n_components; i++)
        if (at_str_eq(r->run->plan->components[i].name, payout->component)) out->component = (int32_t)i;
    return payout->component.n == 0 || out->component >= 0;
}

static enum at_status search_one(struct reconciling *c, struct at_answer_payout *payout) {
    struct at_answer_question question = {
        .wanted = payout->wanted, .judge = judge, .judge_edit = judge_edit, .context = c};
    struct at_answer_found *found = AT_NEW(c->arena, struct at_answer_found);
    if (!target_of(c, payout, &question.target)) return AT_OK;
    enum at_status status = at_answer_search(c->results, &question, c->versions, c->host, c->arena, found);
    payout->searched = true;
    c->out->tried += found->tried;
    if (status == AT_OK && found->n) payout->change = &found->at[0];
    return status;
}

static at_i128 size_of(const struct at_answer_payout *payout) {
    at_i128 off = payout->wanted - payout->minor;
    return off < 0 ? -off : off;
}

static int by_size(const void *left, const void *right) {
    const struct at_answer_payout *a = *(const struct at_answer_payout *const *)left,
                                  *b = *(const struct at_answer_payout *const *)right;
    at_i128 first = size_of(a), second = size_of(b);
    if (first != second) return first > second ? -1 : 1;
    return a < b ? -1 : a > b;
}

static enum at_status search_all(struct reconciling *c) {
    struct at_answer_payout **order = AT_NEW_ARRAY(c->arena, struct at_answer_payout *, c->out->n + 1);
    uint32_t n = 0;
    enum at_status status = AT_OK;
    for (uint32_t i = 0; i < c->out->n; i++) {
        struct at_answer_payout *payout = &c->out->payouts[i];
        if (payout->status == AT_ANSWER_DIFFERENT && !at_answer_is_rounding(payout, c->rows[i]))
            order[n++] = payout;
    }
    at_sort_items(c->arena, order, n, sizeof *order, by_size);
    for (uint32_t i = 0; status == AT_OK && i < n; i++) {
        if (c->out->tried >= c->most_runs)
            c->out->not_searched++;
        else
            status = search_one(c, order[i]);
    }
    return status;
}

/* ---- how many rows a payout has */

static bool on_item(void *context, const struct at_gather_item *item) {
    struct reconciling *c = context;
    const struct at_session_result_run *r = &c->results->runs[c->counting];
    if (item->payee >= r->run->n_payees) return true;
    int64_t period = (int64_t)item->period + r->run->first_position - c->sums.first;
    uint32_t payee = r->payee_of[item->payee];
    if (item->period == UINT32_MAX || period < 0 || period >= c->sums.n_periods) return true;
    size_t cell = (size_t)payee * (size_t)c->sums.n_periods + (size_t)period;
    for (uint32_t i = c->sums.start[cell]; i < c->sums.start[cell + 1]; i++)
        c->rows[i]++;
    return true;
}

static enum at_status count_rows(struct reconciling *c) {
    enum at_status status = AT_OK;
    c->rows = AT_NEW_ARRAY(c->arena, uint32_t, c->out->n + 1);
    for (uint32_t r = 0; status == AT_OK && r < c->results->n_runs; r++) {
        const struct at_plan *plan = c->results->runs[r].run->plan;
        struct at_plan_wanted *wanted = AT_NEW_ARRAY(c->arena, struct at_plan_wanted, plan->n_feeds + 1);
        uint32_t n = 0;
        for (uint32_t f = 0; f < plan->n_feeds; f++)
            if (plan->feeds[f].decl->name.n) wanted[n++] = (struct at_plan_wanted){.feed = f};
        c->counting = r;
        if (n)
            status =
                at_session_run_items(c->results->runs[r].run, wanted, n, UINT32_MAX, UINT32_MAX, on_item, c);
    }
    return status;
}

/* ---- by cause */

static bool same_cause(const struct at_answer_cause *cause, const struct at_answer_payout *payout) {
    const struct at_answer_change *a = cause->change, *b = payout->change;
    if (!a || !b) return !a && !b && cause->class == payout->class;
    if (a->kind != b->kind || cause->run != payout->run) return false;
    if (a->kind == AT_ANSWER_EDIT) return a->edit == b->edit;
    return a->table == b->table && a->row == b->row && a->field == b->field && at_str_eq(a->after, b->after);
}

static int by_sum(const void *left, const void *right) {
    const struct at_answer_cause *a = left, *b = right;
    if (a->size != b->size) return a->size > b->size ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static void add_up(struct reconciling *c) {
    struct at_answer_reconciliation *out = c->out;
    uint32_t n = out->count[AT_ANSWER_DIFFERENT];
    out->causes = AT_NEW_ARRAY(c->arena, struct at_answer_cause, n + 1);
    for (uint32_t i = 0; i < out->n; i++) {
        struct at_answer_payout *payout = &out->payouts[i];
        uint32_t k = 0;
        if (payout->status != AT_ANSWER_DIFFERENT) continue;
        payout->class = (uint8_t)at_answer_class_of(out, payout, c->rows[i]);
        out->in_class[payout->class]++;
        while (k < out->n_causes && !same_cause(&out->causes[k], payout))
            k++;
        struct at_answer_cause *cause = &out->causes[k];
        if (k == out->n_causes) {
            *cause = (struct at_answer_cause){payout->class, payout->change, payout->run, i, 0, 0, 0};
            out->n_causes++;
        }
        cause->n++;
        cause->size += size_of(payout);
        cause->net += payout->wanted - payout->minor;
    }
    at_sort_items(c->arena, out->causes, out->n_causes, sizeof *out->causes, by_sum);
    for (uint32_t i = 0; i < out->n; i++)
        for (uint32_t k = 0; k < out->n_causes && out->payouts[i].status == AT_ANSWER_DIFFERENT; k++)
            if (out->payouts[i].cause == UINT32_MAX && same_cause(&out->causes[k], &out->payouts[i]))
                out->payouts[i].cause = k;
}

enum at_status at_answer_reconcile(const struct at_session_results *results,
                                   const struct at_answer_paid *paid, uint32_t n_paid,
                                   const struct at_answer_versions *versions,
                                   const struct at_answer_host *host, uint64_t most_runs,
                                   struct at_arena *arena, struct at_answer_reconciliation *out) {
    struct reconciling c = {.results = results,
                            .versions = versions,
                            .host = host,
                            .most_runs = most_runs,
                            .arena = arena,
                            .out = out};
    *out = (struct at_answer_reconciliation){.results = results};
    at_map_init(&c.known, arena);
    add_theirs(&c, paid, n_paid);
    add_ours(&c);
    find_payees(&c);
    at_sort_items(arena, c.payouts.at, c.payouts.n, sizeof *c.payouts.at, by_key);
    out->payouts = c.payouts.at;
    out->n = (uint32_t)c.payouts.n;
    for (uint32_t i = 0; i < out->n; i++)
        settle(&c, &out->payouts[i]);
    at_answer_sums_make(&c.sums, out, c.first, c.last, arena);
    enum at_status status = count_rows(&c);
    if (status != AT_OK) return status;
    judge_edits(&c);
    status = search_all(&c);
    if (status == AT_OK) add_up(&c);
    return status;
}
