/* write/team_html.c: how payees depend on each other, as a page: whether helping never hurts, a matrix if it
 * is small, who gains when whom sells more, and the pairs that are set against each other. */
#include "write/sheet.h"
#include "write/team.h"

enum { MOST_COLUMNS = 20, MOST_PAIRS = 500 };

struct page {
    struct at_write_team_words w;
    const struct at_team *team;
    struct at_sink *out;
};

static at_str name_of(const struct page *p, uint32_t run, uint32_t row) {
    const struct at_session_result_run *r = &p->team->results->runs[run];
    at_str key = r->keys[row], label = p->team->results->payees[r->payee_of[row]].label;
    if (label.n == 0 || at_str_eq(label, key)) return key;
    const at_str both[] = {label, key};
    return at_words_say_plain(p->w.arena, p->w.words, AT_W_NAMED, both, 2);
}

/* ---- the matrix */

static void cell(const struct page *p, const struct at_team_side *side, bool *marks) {
    int sign = 0;
    if (side && side->kind == AT_CURVE_NUM) {
        sign = at_num_sign(side->jump);
        if (sign == 0) sign = at_num_sign(side->slope);
    }
    at_sink_z(p->out, sign > 0   ? "<td class=\"num up\">"
                      : sign < 0 ? "<td class=\"num down\">"
                                 : "<td class=\"num\">");
    at_write_html_text(p->out, side ? at_write_team_cell(&p->w, side, marks) : AT_STR("0"));
    at_sink_z(p->out, "</td>");
}

static void head(const struct page *p, const char *scope, at_str text) {
    at_sink_printf(p->out, "<th scope=\"%s\"%s>", scope, scope[0] == 'c' ? " class=\"num\"" : "");
    at_write_html_text(p->out, text);
    at_sink_z(p->out, "</th>");
}

static void write_row(const struct page *p, const uint32_t *rows, uint32_t n, uint32_t seller, uint64_t *next,
                      bool *marks) {
    const struct at_team *team = p->team;
    at_sink_z(p->out, "<tr>");
    head(p, "row", team->results->runs[0].keys[seller]);
    uint64_t end = *next;
    while (end < team->n_pairs && team->pairs[end].seller == seller)
        end++;
    for (uint32_t k = 0; k < n; k++) {
        const struct at_team_side *side = NULL;
        for (uint64_t i = *next; i < end; i++)
            if (team->pairs[i].payee == rows[k]) side = &team->pairs[i].above;
        cell(p, side, marks);
    }
    *next = end;
    at_sink_z(p->out, "</tr>\n");
}

/* A row for each seller, a column for each payee; only of one policy with few payees. */
static void write_matrix(const struct page *p) {
    uint32_t n, *rows = at_write_team_payees(p->team, p->w.arena, &n);
    uint64_t next = 0;
    bool marks = false;
    if (p->team->results->n_runs > 1 || n > MOST_COLUMNS || n == 0 || p->team->n_pairs == 0) return;
    at_write_sheet_section(p->out, at_words_word(p->w.words, AT_W_TEAM_MATRIX));
    at_sink_z(p->out, "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>");
    head(p, "row", at_words_word(p->w.words, AT_W_TEAM_SELLER));
    for (uint32_t i = 0; i < n; i++)
        head(p, "col", p->team->results->runs[0].keys[rows[i]]);
    at_sink_z(p->out, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < n; i++)
        write_row(p, rows, n, rows[i], &next, &marks);
    at_write_sheet_table_end(p->out);
    if (marks) at_write_sheet_note(p->out, at_words_word(p->w.words, AT_W_TEAM_MARKS));
    at_write_sheet_section_end(p->out);
}

/* ---- lists */

/* Pairs as a table; of `against`, those of whom one loses. */
static void write_pairs(const struct page *p, enum at_words_word title, bool against) {
    const struct at_words *words = p->w.words;
    const at_str heads[] = {at_words_word(words, AT_W_TEAM_SELLER), at_words_word(words, AT_W_TEAM_CHANGES),
                            at_words_word(words, AT_W_TEAM_BY)};
    uint64_t left = 0, shown = 0;
    if (against ? p->team->n_against == 0 : p->team->n_pairs == 0) return;
    at_write_sheet_section(p->out, at_words_word(words, title));
    at_write_sheet_table(p->out, heads, 3, 3);
    for (uint64_t i = 0; i < p->team->n_pairs; i++) {
        const struct at_team_pair *pair = &p->team->pairs[i];
        struct at_arena_mark mark = at_arena_mark(p->w.arena);
        if (against && !at_team_hurts(pair)) continue;
        if (shown++ >= MOST_PAIRS) {
            left++;
            continue;
        }
        at_str change =
            against ? at_write_team_side(&p->w, pair->run, &pair->above) : at_write_team_effect(&p->w, pair);
        const at_str cells[] = {name_of(p, pair->run, pair->seller), name_of(p, pair->run, pair->payee),
                                at_write_sheet_plain(p->w.arena, change)};
        at_write_sheet_row(p->out, cells, 3, 3);
        at_arena_reset(p->w.arena, mark);
    }
    at_write_sheet_table_end(p->out);
    at_str number = at_str_format(p->w.arena, "%llu", (unsigned long long)left);
    if (left) at_write_sheet_note(p->out, AT_SAY(p->w.arena, words, AT_W_TEAM_MORE, number));
    at_write_sheet_section_end(p->out);
}

static void write_rules(const struct page *p) {
    if (p->team->n_rules == 0) return;
    at_write_sheet_section(p->out, at_words_word(p->w.words, AT_W_TEAM_RULES));
    at_sink_z(p->out, "<ul>\n");
    for (uint32_t i = 0; i < p->team->n_rules; i++)
        at_write_sheet_sentence(p->out, "li", at_write_team_rule(&p->w, &p->team->rules[i]));
    at_sink_z(p->out, "</ul>\n");
    at_write_sheet_section_end(p->out);
}

void at_write_team_html(const struct at_team *team, const struct at_words *words, struct at_arena *scratch,
                        struct at_sink *out) {
    const struct page p = {{team, words, scratch}, team, out};
    at_write_sheet_begin(out, at_words_word(words, AT_W_TEAM_TITLE), words, "attain teamwork", scratch);
    for (uint32_t r = 0; r < team->results->n_runs; r++) {
        at_str title = at_write_team_title(&p.w, r);
        if (title.n) at_write_sheet_sentence(out, "p", title);
    }
    at_sink_z(out, team->proof == AT_TEAM_REFUTED ? "<div class=\"warn\">" : "<div>");
    at_write_sheet_sentence(out, "div", at_write_team_proof(&p.w));
    at_sink_z(out, "</div>\n");
    write_matrix(&p);
    write_pairs(&p, AT_W_TEAM_AGAINST, true);
    write_rules(&p);
    write_pairs(&p, AT_W_TEAM_EFFECTS, false);
    at_write_sheet_end(out);
}
