/* api/value.h: a value as a policy writes it, exactly. Private to api/. */
#ifndef AT_API_VALUE_H
#define AT_API_VALUE_H

#include "plan/value.h"

/* `$84.00`, `12.5%`, `2026-03-31`, `30 days`, `yes`, or the text itself. A fraction without a decimal form is
 * written as one, with its approximate value: `20/3 (about 6.666667)`. References have no text. */
at_str at_api_value_text(struct at_arena *arena, const struct at_plan_value *value, bool percent);
/* The same without signs and units: "84", "20/3", "2026-03-31". A percentage is what its sign says: "12.5".
 */
at_str at_api_value_exact(struct at_arena *arena, const struct at_plan_value *value, bool percent);

#endif
