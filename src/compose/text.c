/* compose/text.c: the text of the whole: copies of source, in which names have those of their version. */
#include "base/sort.h"
#include "compose/compose_int.h"

#include <stdarg.h>

void at_compose_put(struct at_compose *c, const char *format, ...) {
    va_list args;
    va_start(args, format);
    at_str text = at_str_vformat(c->arena, format, args);
    va_end(args);
    at_text_add(c->arena, &c->out, text);
}

int at_compose_side_of(enum at_compose_space space) {
    return space != AT_COMPOSE_EARLIER && space != AT_COMPOSE_EARLIER_SPAN;
}

at_str at_compose_copy_name(const struct at_compose *c, enum at_compose_space space, at_str name) {
    static const char *const words[] = {"to", "from", "before", "through", "earlier than"};
    return at_str_format(c->arena, "%.*s %s %.*s", AT_STR_ARG(name), words[space],
                         AT_STR_ARG(at_compose_side_of(space) ? c->first_day : c->last_day));
}

/* ---- names */

/* Notes that the copy has to be written. */
static at_str want(struct at_compose *c, enum at_compose_space space, const struct at_names_entry *of,
                   uint32_t entry) {
    at_str name = at_compose_copy_name(c, space, of->text);
    if (!at_map_put(&c->written, name, c))
        AT_VEC_PUSH(c->arena, &c->wanted, ((struct at_compose_wanted){space, entry}));
    return name;
}

/* The later version's formula of the earlier days' rows: that of the earlier version where nothing differs.
 */
static at_str name_before(struct at_compose *c, const struct at_names_entry *of, uint32_t entry) {
    const struct at_compose_side *later = &c->side[1];
    uint32_t fellow = later->fellow[entry];
    bool value = of->kind == AT_NAMES_MEASURE || of->kind == AT_NAMES_COMPONENT;
    if (!value || (!later->dated[entry] && !later->changed[entry])) return of->text;
    if (!later->dated[entry]) return at_compose_name(c, AT_COMPOSE_LATER, entry, false);
    bool same = fellow != AT_NAMES_NONE &&
                (!later->changed[entry] || (at_compose_is_linear(c, 1, of->node) &&
                                            at_compose_is_linear(c, 0, at_compose_node(c, 0, fellow))));
    if (same) return at_compose_name(c, AT_COMPOSE_EARLIER, fellow, false);
    return want(c, AT_COMPOSE_BEFORE, of, entry);
}

/* A component to date is the sum of its periods, and so has no formula of the days before. */
static at_str name_span(struct at_compose *c, enum at_compose_space space, const struct at_names_entry *of,
                        uint32_t entry) {
    const struct at_compose_side *side = &c->side[at_compose_side_of(space)];
    uint32_t fellow = side->fellow[entry];
    bool earlier = space == AT_COMPOSE_EARLIER_SPAN;
    if (of->kind == AT_NAMES_COMPONENT) {
        at_compose_refuse(c, NULL, of->node,
                          "a statement that is calculated over several periods reads it, and changes");
        return of->text;
    }
    if (!side->timed[entry])
        return at_compose_name(c, earlier ? AT_COMPOSE_EARLIER : AT_COMPOSE_LATER, entry, false);
    bool same = !earlier && fellow != AT_NAMES_NONE &&
                (!side->changed[entry] || (at_compose_is_linear(c, 1, of->node) &&
                                           at_compose_is_linear(c, 0, at_compose_node(c, 0, fellow))));
    if (same) return at_compose_name(c, AT_COMPOSE_EARLIER_SPAN, fellow, false);
    return want(c, space, of, entry);
}

at_str at_compose_name(struct at_compose *c, enum at_compose_space space, uint32_t entry, bool past) {
    const struct at_compose_side *side = &c->side[at_compose_side_of(space)];
    const struct at_names_entry *of = &side->names->entries.at[entry];
    bool value = of->kind == AT_NAMES_MEASURE || of->kind == AT_NAMES_COMPONENT;
    if (of->parent != AT_NAMES_NONE || c->plain) return of->text;
    if (space == AT_COMPOSE_BEFORE) return name_before(c, of, entry);
    if (space > AT_COMPOSE_BEFORE) return name_span(c, space, of, entry);
    if (space == AT_COMPOSE_EARLIER) {
        if ((past || c->adjusting) && of->kind == AT_NAMES_COMPONENT) return of->text;
        if (!side->changed[entry] && !(c->mid && value && side->dated[entry])) return of->text;
        return want(c, space, of, entry);
    }
    uint32_t fellow = side->fellow[entry];
    bool own = of->kind == AT_NAMES_MEASURE && side->changed[entry] && fellow != AT_NAMES_NONE && !past;
    if (!own ||
        (at_compose_is_linear(c, 1, of->node) && at_compose_is_linear(c, 0, at_compose_node(c, 0, fellow))))
        return of->text;
    return want(c, space, of, entry);
}

/* ---- copies */

struct edit { /* of the source: [start, end) becomes `text`, and the base follows where it is given */
    uint32_t start, end, order;
    at_str text;
    const struct at_ast_node *base;
    at_str after;
};

struct copying {
    struct at_compose *c;
    enum at_compose_space space;
    const struct at_ast_node *base;
    AT_VEC(struct edit) edits;
};

static int by_place(const void *left, const void *right) {
    const struct edit *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void add_edit(struct copying *k, struct edit edit) {
    edit.order = (uint32_t)k->edits.n;
    AT_VEC_PUSH(k->c->arena, &k->edits, edit);
}

/* Values of earlier periods are those of the version that was in force. */
static bool reads_past(const struct at_ast_node *node) {
    if (node->kind == AT_N_ASOF) return true;
    if (node->kind != AT_N_CALL) return false;
    return at_str_eq(node->text, AT_STR("prior")) || at_str_eq(node->text, AT_STR("trailing")) ||
           at_str_eq(node->by, AT_STR("period"));
}

/* The end of an expression, after the parentheses around it. */
static uint32_t end_with_parens(const struct copying *k, const struct at_ast_node *node) {
    if (!(node->flags & AT_F_PARENS)) return node->span.end;
    const struct at_diag_sources *sources = k->c->side[at_compose_side_of(k->space)].ast->sources;
    at_str rest = at_diag_sources_text(sources, (at_span){node->span.end, node->span.end + 40});
    for (uint32_t i = 0; i < rest.n; i++)
        if (rest.p[i] == ')') return node->span.end + i + 1;
    return node->span.end;
}

static void rates(struct copying *k, const struct at_ast_node *node) {
    uint8_t marks = k->c->side[at_compose_side_of(k->space)].checked->marks[node->id];
    bool whole = k->base && (marks & AT_MARK_RATE), slice = k->base && (marks & AT_MARK_SLICE_RATE);
    if (whole) add_edit(k, (struct edit){node->span.start, node->span.start, 0, AT_STR("(("), NULL, {0}});
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) rates(k, node->child[i]);
    if (slice) {
        uint32_t end = end_with_parens(k, node->child[0]);
        add_edit(k, (struct edit){end, end, 0, AT_STR(" of ("), k->base, AT_STR(")")});
    }
    if (whole)
        add_edit(k,
                 (struct edit){node->span.end, node->span.end, 0, AT_STR(") of ("), k->base, AT_STR("))")});
}

/* Whether the place is in an argument of a function that reads earlier periods. */
static bool is_past(const struct at_ast_node *node, at_span span) {
    if (!node || span.start < node->span.start || span.end > node->span.end) return false;
    if (reads_past(node)) return true;
    for (uint32_t i = 0; i < node->n; i++)
        if (is_past(node->child[i], span)) return true;
    return false;
}

static at_str quoted(struct at_compose *c, at_str name, at_str source) {
    bool same = at_str_eq(name, source) || (source.n == name.n + 2 && source.p[0] == '`');
    return same ? source : at_str_format(c->arena, "`%.*s`", AT_STR_ARG(name));
}

static void names_in(struct copying *k, at_span span, const struct at_ast_node *node) {
    const struct at_compose_side *side = &k->c->side[at_compose_side_of(k->space)];
    for (size_t i = 0; i < side->names->uses.n; i++) {
        const struct at_names_use *use = &side->names->uses.at[i];
        if (use->entry == AT_NAMES_NONE || use->span.start < span.start || use->span.end > span.end) continue;
        at_str source = at_diag_sources_text(side->ast->sources, use->span);
        at_str name = at_compose_name(k->c, k->space, use->entry, is_past(node, use->span));
        if (at_str_eq(name, side->names->entries.at[use->entry].text)) continue;
        add_edit(k, (struct edit){use->span.start, use->span.end, 0, quoted(k->c, name, source), NULL, {0}});
    }
}

static void copy_part(struct at_compose *c, int side, uint32_t from, uint32_t to) {
    if (to <= from) return;
    AT_VEC_PUSH(c->arena, &c->segments, ((struct at_compose_segment){c->out.n, to - from, from, to - from}));
    at_text_add(c->arena, &c->out, at_diag_sources_text(c->side[side].ast->sources, (at_span){from, to}));
}

static void write(struct copying *k, at_span span) {
    struct at_compose *c = k->c;
    uint32_t at = span.start;
    at_sort_items(c->arena, k->edits.at, k->edits.n, sizeof *k->edits.at, by_place);
    for (size_t i = 0; i < k->edits.n; i++) {
        const struct edit *edit = &k->edits.at[i];
        if (edit->start < at) continue; /* the same use once more */
        copy_part(c, at_compose_side_of(k->space), at, edit->start);
        uint32_t n = edit->end - edit->start;
        if (n)
            AT_VEC_PUSH(c->arena, &c->segments,
                        ((struct at_compose_segment){c->out.n, edit->text.n, edit->start, n}));
        at_text_add(c->arena, &c->out, edit->text);
        if (edit->base) at_compose_copy(c, k->space, edit->base, NULL);
        at_text_add(c->arena, &c->out, edit->after);
        at = edit->end;
    }
    copy_part(c, at_compose_side_of(k->space), at, span.end);
}

void at_compose_copy(struct at_compose *c, enum at_compose_space space, const struct at_ast_node *node,
                     const struct at_ast_node *base) {
    struct copying k = {.c = c, .space = space, .base = base};
    rates(&k, node);
    names_in(&k, node->span, node);
    write(&k, node->span);
}

void at_compose_copy_span(struct at_compose *c, enum at_compose_space space, at_span span) {
    struct copying k = {.c = c, .space = space};
    names_in(&k, span, NULL);
    write(&k, span);
}
