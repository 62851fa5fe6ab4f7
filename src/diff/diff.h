/* diff/diff.h: compares the payouts of two versions, and attributes each difference to edits.
 *
 * A difference is a row: payee, period, component, and the amounts of the old and the new version. Rows are
 * ordered by payee key, period, and component (in the order of the old version, then components that only the
 * new one has). A withheld payout counts as zero and is marked. `like` sums are like for like: of the payouts
 * that neither version withholds. Who gets more or less is decided by them.
 *
 * `parts[row * n_causes + k]` is the effect of cause k on the row's difference. The parts of a row add up to
 * its difference exactly. A cause is one edit, or several that are only valid together, or, with other data,
 * the data.
 */
#ifndef AT_DIFF_DIFF_H
#define AT_DIFF_DIFF_H

#include "diff/cause.h"
#include "diff/edits.h"
#include "diff/side.h"

/* What changes for a payee, like for like. A payout is what a payee gets for a period. */
enum at_diff_kind {
    AT_DIFF_SAME, /* every payout is the same */
    AT_DIFF_MORE, /* the sum of the payouts rises */
    AT_DIFF_LESS,
    AT_DIFF_MOVED, /* the sum is the same, but some payout changes */
    AT_DIFF_HELD   /* no payout changes, but one is withheld in one version only */
};

struct at_diff_payee {
    at_str key, label, group;  /* group: text of the first grouping field, may be empty */
    int32_t row[2];            /* in the payee table of each side, -1 */
    at_i128 minor[2], like[2]; /* sums of its rows */
    bool withheld[2];          /* in any period */
    uint32_t newly, freed;     /* payouts withheld in the new version only, and in the old one only */
    bool capped;               /* newly, in some period: see risk.h */
    uint64_t first, end;       /* of its rows */
    uint8_t kind;              /* enum at_diff_kind */
    bool both_ways;            /* some payouts rise and others fall, or one is withheld in one version only */
    at_i128 size;              /* of the largest change: of the sum, or of one payout, also a withheld one */
};

struct at_diff_row {
    uint32_t payee;     /* index into payees */
    int32_t period;     /* position in the calendar */
    uint32_t component; /* index into components */
    int64_t minor[2];   /* old, new */
    bool withheld[2];
};

struct at_diff_component {
    at_str name, label;
    int32_t index[2]; /* in each plan's components, -1 */
    at_i128 minor[2];
};

struct at_diff {
    struct at_arena *arena;
    const struct at_words *words; /* of texts for people; English until the caller sets it */
    const struct at_check_policy *checked[2];
    at_currency currency;
    uint8_t digits;
    struct at_diff_payee *payees;
    uint32_t n_payees;
    struct at_diff_component *components;
    uint32_t n_components;
    struct at_diff_row *rows; /* those in which a side pays something or withholds */
    uint64_t n_rows;
    int32_t first_period; /* of those compared */
    uint32_t n_periods;
    at_str *periods;   /* "2026-Q1", by index from first_period */
    at_str paid_to[2]; /* the last period that each version pays; empty: none of those compared */
    struct at_diff_waiting *waiting[2]; /* what it pays later, in the order of its components */
    uint32_t n_waiting[2];
    uint8_t unchecked[2];      /* enum at_session_unchecked: why that is not known */
    at_i128 minor[2], like[2]; /* totals */
    at_num credited[2]; /* what was credited in all, rounded to the minor unit: for the cost as a share; 0
                           where nothing is money */
    int64_t credited_minor[2]; /* the same in minor units; 0 where it does not fit */
    bool credited_fits[2];
    uint32_t n_winners, n_losers, n_moved, n_held, n_same; /* payees, by kind */
    uint32_t n_unplaced[2]; /* credits with rows whose date cannot be calculated, and payees of whom `applies
                               to` cannot decide */
    uint32_t n_withheld[2]; /* cells (a payee in a period) that are withheld */
    struct at_diff_newly *newly; /* those withheld in the new version only, in the order of rows */
    uint32_t n_newly, n_freed;   /* n_freed: in the old version only */
    uint32_t n_newly_payees;

    const struct at_diff_edits *edits; /* NULL where it is not known */
    struct at_diff_cause *causes;      /* with attribution */
    uint32_t n_causes;
    bool shapley;        /* parts are Shapley values; else each cause in the order of the policy */
    at_i128 *parts;      /* n_rows * n_causes; NULL without attribution */
    at_i128 *sequential; /* the same for the order of the policy; NULL where parts are that already */

    const struct at_diff_side *sides;        /* [2] */
    const struct at_diff_decision *decision; /* decision.h; NULL until it is made */
};

struct at_diff_filter {
    const at_period *from, *through; /* NULL: all there are */
    const at_str *payees;            /* keys; NULL: all payees */
    uint32_t n_payees;
};

/* Puts two runs side by side. Both pay in the same currency and by the same kind of period. `edits` may be
 * NULL. */
struct at_diff *at_diff_make(const struct at_diff_side sides[2], const struct at_diff_edits *edits,
                             const struct at_diff_filter *filter, struct at_arena *arena);

#endif
