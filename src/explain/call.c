/* explain/call.c: explains calls of functions: of the standard library by what they do for their arguments
 * ("45 of 90 days"), of the policy with their formula, and of Lua.
 */
#include "explain/explain_int.h"

/* ---- functions of the standard library */

/* `name` is what the value is called, with the names of the arguments; `values` has their values. After the
 * arguments come the two sides of a share: 45 and 90 days. */
struct known {
    const char *function;
    enum at_words_word name, values;
};

static const struct known known_functions[] = {
    {"interpolated", AT_W_STD_LINE, AT_W_STD_LINE},
    {"interpolated_money", AT_W_STD_LINE, AT_W_STD_LINE},
    {"interpolated_over_three", AT_W_STD_LINES, AT_W_STD_LINES},
    {"interpolated_from", AT_W_STD_LINE_FROM, AT_W_STD_LINE_FROM},
    {"later", AT_W_STD_LATER, AT_W_STD_LATER},
    {"earlier", AT_W_STD_EARLIER, AT_W_STD_EARLIER},
    {"days_in_common", AT_W_STD_COMMON_DAYS, AT_W_STD_COMMON_DAYS},
    {"share_of_days", AT_W_STD_DAYS_SHARE, AT_W_STD_DAYS_OF},
    {"prorated_by_days", AT_W_STD_BY_DAYS, AT_W_STD_FOR_DAYS},
    {"number_by_days", AT_W_STD_BY_DAYS, AT_W_STD_FOR_DAYS},
    {"months_counted", AT_W_STD_MONTHS, AT_W_STD_MONTHS},
    {"months_with_the_15th", AT_W_STD_MONTHS_15TH, AT_W_STD_MONTHS_15TH},
    {"share_of_months", AT_W_STD_MONTHS_SHARE, AT_W_STD_MONTHS_OF},
    {"prorated_by_months", AT_W_STD_BY_MONTHS, AT_W_STD_FOR_MONTHS},
    {"passed", AT_W_STD_PASSED, AT_W_STD_PASSED},
    {"target_score", AT_W_STD_TARGET, AT_W_STD_TARGET},
    {"lower_is_better", AT_W_STD_LOWER, AT_W_STD_LOWER},
    {"weighted_2", AT_W_STD_WEIGHTED, AT_W_STD_WEIGHTED},
    {"weighted_3", AT_W_STD_WEIGHTED, AT_W_STD_WEIGHTED},
    {"weighted_4", AT_W_STD_WEIGHTED, AT_W_STD_WEIGHTED},
    {"whole_years", AT_W_STD_WHOLE_YEARS, AT_W_STD_WHOLE_YEARS},
    {"whole_months", AT_W_STD_WHOLE_MONTHS, AT_W_STD_WHOLE_MONTHS},
};

static const struct known *known_of(const struct at_explain_tell *t,
                                    const struct at_check_function_decl *function) {
    struct at_diag_place place =
        at_diag_sources_place(t->r->checked->ast->sources, function->symbol->node->span.start);
    if (!place.file || place.file->name.n < 4 || memcmp(place.file->name.p, "std/", 4) != 0) return NULL;
    for (size_t i = 0; i < AT_COUNT(known_functions); i++)
        if (at_str_eq(function->symbol->name, at_str_z(known_functions[i].function)))
            return &known_functions[i];
    return NULL;
}

/* The division below a share, or a product with one: its sides are days or months. */
static uint32_t division_of(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[at_explain_plain_node(t, node)];
    for (uint16_t i = 0; p->op == AT_P_MUL && i < 2; i++) {
        uint32_t in = at_explain_plain_node(t, p->in[i]);
        if (t->r->plan->nodes[in].op == AT_P_DIV) return in;
    }
    return p->op == AT_P_DIV ? at_explain_plain_node(t, node) : AT_NO_NODE;
}

/* ---- arguments */

/* A call that is being written: its names, or with a step its values. */
struct call {
    const struct at_plan_site *site;
    const struct at_check_function_decl *function;
    uint32_t node;
    unsigned depth; /* of the name */
    struct at_explain_node *step;
};

/* The value of argument i. A parameter with a unit decides: 88 points, also for a quotient. */
static at_words_operand figure_of(const struct at_explain_tell *t, struct at_explain_node *step,
                                  uint32_t node, const struct at_check_function_decl *function, uint32_t i) {
    uint8_t unit = i < function->n ? function->types[i].unit : AT_UNIT_NONE;
    if (unit == AT_UNIT_NONE) return at_explain_tell_node_figure(t, step, node);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    value.type.unit = unit;
    return at_explain_tell_figure(t, step, &value, unit == AT_UNIT_PERCENT);
}

/* Without a node, the argument is not part of the result: its text suffices. */
static at_words_operand argument(const struct at_explain_tell *t, const struct call *call, uint32_t i) {
    uint32_t node = call->site->args[i];
    const struct at_ast_node *ast = i < call->site->ast->n ? call->site->ast->child[i] : NULL;
    struct at_explain_tell at = *t;
    at.use = ast ? ast : t->use;
    if (node == AT_NO_NODE) return at_words_text(at_explain_line_of_source(t, ast, 60));
    if (!call->step) return at_explain_phrase_below(&at, node, call->depth);
    return figure_of(&at, call->step, node, call->function, i);
}

static at_words_operand weights(const struct at_explain_tell *t, const struct call *call) {
    at_words_operand list = {0};
    for (uint32_t i = 0; i + 1 < call->function->n; i += 2) {
        at_words_operand one =
            AT_SAID(t->arena, AT_W_STD_WEIGHT, argument(t, call, i), argument(t, call, i + 1));
        list = list.kind ? AT_SAID(t->arena, AT_W_LIST, list, one) : one;
    }
    return AT_SAID(t->arena, AT_W_STD_WEIGHTED, list);
}

static at_words_operand say_known(const struct at_explain_tell *t, const struct call *call,
                                  const struct known *known) {
    at_words_operand args[AT_WORDS_OPERANDS] = {{0}};
    enum at_words_word word = call->step ? known->values : known->name;
    uint32_t n = 0, division = division_of(t, call->node);
    if (known->name == AT_W_STD_WEIGHTED) return weights(t, call);
    for (; n < call->function->n && n < AT_WORDS_OPERANDS; n++)
        args[n] = argument(t, call, n);
    if (known->name != known->values && call->step) {
        if (division == AT_NO_NODE) return (at_words_operand){0};
        const struct at_plan_node *p = &t->r->plan->nodes[division];
        for (int i = 0; i < 2; i++)
            args[5 + i] = at_explain_tell_node_figure(t, call->step, p->in[i]);
        n = 7;
    }
    return at_words_inner(t->arena, word, args, n);
}

static at_words_operand say_other(const struct at_explain_tell *t, const struct call *call) {
    at_words_operand args = {0};
    for (uint32_t i = 0; i < call->function->n; i++) {
        at_words_operand one = argument(t, call, i);
        args = args.kind ? AT_SAID(t->arena, AT_W_LIST, args, one) : one;
    }
    return AT_SAID(t->arena, AT_W_STEP, at_words_text(call->function->symbol->name), args);
}

static struct call call_of(const struct at_explain_tell *t, uint32_t node, const struct at_plan_site *site,
                           unsigned depth) {
    const struct at_check_symbol *symbol = t->r->checked->symbols[site->ast->id];
    return (struct call){site, &t->r->checked->functions[symbol->index], node, depth, NULL};
}

at_words_operand at_explain_call_name(const struct at_explain_tell *t, uint32_t node,
                                      const struct at_plan_site *site, unsigned depth) {
    struct call call = call_of(t, node, site, depth);
    const struct known *known = known_of(t, call.function);
    at_words_operand name = {0};
    if (known) name = say_known(t, &call, known);
    return name.kind ? name : say_other(t, &call);
}

/* ---- the step */

static void add_arguments(struct at_explain_tell *t, const struct call *call) {
    const struct at_ast_node *use = t->use;
    for (uint32_t i = 0; i < call->function->n; i++) {
        if (call->site->args[i] == AT_NO_NODE) continue;
        t->use = i < call->site->ast->n ? call->site->ast->child[i] : use;
        at_explain_node_add(call->step, at_explain_tell_node(t, call->site->args[i]));
    }
    t->use = use;
}

/* `body` is the step of the formula. It is not shown for functions that have a sentence. */
struct at_explain_node *
at_explain_tell_written(struct at_explain_tell *t, uint32_t node, const struct at_plan_site *site,
                        struct at_explain_node *(*body)(struct at_explain_tell *t, uint32_t node)) {
    struct call call = call_of(t, node, site, 0);
    const struct known *known = known_of(t, call.function);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_words_operand name = at_explain_phrase(t, node), said = {0};
    call.step = at_explain_node_new(t, AT_STEP_CALL, site->ast);
    at_explain_node_value(t, call.step, &value, at_explain_is_percent(t, node));
    if (known) said = say_known(t, &call, known);
    call.step->text =
        AT_SAID(t->arena, AT_W_WORKED, name, said.kind ? said : say_other(t, &call), call.step->value.shown);
    if (!said.kind) at_explain_node_add(call.step, body(t, node));
    if (said.kind) add_arguments(t, &call);
    if (call.step->first) call.step->first->part = false;
    return call.step;
}

/* ---- functions in Lua */

/* What hooks say of a row is kept with the row. */
static const struct at_kernel_hook_said *said_of(const struct at_explain_tell *t, uint32_t node) {
    const struct at_session_run *run = t->r->run;
    if (!t->row) return at_session_run_said(run, node, t->period * run->n_payees + t->payee);
    for (uint32_t i = 0; t->row->said && i < t->r->n_slots[t->feed]; i++)
        if (t->r->slots[t->feed][i] == node) return t->row->said[i];
    return NULL;
}

static struct at_explain_node *note(struct at_explain_tell *t, at_words_operand text) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    step->text = text;
    return step;
}

/* With p->data, the hook also gets the whole cell, which is not a value to show. */
static unsigned shown_arguments(const struct at_plan_node *p, const struct at_check_function_decl *function) {
    unsigned n = p->data ? (function->n ? function->n - 1 : 0) : p->n_in;
    return n < p->n_in ? n : p->n_in;
}

/* The sentence of a function of the standard library with up to two arguments; NONE for others. With a step,
 * of values. */
static at_words_operand say_known_hook(const struct at_explain_tell *t, const struct at_plan_node *p,
                                       struct at_explain_node *step, unsigned depth) {
    const struct known *known = known_of(t, &t->r->checked->functions[p->a]);
    at_words_operand args[2] = {{0}};
    if (!known || p->n_in > 2) return (at_words_operand){0};
    for (uint16_t i = 0; i < p->n_in; i++)
        args[i] = step ? at_explain_tell_node_figure(t, step, p->in[i])
                       : at_explain_phrase_below(t, p->in[i], depth);
    return at_words_inner(t->arena, known->values, args, p->n_in);
}

at_words_operand at_explain_hook_name(const struct at_explain_tell *t, uint32_t node, unsigned depth) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_check_function_decl *function = &t->r->checked->functions[p->a];
    at_words_operand known = say_known_hook(t, p, NULL, depth), args = {0};
    if (known.kind) return known;
    for (unsigned i = 0; i < shown_arguments(p, function); i++) {
        at_words_operand one = at_explain_phrase_below(t, p->in[i], depth);
        args = args.kind ? AT_SAID(t->arena, AT_W_LIST, args, one) : one;
    }
    return AT_SAID(t->arena, AT_W_STEP, at_words_text(function->symbol->name), args);
}

/* What a hook read of its cell, with the values: not only measures, which are explained below. */
static void add_reads(struct at_explain_tell *t, struct at_explain_node *step, const struct at_plan_node *p,
                      const struct at_kernel_hook_said *said, unsigned n) {
    const struct at_plan_cell *cell = p->data;
    for (uint32_t i = 0; cell && said && i < said->n_reads; i++) {
        uint32_t part = said->reads[i];
        if (part >= cell->n) continue;
        at_words_operand name = at_words_text(cell->parts[part].name),
                         figure = at_explain_tell_node_figure(t, step, p->in[n + part]);
        at_explain_node_add(step, note(t, AT_SAID(t->arena, AT_W_HOOK_READ, name, figure)));
    }
}

struct at_explain_node *at_explain_tell_hook(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    const struct at_check_function_decl *function = &t->r->checked->functions[p->a];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_CALL, t->use);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_words_operand args = {0}, known = say_known_hook(t, p, step, 0);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    unsigned n = shown_arguments(p, function);
    for (unsigned i = 0; i < n && !known.kind; i++) {
        at_words_operand figure = figure_of(t, step, p->in[i], function, i);
        args = args.kind ? AT_SAID(t->arena, AT_W_LIST, args, figure) : figure;
    }
    at_words_operand call = AT_SAID(t->arena, AT_W_STEP, at_words_text(function->symbol->name), args);
    step->text =
        known.kind
            ? AT_SAID(t->arena, AT_W_WORKED, at_explain_phrase(t, node), known, step->value.shown)
            : AT_SAID(t->arena, AT_W_CALLED, call, at_words_text(function->lua_file), step->value.shown);
    const struct at_kernel_hook_said *said = said_of(t, node);
    if (said && said->reason.n)
        at_explain_node_add(step, note(t, AT_SAID(t->arena, AT_W_REASON, at_words_text(said->reason))));
    for (uint32_t i = 0; said && i < said->n_notes; i++) {
        at_words_operand name = at_words_text(said->notes[i].name);
        at_words_operand figure = at_explain_tell_figure(t, step, &said->notes[i].value, false);
        at_explain_node_add(step, note(t, AT_SAID(t->arena, AT_W_NOTED, name, figure)));
    }
    add_reads(t, step, p, said, n);
    for (unsigned i = 0; i < p->n_in; i++) /* measures that the hook may have read are explained as well */
        at_explain_node_add(step, i < n ? at_explain_tell_node(t, p->in[i]) : NULL);
    for (unsigned i = n; i < p->n_in; i++)
        at_explain_boundary(t, at_explain_plain_node(t, p->in[i]));
    return step;
}
