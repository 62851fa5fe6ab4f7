/* explain/explain.c: explains payouts one after another, with their components and measures, and checks that
 * they add up. */
#include "explain/explain_int.h"

static const char *const kinds[] = {
#define AT_STEP(kind, name, about) name,
#include "explain/steps.def"
#undef AT_STEP
};

const char *at_explain_step_name(enum at_explain_step_kind kind) {
    return kind < AT_STEP_COUNT ? kinds[kind] : "?";
}

/* ---- opening */

/* Whether the node only brings a value of each payee, or one for all, to payees and periods.
 * A field of the payee (LOAD) is not included: readers know it by its own name. */
static bool spreads(const struct at_plan *plan, const struct at_plan_node *node) {
    if (node->op == AT_P_FOLLOW) {
        uint8_t by = (uint8_t)plan->nodes[node->in[1]].op;
        return (by == AT_P_PAYEE || by == AT_P_RECIPIENT) && plan->nodes[node->in[0]].op != AT_P_LOAD;
    }
    return node->op == AT_P_SPREAD || node->op == AT_P_FROMCELL || node->op == AT_P_FROMGROUP;
}

/* The node of a measure's formula before it is spread over payees and periods; AT_NO_NODE: not known.
 * Without a cell node, the measure is found by its formula in the tree. The search goes down from the last
 * node, because later nodes use earlier ones. Constants and fields are excluded: equal ones are one node,
 * so a name of one measure would appear in others. */
static uint32_t value_of_measure(const struct at_plan *plan, uint32_t i) {
    uint32_t node = plan->measures[i].cell;
    const struct at_ast_node *statement = plan->checked->measures[i].symbol->node;
    while (node != AT_NO_NODE && spreads(plan, &plan->nodes[node]))
        node = plan->nodes[node].in[0];
    for (uint32_t id = plan->n_nodes; node == AT_NO_NODE && statement->n > 0 && id-- > 0;)
        if (plan->nodes[id].ast == statement->child[0] && !spreads(plan, &plan->nodes[id])) node = id;
    if (node == AT_NO_NODE || plan->nodes[node].op == AT_P_CONST || plan->nodes[node].op == AT_P_LOAD)
        return AT_NO_NODE;
    return node;
}

static bool has_parts(const struct at_check_policy *checked, uint32_t pool) {
    for (uint32_t i = 0; i < checked->n_components; i++)
        if (checked->components[i].parent == (int32_t)pool) return true;
    return false;
}

/* Loops go down, so if two measures share a node, the first in the policy gives the name. */
static void find_boundaries(struct at_explain_run *r, struct at_arena *arena) {
    const struct at_plan *plan = r->plan;
    r->measure_of = AT_NEW_ARRAY(arena, int32_t, plan->n_nodes + 1);
    r->name_of = AT_NEW_ARRAY(arena, int32_t, plan->n_nodes + 1);
    r->component_of = AT_NEW_ARRAY(arena, int32_t, plan->n_nodes + 1);
    r->pool_of = AT_NEW_ARRAY(arena, int32_t, plan->n_nodes + 1);
    r->begins_of = AT_NEW_ARRAY(arena, int32_t, plan->n_nodes + 1);
    r->balance_of = AT_NEW_ARRAY(arena, int32_t, plan->n_nodes + 1);
    r->total = AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1);
    r->gathered = AT_NEW_ARRAY(arena, struct at_explain_gathered *, plan->n_nodes + 1);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        r->measure_of[id] = r->name_of[id] = r->component_of[id] = r->pool_of[id] = r->begins_of[id] =
            r->balance_of[id] = -1;
    for (uint32_t i = plan->n_measures; i-- > 0;)
        if (plan->measures[i].cell != AT_NO_NODE) r->measure_of[plan->measures[i].cell] = (int32_t)i;
    for (uint32_t i = plan->n_measures;
         i-- > 0;) { /* the value itself may be of each payee, or one for all */
        uint32_t node = value_of_measure(plan, i);
        if (node != AT_NO_NODE && r->measure_of[node] < 0) r->name_of[node] = (int32_t)i;
    }
    at_explain_name_stays(r);
    for (uint32_t i = plan->n_components; i-- > 0;) {
        const struct at_plan_component *c = &plan->components[i];
        if (!c->decl) continue;
        uint32_t index = (uint32_t)(c->decl - plan->checked->components);
        bool divided = c->decl->parent >= 0 || has_parts(plan->checked, index);
        if (c->amount != AT_NO_NODE && divided) r->pool_of[c->amount] = (int32_t)index;
        if (r->measure_of[c->earned] < 0) r->component_of[c->earned] = (int32_t)index;
    }
    for (uint32_t i = plan->n_adjustments; i-- > 0;) { /* later ones begin with what earlier ones left */
        const struct at_plan_adjustment *a = &plan->adjustments[i];
        if (a->decl->component >= 0) r->begins_of[a->before] = a->decl->component;
        if (a->decl->component < 0) r->total[a->before] = true;
        if (a->draw[AT_DRAW_BALANCE] != AT_NO_NODE) r->balance_of[a->draw[AT_DRAW_BALANCE]] = (int32_t)i;
    }
}

/* The periods that are explained: those asked for, or those in which anything is paid or withheld.
 * first_period == end_period or more means that no period is explained. */
static void find_periods(struct at_explain_job *x, struct at_explain_run *r) {
    const struct at_session_run *run = r->run;
    const struct at_explain_options *options = x->options;
    uint32_t first = run->n_periods, end = 0;
    if (options->through.kind <= AT_YEAR) {
        const struct at_calendar *calendar = &r->checked->calendar;
        for (uint32_t p = 0; p < run->n_periods; p++) {
            at_period period = at_session_run_period(run, p);
            at_date start = at_period_start(calendar, period), last = at_period_end(calendar, period);
            if (start < at_period_start(calendar, options->from) ||
                last > at_period_end(calendar, options->through))
                continue;
            if (p < first) first = p;
            end = p + 1;
        }
    } else {
        for (uint64_t i = 0; i < run->n_lines; i++) {
            if (run->lines[i].period < first) first = run->lines[i].period;
            if (run->lines[i].period >= end) end = run->lines[i].period + 1;
        }
        for (uint32_t i = 0; i < run->n_withheld; i++) {
            if (run->withheld[i].period < first) first = run->withheld[i].period;
            if (run->withheld[i].period >= end) end = run->withheld[i].period + 1;
        }
    }
    r->first_period = r->first_due = first;
    r->end_period = end;
    for (uint32_t c = 0; c < r->plan->n_components && first < run->n_periods; c++)
        while (r->first_due > 0 &&
               at_kernel_frame_paid_in(run->frame, r->first_due - 1, r->plan->components[c].delay) >= first)
            r->first_due--;
}

/* A payee is explained from the runs that cover the payee, even if other runs contain the payee's row. */
static void find_payees(struct at_explain_job *x, struct at_explain_run *r, uint32_t run_index) {
    const struct at_session_results *results = x->results;
    r->wanted = AT_NEW_ARRAY(x->arena, bool, r->run->n_payees + 1);
    r->row_of = AT_NEW_ARRAY(x->arena, uint32_t, results->n_payees + 1);
    memset(r->row_of, 0xff, sizeof *r->row_of * (results->n_payees + 1));
    for (uint32_t i = 0; i < r->run->n_payees; i++) {
        const struct at_session_result_payee *payee = &results->payees[r->result->payee_of[i]];
        bool named = x->options->payee.n == 0 ? payee->wanted : at_str_eq(payee->key, x->options->payee);
        if (x->options->only) named = x->options->only[r->result->payee_of[i]];
        r->wanted[i] = named && at_session_results_cover(results, run_index, r->result->payee_of[i]);
        r->row_of[r->result->payee_of[i]] = i;
    }
}

/* Order matters: rows.c needs the periods and the payees that are wanted. */
enum at_status at_explain_open(const struct at_session_results *results,
                               const struct at_explain_options *options, struct at_arena *arena,
                               struct at_explain_job **out) {
    struct at_explain_job *x = AT_NEW(arena, struct at_explain_job);
    *out = x;
    x->results = results;
    x->options = options;
    x->arena = arena;
    at_map_init(&x->shared, arena);
    x->runs = AT_NEW_ARRAY(arena, struct at_explain_run, results->n_runs + 1);
    for (uint32_t i = 0; i < results->n_runs; i++) {
        struct at_explain_run *r = &x->runs[i];
        r->result = &results->runs[i];
        r->run = r->result->run;
        r->plan = r->run->plan;
        r->checked = r->result->checked;
        find_boundaries(r, arena);
        at_explain_index_sites(r, arena);
        r->past = at_explain_find_past(r->plan, arena);
        r->past_memo = at_explain_past_memo_new(r, arena);
        find_payees(x, r, i);
        find_periods(x, r);
        at_explain_index(r, arena);
        enum at_status status = r->run->n_views ? at_explain_open_views(x, r) : at_explain_rows_collect(x, r);
        if (status != AT_OK) return status;
    }
    return AT_OK;
}

/* ---- one component */

/* After the last period, only lines are paid that were moved there, or that correct earlier ones. */
static bool pays_now(const struct at_explain_tell *t, uint32_t index) {
    const struct at_plan_component *c = &t->r->plan->components[index];
    return t->period < t->r->run->n_regular || c->delay.unit != AT_DELAY_NONE || c->parted != AT_NO_NODE;
}

static struct at_explain_node *tell_component(struct at_explain_tell *t, uint32_t index) {
    const struct at_plan_component *c = &t->r->plan->components[index];
    const struct at_ast_node *statement = c->decl ? c->decl->symbol->node : c->adjustment->node;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_COMPONENT, statement);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, c->value, &state);
    t->component = c->decl ? (uint32_t)(c->decl - t->r->checked->components) : UINT32_MAX;
    t->earned = c->earned;
    t->statement = statement;
    if (!pays_now(t, index)) value = at_plan_value_of_num(at_explain_tell_money(t), at_num_int(0));
    at_num more = at_explain_corrected(t, index);
    if (!at_num_is_zero(more))
        at_plan_value_put_num(&value, at_num_add(t->arena, at_plan_value_num(&value), more));
    at_explain_node_value(t, step, &value, false);
    step->name = at_words_text(c->name);
    step->label = c->label;
    step->quotes = true;
    step->adds = true;
    step->title = at_words_text(c->label.n ? c->label : c->name);
    if (c->role == AT_ROLE_ADJUSTMENT && !c->label.n) step->title = at_explain_limit_name(t, c->adjustment);
    at_words_operand title = step->name;
    if (c->label.n) title = AT_SAID(t->arena, AT_W_NAMED, at_words_text(c->label), title);
    step->text = AT_SAID(t->arena, AT_W_IS, title, step->value.shown);
    if (pays_now(t, index)) at_explain_tell_paid_in(t, step, index);
    at_explain_tell_corrections(t, step, index);
    at_explain_tell_local(t, step, index);
    return step;
}

/* ---- measures, each once */

/* The value of a group, or of all, is explained where it is calculated, and not where payees get it. */
static uint32_t inside_of(const struct at_explain_tell *t, uint32_t node) {
    while (t->r->plan->nodes[node].op == AT_P_FROMGROUP || t->r->plan->nodes[node].op == AT_P_SPREAD)
        node = t->r->plan->nodes[node].in[0];
    return node;
}

/* Whether the sentence of a step is about a name. */
static bool is_about(const at_words_operand *text, at_str name) {
    if (text->kind != AT_OPERAND_SENTENCE || text->sentence->n == 0) return false;
    const at_words_operand *first = &text->sentence->operand[0];
    return first->kind == AT_OPERAND_TEXT && at_str_eq(first->text, name);
}

/* The step of the formula becomes the step of the measure, but keeps the source of the measure's
 * statement. */
static struct at_explain_node *tell_measure(struct at_explain_tell *t, uint32_t index) {
    const struct at_check_symbol *symbol = t->r->checked->measures[index].symbol;
    uint32_t node = t->r->plan->measures[index].cell, state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    t->measure = (int32_t)index;
    t->statement = symbol->node;
    bool each = at_explain_is_at_end(t, node), now = true;
    struct at_explain_node *when =
        each ? at_explain_tell_rhythm(t, t->r->checked->measures[index].rhythm - 1, &now) : NULL;
    struct at_explain_node *step =
        !now ? NULL : at_explain_tell_inside(t, each ? t->r->plan->nodes[node].in[1] : inside_of(t, node));
    struct at_explain_node *own = at_explain_node_new(t, AT_STEP_MEASURE, symbol->node);
    bool about = step && is_about(&step->text, at_explain_name_of(symbol));
    if (step && !about) at_explain_node_add(own, step);
    if (about) {
        struct at_explain_node kept = *own;
        *own = *step;
        own->span = kept.span;
        own->source = kept.source;
        own->file = kept.file;
        own->line = kept.line;
        own->next = NULL;
    }
    own->kind = AT_STEP_MEASURE;
    own->part = false;
    own->quotes = true;
    own->name = at_words_text(symbol->name);
    at_explain_node_value(t, own, &value, at_explain_is_percent(t, node));
    own->label = symbol->label;
    if (!about)
        own->text = AT_SAID(t->arena, AT_W_IS, at_words_text(at_explain_name_of(symbol)), own->value.shown);
    at_explain_node_add(own, when);
    return own;
}

/* Those met while telling, which may bring others; in the order of the policy. */
static void tell_measures(struct at_explain_tell *t) {
    uint32_t n = t->r->plan->n_measures;
    struct at_explain_node **told = AT_NEW_ARRAY(t->arena, struct at_explain_node *, n + 1);
    t->component = UINT32_MAX;
    t->earned = AT_NO_NODE;
    /* A measure can mark others as wanted while it is explained. Each is explained once, so the loop ends. */
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = n; i-- > 0;) {
            if (t->measure_state[i] != 1) continue;
            t->measure_state[i] = 2;
            told[i] = tell_measure(t, i);
            again = true;
        }
    }
    struct at_explain_node list = {0};
    for (uint32_t i = 0; i < n; i++)
        at_explain_node_add(&list, told[i]);
    t->story->measures = list.first;
}

/* ---- one cell */

/* A withheld payout has one step: its reason, with the row of data if one is the cause. */
static void tell_withheld(struct at_explain_tell *t, const struct at_settle_withheld_cell *cell) {
    const struct at_session_run *run = t->r->result->run;
    const struct at_gather_exception *e = &run->exceptions[cell->exception];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_WITHHELD, e->ast);
    step->quotes = step->source.n > 0;
    at_words_operand reason = at_words_because(t->arena, &e->why);
    if (e->file.n) {
        at_str place = at_str_format(t->arena, "%.*s:%llu", AT_STR_ARG(e->file), (unsigned long long)e->line);
        step->text = AT_SAID(t->arena, AT_W_WITHHELD_IN, reason, at_words_text(place));
    } else {
        step->text = AT_SAID(t->arena, AT_W_WITHHELD, reason);
    }
    t->story->withheld = true;
    t->story->components = step;
}

static void tell_components(struct at_explain_tell *t) {
    struct at_explain_node list = {0};
    for (uint32_t i = 0; i < t->r->plan->n_components; i++) {
        const struct at_plan_component *c = &t->r->plan->components[i];
        if (!pays_now(t, i) && !at_explain_is_corrected(t, i)) continue;
        if (t->x->options->component.n && !at_str_eq(c->name, t->x->options->component)) continue;
        at_explain_node_add(&list, tell_component(t, i));
    }
    t->story->components = list.first;
    struct at_explain_explained_part lines = at_explain_lines_of(t->r, t->payee, t->period);
    /* All lines of the payee and period, even if only one component is explained. The sum below selects
     * the lines. */
    t->story->first_line = lines.first;
    t->story->end_line = lines.end;
    for (uint64_t i = lines.first; i < lines.end; i++) {
        const struct at_settle_line *line = &t->r->result->run->lines[i];
        at_str name = t->r->plan->components[line->component].name;
        if (t->x->options->component.n == 0 || at_str_eq(name, t->x->options->component)) {
            t->story->total += line->minor;
            t->story->local += line->local;
            if (line->currency) t->story->currency = line->currency;
        }
    }
}

/* Ratios among the measures are shown as progress though no rate uses them. */
static void add_ratios(struct at_explain_tell *t) {
    for (uint32_t i = 0; i < t->r->plan->n_measures; i++) {
        uint32_t node = t->r->plan->measures[i].cell, over, under, state;
        if (t->measure_state[i] != 2 || node == AT_NO_NODE || !at_explain_is_percent(t, node)) continue;
        if (!at_explain_tell_ratio(t, node, &over, &under)) continue;
        struct at_plan_value value = at_explain_tell_value(t, node, &state);
        if (state == AT_STATE_OK)
            at_explain_tell_progress(t, at_words_text(at_explain_name_of(t->r->checked->measures[i].symbol)),
                                     true, at_plan_value_num(&value), over, under);
    }
}

/* What `show` lists is explained, too, if it has a value. A single component is explained without it. */
static void tell_shown(struct at_explain_tell *t) {
    const struct at_check_policy *checked = t->r->checked;
    struct at_explain_story *story = t->story;
    if (t->x->options->component.n || t->period >= t->r->run->n_regular) return;
    story->shown = AT_NEW_ARRAY(t->arena, struct at_session_shown, checked->n_shown + 1);
    for (; story->n_shown < checked->n_shown; story->n_shown++) {
        struct at_session_shown *shown = &story->shown[story->n_shown];
        at_session_shown_of(t->x->results, story->run, t->payee, t->period, story->n_shown, t->arena, shown);
        uint8_t *state = &t->measure_state[checked->shown[story->n_shown].measure];
        if (shown->known && *state == 0 && !story->withheld) *state = 1;
    }
}

/* `t` lives only in this call. What lasts longer is in the arena of the explainer. */
static struct at_explain_story *tell_cell(struct at_explain_job *x, const struct at_explain_run *r,
                                          uint32_t run, uint32_t payee, uint32_t period,
                                          struct at_arena *arena) {
    struct at_explain_story *story = AT_NEW(arena, struct at_explain_story);
    at_period now = at_session_run_period(r->run, period);
    if (r->views) r = &r->views[r->run->view_of[period]];
    *story = (struct at_explain_story){.run = run,
                                       .payee = payee,
                                       .period = period,
                                       .key = r->result->keys[payee],
                                       .label = r->result->labels[payee],
                                       .period_text = r->result->periods[period],
                                       .when = now};
    struct at_explain_tell t = {.x = x,
                                .r = r,
                                .arena = arena,
                                .story = story,
                                .payee = payee,
                                .period = period,
                                .component = UINT32_MAX,
                                .earned = AT_NO_NODE,
                                .telling = AT_NO_NODE,
                                .measure = -1};
    t.measure_state = AT_NEW_ARRAY(arena, uint8_t, r->plan->n_measures + 1);
    story->covered = at_explain_covered_days(&t);
    const struct at_settle_withheld_cell *withheld = at_explain_withheld_of(r, payee, period);
    if (withheld) {
        tell_withheld(&t, withheld);
        tell_shown(&t);
        return story;
    }
    tell_components(&t);
    at_explain_list_deals(&t);
    tell_shown(&t);
    at_explain_tell_balances(&t);
    tell_measures(&t);
    add_ratios(&t);
    story->hints = t.hints.at;
    story->n_hints = (uint32_t)t.hints.n;
    story->progress = t.progress.at;
    story->n_progress = (uint32_t)t.progress.n;
    story->limits = t.limits.at;
    story->n_limits = (uint32_t)t.limits.n;
    if (!x->options->discreet) return story;
    at_explain_find_idle(&t, story->components);
    for (uint32_t i = 0; i < story->n_hints; i++)
        story->hints[i].idle = !at_explain_has_rows(&t, story->hints[i].node);
    return story;
}

/* A period without a covered day that pays nothing, or a period after the last one, in which nothing is
 * corrected. It is explained only if it is asked for. */
static bool is_empty(const struct at_explain_job *x, const struct at_explain_run *r, uint32_t row,
                     uint32_t period) {
    if (x->options->through.kind <= AT_YEAR) return false;
    if (period < r->run->n_regular) {
        struct at_explain_explained_part paid = at_explain_lines_of(r, row, period);
        return paid.first == paid.end && !at_kernel_frame_covers(r->run->frame, row, period) &&
               !at_explain_withheld_of(r, row, period);
    }
    if (r->run->n_views == 0) return false;
    for (uint32_t c = 0; c < r->plan->n_components; c++)
        if (r->plan->components[c].delay.unit != AT_DELAY_NONE || r->plan->components[c].parted != AT_NO_NODE)
            return false;
    struct at_explain_explained_part lines = at_explain_lines_of(r, row, period);
    return lines.first == lines.end;
}

/* Skips runs that do not cover the payee and payees that are not wanted. It does not move on if the current
 * payee has periods left, so that callers can ask repeatedly. */
uint32_t at_explain_next_payee(struct at_explain_job *x) {
    const struct at_session_results *results = x->results;
    for (; x->next_payee < results->n_payees; x->next_payee++, x->next_run = 0)
        for (; x->next_run < results->n_runs; x->next_run++, x->next_period = 0) {
            const struct at_explain_run *r = &x->runs[x->next_run];
            uint32_t row = r->row_of[x->next_payee];
            if (row == UINT32_MAX || !r->wanted[row]) continue;
            if (x->next_period < r->first_period) x->next_period = r->first_period;
            while (x->next_period < r->end_period && is_empty(x, r, row, x->next_period))
                x->next_period++;
            if (x->next_period < r->end_period) return x->next_payee;
        }
    return UINT32_MAX;
}

struct at_explain_story *at_explain_next(struct at_explain_job *x, struct at_arena *arena) {
    uint32_t payee = at_explain_next_payee(x);
    if (payee == UINT32_MAX) return NULL;
    at_watch_show(x->arena->watch, AT_WATCH_EXPLAIN, (at_str){0}, payee, x->results->n_payees);
    uint32_t run = x->next_run;
    const struct at_explain_run *r = &x->runs[run];
    return tell_cell(x, r, run, r->row_of[payee], x->next_period++, arena);
}

/* ---- proof */

/* The first step from here down whose parts do not add up to its value.
 * Depth first, so the deepest wrong step is found: the steps above it are often wrong only because of it. */
static const struct at_explain_node *find_fault(const struct at_explain_node *step, struct at_arena *arena) {
    at_num sum = at_num_int(0);
    for (const struct at_explain_node *child = step->first; child; child = child->next) {
        const struct at_explain_node *wrong = find_fault(child, arena);
        if (wrong) return wrong;
        if (child->part) sum = at_num_add(arena, sum, at_explain_node_num(child));
    }
    /* The parts of what is subtracted add up to it. */
    if (step->adds && step->less) sum = at_num_neg(arena, sum);
    return !step->adds || at_num_cmp(arena, sum, at_explain_node_num(step)) == 0 ? NULL : step;
}

/* Moves *next over the component's lines, which are in the order of components.
 * A step that is exact in fractions but not in minor units is not what was paid. */
static bool is_paid(const struct at_session_results *results, const struct at_explain_story *story,
                    const struct at_explain_node *step, uint32_t index, uint64_t *next,
                    struct at_arena *arena) {
    const struct at_settle_line *lines = results->runs[story->run].run->lines;
    at_i128 paid = 0, told = 0;
    for (; *next < story->end_line && lines[*next].component <= index; ++*next)
        if (lines[*next].component == index) paid += lines[*next].minor;
    unsigned digits = results->runs[story->run].currency->digits;
    at_num sum = at_num_int(0);
    for (const struct at_explain_node *child = step->first; child; child = child->next)
        if (child->part) sum = at_num_add(arena, sum, at_explain_node_num(child));
    return at_num_to_i128(arena, sum, digits, &told) && told == paid;
}

struct at_explain_story_fault at_explain_story_verify(const struct at_session_results *results,
                                                      const struct at_explain_story *story,
                                                      struct at_arena *arena) {
    const struct at_plan *plan = results->runs[story->run].run->plan;
    if (story->withheld) return (struct at_explain_story_fault){0};
    uint64_t line = story->first_line;
    uint32_t i = 0; /* the steps are in the order of components, too, though not of each */
    for (const struct at_explain_node *step = story->components; step; step = step->next, i++) {
        const struct at_explain_node *wrong = find_fault(step, arena);
        if (wrong) return (struct at_explain_story_fault){.step = wrong};
        while (i < plan->n_components && !at_str_eq(plan->components[i].name, step->name.text))
            i++;
        if (i < plan->n_components && !is_paid(results, story, step, i, &line, arena))
            return (struct at_explain_story_fault){.step = step, .paid = true};
    }
    for (const struct at_explain_node *step = story->measures; step; step = step->next) {
        const struct at_explain_node *wrong = find_fault(step, arena);
        if (wrong) return (struct at_explain_story_fault){.step = wrong};
    }
    const struct at_session_run *run = results->runs[story->run].run;
    /* Checked last: it takes time in proportion to the periods, and only policies with `prior` of
     * themselves have such values. */
    if (story->components && at_explain_views_fault(run, story->payee, story->period, arena))
        return (struct at_explain_story_fault){.step = story->components, .past = true};
    return (struct at_explain_story_fault){0};
}
