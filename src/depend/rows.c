/* depend/rows.c: which rows change or refer to rows that change, and whose they are, and when.
 *
 * Values of rows are calculated here only as far as they follow from the row and the rows to which it refers.
 * Others are unknown: the row then belongs to everyone, or to all time.
 */
#include "depend/impact.h"
#include "kernel/column.h"
#include "plan/graph.h"

enum { DEEPEST = 200 };

struct look {
    struct at_depend_impact *impact;
    const struct at_table_dataset *data;
    struct at_arena *scratch;
    bool **changed; /* by table, by row */
    int version;
};

/* ---- values of rows */

static bool value_of(const struct look *l, uint32_t id, uint64_t row, unsigned depth,
                     struct at_plan_value *out);

static bool folded(const struct look *l, const struct at_plan_node *n, uint64_t row, unsigned depth,
                   struct at_plan_value *out) {
    struct at_plan_value value[3];
    const struct at_plan_value *in[3];
    const char *why;
    if (n->n_in > 3 || n->op < AT_P_ADD || n->op == AT_P_CALL || n->op == AT_P_DATEDROW ||
        n->op == AT_P_DATEDMEAN)
        return false;
    bool known = true;
    for (uint16_t i = 0; i < n->n_in; i++) {
        bool knows = value_of(l, n->in[i], row, depth, &value[i]);
        /* `no and …` is no, whatever the other side is. */
        bool decides = knows && !value[i].missing &&
                       ((n->op == AT_P_AND && !at_plan_value_yes(&value[i])) ||
                        (n->op == AT_P_OR && at_plan_value_yes(&value[i])));
        if (decides) {
            *out = value[i];
            return true;
        }
        known &= knows;
        in[i] = &value[i];
    }
    if (!known) return false;
    if ((n->op == AT_P_AND || n->op == AT_P_OR) && !value[0].missing && !value[1].missing) {
        *out = value[0];
        return true;
    }
    return at_plan_fold(l->scratch, &l->impact->plan->checked->calendar, n, in, out, &why) == AT_FOLD_DONE;
}

static bool value_of(const struct look *l, uint32_t id, uint64_t row, unsigned depth,
                     struct at_plan_value *out) {
    const struct at_plan *plan = l->impact->plan;
    const struct at_plan_node *n = &plan->nodes[id];
    if (depth > DEEPEST) return false;
    if (n->op == AT_P_CONST) {
        *out = *(const struct at_plan_value *)n->data;
        return true;
    }
    if (n->grain != AT_G_ROW) return false;
    const struct at_table *table = &l->data->tables[n->place];
    if (n->op == AT_P_LOAD) {
        if (!table->resident || row >= table->n_rows) return false;
        *out = at_kernel_col_value(&table->cols[n->a], (uint32_t)row, &n->type);
        return true;
    }
    if (n->op == AT_P_ROWNUM) {
        *out = at_plan_value_of_row(n->type, (int32_t)row);
        return true;
    }
    if (n->op == AT_P_FOLLOW) {
        struct at_plan_value to;
        if (!value_of(l, n->in[1], row, depth + 1, &to)) return false;
        if (to.missing) {
            *out = at_plan_value_none(n->type);
            return true;
        }
        return value_of(l, n->in[0], (uint64_t)at_plan_value_row(&to), depth + 1, out);
    }
    if (n->op == AT_P_IF) {
        struct at_plan_value condition;
        if (!value_of(l, n->in[0], row, depth + 1, &condition) || condition.missing) return false;
        return value_of(l, n->in[at_plan_value_yes(&condition) ? 1 : 2], row, depth + 1, out);
    }
    return folded(l, n, row, depth + 1, out);
}

/* ---- rows that refer to changed rows */

static bool mark(const struct look *l, uint32_t table, uint64_t row) {
    bool is = l->changed[table][row];
    l->changed[table][row] = true;
    l->impact->changed_table[table] = true;
    return !is;
}

/* The rows whose reference, the node `ref`, leads to a changed row of table `to`. */
static bool mark_referring(const struct look *l, uint32_t ref, uint32_t to) {
    const struct at_plan_node *n = &l->impact->plan->nodes[ref];
    bool more = false;
    if (n->op == AT_P_TAKE) return mark_referring(l, n->in[0], to);
    if (n->op == AT_P_FOLLOW && n->grain == AT_G_CELL) return mark_referring(l, n->in[0], to);
    if (n->grain != AT_G_ROW) return false;
    for (uint64_t row = 0; row < l->data->tables[n->place].n_rows; row++) {
        struct at_plan_value value;
        struct at_arena_mark mark_ = at_arena_mark(l->scratch);
        bool known = value_of(l, ref, row, 0, &value);
        bool leads = known && !value.missing && l->changed[to][at_plan_value_row(&value)];
        if (!known || leads) more |= mark(l, n->place, row);
        at_arena_reset(l->scratch, mark_);
    }
    return more;
}

/* The rows to which changed rows of a table refer, which gather them. */
static bool mark_gathering(const struct look *l, const struct at_plan_node *n) {
    const struct at_plan_node *ref = &l->impact->plan->nodes[n->in[0]];
    bool more = false;
    for (uint64_t row = 0; row < l->data->tables[ref->place].n_rows; row++) {
        struct at_plan_value value;
        if (!l->changed[ref->place][row]) continue;
        if (!value_of(l, n->in[0], row, 0, &value)) {
            for (uint64_t k = 0; k < l->data->tables[n->place].n_rows; k++)
                more |= mark(l, n->place, k);
        } else if (!value.missing)
            more |= mark(l, n->place, (uint64_t)at_plan_value_row(&value));
    }
    return more;
}

/* Payees whose history or coverage is in changed rows. */
static bool mark_payees(const struct look *l) {
    const struct at_plan *plan = l->impact->plan;
    uint32_t payees = (uint32_t)plan->checked->payee_table;
    bool more = false;
    for (uint32_t t = 0; t < plan->checked->n_schemas; t++) {
        const struct at_schema *schema = &plan->checked->schemas[t];
        if (!schema->dated || !l->impact->changed_table[t] || schema->dated_key < 0) continue;
        if (schema->fields[schema->dated_key].type.kind != AT_T_REF ||
            schema->fields[schema->dated_key].type.table != payees)
            continue;
        l->impact->history = true;
        for (uint64_t row = 0; row < l->data->tables[t].n_rows; row++) {
            if (!l->changed[t][row]) continue;
            struct at_plan_value value =
                at_kernel_col_value(&l->data->tables[t].cols[schema->dated_key], (uint32_t)row,
                                    &schema->fields[schema->dated_key].type);
            if (!value.missing) more |= mark(l, payees, (uint64_t)at_plan_value_row(&value));
        }
    }
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        uint32_t ref = plan->covers[i].payee;
        if (ref == AT_NO_NODE) continue;
        uint32_t t = plan->nodes[ref].place;
        for (uint64_t row = 0; row < l->data->tables[t].n_rows; row++) {
            struct at_plan_value value;
            if (!l->changed[t][row] || !value_of(l, ref, row, 0, &value) || value.missing) continue;
            more |= mark(l, payees, (uint64_t)at_plan_value_row(&value));
        }
    }
    return more;
}

static void spread(const struct look *l) {
    const struct at_plan *plan = l->impact->plan;
    for (bool again = true; again;) {
        again = mark_payees(l);
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            const struct at_plan_node *n = &plan->nodes[id];
            if (n->op == AT_P_FOLLOW && l->impact->changed_table[plan->nodes[n->in[0]].place])
                again |= mark_referring(l, n->in[1], plan->nodes[n->in[0]].place);
            if (n->op == AT_P_GATHER && l->impact->changed_table[plan->nodes[n->in[0]].place])
                again |= mark_gathering(l, n);
            at_arena_poll(l->scratch);
        }
    }
}

/* ---- whose a row of a feed is, and when */

static void touch(const struct look *l, at_depend_touches *out, const at_str *payee, at_date from,
                  at_date to) {
    struct at_depend_touch t = {.everyone = !payee, .from = from, .to = to};
    if (payee) t.payee = *payee;
    AT_VEC_PUSH(l->impact->arena, out, t);
}

static at_str key_of(const struct look *l, int32_t row) {
    uint32_t payees = (uint32_t)l->impact->plan->checked->payee_table;
    const struct at_table *table = &l->data->tables[payees];
    int key = table->schema->key;
    at_str text = at_table_dataset_print(l->data, l->scratch, payees, key, &table->cols[key], (uint32_t)row);
    return at_str_copy(l->impact->arena, text);
}

/* The days of the periods in which a row can count. */
static bool days_of(const struct look *l, const struct at_plan_feed *feed, uint64_t row, at_date *from,
                    at_date *to) {
    const struct at_calendar *calendar = &l->impact->plan->checked->calendar;
    struct at_plan_value value;
    *from = AT_DATE_MIN;
    *to = AT_DATE_MAX;
    if (feed->on == AT_NO_NODE || feed->stock || !value_of(l, feed->on, row, 0, &value)) return true;
    if (value.missing) return false;
    at_period period = value.type.kind == AT_T_PERIOD
                           ? at_plan_value_period(&value)
                           : at_period_of_date(calendar, (enum at_period_kind)calendar->period_kind,
                                               at_plan_value_day(&value));
    if (feed->spread == AT_OP_PER && period.kind < feed->spread_kind)
        period = at_period_holding(calendar, period, (enum at_period_kind)feed->spread_kind);
    *from = at_period_start(calendar, period);
    *to = at_period_end(calendar, period);
    return true;
}

/* Whether a row can be an item. `sure`: whether it is one for certain. */
static bool can_count(const struct look *l, const struct at_plan_feed *feed, uint64_t row, bool *sure) {
    struct at_plan_value value;
    *sure = true;
    if (feed->where == AT_NO_NODE) return true;
    if (!value_of(l, feed->where, row, 0, &value)) {
        *sure = false;
        return true;
    }
    return !value.missing && at_plan_value_yes(&value);
}

static void touch_above(const struct look *l, at_depend_touches *out, int32_t row, at_date from, at_date to) {
    const struct at_check_policy *checked = l->impact->plan->checked;
    const struct at_table *table = &l->data->tables[checked->payee_table];
    if (checked->manager_field < 0 || (uint32_t)checked->manager_field >= table->schema->n_fields) {
        touch(l, out, NULL, from, to);
        return;
    }
    for (uint64_t n = 0; row >= 0 && n < table->n_rows; n++) {
        const struct at_schema_field *field = &table->schema->fields[checked->manager_field];
        struct at_plan_value value =
            at_kernel_col_value(&table->cols[checked->manager_field], (uint32_t)row, &field->type);
        if (value.missing) return;
        row = at_plan_value_row(&value);
        at_str key = key_of(l, row);
        touch(l, out, &key, from, to);
    }
}

static void touch_recipient(const struct look *l, const struct at_plan_recipient *to, uint64_t row,
                            at_date from, at_date until, at_depend_touches *out) {
    struct at_plan_value value;
    if (to->by >= 0 || !value_of(l, to->payee, row, 0, &value)) {
        touch(l, out, NULL, from, until);
        return;
    }
    if (value.missing) return;
    if (to->managers) {
        touch_above(l, out, at_plan_value_row(&value), from, until);
        return;
    }
    at_str key = key_of(l, at_plan_value_row(&value));
    touch(l, out, &key, from, until);
}

static void touch_feed(const struct look *l, uint32_t f) {
    const struct at_plan_feed *feed = &l->impact->plan->feeds[f];
    at_depend_touches *out = &l->impact->feeds[f];
    for (uint64_t row = 0; row < l->data->tables[feed->table].n_rows; row++) {
        at_date from, to;
        bool sure;
        if (!l->changed[feed->table][row]) continue;
        struct at_arena_mark mark_ = at_arena_mark(l->scratch);
        if (can_count(l, feed, row, &sure) && days_of(l, feed, row, &from, &to)) {
            if (feed->n_to == 0) touch(l, out, NULL, from, to);
            for (uint32_t k = 0; k < feed->n_to; k++)
                touch_recipient(l, &feed->to[k], row, from, to, out);
        }
        at_arena_reset(l->scratch, mark_);
    }
}

/* ---- the last period that is paid */

/* A date of a cover; false: unknown. Where it is missing, the range is open. */
static bool cover_day(const struct look *l, uint32_t node, uint64_t row, at_date open, at_date *out) {
    struct at_plan_value value;
    *out = open;
    if (node == AT_NO_NODE) return true;
    if (!value_of(l, node, row, 0, &value)) return false;
    if (!value.missing) *out = at_plan_value_day(&value);
    return true;
}

/* Whether a statement of coverage holds for the payee on all of the days, for certain. */
static bool surely_covers(const struct look *l, const struct at_plan_cover *cover, uint64_t payee,
                          at_date from, at_date to) {
    at_date first, last;
    struct at_plan_value value;
    if (cover->payee != AT_NO_NODE) {
        uint32_t t = l->impact->plan->nodes[cover->payee].place;
        for (uint64_t row = 0; row < l->data->tables[t].n_rows; row++) {
            if (!value_of(l, cover->payee, row, 0, &value)) return false;
            if (!value.missing && (uint64_t)at_plan_value_row(&value) == payee) return false;
        }
        return cover->decl->except;
    }
    if (!cover_day(l, cover->from, payee, AT_DATE_MIN, &first) ||
        !cover_day(l, cover->to, payee, AT_DATE_MAX, &last))
        return false;
    return cover->decl->except ? last < from || first > to : first <= from && to <= last;
}

static bool surely_covered(const struct look *l, uint64_t payee, at_date from, at_date to) {
    const struct at_plan *plan = l->impact->plan;
    struct at_plan_value value;
    bool covered = true;
    if (l->changed[plan->checked->payee_table][payee]) return false;
    if (plan->applies != AT_NO_NODE)
        covered = value_of(l, plan->applies, payee, 0, &value) && !value.missing && at_plan_value_yes(&value);
    for (uint32_t i = 0; covered && i < plan->n_covers; i++)
        covered = surely_covers(l, &plan->covers[i], payee, from, to);
    return covered;
}

/* A row without recipients is of everyone. *moves: it is of someone whose coverage can change. */
static bool is_sure(const struct look *l, const struct at_plan_feed *feed, uint64_t row, at_date from,
                    at_date to, bool *moves) {
    bool sure = feed->n_to == 0;
    const bool *changed = l->changed[l->impact->plan->checked->payee_table];
    for (uint32_t k = 0; k < feed->n_to; k++) {
        struct at_plan_value value;
        bool known =
            feed->to[k].by < 0 && !feed->to[k].managers && value_of(l, feed->to[k].payee, row, 0, &value);
        if (!known || (!value.missing && changed[at_plan_value_row(&value)]))
            *moves |= l->impact->payees.n > 0;
        if (known && !value.missing) sure |= surely_covered(l, (uint64_t)at_plan_value_row(&value), from, to);
    }
    return sure;
}

/* A changed row that is an event after all events that stay moves the end of the run. */
static void look_at_end(const struct look *l) {
    at_date rest = AT_DATE_MIN, moved = AT_DATE_MIN;
    for (uint32_t f = 0; f < l->impact->plan->n_feeds; f++) {
        const struct at_plan_feed *feed = &l->impact->plan->feeds[f];
        if (feed->earns == AT_EVENT_NONE) continue;
        for (uint64_t row = 0; row < l->data->tables[feed->table].n_rows; row++) {
            at_date from, to;
            bool sure, changed = l->changed[feed->table][row];
            struct at_arena_mark mark_ = at_arena_mark(l->scratch);
            if (can_count(l, feed, row, &sure) && days_of(l, feed, row, &from, &to)) {
                sure &= is_sure(l, feed, row, from, to, &changed);
                if (changed && to > moved) moved = to;
                if (!changed && sure && to > rest && to != AT_DATE_MAX) rest = to;
            }
            at_arena_reset(l->scratch, mark_);
        }
        at_arena_poll(l->scratch);
    }
    if (moved <= rest) return;
    at_date after = rest == AT_DATE_MIN ? rest : rest + 1;
    if (!l->impact->longer || after < l->impact->longer_from) l->impact->longer_from = after;
    l->impact->longer = true;
}

/* ---- payees */

static void know_payees(const struct look *l) {
    struct at_depend_impact *impact = l->impact;
    const struct at_plan *plan = impact->plan;
    uint32_t payees = (uint32_t)plan->checked->payee_table;
    const struct at_table *table = &l->data->tables[payees];
    for (uint32_t row = 0; row < table->n_rows; row++) {
        at_str key = key_of(l, (int32_t)row);
        uint32_t *number = AT_NEW(impact->arena, uint32_t);
        *number = (uint32_t)impact->keys.n;
        const uint32_t *known = at_map_put(&impact->known, key, number);
        if (!known) {
            AT_VEC_PUSH(impact->arena, &impact->keys, key);
            for (uint32_t k = 0; k < 2 * plan->n_groups; k++)
                AT_VEC_PUSH(impact->arena, &impact->groups, ((at_str){0}));
            known = number;
        }
        for (uint32_t g = 0; g < plan->n_groups; g++) {
            int32_t field = plan->groups[g].field;
            at_str value = AT_STR("=");
            if (field >= 0 && (uint32_t)field < table->schema->n_fields)
                value = at_str_format(impact->arena, "=%.*s",
                                      AT_STR_ARG(at_table_dataset_print(l->data, l->scratch, payees, field,
                                                                        &table->cols[field], row)));
            impact->groups.at[((size_t)*known * plan->n_groups + g) * 2 + (size_t)l->version] = value;
        }
        if (l->changed[payees][row]) touch(l, &impact->payees, &key, AT_DATE_MIN, AT_DATE_MAX);
    }
}

void at_depend_impact_look(struct at_depend_impact *impact, const struct at_table_dataset *data, int version,
                           uint32_t table, const bool *changed, bool ends) {
    struct look l = {.impact = impact, .data = data, .scratch = impact->scratch, .version = version};
    l.changed = AT_NEW_ARRAY(impact->arena, bool *, data->n_tables + 1);
    for (uint32_t t = 0; t < data->n_tables; t++)
        l.changed[t] = AT_NEW_ARRAY(impact->arena, bool, data->tables[t].n_rows + 1);
    for (uint64_t row = 0; row < data->tables[table].n_rows; row++)
        if (changed[row]) mark(&l, table, row);
    spread(&l);
    know_payees(&l);
    for (uint32_t f = 0; f < impact->plan->n_feeds; f++)
        touch_feed(&l, f);
    if (!ends) look_at_end(&l);
}
