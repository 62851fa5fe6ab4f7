/* curve/parted.c: what holds, releases, and clawbacks change in a period, as kernel/parted.c does with cents.
 * Parts of rows and tranches are not rounded, and days, shares, and conditions of rows are as the run left
 * them.
 */
#include "kernel/parted.h"
#include "curve/curve_int.h"

typedef struct at_curve_value value;

struct walk {
    struct at_curve_eval *e;
    const struct at_kernel_frame *frame;
    const struct at_plan_parted *payload;
    uint32_t node, ledger, payee, now;
    int32_t only; /* the statement whose changes count; -1: all */
    value sum, bad;
    /* the part that is looked at */
    uint32_t earned, row;
    const value *parts, *tranches; /* by deal; by hold, then by deal */
    struct at_kernel_deals deals;
    uint32_t deal;
    value open, rest, released, taken, kept, paid;
};

static value number(struct walk *w, int64_t n) {
    return at_curve_of_num(w->e, at_num_int(n));
}

static value from_0_to_1(struct walk *w, const value *x) {
    value zero = number(w, 0), one = number(w, 1), low = at_curve_edge(w->e, x, &zero, -1);
    return at_curve_edge(w->e, &low, &one, 1);
}

/* A value of the payee in a period that a statement reads; `otherwise` if it reads none. */
static value input_of(struct walk *w, uint16_t input, uint32_t period, const value *otherwise) {
    const struct at_curve_place at = {w->payee, period, NULL};
    value v = input ? at_curve_in(w->e, w->node, input, &at) : *otherwise;
    return v.kind == AT_CURVE_MISSING ? number(w, 0) : v;
}

static bool is_met(struct walk *w, uint16_t input, uint32_t period) {
    value yes = at_curve_of_yes(true), v = input_of(w, input, period, &yes);
    if (v.kind == AT_CURVE_UNKNOWN) w->bad = v;
    return at_curve_is_yes(&v);
}

static bool row_flag(const struct walk *w, uint16_t input, uint32_t row) {
    if (!input) return true;
    const struct at_col *col = &w->frame->whole[w->e->plan->nodes[w->node].in[input]];
    return at_col_state(col, row) == AT_STATE_OK && col->flag[col->one ? 0 : row];
}

/* ---- the parts of rows */

/* The weight of a row: as the run left it, or of the credited row, if it depends on x. */
static value weight_of(struct walk *w, uint32_t ledger, uint32_t period, const struct at_kernel_deal *deal) {
    const struct at_plan_node *p = &w->e->plan->nodes[ledger];
    const uint32_t *at, *end;
    if (!w->e->depends[p->in[1]] || period < w->e->options->period)
        return at_curve_of_num(w->e, at_kernel_deal_weight(deal));
    at_curve_items_of(w->e, (uint32_t)p->a, w->payee, period, &at, &end);
    for (; at < end; at++) {
        const struct at_curve_item *item = &w->e->items.of.at[*at];
        if (!at_str_eq(item->key, at_kernel_deal_key(deal))) continue;
        return at_curve_in(w->e, ledger, 1, &(struct at_curve_place){w->payee, period, item});
    }
    return at_curve_unknown(w->node);
}

/* In proportion to the weights; those below zero count as zero. */
static void share_out(struct walk *w, value *parts, uint32_t n, const value *amount) {
    value sum = number(w, 0);
    for (uint32_t i = 0; i < n; i++) {
        if (at_curve_sign(w->e, &parts[i]) < 0) parts[i] = number(w, 0);
        sum = at_curve_add(w->e, &sum, &parts[i]);
    }
    bool none = at_curve_sign(w->e, &sum) <= 0;
    for (uint32_t i = 0; i < n; i++) {
        value part = none ? number(w, 0) : at_curve_div(w->e, w->node, &parts[i], &sum);
        parts[i] = at_curve_mul(w->e, &part, amount);
    }
}

/* What rows added; the last ones lose first what a limit takes. */
static void fill(struct walk *w, value *parts, uint32_t n, const value *amount) {
    value over = number(w, 0), zero = over;
    for (uint32_t i = 0; i < n; i++)
        over = at_curve_add(w->e, &over, &parts[i]);
    over = at_curve_sub(w->e, &over, amount);
    over = at_curve_edge(w->e, &over, &zero, -1);
    for (uint32_t i = n; i-- > 0;) {
        value less = at_curve_edge(w->e, &parts[i], &over, 1);
        less = at_curve_edge(w->e, &less, &zero, -1);
        parts[i] = at_curve_sub(w->e, &parts[i], &less);
        over = at_curve_sub(w->e, &over, &less);
    }
}

/* The amount of the component in a period. False: it is not a number, and nothing of it is held. */
static bool amount_of(struct walk *w, uint32_t period, value *out) {
    *out = at_curve_in(w->e, w->ledger, 0, &(struct at_curve_place){w->payee, period, NULL});
    if (out->kind == AT_CURVE_UNKNOWN) w->bad = *out;
    return out->kind == AT_CURVE_NUM;
}

static bool find_parts(struct walk *w) {
    value amount;
    w->deals = at_kernel_ledger_deals(w->frame, w->ledger, w->payee, w->earned);
    if (!amount_of(w, w->earned, &amount)) return false;
    unsigned kind = (unsigned)w->e->plan->nodes[w->ledger].b & AT_LEDGER_KIND;
    value *parts = AT_NEW_ARRAY(w->e->arena, value, w->deals.n + 1);
    for (uint32_t i = 0; i < w->deals.n; i++) {
        parts[i] = weight_of(w, w->ledger, w->earned, &w->deals.at[i]);
        if (parts[i].kind == AT_CURVE_UNKNOWN) w->bad = parts[i];
        if (parts[i].kind != AT_CURVE_NUM) return false;
    }
    if (kind == AT_LEDGER_SHARES) share_out(w, parts, w->deals.n, &amount);
    if (kind == AT_LEDGER_ADDED) fill(w, parts, w->deals.n, &amount);
    w->parts = parts;
    return true;
}

/* ---- holds */

/* What is left of each part that the hold may keep, and all of these parts. */
static void find_left(struct walk *w, const struct at_plan_part *hold, const value *tranches, value *left,
                      value *all) {
    *all = number(w, 0);
    for (uint32_t i = 0; i < w->deals.n; i++) {
        bool holds = row_flag(w, hold->mask, w->deals.at[i].row) && at_curve_sign(w->e, &w->parts[i]) > 0;
        left[i] = holds ? w->parts[i] : number(w, 0);
        *all = at_curve_add(w->e, all, &left[i]);
        for (uint32_t k = 0; holds && k < hold->hold; k++)
            left[i] = at_curve_sub(w->e, &left[i], &tranches[(size_t)k * w->deals.n + i]);
    }
}

static void keep(struct walk *w, const struct at_plan_part *hold, value *tranches) {
    uint32_t n = w->deals.n;
    value *own = tranches + (size_t)hold->hold * n, one = number(w, 1), all, sum = number(w, 0);
    value *left = AT_NEW_ARRAY(w->e->arena, value, n + 1), share = input_of(w, hold->share, w->earned, &one);
    for (uint32_t i = 0; i < n; i++)
        own[i] = number(w, 0);
    if (!is_met(w, hold->when, w->earned) || share.kind != AT_CURVE_NUM) {
        if (share.kind == AT_CURVE_UNKNOWN) w->bad = share;
        return;
    }
    find_left(w, hold, tranches, left, &all);
    for (uint32_t i = 0; i < n; i++)
        sum = at_curve_add(w->e, &sum, &left[i]);
    value kept = at_curve_mul(w->e, &share, &all);
    if (at_curve_sign(w->e, &share) < 0 || at_curve_order(w->e, &kept, &sum) > 0) {
        w->bad = at_curve_failed(w->node);
        return;
    }
    if (at_curve_sign(w->e, &sum) <= 0) return;
    value part = at_curve_div(w->e, w->node, &kept, &sum);
    for (uint32_t i = 0; i < n; i++)
        own[i] = at_curve_mul(w->e, &part, &left[i]);
}

static void find_tranches(struct walk *w) {
    value *tranches = AT_NEW_ARRAY(w->e->arena, value, (size_t)w->payload->n_holds * w->deals.n + 1);
    for (uint32_t k = 0; k < w->payload->n; k++)
        if (w->payload->parts[k].kind == AT_PART_HOLD) keep(w, &w->payload->parts[k], tranches);
    w->tranches = tranches;
}

static const value *tranche(const struct walk *w, uint32_t hold) {
    return &w->tranches[(size_t)hold * w->deals.n + w->deal];
}

/* ---- events */

static value paid_of(struct walk *w) {
    value sum = w->open;
    if (w->payload->releases) {
        value released = from_0_to_1(w, &w->released);
        released = at_curve_mul(w->e, &released, &w->rest);
        sum = at_curve_add(w->e, &sum, &released);
    }
    return at_curve_mul(w->e, &sum, &w->kept);
}

/* A change of the amount paid in a period, by a statement. */
static void count(struct walk *w, uint32_t period, uint32_t statement, const value *change) {
    if (period != w->now || (w->only >= 0 && (uint32_t)w->only != statement)) return;
    w->sum = at_curve_add(w->e, &w->sum, change);
}

/* What the part would be at the rate of a period, as a multiple of the part: see rated in kernel/parted.c. */
static value rated(struct walk *w, uint32_t period) {
    uint32_t credits = w->e->plan->nodes[w->node].in[w->payload->credits];
    for (uint32_t p = period + 1; p-- > w->earned;) {
        struct at_kernel_deals deals = at_kernel_ledger_deals(w->frame, credits, w->payee, p);
        value sum = number(w, 0), given, own;
        for (uint32_t i = 0; i < deals.n; i++) {
            value weight = weight_of(w, credits, p, &deals.at[i]);
            sum = at_curve_add(w->e, &sum, &weight);
        }
        if (sum.kind != AT_CURVE_NUM) return sum;
        if (at_curve_sign(w->e, &sum) <= 0 || !amount_of(w, p, &given)) continue;
        deals = at_kernel_ledger_deals(w->frame, credits, w->payee, w->earned);
        own = weight_of(w, credits, w->earned, &deals.at[w->deal]);
        given = at_curve_mul(w->e, &given, &own);
        sum = at_curve_mul(w->e, &sum, &w->parts[w->deal]);
        return at_curve_div(w->e, w->node, &given, &sum);
    }
    return number(w, 1);
}

static void take_back(struct walk *w, const value *share, bool at_rate, uint32_t period) {
    value before = from_0_to_1(w, &w->taken);
    w->taken = at_curve_add(w->e, &w->taken, share);
    value more = from_0_to_1(w, &w->taken);
    more = at_curve_sub(w->e, &more, &before);
    if (at_curve_sign(w->e, &more) == 0) return;
    value rate = at_rate ? rated(w, period) : number(w, 1);
    more = at_curve_mul(w->e, &more, &rate);
    w->kept = at_curve_sub(w->e, &w->kept, &more);
}

static void apply(struct walk *w, const struct at_kernel_event *event, uint32_t period) {
    const struct at_plan_part *part = &w->payload->parts[event->part];
    value share, one = number(w, 1), before = w->paid;
    if (part->kind == AT_PART_HOLD) {
        if (w->row != event->row) return;
        share = input_of(w, part->at, period, &one);
        value more = at_curve_mul(w->e, tranche(w, part->hold), &share);
        w->open = at_curve_add(w->e, &w->open, &more);
    } else {
        if (!is_met(w, part->when, period)) return;
        share = at_curve_of_num(w->e, at_kernel_event_share(w->e->arena, event));
        if (part->kind == AT_PART_RELEASE)
            w->released = at_curve_add(w->e, &w->released, &share);
        else
            take_back(w, &share, part->rated, period);
    }
    w->paid = paid_of(w);
    value change = at_curve_sub(w->e, &w->paid, &before);
    count(w, period, event->part, &change);
}

/* What statements keep back of the part when it is earned. */
static void keep_back(struct walk *w) {
    value zero = number(w, 0);
    for (uint32_t k = 0; k < w->payload->n; k++) {
        const struct at_plan_part *part = &w->payload->parts[k];
        bool rest = w->payload->releases && k == w->payload->first_release;
        if (part->kind != AT_PART_HOLD && !rest) continue;
        value less =
            at_curve_sub(w->e, &zero, part->kind == AT_PART_HOLD ? tranche(w, part->hold) : &w->rest);
        count(w, w->earned, k, &less);
    }
}

static void walk_part(struct walk *w) {
    const struct at_kernel_parted *parted = w->frame->parteds[w->node];
    w->row = w->deals.at[w->deal].row;
    uint32_t deal = at_kernel_parted_deal(w->frame, w->node, w->row);
    if (at_curve_sign(w->e, &w->parts[w->deal]) <= 0) return; /* of a refund: it is taken at once */
    w->rest = w->parts[w->deal];
    for (uint32_t k = 0; k < w->payload->n_holds; k++)
        w->rest = at_curve_sub(w->e, &w->rest, tranche(w, k));
    w->open = w->payload->releases ? number(w, 0) : w->rest;
    w->released = w->taken = number(w, 0);
    w->kept = number(w, 1);
    w->paid = paid_of(w);
    keep_back(w);
    if (deal == AT_NOBODY || deal >= parted->n_deals) return;
    for (uint32_t i = parted->of_deal[deal]; i < parted->of_deal[deal + 1]; i++) {
        const struct at_kernel_event *event = &parted->events[i];
        if (event->period > (int64_t)w->now) continue;
        uint32_t period = event->period > (int64_t)w->earned ? (uint32_t)event->period : w->earned;
        if (event->state != AT_STATE_OK && period == w->now) w->bad = at_curve_failed(w->node);
        if (event->state == AT_STATE_OK) apply(w, event, period);
    }
}

/* Whether x decides which rows are events, or how large they are. */
static bool reads_x(const struct at_curve_eval *e, uint32_t node) {
    const struct at_plan_node *p = &e->plan->nodes[node], *ledger = &e->plan->nodes[p->in[0]];
    for (uint16_t k = 1; k < p->n_in; k++)
        if (e->plan->nodes[p->in[k]].grain == AT_G_ROW && e->depends[p->in[k]]) return true;
    for (uint16_t k = 2; k < ledger->n_in; k++)
        if (e->depends[ledger->in[k]]) return true;
    return false;
}

value at_curve_parted(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t parted = p->op == AT_P_PARTMOVE ? p->in[0] : node;
    struct walk w = {.e = e,
                     .frame = e->run->frame,
                     .payload = e->plan->nodes[parted].data,
                     .node = parted,
                     .ledger = e->plan->nodes[parted].in[0],
                     .payee = at->who,
                     .now = at->period,
                     .only = p->op == AT_P_PARTMOVE ? p->a : -1,
                     .sum = at_curve_of_num(e, at_num_int(0))};
    if (reads_x(e, parted) || !w.frame->parteds[parted]) return at_curve_unknown(node);
    for (w.earned = 0; w.earned <= w.now && !e->too_large; w.earned++) {
        if (!find_parts(&w)) continue;
        find_tranches(&w);
        for (w.deal = 0; w.deal < w.deals.n && w.bad.kind == AT_CURVE_NUM; w.deal++)
            walk_part(&w);
    }
    if (w.bad.kind != AT_CURVE_NUM) return w.bad;
    return w.sum;
}
