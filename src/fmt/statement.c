/* fmt/statement.c: statements that are a sentence: a head, perhaps `=` and a formula, and parts that follow.
 * A statement is on one line if it fits. The `when` of a payment is on a line of its own. Sums of slices are
 * on lines of their own. */
#include <string.h>

#include "fmt/fmt_int.h"

/* More than a valid statement has. If a part is dropped, at_fmt rejects its own output, because the tree
 * differs. */
enum { MAX_PARTS = 24 }; /* `applies` has up to 3, and 2 for each of its AT_MOST_EXCEPT days */

/* `lead`, `expr`, and `tail` follow each other. `expr` can be NULL: then `lead` is all of the text. */
struct part {
    at_str lead; /* "when " */
    const struct at_ast_node *expr;
    at_str tail;
    uint32_t offset; /* where it is in the source */
    bool own_line;
};

/* A statement in a form common to all kinds: `head [= body] part...`. Writing on one line and over several
 * lines both start from it, so the two cannot have different words. */
struct sentence {
    at_str head;
    const struct at_ast_node *body;
    bool terms; /* the terms of the body are on lines of their own */
    struct part parts[MAX_PARTS];
    unsigned n;
};

/* ---- words of the source */

/* Empty if the span is empty, so that optional clauses need no condition at the caller. */
static at_str words(struct at_fmt *f, const char *before, at_span span, const char *after) {
    if (span.end == 0) return (at_str){"", 0};
    return at_str_format(f->arena, "%s%.*s%s", before, AT_STR_ARG(at_fmt_source(f, span)), after);
}

static at_str cat(struct at_fmt *f, at_str a, at_str b) {
    return at_str_format(f->arena, "%.*s%.*s", AT_STR_ARG(a), AT_STR_ARG(b));
}

static void add(struct sentence *s, at_str lead, const struct at_ast_node *expr, uint32_t offset,
                bool own_line) {
    if (s->n < MAX_PARTS) s->parts[s->n++] = (struct part){lead, expr, {0}, offset, own_line};
}

static void add_when(struct sentence *s, const struct at_ast_node *when, bool own_line) {
    if (when) add(s, AT_STR("when "), when, when->span.start, own_line);
}

/* `from rep.hired to rep.left`, and the days after each `except`. */
static void add_days(struct sentence *s, const struct at_ast_node *days, bool except) {
    if (!days) return;
    const struct at_ast_node *from = days->child[0], *to = days->child[1];
    if (from) add(s, except ? AT_STR("except from ") : AT_STR("from "), from, from->span.start, except);
    if (to) add(s, except && !from ? AT_STR("except to ") : AT_STR("to "), to, to->span.start, false);
}

/* ---- the sentence of each kind */

/* Whether a formula has tiers written as slices. Its terms get lines of their own even if they fit,
 * because readers compare them. */
static bool has_slice(const struct at_ast_node *node) {
    if (node->kind >= AT_N_OVER && node->kind <= AT_N_THROUGH) return true;
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i] && has_slice(node->child[i])) return true;
    return false;
}

/* What follows `split`: how it is limited, and among whom. */
static void split_clauses(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    const struct at_ast_node *among = node->child[4], *limit = node->child[5];
    at_str flags = words(f, " per ", node->by_span, "");
    if (node->flags & AT_F_NEGATIVES) flags = cat(f, flags, AT_STR(" including negatives"));
    if (node->flags & AT_F_IGNORING) flags = cat(f, flags, AT_STR(" ignoring missing"));
    s->parts[s->n - 1].tail = limit ? cat(f, flags, AT_STR(",")) : flags;
    if (limit) {
        add(s, AT_STR("at most "), limit, limit->span.start, false);
        s->parts[s->n - 1].tail = AT_STR(" each");
    }
    if (among)
        add(s, words(f, "among ", among->name_span, " where "), among->child[0], among->span.start, false);
    if ((node->flags & AT_F_PRIVATE) == 0) return;
    s->parts[s->n - 1].tail = cat(f, s->parts[s->n - 1].tail, AT_STR(","));
    add(s, AT_STR("private"), NULL, s->parts[s->n - 1].offset, false);
}

/* ` by booking`, ` each quarter`, and how long after it the line is paid. */
static at_str rhythm(struct at_fmt *f, const struct at_ast_node *node) {
    const struct at_ast_node *each = at_ast_child(node, AT_N_EACH), *after = at_ast_child(node, AT_N_AFTER);
    const struct at_ast_node *by = at_ast_child(node, AT_N_BYROWS);
    at_str text =
        by ? words(f, " by ", by->name_span, by->flags & AT_F_IN_ORDER ? " in order" : "") : (at_str){"", 0};
    if (each) text = cat(f, text, words(f, " each ", each->name_span, ""));
    return after ? cat(f, text, words(f, " paid after ", after->span, "")) : text;
}

/* Children of `pay`: on, formula, when. Children of `pool`: on, formula, split by, when, among, at most,
 * from. */
static void pay(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    bool pool = node->kind == AT_N_POOL;
    const struct at_ast_node *on = node->child[0];
    at_str per = words(f, " per ", node->span3, "");
    s->head = cat(f, words(f, pool ? "pool " : "pay ", node->name_span, ""), words(f, " ", node->span2, ""));
    if (pool && node->child[6]) s->head = cat(f, s->head, words(f, " from ", node->child[6]->span, ""));
    if (pool) s->head = cat(f, s->head, per);
    if (on)
        s->head = at_str_format(f->arena, "%.*s on %.*s", AT_STR_ARG(s->head),
                                AT_STR_ARG(at_fmt_flat(f, on, AT_L_SUM)));
    if (!pool) s->head = cat(f, cat(f, s->head, per), words(f, " cumulative over ", node->by_span, ""));
    if (node->flags & AT_F_BY_DAY) s->head = cat(f, s->head, AT_STR(" by day"));
    s->head = cat(f, s->head, rhythm(f, node));
    s->body = node->child[1];
    s->terms = at_fmt_is_sum(s->body) && has_slice(s->body);
    if (!pool) {
        add_when(s, node->child[2], true);
        return;
    }
    const struct at_ast_node *by = node->child[2];
    /* A split without an expression has no span. The end of the formula is the nearest known position for
     * its comments. */
    uint32_t offset = by ? by->span.start : s->body->span.end;
    at_str split = node->op == AT_OP_EQUALLY  ? AT_STR("split equally")
                   : node->op == AT_OP_SHARES ? AT_STR("split at ")
                   : node->op == AT_OP_LEVEL  ? AT_STR("split to level ")
                   : by                       ? AT_STR("split by ")
                                              : AT_STR("split by contribution");
    add(s, split, by, offset, false);
    split_clauses(f, node, s);
    add_when(s, node->child[3], true);
}

/* Children: amount, when, recover at most, recover from, due on, opening, settle, forgive. Several are on
 * lines of their own. */
static void draw_clauses(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    static const struct {
        unsigned child;
        const char *lead;
    } CLAUSES[] = {{2, "recover at most "}, {3, "recover from "}, {4, "due on "}, {5, "opening "}};
    const struct at_ast_node *settle = node->child[6], *forgive = node->child[7];
    unsigned clauses = 0;
    for (unsigned i = 1; i < 8; i++)
        clauses += node->child[i] != NULL;
    bool own_line = clauses > 1;
    if (!(node->flags & AT_F_CARRY))
        add(s,
            words(f, node->flags & AT_F_RECOVERABLE ? "recoverable against " : "against ", node->span3, ""),
            NULL, node->span3.start, false);
    add_when(s, node->child[1], own_line);
    for (unsigned i = 0; i < AT_COUNT(CLAUSES); i++) {
        const struct at_ast_node *child = node->child[CLAUSES[i].child];
        if (child) add(s, at_str_z(CLAUSES[i].lead), child, child->span.start, own_line);
    }
    if (settle) add(s, words(f, "settle each ", settle->name_span, ""), NULL, settle->span.start, own_line);
    if (forgive) add(s, words(f, "forgive after ", forgive->span, ""), NULL, forgive->span.start, own_line);
}

static at_str method_of(const struct at_ast_node *node) {
    switch (node->op) {
    case AT_OP_AS_PAID: return AT_STR(" as paid");
    case AT_OP_AS_RATED: return AT_STR(" as rated now");
    case AT_OP_AS_SOLD: return AT_STR(" as never sold");
    default: return AT_STR("");
    }
}

/* `at` and `when` of a hold, release, or clawback. */
static void part_clauses(struct sentence *s, const struct at_ast_node *node, unsigned first) {
    const struct at_ast_node *at = node->child[first], *when = node->child[first + 1];
    if (at) add(s, AT_STR("at "), at, at->span.start, at && when);
    add_when(s, when, at && when);
}

static void adjustment(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    const struct at_ast_node *first = node->child[0];
    switch (node->kind) {
    case AT_N_CAP:
    case AT_N_FLOOR:
        s->head = cat(f, words(f, node->kind == AT_N_CAP ? "cap " : "floor ", node->name_span, ""),
                      words(f, " ", node->span2, ""));
        add(s, AT_STR("at "), first, first->span.start, false);
        s->parts[0].tail = words(f, " per ", node->by_span, "");
        add_when(s, node->child[1], false);
        return;
    case AT_N_DRAW:
        if (node->flags & AT_F_CARRY) {
            s->head = words(f, "carry ", node->span3, "");
            add(s, AT_STR("below "), first, first->span.start, false);
            draw_clauses(f, node, s);
            return;
        }
        s->head = cat(f, words(f, "draw ", node->name_span, ""), words(f, " ", node->span2, ""));
        s->body = first;
        draw_clauses(f, node, s);
        return;
    case AT_N_HOLD:
        s->head = AT_STR("hold");
        add(s, AT_STR(""), first, first->span.start, false);
        s->parts[0].tail = words(f, " of ", node->name_span, "");
        add(s, AT_STR("until "), node->child[1], node->child[1]->span.start, false);
        part_clauses(s, node, 2);
        return;
    case AT_N_RELEASE:
        s->head = cat(f, words(f, "release ", node->name_span, ""), words(f, " with ", node->span2, ""));
        add(s, AT_STR("on "), first, first->span.start, false);
        part_clauses(s, node, 1);
        return;
    case AT_N_CLAWBACK:
        s->head = cat(f, words(f, "clawback ", node->name_span, ""), method_of(node));
        add(s, AT_STR("on "), first, first->span.start, false);
        part_clauses(s, node, 1);
        return;
    default:
        s->head = words(f, "adjust ", node->name_span, "");
        s->body = first;
        add_when(s, node->child[1], false);
        if (node->span2.end) add(s, words(f, "because ", node->span2, ""), NULL, node->span2.start, false);
    }
}

static at_str type_text(struct at_fmt *f, const struct at_ast_node *type) {
    return at_fmt_source(f, type->span);
}

/* Children: the parameters, then the result type, then the formula. The formula is NULL for a Lua hook. */
static void function(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    struct at_text head = {0};
    at_text_add(f->arena, &head, words(f, "function ", node->name_span, "("));
    for (uint32_t i = 0; i + 2 < node->n; i++) {
        const struct at_ast_node *p = node->child[i];
        at_text_add(f->arena, &head, words(f, i ? ", " : "", p->name_span, " "));
        at_text_add(f->arena, &head, type_text(f, p->child[0]));
    }
    s->head = at_str_format(f->arena, "%.*s) %.*s", AT_STR_ARG(at_text_str(&head)),
                            AT_STR_ARG(type_text(f, node->child[node->n - 2])));
    s->body = node->child[node->n - 1];
    if (!s->body) add(s, words(f, "from lua ", node->span2, ""), NULL, node->span2.start, false);
}

/* child[0] of the aggregate is its value, NULL for `count`. The clauses follow in source order. */
static void aggregate(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    const struct at_ast_node *a = node->child[0];
    static const char *const NAMES[] = {"sum", "count", "average", "min", "max"};
    s->head = at_str_format(f->arena, "%.*s = %s", AT_STR_ARG(s->head), NAMES[a->op - AT_OP_SUM]);
    if (a->child[0])
        s->head = at_str_format(f->arena, "%.*s of %.*s", AT_STR_ARG(s->head),
                                AT_STR_ARG(at_fmt_flat(f, a->child[0], AT_L_EXPR)));
    s->head = cat(f, s->head, words(f, " from ", a->name_span, ""));
    for (uint32_t i = 1; i < a->n; i++) {
        const char *word;
        at_str text = at_fmt_clause(f, a->child[i], &word);
        add(s, at_str_format(f->arena, "%s %.*s", word, AT_STR_ARG(text)), NULL, a->child[i]->span.start,
            false);
    }
}

static at_str shown(struct at_fmt *f, const struct at_ast_node *node) {
    return cat(f, at_fmt_source(f, node->name_span), words(f, " ", node->span2, ""));
}

static void show(struct at_fmt *f, const struct at_ast_node *node, struct sentence *s) {
    s->head = AT_STR("show ");
    for (uint32_t i = 0; i < node->n; i++)
        s->head = cat(f, i ? cat(f, s->head, AT_STR(", ")) : s->head, shown(f, node->child[i]));
}

/* A kind that is not listed stays as the source text. */
static struct sentence sentence_of(struct at_fmt *f, const struct at_ast_node *node) {
    struct sentence s = {0};
    switch (node->kind) {
    case AT_N_USE: s.head = words(f, "use ", node->name_span, ""); break;
    case AT_N_EXTENDS: s.head = words(f, "extends ", node->name_span, ""); break;
    case AT_N_CONTINUES: s.head = words(f, "continues ", node->name_span, ""); break;
    case AT_N_WITHOUT:
        s.head = cat(f, words(f, "without ", node->span2, node->name_span.end ? " " : ""),
                     words(f, node->span2.end ? "" : "without ", node->name_span, ""));
        break;
    case AT_N_ROUND: {
        const char *how = node->op == AT_OP_HALF_UP     ? "half up"
                          : node->op == AT_OP_HALF_EVEN ? "half even"
                                                        : "down";
        at_span unit = node->child[0] ? node->child[0]->span : node->name_span;
        s.head = at_str_format(f->arena, "round %s to %.*s", how, AT_STR_ARG(at_fmt_source(f, unit)));
        break;
    }
    case AT_N_APPLIES:
        s.head = words(f, "applies to ", node->name_span, "");
        for (uint32_t i = 1; i < node->n; i++)
            add_days(&s, node->child[i], i > 1);
        if (node->child[0])
            add(&s, AT_STR("where "), node->child[0], node->child[0]->span.start, node->n > 2);
        break;
    case AT_N_MEASURE:
    case AT_N_PARAM:
        s.head = words(f, node->kind == AT_N_PARAM ? "param " : "measure ", node->name_span, "");
        s.head = cat(f, cat(f, s.head, words(f, " ", node->span2, "")), rhythm(f, node));
        if (node->child[0]->kind == AT_N_AGGREGATE)
            aggregate(f, node, &s);
        else
            s.body = node->child[0];
        break;
    case AT_N_PAY:
    case AT_N_POOL: pay(f, node, &s); break;
    case AT_N_CAP:
    case AT_N_FLOOR:
    case AT_N_DRAW:
    case AT_N_HOLD:
    case AT_N_RELEASE:
    case AT_N_CLAWBACK:
    case AT_N_ADJUST: adjustment(f, node, &s); break;
    case AT_N_FUNCTION: function(f, node, &s); break;
    case AT_N_REQUIRE:
        s.head = AT_STR("require");
        add(&s, AT_STR(""), node->child[0], node->child[0]->span.start, false);
        add(&s, words(f, "else ", node->name_span, ""), NULL, node->name_span.start, false);
        break;
    case AT_N_INDEPENDENT:
        s.head = cat(f, AT_STR("require "), node->span2.end ? at_fmt_source(f, node->span2) : AT_STR("pay"));
        add(&s, AT_STR("does not depend on "), node->child[0], node->child[0]->span.start, false);
        break;
    case AT_N_HELPING: s.head = AT_STR("require helping never hurts"); break;
    case AT_N_SHOW: show(f, node, &s); break;
    default: s.head = at_fmt_source(f, node->span);
    }
    return s;
}

/* ---- on one line */

static at_str part_text(struct at_fmt *f, const struct part *part) {
    at_str expr = part->expr ? at_fmt_flat(f, part->expr, AT_L_EXPR) : (at_str){"", 0};
    return at_str_format(f->arena, "%.*s%.*s%.*s", AT_STR_ARG(part->lead), AT_STR_ARG(expr),
                         AT_STR_ARG(part->tail));
}

/* The head alone: that of an aggregate goes up to its `=`. */
static at_str head_of(struct at_fmt *f, const struct at_ast_node *node, const struct sentence *s) {
    if (s->body || node->kind != AT_N_MEASURE) return s->head;
    at_str head = words(f, "measure ", node->name_span, "");
    return cat(f, cat(f, head, words(f, " ", node->span2, "")), rhythm(f, node));
}

/* A comment inside forbids one line: after `#`, the rest of the line would be lost. */
static bool one_line(struct at_fmt *f, const struct at_ast_node *node, const struct sentence *s) {
    if (s->terms || at_fmt_commented(f, node->span) || (s->body && at_fmt_spreads(s->body))) return false;
    for (unsigned i = 0; i < s->n; i++)
        if (s->parts[i].own_line || at_fmt_spreads(s->parts[i].expr)) return false;
    return true;
}

/* The result is complete only if it fits: groups and alignment use it as it is. */
struct at_fmt_sentence at_fmt_sentence(struct at_fmt *f, const struct at_ast_node *node) {
    struct sentence s = sentence_of(f, node);
    struct at_fmt_sentence result = {head_of(f, node, &s), {0}};
    if (!one_line(f, node, &s)) return result;
    at_str whole = s.head;
    if (s.body)
        whole = at_str_format(f->arena, "%.*s = %.*s", AT_STR_ARG(whole),
                              AT_STR_ARG(at_fmt_flat(f, s.body, AT_L_EXPR)));
    for (unsigned i = 0; i < s.n; i++)
        whole =
            at_str_format(f->arena, "%.*s %.*s", AT_STR_ARG(whole), AT_STR_ARG(part_text(f, &s.parts[i])));
    if (at_utf8_width(whole) <= AT_FMT_WIDTH) result.whole = whole;
    return result;
}

/* ---- over several lines */

/* Three ways, in this order: a sum term by term, all of the formula on the next line, or breaks inside it.
 * The next line is tried before breaks inside, because an unbroken formula is easier to read. */
static void put_body(struct at_fmt *f, const struct sentence *s) {
    const struct at_ast_node *body = s->body;
    at_fmt_z(f, " =");
    bool commented = at_fmt_commented(f, body->span), spreads = at_fmt_spreads(body);
    at_str text = at_fmt_flat(f, body, AT_L_EXPR);
    bool fits = at_fmt_column(f) + 1 + at_utf8_width(text) <= AT_FMT_WIDTH;
    if (s->terms || (at_fmt_is_sum(body) && (commented || !fits))) {
        at_fmt_break(f, body->span.start, 4, false);
        at_fmt_sum(f, body, 2);
    } else if (!fits && !commented && !spreads && at_utf8_width(text) + 4 <= AT_FMT_WIDTH) {
        at_fmt_break(f, body->span.start, 4, false);
        at_fmt_str(f, text);
    } else {
        at_fmt_z(f, " ");
        at_fmt_expr(f, body, AT_L_EXPR, spreads ? 0 : 2);
    }
}

/* Breaks before the part if it does not fit. A part with a comment or `choose` inside also begins a line. */
static void put_part(struct at_fmt *f, const struct part *part, bool break_all) {
    at_str text = part_text(f, part);
    bool plain = !part->expr || (!at_fmt_commented(f, part->expr->span) && !at_fmt_spreads(part->expr));
    bool fits = at_fmt_column(f) + 1 + at_utf8_width(text) <= AT_FMT_WIDTH;
    if (part->own_line || break_all || !fits || !plain)
        at_fmt_break(f, part->offset, 2, false);
    else
        at_fmt_z(f, " ");
    at_fmt_str(f, part->lead);
    if (part->expr) at_fmt_expr(f, part->expr, AT_L_EXPR, 4);
    at_fmt_str(f, part->tail);
}

/* The head of a function: parameters that do not fit continue below the first. */
static void put_function_head(struct at_fmt *f, const struct at_ast_node *node) {
    at_fmt_str(f, words(f, "function ", node->name_span, "("));
    unsigned indent = at_fmt_column(f) < AT_FMT_WIDTH / 2 ? at_fmt_column(f) : 4;
    for (uint32_t i = 0; i + 2 < node->n; i++) {
        const struct at_ast_node *p = node->child[i];
        at_str text = cat(f, words(f, "", p->name_span, " "), type_text(f, p->child[0]));
        if (i) at_fmt_z(f, ",");
        if (i && at_fmt_column(f) + at_utf8_width(text) + 2 > AT_FMT_WIDTH)
            at_fmt_break(f, p->span.start, indent, false);
        else if (i)
            at_fmt_z(f, " ");
        at_fmt_str(f, text);
    }
    at_fmt_z(f, ") ");
    at_fmt_str(f, type_text(f, node->child[node->n - 2]));
}

/* A head that is wider than a line is broken at the expression in it: the base after `on`, or what is added
 * up. */
static void put_head(struct at_fmt *f, const struct at_ast_node *node, at_str head) {
    const struct at_ast_node *inner = node->kind == AT_N_PAY || node->kind == AT_N_POOL ? node->child[0]
                                      : node->kind == AT_N_MEASURE ? node->child[0]->child[0]
                                                                   : NULL;
    if (at_utf8_width(head) <= AT_FMT_WIDTH) {
        at_fmt_str(f, head);
        return;
    }
    if (node->kind == AT_N_FUNCTION) {
        put_function_head(f, node);
        return;
    }
    bool aggregate = node->kind == AT_N_MEASURE && node->child[0]->kind == AT_N_AGGREGATE;
    at_str text = inner && (aggregate || node->kind != AT_N_MEASURE)
                      ? at_fmt_flat(f, inner, aggregate ? AT_L_EXPR : AT_L_SUM)
                      : (at_str){"", 0};
    uint32_t at = 0;
    while (text.n && at + text.n <= head.n && memcmp(head.p + at, text.p, text.n) != 0)
        at++;
    if (!text.n || at + text.n > head.n) {
        at_fmt_str(f, head);
        return;
    }
    at_str before = {head.p, at}, after = {head.p + at + text.n, head.n - at - text.n};
    at_fmt_str(f, before);
    at_fmt_expr(f, inner, aggregate ? AT_L_EXPR : AT_L_SUM, 4);
    if (after.n > 1 && !at_fmt_fits(f, after)) {
        at_fmt_break(f, inner->span.end, 4, false);
        after.p++;
        after.n--;
    }
    at_fmt_str(f, after);
}

/* A list that does not fit on a line, or has comments inside, has a line for each measure. */
static void put_show(struct at_fmt *f, const struct at_ast_node *node) {
    at_fmt_z(f, "show ");
    for (uint32_t i = 0; i < node->n; i++) {
        if (i) at_fmt_break(f, node->child[i]->span.start, 5, false);
        at_fmt_str(f, shown(f, node->child[i]));
        if (i + 1 < node->n) at_fmt_z(f, ",");
    }
}

void at_fmt_statement(struct at_fmt *f, const struct at_ast_node *node, unsigned head_width) {
    struct sentence s = sentence_of(f, node);
    struct at_fmt_sentence whole = at_fmt_sentence(f, node);
    if (whole.whole.n) {
        /* The rest of the line is `whole` without its head, which is its first bytes. */
        at_fmt_str(f, whole.head);
        if (head_width > at_fmt_column(f)) at_fmt_pad(f, head_width);
        at_fmt_str(f, (at_str){whole.whole.p + whole.head.n, whole.whole.n - whole.head.n});
        return;
    }
    if (node->kind == AT_N_SHOW) {
        put_show(f, node);
        return;
    }
    put_head(f, node, s.head);
    if (s.body) put_body(f, &s);
    if (node->kind == AT_N_MEASURE && !s.body) {
        const struct at_ast_node *a = node->child[0];
        at_fmt_clauses(f, a->child + 1, a->n - 1);
        return;
    }
    for (unsigned i = 0; i < s.n; i++)
        /* The text after `else` of a broken `require` begins a line, whatever its width. */
        put_part(f, &s.parts[i], node->kind == AT_N_REQUIRE && i > 0);
}
