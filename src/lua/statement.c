/* lua/statement.c: reads statements, blocks, and functions, and finds functions of the policy that can end
 * without a result. */
#include "lua/grammar.h"

static bool ends_block(const struct at_lua_reader *r) {
    return r->i >= r->tokens->n || at_lua_parse_is(r, "end") || at_lua_parse_is(r, "else") ||
           at_lua_parse_is(r, "elseif") || at_lua_parse_is(r, "until");
}

/* A block with its own scope. */
static enum at_lua_flow inner(struct at_lua_reader *r) {
    size_t block = at_lua_parse_open(r);
    enum at_lua_flow flow = at_lua_parse_block(r);
    at_lua_parse_close(r, block);
    return flow;
}

/* ---- loops */

/* A loop with a `return` inside may always reach it. */
static enum at_lua_flow after_loop(const struct at_lua_reader *r, uint32_t returns) {
    return r->body->returns > returns ? AT_LUA_MAY_END : AT_LUA_GOES_ON;
}

static enum at_lua_flow while_loop(struct at_lua_reader *r) {
    uint32_t returns = r->body->returns;
    bool outer = r->breaks;
    bool forever = at_lua_parse_is(r, "true") && at_lua_tokens_are(r->tokens, r->i + 1, "do");
    r->breaks = false;
    at_lua_parse_expr(r);
    at_lua_parse_want(r, "do");
    inner(r);
    at_lua_parse_want(r, "end");
    forever = forever && !r->breaks;
    r->breaks = outer;
    return forever ? AT_LUA_ENDS : after_loop(r, returns);
}

/* The condition after `until` sees the locals of the block. */
static enum at_lua_flow repeat_loop(struct at_lua_reader *r) {
    uint32_t returns = r->body->returns;
    bool outer = r->breaks;
    r->breaks = false;
    size_t block = at_lua_parse_open(r);
    enum at_lua_flow flow = at_lua_parse_block(r);
    at_lua_parse_want(r, "until");
    at_lua_parse_expr(r);
    at_lua_parse_close(r, block);
    bool ends = flow == AT_LUA_ENDS && !r->breaks;
    r->breaks = outer;
    return ends ? AT_LUA_ENDS : after_loop(r, returns);
}

static void for_limits(struct at_lua_reader *r) {
    do {
        size_t first = r->i;
        struct at_lua_fact limit = at_lua_parse_expr(r);
        at_lua_fact_limit(r, &limit, first, r->i);
    } while (at_lua_parse_take(r, ","));
}

static enum at_lua_flow for_loop(struct at_lua_reader *r) {
    uint32_t returns = r->body->returns;
    bool outer = r->breaks;
    size_t first = r->i, n = 0;
    r->breaks = false;
    do {
        at_lua_parse_name(r);
        n++;
    } while (at_lua_parse_take(r, ","));
    if (n == 1 && at_lua_parse_take(r, "=")) {
        for_limits(r);
    } else {
        uint32_t values;
        bool open;
        at_lua_parse_want(r, "in");
        at_lua_parse_list(r, NULL, 0, &values, &open);
    }
    at_lua_parse_want(r, "do");
    size_t block = at_lua_parse_open(r);
    r->next_group++;
    for (size_t i = 0; i < n && !r->stopped; i++)
        at_lua_parse_declare(r, at_lua_parse_word(r, first + 2 * i), first + 2 * i, AT_LL_LOOP);
    at_lua_parse_block(r);
    at_lua_parse_close(r, block);
    at_lua_parse_want(r, "end");
    r->breaks = outer;
    return after_loop(r, returns);
}

/* ---- other statements */

static enum at_lua_flow least(enum at_lua_flow a, enum at_lua_flow b) {
    return a < b ? a : b;
}

static enum at_lua_flow if_statement(struct at_lua_reader *r) {
    enum at_lua_flow flow = AT_LUA_ENDS;
    do {
        at_lua_parse_expr(r);
        at_lua_parse_want(r, "then");
        flow = least(flow, inner(r));
    } while (at_lua_parse_take(r, "elseif"));
    if (at_lua_parse_take(r, "else"))
        flow = least(flow, inner(r));
    else
        flow = AT_LUA_GOES_ON;
    at_lua_parse_want(r, "end");
    return flow;
}

/* `local a <const>, b <close> = …` */
#define MOST_FACTS 8
static void local_statement(struct at_lua_reader *r) {
    struct at_lua_fact facts[MOST_FACTS] = {{0}};
    size_t names[201], n = 0; /* Lua accepts 200 locals */
    bool closes[201] = {false}, open = false;
    uint32_t given = 0;
    do {
        if (n > 200) return at_lua_parse_stop(r);
        names[n] = r->i;
        at_lua_parse_name(r);
        if (at_lua_parse_take(r, "<")) {
            closes[n] = at_lua_parse_is(r, "close");
            at_lua_parse_name(r);
            at_lua_parse_want(r, ">");
        }
        n++;
    } while (at_lua_parse_take(r, ","));
    if (at_lua_parse_take(r, "=")) at_lua_parse_list(r, facts, MOST_FACTS, &given, &open);
    if (r->stopped) return;
    r->next_group++;
    for (size_t i = 0; i < n && !r->stopped; i++) {
        uint32_t number = at_lua_parse_declare(r, at_lua_parse_word(r, names[i]), names[i],
                                               closes[i] ? AT_LL_CLOSE : AT_LL_LOCAL);
        if (r->stopped) return;
        struct at_lua_local *local = &r->locals.at[number];
        bool certain = i < MOST_FACTS && (i < given || !open);
        if (certain) local->fact = i < given ? facts[i] : (struct at_lua_fact){.kind = AT_LF_NIL};
    }
}

static void local_function(struct at_lua_reader *r) {
    size_t token = r->i;
    at_str name = at_lua_parse_name(r);
    if (r->stopped) return;
    r->next_group++;
    at_lua_parse_declare(r, name, token, AT_LL_FUNCTION);
    at_lua_parse_function(r, token, false, NULL);
}

/* `function name`, `function a.b.c`, and `function a.b:c`. */
static void function_statement(struct at_lua_reader *r) {
    size_t token = r->i;
    at_str name = at_lua_parse_name(r);
    if (r->stopped) return;
    bool plain = at_lua_parse_is(r, "("), method = false;
    const struct at_check_function_decl *hook = NULL;
    if (plain && !at_lua_parse_is_local(r, name)) hook = at_lua_parse_hook(r, name);
    if (plain)
        at_lua_parse_assign(r, token);
    else
        at_lua_parse_use(r, token);
    while (!r->stopped && at_lua_parse_take(r, "."))
        at_lua_parse_name(r);
    if (at_lua_parse_take(r, ":")) {
        method = true;
        at_lua_parse_name(r);
    }
    at_lua_parse_function(r, token, method, hook);
}

static void return_statement(struct at_lua_reader *r) {
    struct at_lua_fact fact = {0};
    size_t first = r->i, end = first;
    bool given = !ends_block(r) && !at_lua_parse_is(r, ";");
    if (given) {
        fact = at_lua_parse_expr(r);
        end = r->i;
        r->body->returns++;
        while (at_lua_parse_take(r, ","))
            at_lua_parse_expr(r);
    }
    at_lua_parse_take(r, ";");
    if (!r->second || r->stopped || !r->body->hook) return;
    if (given) {
        at_lua_fact_result(r, &fact, first, end);
        return;
    }
    struct at_diag *d =
        at_diag_add(r->diags, AT_A1031, at_lua_parse_span(r, first - 1, first - 1),
                    "`return` without a value in `%.*s`", AT_STR_ARG(r->body->hook->symbol->name));
    at_diag_help(d, "return a value of the declared type, such as zero");
}

/* A call of a function of the file may raise an error, so the end after it may be out of reach. */
static enum at_lua_flow expression_statement(struct at_lua_reader *r) {
    struct at_lua_target target = at_lua_parse_suffixed(r, true);
    bool assigns = at_lua_parse_is(r, "=") || at_lua_parse_is(r, ",");
    if (!assigns) {
        if (!target.called) at_lua_parse_stop(r);
        return target.stops ? AT_LUA_ENDS : AT_LUA_MAY_END;
    }
    while (at_lua_parse_take(r, ","))
        at_lua_parse_suffixed(r, true);
    at_lua_parse_want(r, "=");
    uint32_t n;
    bool open;
    at_lua_parse_list(r, NULL, 0, &n, &open);
    return AT_LUA_GOES_ON;
}

static enum at_lua_flow simple_statement(struct at_lua_reader *r) {
    if (at_lua_parse_take(r, ";")) return AT_LUA_GOES_ON;
    if (at_lua_parse_take(r, "break")) {
        r->breaks = true;
        return AT_LUA_ENDS;
    }
    if (at_lua_parse_take(r, "goto")) {
        r->body->jumps = true;
        at_lua_parse_name(r);
        return AT_LUA_ENDS;
    }
    if (at_lua_parse_take(r, "::")) {
        at_lua_parse_name(r);
        at_lua_parse_want(r, "::");
        return AT_LUA_GOES_ON;
    }
    return expression_statement(r);
}

static enum at_lua_flow statement(struct at_lua_reader *r) {
    if (at_lua_parse_take(r, "if")) return if_statement(r);
    if (at_lua_parse_take(r, "while")) return while_loop(r);
    if (at_lua_parse_take(r, "for")) return for_loop(r);
    if (at_lua_parse_take(r, "repeat")) return repeat_loop(r);
    if (at_lua_parse_take(r, "do")) {
        enum at_lua_flow flow = inner(r);
        at_lua_parse_want(r, "end");
        return flow;
    }
    if (at_lua_parse_take(r, "function")) return function_statement(r), AT_LUA_GOES_ON;
    if (at_lua_parse_take(r, "local")) {
        if (at_lua_parse_take(r, "function"))
            local_function(r);
        else
            local_statement(r);
        return AT_LUA_GOES_ON;
    }
    if (at_lua_parse_take(r, "return")) return return_statement(r), AT_LUA_ENDS;
    return simple_statement(r);
}

/* `break` ends a block, too, but only its loop goes on after it: see the loops. */
enum at_lua_flow at_lua_parse_block(struct at_lua_reader *r) {
    enum at_lua_flow flow = AT_LUA_GOES_ON;
    if (!at_lua_parse_enter(r)) return flow;
    while (!ends_block(r)) {
        bool last = at_lua_parse_is(r, "return"), empty = at_lua_parse_is(r, ";");
        enum at_lua_flow one = statement(r);
        if (flow != AT_LUA_ENDS && !empty) flow = one;
        if (last && !ends_block(r)) at_lua_parse_stop(r);
    }
    r->depth--;
    return flow;
}

/* ---- functions */

const struct at_check_function_decl *at_lua_parse_hook(const struct at_lua_reader *r, at_str name) {
    for (uint32_t i = 0; r->checked && r->files && i < r->checked->n_functions; i++) {
        const struct at_check_function_decl *function = &r->checked->functions[i];
        if (r->files->file_of[i] == r->file && at_str_eq(function->symbol->name, name)) return function;
    }
    return NULL;
}

/* The policy calls a hook with the declared types. Another function of the file may call it with others. */
static void parameter(struct at_lua_reader *r, const struct at_check_function_decl *hook, uint32_t i) {
    size_t token = r->i;
    at_str name = at_lua_parse_name(r);
    if (r->stopped) return;
    uint32_t number = at_lua_parse_declare(r, name, token, AT_LL_PARAMETER);
    if (r->stopped || !hook || i >= hook->n || r->locals.at[number].asked) return;
    const struct at_lua_global *global = at_map_get(&r->globals, hook->symbol->name);
    if (global && global->reads == 0 && global->writes == 1)
        r->locals.at[number].fact = at_lua_fact_of(&hook->types[i]);
}

static void tell_end(struct at_lua_reader *r, size_t name, const struct at_check_function_decl *hook) {
    struct at_diag *d = at_diag_add(r->diags, AT_A1031, at_lua_parse_span(r, r->i, r->i),
                                    "`%.*s` can end without a result", AT_STR_ARG(hook->symbol->name));
    at_diag_label(d, at_lua_parse_span(r, name, name), "the hook");
    at_diag_help(d, "add a `return` before this `end`");
}

static void parameters(struct at_lua_reader *r, const struct at_check_function_decl *hook) {
    at_lua_parse_want(r, "(");
    r->next_group++;
    for (uint32_t i = 0; !r->stopped && !at_lua_parse_is(r, ")"); i++) {
        if (at_lua_parse_take(r, "...")) break;
        parameter(r, hook, i);
        if (!at_lua_parse_take(r, ",")) break;
    }
    at_lua_parse_want(r, ")");
}

/* A method has the parameter `self` before the others. */
void at_lua_parse_function(struct at_lua_reader *r, size_t name, bool method,
                           const struct at_check_function_decl *hook) {
    struct at_lua_body body = {.hook = hook, .outer = r->body};
    bool breaks = r->breaks;
    size_t block = at_lua_parse_open(r);
    r->body = &body;
    r->breaks = false;
    if (method) at_lua_parse_declare(r, AT_STR("self"), name, AT_LL_PARAMETER);
    parameters(r, hook);
    enum at_lua_flow flow = at_lua_parse_block(r);
    if (r->second && hook && flow == AT_LUA_GOES_ON && !body.jumps && at_lua_parse_is(r, "end"))
        tell_end(r, name, hook);
    at_lua_parse_want(r, "end");
    at_lua_parse_close(r, block);
    r->breaks = breaks;
    r->body = body.outer;
}
