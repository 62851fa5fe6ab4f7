/* explain/pool.c: explains a payee's share of a pool: the amount of the group, the contributions, and
 * rounding. */
#include "base/numtext.h"
#include "explain/explain_int.h"

static struct at_plan_value value_of(const struct at_explain_tell *t, uint32_t node) {
    uint32_t state;
    return at_explain_tell_value(t, node, &state);
}

/* What the group has, from its rule to the rounded amount.
 * The step is not a part: the amount of the group is not a summand of the payee's payout. */
static void tell_whole(struct at_explain_tell *t, struct at_explain_node *step, uint32_t rounded,
                       at_words_operand pool) {
    const struct at_plan_node *p = &t->r->plan->nodes[rounded];
    struct at_explain_node *whole = at_explain_node_new(t, AT_STEP_POOL, NULL);
    struct at_plan_value value = value_of(t, rounded);
    at_explain_node_value(t, whole, &value, false);
    whole->text =
        AT_SAID(t->arena, AT_W_POOL_OF, pool, at_explain_group_name(t, p->place), whole->value.shown);
    whole->adds = true;
    if (p->op == AT_P_ROUND) {
        at_explain_tell_parts(t, whole, p->in[0], 1, true);
        at_explain_tell_rounding(t, whole, rounded);
    } else {
        at_explain_tell_parts(t, whole, rounded, 1, true);
    }
    at_explain_node_add(step, whole);
}

/* `including negatives` is in field b of an ALLOT node. */
static bool counts_negatives(const struct at_explain_tell *t, uint32_t allot) {
    return t->r->plan->nodes[allot].b == 1;
}

/* The value of another payee is read with a copy of `t`, because `t` always means the explained payee. */
static at_num weight_of(const struct at_explain_tell *t, uint32_t allot, uint32_t payee) {
    struct at_explain_tell other = *t;
    other.payee = payee;
    at_num weight = at_explain_tell_number(&other, t->r->plan->nodes[allot].in[1], NULL);
    return at_num_sign(weight) < 0 && !counts_negatives(t, allot) ? at_num_int(0) : weight;
}

/* An equal split has a constant as the weight of each member. */
static bool is_equal_split(const struct at_explain_tell *t, uint32_t weights) {
    const struct at_plan_node *p = &t->r->plan->nodes[at_explain_plain_node(t, weights)];
    return p->op == AT_P_CONST;
}

/* The way from the exact share to whole units. */
static void tell_remainder(struct at_explain_tell *t, struct at_explain_node *step, at_num exact,
                           const struct at_plan_value *paid) {
    at_num difference = at_num_sub(t->arena, at_plan_value_num(paid), exact);
    if (at_num_is_zero(difference)) return;
    struct at_explain_node *last = at_explain_node_new(t, AT_STEP_ROUNDING, NULL);
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), difference);
    const struct at_currency_info *info = at_currency_info(t->r->checked->currency);
    bool cents = !info || info->digits == 2;
    /* Whether the payment is farther from zero than the exact share. */
    bool more = (at_num_sign(difference) > 0) == (at_num_sign(at_plan_value_num(paid)) >= 0);
    at_words_operand from = at_explain_tell_num(t, last, exact, at_explain_tell_money(t), false),
                     to = at_explain_tell_figure(t, last, paid, false);
    last->text = AT_SAID(t->arena, more ? AT_W_POOL_UNIT : AT_W_POOL_CUT, from, to, at_explain_tell_unit(t),
                         at_words_fixed(cents ? AT_W_ONE_CENT : AT_W_ONE_UNIT));
    at_explain_node_value(t, last, &value, false);
    last->part = true;
    at_explain_node_add(step, last);
}

/* A part of the whole as a percentage with two decimals. */
static at_words_operand part_text(const struct at_explain_tell *t, at_num own, at_num all) {
    at_num percent = at_num_div(t->arena, at_num_mul(t->arena, own, at_num_int(100)), all);
    bool shortened = false;
    at_str text = at_num_print_short(t->arena, percent, 2, true, &shortened);
    return at_words_digits(at_str_format(t->arena, "%s%.*s%%", shortened ? "≈" : "", AT_STR_ARG(text)));
}

/* The weights of all members.
 * Calculated once for each group and period. Otherwise, explaining all members would take time in
 * proportion to the square of their number. */
static at_num all_weights(const struct at_explain_tell *t, uint32_t allot, uint16_t group) {
    void **shared = at_explain_group_shared(t, AT_SHARED_WEIGHTS, allot, group);
    if (*shared) return *(const at_num *)*shared;
    const uint32_t *members;
    uint32_t n = at_explain_members_of(t, group, &members);
    at_num all = at_num_int(0), *kept = AT_NEW(t->x->arena, at_num);
    for (uint32_t i = 0; i < n; i++)
        all = at_num_add(t->arena, all, weight_of(t, allot, members[i]));
    *kept = at_num_copy(t->x->arena, all);
    *shared = kept;
    return *kept;
}

static void tell_share(struct at_explain_tell *t, struct at_explain_node *step, uint32_t allot) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    uint16_t group = t->r->plan->nodes[p->in[0]].place;
    const uint32_t *members;
    uint32_t n = at_explain_members_of(t, group, &members);
    at_num all = all_weights(t, allot, group), own = weight_of(t, allot, t->payee),
           whole = at_explain_tell_number(t, p->in[0], NULL);
    struct at_explain_node *share = at_explain_node_new(t, AT_STEP_POOL, NULL);
    at_words_operand weight = at_explain_phrase(t, p->in[1]);
    struct at_plan_value paid = value_of(t, allot),
                         exact = at_plan_value_of_num(at_explain_tell_money(t), at_num_int(0));
    /* Without a positive sum of weights, the exact share cannot be calculated. */
    if (at_num_sign(all) <= 0) {
        share->text =
            AT_SAID(t->arena, AT_W_POOL_NOBODY, at_explain_group_name(t, t->r->plan->nodes[p->in[0]].place));
        at_explain_node_value(t, share, &exact, false);
        at_explain_node_add(step, share);
        return;
    }
    at_plan_value_put_num(&exact, at_num_div(t->arena, at_num_mul(t->arena, whole, own), all));
    at_explain_node_value(t, share, &exact, false);
    at_words_operand whole_text = at_explain_tell_node_figure(t, share, p->in[0]);
    at_type type = t->r->plan->nodes[p->in[1]].type;
    if (is_equal_split(t, p->in[1]))
        share->text = AT_SAID(t->arena, AT_W_POOL_EQUAL,
                              at_explain_tell_many(t, n, AT_W_MEMBERS_ONE, AT_W_MEMBERS_MANY), whole_text,
                              share->value.shown);
    else
        share->text = AT_SAID(t->arena, AT_W_POOL_SHARE,
                              at_words_text(t->story->label.n ? t->story->label : t->story->key),
                              at_explain_tell_num(t, share, own, type, t->r->percent[p->in[1]]),
                              at_explain_tell_num(t, share, all, type, t->r->percent[p->in[1]]), weight,
                              whole_text, share->value.shown, part_text(t, own, all));
    share->part = true;
    at_explain_node_add(share, at_explain_tell_node(t, p->in[1]));
    at_explain_node_add(step, share);
    tell_remainder(t, step, at_plan_value_num(&exact), &paid);
}

/* The parts are the exact share and what rounding adds to it. Their sum is the amount that the kernel
 * allotted. */
void at_explain_tell_pool(struct at_explain_tell *t, struct at_explain_node *step, uint32_t allot) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    at_words_operand pool = step->name;
    if (p->ast && p->ast->kind == AT_N_POOL) pool = at_words_text(p->ast->text);
    tell_whole(t, step, p->in[0], pool);
    tell_share(t, step, allot);
}
