/* answer/trial.c: tries a change in a run, and keeps it if it gives the amount, or is one of the nearest
 * ones. */
#include "answer/search_int.h"

bool at_answer_try(struct at_answer_search *s, const struct at_table_edit *edit, at_i128 *out) {
    uint32_t run = s->question->target.run;
    if (s->status != AT_OK) return false;
    s->out->tried++;
    s->edits[run] = edit;
    enum at_status status = s->host->run(s->host->context, s->edits, s->runs);
    bool paid = status == AT_OK && at_answer_pay(s->runs[run], &s->question->target, out);
    s->judged = 0;
    if (paid && *out == s->question->wanted && s->question->judge)
        s->judged = s->question->judge(s->question->context, s->runs);
    s->host->release(s->host->context);
    s->edits[run] = NULL;
    if (status != AT_OK && status != AT_REJECTED) s->status = status;
    if (at_watch_cancelled(s->host->watch)) s->status = AT_CANCELLED;
    return paid;
}

/* Missing rows that are like different ones are one change if the number is the same. */
static bool same_place(const struct at_answer_change *a, const struct at_answer_change *b) {
    if (a->kind == AT_ANSWER_MISSING && b->kind == AT_ANSWER_MISSING)
        return a->table == b->table && a->field == b->field && at_str_eq(a->after, b->after);
    return a->kind == b->kind && a->table == b->table && a->row == b->row && a->field == b->field &&
           a->edit == b->edit;
}

static at_i128 distance(const struct at_answer_search *s, const struct at_answer_change *change) {
    at_i128 off = change->minor - s->question->wanted;
    return off < 0 ? -off : off;
}

static bool is_nearer(const struct at_answer_search *s, const struct at_answer_change *a,
                      const struct at_answer_change *b) {
    at_i128 first = distance(s, a), second = distance(s, b);
    return first != second ? first < second : a->odds < b->odds;
}

/* One for each field of a row, the nearest first. */
static void keep_near(struct at_answer_search *s, const struct at_answer_change *change) {
    struct at_answer_found *out = s->out;
    uint32_t at = 0;
    if (change->minor == out->paid) return;
    while (at < out->n_near && !same_place(&out->near[at], change))
        at++;
    if (at < out->n_near && !is_nearer(s, change, &out->near[at])) return;
    if (at == out->n_near && at == AT_ANSWER_MOST_NEAR && !is_nearer(s, change, &out->near[--at])) return;
    if (at == out->n_near) out->n_near++;
    for (; at > 0 && is_nearer(s, change, &out->near[at - 1]); at--)
        out->near[at] = out->near[at - 1];
    out->near[at] = *change;
}

/* A change that makes other payouts right, too, is the likely one. */
void at_answer_keep(struct at_answer_search *s, const struct at_answer_change *kept) {
    struct at_answer_change judged = *kept, *change = &judged;
    if (change->minor != s->question->wanted) {
        keep_near(s, change);
        return;
    }
    change->odds -= 100 * s->judged;
    for (size_t i = 0; i < s->matches.n; i++) {
        struct at_answer_change *known = &s->matches.at[i];
        if (!same_place(known, change)) continue;
        uint32_t others = known->others + 1;
        if (change->odds < known->odds) *known = *change;
        known->others = others;
        return;
    }
    AT_VEC_PUSH(s->arena, &s->matches, *change);
}
