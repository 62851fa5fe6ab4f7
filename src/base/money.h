/* base/money.h: currencies of ISO 4217, their minor units and the symbols people write.
 *
 * An amount of money is an at_num in major units (dollars) with a currency that the policy declares. Minor
 * units (cents) appear only when a payout line is rounded.
 */
#ifndef AT_BASE_MONEY_H
#define AT_BASE_MONEY_H

#include "base/num.h"
#include "base/text.h"

typedef uint16_t at_currency; /* index + 1 into the table of currencies.def; 0: none */

struct at_currency_info {
    const char *code;   /* "USD" */
    const char *symbol; /* how amounts are printed: "$", "¥", "kr"; "" prints the code after */
    const char *unique; /* a symbol that no other currency has: "US$", "CN¥"; may be "" */
    const char *name;
    uint8_t digits; /* of the minor unit: 2, 0, 3 */
};

/* Returns the data of a currency. Returns NULL for 0 and for a value that is not a currency. */
const struct at_currency_info *at_currency_info(at_currency currency);
at_currency at_currency_find(at_str code); /* exact, upper case; 0 where unknown */
/* Whether the code was a currency of ISO 4217 and has been withdrawn, such as DEM: tables of rates still have
 * them. */
bool at_currency_withdrawn(at_str code);
/* Returns the currency that a symbol means in a policy whose own currency is `own` (0: none yet). Returns 0
 * if the symbol is unknown. Also returns 0 if the symbol is shared and is not the own currency's. *shared
 * distinguishes the two cases. Symbols such as "US$", "A$", "CN¥" are never shared. The full-width forms ￥
 * ＄ ￡ ￦ are the same symbols. */
at_currency at_currency_of_symbol(at_str symbol, at_currency own, bool *shared);
/* unit.c. How many minor units a word means to which pay is rounded: 100 for "dollars" of USD, 1 for "cents"
 * of any currency. Returns 0 if the currency does not have such a unit. */
uint32_t at_money_unit(at_currency currency, at_str word);
/* Word i for suggestions: `cents` and the words of units.def; empty after the last. */
at_str at_money_unit_name(at_currency currency, unsigned i);
/* "$13,000.00", "-$5.00", "13,000.00 CHF"; at least the minor unit's digits, more where exact needs them up
 * to 6. */
at_str at_money_print(struct at_arena *arena, at_num amount, at_currency currency);
/* Amount in minor units without commas or symbol: "13000.00". For files. */
size_t at_money_write_minor(char out[48], int64_t minor, unsigned digits);

#endif
