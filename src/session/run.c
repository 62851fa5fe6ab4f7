/* session/run.c: the order of work of a run: the nodes before the first scan, the passes, and the nodes at
 * the end. */
#include "settle/exec.h"
#include "settle/sort.h"

#define DAYS_IN_TABLE 40000 /* of the effective range, from its start: a hundred years */

/* ---- which tables stay */

void at_run_wants(const struct at_plan *plan, bool *keep) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_pnode *node = &plan->nodes[id];
        if (!node->needed) continue;
        /* Passed over again, or `running`, which finds its rows by number. */
        if (at_plan_is_aggregate(node->op) && node->pass > 0) keep[plan->feeds[node->a].table] = true;
        if (node->grain == AT_G_CREDIT && (node->pass > 0 || node->op == AT_P_RUNNING))
            keep[plan->feeds[node->place].table] = true;
        if (node->grain == AT_G_ROW && node->pass > 0) keep[node->place] = true;
        if (node->op == AT_P_FOLLOW && plan->nodes[node->in[0]].grain == AT_G_ROW)
            keep[plan->nodes[node->in[0]].place] = true;
    }
}

/* ---- payees */

static bool key_before(const void *context, uint32_t b, uint32_t a) {
    const at_str *keys = context;
    return at_str_cmp(keys[b], keys[a]) < 0;
}

static void order_payees(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    const struct at_table *table = &run->data->tables[exec->payee_table];
    int key = table->schema->key;
    at_str *keys = AT_NEW_ARRAY(&exec->scratch, at_str, run->n_payees + 1);
    for (uint32_t e = 0; e < run->n_payees && key >= 0; e++)
        keys[e] = table->cols[key].form == AT_COL_TEXT
                      ? table->cols[key].text[e]
                      : at_col_print(&exec->scratch, &table->schema->fields[key].type, &table->cols[key], e);
    run->payees_by_key = AT_NEW_ARRAY(run->arena, uint32_t, run->n_payees + 1);
    for (uint32_t e = 0; e < run->n_payees; e++)
        run->payees_by_key[e] = e;
    at_sort(&exec->scratch, run->payees_by_key, run->n_payees, key_before, keys);
}

static void cover_payees(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    const struct at_col *applies = run->plan->applies == AT_NO_NODE ? NULL : &run->cols[run->plan->applies];
    run->covered = AT_NEW_ARRAY(run->arena, bool, run->n_payees + 1);
    for (uint32_t e = 0; e < run->n_payees; e++) {
        uint32_t state = applies ? at_col_state(applies, e) : AT_STATE_OK;
        run->covered[e] = state == AT_STATE_OK && (!applies || applies->flag[applies->one ? 0 : e]);
        if (state >= AT_STATE_EXCEPTION) AT_VEC_PUSH(run->arena, &exec->lost, state - AT_STATE_EXCEPTION);
    }
}

static bool feeds_have_managers(const struct at_plan *plan) {
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        for (uint32_t k = 0; k < plan->feeds[f].n_to; k++)
            if (plan->feeds[f].to[k].managers) return true;
    return false;
}

/* Checks that every chain of managers ends. Colors: 0 not seen, 1 on the current chain, 2 ends. */
static enum at_status check_managers(struct at_exec *exec) {
    const struct at_run *run = &exec->run;
    const struct at_table *table = &run->data->tables[exec->payee_table];
    uint8_t *colour = AT_NEW_ARRAY(&exec->scratch, uint8_t, run->n_payees + 1);
    enum at_status status = AT_OK;
    for (uint32_t start = 0; start < run->n_payees; start++) {
        int32_t e = (int32_t)start;
        for (; e >= 0 && colour[e] == 0; e = exec->managers[e])
            colour[e] = 1;
        if (e >= 0 && colour[e] == 1) {
            struct at_data_place place = {.file = table->binding.name,
                                          .row = table->lines ? table->lines[e] : (uint64_t)e + 1};
            at_str name = at_dataset_print(run->data, &exec->scratch, exec->payee_table, table->schema->key,
                                           &table->cols[table->schema->key], (uint32_t)e);
            struct at_diag *d =
                at_diag_add_at(exec->diags, AT_A0812, &place,
                               "\"%.*s\" is, through others, their own manager", AT_STR_ARG(name));
            at_diag_help(d, "leave the manager of the highest payee empty");
            status = AT_REJECTED;
        }
        for (e = (int32_t)start; e >= 0 && colour[e] == 1; e = exec->managers[e])
            colour[e] = 2;
    }
    return status;
}

static enum at_status find_managers(struct at_exec *exec) {
    const struct at_plan *plan = exec->run.plan;
    int32_t field = plan->checked->manager_field;
    if (field < 0 || !feeds_have_managers(plan)) return AT_OK;
    if (exec->run.n_payees == 0) return AT_OK;
    const struct at_col *col = &exec->run.data->tables[exec->payee_table].cols[field];
    int32_t *managers = at_arena_get(exec->run.arena, exec->run.n_payees * sizeof *managers);
    for (uint32_t e = 0; e < exec->run.n_payees; e++)
        managers[e] = at_col_state(col, e) == AT_STATE_OK ? col->row[col->one ? 0 : e] : -1;
    exec->managers = managers;
    return check_managers(exec);
}

/* ---- periods */

static void find_periods(struct at_exec *exec) {
    const struct at_checked *checked = exec->run.plan->checked;
    const struct at_calendar *calendar = exec->calendar;
    enum at_period_kind kind = (enum at_period_kind)calendar->period_kind;
    exec->run.first_period = at_period_of_date(calendar, kind, checked->from);
    exec->last_period =
        at_period_of_date(calendar, kind, checked->to).ordinal - exec->run.first_period.ordinal;
    int64_t days = (int64_t)checked->to - checked->from + 1;
    exec->n_days = days < 0 ? 0 : days > DAYS_IN_TABLE ? DAYS_IN_TABLE : (uint32_t)days;
    exec->period_of_day = AT_NEW_ARRAY(exec->run.arena, int32_t, exec->n_days + 1);
    at_period period = exec->run.first_period;
    at_date end = at_period_end(calendar, period);
    for (uint32_t d = 0; d < exec->n_days; d++) {
        if (checked->from + (at_date)d > end) {
            period.ordinal++;
            end = at_period_end(calendar, period);
        }
        exec->period_of_day[d] = period.ordinal - exec->run.first_period.ordinal;
    }
}

/* Adds the periods that were asked for. They are calculated even if nothing is credited in them, because a
 * guarantee may be due. */
static enum at_status reach_through(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    if (exec->options->through.kind > AT_YEAR) return AT_OK;
    at_date day = at_period_end(exec->calendar, exec->options->through);
    int64_t index = at_period_of_date(exec->calendar, run->first_period.kind, day).ordinal;
    index -= run->first_period.ordinal;
    if (index > exec->last_period) index = exec->last_period;
    if (index < run->n_periods) return AT_OK;
    if (!at_cells_fit(exec, (uint64_t)index + 1)) {
        at_cells_refuse(exec, NULL, (uint64_t)index);
        return AT_REJECTED;
    }
    run->n_periods = (uint32_t)(index + 1);
    return AT_OK;
}

/* Period indexes of which lines are made. */
static void find_paid(struct at_exec *exec) {
    const struct at_run_options *options = exec->options;
    int32_t first = 0, last = (int32_t)exec->run.n_periods - 1, base = exec->run.first_period.ordinal;
    uint8_t kind = exec->run.first_period.kind;
    if (options->from.kind <= AT_YEAR) {
        at_date day = at_period_start(exec->calendar, options->from);
        int32_t index = at_period_of_date(exec->calendar, kind, day).ordinal - base;
        if (index > first) first = index;
    }
    if (options->through.kind <= AT_YEAR) {
        at_date day = at_period_end(exec->calendar, options->through);
        int32_t index = at_period_of_date(exec->calendar, kind, day).ordinal - base;
        if (index < last) last = index;
    }
    exec->paid_from = (uint32_t)first;
    exec->paid_periods = last >= first ? (uint32_t)(last - first + 1) : 0;
}

/* ---- settled nodes, and those that are known before a scan */

static uint32_t size_of_grain(const struct at_exec *exec, const struct at_pnode *node) {
    switch ((enum at_grain)node->grain) {
    case AT_G_CELL: return exec->run.n_periods * exec->run.n_payees;
    case AT_G_GROUP: return exec->run.n_periods * exec->run.group_sizes[node->place];
    case AT_G_ROW: return (uint32_t)exec->run.data->tables[node->place].n_rows;
    default: return 1;
    }
}

/* Other operations make no new bytes: their texts are views of tables, of the plan, or of columns that are
 * kept. */
static bool makes_text(const struct at_pnode *node, const struct at_col *col) {
    return col->form == AT_COL_TEXT && (node->op == AT_P_TEXTFN || node->op == AT_P_CALL);
}

static void settle_node(struct at_exec *exec, struct at_space *space, uint32_t id) {
    const struct at_pnode *node = &exec->run.plan->nodes[id];
    struct at_arena_mark mark = at_arena_mark(&exec->scratch);
    space->grain = node->grain;
    space->n = size_of_grain(exec, node);
    if (space->n == 0) { /* kernels may look at the first value of a column */
        exec->run.cols[id] =
            (struct at_col){.form = at_col_form_of(&node->type), .data = at_arena_zero(exec->run.arena, 32)};
        return;
    }
    space->faults->of.at = NULL;
    space->faults->of.n = space->faults->of.room = 0;
    at_space_eval(space, id);
    at_exec_keep(exec, space->faults, id);
    struct at_col *col = &exec->run.cols[id];
    if (node->grain == AT_G_CONST) {
        col->one = true;
        col->n = 1;
    }
    /* Columns of tables stay where they are. */
    if (node->op != AT_P_LOAD) *col = at_col_copy(exec->run.arena, col);
    if (node->op == AT_P_LOAD && col->state) *col = at_col_copy(exec->run.arena, col);
    for (uint32_t i = 0; makes_text(node, col) && i < (col->one ? 1 : col->n); i++)
        col->text[i] = at_str_copy(exec->run.arena, col->text[i]);
    at_arena_reset(&exec->scratch, mark);
}

/* Calculates nodes as whole columns: those of a pass before its scans, or after them. */
static void settle_nodes(struct at_exec *exec, const struct at_plan_list *nodes) {
    const struct at_plan *plan = exec->run.plan;
    struct at_fault_list faults = {.arena = &exec->scratch, .base = (uint32_t)exec->kept.n};
    struct at_space space = {.plan = plan,
                             .run = &exec->run,
                             .arena = &exec->scratch,
                             .cols = exec->run.cols,
                             .faults = &faults,
                             .payloads = exec->payloads,
                             .seat = exec->seat};
    for (uint32_t k = 0; k < nodes->n; k++) {
        const struct at_pnode *node = &plan->nodes[nodes->at[k]];
        if (node->grain == AT_G_ROW && !exec->run.data->tables[node->place].resident) continue;
        settle_node(exec, &space, nodes->at[k]);
    }
}

/* ---- the run */

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static struct at_exec *new_exec(const struct at_plan *plan, struct at_dataset *data,
                                const struct at_run_options *options, struct at_arena *arena,
                                struct at_diags *diags) {
    struct at_exec *exec = AT_NEW(arena, struct at_exec);
    exec->run.plan = plan;
    exec->run.data = data;
    exec->run.arena = arena;
    exec->diags = diags;
    exec->options = options;
    exec->hooks = options->hooks;
    exec->calendar = &plan->checked->calendar;
    exec->payee_table = (uint16_t)(plan->checked->payee_table > 0 ? plan->checked->payee_table : 0);
    at_arena_init(&exec->scratch, arena->alloc, arena->oom);
    at_arena_defer(arena, free_arena, &exec->scratch);
    at_arena_init(&exec->visits, arena->alloc, arena->oom);
    at_arena_defer(arena, free_arena, &exec->visits);
    exec->run.n_payees = (uint32_t)data->tables[exec->payee_table].n_rows;
    exec->run.cols = AT_NEW_ARRAY(arena, struct at_col, plan->n_nodes + 1);
    exec->run.rows_credited = AT_NEW_ARRAY(arena, uint64_t, plan->n_feeds + 1);
    exec->run.last_period = AT_NEW_ARRAY(arena, int32_t, plan->n_feeds + 1);
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        exec->run.last_period[f] = -1;
    exec->run.rows_out_of_range = AT_NEW_ARRAY(arena, uint64_t, plan->n_feeds + 1);
    exec->line_states = AT_NEW_ARRAY(arena, uint32_t *, plan->n_components + 1);
    exec->runnings = AT_NEW_ARRAY(arena, struct at_running *, plan->n_nodes + 1);
    exec->schedule = at_plan_schedule(plan, !options->no_lines, arena);
    exec->payloads = at_prepare_payloads(plan, arena);
    exec->seat = at_seat_new(options->hooks, arena);
    return exec;
}

static enum at_status refuse_hooks(const struct at_exec *exec) {
    const struct at_plan *plan = exec->run.plan;
    for (uint32_t id = 0; id < plan->n_nodes && !exec->options->hooks; id++) {
        const struct at_pnode *node = &plan->nodes[id];
        if (node->op != AT_P_CALL || !node->needed) continue;
        struct at_diag *d = at_diag_add(exec->diags, AT_A0814, node->ast ? node->ast->span : (at_span){0},
                                        "this program was built without Lua, which the hook needs");
        at_diag_help(d, "use a build with Lua");
        return AT_REJECTED;
    }
    return AT_OK;
}

/* What must be known before the first row is read. */
static enum at_status prepare(struct at_exec *exec) {
    find_periods(exec);
    at_cells_measure(exec);
    order_payees(exec);
    enum at_status status = find_managers(exec);
    if (status == AT_OK) status = refuse_hooks(exec);
    if (status != AT_OK) return status;
    settle_nodes(exec, &exec->schedule->passes[0].before);
    cover_payees(exec);
    at_groups_make(exec);
    return AT_OK;
}

static enum at_status work(struct at_exec *exec) {
    enum at_status status = prepare(exec);
    if (status == AT_OK) status = reach_through(exec);
    for (unsigned pass = 0; status == AT_OK && pass < exec->schedule->n_passes; pass++) {
        if (pass > 0) settle_nodes(exec, &exec->schedule->passes[pass].before);
        status = at_stream_pass(exec, pass);
        if (status == AT_OK) settle_nodes(exec, &exec->schedule->passes[pass].after);
    }
    if (status != AT_OK) return status;
    find_paid(exec);
    at_requires_settle(exec);
    at_withhold(exec);
    if (exec->run.n_failures > 0) return AT_REJECTED;
    at_lines_collect(exec);
    return AT_OK;
}

enum at_status at_run_execute(const struct at_plan *plan, struct at_dataset *data,
                              const struct at_run_options *options, struct at_arena *arena,
                              struct at_diags *diags, struct at_run **out) {
    struct at_exec *exec = new_exec(plan, data, options, arena, diags);
    *out = &exec->run;
    enum at_status status = work(exec);
    at_arena_free(&exec->scratch);
    exec->options = NULL; /* the caller's, for the call only */
    return status;
}
