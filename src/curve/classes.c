/* curve/classes.c: which ranks a plan treats alike. A rank that is only looked up in tiers and tables, or
 * compared with constants, matters only where it passes one of those numbers: between two of them, the rank
 * of one payee is as good as that of another one. So a curve has no pieces for ranks that are paid alike. */
#include "base/sort.h"
#include "curve/curve_int.h"

/* The first ranks of classes, rising. */
struct at_curve_classes {
    bool some; /* false: something else is made of the rank, so each one is a class of its own */
    AT_VEC(int64_t) firsts;
};

/* Below the number, at it, and above it are different classes. */
static bool add(struct at_curve_eval *e, struct at_curve_classes *to, at_num at) {
    int64_t below;
    if (!at_num_to_i64(e->arena, at_num_floor(e->arena, at), 0, &below)) return false;
    AT_VEC_PUSH(e->kept, &to->firsts, below);
    AT_VEC_PUSH(e->kept, &to->firsts, below + 1);
    return true;
}

static bool add_value(struct at_curve_eval *e, struct at_curve_classes *to,
                      const struct at_plan_value *value) {
    if (value->missing) return true;
    return at_plan_type_counts(value->type) && add(e, to, at_plan_value_num(value));
}

static bool add_steps(struct at_curve_eval *e, struct at_curve_classes *to,
                      const struct at_plan_steps *steps) {
    bool well = !steps->lines && !steps->open_thresholds;
    for (uint32_t i = 0; well && i < steps->n; i++)
        well = add(e, to, steps->thresholds[i]);
    return well;
}

static bool add_keys(struct at_curve_eval *e, struct at_curve_classes *to, const struct at_plan_key *keys,
                     uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (keys[i].open || (keys[i].kind != AT_KEY_OTHER && !add_value(e, to, &keys[i].value))) return false;
    return true;
}

static bool add_table(struct at_curve_eval *e, struct at_curve_classes *to, const struct at_plan_node *p,
                      uint32_t rank) {
    const struct at_plan_lookup *table = p->data;
    bool well = !table->lines;
    if (p->in[0] == rank) well = well && add_keys(e, to, table->rows, table->n_rows);
    if (p->n_in > 1 && p->in[1] == rank) well = well && add_keys(e, to, table->columns, table->n_columns);
    return well;
}

/* What a node makes of the rank. False: it needs the number itself. */
static bool add_use(struct at_curve_eval *e, struct at_curve_classes *to, const struct at_plan_node *p,
                    uint32_t rank) {
    const struct at_plan_node *other = NULL;
    if (p->n_in == 2) other = &e->plan->nodes[p->in[p->in[0] == rank]];
    switch (p->op) {
    case AT_P_MISSING:
    case AT_P_KNOWN: return true;
    case AT_P_STEP: return add_steps(e, to, p->data);
    case AT_P_LOOKUP: return add_table(e, to, p, rank);
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE: return other->op == AT_P_CONST && !other->open && add_value(e, to, other->data);
    default: return false;
    }
}

static int by_size(const void *left, const void *right) {
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void find(struct at_curve_eval *e, uint32_t rank, struct at_curve_classes *to) {
    to->some = rank != e->options->pay;
    for (uint32_t c = 0; c < e->plan->n_carries; c++)
        to->some &= e->plan->carries[c].source != rank;
    for (uint32_t id = 0; id < e->plan->n_nodes && to->some; id++) {
        const struct at_plan_node *p = &e->plan->nodes[id];
        bool reads = false;
        for (uint16_t k = 0; e->wanted[id] && k < p->n_in; k++)
            reads |= p->in[k] == rank;
        if (reads) to->some = add_use(e, to, p, rank);
    }
    at_sort_items(e->kept, to->firsts.at, to->firsts.n, sizeof *to->firsts.at, by_size);
}

bool at_curve_class(struct at_curve_eval *e, uint32_t node, int64_t rank, int64_t *first, int64_t *last) {
    if (!e->classes) e->classes = AT_NEW_ARRAY(e->kept, struct at_curve_classes *, e->plan->n_nodes + 1);
    struct at_curve_classes *classes = e->classes[node];
    if (!classes) {
        classes = e->classes[node] = AT_NEW(e->kept, struct at_curve_classes);
        find(e, node, classes);
    }
    *first = INT64_MIN;
    *last = INT64_MAX;
    for (size_t i = 0; i < classes->firsts.n; i++) {
        if (classes->firsts.at[i] <= rank) *first = classes->firsts.at[i];
        if (classes->firsts.at[i] <= rank) continue;
        *last = classes->firsts.at[i] - 1;
        break;
    }
    return classes->some;
}
