/* diff/decision.h: what a reviewer decides by: verdict, limits, sums by period and by group, risks, and where
 * the difference comes from.
 *
 * All of it is data: writers make the texts, each in its language. It is made once, after the causes, and is
 * in the arena of the diff.
 */
#ifndef AT_DIFF_DECISION_H
#define AT_DIFF_DECISION_H

#include "diff/cliff.h"
#include "diff/group.h"
#include "diff/limit.h"
#include "diff/risk.h"

enum at_diff_verdict {
    AT_VERDICT_OK,    /* every limit is held, and no payout is newly withheld */
    AT_VERDICT_OPEN,  /* the same, but there is no limit, and pay changes */
    AT_VERDICT_CHECK, /* payouts are newly withheld */
    AT_VERDICT_STOP   /* a limit is exceeded */
};

/* A period, by index from first_period. */
struct at_diff_span {
    at_i128 minor[2], like[2];
    uint32_t gainers, losers; /* payees, by this payout, like for like */
    uint32_t newly;           /* payouts */
};

/* A test of a policy that fails, as the caller found it. */
struct at_diff_tests {
    uint32_t n, failed;
    at_str first; /* the name of the first that fails */
};

/* What other choices for deals could gain in a version, as the caller found it. */
struct at_diff_gamed {
    bool known;
    at_i128 gain, pay; /* minor units */
    uint64_t deals, gaining;
};

/* A file that was read: of a policy, or of data. */
struct at_diff_file {
    bool data;
    bool of[2];      /* which version read it */
    at_str name;     /* as the user named it, or as the policy did */
    at_str revision; /* of Git, such as "HEAD~1"; empty: a file on the disk */
    at_str commit;   /* its full id; empty: none */
    at_str table;    /* of data */
    uint64_t rows;   /* of data */
    char sha256[65]; /* empty: not known */
};

struct at_diff_decision {
    uint8_t verdict; /* enum at_diff_verdict */
    struct at_diff_limit *limits;
    uint32_t n_limits, n_exceeded;

    struct at_diff_span *spans; /* diff->n_periods of them */
    bool moves;                 /* pay moves between periods: some payout rises and another falls */
    /* The like-for-like change for a year at the rate of the periods compared, rounded half up. `yearly` is
     * false where they are a year or more, or no pay changes. */
    bool yearly;
    at_i128 for_year;

    struct at_diff_groups
        groups;                 /* by the field that separates gains from losses best, or the one asked for */
    struct at_diff_risk *risks; /* the most serious first */
    uint32_t n_risks;
    struct at_diff_tests tests[2];
    struct at_diff_gamed games[2];
    const struct at_diff_cliffs *cliffs; /* NULL: not looked for */
    /* The new pay as a share of what the old version credits, where that moved: for the cost with a fixed
     * base. */
    bool base_moved;

    struct at_diff_file *files;
    uint32_t n_files;
    at_str command;      /* empty: not given */
    const char *program; /* the version of Attain */
};

/* What the caller knows in addition to the two runs. */
struct at_diff_asked {
    const at_str *limits;
    uint32_t n_limits;
    at_str by; /* a field of the payees; empty: the one that separates best */
    struct at_diff_tests tests[2];
    struct at_diff_gamed games[2];
    const struct at_diff_cliffs *cliffs; /* NULL: not looked for */
    const struct at_diff_file *files;
    uint32_t n_files;
    at_str command;
    const char *program;
};

/* Makes diff->decision. Returns -1, or the index of the first limit that cannot be read, or n_limits if the
 * payees do not have the field `by`. */
int64_t at_diff_decide(struct at_diff *diff, const struct at_diff_asked *asked);

#endif
