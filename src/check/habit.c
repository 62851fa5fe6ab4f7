/* check/habit.c: forms that people know from spreadsheets and contracts, with the edit that makes them right.
 */
#include "check/check_int.h"

static at_str source(const struct at_check *ck, at_span span) {
    return at_diag_sources_text(ck->ast->sources, span);
}

/* ---- functions that do not exist */

static bool named(at_str name, const char *word) {
    return at_str_distance(name, at_str_z(word), 0) == 0; /* in any case */
}

/* `IF(a, b, c)` */
static bool help_if(struct at_check *ck, struct at_diag *d, const struct at_ast_node *call) {
    if (!named(call->text, "if") && !named(call->text, "iif")) return false;
    at_diag_help(d, "write `if … then … else …`");
    if (call->n == 3)
        at_diag_fix(
            d, call->span, "(if %.*s then %.*s else %.*s)", AT_STR_ARG(source(ck, call->child[0]->span)),
            AT_STR_ARG(source(ck, call->child[1]->span)), AT_STR_ARG(source(ck, call->child[2]->span)));
    return true;
}

/* Functions of spreadsheets whose name is the only difference, and those that are another form here. */
static bool help_spreadsheet(struct at_diag *d, const struct at_ast_node *call) {
    static const struct {
        const char *name, *right, *help;
    } FUNCTIONS[] = {
        {"avg", "average", NULL},
        {"mean", "average", NULL},
        {"iferror", "ifmissing", NULL},
        {"ifna", "ifmissing", NULL},
        {"coalesce", "ifmissing", NULL},
        {"ifs", NULL, "write `choose { when …: …  otherwise: … }`"},
        {"switch", NULL, "write `choose { when …: …  otherwise: … }`"},
        {"sumif", NULL, "declare a measure with a filter: `measure NAME = sum of amount from … where …`"},
        {"sumifs", NULL, "declare a measure with a filter: `measure NAME = sum of amount from … where …`"},
        {"countif", NULL, "declare a measure with a filter: `measure NAME = count from … where …`"},
        {"countifs", NULL, "declare a measure with a filter: `measure NAME = count from … where …`"},
        {"averageif", NULL,
         "declare a measure with a filter: `measure NAME = average of amount from … where …`"},
        {"averageifs", NULL,
         "declare a measure with a filter: `measure NAME = average of amount from … where …`"},
        {"vlookup", NULL,
         "declare a table, such as `table NAME by product { … }`, and call it: `NAME(product)`"},
        {"xlookup", NULL,
         "declare a table, such as `table NAME by product { … }`, and call it: `NAME(product)`"},
        {"lookup", NULL,
         "declare a table, such as `table NAME by product { … }`, and call it: `NAME(product)`"},
        {"and", NULL, "write `and` between the conditions"},
        {"or", NULL, "write `or` between the conditions"},
    };
    for (size_t i = 0; i < AT_COUNT(FUNCTIONS); i++) {
        if (!named(call->text, FUNCTIONS[i].name)) continue;
        if (FUNCTIONS[i].right) {
            at_diag_help(d, "write `%s`", FUNCTIONS[i].right);
            at_diag_fix(d, d->span, "%s", FUNCTIONS[i].right);
        } else {
            at_diag_help(d, "%s", FUNCTIONS[i].help);
        }
        return true;
    }
    return false;
}

/* The functions of the standard library, by file. tests/stdlib/run.sh checks that none is missing. */
static const struct {
    const char *name, *file;
} LIBRARY[] = {
    {"interpolated", "interpolation"},
    {"interpolated_money", "interpolation"},
    {"interpolated_over_three", "interpolation"},
    {"interpolated_from", "interpolation"},
    {"later", "proration"},
    {"earlier", "proration"},
    {"days_in_common", "proration"},
    {"share_of_days", "proration"},
    {"prorated_by_days", "proration"},
    {"number_by_days", "proration"},
    {"months_counted", "proration"},
    {"months_with_the_15th", "proration"},
    {"share_of_months", "proration"},
    {"prorated_by_months", "proration"},
    {"passed", "scores"},
    {"target_score", "scores"},
    {"lower_is_better", "scores"},
    {"weighted_2", "scores"},
    {"weighted_3", "scores"},
    {"weighted_4", "scores"},
    {"whole_years", "tenure"},
    {"whole_months", "tenure"},
};

/* `use` goes before the statement after `policy`. */
static bool help_library(struct at_check *ck, struct at_diag *d, at_str name) {
    for (size_t i = 0; i < AT_COUNT(LIBRARY); i++) {
        if (!at_str_eq(name, at_str_z(LIBRARY[i].name))) continue;
        at_diag_help(d, "add `use \"std/%s\"`: the function is in the standard library", LIBRARY[i].file);
        const struct at_ast_node *file = ck->ast->n_files ? ck->ast->files[0] : NULL;
        for (uint32_t k = 0; file && k < file->n; k++) {
            if (!file->child[k] || file->child[k]->kind == AT_N_POLICY) continue;
            uint32_t start = file->child[k]->span.start;
            at_diag_fix(d, (at_span){start, start}, "use \"std/%s\"\n\n", LIBRARY[i].file);
            break;
        }
        return true;
    }
    return false;
}

bool at_check_habit_call(struct at_check *ck, struct at_diag *d, const struct at_ast_node *call) {
    return help_if(ck, d, call) || help_spreadsheet(d, call) || help_library(ck, d, call->text);
}

/* ---- slices */

/* `when attainment between 50% and 100%` is a slice, where a condition was meant. */
bool at_check_habit_between(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node) {
    if (node->kind != AT_N_BETWEEN || node->n != 3) return false;
    at_str x = source(ck, node->child[0]->span), low = source(ck, node->child[1]->span),
           high = source(ck, node->child[2]->span);
    at_str both = at_str_format(ck->arena, "%.*s >= %.*s and %.*s <= %.*s", AT_STR_ARG(x), AT_STR_ARG(low),
                                AT_STR_ARG(x), AT_STR_ARG(high));
    at_diag_help(d, "write `%.*s`", AT_STR_ARG(both));
    at_diag_fix(d, node->span, node->flags & AT_F_PARENS ? "(%.*s)" : "%.*s", AT_STR_ARG(both));
    return true;
}

/* `x over bound / y` divides the bound. If the bound alone has the type of x, the slice was meant. */
bool at_check_habit_slice(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node,
                          const struct at_ast_node *bound, at_type wanted) {
    bool product = bound->kind == AT_N_ARITH && (bound->op == AT_OP_DIV || bound->op == AT_OP_MUL) &&
                   !(bound->flags & AT_F_PARENS);
    if (!product || bound != node->child[node->n - 1]) return false;
    const struct at_ast_node *left = bound->child[0];
    if (at_check_type_at(ck, left).kind != wanted.kind) return false;
    at_span slice = {node->child[0]->span.start, left->span.end};
    at_diag_help(d, "put the slice in parentheses: `(%.*s)`", AT_STR_ARG(source(ck, slice)));
    at_diag_fix(d, (at_span){slice.start, slice.start}, "(");
    at_diag_fix(d, (at_span){slice.end, slice.end}, ")");
    return true;
}

/* ---- names and values of other languages */

static bool after_is(const struct at_check *ck, at_span span) {
    struct at_diag_place place = at_diag_sources_place(ck->ast->sources, span.start);
    at_str before = at_str_trim((at_str){place.line_text.p, place.byte_in_line});
    return place.file && ((before.n > 3 && memcmp(before.p + before.n - 3, " is", 3) == 0) ||
                          (before.n > 7 && memcmp(before.p + before.n - 7, " is not", 7) == 0));
}

/* `name is null`, `won is true`, `month = 1` */
bool at_check_habit_name(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node) {
    static const char *const NOTHING[] = {"null", "none", "nil", "empty", "blank", "nothing", "na"};
    static const char *const PARTS[] = {"month", "year", "day"};
    if (!node || node->kind != AT_N_NAME) return false;
    for (size_t i = 0; i < AT_COUNT(NOTHING); i++) {
        if (!named(node->text, NOTHING[i])) continue;
        at_diag_help(d, "write `is missing` for a value that is not there");
        if (after_is(ck, node->span)) at_diag_fix(d, node->span, "missing");
        return true;
    }
    for (int yes = 0; yes < 2; yes++) {
        if (!named(node->text, yes ? "true" : "false")) continue;
        at_diag_help(d, "write `%s`", yes ? "yes" : "no");
        at_diag_fix(d, node->span, "%s", yes ? "yes" : "no");
        return true;
    }
    for (size_t i = 0; i < AT_COUNT(PARTS); i++) {
        if (!named(node->text, PARTS[i])) continue;
        at_diag_help(d, "write the %s of a date, such as `%s(period.end)`", PARTS[i], PARTS[i]);
        at_diag_fix(d, node->span, "%s(period.end)", PARTS[i]);
        return true;
    }
    return false;
}

/* `stage is "won" or "paid"` */
bool at_check_habit_or(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *first = node;
    for (; first && first->kind == AT_N_OR; first = first->child[0])
        if ((first != node && first->flags & AT_F_PARENS) || !first->child[1] ||
            first->child[1]->kind != AT_N_TEXT)
            return false;
    bool is = first && first != node && first->kind == AT_N_COMPARE && first->child[1] &&
              first->child[1]->kind == AT_N_TEXT && (first->op == AT_OP_EQ || first->op == AT_OP_NE);
    if (!is) return false;
    at_check_value(ck, env, first);
    at_str list = source(ck, (at_span){first->child[1]->span.start, first->child[1]->span.end}), all = list;
    for (const struct at_ast_node * or = first; or != node;) {
        const struct at_ast_node *up = node;
        while (up->child[0] != or)
            up = up->child[0];
        all = at_str_format(ck->arena, "%.*s, %.*s", AT_STR_ARG(all),
                            AT_STR_ARG(source(ck, up->child[1]->span)));
        or = up;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0308, node->child[1]->span, "expected a condition, found text");
    at_str value = source(ck, first->child[0]->span);
    at_str whole = at_str_format(ck->arena, "%.*s %s (%.*s)", AT_STR_ARG(value),
                                 first->op == AT_OP_EQ ? "in" : "not in", AT_STR_ARG(all));
    at_diag_help(d, "write `%.*s`", AT_STR_ARG(whole));
    at_diag_fix(d, node->span, node->flags & AT_F_PARENS ? "(%.*s)" : "%.*s", AT_STR_ARG(whole));
    return true;
}

/* `01/15/2026` and `2026/01/15` are quotients. */
bool at_check_habit_date(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node) {
    if (node->kind != AT_N_ARITH || node->n != 2) return false;
    at_str text = source(ck, node->span);
    unsigned part[3] = {0}, digits[3] = {0}, n = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] == '/' || text.p[i] == '-') {
            if (++n > 2) return false;
        } else if (text.p[i] >= '0' && text.p[i] <= '9' && digits[n] < 4) {
            part[n] = part[n] * 10 + (unsigned)(text.p[i] - '0'), digits[n]++;
        } else {
            return false;
        }
    }
    bool first = digits[0] == 4, last = digits[2] == 4;
    if (n != 2 || !(first || last)) return false;
    unsigned year = part[first ? 0 : 2], a = part[first ? 1 : 0], b = part[first ? 2 : 1];
    bool swapped = last && a > 12 && b <= 12;
    at_str date = at_str_format(ck->arena, "%04u-%02u-%02u", year, swapped ? b : a, swapped ? a : b);
    bool open = last && a <= 12 && b <= 12 && a != b; /* 03/04 is a day in March or in April */
    if (open)
        at_diag_help(d, "write the date as year-month-day: `%.*s` or `%04u-%02u-%02u`", AT_STR_ARG(date),
                     year, b, a);
    else {
        at_diag_help(d, "write the date as year-month-day: `%.*s`", AT_STR_ARG(date));
        at_diag_fix(d, node->span, "%.*s", AT_STR_ARG(date));
    }
    return true;
}
