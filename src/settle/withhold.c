/* settle/withhold.c: withholds pay that cannot be calculated, with reasons, and checks each `require`.
 *
 * A covered cell with an exception (or a missing value) in any component is withheld whole. Its reasons are
 * listed once each, one after another, in the order of the components; cells come in the order of lines.
 */
#include "settle/exec.h"

bool at_is_withheld(const struct at_exec *exec, uint32_t payee, uint32_t period) {
    return exec->withheld_cell[period * exec->run.n_payees + payee];
}

/* A reason of the current cell. */
struct reason {
    uint32_t index; /* into `kept` */
    at_str wants;   /* what could not be calculated because of it */
    const struct at_node *ast;
};
struct reasons {
    AT_VEC(struct reason) of;
};

static void add_reason(struct at_exec *exec, struct reasons *reasons, uint32_t index, at_str wants,
                       const struct at_node *ast) {
    for (size_t i = 0; i < reasons->of.n; i++)
        if (reasons->of.at[i].index == index) return;
    AT_VEC_PUSH(&exec->scratch, &reasons->of, (struct reason){index, wants, ast});
}

static void add_component(struct at_exec *exec, struct reasons *reasons, uint32_t c, uint32_t index) {
    const struct at_plan_component *component = &exec->run.plan->components[c];
    const struct at_node *ast = component->adjustment ? component->adjustment->node : NULL;
    if (component->decl) ast = component->decl->symbol->node;
    add_reason(exec, reasons, index, component->name, ast);
}

/* A reason that arises only here: the last step to a payout. */
static uint32_t new_reason(struct at_exec *exec, uint32_t node, uint32_t cell, enum at_code code, at_str name,
                           enum at_word why) {
    struct at_exception exception = {.code = code,
                                     .why = {.word = why, .of = name},
                                     .node = node,
                                     .payee = cell % exec->run.n_payees,
                                     .period = cell / exec->run.n_payees,
                                     .ast = exec->run.plan->nodes[node].ast};
    AT_VEC_PUSH(exec->run.arena, &exec->kept, exception);
    return (uint32_t)exec->kept.n - 1;
}

/* A component whose condition is known not to hold reads no rows. */
static bool reads_lines(const struct at_exec *exec, const struct at_plan_component *component,
                        uint32_t cell) {
    uint32_t when = component->lines_when;
    if (when == AT_NO_NODE || exec->run.plan->nodes[when].grain != AT_G_CELL) return true;
    const struct at_col *col = &exec->run.cols[when];
    return at_col_state(col, cell) != AT_STATE_OK || col->flag[col->one ? 0 : cell];
}

static void look_at_component(struct at_exec *exec, struct reasons *reasons, uint32_t c, uint32_t cell) {
    const struct at_plan_component *component = &exec->run.plan->components[c];
    const struct at_col *value = &exec->run.cols[component->value];
    const struct at_currency_info *currency = at_currency_info(exec->run.plan->checked->currency);
    uint32_t state = at_col_state(value, cell), line = AT_STATE_OK;
    int64_t minor;
    if (exec->line_states[c] && reads_lines(exec, component, cell)) line = exec->line_states[c][cell];
    if (state >= AT_STATE_EXCEPTION) add_component(exec, reasons, c, state - AT_STATE_EXCEPTION);
    if (line >= AT_STATE_EXCEPTION) add_component(exec, reasons, c, line - AT_STATE_EXCEPTION);
    if (state >= AT_STATE_EXCEPTION || line >= AT_STATE_EXCEPTION) return;
    if (state == AT_STATE_MISSING || line == AT_STATE_MISSING)
        add_component(
            exec, reasons, c,
            new_reason(exec, component->value, cell, AT_A0807, component->name, AT_W_REASON_MISSING));
    else if (!at_num_to_i64(&exec->scratch, at_num_at(value, cell), currency ? currency->digits : 2, &minor))
        add_component(
            exec, reasons, c,
            new_reason(exec, component->value, cell, AT_A0804, component->name, AT_W_REASON_UNPAYABLE));
}

/* The values over which `sum`, `count`, and `average` of requirements go. */
struct counted {
    AT_VEC(const struct at_pnode *) of;
};

static void find_counted(struct at_exec *exec, struct counted *out) {
    const struct at_plan *plan = exec->run.plan;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_pnode *node = &plan->nodes[id];
        if ((node->op == AT_P_RUNSUM || node->op == AT_P_RUNCOUNT) && node->needed)
            AT_VEC_PUSH(&exec->scratch, &out->of, node);
    }
}

/* A requirement that cannot be checked for the cell withholds it as well. So does a value that a requirement
 * over the whole run leaves out. */
static void look_at_requires(struct at_exec *exec, const struct counted *counted, struct reasons *reasons,
                             uint32_t cell) {
    const struct at_plan *plan = exec->run.plan;
    for (uint32_t r = 0; r < plan->n_requires; r++) {
        uint32_t cond = plan->requires[r].cond;
        if (plan->nodes[cond].grain != AT_G_CELL) continue;
        uint32_t state = at_col_state(&exec->run.cols[cond], cell);
        if (state >= AT_STATE_EXCEPTION)
            add_reason(exec, reasons, state - AT_STATE_EXCEPTION, AT_STR("require"),
                       plan->requires[r].decl->node);
    }
    for (size_t k = 0; k < counted->of.n; k++) {
        const struct at_pnode *node = counted->of.at[k];
        if (plan->nodes[node->in[0]].grain != AT_G_CELL) continue;
        uint32_t state = at_col_state(&exec->run.cols[node->in[0]], cell);
        if (state >= AT_STATE_EXCEPTION)
            add_reason(exec, reasons, state - AT_STATE_EXCEPTION, AT_STR("require"), node->ast);
    }
}

static void withhold_cell(struct at_exec *exec, const struct reasons *reasons, uint32_t payee,
                          uint32_t period) {
    struct at_withheld withheld = {.payee = payee, .period = period, .exception = (uint32_t)exec->reported.n};
    exec->withheld_cell[period * exec->run.n_payees + payee] = true;
    AT_VEC_PUSH(exec->run.arena, &exec->withheld, withheld);
    for (size_t i = 0; i < reasons->of.n; i++) {
        const struct reason *reason = &reasons->of.at[i];
        struct at_exception exception = exec->kept.at[reason->index];
        if (exception.unnamed && reason->wants.n) {
            exception.why.of = reason->wants;
            if (!exception.ast) exception.ast = reason->ast;
        }
        exception.payee = payee;
        exception.period = period;
        AT_VEC_PUSH(exec->run.arena, &exec->reported, exception);
    }
}

/* States of the run's columns count from behind what is reported. */
static void renumber(struct at_exec *exec) {
    uint32_t by = (uint32_t)exec->reported.n;
    for (uint32_t id = 0; by > 0 && id < exec->run.plan->n_nodes; id++) {
        struct at_col *col = &exec->run.cols[id];
        for (uint32_t i = 0; col->state && i < (col->one ? 1 : col->n); i++)
            if (col->state[i] >= AT_STATE_EXCEPTION) col->state[i] += by;
    }
}

void at_withhold(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    const struct at_plan *plan = run->plan;
    exec->withheld_cell = AT_NEW_ARRAY(run->arena, bool, (size_t)run->n_periods * run->n_payees + 1);
    struct counted counted = {0};
    find_counted(exec, &counted);
    for (uint32_t rank = 0; rank < run->n_payees; rank++) {
        uint32_t payee = run->payees_by_key[rank];
        for (uint32_t p = exec->paid_from; run->covered[payee] && p < exec->paid_from + exec->paid_periods;
             p++) {
            struct at_arena_mark mark = at_arena_mark(&exec->scratch);
            struct reasons reasons = {0};
            for (uint32_t c = 0; c < plan->n_components; c++)
                look_at_component(exec, &reasons, c, p * run->n_payees + payee);
            look_at_requires(exec, &counted, &reasons, p * run->n_payees + payee);
            if (reasons.of.n) withhold_cell(exec, &reasons, payee, p);
            at_arena_reset(&exec->scratch, mark);
        }
    }
    for (size_t i = 0; i < exec->lost.n; i++) {
        struct at_exception exception = exec->kept.at[exec->lost.at[i]];
        AT_VEC_PUSH(run->arena, &exec->reported, exception);
    }
    renumber(exec);
    run->n_exceptions = (uint32_t)exec->reported.n;
    for (size_t i = 0; i < exec->kept.n; i++)
        AT_VEC_PUSH(run->arena, &exec->reported, exec->kept.at[i]);
    run->exceptions = exec->reported.at;
    run->reasons = exec->reasons.at;
    run->n_reasons = (uint32_t)exec->reasons.n;
    run->withheld = exec->withheld.at;
    run->n_withheld = (uint32_t)exec->withheld.n;
}

/* ---- requirements */

typedef AT_VEC(struct at_require_failure) failures;

static void fail_cells(struct at_exec *exec, uint32_t r, failures *out) {
    const struct at_run *run = &exec->run;
    const struct at_col *col = &run->cols[run->plan->requires[r].cond];
    for (uint32_t rank = 0; rank < run->n_payees; rank++) {
        uint32_t payee = run->payees_by_key[rank];
        for (uint32_t p = exec->paid_from; run->covered[payee] && p < exec->paid_from + exec->paid_periods;
             p++) {
            uint32_t cell = p * run->n_payees + payee, state = at_col_state(col, cell);
            if (state >= AT_STATE_EXCEPTION || (state == AT_STATE_OK && col->flag[col->one ? 0 : cell]))
                continue;
            AT_VEC_PUSH(run->arena, out,
                        (struct at_require_failure){.require = r, .payee = payee, .period = p});
        }
    }
}

/* Over payees' rows, where that is known only at the end. */
static void fail_rows(struct at_exec *exec, uint32_t r, failures *out) {
    const struct at_run *run = &exec->run;
    const struct at_col *col = &run->cols[run->plan->requires[r].cond];
    const struct at_table *table = &run->data->tables[exec->payee_table];
    for (uint32_t i = 0; i < run->n_payees; i++) {
        if (at_col_state(col, i) == AT_STATE_OK && col->flag[col->one ? 0 : i]) continue;
        AT_VEC_PUSH(run->arena, out,
                    (struct at_require_failure){.require = r,
                                                .payee = AT_NOBODY,
                                                .period = AT_NOBODY,
                                                .file = table->binding.name,
                                                .line = table->lines ? table->lines[i] : i + 1});
    }
}

void at_requires_settle(struct at_exec *exec) {
    struct at_run *run = &exec->run;
    failures all = {0};
    for (uint32_t r = 0; r < run->plan->n_requires; r++) {
        uint32_t cond = run->plan->requires[r].cond;
        for (size_t i = 0; i < exec->failures.n; i++) /* over rows, found in the scans */
            if (exec->failures.at[i].require == r) AT_VEC_PUSH(run->arena, &all, exec->failures.at[i]);
        if (run->plan->requires[r].decl->grain == AT_G_ROW) {
            if (run->plan->nodes[cond].settled) fail_rows(exec, r, &all);
            continue;
        }
        const struct at_col *col = &run->cols[cond];
        if (run->plan->nodes[cond].grain == AT_G_CELL)
            fail_cells(exec, r, &all);
        else if (at_col_state(col, 0) != AT_STATE_OK || !col->flag[0])
            AT_VEC_PUSH(run->arena, &all,
                        (struct at_require_failure){.require = r, .payee = AT_NOBODY, .period = AT_NOBODY});
    }
    run->failures = all.at;
    run->n_failures = (uint32_t)all.n;
}
