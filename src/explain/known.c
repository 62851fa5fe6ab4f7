/* explain/known.c: rows that become known late: each period is explained as it was known at its end, and a
 * correction of an earlier one by both calculations, side by side.
 */
#include "explain/explain_int.h"

/* A view has the names, lines, and groups of the whole, and rows of its own. */
enum at_status at_explain_open_views(struct at_explain_job *x, struct at_explain_run *r) {
    const struct at_session_run *run = r->run;
    enum at_status status = AT_OK;
    r->views = AT_NEW_ARRAY(x->arena, struct at_explain_run, run->n_views);
    for (uint32_t v = 0; v < run->n_views && status == AT_OK; v++) {
        struct at_explain_run *view = &r->views[v];
        *view = *r;
        view->views = NULL;
        view->run = run->views[v];
        view->past_memo = at_explain_past_memo_new(view, x->arena);
        view->first_period = view->first_due = 0; /* earlier periods are explained by what corrects them */
        if (view->end_period > view->run->n_periods) view->end_period = view->run->n_periods;
        status = at_explain_rows_collect(x, view);
    }
    return status;
}

/* ---- how much */

/* What the lines of the component correct in the story's period: of one earlier period, or of all
 * (UINT32_MAX). */
static int64_t corrected_of(const struct at_explain_tell *t, uint32_t component, uint32_t earned, bool *any) {
    const struct at_session_run *run = t->r->result->run;
    struct at_explain_explained_part lines = at_explain_lines_of(t->r, t->payee, t->story->period);
    int64_t sum = 0;
    *any = false;
    for (uint64_t i = lines.first; run->n_views > 0 && i < lines.end; i++) {
        const struct at_settle_line *line = &run->lines[i];
        if (line->cause != AT_LINE_CORRECTED || line->component != component) continue;
        if (earned != UINT32_MAX && line->earned != earned) continue;
        sum += line->minor;
        *any = true;
    }
    return sum;
}

static at_num money_of(const struct at_explain_tell *t, int64_t minor) {
    return at_num_decimal(minor, t->r->result->currency->digits);
}

bool at_explain_is_corrected(const struct at_explain_tell *t, uint32_t component) {
    bool any;
    corrected_of(t, component, UINT32_MAX, &any);
    return any;
}

at_num at_explain_corrected(const struct at_explain_tell *t, uint32_t component) {
    bool any;
    return money_of(t, corrected_of(t, component, UINT32_MAX, &any));
}

/* ---- both calculations */

/* What the component pays in an earlier period, as the view has it: known at the end of `known`. `less`: it
 * is paid already, and subtracted. */
static struct at_explain_node *tell_view(struct at_explain_tell *t, uint32_t component, uint32_t view,
                                         uint32_t earned, uint32_t known, bool less,
                                         at_words_operand *amount) {
    const struct at_explain_run *own = t->r, *whole = &t->x->runs[t->story->run];
    uint32_t period = t->period, state;
    bool elsewhere = t->elsewhere;
    t->r = &whole->views[view];
    t->period = earned;
    t->elsewhere = true;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_PERIOD, NULL);
    struct at_plan_value value = at_explain_tell_value(t, t->r->plan->components[component].value, &state);
    at_explain_node_value(t, step, &value, false);
    step->name = at_words_month(at_session_run_period(whole->run, known));
    *amount = step->value.shown;
    step->text = AT_SAID(t->arena, less ? AT_W_CORRECTED_BEFORE : AT_W_CORRECTED_NOW, step->name, *amount);
    at_explain_tell_paid_in(t, step, component);
    if (less) {
        at_plan_value_put_num(&value, at_num_neg(t->arena, at_plan_value_num(&value)));
        at_explain_node_value(t, step, &value, false);
    }
    step->adds = step->part = true;
    step->less = less;
    t->r = own;
    t->period = period;
    t->elsewhere = elsewhere;
    return step;
}

void at_explain_tell_corrections(struct at_explain_tell *t, struct at_explain_node *step,
                                 uint32_t component) {
    uint64_t n;
    const struct at_session_run *run = t->r->result->run;
    const struct at_session_correction *list =
        run->n_corrections ? at_session_corrections_of(run, t->payee, t->story->period, &n) : NULL;
    for (uint64_t i = 0; list && i < n; i++) {
        const struct at_session_correction *c = &list[i];
        bool any;
        at_num minor = money_of(t, corrected_of(t, component, c->earned, &any));
        if (!any) continue;
        struct at_explain_node *part = at_explain_node_new(t, AT_STEP_PERIOD, NULL);
        struct at_plan_value value = at_plan_value_of_num(at_explain_tell_money(t), minor);
        at_words_operand after, before;
        struct at_explain_node *now = tell_view(t, component, c->view, c->earned, c->period, false, &after);
        at_explain_node_value(t, part, &value, false);
        part->name = at_words_month(at_session_run_period(run, c->earned));
        part->adds = part->part = true;
        at_explain_node_add(part, now);
        part->text = AT_SAID(t->arena, AT_W_CORRECTED_FIRST, part->name, after);
        if (c->before >= 0) {
            uint32_t view = (uint32_t)c->before;
            uint32_t known = at_session_view_end(run, view);
            at_explain_node_add(part, tell_view(t, component, view, c->earned, known, true, &before));
            part->text = AT_SAID(t->arena, AT_W_CORRECTED, part->name, after, before);
        }
        at_explain_node_add(step, part);
    }
}

/* ---- proof */

static bool is_wrong(const struct at_session_run *run, uint32_t view, uint32_t payee, uint32_t period,
                     struct at_arena *arena) {
    return at_explain_past_fault(run->views[view], payee, period, arena) != AT_NO_NODE;
}

bool at_explain_views_fault(const struct at_session_run *run, uint32_t payee, uint32_t period,
                            struct at_arena *arena) {
    uint64_t n = 0;
    if (run->n_views == 0) return at_explain_past_fault(run, payee, period, arena) != AT_NO_NODE;
    if (is_wrong(run, run->view_of[period], payee, period, arena)) return true;
    const struct at_session_correction *list = at_session_corrections_of(run, payee, period, &n);
    for (uint64_t i = 0; i < n; i++)
        if (is_wrong(run, list[i].view, payee, list[i].earned, arena) ||
            (list[i].before >= 0 && is_wrong(run, (uint32_t)list[i].before, payee, list[i].earned, arena)))
            return true;
    return false;
}
