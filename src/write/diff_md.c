/* write/diff_md.c: writes a difference as Markdown, for a pull request. */
#include "diff/cells.h"
#include "write/diff_decision.h"
#include "write/md.h"

struct page {
    const struct at_diff *diff;
    struct at_arena *arena;
    struct at_sink *out;
};

static void cell(struct page *page, at_str s) {
    at_sink_z(page->out, " ");
    at_write_md_text(page->out, s);
    at_sink_z(page->out, " |");
}

static at_str word(const struct page *page, enum at_words_word w) {
    return at_words_word(page->diff->words, w);
}

static void put(struct page *page, at_str text) {
    at_write_md_text(page->out, text);
}

static void heading(struct page *page, at_str text) {
    at_sink_z(page->out, "\n### ");
    put(page, text);
    at_sink_z(page->out, "\n\n");
}

static void paragraph(struct page *page, at_str text) {
    if (text.n == 0) return;
    at_sink_z(page->out, "\n");
    at_write_md_item(page->out, text);
    at_sink_z(page->out, "\n");
}

/* The head of a table, of which the last `n_amounts` columns are amounts. */
static void head(struct page *page, const enum at_words_word *words, uint32_t n, uint32_t n_amounts) {
    at_sink_z(page->out, "|");
    for (uint32_t i = 0; i < n; i++)
        cell(page, word(page, words[i]));
    at_sink_z(page->out, "\n|");
    for (uint32_t i = 0; i < n; i++)
        at_sink_z(page->out, i + n_amounts < n ? "---|" : "---:|");
    at_sink_z(page->out, "\n");
}

/* ---------------------------------------------------------------- the decision */

static void write_sums(struct page *page) {
    const struct at_diff *diff = page->diff;
    struct at_arena *arena = page->arena;
    at_i128 delta = diff->minor[1] - diff->minor[0];
    at_str code = at_str_z(at_currency_info(diff->currency)->code),
           before = at_write_diff_amount(diff, arena, diff->minor[0]),
           after = at_write_diff_amount(diff, arena, diff->minor[1]),
           change = at_write_diff_change(diff, arena, delta),
           percent = at_write_diff_percent(arena, delta, diff->minor[0]);
    if (percent.n) change = AT_SAY(arena, diff->words, AT_W_DIFF_AMOUNT_SHARE, change, percent);
    at_str title = AT_SAY(arena, diff->words, AT_W_DIFF_TITLE, diff->checked[1]->name,
                          at_str_format(arena, "%u", diff->checked[0]->version),
                          at_str_format(arena, "%u", diff->checked[1]->version));
    at_sink_z(page->out, "\n**");
    put(page, title);
    at_sink_z(page->out, "**, ");
    put(page, AT_SAY(arena, diff->words, AT_W_DIFF_COMMA,
                     at_str_format(arena, "%.*s %.*s → %.*s %.*s, %.*s", AT_STR_ARG(before), AT_STR_ARG(code),
                                   AT_STR_ARG(after), AT_STR_ARG(code), AT_STR_ARG(change)),
                     at_write_diff_ends(diff, arena)));
    at_sink_z(page->out, "\n");
    at_str cost = at_write_diff_cost(diff, arena), waits[2],
           counts = AT_SAY(arena, diff->words, AT_W_DIFF_SENTENCE, at_write_diff_counts(diff, arena));
    if (cost.n) cost = AT_SAY(arena, diff->words, AT_W_DIFF_COST, cost);
    paragraph(page, cost.n ? AT_SAY(arena, diff->words, AT_W_DIFF_BOTH, cost, counts) : counts);
    paragraph(page, at_write_diff_withheld(diff, arena));
    uint32_t n = at_write_diff_waits(diff, arena, waits);
    for (uint32_t i = 0; i < n; i++)
        paragraph(page, waits[i]);
}

static void write_limits(struct page *page) {
    static const enum at_words_word heads[] = {AT_W_DIFF_LIMIT, AT_W_DIFF_LIMIT_RESULT, AT_W_DIFF_LIMIT_VALUE,
                                               AT_W_DIFF_LIMIT_WHERE};
    const struct at_diff_decision *decision = page->diff->decision;
    if (decision->n_limits == 0) return;
    heading(page, word(page, AT_W_DIFF_LIMITS));
    head(page, heads, 4, 0);
    for (uint32_t i = 0; i < decision->n_limits; i++) {
        const struct at_diff_limit *limit = &decision->limits[i];
        bool exceeded = limit->n_exceed > 0;
        at_sink_z(page->out, "|");
        cell(page, limit->text);
        at_sink_z(page->out, exceeded ? " **" : " ");
        put(page, word(page, exceeded ? AT_W_DIFF_LIMIT_EXCEEDED : AT_W_DIFF_LIMIT_HELD));
        at_sink_z(page->out, exceeded ? "** |" : " |");
        cell(page,
             at_write_diff_limit_value(page->diff, page->arena, limit, at_write_diff_limit_shown(limit)));
        cell(page, at_write_diff_limit_where(page->diff, page->arena, limit));
        at_sink_z(page->out, "\n");
    }
}

/* The heading of the part that has the details of a risk. */
static at_str target_of(struct page *page, const struct at_diff_risk *risk) {
    switch ((enum at_diff_target)risk->target) {
    case AT_TARGET_WITHHELD: return word(page, AT_W_DIFF_NEWLY_WITHHELD);
    case AT_TARGET_PAYEE: return word(page, AT_W_DIFF_BY_PAYEE);
    case AT_TARGET_EDITS: return word(page, AT_W_DIFF_EDITS);
    case AT_TARGET_GROUPS:
        return AT_SAY(page->arena, page->diff->words, AT_W_DIFF_BY_GROUP, page->diff->decision->groups.field);
    default: return AT_STR("");
    }
}

/* Renderers make the address of a heading so: small letters, and hyphens for spaces. A field is a name, so it
 * has nothing else that they leave out. */
static void link_to(struct page *page, at_str name) {
    at_str address = at_str_lower(page->arena, name);
    at_sink_z(page->out, " [");
    put(page, name);
    at_sink_z(page->out, "](#");
    char *bytes = at_arena_get(page->arena, address.n + 1);
    for (uint32_t i = 0; i < address.n; i++)
        bytes[i] = address.p[i] == ' ' ? '-' : address.p[i];
    put(page, (at_str){bytes, address.n});
    at_sink_z(page->out, ")");
}

static void write_risks(struct page *page) {
    const struct at_diff_decision *decision = page->diff->decision;
    if (decision->n_risks == 0) return;
    heading(page, word(page, AT_W_DIFF_RISKS));
    for (uint32_t i = 0; i < decision->n_risks; i++) {
        at_sink_z(page->out, "- ");
        at_write_md_item(page->out, at_write_diff_risk(page->diff, page->arena, &decision->risks[i]));
        at_str target = target_of(page, &decision->risks[i]);
        if (target.n) link_to(page, target);
        at_sink_z(page->out, "\n");
    }
}

/* ---------------------------------------------------------------- edits */

/* "pay commission: ~~10%~~ → **9.4%**" */
static void write_edit(struct page *page, const struct at_diff_edit *edit) {
    static const char *const marks[] = {
        [AT_PIECE_SAME] = "", [AT_PIECE_REMOVED] = "~~", [AT_PIECE_ADDED] = "**"};
    uint32_t n;
    const struct at_write_diff_piece *pieces = at_write_diff_pieces(page->diff, page->arena, edit, &n);
    put(page, at_write_diff_subject_text(page->diff, page->arena, edit));
    at_sink_z(page->out, at_words_chinese(page->diff->words) ? "：" : ": ");
    for (uint32_t i = 0; i < n; i++) {
        at_str text = at_str_trim(pieces[i].text); /* a mark is next to a letter */
        uint32_t before = (uint32_t)(text.n ? text.p - pieces[i].text.p : pieces[i].text.n),
                 after = pieces[i].text.n - before - text.n;
        at_sink_z(page->out, before ? " " : "");
        at_sink_z(page->out, text.n ? marks[pieces[i].kind] : "");
        put(page, text);
        at_sink_z(page->out, text.n ? marks[pieces[i].kind] : "");
        at_sink_z(page->out, after ? " " : "");
    }
}

static void write_cause(struct page *page, uint32_t k) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_cause *cause = &diff->causes[k];
    at_sink_z(page->out, "|");
    cell(page, at_write_diff_number(page->arena, k));
    at_sink_z(page->out, " ");
    for (uint32_t i = 0; i < cause->n_edits; i++) {
        if (i) at_sink_z(page->out, "; ");
        write_edit(page, &diff->edits->at[cause->edits[i]]);
    }
    if (cause->data) put(page, word(page, AT_W_EDIT_DATA));
    at_sink_z(page->out, " |");
    cell(page, at_write_diff_change(diff, page->arena, cause->gain + cause->loss));
    cell(page, at_str_format(page->arena, "%u", cause->gainers));
    cell(page, at_str_format(page->arena, "%u", cause->losers));
    at_str witness = at_write_diff_witness(diff, page->arena, cause),
           quiet = at_write_diff_quiet(diff, page->arena, cause);
    if (witness.n == 0) witness = quiet;
    if (cause->newly) {
        at_str newly = at_write_diff_cause_newly(diff, page->arena, cause);
        witness = witness.n ? AT_SAY(page->arena, diff->words, AT_W_DIFF_BOTH, newly, witness) : newly;
    }
    cell(page, witness);
    at_sink_z(page->out, "\n");
}

static void write_causes(struct page *page) {
    static const enum at_words_word heads[] = {AT_W_DIFF_EDIT_NUMBER, AT_W_DIFF_EDIT, AT_W_DIFF_EDITS_EFFECT,
                                               AT_W_DIFF_EDITS_GAIN, AT_W_DIFF_EDITS_LOSE};
    const struct at_diff *diff = page->diff;
    at_sink_z(page->out, "|");
    for (size_t i = 0; i < AT_COUNT(heads); i++)
        cell(page, word(page, heads[i]));
    cell(page, word(page, AT_W_DIFF_SMALLEST));
    at_sink_z(page->out, "\n|---|---|---:|---:|---:|---|\n");
    for (uint32_t k = 0; k < diff->n_causes; k++)
        write_cause(page, k);
    if (diff->n_causes > 1)
        paragraph(page, word(page, diff->shapley ? AT_W_DIFF_SHAPLEY : AT_W_DIFF_IN_ORDER));
}

static void write_edits(struct page *page) {
    const struct at_diff *diff = page->diff;
    bool listed = false;
    if (!diff->edits) return;
    heading(page, word(page, AT_W_DIFF_EDITS));
    if (diff->edits->n == 0) put(page, word(page, AT_W_DIFF_EDITS_NONE)), at_sink_z(page->out, "\n");
    if (diff->n_causes) write_causes(page);
    for (uint32_t i = 0; i < diff->edits->n; i++) {
        const struct at_diff_edit *edit = &diff->edits->at[i];
        int64_t k = at_write_diff_cause_of(diff, i);
        if (diff->n_causes && edit->pays) continue;
        if (diff->n_causes && !listed) at_sink_z(page->out, "\n");
        listed = true;
        at_sink_z(page->out, "- ");
        if (k >= 0) {
            put(page, at_write_diff_number(page->arena, (uint32_t)k));
            at_sink_z(page->out, " ");
        }
        write_edit(page, edit);
        if (!edit->pays) {
            at_sink_z(page->out, at_words_chinese(diff->words) ? "（" : " (");
            put(page, word(page, AT_W_DIFF_EDIT_ALSO));
            at_sink_z(page->out, at_words_chinese(diff->words) ? "）" : ")");
        }
        at_sink_z(page->out, "\n");
    }
}

/* ---------------------------------------------------------------- groups, periods, components */

static void write_like(struct page *page, at_str name, const uint32_t *counts, uint32_t n,
                       const at_i128 like[2]) {
    const struct at_diff *diff = page->diff;
    at_sink_z(page->out, "|");
    cell(page, name);
    for (uint32_t i = 0; i < n; i++)
        cell(page, at_str_format(page->arena, "%u", counts[i]));
    for (int s = 0; s < 2; s++)
        cell(page, at_write_diff_amount(diff, page->arena, like[s]));
    cell(page, at_write_diff_change(diff, page->arena, like[1] - like[0]));
    cell(page, at_write_diff_percent(page->arena, like[1] - like[0], like[0]));
    at_sink_z(page->out, "\n");
}

static void write_groups(struct page *page) {
    static const enum at_words_word heads[] = {AT_W_DIFF_PAYEES, AT_W_DIFF_EDITS_GAIN, AT_W_DIFF_EDITS_LOSE,
                                               AT_W_DIFF_OLD,    AT_W_DIFF_NEW,        AT_W_DIFF_CHANGE,
                                               AT_W_DIFF_OF_OLD};
    const struct at_diff_groups *groups = &page->diff->decision->groups;
    if (groups->field.n == 0) return;
    heading(page, AT_SAY(page->arena, page->diff->words, AT_W_DIFF_BY_GROUP, groups->field));
    at_sink_z(page->out, "|");
    cell(page, groups->field);
    for (size_t i = 0; i < AT_COUNT(heads); i++)
        cell(page, word(page, heads[i]));
    at_sink_z(page->out, "\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for (uint32_t g = 0; g < groups->n; g++) {
        const struct at_diff_group *group = &groups->at[g];
        const uint32_t counts[] = {group->payees, group->gainers, group->losers};
        write_like(page, group->name.n ? group->name : AT_STR("—"), counts, 3, group->like);
    }
}

static void write_periods(struct page *page) {
    static const enum at_words_word heads[] = {AT_W_DIFF_PERIOD,   AT_W_DIFF_EDITS_GAIN, AT_W_DIFF_EDITS_LOSE,
                                               AT_W_DIFF_WITHHELD, AT_W_DIFF_OLD,        AT_W_DIFF_NEW,
                                               AT_W_DIFF_CHANGE,   AT_W_DIFF_OF_OLD};
    const struct at_diff *diff = page->diff;
    bool changes = diff->n_winners || diff->n_losers || diff->n_moved || diff->n_held;
    if (diff->n_periods < 2 || !changes) return;
    heading(page, word(page, AT_W_DIFF_BY_PERIOD));
    head(page, heads, 8, 7);
    for (uint32_t p = 0; p < diff->n_periods; p++) {
        const struct at_diff_span *span = &diff->decision->spans[p];
        const uint32_t counts[] = {span->gainers, span->losers, span->newly};
        if (span->minor[0] == 0 && span->minor[1] == 0 && span->newly == 0) continue;
        write_like(page, at_write_diff_period_text(diff, page->arena, diff->first_period + (int32_t)p),
                   counts, 3, span->like);
    }
}

static void write_components(struct page *page) {
    static const enum at_words_word heads[] = {AT_W_DIFF_COMPONENT, AT_W_DIFF_OLD, AT_W_DIFF_NEW,
                                               AT_W_DIFF_CHANGE, AT_W_DIFF_OF_OLD};
    const struct at_diff *diff = page->diff;
    heading(page, word(page, AT_W_DIFF_BY_COMPONENT));
    head(page, heads, 5, 4);
    for (uint32_t c = 0; c < diff->n_components; c++) {
        const struct at_diff_component *component = &diff->components[c];
        write_like(page, component->label.n ? component->label : component->name, NULL, 0, component->minor);
    }
}

/* ---------------------------------------------------------------- withheld payouts, payees, sources */

/* A long list is folded. The line after the summary must be empty. */
static void fold(struct page *page, at_str summary) {
    at_sink_z(page->out, "<details><summary>");
    put(page, summary);
    at_sink_z(page->out, "</summary>\n\n");
}

static void unfold(struct page *page) {
    at_sink_z(page->out, "\n</details>\n");
}

static void write_newly(struct page *page) {
    enum { MOST = 25, SHORT = 5 };
    const struct at_diff *diff = page->diff;
    if (diff->n_newly == 0) return;
    heading(page, word(page, AT_W_DIFF_NEWLY_WITHHELD));
    bool folded = diff->n_newly > SHORT;
    if (folded)
        fold(page, AT_SAY(page->arena, diff->words, AT_W_DIFF_NEWLY,
                          at_str_format(page->arena, "%u", diff->n_newly)));
    for (uint32_t i = 0; i < diff->n_newly && i < MOST; i++) {
        at_sink_z(page->out, "- ");
        put(page, at_write_diff_numbers(page->arena, diff->newly[i].causes));
        at_sink_z(page->out, diff->newly[i].causes ? " " : "");
        at_write_md_item(page->out, at_write_diff_newly(diff, page->arena, &diff->newly[i]));
        at_sink_z(page->out, "\n");
    }
    if (diff->n_newly > MOST)
        paragraph(page, AT_SAY(page->arena, diff->words, AT_W_DIFF_MORE_ROWS,
                               at_str_format(page->arena, "%u", diff->n_newly - MOST)));
    if (folded) unfold(page);
}

static void write_change(struct page *page, at_str name, const at_i128 minor[2], const bool withheld[2]) {
    const struct at_diff *diff = page->diff;
    at_sink_z(page->out, "|");
    cell(page, name);
    for (int s = 0; s < 2; s++)
        cell(page, withheld[s] && minor[s] == 0 ? word(page, AT_W_DIFF_WITHHELD)
                                                : at_write_diff_amount(diff, page->arena, minor[s]));
    cell(page, at_write_diff_change(diff, page->arena, minor[1] - minor[0]));
    cell(page, at_write_diff_percent(page->arena, minor[1] - minor[0], minor[0]));
    at_sink_z(page->out, "\n");
}

/* The payee; below, the periods, where they do not all change in one direction. */
static void write_payee(struct page *page, uint32_t payee) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_payee *p = &diff->payees[payee];
    struct at_diff_cell of;
    uint32_t left = at_write_diff_periods_shown(diff, payee), more = 0;
    write_change(page, at_write_diff_name(diff, page->arena, payee), p->minor, p->withheld);
    for (uint64_t r = p->first; p->both_ways && at_diff_next_cell(diff, &r, p->end, &of);) {
        if (!at_diff_cell_changes(&of)) continue;
        more += left == 0;
        if (left == 0) continue;
        left--;
        at_str period = at_write_diff_period(diff, of.period);
        write_change(page, at_str_format(page->arena, "↳ %.*s", AT_STR_ARG(period)), of.minor, of.withheld);
    }
    if (more == 0) return;
    at_sink_z(page->out, "|");
    cell(page,
         AT_SAY(page->arena, diff->words, AT_W_DIFF_MORE_PERIODS, at_str_format(page->arena, "%u", more)));
    at_sink_z(page->out, " | | | |\n");
}

static void write_payees(struct page *page) {
    static const enum at_words_word heads[] = {AT_W_DIFF_PAYEE, AT_W_DIFF_OLD, AT_W_DIFF_NEW,
                                               AT_W_DIFF_CHANGE, AT_W_DIFF_OF_OLD};
    const struct at_diff *diff = page->diff;
    enum { MOST = 100, SHORT = 10 };
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n);
    heading(page, word(page, AT_W_DIFF_BY_PAYEE));
    if (n == 0) {
        put(page, word(page, AT_W_DIFF_PAY_SAME));
        at_sink_z(page->out, "\n");
        return;
    }
    if (n > SHORT) fold(page, at_write_diff_counts(diff, page->arena));
    head(page, heads, 5, 4);
    for (uint32_t i = 0; i < n && i < MOST; i++)
        write_payee(page, order[i]);
    if (n > MOST)
        paragraph(page, AT_SAY(page->arena, diff->words, AT_W_DIFF_MORE_ROWS,
                               at_str_format(page->arena, "%u", n - MOST)));
    if (n > SHORT) unfold(page);
}

static void write_sources(struct page *page) {
    uint32_t n;
    const at_str *lines = at_write_diff_sources(page->diff, page->arena, &n);
    if (n == 0) return;
    heading(page, word(page, AT_W_DIFF_SOURCES));
    for (uint32_t i = 0; i < n; i++) {
        at_sink_z(page->out, "- ");
        at_write_diff_md_source(page->out, lines[i]);
        at_sink_z(page->out, "\n");
    }
}

void at_write_diff_markdown(const struct at_diff *diff, const struct at_write_options *options,
                            struct at_arena *scratch, struct at_sink *out) {
    struct page page = {diff, scratch, out};
    (void)options;
    at_sink_z(out, "## ");
    put(&page, at_write_diff_verdict(diff, scratch));
    at_sink_z(out, "\n");
    paragraph(&page, at_write_diff_sentence(diff, scratch));
    paragraph(&page, at_write_diff_because(diff, scratch));
    paragraph(&page, at_write_diff_gamed(diff, scratch));
    write_sums(&page);
    write_limits(&page);
    write_risks(&page);
    write_edits(&page);
    write_groups(&page);
    write_periods(&page);
    write_components(&page);
    write_newly(&page);
    write_payees(&page);
    write_sources(&page);
}
