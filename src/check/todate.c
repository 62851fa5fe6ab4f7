/* check/todate.c: asks which reading a value to date has, where the readings can differ.
 *
 * Helps contain the whole argument, however long, because they are to be pasted.
 */
#include "check/reading.h"

typedef struct at_check_reading reading;
typedef struct at_check_question question;

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
    at_str x = at_check_source(ck, call->child[0]), more = more_arguments(ck, call);
    const char *word = span_word(call);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0447, call->span, "`%.*s(%.*s%.*s)` has two readings",
                    AT_STR_ARG(call->text), AT_STR_ARG(at_check_quote(ck, call->child[0])), AT_STR_ARG(more));
    if (found.why && found.kind == AT_READ_TWO && found.why != call->child[0])
        at_diag_label(d, found.why->span, "its readings can differ");
    else if (found.kind == AT_READ_SAME)
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
    at_str x = at_check_source(ck, call->child[0]), more = more_arguments(ck, call);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0448, call->child[0]->span,
                                    "`%.*s` cannot be recalculated from values to date",
                                    AT_STR_ARG(at_check_quote(ck, call->child[0])));
    if (found.past != call->child[0]) at_diag_label(d, found.past->span, "has a value for each period only");
    at_diag_help(d, "write `%.*s(%.*s by period%.*s)` to sum its values of the periods",
                 AT_STR_ARG(call->text), AT_STR_ARG(x), AT_STR_ARG(more));
}

static void report_undated(struct at_check *ck, const struct at_ast_node *call) {
    at_str x = at_check_source(ck, call->child[0]), more = more_arguments(ck, call);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0449, call->by_span.end ? call->by_span : call->span,
                                    "`%.*s` has no date, so it has no values of periods",
                                    AT_STR_ARG(at_check_quote(ck, call->child[0])));
    at_diag_help(d, "write `%.*s(%.*s%.*s)`: its value to date is the value of the whole range",
                 AT_STR_ARG(call->text), AT_STR_ARG(x), AT_STR_ARG(more));
}

/* ---- uses */

static void check_call(struct at_check *ck, question *q, struct at_check_timed timed) {
    const struct at_ast_node *call = timed.call;
    if (!call->child[0] || at_check_type_at(ck, call->child[0]).kind == AT_T_NONE) return;
    reading found = at_check_reading_of(ck, q, call->child[0]);
    bool summed = timed.summed || at_str_eq(call->by, AT_STR("period"));
    bool plain = call->by.n == 0;
    if (found.kind == AT_READ_NONE) return;
    if (summed && found.kind == AT_READ_WHOLE)
        report_undated(ck, call);
    else if (summed && !(found.kind == AT_READ_FLOW && found.apart))
        ck->out->marks[call->id] |= AT_MARK_SUMMED;
    else if (found.past)
        report_past(ck, call, found);
    else if (plain && (found.kind == AT_READ_TWO || found.kind == AT_READ_SAME))
        report_two(ck, call, found);
}

static const struct at_ast_node *past_in(struct at_check *ck, question *q, const struct at_ast_node *node) {
    return node ? at_check_reading_of(ck, q, node).past : NULL;
}

/* The whole statement is recalculated to date: its base, its amount, and its condition. */
static void check_cumulative(struct at_check *ck, question *q,
                             const struct at_check_component_decl *component) {
    const struct at_ast_node *statement = component->symbol->node, *past = past_in(ck, q, component->expr);
    if (!past) past = past_in(ck, q, component->on);
    if (!past) past = past_in(ck, q, component->when);
    if (!past) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0448, past->span, "`%.*s` cannot be recalculated from values to date",
                    AT_STR_ARG(at_check_quote(ck, past)));
    at_diag_label(d, at_check_name_span(statement), "cumulative");
    at_diag_help(d, "delete `cumulative over %.*s`, or use values that do not read other periods",
                 AT_STR_ARG(statement->by));
}

static const char *const spans[] = {[AT_QUARTER] = "quarter", [AT_HALF] = "half", [AT_YEAR] = "year"};
static const char *const calls[] = {[AT_QUARTER] = "qtd", [AT_HALF] = "htd", [AT_YEAR] = "ytd"};

/* The amount of a cap or floor over a longer span is one to date. An amount that reads other periods says
 * itself what it is. */
static void check_limit(struct at_check *ck, question *q, const struct at_check_adjustment_decl *limit) {
    reading found = at_check_reading_of(ck, q, limit->at);
    bool settled = limit->at->kind == AT_N_CALL && at_str_eq(limit->at->text, AT_STR("recalculated"));
    if (found.kind != AT_READ_TWO || found.past || settled) return;
    at_str x = at_check_source(ck, limit->at);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0447, limit->at->span, "`%.*s` per %s has two readings",
                                    AT_STR_ARG(at_check_quote(ck, limit->at)), spans[limit->per]);
    if (found.why && found.why != limit->at) at_diag_label(d, found.why->span, "its readings can differ");
    at_diag_help(d,
                 "write `at recalculated(%.*s)` to recalculate it from the values to date, or `at %s(%.*s by "
                 "period)` to sum its values of the periods",
                 AT_STR_ARG(x), calls[limit->per], AT_STR_ARG(x));
}

/* A question for each rhythm, made when it is first needed: a measure with a rhythm is read in it as a value.
 */
static question *question_of(struct at_check *ck, question **of, uint8_t rhythm) {
    if (of[rhythm]) return of[rhythm];
    of[rhythm] = AT_NEW(ck->arena, question);
    *of[rhythm] = at_check_question_new(ck, false, -1);
    of[rhythm]->rhythm = rhythm;
    at_check_reading_measures(ck, of[rhythm]);
    return of[rhythm];
}

void at_check_todate(struct at_check *ck) {
    question *of[AT_YEAR + 2] = {NULL};
    for (size_t i = 0; i < ck->timed.n; i++)
        check_call(ck, question_of(ck, of, ck->timed.at[i].rhythm), ck->timed.at[i]);
    for (uint32_t i = 0; i < ck->out->n_components; i++) {
        const struct at_check_component_decl *component = &ck->out->components[i];
        if (component->cumulative >= 0)
            check_cumulative(ck, question_of(ck, of, component->rhythm), component);
    }
    for (uint32_t i = 0; i < ck->out->n_adjustments; i++) {
        const struct at_check_adjustment_decl *limit = &ck->out->adjustments[i];
        bool longer = limit->per >= AT_QUARTER && limit->per > (int8_t)ck->out->calendar.period_kind;
        if (limit->node->kind != AT_N_ADJUST && longer && limit->at)
            check_limit(ck, question_of(ck, of, 0), limit);
    }
}
