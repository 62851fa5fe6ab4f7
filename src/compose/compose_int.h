/* compose/compose_int.h: what the files of the module share. */
#ifndef AT_COMPOSE_COMPOSE_INT_H
#define AT_COMPOSE_COMPOSE_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "compose/compose.h"
#include "names/names.h"

/* One version: its checked policy, and its statements in order. */
struct at_compose_side {
    const struct at_ast *ast;
    const struct at_check_policy *checked;
    struct at_names *names;
    AT_VEC(const struct at_ast_node *) statements;
    struct at_map entry_of; /* name to the entry, plus 1 */
    /* By entry: that of the other version with this name; whether the two differ, or what they use; whether
     * rows on days decide the value; and whether rows on days or in periods do. */
    uint32_t *fellow;
    bool *changed, *dated, *timed;
    bool *paying; /* it is a component, or reads one */
    bool *moved;  /* a credit with another table, day, or recipients in the other version */
};

/* A part of the text that was copied: from [from, from + n_from) to [at, at + n). A name may have changed. */
struct at_compose_segment {
    uint32_t at, n, from, n_from;
};

/* What a name means where it is copied to: the earlier version on its days; the later one; or the later one's
 * formula, of the rows of the earlier version's days. The last two are for spans of several periods: the
 * formula of the earlier version, and of the later one, of all that counted before the day. */
enum at_compose_space {
    AT_COMPOSE_EARLIER,
    AT_COMPOSE_LATER,
    AT_COMPOSE_BEFORE,
    AT_COMPOSE_EARLIER_SPAN,
    AT_COMPOSE_BEFORE_SPAN
};

struct at_compose_wanted { /* a copy that a formula names */
    enum at_compose_space space;
    uint32_t entry;
};

struct at_compose {
    struct at_arena *arena;
    struct at_diag_list *diags;
    struct at_compose_side side[2]; /* earlier, later */
    at_date day;                    /* the first of the later version */
    bool mid;                       /* inside a period */
    bool plain;                     /* names mean those of the whole: tests, and `show` */
    bool adjusting;                 /* components are those of the whole: adjustments apply once */
    at_str first_day, last_day;     /* of the later, and of the earlier version: in words */
    at_str zero;                    /* no money */
    const char *last;               /* the last day of a payee in a period, as a formula */
    struct at_text out;
    AT_VEC(struct at_compose_segment) segments;
    AT_VEC(struct at_compose_wanted) wanted;
    struct at_map written; /* names of copies that are wanted */
};

/* ---- match.c */
void at_compose_match(struct at_compose *c);
/* The statement that an entry of one side declares. */
const struct at_ast_node *at_compose_node(const struct at_compose *c, int side, uint32_t entry);
/* The entry of a declared name; AT_NAMES_NONE. */
uint32_t at_compose_find(const struct at_compose *c, int side, at_str name);
/* Whether the node names the entry; something that changes; or a component. */
bool at_compose_uses(const struct at_compose *c, int side, const struct at_ast_node *node, uint32_t entry);
bool at_compose_uses_changed(const struct at_compose *c, int side, const struct at_ast_node *node);
bool at_compose_uses_paying(const struct at_compose *c, int side, const struct at_ast_node *node);
/* A sum or a count of rows with a day, or a sum of these, so that values of days add up. */
bool at_compose_is_linear(const struct at_compose *c, int side, const struct at_ast_node *measure);

/* ---- text.c */
void at_compose_put(struct at_compose *c, const char *format, ...) AT_PRINTF(2, 3);
/* The version whose text a space copies. */
int at_compose_side_of(enum at_compose_space space);
/* The name of a copy: a word and a day follow that of the statement. */
at_str at_compose_copy_name(const struct at_compose *c, enum at_compose_space space, at_str name);
/* Copies source, with the names of the space. Rates are written with their base. */
void at_compose_copy(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node,
                     const struct at_ast_node *base);
void at_compose_copy_span(struct at_compose *c, enum at_compose_space space, at_span span);
/* The name in the space; it asks for a copy where one is needed. */
at_str at_compose_name(struct at_compose *c, enum at_compose_space space, uint32_t entry, bool past);

/* ---- order.c */
void at_compose_statements(struct at_compose *c);
bool at_compose_adjusts(const struct at_ast_node *node);
/* ---- statement.c */
void at_compose_header(struct at_compose *c);
/* Either may be NULL: a statement of one version alone. */
void at_compose_statement(struct at_compose *c, const struct at_ast_node *earlier,
                          const struct at_ast_node *later);
/* credit.c */
void at_compose_credit(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later);
/* The earlier version's credit, under the name of its copy, with the rows of its days. */
void at_compose_credit_copy(struct at_compose *c, const struct at_ast_node *node, at_str name);
bool at_compose_is_moved(const struct at_compose *c, int side, at_str credit);
/* measure.c */
void at_compose_measure(struct at_compose *c, const struct at_ast_node *earlier,
                        const struct at_ast_node *later);
void at_compose_copies(struct at_compose *c);
/* The day of a row of an aggregate, or of a credit; NULL: none. */
const struct at_ast_node *at_compose_day(const struct at_compose *c, int side,
                                         const struct at_ast_node *node);
/* The source text of a span of one version. */
at_str at_compose_source(const struct at_compose *c, int side, at_span span);
/* Reports that the statement cannot go on. */
void at_compose_refuse(struct at_compose *c, const struct at_ast_node *earlier,
                       const struct at_ast_node *later, const char *why);

#endif
