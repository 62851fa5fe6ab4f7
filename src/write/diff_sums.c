/* write/diff_sums.c: writes the sums on a diff page: by group, by period, and by component, and lists the
 * payouts that are newly withheld.
 *
 * Sums are like for like: a payout that one version withholds is neither a gain nor a loss.
 */
#include "write/diff_decision.h"
#include "write/diff_page.h"

enum { MOST_WITHHELD = 200 /* payouts that the page lists; the CSV has all */ };

/* ---------------------------------------------------------------- rows */

struct sum {
    at_str name, small;
    uint32_t gainers, losers, newly;
    at_i128 minor[2];
};

static void begin_table(const struct at_write_diff_page *page, enum at_words_word caption, at_str first,
                        bool people) {
    at_write_page_table(page, caption);
    at_write_page_z(page, "<th scope=\"col\">");
    at_write_page_text(page, first);
    at_write_page_z(page, "</th>");
    at_write_page_head(page, AT_W_DIFF_CHANGE, true);
    at_write_page_head(page, AT_W_DIFF_OF_OLD, true);
    if (people) at_write_page_head(page, AT_W_PAGE_MORE, true);
    if (people) at_write_page_head(page, AT_W_PAGE_LESS, true);
    if (people && page->diff->n_newly) at_write_page_head(page, AT_W_DIFF_WITHHELD, true);
    at_write_page_head(page, AT_W_DIFF_OLD, true);
    at_write_page_head(page, AT_W_DIFF_NEW, true);
    at_write_page_z(page, "</tr></thead>\n<tbody>\n");
}

static void write_count(const struct at_write_diff_page *page, uint32_t count) {
    at_write_page_z(page, "<td class=\"num\">");
    at_write_page_text(page, at_write_page_count(page, count));
    at_write_page_z(page, "</td>");
}

static void write_sum(const struct at_write_diff_page *page, const struct sum *sum, bool people) {
    at_write_page_z(page, "<tr><th scope=\"row\">");
    at_write_page_text(page, sum->name);
    if (sum->small.n) {
        at_write_page_z(page, " <small>");
        at_write_page_text(page, sum->small);
        at_write_page_z(page, "</small>");
    }
    at_write_page_z(page, "</th>");
    at_i128 change = sum->minor[1] - sum->minor[0];
    at_write_page_change(page, change);
    at_write_page_z(page, "<td class=\"num\">");
    at_write_page_text(page, at_write_diff_percent(page->arena, change, sum->minor[0]));
    at_write_page_z(page, "</td>");
    if (people) write_count(page, sum->gainers);
    if (people) write_count(page, sum->losers);
    if (people && page->diff->n_newly) write_count(page, sum->newly);
    at_write_page_amount(page, sum->minor[0]);
    at_write_page_amount(page, sum->minor[1]);
    at_write_page_z(page, "</tr>\n");
}

static void end_table(const struct at_write_diff_page *page) {
    at_write_page_z(page, "</tbody></table></div></section>\n");
}

/* ---------------------------------------------------------------- sums */

static void write_groups(const struct at_write_diff_page *page) {
    const struct at_diff_groups *groups = &page->diff->decision->groups;
    if (groups->field.n == 0 || groups->n < 2) return;
    at_write_page_section(page, "groups", AT_W_PAGE_GROUPS);
    begin_table(page, AT_W_PAGE_GROUPS, groups->field, true);
    for (uint32_t g = 0; g < groups->n; g++) {
        const struct at_diff_group *group = &groups->at[g];
        const struct sum sum = {.name = group->name.n ? group->name : AT_STR("–"),
                                .gainers = group->gainers,
                                .losers = group->losers,
                                .newly = group->newly,
                                .minor = {group->like[0], group->like[1]}};
        write_sum(page, &sum, true);
    }
    end_table(page);
}

static void write_periods(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    if (diff->n_periods < 2) return;
    at_write_page_section(page, "periods", AT_W_DIFF_BY_PERIOD);
    begin_table(page, AT_W_DIFF_BY_PERIOD, at_words_word(page->words, AT_W_DIFF_PERIOD), true);
    for (uint32_t p = 0; p < diff->n_periods; p++) {
        const struct at_diff_span *span = &diff->decision->spans[p];
        const struct sum sum = {
            .name = at_write_diff_period_text(diff, page->arena, diff->first_period + (int32_t)p),
            .gainers = span->gainers,
            .losers = span->losers,
            .newly = span->newly,
            .minor = {span->like[0], span->like[1]}};
        write_sum(page, &sum, true);
    }
    end_table(page);
}

static void write_components(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct sum *sums = AT_NEW_ARRAY(page->arena, struct sum, diff->n_components + 1);
    for (uint64_t r = 0; r < diff->n_rows; r++) {
        const struct at_diff_row *row = &diff->rows[r];
        at_arena_poll(page->arena);
        for (int s = 0; s < 2 && !row->withheld[0] && !row->withheld[1]; s++)
            sums[row->component].minor[s] += row->minor[s];
    }
    at_write_page_section(page, "components", AT_W_DIFF_BY_COMPONENT);
    begin_table(page, AT_W_DIFF_BY_COMPONENT, at_words_word(page->words, AT_W_DIFF_COMPONENT), false);
    for (uint32_t c = 0; c < diff->n_components; c++) {
        const struct at_diff_component *component = &diff->components[c];
        sums[c].name = component->label.n ? component->label : component->name;
        if (component->index[0] < 0) sums[c].small = at_words_word(page->words, AT_W_PAGE_IS_NEW);
        if (component->index[1] < 0) sums[c].small = at_words_word(page->words, AT_W_PAGE_REMOVED);
        write_sum(page, &sums[c], false);
    }
    end_table(page);
}

void at_write_diff_page_sums(const struct at_write_diff_page *page) {
    if (page->diff->decision) write_groups(page);
    if (page->diff->decision) write_periods(page);
    write_components(page);
}

/* ---------------------------------------------------------------- newly withheld payouts */

static void write_newly(const struct at_write_diff_page *page, const struct at_diff_newly *newly) {
    const struct at_diff *diff = page->diff;
    struct at_arena_mark mark = at_arena_mark(page->arena);
    at_write_page_z(page, "<tr><th scope=\"row\">");
    at_write_page_text(page, at_write_diff_name(diff, page->arena, newly->payee));
    at_write_page_z(page, "</th><td>");
    at_write_page_text(page, at_write_diff_period_text(diff, page->arena, newly->period));
    at_write_page_z(page, "</td><td>");
    at_write_page_text(page, at_write_diff_numbers(page->arena, newly->causes));
    at_write_page_z(page, "</td><td>");
    at_write_page_text(page, at_write_diff_reason(diff, page->arena, newly));
    at_write_page_z(page, "</td>");
    at_write_page_amount(page, newly->minor);
    at_write_page_z(page, "</tr>\n");
    at_arena_reset(page->arena, mark);
}

void at_write_diff_page_withheld(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    if (diff->n_newly == 0) return;
    at_write_page_section(page, "withheld", AT_W_DIFF_NEWLY_WITHHELD);
    at_write_page_table(page, AT_W_DIFF_NEWLY_WITHHELD);
    at_write_page_head(page, AT_W_DIFF_PAYEE, false);
    at_write_page_head(page, AT_W_DIFF_PERIOD, false);
    at_write_page_head(page, AT_W_DIFF_EDIT, false);
    at_write_page_head(page, AT_W_PAGE_REASON, false);
    at_write_page_head(page, AT_W_PAGE_OLD_PAY, true);
    at_write_page_z(page, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < diff->n_newly && i < MOST_WITHHELD; i++)
        write_newly(page, &diff->newly[i]);
    at_write_page_z(page, "</tbody></table></div>\n<p class=\"note\">");
    at_write_page_word(page, AT_W_PAGE_LIKE);
    if (diff->n_newly > MOST_WITHHELD) {
        at_write_page_z(page, " ");
        AT_PAGE_SAY(page, AT_W_PAGE_MOST_NEWLY, at_write_page_count(page, MOST_WITHHELD),
                    at_write_page_count(page, diff->n_newly));
    }
    at_write_page_z(page, "</p></section>\n");
}
