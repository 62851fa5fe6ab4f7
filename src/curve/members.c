/* curve/members.c: sums over the members of a group. x reaches few of them in most curves, so the terms of
 * all others are added up once, and not on each piece.
 */
#include "curve/members.h"

typedef struct at_curve_value value;

struct at_curve_fixed {
    struct at_curve_fixed *next;
    uint32_t node, number, period;
    bool plain; /* false: a term is not a number */
    value sum;  /* of those whom x does not reach */
    uint32_t *moving, n_moving;
};

/* Whether x reaches what the node reads of the member. */
static bool moves(const struct at_curve_eval *e, uint32_t node, uint32_t payee) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    bool yes = false;
    for (uint16_t k = 0; k < p->n_in; k++)
        yes |= e->plan->nodes[p->in[k]].grain == AT_G_CELL && e->depends[p->in[k]] &&
               at_curve_reaches(e, p->in[k], payee);
    return yes;
}

static bool add(struct at_curve_eval *e, value *sum, const value *term) {
    if (term->kind == AT_CURVE_NONE) return true;
    if (term->kind != AT_CURVE_NUM) {
        *sum = *term;
        return false;
    }
    *sum = at_curve_add(e, sum, term);
    return true;
}

/* The sum is a constant, and outlives the piece. */
static struct at_curve_fixed *new_fixed(struct at_curve_eval *e, const struct at_curve_sum *asked) {
    struct at_curve_fixed *fixed = AT_NEW(e->kept, struct at_curve_fixed);
    *fixed = (struct at_curve_fixed){e->fixed, asked->node, asked->number, asked->period, .plain = true};
    fixed->moving = AT_NEW_ARRAY(e->kept, uint32_t, (size_t)(asked->end - asked->first) + 1);
    value sum = at_curve_of_num(e, at_num_int(0));
    for (const uint32_t *at = asked->first; at < asked->end && fixed->plain; at++) {
        if (moves(e, asked->node, *at)) {
            fixed->moving[fixed->n_moving++] = *at;
            continue;
        }
        value term = asked->term(e, asked, *at);
        fixed->plain = add(e, &sum, &term) && at_poly_is_const(sum.num) && at_poly_is_const(sum.den);
    }
    if (fixed->plain) {
        at_num exact = at_num_div(e->arena, at_poly_first(sum.num), at_poly_first(sum.den));
        fixed->sum = (value){.kind = AT_CURVE_NUM,
                             .num = at_poly_const(e->kept, at_num_copy(e->kept, exact)),
                             .den = at_poly_const(e->kept, at_num_int(1))};
    }
    return e->fixed = fixed;
}

value at_curve_sum_members(struct at_curve_eval *e, const struct at_curve_sum *asked) {
    const struct at_curve_fixed *fixed = e->fixed;
    while (fixed &&
           (fixed->node != asked->node || fixed->number != asked->number || fixed->period != asked->period))
        fixed = fixed->next;
    if (!fixed) fixed = new_fixed(e, asked);
    const uint32_t *at = fixed->plain ? fixed->moving : asked->first,
                   *end = fixed->plain ? fixed->moving + fixed->n_moving : asked->end;
    value sum = fixed->plain ? fixed->sum : at_curve_of_num(e, at_num_int(0));
    for (; at < end; at++) {
        value term = asked->term(e, asked, *at);
        if (!add(e, &sum, &term)) return sum;
    }
    return sum;
}
