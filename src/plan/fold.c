/* plan/fold.c: calculates elementwise nodes on constants, when the policy is lowered. Exact, by the same
 * rules as the run's; what would be an exception there is a trouble here. */
#include "plan/graph.h"

/* Both values must be present and of one type. Only periods need the calendar. */
int at_plan_value_cmp(const struct at_calendar *calendar, struct at_arena *scratch,
                      const struct at_plan_value *a, const struct at_plan_value *b) {
    switch (a->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION: return at_num_cmp(scratch, at_plan_value_num(a), at_plan_value_num(b));
    case AT_T_TEXT: return at_str_cmp(at_plan_value_text(a), at_plan_value_text(b));
    case AT_T_PERIOD: return at_period_cmp(calendar, at_plan_value_period(a), at_plan_value_period(b));
    default:
        return (at_plan_value_ordinal(a) > at_plan_value_ordinal(b)) -
               (at_plan_value_ordinal(a) < at_plan_value_ordinal(b));
    }
}

int32_t at_plan_find_key(const struct at_calendar *calendar, struct at_arena *scratch,
                         const struct at_plan_key *keys, uint32_t n, const struct at_plan_value *value) {
    /* Keys can be in any order, except that tiers rise. So the last tier that is reached is the
     * right one. */
    int32_t step = -1, other = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].kind == AT_KEY_OTHER) {
            other = (int32_t)i;
            continue;
        }
        /* A missing value has no equal key and no tier. Only `other` catches it. */
        if (value->missing) continue;
        int order = at_plan_value_cmp(calendar, scratch, value, &keys[i].value);
        if (keys[i].kind == AT_KEY_VALUE && order == 0) return (int32_t)i;
        if (((keys[i].kind == AT_KEY_FROM || keys[i].kind == AT_KEY_POINT) && order >= 0) ||
            (keys[i].kind == AT_KEY_ABOVE && order > 0))
            step = (int32_t)i;
    }
    return step >= 0 ? step : other;
}

static struct at_plan_value number_value(at_num num) {
    return at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, num);
}

static struct at_plan_value flag(bool yes) {
    return at_plan_value_of_yes(yes);
}

/* Every result of arithmetic comes here. A number with too many digits is a trouble, not a value. */
static enum at_plan_fold number(at_num num, struct at_plan_value *out, const char **why) {
    if (num.form == AT_NUM_OVERFLOW) {
        *why = "this number is too large";
        return AT_FOLD_TROUBLE;
    }
    *out = number_value(num);
    return AT_FOLD_DONE;
}

static at_num least(struct at_arena *arena, at_num a, at_num b) {
    return at_num_cmp(arena, a, b) <= 0 ? a : b;
}
static at_num most(struct at_arena *arena, at_num a, at_num b) {
    return at_num_cmp(arena, a, b) >= 0 ? a : b;
}

/* ---------------------------------------------------------------- arithmetic */

static enum at_plan_fold fold_arith(struct at_arena *arena, const struct at_plan_node *node, at_num x,
                                    at_num y, at_num z, struct at_plan_value *out, const char **why) {
    at_num zero = at_num_int(0);
    switch (node->op) {
    case AT_P_ADD: return number(at_num_add(arena, x, y), out, why);
    case AT_P_SUB: return number(at_num_sub(arena, x, y), out, why);
    case AT_P_MUL: return number(at_num_mul(arena, x, y), out, why);
    case AT_P_DIV:
        if (at_num_is_zero(y)) {
            *why = "cannot divide by zero";
            return AT_FOLD_TROUBLE;
        }
        return number(at_num_div(arena, x, y), out, why);
    case AT_P_NEG: return number(at_num_neg(arena, x), out, why);
    case AT_P_ABS: return number(at_num_abs(arena, x), out, why);
    case AT_P_MIN: return number(least(arena, x, y), out, why);
    case AT_P_MAX: return number(most(arena, x, y), out, why);
    case AT_P_OVER: return number(most(arena, at_num_sub(arena, x, y), zero), out, why);
    case AT_P_UPTO: return number(most(arena, least(arena, x, y), zero), out, why);
    case AT_P_BETWEEN: return number(most(arena, at_num_sub(arena, least(arena, x, z), y), zero), out, why);
    case AT_P_ROUND: return number(at_plan_round_num(arena, node, x), out, why);
    default: return AT_FOLD_NOT;
    }
}

static enum at_plan_fold fold_step(struct at_arena *arena, const struct at_plan_node *node, at_num x,
                                   struct at_plan_value *out, const char **why) {
    const struct at_plan_steps *steps = node->data;
    /* From the highest tier down: the first that is reached is the one that applies. */
    for (uint32_t i = steps->n; i-- > 0;) {
        int order = at_num_cmp(arena, x, steps->thresholds[i]);
        if (order > 0 || (order == 0 && !steps->above[i]))
            return number(at_plan_step_value(arena, steps, i, x), out, why);
    }
    *why = "this value is below the first tier";
    return AT_FOLD_TROUBLE;
}

/* Tier i covers threshold i to threshold i + 1, both times the unit. The last tier has no upper
 * end. */
static enum at_plan_fold fold_through(struct at_arena *arena, const struct at_plan_node *node, at_num x,
                                      at_num unit, struct at_plan_value *out, const char **why) {
    const struct at_plan_steps *steps = node->data;
    at_num sum = at_num_int(0), zero = at_num_int(0);
    for (uint32_t i = 0; i < steps->n; i++) {
        at_num top = x;
        if (i + 1 < steps->n) top = least(arena, x, at_num_mul(arena, steps->thresholds[i + 1], unit));
        at_num low = at_num_mul(arena, steps->thresholds[i], unit);
        at_num slice = most(arena, at_num_sub(arena, top, low), zero);
        sum = at_num_add(arena, sum, at_num_mul(arena, slice, steps->values[i]));
    }
    return number(sum, out, why);
}

static enum at_plan_fold fold_lookup(struct at_arena *arena, const struct at_calendar *calendar,
                                     const struct at_plan_node *node, const struct at_plan_value *const *in,
                                     struct at_plan_value *out, const char **why) {
    const struct at_plan_lookup *table = node->data;
    if (!calendar) return AT_FOLD_NOT;
    int32_t row = at_plan_find_key(calendar, arena, table->rows, table->n_rows, in[0]);
    int32_t column = 0;
    if (node->n_in > 1) column = at_plan_find_key(calendar, arena, table->columns, table->n_columns, in[1]);
    if (row < 0 || column < 0) {
        *why = "the table does not contain this value";
        return AT_FOLD_TROUBLE;
    }
    *out = at_plan_lookup_value(arena, table, row, column, in[0], node->n_in > 1 ? in[1] : NULL);
    if (out->missing || !table->lines) return AT_FOLD_DONE;
    at_type type = out->type;
    enum at_plan_fold done = number(at_plan_value_num(out), out, why);
    out->type = type;
    return done;
}

/* ---------------------------------------------------------------- comparison, choice */

static enum at_plan_fold fold_compare(struct at_arena *arena, const struct at_calendar *calendar, uint16_t op,
                                      const struct at_plan_value *a, const struct at_plan_value *b,
                                      struct at_plan_value *out) {
    if (a->type.kind == AT_T_PERIOD && !calendar) return AT_FOLD_NOT;
    int order = at_plan_value_cmp(calendar, arena, a, b);
    *out = flag(op == AT_P_EQ   ? order == 0
                : op == AT_P_NE ? order != 0
                : op == AT_P_LT ? order < 0
                                : order <= 0);
    return AT_FOLD_DONE;
}

static enum at_plan_fold fold_in(struct at_arena *arena, const struct at_calendar *calendar,
                                 const struct at_plan_node *node, const struct at_plan_value *x,
                                 struct at_plan_value *out) {
    const struct at_plan_set *set = node->data;
    if (x->type.kind == AT_T_PERIOD && !calendar) return AT_FOLD_NOT;
    *out = flag(false);
    for (uint32_t i = 0; i < set->n; i++)
        if (at_plan_value_cmp(calendar, arena, x, &set->values[i]) == 0) *out = flag(true);
    return AT_FOLD_DONE;
}

/* ---------------------------------------------------------------- dates, periods, text */

static enum at_plan_fold fold_date(struct at_arena *arena, const struct at_calendar *calendar,
                                   const struct at_plan_node *node, const struct at_plan_value *const *in,
                                   struct at_plan_value *out) {
    int part[3];
    if (node->op == AT_P_DATEPART) {
        at_date_split(at_plan_value_day(in[0]), &part[0], &part[1], &part[2]);
        *out = number_value(at_num_int(part[node->a]));
    } else if (node->op == AT_P_DAYSBETWEEN) {
        *out = number_value(at_num_int((int64_t)at_plan_value_day(in[1]) - at_plan_value_day(in[0])));
    } else if (node->op == AT_P_DATEADD) {
        int64_t count = node->a;
        if (node->n_in > 1 && !at_num_to_i64(arena, at_plan_value_num(in[1]), 0, &count)) return AT_FOLD_NOT;
        /* More days than there are between AT_DATE_MIN and AT_DATE_MAX. Beyond it, the sum could
         * overflow, and the run reports the exception. */
        if (count > 4000000 || count < -4000000) return AT_FOLD_NOT;
        at_date from = at_plan_value_day(in[0]);
        int64_t day = node->b == AT_DATEADD_REACHES ? at_date_reaches(from, (int)-count)
                      : node->b                     ? at_date_add_months(from, (int)count)
                                                    : from + count;
        if (day < AT_DATE_MIN || day > AT_DATE_MAX) return AT_FOLD_NOT;
        *out = at_plan_value_of_day((int32_t)day);
    } else {
        if (!calendar) return AT_FOLD_NOT;
        enum at_period_kind kind = (enum at_period_kind)node->a;
        *out = at_plan_value_of_period(in[0]->type.kind == AT_T_DATE
                                           ? at_period_of_date(calendar, kind, at_plan_value_day(in[0]))
                                           : at_period_holding(calendar, at_plan_value_period(in[0]), kind));
    }
    return AT_FOLD_DONE;
}

static enum at_plan_fold fold_period(const struct at_calendar *calendar, const struct at_plan_node *node,
                                     at_period period, struct at_plan_value *out) {
    if (!calendar) return AT_FOLD_NOT;
    at_period year = at_period_holding(calendar, period, AT_YEAR);
    switch (node->a) {
    case 0: *out = at_plan_value_of_day(at_period_start(calendar, period)); break;
    case 1: *out = at_plan_value_of_day(at_period_end(calendar, period)); break;
    case 2: *out = number_value(at_num_int(at_period_days(calendar, period))); break;
    case 3: *out = number_value(at_num_int(at_period_months(period.kind))); break;
    case 4: *out = number_value(at_num_int(year.ordinal)); break;
    default: *out = number_value(at_num_int(at_period_number(calendar, period)));
    }
    return AT_FOLD_DONE;
}

/* ASCII letters only, as the run does. Other letters would depend on a locale. */
static at_str lower(struct at_arena *arena, at_str text) {
    char *copy = at_arena_get(arena, text.n + 1);
    for (uint32_t i = 0; i < text.n; i++)
        copy[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 32) : text.p[i];
    copy[text.n] = 0;
    return (at_str){copy, text.n};
}

static bool holds(at_str text, at_str part) {
    for (uint32_t i = 0; i + part.n <= text.n; i++)
        if (memcmp(text.p + i, part.p, part.n) == 0) return true;
    return false;
}

static enum at_plan_fold fold_text(struct at_arena *arena, const struct at_plan_node *node,
                                   const struct at_plan_value *const *in, struct at_plan_value *out) {
    at_str text = at_plan_value_text(in[0]), part = node->n_in > 1 ? at_plan_value_text(in[1]) : (at_str){0};
    bool fits = part.n <= text.n;
    switch (node->a) {
    case AT_B_LOWER: *out = at_plan_value_of_text(lower(arena, text)); break;
    case AT_B_TRIM: *out = at_plan_value_of_text(at_str_trim(text)); break;
    case AT_B_CONTAINS: *out = flag(part.n == 0 || holds(text, part)); break;
    case AT_B_STARTS: *out = flag(fits && (part.n == 0 || memcmp(text.p, part.p, part.n) == 0)); break;
    case AT_B_ENDS:
        *out = flag(fits && (part.n == 0 || memcmp(text.p + text.n - part.n, part.p, part.n) == 0));
        break;
    default: return AT_FOLD_NOT;
    }
    return AT_FOLD_DONE;
}

/* ---------------------------------------------------------------- the entry */

static enum at_plan_fold fold_present(struct at_arena *arena, const struct at_calendar *calendar,
                                      const struct at_plan_node *node, const struct at_plan_value *const *in,
                                      struct at_plan_value *out, const char **why) {
    at_num none = at_num_int(0);
    switch (node->op) {
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE: return fold_compare(arena, calendar, node->op, in[0], in[1], out);
    case AT_P_NOT: *out = flag(!at_plan_value_yes(in[0])); return AT_FOLD_DONE;
    case AT_P_IN: return fold_in(arena, calendar, node, in[0], out);
    case AT_P_STEP: return fold_step(arena, node, at_plan_value_num(in[0]), out, why);
    case AT_P_THROUGH:
        return fold_through(arena, node, at_plan_value_num(in[0]),
                            node->n_in > 1 ? at_plan_value_num(in[1]) : at_num_int(1), out, why);
    case AT_P_DATEPART:
    case AT_P_DAYSBETWEEN:
    case AT_P_DATEADD:
    case AT_P_PERIODOF: return fold_date(arena, calendar, node, in, out);
    case AT_P_PERIODPART: return fold_period(calendar, node, at_plan_value_period(in[0]), out);
    case AT_P_TEXTFN: return fold_text(arena, node, in, out);
    case AT_P_CHOICETEXT: {
        const struct at_type_choices *choices = node->data;
        if (at_plan_value_row(in[0]) < 0 || (uint32_t)at_plan_value_row(in[0]) >= choices->n)
            return AT_FOLD_NOT;
        *out = at_plan_value_of_text(choices->at[at_plan_value_row(in[0])]);
        return AT_FOLD_DONE;
    }
    case AT_P_PERIODLAST:
    case AT_P_DATEDROW:
    case AT_P_DATEDMEAN:
    case AT_P_CALL: return AT_FOLD_NOT;
    default:
        return fold_arith(arena, node, at_plan_value_num(in[0]),
                          node->n_in > 1 ? at_plan_value_num(in[1]) : none,
                          node->n_in > 2 ? at_plan_value_num(in[2]) : none, out, why);
    }
}

enum at_plan_fold at_plan_fold(struct at_arena *arena, const struct at_calendar *calendar,
                               const struct at_plan_node *node, const struct at_plan_value *const *in,
                               struct at_plan_value *out, const char **why) {
    switch (node->op) {
    case AT_P_MISSING: *out = flag(in[0]->missing); return AT_FOLD_DONE;
    case AT_P_KNOWN: *out = flag(true); return AT_FOLD_DONE;
    /* These kinds have rules of their own for missing values. For all others, a missing input
     * gives a missing result. */
    case AT_P_IFMISSING: *out = *in[in[0]->missing]; return AT_FOLD_DONE;
    case AT_P_IF: /* a condition that is missing; others never come here */
        *out = (struct at_plan_value){.missing = true};
        return AT_FOLD_DONE;
    case AT_P_LOOKUP: return fold_lookup(arena, calendar, node, in, out, why);
    case AT_P_AND:
    case AT_P_OR: /* both are missing, or one and the other does not decide */
        *out = (struct at_plan_value){.missing = true};
        return AT_FOLD_DONE;
    case AT_P_CALL: return AT_FOLD_NOT;
    default: break;
    }
    for (uint16_t i = 0; i < node->n_in; i++)
        if (in[i]->missing) {
            *out = (struct at_plan_value){.missing = true};
            return AT_FOLD_DONE;
        }
    return fold_present(arena, calendar, node, in, out, why);
}
