/* report/explain_md.c: an explanation as Markdown: headings for payee and components, nested lists for steps.
 */
#include "report/explain.h"

/* Text that is to stand as it is: marks of Markdown and of HTML are escaped, control characters dropped. */
static void plain(struct at_sink *out, at_str text) {
    for (uint32_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if ((unsigned char)c < 0x20 || c == 0x7F) continue;
        if (c == '<')
            at_sink_z(out, "&lt;");
        else if (c == '>')
            at_sink_z(out, "&gt;");
        else if (c == '&')
            at_sink_z(out, "&amp;");
        else {
            if (strchr("\\*_[]|#~", c)) at_sink_put(out, "\\", 1);
            at_sink_put(out, &c, 1);
        }
    }
}

/* Source in a code span with a fence longer than any run of back quotes in it. */
static void code(struct at_sink *out, at_str text) {
    unsigned longest = 0, run = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    for (unsigned i = 0; i <= longest; i++)
        at_sink_put(out, "`", 1);
    if (longest) at_sink_put(out, " ", 1);
    at_sink_str(out, text);
    if (longest) at_sink_put(out, " ", 1);
    for (unsigned i = 0; i <= longest; i++)
        at_sink_put(out, "`", 1);
}

static void source(struct at_sink *out, const struct at_xstep *step) {
    if (!step->quotes || step->source.n == 0) return;
    code(out, step->source);
    at_sink_z(out, " — ");
    plain(out, step->file);
    at_sink_printf(out, ":%llu\n", (unsigned long long)step->line);
}

static void item(struct at_sink *out, const struct at_xstep *step, unsigned depth) {
    for (unsigned i = 0; i < depth && i < 12; i++)
        at_sink_z(out, "  ");
    at_sink_z(out, "- ");
    plain(out, step->text);
    at_sink_z(out, "\n");
    for (const struct at_xstep *child = step->first; child; child = child->next)
        item(out, child, depth + 1);
}

static void section(struct at_sink *out, const struct at_xstep *step, const char *mark) {
    at_sink_z(out, mark);
    plain(out, step->text);
    at_sink_z(out, "\n\n");
    source(out, step);
    if (step->quotes && step->source.n) at_sink_z(out, "\n");
    for (const struct at_xstep *child = step->first; child; child = child->next)
        item(out, child, 0);
    if (step->first) at_sink_z(out, "\n");
}

void at_explain_md(const struct at_results *results, const struct at_story *story,
                   const struct at_explain_style *style, struct at_arena *scratch, struct at_sink *out) {
    const struct at_result_run *r = &results->runs[story->run];
    at_str who = story->label.n ? story->label : story->key;
    at_str title = AT_SAY(scratch, style->words, AT_W_LIST, who, story->period_text);
    if (!story->withheld) {
        at_num amount = at_num_decimal((int64_t)story->total, r->currency->digits);
        title = AT_SAY(scratch, style->words, AT_W_IS, title,
                       at_money_print(scratch, amount, r->checked->currency));
    }
    at_sink_z(out, "## ");
    plain(out, title);
    at_sink_z(out, "\n\n");
    for (const struct at_xstep *step = story->components; step; step = step->next)
        section(out, step, "### ");
    for (const struct at_xstep *step = story->measures; step; step = step->next)
        section(out, step, "#### ");
}
