/* api/explain_tree.c: an explanation as a tree of steps: makes the steps of stories, and hands them out. */
#include "api/explain.h"
#include "api/range.h"
#include "base/numtext.h"
#include "write/writer.h"

/* Copies a text to the explanation, which must not refer to the scratch of the call. */
static attain_text copy(struct attain_explanation *e, at_str text) {
    return at_api_text(at_str_copy(&e->own.arena, text));
}

/* Returns an operand as plain text in the language of the explanation. */
static attain_text sentence(struct attain_explanation *e, const at_words_operand *operand) {
    struct at_arena *arena = &e->own.arena;
    if (operand->kind == AT_OPERAND_NONE) return (attain_text){"", 0};
    return at_api_text(at_words_sentence_plain(arena, at_words_write_operand(arena, e->words, operand)));
}

/* A value as data writes it, in every language. */
static at_str exact(struct at_arena *arena, const struct at_plan_value *value) {
    if (value->missing) return (at_str){"", 0};
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION: return at_num_print(arena, at_plan_value_num(value));
    case AT_T_DATE: return at_date_print(arena, at_plan_value_day(value));
    case AT_T_PERIOD: return at_period_print(arena, at_plan_value_period(value));
    case AT_T_FLAG: return at_plan_value_yes(value) ? AT_STR("yes") : AT_STR("no");
    case AT_T_TEXT:
    case AT_T_ENUM: return at_str_copy(arena, at_plan_value_text(value));
    case AT_T_REF:
    case AT_T_NONE: break;
    }
    return (at_str){"", 0};
}

static const char *unit_of(at_type type) {
    const struct at_currency_info *info = type.kind == AT_T_MONEY ? at_currency_info(type.currency) : NULL;
    return info ? info->code : "";
}

/* Adds a step behind its parent, and links it to the one before it. */
static size_t add(struct attain_explanation *e, attain_step step, size_t parent, size_t *before) {
    size_t index = e->steps.n;
    step.parent = parent;
    step.first = step.next = SIZE_MAX;
    AT_VEC_PUSH(&e->own.arena, &e->steps, step);
    if (*before != SIZE_MAX)
        e->steps.at[*before].next = index;
    else if (parent != SIZE_MAX)
        e->steps.at[parent].first = index;
    *before = index;
    return index;
}

/* Converts a node of the explainer. A row of data has a file and a line. Another step may have a span in
 * the policy. */
static attain_step make(struct attain_explanation *e, const struct at_diag_sources *sources,
                        const struct at_explain_node *from) {
    const struct at_plan_value *value = &from->value.value;
    attain_step step = {.kind = at_explain_step_name((enum at_explain_step_kind)from->kind),
                        .name = sentence(e, &from->name),
                        .text = sentence(e, &from->text),
                        .date = sentence(e, &from->date),
                        .part = from->part,
                        .adds = from->adds,
                        .currency = "",
                        .source = copy(e, from->source),
                        .file = copy(e, from->file),
                        .line = from->line,
                        .row = from->file.n > 0 && from->span.end == 0};
    if (from->has_value) {
        step.type = (attain_type)value->type.kind;
        step.missing = value->missing;
        step.shown = sentence(e, &from->value.shown);
        step.exact = at_api_text(exact(&e->own.arena, value));
        step.currency = unit_of(value->type);
    }
    if (from->span.end) {
        struct at_api_range range = at_api_range_of(sources, from->span);
        step.start = range.start;
        step.end = range.end;
        if (step.file.length == 0) {
            step.file = copy(e, (at_str){range.file.bytes, (uint32_t)range.file.length});
            step.line = range.line;
        }
    }
    return step;
}

/* Recursion is as deep as the explanation. Each step is added before its children. */
static void add_all(struct attain_explanation *e, const struct at_diag_sources *sources,
                    const struct at_explain_node *from, size_t parent, size_t *before) {
    for (; from; from = from->next) {
        size_t child = SIZE_MAX, index = add(e, make(e, sources, from), parent, before);
        add_all(e, sources, from->first, index, &child);
    }
}

/* A payout that is withheld has no amount, and its components do not add up to it. */
void at_api_explanation_add(struct attain_explanation *e, const struct at_session_results *results,
                            const struct at_explain_story *story) {
    const struct at_session_result_run *r = &results->runs[story->run];
    const struct at_diag_sources *sources = r->checked->ast->sources;
    char amount[AT_MINOR_SIZE];
    size_t n = at_write_minor_write(amount, story->total, r->currency->digits, false), child = SIZE_MAX;
    at_str total = at_str_copy(&e->own.arena, (at_str){amount, (uint32_t)n});
    attain_step step = {.kind = "payout",
                        .name = copy(e, story->key),
                        .text = copy(e, story->label),
                        .date = copy(e, story->period_text),
                        .type = story->withheld ? ATTAIN_TYPE_NONE : ATTAIN_TYPE_MONEY,
                        .shown = story->withheld ? (attain_text){"", 0} : at_api_text(total),
                        .exact = story->withheld ? (attain_text){"", 0} : at_api_text(total),
                        .currency = r->currency->code,
                        .adds = !story->withheld,
                        .withheld = story->withheld,
                        .source = {"", 0},
                        .file = {"", 0}};
    size_t root = add(e, step, SIZE_MAX, &e->last_payout);
    add_all(e, sources, story->components, root, &child);
    for (size_t i = e->steps.at[root].first; !story->withheld && i != SIZE_MAX; i = e->steps.at[i].next)
        e->steps.at[i].part = true; /* the components are the summands of the payout */
    add_all(e, sources, story->measures, root, &child);
}

/* ---- reading it */

size_t attain_explanation_count(const attain_explanation *explanation) {
    return explanation ? explanation->steps.n : 0;
}

attain_status(attain_explanation_step)(const attain_explanation *explanation, size_t index, attain_step *out,
                                       size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_explanation_count(explanation)) return ATTAIN_USAGE;
    return AT_OUT_PUT(out, size, explanation->steps.at[index]);
}

void attain_explanation_free(attain_explanation *explanation) {
    if (explanation) at_api_handle_free(explanation, sizeof *explanation);
}
