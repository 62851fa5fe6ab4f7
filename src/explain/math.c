/* explain/math.c: explains arithmetic, slices, conditions, choices, and hooks. */
#include "explain/explain_int.h"

#define MOST_STEPS 20000 /* limit for each payout, because shared nodes are explained again */

/* ---- steps */

/* The step copies the place of the policy text, so writers do not need the tree. */
struct at_explain_node *at_explain_node_new(const struct at_explain_tell *t, enum at_explain_step_kind kind,
                                            const struct at_ast_node *ast) {
    struct at_explain_node *step = AT_NEW(t->arena, struct at_explain_node);
    step->kind = (uint8_t)kind;
    if (!ast || ast->span.end == 0) return step;
    step->span = ast->span;
    struct at_diag_place place = at_diag_sources_place(t->r->checked->ast->sources, ast->span.start);
    if (place.file) {
        step->source = at_explain_line_of_source(t, ast, 400);
        step->file = place.file->name;
        step->line = place.line;
    }
    return step;
}

/* `last` makes adding a child independent of the number of children. */
void at_explain_node_note(struct at_explain_tell *t, struct at_explain_node *step, at_words_operand text) {
    struct at_explain_node *note = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    note->text = text;
    at_explain_node_add(step, note);
}

void at_explain_node_add(struct at_explain_node *parent, struct at_explain_node *child) {
    if (!child) return;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

void at_explain_node_value(const struct at_explain_tell *t, struct at_explain_node *step,
                           const struct at_plan_value *value, bool percent) {
    step->has_value = true;
    step->value.value = *value;
    step->value.shown = at_explain_value_shown(t, value, percent, &step->value.shortened);
}

at_type at_explain_tell_money(const struct at_explain_tell *t) {
    return (at_type){.kind = AT_T_MONEY, .currency = t->r->checked->currency};
}

/* A step with the value and the source text of its node. The caller adds the sentence. */
static struct at_explain_node *begin(const struct at_explain_tell *t, enum at_explain_step_kind kind,
                                     uint32_t node) {
    struct at_explain_node *step = at_explain_node_new(t, kind, t->r->plan->nodes[node].ast);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    return step;
}

void at_explain_tell_inputs(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    for (uint16_t i = 0; i < p->n_in; i++)
        at_explain_node_add(parent, at_explain_tell_node(t, p->in[i]));
}

/* ---- boundaries: measures and components, which have their own explanations */

static bool is_other_pool(const struct at_explain_tell *t, uint32_t pool) {
    if (t->component >= t->r->plan->n_components) return true;
    const struct at_check_component_decl *own = t->r->plan->components[t->component].decl;
    return own != &t->r->checked->components[pool];
}

static bool is_running_total(const struct at_explain_tell *t, uint32_t node) {
    uint32_t before, value;
    return at_explain_running_total(t, node, &before, &value) != AT_TOTAL_NONE;
}

/* Marks a measure as wanted, so tell_measures explains it later. A component does not end at its own node,
 * or it would explain nothing. */
bool at_explain_boundary(struct at_explain_tell *t, uint32_t node) {
    int32_t measure = at_plan_adds_apart(&t->r->plan->nodes[node]) ? -1 : at_explain_measure_at(t, node),
            component = at_explain_component_at(t, node);
    if (is_running_total(t, node)) return true; /* said once for the row */
    if (t->earlier) return false;               /* the whole story of the period is here */
    /* Its own formula in this period, and not the same measure of an earlier one. */
    if (measure >= 0 && measure == t->measure && !t->past) return false;
    if (measure >= 0 && t->elsewhere) return false;
    if (measure >= 0) {
        if (t->measure_state[measure] == 0) t->measure_state[measure] = 1;
        return true;
    }
    bool given = at_explain_is_given(t, node);
    /* A pool and its parts explain their amounts. What belongs to another one is named. */
    int32_t pool = t->r->pool_of[node];
    if (pool >= 0 && !given && is_other_pool(t, (uint32_t)pool)) return true;
    if (t->adjusting && t->r->total[node]) return true;
    if (t->adjusting && !given && t->r->begins_of[node] >= 0) return true;
    return component >= 0 && (uint32_t)component != t->component;
}

bool at_explain_tell_sums(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (t->r->measure_of[node] >= 0 || t->r->component_of[node] >= 0) return false;
    if (at_explain_call_at(t, node) || is_running_total(t, node)) return false;
    return (p->op == AT_P_ADD || p->op == AT_P_SUB) &&
           (p->type.kind == AT_T_MONEY || p->type.kind == AT_T_NUMBER);
}

/* ---- sums, part by part */

/* A summand without steps below it. It has no source text, because its parent shows the formula. */
static struct at_explain_node *leaf(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = begin(t, AT_STEP_FIGURE, node);
    step->source = step->file = (at_str){0};
    step->span = (at_span){0};
    bool bare = t->r->plan->nodes[node].op == AT_P_CONST && at_explain_measure_at(t, node) < 0;
    step->text =
        bare ? step->value.shown : AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    return step;
}

/* A subtracted part gets a step of its own with the negated value, because at_explain_story_verify adds
 * all parts. */
static void add_part(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node, int sign) {
    struct at_explain_node *step = at_explain_boundary(t, node) ? NULL : at_explain_tell_inside(t, node);
    if (!step) step = leaf(t, node);
    step->part = true;
    if (sign < 0) {
        struct at_explain_node *less = at_explain_node_new(t, AT_STEP_ARITHMETIC, NULL);
        struct at_plan_value value = step->value.value;
        if (!value.missing) at_plan_value_put_num(&value, at_num_neg(t->arena, at_plan_value_num(&value)));
        at_explain_node_value(t, less, &value, at_explain_is_percent(t, node));
        less->text = AT_SAID(t->arena, AT_W_LESS, step->text);
        less->part = less->less = true;
        /* The new step replaces `step`, so it takes over its values and children. */
        less->figures = step->figures;
        less->n_figures = step->n_figures;
        less->first = step->first;
        less->last = step->last;
        step = less;
    }
    at_explain_node_add(parent, step);
}

/* `when` without a match pays a constant zero. A summand of zero would only repeat that. */
static bool is_zero_const(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[at_explain_plain_node(t, node)];
    const struct at_plan_value *value = p->data;
    bool number = p->type.kind == AT_T_MONEY || p->type.kind == AT_T_NUMBER;
    return p->op == AT_P_CONST && number && !value->missing && at_num_is_zero(at_plan_value_num(value));
}

/* A running total of zero pays nothing. It is worth a sentence only if it is zero. */
static bool asks_for_none(const struct at_explain_tell *t, uint32_t cond) {
    const struct at_plan_node *p = &t->r->plan->nodes[at_explain_plain_node(t, cond)];
    bool written = p->ast && p->ast->kind == AT_N_COMPARE;
    return p->op == AT_P_EQ && !written && is_running_total(t, p->in[0]) && is_zero_const(t, p->in[1]);
}

/* `top` is true for the `when` of a whole component: then the condition reads as the condition of payment.
 * Every path adds exactly the value of `node` times `sign` in parts. */
void at_explain_tell_parts(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node, int sign,
                           bool top) {
    node = at_explain_plain_node(t, node);
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    /* Within an adjustment, the amount so far is a value with a name, however it was added up. */
    bool so_far =
        t->adjusting && !at_explain_is_given(t, node) && (t->r->total[node] || t->r->begins_of[node] >= 0);
    if (so_far || t->depth > AT_EXPLAIN_DEEPEST || t->r->measure_of[node] >= 0 ||
        at_explain_call_at(t, node)) {
        add_part(t, parent, node, sign);
        return;
    }
    t->depth++;
    if (at_explain_tell_sums(t, node)) {
        at_explain_tell_parts(t, parent, p->in[0], sign, false);
        at_explain_tell_parts(t, parent, p->in[1], p->op == AT_P_ADD ? sign : -sign, false);
    } else if (p->op == AT_P_IF) {
        bool yes = at_explain_tell_holds(t, p->in[0]);
        uint32_t taken = p->in[yes ? 1 : 2];
        struct at_explain_node *cond =
            !yes && asks_for_none(t, p->in[0]) ? NULL : at_explain_tell_condition(t, p->in[0], top);
        if (top && !yes) at_explain_node_add(cond, at_explain_tell_when_hint(t, p->in[0], p->in[1]));
        at_explain_node_add(parent, cond);
        if (!is_zero_const(t, taken)) at_explain_tell_parts(t, parent, taken, sign, false);
    } else {
        add_part(t, parent, node, sign);
    }
    t->depth--;
}

at_num at_explain_tell_unit_amount(const struct at_explain_tell *t) {
    const struct at_currency_info *info = at_currency_info(t->r->checked->currency);
    uint32_t unit = t->r->checked->round_unit;
    return at_num_decimal(unit ? unit : 1, info ? info->digits : 2);
}

at_words_operand at_explain_tell_one_unit(const struct at_explain_tell *t) {
    const struct at_currency_info *info = at_currency_info(t->r->checked->currency);
    if (t->r->checked->round_unit > 1)
        return at_words_digits(
            at_money_print(t->arena, at_explain_tell_unit_amount(t), t->r->checked->currency));
    return at_words_fixed(!info || info->digits == 2 ? AT_W_ONE_CENT : AT_W_ONE_UNIT);
}

at_words_operand at_explain_tell_unit(const struct at_explain_tell *t) {
    const struct at_currency_info *info = at_currency_info(t->r->checked->currency);
    if (t->r->checked->round_unit > 1) return AT_SAID(t->arena, AT_W_MULTIPLES, at_explain_tell_one_unit(t));
    if (!info || info->digits == 2) return at_words_fixed(AT_W_CENT);
    return AT_SAID(t->arena, AT_W_MINOR_UNIT, at_words_text(at_str_z(info->code)));
}

static enum at_words_word rounded_word(const struct at_explain_tell *t) {
    switch (t->r->checked->rounding) {
    case AT_ROUND_HALF_EVEN: return AT_W_ROUNDED_EVEN;
    case AT_ROUND_DOWN: return AT_W_ROUNDED_DOWN;
    default: return AT_W_ROUNDED;
    }
}

/* What rounding adds to `before`; nothing where the two are equal. */
static struct at_explain_node *rounding_step(struct at_explain_tell *t, struct at_explain_node *parent,
                                             const struct at_plan_value *before,
                                             const struct at_plan_value *after) {
    at_num difference = at_num_sub(t->arena, at_plan_value_num(after), at_plan_value_num(before));
    if (at_num_is_zero(difference)) return NULL;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ROUNDING, NULL);
    at_words_operand unit = at_explain_tell_unit(t);
    at_words_operand from = at_explain_tell_figure(t, step, before, false),
                     to = at_explain_tell_figure(t, step, after, false);
    step->text = AT_SAID(t->arena, rounded_word(t), from, to, unit);
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), difference);
    at_explain_node_value(t, step, &value, false);
    step->part = true;
    at_explain_node_add(parent, step);
    return step;
}

/* The step from an exact amount to the one that is rounded: its value is what rounding added. */
void at_explain_tell_rounding(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t rounded) {
    const struct at_plan_node *p = &t->r->plan->nodes[rounded];
    uint32_t state, exact_state;
    bool together = p->op == AT_P_DIVIDE || p->op == AT_P_DIVIDEOF;
    if (p->op != AT_P_ROUND && !together) return;
    struct at_plan_value after = at_explain_tell_value(t, rounded, &state),
                         before = at_explain_tell_value(t, p->in[0], &exact_state);
    /* Without both amounts, a difference is not defined. */
    if (state != AT_STATE_OK || exact_state != AT_STATE_OK) return;
    struct at_explain_node *step = rounding_step(t, parent, &before, &after);
    if (step && together)
        step->text = AT_SAID(t->arena, AT_W_ROUNDED_TOGETHER, at_explain_tell_figure(t, step, &before, false),
                             at_explain_tell_figure(t, step, &after, false), at_explain_tell_unit(t));
}

void at_explain_tell_rounding_todate(struct at_explain_tell *t, struct at_explain_node *parent,
                                     const struct at_plan_value *exact, const struct at_plan_value *line,
                                     int32_t span) {
    struct at_explain_node *step = rounding_step(t, parent, exact, line);
    if (step)
        step->text = AT_SAID(t->arena, AT_W_ROUNDED_TODATE, at_explain_tell_unit(t),
                             at_explain_period_kind_name(span));
}

/* The step from the amount after all adjustments to the line. Over a longer span, the amount to date is
 * rounded. */
void at_explain_tell_line(struct at_explain_tell *t, struct at_explain_node *parent,
                          const struct at_plan_component *c) {
    /* A line that is paid later is rounded in the period in which it is calculated. */
    uint32_t state, exact_state;
    const struct at_plan_node *p = &t->r->plan->nodes[c->due];
    struct at_plan_value after = at_explain_tell_value(t, c->due, &state),
                         before = at_explain_tell_value(t, c->adjusted, &exact_state);
    if (state != AT_STATE_OK || exact_state != AT_STATE_OK) return;
    struct at_explain_node *step = rounding_step(t, parent, &before, &after);
    if (step && p->op == AT_P_DELTA)
        step->text = AT_SAID(t->arena, AT_W_ROUNDED_TODATE, at_explain_tell_unit(t),
                             at_explain_period_kind_name(p->a));
}

/* ---- arithmetic */

/* The sentence repeats the summands with their signs: "a - b", not "a + -b". A first summand keeps its own
 * sign. */
static struct at_explain_node *tell_sum(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = begin(t, AT_STEP_ARITHMETIC, node);
    at_words_operand figures = {0};
    step->adds = true;
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    at_explain_tell_parts(t, step, p->in[0], 1, false);
    at_explain_tell_parts(t, step, p->in[1], p->op == AT_P_ADD ? 1 : -1, false);
    for (const struct at_explain_node *part = step->first; part; part = part->next) {
        if (!part->part) continue;
        struct at_plan_value value = part->value.value;
        int sign = at_num_sign(at_plan_value_num(&value));
        /* A part of zero has no sign, so `less` says whether it is subtracted. */
        bool minus = figures.kind && (sign < 0 || (sign == 0 && part->less));
        if (minus) at_plan_value_put_num(&value, at_num_neg(t->arena, at_plan_value_num(&value)));
        at_words_operand shown = at_explain_tell_figure(t, step, &value, at_explain_is_percent(t, node));
        figures = figures.kind ? AT_SAID(t->arena, minus ? AT_W_SUB : AT_W_ADD, figures, shown) : shown;
    }
    step->text = AT_SAID(t->arena, AT_W_WORKED, at_explain_phrase(t, node), figures, step->value.shown);
    return step;
}

/* `max(a, b, c)` is two nodes, and one line. */
static struct at_explain_node *tell_many(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = begin(t, AT_STEP_ARITHMETIC, node);
    struct at_explain_many many = at_explain_many_of(t, node);
    at_words_operand figures = {0};
    for (size_t i = 0; i < many.n; i++) {
        at_words_operand one = at_explain_tell_node_figure(t, step, many.at[i]);
        figures = figures.kind ? AT_SAID(t->arena, AT_W_LIST, figures, one) : one;
    }
    enum at_words_word word = t->r->plan->nodes[node].op == AT_P_MIN ? AT_W_MIN_OF : AT_W_MAX_OF;
    step->text = AT_SAID(t->arena, AT_W_WORKED, at_explain_phrase(t, node), AT_SAID(t->arena, word, figures),
                         step->value.shown);
    for (size_t i = 0; i < many.n; i++)
        at_explain_node_add(step, at_explain_tell_node(t, many.at[i]));
    return step;
}

static struct at_explain_node *tell_operator(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = begin(t, AT_STEP_ARITHMETIC, node);
    at_words_operand args[3] = {{0}};
    for (uint16_t i = 0; i < p->n_in && i < 3; i++)
        args[i] = at_explain_tell_node_figure(t, step, p->in[i]);
    at_words_operand figures = at_explain_put_op(t, node, args, p->n_in);
    at_words_operand name = at_explain_phrase(t, node);
    step->text = figures.kind ? AT_SAID(t->arena, AT_W_WORKED, name, figures, step->value.shown)
                              : AT_SAID(t->arena, AT_W_IS, name, step->value.shown);
    at_explain_tell_inputs(t, step, node);
    if (p->op == AT_P_MUL) at_explain_node_add(step, at_explain_tell_over_hint(t, node));
    return step;
}

/* ---- slices */

static struct at_explain_node *tell_over(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = begin(t, AT_STEP_SLICE, node);
    at_words_operand x = at_explain_phrase(t, p->in[0]), bound = at_explain_phrase(t, p->in[1]);
    at_words_operand figure = at_explain_tell_node_figure(t, step, p->in[0]),
                     limit = at_explain_tell_node_figure(t, step, p->in[1]);
    bool some = at_num_sign(at_explain_node_num(step)) > 0;
    step->text =
        AT_SAID(t->arena, some ? AT_W_OVER_YES : AT_W_OVER_NO, x, bound, figure, limit, step->value.shown);
    at_explain_tell_inputs(t, step, node);
    return step;
}

static struct at_explain_node *tell_upto(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = begin(t, AT_STEP_SLICE, node);
    uint32_t state;
    struct at_plan_value of = at_explain_tell_value(t, p->in[0], &state),
                         limit = at_explain_tell_value(t, p->in[1], &state);
    at_words_operand x = at_explain_phrase(t, p->in[0]), bound = at_explain_phrase(t, p->in[1]);
    at_words_operand figure = at_explain_tell_node_figure(t, step, p->in[0]),
                     most = at_explain_tell_node_figure(t, step, p->in[1]);
    /* Three sentences: nothing is there to count, the limit cuts the value, or all of it counts. */
    enum at_words_word word = AT_W_UPTO_ALL;
    if (at_num_is_zero(at_explain_node_num(step)) && at_num_sign(at_plan_value_num(&of)) <= 0)
        word = AT_W_UPTO_ZERO;
    else if (at_num_cmp(t->arena, at_plan_value_num(&of), at_plan_value_num(&limit)) > 0)
        word = AT_W_UPTO_CUT;
    step->text = AT_SAID(t->arena, word, x, bound, figure, word == AT_W_UPTO_CUT ? step->value.shown : most);
    at_explain_tell_inputs(t, step, node);
    return step;
}

static struct at_explain_node *tell_between(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = begin(t, AT_STEP_SLICE, node);
    at_words_operand names[3], figures[3];
    for (int i = 0; i < 3; i++) {
        names[i] = at_explain_phrase(t, p->in[i]);
        figures[i] = at_explain_tell_node_figure(t, step, p->in[i]);
    }
    step->text = AT_SAID(t->arena, AT_W_BETWEEN_IS, names[0], names[1], names[2], figures[0], figures[1],
                         figures[2], step->value.shown);
    at_explain_tell_inputs(t, step, node);
    return step;
}

static struct at_explain_node *tell_round(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t state;
    struct at_plan_value exact = at_explain_tell_value(t, p->in[0], &state),
                         rounded = at_explain_tell_value(t, node, &state);
    if (state == AT_STATE_OK &&
        at_num_cmp(t->arena, at_plan_value_num(&exact), at_plan_value_num(&rounded)) == 0)
        return at_explain_tell_node(t, p->in[0]);
    struct at_explain_node *step = begin(t, AT_STEP_ROUNDING, node);
    at_words_operand before = at_explain_tell_figure(t, step, &exact, at_explain_is_percent(t, node));
    enum at_num_rounding how = p->op == AT_P_ROUND ? (enum at_num_rounding)(p->b & 3) : AT_ROUND_HALF_UP;
    step->text = AT_SAID(t->arena,
                         how == AT_ROUND_DOWN ? AT_W_ROUND_DOWN
                         : how == AT_ROUND_UP ? AT_W_ROUND_UP
                                              : AT_W_ROUND_WHOLE,
                         before, step->value.shown);
    at_explain_tell_inputs(t, step, node);
    return step;
}

/* ---- choices */

static struct at_explain_node *tell_if(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = begin(t, AT_STEP_CHOICE, node);
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    for (;;) { /* a `choose` is one choice in another */
        bool yes = at_explain_tell_holds(t, p->in[0]);
        at_explain_node_add(step, at_explain_tell_condition(t, p->in[0], false));
        uint32_t taken = at_explain_plain_node(t, p->in[yes ? 1 : 2]);
        const struct at_plan_node *next = &t->r->plan->nodes[taken];
        if (!yes && next->op == AT_P_IF && next->ast == p->ast && t->r->measure_of[taken] < 0) {
            p = next;
            continue;
        }
        struct at_explain_node *branch = at_explain_tell_node(t, taken);
        at_explain_node_add(step, branch ? branch : leaf(t, taken));
        return step;
    }
}

static struct at_explain_node *tell_ifmissing(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t state;
    at_explain_tell_value(t, p->in[0], &state);
    if (state != AT_STATE_MISSING) return at_explain_tell_node(t, p->in[0]);
    struct at_explain_node *step = begin(t, AT_STEP_CHOICE, node);
    step->text = AT_SAID(t->arena, AT_W_WAS_MISSING, at_explain_phrase(t, p->in[0]),
                         at_explain_phrase(t, p->in[1]), step->value.shown);
    at_explain_tell_inputs(t, step, node);
    return step;
}

/* ---- by kind of node */

static struct at_explain_node *tell_other(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = begin(t, AT_STEP_ARITHMETIC, node);
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    at_explain_tell_inputs(t, step, node);
    return step;
}

static struct at_explain_node *tell_allot(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = begin(t, AT_STEP_POOL, node);
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    step->adds = true;
    at_explain_tell_pool(t, step, node);
    return step;
}

/* Returns whether a node has only a name and a value to show. */
static bool is_given(enum at_plan_op op) {
    switch (op) {
    case AT_P_CONST:
    case AT_P_LOAD:
    case AT_P_ROWNUM:
    case AT_P_RECIPIENT:
    case AT_P_LEVEL:
    case AT_P_ITEMPERIOD:
    case AT_P_ITEMSHARE:
    case AT_P_PAYEE:
    case AT_P_CELLPERIOD:
    case AT_P_COVERDAYS:
    case AT_P_COVERLAST:
    case AT_P_STAYDAYS:
    case AT_P_STAYLAST:
    case AT_P_PERIODPART:
    case AT_P_GROUPKEY:
    case AT_P_FOLLOW:
    case AT_P_CHOICETEXT:
    case AT_P_DATEDROW:
    case AT_P_DATEDMEAN:
    case AT_P_RUNSUM:
    case AT_P_RUNCOUNT: return true;
    default: return false;
    }
}

/* Every operator leads to one function. A new operator without a case gets only its name and value. */
static struct at_explain_node *by_op(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    bool gathered = p->op == AT_P_FOLLOW && t->r->plan->nodes[p->in[0]].op == AT_P_GATHER;
    if (gathered || p->op == AT_P_GATHER) return at_explain_tell_gather(t, node);
    if (is_given((enum at_plan_op)p->op)) return NULL;
    switch ((enum at_plan_op)p->op) {
    case AT_P_SPREAD:
    case AT_P_FROMCELL:
    case AT_P_FROMGROUP:
    case AT_P_TOSTAY:
    case AT_P_COVERED:
    case AT_P_TAKE: return at_explain_tell_node(t, p->in[0]);
    case AT_P_SUM:
    case AT_P_COUNT:
    case AT_P_LEAST:
    case AT_P_MOST: return at_explain_tell_rows(t, node);
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST: return at_explain_tell_members(t, node);
    case AT_P_ASOF:
    case AT_P_TODATE:
    case AT_P_PRIOR:
    case AT_P_CARRY:
    case AT_P_TRAILING:
    case AT_P_DELTA:
    case AT_P_RUNNING:
    case AT_P_RUNCARRY: return at_explain_tell_scan(t, node);
    case AT_P_LINEOF: return at_explain_tell_line_of(t, node);
    case AT_P_PAID: return at_explain_tell_paid(t, node);
    case AT_P_PRIZE: return at_explain_tell_prize(t, node);
    case AT_P_RANK: return at_explain_tell_rank(t, node);
    case AT_P_FROMSTAY:
    case AT_P_ALLOT: return tell_allot(t, node);
    case AT_P_ADD:
    case AT_P_SUB:
        return at_explain_tell_sums(t, node) || t->r->measure_of[node] >= 0 ? tell_sum(t, node)
                                                                            : tell_operator(t, node);
    case AT_P_OVER: return tell_over(t, node);
    case AT_P_UPTO: return tell_upto(t, node);
    case AT_P_BETWEEN: return tell_between(t, node);
    case AT_P_DIVIDE:
    case AT_P_DIVIDEOF:
    case AT_P_ROUND: return tell_round(t, node);
    case AT_P_STEP: return at_explain_tell_step(t, node);
    case AT_P_THROUGH: return at_explain_tell_through(t, node);
    case AT_P_LOOKUP: return at_explain_tell_lookup(t, node);
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE:
    case AT_P_AND:
    case AT_P_OR:
    case AT_P_NOT:
    case AT_P_MISSING:
    case AT_P_IN: return at_explain_tell_condition(t, node, false);
    case AT_P_IF: return tell_if(t, node);
    case AT_P_IFMISSING: return tell_ifmissing(t, node);
    case AT_P_CALL: return at_explain_tell_hook(t, node);
    case AT_P_EXCHANGE: return at_explain_tell_exchange(t, node);
    case AT_P_MUL:
        return at_explain_converts(t, node) ? at_explain_tell_conversion(t, node) : tell_operator(t, node);
    case AT_P_DIV:
    case AT_P_NEG:
    case AT_P_ABS: return tell_operator(t, node);
    case AT_P_MIN:
    case AT_P_MAX: return at_explain_many_of(t, node).n > 2 ? tell_many(t, node) : tell_operator(t, node);
    default: return tell_other(t, node);
    }
}

/* At the limits, it returns NULL, and the caller shows only the value. Sums still add up. */
struct at_explain_node *at_explain_tell_inside(struct at_explain_tell *t, uint32_t node) {
    const struct at_ast_node *use = t->use;
    if (t->depth > AT_EXPLAIN_DEEPEST || t->steps++ > MOST_STEPS) return NULL;
    t->depth++;
    uint32_t telling = t->telling;
    t->use = at_explain_site_of(t, node);
    t->telling = node;
    const struct at_plan_site *call = at_explain_call_at(t, node);
    struct at_explain_node *step = t->r->balance_of[node] >= 0 ? at_explain_tell_owed(t, node)
                                   : call                      ? at_explain_tell_written(t, node, call, by_op)
                                                               : by_op(t, node);
    t->telling = telling;
    t->use = use;
    t->depth--;
    return step;
}

struct at_explain_node *at_explain_tell_node(struct at_explain_tell *t, uint32_t node) {
    node = at_explain_plain_node(t, node);
    return at_explain_boundary(t, node) ? NULL : at_explain_tell_inside(t, node);
}
