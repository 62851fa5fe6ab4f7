/* answer/against.c: runs the versions of a comparison, and divides the difference among the players. See
 * against.h.
 *
 * One run with some of the first three players exchanged gives two versions. The cell of this payout has
 * these players of the other one. The cell of the other payout has the others, and rates, of the other one.
 */
#include "answer/against_int.h"
#include "base/allot.h"

#define ALL_EXCHANGED ((1u << AT_ANSWER_EXCHANGED) - 1)

struct comparing {
    struct at_answer_exchange x;
    const struct at_answer_exchange_host *host;
    const struct at_currency_info *currency;
    at_str key[2];
    const struct at_table_edit **edits;
    struct at_session_run **runs;
    struct at_answer_against *out;
};

/* ---- what a cell earns */

/* Rounded as its line, before adjustments. The rounded node is calculated only if something reads it. */
static bool earned_of(const struct at_session_run *run, const struct at_plan_component *component,
                      uint32_t cell, unsigned digits, struct at_arena *arena, at_i128 *out) {
    const struct at_plan *plan = run->plan;
    bool rounded = plan->nodes[component->earned].needed || component->exact == AT_NO_NODE;
    uint32_t state, node = rounded ? component->earned : component->exact;
    struct at_plan_value value = at_session_run_value(run, node, cell, arena, &state);
    *out = 0;
    if (state == AT_STATE_MISSING) return true;
    if (state != AT_STATE_OK) return false;
    at_num num = at_plan_value_num(&value);
    if (!rounded && plan->nodes[component->earned].op == AT_P_ROUND)
        num = at_plan_round_num(arena, &plan->nodes[component->earned], num);
    return num.form != AT_NUM_OVERFLOW && at_num_to_i128(arena, num, digits, out);
}

/* False: something of it cannot be calculated. */
static bool read_earned(const struct at_session_run *run, const struct at_answer_target *target,
                        unsigned digits, struct at_arena *arena, at_i128 *out) {
    int64_t period = (int64_t)target->period - run->first_position;
    at_i128 paid, part;
    *out = 0;
    if (!at_answer_pay(run, target, &paid)) return false;
    if (period < 0 || period >= run->n_periods ||
        !at_kernel_frame_covers(run->frame, target->payee, (uint32_t)period))
        return true;
    for (uint32_t c = 0; c < run->plan->n_components; c++) {
        const struct at_plan_component *component = &run->plan->components[c];
        if (component->role == AT_ROLE_ADJUSTMENT) continue;
        if (target->component >= 0 && (uint32_t)target->component != c) continue;
        if (!earned_of(run, component, (uint32_t)period * run->n_payees + target->payee, digits, arena,
                       &part))
            return false;
        *out += part;
    }
    return true;
}

/* ---- versions */

static void fail(struct comparing *c, uint32_t version) {
    c->out->unknown = true;
    c->out->failed = version;
}

/* Reads the version in the cell of one side. The payee can be at another row now. */
static void read_version(struct comparing *c, const struct at_session_run *run, int side, uint32_t version) {
    struct at_answer_target target = c->x.pair->of[side];
    const struct at_schema *schema = run->data->tables[c->x.payee_table].schema;
    int64_t row = at_table_dataset_find(run->data, c->x.payee_table, schema->key, c->key[side]);
    if (c->out->unknown) return;
    target.payee = (uint32_t)row;
    if (row < 0 || !read_earned(run, &target, c->currency->digits, c->x.scratch, &c->out->versions[version]))
        fail(c, version);
}

static uint32_t other_version(uint32_t set) {
    return (~set & ALL_EXCHANGED) | 1u << AT_ANSWER_RATES;
}

static enum at_status run_versions(struct comparing *c, uint32_t set) {
    const struct at_answer_exchange *x = &c->x;
    uint32_t n = 0;
    for (uint32_t t = 0; t < x->data->n_tables; t++) {
        const struct at_table_edit *edit = at_answer_exchange_edit(x, t, set);
        if (edit) c->edits[n++] = edit;
    }
    enum at_status status = c->host->run(c->host->context, x->pair->of[0].run, c->edits, n, c->runs);
    if (status == AT_OK) {
        read_version(c, c->runs[x->pair->of[0].run], 0, set);
        read_version(c, c->runs[x->pair->of[0].run], 1, other_version(set));
    }
    c->host->release(c->host->context);
    if (status == AT_REJECTED) fail(c, set), status = AT_OK;
    return at_watch_cancelled(c->host->watch) ? AT_CANCELLED : status;
}

/* The players of which some row differs. Exchanging the others is not an exchange. */
static uint32_t find_exchanged(struct comparing *c) {
    uint32_t set = 0;
    for (uint32_t k = 0; k < AT_ANSWER_EXCHANGED; k++)
        for (uint32_t t = 0; t < c->x.data->n_tables && !(set >> k & 1); t++) {
            if (at_answer_exchange_edit(&c->x, t, 1u << k)) set |= 1u << k;
            at_arena_reset(c->x.scratch, (struct at_arena_mark){0});
        }
    return set;
}

static enum at_status run_all(struct comparing *c) {
    uint32_t differs = find_exchanged(c);
    enum at_status status = AT_OK;
    for (uint32_t k = 0; k < AT_ANSWER_EXCHANGED; k++)
        c->out->exchanged[k] = differs >> k & 1;
    for (uint32_t set = 0; set <= ALL_EXCHANGED && status == AT_OK && !c->out->unknown; set++) {
        at_watch_show(c->host->watch, AT_WATCH_CHOICES, (at_str){0}, set, ALL_EXCHANGED + 1);
        if ((set & differs) == set) {
            status = run_versions(c, set);
        } else {
            c->out->versions[set] = c->out->versions[set & differs];
            c->out->versions[other_version(set)] = c->out->versions[other_version(set & differs)];
        }
        at_arena_reset(c->x.scratch, (struct at_arena_mark){0});
    }
    return status;
}

/* ---- parts */

/* s! (n - s - 1)! of four players, by the number of players before. */
static const int weights[] = {6, 2, 2, 6};

static void find_parts(struct at_answer_against *out) {
    int64_t remainders[AT_ANSWER_PLAYERS];
    for (uint32_t k = 0; k < AT_ANSWER_ADJUSTMENTS; k++)
        for (uint32_t set = 0; set < AT_ANSWER_VERSIONS; set++)
            if (!(set >> k & 1))
                out->numerators[k] +=
                    weights[__builtin_popcount(set)] * (out->versions[set] - out->versions[set | 1u << k]);
    out->numerators[AT_ANSWER_ADJUSTMENTS] =
        AT_ANSWER_WHOLE * ((out->paid[0] - out->earned[0]) - (out->paid[1] - out->earned[1]));
    at_allot_fractions(out->numerators, AT_ANSWER_PLAYERS, AT_ANSWER_WHOLE, out->paid[0] - out->paid[1],
                       remainders, out->parts);
}

/* Both payouts as they are. False: one of them is withheld. */
static bool read_paid(struct comparing *c) {
    for (int side = 0; side < 2; side++)
        if (!at_answer_pay(c->x.run, &c->x.pair->of[side], &c->out->paid[side]) ||
            !read_earned(c->x.run, &c->x.pair->of[side], c->currency->digits, c->x.scratch,
                         &c->out->earned[side])) {
            fail(c, side == 0 ? 0 : AT_ANSWER_VERSIONS - 1);
            return false;
        }
    return true;
}

enum at_status at_answer_against(const struct at_session_results *results, const struct at_answer_pair *pair,
                                 const struct at_answer_exchange_host *host, struct at_arena *arena,
                                 struct at_answer_against *out) {
    const struct at_session_result_run *r = &results->runs[pair->of[0].run];
    struct comparing c = {.x = {.results = results,
                                .run = r->run,
                                .plan = r->run->plan,
                                .pair = pair,
                                .data = r->run->data,
                                .payee_table = (uint32_t)r->checked->payee_table,
                                .arena = arena,
                                .scratch = at_arena_scratch(arena)},
                          .host = host,
                          .currency = r->currency,
                          .edits =
                              AT_NEW_ARRAY(arena, const struct at_table_edit *, r->run->data->n_tables + 1),
                          .runs = AT_NEW_ARRAY(arena, struct at_session_run *, results->n_runs + 1),
                          .out = out};
    *out = (struct at_answer_against){0};
    for (int side = 0; side < 2; side++) {
        c.x.payee[side] = pair->of[side].payee;
        c.x.period[side] = at_period_at(r->run->calendar, (enum at_period_kind)r->run->first_period.kind,
                                        pair->of[side].period);
        c.key[side] = r->keys[pair->of[side].payee];
    }
    enum at_status status = AT_OK;
    if (read_paid(&c)) {
        at_answer_players_find(&c.x);
        status = at_answer_facts_find(&c.x, out);
        if (status == AT_OK) status = run_all(&c);
        /* Runs of the payouts as they are cannot give other amounts. */
        if (status == AT_OK && !out->unknown &&
            (out->versions[0] != out->earned[0] || out->versions[AT_ANSWER_VERSIONS - 1] != out->earned[1]))
            fail(&c, AT_ANSWER_VERSIONS);
        if (status == AT_OK && !out->unknown) find_parts(out);
    }
    at_arena_free(c.x.scratch);
    return status;
}
