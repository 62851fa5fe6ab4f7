/* fmt/fmt.c: formats a file statement by statement, in groups, and checks that nothing was lost. */
#include "fmt/fmt_int.h"
#include "syntax/parse.h"

/* ---- statements in groups */

struct item {
    const struct at_ast_node *node;
    struct at_fmt_sentence sentence; /* whole.n == 0: takes several lines */
    bool together;                   /* with the one before: both on one line, no blank line between */
    unsigned head_width;             /* in a group: the widest head */
};

/* The kinds that at_fmt_block writes. They never share a group with their neighbors. */
static bool is_block(const struct at_ast_node *node) {
    return node->kind == AT_N_POLICY || node->kind == AT_N_PAYEE || node->kind == AT_N_DATA ||
           node->kind == AT_N_HISTORY || node->kind == AT_N_CREDIT || node->kind == AT_N_RATES ||
           node->kind == AT_N_LOOKUP || node->kind == AT_N_EXCHANGE || node->kind == AT_N_TEST;
}

/* Whether a blank line stood between two statements, before or after the comments between them. */
static bool blank_between(const struct at_fmt *f, const struct at_ast_node *a, const struct at_ast_node *b) {
    const struct at_ast_comment *c = at_fmt_comment_from(f, a->span.end);
    for (; c < f->comments_end && c->span.start < b->span.start; c++)
        if (c->own_line && at_fmt_blank_before(f, c->span.start)) return true;
    return at_fmt_blank_before(f, b->span.start);
}

/* The kinds whose formulas are aligned at `=`. Heads of other statements have no column in common. */
static bool has_equals(const struct at_ast_node *node) {
    return node->kind == AT_N_MEASURE || node->kind == AT_N_PARAM || node->kind == AT_N_PAY ||
           node->kind == AT_N_DRAW;
}

/* The heads of statements of one kind that stand together are filled up to the widest, where all still fit.
 */
static void align(struct item *items, uint32_t n, struct at_arena *arena) {
    for (uint32_t i = 0, j; i < n; i = j) {
        /* A group is a run of statements of one kind. `longest` is the widest rest of a line, after its
         * head. */
        unsigned width = 0, longest = 0;
        for (j = i; j < n && (j == i || (items[j].together && items[j].node->kind == items[i].node->kind));
             j++) {
            at_arena_poll(arena);
            unsigned head = at_utf8_width(items[j].sentence.head),
                     whole = at_utf8_width(items[j].sentence.whole);
            if (head > width) width = head;
            if (whole - head > longest) longest = whole - head;
        }
        bool fits = j > i + 1 && has_equals(items[i].node) && width + longest <= AT_FMT_WIDTH;
        for (uint32_t k = i; fits && k < j; k++)
            items[k].head_width = width;
    }
}

/* The first pass calculates what depends on a neighbor: grouping and the width of heads. */
static struct item *items_of(struct at_fmt *f, const struct at_ast_node *file) {
    struct item *items = AT_NEW_ARRAY(f->arena, struct item, file->n + 1);
    for (uint32_t i = 0; i < file->n; i++) {
        items[i].node = file->child[i];
        if (!is_block(file->child[i])) items[i].sentence = at_fmt_sentence(f, file->child[i]);
        items[i].together = i > 0 && items[i].sentence.whole.n && items[i - 1].sentence.whole.n &&
                            !blank_between(f, file->child[i - 1], file->child[i]);
    }
    align(items, file->n, f->arena);
    return items;
}

static void lay_out(struct at_fmt *f, const struct at_ast_node *file) {
    struct item *items = items_of(f, file);
    for (uint32_t i = 0; i < file->n; i++) {
        const struct at_ast_node *node = file->child[i];
        at_arena_poll(f->arena);
        /* The comment at the end of the previous statement belongs to its last line. It goes there before
         * a blank line is added. */
        at_fmt_end(f, node->span.start);
        if (i > 0 && !items[i].together) at_fmt_blank(f);
        at_fmt_break(f, node->span.start, 0, true);
        if (!at_fmt_block(f, node)) at_fmt_statement(f, node, items[i].head_width);
    }
    /* Writes the comments after the last statement, then removes blank lines at the end. */
    at_fmt_break(f, file->span.end, 0, true);
    f->started = false; /* nothing follows */
    while (f->lines.n && f->lines.at[f->lines.n - 1].text.n == 0)
        f->lines.n--;
}

/* ---- once, and once more: what was written must be its own layout */

struct copy {
    struct at_arena *arena;
    struct at_text text;
};

/* A sink that keeps the text in the arena. It never fails, so callers do not check the sink. */
static int keep(void *context, const char *bytes, size_t n) {
    struct copy *copy = context;
    at_text_add(copy->arena, &copy->text, (at_str){bytes, (uint32_t)n});
    return 0;
}

static at_str once(const struct at_ast *ast, const struct at_ast_node *file, struct at_arena *arena) {
    struct at_fmt *f = AT_NEW(arena, struct at_fmt);
    struct at_sink *sink = AT_NEW(arena, struct at_sink);
    struct copy copy = {.arena = arena};
    at_fmt_start(f, arena, ast, file);
    lay_out(f, file);
    at_sink_init(sink, keep, &copy);
    at_fmt_print(f, sink);
    at_sink_flush(sink);
    return at_text_str(&copy.text);
}

/* Stops the walk at the first statement that the parser could not read. */
static bool find_error(void *context, const struct at_ast_node *node) {
    if (node->kind == AT_N_ERROR) *(bool *)context = true;
    return !*(bool *)context;
}

static bool has_error(const struct at_ast_node *file, struct at_arena *arena) {
    bool error = false;
    for (uint32_t i = 0; i < file->n && !error; i++) {
        at_arena_poll(arena);
        if (file->child[i]) at_ast_walk(file->child[i], find_error, &error);
    }
    return error;
}

/* at_ast_same of two files, statement by statement, so that a host can stop it. */
static bool same_file(const struct at_ast_node *a, const struct at_ast_node *b, struct at_arena *arena) {
    if (a->n != b->n) return false;
    for (uint32_t i = 0; i < a->n; i++) {
        at_arena_poll(arena);
        if (!at_ast_same(a->child[i], b->child[i])) return false;
    }
    return true;
}

/* Comments of all files are in one list, so the file is found by its span. */
static uint32_t comments_of(const struct at_ast *ast, const struct at_ast_node *file) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < ast->n_comments; i++)
        n += ast->comments[i].span.start >= file->span.start && ast->comments[i].span.start < file->span.end;
    return n;
}

/* Formats until the output does not change. A second round can differ, because the format of comments
 * depends on where they are in the text. Each round parses its own output, so a lost or changed node is
 * found before anything is written. */
enum at_status at_fmt(const struct at_ast *ast, const struct at_ast_node *file, struct at_arena *arena,
                      struct at_sink *out) {
    if (has_error(file, arena)) return AT_REJECTED;
    at_str text = once(ast, file, arena);
    /* Four rounds are a limit, so that a cycle of formats cannot loop forever. */
    for (int i = 0; i < 4; i++) {
        struct at_diag_sources sources;
        struct at_diag_list diags;
        struct at_ast *again;
        at_diag_sources_init(&sources, arena);
        at_diag_list_init(&diags, arena, &sources);
        /* at_parse does not load the files that this one uses: here it does not matter if they are absent */
        enum at_status status = at_parse(&sources, arena, &diags, file->text, text, NULL, NULL, &again);
        (void)status;
        if (again->n_files == 0 || !same_file(file, again->files[0], arena)) return AT_REJECTED;
        if (comments_of(ast, file) != again->n_comments) return AT_REJECTED;
        at_str next = once(again, again->files[0], arena);
        if (at_str_eq(next, text)) break;
        text = next;
    }
    at_sink_str(out, text);
    return AT_OK;
}
