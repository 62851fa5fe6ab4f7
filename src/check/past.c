/* check/past.c: references to earlier periods (`prior`) and earlier rows (`running`).
 *
 * A definition may refer to itself, directly or through others, if the reference reads only what is
 * calculated before. Every other loop is an error:
 *
 *     owed -> prior(owed)                               calculated period by period
 *     used -> running(used), at the rows of a credit    calculated row by row
 *     owed -> paid -> owed                              circular: A0205
 *     m, a sum of rows that read prior(m)               a period's rows would be needed after the period
 *                                                       before is calculated: A0234
 *
 * The path of needs (scope.c) finds most loops of the third type. It cannot find all of them: a reference
 * to the past may lead to a definition first. So all references are noted, and looked at together at the end.
 */
#include "check/check_int.h"

void at_check_past_note(struct at_check *ck, struct at_check_decl *to, at_span use) {
    bool valued = to->symbol.kind == AT_SYM_MEASURE || to->symbol.kind == AT_SYM_COMPONENT;
    if (!valued || ck->path.n == 0) return;
    struct at_check_decl *from = ck->path.at[ck->path.n - 1].decl;
    ck->has_past |= ck->reach.past || ck->reach.earlier;
    AT_VEC_PUSH(ck->arena, &ck->edges, (struct at_check_edge){from, to, use, ck->reach});
}

bool at_check_past_allows(const struct at_check *ck, const struct at_check_decl *decl) {
    if (ck->reach.past || ck->reach.earlier) return true;
    /* From the current reference back to `decl`. Each step stores the reach of the reference that
     * led to it. */
    for (size_t i = ck->path.n; i-- > 0 && ck->path.at[i].decl != decl;)
        if (ck->path.at[i].reach.past || ck->path.at[i].reach.earlier) return true;
    return false;
}

/* ---- types */

at_type at_check_past_type(struct at_check *ck, struct at_check_decl *decl, const struct at_ast_node *use) {
    if (decl->symbol.kind == AT_SYM_COMPONENT) return decl->symbol.type;
    if (!decl->past_use) decl->past_use = use;
    /* The same answer for every use, so that the uses agree with each other. */
    if (decl->past_state == AT_DONE_DECL) return decl->past_type;
    ck->inference++;
    at_type type = at_check_infer(ck, decl);
    /* Also after a failure, so the error is reported for the first use only. */
    decl->past_state = AT_DONE_DECL;
    if (type.kind != AT_T_NONE || ck->too_deep) return type;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0343, use->span, "unclear type of `%.*s`", AT_STR_ARG(decl->symbol.name));
    at_diag_label(d, decl->span, "its definition leads only to its own past");
    at_diag_help(d, "write a value for the first period, such as `ifmissing(prior(%.*s), $0)`",
                 AT_STR_ARG(decl->symbol.name));
    return type;
}

void at_check_past_agrees(struct at_check *ck, struct at_check_decl *decl) {
    at_type assumed = decl->past_type, found = decl->symbol.type;
    if (!decl->past_use || assumed.kind == AT_T_NONE || found.kind == AT_T_NONE) return;
    if (!at_type_same(assumed, found)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0343, decl->past_use->span,
                        "`%.*s` is %.*s, but its own past is used as %.*s", AT_STR_ARG(decl->symbol.name),
                        AT_STR_ARG(at_check_type_say(ck, found)), AT_STR_ARG(at_check_type_say(ck, assumed)));
        at_check_show_origin(ck, d, decl->past_use);
        at_diag_help(d, "use one type in the whole definition");
    } else if (found.optional && !assumed.optional) {
        at_check_report_missing(ck, decl->past_use);
    }
}

/* ---- the graph of references */

/* References by the declaration that they come from: at[start[n]] to at[start[n + 1] - 1]. */
struct graph {
    const struct at_check_edge **at;
    uint32_t *start, n;
};

static void make_graph(struct at_check *ck, bool with_past, struct graph *graph) {
    graph->n = (uint32_t)ck->decls.n;
    graph->at = AT_NEW_ARRAY(ck->arena, const struct at_check_edge *, ck->edges.n + 1);
    graph->start = AT_NEW_ARRAY(ck->arena, uint32_t, graph->n + 2);
    for (size_t i = 0; i < ck->edges.n; i++)
        if (with_past || !ck->edges.at[i].reach.past) graph->start[ck->edges.at[i].from->number + 1]++;
    for (uint32_t i = 0; i < graph->n; i++)
        /* Counting sort: `start` holds counts first, then their running sums. */
        graph->start[i + 1] += graph->start[i];
    uint32_t *next = AT_NEW_ARRAY(ck->arena, uint32_t, graph->n + 1);
    memcpy(next, graph->start, graph->n * sizeof *next);
    for (size_t i = 0; i < ck->edges.n; i++)
        if (with_past || !ck->edges.at[i].reach.past)
            graph->at[next[ck->edges.at[i].from->number]++] = &ck->edges.at[i];
}

/* Tarjan's algorithm, without recursion. */
struct search {
    const struct graph *graph;
    uint32_t *seen, *low, *next, *stack, *trail, *loop; /* seen: 1 and up, 0 not yet */
    uint32_t n_seen, n_stack, n_trail, n_loops;
};

static void enter(struct search *s, uint32_t v) {
    s->seen[v] = s->low[v] = ++s->n_seen;
    s->next[v] = s->graph->start[v];
    s->stack[s->n_stack++] = v;
    s->trail[s->n_trail++] = v;
}

/* All that can be reached from v has been looked at: what is above it on the stack goes with it. */
static void leave(struct search *s, uint32_t v) {
    s->n_trail--;
    if (s->n_trail > 0) {
        uint32_t up = s->trail[s->n_trail - 1];
        if (s->low[v] < s->low[up]) s->low[up] = s->low[v];
    }
    if (s->low[v] != s->seen[v]) return;
    s->n_loops++;
    uint32_t w;
    do {
        w = s->stack[--s->n_stack];
        s->loop[w] = s->n_loops;
    } while (w != v);
}

static void search_from(struct search *s, uint32_t root) {
    enter(s, root);
    while (s->n_trail > 0) {
        uint32_t v = s->trail[s->n_trail - 1];
        if (s->next[v] == s->graph->start[v + 1]) {
            leave(s, v);
            continue;
        }
        uint32_t w = s->graph->at[s->next[v]++]->to->number;
        if (!s->seen[w])
            enter(s, w);
        else if (!s->loop[w] && s->seen[w] < s->low[v])
            s->low[v] = s->seen[w];
    }
}

/* Two declarations have one number if and only if each needs the other. */
static uint32_t *find_loops(struct at_check *ck, const struct graph *graph) {
    uint32_t n = graph->n + 1;
    struct search s = {.graph = graph,
                       .seen = AT_NEW_ARRAY(ck->arena, uint32_t, n),
                       .low = AT_NEW_ARRAY(ck->arena, uint32_t, n),
                       .next = AT_NEW_ARRAY(ck->arena, uint32_t, n),
                       .stack = AT_NEW_ARRAY(ck->arena, uint32_t, n),
                       .trail = AT_NEW_ARRAY(ck->arena, uint32_t, n),
                       .loop = AT_NEW_ARRAY(ck->arena, uint32_t, n)};
    for (uint32_t i = 0; i < graph->n; i++)
        if (!s.seen[i]) search_from(&s, i);
    return s.loop;
}

/* ---- paths, for messages */

/* A shortest path from `edge` back to where the edge comes from, the edge itself first. */
static size_t path_of(struct at_check *ck, const struct graph *graph, const uint32_t *loop,
                      const struct at_check_edge *edge, struct at_check_need_step **out) {
    const struct at_check_edge **by = AT_NEW_ARRAY(ck->arena, const struct at_check_edge *, graph->n + 1);
    uint32_t *queue = AT_NEW_ARRAY(ck->arena, uint32_t, graph->n + 1), first = 0, n = 0;
    uint32_t home = edge->from->number;
    by[edge->to->number] = edge;
    queue[n++] = edge->to->number;
    while (first < n && !by[home]) {
        uint32_t v = queue[first++];
        for (uint32_t i = graph->start[v]; i < graph->start[v + 1]; i++) {
            uint32_t w = graph->at[i]->to->number;
            if (loop[w] != loop[home] || by[w]) continue;
            by[w] = graph->at[i];
            queue[n++] = w;
        }
    }
    size_t length = 1;
    for (const struct at_check_edge *e = by[home]; e && e != edge; e = by[e->from->number])
        length++;
    *out = AT_NEW_ARRAY(ck->arena, struct at_check_need_step, length);
    const struct at_check_edge *e = by[home];
    for (size_t i = length; e && i-- > 0; e = by[e->from->number])
        (*out)[i] = (struct at_check_need_step){.decl = e->to, .use = e->use};
    return length;
}

static void report_rows(struct at_check *ck, struct at_check_decl *decl,
                        const struct at_check_need_step *steps, size_t n) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0234, decl->span, "the rows of `%.*s` need its own earlier periods: %.*s",
                    AT_STR_ARG(decl->symbol.name), AT_STR_ARG(at_check_circle_path(ck, decl, steps, n)));
    at_check_circle_labels(d, steps, n);
    at_diag_note(d, "this version reads the rows of all periods before it calculates the first period");
    at_diag_help(d, "sum the rows first, and use `prior` in a formula of the sum");
}

/* Reports each loop that a run cannot calculate once, by its first reference that is not to earlier rows.
 */
static void report_loops(struct at_check *ck, const struct graph *graph, const uint32_t *loop, bool rows) {
    bool *reported = AT_NEW_ARRAY(ck->arena, bool, graph->n + 2);
    for (size_t i = 0; i < ck->edges.n; i++) {
        const struct at_check_edge *edge = &ck->edges.at[i];
        uint32_t own = loop[edge->from->number];
        if (own != loop[edge->to->number] || edge->reach.earlier || reported[own]) continue;
        if (edge->from->in_loop || edge->to->in_loop) continue;
        if (rows ? !edge->reach.rows : edge->reach.past) continue;
        struct at_check_need_step *steps;
        size_t n = path_of(ck, graph, loop, edge, &steps);
        reported[own] = true;
        if (rows)
            report_rows(ck, edge->from, steps, n);
        else
            at_check_circle(ck, edge->from, steps, n);
        ck->circular = true;
    }
}

/* ---- what belongs to one payee */

/* Every member of a loop needs what the others need. */
static void spread_blockers(struct at_check *ck) {
    struct at_check_decl *before = ck->working;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < ck->edges.n; i++) {
            const struct at_check_edge *edge = &ck->edges.at[i];
            if (!edge->from->symbol.loop || edge->from->symbol.loop != edge->to->symbol.loop) continue;
            const struct at_check_blocker *had = edge->from->blockers;
            ck->working = edge->from;
            for (const struct at_check_blocker *b = edge->to->blockers; b && edge->from != edge->to;
                 b = b->next)
                at_check_block(ck, b->field, b->node);
            again |= edge->from->blockers != had;
        }
    }
    ck->working = before;
    for (size_t i = 0, n = ck->group_uses.n; i < n; i++) {
        struct at_check_group_use use = ck->group_uses.at[i];
        struct at_check_env group = {.place = AT_IN_GROUP, .group_field = use.group_field};
        if (use.decl->symbol.loop) at_check_blockers(ck, &group, use.node, use.decl);
    }
}

/* Only members of a loop get a number. A component of one declaration without a reference to
 * itself keeps 0. */
static void number_loops(struct at_check *ck, const uint32_t *loop) {
    for (size_t i = 0; i < ck->edges.n; i++) {
        struct at_check_decl *from = ck->edges.at[i].from, *to = ck->edges.at[i].to;
        if (loop[from->number] == loop[to->number]) from->symbol.loop = to->symbol.loop = loop[from->number];
    }
}

void at_check_past(struct at_check *ck) {
    struct graph graph;
    if (!ck->has_past || ck->too_deep) return; /* the path of needs has found every loop */
    make_graph(ck, false, &graph);
    report_loops(ck, &graph, find_loops(ck, &graph), false);
    if (ck->circular) return;
    make_graph(ck, true, &graph);
    const uint32_t *loop = find_loops(ck, &graph);
    report_loops(ck, &graph, loop, true);
    number_loops(ck, loop);
    spread_blockers(ck);
}
