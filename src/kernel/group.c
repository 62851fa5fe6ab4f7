/* kernel/group.c: which group each payee belongs to, sums and edges over members, totals of the run, rank,
 * allotment.
 *
 * Members are taken in order of their keys. So the exception that a group shows does not depend on the order
 * of the payees' file. A group is in exception if one of its covered members is. In that case, what the
 * others are due is unknown.
 */
#include "base/allot.h"
#include "settle/exec.h"
#include "settle/sort.h"

/* ---- groups and their members */

struct by_value {
    const struct at_exec *exec;
    const struct at_col *col;
    const at_type *type;
    struct at_arena *scratch;
};

static int compare_values(const struct by_value *by, uint32_t a, uint32_t b) {
    struct at_value x = at_col_value(by->col, a, by->type), y = at_col_value(by->col, b, by->type);
    return at_value_cmp(by->exec->calendar, by->scratch, &x, &y);
}

static bool value_before(const void *context, uint32_t b, uint32_t a) {
    return compare_values(context, b, a) < 0;
}

/* Payees with a value, by that value and then by row; returns how many. */
static uint32_t sorted_payees(const struct by_value *by, uint32_t *payees) {
    uint32_t n = 0;
    for (uint32_t e = 0; e < by->exec->run.n_payees; e++)
        if (!at_col_value(by->col, e, by->type).missing) payees[n++] = e;
    at_sort(by->scratch, payees, n, value_before, by);
    return n;
}

/* Numbers of groups: by value for text, else by the first payee's row. */
static uint32_t number_groups(const struct by_value *by, uint32_t *group) {
    const struct at_exec *exec = by->exec;
    uint32_t payees = exec->run.n_payees, *sorted = at_arena_get(by->scratch, (payees + 1) * sizeof *sorted);
    uint32_t n = sorted_payees(by, sorted), groups = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0 && compare_values(by, sorted[i - 1], sorted[i]) != 0) groups++;
        group[sorted[i]] = groups;
    }
    groups += n > 0;
    if (by->type->kind == AT_T_TEXT) return groups;
    uint32_t *renamed = at_arena_get(by->scratch, (groups + 1) * sizeof *renamed), next = 0;
    memset(renamed, 0xFF, (groups + 1) * sizeof *renamed);
    for (uint32_t e = 0; e < payees; e++) {
        if (group[e] == AT_NOBODY) continue;
        if (renamed[group[e]] == AT_NOBODY) renamed[group[e]] = next++;
        group[e] = renamed[group[e]];
    }
    return groups;
}

static void list_members(struct at_exec *exec, uint32_t g) {
    struct at_run *run = &exec->run;
    struct at_members *members = &exec->members[g];
    uint32_t groups = run->group_sizes[g];
    members->start = AT_NEW_ARRAY(run->arena, uint32_t, groups + 2);
    members->payee = AT_NEW_ARRAY(run->arena, uint32_t, run->n_payees + 1);
    for (uint32_t e = 0; e < run->n_payees; e++)
        if (run->covered[e] && run->group_of[g][e] != AT_NOBODY) members->start[run->group_of[g][e] + 2]++;
    for (uint32_t k = 2; k < groups + 2; k++)
        members->start[k] += members->start[k - 1];
    for (uint32_t r = 0; r < run->n_payees; r++) {
        uint32_t e = run->payees_by_key[r];
        if (run->covered[e] && run->group_of[g][e] != AT_NOBODY)
            members->payee[members->start[run->group_of[g][e] + 1]++] = e;
    }
}

void at_groups_make(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    const struct at_plan *plan = run->plan;
    run->group_of = AT_NEW_ARRAY(run->arena, uint32_t *, plan->n_groups + 1);
    run->group_sizes = AT_NEW_ARRAY(run->arena, uint32_t, plan->n_groups + 1);
    exec->members = AT_NEW_ARRAY(run->arena, struct at_members, plan->n_groups + 1);
    const struct at_table *payees = &run->data->tables[exec->payee_table];
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        int32_t field = plan->groups[g].field;
        run->group_of[g] = AT_NEW_ARRAY(run->arena, uint32_t, run->n_payees + 1);
        run->group_sizes[g] = 1;
        if (field >= 0) {
            struct by_value by = {exec, &payees->cols[field], &payees->schema->fields[field].type,
                                  &exec->scratch};
            memset(run->group_of[g], 0xFF, run->n_payees * sizeof(uint32_t));
            run->group_sizes[g] = number_groups(&by, run->group_of[g]);
        }
        list_members(exec, g);
    }
}

/* ---- over members: sum, least, most */

/* The state of a group in a period: the first member's exception by key, else missing where a member is. */
static uint32_t state_of_group(const struct at_space *space, const struct at_col *col,
                               const struct at_members *members, uint32_t group, uint32_t period) {
    uint32_t state = AT_STATE_OK;
    if (!col->state) return state;
    for (uint32_t k = members->start[group]; k < members->start[group + 1]; k++) {
        uint32_t s = at_col_state(col, period * space->run->n_payees + members->payee[k]);
        if (s >= AT_STATE_EXCEPTION) return s;
        if (s > state) state = s;
    }
    return state;
}

static void fold_groups(struct at_space *space, uint32_t id, struct at_col *out, bool skip_missing) {
    const struct at_exec *exec = at_exec_of(space->run);
    const struct at_pnode *node = &space->plan->nodes[id];
    const struct at_members *members = &exec->members[node->place];
    const struct at_col *in = at_in(space, id, 0);
    uint32_t width = space->run->group_sizes[node->place], payees = space->run->n_payees;
    *out = (struct at_col){.n = space->n};
    at_num *to = at_nums_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++) {
        uint32_t period = i / width, group = i % width, seen = 0;
        uint32_t state = state_of_group(space, in, members, group, period);
        if (skip_missing && state == AT_STATE_MISSING) state = AT_STATE_OK;
        for (uint32_t k = members->start[group]; state == AT_STATE_OK && k < members->start[group + 1]; k++) {
            uint32_t cell = period * payees + members->payee[k];
            if (at_col_state(in, cell) != AT_STATE_OK) continue;
            at_num v = at_num_at(in, cell);
            int order = node->op == AT_P_GROUPSUM || !seen ? 0 : at_num_cmp(space->arena, v, to[i]);
            if (node->op == AT_P_GROUPSUM)
                to[i] = seen ? at_num_add(space->arena, to[i], v) : v;
            else if (!seen || (node->op == AT_P_GROUPLEAST ? order < 0 : order > 0))
                to[i] = v;
            seen++;
        }
        if (skip_missing && seen == 0 && state == AT_STATE_OK) state = AT_STATE_MISSING;
        if (state != AT_STATE_OK) at_states_of(space, out, space->n)[i] = state;
    }
    at_nums_end(space, id, out);
}

void at_k_groupsum(struct at_space *space, uint32_t id, struct at_col *out) {
    fold_groups(space, id, out, false);
}
void at_k_groupedge(struct at_space *space, uint32_t id, struct at_col *out) {
    fold_groups(space, id, out, true);
}

/* ---- over the run. Cells in exception are not paid and not counted; those without a value neither. */

static void fold_run(struct at_space *space, uint32_t id, struct at_col *out, bool count) {
    const struct at_run *run = space->run;
    const struct at_col *in = at_in(space, id, 0);
    at_num sum = at_num_int(0);
    for (uint32_t i = 0, e = 0; i < run->n_periods * run->n_payees; i++) {
        bool counts = run->covered[e] && at_col_state(in, i) == AT_STATE_OK;
        if (++e == run->n_payees) e = 0;
        if (!counts) continue;
        at_num v = at_num_at(in, i);
        sum = at_num_add(space->arena, sum, !count ? v : at_num_int(!at_num_is_zero(v)));
    }
    *out = (struct at_col){.n = 1, .one = true};
    *at_nums_begin(space, out) = sum;
    at_nums_end(space, id, out);
}

void at_k_runsum(struct at_space *space, uint32_t id, struct at_col *out) {
    fold_run(space, id, out, false);
}
void at_k_runcount(struct at_space *space, uint32_t id, struct at_col *out) {
    fold_run(space, id, out, true);
}

/* ---- rank */

struct by_cell {
    const struct at_col *col;
    struct at_arena *scratch;
};
static bool larger(const void *context, uint32_t b, uint32_t a) {
    const struct by_cell *by = context;
    return at_num_cmp(by->scratch, at_num_at(by->col, b), at_num_at(by->col, a)) > 0;
}

static void rank_group(struct at_space *space, const struct at_col *in, const struct at_members *members,
                       uint32_t group, uint32_t period, struct at_col *out) {
    uint32_t base = period * space->run->n_payees, n = 0;
    uint32_t *cells =
        at_arena_get(space->arena, (members->start[group + 1] - members->start[group] + 1) * sizeof *cells);
    uint32_t state = state_of_group(space, in, members, group, period);
    for (uint32_t k = members->start[group]; k < members->start[group + 1]; k++) {
        uint32_t cell = base + members->payee[k], own = at_col_state(in, cell);
        if (state < AT_STATE_EXCEPTION && own == AT_STATE_OK)
            cells[n++] = cell;
        else
            at_states_of(space, out, space->n)[cell] = state >= AT_STATE_EXCEPTION ? state : own;
    }
    struct by_cell by = {in, space->arena};
    at_sort(space->arena, cells, n, larger, &by);
    for (uint32_t k = 0; k < n; k++) {
        bool tied = k > 0 && !larger(&by, cells[k - 1], cells[k]);
        out->i64[cells[k]] = tied ? out->i64[cells[k - 1]] : (int64_t)k + 1;
    }
}

void at_k_rank(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_exec *exec = at_exec_of(space->run);
    uint32_t g = (uint32_t)space->plan->nodes[id].a;
    const struct at_members *members = &exec->members[g];
    *out = (struct at_col){.form = AT_COL_I64, .n = space->n, .bound = space->run->n_payees};
    out->i64 = AT_NEW_ARRAY(space->arena, int64_t, space->n);
    for (uint32_t p = 0; p < space->run->n_periods; p++)
        for (uint32_t k = 0; k < space->run->group_sizes[g]; k++)
            rank_group(space, at_in(space, id, 0), members, k, p, out);
}

/* ---- allotment */

struct allotment {
    struct at_space *space;
    const struct at_pnode *node;
    const struct at_col *whole, *weights;
    const struct at_members *members;
    unsigned digits;
    struct at_col *out;
    uint32_t unpaid; /* groups whose weights sum to nothing */
};

static void put_state(struct allotment *a, uint32_t group, uint32_t period, uint32_t state) {
    uint32_t *states = at_states_of(a->space, a->out, a->space->n);
    for (uint32_t k = a->members->start[group]; k < a->members->start[group + 1]; k++)
        states[period * a->space->run->n_payees + a->members->payee[k]] = state;
}

/* No one can be paid by these weights. Otherwise a part that does not fit a payout is why a whole cannot be
 * allotted: negative weights can make parts larger than the whole. */
static bool weigh_nothing(struct at_arena *scratch, const at_num *weights, uint32_t n, bool negatives) {
    at_num sum = at_num_int(0);
    for (uint32_t k = 0; k < n; k++)
        if (negatives || at_num_sign(weights[k]) > 0) sum = at_num_add(scratch, sum, weights[k]);
    return sum.form != AT_NUM_OVERFLOW && at_num_sign(sum) <= 0;
}

static void allot_group(struct allotment *a, uint32_t id, uint32_t group, uint32_t period, uint32_t width) {
    struct at_space *space = a->space;
    uint32_t n = a->members->start[group + 1] - a->members->start[group],
             base = period * space->run->n_payees;
    const uint32_t *payee = &a->members->payee[a->members->start[group]];
    uint32_t state = at_col_state(a->whole, period * width + group);
    if (state == AT_STATE_OK) state = state_of_group(space, a->weights, a->members, group, period);
    int64_t whole = 0;
    if (state == AT_STATE_OK &&
        !at_num_to_i64(space->arena, at_num_at(a->whole, period * width + group), a->digits, &whole))
        state = at_space_fault(space, id, n ? base + payee[0] : 0, AT_A0804, (at_str){0});
    if (state != AT_STATE_OK) {
        put_state(a, group, period, state);
        return;
    }
    at_num *weights = at_arena_get(space->arena, (n + 1) * sizeof *weights);
    int64_t *parts = AT_NEW_ARRAY(space->arena, int64_t, n + 1);
    for (uint32_t k = 0; k < n; k++)
        weights[k] = at_num_at(a->weights, base + payee[k]);
    bool done = at_allot(space->arena, whole, weights, n, a->node->b == 1, parts);
    if (!done && weigh_nothing(space->arena, weights, n, a->node->b == 1)) {
        a->unpaid++;
    } else if (!done) {
        put_state(a, group, period, at_space_fault(space, id, base + payee[0], AT_A0804, (at_str){0}));
        return;
    }
    for (uint32_t k = 0; k < n; k++)
        a->out->i64[base + payee[k]] = parts[k];
}

static void say_unpaid(const struct at_exec *exec, const struct allotment *a) {
    if (a->unpaid == 0) return;
    at_span span = a->node->ast ? a->node->ast->span : (at_span){0};
    struct at_diag *d =
        at_diag_add(exec->diags, AT_A0813, span, "the pool pays no one if its members' weights sum to zero");
    at_diag_note(d, "groups and periods of this run that are not paid: %u", a->unpaid);
}

void at_k_allot(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_exec *exec = at_exec_of(space->run);
    const struct at_currency_info *currency = at_currency_info(space->plan->checked->currency);
    const struct at_pnode *node = &space->plan->nodes[id];
    uint32_t group = space->plan->nodes[node->in[0]].place, width = space->run->group_sizes[group];
    struct allotment a = {.space = space,
                          .node = node,
                          .whole = at_in(space, id, 0),
                          .weights = at_in(space, id, 1),
                          .members = &exec->members[group],
                          .digits = currency ? currency->digits : 2,
                          .out = out};
    *out = (struct at_col){.form = AT_COL_I64, .scale = (uint8_t)a.digits, .n = space->n};
    out->i64 = AT_NEW_ARRAY(space->arena, int64_t, space->n);
    for (uint32_t p = 0; p < space->run->n_periods; p++)
        for (uint32_t k = 0; k < width; k++)
            allot_group(&a, id, k, p, width);
    out->bound = at_i64_measure(out->i64, out->n);
    say_unpaid(exec, &a);
}
