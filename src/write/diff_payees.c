/* write/diff_payees.c: writes the table of payees on a diff page.
 *
 * Each payee is a <tbody> of two rows, so both move together when the table is sorted: old and new pay, and a
 * row that opens to show components and the effects of edits.
 */
#include "write/diff_page.h"

/* Limits of one page, so that browsers can still open it. The CSV has all rows. */
enum { MOST_PAYEES = 2000, MOST_ROWS = 10000 };

struct table {
    const struct at_write_diff_page *page;
    uint64_t rows_left; /* of MOST_ROWS */
    bool groups, labels;
};

/* ---------------------------------------------------------------- the parts of one payee */

static bool differs(const struct at_diff_row *row) {
    return row->minor[0] != row->minor[1] || row->withheld[0] != row->withheld[1];
}

static void side_of(const struct at_write_diff_page *page, const struct at_diff_row *row, int side) {
    if (row->withheld[side])
        at_write_page_z(page, "<td class=\"num\">withheld</td>");
    else
        at_write_page_amount(page, row->minor[side]);
}

static void write_parts(const struct at_write_diff_page *page, uint64_t r) {
    const struct at_diff *diff = page->diff;
    bool any = false;
    at_write_page_z(page, "<td class=\"parts\">");
    for (uint32_t k = 0; diff->parts && k < diff->n_causes; k++) {
        at_i128 part = diff->parts[r * diff->n_causes + k];
        if (part == 0) continue;
        if (any) at_write_page_z(page, "<br>");
        any = true;
        at_write_page_z(page, part > 0 ? "<span class=\"up\">" : "<span class=\"down\">");
        at_write_page_text(page, at_write_diff_change(diff, page->arena, part));
        at_write_page_z(page, "</span> ");
        at_write_page_text(page, page->causes[k]);
    }
    at_write_page_z(page, "</td>");
}

static void write_component(const struct at_write_diff_page *page, uint64_t r) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_row *row = &diff->rows[r];
    const struct at_diff_component *component = &diff->components[row->component];
    struct at_arena_mark mark = at_arena_mark(page->arena);
    at_write_page_z(page, "<tr><td>");
    at_write_page_text(page, at_write_diff_period(diff, row->period));
    at_write_page_z(page, "</td><td>");
    at_write_page_text(page, component->label.n ? component->label : component->name);
    at_write_page_z(page, "</td>");
    side_of(page, row, 0);
    side_of(page, row, 1);
    at_write_page_change(page, (at_i128)row->minor[1] - row->minor[0]);
    if (diff->n_causes) write_parts(page, r);
    at_write_page_z(page, "</tr>\n");
    at_arena_reset(page->arena, mark);
}

static void write_stories(const struct at_write_diff_page *page, uint32_t payee) {
    const struct at_diff *diff = page->diff;
    for (uint32_t i = 0; page->stories && i < page->stories->n; i++) {
        const struct at_write_diff_story *story = &page->stories->at[i];
        if (story->payee != payee) continue;
        at_write_page_z(page, "<details class=\"why\"><summary>how pay in ");
        at_write_page_text(page, at_write_diff_period(diff, story->period));
        at_write_page_z(page, " was calculated, old and new</summary><div class=\"both\">");
        for (int s = 0; s < 2; s++) {
            at_write_page_z(page, s ? "<section><h3>new</h3><pre>" : "<section><h3>old</h3><pre>");
            at_write_page_text(page, story->text[s].n ? story->text[s] : AT_STR("no payout"));
            at_write_page_z(page, "</pre></section>");
        }
        at_write_page_z(page, "</div></details>\n");
    }
}

/* The rows that differ; where none does, all. */
static void write_detail(struct table *table, uint32_t payee, unsigned columns) {
    const struct at_write_diff_page *page = table->page;
    const struct at_diff *diff = page->diff;
    uint64_t begin = diff->payees[payee].first, end = diff->payees[payee].end, n = 0;
    for (uint64_t r = begin; r < end; r++)
        n += differs(&diff->rows[r]);
    bool all = n == 0;
    if (all) n = end - begin;
    if (n == 0) return;
    at_sink_printf(page->out, "<tr class=\"more\"><td colspan=\"%u\"><details><summary>%llu %s</summary>",
                   columns, (unsigned long long)n,
                   all      ? n == 1 ? "amount, unchanged" : "amounts, unchanged"
                   : n == 1 ? "amount changes"
                            : "amounts change");
    if (n > table->rows_left) {
        at_write_page_z(page, "<p>Too many for one page. --format csv lists them.</p></details></td></tr>\n");
        return;
    }
    table->rows_left -= n;
    at_write_page_z(
        page,
        "<div class=\"wide\"><table><thead><tr><th>period</th><th>component</th><th class=\"num\">old</th>"
        "<th class=\"num\">new</th><th class=\"num\">change</th>");
    if (diff->n_causes) at_write_page_z(page, "<th>effect of edits</th>");
    at_write_page_z(page, "</tr></thead><tbody>\n");
    for (uint64_t r = begin; r < end; r++)
        if (all || differs(&diff->rows[r])) write_component(page, r);
    at_write_page_z(page, "</tbody></table></div>\n");
    write_stories(page, payee);
    at_write_page_z(page, "</details></td></tr>\n");
}

/* ---------------------------------------------------------------- the table */

/* The script sorts and filters by these: amounts in minor units, whole numbers of any size. */
static void begin_payee(const struct at_write_diff_page *page, const struct at_diff_payee *p) {
    static const char *const kinds[] = {
        [AT_DIFF_SAME] = "same", [AT_DIFF_MORE] = "up", [AT_DIFF_LESS] = "down", [AT_DIFF_MOVED] = "moved"};
    static const char *const names[] = {" data-old=\"", "\" data-new=\""};
    char text[AT_MINOR_SIZE];
    at_write_page_z(page, "<tbody class=\"payee\"");
    for (int s = 0; s < 2; s++) {
        at_write_page_z(page, names[s]);
        at_write_page_text(page, (at_str){text, (uint32_t)at_write_minor_write(text, p->minor[s], 0, false)});
    }
    at_write_page_z(page, "\" data-kind=\"");
    at_write_page_z(page, kinds[p->kind]);
    at_write_page_z(page, "\"><tr><td>");
}

static void write_payee(struct table *table, uint32_t payee) {
    const struct at_write_diff_page *page = table->page;
    const struct at_diff *diff = page->diff;
    const struct at_diff_payee *p = &diff->payees[payee];
    at_i128 delta = p->minor[1] - p->minor[0];
    struct at_arena_mark mark = at_arena_mark(page->arena);
    begin_payee(page, p);
    at_write_page_text(page, p->key);
    if (p->row[0] < 0) at_write_page_z(page, " <small>new</small>");
    if (p->row[1] < 0) at_write_page_z(page, " <small>removed</small>");
    if (p->kind == AT_DIFF_MOVED) at_write_page_z(page, " <small>same total, different periods</small>");
    at_write_page_z(page, "</td>");
    if (table->labels) {
        at_write_page_z(page, "<td>");
        at_write_page_text(page, p->label);
        at_write_page_z(page, "</td>");
    }
    if (table->groups) {
        at_write_page_z(page, "<td class=\"group\">");
        at_write_page_text(page, p->group);
        at_write_page_z(page, "</td>");
    }
    for (int s = 0; s < 2; s++)
        if (p->withheld[s] && p->minor[s] == 0)
            at_write_page_z(page, "<td class=\"num\">withheld</td>");
        else
            at_write_page_amount(page, p->minor[s]);
    at_write_page_change(page, delta);
    at_write_page_z(page, "<td class=\"num share\">");
    at_write_page_text(page, at_write_diff_percent(page->arena, delta, p->minor[0]));
    at_write_page_z(page, "</td></tr>\n");
    write_detail(table, payee, 5 + table->labels + table->groups);
    at_write_page_z(page, "</tbody>\n");
    at_arena_reset(page->arena, mark);
}

static void write_head(const struct table *table) {
    const struct at_write_diff_page *page = table->page;
    const struct at_check_policy *checked = page->diff->checked[1];
    at_write_page_z(page,
                    "<div class=\"wide\"><table id=\"payee-table\">\n<thead><tr><th data-sort=\"text\">");
    at_write_page_text(page, checked->schemas[checked->payee_table].name);
    at_write_page_z(page, "</th>");
    if (table->labels) at_write_page_z(page, "<th data-sort=\"text\">name</th>");
    if (table->groups) at_write_page_z(page, "<th data-sort=\"text\" class=\"group\">group</th>");
    at_write_page_z(page,
                    "<th class=\"num\" data-sort=\"old\">old</th><th class=\"num\" data-sort=\"new\">new</th>"
                    "<th class=\"num\" data-sort=\"change\">change</th>"
                    "<th class=\"num share\" data-sort=\"share\">of old</th></tr></thead>\n");
}

static void find_columns(struct table *table) {
    const struct at_diff *diff = table->page->diff;
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        table->labels |= diff->payees[p].label.n > 0;
        table->groups |= diff->payees[p].group.n > 0;
    }
}

void at_write_diff_payee_table(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct table table = {.page = page, .rows_left = MOST_ROWS};
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n), shown = 0;
    find_columns(&table);
    at_write_page_z(
        page,
        "<section id=\"payees\"><h2>By payee</h2>\n<form class=\"tools\" hidden>"
        "<label>find <input type=\"search\" id=\"find\" autocomplete=\"off\"></label> "
        "<label>show <select id=\"show\"><option value=\"\">all payees</option>"
        "<option value=\"up\">payees who get more</option><option value=\"down\">payees who get less</option>"
        "<option value=\"moved\">payees with the same total, different periods</option>"
        "<option value=\"same\">payees who get the same</option></select></label> "
        "<output id=\"count\"></output></form>\n");
    write_head(&table);
    for (uint32_t i = 0; i < n && shown < MOST_PAYEES; i++, shown++)
        write_payee(&table, order[i]);
    bool *changed = AT_NEW_ARRAY(page->arena, bool, diff->n_payees + 1);
    for (uint32_t i = 0; i < n; i++)
        changed[order[i]] = true;
    for (uint32_t p = 0; p < diff->n_payees && shown < MOST_PAYEES; p++)
        if (!changed[p]) write_payee(&table, p), shown++;
    at_write_page_z(page, "</table></div>\n");
    if (shown < diff->n_payees)
        at_sink_printf(page->out,
                       "<p class=\"note\">This table shows the %u payees with the largest change. --format "
                       "csv lists all %u.</p>\n",
                       shown, diff->n_payees);
    at_write_page_z(page, "</section>\n");
}
