/* lua/fact.c: what operators do with values of known types. value.c and lib_compare.c do the same in a call.
 *
 * Reports a combination only if both types are certain and no metatable can give it a meaning. Floats that
 * are written in the file have a warning of their own (A1005).
 */
#include "lua/grammar.h"

static struct at_lua_fact of(enum at_lua_fact_kind kind) {
    return (struct at_lua_fact){.kind = (uint8_t)kind};
}

struct at_lua_fact at_lua_fact_of(const struct at_type *type) {
    if (type->optional) return of(AT_LF_UNKNOWN);
    switch ((enum at_type_kind)type->kind) {
    case AT_T_NUMBER: return of(AT_LF_NUMBER);
    case AT_T_MONEY: return of(AT_LF_MONEY);
    case AT_T_TEXT:
    case AT_T_ENUM: return of(AT_LF_TEXT);
    case AT_T_DATE: return of(AT_LF_DATE);
    case AT_T_PERIOD: return of(AT_LF_PERIOD);
    case AT_T_DURATION: return of(AT_LF_DURATION);
    case AT_T_FLAG: return of(AT_LF_BOOLEAN);
    case AT_T_REF: return of(type->table == AT_TABLE_CELL ? AT_LF_CELL : AT_LF_UNKNOWN);
    case AT_T_FOREIGN:
    case AT_T_NONE: break;
    }
    return of(AT_LF_UNKNOWN);
}

const char *at_lua_fact_words(const struct at_lua_fact *fact) {
    switch ((enum at_lua_fact_kind)fact->kind) {
    case AT_LF_NIL: return "nil";
    case AT_LF_BOOLEAN: return "a boolean";
    case AT_LF_INTEGER: return "an integer";
    case AT_LF_FLOAT: return "a float";
    case AT_LF_NUMBER: return "a number";
    case AT_LF_MONEY: return "money";
    case AT_LF_DATE: return "a date";
    case AT_LF_PERIOD: return "a period";
    case AT_LF_DURATION: return "a duration";
    case AT_LF_TEXT: return "text";
    case AT_LF_FUNCTION: return "a function";
    case AT_LF_LIBRARY: return "a library";
    case AT_LF_CELL: return "the cell";
    case AT_LF_PART: return "a part of the cell";
    case AT_LF_TABLE: return "a table";
    case AT_LF_UNKNOWN: break;
    }
    return "a value";
}

/* A table may have a metatable with operators. */
bool at_lua_fact_is_known(const struct at_lua_fact *fact) {
    return fact->kind != AT_LF_UNKNOWN && fact->kind != AT_LF_TABLE && fact->kind != AT_LF_LIBRARY;
}

static bool is(struct at_lua_fact a, enum at_lua_fact_kind kind) {
    return a.kind == kind;
}
static bool is_count(struct at_lua_fact a) {
    return is(a, AT_LF_INTEGER) || is(a, AT_LF_NUMBER);
}
static bool is_exact(struct at_lua_fact a) {
    return a.kind >= AT_LF_NUMBER && a.kind <= AT_LF_DURATION;
}

/* ---- reports */

static struct at_lua_fact refuse(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                 struct at_lua_fact b, const char *help) {
    if (!r->second) return of(AT_LF_UNKNOWN);
    struct at_diag *d =
        at_diag_add(r->diags, AT_A1032, at_lua_parse_span(r, sign, sign), "cannot use `%.*s` with %s and %s",
                    AT_STR_ARG(at_lua_parse_word(r, sign)), at_lua_fact_words(&a), at_lua_fact_words(&b));
    if (help) at_diag_help(d, "%s", help);
    return of(AT_LF_UNKNOWN);
}

/* ---- arithmetic */

static const char *help_with(struct at_lua_fact a, struct at_lua_fact b) {
    if (is(a, AT_LF_TEXT) || is(b, AT_LF_TEXT)) return "write attain.number(text)";
    if (is(a, AT_LF_FLOAT) || is(b, AT_LF_FLOAT)) return "write attain.number(a) / b for an exact quotient";
    if (is(a, AT_LF_MONEY) && is(b, AT_LF_MONEY)) return "make one of them a number: `amount.amount`";
    if (is(a, AT_LF_MONEY) || is(b, AT_LF_MONEY)) return "write an amount as attain.money(\"5\")";
    return NULL;
}

static struct at_lua_fact of_integers(struct at_lua_reader *r, size_t sign) {
    at_str word = at_lua_parse_word(r, sign);
    bool quotient = at_str_eq(word, AT_STR("/")) || at_str_eq(word, AT_STR("^"));
    return of(quotient ? AT_LF_FLOAT : AT_LF_INTEGER);
}

/* Money with money or a number. */
static struct at_lua_fact of_money(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                   struct at_lua_fact b) {
    char op = at_lua_parse_word(r, sign).p[0];
    if (is(a, AT_LF_MONEY) && is(b, AT_LF_MONEY)) {
        if (op == '*' || op == '^') return refuse(r, sign, a, b, help_with(a, b));
        return of(op == '/' ? AT_LF_NUMBER : AT_LF_MONEY);
    }
    bool first = is(a, AT_LF_MONEY);
    if (op == '*' || (first && (op == '/' || op == '%'))) return of(AT_LF_MONEY);
    return refuse(r, sign, a, b, op == '+' || op == '-' ? help_with(a, b) : NULL);
}

/* Dates, periods, and durations. Whether days or months are added is not known here. */
static struct at_lua_fact of_time(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                  struct at_lua_fact b) {
    char op = at_lua_parse_word(r, sign).p[0];
    bool adds = op == '+' || op == '-';
    bool a_moves = is_count(a) || is(a, AT_LF_DURATION), b_moves = is_count(b) || is(b, AT_LF_DURATION);
    if (is(a, AT_LF_DATE) && is(b, AT_LF_DATE) && op == '-') return of(AT_LF_NUMBER);
    if (is(a, AT_LF_DATE) && b_moves && adds) return of(AT_LF_DATE);
    if (is(b, AT_LF_DATE) && a_moves && op == '+') return of(AT_LF_DATE);
    if (is(a, AT_LF_PERIOD) && is_count(b) && adds) return of(AT_LF_PERIOD);
    if (is(a, AT_LF_DURATION) && is(b, AT_LF_DURATION) && adds) return of(AT_LF_DURATION);
    bool times = (is(a, AT_LF_DURATION) && is_count(b)) || (is_count(a) && is(b, AT_LF_DURATION));
    if (times && op == '*') return of(AT_LF_DURATION);
    return refuse(r, sign, a, b, NULL);
}

static struct at_lua_fact arithmetic(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                     struct at_lua_fact b) {
    bool float_a = is(a, AT_LF_FLOAT), float_b = is(b, AT_LF_FLOAT);
    if (!at_lua_fact_is_known(&a) || !at_lua_fact_is_known(&b)) return of(AT_LF_UNKNOWN);
    if ((float_a && a.literal) || (float_b && b.literal)) return of(AT_LF_UNKNOWN);
    if (is(a, AT_LF_INTEGER) && is(b, AT_LF_INTEGER)) return of_integers(r, sign);
    if ((float_a && !is_exact(b) && (float_b || is(b, AT_LF_INTEGER))) || (float_b && is(a, AT_LF_INTEGER)))
        return of(AT_LF_FLOAT);
    if (is_count(a) && is_count(b)) return of(AT_LF_NUMBER);
    bool money_a = is(a, AT_LF_MONEY), money_b = is(b, AT_LF_MONEY);
    if ((money_a && (money_b || is_count(b))) || (money_b && is_count(a))) return of_money(r, sign, a, b);
    if (is_exact(a) && is_exact(b)) return of_time(r, sign, a, b);
    bool time_a = is(a, AT_LF_DATE) || is(a, AT_LF_PERIOD) || is(a, AT_LF_DURATION);
    bool time_b = is(b, AT_LF_DATE) || is(b, AT_LF_PERIOD) || is(b, AT_LF_DURATION);
    if ((time_a && is_count(b)) || (time_b && is_count(a))) return of_time(r, sign, a, b);
    return refuse(r, sign, a, b, help_with(a, b));
}

/* ---- comparison and text */

static struct at_lua_fact order(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                struct at_lua_fact b) {
    bool known = at_lua_fact_is_known(&a) && at_lua_fact_is_known(&b);
    bool numbers = (is_count(a) || is(a, AT_LF_FLOAT)) && (is_count(b) || is(b, AT_LF_FLOAT));
    bool same = a.kind == b.kind && (is_exact(a) || is(a, AT_LF_TEXT));
    if (known && !numbers && !same) refuse(r, sign, a, b, help_with(a, b));
    return of(AT_LF_BOOLEAN);
}

/* nil equals nil only, and that is not refused. Values of Lua of different types are different. */
static struct at_lua_fact equality(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                   struct at_lua_fact b) {
    bool known = at_lua_fact_is_known(&a) && at_lua_fact_is_known(&b);
    bool exact = is_exact(a) || is_exact(b), nothing = is(a, AT_LF_NIL) || is(b, AT_LF_NIL);
    bool numbers = is_count(a) && is_count(b);
    bool literal = (is(a, AT_LF_FLOAT) && a.literal) || (is(b, AT_LF_FLOAT) && b.literal);
    if (known && exact && !nothing && !numbers && !literal && a.kind != b.kind)
        refuse(r, sign, a, b, help_with(a, b));
    return of(AT_LF_BOOLEAN);
}

static struct at_lua_fact joined(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                 struct at_lua_fact b) {
    if (!at_lua_fact_is_known(&a) || !at_lua_fact_is_known(&b)) return of(AT_LF_UNKNOWN);
    bool text_a = is(a, AT_LF_INTEGER) || is(a, AT_LF_FLOAT) || is(a, AT_LF_TEXT) || is_exact(a);
    bool text_b = is(b, AT_LF_INTEGER) || is(b, AT_LF_FLOAT) || is(b, AT_LF_TEXT) || is_exact(b);
    if (!text_a || !text_b) return refuse(r, sign, a, b, "write tostring(x)");
    return of(AT_LF_TEXT);
}

struct at_lua_fact at_lua_fact_binary(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                      struct at_lua_fact b) {
    at_str word = at_lua_parse_word(r, sign);
    if (word.n == 0) return of(AT_LF_UNKNOWN);
    bool and_or = at_str_eq(word, AT_STR("and")) || at_str_eq(word, AT_STR("or"));
    bool simple = a.kind >= AT_LF_BOOLEAN && a.kind <= AT_LF_TEXT;
    if (and_or) return a.kind == b.kind && simple ? of((enum at_lua_fact_kind)a.kind) : of(AT_LF_UNKNOWN);
    if (at_str_eq(word, AT_STR("=="))) return equality(r, sign, a, b);
    if (at_str_eq(word, AT_STR("~="))) return equality(r, sign, a, b);
    if (at_str_eq(word, AT_STR(".."))) return joined(r, sign, a, b);
    if (at_str_eq(word, AT_STR("<<")) || at_str_eq(word, AT_STR(">>"))) return of(AT_LF_UNKNOWN);
    if (word.p[0] == '<' || word.p[0] == '>') return order(r, sign, a, b);
    if (memchr("&|~", word.p[0], 3)) return of(AT_LF_UNKNOWN);
    return arithmetic(r, sign, a, b);
}

struct at_lua_fact at_lua_fact_unary(struct at_lua_reader *r, size_t sign, struct at_lua_fact a) {
    at_str word = at_lua_parse_word(r, sign);
    if (at_str_eq(word, AT_STR("not"))) return of(AT_LF_BOOLEAN);
    if (word.n != 1 || word.p[0] == '~' || !at_lua_fact_is_known(&a)) return of(AT_LF_UNKNOWN);
    bool length = word.p[0] == '#';
    if (length && is(a, AT_LF_TEXT)) return of(AT_LF_INTEGER);
    bool signed_one = is_count(a) || is(a, AT_LF_FLOAT) || is(a, AT_LF_MONEY) || is(a, AT_LF_DURATION);
    if (!length && signed_one) {
        a.local = 0;
        return a;
    }
    if (r->second)
        at_diag_add(r->diags, AT_A1032, at_lua_parse_span(r, sign, sign), "cannot use `%.*s` with %s",
                    AT_STR_ARG(word), at_lua_fact_words(&a));
    return of(AT_LF_UNKNOWN);
}

/* ---- limits of `for`, and results */

void at_lua_fact_limit(struct at_lua_reader *r, const struct at_lua_fact *limit, size_t first, size_t end) {
    bool plain = is(*limit, AT_LF_INTEGER) || is(*limit, AT_LF_FLOAT) || limit->kind == AT_LF_UNKNOWN;
    if (!r->second || plain || end <= first) return;
    struct at_diag *d =
        at_diag_add(r->diags, AT_A1032, at_lua_parse_span(r, first, end - 1),
                    "a limit of `for` must be an integer, found %s", at_lua_fact_words(limit));
    if (is(*limit, AT_LF_NUMBER)) at_diag_help(d, "write `n:integer()`");
}

/* Whether a hook may return such a value for the declared type. See take_result in hook.c. */
static bool fits(const struct at_lua_fact *result, const struct at_type *type) {
    struct at_lua_fact wanted = at_lua_fact_of(type);
    if (result->kind == AT_LF_UNKNOWN || wanted.kind == AT_LF_UNKNOWN || wanted.kind == AT_LF_CELL)
        return true;
    if (wanted.kind == AT_LF_NUMBER && is(*result, AT_LF_INTEGER)) return true;
    if (is(*result, AT_LF_FLOAT) && result->literal) return true; /* A1005 */
    return result->kind == wanted.kind;
}

void at_lua_fact_result(struct at_lua_reader *r, const struct at_lua_fact *result, size_t first, size_t end) {
    const struct at_check_function_decl *hook = r->body->hook;
    if (!hook || end <= first || fits(result, &hook->result)) return;
    struct at_lua_fact wanted = at_lua_fact_of(&hook->result);
    struct at_diag *d = at_diag_add(r->diags, AT_A1032, at_lua_parse_span(r, first, end - 1),
                                    "`%.*s` returns %s, but %s is declared", AT_STR_ARG(hook->symbol->name),
                                    at_lua_fact_words(result), at_lua_fact_words(&wanted));
    if (wanted.kind == AT_LF_MONEY && (is_count(*result) || is(*result, AT_LF_TEXT)))
        at_diag_help(d, "write attain.money(x)");
}
