/* api/expect.c: looks at one `expect X for "ana" in 2026-Q1 = E` of a test that ran: X is a component with
 * all that adjusted it, `total`, or a measure; comparison is exact. A cell that the run does not have pays
 * nothing.
 */
#include "api/test.h"
#include "api/value.h"

struct look {
    struct at_api_trial *trial;
    const struct at_ast_node *node; /* EXPECT */
    struct at_api_expectation *out;
    const struct at_check_symbol *symbol;
    uint32_t payee, payee_end;   /* rows of the payee table */
    uint32_t period, period_end; /* indexes; may lie outside the run */
    bool withheld;               /* one of the cells is */
    struct at_plan_value got;
    bool found;           /* `got` has a value */
    at_currency currency; /* of the payee, if that is expected; 0: that of the policy */
};

/* ---- what is asked for */

static const struct at_ast_node *part(const struct at_ast_node *expect, uint32_t i) {
    return i < expect->n ? expect->child[i] : NULL;
}

/* The expectation as it is written, up to its `=`. */
static at_str subject(const struct look *look) {
    const struct at_diag_sources *sources = look->trial->diags.sources;
    struct at_arena *arena = look->trial->arena;
    const struct at_ast_node *payee = part(look->node, 0), *period = part(look->node, 1);
    at_str text = look->node->text;
    if (look->node->by.n)
        text = at_str_format(arena, "%.*s(%.*s)", AT_STR_ARG(look->node->by), AT_STR_ARG(text));
    if (payee) {
        at_str who = at_diag_sources_text(sources, payee->span);
        text = at_str_format(arena, "%.*s for %.*s", AT_STR_ARG(text), AT_STR_ARG(who));
    }
    if (period) {
        at_str when = at_diag_sources_text(sources, period->span);
        text = at_str_format(arena, "%.*s in %.*s", AT_STR_ARG(text), AT_STR_ARG(when));
    }
    return text;
}

/* Stores the reason why the expectation fails, and returns false. */
static bool fail(struct look *look, const char *format, ...) AT_PRINTF(2, 3);
static bool fail(struct look *look, const char *format, ...) {
    va_list args;
    va_start(args, format);
    look->out->note = at_api_trial_text(look->trial, format, args);
    va_end(args);
    return false;
}

static void note_reason(struct look *look, const struct at_words_reason *why) {
    const struct at_words *words = look->trial->policy->diags.words;
    struct at_arena *arena = look->trial->arena;
    look->out->note = words ? at_words_sentence_plain(arena, at_words_write_reason(arena, words, why))
                            : at_words_reason_plain(arena, why);
}

/* Returns the key of a payee of the test as text, in the arena of the test. */
static at_str key_of(const struct look *look, uint32_t payee) {
    const struct at_check_policy *checked = look->trial->policy->checked;
    uint32_t table = (uint32_t)checked->payee_table;
    return at_session_table_text(&look->trial->data, table, (uint32_t)checked->schemas[table].key, payee,
                                 look->trial->arena);
}

static bool find_payee(struct look *look) {
    const struct at_session_run *run = look->trial->run;
    struct at_plan_value value;
    look->payee_end = run->n_payees;
    if (!part(look->node, 0)) return true;
    if (!at_api_trial_constant(look->trial, part(look->node, 0), &value)) return false;
    at_str key = at_str_trim(at_plan_value_text(&value));
    while (look->payee < run->n_payees && !at_str_eq(key_of(look, look->payee), key))
        look->payee++;
    look->payee_end = look->payee + 1;
    if (look->payee < run->n_payees) return true;
    return fail(look, "this test does not give a payee \"%.*s\"", AT_STR_ARG(key));
}

/* In a policy that pays by the year, 2026 is read as a number. */
static bool read_period(struct look *look, const struct at_plan_value *value, int64_t *position) {
    const struct at_calendar *calendar = &look->trial->policy->checked->calendar;
    if (value->type.kind == AT_T_PERIOD && at_plan_value_period(value).kind == calendar->period_kind) {
        *position = at_period_position(calendar, at_plan_value_period(value));
        return true;
    }
    if (value->type.kind == AT_T_NUMBER && calendar->period_kind == AT_YEAR &&
        at_num_to_i64(look->trial->arena, at_plan_value_num(value), 0, position))
        return true;
    return fail(look, "the periods of the policy have another length");
}

int64_t *at_api_trial_periods(struct at_api_trial *trial, uint32_t *n) {
    const struct at_ast_node *test = trial->result->node;
    int64_t *positions = AT_NEW_ARRAY(trial->arena, int64_t, test->n + 1);
    struct at_api_expectation unused = {0};
    *n = 0;
    for (uint32_t i = 0; i < test->n; i++) {
        const struct at_ast_node *expect = test->child[i];
        struct look look = {.trial = trial, .node = expect, .out = &unused};
        struct at_plan_value value;
        if (!expect || expect->kind != AT_N_EXPECT || !part(expect, 1)) continue;
        if (!at_api_trial_constant(trial, part(expect, 1), &value)) return NULL;
        if (read_period(&look, &value, &positions[*n])) ++*n;
    }
    return positions;
}

static bool find_period(struct look *look) {
    const struct at_session_run *run = look->trial->run;
    struct at_plan_value value;
    int64_t position;
    look->period_end = run->n_periods;
    if (!part(look->node, 1)) return true;
    if (!at_api_trial_constant(look->trial, part(look->node, 1), &value)) return false;
    if (!read_period(look, &value, &position)) return false;
    int64_t index = position - run->first_position;
    /* A period before the run, or far after it, pays nothing. INT32_MAX is outside of each run. */
    look->period = index < 0 || index > INT32_MAX ? INT32_MAX : (uint32_t)index;
    look->period_end = look->period + 1;
    return true;
}

/* ---- what came out */

/* Returns why the payout is withheld, or NULL. Tests have few payees, so a search is enough. */
static const struct at_gather_exception *withheld_for(const struct at_session_run *run, uint32_t payee,
                                                      uint32_t period) {
    for (uint32_t i = 0; i < run->n_withheld; i++)
        if (run->withheld[i].payee == payee && run->withheld[i].period == period)
            return &run->exceptions[run->withheld[i].exception];
    return NULL;
}

/* Whether the line of a plan's component belongs to the one asked for: itself, or an adjustment of it. */
static bool counts(const struct look *look, const struct at_plan_component *component) {
    if (look->symbol->kind == AT_SYM_TOTAL) return true;
    if (component->decl) return component->decl->symbol == look->symbol;
    return component->adjustment && component->adjustment->component == (int32_t)look->symbol->index;
}

/* What the period pays for earlier ones that are calculated again. Tests have few lines. */
static at_num corrected_in(const struct look *look, uint32_t payee, uint32_t period) {
    const struct at_session_run *run = look->trial->run;
    const struct at_currency_info *currency = at_currency_info(run->plan->checked->currency);
    at_num sum = at_num_int(0);
    for (uint64_t i = 0; run->n_views > 0 && i < run->n_lines; i++) {
        const struct at_settle_line *line = &run->lines[i];
        if (line->cause != AT_LINE_CORRECTED || line->payee != payee || line->period != period ||
            !counts(look, &run->plan->components[line->component]))
            continue;
        sum =
            at_num_add(look->trial->arena, sum, at_num_decimal(line->minor, currency ? currency->digits : 2));
    }
    return sum;
}

/* What the lines of the period pay in the payee's currency. */
static at_num paid_local(const struct look *look, uint32_t payee, uint32_t period) {
    const struct at_session_run *run = look->trial->run;
    const struct at_currency_info *currency = at_currency_info(look->currency);
    at_num sum = at_num_int(0);
    for (uint64_t i = 0; i < run->n_lines; i++) {
        const struct at_settle_line *line = &run->lines[i];
        if (line->payee == payee && line->period == period &&
            counts(look, &run->plan->components[line->component]))
            sum = at_num_add(look->trial->arena, sum,
                             at_num_decimal(line->local, currency ? currency->digits : 2));
    }
    return sum;
}

/* Returns the exact sum of the components that belong to the expectation, for one payee and period. */
static at_num paid_in(const struct look *look, uint32_t payee, uint32_t period) {
    struct at_api_trial *trial = look->trial;
    const struct at_plan *plan = trial->run->plan;
    uint32_t cell = period * trial->run->n_payees + payee;
    if (look->currency) return paid_local(look, payee, period);
    at_num sum = corrected_in(look, payee, period);
    for (uint32_t c = 0; c < plan->n_components; c++) {
        uint32_t state = 0;
        /* After the last period, only lines are paid that were moved there. */
        if (!counts(look, &plan->components[c])) continue;
        if (period >= trial->run->n_regular && plan->components[c].delay.unit == AT_DELAY_NONE &&
            plan->components[c].parted == AT_NO_NODE)
            continue;
        struct at_plan_value value =
            at_session_run_value(trial->run, plan->components[c].value, cell, trial->arena, &state);
        if (state == AT_STATE_OK) sum = at_num_add(trial->arena, sum, at_plan_value_num(&value));
    }
    return sum;
}

/* Withheld, or the sum of what the components pay. */
static void read_paid(struct look *look) {
    const struct at_session_run *run = look->trial->run;
    uint32_t periods = look->period_end < run->n_periods ? look->period_end : run->n_periods;
    at_num sum = at_num_int(0);
    for (uint32_t payee = look->payee; payee < look->payee_end; payee++) {
        bool covered = !run->covered || run->covered[payee];
        if (part(look->node, 0) && covered && look->period_end == look->period + 1 &&
            look->period < run->n_periods && !at_kernel_frame_covers(run->frame, payee, look->period))
            fail(look, "the policy does not cover this payee in this period");
        if (!covered && part(look->node, 0)) fail(look, "the policy does not cover this payee");
        for (uint32_t period = look->period; period < periods && covered; period++) {
            const struct at_gather_exception *exception = withheld_for(run, payee, period);
            if (exception) {
                look->withheld = true;
                note_reason(look, &exception->why);
            } else {
                sum = at_num_add(look->trial->arena, sum, paid_in(look, payee, period));
            }
        }
    }
    look->got = (struct at_plan_value){
        .type = {.kind = AT_T_MONEY,
                 .currency = look->currency ? look->currency : look->trial->policy->checked->currency}};
    at_plan_value_put_num(&look->got, sum);
    look->found = !look->withheld;
}

/* The node of a measure, or of what is owed of a draw. */
static uint32_t node_of(const struct look *look) {
    const struct at_plan *plan = look->trial->run->plan;
    if (look->symbol->kind == AT_SYM_MEASURE) return plan->measures[look->symbol->index].cell;
    for (uint32_t i = 0; i < plan->n_adjustments; i++)
        if (plan->adjustments[i].decl->draw && plan->adjustments[i].decl->draw->symbol == look->symbol)
            return plan->adjustments[i].draw[AT_DRAW_BALANCE];
    return AT_NO_NODE;
}

/* A measure without a value is missing, or has an exception. `state` distinguishes them. */
static bool read_measure(struct look *look) {
    const struct at_session_run *run = look->trial->run;
    uint32_t node = node_of(look), state = 0;
    if (look->period >= run->n_regular)
        return fail(look, "the run does not reach this period, because no row is credited in it or later");
    if (node == AT_NO_NODE) return fail(look, "this measure is not calculated, because no payout uses it");
    look->got = at_session_run_value(run, node, look->period * run->n_payees + look->payee,
                                     look->trial->arena, &state);
    look->found = state == AT_STATE_OK;
    if (state >= AT_STATE_EXCEPTION) {
        look->withheld = true;
        struct at_gather_exception exception = run->kept[state - AT_STATE_EXCEPTION];
        at_gather_exception_name(&exception, run->data, run->frame->payee_table, look->payee,
                                 look->trial->arena);
        note_reason(look, &exception.why);
    }
    return true;
}

/* ---- comparing and telling */

static at_str value_text(const struct look *look, const struct at_plan_value *value, bool percent) {
    return at_api_value_text(look->trial->arena, value, percent);
}

static bool is_numeric(const struct at_plan_value *value) {
    return value->type.kind == AT_T_NUMBER || value->type.kind == AT_T_MONEY ||
           value->type.kind == AT_T_DURATION;
}

/* Compares numbers exactly. Other values are equal if their texts are equal. */
static bool same_value(const struct look *look, const struct at_plan_value *a,
                       const struct at_plan_value *b) {
    if (is_numeric(a) && is_numeric(b)) {
        if (at_plan_value_num(a).form == AT_NUM_OVERFLOW || at_plan_value_num(b).form == AT_NUM_OVERFLOW)
            return false;
        return at_num_cmp(look->trial->arena, at_plan_value_num(a), at_plan_value_num(b)) == 0;
    }
    return at_str_eq(value_text(look, a, false), value_text(look, b, false));
}

/* A line that is paid later, or in the last period of a quarter, is expected in another period. */
static void note_other_period(struct look *look, const struct at_plan_value *expected) {
    const struct at_session_run *run = look->trial->run;
    if (look->out->note.n || look->symbol->kind != AT_SYM_COMPONENT || !part(look->node, 0) ||
        !part(look->node, 1) || at_num_sign(at_plan_value_num(&look->got)) != 0)
        return;
    for (uint32_t period = 0; period < run->n_periods; period++) {
        at_num paid = paid_in(look, look->payee, period);
        if (paid.form == AT_NUM_OVERFLOW || at_plan_value_num(expected).form == AT_NUM_OVERFLOW) continue;
        if (at_num_cmp(look->trial->arena, paid, at_plan_value_num(expected)) != 0) continue;
        at_period other = at_kernel_frame_period(run->frame, (int32_t)period);
        fail(look, "this amount is paid in %.*s", AT_STR_ARG(at_period_print(look->trial->arena, other)));
        return;
    }
}

/* Compares the value with the expected one, and notes the difference of numbers. */
static void compare(struct look *look, const struct at_plan_value *expected, bool percent) {
    struct at_api_expectation *out = look->out;
    out->expected = value_text(look, expected, percent);
    if (!look->found) {
        out->got = look->withheld ? AT_STR("withheld") : AT_STR("missing");
        return;
    }
    out->got = value_text(look, &look->got, percent);
    out->passed = same_value(look, expected, &look->got);
    if (out->passed || !is_numeric(expected) || !is_numeric(&look->got)) return;
    struct at_plan_value difference = *expected;
    at_plan_value_put_num(&difference, at_num_sub(look->trial->arena, at_plan_value_num(&look->got),
                                                  at_plan_value_num(expected)));
    out->difference = value_text(look, &difference, percent);
    note_other_period(look, expected);
}

/* Whether the policy covers one of the payees on a day of one of the periods. Days are known also in periods
 * that the run does not reach. */
static bool is_covered(const struct look *look) {
    const struct at_kernel_frame *frame = look->trial->run->frame;
    const struct at_session_run *run = look->trial->run;
    bool all = !part(look->node, 1);
    for (uint32_t payee = look->payee; payee < look->payee_end; payee++) {
        if (all && frame->covered[payee]) return true;
        if (all || look->period == INT32_MAX) continue;
        if (frame->covered[payee] && (look->period < run->n_periods || frame->cover) &&
            at_kernel_frame_covered_in(frame, payee, look->period, 0) > 0)
            return true;
    }
    return false;
}

/* An amount in another currency than the policy's is what the payee is paid. Returns false, with a note, if
 * the payee is paid in a third one. */
static bool expects_local(struct look *look, const struct at_ast_node *value) {
    const struct at_session_run *run = look->trial->run;
    at_currency own = look->trial->policy->checked->currency,
                wanted = look->trial->policy->checked->types[value->id].currency;
    if (look->trial->policy->checked->types[value->id].kind != AT_T_MONEY || wanted == own || !wanted)
        return true;
    uint32_t state = 0, period = look->period < run->n_periods ? look->period : 0;
    if (run->plan->pays_in == AT_NO_NODE) return true;
    struct at_plan_value code = at_session_run_value(
        run, run->plan->pays_in, period * run->n_payees + look->payee, look->trial->arena, &state);
    look->currency = wanted;
    if (state != AT_STATE_OK || at_currency_find(at_plan_value_text(&code)) == wanted) return true;
    return fail(look, "the payee is paid in another currency");
}

void at_api_trial_expect(struct at_api_trial *trial, const struct at_ast_node *expect,
                         struct at_api_expectation *out) {
    struct look look = {.trial = trial, .node = expect, .out = out};
    const struct at_ast_node *value = part(expect, 2);
    struct at_plan_value expected;
    out->node = expect;
    look.symbol = trial->policy->checked->symbols[expect->id];
    out->text = subject(&look);
    if (!look.symbol || !find_payee(&look) || !find_period(&look)) return;
    if (look.symbol->kind == AT_SYM_MEASURE || look.symbol->kind == AT_SYM_DRAW) {
        if (!read_measure(&look)) return;
    } else {
        if (value && !expects_local(&look, value)) return;
        read_paid(&look);
    }
    if (expect->flags & AT_F_NOT) {
        out->expected = AT_STR("not covered");
        out->passed = !is_covered(&look);
        if (!out->passed) out->got = look.found ? value_text(&look, &look.got, false) : AT_STR("missing");
        return;
    }
    if (!value) {
        out->expected = AT_STR("withheld");
        out->passed = look.withheld;
        if (!out->passed) out->got = look.found ? value_text(&look, &look.got, false) : AT_STR("missing");
        return;
    }
    if (!at_api_trial_constant(trial, value, &expected)) return;
    compare(&look, &expected, expected.type.unit == AT_UNIT_PERCENT || look.got.type.unit == AT_UNIT_PERCENT);
}
