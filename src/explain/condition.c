/* explain/condition.c: explains conditions as people say them: "discount 20% is not above 20%". */
#include "explain/explain_int.h"

/* ---- what is compared */

/* The two sides of a comparison, turned so that a constant is on the right. */
struct sides {
    uint32_t left, right; /* nodes */
    enum at_plan_op op;   /* EQ, NE, LT, LE */
    bool greater;         /* LT and LE mean > and >= */
    bool yes;             /* it holds */
    bool percent;
};

static bool is_const(const struct at_explain_tell *t, uint32_t node) {
    node = at_explain_plain_node(t, node);
    return t->r->plan->nodes[node].op == AT_P_CONST && at_explain_measure_at(t, node) < 0;
}

static bool compares(enum at_plan_op op) {
    return op == AT_P_EQ || op == AT_P_NE || op == AT_P_LT || op == AT_P_LE;
}

/* The plan has only < and <=, so `x >= 5` is 5 <= x. It is said as the policy writes it. */
static struct sides sides_of(const struct at_explain_tell *t, const struct at_plan_node *p, bool yes) {
    struct sides out = {p->in[0], p->in[1], (enum at_plan_op)p->op, false, yes, false};
    const struct at_ast_node *ast = t->use && t->use->kind == AT_N_COMPARE ? t->use : p->ast;
    bool ordered = p->op == AT_P_LT || p->op == AT_P_LE;
    bool turned = ordered && ast && ast->kind == AT_N_COMPARE && (ast->op == AT_OP_GT || ast->op == AT_OP_GE);
    bool left = is_const(t, p->in[0]), right = is_const(t, p->in[1]);
    if (left != right) turned = left;
    if (turned) {
        out.left = p->in[1];
        out.right = p->in[0];
        out.greater = ordered;
    }
    out.percent = at_explain_compares_percents(t, p);
    return out;
}

/* ---- values in the sentence */

/* A text that cannot be confused with the sentence around it. */
static bool is_simple(at_str text) {
    if (text.n == 0 || text.p[0] == ' ' || text.p[text.n - 1] == ' ') return false;
    for (uint32_t i = 0; i < text.n; i++) {
        uint8_t c = (uint8_t)text.p[i];
        bool word = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!word && c != ' ' && c != '-' && c != '_' && c != '/' && c != '&') return false;
    }
    return true;
}

static at_words_operand unquoted(at_words_operand value) {
    return value.kind == AT_OPERAND_QUOTED && is_simple(value.text) ? at_words_text(value.text) : value;
}

static at_words_operand value_of(const struct at_explain_tell *t, struct at_explain_node *step, uint32_t node,
                                 bool percent) {
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    return unquoted(at_explain_tell_figure(t, step, &value, percent));
}

/* "discount 20%"; a constant is its own name. */
static at_words_operand valued(const struct at_explain_tell *t, uint32_t node, at_words_operand value) {
    if (is_const(t, node)) return value;
    at_words_operand name = at_explain_phrase(t, node);
    return AT_SAID(t->arena, name.kind == AT_OPERAND_TEXT ? AT_W_VALUED : AT_W_NAMED, name, value);
}

/* ---- sentences */

/* Whether the two are equal: what the sentence states, whether the policy asks for it or for the opposite. */
static at_words_operand say_equal(const struct at_explain_tell *t, const struct sides *s,
                                  at_words_operand left, at_words_operand right) {
    bool equal = s->yes == (s->op == AT_P_EQ);
    if (!is_const(t, s->right))
        return AT_SAID(t->arena, equal ? AT_W_IS_EQUAL : AT_W_IS_UNEQUAL, valued(t, s->left, left),
                       valued(t, s->right, right));
    at_words_operand name = at_explain_phrase(t, s->left);
    if (equal) return AT_SAID(t->arena, AT_W_IS_VALUE, name, left);
    return AT_SAID(t->arena, AT_W_IS_OTHER, name, left, right);
}

static enum at_words_word order_word(const struct sides *s, bool time) {
    static const enum at_words_word words[2][2][2][2] = {
        /* by time, greater, or equal, yes */
        {{{AT_W_NOT_BELOW, AT_W_IS_BELOW}, {AT_W_IS_ABOVE, AT_W_IS_MOST}},
         {{AT_W_NOT_ABOVE, AT_W_IS_ABOVE}, {AT_W_IS_BELOW, AT_W_IS_LEAST}}},
        {{{AT_W_NOT_BEFORE, AT_W_IS_BEFORE}, {AT_W_IS_AFTER, AT_W_IS_UNTIL}},
         {{AT_W_NOT_AFTER, AT_W_IS_AFTER}, {AT_W_IS_BEFORE, AT_W_IS_SINCE}}}};
    return words[time][s->greater][s->op == AT_P_LE][s->yes];
}

static at_words_operand say_comparison(const struct at_explain_tell *t, struct at_explain_node *step,
                                       const struct at_plan_node *p) {
    struct sides s = sides_of(t, p, at_plan_value_yes(&step->value.value));
    at_words_operand left = value_of(t, step, s.left, s.percent),
                     right = value_of(t, step, s.right, s.percent);
    uint8_t kind = t->r->plan->nodes[s.left].type.kind;
    if (s.op == AT_P_EQ || s.op == AT_P_NE) return say_equal(t, &s, left, right);
    return AT_SAID(t->arena, order_word(&s, kind == AT_T_DATE || kind == AT_T_PERIOD),
                   valued(t, s.left, left), valued(t, s.right, right));
}

static at_words_operand say_in(const struct at_explain_tell *t, struct at_explain_node *step,
                               const struct at_plan_node *p) {
    const struct at_plan_set *set = p->data;
    at_words_operand value = value_of(t, step, p->in[0], at_explain_is_percent(t, p->in[0])), list = {0};
    at_words_operand name = at_explain_phrase(t, p->in[0]);
    if (at_plan_value_yes(&step->value.value)) return AT_SAID(t->arena, AT_W_IS_VALUE, name, value);
    for (uint32_t i = 0; i < set->n; i++) {
        bool shortened;
        at_words_operand item = unquoted(
            at_explain_value_shown(t, &set->values[i], at_explain_is_percent(t, p->in[0]), &shortened));
        list = list.kind ? AT_SAID(t->arena, AT_W_LIST, list, item) : item;
    }
    return AT_SAID(t->arena, set->n > 1 ? AT_W_IS_NONE_OF : AT_W_IS_OTHER, name, value, list);
}

/* `a within 90 days of b` is two comparisons with days that are calculated from b. */
static bool is_within(const struct at_explain_tell *t, const struct at_plan_node *p) {
    const struct at_plan_node *nodes = t->r->plan->nodes;
    return p->op == AT_P_AND && t->use && t->use->kind == AT_N_WITHIN && nodes[p->in[0]].op == AT_P_LE &&
           nodes[p->in[1]].op == AT_P_LE && nodes[p->in[0]].in[1] == nodes[p->in[1]].in[0];
}

static at_words_operand say_within(const struct at_explain_tell *t, struct at_explain_node *step,
                                   const struct at_plan_node *p) {
    const struct at_plan_node *nodes = t->r->plan->nodes;
    uint32_t first = nodes[p->in[0]].in[0], last = nodes[p->in[1]].in[1], day = nodes[p->in[0]].in[1];
    const struct at_plan_node *from = &nodes[at_explain_plain_node(t, first)];
    at_words_operand far = at_words_text(at_explain_line_of_source(t, t->use->child[1], 100));
    at_words_operand of = at_words_text(at_explain_line_of_source(t, t->use->child[2], 100));
    if (from->op == AT_P_DATEADD) of = valued(t, from->in[0], value_of(t, step, from->in[0], false));
    if (from->op == AT_P_DATEADD && from->n_in < 2) {
        at_type days = {.kind = AT_T_DURATION, .months = from->b != 0};
        far = at_explain_tell_num(t, step, at_num_int(-(int64_t)from->a), days, false);
    }
    return AT_SAID(t->arena, at_plan_value_yes(&step->value.value) ? AT_W_IS_WITHIN : AT_W_NOT_WITHIN,
                   valued(t, day, value_of(t, step, day, false)), far, of, value_of(t, step, first, false),
                   value_of(t, step, last, false));
}

/* A flag of the data is yes or no; a combination of conditions is met or not. */
static at_words_operand outcome_of(const struct at_explain_tell *t, const struct at_explain_node *step,
                                   uint32_t node) {
    enum at_plan_op op = t->r->plan->nodes[node].op;
    if (step->value.value.missing) return at_words_fixed(AT_W_UNKNOWN);
    if (op != AT_P_AND && op != AT_P_OR && op != AT_P_NOT) return step->value.shown;
    return at_words_fixed(at_plan_value_yes(&step->value.value) ? AT_W_MET : AT_W_NOT_MET);
}

/* What is the case, or NONE: then only the outcome can be said. A negated condition is not said with "not",
 * so its sentence is that of the condition. */
static at_words_operand say(const struct at_explain_tell *t, struct at_explain_node *step, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (step->value.value.missing) return (at_words_operand){0};
    if (at_explain_measure_at(t, node) >= 0 && t->telling != node) return (at_words_operand){0};
    if (compares((enum at_plan_op)p->op)) return say_comparison(t, step, p);
    if (p->op == AT_P_IN) return say_in(t, step, p);
    if (is_within(t, p)) return say_within(t, step, p);
    if (p->op == AT_P_MISSING)
        return AT_SAID(t->arena, at_plan_value_yes(&step->value.value) ? AT_W_MISSING : AT_W_FILLED,
                       at_explain_phrase(t, p->in[0]));
    return (at_words_operand){0};
}

/* ---- steps */

/* What a condition is made of, below it. */
static void add_inputs(struct at_explain_tell *t, struct at_explain_node *step, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (is_within(t, p)) {
        uint32_t first = at_explain_plain_node(t, t->r->plan->nodes[p->in[0]].in[0]);
        at_explain_node_add(step, at_explain_tell_node(t, t->r->plan->nodes[p->in[0]].in[1]));
        if (t->r->plan->nodes[first].op == AT_P_DATEADD)
            at_explain_node_add(step, at_explain_tell_node(t, t->r->plan->nodes[first].in[0]));
        return;
    }
    if (p->op != AT_P_AND && p->op != AT_P_OR) {
        at_explain_tell_inputs(t, step, node);
        return;
    }
    for (uint16_t i = 0; i < p->n_in; i++) {
        at_explain_node_add(step, at_explain_tell_condition(t, p->in[i], false));
        bool yes = at_explain_tell_holds(t, p->in[i]);
        if (p->op == AT_P_AND ? !yes : yes) break; /* this decides */
    }
}

/* The condition below `not`, whose sentence says the same. */
static uint32_t below_not(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (p->op != AT_P_NOT || at_explain_measure_at(t, node) >= 0) return node;
    uint32_t in = at_explain_plain_node(t, p->in[0]);
    enum at_plan_op op = t->r->plan->nodes[in].op;
    bool says = compares(op) || op == AT_P_IN || op == AT_P_MISSING;
    return says && at_explain_measure_at(t, in) < 0 ? in : node;
}

static void put_value(const struct at_explain_tell *t, struct at_explain_node *step, uint32_t node) {
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, false);
}

/* Whether a condition is one of the row to which a reference leads: then *to is that row. */
static bool is_of_other_row(const struct at_explain_tell *t, uint32_t node, struct at_explain_followed *to) {
    const struct at_plan_node *nodes = t->r->plan->nodes, *p = &nodes[node], *by;
    if (p->op != AT_P_FOLLOW || nodes[p->in[0]].op == AT_P_LOAD || nodes[p->in[0]].op == AT_P_GATHER)
        return false;
    for (by = &nodes[p->in[1]]; by->op == AT_P_TAKE;)
        by = &nodes[by->in[0]];
    if (by->op != AT_P_LOAD && by->op != AT_P_FOLLOW) return false;
    uint32_t state;
    struct at_plan_value row = at_explain_tell_value(t, p->in[1], &state);
    if (state != AT_STATE_OK || at_plan_value_row(&row) < 0) return false;
    *to = (struct at_explain_followed){.table = nodes[p->in[0]].place,
                                       .row = (uint32_t)at_plan_value_row(&row),
                                       .name = at_explain_phrase(t, p->in[1])};
    return true;
}

struct at_explain_node *at_explain_tell_condition(struct at_explain_tell *t, uint32_t node, bool pays) {
    uint32_t asked = at_explain_without_cover(t, node);
    node = at_explain_plain_node(t, asked == AT_NO_NODE ? node : asked);
    if (asked != AT_NO_NODE && t->r->plan->n_covers > 0 && at_explain_asks_cover(t, node))
        return at_explain_tell_cover(t, node);
    while (t->r->plan->nodes[node].op == AT_P_TAKE)
        node = at_explain_plain_node(t, t->r->plan->nodes[node].in[0]);
    struct at_explain_followed other;
    if (is_of_other_row(t, node, &other)) {
        const struct at_explain_followed *outer = t->followed;
        t->followed = &other;
        struct at_explain_node *step = at_explain_tell_condition(t, t->r->plan->nodes[node].in[0], pays);
        t->followed = outer;
        return step;
    }
    if (at_plan_rhythm_end(t->r->plan, &t->r->plan->nodes[node]) >= 0) return at_explain_tell_end(t, node);
    const struct at_ast_node *use = t->use;
    uint32_t inner = below_not(t, node);
    at_words_operand name = at_explain_phrase(t, node);
    bool named = at_explain_boundary(t, node) && t->telling != node;
    t->use = at_explain_site_of(t, node);
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_CONDITION, t->use);
    put_value(t, step, inner);
    at_words_operand said = say(t, step, inner);
    put_value(t, step, node);
    if (!said.kind) step->text = AT_SAID(t->arena, AT_W_IS, name, outcome_of(t, step, node));
    if (said.kind) step->text = said;
    if (pays)
        step->text = AT_SAID(t->arena, AT_W_PAID_WHEN, name, said.kind ? said : outcome_of(t, step, node));
    if (!named && t->depth++ <= AT_EXPLAIN_DEEPEST) add_inputs(t, step, inner);
    t->depth -= !named;
    t->use = use;
    return step;
}
