/* write/reconcile_text.c: a reconciliation for a terminal: the verdict, causes, and the largest differences.
 */
#include "base/sort.h"
#include "base/visible.h"
#include "write/grid.h"
#include "write/reconcile.h"

#define MOST_CAUSES 20
#define MOST_PAYOUTS 40

struct text {
    const struct at_write_report *r;
    const struct at_write_reconcile *made;
};

static void line(const struct text *t, at_str sentence) {
    at_sink_visible(t->r->out, at_words_sentence_plain(t->r->arena, sentence));
    at_sink_z(t->r->out, "\n");
}

static at_str amount(const struct text *t, at_i128 minor) {
    return at_words_number(t->r->arena, t->r->words,
                           at_write_reconcile_amount(t->made, t->r->arena, minor, true));
}

static at_str number(const struct text *t, uint64_t n) {
    return at_str_format(t->r->arena, "%llu", (unsigned long long)n);
}

static void write_limits(const struct text *t) {
    for (uint32_t i = 0; i < t->made->n_limits; i++) {
        const struct at_write_reconcile_limit *limit = &t->made->limits[i];
        at_sink_z(t->r->out, "  ");
        line(t,
             AT_SAY(t->r->arena, t->r->words, limit->exceeded ? AT_W_RECONCILE_EXCEEDED : AT_W_RECONCILE_HELD,
                    limit->text, limit->value));
    }
}

static void head(const struct text *t, struct at_write_grid *grid, const enum at_words_word *heads,
                 uint32_t n) {
    at_str *cells = at_write_grid_add(grid, AT_GRID_HEAD);
    for (uint32_t i = 0; i < n; i++)
        cells[i] = at_words_word(t->r->words, heads[i]);
}

static void write_causes(const struct text *t) {
    static const enum at_words_word heads[] = {AT_W_RECONCILE_TYPE, AT_W_RECONCILE_CAUSE,
                                               AT_W_RECONCILE_PAYOUTS, AT_W_RECONCILE_NET};
    const struct at_answer_reconciliation *of = &t->made->of;
    struct at_write_grid grid;
    if (of->n_causes == 0) return;
    at_write_grid_init(&grid, t->r->arena, 4, 2);
    grid.color = t->r->color;
    head(t, &grid, heads, 4);
    for (uint32_t k = 0; k < of->n_causes && k < MOST_CAUSES; k++) {
        const struct at_answer_cause *cause = &of->causes[k];
        at_str *cells = at_write_grid_add(&grid, AT_GRID_ROW);
        cells[0] = at_write_reconcile_class(t->r->words, cause->class);
        cells[1] = at_words_sentence_plain(
            t->r->arena, at_write_reconcile_cause(t->made, cause, t->r->words, t->r->arena));
        cells[2] = number(t, cause->n);
        cells[3] = amount(t, cause->net);
    }
    at_write_grid_print(&grid, t->r->out);
    if (of->n_causes > MOST_CAUSES)
        line(t, AT_SAY(t->r->arena, t->r->words, AT_W_RECONCILE_MORE, number(t, of->n_causes - MOST_CAUSES)));
    at_sink_z(t->r->out, "\n");
}

static void write_payouts(const struct text *t) {
    const struct at_answer_reconciliation *of = &t->made->of;
    at_str heads[AT_WRITE_RECONCILE_COLUMNS];
    uint32_t n = at_write_reconcile_heads(t->made, t->r->words, heads), shown = 0;
    struct at_write_grid grid;
    if (of->count[AT_ANSWER_DIFFERENT] == 0) return;
    at_write_grid_init(&grid, t->r->arena, n, n - 3);
    grid.color = t->r->color;
    memcpy(at_write_grid_add(&grid, AT_GRID_HEAD), heads, n * sizeof *heads);
    for (uint32_t k = 0; k < of->n_causes; k++)
        for (uint32_t i = 0; i < of->n && shown < MOST_PAYOUTS; i++) {
            if (of->payouts[i].cause != k) continue;
            at_write_reconcile_cells(t->made, &of->payouts[i], t->r->words, t->r->arena,
                                     at_write_grid_add(&grid, AT_GRID_ROW));
            shown++;
        }
    at_write_grid_print(&grid, t->r->out);
    if (of->count[AT_ANSWER_DIFFERENT] > shown)
        line(t, AT_SAY(t->r->arena, t->r->words, AT_W_RECONCILE_MORE,
                       number(t, of->count[AT_ANSWER_DIFFERENT] - shown)));
    at_sink_z(t->r->out, "\n");
}

void at_write_reconcile_text(const struct at_write_report *report, const struct at_write_reconcile *made) {
    const struct text t = {report, made};
    const struct at_answer_reconciliation *of = &made->of;
    const struct at_words *words = report->words;
    line(&t, at_write_reconcile_verdict(made, words, report->arena));
    write_limits(&t);
    at_sink_z(report->out, "\n");
    line(&t, at_write_reconcile_counts(made, words, report->arena));
    line(&t, at_write_reconcile_totals(made, words, report->arena));
    at_sink_z(report->out, "\n");
    write_causes(&t);
    write_payouts(&t);
    if (of->tried) line(&t, AT_SAY(report->arena, words, AT_W_EXPECTED_TRIED, number(&t, of->tried)));
    if (of->not_searched)
        line(&t, AT_SAY(report->arena, words, AT_W_RECONCILE_NOT_SEARCHED, number(&t, of->not_searched)));
}
