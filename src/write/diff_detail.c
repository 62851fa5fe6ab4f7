/* write/diff_detail.c: writes what the change of one payee is made of, in a row that opens: the components of
 * each period with the effects of edits, and the old and new explanation of the payees that change most.
 */
#include "write/diff_decision.h"
#include "write/diff_page.h"

static bool differs(const struct at_diff_row *row) {
    return row->minor[0] != row->minor[1] || row->withheld[0] != row->withheld[1];
}

static void side_of(const struct at_write_diff_page *page, const struct at_diff_row *row, int side) {
    if (!row->withheld[side]) {
        at_write_page_amount(page, row->minor[side]);
        return;
    }
    at_write_page_z(page, "<td class=\"num\">");
    at_write_page_word(page, AT_W_DIFF_WITHHELD);
    at_write_page_z(page, "</td>");
}

/* "+1,258.34 ②" for each edit that has a part. */
static void write_parts(const struct at_write_diff_page *page, uint64_t r) {
    const struct at_diff *diff = page->diff;
    bool any = false;
    at_write_page_z(page, "<td class=\"parts\">");
    for (uint32_t k = 0; diff->parts && k < diff->n_causes; k++) {
        at_i128 part = diff->parts[r * diff->n_causes + k];
        if (part == 0) continue;
        if (any) at_write_page_z(page, ", ");
        any = true;
        at_sink_printf(page->out, "<span class=\"nb %s\">", at_write_page_direction(part));
        at_write_page_text(page, at_write_diff_change(diff, page->arena, part));
        at_write_page_z(page, "&nbsp;");
        at_write_page_text(page, at_write_diff_number(page->arena, k));
        at_write_page_z(page, "</span>");
    }
    at_write_page_z(page, "</td>");
}

static void write_component(const struct at_write_diff_page *page, uint64_t r) {
    const struct at_diff *diff = page->diff;
    const struct at_diff_row *row = &diff->rows[r];
    const struct at_diff_component *component = &diff->components[row->component];
    struct at_arena_mark mark = at_arena_mark(page->arena);
    at_write_page_z(page, "<tr><td>");
    at_write_page_text(page, at_write_diff_period_text(diff, page->arena, row->period));
    at_write_page_z(page, "</td><td>");
    at_write_page_text(page, component->label.n ? component->label : component->name);
    at_write_page_z(page, "</td>");
    at_write_page_change(page, (at_i128)row->minor[1] - row->minor[0]);
    if (diff->n_causes) write_parts(page, r);
    side_of(page, row, 0);
    side_of(page, row, 1);
    at_write_page_z(page, "</tr>\n");
    at_arena_reset(page->arena, mark);
}

static void write_story(const struct at_write_diff_page *page, const struct at_write_diff_story *story) {
    static const enum at_words_word heads[] = {AT_W_DIFF_OLD, AT_W_DIFF_NEW};
    at_write_page_z(page, "<details class=\"why\"><summary>");
    AT_PAGE_SAY(page, AT_W_PAGE_STORY, at_write_diff_period_text(page->diff, page->arena, story->period));
    at_write_page_z(page, "</summary><div class=\"both\">");
    for (int s = 0; s < 2; s++) {
        at_write_page_z(page, "<div><h3>");
        at_write_page_word(page, heads[s]);
        at_write_page_z(page, "</h3><pre>");
        at_write_page_text(page, story->text[s].n ? story->text[s]
                                                  : at_words_word(page->words, AT_W_PAGE_NO_PAYOUT));
        at_write_page_z(page, "</pre></div>");
    }
    at_write_page_z(page, "</div></details>\n");
}

/* An explanation can be long, so it is left out where the page would become too large. */
static void write_stories(const struct at_write_diff_page *page, uint32_t payee) {
    for (uint32_t i = 0; page->stories && i < page->stories->n; i++) {
        const struct at_write_diff_story *story = &page->stories->at[i];
        uint64_t bytes = 2 * ((uint64_t)story->text[0].n + story->text[1].n);
        if (story->payee == payee && *page->written + bytes < AT_PAGE_BYTES / 2) write_story(page, story);
    }
}

static void write_rows(const struct at_write_diff_page *page, uint32_t payee, bool all) {
    const struct at_diff *diff = page->diff;
    at_write_page_table(page, AT_W_DIFF_BY_COMPONENT);
    at_write_page_head(page, AT_W_DIFF_PERIOD, false);
    at_write_page_head(page, AT_W_DIFF_COMPONENT, false);
    at_write_page_head(page, AT_W_DIFF_CHANGE, true);
    if (diff->n_causes) at_write_page_head(page, AT_W_PAGE_EFFECTS, false);
    at_write_page_head(page, AT_W_DIFF_OLD, true);
    at_write_page_head(page, AT_W_DIFF_NEW, true);
    at_write_page_z(page, "</tr></thead><tbody>\n");
    for (uint64_t r = diff->payees[payee].first; r < diff->payees[payee].end; r++)
        if (all || differs(&diff->rows[r])) write_component(page, r);
    at_write_page_z(page, "</tbody></table></div>\n");
}

/* The rows that differ; where none does, all. */
bool at_write_diff_detail(const struct at_write_diff_page *page, uint32_t payee, unsigned columns,
                          uint64_t *rows_left) {
    const struct at_diff *diff = page->diff;
    uint64_t begin = diff->payees[payee].first, end = diff->payees[payee].end, n = 0;
    for (uint64_t r = begin; r < end; r++)
        n += differs(&diff->rows[r]);
    bool all = n == 0;
    if (all) n = end - begin;
    if (n == 0) return true;
    if (n > *rows_left || *page->written >= AT_PAGE_BYTES / 2) return false;
    *rows_left -= n;
    at_sink_printf(page->out, "<tr class=\"more\"><td colspan=\"%u\"><details><summary>", columns);
    AT_PAGE_SAY(page,
                all      ? AT_W_PAGE_AMOUNTS_SAME
                : n == 1 ? AT_W_PAGE_AMOUNT
                         : AT_W_PAGE_AMOUNTS,
                at_write_page_count(page, n));
    at_write_page_z(page, "</summary>\n");
    write_rows(page, payee, all);
    write_stories(page, payee);
    at_write_page_z(page, "</details></td></tr>\n");
    return true;
}
