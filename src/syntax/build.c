/* syntax/build.c: builds statements and their clauses, and reports errors that the grammar cannot find. */
#include "syntax/build.h"

#include "syntax/plain.h"

/* ---- small helpers */

/* Helpers accept NULL, because optional parts of a statement arrive as NULL from the grammar. */
static at_str text_of(const struct at_ast_node *text) {
    return text ? text->text : (at_str){0};
}
static at_span span_of(const struct at_ast_node *node) {
    return node ? node->span : (at_span){0, 0};
}

static void set2(struct at_ast_node *node, struct at_lex_word word) {
    node->text2 = word.text;
    node->span2 = word.span;
}

static void set3(struct at_ast_node *node, struct at_lex_word word) {
    node->text3 = word.text;
    node->span3 = word.span;
}

static void set_by(struct at_ast_node *node, struct at_lex_word word) {
    node->by = word.text;
    node->by_span = word.span;
}

static struct at_lex_word word_of(const struct at_ast_node *text) {
    return (struct at_lex_word){text_of(text), span_of(text)};
}

/* Finds a word among a few choices, and returns its index. Reports any other word, and returns 0. */
static unsigned one_of(struct at_syntax_parser *p, struct at_lex_word word, const char *const *choices,
                       unsigned n, const char *after) {
    at_str list = {"", 0};
    struct at_str_nearest near = {.wanted = word.text};
    for (unsigned i = 0; i < n; i++) {
        if (at_str_eq(word.text, at_str_z(choices[i]))) return i;
        /* Builds "`a`, `b`, or `c`" while it searches, since the list is needed only when no
         * choice matches. */
        const char *before = i == 0 ? "" : i + 1 < n ? ", " : n == 2 ? " or " : ", or ";
        list = at_str_format(p->lexer.arena, "%.*s%s`%s`", AT_STR_ARG(list), before, choices[i]);
        at_str_nearest_try(&near, at_str_z(choices[i]));
    }
    struct at_diag *diag =
        at_lex_mistake(&p->lexer, AT_A0127, word.span, "expected %.*s after `%s`, found `%.*s`",
                       AT_STR_ARG(list), after, AT_STR_ARG(word.text));
    /* The caller goes on as if the first choice was written. The policy is rejected anyway, and
     * later checks have a valid value. */
    if (!diag || !near.best.n) return 0;
    at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(near.best));
    at_diag_fix(diag, word.span, "%.*s", AT_STR_ARG(near.best));
    return 0;
}

#define ONE_OF(p, word, after, ...)                                                                          \
    one_of((p), (word), (const char *const[]){__VA_ARGS__}, AT_COUNT(((const char *const[]){__VA_ARGS__})),  \
           (after))

/* Reports a duplicate. Both spans must cover one keyword only, because the message quotes the
 * second. */
static void twice(struct at_syntax_parser *p, at_span span, at_span first) {
    at_str word = at_diag_sources_text(p->lexer.ast->sources, span);
    struct at_diag *diag = at_lex_mistake(&p->lexer, AT_A0121, span, "duplicate `%.*s`", AT_STR_ARG(word));
    if (!diag) return;
    at_diag_label(diag, first, "first here");
    at_diag_help(diag, "delete one of them");
}

/* Reports a block without contents. The grammar allows it, because this message is clearer than a
 * syntax error at `}`. */
static void empty(struct at_syntax_parser *p, struct at_lex_word name, const char *what, const char *help) {
    struct at_diag *diag =
        at_lex_mistake(&p->lexer, AT_A0122, name.span, "missing %s in `%.*s`", what, AT_STR_ARG(name.text));
    if (diag) at_diag_help(diag, "%s", help);
}

/* ---- clauses */

/* The keyword with which a construct begins. Clause nodes store only the span of the whole
 * construct. */
static at_span first_word(const struct at_syntax_parser *p, at_span span) {
    at_str text = at_diag_sources_text(p->lexer.ast->sources, span);
    uint32_t n = 0;
    for (unsigned bytes; n < text.n && at_lex_word_char(text.p + n, text.p + text.n, &bytes);)
        n += bytes;
    return (at_span){span.start, span.start + n};
}

struct at_syntax_list *at_syntax_list_add_once(struct at_syntax_parser *p, struct at_syntax_list *list,
                                               struct at_ast_node *clause) {
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i]->kind == clause->kind) {
            twice(p, first_word(p, clause->span), first_word(p, list->at[i]->span));
            return list;
        }
    return at_syntax_list_add(p, list, clause);
}

struct at_syntax_clauses *at_syntax_clauses_new(struct at_syntax_parser *p) {
    return AT_NEW(p->lexer.arena, struct at_syntax_clauses);
}

struct at_syntax_clauses *at_syntax_clause(struct at_syntax_parser *p, struct at_syntax_clauses *clauses,
                                           enum at_syntax_clause_kind kind, at_span span,
                                           struct at_ast_node *node, struct at_lex_word word) {
    struct at_syntax_clause *clause = &clauses->at[kind];
    if (clause->there) {
        twice(p, span, clause->span);
        return clauses;
    }
    *clause = (struct at_syntax_clause){true, span, node, word};
    /* `split by contribution` and `split by weight` have the same shape. The word `contribution`
     * decides, unless it is in backquotes. */
    if (kind != AT_C_SPLIT) return clauses;
    clauses->split = AT_OP_BY;
    /* A name in backquotes has a span that is longer than its text. */
    bool quoted = node->span.end - node->span.start != node->text.n;
    if (node->kind == AT_N_NAME && !quoted && at_str_eq(node->text, AT_STR("contribution"))) {
        clauses->split = AT_OP_CONTRIBUTION;
        clause->node = NULL;
    }
    return clauses;
}

struct at_syntax_clauses *at_syntax_clause_as(struct at_syntax_parser *p, struct at_syntax_clauses *clauses,
                                              enum at_ast_op how, at_span span, struct at_ast_node *node,
                                              struct at_lex_word word) {
    bool first = !clauses->at[AT_C_SPLIT].there;
    at_syntax_clause(p, clauses, AT_C_SPLIT, span, node, word);
    if (!first) return clauses;
    clauses->split = how;
    clauses->at[AT_C_SPLIT].node = node; /* a measure may be called `contribution` */
    return clauses;
}

/* `split` followed by a single word. The clause counts as present even if the word is unknown, so
 * that no second error reports it as missing. */
struct at_syntax_clauses *at_syntax_clause_split(struct at_syntax_parser *p,
                                                 struct at_syntax_clauses *clauses, at_span span,
                                                 struct at_lex_word how) {
    bool first = !clauses->at[AT_C_SPLIT].there;
    if (at_str_eq(how.text, AT_STR("equally"))) {
        if (first)
            clauses->split = AT_OP_EQUALLY;
        else
            twice(p, span, clauses->at[AT_C_SPLIT].span);
    } else {
        struct at_diag *diag =
            at_lex_mistake(&p->lexer, AT_A0127, how.span,
                           "expected `equally` or `by` after `split`, found `%.*s`", AT_STR_ARG(how.text));
        if (diag)
            at_diag_help(diag, "write `split equally`, `split by contribution`, or `split by` and a weight");
    }
    if (first) clauses->at[AT_C_SPLIT] = (struct at_syntax_clause){true, span, NULL, how};
    return clauses;
}

struct at_syntax_clauses *at_syntax_clause_negatives(struct at_syntax_parser *p,
                                                     struct at_syntax_clauses *clauses, at_span span,
                                                     struct at_lex_word what) {
    ONE_OF(p, what, "including", "negatives");
    return at_syntax_clause(p, clauses, AT_C_NEGATIVES, span, NULL, what);
}

/* ---- the file */

/* An attribute belongs to the `policy` statement directly before it. `round` is an attribute
 * there, and a statement of its own everywhere else. */
void at_ast_item(struct at_syntax_parser *p, struct at_ast_node *item) {
    if (!item) return;
    bool attribute = item->kind == AT_N_VERSION || item->kind == AT_N_EFFECTIVE ||
                     item->kind == AT_N_CURRENCY || item->kind == AT_N_PERIODS || item->kind == AT_N_FISCAL ||
                     item->kind == AT_N_ALLOW || item->kind == AT_N_LANGUAGE || item->kind == AT_N_ROUND ||
                     item->kind == AT_N_PAYS;
    if (!attribute || (item->kind == AT_N_ROUND && !p->policy)) {
        bool lost = item->kind == AT_N_ERROR;
        /* Consecutive ERROR nodes are one region of lost text. One node is enough for the
         * formatter and for editors. */
        bool lost_before = p->items.n && p->items.at[p->items.n - 1]->kind == AT_N_ERROR;
        if (!(lost && lost_before)) at_syntax_list_add(p, &p->items, item);
        /* A lost statement does not end the attributes: the ones after it still belong to the
         * policy. */
        if (!lost) p->policy = item->kind == AT_N_POLICY ? item : NULL;
        return;
    }
    if (!p->policy) {
        at_str word = at_diag_sources_text(p->lexer.ast->sources, first_word(p, item->span));
        struct at_diag *diag = at_lex_mistake(&p->lexer, AT_A0115, first_word(p, item->span),
                                              "`%.*s` does not directly follow `policy`", AT_STR_ARG(word));
        if (diag) at_diag_help(diag, "move it directly after `policy \"…\"`, before all other statements");
        return;
    }
    struct at_ast_node *policy = p->policy, *first = at_ast_child(policy, item->kind);
    /* Several warnings may be accepted. The number bounds the time of growing by one. */
    if (first && (item->kind != AT_N_ALLOW || policy->n > 400)) {
        twice(p, first_word(p, item->span), first_word(p, first->span));
        return;
    }
    size_t size = sizeof(struct at_ast_node *);
    policy->child = at_arena_grow(p->lexer.arena, policy->child, policy->n * size, (policy->n + 1) * size);
    policy->child[policy->n++] = item;
    policy->span = at_span_join(policy->span, item->span);
    if (policy->height <= item->height) policy->height = item->height + 1;
}

struct at_ast_node *at_ast_file(struct at_syntax_parser *p) {
    const struct at_diag_source_file *file = p->lexer.file;
    at_span span = {file->base, file->base + file->text.n};
    struct at_ast_node *node = at_ast_mixed(p, span, AT_N_FILE, NULL, 0, &p->items, NULL, 0);
    node->text = file->name;
    return node;
}

/* ---- policy and what belongs to it */

struct at_ast_node *at_ast_policy(struct at_syntax_parser *p, at_span span, struct at_ast_node *name) {
    return at_ast_named(p, span, AT_N_POLICY, word_of(name));
}

struct at_ast_node *at_ast_version(struct at_syntax_parser *p, at_span span, struct at_ast_node *number) {
    return at_ast_one(p, span, AT_N_VERSION, number);
}

struct at_ast_node *at_ast_language(struct at_syntax_parser *p, at_span span, struct at_ast_node *number) {
    return at_ast_one(p, span, AT_N_LANGUAGE, number);
}

struct at_ast_node *at_ast_effective(struct at_syntax_parser *p, at_span span, struct at_ast_node *from,
                                     struct at_ast_node *to) {
    return at_ast_two(p, span, AT_N_EFFECTIVE, from, to);
}

struct at_ast_node *at_ast_periods(struct at_syntax_parser *p, at_span span, struct at_lex_word kind,
                                   struct at_lex_word weekday) {
    ONE_OF(p, kind, "period", "month", "quarter", "half", "year", "week", "semimonth");
    struct at_ast_node *node = at_ast_named(p, span, AT_N_PERIODS, kind);
    set_by(node, weekday);
    return node;
}

/* The number of weeks is a duration of days: the checker divides it by seven. */
struct at_ast_node *at_ast_periods_from(struct at_syntax_parser *p, at_span span, struct at_ast_node *weeks,
                                        struct at_ast_node *day) {
    struct at_ast_node *node = at_ast_two(p, span, AT_N_PERIODS, weeks, day);
    return at_ast_set_name(node, (struct at_lex_word){AT_STR("week"), weeks ? weeks->span : span});
}

/* The pattern is text in plain characters, without its spaces. */
struct at_ast_node *at_ast_fiscal_weeks(struct at_syntax_parser *p, at_span span, struct at_lex_word weeks,
                                        at_span pattern, struct at_ast_node *day) {
    ONE_OF(p, weeks, "fiscal", "weeks");
    at_str written = at_lex_plain(p->lexer.arena, at_diag_sources_text(p->lexer.ast->sources, pattern));
    char *text = at_arena_get(p->lexer.arena, written.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < written.n; i++)
        if (written.p[i] != ' ' && written.p[i] != '\n') text[n++] = written.p[i];
    struct at_ast_node *node = at_ast_one(p, span, AT_N_FISCAL, day);
    return at_ast_set_name(node, (struct at_lex_word){{text, n}, pattern});
}

struct at_ast_node *at_ast_fiscal(struct at_syntax_parser *p, at_span span, struct at_lex_word year,
                                  struct at_lex_word month) {
    ONE_OF(p, year, "fiscal", "year");
    return at_ast_named(p, span, AT_N_FISCAL, month);
}

struct at_ast_node *at_ast_allow(struct at_syntax_parser *p, at_span span, struct at_lex_word code,
                                 struct at_ast_node *reason) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_ALLOW, code);
    set2(node, word_of(reason));
    return node;
}

struct at_lex_word at_ast_two_words(struct at_syntax_parser *p, struct at_lex_word first,
                                    struct at_lex_word second) {
    at_str both = at_str_format(p->lexer.arena, "%.*s %.*s", AT_STR_ARG(first.text), AT_STR_ARG(second.text));
    return (struct at_lex_word){both, at_span_join(first.span, second.span)};
}

/* The unit is a word or an amount. The checker knows the currency, and so what both mean. */
struct at_ast_node *at_ast_round(struct at_syntax_parser *p, at_span span, struct at_lex_word how,
                                 struct at_lex_word unit, struct at_ast_node *amount) {
    struct at_ast_node *node = at_ast_one(p, span, AT_N_ROUND, amount);
    static const enum at_ast_op OPS[] = {AT_OP_HALF_UP, AT_OP_HALF_EVEN, AT_OP_DOWN};
    node->op = (uint16_t)OPS[ONE_OF(p, how, "round", "half up", "half even", "down")];
    return amount ? node : at_ast_set_name(node, unit);
}

struct at_ast_node *at_ast_use(struct at_syntax_parser *p, at_span span, struct at_ast_node *path) {
    return at_ast_named(p, span, AT_N_USE, word_of(path));
}

struct at_ast_node *at_ast_path(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                struct at_ast_node *path) {
    return at_ast_named(p, span, kind, word_of(path));
}

struct at_ast_node *at_ast_without(struct at_syntax_parser *p, at_span span, struct at_lex_word keyword,
                                   struct at_lex_word name) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_WITHOUT, name);
    set2(node, keyword);
    return node;
}

struct at_ast_node *at_ast_without_text(struct at_syntax_parser *p, at_span span, struct at_lex_word keyword,
                                        struct at_ast_node *text) {
    return at_ast_without(p, span, keyword, word_of(text));
}

struct at_ast_node *at_ast_applies(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_ast_node *days, struct at_syntax_list *except,
                                   struct at_ast_node *where) {
    struct at_ast_node *node = at_ast_new(&p->lexer, span, AT_N_APPLIES, (uint32_t)except->n + 2);
    if (!node) return NULL;
    if (except->n > AT_MOST_EXCEPT) {
        struct at_diag *diag = at_lex_mistake(&p->lexer, AT_A1186, except->at[AT_MOST_EXCEPT]->span,
                                              "more than %d `except` in one `applies to`", AT_MOST_EXCEPT);
        if (diag)
            at_diag_help(diag, "write the days as rows of a table: `except from TABLE.first to TABLE.last`");
    }
    node->child[0] = where;
    node->child[1] = days;
    for (size_t i = 0; i < except->n; i++)
        node->child[i + 2] = except->at[i];
    return at_ast_set_name(node, name);
}

/* ---- tables */

/* `payee`, `data`, and `history` have one shape, so the checker can treat their fields alike. */
struct at_ast_node *at_ast_table(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_lex_word name, struct at_ast_node *file,
                                 struct at_ast_node *decimals, struct at_syntax_list *fields) {
    struct at_ast_node *node = at_ast_set_name(at_ast_list(p, span, kind, fields), name);
    set2(node, word_of(file));
    if (file) node->by = file->by;
    if (decimals) node->flags |= decimals->flags;
    if (fields->n == 0) empty(p, name, "fields", "add a field, such as `id text key`");
    return node;
}

struct at_ast_node *at_ast_history(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_lex_word of, struct at_ast_node *file,
                                   struct at_ast_node *decimals, struct at_syntax_list *fields) {
    struct at_ast_node *node = at_ast_table(p, span, AT_N_HISTORY, name, file, decimals, fields);
    set3(node, of);
    return node;
}

/* `decimal comma` and `decimal point`. The node is there so that a clause can hold it; its flag is what
 * counts. */
struct at_ast_node *at_ast_decimals(struct at_syntax_parser *p, at_span span, struct at_lex_word mark) {
    unsigned point = ONE_OF(p, mark, "decimal", "comma", "point");
    struct at_ast_node *node = at_ast_leaf(p, span, AT_N_NAME);
    node->flags = point ? AT_F_DECIMAL_POINT : AT_F_DECIMAL_COMMA;
    return node;
}

struct at_ast_node *at_ast_field(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_ast_node *type, struct at_syntax_clauses *options) {
    const struct at_syntax_clause *at = options->at;
    struct at_ast_node *node =
        at_ast_set_name(at_ast_two(p, span, AT_N_FIELDDEF, type, at[AT_C_FORMAT].node), name);
    if (at[AT_C_FROM].there) set2(node, word_of(at[AT_C_FROM].node));
    if (at[AT_C_FORMAT].there) {
        const struct at_ast_node *formats = at[AT_C_FORMAT].node;
        set3(node,
             (struct at_lex_word){at_diag_sources_text(p->lexer.ast->sources, formats->span), formats->span});
    }
    if (at[AT_C_BY].there) set_by(node, at[AT_C_BY].word);
    node->flags |= (at[AT_C_KEY].there ? AT_F_KEY : 0) | (at[AT_C_LABEL].there ? AT_F_LABEL : 0) |
                   (at[AT_C_OPTIONAL].there ? AT_F_OPTIONAL : 0) |
                   (at[AT_C_DECIMAL].there ? at[AT_C_DECIMAL].node->flags : 0);
    return node;
}

struct at_ast_node *at_ast_keys(struct at_syntax_parser *p, at_span span, struct at_lex_word word,
                                struct at_lex_word first, const struct at_syntax_list *others) {
    struct at_syntax_list *names = at_syntax_list_before(p, at_ast_name(p, first), others);
    span.start = word.span.start; /* without the fields before it */
    return at_ast_list(p, span, AT_N_KEYS, names);
}

struct at_ast_node *at_ast_type(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_lex_word currency) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_TYPENAME, name);
    set2(node, currency);
    return node;
}

/* `percent in points`, `percent as fractions` */
struct at_ast_node *at_ast_type_read(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                     struct at_lex_word how, uint32_t flag) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_TYPENAME, name);
    set3(node, how);
    bool money = at_str_eq(name.text, AT_STR("money"));
    if (money && flag == AT_F_IN_POINTS)
        ; /* `money in currency`: a field, which the checker looks up */
    else if (flag == AT_F_IN_POINTS)
        ONE_OF(p, how, "in", "points");
    else
        ONE_OF(p, how, "as", "fractions");
    node->flags |= flag;
    return node;
}

/* ---- exchange rates */

struct at_ast_node *at_ast_rate_at(struct at_syntax_parser *p, at_span span, struct at_lex_word exchange,
                                   struct at_ast_node *day, struct at_lex_word over) {
    if (over.text.n) ONE_OF(p, over, "over", "month", "quarter", "half", "year");
    struct at_ast_node *node = at_ast_named_one(p, span, AT_N_RATEAT, exchange, day);
    set2(node, over);
    return node;
}

struct at_ast_node *at_ast_convert(struct at_syntax_parser *p, at_span span, struct at_ast_node *x,
                                   struct at_lex_word currency, struct at_ast_node *rate) {
    return at_ast_set_name(at_ast_two(p, span, AT_N_CONVERT, x, rate), currency);
}

struct at_ast_node *at_ast_pays(struct at_syntax_parser *p, at_span span, struct at_lex_word payee,
                                struct at_ast_node *path, struct at_ast_node *rate) {
    return at_ast_set_name(at_ast_two(p, span, AT_N_PAYS, path, rate), payee);
}

/* ---- credit, measure */

struct at_ast_node *at_ast_credit(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                  struct at_lex_word from, struct at_syntax_list *clauses) {
    struct at_ast_node *node = at_ast_set_name(at_ast_list(p, span, AT_N_CREDIT, clauses), name);
    set2(node, from);
    return node;
}

struct at_ast_node *at_ast_recipient(struct at_syntax_parser *p, at_span span, struct at_ast_node *path,
                                     struct at_ast_node *share, uint32_t flags) {
    struct at_ast_node *node = at_ast_two(p, span, AT_N_RECIPIENT, path, share);
    node->flags |= flags;
    return node;
}

/* `by team`, `by area is rep.region`: the recipients are the payees whose field has the value of the row's.
 */
struct at_ast_node *at_ast_by(struct at_syntax_parser *p, at_span span, struct at_lex_word field,
                              struct at_lex_word payee, struct at_lex_word payee_field) {
    struct at_ast_node *node = at_ast_recipient(p, span, at_ast_name(p, field), NULL, 0);
    at_ast_set_name(node, payee);
    set_by(node, payee_field);
    return at_ast_list(p, span, AT_N_TO, at_syntax_list_add(p, at_syntax_list_new(p), node));
}

struct at_ast_node *at_ast_labelled(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                    struct at_lex_word name, struct at_ast_node *label,
                                    struct at_ast_node *expr) {
    struct at_ast_node *node = at_ast_named_one(p, span, kind, name, expr);
    set2(node, word_of(label));
    return node;
}

struct at_ast_node *at_ast_measure(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_ast_node *label, struct at_ast_node *each,
                                   struct at_ast_node *expr) {
    struct at_ast_node *node =
        each ? at_ast_two(p, span, AT_N_MEASURE, expr, each) : at_ast_one(p, span, AT_N_MEASURE, expr);
    at_ast_set_name(node, name);
    set2(node, word_of(label));
    return node;
}

/* `expr` is NULL for `count` without a value. Its place among the children stays, so the clauses
 * always begin at index 1. */
struct at_ast_node *at_ast_aggregate(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                     at_span op_span, struct at_ast_node *expr, struct at_lex_word from,
                                     struct at_syntax_list *clauses) {
    struct at_ast_node *node = at_ast_mixed(p, span, AT_N_AGGREGATE, &expr, 1, clauses, NULL, 0);
    /* An aggregate has two words worth a caret: the source after `from` and the keyword. So
     * name_span is the source here, not the operator. */
    node->text = from.text;
    node->name_span = from.span;
    node->op = (uint16_t)op;
    node->span2 = op_span;
    return node;
}

struct at_ast_node *at_ast_spread(struct at_syntax_parser *p, at_span span, struct at_lex_word how, bool by) {
    struct at_ast_node *node = at_ast_leaf(p, span, AT_N_SPREAD);
    node->op = by ? AT_OP_BY_DAYS : AT_OP_EVENLY;
    if (by)
        ONE_OF(p, how, "spread by", "days");
    else
        ONE_OF(p, how, "spread", "evenly", "by days");
    return node;
}

struct at_ast_node *at_ast_spread_per(struct at_syntax_parser *p, at_span span, struct at_lex_word period) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_SPREAD, period);
    node->op = AT_OP_PER;
    ONE_OF(p, period, "per", "quarter", "half", "year");
    return node;
}

/* ---- rates and tables of keys */

struct at_ast_node *at_ast_rates(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_syntax_list *steps) {
    if (steps->n == 0) empty(p, name, "tiers", "add a tier, such as `from 0%: 8%`");
    return at_ast_set_name(at_ast_list(p, span, AT_N_RATES, steps), name);
}

struct at_ast_node *at_ast_step(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                struct at_ast_node *threshold, struct at_ast_node *rate, enum at_ast_op tie) {
    struct at_ast_node *node = at_ast_two(p, span, AT_N_STEP, threshold, rate);
    node->op = (uint16_t)op;
    /* `from 50%: 8% tie below` keeps `from` as its op. The flag excludes the threshold. */
    if (tie != AT_OP_NONE) node->flags |= AT_F_TIE_BELOW;
    return node;
}

struct at_ast_node *at_ast_ties(struct at_syntax_parser *p, at_span span, struct at_ast_node *call,
                                struct at_lex_word how, struct at_ast_node *day) {
    struct at_ast_node *node =
        day ? at_ast_two(p, span, AT_N_TIES, call, day) : at_ast_one(p, span, AT_N_TIES, call);
    node->op = AT_OP_TIES_FIRST;
    node->name_span = how.span;
    if (day) return node;
    node->op = ONE_OF(p, how, "ties", "share", "all", "first by") == 1 ? AT_OP_TIES_ALL : AT_OP_TIES_SHARE;
    return node;
}

enum at_ast_op at_ast_tie(struct at_syntax_parser *p, struct at_lex_word below) {
    ONE_OF(p, below, "tie", "below");
    return AT_OP_ABOVE;
}

/* Each row has a cell for every column. */
static void check_widths(struct at_syntax_parser *p, const struct at_syntax_list *header,
                         const struct at_syntax_list *rows) {
    uint32_t wanted = header ? (uint32_t)header->n : 1;
    for (size_t i = 0; i < rows->n; i++) {
        const struct at_ast_node *row = rows->at[i];
        uint32_t n = row->n ? row->n - 1 : 0;
        if (n == wanted || row->kind != AT_N_ROW) continue;
        struct at_diag *diag =
            at_lex_mistake(&p->lexer, AT_A0123, row->span, "expected %u value%s in this row, found %u",
                           wanted, wanted == 1 ? "" : "s", n);
        if (!diag) return;
        if (header) {
            at_diag_label(diag, at_span_join(header->at[0]->span, header->at[header->n - 1]->span),
                          "columns");
            at_diag_help(diag, "write one value for each column, with `|` between them");
        } else {
            at_diag_help(
                diag,
                "write one value in each row. For more values, name a second key, and write its values in a "
                "first line such as `| \"east\" | other`");
        }
    }
}

struct at_ast_node *at_ast_lookup(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                  struct at_syntax_list *keys, struct at_syntax_list *header,
                                  struct at_syntax_list *rows) {
    /* The grammar requires at least one key here, so keys->at[0] exists. */
    at_span key_span = at_span_join(keys->at[0]->span, keys->at[keys->n - 1]->span);
    struct at_ast_node *before[2] = {at_ast_list(p, key_span, AT_N_KEYS, keys), NULL};
    uint32_t n = 1;
    if (header) {
        at_span header_span = at_span_join(header->at[0]->span, header->at[header->n - 1]->span);
        before[n++] = at_ast_list(p, header_span, AT_N_HEADER, header);
    }
    if (rows->n == 0) empty(p, name, "rows", "add a row, such as `other | 5%`");
    check_widths(p, header, rows);
    return at_ast_set_name(at_ast_mixed(p, span, AT_N_LOOKUP, before, n, rows, NULL, 0), name);
}

struct at_ast_node *at_ast_lookup_file(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                       struct at_syntax_list *keys, struct at_ast_node *file) {
    at_span key_span = keys->n ? at_span_join(keys->at[0]->span, keys->at[keys->n - 1]->span) : name.span;
    struct at_ast_node *node = at_ast_one(p, span, AT_N_LOOKUP, at_ast_list(p, key_span, AT_N_KEYS, keys));
    set2(node, word_of(file));
    return at_ast_set_name(node, name);
}

struct at_ast_node *at_ast_row(struct at_syntax_parser *p, at_span span, struct at_ast_node *key,
                               struct at_ast_node *value) {
    return at_ast_two(p, span, AT_N_ROW, key, value);
}

struct at_ast_node *at_ast_row_more(struct at_syntax_parser *p, at_span span, struct at_ast_node *row,
                                    struct at_ast_node *value) {
    size_t size = sizeof(struct at_ast_node *);
    /* The room is not stored. It is always the next power of two, so a full array has a power of
     * two of children. */
    bool full = (row->n & (row->n - 1)) == 0; /* it begins with two, and doubles */
    if (full) row->child = at_arena_grow(p->lexer.arena, row->child, row->n * size, 2 * row->n * size);
    row->child[row->n++] = value;
    row->span = span;
    if (row->height <= value->height) row->height = value->height + 1;
    return row;
}

struct at_ast_node *at_ast_cell_from(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                     struct at_ast_node *literal) {
    struct at_ast_node *node = at_ast_one(p, span, AT_N_CELLFROM, literal);
    node->op = (uint16_t)op;
    return node;
}

/* ---- pay, pool, adjustments */

static struct at_ast_node *with_label(struct at_ast_node *node, struct at_lex_word name,
                                      struct at_ast_node *label, const struct at_syntax_clauses *base) {
    at_ast_set_name(node, name);
    set2(node, word_of(label));
    set3(node, base->at[AT_C_PER].word);
    return node;
}

static void not_in(struct at_syntax_parser *p, const struct at_syntax_clause *clause, const char *what,
                   const char *help) {
    if (!clause->there) return;
    struct at_diag *diag = at_lex_mistake(&p->lexer, AT_A0115, clause->span, "%s", what);
    if (diag) at_diag_help(diag, "%s", help);
}

/* `paid after 2 periods`; a duration is a token of its own. */
struct at_ast_node *at_ast_after_periods(struct at_syntax_parser *p, at_span span, struct at_ast_node *number,
                                         struct at_lex_word word) {
    if (!at_str_eq(word.text, AT_STR("period")) && !at_str_eq(word.text, AT_STR("periods"))) {
        struct at_diag *diag =
            at_lex_mistake(&p->lexer, AT_A0115, word.span, "unknown unit `%.*s`", AT_STR_ARG(word.text));
        if (diag) at_diag_help(diag, "write months, days, weeks, or periods, as in `paid after 1 month`");
    }
    return at_ast_one(p, span, AT_N_AFTER, number);
}

/* `by booking in order`. */
struct at_ast_node *at_ast_by_rows(struct at_syntax_parser *p, at_span span, struct at_lex_word credit,
                                   const struct at_lex_word *order) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_BYROWS, credit);
    if (!order) return node;
    node->flags |= AT_F_IN_ORDER;
    if (!at_str_eq(order->text, AT_STR("order"))) {
        struct at_diag *diag =
            at_lex_mistake(&p->lexer, AT_A0115, order->span, "unknown word `%.*s`", AT_STR_ARG(order->text));
        if (diag) at_diag_help(diag, "write `in order`, or delete `in %.*s`", AT_STR_ARG(order->text));
    }
    return node;
}

/* How many children the last clauses have: EACH, AFTER, and BYROWS. Those before the last one may be NULL. */
static uint32_t rhythm(const struct at_syntax_clauses *base) {
    if (base->at[AT_C_BY].there) return 3;
    return base->at[AT_C_AFTER].there ? 2 : base->at[AT_C_EACH].there;
}

struct at_syntax_clauses *at_syntax_clause_by(struct at_syntax_parser *p, struct at_syntax_clauses *clauses,
                                              at_span span, struct at_lex_word what, struct at_lex_word by) {
    /* A name in backquotes has a span that is longer than its text. */
    bool quoted = what.span.end - what.span.start != what.text.n;
    bool day = !quoted && at_str_eq(what.text, AT_STR("day"));
    return at_syntax_clause(p, clauses, day ? AT_C_BY_DAY : AT_C_BY, by.span,
                            at_ast_by_rows(p, span, what, NULL), by);
}

struct at_ast_node *at_ast_pay(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                               struct at_ast_node *label, struct at_syntax_clauses *base,
                               struct at_ast_node *expr, struct at_syntax_clauses *tail) {
    if (base->at[AT_C_BY_DAY].there && base->at[AT_C_BY].there)
        twice(p, base->at[AT_C_BY_DAY].span, base->at[AT_C_BY].span);
    else if (base->at[AT_C_BY_DAY].there)
        base->at[AT_C_BY] = base->at[AT_C_BY_DAY]; /* a credit of that name */
    struct at_ast_node *children[6] = {base->at[AT_C_ON].node,    expr,
                                       tail->at[AT_C_WHEN].node,  base->at[AT_C_EACH].node,
                                       base->at[AT_C_AFTER].node, base->at[AT_C_BY].node};
    struct at_ast_node *node = at_ast_mixed(p, span, AT_N_PAY, children, 3 + rhythm(base), NULL, NULL, 0);
    set_by(node, base->at[AT_C_CUMULATIVE].word);
    return with_label(node, name, label, base);
}

struct at_ast_node *at_ast_pool(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_ast_node *label, struct at_ast_node *from,
                                struct at_syntax_clauses *base, struct at_ast_node *expr,
                                struct at_syntax_clauses *tail) {
    const struct at_syntax_clause *split = &tail->at[AT_C_SPLIT];
    struct at_ast_node *children[10] = {base->at[AT_C_ON].node,
                                        expr,
                                        split->node,
                                        tail->at[AT_C_WHEN].node,
                                        tail->at[AT_C_AMONG].node,
                                        tail->at[AT_C_LIMIT].node,
                                        from,
                                        base->at[AT_C_EACH].node,
                                        base->at[AT_C_AFTER].node,
                                        base->at[AT_C_BY].node};
    struct at_ast_node *node = at_ast_mixed(p, span, AT_N_POOL, children, 7 + rhythm(base), NULL, NULL, 0);
    node->op = (uint16_t)tail->split;
    if (tail->at[AT_C_NEGATIVES].there) node->flags |= AT_F_NEGATIVES;
    if (tail->at[AT_C_IGNORING].there) node->flags |= AT_F_IGNORING;
    if (tail->at[AT_C_PRIVATE].there) node->flags |= AT_F_PRIVATE;
    if (base->at[AT_C_BY_DAY].there) node->flags |= AT_F_BY_DAY;
    /* Without `per`, the word of the clause is the keyword `at`. */
    if (node->op == AT_OP_SHARES && split->word.span.start > split->node->span.start)
        set_by(node, split->word);
    /* The message asks for a clause. `equally` is the value for later checks, because it needs no
     * weight. */
    if (!split->there) {
        node->op = AT_OP_EQUALLY;
        empty(p, name, "`split`", "add `split by contribution`, `split by` and a weight, or `split equally`");
    }
    not_in(p, &base->at[AT_C_CUMULATIVE], "a pool cannot be `cumulative`",
           "delete `cumulative over …`, and use `ytd(…)` in the formula of the pool");
    if (from)
        not_in(p, &base->at[AT_C_ON], "a part of a pool has the base of that pool",
               "delete `on …`: a rate applies to the amount of the pool after `from`");
    return with_label(node, name, label, base);
}

struct at_ast_node *at_ast_cap(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                               struct at_lex_word name, struct at_ast_node *label, struct at_ast_node *at,
                               struct at_syntax_clauses *tail) {
    struct at_ast_node *node = at_ast_set_name(at_ast_two(p, span, kind, at, tail->at[AT_C_WHEN].node), name);
    set2(node, word_of(label));
    set_by(node, tail->at[AT_C_PER].word);
    return node;
}

static struct at_ast_node *draw_of(struct at_syntax_parser *p, at_span span, struct at_ast_node *expr,
                                   struct at_lex_word against, struct at_syntax_clauses *tail) {
    struct at_ast_node *children[8] = {expr,
                                       tail->at[AT_C_WHEN].node,
                                       tail->at[AT_C_LIMIT].node,
                                       tail->at[AT_C_FROM].node,
                                       tail->at[AT_C_DUE].node,
                                       tail->at[AT_C_OPENING].node,
                                       tail->at[AT_C_EACH].node,
                                       tail->at[AT_C_AFTER].node};
    struct at_ast_node *node = at_ast_mixed(p, span, AT_N_DRAW, children, 8, NULL, NULL, 0);
    set3(node, against);
    return node;
}

struct at_ast_node *at_ast_draw(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_ast_node *label, struct at_ast_node *expr,
                                struct at_syntax_clauses *tail) {
    struct at_ast_node *node = draw_of(p, span, expr, tail->at[AT_C_AGAINST].word, tail);
    at_ast_set_name(node, name);
    set2(node, word_of(label));
    if (tail->at[AT_C_RECOVERABLE].there) node->flags |= AT_F_RECOVERABLE;
    if (!tail->at[AT_C_AGAINST].there)
        empty(p, name, "`against`", "add the component that the draw raises, such as `against commission`");
    return node;
}

/* A draw of an amount, most often of zero. Its name is that of its line. */
struct at_ast_node *at_ast_carry(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_ast_node *expr, struct at_syntax_clauses *tail) {
    struct at_ast_node *node = draw_of(p, span, expr, name, tail);
    struct at_lex_word line = name;
    line.text = at_str_format(p->lexer.arena, "carry %.*s", AT_STR_ARG(name.text));
    at_ast_set_name(node, line);
    node->flags |= AT_F_RECOVERABLE | AT_F_CARRY;
    return node;
}

/* ---- hold, release, clawback */

struct at_ast_node *at_ast_hold(struct at_syntax_parser *p, at_span span, struct at_ast_node *share,
                                struct at_lex_word name, struct at_ast_node *until,
                                struct at_syntax_clauses *tail) {
    struct at_ast_node *children[4] = {share, until, tail->at[AT_C_LIMIT].node, tail->at[AT_C_WHEN].node};
    return at_ast_set_name(at_ast_mixed(p, span, AT_N_HOLD, children, 4, NULL, NULL, 0), name);
}

struct at_ast_node *at_ast_release(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_lex_word with, struct at_ast_node *on,
                                   struct at_syntax_clauses *tail) {
    struct at_ast_node *node = at_ast_set_name(
        at_ast_three(p, span, AT_N_RELEASE, on, tail->at[AT_C_LIMIT].node, tail->at[AT_C_WHEN].node), name);
    set2(node, with);
    if (!tail->at[AT_C_LIMIT].there)
        empty(p, name, "`at`", "add the part that a row releases, such as `at receipt.amount / deal.amount`");
    return node;
}

enum at_ast_op at_ast_method(struct at_syntax_parser *p, struct at_lex_word first,
                             struct at_lex_word second) {
    static const enum at_ast_op METHODS[] = {AT_OP_AS_PAID, AT_OP_AS_RATED, AT_OP_AS_SOLD};
    struct at_lex_word both = first;
    if (second.text.n) {
        both.span = at_span_join(first.span, second.span);
        both.text =
            at_str_format(p->lexer.arena, "%.*s %.*s", AT_STR_ARG(first.text), AT_STR_ARG(second.text));
    }
    return METHODS[ONE_OF(p, both, "as", "paid", "rated now", "never sold")];
}

struct at_ast_node *at_ast_clawback(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                    enum at_ast_op method, struct at_ast_node *on,
                                    struct at_syntax_clauses *tail) {
    struct at_ast_node *node = at_ast_set_name(
        at_ast_three(p, span, AT_N_CLAWBACK, on, tail->at[AT_C_LIMIT].node, tail->at[AT_C_WHEN].node), name);
    node->op = (uint16_t)method;
    return node;
}

struct at_ast_node *at_ast_adjust(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                  struct at_ast_node *expr, struct at_syntax_clauses *tail) {
    struct at_ast_node *node =
        at_ast_set_name(at_ast_two(p, span, AT_N_ADJUST, expr, tail->at[AT_C_WHEN].node), name);
    set2(node, word_of(tail->at[AT_C_BECAUSE].node));
    return node;
}

/* ---- function, require, test */

struct at_ast_node *at_ast_function(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                    struct at_syntax_list *parameters, struct at_ast_node *type,
                                    struct at_ast_node *body) {
    struct at_ast_node *after[2] = {type, body};
    return at_ast_set_name(at_ast_mixed(p, span, AT_N_FUNCTION, NULL, 0, parameters, after, 2), name);
}

struct at_ast_node *at_ast_hook(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_syntax_list *parameters, struct at_ast_node *type,
                                struct at_lex_word language, struct at_ast_node *file) {
    struct at_ast_node *node = at_ast_function(p, span, name, parameters, type, NULL);
    ONE_OF(p, language, "from", "lua");
    set2(node, word_of(file));
    return node;
}

struct at_ast_node *at_ast_require(struct at_syntax_parser *p, at_span span, struct at_ast_node *cond,
                                   struct at_ast_node *message) {
    return at_ast_named_one(p, span, AT_N_REQUIRE, word_of(message), cond);
}

struct at_ast_node *at_ast_independent(struct at_syntax_parser *p, at_span span, struct at_lex_word component,
                                       struct at_ast_node *path) {
    struct at_lex_word field = {.span = path->span,
                                .text = at_diag_sources_text(p->lexer.ast->sources, path->span)};
    struct at_ast_node *node = at_ast_named_one(p, span, AT_N_INDEPENDENT, field, path);
    set2(node, component);
    return node;
}

struct at_ast_node *at_ast_shown(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_ast_node *label) {
    struct at_ast_node *node = at_ast_named(p, span, AT_N_SHOWN, name);
    set2(node, word_of(label));
    return node;
}

struct at_ast_node *at_ast_test(struct at_syntax_parser *p, at_span span, struct at_ast_node *title,
                                struct at_syntax_list *examples) {
    return at_ast_set_name(at_ast_list(p, span, AT_N_TEST, examples), word_of(title));
}

struct at_ast_node *at_ast_given(struct at_syntax_parser *p, at_span span, struct at_lex_word table,
                                 struct at_syntax_list *pairs) {
    return at_ast_set_name(at_ast_list(p, span, AT_N_GIVEN, pairs), table);
}

struct at_ast_node *at_ast_expect_name(struct at_syntax_parser *p, struct at_lex_word name,
                                       const struct at_lex_word *paid) {
    struct at_ast_node *node = at_ast_name(p, name);
    if (paid) set_by(node, *paid);
    return node;
}

static bool has_one_name(const struct at_ast_node *call) {
    return call->n == 1 && call->child[0] && call->child[0]->kind == AT_N_NAME && call->by.n == 0 &&
           !(call->flags & AT_F_IGNORING);
}

struct at_ast_node *at_ast_expect_call(struct at_syntax_parser *p, struct at_ast_node *call) {
    bool named = at_str_eq(call->text, AT_STR("paid")) || at_str_eq(call->text, AT_STR("balance"));
    if (!named || !has_one_name(call)) return call;
    const struct at_lex_word word = {.text = call->text, .span = call->name_span},
                             name = {.text = call->child[0]->text, .span = call->child[0]->name_span};
    return at_ast_expect_name(p, name, &word);
}

static struct at_ast_node *expect_call(struct at_syntax_parser *p, at_span span, struct at_ast_node *call,
                                       struct at_ast_node *value) {
    return at_ast_two(p, span, AT_N_EXPECTCALL, call, value);
}

/* A call is not of a payee: `expect X(name) for …` can only mean the lines or the balance of a name. */
static void refuse_payee(struct at_syntax_parser *p, const struct at_ast_node *call) {
    struct at_lex_word word = {.text = call->text, .span = call->name_span};
    if (has_one_name(call)) {
        ONE_OF(p, word, "expect", "balance", "paid");
        return;
    }
    struct at_diag *diag = at_lex_mistake(&p->lexer, AT_A0127, call->span,
                                          "the call of a function is not of a payee or a period");
    if (diag) at_diag_help(diag, "write `expect %.*s(…) = …`", AT_STR_ARG(call->text));
}

struct at_ast_node *at_ast_expect_because(struct at_syntax_parser *p, at_span span,
                                          struct at_ast_node *subject, struct at_ast_node *value,
                                          struct at_ast_node *reason) {
    if (subject && subject->kind == AT_N_CALL) {
        struct at_ast_node *node = expect_call(p, span, subject, value);
        set2(node, word_of(reason));
        return node;
    }
    struct at_diag *diag =
        at_lex_mistake(&p->lexer, AT_A0127, span_of(reason), "`because` is the reason of a function");
    if (diag) at_diag_help(diag, "call the function: write `expect NAME(…) = … because \"…\"`");
    return at_ast_expect(p, span, subject, NULL, NULL, value);
}

struct at_ast_node *at_ast_expect_fails(struct at_syntax_parser *p, at_span span, struct at_ast_node *call,
                                        struct at_lex_word word, struct at_ast_node *message) {
    ONE_OF(p, word, ")", "fails");
    struct at_ast_node *node = expect_call(p, span, call, NULL);
    set2(node, word_of(message));
    return node;
}

struct at_ast_node *at_ast_expect(struct at_syntax_parser *p, at_span span, const struct at_ast_node *name,
                                  struct at_ast_node *payee, struct at_ast_node *period,
                                  struct at_ast_node *value) {
    bool call = name && name->kind == AT_N_CALL;
    if (call && !payee && !period) return expect_call(p, span, (struct at_ast_node *)name, value);
    if (call) {
        refuse_payee(p, name);
        return expect_call(p, span, (struct at_ast_node *)name, value);
    }
    struct at_ast_node *node = at_ast_three(p, span, AT_N_EXPECT, payee, period, value);
    if (value && value->kind == AT_N_DAYS) { /* of at_ast_not_covered */
        node->child[2] = NULL;
        node->flags |= AT_F_NOT;
    }
    if (!name) return node;
    set_by(node, (struct at_lex_word){name->by, name->by_span});
    return at_ast_set_name(node, (struct at_lex_word){name->text, name->name_span});
}

/* NULL as the value of an EXPECT means "is withheld", so a misspelled word also returns NULL
 * after its error. */
struct at_ast_node *at_ast_withheld(struct at_syntax_parser *p, struct at_lex_word word) {
    ONE_OF(p, word, "is", "withheld", "not covered");
    return NULL;
}

/* A node that no value has, for at_ast_expect. */
struct at_ast_node *at_ast_not_covered(struct at_syntax_parser *p, at_span span, struct at_lex_word word) {
    ONE_OF(p, word, "is not", "covered");
    return at_ast_leaf(p, span, AT_N_DAYS);
}
