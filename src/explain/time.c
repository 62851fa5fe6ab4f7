/* explain/time.c: explains sums over periods and members, ranks, and running values. */

#include "base/sort.h"
#include "explain/explain_int.h"

static struct at_plan_value value_of(const struct at_explain_tell *t, uint32_t node) {
    uint32_t state;
    return at_explain_tell_value(t, node, &state);
}

static at_words_operand period_name(const struct at_explain_tell *t, uint32_t period) {
    return at_words_month(at_session_run_period(t->r->run, period));
}

/* ---- periods */

/* Field a is a number of periods for TRAILING, and a kind of period for the others. The window never
 * begins before the run. */
static uint32_t first_of(const struct at_explain_tell *t, const struct at_plan_node *p) {
    if (p->op == AT_P_TRAILING) {
        uint32_t back =
            at_kernel_frame_back(t->r->run->frame, t->period, (uint32_t)p->a, (uint8_t)(p->b / 4));
        return t->period + 1 > back ? t->period + 1 - back : 0;
    }
    const struct at_calendar *calendar = &t->r->checked->calendar;
    at_period now = at_session_run_period(t->r->run, t->period);
    at_period whole = at_period_holding(calendar, now, (enum at_period_kind)p->a);
    uint32_t first = t->period;
    while (first > 0) {
        at_period before = at_session_run_period(t->r->run, first - 1);
        if (at_period_holding(calendar, before, (enum at_period_kind)p->a).ordinal != whole.ordinal) break;
        first--;
    }
    return first;
}

/* The value of `node` in another period, as a step of its own.
 * NULL if the value of that period is missing or an exception: it adds nothing. */
static struct at_explain_node *of_period(struct at_explain_tell *t, uint32_t node, uint32_t period) {
    const struct at_explain_tell then = at_explain_in_period(t, node, period);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(&then, node, &state);
    if (state != AT_STATE_OK) return NULL;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_PERIOD, NULL);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    step->name = period_name(t, period);
    step->text = AT_SAID(t->arena, AT_W_IN_PERIOD, step->name, step->value.shown);
    return step;
}

/* With the option `all`, an earlier period is explained down to its rows, here: it is not the period of the
 * story, whose measures are explained once. Steps are counted together, so the limit holds for all of it. */
static void add_earlier(struct at_explain_tell *t, struct at_explain_node *part, uint32_t node,
                        uint32_t period) {
    if (!t->x->options->all || !part || t->past || t->earlier) return;
    struct at_explain_tell then = at_explain_in_period(t, node, period);
    then.earlier = true;
    at_explain_node_add(part, at_explain_tell_inside(&then, at_explain_plain_node(&then, node)));
    t->steps = then.steps;
}

void at_explain_tell_before(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node,
                            uint32_t formula) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    for (uint32_t period = first_of(t, p); period < t->period; period++) {
        struct at_explain_node *step = of_period(t, node, period);
        add_earlier(t, step, formula, period);
        at_explain_node_add(parent, step);
    }
}

/* Field b is how periods combine: 0 adds them, 1 takes the smallest, 2 the largest. Only sums have
 * parts. Without the option `all`, only the current period shows its calculation. */
static struct at_explain_node *tell_window(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = value_of(t, node);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    uint32_t first = first_of(t, p);
    static const enum at_words_word words[] = {AT_W_OVER_PERIODS, AT_W_OVER_PERIODS_LEAST,
                                               AT_W_OVER_PERIODS_MOST};
    int how = p->b % 4 <= 2 ? p->b % 4 : 0;
    step->text = AT_SAID(t->arena, words[how], at_explain_phrase(t, node),
                         at_explain_tell_many(t, t->period - first + 1, AT_W_PERIODS_ONE, AT_W_PERIODS_MANY),
                         step->value.shown);
    step->adds = how == 0;
    for (uint32_t period = first; period <= t->period; period++) {
        struct at_explain_node *part = of_period(t, p->in[0], period);
        if (!part) continue;
        part->part = how == 0;
        if (period == t->period) at_explain_node_add(part, at_explain_tell_node(t, p->in[0]));
        if (period < t->period) add_earlier(t, part, p->in[0], period);
        at_explain_node_add(step, part);
    }
    return step;
}

static struct at_explain_node *tell_prior(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = value_of(t, node);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    uint32_t back;
    at_explain_past_source(t->r->run, p, t->period, &back);
    if (t->period < back) return step;
    struct at_explain_node *then = of_period(t, p->in[0], t->period - back);
    add_earlier(t, then, p->in[0], t->period - back);
    at_explain_node_add(step, then);
    return step;
}

/* In the first period of the span, nothing precedes, so only the current value is shown. */
static struct at_explain_node *tell_delta(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = value_of(t, node);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    uint32_t back = at_kernel_frame_back(t->r->run->frame, t->period, 1, (uint8_t)p->b);
    if (first_of(t, p) + back <= t->period)
        at_explain_node_add(step, of_period(t, p->in[0], t->period - back));
    at_explain_node_add(step, of_period(t, p->in[0], t->period));
    return step;
}

/* For which period the value is; rows have no steps of their own for it. */
static struct at_explain_node *tell_as_of(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = value_of(t, node), day = value_of(t, p->in[1]);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    if (value.missing || day.missing) return step;
    struct at_col col = {.n = 1, .one = true, .form = AT_COL_DAY};
    at_date date = 0;
    at_period period = {0};
    if (day.type.kind == AT_T_DATE) {
        date = at_plan_value_day(&day);
        col.day = &date;
    } else {
        period = at_plan_value_period(&day);
        col.form = AT_COL_PERIOD;
        col.period = &period;
    }
    int64_t at = at_kernel_frame_as_of(t->r->run->frame, p, &col, 0);
    if (at >= 0 && at <= t->period) at_explain_node_add(step, of_period(t, p->in[0], (uint32_t)at));
    return step;
}

static struct at_explain_node *tell_running(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, t->r->plan->nodes[node].ast);
    struct at_plan_value value = value_of(t, node);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    return step;
}

struct at_explain_node *at_explain_tell_scan(struct at_explain_tell *t, uint32_t node) {
    switch ((enum at_plan_op)t->r->plan->nodes[node].op) {
    case AT_P_TODATE:
    case AT_P_TRAILING: return tell_window(t, node);
    case AT_P_PRIOR:
        return t->r->past[t->r->plan->nodes[node].in[0]] ? at_explain_tell_past(t, node)
                                                         : tell_prior(t, node);
    case AT_P_CARRY: return at_explain_tell_past(t, node);
    case AT_P_DELTA: return tell_delta(t, node);
    case AT_P_ASOF: return tell_as_of(t, node);
    default: return tell_running(t, node);
    }
}

/* ---- people */

struct member {
    uint32_t payee, order;
    struct at_plan_value value;
};

/* Positive values come first, then negative ones by their size. Equal values keep the order of keys, so
 * that the result does not depend on the sort. */
static int larger_first(const void *left, const void *right) {
    const struct member *a = left, *b = right;
    int order = at_explain_tell_order(&b->value, &a->value);
    if (at_plan_type_counts(a->value.type)) {
        int sx = at_num_sign(at_plan_value_num(&a->value)), sy = at_num_sign(at_plan_value_num(&b->value));
        if (sx < 0 && sy < 0)
            order = -order;
        else if ((sx < 0) != (sy < 0))
            order = sy - sx;
    }
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static struct at_explain_node *member_step(struct at_explain_tell *t, const struct member *member,
                                           bool percent) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_MEMBER, NULL);
    at_str label = t->r->result->labels[member->payee], key = t->r->result->keys[member->payee];
    at_explain_node_value(t, step, &member->value, percent);
    step->name = at_words_text(label.n ? label : key);
    step->text = AT_SAID(t->arena, AT_W_IS, step->name, step->value.shown);
    return step;
}

struct at_explain_node *at_explain_more_step(struct at_explain_tell *t, uint64_t n, at_num sum, at_type type,
                                             bool percent) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_MORE, NULL);
    if (!at_plan_type_counts(type)) { /* dates have no sum */
        step->text = AT_SAID(t->arena, AT_W_MORE_ROWS, at_explain_tell_count(t, n));
        return step;
    }
    struct at_plan_value value = at_plan_value_of_num(type, sum);
    value.type.optional = false;
    at_explain_node_value(t, step, &value, percent);
    step->text = AT_SAID(t->arena, AT_W_MORE, at_explain_tell_count(t, n), step->value.shown);
    step->part = true;
    return step;
}

/* The members of a group by their values, the largest first, as far as they are shown. */
struct ranking {
    struct member *list;
    uint32_t n, kept; /* of the list; members with a value */
    at_num rest;      /* sum of the others */
};

/* The ranking is in the arena of the explainer, because all members of the group share it. The full list
 * is scratch memory. */
static struct ranking *rank_members(struct at_explain_tell *t, uint32_t node, const uint32_t *members,
                                    uint32_t n) {
    struct at_arena *arena = t->x->arena;
    struct ranking *ranking = AT_NEW(arena, struct ranking);
    struct member *list = AT_NEW_ARRAY(t->arena, struct member, n + 1);
    at_num rest = at_num_int(0);
    at_type type = t->r->plan->nodes[node].type;
    for (uint32_t i = 0; i < n; i++) {
        struct at_explain_tell other = at_explain_as_member(t, node, members[i]);
        uint32_t state;
        struct at_plan_value value = at_explain_tell_value(&other, node, &state);
        if (state == AT_STATE_OK) list[ranking->kept++] = (struct member){other.payee, i, value};
    }
    at_sort_items(t->arena, list, ranking->kept, sizeof *list, larger_first);
    uint32_t most = t->x->options->all ? n : AT_SHOWN_ROWS;
    ranking->n = ranking->kept < most ? ranking->kept : most;
    ranking->list = AT_NEW_ARRAY(arena, struct member, ranking->n + 1);
    for (uint32_t i = 0; i < ranking->n; i++) {
        ranking->list[i] = list[i];
        ranking->list[i].value = at_explain_value_kept(arena, &list[i].value);
    }
    for (uint32_t i = ranking->n; i < ranking->kept && at_plan_type_counts(type); i++)
        rest = at_num_add(t->arena, rest, at_plan_value_num(&list[i].value));
    ranking->rest = at_num_copy(arena, rest);
    return ranking;
}

static void name_group(struct at_explain_tell *t, struct at_explain_node *member, uint32_t payee,
                       uint16_t group) {
    struct at_explain_tell other = *t;
    other.payee = payee;
    member->name = at_explain_group_name(&other, group);
    member->text = AT_SAID(t->arena, AT_W_IS, member->name, member->value.shown);
}

/* The first member of each group of another grouping: they share one value, which counts once. */
static uint32_t first_of_each(struct at_explain_tell *t, uint16_t by, const uint32_t **members, uint32_t n) {
    const uint32_t *of = at_kernel_frame_groups(t->r->run->frame, by, t->period);
    uint32_t *first = AT_NEW_ARRAY(t->arena, uint32_t, n + 1), kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < kept && !seen; k++)
            seen = of[first[k]] == of[(*members)[i]];
        if (!seen) first[kept++] = (*members)[i];
    }
    *members = first;
    return kept;
}

/* The members in the period. */
static uint32_t members_of(const struct at_explain_tell *t, const struct at_plan_node *p, uint16_t group,
                           const uint32_t **members) {
    bool stays = p->op != AT_P_RANK && at_explain_is_of_stays(t, p->in[0]);
    uint32_t kept = 0, mask = at_explain_members_mask(t, p);
    uint32_t n = stays ? at_explain_stays_of(t, p->in[0], members) : at_explain_members_of(t, group, members);
    if (mask == AT_NO_NODE) return n;
    uint32_t *now = AT_NEW_ARRAY(t->arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        struct at_explain_tell other = at_explain_as_member(t, p->in[0], (*members)[i]);
        if (at_explain_tell_holds(&other, mask)) now[kept++] = (*members)[i];
    }
    *members = now;
    return kept;
}

static void list_members(struct at_explain_tell *t, struct at_explain_node *step, uint32_t node,
                         uint16_t group, const struct at_plan_node *of) {
    const struct at_plan_node *once = of->op == AT_P_RANK ? NULL : of;
    const uint32_t *members;
    uint32_t n = members_of(t, of, group, &members), by = once && once->a > 0 ? (uint32_t)once->a : 0;
    void **shared = at_explain_group_shared(t, AT_SHARED_RANKING,
                                            by ? (uint32_t)(once - t->r->plan->nodes) : node, group);
    if (by) n = first_of_each(t, (uint16_t)(by - 1), &members, n);
    if (!*shared) *shared = rank_members(t, node, members, n);
    const struct ranking *ranking = *shared;
    bool percent = at_explain_is_percent(t, node);
    for (uint32_t i = 0; i < ranking->n; i++) {
        struct at_explain_node *member = member_step(t, &ranking->list[i], percent);
        at_explain_node_add(step, member);
        if (by) name_group(t, member, ranking->list[i].payee, (uint16_t)(by - 1));
    }
    if (ranking->kept > ranking->n)
        at_explain_node_add(step, at_explain_more_step(t, ranking->kept - ranking->n, ranking->rest,
                                                       t->r->plan->nodes[node].type, percent));
}

struct at_explain_node *at_explain_tell_members(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (p->a == p->place + 1) return at_explain_tell_node(t, p->in[0]); /* the group's own, of each member */
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = value_of(t, node);
    const uint32_t *members;
    uint32_t n = members_of(t, p, p->place, &members);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    bool groups = p->a > 0; /* a value of another grouping counts once for each of its groups */
    if (groups) n = first_of_each(t, (uint16_t)(p->a - 1), &members, n);
    step->text = AT_SAID(t->arena, AT_W_MEMBERS, at_explain_phrase(t, node),
                         at_explain_tell_many(t, n, groups ? AT_W_GROUPS_ONE : AT_W_MEMBERS_ONE,
                                              groups ? AT_W_GROUPS_MANY : AT_W_MEMBERS_MANY),
                         step->value.shown);
    /* Other payees must not appear on the statement of a payee. The sum is shown without its parts, so
     * `adds` stays false. */
    if (t->x->options->discreet) return step;
    step->adds = p->op == AT_P_GROUPSUM;
    list_members(t, step, p->in[0], p->place, p);
    for (struct at_explain_node *member = step->first; member; member = member->next)
        member->part = step->adds;
    return step;
}

struct at_explain_node *at_explain_tell_rank(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_RANK, p->ast);
    struct at_plan_value value = value_of(t, node);
    const uint32_t *members;
    uint32_t n = members_of(t, p, (uint16_t)p->a, &members);
    at_explain_node_value(t, step, &value, false);
    at_words_operand of = at_explain_tell_node_figure(t, step, p->in[0]);
    at_words_operand day = p->n_in > 1 ? at_explain_tell_node_figure(t, step, p->in[1]) : of;
    step->text = AT_SAID(t->arena, p->n_in > 1 ? AT_W_RANKED_FIRST : AT_W_RANKED, at_explain_phrase(t, node),
                         of, step->value.shown, at_explain_tell_count(t, n), day);
    at_explain_node_add(step, at_explain_tell_node(t, p->in[0]));
    if (p->n_in > 1) at_explain_node_add(step, at_explain_tell_node(t, p->in[1]));
    if (!t->x->options->discreet) {
        list_members(t, step, p->in[0], (uint16_t)p->a, p);
        for (struct at_explain_node *member = step->first; member; member = member->next)
            member->part = false;
    }
    return step;
}
