/* write/diff_payees.c: writes the table of payees on a diff page.
 *
 * Each payee is a <tbody> of two rows, so both move together when the table is sorted: the change next to the
 * name, and a row that opens to show components and the effects of edits. On a phone, a row has the name, the
 * change, and its share of the old pay.
 */
#include "write/diff_decision.h"
#include "write/diff_page.h"

/* Limits of one page, so that browsers can still open it. The CSV has all rows. */
enum { MOST_ROWS = 10000, MOST_GROUPS = 50 };

struct table {
    const struct at_write_diff_page *page;
    uint64_t rows_left; /* of MOST_ROWS */
    bool cut;           /* details of some payee are left out */
    unsigned columns;
    at_str groups[MOST_GROUPS];
    uint32_t n_groups; /* 0: no filter by group */
};

static at_str group_of(const struct table *table, uint32_t payee) {
    const struct at_diff *diff = table->page->diff;
    if (!diff->decision || diff->decision->groups.field.n == 0) return diff->payees[payee].group;
    const struct at_diff_groups *groups = &diff->decision->groups;
    return groups->at[groups->of[payee]].name;
}

/* The field that separates gains from losses, such as "role". */
static at_str group_name(const struct table *table) {
    const struct at_diff_decision *decision = table->page->diff->decision;
    if (decision && decision->groups.field.n) return decision->groups.field;
    return at_words_word(table->page->words, AT_W_PAGE_GROUP);
}

/* The groups in the order in which they appear; where there are too many to choose from, none. */
static void find_groups(struct table *table) {
    const struct at_diff *diff = table->page->diff;
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        at_str group = group_of(table, p);
        uint32_t g = 0;
        while (g < table->n_groups && !at_str_eq(table->groups[g], group))
            g++;
        if (g < table->n_groups) continue;
        if (g == MOST_GROUPS) {
            table->n_groups = 0;
            return;
        }
        table->groups[table->n_groups++] = group;
    }
    if (table->n_groups < 2) table->n_groups = 0;
}

/* ---------------------------------------------------------------- one payee */

/* The script sorts and filters by these: amounts in minor units, whole numbers of any size. */
static void begin_payee(const struct table *table, uint32_t payee) {
    static const char *const kinds[] = {[AT_DIFF_SAME] = "same",
                                        [AT_DIFF_MORE] = "up",
                                        [AT_DIFF_LESS] = "down",
                                        [AT_DIFF_MOVED] = "moved",
                                        [AT_DIFF_HELD] = "held"};
    static const char *const names[] = {"\" data-old=\"", "\" data-new=\""};
    const struct at_write_diff_page *page = table->page;
    const struct at_diff_payee *p = &page->diff->payees[payee];
    char text[AT_MINOR_SIZE];
    at_sink_printf(page->out, "<tbody class=\"payee\" id=\"p-%u\" data-kind=\"%s", payee, kinds[p->kind]);
    for (int s = 0; s < 2; s++) {
        at_write_page_z(page, names[s]);
        at_sink_put(page->out, text, at_write_minor_write(text, p->like[s], 0, false));
    }
    at_write_page_z(page, p->withheld[1] ? "\" data-withheld" : "\"");
    at_write_page_z(page, p->capped ? " data-capped>" : ">");
}

/* "①③": the edits by whose parts the payee's pay changes. */
static void write_edits(const struct at_write_diff_page *page, uint32_t payee) {
    const struct at_diff *diff = page->diff;
    at_write_page_z(page, "<td class=\"edits\">");
    for (uint32_t k = 0; diff->parts && k < diff->n_causes; k++) {
        uint64_t r = diff->payees[payee].first;
        while (r < diff->payees[payee].end && diff->parts[r * diff->n_causes + k] == 0)
            r++;
        if (r < diff->payees[payee].end) at_write_page_text(page, at_write_diff_number(page->arena, k));
    }
    at_write_page_z(page, "</td>");
}

static void write_name(const struct at_write_diff_page *page, const struct at_diff_payee *p) {
    at_write_page_z(page, "<tr><th scope=\"row\">");
    at_write_page_text(page, p->label.n ? p->label : p->key);
    if (p->label.n) {
        at_write_page_z(page, " <small>");
        at_write_page_text(page, p->key);
        at_write_page_z(page, "</small>");
    }
    if (p->newly) {
        at_write_page_z(page, " <b class=\"tag\">");
        AT_PAGE_SAY(page, AT_W_PAGE_NEWLY_N, at_write_page_count(page, p->newly));
        at_write_page_z(page, "</b>");
    }
    at_write_page_z(page, "</th>");
}

static void write_side(const struct at_write_diff_page *page, const struct at_diff_payee *p, int side) {
    at_sink_printf(page->out, "<td class=\"num %s\">", side ? "new" : "old");
    at_write_page_text(page, at_write_diff_amount(page->diff, page->arena, p->like[side]));
    at_write_page_z(page, "</td>");
}

static void write_payee(struct table *table, uint32_t payee) {
    const struct at_write_diff_page *page = table->page;
    const struct at_diff_payee *p = &page->diff->payees[payee];
    struct at_arena_mark mark = at_arena_mark(page->arena);
    at_i128 delta = p->like[1] - p->like[0];
    begin_payee(table, payee);
    write_name(page, p);
    at_write_page_change(page, delta);
    at_write_page_z(page, "<td class=\"num share\">");
    at_write_page_text(page, at_write_diff_percent(page->arena, delta, p->like[0]));
    at_write_page_z(page, "</td>");
    if (page->diff->n_causes) write_edits(page, payee);
    write_side(page, p, 0);
    write_side(page, p, 1);
    if (table->n_groups) {
        at_write_page_z(page, "<td class=\"group\">");
        at_write_page_text(page, group_of(table, payee));
        at_write_page_z(page, "</td>");
    }
    at_write_page_z(page, "</tr>\n");
    table->cut |= !at_write_diff_detail(page, payee, table->columns, &table->rows_left);
    at_write_page_z(page, "</tbody>\n");
    at_arena_reset(page->arena, mark);
}

/* ---------------------------------------------------------------- the form, and the head */

static void write_option(const struct table *table, const char *value, enum at_words_word word) {
    at_sink_printf(table->page->out, "<option value=\"%s\">", value);
    at_write_page_plain(table->page, at_words_word(table->page->words, word));
    at_write_page_z(table->page, "</option>");
}

static void write_group_filter(const struct table *table) {
    const struct at_write_diff_page *page = table->page;
    if (table->n_groups == 0) return;
    at_write_page_z(page, "<label>");
    at_write_page_text(page, group_name(table));
    at_write_page_z(page, " <select id=\"group\">");
    write_option(table, "", AT_W_PAGE_ALL_GROUPS);
    for (uint32_t g = 0; g < table->n_groups; g++) {
        at_write_page_z(page, "<option value=\"=");
        at_write_page_plain(page, table->groups[g]);
        at_write_page_z(page, "\">");
        at_write_page_plain(page, table->groups[g].n ? table->groups[g] : AT_STR("–"));
        at_write_page_z(page, "</option>");
    }
    at_write_page_z(page, "</select></label> ");
}

static bool any_capped(const struct at_diff *diff) {
    for (uint32_t p = 0; p < diff->n_payees; p++)
        if (diff->payees[p].capped) return true;
    return false;
}

/* The script shows the form, which does nothing without it. */
static void write_form(const struct table *table) {
    const struct at_write_diff_page *page = table->page;
    const struct at_diff *diff = page->diff;
    at_write_page_z(page, "<form class=\"tools\" hidden><label>");
    at_write_page_word(page, AT_W_PAGE_FIND);
    at_write_page_z(page, " <input type=\"search\" id=\"find\" autocomplete=\"off\"></label> <label>");
    at_write_page_word(page, AT_W_PAGE_SHOW);
    at_write_page_z(page, " <select id=\"show\">");
    write_option(table, "", AT_W_PAGE_ALL);
    write_option(table, "up", AT_W_PAGE_WHO_MORE);
    write_option(table, "down", AT_W_PAGE_WHO_LESS);
    if (diff->n_moved) write_option(table, "moved", AT_W_PAGE_WHO_MOVED);
    write_option(table, "same", AT_W_PAGE_WHO_SAME);
    if (diff->n_withheld[1]) write_option(table, "withheld", AT_W_PAGE_WHO_WITHHELD);
    if (any_capped(diff)) write_option(table, "capped", AT_W_PAGE_WHO_CAPPED);
    at_write_page_z(page, "</select></label> ");
    write_group_filter(table);
    at_write_page_z(page, "<output id=\"count\" data-text=\"");
    at_write_page_plain(page, AT_SAY(page->arena, page->words, AT_W_PAGE_COUNT, AT_STR("#"), AT_STR("#")));
    at_write_page_z(page, "\"></output></form>\n");
}

static void write_column(const struct table *table, const char *kind, const char *sort, at_str name) {
    const struct at_write_diff_page *page = table->page;
    at_sink_printf(page->out, "<th scope=\"col\" class=\"%s\" data-sort=\"%s\">", kind, sort);
    at_write_page_text(page, name);
    at_write_page_z(page, "</th>");
}

static void write_head(struct table *table) {
    const struct at_write_diff_page *page = table->page;
    const struct at_words *words = page->words;
    const struct at_check_policy *checked = page->diff->checked[1];
    at_write_page_z(page, "<div class=\"wide\"><table id=\"payee-table\">\n<thead><tr>");
    write_column(table, "name", "text", checked->schemas[checked->payee_table].name);
    write_column(table, "num", "change", at_words_word(words, AT_W_DIFF_CHANGE));
    write_column(table, "num share", "share", at_words_word(words, AT_W_DIFF_OF_OLD));
    if (page->diff->n_causes) write_column(table, "edits", "text", at_words_word(words, AT_W_DIFF_EDITS));
    write_column(table, "num old", "old", at_words_word(words, AT_W_DIFF_OLD));
    write_column(table, "num new", "new", at_words_word(words, AT_W_DIFF_NEW));
    if (table->n_groups) write_column(table, "group", "text", group_name(table));
    at_write_page_z(page, "</tr></thead>\n");
    table->columns = 5 + (page->diff->n_causes > 0) + (table->n_groups > 0);
}

/* ---------------------------------------------------------------- the table */

/* Payees that change, the largest change first, and then the others. Returns how many are shown. */
static uint32_t write_payees(struct table *table) {
    const struct at_write_diff_page *page = table->page;
    const struct at_diff *diff = page->diff;
    uint32_t n, *order = at_write_diff_by_change(diff, page->arena, &n), shown = 0;
    bool *changed = AT_NEW_ARRAY(page->arena, bool, diff->n_payees + 1);
    for (uint32_t i = 0; i < n; i++)
        changed[order[i]] = true;
    for (uint32_t i = 0; i < n && shown < AT_PAGE_PAYEES && *page->written < AT_PAGE_BYTES; i++, shown++)
        write_payee(table, order[i]);
    for (uint32_t p = 0; p < diff->n_payees && shown < AT_PAGE_PAYEES && *page->written < AT_PAGE_BYTES; p++)
        if (!changed[p]) write_payee(table, p), shown++;
    return shown;
}

void at_write_diff_payee_table(const struct at_write_diff_page *page) {
    struct table table = {.page = page, .rows_left = MOST_ROWS};
    find_groups(&table);
    at_write_page_section(page, "payees", AT_W_DIFF_BY_PAYEE);
    write_form(&table);
    write_head(&table);
    uint32_t shown = write_payees(&table);
    at_write_page_z(page, "</table></div>\n");
    if (shown < page->diff->n_payees) {
        at_write_page_z(page, "<p class=\"note\">");
        AT_PAGE_SAY(page, AT_W_PAGE_MOST_PAYEES, at_write_page_count(page, shown),
                    at_write_page_count(page, page->diff->n_payees));
        at_write_page_z(page, "</p>\n");
    }
    if (table.cut) {
        at_write_page_z(page, "<p class=\"note\">");
        at_write_page_word(page, AT_W_PAGE_TOO_MANY);
        at_write_page_z(page, "</p>\n");
    }
    at_write_page_z(page, "</section>\n");
}
