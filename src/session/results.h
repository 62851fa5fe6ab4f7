/* session/results.h: the results of one call: the runs of one or more policies as one list of lines, with
 * totals.
 *
 * Results are made once, after the runs, and are then only read, by the writers (writer.h) and by the public
 * API. Lines that were not requested (zeros, other payees) are removed from each run's list in place. If
 * there are several runs, `order` is the merged order, by payee key and then by policy. Two runs have
 * lines of one payee only if they cover the payee on different days.
 */
#ifndef AT_SESSION_RESULTS_H
#define AT_SESSION_RESULTS_H

#include "base/sink.h"
#include "session/run.h"
#include "words/sentence.h"

struct at_session_line_ref {
    uint32_t run;
    uint64_t line;
};

/* One row of the payee table, over all runs. */
struct at_session_result_payee {
    at_str key, label;    /* label is empty where the policy names none */
    int32_t run;          /* the first that covers it; -1: none */
    bool wanted;          /* passed the filter */
    bool paid;            /* has a line that is not zero */
    at_i128 amount;       /* in the currency of the policy */
    at_currency currency; /* in which the payee is paid, and the amount in it; 0: that of the policy */
    at_i128 local;
};

struct at_session_result_component {
    uint32_t run;
    const struct at_plan_component *decl;
    at_i128 amount;
    bool shown; /* has a line in the results */
};

struct at_session_result_total {
    at_currency currency;
    at_i128 amount;
};

struct at_session_result_withheld {
    uint32_t run;
    const struct at_settle_withheld_cell *cell;
};

/* What is looked up again and again about one run. */
struct at_session_result_run {
    struct at_session_run *run;
    const struct at_check_policy *checked;
    const struct at_currency_info *currency;
    at_str *keys, *labels;    /* by payee row */
    at_str *periods;          /* by index: "2026-Q1" */
    uint32_t *payee_of;       /* payee row -> index into at_session_results.payees */
    uint32_t *row_of;         /* the other way; UINT32_MAX where the run does not have the payee */
    uint32_t first_component; /* index into at_session_results.components */
};

/* Whose cell it is, and of which period. Both are empty for a row that cannot be placed in a cell, and the
 * period is for a payee of whom `applies to` cannot decide. */
static inline at_str at_session_withheld_key(const struct at_session_result_run *r,
                                             const struct at_session_result_withheld *w) {
    return w->cell->payee == UINT32_MAX ? (at_str){"", 0} : r->keys[w->cell->payee];
}
static inline at_str at_session_withheld_period(const struct at_session_result_run *r,
                                                const struct at_session_result_withheld *w) {
    return w->cell->period == UINT32_MAX ? (at_str){"", 0} : r->periods[w->cell->period];
}

/* Days on which a payee is covered by two runs, or by none although some run covers the payee on other days.
 */
struct at_session_result_days {
    uint32_t payee;        /* index into at_session_results.payees */
    int32_t first, second; /* the two runs; -1: none */
    at_date from, to;
};

/* What a pool did not pay, in the order of components, periods, groups, and roles. */
struct at_session_result_rest {
    uint32_t run, component; /* of the run's plan */
    at_str group;            /* the value of the grouping field; empty: everyone */
    at_str role;             /* whose share it is, and which no member has; empty: of no role */
    uint32_t period;
    int64_t minor;
};

/* What waits after the last period of a run. */
struct at_session_result_waiting {
    uint32_t run;
    const struct at_session_waiting *of;
    at_str period;
};

/* What a payee owes of a draw at the end of the run. */
struct at_session_result_balance {
    uint32_t run, row, period; /* row of the payee table; the last period */
    const struct at_check_adjustment_decl *draw;
    bool known; /* it can be calculated */
    int64_t minor;
};

/* The value of a measure that `show` lists, of a payee in a period. */
struct at_session_shown {
    uint32_t run, row, period; /* row of the payee table */
    at_str name, label;
    at_type type;
    bool known;         /* it has a value */
    bool failed;        /* it cannot be calculated: `code`, `why`. Otherwise, if not known, it is missing */
    bool shortened;     /* `shown` begins with ≈ */
    at_str exact, unit; /* "104.2" and "%", "3000" and "USD", "20/3" and "" */
    at_words_operand shown; /* "104.2%", "$3,000.00" */
    enum at_diag_code code;
    struct at_words_reason why;
};

/* The part of a row in a line. Parts of a line add up to it; parts of zero are left out. */
enum at_session_part {
    AT_PART_LINE,         /* the line is of this row */
    AT_PART_PROPORTIONAL, /* the line has no rows, and is divided in proportion to what they bring to it */
    AT_PART_NONE          /* no row has it */
};
struct at_session_result_part {
    uint64_t line; /* index, as at_session_results_at takes it */
    at_str key;    /* of the row; empty: AT_PART_NONE */
    int64_t minor; /* in the currency in which the line is paid */
    uint8_t how;   /* enum at_session_part */
};

struct at_session_results_filter {
    const at_str *payees; /* keys; NULL: all payees */
    uint32_t n_payees;
    bool zeros;
    bool by_deal; /* list the parts: the runs are of plans of at_plan_with_deals */
};

struct at_session_results {
    struct at_session_result_run *runs;
    uint32_t n_runs;
    struct at_session_line_ref *order; /* NULL: the lines of runs[0], unchanged */
    uint64_t n_lines;
    struct at_session_result_payee *payees;
    uint32_t n_payees; /* by key */
    struct at_session_result_component *components;
    uint32_t n_components;
    struct at_session_result_total *totals;
    uint32_t n_totals; /* one a currency of a policy */
    struct at_session_result_total *paid;
    uint32_t n_paid_in; /* one a currency in which payees are paid; 0: those of the policies */
    struct at_session_result_withheld *withheld;
    uint32_t n_withheld;
    struct at_session_result_rest *rests;
    uint32_t n_rests;
    struct at_session_result_waiting *waiting;
    uint32_t n_waiting;
    struct at_session_result_balance *balances; /* by payee key, then in the order of the policy */
    uint64_t n_balances;
    struct at_session_result_part *parts; /* in order of lines, then of keys */
    uint64_t n_parts;
    bool by_deal; /* the parts are listed */
    uint64_t
        *first_shown; /* by payee, and one more: index of the first value; NULL: no policy shows measures */
    uint64_t n_shown;
    uint64_t rows_credited, rows_out_of_range, rows_left_out, rows_uncovered;
    uint32_t n_covered, n_paid, n_periods;
    bool zeros;
    /* By payee. Where a payee is covered twice on some day, nothing is to be paid. */
    struct at_session_result_days *twice, *gaps;
    uint32_t n_twice, n_gaps;
    at_date first_day, last_day; /* of the days in `gaps` */
};

void at_session_results_make(struct at_session_results *results, struct at_session_run **runs,
                             uint32_t n_runs, const struct at_session_results_filter *filter,
                             struct at_arena *arena);

static inline const struct at_settle_line *at_session_results_at(const struct at_session_results *results,
                                                                 uint64_t i, uint32_t *run) {
    if (!results->order) {
        *run = 0;
        return &results->runs[0].run->lines[i];
    }
    *run = results->order[i].run;
    return &results->runs[*run].run->lines[results->order[i].line];
}

/* manager.c. The row of the payee's manager in a period, on its last day; -1: none. */
int32_t at_session_manager_of(const struct at_session_run *run, uint32_t payee, uint32_t period);

/* held.c. What a statement holds of a part at the end of a period. */
struct at_session_held {
    uint32_t component; /* of the plan */
    uint32_t earned;    /* index of the period */
    at_str key;         /* of the deal */
    int64_t minor;
    const struct at_ast_node *statement;
    bool dated; /* a hold with a date, `due` */
    at_date due;
};
/* Whether the policy has holds, releases, or clawbacks. */
bool at_session_holds(const struct at_session_run *run);
/* Calls back for what is held of a payee (a row) at the end of period `upto`, in order of components,
 * periods, and deals. `arena` is scratch memory. */
void at_session_held_of(const struct at_session_run *run, uint32_t payee, uint32_t upto,
                        struct at_arena *arena,
                        void (*visit)(void *context, const struct at_session_held *held), void *context);

/* covered.c: whether a run covers the payee, by index into results->payees, on some day. */
static inline bool at_session_results_cover(const struct at_session_results *results, uint32_t run,
                                            uint32_t payee) {
    const struct at_session_result_run *r = &results->runs[run];
    uint32_t row = r->row_of[payee];
    return row != UINT32_MAX && (!r->run->covered || r->run->covered[row]);
}

/* Values of measures that are shown: by payee key, period, and the order of `show`. Texts are in `arena`, or
 * views of the run. */
void at_session_shown_at(const struct at_session_results *results, uint64_t index, struct at_arena *arena,
                         struct at_session_shown *out);
void at_session_shown_of(const struct at_session_results *results, uint32_t run, uint32_t row,
                         uint32_t period, uint32_t which, struct at_arena *arena,
                         struct at_session_shown *out);
/* A value as people write it. *shortened: it has fewer digits than the value, and begins with ≈. */
at_words_operand at_session_value_shown(const struct at_session_run *run, const struct at_plan_value *value,
                                        bool percent, struct at_arena *arena, bool *shortened);

/* The text of a value of a table as people know it: the key of a reference, a choice, a date; empty where
 * missing. */
at_str at_session_table_text(const struct at_table_dataset *data, uint32_t table, uint32_t field,
                             uint64_t row, struct at_arena *arena);

/* Lists the days on which payees are covered twice, or not at all, also of one policy. */
void at_session_results_find_days(struct at_session_results *results, struct at_arena *arena);

#endif
