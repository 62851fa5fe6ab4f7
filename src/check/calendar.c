/* check/calendar.c: checks the periods of the policy: their length, their first day, and the fiscal year.
 * After an error, it uses the nearest valid calendar, so that the rest can be checked. */
#include "check/check_int.h"

enum { MONDAY = -3 /* 1969-12-29 */, MOST_WEEKS = 26 };

static const char *const MONTHS[] = {"january", "february", "march",     "april",   "may",      "june",
                                     "july",    "august",   "september", "october", "november", "december"};

static const char *const WEEKDAYS[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

/* ---- words */

/* Compares in any case of ASCII letters. `word` is in lower case. */
static bool same_word(at_str text, const char *word, size_t n) {
    if (text.n != n) return false;
    for (size_t i = 0; i < n; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != word[i]) return false;
    }
    return true;
}

static int month_of(at_str text) {
    for (int i = 0; i < 12; i++) {
        size_t n = strlen(MONTHS[i]);
        if (same_word(text, MONTHS[i], n) || same_word(text, MONTHS[i], 3)) return i + 1;
    }
    return 0;
}

int at_check_period_word(const struct at_check_policy *out, at_str word) {
    static const struct {
        const char *word;
        enum at_period_kind kind;
    } WORDS[] = {{"month", AT_MONTH}, {"quarter", AT_QUARTER}, {"half", AT_HALF},
                 {"year", AT_YEAR},   {"week", AT_WEEK},       {"semimonth", AT_SEMIMONTH}};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(word, at_str_z(WORDS[i].word))) continue;
        return WORDS[i].kind == AT_MONTH && out->calendar.pattern ? AT_FISCAL_MONTH : WORDS[i].kind;
    }
    return -1;
}

int at_check_read_period_word(struct at_check *ck, at_str word, at_span span) {
    int kind = at_check_period_word(ck->out, word);
    if (kind >= AT_MONTH) return kind;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0211, span, "unknown period `%.*s`", AT_STR_ARG(word));
    at_diag_help(d, "write month, quarter, half, or year");
    return -1;
}

const char *at_check_period_kind_say(int kind) {
    static const char *const WORDS[] = {
        [AT_WEEK] = "week",          [AT_SEMIMONTH] = "half month", [AT_MONTH] = "month",
        [AT_FISCAL_MONTH] = "month", [AT_QUARTER] = "quarter",      [AT_HALF] = "half-year",
        [AT_YEAR] = "year"};
    return kind >= 0 && kind <= AT_YEAR ? WORDS[kind] : "period";
}

const char *at_check_period_kind_form(int kind) {
    static const char *const FORMS[] = {[AT_WEEK] = "2026-W05",   [AT_SEMIMONTH] = "2026-01-H1",
                                        [AT_MONTH] = "2026-03",   [AT_FISCAL_MONTH] = "2026-P03",
                                        [AT_QUARTER] = "2026-Q1", [AT_HALF] = "2026-H1",
                                        [AT_YEAR] = "2026"};
    return FORMS[kind];
}

/* ---- the length of the periods */

static void read_weekday(struct at_check *ck, const struct at_ast_node *node) {
    struct at_str_nearest suggest = {.wanted = node->by};
    for (int i = 0; i < 7; i++) {
        if (same_word(node->by, WEEKDAYS[i], strlen(WEEKDAYS[i]))) {
            ck->out->calendar.anchor = MONDAY + i;
            ck->out->calendar.anchored = true;
            return;
        }
        at_str_nearest_try(&suggest, at_str_z(WEEKDAYS[i]));
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0258, node->by_span, "unknown day of the week `%.*s`",
                                    AT_STR_ARG(node->by));
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "write the name of a day, such as `week from monday`");
}

/* `period 2 weeks from 2026-01-02`. */
static void read_weeks(struct at_check *ck, const struct at_ast_node *length, const struct at_ast_node *day) {
    int64_t days = 0;
    bool whole = length->kind == AT_N_DURATION && !(length->flags & AT_F_MONTHS) &&
                 at_num_to_i64(ck->arena, length->value, 0, &days);
    ck->out->calendar.anchor = day->day;
    ck->out->calendar.anchored = true;
    if (whole && days > 0 && days % 7 == 0 && days <= 7 * MOST_WEEKS) {
        ck->out->calendar.weeks = (uint8_t)(days / 7);
        return;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0259, length->span,
                                    "a period from a day has 1 to %d whole weeks", MOST_WEEKS);
    at_diag_help(d, "write a number of weeks, such as `2 weeks`, or a period such as `month`");
}

static void read_period(struct at_check *ck, const struct at_ast_node *node, bool fiscal_weeks) {
    struct at_calendar *calendar = &ck->out->calendar;
    int kind = at_check_period_word(ck->out, node->text); /* other words are refused by the parser */
    if (kind < 0) return;
    calendar->period_kind = (uint8_t)kind;
    if (node->n) {
        read_weeks(ck, node->child[0], node->child[1]);
    } else if (node->by.n && kind == AT_WEEK) {
        read_weekday(ck, node);
    } else if (node->by.n) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0258, node->by_span, "only weeks begin on a day of the week");
        at_diag_help(d, "delete `from %.*s`", AT_STR_ARG(node->by));
    } else if (kind == AT_WEEK && !fiscal_weeks) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0258, node->name_span, "the first day of the week is not specified");
        at_diag_help(d, "write `week from monday` or `week from sunday`");
    }
}

/* ---- the fiscal year */

static void read_fiscal_month(struct at_check *ck, const struct at_ast_node *node) {
    int month = month_of(node->text);
    if (month) ck->out->calendar.fiscal_start = (uint8_t)month;
    if (month || node->text.n == 0) return;
    struct at_str_nearest suggest = {.wanted = node->text};
    for (int i = 0; i < 12; i++)
        at_str_nearest_try(&suggest, at_str_z(MONTHS[i]));
    struct at_diag *d = at_diag_add(ck->diags, AT_A0212, at_check_name_span(node), "unknown month `%.*s`",
                                    AT_STR_ARG(node->text));
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "write the name of a month, such as `fiscal year from february`");
}

/* A fiscal year of weeks decides on which day weeks begin, so periods that begin on another day do not fit.
 */
static void read_fiscal_weeks(struct at_check *ck, const struct at_ast_node *fiscal,
                              const struct at_ast_node *periods) {
    static const char *const PATTERNS[] = {
        [AT_WEEKS_445] = "4-4-5", [AT_WEEKS_454] = "4-5-4", [AT_WEEKS_544] = "5-4-4"};
    struct at_calendar *calendar = &ck->out->calendar;
    const struct at_ast_node *day = fiscal->child[0];
    at_date anchor = calendar->anchor;
    for (uint8_t i = AT_WEEKS_445; i <= AT_WEEKS_544; i++)
        if (at_str_eq(fiscal->text, at_str_z(PATTERNS[i]))) calendar->pattern = i;
    if (!calendar->pattern) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0260, fiscal->name_span,
                                        "a quarter cannot have %.*s weeks", AT_STR_ARG(fiscal->text));
        at_diag_help(d, "write `4-4-5`, `4-5-4`, or `5-4-4`: a quarter has 13 weeks");
        return;
    }
    calendar->anchor = day->day;
    calendar->anchored = true;
    bool week = periods && calendar->period_kind == AT_WEEK;
    if (calendar->period_kind == AT_MONTH) calendar->period_kind = AT_FISCAL_MONTH;
    bool other_day = week && periods->by.n && (anchor - day->day) % 7 != 0;
    if (!other_day && !(week && periods->n) && calendar->period_kind != AT_SEMIMONTH) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0260, periods->span, "the periods do not fit the fiscal year of weeks");
    at_diag_label(d, fiscal->span, "the fiscal year");
    at_diag_help(d, "write `period month`, or `period week` without a day: the fiscal year specifies it");
}

void at_check_calendar(struct at_check *ck, const struct at_ast_node *periods,
                       const struct at_ast_node *fiscal) {
    bool weeks = fiscal && fiscal->n && fiscal->child[0];
    if (periods) read_period(ck, periods, weeks);
    if (weeks)
        read_fiscal_weeks(ck, fiscal, periods);
    else if (fiscal)
        read_fiscal_month(ck, fiscal);
}
