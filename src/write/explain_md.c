/* write/explain_md.c: writes an explanation as Markdown, with headings for payee and components and lists
 * for steps. */
#include "write/explain.h"
#include "write/md.h"

struct page {
    struct at_sink *out;
    const struct at_words *words;
    struct at_arena *arena;
};

static void source(struct at_sink *out, const struct at_explain_node *step, struct at_arena *arena) {
    if (!step->quotes || step->source.n == 0) return;
    at_write_md_code(out, step->source);
    at_sink_z(out, " — ");
    at_write_md_text(
        out, at_str_format(arena, "%.*s:%llu", AT_STR_ARG(step->file), (unsigned long long)step->line));
    at_sink_z(out, "\n");
}

static void item(const struct page *page, const struct at_explain_node *step, unsigned depth) {
    for (unsigned i = 0; i < depth && i < 12; i++)
        at_sink_z(page->out, "  ");
    at_sink_z(page->out, "- ");
    at_write_md_sentence(page->out, at_words_write_operand(page->arena, page->words, &step->text));
    at_sink_z(page->out, "\n");
    for (const struct at_explain_node *child = step->first; child; child = child->next)
        item(page, child, depth + 1);
}

static void section(const struct page *page, const struct at_explain_node *step, const char *mark) {
    struct at_sink *out = page->out;
    at_sink_z(out, mark);
    at_write_md_sentence(out, at_words_write_operand(page->arena, page->words, &step->text));
    at_sink_z(out, "\n\n");
    source(out, step, page->arena);
    if (step->quotes && step->source.n) at_sink_z(out, "\n");
    for (const struct at_explain_node *child = step->first; child; child = child->next)
        item(page, child, 0);
    if (step->first) at_sink_z(out, "\n");
}

void at_write_explain_md(const struct at_session_results *results, const struct at_explain_story *story,
                         const struct at_write_explain_style *style, struct at_arena *scratch,
                         struct at_sink *out) {
    const struct at_session_result_run *r = &results->runs[story->run];
    at_str who = story->label.n ? story->label : story->key;
    at_str when = at_words_period(scratch, style->words, story->when);
    at_str title = AT_SAY(scratch, style->words, AT_W_HEAD, who, when);
    const struct page page = {out, style->words, scratch};
    if (!story->withheld) {
        title = AT_SAY(
            scratch, style->words, AT_W_IS, title,
            at_write_explain_amount(r, story->total, story->local, story->currency, style->words, scratch));
    }
    at_sink_z(out, "## ");
    at_write_md_text(out, title);
    at_sink_z(out, "\n\n");
    if (story->covered.kind) {
        at_sink_z(out, "- ");
        at_write_md_sentence(out, at_words_write_operand(scratch, style->words, &story->covered));
        at_sink_z(out, story->n_shown ? "\n" : "\n\n");
    }
    for (uint32_t i = 0; i < story->n_shown; i++) {
        at_sink_z(out, "- ");
        at_write_md_sentence(out, at_write_explain_shown(&story->shown[i], style->words, scratch));
        at_sink_z(out, i + 1 < story->n_shown ? "\n" : "\n\n");
    }
    for (const struct at_explain_node *step = story->components; step; step = step->next)
        section(&page, step, "### ");
    for (const struct at_explain_node *step = story->measures; step; step = step->next)
        section(&page, step, "#### ");
}
