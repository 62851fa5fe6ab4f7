/* plan/lower_adjust.c: cap, floor, adjust and require, in the order of the policy, as ordinary nodes.
 *
 * Each component has an exact running value. An adjustment replaces it, and the line is rounded once, after
 * the last adjustment. Where lines must stay as they were earned (a `per` component, `total`), adjustments
 * act on the rounded lines, and the difference is a component of its own, "cap commission". A used file's
 * statements come before those of the file that uses it.
 */

#include "base/sort.h"
#include "plan/lower_int.h"

static const struct at_plan_ctx cell = {.grain = AT_G_CELL};

/* ---------------------------------------------------------------- order of statements */

/* Places begin at 1. Place 0 is that of a statement without a node. */
static void number_file(struct at_plan_lowering *L, const struct at_ast_node *file, uint32_t *next) {
    for (uint32_t i = 0; file && i < file->n; i++)
        if (file->child[i] && file->child[i]->id < L->checked->ast->n_nodes)
            L->place_of[file->child[i]->id] = ++*next;
}

static void number_statements(struct at_plan_lowering *L) {
    const struct at_ast *ast = L->checked->ast;
    uint32_t next = 0;
    L->place_of = AT_NEW_ARRAY(L->arena, uint32_t, ast->n_nodes + 1);
    /* The AST lists the policy first. A used file comes earlier than its user here, so that the
     * policy can adjust what the file declares. */
    for (uint32_t i = ast->n_files; i-- > 1;)
        number_file(L, ast->files[i], &next);
    if (ast->n_files > 0) number_file(L, ast->files[0], &next);
}

static uint32_t place(const struct at_plan_lowering *L, const struct at_ast_node *node) {
    return node ? L->place_of[node->id] : 0;
}

struct event {
    uint32_t place, order;
    const struct at_check_adjustment_decl *adjustment; /* NULL: */
    const struct at_check_require_decl *require;
};

/* `order` makes the order total, so the result does not depend on the sorting algorithm. */
static int by_place(const void *a, const void *b) {
    const struct event *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* ---------------------------------------------------------------- one adjustment */

static bool is_longer(const struct at_plan_lowering *L, const struct at_check_adjustment_decl *decl) {
    return decl->node->kind != AT_N_ADJUST && decl->per > (int8_t)L->checked->calendar.period_kind;
}

/* The limit holds for what is earned since the start of the span, and so its amount is one to date. In
 * periods to which the condition does not apply there is no limit. */
static uint32_t limit_to_date(struct at_plan_lowering *L, const struct at_check_adjustment_decl *decl,
                              uint32_t before, uint32_t at, uint32_t when, bool floor) {
    if (when != AT_NO_NODE) {
        at_type maybe = at_plan_policy_money(L);
        maybe.optional = true;
        at = at_plan_make3(L, &cell, AT_P_IF, maybe, when, at, at_plan_graph_missing(&L->graph, maybe));
    }
    uint32_t in[2] = {before, at_plan_force(L, &cell, at)};
    struct at_plan_node wanted = {.op = AT_P_CAPTODATE,
                                  .grain = AT_G_CELL,
                                  .n_in = 2,
                                  .in = in,
                                  .a = decl->per,
                                  .b = floor,
                                  .type = at_plan_policy_money(L)};
    return at_plan_graph_add(&L->graph, &wanted);
}

/* A span that is not longer than the policy's period limits each period by itself, which needs no
 * earlier values. */
static uint32_t adjusted(struct at_plan_lowering *L, const struct at_check_adjustment_decl *decl,
                         uint32_t before, uint32_t at, uint32_t when) {
    bool floor = decl->node->kind == AT_N_FLOOR;
    if (is_longer(L, decl)) return limit_to_date(L, decl, before, at, when, floor);
    uint32_t after = at;
    if (decl->node->kind != AT_N_ADJUST)
        after = at_plan_make2(L, &cell, floor ? AT_P_MAX : AT_P_MIN, at_plan_policy_money(L), before, at);
    if (when != AT_NO_NODE)
        after = at_plan_make3(L, &cell, AT_P_IF, at_plan_policy_money(L), when, after, before);
    return at_plan_force(L, &cell, after);
}

struct made {
    AT_VEC(struct at_plan_component) lines; /* in addition to the declared components */
    AT_VEC(uint32_t) after; /* of each line: index of the declared component that it follows, + 1 */
    AT_VEC(struct at_plan_adjustment) adjustments; /* component: declared index, or line index | BESIDE */
    struct at_map taken; /* names of components and lines, and the number that was last added to each */
};
#define BESIDE 0x80000000u

static void take_names(struct at_plan_lowering *L, struct made *made) {
    at_map_init(&made->taken, L->arena);
    for (uint32_t i = 0; i < L->checked->n_components; i++)
        at_map_put(&made->taken, L->checked->components[i].symbol->name, AT_NEW(L->arena, uint32_t));
}

/* "cap total", then "cap total 2", and so on, without the names that components have. */
static at_str line_name(struct at_plan_lowering *L, const struct at_check_adjustment_decl *decl,
                        struct made *made) {
    if (decl->draw) return decl->node->text; /* names of statements differ */
    const char *word = at_ast_kind_name((enum at_ast_kind)decl->node->kind);
    at_str of = decl->component >= 0 ? L->checked->components[decl->component].symbol->name : AT_STR("total");
    at_str first = at_str_format(L->arena, "%s %.*s", word, AT_STR_ARG(of)), name = first;
    uint32_t *last = at_map_get(&made->taken, first);
    for (uint32_t n = last && *last ? *last + 1 : 2; at_map_get(&made->taken, name); n++) {
        name = at_str_format(L->arena, "%.*s %u", AT_STR_ARG(first), n);
        *last = n;
    }
    at_map_put(&made->taken, name, AT_NEW(L->arena, uint32_t));
    return name;
}

static bool has_label(const struct at_ast_node *node) {
    return node->kind == AT_N_CAP || node->kind == AT_N_FLOOR || node->kind == AT_N_DRAW;
}

/* The line holds only the difference, so the sum of all lines is the adjusted total. */
static void add_line(struct at_plan_lowering *L, struct made *made,
                     const struct at_check_adjustment_decl *decl, struct at_plan_adjustment *done) {
    uint32_t difference =
        at_plan_make2(L, &cell, AT_P_SUB, at_plan_policy_money(L), done->after, done->before);
    struct at_plan_component line = {.name = line_name(L, decl, made),
                                     .label = has_label(decl->node) ? decl->node->text2 : (at_str){0},
                                     .role = AT_ROLE_ADJUSTMENT,
                                     .exact = AT_NO_NODE,
                                     .adjusted = AT_NO_NODE,
                                     .earned = difference,
                                     .value = difference,
                                     .due = difference,
                                     .local = AT_NO_NODE,
                                     .rate = AT_NO_NODE,
                                     .lines = AT_NO_NODE,
                                     .lines_when = AT_NO_NODE,
                                     .amount = AT_NO_NODE,
                                     .ledger = AT_NO_NODE,
                                     .parted = AT_NO_NODE,
                                     .adjustment = decl};
    if (decl->part) {
        line.parted = line.value = line.due = done->at;
    }
    if (decl->component >= 0) { /* with the lines that it changes */
        line.delay = L->checked->components[decl->component].delay;
        line.value = at_plan_paid_line(L, (uint32_t)decl->component, line.due);
    }
    /* Final indexes are known only in place_components, which replaces this one. */
    done->component = (uint32_t)made->lines.n | BESIDE;
    AT_VEC_PUSH(L->arena, &made->lines, line);
    AT_VEC_PUSH(L->arena, &made->after, at_plan_total_components(L, place(L, decl->node)));
    if (decl->component < 0) at_plan_total_add(L, difference);
}

/* Lines of `per` components are shown as they were earned, so a difference needs a line of its own. */
static bool has_lines(const struct at_plan_lowering *L, int32_t component) {
    return L->pays[component].lines != AT_NO_NODE;
}

/* The line of a running value. Over a longer span it is the rounded amount to date, less the lines of the
 * earlier periods, so that the lines of the span add up to the rounded sum. */
static uint32_t line_of(struct at_plan_lowering *L, uint32_t component, uint32_t running) {
    int8_t span = L->span[component];
    if (span < 0) return at_plan_force(L, &cell, at_plan_round_money(L, &cell, running));
    uint32_t sum = at_plan_graph_scan(&L->graph, AT_P_TODATE, running, span, 0);
    return at_plan_graph_scan(&L->graph, AT_P_DELTA, at_plan_round_money(L, &cell, sum), span, 0);
}

/* An adjustment has the rhythm of its component: it applies when the component is paid. */
static struct at_plan_ctx context_of(const struct at_plan_lowering *L,
                                     const struct at_check_adjustment_decl *decl) {
    struct at_plan_ctx ctx = {.grain = AT_G_CELL, .adjusting = true, .own = (uint32_t)(decl->component + 1)};
    return decl->component < 0 || decl->draw
               ? ctx
               : at_plan_in_rhythm(&ctx, L->checked->components[decl->component].rhythm);
}

static uint32_t when_paid(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t when) {
    uint32_t end = at_plan_is_end(L, ctx, ctx->rhythm);
    if (end == AT_NO_NODE || when == AT_NO_NODE) return end == AT_NO_NODE ? when : end;
    return at_plan_make2(L, ctx, AT_P_AND, (at_type){.kind = AT_T_FLAG}, end, when);
}

/* Nothing is added in a period without a covered day. But `cap total` also limits what earlier periods left
 * to be paid in it. */
static uint32_t when_covered(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_check_adjustment_decl *decl, uint32_t before, uint32_t when) {
    uint32_t covered = at_plan_is_covered(L, ctx->rhythm);
    at_type flag = {.kind = AT_T_FLAG};
    if (covered == AT_NO_NODE || decl->node->kind != AT_N_CAP || decl->component >= 0)
        return at_plan_and_covered(L, ctx->rhythm, when);
    uint32_t zero =
        at_plan_graph_const(&L->graph, at_plan_value_of_num(at_plan_policy_money(L), at_num_int(0)));
    uint32_t paid =
        at_plan_make2(L, &cell, AT_P_OR, flag, covered, at_plan_make2(L, &cell, AT_P_NE, flag, before, zero));
    return when == AT_NO_NODE ? paid : at_plan_make2(L, &cell, AT_P_AND, flag, paid, when);
}

/* The amount of the statement. Of lines that are written it is in whole cents, like the lines. */
static uint32_t lower_amount(struct at_plan_lowering *L, const struct at_check_adjustment_decl *decl) {
    struct at_plan_ctx ctx = context_of(L, decl);
    if (is_longer(L, decl)) {
        ctx.time = AT_TIME_TODATE;
        ctx.span = decl->per;
    }
    uint32_t at = at_plan_lower_expr(L, &ctx, decl->at);
    if (decl->component < 0 || decl->draw || has_lines(L, decl->component))
        at = at_plan_round_money(L, &cell, at);
    return at_plan_force(L, &cell, at);
}

static void finish_adjustment(struct at_plan_lowering *L, struct made *made,
                              struct at_plan_adjustment *done) {
    const struct at_check_adjustment_decl *decl = done->decl;
    if (decl->component < 0) {
        add_line(L, made, decl, done);
    } else if (has_lines(L, decl->component)) {
        L->running[decl->component] = done->after;
        at_plan_total_set(L, (uint32_t)decl->component, done->after);
        add_line(L, made, decl, done);
    } else {
        struct at_plan_component *pay = &L->pays[decl->component];
        L->running[decl->component] = pay->adjusted = done->after;
        pay->value = line_of(L, (uint32_t)decl->component, done->after);
        at_plan_total_set(L, (uint32_t)decl->component, pay->value);
    }
    AT_VEC_PUSH(L->arena, &made->adjustments, *done);
}

/* A hold, release, or clawback: `at` is what it changes in the period. */
static void lower_moves(struct at_plan_lowering *L, struct made *made,
                        const struct at_check_adjustment_decl *decl, struct at_plan_adjustment *done) {
    done->when = AT_NO_NODE;
    done->at = at_plan_lower_part(L, decl->part, at_plan_force(L, &cell, done->before));
    done->after = at_plan_force(
        L, &cell, at_plan_make2(L, &cell, AT_P_ADD, at_plan_policy_money(L), done->before, done->at));
    finish_adjustment(L, made, done);
}

static void lower_adjustment(struct at_plan_lowering *L, struct made *made,
                             const struct at_check_adjustment_decl *decl) {
    struct at_plan_adjustment done = {.decl = decl, .component = (uint32_t)decl->component};
    struct at_plan_ctx now = context_of(L, decl);
    /* Nodes made here belong to this statement in explanations. */
    L->graph.ast = decl->node;
    L->total_limit = place(L, decl->node);
    /* Before the new value is set: the amount and the condition may read the running value that
     * they adjust. */
    done.before = decl->component >= 0 ? L->running[decl->component] : at_plan_total_so_far(L);
    for (unsigned k = 0; k < AT_DRAW_NODES; k++)
        done.draw[k] = AT_NO_NODE;
    /* What is lent and repaid is in whole cents, so a draw begins with the line. */
    uint32_t exact = done.before;
    if ((decl->draw || decl->part) && decl->component >= 0 && !has_lines(L, decl->component))
        done.before = line_of(L, (uint32_t)decl->component, exact);
    if (decl->part) {
        done.draw[AT_DRAW_EXACT] = exact;
        lower_moves(L, made, decl, &done);
        return;
    }
    done.when = at_plan_lower_condition(L, &now, decl->when);
    done.at = lower_amount(L, decl);
    if (!decl->draw) done.when = when_paid(L, &now, done.when);
    done.when = when_covered(L, &now, decl, done.before, done.when);
    if (done.when != AT_NO_NODE) done.when = at_plan_force(L, &cell, done.when);
    done.after = decl->draw ? at_plan_lower_draw(L, decl->draw, done.before, done.at, done.when, done.draw)
                            : adjusted(L, decl, done.before, done.at, done.when);
    if (decl->draw) done.draw[AT_DRAW_EXACT] = exact;
    finish_adjustment(L, made, &done);
}

uint32_t at_plan_lower_so_far(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index) {
    return ctx->own == index + 1 ? L->running[index] : L->line[index];
}

/* Adjustments begin with the amount before rounding. The parts of a pool and the lines of `per` components
 * are whole cents already. */
static void begin_running(struct at_plan_lowering *L) {
    const struct at_check_policy *checked = L->checked;
    int8_t own = (int8_t)checked->calendar.period_kind;
    for (uint32_t i = 0; i < checked->n_components; i++) {
        const struct at_plan_component *pay = &L->pays[i];
        int8_t cumulative = checked->components[i].cumulative;
        L->span[i] = cumulative > own ? cumulative : -1;
        L->running[i] = pay->exact == AT_NO_NODE ? pay->earned : pay->exact;
        if (pay->exact != AT_NO_NODE && cumulative > own)
            L->running[i] =
                at_plan_paid_at_end(L, &cell, checked->components[i].rhythm,
                                    at_plan_graph_scan(&L->graph, AT_P_DELTA, pay->exact, cumulative,
                                                       checked->components[i].rhythm));
    }
    for (uint32_t i = 0; i < checked->n_adjustments; i++) {
        const struct at_check_adjustment_decl *decl = &checked->adjustments[i];
        if (decl->component >= 0 && is_longer(L, decl) && decl->per > L->span[decl->component])
            L->span[decl->component] = decl->per;
    }
}

static void lower_require(struct at_plan_lowering *L, const struct at_check_require_decl *decl) {
    struct at_plan_ctx ctx = {.grain = decl->grain, .adjusting = true};
    if (decl->grain == AT_G_ROW) ctx = (struct at_plan_ctx){.grain = AT_G_ROW, .place = decl->table};
    L->graph.ast = decl->cond;
    L->total_limit = UINT32_MAX;
    uint32_t cond = at_plan_lower_expr(L, &ctx, decl->cond);
    /* A constant condition stays one value: it is checked once for the run. */
    if (decl->grain != AT_G_CONST) cond = at_plan_force(L, &ctx, cond);
    struct at_plan_require *out = &L->plan->requires[decl - L->checked->requires];
    *out = (struct at_plan_require){.decl = decl, .cond = cond};
}

/* Last, so that it reads pay at the end. A reference is its key. */
static void lower_asked(struct at_plan_lowering *L) {
    const struct at_plan_ctx ctx = {.grain = AT_G_CELL, .adjusting = true};
    const struct at_ast_node *expr = L->checked->asked;
    L->plan->asked = AT_NO_NODE;
    if (!expr || L->checked->ast->asked_once) return;
    L->graph.ast = expr;
    uint32_t id = at_plan_lower_expr(L, &ctx, expr);
    if (at_plan_type_of(L, expr).kind == AT_T_REF)
        id = at_plan_convert(L, &ctx, id, (at_type){.kind = AT_T_TEXT});
    L->plan->asked = at_plan_force(L, &ctx, id);
    L->graph.ast = NULL;
}

/* ---------------------------------------------------------------- all of them */

/* The order of the policy: declared components, each line beside them behind what was written before it. */
static void place_components(struct at_plan_lowering *L, const struct made *made) {
    struct at_plan *plan = L->plan;
    at_plan_lower_pays_in(L);
    uint32_t n = L->checked->n_components + (uint32_t)made->lines.n;
    uint32_t *declared = AT_NEW_ARRAY(L->arena, uint32_t, L->checked->n_components + 1);
    uint32_t *beside = AT_NEW_ARRAY(L->arena, uint32_t, made->lines.n + 1);
    plan->components = AT_NEW_ARRAY(L->arena, struct at_plan_component, n);
    /* Lists of lines by the component that they follow. Entry 0 is for lines before all
     * components. */
    uint32_t *first = AT_NEW_ARRAY(L->arena, uint32_t, L->checked->n_components + 1), /* line + 1; 0: none */
        *next = AT_NEW_ARRAY(L->arena, uint32_t, made->lines.n + 1);
    for (size_t k = made->lines.n; k-- > 0;) {
        next[k] = first[made->after.at[k]];
        first[made->after.at[k]] = (uint32_t)k + 1;
    }
    for (uint32_t i = 0; i <= L->checked->n_components; i++) {
        if (i > 0) {
            declared[i - 1] = plan->n_components;
            if (L->pays[i - 1].parted != AT_NO_NODE && !has_lines(L, (int32_t)i - 1))
                L->pays[i - 1].value = at_plan_tailed(L, L->pays[i - 1].value, L->pays[i - 1].parted);
            L->pays[i - 1].due = L->pays[i - 1].value;
            if (L->pays[i - 1].ledger == AT_NO_NODE && L->checked->components[i - 1].by_feed >= 0)
                L->pays[i - 1].ledger = at_plan_lower_ledger(L, i - 1, L->pays[i - 1].due);
            L->pays[i - 1].value = at_plan_paid_line(L, i - 1, L->pays[i - 1].value);
            at_plan_lower_local(L, &L->pays[i - 1]);
            plan->components[plan->n_components++] = L->pays[i - 1];
        }
        for (uint32_t k = first[i]; k > 0; k = next[k - 1]) {
            beside[k - 1] = plan->n_components;
            at_plan_lower_local(L, &made->lines.at[k - 1]);
            plan->components[plan->n_components++] = made->lines.at[k - 1];
        }
    }
    plan->n_adjustments = (uint32_t)made->adjustments.n;
    plan->adjustments = made->adjustments.at;
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        uint32_t of = plan->adjustments[i].component;
        plan->adjustments[i].component = of & BESIDE ? beside[of & ~BESIDE] : declared[of];
    }
}

void at_plan_lower_adjustments(struct at_plan_lowering *L) {
    const struct at_check_policy *checked = L->checked;
    uint32_t n = 0;
    struct made made = {0};
    struct event *events =
        AT_NEW_ARRAY(L->arena, struct event, checked->n_adjustments + checked->n_requires + 1);
    number_statements(L);
    take_names(L, &made);
    at_plan_lower_find_pay(L);
    at_plan_total_begin(L);
    begin_running(L);
    for (uint32_t i = 0; i < checked->n_adjustments; i++, n++)
        events[n] = (struct event){place(L, checked->adjustments[i].node), n, &checked->adjustments[i], NULL};
    for (uint32_t i = 0; i < checked->n_requires; i++, n++)
        events[n] = (struct event){place(L, checked->requires[i].node), n, NULL, &checked->requires[i]};
    at_sort_items(L->arena, events, n, sizeof *events, by_place);
    L->plan->n_requires = checked->n_requires;
    L->plan->requires =
        AT_NEW_ARRAY(L->arena, struct at_plan_require, checked->n_requires + checked->n_draws + 1);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t sold = at_plan_lower_sold(L, events[i].adjustment ? events[i].adjustment->component : -1);
        if (events[i].adjustment)
            lower_adjustment(L, &made, events[i].adjustment);
        else
            lower_require(L, events[i].require);
        L->sold = sold;
    }
    at_plan_lower_openings(L);
    place_components(L, &made);
    L->total_limit = UINT32_MAX;
    L->graph.ast = NULL;
    L->plan->total = at_plan_total_so_far(L);
    lower_asked(L);
}
