/* write/order_step.c: the parts of sentences about the order of calculation: names, formulas, periods,
 * clauses. */
#include "write/order_int.h"

at_str at_write_step_code(const struct at_write_steps *s, const struct at_ast_node *node) {
    at_str text = node ? at_diag_sources_text(s->policy->ast->sources, node->span) : (at_str){0};
    char *to = at_arena_get(s->arena, text.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        bool space = text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t';
        /* A comment ends with its line. */
        if (text.p[i] == '#' && n > 0 && to[n - 1] == ' ') {
            while (i + 1 < text.n && text.p[i + 1] != '\n')
                i++;
            continue;
        }
        if (space && (n == 0 || to[n - 1] == ' ')) continue;
        to[n++] = space ? ' ' : text.p[i];
    }
    return (at_str){to, n};
}

at_str at_write_step_name(const struct at_write_steps *s, at_str name, at_str label) {
    if (label.n == 0 || at_str_eq(label, name)) return name;
    return AT_STEP_SAY(s, AT_W_ORDER_LABELLED, label, name);
}

at_str at_write_step_and(const struct at_write_steps *s, at_str sentence, at_str clause) {
    return sentence.n ? AT_STEP_SAY(s, AT_W_ORDER_AND, sentence, clause) : clause;
}

at_str at_write_step_list(const struct at_write_steps *s, at_str list, at_str name) {
    return list.n ? AT_STEP_SAY(s, AT_W_ORDER_LIST, list, name) : name;
}

at_str at_write_step_with(const struct at_write_steps *s, at_str sentence, enum at_words_word clause,
                          const struct at_ast_node *node) {
    if (!node) return sentence;
    return at_write_step_and(s, sentence, AT_STEP_SAY(s, clause, at_write_step_code(s, node)));
}

at_str at_write_step_span(const struct at_write_steps *s, at_str word) {
    static const struct {
        const char *name;
        enum at_words_word word;
    } SPANS[] = {{"year", AT_W_ORDER_YEAR},   {"half", AT_W_ORDER_HALF}, {"quarter", AT_W_ORDER_QUARTER},
                 {"month", AT_W_ORDER_MONTH}, {"week", AT_W_ORDER_WEEK}, {"semimonth", AT_W_ORDER_SEMIMONTH}};
    for (size_t i = 0; i < AT_COUNT(SPANS); i++)
        if (at_str_eq(word, at_str_z(SPANS[i].name))) return at_words_word(s->words, SPANS[i].word);
    return word;
}

at_str at_write_step_period(const struct at_write_steps *s, const struct at_ast_node *node) {
    static const enum at_words_word KINDS[] = {
        [AT_WEEK] = AT_W_ORDER_WEEK,   [AT_SEMIMONTH] = AT_W_ORDER_SEMIMONTH,
        [AT_MONTH] = AT_W_ORDER_MONTH, [AT_FISCAL_MONTH] = AT_W_ORDER_MONTH,
        [AT_HALF] = AT_W_ORDER_HALF,   [AT_QUARTER] = AT_W_ORDER_QUARTER,
        [AT_YEAR] = AT_W_ORDER_YEAR};
    const struct at_calendar *calendar = &s->policy->calendar;
    const struct at_ast_node *each = node ? at_ast_child(node, AT_N_EACH) : NULL;
    if (each) return at_write_step_span(s, each->text);
    return at_words_word(s->words, KINDS[calendar->period_kind <= AT_YEAR ? calendar->period_kind : AT_YEAR]);
}

/* What `total` adds up: the components of the statements above. */
static at_str components_above(const struct at_write_steps *s, const struct at_ast_node *until) {
    const struct at_ast *ast = s->policy->ast;
    at_str list = {0};
    for (uint32_t f = ast->n_files; f-- > 0;) {
        const struct at_ast_node *file = ast->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            const struct at_ast_node *node = file->child[i];
            if (node == until) return list;
            if (!node || (node->kind != AT_N_PAY && node->kind != AT_N_POOL)) continue;
            list = at_write_step_list(s, list, at_write_step_name(s, node->text, node->text2));
        }
    }
    return list;
}

at_str at_write_step_component(const struct at_write_steps *s, at_str name) {
    if (at_str_eq(name, AT_STR("total")))
        return AT_STEP_SAY(s, AT_W_ORDER_TOTAL, components_above(s, s->total));
    for (uint32_t i = 0; i < s->policy->n_components; i++) {
        const struct at_check_symbol *symbol = s->policy->components[i].symbol;
        if (at_str_eq(symbol->name, name)) return at_write_step_name(s, name, symbol->label);
    }
    return name;
}
