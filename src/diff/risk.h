/* diff/risk.h: what a reviewer should look at before anything else: at most five risks, each with the part of
 * the output that has its details.
 */
#ifndef AT_DIFF_RISK_H
#define AT_DIFF_RISK_H

#include "diff/cliff.h"

enum { AT_DIFF_MOST_RISKS = 5 };

enum at_diff_risk_kind {
    AT_DIFF_RISK_WITHHELD, /* n payouts of n_payees payees are newly withheld */
    AT_DIFF_RISK_TEST,     /* n tests of the version `side` fail, first `name` */
    AT_DIFF_RISK_LOSER,    /* the payee who loses most in percent: minor; n: how many lose at least 10% */
    AT_DIFF_RISK_GROUP,    /* the group that loses most in percent: name (a value of groups.field), minor */
    AT_DIFF_RISK_CAPPED,   /* n payees are newly capped, first `payee` in `period`, by `name` ("cap total") */
    AT_DIFF_RISK_NOTHING,  /* n payees no longer get anything of the component `name`, first `payee` in
                              `period` */
    AT_DIFF_RISK_CLIFF, /* the new version has a jump, or more pays less, and the old one does not: `cliff` */
    AT_DIFF_RISK_BASE   /* the base of the cost moved: see at_diff_decision.base_moved */
};

/* Where the details are. */
enum at_diff_target {
    AT_TARGET_WITHHELD,
    AT_TARGET_SUMMARY,
    AT_TARGET_PAYEE,
    AT_TARGET_GROUPS,
    AT_TARGET_EDITS
};

struct at_diff_risk {
    uint8_t kind;   /* enum at_diff_risk_kind */
    uint8_t target; /* enum at_diff_target */
    uint8_t side;   /* 0 the old version, 1 the new one */
    uint32_t n, n_payees;
    uint32_t payee; /* UINT32_MAX: not of one */
    int32_t period;
    uint64_t causes; /* bit k: cause k has to do with it; 0: not known */
    at_str name;
    at_i128 minor[2];
    const struct at_diff_cliff *cliff; /* AT_DIFF_RISK_CLIFF */
};

struct at_diff_decision;
/* Also marks the payees who are newly capped. */
void at_diff_find_risks(struct at_diff *diff, struct at_diff_decision *decision);

#endif
