#include "report/statement.h"
void at_statement_write(const struct at_results *results, struct at_explainer *explainer,
                        const struct at_explain_style *style, struct at_arena *arena, struct at_sink *out) {
    (void)results;
    (void)explainer;
    (void)style;
    (void)arena;
    (void)out;
}
void at_statement_index(const struct at_results *results, const at_str *files, const struct at_words *words,
                        struct at_arena *arena, struct at_sink *out) {
    (void)results;
    (void)files;
    (void)words;
    (void)arena;
    (void)out;
}
