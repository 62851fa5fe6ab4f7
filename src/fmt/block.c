/* fmt/block.c: formats statements in columns: attributes, fields, clauses, steps, tables, examples. */
#include "fmt/fmt_int.h"

static unsigned wider(unsigned a, at_str text) {
    unsigned width = at_utf8_width(text);
    return width > a ? width : a;
}

static void open_brace(struct at_fmt *f) {
    at_fmt_z(f, " {");
}

/* The closing brace is the last byte of the span of every statement with braces. */
static void close_brace(struct at_fmt *f, const struct at_ast_node *node) {
    at_fmt_close(f, node->span.end - 1, 0);
    at_fmt_z(f, "}");
}

/* Writes a keyword and the source text of an optional clause. An empty span writes nothing. */
static void word_and(struct at_fmt *f, const char *word, at_span span) {
    if (span.end == 0) return;
    at_fmt_z(f, word);
    at_fmt_str(f, at_fmt_source(f, span));
}

/* ---- policy */

static bool is_by(const struct at_ast_node *to) {
    return to->n == 1 && to->child[0]->by.n > 0;
}

static at_str by_field(struct at_fmt *f, const struct at_ast_node *r) {
    struct at_fmt o = {.arena = f->arena, .ast = f->ast, .source = f->source};
    at_fmt_str(&o, at_fmt_flat(f, r->child[0], AT_L_EXPR));
    if (r->text.n == 0) return at_text_str(&o.line);
    at_fmt_z(&o, " is ");
    at_fmt_str(&o, at_fmt_source(f, r->name_span));
    at_fmt_z(&o, ".");
    at_fmt_str(&o, at_fmt_source(f, r->by_span));
    return at_text_str(&o.line);
}

/* Sets *word to the keyword, and returns the text of the second column. */
static at_str attribute(struct at_fmt *f, const struct at_ast_node *node, const char **word) {
    at_str name = at_fmt_source(f, node->name_span);
    switch (node->kind) {
    case AT_N_LANGUAGE: *word = "language"; return at_fmt_source(f, node->child[0]->span);
    case AT_N_VERSION: *word = "version"; return at_fmt_source(f, node->child[0]->span);
    case AT_N_CURRENCY: *word = "currency"; return name;
    case AT_N_PERIODS:
        *word = "period";
        if (node->n)
            return at_str_format(f->arena, "%.*s from %.*s",
                                 AT_STR_ARG(at_fmt_source(f, node->child[0]->span)),
                                 AT_STR_ARG(at_fmt_source(f, node->child[1]->span)));
        if (!node->by.n) return name;
        return at_str_format(f->arena, "%.*s from %.*s", AT_STR_ARG(name), AT_STR_ARG(node->by));
    case AT_N_FISCAL:
        *word = "fiscal";
        if (node->n)
            return at_str_format(f->arena, "weeks %.*s from %.*s", AT_STR_ARG(node->text),
                                 AT_STR_ARG(at_fmt_source(f, node->child[0]->span)));
        return at_str_format(f->arena, "year from %.*s", AT_STR_ARG(name));
    case AT_N_EFFECTIVE: {
        *word = "effective";
        at_str from = at_fmt_source(f, node->child[0]->span);
        if (!node->child[1]) return at_str_format(f->arena, "from %.*s", AT_STR_ARG(from));
        return at_str_format(f->arena, "from %.*s to %.*s", AT_STR_ARG(from),
                             AT_STR_ARG(at_fmt_source(f, node->child[1]->span)));
    }
    case AT_N_ALLOW:
        *word = "allow";
        return at_str_format(f->arena, "%.*s because %.*s", AT_STR_ARG(name),
                             AT_STR_ARG(at_fmt_source(f, node->span2)));
    case AT_N_PAYS:
        *word = "pays";
        return at_str_format(f->arena, "%.*s in %.*s at %.*s", AT_STR_ARG(name),
                             AT_STR_ARG(at_fmt_flat(f, node->child[0], AT_L_POSTFIX)),
                             AT_STR_ARG(at_fmt_flat(f, node->child[1], AT_L_PRIMARY)));
    default: {
        *word = "round";
        const char *how = node->op == AT_OP_HALF_UP     ? "half up"
                          : node->op == AT_OP_HALF_EVEN ? "half even"
                                                        : "down";
        if (node->child[0]) name = at_fmt_source(f, node->child[0]->span);
        return at_str_format(f->arena, "%s to %.*s", how, AT_STR_ARG(name));
    }
    }
}

/* The first loop measures the keywords, because the second column starts after the widest. */
static void policy(struct at_fmt *f, const struct at_ast_node *node) {
    unsigned width = 0;
    const char *word;
    at_fmt_z(f, "policy ");
    at_fmt_str(f, at_fmt_source(f, node->name_span));
    for (uint32_t i = 0; i < node->n; i++) {
        attribute(f, node->child[i], &word);
        width = wider(width, at_str_z(word));
    }
    for (uint32_t i = 0; i < node->n; i++) {
        at_str text = attribute(f, node->child[i], &word);
        at_fmt_break(f, node->child[i]->span.start, 2, true);
        at_fmt_z(f, word);
        at_fmt_pad(f, 2 + width + 1);
        at_fmt_str(f, text);
    }
}

/* ---- tables of data */

/* A type of several words is put together again, so that several spaces between them become one. */
static at_str type_text(struct at_fmt *f, const struct at_ast_node *type) {
    if (type->kind != AT_N_TYPEENUM) {
        const char *between = type->flags & AT_F_IN_POINTS ? "in" : "as";
        if (type->text3.n)
            return at_str_format(f->arena, "%.*s %s %.*s", AT_STR_ARG(type->text), between,
                                 AT_STR_ARG(type->text3));
        if (!type->text2.n) return at_fmt_source(f, type->span);
        return at_str_format(f->arena, "%.*s %.*s", AT_STR_ARG(type->text), AT_STR_ARG(type->text2));
    }
    struct at_text text = {0};
    at_text_add(f->arena, &text, AT_STR("one of ("));
    for (uint32_t i = 0; i < type->n; i++) {
        if (i) at_text_add(f->arena, &text, AT_STR(", "));
        at_text_add(f->arena, &text, at_fmt_source(f, type->child[i]->span));
    }
    at_text_add(f->arena, &text, AT_STR(")"));
    return at_text_str(&text);
}

/* Writes to a page of its own to get the text and its width. The page has no comments and no lines,
 * because options have no breaks. */
static at_str field_options(struct at_fmt *f, const struct at_ast_node *field) {
    struct at_fmt o = {.arena = f->arena, .ast = f->ast, .source = f->source};
    word_and(&o, " by ", field->by_span);
    if (field->flags & AT_F_KEY) at_fmt_z(&o, " key");
    if (field->flags & AT_F_LABEL) at_fmt_z(&o, " label");
    if (field->flags & AT_F_OPTIONAL) at_fmt_z(&o, " optional");
    word_and(&o, " from ", field->span2);
    const struct at_ast_node *formats = field->child[1];
    for (uint32_t i = 0; formats && i < formats->n; i++)
        word_and(&o, i ? " or " : " format ", formats->child[i]->span);
    if (field->flags & AT_F_DECIMAL_COMMA) at_fmt_z(&o, " decimal comma");
    if (field->flags & AT_F_DECIMAL_POINT) at_fmt_z(&o, " decimal point");
    if (o.line.n == 0) return (at_str){"", 0};
    /* Without the space that each option begins with: the caller fills up the column. */
    return (at_str){o.line.at + 1, (uint32_t)o.line.n - 1};
}

/* A list of texts that is too long for its line goes on below its first. */
static void put_type(struct at_fmt *f, const struct at_ast_node *type) {
    at_str text = type_text(f, type);
    if (type->kind != AT_N_TYPEENUM || at_fmt_fits(f, text)) {
        at_fmt_str(f, text);
        return;
    }
    at_fmt_z(f, "one of (");
    unsigned indent = at_fmt_column(f);
    for (uint32_t i = 0; i < type->n; i++) {
        at_str choice = at_fmt_source(f, type->child[i]->span);
        if (i) at_fmt_z(f, ",");
        if (i && at_fmt_column(f) + at_utf8_width(choice) + 2 > AT_FMT_WIDTH)
            at_fmt_break(f, type->child[i]->span.start, indent, false);
        else if (i)
            at_fmt_z(f, " ");
        at_fmt_str(f, choice);
    }
    at_fmt_z(f, ")");
}

static void fields(struct at_fmt *f, const struct at_ast_node *node) {
    unsigned names = 0, types = 0;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *field = node->child[i];
        if (field->kind == AT_N_KEYS) {
            names = wider(names, AT_STR("key"));
            continue;
        }
        names = wider(names, at_fmt_source(f, field->name_span));
        at_str type = type_text(f, field->child[0]);
        /* Only types that options follow need the column. A list of choices wider than 20 would move all
         * options far to the right. */
        if (field_options(f, field).n && at_utf8_width(type) <= 20) types = wider(types, type);
    }
    open_brace(f);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *field = node->child[i];
        at_fmt_break(f, field->span.start, 2, true);
        if (field->kind == AT_N_KEYS) {
            at_fmt_z(f, "key");
            at_fmt_pad(f, 2 + names + 1);
            for (uint32_t k = 0; k < field->n; k++) {
                if (k) at_fmt_z(f, ", ");
                at_fmt_str(f, at_fmt_source(f, field->child[k]->name_span));
            }
            continue;
        }
        at_fmt_str(f, at_fmt_source(f, field->name_span));
        at_fmt_pad(f, 2 + names + 1);
        put_type(f, field->child[0]);
        at_str options = field_options(f, field);
        if (options.n == 0) continue;
        at_fmt_pad(f, 2 + names + 1 + types + 1);
        at_fmt_str(f, options);
    }
    close_brace(f, node);
}

/* Writes the clauses in the order of the grammar: name, `of`, `from`, fields. */
static void table(struct at_fmt *f, const struct at_ast_node *node) {
    word_and(f,
             node->kind == AT_N_PAYEE      ? "payee "
             : node->kind == AT_N_DATA     ? "data "
             : node->kind == AT_N_EXCHANGE ? "exchange "
                                           : "history ",
             node->name_span);
    word_and(f, " of ", node->span3);
    word_and(f, " from ", node->span2);
    if (node->by.n) at_fmt_z(f, " ");
    if (node->by.n) at_fmt_str(f, node->by);
    if (node->flags & AT_F_DECIMAL_COMMA) at_fmt_z(f, " decimal comma");
    if (node->flags & AT_F_DECIMAL_POINT) at_fmt_z(f, " decimal point");
    fields(f, node);
}

/* ---- clauses */

static at_str recipient(struct at_fmt *f, const struct at_ast_node *r) {
    struct at_fmt o = {.arena = f->arena, .ast = f->ast, .source = f->source};
    if (r->flags & AT_F_MANAGERS) at_fmt_z(&o, "managers of ");
    at_fmt_str(&o, at_fmt_flat(f, r->child[0], AT_L_EXPR));
    if (r->child[1]) at_fmt_z(&o, " at ");
    if (r->child[1]) at_fmt_str(&o, at_fmt_flat(f, r->child[1], AT_L_EXPR));
    return at_text_str(&o.line);
}

static at_str recipients(struct at_fmt *f, const struct at_ast_node *to) {
    struct at_text text = {0};
    for (uint32_t i = 0; i < to->n; i++) {
        if (i) at_text_add(f->arena, &text, AT_STR(", "));
        at_text_add(f->arena, &text, recipient(f, to->child[i]));
    }
    return at_text_str(&text);
}

/* Recipients that do not fit continue below the first. */
static void put_recipients(struct at_fmt *f, const struct at_ast_node *to) {
    unsigned indent = at_fmt_column(f);
    for (uint32_t i = 0; i < to->n; i++) {
        at_str text = recipient(f, to->child[i]);
        if (i) at_fmt_z(f, ",");
        if (i && at_fmt_column(f) + at_utf8_width(text) + 2 > AT_FMT_WIDTH)
            at_fmt_break(f, to->child[i]->span.start, indent, false);
        else if (i)
            at_fmt_z(f, " ");
        at_fmt_str(f, text);
    }
}

/* Sets *word to the keyword, and returns the text after it on one line. */
at_str at_fmt_clause(struct at_fmt *f, const struct at_ast_node *clause, const char **word) {
    switch (clause->kind) {
    case AT_N_TO:
        *word = is_by(clause) ? "by" : "to";
        return is_by(clause) ? by_field(f, clause->child[0]) : recipients(f, clause);
    case AT_N_SPREAD:
        *word = clause->op == AT_OP_PER ? "per" : "spread";
        if (clause->op == AT_OP_PER) return at_fmt_source(f, clause->name_span);
        return clause->op == AT_OP_EVENLY ? AT_STR("evenly") : AT_STR("by days");
    default:
        *word = clause->kind == AT_N_WHERE   ? "where"
                : clause->kind == AT_N_ON    ? "on"
                : clause->kind == AT_N_KNOWN ? "known from"
                : clause->kind == AT_N_UNTIL ? "until"
                                             : "amount";
        return at_fmt_flat(f, clause->child[0], AT_L_EXPR);
    }
}

/* Expressions can break. Lists of recipients and spans stay on one line. */
void at_fmt_clauses(struct at_fmt *f, struct at_ast_node *const *clauses, uint32_t n) {
    unsigned width = 0;
    const char *word;
    for (uint32_t i = 0; i < n; i++) {
        at_fmt_clause(f, clauses[i], &word);
        width = wider(width, at_str_z(word));
    }
    for (uint32_t i = 0; i < n; i++) {
        at_str text = at_fmt_clause(f, clauses[i], &word);
        at_fmt_break(f, clauses[i]->span.start, 2, false);
        at_fmt_z(f, word);
        at_fmt_pad(f, 2 + width + 1);
        bool expr = clauses[i]->kind != AT_N_TO && clauses[i]->kind != AT_N_SPREAD;
        if (expr)
            at_fmt_expr(f, clauses[i]->child[0], AT_L_EXPR, 4);
        else if (clauses[i]->kind == AT_N_TO)
            put_recipients(f, clauses[i]);
        else
            at_fmt_str(f, text);
    }
}

static void credit(struct at_fmt *f, const struct at_ast_node *node) {
    word_and(f, "credit ", node->name_span);
    word_and(f, " from ", node->span2);
    at_fmt_clauses(f, node->child, node->n);
}

/* ---- rates */

static const char *threshold_word(const struct at_ast_node *step) {
    return step->op == AT_OP_POINT ? "at" : step->op == AT_OP_ABOVE ? "above" : "from";
}

/* Thresholds are left-aligned, and number literals on the right are right-aligned, so digits are in
 * columns. Other values begin where the widest number begins. */
static void rates(struct at_fmt *f, const struct at_ast_node *node) {
    /* The width of `from`. It is 5 if any threshold has `above`. */
    unsigned words = 4, thresholds = 0, values = 0;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *step = node->child[i];
        if (step->op == AT_OP_ABOVE) words = 5;
        thresholds = wider(thresholds, at_fmt_flat(f, step->child[0], AT_L_EXPR));
        if (at_fmt_is_number(step->child[1]))
            values = wider(values, at_fmt_flat(f, step->child[1], AT_L_EXPR));
    }
    word_and(f, "rates ", node->name_span);
    open_brace(f);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *step = node->child[i];
        at_fmt_break(f, step->span.start, 2, true);
        at_fmt_z(f, threshold_word(step));
        at_fmt_pad(f, 2 + words + 1);
        at_fmt_expr(f, step->child[0], AT_L_EXPR, 4);
        at_fmt_z(f, ":");
        unsigned column = 2 + words + 1 + thresholds + 2;
        if (at_fmt_is_number(step->child[1]))
            column += values - at_utf8_width(at_fmt_flat(f, step->child[1], AT_L_EXPR));
        at_fmt_pad(f, column);
        at_fmt_expr(f, step->child[1], AT_L_EXPR, 4);
        if (step->flags & AT_F_TIE_BELOW) at_fmt_z(f, " tie below");
    }
    close_brace(f, node);
}

/* ---- tables of keys */

static at_str cell_text(struct at_fmt *f, const struct at_ast_node *cell) {
    if (cell->kind != AT_N_CELLFROM) return at_fmt_flat(f, cell, AT_L_EXPR);
    return at_str_format(f->arena, "%s %.*s", threshold_word(cell),
                         AT_STR_ARG(at_fmt_flat(f, cell->child[0], AT_L_EXPR)));
}

/* A header has an empty first cell, so its child i is in column i + 1. */
static void cells(struct at_fmt *f, const struct at_ast_node *line, const unsigned *widths, uint32_t n) {
    bool header = line->kind == AT_N_HEADER;
    unsigned column = 2;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = header ? i - 1 : i;
        at_str text = header && i == 0 ? (at_str){"", 0}
                      : at < line->n   ? cell_text(f, line->child[at])
                                       : (at_str){"", 0};
        if (i) at_fmt_z(f, "| ");
        at_fmt_str(f, text);
        column += widths[i] + (i ? 2 : 0) + 1;
        if (i + 1 < n) at_fmt_pad(f, column);
    }
}

/* child[0] has the keys, and the lines follow. A table with `from` has no lines: its cells are in a file. */
static void lookup(struct at_fmt *f, const struct at_ast_node *node) {
    const struct at_ast_node *keys = node->child[0];
    word_and(f, "table ", node->name_span);
    for (uint32_t i = 0; i < keys->n; i++)
        word_and(f, i ? ", " : " by ", keys->child[i]->span);
    word_and(f, " from ", node->span2);
    if (node->span2.end) return;
    uint32_t n = 2;
    for (uint32_t i = 1; i < node->n; i++) {
        uint32_t cells_of_line = node->child[i]->n + (node->child[i]->kind == AT_N_HEADER);
        if (cells_of_line > n) n = cells_of_line;
    }
    unsigned *widths = AT_NEW_ARRAY(f->arena, unsigned, n);
    for (uint32_t i = 1; i < node->n; i++)
        for (uint32_t j = 0, skip = node->child[i]->kind == AT_N_HEADER; j < node->child[i]->n; j++)
            widths[j + skip] = wider(widths[j + skip], cell_text(f, node->child[i]->child[j]));
    open_brace(f);
    for (uint32_t i = 1; i < node->n; i++) {
        at_fmt_break(f, node->child[i]->span.start, 2, true);
        cells(f, node->child[i], widths, n);
    }
    close_brace(f, node);
}

/* ---- tests */

/* Widths of the columns in one test: the table of `given`, then name, payee, period, and value of
 * `expect`. */
struct columns {
    unsigned table, name, payee, period, value;
};

static at_str side(struct at_fmt *f, const struct at_ast_node *expr) {
    return expr ? at_fmt_flat(f, expr, AT_L_SUM) : (at_str){"", 0};
}

/* `commission`, or `paid(commission)` */
static at_str subject(struct at_fmt *f, const struct at_ast_node *expect) {
    at_str name = at_fmt_source(f, expect->name_span);
    return expect->by.n ? at_str_format(f->arena, "%.*s(%.*s)", AT_STR_ARG(expect->by), AT_STR_ARG(name))
                        : name;
}

/* Only an `expect` with both a payee and a period has columns. A value with an operator is not a number to
 * align. */
static struct columns columns_of(struct at_fmt *f, const struct at_ast_node *test) {
    struct columns c = {0};
    for (uint32_t i = 0; i < test->n; i++) {
        const struct at_ast_node *node = test->child[i];
        at_str name = at_fmt_source(f, node->name_span);
        if (node->kind == AT_N_GIVEN) c.table = wider(c.table, name);
        if (node->kind != AT_N_EXPECT) continue;
        c.name = wider(c.name, subject(f, node));
        if (!node->child[0] || !node->child[1]) continue;
        c.payee = wider(c.payee, side(f, node->child[0]));
        c.period = wider(c.period, side(f, node->child[1]));
        if (node->child[2] && at_fmt_is_number(node->child[2]))
            c.value = wider(c.value, side(f, node->child[2]));
    }
    return c;
}

/* Pairs that do not fit continue below the first pair. The 3 columns are the space before a pair and the `
 * }` after it. */
static void given(struct at_fmt *f, const struct at_ast_node *node, const struct columns *c) {
    word_and(f, "given ", node->name_span);
    at_fmt_pad(f, 2 + 6 + c->table + 1);
    at_fmt_z(f, "{ ");
    unsigned indent = at_fmt_column(f);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *pair = node->child[i];
        at_str value = at_fmt_flat(f, pair->child[0], AT_L_EXPR);
        at_str text = at_str_format(f->arena, "%.*s: %.*s", AT_STR_ARG(at_fmt_source(f, pair->name_span)),
                                    AT_STR_ARG(value));
        if (i) at_fmt_z(f, ",");
        if (i && at_fmt_column(f) + 3 + at_utf8_width(text) > AT_FMT_WIDTH)
            at_fmt_break(f, pair->span.start, indent, false);
        else if (i)
            at_fmt_z(f, " ");
        at_fmt_str(f, at_fmt_source(f, pair->name_span));
        at_fmt_z(f, ": ");
        at_fmt_expr(f, pair->child[0], AT_L_EXPR, indent + 2);
    }
    at_fmt_z(f, " }");
}

/* `column` is where `for` begins: 2 of indentation, 7 of `expect `, the name, and a space. */
static void expect(struct at_fmt *f, const struct at_ast_node *node, const struct columns *c) {
    const struct at_ast_node *payee = node->child[0], *period = node->child[1], *value = node->child[2];
    bool whole = payee && period;
    unsigned column = 2 + 7 + c->name + 1;
    at_fmt_z(f, "expect ");
    at_fmt_str(f, subject(f, node));
    if (payee || period) at_fmt_pad(f, column);
    if (payee) {
        at_fmt_z(f, "for ");
        at_fmt_str(f, side(f, payee));
        if (period) at_fmt_pad(f, whole ? column + 4 + c->payee + 1 : 0);
    }
    if (period) {
        at_fmt_z(f, "in ");
        at_fmt_str(f, side(f, period));
    }
    if (!value) {
        at_fmt_z(f, node->flags & AT_F_NOT ? " is not covered" : " is withheld");
        return;
    }
    if (whole)
        at_fmt_pad(f, column + 4 + c->payee + 1 + 3 + c->period + 1);
    else
        at_fmt_z(f, " ");
    at_fmt_z(f, "= ");
    at_str text = side(f, value);
    if (whole && at_fmt_is_number(value))
        for (unsigned i = at_utf8_width(text); i < c->value; i++)
            at_fmt_z(f, " ");
    at_fmt_expr(f, value, AT_L_SUM, 6);
}

/* `expect scaled($100, $70) = $100 because "…"` */
static void expect_call(struct at_fmt *f, const struct at_ast_node *node) {
    at_fmt_z(f, "expect ");
    at_fmt_expr(f, node->child[0], AT_L_EXPR, 6);
    if (node->child[1]) {
        at_fmt_z(f, " = ");
        at_fmt_expr(f, node->child[1], AT_L_SUM, 6);
    }
    if (!node->span2.end) return;
    at_fmt_z(f, node->child[1] ? " because " : " fails ");
    at_fmt_str(f, at_fmt_source(f, node->span2));
}

static void test(struct at_fmt *f, const struct at_ast_node *node) {
    struct columns c = columns_of(f, node);
    word_and(f, "test ", node->name_span);
    open_brace(f);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *example = node->child[i];
        at_fmt_break(f, example->span.start, 2, true);
        if (example->kind == AT_N_GIVEN) {
            given(f, example, &c);
        } else if (example->kind == AT_N_EXPECT) {
            expect(f, example, &c);
        } else if (example->kind == AT_N_EXPECTCALL) {
            expect_call(f, example);
        } else {
            word_and(f, "given param ", example->name_span);
            at_fmt_z(f, " = ");
            at_fmt_expr(f, example->child[0], AT_L_EXPR, 6);
        }
    }
    close_brace(f, node);
}

/* Must cover the same kinds as is_block in fmt.c. */
bool at_fmt_block(struct at_fmt *f, const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_POLICY: policy(f, node); return true;
    case AT_N_PAYEE:
    case AT_N_DATA:
    case AT_N_EXCHANGE:
    case AT_N_HISTORY: table(f, node); return true;
    case AT_N_CREDIT: credit(f, node); return true;
    case AT_N_RATES: rates(f, node); return true;
    case AT_N_LOOKUP: lookup(f, node); return true;
    case AT_N_TEST: test(f, node); return true;
    default: return false;
    }
}
