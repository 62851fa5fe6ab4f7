/* plan/below.c: finds where an amount below zero is paid as zero, by walks from components down. */
#include "plan/below.h"

#include "base/vec.h"

/* A formula is a graph with more ways than nodes. Places beyond these limits give no warning. */
#define MOST_STEPS 5000
#define MOST_GUARDS 16
#define DEEPEST 100

struct walk {
    const struct at_plan *plan;
    struct at_arena *arena;
    AT_VEC(struct at_plan_below) found;
    struct at_plan_guard guards[MOST_GUARDS];
    uint32_t n_guards, steps, from; /* from: the first place of the component */
    bool to_date;                   /* values to date are those of the statement: `each quarter` */
};

static bool is_zero_or_less(const struct at_plan *plan, uint32_t id) {
    const struct at_plan_node *node = &plan->nodes[id];
    if (node->op != AT_P_CONST) return false;
    const struct at_plan_value *value = node->data;
    return !value->missing && at_num_sign(at_plan_value_num(value)) <= 0;
}

bool at_plan_below_start(const struct at_plan *plan, uint32_t id, at_num *start) {
    const struct at_plan_node *node = &plan->nodes[id];
    *start = at_num_int(0);
    if (node->op == AT_P_UPTO) return true;
    if (node->op == AT_P_BETWEEN) return is_zero_or_less(plan, node->in[1]);
    if (node->op != AT_P_THROUGH) return false;
    const struct at_plan_steps *steps = node->data;
    if (steps->n == 0 || at_num_sign(steps->values[0]) == 0) return false;
    *start = steps->thresholds[0];
    return at_num_sign(*start) <= 0;
}

/* The amount is added up over periods: the sum of the next one contains the refund. */
static bool is_to_date(const struct at_plan *plan, uint32_t id) {
    for (unsigned depth = 0; depth < DEEPEST; depth++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (node->op == AT_P_TODATE || node->op == AT_P_TRAILING) return true;
        if (node->n_in == 0 || node->op < AT_P_ADD) return false;
        id = node->in[0];
    }
    return false;
}

static bool is_same(const struct walk *w, const struct at_plan_below *below, uint32_t id) {
    if (below->node != id || below->n_guards != w->n_guards) return false;
    for (uint32_t i = 0; i < w->n_guards; i++)
        if (below->guards[i].cond != w->guards[i].cond || below->guards[i].yes != w->guards[i].yes)
            return false;
    return true;
}

static bool is_known(const struct walk *w, uint32_t id) {
    for (size_t i = w->from; i < w->found.n; i++)
        if (is_same(w, &w->found.at[i], id)) return true;
    return false;
}

static void add(struct walk *w, uint32_t id) {
    struct at_plan_below below = {.node = id, .n_guards = w->n_guards};
    if ((!w->to_date && is_to_date(w->plan, w->plan->nodes[id].in[0])) || is_known(w, id)) return;
    below.guards = AT_NEW_ARRAY(w->arena, struct at_plan_guard, w->n_guards + 1);
    memcpy(below.guards, w->guards, w->n_guards * sizeof *w->guards);
    AT_VEC_PUSH(w->arena, &w->found, below);
}

static void follow(struct walk *w, uint32_t id, unsigned depth);

static void follow_branch(struct walk *w, const struct at_plan_node *node, bool yes, unsigned depth) {
    if (w->n_guards == MOST_GUARDS) return;
    w->guards[w->n_guards++] = (struct at_plan_guard){node->in[0], yes};
    follow(w, node->in[yes ? 1 : 2], depth);
    w->n_guards--;
}

/* Guards are of one grain with what they guard, so a way to another grain must not have any. */
static void follow(struct walk *w, uint32_t id, unsigned depth) {
    const struct at_plan_node *node = &w->plan->nodes[id];
    at_num start;
    if (w->steps++ > MOST_STEPS || depth > DEEPEST) return;
    switch ((int)node->op) {
    case AT_P_THROUGH:
    case AT_P_UPTO:
    case AT_P_BETWEEN:
        if (at_plan_below_start(w->plan, id, &start)) add(w, id);
        return;
    case AT_P_IF:
        follow_branch(w, node, true, depth + 1);
        follow_branch(w, node, false, depth + 1);
        return;
    case AT_P_FROMCELL:
    case AT_P_FROMGROUP:
        if (w->n_guards == 0) follow(w, node->in[0], depth + 1);
        return;
    case AT_P_TAKE:
    case AT_P_DIVIDE:
    case AT_P_DIVIDEOF: follow(w, node->in[0], depth + 1); return;
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_MUL:
    case AT_P_DIV:
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_ROUND:
    case AT_P_IFMISSING: break;
    default: return;
    }
    for (uint16_t i = 0; i < node->n_in; i++)
        follow(w, node->in[i], depth + 1);
}

static uint32_t begin_of(const struct at_plan_component *component) {
    if (component->lines != AT_NO_NODE) return component->lines;
    if (component->amount != AT_NO_NODE) return component->amount;
    return component->exact != AT_NO_NODE ? component->exact : component->earned;
}

struct at_plan_belows *at_plan_belows_new(const struct at_plan *plan, struct at_arena *arena) {
    struct at_plan_belows *belows = AT_NEW(arena, struct at_plan_belows);
    struct walk w = {.plan = plan, .arena = arena};
    belows->first = AT_NEW_ARRAY(arena, uint32_t, plan->n_components + 1);
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *component = &plan->components[i];
        w.from = belows->first[i] = (uint32_t)w.found.n;
        w.steps = 0;
        w.to_date = component->decl && component->decl->rhythm;
        /* What is cumulative is paid to date, so a later period takes back what this one does not. */
        bool counts =
            component->decl && component->decl->cumulative <= (int8_t)plan->checked->calendar.period_kind;
        if (counts) follow(&w, begin_of(component), 0);
    }
    belows->first[plan->n_components] = (uint32_t)w.found.n;
    belows->at = w.found.at;
    return belows;
}
