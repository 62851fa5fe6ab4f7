/* explain/rate.c: explains tiers, slices, and tables, and the distance to the next tier. */
#include "base/numtext.h"
#include "explain/explain_int.h"

static struct at_plan_value value_of(const struct at_explain_tell *t, uint32_t node) {
    uint32_t state;
    return at_explain_tell_value(t, node, &state);
}

/* ---- ratios: attainment is bookings over quota */

bool at_explain_tell_ratio(const struct at_explain_tell *t, uint32_t node, uint32_t *over, uint32_t *under) {
    /* 20 choices inside each other are more than a policy has reason to write. Beyond it, no progress is
     * shown. */
    for (unsigned i = 0; i < 20; i++) {
        node = at_explain_plain_node(t, node);
        const struct at_plan_node *p = &t->r->plan->nodes[node];
        uint32_t state;
        if (p->op == AT_P_IF) {
            node = p->in[at_explain_tell_holds(t, p->in[0]) ? 1 : 2];
        } else if (p->op == AT_P_IFMISSING) {
            at_explain_tell_value(t, p->in[0], &state);
            if (state != AT_STATE_OK) return false;
            node = p->in[0];
        } else if (p->op == AT_P_DIV) {
            *over = p->in[0];
            *under = p->in[1];
            bool measured, wanted;
            at_num target = at_explain_tell_number(t, *under, &wanted);
            at_explain_tell_number(t, *over, &measured);
            /* A target of zero or less has no progress. Different types have no common unit. */
            return measured && wanted && at_num_sign(target) > 0 &&
                   t->r->plan->nodes[*over].type.kind == t->r->plan->nodes[*under].type.kind;
        } else {
            return false;
        }
    }
    return false;
}

/* ---- progress and hints, which statements show */

/* The same values under two names are one bar, under the name of the measure. */
static struct at_explain_progress *known_progress(struct at_explain_tell *t,
                                                  const struct at_explain_progress *wanted) {
    for (size_t i = 0; i < t->progress.n; i++)
        if (at_words_same(&t->progress.at[i].name, &wanted->name) ||
            at_words_same(&t->progress.at[i].of_text, &wanted->of_text))
            return &t->progress.at[i];
    return NULL;
}

/* A row has no progress: it is about the payee and period. */
void at_explain_tell_progress(struct at_explain_tell *t, at_words_operand name, bool measure, at_num value,
                              uint32_t over, uint32_t under) {
    struct at_explain_node unused = {0};
    struct at_explain_progress progress = {.name = name, .measure = measure};
    if (t->row) return;
    at_words_operand m = at_explain_tell_node_figure(t, &unused, over),
                     q = at_explain_tell_node_figure(t, &unused, under);
    progress.of_text = AT_SAID(t->arena, AT_W_OF_TARGET, m, q);
    progress.value.value = at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, value);
    at_num hundred = at_num_mul(t->arena, value, at_num_int(100));
    at_str percent = at_num_print_short(t->arena, hundred, 1, true, &progress.value.shortened);
    bool part = at_num_sign(value) > 0 && at_num_cmp(t->arena, value, at_num_int(1)) < 0;
    if (part && at_str_eq(percent, AT_STR("100"))) percent = AT_STR("99.9"); /* the target is not reached */
    progress.value.shown = at_words_digits(
        at_str_format(t->arena, "%s%.*s%%", progress.value.shortened ? "≈" : "", AT_STR_ARG(percent)));
    int64_t permille = 0;
    at_num cut = at_num_floor(t->arena, at_num_mul(t->arena, value, at_num_int(1000)));
    /* The limit keeps the arithmetic of drawing in 32 bits. */
    if (!at_num_to_i64(t->arena, cut, 0, &permille) || permille > 100000) permille = 100000;
    progress.permille = permille < 0 ? 0 : (uint32_t)permille;
    struct at_explain_progress *known = known_progress(t, &progress);
    if (!known)
        AT_VEC_PUSH(t->arena, &t->progress, progress);
    else if (measure && !known->measure)
        *known = progress;
}

static void note_ratio(struct at_explain_tell *t, uint32_t node) {
    uint32_t over, under;
    bool known;
    at_num value = at_explain_tell_number(t, node, &known);
    if (known && at_explain_tell_ratio(t, node, &over, &under))
        at_explain_tell_progress(t, at_explain_phrase(t, node),
                                 t->r->measure_of[at_explain_plain_node(t, node)] >= 0, value, over, under);
}

/* `more` of `measure` is missing; the sentence is made of it and two more texts. NULL where it makes no
 * sense.
 * Nothing is missing if `more` is zero, unless the value must be above the threshold. Equal hints are kept
 * once, although each step shows its own. */
static struct at_explain_node *hint(struct at_explain_tell *t, enum at_words_word word, uint32_t measure,
                                    at_num more, at_words_operand what, at_words_operand gives) {
    if (t->row || t->elsewhere || more.form == AT_NUM_OVERFLOW || at_num_sign(more) < 0) return NULL;
    if (at_num_is_zero(more) && word != AT_W_NEXT_ABOVE) return NULL;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_NEXT, NULL);
    struct at_plan_value value = at_plan_value_of_num(t->r->plan->nodes[measure].type, more);
    value.type.optional = false;
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, measure));
    at_words_operand name = at_explain_phrase(t, measure);
    step->text = AT_SAID(t->arena, word, step->value.shown, name, what, gives);
    for (size_t i = 0; i < t->hints.n; i++)
        if (at_words_same(&t->hints.at[i].text, &step->text)) return step;
    struct at_explain_hint kept = {.text = step->text,
                                   .measure = name,
                                   .missing = step->value,
                                   .node = measure,
                                   .above = word == AT_W_NEXT_ABOVE};
    AT_VEC_PUSH(t->arena, &t->hints, kept);
    return step;
}

/* Calculates what x misses to reach `threshold`. Returns false if x is not a number, has no value, or cannot
 * be solved.
 * A ratio is solved for its dividend: threshold times target, less what is reached. The divisor is taken
 * as given. */
static bool missing(struct at_explain_tell *t, uint32_t x, at_num threshold, uint32_t *measure,
                    at_num *more) {
    uint32_t over, under;
    bool known;
    at_num value = at_explain_tell_number(t, x, &known);
    if (!known) return false;
    if (at_explain_tell_ratio(t, x, &over, &under)) {
        at_num wanted = at_num_mul(t->arena, threshold, at_explain_tell_number(t, under, NULL));
        *measure = over;
        *more = at_num_sub(t->arena, wanted, at_explain_tell_number(t, over, NULL));
        return true;
    }
    x = at_explain_plain_node(t, x);
    *measure = x;
    *more = at_num_sub(t->arena, threshold, value);
    return t->r->plan->nodes[x].type.kind == AT_T_MONEY || t->r->measure_of[x] >= 0;
}

/* `15% over quota` while bookings are below quota. */
struct at_explain_node *at_explain_tell_over_hint(struct at_explain_tell *t, uint32_t product) {
    const struct at_plan_node *p = &t->r->plan->nodes[product];
    for (int i = 0; i < 2; i++) {
        uint32_t slice = at_explain_plain_node(t, p->in[i]), rate = p->in[1 - i];
        const struct at_plan_node *s = &t->r->plan->nodes[slice];
        if (s->op != AT_P_OVER || s->type.kind != AT_T_MONEY || !at_explain_is_percent(t, rate)) continue;
        bool known, bounded;
        at_num x = at_explain_tell_number(t, s->in[0], &known),
               bound = at_explain_tell_number(t, s->in[1], &bounded);
        if (!known || !bounded) return NULL;
        struct at_explain_node unused = {0};
        at_words_operand limit = at_explain_tell_node_figure(t, &unused, s->in[1]);
        at_words_operand gives = at_explain_tell_node_figure(t, &unused, rate);
        if (at_num_sign(bound) > 0)
            at_explain_tell_progress(
                t,
                AT_SAID(t->arena, AT_W_DIV, at_explain_phrase(t, s->in[0]), at_explain_phrase(t, s->in[1])),
                false, at_num_div(t->arena, x, bound), s->in[0], s->in[1]);
        return hint(t, AT_W_NEXT_OVER, s->in[0], at_num_sub(t->arena, bound, x), limit, gives);
    }
    return NULL;
}

/* `when attainment >= 120%` does not hold: what would make it hold. */
struct at_explain_node *at_explain_tell_when_hint(struct at_explain_tell *t, uint32_t cond, uint32_t pays) {
    cond = at_explain_plain_node(t, cond);
    const struct at_plan_node *p = &t->r->plan->nodes[cond];
    if (p->op == AT_P_AND) {
        /* Only if exactly one side fails does one number make the condition hold. */
        if (at_explain_tell_holds(t, p->in[0]) == at_explain_tell_holds(t, p->in[1])) return NULL;
        return at_explain_tell_when_hint(t, p->in[at_explain_tell_holds(t, p->in[0]) ? 1 : 0], pays);
    }
    /* The plan writes `x >= 5` as 5 <= x, so in[0] is the threshold. */
    if (p->op != AT_P_LE && p->op != AT_P_LT) return NULL;
    if (t->r->plan->nodes[p->in[1]].op == AT_P_CONST) return NULL; /* more would not help */
    uint32_t measure, plain = at_explain_plain_node(t, pays);
    at_num more;
    struct at_explain_node unused = {0};
    bool known;
    at_num threshold = at_explain_tell_number(t, p->in[0], &known);
    note_ratio(t, p->in[1]);
    if (!known || !missing(t, p->in[1], threshold, &measure, &more)) return NULL;
    bool fixed = t->r->plan->nodes[plain].op == AT_P_CONST;
    at_words_operand gives = {0};
    if (fixed) gives = at_explain_tell_node_figure(t, &unused, plain);
    return hint(t, fixed ? AT_W_NEXT_PAYS : AT_W_NEXT_MEETS, measure, more, at_explain_phrase(t, cond),
                gives);
}

/* ---- the step reached */

/* Returns the number of thresholds reached: 0 is none, k is tier k - 1. `unit` scales thresholds that are
 * relative to a base. */
static uint32_t reached(const struct at_explain_tell *t, const struct at_plan_steps *steps, at_num x,
                        at_num unit) {
    uint32_t k = 0;
    for (uint32_t i = 0; i < steps->n; i++) {
        int order = at_num_cmp(t->arena, x, at_num_mul(t->arena, steps->thresholds[i], unit));
        if (order > 0 || (order == 0 && !steps->above[i])) k = i + 1;
    }
    return k;
}

static at_words_operand rate_shown(const struct at_explain_tell *t, struct at_explain_node *step,
                                   uint32_t node, uint32_t i) {
    const struct at_plan_steps *steps = t->r->plan->nodes[node].data;
    return at_explain_tell_num(t, step, steps->values[i], steps->value,
                               at_explain_rates_percent(t->r->plan, &t->r->plan->nodes[node], false));
}

/* Thresholds are percentages if the policy writes them so, or if they apply directly to a percentage. */
static bool percent_thresholds(const struct at_explain_tell *t, const struct at_plan_node *p) {
    return at_explain_rates_percent(t->r->plan, p, true) ||
           (p->n_in < 2 && at_explain_is_percent(t, p->in[0]));
}

static at_words_operand step_name(const struct at_explain_tell *t, uint32_t node, uint32_t i) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    return at_explain_threshold_name(t, p->data, i, percent_thresholds(t, p));
}

/* The threshold without its word. */
static at_words_operand step_threshold(const struct at_explain_tell *t, uint32_t node, uint32_t i) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_steps *steps = p->data;
    struct at_plan_value value = at_plan_value_of_num(steps->threshold, steps->thresholds[i]);
    bool shortened;
    return at_explain_value_shown(t, &value, percent_thresholds(t, p), &shortened);
}

struct at_explain_node *at_explain_tell_step(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_steps *steps = p->data;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_RATE, p->ast);
    struct at_plan_value value = value_of(t, node), x = value_of(t, p->in[0]);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    /* The rate of a STEP has absolute thresholds. */
    uint32_t k = reached(t, steps, at_plan_value_num(&x), at_num_int(1));
    at_words_operand name = at_explain_phrase(t, p->in[0]),
                     figure = at_explain_tell_node_figure(t, step, p->in[0]);
    if (k == 0) {
        step->text = AT_SAID(t->arena, AT_W_IS, name, figure);
        return step;
    }
    if (at_plan_step_is_line(steps, k - 1)) {
        at_words_operand ends[2];
        for (uint32_t i = 0; i < 2; i++)
            ends[i] = AT_SAID(t->arena, AT_W_POINT_RATE, step_threshold(t, node, k - 1 + i),
                              rate_shown(t, step, node, k - 1 + i));
        step->text = AT_SAID(t->arena, AT_W_ON_LINE, name, figure, ends[0], ends[1], step->value.shown);
    } else {
        step->text =
            AT_SAID(t->arena, AT_W_REACHED_BY, name, figure, step_name(t, node, k - 1), step->value.shown);
    }
    note_ratio(t, p->in[0]);
    at_explain_node_add(step, at_explain_tell_node(t, p->in[0]));
    uint32_t measure;
    at_num more;
    if (k < steps->n && missing(t, p->in[0], steps->thresholds[k], &measure, &more))
        at_explain_node_add(step, hint(t, steps->above[k] ? AT_W_NEXT_ABOVE : AT_W_NEXT_FROM, measure, more,
                                       step_name(t, node, k), rate_shown(t, step, node, k)));
    if (k == steps->n && k > 1) at_explain_node_note(t, step, at_words_fixed(AT_W_LAST_STEP));
    return step;
}

/* ---- slices through rates */

/* high is NULL for the last tier, which has no upper bound. A tier that x does not reach has no step. */
static void tell_slice(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node, uint32_t i,
                       at_num low, at_num x, const at_num *high) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_steps *steps = p->data;
    at_type type = t->r->plan->nodes[p->in[0]].type;
    at_num top = high && at_num_cmp(t->arena, *high, x) < 0 ? *high : x;
    if (at_num_cmp(t->arena, top, low) <= 0) return;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_SLICE, NULL);
    at_num slice = at_num_sub(t->arena, top, low);
    struct at_plan_value value = at_plan_value_of_num(p->type, at_num_mul(t->arena, slice, steps->values[i]));
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    at_words_operand name = step_name(t, node, i),
                     from = at_explain_tell_num(t, step, low, type, at_explain_is_percent(t, p->in[0]));
    at_words_operand rate = rate_shown(t, step, node, i),
                     part = at_explain_tell_num(t, step, slice, type, at_explain_is_percent(t, p->in[0]));
    if (high)
        step->text = AT_SAID(t->arena, AT_W_SLICE, name, from,
                             at_explain_tell_num(t, step, *high, type, at_explain_is_percent(t, p->in[0])),
                             rate, part, step->value.shown);
    else
        step->text = AT_SAID(t->arena, AT_W_SLICE_LAST, name, from, rate, part, step->value.shown);
    step->part = true;
    at_explain_node_add(parent, step);
}

/* The upper bound of a tier is the threshold of the next one, so the slices divide x without gaps. */
static void tell_slices(struct at_explain_tell *t, struct at_explain_node *step, uint32_t node, at_num x,
                        at_num unit) {
    const struct at_plan_steps *steps = t->r->plan->nodes[node].data;
    for (uint32_t i = 0; i < steps->n; i++) {
        at_num low = at_num_mul(t->arena, steps->thresholds[i], unit), high = x;
        bool last = i + 1 == steps->n;
        if (!last) high = at_num_mul(t->arena, steps->thresholds[i + 1], unit);
        tell_slice(t, step, node, i, low, x, last ? NULL : &high);
    }
}

struct at_explain_node *at_explain_tell_through(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_steps *steps = p->data;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_RATE, p->ast);
    struct at_plan_value value = value_of(t, node), x = value_of(t, p->in[0]);
    at_num unit = p->n_in > 1 ? at_explain_tell_number(t, p->in[1], NULL) : at_num_int(1);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    at_words_operand name = at_explain_phrase(t, node),
                     figure = at_explain_tell_node_figure(t, step, p->in[0]);
    tell_slices(t, step, node, at_plan_value_num(&x), unit);
    step->adds = true;
    step->text =
        AT_SAID(t->arena, step->first ? AT_W_SLICES : AT_W_NO_SLICE, name, figure, step->value.shown);
    at_explain_tell_inputs(t, step, node);
    if (p->n_in > 1 && at_num_sign(unit) > 0)
        at_explain_tell_progress(
            t, AT_SAID(t->arena, AT_W_DIV, at_explain_phrase(t, p->in[0]), at_explain_phrase(t, p->in[1])),
            false, at_num_div(t->arena, at_plan_value_num(&x), unit), p->in[0], p->in[1]);
    uint32_t k = reached(t, steps, at_plan_value_num(&x), unit);
    if (k < steps->n && at_num_sign(unit) > 0)
        at_explain_node_add(step, hint(t, steps->above[k] ? AT_W_NEXT_ABOVE : AT_W_NEXT_FROM, p->in[0],
                                       at_num_sub(t->arena, at_num_mul(t->arena, steps->thresholds[k], unit),
                                                  at_plan_value_num(&x)),
                                       step_name(t, node, k), rate_shown(t, step, node, k)));
    return step;
}

/* ---- tables */

static at_words_operand key_name(const struct at_explain_tell *t, const struct at_plan_key *key,
                                 bool percent) {
    bool shortened;
    at_words_operand value = {0};
    if (key->kind != AT_KEY_OTHER) value = at_explain_value_shown(t, &key->value, percent, &shortened);
    switch (key->kind) {
    case AT_KEY_FROM: return AT_SAID(t->arena, AT_W_FROM, value);
    case AT_KEY_ABOVE: return AT_SAID(t->arena, AT_W_ABOVE, value);
    case AT_KEY_POINT: return AT_SAID(t->arena, AT_W_POINT, value);
    case AT_KEY_OTHER: return at_words_fixed(AT_W_OTHER);
    default: return value;
    }
}

/* -1 means that no key matches. The value is then missing, and the key has no name. */
static at_words_operand key_met(const struct at_explain_tell *t, const struct at_plan_key *keys, uint32_t n,
                                uint32_t node) {
    struct at_plan_value value = value_of(t, node);
    int32_t at = at_plan_find_key(&t->r->checked->calendar, t->arena, keys, n, &value);
    if (at < 0) return at_words_text(AT_STR("?"));
    bool percent = at_explain_is_percent(t, node), shortened;
    bool line = (uint32_t)at + 1 < n && keys[at].kind == AT_KEY_POINT && keys[at + 1].kind == AT_KEY_POINT;
    if (!line) return key_name(t, &keys[at], percent);
    return AT_SAID(t->arena, AT_W_POINTS, at_explain_value_shown(t, &keys[at].value, percent, &shortened),
                   at_explain_value_shown(t, &keys[at + 1].value, percent, &shortened));
}

struct at_explain_node *at_explain_tell_lookup(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_plan_lookup *table = p->data;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_LOOKUP, p->ast);
    struct at_plan_value value = value_of(t, node);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    at_words_operand row = key_met(t, table->rows, table->n_rows, p->in[0]), args[2] = {{0}};
    for (uint16_t i = 0; i < p->n_in && i < 2; i++)
        args[i] = at_explain_tell_node_figure(t, step, p->in[i]);
    at_words_operand name = AT_SAID(t->arena, p->n_in > 1 ? AT_W_LOOKUP2 : AT_W_STEP,
                                    at_words_text(table->name), args[0], args[1]);
    if (p->n_in > 1)
        step->text = AT_SAID(t->arena, AT_W_FOUND2, name, row,
                             key_met(t, table->columns, table->n_columns, p->in[1]), step->value.shown);
    else
        step->text = AT_SAID(t->arena, AT_W_FOUND1, name, row, step->value.shown);
    at_explain_tell_inputs(t, step, node);
    return step;
}
