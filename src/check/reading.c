/* check/reading.c: the two readings of a value to date.
 *
 * `ytd(x)` recalculates x from its aggregates to date. `ytd(x by period)` sums the values that x has in the
 * periods. This file determines from the text whether the readings can differ:
 *
 *     ZERO    a literal zero: a sum of no terms
 *     SAME    no period changes it: constants, params, fields of the payee. Its sum would multiply it
 *     WHOLE   an aggregate of rows without a date: a value of the whole range, which is never multiplied
 *     FLOW    a sum of terms, each an aggregate or a component times what no period changes: readings agree
 *     STOCK   recalculated without a question: an average, a minimum, a maximum
 *     RATIO   the same: a quotient of values with one reading
 *     TWO     everything else: the policy has to specify the reading
 *
 * Names count as their definitions, so naming a formula changes nothing. What reads other periods (`prior`,
 * `ytd`) or the whole cell in Lua has no recalculated reading: `past` is a place of it.
 *
 * Runs after all statements are checked, when every name has its symbol.
 */
#include "check/check_int.h"

#define MOST_DEPTH 1000 /* of formulas in formulas; deeper ones are refused elsewhere */

enum { NONE, ZERO, SAME, WHOLE, FLOW, STOCK, RATIO, TWO };

struct at_check_reading {
    uint8_t kind;                         /* NONE: not known, because of an error */
    bool apart;                           /* FLOW: a term must not be summed as it is: given once, or WHOLE */
    uint8_t state;                        /* of the memo: enum at_check_state */
    const struct at_ast_node *why, *past; /* a place that makes it TWO; without a recalculated reading */
};

typedef struct at_check_reading reading;

static reading reading_of(struct at_check *ck, const struct at_ast_node *node);

static reading make(int kind) {
    return (reading){.kind = (uint8_t)kind};
}

static reading two(const struct at_ast_node *why) {
    return (reading){.kind = TWO, .why = why};
}

static bool is_same(reading r) {
    return r.kind == ZERO || r.kind == SAME || r.kind == WHOLE;
}

/* What is calculated from the parts as a whole: no period changes it, or it has two readings. */
static reading whole_of(reading a, reading b, const struct at_ast_node *node) {
    reading out = is_same(a) && is_same(b) ? make(SAME) : two(node);
    if (a.kind == NONE || b.kind == NONE) out.kind = NONE;
    out.past = a.past ? a.past : b.past;
    return out;
}

static reading any_of(struct at_check *ck, const struct at_ast_node *node) {
    reading all = make(SAME);
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) all = whole_of(all, reading_of(ck, node->child[i]), node);
    return all;
}

/* ---- sums, products, quotients */

static reading added(reading a, reading b, const struct at_ast_node *node) {
    reading all = whole_of(a, b, node);
    if (all.kind == NONE || all.past) return all;
    if (a.kind == ZERO) return b;
    if (b.kind == ZERO) return a;
    bool terms = (a.kind == FLOW || a.kind == WHOLE) && (b.kind == FLOW || b.kind == WHOLE);
    if (!terms) return all;
    all = make(a.kind == FLOW || b.kind == FLOW ? FLOW : WHOLE);
    all.apart = a.apart || b.apart || a.kind != b.kind;
    return all;
}

static reading multiplied(reading a, reading b, const struct at_ast_node *node) {
    reading all = whole_of(a, b, node);
    if (all.kind == NONE || all.past) return all;
    if (a.kind == ZERO || b.kind == ZERO) return make(ZERO);
    if (is_same(a) && is_same(b)) return make(a.kind == WHOLE || b.kind == WHOLE ? WHOLE : SAME);
    if ((is_same(a) && b.kind == FLOW) || (a.kind == FLOW && is_same(b))) {
        all = make(FLOW);
        all.apart = a.apart || b.apart;
    }
    return all;
}

static reading divided(reading a, reading b, const struct at_ast_node *node) {
    reading all = whole_of(a, b, node);
    if (all.kind == NONE || all.past) return all;
    if (is_same(b) && (is_same(a) || a.kind == FLOW)) {
        all = make(a.kind == SAME && b.kind == WHOLE ? WHOLE : a.kind);
        all.apart = a.apart;
        return all;
    }
    bool over = a.kind == WHOLE || a.kind == FLOW || a.kind == STOCK;
    bool under = is_same(b) || b.kind == FLOW || b.kind == STOCK;
    return over && under ? make(RATIO) : all;
}

static reading of_arith(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0), *y = at_check_child(node, 1);
    if (!x || !y) return make(NONE);
    if (!at_check_is_numeric(at_check_type_at(ck, node))) return any_of(ck, node);
    reading a = reading_of(ck, x), b = reading_of(ck, y);
    if (node->kind == AT_N_OF || node->op == AT_OP_MUL) return multiplied(a, b, node);
    return node->op == AT_OP_DIV ? divided(a, b, node) : added(a, b, node);
}

/* ---- choices */

static bool is_zero(const struct at_ast_node *node) {
    return node && (node->kind == AT_N_NUMBER || node->kind == AT_N_MONEY) && at_num_sign(node->value) == 0;
}

/* `if B = 0 then K else A / B`, or the other way round with `<>`: a quotient that is never divided by zero.
 */
static bool guards(const struct at_ast_node *cond, const struct at_ast_node *yes,
                   const struct at_ast_node *no, const struct at_ast_node **quotient,
                   const struct at_ast_node **other) {
    if (!cond || !yes || !no || cond->kind != AT_N_COMPARE) return false;
    if (cond->op != AT_OP_EQ && cond->op != AT_OP_NE) return false;
    *quotient = cond->op == AT_OP_EQ ? no : yes;
    *other = cond->op == AT_OP_EQ ? yes : no;
    return is_zero(at_check_child(cond, 1)) && (*quotient)->kind == AT_N_ARITH &&
           (*quotient)->op == AT_OP_DIV && at_check_child(*quotient, 1) &&
           at_ast_same(at_check_child(cond, 0), at_check_child(*quotient, 1));
}

static reading chosen(struct at_check *ck, const struct at_ast_node *node, reading cond, reading yes,
                      reading no) {
    (void)ck;
    reading all = whole_of(whole_of(cond, yes, node), no, node);
    if (all.kind == NONE || all.past || !is_same(cond)) return all;
    if (is_same(yes) && is_same(no) && yes.kind != no.kind)
        return make(yes.kind == ZERO || no.kind == ZERO ? (yes.kind == ZERO ? no.kind : yes.kind) : SAME);
    if (yes.kind == no.kind || no.kind == ZERO || yes.kind == ZERO) {
        reading out = yes.kind == ZERO ? no : yes;
        out.apart |= no.apart || yes.apart;
        return out;
    }
    if ((yes.kind == FLOW && no.kind == WHOLE) || (yes.kind == WHOLE && no.kind == FLOW))
        return added(yes, no, node);
    return all;
}

static reading of_if(struct at_check *ck, const struct at_ast_node *node, const struct at_ast_node *cond,
                     const struct at_ast_node *yes, const struct at_ast_node *no) {
    const struct at_ast_node *quotient, *other;
    if (!cond || !yes || !no) return make(NONE);
    if (guards(cond, yes, no, &quotient, &other) && is_same(reading_of(ck, other)))
        return reading_of(ck, quotient);
    return chosen(ck, node, reading_of(ck, cond), reading_of(ck, yes), reading_of(ck, no));
}

static reading of_choose(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *otherwise = at_check_child(node, node->n - 1), *arm = at_check_child(node, 0);
    if (node->n == 0 || !otherwise || !arm) return make(NONE);
    if (node->n == 2) return of_if(ck, node, at_check_child(arm, 0), at_check_child(arm, 1), otherwise);
    reading all = reading_of(ck, otherwise);
    for (uint32_t i = node->n - 1; i-- > 0;) {
        arm = at_check_child(node, i);
        if (!arm || arm->n < 2 || !arm->child[0] || !arm->child[1]) return make(NONE);
        all = chosen(ck, node, reading_of(ck, arm->child[0]), reading_of(ck, arm->child[1]), all);
    }
    return all;
}

/* ---- names and calls */

/* Rows that belong to a period give a value for each period. */
static reading of_aggregate(struct at_check *ck, const struct at_check_measure_decl *measure) {
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    bool adds = measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT;
    if (!feed->on && !measure->on) return make(WHOLE);
    reading out = make(adds ? FLOW : STOCK);
    out.apart = feed->spread && feed->spread->op == AT_OP_PER;
    return out;
}

static reading of_measure(struct at_check *ck, uint32_t index) {
    const struct at_check_measure_decl *measure = &ck->out->measures[index];
    struct at_check_reading *kept = &ck->readings[ck->reading_rhythm * ck->out->n_measures + index];
    if (measure->rhythm && measure->rhythm != ck->reading_rhythm) {
        /* It has values of its own periods, which only a sum of values can read. */
        reading each = two(measure->symbol->node);
        each.past = measure->symbol->node;
        return each;
    }
    if (measure->aggregate) return of_aggregate(ck, measure);
    if (!measure->expr || kept->state == AT_BUSY_DECL) return make(NONE);
    if (kept->state == AT_DONE_DECL) return *kept;
    kept->state = AT_BUSY_DECL;
    reading found = reading_of(ck, measure->expr);
    found.state = AT_DONE_DECL;
    *kept = found;
    return found;
}

static reading of_name(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (!symbol) return make(NONE);
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_MEASURE: return of_measure(ck, symbol->index);
    case AT_SYM_COMPONENT:
    case AT_SYM_TOTAL: return make(FLOW);
    case AT_SYM_PERIOD: return two(node); /* changes with every period, and is not an aggregate */
    default: return make(SAME);
    }
}

static reading of_builtin(struct at_check *ck, const struct at_ast_node *node,
                          enum at_check_builtin_id which) {
    reading first = node->n > 0 && node->child[0] ? reading_of(ck, node->child[0]) : make(NONE);
    reading all = two(node);
    switch (which) {
    case AT_B_YTD:
    case AT_B_HTD:
    case AT_B_QTD:
    case AT_B_PRIOR:
    case AT_B_TRAILING: all.past = node; return all;
    case AT_B_RECALCULATED: return first.past || first.kind == NONE ? first : make(STOCK);
    case AT_B_IFMISSING:
        all = any_of(ck, node);
        if (all.past || (first.kind != STOCK && first.kind != RATIO)) return all;
        return is_same(reading_of(ck, node->child[1])) ? first : all;
    case AT_B_TOTAL:
    case AT_B_SUM: /* the covered members may change, so only what adds up is known */
        if (first.past || first.kind == FLOW || first.kind == WHOLE || first.kind == ZERO) return first;
        return all;
    case AT_B_SHARE:
        if (first.past || first.kind == WHOLE) return first;
        return first.kind == FLOW ? make(RATIO) : all;
    case AT_B_RANK: all.past = first.past; return all;
    default: return any_of(ck, node);
    }
}

/* A hook that gets the whole cell reads every value of one period, so it cannot be recalculated. */
static reading of_call(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    if (symbol && symbol->kind == AT_SYM_BUILTIN)
        return of_builtin(ck, node, (enum at_check_builtin_id)symbol->index);
    if (symbol && symbol->kind == AT_SYM_FUNCTION) {
        const struct at_check_function_decl *function = &ck->out->functions[symbol->index];
        for (uint32_t i = 0; i < function->n; i++) {
            if (!at_check_is_cell(function->types[i])) continue;
            reading all = two(node);
            all.past = node;
            return all;
        }
    }
    return symbol ? any_of(ck, node) : make(NONE);
}

static reading by_kind(struct at_check *ck, const struct at_ast_node *node) {
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NAME: return of_name(ck, node);
    case AT_N_MEMBER:
        if (at_check_child(node, 0) && at_check_type_at(ck, node->child[0]).kind == AT_T_PERIOD)
            return reading_of(ck, node->child[0]).kind == SAME ? make(SAME) : two(node);
        return make(SAME);
    case AT_N_CALL: return of_call(ck, node);
    case AT_N_NEG: return at_check_child(node, 0) ? reading_of(ck, node->child[0]) : make(NONE);
    case AT_N_OF:
    case AT_N_ARITH: return of_arith(ck, node);
    case AT_N_IF:
        return of_if(ck, node, at_check_child(node, 0), at_check_child(node, 1), at_check_child(node, 2));
    case AT_N_CHOOSE: return of_choose(ck, node);
    case AT_N_NUMBER:
    case AT_N_MONEY: return make(is_zero(node) ? ZERO : SAME);
    default: return any_of(ck, node);
    }
}

static reading reading_of(struct at_check *ck, const struct at_ast_node *node) {
    if (ck->reading_depth >= MOST_DEPTH) return make(NONE);
    ck->reading_depth++;
    reading found = by_kind(ck, node);
    ck->reading_depth--;
    return found;
}

/* ---- messages */

/* The word after `by` that specifies the recalculated reading; NULL: `trailing` has none. */
static const char *span_word(const struct at_ast_node *call) {
    if (at_str_eq(call->text, AT_STR("ytd"))) return "year";
    if (at_str_eq(call->text, AT_STR("htd"))) return "half";
    return at_str_eq(call->text, AT_STR("qtd")) ? "quarter" : NULL;
}

/* The arguments after the first, as they are written: `, 3`. */
static at_str more_arguments(struct at_check *ck, const struct at_ast_node *call) {
    if (call->n < 2 || !call->child[1]) return AT_STR("");
    return at_str_format(ck->arena, ", %.*s",
                         AT_STR_ARG(at_diag_sources_text(ck->ast->sources, call->child[1]->span)));
}

static void report_two(struct at_check *ck, const struct at_ast_node *call, reading found) {
    at_str x = at_check_quote(ck, call->child[0]), more = more_arguments(ck, call);
    const char *word = span_word(call);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0447, call->span, "`%.*s(%.*s%.*s)` has two readings",
                                    AT_STR_ARG(call->text), AT_STR_ARG(x), AT_STR_ARG(more));
    if (found.why && found.kind == TWO && found.why != call->child[0])
        at_diag_label(d, found.why->span, "its readings can differ");
    else if (found.kind == SAME)
        at_diag_label(d, call->child[0]->span, "the same in every period");
    if (word)
        at_diag_help(d,
                     "write `%.*s(%.*s by %s)` to recalculate it from the values to date, or `%.*s(%.*s by "
                     "period)` to sum its values of the periods",
                     AT_STR_ARG(call->text), AT_STR_ARG(x), word, AT_STR_ARG(call->text), AT_STR_ARG(x));
    else
        at_diag_help(
            d,
            "write `%.*s(recalculated(%.*s)%.*s)` to recalculate it from the sums of the periods, or "
            "`%.*s(%.*s by period%.*s)` to sum its values of the periods",
            AT_STR_ARG(call->text), AT_STR_ARG(x), AT_STR_ARG(more), AT_STR_ARG(call->text), AT_STR_ARG(x),
            AT_STR_ARG(more));
}

static void report_past(struct at_check *ck, const struct at_ast_node *call, reading found) {
    at_str x = at_check_quote(ck, call->child[0]), more = more_arguments(ck, call);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0448, call->child[0]->span,
                                    "`%.*s` cannot be recalculated from values to date", AT_STR_ARG(x));
    if (found.past != call->child[0]) at_diag_label(d, found.past->span, "has a value for each period only");
    if (at_str_eq(call->text, AT_STR("recalculated")))
        at_diag_help(d, "delete `recalculated`");
    else
        at_diag_help(d, "write `%.*s(%.*s by period%.*s)` to sum its values of the periods",
                     AT_STR_ARG(call->text), AT_STR_ARG(x), AT_STR_ARG(more));
}

static void report_undated(struct at_check *ck, const struct at_ast_node *call) {
    at_str x = at_check_quote(ck, call->child[0]), more = more_arguments(ck, call);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0449, call->by_span.end ? call->by_span : call->span,
                                    "`%.*s` has no date, so it has no values of periods", AT_STR_ARG(x));
    at_diag_help(d, "write `%.*s(%.*s%.*s)`: its value to date is the value of the whole range",
                 AT_STR_ARG(call->text), AT_STR_ARG(x), AT_STR_ARG(more));
}

/* ---- uses */

static void check_call(struct at_check *ck, struct at_check_timed timed) {
    const struct at_ast_node *call = timed.call;
    ck->reading_rhythm = timed.rhythm;
    if (!call->child[0] || at_check_type_at(ck, call->child[0]).kind == AT_T_NONE) return;
    reading found = reading_of(ck, call->child[0]);
    bool summed = timed.summed || at_str_eq(call->by, AT_STR("period"));
    bool plain = call->by.n == 0 && !at_str_eq(call->text, AT_STR("recalculated"));
    if (found.kind == NONE) return;
    if (summed && found.kind == WHOLE)
        report_undated(ck, call);
    else if (summed && !(found.kind == FLOW && found.apart))
        ck->out->marks[call->id] |= AT_MARK_SUMMED;
    else if (found.past)
        report_past(ck, call, found);
    else if (plain && (found.kind == TWO || found.kind == SAME))
        report_two(ck, call, found);
}

static const struct at_ast_node *past_in(struct at_check *ck, const struct at_ast_node *node) {
    return node ? reading_of(ck, node).past : NULL;
}

/* The whole statement is recalculated to date: its base, its amount, and its condition. */
static void check_cumulative(struct at_check *ck, const struct at_check_component_decl *component) {
    const struct at_ast_node *statement = component->symbol->node, *past = past_in(ck, component->expr);
    if (!past) past = past_in(ck, component->on);
    if (!past) past = past_in(ck, component->when);
    if (!past) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0448, past->span, "`%.*s` cannot be recalculated from values to date",
                    AT_STR_ARG(at_check_quote(ck, past)));
    at_diag_label(d, at_check_name_span(statement), "cumulative");
    at_diag_help(d, "delete `cumulative over %.*s`, or use values that do not read other periods",
                 AT_STR_ARG(statement->by));
}

void at_check_readings(struct at_check *ck) {
    if (ck->circular || ck->too_deep) return;
    ck->readings =
        AT_NEW_ARRAY(ck->arena, struct at_check_reading, (AT_YEAR + 2) * (ck->out->n_measures + 1));
    /* In the order of the policy, so that a long chain of measures does not nest. */
    for (uint32_t i = 0; i < ck->out->n_measures; i++)
        if (ck->out->measures[i].symbol) of_measure(ck, i);
    for (size_t i = 0; i < ck->timed.n; i++)
        check_call(ck, ck->timed.at[i]);
    for (uint32_t i = 0; i < ck->out->n_components; i++) {
        ck->reading_rhythm = ck->out->components[i].rhythm;
        if (ck->out->components[i].cumulative >= 0) check_cumulative(ck, &ck->out->components[i]);
    }
}
