/* explain/cover.c: explains on which days a payee is covered, and periods without such a day. */
#include "explain/explain_int.h"

/* The flag of at_plan_is_covered. */
static bool asks_cover(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *nodes = t->r->plan->nodes, *p = &nodes[node];
    return p->op == AT_P_LT && nodes[p->in[0]].op == AT_P_CONST && nodes[p->in[1]].op == AT_P_COVERDAYS;
}

/* `cap total` limits amounts of other periods, too. */
static bool asks_paid(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    return p->op == AT_P_OR && (asks_cover(t, p->in[0]) || asks_cover(t, p->in[1]));
}

bool at_explain_asks_cover(const struct at_explain_tell *t, uint32_t node) {
    return asks_cover(t, node) || asks_paid(t, node);
}

uint32_t at_explain_without_cover(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p;
    if (node == AT_NO_NODE || t->r->plan->n_covers == 0) return node;
    node = at_explain_plain_node(t, node);
    if (at_explain_asks_cover(t, node)) return at_explain_tell_holds(t, node) ? AT_NO_NODE : node;
    p = &t->r->plan->nodes[node];
    for (unsigned k = 0; p->op == AT_P_AND && k < 2; k++)
        if (at_explain_asks_cover(t, p->in[k]))
            return at_explain_tell_holds(t, p->in[k]) ? p->in[1 - k] : p->in[k];
    return node;
}

uint32_t at_explain_members_mask(const struct at_explain_tell *t, const struct at_plan_node *p) {
    const struct at_plan_node *nodes = t->r->plan->nodes;
    if (p->op != AT_P_RANK) return p->n_in > 1 ? p->in[1] : AT_NO_NODE;
    const struct at_plan_node *ranked = &nodes[p->in[0]];
    return t->r->plan->n_covers > 0 && ranked->op == AT_P_IF ? ranked->in[0] : AT_NO_NODE;
}

static int32_t days_in(const struct at_explain_tell *t, uint8_t rhythm) {
    return at_kernel_frame_covered_in(t->r->run->frame, t->payee, t->period, rhythm);
}

/* "2026-01-01 to 2026-02-15, 2026-03-06 to 2026-03-19": the ranges that touch the days. */
static at_words_operand ranges(const struct at_explain_tell *t, at_date first, at_date last) {
    const struct at_kernel_cover *cover = t->r->run->frame->cover;
    at_words_operand list = {0};
    for (uint32_t i = cover->start[t->payee]; i < cover->start[t->payee + 1]; i++) {
        if (cover->to[i] < first || cover->from[i] > last) continue;
        at_words_operand from = at_words_day(cover->from[i] < first ? first : cover->from[i]),
                         to = at_words_day(cover->to[i] > last ? last : cover->to[i]);
        at_words_operand one = AT_SAID(t->arena, AT_W_DAYS_TO, from, to);
        list = list.kind ? AT_SAID(t->arena, AT_W_LIST, list, one) : one;
    }
    return list;
}

/* The last covered day before the period, or the first one after it. */
static at_words_operand nearest(const struct at_explain_tell *t, at_period period) {
    const struct at_kernel_frame *frame = t->r->run->frame;
    const struct at_kernel_cover *cover = frame->cover;
    at_date start = at_period_start(frame->calendar, period);
    uint32_t i = cover->start[t->payee], end = cover->start[t->payee + 1];
    if (i == end) return AT_SAID(t->arena, AT_W_NEVER_COVERED, at_words_month(period));
    while (i + 1 < end && cover->to[i + 1] < start)
        i++;
    bool past = cover->to[i] < start;
    if (past && i + 1 < end)
        return AT_SAID(t->arena, AT_W_COVERED_BETWEEN, at_words_month(period), at_words_day(cover->to[i]),
                       at_words_day(cover->from[i + 1]));
    return AT_SAID(t->arena, past ? AT_W_COVERED_UNTIL : AT_W_COVERED_SINCE, at_words_month(period),
                   at_words_day(past ? cover->to[i] : cover->from[i]));
}

struct at_explain_node *at_explain_tell_uncovered(struct at_explain_tell *t, int kind) {
    const struct at_kernel_frame *frame = t->r->run->frame;
    at_period period = at_session_run_period(t->r->run, t->period);
    if (!frame->cover || days_in(t, (uint8_t)(kind + 1)) > 0) return NULL;
    if (kind >= 0) period = at_period_holding(frame->calendar, period, (enum at_period_kind)kind);
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    step->text = nearest(t, period);
    return step;
}

struct at_explain_node *at_explain_tell_cover(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *nodes = t->r->plan->nodes, *p = &nodes[node];
    if (p->op == AT_P_OR) p = &nodes[asks_cover(t, p->in[0]) ? p->in[0] : p->in[1]];
    return at_explain_tell_uncovered(t, nodes[p->in[1]].b - 1);
}

at_words_operand at_explain_covered_days(struct at_explain_tell *t) {
    const struct at_kernel_frame *frame = t->r->run->frame;
    at_period period = at_session_run_period(t->r->run, t->period);
    at_date first = at_period_start(frame->calendar, period), last = at_period_end(frame->calendar, period);
    if (!frame->cover || t->period >= t->r->run->n_regular) return (at_words_operand){0};
    int32_t days = days_in(t, 0), all = last - first + 1;
    if (days == 0) return nearest(t, period);
    if (days == all) return (at_words_operand){0};
    return AT_SAID(t->arena, AT_W_COVERED_ON, at_words_count((uint64_t)days), at_words_count((uint64_t)all),
                   ranges(t, first, last));
}
