/* check/longer.c: reports values of another length of period than the policy pays, such as the quota of a
 * quarter in a policy of months, where the text shows it: by the name of a field, in the rows of a test, in
 * the keys of a table, and in comparisons.
 *
 * A run refuses such rows (A0810), because nothing specifies how the quarter's value becomes a month's. Keys
 * and comparisons are worse: they find nothing in any period, without a message.
 */
#include "check/check_int.h"

#define MOST_PARTS                                                                                           \
    14 /* periods in a longer one that a message lists: half months of a half, and weeks of a quarter */

/* ---- fields of type period */

static bool ends_in(at_str name, const char *word) {
    size_t n = strlen(word);
    return name.n >= n && memcmp(name.p + name.n - n, word, n) == 0 &&
           (name.n == n || name.p[name.n - n - 1] == '_' || (unsigned char)word[0] >= 0x80);
}

/* What the name of a column says about its values; -1: nothing. */
static int kind_of_name(at_str name) {
    static const struct {
        const char *word;
        int8_t kind;
    } WORDS[] = {{"quarter", AT_QUARTER}, {"qtr", AT_QUARTER}, {"Quarter", AT_QUARTER},
                 {"季度", AT_QUARTER},    {"half", AT_HALF},   {"half_year", AT_HALF},
                 {"半年", AT_HALF},       {"半年度", AT_HALF}, {"year", AT_YEAR},
                 {"Year", AT_YEAR},       {"年度", AT_YEAR},   {"年份", AT_YEAR}};
    int found = -1;
    for (unsigned i = 0; i < AT_COUNT(WORDS); i++)
        if (ends_in(name, WORDS[i].word) && (found < 0 || WORDS[i].kind < found)) found = WORDS[i].kind;
    return found;
}

/* The field of type period that dates the rows of a feed, or NULL. */
static const struct at_check_symbol *field_of(const struct at_check *ck, const struct at_ast_node *on) {
    const struct at_check_symbol *symbol = on ? ck->out->symbols[on->id] : NULL;
    if (!symbol || symbol->kind != AT_SYM_FIELD || symbol->type.kind != AT_T_PERIOD) return NULL;
    return symbol;
}

static bool is_longer(const struct at_check *ck, int kind) {
    int own = ck->out->calendar.period_kind;
    /* A month of the calendar and one of a fiscal year of weeks are of one length. */
    return kind > own && !(own == AT_MONTH && kind == AT_FISCAL_MONTH);
}

static void help_spread(struct at_diag *d, bool credit, const struct at_check_symbol *field, int kind) {
    const char *span = at_check_period_kind_say(kind);
    if (credit)
        at_diag_help(d, "read them in a measure from the table: `sum of … from … to … on %.*s spread evenly`",
                     AT_STR_ARG(field->name));
    else
        at_diag_help(d,
                     "add `spread evenly` or `spread by days` to divide the value among the periods of the "
                     "%s, or `per %s` to repeat it in each",
                     span, span);
}

/* The period that a value in a row of a test names; false if it does not name one. */
static bool kind_of_value(const struct at_ast_node *value, int *kind) {
    if (!value) return false;
    if (value->kind == AT_N_PERIOD) *kind = value->period.kind;
    if (value->kind == AT_N_NUMBER) *kind = AT_YEAR; /* 2026: the type of the field is period */
    return value->kind == AT_N_PERIOD || value->kind == AT_N_NUMBER;
}

/* The first row of a test that has a longer period in the field, or NULL. */
static const struct at_ast_node *tested(const struct at_check *ck, const struct at_check_symbol *field,
                                        int *kind) {
    for (uint32_t t = 0; t < ck->out->n_tests; t++)
        for (uint32_t i = 0; i < ck->out->tests[t]->n; i++) {
            const struct at_ast_node *given = ck->out->tests[t]->child[i];
            for (uint32_t p = 0; given && given->kind == AT_N_GIVEN && p < given->n; p++) {
                const struct at_ast_node *pair = given->child[p], *value = at_check_child(pair, 0);
                if (!pair || ck->out->symbols[pair->id] != field) continue;
                if (kind_of_value(value, kind) && is_longer(ck, *kind)) return value;
            }
        }
    return NULL;
}

static void check_field(struct at_check *ck, const struct at_check_symbol *field,
                        const struct at_ast_node *on, bool credit) {
    const char *own = at_check_period_kind_say(ck->out->calendar.period_kind);
    int kind = -1;
    const struct at_ast_node *value = tested(ck, field, &kind);
    struct at_diag *d;
    if (value) {
        d = at_diag_add(ck->diags, AT_A0468, on->span, "`%.*s` has a value for a %s, in a policy of %ss",
                        AT_STR_ARG(field->name), at_check_period_kind_say(kind), own);
        at_diag_label(d, value->span, "in this test");
    } else {
        kind = kind_of_name(field->name);
        if (kind < 0 || !is_longer(ck, kind)) return;
        d = at_diag_add(ck->diags, AT_A0668, on->span, "`%.*s` may have values for %ss, in a policy of %ss",
                        AT_STR_ARG(field->name), at_check_period_kind_say(kind), own);
        at_diag_label(d, at_check_decl_of(field)->span, "declared here");
    }
    help_spread(d, credit, field, kind);
}

/* After all expressions and tests are checked. */
void at_check_longer(struct at_check *ck) {
    const struct at_check_policy *out = ck->out;
    for (uint32_t f = 0; f < out->n_feeds; f++) {
        const struct at_check_feed_decl *feed = &out->feeds[f];
        const struct at_check_symbol *field = field_of(ck, feed->on);
        if (field && !feed->spread) check_field(ck, field, feed->on, feed->name.n > 0);
    }
    for (uint32_t m = 0; m < out->n_measures; m++) {
        const struct at_check_symbol *field = field_of(ck, out->measures[m].on);
        if (field) check_field(ck, field, out->measures[m].on, true);
    }
}

/* ---- the period of the policy, compared with another */

/* Whether a name is the current period, whose kind is known. */
static bool is_current(const struct at_check *ck, const struct at_check_env *env,
                       const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node ? ck->out->symbols[node->id] : NULL;
    if (!symbol || symbol->kind != AT_SYM_PERIOD || node->kind != AT_N_NAME) return false;
    /* Rows of a credit have the policy's periods, in statements of any rhythm. */
    return env->place == AT_IN_CELL || env->place == AT_IN_GROUP || env->rhythm == 0;
}

static bool same_kind(int a, int b) {
    bool months = (a == AT_MONTH || a == AT_FISCAL_MONTH) && (b == AT_MONTH || b == AT_FISCAL_MONTH);
    return a == b || months;
}

/* `2026-01, 2026-02, 2026-03`: the periods of the policy that are meant by one of another length; empty if
 * there are too many, or if the calendar does not have the period. */
static at_str periods_meant(struct at_check *ck, at_period period, int own, uint32_t *n) {
    const struct at_calendar *calendar = &ck->out->calendar;
    at_str list = {"", 0};
    *n = 0;
    if (!at_period_exists(calendar, period)) return list;
    if (period.kind < own) {
        *n = 1;
        return at_period_print(ck->arena, at_period_holding(calendar, period, (enum at_period_kind)own));
    }
    at_date end = at_period_end(calendar, period), day = at_period_start(calendar, period);
    for (; day <= end && *n < MOST_PARTS; ++*n) {
        at_period part = at_period_of_date(calendar, (enum at_period_kind)own, day);
        list = at_str_format(ck->arena, "%.*s%s%.*s", AT_STR_ARG(list), *n ? ", " : "",
                             AT_STR_ARG(at_period_print(ck->arena, part)));
        day = at_period_end(calendar, part) + 1;
    }
    return day <= end ? (at_str){"", 0} : list;
}

static struct at_diag *report(struct at_check *ck, at_span at, at_period period, int own) {
    return at_diag_add(ck->diags, AT_A0469, at, "a period here is a %s, and never the %s `%.*s`",
                       at_check_period_kind_say(own), at_check_period_kind_say(period.kind),
                       AT_STR_ARG(at_period_print(ck->arena, period)));
}

void at_check_longer_compare(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, const struct at_ast_node *left,
                             const struct at_ast_node *right) {
    bool item = node->kind == AT_N_IN;
    const struct at_ast_node *period = is_current(ck, env, right) ? right : left,
                             *value = period == right ? left : right;
    int own = at_check_rhythm_kind(ck, env->rhythm);
    if (!is_current(ck, env, period) || !value || value->kind != AT_N_PERIOD) return;
    /* `<` and `>=` compare first days, whatever the lengths. */
    if ((!item && node->op != AT_OP_EQ && node->op != AT_OP_NE) || same_kind(value->period.kind, own)) return;
    struct at_diag *d = report(ck, value->span, value->period, own);
    uint32_t n;
    at_str meant = periods_meant(ck, value->period, own, &n);
    if (meant.n == 0) {
        at_diag_help(d, "name a %s, such as `%s`", at_check_period_kind_say(own),
                     at_check_period_kind_form(own));
    } else if (item || n == 1) {
        at_diag_help(d, "write `%.*s`", AT_STR_ARG(meant));
        at_diag_fix(d, value->span, "%.*s", AT_STR_ARG(meant));
    } else {
        const char *in = node->op == AT_OP_NE ? "not in" : "in";
        at_diag_help(d, "write `%.*s %s (%.*s)`", AT_STR_ARG(period->text), in, AT_STR_ARG(meant));
        at_diag_fix(d, node->span, "%.*s %s (%.*s)", AT_STR_ARG(period->text), in, AT_STR_ARG(meant));
    }
}

void at_check_longer_key(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *call,
                         const struct at_check_lookup_decl *lookup, uint32_t side) {
    const struct at_ast_node *argument = call->child[side];
    const struct at_check_key *keys = side ? lookup->columns : lookup->rows;
    uint32_t n = side ? lookup->n_columns : lookup->n_rows;
    int own = at_check_rhythm_kind(ck, env->rhythm);
    if (!is_current(ck, env, argument)) return;
    for (uint32_t i = 0; i < n; i++) {
        const struct at_ast_node *key = keys[i].node;
        if (!key || key->kind != AT_N_PERIOD || same_kind(key->period.kind, own)) continue;
        struct at_diag *d = report(ck, argument->span, key->period, own);
        at_diag_label(d, key->span, "a key of `%.*s`", AT_STR_ARG(call->text));
        at_diag_help(d, "give the table a key for each %s", at_check_period_kind_say(own));
        return;
    }
}
