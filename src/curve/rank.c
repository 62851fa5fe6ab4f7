/* curve/rank.c: ranks and prizes: stairs, which change where a payee passes another one. The rules are those
 * of kernel/group.c and kernel/prize.c; a prize that is shared is not divided into cents. */
#include "base/sort.h"
#include "curve/curve_int.h"

#define MOST_MOVING 8 /* payees whose passing of others is followed */

typedef struct at_curve_value value;

static value of_member(struct at_curve_eval *e, uint32_t node, uint16_t k, uint32_t payee, uint32_t period) {
    return at_curve_in(e, node, k, &(struct at_curve_place){payee, period, NULL});
}

/* <0: a is before b. Days that are missing come last. */
static int by_day(struct at_curve_eval *e, const value *a, const value *b) {
    bool known = a->kind == AT_CURVE_OTHER, other = b->kind == AT_CURVE_OTHER;
    if (!known || !other) return (int)other - (int)known;
    return at_plan_value_cmp(e->run->calendar, e->arena, &a->value, &b->value);
}

struct ranking {
    struct at_curve_eval *e;
    uint32_t node, own, period;
    value value, day;
    int64_t rank;
};

/* Counts a member that is before the payee. */
static void count(struct ranking *r, uint32_t payee, const value *v) {
    const struct at_plan_node *p = &r->e->plan->nodes[r->node];
    const uint32_t *by_key = r->e->run->frame->payee_rank;
    if (payee == r->own) return;
    int order = at_curve_order(r->e, v, &r->value);
    if (order == 0 && p->n_in > 1) {
        value day = of_member(r->e, r->node, 1, payee, r->period);
        order = -by_day(r->e, &day, &r->day);
    }
    if (order == 0 && (p->b & AT_RANK_APART)) order = by_key[payee] > by_key[r->own] ? -1 : 1;
    r->rank += order > 0;
}

/* ---- members in order of what x does not change */

struct place {
    at_num value;
    uint32_t payee;
};

/* The members of one group in one period. Their values are as the run left them, except those of the payees
 * whom x reaches. */
struct at_curve_order {
    struct at_curve_order *next;
    uint32_t node, number, period;
    bool plain;              /* false: a value is not a number */
    struct place *places;    /* the largest value first */
    uint32_t n_places, hint; /* hint: where the last payee was */
    uint32_t *moving;
    uint32_t n_moving;
};

static int by_value(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    return at_num_cmp(NULL, b->value, a->value);
}

/* If x reaches many, at a point: all values are numbers there, and none is moving. */
static bool is_still(const struct at_curve_eval *e) {
    return e->point && e->n_touched > MOST_MOVING;
}

static struct at_curve_order *new_order(struct at_curve_eval *e, uint32_t node, uint32_t number,
                                        uint32_t period, const uint32_t *first, const uint32_t *end) {
    bool still = is_still(e);
    struct at_arena *arena = still ? e->arena : e->kept;
    struct at_curve_order *order = AT_NEW(arena, struct at_curve_order),
                          **list = still ? &e->still : &e->orders;
    size_t n = (size_t)(end - first);
    uint32_t in = e->plan->nodes[node].in[0];
    *order = (struct at_curve_order){*list, node, number, period, .plain = true};
    order->places = AT_NEW_ARRAY(arena, struct place, n + 1);
    order->moving = AT_NEW_ARRAY(arena, uint32_t, still ? 1 : n + 1);
    for (; first < end && order->plain; first++) {
        if (!still && e->depends[in] && at_curve_reaches(e, in, *first)) {
            order->moving[order->n_moving++] = *first;
            continue;
        }
        value v = of_member(e, node, 0, *first, period);
        order->plain = v.kind == AT_CURVE_NUM && at_poly_is_const(v.num) && at_poly_is_const(v.den);
        if (!order->plain) break;
        at_num exact = at_num_div(e->arena, at_poly_first(v.num), at_poly_first(v.den));
        order->places[order->n_places++] = (struct place){at_num_copy(arena, exact), *first};
    }
    at_sort_items(arena, order->places, order->n_places, sizeof *order->places, by_value);
    return *list = order;
}

static struct at_curve_order *order_of(struct at_curve_eval *e, uint32_t node, uint32_t number,
                                       uint32_t period, const uint32_t *first, const uint32_t *end) {
    if (e->still_piece != e->piece) e->still = NULL; /* the arena was emptied */
    e->still_piece = e->piece;
    for (struct at_curve_order *order = is_still(e) ? e->still : e->orders; order; order = order->next)
        if (order->node == node && order->number == number && order->period == period) return order;
    return new_order(e, node, number, period, first, end);
}

static int compare(struct at_curve_eval *e, const struct at_curve_order *order, uint32_t k, const value *v) {
    if (at_poly_is_const(v->num) && at_poly_is_const(v->den)) /* a constant denominator is 1 */
        return at_num_cmp(e->arena, order->places[k].value, at_poly_first(v->num));
    value other = at_curve_of_num(e, order->places[k].value);
    return at_curve_order(e, &other, v);
}

/* From piece to piece, a value passes one place at most. */
static bool is_at(struct at_curve_eval *e, const struct at_curve_order *order, uint32_t k, const value *v) {
    return (k == order->n_places || compare(e, order, k, v) <= 0) &&
           (k == 0 || compare(e, order, k - 1, v) > 0);
}

/* How many of the places have a larger value. Where the value passes another one, the piece ends. Only the
 * next ones matter, and they are among those that are compared. */
static uint32_t count_larger(struct at_curve_eval *e, const struct at_curve_order *order, const value *v) {
    uint32_t low = 0, high = order->n_places, hint = order->hint;
    if (is_at(e, order, hint, v)) return hint;
    if (hint > 0 && is_at(e, order, hint - 1, v)) return hint - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(e, order, middle, v) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the rank stays in one class while `at` others have a larger value, and `more` of those whom x
 * reaches. The piece ends where it does not. */
static bool in_class(struct ranking *r, const struct at_curve_order *order, uint32_t at) {
    int64_t low, high, n = order->n_places;
    if (!at_curve_class(r->e, r->node, r->rank + at, &low, &high)) return false;
    int64_t first = low < r->rank ? 0 : low - r->rank, last = high - r->rank > n ? n : high - r->rank;
    return (last == n || compare(r->e, order, (uint32_t)last, &r->value) <= 0) &&
           (first == 0 || compare(r->e, order, (uint32_t)first - 1, &r->value) > 0);
}

/* Of a value that changes on the piece: those with the same value as another one are single points, and count
 * at their own pieces. False: the class is not the one at the beginning of the piece. */
static bool find_class(struct ranking *r, const struct at_curve_order *order) {
    const value *v = &r->value;
    uint32_t at = order->hint;
    if (r->e->point || (at_poly_is_const(v->num) && at_poly_is_const(v->den))) return false;
    if (!in_class(r, order, at)) { /* the value falls, so others are larger that were equal */
        if (at == order->n_places) return false;
        at_num equal = order->places[at].value;
        while (at < order->n_places && at_num_cmp(r->e->arena, order->places[at].value, equal) == 0)
            at++;
        if (!in_class(r, order, at)) return false;
    }
    r->rank += at;
    return true;
}

/* The rank of a member among those whose values x does not change, and those whom it reaches. */
static value rank_in(struct ranking *r, struct at_curve_order *order) {
    struct at_curve_eval *e = r->e;
    bool ignoring = (e->plan->nodes[r->node].b & AT_RANK_IGNORING) != 0;
    if (r->value.kind != AT_CURVE_NUM) return r->value;
    for (uint32_t i = 0; i < order->n_moving; i++) {
        value v = of_member(e, r->node, 0, order->moving[i], r->period);
        if (v.kind == AT_CURVE_UNKNOWN || (v.kind == AT_CURVE_FAILED && !ignoring)) return v;
        if (v.kind == AT_CURVE_NUM) count(r, order->moving[i], &v);
    }
    if (find_class(r, order)) return at_curve_of_num(e, at_num_int(r->rank));
    uint32_t at = count_larger(e, order, &r->value);
    r->rank += at;
    order->hint = at;
    for (; at < order->n_places && compare(e, order, at, &r->value) == 0; at++) {
        value v = at_curve_of_num(e, order->places[at].value);
        count(r, order->places[at].payee, &v);
    }
    return at_curve_of_num(e, at_num_int(r->rank));
}

/* ---- whose ranks can change */

struct moving {
    struct at_curve_eval *e;
    uint32_t node, period;
    bool *moves; /* by slot */
};

/* Where a value is among the others: the first one that is not larger, and the first one that is smaller. */
static bool place_of(const struct moving *m, const struct at_curve_order *order, const value *v,
                     uint32_t *first, uint32_t *end) {
    if (v->kind != AT_CURVE_NUM) return false;
    *first = *end = count_larger(m->e, order, v);
    while (*end < order->n_places && compare(m->e, order, *end, v) == 0)
        ++*end;
    return true;
}

/* Marks those whom a payee passes: between its place as the run left it, and that on the piece. */
static bool mark_passed(const struct moving *m, uint32_t payee) {
    struct at_curve_eval *e = m->e;
    const struct at_plan_node *p = &e->plan->nodes[m->node];
    const struct at_curve_place at = {payee, m->period, NULL};
    const uint32_t *first, *end;
    uint32_t from, until, other_from, other_until;
    if (!at_curve_members(e, (uint32_t)p->a, payee, m->period, &first, &end)) return true;
    uint32_t number = at_kernel_frame_groups(e->run->frame, (uint32_t)p->a, m->period)[payee];
    const struct at_curve_order *order = order_of(e, m->node, number, m->period, first, end);
    value before = at_curve_base(e, p->in[0], &at), now = at_curve_in(e, m->node, 0, &at);
    if (!order->plain || !place_of(m, order, &before, &from, &until) ||
        !place_of(m, order, &now, &other_from, &other_until))
        return false;
    for (uint32_t i = from < other_from ? from : other_from; i < until || i < other_until; i++) {
        uint32_t slot = e->slot_of[order->places[i].payee];
        if (slot != AT_NOBODY) m->moves[slot] = true;
    }
    return true;
}

const bool *at_curve_rank_moves(struct at_curve_eval *e, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (e->n_touched > MOST_MOVING || e->shared[p->in[0]] || (p->n_in > 1 && e->depends[p->in[1]]))
        return NULL;
    struct moving m = {e, node, period, AT_NEW_ARRAY(e->arena, bool, e->n_who + 1)};
    for (uint32_t slot = 0; slot < e->n_who; slot++)
        if (e->touched[slot] && !mark_passed(&m, e->who[slot])) return NULL;
    return m.moves;
}

static value rank(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *first, *end;
    struct ranking r = {e, node, at->who, at->period, at_curve_in(e, node, 0, at), {0}, 1};
    bool ignoring = (p->b & AT_RANK_IGNORING) != 0;
    if (p->n_in > 1) r.day = at_curve_in(e, node, 1, at);
    if (!at_curve_members(e, (uint32_t)p->a, at->who, at->period, &first, &end)) return at_curve_failed(node);
    uint32_t number = at_kernel_frame_groups(e->run->frame, (uint32_t)p->a, at->period)[at->who];
    struct at_curve_order *order = order_of(e, node, number, at->period, first, end);
    if (order->plain) return rank_in(&r, order);
    for (; first < end; first++) {
        value v = of_member(e, node, 0, *first, at->period);
        if (v.kind == AT_CURVE_UNKNOWN || (v.kind == AT_CURVE_FAILED && !ignoring)) return v;
        if (v.kind == AT_CURVE_NUM && r.value.kind == AT_CURVE_NUM) count(&r, *first, &v);
    }
    return r.value.kind == AT_CURVE_NUM ? at_curve_of_num(e, at_num_int(r.rank)) : r.value;
}

/* The mean of the prizes of the members who have the payee's rank. */
static value prize(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    const uint32_t *first, *end;
    value own = at_curve_in(e, node, 1, at), sum = at_curve_of_num(e, at_num_int(0));
    int64_t n = 0;
    if (own.kind == AT_CURVE_MISSING) return sum;
    if (own.kind != AT_CURVE_NUM) return own;
    if (p->b < 0) return at_curve_in(e, node, 0, at);
    if (!at_curve_members(e, (uint32_t)p->a, at->who, at->period, &first, &end)) return at_curve_failed(node);
    for (; first < end; first++) {
        value other = of_member(e, node, 1, *first, at->period);
        if (other.kind == AT_CURVE_UNKNOWN) return other;
        if (other.kind != AT_CURVE_NUM || at_curve_order(e, &other, &own) != 0) continue;
        value v = of_member(e, node, 0, *first, at->period);
        if (v.kind != AT_CURVE_NUM) return v;
        sum = at_curve_add(e, &sum, &v);
        n++;
    }
    value of = at_curve_of_num(e, at_num_int(n ? n : 1));
    return at_curve_div(e, node, &sum, &of);
}

value at_curve_rank(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    return e->plan->nodes[node].op == AT_P_RANK ? rank(e, node, at) : prize(e, node, at);
}
