/* compose/compose.c: checks each version of a plan, writes them as one text, and checks that. Versions are
 * joined from the first on, so each step joins two. */
#include "compose/compose_int.h"
#include "syntax/parse.h"

struct job {
    struct at_arena *arena;
    struct at_diag_list *diags;
    at_load_fn load;
    void *load_context;
    uint32_t since;
    AT_VEC(struct at_compose_segment) segments; /* of all texts that were written */
};

struct whole { /* what was joined so far */
    const struct at_ast *ast;
    struct at_check_policy *checked;
    at_str text;
};

/* ---- places: what was copied keeps its place */

/* The segment with the offset; NULL: it was written here. Segments of one text ascend, and later texts come
 * later. */
static const struct at_compose_segment *segment_of(const struct job *job, uint32_t offset) {
    size_t low = 0, high = job->segments.n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (job->segments.at[middle].at <= offset)
            low = middle;
        else
            high = middle;
    }
    const struct at_compose_segment *found = job->segments.n ? &job->segments.at[low] : NULL;
    return found && offset >= found->at && offset < found->at + found->n ? found : NULL;
}

/* Copies of copies lead to the first one. */
static at_span origin(const struct job *job, at_span span) {
    for (;;) {
        if (span.end <= span.start) return span;
        const struct at_compose_segment *a = segment_of(job, span.start), *b = segment_of(job, span.end - 1);
        if (!a || !b) return span;
        bool renamed[2] = {a->n != a->n_from, b->n != b->n_from};
        uint32_t start = renamed[0] ? a->from : a->from + (span.start - a->at);
        uint32_t end = renamed[1] ? b->from + b->n_from : b->from + (span.end - b->at);
        if (end <= start || end - start > 2 * (span.end - span.start) + 200) return span;
        span = (at_span){start, end};
    }
}

static void move(const struct job *job, struct at_ast_node *node) {
    node->span = origin(job, node->span);
    node->name_span = origin(job, node->name_span);
    node->span2 = origin(job, node->span2);
    node->span3 = origin(job, node->span3);
    node->by_span = origin(job, node->by_span);
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) move(job, node->child[i]);
}

/* ---- two versions */

/* The later one begins on the day after the earlier one ends. */
static bool follows(struct job *job, const struct whole *earlier, const struct whole *later) {
    at_date last = earlier->checked->to, first = later->checked->from;
    if (last != AT_DATE_MAX && first == last + 1) return true;
    const struct at_ast_node *header = at_ast_child(later->ast->files[0], AT_N_POLICY);
    const struct at_ast_node *dates = at_ast_child(header, AT_N_EFFECTIVE);
    at_str from = at_date_print(job->arena, first), to = at_date_print(job->arena, last);
    struct at_diag *diag;
    if (last == AT_DATE_MAX) {
        diag = at_diag_add(job->diags, AT_A1211, dates->span, "the version before this one does not end");
        at_diag_help(diag, "write in that policy: `effective from … to %.*s`",
                     AT_STR_ARG(at_date_print(job->arena, first - 1)));
        return false;
    }
    bool gap = first > last;
    diag = at_diag_add(job->diags, AT_A1211, dates->span,
                       gap ? "days between two versions of the plan" : "days in two versions of the plan");
    at_diag_note(diag, "the version before ends on %.*s, and this one starts on %.*s", AT_STR_ARG(to),
                 AT_STR_ARG(from));
    at_diag_help(diag, "start on the day after: `effective from %.*s`",
                 AT_STR_ARG(at_date_print(job->arena, last + 1)));
    return false;
}

static struct at_compose *prepare(struct job *job, const struct whole *earlier, const struct whole *later) {
    struct at_compose *c = AT_NEW(job->arena, struct at_compose);
    const struct whole *both[2] = {earlier, later};
    c->arena = job->arena;
    c->diags = job->diags;
    for (int s = 0; s < 2; s++) {
        c->side[s].ast = both[s]->ast;
        c->side[s].checked = both[s]->checked;
        c->side[s].names = at_names_make(both[s]->checked, job->arena);
    }
    const struct at_check_policy *checked = later->checked;
    at_period period = at_period_of_date(&checked->calendar, checked->calendar.period_kind, checked->from);
    c->day = checked->from;
    c->mid = at_period_start(&checked->calendar, period) != checked->from;
    c->first_day = at_date_print(job->arena, c->day);
    c->last_day = at_date_print(job->arena, c->day - 1);
    const struct at_currency_info *currency = at_currency_info(checked->currency);
    c->zero = at_str_format(job->arena, "0 %s", currency ? currency->code : "USD");
    bool covers = earlier->checked->n_covers > 0 || checked->n_covers > 0;
    c->last = c->mid && covers ? "covered.last" : "period.end";
    at_map_init(&c->written, job->arena);
    return c;
}

/* Parses the text under the name of the later version, so that the files that it names are found. */
static enum at_status join(struct job *job, const struct whole *earlier, struct whole *later, bool last) {
    uint64_t errors = job->diags->errors;
    if (!follows(job, earlier, later)) return AT_REJECTED;
    struct at_compose *c = prepare(job, earlier, later);
    at_compose_match(c);
    at_compose_statements(c);
    if (job->diags->errors > errors) return AT_REJECTED;
    struct at_diag_sources *sources = later->ast->sources;
    struct at_diag_list *diags = AT_NEW(job->arena, struct at_diag_list);
    struct at_ast *ast = NULL;
    uint32_t base = sources->next_base;
    at_diag_list_init(diags, job->arena, sources);
    enum at_status status = at_parse(sources, job->arena, diags, later->ast->own->text, at_text_str(&c->out),
                                     job->load, job->load_context, &ast);
    for (size_t i = 0; i < c->segments.n; i++) {
        c->segments.at[i].at += base;
        AT_VEC_PUSH(job->arena, &job->segments, c->segments.at[i]);
    }
    ast->own = later->ast->own;
    if (last && status == AT_OK)
        for (uint32_t i = 0; i < ast->files[0]->n; i++)
            move(job, ast->files[0]->child[i]);
    if (status == AT_OK)
        status = at_check_since(ast, job->arena, diags, job->load, job->load_context, 0, &later->checked);
    /* Warnings were reported about the versions. */
    for (uint32_t i = 0; i < diags->n; i++) {
        const struct at_diag *diag = diags->at[i];
        if (diag->severity != AT_SEV_ERROR) continue;
        struct at_diag *copy =
            at_diag_add(job->diags, diag->code, diag->span, "%.*s", AT_STR_ARG(diag->message));
        at_diag_note(copy, "%.*s%sin the text of both versions, which `attain dump policy` prints",
                     AT_STR_ARG(diag->note), diag->note.n ? "; " : "");
        copy->help = diag->help;
    }
    later->ast = ast;
    later->text = at_text_str(&c->out);
    return status;
}

/* ---- all versions */

/* Removes the warnings about an earlier version, which has its own check. */
static void drop_warnings(struct at_diag_list *diags, uint32_t from) {
    uint32_t n = from;
    for (uint32_t i = from; i < diags->n; i++) {
        if (diags->at[i]->severity == AT_SEV_ERROR) {
            diags->at[n++] = diags->at[i];
            continue;
        }
        diags->warnings -= diags->at[i]->severity == AT_SEV_WARNING;
        diags->added--;
    }
    diags->n = n;
}

static enum at_status check_all(struct job *job, const struct at_ast *ast, bool last, struct whole *out) {
    struct whole earlier = {0};
    if (ast->before) {
        uint32_t told = job->diags->n;
        enum at_status status = check_all(job, ast->before, false, &earlier);
        drop_warnings(job->diags, told);
        if (status != AT_OK) return status;
    }
    out->ast = ast;
    enum at_status status = at_check_since(ast, job->arena, job->diags, job->load, job->load_context,
                                           last ? job->since : 0, &out->checked);
    if (status != AT_OK || !ast->before) return status;
    /* What could not be parsed is reported, and a statement may be gone, such as the header. */
    return job->diags->errors > 0 ? AT_REJECTED : join(job, &earlier, out, last);
}

enum at_status at_compose_check(const struct at_ast **ast, struct at_arena *arena, struct at_diag_list *diags,
                                at_load_fn load, void *load_context, uint32_t since,
                                struct at_check_policy **out, at_str *text) {
    struct job *job = AT_NEW(arena, struct job);
    struct whole whole = {0};
    *job = (struct job){
        .arena = arena, .diags = diags, .load = load, .load_context = load_context, .since = since};
    enum at_status status = check_all(job, *ast, true, &whole);
    /* With errors in an earlier version, the policy itself is still described. */
    if (!whole.checked) {
        struct at_diag_list *unheard = AT_NEW(arena, struct at_diag_list);
        at_diag_list_init(unheard, arena, (*ast)->sources);
        enum at_status own = at_check_since(*ast, arena, unheard, load, load_context, 0, &whole.checked);
        whole.ast = *ast;
        if (own != AT_OK && own != AT_REJECTED) status = own;
    }
    if (status == AT_OK) *ast = whole.ast;
    *out = whole.checked;
    *text = whole.text;
    return status;
}

/* ---- one text of a policy that extends another one */

static void add_source(const struct at_ast *ast, struct at_arena *arena, struct at_text *text, at_span span,
                       const char *end) {
    at_text_add(arena, text, at_diag_sources_text(ast->sources, span));
    at_text_add(arena, text, at_str_z(end));
}

at_str at_compose_text(const struct at_ast *ast, struct at_arena *arena) {
    struct at_text text = {0};
    for (uint32_t f = 0; f < ast->n_files; f++) {
        at_str file = ast->files[f]->text;
        if (f > 0 && file.n > 4 && memcmp(file.p, "std/", 4) == 0) continue;
        for (uint32_t i = 0; i < ast->files[f]->n; i++) {
            const struct at_ast_node *statement = ast->files[f]->child[i];
            bool standard = statement->text.n > 4 && memcmp(statement->text.p, "std/", 4) == 0;
            if (statement->kind == AT_N_USE && !standard) continue;
            if (statement->kind != AT_N_POLICY) {
                add_source(ast, arena, &text, statement->span, "\n\n");
                continue;
            }
            at_text_add(arena, &text, AT_STR("policy "));
            add_source(ast, arena, &text, statement->name_span, "\n");
            for (uint32_t k = 0; k < statement->n; k++)
                add_source(ast, arena, &text, statement->child[k]->span, "\n");
            at_text_add(arena, &text, AT_STR("\n"));
        }
    }
    return at_text_str(&text);
}
