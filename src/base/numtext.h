/* base/numtext.h: digits in and out of exact numbers. No locale, no float. */
#ifndef AT_BASE_NUMTEXT_H
#define AT_BASE_NUMTEXT_H

#include "base/num.h"
#include "base/text.h"

/* Plain decimal digits: [-+]digits[.digits], optional exponent e[-+]digits (|exponent| <= 400). Commas only
 * as thousands groups where `commas`. False where the text is anything else; the whole text must match. */
bool at_num_parse(struct at_arena *arena, at_str text, bool commas, at_num *out);

/* The shortest exact decimal ("0.125"), or "a/b" where there is none of at most 1,000 decimals ("1/3").
 * NUL-ended. OVERFLOW is "(too large)" here and below. */
at_str at_num_print(struct at_arena *arena, at_num a);
/* Prints a number with exactly `digits` decimals. If `a` has more decimals, it is rounded half up for show.
 * *shortened, if not NULL, is set to whether rounding changed the value. `commas` adds thousands commas.
 * `digits` above 1,000 count as 1,000. */
at_str at_num_print_fixed(struct at_arena *arena, at_num a, unsigned digits, bool commas, bool *shortened);
/* Prints a number for people: up to `max_digits` decimals, without trailing zeros. It does not add "…".
 * *shortened, if not NULL, is set to whether decimals are missing. */
at_str at_num_print_short(struct at_arena *arena, at_num a, unsigned max_digits, bool commas,
                          bool *shortened);

#endif
