/* lua/expr.c: reads expressions, with the priorities of the manual of Lua 5.4, and returns what is
 * certain about their values. */
#include "lua/grammar.h"

static struct at_lua_fact unknown(void) {
    return (struct at_lua_fact){0};
}

static struct at_lua_fact constructor(struct at_lua_reader *r);

static struct at_lua_fact constant(enum at_lua_fact_kind kind) {
    return (struct at_lua_fact){.kind = (uint8_t)kind, .literal = true};
}

/* ---- calls */

void at_lua_parse_list(struct at_lua_reader *r, struct at_lua_fact *facts, uint32_t room, uint32_t *n,
                       bool *open) {
    *n = 0;
    do {
        size_t first = r->i;
        struct at_lua_fact fact = at_lua_parse_expr(r);
        /* Only a call and `...` have several values, and parentheses leave one. */
        bool dots = r->i == first + 1 && at_str_eq(at_lua_parse_word(r, first), AT_STR("..."));
        bool ends = r->i > first && at_str_eq(at_lua_parse_word(r, r->i - 1), AT_STR("..."));
        *open = dots || ends || fact.kind == AT_LF_UNKNOWN;
        if (*n < room) facts[*n] = fact;
        (*n)++;
    } while (at_lua_parse_take(r, ","));
}

/* A fact about a parameter does not hold where the function asks for its type. */
static void note_question(struct at_lua_reader *r, const struct at_lua_fact *called,
                          const struct at_lua_fact *argument) {
    if (argument->local == 0 || argument->local > r->locals.n) return;
    if (called->kind != AT_LF_FUNCTION || at_str_eq(called->name, AT_STR("type")))
        r->locals.at[argument->local - 1].asked = true;
}

static void arguments(struct at_lua_reader *r, const struct at_lua_fact *called) {
    if (r->i < r->tokens->n && r->tokens->at[r->i].kind == AT_LT_TEXT) {
        r->i++;
        return;
    }
    if (at_lua_parse_is(r, "{")) {
        constructor(r);
        return;
    }
    at_lua_parse_want(r, "(");
    if (at_lua_parse_take(r, ")")) return;
    do {
        struct at_lua_fact argument = at_lua_parse_expr(r);
        note_question(r, called, &argument);
    } while (at_lua_parse_take(r, ","));
    at_lua_parse_want(r, ")");
}

static bool is_callable(const struct at_lua_fact *fact) {
    return fact->kind == AT_LF_UNKNOWN || fact->kind == AT_LF_FUNCTION || fact->kind == AT_LF_TABLE;
}

/* A call of a value that is not a function would stop the hook. */
static struct at_lua_fact call(struct at_lua_reader *r, struct at_lua_target *target, size_t last) {
    struct at_lua_fact called = target->fact;
    if (r->second && !is_callable(&called)) {
        struct at_diag *d = at_diag_add(r->diags, AT_A1032, at_lua_parse_span(r, target->first, last),
                                        "cannot call %s", at_lua_fact_words(&called));
        at_diag_help(d, "delete the parentheses, or call a function");
    }
    target->stops = called.kind == AT_LF_FUNCTION && at_str_eq(called.name, AT_STR("error"));
    arguments(r, &called);
    target->called = true;
    if (called.kind != AT_LF_FUNCTION) return unknown();
    return (struct at_lua_fact){.kind = called.gives};
}

/* ---- suffixes */

static bool starts_arguments(const struct at_lua_reader *r) {
    if (r->i >= r->tokens->n) return false;
    return r->tokens->at[r->i].kind == AT_LT_TEXT || at_lua_parse_is(r, "(") || at_lua_parse_is(r, "{");
}

static struct at_lua_fact bracketed(struct at_lua_reader *r, const struct at_lua_fact *owner) {
    size_t key = r->i;
    at_lua_parse_expr(r);
    bool single = !r->stopped && r->i == key + 1 && r->tokens->at[key].kind == AT_LT_TEXT;
    at_lua_parse_want(r, "]");
    return single && !r->stopped ? at_lua_member_key(r, owner, key) : unknown();
}

static bool suffix(struct at_lua_reader *r, struct at_lua_target *target) {
    struct at_lua_fact owner = target->fact;
    size_t last = r->i - 1;
    if (at_lua_parse_is(r, ".") || at_lua_parse_is(r, ":")) {
        bool method = at_lua_parse_is(r, ":");
        size_t name = ++r->i;
        at_lua_parse_name(r);
        if (r->stopped) return false;
        target->fact = at_lua_member(r, &owner, name, method);
        target->indexed = true;
        target->called = false;
        if (method) target->fact = call(r, target, name);
        return !r->stopped;
    }
    if (at_lua_parse_take(r, "[")) {
        target->fact = bracketed(r, &owner);
        target->indexed = true;
        target->called = false;
        return !r->stopped;
    }
    if (!starts_arguments(r)) return false;
    target->fact = call(r, target, last);
    return !r->stopped;
}

struct at_lua_target at_lua_parse_suffixed(struct at_lua_reader *r, bool assigns) {
    struct at_lua_target target = {.first = r->i};
    if (at_lua_parse_take(r, "(")) {
        target.fact = at_lua_parse_expr(r);
        target.fact.literal = false;
        at_lua_parse_want(r, ")");
        target.called = true; /* it cannot be assigned, unless a suffix follows */
    } else {
        size_t token = r->i;
        at_lua_parse_name(r);
        if (r->stopped) return target;
        if (assigns && (at_lua_parse_is(r, "=") || at_lua_parse_is(r, ",")))
            at_lua_parse_assign(r, token);
        else
            target.fact = at_lua_parse_use(r, token);
    }
    while (!r->stopped && suffix(r, &target)) {
        target.fact.local = 0;
        target.stops &= target.called;
    }
    return target;
}

/* ---- simple expressions */

static struct at_lua_fact constructor(struct at_lua_reader *r) {
    at_lua_parse_want(r, "{");
    while (!r->stopped && !at_lua_parse_is(r, "}")) {
        if (at_lua_parse_take(r, "[")) {
            at_lua_parse_expr(r);
            at_lua_parse_want(r, "]");
            at_lua_parse_want(r, "=");
        } else if (at_lua_tokens_name(r->tokens, r->i) && at_lua_tokens_are(r->tokens, r->i + 1, "=") &&
                   r->tokens->at[r->i + 1].kind != AT_LT_TEXT) {
            r->i += 2;
        }
        at_lua_parse_expr(r);
        if (!at_lua_parse_take(r, ",") && !at_lua_parse_take(r, ";")) break;
    }
    at_lua_parse_want(r, "}");
    return constant(AT_LF_TABLE);
}

static struct at_lua_fact simple(struct at_lua_reader *r) {
    if (r->i >= r->tokens->n) return at_lua_parse_stop(r), unknown();
    const struct at_lua_token *token = &r->tokens->at[r->i];
    if (token->kind == AT_LT_NUMBER) {
        r->i++;
        return constant(token->is_float ? AT_LF_FLOAT : AT_LF_INTEGER);
    }
    if (token->kind == AT_LT_TEXT) {
        r->i++;
        return constant(AT_LF_TEXT);
    }
    if (at_lua_parse_take(r, "nil")) return constant(AT_LF_NIL);
    if (at_lua_parse_take(r, "true") || at_lua_parse_take(r, "false")) return constant(AT_LF_BOOLEAN);
    if (at_lua_parse_take(r, "...")) return unknown();
    if (at_lua_parse_is(r, "{")) return constructor(r);
    if (at_lua_parse_take(r, "function")) {
        at_lua_parse_function(r, SIZE_MAX, false, NULL);
        return (struct at_lua_fact){.kind = AT_LF_FUNCTION};
    }
    return at_lua_parse_suffixed(r, false).fact;
}

/* ---- operators */

#define UNARY_PRIORITY 12
struct priority {
    const char *sign;
    uint8_t left, right; /* of the right one, if it is larger, operators join from the right */
};

static const struct priority *operator_at(const struct at_lua_reader *r) {
    static const struct priority all[] = {
        {"+", 10, 10},  {"-", 10, 10}, {"*", 11, 11}, {"%", 11, 11}, {"^", 14, 13}, {"/", 11, 11},
        {"//", 11, 11}, {"&", 6, 6},   {"|", 4, 4},   {"~", 5, 5},   {"<<", 7, 7},  {">>", 7, 7},
        {"..", 9, 8},   {"==", 3, 3},  {"~=", 3, 3},  {"<", 3, 3},   {"<=", 3, 3},  {">", 3, 3},
        {">=", 3, 3},   {"and", 2, 2}, {"or", 1, 1}};
    for (size_t i = 0; i < AT_COUNT(all); i++)
        if (at_lua_parse_is(r, all[i].sign)) return &all[i];
    return NULL;
}

static bool is_unary(const struct at_lua_reader *r) {
    return at_lua_parse_is(r, "not") || at_lua_parse_is(r, "-") || at_lua_parse_is(r, "~") ||
           at_lua_parse_is(r, "#");
}

/* Reads operators whose priority is above the limit. */
static struct at_lua_fact above(struct at_lua_reader *r, unsigned limit) {
    if (!at_lua_parse_enter(r)) return unknown();
    struct at_lua_fact left;
    if (is_unary(r)) {
        size_t sign = r->i++;
        struct at_lua_fact operand = above(r, UNARY_PRIORITY);
        left = at_lua_fact_unary(r, sign, operand);
    } else {
        left = simple(r);
    }
    const struct priority *next;
    while (!r->stopped && (next = operator_at(r)) && next->left > limit) {
        size_t sign = r->i++;
        struct at_lua_fact right = above(r, next->right);
        left = at_lua_fact_binary(r, sign, left, right);
    }
    r->depth--;
    return left;
}

struct at_lua_fact at_lua_parse_expr(struct at_lua_reader *r) {
    return above(r, 0);
}
