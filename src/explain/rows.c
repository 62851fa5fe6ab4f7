/* explain/rows.c: finds the credited rows of aggregates and payout lines.
 *
 * One pass over each table keeps the largest rows of each payee and period, and counts and adds up the
 * others.
 */
#include "base/sort.h"
#include "explain/explain_int.h"

/* Of a target: the stay of the day of each row, or the group of the members that receive it, once. */
enum { SHAPE_STAY = AT_G_GROUP + 1, SHAPE_OWN };

/* ---- what is to be collected */

struct marks {
    struct at_explain_run *r;
    uint32_t *feed_of; /* by node: the feed, plus 1, below whose targets it was found last */
    AT_VEC(struct at_explain_target) targets;
    AT_VEC(uint32_t) stack, slots;
    struct at_arena *arena;
};

static bool aggregates(const struct at_plan_node *p) {
    return p->op == AT_P_SUM || p->op == AT_P_COUNT || p->op == AT_P_LEAST || p->op == AT_P_MOST;
}

static void add_target(struct marks *m, struct at_explain_target target) {
    m->r->target_of[target.node] = (int32_t)m->targets.n;
    AT_VEC_PUSH(m->arena, &m->targets, target);
}

/* Inputs of an aggregate: the value (not for COUNT), then the mask, if it has one. */
static void add_aggregate(struct marks *m, uint32_t node) {
    const struct at_plan_node *p = &m->r->plan->nodes[node];
    struct at_explain_target target = {
        .node = node, .value = AT_NO_NODE, .mask = AT_NO_NODE, .when = AT_NO_NODE};
    uint16_t next = 0;
    if (p->op != AT_P_COUNT) target.value = p->in[next++];
    if (next < p->n_in) target.mask = p->in[next];
    target.feed = (uint32_t)p->a;
    target.shape = p->grain;
    if (p->grain == AT_G_GROUP && p->place > 0)
        target.shape = m->r->plan->groups[p->place].of ? SHAPE_STAY : SHAPE_OWN;
    target.place = p->place;
    target.smallest = p->op == AT_P_LEAST;
    add_target(m, target);
}

/* A condition of the cell decides before any row, so only a condition of each row belongs to the target. */
static void add_lines(struct marks *m, const struct at_plan_component *component) {
    const struct at_plan_node *nodes = m->r->plan->nodes;
    uint32_t lines = component->lines, when = component->lines_when;
    struct at_explain_target target = {.node = lines, .value = lines, .mask = AT_NO_NODE, .when = AT_NO_NODE};
    if (when != AT_NO_NODE && nodes[when].grain == AT_G_CREDIT) target.when = when;
    target.feed = nodes[lines].place;
    target.shape = AT_G_CELL;
    add_target(m, target);
}

/* Everything below the roots; aggregates are the targets.
 * The loop goes down, because inputs of a node come before it. */
static void find_targets(struct marks *m, const bool *roots) {
    const struct at_plan *plan = m->r->plan;
    bool *marked = AT_NEW_ARRAY(m->arena, bool, plan->n_nodes + 1);
    memcpy(marked, roots, plan->n_nodes * sizeof *marked);
    for (uint32_t id = plan->n_nodes; id-- > 0;) {
        if (!marked[id]) continue;
        if (aggregates(&plan->nodes[id]) && m->r->target_of[id] < 0 && plan->nodes[id].needed)
            add_aggregate(m, id);
        for (uint16_t i = 0; i < plan->nodes[id].n_in; i++)
            marked[plan->nodes[id].in[i]] = true;
    }
}

static int by_feed(const void *left, const void *right) {
    const struct at_explain_target *a = left, *b = right;
    if (a->feed != b->feed) return a->feed < b->feed ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

/* target_of changes with the order, so it is set again. */
static void sort_targets(struct marks *m) {
    at_sort_items(m->arena, m->targets.at, m->targets.n, sizeof *m->targets.at, by_feed);
    for (size_t i = 0; i < m->targets.n; i++)
        m->r->target_of[m->targets.at[i].node] = (int32_t)i;
}

/* How many targets, from the first on, are of its feed. */
static uint32_t same_feed(const struct at_explain_target *targets, uint32_t first, uint32_t end) {
    uint32_t n = 1;
    while (first + n < end && targets[first + n].feed == targets[first].feed)
        n++;
    return n;
}

/* Adds the nodes of credit and row grain below `root`. What is calculated before the scan is not of a row.
 * feed_of has the last feed that met a node, so a node is visited once for each feed without clearing. */
static void find_below(struct marks *m, uint32_t feed, uint32_t root) {
    const struct at_plan *plan = m->r->plan;
    if (root == AT_NO_NODE) return;
    AT_VEC_PUSH(m->arena, &m->stack, root);
    while (m->stack.n > 0) {
        uint32_t id = m->stack.at[--m->stack.n];
        const struct at_plan_node *p = &plan->nodes[id];
        if (m->feed_of[id] == feed + 1) continue;
        m->feed_of[id] = feed + 1;
        if (p->grain == AT_G_CREDIT || (p->grain == AT_G_ROW && !p->settled))
            AT_VEC_PUSH(m->arena, &m->slots, id);
        if (p->settled || p->op == AT_P_FROMCELL || p->op == AT_P_SPREAD) continue;
        /* Input 0 of FOLLOW and EXCHANGE belongs to another table, so only the reference counts as a value of
         * the row. All inputs of LINEOF but the reference belong to other rows. */
        bool line = p->op == AT_P_LINEOF;
        for (uint16_t i = line || at_plan_leads(p->op); i < (line ? 2 : p->n_in); i++)
            AT_VEC_PUSH(m->arena, &m->stack, p->in[i]);
    }
}

/* The values that are kept of a row of the feed, whose targets these are: all below what is added up. */
static void find_slots(struct marks *m, const struct at_explain_target *targets, uint32_t n) {
    uint32_t feed = targets[0].feed;
    m->slots.n = 0;
    for (uint32_t i = 0; i < n; i++) {
        find_below(m, feed, targets[i].value);
        find_below(m, feed, targets[i].mask);
        find_below(m, feed, targets[i].when);
    }
    find_below(m, feed, m->r->plan->feeds[feed].on);
    if (m->r->plan->feeds[feed].event != AT_NO_NODE) find_below(m, feed, m->r->plan->feeds[feed].event);
    if (m->r->plan->feeds[feed].day != AT_NO_NODE) find_below(m, feed, m->r->plan->feeds[feed].day);
    uint32_t *fields = AT_NEW_ARRAY(m->arena, uint32_t, m->r->plan->n_nodes + 1);
    uint32_t n_fields = at_explain_listed_fields(m->r, feed, fields);
    for (uint32_t i = 0; i < n_fields; i++)
        find_below(m, feed, fields[i]);
    at_sort_numbers(m->arena, m->slots.at, m->slots.n);
    m->r->n_slots[feed] = (uint32_t)m->slots.n;
    m->r->slots[feed] = AT_NEW_ARRAY(m->arena, uint32_t, m->slots.n + 1);
    if (m->slots.n) memcpy(m->r->slots[feed], m->slots.at, m->slots.n * sizeof *m->slots.at);
}

/* The number of bags. It must agree with the index in bag_of and bag_at. */
static uint32_t cells_of(const struct at_session_run *run, const struct at_explain_target *target) {
    switch (target->shape) {
    case SHAPE_STAY:
    case SHAPE_OWN: return run->n_periods * run->group_sizes[target->place];
    case AT_G_CELL: return run->n_periods * run->n_payees;
    case AT_G_ROW: return run->n_payees;
    case AT_G_GROUP: return run->n_periods;
    default: return 1;
    }
}

/* Roots are the values that an explanation can reach: components, their conditions, and limits of
 * adjustments. */
static void make_targets(struct at_explain_job *x, struct at_explain_run *r, const bool *wanted_component) {
    struct marks m = {.r = r, .arena = x->arena};
    const struct at_plan *plan = r->plan;
    bool *roots = AT_NEW_ARRAY(x->arena, bool, plan->n_nodes + 1);
    for (uint32_t c = 0; c < plan->n_components; c++) {
        if (!wanted_component[c]) continue;
        roots[plan->components[c].value] = true;
        roots[plan->components[c].earned] = true;
        uint32_t when = plan->components[c].lines_when;
        if (when != AT_NO_NODE) roots[when] = true;
        if (plan->components[c].lines != AT_NO_NODE && r->target_of[plan->components[c].lines] < 0)
            add_lines(&m, &plan->components[c]);
    }
    for (uint32_t a = 0; a < plan->n_adjustments; a++) {
        if (!wanted_component[plan->adjustments[a].component]) continue;
        roots[plan->adjustments[a].at] = true;
        if (plan->adjustments[a].when != AT_NO_NODE) roots[plan->adjustments[a].when] = true;
    }
    find_targets(&m, roots);
    sort_targets(&m);
    m.feed_of = AT_NEW_ARRAY(x->arena, uint32_t, plan->n_nodes + 1);
    for (uint32_t i = 0, n; i < m.targets.n; i += n) {
        n = same_feed(m.targets.at, i, (uint32_t)m.targets.n);
        find_slots(&m, &m.targets.at[i], n);
    }
    for (size_t i = 0; i < m.targets.n; i++) {
        m.targets.at[i].n_bags = cells_of(r->run, &m.targets.at[i]);
        m.targets.at[i].bags = AT_NEW_ARRAY(x->arena, struct at_explain_bag *, m.targets.at[i].n_bags + 1);
    }
    r->targets = m.targets.at;
    r->n_targets = (uint32_t)m.targets.n;
}

/* ---- one row */

/* Where the values of a target are among the slots of its feed; -1: nowhere. */
struct places {
    int32_t value, mask, when;
};

struct pass {
    struct at_explain_job *x;
    struct at_explain_run *r;
    struct places *places; /* by target */
    uint32_t *first;       /* by feed: its first target, and where the targets of the next one begin */
};

static int32_t slot_of(const struct at_explain_run *r, uint32_t feed, uint32_t node) {
    for (uint32_t i = 0; node != AT_NO_NODE && i < r->n_slots[feed]; i++)
        if (r->slots[feed][i] == node) return (int32_t)i;
    return -1;
}

/* The stay of the day of a row; UINT32_MAX: none. */
static uint32_t stay_of(const struct pass *pass, const struct at_explain_target *target,
                        const struct at_gather_item *item) {
    const struct at_plan_feed *feed = &pass->r->plan->feeds[item->feed];
    int32_t slot = slot_of(pass->r, item->feed, feed->event == AT_NO_NODE ? feed->on : feed->event);
    const struct at_kernel_stays *stays = &pass->r->run->frame->stays[target->place];
    if (slot < 0 || item->states[slot] != AT_STATE_OK) return UINT32_MAX;
    return at_kernel_frame_stay_on(stays, item->payee, at_plan_value_day(&item->values[slot]));
}

/* The group of the member that receives a row; UINT32_MAX: none. */
static uint32_t group_of(const struct pass *pass, const struct at_explain_target *target,
                         const struct at_gather_item *item) {
    const struct at_kernel_frame *frame = pass->r->run->frame;
    const struct at_plan_feed *feed = &pass->r->plan->feeds[item->feed];
    int32_t slot = slot_of(pass->r, item->feed, feed->day);
    if (slot < 0 || item->states[slot] != AT_STATE_OK)
        return at_kernel_frame_groups(frame, target->place, item->period)[item->payee];
    return at_kernel_frame_group_on(frame, target->place, item->payee,
                                    at_plan_value_day(&item->values[slot]));
}

/* Which bag of the target the row belongs into; NULL: it is of no cell that is explained. */
static struct at_explain_bag **bag_of(const struct pass *pass, struct at_explain_target *target,
                                      const struct at_gather_item *item) {
    const struct at_session_run *run = pass->r->run;
    bool nobody = item->payee >= run->n_payees, never = item->period >= run->n_periods;
    bool in_time = !never && item->period >= pass->r->first_kept && item->period < pass->r->end_period;
    uint32_t index = 0;
    switch (target->shape) {
    case AT_G_CELL:
        if (nobody || !in_time || !pass->r->wanted[item->payee]) return NULL;
        index = item->period * run->n_payees + item->payee;
        break;
    case AT_G_ROW:
        if (nobody || !pass->r->wanted[item->payee]) return NULL;
        index = item->payee;
        break;
    case AT_G_GROUP:
        if (!in_time) return NULL;
        index = item->period;
        break;
    case SHAPE_STAY:
        if (nobody || !in_time || !pass->r->wanted[item->payee]) return NULL;
        index = stay_of(pass, target, item);
        if (index == UINT32_MAX) return NULL;
        index += item->period * run->group_sizes[target->place];
        break;
    case SHAPE_OWN:
        if (nobody || !in_time) return NULL;
        index = group_of(pass, target, item);
        if (index == UINT32_MAX) return NULL;
        index += item->period * run->group_sizes[target->place];
        if (target->bags[index] && target->bags[index]->last_line == item->line) return NULL; /* counted */
        break;
    default: break;
    }
    return &target->bags[index];
}

/* Rows are sorted by size without sign, because a large credit and a large reversal both matter to a
 * reader. */
static int magnitude(const struct at_plan_value *a, const struct at_plan_value *b, struct at_arena *arena) {
    if (!at_plan_type_counts(a->type)) return at_explain_tell_order(a, b);
    return at_num_cmp(arena, at_num_abs(arena, at_plan_value_num(a)),
                      at_num_abs(arena, at_plan_value_num(b)));
}

/* Returns whether `a` sorts before `b`, which is earlier in the file. */
static bool stands_before(const struct at_explain_target *target, const struct at_plan_value *a,
                          const struct at_plan_value *b, struct at_arena *arena) {
    if (target->value == AT_NO_NODE) return false;
    return target->smallest ? at_explain_tell_order(a, b) < 0 : magnitude(a, b, arena) > 0;
}

/* Names and texts of a batch do not outlive it. */
static void keep_said(const struct pass *pass, struct at_explain_kept_row *row,
                      const struct at_gather_item *item) {
    struct at_arena *arena = pass->x->arena;
    uint32_t n = pass->r->n_slots[item->feed];
    for (uint32_t i = 0; i < n; i++) {
        const struct at_kernel_hook_said *said = item->said[i];
        if (!said || (said->reason.n == 0 && said->n_notes == 0)) continue;
        if (!row->said) row->said = AT_NEW_ARRAY(arena, const struct at_kernel_hook_said *, n + 1);
        struct at_kernel_hook_said *kept = AT_NEW(arena, struct at_kernel_hook_said);
        kept->reason = at_str_copy(arena, said->reason);
        kept->notes = AT_NEW_ARRAY(arena, struct at_kernel_hook_note, said->n_notes + 1);
        for (; kept->n_notes < said->n_notes; kept->n_notes++)
            kept->notes[kept->n_notes] =
                (struct at_kernel_hook_note){at_str_copy(arena, said->notes[kept->n_notes].name),
                                             at_explain_value_kept(arena, &said->notes[kept->n_notes].value)};
        row->said[i] = kept;
    }
}

static void keep_values(const struct pass *pass, struct at_explain_kept_row *row,
                        const struct at_gather_item *item) {
    struct at_arena *arena = pass->x->arena;
    uint32_t n = pass->r->n_slots[item->feed];
    uint32_t *states = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    row->key = at_str_copy(arena, item->key);
    row->line = item->line;
    row->values = AT_NEW_ARRAY(arena, struct at_plan_value, n + 1);
    row->states = states;
    for (uint32_t i = 0; i < n; i++) {
        row->values[i] = at_explain_value_kept(arena, &item->values[i]);
        states[i] = item->states[i];
    }
    row->said = NULL;
    keep_said(pass, row, item);
}

/* Insertion into a sorted list of at most AT_SHOWN_ROWS. With the option `all`, rows are only added here,
 * and list_rows sorts them: insertion would take time in proportion to the square of their number. */
static void keep_row(const struct pass *pass, const struct at_explain_target *target,
                     struct at_explain_bag *bag, const struct at_plan_value *value,
                     const struct at_gather_item *item) {
    struct at_arena *arena = pass->x->arena;
    bool all = pass->x->options->all;
    uint32_t most = all ? UINT32_MAX : AT_SHOWN_ROWS, at = bag->n_rows;
    while (!all && at > 0 && stands_before(target, value, &bag->rows[at - 1].value, arena))
        at--;
    if (at >= most) return;
    if (bag->n_rows == bag->room) {
        /* One more than is shown, because memmove moves the last row before it is dropped. */
        uint32_t room = all ? (bag->room ? bag->room * 2 : 8) : AT_SHOWN_ROWS + 1;
        bag->rows = at_arena_grow(arena, bag->rows, bag->room * sizeof *bag->rows, room * sizeof *bag->rows);
        bag->room = room;
    }
    memmove(&bag->rows[at + 1], &bag->rows[at], (bag->n_rows - at) * sizeof *bag->rows);
    if (bag->n_rows < most) bag->n_rows++;
    struct at_explain_kept_row *row = &bag->rows[at];
    *row = (struct at_explain_kept_row){.value = at_explain_value_kept(arena, value)};
    keep_values(pass, row, item);
}

/* A mask or a condition without a value excludes the row, as it does in the run. */
static bool says_no(const struct at_gather_item *item, int32_t slot) {
    return slot >= 0 && (item->states[slot] != AT_STATE_OK || !at_plan_value_yes(&item->values[slot]));
}

/* What the target adds up of the row; false: nothing. */
static bool value_of(const struct pass *pass, const struct at_explain_target *target,
                     const struct places *places, const struct at_gather_item *item,
                     struct at_plan_value *value) {
    if (says_no(item, places->mask) || says_no(item, places->when)) return false;
    *value = at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, at_num_int(1));
    if (places->value >= 0) {
        *value = item->values[places->value];
        return item->states[places->value] == AT_STATE_OK;
    }
    if (target->value != AT_NO_NODE) {
        const struct at_plan_node *p = &pass->r->plan->nodes[target->value];
        if (p->op == AT_P_CONST) *value = *(const struct at_plan_value *)p->data;
    }
    return true;
}

/* What a list shows of a row is money if any sum takes money of it. */
static bool is_better(const struct at_explain_target *target, const struct at_plan_value *value,
                      const struct at_plan_value *counted) {
    if (target->shape != AT_G_CELL || target->value == AT_NO_NODE || target->node == target->value)
        return false;
    if (!at_plan_type_counts(value->type)) return false;
    return counted->missing || (value->type.kind == AT_T_MONEY && counted->type.kind != AT_T_MONEY);
}

/* Adds one row to the bags of all targets of its feed. `n` and `sum` count rows that are not kept, too. */
static bool on_item(void *context, const struct at_gather_item *item) {
    const struct pass *pass = context;
    struct at_plan_value counted = {.missing = true};
    bool listed = false;
    for (uint32_t i = pass->first[item->feed]; i < pass->first[item->feed + 1]; i++) {
        struct at_explain_target *target = &pass->r->targets[i];
        struct at_explain_bag **bag = bag_of(pass, target, item);
        struct at_plan_value value;
        if (!bag || !value_of(pass, target, &pass->places[i], item, &value)) continue;
        listed |= target->shape == AT_G_CELL;
        if (is_better(target, &value, &counted)) counted = value;
        if (!*bag) {
            *bag = AT_NEW(pass->x->arena, struct at_explain_bag);
            (*bag)->sum = at_num_int(0);
        }
        (*bag)->n++;
        (*bag)->last_line = item->line;
        if (at_plan_type_counts(value.type))
            (*bag)->sum = at_num_add(pass->x->arena, (*bag)->sum, at_plan_value_num(&value));
        keep_row(pass, target, *bag, &value, item);
    }
    if (listed && at_explain_is_listed(pass->r, item->feed))
        at_explain_list_row(pass->x, pass->r, item, &counted);
    return true;
}

/* ---- the passes */

static void find_places(struct pass *pass) {
    const struct at_explain_run *r = pass->r;
    pass->places = at_arena_get(pass->x->arena, (r->n_targets + 1) * sizeof *pass->places);
    pass->first = AT_NEW_ARRAY(pass->x->arena, uint32_t, r->plan->n_feeds + 2);
    for (uint32_t i = 0; i < r->n_targets; i++) {
        const struct at_explain_target *target = &r->targets[i];
        pass->places[i].value = slot_of(r, target->feed, target->value);
        pass->places[i].mask = slot_of(r, target->feed, target->mask);
        pass->places[i].when = slot_of(r, target->feed, target->when);
        pass->first[target->feed + 1]++;
    }
    for (uint32_t f = 0; f < r->plan->n_feeds; f++)
        pass->first[f + 1] += pass->first[f];
}

/* Only then may a pass be limited to one payee and period. */
static bool cells_only(const struct pass *pass, uint32_t feed) {
    for (uint32_t i = pass->first[feed]; i < pass->first[feed + 1]; i++)
        if (pass->r->targets[i].shape != AT_G_CELL && pass->r->targets[i].shape != SHAPE_STAY) return false;
    return true;
}

/* Visits the feeds whose targets are all of cells, or the others. What a whole period or a payee's whole time
 * adds up has rows of other cells, so only the first sort can leave those out. */
static enum at_status pass_over(struct pass *pass, bool by_cell, uint32_t payee, uint32_t period) {
    const struct at_explain_run *r = pass->r;
    struct at_plan_wanted *feeds = AT_NEW_ARRAY(pass->x->arena, struct at_plan_wanted, r->plan->n_feeds + 1);
    uint32_t n = 0;
    for (uint32_t f = 0; f < r->plan->n_feeds; f++) {
        if (pass->first[f] == pass->first[f + 1] || cells_only(pass, f) != by_cell) continue;
        feeds[n++] = (struct at_plan_wanted){.feed = f, .nodes = r->slots[f], .n_nodes = r->n_slots[f]};
    }
    return n ? at_session_run_items(r->run, feeds, n, payee, period, on_item, pass) : AT_OK;
}

/* Whether a payout can depend on rows of earlier periods. */
static bool reads_past(const struct at_plan *plan) {
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        switch ((enum at_plan_op)plan->nodes[id].op) {
        case AT_P_TODATE:
        case AT_P_PRIOR:
        case AT_P_CARRY:
        case AT_P_TRAILING:
        case AT_P_DELTA: return true;
        default: break;
        }
    return false;
}

/* Payees and periods are passed only if exactly one is wanted. The pass then skips all other rows. */
enum at_status at_explain_rows_collect(struct at_explain_job *x, struct at_explain_run *r) {
    const struct at_plan *plan = r->plan;
    bool *wanted = AT_NEW_ARRAY(x->arena, bool, plan->n_components + 1);
    uint32_t payee = UINT32_MAX, n_wanted = 0;
    for (uint32_t c = 0; c < plan->n_components; c++)
        wanted[c] =
            x->options->component.n == 0 || at_str_eq(plan->components[c].name, x->options->component);
    r->target_of = AT_NEW_ARRAY(x->arena, int32_t, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        r->target_of[id] = -1;
    r->slots = AT_NEW_ARRAY(x->arena, uint32_t *, plan->n_feeds + 1);
    r->n_slots = AT_NEW_ARRAY(x->arena, uint32_t, plan->n_feeds + 1);
    for (uint32_t i = 0; i < r->run->n_payees; i++)
        if (r->wanted[i]) {
            payee = i;
            n_wanted++;
        }
    if (n_wanted == 0 || r->first_period >= r->end_period) return AT_OK;
    at_explain_lists_open(x, r);
    make_targets(x, r, wanted);
    r->first_kept = x->options->all && reads_past(plan) ? 0 : r->first_due;
    struct pass pass = {.x = x, .r = r};
    find_places(&pass);
    enum at_status status = pass_over(&pass, true, n_wanted == 1 ? payee : UINT32_MAX,
                                      r->end_period - r->first_kept == 1 ? r->first_kept : UINT32_MAX);
    return status == AT_OK ? pass_over(&pass, false, UINT32_MAX, UINT32_MAX) : status;
}

/* ---- telling */

/* The same index as bag_of uses. */
static struct at_explain_bag *bag_at(const struct at_explain_tell *t,
                                     const struct at_explain_target *target) {
    switch (target->shape) {
    case AT_G_CELL: return target->bags[t->period * t->r->run->n_payees + t->payee];
    case AT_G_ROW: return target->bags[t->payee];
    case AT_G_GROUP: return target->bags[t->period];
    case SHAPE_STAY:
        return t->stay && t->stays == target->place
                   ? target->bags[t->period * t->r->run->group_sizes[target->place] + t->stay - 1]
                   : NULL;
    case SHAPE_OWN: {
        uint32_t group = at_explain_group_at(t, target->place);
        return group == UINT32_MAX ? NULL
                                   : target->bags[t->period * t->r->run->group_sizes[target->place] + group];
    }
    default: return target->bags[0];
    }
}

static at_str feed_name(const struct at_explain_tell *t, uint32_t feed) {
    const struct at_check_feed_decl *decl = t->r->plan->feeds[feed].decl;
    return decl && decl->name.n ? decl->name : t->r->checked->schemas[t->r->plan->feeds[feed].table].name;
}

/* Returns whether the value is a field of the row, unchanged. */
static bool is_plain(const struct at_explain_tell *t, uint32_t node) {
    node = at_explain_plain_node(t, node);
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    if (p->op == AT_P_TAKE || p->op == AT_P_CHOICETEXT) return is_plain(t, p->in[0]);
    return p->op == AT_P_LOAD || p->op == AT_P_CONST ||
           (p->op == AT_P_FOLLOW && t->r->plan->nodes[p->in[0]].op == AT_P_LOAD);
}

/* Written as in the data, so that readers can find the row. */
static at_words_operand date_of(const struct at_explain_tell *t) {
    uint32_t state, on = t->r->plan->feeds[t->feed].on, event = t->r->plan->feeds[t->feed].event;
    if (event != AT_NO_NODE) on = event;
    if (on == AT_NO_NODE) return (at_words_operand){0};
    struct at_plan_value value = at_explain_tell_value(t, on, &state);
    if (state != AT_STATE_OK) return (at_words_operand){0};
    if (value.type.kind == AT_T_DATE) /* as in the data, for tables */
        return at_words_text(at_date_print(t->arena, at_plan_value_day(&value)));
    bool shortened;
    return at_explain_value_shown(t, &value, false, &shortened);
}

/* Its key, or its place in the file. */
static at_words_operand row_name(const struct at_explain_tell *t, const struct at_explain_target *target,
                                 const struct at_explain_kept_row *row) {
    if (row->key.n) return at_words_text(row->key);
    at_str file = t->r->run->data->tables[t->r->plan->feeds[target->feed].table].binding.name;
    return at_explain_row_in_file(t, file, row->line);
}

/* Explains one credited row: its key, its date, its value, and the calculation of the value. */
static struct at_explain_node *tell_row(struct at_explain_tell *t, const struct at_explain_target *target,
                                        const struct at_explain_kept_row *row) {
    /* A copy for the time of this row: while `row` is set, fields mean those of the row. */
    struct at_explain_tell at = *t;
    const struct at_plan *plan = t->r->plan;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ROW, NULL);
    at.row = row;
    at.feed = target->feed;
    step->name = row_name(t, target, row);
    step->date = date_of(&at);
    step->file = t->r->run->data->tables[plan->feeds[target->feed].table].binding.name;
    step->line = row->line;
    if (target->value == AT_NO_NODE) {
        step->text = step->date.kind ? AT_SAID(t->arena, AT_W_DATED, step->name, step->date) : step->name;
        return step;
    }
    struct at_plan_value value = row->value;
    value.type.optional = false;
    at_explain_node_value(&at, step, &value, at_explain_is_percent(t, target->value));
    step->text = step->date.kind ? AT_SAID(t->arena, AT_W_DEAL_ON, step->name, step->date, step->value.shown)
                                 : AT_SAID(t->arena, AT_W_DEAL, step->name, step->value.shown);
    uint32_t node = at_explain_plain_node(t, target->value);
    while (plan->nodes[node].op == AT_P_TAKE)
        node = plan->nodes[node].in[0];
    if (is_plain(t, node)) return step;
    step->adds = true;
    uint16_t op = plan->nodes[node].op;
    if (target->node == target->value && at_explain_tell_cumulative(&at, step, node)) {
        t->steps = at.steps;
        return step;
    }
    if ((op == AT_P_ROUND || op == AT_P_DIVIDE || op == AT_P_DIVIDEOF) && target->node == target->value) {
        at_explain_tell_parts(&at, step, plan->nodes[node].in[0], 1, true);
        at_explain_tell_rounding(&at, step, node);
    } else {
        at_explain_tell_parts(&at, step, node, 1, false);
    }
    t->steps = at.steps;
    return step;
}

/* The size is calculated before sorting, because a comparison has no arena. */
struct sortable {
    const struct at_explain_target *target;
    const struct at_explain_kept_row *row;
    at_num size; /* of its value, without sign */
};

static int row_order(const void *left, const void *right) {
    const struct sortable *a = left, *b = right;
    if (a->target->value != AT_NO_NODE) {
        const struct at_plan_value *x = &a->row->value, *y = &b->row->value;
        int order = a->target->smallest ? at_explain_tell_order(x, y) : at_explain_tell_order(y, x);
        if (!a->target->smallest && at_plan_type_counts(x->type)) order = at_num_cmp(NULL, b->size, a->size);
        if (order) return order;
    }
    return a->row->line < b->row->line ? -1 : a->row->line > b->row->line;
}

/* The rows of a bag as children, then what the others come to. */
static void list_rows(struct at_explain_tell *t, struct at_explain_node *step,
                      const struct at_explain_target *target, const struct at_explain_bag *bag) {
    /* The sum of rows that are not listed is the whole sum less the listed ones, so the parts always add
     * up. */
    at_num rest = bag->sum;
    bool sums = target->value != AT_NO_NODE && step->adds;
    struct sortable *order = AT_NEW_ARRAY(t->arena, struct sortable, bag->n_rows + 1);
    for (uint32_t i = 0; i < bag->n_rows; i++) {
        order[i] = (struct sortable){.target = target, .row = &bag->rows[i]};
        if (at_plan_type_counts(bag->rows[i].value.type))
            order[i].size = at_num_abs(t->arena, at_plan_value_num(&bag->rows[i].value));
    }
    if (t->x->options->all) at_sort_items(t->arena, order, bag->n_rows, sizeof *order, row_order);
    for (uint32_t i = 0; i < bag->n_rows; i++) {
        struct at_explain_node *row = tell_row(t, target, order[i].row);
        row->part = sums;
        if (sums) rest = at_num_sub(t->arena, rest, at_plan_value_num(&order[i].row->value));
        at_explain_node_add(step, row);
    }
    if (bag->n == bag->n_rows) return;
    struct at_explain_node *more = at_explain_node_new(t, AT_STEP_MORE, NULL);
    at_words_operand n = at_explain_tell_count(t, bag->n - bag->n_rows);
    if (sums) {
        struct at_plan_value value = at_plan_value_of_num(t->r->plan->nodes[target->value].type, rest);
        value.type.optional = false;
        at_explain_node_value(t, more, &value, at_explain_is_percent(t, target->value));
        more->text = AT_SAID(t->arena, AT_W_MORE, n, more->value.shown);
        more->part = true;
    } else {
        more->text = AT_SAID(t->arena, AT_W_MORE_ROWS, n);
    }
    at_explain_node_add(step, more);
}

struct at_explain_node *at_explain_tell_rows(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    const struct at_explain_target *target =
        t->r->target_of[node] < 0 ? NULL : &t->r->targets[t->r->target_of[node]];
    const struct at_explain_bag *bag = target ? bag_at(t, target) : NULL;
    at_words_operand name = at_explain_phrase(t, node), feed = at_words_text(feed_name(t, (uint32_t)p->a));
    /* Rows of periods before those that are explained are not kept. */
    if (!target || (!bag && target->shape == AT_G_CELL && t->period < t->r->first_kept)) {
        step->text = AT_SAID(t->arena, AT_W_IS, name, step->value.shown);
        return step;
    }
    if (!bag) {
        step->text = AT_SAID(t->arena, AT_W_ADDED_NONE, name, feed, step->value.shown);
        return step;
    }
    static const enum at_words_word words[] = {AT_W_ADDED, AT_W_COUNTED, AT_W_SMALLEST, AT_W_LARGEST};
    step->text =
        AT_SAID(t->arena, words[p->op - AT_P_SUM], name,
                at_explain_tell_many(t, bag->n, AT_W_ROWS_ONE, AT_W_ROWS_MANY), feed, step->value.shown);
    step->adds = p->op == AT_P_SUM;
    step->listed = target->shape == AT_G_CELL && at_explain_is_listed(t->r, target->feed);
    list_rows(t, step, target, bag);
    return step;
}

/* The lines of a `per` component, each with what made it. */
void at_explain_tell_lines(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component) {
    const struct at_plan_component *c = &t->r->plan->components[component];
    const struct at_explain_target *target = &t->r->targets[t->r->target_of[c->lines]];
    const struct at_explain_bag *bag = bag_at(t, target);
    step->adds = true;
    step->listed = at_explain_is_listed(t->r, target->feed);
    if (c->lines_when != AT_NO_NODE && t->r->plan->nodes[c->lines_when].grain == AT_G_CELL) {
        struct at_explain_node *cond = at_explain_tell_condition(t, c->lines_when, true);
        at_explain_node_add(step, cond);
        /* A condition that does not hold pays no line, so rows would explain an amount that is not paid. */
        if (cond->has_value && !at_plan_value_yes(&cond->value.value)) return;
    }
    if (bag) list_rows(t, step, target, bag);
    if (bag || target->when == AT_NO_NODE) return;
    at_explain_node_note(t, step,
                         AT_SAID(t->arena, AT_W_NO_ROW, at_words_text(feed_name(t, target->feed)),
                                 at_explain_phrase(t, target->when)));
}
