/* plan/schedule.c: lists what each pass has to do: which nodes over rows, which over items, which fields are
 * read, which nodes settle.
 *
 * Everything wanted of a feed is a job. Sorted by pass, table, and feed, the jobs of one scan are neighbors.
 * Marks count scans and feeds upward, so that no list of marks is cleared between them.
 */
#include "plan/schedule.h"

#include "base/sort.h"
#include "base/vec.h"
#include "plan/graph.h"

/* In the order in which the jobs of a feed are looked at. */
enum kind { REQUIRE, FEED, AGGREGATE, COMPONENT, RUNNING, LOOP };

struct job {
    uint32_t pass, table;
    uint32_t feed; /* index + 1; 0: a requirement, which is checked before all feeds */
    uint32_t kind, what;
};

typedef AT_VEC(uint32_t) numbers;

/* The state of making one schedule. `row_of`, `constant_of`, and `item_of` hold numbers of scans
 * or feeds, where 0 is none. */
struct maker {
    const struct at_plan *plan;
    uint32_t n_passes;
    struct at_arena *arena, scratch; /* of the schedule; of the making */
    AT_VEC(struct job) jobs;
    /* By node: the scan in which it is calculated over rows, or read as a constant; the feed in which it is
     * calculated over items. */
    uint32_t *row_of, *constant_of, *item_of;
    uint32_t *row_feed; /* by node: the last feed in whose rows it is */
    bool again;         /* the feed calculates its rows several times, and shares none with feeds before it */
    uint32_t scan, feed;
    uint32_t *place; /* by node, then by component, then by loop: its index in the list of the scan */
    numbers stack, rows, items, constants;
};

/* ---- lists */

/* Copies a list from scratch memory into the arena of the schedule. */
static struct at_plan_list keep(struct maker *m, const numbers *from) {
    struct at_plan_list list = {at_arena_get(m->arena, (from->n + 1) * sizeof *list.at), (uint32_t)from->n};
    if (from->n) memcpy(list.at, from->at, from->n * sizeof *list.at);
    return list;
}

/* Inputs have lower ids than the node, so an order of ids is an order of work. */
static struct at_plan_list keep_in_order(struct maker *m, numbers *from) {
    at_sort_numbers(&m->scratch, from->at, from->n);
    return keep(m, from);
}

static void push(struct maker *m, numbers *to, uint32_t number) {
    AT_VEC_PUSH(&m->scratch, to, number);
}

/* ---- walks from a target to its inputs */

/* Input 0 of FOLLOW and EXCHANGE belongs to another table, so only the reference is needed here. */
static void push_inputs(struct maker *m, const struct at_plan_node *node) {
    for (unsigned k = at_plan_leads(node->op); k < node->n_in; k++)
        push(m, &m->stack, node->in[k]);
}

static void want_constant(struct maker *m, uint32_t id) {
    if (m->constant_of[id] == m->scan) return;
    m->constant_of[id] = m->scan;
    push(m, &m->constants, id);
}

/* Adds to m->rows what is needed to calculate `root` over rows of the scan's table. */
static void want_row(struct maker *m, struct at_plan_scan_work *scan, uint32_t root) {
    if (root == AT_NO_NODE) return;
    m->stack.n = 0;
    push(m, &m->stack, root);
    while (m->stack.n > 0) {
        uint32_t id = m->stack.at[--m->stack.n];
        const struct at_plan_node *node = &m->plan->nodes[id];
        if (node->grain == AT_G_CONST) {
            want_constant(m, id);
            continue;
        }
        /* Another feed of this scan has the node already. Feeds are calculated in order, so it is
         * ready. */
        if (m->row_of[id] == m->scan && (!m->again || m->row_feed[id] == m->feed)) continue;
        m->row_of[id] = m->scan;
        m->row_feed[id] = m->feed;
        push(m, &m->rows, id);
        if (node->op == AT_P_LOAD && node->place == scan->table) scan->wanted[node->a] = true;
        if (node->settled || node->op == AT_P_SPREAD) continue; /* a whole column: only cut */
        push_inputs(m, node);
    }
}

/* Whether items take the node from their rows: it is calculated there anyway, or costs nothing there. */
static bool is_taken(const struct maker *m, uint32_t id) {
    const struct at_plan_node *node = &m->plan->nodes[id];
    return node->grain == AT_G_ROW &&
           (m->row_of[id] == m->scan || node->settled || node->op == AT_P_LOAD || node->op == AT_P_ROWNUM);
}

/* Adds to m->items what is needed to calculate `root` over the feed's items. What they take from rows is
 * among m->items, too. */
static void want_item(struct maker *m, struct at_plan_feed_work *work, uint32_t root) {
    if (root == AT_NO_NODE) return;
    m->stack.n = 0;
    push(m, &m->stack, root);
    while (m->stack.n > 0) {
        uint32_t id = m->stack.at[--m->stack.n];
        const struct at_plan_node *node = &m->plan->nodes[id];
        if (node->grain == AT_G_CONST) {
            want_constant(m, id);
            continue;
        }
        if (m->item_of[id] == m->feed) continue;
        m->item_of[id] = m->feed;
        push(m, &m->items, id);
        if (node->op == AT_P_ITEMSHARE) work->share = true;
        if (is_taken(m, id) || node->op == AT_P_FROMCELL || node->op == AT_P_SPREAD ||
            node->op == AT_P_RUNNING || node->op == AT_P_RUNCARRY || node->op == AT_P_DIVIDEOF)
            continue;
        if (node->op == AT_P_ASOF || node->op == AT_P_LINEOF) /* of cells or items of an earlier pass */
            push(m, &m->stack, node->in[1]);
        else
            push_inputs(m, node);
    }
}

/* ---- one feed */

static void begin_feed(struct maker *m, struct at_plan_scan_work *scan, struct at_plan_feed_work *work,
                       uint32_t index) {
    const struct at_plan_feed *feed = &m->plan->feeds[index];
    bool dated = at_plan_feed_dated(feed), received = feed->n_to > 0;
    *work = (struct at_plan_feed_work){.feed = feed, .index = index, .place = (uint32_t)(work - scan->feeds)};
    work->shape = received ? (dated ? AT_SHAPE_CELL : AT_SHAPE_PAYEE)
                  : dated  ? AT_SHAPE_PERIOD
                           : AT_SHAPE_RUN;
    /* A new number makes all marks of the last feed invalid at once. */
    m->feed++;
    m->again = feed->leveled;
    m->rows.n = m->items.n = 0;
    want_row(m, scan, feed->where);
    want_row(m, scan, feed->on);
    want_row(m, scan, feed->event);
    want_row(m, scan, feed->day);
    want_row(m, scan, feed->known);
    want_row(m, scan, feed->until);
    for (uint32_t k = 0; k < feed->n_to; k++) {
        want_row(m, scan, feed->to[k].payee);
        want_row(m, scan, feed->to[k].share);
    }
}

static void end_feed(struct maker *m, struct at_plan_scan_work *scan, struct at_plan_feed_work *work) {
    /* Decided now, when all rows of the feed are known: is_taken depends on which nodes are
     * calculated over rows. */
    work->items = keep_in_order(m, &m->items);
    work->from_row = AT_NEW_ARRAY(m->arena, bool, work->items.n + 1);
    for (uint32_t k = 0; k < work->items.n; k++)
        work->from_row[k] = is_taken(m, work->items.at[k]);
    for (uint32_t k = 0; k < work->items.n; k++)
        if (work->from_row[k]) want_row(m, scan, work->items.at[k]);
    work->rows = keep_in_order(m, &m->rows);
}

static void want_inputs(struct maker *m, struct at_plan_feed_work *work, uint32_t id) {
    const struct at_plan_node *node = &m->plan->nodes[id];
    for (unsigned k = 0; k < node->n_in; k++)
        if ((node->op != AT_P_LINEOF || k != 1) /* the reference is of the items that read it */
            && (node->op != AT_P_LEDGER || k != 0))
            want_item(m, work, node->in[k]);
}

static bool is_credit(const struct at_plan *plan, uint32_t node) {
    return node != AT_NO_NODE && plan->nodes[node].grain == AT_G_CREDIT;
}

static void want_lines(struct maker *m, struct at_plan_feed_work *work,
                       const struct at_plan_component *component) {
    want_item(m, work, component->lines);
    if (is_credit(m->plan, component->lines_when)) want_item(m, work, component->lines_when);
    want_item(m, work, work->feed->key);
}

/* The inputs of the RUNCARRY nodes order the rows, and the inputs of the loop are what its body
 * reads. */
static void want_loop(struct maker *m, struct at_plan_feed_work *work, const struct at_plan_loop *loop) {
    for (uint32_t k = 0; k < loop->n_runs; k++)
        want_inputs(m, work, loop->runs[k]);
    for (uint32_t k = 0; k < loop->n_inputs; k++)
        want_item(m, work, loop->inputs[k]);
}

/* Where the places of a kind begin in m->place. */
static uint32_t places_of(const struct maker *m, uint32_t kind) {
    if (kind == LOOP) return m->plan->n_nodes + m->plan->n_components;
    return kind == COMPONENT ? m->plan->n_nodes : 0;
}

/* Returns the number of jobs of the feed of the first job. */
static size_t plan_feed(struct maker *m, struct at_plan_scan_work *scan, struct at_plan_feed_work *work,
                        const struct job *jobs, size_t n) {
    /* By kind: the indexes of this feed's jobs in the lists of the scan. */
    numbers of[LOOP + 1] = {0};
    size_t k = 0;
    begin_feed(m, scan, work, jobs[0].feed - 1);
    for (; k < n && jobs[k].feed == jobs[0].feed; k++) {
        uint32_t what = jobs[k].what, kind = jobs[k].kind;
        if (kind == AGGREGATE || kind == RUNNING) want_inputs(m, work, what);
        if (kind == COMPONENT) want_lines(m, work, &m->plan->components[what]);
        if (kind == LOOP) want_loop(m, work, &m->plan->loops[what]);
        if (kind >= AGGREGATE) push(m, &of[kind], m->place[places_of(m, kind) + what]);
    }
    work->aggregates = keep(m, &of[AGGREGATE]);
    work->components = keep(m, &of[COMPONENT]);
    work->runnings = keep(m, &of[RUNNING]);
    work->loops = keep(m, &of[LOOP]);
    end_feed(m, scan, work);
    return k;
}

/* ---- one scan */

static void begin_scan(struct maker *m, struct at_plan_scan_work *scan, uint32_t table) {
    *scan = (struct at_plan_scan_work){.table = (uint16_t)table};
    scan->wanted = AT_NEW_ARRAY(m->arena, bool, m->plan->checked->schemas[table].n_fields + 1);
    m->scan++;
    m->constants.n = m->rows.n = 0;
}

/* The jobs of one kind in a list of the scan, in order of their numbers, wherever their feeds are. */
static struct at_plan_list list_kind(struct maker *m, enum kind kind, const struct job *jobs, size_t n) {
    numbers found = {0};
    for (size_t i = 0; i < n; i++)
        if (jobs[i].kind == kind) push(m, &found, jobs[i].what);
    struct at_plan_list list = keep_in_order(m, &found);
    uint32_t base = places_of(m, kind);
    for (uint32_t k = 0; k < list.n && kind >= AGGREGATE; k++)
        m->place[base + list.at[k]] = k;
    return list;
}

static void plan_scan(struct maker *m, struct at_plan_scan_work *scan, const struct job *jobs, size_t n) {
    size_t n_feeds = 0, k = 0;
    begin_scan(m, scan, jobs[0].table);
    scan->requires = list_kind(m, REQUIRE, jobs, n);
    scan->aggregates = list_kind(m, AGGREGATE, jobs, n);
    scan->components = list_kind(m, COMPONENT, jobs, n);
    scan->runnings = list_kind(m, RUNNING, jobs, n);
    scan->loops = list_kind(m, LOOP, jobs, n);
    /* Requirements have feed 0, so they are first. Their rows are checked before any item is
     * made. */
    for (; k < n && jobs[k].kind == REQUIRE; k++)
        want_row(m, scan, m->plan->requires[jobs[k].what].cond);
    scan->require_rows = keep_in_order(m, &m->rows);
    for (size_t i = k; i < n; i++)
        n_feeds += i == k || jobs[i].feed != jobs[i - 1].feed;
    scan->feeds = AT_NEW_ARRAY(m->arena, struct at_plan_feed_work, n_feeds + 1);
    while (k < n)
        k += plan_feed(m, scan, &scan->feeds[scan->n_feeds++], jobs + k, n - k);
    scan->constants = keep(m, &m->constants);
}

/* ---- jobs */

static void add_job(struct maker *m, uint32_t pass, enum kind kind, uint32_t feed, uint32_t what) {
    struct job job = {.pass = pass, .table = m->plan->feeds[feed].table};
    job.feed = feed + 1;
    job.kind = kind;
    job.what = what;
    /* Nodes that are not needed may be of a later pass than the plan has. */
    if (pass < m->n_passes) AT_VEC_PUSH(&m->scratch, &m->jobs, job);
}

/* A component's lines are noted in the first pass in which they and their condition are known. */
static void add_lines(struct maker *m, uint32_t c) {
    const struct at_plan *plan = m->plan;
    const struct at_plan_component *component = &plan->components[c];
    if (component->lines == AT_NO_NODE) return;
    const struct at_plan_node *lines = &plan->nodes[component->lines];
    uint32_t pass = lines->pass;
    if (is_credit(plan, component->lines_when) && plan->nodes[component->lines_when].pass > pass)
        pass = plan->nodes[component->lines_when].pass;
    add_job(m, pass, COMPONENT, lines->place, c);
}

/* The pass whose scan has what a LEDGER notes. Its amount may be of a later one. */
static uint32_t pass_of_items(const struct at_plan *plan, const struct at_plan_node *ledger) {
    uint32_t pass = 0;
    for (uint16_t i = 1; i < ledger->n_in; i++)
        if (plan->nodes[ledger->in[i]].pass > pass) pass = plan->nodes[ledger->in[i]].pass;
    return pass;
}

static void find_jobs(struct maker *m, bool lines) {
    const struct at_plan *plan = m->plan;
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        add_job(m, 0, FEED, f, f);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (!node->needed) continue;
        if (at_plan_is_aggregate(node->op)) add_job(m, node->pass, AGGREGATE, (uint32_t)node->a, id);
        /* Its items are gathered one pass before its values are read. at_plan_pass guarantees
         * that the pass is at least 1. */
        if (node->op == AT_P_RUNNING || node->op == AT_P_DIVIDEOF)
            add_job(m, node->pass - 1u, RUNNING, node->place, id);
        if (node->op == AT_P_LINEOF) add_job(m, node->pass - 1u, RUNNING, (uint32_t)node->a, id);
        if (node->op == AT_P_LEDGER) add_job(m, pass_of_items(plan, node), RUNNING, (uint32_t)node->a, id);
    }
    for (uint32_t i = 0; i < plan->n_loops; i++) {
        const struct at_plan_loop *loop = &plan->loops[i];
        bool needed = loop->n_runs > 0 && plan->nodes[loop->runs[0]].needed;
        if (needed) add_job(m, plan->nodes[loop->runs[0]].pass - 1u, LOOP, loop->feed, i);
    }
    for (uint32_t c = 0; lines && c < plan->n_components; c++)
        add_lines(m, c);
    for (uint32_t r = 0; r < plan->n_requires; r++) {
        const struct at_check_require_decl *decl = plan->requires[r].decl;
        const struct at_plan_node *cond = &plan->nodes[plan->requires[r].cond];
        /* Requirements of cells and of the run are checked after the scans, not here. */
        if (decl->grain != AT_G_ROW || cond->settled) continue;
        struct job job = {.pass = cond->pass, .table = decl->table, .kind = REQUIRE, .what = r};
        AT_VEC_PUSH(&m->scratch, &m->jobs, job);
    }
}

/* A total order, so the schedule does not depend on the sorting algorithm. */
static int by_place(const void *left, const void *right) {
    const struct job *a = left, *b = right;
    if (a->pass != b->pass) return a->pass < b->pass ? -1 : 1;
    if (a->table != b->table) return a->table < b->table ? -1 : 1;
    if (a->feed != b->feed) return a->feed < b->feed ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->what > b->what) - (a->what < b->what);
}

static bool same_scan(const struct job *a, const struct job *b) {
    return a->pass == b->pass && a->table == b->table;
}

/* Counts the scans of each pass first, so that each array is allocated once. */
static void plan_scans(struct maker *m, struct at_plan_scheduled *schedule) {
    const struct job *jobs = m->jobs.at;
    size_t n = m->jobs.n;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !same_scan(&jobs[i], &jobs[i - 1])) schedule->passes[jobs[i].pass].n_tables++;
    for (uint32_t p = 0; p < schedule->n_passes; p++) {
        struct at_plan_pass *pass = &schedule->passes[p];
        pass->tables = AT_NEW_ARRAY(m->arena, struct at_plan_scan_work, pass->n_tables + 1);
        pass->n_tables = 0;
    }
    for (size_t first = 0, end; first < n; first = end) {
        struct at_plan_pass *pass = &schedule->passes[jobs[first].pass];
        for (end = first + 1; end < n && same_scan(&jobs[end], &jobs[first]);)
            end++;
        plan_scan(m, &pass->tables[pass->n_tables++], jobs + first, end - first);
    }
}

/* ---- nodes that settle */

/* ROW nodes wanted for whole tables: what references lead to, who is covered, what cells read of payees. */
static bool *find_full(struct maker *m) {
    const struct at_plan *plan = m->plan;
    uint16_t payees = (uint16_t)(plan->checked->payee_table > 0 ? plan->checked->payee_table : 0);
    bool *full = AT_NEW_ARRAY(&m->scratch, bool, plan->n_nodes + 1);
    if (plan->applies != AT_NO_NODE) full[plan->applies] = true;
    for (uint32_t i = 0; i < plan->n_covers; i++) {
        const uint32_t nodes[] = {plan->covers[i].from, plan->covers[i].to, plan->covers[i].payee};
        for (size_t k = 0; k < AT_COUNT(nodes); k++)
            if (nodes[k] != AT_NO_NODE) full[nodes[k]] = true;
    }
    /* Downward, so a node is decided before its inputs, and one sweep is enough. */
    for (uint32_t id = plan->n_nodes; id-- > 0;) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (at_plan_leads(node->op) && plan->nodes[node->in[0]].grain == AT_G_ROW) full[node->in[0]] = true;
        for (unsigned k = 1; node->op == AT_P_PARTED && k < node->n_in; k++)
            full[node->in[k]] |= plan->nodes[node->in[k]].grain == AT_G_ROW;
        if (node->grain == AT_G_ROW && node->place == payees && node->needed) full[id] = true;
        if (node->grain != AT_G_ROW || !full[id] || at_plan_is_aggregate(node->op)) continue;
        for (unsigned k = 0; k < node->n_in; k++)
            full[node->in[k]] = true;
    }
    return full;
}

/* Nodes that are calculated as whole columns. Before the scans, this costs little, and measures that nothing
 * needs can be asked for. */
static void plan_settling(struct maker *m, struct at_plan_scheduled *schedule) {
    const struct at_plan *plan = m->plan;
    const bool *full = find_full(m);
    numbers *before = AT_NEW_ARRAY(&m->scratch, numbers, schedule->n_passes),
            *after = AT_NEW_ARRAY(&m->scratch, numbers, schedule->n_passes);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (node->pass >= schedule->n_passes || at_plan_is_aggregate(node->op) || node->grain == AT_G_CREDIT)
            continue;
        if (node->grain == AT_G_ROW && !full[id]) continue;
        /* Nodes that nothing needs are calculated only before the scans. Hooks are an exception,
         * because a call can be slow. */
        if ((node->settled || node->op == AT_P_CALL) && !node->needed) continue;
        push(m, node->settled ? &after[node->pass] : &before[node->pass], id);
    }
    for (uint32_t p = 0; p < schedule->n_passes; p++) {
        schedule->passes[p].before = keep(m, &before[p]);
        schedule->passes[p].after = keep(m, &after[p]);
    }
}

/* ---- the entries */

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static struct maker *new_maker(const struct at_plan *plan, struct at_arena *arena) {
    struct maker *m = AT_NEW(arena, struct maker);
    m->plan = plan;
    m->arena = arena;
    m->n_passes = plan->n_passes ? plan->n_passes : 1;
    at_arena_init(&m->scratch, arena->alloc, arena->oom);
    at_arena_defer(arena, free_arena, &m->scratch); /* where memory fails before it is given back */
    m->row_of = AT_NEW_ARRAY(&m->scratch, uint32_t, plan->n_nodes + 1);
    m->constant_of = AT_NEW_ARRAY(&m->scratch, uint32_t, plan->n_nodes + 1);
    m->row_feed = AT_NEW_ARRAY(&m->scratch, uint32_t, plan->n_nodes + 1);
    m->item_of = AT_NEW_ARRAY(&m->scratch, uint32_t, plan->n_nodes + 1);
    m->place = AT_NEW_ARRAY(&m->scratch, uint32_t, plan->n_nodes + plan->n_components + plan->n_loops + 1);
    return m;
}

struct at_plan_scheduled *at_plan_schedule(const struct at_plan *plan, bool lines, struct at_arena *arena) {
    struct maker *m = new_maker(plan, arena);
    struct at_plan_scheduled *schedule = AT_NEW(arena, struct at_plan_scheduled);
    find_jobs(m, lines);
    schedule->n_passes = m->n_passes;
    schedule->passes = AT_NEW_ARRAY(arena, struct at_plan_pass, schedule->n_passes);
    at_sort_items(&m->scratch, m->jobs.at, m->jobs.n, sizeof *m->jobs.at, by_place);
    plan_scans(m, schedule);
    plan_settling(m, schedule);
    at_arena_free(&m->scratch);
    return schedule;
}

/* As plan_scan, but each job is a feed with the nodes that the caller asked for. */
static void plan_items(struct maker *m, struct at_plan_scan_work *scan, const struct job *jobs, uint32_t n,
                       const struct at_plan_wanted *wanted) {
    begin_scan(m, scan, jobs[0].table);
    scan->feeds = AT_NEW_ARRAY(m->arena, struct at_plan_feed_work, n);
    scan->n_feeds = n;
    for (uint32_t f = 0; f < n; f++) {
        struct at_plan_feed_work *work = &scan->feeds[f];
        const struct at_plan_wanted *want = &wanted[jobs[f].what];
        begin_feed(m, scan, work, want->feed);
        work->wanted = want;
        for (uint32_t k = 0; k < want->n_nodes; k++)
            want_item(m, work, want->nodes[k]);
        want_item(m, work, work->feed->key);
        end_feed(m, scan, work);
    }
    scan->constants = keep(m, &m->constants);
}

struct at_plan_pass *at_plan_schedule_items(const struct at_plan *plan, const struct at_plan_wanted *wanted,
                                            uint32_t n_wanted, struct at_arena *arena) {
    struct maker *m = new_maker(plan, arena);
    struct at_plan_pass *pass = AT_NEW(arena, struct at_plan_pass);
    for (uint32_t i = 0; i < n_wanted; i++)
        add_job(m, 0, FEED, wanted[i].feed, i);
    at_sort_items(&m->scratch, m->jobs.at, m->jobs.n, sizeof *m->jobs.at, by_place);
    pass->tables = AT_NEW_ARRAY(arena, struct at_plan_scan_work, n_wanted + 1);
    for (uint32_t first = 0, end; first < n_wanted; first = end) {
        for (end = first + 1; end < n_wanted && same_scan(&m->jobs.at[end], &m->jobs.at[first]);)
            end++;
        plan_items(m, &pass->tables[pass->n_tables++], m->jobs.at + first, end - first, wanted);
    }
    at_arena_free(&m->scratch);
    return pass;
}
