/* explain/listed.c: every row that counts for a payee in a period, once, with what the policy reads of it,
 * and what it paid: for statements, which list all deals.
 *
 * The rows are those of dated feeds that some aggregate, or a component with lines of its own, takes. What a
 * deal paid is the sum of its parts in the lines of the story. The share of a pool is of the rows of all
 * members, so it is one amount.
 */
#include "base/map.h"
#include "base/sort.h"
#include "explain/explain_int.h"

/* A row of a cell, in the arena of the explainer. */
struct kept {
    at_str key;
    uint64_t line;
    uint32_t feed;
    int32_t day; /* or ordinal of the period: for the order */
    at_words_operand date, counted;
    at_words_operand *fields;
    uint32_t n_fields;
};

struct at_explain_list {
    AT_VEC(struct kept) of;
};

/* ---- which fields are shown */

/* Whether `where` allows one value of the field only, so that it says nothing. */
static bool is_one_value(const struct at_plan *plan, uint32_t where, uint16_t field) {
    if (where == AT_NO_NODE) return false;
    const struct at_plan_node *p = &plan->nodes[where];
    if (p->op == AT_P_AND) return is_one_value(plan, p->in[0], field) || is_one_value(plan, p->in[1], field);
    if (p->op != AT_P_EQ) return p->op == AT_P_TAKE && is_one_value(plan, p->in[0], field);
    for (unsigned i = 0; i < 2; i++) {
        const struct at_plan_node *x = &plan->nodes[p->in[i]], *y = &plan->nodes[p->in[1 - i]];
        while (x->op == AT_P_TAKE || x->op == AT_P_CHOICETEXT)
            x = &plan->nodes[x->in[0]];
        while (y->op == AT_P_SPREAD)
            y = &plan->nodes[y->in[0]];
        if (x->op == AT_P_LOAD && x->a == (int32_t)field && y->op == AT_P_CONST) return true;
    }
    return false;
}

/* The key is the name of the row, and the payee knows who the payee is. */
static bool shows_field(const struct at_explain_run *r, const struct at_plan_feed *feed, uint32_t field) {
    const struct at_schema *schema = &r->checked->schemas[feed->table];
    const struct at_schema_field *of = &schema->fields[field];
    if ((int32_t)field == schema->key) return false;
    if (of->type.kind == AT_T_REF && of->type.table == (uint16_t)r->checked->payee_table) return false;
    return !is_one_value(r->plan, feed->where, (uint16_t)field);
}

bool at_explain_is_listed(const struct at_explain_run *r, uint32_t feed) {
    const struct at_plan_feed *of = &r->plan->feeds[feed];
    return r->lists && of->on != AT_NO_NODE && !of->stock && of->earns == AT_EVENT_DATED;
}

/* Calls back for the LOAD node of each field that is shown of the rows of a feed. */
uint32_t at_explain_listed_fields(const struct at_explain_run *r, uint32_t feed, uint32_t *out) {
    const struct at_plan_feed *of = &r->plan->feeds[feed];
    uint32_t n = 0;
    if (!at_explain_is_listed(r, feed)) return 0;
    for (uint32_t id = 0; id < r->plan->n_nodes; id++) {
        const struct at_plan_node *p = &r->plan->nodes[id];
        if (p->op == AT_P_LOAD && p->place == of->table && shows_field(r, of, (uint32_t)p->a)) out[n++] = id;
    }
    return n;
}

/* ---- one row of a pass */

void at_explain_lists_open(struct at_explain_job *x, struct at_explain_run *r) {
    r->lists = NULL;
    if (!x->options->deals) return;
    size_t cells = (size_t)r->run->n_periods * r->run->n_payees;
    r->lists = AT_NEW_ARRAY(x->arena, struct at_explain_list *, cells + 1);
}

static bool find_value(const struct at_explain_run *r, const struct at_gather_item *item, uint32_t node,
                       struct at_plan_value *out) {
    for (uint32_t i = 0; i < r->n_slots[item->feed]; i++)
        if (r->slots[item->feed][i] == node) {
            *out = item->values[i];
            return item->states[i] == AT_STATE_OK && !out->missing;
        }
    return false;
}

static void set_date(const struct at_explain_job *x, const struct at_explain_run *r,
                     const struct at_gather_item *item, struct kept *out) {
    const struct at_plan_feed *feed = &r->plan->feeds[item->feed];
    struct at_plan_value value;
    if (!find_value(r, item, feed->event != AT_NO_NODE ? feed->event : feed->on, &value)) return;
    if (value.type.kind == AT_T_DATE) {
        out->day = at_plan_value_day(&value);
        out->date = at_words_text(at_date_print(x->arena, out->day));
        return;
    }
    bool shortened;
    out->day = (int32_t)item->period;
    out->date = at_session_value_shown(r->run, &value, false, x->arena, &shortened);
}

static bool is_same(const struct at_explain_job *x, const struct at_plan_value *a,
                    const struct at_plan_value *b) {
    if (!b || b->missing || a->type.kind != b->type.kind || !at_plan_type_counts(a->type)) return false;
    return at_num_cmp(x->arena, at_plan_value_num(a), at_plan_value_num(b)) == 0;
}

/* "core", or "cost $500.00": a text needs no name. */
static at_words_operand field_shown(const struct at_explain_job *x, const struct at_explain_run *r,
                                    const struct at_plan_node *load, const struct at_plan_value *value) {
    bool shortened, percent = load->type.unit == AT_UNIT_PERCENT;
    struct at_plan_value copy = *value;
    copy.type.optional = false;
    copy = at_explain_value_kept(x->arena, &copy);
    at_words_operand shown = at_session_value_shown(r->run, &copy, percent, x->arena, &shortened);
    bool plain =
        value->type.kind == AT_T_TEXT || value->type.kind == AT_T_ENUM || value->type.kind == AT_T_REF;
    if (shown.kind == AT_OPERAND_QUOTED) shown.kind = AT_OPERAND_TEXT;
    if (plain) return shown;
    at_str name = r->checked->schemas[load->place].fields[load->a].name;
    return AT_SAID(x->arena, AT_W_FIELD_IS, at_words_text(name), shown);
}

static void set_fields(const struct at_explain_job *x, const struct at_explain_run *r,
                       const struct at_gather_item *item, const struct at_plan_value *counted,
                       struct kept *out) {
    const struct at_plan_feed *feed = &r->plan->feeds[item->feed];
    out->fields = AT_NEW_ARRAY(x->arena, at_words_operand, r->n_slots[item->feed] + 1);
    for (uint32_t i = 0; i < r->n_slots[item->feed]; i++) {
        const struct at_plan_node *p = &r->plan->nodes[r->slots[item->feed][i]];
        const struct at_plan_value *value = &item->values[i];
        if (p->op != AT_P_LOAD || p->place != feed->table || !shows_field(r, feed, (uint32_t)p->a)) continue;
        if (item->states[i] != AT_STATE_OK || value->missing || is_same(x, value, counted)) continue;
        if (value->type.kind == AT_T_TEXT && at_plan_value_text(value).n == 0) continue;
        if (value->type.kind == AT_T_DATE && out->date.kind == AT_OPERAND_TEXT &&
            at_plan_value_day(value) == out->day)
            continue;
        out->fields[out->n_fields++] = field_shown(x, r, p, value);
    }
}

void at_explain_list_row(struct at_explain_job *x, struct at_explain_run *r,
                         const struct at_gather_item *item, const struct at_plan_value *counted) {
    size_t cell = (size_t)item->period * r->run->n_payees + item->payee;
    struct at_explain_list **list = &r->lists[cell];
    struct kept row = {.key = at_str_copy(x->arena, item->key), .line = item->line, .feed = item->feed};
    bool shortened;
    if (!*list) *list = AT_NEW(x->arena, struct at_explain_list);
    set_date(x, r, item, &row);
    if (counted && !counted->missing) {
        struct at_plan_value copy = *counted;
        copy.type.optional = false;
        copy = at_explain_value_kept(x->arena, &copy);
        row.counted = at_session_value_shown(r->run, &copy, false, x->arena, &shortened);
    }
    set_fields(x, r, item, counted, &row);
    AT_VEC_PUSH(x->arena, &(*list)->of, row);
}

/* ---- one cell */

static int by_day(const void *left, const void *right) {
    const struct kept *a = left, *b = right;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    if (a->feed != b->feed) return a->feed < b->feed ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

struct listing {
    struct at_explain_tell *t;
    AT_VEC(struct at_explain_deal) deals;
    struct at_map by_key; /* index + 1 */
    bool pool;            /* the line is of a pool */
};

static struct at_explain_deal *deal_of(struct listing *l, at_str key) {
    uintptr_t known = (uintptr_t)at_map_get(&l->by_key, key);
    return known ? &l->deals.at[known - 1] : NULL;
}

static void add_deal(struct listing *l, struct at_explain_deal deal, at_str key) {
    AT_VEC_PUSH(l->t->arena, &l->deals, deal);
    if (key.n && !at_map_get(&l->by_key, key)) at_map_put(&l->by_key, key, (void *)(uintptr_t)l->deals.n);
}

static void add_rows(struct listing *l) {
    struct at_explain_tell *t = l->t;
    const struct at_explain_run *r = t->r;
    struct at_explain_list *list = r->lists[(size_t)t->period * r->run->n_payees + t->payee];
    if (!list) return;
    struct kept *rows = AT_NEW_ARRAY(t->arena, struct kept, list->of.n + 1);
    memcpy(rows, list->of.at, list->of.n * sizeof *rows);
    at_sort_items(t->arena, rows, list->of.n, sizeof *rows, by_day);
    for (size_t i = 0; i < list->of.n; i++) {
        const struct kept *row = &rows[i];
        struct at_explain_deal deal = {.date = row->date,
                                       .counted = row->counted,
                                       .fields = row->fields,
                                       .n_fields = row->n_fields,
                                       .own = true};
        at_str file = r->run->data->tables[r->plan->feeds[row->feed].table].binding.name;
        deal.name = row->key.n ? at_words_text(row->key) : at_explain_row_in_file(t, file, row->line);
        /* Two credits of one row are one deal, such as a payee's own part and that of a manager. */
        struct at_explain_deal *known = row->key.n ? deal_of(l, row->key) : NULL;
        if (known && known->line == row->line && known->feed_table == r->plan->feeds[row->feed].table) {
            if (known->counted.kind == AT_OPERAND_NONE) known->counted = deal.counted;
            continue;
        }
        deal.line = row->line;
        deal.feed_table = r->plan->feeds[row->feed].table;
        add_deal(l, deal, row->key);
    }
}

/* The lines of a run are a part of those of all runs, in the same order. */
static uint64_t index_of(struct at_explain_job *x, uint32_t run, uint64_t line) {
    const struct at_session_results *results = x->results;
    if (!results->order) return line;
    if (!x->index_of) {
        x->index_of = AT_NEW_ARRAY(x->arena, uint64_t *, results->n_runs + 1);
        for (uint32_t i = 0; i < results->n_runs; i++)
            x->index_of[i] = AT_NEW_ARRAY(x->arena, uint64_t, results->runs[i].run->n_lines + 1);
        for (uint64_t i = 0; i < results->n_lines; i++)
            x->index_of[results->order[i].run][results->order[i].line] = i;
    }
    return x->index_of[run][line];
}

static uint64_t first_part(const struct at_session_results *results, uint64_t line) {
    uint64_t low = 0, high = results->n_parts;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (results->parts[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_part(struct listing *l, const struct at_session_result_part *part) {
    struct at_explain_story *story = l->t->story;
    if (l->pool) { /* its parts would show what others contribute */
        story->paid_pools += part->minor;
        return;
    }
    struct at_explain_deal *deal = part->key.n ? deal_of(l, part->key) : NULL;
    story->by_deal_shares |= part->how == AT_PART_PROPORTIONAL;
    if (!deal && part->key.n) {
        add_deal(l, (struct at_explain_deal){.name = at_words_text(part->key)}, part->key);
        deal = &l->deals.at[l->deals.n - 1];
    }
    if (deal)
        deal->paid += part->minor;
    else
        story->paid_otherwise += part->minor;
}

void at_explain_list_deals(struct at_explain_tell *t) {
    struct at_explain_story *story = t->story;
    const struct at_session_results *results = t->x->results;
    struct listing l = {.t = t};
    if (!t->r->lists) return;
    at_map_init(&l.by_key, t->arena);
    add_rows(&l);
    story->by_deal = results->by_deal;
    for (uint64_t i = story->first_line; results->by_deal && i < story->end_line; i++) {
        uint64_t line = index_of(t->x, story->run, i);
        l.pool = t->r->plan->components[t->r->result->run->lines[i].component].role == AT_ROLE_POOL;
        for (uint64_t k = first_part(results, line); k < results->n_parts && results->parts[k].line == line;
             k++)
            add_part(&l, &results->parts[k]);
    }
    story->deals = l.deals.at;
    story->n_deals = (uint32_t)l.deals.n;
}
