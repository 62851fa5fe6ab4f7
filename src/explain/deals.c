/* explain/deals.c: explains how the amount of a `by` component is divided among deals: the part of each, by
 * what, and who gets the cents that are left. The parts of the step add up to the amount. */
#include "base/sort.h"
#include "explain/explain_int.h"
#include "kernel/ledger.h"

struct dividing {
    struct at_explain_tell *t;
    const struct at_plan_node *node;
    struct at_kernel_deals deals;
    const int64_t *parts; /* one more than there are deals */
    at_num whole;
    unsigned digits;
};

static at_words_operand money(const struct dividing *d, at_num x) {
    struct at_explain_node unused = {0};
    return at_explain_tell_num(d->t, &unused, x, at_explain_tell_money(d->t), false);
}

/* What the row credits or adds: money, or a number such as points. */
static at_words_operand weight_of(const struct dividing *d, const struct at_kernel_deal *deal) {
    struct at_explain_node unused = {0};
    at_type type = d->t->r->plan->nodes[d->node->in[1]].type;
    type.optional = false;
    return at_explain_tell_num(d->t, &unused, at_kernel_deal_weight(deal), type, false);
}

static at_num minor(const struct dividing *d, int64_t x) {
    return at_num_decimal(x, d->digits);
}

static struct at_explain_node *part_step(const struct dividing *d, enum at_explain_step_kind kind,
                                         at_num amount) {
    struct at_explain_node *step = at_explain_node_new(d->t, kind, NULL);
    struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(d->t), amount);
    at_explain_node_value(d->t, step, &value, false);
    step->part = true;
    return step;
}

/* ---- the cents */

/* What shares that are rounded down to the minor unit leave of the amount. */
static at_num left_over(const struct dividing *d) {
    struct at_arena *a = d->t->arena;
    at_num sum = at_num_int(0), left = at_num_sub(a, d->whole, minor(d, d->parts[d->deals.n]));
    at_num shared = left;
    for (uint32_t i = 0; i < d->deals.n; i++)
        if (at_num_sign(at_kernel_deal_weight(&d->deals.at[i])) > 0)
            sum = at_num_add(a, sum, at_kernel_deal_weight(&d->deals.at[i]));
    if (at_num_is_zero(sum)) return at_num_int(0);
    for (uint32_t i = 0; i < d->deals.n; i++) {
        at_num weight = at_kernel_deal_weight(&d->deals.at[i]);
        if (at_num_sign(weight) <= 0) continue;
        at_num share = at_num_div(a, at_num_mul(a, shared, weight), sum);
        left = at_num_sub(a, left, at_num_round(a, share, d->digits, AT_ROUND_DOWN));
    }
    return left;
}

/* Who gets what is left, or who loses what is above the amount. */
static void tell_cents(const struct dividing *d, struct at_explain_node *step) {
    struct at_explain_tell *t = d->t;
    at_num sum = at_num_int(0);
    if ((d->node->b & AT_LEDGER_KIND) == AT_LEDGER_SHARES) {
        at_num left = left_over(d);
        if (!at_num_is_zero(left))
            at_explain_node_note(
                t, step, AT_SAID(t->arena, AT_W_DEALS_CENTS, money(d, left), at_explain_tell_unit(t)));
        return;
    }
    for (uint32_t i = 0; i < d->deals.n; i++)
        sum = at_num_add(t->arena, sum, at_kernel_deal_weight(&d->deals.at[i]));
    if (at_num_cmp(t->arena, sum, d->whole) > 0)
        at_explain_node_note(t, step, AT_SAID(t->arena, AT_W_DEALS_LAST, money(d, sum), money(d, d->whole)));
}

/* ---- the deals */

struct ordered {
    uint32_t deal;
    uint64_t size;
};

static int by_size(const void *left, const void *right) {
    const struct ordered *x = left, *y = right;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return (x->deal > y->deal) - (x->deal < y->deal);
}

static void list_deals(const struct dividing *d, struct at_explain_node *step) {
    struct at_explain_tell *t = d->t;
    struct ordered *order = AT_NEW_ARRAY(t->arena, struct ordered, d->deals.n + 1);
    uint32_t shown = t->x->options->all || d->deals.n <= AT_SHOWN_ROWS ? d->deals.n : AT_SHOWN_ROWS;
    at_num rest = at_num_int(0);
    for (uint32_t i = 0; i < d->deals.n; i++) {
        int64_t part = d->parts[i];
        order[i] = (struct ordered){i, part < 0 ? 0 - (uint64_t)part : (uint64_t)part};
    }
    at_sort_items(t->arena, order, d->deals.n, sizeof *order, by_size);
    for (uint32_t i = 0; i < d->deals.n; i++) {
        const struct at_kernel_deal *deal = &d->deals.at[order[i].deal];
        at_num part = minor(d, d->parts[order[i].deal]);
        if (i >= shown) {
            rest = at_num_add(t->arena, rest, part);
            continue;
        }
        struct at_explain_node *row = part_step(d, AT_STEP_ROW, part);
        row->name = at_words_text(at_str_copy(t->arena, at_kernel_deal_key(deal)));
        row->text = AT_SAID(t->arena, AT_W_DEALS_ONE, row->name, row->value.shown, weight_of(d, deal));
        at_explain_node_add(step, row);
    }
    if (shown == d->deals.n) return;
    struct at_explain_node *more = part_step(d, AT_STEP_MORE, rest);
    more->text =
        AT_SAID(t->arena, AT_W_MORE, at_explain_tell_count(t, d->deals.n - shown), more->value.shown);
    at_explain_node_add(step, more);
}

void at_explain_tell_deals(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t component) {
    const struct at_plan_component *c = &t->r->plan->components[component];
    const struct at_kernel_frame *frame = t->r->run->frame;
    bool by = c->decl && c->decl->by_feed >= 0 && c->ledger != AT_NO_NODE;
    if (by && at_explain_pool_is_hidden(t, c->decl)) return;
    if (!by || t->period >= t->r->run->n_regular || !frame->ledgers[c->ledger]) return;
    const int64_t *parts = frame->ledgers[c->ledger]->parts[(size_t)t->period * frame->n_payees + t->payee];
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, c->ledger, &state);
    if (!parts || state != AT_STATE_OK) return;
    struct dividing d = {.t = t,
                         .node = &t->r->plan->nodes[c->ledger],
                         .deals = at_kernel_ledger_deals(frame, c->ledger, t->payee, t->period),
                         .parts = parts,
                         .whole = at_plan_value_num(&value),
                         .digits = t->r->result->currency->digits};
    bool shares = (d.node->b & AT_LEDGER_KIND) == AT_LEDGER_SHARES;
    if (d.deals.n == 0 || (shares && at_num_is_zero(d.whole))) return;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, NULL);
    at_explain_node_value(t, step, &value, false);
    step->adds = true;
    step->text =
        AT_SAID(t->arena, shares ? AT_W_DEALS_SHARES : AT_W_DEALS_ADDED,
                at_explain_tell_many(t, d.deals.n, AT_W_ROWS_ONE, AT_W_ROWS_MANY), step->value.shown);
    list_deals(&d, step);
    if (parts[d.deals.n] != 0) {
        struct at_explain_node *none = part_step(&d, AT_STEP_ROW, minor(&d, parts[d.deals.n]));
        none->text = AT_SAID(t->arena, AT_W_DEALS_NONE, none->value.shown);
        at_explain_node_add(step, none);
    }
    tell_cents(&d, step);
    at_explain_node_add(parent, step);
}
