/* lua/grammar.h: reads the grammar of a Lua file, and finds mistakes that would stop a hook or be a surprise.
 *
 * A file is read twice. The first time finds which names exist, and which locals change. The second time
 * knows this, and reports. Both times number the locals in the same order.
 *
 *     grammar.c    both readings            cursor.c      moves over the tokens
 *     statement.c  statements, functions    expr.c        expressions
 *     fact.c       operators and types      member.c      parts of values, libraries, and cells
 *     scope.c      locals and globals
 *
 * There is no tree. An expression returns a fact: what is certain about its value, or UNKNOWN. A report needs
 * a certain fact, so a file without mistakes has no report. A file that Lua does not accept is read without
 * one.
 */
#ifndef AT_LUA_GRAMMAR_H
#define AT_LUA_GRAMMAR_H

#include "base/map.h"
#include "base/vec.h"
#include "lua/lua_int.h"

#define AT_LUA_MOST_DEPTH 500 /* more than the 200 levels that Lua accepts */
#define AT_LUA_MOST_FOUND 100 /* unknown names of one file */

enum at_lua_fact_kind {
    AT_LF_UNKNOWN,
    AT_LF_NIL,
    AT_LF_BOOLEAN,
    AT_LF_INTEGER,
    AT_LF_FLOAT,
    AT_LF_NUMBER, /* exact */
    AT_LF_MONEY,
    AT_LF_DATE,
    AT_LF_PERIOD,
    AT_LF_DURATION,
    AT_LF_TEXT,
    AT_LF_TABLE,    /* may have a metatable */
    AT_LF_FUNCTION, /* gives: what a call returns */
    AT_LF_LIBRARY,  /* name */
    AT_LF_CELL,
    AT_LF_PART /* gives: enum at_plan_cell_group */
};
struct at_lua_fact {
    uint8_t kind;   /* enum at_lua_fact_kind */
    uint8_t gives;  /* see above */
    bool literal;   /* a constant written in this place */
    at_str name;    /* LIBRARY; of FUNCTION, its name in a library */
    uint32_t local; /* the expression is only this local, plus 1; 0: it is not */
};

enum at_lua_local_kind { AT_LL_LOCAL, AT_LL_FUNCTION, AT_LL_PARAMETER, AT_LL_LOOP, AT_LL_CLOSE };
struct at_lua_local {
    at_str name;
    uint8_t kind;          /* enum at_lua_local_kind */
    bool read, written;    /* after its declaration */
    bool asked;            /* passed to `type` or a function that may ask for its type */
    uint32_t token, group; /* of its declaration; locals of one `local` have one group */
    uint32_t shadowed;     /* the local of the same name outside, plus 1; 0: none */
    struct at_lua_fact fact;
};
struct at_lua_global {
    uint32_t reads, writes;
    bool told;
};

/* The function that is being read. */
struct at_lua_body {
    const struct at_check_function_decl *hook; /* NULL: it is not a hook of the policy */
    struct at_lua_body *outer;
    uint32_t returns; /* with a value */
    bool jumps;       /* contains `goto`, so that its end may be out of reach */
};

/* Whether the end of statements is reached. MAY_END: it depends on loops and on called functions. */
enum at_lua_flow { AT_LUA_GOES_ON, AT_LUA_MAY_END, AT_LUA_ENDS };

struct at_lua_reader {
    struct at_arena *arena;
    const struct at_lua_tokens *tokens;
    const struct at_check_policy *checked; /* NULL: no policy */
    uint32_t file;                         /* its number */
    const struct at_lua_files *files;
    struct at_lua *lua;         /* to ask for names of libraries; NULL: they are not checked */
    struct at_diag_list *diags; /* of the second reading */
    uint32_t base;              /* of the file, in the source map */

    size_t i; /* the current token */
    bool second, stopped;
    bool open; /* uses _ENV or _G, so that any name may exist */
    uint32_t depth, found;
    uint32_t next_local, next_group;
    AT_VEC(struct at_lua_local) locals;
    AT_VEC(uint32_t) visible; /* locals of the open blocks */
    struct at_map names;      /* name -> uint32_t *, the innermost local plus 1; 0: none */
    struct at_map globals;    /* name -> struct at_lua_global */
    struct at_lua_body *body;
    bool breaks; /* the innermost loop has a `break` */
};

/* grammar.c */
/* Reads the tokens of a file, and reports to `diags`. Returns false if the grammar does not accept them. */
bool at_lua_parse_file(struct at_lua_reader *reader);

/* cursor.c */
at_str at_lua_parse_word(const struct at_lua_reader *r, size_t i);
bool at_lua_parse_is(const struct at_lua_reader *r, const char *word); /* the current token */
bool at_lua_parse_take(struct at_lua_reader *r, const char *word);
void at_lua_parse_want(struct at_lua_reader *r, const char *word);
void at_lua_parse_stop(struct at_lua_reader *r);
at_str at_lua_parse_name(struct at_lua_reader *r); /* wants a name */
bool at_lua_parse_enter(struct at_lua_reader *r);  /* false: too deep. Each true needs `r->depth--`. */
at_span at_lua_parse_span(const struct at_lua_reader *r, size_t first, size_t last); /* of tokens */

/* scope.c */
uint32_t at_lua_parse_declare(struct at_lua_reader *r, at_str name, size_t token,
                              enum at_lua_local_kind kind);
size_t at_lua_parse_open(struct at_lua_reader *r); /* a block; give what it returns to close */
void at_lua_parse_close(struct at_lua_reader *r, size_t block);
struct at_lua_fact at_lua_parse_use(struct at_lua_reader *r, size_t token);
void at_lua_parse_assign(struct at_lua_reader *r, size_t token);
struct at_lua_global *at_lua_parse_global(struct at_lua_reader *r, at_str name); /* makes one */
bool at_lua_parse_is_local(const struct at_lua_reader *r, at_str name);
void at_lua_parse_tell_unused(struct at_lua_reader *r);

/* expr.c */
struct at_lua_fact at_lua_parse_expr(struct at_lua_reader *r);
/* Reads a list of expressions. Sets up to `room` facts, and *n to their number; *open: the last one
 * may have more or fewer values. */
void at_lua_parse_list(struct at_lua_reader *r, struct at_lua_fact *facts, uint32_t room, uint32_t *n,
                       bool *open);
struct at_lua_target { /* what a statement that begins with an expression begins with */
    struct at_lua_fact fact;
    bool called, indexed; /* its last suffix */
    bool stops;           /* a call of `error` */
    size_t first;         /* token */
};
struct at_lua_target at_lua_parse_suffixed(struct at_lua_reader *r, bool assigns);

/* statement.c */
enum at_lua_flow at_lua_parse_block(struct at_lua_reader *r);
/* Reads from the parameters to `end`. `name` is the token of its name, or SIZE_MAX. */
void at_lua_parse_function(struct at_lua_reader *r, size_t name, bool method,
                           const struct at_check_function_decl *hook);
const struct at_check_function_decl *at_lua_parse_hook(const struct at_lua_reader *r, at_str name);

/* fact.c */
struct at_lua_fact at_lua_fact_of(const struct at_type *type);
const char *at_lua_fact_words(const struct at_lua_fact *fact);
bool at_lua_fact_is_known(const struct at_lua_fact *fact);
/* The result of an operator, whose token is `sign`. Reports values that it does not take. */
struct at_lua_fact at_lua_fact_unary(struct at_lua_reader *r, size_t sign, struct at_lua_fact a);
struct at_lua_fact at_lua_fact_binary(struct at_lua_reader *r, size_t sign, struct at_lua_fact a,
                                      struct at_lua_fact b);
void at_lua_fact_limit(struct at_lua_reader *r, const struct at_lua_fact *limit, size_t first, size_t end);
void at_lua_fact_result(struct at_lua_reader *r, const struct at_lua_fact *result, size_t first, size_t end);

/* member.c */
/* The value of `owner.name` or of `owner:name`, whose token is `name`. Reports a name that it does not have.
 */
struct at_lua_fact at_lua_member(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t name,
                                 bool method);
/* The value of `owner["key"]`. Reports a name that a cell, or a part of it, does not have. */
struct at_lua_fact at_lua_member_key(struct at_lua_reader *r, const struct at_lua_fact *owner, size_t token);
bool at_lua_member_is_library(at_str name);

#endif
