/* session/replica.c: calculates worlds, as payees of one frame. */
#include "session/replica.h"

#include "session/run_int.h"

struct working {
    const struct at_session_replicas *r;
    struct at_session_world *worlds;
    uint32_t n_worlds, first, until;
    struct at_kernel_frame frame;
    struct at_kernel_space space;
    struct at_kernel_fault_list faults;
    struct at_arena *scratch;
    uint32_t *payee;     /* by replica: of whom it is one */
    uint32_t *start;     /* by world: its first replica */
    uint32_t **group_at; /* by group of the plan: by number here, the number in the run */
};

static const struct at_kernel_frame *base(const struct working *w) {
    return w->r->run->frame;
}

/* ---- who there is */

static void make_replicas(struct working *w) {
    const struct at_session_replicas *r = w->r;
    uint32_t n = 0;
    w->start = at_arena_get(w->scratch, (w->n_worlds + 1) * sizeof *w->start);
    for (uint32_t i = 0; i < w->n_worlds; i++) {
        uint32_t circle = r->circle_of[w->worlds[i].changes[0].payee];
        w->start[i] = n;
        n += r->circle_start[circle + 1] - r->circle_start[circle];
    }
    w->start[w->n_worlds] = n;
    w->payee = at_arena_get(w->scratch, (n + 1) * sizeof *w->payee);
    w->frame.n_payees = n;
    w->frame.covered = at_arena_get(w->scratch, n + 1);
    for (uint32_t i = 0; i < w->n_worlds; i++) {
        const uint32_t *from = &r->circle[r->circle_start[r->circle_of[w->worlds[i].changes[0].payee]]];
        memcpy(w->payee + w->start[i], from, (w->start[i + 1] - w->start[i]) * sizeof *w->payee);
    }
    for (uint32_t e = 0; e < n; e++)
        w->frame.covered[e] = base(w)->covered[w->payee[e]];
}

/* Each world has groups of its own. `number` is by number in the run: that in this world. */
static void number_groups(struct working *w, uint32_t group, uint32_t *to, uint32_t *at) {
    const uint32_t *of = base(w)->group_of[group];
    uint32_t size = base(w)->group_sizes[group], n = 0;
    uint32_t *number = at_arena_get(w->scratch, (size + 1) * sizeof *number),
             *world = AT_NEW_ARRAY(w->scratch, uint32_t, size + 1);
    for (uint32_t i = 0; i < w->n_worlds; i++)
        for (uint32_t e = w->start[i]; e < w->start[i + 1]; e++) {
            uint32_t own = of[w->payee[e]];
            to[e] = AT_NOBODY;
            if (own == AT_NOBODY) continue;
            if (world[own] != i + 1) {
                world[own] = i + 1;
                at[n] = own;
                number[own] = n++;
            }
            to[e] = number[own];
        }
    w->frame.group_sizes[group] = n;
}

/* Replicas of a world are in order of keys, so members are, too. */
static void list_members(struct working *w, uint32_t group, struct at_kernel_members *out) {
    uint32_t n = w->frame.group_sizes[group], *of = w->frame.group_of[group];
    out->start = AT_NEW_ARRAY(w->scratch, uint32_t, n + 2);
    out->payee = at_arena_get(w->scratch, (w->frame.n_payees + 1) * sizeof *out->payee);
    for (uint32_t e = 0; e < w->frame.n_payees; e++)
        if (w->frame.covered[e] && of[e] != AT_NOBODY) out->start[of[e] + 2]++;
    for (uint32_t g = 2; g < n + 2; g++)
        out->start[g] += out->start[g - 1];
    for (uint32_t e = 0; e < w->frame.n_payees; e++)
        if (w->frame.covered[e] && of[e] != AT_NOBODY) out->payee[out->start[of[e] + 1]++] = e;
}

static void make_groups(struct working *w) {
    uint32_t n = w->r->run->plan->n_groups, payees = w->frame.n_payees;
    w->frame.group_of = AT_NEW_ARRAY(w->scratch, uint32_t *, n + 1);
    w->frame.group_sizes = AT_NEW_ARRAY(w->scratch, uint32_t, n + 1);
    w->frame.members = AT_NEW_ARRAY(w->scratch, struct at_kernel_members, n + 1);
    w->frame.versions = NULL;
    w->group_at = AT_NEW_ARRAY(w->scratch, uint32_t *, n + 1);
    for (uint32_t i = 0; i < w->r->n_groups; i++) {
        uint32_t group = w->r->groups[i];
        w->frame.group_of[group] = at_arena_get(w->scratch, (payees + 1) * sizeof(uint32_t));
        w->group_at[group] = at_arena_get(w->scratch, (payees + 1) * sizeof(uint32_t));
        number_groups(w, group, w->frame.group_of[group], w->group_at[group]);
        list_members(w, group, &w->frame.members[group]);
    }
}

/* ---- values */

/* Of the run, for each replica or group. */
static void gather(struct working *w, uint32_t id, uint32_t period, struct at_col *out) {
    const struct at_plan_node *p = &w->r->run->plan->nodes[id];
    const struct at_col *from = &base(w)->slices[id][period];
    bool group = p->grain == AT_G_GROUP;
    uint32_t n = group ? w->frame.group_sizes[p->place] : w->frame.n_payees;
    at_kernel_col_gather_u32(w->scratch, from, group ? w->group_at[p->place] : w->payee, n, out);
    if (out->one) out->n = n;
}

static uint32_t replica_of(const struct working *w, uint32_t world, uint32_t payee) {
    uint32_t e = w->start[world];
    while (w->payee[e] != payee)
        e++;
    return e;
}

/* The sum of the run, with the changes of the period. */
static void change(struct working *w, uint32_t sum, uint32_t period, struct at_col *out) {
    struct at_col was;
    uint32_t n = w->frame.n_payees;
    gather(w, w->r->sums[sum], period, &was);
    at_num *more = AT_NEW_ARRAY(w->scratch, at_num, n + 1);
    for (uint32_t i = 0; i < w->n_worlds; i++)
        for (uint32_t k = 0; k < w->worlds[i].n_changes; k++) {
            const struct at_session_world_change *c = &w->worlds[i].changes[k];
            if (c->sum != sum || c->period != period) continue;
            uint32_t e = replica_of(w, i, c->payee);
            more[e] = at_num_add(w->scratch, more[e], c->by);
        }
    *out = (struct at_col){.form = AT_COL_I64, .scale = was.form == AT_COL_NUM ? 0 : was.scale, .n = n};
    out->i64 = AT_NEW_ARRAY(w->scratch, int64_t, n + 1);
    out->state = was.state;
    for (uint32_t e = 0; e < n; e++) {
        at_num value = at_col_num(&was, e);
        if (!at_num_is_zero(more[e])) value = at_num_add(w->scratch, value, more[e]);
        at_col_put_num(w->scratch, out, n, e, value);
    }
}

static void evaluate(struct working *w, uint32_t id) {
    const struct at_plan_node *p = &w->r->run->plan->nodes[id];
    uint32_t n = p->grain == AT_G_GROUP ? w->frame.group_sizes[p->place] : w->frame.n_payees;
    struct at_col *col = &w->frame.whole[id];
    w->space.grain = p->grain;
    w->space.n = n;
    if (n == 0) {
        *col = (struct at_col){.form = at_col_form_of(&p->type), .data = at_arena_zero(w->scratch, 32)};
        return;
    }
    at_kernel_space_eval(&w->space, id);
    w->faults.of.at = NULL; /* states show that there are some */
    w->faults.of.n = w->faults.of.room = 0;
}

static int64_t sum_at(const struct working *w, uint32_t id) {
    for (uint32_t s = 0; s < w->r->n_sums; s++)
        if (w->r->sums[s] == id) return s;
    return -1;
}

static void calculate(struct working *w, uint32_t period) {
    const struct at_session_replicas *r = w->r;
    w->space.period = period;
    for (uint32_t id = 0; id < r->run->plan->n_nodes; id++) {
        int64_t sum = r->depends[id] ? sum_at(w, id) : -1;
        if (!r->depends[id] && !r->reads[id]) continue;
        if (sum >= 0)
            change(w, (uint32_t)sum, period, &w->frame.whole[id]);
        else if (r->depends[id])
            evaluate(w, id);
        else
            gather(w, id, period, &w->frame.whole[id]);
        if (r->kept[id]) w->frame.slices[id][period] = w->frame.whole[id];
    }
}

/* What nodes read of the periods before. */
static void remember(struct working *w) {
    const struct at_session_replicas *r = w->r;
    w->frame.slices = AT_NEW_ARRAY(w->scratch, struct at_col *, r->run->plan->n_nodes + 1);
    for (uint32_t id = 0; id < r->run->plan->n_nodes; id++) {
        if (!r->kept[id] || !base(w)->slices[id]) continue;
        w->frame.slices[id] = AT_NEW_ARRAY(w->scratch, struct at_col, base(w)->n_periods + 1);
        for (uint32_t p = 0; p < w->first; p++)
            gather(w, id, p, &w->frame.slices[id][p]);
    }
}

/* ---- pay */

static bool is_paid(const struct working *w, uint32_t component, uint32_t period) {
    const struct at_session_run *run = w->r->run;
    bool in = period >= run->paid_from && period < run->lines_end;
    if (in && period >= run->paid_from + run->paid_periods) in = period >= run->n_regular;
    return in && (period < run->n_regular || run->plan->components[component].delay.unit != AT_DELAY_NONE);
}

/* What replica e is paid more of the component. */
static int64_t more_of(struct working *w, struct at_session_world *world, uint32_t k, uint32_t e,
                       uint32_t period) {
    const struct at_session_run *run = w->r->run;
    uint32_t value = run->plan->components[w->r->components[k]].value;
    const struct at_currency_info *currency = at_currency_info(run->plan->checked->currency);
    const struct at_col *now = &w->frame.whole[value], *was = &base(w)->slices[value][period];
    unsigned digits = currency ? currency->digits : 2;
    int64_t a = 0, b = 0;
    world->known &= at_col_state(now, e) == AT_STATE_OK && at_col_state(was, w->payee[e]) == AT_STATE_OK &&
                    at_num_to_i64(w->scratch, at_kernel_num_at(now, e), digits, &a) &&
                    at_num_to_i64(w->scratch, at_kernel_num_at(was, w->payee[e]), digits, &b);
    int64_t more = 0;
    world->known &= !__builtin_sub_overflow(a, b, &more);
    return world->known ? more : 0;
}

static void pay(struct working *w, uint32_t period) {
    for (uint32_t k = 0; k < w->r->n_components; k++) {
        if (!is_paid(w, w->r->components[k], period)) continue;
        for (uint32_t i = 0; i < w->n_worlds; i++) {
            struct at_session_world *world = &w->worlds[i];
            for (uint32_t e = w->start[i]; e < w->start[i + 1] && world->known; e++) {
                if (!w->frame.covered[e]) continue;
                int64_t more = more_of(w, world, k, e, period);
                world->known &= !__builtin_add_overflow(world->all, more, &world->all);
                for (uint32_t o = 0; o < world->n_owners; o++) {
                    if (world->owners[o] != w->payee[e]) continue;
                    world->parts[o] += more;
                    world->of[k] += more;
                }
            }
        }
    }
}

void at_session_worlds(const struct at_session_replicas *replicas, struct at_session_world *worlds,
                       uint32_t n, uint32_t first, uint32_t until, struct at_arena *scratch) {
    const struct at_plan *plan = replicas->run->plan;
    struct working *w = AT_NEW(scratch, struct working);
    *w = (struct working){replicas, worlds, n, first, until, .scratch = scratch};
    w->frame = *base(w);
    make_replicas(w);
    make_groups(w);
    w->frame.whole = at_arena_get(scratch, (plan->n_nodes + 1) * sizeof *w->frame.whole);
    memcpy(w->frame.whole, base(w)->whole, plan->n_nodes * sizeof *w->frame.whole);
    remember(w);
    w->faults.arena = scratch;
    w->space = (struct at_kernel_space){.plan = plan,
                                        .frame = &w->frame,
                                        .arena = scratch,
                                        .cols = w->frame.whole,
                                        .faults = &w->faults,
                                        .payloads = at_session_of(replicas->run)->gather.payloads};
    w->space.unpaid = AT_NEW_ARRAY(scratch, uint32_t, plan->n_nodes + 1);
    for (uint32_t i = 0; i < n; i++) {
        worlds[i].known = true;
        worlds[i].all = worlds[i].parts[0] = worlds[i].parts[1] = 0;
        memset(worlds[i].of, 0, (replicas->n_components + 1) * sizeof *worlds[i].of);
    }
    for (uint32_t period = first; period <= until; period++) {
        calculate(w, period);
        pay(w, period);
    }
}
