/* write/statement_int.h: the interface between the files of commission statements:
 *
 *     statement.c        pages, and the index of all pages
 *     statement_slip.c   pieces of pages
 *     statement_front.c  periods, the result, limits, components, and what is missing for more
 *     statement_deals.c  deals, with what each paid, and the rows of other measures
 *     statement_gain.c   what a hint is worth
 *     statement_team.c   the page of a manager's team
 *     statement_curve.c  the payee's curve
 *     statement_css.c    the style sheet
 */
#ifndef AT_WRITE_STATEMENT_INT_H
#define AT_WRITE_STATEMENT_INT_H

#include "write/statement.h"
#include "write/statement_curve.h"

/* What marks a page as written by `attain statement`, which replaces a folder only if all pages in it have
 * it. */
#define AT_WRITE_STATEMENT "attain statement"

extern const char at_write_statement_css[];

struct at_write_slip {
    const struct at_session_results *results;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
    struct at_explain_story **stories; /* in the order of the run */
    size_t n;
    struct at_write_statement_curve **curves; /* by story; NULL: none */
};

/* ---- statement_slip.c: pieces of a page. Texts of data are escaped. */
void at_write_slip_raw(const struct at_write_slip *page, const char *html);
void at_write_slip_text(const struct at_write_slip *page, at_str s);
void at_write_slip_sentence(const struct at_write_slip *page, at_str s); /* with <code> for code */
void at_write_slip_said(const struct at_write_slip *page, const at_words_operand *operand);
void at_write_slip_word(const struct at_write_slip *page, enum at_words_word word);
void at_write_slip_heading(const struct at_write_slip *page, enum at_words_word word);
/* `open` is a tag, such as "<th>"; what closes it follows the word. */
void at_write_slip_cell(const struct at_write_slip *page, const char *open, enum at_words_word word,
                        const char *close);
/* Minor units of a currency, as the language writes amounts. */
at_str at_write_slip_money(const struct at_write_slip *page, at_i128 minor, at_currency currency);
/* The total of a story, with the amount paid in the currency of the payee. */
at_str at_write_slip_total(const struct at_write_slip *page, const struct at_explain_story *story);

/* Whom to ask, and, if asked for, where to sign. */
void at_write_slip_footer(const struct at_write_slip *page, const struct at_write_explain_style *style);

/* ---- statement_front.c */
/* What each period came to, newest first, and the year to date. Nothing if there is one period only. */
void at_write_slip_periods(const struct at_write_slip *page);
/* The result, what limits took or gave, and progress. */
void at_write_slip_front(const struct at_write_slip *page, const struct at_explain_story *story);
void at_write_slip_components(const struct at_write_slip *page, const struct at_explain_story *story);
void at_write_slip_hints(const struct at_write_slip *page, const struct at_explain_story *story);

/* ---- statement_deals.c */
void at_write_slip_deals(const struct at_write_slip *page, const struct at_explain_story *story);

/* ---- statement_gain.c */
/* What the payee would be paid more if the hint came true, exactly. *of: the components of which this is
 * known; empty: of all. False: it is not known. */
bool at_write_slip_gain(const struct at_write_slip *page, const struct at_explain_story *story,
                        const struct at_explain_hint *hint, at_num *gain, at_str *of);

#endif
