/* write/diff_edits.c: writes the edits on a diff page, numbered as in every format, each with a bar from the
 * old pay to the new.
 *
 * Without causes, all edits are a list.
 */
#include "write/diff_decision.h"
#include "write/diff_page.h"

enum { WIDE = 1000 };

static at_i128 larger(at_i128 a, at_i128 b) {
    return a > b ? a : b;
}

static at_i128 smaller(at_i128 a, at_i128 b) {
    return a < b ? a : b;
}

/* Like for like. */
static at_i128 effect_of(const struct at_diff_cause *cause) {
    return cause->gain + cause->loss;
}

/* ---------------------------------------------------------------- the axis of the bars */

struct fall {
    const struct at_write_diff_page *page;
    at_i128 low, high; /* of the axis */
};

static void find_axis(struct fall *fall) {
    const struct at_diff *diff = fall->page->diff;
    at_i128 at = diff->like[0];
    fall->low = smaller(at, diff->like[1]);
    fall->high = larger(at, diff->like[1]);
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        at += effect_of(&diff->causes[k]);
        fall->low = smaller(fall->low, at);
        fall->high = larger(fall->high, at);
    }
    at_i128 span = fall->high - fall->low, room = span / 4 + 1;
    bool above = fall->low >= 0, below = fall->high <= 0;
    fall->low -= room;
    fall->high += span / 50 + 1;
    /* The axis begins at nothing where that costs little. */
    if (above && (fall->low < 0 || fall->low < span)) fall->low = 0;
    if (below) fall->high = 0;
}

/* The number next to the bar reports the same, so a screen reader passes over the bar. */
static void write_bar(const struct fall *fall, at_i128 from, at_i128 to) {
    int a = at_write_diff_place(smaller(from, to), fall->low, fall->high, WIDE),
        b = at_write_diff_place(larger(from, to), fall->low, fall->high, WIDE);
    at_sink_printf(fall->page->out,
                   "<td class=\"bar\"><svg viewBox=\"0 0 %d 20\" preserveAspectRatio=\"none\" "
                   "aria-hidden=\"true\"><rect x=\"%d\" y=\"2\" width=\"%d\" height=\"16\"/></svg></td>",
                   WIDE, a, /* A bar is at least 2 wide, so that a small effect is visible. */
                   b - a > 2 ? b - a : 2);
}

/* ---------------------------------------------------------------- rows */

/* What it is about, and the change with marks on the words that are different. */
static void write_edit(const struct at_write_diff_page *page, const struct at_diff_edit *edit) {
    static const char *const tags[][2] = {[AT_PIECE_SAME] = {"", ""},
                                          [AT_PIECE_REMOVED] = {"<del>", "</del>"},
                                          [AT_PIECE_ADDED] = {"<ins>", "</ins>"}};
    uint32_t n;
    const struct at_write_diff_piece *pieces = at_write_diff_pieces(page->diff, page->arena, edit, &n);
    at_write_page_text(page, at_write_diff_subject_text(page->diff, page->arena, edit));
    at_write_page_z(page, ": ");
    for (uint32_t i = 0; i < n; i++) {
        at_write_page_z(page, tags[pieces[i].kind][0]);
        at_write_page_text(page, pieces[i].text);
        at_write_page_z(page, tags[pieces[i].kind][1]);
    }
}

static void write_total(const struct fall *fall, enum at_words_word name, at_i128 start, at_i128 minor) {
    const struct at_write_diff_page *page = fall->page;
    at_write_page_z(page, "<tr class=\"whole\"><th scope=\"row\">");
    at_write_page_word(page, name);
    at_write_page_z(page, "</th>");
    write_bar(fall, start, minor);
    at_write_page_amount(page, minor);
    at_write_page_z(page, "</tr>\n");
}

static at_i128 in_order(const struct at_diff *diff, uint32_t cause, struct at_arena *arena) {
    at_i128 sum = 0;
    for (uint64_t r = 0; diff->sequential && r < diff->n_rows; r++) {
        at_arena_poll(arena);
        if (diff->rows[r].withheld[0] || diff->rows[r].withheld[1]) continue;
        sum += diff->sequential[r * diff->n_causes + cause];
    }
    return sum;
}

static void write_example(const struct at_write_diff_page *page, const struct at_diff_cause *cause) {
    at_str witness = at_write_diff_witness(page->diff, page->arena, cause);
    at_str quiet = at_write_diff_quiet(page->diff, page->arena, cause);
    if (witness.n == 0 && quiet.n == 0) return;
    at_write_page_z(page, "<small>");
    if (witness.n)
        AT_PAGE_SAY(page, AT_W_DIFF_EXAMPLE, witness);
    else
        at_write_page_text(page, quiet);
    at_write_page_z(page, "</small>");
}

/* The effect in the order of the policy, where it differs. */
static void write_in_order(const struct at_write_diff_page *page, uint32_t k) {
    const struct at_diff *diff = page->diff;
    if (!diff->sequential) return;
    at_i128 amount = in_order(diff, k, page->arena);
    if (amount == effect_of(&diff->causes[k])) return;
    at_write_page_z(page, "<small>");
    AT_PAGE_SAY(page, AT_W_PAGE_ORDERED, at_write_diff_change(diff, page->arena, amount));
    at_write_page_z(page, "</small>");
}

static void write_people(const struct at_write_diff_page *page, const struct at_diff_cause *cause) {
    at_write_page_z(page, "<small>");
    AT_PAGE_SAY(page, AT_W_PAGE_GAIN_LOSE, at_write_page_count(page, cause->gainers),
                at_write_page_count(page, cause->losers));
    if (cause->newly) {
        at_write_page_z(page, "<br>");
        AT_PAGE_SAY(page, AT_W_PAGE_WITHHOLDS, at_write_page_count(page, cause->newly));
    }
    at_write_page_z(page, "</small>");
}

static void write_cause(const struct fall *fall, uint32_t k, at_i128 from) {
    const struct at_write_diff_page *page = fall->page;
    const struct at_diff_cause *cause = &page->diff->causes[k];
    at_i128 effect = effect_of(cause);
    const char *direction = at_write_page_direction(effect);
    at_sink_printf(page->out, "<tr class=\"%s\" id=\"edit-%u\"><th scope=\"row\"><b class=\"no\">",
                   *direction ? direction : "whole", k + 1);
    at_write_page_text(page, at_write_diff_number(page->arena, k));
    at_write_page_z(page, "</b> ");
    if (cause->data) at_write_page_text(page, page->causes[k]);
    for (uint32_t i = 0; i < cause->n_edits; i++) {
        if (i) at_write_page_z(page, "<br>");
        write_edit(page, &page->diff->edits->at[cause->edits[i]]);
    }
    write_example(page, cause);
    at_write_page_z(page, "</th>");
    write_bar(fall, from, from + effect);
    at_write_page_z(page, "<td class=\"num\">");
    at_write_page_text(page, at_write_diff_change(page->diff, page->arena, effect));
    write_people(page, cause);
    write_in_order(page, k);
    at_write_page_z(page, "</td></tr>\n");
}

static void write_causes(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    struct fall fall = {.page = page};
    find_axis(&fall);
    at_i128 start = fall.low > 0 || fall.high < 0 ? fall.low : 0, at = diff->like[0];
    at_write_page_z(page, "<table class=\"fall\">\n<thead class=\"sr\"><tr>");
    at_write_page_head(page, AT_W_DIFF_EDIT, false);
    at_write_page_head(page, AT_W_PAGE_BAR, false);
    at_write_page_head(page, AT_W_DIFF_EDITS_EFFECT, false);
    at_write_page_z(page, "</tr></thead>\n<tbody>\n");
    write_total(&fall, AT_W_PAGE_OLD_PAY, start, at);
    for (uint32_t k = 0; k < diff->n_causes; k++) {
        write_cause(&fall, k, at);
        at += effect_of(&diff->causes[k]);
    }
    write_total(&fall, AT_W_PAGE_NEW_PAY, start, diff->like[1]);
    at_write_page_z(page, "</tbody></table>\n<p class=\"note\">");
    at_write_page_word(page, diff->shapley ? AT_W_PAGE_SHAPLEY : AT_W_DIFF_IN_ORDER);
    if (start != 0) {
        at_write_page_z(page, " ");
        AT_PAGE_SAY(page, AT_W_PAGE_START, at_write_diff_amount(diff, page->arena, start));
    }
    at_write_page_z(page, "</p>\n");
}

/* ---------------------------------------------------------------- edits without an effect of their own */

static bool is_listed(const struct at_diff *diff, const struct at_diff_edit *edit) {
    return diff->n_causes == 0 || !edit->pays;
}

static void write_list(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    uint32_t n = 0;
    for (uint32_t i = 0; i < diff->edits->n; i++)
        n += is_listed(diff, &diff->edits->at[i]);
    if (n == 0) return;
    at_write_page_z(page, "<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < diff->edits->n; i++) {
        const struct at_diff_edit *edit = &diff->edits->at[i];
        if (!is_listed(diff, edit)) continue;
        at_write_page_z(page, "<li>");
        at_write_page_text(page, at_write_diff_subject_text(page->diff, page->arena, edit));
        at_write_page_z(page, ": ");
        at_write_page_text(page, at_write_diff_change_text(page->diff, page->arena, edit));
        if (!edit->pays) {
            at_write_page_z(page, " <small>");
            at_write_page_word(page, AT_W_DIFF_EDIT_ALSO);
            at_write_page_z(page, "</small>");
        }
        at_write_page_z(page, "</li>\n");
    }
    at_write_page_z(page, "</ul>\n");
}

void at_write_diff_page_edits(const struct at_write_diff_page *page) {
    const struct at_diff *diff = page->diff;
    if (!diff->edits && diff->n_causes == 0) return;
    at_write_page_section(page, "edits", diff->n_causes ? AT_W_PAGE_EFFECTS : AT_W_DIFF_EDITS);
    if (diff->edits && diff->edits->n == 0) {
        at_write_page_z(page, "<p>");
        at_write_page_word(page, AT_W_DIFF_EDITS_NONE);
        at_write_page_z(page, "</p>\n");
    }
    if (diff->n_causes) write_causes(page);
    if (diff->edits) write_list(page);
    at_write_page_z(page, "</section>\n");
}
