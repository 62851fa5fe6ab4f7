/* explain/prize.c: explains the prize of a payee in a contest: the places that several share, with the prize
 * of each, and what of their sum is the payee's. */
#include "explain/explain_int.h"

/* Payees who share the payee's place, in order of their keys. */
struct tied {
    uint32_t *payee, n, place;
    at_num sum;
};

static struct tied find_tied(struct at_explain_tell *t, const struct at_plan_node *p, at_num rank) {
    const uint32_t *members;
    uint32_t n = at_explain_members_of(t, (uint16_t)p->a, &members);
    struct tied tied = {.payee = AT_NEW_ARRAY(t->arena, uint32_t, n + 1), .sum = at_num_int(0)};
    int64_t place;
    tied.place = at_num_to_i64(t->arena, rank, 0, &place) ? (uint32_t)place : 1;
    for (uint32_t i = 0; i < n; i++) {
        struct at_explain_tell other = *t;
        uint32_t state;
        other.payee = members[i];
        struct at_plan_value value = at_explain_tell_value(&other, p->in[1], &state);
        if (state != AT_STATE_OK || at_num_cmp(t->arena, at_plan_value_num(&value), rank) != 0) continue;
        value = at_explain_tell_value(&other, p->in[0], &state);
        if (state != AT_STATE_OK) continue;
        tied.sum = at_num_add(t->arena, tied.sum, at_plan_value_num(&value));
        tied.payee[tied.n++] = members[i];
    }
    return tied;
}

/* "place 2: $300.00". The names of the others are with their values, below the rank. */
static struct at_explain_node *place_step(struct at_explain_tell *t, uint32_t place,
                                          struct at_plan_value value, bool percent) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_MEMBER, NULL);
    at_explain_node_value(t, step, &value, percent);
    step->name = AT_SAID(t->arena, AT_W_PLACE, at_explain_tell_count(t, place));
    step->text = AT_SAID(t->arena, AT_W_IS, step->name, step->value.shown);
    step->part = true;
    return step;
}

static struct at_explain_node *sum_step(struct at_explain_tell *t, uint32_t node, const struct tied *tied) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    bool percent = at_explain_is_percent(t, node);
    struct at_plan_value sum = at_plan_value_of_num(p->type, tied->sum);
    at_num rest = at_num_int(0);
    uint32_t most = t->x->options->all ? tied->n : AT_SHOWN_ROWS;
    at_explain_node_value(t, step, &sum, percent);
    step->text = AT_SAID(t->arena, AT_W_PRIZES_OF, at_explain_tell_count(t, tied->place),
                         at_explain_tell_count(t, tied->place + tied->n - 1), step->value.shown);
    step->adds = true;
    for (uint32_t i = 0; i < tied->n; i++) {
        struct at_explain_tell other = *t;
        uint32_t state;
        other.payee = tied->payee[i];
        struct at_plan_value value = at_explain_tell_value(&other, p->in[0], &state);
        if (i < most)
            at_explain_node_add(step, place_step(t, tied->place + i, value, percent));
        else
            rest = at_num_add(t->arena, rest, at_plan_value_num(&value));
    }
    if (tied->n > most)
        at_explain_node_add(step, at_explain_more_step(t, tied->n - most, rest, p->type, percent));
    return step;
}

struct at_explain_node *at_explain_tell_prize(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t state;
    struct at_plan_value rank = at_explain_tell_value(t, p->in[1], &state), value;
    struct tied tied = {0};
    if (state == AT_STATE_OK) tied = find_tied(t, p, at_plan_value_num(&rank));
    if (state == AT_STATE_OK && (p->b < 0 || tied.n < 2)) return at_explain_tell_node(t, p->in[0]);
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_RANK, p->ast);
    value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    if (tied.n == 0) {
        step->text = AT_SAID(t->arena, AT_W_PRIZE_NONE, at_explain_phrase(t, node));
        const struct at_plan_node *ranked = &t->r->plan->nodes[p->in[1]];
        bool shown = ranked->op == AT_P_RANK;
        at_explain_node_add(step, at_explain_tell_node(t, shown ? ranked->in[0] : p->in[1]));
        return step;
    }
    struct at_explain_node *sum = sum_step(t, node, &tied);
    step->text =
        AT_SAID(t->arena, AT_W_PRIZE_SHARED, at_explain_phrase(t, node), at_explain_tell_count(t, tied.n),
                at_explain_tell_count(t, tied.place), at_explain_tell_count(t, tied.place + tied.n - 1),
                sum->value.shown, step->value.shown);
    at_explain_node_add(step, sum);
    at_explain_node_add(step, at_explain_tell_node(t, p->in[1]));
    return step;
}
