/* explain/pool.c: explains a payee's share of a pool: the amount of the group, the contributions, and
 * rounding. */
#include "base/level.h"
#include "base/numtext.h"
#include "explain/explain_int.h"
#include "session/pair.h"

static struct at_plan_value value_of(const struct at_explain_tell *t, uint32_t node) {
    uint32_t state;
    return at_explain_tell_value(t, node, &state);
}

/* Whether a part of a pool is what its rule gives, and not only what is left of the pool. */
static bool is_uncut(const struct at_explain_tell *t, uint32_t part) {
    uint32_t rounded = at_explain_plain_node(t, t->r->plan->nodes[part].in[0]);
    if (t->r->plan->nodes[rounded].op != AT_P_ROUND || rounded != t->r->plan->nodes[part].in[0]) return false;
    return at_num_cmp(t->arena, at_explain_tell_number(t, part, NULL),
                      at_explain_tell_number(t, rounded, NULL)) == 0;
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
    bool part = t->r->pool_of[rounded] >= 0 && p->op == AT_P_UPTO;
    if (part && is_uncut(t, rounded)) {
        at_explain_tell_parts(t, whole, t->r->plan->nodes[p->in[0]].in[0], 1, true);
        at_explain_tell_rounding(t, whole, p->in[0]);
    } else if (p->op == AT_P_ROUND) {
        at_explain_tell_parts(t, whole, p->in[0], 1, true);
        at_explain_tell_rounding(t, whole, rounded);
    } else {
        at_explain_tell_parts(t, whole, rounded, 1, true);
    }
    at_explain_node_add(step, whole);
}

static bool counts_negatives(const struct at_explain_tell *t, uint32_t allot) {
    return (t->r->plan->nodes[allot].b & AT_ALLOT_NEGATIVES) != 0;
}

/* The value of another payee is read with a copy of `t`, because `t` always means the explained payee. */
static at_num number_of(const struct at_explain_tell *t, uint32_t node, uint32_t payee, bool *known) {
    struct at_explain_tell other = at_explain_as_member(t, node, payee);
    return at_explain_tell_number(&other, node, known);
}

static uint32_t input_of(const struct at_explain_tell *t, uint32_t allot, enum at_plan_allot bit) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    unsigned at = at_plan_allot_input(p, bit);
    return at ? p->in[at] : AT_NO_NODE;
}

/* Whether a payee shares: no condition leaves the payee out, and no value is missing. */
static bool shares(const struct at_explain_tell *t, uint32_t allot, uint32_t payee) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    uint32_t among = input_of(t, allot, AT_ALLOT_AMONG);
    struct at_explain_tell other = at_explain_as_member(t, allot, payee);
    if (among != AT_NO_NODE && !at_explain_tell_holds(&other, among)) return false;
    bool known = true;
    for (uint16_t i = 1; i < p->n_in && known; i++)
        if (p->in[i] != among) at_explain_tell_number(&other, p->in[i], &known);
    if (known && (p->b & AT_ALLOT_LEVEL)) known = at_num_sign(number_of(t, p->in[1], payee, NULL)) > 0;
    return known;
}

static at_num weight_of(const struct at_explain_tell *t, uint32_t allot, uint32_t payee) {
    at_num weight = number_of(t, t->r->plan->nodes[allot].in[1], payee, NULL);
    return at_num_sign(weight) < 0 && !counts_negatives(t, allot) ? at_num_int(0) : weight;
}

/* An equal split has a constant as the weight of each member. */
static bool is_equal_split(const struct at_explain_tell *t, uint32_t weights) {
    const struct at_plan_node *nodes = t->r->plan->nodes;
    while (nodes[weights].op == AT_P_SPREAD || at_explain_is_at_end(t, weights))
        weights = nodes[weights].in[nodes[weights].op == AT_P_IF];
    return nodes[weights].op == AT_P_CONST;
}

/* The way from the exact share to whole units. */
static void tell_remainder(struct at_explain_tell *t, struct at_explain_node *step, at_num exact,
                           const struct at_plan_value *paid) {
    at_num difference = at_num_sub(t->arena, at_plan_value_num(paid), exact);
    if (at_num_is_zero(difference)) return;
    struct at_explain_node *last = at_explain_node_new(t, AT_STEP_ROUNDING, NULL);
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), difference);
    /* Whether the payment is farther from zero than the exact share. */
    bool more = (at_num_sign(difference) > 0) == (at_num_sign(at_plan_value_num(paid)) >= 0);
    at_words_operand from = at_explain_tell_num(t, last, exact, at_explain_tell_money(t), false),
                     to = at_explain_tell_figure(t, last, paid, false);
    last->text = AT_SAID(t->arena, more ? AT_W_POOL_UNIT : AT_W_POOL_CUT, from, to, at_explain_tell_unit(t),
                         at_explain_tell_one_unit(t));
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

/* What the members of a group have in common.
 * Calculated once for each group and period. Otherwise, explaining all members would take time in
 * proportion to the square of their number. */
struct together {
    at_num weights, rate; /* rate: units of money for one unit of the weight, with limits and levels */
    uint32_t n;           /* who share */
    bool full;            /* all are at their limits: there is no rate */
};

static at_num units_of(const struct at_explain_tell *t, at_num money) {
    return at_num_div(t->arena, money, at_explain_tell_unit_amount(t));
}

/* As the kernel does. */
static struct at_level_member member_of(const struct at_explain_tell *t, uint32_t allot, uint32_t payee) {
    uint32_t limit = input_of(t, allot, AT_ALLOT_LIMIT), have = input_of(t, allot, AT_ALLOT_LEVEL);
    struct at_level_member out = {weight_of(t, allot, payee), at_num_int(0), -1};
    if (have != AT_NO_NODE) out.start = units_of(t, number_of(t, have, payee, NULL));
    if (limit == AT_NO_NODE) return out;
    at_num most = at_num_round(t->arena, units_of(t, number_of(t, limit, payee, NULL)), 0, AT_ROUND_DOWN);
    if (at_num_sign(most) < 0) most = at_num_int(0);
    if (!at_num_to_i64(t->arena, most, 0, &out.limit)) out.limit = -1;
    return out;
}

/* The payees of the group, or its stays. */
static uint32_t members_of(const struct at_explain_tell *t, uint32_t allot, const uint32_t **out) {
    if (at_explain_is_of_stays(t, allot)) return at_explain_stays_of(t, allot, out);
    return at_explain_members_of(t, t->r->plan->nodes[t->r->plan->nodes[allot].in[0]].place, out);
}

static const struct together *find_together(const struct at_explain_tell *t, uint32_t allot, uint16_t group) {
    void **shared = at_explain_group_shared(t, AT_SHARED_WEIGHTS, allot, group);
    if (*shared) return *shared;
    const uint32_t *members;
    uint32_t n = members_of(t, allot, &members);
    struct together *kept = AT_NEW(t->x->arena, struct together);
    struct at_level_member *level = AT_NEW_ARRAY(t->arena, struct at_level_member, n + 1);
    kept->weights = kept->rate = at_num_int(0);
    for (uint32_t i = 0; i < n; i++) {
        if (!shares(t, allot, members[i])) continue;
        kept->weights = at_num_add(t->arena, kept->weights, weight_of(t, allot, members[i]));
        level[kept->n++] = member_of(t, allot, members[i]);
    }
    int64_t whole = 0;
    at_num amount = units_of(t, at_explain_tell_number(t, t->r->plan->nodes[allot].in[0], NULL));
    if (t->r->plan->nodes[allot].b & (AT_ALLOT_LIMIT | AT_ALLOT_LEVEL))
        kept->full = !at_num_to_i64(t->arena, amount, 0, &whole) || whole <= 0 ||
                     !at_level_rate(t->arena, whole, level, kept->n, &kept->rate);
    kept->weights = at_num_copy(t->x->arena, kept->weights);
    kept->rate = at_num_copy(t->x->arena, kept->rate);
    *shared = kept;
    return kept;
}

/* A share that is being told: its step, and what the sentence names. */
struct share {
    struct at_explain_node *step;
    uint32_t allot, weight; /* nodes */
    at_num own, whole, exact;
    at_words_operand who;
    const struct together *all;
};

static at_words_operand money_text(const struct at_explain_tell *t, const struct share *s, at_num money) {
    return at_explain_tell_num(t, s->step, money, at_explain_tell_money(t), false);
}

static at_words_operand weight_text(const struct at_explain_tell *t, const struct share *s, at_num weight) {
    return at_explain_tell_num(t, s->step, weight, t->r->plan->nodes[s->weight].type,
                               at_explain_is_percent(t, s->weight));
}

static void put_exact(const struct at_explain_tell *t, struct share *s, at_num exact) {
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), exact);
    s->exact = exact;
    at_explain_node_value(t, s->step, &value, false);
}

static void tell_outside(struct at_explain_tell *t, struct share *s) {
    uint32_t among = input_of(t, s->allot, AT_ALLOT_AMONG);
    put_exact(t, s, at_num_int(0));
    if (among == AT_NO_NODE || at_explain_tell_holds(t, among)) {
        s->step->text = AT_SAID(t->arena, AT_W_POOL_LEFT_OUT, s->who);
        return;
    }
    struct at_explain_node *why = at_explain_tell_condition(t, among, false);
    s->step->text = AT_SAID(t->arena, AT_W_POOL_OUTSIDE, s->who, why->text);
    s->step->first = why->first;
    s->step->last = why->last;
}

/* An equal split has a constant as its weight, which says nothing. */
static void add_weight(struct at_explain_tell *t, struct share *s) {
    if (!is_equal_split(t, s->weight)) at_explain_node_add(s->step, at_explain_tell_node(t, s->weight));
}

static void tell_by_weight(struct at_explain_tell *t, struct share *s) {
    uint16_t group = t->r->plan->nodes[t->r->plan->nodes[s->allot].in[0]].place;
    /* Without a positive sum of weights, the exact share cannot be calculated. */
    if (at_num_sign(s->all->weights) <= 0) {
        put_exact(t, s, at_num_int(0));
        s->step->text = AT_SAID(t->arena, AT_W_POOL_NOBODY, at_explain_group_name(t, group));
        return;
    }
    put_exact(t, s, at_num_div(t->arena, at_num_mul(t->arena, s->whole, s->own), s->all->weights));
    at_words_operand whole = money_text(t, s, s->whole);
    if (t->r->plan->nodes[s->weight].op == AT_P_STAYDAYS)
        s->step->text = AT_SAID(t->arena, AT_W_POOL_DAYS, s->who, weight_text(t, s, s->own),
                                weight_text(t, s, s->all->weights), whole, s->step->value.shown,
                                part_text(t, s->own, s->all->weights));
    else if (is_equal_split(t, s->weight))
        s->step->text = AT_SAID(t->arena, AT_W_POOL_EQUAL,
                                at_explain_tell_many(t, s->all->n, AT_W_MEMBERS_ONE, AT_W_MEMBERS_MANY),
                                whole, s->step->value.shown);
    else
        s->step->text = AT_SAID(t->arena, AT_W_POOL_SHARE, s->who, weight_text(t, s, s->own),
                                weight_text(t, s, s->all->weights), at_explain_phrase(t, s->weight), whole,
                                s->step->value.shown, part_text(t, s->own, s->all->weights));
    add_weight(t, s);
}

/* With limits: at the limit, or at the rate of the members who are not. */
static void tell_limited(struct at_explain_tell *t, struct share *s) {
    struct at_level_member member = member_of(t, s->allot, t->payee);
    at_num unit = at_explain_tell_unit_amount(t), rate = at_num_mul(t->arena, s->all->rate, unit);
    at_num exact = at_num_mul(t->arena, rate, s->own),
           limit = at_num_mul(t->arena, at_num_int(member.limit), unit);
    if (s->all->full || at_num_cmp(t->arena, exact, limit) >= 0) {
        put_exact(t, s, at_num_sign(s->own) > 0 ? limit : at_num_int(0));
        s->step->text = AT_SAID(t->arena, AT_W_POOL_LIMITED, s->who, s->step->value.shown);
        return;
    }
    put_exact(t, s, exact);
    if (is_equal_split(t, s->weight))
        s->step->text = AT_SAID(t->arena, AT_W_POOL_EQUAL_RATE,
                                at_explain_tell_many(t, s->all->n, AT_W_MEMBERS_ONE, AT_W_MEMBERS_MANY),
                                s->step->value.shown);
    else
        s->step->text =
            AT_SAID(t->arena, AT_W_POOL_RATE, s->who, weight_text(t, s, s->own), money_text(t, s, rate),
                    at_explain_phrase(t, s->weight), at_words_text((at_str){0}), s->step->value.shown);
    add_weight(t, s);
}

/* To one level, perhaps with limits. */
static void tell_level(struct at_explain_tell *t, struct share *s) {
    struct at_level_member member = member_of(t, s->allot, t->payee);
    at_num unit = at_explain_tell_unit_amount(t), level = at_num_mul(t->arena, s->all->rate, unit);
    uint32_t have = input_of(t, s->allot, AT_ALLOT_LEVEL);
    at_num had = at_explain_tell_number(t, have, NULL), due = at_num_mul(t->arena, level, s->own),
           exact = at_num_sub(t->arena, due, had),
           limit = at_num_mul(t->arena, at_num_int(member.limit), unit);
    bool number = t->r->plan->nodes[s->weight].type.kind != AT_T_NUMBER;
    at_type type = number ? (at_type){.kind = AT_T_NUMBER} : at_explain_tell_money(t);
    at_words_operand level_text = at_explain_tell_num(t, s->step, level, type, number);
    if (at_num_sign(s->whole) <= 0 || (!s->all->full && at_num_sign(exact) < 0)) {
        put_exact(t, s, at_num_int(0));
        s->step->text = AT_SAID(t->arena, AT_W_POOL_ABOVE, level_text, at_explain_phrase(t, s->weight),
                                s->who, money_text(t, s, had), weight_text(t, s, s->own));
    } else if (member.limit >= 0 && (s->all->full || at_num_cmp(t->arena, exact, limit) >= 0)) {
        put_exact(t, s, limit);
        s->step->text = AT_SAID(t->arena, AT_W_POOL_LIMITED, s->who, s->step->value.shown);
    } else {
        put_exact(t, s, exact);
        s->step->text = AT_SAID(t->arena, AT_W_POOL_LEVEL, level_text, at_explain_phrase(t, s->weight),
                                weight_text(t, s, s->own), money_text(t, s, due), money_text(t, s, had),
                                s->step->value.shown);
    }
    at_explain_node_add(s->step, at_explain_tell_node(t, s->weight));
    at_explain_node_add(s->step, at_explain_tell_node(t, have));
}

/* How many who share have the payee's role. */
static uint32_t holders_of(const struct at_explain_tell *t, const struct share *s) {
    const struct at_plan_node *p = &t->r->plan->nodes[s->allot];
    if (p->a == 0) return 1;
    const uint32_t *members, *roles = at_kernel_frame_groups(t->r->run->frame, (uint32_t)p->a - 1, t->period);
    uint32_t n = at_explain_members_of(t, t->r->plan->nodes[p->in[0]].place, &members), holders = 0;
    for (uint32_t i = 0; i < n; i++)
        holders += roles[members[i]] == roles[t->payee] && shares(t, s->allot, members[i]);
    return holders ? holders : 1;
}

static void tell_fixed(struct at_explain_tell *t, struct share *s) {
    uint32_t holders = holders_of(t, s);
    at_num exact = at_num_mul(t->arena, s->whole, s->own);
    put_exact(t, s, at_num_div(t->arena, exact, at_num_int(holders)));
    s->step->text =
        AT_SAID(t->arena, holders > 1 ? AT_W_POOL_HELD : AT_W_POOL_FIXED, s->who, weight_text(t, s, s->own),
                at_explain_tell_many(t, holders, AT_W_MEMBERS_ONE, AT_W_MEMBERS_MANY),
                at_explain_phrase(t, s->weight), money_text(t, s, s->whole), s->step->value.shown,
                at_explain_tell_count(t, holders));
    at_explain_node_add(s->step, at_explain_tell_node(t, s->weight));
}

static void tell_share(struct at_explain_tell *t, struct at_explain_node *step, uint32_t allot) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    struct at_plan_value paid = value_of(t, allot);
    struct share s = {.step = at_explain_node_new(t, AT_STEP_POOL, NULL),
                      .allot = allot,
                      .weight = p->in[1],
                      .own = weight_of(t, allot, at_explain_member_of(t, allot)),
                      .whole = at_explain_tell_number(t, p->in[0], NULL),
                      .exact = at_num_int(0),
                      .who = at_words_text(t->story->label.n ? t->story->label : t->story->key),
                      .all = find_together(t, allot, t->r->plan->nodes[p->in[0]].place)};
    if (!shares(t, allot, at_explain_member_of(t, allot)))
        tell_outside(t, &s);
    else if (p->b & AT_ALLOT_SHARES)
        tell_fixed(t, &s);
    else if (p->b & AT_ALLOT_LEVEL)
        tell_level(t, &s);
    else if ((p->b & AT_ALLOT_LIMIT) && at_num_sign(s.whole) > 0)
        tell_limited(t, &s);
    else
        tell_by_weight(t, &s);
    s.step->part = true;
    at_explain_node_add(step, s.step);
    tell_remainder(t, step, s.exact, &paid);
}

/* Whether a reader may not see the amount of the pool, and what others contribute. */
bool at_explain_pool_is_hidden(const struct at_explain_tell *t, const struct at_check_component_decl *pool) {
    return t->x->options->discreet && at_session_pool_is_private(t->r->checked, pool);
}

/* The pool that the node divides. */
static const struct at_check_component_decl *pool_of(const struct at_explain_tell *t, uint32_t allot) {
    const struct at_ast_node *statement = t->r->plan->nodes[allot].ast;
    for (uint32_t i = 0; i < t->r->plan->n_components; i++) {
        const struct at_plan_component *c = &t->r->plan->components[i];
        if (c->decl && (c->earned == allot || (statement && c->decl->symbol->node == statement)))
            return c->decl;
    }
    return NULL;
}

/* A private pool: the share alone, and what the payee contributes. */
static void tell_hidden(struct at_explain_tell *t, struct at_explain_node *step, uint32_t allot,
                        at_words_operand pool) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    struct at_explain_node *share = at_explain_node_new(t, AT_STEP_POOL, NULL);
    struct at_plan_value paid = value_of(t, allot);
    at_explain_node_value(t, share, &paid, false);
    share->text = AT_SAID(t->arena, AT_W_POOL_PRIVATE, pool, share->value.shown);
    share->part = true;
    if (p->op == AT_P_ALLOT && p->n_in > 1 && !is_equal_split(t, p->in[1]))
        at_explain_node_add(share, at_explain_tell_node(t, p->in[1]));
    at_explain_node_add(step, share);
}

/* The parts are the exact share and what rounding adds to it. Their sum is the amount that the kernel
 * allotted. */
void at_explain_tell_pool(struct at_explain_tell *t, struct at_explain_node *step, uint32_t allot) {
    const struct at_plan_node *p = &t->r->plan->nodes[allot];
    at_words_operand pool = step->name;
    if (p->ast && p->ast->kind == AT_N_POOL)
        pool = at_words_text(p->ast->text2.n ? p->ast->text2 : p->ast->text);
    const struct at_check_component_decl *decl = pool_of(t, allot);
    if (decl && at_explain_pool_is_hidden(t, decl)) {
        tell_hidden(t, step, allot, pool);
        return;
    }
    if (p->op == AT_P_FROMSTAY) {
        at_explain_tell_stays(t, step, p->in[0]);
        return;
    }
    tell_whole(t, step, p->in[0], pool);
    tell_share(t, step, allot);
}
