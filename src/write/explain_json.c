/* write/explain_json.c: writes an explanation as JSON, with each value as shown and exactly (a decimal or a
 * fraction). */
#include "base/numtext.h"
#include "write/explain.h"
#include "write/writer.h"

struct page {
    struct at_sink *out;
    const struct at_words *words;
    struct at_arena *arena;
};

static void name(struct at_sink *out, const char *key) {
    at_sink_printf(out, "\"%s\":", key);
}

static void text(struct at_sink *out, const char *key, at_str value) {
    at_sink_z(out, ",");
    name(out, key);
    at_sink_json(out, value);
}

static at_str said(const struct page *page, const at_words_operand *operand) {
    return at_words_sentence_plain(page->arena, at_words_write_operand(page->arena, page->words, operand));
}

static void sentence(const struct page *page, const char *key, const at_words_operand *operand) {
    if (operand->kind != AT_OPERAND_NONE) text(page->out, key, said(page, operand));
}

static bool is_number(const struct at_plan_value *value) {
    return !value->missing && (value->type.kind == AT_T_NUMBER || value->type.kind == AT_T_MONEY ||
                               value->type.kind == AT_T_DURATION);
}

/* {"shown":"≈$6.666667","exact":"20/3","shortened":true} */
static void figure(const struct page *page, const struct at_explain_figure *f) {
    struct at_sink *out = page->out;
    at_sink_z(out, "{\"shown\":");
    at_sink_json(out, said(page, &f->shown));
    if (is_number(&f->value)) text(out, "exact", at_num_print(page->arena, at_plan_value_num(&f->value)));
    if (f->shortened) at_sink_z(out, ",\"shortened\":true");
    at_sink_z(out, "}");
}

static void steps(const struct page *page, const char *key, const struct at_explain_node *step);

static void one(const struct page *page, const struct at_explain_node *step) {
    struct at_sink *out = page->out;
    at_sink_z(out, "{\"kind\":");
    at_sink_json(out, at_str_z(at_explain_step_name((enum at_explain_step_kind)step->kind)));
    sentence(page, "name", &step->name);
    if (step->label.n) text(out, "label", step->label);
    sentence(page, "text", &step->text);
    sentence(page, "date", &step->date);
    if (step->has_value) {
        at_sink_z(out, ",\"value\":");
        figure(page, &step->value);
    }
    if (step->part) at_sink_z(out, ",\"part\":true");
    if (step->adds) at_sink_z(out, ",\"adds\":true");
    if (step->n_figures) {
        at_sink_z(out, ",\"figures\":[");
        for (uint32_t i = 0; i < step->n_figures; i++) {
            if (i) at_sink_z(out, ",");
            figure(page, &step->figures[i]);
        }
        at_sink_z(out, "]");
    }
    if (step->source.n) text(out, "source", step->source);
    if (step->file.n) {
        text(out, "file", step->file);
        at_sink_printf(out, ",\"line\":%llu", (unsigned long long)step->line);
    }
    steps(page, "steps", step->first);
    at_sink_z(out, "}");
}

static void steps(const struct page *page, const char *key, const struct at_explain_node *step) {
    struct at_sink *out = page->out;
    if (!step) return;
    at_sink_z(out, ",");
    name(out, key);
    at_sink_z(out, "[");
    for (; step; step = step->next) {
        one(page, step);
        if (step->next) at_sink_z(out, ",");
    }
    at_sink_z(out, "]");
}

void at_write_explain_json(const struct at_session_results *results, const struct at_explain_story *story,
                           const struct at_write_explain_style *style, struct at_arena *scratch,
                           struct at_sink *out) {
    const struct at_session_result_run *r = &results->runs[story->run];
    char amount[AT_MINOR_SIZE];
    const struct page page = {out, style->words, scratch};
    at_sink_z(out, "{\"payee\":");
    at_sink_json(out, story->key);
    if (story->label.n) text(out, "label", story->label);
    text(out, "period", story->period_text);
    text(out, "policy", r->checked->name);
    text(out, "currency", at_str_z(r->currency->code));
    if (story->covered.kind)
        text(out, "covered", at_words_write_operand(scratch, style->words, &story->covered));
    if (story->withheld) {
        at_sink_z(out, ",\"withheld\":true");
    } else {
        size_t n = at_write_minor_write(amount, story->total, r->currency->digits, false);
        text(out, "amount", (at_str){amount, (uint32_t)n});
        if (story->currency) {
            const struct at_currency_info *paid = at_currency_info(story->currency);
            n = at_write_minor_write(amount, story->local, paid->digits, false);
            text(out, "paid", (at_str){amount, (uint32_t)n});
            text(out, "paid_currency", at_str_z(paid->code));
        }
    }
    steps(&page, "components", story->components);
    steps(&page, "measures", story->measures);
    at_sink_z(out, "}");
}
