/* settle/withhold.c: withholds pay that cannot be calculated, with reasons, and checks each `require`.
 *
 * A covered cell with an exception (or a missing value) in any component is withheld whole. Its reasons are
 * listed once each, one after another, in the order of the components; cells come in the order of lines.
 */
#include "base/sort.h"
#include "gather/part.h"
#include "settle/settle.h"

/* A reason of the current cell. */
struct reason {
    uint32_t index; /* into `kept` */
    at_str wants;   /* what could not be calculated because of it */
    const struct at_ast_node *ast;
};
struct reasons {
    AT_VEC(struct reason) of;
    uint32_t payee, period; /* the cell */
    uint32_t cell;          /* counts from 1 */
    uint32_t *seen;         /* by index into `kept`: the last cell with this reason */
    uint32_t n_seen;        /* later ones arise in their cell only, and once */
};

static const struct at_col *slice_of(const struct at_settle *settle, uint32_t node, uint32_t period) {
    return &settle->frame->slices[node][period];
}

/* `seen` holds the number of the last cell with this reason, so it does not have to be cleared between
 * cells. */
static void add_reason(struct at_settle *settle, struct reasons *reasons, uint32_t index, at_str wants,
                       const struct at_ast_node *ast) {
    if (index < reasons->n_seen && reasons->seen[index] == reasons->cell) return;
    if (index < reasons->n_seen) reasons->seen[index] = reasons->cell;
    AT_VEC_PUSH(settle->scratch, &reasons->of, (struct reason){index, wants, ast});
}

static void add_component(struct at_settle *settle, struct reasons *reasons, uint32_t c, uint32_t index) {
    const struct at_plan_component *component = &settle->plan->components[c];
    const struct at_ast_node *ast = component->adjustment ? component->adjustment->node : NULL;
    if (component->decl) ast = component->decl->symbol->node;
    add_reason(settle, reasons, index, component->name, ast);
}

/* A reason that arises only here: the last step to a payout. */
static void new_reason(struct at_settle *settle, struct reasons *reasons, uint32_t c, enum at_diag_code code,
                       enum at_words_word why) {
    const struct at_plan_component *component = &settle->plan->components[c];
    struct at_gather_exception exception = {.code = code,
                                            .why = {.word = why, .of = component->name},
                                            .node = component->value,
                                            .payee = reasons->payee,
                                            .period = reasons->period,
                                            .ast = settle->plan->nodes[component->value].ast};
    AT_VEC_PUSH(settle->arena, &settle->exceptions->kept, exception);
    add_component(settle, reasons, c, (uint32_t)settle->exceptions->kept.n - 1);
}

/* A component whose condition is known not to hold reads no rows. */
static bool reads_lines(const struct at_settle *settle, const struct at_plan_component *component,
                        const struct reasons *reasons) {
    uint32_t when = component->lines_when;
    if (when == AT_NO_NODE || settle->plan->nodes[when].grain != AT_G_CELL) return true;
    const struct at_col *col = slice_of(settle, when, reasons->period);
    return at_col_state(col, reasons->payee) != AT_STATE_OK || col->flag[col->one ? 0 : reasons->payee];
}

/* The state of the component's lines that are paid in the cell. */
static uint32_t state_of_lines(const struct at_settle *settle, uint32_t c, const struct reasons *reasons) {
    const uint32_t *states = settle->gather->line_states[c];
    const struct at_plan_component *component = &settle->plan->components[c];
    struct reasons then = *reasons;
    for (uint32_t p = reasons->period + 1; states && p-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(settle->frame, p, component->delay);
        if (paid < reasons->period) break;
        then.period = p;
        if (paid > reasons->period || !reads_lines(settle, component, &then)) continue;
        uint32_t state = states[(size_t)p * settle->frame->n_payees + reasons->payee];
        if (state != AT_STATE_OK) return state;
    }
    return AT_STATE_OK;
}

/* The state of the rows among which the component is divided: those of the periods paid in the cell. */
static uint32_t state_of_parts(const struct at_settle *settle, uint32_t c, const struct reasons *reasons) {
    const struct at_plan_component *component = &settle->plan->components[c];
    if (component->ledger == AT_NO_NODE) return AT_STATE_OK;
    for (uint32_t p = reasons->period + 1; p-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(settle->frame, p, component->delay);
        if (paid < reasons->period) break;
        if (paid > reasons->period || p >= settle->frame->n_regular) continue;
        uint32_t state = at_col_state(slice_of(settle, component->ledger, p), reasons->payee);
        if (state != AT_STATE_OK) return state;
    }
    return AT_STATE_OK;
}

/* An exception explains more than a missing value, so the latter is a reason only if there is no
 * exception. */
static void look_at_component(struct at_settle *settle, struct reasons *reasons, uint32_t c) {
    const struct at_col *value = slice_of(settle, settle->plan->components[c].value, reasons->period);
    const struct at_currency_info *currency = at_currency_info(settle->plan->checked->currency);
    uint32_t state = at_col_state(value, reasons->payee), line = state_of_lines(settle, c, reasons);
    uint32_t local = settle->plan->components[c].local;
    int64_t minor;
    if (line == AT_STATE_OK) line = state_of_parts(settle, c, reasons);
    if (local != AT_NO_NODE && line == AT_STATE_OK)
        line = at_col_state(slice_of(settle, local, reasons->period), reasons->payee);
    if (line == AT_STATE_OK) line = at_settle_local_state(settle, c, reasons->payee, reasons->period);
    if (state >= AT_STATE_EXCEPTION) add_component(settle, reasons, c, state - AT_STATE_EXCEPTION);
    if (line >= AT_STATE_EXCEPTION) add_component(settle, reasons, c, line - AT_STATE_EXCEPTION);
    if (state >= AT_STATE_EXCEPTION || line >= AT_STATE_EXCEPTION) return;
    if (state == AT_STATE_MISSING || line == AT_STATE_MISSING)
        new_reason(settle, reasons, c, AT_A0807, AT_W_REASON_MISSING);
    else if (!at_num_to_i64(settle->scratch, at_kernel_num_at(value, reasons->payee),
                            currency ? currency->digits : 2, &minor))
        new_reason(settle, reasons, c, AT_A0804, AT_W_REASON_UNPAYABLE);
    else if (local != AT_NO_NODE &&
             !at_num_to_i64(settle->scratch,
                            at_kernel_num_at(slice_of(settle, local, reasons->period), reasons->payee), 4,
                            &minor))
        new_reason(settle, reasons, c, AT_A0804, AT_W_REASON_UNPAYABLE);
}

/* The values over which `sum`, `count`, and `average` of requirements go. */
struct counted {
    AT_VEC(const struct at_plan_node *) of;
};

static void find_counted(struct at_settle *settle, struct counted *out) {
    const struct at_plan *plan = settle->plan;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if ((node->op == AT_P_RUNSUM || node->op == AT_P_RUNCOUNT) && node->needed)
            AT_VEC_PUSH(settle->scratch, &out->of, node);
    }
}

/* A requirement that cannot be checked for the cell withholds it as well. So does a value that a requirement
 * over the whole run leaves out. */
static void look_at_requires(struct at_settle *settle, const struct counted *counted,
                             struct reasons *reasons) {
    const struct at_plan *plan = settle->plan;
    for (uint32_t r = 0; r < plan->n_requires; r++) {
        uint32_t cond = plan->requires[r].cond;
        if (plan->nodes[cond].grain != AT_G_CELL) continue;
        uint32_t state = at_col_state(slice_of(settle, cond, reasons->period), reasons->payee);
        if (state >= AT_STATE_EXCEPTION)
            add_reason(settle, reasons, state - AT_STATE_EXCEPTION, AT_STR("require"),
                       plan->requires[r].decl->node);
    }
    for (size_t k = 0; k < counted->of.n; k++) {
        const struct at_plan_node *node = counted->of.at[k];
        if (plan->nodes[node->in[0]].grain != AT_G_CELL) continue;
        uint32_t state = at_col_state(slice_of(settle, node->in[0], reasons->period), reasons->payee);
        if (state >= AT_STATE_EXCEPTION)
            add_reason(settle, reasons, state - AT_STATE_EXCEPTION, AT_STR("require"), node->ast);
    }
}

/* The exception is copied, because the same one can withhold several cells and names each of them. */
static void withhold_cell(struct at_settle *settle, const struct reasons *reasons) {
    struct at_settle_withheld_cell withheld = {
        .payee = reasons->payee, .period = reasons->period, .exception = (uint32_t)settle->reported.n};
    settle->withheld_cell[(size_t)reasons->period * settle->frame->n_payees + reasons->payee] = true;
    AT_VEC_PUSH(settle->arena, &settle->withheld, withheld);
    for (size_t i = 0; i < reasons->of.n; i++) {
        const struct reason *reason = &reasons->of.at[i];
        struct at_gather_exception exception = settle->exceptions->kept.at[reason->index];
        if (exception.unnamed && reason->wants.n) {
            exception.why.of = reason->wants;
            if (!exception.ast) exception.ast = reason->ast;
        }
        /* What is calculated from its own past stays withheld: the reason names the period in which it began.
         */
        if (settle->plan->n_carries > 0 && exception.period < reasons->period)
            exception.why.since =
                at_words_month(at_kernel_frame_period(settle->frame, (int32_t)exception.period));
        at_gather_exception_name(&exception, settle->gather->data, settle->frame->payee_table, reasons->payee,
                                 settle->arena);
        exception.payee = reasons->payee;
        exception.period = reasons->period;
        AT_VEC_PUSH(settle->arena, &settle->reported, exception);
    }
}

static void look_at_cell(struct at_settle *settle, const struct counted *counted, struct reasons *reasons) {
    struct at_arena_mark mark = at_arena_mark(settle->scratch);
    reasons->cell++;
    for (uint32_t c = 0; c < settle->plan->n_components; c++)
        if (at_settle_pays(settle, c, reasons->period)) look_at_component(settle, reasons, c);
    if (reasons->period < settle->frame->n_regular &&
        at_kernel_frame_covers(settle->frame, reasons->payee, reasons->period))
        look_at_requires(settle, counted, reasons);
    if (reasons->of.n) withhold_cell(settle, reasons);
    reasons->of.at = NULL; /* it is scratch memory */
    reasons->of.n = reasons->of.room = 0;
    at_arena_reset(settle->scratch, mark);
}

/* Rows whose payee is unknown come after the cells. */
static void report(struct at_settle *settle) {
    struct at_gather_exceptions *exceptions = settle->exceptions;
    for (size_t i = 0; i < exceptions->lost.n; i++) {
        struct at_gather_exception exception = exceptions->kept.at[exceptions->lost.at[i]];
        AT_VEC_PUSH(settle->arena, &settle->reported, exception);
    }
}

enum at_status at_settle_withhold(struct at_settle *settle) {
    const struct at_kernel_frame *frame = settle->frame;
    size_t cells = (size_t)frame->n_periods * frame->n_payees;
    settle->withheld_cell = AT_NEW_ARRAY(settle->arena, bool, cells + 1);
    struct counted counted = {0};
    find_counted(settle, &counted);
    struct reasons reasons = {.n_seen = (uint32_t)settle->exceptions->kept.n};
    reasons.seen = AT_NEW_ARRAY(settle->scratch, uint32_t, reasons.n_seen + 1);
    for (uint32_t rank = 0; rank < frame->n_payees; rank++) {
        uint32_t payee = frame->payees_by_key[rank];
        for (uint32_t p = 0; frame->covered[payee] && p < at_settle_periods(settle); p++) {
            reasons.payee = payee;
            reasons.period = at_settle_period(settle, p);
            look_at_cell(settle, &counted, &reasons);
            if (at_watch_tick(settle->watch)) return AT_CANCELLED;
        }
    }
    report(settle);
    return AT_OK;
}

/* ---- requirements */

static void fail(struct at_settle *settle, struct at_gather_require_failure failure) {
    AT_VEC_PUSH(settle->arena, &settle->failures, failure);
}

static enum at_status fail_cells(struct at_settle *settle, uint32_t r) {
    const struct at_kernel_frame *frame = settle->frame;
    uint32_t cond = settle->plan->requires[r].cond;
    for (uint32_t rank = 0; rank < frame->n_payees; rank++) {
        uint32_t payee = frame->payees_by_key[rank];
        uint32_t end = settle->paid_from + settle->paid_periods;
        for (uint32_t p = settle->asked_from; frame->covered[payee] && p < end; p++) {
            if (!at_kernel_frame_covers(frame, payee, p)) continue;
            const struct at_col *col = slice_of(settle, cond, p);
            uint32_t state = at_col_state(col, payee);
            bool met = state == AT_STATE_OK && col->flag[col->one ? 0 : payee];
            if (state < AT_STATE_EXCEPTION && !met)
                fail(settle, (struct at_gather_require_failure){.require = r, .payee = payee, .period = p});
            if (at_watch_tick(settle->watch)) return AT_CANCELLED;
        }
    }
    return AT_OK;
}

/* Over payees' rows, where that is known only at the end. */
static void fail_rows(struct at_settle *settle, uint32_t r) {
    const struct at_col *col = &settle->frame->whole[settle->plan->requires[r].cond];
    const struct at_table *table = &settle->gather->data->tables[settle->frame->payee_table];
    for (uint32_t i = 0; i < settle->frame->n_payees; i++) {
        if (at_col_state(col, i) == AT_STATE_OK && col->flag[col->one ? 0 : i]) continue;
        fail(settle, (struct at_gather_require_failure){.require = r,
                                                        .payee = AT_NOBODY,
                                                        .period = AT_NOBODY,
                                                        .file = table->binding.name,
                                                        .line = table->lines ? table->lines[i] : i + 1});
    }
}

static enum at_status check_require(struct at_settle *settle, uint32_t r) {
    uint32_t cond = settle->plan->requires[r].cond;
    const struct at_plan_node *node = &settle->plan->nodes[cond];
    const struct at_col *col = &settle->frame->whole[cond];
    if (settle->plan->requires[r].decl->grain == AT_G_ROW) {
        if (node->settled) fail_rows(settle, r);
        return AT_OK;
    }
    if (node->grain == AT_G_CELL) return fail_cells(settle, r);
    if (at_col_state(col, 0) != AT_STATE_OK || !col->flag[0])
        fail(settle,
             (struct at_gather_require_failure){.require = r, .payee = AT_NOBODY, .period = AT_NOBODY});
    return AT_OK;
}

static int by_require(const void *left, const void *right) {
    const struct at_gather_require_failure *a = left, *b = right;
    return (a->require > b->require) - (a->require < b->require);
}

/* Failures of rows are sorted by requirement, so that all failures come in the order of the policy. The
 * sort is stable: rows of a requirement stay in the order of the file. */
enum at_status at_settle_requires(struct at_settle *settle) {
    const struct at_gather *gather = settle->gather; /* what its scans found fails by rows */
    size_t n = gather->failures.n, i = 0;
    struct at_gather_require_failure *rows = at_arena_get(settle->arena, (n + 1) * sizeof *rows);
    if (n > 0) memcpy(rows, gather->failures.at, n * sizeof *rows);
    at_sort_items(settle->scratch, rows, n, sizeof *rows, by_require);
    for (uint32_t r = 0; r < settle->plan->n_requires; r++) {
        while (i < n && rows[i].require == r)
            fail(settle, rows[i++]);
        enum at_status status = check_require(settle, r);
        if (status != AT_OK) return status;
    }
    return AT_OK;
}
