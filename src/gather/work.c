/* gather/work.c: what a scan of a table has to do: which nodes over rows, which over items, which fields are
 * read.
 *
 * Made before a scan, read by all its threads.
 */
#include "settle/exec.h"

bool at_is_aggregate(const struct at_pnode *node) {
    return node->op == AT_P_SUM || node->op == AT_P_COUNT || node->op == AT_P_LEAST || node->op == AT_P_MOST;
}

static void want_field(struct at_table_work *table, const struct at_pnode *node) {
    if (node->op == AT_P_LOAD && node->place == table->table) table->wanted[node->a] = true;
}

/* Marks what `rows` nodes need from the same rows, in one sweep down: inputs have lower ids. */
static void close_rows(const struct at_plan *plan, struct at_table_work *table, bool *rows) {
    for (uint32_t id = plan->n_nodes; id-- > 0;) {
        const struct at_pnode *node = &plan->nodes[id];
        if (!rows[id]) continue;
        if (node->grain == AT_G_CONST) {
            rows[id] = false;
            continue;
        }
        want_field(table, node);
        if (node->settled) continue; /* a column of the whole table: only cut */
        for (unsigned k = 0; k < node->n_in; k++)
            if (!(node->op == AT_P_FOLLOW && k == 0) && node->op != AT_P_SPREAD) rows[node->in[k]] = true;
    }
}

static uint32_t *list_of(struct at_arena *arena, const bool *marks, uint32_t n, uint32_t *count) {
    *count = 0;
    for (uint32_t id = 0; id < n; id++)
        *count += marks[id];
    uint32_t *list = at_arena_get(arena, (*count + 1) * sizeof *list), k = 0;
    for (uint32_t id = 0; id < n; id++)
        if (marks[id]) list[k++] = id;
    return list;
}

static void mark(bool *marks, uint32_t node) {
    if (node != AT_NO_NODE) marks[node] = true;
}

/* ---- one feed */

/* Marks what the items' nodes need: over items, or (for ROW nodes known there already) over rows. */
static void close_items(const struct at_plan *plan, struct at_feed_work *work, const bool *deciders,
                        bool *rows, bool *items) {
    for (uint32_t id = plan->n_nodes; id-- > 0;) {
        const struct at_pnode *node = &plan->nodes[id];
        if (!items[id]) continue;
        if (node->grain == AT_G_CONST) {
            items[id] = false;
            continue;
        }
        if (node->op == AT_P_ITEMSHARE) work->share = true;
        if (node->grain == AT_G_ROW &&
            (deciders[id] || node->settled || node->op == AT_P_LOAD || node->op == AT_P_ROWNUM)) {
            rows[id] = true;
            continue;
        }
        if (node->op == AT_P_FROMCELL || node->op == AT_P_SPREAD || node->op == AT_P_RUNNING) continue;
        for (unsigned k = node->op == AT_P_FOLLOW; k < node->n_in; k++)
            items[node->in[k]] = true;
    }
}

static void plan_feed(struct at_exec *exec, struct at_table_work *table, struct at_feed_work *work,
                      bool *items) {
    const struct at_plan *plan = exec->run.plan;
    struct at_arena *arena = exec->run.arena;
    bool *deciders = AT_NEW_ARRAY(arena, bool, plan->n_nodes),
         *rows = AT_NEW_ARRAY(arena, bool, plan->n_nodes);
    mark(deciders, work->feed->where);
    mark(deciders, work->feed->on);
    for (uint32_t k = 0; k < work->feed->n_to; k++) {
        mark(deciders, work->feed->to[k].payee);
        mark(deciders, work->feed->to[k].share);
    }
    close_rows(plan, table, deciders);
    memcpy(rows, deciders, plan->n_nodes * sizeof *rows);
    close_items(plan, work, deciders, rows, items);
    close_rows(plan, table, rows);
    work->row_nodes = list_of(arena, rows, plan->n_nodes, &work->n_row_nodes);
    work->item_nodes = list_of(arena, items, plan->n_nodes, &work->n_item_nodes);
    work->from_row = AT_NEW_ARRAY(arena, bool, work->n_item_nodes + 1);
    for (uint32_t k = 0; k < work->n_item_nodes; k++)
        work->from_row[k] = plan->nodes[work->item_nodes[k]].grain == AT_G_ROW && rows[work->item_nodes[k]];
}

static struct at_feed_work new_feed(const struct at_plan *plan, uint32_t index) {
    struct at_feed_work work = {.feed = &plan->feeds[index], .index = index};
    bool dated = work.feed->on != AT_NO_NODE, received = work.feed->n_to > 0;
    work.shape = received ? (dated ? AT_SHAPE_CELL : AT_SHAPE_PAYEE) : dated ? AT_SHAPE_PERIOD : AT_SHAPE_RUN;
    return work;
}

void at_work_feed(struct at_exec *exec, struct at_table_work *table, uint32_t feed, const uint32_t *targets,
                  uint32_t n_targets) {
    struct at_feed_work work = new_feed(exec->run.plan, feed);
    bool *items = AT_NEW_ARRAY(exec->run.arena, bool, exec->run.plan->n_nodes);
    for (uint32_t k = 0; k < n_targets; k++)
        mark(items, targets[k]);
    plan_feed(exec, table, &work, items);
    AT_VEC_PUSH(exec->run.arena, &table->feeds, work);
}

/* ---- a pass */

static bool is_credit(const struct at_plan *plan, uint32_t node) {
    return node != AT_NO_NODE && plan->nodes[node].grain == AT_G_CREDIT;
}

static unsigned pass_of(const struct at_plan *plan, uint32_t node) {
    return node == AT_NO_NODE ? 0 : plan->nodes[node].pass;
}

/* The pass in which a component's lines are noted; -1: it has none. */
static int pass_of_lines(const struct at_plan *plan, const struct at_plan_component *component) {
    if (component->lines == AT_NO_NODE) return -1;
    unsigned pass = pass_of(plan, component->lines);
    if (is_credit(plan, component->lines_when) && pass_of(plan, component->lines_when) > pass)
        pass = pass_of(plan, component->lines_when);
    return (int)pass;
}

static void add_lines(struct at_exec *exec, struct at_feed_work *work, unsigned pass, bool *items) {
    const struct at_plan *plan = exec->run.plan;
    for (uint32_t c = 0; c < plan->n_components; c++) {
        const struct at_plan_component *component = &plan->components[c];
        if (exec->options->no_lines || pass_of_lines(plan, component) != (int)pass ||
            plan->nodes[component->lines].place != work->index)
            continue;
        AT_VEC_PUSH(exec->run.arena, &work->components, c);
        mark(items, component->lines);
        if (is_credit(plan, component->lines_when)) mark(items, component->lines_when);
        mark(items, work->feed->key);
    }
}

static void add_runnings(struct at_exec *exec, struct at_feed_work *work, unsigned pass, bool *items) {
    const struct at_plan *plan = exec->run.plan;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_pnode *node = &plan->nodes[id];
        if (node->op != AT_P_RUNNING || !node->needed || node->place != work->index || node->pass != pass + 1)
            continue;
        AT_VEC_PUSH(exec->run.arena, &work->runnings, id);
        for (unsigned k = 0; k < node->n_in; k++)
            mark(items, node->in[k]);
    }
}

/* Adds a feed of the table if it has something to do in this pass. Pass 0 adds every feed, because feeds
 * determine how many periods there are. */
static void add_feed(struct at_exec *exec, struct at_table_work *table, uint32_t feed, unsigned pass) {
    const struct at_plan *plan = exec->run.plan;
    struct at_feed_work work = new_feed(plan, feed);
    bool *items = AT_NEW_ARRAY(exec->run.arena, bool, plan->n_nodes);
    for (uint32_t i = 0; i < table->n_aggregates; i++) {
        const struct at_pnode *node = &plan->nodes[table->aggregates[i]];
        if (node->a != (int32_t)feed) continue;
        AT_VEC_PUSH(exec->run.arena, &work.accs, i);
        for (unsigned k = 0; k < node->n_in; k++)
            mark(items, node->in[k]);
    }
    add_lines(exec, &work, pass, items);
    add_runnings(exec, &work, pass, items);
    if (pass > 0 && work.accs.n + work.components.n + work.runnings.n == 0) return;
    plan_feed(exec, table, &work, items);
    AT_VEC_PUSH(exec->run.arena, &table->feeds, work);
}

static void add_requires(struct at_exec *exec, struct at_table_work *table, unsigned pass) {
    const struct at_plan *plan = exec->run.plan;
    bool *rows = AT_NEW_ARRAY(exec->run.arena, bool, plan->n_nodes);
    for (uint32_t r = 0; r < plan->n_requires; r++) {
        const struct at_plan_require *require = &plan->requires[r];
        const struct at_pnode *node = &plan->nodes[require->cond];
        if (require->decl->grain != AT_G_ROW || require->decl->table != table->table || node->pass != pass ||
            node->settled)
            continue;
        AT_VEC_PUSH(exec->run.arena, &table->requires, r);
        mark(rows, require->cond);
    }
    close_rows(plan, table, rows);
    table->require_nodes = list_of(exec->run.arena, rows, plan->n_nodes, &table->n_require_nodes);
}

void at_work_of_pass(struct at_exec *exec, unsigned pass, struct at_table_work *tables,
                     const uint32_t *aggregates, uint32_t n_aggregates) {
    const struct at_plan *plan = exec->run.plan;
    for (uint32_t t = 0; t < plan->checked->n_schemas; t++) {
        tables[t] = (struct at_table_work){
            .table = (uint16_t)t, .exec = exec, .aggregates = aggregates, .n_aggregates = n_aggregates};
        tables[t].wanted = AT_NEW_ARRAY(exec->run.arena, bool, plan->checked->schemas[t].n_fields + 1);
        for (uint32_t f = 0; f < plan->n_feeds; f++)
            if (plan->feeds[f].table == t) add_feed(exec, &tables[t], f, pass);
        add_requires(exec, &tables[t], pass);
    }
}
