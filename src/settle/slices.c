/* settle/slices.c: calculates settled nodes: those of whole tables once, and those of payees and groups slice
 * by slice. What a kernel makes is in scratch memory; what it does not share with its inputs is copied into
 * the run's. */
#include "base/sort.h"
#include "diag/say.h"
#include "settle/settle.h"

/* How many values are calculated before the host is asked again. They take far less than a millisecond,
 * unless they are fractions of thousands of digits. */
#define VALUES_UNASKED 16384
#define COST_OF_SLICE 64 /* in values */
/* Scratch memory is emptied after slices of so many values; after narrower ones, at the end of their period.
 */
#define WIDE 64

/* A slice counts with a fixed cost besides its values, so runs with few payees and many nodes can stop,
 * too. */
static bool wants_to_stop(struct at_settle *settle, uint64_t values) {
    settle->unasked += values + COST_OF_SLICE;
    if (settle->unasked < VALUES_UNASKED) return false;
    settle->unasked = 0;
    return at_watch_cancelled(settle->watch);
}

void at_settle_open(struct at_settle *settle, const struct at_settle_order *order, void *const *payloads,
                    const struct at_kernel_hooks *hooks) {
    settle->faults = (struct at_kernel_fault_list){.arena = settle->scratch};
    settle->reasons.arena = settle->arena;
    settle->rests = (struct at_kernel_rests){.arena = settle->arena};
    settle->space = (struct at_kernel_space){.plan = settle->plan,
                                             .frame = settle->frame,
                                             .arena = settle->scratch,
                                             .cols = settle->frame->whole,
                                             .faults = &settle->faults,
                                             .payloads = payloads,
                                             .seat = at_kernel_seat_new(hooks, settle->arena),
                                             .reasons = &settle->reasons,
                                             .rests = &settle->rests};
    settle->space.unpaid = AT_NEW_ARRAY(settle->arena, uint32_t, settle->plan->n_nodes + 1);
    settle->order = order;
    settle->steady = at_arena_get(settle->arena, settle->plan->n_nodes + 1);
    memcpy(settle->steady, order->steady, settle->plan->n_nodes);
    if (settle->assumed) settle->steady[settle->assumed->node] = false;
}

/* ---- keeping what a kernel has made */

/* Other operations make no new bytes: their texts are views of tables, of the plan, or of columns that are
 * kept. */
static bool makes_text(const struct at_plan_node *node, const struct at_col *col) {
    return col->form == AT_COL_TEXT && (node->op == AT_P_TEXTFN || node->op == AT_P_CALL);
}

/* A column shares its values with a kept one if the payload is the same, and the states, if it has any. */
static bool is_of(const struct at_col *col, const struct at_col *kept) {
    return kept && col->data == kept->data && (!col->state || col->state == kept->state);
}

/* Whether the values are those of a column that is kept already. */
static bool is_shared(const struct at_kernel_space *space, const struct at_plan_node *node,
                      const struct at_col *col) {
    for (unsigned k = 0; k < node->n_in; k++)
        if (is_of(col, &space->cols[node->in[k]])) return true;
    const struct at_col *before = NULL;
    if (node->op == AT_P_PRIOR)
        before = at_kernel_space_earlier(
            space, node->in[0],
            at_kernel_frame_back(space->frame, space->period, (uint32_t)node->a, (uint8_t)node->b));
    if (node->op == AT_P_CARRY) {
        const struct at_plan_carry *carry = &space->plan->carries[node->a];
        before = at_kernel_space_earlier(
            space, carry->source,
            at_kernel_frame_back(space->frame, space->period, carry->back, carry->rhythm));
    }
    return is_of(col, before);
}

/* Moves what a kernel made from scratch memory to settle->arena. Explanations read it after the run. */
static void keep_column(struct at_settle *settle, const struct at_plan_node *node, struct at_col *col) {
    if (node->op == AT_P_LOAD && !col->state) return; /* columns of tables stay where they are */
    if (is_shared(&settle->space, node, col)) return;
    if (col->form == AT_COL_I64 && !col->state && (col->one || col->n == 1)) { /* as of one payee */
        int64_t *kept = at_arena_get(settle->arena, sizeof *kept);
        *kept = *col->i64;
        col->i64 = kept;
        return;
    }
    *col = at_kernel_col_copy(settle->arena, col);
    for (uint32_t i = 0; makes_text(node, col) && i < (col->one ? 1 : col->n); i++)
        col->text[i] = at_str_copy(settle->arena, col->text[i]);
}

/* Calculates node `id` into the space's columns. Returns whether it found no exception of its own. */
static bool settle_node(struct at_settle *settle, uint32_t id, uint32_t n) {
    struct at_kernel_space *space = &settle->space;
    const struct at_plan_node *node = &settle->plan->nodes[id];
    struct at_col *col = &space->cols[id];
    space->grain = node->grain;
    space->n = n;
    if (n == 0) { /* kernels may look at the first value of a column */
        *col = (struct at_col){.form = at_col_form_of(&node->type), .data = at_arena_zero(settle->arena, 32)};
        return true;
    }
    settle->faults.base = (uint32_t)settle->exceptions->kept.n;
    at_kernel_space_eval(space, id);
    bool well = settle->faults.of.n == 0;
    if (!well) at_gather_exceptions_take(settle->exceptions, space, id);
    if (node->grain == AT_G_CONST) {
        col->one = true;
        col->n = 1;
    }
    keep_column(settle, node, col);
    if (n >= WIDE) at_arena_reset(settle->scratch, settle->empty);
    return well;
}

/* ---- stages */

static enum at_status settle_whole(struct at_settle *settle, const struct at_settle_stage *stage) {
    settle->empty = at_arena_mark(settle->scratch);
    for (size_t i = 0; i < stage->whole.n; i++) {
        const struct at_plan_node *node = &settle->plan->nodes[stage->whole.at[i]];
        uint32_t n = 1;
        if (node->grain == AT_G_ROW && !settle->frame->tables[node->place]) continue; /* not in memory */
        if (node->grain == AT_G_ROW) n = (uint32_t)settle->gather->data->tables[node->place].n_rows;
        settle_node(settle, stage->whole.at[i], n);
        if (wants_to_stop(settle, n)) return AT_CANCELLED;
    }
    at_arena_reset(settle->scratch, settle->empty);
    return AT_OK;
}

/* A steady node is calculated in the first period only. If it has exceptions there, each period has its own.
 */
static bool is_steady_now(const struct at_settle *settle, const struct at_plan_node *node) {
    for (unsigned k = 0; k < node->n_in; k++)
        if (!settle->steady[node->in[k]]) return false;
    return true;
}

static enum at_status settle_period(struct at_settle *settle, const struct at_settle_stage *stage) {
    struct at_kernel_frame *frame = settle->frame;
    uint32_t p = settle->space.period;
    for (size_t i = 0; i < stage->reads.n; i++)
        frame->whole[stage->reads.at[i]] = frame->slices[stage->reads.at[i]][p];
    for (size_t i = 0; i < stage->cells.n; i++) {
        uint32_t id = stage->cells.at[i];
        const struct at_plan_node *node = &settle->plan->nodes[id];
        if (p == 0 || !settle->steady[id]) {
            uint32_t n = at_kernel_frame_width(frame, node);
            bool well = settle_node(settle, id, n);
            if (settle->steady[id]) settle->steady[id] = well && is_steady_now(settle, node);
            at_settle_assume(settle, id, p, &frame->whole[id]);
            if (wants_to_stop(settle, n)) return AT_CANCELLED;
        }
        frame->slices[id][p] = frame->whole[id];
    }
    at_arena_reset(settle->scratch, settle->empty);
    return AT_OK;
}

/* Goes period by period and not node by node, because a node may read slices of earlier periods of any
 * node. */
/* The name is that of the file, because a comparison settles two versions. */
static void show(struct at_settle *settle, uint32_t done) {
    const struct at_ast_node *own = settle->plan->checked->ast->own;
    const at_str name = own ? own->text : (at_str){0};
    at_watch_show(settle->watch, AT_WATCH_SETTLE, name, done, settle->frame->n_periods);
}

static enum at_status settle_cells(struct at_settle *settle, const struct at_settle_stage *stage) {
    struct at_kernel_frame *frame = settle->frame;
    if (stage->cells.n == 0) return AT_OK;
    settle->empty = at_arena_mark(settle->scratch);
    for (size_t i = 0; i < stage->cells.n; i++)
        frame->slices[stage->cells.at[i]] = AT_NEW_ARRAY(settle->arena, struct at_col, frame->n_periods);
    for (uint32_t p = 0; p < frame->n_periods; p++) {
        settle->space.period = p;
        if (at_watch_cancelled(settle->watch)) return AT_CANCELLED;
        show(settle, p);
        enum at_status status = settle_period(settle, stage);
        if (status != AT_OK) return status;
    }
    show(settle, frame->n_periods);
    return AT_OK;
}

static enum at_status settle_stages(struct at_settle *settle, unsigned pass, bool before) {
    enum at_status status = AT_OK;
    for (uint32_t s = settle->order->first[pass]; s < settle->order->first[pass + 1] && status == AT_OK;
         s++) {
        const struct at_settle_stage *stage = &settle->order->stages[s];
        if (stage->before != before) continue;
        status = settle_whole(settle, stage);
        if (status == AT_OK) status = settle_cells(settle, stage);
    }
    return status;
}

enum at_status at_settle_before(struct at_settle *settle, unsigned pass) {
    return settle_stages(settle, pass, true);
}

enum at_status at_settle_pass(struct at_settle *settle, unsigned pass) {
    return settle_stages(settle, pass, false);
}

/* ---- notes of kernels */

void at_settle_tell_unpaid(const struct at_settle *settle, unsigned pass, struct at_diag_list *diags) {
    for (uint32_t id = 0; id < settle->plan->n_nodes; id++) {
        const struct at_plan_node *node = &settle->plan->nodes[id];
        if (settle->space.unpaid[id] == 0 || node->pass != pass) continue;
        at_span span = node->ast ? node->ast->span : (at_span){0};
        struct at_diag *d = at_diag_say(diags, AT_A0813, span, NULL, AT_SENTENCE(AT_W_RUN_POOL));
        at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_UNPAID, at_words_count(settle->space.unpaid[id])));
    }
}

static int reason_cmp(const void *left, const void *right) {
    const struct at_kernel_reason *a = left, *b = right;
    if (a->node != b->node) return a->node < b->node ? -1 : 1;
    return a->cell < b->cell ? -1 : a->cell > b->cell;
}

void at_settle_reasons(struct at_settle *settle) {
    at_sort_items(settle->scratch, settle->reasons.of.at, settle->reasons.of.n, sizeof *settle->reasons.of.at,
                  reason_cmp);
}
