/* write/diff_block.c: writes what a reviewer decides by for a terminal: verdict, limits, risks, edits,
 * groups, periods, and where the difference comes from.
 */
#include "write/diff_text.h"

enum { BAR = 20 /* columns of the longest bar */ };

void at_write_text_verdict(const struct at_write_diff_text *page) {
    static const char *const colors[] = {[AT_VERDICT_OK] = "\033[1;32m",
                                         [AT_VERDICT_OPEN] = "\033[1m",
                                         [AT_VERDICT_CHECK] = "\033[1;33m",
                                         [AT_VERDICT_STOP] = "\033[1;31m"};
    bool color = page->options->color;
    if (color) at_sink_z(page->out, colors[page->diff->decision->verdict]);
    at_write_text_line(page, at_write_diff_verdict(page->diff, page->arena));
    if (color) at_sink_z(page->out, "\033[0m");
    at_write_text_line(page, at_write_diff_sentence(page->diff, page->arena));
    at_str because = at_write_diff_because(page->diff, page->arena);
    if (because.n) at_write_text_line(page, because);
    at_sink_z(page->out, "\n");
}

void at_write_text_limits(const struct at_write_diff_text *page) {
    const struct at_diff_decision *decision = page->diff->decision;
    if (decision->n_limits == 0) return;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_LIMITS));
    for (uint32_t i = 0; i < decision->n_limits; i++) {
        const struct at_diff_limit *limit = &decision->limits[i];
        bool exceeded = limit->n_exceed > 0;
        at_str result = at_write_text_word(page, exceeded ? AT_W_DIFF_LIMIT_EXCEEDED : AT_W_DIFF_LIMIT_HELD);
        at_str where = at_write_diff_limit_where(page->diff, page->arena, limit);
        at_str value =
            at_write_diff_limit_value(page->diff, page->arena, limit, at_write_diff_limit_shown(limit));
        at_str text = value.n == 0 ? at_str_format(page->arena, "%.*s: %.*s", AT_STR_ARG(limit->text),
                                                   AT_STR_ARG(result))
                      : where.n    ? AT_SAY(page->arena, page->diff->words, AT_W_DIFF_LIMIT_SENTENCE_AT,
                                            limit->text, result, value, where)
                                   : AT_SAY(page->arena, page->diff->words, AT_W_DIFF_LIMIT_SENTENCE,
                                            limit->text, result, value);
        at_write_flow(&page->flow, exceeded ? AT_STR("✗ ") : AT_STR("✓ "), text);
    }
}

void at_write_text_risks(const struct at_write_diff_text *page) {
    const struct at_diff_decision *decision = page->diff->decision;
    if (decision->n_risks == 0) return;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_RISKS));
    for (uint32_t i = 0; i < decision->n_risks; i++)
        at_write_flow(&page->flow, AT_STR("! "),
                      at_write_diff_risk(page->diff, page->arena, &decision->risks[i]));
}

/* ---------------------------------------------------------------- edits */

/* "-456,043.00  ████████  4 gain, 55 lose". */
static void write_effect(const struct at_write_diff_text *page, const struct at_diff_cause *cause,
                         at_i128 largest) {
    struct at_arena *arena = page->arena;
    const struct at_words *words = page->diff->words;
    at_i128 like = cause->gain + cause->loss, size = like < 0 ? -like : like;
    int n = size == 0 ? 0 : (int)(size * BAR / largest) + 1;
    at_str amount = at_write_diff_change(page->diff, arena, like);
    at_sink_z(page->out, "   ");
    if (page->options->color && cause->gain + cause->loss < 0) at_sink_z(page->out, "\033[31m");
    if (page->options->color && cause->gain + cause->loss >= 0) at_sink_z(page->out, "\033[32m");
    at_sink_visible(page->out, at_str_format(arena, "%16.*s  ", AT_STR_ARG(amount)));
    for (int i = 0; i < BAR + 1; i++)
        at_sink_z(page->out, i < n ? "█" : " ");
    at_str gain = AT_SAY(arena, words, cause->gainers == 1 ? AT_W_DIFF_GAINERS_1 : AT_W_DIFF_GAINERS,
                         at_str_format(arena, "%u", cause->gainers)),
           lose = AT_SAY(arena, words, cause->losers == 1 ? AT_W_DIFF_LOSERS_1 : AT_W_DIFF_LOSERS,
                         at_str_format(arena, "%u", cause->losers)),
           text = AT_SAY(arena, words, AT_W_DIFF_COMMA, gain, lose);
    if (cause->newly)
        text =
            AT_SAY(arena, words, AT_W_DIFF_COMMA, text, at_write_diff_cause_newly(page->diff, arena, cause));
    at_sink_z(page->out, page->options->color ? "\033[39m  " : "  ");
    at_sink_visible(page->out, text);
    at_sink_z(page->out, "\n");
}

static void write_edit(const struct at_write_diff_text *page, at_str number, uint32_t index) {
    const struct at_diff_edit *edit = &page->diff->edits->at[index];
    at_str subject = at_write_diff_subject_text(page->diff, page->arena, edit),
           change = at_write_diff_marked(page->diff, page->arena, edit);
    at_write_flow(&page->flow, at_str_format(page->arena, "%.*s ", AT_STR_ARG(number)),
                  AT_SAY(page->arena, page->diff->words, AT_W_EDIT_OF, subject, change));
}

static void write_cause(const struct at_write_diff_text *page, uint32_t k, at_i128 largest) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_cause *cause = &diff->causes[k];
    at_str number = at_write_diff_number(page->arena, k);
    for (uint32_t i = 0; i < cause->n_edits; i++)
        write_edit(page, i == 0 ? number : AT_STR(" "), cause->edits[i]);
    if (cause->data)
        at_write_flow(&page->flow, at_str_format(page->arena, "%.*s ", AT_STR_ARG(number)),
                      at_write_text_word(page, AT_W_EDIT_DATA));
    at_str quiet = at_write_diff_quiet(diff, page->arena, cause),
           witness = at_write_diff_witness(diff, page->arena, cause);
    if (quiet.n && cause->minor == 0 && cause->gainers + cause->losers + cause->newly == 0) {
        at_write_flow(&page->flow, AT_STR("  "), quiet);
        return;
    }
    write_effect(page, cause, largest);
    if (witness.n)
        witness = AT_SAY(page->arena, diff->words, AT_W_DIFF_EXAMPLE, witness);
    else
        witness = quiet;
    if (witness.n) at_write_flow(&page->flow, AT_STR("   "), witness);
}

/* Those that do not change pay, in one paragraph. */
static void write_others(const struct at_write_diff_text *page) {
    const struct at_diff_edits *edits = page->diff->edits;
    at_str list = AT_STR("");
    for (uint32_t i = 0; i < edits->n; i++) {
        const struct at_diff_edit *edit = &edits->at[i];
        if (edit->pays) continue;
        at_str subject = at_write_diff_subject_text(page->diff, page->arena, edit),
               change = at_write_diff_change_text(page->diff, page->arena, edit),
               one = AT_SAY(page->arena, page->diff->words, AT_W_EDIT_OF, subject, change);
        list = list.n ? AT_SAY(page->arena, page->diff->words, AT_W_DIFF_BOTH, list, one) : one;
    }
    if (list.n)
        at_write_flow(&page->flow, AT_STR("  "),
                      AT_SAY(page->arena, page->diff->words, AT_W_DIFF_EDITS_QUIET, list));
}

void at_write_text_edits(const struct at_write_diff_text *page) {
    const struct at_diff *diff = page->diff;
    at_i128 largest = 1, sum = 0;
    if (!diff->edits) return;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_EDITS));
    if (diff->edits->n == 0) at_write_text_line(page, at_write_text_word(page, AT_W_DIFF_EDITS_NONE));
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at_i128 like = diff->causes[k].gain + diff->causes[k].loss, size = like < 0 ? -like : like;
        if (size > largest) largest = size;
        sum += like;
    }
    for (uint32_t k = 0; k < diff->n_causes; k++)
        write_cause(page, k, largest);
    for (uint32_t i = 0; i < diff->edits->n && diff->n_causes == 0; i++) {
        int64_t k = at_write_diff_cause_of(diff, i);
        if (k >= 0) write_edit(page, at_write_diff_number(page->arena, (uint32_t)k), i);
    }
    write_others(page);
    if (diff->n_causes < 2) return;
    at_str total = at_write_diff_change(diff, page->arena, sum);
    at_sink_visible(page->out, at_str_format(page->arena, "   %16.*s  ", AT_STR_ARG(total)));
    at_sink_visible(page->out, at_write_text_word(page, AT_W_DIFF_TOTAL));
    at_sink_z(page->out, "\n");
    at_write_text_line(page,
                       at_write_text_word(page, diff->shapley ? AT_W_DIFF_SHAPLEY : AT_W_DIFF_IN_ORDER));
}

/* ---------------------------------------------------------------- groups, periods */

/* Without the new amount, so that the table has 80 columns. */
static void put_heads(const struct at_write_diff_text *page, at_str *row) {
    row[0] = at_write_text_word(page, AT_W_DIFF_OLD);
    row[1] = at_write_text_word(page, AT_W_DIFF_CHANGE);
    row[2] = at_write_text_word(page, AT_W_DIFF_OF_OLD);
}

static void put_like(const struct at_write_diff_text *page, at_str *row, const at_i128 like[2]) {
    row[0] = at_write_diff_amount(page->diff, page->arena, like[0]);
    row[1] = at_write_diff_change(page->diff, page->arena, like[1] - like[0]);
    row[2] = at_write_diff_percent(page->arena, like[1] - like[0], like[0]);
}

void at_write_text_groups(const struct at_write_diff_text *page) {
    const struct at_diff_groups *groups = &page->diff->decision->groups;
    struct at_write_grid grid;
    if (groups->field.n == 0) return;
    at_write_text_heading(page, AT_SAY(page->arena, page->diff->words, AT_W_DIFF_BY_GROUP, groups->field));
    at_write_text_grid(page, &grid, 7, 1);
    at_str *row = at_write_grid_add(&grid, AT_GRID_HEAD);
    row[0] = groups->field;
    row[1] = at_write_text_word(page, AT_W_DIFF_PAYEES);
    row[2] = at_write_text_word(page, AT_W_DIFF_EDITS_GAIN);
    row[3] = at_write_text_word(page, AT_W_DIFF_EDITS_LOSE);
    put_heads(page, row + 4);
    for (uint32_t g = 0; g < groups->n; g++) {
        const struct at_diff_group *group = &groups->at[g];
        row = at_write_grid_add(&grid, AT_GRID_ROW);
        row[0] = group->name.n ? group->name : AT_STR("—");
        row[1] = at_str_format(page->arena, "%u", group->payees);
        row[2] = at_str_format(page->arena, "%u", group->gainers);
        row[3] = at_str_format(page->arena, "%u", group->losers);
        put_like(page, row + 4, group->like);
    }
    at_write_grid_print(&grid, page->out);
}

void at_write_text_periods(const struct at_write_diff_text *page) {
    const struct at_diff *diff = page->diff;
    struct at_write_grid grid;
    bool changes = diff->n_winners || diff->n_losers || diff->n_moved || diff->n_held;
    if (diff->n_periods < 2 || !changes) return;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_BY_PERIOD));
    at_write_text_grid(page, &grid, 7, 1);
    at_str *row = at_write_grid_add(&grid, AT_GRID_HEAD);
    row[0] = at_write_text_word(page, AT_W_DIFF_PERIOD);
    row[1] = at_write_text_word(page, AT_W_DIFF_EDITS_GAIN);
    row[2] = at_write_text_word(page, AT_W_DIFF_EDITS_LOSE);
    row[3] = at_write_text_word(page, AT_W_DIFF_WITHHELD);
    put_heads(page, row + 4);
    for (uint32_t p = 0; p < diff->n_periods; p++) {
        const struct at_diff_span *span = &diff->decision->spans[p];
        if (span->minor[0] == 0 && span->minor[1] == 0 && span->newly == 0) continue;
        row = at_write_grid_add(&grid, AT_GRID_ROW);
        row[0] = diff->periods[p];
        row[1] = at_str_format(page->arena, "%u", span->gainers);
        row[2] = at_str_format(page->arena, "%u", span->losers);
        row[3] = at_str_format(page->arena, "%u", span->newly);
        put_like(page, row + 4, span->like);
    }
    at_write_grid_print(&grid, page->out);
}

/* ---------------------------------------------------------------- newly withheld payouts */

void at_write_text_newly(const struct at_write_diff_text *page) {
    enum { MOST = 20 };
    const struct at_diff *diff = page->diff;
    if (diff->n_newly == 0) return;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_NEWLY_WITHHELD));
    for (uint32_t i = 0; i < diff->n_newly && i < MOST; i++) {
        struct at_arena_mark mark = at_arena_mark(page->arena);
        at_str text = at_write_diff_newly(diff, page->arena, &diff->newly[i]);
        at_str number = at_write_diff_numbers(page->arena, diff->newly[i].causes);
        at_write_flow(&page->flow, at_str_format(page->arena, "%.*s ", AT_STR_ARG(number)), text);
        at_arena_reset(page->arena, mark);
    }
    if (diff->n_newly > MOST)
        at_write_text_line(page, AT_SAY(page->arena, diff->words, AT_W_DIFF_MORE_ROWS,
                                        at_str_format(page->arena, "%u", diff->n_newly - MOST)));
}

/* ---------------------------------------------------------------- where it comes from */

void at_write_text_sources(const struct at_write_diff_text *page) {
    uint32_t n;
    const at_str *lines = at_write_diff_sources(page->diff, page->arena, &n);
    if (n == 0) return;
    at_write_text_heading(page, at_write_text_word(page, AT_W_DIFF_SOURCES));
    for (uint32_t i = 0; i < n; i++)
        at_write_text_line(page, lines[i]);
}
