/* curve/item.c: credited rows. The run does not keep values of rows, so the tables are read once more, and
 * what does not depend on x is kept for each item. What does is calculated when it is read.
 */
#include "curve/curve_int.h"

typedef struct at_curve_value value;

struct at_curve_stock {
    struct at_arena *arena;
    bool loaded, found;
    struct at_curve_items items;
    AT_VEC(uint32_t) recipients; /* of the row whose field is x */
};

struct at_curve_stock *at_curve_stock_new(struct at_arena *arena) {
    struct at_curve_stock *stock = AT_NEW(arena, struct at_curve_stock);
    stock->arena = arena;
    return stock;
}

/* ---- reading them */

struct loading {
    struct at_curve_eval *e;
    struct at_watch *watch;
    const struct at_plan_wanted *feeds;
    uint32_t n_feeds;
    bool cancelled;
};

static bool of_rows(const struct at_curve_eval *e, const struct at_plan_node *p) {
    return p->grain == AT_G_CREDIT || (p->grain == AT_G_ROW && p->place != e->run->frame->payee_table);
}

/* The feed of an item node: of CREDIT its own; a ROW can be of several. */
static bool in_feed(const struct at_curve_eval *e, const struct at_plan_node *p, uint32_t feed) {
    if (at_plan_is_aggregate((enum at_plan_op)p->op)) return (uint32_t)p->a == feed;
    if (p->grain == AT_G_CREDIT) return p->place == feed;
    return of_rows(e, p) && p->place == e->plan->feeds[feed].table;
}

/* A line reads items of another feed, too. */
static bool reads_feed(const struct at_curve_eval *e, const struct at_plan_node *p, uint32_t feed) {
    return in_feed(e, p, feed) || (p->op == AT_P_LINEOF && (uint32_t)p->a == feed);
}

/* Marks what must be read to calculate the node over the items of a feed. */
static void mark_base(const struct at_curve_eval *e, uint32_t node, uint32_t feed, bool *base) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (!reads_feed(e, p, feed)) return;
    for (uint16_t k = 0; k < p->n_in; k++)
        if (of_rows(e, &e->plan->nodes[p->in[k]]) && !e->depends[p->in[k]] &&
            in_feed(e, &e->plan->nodes[p->in[k]], feed))
            base[p->in[k]] = true;
    uint32_t carried = p->op == AT_P_RUNCARRY ? e->plan->carries[p->a].source : AT_NO_NODE;
    if (carried != AT_NO_NODE && !e->depends[carried]) base[carried] = true;
    uint32_t share = e->plan->feeds[feed].n_to == 1 ? e->plan->feeds[feed].to[0].share : AT_NO_NODE;
    if (p->op == AT_P_ITEMSHARE && share != AT_NO_NODE && of_rows(e, &e->plan->nodes[share]) &&
        !e->depends[share])
        base[share] = true;
    if (p->op == AT_P_LOAD) base[node] = true;
}

/* Nodes that may be calculated over items. Most feeds have none, so these are found once for all feeds. */
struct dependent {
    uint32_t *nodes, n;
};

static struct dependent dependent_of(const struct at_curve_eval *e) {
    uint32_t n = e->plan->n_nodes;
    struct dependent out = {AT_NEW_ARRAY(e->kept, uint32_t, n + 1), 0};
    for (uint32_t id = 0; id < n; id++)
        if (e->depends[id] && e->wanted[id] && (e->of_row || id != e->options->vary)) /* x has no rows */
            out.nodes[out.n++] = id;
    return out;
}

static bool is_read(const struct at_curve_eval *e, const struct dependent *dependent, uint32_t feed) {
    for (uint32_t i = 0; i < dependent->n; i++)
        if (reads_feed(e, &e->plan->nodes[dependent->nodes[i]], feed)) return true;
    return false;
}

static struct at_plan_wanted wanted_of(const struct at_curve_eval *e, const struct dependent *dependent,
                                       uint32_t feed) {
    uint32_t n = e->plan->n_nodes, *nodes = AT_NEW_ARRAY(e->kept, uint32_t, n + 1);
    bool *base = AT_NEW_ARRAY(e->kept, bool, n + 1);
    struct at_plan_wanted out = {.feed = feed, .nodes = nodes};
    for (uint32_t i = 0; i < dependent->n; i++)
        mark_base(e, dependent->nodes[i], feed, base);
    for (uint32_t id = 0; id < n; id++)
        if (base[id]) nodes[out.n_nodes++] = id;
    return out;
}

static uint32_t cell_of(const struct at_curve_eval *e, uint32_t feed, uint32_t payee, uint32_t period);

static bool keep_item(void *context, const struct at_gather_item *item) {
    struct loading *l = context;
    struct at_curve_eval *e = l->e;
    if (cell_of(e, item->feed, item->payee, item->period) == AT_NOBODY) return true;
    struct at_curve_item kept = {
        .feed = item->feed, .payee = item->payee, .period = item->period, .line = item->line};
    const struct at_plan_wanted *wanted = NULL;
    for (uint32_t f = 0; f < l->n_feeds; f++)
        if (l->feeds[f].feed == item->feed) wanted = &l->feeds[f];
    struct at_plan_value *base = AT_NEW_ARRAY(e->kept, struct at_plan_value, e->items.n_base);
    uint32_t *states = AT_NEW_ARRAY(e->kept, uint32_t, e->items.n_base);
    for (uint32_t k = 0; wanted && k < wanted->n_nodes; k++) {
        uint32_t number = e->items.number[wanted->nodes[k]];
        base[number] = item->values[k];
        states[number] = item->states[k];
        if (base[number].missing) continue;
        if (at_plan_type_counts(base[number].type))
            at_plan_value_put_num(&base[number], at_num_copy(e->kept, at_plan_value_num(&base[number])));
        else if (base[number].type.kind == AT_T_TEXT)
            at_plan_value_put_text(&base[number], at_str_copy(e->kept, at_plan_value_text(&base[number])));
    }
    kept.base = base;
    kept.states = states;
    kept.key = at_str_copy(e->kept, item->key);
    kept.own = e->of_row && e->plan->feeds[item->feed].table == e->plan->nodes[e->options->vary].place &&
               at_str_eq(item->key, e->options->row);
    AT_VEC_PUSH(e->kept, &e->items.of, kept);
    l->cancelled = at_watch_cancelled(l->watch);
    return !l->cancelled;
}

/* ---- by feed, payee, and period */

static uint32_t periods(const struct at_curve_eval *e) {
    return e->options->until - e->options->period + 1;
}

static uint32_t slots(const struct at_curve_eval *e) {
    return e->items.of_all ? e->run->n_payees : e->n_who;
}

/* AT_NOBODY: outside of what is asked for. Feeds without periods have all items in the first one. */
static uint32_t cell_of(const struct at_curve_eval *e, uint32_t feed, uint32_t payee, uint32_t period) {
    uint32_t n = slots(e), slot = payee;
    if (payee == AT_NOBODY) slot = n;
    if (payee != AT_NOBODY && !e->items.of_all) slot = e->slot_of[payee];
    uint32_t at = at_plan_feed_dated(&e->plan->feeds[feed]) ? period - e->options->period : 0;
    if (slot == AT_NOBODY || at >= periods(e)) return AT_NOBODY;
    return (feed * (n + 1) + slot) * periods(e) + at;
}

static void put_in_order(struct at_curve_eval *e) {
    struct at_curve_items *items = &e->items;
    size_t cells = (size_t)e->plan->n_feeds * (slots(e) + 1) * periods(e);
    items->start = AT_NEW_ARRAY(e->kept, uint32_t, cells + 2);
    items->order = AT_NEW_ARRAY(e->kept, uint32_t, items->of.n + 1);
    for (size_t i = 0; i < items->of.n; i++) {
        const struct at_curve_item *item = &items->of.at[i];
        uint32_t cell = cell_of(e, item->feed, item->payee, item->period);
        if (cell != AT_NOBODY) items->start[cell + 2]++;
    }
    for (size_t c = 2; c < cells + 2; c++)
        items->start[c] += items->start[c - 1];
    for (size_t i = 0; i < items->of.n; i++) {
        const struct at_curve_item *item = &items->of.at[i];
        uint32_t cell = cell_of(e, item->feed, item->payee, item->period);
        if (cell != AT_NOBODY) items->order[items->start[cell + 1]++] = (uint32_t)i;
    }
}

void at_curve_items_of(const struct at_curve_eval *e, uint32_t feed, uint32_t payee, uint32_t period,
                       const uint32_t **first, const uint32_t **end) {
    uint32_t cell = cell_of(e, feed, payee, period);
    *first = *end = e->items.order;
    if (cell == AT_NOBODY || !e->items.order) return;
    *first = e->items.order + e->items.start[cell];
    *end = e->items.order + e->items.start[cell + 1];
}

static enum at_status load(struct at_curve_eval *e, struct at_watch *watch) {
    uint32_t n = e->plan->n_nodes, n_feeds = 0;
    struct at_plan_wanted *feeds = AT_NEW_ARRAY(e->kept, struct at_plan_wanted, e->plan->n_feeds + 1);
    e->items.number = at_arena_get(e->kept, (n + 1) * sizeof *e->items.number);
    for (uint32_t id = 0; id < n; id++)
        e->items.number[id] = AT_NO_NODE;
    const struct dependent dependent = dependent_of(e);
    for (uint32_t f = 0; f < e->plan->n_feeds; f++) {
        if (e->spoilt[f] || !is_read(e, &dependent, f)) continue;
        struct at_plan_wanted wanted = wanted_of(e, &dependent, f);
        for (uint32_t k = 0; k < wanted.n_nodes; k++)
            if (e->items.number[wanted.nodes[k]] == AT_NO_NODE)
                e->items.number[wanted.nodes[k]] = e->items.n_base++;
        feeds[n_feeds++] = wanted;
    }
    if (n_feeds == 0) return AT_OK;
    uint64_t rows = 0; /* a pass reads all of them */
    for (uint32_t f = 0; f < e->plan->n_feeds; f++)
        rows += e->run->rows_credited[f];
    if (!at_curve_may_work(e, rows)) return AT_REJECTED;
    struct loading l = {.e = e, .watch = watch, .feeds = feeds, .n_feeds = n_feeds};
    bool one = e->n_who == 1 && !e->of_row && !e->items.of_all;
    uint32_t only = one ? e->who[0] : AT_NOBODY;
    enum at_status status = at_session_run_items(e->run, feeds, n_feeds, only, AT_NOBODY, keep_item, &l);
    if (status == AT_OK && l.cancelled) status = AT_CANCELLED;
    if (status == AT_OK) put_in_order(e);
    return status;
}

/* Those of the payees who matter, which are all of them in some plans. */
static void take(struct at_curve_eval *e, const struct at_curve_items *stock) {
    e->items = *stock;
    if (e->n_who == e->run->n_payees || !stock->order) return;
    struct at_curve_items all = *stock;
    size_t width = (size_t)(e->run->n_payees + 1) * periods(e);
    memset(&e->items.of, 0, sizeof e->items.of);
    for (uint32_t feed = 0; feed < e->plan->n_feeds; feed++)
        for (uint32_t slot = 0; slot <= e->n_who; slot++) {
            uint32_t payee = slot < e->n_who ? e->who[slot] : e->run->n_payees;
            size_t cell = feed * width + (size_t)payee * periods(e);
            for (uint32_t i = all.start[cell]; i < all.start[cell + periods(e)]; i++)
                AT_VEC_PUSH(e->kept, &e->items.of, all.of.at[all.order[i]]);
        }
    e->items.of_all = false;
    put_in_order(e);
}

/* The first call with a stock fills it. */
enum at_status at_curve_items_load(struct at_curve_eval *e, struct at_watch *watch) {
    struct at_curve_stock *stock = e->options->stock;
    enum at_status status = AT_OK;
    if (!stock) return load(e, watch);
    if (!stock->loaded) {
        struct at_arena *own = e->kept;
        e->kept = stock->arena;
        e->items.of_all = true;
        status = load(e, watch);
        stock->items = e->items;
        stock->loaded = status == AT_OK;
        e->kept = own;
    }
    if (status == AT_OK) take(e, &stock->items);
    return status;
}

/* ---- who is credited with the row whose field is x */

struct finding {
    struct at_curve_eval *e;
    struct at_curve_stock *to;
    struct at_watch *watch;
    bool cancelled;
};

static bool add_recipient(void *context, const struct at_gather_item *item) {
    struct finding *f = context;
    if (at_str_eq(item->key, f->e->options->row) && item->payee != AT_NOBODY)
        AT_VEC_PUSH(f->to->arena, &f->to->recipients, item->payee);
    f->cancelled = at_watch_cancelled(f->watch);
    return !f->cancelled;
}

static enum at_status find_recipients(struct at_curve_eval *e, struct at_curve_stock *to,
                                      struct at_watch *watch) {
    struct at_plan_wanted *feeds = AT_NEW_ARRAY(e->kept, struct at_plan_wanted, e->plan->n_feeds + 1);
    struct finding finding = {e, to, watch, false};
    uint32_t n = 0;
    for (uint32_t f = 0; f < e->plan->n_feeds; f++)
        if (e->plan->feeds[f].table == e->plan->nodes[e->options->vary].place)
            feeds[n++] = (struct at_plan_wanted){.feed = f};
    if (n == 0) return AT_OK;
    enum at_status status =
        at_session_run_items(e->run, feeds, n, AT_NOBODY, AT_NOBODY, add_recipient, &finding);
    return status == AT_OK && finding.cancelled ? AT_CANCELLED : status;
}

enum at_status at_curve_recipients(struct at_curve_eval *e, struct at_watch *watch, const uint32_t **payees,
                                   size_t *n) {
    struct at_curve_stock *stock = e->options->stock;
    enum at_status status = AT_OK;
    if (!stock) stock = at_curve_stock_new(e->kept);
    if (!stock->found) status = find_recipients(e, stock, watch);
    stock->found = status == AT_OK;
    *payees = stock->recipients.at;
    *n = stock->recipients.n;
    return status;
}

/* ---- what is calculated of them */

/* A field of the row that another row, or the item itself, leads to. */
static value follow(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node], *far = &e->plan->nodes[p->in[0]];
    if (far->grain == AT_G_CONST) return at_curve_in(e, node, 0, at);
    if (far->place != e->run->frame->payee_table) return at_curve_unknown(node);
    value to = at_curve_in(e, node, 1, at);
    if (to.kind != AT_CURVE_OTHER) return to;
    int32_t row = at_plan_value_row(&to.value);
    if (row < 0) return (value){.kind = AT_CURVE_MISSING};
    return at_curve_in(e, node, 0, &(struct at_curve_place){.who = (uint32_t)row, .period = at->period});
}

value at_curve_item(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (!at->item || e->spoilt[at->item->feed]) return at_curve_unknown(node);
    switch (p->op) {
    case AT_P_LOAD: return at->item->own ? at_curve_of_x(e) : at_curve_base(e, node, at);
    case AT_P_FOLLOW: return follow(e, node, at);
    case AT_P_TAKE:
        return of_rows(e, &e->plan->nodes[p->in[0]]) ? at_curve_in(e, node, 0, at) : at_curve_unknown(node);
    case AT_P_FROMCELL:
        if (at->item->payee == AT_NOBODY) return at_curve_unknown(node);
        return at_curve_in(e, node, 0, &(struct at_curve_place){at->item->payee, at->item->period, NULL});
    case AT_P_ITEMSHARE: {
        uint32_t share = e->plan->feeds[at->item->feed].to[0].share;
        return share == AT_NO_NODE ? at_curve_of_num(e, at_num_int(1)) : at_curve_node(e, share, at);
    }
    case AT_P_RUNNING:
    case AT_P_RUNCARRY: return at_curve_running(e, node, at);
    case AT_P_LINEOF: return at_curve_line(e, node, at);
    case AT_P_DIVIDE: /* lines of a row are rounded together; these are amounts before that */
    case AT_P_DIVIDEOF: return at_curve_in(e, node, 0, at);
    default: return at_curve_unknown(node);
    }
}
