/* api/reconcile_limit.h: the limits by which a reconciliation is a go or a no-go. Private to api/.
 *
 *     limit = ( "different" | "unexplained" | "total" | "payout" ) ( ">" | ">=" ) [ "$" ] number [ "%" ]
 *
 * `different` and `unexplained` are payouts, or their share of all payouts. `total` is the difference of both
 * sums, and `payout` the largest difference of a payout, in the policy's currency. `total` with % is the
 * share of the other system's sum.
 */
#ifndef AT_API_RECONCILE_LIMIT_H
#define AT_API_RECONCILE_LIMIT_H

#include "diag/diag.h"
#include "write/reconcile.h"

/* Reads a limit and compares. False: it is not a limit. */
bool at_api_reconcile_limit(const struct at_write_reconcile *made, at_str text, struct at_arena *arena,
                            struct at_write_reconcile_limit *out);

#endif
