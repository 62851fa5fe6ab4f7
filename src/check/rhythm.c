/* check/rhythm.c: statements that are calculated once in a longer period than the policy's: `each quarter`.
 *
 * Everything in such a statement means what it would mean in a policy with that period: `period` is the
 * quarter, `prior` and `trailing` count quarters. Other statements see a measure `each quarter` in the last
 * period of the quarter only. Two statements of different rhythms have no common period, so a measure of one
 * is an error in the other.
 */
#include "check/check_int.h"

uint8_t at_check_read_rhythm(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH);
    if (!each) return 0;
    int own = ck->out->calendar.period_kind;
    int kind = at_check_read_period_word(ck, each->text, at_check_name_span(each));
    if (kind < 0) return 0;
    if (kind > own) return (uint8_t)(kind + 1);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0458, at_check_name_span(each),
                                    "a %s is not longer than the periods of this policy, which are %ss",
                                    at_check_period_kind_say(kind), at_check_period_kind_say(own));
    at_diag_help(d, "delete `each %.*s`: a statement has a value for each %s", AT_STR_ARG(each->text),
                 at_check_period_kind_say(own));
    at_diag_fix(d, (at_span){each->span.start, each->span.end}, "%s", "");
    return 0;
}

static uint8_t rhythm_of_name(const struct at_check *ck, const struct at_ast_node *arg) {
    const struct at_check_decl *decl = arg && arg->kind == AT_N_NAME ? at_check_global(ck, arg->text) : NULL;
    if (!decl || decl->symbol.kind != AT_SYM_MEASURE) return 0;
    return ck->out->measures[decl->symbol.index].rhythm;
}

uint8_t at_check_rhythm_of(const struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *arg) {
    return env->rhythm ? env->rhythm : rhythm_of_name(ck, arg);
}

uint8_t at_check_summed_rhythm(const struct at_check *ck, const struct at_check_env *env,
                               const struct at_ast_node *call) {
    uint8_t rhythm = rhythm_of_name(ck, at_check_child(call, 0));
    if (call->by.n == 0) return 0;
    bool periods = at_str_eq(call->by, AT_STR("period")) && !env->rhythm;
    bool own = rhythm && at_check_period_word(ck->out, call->by) == rhythm - 1;
    return (periods || own) && rhythm != env->rhythm ? rhythm : 0;
}

at_type at_check_rhythm_type(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, const struct at_check_decl *decl, at_type type) {
    if (decl->symbol.kind != AT_SYM_MEASURE || type.kind == AT_T_NONE) return type;
    uint8_t own = ck->out->measures[decl->symbol.index].rhythm;
    if (!own || own == env->rhythm) return type;
    if (!env->rhythm) {
        type.optional = true;
        return type;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0459, node->span,
                    "`%.*s` has a value each %s, but %s is calculated each %s", AT_STR_ARG(node->text),
                    at_check_period_kind_say(own - 1), env->where, at_check_period_kind_say(env->rhythm - 1));
    at_diag_label(d, decl->span, "each %s", at_check_period_kind_say(own - 1));
    at_diag_help(d, "give both the same `each`, or sum its values: `ytd(%.*s by %s)`", AT_STR_ARG(node->text),
                 own - 1 == AT_HALF ? "half" : at_check_period_kind_say(own - 1));
    return at_check_type_make(AT_T_NONE);
}

/* At most ten years, so that a mistyped number does not fill the memory of a run. */
struct at_check_delay at_check_read_delay(struct at_check *ck, const struct at_ast_node *node) {
    return at_check_delay_of(ck, at_ast_child(node, AT_N_AFTER));
}

struct at_check_delay at_check_delay_of(struct at_check *ck, const struct at_ast_node *after) {
    static const int32_t MOST[] = {[AT_DELAY_DAYS] = 3660, [AT_DELAY_MONTHS] = 120, [AT_DELAY_PERIODS] = 120};
    struct at_check_delay none = {0}, delay = {0};
    const struct at_ast_node *length = at_check_child(after, 0);
    int64_t n = 0;
    if (!length) return none;
    delay.unit = length->kind == AT_N_NUMBER          ? AT_DELAY_PERIODS
                 : (length->flags & AT_F_MONTHS) != 0 ? AT_DELAY_MONTHS
                                                      : AT_DELAY_DAYS;
    bool whole = at_num_to_i64(ck->arena, length->value, 0, &n) && !(length->flags & AT_F_PERCENT);
    if (whole && n > 0 && n <= MOST[delay.unit]) {
        delay.n = (int32_t)n;
        return delay;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0460, after->span, "a line can be paid 1 to %d %s later", MOST[delay.unit],
                    delay.unit == AT_DELAY_DAYS     ? "days"
                    : delay.unit == AT_DELAY_MONTHS ? "months"
                                                    : "periods");
    at_diag_help(d, "write a whole number, such as `paid after 1 month`");
    return none;
}

static at_date moved(const struct at_calendar *calendar, at_date day, struct at_check_delay delay) {
    at_period period = at_period_of_date(calendar, (enum at_period_kind)calendar->period_kind, day);
    if (delay.unit == AT_DELAY_PERIODS)
        return at_period_end(calendar, at_period_after(calendar, period, delay.n));
    at_date end = at_period_end(calendar, period);
    return delay.unit == AT_DELAY_MONTHS ? at_date_add_months(end, delay.n) : end + delay.n;
}

/* What holds, releases, and clawbacks keep or take back can wait as long as a delay at most. */
at_date at_check_paid_to(const struct at_check_policy *policy) {
    static const struct at_check_delay LONGEST = {.unit = AT_DELAY_PERIODS, .n = 120};
    at_date to = policy->to;
    if (policy->n_parts && to < AT_DATE_MAX) to = moved(&policy->calendar, to, LONGEST);
    at_date last = to;
    for (uint32_t i = 0; i < policy->n_components && to < AT_DATE_MAX; i++) {
        if (policy->components[i].delay.unit == AT_DELAY_NONE) continue;
        at_date day = moved(&policy->calendar, to, policy->components[i].delay);
        if (day > last) last = day;
    }
    return last;
}
